"""The ruling grid of one table on one page, and which print stands in its cells."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from operator import attrgetter

from ingest.document import Box
from ingest.readers.pdf_text import Run, cell_text

_EDGE_TOLERANCE = 1.5  # points; edges nearer to one another are one ruling line
_OVERHANG = 0.3  # glyph heights; a run may touch the ruling without crossing it
_SEAM_REACH = 1.1  # glyph heights; how far from the ruling two runs may meet
_SEAM_GAP = 0.1  # glyph heights; a gap that glyphs of one text do not leave
_SEAM_OVERLAP = 0.3  # ... and how far they may overlap if another font stands in

_FINISHED_AMOUNT = re.compile(r"\d\.\d\d$")


@dataclass(slots=True)
class GridCell:
    """A ruled cell: its place, its spans and what is printed in it."""

    row: int
    column: int
    row_span: int
    column_span: int
    box: Box
    page: int
    runs: list[Run] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The text of the cell; ``""`` for an empty one."""
        if not self.runs:
            return ""
        return cell_text(self.runs, self.box.right - self.box.left)


@dataclass(slots=True)
class Grid:
    """The cells of one table on one page; every position is covered once."""

    columns: list[float]  # the ruling lines from left to right, one more than columns
    rows: list[float]
    cells: list[GridCell]
    _at: list[list[GridCell]]

    @property
    def box(self) -> Box:
        """The outer border."""
        return Box(self.columns[0], self.rows[0], self.columns[-1], self.rows[-1])

    @property
    def frames_one_text(self) -> bool:
        """Whether the grid is one cell only: a frame, no table."""
        return len(self.cells) == 1

    def contains(self, x: float, y: float) -> bool:
        """Whether a point lies within the outer border."""
        columns, rows = self.columns, self.rows
        return columns[0] <= x <= columns[-1] and rows[0] <= y <= rows[-1]

    def cell_at(self, x: float, y: float) -> GridCell:
        """The cell around a point; outside the border, the cell nearest to it."""
        row = bisect_right(self.rows, y, 1, len(self.rows) - 1) - 1
        column = bisect_right(self.columns, x, 1, len(self.columns) - 1) - 1
        return self._at[row][column]

    def put(self, run: Run) -> None:
        """Put a run, whose centre lies in the grid, into its cell or cells."""
        while True:
            seam = self._seam(run)
            if seam is None:
                break
            first, run = run.split(seam)
            self.cell_at(*first.centre).runs.append(first)
        self.cell_at(*run.centre).runs.append(run)

    def _seam(self, run: Run) -> int | None:
        """Where a run has to be split because two cells' texts touch, if at all."""
        slack = _OVERHANG * run.height
        y = run.middle
        edge = self.cell_at(run.left + slack, y).box.right
        if not run.upright or run.right - slack <= edge or edge >= self.columns[-1]:
            return None
        return _seam_near(run, edge)


def _seam_near(run: Run, edge: float) -> int | None:
    """The index of the glyph that begins the next cell's text.

    A text that only overhangs its cell has no seam near the ruling and stays
    whole. Two texts that touch show it by a step that the glyphs of one text do
    not make, or by the end of an amount.
    """
    best: tuple[float, int] | None = None
    text = run.text
    for index in range(1, len(run.glyphs)):
        right = run.glyphs[index - 1][2]
        following = run.glyphs[index][1]
        distance = abs((right + following) / 2 - edge) / run.height
        if distance > _SEAM_REACH or not _may_part(run, text, index):
            continue
        if best is None or distance < best[0]:
            best = (distance, index)
    return best[1] if best else None


def _may_part(run: Run, text: str, index: int) -> bool:
    gap = run.glyphs[index][1] - run.glyphs[index - 1][2]
    if not -_SEAM_OVERLAP * run.height < gap < _SEAM_GAP * run.height:
        return True
    amount_ends = _FINISHED_AMOUNT.search(text[max(0, index - 16) : index])
    return text[index] in "-0123456789" and amount_ends is not None


def build_grid(
    boxes: Sequence[Box],
    page: int,
    columns: Sequence[float] = (),
    rows: Sequence[float] = (),
) -> Grid:
    """The grid that cells form; holes in it become empty cells.

    ``columns`` and ``rows`` are the lines between the cells, where they are known;
    otherwise they are taken from the edges of the boxes.
    """
    # Boxes share their edges: where one lies is looked up once.
    x_edges = {edge for box in boxes for edge in (box.left, box.right)}
    y_edges = {edge for box in boxes for edge in (box.top, box.bottom)}
    columns = [*columns] or _ruling_lines(x_edges)
    rows = [*rows] or _ruling_lines(y_edges)
    across = {edge: _index(columns, edge) for edge in x_edges}
    down = {edge: _index(rows, edge) for edge in y_edges}
    at: list[list[GridCell | None]] = [
        [None] * (len(columns) - 1) for _ in range(len(rows) - 1)
    ]
    cells: list[GridCell] = []
    for box in sorted(boxes, key=area):
        top, bottom = down[box.top], down[box.bottom]
        left, right = across[box.left], across[box.right]
        if (
            top >= bottom
            or left >= right
            or any(any(row[left:right]) for row in at[top:bottom])
        ):
            continue  # a frame around cells that are already there
        cell = GridCell(top, left, bottom - top, right - left, box, page)
        cells.append(cell)
        for row in at[top:bottom]:
            row[left:right] = [cell] * (right - left)
    full: list[list[GridCell]] = []
    for r, places_of_row in enumerate(at):
        full.append([])
        for c, found in enumerate(places_of_row):
            if found is None:
                hole = Box(columns[c], rows[r], columns[c + 1], rows[r + 1])
                found = GridCell(r, c, 1, 1, hole, page)
                cells.append(found)
            full[-1].append(found)
    cells.sort(key=attrgetter("row", "column"))
    return Grid(columns, rows, cells, full)


def area(box: Box) -> float:
    """The area of a box."""
    return (box.right - box.left) * (box.bottom - box.top)


def _ruling_lines(edges: Iterable[float]) -> list[float]:
    lines: list[float] = []
    for edge in sorted(edges):
        if not lines or edge - lines[-1] > _EDGE_TOLERANCE:
            lines.append(edge)
    return lines


def _index(lines: Sequence[float], edge: float) -> int:
    """The ruling line that an edge belongs to."""
    return bisect_right(lines, edge + 1e-6) - 1
