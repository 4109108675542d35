"""Reads workbooks, xlsx and xls whatever their names: tables with their spans.

What is printed is copied: hidden sheets are left out, and so is what lies below
merged cells. Rows and columns folded away inside a sheet are read: without them
its totals would have no parts. Numbers are what their display formats show, dates
are ISO dates, and a formula that was never calculated is the formula. The line of a
cell is its row in the sheet, from 1.
"""

from __future__ import annotations

import datetime as dt
import io
import logging
import re
from collections.abc import Iterator

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from ingest.detect import detect_format
from ingest.document import (
    Document,
    Limits,
    Paragraph,
    ParagraphKind,
    UnreadableDocument,
)
from ingest.readers import ole, xls_display, xlsx_display
from ingest.readers.number_format import Display, Shown, plain
from ingest.readers.sheet_blocks import Sheet, blocks_of
from ingest.readers.sheet_continuation import joined
from ingest.readers.xlsx_pictures import pictures_of_print

_log = logging.getLogger(__name__)

_Value = int | float | str | bool | dt.time | dt.date | dt.datetime | dt.timedelta
# Line breaks and other controls as xlsx escapes them.
_RETURN = re.compile(r"(?:_x000[dD]_|\r)+\n?")
_UNPRINTED = re.compile("[\x00-\x08\x0b-\x1f\x7f\ufeff]|_x00(?:0[0-8bcefBCEF]|1.)_")


def read(data: bytes, limits: Limits = Limits()) -> Document:  # noqa: B008
    """The paragraphs and tables of the visible sheets, in the order of the sheets.

    A sheet of single texts is read as paragraphs; a sheet of several statements
    gives a table for each, a statement over several sheets one table. Pictures of print
    are named at the end.

    Raises UnreadableDocument: ``too_large``, ``encrypted_workbook``,
    ``damaged_workbook``, ``nothing_printed``, ``only_pictures``, and
    ``unsupported_format`` for what is no workbook.
    """
    if len(data) > limits.file_bytes:
        raise UnreadableDocument("too_large", f"{len(data)} bytes")
    format_ = detect_format(data)
    if format_ == "encrypted":
        raise UnreadableDocument("encrypted_workbook")
    if format_ not in ("xlsx", "xls"):
        raise UnreadableDocument("unsupported_format", format_)
    if format_ == "xlsx":
        shown = xlsx_display.displays(data, limits)
    else:
        stream = xls_display.workbook_stream(data)
        shown = xls_display.displays(stream, limits)
        # The library follows chains of sectors in circles, and out of the file.
        data = ole.container("Workbook", stream)
    try:
        sheets = list(_sheets(data, shown, limits))
    except PasswordError as error:
        raise UnreadableDocument("encrypted_workbook", str(error)) from error
    except BaseException as error:
        if not _is_of_calamine(error):
            raise
        raise UnreadableDocument("damaged_workbook", str(error)) from error
    blocks = tuple(joined([list(blocks_of(sheet)) for sheet in sheets]))
    names: list[str] = []
    if format_ == "xlsx":
        names = pictures_of_print(data, {sheet.name for sheet in sheets}, limits)
    if not blocks:
        raise UnreadableDocument(
            "only_pictures" if names else "nothing_printed", format_
        )
    pictures = (Paragraph(name, kind=ParagraphKind.PICTURE) for name in names)
    return Document(format=format_, blocks=(*blocks, *pictures))


def _is_of_calamine(error: BaseException) -> bool:
    # A panic of calamine is no Exception, and its class cannot be imported.
    return isinstance(error, CalamineError) or type(error).__name__ == "PanicException"


def _sheets(data: bytes, shown: dict[str, Shown], limits: Limits) -> Iterator[Sheet]:
    """The visible sheets that hold cells; the others are named in the log."""
    cells_left = limits.cells
    with CalamineWorkbook.from_filelike(io.BytesIO(data)) as workbook:
        names = workbook.sheet_names
        if len(set(names)) < len(names):  # sheets are told apart by their names
            raise UnreadableDocument("damaged_workbook", "sheets of the same name")
        for index, about in enumerate(workbook.sheets_metadata):
            if about.typ != SheetTypeEnum.WorkSheet:
                _log.info("sheet %r holds no cells: %s", about.name, about.typ)
                continue
            if about.visible != SheetVisibleEnum.Visible:
                _log.info("sheet %r is hidden and not read", about.name)
                continue
            sheet = workbook.get_sheet_by_index(index)
            last_row, last_column = sheet.end or (0, 0)
            cells_left -= (last_row + 1) * (last_column + 1)
            if cells_left < 0:
                raise UnreadableDocument("too_large", f"over {limits.cells} cells")
            if shown and about.name not in shown:
                raise UnreadableDocument("damaged_workbook", f"no {about.name!r}")
            yield _sheet(sheet, shown.get(about.name, _NOTHING), limits)


_NOTHING = Shown({}, [])  # of workbooks before Excel 97


def _sheet(sheet: CalamineSheet, shown: Shown, limits: Limits) -> Sheet:
    display = shown.display
    rows = sheet.to_python(skip_empty_area=False)
    _check_places(rows, display)
    texts = {
        (row, column): text
        for row, values in enumerate(rows)
        for column, value in enumerate(values)
        if value != "" and (row, column) not in display and (text := _text(value))
    }
    # A format may print what the file has put into it, controls too.
    shows = (
        (place, _UNPRINTED.sub("", text) if _has_controls(text) else text)
        for place, text in display.items()
    )
    texts.update((place, text) for place, text in shows if text)
    longest = max(map(len, texts.values()), default=0)
    if longest > limits.cell_characters:
        raise UnreadableDocument("too_large", f"a cell of {longest} characters")
    merges = [
        (top, left, bottom, right)
        for (top, left), (bottom, right) in sheet.merged_cell_ranges or ()
    ]
    return Sheet(sheet.name, texts, merges + shown.across)


def _check_places(rows: list[list[_Value]], display: Display) -> None:
    """Refuse a sheet of which its two readings differ.

    Where one sees a number and the other none, or a text, neither is to be believed:
    the number would be printed twice, or in a place of its own.

    Raises UnreadableDocument: ``damaged_workbook``.
    """
    for (row, column), text in display.items():
        is_inside = 0 <= row < len(rows) and 0 <= column < len(rows[row])
        value = rows[row][column] if is_inside else None
        # Errors and formulas that were never calculated have no value.
        has_value = not text.startswith(("#", "="))
        if value is None or (isinstance(value, str) and has_value):
            detail = f"row {row + 1}, column {column + 1}: {text[:40]!r}"
            raise UnreadableDocument("damaged_workbook", detail)


def _has_controls(text: str) -> bool:
    """Whether a text may have controls or what stands for them; hardly any has."""
    return not text.isprintable() or "_x" in text


def _text(value: _Value) -> str:
    """A value as text, as far as the value alone tells what is printed."""
    if isinstance(value, str):
        if not _has_controls(value):
            return value
        return _UNPRINTED.sub("", _RETURN.sub("\n", value))
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return plain(repr(value))
    if isinstance(value, dt.datetime):
        is_day = value.time() == dt.time()
        return (value.date() if is_day else value).isoformat()
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    return str(value)
