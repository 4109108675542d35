"""Tables of one statement below one another become one if the second says 续表 alone.

Word and web pages have no pages: who prints a long table in two writes 续表 and the
header again. The title stands above the first part only, so by itself the second
would be a table of nobody knows what. A part that has a title of its own stays apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from ingest.document import Block, Paragraph, ParagraphKind, Table

_MARK = re.compile(r"[（(]?(?:续(?:上?[表页]|前表)|接上[表页])\d{0,2}[)）]?")
_FEWEST_COLUMNS = 3
_LETTER = re.compile(r"[^\W\d_]")


def says_go_on(text: str) -> bool:
    """Whether a line says 续表 and nothing else."""
    return _MARK.fullmatch("".join(text.split())) is not None


def with_continued_tables(blocks: Sequence[Block]) -> list[Block]:
    """The blocks, parts of one table joined; what stands between them comes after."""
    found: list[Block] = []
    place: int | None = None  # of the last table
    for block in blocks:
        if isinstance(block, Table):
            first = None if place is None else found[place]
            part = _without_mark(block)
            if (
                place is not None
                and isinstance(first, Table)
                and _says_so(
                    _texts(found[place + 1 :]),
                    _captions(found, place),
                    is_marked=part is not block,
                )
                and _goes_on(first, part)
            ):
                found[place] = _joined(first, part)
                continue
            place = len(found)
        found.append(block)
    return found


def _texts(blocks: Iterable[Block]) -> list[str]:
    return [
        "".join(block.text.split())
        for block in blocks
        if isinstance(block, Paragraph) and block.kind is ParagraphKind.TEXT
    ]


def _captions(blocks: Sequence[Block], place: int) -> set[str]:
    """The texts between a table and the one before it."""
    start = place
    while start and isinstance(blocks[start - 1], Paragraph):
        start -= 1
    return set(_texts(blocks[start:place]))


def _without_mark(table: Table) -> Table:
    """The table without a first row that says 续表 and nothing else."""
    first = [cell for cell in table.cells if cell.row == 0]
    said = ["".join(cell.text.split()) for cell in first if cell.text.strip()]
    if (
        table.row_count < 2
        or len(said) != 1
        or not _MARK.fullmatch(said[0])
        or any(cell.row_span > 1 for cell in first)
    ):
        return table
    cells = tuple(cell._replace(row=cell.row - 1) for cell in table.cells if cell.row)
    return replace(table, cells=cells, row_count=table.row_count - 1)


def _says_so(between: Sequence[str], captions: set[str], *, is_marked: bool) -> bool:
    """Whether lines say that a table goes on, and beside that only what it has."""
    printed = [text for text in between if text]
    unmarked = [text for text in printed if not _MARK.fullmatch(text)]
    return (is_marked or len(unmarked) < len(printed)) and set(unmarked) <= captions


def _goes_on(first: Table, table: Table) -> bool:
    """Whether a table has the header of another one, and other rows below it."""
    if not table.column_count == first.column_count >= _FEWEST_COLUMNS:
        return False
    above, below = _rows(first), _rows(table)
    header = 0
    while header < min(len(above), len(below)) and above[header] == below[header]:
        header += 1
    if not 0 < header < len(below):
        return False
    known = {_label(row) for row in above[header:]}
    return not any(
        label in known for row in below[header:] if _LETTER.search(label := _label(row))
    )


_Row = list[tuple[int, int, int, str]]


def _rows(table: Table) -> list[_Row]:
    """The cells of each row: column, spans and text."""
    rows: list[_Row] = [[] for _ in range(table.row_count)]
    for cell in table.cells:
        text = cell.text.strip()
        rows[cell.row].append((cell.column, cell.row_span, cell.column_span, text))
    return rows


def _label(row: _Row) -> str:
    """What a row prints up to its name: a second total is a second table."""
    texts: list[str] = []
    for *_, text in row:
        texts.append(text)
        if _LETTER.search(text):
            break
    return " ".join(texts)


def _joined(first: Table, table: Table) -> Table:
    cells = (cell._replace(row=cell.row + first.row_count) for cell in table.cells)
    return replace(
        first,
        cells=(*first.cells, *cells),
        row_count=first.row_count + table.row_count,
    )
