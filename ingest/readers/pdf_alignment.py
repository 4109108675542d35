"""Tables without ruling lines: rows and columns from the alignment of their print.

A region becomes a table only if all of this holds: between its columns of figures
runs a free space through all lines that bear figures; the amounts of a column share
their right edge, their left edge or their middle; every column of figures has a
label above it, or the region goes on under a table with the same columns; and
every label stands in the middle of the columns that it covers. Otherwise the lines
stay lines. Where a text belongs is decided by where it stands, never by its order:
an empty cell stays empty in its own column.

Nothing but texts with boxes is needed, so it serves print read off images as well.
"""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median, quantiles

from ingest.document import Box
from ingest.readers.pdf_grid import Grid, build_grid
from ingest.readers.pdf_heads import (
    Block,
    Column,
    Head,
    Unsure,
    borders_of,
    overlapped,
    read_head,
)
from ingest.readers.pdf_text import Line
from ingest.readers.pdf_words import (
    LAST_OF_FIGURE,
    Word,
    em_of,
    is_chinese,
    words_of,
)

# All lengths are in ems.
_LINE_GAP = 2.5  # a wider gap between two lines ends a region
_TITLE_SIZE = 1.2  # print larger by this is a title
_RIVER = 0.25  # the free space between two columns
_ALIGNED = 0.5  # how far aligned edges may stand off their common edge
_SAME_ROW = 0.3  # the half height in which the lines of one row meet
_LEADING = 1.7  # the lines of one label are not farther apart
_TIGHTER = 0.85  # ... and nearer than the rows, by this factor
_FULL = 1.3  # less room than this at the end of a line means it was broken
_CUT = 1.1  # lines nearer to one another are lines of two cells in one row
_FEWEST_SIDE_BY_SIDE = 3  # lines that show two columns of labels ...
_MOST_BRIDGES = 0.2  # ... and the share of labels merged over both
_FEWEST_LINES = 3  # that show the columns, header included

# No row of a table: a sentence, a title, the unit of a table, a note below it.
_UNIT_TEXT = r"单位.{0,3}元|^[（(]?(?:人民币|金额)?\S?[:：]?[百千万亿]*元[)）]?$"
_BREAK = re.compile(
    rf"[。；;]$|表$|表[（(](?:续|\S{{0,8}}元)[)）]$|公开\S{{0,3}}表|{_UNIT_TEXT}"
    r"|^(?:编制|填报|预算)?(?:单位|部门)\S{0,4}[:：]|^[（(]?备?注\s*[\d一二三]?\s*[:：.]|续表"
    r"|(?:负责人|填表|制表|审核|经办|联系)\S{0,4}[:：]"
)
_UNIT = re.compile(_UNIT_TEXT)
_TITLE = re.compile(r"表$|表[（(]\S{0,8}[)）]$")
_ALIGNMENTS = ("right", "left", "centre")
_NUMBERS_COLUMNS = frozenset(("栏次", "栏目", "列次"))


@dataclass(slots=True)
class AlignedTable:
    """A table found by alignment, and the lines that are in it."""

    grid: Grid
    head: Head
    lines: list[Line]
    goes_on: bool  # whether it has the columns of the table before it

    @property
    def columns(self) -> list[Column]:
        """The columns, from left to right."""
        return self.head.columns


def aligned_tables(
    lines: Sequence[Line],
    page: int,
    before: AlignedTable | None = None,
    captioned: bool = False,
) -> list[AlignedTable]:
    """The tables that some lines of one page form, from the top down.

    The lines must be sorted from the top down, without what belongs to the page
    and not to the text. ``before`` is a table that ends on the page before and may go
    on at the top of this one, without a header or with its own printed again.
    ``captioned`` says that the caption of the first table stands above all lines.
    """
    em = _em(lines)
    words = _Words(em)
    if not any(map(words.bear_figures, lines)):
        return []
    found: list[AlignedTable] = []
    last: _Region | None = None
    for region in _regions(lines, words):
        table = None
        is_first = region.lines[0] is lines[0]
        region.captioned |= captioned and is_first
        if before is not None and is_first:
            table = _table_or_none(region, page, before)
        if table is None:
            table = _table_or_none(region, page, None)
        if table is not None:
            found.append(table)
        elif found and last is not None and _is_rest(region, last, found[-1]):
            found.pop()
        last = region
    return found


