"""Loads the release into a schema of PostgreSQL: the old tables or the new, whole.

Everything happens in one transaction. The tables are made and filled in a schema
beside, measured there, and take the place of the old ones by renaming the schema; the
Chinese views of the schema ``audit`` are made anew on them. If the server goes away, it
undoes all of it by itself.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress

import adbc_driver_manager
import adbc_driver_postgresql.dbapi as adbc

from exports.catalog import Column, Table
from exports.release import NOTE, Release
from pipeline import audit

SCHEMA = "marts"
VIEWS = "audit"
_BESIDE = "marts_next"
# By this comment a schema is known as one of ours, which may be replaced.
_MARK = "county-budget-warehouse"
_TYPES = {
    "VARCHAR": "text",
    "BOOLEAN": "boolean",
    "DATE": "date",
    "DOUBLE": "double precision",
    "FLOAT": "real",
    "TINYINT": "smallint",
    "SMALLINT": "smallint",
    "INTEGER": "integer",
    "BIGINT": "bigint",
    "TIMESTAMP": "timestamp",
    "TIMESTAMP WITH TIME ZONE": "timestamptz",
}
_ROWS_AT_ONCE = 50_000
# Long waits end: for a server that does not answer, or that went away unnoticed.
_PATIENCE = {
    "connect_timeout": "10",
    "keepalives_idle": "30",
    "keepalives_interval": "10",
    "keepalives_count": "3",
    "tcp_user_timeout": "60000",
}


class LoadFailed(Exception):
    """The tables of PostgreSQL stay as they were; says why."""


def require(url: str) -> None:
    """:raises LoadFailed: the server does not answer, or holds something of others."""
    with _session(url) as cursor:
        _require_own_schemas(cursor)


def load(release: Release, url: str) -> Iterator[tuple[str, int]]:
    """Replace ``marts`` and ``audit``; tells of each table how many rows it got.

    :raises LoadFailed: the server refuses or goes away, or holds something else.
    :raises Differs: what the server holds is not what the warehouse holds.
    """
    with _session(url) as cursor:
        yield from _load(release, cursor)


@contextmanager
def _session(url: str) -> Iterator[adbc.Cursor]:
    """One transaction, kept if all of it succeeds."""
    try:
        with closing(adbc.connect(_patient(url))) as connection:
            try:
                with closing(connection.cursor()) as cursor:
                    yield cursor
                connection.commit()
            except BaseException:
                _roll_back(connection)
                raise
    except adbc_driver_manager.Error as error:
        raise LoadFailed(_without_password(str(error), url)) from None


def _load(release: Release, cursor: adbc.Cursor) -> Iterator[tuple[str, int]]:
    _require_own_schemas(cursor)
    # A reader that never ends would hold up the exchange for ever.
    cursor.execute("set local lock_timeout = '60s'")
    cursor.execute(f"drop schema if exists {_BESIDE} cascade")
    cursor.execute(f"create schema {_BESIDE}")
    for table in release.tables:
        _create(cursor, table)
        _fill(release, cursor, table)
        cursor.execute(table.select_measures(f"{_BESIDE}.{table.name}"))
        table.require_same(cursor.fetchone() or (), "PostgreSQL")
        yield table.name, table.rows
    _replace(release, cursor)


def _require_own_schemas(cursor: adbc.Cursor) -> None:
    cursor.execute(
        "select nspname, coalesce(obj_description(oid, 'pg_namespace'), '') "
        "from pg_namespace"
    )
    for name, comment in cursor.fetchall():
        if name in (SCHEMA, VIEWS, _BESIDE) and not comment.startswith(_MARK):
            raise LoadFailed(
                f"库中已有模式 {name}，不是本程序建立的，不会覆盖。"
                "请改名、删除，或使用另一个库。"
            )


def _create(cursor: adbc.Cursor, table: Table) -> None:
    key = set(table.key)
    columns = [
        f"{column.name} {_type(column)}{' not null' if column.name in key else ''}"
        for column in table.columns
    ]
    if table.key:
        columns.append(f"primary key ({', '.join(table.key)})")
    name = f"{_BESIDE}.{table.name}"
    cursor.execute(f"create table {name} ({', '.join(columns)})")
    _comment(cursor, f"table {name}", table.title, table.description)
    for column in table.columns:
        _comment(
            cursor, f"column {name}.{column.name}", column.title, column.description
        )


def _type(column: Column) -> str:
    decimal = re.fullmatch(r"DECIMAL\((\d+),(\d+)\)", column.type)
    if decimal:
        return f"numeric({decimal[1]}, {decimal[2]})"
    return _TYPES.get(column.type, "timestamp")


def _comment(cursor: adbc.Cursor, what: str, title: str, description: str) -> None:
    text = "。".join(part for part in (title, description) if part)
    cursor.execute(f"comment on {what} is {_literal(text)}")


def _fill(release: Release, cursor: adbc.Cursor, table: Table) -> None:
    if not table.rows:
        return
    columns = ", ".join(_copied(column) for column in table.columns)
    with release.open() as source:
        rows = source.sql(f"select {columns} from marts.{table.name}")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            cursor.adbc_ingest(
                table.name,
                rows.to_arrow_reader(_ROWS_AT_ONCE),
                mode="append",
                db_schema_name=_BESIDE,
            )


def _copied(column: Column) -> str:
    """A text without the one character that PostgreSQL cannot keep."""
    if column.kind == "text":
        return f"replace({column.name}, chr(0), '') as {column.name}"
    return column.name


def _replace(release: Release, cursor: adbc.Cursor) -> None:
    """The new schemas in the place of the old ones; other objects there are kept safe.

    Views and tables are dropped without ``cascade``: a view of somebody else on one of
    them makes the load fail and stays.
    """
    for schema, kind in ((VIEWS, "view"), (SCHEMA, "table")):
        cursor.execute(
            f"select {kind}name from pg_{kind}s where schemaname = $1",
            parameters=(schema,),
        )
        former = [f'{schema}."{name}"' for (name,) in cursor.fetchall()]
        if former:
            cursor.execute(f"drop {kind} {', '.join(former)}")
        cursor.execute(f"drop schema if exists {schema}")
    cursor.execute(f"alter schema {_BESIDE} rename to {SCHEMA}")
    cursor.execute(f"create schema {VIEWS}")
    with release.open() as connection:
        for statement in audit.view_statements(connection):
            cursor.execute(statement)
    text = (
        f"{_MARK} build {release.build_id}, exported "
        f"{release.exported_at:%Y-%m-%d %H:%M} UTC. {NOTE}"
    )
    for schema in (SCHEMA, VIEWS):
        cursor.execute(f"comment on schema {schema} is {_literal(text)}")


def _roll_back(connection: adbc.Connection) -> None:
    # A server that is gone undoes it by itself.
    with suppress(adbc_driver_manager.Error):
        connection.rollback()


def _patient(url: str) -> str:
    """The address with limits to waiting that it does not set itself."""
    added = [f"{name}={value}" for name, value in _PATIENCE.items() if name not in url]
    return f"{url}{'&' if '?' in url else '?'}{'&'.join(added)}"


def _without_password(text: str, url: str) -> str:
    password = re.search(r"://[^:/@]*:([^@]+)@", url)
    return text.replace(password[1], "***") if password and password[1] else text


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
