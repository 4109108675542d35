"""Where the cells of a table come to stand on pages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont

from tests.forge.paper import Cell, Grid

FONT = "STSong-Light"  # a font of the viewer's: nothing has to be embedded
SIZES = (9.0, 8.0, 7.0, 6.0, 5.0)
PADDING = 3.0  # left and right of a text in its cell
MARGIN = 2.5  # above and below it
LEADING = 1.3
HEADER_WIDTH = 5  # characters of a column label before it is broken

_AMOUNT = re.compile(r"[-(（]?\d[\d,.]*[%)）]?|-|—")
_CODE = re.compile(r"\d{1,7}")
_TOKEN = re.compile(r"[\d,.%()\-]+|[A-Za-z]+|.")

pdfmetrics.registerFont(UnicodeCIDFont(FONT))


@lru_cache(1 << 16)
def text_width(text: str, size: float) -> float:
    """How wide a text runs, in points."""
    return float(pdfmetrics.stringWidth(text, FONT, size))


def wrap(text: str, width: float, size: float) -> list[str]:
    """The lines of a text; figures and words are broken only where they must be."""
    lines: list[str] = []
    for part in text.splitlines():
        if part and text_width(part, size) <= width:
            lines.append(part)
            continue
        line = ""
        for token in _TOKEN.findall(part):
            if text_width(line + token, size) <= width:
                line += token
                continue
            if line:
                lines.append(line)
            line = ""
            for character in token:
                if line and text_width(line + character, size) > width:
                    lines.append(line)
                    line = ""
                line += character
        if line:
            lines.append(line)
    return lines


@dataclass(frozen=True, slots=True)
class Piece:
    """A cell, or the part of it that stands on one page.

    Rows count from the first one of the part of the table on that page.
    """

    row: int
    column: int
    row_span: int
    column_span: int
    lines: tuple[str, ...]
    is_amount: bool
    is_header: bool


@dataclass(slots=True)
class Part:
    """What of a table stands on one page: heights of its rows, and its cells."""

    heights: list[float] = field(default_factory=list)
    pieces: list[Piece] = field(default_factory=list)


class Layout:
    """A table set in columns that fit into a width.

    ``gap`` is left free at both sides of a cell's text.
    """

    def __init__(self, table: Grid, available: float, gap: float = PADDING) -> None:
        self.table = table
        self.gap = gap
        for size in SIZES:
            least, natural = self._widths(size)
            if sum(least) <= available:
                break
        self.size = size
        self.widths = _fitted(least, natural, available)
        self.leading = size * LEADING
        self.lines = {cell: self._lines(cell) for cell in table.cells}
        self.heights = self._heights()

    def _widths(self, size: float) -> tuple[list[float], list[float]]:
        """The least and the natural width of every column."""
        count = self.table.column_count
        least = [2 * self.gap + 2 * size] * count
        natural = list(least)
        for cell in self.table.cells:
            if cell.column_span > 1:
                continue
            tokens = _TOKEN.findall(cell.text)
            width = max((text_width(token, size) for token in tokens), default=0.0)
            whole = max(
                (text_width(line, size) for line in cell.text.splitlines()), default=0.0
            )
            if cell.row < self.table.header_rows:
                whole = max(width, min(whole, HEADER_WIDTH * size))
            column = cell.column
            least[column] = max(least[column], width + 2 * self.gap)
            natural[column] = max(natural[column], whole + 2 * self.gap)
        return least, natural

    def _lines(self, cell: Cell) -> list[str]:
        width = sum(self.widths[cell.column : cell.column + cell.column_span])
        # The sum of parts may lack what the whole had, by the last bits of a float.
        return wrap(cell.text, width - 2 * self.gap + 0.01, self.size)

    def _heights(self) -> list[float]:
        heights = [self.leading + 2 * MARGIN] * self.table.row_count
        for cell in sorted(self.table.cells, key=lambda cell: cell.row_span):
            needed = self._height(len(self.lines[cell]))
            rows = slice(cell.row, cell.row + cell.row_span)
            if needed > sum(heights[rows]):
                heights[rows.stop - 1] += needed - sum(heights[rows])
        return heights

    def _height(self, lines: int) -> float:
        return lines * self.leading + 2 * MARGIN

    @property
    def header_height(self) -> float:
        """The height of the header rows."""
        return sum(self.heights[: self.table.header_rows])

    def parts(
        self, room: float, page: float, *, repeat_header: bool, cut_rows: bool
    ) -> Iterator[Part]:
        """The table page by page.

        ``room`` is the height left on the first page and ``page`` that of a whole
        one. Without ``cut_rows`` a row is cut only if it is higher than a page.
        """
        pieces = list(self._row_pieces())
        header = range(self.table.header_rows)
        part, filled, left = Part(), 0.0, room
        queue = list(enumerate(self.heights))
        while queue:
            row, height = queue.pop(0)
            if filled + height > left + 0.01:
                space = left - filled
                cut = cut_rows or height > page - self.header_height
                fits = int((space - 2 * MARGIN) // self.leading)
                upper: list[Piece] = []
                if cut and fits >= 1 and row not in header:
                    upper, lower = _cut(pieces[row], fits)
                    if upper:
                        self._add(part, upper, self._height(fits))
                        pieces[row] = lower
                        longest = max(len(piece.lines) for piece in lower)
                        height = self._height(longest)
                if part.heights:
                    yield part
                part, filled, left = Part(), 0.0, page
                if repeat_header and row not in header:
                    for number in header:
                        self._add(part, pieces[number], self.heights[number])
                        filled += self.heights[number]
                if not upper and filled + height > left + 0.01:
                    left = filled + height  # it fits nowhere: beyond the margin
                queue.insert(0, (row, height))
                continue
            self._add(part, pieces[row], height)
            filled += height
        if part.heights:
            yield part

    def _row_pieces(self) -> Iterator[list[Piece]]:
        """What stands in each row; a cell over several rows has a piece in each."""
        amounts = {cell for row in self.table.rows() for cell in _amounts(row)}
        for row in range(self.table.row_count):
            yield [
                Piece(
                    row - cell.row,  # which of its rows this is, until it is placed
                    cell.column,
                    cell.row_span,
                    cell.column_span,
                    tuple(self.lines[cell]),
                    cell in amounts,
                    cell.row < self.table.header_rows,
                )
                for cell in self.table.cells
                if cell.row <= row < cell.row + cell.row_span
            ]

    @staticmethod
    def _add(part: Part, pieces: list[Piece], height: float) -> None:
        """Put a row below the rows of a part, joining cells that go on."""
        row = len(part.heights)
        part.heights.append(height)
        for piece in pieces:
            if piece.row > 0:  # not its first row: it goes on, or comes from overleaf
                above = next(
                    (
                        index
                        for index, other in enumerate(part.pieces)
                        if other.column == piece.column
                        and other.row + other.row_span == row
                    ),
                    None,
                )
                if above is not None:
                    other = part.pieces[above]
                    part.pieces[above] = replace(other, row_span=other.row_span + 1)
                    continue
                piece = replace(piece, lines=())
            part.pieces.append(replace(piece, row=row, row_span=1))


def _amounts(row: list[Cell]) -> Iterator[Cell]:
    """The cells of a row that hold figures, codes before a name left out."""
    for index, cell in enumerate(row):
        if not _AMOUNT.fullmatch(cell.text):
            continue
        following = (c.text for c in row[index:] if not _CODE.fullmatch(c.text))
        name = next(filter(None, following), "") if _CODE.fullmatch(cell.text) else ""
        if not name or _AMOUNT.fullmatch(name):
            yield cell


def _cut(pieces: list[Piece], lines: int) -> tuple[list[Piece], list[Piece]]:
    """A row as what fits above a page break and what goes below it, or not cut."""
    if any(piece.row_span > 1 for piece in pieces) or all(
        len(piece.lines) <= lines for piece in pieces
    ):
        return [], pieces
    upper = [replace(piece, lines=piece.lines[:lines]) for piece in pieces]
    lower = [replace(piece, lines=piece.lines[lines:]) for piece in pieces]
    return upper, lower


def _fitted(least: list[float], natural: list[float], available: float) -> list[float]:
    """Widths that add up to what is available, as natural as there is room."""
    if sum(natural) <= available:
        more = (available - sum(natural)) / len(natural)
        return [width + more for width in natural]
    # The widest columns give way first, all to one width.
    low, high = 0.0, max(natural)
    for _ in range(40):
        most = (low + high) / 2
        widths = [
            max(small, min(wide, most))
            for small, wide in zip(least, natural, strict=True)
        ]
        low, high = (most, high) if sum(widths) < available else (low, most)
    return widths