def _is_rest(region: _Region, last: _Region, table: AlignedTable) -> bool:
    """Whether lines that make no table look like the rest of the one above them.

    Then a line between them was taken for no row, and half a table would be read.
    """
    above = table.lines[-1] is last.lines[-1]
    gap = region.lines[0].box.top - last.lines[-1].box.bottom
    if not above or gap > 2 * _LINE_GAP * region.em or _is_titled(region, table):
        return False
    try:
        columns = columns_of([region.words[i] for i in region.bearing()], region.em)
    except Unsure:
        return False
    return _fit_known(columns, table.columns, region.em) is not None


def _is_titled(region: _Region, table: AlignedTable) -> bool:
    """Whether a title stands above some lines, in the middle of the table before."""
    if region.title is None:
        return region.captioned
    left, right = table.grid.columns[0], table.grid.columns[-1]
    box = region.title.box
    return abs(box.left + box.right - left - right) < 4 * region.em


def _table_or_none(
    region: _Region, page: int, before: AlignedTable | None
) -> AlignedTable | None:
    try:
        return _table(region, page, before)
    except Unsure:
        return None


@dataclass(slots=True)
class _Region:
    """Lines that may be one table, with their words.

    ``captioned`` says that the unit of a table stands right above; ``is_cut`` that
    a line which is no row stands so near that both may be one cell. ``title`` is the
    line right above, if it may be the title of a table.
    """

    lines: Sequence[Line]
    words: list[list[Word]]
    em: float
    captioned: bool
    is_cut: bool
    title: Line | None

    def bearing(self) -> list[int]:
        """The lines that bear figures beside something else."""
        return [i for i, words in enumerate(self.words) if _bears_figures(words)]


class _Words:
    """The words of lines, found once for all who ask.

    ``em`` is the usual size of print by which they are told.
    """

    def __init__(self, em: float) -> None:
        self.em = em
        self._known: dict[int, list[Word]] = {}

    def of(self, line: Line, number: int) -> list[Word]:
        """The words of a line, which is the one of this number from now on."""
        words = self._known.get(id(line))
        if words is None:
            words = self._known[id(line)] = words_of(line, number, self.em)
        for word in words:
            word.line = number
        return words

    def bear_figures(self, line: Line) -> bool:
        """Whether a line bears figures beside something else."""
        return _may_have_columns(line) and _bears_figures(self.of(line, 0))


def _may_have_columns(line: Line) -> bool:
    """Whether a line may bear figures: seen at once, for most lines of a page."""
    runs = line.runs
    return len(runs) > 1 and any(
        run.glyphs[-1][0][-1] in LAST_OF_FIGURE for run in runs
    )


def _em(lines: Sequence[Line]) -> float:
    """The usual size of lines that may bear figures; 0 without such lines."""
    runs = [run for line in lines if _may_have_columns(line) for run in line.runs]
    if runs and not any(map(is_chinese, runs)):
        runs += [run for line in lines for run in line.runs]
    return em_of(runs)


def _bears_figures(words: Sequence[Word]) -> bool:
    return len(words) > 1 and any(word.is_figure for word in words)


def _regions(lines: Sequence[Line], words: _Words) -> Iterator[_Region]:
    """Runs of lines that may be one table."""
    start = 0
    for number, line in enumerate(lines):
        if _is_break(line, words):
            yield from _region(lines, start, number, words)
            start = number + 1
        elif number > start:
            gap = line.box.top - lines[number - 1].box.bottom
            if gap > _LINE_GAP * words.em:
                yield from _region(lines, start, number, words)
                start = number
    yield from _region(lines, start, len(lines), words)


def _is_break(line: Line, words: _Words) -> bool:
    """Whether a line is no row: a title, a sentence, a note, the unit of a table."""
    if words.bear_figures(line):
        return False
    is_said = _BREAK.search(line.text) is not None
    return is_said or em_of(line.runs) > _TITLE_SIZE * words.em


def _region(
    lines: Sequence[Line], start: int, end: int, words: _Words
) -> Iterator[_Region]:
    inside = lines[start:end]
    em = _em(inside)
    if not em:
        return
    if em != words.em:
        words = _Words(em)
    before = lines[start - 1] if start else None
    after = lines[end] if end < len(lines) else None
    region = _Region(
        inside,
        [words.of(line, number) for number, line in enumerate(inside)],
        em,
        captioned=before is not None and _UNIT.search(before.text) is not None,
        title=before if before and _TITLE.search(before.text) else None,
        is_cut=any(
            other is not None and abs(middle(other) - middle(line)) < _CUT * em
            for other, line in ((before, inside[0]), (after, inside[-1]))
        ),
    )
    if region.bearing():
        yield region


