"""Tables, paragraphs and their kinds in plain text and Markdown."""

import re
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.document import (
    Document,
    Limits,
    Paragraph,
    ParagraphKind,
    Table,
    UnreadableDocument,
)
from ingest.readers.text import read

SAMPLES = Path(__file__).parents[2].parent / "shared" / "disclosures"


def parse(text: str) -> Document:
    return read(text.encode())


def rows(table: Table) -> list[list[str]]:
    """The texts by row; proves on the way that every position has one cell."""
    grid = [[""] * table.column_count for _ in range(table.row_count)]
    places = [(cell.row, cell.column) for cell in table.cells]
    assert places == [
        (row, column)
        for row in range(table.row_count)
        for column in range(table.column_count)
    ]
    for cell in table.cells:
        grid[cell.row][cell.column] = cell.text
    return grid


def only_table(text: str) -> Table:
    (table,) = parse(text).tables()
    return table


def texts(document: Document, kind: ParagraphKind) -> list[str]:
    return [p.text for p in document.paragraphs() if p.kind is kind]


def code_of(data: bytes, limits: Limits) -> str:
    with pytest.raises(UnreadableDocument) as caught:
        read(data, limits)
    return caught.value.code


# Tables ---------------------------------------------------------------------


def test_a_table_between_paragraphs() -> None:
    document = parse("青禾县数据局\n单位：万元\n\n项目\t金额\n甲\t1.50\n\n备注。\n")
    assert document.format == "text"
    assert document.page_count is None
    first, second, table, last = document.blocks
    assert first == Paragraph("青禾县数据局", line=1)
    assert second == Paragraph("单位：万元", line=2)
    assert isinstance(table, Table)
    assert (table.line, table.has_spans, table.page) == (4, False, None)
    assert rows(table) == [["项目", "金额"], ["甲", "1.50"]]
    assert [cell.line for cell in table.cells] == [4, 4, 5, 5]
    assert last == Paragraph("备注。", line=7)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_are_counted_by_any_line_break(end: str) -> None:
    document = parse(end.join(["甲局", "", "项目\t金额", "甲\t1.50", "末尾"]))
    assert [block.line for block in document.blocks] == [1, 3, 5]


def test_inner_and_outer_spaces_of_a_cell_stay() -> None:
    table = only_table("本 年 合 计\t4, 675. 21\n 其中：甲\t１２．５\n")
    assert rows(table) == [["本 年 合 计", "4, 675. 21"], [" 其中：甲", "１２．５"]]


def test_white_space_alone_is_an_empty_cell() -> None:
    table = only_table("甲\t \u3000\t1\n乙\t&nbsp;\t2\n")
    assert rows(table) == [["甲", "", "1"], ["乙", "", "2"]]


def test_tags_are_removed_and_breaks_become_lines() -> None:
    table = only_table(
        "<b>合计</b>\t<B class='x'>1.00</B>\n"
        "概况\t<p>第一条</p> <p>第二条<br/>续</p>\n"
        "甲<br>乙\t<span style='a'>2</span><sup>①</sup>\n"
    )
    assert rows(table) == [
        ["合计", "1.00"],
        ["概况", "第一条\n第二条\n续"],
        ["甲\n乙", "2①"],
    ]


def test_what_only_looks_like_a_tag_is_print() -> None:
    table = only_table("a<b\t<5万元>\n<项目名称>\t1 < 2 > 0\n")
    assert rows(table) == [["a<b", "<5万元>"], ["<项目名称>", "1 < 2 > 0"]]


def test_only_clear_entities_are_resolved() -> None:
    table = only_table("A&amp;B\t&lt;b&gt;\nA&B\t&copy 1&foo; &#8805;95%\n")
    assert rows(table) == [["A&B", "<b>"], ["A&B", "&copy 1&foo; ≥95%"]]


def test_entities_are_resolved_once() -> None:
    document = parse("甲：&amp;lt;\t乙")
    assert texts(document, ParagraphKind.TEXT) == ["甲：&lt;\t乙"]


def test_short_rows_are_filled_and_long_rows_widen() -> None:
    table = only_table("项目\t甲\t乙\n合计\t1\n其他\t2\t3\t4\t5\n")
    assert (table.row_count, table.column_count) == (3, 5)
    assert rows(table) == [
        ["项目", "甲", "乙", "", ""],
        ["合计", "1", "", "", ""],
        ["其他", "2", "3", "4", "5"],
    ]
    assert {cell.line for cell in table.cells if cell.row == 1} == {2}


def test_empty_columns_and_rows_inside_a_table_stay() -> None:
    table = only_table("项目\t金额\t\n\t\t\n甲\t1\t\n")
    assert rows(table) == [["项目", "金额", ""], ["", "", ""], ["甲", "1", ""]]


def test_stray_controls_are_not_printed() -> None:
    document = read("甲\x00局\x07\n\ufeff\n项目\t金\x00额\n乙\t1\n".encode())
    assert texts(document, ParagraphKind.TEXT) == ["甲局"]
    assert [block.line for block in document.blocks] == [1, 3]


