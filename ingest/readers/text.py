"""Reads plain text and Markdown: tab-separated, pipe and HTML tables in paragraphs.

Such a file is mostly an export of another format, and the marks of the export
are removed: tags inside cells, heading marks, the delimiter rows of pipe tables.
What the disclosure itself prints stays as it is, inner spaces included.

Where the text leaves open what is a table, the reader decides by shape, never by
what the words mean for a budget:

* A table cut by blank lines, watermarks or page numbers is joined, unless the
  second part starts with a header of its own (:meth:`_Grid.continues`); so are rows
  below the line that heads every page. In a pipe table they need no delimiters.
* A line without tabs between rows, with no blank line around it, is a row that has
  nothing behind its label: some exports drop the tabs at the end of a line.
* A table in HTML tags is read as the reader of web pages reads it. Tags of a table
  of which a part is missing stay print.
* A row alone with at most two fields is a paragraph; so are lines that only
  begin with tabs, which is how prose is indented, unless they are the cells of
  a table written one below the other (:func:`_unstacked`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cached_property
from html import unescape
from html.entities import html5
from itertools import groupby
from typing import NamedTuple

from ingest.detect import decode_text
from ingest.document import (
    Block,
    Cell,
    Document,
    Limits,
    Paragraph,
    ParagraphKind,
    Table,
    UnreadableDocument,
)
from ingest.readers.grid import CellBudget
from ingest.readers.html import blocks_within
from ingest.readers.table_continuation import says_go_on, with_continued_tables
from ingest.readers.text_lines import (
    Kinds,
    Line,
    Tagged,
    line_kinds,
    printed_lines,
    running_heads,
    tables_apart,
)


def read(data: bytes, limits: Limits = Limits()) -> Document:  # noqa: B008
    """The paragraphs and tables of a text, with the lines where they stand.

    A table lists every position, the empty ones too; a white space alone is
    printed nothing. A watermark or page number inside a joined table follows it.

    Raises UnreadableDocument: ``too_large``, ``undecodable_text``,
    ``empty_file`` for white space alone, ``nothing_printed`` for marks alone.
    """
    if len(data) > limits.file_bytes:
        raise UnreadableDocument("too_large", f"{len(data)} bytes")
    printed = printed_lines(decode_text(data), limits)
    lines, tagged = tables_apart(printed)
    kinds = line_kinds(lines)
    heads = running_heads(lines, kinds)
    pieces = _joined(_unstacked(_pieces(lines, kinds, tagged)), heads)
    blocks = tuple(with_continued_tables(list(_blocks(pieces, limits))))
    if not blocks:
        raise UnreadableDocument("nothing_printed" if printed else "empty_file")
    return Document(format="text", blocks=blocks)


# Grids ----------------------------------------------------------------------


class _Row(NamedTuple):
    """What stands between tabs or pipes, without markup, and on which lines."""

    texts: list[str]
    lines: Sequence[int]


# Signs, separators and the spaces that some exports put after them. A year alone
# is no figure: it heads columns.
_FIGURE = re.compile(r"(?!(?:19|20)\d\d$)[-+−(（]?[¥￥]?\d[\d,，.．\s]*[)）]?[%％]?")
_LONGEST_FIGURE = 40
_PLACEHOLDERS = frozenset({"-", "－", "—", "——", "/", "\\"})
_ORDINAL = re.compile(
    r"[（(]?[一二三四五六七八九十]+[、）)．.]|[（(]?\d{1,2}[、）)．.]|[①-⑳]|其中"
)
_FIRST_ORDINAL = re.compile(r"一[、.．]")
_MOST_HEADER_ROWS = 4


def _is_figure(text: str) -> bool:
    return len(text) <= _LONGEST_FIGURE and _FIGURE.fullmatch(text) is not None


def _is_word(text: str) -> bool:
    """Whether this is print that is no figure, nor a dash in place of one."""
    return bool(text) and text not in _PLACEHOLDERS and not _is_figure(text)


class _Grid:
    """A table in the making: its rows, and which columns hold figures."""

    def __init__(self, rows: list[_Row]) -> None:
        self.rows = rows
        self.width = max(len(row.texts) for row in rows)
        self.label = rows[0].texts[0].strip()

    @cached_property
    def head(self) -> list[_Row]:
        """The rows before the first figure, at most four of them."""
        for index, row in enumerate(self.rows[:_MOST_HEADER_ROWS]):
            if any(_is_figure(text.strip()) for text in row.texts):
                return self.rows[:index]
        return self.rows[:_MOST_HEADER_ROWS]

    @cached_property
    def kinds(self) -> tuple[Counter[int], Counter[int]]:
        """How many figures and how many words each column has below the head."""
        figures: Counter[int] = Counter()
        words: Counter[int] = Counter()
        for row in self.rows[len(self.head) :]:
            for column, printed in enumerate(row.texts):
                text = printed.strip()
                if _is_figure(text):
                    figures[column] += 1
                elif _is_word(text):
                    words[column] += 1
        return figures, words

    @cached_property
    def labels(self) -> set[str]:
        """What the rows begin with."""
        return {row.texts[0].strip() for row in self.rows}

    @property
    def is_line(self) -> bool:
        """Whether this is a line with a tab rather than a table."""
        return len(self.rows) == 1 and self.width <= 2

    def continues(self, first: _Grid) -> bool:
        """Whether this, with nothing in between, is more of the first grid.

        It must have as many columns. A header printed again is no new table;
        the same label above other values is. A row that starts empty or with an
        ordinal is data. Anything else is a header if it has words in a column
        that holds only figures.
        """
        if self.width != first.width:
            return False
        if _texts(self.rows[0]) == _texts(first.rows[0]):
            return True
        if not self.label or _ORDINAL.match(self.label):
            return True
        return self.label != first.label and not self._has_header_over(first)

    def _has_header_over(self, first: _Grid) -> bool:
        words = {
            column
            for row in self.head
            for column, text in enumerate(row.texts)
            if _is_word(text.strip())
        }
        all_figures, all_words = (
            own + others for own, others in zip(self.kinds, first.kinds, strict=True)
        )
        return any(all_figures[column] and not all_words[column] for column in words)

    @property
    def first_line(self) -> int:
        """The line in the file where the grid begins."""
        return self.rows[0].lines[0]

    @property
    def last_line(self) -> int:
        """The line in the file where the grid ends."""
        return self.rows[-1].lines[-1]

    def continues_below_head(self, first: _Grid) -> bool:
        """Whether this is more of the first grid with a running head in between.

        A form begins again on a new page below the same line: a header, printed
        again or not, says that it does.
        """
        return not self.head and self.continues(first)

    def continues_below_labels(self, first: _Grid) -> bool:
        """Whether this is more of the first grid, rows of labels alone in between.

        Such rows have lost their last fields, so these may have fewer. They begin
        with a figure, or with what is no header, and not with a label or number that
        the first grid has had: a second total is that of another table.
        """
        if self.width > first.width or _FIRST_ORDINAL.match(self.label):
            return False
        if self.label and self.label in first.labels:
            return False
        if not self.head:
            return True
        return (
            self.width == first.width
            and bool(first.kinds[0])
            and not self._has_header_over(first)
        )

    def extend(self, more: _Grid) -> None:
        """Append the rows of a grid that continues this one."""
        for own, others in zip(self.kinds, more.kinds, strict=True):
            own.update(others)
        self.labels.update(more.labels)
        self.rows.extend(more.rows)

    def extend_labels(self, lines: Iterable[Line]) -> None:
        """Append rows that print a label and nothing else."""
        rows = [_row(line, [line.text.strip()]) for line in lines]
        self.labels.update(row.texts[0] for row in rows)
        self.rows.extend(rows)


def _texts(row: _Row) -> list[str]:
    return [text.strip() for text in row.texts]


# Pieces ---------------------------------------------------------------------


class _Prose(NamedTuple):
    """A line outside tables."""

    line: Line
    kind: ParagraphKind = ParagraphKind.TEXT


class _Indented(NamedTuple):
    """Consecutive lines that have tabs only before their text."""

    lines: list[Line]


class _Piped(NamedTuple):
    """Consecutive lines between pipes, no delimiters below the first."""

    lines: list[Line]


class _Tagged(NamedTuple):
    """The lines of a table in HTML."""

    lines: list[Line]


_Piece = _Prose | _Indented | _Piped | _Tagged | _Grid


def _pieces(lines: list[Line], kinds: Kinds, tagged: Tagged) -> Iterator[_Piece]:
    """Every line, alone or in a run of rows, and the tables in HTML before it."""
    index = 0
    has_piped = False  # whether a pipe table stands above
    while index < len(lines):
        yield from map(_Tagged, tagged.get(index, ()))
        line = lines[index]
        start, index = index, index + 1
        if start in kinds:
            yield _Prose(line, kinds[start])
        elif _starts_pipe_table(lines, start):
            index = _run_end("|", lines, start, kinds)
            rows = [line, *lines[start + 2 : index]]  # without the delimiters
            has_piped = True
            yield _Grid([_pipe_fields(row) for row in rows])
        elif has_piped and _is_piped(line.text):
            index = _run_end("|", lines, start, kinds)
            yield _Piped(lines[start:index])
        elif line.has_tab:
            index = _run_end("\t", lines, start, kinds)
            run = lines[start:index]
            if all(row.is_indented_only for row in run):
                yield _Indented(run)
            else:
                yield _Grid([_tab_fields(row) for row in run])
        else:
            yield _Prose(line)
    yield from map(_Tagged, tagged.get(len(lines), ()))


def _run_end(mark: str, lines: list[Line], start: int, kinds: Kinds) -> int:
    """The index after the last of the consecutive lines with the mark."""
    end = start + 1
    while (
        end < len(lines)
        and end not in kinds
        and mark in lines[end].text
        and lines[end].number == lines[end - 1].number + 1
    ):
        end += 1
    return end


def _starts_pipe_table(lines: list[Line], start: int) -> bool:
    """Whether this is a line with pipes, and dashes between pipes below it."""
    return (
        start + 1 < len(lines)
        and "|" in lines[start].text
        and lines[start + 1].number == lines[start].number + 1
        and _is_delimiter(lines[start + 1].text)
    )


def _is_piped(text: str) -> bool:
    """Whether the line stands between pipes, as a row of a pipe table does."""
    text = text.strip()
    return len(text) > 2 and text.startswith("|") and text.endswith("|")


_DELIMITER = re.compile(r":?-+:?")
_PIPE = re.compile(r"(?<!\\)\|")


def _is_delimiter(text: str) -> bool:
    """Whether this is the row of dashes below the header of a pipe table."""
    parts = text.strip().strip("|").split("|")
    return "|" in text and all(_DELIMITER.fullmatch(part.strip()) for part in parts)


def _pipe_fields(line: Line) -> _Row:
    """The fields between pipes, without the spaces that only pad them."""
    parts = _PIPE.split(line.text.strip())
    if not parts[0]:
        del parts[0]
    if len(parts) > 1 and not parts[-1]:
        del parts[-1]
    texts = [part.strip().replace("\\|", "|") for part in parts]
    return _row(line, texts)


def _tab_fields(line: Line) -> _Row:
    return _row(line, line.text.split("\t"))


def _row(line: Line, texts: list[str]) -> _Row:
    if "<" in line.text or "&" in line.text:
        texts = [_without_markup(text) for text in texts]
    else:
        texts = ["" if text.isspace() else text for text in texts]
    return _Row(texts, [line.number] * len(texts))


_FEWEST_STACKED = 3
_FEWEST_PAIRS = 3
_MOST_MERGED = 4


def _unstacked(pieces: Iterable[_Piece]) -> Iterator[_Piece]:
    """Runs of indented lines as what they are: cells of rows, or paragraphs.

    Some exports write each cell on a line of its own, after a tab, and a blank
    line after each row. Runs of one length in succession show that; a total whose
    first cells are merged has fewer lines.
    """
    for is_stack, group in groupby(pieces, key=_is_stack):
        run = list(group)
        if is_stack:
            stacks = [piece.lines for piece in run if isinstance(piece, _Indented)]
            yield from _rows_of(stacks)
            continue
        for piece in run:
            if isinstance(piece, _Indented):
                yield from _printing(piece.lines)
            else:
                yield piece


def _is_stack(piece: _Piece) -> bool:
    """Whether each of the lines may be a cell."""
    return isinstance(piece, _Indented) and all(
        line.text.rfind("\t") == 0 for line in piece.lines
    )


def _printing(lines: Iterable[Line]) -> Iterator[_Prose]:
    return (_Prose(line) for line in lines if line.text.strip())


def _rows_of(stacks: list[list[Line]]) -> Iterator[_Piece]:
    """The grids of stacks that follow one another; paragraphs where none are seen."""
    rows = [_stacked_fields(lines) for lines in stacks]
    heights = Counter(len(row.texts) for row in rows)
    width = max(heights, key=lambda height: (heights[height], height))
    if width >= _FEWEST_STACKED and heights[width] > 1:
        rows = _with_merged_cells(rows, width)
    start = 0
    for height, group in groupby(len(row.texts) for row in rows):
        end = start + len(list(group))
        found = rows[start:end]
        if (height >= _FEWEST_STACKED and len(found) > 1) or _are_pairs(found):
            yield _Grid(found)
        else:
            for lines in stacks[start:end]:
                yield from _printing(lines)
        start = end


def _with_merged_cells(rows: list[_Row], width: int) -> list[_Row]:
    """The rows, those whose first cells are merged filled up to the width.

    They print a word and figures, in columns that have figures elsewhere, and the last
    merged column has words. Rows of a table of its own have a header of their length.
    """
    below = [row for row in rows if len(row.texts) == width][1:]
    figures = [
        any(_is_figure(row.texts[c].strip()) for row in below) for c in range(width)
    ]
    words = [any(_is_word(row.texts[c].strip()) for row in below) for c in range(width)]

    def merged(row: _Row) -> int:
        """How many cells are merged with the first; 0 if this is no such row."""
        more = width - len(row.texts)
        first, *others = map(str.strip, row.texts)
        fits = (
            0 < more <= _MOST_MERGED
            and words[more]
            and _is_word(first)
            and any(map(_is_figure, others))
            and not any(map(_is_word, others))
            and all(
                figures[column]
                for column, text in enumerate(others, start=more + 1)
                if _is_figure(text)
            )
        )
        return more if fits else 0

    of_others = {len(row.texts) for row in rows if not merged(row)}
    return [
        _Row(
            [row.texts[0], *[""] * merged(row), *row.texts[1:]],
            [row.lines[0], *[row.lines[0]] * merged(row), *row.lines[1:]],
        )
        if len(row.texts) not in of_others
        else row
        for row in rows
    ]


def _are_pairs(rows: list[_Row]) -> bool:
    """Whether rows of two cells are labels and figures below a header."""
    if len(rows) < _FEWEST_PAIRS or len(rows[0].texts) != 2:
        return False
    header, *others = ([text.strip() for text in row.texts] for row in rows)
    return (
        all(map(_is_word, header))
        and all(_is_word(label) and _may_be_label(label) for label, _ in others)
        and not any(_is_word(value) for _, value in others)
        and sum(_is_figure(value) for _, value in others) > 1
    )


def _piped_grid(piece: _Piped) -> _Grid:
    return _Grid([_pipe_fields(line) for line in piece.lines])


def _stacked_fields(lines: list[Line]) -> _Row:
    texts = [_without_markup(line.text[1:]) for line in lines]
    return _Row(texts, [line.number for line in lines])


def _joined(pieces: Iterable[_Piece], heads: Collection[str]) -> list[_Piece]:
    """The pieces with the parts of cut tables joined.

    :param heads: what the running heads of the pages say.
    """
    joined: list[_Piece] = []
    open_grid: _Grid | None = None  # the last grid, if more of it may follow
    between: list[Line] = []  # below it, without noise
    for piece in pieces:
        grid = _piped_grid(piece) if isinstance(piece, _Piped) else piece
        if isinstance(grid, _Grid):
            if open_grid is not None:
                if _goes_on(open_grid, grid, between, heads):
                    open_grid.extend(grid)
                    between = []
                    continue
                if _goes_on_below_labels(open_grid, grid, between):
                    del joined[-len(between) :]
                    open_grid.extend_labels(between)
                    open_grid.extend(grid)
                    between = []
                    continue
            if isinstance(piece, _Piped):
                open_grid = None
                joined.extend(map(_Prose, piece.lines))
                continue
            open_grid, between = grid, []
        elif not isinstance(piece, _Prose) or len(between) > _MOST_BETWEEN:
            open_grid = None
        elif open_grid is not None and piece.kind not in _NOISE:
            between.append(piece.line)
        joined.append(piece)
    return joined


def _goes_on(
    first: _Grid, more: _Grid, between: Sequence[Line], heads: Collection[str]
) -> bool:
    """Whether a grid is more of the first, nothing but page furniture in between."""
    if not between:
        return more.continues(first)
    return more.continues_below_head(first) and all(
        line.printed in heads or says_go_on(line.printed) for line in between
    )


def _goes_on_below_labels(first: _Grid, more: _Grid, between: Sequence[Line]) -> bool:
    """Whether the lines down to the next grid are rows of which tabs were dropped."""
    numbers = [line.number for line in between]
    return (
        bool(between)
        and numbers == list(range(first.last_line + 1, more.first_line))
        and all(_may_be_label(line.text.strip()) for line in between)
        and more.continues_below_labels(first)
    )


def _may_be_label(text: str) -> bool:
    """Whether a line alone may label a row: no title, unit, figure or sentence."""
    return (
        len(text) <= _LONGEST_LABEL
        and _LETTER.search(text) is not None
        and _NO_LABEL.search(text) is None
    )


_MOST_BETWEEN = 40
_LONGEST_LABEL = 40
_LETTER = re.compile(r"[^\W\d_]")
_NO_LABEL = re.compile(
    r"(?<!其中)[:：]|[。；;，,、！？|]$|[表图录]\d*$|^#|^第.{1,4}[部章节篇]"
)
_NOISE = frozenset({ParagraphKind.WATERMARK, ParagraphKind.PAGE_NUMBER})


# Blocks ---------------------------------------------------------------------

_BREAK_TAG = re.compile(
    r"</?(?:br|p|div|li|html|head|body)(?:\s[^<>]*)?/?>", re.IGNORECASE
)
# Only tags that dress text: "<2万元>" and "<项目名称>" are print. So are those of a
# table that is not whole: what stands between them must not run together.
_DRESS_TAG = re.compile(
    r"</?(?:b|strong|i|em|u|s|del|ins|font|span|sup|sub|small|big|center|mark)"
    r"(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")


def _blocks(pieces: Iterable[_Piece], limits: Limits) -> Iterator[Block]:
    budget = CellBudget(limits)
    for piece in pieces:
        if isinstance(piece, _Prose):
            text = _without_markup(piece.line.printed)
            yield from _paragraphs(text, piece.line.number, piece.kind)
        elif isinstance(piece, _Tagged):
            yield from blocks_within(piece.lines, budget)
        elif isinstance(piece, _Grid) and piece.is_line:
            row = piece.rows[0]
            text = "\t".join(row.texts)
            yield from _paragraphs(text, row.lines[0], ParagraphKind.TEXT)
        elif isinstance(piece, _Grid):
            budget.spend(len(piece.rows) * piece.width)
            table = _table(piece, budget)
            if any(cell.text for cell in table.cells):
                yield table


def _paragraphs(text: str, line: int, kind: ParagraphKind) -> Iterator[Paragraph]:
    """The paragraphs of a line: one, or more if it had tags that break it."""
    for part in text.split("\n"):
        if part.strip():
            yield Paragraph(part.strip(), line=line, kind=kind)


def _table(grid: _Grid, budget: CellBudget) -> Table:
    cells: list[Cell] = []
    for index, (texts, lines) in enumerate(grid.rows):
        for column, (text, line) in enumerate(zip(texts, lines, strict=True)):
            budget.check(text)
            cells.append(Cell(index, column, text, line=line))
        for column in range(len(texts), grid.width):
            cells.append(Cell(index, column, "", line=lines[-1]))
    return Table(
        row_count=len(grid.rows),
        column_count=grid.width,
        cells=tuple(cells),
        has_spans=False,
        line=grid.rows[0].lines[0],
    )


def _without_markup(text: str) -> str:
    """The text without tags, entities resolved; nothing if that prints nothing.

    Tags go first: what an entity stands for is print, a tag in it too.
    """
    if "<" in text:
        text, breaks = _BREAK_TAG.subn("\n", text)
        text = _DRESS_TAG.sub("", text)
        if breaks:
            parts = (part.strip() for part in text.split("\n"))
            text = "\n".join(part for part in parts if part)
    if "&" in text:
        text = _ENTITY.sub(_resolved, text)
    return text if text.strip() else ""


def _resolved(entity: re.Match[str]) -> str:
    """What a named or numbered entity stands for; unknown names stay."""
    name = entity[0][1:]
    return unescape(entity[0]) if name.startswith("#") or name in html5 else entity[0]