def middle(line: Line) -> float:
    """The vertical middle of a line."""
    return (line.box.top + line.box.bottom) / 2


def _table(region: _Region, page: int, before: AlignedTable | None) -> AlignedTable:
    """The table of a region. Raises Unsure."""
    known = before.columns if before is not None else []
    em = region.em
    bearing = region.bearing()
    numbered = {i for i in bearing if _counts_columns(region.words[i])}
    shown = [region.words[i] for i in bearing if i not in numbered]
    first = [word for words in region.words[: bearing[0]] for word in words]
    columns = _flush_joined(columns_of(shown, em), shown, first, em)
    widened = _fit_known(columns, known, em)
    head = None
    if before is not None and widened is not None:
        head = _head_again(before.head, first, widened, em)
    if head is None:
        start = _start_of_body(region, bearing[0], columns)
        above = [word for words in region.words[:start] for word in words]
        head = _head(above, columns, widened, region)
    columns = head.columns
    goes_on = widened is not None and len(columns) == len(known)
    is_announced = region.captioned or region.title is not None
    fewest = _FEWEST_LINES - 1 if is_announced else _FEWEST_LINES
    if len(shown) + head.rows < fewest and not goes_on:
        raise Unsure("too few lines")
    end = _end_of_tail(region, bearing[-1], columns)
    if region.is_cut and end == len(region.words):
        raise Unsure("a row is cut off")
    in_head = {id(word) for block in head.blocks for word in block.words}
    body = [
        word
        for words in region.words[:end]
        for word in words
        if id(word) not in in_head and word.line not in head.dropped
    ]
    if any(word.middle < head.bottom for word in body):
        raise Unsure("print between the labels")
    rows = rows_of(body, numbered, columns, head.borders, em)
    _refuse_merged(rows, columns)
    numbers = {word.line for row in rows for block in row for word in block.words}
    numbers |= {word.line for block in head.blocks for word in block.words}
    inside = [region.lines[number] for number in sorted(numbers)]
    return AlignedTable(_grid(head, rows, page), head, inside, goes_on)


def _head(
    above: Sequence[Word],
    columns: Sequence[Column],
    widened: list[Column] | None,
    region: _Region,
) -> Head:
    """The header that some words form; an empty one, where a table goes on.

    Raises Unsure.
    """
    em = region.em
    try:
        return read_head(above, widened or columns, em, region.captioned)
    except Unsure:
        if widened is None:
            raise
    for word in above:
        over = overlapped(widened, word.left, word.right, em)
        if any(widened[index].has_figures for index in over):
            raise Unsure("labels above figures, but no header")
    return Head([], widened, borders_of(widened, {}, em), 0, float("-inf"))


def _head_again(
    head: Head, words: Sequence[Word], columns: list[Column], em: float
) -> Head | None:
    """The header of the page before, where its labels are printed again in place."""
    labels = [word for block in head.blocks for word in block.words]
    if not labels or len(words) < len(labels):
        return None
    again: dict[int, Word] = {}
    for old, new in zip(_by_place(labels), _by_place(words), strict=False):
        if old.text != new.text or abs(old.left - new.left) > _ALIGNED * em:
            return None
        again[id(old)] = new
    blocks = [
        replace(block, words=[again[id(word)] for word in block.words])
        for block in head.blocks
    ]
    bottom = max(word.middle for word in again.values())
    return Head(blocks, columns, head.borders, head.rows, bottom)


def _by_place(words: Sequence[Word]) -> list[Word]:
    """Words line by line, from left to right."""
    return sorted(words, key=lambda word: (word.line, word.left))


def _start_of_body(region: _Region, first: int, columns: Sequence[Column]) -> int:
    """The first row, which may have no figures and stand above those that have.

    It is one label alone, flush with the labels of the rows, below the label that
    heads them.
    """
    em = region.em
    while first > 1 and len(region.words[first - 1]) == 1:
        (word,) = region.words[first - 1]
        over = overlapped(columns, word.left, word.right, em)
        if len(over) != 1 or columns[over[0]].has_figures:
            return first
        column = columns[over[0]]
        low = columns[over[0] - 1].right if over[0] else float("-inf")
        high = columns[over[0] + 1].left if over[0] + 1 < len(columns) else float("inf")
        heads = [
            other
            for words in region.words[: first - 1]
            for other in words
            if low < other.left and other.right < high
            if abs(other.left - column.edge) > _RIVER * em
        ]
        if (
            column.alignment != "left"
            or abs(word.left - column.edge) > _RIVER * em
            or not heads
            or any(
                abs(one.centre - word.centre) < em or word.middle - one.middle < em / 2
                for one in heads
            )
        ):
            return first
        first -= 1
    return first


