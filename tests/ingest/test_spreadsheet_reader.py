"""Workbooks become the tables that they print, cell by cell and span by span."""

from __future__ import annotations

import datetime as dt
import io
import logging
import re
import struct
import time
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.corpus import read_document
from ingest.document import Document, Limits, Paragraph, Table, UnreadableDocument
from ingest.readers import spreadsheet
from tests import bad_files
from tests.ingest import xls_bytes
from tests.ingest.grids import is_tiled, places

ACCOUNTING = r'_ * #,##0.00_ ;_ * \-#,##0.00_ ;_ * "-"??_ ;_ @_ '


def written(fill: Callable[[Any], None]) -> bytes:
    """The bytes of a workbook that ``fill`` writes."""
    target = io.BytesIO()
    workbook = xlsxwriter.Workbook(target, {"in_memory": True})
    fill(workbook)
    workbook.close()
    return target.getvalue()


def one_sheet(*rows: list[Any], name: str = "表一") -> bytes:
    """A workbook of one sheet; a pair is a value and its display format."""

    def fill(workbook: Any) -> None:
        put(workbook, workbook.add_worksheet(name), rows)

    return written(fill)


def put(workbook: Any, sheet: Any, rows: Any, top: int = 0) -> None:
    for row, values in enumerate(rows, top):
        for column, value in enumerate(values):
            if isinstance(value, tuple):
                value, code = value
                sheet.write(
                    row, column, value, workbook.add_format({"num_format": code})
                )
            elif value is not None:
                sheet.write(row, column, value)


