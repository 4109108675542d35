"""The sample disclosures of the repository: each budget as text and as PDF."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import Any

import pytest

from tests.building import Build
from tests.test_traps import AMOUNT_FACTS as STATEMENT_FACTS

AMOUNT_FACTS = (*STATEMENT_FACTS, "fct_target_funding", "fct_procurement")

BUDGETS = ("tunliu_2024", "wansheng_2025", "xinxiang_2023")

# Facts of each budget by table, counted in `disclosures/sample_budgets.py`.
COUNTS = {
    "wansheng_2025": {
        "fct_functional": 141,
        "fct_economic": 105,
        "fct_revenue": 6,
        "fct_three_public": 4,
        "fct_target_funding": 3,
        "fct_procurement": 8,
    },
    "tunliu_2024": {
        "fct_functional": 137,
        "fct_economic": 65,
        "fct_revenue": 6,
        "fct_balance_item": 3,
        "fct_project": 16,
        "fct_target_funding": 10,
        "fct_procurement": 1,
    },
    "xinxiang_2023": {
        "fct_functional": 115,
        "fct_economic": 209,
        "fct_revenue": 20,
        "fct_three_public": 6,
        "fct_project": 20,
        "fct_target_funding": 20,
        "fct_procurement": 1,
    },
}
STATEMENTS = {
    "wansheng_2025": Counter(
        balance=1,
        revenue=1,
        expenditure=1,
        appropriation_balance=1,
        general_expenditure=1,
        basic_expenditure=2,
        project_economic=2,
        three_public=1,
        procurement=1,
        performance_unit=1,
        performance_project=1,
    ),
    "tunliu_2024": Counter(
        balance=1,
        revenue=1,
        expenditure=1,
        appropriation_balance=1,
        general_expenditure=1,
        basic_expenditure=1,
        project=2,
        performance_project=1,
    ),
    "xinxiang_2023": Counter(
        balance=1,
        revenue=1,
        expenditure=1,
        appropriation_balance=1,
        general_expenditure=1,
        basic_expenditure=1,
        economic_summary=1,
        three_public=1,
        government_funds=1,
        project=1,
        performance_project=1,
    ),
}
MEANING = {
    "fct_functional": "side, level, functional_code, printed_code",
    "fct_economic": "classification, scope, level, economic_code, paired_code, "
    "printed_code",
    "fct_revenue": "revenue_source",
    "fct_balance_item": "side, item",
    "fct_three_public": "item",
    "fct_project": "project_name, project_type",
    "fct_target_funding": "project_name, payer, horizon",
    "fct_procurement": "category, origin",
}


def meanings(samples: Build, table: str, file_name: str) -> Counter[tuple[Any, ...]]:
    """The facts of a file without their places."""
    rows = samples.rows(
        "select statement, row_role, measure, fund, year_basis, phase, amount_yuan, "
        f"half_unit_yuan, f.unit_id, f.unit_name, {MEANING[table]} "
        f"from marts.{table} as f "
        "inner join marts.dim_document as d using (document_id) where d.file_name = ?",
        file_name,
    )
    return Counter(tuple(row.values()) for row in rows)


def test_build_ends_well(samples: Build) -> None:
    assert samples.exit_code == 0
    assert samples.warehouse.is_file()
    assert "已发布：" in samples.output


def test_documents(samples: Build) -> None:
    rows = samples.rows(
        "select file_name, format, status, document_kind, fiscal_year, stage, "
        "region_code from marts.dim_document order by file_name"
    )
    assert [tuple(row.values()) for row in rows] == [
        (
            f"{name}.{suffix}",
            format_,
            status,
            "budget",
            int(name[-4:]),
            "budget",
            region,
        )
        for name, region in (
            ("tunliu_2024", "140405"),
            ("wansheng_2025", rows[2]["region_code"]),
            ("xinxiang_2023", "410700"),
        )
        for suffix, format_, status in (
            ("pdf", "pdf", "loaded"),
            ("txt", "text", "duplicate"),
        )
    ]
    zone = samples.value(
        "select region_name from marts.dim_region where region_code = ?",
        rows[2]["region_code"],
    )
    assert "万盛" in zone


@pytest.mark.parametrize("name", BUDGETS)
def test_text_and_pdf_are_recognised_as_the_same_figures(
    samples: Build, name: str
) -> None:
    copy = samples.one(
        "select text.status, text.status_reason, text.same_as_document_id = "
        "pdf.document_id as is_copy, pdf.status as pdf_status, "
        "pdf.status_reason as pdf_reason, text.unit_id = pdf.unit_id as same_unit "
        "from marts.dim_document as text cross join marts.dim_document as pdf "
        "where text.file_name = ? and pdf.file_name = ?",
        f"{name}.txt",
        f"{name}.pdf",
    )
    assert copy["status_reason"].startswith("与另一公开文件的数据完全相同")
    assert copy | {"status_reason": ""} == {
        "status": "duplicate",
        "status_reason": "",
        "is_copy": True,
        "pdf_status": "loaded",
        "pdf_reason": None,
        "same_unit": True,
    }


@pytest.mark.parametrize("table", AMOUNT_FACTS)
@pytest.mark.parametrize("name", BUDGETS)
def test_facts_of_text_and_pdf_agree(samples: Build, name: str, table: str) -> None:
    text = meanings(samples, table, f"{name}.txt")
    pdf = meanings(samples, table, f"{name}.pdf")
    assert text == pdf
    assert sum(text.values()) == COUNTS[name].get(table, 0)


@pytest.mark.parametrize("suffix", ["txt", "pdf"])
@pytest.mark.parametrize("name", BUDGETS)
def test_every_statement_is_understood(samples: Build, name: str, suffix: str) -> None:
    tables = samples.rows(
        "select t.statement, t.status from marts.dim_source_table as t "
        "inner join marts.dim_document as d using (document_id) where d.file_name = ?",
        f"{name}.{suffix}",
    )
    loaded = Counter(t["statement"] for t in tables if t["status"] == "loaded")
    assert loaded == STATEMENTS[name]
    assert "not_understood" not in {table["status"] for table in tables}


def test_the_gap_of_104_is_the_only_finding_but_hints(samples: Build) -> None:
    """Printed in the PDF and in its duplicate, the text, it is told once."""
    finding = samples.one(
        "select d.file_name, f.rule_id, f.severity, f.difference_yuan, f.identities, "
        "f.page, f.title from marts.fct_finding as f "
        "inner join marts.dim_document as d using (document_id) "
        "where f.severity <> 'info'"
    )
    assert finding.pop("title") == (
        "上级科目与下级科目之和不符：208 社会保障和就业支出，相差 104.00万元"
    )
    assert finding == {
        "file_name": "wansheng_2025.pdf",
        "rule_id": "functional_children",
        "severity": "warning",
        "difference_yuan": Decimal("1040000"),
        "identities": 18,
        "page": 2,
    }


def test_projects_without_a_performance_form_are_told(samples: Build) -> None:
    """Of the table of projects where there is one, else as the money that is left."""
    rows = samples.rows(
        "select d.file_name, f.rule_id, f.severity, f.title "
        "from marts.fct_finding as f inner join marts.dim_document as d "
        "using (document_id) where f.severity = 'info' order by 1, 2"
    )
    assert [tuple(row.values()) for row in rows] == [
        (
            *("tunliu_2024.pdf", "project_without_target", "info"),
            "有项目支出未公开绩效目标表：2024年代发财政离退休人员工资 等 3 处",
        ),
        (
            *("tunliu_2024.pdf", "vehicles_without_cost", "info"),
            "有车辆而未列公务用车运行维护费：2辆",
        ),
        (
            *("wansheng_2025.pdf", "project_without_target", "info"),
            "有项目支出未公开绩效目标表：134.85万元",
        ),
    ]


def test_spending_is_not_doubled(samples: Build) -> None:
    """Each budget comes twice and counts once; 万盛's leaves are 104.00 short."""
    rows = samples.rows(
        "select fiscal_year, sum(expenditure_yuan) as yuan, "
        "count(distinct document_id) as documents from marts.fct_spending group by 1"
    )
    assert {r["fiscal_year"]: (r["yuan"], r["documents"]) for r in rows} == {
        # 7597.5 is printed; the codes, each rounded, add up to two thousandths more.
        2024: (Decimal("7597700"), 1),
        2025: (Decimal("10092900") - Decimal("1040000"), 1),
        2023: (Decimal("114360600"), 1),
    }
    assert (
        samples.value(
            "select count(*) from marts.fct_spending as s inner join "
            "marts.dim_document as d using (document_id) where d.status <> 'loaded'"
        )
        == 0
    )


