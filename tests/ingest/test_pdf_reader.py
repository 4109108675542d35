"""The PDF reader: pages drawn here, and real disclosures where they are at hand."""

from __future__ import annotations

import ast
import io
import re
import subprocess
import sys
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pdfplumber
import pypdfium2 as pdfium
import pytest
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from ingest.document import (
    Box,
    Cell,
    Document,
    Limits,
    Paragraph,
    ParagraphKind,
    Table,
    UnreadableDocument,
)
from ingest.readers.fonts import make_placeholder
from ingest.readers.pdf import read
from ingest.readers.pdf_grid import build_grid
from ingest.readers.pdf_rotation import lies_plainly, page_box, plain_box
from tests.ingest.pages import (
    BODY,
    COLUMNS,
    FONT,
    HEADER,
    HEIGHT,
    LEFT,
    ROW,
    TOP,
    WIDTH,
    Draw,
    grid,
    only_table,
    pdf,
    place,
    rows_of,
    rule,
    say,
    texts,
    thin_rectangle,
)
from tests.printing import without_page

# Cells ----------------------------------------------------------------------


def test_a_ruled_table_gives_every_position_with_its_text_page_and_box() -> None:
    document = read(pdf(lambda c: grid(c, COLUMNS, [HEADER, *BODY])))
    table = only_table(document)
    assert document.format == "pdf"
    assert document.page_count == 1
    assert document.unread_pages == ()
    assert rows_of(table) == [list(HEADER), *map(list, BODY)]
    assert (table.row_count, table.column_count, table.page) == (3, 3, 1)
    assert table.has_spans
    amount = next(cell for cell in table.cells if cell.text == "1,234.50")
    assert amount.page == 1
    assert amount.box == pytest.approx((220, 84, 320, 108), abs=0.5)
    assert table.box == pytest.approx((40, 60, 320, 132), abs=0.5)


def test_statements_in_one_ruled_table_are_tables_of_their_own() -> None:
    head = ("编码", "名称", "合计")
    lines = [
        *(("收入总表", "", ""), head, ("1", "甲", "2.00")),
        *(("支出总表", "", ""), head, ("2", "乙", "2.00")),
    ]
    upper, lower = read(pdf(lambda c: grid(c, COLUMNS, lines))).tables()
    assert [rows_of(upper)[2], rows_of(lower)[2]] == [[*lines[2]], [*lines[5]]]
    assert (upper.page, lower.page) == (1, 1)
    assert upper.box == pytest.approx((40, 60, 320, 132), abs=0.5)
    assert lower.box == pytest.approx((40, 132, 320, 204), abs=0.5)


def test_merged_cells_keep_their_spans_and_cover_positions_without_cells() -> None:
    def draw(canvas: Canvas) -> None:
        for x0, y, x1 in (
            (40, 60, 340),
            (140, 84, 340),
            (40, 108, 340),
            (40, 132, 340),
        ):
            rule(canvas, x0, y, x1, y)
        for x, y0, y1 in (
            (40, 60, 132),
            (140, 60, 132),
            (240, 84, 132),
            (340, 60, 132),
        ):
            rule(canvas, x, y0, x, y1)
        say(canvas, 44, 88, "项目")
        say(canvas, 200, 76, "预算数")
        say(canvas, 144, 100, "基本支出")
        say(canvas, 244, 100, "项目支出")
        say(canvas, 244, 124, "8.00")

    table = only_table(read(pdf(draw)))
    assert [place(cell) for cell in table.cells] == [
        (0, 0, 2, 1, "项目"),
        (0, 1, 1, 2, "预算数"),
        (1, 1, 1, 1, "基本支出"),
        (1, 2, 1, 1, "项目支出"),
        (2, 0, 1, 1, ""),
        (2, 1, 1, 1, ""),
        (2, 2, 1, 1, "8.00"),
    ]


@pytest.mark.parametrize(
    ("first", "second", "joined"),
    [
        ("国有资本经营", "预算", "国有资本经营预算"),
        ("（下属", "单位）", "（下属单位）"),
        ("2024", "年度", "2024年度"),
        ("12.50", "7.00", "12.50 7.00"),
        ("12.5%", "7.0%", "12.5% 7.0%"),
        ("123,456,7", "89.00", "123,456,789.00"),
        ("Level", "One", "Level One"),
        ("2023/", "2024", "2023/2024"),
    ],
)
def test_lines_of_a_cell_are_joined_as_they_were(
    first: str, second: str, joined: str
) -> None:
    def draw(canvas: Canvas) -> None:
        width = canvas.stringWidth(first, FONT, 10)
        right = LEFT + 4 + width + 4
        for y in (60, 100, 120):
            rule(canvas, LEFT, y, right, y)
        for x in (LEFT, right):
            rule(canvas, x, 60, x, 120)
        say(canvas, LEFT + 4, 74, first)
        say(canvas, LEFT + 4, 90, second)

    assert rows_of(only_table(read(pdf(draw)))) == [[joined], [""]]


def test_numbers_that_stand_apart_in_one_cell_stay_apart() -> None:
    def draw(canvas: Canvas) -> None:
        grid(canvas, (40, 300), [("12.50",), ("",)])
        say(canvas, 90, TOP + 16, "7.00")

    assert rows_of(only_table(read(pdf(draw)))) == [["12.50 7.00"], [""]]


def test_two_numbers_above_one_another_in_a_wide_cell_stay_apart() -> None:
    def draw(canvas: Canvas) -> None:
        for y in (60, 100, 120):
            rule(canvas, 40, y, 200, y)
        for x in (40, 200):
            rule(canvas, x, 60, x, 120)
        say(canvas, 44, 74, "2024")
        say(canvas, 44, 90, "15")

    assert rows_of(only_table(read(pdf(draw)))) == [["2024 15"], [""]]


