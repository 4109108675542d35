"""One misprint, one finding: what it is, where it stands and what should stand there.

One budget of our own in which everything adds up, printed once as it is and once
with each misprint, all in one warehouse.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from pipeline.load import connect
from tests.warehouse import build_warehouse

# Code or 合计, name, basic and project in hundredths of 万元.
ROWS: tuple[tuple[str, str, int, int], ...] = (
    ("合计", "", 59431, 21375),
    ("208", "社会保障和就业支出", 43612, 15120),
    ("20801", "人力资源和社会保障管理事务", 35248, 15120),
    ("2080101", "行政运行", 35248, 0),
    ("2080109", "社会保险经办机构", 0, 9475),
    ("2080199", "其他人力资源和社会保障管理事务支出", 0, 5645),
    ("20805", "行政事业单位养老支出", 8364, 0),
    ("2080505", "机关事业单位基本养老保险缴费支出", 5576, 0),
    ("2080506", "机关事业单位职业年金缴费支出", 2788, 0),
    ("210", "卫生健康支出", 6703, 6255),
    ("21004", "公共卫生", 0, 6255),
    ("2100408", "基本公共卫生服务", 0, 6255),
    ("21011", "行政事业单位医疗", 6703, 0),
    ("2101101", "行政单位医疗", 4519, 0),
    ("2101103", "公务员医疗补助", 2184, 0),
    ("221", "住房保障支出", 9116, 0),
    ("22102", "住房改革支出", 9116, 0),
    ("2210201", "住房公积金", 9116, 0),
)
TITLES = ("部门支出总表", "一般公共预算财政拨款支出表")
# The place of a column in a line of `_table`.
TOTAL, BASIC, PROJECT = 2, 3, 4

Lines = list[list[str]]


def _printed(hundredths: int) -> str:
    """1,234.56, and nothing where there is nothing."""
    return f"{Decimal(hundredths) / 100:,.2f}" if hundredths else ""


def _table() -> Lines:
    return [
        [code, name, _printed(basic + project), _printed(basic), _printed(project)]
        for code, name, basic, project in ROWS
    ]


def _balance() -> str:
    """The classes again, and where the money comes from."""
    figures = {
        code: (name, _printed(basic + project)) for code, name, basic, project in ROWS
    }
    whole = figures["合计"][1]
    classes = [figures[code] for code in ("208", "210", "221")]
    sides = [("一、一般公共预算拨款收入", whole), ("", ""), ("", "")]
    lines = [("收入", "", "支出", ""), ("项目", "预算数", "项目", "预算数")]
    lines += [(*left, *right) for left, right in zip(sides, classes, strict=True)]
    lines += [("收入总计", whole, "支出总计", whole)]
    return "\n".join("\t".join(line) for line in lines)


def _document(unit: str, tables: tuple[Lines, ...], units: tuple[str, ...]) -> str:
    parts = [f"{unit}2025年部门预算公开"]
    for title, lines, amount_unit in zip(TITLES, tables, units, strict=True):
        heading = ["科目编码", "科目名称", "合计", "基本支出", "项目支出"]
        parts += [f"2025年{title}", f"单位名称：{unit}", f"单位：{amount_unit}"]
        parts.append("\n".join("\t".join(line) for line in [heading, *lines]))
    parts += ["2025年部门收支总表", f"单位名称：{unit}", "单位：万元", _balance()]
    return "\n\n".join(parts) + "\n"


def _line(lines: Lines, code: str) -> list[str]:
    return next(line for line in lines if line[0] == code)


@dataclass(frozen=True)
class Misprint:
    """What the second table prints, and what the finding must say of it.

    ``cells`` are (code, column, printed, right), ``lost`` is a row; ``unit`` is what
    the first table says it counts in.
    """

    cause: str
    cells: tuple[tuple[str, int, str, str], ...] = ()
    lost: str = ""
    unit: str = "万元"
    rule: str = "functional_children"

    def print_into(self, lines: Lines) -> None:
        for code, column, printed, right in self.cells:
            line = _line(lines, code)
            assert line[column] == right
            line[column] = printed
        if self.lost:
            lines.remove(_line(lines, self.lost))


MISPRINTS: Mapping[str, Misprint] = {
    "东": Misprint("digits_swapped", (("2080505", TOTAL, "57.56", "55.76"),)),
    "南": Misprint("decimal_shifted", (("2100408", PROJECT, "625.50", "62.55"),)),
    "西": Misprint("digit_changed", (("208", BASIC, "438.12", "436.12"),)),
    "北": Misprint("digit_missing", (("合计", TOTAL, "80.06", "808.06"),), rule=""),
    "上": Misprint("digit_added", (("2101101", BASIC, "455.19", "45.19"),)),
    "下": Misprint("unit_slip", (("221", TOTAL, "911,600.00", "91.16"),)),
    "左": Misprint("missing_row", lost="2080109"),
    "右": Misprint(
        "column_shift",
        (("2080199", BASIC, "56.45", ""), ("2080199", PROJECT, "", "56.45")),
    ),
    "内": Misprint("table_unit", unit="元", rule=""),
    "外": Misprint("last_place", (("20801", PROJECT, "151.21", "151.20"),), rule=""),
}


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    work = tmp_path_factory.mktemp("causes")
    folder = work / "disclosures"
    folder.mkdir()
    for place, misprint in MISPRINTS.items():
        wrong = _table()
        misprint.print_into(wrong)
        text = _document(
            f"云溪县{place}渡口管理站", (_table(), wrong), (misprint.unit, "万元")
        )
        (folder / f"{place}.txt").write_text(text, encoding="utf-8")
    right = _document("云溪县中渡口管理站", (_table(), _table()), ("万元", "万元"))
    (folder / "中.txt").write_text(right, encoding="utf-8")
    return build_warehouse(folder, work / "causes.duckdb", work / "build")


def _rows(database: Path, sql: str, place: str) -> list[tuple[Any, ...]]:
    with connect(database, read_only=True) as connection:
        return connection.execute(sql, [f"{place}.txt"]).fetchall()


FINDINGS = """
    select cause, rule_id, severity from marts.fct_finding
    inner join marts.dim_document using (document_id)
    where file_name = ?
