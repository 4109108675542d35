"""The prompt for SQL of ``make sql``: a terminal client if there is one, else our own."""

from __future__ import annotations

import locale
import os
import sys
from pathlib import Path

import duckdb

from pipeline import command, terminal
from pipeline.answer import answer
from pipeline.read_only import READ_ONLY

# The user's own profiles of the client could open other files and load extensions.
CLIENT_ARGUMENTS = (
    *("--profile", "None", "--read-only"),
    *("--init-path", str(READ_ONLY)),
)


def client() -> list[str] | None:
    """The terminal client with what makes it harmless; None where it cannot be used."""
    program = Path(os.environ.get("SQL_CLIENT") or "-")
    if not (program.is_file() and terminal.is_live(sys.stdout) and sys.stdin.isatty()):
        return None
    return [str(program), *CLIENT_ARGUMENTS, *_locale()]


def _locale() -> list[str]:
    """Thousands stand apart as where the user lives; nowhere is no reason to complain."""
    try:
        is_somewhere = locale.setlocale(locale.LC_ALL, "").split(".")[0] != "C"
    except locale.Error:
        is_somewhere = False
    return [] if is_somewhere else ["--locale", "C"]


def converse(
    connection: duckdb.DuckDBPyConnection, rows: int | None, style: str
) -> int:
    """Ask for SQL line by line; from a file or a pipe the first mistake ends it."""
    is_live = sys.stdin.isatty()
    if is_live:
        _prepare_keys(connection)
        print("输入 SQL，以分号结束；Tab 补全表名，Ctrl-C 放弃本条，Ctrl-D 退出。")
        print("全部表：show tables;  一张表的列：describe dim_document;")
    statement = ""
    while True:
        try:
            prompt = ("sql> " if not statement else "...> ") if is_live else ""
            statement += input(prompt) + "\n"
        except KeyboardInterrupt:
            print()
            statement = ""
            if not is_live:
                raise
            continue
        except EOFError:
            if is_live:
                print()
            return _tried(connection, statement, rows, style)
        if statement.strip().rstrip(";").lower() in ("exit", "quit", "\\q", ".exit"):
            return 0
        if statement.strip().endswith(";"):
            code = _tried(connection, statement, rows, style)
            statement = ""
            if code and not is_live:
                return code


def _tried(
    connection: duckdb.DuckDBPyConnection, sql: str, rows: int | None, style: str
) -> int:
    if not sql.strip().strip(";"):
        return 0
    try:
        return answer(connection, sql, rows, style)
    except command.Refused as error:
        return command.fail(str(error), command.USAGE)
    except KeyboardInterrupt:
        if not sys.stdin.isatty():
            raise
        return command.fail("已中断本条查询。", command.INTERRUPTED)


def _prepare_keys(connection: duckdb.DuckDBPyConnection) -> None:
    """Tab completes the names of tables."""
    import readline

    names = [
        name
        for (name,) in connection.execute(
            "select table_name from information_schema.tables "
            "where table_schema in ('marts', 'audit') order by table_name"
        ).fetchall()
    ]

    def complete(text: str, state: int) -> str | None:
        found = [name for name in names if name.startswith(text)]
        return found[state] if state < len(found) else None

    readline.set_completer(complete)
    readline.parse_and_bind("tab: complete")