def test_a_page_break_belongs_to_no_cell() -> None:
    assert rows(only_table("甲\t1\n\f乙\t2\n"))[1] == ["乙", "2"]


# Markdown -------------------------------------------------------------------


def test_pipe_table() -> None:
    table = only_table("| 项目 | 金 额 |\n|:--|--:|\n| 甲\\|乙 | 1.50 |\n| 丙 |  |\n")
    assert rows(table) == [["项目", "金 额"], ["甲|乙", "1.50"], ["丙", ""]]
    assert [cell.line for cell in table.cells] == [1, 1, 3, 3, 4, 4]


def test_pipe_table_without_outer_pipes_or_with_short_rows() -> None:
    table = only_table("项目 | 甲 | 乙\n--- | --- | ---\n合计 | 1\n")
    assert rows(table) == [["项目", "甲", "乙"], ["合计", "1", ""]]


def test_pipes_without_a_delimiter_row_are_print() -> None:
    document = parse("甲|乙\n丙|丁\n")
    assert texts(document, ParagraphKind.TEXT) == ["甲|乙", "丙|丁"]


def test_a_cut_pipe_table_is_joined() -> None:
    table = only_table(
        "| 项目 | 金额 |\n|---|---|\n| 一、甲 | 1 |\n\n"
        "| 二、乙 | 2 |\n|---|---|\n| 三、丙 | 3 |\n"
    )
    assert [row[0] for row in rows(table)] == ["项目", "一、甲", "二、乙", "三、丙"]


PIPED = "| 编码 | 名称 | 金额 |\n|---|---|---|\n| 301 | 甲 | 1.00 |\n"


def test_rows_of_a_pipe_table_below_a_page_number_need_no_delimiters() -> None:
    table = only_table(
        f"{PIPED}\n- 5 -\n\n| 302 | 乙 | 2.00 |\n| 303 | 丙 |  |\n\n末。\n"
    )
    assert rows(table)[1:] == [
        ["301", "甲", "1.00"],
        ["302", "乙", "2.00"],
        ["303", "丙", ""],
    ]
    assert [cell.line for cell in table.cells if cell.column == 0] == [1, 3, 7, 8]


@pytest.mark.parametrize(
    "below",
    [
        "说明。\n\n| 302 | 乙 | 2.00 |\n",  # something stands between
        "| 302 | 乙 |\n",  # other columns
        "| 单位 | 数量 | 年份 |\n| 丁局 | 5 | 3 |\n",  # a header of its own
    ],
)
def test_other_pipes_without_delimiters_stay_print(below: str) -> None:
    document = parse(f"{PIPED}\n{below}")
    (table,) = document.tables()
    assert table.row_count == 2
    assert texts(document, ParagraphKind.TEXT) == [
        line for line in below.splitlines() if line
    ]


@pytest.mark.parametrize("delimiter", ["", "|---|---|---|\n"])
def test_a_pipe_table_goes_on_below_the_head_of_a_page(delimiter: str) -> None:
    head = "青禾县数据局 2024 年部门预算"
    document = parse(
        f"{head}\n\n甲。\n\n- 1 -\n\n{head}\n\n乙。\n\n{PIPED}\n- 2 -\n\n{head}\n\n"
        f"| 302 | 乙 | 2.00 |\n{delimiter}| 303 | 丙 | 3.00 |\n"
    )
    (table,) = document.tables()
    assert [row[0] for row in rows(table)] == ["编码", "301", "302", "303"]
    assert texts(document, ParagraphKind.TEXT).count(head) == 3


def test_a_form_below_the_head_of_a_page_is_another_table() -> None:
    head = "青禾县数据局 2024 年部门预算"
    page = f"- 1 -\n\n{head}\n\n{PIPED}\n"
    assert len(list(parse(page * 3).tables())) == 3


def test_heading_marks_are_removed() -> None:
    document = parse("# 一、概况\n###### 小节\n##\n##二、说明\n#DIV/0!\n")
    assert document.blocks == (
        Paragraph("一、概况", line=1),
        Paragraph("小节", line=2),
        Paragraph("二、说明", line=4),
        Paragraph("#DIV/0!", line=5),
    )


# Tables in HTML -------------------------------------------------------------


@pytest.mark.parametrize("end", ["", "\n", "\n\n"])
def test_a_table_in_html_keeps_its_spans_and_lines(end: str) -> None:
    parts = [
        "单位：万元<TABLE border=1>",
        '<tr><td rowspan="2">项目</td><td colspan="2">预算 </td></tr>',
        "<tr><td>基本</td><td>项目</td></tr>",
        "<tr><td>甲&amp;乙</td><td>1.50</td><td></td></tr>",
        "</table>注：略。",
    ]
    document = parse("甲局\n" + end.join(parts) + "\n末。\n")
    first, unit, table, note, last = document.blocks
    step = len(end)
    assert (first, unit) == (Paragraph("甲局", line=1), Paragraph("单位：万元", line=2))
    assert isinstance(table, Table)
    assert (table.row_count, table.column_count, table.has_spans) == (3, 3, True)
    assert [cell[:5] for cell in table.cells] == [
        (0, 0, "项目", 2, 1),
        (0, 1, "预算", 1, 2),
        (1, 1, "基本", 1, 1),
        (1, 2, "项目", 1, 1),
        (2, 0, "甲&乙", 1, 1),
        (2, 1, "1.50", 1, 1),
        (2, 2, "", 1, 1),
    ]
    assert [cell.line for cell in table.cells] == [
        2 + step * row for row in (1, 1, 2, 2, 3, 3, 3)
    ]
    assert table.line == 2 + step
    assert note == Paragraph("注：略。", line=2 + step * 4)
    assert last == Paragraph("末。", line=3 + step * 4)


