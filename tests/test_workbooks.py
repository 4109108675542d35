"""A disclosure gives the same facts as a workbook of either kind and as text."""

from __future__ import annotations

import csv
import io
from decimal import Decimal
from typing import Any

import pytest
import xlsxwriter

from tests.building import Build, build
from tests.ingest import xls_bytes

MONEY = r'_ * #,##0.00_ ;_ * \-#,##0.00_ ;_ * "-"??_ ;_ @_ '
UNIT = "单位：万元"

MORE = {"渡口": 0, "码头": 1, "桥梁": 2}

# Merged ranges and rows; None is a position that a merged cell covers.
Statement = tuple[str, list[tuple[int, int, int, int]], list[list[Any]]]


def statements(unit: str) -> list[Statement]:
    """Amounts are stored with the digits that a computation leaves."""
    name = f"部门名称：云溪县{unit}管理站"
    more = MORE[unit]  # or the documents were copies of one another
    whole, health = 1234.5 + more, 915.57 + more
    staff, wages = 900.07 + more, 600.07 + more
    return [
        (
            "收支总表",
            [(0, 0, 0, 3), (2, 0, 2, 1), (2, 2, 2, 3)],
            [
                ["2025年部门收支预算总表", None, None, None],
                [name, "", "", UNIT],
                ["收入", None, "支出", None],
                ["项目", "预算数", "项目", "预算数"],
                [
                    *("一、一般公共预算拨款收入", whole + 0.0049999),
                    *("一、社会保障和就业支出", 318.9349),
                ],
                ["二、政府性基金预算拨款收入", 0.0, "二、卫生健康支出", health],
                ["本年收入合计", whole, "本年支出合计", whole],
                ["收入总计", whole, "支出总计", whole],
            ],
        ),
        (
            "支出总表",
            [(0, 0, 0, 6), (2, 0, 2, 2), *((2, c, 3, c) for c in range(3, 7))],
            [
                ["2025年部门支出预算总表", *[None] * 6],
                [name, *[""] * 5, UNIT],
                ["科目编码", None, None, "科目名称", "合计", "基本支出", "项目支出"],
                ["类", "款", "项", *[None] * 4],
                ["", "", "", "合计", whole, health, 318.93],
                ["208", "", "", "社会保障和就业支出", 318.93, 0.0, 318.93],
                ["208", "01", "", "人力资源和社会保障管理事务", 318.93, 0.0, 318.93],
                ["208", "01", "09", "社会保险经办机构", 318.93, 0.0, 318.93],
                ["210", "", "", "卫生健康支出", health, health, 0.0],
                ["210", "11", "", "行政事业单位医疗", health, health, 0.0],
                ["210", "11", "01", "行政单位医疗", health, health, 0.0],
            ],
        ),
        (
            "基本支出表",
            [
                *((0, 0, 0, 5), (2, 0, 2, 2), (2, 3, 2, 5), (3, 0, 3, 1)),
                *((3, c, 4, c) for c in range(2, 6)),
            ],
            [
                ["2025年一般公共预算基本支出预算表", *[None] * 5],
                [name, *[""] * 4, UNIT],
                [
                    *("部门预算支出经济分类科目", None, None),
                    *("本年一般公共预算基本支出", None, None),
                ],
                ["科目编码", None, "科目名称", "合计", "人员经费", "公用经费"],
                ["类", "款", *[None] * 4],
                ["", "", "合计", health, staff, 15.5],
                [301.0, "", "工资福利支出", staff, staff, 0.0],
                [301.0, 1.0, "基本工资", wages, wages, 0.0],
                [301.0, 2.0, "津贴补贴", 300.0, 300.0, 0.0],
                [302.0, "", "商品和服务支出", 15.5, 0.0, 15.5],
                [302.0, 1.0, "办公费", 15.5, 0.0, 15.5],
            ],
        ),
    ]


def as_xlsx(unit: str) -> bytes:
    target = io.BytesIO()
    workbook = xlsxwriter.Workbook(target, {"in_memory": True})
    money = workbook.add_format({"num_format": MONEY})
    workbook.add_worksheet("封面").write("B4", f"云溪县{unit}管理站2025年部门预算")
    for title, merges, rows in statements(unit):
        sheet = workbook.add_worksheet(title)
        for place in merges:
            sheet.merge_range(*place, "")
        for row, values in enumerate(rows):
            for column, value in enumerate(values):
                if isinstance(value, float):
                    is_code = column < 2 and title == "基本支出表"
                    sheet.write(row, column, value, None if is_code else money)
                elif value:
                    sheet.write(row, column, value)
    hidden = workbook.add_worksheet("旧表")
    hidden.hide()
    hidden.write_row(0, 0, ["2024年部门收支预算总表", 1, 2, 3])
    workbook.close()
    return target.getvalue()


