"""The pages of units and of regions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from dashboard import figures, overview
from dashboard.overview import period
from dashboard.reading import Groups, Row, Warehouse

# Of an amount that a document prints in several tables, the cell in the statement that
# it was taken from and, if possible, in the column of totals.
_FUNCTIONAL = """
    select
        spending.unit_id, spending.fiscal_year, spending.stage,
        spending.functional_code as code, spending.functional_name as name,
        substr(spending.functional_code, 1, 3) as class_code,
        spending.expenditure_yuan, spending.basic_yuan, spending.project_yuan,
        spending.proof, spending.document_id,
        min_by(
            facts.cell_id,
            (facts.measure <> 'total')::int * 4 + (facts.fund <> 'all')::int * 2
            + (facts.year_basis <> 'all')::int
        ) as cell_id,
        spending.functional_code as sort
    from marts.fct_spending as spending
    left join marts.fct_functional as facts
        on spending.document_id = facts.document_id
        and spending.unit_id = facts.unit_id
        and spending.fiscal_year = facts.fiscal_year
        and spending.stage = facts.stage
        and spending.functional_code = facts.functional_code
        and spending.expenditure_yuan = facts.amount_yuan
        and list_contains(string_split(spending.statements, ','), facts.statement)
        and facts.phase = if(spending.stage = 'budget', 'budget', 'final')
    group by all
"""
# Where both classifications are printed, they are the same money: the one of
# departments is the finer.
_ECONOMIC = """
    select
        spending.unit_id, spending.fiscal_year, spending.stage,
        spending.economic_code as code, spending.economic_name as name,
        substr(spending.economic_code, 1, 3) as class_code,
        spending.classification, spending.scope,
        spending.expenditure_yuan, spending.basic_yuan, spending.project_yuan,
        spending.proof, spending.document_id,
        min_by(
            facts.cell_id,
            (facts.measure <> 'total')::int * 4 + (facts.fund <> 'all')::int * 2
            + (facts.year_basis <> 'all')::int
        ) as cell_id,
        spending.economic_code as sort
    from (
        select * from marts.fct_spending_economic
        qualify rank() over (
            partition by unit_id, fiscal_year, stage order by classification
        ) = 1
    ) as spending
    left join marts.fct_economic as facts
        on spending.document_id = facts.document_id
        and spending.unit_id = facts.unit_id
        and spending.fiscal_year = facts.fiscal_year
        and spending.stage = facts.stage
        and spending.classification = facts.classification
        and spending.economic_code = facts.economic_code
        and spending.expenditure_yuan = facts.amount_yuan
        and facts.phase = if(spending.stage = 'budget', 'budget', 'final')
    group by all
"""
_THREE_PUBLIC = """
    select
        facts.unit_id, facts.fiscal_year, facts.stage, facts.phase, facts.item,
        items.name_zh as name, items.parent, facts.amount_yuan, facts.proof,
        facts.cell_id, facts.document_id, items.sort_order as sort
    from marts.fct_three_public as facts
    inner join marts.dim_document as documents
        on facts.document_id = documents.document_id and documents.status = 'loaded'
    inner join seeds.three_public_item as items on facts.item = items.item
    left join marts.dim_fund as funds on facts.fund = funds.fund
    where facts.statement = 'three_public'
        and facts.measure = 'total' and facts.unit_id is not null
    qualify row_number() over (
        partition by facts.unit_id, facts.fiscal_year, facts.stage, facts.phase,
            facts.item
        order by funds.sort_order, facts.year_basis, facts.cell_id
    ) = 1
