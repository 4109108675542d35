"""Tables over several pages: captions printed again, rows and labels that are cut."""

from __future__ import annotations

import pytest
from reportlab.pdfgen.canvas import Canvas

from ingest.document import Document, ParagraphKind
from ingest.readers.pdf import read
from tests.ingest.pages import (
    COLUMNS,
    FONT,
    HEADER,
    LEFT,
    ROW,
    Draw,
    grid,
    only_table,
    pdf,
    place,
    rows_of,
    rule,
    say,
    texts,
)

BODY = [
    ("201", "一般公共服务支出", "1,234.50"),
    ("204", "公共安全支出", "8.00"),
    ("205", "教育支出", "9.00"),
    ("206", "科学支出", "7.00"),
]
MORE = [("208", "社会保障支出", "6.00"), ("210", "卫生健康支出", "5.00")]


def titled(rows: list[tuple[str, ...]], *captions: str, top: float = 70) -> Draw:
    """A page with captions above one table."""

    def draw(canvas: Canvas) -> None:
        for number, caption in enumerate(captions):
            say(canvas, 150, 30 + 16 * number, caption)
        grid(canvas, COLUMNS, rows, top=top)

    return draw


def heights(document: Document) -> list[tuple[int | None, int]]:
    return [(table.page, table.row_count) for table in document.tables()]


# Captions above the next part -----------------------------------------------


@pytest.mark.parametrize(
    "mark", ["续表", "（续）", "收入预算表（续）", "续表1 收入预算表"]
)
def test_a_caption_that_says_so_does_not_part_a_table(mark: str) -> None:
    first = titled([HEADER, *BODY], "收入预算表", "单位：元")
    second = titled([HEADER, *MORE], mark, "单位：元")
    document = read(pdf(first, second))
    assert rows_of(only_table(document)) == [
        list(row) for row in (HEADER, *BODY, HEADER, *MORE)
    ]
    assert texts(document, ParagraphKind.TEXT) == [
        "收入预算表",
        "单位：元",
        mark,
        "单位：元",
    ]


@pytest.mark.parametrize("captions", [("支出预算表", "续表"), ("支出预算表（续）",)])
def test_another_caption_beside_the_mark_begins_another_table(
    captions: tuple[str, ...],
) -> None:
    first = titled([HEADER, *BODY], "收入预算表")
    second = titled([HEADER, *MORE], *captions)
    assert heights(read(pdf(first, second))) == [(1, 5), (2, 3)]


def test_a_title_and_header_printed_again_go_on_where_the_page_was_full() -> None:
    rows = [HEADER, *BODY, *BODY[1:], *BODY[2:]]
    first = titled(rows, "收入预算表", "单位：元")
    second = titled([HEADER, *MORE], "收入预算表", "单位：元")
    assert heights(read(pdf(first, second))) == [(1, len(rows) + 3)]


def test_a_title_printed_again_after_a_short_table_begins_another() -> None:
    page = titled([HEADER, *BODY], "项目支出表", "单位：元")
    assert heights(read(pdf(page, page))) == [(1, 5), (2, 5)]


def test_forms_of_one_title_stay_apart() -> None:
    """A form a page: title and first row come again, but no column of sums."""
    form = [("名称", "某项目", ""), *[("目标", "内容", "甲")] * 8]
    page = titled(form, "项目绩效目标表")
    assert heights(read(pdf(page, page))) == [(1, 9), (2, 9)]


def test_a_watermark_and_page_numbers_do_not_part_a_table() -> None:
    def page(number: int, rows: list[tuple[str, ...]]) -> Draw:
        def draw(canvas: Canvas) -> None:
            grid(canvas, COLUMNS, rows)
            say(canvas, 200, 310, f"- {number} -")
            canvas.saveState()
            canvas.translate(60, 40)
            canvas.rotate(30)
            canvas.drawString(0, 0, "财政公开")
            canvas.restoreState()

        return draw

    document = read(pdf(page(1, [HEADER, *BODY]), page(2, MORE)))
    assert only_table(document).row_count == 7
    assert texts(document, ParagraphKind.WATERMARK) == ["财政公开"] * 2