@pytest.mark.parametrize("shift", [0.3, 0.0])
def test_print_made_bold_by_printing_it_twice_is_read_once(shift: float) -> None:
    def whole(canvas: Canvas) -> None:
        grid(canvas, COLUMNS, [HEADER, *BODY])
        say(canvas, 100 + 4 + shift, TOP + 16, "名称")
        say(canvas, 220 + 4 + shift, TOP + ROW + 16, "1,234.50")

    def glyph_by_glyph(canvas: Canvas) -> None:
        grid(canvas, COLUMNS, [HEADER, *BODY])
        for number, character in enumerate("2025"):
            for x in (40, 40 + shift):
                say(canvas, x + 5 * number, 40, character)

    document = read(pdf(whole, glyph_by_glyph))
    assert rows_of(next(document.tables())) == [list(HEADER), *map(list, BODY)]
    assert texts(document, ParagraphKind.TEXT) == ["2025"]


def test_printed_spaces_and_full_width_punctuation_stay() -> None:
    row = ("一、 基本支出：（元）", "4, 675. 21")
    document = read(pdf(lambda c: grid(c, (40, 200, 320), [row, ("", "")])))
    assert rows_of(only_table(document))[0] == list(row)


@pytest.mark.parametrize(
    "text",
    ["机关事业单位支出", "因公出国(境)费用", "2025年度预算数", "合计12,345.67元"],
)
def test_a_text_that_overhangs_its_cell_stays_whole_in_it(text: str) -> None:
    def draw(canvas: Canvas) -> None:
        width = canvas.stringWidth(text, FONT, 10)
        edge = 42 + 0.7 * width
        grid(canvas, (40, edge, edge + 60), [("", ""), ("201", "5.00")])
        say(canvas, 42, TOP + 16, text)

    assert rows_of(only_table(read(pdf(draw)))) == [[text, ""], ["201", "5.00"]]


@pytest.mark.parametrize("reach", [-0.4, 3.0])
def test_amounts_that_touch_across_a_ruling_line_are_parted(reach: float) -> None:
    """Not by the place of a glyph: the first amount reaches into the next cell."""

    def draw(canvas: Canvas) -> None:
        amount = "82,096,797.42"
        width = canvas.stringWidth(amount, FONT, 10)
        edge = 40 + width - reach
        grid(canvas, (40, edge, edge + width + 1), [("", ""), ("", "")])
        say(canvas, 40.2, TOP + 16, amount)
        say(canvas, 40.2 + width + 0.1, TOP + 16, amount)

    table = only_table(read(pdf(draw)))
    assert rows_of(table)[0] == ["82,096,797.42", "82,096,797.42"]


def test_kangxi_radicals_become_ordinary_characters_and_nothing_else_does() -> None:
    def draw(canvas: Canvas) -> None:
        grid(canvas, (40, 200, 320), [("⼀般⽀出：", "１２．５"), ("①②", "")])

    rows = rows_of(only_table(read(pdf(draw))))
    assert rows == [["一般支出：", "１２．５"], ["①②", ""]]


@pytest.mark.parametrize("line", [rule, thin_rectangle])
@pytest.mark.parametrize("sides", [True, False])
def test_borders_open_at_the_sides_and_drawn_as_rectangles(
    line: Callable[[Canvas, float, float, float, float], None], sides: bool
) -> None:
    def draw(canvas: Canvas) -> None:
        grid(canvas, COLUMNS, [HEADER, *BODY], line=line, sides=sides)

    assert rows_of(only_table(read(pdf(draw)))) == [list(HEADER), *map(list, BODY)]


def test_a_frame_around_a_text_is_no_table() -> None:
    def draw(canvas: Canvas) -> None:
        grid(canvas, (40, 300), [("本表无数据",)])
        say(canvas, 40, 40, "说明")
        say(canvas, 40, 120, "下文")

    document = read(pdf(draw))
    assert list(document.tables()) == []
    assert texts(document, ParagraphKind.TEXT) == ["说明", "本表无数据", "下文"]


def test_a_frame_around_a_table_and_its_title_is_no_table() -> None:
    def draw(canvas: Canvas) -> None:
        grid(canvas, COLUMNS, [HEADER, *BODY])
        for y in (20, 300):
            rule(canvas, 20, y, 400, y)
        for x in (20, 400):
            rule(canvas, x, 20, x, 300)
        say(canvas, 40, 50, "收入预算表")
        say(canvas, 40, 200, "注：无。")

    document = read(pdf(draw))
    assert rows_of(only_table(document)) == [list(HEADER), *map(list, BODY)]
    assert texts(document, ParagraphKind.TEXT) == ["收入预算表", "注：无。"]


def test_a_grid_covers_every_position_once() -> None:
    """A frame around other cells gives way to them; a hole is an empty cell."""
    boxes = [Box(0, 0, 40, 20), Box(0, 0, 20, 20), Box(20.4, 0, 40, 20)]
    made = build_grid([*boxes, Box(0, 20, 20, 40)], page=1)
    assert [
        (cell.row, cell.column, cell.row_span, cell.column_span) for cell in made.cells
    ] == [(0, 0, 1, 1), (0, 1, 1, 1), (1, 0, 1, 1), (1, 1, 1, 1)]
    assert made.cells[3].box == (20, 20, 40, 40)


# Watermarks and turned pages ------------------------------------------------


def test_skewed_letters_over_cells_become_watermarks() -> None:
    def draw(canvas: Canvas) -> None:
        grid(canvas, COLUMNS, [HEADER, *BODY])
        canvas.saveState()
        canvas.translate(60, HEIGHT - 140)
        canvas.rotate(30)
        canvas.drawString(0, 0, "财政公开12")
        canvas.restoreState()

    document = read(pdf(draw))
    assert rows_of(only_table(document)) == [list(HEADER), *map(list, BODY)]
    assert texts(document, ParagraphKind.WATERMARK) == ["财政公开12"]
    assert texts(document, ParagraphKind.TEXT) == []