def test_rows_in_html_that_are_short_are_filled() -> None:
    table = only_table(
        "<table><tr><td>项目</td><td>金额</td></tr>\n<tr><td>甲</td></tr></table>"
    )
    assert rows(table) == [["项目", "金额"], ["甲", ""]]
    assert [cell.line for cell in table.cells] == [1, 1, 2, 2]


def test_a_whole_page_around_a_table_prints_nothing() -> None:
    document = parse(
        "甲局\n<html><body><table><tr><td>项目</td><td>1</td></tr></table></body></html>\n"
    )
    assert [block.line for block in document.blocks] == [1, 2]
    assert len(list(document.tables())) == 1


def test_a_frame_in_html_is_text() -> None:
    document = parse("前文\n<table><tr><td>甲</td></tr></table>\n")
    assert document.blocks == (Paragraph("前文", line=1), Paragraph("甲", line=2))


def test_tables_in_html_beside_others() -> None:
    document = parse(
        "项目\t金额\n甲\t1.00\n<table><tr><td>乙</td><td>2</td></tr></table>\n"
        "<table><tr><td>丙</td><td>3</td></tr></table>丁\n项目\t金额\n戊\t1.00\n"
    )
    assert [table.line for table in document.tables()] == [1, 3, 4, 5]
    assert texts(document, ParagraphKind.TEXT) == ["丁"]


@pytest.mark.parametrize(
    ("text", "tables"),
    [
        ("<table><tr><td>甲</td><td>1.00</td></tr>\n", 0),
        ("<tr><td>甲</td><td>1.00</td></tr></table>\n", 0),
        (
            "<table><tr><td>甲</td><td>1</td></tr>\n<table><tr><td>乙</td><td>2</td></tr></table>",
            1,
        ),
    ],
)
def test_a_table_in_html_of_which_a_part_is_missing_stays_print(
    text: str, tables: int
) -> None:
    document = parse(text)
    assert len(list(document.tables())) == tables
    assert texts(document, ParagraphKind.TEXT) == [text.splitlines()[0]]


# Cut tables -----------------------------------------------------------------

HEAD = "科目\t名称\t金额\n"


@pytest.mark.parametrize("gap", ["\n", "\n\n\n", "\n- 3 -\n\n", "\n\t\t\n\n"])
def test_a_cut_table_is_joined(gap: str) -> None:
    document = parse(f"{HEAD}301\t甲\t1.00\n{gap}302\t乙\t2.00\n303\t丙\t3.00\n")
    (table,) = document.tables()
    assert [row[0] for row in rows(table)] == ["科目", "301", "302", "303"]
    assert table.line == 1


def test_a_table_cut_by_a_watermark_is_joined_and_the_mark_follows() -> None:
    mark = "内部传阅"
    document = parse(
        f"{mark}\n\n甲局\n\n{HEAD}301\t甲\t1\n\n{mark}\n\n302\t乙\t2\n\n{mark}\n"
    )
    (table,) = document.tables()
    assert [cell.line for cell in table.cells if cell.column == 0] == [5, 6, 10]
    assert [block.line for block in document.blocks] == [1, 3, 5, 8, 12]
    assert texts(document, ParagraphKind.WATERMARK) == [mark] * 3


def test_a_part_that_starts_with_an_empty_or_numbered_label_is_joined() -> None:
    head = "项目\t金额\t备注\n一、甲\t1.00\t\n"
    assert only_table(f"{head}\n二、乙\t\t\n三、丙\t2\t\n").row_count == 4
    assert only_table(f"{head}\n\t（三）丁\t\n合计\t2\t\n").row_count == 4


def test_a_header_printed_again_is_kept() -> None:
    table = only_table(f"{HEAD}301\t甲\t1\n\n{HEAD}302\t乙\t2\n")
    assert [row[0] for row in rows(table)] == ["科目", "301", "科目", "302"]


def test_a_table_cut_below_its_header_is_joined() -> None:
    assert only_table("项目\t金额\n\n甲\t1\n乙\t2\n").row_count == 3


@pytest.mark.parametrize(
    "second",
    [
        "说明在此。\n\n302\t乙\t2\n303\t丙\t3\n",  # something stands between
        "302\t乙\n303\t丙\n",  # other columns
        "编码\t单位\t数量\n401\t丁\t5\n",  # words above figures: its own header
        "编码\t\t数量\n\t单位\t\n401\t丁\t5\n",
        "年份\t2023\t2024\n401\t5\t6\n",  # years head columns
        "科目\t单位\t数量\n401\t丁\t5\n",  # the same form begins again
    ],
)
def test_what_is_not_joined(second: str) -> None:
    document = parse(f"{HEAD}301\t甲\t1\n\n{second}")
    first, _ = document.tables()
    assert first.row_count == 2


