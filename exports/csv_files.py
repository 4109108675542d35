"""CSV: UTF-8 with a byte order mark, so that Excel reads the Chinese, and safe there.

A text that a spreadsheet would run as a formula gets an apostrophe in front. Numbers
stay numbers, also negative ones.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb

from exports.catalog import Column, Table
from exports.release import Release
from pipeline.words import FORMULA, NUMBER

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def write(release: Release, folder: Path) -> None:
    """Write every table of the release into ``folder`` and read it back.

    :raises Differs: a file does not hold what the warehouse holds.
    """
    folder.mkdir(parents=True)
    with release.open() as connection:
        for table in release.tables:
            _write(connection, table, folder / f"{table.name}.csv")


def _write(connection: duckdb.DuckDBPyConnection, table: Table, path: Path) -> None:
    body = path.with_suffix(".body")
    columns = ", ".join(_written(column) for column in table.columns)
    connection.execute(
        f"copy (select {columns} from marts.{table.name}) to '{_quoted(body)}' "
        "(format csv, header false)"
    )
    heads = ",".join(column.name for column in table.columns)
    with path.open("wb") as whole, body.open("rb") as rows:
        whole.write(_BYTE_ORDER_MARK + heads.encode() + b"\n")
        shutil.copyfileobj(rows, whole, 1024 * 1024)
    body.unlink()
    measured = connection.execute(table.select_measures(_read(table, path)))
    table.require_same(measured.fetchone() or (), path.name)


def _written(column: Column) -> str:
    """SQL of what stands in the file for a column."""
    name = column.name
    if column.kind == "text":
        return (
            f"case when regexp_matches({name}, '{FORMULA.pattern}') "
            f"and not regexp_full_match({name}, '{NUMBER.pattern}') "
            f"then '''' || {name} else {name} end as {name}"
        )
    if column.kind == "datetime":
        return f"strftime({name} at time zone 'UTC', '%Y-%m-%dT%H:%M:%SZ') as {name}"
    return name


def _read(table: Table, path: Path) -> str:
    """SQL that reads the file with the types of the table."""
    columns = ", ".join(f"'{column.name}': '{column.type}'" for column in table.columns)
    return (
        f"read_csv('{_quoted(path)}', header = true, auto_detect = false, delim = ',', "
        f"quote = '\"', escape = '\"', columns = {{{columns}}})"
    )


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