def test_print_that_no_row_holds_is_a_watermark() -> None:
    """Along the lines, and larger than the rows of the table it lies over."""

    def draw(canvas: Canvas) -> None:
        canvas.setFont(FONT, 40)
        say(canvas, LEFT + 30, TOP + 50, "仅供公开")
        say(canvas, LEFT + 30, TOP + 160, "仅供公开")
        canvas.setFont(FONT, 10)
        grid(canvas, COLUMNS, [HEADER, *BODY])

    document = read(pdf(draw))
    assert rows_of(only_table(document)) == [list(HEADER), *map(list, BODY)]
    assert texts(document, ParagraphKind.WATERMARK) == ["仅供公开"] * 2
    assert texts(document, ParagraphKind.TEXT) == []


def test_a_large_title_in_a_row_of_its_height_is_print_of_the_table() -> None:
    def draw(canvas: Canvas) -> None:
        grid(canvas, COLUMNS, [HEADER, *BODY])
        rule(canvas, LEFT, TOP - 40, COLUMNS[-1], TOP - 40)
        for x in (LEFT, COLUMNS[-1]):
            rule(canvas, x, TOP - 40, x, TOP)
        canvas.setFont(FONT, 24)
        say(canvas, LEFT + 60, TOP - 12, "支出总表")

    document = read(pdf(draw))
    assert only_table(document).cells[0].text == "支出总表"
    assert texts(document, ParagraphKind.WATERMARK) == []


@pytest.mark.parametrize("shift", [(0, 0), (-30, 50)])
@pytest.mark.parametrize("rotation", [90, 180, 270])
def test_a_rotated_page_reads_like_an_upright_one(
    rotation: int, shift: tuple[float, float]
) -> None:
    """The content is turned against ``/Rotate``: a viewer shows it upright."""

    def draw(canvas: Canvas) -> None:
        canvas.setPageSize((WIDTH, HEIGHT) if rotation == 180 else (HEIGHT, WIDTH))
        canvas.translate(*shift)
        if rotation == 90:
            canvas.translate(HEIGHT, 0)
        elif rotation == 180:
            canvas.translate(WIDTH, HEIGHT)
        else:
            canvas.translate(0, WIDTH)
        canvas.rotate(rotation if rotation != 270 else -90)
        content(canvas)

    def content(canvas: Canvas) -> None:
        say(canvas, 40, 40, "收入预算表")
        grid(canvas, COLUMNS, [HEADER, *BODY])

    upright = read(pdf(content))
    turned = read(_with_rotation(pdf(draw), rotation, shift))
    assert rows_of(only_table(turned)) == [list(HEADER), *map(list, BODY)]
    assert texts(turned, ParagraphKind.TEXT) == ["收入预算表"]
    for one, other in zip(
        only_table(upright).cells, only_table(turned).cells, strict=True
    ):
        assert one.box == pytest.approx(other.box, abs=0.1)


def _with_rotation(data: bytes, rotation: int, shift: tuple[float, float]) -> bytes:
    document = pdfium.PdfDocument(data)
    page = document[0]
    width, height = page.get_size()
    page.set_mediabox(*shift, width + shift[0], height + shift[1])
    page.set_rotation(rotation)
    buffer = io.BytesIO()
    document.save(buffer)
    document.close()
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("inserted", "is_plain"),
    [
        (b"/Rotate 0 /Tabs", True),
        (b"/Rotate 90", False),
        (b"/Rotate 7 0 R", False),
        (b"/Rot#61te 90", False),
        (b"/CropBox [0 0 9 9]", False),
        (b"/Annots [<</Subtype/Link>>]", True),
        (b"/Annots [<</Subtype/W#69dget>>]", False),
        (b"/Annots [<</Subtype/FreeText>>]", False),
        (b"/Type/ObjStm", False),
        (b"/MediaBox [10 0 90 90]", False),
        (b"/MediaBox 7 0 R", False),
        (b"/Media#42ox [10 0 90 90]", False),
    ],
)
def test_the_bytes_tell_whether_pages_only_have_a_size(
    inserted: bytes, is_plain: bool
) -> None:
    data = pdf(lambda c: say(c, 40, 30, "收入预算表"))
    document = pdfium.PdfDocument(data)
    assert lies_plainly(data)
    assert plain_box(document, 0) == page_box(document, 0)
    document.close()
    assert lies_plainly(data.replace(b"/Type /Page\n", inserted + b"\n")) == is_plain


@pytest.mark.parametrize(
    ("entries", "packed", "is_plain"),
    [
        (b"", b"<</MediaBox [0 0 90 90]>>", True),
        (b"", b"<</MediaBox [0 0 90 90] /Rotate 90>>", False),
        (b"", b"<</MediaBox [10 0 90 90]>>", False),
        (b"/DecodeParms 7 0 R", b"<</MediaBox [0 0 90 90]>>", False),
        (b"/DecodeParms<</Predictor 12>>", b"<</MediaBox [0 0 90 90]>>", False),
        (b"/Filter[/ASCII85Decode]", b"<</MediaBox [0 0 90 90]>>", False),
    ],
)
def test_objects_in_streams_tell_it_too(
    entries: bytes, packed: bytes, is_plain: bool
) -> None:
    data = pdf(lambda c: say(c, 40, 30, "收入预算表"))
    stream = zlib.compress(packed)

    def with_stream(length: int) -> bytes:
        head = b"<</Type/ObjStm/Filter/FlateDecode%b/Length %d>>" % (entries, length)
        return data + b"9 0 obj\n%b\nstream\n%b\nendstream\n" % (head, stream)

    assert lies_plainly(with_stream(len(stream))) == is_plain
    assert not lies_plainly(with_stream(len(stream) - 9))


