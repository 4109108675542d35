"""Puts the tables without ruling lines among the grids of their pages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set

from ingest.readers.pdf_alignment import AlignedTable, aligned_tables, middle
from ingest.readers.pdf_heads import Column
from ingest.readers.pdf_page import PageContent
from ingest.readers.pdf_text import Line, lines_of

_FEWEST_RUNS = 6  # a frame of less print holds no table


def find_aligned(pages: Sequence[PageContent], apart: Set[int]) -> None:
    """Turn lines of the pages into grids, where their alignment shows a table.

    ``apart`` holds the identities of the lines that are in no table: page numbers,
    running heads, contents. A table that goes on over a page gets the same borders
    on both.
    """
    last: AlignedTable | None = None
    for page in pages:
        _open_frames(page, last.columns if last is not None else ())
        lines = [line for line in page.lines if id(line) not in apart]
        taken: set[int] = set()
        ends_page: AlignedTable | None = None
        for number, group in enumerate(_between_grids(page, lines)):
            known = last.columns if last is not None and number == 0 else ()
            for table in aligned_tables(group, page.number, known):
                if table.goes_on and last is not None:
                    table.grid.columns[:] = last.grid.columns
                page.grids.append(table.grid)
                taken |= {id(line) for line in table.lines}
                ends_page = table if table.lines[-1] is lines[-1] else None
        page.lines = [line for line in page.lines if id(line) not in taken]
        last = ends_page


def _open_frames(page: PageContent, known: Sequence[Column]) -> None:
    """Make the print in frames lines of the page, where it forms a table.

    A frame, or lines from side to side without any between the columns, say
    nothing about columns.
    """
    for grid in [grid for grid in page.grids if len(grid.columns) == 2]:
        runs = [run for cell in grid.cells for run in cell.runs]
        if len(runs) < _FEWEST_RUNS:
            continue
        lines = lines_of(runs)
        if aligned_tables(lines, page.number, known):
            page.grids.remove(grid)
            page.lines = sorted([*page.lines, *lines], key=middle)


def _between_grids(page: PageContent, lines: Sequence[Line]) -> Iterator[list[Line]]:
    """The lines above, between and below the ruled grids of a page."""
    boxes = sorted((grid.box for grid in page.grids), key=lambda box: box.top)
    group: list[Line] = []
    next_box = 0
    for line in lines:
        height = middle(line)
        while next_box < len(boxes) and boxes[next_box].top < height:
            if group:
                yield group
                group = []
            next_box += 1
        if not any(box.top < height < box.bottom for box in boxes):
            group.append(line)
    if group:
        yield group
