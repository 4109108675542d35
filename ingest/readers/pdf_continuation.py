"""Tables that go on over several pages become one.

A grid goes on on the next page if nothing but furniture stands below it on its
own page and above the next one, and if both have the same columns at the same
place. A grid of fewer cells, such as a row of totals alone on the last page,
has the same columns if all its ruling lines are among the other's. A caption above
the next one that says 续表, or that is printed again with the header on a page that
the table fills, parts nothing either.

A row that the page break cuts becomes one again, and so does a merged label, and a
figure that its narrow column prints on several lines.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ingest.document import Box, Cell, Table
from ingest.readers.pdf_figures import decimals_by_column, whole_figure
from ingest.readers.pdf_grid import Grid, GridCell
from ingest.readers.pdf_page import PageContent
from ingest.readers.pdf_seams import Seam, mended
from ingest.readers.pdf_sides import is_right_half
from ingest.readers.pdf_text import lines_of

_SAME_LINE = 3.0  # points; how far the same ruling line may move between pages
_FULL_PAGE = 0.7  # a table that ends below this part of its page may have filled it
_MOST_HEADER_ROWS = 8
_MARGINS = 12.0  # points; what Word leaves free at both sides of a cell

_CONTINUED = re.compile(r"[（(]续[表页]?\d*[)）]|^续(?:上?[表页]|前表)?\d*")
_FIGURE = re.compile(r"[-+(（]?\d[\d,， ]*(?:\.\s?\d+)?%?[)）]?")
_PARTED_FIGURE = re.compile(r"[-+(（]?\d[\d,，.]*(?: [\d,，.]+)+[)）]?")


@dataclass(slots=True)
class Part:
    """A grid on its page."""

    grid: Grid
    page: PageContent


def chains(pages: Sequence[PageContent], furniture: set[int]) -> list[list[Part]]:
    """The parts of every table, in reading order; frames of one text are left out.

    ``furniture`` holds the identities of the lines that do not part a table.
    """
    tables: list[list[Part]] = []
    open_table: list[Part] | None = None
    for page in pages:
        grids = sorted(page.grids, key=lambda grid: (grid.rows[0], grid.columns[0]))
        for index, grid in enumerate(grids):
            if (
                index == 0
                and open_table is not None
                and page.number == open_table[-1].page.number + 1
                and _same_columns(open_table, grid)
                and not is_right_half(open_table[-1].grid, grid)
                and _has_no_caption_of_its_own(open_table, Part(grid, page), furniture)
            ):
                open_table.append(Part(grid, page))
            elif grid.frames_one_text:
                continue
            else:
                open_table = [Part(grid, page)]
                tables.append(open_table)
        open_table = _still_open(open_table, page, furniture)
    return tables


def _still_open(
    table: list[Part] | None, page: PageContent, furniture: set[int]
) -> list[Part] | None:
    """The table, if it ends its page and may go on on the next one."""
    if table is None or table[-1].page is not page:
        return None
    end = table[-1].grid.rows[-1]
    below = any(grid.rows[0] > end for grid in page.grids)
    if below or _lines_below(page, furniture, end):
        return None
    return table


def _has_no_caption_of_its_own(
    table: Sequence[Part], part: Part, furniture: set[int]
) -> bool:
    """Whether what stands above a grid, if anything, belongs to the table before."""
    above = _texts_above(part, furniture)
    if not above:
        return True
    known = {_squeezed(text) for text in _texts_above(table[0], furniture)}
    unmarked = [_CONTINUED.sub("", _squeezed(text)) for text in above]
    if any(text and text not in known for text in unmarked):
        return False
    is_marked = unmarked != [_squeezed(text) for text in above]
    return is_marked or _fills_page_and_repeats(table, part)


def _fills_page_and_repeats(table: Sequence[Part], part: Part) -> bool:
    """Whether a table fills its page, and the next grid has its header and figures."""
    last = table[-1]
    header = _repeated_header(table[0], part)
    texts = [_texts_of(part, row) for row in range(header, len(part.grid.rows) - 1)]
    with_figures = sum(
        any(column and _FIGURE.fullmatch(text) for column, text in row.items())
        for row in texts
    )
    return (
        header > 0
        and last.grid.rows[-1] > _FULL_PAGE * last.page.height
        and 2 * with_figures >= len(texts)
    )


def _texts_above(part: Part, furniture: set[int]) -> list[str]:
    """The texts above a grid on its page, in their lines."""
    return [
        line.text
        for line in part.page.lines
        if id(line) not in furniture
        and (line.box.top + line.box.bottom) / 2 < part.grid.rows[0]
    ]


def _squeezed(text: str) -> str:
    return "".join(text.split())


def _texts_of(part: Part, row: int) -> dict[int, str]:
    """What a grid prints in a row, by column."""
    return {
        cell.column: text
        for cell in part.grid.cells
        if cell.row == row and (text := cell.text)
    }


def _repeated_header(first: Part, part: Part) -> int:
    """How many of the first rows are the first rows of the table again."""
    rows = min(len(first.grid.rows), len(part.grid.rows)) - 1
    for row in range(min(rows, _MOST_HEADER_ROWS)):
        texts = _texts_of(part, row)
        if not texts or texts != _texts_of(first, row):
            return row
    return min(rows, _MOST_HEADER_ROWS)


def _lines_below(page: PageContent, furniture: set[int], end: float) -> bool:
    """Whether text stands below a table on its page."""
    return any(
        id(line) not in furniture and (line.box.top + line.box.bottom) / 2 > end
        for line in page.lines
    )


def _same_columns(table: Sequence[Part], grid: Grid) -> bool:
    known = _merged(part.grid.columns for part in table)
    same_left = abs(known[0] - grid.columns[0]) <= _SAME_LINE
    same_right = abs(known[-1] - grid.columns[-1]) <= _SAME_LINE
    if not (same_left and same_right):
        return False
    return _among(grid.columns, known) or _among(known, grid.columns)


def _among(some: Iterable[float], lines: Sequence[float]) -> bool:
    return all(any(abs(one - line) <= _SAME_LINE for line in lines) for one in some)


def _merged(columns: Iterable[Sequence[float]]) -> list[float]:
    """All ruling lines of the parts of one table."""
    merged: list[float] = []
    for lines in columns:
        for line in lines:
            if all(abs(line - known) > _SAME_LINE for known in merged):
                merged.append(line)
    return sorted(merged)


def table_of(parts: Sequence[Part]) -> Table:
    """One table out of its parts; every cell keeps its own page and box."""
    # The narrow columns of the part with the most lines must not be merged.
    by_detail = sorted(
        (part.grid.columns for part in parts), key=lambda lines: -len(lines)
    )
    columns = _merged(by_detail) if len(parts) > 1 else parts[0].grid.columns
    cells: list[Cell] = []
    parted: dict[int, GridCell] = {}
    seams: list[Seam] = []
    first_row = 0
    for number, part in enumerate(parts):
        if number:
            header = _repeated_header(parts[0], part)
            room = _room_above(parts[number - 1])
            seams.append(Seam(first_row, header, room))
        # With one and the same number of lines every line is its own neighbour.
        places = [_nearest(columns, line) for line in part.grid.columns]
        display = part.page.to_display
        for cell in part.grid.cells:
            left = places[cell.column]
            right = places[cell.column + cell.column_span]
            text = cell.text
            if _PARTED_FIGURE.fullmatch(text):
                parted[len(cells)] = cell
            cells.append(
                Cell(
                    row=first_row + cell.row,
                    column=left,
                    text=text,
                    row_span=cell.row_span,
                    column_span=right - left,
                    page=cell.page,
                    box=display(cell.box),
                )
            )
        first_row += len(part.grid.rows) - 1
    at_breaks = {row for s in seams for row in (s.row - 1, s.row + s.header)}
    decimals = decimals_by_column(cells, at_breaks)
    for index, cut in parted.items():
        if figure := _figure_on_lines(cut, cells[index].column, decimals):
            cells[index] = cells[index]._replace(text=figure)
    for seam in reversed(seams):
        cells = mended(cells, seam, decimals)
    first = parts[0]
    return Table(
        row_count=max(cell.row + cell.row_span for cell in cells),
        column_count=len(columns) - 1,
        cells=tuple(cells),
        has_spans=True,
        page=first.page.number,
        box=first.page.to_display(first.grid.box),
    )


def _figure_on_lines(
    cell: GridCell, column: int, decimals: Mapping[int, int]
) -> str | None:
    """The one figure that a cell prints on several lines, each but the last full."""
    lines = lines_of(cell.runs)
    figure = whole_figure([line.text for line in lines], column, decimals)
    if figure is None:
        return None
    width = cell.box.right - cell.box.left
    room = max(width - (line.box.right - line.box.left) for line in lines[:-1])
    height = lines[0].box.bottom - lines[0].box.top
    return figure if room < _MARGINS + height else None


def _room_above(part: Part) -> dict[Box, float]:
    """What the last lines of the cells above a break leave free, in line heights."""
    end = len(part.grid.rows) - 1
    return {
        part.page.to_display(cell.box): _room(cell)
        for cell in part.grid.cells
        if cell.row + cell.row_span == end and cell.runs
    }


def _room(cell: GridCell) -> float:
    lines = lines_of(cell.runs)
    line = lines[-1].box
    # what is free at the left of the text is free at its right too
    left = min(one.box.left for one in lines) - cell.box.left
    margins = 2 * min(max(left, 0.0), _MARGINS / 2)
    room = cell.box.right - cell.box.left - margins - (line.right - line.left)
    return room / (line.bottom - line.top)


def _nearest(lines: Sequence[float], position: float) -> int:
    index = bisect_left(lines, position)
    if index == 0:
        return 0
    if index == len(lines):
        return index - 1
    before, after = lines[index - 1], lines[index]
    return index if after - position < position - before else index - 1