def test_a_page_printed_sideways_is_read_upright_and_its_boxes_stay_as_shown() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setPageSize((HEIGHT, WIDTH))
        canvas.translate(HEIGHT, 0)
        canvas.rotate(90)
        grid(canvas, COLUMNS, [HEADER, *BODY])

    table = only_table(read(pdf(draw)))
    assert rows_of(table) == [list(HEADER), *map(list, BODY)]
    # What is 40 from the left of the text is 40 from the bottom of the page.
    assert table.cells[0].box == pytest.approx((60, 320, 84, 380), abs=0.5)


def test_a_stamp_on_its_side_does_not_turn_the_page() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.saveState()
        canvas.translate(400, 40)
        canvas.rotate(90)
        canvas.drawString(0, 0, "RECEIVED 2025-01-31 FINANCE")
        canvas.restoreState()
        say(canvas, 40, 30, "收入预算表")
        grid(canvas, COLUMNS, [HEADER, *BODY])

    document = read(pdf(draw))
    assert rows_of(only_table(document)) == [list(HEADER), *map(list, BODY)]
    assert sorted(texts(document, ParagraphKind.TEXT)) == [
        "RECEIVED 2025-01-31 FINANCE",
        "收入预算表",
    ]


def test_boxes_count_from_the_corner_of_the_visible_page() -> None:
    document = pdfium.PdfDocument(pdf(lambda c: grid(c, COLUMNS, [HEADER, *BODY])))
    document[0].set_mediabox(-30, -50, WIDTH, HEIGHT)
    document[0].set_cropbox(10, 20, WIDTH, HEIGHT - 5)
    buffer = io.BytesIO()
    document.save(buffer)
    document.close()
    table = only_table(read(buffer.getvalue()))
    assert table.box == pytest.approx((30, 55, 310, 127), abs=0.5)
    assert rows_of(table) == [list(HEADER), *map(list, BODY)]


# Continued tables -----------------------------------------------------------


def numbered(page: int) -> Draw:
    """A row of data and the number of the page below it."""

    def draw(canvas: Canvas) -> None:
        grid(canvas, COLUMNS, [(f"20{page}", f"第{page}项", f"{page}.00")])
        say(canvas, 200, 310, f"- {page} -")

    return draw


def test_a_table_over_three_pages_is_one_table() -> None:
    def first(canvas: Canvas) -> None:
        say(canvas, 40, 40, "收入预算表")
        grid(canvas, COLUMNS, [HEADER, *BODY])
        say(canvas, 200, 310, "- 1 -")

    document = read(pdf(first, numbered(2), numbered(3)))
    table = only_table(document)
    assert rows_of(table) == [
        list(HEADER),
        *map(list, BODY),
        ["202", "第2项", "2.00"],
        ["203", "第3项", "3.00"],
    ]
    assert [cell.page for cell in table.cells if cell.column == 0] == [1, 1, 1, 2, 3]
    assert table.cells[-1].box == pytest.approx((220, 60, 320, 84), abs=0.5)
    assert texts(document, ParagraphKind.PAGE_NUMBER) == ["- 1 -", "- 2 -", "- 3 -"]
    assert texts(document, ParagraphKind.TEXT) == ["收入预算表"]


def test_a_repeated_header_stays_in_the_continued_table() -> None:
    def page(canvas: Canvas) -> None:
        grid(canvas, COLUMNS, [HEADER, *BODY])

    table = only_table(read(pdf(page, page)))
    assert rows_of(table) == [list(HEADER), *map(list, BODY)] * 2


def test_a_row_of_totals_alone_on_the_next_page_takes_the_columns_of_its_table() -> (
    None
):
    def first(canvas: Canvas) -> None:
        grid(canvas, COLUMNS, [HEADER, *BODY])

    def last(canvas: Canvas) -> None:
        grid(canvas, (LEFT, 220, 320), [("合计", "1,234.50")])

    table = only_table(read(pdf(first, last)))
    assert (table.row_count, table.column_count) == (4, 3)
    assert [place(cell) for cell in table.cells if cell.row == 3] == [
        (3, 0, 1, 2, "合计"),
        (3, 2, 1, 1, "1,234.50"),
    ]


def test_a_row_of_one_cell_on_the_next_page_belongs_to_the_table() -> None:
    def first(canvas: Canvas) -> None:
        grid(canvas, COLUMNS, [HEADER, *BODY])

    def last(canvas: Canvas) -> None:
        grid(canvas, (LEFT, 320), [("备注：另有说明",)])

    table = only_table(read(pdf(first, last)))
    assert place(table.cells[-1]) == (3, 0, 1, 3, "备注：另有说明")


def test_finer_columns_on_the_next_page_become_those_of_the_whole_table() -> None:
    def first(canvas: Canvas) -> None:
        grid(canvas, (LEFT, 220, 320), [("项目", "某项目"), ("金额", "5.00")])

    def second(canvas: Canvas) -> None:
        grid(canvas, COLUMNS, [("目标", "数量", "≥3")])

    table = only_table(read(pdf(first, second)))
    assert [place(cell) for cell in table.cells] == [
        (0, 0, 1, 2, "项目"),
        (0, 2, 1, 1, "某项目"),
        (1, 0, 1, 2, "金额"),
        (1, 2, 1, 1, "5.00"),
        (2, 0, 1, 1, "目标"),
        (2, 1, 1, 1, "数量"),
        (2, 2, 1, 1, "≥3"),
    ]


def test_only_the_first_table_of_a_page_goes_on() -> None:
    def second(canvas: Canvas) -> None:
        grid(canvas, COLUMNS, [BODY[0]])
        grid(canvas, COLUMNS, [HEADER, BODY[1]], top=160)

    document = read(pdf(table_page, second))
    assert [(t.page, t.row_count) for t in document.tables()] == [(1, 4), (2, 2)]


def test_a_framed_text_above_a_table_begins_a_new_one() -> None:
    def second(canvas: Canvas) -> None:
        grid(canvas, (100, 200), [("支出表",)], top=20)
        grid(canvas, COLUMNS, [HEADER, *BODY])

    document = read(pdf(table_page, second))
    assert [(t.page, t.row_count) for t in document.tables()] == [(1, 3), (2, 3)]
    assert texts(document, ParagraphKind.TEXT) == ["支出表"]


