"""The paragraphs and tables of one sheet of a workbook, by the shape of its rows.

Titles, units and notes stay rows of the table they stand at. A sheet is cut only
where another statement begins: at captions of which one has the word 表, with a
header below them and blank rows or figures above them, or where another line and the
same header follow on blank rows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ingest.document import Block, Cell, Paragraph, Table
from ingest.readers.number_format import Range

_FIGURE = re.compile(r"(?!(?:19|20)\d\d$)[-+−(（]?[¥￥]?[\d,，.．\s]*\d[)）]?[%％]?")
_CAPTION = re.compile(r"[:：]|单位.{0,3}元|元$|表$")
_NOTE = re.compile(r"\s*[（(]?(?:注|备注|说明|附注)\s*\d*[:：、.．]|.*(?:本表|[。；])")
_TITLE = re.compile(r"(?!.*(?:本表|[。；;]))[^:：]*表.*", re.DOTALL)
_SURE_TITLE = re.compile(
    r"\S*表\s*(?:[（(].*[）)])?|附?表\s*[\d一二三四五六七八九十]+.*"
)
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
        if any(len(grid.rows[row]) > 1 for row in rows):
            yield grid.table(rows, has_spans)
        else:
            yield from (
                Paragraph(text.strip(), line=grid.line(row))
                for row in rows
                for _, text in grid.rows[row]
            )


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
        for top, left, bottom, right in sorted(sheet.merges):
            self._merge(top, left, min(bottom, last_row), min(right, last_column))
        self.rows: dict[int, list[tuple[int, str]]] = {}
        for (row, column), text in sorted(sheet.texts.items()):
            if text.strip() and (row, column) not in self._covered:
                self.rows.setdefault(row, []).append((column, text))

    def _merge(self, top: int, left: int, bottom: int, right: int) -> None:
        if top > bottom or left > right:
            return
        places = {
            (row, column)
            for row in range(top, bottom + 1)
            for column in range(left, right + 1)
        }
        if not places.isdisjoint(self._covered | self._spans.keys()):
            return  # ranges never overlap in a sound workbook; the first one counts
        self._spans[top, left] = (bottom, right)
        self._covered |= places - {(top, left)}
        self._crossed.update(range(top + 1, bottom + 1))

    def line(self, row: int) -> int:
        """The line where a row stands, from 1."""
        return self._lines[row] if self._lines else row + 1

    # Parts ------------------------------------------------------------------

    def parts(self) -> Iterator[list[int]]:
        """The printed rows, cut where another statement begins."""
        numbers = list(self.rows)
        part: list[int] = []
        for index, row in enumerate(numbers):
            if part and self._begins(numbers, index, part):
                yield part
                part = []
            part.append(row)
        if part:
            yield part

    def _begins(self, numbers: list[int], index: int, above: list[int]) -> bool:
        row = numbers[index]
        texts = self._printed(row)
        has_figures = any(
            is_figure(text) for other in above for _, text in self.rows[other]
        )
        if row in self._crossed or _NOTE.match(texts[0]):
            return False
        if has_figures and self._names_unit(numbers, index):
            return True
        if has_figures and self._repeats_header(numbers, index, above):
            return True
        if not is_caption(texts):
            return False
        if not self._announces(numbers, index):
            return False
        if above[-1] < row - 1:
            return True
        return _SURE_TITLE.fullmatch(texts[0]) is not None and has_figures

    def _names_unit(self, numbers: list[int], index: int) -> bool:
        """Whether a line alone, the unit below it and a header below that follow.

        Such a line is a title, whatever it says.
        """
        rows = [self._printed(row) for row in numbers[index : index + 3]]
        if len(rows) < 3 or numbers[index + 2] != numbers[index] + 2:
            return False
        title, unit, header = rows
        return (
            len(title) == 1
            and len(title[0]) <= _LONGEST_TITLE
            and not is_figure(title[0])
            and any(map(_UNIT.search, unit))
            and not any(map(is_figure, unit))
            and len(header) > 1
            and not any(map(is_figure, header))
        )

    def _repeats_header(self, numbers: list[int], index: int, above: list[int]) -> bool:
        """Whether another line alone follows on blank rows, and the header once more.

        Such a line is a title, whatever it says; the title of the part above stands
        over the next page of the same table.
        """
        title, *below = map(self._printed, numbers[index : index + 4])
        said = list(map(self._printed, above))
        header = next((texts for texts in below if not is_caption(texts)), [""])
        return (
            above[-1] < numbers[index] - 1
            and len(title) == 1
            and len(title[0]) <= _LONGEST_TITLE
            and not is_figure(title[0])
            and title not in said
            and header in said
            and not any(map(is_figure, header))
        )

    def _printed(self, row: int) -> list[str]:
        return [text.strip() for _, text in self.rows[row]]

    def _announces(self, numbers: list[int], index: int) -> bool:
        """Whether captions with a title begin here, and a header stands below."""
        has_title = False
        previous = numbers[index]
        for row in numbers[index : index + _MOST_CAPTION_ROWS]:
            texts = self._printed(row)
            if not is_caption(texts):
                return has_title and not any(map(is_figure, texts))
            if not has_title and row > previous + 1:
                return False
            has_title |= any(map(_is_title, texts))
            previous = row
        return False

    # Tables -----------------------------------------------------------------

    def table(self, rows: list[int], has_spans: bool) -> Table:
        """The table of these rows, with the blank ones between them."""
        top, bottom = rows[0], rows[-1]
        left = min(self.rows[row][0][0] for row in rows)
        right = max(self.rows[row][-1][0] for row in rows)
        cells: list[Cell] = []
        for row in range(top, bottom + 1):
            texts = dict(self.rows.get(row, ()))
            line = self.line(row)
            for column in range(left, right + 1):
                place = (row, column)
                if place in self._covered:
                    continue
                down, along = 1, 1
                if place in self._spans:
                    end = self._spans[place]
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

    def _has_lost_spans(self, rows: list[int]) -> bool:
        """Whether labels of the header stand for columns right of them, unmerged.

        The header is what stands between the captions and the first figure. A cell
        beside a label is empty there, and one below it is not.
        """
        header = [row for row in rows[:_MOST_TOP_ROWS] if len(self.rows[row]) > 1]
        header = [row for row in header if not is_caption(self._printed(row))]
        is_data = [any(is_figure(t) for _, t in self.rows[row]) for row in header]
        header = header[: is_data.index(True)] if True in is_data else []
        if any(row in self._crossed for row in header) or any(
            (row, column) in self._spans
            for row in header
            for column, _ in self.rows[row]
        ):
            return False
        for above, below in pairwise(header):
            printed = {column for column, _ in self.rows[above]}
            first = min(printed)
            if any(c > first and c not in printed for c, _ in self.rows[below]):
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
