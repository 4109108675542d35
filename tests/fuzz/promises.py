"""What every reader promises for any bytes, however they were made.

A document or an :class:`UnreadableDocument` whose reason auditors can be told, in
a time that the size of the file allows; cells that lie in their table and cover
it; texts that can be stored; and headers and prose that can be read from them.
"""

from __future__ import annotations

import csv
import re
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from html import unescape
from html.entities import html5
from types import FrameType

import polars as pl

from ingest import corpus, landing
from ingest.columns.readings import HeaderReader
from ingest.columns.vocabulary import Vocabulary
from ingest.detect import decode_text
from ingest.document import Document, Limits, Paragraph, Table, UnreadableDocument
from ingest.prose.policy import PolicyReader
from ingest.prose.reader import ProseReader
from ingest.readers import delimited, docx, html, legacy_office, pdf, spreadsheet, text
from tests.warehouse import ROOT

SEEDS = ROOT / "seeds"
# A document that costs little: bounds are met by small files, too.
# Recognition is slow, and no reader of bytes.
LIMITS = Limits(pages=50, cells=200_000, cell_characters=200_000, recognised_pages=0)
SECONDS, SECONDS_PER_KILOBYTE = 5.0, 0.5
_MOST_READ_FURTHER = 20_000  # cells of documents whose headers and prose are read


def _doc(data: bytes, limits: Limits) -> Document:
    """What is read of a Word document before LibreOffice is started."""
    reason = legacy_office._refusal(legacy_office.Original("a", "doc", data))
    raise UnreadableDocument(*(reason or ("no_reader", "left to LibreOffice")))


READERS: dict[str, Callable[[bytes, Limits], Document]] = {
    "text": text.read,
    "html": html.read,
    "mht": html.read_mhtml,
    "csv": delimited.read,
    "docx": docx.read,
    "xlsx": spreadsheet.read,
    "xls": spreadsheet.read,
    "doc": _doc,
    "pdf": pdf.read,
    "any": corpus.read_document,
}
_ENTITY = re.compile(r"&#?\w{1,32};")  # others are as they stand
# What no reader prints, also within an entity.
_UNPRINTED = re.compile("[\x00-\x08\x0e-\x1f\x7f\ufeff]")
_PARTS = re.compile(r"[\s\x00-\x1f\x7f\ufeff\u200b-\u200f\"]+")


class TooSlow(AssertionError):
    """A reader took longer than the size of its file allows."""


def check(
    reader: str, data: bytes, limits: Limits = LIMITS, *, further: bool = True
) -> Document | None:
    """Read the bytes and check every promise; None for what cannot be read.

    ``further``: also those of what is read from the document.

    :raises AssertionError: a promise is broken. So does any other exception.
    """
    allowed = SECONDS + SECONDS_PER_KILOBYTE * len(data) / 1024
    with _time_limit(allowed):
        try:
            document = READERS[reader](data, limits)
        except UnreadableDocument as error:
            assert error.code in _reasons(), f"no reason {error.code!r}"
            return None
        _check_blocks(document, limits)
        if reader in ("text", "csv"):
            _check_texts(document, data)
        if further:
            _check_landing(document)
    return document


@contextmanager
def _time_limit(seconds: float) -> Iterator[None]:
    def end(number: int, frame: FrameType | None) -> None:
        raise TooSlow(f"over {seconds:.1f} seconds")

    before = signal.signal(signal.SIGPROF, end)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    started = time.process_time()
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
    assert time.process_time() - started < seconds, "slow where no signal comes through"


def _check_blocks(document: Document, limits: Limits) -> None:
    cells = 0
    for block in document.blocks:
        if isinstance(block, Paragraph):
            assert block.text.strip(), "a paragraph that prints nothing"
            _check_storable(block.text)
            continue
        _check_table(block)
        cells += block.row_count * block.column_count
    assert cells <= limits.cells, f"{cells} cells"


def _check_table(table: Table) -> None:
    rows, columns = table.row_count, table.column_count
    assert rows > 0 and columns > 0, f"a table of {rows} rows and {columns} columns"
    covered = bytearray(rows * columns)
    for cell in table.cells:
        assert cell.row >= 0 and cell.row_span >= 1, cell
        assert cell.column >= 0 and cell.column_span >= 1, cell
        assert cell.row + cell.row_span <= rows, (cell, rows)
        assert cell.column + cell.column_span <= columns, (cell, columns)
        _check_storable(cell.text)
        for row in range(cell.row, cell.row + cell.row_span):
            for column in range(cell.column, cell.column + cell.column_span):
                assert not covered[row * columns + column], f"overlap at {cell}"
                covered[row * columns + column] = 1
    assert all(covered), "a place that no cell covers"


def _check_storable(printed: str) -> None:
    printed.encode("utf-8")
    assert "\0" not in printed, "a NUL in a text"


def _check_texts(document: Document, data: bytes) -> None:
    """Nothing is printed that is not in the file."""
    text = _UNPRINTED.sub("", decode_text(data))
    # &ltt; is no entity, though one begins so
    ended = _ENTITY.sub(
        lambda found: (
            unescape(found[0])
            if found[0][1] == "#" or found[0][1:] in html5
            else found[0]
        ),
        text,
    )
    sources = [_bare(text), _bare(unescape(text)), _bare(ended)]
    for block in document.blocks:
        texts = (
            [block.text]
            if isinstance(block, Paragraph)
            else [cell.text for cell in block.cells]
        )
        for printed in texts:
            wanted = _bare(printed)
            is_there = any(wanted in source for source in sources)
            assert is_there, f"not in the file: {printed!r}"


def _bare(text: str) -> str:
    """A text without what parts cells and lines."""
    return _PARTS.sub("", text)


def _check_landing(document: Document) -> None:
    """What was read can be stored, and headers and prose be read from it."""
    rows = landing.content_rows("0" * 16, document)
    for table, entries in rows.items():
        pl.DataFrame(entries, schema=landing.SCHEMAS[table], orient="row")
    if sum(len(table.cells) for table in document.tables()) > _MOST_READ_FURTHER:
        return
    headers, prose_reader, policy_reader = _further_readers()
    tables = [
        (number, block)
        for number, block in enumerate(document.blocks)
        if isinstance(block, Table)
    ]
    readings = ((number, headers.read(table)) for number, table in tables)
    rows = landing.header_rows("0" * 16, readings)
    prose = prose_reader.read(
        (number, block if isinstance(block, Paragraph) else None)
        for number, block in enumerate(document.blocks)
    )
    rows |= landing.prose_rows("0" * 16, prose)
    rows |= landing.policy_rows("0" * 16, policy_reader.read(prose.passages, tables))
    for table, entries in rows.items():
        pl.DataFrame(entries, schema=landing.SCHEMAS[table], orient="row")


@cache
def _further_readers() -> tuple[HeaderReader, ProseReader, PolicyReader]:
    return HeaderReader(Vocabulary(SEEDS)), ProseReader(SEEDS), PolicyReader(SEEDS)


@cache
def _reasons() -> frozenset[str]:
    path = SEEDS / "vocabulary" / "status_reason.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return frozenset(row["reason_code"] for row in csv.DictReader(file))
