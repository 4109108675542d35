"""What tables there are, what their columns hold, and whether a copy holds the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import duckdb

from pipeline import words

# What a copy must agree on: the number of rows, and for each column the sum of its
# numbers or how many of its rows say something.
Measures = dict[str, str]

# Types that not every format can hold, and those they become; others become text.
_WIDE = {"HUGEINT": "DECIMAL(38,0)", "UBIGINT": "DECIMAL(20,0)"}
_KINDS = {
    "TINYINT": "integer",
    "SMALLINT": "integer",
    "INTEGER": "integer",
    "BIGINT": "integer",
    "BOOLEAN": "boolean",
    "DATE": "date",
    "DOUBLE": "number",
    "FLOAT": "number",
    "VARCHAR": "text",
}


class Differs(Exception):
    """A copy does not hold what the warehouse holds; says where."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its DuckDB type in a copy, its Chinese name and what it means."""

    name: str
    type: str
    title: str
    description: str

    @property
    def kind(self) -> str:
        """``text``, ``boolean``, ``date``, ``datetime``, ``decimal`` and so on."""
        if self.type.startswith("DECIMAL"):
            return "decimal"
        if self.type.startswith("TIMESTAMP"):
            return "datetime"
        return _KINDS[self.type]

    @property
    def measure(self) -> str:
        """SQL of what a copy of the column must agree on, as text."""
        if self.kind in ("decimal", "integer"):
            return f"cast(sum({self.name}) as varchar)"
        return f"cast(count(nullif(cast({self.name} as varchar), '')) as varchar)"


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the schema ``marts``; ``key`` is empty where no columns are one."""

    name: str
    title: str
    description: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    measures: Measures

    @property
    def rows(self) -> int:
        """How many rows it has."""
        return int(self.measures["rows"])

    def select_measures(self, relation: str) -> str:
        """SQL that measures a copy of this table."""
        listed = ", ".join(column.measure for column in self.columns)
        return f"select cast(count(*) as varchar), {listed} from {relation}"

    def named_measures(self, values: Iterable[object]) -> Measures:
        """What the SQL of ``select_measures`` found."""
        names = ["rows", *(column.name for column in self.columns)]
        return {
            name: "" if value is None else str(value)
            for name, value in zip(names, values, strict=True)
        }

    def require_same(self, values: Iterable[object], place: str) -> None:
        """:raises Differs: a copy does not measure the same; ``place`` names it."""
        measured = self.named_measures(values)
        for name, value in self.measures.items():
            if measured[name] != value:
                raise Differs(
                    f"{place}：{self.name} 的 {name} 应为 {value}，"
                    f"写出的是 {measured[name]}"
                )


def tables(
    connection: duckdb.DuckDBPyConnection,
    keys: Mapping[str, tuple[str, ...]],
    database: str = "",
) -> list[Table]:
    """The tables of ``marts`` with what they hold, in the order of their names.

    ``keys`` are the columns that are said to identify a row; they are a key only
    where they do.
    """
    prefix = f"{database}." if database else ""
    catalog = database or _one(connection, "select current_database()")
    columns: dict[str, list[Column]] = {}
    for table, name, kind, comment in connection.execute(
        "select table_name, column_name, data_type, coalesce(comment, '') "
        "from duckdb_columns() where database_name = ? and schema_name = 'marts' "
        "and table_name in (select table_name from duckdb_tables() "
        "where database_name = ? and schema_name = 'marts') "
        "order by table_name, column_index",
        [catalog, catalog],
    ).fetchall():
        title, description = _title(comment, name)
        kind = _WIDE.get(kind, kind)
        if not kind.startswith(("DECIMAL", "TIMESTAMP")) and kind not in _KINDS:
            kind = "VARCHAR"
        columns.setdefault(table, []).append(Column(name, kind, title, description))
    comments = dict(
        connection.execute(
            "select table_name, coalesce(comment, '') from duckdb_tables() "
            "where database_name = ? and schema_name = 'marts'",
            [catalog],
        ).fetchall()
    )
    found = []
    for name, listed in columns.items():
        title, description = _title(
            comments[name], words.TABLES.get(f"marts.{name}", name)
        )
        relation = f"{prefix}marts.{name}"
        table = Table(name, title, description, tuple(listed), (), {})
        measured = connection.execute(table.select_measures(relation)).fetchone()
        assert measured is not None
        key = keys.get(name, (listed[0].name,))
        found.append(
            Table(
                name,
                title,
                description,
                tuple(listed),
                key if _is_key(connection, relation, key) else (),
                table.named_measures(measured),
            )
        )
    return found


def _is_key(
    connection: duckdb.DuckDBPyConnection, relation: str, key: tuple[str, ...]
) -> bool:
    listed = ", ".join(key)
    filled = " and ".join(f"{column} is not null" for column in key)
    try:
        rows, distinct, complete = connection.execute(
            f"select count(*), count(distinct ({listed})), count_if({filled}) "
            f"from {relation}"
        ).fetchall()[0]
    except duckdb.BinderException:  # a column of the key is not there
        return False
    return bool(rows == distinct == complete)


def _title(comment: str, name: str) -> tuple[str, str]:
    """The Chinese name that a comment begins with, and the rest."""
    head, stop, rest = comment.partition("。")
    if stop and any("\u4e00" <= character <= "\u9fff" for character in head):
        return head, rest
    return name, comment


def _one(connection: duckdb.DuckDBPyConnection, sql: str) -> str:
    ((value,),) = connection.execute(sql).fetchall()
    return str(value)