def _counts_columns(words: Sequence[Word]) -> bool:
    """Whether a line numbers the columns: 1, 2, 3, …, or says so itself."""
    figures = [word.text for word in words if word.is_figure]
    is_named = words[0].text in _NUMBERS_COLUMNS
    return (len(figures) > 2 or is_named) and all(
        text.isdecimal() and int(text) == number
        for number, text in enumerate(figures, 1)
    )


# Columns --------------------------------------------------------------------


def columns_of(bearing: Sequence[Sequence[Word]], em: float) -> list[Column]:
    """The columns that lines with figures show. Raises Unsure."""
    words = sorted((w for line in bearing for w in line), key=lambda word: word.left)
    groups: list[list[Word]] = []
    right = float("-inf")
    for word in words:
        if word.left - right < _RIVER * em and groups:
            groups[-1].append(word)
        else:
            groups.append([word])
        right = max(right, word.right)
    groups = [part for group in groups for part in _without_bridges(group, em)]
    if len(groups) < 2:
        raise Unsure("one column")
    columns = [_column(group, em) for group in groups]
    _align_alike(columns, groups, em)
    if not any(column.has_figures for column in columns):
        raise Unsure("no column of figures")
    return columns


def _without_bridges(words: list[Word], em: float) -> Iterator[list[Word]]:
    """Words of one column, or of codes and names that a few merged labels bridge.

    A total under both is printed from the codes into the names. Two columns are
    seen on lines that bear a word of each.
    """
    codes = [word for word in words if word.is_figure]
    if len(codes) < _FEWEST_SIDE_BY_SIDE or any(word.is_amount for word in codes):
        yield words
        return
    end = max(word.right for word in codes)
    names = [word for word in words if word.left - end >= _RIVER * em]
    bridges = [w for w in words if not w.is_figure and w.left - end < _RIVER * em]
    beside = {word.line for word in codes} & {word.line for word in names}
    if (
        len(beside) < _FEWEST_SIDE_BY_SIDE
        or not bridges
        or len(bridges) > _MOST_BRIDGES * len(beside)
        or {word.line for word in bridges} & {word.line for word in (*codes, *names)}
        or not _alignment(names, ("left", "centre"), em)
    ):
        yield words
        return
    yield codes
    yield names


def _flush_joined(
    columns: list[Column],
    lines: Sequence[Sequence[Word]],
    labels: Sequence[Word],
    em: float,
) -> list[Column]:
    """The columns, with figures flush left and flush right under one label made one.

    No line bears two of them and the label stands in their middle: an amount that was
    typed as text, or numbers of lines in rows without amounts.
    """
    joined: list[Column] = []
    for column in columns:
        last = joined[-1] if joined else None
        if last is not None and _is_one_column(last, column, lines, labels, em):
            joined[-1] = Column(
                last.left,
                column.right,
                "right" if column.alignment == "right" else "",
                column.edge,
                has_amounts=last.has_amounts or column.has_amounts,
                has_figures=True,
            )
        else:
            joined.append(column)
    return joined


def _is_one_column(
    one: Column,
    other: Column,
    lines: Sequence[Sequence[Word]],
    labels: Sequence[Word],
    em: float,
) -> bool:
    both = [one, other]
    if not all(column.has_figures for column in both):
        return False
    over = [w for w in labels if one.left < w.right and w.left < other.right]
    middle = (one.left + other.right) / 2
    centred = [word for word in over if abs(word.centre - middle) < _RIVER * em]
    return (
        len(centred) == 1
        and not any(
            overlapped(both, word.left, word.right, em)
            for word in over
            if word is not centred[0]
        )
        and not any(
            sum(one.left <= word.centre <= other.right for word in line) > 1
            for line in lines
        )
    )


