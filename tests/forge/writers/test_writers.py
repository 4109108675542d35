"""The writers print what is on the paper, and a page looks as it should."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from html import unescape
from xml.etree import ElementTree

import pdfplumber
import pypdfium2 as pdfium
import pytest
from python_calamine import load_workbook

from tests.forge.paper import PageBreak, Paper, grid
from tests.forge.writers import SUFFIX, WATERMARK, WRITERS, html, pdf, txt, xls, xlsx
from tests.forge.writers import csv as csv_writer
from tests.forge.writers.sections import sections
from tests.forge.writers.sheets import number

EXPENDITURE = grid(
    [("科目编码", 3), ("科目名称", 1, 2), ("合计", 1, 2), ("其中", 2)],
    ["类", "款", "项", "基本支出", "项目支出"],
    [None, None, None, "合计", "2,469.00", "2,400.00", "69.00"],
    ["208", "01", "01", "行政运行", "1,234.50", "1,200.00", "34.50"],
    ["208", "01", "09", "社会保险经办机构", "1,234.50", "1,200.00", "34.50"],
    header_rows=2,
    sheet="支出总表",
)
PAPER = Paper(
    "云溪县渡口管理站2025年部门预算",
    [
        "渡口管理站负责渡口的安全。",
        PageBreak(),
        "2025年部门支出总表",
        "单位：万元",
        EXPENDITURE,
        "注：本表无其他数据",
        "2025年项目支出表",
        "单位：元",
        grid(["项目名称", "金额"], ["渡船<维修>", "(30.00)"]),
    ],
)
LONG = Paper(
    "云溪县渡口管理站2025年部门预算",
    [
        "2025年部门支出总表",
        grid(
            ["科目名称", "金额", "说明"],
            *([f"第{n}项", f"{n}.50", f"第{n}项的依据，" * 8] for n in range(40)),
        ),
    ],
)
WORKBOOKS = (".xlsx", ".xls", ".et")
TEXT_BOOKS = ("xlsx-text", "xls-one-sheet")


def printed(paper: Paper) -> list[str]:
    """Every text of a paper that prints something."""
    lines = [paper.title, *(block for block in paper.blocks if isinstance(block, str))]
    cells = [cell.text for table in paper.grids() for cell in table.cells]
    return [text for text in (*lines, *cells) if text]


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


def pages(data: bytes) -> list[str]:
    """The text of each page, as it was drawn.

    PDFium leaves out what has no extent, as a sign by itself has where the system has
    no Chinese font.
    """
    with pdfplumber.open(io.BytesIO(data)) as document:
        return ["".join(sign["text"] for sign in page.chars) for page in document.pages]


def text_of(key: str, data: bytes) -> str:
    """All that a file prints, by other means than those of the warehouse."""
    match SUFFIX[key]:
        case ".pdf":
            return "".join(pages(data))
        case suffix if suffix in WORKBOOKS:
            return "|".join(str(value) for _, _, value in values(data))
        case ".docx":
            with zipfile.ZipFile(io.BytesIO(data)) as package:
                root = ElementTree.fromstring(package.read("word/document.xml"))
            return "".join(root.itertext())
        case ".html":
            text = data.decode("gb18030" if b"charset=gb2312" in data else "utf-8")
            return unescape(re.sub(r"<[^>]*>", "", text))
        case _:
            return data.decode("gb18030" if "gb18030" in key else "utf-8-sig")


def values(data: bytes) -> list[tuple[str, tuple[int, int], object]]:
    """Sheet, place and value of every cell of a workbook that is not empty."""
    book = load_workbook(io.BytesIO(data))
    return [
        (name, (row, column), value)
        for name in book.sheet_names
        for row, cells in enumerate(
            book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        )
        for column, value in enumerate(cells)
        if value != ""
    ]


@pytest.mark.parametrize("key", WRITERS)
def test_every_text_is_in_the_file(key: str) -> None:
    text = squeezed(text_of(key, WRITERS[key](PAPER)))
    for part in printed(PAPER):
        figure = number(part)
        if SUFFIX[key] in WORKBOOKS and key not in TEXT_BOOKS and figure:
            part = str(figure[0])
        assert squeezed(part) in text


def test_positions_below_a_merged_cell_are_lost_in_text() -> None:
    rows = txt.write(PAPER).decode().splitlines()
    assert "科目编码\t\t\t科目名称\t合计\t其中\t" in rows
    assert "类\t款\t项\t基本支出\t项目支出" in rows
    assert "208\t01\t09\t社会保险经办机构\t1,234.50\t1,200.00\t34.50" in rows
    kept = txt.write(PAPER, spans="kept").decode().splitlines()
    assert "类\t款\t项\t\t\t基本支出\t项目支出" in kept


def test_only_the_last_header_row_slides() -> None:
    table = grid(
        [("科目", 1, 3), ("合计", 1, 3), ("支出", 2)],
        [("基本支出", 2)],
        ["人员", "公用"],
        ["行政运行", "3.00", "2.00", "1.00"],
        header_rows=3,
    )
    rows = txt.write(Paper("预算", [table]), spans="slid").decode().splitlines()
    assert rows[2:] == [
        "科目\t合计\t支出\t",
        "\t\t基本支出\t",
        "人员\t公用",
        "行政运行\t3.00\t2.00\t1.00",
    ]


def test_a_cell_a_line_and_a_blank_line_after_each_row() -> None:
    text = txt.write(PAPER, one_cell_per_line=True).decode()
    assert "\n\n\t项目名称\n\t金额\n\n\t渡船<维修>\n\t(30.00)\n" in text


def test_sections_keep_lines_with_their_tables() -> None:
    found = [(s.above, s.table is not None, s.below) for s in sections(PAPER)]
    assert found == [
        ([PAPER.title], False, []),
        (["渡口管理站负责渡口的安全。"], False, []),
        (["2025年部门支出总表", "单位：万元"], True, ["注：本表无其他数据"]),
        (["2025年项目支出表", "单位：元"], True, []),
    ]


def test_rows_of_values_have_equal_lengths() -> None:
    text = csv_writer.write(PAPER).decode("utf-8-sig")
    assert {len(row) for row in csv.reader(io.StringIO(text))} == {7}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1,234.50", (1234.5, "#,##0.00")),
        ("0.00", (0.0, "0.00")),
        ("-3", (-3.0, "0")),
        ("(100.00)", (-100.0, '0.00;"("0.00")"')),
        ("2080505", (2080505.0, "0")),
        ("01", None),
        ("-", None),
        ("1,23.50", None),
        ("(100.00", None),
        ("12.5%", None),
    ],
)
def test_figures_that_a_format_prints_again(
    text: str, expected: tuple[float, str] | None
) -> None:
    assert number(text) == expected


def test_a_sheet_for_every_section() -> None:
    names = ["封面", "文字说明", "支出总表", "公开03表"]
    for write in (xlsx.write, xls.write):
        assert list(dict.fromkeys(name for name, _, _ in values(write(PAPER)))) == names
    assert {name for name, _, _ in values(xlsx.write(PAPER, one_sheet=True))} == {
        "公开表"
    }
    cells = {(name, place): value for name, place, value in values(xlsx.write(PAPER))}
    assert cells["支出总表", (6, 2)] == "09"
    assert cells["支出总表", (6, 4)] == 1234.5
    assert cells["支出总表", (7, 0)] == "注：本表无其他数据"
    assert cells["公开03表", (3, 1)] == -30


def test_hidden_sheets_are_hidden() -> None:
    data = xlsx.write(PAPER, hidden=Paper("旧的预算"))
    book = load_workbook(io.BytesIO(data))
    hidden = [s.name for s in book.sheets_metadata if str(s.visible).endswith("Hidden")]
    assert hidden == ["旧封面"]


def test_a_large_workbook_of_excel_97_is_whole() -> None:
    rows = [[f"第{n}项支出的名称很长", f"{n}.50"] for n in range(4000)]
    data = xls.write(Paper("预算", [grid(["名称", "金额"], *rows)]))
    assert len(data) > 128 * 512
    assert values(data)[-1] == ("公开01表", (4000, 1), 3999.5)


def test_source_of_a_page() -> None:
    lines = html.write(PAPER, source="one_line").decode().splitlines()
    assert sum("<td" in line for line in lines) == 2
    lines = html.write(PAPER, source="cell_per_line").decode().splitlines()
    assert "1,234.50" in lines
    styled = html.write(PAPER, style="cms", charset="gb2312")
    assert "云溪县渡口管理站".encode("gb18030") in styled


def test_a_long_table_goes_on_overleaf_with_its_header_or_without() -> None:
    for repeat in (True, False):
        found = pages(pdf.write(LONG, repeat_header=repeat, page_height=420))
        assert len(found) > 3
        headed = ["科目名称" in page for page in found]
        assert headed == [True] + [repeat] * (len(found) - 1)
        text = squeezed("".join(found))
        assert all(f"第{n}项的依据，" in text for n in range(40))


def test_a_row_is_cut_where_it_may_be() -> None:
    def ends(cut: bool) -> list[str]:
        found = pages(
            pdf.write(LONG, cut_rows=cut, page_height=430, page_numbers=False)
        )
        return [squeezed(page)[-1] for page in found[:-1]]

    assert set(ends(False)) == {"，"}
    assert set(ends(True)) != {"，"}


def test_a_watermark_is_on_every_page() -> None:
    found = pages(pdf.write(LONG, watermark=WATERMARK, watermark_angle=0))
    assert all(page.count(WATERMARK) == 6 for page in found)


def test_rotated_pages_lie_across_and_are_turned() -> None:
    with pdfium.PdfDocument(pdf.write(PAPER, rotated=True)) as document:
        page = document[1]
        assert page.get_rotation() == 90
        assert page.get_width() > page.get_height()


def test_tables_side_by_side_stand_at_one_height() -> None:
    table = grid(["名称", "金额"], ["办公费", "8.46"])
    other = grid(["名称", "金额"], ["差旅费", "3.00"])
    data = pdf.write(Paper("预算", ["两表", table, other]), side_by_side=True)
    with pdfium.PdfDocument(data) as document:
        text = document[0].get_textpage()
        boxes = {}
        for word in ("办公费", "差旅费"):
            index, count = text.search(word).get_next()
            assert count == 3
            boxes[word] = text.get_charbox(index)
    assert boxes["办公费"][1] == pytest.approx(boxes["差旅费"][1], abs=2)
    assert boxes["差旅费"][0] > boxes["办公费"][0] + 200


@pytest.mark.parametrize(
    ("ruling", "lines", "count"),
    [
        ("full", "strokes", 9),
        ("open", "strokes", 7),
        ("horizontal", "strokes", 5),
        ("none", "strokes", 0),
        ("full", "boxes", 9),
    ],
)
def test_ruling_lines(ruling: pdf.Ruling, lines: pdf.Lines, count: int) -> None:
    """Five lines along and four down for a header over two columns."""
    table = grid(
        [("名称", 1, 2), ("支出", 2)],
        ["基本", "项目"],
        ["渡口", "1.00", "2.00"],
        ["桥梁", "1.00", "2.00"],
        header_rows=2,
    )
    data = pdf.write(Paper("预算", [table]), ruling=ruling, lines=lines)
    with pdfium.PdfDocument(data) as document:
        paths = [o.get_bounds() for o in document[0].get_objects() if o.type == 2]
    sizes = [(right - left, top - bottom) for left, bottom, right, top in paths]
    assert len(sizes) == count
    assert all(min(size) < 1.2 for size in sizes)