def test_a_framed_text_below_a_table_ends_it() -> None:
    def first(canvas: Canvas) -> None:
        grid(canvas, COLUMNS, [HEADER, *BODY])
        grid(canvas, (LEFT, 320), [("说明",)], top=160)

    document = read(pdf(first, table_page))
    assert [(t.page, t.row_count) for t in document.tables()] == [(1, 3), (2, 3)]


@pytest.mark.parametrize(("title", "unit"), [("支出预算表", ""), ("", "单位：元")])
def test_a_titled_table_with_the_same_columns_is_a_new_one(
    title: str, unit: str
) -> None:
    def second(canvas: Canvas) -> None:
        say(canvas, 140, 40, title)
        say(canvas, 280, 52, unit)
        grid(canvas, COLUMNS, [HEADER, *BODY])

    first = pdf(lambda c: grid(c, COLUMNS, [HEADER, *BODY]), second)
    assert [table.page for table in read(first).tables()] == [1, 2]


def test_a_note_below_a_table_ends_it() -> None:
    def first(canvas: Canvas) -> None:
        grid(canvas, COLUMNS, [HEADER, *BODY])
        say(canvas, 40, 150, "注：本表为空表。")

    document = read(pdf(first, lambda c: grid(c, COLUMNS, [HEADER, *BODY])))
    assert [table.row_count for table in document.tables()] == [3, 3]


def test_a_table_with_other_columns_is_a_new_one() -> None:
    other = (LEFT, 140.0, 260.0, 320.0)
    document = read(
        pdf(
            lambda c: grid(c, COLUMNS, [HEADER, *BODY]),
            lambda c: grid(c, other, [HEADER, *BODY]),
        )
    )
    assert [table.page for table in document.tables()] == [1, 2]


def test_a_running_head_does_not_part_a_table() -> None:
    def page(number: int) -> Draw:
        def draw(canvas: Canvas) -> None:
            say(canvas, 150, 20, "某局部门预算")
            grid(canvas, COLUMNS, [(str(number), "项", "1.00"), BODY[0]])

        return draw

    document = read(pdf(*map(page, range(1, 5))))
    assert only_table(document).row_count == 8
    assert texts(document, ParagraphKind.TEXT) == ["某局部门预算"] * 4


# Lines ----------------------------------------------------------------------


def test_blocks_are_in_reading_order_and_far_texts_of_a_line_are_parted() -> None:
    def draw(canvas: Canvas) -> None:
        grid(canvas, COLUMNS, [HEADER, *BODY])
        say(canvas, 40, 200, "注：无。")
        say(canvas, 280, 50, "单位：元")
        say(canvas, 40, 50, "编制部门：某局")
        say(canvas, 160, 30, "收入 预算表")

    document = read(pdf(draw))
    assert [
        block.text if isinstance(block, Paragraph) else block.row_count
        for block in document.blocks
    ] == ["收入 预算表", "编制部门：某局\t单位：元", 3, "注：无。"]
    head = next(document.paragraphs())
    assert (head.page, head.line, head.kind) == (1, None, ParagraphKind.TEXT)
    assert head.box is not None
    assert head.box.left == pytest.approx(160, abs=0.5)
    assert 15 < head.box.top < 30 <= head.box.bottom < 40


@pytest.mark.parametrize(
    "line",
    ["一、部门职能……………3", "二、机构设置 ...............", "三、名词·········· - 12 -"],
)
def test_lines_with_leaders_are_contents(line: str) -> None:
    def draw(canvas: Canvas) -> None:
        say(canvas, 40, 60, line)
        say(canvas, 40, 90, "2025年预算……是")

    document = read(pdf(draw))
    assert texts(document, ParagraphKind.CONTENTS) == [line]
    assert texts(document, ParagraphKind.TEXT) == ["2025年预算……是"]


def test_a_list_under_a_title_of_contents_needs_no_leaders() -> None:
    def contents(canvas: Canvas) -> None:
        for number, text in enumerate(("目 录", "一、主要职能", "二、收入预算表")):
            say(canvas, 40, 60 + 20 * number, text)

    def section(canvas: Canvas) -> None:
        say(canvas, 40, 60, "一、主要职能")
        say(canvas, 40, 80, "本局主管全县工作。")

    document = read(pdf(contents, section))
    assert texts(document, ParagraphKind.CONTENTS) == ["一、主要职能", "二、收入预算表"]
    assert texts(document, ParagraphKind.TEXT) == [
        "目 录",
        "一、主要职能",
        "本局主管全县工作。",
    ]


def test_a_list_of_contents_ends_where_a_title_comes_again() -> None:
    lines = ("目录", "一、职能", "二、收入表", "一、职能", "详见附件", "本局主管。")

    def page(canvas: Canvas) -> None:
        for number, text in enumerate(lines):
            say(canvas, 40, 60 + 20 * number, text)

    document = read(pdf(page))
    assert texts(document, ParagraphKind.CONTENTS) == ["一、职能", "二、收入表"]


def test_a_document_of_titles_only_has_no_contents() -> None:
    def page(canvas: Canvas) -> None:
        say(canvas, 40, 60, "目录")
        say(canvas, 40, 80, "一、职能")

    assert texts(read(pdf(page)), ParagraphKind.TEXT) == ["目录", "一、职能"]


def test_a_number_above_the_last_table_of_a_page_is_no_page_number() -> None:
    def draw(canvas: Canvas) -> None:
        say(canvas, 40, 294, "12")
        grid(canvas, COLUMNS, [HEADER], top=295)

    assert texts(read(pdf(draw)), ParagraphKind.TEXT) == ["12"]


