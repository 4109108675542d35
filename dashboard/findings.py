"""The pages of findings: what is wrong, the arithmetic, and the place in the print."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal

from dashboard import figures
from dashboard.overview import period
from dashboard.reading import Groups, Row, Warehouse
from dashboard.sources import is_figure
from pipeline import words

ROLES = {
    "suspect": "最可能有误",
    "total": "合计数",
    "term": "分项",
    "subject": "所指之处",
}
# With the place 2 and up, another cell explains the difference as well.
ALSO_SUSPECT = "同样可能有误"
IDENTITIES = 6
TERMS = 60
_WIDE = 50  # points

# What a figure is called, in the columns that the marts have for it.
_NAMES = (
    "subject",
    "printed_name",
    "project_name",
    "functional_name",
    "economic_name",
    "unit_name",
)


def all_findings(warehouse: Warehouse) -> Groups:
    """The findings of each document."""
    return warehouse.groups(
        "document_id",
        """
        select findings.*, rules.title_zh as rule_title, rules.right_zh as rule_right,
            causes.name_zh as cause_name, units.region_code,
            tables.title as table_title, tables.amount_unit,
            row(findings.page, findings.line, findings.finding_id) as sort
        from marts.fct_finding as findings
        left join seeds.rule as rules on findings.rule_id = rules.rule_id
        left join seeds.cause_kind as causes on findings.cause = causes.cause_kind
        left join marts.dim_unit as units on findings.unit_id = units.unit_id
        left join marts.dim_source_table as tables
            on findings.source_table_id = tables.source_table_id
        """,
    )


def cells(warehouse: Warehouse) -> Groups:
    """The cells that the findings of each document name."""
    return warehouse.groups(
        "document_id",
        """
        select findings.document_id, bridge.finding_id, bridge.role, bridge.place,
            bridge.expected_yuan, cells.cell_id, cells.kind,
            cells.document_id as cell_document_id, cells.file_name, cells.page,
            cells.sheet, cells.line, cells.source_table_id, cells.row_number,
            cells.column_number, cells.printed_text, cells.amount_unit,
            cells.character_start, cells.character_end,
            cells.box_left, cells.box_top, cells.box_right, cells.box_bottom,
            tables.title as table_title,
            row(
                array_position(['suspect', 'total', 'term', 'subject'], bridge.role),
                coalesce(bridge.place, 0), cells.page, cells.line, cells.box_top,
                cells.row_number, cells.column_number, cells.cell_id
            ) as sort
        from marts.bridge_finding_cell as bridge
        inner join marts.fct_finding as findings
            on bridge.finding_id = findings.finding_id
        inner join marts.dim_source_cell as cells on bridge.cell_id = cells.cell_id
        left join marts.dim_source_table as tables
            on cells.source_table_id = tables.source_table_id
        """,
    )


def terms(warehouse: Warehouse) -> Groups:
    """The terms of the identities that fail at a cell of a finding.

    First those of the finding's own rule whose difference is the finding's.
    """
    return warehouse.groups(
        "document_id",
        f"""
        with failing as (

            select distinct
                findings.document_id, findings.finding_id, identities.*
                    exclude (document_id),
                row(
                    identities.rule_id <> findings.rule_id,
                    abs(abs(identities.difference_yuan)
                        - abs(coalesce(findings.difference_yuan, 0))),
                    identities.source_table_id
                        is distinct from findings.source_table_id,
                    identities.identity_id
                ) as place
            from marts.fct_finding as findings
            inner join marts.bridge_finding_cell as named
                on findings.finding_id = named.finding_id
            inner join marts.bridge_identity_cell as bridge
                on named.cell_id = bridge.cell_id
            inner join marts.fct_identity as identities
                on bridge.identity_id = identities.identity_id
            where identities.verdict in ('discrepancy', 'suspicious')
                and findings.identities > 0

        ),

        numbered as (

            select
                *,
                row_number() over (partition by finding_id order by place) as number,
                count(*) over (partition by finding_id) as identity_count
            from failing

        ),

        wanted as (

            select numbered.*, bridge.cell_id, bridge.role, bridge.sign
            from numbered
            inner join marts.bridge_identity_cell as bridge
                on numbered.identity_id = bridge.identity_id
            where numbered.number <= {IDENTITIES}

        ),

        amounts as (

            {_amounts(warehouse)}

        ),

        labelled as (

            select cell_id, any_value(amount_yuan) as amount_yuan,
                min_by(label, place) as label
            from amounts
            where cell_id in (select cell_id from wanted)
            group by cell_id

        )

        select
            wanted.document_id, wanted.finding_id, wanted.identity_id, wanted.number,
            wanted.identity_count, wanted.printed_yuan, wanted.computed_yuan,
            wanted.difference_yuan, wanted.bound_yuan, wanted.verdict, wanted.role,
            wanted.sign, wanted.cell_id, rules.title_zh as rule_title,
            rules.right_zh as rule_right, statements.name_zh as statement_name,
            labelled.label, labelled.amount_yuan, cells.document_id as cell_document_id,
            cells.printed_text, cells.page, cells.line, cells.amount_unit,
            tables.title as table_title,
            row(
                wanted.finding_id, wanted.number, wanted.role = 'total', cells.page,
                cells.row_number, cells.column_number, wanted.cell_id
            ) as sort
        from wanted
        left join labelled on wanted.cell_id = labelled.cell_id
        inner join marts.dim_source_cell as cells on wanted.cell_id = cells.cell_id
        left join marts.dim_source_table as tables
            on cells.source_table_id = tables.source_table_id
        left join seeds.rule as rules on wanted.rule_id = rules.rule_id
        left join marts.dim_statement as statements
            on wanted.statement = statements.statement
        """,
    )


def _amounts(warehouse: Warehouse) -> str:
    """Every amount with the words for it: the row, then the kind and the source."""
    columns: dict[str, set[str]] = defaultdict(set)
    for row in warehouse.rows(
        "select table_name, column_name from information_schema.columns "
        "where table_schema = 'marts'"
    ):
        columns[row["table_name"]].add(row["column_name"])
    selects = []
    for table, known in sorted(columns.items()):
        if not table.startswith("fct_") or not {"cell_id", "amount_yuan"} <= known:
            continue

        def column(name: str, known: set[str] = known) -> str:
            return f"facts.{name}" if name in known else "null"

        names = ", ".join(column(name) for name in _NAMES)
        # Of a figure of running text its own words say most.
        place = 0 if "subject" in known else 1
        category = (
            "(select name_zh from seeds.procurement_category as categories "
            "where categories.category = facts.category)"
            if {"category"} <= known
            and "seeds.procurement_category" in warehouse.tables
            else "null"
        )
        selects.append(
            f"""
            select {place} as place, facts.cell_id, facts.amount_yuan, concat_ws(
                '，',
                {category},
                case {column("row_role")}
                    when 'total' then '合计' when 'grand_total' then '总计'
                    when 'unit' then facts.unit_name
                    else concat_ws(
                        ' ', {column("printed_code")},
                        coalesce(items.name_zh, {names})
                    ) end,
                if({column("measure")} = 'total', null, measures.name_zh),
                if({column("fund")} = 'all', null, funds.name_zh)
            ) as label
            from marts.{table} as facts
            left join marts.dim_measure as measures
                on {column("measure")} = measures.measure
            left join marts.dim_fund as funds on {column("fund")} = funds.fund
            left join seeds.three_public_item as items on items.item = {column("item")}
            """
        )
    return " union all ".join(selects)


def page(finding: Row, named: list[Row], printed: list[Row]) -> Row:
    """What the page of a finding shows besides pictures and tables."""
    for number, cell in enumerate(named, start=1):
        cell["number"] = number
        cell["role_name"] = (
            ALSO_SUSPECT
            if cell["role"] == "suspect" and (cell["place"] or 1) > 1
            else ROLES[cell["role"]]
        )
        cell["where"] = where(cell)
        # An amount is no telephone number, however many digits it has.
        cell["is_amount"] = bool(cell["amount_unit"]) and is_figure(
            cell["printed_text"] or ""
        )
        # Where the cell is wide enough, its number stands beside the figure in it.
        cell["is_figure"] = (
            is_figure(cell["printed_text"] or "")
            and cell["box_left"] is not None
            and cell["box_right"] - cell["box_left"] > _WIDE
        )
    finding["period"] = period(finding)
    finding["unit"] = finding["amount_unit"] or "万元"
    if finding["unit"] not in ("元", "万元"):
        finding["unit"] = "万元"
    finding["sentences"] = sentences(finding["explanation"])
    return finding | {
        "cells": named,
        "arithmetic": _arithmetic(printed),
        "place": words.place(finding["page"], finding["line"]),
    }


def where(cell: Row) -> str:
    """The place of a cell in words."""
    parts = [words.place(cell["page"], cell["line"])]
    if cell.get("sheet"):
        parts = [f"工作表“{cell['sheet']}”"]
    if cell.get("row_number") is not None:
        parts.append(f"表内第{cell['row_number'] + 1}行第{cell['column_number'] + 1}列")
    return " ".join(parts)


def sentences(text: str) -> list[str]:
    """The sentences of an explanation, a paragraph each."""
    return [part for part in text.replace("。", "。\n").split("\n") if part.strip()]


def _arithmetic(printed: list[Row]) -> list[Row]:
    identities: dict[str, Row] = {}
    for term in printed:
        identity: Row = identities.setdefault(
            term["identity_id"], dict(term, terms=[], totals=[])
        )
        identity["totals" if term["role"] == "total" else "terms"].append(term)
    for identity in identities.values():
        lines = identity["terms"] + identity["totals"]
        identity["unit"] = figures.printed_unit(line["amount_unit"] for line in lines)
        identity["left_out"] = max(0, len(identity["terms"]) - TERMS)
        # A share or a rate of growth is no sum: its figures stand side by side.
        identity["is_sum"] = all(
            line["amount_yuan"] is not None for line in lines
        ) and (
            _total(identity["terms"]) == identity["computed_yuan"]
            and _total(identity["totals"]) == identity["printed_yuan"]
        )
        left = identity["terms"][TERMS:] if identity["is_sum"] else []
        identity["left_out_yuan"] = _total(left)
        identity["terms"] = identity["terms"][:TERMS]
    return list(identities.values())


def _total(lines: list[Row]) -> Decimal:
    return sum((line["sign"] * line["amount_yuan"] for line in lines), Decimal(0))
