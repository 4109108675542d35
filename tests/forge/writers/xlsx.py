"""Writes a paper as a workbook."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import Literal

import xlsxwriter

from tests.forge.paper import Paper
from tests.forge.writers.sheets import merges, number, sheets

_CREATED = datetime(
    2022, 1, 1, tzinfo=UTC
)  # not now: a paper always gives the same bytes


def write(
    paper: Paper,
    *,
    figures: Literal["number", "text"] = "number",
    one_sheet: bool = False,
    hidden: Paper | None = None,
) -> bytes:
    """Every section on a sheet of its own, or all on one.

    Figures are numbers that a display format prints as on the paper, or texts.
    The sheets of ``hidden`` stand behind the others and are not shown.
    """
    target = io.BytesIO()
    workbook = xlsxwriter.Workbook(target, {"in_memory": True})
    workbook.set_properties({"created": _CREATED})
    formats: dict[str, xlsxwriter.format.Format] = {}
    shown = [(sheet, False) for sheet in sheets(paper, one_sheet=one_sheet)]
    old = [(sheet, True) for sheet in sheets(hidden)] if hidden else []
    for sheet, is_hidden in shown + old:
        name = f"旧{sheet.name}" if is_hidden else sheet.name
        worksheet = workbook.add_worksheet(name)
        if is_hidden:
            worksheet.hide()
        for place in merges(sheet):
            worksheet.merge_range(*place, "")
        for cell in sheet.cells:
            figure = number(cell.text) if figures == "number" else None
            if figure:
                value, code = figure
                if code not in formats:
                    formats[code] = workbook.add_format({"num_format": code})
                worksheet.write_number(cell.row, cell.column, value, formats[code])
            elif cell.text:
                worksheet.write_string(cell.row, cell.column, cell.text)
    workbook.close()
    return target.getvalue()