def test_spending_by_economic_code_is_not_doubled(samples: Build) -> None:
    rows = samples.rows(
        "select fiscal_year, classification, scope, sum(expenditure_yuan) as yuan "
        "from marts.fct_spending_economic group by all"
    )
    assert {
        (r["fiscal_year"], r["classification"], r["scope"]): r["yuan"] for r in rows
    } == {
        (2023, "department", "all"): Decimal("114360600"),
        (2023, "government", "all"): Decimal("114360600"),
        (2024, "department", "basic"): Decimal("3653200"),
        (2024, "government", "basic"): Decimal("3653200"),
        # The parts are rounded one by one; the total prints 1,009.29.
        (2025, "department", "all"): Decimal("10093100"),
        (2025, "government", "all"): Decimal("10093000"),
    }


@pytest.mark.parametrize("statement", ["expenditure", "revenue"])
def test_a_table_over_two_pages_without_its_header_is_one(
    samples: Build, statement: str
) -> None:
    tables = samples.rows(
        "select t.source_table_id, count(distinct c.page) as pages "
        "from marts.dim_source_table as t "
        "inner join marts.dim_document as d using (document_id) "
        "inner join marts.dim_source_cell as c using (source_table_id) "
        "where d.file_name = 'wansheng_2025.pdf' and t.statement = ? group by 1",
        statement,
    )
    assert len(tables) == 1
    assert tables[0]["pages"] == {"expenditure": 1, "revenue": 2}[statement]