def test_a_form_that_begins_again_is_another_table() -> None:
    form = "项目金额\t{1}\n名称\t{0}\n"
    document = parse(form.format("甲", 1) + "\n" + form.format("乙", 2))
    assert [table.line for table in document.tables()] == [1, 4]


def test_a_dash_for_a_figure_does_not_hide_a_header() -> None:
    document = parse("项目\t金额\n甲\t1\n乙\t-\n\n名称\t数量\n丙\t3\n")
    assert [table.row_count for table in document.tables()] == [3, 2]


# Rows without tabs -----------------------------------------------------------


def test_rows_that_lost_their_last_tabs_are_rows() -> None:
    document = parse(
        "单位：万元\n项目\t金额\n甲\t5.00\n合计\t5.00\n结转\n总计\t5.00\n末。\n"
    )
    (table,) = document.tables()
    assert rows(table)[2:] == [["合计", "5.00"], ["结转", ""], ["总计", "5.00"]]
    assert [cell.line for cell in table.cells if cell.column == 1] == [2, 3, 4, 5, 6]
    assert texts(document, ParagraphKind.TEXT) == ["单位：万元", "末。"]


def test_several_rows_that_lost_their_tabs_are_rows() -> None:
    table = only_table(
        "项目\t金额\t项目\t金额\n一、甲\n二、乙\n三、丙\t1.00\t一、丁\t1.00\n"
        "四、戊\n结转\t\t结转下年\n总计\t1.00\t总计\t1.00\n"
    )
    assert [row[0] for row in rows(table)] == [
        *("项目", "一、甲", "二、乙", "三、丙", "四、戊", "结转", "总计")
    ]


@pytest.mark.parametrize(
    "between",
    [
        "支出总表\n单位：万元\n项目\t金额\n乙\t2.00\n",  # title and header of another
        "支出情况\n名称\t数额\n乙\t2.00\n",
        "支出情况\n一、乙\t2.00\n总计\t2.00\n",  # it is counted anew
        "乙局\n总计\t2.00\n丙\t2.00\n",  # a second total
        "以上为收入。\n丙\t2.00\n丁\t2.00\n",  # a sentence
        "丙\n\n丁\t2.00\n戊\t2.00\n",  # a blank line
        "丙\n丁\t2.00\t3.00\n戊\t2.00\t3.00\n",  # more columns
    ],
)
def test_lines_between_tables_are_no_rows(between: str) -> None:
    document = parse(f"项目\t金额\n一、甲\t1.00\n总计\t1.00\n{between}")
    assert next(iter(document.tables())).row_count == 3


def test_a_table_that_says_so_goes_on_below() -> None:
    document = parse(f"{HEAD}301\t甲\t1.00\n（续表）\n302\t乙\t2.00\n303\t丙\t3.00\n")
    (table,) = document.tables()
    assert [row[0] for row in rows(table)] == ["科目", "301", "302", "303"]
    assert texts(document, ParagraphKind.TEXT) == ["（续表）"]


# Lines that are no tables ---------------------------------------------------


def test_one_line_with_one_tab_is_a_paragraph() -> None:
    document = parse("甲局\n联系处室：办公室\t楼层：3\n说明。\n")
    assert not list(document.tables())
    assert texts(document, ParagraphKind.TEXT)[1] == "联系处室：办公室\t楼层：3"


def test_one_row_of_many_fields_is_a_table() -> None:
    assert rows(only_table("合计\t\t1.00\n")) == [["合计", "", "1.00"]]


def test_indented_lines_are_paragraphs() -> None:
    document = parse("\t青禾县数据局成立已久。\n\t\t本局设三科。\n\n\t全文完。\n")
    assert document.blocks == (
        Paragraph("青禾县数据局成立已久。", line=1),
        Paragraph("本局设三科。", line=2),
        Paragraph("全文完。", line=4),
    )


def test_cells_one_below_the_other_are_rows() -> None:
    table = only_table("附表\n\t项目\n\t标准\n\t分值\n\n\t甲\n\t\n\t<b>10</b>\n")
    assert rows(table) == [["项目", "标准", "分值"], ["甲", "", "10"]]
    assert [cell.line for cell in table.cells] == [2, 3, 4, 6, 7, 8]


def test_stacks_of_other_heights_are_paragraphs() -> None:
    document = parse("\t甲\n\t乙\n\t丙\n\n\t丁\n\t戊\n")
    assert texts(document, ParagraphKind.TEXT) == ["甲", "乙", "丙", "丁", "戊"]
    document = parse("\t甲\n\t乙。\n\n\t丁\n\t戊。\n")  # a heading and a sentence
    assert texts(document, ParagraphKind.TEXT) == ["甲", "乙。", "丁", "戊。"]


