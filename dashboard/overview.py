"""The first page, and the index of regions: all spending, and what is not known."""

from __future__ import annotations

from collections import defaultdict
from typing import Any, TypeVar

from dashboard.reading import Row, Warehouse
from pipeline import words

LARGEST_REGIONS = 20
MOST = 0.8

Period = TypeVar("Period")

# Spending with the region of its unit and the class of its code.
SPENDING = """
    select
        spending.unit_id, spending.unit_name, spending.fiscal_year, spending.stage,
        spending.expenditure_yuan, spending.basic_yuan, spending.project_yuan,
        spending.proof,
        coalesce(units.region_code, 'unknown') as region_code,
        substr(spending.functional_code, 1, 3) as class_code
    from marts.fct_spending as spending
    left join marts.dim_unit as units on spending.unit_id = units.unit_id
"""


def period(row: Row) -> str:
    """The year and the stage as people say them."""
    if not row["fiscal_year"]:
        return "年度不明"
    return f"{row['fiscal_year']}年{words.STAGE.get(row['stage'] or '', '')}"


def class_names(warehouse: Warehouse) -> dict[str, str]:
    """The names of the functional classes, the newest where one was renamed."""
    return {
        row["functional_code"]: row["name"]
        for row in warehouse.rows(
            """
            select functional_code, arg_max(name, coalesce(last_year, 9999)) as name
            from marts.dim_functional_code
            where level = 'class'
            group by functional_code
            """
        )
    }


def region_names(warehouse: Warehouse) -> dict[str, str]:
    """Regions with the prefecture and province in front."""
    names = {"unknown": "地区未知"}
    for row in warehouse.rows("select * from marts.dim_region"):
        parts: list[str] = []
        for part in (row["province"], row["prefecture"], row["region_name"]):
            if part and not any(part in earlier for earlier in parts):
                # 重庆市 重庆市万盛经济技术开发区: the longer one says it all.
                parts = [earlier for earlier in parts if not part.startswith(earlier)]
                parts.append(part)
        names[row["region_code"]] = " ".join(parts)
    return names


def periods(warehouse: Warehouse) -> list[Row]:
    """Each year and stage with its total, the newest first.

    Before them comes the newest that nearly all units have: a year of which few have
    published is no picture of the whole.
    """
    found = warehouse.rows(
        f"""
        select
            fiscal_year, stage,
            count(distinct unit_id) as units,
            count(distinct region_code) as regions,
            coalesce(sum(expenditure_yuan), 0) as yuan,
            coalesce(sum(expenditure_yuan) filter (proof = 'proven'), 0) as proven_yuan,
            count(*) filter (expenditure_yuan is null) as without_total
        from ({SPENDING})
        group by all
        order by fiscal_year desc, stage
        """
    )
    for row in found:
        row["label"] = period(row)
        row["key"] = f"{row['fiscal_year']}-{row['stage']}"
    first = main_period([(row["units"], row) for row in found])
    return sorted(found, key=lambda row: row is not first)


def main_period(counted: list[tuple[int, Period]]) -> Period | None:
    """Of periods with their numbers of units, newest first: the one to show first."""
    enough = MOST * max((units for units, _ in counted), default=0)
    return next((period for units, period in counted if units >= enough), None)


def spending(warehouse: Warehouse) -> list[Row]:
    """Each period with its classes and its largest regions."""
    functions: dict[Any, list[Row]] = defaultdict(list)
    names = class_names(warehouse)
    for row in warehouse.stream(
        f"""
        select fiscal_year, stage, class_code, sum(expenditure_yuan) as yuan,
            sum(project_yuan) as project_yuan, count(distinct unit_id) as units
        from ({SPENDING}) where expenditure_yuan is not null
        group by all order by yuan desc, class_code
        """
    ):
        row["name"] = names.get(row["class_code"], "")
        functions[row["fiscal_year"], row["stage"]].append(row)
    regions: dict[Any, list[Row]] = defaultdict(list)
    for row in by_region(warehouse):
        regions[row["fiscal_year"], row["stage"]].append(row)
    found = periods(warehouse)
    for row in found:
        key = row["fiscal_year"], row["stage"]
        row["functions"] = functions[key]
        row["largest_regions"] = regions[key][:LARGEST_REGIONS]
        row["other_regions"] = regions[key][LARGEST_REGIONS:]
    return found


def by_region(warehouse: Warehouse) -> list[Row]:
    """The spending of each region in each period, the largest first."""
    names = region_names(warehouse)
    rows = warehouse.rows(
        f"""
        select fiscal_year, stage, region_code, sum(expenditure_yuan) as yuan,
            sum(project_yuan) as project_yuan, count(distinct unit_id) as units
        from ({SPENDING}) where expenditure_yuan is not null
        group by all order by yuan desc, region_code
        """
    )
    for row in rows:
        row["name"] = names[row["region_code"]]
    return rows


def counts(warehouse: Warehouse, table: str, column: str) -> dict[str, int]:
    """How many rows of a table have each value of a column."""
    return {
        row["value"]: row["n"]
        for row in warehouse.rows(
            f"select {column} as value, count(*) as n from marts.{table} group by 1"
        )
    }


def numbers(warehouse: Warehouse) -> Row:
    """What stands in large digits on the first page."""
    amounts = " union ".join(
        f"select cell_id, proof from marts.{table}" for table in amount_marts(warehouse)
    )
    return {
        "units": warehouse.one("select count(*) as n from marts.dim_unit")["n"],
        "regions": warehouse.one(
            "select count(distinct region_code) as n from marts.dim_unit"
        )["n"],
        "documents": counts(warehouse, "dim_document", "status"),
        "tables": counts(warehouse, "dim_source_table", "status"),
        "identities": counts(warehouse, "fct_identity", "verdict"),
        "proofs": {
            row["proof"]: row["n"]
            for row in warehouse.rows(
                f"select proof, count(*) as n from ({amounts}) group by 1"
            )
        },
        "open": {
            row["severity"]: row["n"]
            for row in warehouse.rows(
                "select severity, count(*) as n from marts.fct_finding "
                "where not is_acknowledged group by 1"
            )
        },
        "acknowledged": warehouse.one(
            "select count(*) as n from marts.fct_finding where is_acknowledged"
        )["n"],
        "not_understood_figures": warehouse.one(
            "select coalesce(sum(number_count), 0)::bigint as n "
            "from marts.dim_source_table where status = 'not_understood'"
        )["n"],
    }


def amount_marts(warehouse: Warehouse) -> list[str]:
    """The marts of printed amounts that this warehouse has, by their columns."""
    return [
        row["table_name"]
        for row in warehouse.rows(
            """
            select table_name from information_schema.columns
            where table_schema = 'marts' and table_name like 'fct_%'
                and column_name in ('cell_id', 'amount_yuan', 'proof', 'row_role')
            group by table_name having count(*) = 4 order by table_name
            """
        )
    ]
