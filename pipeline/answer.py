"""What SQL on the warehouse answers: tables, records or CSV, and errors in Chinese."""

from __future__ import annotations

import csv
import os
import re
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from decimal import Decimal
from typing import TextIO, TypeVar

import duckdb

from pipeline import command, terminal
from pipeline.settings import count
from pipeline.words import FORMULA, NUMBER

FORMATS = ("table", "records", "csv")
ROWS = 200

_WIDEST = 1000  # characters of a cell: one long cell widens every line
_AT_ONCE = 10_000  # rows in memory
_NUMBER_TYPE = re.compile(
    r"U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|DECIMAL\(.*\)|FLOAT|DOUBLE"
)

Result = TypeVar("Result")


def rows_shown(default: int | None = ROWS) -> int | None:
    """How many rows to show, by ``ROWS``; None for all.

    :raises InvalidSetting: it is neither ``all`` nor a number from 1 upwards.
    """
    given = os.environ.get("ROWS", "").strip()
    if given == "all":
        return None
    return count("ROWS", 1) if given else default


def answer(
    connection: duckdb.DuckDBPyConnection, sql: str, rows: int | None, style: str
) -> int:
    """Run SQL and print what it answers; gives the exit code.

    :raises Refused: there is no query in it, or more than ``FORMAT=csv`` takes.
    """
    limit = terminal.columns(sys.stdout)
    try:
        if style == "csv":
            _interruptible(
                connection, lambda: write_csv(connection, sql, sys.stdout, rows)
            )
            sys.stdout.flush()
            return 0
        text = _interruptible(
            connection, lambda: as_text(connection, sql, rows, style, limit)
        )
    except duckdb.OutOfMemoryException:
        raise
    except duckdb.Error as error:
        return command.fail(_told(error), command.FAILED)
    if not text:
        raise command.Refused("没有可以运行的查询：只有注释。")
    print(text, flush=True)
    return 0


def _interruptible(
    connection: duckdb.DuckDBPyConnection, work: Callable[[], Result]
) -> Result:
    """Do the work in a thread of its own, so that Ctrl-C reaches the engine at once.

    The signal only leaves a mark: an exception could come between the start of the
    thread and whoever would stop it.
    """
    pressed = threading.Event()
    before = signal.signal(signal.SIGINT, lambda *_: pressed.set())
    try:
        with ThreadPoolExecutor(1) as pool:
            future = pool.submit(work)
            while not future.done():
                if pressed.is_set():
                    connection.interrupt()
                wait([future], 0.1)
    finally:
        signal.signal(signal.SIGINT, before)
    if pressed.is_set():
        raise KeyboardInterrupt
    return future.result()


def _told(error: duckdb.Error) -> str:
    """What is wrong with a query, in Chinese, what the engine says, and what to do."""
    said = str(error).strip()
    if "read-only" in said:
        return f"数据库只读，查询不能写入。\n{said}"
    if isinstance(error, duckdb.PermissionException) or "locked" in said:
        return f"查询不能读写其他文件、上网、装载扩展或更改设置。\n{said}"
    if isinstance(error, duckdb.ParserException):
        return f"SQL 语法有误。\n{said}"
    if isinstance(error, duckdb.CatalogException):
        return f'没有这个表或函数。\n{said}\n全部表：make query SQL="show tables"'
    if isinstance(error, duckdb.BinderException):
        return f'查询与表的列不符。\n{said}\n表的列：make query SQL="describe 表名"'
    return f"查询没有完成。\n{said}"


def as_text(
    connection: duckdb.DuckDBPyConnection,
    sql: str,
    rows: int | None = ROWS,
    style: str = "table",
    limit: int | None = None,
) -> str:
    """The results of queries as text: at most ``rows`` of each, ``limit`` columns wide.

    :raises duckdb.Error: what the engine has against a query.
    """
    return "\n\n".join(
        "\n".join(_lines(connection.execute(statement), rows, style, limit))
        for statement in connection.extract_statements(sql)
    )


def _lines(
    result: duckdb.DuckDBPyConnection,
    most: int | None,
    style: str,
    limit: int | None,
) -> list[str]:
    names = [column[0] for column in result.description]
    kinds = [str(column[1]) for column in result.description]
    rows = result.fetchall() if most is None else result.fetchmany(most)
    texts = [[shown(value) for value in row] for row in rows]
    if style == "records":
        lines = terminal.records(names, texts, limit)
    else:
        numeric = [_NUMBER_TYPE.fullmatch(kind) is not None for kind in kinds]
        lines = terminal.table(names, texts, numeric, limit)
    total = len(rows) + sum(map(len, _fetched(result)))
    if total > len(rows):
        lines.append(
            f"… 共 {total} 行，只显示前 {len(rows)} 行（ROWS=n 或 ROWS=all 显示更多，"
            "FORMAT=csv 输出全部）"
        )
    return lines


def _fetched(
    result: duckdb.DuckDBPyConnection,
) -> Iterator[list[tuple[object, ...]]]:
    while rows := result.fetchmany(_AT_ONCE):
        yield rows


def shown(value: object) -> str:
    """A value on one line, a number without an exponent."""
    if isinstance(value, Decimal):
        return f"{value:f}"
    text = "" if value is None else str(value).replace("\n", " ")
    return text if len(text) <= _WIDEST else text[:_WIDEST] + "…"


def write_csv(
    connection: duckdb.DuckDBPyConnection,
    sql: str,
    out: TextIO,
    rows: int | None = None,
) -> None:
    """Write the result of one query as CSV that Excel opens with its Chinese.

    It begins with a byte order mark; a text that a spreadsheet would run as a formula
    gets an apostrophe in front, as in the exports.

    :raises Refused: the SQL is more than one query.
    """
    statements = connection.extract_statements(sql)
    if len(statements) != 1:
        raise command.Refused(
            f"FORMAT=csv 只用于一条查询，这里有 {len(statements)} 条。"
        )
    result = connection.execute(statements[0])
    writer = csv.writer(out, lineterminator="\n")
    out.write("\ufeff")
    writer.writerow(column[0] for column in result.description)
    if rows is not None:
        writer.writerows(map(_safe, result.fetchmany(rows)))
        return
    for batch in _fetched(result):
        writer.writerows(map(_safe, batch))


def _safe(row: Sequence[object]) -> list[object]:
    return [
        _safe_text(value) if isinstance(value, str) else _plain(value) for value in row
    ]


def _plain(value: object) -> object:
    return f"{value:f}" if isinstance(value, Decimal) else value


def _safe_text(text: str) -> str:
    is_formula = FORMULA.match(text) and not NUMBER.fullmatch(text)
    return f"'{text}" if is_formula else text