# Rows that a page break cuts ------------------------------------------------

LABEL = "机关事业单位基本养老保险缴费支出"


def cut(canvas: Canvas) -> tuple[float, str, str]:
    """The edge of a column, and a label as it is broken there."""
    head, tail = LABEL[:9], LABEL[9:]
    return 104 + canvas.stringWidth(head, FONT, 10) + 4, head, tail


@pytest.mark.parametrize("amounts", ["above", "below"])
@pytest.mark.parametrize("header", [True, False])
def test_a_row_that_the_page_break_cuts_is_one_row(amounts: str, header: bool) -> None:
    above, below = ("208", "5.00"), ("", "")
    if amounts == "below":
        above, below = below, above

    def first(canvas: Canvas) -> None:
        edge, head, _ = cut(canvas)
        rows = [HEADER, *BODY, (above[0], head, above[1])]
        grid(canvas, (LEFT, 100, edge, 320), rows)

    def second(canvas: Canvas) -> None:
        edge, _, tail = cut(canvas)
        rows = [(below[0], tail, below[1]), *MORE]
        grid(canvas, (LEFT, 100, edge, 320), [HEADER, *rows] if header else rows)

    table = only_table(read(pdf(first, second)))
    again = [list(HEADER)] if header else []
    assert rows_of(table) == [
        *(list(row) for row in (HEADER, *BODY)),
        ["208", LABEL, "5.00"],
        *again,
        *(list(row) for row in MORE),
    ]
    amount = next(cell for cell in table.cells if cell.text == "5.00")
    assert amount.page == (1 if amounts == "above" else 2)


def cut_project(
    above: tuple[str, ...], below: tuple[str, ...], *, room: float = 9
) -> list[list[str]]:
    """What is read of a project at a break, in a table that leaves cells empty."""
    header = ("序号", "项目", "公共预算", "基金", "依据")

    def part(rows: list[tuple[str, ...]]) -> Draw:
        def draw(canvas: Canvas) -> None:
            edge = 104 + canvas.stringWidth(above[1], FONT, 10) + room
            grid(canvas, (60, 100, edge, edge + 60, edge + 120, edge + 180), rows)

        return draw

    rows: list[tuple[str, ...]] = [
        header,
        ("1", "修渠", "1.00", "", "县规划"),
        ("2", "筑坝", "", "2.00", ""),
        ("3", "植树", "3.00", "", "县规划"),
    ]
    total = ("", "合计", "4.00", "2.00", "")
    document = read(pdf(part([*rows, above]), part([header, below, total])))
    read_rows = rows_of(only_table(document))[len(rows) : -1]
    return [row for row in read_rows if row != list(header)]


@pytest.mark.parametrize("amounts", ["above", "below"])
@pytest.mark.parametrize("notes", [("", ""), ("县规划", "第三章")])
def test_a_project_is_cut_where_every_other_row_has_figures(
    amounts: str, notes: tuple[str, str]
) -> None:
    whole, none = ("4", "1.00", ""), ("", "", "")
    halves = (whole, none) if amounts == "above" else (none, whole)
    names = ("山塘清淤与渠系", "及管护道路")
    above, below = (
        (half[0], name, *half[1:], note)
        for half, name, note in zip(halves, names, notes, strict=True)
    )
    assert cut_project(above, below) == [
        ["4", "".join(names), "1.00", "", "".join(notes)]
    ]


def test_a_number_leaves_more_room_at_the_end_of_its_line() -> None:
    above, tail = ("4", "山塘清淤", "1.00", "", ""), "2025年度"
    joined = [["4", "山塘清淤2025年度", "1.00", "", ""]]
    assert cut_project(above, ("", tail, "", "", ""), room=22) == joined
    apart = [list(above), ["", "二期工程", "", "", ""]]
    assert cut_project(above, ("", "二期工程", "", "", ""), room=22) == apart