def _align_alike(
    columns: Sequence[Column], groups: Sequence[Sequence[Word]], em: float
) -> None:
    """Align amounts that share several edges as those of the other columns are."""
    amounts = [[word for word in group if word.is_amount] for group in groups]
    kinds = [_closest(inside, em) if inside else set() for inside in amounts]
    sure = {kind for shared in kinds if len(shared) == 1 for kind in shared}
    if len(sure) != 1:
        return
    (kind,) = sure
    for column, inside, shared in zip(columns, amounts, kinds, strict=True):
        if kind in shared:
            column.alignment, column.edge = kind, _edge(inside, kind)


def _closest(words: Sequence[Word], em: float) -> set[str]:
    """The alignments that words keep best; several, where nothing tells."""
    spreads = {}
    for kind in _ALIGNMENTS:
        edges = [_edge_of(word, kind) for word in words]
        spreads[kind] = max(edges) - min(edges)
    best = min(spreads.values())
    return {kind for kind, spread in spreads.items() if spread < best + _RIVER * em}


def _column(words: Sequence[Word], em: float) -> Column:
    figures = [word for word in words if word.is_figure]
    amounts = [word for word in words if word.is_amount]
    texts = [word for word in words if not (word.is_figure or word.is_blank_mark)]
    if amounts:
        alignment = _alignment(amounts, _ALIGNMENTS, em)
    elif texts:
        alignment = _alignment(texts, ("left", "centre"), em)
    else:
        # Codes of one length are aligned in every way.
        shared = {_alignment(figures, (one,), em) for one in _ALIGNMENTS} - {""}
        alignment = shared.pop() if len(shared) == 1 else ""
    if amounts and (not alignment or texts):
        raise Unsure("amounts without alignment, or texts among them")
    return Column(
        left=min(word.left for word in words),
        right=max(word.right for word in words),
        alignment=alignment,
        edge=_edge(amounts or figures or texts, alignment),
        has_amounts=bool(amounts),
        has_figures=bool(figures) and not texts,
    )


def _alignment(words: Sequence[Word], kinds: Sequence[str], em: float) -> str:
    """The first of some alignments that the words have; ``""`` for none."""
    for kind in kinds:
        edges = [_edge_of(word, kind) for word in words]
        if edges and max(edges) - min(edges) <= 2 * _ALIGNED * em:
            return kind
    return ""


def _edge(words: Sequence[Word], alignment: str) -> float:
    return median(_edge_of(word, alignment) for word in words) if words else 0.0


def _edge_of(one: Word | Column, alignment: str) -> float:
    if alignment == "right":
        return one.right
    return one.left if alignment == "left" else (one.left + one.right) / 2


def _fit_known(
    columns: Sequence[Column], known: Sequence[Column], em: float
) -> list[Column] | None:
    """The known columns, widened to hold the new ones; None if these do not fit."""
    if not known:
        return None
    widened = [
        Column(k.left, k.right, k.alignment, k.edge, k.has_amounts, k.has_figures)
        for k in known
    ]
    for column in columns:
        over = overlapped(known, column.left, column.right, em)
        if len(over) != 1:
            return None
        one = widened[over[0]]
        # Amounts of one width share all edges: then the known one has to fit.
        edges = column.edge, _edge_of(column, one.alignment)
        if column.has_amounts and (
            not one.has_figures
            or min(abs(edge - one.edge) for edge in edges) > _ALIGNED * em
        ):
            return None
        one.left, one.right = min(one.left, column.left), max(one.right, column.right)
    if any(one.right >= other.left for one, other in pairwise(widened)):
        return None
    return widened


# Rows -----------------------------------------------------------------------


def _end_of_tail(region: _Region, last: int, columns: Sequence[Column]) -> int:
    """Where the lines below the last figures are no rows of the table any more.

    Raises Unsure.
    """
    for number in range(last + 1, len(region.words)):
        previous, words = region.words[number - 1], region.words[number]
        gap = words[0].middle - previous[0].middle
        fits = all(
            len(over := overlapped(columns, word.left, word.right, region.em)) == 1
            and (word.is_blank_mark or not columns[over[0]].has_figures)
            for word in words
        )
        if gap > _LINE_GAP * region.em:
            return number
        if not fits:
            if len(words) > 1:
                raise Unsure("a row that does not fit the columns")
            return number
    return len(region.words)