def stacked(*stacks: str) -> str:
    return "\n".join("".join(f"\t{cell}\n" for cell in s.split(",")) for s in stacks)


@pytest.mark.parametrize("place", [1, 2, 4])
def test_a_stacked_total_with_merged_cells_is_a_row(place: int) -> None:
    stacks = [
        "编码,名称,合计,基本,项目",
        "301,甲,1.00,,1.00",
        "30101,乙,2.00,2.00,",
        "302,丙,3.00,3.00,",
    ]
    stacks.insert(place, "合计,6.00,5.00,1.00")
    table = only_table(f"附表\n{stacked(*stacks)}末。\n")
    found = rows(table)
    assert found[place] == ["合计", "", "6.00", "5.00", "1.00"]
    assert [row[0] for row in found if row[1]] == ["编码", "301", "30101", "302"]
    line = 2 + place * 6
    assert [cell.line for cell in table.cells if cell.row == place] == [
        *(line, line, line + 1, line + 2, line + 3)
    ]


def test_a_stacked_total_with_three_merged_cells_is_a_row() -> None:
    table = only_table(
        stacked(
            "类,款,名称,合计,基本",
            "合计,5.00,5.00",
            "301,,甲,2.00,2.00",
            "301,01,乙,3.00,3.00",
        )
    )
    assert rows(table)[1] == ["合计", "", "", "5.00", "5.00"]


@pytest.mark.parametrize(
    "row",
    [
        "合计,6.00,5.00",  # only one column has words
        "合计,甲,乙,6.00",  # words
        "6.00,5.00,1.00,1.00",  # no label
        "甲。,乙。,丙。,丁。",
    ],
)
def test_a_shorter_stack_that_is_no_total_is_no_row(row: str) -> None:
    document = parse(
        stacked(
            "编码,名称,合计,基本,项目", "301,甲,1.00,,1.00", "302,乙,2.00,2.00,", row
        )
    )
    (table,) = document.tables()
    assert table.row_count == 3
    assert texts(document, ParagraphKind.TEXT) == row.split(",")


def test_stacks_of_a_narrower_table_stay_apart() -> None:
    document = parse(
        stacked(
            *(
                "编码,名称,合计,基本,项目",
                "301,甲,1.00,,1.00",
                "302,乙,2.00,2.00,",
                "303,丙,1.00,1.00,",
            ),
            *("名称,合计,基本,项目", "丙,2.00,1.00,1.00", "丁,2.00,1.00,1.00"),
        )
    )
    assert [table.column_count for table in document.tables()] == [5, 4]


def test_labels_and_figures_one_below_the_other_are_rows() -> None:
    table = only_table(
        f"附表\n{stacked('项目,金额', '合计,3.00', '1.甲,', '2.乙,3.00')}末。\n"
    )
    assert rows(table) == [
        ["项目", "金额"],
        ["合计", "3.00"],
        ["1.甲", ""],
        ["2.乙", "3.00"],
    ]


@pytest.mark.parametrize(
    "stacks",
    [
        ("甲,乙", "丙,丁", "戊,己"),
        ("一、概况,甲局。", "二、收入,共3万元。", "三、支出,12"),
        ("项目,金额", "合计,3.00"),
        ("合计,3.00", "甲,3.00", "乙,"),
    ],
)
def test_other_stacks_of_two_are_paragraphs(stacks: tuple[str, ...]) -> None:
    assert not list(parse(stacked(*stacks)).tables())


def test_a_sentence_broken_by_a_line_stays_broken() -> None:
    document = parse("卫生支出7.61\n\n万元。\n")
    assert texts(document, ParagraphKind.TEXT) == ["卫生支出7.61", "万元。"]


def test_a_break_tag_in_prose_makes_two_paragraphs() -> None:
    assert parse("甲<br>乙\n").blocks == (
        Paragraph("甲", line=1),
        Paragraph("乙", line=1),
    )


# Kinds ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "line",
    [
        "第一部分 概况.....\t1",
        "第一部分 概况.....1",
        "一、收支总表…………12",
        "一、收支总表 . . . . . . 12",
        "附件・・・・・・（3）",
        "前言......\tii",
        "长" * 90 + "." * 90 + "7",
    ],
)
def test_leaders_and_a_page_are_contents(line: str) -> None:
    document = parse(f"甲局\n{line}\n{line}\n\n正文。\n")
    assert [p.kind for p in document.paragraphs()] == [
        "text",
        *["contents"] * 2,
        "text",
    ]
    assert not list(document.tables())


def test_dots_in_a_row_of_figures_are_no_leaders() -> None:
    assert only_table("项目\t甲\t乙\n合计\t...\t0\n").row_count == 2


@pytest.mark.parametrize("line", ["共计3.5", "如此等等……", "......12", "比例 0.12"])
def test_what_is_no_line_of_contents(line: str) -> None:
    assert [p.kind for p in parse(f"{line}\n").paragraphs()] == ["text"]


