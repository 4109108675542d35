"""The forge stands apart, and the warehouse holds what it prints.

One build reads the same truths in six formats and judges every amount.
"""

from __future__ import annotations

import ast
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

from tests.bench.accuracy import PARITY_STYLES, facts_of, write
from tests.bench.judging import Held, Marts, Table, Verdict, compared, judged
from tests.building import build
from tests.forge.book import Expected, Fact, Money
from tests.forge.layouts import LAYOUTS
from tests.forge.make import Disclosure, book, disclosure, disclosures
from tests.forge.truth import origin_of
from tests.forge.wordings import UNSEEN
from tests.warehouse import ROOT

SAME_TRUTH = ("final_numbered", "south_rollup")
OTHERS = (
    ("central_detailed", "pdf-watermark", 0),
    ("north_carryover", "docx", 0),
    ("published_mistakes", "html", 0),
    ("rows_of_units", "xlsx", 0),
    ("year_on_year", "csv", 0),
    ("government_economy", "txt-blanks", 0),
    ("items_only", "pdf", 1),
    ("final_yuan", "html", 1),
    ("old_names", "xlsx", 1),
)


def test_the_forge_imports_nothing_of_what_it_measures() -> None:
    forbidden = {"ingest", "models", "seeds", "pipeline", "expectations"}
    for path in (ROOT / "tests" / "forge").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.Import(names=names):
                    imported = {name.name.split(".")[0] for name in names}
                case ast.ImportFrom(module=str(module)):
                    imported = {module.split(".")[0]}
                case _:
                    continue
            assert not imported & forbidden, path


def test_layouts_show_every_difference_of_the_notes() -> None:
    shown = {point for layout in LAYOUTS.values() for point in layout.points}
    assert len(LAYOUTS) >= 20
    assert shown == set(range(1, 21))


def test_a_tenth_of_the_wordings_is_invented() -> None:
    usual: set[str] = set()
    for number, layout in enumerate(LAYOUTS):
        made = book(layout, 1, number, unseen=0)
        usual |= made.pen.used
    invented = {word for words in UNSEEN.values() for word in words}
    assert not invented & usual
    assert len(invented) >= 0.1 * (len(usual) + len(invented))
    # And at most one of them stands in a table, in place of the usual word.
    tables = [
        table
        for number, layout in enumerate(LAYOUTS)
        for table in book(layout, 1, number, unseen=1).tables
        if table.is_statement
    ]
    assert {len(table.unseen) for table in tables} <= {0, 1}
    assert sum(bool(table.unseen) for table in tables) >= 0.9 * len(tables)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_layout_is_the_same_for_the_same_seed(layout: str) -> None:
    one, again, other = (book(layout, seed, 3) for seed in (5, 5, 6))
    assert one.paper == again.paper
    assert [t.facts for t in one.tables] == [t.facts for t in again.tables]
    assert one.paper != other.paper


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_expected_fact_stands_in_its_cell(layout: str) -> None:
    made = book(layout, 2, 7)
    facts = 0
    for expected, grid in zip(made.tables, made.paper.grids(), strict=True):
        texts = {(cell.row, cell.column): cell.text for cell in grid.cells}
        assert len(texts) == len(grid.cells)
        for fact in expected.facts:
            assert texts[fact.row, fact.column] == fact.text
            facts += 1
    assert facts >= 4


def test_printing_rounds_as_a_ledger_does() -> None:
    money = Money("万元", 1_000_000, 2)
    assert money.text(123_450_000) == "123.45"
    assert money.text(5_000) == "0.01"
    assert money.text(4_999) == "0.00"  # printed, hence a fact
    assert money.text(0) == ""
    assert money.yuan(5_000) == Decimal(100)
    assert Money("元", 100, 2, spaced=True).text(467_521) == "4, 675. 21"


def held(
    amount: str, code: str, *, flagged: bool = False, measure: str = "total"
) -> Held:
    fields = {"functional_code": code, "measure": measure}
    return Held(
        "functional", fields, Decimal(amount), amount, 1, 2, "row 1", "t1", flagged
    )


def expected(amount: str, code: str) -> Fact:
    fields = (("functional_code", code), ("measure", "total"))
    return Fact("functional", 1, 2, amount, Decimal(amount), fields)


