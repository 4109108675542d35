"""What a file is, by its content alone, and what its text says.

Names lie: workbooks are published as ``.xls`` whatever they are, web pages too,
and bytes in GBK call themselves gb2312. So nothing here looks at a name or
believes a declaration.
"""

from __future__ import annotations

import contextlib
import re
import struct
from collections.abc import Iterator
from itertools import groupby

from ingest.document import UnreadableDocument
from ingest.readers import ole

_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"{\\rtf", "rtf"),
    (b"Rar!\x1a\x07", "rar"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"\x1f\x8b\x08", "gzip"),
    (b"MIME-Version:", "mhtml"),
    # Workbooks older than OLE containers: BIFF 5 to 8, 4, 3 and 2.
    (b"\x09\x08\x08\x00", "xls"),
    (b"\x09\x08\x10\x00", "xls"),
    (b"\x09\x04\x06\x00", "xls"),
    (b"\x09\x02\x06\x00", "xls"),
    (b"\x09\x00\x04\x00", "xls"),
)
_PICTURES = (
    b"\x89PNG\r\n",
    b"\xff\xd8\xff",
    b"GIF87a",
    b"GIF89a",
    b"II*\x00",
    b"MM\x00*",
)
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLE_STREAMS = {
    "Workbook": "xls",
    "Book": "xls",
    "WordDocument": "doc",
    "PowerPoint Document": "ppt",
    "EncryptedPackage": "encrypted",
}
# The writer of WPS Office keeps Word's format, and this stream in it.
_WPS_STREAM = "WpsCustomData\0".encode("utf-16-le")
# Browsers begin a saved page with other lines of a mail's head: From, Subject, Date.
_SAVED_PAGE = re.compile(
    rb"\s{0,64}(?:(?:[a-z][a-z-]{0,60}:|[ \t])[^\n]{0,2000}\n){0,60}?MIME-Version:",
    re.IGNORECASE,
)
_OLE_ENTRY = 128  # directory entries are this long, and so aligned
_WIDE_MARKS = (b"\xff\xfe", b"\xfe\xff")

# Control bytes that no text prints; tab, line breaks and form feed it may have.
_CONTROLS = bytes(c for c in (*range(0x20), 0x7F) if c not in b"\t\n\v\f\r\x1b")
_MOST_CONTROLS = 0.3  # a text with more stray NULs than this is no text
_MOST_CONTROLS_UNDECODABLE = 0.01

_CJK = re.compile("[\u4e00-\u9fff]")
_OPENING_TAG = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*|<!--.*?-->\s*)*<(!doctype\s+html|[a-z]+)\b",
    re.IGNORECASE | re.DOTALL,
)
_PAGE_TAGS = frozenset({"html", "head", "body", "meta", "title", "style", "script"})
_FRAGMENT_TAGS = frozenset({"table", "div", "center", "p", "span", "font"})


def detect_format(data: bytes) -> str:
    """The name of the format that the content has.

    ``"text"`` and ``"pdf"`` have readers, and so may others; ``"csv"`` is text
    that :func:`delimiter_of` finds to be cells; ``"xlsx"``, ``"xls"``, ``"docx"``,
    ``"doc"``, ``"wps"``, ``"html"``, ``"zip"`` and further names say what a file
    is, so that a caller without a reader for it can say so.
    ``"encrypted"`` is an Office file locked by a password. Bytes that look like
    text in an encoding nobody knows are ``"text"``: :func:`decode_text` says
    what is wrong with them.

    Raises UnreadableDocument: ``empty_file`` for no bytes or only white space,
    ``unsupported_format`` for binary data that is none of the known formats.
    """
    if not data.strip():
        raise UnreadableDocument("empty_file")
    if data.startswith(_PICTURES):
        return "picture"
    signed = _signed_format(data)
    if signed is not None:
        return signed
    return _text_format(data)


def decode_text(data: bytes) -> str:
    """The text of the bytes: UTF-8, UTF-16 with a byte order mark, or GB18030.

    A mark is dropped. GB2312 and GBK are parts of GB18030 and are read as it,
    whatever the file declares. UTF-8 that is damaged is not read as GB18030,
    though it often could be: the text would be other characters altogether.

    Raises UnreadableDocument: ``undecodable_text``.
    """
    encoding = "utf-16" if data.startswith(_WIDE_MARKS) else "utf-8-sig"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        if encoding == "utf-16" or _is_damaged_utf8(data):
            raise UnreadableDocument("undecodable_text", str(error)) from error
    try:
        return data.decode("gb18030").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise UnreadableDocument("undecodable_text", str(error)) from error


