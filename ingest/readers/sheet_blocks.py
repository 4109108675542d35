"""The paragraphs and tables of one sheet of a workbook, by the shape of its rows.

A table of a page or a paper may be a whole sheet, too.

Titles, units and notes stay rows of the table they stand at. A sheet is cut only
where another statement begins: at captions of which one has the word 表, with a
header below them and blank rows or figures above them, or where lines with a unit and
another header, or another line and the same header, follow on blank rows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise, zip_longest

from ingest.document import Block, Box, Cell, Paragraph, Table
from ingest.readers.number_format import Range

_FIGURE = re.compile(r"(?!(?:19|20)\d\d$)[-+−(（]?[¥￥]?[\d,，.．\s]*\d[)）]?[%％]?")
_CAPTION = re.compile(r"[:：]|单位.{0,3}元|元$|表$")
_NOTE = re.compile(r"\s*[（(]?(?:注|备注|说明|附注)\s*\d*[:：、.．]|.*(?:本表|[。；])")
_TITLE = re.compile(r"(?!.*(?:本表|[。；;]))[^:：]*表.*", re.DOTALL)
_SURE_TITLE = re.compile(
    r"\S*表\s*(?:[（(].*[）)])?|附?表\s*[\d一二三四五六七八九十]+.*"
)
_MAY_BEGIN = re.compile(r"表|单位\s*[:：]")
_TOTAL = re.compile(r"[合总共]\s*计")
_UNIT = re.compile(r"单位\s*[:：].{0,6}元")
_LONGEST_TITLE = 60
_MOST_CAPTION_ROWS = 8
_MOST_TOP_ROWS = 16


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a sheet prints: texts by position from 0, and its merged ranges.

    ``lines`` are the lines of its rows, from 1, where they are not their numbers.
    """

    name: str | None
    texts: dict[tuple[int, int], str]
    merges: Sequence[Range] = ()
    lines: Sequence[int] = ()


def blocks_of(sheet: Sheet, *, has_spans: bool = True) -> Iterator[Block]:
    """The blocks from the top down; a block without two texts in a row is prose."""
    grid = _Grid(sheet)
    for rows in grid.parts():
        if any(len(grid.rows[row].said) > 1 for row in rows):
            yield grid.table(rows, has_spans)
        else:
            yield from (
                Paragraph(text, line=grid.line(row))
                for row in rows
                for text in grid.rows[row].said
            )


def with_statements_apart(blocks: Sequence[Block]) -> list[Block]:
    """The blocks, tables cut where a sheet would be.

    Whole sheets are pasted into one table of a page or a paper; and a table may hold
    nothing but the title and the unit of the one below it.
    """
    found: list[Block] = []
    for block, below in zip_longest(blocks, blocks[1:]):
        if not isinstance(block, Table):
            found.append(block)
        elif isinstance(below, Table) and _is_of_captions(block):
            found += _captions(block)
        else:
            found += _statements(block)
    return found


def _is_of_captions(table: Table) -> bool:
    """Whether every row is a title, a unit or the like, and no row a header."""
    if table.row_count > _MOST_CAPTION_ROWS:
        return False
    rows: dict[int, list[str]] = {}
    for cell in table.cells:
        if text := cell.text.strip():
            rows.setdefault(cell.row, []).append(text)
    texts = [text for row in rows.values() for text in row]
    return (
        any(map(_UNIT.search, texts))
        and any(map(_is_title, texts))
        and not any(map(is_figure, texts))
        and all(map(is_caption, rows.values()))
    )


def _captions(table: Table) -> Iterator[Paragraph]:
    for cell in table.cells:
        if cell.text.strip():
            yield Paragraph(cell.text, page=cell.page, line=cell.line, box=cell.box)


