"""An Excel workbook as an auditor would make it, read back after it is written.

Excel keeps numbers to 15 digits; amounts up to a hundred billion yuan keep all their
four decimals. ``sheets.py`` says what stands in it.
"""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import xlsxwriter
from python_calamine import CalamineWorkbook
from xlsxwriter.exceptions import XlsxWriterException
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from exports.catalog import Differs
from exports.release import NOTE_ZH, Release
from exports.sheets import SHEETS, Head, Names, Sheet, value_names

NotWritten = XlsxWriterException

# Rows of data on a sheet: Excel's 1,048,576 less the title and the heads.
ROWS_OF_A_SHEET = 1_048_576 - 2
_FIRST_ROW = 2
# More links than this a sheet cannot hold; the rest stays text.
_LINKS = 60_000
_LONGEST_TEXT = 32_000
_CENT = Decimal("0.01")
_LINE_HEIGHT = 13.5
_HIGHEST_ROW = 400
_A3, _A4 = 8, 9
_WIDTH_OF_A4 = 180
_COVER = "封面"
_FONT = "Microsoft YaHei"

_NUMBER_FORMATS = {
    "count": "#,##0",
    "year": "0",
    "yuan": "#,##0.00;[Red]-#,##0.00",
    "wan": "#,##0.00;[Red]-#,##0.00",
    "number": "#,##0.##",
    "share": "0.0%",
    "date": "yyyy-mm-dd",
}
_SEVERITY_COLOURS = {"错误": "#F8CBAD", "警告": "#FFE699", "提示": "#DDEBF7"}


def write(
    release: Release, path: Path, limit: int = ROWS_OF_A_SHEET
) -> list[tuple[str, int]]:
    """Write the workbook and read it back; its sheets and how many rows each has.

    ``limit`` is the number of rows from which a subject goes on in another sheet.

    :raises Differs: the file does not hold what the warehouse holds.
    :raises NotWritten: the file cannot be written.
    """
    there = {table.name for table in release.tables}
    sheets = [sheet for sheet in SHEETS if there.issuperset(sheet.needs)]
    with release.open() as connection:
        results = {
            sheet.name: connection.execute(sheet.query).fetchall() for sheet in sheets
        }
        names = value_names(connection)
        facts = _cover_facts(connection)
    rows = {name: len(result) for name, result in results.items()}
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
    formats = _Formats(book)
    _write_cover(book, formats, release, sheets, rows, facts)
    for sheet in sheets:
        targets = _places(results.get(sheet.leads_to, []), sheet.leads_to, limit)
        for part, first in enumerate(range(0, max(1, rows[sheet.name]), limit), 1):
            name = part_name(sheet.name, part)
            worksheet = book.add_worksheet(name)
            writer = _SheetWriter(worksheet, sheet, formats, names, targets)
            writer.write(results[sheet.name][first : first + limit])
    book.close()
    _check(path, sheets, results, limit)
    return list(rows.items())


def part_name(sheet: str, part: int) -> str:
    """The name of a part of a subject: 等式, 等式 (2), …"""
    return sheet if part == 1 else f"{sheet} ({part})"


def _places(rows: list[tuple[Any, ...]], sheet: str, limit: int) -> dict[str, str]:
    """Where the first row of each key stands, as the address of a link."""
    places: dict[str, str] = {}
    for number, row in enumerate(rows):
        part, line = divmod(number, limit)
        name = part_name(sheet, part + 1)
        places.setdefault(row[0], f"internal:'{name}'!A{line + _FIRST_ROW + 1}")
    return places