def test_cells_of_a_pdf_lie_on_their_page(samples: Build) -> None:
    assert (
        samples.value(
            "select count(*) from marts.dim_source_cell as c "
            "inner join marts.dim_document as d using (document_id) "
            "where d.format = 'pdf' and (c.page is null or c.page > d.page_count "
            "or c.box_left >= c.box_right or c.box_top >= c.box_bottom)"
        )
        == 0
    )
    assert (
        samples.value(
            "select count(*) from marts.dim_source_cell as c "
            "inner join marts.dim_document as d using (document_id) "
            "where d.format = 'text' and (c.line is null or c.page is not null)"
        )
        == 0
    )


# --- the summary ------------------------------------------------------------


def test_summary_counts_what_was_read(samples: Build) -> None:
    assert (
        "文件 6 份（已载入 3，重复 3，已被更新 0，未载入 0），"
        "表格 76 张（已载入 66，空表 10，未识别 0，非收支报表 0）" in samples.output
    )
    facts = {
        table: sum(2 * counts.get(table, 0) for counts in COUNTS.values())
        for table in AMOUNT_FACTS
    }
    assert (
        f"功能分类 {facts['fct_functional']} 条，经济分类 {facts['fct_economic']} 条，"
        f"收入来源 {facts['fct_revenue']} 条，"
        f"收支平衡项目 {facts['fct_balance_item']} 条，"
        f"三公经费 {facts['fct_three_public']} 条，"
        f"项目支出 {facts['fct_project']} 条，"
        f"绩效目标资金 {facts['fct_target_funding']} 条，"
        f"政府采购 {facts['fct_procurement']} 条；共 {sum(facts.values())} 条"
    ) in samples.output


def test_summary_tells_the_finding_in_one_line_with_its_page(samples: Build) -> None:
    lines = samples.output.splitlines()
    place = lines.index("发现 4 项")
    assert lines[place + 1] == (
        "  [警告] 重庆市万盛经济技术开发区社会保险事务中心2025年预算 第2页："
        "上级科目与下级科目之和不符：208 社会保障和就业支出，相差 104.00万元"
    )


def test_summary_counts_the_identities(samples: Build) -> None:
    verdicts = {
        row["verdict"]: row["n"]
        for row in samples.rows(
            "select verdict, count(*) as n from marts.fct_identity group by 1"
        )
    }
    assert verdicts["discrepancy"] == 36  # eighteen for the text and the PDF each
    assert (
        f"等式 {sum(verdicts.values())} 个：完全相符 {verdicts['exact']}，"
        f"舍入相符 {verdicts['rounding']}，可疑 {verdicts.get('suspicious', 0)}，"
        f"不符 36，无法核对 {verdicts.get('unchecked', 0)}"
    ) in samples.output


def test_summary_tells_the_duplicates_and_of_what(samples: Build) -> None:
    for name in BUDGETS:
        first = samples.value(
            "select document_id from marts.dim_document where file_name = ?",
            f"{name}.pdf",
        )
        (line,) = [
            line
            for line in samples.output.splitlines()
            if line.startswith(f"  {name}.txt：")
        ]
        assert line.startswith(f"  {name}.txt：重复。")
        assert line.endswith(f"（同 {first}）")
