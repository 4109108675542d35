"""A disclosure as Word document, as web page and in an archive: the same facts."""

from __future__ import annotations

import io
import re
import zipfile
from decimal import Decimal
from typing import Any

import pytest

from ingest.document import Cell, Table
from ingest.readers.legacy_office import program
from tests.building import Build, build
from tests.ingest.office import saved_as
from tests.ingest.word import docx, p, table_xml

# Written as on the page: a cell that begins with ">" goes on in the columns to
# its right, "v" goes on from above.
BALANCE = """
收入|>|支出|>
项目|预算数|项目|预算数
一、一般公共预算拨款收入|150.00|一、社会保障和就业支出|120.00
二、政府性基金预算拨款收入||二、住房保障支出|30.00
本年收入合计|150.00|本年支出合计|150.00
收入总计|150.00|支出总计|150.00
"""
EXPENDITURE = """
功能分类科目|>|合计|其中|>
科目编码|科目名称|v|基本支出|项目支出
合计|>|150.00|130.00|20.00
208|社会保障和就业支出|120.00|100.00|20.00
20801|人力资源和社会保障管理事务|120.00|100.00|20.00
2080101|行政运行|100.00|100.00|
2080109|社会保险经办机构|20.00||20.00
221|住房保障支出|30.00|30.00|
22102|住房改革支出|30.00|30.00|
2210201|住房公积金|30.00|30.00|
"""
ECONOMIC = """
部门预算支出经济分类科目|>|本年一般公共预算基本支出|>|>
科目编码|科目名称|合计|人员经费|公用经费
合计|>|130.00|110.00|20.00
301|工资福利支出|110.00|110.00|
30101|基本工资|80.00|80.00|
30113|住房公积金|30.00|30.00|
302|商品和服务支出|20.00||20.00
30201|办公费|20.00||20.00
"""
TABLES = (
    ("部门收支总表", BALANCE),
    ("部门支出总表", EXPENDITURE),
    ("一般公共预算基本支出表", ECONOMIC),
)


# The same figures twice would be taken for a copy: every place has its multiple.
MULTIPLES = {"渡口": 1, "桥梁": 2, "码头": 3, "灯塔": 4, "驿站": 5, "茶亭": 6}
MULTIPLES |= {"水塔": 7, "鼓楼": 8}


def grid(written: str, multiple: int = 1) -> Table:
    """The table with its merged cells."""
    written = re.sub(
        r"\d+\.\d\d", lambda figure: str(multiple * Decimal(figure[0])), written
    )
    cells: dict[tuple[int, int], Cell] = {}
    lines = [line.split("|") for line in written.strip().splitlines()]
    for row, line in enumerate(lines):
        for column, text in enumerate(line):
            if text == ">":
                left = max(c for r, c in cells if r == row and c < column)
                start = (row, left)
            elif text == "v":
                start = max((r, c) for r, c in cells if r < row and c == column)
            else:
                cells[row, column] = Cell(row, column, text)
                continue
            cell = cells[start]
            cells[start] = Cell(
                *start,
                cell.text,
                row_span=row - cell.row + 1,
                column_span=max(column - cell.column + 1, cell.column_span),
            )
    return Table(len(lines), len(lines[0]), tuple(cells.values()), has_spans=True)


def captions(place: str, title: str) -> tuple[str, str, str]:
    return (f"2025年{title}", f"单位名称：云溪县{place}管理站", "单位：万元")


def word(place: str) -> bytes:
    """The disclosure as Word writes it."""
    body = [p(f"云溪县{place}管理站2025年部门预算公开")]
    for title, written in TABLES:
        body.extend(p(line) for line in captions(place, title))
        body.append(table_xml(grid(written, MULTIPLES[place])))
        body.append(p())
    return docx(*body)


def page(place: str) -> str:
    """The disclosure as a web page, one table on one line."""
    parts = [f"<h1>云溪县{place}管理站2025年部门预算公开</h1>"]
    for title, written in TABLES:
        parts.extend(f"<p>{line}</p>\n" for line in captions(place, title))
        table = grid(written, MULTIPLES[place])
        for row in range(table.row_count):
            cells = (
                f"<td rowspan={c.row_span} colspan={c.column_span}>{c.text or '&nbsp;'}"
                for c in sorted(table.cells, key=lambda cell: cell.column)
                if c.row == row
            )
            parts.append(f"{'<tr>' if row else '<table><tr>'}{''.join(cells)}")
        parts.append("</table>\n")
    head = "<!DOCTYPE html><html><head><meta charset=gb2312></head><body>"
    return f"{head}{''.join(parts)}</body></html>"