@pytest.mark.parametrize(
    "number", ["7", "- 7 -", "— 7 —", "第7页", "第 7 页 共 30 页", "7/30"]
)
def test_a_number_in_the_margin_is_a_page_number(number: str) -> None:
    def draw(canvas: Canvas) -> None:
        say(canvas, 40, 20, "2025")
        say(canvas, 40, 150, "7")
        say(canvas, 200, 310, number)

    document = read(pdf(draw))
    assert texts(document, ParagraphKind.PAGE_NUMBER) == [number]
    assert texts(document, ParagraphKind.TEXT) == ["2025", "7"]


# Fonts that are neither embedded nor installed ------------------------------

SINGLE = ("类", "款", "项", "鑫", "懿")
VERTICAL = f"{FONT}-vertical"


def single_characters(canvas: Canvas) -> None:
    grid(canvas, (40, 80, 120, 160, 200, 240), [SINGLE, ("1", "2", "3.5", "", "金")])
    say(canvas, 40, 200, "注")


def test_cells_of_one_character_are_read() -> None:
    document = read(pdf(single_characters))
    assert rows_of(only_table(document)) == [
        list(SINGLE),
        ["1", "2", "3.5", "", "金"],
    ]
    (note,) = document.paragraphs()
    assert note.text == "注"
    assert note.box is not None
    assert (note.box.left, note.box.right) == pytest.approx((40, 50), abs=0.1)


def test_a_latin_text_of_a_chinese_font_is_as_wide_as_the_pdf_says() -> None:
    amount = "1,234,567.50"

    def draw(canvas: Canvas) -> None:
        say(canvas, 40, 60, amount)

    (line,) = read(pdf(draw)).paragraphs()
    width = pdfmetrics.stringWidth(amount, FONT, 10)
    assert line.box is not None
    assert line.box.right == pytest.approx(40 + width, abs=0.1)


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_single_characters_on_a_page_printed_on_its_side_are_read(turn: int) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.translate(WIDTH / 2, HEIGHT / 2)
        canvas.rotate(turn)
        canvas.translate(-WIDTH / 2, -HEIGHT / 2)
        grid(canvas, (80, 120, 160, 200, 240, 280), [SINGLE, SINGLE])

    (table,) = read(pdf(draw)).tables()
    assert Counter(cell.text for cell in table.cells) == Counter(SINGLE * 2)


def test_print_on_its_side_and_vertical_writing_are_read() -> None:
    vertical = UnicodeCIDFont(FONT, isVertical=True)
    vertical.name = vertical.fontName = VERTICAL
    pdfmetrics.registerFont(vertical)

    def draw(canvas: Canvas) -> None:
        single_characters(canvas)
        canvas.saveState()
        canvas.translate(300, 30)
        canvas.rotate(90)
        canvas.drawString(0, 0, "鑫")
        canvas.restoreState()
        canvas.setFont(VERTICAL, 10)
        say(canvas, 350, 200, "社会保障")

    lines = texts(read(pdf(draw)), ParagraphKind.TEXT)
    assert "鑫" in lines
    assert [line for line in lines if line in "社会保障"] == list("社会保障")


def unmapped(canvas: Canvas) -> None:
    """Text of a font that tells which glyphs to draw, and not which characters."""
    canvas.setFont("Embedded", 10)
    for number in range(4):
        say(canvas, 40, 60 + 20 * number, "社会保障和就业支出 1,234.50")


@pytest.fixture
def embedded() -> None:
    font = Path(__file__).parents[2] / "disclosures/.font/wqy-microhei-subset.ttf"
    pdfmetrics.registerFont(TTFont("Embedded", str(font)))


@pytest.mark.usefixtures("embedded")
def test_a_page_whose_characters_are_not_known_is_reported_as_unread() -> None:
    whole = pdf(table_page, unmapped)
    assert texts(read(whole), ParagraphKind.TEXT) == ["社会保障和就业支出 1,234.50"] * 4
    document = read(whole.replace(b"/ToUnicode", b"/NoUnicode"))
    assert document.unread_pages == (2,)
    assert [table.page for table in document.tables()] == [1]
    assert list(document.paragraphs()) == []


@pytest.mark.usefixtures("embedded")
def test_a_file_whose_characters_are_not_known_has_no_text() -> None:
    assert code_of(pdf(unmapped).replace(b"/ToUnicode", b"/NoUnicode")) == (
        "no_text_layer"
    )


@pytest.mark.usefixtures("embedded")
def test_a_few_bullets_of_a_symbol_font_are_no_harm() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFont("Embedded", 10)
        say(canvas, 40, 60, "\uf06c社会保障和就业支出")

    assert read(pdf(draw)).unread_pages == ()


def test_they_are_lost_without_the_placeholder_font(tmp_path: Path) -> None:
    """pdfium keeps to its first initialisation: here with a folder of no fonts."""

    def cells_read(before: str) -> str:
        program = (
            f"import sys, pathlib; {before};"
            "from ingest.readers.pdf import read;"
            "table, = read(sys.stdin.buffer.read()).tables();"
            "print(ascii(''.join(cell.text for cell in table.cells)))"
        )
        done = subprocess.run(
            [sys.executable, "-c", program],
            input=pdf(single_characters),
            cwd=Path(__file__).parents[2],
            capture_output=True,
            check=True,
        )
        return str(ast.literal_eval(done.stdout.decode()))

    without_fonts = (
        "from ingest.readers.pdf_fonts import offer_placeholder_font as offer;"
        f"offer(pathlib.Path({str(tmp_path)!r}))"
    )
    assert cells_read("pass") == "类款项鑫懿123.5金"
    assert cells_read(without_fonts) == "123.5"


def test_the_placeholder_font_is_what_its_script_writes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = make_placeholder.FILE.read_bytes()
    monkeypatch.setattr(make_placeholder, "FILE", tmp_path / "placeholder.ttf")
    make_placeholder.main()
    assert make_placeholder.FILE.read_bytes() == kept


