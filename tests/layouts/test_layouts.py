"""The twenty points in which counties lay the same facts out differently.

Each test is named after its point and holds for every format of its document:
the facts are the same, row for row. A document and what it shows is in
``papers``; ``stated`` says how facts are written.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest

from tests.building import Build
from tests.layouts.facts import Facts, facts, stated
from tests.layouts.office import DISCLOSURES
from tests.layouts.papers import LONG


def each(name: str, open_: Mapping[str, str] | None = None) -> pytest.MarkDecorator:
    """Every file of a document; ``open_`` says what is still wrong with some."""
    disclosure = DISCLOSURES[name]
    reasons = open_ or {}
    assert set(reasons) <= set(disclosure.formats)
    return pytest.mark.parametrize(
        "path",
        [
            pytest.param(
                disclosure.file_name(key),
                id=key,
                marks=[pytest.mark.xfail(strict=True, reason=reasons[key])]
                if key in reasons
                else [],
            )
            for key in disclosure.formats
        ],
    )


def findings(built: Build, path: str, *, info: bool = False) -> list[tuple[str, str]]:
    """Rule and severity of what was found in a document, without mere hints."""
    rows = built.rows(
        "select f.rule_id, f.severity from marts.fct_finding as f "
        "inner join marts.dim_document as d using (document_id) "
        "where d.file_name = ? and (f.severity <> 'info' or ?) order by all",
        path,
        info,
    )
    return [(row["rule_id"], row["severity"]) for row in rows]


def explanations(built: Build, path: str) -> list[str]:
    """Title and explanation of what was found."""
    rows = built.rows(
        "select f.title || '：' || f.explanation as words from marts.fct_finding as f "
        "inner join marts.dim_document as d using (document_id) "
        "where d.file_name = ? and f.severity <> 'info' order by all",
        path,
    )
    return [row["words"] for row in rows]


def tables(built: Build, path: str) -> Counter[tuple[Any, ...]]:
    """Statement, status and unit of every table of a document."""
    rows = built.rows(
        "select t.statement, t.status, t.amount_unit from marts.dim_source_table as t "
        "inner join marts.dim_document as d using (document_id) where d.file_name = ?",
        path,
    )
    return Counter(tuple(row.values()) for row in rows)


def codes(built: Build, path: str, table: str, column: str) -> set[tuple[Any, ...]]:
    """Printed code, printed name and resolved code of the rows of codes."""
    rows = built.rows(
        f"select distinct f.printed_code, f.printed_name, f.{column} "
        f"from marts.{table} as f inner join marts.dim_document as d "
        "using (document_id) where d.file_name = ? and f.row_role = 'code'",
        path,
    )
    return {tuple(row.values()) for row in rows}


def sound(built: Build, path: str, expected: Facts) -> None:
    """Exactly these facts, and nothing amiss."""
    assert facts(built, path) == expected
    assert findings(built, path) == []


def expenditure(more: int, statement: str = "expenditure", fund: str = "") -> Facts:
    """The facts of ``papers.expenditure``."""
    project = 20 + more
    rows = {
        "total": f"total={150 + more} basic=130 project={project}",
        "208": f"total={120 + more} basic=100 project={project}",
        "20801": f"total={110 + more} basic=90 project={project}",
        "2080101": "total=90 basic=90",
        "2080109": f"total={project} project={project}",
        "20805": "total=10 basic=10",
        "2080505": "total=10 basic=10",
        "221": "total=30 basic=30",
        "22102": "total=30 basic=30",
        "2210201": "total=30 basic=30",
    }
    return stated(statement, rows, fund=fund or "all")


def only(found: Facts, *lengths: int) -> Facts:
    """The facts whose codes have these lengths, and the totals."""
    return Counter(
        {
            fact: count
            for fact, count in found.items()
            if not fact[1].isdigit() or len(fact[1]) in lengths
        }
    )


GENERAL = "general_public_budget"


def basic(rows: Mapping[str, str], **more: Any) -> Facts:
    """Facts of a table of basic expenditure."""
    return stated("basic_expenditure", rows, fund=GENERAL, **more)


# 1. Codes -------------------------------------------------------------------


@each("01_joined")
def test_01_codes_joined(built: Build, path: str) -> None:
    sound(built, path, expenditure(0))
    assert ("2080505", "机关事业单位基本养老保险缴费支出", "2080505") in codes(
        built, path, "fct_functional", "functional_code"
    )


@each("01_split_in_three")
def test_01_codes_split_in_three_columns(built: Build, path: str) -> None:
    sound(built, path, expenditure(1))
    found = codes(built, path, "fct_functional", "functional_code")
    assert ("208|05|05", "机关事业单位基本养老保险缴费支出", "2080505") in found
    assert ("208", "社会保障和就业支出", "208") in found


@each("01_lost_zero")
def test_01_codes_with_a_lost_zero(built: Build, path: str) -> None:
    rows = {
        "total": "total=96.5",
        "301": "total=90",
        "30101": "total=60",
        "30102": "total=20",
        "30113": "total=10",
        "302": "total=6.5",
        "30201": "total=4",
        "30211": "total=2.5",
    }
    sound(built, path, basic(rows))
    assert ("301|2", "津贴补贴", "30102") in codes(
        built, path, "fct_economic", "economic_code"
    )


@each("01_glued_to_the_name")
def test_01_codes_glued_to_the_name(built: Build, path: str) -> None:
    sound(built, path, expenditure(2))
    found = codes(built, path, "fct_functional", "functional_code")
    assert ("2080109", "社会保险经办机构", "2080109") in found


@each("01_mixed")
def test_01_codes_mixed_in_one_table(built: Build, path: str) -> None:
    rows = {
        "total": "total=96.5 personnel=90 operating=6.5",
        "301": "total=90 personnel=90",
        "30101": "total=60 personnel=60",
        "30102": "total=20 personnel=20",
        "30113": "total=10 personnel=10",
        "302": "total=6.5 operating=6.5",
        "30201": "total=4 operating=4",
        "30211": "total=2.5 operating=2.5",
    }
    sound(built, path, basic(rows))


@each("01_names_alone")
def test_01_names_without_codes(built: Build, path: str) -> None:
    sound(built, path, expenditure(3))
    found = codes(built, path, "fct_functional", "functional_code")
    assert (None, "行政运行", "2080101") in found


@pytest.mark.parametrize("name", ["01_ordinals", "01_other_ordinals"])
def test_01_ordinals_of_two_provinces_are_no_codes(built: Build, name: str) -> None:
    rows = {
        "208": "total=120",
        "221": "total=30",
        "general_public_budget": "general_public_budget/current_year=150",
        "total": "current_year=150 total=150",
        "grand_total": "total=150 total=150",
    }
    for key in DISCLOSURES[name].formats:
        path = DISCLOSURES[name].file_name(key)
        sound(built, path, stated("balance", rows))
        found = codes(built, path, "fct_functional", "functional_code")
        assert {code for code, _, _ in found} == {None}


@each("01_without_sections")
def test_01_rows_that_skip_the_sections(built: Build, path: str) -> None:
    sound(built, path, only(expenditure(4), 3, 7))


@each("01_without_subtotals")
def test_01_items_without_subtotals(built: Build, path: str) -> None:
    sound(built, path, only(expenditure(5), 7))
    assert proofs(built, path) == {"proven"}


def proofs(built: Build, path: str, table: str = "fct_functional") -> set[str]:
    rows = built.rows(
        f"select distinct f.proof from marts.{table} as f "
        "inner join marts.dim_document as d using (document_id) "
        "where d.file_name = ?",
        path,
    )
    return {row["proof"] for row in rows}


# 2. A unit's code in the column of the codes --------------------------------


@each("02_unit_code")
def test_02_unit_code_in_the_code_column(built: Build, path: str) -> None:
    """303 before a unit's name is no class 303."""
    unit = built.value(
        "select distinct unit_name from marts.dim_document inner join "
        "marts.dim_unit using (unit_id) where file_name = ?",
        path,
    )
    rows = {
        "total": "total=75 basic=70 project=5",
        f"unit {unit}": "total=75 basic=70 project=5",
        "30101": "total=40 basic=40",
        "30201": "total=17 basic=12 project=5",
        "30302": "total=18 basic=18",
    }
    sound(built, path, stated("economic_summary", rows))
    assert (
        built.value(
            "select distinct unit_code from marts.fct_economic as f "
            "inner join marts.dim_document as d using (document_id) "
            "where d.file_name = ? and f.row_role = 'unit'",
            path,
        )
        == "303"
    )