def test_titles_and_pages_below_the_heading_are_contents() -> None:
    document = parse(
        "目 录\n\n第一部分\t1\n1.职责\t1\n\n第二部分  3\n\n甲局\t9\n乙\t2\n"
    )
    assert texts(document, ParagraphKind.CONTENTS) == [
        "第一部分\t1",
        "1.职责\t1",
        "第二部分  3",
        "甲局\t9",
    ]


def test_an_index_with_columns_of_its_own_is_a_table() -> None:
    table = only_table("目录\n\n编号\t表名\n1\t收支总表\n2\t支出总表\n")
    assert rows(table)[2] == ["2", "支出总表"]


def test_a_table_after_the_contents_is_a_table() -> None:
    document = parse("目录\n\n第一部分\t1\n\n项目\t金额\n甲\t5\n")
    assert texts(document, ParagraphKind.CONTENTS) == ["第一部分\t1"]
    assert [table.line for table in document.tables()] == [5]


def test_no_contents_without_a_heading() -> None:
    assert only_table("教师\t12\n医生\t15\n").row_count == 2


@pytest.mark.parametrize(
    "line",
    ["- 3 -", "—12—", "第3页", "第 3 页 共 20 页", "第三页", "3/20", "Page 3 of 9"],
)
def test_page_numbers(line: str) -> None:
    document = parse(f"甲局\n\n{line}\n\n乙。\n")
    assert texts(document, ParagraphKind.PAGE_NUMBER) == [line]


@pytest.mark.parametrize("line", ["3", "2024/12", "- 三、职责", "-3", "第3页表格"])
def test_what_is_no_page_number(line: str) -> None:
    assert parse(f"甲局\n\n{line}\n\n乙。\n").blocks[1] == Paragraph(line, line=3)


def test_bare_numbers_that_count_on_are_pages() -> None:
    document = parse("甲\n\n1\n\n乙\n\n2\n\n丙\n\n3\n")
    assert texts(document, ParagraphKind.PAGE_NUMBER) == ["1", "2", "3"]


def test_bare_numbers_that_do_not_count_on_are_print() -> None:
    document = parse("甲\n\n1\n\n乙\n\n2\n\n丙\n\n10\n")
    assert texts(document, ParagraphKind.PAGE_NUMBER) == []


def test_watermarks_between_paragraphs() -> None:
    mark = "内部传阅"
    document = parse(f"{mark}\n\n甲局\n\n{mark}\n\n乙。\n{mark}\n\n丙。\n\n{mark}\n")
    assert texts(document, ParagraphKind.WATERMARK) == [mark] * 4
    assert texts(document, ParagraphKind.TEXT) == ["甲局", "乙。", "丙。"]


def test_watermarks_next_to_each_other() -> None:
    document = parse("严禁外传\n\n" * 3 + "甲局\n")
    assert texts(document, ParagraphKind.WATERMARK) == ["严禁外传"] * 3


def test_watermarks_only_inside_a_table() -> None:
    mark = "\n内部传阅\n\n"
    table = "项目\t金额\n一、甲\t1\n{0}二、乙\t2\n{0}三、丙\t3\n{0}四、丁\t4\n"
    assert only_table(table.format(mark)).row_count == 5


def test_watermarks_between_contents_and_prose() -> None:
    part = "第{0}章.....\t{0}\n\n内部传阅\n\n第{0}段。\n\n"
    document = parse("".join(part.format(n) for n in (1, 2, 3)))
    assert texts(document, ParagraphKind.WATERMARK) == ["内部传阅"] * 3


def test_twice_is_no_watermark() -> None:
    document = parse("内部传阅\n\n甲局\n\n内部传阅\n")
    assert texts(document, ParagraphKind.WATERMARK) == []


@pytest.mark.parametrize(
    "line",
    ["单位：万元", "金额单位 万元", "支出明细表", "一、概况", "不涉及", "本表无数据"],
)
def test_lines_that_say_something_are_no_watermarks(line: str) -> None:
    document = parse(f"{line}\n\n甲。\n\n{line}\n\n乙。\n\n{line}\n\n丙。\n")
    assert texts(document, ParagraphKind.WATERMARK) == []


def test_a_caption_in_the_same_place_is_no_watermark() -> None:
    part = "绩效目标\n\n- {0} -\n\n项目\t金额\n甲\t{0}\n\n第{0}节文字。\n\n"
    document = parse("".join(part.format(n) for n in (1, 2, 3)))
    assert texts(document, ParagraphKind.WATERMARK) == []
    assert len(list(document.tables())) == 3


# Limits ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "limits"),
    [
        ("甲\t乙\n丙\t丁\n", Limits(cells=3)),
        ("甲\t乙\t丙\t丁\n" + "戊\t己\n" * 4, Limits(cells=15)),  # only once filled
        ("甲\n乙\n丙\n", Limits(cells=2)),
        ("\t" * 100, Limits(cells=50)),
        ("甲\t乙乙乙\n丙\t丁\n", Limits(cell_characters=2)),
        ("甲局", Limits(file_bytes=5)),
    ],
)
def test_what_costs_too_much_is_rejected(text: str, limits: Limits) -> None:
    assert code_of(text.encode(), limits) == "too_large"


