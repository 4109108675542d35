"""Text parted by commas or semicolons is told from prose, and read as cells."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.corpus import read_document
from ingest.detect import decode_text, delimiter_of, detect_format
from ingest.document import Limits, Paragraph, Table, UnreadableDocument
from ingest.readers import delimited

STATEMENT = (
    "2025年部门支出总表,,,\n"
    ",,,单位：万元\n"
    "科目编码,科目名称,合计,基本支出\n"
    ',合计,"1,234.50","1,234.50"\n'
    '208,"社会保障\n和就业支出",915.57,915.57\n'
)


def texts(table: Table) -> list[list[str]]:
    grid = [[""] * table.column_count for _ in range(table.row_count)]
    for cell in table.cells:
        grid[cell.row][cell.column] = cell.text
    return grid


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_a_statement_is_one_table(encoding: str, newline: str) -> None:
    data = STATEMENT.replace("\n", newline).encode(encoding)
    assert detect_format(data) == "csv"
    document = read_document(data, Limits())
    assert document.format == "csv"
    (table,) = document.tables()
    assert not table.has_spans
    assert texts(table) == [
        ["2025年部门支出总表", "", "", ""],
        ["", "", "", "单位：万元"],
        ["科目编码", "科目名称", "合计", "基本支出"],
        ["", "合计", "1,234.50", "1,234.50"],
        ["208", "社会保障\n和就业支出", "915.57", "915.57"],
    ]
    assert (table.line, table.sheet) == (1, None)
    assert [c.line for c in table.cells if c.column == 0] == [1, 2, 3, 4, 5]


def test_lines_count_what_stands_above() -> None:
    data = STATEMENT + "210,卫生健康支出,318.93,318.93\n"
    (table,) = delimited.read(data.encode()).tables()
    assert [c.line for c in table.cells if c.column == 0] == [1, 2, 3, 4, 5, 7]


def test_several_statements_and_notes() -> None:
    second = STATEMENT.replace("支出总表", "支出明细表")
    data = "云溪县渡口管理站,,,\n,,,\n" + STATEMENT + ",,,\n" + second
    blocks = delimited.read(data.encode()).blocks
    assert [
        block.text if isinstance(block, Paragraph) else block.cells[0].text
        for block in blocks
    ] == ["云溪县渡口管理站", "2025年部门支出总表", "2025年部门支出明细表"]


def test_semicolons_and_codes_marked_as_text() -> None:
    data = 'a;b;c;d\n"1,5";="0201";"x;y";"say ""ja"""\n3;4;5;6\n'
    assert delimiter_of(data) == ";"
    (table,) = delimited.read(data.encode()).tables()
    assert texts(table)[1] == ["1,5", "0201", "x;y", 'say "ja"']


@pytest.mark.parametrize(
    "text",
    [
        "1,2,3\n",  # one line proves nothing
        "1,2\n3,4\n5,6\n",
        # numbers in columns parted by blanks, tabs or pipes
        "合计 1,234.50 1,000.00 2,234.50\n" * 4,
        "合计\t1,234.50\t1,000.00\t2,234.50\n" * 4,
        "| 合计 | 1,234.50 | 1,000.00 | 2,234.50 |\n" * 4,
        # prose with half-width commas
        "一是保障运转,二是落实政策,三是规范管理,四是公开信息。\n预算,收入,支出,结余。\n"
        "按照要求,现予公开。\n部门概况如下。\n以下为说明。\n",
        # an odd quote: nobody knows where the cell ends
        STATEMENT + '"\n',
        "科目\t合计\t基本\n" * 5,
    ],
)
def test_other_text_stays_text(text: str) -> None:
    assert delimiter_of(text) is None
    assert detect_format(text.encode()) == "text"


def test_beyond_the_limits_is_too_large() -> None:
    data = STATEMENT.encode()
    for limits in (
        Limits(file_bytes=10),
        Limits(cells=10),
        Limits(cells=20),
        Limits(cell_characters=5),
    ):
        with pytest.raises(UnreadableDocument, match="too_large"):
            delimited.read(data, limits)


def test_a_long_cell_is_read() -> None:
    data = STATEMENT.replace("合计,", "甲" * 200_000 + ",", 1)
    (table,) = delimited.read(data.encode()).tables()
    assert max(len(cell.text) for cell in table.cells) == 200_000


def test_text_without_a_delimiter_is_refused() -> None:
    with pytest.raises(UnreadableDocument, match="unsupported_format"):
        delimited.read("合计".encode())


def test_commas_alone_print_nothing() -> None:
    with pytest.raises(UnreadableDocument, match="nothing_printed"):
        delimited.read(b",,,\n,,,\n,,,\n,,,\n")


# Blanks between digits would make the line one of numbers in columns.
CELLS = st.text('甲乙12.5,;"\n', max_size=5)


@given(st.lists(st.lists(CELLS, min_size=4, max_size=4), min_size=3, max_size=8))
def test_rows_come_back(rows: list[list[str]]) -> None:
    rows = [["头", *row, "尾"] for row in rows]
    target = io.StringIO()
    csv.writer(target, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(rows)
    data = target.getvalue().encode()
    assert detect_format(data) == "csv"
    (table,) = delimited.read(data).tables()
    assert texts(table) == [
        [text if text.strip() else "" for text in row] for row in rows
    ]


@given(st.binary(max_size=200))
def test_reading_is_total(data: bytes) -> None:
    try:
        delimited.read(data)
    except UnreadableDocument:
        return
    assert delimiter_of(decode_text(data))


def test_tabs_with_quoted_line_breaks() -> None:
    """A spreadsheet saved as Unicode text quotes what breaks a line."""
    text = '科目\t"国有资本经营\n预算"\t"说""明"\r\n208\t￥1,234.50\t无\r\n'
    for encoding in ("utf-16", "gb18030"):
        document = read_document(text.encode(encoding), Limits())
        (table,) = document.tables()
        assert [(c.row, c.column, c.text) for c in table.cells] == [
            *((0, 0, "科目"), (0, 1, "国有资本经营\n预算"), (0, 2, '说"明')),
            *((1, 0, "208"), (1, 1, "￥1,234.50"), (1, 2, "无")),
        ]


def test_tabs_and_single_quotes_stay_text() -> None:
    text = '科目\t"合计"\n208\t1.00\n221\t"2.00"\n'
    assert read_document(text.encode(), Limits()).format == "text"


def test_a_line_above_a_unit_begins_a_table_whatever_it_says() -> None:
    printed = (
        "2025年部门收入总表,,\n单位：万元,,\n编码,名称,合计\n208,社会保障,3.00\n"
        "2025年部门开支一览,,\n单位：万元,,\n编码,名称,合计\n208,社会保障,3.00\n"
    )
    document = delimited.read(printed.encode())
    assert [table.row_count for table in document.tables()] == [4, 4]
