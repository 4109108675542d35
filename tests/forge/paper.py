"""What a disclosure prints, before it becomes a file of some format.

A paper is lines of text and tables in reading order. A table's cells count from
0 and may span; a position that a merged cell covers has no cell of its own. A
format writes a paper as far as it can: tab-separated text loses the spans, a
workbook puts every table with the lines above it on a sheet.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Cell:
    """One printed cell; ``text`` is printed as it is."""

    row: int
    column: int
    text: str
    row_span: int = 1
    column_span: int = 1


@dataclass(frozen=True, slots=True)
class Grid:
    """A table. ``header_rows`` may be repeated where a page breaks."""

    cells: tuple[Cell, ...]
    header_rows: int = 0
    sheet: str = ""  # its name in a workbook; "" leaves it to the writer

    @property
    def row_count(self) -> int:
        return max((cell.row + cell.row_span for cell in self.cells), default=0)

    @property
    def column_count(self) -> int:
        return max((cell.column + cell.column_span for cell in self.cells), default=0)

    def rows(self) -> list[list[Cell]]:
        """The cells that begin in each row, from left to right."""
        found: list[list[Cell]] = [[] for _ in range(self.row_count)]
        for cell in sorted(self.cells, key=lambda cell: (cell.row, cell.column)):
            found[cell.row].append(cell)
        return found


@dataclass(frozen=True, slots=True)
class PageBreak:
    """A new page where the format has pages; a new sheet is the table's matter."""


Block = str | Grid | PageBreak


@dataclass(slots=True)
class Paper:
    """A whole disclosure; a ``str`` is one line of print."""

    title: str
    blocks: list[Block] = field(default_factory=list)

    def grids(self) -> Iterator[Grid]:
        return (block for block in self.blocks if isinstance(block, Grid))


def grid(
    *rows: list[str | tuple[str, int] | tuple[str, int, int] | None],
    header_rows: int = 1,
    sheet: str = "",
) -> Grid:
    """A grid written row by row, as an HTML table is.

    An entry is a text, ``(text, column_span)`` or ``(text, column_span,
    row_span)``; ``None`` is an empty cell. Positions that a span from the left or
    from above covers are not written.
    """
    cells: list[Cell] = []
    covered: set[tuple[int, int]] = set()
    for number, row in enumerate(rows):
        column = 0
        for entry in row:
            while (number, column) in covered:
                column += 1
            match entry:
                case None:
                    text, wide, high = "", 1, 1
                case str():
                    text, wide, high = entry, 1, 1
                case (text, wide):
                    high = 1
                case (text, wide, high):
                    pass
            cells.append(Cell(number, column, text, high, wide))
            covered |= {
                (number + down, column + along)
                for down in range(high)
                for along in range(wide)
            }
            column += wide
    return Grid(tuple(cells), header_rows, sheet)