def changed(data: bytes, member: str, change: Callable[[str], str]) -> bytes:
    """The same workbook with one member written anew."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(target, "w") as new:
        for info in old.infolist():
            content = old.read(info)
            if info.filename == member:
                content = change(content.decode()).encode()
            new.writestr(info.filename, content)
    return target.getvalue()


def table_of(data: bytes) -> Table:
    (table,) = spreadsheet.read(data).tables()
    return table


def texts(table: Table) -> list[list[str | None]]:
    """The rows of a table; None where a merged cell covers."""
    grid: list[list[str | None]] = [
        [None] * table.column_count for _ in range(table.row_count)
    ]
    for cell in table.cells:
        grid[cell.row][cell.column] = cell.text
    return grid


def spans(table: Table) -> dict[str, tuple[int, int, int, int]]:
    return {
        cell.text: (cell.row, cell.column, cell.row_span, cell.column_span)
        for cell in table.cells
        if (cell.row_span, cell.column_span) != (1, 1)
    }


def code_of(data: bytes, limits: Limits = Limits()) -> str:  # noqa: B008
    with pytest.raises(UnreadableDocument) as caught:
        spreadsheet.read(data, limits)
    return caught.value.code


# Values ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (915.57, "915.57"),
        (0.1 + 0.2, "0.3"),
        (208.0, "208"),
        (2080101, "2080101"),
        ("01", "01"),
        ("1,234.50", "1,234.50"),
        (-12.5, "-12.5"),
        ((12.5, "0.00"), "12.50"),
        ((1234.5, "#,##0.00"), "1,234.50"),
        ((1234567, "#,##0"), "1,234,567"),
        ((-1234.5, "#,##0.00"), "-1,234.50"),
        ((915.5678, "0.00"), "915.57"),
        ((2.675, "0.00"), "2.68"),
        ((0, "0.00"), "0.00"),
        ((0, ACCOUNTING), "-"),
        ((1234.5, ACCOUNTING), "1,234.50"),
        ((-100, r"#,##0.00_);\(#,##0.00\)"), "(100.00)"),
        ((0.125, "0.0%"), "12.5%"),
        ((5, "00"), "05"),
        ((dt.datetime(2025, 3, 1), "yyyy-mm-dd"), "2025-03-01"),
        ((dt.datetime(2025, 3, 1), 'yyyy"年"m"月"'), "2025-03-01"),
        ((dt.datetime(2025, 3, 1, 8, 30), "yyyy-mm-dd hh:mm"), "2025-03-01T08:30:00"),
        (45717, "45717"),
        ((0.5, "hh:mm"), "12:00:00"),
        (True, "TRUE"),
        ("卫生健康\n支出", "卫生健康\n支出"),
        ("卫生健康_x000D_\n支出", "卫生健康\n支出"),
        ("  其中：基金", "  其中：基金"),
    ],
)
def test_a_value_is_what_is_printed(value: Any, text: str) -> None:
    assert texts(table_of(one_sheet(["甲", value])))[0][1] == text


def test_the_stored_text_counts_and_not_the_binary_number() -> None:
    data = changed(
        one_sheet(["甲", (1.5, "0.00"), 2.5]),
        "xl/worksheets/sheet1.xml",
        lambda xml: xml.replace("1.5<", "2.6749999999999998<").replace(
            "2.5<", "915.57000000000005<"
        ),
    )
    assert texts(table_of(data)) == [["甲", "2.68", "915.57"]]


def test_results_of_formulas() -> None:
    def fill(workbook: Any) -> None:
        sheet = workbook.add_worksheet()
        money = workbook.add_format({"num_format": "#,##0.00"})
        sheet.write("A1", "甲")
        sheet.write_formula("B1", "=1000+0.5", money, 1000.5)
        sheet.write_formula("C1", "=1/0", None, "#DIV/0!")
        sheet.write_formula("D1", '="乙"', None, "乙")
        sheet.write_formula("E1", "=1+1", None, "")  # never calculated
        sheet.write_formula("F1", "=1=1", None, True)

    assert texts(table_of(written(fill))) == [
        ["甲", "1,000.50", "#DIV/0!", "乙", "=1+1", "TRUE"]
    ]


def test_zeros_that_the_sheet_hides_are_not_printed() -> None:
    def fill(workbook: Any) -> None:
        sheet = workbook.add_worksheet()
        sheet.hide_zero()
        put(workbook, sheet, [["甲", (0, "0.00"), 10, (0.001, "0.00")]])

    assert texts(table_of(written(fill))) == [["甲", "", "10", "0.00"]]


def test_a_workbook_without_styles_or_places_is_read() -> None:
    data = changed(
        one_sheet(["甲", 1.25], ["乙", 2.5]),
        "xl/worksheets/sheet1.xml",
        lambda xml: re.sub(r' (?:r="\w+"|spans="[\d:]+")', "", xml),
    )
    data = changed(data, "xl/styles.xml", lambda _: "<styleSheet/>")
    assert texts(table_of(data)) == [["甲", "1.25"], ["乙", "2.5"]]


# Places ---------------------------------------------------------------------


def test_merged_headers_keep_their_spans() -> None:
    def fill(workbook: Any) -> None:
        sheet = workbook.add_worksheet("支出总表")
        put(workbook, sheet, [["科目编码", None, None, "科目名称", "合计"]], 4)
        put(workbook, sheet, [["类", "款", "项"], ["208", "01", "09", "甲", 1]], 5)
        sheet.merge_range("A5:C5", "科目编码")
        sheet.merge_range("D5:D6", "科目名称")
        sheet.merge_range("E5:E6", "合计")

    table = table_of(written(fill))
    assert (table.row_count, table.column_count) == (3, 5)
    assert (table.sheet, table.line, table.has_spans) == ("支出总表", 5, True)
    assert spans(table) == {
        "科目编码": (0, 0, 1, 3),
        "科目名称": (0, 3, 2, 1),
        "合计": (0, 4, 2, 1),
    }
    assert texts(table) == [
        ["科目编码", None, None, "科目名称", "合计"],
        ["类", "款", "项", None, None],
        ["208", "01", "09", "甲", "1"],
    ]
    assert {cell.row: cell.line for cell in table.cells} == {0: 5, 1: 6, 2: 7}


def test_what_lies_below_a_merged_cell_is_not_printed() -> None:
    data = changed(
        one_sheet(["甲", "乙", "丙"], ["丁", 5, 6]),
        "xl/worksheets/sheet1.xml",
        lambda xml: xml.replace(
            "</sheetData>",
            '</sheetData><mergeCells><mergeCell ref="B2:C2"/></mergeCells>',
        ),
    )
    assert texts(table_of(data)) == [["甲", "乙", "丙"], ["丁", "5", None]]


def test_places_count_from_the_first_printed_cell() -> None:
    def fill(workbook: Any) -> None:
        sheet = workbook.add_worksheet()
        sheet.write("C4", "甲")
        sheet.write("E4", 1)
        sheet.write("C7", "乙")
        sheet.write("E7", 2)
        sheet.merge_range("J2:K9", "")  # empty, and beyond the print

    table = table_of(written(fill))
    assert texts(table) == [
        ["甲", "", "1"],
        ["", "", ""],
        ["", "", ""],
        ["乙", "", "2"],
    ]
    assert [cell.line for cell in table.cells if cell.text] == [4, 4, 7, 7]


def test_a_title_wider_than_its_table_adds_no_columns() -> None:
    def fill(workbook: Any) -> None:
        sheet = workbook.add_worksheet()
        sheet.merge_range("A1:H1", "收支总表")
        put(workbook, sheet, [["项目", "预算数"], ["合计", 1]], 1)

    table = table_of(written(fill))
    assert table.column_count == 2
    assert spans(table) == {"收支总表": (0, 0, 1, 2)}


# Sheets ---------------------------------------------------------------------


def test_hidden_sheets_are_left_out_and_logged(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fill(workbook: Any) -> None:
        for name in ("看得见", "隐藏", "深藏"):
            put(workbook, workbook.add_worksheet(name), [["甲", 1]])
        workbook.get_worksheet_by_name("隐藏").hide()
        workbook.get_worksheet_by_name("深藏").very_hidden()
        chart = workbook.add_chart({"type": "bar"})
        chart.add_series({"values": "=看得见!$B$1:$B$1"})
        workbook.add_chartsheet("图").set_chart(chart)
        workbook.add_worksheet("空")

    with caplog.at_level(logging.INFO):
        document = spreadsheet.read(written(fill))
    assert [table.sheet for table in document.tables()] == ["看得见"]
    assert document.format == "xlsx"
    assert all(name in caplog.text for name in ("隐藏", "深藏", "图"))


def test_a_sheet_of_single_texts_is_paragraphs() -> None:
    def fill(workbook: Any) -> None:
        cover = workbook.add_worksheet("封面")
        cover.merge_range("B3:F3", "云溪县渡口管理站")
        cover.merge_range("B5:F5", "2025年部门预算")
        put(workbook, workbook.add_worksheet("目录"), [["目录"], ["一、收支总表"]])
        put(workbook, workbook.add_worksheet("1"), [["项目", "预算数"], ["合计", 1]])

    document = spreadsheet.read(written(fill))
    assert [(p.text, p.line) for p in document.paragraphs()] == [
        ("云溪县渡口管理站", 3),
        ("2025年部门预算", 5),
        ("目录", 1),
        ("一、收支总表", 2),
    ]
    assert [table.sheet for table in document.tables()] == ["1"]


HEADER = ["项目", "预算数"]


def parts(*rows: list[Any]) -> list[list[list[str | None]]]:
    return [
        texts(block) if isinstance(block, Table) else [[block.text]]
        for block in spreadsheet.read(one_sheet(*rows)).blocks
    ]


def test_statements_below_each_other_are_tables_of_their_own() -> None:
    found = parts(
        ["部门收入总表"],
        [None, "单位：万元"],
        HEADER,
        ["合计", 1],
        ["注：本表为空的，即无收入。"],
        [],
        ["附件2"],
        ["部门支出总表"],
        [],
        ["单位名称：云溪县渡口管理站", "单位：万元"],
        HEADER,
        ["合计", 2],
    )
    assert [part[0][0] for part in found] == ["部门收入总表", "附件2"]
    assert [len(part) for part in found] == [5, 6]


def test_captions_side_by_side_begin_a_statement() -> None:
    found = parts(
        ["收入总表", "公开01表"],
        HEADER,
        ["合计", 1],
        ["填表人：甲", "审核人：乙"],
        [],
        ["支出总表", "公开02表"],
        ["部门：丙", "金额单位：元"],
        HEADER,
        ["合计", 2],
    )
    assert [part[0][0] for part in found] == ["收入总表", "支出总表"]


def test_a_title_right_below_figures_begins_a_statement() -> None:
    found = parts(
        ["收入总表"], HEADER, ["合计", 1], ["支出总表（一）"], HEADER, ["合计", 2]
    )
    assert [part[0][0] for part in found] == ["收入总表", "支出总表（一）"]


def test_the_same_header_below_another_line_begins_a_statement() -> None:
    found = parts(
        ["支出总表"],
        ["部门名称：丙"],
        HEADER,
        ["合计", 1],
        [],
        ["财政盘子开支一览"],
        ["部门名称：丙"],
        HEADER,
        ["合计", 2],
    )
    assert [part[0][0] for part in found] == ["支出总表", "财政盘子开支一览"]


@pytest.mark.parametrize(
    "captions",
    [
        [["财政盘子开支一览（单位：元）"], ["单位：丙"]],
        [["单位名称：丙"], ["单位：万元"], ["财政盘子开支一览"]],
    ],
)
def test_another_header_below_a_unit_begins_a_statement(
    captions: list[list[str]],
) -> None:
    other = ["编码", "名称", "总额"]
    upper = [["三公经费表"], HEADER, ["合计", 1]]
    found = parts(*upper, [], *captions, other, ["208", "社会", 2])
    assert [part[0][0] for part in found] == ["三公经费表", captions[0][0]]
    # without a header below it or a blank row above it, it is a line of the table
    assert len(parts(*upper, [], *captions, ["甲", 3])) == 1
    assert len(parts(*upper, ["单位：万元"], other, ["乙", 2])) == 1


@pytest.mark.parametrize(
    "between",
    [
        [[], ["合计"]],
        [[], ["注：本表反映支出。"], HEADER],
        [[], ["部门支出总表"]],  # nothing below it
        [[], ["部门支出总表"], ["合计", 3]],  # no header below it
        [[], HEADER],
        [[], ["教育支出"], ["办公费", 3], HEADER],
    ],
)
def test_a_table_with_blank_rows_stays_whole(between: list[list[Any]]) -> None:
    found = parts(["收入总表"], HEADER, ["合计", 1], *between)
    assert len(found) == 1


def test_captions_and_header_once_more_are_the_next_page() -> None:
    page = [["支出总表"], ["单位：万元"], HEADER]
    first = [*page, ["合计", 3], ["甲", 1]]
    assert len(parts(*first, *page, ["乙", 2])) == 1
    assert len(parts(*first, [], *page, ["乙", 2])) == 1
    # another total, or another line, is another unit's
    assert len(parts(*first, *page, ["合计", 2], ["乙", 2])) == 2
    assert len(parts(*first, ["支出总表"], ["单位：元"], HEADER, ["乙", 2])) == 2


def test_prose_above_the_first_title_is_paragraphs() -> None:
    found = parts(["云溪县渡口管理站"], [], ["2025年收入总表"], HEADER, ["合计", 1])
    assert [part[0][0] for part in found] == ["云溪县渡口管理站", "2025年收入总表"]
    assert len(found[1]) == 3


def test_a_merged_cell_is_never_cut() -> None:
    def fill(workbook: Any) -> None:
        sheet = workbook.add_worksheet()
        put(workbook, sheet, [HEADER, ["甲", 1], [None, 2], [], [None, "乙表"], HEADER])
        sheet.merge_range("A2:A5", "甲")

    assert spans(table_of(written(fill)))["甲"] == (1, 0, 4, 1)


def test_an_empty_merged_cell_may_begin_outside_the_print() -> None:
    def fill(workbook: Any) -> None:
        sheet = workbook.add_worksheet()
        for place in ("A1:B3", "D1:D2"):
            sheet.merge_range(place, "")
        put(workbook, sheet, [[], [None, None, "表"], [None, None, "名", "计"], []])
        sheet.write(3, 1, "甲")

    table = table_of(written(fill))
    assert is_tiled(table)
    assert places(table)[0] == (0, 0, 2, 1, "")


# Files ----------------------------------------------------------------------


# Headers without merged cells -------------------------------------------------


UNMERGED = (
    ("科目编码", "科目名称", "合计", "其中", None),
    (None, None, None, "基本支出", "项目支出"),
    ("208", "社会保障和就业支出", 3.5, 1.5, 2),
)


def across(workbook: Any) -> None:
    sheet = workbook.add_worksheet("表")
    centred = workbook.add_format({"align": "center_across"})
    for row, values in enumerate(UNMERGED):
        for column, value in enumerate(values):
            if row == 0 and column > 2:
                sheet.write(row, column, value, centred)
            elif value is not None:
                sheet.write(row, column, value)


def test_a_label_without_merged_cells_may_stand_for_more() -> None:
    table = table_of(one_sheet(*UNMERGED))
    assert not table.has_spans
    assert spans(table) == {}


@pytest.mark.parametrize(
    "rows",
    [
        [["科目编码", "科目名称", "合计"], ["208", "社会保障和就业支出", 1.5]],
        [["科目", None, "合计"], ["208", "社会保障和就业支出", 1.5]],
        [["收入", "金额", "支出", "金额"], ["一、财政拨款", 1.5, "一、教育", 1.5]],
    ],
)
def test_a_header_of_one_row_has_lost_nothing(rows: list[list[Any]]) -> None:
    assert table_of(one_sheet(*rows)).has_spans


def test_a_label_centred_across_empty_cells_spans_them() -> None:
    table = table_of(written(across))
    assert spans(table) == {"其中": (0, 3, 1, 2)}
    assert table.has_spans


def test_the_older_format_centres_across_cells_too() -> None:
    cells = {
        (row, column): xls_bytes.Across(value) if row == 0 and column > 2 else value
        for row, values in enumerate(UNMERGED)
        for column, value in enumerate(values)
        if value is not None or (row == 0 and column > 2)
    }
    table = table_of(xls_bytes.workbook(xls_bytes.Sheet("表", cells)))
    assert spans(table) == {"其中": (0, 3, 1, 2)}


# Statements over several sheets ---------------------------------------------

HEADER = ["科目编码", "科目名称", "合计"]
FIRST = [["2025年支出总表"], HEADER, ["208", "社会保障和就业支出", 3.5]]
MORE = ["210", "卫生健康支出", 1.5]


def sheets(*contents: tuple[str, list[list[Any]]]) -> bytes:
    def fill(workbook: Any) -> None:
        for name, lines in contents:
            sheet = workbook.add_worksheet(name)
            for row, values in enumerate(lines):
                sheet.write_row(row, 0, values)

    return written(fill)


@pytest.mark.parametrize(
    ("name", "more"),
    [
        ("Sheet2", [MORE]),
        ("支出总表（续）", [MORE]),
        ("支出总表（续）", [HEADER, MORE]),
        ("Sheet2", [["2025年支出总表（续）"], HEADER, MORE]),
        ("Sheet2", [["续表"], MORE]),
    ],
)
def test_a_statement_goes_on_on_the_next_sheet(
    name: str, more: list[list[Any]]
) -> None:
    table = table_of(sheets(("支出总表", FIRST), (name, more)))
    assert table.sheet == "支出总表"
    repeated = [HEADER] if HEADER in more else []
    assert texts(table)[1:] == [
        *(HEADER, ["208", "社会保障和就业支出", "3.5"], *repeated),
        ["210", "卫生健康支出", "1.5"],
    ]
    last = table.cells[-1]
    assert (last.text, last.page, last.line) == ("1.5", 2, len(more))
    assert table.cells[0].page == 1


@pytest.mark.parametrize(
    "more",
    [
        [["2025年支出总表"], HEADER, MORE],  # of another unit
        [HEADER, MORE],
        [["210", "卫生健康支出", 1.5, 2.5]],
        [[1.5, "卫生健康支出", "210"], ["甲", 1.5, 2]],
        [["2025年项目支出表"], MORE],
        [["附注", "未尽事宜", "无"]],
    ],
)
def test_another_table_on_the_next_sheet_stays_apart(more: list[list[Any]]) -> None:
    data = sheets(("支出总表", FIRST), ("Sheet2", more))
    assert [table.sheet for table in spreadsheet.read(data).tables()] == [
        "支出总表",
        "Sheet2",
    ]


def test_a_million_empty_rows_take_no_time() -> None:
    data = bad_files.with_empty_rows([["项目", "金额"], ["合计", "1.00"]])
    started = time.process_time()
    assert texts(table_of(data)) == [["项目", "金额"], ["合计", "1.00"]]
    assert time.process_time() - started < 10


def test_a_sheet_without_print_is_nothing_printed() -> None:
    assert code_of(one_sheet()) == "nothing_printed"
    assert code_of(one_sheet(["  ", "\n"])) == "nothing_printed"


def test_an_encrypted_workbook_is_said_to_be() -> None:
    names = ("EncryptionInfo", "EncryptedPackage")
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(512, b"\0")
    entries = [(name + "\0").encode("utf-16-le").ljust(128, b"\0") for name in names]
    data = head + b"".join(entries)
    assert code_of(data) == "encrypted_workbook"
    with pytest.raises(UnreadableDocument, match="encrypted_workbook"):
        read_document(data, Limits())
    locked = xls_bytes.workbook(xls_bytes.Sheet("甲"), is_locked=True)
    assert code_of(locked) == "encrypted_workbook"


def test_a_workbook_cut_short_is_damaged() -> None:
    data = one_sheet(*[["甲", n, f"乙{n}"] for n in range(200)])
    for share in (0.5, 0.8, 0.99):
        assert code_of(data[: int(len(data) * share)]) == "damaged_workbook"


def test_a_sheet_that_is_no_xml_is_damaged() -> None:
    data = changed(
        one_sheet(["甲", 1]), "xl/worksheets/sheet1.xml", lambda xml: xml[:-60]
    )
    assert code_of(data) == "damaged_workbook"


@pytest.mark.parametrize(
    ("known", "odd"),
    [
        ("<c ", "\n<c "),  # a row that needs a parser
        ("<sheetData>", "<sheetData><!-- <row r='1'/> -->"),  # a sheet that does
        ('<c r="B2"', '<c r="B2" cm="0"'),
        ('<row r="2"', "<row r='2'"),
    ],
)
def test_rows_are_read_the_same_with_a_parser_and_without(known: str, odd: str) -> None:
    rows = [["项目", None, "金额"], ["208", 1.5, (0, ACCOUNTING)], ["合计", -3, 0.25]]
    data = one_sheet(*rows)
    member = "xl/worksheets/sheet1.xml"
    other = changed(data, member, lambda xml: xml.replace(known, odd))
    assert other != data
    assert table_of(other) == table_of(data)


@pytest.mark.parametrize(
    ("cell", "wrong"),
    [('r="B2"', 'r="B3"'), ('r="B2"', 'r="C2"'), ("<v>0</v>", "<v>0.5</v>")],
)
def test_rows_without_a_parser_are_refused_for_the_same(cell: str, wrong: str) -> None:
    data = one_sheet(["项目", None, "金额"], ["208", 1.5, 2.5])
    member = "xl/worksheets/sheet1.xml"
    assert code_of(changed(data, member, lambda xml: xml.replace(cell, wrong))) == (
        "damaged_workbook"
    )


def test_entities_are_not_resolved() -> None:
    bomb = (
        '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;">'
        '<!ENTITY c SYSTEM "file:///etc/passwd">]>'
    )
    data = changed(
        one_sheet(["甲", 1.5]),
        "xl/worksheets/sheet1.xml",
        lambda xml: xml.replace("<worksheet", bomb + "<worksheet", 1).replace(
            "<v>1.5</v>", "<v>&c;&b;</v>"
        ),
    )
    try:
        found = str(spreadsheet.read(data).blocks)
    except UnreadableDocument as error:
        assert error.code == "damaged_workbook"
    else:
        assert "root:" not in found


def test_text_is_no_workbook() -> None:
    assert code_of("合计\t1\n".encode()) == "unsupported_format"
    assert code_of(b"\x09\x04\x06\x00\x00\x00\x10\x00") == "unsupported_format"


@pytest.mark.parametrize(
    "limits",
    [
        Limits(file_bytes=100),
        Limits(file_bytes=8000),  # the archive is smaller, its content larger
        Limits(cells=5),
        Limits(cell_characters=3),
    ],
)
def test_beyond_the_limits_is_too_large(limits: Limits) -> None:
    data = one_sheet(["合计数字", 1], ["甲", 2], ["乙", 3])
    assert len(data) < 8000
    assert code_of(data, limits) == "too_large"


def test_a_cell_far_away_is_too_large_before_it_is_unfolded() -> None:
    def fill(workbook: Any) -> None:
        sheet = workbook.add_worksheet()
        sheet.write(0, 0, "甲")
        sheet.write(1_048_575, 16_383, "乙")

    assert code_of(written(fill)) == "too_large"


def test_an_archive_that_lies_about_its_size_is_too_large() -> None:
    data = bytearray(
        changed(
            one_sheet(["甲", 1]),
            "xl/theme/theme1.xml",
            lambda xml: xml + " " * 3_000_000,
        )
    )
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for info in old.infolist():
            new.writestr(info.filename, old.read(info))
    data = bytearray(packed.getvalue())
    at = data.rfind(b"xl/theme/theme1.xml") - 46
    assert data[at : at + 4] == b"PK\x01\x02"
    struct.pack_into("<I", data, at + 24, 1000)
    assert code_of(bytes(data), Limits(file_bytes=1_000_000)) == "too_large"


# Excel 97 -------------------------------------------------------------------


def test_the_older_format_prints_the_same() -> None:
    sheet = xls_bytes.Sheet(
        "支出总表",
        {
            (1, 1): "部门支出总表",
            (2, 1): "科目编码",
            (2, 2): "合计",
            (3, 1): "208",
            (3, 2): (915.5678, "0.00"),
            (4, 1): 208,
            (4, 2): (0.0, ACCOUNTING),
            (5, 1): xls_bytes.Error(),
            (5, 2): ([1234.5], "#,##0.00"),
            (6, 1): (45717.0, "yyyy-mm-dd"),
            (6, 2): -0.30000000000000004,
            (7, 1): True,
            (7, 2): (-1234.5, ACCOUNTING),
        },
        merges=[(1, 1, 1, 2)],
    )
    hidden = xls_bytes.Sheet("隐藏", {(0, 0): "甲", (0, 1): 1.0}, is_hidden=True)
    document = spreadsheet.read(xls_bytes.workbook(hidden, sheet))
    assert document.format == "xls"
    (table,) = document.tables()
    assert (table.sheet, table.line) == ("支出总表", 2)
    assert spans(table) == {"部门支出总表": (0, 0, 1, 2)}
    assert texts(table) == [
        ["部门支出总表", None],
        ["科目编码", "合计"],
        ["208", "915.57"],
        ["208", "-"],
        ["#DIV/0!", "1,234.50"],
        ["2025-03-01", "-0.3"],
        ["TRUE", "-1,234.50"],
    ]


def test_the_older_format_hides_zeros_too() -> None:
    sheet = xls_bytes.Sheet("甲", {(0, 0): "乙", (0, 1): 0.0}, shows_zeros=False)
    other = xls_bytes.Sheet("丙", {(0, 0): "丁", (0, 1): 0.0})
    document = spreadsheet.read(xls_bytes.workbook(sheet, other))
    assert [b.text for b in document.paragraphs()] == ["乙"]
    assert [texts(table) for table in document.tables()] == [[["丁", "0"]]]


def test_the_older_format_cut_short_is_damaged() -> None:
    data = xls_bytes.workbook(
        xls_bytes.Sheet("甲", {(n, c): f"乙{n}" for n in range(99) for c in (0, 1)})
    )
    assert code_of(data[:1500]) == "damaged_workbook"


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_damage_never_escapes(data: st.DataObject) -> None:
    whole = data.draw(st.sampled_from([SOME_XLSX, SOME_XLS]))
    broken = bytearray(whole)
    for _ in range(data.draw(st.integers(1, 8))):
        at = data.draw(st.integers(8, len(whole) - 1))
        broken[at] = data.draw(st.integers(0, 255))
    try:
        assert isinstance(spreadsheet.read(bytes(broken)), Document)
    except UnreadableDocument as error:
        assert error.code in {
            "damaged_workbook",
            "encrypted_workbook",
            "nothing_printed",
            "too_large",
            "unsupported_format",
        }


SOME_XLSX = one_sheet(["甲", (1.5, "0.00"), 2], ["乙", "丙", 3])
SOME_XLS = xls_bytes.workbook(
    xls_bytes.Sheet("甲", {(0, 0): "乙", (0, 1): (1.5, "0.00"), (1, 0): "丙"})
)

# Round trip -----------------------------------------------------------------


@st.composite
def grids(draw: st.DrawFn) -> tuple[dict[tuple[int, int], str], list[Any]]:
    """Texts at places, and merged ranges that do not overlap."""
    height, width = draw(st.integers(1, 7)), draw(st.integers(2, 6))
    taken: set[tuple[int, int]] = set()
    merges = []
    for _ in range(draw(st.integers(0, 4))):
        top, left = draw(st.integers(0, height - 1)), draw(st.integers(0, width - 1))
        bottom = draw(st.integers(top, min(height - 1, top + 2)))
        right = draw(st.integers(left, min(width - 1, left + 3)))
        places = {
            (r, c) for r in range(top, bottom + 1) for c in range(left, right + 1)
        }
        if len(places) > 1 and taken.isdisjoint(places):
            taken |= places
            merges.append((top, left, bottom, right))
    covered = taken - {(top, left) for top, left, _, _ in merges}
    cells = {
        (row, column): draw(st.text("甲乙丙12.5-", min_size=0, max_size=4))
        for row in range(height)
        for column in range(width)
        if (row, column) not in covered
    }
    cells[0, 0] = cells[0, 0] or "头"  # the corners are printed: no row is trimmed
    for corner in ((0, width - 1), (height - 1, width - 1), (height - 1, 0)):
        if corner in cells:
            cells[corner] = cells[corner] or "角"
    return cells, merges


@given(grids(), st.sampled_from(["xlsx", "xls"]))
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_grids_come_back(
    grid: tuple[dict[tuple[int, int], str], list[Any]], kind: str
) -> None:
    cells, merges = grid

    def fill(workbook: Any) -> None:
        sheet = workbook.add_worksheet("甲")
        for top, left, bottom, right in merges:
            sheet.merge_range(top, left, bottom, right, "")
        for (row, column), text in cells.items():
            if text:
                sheet.write_string(row, column, text)

    if kind == "xlsx":
        data = written(fill)
    else:
        kept: dict[tuple[int, int], object] = {k: v for k, v in cells.items() if v}
        data = xls_bytes.workbook(xls_bytes.Sheet("甲", kept, merges))
    found: dict[tuple[int, int], str] = {}
    for block in spreadsheet.read(data).blocks:
        assert block.line is not None
        if isinstance(block, Paragraph):
            (place,) = [
                p for p, text in cells.items() if p[0] == block.line - 1 and text
            ]
            found[place] = block.text
            continue
        covered = [
            (cell.row + r, cell.column + c)
            for cell in block.cells
            for r in range(cell.row_span)
            for c in range(cell.column_span)
        ]
        # every position once, as a cell of its own or covered by another
        assert len(covered) == len(set(covered))
        assert len(covered) == block.row_count * block.column_count
        left = min(column for (row, column), text in cells.items() if text)
        for cell in block.cells:
            if cell.text:
                found[block.line - 1 + cell.row, left + cell.column] = cell.text
    assert found == {place: text for place, text in cells.items() if text}
