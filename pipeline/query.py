"""SQL on the published warehouse: read-only, without files, network or extensions."""

from __future__ import annotations

import os
import sys
import unicodedata
from decimal import Decimal
from pathlib import Path

import duckdb

from pipeline.settings import Settings

_ROWS = int(os.environ.get("ROWS") or 200)
_SCHEMAS = ("marts", "audit", "raw", "meta")
_WIDEST = 1000  # characters of a cell: one long cell widens every line


def open_read_only(warehouse: Path) -> duckdb.DuckDBPyConnection:
    """Open a published warehouse so that SQL can read it and nothing else.

    The file is opened read-only; access to other files, to the network and to
    extensions is switched off, and so is switching it on again.

    :raises FileNotFoundError: there is no warehouse; build one first.
    """
    if not warehouse.exists():
        raise FileNotFoundError(warehouse)
    connection = duckdb.connect(str(warehouse), read_only=True)
    connection.execute("set autoinstall_known_extensions = false")
    connection.execute("set autoload_known_extensions = false")
    # An exported copy has no raw layer.
    there = {
        name
        for (name,) in connection.execute(
            "select schema_name from duckdb_schemas() "
            "where database_name = current_database()"
        ).fetchall()
    }
    path = ",".join(name for name in _SCHEMAS if name in there)
    connection.execute(f"set search_path = '{path}'")
    connection.execute("set enable_external_access = false")
    connection.execute("set lock_configuration = true")
    return connection


def run(connection: duckdb.DuckDBPyConnection, sql: str) -> str:
    """The result of a query as a table of text.

    :raises duckdb.Error: what the engine has against the query.
    """
    result = connection.execute(sql)
    if result.description is None:
        return ""
    names = [column[0] for column in result.description]
    rows = result.fetchmany(_ROWS + 1)
    lines = _table(names, [[shown(value) for value in row] for row in rows[:_ROWS]])
    if len(rows) > _ROWS:
        lines.append(f"… 只显示前 {_ROWS} 行（ROWS=n 可改）")
    return "\n".join(lines)


def shown(value: object) -> str:
    """A value on one line, a number without an exponent."""
    if isinstance(value, Decimal):
        return f"{value:f}"
    text = "" if value is None else str(value).replace("\n", " ")
    return text if len(text) <= _WIDEST else text[:_WIDEST] + "…"


def _width(text: str) -> int:
    """Columns on a terminal: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def _table(names: list[str], rows: list[list[str]]) -> list[str]:
    widths = [
        max(_width(text) for text in column)
        for column in zip(names, *rows, strict=True)
    ]

    def line(texts: list[str]) -> str:
        return "  ".join(
            text + " " * (width - _width(text))
            for text, width in zip(texts, widths, strict=True)
        ).rstrip()

    return [line(names), "  ".join("─" * width for width in widths), *map(line, rows)]


def main() -> int:
    """``python -m pipeline.query [SQL]``; the SQL may stand in ``FILE``.

    Without any it is asked for line by line.
    """
    settings = Settings.from_environment()
    try:
        connection = open_read_only(settings.warehouse)
    except FileNotFoundError as error:
        print(f"还没有数据库：{error}。请先运行 make build。", file=sys.stderr)
        return 2
    sql = " ".join(sys.argv[1:]) or os.environ.get("SQL", "")
    file = os.environ.get("FILE", "")
    if file and not sql.strip():
        try:
            sql = Path(file).read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            print(f"读不到查询文件 {file}：{error}", file=sys.stderr)
            return 2
    if sql.strip():
        try:
            print(run(connection, sql))
        except duckdb.Error as error:
            print(error, file=sys.stderr)
            return 1
        return 0
    return _converse(connection)


def _converse(connection: duckdb.DuckDBPyConnection) -> int:
    import readline

    readline.parse_and_bind("tab: complete")
    print(
        "输入 SQL，以分号结束；Ctrl-D 退出。表在 marts 中，例如 select * from dim_document;"
    )
    statement = ""
    while True:
        try:
            statement += input("sql> " if not statement else "...> ") + "\n"
        except (EOFError, KeyboardInterrupt):
            print()
            return 0
        if statement.strip().endswith(";"):
            try:
                print(run(connection, statement))
            except duckdb.Error as error:
                print(error)
            statement = ""


if __name__ == "__main__":
    sys.exit(main())
