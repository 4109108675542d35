"""Reads text separated by commas or semicolons, with quotes, as a sheet of cells.

Which text that is, :func:`ingest.detect.delimiter_of` decides; text with tabs is
read with the other texts. Such a file has lost which cells were merged. The line
of a cell is the line on which its row begins.
"""

from __future__ import annotations

import csv
import io
import re

from ingest.detect import decode_text, delimiter_of
from ingest.document import Document, Limits, UnreadableDocument
from ingest.readers.sheet_blocks import Sheet, blocks_of

# Controls that print nothing and byte order marks left by joining files.
_UNPRINTED = re.compile("[\x00-\x08\x0b-\x1f\x7f\ufeff]")
# How a spreadsheet is told that a code is no number.
_FORMULA_TEXT = re.compile(r'="(.*)"', re.DOTALL)


def read(data: bytes, limits: Limits = Limits()) -> Document:  # noqa: B008
    """The tables and paragraphs of the file, cut where another statement begins.

    Raises UnreadableDocument: ``too_large``, ``undecodable_text``,
    ``nothing_printed``, ``unsupported_format`` for text without a delimiter.
    """
    if len(data) > limits.file_bytes:
        raise UnreadableDocument("too_large", f"{len(data)} bytes")
    text = _UNPRINTED.sub("", re.sub("\r\n?", "\n", decode_text(data)))
    delimiter = delimiter_of(text)
    if delimiter is None:
        raise UnreadableDocument("unsupported_format", "no delimiter")
    # Counted before it is split: a line of nothing but commas is cheap to write.
    if text.count(delimiter) + text.count("\n") >= limits.cells:
        raise UnreadableDocument("too_large", f"over {limits.cells} cells")
    blocks = tuple(blocks_of(_sheet(text, delimiter, limits), has_spans=False))
    if not blocks:
        raise UnreadableDocument("nothing_printed")
    return Document(format="csv", blocks=blocks)


def _sheet(text: str, delimiter: str, limits: Limits) -> Sheet:
    texts: dict[tuple[int, int], str] = {}
    lines: list[int] = []
    width = 0
    # The limit is one for the whole process, seeds included: only ever raise it.
    csv.field_size_limit(max(csv.field_size_limit(), len(text) + 1))
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    line = 1
    for row, fields in enumerate(rows):
        lines.append(line)
        line = rows.line_num + 1
        width = max(width, len(fields))
        for column, printed in enumerate(fields):
            if not printed or printed.isspace():
                continue
            if len(printed) > limits.cell_characters:
                raise UnreadableDocument("too_large", f"cell in line {lines[-1]}")
            is_formula = printed.startswith("=")
            texts[row, column] = (
                _FORMULA_TEXT.sub(r"\1", printed) if is_formula else printed
            )
        if (row + 1) * width > limits.cells:
            raise UnreadableDocument("too_large", f"over {limits.cells} cells")
    return Sheet(None, texts, lines=lines)