# 3. Totals ------------------------------------------------------------------


@each("03_totals")
def test_03_total_first_last_in_the_header_and_by_any_name(
    built: Build, path: str
) -> None:
    general = Counter(
        {
            (*fact[:1], fact[1].replace("total", "grand_total"), *fact[2:]): count
            for fact, count in expenditure(0, "general_expenditure", GENERAL).items()
        }
    )
    funds = dict.fromkeys(("total", "212", "21208", "2120803"), "total=7 project=7")
    expected = (
        general
        + basic(
            {
                row: f"total={amount}"
                for row, amount in (
                    ("total", 130),
                    ("301", 130),
                    ("30101", 100),
                    ("30113", 30),
                )
            }
        )
        + stated("government_funds", funds, fund="government_funds")
        + stated(
            "project",
            {"total": "total=27", "社保经办": "total=20", "渡口改造": "total=7"},
        )
    )
    sound(built, path, expected)


@each("03_marked_up_total")
def test_03_total_between_tags(built: Build, path: str) -> None:
    rows = {
        "total": f"total=157 {GENERAL}=150 government_funds=7",
        "208": f"total=120 {GENERAL}=120",
        "212": "total=7 government_funds=7",
        "221": f"total=30 {GENERAL}=30",
    }
    sound(built, path, stated("revenue", rows))


# 4. Units -------------------------------------------------------------------


@each("04_units")
def test_04_units_of_tables_titles_and_columns(built: Build, path: str) -> None:
    everything = "total=1500050.25 basic=1300000 project=200050.25"
    expected = (
        stated(
            "expenditure",
            {
                **dict.fromkeys(("total", "208", "20801"), everything),
                "2080101": "total=1300000 basic=1300000",
                "2080109": "total=200050.25 project=200050.25",
            },
            times=1,
        )
        + stated(
            "general_expenditure",
            dict.fromkeys(("total", "208"), "total=1500.05 basic=1300 project=200.05"),
            times=1000,
            fund=GENERAL,
        )
        + basic(
            {"total": "total=1300", "301": "total=1000", "302": "total=300"}, times=1000
        )
        + stated(
            "three_public",
            {"total": "total=3.2", "reception": "total=0.7", "vehicles": "total=2.5"},
        )
    )
    sound(built, path, expected)
    rows = built.rows(
        "select distinct f.statement, f.half_unit_yuan from marts.fct_functional as f "
        "inner join marts.dim_document as d using (document_id) "
        "where d.file_name = ? order by all",
        path,
    )
    assert [tuple(row.values()) for row in rows] == [
        ("expenditure", Decimal("0.005")),
        ("general_expenditure", Decimal("5")),
    ]


