"""The masked copy of the published warehouse that every other export is made from."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

import duckdb

from expectations.keys import KEYS
from exports import catalog, personal
from pipeline import audit, publication
from pipeline.load import connect

# Without these there is no warehouse that this version can export.
REQUIRED = (
    "marts.dim_document",
    "marts.dim_unit",
    "marts.dim_fund",
    "marts.dim_measure",
    "marts.dim_statement",
    "marts.dim_functional_code",
    "marts.dim_economic_code",
    "marts.dim_source_table",
    "marts.dim_source_cell",
    "marts.fct_spending",
    "marts.fct_spending_economic",
    "marts.fct_revenue",
    "marts.fct_three_public",
    "marts.fct_project",
    "marts.fct_procurement",
    "marts.fct_resource",
    "marts.fct_policy_standard",
    "marts.fct_citation",
    "marts.fct_narrative_figure",
    "marts.fct_identity",
    "marts.fct_finding",
    "marts.bridge_finding_cell",
    "marts.rpt_coverage",
    "meta.build",
)
# The oldest DuckDB that can open the copy: BI tools carry old ones.
_OLDEST_DUCKDB = "v1.2.0"
# Lists of the warehouse that say what its values are called; none are personal.
_LISTS = (
    "rule",
    "cause_kind",
    "statement",
    "measure",
    "fund",
    "three_public_item",
    "balance_item",
    "procurement_category",
    "resource_item",
    "audit_view",
    "audit_column",
    "audit_value",
)
# Only such texts can hold personal data: Chinese, or a long number.
_MAY_BE_PERSONAL = r"[一-鿿]|([0-9０-９][ .-]?){7}"

NOTE_ZH = (
    "个人信息（人名、电话、身份证号、银行账号）已脱敏；"
    "原数据库（warehouse）的原始层和各表保留公开原文，未脱敏。"
)
NOTE = (
    f"{NOTE_ZH}"
    "Personal data is masked here; the warehouse itself keeps what was published."
)


class WrongWarehouse(Exception):
    """The warehouse cannot be exported; says why."""


@dataclass(frozen=True, slots=True)
class Release:
    """The masked copy: where it is, what it was made from, what it holds.

    ``versions`` are the readers, rules and code lists that the warehouse was built
    with; ``masked`` is how many different texts held personal data.
    """

    path: Path
    build_id: str
    built_at: dt.datetime
    exported_at: dt.datetime
    tables: tuple[catalog.Table, ...]
    versions: dict[str, object]
    masked: int

    def open(self) -> duckdb.DuckDBPyConnection:
        """A connection that reads it."""
        return connect(self.path, read_only=True)

    def table(self, name: str) -> catalog.Table | None:
        """The table of that name, if the warehouse has it."""
        return next((table for table in self.tables if table.name == name), None)


def create(path: Path, warehouse: Path) -> Release:
    """Copy the marts of ``warehouse``, with personal data masked.

    :raises WrongWarehouse: it is none, is empty or is of another version.
    :raises Differs: the copy does not hold what the warehouse holds.
    """
    publication.create(path, _OLDEST_DUCKDB)
    with connect(path) as connection:
        _attach(connection, warehouse)
        _require_tables(connection)
        tables = catalog.tables(connection, KEYS, "source")
        masked = _mask(connection, tables)
        connection.execute("create schema marts")
        amount_cells = _amount_cells(tables)
        for table in tables:
            _copy(connection, table, amount_cells)
        _comment(connection)
        _copy_lists(connection)
        ((build_id, built_at),) = connection.execute(
            "select build_id, built_at from source.meta.build"
        ).fetchall()
        exported_at = dt.datetime.now(dt.UTC).replace(microsecond=0)
        connection.execute("create schema meta")
        connection.execute("create table meta.build as from source.meta.build")
        connection.execute(
            "create table meta.export as select ? as exported_at, ? as note",
            [exported_at, NOTE],
        )
        connection.execute(f"comment on table meta.export is {_literal(NOTE)}")
        versions = _versions(connection)
        connection.execute("drop table masked_text")
        connection.execute("detach source")
        audit.create_views(connection)
        connection.execute("checkpoint")
    return Release(
        path, build_id, built_at, exported_at, tuple(tables), versions, masked
    )


def _attach(connection: duckdb.DuckDBPyConnection, warehouse: Path) -> None:
    if not warehouse.is_file():
        raise WrongWarehouse(f"还没有数据库：{warehouse}。请先运行 make build。")
    try:
        connection.execute(f"attach {_literal(str(warehouse))} as source (read_only)")
    except duckdb.Error as error:
        raise WrongWarehouse(f"打不开数据库 {warehouse}：{error}") from error


def _require_tables(connection: duckdb.DuckDBPyConnection) -> None:
    there = {
        f"{schema}.{name}"
        for schema, name in connection.execute(
            "select schema_name, table_name from duckdb_tables() "
            "where database_name = 'source'"
        ).fetchall()
    }
    needed = (*REQUIRED, *(f"seeds.{name}" for name in _LISTS))
    missing = [name for name in needed if name not in there]
    if missing:
        raise WrongWarehouse(
            "数据库不是本版本建立的，缺少表："
            + "、".join(missing)
            + "。请用本版本重新运行 make build。"
        )
    ((documents,),) = connection.execute(
        "select count(*) from source.marts.dim_document where status = 'loaded'"
    ).fetchall()
    if documents == 0:
        raise WrongWarehouse(
            "数据库是空的：没有任何已载入的公开文件，没有可导出的内容。"
        )


def _mask(connection: duckdb.DuckDBPyConnection, tables: list[catalog.Table]) -> int:
    """Fill ``masked_text``: every text that holds personal data, and its mask."""
    masker = personal.masker(connection, "source")
    columns = " union ".join(
        f"select cast({column.name} as varchar) from source.marts.{table.name} "
        f"where regexp_matches(cast({column.name} as varchar), '{_MAY_BE_PERSONAL}')"
        for table in tables
        for column in table.columns
        if column.kind == "text"
    )
    texts = [text for (text,) in connection.execute(columns).fetchall()]
    changed = [
        (text, masked) for text in texts if (masked := masker.mask(text)) != text
    ]
    connection.execute("create temp table masked_text (text varchar, masked varchar)")
    if changed:
        connection.executemany("insert into masked_text values (?, ?)", changed)
    return len(changed)


def _copy(
    connection: duckdb.DuckDBPyConnection,
    table: catalog.Table,
    amount_cells: str,
) -> None:
    """Copy a table with its comments, the texts of ``masked_text`` masked."""
    columns = [
        _masked_column(column, table, amount_cells)
        if column.kind == "text"
        else f"cast({column.name} as {column.type}) as {column.name}"
        for column in table.columns
    ]
    connection.execute(
        f"create table marts.{table.name} as select {', '.join(columns)} "
        f"from source.marts.{table.name} as published"
    )
    measured = connection.execute(table.select_measures(f"marts.{table.name}"))
    table.require_same(measured.fetchone() or (), "脱敏副本")


def _masked_column(column: catalog.Column, table: catalog.Table, amounts: str) -> str:
    name = column.name
    text = (
        "coalesce((select masked from masked_text "
        f"where text = cast(published.{name} as varchar)), "
        f"cast(published.{name} as varchar))"
    )
    # A cell of digits that is an amount is no telephone number.
    if table.name == "dim_source_cell" and name == "printed_text" and amounts:
        text = (
            "case when regexp_full_match(printed_text, '[-0-9,. ]+') "
            f"and cell_id in ({amounts}) then printed_text else {text} end"
        )
    return f"{text} as {name}"


def _amount_cells(tables: list[catalog.Table]) -> str:
    """SQL of the cells that are amounts."""
    return " union ".join(
        f"select cell_id from source.marts.{table.name}"
        for table in tables
        if {"cell_id", "amount_yuan"} <= {column.name for column in table.columns}
    )


def _comment(connection: duckdb.DuckDBPyConnection) -> None:
    """Give the copied tables and columns the comments of the warehouse."""
    for table, comment in connection.execute(
        "select table_name, comment from duckdb_tables() where comment is not null "
        "and database_name = 'source' and schema_name = 'marts'"
    ).fetchall():
        connection.execute(f"comment on table marts.{table} is {_literal(comment)}")
    for table, column, comment in connection.execute(
        "select table_name, column_name, comment from duckdb_columns() where "
        "database_name = 'source' and schema_name = 'marts' and comment is not null "
        "and table_name in (select table_name from duckdb_tables() "
        "where database_name = 'source' and schema_name = 'marts')"
    ).fetchall():
        connection.execute(
            f"comment on column marts.{table}.{column} is {_literal(comment)}"
        )


def _copy_lists(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute("create schema seeds")
    for name in _LISTS:
        connection.execute(f"create table seeds.{name} as from source.seeds.{name}")


def _versions(connection: duckdb.DuckDBPyConnection) -> dict[str, object]:
    """Of what the warehouse was built with: readers, rules and every code list.

    A list's version is the SHA-256 of its rows, in the order of their text.
    """
    readers: list[int] = []
    if connection.execute(
        "select 1 from duckdb_columns() where database_name = 'source' and "
        "schema_name = 'raw' and table_name = 'contents' "
        "and column_name = 'reader_version'"
    ).fetchone():
        readers = [
            version
            for (version,) in connection.execute(
                "select distinct reader_version from source.raw.contents order by all"
            ).fetchall()
        ]
    lists: dict[str, object] = {}
    for (name,) in connection.execute(
        "select table_name from duckdb_tables() where database_name = 'source' "
        "and schema_name = 'seeds' order by table_name"
    ).fetchall():
        rows, digest = connection.execute(
            "select count(*), sha256(coalesce(string_agg(line, chr(10) order by line), "
            f"'')) from (select cast(list as varchar) as line from source.seeds.{name} "
            "as list)"
        ).fetchall()[0]
        lists[name] = {"rows": rows, "sha256": digest}
    return {"readers": readers, "rules": lists.get("rule"), "code_lists": lists}


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
