"""Mends what a page break cut: rows, and labels merged over several rows.

A row is taken for cut only if the table shows it: a column that every other row
fills is empty in one of the two halves, or one half alone of all rows has no figures,
and the label above the break has no room left in its line or an open bracket that is
closed below; or if a figure above the break lacks decimals which the others of its
column have, and those stand below it. Where decimals tell nothing, a figure that fills
its cell above digits in a row without a name may go on there or not: both are given in
one cell, which nobody takes for an amount. A merged label goes on where the cell below
the break is empty.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass

from ingest.document import Box, Cell
from ingest.readers.pdf_figures import is_piece, may_be_one, whole_figure
from ingest.readers.pdf_text import continued

_FEWEST_ROWS = 3  # that show that every row fills a column
_WRAP_ROOM = 1.3  # line heights; less room at the end of a line means it was broken
_LETTER = 0.5  # line heights; the width of a letter or digit

_UNBROKEN = re.compile(r"[!-~]*")  # a word or number goes to the next line whole

_OPENING = re.compile(r"[（(]")
_CLOSING = re.compile(r"[）)]")
_HEADING = re.compile(r".*[：:]|[一二三四五六七八九十]+、.*", re.DOTALL)
_FIGURE = re.compile(r"[-+(（]?\d[\d,， ]*(?:\.\s?\d+)?%?[)）]?")


@dataclass(frozen=True, slots=True)
class Seam:
    """Where a table goes on on another page.

    ``row`` is the first row there, ``header`` the number of header rows printed
    again, ``room`` what the last lines of the cells above leave free, in line heights.
    """

    row: int
    header: int
    room: Mapping[Box, float]

    def is_full(self, cell: Cell, rest: str = "") -> bool:
        """Whether a cell above has no room left for the first word of ``rest``."""
        if cell.box is None or cell.box not in self.room:
            return False
        word = _UNBROKEN.match(rest)
        letters = max(len(word[0]) if word else 0, 1)
        return self.room[cell.box] < _WRAP_ROOM + _LETTER * (letters - 1)


def mended(
    cells: Sequence[Cell], seam: Seam, decimals: Mapping[int, int]
) -> list[Cell]:
    """The cells with what the break cut made one again, where that is certain.

    ``decimals`` says how many decimals the figures of a column have.
    """
    below = seam.row + seam.header
    above = {c.column: c for c in cells if c.row + c.row_span == seam.row}
    first = {c.column: c for c in cells if c.row == below}
    if _is_one_row(cells, above, first, seam, decimals):
        return _with_joined_row(cells, above, first, below)
    if figures := _figures_of_no_row(cells, above, first, seam, decimals):
        halves = ((above[column].text, first[column].text) for column in figures)
        doubtful = set() if any(is_piece(*pair) for pair in halves) else figures
        return _with_joined_row(cells, above, first, below, doubtful)
    if not seam.header:
        return _with_joined_labels(cells, above, first)
    return list(cells)


def _is_one_row(
    cells: Sequence[Cell],
    above: dict[int, Cell],
    first: dict[int, Cell],
    seam: Seam,
    decimals: Mapping[int, int],
) -> bool:
    """Whether the rows above and below a break are halves of one row."""
    if not _same_places(above, first):
        return False
    broken = {c for c, cell in above.items() if cell.text and first[c].text}
    cut = {
        column
        for column in broken
        if whole_figure((above[column].text, first[column].text), column, decimals)
    }
    if cut:
        others = {
            c for c in broken - cut if _may_be_one(above, first, seam, c, decimals)
        }
        return _goes_on_below(above, first, seam, cut | others)
    if not broken or any(
        _is_figure(above[column]) or _is_figure(first[column]) for column in broken
    ):
        return False
    going_on = {c for c in broken if _may_go_on(above[c], first[c], seam)}
    if going_on and _has_no_figures_alone(cells, above, first, seam):
        return not any(_HEADING.fullmatch(first[column].text) for column in broken)
    if going_on != broken:
        return False
    filled = _always_filled(cells, {seam.row - 1, seam.row + seam.header}) - broken
    return bool(filled) and all(
        column in above and bool(above[column].text) is not bool(first[column].text)
        for column in filled
    )


def _same_places(above: dict[int, Cell], first: dict[int, Cell]) -> bool:
    """Whether two rows have the same cells, none merged with another row's."""
    return above.keys() == first.keys() and all(
        cell.row_span == first[column].row_span == 1
        and cell.column_span == first[column].column_span
        for column, cell in above.items()
    )


def _figures_of_no_row(
    cells: Sequence[Cell],
    above: dict[int, Cell],
    first: dict[int, Cell],
    seam: Seam,
    decimals: Mapping[int, int],
) -> set[int]:
    """The columns of figures that may go on below a break, if no row begins there.

    It lacks what every other row has, and prints nothing but digits below figures that
    fill their cells, and words that go on.
    """
    if not _same_places(above, first):
        return set()
    filled = _always_filled(cells, {seam.row - 1, seam.row + seam.header})
    lacking = {c for c in filled & above.keys() if above[c].text and not first[c].text}
    printed = {column for column, cell in first.items() if cell.text}
    figures = {
        column
        for column in printed
        if lacking
        and column > min(lacking)
        and _may_be_one(above, first, seam, column, decimals)
    }
    words = printed - figures
    if any(
        not above[column].text
        or _is_figure(first[column])
        or not _may_go_on(above[column], first[column], seam)
        for column in words
    ):
        return set()
    return figures


