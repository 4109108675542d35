"""An Excel workbook as an auditor would make it, read back after it is written.

Excel keeps numbers to 15 digits; amounts up to a hundred billion yuan keep all their
four decimals. ``sheets.py`` says what stands in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any

import duckdb
import xlsxwriter
from python_calamine import CalamineWorkbook
from xlsxwriter.exceptions import XlsxWriterException
from xlsxwriter.worksheet import Worksheet

from exports.catalog import Differs
from exports.cover import COVER, cover_facts, write_cover
from exports.formats import NUMBER_FORMATS, SEVERITY_COLOURS, Formats, set_page
from exports.release import Release
from exports.sheets import SHEETS, Head, Sheet
from pipeline.audit import Names, value_names

NotWritten = XlsxWriterException

# Rows of data on a sheet: Excel's 1,048,576 less the title and the heads.
ROWS_OF_A_SHEET = 1_048_576 - 2
_FIRST_ROW = 2
# More links than this a sheet cannot hold; the rest stays text.
_LINKS = 60_000
_LONGEST_TEXT = 32_000
_HALF_CENT = Decimal("0.005")
_SUMMED = ("yuan", "count", "number")
_ROWS_AT_ONCE = 10_000
_LINE_HEIGHT = 13.5
_HIGHEST_ROW = 400


def write(
    release: Release, path: Path, limit: int = ROWS_OF_A_SHEET
) -> list[tuple[str, int]]:
    """Write the workbook and read it back; its sheets and how many rows each has.

    ``limit`` is the number of rows from which a subject goes on in another sheet.

    :raises Differs: the file does not hold what the warehouse holds.
    :raises NotWritten: the file cannot be written.
    """
    book = xlsxwriter.Workbook(
        str(path),
        {
            "constant_memory": True,
            "tmpdir": str(path.parent),
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    book.set_properties(
        {
            "title": "县级部门预决算公开数据 审计工作簿",
            "comments": f"构建编号 {release.build_id}",
            "created": release.exported_at.replace(tzinfo=None),
        }
    )
    formats = Formats(book)
    with release.open() as connection:
        measures = {sheet.name: _measures(connection, sheet) for sheet in SHEETS}
        rows = {name: int(measured[0]) for name, measured in measures.items()}
        facts = cover_facts(connection)
        write_cover(book, formats, release, rows, facts, limit)
        names = value_names(connection)
        for sheet in SHEETS:
            targets = _targets(connection, sheet, limit)
            result = connection.execute(sheet.query)
            for part in range(1, _parts(rows[sheet.name], limit) + 1):
                worksheet = book.add_worksheet(part_name(sheet.name, part))
                length = min(limit, rows[sheet.name] - (part - 1) * limit)
                writer = _SheetWriter(worksheet, sheet, formats, names, targets)
                writer.write(_fetched(result, length), length)
    book.close()
    _check(path, measures, limit)
    return list(rows.items())


def part_name(sheet: str, part: int) -> str:
    """The name of a part of a subject: 等式, 等式 (2), …"""
    return sheet if part == 1 else f"{sheet} ({part})"


def _parts(rows: int, limit: int) -> int:
    """In how many sheets so many rows stand."""
    return max(1, -(-rows // limit))


def _fetched(
    result: duckdb.DuckDBPyConnection, length: int
) -> Iterator[tuple[Any, ...]]:
    """The next rows of a result, a few of them in memory at a time."""
    while length > 0:
        rows = result.fetchmany(min(length, _ROWS_AT_ONCE))
        if not rows:
            return
        yield from rows
        length -= len(rows)


def _measures(connection: duckdb.DuckDBPyConnection, sheet: Sheet) -> list[Decimal]:
    """The number of rows of a sheet and the sum of each column of numbers."""
    columns = [f"c{place}" for place in range(len(sheet.heads))]
    sums = [
        f"coalesce(sum({column}), 0)"
        for column, head in zip(columns, sheet.heads, strict=True)
        if head.kind in _SUMMED
    ]
    query = (
        f"select {', '.join(['count(*)', *sums])} "
        f"from ({sheet.query}) as facts ({', '.join(columns)})"
    )
    return [Decimal(value) for value in connection.execute(query).fetchall()[0]]


def _targets(
    connection: duckdb.DuckDBPyConnection, sheet: Sheet, limit: int
) -> dict[str, str]:
    """Where the first row of each key stands in the sheet that this one leads to."""
    targets: dict[str, str] = {}
    for led in SHEETS:
        if led.name != sheet.leads_to:
            continue
        for number, row in enumerate(connection.execute(led.query).fetchall()):
            part, line = divmod(number, limit)
            name = part_name(led.name, part + 1)
            targets.setdefault(row[0], f"internal:'{name}'!A{line + _FIRST_ROW + 1}")
    return targets


class _SheetWriter:
    """Writes one sheet, row by row."""

    def __init__(
        self,
        worksheet: Worksheet,
        sheet: Sheet,
        formats: Formats,
        names: Names,
        targets: dict[str, str],
    ) -> None:
        self._worksheet = worksheet
        self._sheet = sheet
        self._formats = formats
        self._names = names
        self._targets = targets
        self._links = 0

    def write(self, rows: Iterable[tuple[Any, ...]], length: int) -> None:
        """Write the title, the heads and so many rows."""
        worksheet, heads = self._worksheet, self._sheet.heads
        width = sum(head.width for head in heads)
        set_page(worksheet, self._sheet.name, width)
        worksheet.repeat_rows(0, _FIRST_ROW - 1)
        worksheet.freeze_panes(_FIRST_ROW, self._sheet.frozen)
        last = _FIRST_ROW + max(length, 1) - 1
        worksheet.autofilter(_FIRST_ROW - 1, 0, last, len(heads) - 1)
        for place, head in enumerate(heads):
            worksheet.set_column(place, place, head.width)
        worksheet.write_url(0, 0, f"internal:'{COVER}'!A1", self._formats.link, "封面")
        worksheet.write_string(0, 1, self._sheet.about, self._formats.about)
        worksheet.set_row(_FIRST_ROW - 1, 32)
        for place, head in enumerate(heads):
            worksheet.write_string(
                _FIRST_ROW - 1, place, head.title, self._formats.head
            )
        for number, row in enumerate(rows, _FIRST_ROW):
            lines = max(
                (
                    _lines(value, head.width)
                    for head, value in zip(heads, row, strict=True)
                    if head.kind == "long"
                ),
                default=1,
            )
            if lines > 1:
                worksheet.set_row(number, min(lines * _LINE_HEIGHT, _HIGHEST_ROW))
            for place, (head, value) in enumerate(zip(heads, row, strict=True)):
                self._write_cell(number, place, head, value)

    def _write_cell(self, row: int, place: int, head: Head, value: Any) -> None:
        worksheet = self._worksheet
        style = self._formats.cell(head.kind)
        if value is None:
            worksheet.write_blank(row, place, None, style)
        elif head.kind == "link":
            self._write_link(row, place, value)
        elif head.kind == "wan":
            worksheet.write_number(row, place, float(value / 10000), style)
        elif head.kind == "date":
            worksheet.write_datetime(row, place, value, style)
        elif head.kind == "number" and value == int(value):
            # Excel would print a whole number with a bare point: 5.
            style = self._formats.cell("count")
            worksheet.write_number(row, place, float(value), style)
        elif head.kind in NUMBER_FORMATS:
            worksheet.write_number(row, place, float(value), style)
        else:
            text = self._names.get(head.values, {}).get(value, value)
            if len(text) > _LONGEST_TEXT:
                text = f"{text[:_LONGEST_TEXT]}……（过长，已截断）"
            if head.values == "severity":
                style = self._formats.cell("text", SEVERITY_COLOURS.get(text, ""))
            worksheet.write_string(row, place, text, style)

    def _write_link(self, row: int, place: int, key: str) -> None:
        target = self._targets.get(key)
        text = key if place == 0 else "查看原文"
        if target and self._links < _LINKS:
            self._links += 1
            self._worksheet.write_url(row, place, target, self._formats.link, text)
        else:
            text = text if place == 0 else "整份文件"
            self._worksheet.write_string(row, place, text, self._formats.cell("text"))


def _lines(text: str | None, width: int) -> int:
    """How many lines a wrapped text takes; a Chinese character is two wide."""
    return sum(
        -(-sum(2 if character > "\u2e7f" else 1 for character in line) // width) or 1
        for line in (text or "").split("\n")
    )


def _check(path: Path, measures: dict[str, list[Decimal]], limit: int) -> None:
    """:raises Differs: a sheet does not hold the rows and sums of its query."""
    book = CalamineWorkbook.from_path(str(path))
    for sheet in SHEETS:
        expected = measures[sheet.name]
        summed = [n for n, head in enumerate(sheet.heads) if head.kind in _SUMMED]
        written = [Decimal(0)] * len(expected)
        for part in range(1, _parts(int(expected[0]), limit) + 1):
            rows = book.get_sheet_by_name(part_name(sheet.name, part)).iter_rows()
            for row in islice(rows, _FIRST_ROW, None):
                written[0] += 1
                for number, place in enumerate(summed, 1):
                    value = row[place]
                    if value != "":
                        written[number] += Decimal(str(value))
        titles = ["行数", *(sheet.heads[place].title for place in summed)]
        for title, here, there in zip(titles, expected, written, strict=True):
            if abs(here - there) >= _HALF_CENT:
                raise Differs(
                    f"{path.name}：{sheet.name} {title} 应为 {here}，写出的是 {there}"
                )
