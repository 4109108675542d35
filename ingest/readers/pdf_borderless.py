"""Puts the tables without ruling lines among the grids of their pages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass

from ingest.readers.pdf_alignment import AlignedTable, aligned_tables, middle
from ingest.readers.pdf_grid import Grid
from ingest.readers.pdf_page import PageContent
from ingest.readers.pdf_split import split_cells
from ingest.readers.pdf_text import Line, lines_of

_FEWEST_RUNS = 6  # a frame of less print holds no table


@dataclass(slots=True)
class _Group:
    """Lines between the grids of a page, or in a frame."""

    lines: list[Line]
    frame: Grid | None = None


def find_aligned(pages: Sequence[PageContent], apart: Set[int]) -> None:
    """Turn lines of the pages into grids, where their alignment shows a table.

    ``apart`` holds the identities of the lines that are in no table: page numbers,
    running heads, contents. A table that goes on over a page gets the same borders
    on both. Cells of ruled grids are split where lines between them are missing.
    """
    last: AlignedTable | None = None
    for page in pages:
        page.grids = [
            split_cells(grid, page.number)
            for grid in page.grids
            if not _is_ornament(grid)
        ]
        lines = [line for line in page.lines if id(line) not in apart]
        groups = list(_groups(page, lines))
        ends_page: AlignedTable | None = None
        for number, group in enumerate(groups):
            before = last if number == 0 else None
            tables = aligned_tables(
                group.lines, page.number, before, group.frame is not None
            )
            for table in tables:
                if table.goes_on and last is not None:
                    table.grid.columns[:] = last.grid.columns
            _take(page, group, tables)
            is_last = tables and tables[-1].lines[-1] is groups[-1].lines[-1]
            ends_page = tables[-1] if is_last else None
        last = ends_page


def _is_ornament(grid: Grid) -> bool:
    """Whether a grid is nothing but lines, such as those that dashes make."""
    is_strip = len(grid.columns) == 2 or len(grid.rows) == 2
    return is_strip and not any(cell.runs for cell in grid.cells)


def _groups(page: PageContent, lines: Sequence[Line]) -> Iterator[_Group]:
    """The lines above, between and below the grids of a page, and those in frames.

    Lines from side to side without any between the columns make no more than a
    frame.
    """
    grids = sorted(page.grids, key=lambda grid: grid.rows[0])
    group: list[Line] = []
    next_grid = 0
    for line in lines:
        height = middle(line)
        while next_grid < len(grids) and grids[next_grid].rows[0] < height:
            if group:
                yield _Group(group)
                group = []
            yield from _in_frame(grids[next_grid])
            next_grid += 1
        if not any(grid.rows[0] < height < grid.rows[-1] for grid in grids):
            group.append(line)
    if group:
        yield _Group(group)
    for grid in grids[next_grid:]:
        yield from _in_frame(grid)


def _in_frame(grid: Grid) -> Iterator[_Group]:
    if len(grid.columns) == 2:
        runs = [run for cell in grid.cells for run in cell.runs]
        if len(runs) >= _FEWEST_RUNS:
            yield _Group(lines_of(runs), grid)


def _take(page: PageContent, group: _Group, tables: Sequence[AlignedTable]) -> None:
    """Make tables grids of the page, and of its lines those that are in none."""
    if not tables:
        return
    taken = {id(line) for table in tables for line in table.lines}
    page.grids += [table.grid for table in tables]
    if group.frame is None:
        page.lines = [line for line in page.lines if id(line) not in taken]
    else:
        page.grids = [grid for grid in page.grids if grid is not group.frame]
        outside = [line for line in group.lines if id(line) not in taken]
        page.lines = sorted([*page.lines, *outside], key=middle)
