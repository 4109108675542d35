"""Writes a paper as a workbook of Excel 97."""

from __future__ import annotations

from typing import Literal

from tests.forge.paper import Paper
from tests.forge.writers.sheets import merges, number, sheets
from tests.ingest import xls_bytes


def write(
    paper: Paper,
    *,
    figures: Literal["number", "text"] = "number",
    one_sheet: bool = False,
) -> bytes:
    """Every section on a sheet of its own, or all on one; see ``xlsx``."""
    return xls_bytes.workbook(
        *(
            xls_bytes.Sheet(
                sheet.name,
                {
                    (cell.row, cell.column): _value(cell.text, figures)
                    for cell in sheet.cells
                    if cell.text
                },
                list(merges(sheet)),
            )
            for sheet in sheets(paper, one_sheet=one_sheet)
        )
    )


def _value(text: str, figures: str) -> object:
    return (number(text) or text) if figures == "number" else text
