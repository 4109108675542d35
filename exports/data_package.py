"""A Frictionless data package over the CSV files, with fiscal column types."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import duckdb

from exports.catalog import Column, Table
from exports.release import NOTE, Release

_TYPES = {
    "text": "string",
    "boolean": "boolean",
    "date": "date",
    "datetime": "datetime",
    "decimal": "number",
    "number": "number",
    "integer": "integer",
}
# https://frictionlessdata.io/taxonomies/fiscal/budgets.json
_FISCAL = {
    "amount_yuan": "value",
    "expenditure_yuan": "value",
    "measure": "expenditure-type:code",
    "fiscal_year": "date:fiscal-year",
    "phase": "phase:id",
    "side": "direction",
    "unit_id": "administrative-classification:generic:code",
    "unit_name": "administrative-classification:generic:label",
    "functional_code": "functional-classification:generic:code",
    "functional_name": "functional-classification:generic:label",
    "economic_code": "economic-classification:generic:code",
    "economic_name": "economic-classification:generic:label",
    "project_code": "activity:generic:project:code",
    "project_name": "activity:generic:project:label",
    "fund": "fin-source:generic:code",
    "region_code": "geo:source:code",
    "published_date": "date:generic",
}
# The columns that lead to another table, and its key.
_REFERENCES = {
    "document_id": "dim_document",
    "source_table_id": "dim_source_table",
    "cell_id": "dim_source_cell",
    "unit_id": "dim_unit",
    "measure": "dim_measure",
    "fund": "dim_fund",
    "statement": "dim_statement",
}


def write(release: Release, folder: Path) -> None:
    """Write ``datapackage.json`` beside the CSV files."""
    with release.open() as connection:
        resources = [_resource(connection, release, table) for table in release.tables]
    package = {
        "profile": "data-package",
        "name": "county-budget-warehouse",
        "title": "县级部门预决算公开数据 County budgets and final accounts",
        "description": NOTE
        + "文本以 = + - @ 等开头的，前面加了撇号（'），防止电子表格当作公式执行。",
        "version": release.build_id,
        "created": f"{release.exported_at:%Y-%m-%dT%H:%M:%SZ}",
        "countryCode": "CN",
        "resources": resources,
    }
    text = json.dumps(package, ensure_ascii=False, indent=1)
    (folder / "datapackage.json").write_text(f"{text}\n", encoding="utf-8")


def _resource(
    connection: duckdb.DuckDBPyConnection, release: Release, table: Table
) -> dict[str, Any]:
    schema: dict[str, Any] = {
        "fields": [_field(column) for column in table.columns],
        "missingValues": [""],
    }
    if table.key:
        schema["primaryKey"] = list(table.key)
    references = [
        {
            "fields": [column.name],
            "reference": {"resource": other.name, "fields": [column.name]},
        }
        for column in table.columns
        if (other := release.table(_REFERENCES.get(column.name, ""))) is not None
        and other.name != table.name
        and other.key == (column.name,)
        and _leads(connection, table, column.name, other)
    ]
    if references:
        schema["foreignKeys"] = references
    return {
        "name": table.name,
        "title": table.title,
        "description": table.description,
        "path": f"{table.name}.csv",
        "profile": "tabular-data-resource",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8-sig",
        "dialect": {"delimiter": ",", "quoteChar": '"', "doubleQuote": True},
        "rows": table.rows,
        "schema": schema,
    }


def _field(column: Column) -> dict[str, Any]:
    field: dict[str, Any] = {
        "name": column.name,
        "type": _TYPES[column.kind],
        "title": column.title,
        "description": column.description,
    }
    if column.name in _FISCAL:
        field["columnType"] = _FISCAL[column.name]
    if column.kind == "boolean":
        field["trueValues"], field["falseValues"] = ["true"], ["false"]
    if column.name.endswith("_yuan"):
        field["unit"] = "CNY"
    return field


def _leads(
    connection: duckdb.DuckDBPyConnection, table: Table, column: str, other: Table
) -> bool:
    """Whether every value of the column stands in the other table."""
    ((lost,),) = connection.execute(
        f"select count(*) from marts.{table.name} as rows where {column} is not null "
        f"and {column} not in (select {column} from marts.{other.name})"
    ).fetchall()
    return bool(lost == 0)