def rows_of(
    words: Sequence[Word],
    numbered: Set[int],
    columns: Sequence[Column],
    borders: Sequence[float],
    em: float,
) -> list[list[Block]]:
    """The rows of the body, from the top down. Raises Unsure."""
    amounts = {
        word.line
        for word in words
        if word.is_figure
        and (over := overlapped(columns, word.left, word.right, em))
        and columns[over[0]].has_amounts
    }
    by_place: dict[tuple[int, int], list[Word]] = {}
    for word in words:
        if word.line in numbered:
            index = bisect(borders, word.centre, 1, len(columns)) - 1
            place = index, index
        else:
            place = _place(word, columns, borders, em)
            place = _reaching(word, place, words, borders, em)
        by_place.setdefault(place, []).append(word)
    pitch = _pitch(words, amounts, em)
    blocks: list[Block] = []
    for (first, last), inside in by_place.items():
        column = _Column(
            lines=_lines(inside),
            amounts=amounts,
            pitch=pitch,
            printed=max(word.right for word in inside),
            border=borders[last + 1],
            em=em,
        )
        for lines in column.cells():
            blocks.append(Block([w for line in lines for w in line], first, last))
    return _gathered(blocks, em)


def _place(
    word: Word, columns: Sequence[Column], borders: Sequence[float], em: float
) -> tuple[int, int]:
    """The first and the last column of a word. Raises Unsure."""
    over = overlapped(columns, word.left, word.right, em)
    if len(over) == 1:
        return over[0], over[0]
    if word.is_figure:
        raise Unsure("a figure in no column or in two")
    if over:
        return over[0], over[-1]
    right = sum(column.right < word.centre for column in columns)
    if 0 < right < len(columns):
        middle = (borders[right - 1] + borders[right + 1]) / 2
        if abs(middle - word.centre) < _ALIGNED * em:
            return right - 1, right
        distances = (
            (word.left - columns[right - 1].right, right - 1),
            (columns[right].left - word.right, right),
        )
        index = min(distances)[1]
    else:
        index = min(right, len(columns) - 1)
    if columns[index].has_figures:
        raise Unsure("a text between the columns")
    return index, index


def _reaching(
    word: Word,
    place: tuple[int, int],
    words: Sequence[Word],
    borders: Sequence[float],
    em: float,
) -> tuple[int, int]:
    """The columns of a word that may reach over the next cell, if that is empty.

    Raises Unsure.
    """
    first, last = place
    low, high = borders[first], borders[last + 1]
    if word.left >= low - _ALIGNED * em and word.right <= high + _ALIGNED * em:
        return place
    if word.left < low - _ALIGNED * em or word.is_figure or last + 2 == len(borders):
        raise Unsure("a text that reaches out of its cell")
    high = borders[last + 2]
    if word.right > high or any(
        other.line == word.line and other.right > word.right and other.left < high
        for other in words
    ):
        raise Unsure("a text that reaches out of its cell")
    return first, last + 1


def _lines(words: Sequence[Word]) -> list[list[Word]]:
    """Words of one column by the line on which they stand. Raises Unsure."""
    lines: dict[int, list[Word]] = {}
    for word in words:
        lines.setdefault(word.line, []).append(word)
    for line in lines.values():
        if len(line) > 1 and any(word.is_amount for word in line):
            raise Unsure("an amount beside another text in one cell")
    return [lines[number] for number in sorted(lines)]


def _pitch(words: Sequence[Word], amounts: Set[int], em: float) -> float:
    """How far apart the nearest rows with amounts are."""
    middles = sorted({w.line: w.middle for w in words if w.line in amounts}.values())
    steps = [b - a for a, b in pairwise(middles) if b - a > 0.8 * em]
    if not steps:
        return float("inf")
    return quantiles(steps, n=10)[0] if len(steps) > 9 else min(steps)