def archive() -> bytes:
    """A page that calls itself a workbook, a locked file, a name in GBK."""
    target = io.BytesIO()
    name = "预算.xls".encode("gbk")
    placeholder = "#" * len(name)
    with zipfile.ZipFile(target, "w") as file:
        file.writestr(placeholder, page("码头").encode("gb18030"))
        file.writestr("locked.pdf", b"x")
    data = bytearray(target.getvalue().replace(placeholder.encode(), name))
    data[data.rfind(b"PK\x03\x04") + 6] |= 1
    data[data.rfind(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Build:
    """One build of all forms."""
    folder = tmp_path_factory.mktemp("marked_up")
    disclosures = folder / "disclosures"
    disclosures.mkdir()
    (disclosures / "word.docx").write_bytes(word("渡口"))
    (disclosures / "page.html").write_bytes(page("桥梁").encode())
    (disclosures / "2025.zip").write_bytes(archive())
    (disclosures / "broken.docx").write_bytes(word("灯塔")[:-200])
    for path, (format_, place) in OLDER_FORMS.items():
        (disclosures / path).write_bytes(saved_as(word(place), "docx", format_))
    done = build(disclosures, folder)
    assert done.exit_code == 0, done.output + done.errors
    return done


OLDER_FORMS = {
    "word.doc": ("doc", "驿站"),
    "writer.wps": ("doc", "茶亭"),  # what WPS writes under this name
    "rich.rtf": ("rtf", "水塔"),
    "open.odt": ("odt", "鼓楼"),
}
if not program():
    OLDER_FORMS.clear()
FORMS = {
    "word.docx": ("docx", "渡口"),
    "page.html": ("html", "桥梁"),
    "2025.zip/预算.xls": ("html", "码头"),
    **OLDER_FORMS,
}


def facts(built: Build, path: str, table: str, columns: str) -> list[tuple[Any, ...]]:
    """Columns of the facts of a document in printed order, and the first figures."""
    scale = 10_000 * MULTIPLES[FORMS[path][1]]
    rows = built.rows(
        f"select {columns}, f.amount_yuan / {scale} as amount from marts.{table} as f "
        "inner join marts.dim_source_cell as c on f.cell_id = c.cell_id "
        "inner join marts.dim_source_table as t on f.source_table_id = "
        "t.source_table_id inner join marts.dim_document as d "
        "on f.document_id = d.document_id where d.relative_path = ? "
        "order by t.source_table_id, c.row_number, c.column_number",
        path,
    )
    return [tuple(row.values()) for row in rows]


@pytest.mark.parametrize("path", FORMS)
def test_document_is_loaded(built: Build, path: str) -> None:
    format_, place = FORMS[path]
    found = built.one(
        "select d.*, u.unit_name from marts.dim_document as d "
        "inner join marts.dim_unit as u using (unit_id) where relative_path = ?",
        path,
    )
    assert (found["format"], found["status"]) == (format_, "loaded")
    assert (found["fiscal_year"], found["stage"]) == (2025, "budget")
    assert found["unit_name"] == f"云溪县{place}管理站"
    assert found["file_name"] == path.rpartition("/")[2]
    assert (found["table_count"], found["page_count"]) == (3, None)


@pytest.mark.parametrize("path", FORMS)
def test_tables_are_understood(built: Build, path: str) -> None:
    tables = built.rows(
        "select t.title, t.statement, t.status, t.amount_unit, t.page "
        "from marts.dim_source_table as t inner join marts.dim_document as d "
        "using (document_id) where d.relative_path = ?",
        path,
    )
    assert len(tables) == 3
    assert {tuple(table.values()) for table in tables} == {
        (f"2025年{title}", statement, "loaded", "万元", None)
        for (title, _), statement in zip(
            TABLES, ("balance", "expenditure", "basic_expenditure"), strict=True
        )
    }


@pytest.mark.parametrize("path", FORMS)
def test_functional_facts(built: Build, path: str) -> None:
    columns = "f.statement, f.row_role, f.functional_code, f.measure"
    found = facts(built, path, "fct_functional", columns)
    code, total = "code", "total"
    assert set(found) == {
        (statement, role, functional, measure, Decimal(amount))
        for statement, role, functional, measure, amount in (
            ("balance", code, "208", "total", 120),
            ("balance", code, "221", "total", 30),
            ("balance", total, None, "total", 150),
            ("balance", "grand_total", None, "total", 150),
            ("expenditure", total, None, "total", 150),
            ("expenditure", total, None, "basic", 130),
            ("expenditure", total, None, "project", 20),
            ("expenditure", code, "208", "total", 120),
            ("expenditure", code, "208", "basic", 100),
            ("expenditure", code, "208", "project", 20),
            ("expenditure", code, "20801", "total", 120),
            ("expenditure", code, "20801", "basic", 100),
            ("expenditure", code, "20801", "project", 20),
            ("expenditure", code, "2080101", "total", 100),
            ("expenditure", code, "2080101", "basic", 100),
            ("expenditure", code, "2080109", "total", 20),
            ("expenditure", code, "2080109", "project", 20),
            ("expenditure", code, "221", "total", 30),
            ("expenditure", code, "221", "basic", 30),
            ("expenditure", code, "22102", "total", 30),
            ("expenditure", code, "22102", "basic", 30),
            ("expenditure", code, "2210201", "total", 30),
            ("expenditure", code, "2210201", "basic", 30),
        )
    }
    assert len(found) == 23


@pytest.mark.parametrize("path", FORMS)
def test_economic_facts(built: Build, path: str) -> None:
    columns = "f.classification, f.row_role, f.economic_code, f.measure"
    found = facts(built, path, "fct_economic", columns)
    assert found == [
        ("department", role, code, measure, Decimal(amount))
        for role, code, measure, amount in (
            ("total", None, "total", 130),
            ("total", None, "personnel", 110),
            ("total", None, "operating", 20),
            ("code", "301", "total", 110),
            ("code", "301", "personnel", 110),
            ("code", "30101", "total", 80),
            ("code", "30101", "personnel", 80),
            ("code", "30113", "total", 30),
            ("code", "30113", "personnel", 30),
            ("code", "302", "total", 20),
            ("code", "302", "operating", 20),
            ("code", "30201", "total", 20),
            ("code", "30201", "operating", 20),
        )
    ]


@pytest.mark.parametrize("path", FORMS)
def test_revenue_facts(built: Build, path: str) -> None:
    columns = "f.statement, f.row_role, f.revenue_source"
    assert facts(built, path, "fct_revenue", columns) == [
        ("balance", "code", "general_public_budget", Decimal(150)),
        ("balance", "total", "all", Decimal(150)),
        ("balance", "grand_total", "all", Decimal(150)),
    ]


def test_nothing_is_found_amiss(built: Build) -> None:
    """No form costs an identity: what adds up in one adds up in all."""
    assert built.rows("select rule_id, title from marts.fct_finding") == []
    verdicts = built.rows(
        "select d.relative_path, count(*) as identities from marts.fct_identity as i "
        "inner join marts.dim_document as d using (document_id) "
        "where i.verdict = 'exact' group by all"
    )
    assert {row["relative_path"] for row in verdicts} == set(FORMS)
    assert len({row["identities"] for row in verdicts}) == 1


def test_what_cannot_be_read_says_why(built: Build) -> None:
    rejected = built.rows(
        "select relative_path, status_reason from marts.dim_document "
        "where status <> 'loaded' order by relative_path"
    )
    assert [tuple(row.values()) for row in rejected] == [
        ("2025.zip/locked.pdf", "压缩包已加密，需要密码才能解压。"),
        ("broken.docx", "文件已损坏或不完整，无法打开。"),
    ]


def test_the_source_of_a_fact_is_its_file_and_place(built: Build) -> None:
    cell = built.one(
        "select c.printed_text, c.page, c.line, c.row_number, c.column_number "
        "from marts.fct_economic as f "
        "inner join marts.dim_source_cell as c on f.cell_id = c.cell_id "
        "inner join marts.dim_document as d on f.document_id = d.document_id "
        "where d.relative_path = 'word.docx' and f.economic_code = '30113' "
        "and f.measure = 'personnel'"
    )
    assert tuple(cell.values()) == ("30.00", None, None, 5, 3)


@pytest.mark.skipif(not program(), reason="LibreOffice (soffice) is not installed")
def test_older_forms_are_among_them(built: Build) -> None:
    formats = built.rows("select relative_path, format from marts.dim_document")
    found = {row["relative_path"]: row["format"] for row in formats}
    assert {path: found[path] for path in OLDER_FORMS} == {
        "word.doc": "doc",
        "writer.wps": "doc",
        "rich.rtf": "rtf",
        "open.odt": "odt",
    }


def test_written_tables_have_the_merged_cells() -> None:
    spans = [(c.text, c.row_span, c.column_span) for c in grid(EXPENDITURE).cells][:7]
    assert spans == [
        ("功能分类科目", 1, 2),
        ("合计", 2, 1),
        ("其中", 1, 2),
        ("科目编码", 1, 1),
        ("科目名称", 1, 1),
        ("基本支出", 1, 1),
        ("项目支出", 1, 1),
    ]
