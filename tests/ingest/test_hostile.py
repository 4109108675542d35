"""Small files that ask for much, or for what is none of theirs: each is told.

What harms a whole folder is in ``tests/test_bad_input.py``, what chance finds in
``tests/test_fuzz.py``.
"""

from __future__ import annotations

import io
import re
import struct
import time
import warnings
import zipfile
import zlib
from collections.abc import Callable

import pytest
from reportlab.pdfgen.canvas import Canvas

from ingest.corpus import read_document
from ingest.document import Document, Limits, Paragraph, UnreadableDocument
from ingest.readers import ocr, ole
from tests.bad_files import SHEET, changed_part, page, workbook
from tests.ingest import xls_bytes
from tests.ingest.word import NAMESPACES, document_xml, docx, p, package, tbl, tc, tr

SECONDS = 20  # of a processor; the slowest takes four on an idle machine
_BOOK = workbook([["编码", "合计"], ["208", "1.00"]])
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def outcome(data: bytes, limits: Limits = Limits()) -> str | Document:  # noqa: B008
    """What is read of a file, or its reason; within a time either way."""
    started = time.process_time()
    try:
        return read_document(data, limits)
    except UnreadableDocument as error:
        return error.code
    finally:
        assert time.process_time() - started < SECONDS


def texts(document: str | Document) -> list[str]:
    assert isinstance(document, Document), document
    return [
        text
        for block in document.blocks
        for text in (
            [block.text]
            if isinstance(block, Paragraph)
            else [cell.text for cell in block.cells]
        )
        if text
    ]


# Workbooks ------------------------------------------------------------------


def sheet(change: Callable[[bytes], bytes]) -> bytes:
    return changed_part(_BOOK, SHEET, change)


def with_row(row: bytes) -> bytes:
    return sheet(lambda xml: xml.replace(b"</sheetData>", row + b"</sheetData>"))


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>', "too_large"),
        (b'<row r="3"><c r="XFD1048576"><v>1</v></c></row>', "damaged_workbook"),
        (b'<row r="3"><c r="ZZZ3"><v>1</v></c></row>', "damaged_workbook"),
        (b'<row r="3"><c r="A99999999999"><v>1</v></c></row>', "damaged_workbook"),
        (b'<row r="3"><c r="A-1"><v>1</v></c></row>', "damaged_workbook"),
        (b'<row r="x"><c r="A3"><v>1</v></c></row>', "damaged_workbook"),
        (b"<a>" * 100_000, "damaged_workbook"),
    ],
)
def test_cells_where_no_sheet_has_them(row: bytes, code: str) -> None:
    assert outcome(with_row(row)) == code


@pytest.mark.parametrize(
    "row",
    [
        b'<row r="3"><c r="A9"><v>1</v></c></row>',
        b'<row r="3"><c r="a3"><v>1</v></c></row>',
        b'<row r="3"><c r="$A$3"><v>1</v></c></row>',
        b'<row r="3"><c r="A3"><v>1</v></c><c r="A3"><v>2</v></c></row>',
        b'<row r="3"><c r="A3"><v>1</v></c></row><row r="3"><c r="A3"><v>2</v>'
        b"</c></row>",
        b'<row r="3"><c r="A3"><v>1</v></c><c r="A3" t="str"><v>a</v></c></row>',
        b'<row r="3"><c r="A3"><v><![CDATA[1]]></v></c></row>',
        b'<row r="3"><c r="A3" t="str"><v>1<![CDATA[2]]></v></c></row>',
        b'<row r="3"><c r="A3" t="s"><v>-1</v></c></row>',
        b'<row r="3"><c r="A3" t="s"><v>99</v></c></row>',
        b'<row r="3"><c r="A3" t="s"><v> 1 </v></c></row>',
    ],
)
def test_cells_that_two_programs_would_show_otherwise(row: bytes) -> None:
    """A number that is printed twice, or another, must not pass for the right one."""
    assert outcome(with_row(row)) == "damaged_workbook"


