"""Splits cells of ruled tables in which lines between rows or columns are not drawn.

A row is split where one of its cells holds at least three amounts above one another,
a column where its cells hold figures beside one another. Whether they are rows and
columns is decided by alignment, as without any ruling lines; if that leaves doubt, the
cells stay as they are drawn.
"""

from __future__ import annotations

from bisect import bisect
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from ingest.document import Box
from ingest.readers.pdf_alignment import columns_of, row_edges, rows_of
from ingest.readers.pdf_grid import Grid, GridCell, build_grid
from ingest.readers.pdf_heads import Column, Unsure, borders_of
from ingest.readers.pdf_text import Run, lines_of
from ingest.readers.pdf_words import Word, em_of, words_of

_FEWEST_ROWS = 3  # amounts above one another in a cell; two may be one, broken
_FEWEST_CELLS = 2  # cells of a column with figures beside one another
_MIDDLE = 0.6  # ems; how far a label over all new columns may stand off the middle
_DIGITS = frozenset("0123456789%)）")

Piece = tuple[Box, list[Run]]


def split_cells(grid: Grid, page: int) -> Grid:
    """The grid with its undrawn lines; itself, if there are none.

    A frame, or rows without any line between their columns, say nothing about
    columns: they are left to :mod:`ingest.readers.pdf_borderless`.
    """
    if len(grid.columns) == 2:
        return grid
    crowded = [cell for cell in grid.cells if len(cell.runs) > 1 and _holds(cell, 2)]
    if len(crowded) < _FEWEST_CELLS:
        return grid
    stacked = {cell.row for cell in crowded if _holds(cell, _FEWEST_ROWS)}
    for row in sorted(stacked, reverse=True):
        grid = _with_rows(grid, row, page)
    columns = Counter(cell.column for cell in crowded if cell.column_span == 1)
    for column in sorted(columns, reverse=True):
        if columns[column] >= _FEWEST_CELLS:
            grid = _with_columns(grid, column, page)
    return grid


def _holds(cell: GridCell, count: int) -> bool:
    """Whether a cell may hold so many figures."""
    runs = cell.runs
    return len(runs) >= count and (
        sum(run.glyphs[-1][0][-1] in _DIGITS for run in runs) >= count - 1
    )


def _is_of(cell: GridCell, column: int) -> bool:
    return cell.column == column and cell.column_span == 1


def _words(runs: Sequence[Run], em: float) -> list[list[Word]]:
    """The words of a cell, line by line."""
    lines = lines_of(runs) if runs else []
    return [words_of(line, number, em) for number, line in enumerate(lines)]


# Rows -----------------------------------------------------------------------


def _with_rows(grid: Grid, row: int, page: int) -> Grid:
    """The grid with one row split, if its print shows the rows in it."""
    inside = [cell for cell in grid.cells if cell.row <= row < cell.row + cell.row_span]
    if any(cell.row_span > 1 for cell in inside):
        return grid
    em = em_of(run for cell in inside for run in cell.runs)
    runs = [run for cell in inside for run in cell.runs]
    words = [word for line in _words(runs, em) for word in line]
    stacks = [[w for w in words if _is_in(w, cell) and w.is_amount] for cell in inside]
    if max((len(stack) for stack in stacks), default=0) < _FEWEST_ROWS:
        return grid
    columns = [
        Column(
            cell.box.left,
            cell.box.right,
            has_amounts=bool(stack),
            has_figures=bool(stack),
        )
        for cell, stack in zip(inside, stacks, strict=True)
    ]
    borders = [*(cell.box.left for cell in inside), inside[-1].box.right]
    try:
        rows = rows_of(words, set(), columns, borders, em)
    except Unsure:
        return grid
    top, bottom = grid.rows[row], grid.rows[row + 1]
    edges = [top, *row_edges(rows)[1:-1], bottom]
    pieces: list[Piece] = [
        (
            Box(inside[b.first].box.left, above, inside[b.last].box.right, below),
            [run for word in b.words for run in word.runs],
        )
        for blocks, (above, below) in zip(rows, pairwise(edges), strict=True)
        for b in blocks
    ]
    kept = [(cell.box, cell.runs) for cell in grid.cells if cell not in inside]
    all_rows = [*grid.rows[: row + 1], *edges[1:-1], *grid.rows[row + 1 :]]
    return _rebuilt([*kept, *pieces], grid.columns, all_rows, page)


