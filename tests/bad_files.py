"""Files that harm: bombs, locks, entities, and what else lies in a folder."""

from __future__ import annotations

import io
import os
import socket
import struct
import zipfile
from collections.abc import Callable, Mapping
from html import escape
from pathlib import Path

import xlsxwriter

from tests.ingest import xls_bytes
from tests.ingest.word import document_xml, docx, p, package, tbl, tr

Rows = list[list[str]]

LAUGHS = (
    '<!DOCTYPE l [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
    + "]>"
)
STRANGER = '<!DOCTYPE l [<!ENTITY j SYSTEM "file:///etc/passwd">]>'


def zipped(members: Mapping[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return target.getvalue()


def locked_archive(members: Mapping[str, bytes]) -> bytes:
    """The archive with its members marked as encrypted."""
    data = bytearray(zipped(members))
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = data.find(mark)
        while place >= 0:
            data[place + at] |= 1
            place = data.find(mark, place + 1)
    return bytes(data)


def without_directory(members: Mapping[str, bytes]) -> bytes:
    """The archive with its directory overwritten."""
    data = bytearray(zipped(members))
    start = data.find(b"PK\x01\x02")
    end = data.rfind(b"PK\x05\x06")
    data[start:end] = b"\xaa" * (end - start)
    return bytes(data)


def locked_office() -> bytes:
    """What Office makes of a docx or xlsx with a password, as far as it is known."""
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(512, b"\0")
    names = ("EncryptionInfo", "EncryptedPackage")
    entries = [(name + "\0").encode("utf-16-le").ljust(128, b"\0") for name in names]
    return head + b"".join(entries) + os.urandom(1024)


def locked_xls() -> bytes:
    return xls_bytes.workbook(xls_bytes.Sheet("甲"), is_locked=True)


# Workbooks ------------------------------------------------------------------


def workbook(lines: Rows) -> bytes:
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    sheet = book.add_worksheet("表")
    for row, line in enumerate(lines):
        sheet.write_row(row, 0, line)
    book.close()
    return target.getvalue()


def changed_part(data: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """The archive with one part changed."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {each: archive.read(each) for each in archive.namelist()}
    parts[name] = change(parts[name])
    return zipped(parts)


SHEET = "xl/worksheets/sheet1.xml"


def with_empty_rows(lines: Rows) -> bytes:
    """A workbook with every row that a sheet can have."""
    empty = "".join(
        f'<row r="{number}" ht="14.25"/>' for number in range(len(lines) + 1, 1_048_577)
    ).encode()
    return changed_part(
        workbook(lines),
        SHEET,
        lambda xml: xml.replace(b"</sheetData>", empty + b"</sheetData>"),
    )


def with_huge_sheet(lines: Rows) -> bytes:
    blanks = b" " * 210_000_000
    return changed_part(
        workbook(lines),
        SHEET,
        lambda xml: xml.replace(b"</sheetData>", blanks + b"</sheetData>"),
    )


def workbook_with(doctype: str, lines: Rows) -> bytes:
    cell = '<row r="99"><c r="A99" t="inlineStr"><is><t>&j;</t></is></c></row>'
    return changed_part(
        workbook(lines),
        SHEET,
        lambda xml: xml.replace(
            b"<worksheet", doctype.encode() + b"<worksheet", 1
        ).replace(b"</sheetData>", f"{cell}</sheetData>".encode()),
    )


# Word and pages -------------------------------------------------------------


def word_lines(text: str) -> list[str]:
    """The paragraphs and tables of a text with tabs, as elements."""
    body: list[str] = []
    rows: list[str] = []
    for line in [*text.splitlines(), ""]:
        if "\t" in line:
            rows.append(tr(*line.split("\t")))
            continue
        if rows:
            body.append(tbl(*rows))
            rows = []
        if line:
            body.append(p(line))
    return body


def word(text: str) -> bytes:
    return docx(*word_lines(text))


def word_with(doctype: str) -> bytes:
    xml = document_xml(p("甲")).replace("甲", "甲&j;")
    return package({"word/document.xml": doctype + xml})


def word_with_huge_part() -> bytes:
    return package({"word/document.xml": document_xml(p("甲"), " " * 210_000_000)})


def page(text: str, *, doctype: str = "<!DOCTYPE html>", extra: str = "") -> bytes:
    """A text with tabs as a web page."""
    doctype = doctype.replace("DOCTYPE l", "DOCTYPE html")
    parts: list[str] = []
    rows: list[str] = []
    for line in [*text.splitlines(), ""]:
        if "\t" in line:
            cells = "".join(f"<td>{escape(cell)}</td>" for cell in line.split("\t"))
            rows.append(f"<tr>{cells}</tr>")
            continue
        if rows:
            parts.append(f"<table>{''.join(rows)}</table>")
            rows = []
        if line:
            parts.append(f"<p>{escape(line)}</p>")
    return f"{doctype}<html><body>{extra}{''.join(parts)}</body></html>".encode()


SCRIPTS = (
    "<script>document.write('<table><tr><td>合计<td>999.00</table>')</script>"
    "<script>if (1<2) {'</p>'}</script><noscript>请打开脚本</noscript>"
    "<img src=x onerror='alert(1)'><iframe src='javascript:1'>甲</iframe>"
)


def saved_page(data: bytes) -> bytes:
    return b"MIME-Version: 1.0\nContent-Type: text/html; charset=utf-8\n\n" + data


# Folders --------------------------------------------------------------------


def write_odd_entries(folder: Path, outside: Path) -> None:
    """Links, a pipe, a socket."""
    (folder / "link_outside.txt").symlink_to(outside)
    (folder / "link_to_folder").symlink_to(outside.parent)
    (folder / "link_nowhere.txt").symlink_to(folder / "missing.txt")
    (folder / "link_to_itself.txt").symlink_to(folder / "link_to_itself.txt")
    (folder / "circle").symlink_to(folder)
    os.mkfifo(folder / "pipe.txt")
    here = Path.cwd()
    with socket.socket(socket.AF_UNIX) as end:
        os.chdir(folder)  # its path may be too long for a socket
        try:
            end.bind("socket.txt")
        finally:
            os.chdir(here)


def lying_bomb() -> bytes:
    """An archive whose member says that it is small."""
    data = bytearray(zipped({"预算.txt": b" " * 50_000_000}))
    for mark, at in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        struct.pack_into("<L", data, data.find(mark) + at, 1000)
    return bytes(data)
