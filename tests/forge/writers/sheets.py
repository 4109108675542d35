"""What the writers of workbooks share: rows of sheets, and figures as numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.forge.paper import Cell, Paper
from tests.forge.writers.sections import Section, sections

_NUMBER = re.compile(
    r"(?P<open>[(（]?)(?P<sign>-?)(?P<whole>\d{1,3}(?:,\d{3})+|\d+)"
    r"(?:\.(?P<places>\d+))?(?P<close>[)）]?)"
)
_MOST_DIGITS = 15  # a double keeps no more
_NO_SHEET_NAME = re.compile(r"[\[\]:*?/\\']")
_LONGEST_SHEET_NAME = 31


@dataclass(slots=True)
class Sheet:
    """Cells by their place in the sheet."""

    name: str
    cells: list[Cell] = field(default_factory=list)
    row_count: int = 0


def sheets(paper: Paper, *, one_sheet: bool = False) -> list[Sheet]:
    """A sheet for every section, or a single one with a blank row between them.

    Lines stand in merged cells as wide as their table.
    """
    found: list[Sheet] = []
    for number, section in enumerate(sections(paper)):
        if found and one_sheet:
            sheet = found[0]
            sheet.row_count += 1
        else:
            sheet = Sheet("公开表" if one_sheet else _name(section, number, found))
            found.append(sheet)
        _fill(sheet, section)
    return found


def _name(section: Section, number: int, others: list[Sheet]) -> str:
    if number == 0:
        return "封面"
    given = section.table.sheet if section.table else "文字说明"
    name = _NO_SHEET_NAME.sub("", given)[:_LONGEST_SHEET_NAME] or f"公开{number:02}表"
    taken = {sheet.name for sheet in others}
    return f"{name[:27]}{number:03}" if name in taken else name


def _fill(sheet: Sheet, section: Section) -> None:
    width = section.table.column_count if section.table else 1
    for line in section.above:
        sheet.cells.append(Cell(sheet.row_count, 0, line, 1, width))
        sheet.row_count += 1
    if section.table:
        sheet.cells.extend(
            Cell(
                cell.row + sheet.row_count,
                cell.column,
                cell.text,
                cell.row_span,
                cell.column_span,
            )
            for cell in section.table.cells
        )
        sheet.row_count += section.table.row_count
    for line in section.below:
        sheet.cells.append(Cell(sheet.row_count, 0, line, 1, width))
        sheet.row_count += 1


def merges(sheet: Sheet) -> Iterator[tuple[int, int, int, int]]:
    """First row, first column, last row and last column of every merged cell."""
    for cell in sheet.cells:
        if cell.row_span > 1 or cell.column_span > 1:
            last = cell.row + cell.row_span - 1, cell.column + cell.column_span - 1
            yield cell.row, cell.column, *last


def number(text: str) -> tuple[float, str] | None:
    """A printed figure as value and display format, or None.

    Only a text that the format prints again is a figure: ``01`` is none, nor is a
    number with more digits than a double keeps.
    """
    found = _NUMBER.fullmatch(text)
    if found is None:
        return None
    whole, places = found["whole"], found["places"] or ""
    digits = whole.replace(",", "")
    is_negative = bool(found["open"])
    if (
        len(digits) + len(places) > _MOST_DIGITS
        or (len(digits) > 1 and digits[0] == "0")
        or is_negative != bool(found["close"])
        or (is_negative and found["sign"])
    ):
        return None
    shown = ("#,##0" if "," in whole else "0") + ("." + "0" * len(places)) * (
        len(places) > 0
    )
    if is_negative:
        opening, closing = found["open"], found["close"]
        shown = f'{shown};"{opening}"{shown}"{closing}"'
    value = float(f"{digits}.{places or 0}")
    return (-value if is_negative or found["sign"] else value), shown