"""
SUSPECTS = """
    select trim(cells.printed_text), named.expected_yuan, named.place
    from marts.bridge_finding_cell as named
    inner join marts.fct_finding using (finding_id)
    inner join marts.dim_document using (document_id)
    inner join marts.dim_source_cell as cells using (cell_id)
    where dim_document.file_name = ? and named.role = 'suspect'
    order by named.place
"""


def test_the_budget_itself_adds_up(database: Path) -> None:
    assert _rows(database, FINDINGS, "中") == []


@pytest.mark.parametrize("place", MISPRINTS, ids=lambda place: MISPRINTS[place].cause)
def test_one_finding_names_the_misprint(database: Path, place: str) -> None:
    misprint = MISPRINTS[place]
    ((cause, rule, severity),) = _rows(database, FINDINGS, place)
    assert cause == misprint.cause
    assert severity == ("warning" if cause == "last_place" else "error")
    if misprint.rule:
        assert rule == misprint.rule


@pytest.mark.parametrize(
    "place",
    [place for place, misprint in MISPRINTS.items() if misprint.cells],
    ids=lambda place: MISPRINTS[place].cause,
)
def test_the_misprinted_cell_is_named_first(database: Path, place: str) -> None:
    printed = [cell for cell in MISPRINTS[place].cells if cell[2]]
    first = [row for row in _rows(database, SUSPECTS, place) if row[2] == 1]
    assert first == [
        (text, Decimal(right.replace(",", "") or 0) * 10000, 1)
        for _, _, text, right in printed
    ]


def test_a_table_in_another_unit_is_blamed_as_a_whole(database: Path) -> None:
    suspects = _rows(database, SUSPECTS, "内")
    amounts = sum(1 for line in _table() for text in line[TOTAL:] if text)
    assert len([row for row in suspects if row[2] == 1]) == amounts


def test_a_row_left_out_names_the_totals_that_lack_it(database: Path) -> None:
    sql = SUSPECTS.replace("named.role = 'suspect'", "named.role = 'total'")
    printed = sorted(row[0] for row in _rows(database, sql, "左"))
    assert printed == ["151.20", "503.68"]
    assert _rows(database, SUSPECTS, "左") == []