def _signed_format(data: bytes) -> str | None:
    """The format whose signature the bytes carry."""
    if _is_pdf(data):
        return "pdf"
    if data.startswith(_ZIP):
        return _zip_format(data)
    if data.startswith(_OLE):
        return _ole_format(data)
    if data[257:262] == b"ustar":
        return "tar"
    if _SAVED_PAGE.match(data):
        return "mhtml"
    return next((name for mark, name in _SIGNATURES if data.startswith(mark)), None)


def _is_pdf(data: bytes) -> bool:
    """Readers of PDF allow other bytes before its header, so does this.

    A text may speak of the header, hence the look for an object then.
    """
    start = data[:1024]
    if start.lstrip(b"\xef\xbb\xbf\x00\t\n\f\r ").startswith(b"%PDF-"):
        return True
    return re.search(rb"%PDF-\d\.\d", start) is not None and b" obj" in data


def _zip_format(data: bytes) -> str:
    """Which kind of document a ZIP archive is, by the names of its members."""
    names = set(_zip_names(data))
    if any(name.startswith("[content_types]") for name in names):
        if "xl/workbook.bin" in names:
            return "xlsb"
        for folder, name in (("xl/", "xlsx"), ("word/", "docx"), ("ppt/", "pptx")):
            if any(member.startswith(folder) for member in names):
                return name
    if "ofd.xml" in names:
        return "ofd"
    head = data[:200]
    for kind, name in ((b"spreadsheet", "ods"), (b"text", "odt")):
        if b"application/vnd.oasis.opendocument." + kind in head:
            return name
    return "zip"


def _zip_names(data: bytes) -> Iterator[str]:
    """The names of an archive's members, in lower case with forward slashes.

    They are read from the directory at the end, or from before each member when
    the file is cut short. The library would refuse a damaged archive, and would
    hold an object for each of a million members.
    """
    end = data.rfind(b"PK\x05\x06")
    if 0 <= end <= len(data) - 16:
        (size,) = struct.unpack_from("<L", data, end + 12)
        mark, start, length_at, name_at = b"PK\x01\x02", max(0, end - size), 28, 46
    else:
        mark, start, length_at, name_at = b"PK\x03\x04", 0, 26, 30
    at = data.find(mark, start)
    while 0 <= at <= len(data) - name_at:
        (length,) = struct.unpack_from("<H", data, at + length_at)
        name = data[at + name_at : at + name_at + length]
        yield name.decode("latin-1").lower().replace("\\", "/")
        at = data.find(mark, at + name_at)


def _ole_format(data: bytes) -> str:
    """Which kind of document an OLE container is, by its first known stream.

    A document can hold another whole one, whose streams are not in the root.
    """
    container: ole.Container | None = None
    with contextlib.suppress(struct.error, IndexError):  # one that was cut short
        container = ole.Container(data)
    found: dict[int, str] = {}
    for stream, name in _OLE_STREAMS.items():
        if container is not None and not container.may_have(stream):
            continue
        # The stored name ends in a NUL, so "Book" is not found in "Bookmarks".
        at = _find_entry(data, (stream + "\0").encode("utf-16-le"))
        if at >= 0:
            found[at] = name
    name = found[min(found)] if found else "ole"
    if name == "doc" and _find_entry(data, _WPS_STREAM) >= 0:
        return "wps"
    return name


def _find_entry(data: bytes, name: bytes) -> int:
    at = data.find(name)
    while at >= 0 and at % _OLE_ENTRY:
        at = data.find(name, at + 1)
    return at


def _text_format(data: bytes) -> str:
    """The format of bytes without a signature: some kind of text, or an error."""
    try:
        text = decode_text(data)
    except UnreadableDocument as error:
        is_marked = data.startswith(_WIDE_MARKS)
        if not is_marked and _control_share(data) > _MOST_CONTROLS_UNDECODABLE:
            raise UnreadableDocument("unsupported_format", "binary data") from error
        return "text"
    if not text.strip():
        raise UnreadableDocument("empty_file")
    if _control_share(text.encode("utf-8")) > _MOST_CONTROLS:
        raise UnreadableDocument("unsupported_format", "mostly control characters")
    return _markup_format(text)


