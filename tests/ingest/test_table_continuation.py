"""Parts of one table that say no more than 续表 become one table."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ingest.document import Block, Document, Table
from ingest.readers import docx as docx_reader
from ingest.readers import html, text
from tests.ingest.word import docx, p, tbl, tr

Rows = list[list[str]]

HEADER = ["编码", "名称", "金额"]
FIRST = [HEADER, ["", "合计", "12.00"], ["201", "一般公共服务支出", "7.00"]]
SECOND = [HEADER, ["204", "公共安全支出", "2.00"], ["205", "教育支出", "3.00"]]


def word(*parts: str | Rows) -> Document:
    return docx_reader.read(
        docx(
            *(
                p(part) if isinstance(part, str) else tbl(*(tr(*row) for row in part))
                for part in parts
            )
        )
    )


def page(*parts: str | Rows) -> Document:
    body = "".join(
        f"<p>{part}</p>"
        if isinstance(part, str)
        else "<table>"
        + "".join(
            f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in part
        )
        + "</table>"
        for part in parts
    )
    return html.read(f"<html><body>{body}</body></html>".encode())


def plain(*parts: str | Rows) -> Document:
    lines = [
        part if isinstance(part, str) else "\n".join("\t".join(row) for row in part)
        for part in parts
    ]
    return text.read("\n\n".join(lines).encode())


def shape(document: Document) -> list[str | int]:
    """The texts, and the rows of each table."""

    def told(block: Block) -> str | int:
        return block.row_count if isinstance(block, Table) else block.text

    return [told(block) for block in document.blocks]


@pytest.mark.parametrize("read", [word, page, plain])
def test_a_part_that_says_no_more_than_that_it_goes_on_is_one_table(
    read: Callable[..., Document],
) -> None:
    document = read("支出决算表", "单位：万元", FIRST, "续表", SECOND)
    assert shape(document) == ["支出决算表", "单位：万元", 6, "续表"]
    (whole,) = document.tables()
    rows = [[c.text for c in whole.cells if c.row == row] for row in range(6)]
    assert rows == FIRST + SECOND


@pytest.mark.parametrize("lines", [("（续表）",), ("续上表", "单位：万元"), ("续表1",)])
def test_the_unit_may_be_printed_again(lines: tuple[str, ...]) -> None:
    document = word("支出决算表", "单位：万元", FIRST, *lines, SECOND)
    assert [found.row_count for found in document.tables()] == [6]


@pytest.mark.parametrize(
    "more",
    [
        ("收入决算表", SECOND),  # no mark
        ("收入决算表", "续表", SECOND),  # a title of its own
        ("续表", "单位：元", SECOND),  # another unit
        ("续表", [["编码", "名称", "数量"], *SECOND[1:]]),  # another header
        ("续表", [HEADER, ["", "合计", "5.00"], *SECOND[1:]]),  # a total of its own
    ],
)
def test_another_table_stays_apart(more: tuple[str | Rows, ...]) -> None:
    document = word("支出决算表", "单位：万元", FIRST, *more)
    assert len(list(document.tables())) == 2


@pytest.mark.parametrize("read", [word, page])
def test_the_mark_may_be_the_first_row(read: Callable[..., Document]) -> None:
    document = read("支出决算表", FIRST, [["续表", "", ""], *SECOND])
    (whole,) = document.tables()
    rows = [[c.text for c in whole.cells if c.row == row] for row in range(6)]
    assert rows == FIRST + SECOND
    apart = read("支出决算表", FIRST, [["附表", "", ""], *SECOND])
    assert len(list(apart.tables())) == 2
