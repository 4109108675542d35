"""Tables out of cells that were placed on a grid, whatever the format."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from operator import attrgetter

from ingest.document import Cell, Limits, Table, UnreadableDocument


class CellBudget:
    """How many more cells and paragraphs a document may have, and of what size."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._left = limits.cells

    def spend(self, count: int) -> None:
        """Take so many off the limit of cells.

        Raises UnreadableDocument: ``too_large``.
        """
        self._left -= count
        if self._left < 0:
            raise UnreadableDocument("too_large", f"over {self._limits.cells} cells")

    def check(self, text: str) -> None:
        """Raises UnreadableDocument: ``too_large`` for the text of a cell."""
        if len(text) > self._limits.cell_characters:
            raise UnreadableDocument("too_large", f"text of {len(text)} characters")


def spanned_table(
    cells: Sequence[Cell], row_count: int, column_count: int, budget: CellBudget
) -> Table:
    """A table of the cells, with an empty one wherever none of them lies.

    The cells must lie within the table and must not overlap. They come in the
    order of their places.

    Raises UnreadableDocument: ``too_large``.
    """
    budget.spend(row_count * column_count)
    covered = 0
    for cell in cells:
        budget.check(cell.text)
        covered += cell.row_span * cell.column_span
    if covered < row_count * column_count:
        cells = [*cells, *_empty_cells(cells, row_count, column_count)]
    everywhere = tuple(sorted(cells, key=attrgetter("row", "column")))
    return Table(row_count, column_count, everywhere, has_spans=True)


def _empty_cells(
    cells: Sequence[Cell], row_count: int, column_count: int
) -> Iterator[Cell]:
    is_covered = bytearray(row_count * column_count)
    for cell in cells:
        for row in range(cell.row, cell.row + cell.row_span):
            start = row * column_count + cell.column
            is_covered[start : start + cell.column_span] = b"\1" * cell.column_span
    place = is_covered.find(0)
    while place >= 0:
        yield Cell(*divmod(place, column_count), "")
        place = is_covered.find(0, place + 1)