# Unreadable files -----------------------------------------------------------


def code_of(data: bytes, limits: Limits | None = None) -> str:
    with pytest.raises(UnreadableDocument) as caught:
        read(data, limits or Limits())
    return caught.value.code


def table_page(canvas: Canvas) -> None:
    grid(canvas, COLUMNS, [HEADER, *BODY])


def image_page(canvas: Canvas) -> None:
    bitmap = pdfium.PdfDocument(pdf(table_page))[0].render()
    canvas.drawImage(ImageReader(bitmap.to_pil()), 0, 0, WIDTH, HEIGHT)


def test_an_empty_file() -> None:
    assert code_of(b"") == "empty_file"


@pytest.mark.parametrize(
    "data", [b"%PDF-1.7\n", b"<html>not found</html>", b"\x00" * 4096]
)
def test_a_file_that_is_no_pdf_is_damaged(data: bytes) -> None:
    assert code_of(data) == "damaged_pdf"


@pytest.mark.parametrize("share", [0.1, 0.3, 0.5, 0.7, 0.9])
def test_a_truncated_file_is_damaged(share: float) -> None:
    whole = pdf(*[table_page] * 6)
    assert code_of(whole[: int(len(whole) * share)]) == "damaged_pdf"


def test_the_readable_pages_of_a_whole_file_are_read(
    caplog: pytest.LogCaptureFixture,
) -> None:
    document = read(without_page(pdf(table_page, table_page), 0))
    assert document.page_count == 2
    assert only_table(document).page == 2
    assert document.unread_pages == (1,)
    assert "page 1 cannot be read" in caplog.text


def test_a_table_does_not_go_on_over_a_page_that_cannot_be_read() -> None:
    document = read(without_page(pdf(*[table_page] * 3), 1))
    assert document.unread_pages == (2,)
    assert [(t.page, t.row_count) for t in document.tables()] == [(1, 3), (3, 3)]


def test_a_file_without_any_readable_page_is_damaged() -> None:
    assert code_of(without_page(pdf(table_page), 0)) == "damaged_pdf"


def test_a_file_that_needs_a_password() -> None:
    assert code_of(pdf(table_page, encrypt=StandardEncryption("open"))) == (
        "encrypted_pdf"
    )


def test_a_file_that_only_forbids_printing_is_read() -> None:
    protection = StandardEncryption("", ownerPassword="owner", canPrint=0)
    table = only_table(read(pdf(table_page, encrypt=protection)))
    assert rows_of(table) == [list(HEADER), *map(list, BODY)]


def test_a_scan_without_a_text_layer() -> None:
    unread = Limits(recognised_pages=0)
    assert code_of(pdf(image_page, image_page), unread) == "no_text_layer"


def test_one_page_of_text_is_a_text_layer() -> None:
    document = read(pdf(image_page, table_page), Limits(recognised_pages=0))
    assert document.page_count == 2
    assert only_table(document).page == 2


def test_limits() -> None:
    data = pdf(table_page, table_page, table_page)
    assert code_of(data, Limits(pages=2)) == "too_many_pages"
    assert code_of(data, Limits(file_bytes=len(data) - 1)) == "too_large"
    assert code_of(data, Limits(cells=26)) == "too_large"
    assert code_of(data, Limits(cell_characters=7)) == "too_large"
    exact = Limits(pages=3, file_bytes=len(data), cells=27, cell_characters=8)
    assert only_table(read(data, exact)).row_count == 9


# Real disclosures -----------------------------------------------------------

DISCLOSURES = Path(__file__).parents[2].parent / "shared" / "disclosures"
SUBDISTRICT = "上海市普陀区人民政府万里街道办事处2025年部门预算.pdf"
OFFICE = "上海市普陀区人民政府办公室2025年部门预算.pdf"
WELFARE = "上海市普陀区社会福利院2024年单位预算.pdf"
PLANNING = "上海市普陀区规划和自然资源局2024年度部门决算.pdf"
ALL = (SUBDISTRICT, OFFICE, WELFARE, PLANNING)

# First page, last page, rows and columns of every table, read off the pages.
SHAPES = {
    SUBDISTRICT: [
        (9, 9, 16, 4),
        (10, 13, 70, 9),
        (14, 18, 70, 7),
        (19, 19, 16, 7),
        (20, 24, 82, 7),
        (25, 25, 16, 7),
        (26, 26, 16, 7),
        (27, 28, 35, 6),
        (29, 29, 4, 7),
    ],
    OFFICE: [
        (8, 8, 16, 4),
        (9, 10, 24, 9),
        (11, 12, 24, 7),
        (13, 13, 16, 7),
        (14, 15, 27, 7),
        (16, 16, 12, 7),
        (17, 17, 12, 7),
        (18, 19, 33, 6),
        (20, 20, 4, 7),
    ],
    WELFARE: [
        (7, 7, 16, 7),
        (8, 8, 18, 9),
        (9, 9, 18, 7),
        (10, 10, 16, 7),
        (11, 11, 18, 7),
        (12, 12, 16, 7),
        (13, 13, 16, 7),
        (14, 14, 30, 6),
        (15, 15, 4, 7),
    ],
    PLANNING: [
        (6, 6, 6, 3),
        (7, 7, 30, 4),
        (8, 9, 27, 9),
        (10, 11, 27, 8),
        (12, 13, 32, 7),
        (14, 15, 27, 5),
        (16, 16, 40, 6),
        (17, 17, 5, 12),
        (18, 18, 6, 8),
        (19, 19, 6, 8),
    ],
}


def disclosure(name: str) -> bytes:
    path = DISCLOSURES / name
    if not path.exists():
        pytest.skip(f"the sample disclosures are not beside the repository: {name}")
    return path.read_bytes()


def pieces(document: Document) -> Iterator[Cell | Paragraph]:
    for block in document.blocks:
        if isinstance(block, Table):
            yield from block.cells
        else:
            yield block