def as_xls(unit: str) -> bytes:
    sheets = [
        xls_bytes.Sheet("封面", {(3, 1): f"云溪县{unit}管理站2025年部门预算"}),
        *(
            xls_bytes.Sheet(
                title,
                {
                    (row, column): (value, MONEY)
                    if isinstance(value, float)
                    and not (column < 2 and title == "基本支出表")
                    else value
                    for row, values in enumerate(rows)
                    for column, value in enumerate(values)
                    if value not in (None, "")
                },
                merges,
            )
            for title, merges, rows in statements(unit)
        ),
    ]
    return xls_bytes.workbook(*sheets)


def as_csv(unit: str) -> bytes:
    """One statement below the other, as printed, with codes as codes."""
    target = io.StringIO()
    writer = csv.writer(target)
    writer.writerow([f"云溪县{unit}管理站2025年部门预算", *[""] * 6])
    for _, _, rows in statements(unit):
        writer.writerow([""] * 7)
        for values in rows:
            printed = [
                value or ""
                if not isinstance(value, float)
                else f"{value:g}"
                if column < 2 and value in (301, 302, 1, 2)
                else (f"{value:,.2f}" if value else "-")
                for column, value in enumerate(values)
            ]
            writer.writerow(printed + [""] * (7 - len(printed)))
    return target.getvalue().encode("gb18030")


DOCUMENTS = {"渡口.xlsx": as_xlsx, "码头.xls": as_xls, "桥梁.csv": as_csv}
# Names lie: a workbook of one kind is published under the name of another.
PUBLISHED_AS = {"渡口.xlsx": "渡口.xls", "码头.xls": "码头.et"}


@pytest.fixture(scope="module")
def workbooks(tmp_path_factory: pytest.TempPathFactory) -> Build:
    """One build of the disclosure in each format, each of another unit."""
    folder = tmp_path_factory.mktemp("workbooks")
    disclosures = folder / "disclosures"
    disclosures.mkdir()
    for name, write in DOCUMENTS.items():
        path = disclosures / PUBLISHED_AS.get(name, name)
        path.write_bytes(write(name.partition(".")[0]))
    (disclosures / "cut.xlsx").write_bytes(as_xlsx("渡口")[:5000])
    built = build(disclosures, folder)
    assert built.exit_code == 0, built.output + built.errors
    return built


each_document = pytest.mark.parametrize("name", DOCUMENTS)


def facts(built: Build, table: str, code: str, name: str) -> dict[Any, Decimal]:
    return {
        (row["statement"], row["row_code"], row["measure"]): row["amount_yuan"]
        for row in built.rows(
            f"select f.*, coalesce(f.{code}, f.row_role) as row_code "
            f"from marts.{table} as f inner join marts.dim_document as d "
            "using (document_id) where d.file_name = ?",
            PUBLISHED_AS.get(name, name),
        )
    }


def yuan(text: str) -> Decimal:
    return Decimal(text) * 10000


def amounts_of(name: str) -> dict[str, Decimal]:
    """The amounts of a document in 元."""
    more = MORE[name.partition(".")[0]]
    return {
        "whole": yuan("1234.5") + 10000 * more,
        "health": yuan("915.57") + 10000 * more,
        "social": yuan("318.93"),
        "staff": yuan("900.07") + 10000 * more,
        "wages": yuan("600.07") + 10000 * more,
        "allowances": yuan("300"),
        "operating": yuan("15.5"),
    }


@each_document
def test_documents_are_loaded_under_their_unit_and_year(
    workbooks: Build, name: str
) -> None:
    found = workbooks.one(
        "select d.*, u.unit_name from marts.dim_document as d "
        "inner join marts.dim_unit as u using (unit_id) where d.file_name = ?",
        PUBLISHED_AS.get(name, name),
    )
    unit, _, format_ = name.partition(".")
    assert (found["status"], found["format"]) == ("loaded", format_)
    assert found["unit_name"] == f"云溪县{unit}管理站"
    assert (found["fiscal_year"], found["table_count"]) == (2025, 3)