def _statements(table: Table) -> Iterator[Table]:
    if not any(c.row > 1 and _MAY_BEGIN.search(c.text) for c in table.cells):
        yield table
        return
    sheet = Sheet(
        name=table.sheet,
        texts={(cell.row, cell.column): cell.text for cell in table.cells},
        merges=[
            (c.row, c.column, c.row + c.row_span - 1, c.column + c.column_span - 1)
            for c in table.cells
            if c.row_span > 1 or c.column_span > 1
        ],
    )
    grid = _Grid(sheet)
    parts = list(grid.parts())
    if len(parts) < 2:
        yield table
        return
    for rows in parts:
        top, bottom = rows[0], rows[-1]
        right = max(max(grid.rows[row].texts) for row in rows)
        cells = tuple(
            cell._replace(
                row=max(cell.row, top) - top,
                row_span=min(cell.row + cell.row_span - 1, bottom)
                - max(cell.row, top)
                + 1,
                column_span=min(cell.column_span, right - cell.column + 1),
            )
            for cell in table.cells
            # an empty cell may begin above the first row with print
            if cell.row + cell.row_span > top
            and cell.row <= bottom
            and cell.column <= right
        )
        yield replace(
            table,
            row_count=bottom - top + 1,
            column_count=right + 1,
            cells=cells,
            page=cells[0].page,
            line=cells[0].line,
            box=_around(c.box for c in cells if c.page == cells[0].page),
        )


def _around(boxes: Iterable[Box | None]) -> Box | None:
    """What holds all the boxes, in points; None without any."""
    found = [box for box in boxes if box]
    if not found:
        return None
    lefts, tops, rights, bottoms = zip(*found, strict=True)
    return Box(min(lefts), min(tops), max(rights), max(bottoms))


@dataclass(slots=True)
class _Row:
    """What a row prints by column, what that says, and whether it has figures.

    All of it is asked again and again while the rows below are read.
    """

    texts: dict[int, str]
    said: tuple[str, ...] = field(init=False)
    has_figures: bool = field(init=False)

    def __post_init__(self) -> None:
        self.said = tuple(text.strip() for text in self.texts.values())
        self.has_figures = any(map(_FIGURE.fullmatch, self.said))


@dataclass(slots=True)
class _Part:
    """The rows of a statement so far, what each says, and whether one has figures."""

    rows: list[int] = field(default_factory=list)
    said: set[tuple[str, ...]] = field(default_factory=set)
    has_figures: bool = False


