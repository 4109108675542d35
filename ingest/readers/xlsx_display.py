"""What the cells of an xlsx workbook show, from the XML of the workbook itself.

Readers of values give a binary number and no format. What is printed is the
stored decimal text under the display format of the cell; an error is printed,
too. Nothing outside the archive is looked at, and no entity is resolved.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple
from xml.parsers import expat

from lxml import etree

from ingest.document import Limits, UnreadableDocument
from ingest.readers.number_format import (
    AcrossCells,
    Display,
    Format,
    Shown,
    built_in_format,
)

_CHUNK = 1 << 20
_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_LONGEST_FORMULA = 200
_TEXT_NUMBER = re.compile("[0-9]{1,9}")
_MOST_ROWS, _MOST_COLUMNS = 1_048_576, 16_384


def displays(data: bytes, limits: Limits) -> dict[str, Shown]:
    """What the numbers, truth values and errors of each sheet show, by its name.

    Positions that are not there are for the reader of values: texts, dates.

    Raises UnreadableDocument: ``too_large`` where the archive unpacks, or the
    sheets spread, beyond the limits; ``damaged_workbook``.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return dict(_displays(_Parts(archive, limits), limits))
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,  # a compression that spreadsheets do not use
        RuntimeError,  # a password on the archive
        etree.XMLSyntaxError,
        expat.ExpatError,
        OSError,
        ValueError,
        LookupError,  # an encoding that nobody knows
    ) as error:
        raise UnreadableDocument("damaged_workbook", str(error)) from error


class _Parts:
    """The members of the archive by their names, none larger than allowed."""

    def __init__(self, archive: zipfile.ZipFile, limits: Limits) -> None:
        self._archive = archive
        self._members = {
            info.filename.replace("\\", "/").lower().lstrip("/"): info
            for info in archive.infolist()
        }
        if len(self._members) < len(archive.infolist()):
            # Each reader takes another one of two members of the same name.
            raise UnreadableDocument("damaged_workbook", "members of the same name")
        left = limits.file_bytes
        for info in archive.infolist():
            left -= info.file_size
            if left < 0:
                raise UnreadableDocument("too_large", "unpacked")
        left = limits.file_bytes
        for info in archive.infolist():
            left -= self._unpacked_size(info, left)

    def _unpacked_size(self, info: zipfile.ZipInfo, most: int) -> int:
        """The true size: the archive may lie, and other readers do not stop there."""
        declared, info.file_size = info.file_size, 1 << 62
        size = 0
        try:
            with self._archive.open(info) as member:
                while chunk := member.read(_CHUNK):
                    size += len(chunk)
                    if size > most:
                        raise UnreadableDocument("too_large", "unpacked")
        finally:
            info.file_size = declared
        return size

    def open(self, name: str) -> io.BytesIO | None:
        """A member by its name, whatever its case; None if it is not there."""
        info = self._members.get(name.lower().lstrip("/"))
        return None if info is None else io.BytesIO(self._archive.read(info))

    def elements(self, name: str, *tags: str) -> Iterator[etree._Element]:
        """The elements of a member with these local names, each when it ends."""
        source = self.open(name)
        if source is None:
            return
        yield from (
            element
            for _, element in etree.iterparse(
                source,
                events=("end",),
                tag=[f"{{*}}{tag}" for tag in tags],
                resolve_entities=False,
                no_network=True,
                load_dtd=False,
                huge_tree=False,
            )
        )


def _displays(parts: _Parts, limits: Limits) -> Iterator[tuple[str, Shown]]:
    styles = _styles(parts)
    cells_left = limits.cells
    read: set[str] = set()
    for name, path in _sheets(parts):
        scan = _Scan(styles)
        source = parts.open(path)
        if source is not None:
            if path.lower() in read:  # its numbers would count twice
                raise UnreadableDocument("damaged_workbook", f"two sheets in {path}")
            read.add(path.lower())
            scan.read(source.getvalue())
        cells_left -= scan.area
        if cells_left < 0:
            raise UnreadableDocument("too_large", f"over {limits.cells} cells")
        yield name, scan.shown()


def _sheets(parts: _Parts) -> Iterator[tuple[str, str]]:
    """The name of each sheet and the member that holds it."""
    targets = {
        element.get("Id"): element.get("Target", "")
        for element in parts.elements("xl/_rels/workbook.xml.rels", "Relationship")
    }
    for element in parts.elements("xl/workbook.xml", "sheet"):
        key = next(
            (v for k, v in element.attrib.items() if str(k).endswith("}id")), None
        )
        target = str(targets.get(str(key), ""))
        # A target counts from the folder of the workbook, or from the root.
        path = posixpath.normpath(posixpath.join("/xl", target.replace("\\", "/")))
        yield str(element.get("name", "")), path


