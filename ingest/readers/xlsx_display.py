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

from lxml import etree

from ingest.document import Limits, UnreadableDocument
from ingest.readers.number_format import Display, Format, built_in_format

_CHUNK = 1 << 20
_REFERENCE = re.compile(r"([A-Z]{1,3})(\d{1,7})")


def displays(data: bytes, limits: Limits) -> dict[str, Display]:
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
        OSError,
        ValueError,
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


def _displays(parts: _Parts, limits: Limits) -> Iterator[tuple[str, Display]]:
    formats = _formats(parts)
    cells_left = limits.cells
    for name, path in _sheets(parts):
        display, area = _display(parts, path, formats)
        cells_left -= area
        if cells_left < 0:
            raise UnreadableDocument("too_large", f"over {limits.cells} cells")
        yield name, display


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


def _formats(parts: _Parts) -> list[Format]:
    """The display format of each cell style."""
    spelled: dict[int, Format] = {}
    styles: list[Format] = []
    for element in parts.elements("xl/styles.xml", "numFmt", "cellXfs"):
        if etree.QName(element).localname == "numFmt":
            code = element.get("formatCode", "")
            spelled[int(element.get("numFmtId", "0"))] = Format(code)
        else:
            numbers = [int(style.get("numFmtId", "0")) for style in element]
            styles = [spelled.get(n) or built_in_format(n) for n in numbers]
    return styles


def _display(parts: _Parts, path: str, formats: list[Format]) -> tuple[Display, int]:
    """What a sheet shows, and the number of positions down to its last value."""
    display: Display = {}
    hides_zeros = False
    row_number = last_row = last_column = -1
    for element in parts.elements(path, "sheetView", "row"):
        if etree.QName(element).localname == "sheetView":
            hides_zeros |= element.get("showZeros") in ("0", "false")
            continue
        row_number = int(element.get("r", row_number + 2)) - 1
        for column, cell in _cells(element):
            text = _shown(cell, formats, hides_zeros)
            if text is not None:
                display[row_number, column] = text
            if len(cell):
                last_row = max(last_row, row_number)
                last_column = max(last_column, column)
        element.clear()
        while element.getprevious() is not None:
            del element.getparent()[0]
    return display, (last_row + 1) * (last_column + 1)


def _cells(row: etree._Element) -> Iterator[tuple[int, etree._Element]]:
    """The cells of a row with their columns; some writers leave the places out."""
    column = -1
    for cell in row.iterchildren("{*}c"):
        place = _REFERENCE.fullmatch(cell.get("r", ""))
        column = _column(place[1]) if place else column + 1
        yield column, cell


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def _shown(
    cell: etree._Element, formats: list[Format], hides_zeros: bool
) -> str | None:
    """What a cell shows, or None if that is for the reader of values."""
    kind = cell.get("t", "n")
    if kind not in ("n", "b", "e"):
        return None
    element = next(cell.iterchildren("{*}v"), None)
    value = "" if element is None else str(element.text or "")
    if not value:
        return None
    if kind == "b":
        return "TRUE" if value.strip() in ("1", "true") else "FALSE"
    if kind == "e":
        return value
    style = int(cell.get("s", "0"))
    number_format = formats[style] if style < len(formats) else built_in_format(0)
    return number_format.show(value, hides_zeros=hides_zeros)
