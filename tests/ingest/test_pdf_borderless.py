"""Tables without ruling lines, or with too few: rows and columns from alignment."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from reportlab.pdfgen.canvas import Canvas

from ingest.document import Document, ParagraphKind, Table
from ingest.readers.pdf import read
from ingest.readers.pdf_alignment import aligned_tables
from ingest.readers.pdf_text import Run, lines_of
from tests.ingest.pages import (
    FONT,
    Draw,
    only_table,
    pdf,
    place,
    rows_of,
    rule,
    say,
    texts,
)

SIZE = 10


def right(canvas: Canvas, x: float, top: float, text: str) -> None:
    say(canvas, x - canvas.stringWidth(text, FONT, SIZE), top, text)


def centre(canvas: Canvas, x: float, top: float, text: str) -> None:
    say(canvas, x - canvas.stringWidth(text, FONT, SIZE) / 2, top, text)


# Cells from 40 to 180, 260, 340 and 400: a label and three amounts.
EDGES = (40, 180, 240, 300, 380)
PAD = 3


def row(canvas: Canvas, top: float, label: str, *amounts: str) -> None:
    """A row: the label flush left, amounts flush right, as most offices print it."""
    if label:
        say(canvas, EDGES[0] + PAD, top, label)
    for edge, amount in zip(EDGES[2:], amounts, strict=False):
        if amount:
            right(canvas, edge - PAD, top, amount)


def head(canvas: Canvas, top: float = 40) -> None:
    """A header of two rows: 项目 beside 预算数 over its three columns."""
    middle = top + 9
    centre(canvas, 110, middle, "项目")
    centre(canvas, 280, top, "预算数")
    for left, end, text in zip(
        EDGES[1:], EDGES[2:], ("合计", "基本支出", "项目支出"), strict=False
    ):
        centre(canvas, (left + end) / 2, top + 18, text)


HEAD = [
    (0, 0, 2, 1, "项目"),
    (0, 1, 1, 3, "预算数"),
    (1, 1, 1, 1, "合计"),
    (1, 2, 1, 1, "基本支出"),
    (1, 3, 1, 1, "项目支出"),
]


def body_of(table: Table, first: int = 2) -> list[list[str]]:
    rows: list[list[str]] = [[] for _ in range(table.row_count)]
    for cell in table.cells:
        rows[cell.row].append(cell.text)
    return rows[first:]


def read_page(draw: Draw) -> Document:
    return read(pdf(draw))


# Columns --------------------------------------------------------------------


def test_columns_come_from_the_alignment_of_the_print() -> None:
    def draw(canvas: Canvas) -> None:
        say(canvas, 150, 20, "支出预算表")
        head(canvas)
        row(canvas, 80, "一般公共服务支出", "1,234.50", "1,000.00", "234.50")
        row(canvas, 100, "教育支出", "8.00", "8.00", "0.00")
        row(canvas, 120, "合计", "1,242.50", "1,008.00", "234.50")

    document = read_page(draw)
    table = only_table(document)
    assert [place(cell) for cell in table.cells if cell.row < 2] == HEAD
    assert body_of(table) == [
        ["一般公共服务支出", "1,234.50", "1,000.00", "234.50"],
        ["教育支出", "8.00", "8.00", "0.00"],
        ["合计", "1,242.50", "1,008.00", "234.50"],
    ]
    assert table.has_spans
    assert table.page == 1
    amount = next(cell for cell in table.cells if cell.text == "1,234.50")
    assert amount.box is not None
    assert amount.box.left < 197 < 237 < amount.box.right < 243
    assert amount.box.top < 72 < 80 < amount.box.bottom < 92
    assert texts(document, ParagraphKind.TEXT) == ["支出预算表"]


def test_an_amount_stays_in_the_column_over_it_whatever_is_missing() -> None:
    def draw(canvas: Canvas) -> None:
        head(canvas)
        row(canvas, 80, "一般公共服务支出", "1,234.50", "", "1,234.50")
        row(canvas, 100, "教育支出", "", "8.00", "")
        row(canvas, 120, "其他支出")
        row(canvas, 140, "合计", "1,242.50", "8.00", "1,234.50")

    assert body_of(only_table(read_page(draw))) == [
        ["一般公共服务支出", "1,234.50", "", "1,234.50"],
        ["教育支出", "", "8.00", ""],
        ["其他支出", "", "", ""],
        ["合计", "1,242.50", "8.00", "1,234.50"],
    ]


def test_a_column_without_any_amount_is_known_by_its_label() -> None:
    def draw(canvas: Canvas) -> None:
        head(canvas)
        row(canvas, 80, "一般公共服务支出", "1,234.50", "", "1,234.50")
        row(canvas, 100, "合计", "1,234.50", "", "1,234.50")

    table = only_table(read_page(draw))
    assert [place(cell) for cell in table.cells if cell.row < 2] == HEAD
    assert body_of(table)[0] == ["一般公共服务支出", "1,234.50", "", "1,234.50"]


@pytest.mark.parametrize("align", [right, centre, say])
def test_columns_may_be_aligned_left_right_or_in_the_middle(
    align: Callable[[Canvas, float, float, str], None],
) -> None:
    at = {right: 40.0, centre: 20.0, say: 4.0}[align]

    def draw(canvas: Canvas) -> None:
        for top, texts_of_row in (
            (40, ("编码", "名称", "金额", "比例")),
            (60, ("201", "一般公共服务支出", "1,234.50", "90.00%")),
            (80, ("20101", "人大事务", "34.50", "8.15%")),
        ):
            say(canvas, 40, top, texts_of_row[0])
            say(canvas, 80, top, texts_of_row[1])
            for x, text in zip((200, 280), texts_of_row[2:], strict=True):
                (centre if top == 40 else align)(
                    canvas, x + (20 if top == 40 else at), top, text
                )

    assert rows_of(only_table(read_page(draw))) == [
        ["编码", "名称", "金额", "比例"],
        ["201", "一般公共服务支出", "1,234.50", "90.00%"],
        ["20101", "人大事务", "34.50", "8.15%"],
    ]


def test_amounts_that_nearly_touch_are_two_columns() -> None:
    def draw(canvas: Canvas) -> None:
        width = canvas.stringWidth("82,096,797.42", FONT, SIZE)
        edges = (140 + width, 140 + 2 * width + 3)
        for top, label, amounts in (
            (60, "一般公共服务支出", ("82,096,797.42", "82,096,797.42")),
            (80, "教育支出", ("96,797.42", "")),
        ):
            say(canvas, 40, top, label)
            for edge, amount in zip(edges, amounts, strict=True):
                right(canvas, edge, top, amount)
        centre(canvas, 80, 40, "项目")
        centre(canvas, edges[0] - width / 2, 40, "合计")
        centre(canvas, edges[1] - width / 2, 40, "本年")

    assert rows_of(only_table(read_page(draw))) == [
        ["项目", "合计", "本年"],
        ["一般公共服务支出", "82,096,797.42", "82,096,797.42"],
        ["教育支出", "96,797.42", ""],
    ]


def test_the_two_halves_of_a_balance_are_columns_of_one_table() -> None:
    def draw(canvas: Canvas) -> None:
        centre(canvas, 120, 40, "收入")
        centre(canvas, 300, 40, "支出")
        for x, text in ((70, "项目"), (165, "金额"), (250, "项目"), (345, "金额")):
            centre(canvas, x, 60, text)
        for top, left, amount, other, spent in (
            (80, "一、财政拨款", "100.00", "一、教育支出", "60.00"),
            (100, "二、其他收入", "", "二、住房支出", "40.00"),
            (120, "总计", "100.00", "总计", "100.00"),
        ):
            say(canvas, 43, top, left)
            right(canvas, 197, top, amount)
            say(canvas, 223, top, other)
            right(canvas, 377, top, spent)

    table = only_table(read_page(draw))
    assert [place(cell) for cell in table.cells if cell.row == 0] == [
        (0, 0, 1, 2, "收入"),
        (0, 2, 1, 2, "支出"),
    ]
    assert body_of(table, 1) == [
        ["项目", "金额", "项目", "金额"],
        ["一、财政拨款", "100.00", "一、教育支出", "60.00"],
        ["二、其他收入", "", "二、住房支出", "40.00"],
        ["总计", "100.00", "总计", "100.00"],
    ]


def test_numbers_of_columns_stand_in_their_columns() -> None:
    def draw(canvas: Canvas) -> None:
        head(canvas)
        for number, (left, end) in enumerate(pairwise(EDGES)):
            centre(canvas, (left + end) / 2, 78, str(number + 1))
        row(canvas, 100, "教育支出", "8.00", "8.00", "")
        row(canvas, 120, "合计", "8.00", "8.00", "")

    table = only_table(read_page(draw))
    assert body_of(table)[0] == ["1", "2", "3", "4"]
    assert body_of(table)[1] == ["教育支出", "8.00", "8.00", ""]


# Labels over several lines --------------------------------------------------


@pytest.mark.parametrize("line", [0, 1, 2])
def test_a_label_of_three_lines_is_one_row_with_its_amounts_on_any_line(
    line: int,
) -> None:
    def draw(canvas: Canvas) -> None:
        head(canvas)
        row(canvas, 80, "一般公共服务支出", "2.00", "2.00", "")
        for number, text in enumerate(("机关事业单位", "基本养老保险", "缴费支出")):
            row(canvas, 100 + 13 * number, text)
        row(canvas, 100 + 13 * line, "", "5.00", "", "5.00")
        row(canvas, 146, "其他支出", "1.00", "", "1.00")

    assert body_of(only_table(read_page(draw))) == [
        ["一般公共服务支出", "2.00", "2.00", ""],
        ["机关事业单位基本养老保险缴费支出", "5.00", "", "5.00"],
        ["其他支出", "1.00", "", "1.00"],
    ]


def test_amounts_between_the_two_lines_of_their_label() -> None:
    def draw(canvas: Canvas) -> None:
        head(canvas)
        row(canvas, 80, "一般公共服务支出", "2.00", "2.00", "")
        row(canvas, 100, "机关事业单位基本养老")
        row(canvas, 106.5, "", "5.00", "", "5.00")
        row(canvas, 113, "保险缴费支出")
        row(canvas, 133, "其他支出", "1.00", "", "1.00")

    assert body_of(only_table(read_page(draw)))[1] == [
        "机关事业单位基本养老保险缴费支出",
        "5.00",
        "",
        "5.00",
    ]


def test_where_rows_are_as_near_as_lines_a_full_line_was_broken() -> None:
    """Rows of a printed spreadsheet keep no more distance than lines of one cell."""

    def draw(canvas: Canvas) -> None:
        head(canvas)
        row(canvas, 80, "一般公共服务支出", "2.00", "2.00", "")
        row(canvas, 93, "机关事业单位基本养老保险缴", "5.00", "", "5.00")
        row(canvas, 106, "费支出")
        row(canvas, 119, "住房支出", "1.00", "", "1.00")
        row(canvas, 132, "其他支出")
        row(canvas, 145, "合计", "8.00", "2.00", "6.00")

    assert body_of(only_table(read_page(draw))) == [
        ["一般公共服务支出", "2.00", "2.00", ""],
        ["机关事业单位基本养老保险缴费支出", "5.00", "", "5.00"],
        ["住房支出", "1.00", "", "1.00"],
        ["其他支出", "", "", ""],
        ["合计", "8.00", "2.00", "6.00"],
    ]


def test_labels_of_two_lines_in_a_header() -> None:
    def draw(canvas: Canvas) -> None:
        centre(canvas, 110, 46.5, "项目")
        for x, lines in ((210, ("一般公共", "预算")), (270, ("政府性", "基金"))):
            for number, text in enumerate(lines):
                centre(canvas, x, 40 + 13 * number, text)
        centre(canvas, 340, 46.5, "国资预算")
        row(canvas, 80, "教育支出", "8.00", "7.00", "1.00")
        row(canvas, 100, "合计", "8.00", "7.00", "1.00")

    table = only_table(read_page(draw))
    assert rows_of(table)[0] == ["项目", "一般公共预算", "政府性基金", "国资预算"]


def test_a_label_in_the_middle_of_merged_rows_is_not_taken_into_the_group() -> None:
    """合计 and 其他 stand beside 财政拨款, in the middle of two header rows."""

    def draw(canvas: Canvas) -> None:
        for x, top, text in (
            (70, 49, "项目"),
            (130, 49, "合计"),
            (220, 40, "财政拨款"),
            (190, 58, "小计"),
            (250, 58, "基金"),
            (310, 49, "其他"),
        ):
            centre(canvas, x, top, text)
        for top, label in ((80, "教育支出"), (100, "合计")):
            say(canvas, 43, top, label)
            for edge in (157, 217, 277, 337):
                right(canvas, edge, top, "5.00")

    table = only_table(read_page(draw))
    assert [place(cell) for cell in table.cells if cell.row < 2] == [
        (0, 0, 2, 1, "项目"),
        (0, 1, 2, 1, "合计"),
        (0, 2, 1, 2, "财政拨款"),
        (0, 4, 2, 1, "其他"),
        (1, 2, 1, 1, "小计"),
        (1, 3, 1, 1, "基金"),
    ]


def test_a_label_above_all_columns_and_below_the_unit_is_a_header() -> None:
    def draw(canvas: Canvas) -> None:
        right(canvas, 380, 30, "单位：万元")
        centre(canvas, 210, 50, "2025年预算数")
        for left, end, text in zip(
            EDGES, EDGES[1:], ("项目", "合计", "基本", "项目支出"), strict=False
        ):
            centre(canvas, (left + end) / 2, 70, text)
        row(canvas, 90, "教育支出", "8.00", "7.00", "1.00")
        row(canvas, 110, "合计", "8.00", "7.00", "1.00")

    document = read_page(draw)
    cells = only_table(document).cells
    assert place(cells[0]) == (0, 0, 1, 4, "2025年预算数")
    assert place(cells[1]) == (1, 0, 1, 1, "项目")
    assert texts(document, ParagraphKind.TEXT) == ["单位：万元"]


# Where nothing is sure ------------------------------------------------------


def lines_at(*lines: Sequence[tuple[float, str]]) -> Draw:
    def draw(canvas: Canvas) -> None:
        for number, line in enumerate(lines):
            for x, text in line:
                say(canvas, x, 40 + 18 * number, text)

    return draw


NO_TABLES = {
    "prose": lines_at(
        [(60, "2025年收入预算 1,009.29 万元，比上年增加 12.50 万元，增长 1.2%，主要")],
        [(40, "原因是人员经费增加。其中财政拨款 915.57 万元，占 90.7%。支出预算为")],
        [(40, "1,009.29 万元，其中基本支出 739.03 万元，项目支出 270.26 万元。")],
    ),
    "contents": lines_at(
        [(180, "目录")],
        [(40, "一、部门概况"), (370, "1")],
        [(40, "二、收入预算表"), (370, "3")],
        [(40, "三、支出预算表"), (370, "12")],
    ),
    "cover": lines_at(
        [(120, "某县财政局")],
        [(100, "2025年部门预算")],
        [(130, "2025"), (160, "年"), (175, "1"), (190, "月"), (205, "20"), (220, "日")],
    ),
    "signatures": lines_at(
        [(40, "单位负责人："), (160, "财务负责人："), (280, "填表人：")],
        [(40, "联系电话：12345"), (160, "填表日期："), (280, "2025.01.20")],
    ),
    "list": lines_at(
        [(40, "1.办公室"), (200, "2.财务科")],
        [(40, "3.人事科"), (200, "4.信息中心")],
        [(40, "5.监察室"), (200, "6.业务科")],
    ),
    "no header": lines_at(
        [(40, "教育支出"), (200, "8.00")],
        [(40, "住房支出"), (200, "9.00")],
        [(40, "其他支出"), (200, "7.00")],
    ),
}


@pytest.mark.parametrize("kind", NO_TABLES)
def test_what_is_no_table_stays_lines(kind: str) -> None:
    document = read_page(NO_TABLES[kind])
    assert list(document.tables()) == []
    assert len(list(document.paragraphs())) >= 2


def refused(draw: Draw) -> list[str]:
    """The lines of a page on which alignment leaves doubt."""
    document = read_page(draw)
    assert list(document.tables()) == []
    return [paragraph.text for paragraph in document.paragraphs()]


def test_amounts_that_are_not_aligned_are_not_taken_for_a_column() -> None:
    lines = refused(
        lines_at(
            [(60, "项目"), (210, "金额")],
            [(40, "教育支出"), (200, "8.00")],
            [(40, "住房支出"), (222, "129.00")],
            [(40, "其他支出"), (178, "7,456.00")],
        )
    )
    assert lines[1] == "教育支出\t8.00"


def test_an_amount_between_two_columns_is_not_placed() -> None:
    def draw(canvas: Canvas) -> None:
        head(canvas)
        row(canvas, 80, "教育支出", "8.00", "8.00", "1.00")
        row(canvas, 100, "住房支出", "8.00", "8.00", "1.00")
        say(canvas, 43, 120, "其他支出")
        right(canvas, 265, 120, "9.00")

    assert refused(draw)[-1] == "其他支出\t9.00"


def test_a_label_that_may_stand_over_one_column_or_three_is_not_placed() -> None:
    """基本支出 above 人员经费: a label of two lines, or one over three columns?"""

    def draw(canvas: Canvas) -> None:
        for x, text in ((110, "科目"), (210, "小计"), (270, "人员经费"), (330, "公用")):
            centre(canvas, x, 53, text)
        centre(canvas, 270, 40, "基本支出")
        for top, label in ((80, "教育支出"), (100, "合计")):
            say(canvas, 43, top, label)
            for edge in (237, 297, 357):
                right(canvas, edge, top, "5.00")

    assert "基本支出" in refused(draw)


def test_a_label_beside_its_group_is_not_placed() -> None:
    """基本支出 over the first of its columns, as an unmerged spreadsheet prints."""

    def draw(canvas: Canvas) -> None:
        for x, text in ((110, "科目"), (210, "小计"), (270, "人员"), (340, "公用")):
            centre(canvas, x, 60, text)
        centre(canvas, 210, 40, "基本支出")
        row(canvas, 80, "教育支出", "8.00", "7.00", "1.00")
        row(canvas, 100, "合计", "8.00", "7.00", "1.00")

    assert "基本支出" in refused(draw)


def test_labels_that_may_stand_for_several_rows_are_not_placed() -> None:
    """A unit in the middle of its three projects."""

    def draw(canvas: Canvas) -> None:
        for x, text in ((70, "单位"), (150, "项目"), (230, "金额")):
            centre(canvas, x, 40, text)
        for number in range(6):
            say(canvas, 123, 60 + 20 * number, f"第{'一二三四五六'[number]}项")
            right(canvas, 257, 60 + 20 * number, f"{number + 1}.00")
        say(canvas, 43, 80, "某局")
        say(canvas, 43, 140, "某中心")

    assert "某局\t第二项\t2.00" in refused(draw)


def test_half_a_table_is_not_read() -> None:
    """A row that looks like the title of a table: what is below would be lost."""

    def draw(canvas: Canvas) -> None:
        head(canvas)
        row(canvas, 80, "教育支出", "8.00", "8.00", "1.00")
        row(canvas, 100, "住房支出", "8.00", "8.00", "1.00")
        row(canvas, 120, "其他支出见附表")
        row(canvas, 140, "其他支出", "7.00", "", "7.00")
        row(canvas, 160, "合计", "23.00", "16.00", "9.00")

    assert "合计\t23.00\t16.00\t9.00" in refused(draw)


def test_labels_of_rows_as_near_as_lines_are_not_joined() -> None:
    """Few amounts, so that nothing but their ragged ends tells labels apart."""

    def draw(canvas: Canvas) -> None:
        head(canvas)
        names = ("一般公共服务", "外交", "国防", "公共安全支出", "教育", "科学技术支出")
        for number, name in enumerate(names):
            row(canvas, 80 + 15 * number, name)
        row(canvas, 80, "", "5.00", "5.00", "")
        row(canvas, 155, "", "5.00", "5.00", "")
        row(canvas, 170, "合计", "10.00", "10.00", "")

    body = body_of(only_table(read_page(draw)))
    assert [cells[0] for cells in body] == [
        "一般公共服务",
        "外交",
        "国防",
        "公共安全支出",
        "教育",
        "科学技术支出",
        "合计",
    ]
    assert [cells[1] for cells in body] == ["5.00", "", "", "", "", "5.00", "10.00"]


def test_a_label_beside_merged_ones_that_have_parts_is_not_taken_over_them() -> None:
    """出国 beside 用车 stands in the middle of two rows, each over two columns."""

    def draw(canvas: Canvas) -> None:
        centre(canvas, 70, 49, "合计")
        centre(canvas, 150, 49, "出国")
        centre(canvas, 270, 40, "用车")
        centre(canvas, 230, 58, "小计")
        centre(canvas, 310, 58, "购置")
        right(canvas, 350, 22, "单位：元")
        for number in range(8):
            centre(canvas, 50 + 40 * number, 76, ("预算数", "决算数")[number % 2])
            for top in (94, 112):
                right(canvas, 67 + 40 * number, top, f"{number}.00")

    labels = [cell for cell in only_table(read_page(draw)).cells if cell.row < 3]
    assert [(c.column, c.column_span, c.text) for c in labels if c.column_span > 1] == [
        (0, 2, "合计"),
        (2, 2, "出国"),
        (4, 4, "用车"),
        (4, 2, "小计"),
        (6, 2, "购置"),
    ]
    assert [c.text for c in labels if c.column_span == 1] == ["预算数", "决算数"] * 4


# Labels ---------------------------------------------------------------------


def test_labels_may_name_their_unit() -> None:
    """预算数（元） is no unit above a table, nor is a row that ends so."""

    def draw(canvas: Canvas) -> None:
        for x, text in ((110, "项目"), (210, "合计（元）"), (270, "基本（元）")):
            centre(canvas, x, 40, text)
        row(canvas, 60, "教育支出", "8.00", "7.00")
        row(canvas, 80, "人均补助（元）")
        row(canvas, 100, "合计", "8.00", "7.00")

    assert rows_of(only_table(read_page(draw))) == [
        ["项目", "合计（元）", "基本（元）"],
        ["教育支出", "8.00", "7.00"],
        ["人均补助（元）", "", ""],
        ["合计", "8.00", "7.00"],
    ]


def test_full_width_digits_are_figures_aligned_as_the_others_are() -> None:
    """Typed as texts, flush left; one column alone would not tell."""

    def draw(canvas: Canvas) -> None:
        centre(canvas, 140, 40, "收入")
        centre(canvas, 350, 40, "支出")
        for x, text in ((90, "项目"), (190, "预算数"), (300, "项目"), (410, "预算数")):
            centre(canvas, x, 60, text)
        for top, left, amount, other, spent in (
            (80, "一、拨款收入", "６８９．３６", "一、教育支出", "２１．９６"),
            (100, "二、其他收入", "", "二、住房支出", "６６７．４０"),
            (120, "收入总计", "６８９．３６", "支出总计", "６８９．３６"),
        ):
            for x, text in ((43, left), (143, amount), (243, other), (363, spent)):
                say(canvas, x, top, text)

    table = only_table(read_page(draw))
    assert [place(cell) for cell in table.cells if cell.row == 0] == [
        (0, 0, 1, 2, "收入"),
        (0, 2, 1, 2, "支出"),
    ]
    assert body_of(table, 1) == [
        ["项目", "预算数", "项目", "预算数"],
        ["一、拨款收入", "６８９．３６", "一、教育支出", "２１．９６"],
        ["二、其他收入", "", "二、住房支出", "６６７．４０"],
        ["收入总计", "６８９．３６", "支出总计", "６８９．３６"],
    ]


def test_numbers_of_lines_flush_left_and_right_are_one_column() -> None:
    """行次 in the middle above both, and a row that says it numbers the columns."""

    def draw(canvas: Canvas) -> None:
        for x, text in ((90, "项目"), (190, "行次"), (280, "金额")):
            centre(canvas, x, 40, text)
        for x, text in ((90, "栏次"), (280, "1")):
            centre(canvas, x, 60, text)
        for number, amount in enumerate(("8.00", "", "7.00", "15.00"), 1):
            top = 60 + 20 * number
            say(canvas, 43, top, f"第{'一二三四'[number - 1]}项收入")
            if amount:
                right(canvas, 227, top, str(number))
                right(canvas, 317, top, amount)
            else:
                say(canvas, 153, top, str(number))

    assert rows_of(only_table(read_page(draw))) == [
        ["项目", "行次", "金额"],
        ["栏次", "", "1"],
        ["第一项收入", "1", "8.00"],
        ["第二项收入", "2", ""],
        ["第三项收入", "3", "7.00"],
        ["第四项收入", "4", "15.00"],
    ]


def test_two_columns_of_figures_with_labels_of_their_own_stay_two() -> None:
    """No line bears both, but each has its label."""

    def draw(canvas: Canvas) -> None:
        for x, text in ((90, "项目"), (205, "上年"), (295, "本年")):
            centre(canvas, x, 40, text)
        for top, label, edge, amount in (
            (60, "教育支出", 217, "8.00"),
            (80, "住房支出", 307, "7.00"),
            (100, "其他支出", 217, "6.00"),
        ):
            say(canvas, 43, top, label)
            right(canvas, edge, top, amount)

    assert rows_of(only_table(read_page(draw))) == [
        ["项目", "上年", "本年"],
        ["教育支出", "8.00", ""],
        ["住房支出", "", "7.00"],
        ["其他支出", "6.00", ""],
    ]


def test_a_label_merged_over_codes_and_names_does_not_join_them() -> None:
    def draw(canvas: Canvas) -> None:
        for x, text in ((65, "编码"), (150, "名称"), (280, "决算数")):
            centre(canvas, x, 40, text)
        for number in range(5):
            say(canvas, 43, 60 + 20 * number, f"3010{number}")
            say(canvas, 93, 60 + 20 * number, f"第{'一二三四五'[number]}项工资")
            right(canvas, 317, 60 + 20 * number, f"{number}.50")
        say(canvas, 43, 160, "人员经费合计")
        right(canvas, 317, 160, "12.50")

    table = only_table(read_page(draw))
    assert body_of(table, 0)[:2] == [
        ["编码", "名称", "决算数"],
        ["30100", "第一项工资", "0.50"],
    ]
    assert [place(cell) for cell in table.cells if cell.row == 6] == [
        (6, 0, 1, 2, "人员经费合计"),
        (6, 2, 1, 1, "12.50"),
    ]


def test_a_label_over_codes_without_labels_of_their_own_covers_all() -> None:
    """类, 款 and 项 stand in the row of the total."""

    def draw(canvas: Canvas) -> None:
        for x, text in ((85, "科目编码"), (180, "科目名称"), (280, "合计")):
            centre(canvas, x, 40, text)
        for top, *texts_of_row, amount in (
            (60, "类", "款", "项", "合计", "9.00"),
            (80, "208", "05", "01", "退休支出", "6.00"),
            (100, "208", "05", "02", "养老支出", "3.00"),
        ):
            for x, text in zip((43, 76, 109, 143), texts_of_row, strict=True):
                say(canvas, x, top, text)
            right(canvas, 317, top, amount)

    table = only_table(read_page(draw))
    assert [place(cell) for cell in table.cells if cell.row == 0] == [
        (0, 0, 1, 3, "科目编码"),
        (0, 3, 1, 1, "科目名称"),
        (0, 4, 1, 1, "合计"),
    ]
    assert body_of(table, 1) == [
        ["类", "款", "项", "合计", "9.00"],
        ["208", "05", "01", "退休支出", "6.00"],
        ["208", "05", "02", "养老支出", "3.00"],
    ]


def test_a_first_row_without_figures_and_a_column_without_any() -> None:
    def draw(canvas: Canvas) -> None:
        head(canvas)
        row(canvas, 80, "因公出国（境）费")
        row(canvas, 100, "公务接待费支出", "8.00", "8.00")
        row(canvas, 120, "公务用车支出", "7.00", "7.00")

    table = only_table(read_page(draw))
    assert [place(cell) for cell in table.cells if cell.row < 2] == HEAD
    assert body_of(table) == [
        ["因公出国（境）费", "", "", ""],
        ["公务接待费支出", "8.00", "8.00", ""],
        ["公务用车支出", "7.00", "7.00", ""],
    ]


def test_marks_of_no_amount_are_no_texts_among_amounts() -> None:
    """A dash in the last row, and a formula that failed."""

    def draw(canvas: Canvas) -> None:
        head(canvas)
        row(canvas, 80, "教育支出", "8.00", "8.00", "1.00")
        row(canvas, 100, "住房支出", "8.00", "#DIV/0!", "1.00")
        row(canvas, 120, "其他支出", "-", "-", "-")

    assert body_of(only_table(read_page(draw))) == [
        ["教育支出", "8.00", "8.00", "1.00"],
        ["住房支出", "8.00", "#DIV/0!", "1.00"],
        ["其他支出", "-", "-", "-"],
    ]


def test_a_header_printed_again_has_the_cells_it_had() -> None:
    """Rows without figures follow it, and the columns of their page look different."""

    def first(canvas: Canvas) -> None:
        head(canvas)
        row(canvas, 80, "一般公共服务支出", "1,234.50", "1,000.00", "234.50")
        row(canvas, 100, "教育支出", "8.00", "8.00", "")

    def second(canvas: Canvas) -> None:
        head(canvas)
        row(canvas, 80, "金融支出")
        row(canvas, 100, "其他支出")
        row(canvas, 120, "合计", "1,242.50")

    table = only_table(read(pdf(first, second)))
    again = [cell for cell in table.cells if cell.row in (4, 5)]
    assert [(cell.row - 4, *place(cell)[1:]) for cell in again] == HEAD
    assert body_of(table, 6) == [
        ["金融支出", "", "", ""],
        ["其他支出", "", "", ""],
        ["合计", "1,242.50", "", ""],
    ]


# Few ruling lines -----------------------------------------------------------


def ruled(*, rows: bool = False, frame: bool = False) -> Draw:
    def draw(canvas: Canvas) -> None:
        head(canvas)
        row(canvas, 80, "教育支出", "8.00", "8.00", "")
        row(canvas, 100, "合计", "8.00", "", "8.00")
        for y in (28, 65, 85, 110) if rows else (28, 65, 110):
            rule(canvas, 40, y, 380, y)
        if frame:
            rule(canvas, 40, 28, 40, 110)
            rule(canvas, 380, 28, 380, 110)

    return draw


@pytest.mark.parametrize(
    "draw",
    [
        ruled(),
        ruled(rows=True),
        ruled(frame=True),
        ruled(rows=True, frame=True),
    ],
    ids=["three lines", "lines below rows", "frame with three lines", "rows in frame"],
)
def test_lines_below_rows_and_a_frame_say_nothing_about_columns(draw: Draw) -> None:
    table = only_table(read_page(draw))
    assert [place(cell) for cell in table.cells if cell.row < 2] == HEAD
    assert body_of(table) == [
        ["教育支出", "8.00", "8.00", ""],
        ["合计", "8.00", "", "8.00"],
    ]


def test_columns_without_a_line_between_them_are_parted() -> None:
    """One line only, between the label and three amounts."""

    def draw(canvas: Canvas) -> None:
        for y in (30, 50, 70, 90, 110):
            rule(canvas, 40, y, 380, y)
        for x in (40, 180, 380):
            rule(canvas, x, 30, x, 110)
        centre(canvas, 110, 44, "项目")
        centre(canvas, 280, 44, "预算数")
        for left, end, text in zip(
            EDGES[1:], EDGES[2:], ("合计", "基本支出", "项目支出"), strict=False
        ):
            centre(canvas, (left + end) / 2, 64, text)
        row(canvas, 84, "教育支出", "8.00", "", "8.00")
        row(canvas, 104, "合计", "8.00", "7.00", "1.00")

    table = only_table(read_page(draw))
    assert [place(cell) for cell in table.cells if cell.row == 0] == [
        (0, 0, 1, 1, "项目"),
        (0, 1, 1, 3, "预算数"),
    ]
    assert body_of(table, 1) == [
        ["", "合计", "基本支出", "项目支出"],
        ["教育支出", "8.00", "", "8.00"],
        ["合计", "8.00", "7.00", "1.00"],
    ]


def test_rows_without_a_line_between_them_are_parted() -> None:
    def draw(canvas: Canvas) -> None:
        for y in (30, 50, 140):
            rule(canvas, 40, y, 380, y)
        for x in EDGES:
            rule(canvas, x, 30, x, 140)
        for left, end, text in zip(
            EDGES, EDGES[1:], ("项目", "合计", "基本", "项目支出"), strict=False
        ):
            centre(canvas, (left + end) / 2, 44, text)
        row(canvas, 66, "教育支出", "8.00", "", "8.00")
        row(canvas, 86, "住房支出", "6.00", "6.00", "")
        row(canvas, 106, "其他支出")
        row(canvas, 126, "合计", "14.00", "6.00", "8.00")

    assert rows_of(only_table(read_page(draw))) == [
        ["项目", "合计", "基本", "项目支出"],
        ["教育支出", "8.00", "", "8.00"],
        ["住房支出", "6.00", "6.00", ""],
        ["其他支出", "", "", ""],
        ["合计", "14.00", "6.00", "8.00"],
    ]


def test_several_rows_without_lines_in_them_are_parted_each() -> None:
    """Two groups, ruled as two rows of four rows each."""

    def draw(canvas: Canvas) -> None:
        for y in (20, 40, 120, 200):
            rule(canvas, 40, y, 240, y)
        for x in (40, 180, 240):
            rule(canvas, x, 20, x, 200)
        centre(canvas, 110, 34, "项目")
        centre(canvas, 210, 34, "金额")
        for number in range(8):
            row(
                canvas,
                56 + 20 * number,
                f"第{'一二三四五六七八'[number]}项",
                f"{number}.00",
            )

    assert rows_of(only_table(read_page(draw))) == [
        ["项目", "金额"],
        *([f"第{name}项", f"{n}.00"] for n, name in enumerate("一二三四五六七八")),
    ]


def test_cells_that_hold_two_numbers_without_labels_of_their_own_stay_whole() -> None:
    def draw(canvas: Canvas) -> None:
        for y in (30, 50, 70, 90):
            rule(canvas, 40, y, 380, y)
        for x in (40, 180, 380):
            rule(canvas, x, 30, x, 90)
        centre(canvas, 110, 44, "项目")
        centre(canvas, 280, 44, "预算数")
        row(canvas, 64, "教育支出", "8.00", "", "8.00")
        row(canvas, 84, "合计", "8.00", "", "1.00")

    assert rows_of(only_table(read_page(draw))) == [
        ["项目", "预算数"],
        ["教育支出", "8.00 8.00"],
        ["合计", "8.00 1.00"],
    ]


# Over several pages ---------------------------------------------------------


def first_page(canvas: Canvas) -> None:
    say(canvas, 150, 20, "支出预算表")
    head(canvas)
    row(canvas, 80, "一般公共服务支出", "1,234.50", "1,000.00", "234.50")
    row(canvas, 100, "教育支出", "8.00", "8.00", "")


def test_a_table_goes_on_without_a_header() -> None:
    def second(canvas: Canvas) -> None:
        row(canvas, 40, "住房支出", "3.00", "", "3.00")
        row(canvas, 60, "合计", "1,245.50", "1,008.00", "237.50")

    table = only_table(read(pdf(first_page, second)))
    assert body_of(table)[2:] == [
        ["住房支出", "3.00", "", "3.00"],
        ["合计", "1,245.50", "1,008.00", "237.50"],
    ]
    assert {cell.page for cell in table.cells if cell.row == 4} == {2}


def test_a_row_of_totals_alone_on_the_next_page_goes_into_its_columns() -> None:
    def second(canvas: Canvas) -> None:
        row(canvas, 40, "合计", "1,242.50", "", "234.50")

    table = only_table(read(pdf(first_page, second)))
    assert body_of(table)[2:] == [["合计", "1,242.50", "", "234.50"]]


def test_amounts_of_one_width_go_on_where_the_others_are_flush_left() -> None:
    def rows(canvas: Canvas, *amounts: str) -> None:
        for x, text in ((110, "项目"), (210, "金额")):
            centre(canvas, x, 40, text)
        for number, amount in enumerate(amounts):
            say(canvas, 43, 60 + 20 * number, f"第{'一二三'[number]}项支出")
            say(canvas, 183, 60 + 20 * number, amount)

    table = only_table(
        read(
            pdf(
                lambda canvas: rows(canvas, "1,741.47", "86.45", "7.00"),
                lambda canvas: rows(canvas, "1,741.47", "1,741.47"),
            )
        )
    )
    assert rows_of(table) == [
        ["项目", "金额"],
        ["第一项支出", "1,741.47"],
        ["第二项支出", "86.45"],
        ["第三项支出", "7.00"],
        ["项目", "金额"],
        ["第一项支出", "1,741.47"],
        ["第二项支出", "1,741.47"],
    ]


def test_a_table_goes_on_below_its_header_printed_again() -> None:
    def second(canvas: Canvas) -> None:
        head(canvas)
        row(canvas, 80, "合计", "1,242.50", "1,008.00", "234.50")

    table = only_table(read(pdf(first_page, second)))
    assert table.row_count == 7
    assert [
        (cell.row - 4, *place(cell)[1:]) for cell in table.cells if cell.row in (4, 5)
    ] == HEAD


def test_a_table_with_other_columns_on_the_next_page_is_another() -> None:
    def second(canvas: Canvas) -> None:
        for x, text in ((70, "单位"), (150, "项目"), (230, "金额")):
            centre(canvas, x, 40, text)
        for number in range(3):
            say(canvas, 43, 60 + 20 * number, "某局")
            say(canvas, 123, 60 + 20 * number, "某项")
            right(canvas, 257, 60 + 20 * number, f"{number + 1}.00")

    document = read(pdf(first_page, second))
    assert [(t.page, t.column_count) for t in document.tables()] == [(1, 4), (2, 3)]


# Positioned text from elsewhere ---------------------------------------------


def test_texts_with_boxes_are_all_that_is_needed() -> None:
    """As recognition of an image gives them: whole texts, boxes that are a bit off."""

    def run(left: float, top: float, width: float, text: str) -> Run:
        return Run(left, top, left + width, top + 12, [(text, left, left + width)])

    runs = [
        run(60, 20, 20, "项目"),
        run(150, 21, 20, "合计"),
        run(220, 19, 40, "项目支出"),
        run(41, 40, 40, "教育支出"),
        run(149, 41, 32, "108.00"),
        run(230, 40, 31, "100.00"),
        run(40, 61, 40, "住房支出"),
        run(158, 60, 22, "9.00"),
    ]
    (table,) = aligned_tables(lines_of(runs), page=3)
    assert [[c.text for c in table.grid.cells if c.row == r] for r in range(3)] == [
        ["项目", "合计", "项目支出"],
        ["教育支出", "108.00", "100.00"],
        ["住房支出", "9.00", ""],
    ]
    assert {cell.page for cell in table.grid.cells} == {3}
    assert len(table.lines) == 3


# Whole disclosures ----------------------------------------------------------

SAMPLES = Path(__file__).parents[2] / "disclosures"


@pytest.fixture(scope="module")
def make_samples() -> Any:
    sys.path.insert(0, str(SAMPLES))
    try:
        import make_samples as module
    finally:
        sys.path.remove(str(SAMPLES))
    return module


@pytest.mark.parametrize("lines", ["none", "three", "frame"])
@pytest.mark.parametrize("name", ["tunliu_2024", "wansheng_2025", "xinxiang_2023"])
def test_a_disclosure_without_ruling_lines_reads_like_the_ruled_one(
    make_samples: Any,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    name: str,
    lines: str,
) -> None:
    """Every table with amounts; a total over two label columns stands in the first."""
    plain = make_samples.TableStyle
    drawn = {
        "none": [],
        "three": [("LINEABOVE", (0, 0), (-1, 0)), ("LINEBELOW", (0, -1), (-1, -1))],
        "frame": [("BOX", (0, 0), (-1, -1))],
    }[lines]

    def style(commands: list[tuple[Any, ...]]) -> Any:
        kept = [command for command in commands if command[0] != "GRID"]
        black = make_samples.colors.black
        lines = [(*line, 0.5, black) for line in drawn if kept != commands]
        return plain([*kept, *lines])

    monkeypatch.setattr(make_samples, "TableStyle", style)
    font = make_samples.TTFont(make_samples.FONT, str(make_samples.FONT_FILE))
    make_samples.pdfmetrics.registerFont(font)
    sample = next(one for one in make_samples.SAMPLES if one.name == name)
    make_samples.as_pdf(sample, tmp_path / "sample.pdf")

    ruled = read((SAMPLES / f"{name}.pdf").read_bytes())
    found = [_content(t) for t in read((tmp_path / "sample.pdf").read_bytes()).tables()]
    assert found == [
        _content(table)
        for table in ruled.tables()
        if _is_of_money(table) or _content(table) in found
    ]


def _is_of_money(table: Table) -> bool:
    """Whether a table prints amounts or counts, and is no form of targets."""
    printed = [cell.text for cell in table.cells]
    figures = [cell for cell in table.cells if re.fullmatch(r"[\d., ]+", cell.text)]
    return bool(figures) and not any("指标" in text for text in printed)


def _content(table: Table) -> list[tuple[int, int, int, int, str]]:
    """All printed cells; how far a total reaches over the labels is left out."""
    return [
        (c.row, c.column, c.row_span, 1 if "计" in c.text else c.column_span, c.text)
        for c in table.cells
        if c.text
    ]
