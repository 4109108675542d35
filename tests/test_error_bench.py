"""The error bench plants what it says, and the warehouse finds it.

The planting and the equalities stand on the forge alone; one small build reads
documents with and without errors.
"""

from __future__ import annotations

import random
from decimal import Decimal
from pathlib import Path

import pytest

from tests.bench.errors import (
    CLEAN,
    Document,
    causes_of,
    failures,
    judge_all,
    made,
    report,
    write_all,
)
from tests.building import build
from tests.forge.equalities import equalities, fails, places, printed
from tests.forge.make import book, disclosure
from tests.forge.paper import Grid, Paper
from tests.forge.planting import (
    KINDS,
    NEEDS_NEGATIVE,
    Planted,
    elsewhere,
    planted,
    with_errors,
    with_negative,
)

DENSE = ("central_detailed", "southwest_plain", "final_numbered")
SMALL = ("digits_swapped", "quarter_more", "subtotal", "sign_lost", "balance")


def texts(paper: Paper) -> dict[tuple[int, int, int], str]:
    return {
        (number, cell.row, cell.column): cell.text
        for number, grid in enumerate(b for b in paper.blocks if isinstance(b, Grid))
        for cell in grid.cells
    }


def an_error(kind: str, number: int = 4) -> tuple[Document, Planted]:
    (document,) = made(1, number, kinds=[kind], layouts=DENSE, styles=["csv"])
    return document, document.cases[0].error


@pytest.mark.parametrize("layout", CLEAN)
def test_equalities_hold_in_a_clean_book(layout: str) -> None:
    clean = book(layout, 3, 8, 0)
    values = {place: printed(figure) for place, figure in places(clean).items()}
    known = equalities(clean)
    assert not [one for one in known if fails(one, values)]
    covered = {p for e in known if e.is_implied for p in (e.total, *e.terms)}
    assert len(covered) > 0.6 * len(values)


def test_equalities_fail_where_a_publisher_made_mistakes() -> None:
    # Where they are planted the mistakes are not part of the figure's own truth.
    wrong = book("published_mistakes", 3, 8, 0)
    values = {place: printed(figure) for place, figure in places(wrong).items()}
    kinds = {one.kind for one in equalities(wrong) if fails(one, values)}
    assert {"functional children", "economic department children"} <= kinds


@pytest.mark.parametrize("kind", KINDS)
def test_exactly_the_named_cells_differ(kind: str) -> None:
    document, error = an_error(kind)
    before = texts(elsewhere(document.clean).book.paper)
    after = texts(document.wrong.book.paper)
    at = (error.table.number, error.row, error.column)
    assert before[at] == error.right_text
    if error.is_gone or error.is_twice:
        row = [before[k] for k in sorted(before) if k[:2] == at[:2]]
        whole = {k: [] for k in ("before", "after")}
        for name, cells in (("before", before), ("after", after)):
            for number, line in sorted({k[:2] for k in cells}):
                if number == at[0]:
                    keys = sorted(k for k in cells if k[:2] == (number, line))
                    whole[name].append([cells[k] for k in keys])
        more, less = ("after", "before") if error.is_twice else ("before", "after")
        assert whole[more].count(row) == whole[less].count(row) + 1
        assert len(whole[more]) == len(whole[less]) + 1
        return
    differ = {key for key in before if before[key] != after[key]}
    assert differ == {(at[0], *cell) for cell in error.changes}
    assert after[at] == error.printed_text != error.right_text
    if kind not in ("unit_slip_table", "row_shifted", "values_swapped"):
        assert len(differ) == 1 or kind == "columns_swapped"


def test_slips_of_the_hand() -> None:
    _, error = an_error("digits_swapped")
    assert sorted(error.right_text) == sorted(error.printed_text)
    assert "digits_swapped" in causes_of(error)
    _, error = an_error("quarter_more")
    figure = next(
        f for f in error.table.figures if (f.row, f.column) == (error.row, error.column)
    )
    raised = error.changes[error.row, error.column].fen
    assert raised is not None
    assert abs(Decimal(raised) / figure.fen - Decimal("1.25")) < Decimal("0.01")
    _, error = an_error("sign_lost")
    assert error.right_text == f"-{error.printed_text}"


def test_an_error_is_the_same_for_the_same_seed() -> None:
    for kind in ("digit_changed", "row_missing", "columns_swapped"):
        (one, first), (again, second) = an_error(kind), an_error(kind)
        assert first.changes == second.changes
        assert one.wrong.book.paper == again.wrong.book.paper


def test_independent_errors_stand_in_no_equality_together() -> None:
    for document in made(12, 9, styles=["csv"], errors=3):
        known = equalities(document.clean.book)
        where = [
            {(c.error.table.number, *cell) for cell in c.error.cells}
            for c in document.cases
        ]
        assert len(where) == 3
        for one in known:
            cells = {one.total, *one.terms}
            assert sum(bool(cells & places_) for places_ in where) <= 1


def test_a_negative_figure_is_printed_to_lose_its_sign() -> None:
    made_ = disclosure("southwest_plain", "csv", 1, 2, 0, with_negative)
    error = planted(NEEDS_NEGATIVE[0], random.Random(1), made_.book)
    assert error
    assert error.right_yuan < 0
    assert with_errors(made_, [error]).content() != made_.content()


@pytest.fixture(scope="module")
def documents(tmp_path_factory: pytest.TempPathFactory) -> list[Document]:
    folder: Path = tmp_path_factory.mktemp("errors")
    found = list(
        made(
            6,
            7,
            kinds=SMALL,
            layouts=["southwest_plain", "final_numbered", "glued_codes"],
            styles=["xlsx", "csv", "html"],
        )
    )
    write_all(found, folder / "disclosures")
    built = build(folder / "disclosures", folder / "build")
    assert built.exit_code == 0, built.errors
    judge_all(found, built.warehouse)
    return found


def test_every_planted_error_is_found_and_no_other(documents: list[Document]) -> None:
    cases = [case for document in documents for case in document.cases]
    assert all(case.cell_id for case in cases)
    assert all(case.is_revealed and case.is_found for case in cases)
    assert all(case.is_first and case.is_right and case.is_cause for case in cases)
    assert all(len(document.findings) == 1 for document in documents)
    assert not any(case.is_silent for case in cases)
    assert not [f for d in documents for f in d.false if f["severity"] == "error"]


def test_the_bench_prints_its_tables(
    documents: list[Document], capsys: pytest.CaptureFixture[str]
) -> None:
    total = report(documents, ["layout", "kind"])
    failures(documents, 1)
    told = capsys.readouterr().out
    assert len(total.cases) == 6
    assert "planted errors by layout" in told
    assert "clean documents: 6; findings of severity error: 0" in told