def _is_in(word: Word, cell: GridCell) -> bool:
    return cell.box.left <= word.centre <= cell.box.right


# Columns --------------------------------------------------------------------


def _with_columns(grid: Grid, column: int, page: int) -> Grid:
    """The grid with one column split, if its print shows the columns in it."""
    inside = [cell for cell in grid.cells if _is_of(cell, column)]
    bearing = [cell for cell in inside if _holds(cell, 2)]
    em = em_of(run for cell in bearing for run in cell.runs)
    printed = {id(cell): _words(cell.runs, em) for cell in inside}
    lines = [
        line
        for cell in bearing
        for line in printed[id(cell)]
        if len(line) > 1 and any(word.is_figure for word in line)
    ]
    try:
        if len(lines) < _FEWEST_CELLS or not any(
            w.is_amount for li in lines for w in li
        ):
            return grid
        columns = columns_of(lines, em)
        left, right = grid.columns[column], grid.columns[column + 1]
        borders = [left, *borders_of(columns, {}, em)[1:-1], right]
        head = min(cell.row for cell in bearing)
        pieces: list[Piece] = []
        labelled: set[int] = set()
        for cell in inside:
            is_head = cell.row < head
            places = list(_places(cell, printed[id(cell)], borders, is_head, em))
            pieces += [
                (
                    Box(
                        borders[first], cell.box.top, borders[last + 1], cell.box.bottom
                    ),
                    r,
                )
                for first, last, r in places
            ]
            if is_head:
                labelled |= {first for first, last, _ in places if first == last}
    except Unsure:
        return grid
    if any(c.has_figures and i not in labelled for i, c in enumerate(columns)):
        return grid
    kept = [(cell.box, cell.runs) for cell in grid.cells if not _is_of(cell, column)]
    all_columns = [
        *grid.columns[: column + 1],
        *borders[1:-1],
        *grid.columns[column + 1 :],
    ]
    return _rebuilt([*kept, *pieces], all_columns, grid.rows, page)


def _places(
    cell: GridCell,
    lines: Sequence[Sequence[Word]],
    borders: Sequence[float],
    is_head: bool,
    em: float,
) -> Iterator[tuple[int, int, list[Run]]]:
    """The new columns of a cell, from first to last, with their print."""
    last = len(borders) - 2
    words = [word for line in lines for word in line]
    middle = (cell.box.left + cell.box.right) / 2
    is_text = not any(word.is_figure for word in words)
    if (not words and is_head) or (
        words
        and is_text
        and all(len(line) == 1 for line in lines)
        and all(abs(word.centre - middle) < _MIDDLE * em for word in words)
    ):
        yield 0, last, cell.runs
        return
    runs: list[list[Run]] = [[] for _ in range(last + 1)]
    for word in words:
        index = bisect(borders, word.centre, 1, last + 1) - 1
        low, high = borders[index] - em / 2, borders[index + 1] + em / 2
        if word.left < low or word.right > high:
            raise Unsure("a text over two new columns")
        runs[index] += word.runs
    if is_head and len({len(line) for line in lines}) > 1:
        raise Unsure("labels of several rows in one cell")
    for index, inside in enumerate(runs):
        if sum(word.is_amount for line in _words(inside, em) for word in line) > 1:
            raise Unsure("two amounts in one new cell")
        yield index, index, inside


def _rebuilt(
    pieces: Sequence[Piece],
    columns: Sequence[float],
    rows: Sequence[float],
    page: int,
) -> Grid:
    """A grid of cells with their print; what none of them covers is empty."""
    grid = build_grid([box for box, _ in pieces], page, columns, rows)
    for box, runs in pieces:
        for run in runs:
            x = min(max(run.centre[0], box.left + 0.1), box.right - 0.1)
            y = min(max(run.middle, box.top + 0.1), box.bottom - 0.1)
            grid.cell_at(x, y).runs.append(run)
    return grid