@each("04_unit_of_a_page")
def test_04_unit_stated_once_a_page(built: Build, path: str) -> None:
    expected = basic(
        {"total": "total=1300", "301": "total=1000", "302": "total=300"}, times=1
    ) + stated(
        "three_public",
        {"reception": "total=700", "vehicle_operation": "total=2500"},
        times=1,
    )
    assert facts(built, path) == expected


@each("04_unit_in_the_cell")
def test_04_unit_in_the_cell_without_yuan(built: Build, path: str) -> None:
    rows = {"total": "total=1752.5", "渡口改造": "total=1720", "航标更新": "total=32.5"}
    sound(built, path, stated("project", rows))


@each("04_unit_never_stated")
def test_04_unit_is_never_guessed(built: Build, path: str) -> None:
    assert facts(built, path) == Counter()
    assert tables(built, path) == {("expenditure", "not_understood", None): 1}
    assert findings(built, path) == [("table_not_understood", "warning")]


# 5. Numbers -----------------------------------------------------------------


@each("05_numbers")
def test_05_numbers_in_every_spelling(built: Build, path: str) -> None:
    rows = {
        "total": "total=16023.77 basic=11436.06 project=4587.71",
        "208": "total=16123.77 basic=11436.06 project=4687.71",
        "20801": "total=16111.27 basic=11423.56 project=4687.71",
        "2080101": "total=11423.56 basic=11423.56",
        "2080109": "total=4687.71 project=4687.71",
        "20805": "total=12.5 basic=12.5",
        "2080505": "total=12.5 basic=12.5 project=0",
        "221": "total=0 basic=0 project=0",
        "229": "total=-100 project=-100",
    }
    sound(built, path, stated("expenditure", rows))
    assert proofs(built, path) == {"proven"}


@each("05_no_numbers")
def test_05_words_and_errors_are_no_numbers(built: Build, path: str) -> None:
    rows = {
        "total": "total=12 basic=12",
        "208": "total=12 basic=12",
        "2080101": "total=12",
    }
    assert facts(built, path) == stated("expenditure", rows)
    assert findings(built, path) == [("unreadable_amount", "warning")] * 2
    words = "".join(explanations(built, path))
    assert "#DIV/0!" in words
    assert "单位不需填列" in words


# 6. Rows and columns of indices ---------------------------------------------


@each("06_index_row")
def test_06_index_row_is_no_data(built: Build, path: str) -> None:
    sound(built, path, expenditure(6))


@each("06_formulas")
def test_06_formulas_of_columns_are_no_data(built: Build, path: str) -> None:
    rows = {
        "total": "total=150 basic=130 personnel=100 operating=30 project=20",
        "208": "total=120 basic=100 personnel=70 operating=30 project=20",
        "221": "total=30 basic=30 personnel=30",
    }
    sound(built, path, stated("expenditure", rows))


@each("06_line_numbers")
def test_06_line_numbers_are_no_data(built: Build, path: str) -> None:
    rows = {
        "208": "total=120",
        "221": "total=30",
        "general_public_budget": "general_public_budget/current_year=150",
        "total": "current_year=150 total=150",
        "grand_total": "total=150 total=150",
    }
    sound(built, path, stated("balance", rows))


# 7. Panes side by side ------------------------------------------------------

PANES = {
    "301": "total=63.76",
    "30101": "total=53.76",
    "30113": "total=10",
    "302": "total=9.96",
    "30201": "total=8.46",
    "30211": "total=1.5",
}


@each("07_two_panes")
def test_07_two_panes_side_by_side(built: Build, path: str) -> None:
    sound(built, path, basic({**PANES, "total": "personnel=63.76 operating=9.96"}))


@each("07_three_panes")
def test_07_three_panes_side_by_side(built: Build, path: str) -> None:
    sound(built, path, basic({**PANES, "310": "total=4", "31002": "total=4"}))


# 8. Merged headers ----------------------------------------------------------


@each("08_four_header_rows")
def test_08_header_over_four_rows(built: Build, path: str) -> None:
    kinds = (
        "total",
        "basic",
        "wages_welfare",
        "individuals_families",
        "goods_services",
        "capital",
        "project",
        "project_other_operating",
        "project_specific_target",
    )

    def row(*amounts: int | None) -> str:
        pairs = zip(kinds, amounts, strict=True)
        return " ".join(f"{kind}={n}" for kind, n in pairs if n is not None)

    nothing = (None,) * 3
    rows = {
        "total": row(470, 370, 310, 20, 30, 10, 100, 40, 60),
        "2080101": row(330, 330, 270, 20, 30, 10, *nothing),
        "2080109": row(100, None, None, None, None, None, 100, 40, 60),
        "2210201": row(40, 40, 40, *nothing, *nothing),
    }
    sound(built, path, stated("expenditure", rows))
    assert proofs(built, path) == {"proven"}


@each("08_broken_words")
def test_08_header_words_broken_by_line_breaks(built: Build, path: str) -> None:
    rows = {
        "total": "total=157 current_year=155 general_public_budget/current_year=150 "
        "government_funds/current_year=5 carryover=2",
        "208": "total=122 current_year=120 general_public_budget/current_year=120 "
        "carryover=2",
        "212": "total=5 current_year=5 government_funds/current_year=5",
        "221": "total=30 current_year=30 general_public_budget/current_year=30",
    }
    sound(built, path, stated("revenue", rows))


# 9. Tables over several pages -----------------------------------------------