@pytest.mark.parametrize("name", ALL)
def test_real_tables_have_their_pages_rows_and_columns(name: str) -> None:
    tables = list(read(disclosure(name)).tables())
    assert [
        (t.page, max(c.page or 0 for c in t.cells), t.row_count, t.column_count)
        for t in tables
    ] == SHAPES[name]


@pytest.mark.parametrize("name", ALL)
def test_real_tables_cover_every_position_once(name: str) -> None:
    for table in read(disclosure(name)).tables():
        covered = Counter(
            (row, column)
            for cell in table.cells
            for row in range(cell.row, cell.row + cell.row_span)
            for column in range(cell.column, cell.column + cell.column_span)
        )
        assert covered == Counter(
            (row, column)
            for row in range(table.row_count)
            for column in range(table.column_count)
        )


@pytest.mark.parametrize("name", ALL)
def test_every_number_and_character_of_a_real_page_is_read_once(name: str) -> None:
    """pdfplumber reads the same pages by other means."""
    data = disclosure(name)
    number = re.compile(r"\d[\d,]*(?:\.\d+)?")
    numbers: dict[int | None, Counter[str]] = {}
    characters: dict[int | None, Counter[str]] = {}
    for piece in pieces(read(data)):
        numbers.setdefault(piece.page, Counter()).update(number.findall(piece.text))
        characters.setdefault(piece.page, Counter()).update("".join(piece.text.split()))
    with pdfplumber.open(io.BytesIO(data)) as oracle:
        for page in oracle.pages:
            words = Counter(
                found
                for word in page.extract_words()
                for found in number.findall(word["text"])
            )
            glyphs = Counter(c["text"] for c in page.chars if c["text"].strip())
            assert numbers.get(page.page_number, Counter()) == words
            assert characters.get(page.page_number, Counter()) == glyphs


def test_a_real_table_without_repeated_header() -> None:
    _, revenue, expenditure, *_ = read(disclosure(SUBDISTRICT)).tables()
    head = [place(cell) for cell in revenue.cells if cell.row < 2]
    assert head[0] == (0, 0, 1, 4, "项目")
    assert head[1] == (0, 4, 1, 5, "收入预算")
    assert head[2] == (1, 0, 1, 3, "功能分类科目编码")
    assert head[3] == (1, 3, 2, 1, "功能分类科目名称")
    # The name is broken over two lines on the page.
    assert head[7] == (1, 7, 2, 1, "事业单位经营收入")
    rows = _texts_by_row(revenue)
    assert rows[34] == [
        "208",
        "05",
        "05",
        "机关事业单位基本养老保险缴费支出",
        "4,827,156",
        "4,827,156",
        "0",
        "0",
        "0",
    ]
    assert rows[35][:3] == ["208", "05", "06"]
    assert {c.page for c in revenue.cells if c.row == 34} == {11}
    assert {c.page for c in revenue.cells if c.row == 35} == {12}
    # The totals stand alone on the fifth page of the next table.
    last = [place(cell) for cell in expenditure.cells if cell.row == 69]
    assert last == [
        (69, 0, 1, 4, "合计"),
        (69, 4, 1, 1, "189,767,551"),
        (69, 5, 1, 1, "101,341,746"),
        (69, 6, 1, 1, "88,425,805"),
    ]


def test_a_real_table_with_repeated_header() -> None:
    table = next(t for t in read(disclosure(SUBDISTRICT)).tables() if t.page == 20)
    heads = [cell.row for cell in table.cells if cell.text == "一般公共预算支出"]
    assert heads == [0, 16, 35, 54, 73]
    assert _texts_by_row(table)[81] == [
        "合计",
        "189,767,551",
        "101,341,746",
        "88,425,805",
    ]


def test_real_amounts_that_nearly_touch() -> None:
    revenue = next(t for t in read(disclosure(OFFICE)).tables() if t.page == 9)
    assert _texts_by_row(revenue)[3][3:6] == [
        "一般公共服务支出",
        "82,096,797.42",
        "82,096,797.42",
    ]


def test_a_real_header_over_four_rows_and_an_empty_table() -> None:
    planning = list(read(disclosure(PLANNING)).tables())
    head = [place(cell) for cell in planning[7].cells if cell.row < 3]
    assert head == [
        (0, 0, 1, 12, "财政拨款“三公”经费"),
        (1, 0, 2, 2, "合计"),
        (1, 2, 2, 2, "因公出国（境）费"),
        (1, 4, 1, 6, "公务用车购置及运行维护费"),
        (1, 10, 2, 2, "公务接待费"),
        (2, 4, 1, 2, "小计"),
        (2, 6, 1, 2, "公务用车购置费"),
        (2, 8, 1, 2, "公务用车运行维护费"),
    ]
    assert [c.text for c in planning[8].cells if c.row > 2] == [""] * 24
    assert _texts_by_row(planning[6])[39] == [
        "人员经费合计",
        "4884.09",
        "公用经费合计",
        "480.66",
    ]


def test_real_lines_outside_tables() -> None:
    document = read(disclosure(OFFICE))
    unit = [p for p in document.paragraphs() if "单位：元" in p.text]
    assert [p.page for p in unit] == [8, 9, 11, 13, 14, 16, 17, 18]
    assert {p.text.split("\t")[1] for p in unit} == {"单位：元"}
    contents = [p for p in document.paragraphs() if p.kind is ParagraphKind.CONTENTS]
    assert [p.page for p in contents] == [2] * 16
    planning = read(disclosure(PLANNING))
    listed = Counter(
        p.page for p in planning.paragraphs() if p.kind is ParagraphKind.CONTENTS
    )
    assert listed == {2: 20, 3: 8}


def _texts_by_row(table: Table) -> list[list[str]]:
    rows: list[list[str]] = [[] for _ in range(table.row_count)]
    for cell in table.cells:
        rows[cell.row].append(cell.text)
    return rows
