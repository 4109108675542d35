"""Tables printed on two pages side by side become one.

A table wider than the paper goes on on the next page: the columns that found no room,
in the rows of the page before, without the words that name these rows. Such a right
half is told by its shape: words in its header alone, figures below it, and rows as high
as those of the left half, which has words in each of them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from ingest.document import Cell, Table
from ingest.readers.pdf_grid import Grid

if TYPE_CHECKING:  # which asks here what is no continuation
    from ingest.readers.pdf_continuation import Part

_SAME_HEIGHT = 1.0  # points; how far a row may move against those above it
_FEWEST_ROWS = 2
_TOUCH = 3.0  # points; how far a line above a table may reach into it
_SMALL = re.compile(r"单位[:：].{0,6}元|^.{0,4}\d+(?:-\d+)?表$")
_FIGURE = re.compile(r"[-+−(（]?[¥￥]?[\d,，.．\s]*\d[)）]?[%％]?|[-－—–/\\]+")


def is_right_half(left: Grid, grid: Grid) -> bool:
    """Whether a grid has a header and figures, and no words that name its rows.

    The rows of the left one have words: below them it would be more of the same
    only with words of its own.
    """
    words = _rows_of_words(grid)
    header = len(words)
    if not 0 < header < len(grid.rows) - 1 or words != set(range(header)):
        return False
    if _texts(grid) == _texts(left):
        return False
    below = _first_figures(left)
    named = _rows_of_words(left)
    return below > 0 and all(row in named for row in range(below, len(left.rows) - 1))


def side_by_side(
    tables: Sequence[Sequence[Part]], furniture: set[int]
) -> list[list[Sequence[Part]]]:
    """The tables, each with those that are its right halves, from left to right."""
    found: list[list[Sequence[Part]]] = []
    for table in tables:
        if found and _goes_on(found[-1], table, furniture):
            found[-1].append(table)
        else:
            found.append([table])
    return found


def whole_table(tables: Sequence[Table], halves: Sequence[Sequence[Part]]) -> Table:
    """One table out of its halves; every cell keeps its own page and box."""
    if len(tables) == 1:
        return tables[0]
    lines = max((_heights(parts[0].grid) for parts in halves), key=len)
    cells: list[Cell] = []
    width = 0
    for table, parts in zip(tables, halves, strict=True):
        own = _heights(parts[0].grid)
        places = [min(range(len(lines)), key=lambda n: abs(lines[n] - y)) for y in own]
        for cell in table.cells:
            top, bottom = places[cell.row], places[cell.row + cell.row_span]
            cells.append(
                cell._replace(
                    row=top, column=width + cell.column, row_span=bottom - top
                )
            )
        width += table.column_count
    return replace(
        tables[0],
        row_count=len(lines) - 1,
        column_count=width,
        cells=tuple(sorted(cells, key=lambda cell: (cell.row, cell.column))),
    )


def _goes_on(
    halves: Sequence[Sequence[Part]], table: Sequence[Part], furniture: set[int]
) -> bool:
    """Whether a table is what found no room at the right of those before."""
    first, last = halves[0], halves[-1]
    if len(first) > 1 or len(table) > 1:
        return False
    left, right = first[0], table[0]
    if right.page.number != last[0].page.number + 1 or any(
        len(part.page.grids) > 1 for part in (left, right)
    ):
        return False
    # a header of which a part stands outside the grid is not whole
    if any(_has_print_beside(part, furniture) for part in (left, right)):
        return False
    if not _lines_above(right, furniture) <= _lines_above(left, furniture):
        return False
    return _same_rows(left.grid, right.grid) and is_right_half(left.grid, right.grid)


def _lines_above(part: Part, furniture: set[int]) -> set[str]:
    """What stands above a grid, without its unit and the number of its form."""
    lines = (
        "".join(line.text.split())
        for line in part.page.lines
        if id(line) not in furniture and line.box.bottom <= part.grid.rows[0] + _TOUCH
    )
    return {line for line in lines if not _SMALL.search(line)}


def _has_print_beside(part: Part, furniture: set[int]) -> bool:
    top, bottom = part.grid.rows[0], part.grid.rows[-1]
    return any(
        top < (line.box.top + line.box.bottom) / 2 < bottom
        for line in part.page.lines
        if id(line) not in furniture
    )


def _same_rows(left: Grid, right: Grid) -> bool:
    """Whether both have rows of the same heights; header rows may be one in a half."""
    some, others = sorted((_heights(left), _heights(right)), key=len)
    if len(some) <= _FEWEST_ROWS or abs(some[-1] - others[-1]) > _SAME_HEIGHT:
        return False
    return all(any(abs(y - z) <= _SAME_HEIGHT for z in others) for y in some)


def _heights(grid: Grid) -> list[float]:
    """Where the ruling lines of the rows lie, from the top of the table."""
    return [y - grid.rows[0] for y in grid.rows]


def _rows_of_words(grid: Grid) -> set[int]:
    """The rows in which something is printed that is no figure."""
    return {
        row
        for cell in grid.cells
        if _is_word(cell.text)
        for row in range(cell.row, cell.row + cell.row_span)
    }


def _first_figures(grid: Grid) -> int:
    """The first row with a figure: the header stands above it."""
    rows = (c.row for c in grid.cells if _FIGURE.fullmatch(c.text.strip()))
    return min(rows, default=0)


def _texts(grid: Grid) -> list[str]:
    """What the first row prints."""
    return [cell.text for cell in grid.cells if cell.row == 0]


def _is_word(text: str) -> bool:
    stripped = text.strip()
    return bool(stripped) and _FIGURE.fullmatch(stripped) is None