def test_cells_outside_the_rows_of_a_sheet() -> None:
    more = b'<extLst><row r="3"><c r="A3"><v>1</v></c></row></extLst>'
    data = sheet(lambda xml: xml.replace(b"</sheetData>", b"</sheetData>" + more))
    assert outcome(data) == "damaged_workbook"


def test_a_row_that_its_cells_name() -> None:
    row = b'<row><c r="A3"><v>1</v></c><c r="B3"><v>2</v></c></row>'
    expected = ["编码", "合计", "208", "1.00", "1", "2"]
    assert texts(outcome(with_row(row))) == expected
    gap = b'<row><c r="A5"><v>1</v></c></row>'
    assert texts(outcome(with_row(gap))) == ["编码", "合计", "208", "1.00", "1"]


@pytest.mark.parametrize("name", [SHEET, SHEET.upper(), SHEET.replace("/", "\\")])
def test_two_sheets_of_one_name_in_the_archive(name: str) -> None:
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(_BOOK)) as source,
        zipfile.ZipFile(target, "w") as archive,
        warnings.catch_warnings(),
    ):
        warnings.simplefilter("ignore")
        for member in source.namelist():
            archive.writestr(member, source.read(member))
        other = source.read(SHEET).replace(b' t="s"><v>3<', b"><v>77<")
        archive.writestr(name, other)
    assert outcome(target.getvalue()) == "damaged_workbook"


def test_two_sheets_that_are_one() -> None:
    """Its numbers would count twice, and as many times as the file likes."""

    def twice(xml: bytes) -> bytes:
        (one,) = re.findall(rb"<sheet [^>]*/>", xml)
        other = re.sub(rb'name="[^"]*"', b'name="x"', one)
        return xml.replace(one, one + re.sub(rb'sheetId="\d+"', b'sheetId="9"', other))

    assert outcome(changed_part(_BOOK, "xl/workbook.xml", twice)) == "damaged_workbook"


def test_a_sheet_that_says_it_is_as_large_as_can_be() -> None:
    whole = b'<dimension ref="A1:XFD1048576"'
    data = sheet(lambda xml: re.sub(rb'<dimension ref="[^"]*"', whole, xml))
    assert texts(outcome(data)) == ["编码", "合计", "208", "1.00"]


def test_merged_cells_over_all_of_a_sheet() -> None:
    one = b'<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'
    data = sheet(lambda xml: xml.replace(b"</sheetData>", b"</sheetData>" + one))
    assert texts(outcome(data)) == ["编码"]


def test_an_unknown_encoding() -> None:
    assert outcome(sheet(lambda xml: xml.replace(b"UTF-8", b"UTF-NaN"))) == (
        "damaged_workbook"
    )


@pytest.mark.parametrize(
    "declared", [(5, 3, 0, 2), (0, 2**32 - 1, 0, 2), (0, 3, 7, 2), (0, 3, 0, 60_000)]
)
def test_an_old_workbook_that_declares_what_no_sheet_has(
    declared: tuple[int, int, int, int],
) -> None:
    book = xls_bytes.workbook(xls_bytes.Sheet("甲"))
    head = struct.pack("<HH", 0x0200, 14)
    assert book.count(head) == 1
    whole = head + struct.pack("<IIHHH", *declared, 0)
    at = book.find(head)
    changed = book[:at] + whole + book[at + len(whole) :]
    assert outcome(changed) == "damaged_workbook"


def numbers(*records: tuple[int, bytes], names: tuple[str, ...] = ("甲",)) -> bytes:
    """An old workbook with these records before the end of each sheet."""
    first = {(0, 0): "编码", (0, 1): "合计", (1, 0): "208", (1, 1): 1.0}
    book = xls_bytes.workbook(
        *(xls_bytes.Sheet(name, dict(first), more=list(records)) for name in names)
    )
    assert isinstance(
        outcome(xls_bytes.workbook(xls_bytes.Sheet("甲", first))), Document
    )
    return book


def number(row: int, column: int, value: float = 7.0) -> tuple[int, bytes]:
    return 0x0203, struct.pack("<HHHd", row, column, 0, value)


