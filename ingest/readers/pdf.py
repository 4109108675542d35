"""Reads PDF: ruled tables with their spans, and the print outside them by lines.

The ruling lines and the glyphs come from tablers, which runs on pdfium; the
page boxes and the reasons for an unreadable file come from pypdfium2. Neither
is safe in threads: use processes.

What the page prints is copied, with these exceptions: Kangxi radicals become
ordinary characters, skewed print is taken out of cells and lines and becomes
paragraphs of the kind ``WATERMARK``, and what is printed twice in one place to
look bold is read once. Where two texts of one line stand far apart, a tab parts
them. Tables without ruling lines are read where the alignment of their print leaves
no doubt (:mod:`ingest.readers.pdf_alignment`); otherwise they stay lines of text.

Pages that are pictures are recognised if the extra ``ocr`` is installed; if not,
the document tells which they are.
"""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace

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
from ingest.readers import ocr, ocr_pages
from ingest.readers.pdf_borderless import find_aligned
from ingest.readers.pdf_continuation import Part, chains, table_of
from ingest.readers.pdf_fields import field_runs
from ingest.readers.pdf_furniture import kinds_of, running_lines
from ingest.readers.pdf_page import PageContent, read_page, tablers, without_print
from ingest.readers.pdf_rotation import (
    PageBox,
    lies_plainly,
    page_box,
    plain_box,
    upright,
    upright_copy,
)
from ingest.readers.pdf_sides import side_by_side, whole_table
from ingest.readers.pdf_text import Line, Run, lines_of
from ingest.readers.sheet_blocks import with_statements_apart
from ingest.readers.table_continuation import with_continued_tables

_log = logging.getLogger(__name__)

_TAIL = 2048  # bytes in which a whole file has its end mark
_IMAGE = re.compile(rb"/Subtype\s*/Image\b")  # never compressed, even in a new file
_FULL_PAGE = 200  # characters; what has more is no scan unless it has images


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
    if not pages:
        raise UnreadableDocument("damaged_pdf", "no page can be read")
    if not any(page.has_text for page in pages):
        raise UnreadableDocument("no_text_layer", f"{count} pages")
    blocks = blocks_of(pages)
    longest = max((len(text) for text in _texts(blocks)), default=0)
    if longest > limits.cell_characters:
        raise UnreadableDocument("too_large", f"a text of {longest} characters")
    read_pages = {
        page.number for page in pages if page.is_recognised or not page.is_unmapped
    }
    return Document(
        format="pdf",
        blocks=blocks,
        page_count=count,
        unread_pages=tuple(n for n in range(1, count + 1) if n not in read_pages),
        recognised_pages=tuple(p.number for p in pages if p.is_recognised),
        scanned_pages=tuple(p.number for p in pages if p.is_unread_picture),
    )


def _texts(blocks: Sequence[Block]) -> Iterator[str]:
    for block in blocks:
        if isinstance(block, Paragraph):
            yield block.text
        else:
            yield from (cell.text for cell in block.cells)


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
    """The pages that can be read, one by one, in a direction that reads well."""
    whole = b"%%EOF" in data[-_TAIL:]
    boxes: dict[int, PageBox] = {}
    box_of = plain_box if lies_plainly(data) else page_box
    for index in range(len(document)):
        try:
            boxes[index] = box_of(document, index)
        except pdfium.PdfiumError as error:
            _pass_over(index, error, whole)
    if any(box.rotation for box in boxes.values()):
        data = upright_copy(document, boxes)
    cells = 0
    pictures = _Pictures(data, document, limits)
    with closing(tablers.Document(bytes=data)) as readable:
        for index, box in boxes.items():
            try:
                shown = field_runs(document, index, box) if box.has_annotations else []
                page = read_page(
                    readable.get_page(index), upright(box), index + 1, shown=shown
                )
                if page.turn:
                    page = _read_turned(document, index, box, page.turn)
                page = pictures.read(index, upright(box), page)
                if page.is_unmapped and not page.is_recognised:
                    _log.warning("page %d: unknown characters", index + 1)
                    page = without_print(page)
            except BaseException as error:
                if not _is_of_tablers(error):
                    raise
                _pass_over(index, error, whole)
                continue
            cells += sum(len(grid.cells) for grid in page.grids)
            if cells > limits.cells:
                raise UnreadableDocument("too_large", f"{cells} cells")
            yield page


