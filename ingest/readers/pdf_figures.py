"""Figures that a narrow column, or the end of a page, cuts in two.

One by itself may look whole: that ``7,359,424.3`` is the beginning of a figure is
told by the others of its column, which all have two decimals. Two figures that may
be two are never joined: where a page break leaves a doubt they are set beside one
another, which no number is.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set

from ingest.document import Cell

_FEWEST_FIGURES = 2  # that show how many decimals a column has

# A figure with groups of three digits or with decimals: other ones may be a code,
# a count or the number of a column.
_PLAIN = re.compile(
    r"[-+(（]?(?:\d{1,3}(?:[,，]\d{3})+|(?=\d+\.)\d+)(?:\.(\d+))?[)）]?"
)
_WITHIN_A_GROUP = re.compile(r"[-+(（]?\d{1,3}(?:[,，]\d{3})*[,，]\d{0,2}")
_WHOLE_NUMBER = re.compile(r"[-+(（]?\d+[)）]?")
_WITHIN_DECIMALS = re.compile(r"[-+(（]?[\d,，]*\d\.(\d*)")


def decimals_by_column(cells: Iterable[Cell], without: Set[int]) -> dict[int, int]:
    """How many decimals the figures of each column have, where all agree.

    ``without`` are the rows that a page break may have cut. A column with few
    figures has as many decimals as the whole table, if that has the same everywhere.
    """
    found: dict[int, Counter[int]] = {}
    for cell in cells:
        figures = found.setdefault(cell.column, Counter())
        if cell.row not in without and (plain := _PLAIN.fullmatch(cell.text)):
            figures[len(plain[1] or "")] += 1
    whole = sum(found.values(), Counter[int]())
    decimals: dict[int, int] = {}
    for column, figures in found.items():
        shown = figures if figures.total() >= _FEWEST_FIGURES else whole
        if len(shown) == 1 and shown.total() >= _FEWEST_FIGURES:
            (decimals[column],) = shown
    return decimals


def whole_figure(
    pieces: Sequence[str], column: int, decimals: Mapping[int, int]
) -> str | None:
    """The figure that pieces form one below the other; None if they may be several.

    It must have the decimals of its column, and no piece may end where a figure can.
    """
    places = decimals.get(column)
    if places is None or len(pieces) < 2 or not pieces[-1][:1].isdigit():
        return None
    figure = "".join(pieces)
    plain = _PLAIN.fullmatch(figure)
    if plain is None or len(plain[1] or "") != places:
        return None
    begun = ("".join(pieces[:end]) for end in range(1, len(pieces)))
    return figure if all(_is_begun(text, places) for text in begun) else None


def may_be_one(head: str, tail: str, column: int, decimals: Mapping[int, int]) -> bool:
    """Whether two pieces form a figure that its column may hold."""
    figure = head + tail
    plain = _PLAIN.fullmatch(figure) or _WHOLE_NUMBER.fullmatch(figure)
    if plain is None:
        return False
    places = decimals.get(column)
    shown = len(figure.rstrip(")）").partition(".")[2])
    return places is None or shown == places


def is_piece(head: str, tail: str) -> bool:
    """Whether one of two pieces of a figure can be no figure by itself."""
    return (
        head[-1] in ".,，"
        or tail[0] in ".,，"
        or _WITHIN_A_GROUP.fullmatch(head) is not None
    )


def _is_begun(text: str, places: int) -> bool:
    """Whether a text is the beginning of a figure, and no figure by itself."""
    within = _WITHIN_DECIMALS.fullmatch(text)
    if within is not None:
        return len(within[1]) < places
    return _WITHIN_A_GROUP.fullmatch(text) is not None