class _Grid:
    """The printed rows of a sheet, without what merged cells cover."""

    def __init__(self, sheet: Sheet) -> None:
        self._name = sheet.name
        self._lines = sheet.lines
        last_row = max((row for row, _ in sheet.texts), default=-1)
        last_column = max((column for _, column in sheet.texts), default=-1)
        self._spans: dict[tuple[int, int], tuple[int, int]] = {}
        self._covered: set[tuple[int, int]] = set()
        self._crossed: set[int] = set()  # rows that a merged cell reaches from above
        self._merged: set[int] = set()  # rows that have a part of a merged cell
        for top, left, bottom, right in sorted(sheet.merges):
            self._merge(top, left, min(bottom, last_row), min(right, last_column))
        printed: dict[int, dict[int, str]] = {}
        for place, text in sorted(sheet.texts.items()):
            if text.strip() and place not in self._covered:
                row, column = place
                printed.setdefault(row, {})[column] = text
        self.rows = {row: _Row(texts) for row, texts in printed.items()}

    def _merge(self, top: int, left: int, bottom: int, right: int) -> None:
        if top > bottom or left > right:
            return
        places = {
            (row, column)
            for row in range(top, bottom + 1)
            for column in range(left, right + 1)
        }
        if any(place in self._covered or place in self._spans for place in places):
            return  # ranges never overlap in a sound workbook; the first one counts
        self._spans[top, left] = (bottom, right)
        self._covered |= places - {(top, left)}
        self._crossed.update(range(top + 1, bottom + 1))
        self._merged.update(range(top, bottom + 1))

    def line(self, row: int) -> int:
        """The line where a row stands, from 1."""
        return self._lines[row] if self._lines else row + 1

    # Parts ------------------------------------------------------------------

    def parts(self) -> Iterator[list[int]]:
        """The printed rows, cut where another statement begins."""
        numbers = list(self.rows)
        part = _Part()
        for index, row in enumerate(numbers):
            if part.rows and self._begins(numbers, index, part):
                yield part.rows
                part = _Part()
            part.rows.append(row)
            part.said.add(self.rows[row].said)
            part.has_figures |= self.rows[row].has_figures
        if part.rows:
            yield part.rows

    def _begins(self, numbers: list[int], index: int, above: _Part) -> bool:
        """Whether a statement begins below some rows, which may have figures."""
        row = numbers[index]
        texts = self.rows[row].said
        if row in self._crossed or _NOTE.match(texts[0]):
            return False
        if texts in above.said and self._repeats_page(numbers, index, above):
            return False
        if above.has_figures and (
            self._names_unit(numbers, index)
            or self._states_unit(numbers, index, above)
            or self._repeats_header(numbers, index, above)
        ):
            return True
        if not is_caption(texts):
            return False
        if not self._announces(numbers, index):
            return False
        if above.rows[-1] < row - 1:
            return True
        return _SURE_TITLE.fullmatch(texts[0]) is not None and above.has_figures

    def _repeats_page(self, numbers: list[int], index: int, above: _Part) -> bool:
        """Whether captions and header are those above, and no total is below them.

        So a table is printed that goes on over pages; with another total it is the
        same statement of another unit.
        """
        end = min(index + _MOST_CAPTION_ROWS, len(numbers))
        for place in range(index, end):
            said = self.rows[numbers[place]].said
            if said not in above.said:
                return False
            if not is_caption(said):
                return place > index and not self._has_total(numbers, place + 1)
        return False

    def _has_total(self, numbers: list[int], index: int) -> bool:
        """Whether a row says 合计, up to the next line alone."""
        for place in range(index, len(numbers)):
            found = self.rows[numbers[place]]
            if is_caption(found.said) and not found.has_figures:
                return False
            if any(map(_TOTAL.fullmatch, found.said)):
                return True
        return False

    def _may_be_title(self, row: int) -> bool:
        """Whether a row is a line alone, such as a title, whatever it says."""
        found = self.rows[row]
        return (
            len(found.said) == 1
            and len(found.said[0]) <= _LONGEST_TITLE
            and not found.has_figures
        )

    def _names_unit(self, numbers: list[int], index: int) -> bool:
        """Whether a title, the unit below it and a header below that follow."""
        title, *below = numbers[index : index + 3]
        if len(below) < 2 or below[1] != title + 2 or not self._may_be_title(title):
            return False
        unit, header = (self.rows[row] for row in below)
        return (
            any(map(_UNIT.search, unit.said))
            and not unit.has_figures
            and len(header.said) > 1
            and not header.has_figures
        )

    def _states_unit(self, numbers: list[int], index: int, above: _Part) -> bool:
        """Whether lines with a unit follow on blank rows, and another header.

        The title among them may say neither 表 nor anything else that is known.
        """
        if above.rows[-1] >= numbers[index] - 1:
            return False
        has_unit = False
        for row in numbers[index : index + _MOST_CAPTION_ROWS]:
            found = self.rows[row]
            if found.has_figures:
                return False
            if not is_caption(found.said):
                return has_unit and found.said not in above.said
            has_unit |= any(map(_UNIT.search, found.said))
        return False

    def _repeats_header(self, numbers: list[int], index: int, above: _Part) -> bool:
        """Whether another title follows on blank rows, and the header once more.

        The title of the part above stands over the next page of the same table.
        """
        title, *below = numbers[index : index + 4]
        if above.rows[-1] >= title - 1 or not self._may_be_title(title):
            return False
        rows = (self.rows[row] for row in below)
        header = next((row for row in rows if not is_caption(row.said)), None)
        if header is None or header.has_figures:
            return False
        is_title = self.rows[title].said not in above.said
        return is_title and header.said in above.said

    def _announces(self, numbers: list[int], index: int) -> bool:
        """Whether captions with a title begin here, and a header stands below."""
        has_title = False
        previous = numbers[index]
        for row in numbers[index : index + _MOST_CAPTION_ROWS]:
            texts = self.rows[row].said
            if not is_caption(texts):
                return has_title and not self.rows[row].has_figures
            if not has_title and row > previous + 1:
                return False
            has_title |= any(map(_is_title, texts))
            previous = row
        return False

    # Tables -----------------------------------------------------------------

    def table(self, rows: list[int], has_spans: bool) -> Table:
        """The table of these rows, with the blank ones between them."""
        top, bottom = rows[0], rows[-1]
        left = min(min(self.rows[row].texts) for row in rows)
        right = max(max(self.rows[row].texts) for row in rows)
        spans, covered = self._merged_from(top, left)
        cells: list[Cell] = []
        for row in range(top, bottom + 1):
            texts = self.rows[row].texts if row in self.rows else {}
            line = self.line(row)
            is_merged = row in self._merged
            for column in range(left, right + 1):
                down, along = 1, 1
                if is_merged:
                    if (row, column) in covered:
                        continue
                    if end := spans.get((row, column)):
                        down = min(end[0], bottom) - row + 1
                        along = min(end[1], right) - column + 1
                text = texts.get(column, "")
                cells.append(
                    Cell(row - top, column - left, text, down, along, None, line)
                )
        return Table(
            row_count=bottom - top + 1,
            column_count=right - left + 1,
            cells=tuple(cells),
            has_spans=has_spans and not self._has_lost_spans(rows),
            line=self.line(top),
            sheet=self._name,
        )

    def _merged_from(
        self, top: int, left: int
    ) -> tuple[dict[tuple[int, int], tuple[int, int]], set[tuple[int, int]]]:
        """The merged cells and what they cover; empty ones begin where the table does.

        Above the first row with print, or left of its first column, there may be the
        beginning of a merged cell that prints nothing.
        """
        outside = {
            (row, column): end
            for (row, column), end in self._spans.items()
            if (row < top <= end[0] or column < left <= end[1])
            and end[0] >= top
            and end[1] >= left
        }
        if not outside:
            return self._spans, self._covered
        begun = {
            (max(row, top), max(column, left)): end
            for (row, column), end in outside.items()
        }
        return self._spans | begun, self._covered - begun.keys()

    def _has_lost_spans(self, rows: list[int]) -> bool:
        """Whether labels of the header stand for columns right of them, unmerged.

        The header is what stands between the captions and the first figure. A cell
        beside a label is empty there, and one below it is not.
        """
        header: list[int] = []
        for number in rows[:_MOST_TOP_ROWS]:
            row = self.rows[number]
            if is_caption(row.said):
                continue
            if row.has_figures:
                break
            header.append(number)
        else:
            return False
        if any(row in self._crossed for row in header) or any(
            (row, column) in self._spans
            for row in header
            for column in self.rows[row].texts
        ):
            return False
        for above, below in pairwise(header):
            printed = self.rows[above].texts
            first = min(printed)
            if any(c > first and c not in printed for c in self.rows[below].texts):
                return True
        return False


def is_caption(texts: Sequence[str]) -> bool:
    """Whether a row is one text, or says by signs that it is no header."""
    return len(texts) == 1 or all(map(_CAPTION.search, texts))


def is_figure(text: str) -> bool:
    """Whether a text is a number, with its signs and separators; a year is none."""
    return _FIGURE.fullmatch(text.strip()) is not None


def _is_title(text: str) -> bool:
    return len(text) <= _LONGEST_TITLE and _TITLE.fullmatch(text) is not None
