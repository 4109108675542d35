"""Random tables of merged cells for the readers of marked-up formats."""

from __future__ import annotations

from hypothesis import strategies as st

from ingest.document import Cell, Table

TEXTS = st.text("甲乙合计元.,0189 abc<>&", max_size=6).map(lambda text: text.strip())


def _blanks_collapsed(text: str) -> str:
    return " ".join(text.split())


@st.composite
def tables(draw: st.DrawFn) -> Table:
    """A table of at least two cells with text, any rectangles of it merged."""
    row_count = draw(st.integers(1, 6))
    column_count = draw(st.integers(1, 6))
    is_free = [[True] * column_count for _ in range(row_count)]
    cells: list[Cell] = []
    for row in range(row_count):
        for column in range(column_count):
            if not is_free[row][column]:
                continue
            width = 1
            most = draw(st.integers(1, 3))
            while (
                width < most
                and column + width < column_count
                and is_free[row][column + width]
            ):
                width += 1
            height = min(draw(st.integers(1, 3)), row_count - row)
            for covered in range(row, row + height):
                is_free[covered][column : column + width] = [False] * width
            text = _blanks_collapsed(draw(TEXTS))
            cells.append(Cell(row, column, text, height, width))
    if len(cells) < 2 or not any(cell.text for cell in cells):
        cells = [Cell(0, 0, "甲"), Cell(0, 1, "乙")]
        row_count, column_count = 1, 2
    return Table(row_count, column_count, tuple(cells), has_spans=True)


def places(table: Table) -> list[tuple[int, int, int, int, str]]:
    """Row, column, row span, column span and text of every cell."""
    return [
        (cell.row, cell.column, cell.row_span, cell.column_span, cell.text)
        for cell in table.cells
    ]


def is_tiled(table: Table) -> bool:
    """Whether every position of a table lies in exactly one of its cells."""
    covered = [
        (row, column)
        for cell in table.cells
        for row in range(cell.row, cell.row + cell.row_span)
        for column in range(cell.column, cell.column + cell.column_span)
    ]
    return sorted(covered) == [
        (row, column)
        for row in range(table.row_count)
        for column in range(table.column_count)
    ]