"""
# The total that the statement itself prints, beside the sum of its codes.
_PRINTED = """
    select
        spending.unit_id, spending.fiscal_year, spending.stage, facts.amount_yuan,
        facts.proof, facts.cell_id, facts.document_id, 1 as sort
    from (
        select unit_id, fiscal_year, stage, min(document_id) as document_id,
            min(statements) as statements
        from marts.fct_spending
        group by unit_id, fiscal_year, stage
        having count(distinct document_id) = 1
            and count(distinct statements) = 1 and min(statements) not like '%,%'
    ) as spending
    inner join marts.fct_functional as facts
        on spending.document_id = facts.document_id
        and spending.unit_id = facts.unit_id
        and spending.fiscal_year = facts.fiscal_year
        and spending.stage = facts.stage
        and spending.statements = facts.statement
    where facts.row_role in ('total', 'unit') and facts.measure = 'total'
        and facts.fund = 'all'
        and facts.phase = if(spending.stage = 'budget', 'budget', 'final')
    qualify row_number() over (
        partition by spending.unit_id, spending.fiscal_year, spending.stage
        order by facts.row_role, facts.year_basis, facts.cell_id
    ) = 1
"""
# Figures of another year that a document prints beside its own: the same row, the same
# source of money.
_COMPARED = """
    with printed as (

        select facts.*, cells.row_number, cells.amount_unit
        from marts.fct_functional as facts
        inner join marts.dim_document as documents
            on facts.document_id = documents.document_id
            and documents.status = 'loaded'
        inner join marts.dim_source_cell as cells on facts.cell_id = cells.cell_id
        where facts.measure = 'total' and facts.unit_id is not null
            and (facts.level = 'class' or facts.row_role = 'total')

    )

    select
        before.unit_id, before.fiscal_year, before.stage, before.statement,
        statements.name_zh as statement_name, before.phase as phase_before,
        before.document_id, now.amount_unit,
        if(before.row_role = 'total', '合计',
            concat_ws(' ', before.functional_code, before.functional_name)) as name,
        before.row_role = 'total' as is_total,
        before.cell_id as cell_before, before.amount_yuan as yuan_before,
        before.proof as proof_before,
        now.cell_id, now.amount_yuan, now.proof,
        row(
            -before.fiscal_year, before.stage, statements.sort_order,
            before.source_table_id, before.phase, before.row_role = 'total',
            -now.amount_yuan, before.cell_id
        ) as sort
    from printed as before
    inner join printed as now
        on before.source_table_id = now.source_table_id
        and before.row_number = now.row_number
        and before.fund = now.fund and before.year_basis = now.year_basis
        and before.unit_id = now.unit_id
        and now.phase = if(now.stage = 'budget', 'budget', 'final')
    left join marts.dim_statement as statements
        on before.statement = statements.statement
    where before.phase in ('prior_budget', 'prior_final')
    qualify row_number() over (
        partition by before.source_table_id, before.row_number, before.unit_id,
            before.phase
        order by before.fund <> 'all', before.fund, before.year_basis, before.cell_id
    ) = 1
"""
_PROCUREMENT = """
    select
        facts.unit_id, facts.fiscal_year, facts.stage, facts.amount_yuan, facts.proof,
        facts.cell_id, facts.document_id, facts.purchase_name, facts.project_name,
        coalesce(categories.name_zh, facts.category) as category_name,
        facts.category = 'total' as is_total,
        row(
            -facts.fiscal_year, facts.stage, categories.sort_order, -facts.amount_yuan,
            facts.cell_id
        ) as sort
    from marts.fct_procurement as facts
    inner join marts.dim_document as documents
        on facts.document_id = documents.document_id and documents.status = 'loaded'
    left join seeds.procurement_category as categories
        on facts.category = categories.category
    where facts.unit_id is not null and facts.measure = 'total'
        and facts.phase = if(facts.stage = 'budget', 'budget', 'final')
    qualify dense_rank() over (
        partition by facts.document_id, facts.unit_id
        order by facts.origin, facts.fund <> 'all', facts.fund, facts.year_basis
    ) = 1
"""
_RESOURCES = """
    select
        facts.unit_id, facts.fiscal_year, facts.stage, facts.quantity,
        facts.quantity_unit, facts.as_of, facts.stock_or_purchase,
        facts.cell_id, facts.document_id, coalesce(items.name_zh, facts.item) as name,
        items.parent,
        row(
            -facts.fiscal_year, facts.stage, items.sort_order, facts.stock_or_purchase,
            facts.cell_id
        ) as sort
    from marts.fct_resource as facts
    inner join marts.dim_document as documents
        on facts.document_id = documents.document_id and documents.status = 'loaded'
    left join seeds.resource_item as items on facts.item = items.item
    where facts.unit_id is not null and facts.quantity <> 0