def packed_numbers(row: int, first: int, count: int) -> tuple[int, bytes]:
    values = struct.pack("<HI", 0, 7 << 2 | 2) * count
    last = (first + count - 1) % 2**16
    return 0x00BD, struct.pack("<HH", row, first) + values + struct.pack("<H", last)


@pytest.mark.parametrize(
    ("records", "code"),
    [
        ([number(1, 1)], "damaged_workbook"),  # two numbers in one place
        ([number(1, 300)], "damaged_workbook"),
        ([packed_numbers(1, 250, 100)], "damaged_workbook"),
        ([packed_numbers(65_535, 65_000, 1000)], "damaged_workbook"),
        ([number(65_535, 255)], "too_large"),
        ([(0x00FD, struct.pack("<HHHI", 2, 0, 0, 99))], "damaged_workbook"),
        ([(0x0204, struct.pack("<HHHHBH", 1, 1, 0, 1, 1, 0x7532))], "damaged_workbook"),
    ],
)
def test_records_of_an_old_workbook_where_none_belong(
    records: list[tuple[int, bytes]], code: str
) -> None:
    assert outcome(numbers(*records)) == code


def test_numbers_of_a_chart_are_no_cells() -> None:
    chart = [(0x0809, bytes(16)), number(7, 1), (0x000A, b"")]
    assert texts(outcome(numbers(*chart))) == ["编码", "合计", "208", "1"]


def test_two_sheets_of_one_name_in_an_old_workbook() -> None:
    assert outcome(numbers(names=("甲", "甲"))) == "damaged_workbook"


def test_sheets_of_an_old_workbook_that_lie_in_one_another() -> None:
    """Each would be gone through to the end of the others."""
    book = numbers(
        (0x1234, b""), (0x0809, bytes(16)), (0x000A, b""), names=("甲", "乙")
    )
    places = [found.start() + 4 for found in re.finditer(rb"\x85\0..", book, re.DOTALL)]
    begins = [struct.unpack_from("<I", book, place)[0] for place in places]
    assert len(begins) == 2
    assert isinstance(outcome(book), Document)
    inner = begins[0] + book[begins[0] :].find(struct.pack("<HH", 0x1234, 0)) + 4
    for at in (begins[0], 0, inner):
        changed = book[: places[1]] + struct.pack("<I", at) + book[places[1] + 4 :]
        assert outcome(changed) == "damaged_workbook"


def test_hidden_sheets_that_spread_over_everything() -> None:
    """The library takes memory for those, too."""
    cells: dict[tuple[int, int], object] = {(0, 0): "甲", (65_535, 255): 1.0}
    hidden = [xls_bytes.Sheet(f"{n}", cells, is_hidden=True) for n in range(20)]
    book = xls_bytes.workbook(xls_bytes.Sheet("甲", {(0, 0): "甲"}), *hidden)
    assert outcome(book) == "too_large"