class _Formats:
    """The formats of a workbook, each made once."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self._book = book
        self._made: dict[tuple[str, str], Format] = {}
        base = {"font_name": _FONT, "font_size": 10}
        self.title = book.add_format({**base, "font_size": 18, "bold": True})
        self.about = book.add_format({**base, "font_color": "#595959"})
        self.section = book.add_format(
            {
                **base,
                "font_size": 12,
                "bold": True,
                "font_color": "#1F4E79",
                "bottom": 1,
            }
        )
        self.label = book.add_format({**base, "font_color": "#595959"})
        self.value = book.add_format({**base, "align": "left"})
        self.number = book.add_format({**base, "num_format": "#,##0", "align": "left"})
        self.head = book.add_format(
            {
                **base,
                "bold": True,
                "font_color": "#FFFFFF",
                "bg_color": "#1F4E79",
                "text_wrap": True,
                "align": "center",
                "valign": "vcenter",
                "border": 1,
            }
        )
        self.link = book.add_format(
            {**base, "font_color": "#0563C1", "underline": 1, "valign": "top"}
        )

    def cell(self, kind: str, colour: str = "") -> Format:
        """The format of a cell of data."""
        if (kind, colour) not in self._made:
            style: dict[str, Any] = {
                "font_name": _FONT,
                "font_size": 10,
                "valign": "top",
                "bottom": 4,
                "bottom_color": "#BFBFBF",
            }
            if kind in _NUMBER_FORMATS:
                style["num_format"] = _NUMBER_FORMATS[kind]
            if kind == "long":
                style["text_wrap"] = True
            if kind in ("text", "long"):
                style |= {"align": "left", "indent": 1}
            if kind == "year":
                style["align"] = "center"
            if colour:
                style["bg_color"] = colour
            self._made[kind, colour] = self._book.add_format(style)
        return self._made[kind, colour]


class _SheetWriter:
    """Writes one sheet, row by row."""

    def __init__(
        self,
        worksheet: Worksheet,
        sheet: Sheet,
        formats: _Formats,
        names: Names,
        targets: dict[str, str],
    ) -> None:
        self._worksheet = worksheet
        self._sheet = sheet
        self._formats = formats
        self._names = names
        self._targets = targets
        self._links = 0

    def write(self, rows: list[tuple[Any, ...]]) -> None:
        """Write the title, the heads and the rows."""
        worksheet, heads = self._worksheet, self._sheet.heads
        width = sum(head.width for head in heads)
        _set_page(worksheet, self._sheet.name, width)
        worksheet.repeat_rows(0, _FIRST_ROW - 1)
        worksheet.freeze_panes(_FIRST_ROW, self._sheet.frozen)
        last = _FIRST_ROW + max(len(rows), 1) - 1
        worksheet.autofilter(_FIRST_ROW - 1, 0, last, len(heads) - 1)
        for place, head in enumerate(heads):
            worksheet.set_column(place, place, head.width)
        worksheet.write_url(0, 0, f"internal:'{_COVER}'!A1", self._formats.link, "封面")
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
        elif head.kind in _NUMBER_FORMATS:
            worksheet.write_number(row, place, float(value), style)
        else:
            text = self._names.get(head.values, {}).get(value, value)
            if len(text) > _LONGEST_TEXT:
                text = f"{text[:_LONGEST_TEXT]}……（过长，已截断）"
            if head.values == "severity":
                style = self._formats.cell("text", _SEVERITY_COLOURS.get(text, ""))
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


def _set_page(worksheet: Worksheet, footer: str, width: int = 0) -> None:
    worksheet.set_landscape()
    worksheet.set_paper(_A3 if width > _WIDTH_OF_A4 else _A4)
    worksheet.fit_to_pages(1, 0)
    worksheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    worksheet.set_footer(f"&L{footer}&R第 &P 页，共 &N 页")


Facts = list[tuple[str, str]]


def _cover_facts(connection: duckdb.DuckDBPyConnection) -> Facts:
    """The numbers that come first."""
    ((documents, loaded, units, years),) = connection.execute(
        "select count(*), count_if(status = 'loaded'), "
        "count(distinct case when status = 'loaded' then unit_id end), "
        "min(fiscal_year) || '—' || max(fiscal_year) from marts.dim_document"
    ).fetchall()
    ((errors, warnings, notes),) = connection.execute(
        "select count_if(severity = 'error'), count_if(severity = 'warning'), "
        "count_if(severity = 'info') from marts.fct_finding"
    ).fetchall()
    ((identities, held, failed),) = connection.execute(
        "select count(*), count_if(verdict in ('exact', 'rounding')), "
        "count_if(verdict = 'discrepancy') from marts.fct_identity"
    ).fetchall()
    ((amounts, checked),) = connection.execute(
        "select coalesce(sum(amounts), 0), coalesce(sum(amounts_in_identity), 0) "
        "from marts.rpt_coverage"
    ).fetchall()
    ((unread,),) = connection.execute(
        "select count(*) from marts.dim_source_table where status = 'not_understood'"
    ).fetchall()
    share = f"（{checked / amounts:.1%}）" if amounts else ""
    return [
        (
            "公开文件",
            f"{documents:,} 份，已载入 {loaded:,} 份，{units:,} 个单位，{years or '—'}",
        ),
        ("发现", f"错误 {errors:,}，警告 {warnings:,}，提示 {notes:,}"),
        ("等式", f"{identities:,} 个，相符 {held:,}，不符 {failed:,}"),
        ("金额", f"{amounts:,} 个，经等式核对 {checked:,} 个{share}"),
        ("未识别表格", f"{unread:,} 张"),
    ]


def _write_cover(
    book: xlsxwriter.Workbook,
    formats: _Formats,
    release: Release,
    sheets: list[Sheet],
    rows: dict[str, int],
    facts: Facts,
) -> None:
    worksheet = book.add_worksheet(_COVER)
    _set_page(worksheet, release.build_id)
    worksheet.hide_gridlines(2)
    worksheet.set_column(0, 0, 20)
    worksheet.set_column(1, 1, 12)
    worksheet.set_column(2, 2, 92)
    worksheet.set_row(0, 30)
    worksheet.write_string(0, 0, "县级部门预决算公开数据　审计工作簿", formats.title)
    line = 2
    for label, text in (
        ("构建编号", release.build_id),
        ("建库时间", f"{release.built_at:%Y-%m-%d %H:%M}（UTC）"),
        ("导出时间", f"{release.exported_at:%Y-%m-%d %H:%M}（UTC）"),
        *facts,
    ):
        worksheet.write_string(line, 0, label, formats.label)
        worksheet.write_string(line, 1, text, formats.value)
        line += 1
    line += 1
    for place, text in enumerate(("内容", "行数", "")):
        worksheet.write_string(line, place, text, formats.section)
    line += 1
    for sheet in sheets:
        worksheet.write_url(
            line, 0, f"internal:'{sheet.name}'!A1", formats.link, sheet.name
        )
        worksheet.write_number(line, 1, rows[sheet.name], formats.number)
        worksheet.write_string(line, 2, sheet.about, formats.value)
        line += 1
    line += 1
    for place, text in enumerate(("说明", "", "")):
        worksheet.write_string(line, place, text, formats.section)
    for number, text in enumerate(
        (
            "来源：各部门、单位公开的预算和决算文件，清单见“文件”，每份附 SHA-256。",
            "金额照原文录入，差错只作为“发现”列出，不作更正；以“元”列为准，“万元”列由其换算。",
            "Excel 的数字只保留 15 位有效数字；更精确的小数见 CSV、Parquet 或 DuckDB。",
            "逐项照录的各表只列已载入的文件；重复和已被更新的文件见“文件”。",
            f"一个主题超过 {ROWS_OF_A_SHEET:,} 行时接续到“名称 (2)”等工作表。",
            NOTE_ZH,
        ),
        1,
    ):
        line += 1
        worksheet.write_string(line, 0, f"{number}．{text}", formats.value)


def _check(
    path: Path,
    sheets: list[Sheet],
    results: dict[str, list[tuple[Any, ...]]],
    limit: int,
) -> None:
    """:raises Differs: a sheet does not hold the rows and sums of its query."""
    book = CalamineWorkbook.from_path(str(path))
    for sheet in sheets:
        written: list[list[Any]] = []
        expected = results[sheet.name]
        for part in range(1, max(1, -(-len(expected) // limit)) + 1):
            read = book.get_sheet_by_name(part_name(sheet.name, part)).to_python(
                skip_empty_area=False
            )
            written += read[_FIRST_ROW:]
        _require_equal(f"{sheet.name} 行数", len(expected), len(written))
        for place, head in enumerate(sheet.heads):
            if head.kind in ("yuan", "count", "number"):
                _require_equal(
                    f"{sheet.name} {head.title}",
                    sum(_cents(row[place]) for row in expected),
                    sum(_cents(row[place]) for row in written),
                )


def _cents(value: Any) -> Decimal:
    """A number to the fen; nothing counts as nothing."""
    if value in (None, ""):
        return Decimal(0)
    return Decimal(str(value)).quantize(_CENT)


def _require_equal(what: str, expected: object, written: object) -> None:
    if expected != written:
        raise Differs(f"workbook.xlsx：{what} 应为 {expected}，写出的是 {written}")