"""
_PROJECTS = """
    select
        facts.unit_id, facts.fiscal_year, facts.stage, facts.project_code,
        facts.project_name, facts.project_type, facts.year_basis, facts.amount_yuan,
        facts.proof, facts.cell_id, facts.document_id, facts.fund,
        funds.name_zh as fund_name,
        row(-facts.fiscal_year, -facts.amount_yuan, facts.project_name) as sort
    from marts.fct_project as facts
    inner join marts.dim_document as documents
        on facts.document_id = documents.document_id and documents.status = 'loaded'
    left join marts.dim_fund as funds on facts.fund = funds.fund
    where facts.row_role = 'code' and facts.measure = 'total'
        and facts.unit_id is not null
        and facts.phase = if(facts.stage = 'budget', 'budget', 'final')
    -- Of a row that prints its total the parts are left out, of other rows not.
    qualify row_number() over (
        partition by facts.document_id, facts.source_table_id, facts.unit_id,
            facts.project_code, facts.project_name, facts.year_basis
        order by funds.sort_order, facts.cell_id
    ) = 1
    and (
        facts.year_basis = 'all'
        or not bool_or(facts.year_basis = 'all') over (
            partition by facts.document_id, facts.source_table_id, facts.unit_id,
                facts.project_code, facts.project_name
        )
    )
"""
_FINDINGS = """
    select findings.unit_id, findings.finding_id, findings.severity, findings.title,
        findings.fiscal_year, findings.stage, findings.difference_yuan, findings.page,
        findings.line, findings.is_acknowledged,
        row(
            findings.is_acknowledged,
            array_position(['error', 'warning', 'info'], findings.severity),
            -abs(coalesce(findings.difference_yuan, 0)), findings.finding_id
        ) as sort
    from marts.fct_finding as findings where findings.unit_id is not null
"""
_DOCUMENTS = """
    select unit_id, document_id, file_name, relative_path, title, fiscal_year, stage,
        status, status_reason, published_date, source_url, format, page_count,
        row(-coalesce(fiscal_year, 0), stage, relative_path) as sort
    from marts.dim_document where unit_id is not null
"""
# A unit of a rollup has no document of its own: its figures say where they stand.
_UNITS = """
    select unit_id, unit_code, unit_name, other_names, parent_unit_id,
        parent_unit_name, coalesce(region_code, 'unknown') as region_code,
        first_year, last_year
    from marts.dim_unit order by unit_id
