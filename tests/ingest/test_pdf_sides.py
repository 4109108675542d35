"""Tables printed on two pages side by side: joined where nothing speaks against it."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from reportlab.pdfgen.canvas import Canvas

from ingest.document import Document
from ingest.readers.pdf import read
from tests.ingest.pages import COLUMNS, Draw, grid, only_table, pdf, rows_of, say

LEFT_HALF = [
    ("科目编码", "科目名称", "合计"),
    ("213", "农林水支出", "9.00"),
    ("21303", "水利", "9.00"),
    ("2130306", "水利工程运行与维护", "5.00"),
]
RIGHT_HALF = [
    ("基本支出", "项目支出"),
    ("4.00", "5.00"),
    ("4.00", "5.00"),
    ("", "5.00"),
]
NARROW = [60.0, 160.0, 260.0]


def page(
    rows: Sequence[Sequence[str]],
    columns: Sequence[float],
    *captions: str,
    top: float = 90,
) -> Draw:
    def draw(canvas: Canvas) -> None:
        for number, caption in enumerate(captions):
            say(canvas, 150, 30 + 16 * number, caption)
        grid(canvas, columns, rows, top=top)

    return draw


LEFT_PAGE = page(LEFT_HALF, COLUMNS, "支出总表", "部门：某县水务局")


def sizes(document: Document) -> list[tuple[int, int]]:
    return [(table.row_count, table.column_count) for table in document.tables()]


@pytest.mark.parametrize(
    "captions", [(), ("单位：万元",), ("支出总表", "单位：万元"), ("公开03表",)]
)
def test_columns_on_the_next_page_belong_to_the_rows_of_this_one(
    captions: tuple[str, ...],
) -> None:
    document = read(pdf(LEFT_PAGE, page(RIGHT_HALF, NARROW, *captions, top=80)))
    table = only_table(document)
    assert rows_of(table) == [
        [*left, *right] for left, right in zip(LEFT_HALF, RIGHT_HALF, strict=True)
    ]
    assert [cell.page for cell in table.cells if cell.row == 0] == [1, 1, 1, 2, 2]
    # the unit above the right half stands above the table
    assert document.blocks[-1] is table


def test_as_many_columns_are_no_rows_below() -> None:
    right = [("基本支出", "项目支出", "经营支出"), *[("4.00", "5.00", "")] * 3]
    document = read(pdf(LEFT_PAGE, page(right, COLUMNS)))
    assert sizes(document) == [(4, 6)]
    more = [*right, ("1.00", "", "")]
    assert sizes(read(pdf(LEFT_PAGE, page(more, COLUMNS)))) == [(4, 3), (5, 3)]


@pytest.mark.parametrize(
    "right",
    [
        page(RIGHT_HALF, NARROW, "三公经费表"),  # another title
        page(RIGHT_HALF[:3], NARROW),  # other rows
        page([("项目", "金额"), *[("水库", "5.00")] * 3], NARROW),  # words of its own
    ],
)
def test_other_tables_stay_apart(right: Draw) -> None:
    assert len(sizes(read(pdf(LEFT_PAGE, right)))) == 2


def test_a_header_of_which_a_part_stands_outside_is_not_whole() -> None:
    def right(canvas: Canvas) -> None:
        grid(canvas, NARROW, RIGHT_HALF, top=90)
        say(canvas, 300, 95, "上年结转")

    assert len(sizes(read(pdf(LEFT_PAGE, right)))) == 2


def test_rows_below_with_the_header_once_more_go_on() -> None:
    more = [LEFT_HALF[0], ("214", "", "1.00"), ("", "", "2.00")]
    assert sizes(read(pdf(page(LEFT_HALF, COLUMNS), page(more, COLUMNS)))) == [(7, 3)]
