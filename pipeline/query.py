"""``make query`` and ``make sql``: SQL on the published warehouse, which it only reads."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from pipeline import command, prompt
from pipeline.answer import FORMATS, ROWS, answer, rows_shown
from pipeline.questions import questions
from pipeline.read_only import open_read_only
from pipeline.settings import InvalidSetting, Settings


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
    if style not in FORMATS:
        raise InvalidSetting(f"FORMAT={style}（应为 {'、'.join(FORMATS)} 之一）")
    rows = rows_shown(None if style == "csv" else ROWS)
    with open_read_only(settings.warehouse) as connection:
        if not is_prompt:
            return answer(connection, _question(given), rows, style)
        client = prompt.client()
        if client is None:
            return prompt.converse(connection, rows, style)
    os.execv(client[0], [*client, str(settings.warehouse)])


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


if __name__ == "__main__":
    sys.exit(main())
