"""Statements that go on over several sheets of a workbook become one table.

A sheet goes on with the table that ends the sheet before it when it has the same
columns and either begins with rows of figures at once, or says that it goes on
(续) and prints the header again. Sheets of equal form that do not say so stay
apart: they are the same statement of several units.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from ingest.document import Block, Cell, Table
from ingest.readers.sheet_blocks import is_caption, is_figure

_CONTINUED = "续"
_FEWEST_COLUMNS = 3
_MOST_TOP_ROWS = 16

_Part = tuple[int, Table]


def joined(sheets: Sequence[Sequence[Block]]) -> Iterator[Block]:
    """The blocks of the sheets in order.

    The cells of a table over several sheets have the number of their sheet, from
    1, as their page.
    """
    parts: list[_Part] = []  # of the table that may go on
    for number, blocks in enumerate(sheets, 1):
        for index, block in enumerate(blocks):
            if index == 0 and parts and isinstance(block, Table):
                more = _continuation(parts[0][1], block)
                if more is not None:
                    parts.append((number, more))
                    continue
            yield from _whole(parts)
            parts = []
            if isinstance(block, Table):
                parts = [(number, block)]
            else:
                yield block
    yield from _whole(parts)


def _whole(parts: Sequence[_Part]) -> Iterator[Table]:
    if len(parts) < 2:
        yield from (table for _, table in parts)
        return
    cells: list[Cell] = []
    row_count = 0
    for number, table in parts:
        cells.extend(
            cell._replace(row=cell.row + row_count, page=number) for cell in table.cells
        )
        row_count += table.row_count
    number, first = parts[0]
    yield replace(first, cells=tuple(cells), row_count=row_count, page=number)


def _continuation(first: Table, table: Table) -> Table | None:
    """What a sheet adds to a table, without captions; None if it is another one."""
    if not table.column_count == first.column_count >= _FEWEST_COLUMNS:
        return None
    above, below = _rows(first), _rows(table)
    top = next(
        (n for n, row in enumerate(below) if row and not is_caption([*row.values()])),
        None,
    )
    if top is None:
        return None
    said = [table.sheet or "", *(text for row in below[:top] for text in row.values())]
    goes_on = any(_CONTINUED in text for text in said)
    if below[top] in above[:_MOST_TOP_ROWS]:
        return _from_row(table, top) if goes_on else None
    is_data = any(map(is_figure, below[top].values()))
    if is_data and (goes_on or top == 0) and _figures(below) <= _figures(above):
        return _from_row(table, top)
    return None


def _rows(table: Table) -> list[dict[int, str]]:
    """The texts of each row by their columns."""
    rows: list[dict[int, str]] = [{} for _ in range(table.row_count)]
    for cell in table.cells:
        if text := cell.text.strip():
            rows[cell.row][cell.column] = text
    return rows


def _figures(rows: Sequence[dict[int, str]]) -> set[int]:
    """The columns in which figures stand."""
    return {column for row in rows for column, text in row.items() if is_figure(text)}


def _from_row(table: Table, top: int) -> Table:
    cells = (c._replace(row=c.row - top) for c in table.cells if c.row >= top)
    return replace(table, cells=tuple(cells), row_count=table.row_count - top)