class _Style(NamedTuple):
    """A cell style: its display format, and whether it centres over empty cells."""

    format: Format
    is_across: bool


def _styles(parts: _Parts) -> list[_Style]:
    """The cell styles by their numbers."""
    spelled: dict[int, Format] = {}
    styles: list[_Style] = []
    for element in parts.elements("xl/styles.xml", "numFmt", "cellXfs"):
        if etree.QName(element).localname == "numFmt":
            code = element.get("formatCode", "")
            spelled[int(element.get("numFmtId", "0"))] = Format(code)
        else:
            for style in element:
                number = int(style.get("numFmtId", "0"))
                alignment = next(style.iterchildren("{*}alignment"), None)
                across = alignment is not None and (
                    alignment.get("horizontal") == "centerContinuous"
                )
                shown = spelled.get(number) or built_in_format(number)
                styles.append(_Style(shown, across))
    return styles


_PLAIN = _Style(built_in_format(0), is_across=False)


_EMPTY_ROW = re.compile(
    rb'<row r="\d+"[^<>]*(?:/>|>(?:<c r="[A-Z]+\d+"(?: s="\d+")?/>)*</row>)'
)
# Rows of nothing but numbers, shared texts and empty cells, as nearly all rows are.
_PLAIN_ROW = re.compile(
    rb'<row r="(\d{1,7})"(?: [\w:]{2,30}="[\w:. -]*")*>'
    rb'((?:<c r="[A-Z]{1,2}\1"(?: s="\d{1,5}")?(?: t="[sn]")?'
    rb"(?:/>|><v>[\d.eE+-]{1,40}</v></c>))+)</row>"
)
_PLAIN_CELL = re.compile(
    r'<c r="([A-Z]+)\d+"(?: s="(\d+)")?(?: t="(.)")?><v>(.+?)</v></c>'
)
# Text of XML in which what looks like a tag is one.
_PLAIN_HEAD = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml version=.1\.0.(?: encoding=.UTF-8.)?"
    rb"(?: standalone=.(?:yes|no).)?\s*\?>)?",
    re.IGNORECASE,
)


