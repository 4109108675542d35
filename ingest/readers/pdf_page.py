"""One upright page of a PDF: its ruled grids and its print.

tablers gives coordinates of the page as it is stored: it follows neither
``/Rotate`` nor a page box that does not begin at the origin. Turned pages are
turned back before it reads them (:mod:`ingest.readers.pdf_rotation`); page boxes
are followed here.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from math import isfinite
from statistics import median
from typing import Any, Protocol

from ingest.document import Box
from ingest.readers.pdf_fonts import offer_placeholder_font
from ingest.readers.pdf_grid import Grid, area, build_grid
from ingest.readers.pdf_text import SUBSTITUTIONS, Line, Run, RunBuilder, lines_of

_SKEW = 3.0  # degrees; print that is turned by more belongs to a watermark
_LARGE = 1.5  # times the usual height: print that may be a watermark
_OVER_ITS_ROW = 1.2  # times the height of the cell: print that no row holds
_FIRST_GLYPHS = 40  # enough to see that a page is printed upright
_FEWEST_UNKNOWN = 5  # characters
_UNKNOWN_SHARE = 0.1  # of the characters of a page

UNKNOWN = "\ufffd"

Raw = tuple[float, float, float, float]
Transform = Callable[[Raw], Raw]

offer_placeholder_font()
# A plain import makes mypy read the sources of tablers, in which one module
# imports ``tablers.__init__`` by name; mypy refuses a package that does so.
tablers: Any = import_module("tablers")


class Glyph(Protocol):
    """A character as tablers gives it."""

    @property
    def unicode_char(self) -> str | None:
        """The character, if the font tells it."""

    @property
    def bbox(self) -> Raw:
        """Its box, as wide as its advance."""

    @property
    def rotation_degrees(self) -> float:
        """The clockwise turn of its baseline."""


@dataclass(slots=True)
class PageContent:
    """What stands on one page.

    ``lines`` are the lines outside the grids and ``watermarks`` the skewed
    print. ``turn`` is the clockwise turn, in degrees, that would bring most of
    the print upright. ``to_display`` brings a box to the page as a viewer shows
    it, where the page was turned before it was read. ``is_recognised``: the texts
    were recognised in a picture. ``is_unread_picture``: a picture covers the page
    or a part of it, and what it prints was not read. ``is_unmapped``: the fonts do
    not tell which characters much of the print is.
    """

    number: int
    height: float
    grids: list[Grid]
    lines: list[Line]
    watermarks: list[Line]
    has_text: bool
    turn: int
    to_display: Callable[[Box], Box]
    is_recognised: bool = False
    is_unread_picture: bool = False
    is_unmapped: bool = False


def read_page(
    page: Any, visible: Raw, number: int, turned: int = 0, shown: Sequence[Run] = ()
) -> PageContent:
    """Read the grids and the print of one page.

    ``visible`` is the part of the page that a viewer shows: left, bottom, right,
    top in the coordinates of the page. ``turned`` is the clockwise turn that was
    given to the page for reading, against what a viewer shows. ``shown`` is what
    stands on the upright page without being print: the values of form fields.
    """
    tables = tablers.find_tables(page, extract_text=False, include_single_cell=True)
    if page.objects is None:
        page.extract_objects()
    objects = page.objects
    glyphs: list[Glyph] = objects.chars if objects is not None else []
    to_visible = _transform(visible)
    runs = [*_runs(glyphs, to_visible), *shown]
    cells = [[Box(*to_visible(cell.bbox)) for cell in table.cells] for table in tables]
    _require_places(visible, runs, cells)
    grids = [build_grid(boxes, number) for boxes in cells]
    page.clear_cache()
    outside, watermarks = _place(runs, grids)
    return PageContent(
        number=number,
        height=visible[3] - visible[1],
        grids=grids,
        lines=lines_of(outside) if outside else [],
        watermarks=watermarks,
        has_text=any(glyph[0] != UNKNOWN for run in runs for glyph in run.glyphs),
        is_unmapped=_is_unmapped(runs),
        turn=_reading_turn(glyphs),
        to_display=display_of(visible, turned),
    )


def _require_places(visible: Raw, runs: list[Run], cells: list[list[Box]]) -> None:
    """Numbers beyond what can be counted put print nowhere.

    :raises RuntimeError: as where tablers cannot read a page.
    """
    edges = sum(run.left + run.top + run.right + run.bottom for run in runs)
    edges += sum(sum(box) for boxes in cells for box in boxes)
    if not isfinite(edges + sum(visible)):
        raise RuntimeError("print stands at no place")


def _is_unmapped(runs: list[Run]) -> bool:
    """Whether too many characters are unknown for the rest to be trusted.

    A few are bullets of a symbol font.
    """
    unknown = sum(run.text.count(UNKNOWN) for run in runs)
    if unknown < _FEWEST_UNKNOWN:
        return False
    return unknown > _UNKNOWN_SHARE * sum(len(run.glyphs) for run in runs)


def without_print(page: PageContent) -> PageContent:
    """The page as if nothing were printed on it."""
    return replace(page, grids=[], lines=[], watermarks=[], has_text=False)


def _reading_turn(glyphs: list[Glyph]) -> int:
    """The clockwise turn, in degrees, that brings most of the print upright."""
    turns = Counter(
        _turn_of(glyph.rotation_degrees) for glyph in glyphs[:_FIRST_GLYPHS]
    )
    if len(turns) > 1:
        turns = Counter(_turn_of(glyph.rotation_degrees) for glyph in glyphs)
    straight = [turn for turn, _ in turns.most_common() if turn is not None]
    return straight[0] if straight else 0


def _turn_of(angle: float) -> int | None:
    """The quarter turn that brings a glyph upright; None for a skewed glyph."""
    if not isfinite(angle):
        return None
    quarter = round(angle / 90)
    return -quarter * 90 % 360 if abs(angle - quarter * 90) < _SKEW else None


def _runs(glyphs: list[Glyph], to_visible: Transform) -> list[Run]:
    builder = RunBuilder()
    known = _PRINTED
    moved = to_visible is not _unchanged
    for glyph in glyphs:
        character = glyph.unicode_char or UNKNOWN
        box = glyph.bbox
        text = known[character]
        if text is None:
            text = SUBSTITUTIONS.get(character, character)
            is_wide = box[2] - box[0] > 0.01
            if not is_wide or text.isspace() or not _is_glyph_number(text):
                builder.add_space(text, is_wide and text not in "\r\n")
                continue
            text = UNKNOWN
        if moved:
            box = to_visible(box)
        angle = glyph.rotation_degrees
        turn = 0 if angle == 0.0 else _turn_of(angle)
        if turn == 0:
            builder.add(text, box)
        else:
            builder.add_turned(text, box, skewed=turn is None)
    return builder.runs


class _Printed(dict[str, str | None]):
    """What stands for a character of a font; None where it prints nothing by itself.

    Pages have ten thousands of glyphs, but hardly a thousand characters.
    """

    def __missing__(self, character: str) -> str | None:
        text = SUBSTITUTIONS.get(character, character)
        is_print = not text.isspace() and text.isprintable()
        self[character] = found = text if is_print else None
        return found


_PRINTED = _Printed()


def _is_glyph_number(text: str) -> bool:
    """Whether a font gives the number of a glyph instead of a character."""
    return unicodedata.category(text) in ("Cc", "Co", "Cn")


def _place(runs: list[Run], grids: list[Grid]) -> tuple[list[Run], list[Line]]:
    """Put runs into the cells of the grids; give back the rest and the watermarks."""
    outside: list[Run] = []
    watermarks: list[Line] = []
    # A frame may surround a table: the print belongs to the smaller grid.
    by_area = sorted(grids, key=lambda grid: area(grid.box))
    large = _texts_across_rows(runs, by_area)
    for run in runs:
        if run.skewed or (large and run.text in large):
            watermarks.append(Line([run]))
            continue
        x, y = run.centre
        for grid in by_area:
            if grid.contains(x, y):
                grid.put(run)
                break
        else:
            outside.append(run)
    return outside, watermarks


def _texts_across_rows(runs: list[Run], grids: list[Grid]) -> set[str]:
    """Texts that stand in rows too low for them: watermarks along the lines.

    Such print is larger than most of the page and than the cell it would be in.
    """
    if not grids or not runs:
        return set()
    usual = median(run.height for run in runs)
    found: set[str] = set()
    for run in runs:
        if run.skewed or run.height < _LARGE * usual:
            continue
        grid = next((g for g in grids if g.contains(*run.centre)), None)
        if grid is not None:
            box = grid.cell_at(*run.centre).box
            if run.height > _OVER_ITS_ROW * (box.bottom - box.top):
                found.add(run.text)
    return found


def _unchanged(box: Raw) -> Raw:
    return box


def _transform(visible: Raw) -> Transform:
    """From the coordinates of tablers to the visible part of the page."""
    left, bottom = visible[0], visible[1]
    if not left and not bottom:
        return _unchanged
    # tablers counts downwards from the height of the page above the origin.
    return lambda box: (
        box[0] - left,
        box[1] + bottom,
        box[2] - left,
        box[3] + bottom,
    )


def display_of(visible: Raw, turned: int) -> Callable[[Box], Box]:
    """Back from a page that was turned clockwise for reading.

    ``visible`` is the visible part after the turn.
    """
    width, height = visible[2] - visible[0], visible[3] - visible[1]
    match turned:
        case 90:
            return lambda b: Box(b.top, width - b.right, b.bottom, width - b.left)
        case 180:
            return lambda b: Box(
                width - b.right, height - b.bottom, width - b.left, height - b.top
            )
        case 270:
            return lambda b: Box(height - b.bottom, b.left, height - b.top, b.right)
    return lambda box: box