@each("09_long")
def test_09_table_over_several_pages(built: Build, path: str) -> None:
    rows = {code: f"total={amount}" for code, _, amount in LONG}
    sound(built, path, basic({"total": "total=182.5", **rows}))
    assert sum(tables(built, path).values()) == 1


@each("09_cut_by_a_blank_line")
def test_09_table_cut_by_a_blank_line(built: Build, path: str) -> None:
    rows = {code: f"total={amount}" for code, _, amount in LONG[:31]}
    sound(built, path, basic({"total": "total=173.5", **rows}))


HEADLESS = "a table without title and header below another is reported, not read"


@each(
    "09_three_columns",
    {
        "html": HEADLESS,
        "pdf": HEADLESS,
    },
)
def test_09_table_of_three_columns(built: Build, path: str) -> None:
    rows = {
        "total": "total=16.5",
        "302": "total=16.5",
        "30201": "total=14",
        "30211": "total=2.5",
    }
    sound(built, path, basic(rows))


@each("09_goes_on_under_its_title")
def test_09_statement_over_several_sheets(built: Build, path: str) -> None:
    sound(built, path, expenditure(9))


@each("09_title_without_a_table")
def test_09_title_without_a_table_is_found_out(built: Build, path: str) -> None:
    assert facts(built, path) == expenditure(11)
    (words,) = explanations(built, path)
    assert "政府性基金预算支出表" in words


# 10. Pairs of economic codes ------------------------------------------------


@each("10_pairs")
def test_10_paired_codes_that_do_not_determine_each_other(
    built: Build, path: str
) -> None:
    pairs = {
        ("30101", "50101"): "total=40 basic=40",
        ("30101", "50501"): "total=20 basic=20",
        ("30226", "50205"): "total=9 basic=3 project=6",
        ("30226", "50502"): "total=17 basic=12 project=5",
    }
    expected = stated("economic_summary", {"total": "total=86 basic=75 project=11"})
    for (department, government), amounts in pairs.items():
        expected += stated(
            "economic_summary",
            {department: amounts, f"government {government}": amounts},
        )
    sound(built, path, expected)
    rows = built.rows(
        "select distinct economic_code, paired_code from marts.fct_economic as f "
        "inner join marts.dim_document as d using (document_id) where d.file_name = ? "
        "and f.row_role = 'code' and f.classification = 'department'",
        path,
    )
    assert {tuple(row.values()) for row in rows} == set(pairs)


# 11. Rollups ----------------------------------------------------------------


@each("11_rows_for_each_unit")
def test_11_rows_go_to_their_units(built: Build, path: str) -> None:
    unit = built.value(
        "select distinct unit_name from marts.dim_document inner join "
        "marts.dim_unit using (unit_id) where file_name = ?",
        path,
    )
    rows = built.rows(
        "select f.unit_name, f.functional_code, f.amount_yuan / 10000 as amount "
        "from marts.fct_functional as f inner join marts.dim_document as d "
        "using (document_id) where d.file_name = ? and f.measure = 'total'",
        path,
    )
    assert Counter(tuple(row.values()) for row in rows) == Counter(
        [
            (unit, None, 80),
            *((f"{unit}本级", code, 46) for code in (None, "208", "2080101")),
            *(("云溪县灯塔所", code, 34) for code in (None, "208", "2080101")),
        ]
    )
    assert findings(built, path) == []
    spent = built.rows(
        "select s.unit_name, s.functional_code, s.expenditure_yuan / 10000 as amount "
        "from marts.fct_spending as s inner join marts.dim_document as d "
        "using (document_id) where d.file_name = ? order by all",
        path,
    )
    assert [tuple(row.values()) for row in spent] == sorted(
        [(f"{unit}本级", "2080101", 46), ("云溪县灯塔所", "2080101", 34)]
    )


@each("11_rows_for_each_unit")
def test_11_total_of_a_department_has_no_code_of_a_unit(
    built: Build, path: str
) -> None:
    assert (
        built.value(
            "select distinct f.unit_code from marts.fct_functional as f inner join "
            "marts.dim_document as d using (document_id) where d.file_name = ? "
            "and f.row_role = 'total'",
            path,
        )
        is None
    )


def test_11_department_and_its_only_unit_count_once(built: Build) -> None:
    rows = built.rows(
        "select d.fiscal_year, d.status, count(s.functional_code) as leaves, "
        "sum(s.expenditure_yuan) / 10000 as amount from marts.dim_document as d "
        "left join marts.fct_spending as s using (document_id) "
        "where d.file_name like '11_department.%' or d.file_name like '11_only_unit.%' "
        "group by all order by all"
    )
    assert [tuple(row.values()) for row in rows] == [
        (year, status, leaves, amount)
        for year in (2024, 2025)
        for status, leaves, amount in (("duplicate", 0, None), ("loaded", 4, 160))
    ]
    for name in ("11_department", "11_only_unit"):
        for key in DISCLOSURES[name].formats:
            assert facts(built, DISCLOSURES[name].file_name(key)) == expenditure(10)


@each("11_unit_that_differs")
def test_11_unit_that_differs_from_its_department(built: Build, path: str) -> None:
    sound(built, path, expenditure(-5))
    status = "select status from marts.dim_document where file_name = ?"
    assert built.value(status, path) == "loaded"


# 12. Carryover --------------------------------------------------------------


