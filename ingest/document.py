"""The document that every reader gives: paragraphs and tables in reading order.

A reader copies what is printed and where it stands; it interprets nothing.
Rows and columns count from 0. A position that a merged cell covers has no
cell of its own; an empty position that no cell covers has a cell with the
text ``""``. Boxes are in points with the origin at the top left of the page.
Pages and lines count from 1; a format without them leaves them ``None``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

# Raised whenever a reader gives other cells for the same bytes; documents read
# by an older version are then read again.
READER_VERSION = 14


class Box(NamedTuple):
    """A rectangle on a page, in points, the origin at the top left."""

    left: float
    top: float
    right: float
    bottom: float


class ParagraphKind(StrEnum):
    """What a paragraph is on its page; only ``TEXT`` is running text."""

    TEXT = "text"
    CONTENTS = "contents"  # a line of a table of contents; its number is a page
    WATERMARK = "watermark"
    PAGE_NUMBER = "page_number"
    PICTURE = "picture"  # name of a picture of print that was not read
    PROPERTY = "property"  # what the file says of itself and no page shows


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Text outside tables: one line of print or one paragraph of the source."""

    text: str
    page: int | None = None
    line: int | None = None
    box: Box | None = None
    kind: ParagraphKind = ParagraphKind.TEXT


class Cell(NamedTuple):
    """One printed cell: its place in the table, its spans, its text as printed.

    Tuples are made several times as fast as frozen objects, and there are millions.
    """

    row: int
    column: int
    text: str
    row_span: int = 1
    column_span: int = 1
    page: int | None = None
    line: int | None = None
    box: Box | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A table of cells, whole: a table over several pages is one table.

    ``has_spans`` is False where the format has lost which header cell covers
    which columns (tab-separated text): a label may then stand left of its
    column. ``sheet`` names the sheet of a workbook.
    """

    row_count: int
    column_count: int
    cells: tuple[Cell, ...]
    has_spans: bool
    page: int | None = None
    line: int | None = None
    box: Box | None = None
    sheet: str | None = None


Block = Paragraph | Table


@dataclass(frozen=True, slots=True)
class Document:
    """What one file prints, in reading order.

    ``unread_pages`` are the numbers of the pages that could not be read,
    ``scanned_pages`` of those that are pictures, or have one of print, and were not
    recognised, ``recognised_pages`` of those whose texts come from recognition.
    """

    format: str
    blocks: tuple[Block, ...]
    page_count: int | None = None
    unread_pages: tuple[int, ...] = ()
    scanned_pages: tuple[int, ...] = ()
    recognised_pages: tuple[int, ...] = ()

    def tables(self) -> Iterator[Table]:
        """The tables in reading order."""
        return (block for block in self.blocks if isinstance(block, Table))

    def paragraphs(self) -> Iterator[Paragraph]:
        """The paragraphs in reading order."""
        return (block for block in self.blocks if isinstance(block, Paragraph))


class UnreadableDocument(Exception):
    """A file that cannot become a document.

    ``code`` is a key of ``seeds/vocabulary/status_reason.csv``, where the sentence that
    auditors read stands; ``detail`` is for the log.
    """

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Limits:
    """What one document may cost; beyond it the document is rejected.

    ``seconds`` and ``memory_bytes`` bind the process that reads it. LibreOffice
    converts several documents at a time: ``office_seconds`` is for all of these. Of
    scanned pages, ``recognised_pages`` are recognised; the others are reported.
    """

    file_bytes: int = 200 * 1024 * 1024
    pages: int = 3_000
    cells: int = 2_000_000
    cell_characters: int = 2_000_000
    seconds: int = 300
    memory_bytes: int = 4 * 1024 * 1024 * 1024
    office_seconds: int = 120
    recognised_pages: int = 60