def projects(head: str, tail: str, room: float) -> list[list[str]]:
    """What is read of a name cut by a page; ``room`` is right of its first half."""

    def part(rows: list[tuple[str, ...]]) -> Draw:
        def draw(canvas: Canvas) -> None:
            edge = 104 + canvas.stringWidth(head, FONT, 10) + room
            grid(canvas, (LEFT, 100, edge, edge + 90), rows)

        return draw

    header = ("序号", "项目名称", "金额")
    first = [
        header,
        ("1", "修渠", "1.00"),
        ("2", "筑坝", "2.00"),
        ("3", "植树", "3.00"),
    ]
    document = read(
        pdf(
            part([*first, ("4", head, "4.00")]),
            part([header, ("", tail, ""), ("5", "护林", "5.00")]),
        )
    )
    return [row for row in rows_of(only_table(document)) if row != list(header)]


def test_a_name_that_fills_its_line_up_to_the_margin_goes_on() -> None:
    rows = projects("山塘清淤与渠系配套工程", "及管护道路建设", room=13)
    assert rows[3:] == [
        ["4", "山塘清淤与渠系配套工程及管护道路建设", "4.00"],
        ["5", "护林", "5.00"],
    ]


def test_a_name_with_an_open_bracket_goes_on() -> None:
    rows = projects("山塘清淤（第二", "批资金）", room=60)
    assert rows[3] == ["4", "山塘清淤（第二批资金）", "4.00"]


@pytest.mark.parametrize("tail", ["其中：", "二、其他项目", "其他项目"])
def test_another_row_of_words_stays_a_row(tail: str) -> None:
    room = 60 if tail == "其他项目" else 13
    rows = projects("山塘清淤与渠系配套工程", tail, room=room)
    assert rows[3:5] == [["4", "山塘清淤与渠系配套工程", "4.00"], ["", tail, ""]]


def test_a_row_without_amounts_after_a_short_label_stays_a_row() -> None:
    first = titled([HEADER, *BODY])
    second = titled([("", "其中：", ""), *MORE])
    assert rows_of(only_table(read(pdf(first, second))))[5] == ["", "其中：", ""]


def test_a_row_with_amounts_of_its_own_stays_a_row() -> None:
    def first(canvas: Canvas) -> None:
        edge, head, _ = cut(canvas)
        grid(canvas, (LEFT, 100, edge, 320), [HEADER, *BODY, ("208", head, "5.00")])

    def second(canvas: Canvas) -> None:
        edge, _, tail = cut(canvas)
        grid(canvas, (LEFT, 100, edge, 320), [("209", tail, "5.00"), *MORE])

    assert only_table(read(pdf(first, second))).row_count == 9


def test_where_rows_may_be_without_amounts_nothing_is_joined() -> None:
    """A full label and a row with a name only: two rows as well as one."""

    def first(canvas: Canvas) -> None:
        edge, head, _ = cut(canvas)
        rows = [HEADER, ("", "甲", "1.00"), ("201", "乙", ""), ("", head, "")]
        grid(canvas, (LEFT, 100, edge, 320), rows)

    def second(canvas: Canvas) -> None:
        edge, _, tail = cut(canvas)
        grid(canvas, (LEFT, 100, edge, 320), [("", tail, ""), ("", "丙", "2.00")])

    assert only_table(read(pdf(first, second))).row_count == 6


# Figures that a page break or a narrow column cuts ----------------------------

SUMS = [
    HEADER,
    ("201", "一般公共服务支出", "1,234,567.50"),
    ("204", "公共安全支出", "8,000.25"),
    ("205", "教育支出", "0.00"),
]


def broken_row(above: tuple[str, ...], below: tuple[str, ...]) -> list[list[str]]:
    """What is read of a row above a page break and one below it."""
    table = only_table(
        read(pdf(titled([*SUMS, above]), titled([below, ("210", "卫生", "5.00")])))
    )
    return rows_of(table)[len(SUMS) :]


@pytest.mark.parametrize(
    ("head", "tail"),
    [("7,359,424.3", "5"), ("11,718,453.", "27"), ("14,214,28", "4.73")],
)
def test_a_figure_that_the_page_break_cuts_is_one(head: str, tail: str) -> None:
    rows = broken_row(("213", "农林水支出", head), ("", "", tail))
    assert rows == [["213", "农林水支出", head + tail], ["210", "卫生", "5.00"]]