@pytest.mark.parametrize("text", ["", " \n \r\n", "\ufeff", "\x00"])
def test_white_space_alone_is_an_empty_file(text: str) -> None:
    assert code_of(text.encode(), Limits()) == "empty_file"


@pytest.mark.parametrize("text", ["##\n", "<p></p>", "\t\n", "&nbsp;\t\t\n"])
def test_marks_alone_print_nothing(text: str) -> None:
    assert code_of(text.encode(), Limits()) == "nothing_printed"


def test_bytes_without_a_known_encoding_are_undecodable() -> None:
    assert code_of(b"\xb5\xa5\xff\xff", Limits()) == "undecodable_text"


@pytest.mark.parametrize(
    "text",
    [
        "甲\t" + "长" * 1_000_000 + "\n乙\t2\n",
        "甲\t" + "<b " * 300_000 + "\n乙\t2\n",
        "甲\t" + "&a" * 500_000 + "\n乙\t2\n",
        "甲" + "." * 1_000_000 + "\n",
        " " * 1_000_000 + "甲\t1\n",
        "1" * 1_000_000 + "\n",
        "甲\t1\n\n" * 100_000,
        "\t甲\n\n" * 100_000,
        "".join(f"甲{number}\t1\n乙{number}\n" for number in range(100_000)),
        "甲|乙\n-|-\n\n" + "| 甲 | 1 |\n\n" * 100_000,
        "内部传阅\n\n" * 100_000,
        "<table>" * 100_000,
        "</table>\n" * 100_000,
        "<table>\n" * 20_000 + "甲" + "</table>\n" * 20_000,
        "<table><tr><td>甲<td>乙</table>\n" * 20_000,
        "甲|乙\n-|-\n" * 50_000,
        "\n" * 3_000_000 + "甲",
    ],
    ids=lambda text: f"{text[:6]!r}",
)
def test_large_texts_are_read_in_little_time(text: str) -> None:
    started = time.process_time()
    read(text.encode())
    assert time.process_time() - started < 8  # seconds; a square would take hours


# Properties -----------------------------------------------------------------

UNIT = "单位：万元\n"  # no bytes of GB18030 that could be UTF-8
SHAPES = st.text(
    st.sampled_from("合计甲一、第页目录元:：.…12,-/— （）\t\t\t\n\n\n\r"), max_size=120
)
MARKUP = st.text(st.sampled_from("甲乙1|-:#<>b/p&;\\ \t\n"), max_size=120)
TAGS = st.lists(
    st.sampled_from(
        [
            "<table>",
            "</table>",
            "<tr>",
            "</tr>",
            "<td>",
            "<td rowspan=2>",
            "</td>",
            "<th colspan=2>",
            "甲",
            "1.00",
            " ",
            "\t",
            "\n",
            "<br>",
        ]
    ),
    max_size=40,
).map("".join)
PRINT = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="<>&#|\ufeff"),
    max_size=80,
)
CELL = st.text(st.sampled_from("甲乙丙1234567890.,（）% "), max_size=8).map(
    lambda text: text if text.strip() else ""
)


@given(TAGS)
def test_reading_tags_is_total(text: str) -> None:
    lines = len(re.split("\r\n|\r|\n", text))
    try:
        document = parse(text)
    except UnreadableDocument as error:
        assert error.code in {"empty_file", "nothing_printed"}
        return
    for block in document.blocks:
        parts = block.cells if isinstance(block, Table) else (block,)
        assert all(part.line and 1 <= part.line <= lines for part in parts)


@given(st.one_of(st.text(), SHAPES, MARKUP))
def test_reading_is_total(text: str) -> None:
    try:
        document = parse(text)
    except UnreadableDocument as error:
        assert error.code in {"empty_file", "nothing_printed"}
        return
    for table in document.tables():
        rows(table)


@given(st.binary(max_size=200))
def test_reading_bytes_is_total(data: bytes) -> None:
    try:
        read(data)
    except UnreadableDocument as error:
        assert error.code in {"empty_file", "nothing_printed", "undecodable_text"}


@given(st.one_of(SHAPES, PRINT))
def test_every_line_is_printed_where_it_stood(text: str) -> None:
    document = parse(UNIT + text)
    found: dict[int | None, str] = {}
    for block in document.blocks:
        parts = block.cells if isinstance(block, Table) else (block,)
        for part in parts:
            found[part.line] = found.get(part.line, "") + "".join(part.text.split())
    lines = re.split("\r\n|\r|\n", UNIT + text)
    printed = {n: "".join(line.split()) for n, line in enumerate(lines, start=1)}
    assert {n: t for n, t in found.items() if t} == {
        n: t for n, t in printed.items() if t
    }


@given(
    st.integers(3, 6).flatmap(
        lambda width: st.lists(
            st.lists(CELL, min_size=width, max_size=width), min_size=1, max_size=8
        )
    )
)
def test_a_grid_round_trips(grid: list[list[str]]) -> None:
    # A frame of print keeps a generated row from being no table at all.
    grid = [["项目", *["金额"] * (len(grid[0]) - 1)], *grid]
    assert rows(only_table("\n".join("\t".join(row) for row in grid))) == grid