def test_the_workbook_of_an_object_in_an_old_workbook() -> None:
    """It is in a folder of the container, wherever the directory lists it."""
    streams = [
        ole.Container(xls_bytes.workbook(xls_bytes.Sheet(text, {(0, 0): text}))).stream(
            "Workbook"
        )
        or b""
        for text in ("甲", "乙")
    ]
    size = 4_096
    outer, inner = (s.ljust(-(-len(s) // size) * size, b"\0") for s in streams)
    book = bytearray(ole.container("Workbook", outer + inner))
    at = book.find("Root Entry".encode("utf-16-le"))
    entries = [book[at + n * 128 : at + (n + 1) * 128] for n in range(4)]
    (first,) = struct.unpack_from("<I", entries[1], 116)
    folder = bytearray(entries[1])
    entries[2:4] = folder, bytearray(entries[1])
    struct.pack_into("<II", entries[1], 116, first + len(outer) // size, len(inner))
    struct.pack_into("<II", entries[3], 116, first, len(outer))
    entries[2][:64] = "MBD01\0".encode("utf-16-le").ljust(64, b"\0")
    entries[2][66] = 1
    struct.pack_into(
        "<II", entries[2], 72, 3, 1
    )  # beside it the workbook; in it the other
    struct.pack_into("<I", entries[0], 76, 2)
    book[at : at + 4 * 128] = b"".join(entries)
    assert texts(outcome(bytes(book))) == ["甲"]
    entries[1][:64] = "WordDocument\0".encode("utf-16-le").ljust(64, b"\0")
    book[at : at + 4 * 128] = b"".join(entries)
    assert texts(outcome(bytes(book))) == ["甲"]


def test_an_old_workbook_that_counts_more_texts_than_it_has() -> None:
    shared = (0x00FC, struct.pack("<II", 2, 2**31 - 1) + b"\1\0\0a\1\0\0b")
    assert outcome(xls_bytes.workbook(xls_bytes.Sheet("甲"), head=[shared])) == (
        "damaged_workbook"
    )


def test_sectors_in_circles_and_beyond_the_file() -> None:
    """The library fills the memory with the first and reads past it for the others."""
    book = xls_bytes.workbook(xls_bytes.Sheet("甲", {(0, 0): "甲"}))
    assert texts(outcome(book)) == ["甲"]
    table = 512  # where the sector of the table begins; that of the stream is 2
    for at, following in ((3, 2), (3, 1), (3, 900), (3, 2**31), (9, 2)):
        place = table + 4 * at
        changed = book[:place] + struct.pack("<I", following) + book[place + 4 :]
        expected = ["甲"] if at == 9 else "damaged_workbook"
        found = outcome(changed)
        assert (
            found == expected if isinstance(expected, str) else texts(found) == expected
        )
    for at, value in ((44, 2**31), (60, 0), (64, 2**31), (68, 0), (72, 2**31)):
        changed = book[:at] + struct.pack("<I", value) + book[at + 4 :]
        found = outcome(changed)
        assert found == "damaged_workbook" or texts(found) == ["甲"]
    assert outcome(book[:-600]) == "damaged_workbook"


# Word documents -------------------------------------------------------------


def relation(kind: str, target: str, mode: str = "") -> str:
    return (
        f'<Relationships xmlns="{_RELATIONS}"><Relationship Id="rId1" '
        f'Type="{_OFFICE}/{kind}" Target="{target}"{mode}/></Relationships>'
    )


@pytest.mark.parametrize(
    "target",
    [
        "http://127.0.0.1:9/x.xml",
        "file:///etc/passwd",
        "../../../../etc/passwd",
        r"\\127.0.0.1\share\x.xml",
    ],
)
def test_a_document_that_says_it_lies_elsewhere(target: str) -> None:
    for mode in ("", ' TargetMode="External"'):
        parts = {
            "_rels/.rels": relation("officeDocument", target, mode),
            "word/document.xml": document_xml(p("甲")),
        }
        assert texts(outcome(package(parts))) == ["甲"]


def test_a_template_and_macros_are_not_looked_at() -> None:
    template = relation(
        "attachedTemplate", "http://127.0.0.1:9/x.dotm", ' TargetMode="External"'
    )
    settings = f'<w:settings {NAMESPACES} xmlns:r="{_OFFICE}"><w:attachedTemplate '
    parts: dict[str, str | bytes] = {
        "word/document.xml": document_xml(
            p('<w:fldSimple w:instr="DDEAUTO c:\\\\x.exe a">甲</w:fldSimple>', "乙")
        ),
        "word/settings.xml": f'{settings}r:id="rId1"/></w:settings>',
        "word/_rels/settings.xml.rels": template,
        "word/vbaProject.bin": b"\xd0\xcf\x11\xe0" + bytes(1000),
    }
    assert texts(outcome(package(parts))) == ["乙"]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (tbl(tr(tc("合计", span=100_000), "1"), tr("a", "b")), ["合计", "1", "a", "b"]),
        (tbl(*[tr(tc("合计", span=16_000), "1")] * 500), "too_large"),
        (tbl(tr("1", before=1_000_000_000)), ["1"]),
        ("<w:tbl><w:tr><w:tc>" * 80 + p("甲") + "</w:tc></w:tr></w:tbl>" * 80, ["甲"]),
        ("<w:tbl><w:tr><w:tc>" * 1000 + p("甲"), "damaged_document"),
    ],
)
def test_tables_of_word_that_ask_for_much(body: str, expected: str | list[str]) -> None:
    found = outcome(docx(body))
    assert found == expected if isinstance(expected, str) else texts(found) == expected


@pytest.mark.parametrize("name", ["altChunk", "subDoc"])
def test_a_document_that_shows_another_one_is_not_read_without_it(name: str) -> None:
    other = f'<w:{name} xmlns:r="{_OFFICE}" r:id="rId1"/>'
    for body in (p("甲") + other, tbl(tr("1", "2")) + f"<w:p>{other}</w:p>"):
        assert outcome(docx(body)) == "no_reader"


def test_two_bodies_of_one_name() -> None:
    parts: dict[str, str | bytes] = {
        "word/document.xml": document_xml(p("甲")),
        "word/Document.xml": document_xml(p("乙")),
    }
    assert outcome(package(parts)) == "damaged_document"


def test_styles_that_are_based_on_each_other() -> None:
    styles = "".join(
        f'<w:style w:styleId="{one}"><w:basedOn w:val="{other}"/></w:style>'
        for one, other in ("ab", "ba")
    )
    assert texts(outcome(docx(p("甲", style="a"), styles=styles))) == ["甲"]


# Pages ----------------------------------------------------------------------


DIVS = "<div>" * 60 + "甲"


def html(body: str) -> bytes:
    return page("", extra=body)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<table><tr><td colspan=100000>甲<td rowspan=100000>1</table>", ["甲", "1"]),
        ("<table>" + "<tr><td colspan=1000>甲" * 2500 + "</table>", "too_large"),
        ("<table>" + "<tr><td rowspan=65534>甲" * 3000 + "</table>", "too_large"),
        ("<table><tr><td>" * 3000 + "甲" + "</table>" * 3000, ["甲"]),
        ("<div>" * 200_000 + "甲", "too_large"),
        ("<!--" * 100_000, "nothing_printed"),
        ("<style>" + "div " * 20 + "q {display: none}</style>" + DIVS, "too_large"),
        (
            "<style>p ~ p ~ p ~ p ~ p {display: none}</style>" + "<p>甲" * 400,
            "too_large",
        ),
        (
            "<style>" + "div > " * 20 + "p {display: none}</style>" + DIVS + "<p>乙",
            ["甲"],
        ),
        ("<style>div div div p {display: none}</style>" + DIVS + "<p>乙", ["甲"]),
        (
            "<p " + " ".join(f"a{number}=1" for number in range(5000)) + ">甲</p>",
            ["甲"],
        ),
    ],
)
def test_pages_that_ask_for_much(body: str, expected: str | list[str]) -> None:
    found = outcome(html(body))
    assert found == expected if isinstance(expected, str) else texts(found) == expected


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("12<span style='visibility: hidden'>9</span>.50", "12.50"),
        ("12<span style='color: red; font-size: 0px;'>9</span>.50", "12.50"),
        ("12<i style='opacity:0'>9</i>.50", "12.50"),
        ("12<b style='position:absolute;left:-9999px'>9</b>.50", "12.50"),
        ("12<span style='display:none'>9</span>.50", "12.50"),
        ("12<span style='font-size:0.9em'>9</span>.50", "129.50"),
        ("<span style='font-size:0'><b style='font-size:14px'>7</b></span>", "7"),
        ("<bdo dir=rtl>05.21</bdo>", "\u202e05.21"),
        ("<span style='unicode-bidi:bidi-override;direction:rtl'>1</span>", "\u202e1"),
        ("\u202e05.21", "\u202e05.21"),
    ],
)
def test_numbers_that_a_browser_shows_otherwise(cell: str, expected: str) -> None:
    """Read as shown, or so that no number is read at all."""
    found = texts(outcome(html(f"<table><tr><td>甲<td>{cell}</table>")))
    assert found == ["甲", expected]