@pytest.mark.parametrize("header", [True, False])
def test_a_label_goes_on_beside_a_figure_that_is_cut(header: bool) -> None:
    first = titled([*SUMS, ("213", "农林水", "7,359,424.3")])
    again = [HEADER] if header else []
    second = titled([*again, ("", "支出", "5"), ("210", "卫生", "5.00")])
    read_rows = rows_of(only_table(read(pdf(first, second))))
    assert ["213", "农林水支出", "7,359,424.35"] in read_rows
    assert not any("5" in row for row in read_rows)


@pytest.mark.parametrize(
    ("above", "below"),
    [
        (("213", "农林水支出", "7,359,424.35"), ("", "", "5")),  # nothing is missing
        (("213", "农林水支出", "7,359,424.3"), ("", "", "25")),  # too many decimals
        (("213", "农林水支出", "7,359,424.3"), ("21301", "农业", "5")),  # a row
        (("213", "农林水支出", "7359424"), ("", "", "5.25")),  # two figures as well
    ],
)
def test_figures_that_may_be_two_stay_two(
    above: tuple[str, ...], below: tuple[str, ...]
) -> None:
    assert broken_row(above, below)[:2] == [list(above), list(below)]


def test_in_a_column_with_other_decimals_no_figure_is_short_of_any() -> None:
    rates = [HEADER, ("1", "甲", "12.5"), ("2", "乙", "13.25"), ("3", "丙", "9.75")]
    table = only_table(
        read(pdf(titled([*rates, ("4", "丁", "7.5")]), titled([("", "", "5"), *MORE])))
    )
    assert rows_of(table)[4:6] == [["4", "丁", "7.5"], ["", "", "5"]]


def of_other_decimals(
    above: tuple[str, ...], *below: tuple[str, ...]
) -> list[list[str]]:
    """What is read of a row at a break, its amount filling its cell."""
    rows = [
        HEADER,
        ("201", "一般公共服务支出", "1,234.5"),
        ("204", "公共安全支出", "8.25"),
        ("205", "教育支出", "900"),
    ]

    def part(rows: list[tuple[str, ...]]) -> Draw:
        def draw(canvas: Canvas) -> None:
            edge = 220 + canvas.stringWidth(above[2], FONT, 10) + 9
            grid(canvas, (LEFT, 100, 220, edge), rows)

        return draw

    table = only_table(read(pdf(part([*rows, above]), part([*below]))))
    return rows_of(table)[len(rows) :]


@pytest.mark.parametrize(
    ("head", "tail", "whole"),
    [
        ("7,359,424.3", "5", "7,359,424.3 5"),
        ("7359424", "5.25", "7359424 5.25"),
        ("7359", "424", "7359 424"),
        # no figure by itself
        ("11,718,453.", "27", "11,718,453.27"),
        ("11,718,453", ".27", "11,718,453.27"),
        ("14,214,28", "4.73", "14,214,284.73"),
    ],
)
def test_what_may_be_cut_is_no_figure_where_decimals_tell_nothing(
    head: str, tail: str, whole: str
) -> None:
    rows = of_other_decimals(
        ("213", "农林水支出", head), ("", "", tail), ("210", "卫生", "5")
    )
    assert rows == [["213", "农林水支出", whole], ["210", "卫生", "5"]]


@pytest.mark.parametrize(
    ("above", "below"),
    [
        (("213", "农林水支出", "7,359,424"), ("", "", "5")),  # no groups of three
        (("213", "农林水支出", "7359424"), ("214", "", "5")),  # a row
        (("213", "农林水支出", "7359424"), ("", "其他", "5")),
    ],
)
def test_rows_of_whole_figures_stay_two(
    above: tuple[str, ...], below: tuple[str, ...]
) -> None:
    rows = of_other_decimals(above, below, ("210", "卫生", "5"))
    assert rows[:2] == [list(above), list(below)]


def test_where_rows_may_be_without_a_name_figures_stay_two() -> None:
    above, below = ("213", "农林水支出", "7359424"), ("", "", "5")
    rows = of_other_decimals(above, below, ("", "", "9"), ("210", "卫生", "5"))
    assert rows[:2] == [list(above), list(below)]