"""


def units(warehouse: Warehouse) -> Iterator[Row]:
    """Every unit with all that its page shows, one at a time."""
    functional = warehouse.groups("unit_id", _with_units(_FUNCTIONAL))
    economic = warehouse.groups("unit_id", _with_units(_ECONOMIC))
    printed = warehouse.groups("unit_id", _PRINTED)
    three_public = warehouse.groups("unit_id", _with_units(_THREE_PUBLIC))
    projects = warehouse.groups("unit_id", _with_units(_PROJECTS))
    compared = warehouse.groups("unit_id", _COMPARED)
    procurement = _optional(warehouse, "fct_procurement", _with_units(_PROCUREMENT))
    resources = _optional(warehouse, "fct_resource", _RESOURCES)
    findings = warehouse.groups("unit_id", _FINDINGS)
    documents = warehouse.groups("unit_id", _DOCUMENTS)
    regions = overview.region_names(warehouse)
    functions = overview.class_names(warehouse)
    economies = _economic_names(warehouse)
    children: dict[str, list[Row]] = defaultdict(list)
    for row in warehouse.stream(
        "select unit_id, unit_name, parent_unit_id from marts.dim_unit "
        "where parent_unit_id is not null order by unit_name, unit_id"
    ):
        children[row["parent_unit_id"]].append(row)
    for unit in warehouse.stream(_UNITS):
        key = unit["unit_id"]
        unit["region_name"] = regions[unit["region_code"]]
        unit["children"] = children.get(key, [])
        unit["functions"] = _tree(functional.take(key), functions)
        unit["economies"] = _tree(economic.take(key), economies)
        unit["functions"]["printed"] = _printed(unit["functions"], printed.take(key))
        unit["economies"]["differs"] = _difference(unit["functions"], unit["economies"])
        unit["three_public"] = _three_public(three_public.take(key))
        unit["projects"] = _projects(projects.take(key))
        unit["compared"] = _compared(compared.take(key))
        unit["procurement"] = _amounts(procurement.take(key) if procurement else [])
        unit["resources"] = resources.take(key) if resources else []
        unit["findings"] = findings.take(key)
        unit["documents"] = documents.take(key)
        for row in (*unit["findings"], *unit["documents"], *unit["resources"]):
            row["period"] = period(row)
        unit["open"] = {
            severity: sum(
                row["severity"] == severity and not row["is_acknowledged"]
                for row in unit["findings"]
            )
            for severity in ("error", "warning", "info")
        }
        yield unit


def _optional(warehouse: Warehouse, mart: str, sql: str) -> Groups | None:
    """The rows of a mart that a warehouse need not have."""
    return (
        warehouse.groups("unit_id", sql)
        if f"marts.{mart}" in warehouse.tables
        else None
    )


def _with_units(sql: str) -> str:
    """The rows with the unit that their cells are printed in."""
    return f"""
        select found.*, cells.amount_unit
        from ({sql}) as found
        left join marts.dim_source_cell as cells on found.cell_id = cells.cell_id
    """


def _economic_names(warehouse: Warehouse) -> dict[str, str]:
    return {
        row["economic_code"]: row["name"]
        for row in warehouse.rows(
            "select economic_code, name from marts.dim_economic_code "
            "where level = 'class'"
        )
    }


def _columns(rows: list[Row]) -> list[Row]:
    """The periods of a table from old to new, the plan before its outcome."""
    keys = sorted(
        {(row["fiscal_year"] or 0, row["stage"] or "") for row in rows},
    )
    return [
        {
            "key": key,
            "label": period({"fiscal_year": key[0] or None, "stage": key[1]}),
            # The column that a change is measured against, if it is the year before.
            "before": (key[0] - 1, key[1]) if (key[0] - 1, key[1]) in keys else None,
        }
        for key in keys
    ]


def _key(row: Row) -> tuple[int, str]:
    return row["fiscal_year"] or 0, row["stage"] or ""


def _tree(rows: list[Row], names: dict[str, str]) -> Row:
    """Codes by period: a line a class with its sum, below it a line a code."""
    columns = _columns(rows)
    classes: dict[str, Row] = {}
    totals: dict[Any, Decimal] = defaultdict(Decimal)
    projects: dict[Any, Decimal] = defaultdict(Decimal)
    for row in rows:
        of_class = classes.setdefault(
            row["class_code"],
            {
                "code": row["class_code"],
                "name": names.get(row["class_code"], row["name"]),
                "sums": defaultdict(Decimal),
                "lines": {},
            },
        )
        line = of_class["lines"].setdefault(
            row["code"], {"code": row["code"], "name": row["name"], "cells": {}}
        )
        key = _key(row)
        line["cells"][key] = row
        if row["expenditure_yuan"] is not None:
            of_class["sums"][key] += row["expenditure_yuan"]
            totals[key] += row["expenditure_yuan"]
        projects[key] += row["project_yuan"] or 0
    newest = columns[-1]["key"] if columns else None
    zeros = 0
    for entry in classes.values():
        for line in entry["lines"].values():
            # Printed as 0 in every period, and nothing is wrong with it.
            line["is_zero"] = all(
                cell["expenditure_yuan"] == 0 and cell["proof"] != "disputed"
                for cell in line["cells"].values()
            )
            zeros += line["is_zero"]
    ordered = sorted(
        classes.values(),
        key=lambda entry: (-entry["sums"].get(newest, 0), entry["code"]),
    )
    for entry in ordered:
        entry["lines"] = list(entry["lines"].values())
    return {
        "columns": columns,
        "classes": ordered,
        "totals": totals,
        "projects": projects,
        "unit": figures.printed_unit(row["amount_unit"] for row in rows),
        "is_part": any(row.get("scope") == "basic" for row in rows),
        "without_total": sum(row["expenditure_yuan"] is None for row in rows),
        "zeros": zeros,
        "printed": {},
        "differs": None,
    }


def _printed(tree: Row, rows: list[Row]) -> dict[Any, Row]:
    """The printed totals that are not the sums of the codes, by period."""
    found = {}
    for row in rows:
        key = _key(row)
        difference = abs(row["amount_yuan"] - tree["totals"][key])
        if difference:
            row["is_far"] = 200 * difference > abs(row["amount_yuan"])
            found[key] = row
    return found


def _difference(functions: Row, economies: Row) -> Decimal | None:
    """By how much the newest sums differ, if it is more than rounding."""
    keys = [column["key"] for column in functions["columns"]]
    if economies["is_part"] or not keys or keys[-1] not in economies["totals"]:
        return None
    total = functions["totals"][keys[-1]]
    difference: Decimal = economies["totals"][keys[-1]] - total
    return difference if 200 * abs(difference) > abs(total) else None


def _three_public(rows: list[Row]) -> Row:
    """The items of 三公 by period and phase."""
    columns = sorted(
        {(*_key(row), _PHASES.index(row["phase"])) for row in rows},
        key=lambda key: (key[0], key[1], key[2]),
    )
    lines: dict[str, Row] = {}
    for row in rows:
        line = lines.setdefault(
            row["item"],
            {"name": row["name"], "parent": row["parent"], "cells": {}},
        )
        line["cells"][(*_key(row), _PHASES.index(row["phase"]))] = row
    return {
        "columns": [
            {"key": key, "label": _phase_label(key[0], key[1], _PHASES[key[2]])}
            for key in columns
        ],
        "lines": lines,
        "unit": figures.printed_unit(row["amount_unit"] for row in rows),
    }


_PHASES = ["prior_final", "prior_budget", "budget", "adjusted_budget", "final"]


def _phase_label(year: int, stage: str, phase: str) -> str:
    if not year:
        return "年度不明"
    match phase:
        case "prior_final":
            return f"{year - 1}年决算"
        case "prior_budget":
            return f"{year - 1}年预算"
        case "adjusted_budget":
            return f"{year}年调整预算"
        case "final":
            return f"{year}年决算"
        case _:
            # Final accounts print the plan beside the outcome.
            return f"{year}年预算" + ("（决算表所列）" if stage != "budget" else "")


def _compared(rows: list[Row]) -> list[Row]:
    """Of each statement and other year, a table."""
    tables: dict[Any, Row] = {}
    for row in rows:
        key = (*_key(row), row["document_id"], row["statement"], row["phase_before"])
        table = tables.setdefault(
            key,
            {
                "title": row["statement_name"] or row["statement"],
                "before": _phase_label(*_key(row), row["phase_before"]),
                "now": period(row),
                "rows": [],
            },
        )
        table["rows"].append(row)
    for table in tables.values():
        table["unit"] = figures.printed_unit(
            row["amount_unit"] for row in table["rows"]
        )
    return list(tables.values())


def _amounts(rows: list[Row]) -> Row:
    for row in rows:
        row["period"] = period(row)
    return {
        "rows": rows,
        "unit": figures.printed_unit(row["amount_unit"] for row in rows),
    }


def _projects(rows: list[Row]) -> Row:
    for row in rows:
        row["period"] = period(row)
    return {
        "rows": rows,
        "unit": figures.printed_unit(row["amount_unit"] for row in rows),
        "has_funds": len({row["fund"] for row in rows}) > 1,
        "has_years": len({row["year_basis"] for row in rows}) > 1,
    }
