"""What is personal in one warehouse: the masker that every export and page of it uses.

One list of the names that are kept, one of the texts that tell of persons: a workbook,
a page and a table of PostgreSQL that are made of one warehouse mask alike.
"""

from __future__ import annotations

import duckdb

from exports.masking import Masker

# Names of units, places and codes: nothing inside them is masked as a person.
_KEPT = {
    "marts.dim_unit": ("unit_name", "other_names", "parent_unit_name"),
    "marts.dim_region": ("province", "prefecture", "county", "region_name"),
    "marts.dim_functional_code": ("name",),
    "marts.dim_economic_code": ("name",),
    "marts.dim_revenue_code": ("name",),
    "seeds.three_public_item": ("name_zh",),
}
# The text around the figures tells of more names than the marts do.
_RAW = {"raw.paragraphs": ("text",), "raw.cells": ("text",)}
_CHINESE = "[一-鿿]{2}"
_TEXTS_AT_ONCE = 50_000


def masker(connection: duckdb.DuckDBPyConnection, database: str = "") -> Masker:
    """A mask that knows this warehouse: a name found once is masked everywhere.

    ``database`` is the name that the warehouse is attached by, if it is.
    """
    prefix = f"{database}." if database else ""
    columns = _texts(connection, database)
    kept = {
        part.strip()
        for table, names in _KEPT.items()
        for name in names
        if name in columns.get(table, ())
        for (text,) in connection.execute(
            f"select distinct {name} from {prefix}{table} where {name} is not null"
        ).fetchall()
        for part in text.split(";")
    }
    found = Masker(kept)
    marts = {
        table: names for table, names in columns.items() if table.startswith("marts.")
    }
    for table, names in (_RAW | marts).items():
        for name in names:
            if name not in columns.get(table, ()):
                continue
            result = connection.cursor().execute(
                f"select distinct {name} from {prefix}{table} "
                f"where regexp_matches({name}, '{_CHINESE}')"
            )
            while rows := result.fetchmany(_TEXTS_AT_ONCE):
                found.learn(text for (text,) in rows)
    return found


def _texts(
    connection: duckdb.DuckDBPyConnection, database: str
) -> dict[str, tuple[str, ...]]:
    """The columns of text of each table of the warehouse."""
    columns: dict[str, tuple[str, ...]] = {}
    for table, name in connection.execute(
        "select schema_name || '.' || table_name, column_name from duckdb_columns() "
        "where data_type = 'VARCHAR' and not internal "
        "and database_name = coalesce(nullif(?, ''), current_database())",
        [database],
    ).fetchall():
        columns[table] = (*columns.get(table, ()), name)
    return columns