@each("12_carryover")
def test_12_totals_with_and_without_carryover(built: Build, path: str) -> None:
    balance = {
        "general_public_budget": "general_public_budget/current_year=150",
        "208": "total=125",
        "221": "total=30",
        "total": "current_year=150 total=155",
        "carryover_in": "carryover=5",
        "grand_total": "total=155 total=155",
    }
    revenue = {
        "total": "total=155 general_public_budget/current_year=150 carryover=5",
        "2080101": "total=120 general_public_budget/current_year=120",
        "2080109": "total=5 carryover=5",
        "2210201": "total=30 general_public_budget/current_year=30",
    }
    sound(built, path, stated("balance", balance) + stated("revenue", revenue))


# 13. Empty tables -----------------------------------------------------------


@each("13_empty")
def test_13_empty_tables(built: Build, path: str) -> None:
    rows = dict.fromkeys(("total", "208"), "total=31 basic=31")
    sound(built, path, stated("expenditure", rows))
    assert tables(built, path) == {
        ("expenditure", "loaded", "万元"): 1,
        **{
            (statement, "empty", "万元"): 1
            for statement in (
                "government_funds",
                "state_capital",
                "project",
                "general_expenditure",
            )
        },
    }


# 14. Final accounts ---------------------------------------------------------


@each("14_nine_tables")
def test_14_nine_tables_of_final_accounts(built: Build, path: str) -> None:
    balance = {
        "general_public_budget": "general_public_budget/current_year/budget=140 "
        "general_public_budget/current_year=150",
        "other_income": "other_income/current_year=2",
        "208": "budget=110 total=118",
        "221": "budget=30 total=30",
        "total": "current_year/budget=140 current_year=152 budget=140 total=148",
        "carryover_in": "carryover=3",
        "carryover_out": "total=7",
        "grand_total": "budget=140 total=155 budget=140 total=155",
    }
    own = "fiscal_appropriation/current_year"
    revenue = {
        "total": f"current_year=152 {own}=150 other_income/current_year=2",
        "208": f"current_year=122 {own}=120 other_income/current_year=2",
        "221": f"current_year=30 {own}=30",
    }
    expenditure = {
        "total": "total=148 basic=130 project=18",
        "208": "total=118 basic=100 project=18",
        "221": "total=30 basic=30",
    }
    all_, general = "fiscal_appropriation", GENERAL
    appropriation = {
        general: f"{general}/current_year=150",
        "208": f"{all_}=116 {general}=116",
        "221": f"{all_}=30 {general}=30",
        "total": f"{all_}/current_year=150 {all_}=146 {general}=146",
        "carryover_in": f"{all_}/carryover=3",
        "carryover_out": f"{all_}=7 {general}=7",
        "grand_total": f"{all_}=153 {all_}=153 {general}=153",
    }
    of_general = {
        "total": "total=146 basic=130 project=16",
        "208": "total=116 basic=100 project=16",
        "221": "total=30 basic=30",
    }
    of_basic = {
        "301": "total=115",
        "30101": "total=85",
        "30113": "total=30",
        "302": "total=15",
        "30201": "total=15",
        "total": "personnel=115 operating=15",
    }
    three_public = {
        "total": "budget=4 total=3.1",
        "vehicles": "budget=3 total=2.6",
        "vehicle_operation": "budget=3 total=2.6",
        "reception": "budget=1 total=0.5",
    }
    final: dict[str, Any] = {"phase": "final"}
    expected = (
        stated("balance", balance, **final)
        + stated("revenue", revenue, **final)
        + stated("expenditure", expenditure, **final)
        + stated("appropriation_balance", appropriation, **final)
        + stated("general_expenditure", of_general, fund=GENERAL, **final)
        + basic(of_basic, **final)
        + stated("three_public", three_public, fund="fiscal_appropriation", **final)
    )
    sound(built, path, expected)
    assert tables(built, path) == {
        **{
            (statement, "loaded", "万元"): 1
            for statement in (
                *("balance", "revenue", "expenditure", "appropriation_balance"),
                *("general_expenditure", "basic_expenditure", "three_public"),
            )
        },
        ("government_funds", "empty", "万元"): 1,
        ("state_capital", "empty", "万元"): 1,
    }
    document = built.one(
        "select stage, document_kind from marts.dim_document where file_name = ?", path
    )
    assert set(document.values()) == {"final_accounts"}


# 15. Three public expenses --------------------------------------------------


@each("15_three_public")
def test_15_counts_and_other_expenses_beside_the_three(built: Build, path: str) -> None:
    rows = {
        "total": "total=3.65",
        "overseas": "total=0",
        "reception": "total=1",
        "vehicles": "total=2.65",
        "vehicle_operation": "total=2.65",
        "agency_operation": "total=40",
        "meetings": "total=0.5",
        "training": "total=0.8",
    }
    sound(built, path, stated("three_public", rows))


@each("15_parent_below_its_child")
def test_15_parent_of_zero_above_a_child(built: Build, path: str) -> None:
    rows = {
        "total": "total=33.65",
        "overseas": "total=0",
        "reception": "total=1",
        "vehicles": "total=0",
        "vehicle_purchase": "total=0",
        "vehicle_operation": "total=32.65",
    }
    assert facts(built, path) == stated("three_public", rows)
    assert findings(built, path) == [("three_public_parts", "error")]
    (words,) = explanations(built, path)
    assert "32.65" in words


# 16. Performance targets ----------------------------------------------------


def funding(built: Build, path: str) -> Counter[tuple[Any, ...]]:
    """Project, payer, fund, horizon and amount in 元 of performance forms."""
    rows = built.rows(
        "select case f.row_role when 'code' then f.project_name else f.row_role end "
        "as name, f.payer, f.fund, f.horizon, f.amount_yuan::varchar as yuan "
        "from marts.fct_target_funding as f "
        "inner join marts.dim_document as d using (document_id) where d.file_name = ?",
        path,
    )
    return Counter(tuple(row.values()) for row in rows)


