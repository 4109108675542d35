"""One page of a PDF: its ruled grids and its print, in the direction of reading.

tablers gives coordinates of the page as it is stored: it follows neither
``/Rotate`` nor a page box that does not begin at the origin. Both are
followed here, and print is turned upright before it is read, however the page
is turned.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Protocol

from ingest.document import Box
from ingest.readers.pdf_grid import Grid, area, build_grid
from ingest.readers.pdf_text import SUBSTITUTIONS, Line, Run, RunBuilder, lines_of

_SKEW = 3.0  # degrees; print that is turned by more belongs to a watermark
_FIRST_GLYPHS = 40  # enough to see that a page is printed upright

Raw = tuple[float, float, float, float]
Transform = Callable[[Raw], Raw]

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


@dataclass(frozen=True, slots=True)
class Geometry:
    """How a page is stored: its box (left, bottom, right, top), its ``/Rotate``."""

    box: Raw
    rotation: int

    @property
    def width(self) -> float:
        """The width as stored, before ``/Rotate``."""
        return self.box[2] - self.box[0]

    @property
    def height(self) -> float:
        """The height as stored, before ``/Rotate``."""
        return self.box[3] - self.box[1]


@dataclass(slots=True)
class PageContent:
    """What stands on one page, in the direction of reading.

    ``lines`` are the lines outside the grids and ``watermarks`` the skewed
    print. ``to_display`` turns a box to the page as a viewer shows it.
    """

    number: int
    width: float
    height: float
    grids: list[Grid]
    lines: list[Line]
    watermarks: list[Line]
    to_display: Callable[[Box], Box]
    has_text: bool


def read_page(page: Any, geometry: Geometry, number: int) -> PageContent:
    """Read the grids and the print of one page."""
    tables = tablers.find_tables(page, extract_text=False, include_single_cell=True)
    if page.objects is None:
        page.extract_objects()
    objects = page.objects
    glyphs = objects.chars if objects is not None else []
    turn = _reading_turn(glyphs, geometry.rotation)
    to_reading = _transform(geometry, turn)
    runs = _runs(glyphs, turn, to_reading)
    grids = [
        build_grid([Box(*to_reading(cell.bbox)) for cell in table.cells], number)
        for table in tables
    ]
    page.clear_cache()
    outside, watermarks = _place(runs, grids)
    sideways = turn % 180 != 0
    return PageContent(
        number=number,
        width=geometry.height if sideways else geometry.width,
        height=geometry.width if sideways else geometry.height,
        grids=grids,
        lines=lines_of(outside) if outside else [],
        watermarks=watermarks,
        to_display=_display(geometry, turn),
        has_text=any(glyph[0] != "\ufffd" for run in runs for glyph in run.glyphs),
    )


def _reading_turn(glyphs: list[Glyph], rotation: int) -> int:
    """The clockwise turn, in degrees, that brings most of the print upright."""
    turns = Counter(
        _turn_of(glyph.rotation_degrees) for glyph in glyphs[:_FIRST_GLYPHS]
    )
    if len(turns) != 1:
        turns = Counter(_turn_of(glyph.rotation_degrees) for glyph in glyphs)
    del turns[None]
    return turns.most_common(1)[0][0] or 0 if turns else rotation


def _turn_of(angle: float) -> int | None:
    """The quarter turn that brings a glyph upright; None for a skewed glyph."""
    quarter = round(angle / 90)
    return -quarter * 90 % 360 if abs(angle - quarter * 90) < _SKEW else None


def _runs(glyphs: list[Glyph], turn: int, to_reading: Transform) -> list[Run]:
    builder = RunBuilder()
    substitute = SUBSTITUTIONS.get
    plain = to_reading is _unchanged
    for glyph in glyphs:
        text = glyph.unicode_char or "\ufffd"
        box = glyph.bbox
        text = substitute(text, text)
        if text.isspace() or not text.isprintable():
            builder.add_space(text, box[2] - box[0] > 0.01 and text not in "\r\n")
            continue
        if not plain:
            box = to_reading(box)
        angle = glyph.rotation_degrees
        if angle == 0.0 and turn == 0:
            builder.add(text, box)
            continue
        own = _turn_of(angle)
        if own == turn:
            builder.add(text, box)
        else:
            builder.add_turned(text, box, skewed=own is None)
    return builder.runs


def _place(runs: list[Run], grids: list[Grid]) -> tuple[list[Run], list[Line]]:
    """Put runs into the cells of the grids; give back the rest and the watermarks."""
    outside: list[Run] = []
    watermarks: list[Line] = []
    # A frame may surround a table: the print belongs to the smaller grid.
    by_area = sorted(grids, key=lambda grid: area(grid.box))
    for run in runs:
        if run.skewed:
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


def _unchanged(box: Raw) -> Raw:
    return box


def _transform(geometry: Geometry, turn: int) -> Transform:
    """From the coordinates of tablers to the page turned clockwise by ``turn``."""
    left, bottom = geometry.box[0], geometry.box[1]
    if not turn and not left and not bottom:
        return _unchanged
    rotate = _rotation(geometry.width, geometry.height, turn)

    def transform(box: Raw) -> Raw:
        # tablers measures from the top of the box's height above the origin.
        return rotate((box[0] - left, box[1] + bottom, box[2] - left, box[3] + bottom))

    return transform


def _rotation(width: float, height: float, turn: int) -> Transform:
    """A clockwise turn of a page of the given size, the origin at its top left."""
    match turn % 360:
        case 90:
            return lambda b: (height - b[3], b[0], height - b[1], b[2])
        case 180:
            return lambda b: (width - b[2], height - b[3], width - b[0], height - b[1])
        case 270:
            return lambda b: (b[1], width - b[2], b[3], width - b[0])
    return _unchanged


def _display(geometry: Geometry, turn: int) -> Callable[[Box], Box]:
    """From the direction of reading to the page as a viewer shows it."""
    rest = (geometry.rotation - turn) % 360
    if not rest:
        return lambda box: box
    sideways = turn % 180 != 0
    width = geometry.height if sideways else geometry.width
    height = geometry.width if sideways else geometry.height
    rotate = _rotation(width, height, rest)
    return lambda box: Box(*rotate(box))