def _may_be_one(
    above: dict[int, Cell],
    first: dict[int, Cell],
    seam: Seam,
    column: int,
    decimals: Mapping[int, int],
) -> bool:
    """Whether a figure fills its cell above a break, and digits below go on with it."""
    cell = above[column]
    return seam.is_full(cell) and may_be_one(
        cell.text, first[column].text, column, decimals
    )


def _may_go_on(cell: Cell, rest: Cell, seam: Seam) -> bool:
    """Whether the words below a break may be the end of those above it.

    其中： and 二、 begin something else.
    """
    if _HEADING.fullmatch(rest.text):
        return False
    is_open = len(_OPENING.findall(cell.text)) > len(_CLOSING.findall(cell.text))
    is_closed = is_open and _CLOSING.search(rest.text) is not None
    return is_closed or seam.is_full(cell, rest.text)


def _goes_on_below(
    above: dict[int, Cell], first: dict[int, Cell], seam: Seam, cut: Set[int]
) -> bool:
    """Whether a row has nothing but the rest of labels and of figures that are cut."""
    return all(
        not _is_figure(cell)
        or column in cut
        or (above[column].text.isdigit() and seam.is_full(above[column]))
        for column, cell in first.items()
    )


def _is_figure(cell: Cell) -> bool:
    return _FIGURE.fullmatch(cell.text) is not None


def _has_no_figures_alone(
    cells: Sequence[Cell], above: dict[int, Cell], first: dict[int, Cell], seam: Seam
) -> bool:
    """Whether every row of a table has figures but one of the two at a break."""
    with_figures = [any(map(_is_figure, row.values())) for row in (above, first)]
    if all(with_figures) or not any(with_figures):
        return False
    rows: dict[int, list[Cell]] = {}
    for cell in cells:
        if cell.row not in (seam.row - 1, seam.row + seam.header):
            rows.setdefault(cell.row, []).append(cell)
    bearing = {row for row, them in rows.items() if any(map(_is_figure, them))}
    if len(bearing) < _FEWEST_ROWS:
        return False
    heads = {_printed(them) for row, them in rows.items() if row < min(bearing)}
    return all(row in bearing or _printed(them) in heads for row, them in rows.items())


def _printed(row: Sequence[Cell]) -> tuple[tuple[int, str], ...]:
    return tuple((cell.column, cell.text) for cell in row)


def _always_filled(cells: Sequence[Cell], without: Set[int]) -> set[int]:
    """The columns that are filled in all rows with figures but those at a break."""
    rows: dict[int, set[int]] = {}
    bearing: set[int] = set()
    for cell in cells:
        if cell.text and cell.row not in without:
            rows.setdefault(cell.row, set()).add(cell.column)
            if _is_figure(cell):
                bearing.add(cell.row)
    if len(bearing) < _FEWEST_ROWS:
        return set()
    return set.intersection(*(rows[row] for row in bearing))


def _with_joined_row(
    cells: Sequence[Cell],
    above: dict[int, Cell],
    first: dict[int, Cell],
    below: int,
    doubtful: Set[int] = frozenset(),
) -> list[Cell]:
    """The cells with two rows made one; ``doubtful`` are figures that may be two."""
    joined = []
    for cell in cells:
        if cell.row == below:
            continue
        if above.get(cell.column) is cell and first[cell.column].text:
            rest = first[cell.column]
            if cell.column in doubtful:
                cell = cell._replace(text=f"{cell.text} {rest.text}")
            elif cell.text:
                cell = cell._replace(text=continued(cell.text, rest.text))
            else:
                cell = cell._replace(text=rest.text, page=rest.page, box=rest.box)
        joined.append(cell._replace(row=cell.row - 1) if cell.row > below else cell)
    return joined


def _with_joined_labels(
    cells: Sequence[Cell], above: dict[int, Cell], first: dict[int, Cell]
) -> list[Cell]:
    """The cells with labels merged over the break made one."""
    longer: dict[Cell, Cell] = {}
    dropped: set[Cell] = set()
    for column, cell in above.items():
        rest = first.get(column)
        if rest is None or rest.column_span != cell.column_span or cell.row_span == 1:
            continue
        if bool(cell.text) is bool(rest.text) or _is_figure(cell) or _is_figure(rest):
            continue
        if rest.text and rest.row_span == 1:
            continue
        whole = cell._replace(row_span=cell.row_span + rest.row_span)
        if rest.text:
            whole = whole._replace(text=rest.text, page=rest.page, box=rest.box)
        longer[cell] = whole
        dropped.add(rest)
    return [longer.get(cell, cell) for cell in cells if cell not in dropped]