class _Scan:
    """Goes over the XML of a sheet, at little cost for cells that hold nothing.

    Sheets of a million empty rows are published. ``area`` is the number of
    positions down to the last value.
    """

    def __init__(self, styles: list[_Style]) -> None:
        self._styles = styles
        self._across_styles = {
            str(number) for number, style in enumerate(styles) if style.is_across
        }
        self._display: Display = {}
        self._across = AcrossCells()
        self._hides_zeros = False
        self._row = self._column = -1
        self._is_row_named = False
        self._last_row = self._last_column = -1
        self._cell: dict[str, str] = {}
        self._is_in_cell = self._is_filled = self._is_in_value = False
        self._value: list[str] = []
        self._formula: list[str] | None = None
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.StartDoctypeDeclHandler = self._refuse
        self._parser.StartCdataSectionHandler = self._check_section

    @property
    def area(self) -> int:
        """The number of positions down to the last value."""
        return (self._last_row + 1) * (self._last_column + 1)

    def read(self, data: bytes) -> None:
        """Go over a sheet.

        Raises expat.ExpatError; UnreadableDocument: ``damaged_workbook``.
        """
        # Where each row says which it is, those that hold nothing tell nothing.
        if not self._across_styles and data.count(b"<row ") == data.count(b'<row r="'):
            data = _EMPTY_ROW.sub(b"", data)
        end = 0
        for row in () if self._across_styles else _plain_rows(data):
            if end < row.start():
                self._parser.Parse(data[end : row.start()], False)
                end = row.start()
            if not self._is_in_cell and self._read_plain(row):
                end = row.end()
        self._parser.Parse(data[end:], True)

    def _read_plain(self, row: re.Match[bytes]) -> bool:
        """Do for a plain row what would be done if it were parsed, unless it is none.

        Raises UnreadableDocument: ``damaged_workbook``.
        """
        number = int(row[1])
        if not 0 < number <= _MOST_ROWS:
            return False
        self._row, self._is_row_named = number - 1, True
        self._column, self._reference = -1, ""
        for letters, style, kind, value in _PLAIN_CELL.findall(row[2].decode("ascii")):
            text = self._printed(kind or "n", style or "0", value)
            self._fill(_column(letters), text)
        return True

    def shown(self) -> Shown:
        """What the sheet shows."""
        return Shown(self._display, self._across.ranges())

    def _refuse(self, *_: object) -> None:
        raise UnreadableDocument("damaged_workbook", "declares a document type")

    def _check_section(self) -> None:
        if self._is_in_value:  # the reader of values leaves it out
            raise UnreadableDocument("damaged_workbook", "a value in a section")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if ":" in name:
            name = name.rpartition(":")[2]
        if name == "c":
            self._cell = attributes
            self._is_in_cell, self._is_filled = True, False
            # Some writers leave the places out: then the cells follow each other.
            self._column = -1 if "r" in attributes else self._place() + 1
            self._reference = attributes.get("r", "")
        elif name == "v":
            self._is_filled = self._is_in_value = True
            if self._cell.get("t", "n") in ("n", "b", "e", "s"):
                self._value = []
                self._parser.CharacterDataHandler = self._value.append
        elif name == "row":
            number = attributes.get("r")
            self._is_row_named = number is not None
            self._row = self._row + 1 if number is None else int(number) - 1
            self._column, self._reference = -1, ""
        elif name == "f":
            self._is_filled = True
            self._formula = []
            self._parser.CharacterDataHandler = self._formula.append
        elif name == "is":
            self._is_filled = True
        elif name == "sheetView":
            self._hides_zeros |= attributes.get("showZeros") in ("0", "false")

    def _end(self, name: str) -> None:
        if ":" in name:
            name = name.rpartition(":")[2]
        if name == "v":
            self._is_in_value = False
            self._parser.CharacterDataHandler = None
        elif name == "f":
            self._parser.CharacterDataHandler = None
        elif name == "c":
            self._is_in_cell = False
            if self._is_filled:
                column = self._place()
                if self._reference:
                    self._check_row()
                self._fill(column, self._text())
                self._value = []
                self._formula = None
            if self._across_styles and self._cell.get("s") in self._across_styles:
                self._across.add(self._row, self._place(), self._is_filled)

    _reference = ""

    def _fill(self, column: int, text: str | None) -> None:
        """Note a cell of this row that holds something, and what it shows, if known.

        Raises UnreadableDocument: ``damaged_workbook``.
        """
        self._last_row = max(self._last_row, self._row)
        self._last_column = max(self._last_column, column)
        if text is not None:
            if (self._row, column) in self._display:
                raise UnreadableDocument("damaged_workbook", "a cell twice")
            self._display[self._row, column] = text

    def _place(self) -> int:
        """The column of the last cell."""
        if self._column < 0:
            match = _REFERENCE.fullmatch(self._reference)
            self._column = _column(match[1]) if match else -1
        return self._column

    def _check_row(self) -> None:
        """Compare the row that the last cell names with the one that it is in.

        A row that does not say which it is, is the one that its cells name: the reader
        of values goes by these, and takes memory for all rows down to them.

        Raises UnreadableDocument: ``damaged_workbook`` for another row, or for what
        names no place of a sheet.
        """
        match = _REFERENCE.fullmatch(self._reference)
        row = int(match[2]) - 1 if match else -1
        if self._column >= _MOST_COLUMNS or not 0 <= row < _MOST_ROWS:
            raise UnreadableDocument("damaged_workbook", self._reference[:80])
        if self._is_row_named and row != self._row:
            detail = f"{self._reference} in row {self._row + 1}"
            raise UnreadableDocument("damaged_workbook", detail)
        self._row = row

    def _text(self) -> str | None:
        """What the cell shows, or None if that is for the reader of values."""
        value = "".join(self._value)
        kind = self._cell.get("t", "n")
        if value:
            return self._printed(kind, self._cell.get("s", "0"), value)
        if self._formula is None or kind not in ("n", "b", "e"):
            return None
        # Never calculated: other programs would show a number, nobody knows which.
        return "=" + "".join(self._formula)[:_LONGEST_FORMULA]

    def _printed(self, kind: str, style: str, value: str) -> str | None:
        """What a value shows, or None if that is for the reader of values."""
        if kind == "s":
            if not _TEXT_NUMBER.fullmatch(value):  # the reader of values takes any
                raise UnreadableDocument("damaged_workbook", f"text {value[:40]!r}")
            return None
        if kind == "b":
            return "TRUE" if value.strip() in ("1", "true") else "FALSE"
        if kind == "e":
            return value
        number = int(style)
        known = self._styles[number] if number < len(self._styles) else _PLAIN
        return known.format.show(value, hides_zeros=self._hides_zeros)


def _plain_rows(data: bytes) -> Iterator[re.Match[bytes]]:
    """The rows of a sheet that can be read without a parser."""
    start, end = data.find(b"<sheetData>"), data.find(b"</sheetData>")
    head = _PLAIN_HEAD.match(data)
    is_plain = b"<!" not in data and data.find(b"<?", head.end() if head else 0) < 0
    if start >= 0 and is_plain:
        yield from _PLAIN_ROW.finditer(data, start, end)


@cache
def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1