def targets(built: Build, path: str) -> Counter[tuple[Any, ...]]:
    """The indicators of performance forms with their targets."""
    rows = built.rows(
        "select t.project_name, t.horizon, t.level_1, t.level_2, t.indicator, "
        "t.operator, t.target_value::double as value, t.target_unit, t.target_text, "
        "t.weight::integer as weight, t.is_core from marts.fct_performance_target as t "
        "inner join marts.dim_document as d using (document_id) where d.file_name = ?",
        path,
    )
    return Counter(tuple(row.values()) for row in rows)


@each("16_targets")
def test_16_performance_targets(built: Build, path: str) -> None:
    rows = dict.fromkeys(("total", "渡口安全巡查"), "total=20")
    sound(built, path, stated("project", rows))
    statuses = Counter(status for _, status, _ in tables(built, path).elements())
    assert statuses == {"loaded": 3}
    project = "渡口安全巡查"
    assert funding(built, path) == Counter(
        [
            (project, "total", "all", "annual", "200000.0000"),
            (project, "total", "fiscal_appropriation", "annual", "180000.0000"),
            (project, "other", "all", "annual", "20000.0000"),
            ("unit", "total", "all", "annual", "1500000.0000"),
        ]
    )
    output = (project, "annual", "产出指标")
    assert targets(built, path) == Counter(
        [
            (
                *(*output, "数量指标", "巡查次数"),
                *("≥", 240, "次", "≥240次", None, None),
            ),
            (
                *(*output, "时效指标", "完成时间"),
                *(None, None, None, "每月20日前", None, None),
            ),
            (
                *(project, "annual", "成本指标", "经济成本指标", "每次成本"),
                *("≤", 833.33, "元", "≤833.33元", None, None),
            ),
            (
                *(project, "annual", "满意度指标", "服务对象满意度指标", "乘客满意度"),
                *("≥", 95, "%", "≥95%", None, None),
            ),
        ]
    )


@each("16_two_forms_side_by_side")
def test_16_targets_of_the_whole_period_and_of_the_year(
    built: Build, path: str
) -> None:
    project = "航标维护经费"
    assert findings(built, path) == []
    assert funding(built, path) == Counter(
        (project, payer, "all", horizon, f"{amount}.0000")
        for horizon, amounts in (
            ("period", (410_000, 10_000, 400_000)),
            ("annual", (205_000, 5_000, 200_000)),
        )
        for payer, amount in zip(
            ("total", "provincial", "county"), amounts, strict=True
        )
    )
    expected: list[tuple[Any, ...]] = []
    for horizon, count, rate in (("period", 40, "≥98%"), ("annual", 20, "不低于98%")):
        expected += [
            (
                *(project, horizon, "产出指标", "数量指标", "维护航标"),
                *(None, count, "座", f"{count}座", None, None),
            ),
            (
                *(project, horizon, "产出指标", "质量指标", "航标完好率"),
                *("≥", 98, "%", rate, None, None),
            ),
            (
                *(project, horizon, "效益指标", "社会效益指标", "船员知晓程度"),
                *(None, None, None, "提高", None, None),
            ),
            (
                *(project, horizon, "满意度指标", "服务对象满意度指标", "船员满意度"),
                *("≥", 90, "%", "≥90%", None, None),
            ),
        ]
    assert targets(built, path) == Counter(expected)


@each("16_weighted_targets")
def test_16_targets_with_weights(built: Build, path: str) -> None:
    project = "渡船更新专项"
    assert findings(built, path, info=True) == []
    assert funding(built, path) == Counter(
        [
            (project, "total", "all", "annual", "305000.0000"),
            (project, "county", "all", "annual", "200000.0000"),
            (project, "town", "all", "annual", "105000.0000"),
        ]
    )
    place = (project, "annual", None, None)
    assert targets(built, path) == Counter(
        [
            (*place, "更新渡船", "≥", 2, "艘", "2", 40, True),
            (*place, "安全达标率", "=", 100, "%", "100", 30, False),
            (*place, "完成时间", "定性", None, None, "每年6月底前", 30, False),
        ]
    )


@each("16_projects_as_rows")
def test_16_targets_of_projects_in_rows(built: Build, path: str) -> None:
    assert findings(built, path) == []
    sources = (
        ("total", "all"),
        ("total", "fiscal_appropriation"),
        ("own", "unit_funds"),
    )
    amounts = {
        "total": ("455000", "400000", "55000"),
        "渡口值守": ("155000", "155000", None),
        "码头修缮": ("300000", "245000", "55000"),
    }
    assert funding(built, path) == Counter(
        (name, payer, fund, "annual", f"{amount}.0000")
        for name, row in amounts.items()
        for (payer, fund), amount in zip(sources, row, strict=True)
        if amount is not None
    )
    cost, output = ("annual", "成本指标", None), ("annual", "产出指标", None)
    assert targets(built, path) == Counter(
        [
            (
                *("渡口值守", *cost, "值守成本"),
                *("≤", 15.5, "万元", "≤15.50万元", None, None),
            ),
            (
                *("渡口值守", *output, "值守天数"),
                *(None, 365, "天", "365天", None, None),
            ),
            (
                *("渡口值守", *output, "值守到岗率"),
                *("≥", 95, "%", "≥95%", None, None),
            ),
            (
                *("码头修缮", *cost, "修缮成本"),
                *(None, 30, "万元", "30万元", None, None),
            ),
            (*("码头修缮", *output, "修缮码头"), *(None, 3, "座", "3座", None, None)),
        ]
    )


