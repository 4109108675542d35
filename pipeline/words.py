"""What people read for the values of the warehouse: in the summary and on the page."""

from __future__ import annotations

import re

SEVERITY = {"error": "错误", "warning": "警告", "info": "提示"}
ACKNOWLEDGEMENT = {
    "open": "",
    "acknowledged": "（已确认）",
    "reopened": "（确认后数字已变）",
}
VERDICT = {
    "exact": "完全相符",
    "rounding": "舍入相符",
    "suspicious": "可疑",
    "discrepancy": "不符",
    "unchecked": "无法核对",
}
DOCUMENT_STATUS = {
    "loaded": "已载入",
    "duplicate": "重复",
    "superseded": "已被更新",
    "rejected": "未载入",
}
TABLE_STATUS = {
    "loaded": "已载入",
    "empty": "空表",
    "not_understood": "未识别",
    "not_a_statement": "非收支报表",
}
# The marts of printed amounts, as macro amount_facts() names them.
FACTS = {
    "fct_functional": "功能分类",
    "fct_economic": "经济分类",
    "fct_revenue": "收入来源",
    "fct_balance_item": "收支平衡项目",
    "fct_three_public": "三公经费",
    "fct_project": "项目支出",
    "fct_target_funding": "绩效目标资金",
    "fct_procurement": "政府采购",
}
STAGE = {"budget": "预算", "final_accounts": "决算"}
SUITE = {
    "staging": "读取：文件、表格、单元格是否完整",
    "marts": "入库：金额、科目、来源是否可靠",
    "reconciliation": "勾稽：是否逐一核对，问题是否说明",
}
CITATION_RELATION = {"basis": "依据", "supersedes": "废止", "mentions": "提到"}
BOUND = {"at_most": "不超过 ", "at_least": "不少于 ", "about": "约 "}
STANDARD_KIND = {
    "standard": "标准",
    "former": "原标准",
    "cap": "上限",
    "floor": "下限",
    "tier": "分档",
    "threshold": "起点",
    "payout_share": "兑付比例",
    "payer_share": "分担比例",
    "payer": "负担主体",
    "share": "比例",
    "weight": "权重",
    "score": "分值",
    "sub_score": "小项分值",
    "deduction": "扣分",
    "bonus": "加分",
    "headcount": "人数",
    "group_size": "班组人数",
    "age": "年龄",
    "frequency": "频次",
    "period": "期限",
    "effective_date": "施行日期",
    "validity": "有效期",
    "schedule": "实施计划",
    "amount": "金额",
}
CHECK_SEVERITY = {"critical": "关键", "warning": "提醒", "info": "参考"}
TABLES = {
    "raw.files": "文件清单",
    "raw.contents": "文件内容",
    "raw.tables": "原始表格",
    "raw.cells": "原始单元格",
    "raw.finding_history": "历次发现",
    "staging.stg_document": "文件",
    "staging.stg_table": "表格",
    "staging.stg_cell": "单元格",
    "seeds.acknowledged_findings": "确认记录",
    "marts.dim_document": "公开文件",
    "marts.dim_unit": "单位",
    "marts.dim_region": "地区",
    "marts.dim_source_table": "报表",
    "marts.dim_source_cell": "来源单元格",
    "marts.dim_functional_code": "功能分类科目",
    "marts.dim_economic_code": "经济分类科目",
    "marts.fct_spending": "支出汇总",
    "marts.fct_spending_economic": "支出汇总（经济分类）",
    "marts.fct_identity": "等式",
    "marts.bridge_identity_cell": "等式的单元格",
    "marts.fct_finding": "发现",
    "marts.bridge_finding_cell": "发现的单元格",
    "marts.rpt_coverage": "勾稽覆盖率",
    "marts.fct_performance_target": "绩效指标",
    "marts.fct_resource": "资产与机构人员",
    "marts.fct_citation": "引用文件",
    "marts.fct_formula": "文中算式",
    "marts.fct_policy_standard": "标准与办法",
    "marts.dim_project_text": "项目文本",
    "marts.fct_narrative_figure": "正文数字",
    "marts.rpt_narrative_coverage": "正文核对率",
    "marts.expectation_results": "检查结果",
} | {f"marts.{fact}": f"{label}金额" for fact, label in FACTS.items()}


def place(page: int | None, line: int | None) -> str:
    """Where in a document."""
    return f"第{page}页" if page else f"第{line}行" if line else "全文"


# A text that a spreadsheet would run, also in full width; a plain number is none.
FORMULA = re.compile(r"^[=+\-@\t\r\n＝＋－＠]")
NUMBER = re.compile(r"[-+]?[0-9][0-9,]*(\.[0-9]+)?%?")