def test_what_a_page_links_to_is_not_opened() -> None:
    body = (
        "<base href='file:///etc/'><iframe src='file:///etc/passwd'></iframe>"
        "<object data='file:///etc/passwd'></object><embed src='passwd'>"
        "<link rel=stylesheet href='http://127.0.0.1:9/x.css'>"
        "<svg><image href='file:///etc/passwd'/></svg><img src='file:///etc/passwd'>"
        "<meta http-equiv=refresh content='0;url=file:///etc/passwd'><p>甲</p>"
    )
    assert texts(outcome(html(body))) == ["甲"]


def parts_in_parts(depth: int) -> bytes:
    inner = b"Content-Type: text/html\n\n<p>x"
    for number in range(depth):
        head = b"Content-Type: multipart/mixed; boundary=b%d\n\n" % number
        inner = head + b"--b%d\n%s\n--b%d--\n" % (number, inner, number)
    return b"MIME-Version: 1.0\n" + inner


def test_a_saved_page_of_parts_in_parts() -> None:
    assert texts(outcome(parts_in_parts(100))) == ["x"]
    assert outcome(parts_in_parts(3000)) == "damaged_document"


# PDF and pictures -----------------------------------------------------------


def pdf(draw: Callable[[Canvas], object], size: tuple[float, float]) -> bytes:
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=size, invariant=1)
    canvas.drawString(20, 150, "2025 budget")
    draw(canvas)
    canvas.save()
    return target.getvalue()


