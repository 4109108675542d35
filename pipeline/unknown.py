"""``make unknown``: what the corpus prints that no seed knows, most frequent first."""

from __future__ import annotations

import sys

from pipeline import command, terminal
from pipeline.answer import as_text, rows_shown
from pipeline.read_only import open_read_only
from pipeline.settings import Settings

_WORDS = """
    select word as "{0}", sum(occurrences) as "次数"
    from intermediate.int_unknown_word where kind = '{1}'
    group by 1 order by 2 desc, 1
"""

QUESTIONS = {
    "不认识的表名（有金额，但与任何报表不符）": _WORDS.format("表名", "title"),
    "表名中不认识的字词（金额已载入）": _WORDS.format("字词", "title_word"),
    "不认识的栏目名称": _WORDS.format("栏目", "column"),
    "不认识的行名称（有金额）": _WORDS.format("行", "row"),
    "没有单位的表": _WORDS.format("表名", "no_unit"),
    "科目表中没有的编码": """
        select printed_code as "编码", left(printed_name, 80) as "名称", count(*) as "次数"
        from (
            select printed_code, printed_name from marts.fct_functional
            where row_role = 'code' and not is_official
            union all
            select printed_code, printed_name from marts.fct_economic
            where row_role = 'code' and not is_official
        )
        group by 1, 2 order by 3 desc, 1
    """,
}


def main() -> int:
    """Print each list; nothing unknown is a good answer too."""
    command.parser(
        "make unknown",
        "列出词表和科目表中没有的表名、栏目、行名、单位和编码，最常见的在前。",
        *("WAREHOUSE", "ROWS"),
        more="\n怎样补充词表：docs/new-layout.md",
    ).parse_args()
    return command.run(_main)


def _main() -> int:
    settings = Settings.from_environment()
    rows = rows_shown()
    with open_read_only(settings.warehouse) as connection:
        for title, sql in QUESTIONS.items():
            print(terminal.coloured(title, "bold"))
            limit = terminal.columns(sys.stdout)
            print(as_text(connection, sql, rows, limit=limit), end="\n\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
