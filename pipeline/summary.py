"""The summary of a build, in Chinese: what was read, what it says, what is wrong."""

from __future__ import annotations

from pathlib import Path

from pipeline import words
from pipeline.load import connect


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
                f"select cell_id, proof from marts.{table}" for table in words.FACTS
            )
            + ")"
        )[0]
        cells = rows("select count(*) from raw.cells")[0][0]
        lines = [
            "读取",
            f"  文件 {sum(documents.values())} 份（{_counts(documents, words.DOCUMENT_STATUS)}），"
            f"表格 {sum(tables.values())} 张（{_counts(tables, words.TABLE_STATUS)}），"
            f"单元格 {cells} 个",
            "入库金额",
            "  "
            + "，".join(
                f"{label} {rows(f'select count(*) from marts.{table}')[0][0]} 条"
                for table, label in words.FACTS.items()
            )
            + f"；共 {proofs[0]} 条，其中经勾稽证实 {proofs[1]} 条",
            "勾稽核对",
            f"  等式 {sum(verdicts.values())} 个：{_counts(verdicts, words.VERDICT)}",
            *_coverage(rows),
            *_narrative(rows),
        ]
        lines += _documents_not_loaded(rows)
        lines += _findings(rows)
    return lines


def _counts(counts: dict[str, int], labels: dict[str, str]) -> str:
    return "，".join(f"{label} {counts.get(key, 0)}" for key, label in labels.items())


def _coverage(rows) -> list[str]:  # type: ignore[no-untyped-def]
    ((amounts, once, twice, never),) = rows(
        "select sum(amounts), sum(amounts_in_identity), "
        "sum(amounts_in_independent_identities), sum(amounts_in_no_identity) "
        "from marts.rpt_coverage"
    )
    if not amounts:
        return []
    return [
        f"  金额 {amounts} 个：参与等式 {once}，其中参与两个独立等式 {twice}；"
        f"没有等式可以核对 {never}"
    ]


def _narrative(rows) -> list[str]:  # type: ignore[no-untyped-def]
    ((figures, placed, unplaced, compared),) = rows(
        "select sum(figures), sum(placed_figures), sum(unplaced_figures), "
        "sum(amounts_in_tables) from marts.rpt_narrative_coverage"
    )
    if not figures:
        return []
    return [
        f"  正文数字 {figures} 个：已识别 {placed}，未识别 {unplaced}；"
        f"与报表核对的金额 {compared}"
    ]


def _documents_not_loaded(rows) -> list[str]:  # type: ignore[no-untyped-def]
    entries = rows(
        "select relative_path, status, status_reason from marts.dim_document "
        "where status <> 'loaded' order by relative_path"
    )
    if not entries:
        return []
    return ["未载入或重复的文件"] + [
        f"  {path}：{words.DOCUMENT_STATUS[status]}。{reason}"
        for path, status, reason in entries
    ]


def _findings(rows) -> list[str]:  # type: ignore[no-untyped-def]
    entries = rows(
        """
        select
            findings.severity, findings.acknowledgement, findings.title,
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
    unmatched = rows(
        "select finding_id from intermediate.int_finding_acknowledgement "
        "where acknowledgement = 'unmatched' order by finding_id"
    )
    lines = [f"发现 {len(entries)} 项"] if entries else ["发现", "  没有发现问题"]
    if any(entry[1] != "open" for entry in entries):
        acknowledged = sum(entry[1] == "acknowledged" for entry in entries)
        lines[0] += f"：待处理 {len(entries) - acknowledged}，已确认 {acknowledged}"
    for severity, acknowledgement, title, label, page, line in entries:
        mark = words.ACKNOWLEDGEMENT[acknowledgement]
        lines.append(
            f"  [{words.SEVERITY[severity]}]{mark} {label} "
            f"{words.place(page, line)}：{title}"
        )
    if unmatched:
        lines.append(
            f"  确认记录中有 {len(unmatched)} 条没有对应的发现："
            + "、".join(finding_id for (finding_id,) in unmatched[:10])
            + (" 等" if len(unmatched) > 10 else "")
        )
    return lines