def verdicts(
    wanted: list[Fact], found: list[Held], status: str = "loaded"
) -> list[Verdict]:
    made = Disclosure(0, "southwest_plain", "txt", "a.txt", book("glued_codes", 1, 1))
    table = Expected(0, "支出总表", "expenditure", wanted)
    warehouse = Table(
        "t1", "支出总表", "expenditure", status, None, False, 9, Counter()
    )
    warehouse.held = found
    return compared(made, table, [warehouse], is_reported=False)


def test_judging_tells_right_from_wrong_missing_and_extra() -> None:
    wanted = [expected("10", "208"), expected("20", "210"), expected("30", "221")]
    got = verdicts(wanted, [held("10", "208"), held("20", "212"), held("7", "213")])
    assert [(v.kind, v.is_silent) for v in got] == [
        ("right", False),
        ("wrong", True),
        ("missing", True),
        ("extra", True),
    ]
    assert got[1].differences() == "functional_code: '212' should be '210'"


def test_judging_does_not_call_reported_failures_silent() -> None:
    (wrong,) = verdicts([expected("20", "210")], [held("20", "212", flagged=True)])
    (missing,) = verdicts([expected("20", "210")], [], status="not_understood")
    assert (wrong.kind, wrong.is_silent) == ("wrong", False)
    assert (missing.kind, missing.is_silent) == ("missing", False)


def test_judging_takes_no_fact_twice() -> None:
    got = verdicts([expected("10", "208")] * 2, [held("10", "208")])
    assert [v.kind for v in got] == ["right", "missing"]


@pytest.fixture(scope="module")
def made() -> list[Disclosure]:
    same = [
        disclosure(layout, style, 11, 40 + number, unseen=0)
        for number, layout in enumerate(SAME_TRUTH)
        for style in PARITY_STYLES
    ]
    others = [
        disclosure(layout, style, 11, 60 + number, unseen)
        for number, (layout, style, unseen) in enumerate(OTHERS)
    ]
    return [*same, *others]


@pytest.fixture(scope="module")
def marts(made: list[Disclosure], tmp_path_factory: pytest.TempPathFactory) -> Marts:
    folder: Path = tmp_path_factory.mktemp("forge")
    write(made, folder / "disclosures")
    built = build(folder / "disclosures", folder / "build")
    assert built.exit_code == 0, built.errors
    return Marts(built.warehouse)


def test_amounts_are_right_and_none_is_silently_wrong(
    made: list[Disclosure], marts: Marts
) -> None:
    every = [verdict for one in made for verdict in judged(one, marts)]
    kinds = Counter(v.kind for v in every if not v.is_unseen)
    told = [v.differences() or v.kind for v in every if v.is_silent]
    assert not told, told[:5]
    assert kinds["right"] >= 0.999 * kinds.total(), kinds
    assert kinds["right"] > 4_000
    assert not kinds["wrong"]
    assert not any(v.kind == "wrong" for v in every)


def test_published_mistakes_are_named(made: list[Disclosure], marts: Marts) -> None:
    planted = [
        verdict
        for one in made
        for verdict in judged(one, marts)
        if verdict.expected and verdict.expected.is_planted
    ]
    assert len(planted) == 2
    assert all(v.kind == "right" and v.held and v.held.is_flagged for v in planted)


@pytest.mark.parametrize("layout", SAME_TRUTH)
def test_the_same_truth_gives_the_same_facts_in_every_format(
    made: list[Disclosure], marts: Marts, layout: str
) -> None:
    facts = {
        one.style: facts_of(marts, one.file_name)
        for one in made
        if one.layout == layout
    }
    assert set(facts) == set(PARITY_STYLES)
    for style, found in facts.items():
        assert found.total() > 150
        assert found == facts["xlsx"], style


def test_counties_have_names_and_departments_of_their_own() -> None:
    origins = [origin_of(number, 10) for number in range(100_000)]
    assert len({origin.county for origin in origins}) == 10_000
    of_one = [(origin.archetype.name, origin.year) for origin in origins[:10]]
    assert len(set(of_one)) == 10
    assert len({name for name, _ in of_one}) == 5


def test_a_number_gives_one_disclosure() -> None:
    whole = [made.content() for made in disclosures(60, 7, per_county=10)]
    parts = [
        made.content()
        for first in (0, 40)
        for made in disclosures(40 if not first else 20, 7, first=first, per_county=10)
    ]
    assert whole == parts
