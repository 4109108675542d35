"""Writes a paper as text, as it is when a disclosure is copied out of its page.

Merged cells are lost, and so is which column a sub header stands over: a position
that a cell above covers leaves nothing behind, and what follows slides left.
"""

from __future__ import annotations

from typing import Literal

from tests.forge.paper import Grid, PageBreak, Paper

Spans = Literal["kept", "slid", "lost"]


def write(
    paper: Paper,
    *,
    spans: Spans = "lost",
    one_cell_per_line: bool = False,
    encoding: str = "utf-8",
) -> bytes:
    """The lines of a paper, one row of a table a line with tabs between the cells.

    A position to the right of a cell that covers it is always a blank. A position
    below such a cell is a blank where ``spans`` are ``kept``, gone where they are
    ``lost``, and gone only in the last row of the header where they are ``slid``.
    With ``one_cell_per_line`` every cell has a line after a tab, and a line with
    a tab alone, without a blank around it, is an empty cell; a blank line ends a row.
    """
    parts: list[str] = [paper.title]
    for block in paper.blocks:
        match block:
            case str():
                parts.append(block)
            case Grid() if one_cell_per_line:
                parts.extend(
                    "\n".join(f"\t{text}" for text in row)
                    for row in grid_rows(block, "kept")
                )
            case Grid():
                rows = grid_rows(block, spans)
                parts.append("\n".join("\t".join(row) for row in rows))
            case PageBreak():
                pass
    return ("\n\n".join(parts) + "\n").encode(encoding)


def grid_rows(table: Grid, spans: Spans) -> list[list[str]]:
    """The texts of a table row by row, with blanks where ``spans`` leaves them."""
    texts: dict[tuple[int, int], str] = {}
    for cell in table.cells:
        for row in range(cell.row, cell.row + cell.row_span):
            for column in range(cell.column, cell.column + cell.column_span):
                is_below = row > cell.row
                if is_below and _is_gone(row, table.header_rows, spans):
                    continue
                texts[row, column] = ""
        texts[cell.row, cell.column] = " ".join(cell.text.splitlines())
    rows: list[list[str]] = [[] for _ in range(table.row_count)]
    for (row, _), text in sorted(texts.items()):
        rows[row].append(text)
    return rows


def _is_gone(row: int, header_rows: int, spans: Spans) -> bool:
    return spans == "lost" or (spans == "slid" and row == header_rows - 1)
