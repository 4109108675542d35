"""The summary of a build, in Chinese: what was read, what it says, what is wrong."""

from __future__ import annotations

from pathlib import Path

from pipeline.load import connect

_SEVERITY = {"error": "错误", "warning": "警告", "info": "提示"}
_VERDICT = {
    "exact": "完全相符",
    "rounding": "舍入相符",
    "suspicious": "可疑",
    "discrepancy": "不符",
    "unchecked": "无法核对",
}
_STATUS = {
    "loaded": "已载入",
    "duplicate": "重复",
    "superseded": "已被更新",
    "rejected": "未载入",
}
_TABLE_STATUS = {
    "loaded": "已载入",
    "empty": "空表",
    "not_understood": "未识别",
    "not_a_statement": "非收支报表",
}
_FACTS = {
    "fct_functional": "功能分类",
    "fct_economic": "经济分类",
    "fct_revenue": "收入来源",
    "fct_balance_item": "收支平衡项目",
    "fct_three_public": "三公经费",
    "fct_project": "项目支出",
}


def summarize(database: Path) -> list[str]:
    """The lines of the summary of a built warehouse."""
    with connect(database, read_only=True) as connection:

        def rows(sql: str) -> list[tuple]:  # type: ignore[type-arg]
            return connection.execute(sql).fetchall()

        documents = dict(
            rows("select status, count(*) from marts.dim_document group by status")
        )
        tables = dict(
            rows("select status, count(*) from marts.dim_source_table group by status")
        )
        verdicts = dict(
            rows("select verdict, count(*) from marts.fct_identity group by verdict")
        )
        proofs = rows(
            "select count(*), count(case when proof = 'proven' then 1 end) from ("
            + " union all ".join(
                f"select cell_id, proof from marts.{table}" for table in _FACTS
            )
            + ")"
        )[0]
        cells = rows("select count(*) from raw.cells")[0][0]
        lines = [
            "读取",
            f"  文件 {sum(documents.values())} 份（{_counts(documents, _STATUS)}），"
            f"表格 {sum(tables.values())} 张（{_counts(tables, _TABLE_STATUS)}），"
            f"单元格 {cells} 个",
            "入库金额",
            "  "
            + "，".join(
                f"{label} {rows(f'select count(*) from marts.{table}')[0][0]} 条"
                for table, label in _FACTS.items()
            )
            + f"；共 {proofs[0]} 条，其中经勾稽证实 {proofs[1]} 条",
            "勾稽核对",
            f"  等式 {sum(verdicts.values())} 个：{_counts(verdicts, _VERDICT)}",
        ]
        lines += _documents_not_loaded(rows)
        lines += _findings(rows)
    return lines


def _counts(counts: dict[str, int], labels: dict[str, str]) -> str:
    return "，".join(f"{label} {counts.get(key, 0)}" for key, label in labels.items())


def _documents_not_loaded(rows) -> list[str]:  # type: ignore[no-untyped-def]
    entries = rows(
        "select relative_path, status, status_reason from marts.dim_document "
        "where status <> 'loaded' order by relative_path"
    )
    if not entries:
        return []
    return ["未载入或重复的文件"] + [
        f"  {path}：{_STATUS[status]}。{reason}" for path, status, reason in entries
    ]


def _findings(rows) -> list[str]:  # type: ignore[no-untyped-def]
    entries = rows(
        """
        select
            findings.severity, findings.is_acknowledged, findings.title,
            coalesce(documents.unit_label, documents.relative_path),
            findings.page, findings.line
        from marts.fct_finding as findings
        inner join (
            select
                dim_document.document_id, dim_document.relative_path,
                dim_unit.unit_name || cast(dim_document.fiscal_year as varchar)
                || case dim_document.stage when 'budget' then '年预算' else '年决算' end
                    as unit_label
            from marts.dim_document
            left join marts.dim_unit on dim_document.unit_id = dim_unit.unit_id
        ) as documents on findings.document_id = documents.document_id
        order by
            case findings.severity when 'error' then 0 when 'warning' then 1 else 2 end,
            documents.relative_path, findings.page, findings.line, findings.title
        """
    )
    if not entries:
        return ["发现", "  没有发现问题"]
    lines = [f"发现 {len(entries)} 项"]
    for severity, is_acknowledged, title, label, page, line in entries:
        place = f"第{page}页" if page else f"第{line}行" if line else "全文"
        mark = "（已确认）" if is_acknowledged else ""
        lines.append(f"  [{_SEVERITY[severity]}]{mark} {label} {place}：{title}")
    return lines