@dataclass(slots=True)
class _Column:
    """The lines of one column of the body, and what tells rows from broken lines.

    ``printed`` is how far its print reaches, ``border`` where its cells end.
    """

    lines: list[list[Word]]
    amounts: Set[int]
    pitch: float
    printed: float
    border: float
    em: float

    def cells(self) -> Iterator[list[list[Word]]]:
        """The lines, gathered by cell. Raises Unsure."""
        is_ragged = self._is_ragged()
        cell = self.lines[:1]
        for upper, lower in pairwise(self.lines):
            if not self._is_broken(upper, lower, is_ragged):
                yield cell
                cell = []
            cell.append(lower)
        if cell:
            yield cell

    def _room(self, line: Sequence[Word]) -> float:
        """How much farther other lines reach, in ems."""
        return (self.printed - line[-1].right) / self.em

    def _is_ragged(self) -> bool:
        """Whether lines near one another end anywhere, as those of rows do."""
        near = [
            self._room(upper)
            for upper, lower in pairwise(self.lines)
            if lower[0].middle - upper[0].middle <= _LEADING * self.em
        ]
        return 2 * sum(room >= 2 * _FULL for room in near) >= len(near)

    def _is_broken(
        self, upper: Sequence[Word], lower: Sequence[Word], is_ragged: bool
    ) -> bool:
        """Whether two lines are one text that was broken. Raises Unsure."""
        if upper[0].line in self.amounts and lower[0].line in self.amounts:
            return False
        step = lower[0].middle - upper[0].middle
        if step > _LEADING * self.em:
            return False
        is_near = step < _TIGHTER * self.pitch and not is_ragged
        if self._room(upper) >= (2 * _FULL if is_near else _FULL):
            if is_near:
                raise Unsure("lines nearer than rows, one of them not full")
            return False
        has_room = (self.border - upper[-1].right) / self.em >= 2 * _FULL
        if is_near or not has_room:
            return True
        if is_ragged:
            return False  # only the longest of the labels
        raise Unsure("labels that may be broken or may be rows")


def _gathered(blocks: list[Block], em: float) -> list[list[Block]]:
    """Blocks that stand beside one another, row by row. Raises Unsure."""
    rows: list[list[Block]] = []
    bottom = float("-inf")
    for block in sorted(blocks, key=lambda one: one.first_middle):
        if block.first_middle - _SAME_ROW * em < bottom:
            rows[-1].append(block)
        else:
            rows.append([block])
        bottom = max(bottom, block.last_middle + _SAME_ROW * em)
    for row in rows:
        row.sort(key=lambda block: block.first)
        if any(one.last >= other.first for one, other in pairwise(row)):
            raise Unsure("two texts of one row in one column")
    return rows


def _refuse_merged(rows: Sequence[Sequence[Block]], columns: Sequence[Column]) -> None:
    """Refuse labels that may each stand in the middle of several rows.

    Nothing tells how far a merged cell reaches that nobody drew. Raises Unsure.
    """
    for index, column in enumerate(columns):
        if column.has_figures:
            continue
        places = [
            number
            for number, row in enumerate(rows)
            if any(block.first <= index <= block.last for block in row)
        ]
        words = [
            word
            for place in places
            for block in rows[place]
            if block.first <= index <= block.last
            for word in block.words
        ]
        if 2 * sum(word.is_figure for word in words) > len(words):
            continue  # codes, which every row has of its own
        end = 0
        for place in places:
            end = 2 * place - end + 1
        if end == len(rows) and len(places) < len(rows):
            raise Unsure("labels in the middle of several rows")


# The grid -------------------------------------------------------------------


def _grid(head: Head, rows: Sequence[Sequence[Block]], page: int) -> Grid:
    """The grid of a header and of rows, with borders between its print."""
    heads: list[list[Block]] = [[] for _ in range(head.rows)]
    for block in head.blocks:
        heads[block.row].append(block)
    for number, row in enumerate(rows):
        for block in row:
            block.row, block.row_span = head.rows + number, 1
    placed = [*heads, *rows]
    edges = row_edges(placed)
    boxes = [
        Box(
            head.borders[block.first],
            edges[block.row],
            head.borders[block.last + 1],
            edges[block.row + block.row_span],
        )
        for row in placed
        for block in row
    ]
    grid = build_grid(boxes, page, columns=head.borders, rows=edges)
    cells = {(cell.row, cell.column): cell for cell in grid.cells}
    for row in placed:
        for block in row:
            cells[block.row, block.first].runs += [
                run for word in block.words for run in word.runs
            ]
    return grid


def row_edges(rows: Sequence[Sequence[Block]]) -> list[float]:
    """Where the borders between the rows would be drawn."""
    tops = [min(w.top for b in row for w in b.words) for row in rows]
    bottoms = [
        max((w.bottom for b in row if b.row_span == 1 for w in b.words), default=top)
        for row, top in zip(rows, tops, strict=True)
    ]
    edges = [tops[0]]
    for bottom, top in zip(bottoms, tops[1:], strict=False):
        edges.append(max((bottom + top) / 2, edges[-1] + 1))
    edges.append(max(max(bottoms), edges[-1] + 1))
    return edges