def _control_share(data: bytes) -> float:
    """How much of the bytes, from 0 to 1, are controls that no text prints."""
    return 1 - len(data.translate(None, _CONTROLS)) / len(data)


def _markup_format(text: str) -> str:
    """Whether a text is a web page, XML or only text.

    A text may begin with a table in HTML and go on in prose: a page without a
    frame is a page only if it ends in a tag, too.
    """
    opening = _OPENING_TAG.match(text[:4096])
    tag = opening[1].lower() if opening else ""
    if tag in _PAGE_TAGS or tag.startswith("!doctype"):
        return "html"
    if tag in _FRAGMENT_TAGS and text[-4096:].rstrip().endswith(">"):
        return "html"
    if text.lstrip().startswith("<?xml"):
        return "xml"
    return "text" if delimiter_of(text) is None else "csv"


_QUOTED = re.compile(r'"[^"]*"')
_BROKEN_CELL = re.compile(r'\t"[^"\t\n]*\n[^"\t]*"(?=\t|\r?\n|\Z)')
# A comma in such a line parts the thousands of numbers in a text of columns.
_OTHER_COLUMNS = re.compile(r"\d[ \u3000]+[-(（]?\d|[|\t]")
_FIGURE_LINE = re.compile(r"[\d,.;\s]+")
_FEWEST_DELIMITERS = 3
_FEWEST_NARROW = 2
_MOST_OTHER_LINES = 10  # one line in ten may be another
_FEWEST_ROWS = 3


def delimiter_of(text: str) -> str | None:
    """What parts the cells of a text that is a sheet; None for other texts.

    Two thirds of the lines must have three commas or semicolons or more, three
    lines in a row the same number, and the quotes must come in pairs: prose has
    commas too. In a narrow table half of the lines have two and the others none.
    Tabs part cells in any text; they are named only where the whole text is one
    sheet: a quoted cell breaks a line, or nearly every line has as many tabs,
    filled or not.
    """
    if text.count('"') % 2:
        return None
    if _BROKEN_CELL.search(text) or _is_padded(text):
        return "\t"
    for delimiter in ",;":
        if text.count(delimiter) >= _FEWEST_NARROW * _FEWEST_ROWS:
            lines = [x for x in _QUOTED.sub("", text).splitlines() if x.strip()]
            if _has_cells(lines, delimiter) or _is_narrow(lines, delimiter):
                return delimiter
    return None


def _is_padded(text: str) -> bool:
    """Whether a sheet was written with tabs: short lines are filled up with them."""
    lines = [line for line in text.splitlines() if line]
    width = max((line.count("\t") for line in lines), default=0)
    full = [line for line in lines if line.count("\t") == width]
    return (
        width >= _FEWEST_NARROW
        and any("\t" not in line.strip("\t") for line in full)
        and len(lines) >= _FEWEST_ROWS
        and _MOST_OTHER_LINES * (len(lines) - len(full)) <= len(lines)
    )


def _is_narrow(lines: list[str], delimiter: str) -> bool:
    """Whether a table of few columns: lines with as many delimiters, or with none."""
    counts = [
        0
        if _OTHER_COLUMNS.search(line) or _FIGURE_LINE.fullmatch(line.strip())
        else line.count(delimiter)
        for line in lines
    ]
    full = [count for count in counts if count]
    runs = [len(list(run)) for count, run in groupby(counts) if count]
    return (
        len(set(full)) == 1
        and full[0] >= _FEWEST_NARROW
        and max(runs) >= _FEWEST_ROWS
        and 2 * len(full) >= len(lines)
    )


def _has_cells(lines: list[str], delimiter: str) -> bool:
    counts = [
        0 if _OTHER_COLUMNS.search(line) else line.count(delimiter) for line in lines
    ]
    rows = sum(count >= _FEWEST_DELIMITERS for count in counts)
    runs = [
        len(list(run)) for count, run in groupby(counts) if count >= _FEWEST_DELIMITERS
    ]
    return 3 * rows >= 2 * len(lines) and max(runs, default=0) >= _FEWEST_ROWS


def _is_damaged_utf8(data: bytes) -> bool:
    """Whether bytes that are no UTF-8 are Chinese UTF-8 with some bytes broken.

    Read as UTF-8, text in GB18030 is nearly all replacement characters and
    hardly ever a Chinese one.
    """
    text = data[: 1 << 20].decode("utf-8", errors="replace")
    return len(_CJK.findall(text)) > 2 * text.count("\ufffd")
