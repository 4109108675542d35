"""The running text that the forge writes tells its truth, and its misprints do not."""

from __future__ import annotations

import random
from collections import Counter
from decimal import Decimal

import pytest

from tests.forge.layouts import LAYOUTS
from tests.forge.make import Disclosure, disclosure
from tests.forge.misprints import PROSE_KINDS, misprinted, with_misprint
from tests.forge.paper import Grid
from tests.forge.planting import elsewhere
from tests.forge.prose import STYLES_OF_TEXT, copies
from tests.forge.writers import WRITERS
from tests.narrative import compare, printed_number, says
from tests.test_golden_narrative import as_read


def told(layout: str, number: int = 0, style: str = "txt") -> Disclosure:
    return disclosure(layout, style, 4, number, 0, prose_share=1)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_what_the_text_says_is_there_and_holds(layout: str) -> None:
    made = told(layout)
    prose = made.prose
    if prose is None:
        return
    for said in prose.figures:
        paragraph = prose.paragraphs[said.paragraph]
        shown = paragraph[said.start : said.end]
        assert shown.strip().startswith(said.printed)
        assert made.book.paper.blocks[prose.first_block + said.paragraph] == paragraph
        if said.value:
            number = Decimal(printed_number(said.printed))
            assert number == abs(said.value), said
        if said.words:
            assert (paragraph[slice(*said.words)] in ("减少", "下降")) == (
                said.value < 0
            )
    assert not [claim for claim in prose.claims if claim.fails(prose.values)]
    values = prose.values
    for number_, value, allowed in copies(made.book, prose):
        assert abs(values[number_] - value) <= allowed


def test_text_is_told_in_the_words_of_nine_regions() -> None:
    styles = Counter(
        prose.style
        for at, layout in enumerate(list(LAYOUTS) * 3)
        if (prose := told(layout, at).prose)
    )
    assert set(styles) == {
        *("southwest", "north", "central", "east", "coast", "lakes", "terse"),
        *("accounts", "basin"),
    }
    assert set(STYLES_OF_TEXT) <= set(WRITERS)


def test_a_third_of_the_texts_and_no_sheet_has_prose() -> None:
    made = [
        disclosure(layout, style, 4, at)
        for at, layout in enumerate(list(LAYOUTS) * 3)
        for style in ("txt", "csv")
    ]
    assert not any(one.prose for one in made if one.style == "csv")
    share = sum(bool(one.prose) for one in made) / len(LAYOUTS) / 3
    assert 0.15 < share < 0.4


def test_tables_are_the_same_with_and_without_text() -> None:
    with_text = told("southwest_plain")
    without = disclosure("southwest_plain", "txt", 4, 0, 0, prose_share=0)
    assert with_text.prose and not without.prose
    assert list(with_text.book.paper.grids()) == list(without.book.paper.grids())
    assert [table.facts for table in with_text.book.tables] == [
        table.facts for table in without.book.tables
    ]


@pytest.mark.parametrize("layout", ("southwest_plain", "final_numbered"))
def test_the_figures_are_told_as_the_golden_truth_is(layout: str) -> None:
    prose = told(layout).prose
    assert prose
    rows = prose.rows()
    read = [as_read(row, order) for order, row in enumerate(rows)]
    result = compare(rows, read)
    assert len(result.right) == len(rows)
    assert not (result.wrong or result.links or result.missing or result.extra)
    assert any(says(row["fund"], "general_public_budget") for row in rows)


@pytest.mark.parametrize("kind", PROSE_KINDS)
def test_a_misprint_breaks_what_the_text_claims(kind: str) -> None:
    rng = random.Random(1)
    found = 0
    for at, layout in enumerate(LAYOUTS):
        made = told(layout, at)
        slip = misprinted(kind, rng, made)
        if slip is None:
            continue
        found += 1
        assert made.prose
        values = {**made.prose.values, slip.said.number: slip.value}
        assert slip.value != slip.said.value
        assert all(claim.fails(values) for claim in slip.broken)
        assert all(not claim.fails(made.prose.values) for claim in slip.broken)
        # One paragraph differs, and in it the figure or the word before it.
        wrong = with_misprint(made, slip)
        before, after = made.book.paper.blocks, wrong.book.paper.blocks
        differing = [at for at in range(len(before)) if before[at] != after[at]]
        assert differing == [made.prose.first_block + slip.said.paragraph]
        assert not isinstance(before[differing[0]], Grid)
        row = slip.rows(made.prose)[slip.said.number]
        assert Decimal(row["value"]) == slip.value
        assert row["printed_text"] in str(after[differing[0]])
        assert elsewhere(wrong).file_name != made.file_name
    assert found > len(LAYOUTS) / 3
