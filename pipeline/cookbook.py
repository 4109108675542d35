"""The cookbook: the saved questions, and what the warehouse answers."""

from __future__ import annotations

import sys

import duckdb

from pipeline import command
from pipeline.answer import shown
from pipeline.questions import questions
from pipeline.read_only import open_read_only
from pipeline.settings import PROJECT, Settings

PAGE = PROJECT / "docs" / "cookbook.md"
_ROWS = 8


def page(connection: duckdb.DuckDBPyConnection) -> str:
    """The cookbook: every question with its SQL and what the warehouse answers."""
    parts = [_HEAD]
    for question in questions():
        result = connection.execute(question.sql)
        names = [column[0] for column in result.description]
        rows = result.fetchall()
        parts.append(
            f"## {question.chinese}\n\n{question.english} (`analyses/{question.name}.sql`)\n\n"
            f"```sql\n{question.sql}\n```\n\n{_answer(names, rows)}"
        )
    return "\n".join(parts)


def _answer(names: list[str], rows: list[tuple[object, ...]]) -> str:
    if not rows:
        return "（示例文件中没有）\n"
    lines = [names, ["---"] * len(names)]
    lines += [
        [shown(value).replace("|", "\\|") for value in row] for row in rows[:_ROWS]
    ]
    table = "\n".join(f"| {' | '.join(line)} |" for line in lines)
    more = f"\n\n… 共 {len(rows)} 行" if len(rows) > _ROWS else ""
    return f"{table}{more}\n"


_HEAD = """\
# Cookbook: questions and answers 审计问题与查询

<!-- made by `make cookbook` from analyses/ and the sample disclosures; do not edit -->

Each question is a file in `analyses/`; ask it of your own warehouse with `make query FILE=analyses/<name>.sql`. The answers below are
those of the sample disclosures in `disclosures/`. Amounts are in 万元 unless the heading says otherwise.
"""


def main() -> int:
    """``python -m pipeline.cookbook``: write the page from the published warehouse."""
    command.parser(
        "make cookbook",
        "用已发布的数据库（应由示例文件建立）回答 analyses/ 中的问题，写成 docs/cookbook.md。",
        "WAREHOUSE",
    ).parse_args()
    return command.run(_main)


def _main() -> int:
    with open_read_only(Settings.from_environment().warehouse) as connection:
        PAGE.write_text(page(connection), encoding="utf-8")
    print(PAGE.relative_to(PROJECT))
    return 0


if __name__ == "__main__":
    sys.exit(main())
