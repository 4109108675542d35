"""Writes small workbooks as Excel 97 does: BIFF 8 in an OLE container.

Only what tests of a reader need: texts, numbers under display formats, merged
cells, cached formulas, errors, hidden sheets.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass, field

_SECTOR = 512
_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


@dataclass(frozen=True)
class Error:
    """An error value; 7 is a division by zero."""

    code: int = 7


@dataclass(frozen=True)
class Across:
    """A text centred across the empty cells to its right, or one of these."""

    text: str | None


_ACROSS = "centred across"  # in place of a display format


@dataclass
class Sheet:
    """Cells by position: a value, or a value and its display format."""

    name: str
    cells: dict[tuple[int, int], object] = field(default_factory=dict)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    is_hidden: bool = False
    shows_zeros: bool = True
    more: list[tuple[int, bytes]] = field(default_factory=list)  # further records


def workbook(
    *sheets: Sheet, is_locked: bool = False, head: Sequence[tuple[int, bytes]] = ()
) -> bytes:
    """The bytes of an .xls file; ``head`` are records before those of the sheets."""
    codes = ["General"]
    bodies = [_body(sheet, codes) for sheet in sheets]
    parts = [_record(0x0809, struct.pack("<HHHHII", 0x0600, 5, 0, 0, 0, 0))]
    parts += [_record(*record) for record in head]
    if is_locked:
        parts.append(_record(0x002F, struct.pack("<HHH", 1, 1, 1) + bytes(48)))
    parts.append(_record(0x0042, struct.pack("<H", 1200)))
    for number, code in enumerate(codes[1:], 164):
        parts.append(_record(0x041E, struct.pack("<H", number) + _text(code)))
    for number, code in zip([0, *range(164, 163 + len(codes))], codes, strict=True):
        style = (0, 0, 0, 6) if code == _ACROSS else (0, number, 0, 0)
        parts.append(_record(0x00E0, struct.pack("<HHHB", *style) + bytes(13)))
    names = [_short_text(sheet.name) for sheet in sheets]
    start = sum(map(len, parts)) + sum(10 + len(name) for name in names) + 4
    for sheet, body, name in zip(sheets, bodies, names, strict=True):
        about = struct.pack("<IBB", start, sheet.is_hidden, 0) + name
        parts.append(_record(0x0085, about))
        start += len(body)
    return _container(b"".join([*parts, _record(0x000A), *bodies]))


def _record(kind: int, data: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


def _text(text: str) -> bytes:
    return struct.pack("<HB", len(text), 1) + text.encode("utf-16-le")


def _short_text(text: str) -> bytes:
    return struct.pack("<BB", len(text), 1) + text.encode("utf-16-le")


def _body(sheet: Sheet, codes: list[str]) -> bytes:
    options = 0x06B6 if sheet.shows_zeros else 0x06A6
    parts = [_record(0x0809, struct.pack("<HHHHII", 0x0600, 0x10, 0, 0, 0, 0))]
    rows = 1 + max((row for row, _ in sheet.cells), default=-1)
    columns = 1 + max((column for _, column in sheet.cells), default=-1)
    parts.append(_record(0x0200, struct.pack("<IIHHH", 0, rows, 0, columns, 0)))
    for (row, column), entry in sorted(sheet.cells.items()):
        if isinstance(entry, Across):
            entry = (entry.text, _ACROSS)
        value, code = entry if isinstance(entry, tuple) else (entry, "General")
        if code not in codes:
            codes.append(code)
        place = struct.pack("<HHH", row, column, codes.index(code))
        parts.append(_cell(place, value))
    parts.append(_record(0x023E, struct.pack("<HHHIHHI", options, 0, 0, 64, 0, 0, 0)))
    if sheet.merges:
        ranges = b"".join(
            struct.pack("<HHHH", top, bottom, left, right)
            for top, left, bottom, right in sheet.merges
        )
        parts.append(_record(0x00E5, struct.pack("<H", len(sheet.merges)) + ranges))
    parts += [_record(*record) for record in sheet.more]
    return b"".join([*parts, _record(0x000A)])


def _cell(place: bytes, value: object) -> bytes:
    if value is None:
        return _record(0x0201, place)
    if isinstance(value, str):
        return _record(0x0204, place + _text(value))
    if isinstance(value, Error):
        return _record(0x0205, place + struct.pack("<BB", value.code, 1))
    if isinstance(value, bool):
        return _record(0x0205, place + struct.pack("<BB", value, 0))
    if isinstance(value, int):  # hundredths of a whole number, as RK
        return _record(0x027E, place + struct.pack("<I", (value * 100) << 2 | 3))
    if isinstance(value, float):
        return _record(0x0203, place + struct.pack("<d", value))
    assert isinstance(value, list)  # the cached result of a formula
    (result,) = value
    return _record(0x0006, place + struct.pack("<dHIH", result, 0, 0, 0))


def _container(stream: bytes) -> bytes:
    """An OLE file with the one stream ``Workbook``."""
    stream = stream.ljust(max(4096, -(-len(stream) // _SECTOR) * _SECTOR), b"\0")
    count = len(stream) // _SECTOR
    # Sectors: the table, the directory, the stream.
    tables = -(-(count + 1) // (_SECTOR // 4 - 1))
    table = [_FAT] * tables + [_END]
    table += [*range(tables + 2, tables + count + 1), _END]
    assert len(table) <= tables * _SECTOR // 4 and tables <= 109
    table += [_FREE] * (tables * _SECTOR // 4 - len(table))
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    head += struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    head += struct.pack("<IIIIIIIII", 0, tables, tables, 0, 4096, _END, 0, _END, 0)
    head += struct.pack(f"<{tables}I", *range(tables)).ljust(436, b"\xff")
    entries = _entry("Root Entry", 5, 1, _END, 0) + _entry(
        "Workbook", 2, _FREE, tables + 1, len(stream)
    )
    directory = entries.ljust(_SECTOR, b"\0")
    return head + struct.pack(f"<{len(table)}I", *table) + directory + stream


def _entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    encoded = (name + "\0").encode("utf-16-le")
    return (
        encoded.ljust(64, b"\0")
        + struct.pack("<HBBIII", len(encoded), kind, 1, _FREE, _FREE, child)
        + bytes(36)
        + struct.pack("<IQ", start, size)
    )