class _Pictures:
    """Reads the pages of one document that are pictures, as many as may be."""

    def __init__(
        self, data: bytes, document: pdfium.PdfDocument, limits: Limits
    ) -> None:
        self._document = document
        self._has_images = _IMAGE.search(data) is not None
        self._left = limits.recognised_pages if ocr.is_installed() else 0
        self._end = time.monotonic() + ocr.TIME_SHARE * limits.seconds

    def read(
        self, index: int, visible: tuple[float, float, float, float], page: PageContent
    ) -> PageContent:
        """The page with what its picture prints, if it has one and that is read."""
        if not self._has_images and _characters(page) > _FULL_PAGE:
            return page
        picture = ocr_pages.picture_on(self._document, index, visible)
        if picture is None:
            return page
        if self._left and time.monotonic() < self._end:
            self._left -= 1
            return ocr_pages.recognised(self._document, index, page, picture)
        if picture.has_text_layer:
            return replace(page, is_recognised=True)
        # A page number or a watermark over a scan is no text of the page.
        has_text = page.has_text and not picture.is_page
        return replace(page, has_text=has_text, is_unread_picture=True)


def _characters(page: PageContent) -> int:
    runs = [run for line in page.lines for run in line.runs]
    runs += [run for grid in page.grids for cell in grid.cells for run in cell.runs]
    return sum(len(run.glyphs) for run in runs)


def _is_of_tablers(error: BaseException) -> bool:
    # A panic of tablers is no Exception, and its class cannot be imported.
    return isinstance(error, RuntimeError) or type(error).__name__ == "PanicException"


def _pass_over(index: int, error: BaseException, whole: bool) -> None:
    """Leave out a broken page of a whole file; reject a file that is cut off."""
    if not whole:
        detail = f"cut off: page {index + 1} cannot be read"
        raise UnreadableDocument("damaged_pdf", detail) from error
    _log.warning("page %d cannot be read: %s", index + 1, error)


def _read_turned(
    document: pdfium.PdfDocument, index: int, stored: PageBox, turn: int
) -> PageContent:
    """A page whose print lies on its side, though a viewer shows it so."""
    shown: list[Run] = []
    if stored.has_annotations:
        whole_turn = (stored.rotation + turn) % 360
        shown = field_runs(document, index, PageBox(stored.visible, whole_turn))
    with closing(pdfium.PdfDocument.new()) as alone:
        alone.import_pages(document, [index])
        box = PageBox(page_box(alone, 0).visible, turn)
        data = upright_copy(alone, {0: box})
    with closing(tablers.Document(bytes=data)) as readable:
        return read_page(readable.get_page(0), upright(box), index + 1, turn, shown)


def blocks_of(pages: list[PageContent]) -> tuple[Block, ...]:
    """Tables and paragraphs, sorted by page and by place on it."""
    kinds = kinds_of(pages)
    furniture = running_lines(pages) | {
        line for line, kind in kinds.items() if kind is ParagraphKind.PAGE_NUMBER
    }
    find_aligned(pages, furniture | kinds.keys())
    tables = chains(pages, furniture)
    # what stands above the right half, such as its unit, is of the whole table
    placed: list[tuple[tuple[int, float, float], Block]] = [
        (_place(halves[-1][0]), whole_table([*map(table_of, halves)], halves))
        for halves in side_by_side(tables, furniture)
    ]
    in_tables = {id(part.grid) for parts in tables for part in parts}
    for page in pages:
        for line, kind in _lines(page, in_tables, kinds):
            place = (page.number, line.box.top, line.box.left)
            box = page.to_display(line.box)
            placed.append((place, Paragraph(line.text, page.number, None, box, kind)))
    placed.sort(key=lambda item: item[0])
    blocks = with_statements_apart([block for _, block in placed])
    return tuple(with_continued_tables(blocks))


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