def nothing(canvas: Canvas) -> None:
    """Draw no more."""


def many_lines(canvas: Canvas) -> None:
    for number in range(30_000):
        left, top = number % 500, number // 500
        canvas.line(left, top, left + 3, top)


def deep_states(canvas: Canvas) -> None:
    for _ in range(50_000):
        canvas.saveState()


def one_upon_the_other(canvas: Canvas) -> None:
    for _ in range(20_000):
        canvas.drawString(20, 150, "2025 budget")


@pytest.mark.parametrize("draw", [many_lines, deep_states, one_upon_the_other])
def test_pages_of_a_pdf_that_ask_for_much(draw: Callable[[Canvas], object]) -> None:
    assert "2025 budget" in texts(outcome(pdf(draw, (500, 500))))


@pytest.mark.parametrize("size", [(1e7, 1e7), (0.001, 0.001)])
def test_a_page_of_no_paper(size: tuple[float, float]) -> None:
    assert isinstance(outcome(pdf(nothing, size)), Document)


def test_a_pdf_of_too_many_pages() -> None:
    data = pdf(lambda canvas: [canvas.showPage() for _ in range(9)], (300, 200))
    assert outcome(data, Limits(pages=8)) == "too_many_pages"


def test_scripts_and_links_of_a_pdf_do_nothing() -> None:
    def link(canvas: Canvas) -> None:
        canvas.linkURL("file:///etc/passwd", (0, 0, 300, 200))

    script = b"/Catalog /OpenAction << /S /JavaScript /JS (app.launchURL()) >>"
    data = pdf(link, (300, 200)).replace(b"/Catalog", script)
    assert texts(outcome(data)) == ["2025 budget"]


def chunk(kind: bytes, data: bytes) -> bytes:
    checked = kind + data
    return (
        struct.pack(">I", len(data)) + checked + struct.pack(">I", zlib.crc32(checked))
    )


def test_a_picture_of_more_than_can_be_held() -> None:
    head = struct.pack(">IIBBBBB", 60_000, 60_000, 1, 0, 0, 0, 0)
    data = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head)
    data += chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
    expected = "too_large" if ocr.is_installed() else "scanned_picture"
    assert outcome(data) == expected


# Text -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "limits", "expected"),
    [
        (
            "a,b,c,d\n" * 5 + f"a,b,c,{'甲' * 700}",
            Limits(cell_characters=600),
            "too_large",
        ),
        ("a,b,c,d\n" * 5 + "," * 300_000, Limits(cells=200_000), "too_large"),
        ("\t" * 300_000 + "甲\n", Limits(cells=200_000), "too_large"),
    ],
)
def test_texts_beyond_a_limit(text: str, limits: Limits, expected: str) -> None:
    assert outcome(text.encode(), limits) == expected
