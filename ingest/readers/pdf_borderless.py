"""Puts the tables without ruling lines among the grids of their pages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set

from ingest.readers.pdf_alignment import AlignedTable, aligned_tables
from ingest.readers.pdf_page import PageContent
from ingest.readers.pdf_text import Line


def find_aligned(pages: Sequence[PageContent], apart: Set[int]) -> None:
    """Turn lines of the pages into grids, where their alignment shows a table.

    ``apart`` holds the identities of the lines that are in no table: page numbers,
    running heads, contents. A table that goes on over a page gets the same borders
    on both.
    """
    last: AlignedTable | None = None
    for page in pages:
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


def _between_grids(page: PageContent, lines: Sequence[Line]) -> Iterator[list[Line]]:
    """The lines above, between and below the ruled grids of a page."""
    boxes = sorted((grid.box for grid in page.grids), key=lambda box: box.top)
    group: list[Line] = []
    next_box = 0
    for line in lines:
        middle = (line.box.top + line.box.bottom) / 2
        while next_box < len(boxes) and boxes[next_box].top < middle:
            if group:
                yield group
                group = []
            next_box += 1
        if not any(box.top < middle < box.bottom for box in boxes):
            group.append(line)
    if group:
        yield group