@each_document
def test_tables_have_their_titles_units_and_sheets(workbooks: Build, name: str) -> None:
    rows = workbooks.rows(
        "select t.* from marts.dim_source_table as t "
        "inner join marts.dim_document as d using (document_id) "
        "where d.file_name = ? order by t.source_table_id",
        PUBLISHED_AS.get(name, name),
    )
    assert [(r["statement"], r["status"], r["amount_unit"]) for r in rows] == [
        ("balance", "loaded", "万元"),
        ("expenditure", "loaded", "万元"),
        ("basic_expenditure", "loaded", "万元"),
    ]
    sheets = [None] * 3 if name.endswith("csv") else [s[0] for s in statements("渡口")]
    assert [row["sheet"] for row in rows] == sheets


@each_document
def test_functional_amounts(workbooks: Build, name: str) -> None:
    printed = amounts_of(name)
    chains = {
        "social": ("project", "208", "20801", "2080109"),
        "health": ("basic", "210", "21011", "2101101"),
    }
    expected = {
        ("expenditure", code, measure): printed[key]
        for key, (part, *codes) in chains.items()
        for code in codes
        for measure in ("total", part)
    }
    expected |= {
        ("expenditure", "total", "total"): printed["whole"],
        ("expenditure", "total", "basic"): printed["health"],
        ("expenditure", "total", "project"): printed["social"],
        ("balance", "208", "total"): printed["social"],
        ("balance", "210", "total"): printed["health"],
        ("balance", "total", "total"): printed["whole"],
        ("balance", "grand_total", "total"): printed["whole"],
    }
    assert facts(workbooks, "fct_functional", "functional_code", name) == expected


@each_document
def test_economic_amounts(workbooks: Build, name: str) -> None:
    printed = amounts_of(name)
    expected = {
        ("basic_expenditure", code, measure): printed[key]
        for code, part, key in (
            ("301", "personnel", "staff"),
            ("30101", "personnel", "wages"),
            ("30102", "personnel", "allowances"),
            ("302", "operating", "operating"),
            ("30201", "operating", "operating"),
        )
        for measure in ("total", part)
    }
    expected |= {
        ("basic_expenditure", "total", "total"): printed["health"],
        ("basic_expenditure", "total", "personnel"): printed["staff"],
        ("basic_expenditure", "total", "operating"): printed["operating"],
    }
    assert facts(workbooks, "fct_economic", "economic_code", name) == expected


@each_document
def test_every_amount_adds_up_at_the_printed_precision(
    workbooks: Build, name: str
) -> None:
    for table in ("fct_functional", "fct_economic"):
        rows = workbooks.rows(
            f"select distinct f.proof, f.half_unit_yuan from marts.{table} as f "
            "inner join marts.dim_document as d using (document_id) "
            "where d.file_name = ?",
            PUBLISHED_AS.get(name, name),
        )
        assert [(r["proof"], r["half_unit_yuan"]) for r in rows] == [("proven", 50)]
    assert (
        workbooks.rows(
            "select f.* from marts.fct_finding as f "
            "inner join marts.dim_document as d using (document_id) "
            "where d.file_name = ? and f.severity <> 'info'",
            PUBLISHED_AS.get(name, name),
        )
        == []
    )


def test_a_cell_is_found_again_in_its_sheet(workbooks: Build) -> None:
    cell = workbooks.one(
        "select distinct c.sheet, c.line, c.column_number, c.printed_text "
        "from marts.fct_economic as f "
        "inner join marts.dim_source_cell as c using (cell_id) "
        "inner join marts.dim_document as d on f.document_id = d.document_id "
        "where d.file_name = '渡口.xls' and f.economic_code = '30101' "
        "and f.measure = 'total'"
    )
    assert cell == {
        "sheet": "基本支出表",
        "line": 8,
        "column_number": 3,
        "printed_text": "600.07",
    }


def test_a_workbook_cut_short_says_so(workbooks: Build) -> None:
    found = workbooks.one(
        "select * from marts.dim_document where file_name = 'cut.xlsx'"
    )
    assert (found["status"], found["status_reason"]) == (
        "rejected",
        "电子表格文件已损坏或不完整，无法打开。",
    )
