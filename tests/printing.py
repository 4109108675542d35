"""Prints plain text as PDF or Word, and damages what was printed."""

from __future__ import annotations

import io
from contextlib import closing
from itertools import groupby

import pypdfium2 as pdfium
from PIL.Image import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from tests.ingest import word

PAGE_BREAK = "=== page ===\n"
DAMAGED = "damaged"
# A line that becomes a picture of a table, in a Word document.
PICTURE = "=== picture ==="
# The first line of a page that is a picture, without or with invisible text under it.
SCANNED = "scanned"
SEARCHABLE = "searchable"

FONT = "STSong-Light"  # a font of the viewer's: nothing has to be embedded
WIDTH, HEIGHT = 595.0, 842.0
LEFT, TOP, RIGHT = 60.0, 60.0, 535.0
ROW = 24.0


def print_pdf(text: str) -> bytes:
    """A PDF of a text: lines with tabs become ruled tables."""
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(WIDTH, HEIGHT))
    pages = text.split(PAGE_BREAK)
    for page in pages:
        mark, *lines = page.splitlines() or [""]
        if mark in (SCANNED, SEARCHABLE):
            canvas.drawImage(_picture_of(lines), 0, 0, WIDTH, HEIGHT)
            _print_page(canvas, lines if mark == SEARCHABLE else [], is_shown=False)
        else:
            _print_page(canvas, page.splitlines())
    canvas.save()
    data = buffer.getvalue()
    for index, page in enumerate(pages):
        if page.strip() == DAMAGED:
            data = without_page(data, index)
    return data


def print_word(text: str) -> bytes:
    """A Word document of a text: lines with tabs become tables."""
    parts: list[str] = []
    for is_table, group in groupby(text.splitlines(), lambda line: "\t" in line):
        lines = list(group)
        if is_table:
            parts.append(word.tbl(*(word.tr(*line.split("\t")) for line in lines)))
        else:
            parts += [
                word.p(word.picture("rId1") if line == PICTURE else line)
                for line in lines
            ]
    picture = png([f"项目{number}\t{number}.50" for number in range(1, 9)])
    return word.package(
        {
            "word/document.xml": word.document_xml(*parts),
            "word/_rels/document.xml.rels": word.relations(rId1="media/image1.png"),
            "word/media/image1.png": picture,
        }
    )


def png(lines: list[str]) -> bytes:
    """A picture of a page with a table."""
    buffer = io.BytesIO()
    _seen(lines).convert("L").save(buffer, "PNG")
    return buffer.getvalue()


def without_page(data: bytes, index: int) -> bytes:
    """The file with a page object that is no page any more."""
    parts = data.split(b"/MediaBox")
    head, tail = b"/MediaBox".join(parts[: index + 1]), parts[index + 1 :]
    page = b"/MadiaBox" + b"/MediaBox".join(tail)
    return head + page.replace(b"/Type /Page\n", b"/Type /Puge\n", 1)


def _picture_of(lines: list[str]) -> ImageReader:
    return ImageReader(_seen(lines))


def _seen(lines: list[str]) -> Image:
    """What a page looks like."""
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(WIDTH, HEIGHT))
    _print_page(canvas, lines)
    canvas.save()
    with closing(pdfium.PdfDocument(buffer.getvalue())) as document:
        seen: Image = document[0].render(scale=2).to_pil()
        return seen


def _print_page(canvas: Canvas, lines: list[str], *, is_shown: bool = True) -> None:
    canvas.setFont(FONT, 10)
    top = TOP
    for is_table, group in groupby(lines, lambda line: "\t" in line):
        rows = [line.split("\t") for line in group]
        if is_table:
            _rule(canvas, top, len(rows), len(rows[0]))
        width = (RIGHT - LEFT) / len(rows[0])
        for row in rows:
            for column, cell in enumerate(row):
                x = LEFT + column * width + 4
                mode = 0 if is_shown else 3
                canvas.drawString(x, HEIGHT - top - 16, cell, mode=mode)
            top += ROW
    canvas.showPage()


def _rule(canvas: Canvas, top: float, rows: int, columns: int) -> None:
    canvas.grid(
        [LEFT + (RIGHT - LEFT) * column / columns for column in range(columns + 1)],
        [HEIGHT - top - ROW * row for row in range(rows + 1)],
    )