def test_figures_beside_one_that_is_cut_for_certain_go_on() -> None:
    """The decimals of the first column tell; those of the second do not."""

    def part(rows: list[tuple[str, ...]]) -> Draw:
        def draw(canvas: Canvas) -> None:
            edge = 200 + canvas.stringWidth("7,359,424.3", FONT, 10) + 9
            grid(canvas, (LEFT, 100, 200, edge, 2 * edge - 200), rows)

        return draw

    rows = [
        ("编码", "名称", "预算数", "决算数"),
        ("201", "一般公共", "1,234.50", "1"),
        ("204", "公共安全", "8.25", "2.5"),
    ]
    cut = ("213", "农林水", "7,359,424.3", "7,359,424.3")
    first, second = part([*rows, cut]), part([("", "", "5", "1"), rows[1]])
    assert rows_of(only_table(read(pdf(first, second))))[3] == [
        *("213", "农林水", "7,359,424.35", "7,359,424.31")
    ]


def lines_in_a_cell(*lines: str, room: float) -> str:
    """What is read of a cell that prints a text on lines with some room left."""

    def draw(canvas: Canvas) -> None:
        canvas.setFont(FONT, 8)
        edge = 220 + canvas.stringWidth(lines[0], FONT, 8) + room
        grid(canvas, (LEFT, 100, 220, edge), [*SUMS, ("213", "农林水支出", "")])
        for number, line in enumerate(lines):
            top = 60 + ROW * len(SUMS) + 10 + 9 * number
            say(canvas, 220 + min(room / 2, 6), top, line)

    return rows_of(only_table(read(pdf(draw))))[-1][2]


def test_a_figure_on_several_lines_of_a_narrow_cell_is_one() -> None:
    for pieces in [("13,115,733.0", "1"), ("13,115,73", "3.01"), ("13,115,733.", "01")]:
        assert lines_in_a_cell(*pieces, room=14) == "13,115,733.01"


def test_figures_on_several_lines_that_may_be_two_stay_two() -> None:
    assert lines_in_a_cell("13,115,733.0", "1", room=60) == "13,115,733.0 1"
    for pieces in [("115,733.01", "12"), ("115,733", "12.01"), ("13,115.0", "115.01")]:
        assert lines_in_a_cell(*pieces, room=14) == " ".join(pieces)


# Labels that a page break cuts ----------------------------------------------


def merged(label: str, names: tuple[str, ...]) -> Draw:
    """Rows beside one merged label."""

    def draw(canvas: Canvas) -> None:
        grid(canvas, (100, 220, 320), [(name, "1.00") for name in names])
        bottom = 60 + ROW * len(names)
        for y in (60, bottom):
            rule(canvas, LEFT, y, 100, y)
        rule(canvas, LEFT, 60, LEFT, bottom)
        say(canvas, LEFT + 4, 60 + ROW * len(names) / 2, label)

    return draw


@pytest.mark.parametrize("labels", [("某局", ""), ("", "某局")])
def test_a_merged_label_that_the_page_break_cuts_covers_its_rows(
    labels: tuple[str, str],
) -> None:
    document = read(
        pdf(merged(labels[0], ("甲", "乙")), merged(labels[1], ("丙", "丁", "戊")))
    )
    table = only_table(document)
    assert [place(cell) for cell in table.cells if cell.column == 0] == [
        (0, 0, 5, 1, "某局")
    ]
    (label,) = [cell for cell in table.cells if cell.column == 0]
    assert label.page == (1 if labels[0] else 2)
    assert [cell.text for cell in table.cells if cell.column == 1] == list("甲乙丙丁戊")


def test_two_merged_labels_stay_two() -> None:
    table = only_table(
        read(pdf(merged("某局", ("甲", "乙")), merged("某中心", ("丙", "丁"))))
    )
    assert [place(cell) for cell in table.cells if cell.column == 0] == [
        (0, 0, 2, 1, "某局"),
        (2, 0, 2, 1, "某中心"),
    ]
