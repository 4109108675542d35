"""Reads PDF: ruled tables with their spans, and the print outside them by lines.

The ruling lines and the glyphs come from tablers, which runs on pdfium; the
page boxes and the reasons for an unreadable file come from pypdfium2. Neither
is safe in threads: use processes.

What the page prints is copied, with these exceptions: Kangxi radicals become
ordinary characters, skewed print is taken out of cells and lines and becomes
paragraphs of the kind ``WATERMARK``, and what is printed twice in one place to
look bold is read once. Where two texts of one line stand far apart, a tab parts
them. Tables without ruling lines are read as lines of text.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import closing

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_raw

from ingest.document import (
    Block,
    Document,
    Limits,
    Paragraph,
    ParagraphKind,
    UnreadableDocument,
)
from ingest.readers.pdf_continuation import Part, chains, table_of
from ingest.readers.pdf_furniture import kinds_of, running_lines
from ingest.readers.pdf_page import Geometry, PageContent, read_page, tablers
from ingest.readers.pdf_text import Line, lines_of

_log = logging.getLogger(__name__)

_TAIL = 2048  # bytes in which a whole file has its end mark


def read(data: bytes, limits: Limits = Limits()) -> Document:  # noqa: B008
    """The paragraphs and tables of a PDF, with the pages and boxes where they stand.

    Raises UnreadableDocument: ``empty_file``, ``too_large``, ``damaged_pdf``,
    ``encrypted_pdf``, ``too_many_pages``, ``no_text_layer``.
    """
    if not data:
        raise UnreadableDocument("empty_file")
    if len(data) > limits.file_bytes:
        raise UnreadableDocument("too_large", f"{len(data)} bytes")
    with closing(_open(data)) as document:
        count = len(document)
        if not count:
            raise UnreadableDocument("damaged_pdf", "no page is left")
        if count > limits.pages:
            raise UnreadableDocument("too_many_pages", f"{count} pages")
        pages = list(_pages(data, document, limits))
    if not any(page.has_text for page in pages):
        raise UnreadableDocument("no_text_layer", f"{count} pages")
    return Document(format="pdf", blocks=_blocks(pages), page_count=count)


def _open(data: bytes) -> pdfium.PdfDocument:
    try:
        return pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        if error.err_code == pdfium_raw.FPDF_ERR_PASSWORD:
            raise UnreadableDocument("encrypted_pdf", str(error)) from error
        raise UnreadableDocument("damaged_pdf", str(error)) from error


def _pages(
    data: bytes, document: pdfium.PdfDocument, limits: Limits
) -> Iterator[PageContent]:
    """The pages that can be read, one by one."""
    cells = 0
    with closing(tablers.Document(bytes=data)) as tables:
        for index in range(len(document)):
            try:
                geometry = _geometry(document, index)
                page = read_page(tables.get_page(index), geometry, index + 1)
            except (pdfium.PdfiumError, RuntimeError) as error:
                if b"%%EOF" not in data[-_TAIL:]:
                    detail = f"cut off: page {index + 1} is missing"
                    raise UnreadableDocument("damaged_pdf", detail) from error
                _log.warning("page %d cannot be read: %s", index + 1, error)
                continue
            cells += sum(len(grid.cells) for grid in page.grids)
            if cells > limits.cells:
                raise UnreadableDocument("too_large", f"{cells} cells")
            yield page


def _geometry(document: pdfium.PdfDocument, index: int) -> Geometry:
    with closing(document[index]) as page:
        return Geometry(page.get_bbox(), page.get_rotation())


def _blocks(pages: list[PageContent]) -> tuple[Block, ...]:
    """Tables and paragraphs, sorted by page and by place on it."""
    kinds = kinds_of(pages)
    furniture = running_lines(pages) | {
        line for line, kind in kinds.items() if kind is ParagraphKind.PAGE_NUMBER
    }
    tables = chains(pages, furniture)
    placed: list[tuple[tuple[int, float, float], Block]] = [
        (_place(parts[0]), table_of(parts)) for parts in tables
    ]
    in_tables = {id(part.grid) for parts in tables for part in parts}
    for page in pages:
        for line, kind in _lines(page, in_tables, kinds):
            place = (page.number, line.box.top, line.box.left)
            box = page.to_display(line.box)
            placed.append((place, Paragraph(line.text, page.number, None, box, kind)))
    placed.sort(key=lambda item: item[0])
    return tuple(block for _, block in placed)


def _place(part: Part) -> tuple[int, float, float]:
    return part.page.number, part.grid.rows[0], part.grid.columns[0]


def _lines(
    page: PageContent, in_tables: set[int], kinds: dict[int, ParagraphKind]
) -> Iterator[tuple[Line, ParagraphKind]]:
    """The lines of a page outside its tables; a frame around a text is no table."""
    for line in page.lines:
        yield line, kinds.get(id(line), ParagraphKind.TEXT)
    for line in page.watermarks:
        yield line, ParagraphKind.WATERMARK
    for grid in page.grids:
        if id(grid) not in in_tables and (runs := grid.cells[0].runs):
            for line in lines_of(runs):
                yield line, ParagraphKind.TEXT