@given(st.one_of(SHAPES, PRINT, MARKUP))
def test_encodings_of_a_text_give_equal_documents(text: str) -> None:
    document = read((UNIT + text).encode("utf-8"))
    assert read((UNIT + text).encode("gb18030")) == document
    assert read((UNIT + text).encode("utf-16")) == document
    assert read((UNIT + text).encode("utf-8-sig")) == document


# Real disclosures -----------------------------------------------------------


@pytest.fixture
def sample(request: pytest.FixtureRequest) -> Document:
    path = SAMPLES / request.param
    if not path.exists():
        pytest.skip(f"needs the real disclosure {path.name} beside the repository")
    return read(path.read_bytes())


def shapes(document: Document) -> dict[int | None, tuple[int, int]]:
    return {t.line: (t.row_count, t.column_count) for t in document.tables()}


def table_at(document: Document, line: int) -> Table:
    return next(table for table in document.tables() if table.line == line)


@pytest.mark.parametrize("sample", ["000_375a8ddf04c30fe2.txt"], indirect=True)
def test_real_prose(sample: Document) -> None:
    assert shapes(sample) == {}
    assert len(texts(sample, ParagraphKind.TEXT)) == len(sample.blocks) == 32


@pytest.mark.parametrize("sample", ["001_0a2188e0143d2422.txt"], indirect=True)
def test_real_table_with_a_cell_a_line(sample: Document) -> None:
    assert shapes(sample) == {30: (17, 5)}
    table = rows(table_at(sample, 30))
    assert (
        table[0] == table[6] == ["考核维度", "考核项目", "考核内容", "分值", "评分标准"]
    )
    assert [row[3] for row in table[1:6]] == ["10"] * 5
    assert table[8][:2] == ["", ""]
    assert len(sample.blocks) == 29


@pytest.mark.parametrize("sample", ["002_867d4fd29c913767.txt"], indirect=True)
def test_real_markdown(sample: Document) -> None:
    assert shapes(sample) == {
        119: (17, 3),
        143: (15, 4),
        165: (22, 14),
        196: (21, 5),
        226: (11, 7),
        242: (22, 5),
        275: (32, 5),
        316: (18, 3),
        343: (19, 3),
        371: (13, 3),
        391: (4, 6),
        402: (3, 5),
        414: (3, 5),
        428: (10, 7),
        445: (14, 7),
        466: (14, 7),
    }
    balance = table_at(sample, 143)
    assert rows(balance)[2] == ["合计", "1,009.29", "合计", "1,009.29"]
    assert [cell.line for cell in balance.cells if cell.row == 2] == [145] * 4
    overview = rows(table_at(sample, 445))[3]
    assert len(overview[1].split("\n")) == 4
    assert "<p>" not in overview[1]
    assert {p.kind for p in sample.paragraphs()} == {ParagraphKind.TEXT}
    assert not any(p.text.startswith("#") for p in sample.paragraphs())


@pytest.mark.parametrize("sample", ["003_149f69727050f57d.txt"], indirect=True)
def test_real_cut_tables_contents_and_watermarks(sample: Document) -> None:
    found = shapes(sample)
    assert len(found) == 17
    assert found[101] == (35, 6)  # cut before 二十八
    assert found[196] == (39, 7)  # cut before 二十九
    # Titles stand between the forms of the four projects.
    forms = {line: found[line] for line in (460, 494, 526, 558)}
    assert forms == {460: (29, 10), 494: (27, 12), 526: (27, 10), 558: (27, 8)}
    balance = table_at(sample, 101)
    assert rows(balance)[29][2] == "二十八、债务付息支出"
    assert rows(balance)[34] == [
        "收入总计",
        "759.75",
        "支出总计",
        "759.75",
        "654.57",
        "105.19",
    ]
    assert [cell.line for cell in balance.cells if cell.row == 29] == [131] * 6
    assert texts(sample, ParagraphKind.WATERMARK) == ["仅供内部审核"] * 14
    contents = texts(sample, ParagraphKind.CONTENTS)
    assert len(contents) == 33
    assert contents[-1] == "第四部分 名词解释.....\t24"


@pytest.mark.parametrize("sample", ["004_d963c162c8092ea1.txt"], indirect=True)
def test_real_tables_cut_twice(sample: Document) -> None:
    found = shapes(sample)
    assert len(found) == 11
    assert found[329] == (26, 18)
    assert found[412] == (37, 14)
    classes = rows(table_at(sample, 329))
    assert classes[11][:4] == ["302", "28", "工会经费", "502"]  # after the first cut
    assert classes[23][8] == "1,754.34"  # and after the second
    assert classes[25][2] == "公务员医疗补助缴费"
    targets = rows(table_at(sample, 412))
    assert targets[31][:2] == ["410700220000000029817", "染织厂提前退休人员待遇调整"]
    assert rows(table_at(sample, 300))[2][4] == "4, 675. 21"
    assert rows(table_at(sample, 151))[32][0] == "本 年 收 入 合 计"
