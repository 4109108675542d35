"""What the cells of an xls workbook show, from the records of the workbook itself.

Readers of values give a binary number and no format. What is printed is the
number under the display format of the cell; an error is printed, too. Records
are those of BIFF 8 (Excel 97 and later, WPS); of older workbooks nothing is said
here, and the reader of values has them to itself.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from ingest.document import Limits, UnreadableDocument
from ingest.readers import ole
from ingest.readers.number_format import (
    AcrossCells,
    Display,
    Format,
    Shown,
    built_in_format,
)

_BIFF_8 = 0x0600

# Records by their numbers.
_BOF, _EOF, _FILE_PASS = 0x0809, 0x000A, 0x002F
_FORMAT, _XF, _BOUND_SHEET, _WINDOW_2 = 0x041E, 0x00E0, 0x0085, 0x023E
_NUMBER, _RK, _MUL_RK, _FORMULA, _BOOL_ERR = 0x0203, 0x027E, 0x00BD, 0x0006, 0x0205
# Cells that hold no number: texts of three kinds, and empty cells of a style.
_LABEL, _RICH_LABEL, _SHARED_LABEL = 0x0204, 0x00D6, 0x00FD
_BLANK, _MUL_BLANK = 0x0201, 0x00BE
_TEXTS = 0x00FC  # those that cells share
_SHORTEST_TEXT = 3  # bytes
_DIMENSIONS, _MOST_ROWS, _MOST_COLUMNS = 0x0200, 65_536, 256
_FILLED = frozenset(
    {_NUMBER, _RK, _FORMULA, _BOOL_ERR, _LABEL, _RICH_LABEL, _SHARED_LABEL}
)
_VALUED = frozenset({_NUMBER, _RK, _MUL_RK, _FORMULA, _BOOL_ERR})
_SEVERAL = frozenset({_MUL_RK, _MUL_BLANK})  # they end with their last column
_PLACED = _FILLED | _SEVERAL | {_BLANK}
_HEAD = struct.Struct("<HH").unpack_from  # of a record, and of what a cell holds
_MOST_SPREAD = 10  # times the cells that may be read: hidden sheets are large
_SHOWS_ZEROS = 0x0010
_ALIGNMENT, _CENTRED_ACROSS = 0x07, 0x06
_ERRORS = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
}


def workbook_stream(data: bytes) -> bytes:
    """The records of a workbook, out of the OLE container that holds them.

    Raises UnreadableDocument: ``damaged_workbook``, ``too_large``,
    ``unsupported_format``.
    """
    if not data.startswith(ole.SIGNATURE):
        raise UnreadableDocument("unsupported_format", "a workbook before Excel 97")
    try:
        container = ole.Container(data)
        stream = container.whole_stream("Workbook") or container.whole_stream("Book")
    except (struct.error, IndexError) as error:
        raise UnreadableDocument("damaged_workbook", str(error)) from error
    if stream is None:
        raise UnreadableDocument("damaged_workbook", "no stream of a workbook")
    if len(stream) > ole.MOST_BYTES:
        raise UnreadableDocument("too_large", f"a workbook of {len(stream)} bytes")
    return stream


def displays(stream: bytes, limits: Limits) -> dict[str, Shown]:
    """What the numbers, truth values and errors of each sheet show, by its name.

    Positions that are not there are for the reader of values: texts, dates.

    Raises UnreadableDocument: ``encrypted_workbook``, ``damaged_workbook``,
    ``too_large`` where the sheets spread far beyond the limits.
    """
    try:
        _check_sheets(stream, limits)
        book = _globals(stream)
        return {name: _shown(stream, at, book) for name, at in book.sheets.items()}
    except (struct.error, IndexError, UnicodeDecodeError) as error:
        raise UnreadableDocument("damaged_workbook", str(error)) from error


_Record = tuple[int, bytes]  # its kind and what it holds


def _records(stream: bytes, at: int, end: int | None = None) -> Iterator[_Record]:
    """The records of the part that begins here, those of charts in it left out.

    Raises struct.error for what does not begin as a part, or goes on beyond its end.
    """
    depth = 0
    end = len(stream) if end is None else end
    while at < end:
        kind, length = _HEAD(stream, at)
        at += 4
        if kind == _BOF:
            depth += 1
        elif kind == _EOF:
            depth -= 1
        if depth == 1 or kind == _BOF:
            yield kind, stream[at : at + length]
        if depth <= 0:
            if kind != _EOF:
                raise struct.error("no part of a workbook begins here")
            return
        at += length
    raise struct.error("a part of a workbook without an end")


def _check_sheets(stream: bytes, limits: Limits) -> None:
    """Refuse sheets for which the reader of values would take too much memory.

    It takes what is declared, then a place for every cell down to the last one, of
    the sheets that are not read too, and ends the process where there is not so much.
    Sheets that lie in one another would be read, and their numbers counted, again.

    Raises UnreadableDocument: ``damaged_workbook``, ``too_large``.
    """
    begins = [0]
    for kind, data in _records(stream, 0):
        if kind == _TEXTS:
            (count,) = struct.unpack_from("<I", data, 4)
            if count * _SHORTEST_TEXT > len(stream):
                raise UnreadableDocument("damaged_workbook", f"{count} texts")
        if kind == _BOUND_SHEET:
            begins.append(struct.unpack_from("<I", data)[0])
    if len(set(begins)) < len(begins):
        raise UnreadableDocument("damaged_workbook", "two sheets in one place")
    left = _MOST_SPREAD * limits.cells
    for at, end in pairwise([*sorted(begins), len(stream)]):
        left -= _spread(stream, at, end) if at else 0
        if left < 0:
            raise UnreadableDocument("too_large", "cells far apart")


def _spread(stream: bytes, at: int, end: int) -> int:
    """The number of places of a sheet down to its last cell, whatever its version.

    Raises UnreadableDocument: ``damaged_workbook``.
    """
    last_row = last_column = -1
    for kind, data in _records(stream, at, end):
        if kind in _PLACED:
            row, column = _HEAD(data)
            if kind in _SEVERAL:
                (column,) = struct.unpack_from("<H", data, len(data) - 2)
            if row > last_row:
                last_row = row
            if column > last_column:
                last_column = column
        elif kind == _DIMENSIONS:
            form = "<IIHH" if len(data) >= 14 else "<HHHH"
            top, bottom, left, right = struct.unpack_from(form, data)
            is_possible = top <= bottom <= _MOST_ROWS and (
                left <= right <= _MOST_COLUMNS
            )
            if not is_possible:
                detail = f"rows {top} to {bottom}, columns {left} to {right}"
                raise UnreadableDocument("damaged_workbook", detail)
    if last_column >= _MOST_COLUMNS:
        raise UnreadableDocument("damaged_workbook", "a cell beyond the columns")
    return (last_row + 1) * (last_column + 1)


# Globals --------------------------------------------------------------------


@dataclass(slots=True)
class _Book:
    """What the sheets share: where they begin, and the formats of the styles."""

    sheets: dict[str, int] = field(default_factory=dict)
    spelled: dict[int, str] = field(default_factory=dict)
    styles: list[int] = field(default_factory=list)
    across: set[int] = field(default_factory=set)  # the styles that centre over cells
    formats: dict[int, Format] = field(default_factory=dict)
    text_count: int = 0  # of the texts that cells share

    def format(self, style: int) -> Format:
        """The display format of a cell style."""
        if style not in self.formats:
            number = self.styles[style] if style < len(self.styles) else 0
            code = self.spelled.get(number)
            known = built_in_format(number) if code is None else Format(code)
            self.formats[style] = known
        return self.formats[style]


def _globals(stream: bytes) -> _Book:
    book = _Book()
    for kind, data in _records(stream, 0):
        if kind == _BOF and struct.unpack_from("<H", data)[0] != _BIFF_8:
            return _Book()
        if kind == _FILE_PASS:
            raise UnreadableDocument("encrypted_workbook")
        if kind == _TEXTS:
            (book.text_count,) = struct.unpack_from("<I", data, 4)
        elif kind == _FORMAT:
            number, length = struct.unpack_from("<HH", data)
            book.spelled[number] = _text(data, 4, length)
        elif kind == _XF:
            if data[6] & _ALIGNMENT == _CENTRED_ACROSS:
                book.across.add(len(book.styles))
            book.styles.append(struct.unpack_from("<H", data, 2)[0])
        elif kind == _BOUND_SHEET:
            at, length = struct.unpack_from("<IxxB", data)
            book.sheets[_text(data, 7, length)] = at
    return book


def _text(data: bytes, at: int, length: int) -> str:
    """Characters of one or two bytes, after the byte that says which."""
    if data[at] & 1:
        return data[at + 1 : at + 1 + 2 * length].decode("utf-16-le")
    return data[at + 1 : at + 1 + length].decode("latin-1")


# Sheets ---------------------------------------------------------------------


def _shown(stream: bytes, at: int, book: _Book) -> Shown:
    display: Display = {}
    across = AcrossCells()
    zeros: set[tuple[int, int]] = set()
    shows_zeros = True
    for kind, data in _records(stream, at):
        if kind == _WINDOW_2:
            shows_zeros = bool(struct.unpack_from("<H", data)[0] & _SHOWS_ZEROS)
        elif kind == _SHARED_LABEL:
            if struct.unpack_from("<I", data, 6)[0] >= book.text_count:
                # The reader of values leaves the cell empty.
                raise UnreadableDocument("damaged_workbook", "a text that is not there")
        elif kind in _VALUED:
            for place, style, value in _values(kind, data):
                if place in display:
                    raise UnreadableDocument(
                        "damaged_workbook", "two numbers in a place"
                    )
                if isinstance(value, str):
                    display[place] = value
                    continue
                if value == 0:
                    zeros.add(place)
                shown = book.format(style).show(repr(value))
                if shown is not None:
                    display[place] = shown
        if book.across:
            for row, column, style, is_filled in _styled(kind, data):
                if style in book.across:
                    across.add(row, column, is_filled)
    if not shows_zeros:
        display.update(dict.fromkeys(zeros, ""))
    return Shown(display, across.ranges())


def _styled(kind: int, data: bytes) -> Iterator[tuple[int, int, int, bool]]:
    """Row, column, style of each cell of a record, and whether it holds something.

    Rows of packed numbers are left out: a number has no cells to its right.
    """
    if kind in _FILLED or kind == _BLANK:
        yield (*struct.unpack_from("<HHH", data), kind != _BLANK)
    elif kind == _MUL_BLANK:
        row, first = struct.unpack_from("<HH", data)
        for number, at in enumerate(range(4, len(data) - 2 - 2 + 1, 2)):
            yield row, first + number, struct.unpack_from("<H", data, at)[0], False


_Value = tuple[tuple[int, int], int, float | str]


def _values(kind: int, data: bytes) -> Iterator[_Value]:
    """The position, style and value of each cell of a record that holds one."""
    if kind == _MUL_RK:
        row, first = struct.unpack_from("<HH", data)
        for number, at in enumerate(range(4, len(data) - 6 + 1, 6)):
            style, packed = struct.unpack_from("<HI", data, at)
            yield (row, first + number), style, _unpacked(packed)
        return
    row, column, style = struct.unpack_from("<HHH", data)
    if kind == _NUMBER:
        yield (row, column), style, struct.unpack_from("<d", data, 6)[0]
    elif kind == _RK:
        yield (row, column), style, _unpacked(struct.unpack_from("<I", data, 6)[0])
    elif kind == _BOOL_ERR:
        yield (row, column), style, _special(data[6], bool(data[7]))
    elif data[12:14] != b"\xff\xff":
        yield (row, column), style, struct.unpack_from("<d", data, 6)[0]
    elif data[6] in (1, 2):  # a formula that gives a truth value or an error
        yield (row, column), style, _special(data[8], data[6] == 2)


def _special(code: int, is_error: bool) -> str:
    if is_error:
        return _ERRORS.get(code, "#N/A")
    return "TRUE" if code else "FALSE"


def _unpacked(packed: int) -> float:
    """A number of thirty bits: whole or the head of a binary one, or hundredths."""
    if packed & 2:
        value = float((packed >> 2) - (1 << 30 if packed & 1 << 31 else 0))
    else:
        value = struct.unpack("<d", struct.pack("<Q", (packed & ~3) << 32))[0]
    return value / 100 if packed & 1 else value
