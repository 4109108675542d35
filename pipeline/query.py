"""SQL on the published warehouse: read-only, without files, network or extensions."""

from __future__ import annotations

import csv
import locale
import os
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from decimal import Decimal
from pathlib import Path
from typing import TextIO, TypeVar

import duckdb

from pipeline import command, terminal
from pipeline.questions import questions
from pipeline.settings import InvalidSetting, Settings, count
from pipeline.words import FORMULA, NUMBER

# What every session runs first, also that of the terminal client.
READ_ONLY = Path(__file__).with_name("read_only.sql")
# The user's own profiles of the client could open other files and load extensions.
CLIENT_ARGUMENTS = (
    *("--profile", "None", "--read-only"),
    *("--init-path", str(READ_ONLY)),
)

Result = TypeVar("Result")

_ROWS = 200
_WIDEST = 1000  # characters of a cell: one long cell widens every line
_AT_ONCE = 10_000  # rows in memory
_FORMATS = ("table", "records", "csv")
_NUMBER_TYPE = re.compile(
    r"U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|DECIMAL\(.*\)|FLOAT|DOUBLE"
)


class NoWarehouse(command.Refused, FileNotFoundError):
    """There is no warehouse at this place."""


class UnreadableWarehouse(command.Refused):
    """The file is there and cannot be read as a warehouse; says why."""


def open_read_only(warehouse: Path) -> duckdb.DuckDBPyConnection:
    """Open a published warehouse so that SQL can read it and nothing else.

    The file is opened read-only; access to other files, to the network and to
    extensions is switched off, and so is switching it on again. A build that runs
    meanwhile is not held up: it renames its new file over this one.

    :raises NoWarehouse: there is none; build one first.
    :raises UnreadableWarehouse: it is not one, or cannot be read now.
    """
    if not warehouse.exists():
        raise NoWarehouse(
            f"还没有数据库：{warehouse}。请先运行 make build，或用 WAREHOUSE= 指明数据库文件。"
        )
    try:
        connection = duckdb.connect(str(warehouse), read_only=True)
    except duckdb.Error as error:
        raise UnreadableWarehouse(_why_closed(warehouse, error)) from error
    try:
        connection.execute(READ_ONLY.read_text(encoding="utf-8"))
    except duckdb.CatalogException as error:
        raise UnreadableWarehouse(
            f"{warehouse} 不是本项目的数据库，或由另一个版本建立。请用 WAREHOUSE= 指明数据库文件，"
            "或重新运行 make build。"
        ) from error
    return connection


def _why_closed(warehouse: Path, error: duckdb.Error) -> str:
    said = command.first_line(error)
    if warehouse.is_dir():
        return f"{warehouse} 是文件夹。请用 WAREHOUSE= 指明数据库文件。"
    if "lock" in said.lower():
        return f"数据库正被其他程序以写方式打开，关闭后再试：{warehouse}（{said}）"
    if not os.access(warehouse, os.R_OK):
        return f"没有读取数据库的权限：{warehouse}。"
    return (
        f"打不开数据库：{warehouse} 不是 DuckDB 数据库，或由更新的版本写成。"
        f"请用 WAREHOUSE= 指明数据库文件，或重新运行 make build。（{said}）"
    )


