"""Tables that go on over several pages become one.

A grid goes on on the next page if nothing but furniture stands below it on its
own page and above the next one, and if both have the same columns at the same
place. A grid of fewer cells, such as a row of totals alone on the last page,
has the same columns if all its ruling lines are among the other's.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ingest.document import Cell, Table
from ingest.readers.pdf_grid import Grid
from ingest.readers.pdf_page import PageContent

_SAME_LINE = 3.0  # points; how far the same ruling line may move between pages


@dataclass(slots=True)
class Part:
    """A grid on its page."""

    grid: Grid
    page: PageContent


def chains(pages: Sequence[PageContent], furniture: set[int]) -> list[list[Part]]:
    """The parts of every table, in reading order; frames of one text are left out.

    ``furniture`` holds the identities of the lines that do not part a table.
    """
    tables: list[list[Part]] = []
    open_table: list[Part] | None = None
    for page in pages:
        grids = sorted(page.grids, key=lambda grid: (grid.rows[0], grid.columns[0]))
        for index, grid in enumerate(grids):
            if (
                index == 0
                and open_table is not None
                and page.number == open_table[-1].page.number + 1
                and not _lines_beyond(page, furniture, above=grid.rows[0])
                and _same_columns(open_table, grid)
            ):
                open_table.append(Part(grid, page))
            elif grid.frames_one_text:
                continue
            else:
                open_table = [Part(grid, page)]
                tables.append(open_table)
        open_table = _still_open(open_table, page, furniture)
    return tables


def _still_open(
    table: list[Part] | None, page: PageContent, furniture: set[int]
) -> list[Part] | None:
    """The table, if it ends its page and may go on on the next one."""
    if table is None or table[-1].page is not page:
        return None
    end = table[-1].grid.rows[-1]
    below = any(grid.rows[0] > end for grid in page.grids)
    if below or _lines_beyond(page, furniture, below=end):
        return None
    return table


def _lines_beyond(
    page: PageContent,
    furniture: set[int],
    *,
    above: float | None = None,
    below: float | None = None,
) -> bool:
    """Whether text stands above or below a table on its page."""
    for line in page.lines:
        if id(line) in furniture:
            continue
        middle = (line.box.top + line.box.bottom) / 2
        if above is not None and middle < above:
            return True
        if below is not None and middle > below:
            return True
    return False


def _same_columns(table: Sequence[Part], grid: Grid) -> bool:
    known = _merged(part.grid.columns for part in table)
    same_left = abs(known[0] - grid.columns[0]) <= _SAME_LINE
    same_right = abs(known[-1] - grid.columns[-1]) <= _SAME_LINE
    if not (same_left and same_right):
        return False
    return _among(grid.columns, known) or _among(known, grid.columns)


def _among(some: Iterable[float], lines: Sequence[float]) -> bool:
    return all(any(abs(one - line) <= _SAME_LINE for line in lines) for one in some)


def _merged(columns: Iterable[Sequence[float]]) -> list[float]:
    """All ruling lines of the parts of one table."""
    merged: list[float] = []
    for lines in columns:
        for line in lines:
            if all(abs(line - known) > _SAME_LINE for known in merged):
                merged.append(line)
    return sorted(merged)


def table_of(parts: Sequence[Part]) -> Table:
    """One table out of its parts; every cell keeps its own page and box."""
    # The narrow columns of the part with the most lines must not be merged.
    by_detail = sorted(
        (part.grid.columns for part in parts), key=lambda lines: -len(lines)
    )
    columns = _merged(by_detail) if len(parts) > 1 else parts[0].grid.columns
    cells: list[Cell] = []
    first_row = 0
    for part in parts:
        # With one and the same number of lines every line is its own neighbour.
        places = [_nearest(columns, line) for line in part.grid.columns]
        display = part.page.to_display
        for cell in part.grid.cells:
            left = places[cell.column]
            right = places[cell.column + cell.column_span]
            cells.append(
                Cell(
                    row=first_row + cell.row,
                    column=left,
                    text=cell.text,
                    row_span=cell.row_span,
                    column_span=right - left,
                    page=cell.page,
                    box=display(cell.box),
                )
            )
        first_row += len(part.grid.rows) - 1
    first = parts[0]
    return Table(
        row_count=first_row,
        column_count=len(columns) - 1,
        cells=tuple(cells),
        has_spans=True,
        page=first.page.number,
        box=first.page.to_display(first.grid.box),
    )


def _nearest(lines: Sequence[float], position: float) -> int:
    index = bisect_left(lines, position)
    if index == 0:
        return 0
    if index == len(lines):
        return index - 1
    before, after = lines[index - 1], lines[index]
    return index if after - position < position - before else index - 1
