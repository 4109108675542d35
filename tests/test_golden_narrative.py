"""The figures of running text are those that a person read in seven disclosures.

`tests/golden/narrative/README.md` says how the truth was established.
"""

from __future__ import annotations

from collections import Counter

import pytest

from tests.building import Build
from tests.narrative import (
    FIGURES,
    PDFS,
    TEXTS,
    Comparison,
    Figure,
    compare,
    figure,
    place_number,
    printed_number,
    sha_of,
    truth,
)

# How much an independent reading found, by file: figures, and of them not zero.
COUNTS = {
    "wansheng_2025": (83, 37),
    "tunliu_2024": (85, 60),
    "xinxiang_2023": (63, 38),
    "putuo_welfare_home_2024": (80, 45),
    "putuo_government_office_2025": (76, 38),
    "putuo_wanli_2025": (115, 88),
    "putuo_planning_final_2024": (154, 113),
}

# Of the prose of the PDFs, how many figures are placed with the right meaning.
REACHED = {
    "putuo_welfare_home_2024": 80,
    "putuo_government_office_2025": 76,
    "putuo_wanli_2025": 115,
    "putuo_planning_final_2024": 150,
}


def compared(real: Build, name: str) -> Comparison:
    rows = real.rows(f"{FIGURES} where documents.file_sha256 = ?", sha_of(name))
    result = compare(truth(name), [figure(row) for row in rows])
    print(name, result.report())
    return result


@pytest.mark.parametrize("name", TEXTS)
def test_every_figure_of_the_three_text_budgets(real: Build, name: str) -> None:
    result = compared(real, name)
    assert (result.missing, result.unplaced, result.extra) == ([], [], [])
    assert (result.wrong, result.links) == ([], [])
    assert len(result.right) == COUNTS[name][0]


@pytest.mark.parametrize("name", PDFS)
def test_the_prose_of_the_pdfs(real: Build, name: str) -> None:
    """None with a wrong meaning, and no fewer right than were reached."""
    result = compared(real, name)
    assert result.wrong == []
    assert len(result.right) >= REACHED[name], result.report()


@pytest.mark.parametrize("name", COUNTS)
def test_the_truth_is_whole(name: str) -> None:
    rows = truth(name)
    assert (len(rows), sum(row["is_zero"] == "false" for row in rows)) == COUNTS[name]
    places = {row["place"] for row in rows}
    assert len(places) == len(rows), "a place is repeated"
    linked = {
        choice
        for row in rows
        for link in (row["owner"], row["whole"])
        for choice in link.split("|")
    }
    assert linked - places - {"", "*"} == set()


def test_the_three_text_budgets_print_161_figures() -> None:
    """112 of them not zero, beside 13 statements that nothing changed, eight limits
    and 49 counts."""
    rows = [row for name in TEXTS for row in truth(name)]
    said = [row for row in rows if row["printed_text"][0].isdigit()]
    stated = [row for row in said if row["meaning"] not in ("count", "threshold")]
    assert len(stated) == 161
    assert sum(row["is_zero"] == "false" for row in stated) == 112
    assert len(rows) - len(said) == 13
    assert Counter(row["meaning"] for row in said)["count"] == 49


def as_read(row: dict[str, str], number: int, **changed: str) -> Figure:
    properties = {
        name: value.split("|")[0].rstrip("*") for name, value in row.items()
    } | changed
    return Figure(
        key=row["place"],
        order=(number, 0),
        place=place_number(row["place"]),
        printed_text=row["printed_text"] + row["value_unit"],
        is_placed=True,
        properties=properties,
        owner=row["owner"].lstrip("|"),
        whole=row["whole"].lstrip("|"),
    )


@pytest.mark.parametrize("name", TEXTS + PDFS)
def test_what_is_read_right_is_right(name: str) -> None:
    rows = truth(name)
    result = compare(rows, [as_read(row, order) for order, row in enumerate(rows)])
    assert (len(result.right), result.missing, result.extra) == (len(rows), [], [])
    assert (result.wrong, result.links, result.unplaced) == ([], [], [])


def test_what_is_read_wrong_is_seen() -> None:
    """Each kind of difference, once; a wrong property twice."""
    rows = truth("wansheng_2025")
    figures = [as_read(row, order) for order, row in enumerate(rows)]
    change = next(i for i, row in enumerate(rows) if row["value"].startswith("-"))
    figures[change] = as_read(rows[change], change, value=rows[change]["value"][1:])
    figures[change + 1] = as_read(rows[change + 1], change + 1, fund="state_capital")
    owned = next(i for i, row in enumerate(rows) if row["whole"] and i > change + 1)
    lost = figures.pop()
    extra = as_read({**rows[0], "place": "L27:7#1", "printed_text": "7"}, 0)
    figures[0] = Figure(**{**vars(figures[0]), "is_placed": False})
    figures[owned] = Figure(**{**vars(figures[owned]), "whole": ""})
    result = compare(rows, [*figures, Figure(**{**vars(extra), "order": (0, 1)})])
    assert len(result.wrong) == 2
    assert "value" in result.wrong[0] and "fund" in result.wrong[1]
    assert [text.split()[0] for text in result.unplaced] == [rows[0]["place"]]
    assert len(result.links) == 1 and rows[owned]["place"] in result.links[0]
    assert [text.split()[0] for text in result.missing] == [lost.key]
    assert len(result.extra) == 1
    assert printed_number("4,614万元") == "4614" and printed_number("与上年持平") == "="