@each("16_evaluation")
def test_16_evaluated_targets_tell_budget_and_spending(built: Build, path: str) -> None:
    assert findings(built, path, info=True) == []
    rows = built.rows(
        "select f.payer, f.fund, f.phase, f.amount_yuan::varchar as yuan, f.proof "
        "from marts.fct_target_funding as f "
        "inner join marts.dim_document as d using (document_id) where d.file_name = ?",
        path,
    )
    assert Counter(tuple(row.values()) for row in rows) == Counter(
        (payer, fund, phase, f"{amount}.0000", "proven")
        for (payer, fund), amounts in {
            ("total", "all"): (300_000, 310_000, 295_000),
            ("total", "fiscal_appropriation"): (280_000, 280_000, 275_000),
            ("other", "all"): (20_000, 30_000, 20_000),
        }.items()
        for phase, amount in zip(
            ("budget", "adjusted_budget", "final"), amounts, strict=True
        )
    )
    project = ("渡船检修经费", "annual")
    assert targets(built, path) == Counter(
        [
            (
                *(*project, "产出指标", "数量指标", "检修渡船"),
                *(None, 6, "艘", "6艘", 60, None),
            ),
            (
                *(*project, "满意度指标", "服务对象满意度指标", "乘客满意度"),
                *("≥", 90, "%", "≥90%", 30, None),
            ),
        ]
    )


# 17. Prose ------------------------------------------------------------------


@each("17_prose")
def test_17_prose_gives_no_amounts(built: Build, path: str) -> None:
    rows = {
        "total": "total=57.61 basic=50 project=7.61",
        "208": "total=50 basic=50",
        "210": "total=7.61 project=7.61",
    }
    sound(built, path, stated("expenditure", rows))


# 18. Watermarks, page numbers, contents -------------------------------------


@each(
    "18_watermark",
    {
        "xlsx": "an index sheet takes its title from the sheet before it",
    },
)
def test_18_watermarks_contents_and_indices(built: Build, path: str) -> None:
    assert facts(built, path) == expenditure(7)
    # Both lists name 部门收入总表, which is not there.
    assert findings(built, path) == [("contents_table_missing", "warning")]


@each("18_watermark_between_lines")
def test_18_watermarks_and_page_numbers_between_lines(built: Build, path: str) -> None:
    sound(built, path, expenditure(8))
    assert sum(tables(built, path).values()) == 1


# 19. Characters and names ---------------------------------------------------


@each("19_characters")
def test_19_characters_widths_and_old_names(built: Build, path: str) -> None:
    expected = basic(
        {
            "total": "total=30",
            "302": "total=30",
            "30213": "total=12",
            "30212": "total=8",
            "30299": "total=10",
        }
    ) + stated(
        "expenditure",
        {
            "total": "total=42 basic=30 project=12",
            "208": "total=30 basic=30",
            "210": "total=5 project=5",
            "212": "total=7 project=7",
        },
    )
    sound(built, path, expected)
    assert findings(built, path, info=True) == [
        ("citation_brackets", "info"),
        *[("old_name", "info")] * 2,
    ]
    # What was printed stays as it was printed.
    assert ("302", "商品和服務支出", "302") in codes(
        built, path, "fct_economic", "economic_code"
    )


# 20. Published mistakes -----------------------------------------------------


@each("20_one_yuan")
def test_20_section_one_yuan_off_its_class(built: Build, path: str) -> None:
    everything = "total=1500050.25 basic=1300000 project=200050.25"
    rows = {
        "total": everything,
        "208": "total=1200050.25 basic=1000000 project=200050.25",
        "20801": "total=1200051.25 basic=1000001 project=200050.25",
        "2080101": "total=1000000 basic=1000000",
        "2080109": "total=200050.25 project=200050.25",
        **dict.fromkeys(("221", "22102", "2210201"), "total=300000 basic=300000"),
    }
    assert facts(built, path) == stated("expenditure", rows, times=1)
    assert findings(built, path) == [("functional_children", "error")]
    (words,) = explanations(built, path)
    assert "1.00元" in words
    disputed = built.rows(
        "select distinct f.functional_code from marts.fct_functional as f "
        "inner join marts.dim_document as d using (document_id) "
        "where d.file_name = ? and f.proof = 'disputed' order by all",
        path,
    )
    assert "20801" in {row["functional_code"] for row in disputed}


@each("20_dropped_cents")
def test_20_total_that_drops_its_cents(built: Build, path: str) -> None:
    rows = {
        "total": "total=1500050 basic=1300000 project=200050",
        "208": "total=1200050.37 basic=1000000.12 project=200050.25",
        "2080101": "total=1000000.12 basic=1000000.12",
        "2080109": "total=200050.25 project=200050.25",
        **dict.fromkeys(("221", "2210201"), "total=300000 basic=300000"),
    }
    assert facts(built, path) == stated("expenditure", rows, times=1)
    assert findings(built, path) == [("functional_total", "warning")]
    differences = built.rows(
        "select abs(f.difference_yuan) as difference from marts.fct_finding as f "
        "inner join marts.dim_document as d using (document_id) "
        "where d.file_name = ? order by all",
        path,
    )
    assert Decimal("0.37") in {row["difference"] for row in differences}