def run(
    connection: duckdb.DuckDBPyConnection,
    sql: str,
    rows: int | None = _ROWS,
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


# The command ------------------------------------------------------------------


def main() -> int:
    """``python -m pipeline.query [SQL]``; the SQL may stand in ``SQL`` or ``FILE``."""
    parser = command.parser(
        "make query",
        "在已发布的数据库上运行 SQL：只读，不能读写其他文件，不能上网。",
        *("SQL", "FILE", "WAREHOUSE", "ROWS", "FORMAT"),
        more='\n例：make query SQL="select title, page from fct_finding"'
        "\n    make query FILE=analyses/totals_that_do_not_add_up.sql FORMAT=csv > 结果.csv"
        '\n全部表：SQL="show tables"；一张表的列：SQL="describe fct_finding"',
    )
    parser.add_argument("sql", nargs="*", metavar="SQL", help="查询（代替设置 SQL）")
    parser.add_argument(
        "--prompt", action="store_true", help="打开交互式查询（即 make sql）"
    )
    arguments = parser.parse_args()
    return command.run(lambda: _main(" ".join(arguments.sql), arguments.prompt))


def _main(given: str, is_prompt: bool) -> int:
    settings = Settings.from_environment()
    style = os.environ.get("FORMAT", "").strip() or "table"
    if style not in _FORMATS:
        raise InvalidSetting(f"FORMAT={style}（应为 {'、'.join(_FORMATS)} 之一）")
    rows = rows_shown(None if style == "csv" else _ROWS)
    with open_read_only(settings.warehouse) as connection:
        if not is_prompt:
            return _answer(connection, _question(given), rows, style)
        client = _client()
        if client is None:
            return _converse(connection, rows, style)
    os.execv(client[0], [*client, str(settings.warehouse)])


def rows_shown(default: int | None = _ROWS) -> int | None:
    """How many rows to show, by ``ROWS``; None for all.

    :raises InvalidSetting: it is neither ``all`` nor a number from 1 upwards.
    """
    given = os.environ.get("ROWS", "").strip()
    if given == "all":
        return None
    return count("ROWS", 1) if given else default


def _question(given: str) -> str:
    sql = given or os.environ.get("SQL", "").strip()
    file = os.environ.get("FILE", "").strip()
    if sql and file:
        raise command.Refused("SQL 和 FILE 只能给一个。")
    if file:
        try:
            sql = Path(file).read_text(encoding="utf-8-sig")
        except UnicodeDecodeError as error:
            raise command.Refused(
                f"读不到查询文件 {file}：不是 UTF-8 文本。"
            ) from error
        except OSError as error:
            raise command.Refused(
                f"读不到查询文件。{command.reason(error)}\n{_saved()}"
            ) from error
        if not sql.strip():
            raise command.Refused(f"查询文件是空的：{file}。")
    if not sql.strip():
        raise command.Refused(
            '没有查询。请给出 SQL="select …" 或 FILE=…；交互式查询用 make sql。\n'
            f"{_saved()}"
        )
    return sql


def _saved() -> str:
    """The saved questions, in words."""
    found = [
        (f"FILE=analyses/{saved.name}.sql", saved.chinese) for saved in questions()
    ]
    room = max(map(len, (name for name, _ in found)))
    return "\n".join(
        ["已保存的查询：", *(f"  {name.ljust(room)}  {words}" for name, words in found)]
    )


def _answer(
    connection: duckdb.DuckDBPyConnection, sql: str, rows: int | None, style: str
) -> int:
    limit = terminal.columns(sys.stdout)
    try:
        if style == "csv":
            _interruptible(
                connection, lambda: write_csv(connection, sql, sys.stdout, rows)
            )
            sys.stdout.flush()
            return 0
        answer = _interruptible(
            connection, lambda: run(connection, sql, rows, style, limit)
        )
    except duckdb.OutOfMemoryException:
        raise
    except duckdb.Error as error:
        return command.fail(_told(error), command.FAILED)
    if not answer:
        raise command.Refused("没有可以运行的查询：只有注释。")
    print(answer, flush=True)
    return 0


def _interruptible(
    connection: duckdb.DuckDBPyConnection, work: Callable[[], Result]
) -> Result:
    """Do the work in a thread of its own, so that Ctrl-C reaches the engine at once."""
    with ThreadPoolExecutor(1) as pool:
        future = pool.submit(work)
        try:
            return future.result()
        except KeyboardInterrupt:
            while not future.done():
                connection.interrupt()
                wait([future], 0.1)
            raise


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


# The prompt -------------------------------------------------------------------


def _client() -> list[str] | None:
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


def _converse(
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
        return _answer(connection, sql, rows, style)
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


if __name__ == "__main__":
    sys.exit(main())