@each("20_withheld")
def test_20_withheld_item_leaves_one_gap_in_three_tables(
    built: Build, path: str
) -> None:
    rows = {
        "total": "total=150 basic=130 project=20",
        **dict.fromkeys(("208", "20801"), "total=120 basic=100 project=20"),
        "2080101": "total=100 basic=100",
        **dict.fromkeys(("221", "22102", "2210201"), "total=30 basic=30"),
    }

    def revenue(amount: int) -> str:
        return f"total={amount} {GENERAL}={amount}"

    expected = (
        stated("expenditure", rows)
        + stated("general_expenditure", rows, fund=GENERAL)
        + stated(
            "revenue",
            {
                "total": revenue(150),
                **dict.fromkeys(("208", "20801"), revenue(120)),
                "2080101": revenue(100),
                **dict.fromkeys(("221", "22102", "2210201"), revenue(30)),
            },
        )
    )
    assert facts(built, path) == expected
    # One cause, whatever it breaks, and with a reason that is printed.
    assert findings(built, path) == [("functional_children", "warning")]
    (words,) = explanations(built, path)
    assert "20.00万元" in words
    assert "涉密" in words


# Beside the twenty ----------------------------------------------------------


@each("21_containers")
def test_21_text_boxes_tables_in_tables_and_hidden_sheets(
    built: Build, path: str
) -> None:
    three_public = {
        "total": "total=3.2",
        "reception": "total=0.7",
        "vehicles": "total=2.5",
    }
    sound(
        built,
        path,
        expenditure(12, "general_expenditure", GENERAL)
        + stated("three_public", three_public),
    )


def procurement(built: Build, path: str) -> Counter[tuple[Any, ...]]:
    """Category, purchase, source and phase with the amount in 万元."""
    rows = built.rows(
        "select f.category, f.purchase_name, f.fund, f.phase, "
        "f.amount_yuan / 10000 as amount from marts.fct_procurement as f "
        "inner join marts.dim_document as d using (document_id) where d.file_name = ?",
        path,
    )
    return Counter(
        (r["category"], r["purchase_name"], r["fund"], r["phase"], float(r["amount"]))
        for r in rows
    )


def resources(built: Build, path: str) -> set[tuple[Any, ...]]:
    """What is counted, what a unit has or buys, and the number."""
    rows = built.rows(
        "select f.item, f.stock_or_purchase, f.quantity from marts.fct_resource as f "
        "inner join marts.dim_document as d using (document_id) where d.file_name = ?",
        path,
    )
    return {(r["item"], r["stock_or_purchase"], float(r["quantity"])) for r in rows}


@each("22_procurement_kinds")
def test_22_procurement_by_kind(built: Build, path: str) -> None:
    def row(category: str, total: float, general: float, funds: float = 0) -> list[Any]:
        amounts = {"all": total, GENERAL: general, "government_funds": funds}
        return [(category, None, f, "budget", a) for f, a in amounts.items() if a]

    assert procurement(built, path) == Counter(
        row("total", 131.4, 121.4, 10)
        + row("goods", 41.4, 31.4, 10)
        + row("works", 20, 20)
        + row("services", 70, 70)
    )
    assert findings(built, path) == []


@each("22_procurement_list")
def test_22_procurement_by_purchase(built: Build, path: str) -> None:
    def row(category: str, name: str | None, fund: str, amount: float) -> list[Any]:
        return [(category, name, f, "budget", amount) for f in ("all", fund)]

    assert procurement(built, path) == Counter(
        [
            ("total", None, "all", "budget", 9.8),
            ("total", None, GENERAL, "budget", 8.2),
            ("total", None, "unit_funds", "budget", 1.6),
            *row("goods", "台式电脑", GENERAL, 6),
            *row("goods", "复印纸", "unit_funds", 1.6),
            *row("services", "物业管理", GENERAL, 2.2),
        ]
    )
    assert findings(built, path) == []


@each("22_operation")
def test_22_money_counts_and_procurement_in_one_column(built: Build, path: str) -> None:
    assert procurement(built, path) == Counter(
        (category, None, "all", "final", amount)
        for category, amount in {
            **{"total": 132.5, "goods": 42.5, "works": 20.0, "services": 70.0},
            **{"small_business": 100.0, "micro_business": 60.0},
        }.items()
    )
    assert resources(built, path) == {
        ("vehicles", "stock", 3),
        ("vehicles_confidential", "stock", 1),
        ("vehicles_other", "stock", 2),
        ("equipment", "stock", 2),
        ("reception_batches", None, 26),
        ("reception_visits", None, 180),
        ("reception_visits_foreign", None, 9),
        ("reception_batches_abroad", None, 2),
        ("reception_visits_abroad", None, 7),
    }
    assert findings(built, path) == []


@each("22_assets")
def test_22_assets_and_staff(built: Build, path: str) -> None:
    assert resources(built, path) == {
        ("building_area", "stock", 1200.5),
        ("office_area", "stock", 800),
        ("vehicles", "stock", 5),
        ("vehicles_emergency", "stock", 2),
        ("vehicles_other", "stock", 3),
        ("equipment_general", "stock", 4),
        ("posts", None, 45),
        ("staff", None, 42),
        ("retirees_ordinary", None, 18),
    }
    assert findings(built, path) == []


@each("22_counts_beside_money")
def test_22_counts_beside_money(built: Build, path: str) -> None:
    assert resources(built, path) == {
        ("overseas_groups", None, 1),
        ("overseas_visits", None, 3),
        ("reception_batches", None, 12),
        ("reception_visits", None, 90),
        ("vehicles", "stock", 2),
    }
    rows = built.rows(
        "select f.item, f.quantity from marts.fct_three_public as f "
        "inner join marts.dim_document as d using (document_id) "
        "where d.file_name = ? and f.quantity is not null",
        path,
    )
    assert {(row["item"], int(row["quantity"])) for row in rows} == {
        ("overseas", 1),
        ("reception", 12),
        ("vehicle_operation", 2),
    }
