"""Writes a paper as PDF, with the habits of the programs that print disclosures."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from tests.forge.paper import Block, Grid, PageBreak, Paper
from tests.forge.writers.pdf_layout import (
    FONT,
    PADDING,
    Layout,
    Part,
    Piece,
    text_width,
    wrap,
)

Ruling = Literal["full", "open", "horizontal", "none"]
Lines = Literal["strokes", "boxes"]

_MARGIN = 50.0
_TEXT, _TITLE = 10.5, 15.0
_LINE = 1.5  # of the size, from line to line
_MOST_UPRIGHT_COLUMNS = 7
_THICKNESS = 0.48
_WIDE_GAP = 7.0  # without ruling lines, blanks have to part the columns
_TABLE_TITLE = re.compile(
    r".{2,36}表(?:[（(].*[）)])?|公开\d+表|表[一二三四五六七八九十\d]+"
)
_UNIT = re.compile(r"(?:金额)?单位[：:]\s*.{0,3}元")


@dataclass(frozen=True, slots=True)
class _Style:
    ruling: Ruling
    lines: Lines
    watermark: str
    watermark_angle: float
    rotated: bool
    repeat_header: bool
    cut_rows: bool
    side_by_side: bool
    page_numbers: bool


def write(
    paper: Paper,
    *,
    ruling: Ruling = "full",
    lines: Lines = "strokes",
    watermark: str = "",
    watermark_angle: float = 40,
    rotated: bool = False,
    repeat_header: bool = True,
    cut_rows: bool = False,
    side_by_side: bool = False,
    page_numbers: bool = True,
    page_height: float | None = None,
) -> bytes:
    """Pages with tables ruled fully, open at both sides, between rows, or not at all.

    ``lines`` are drawn as strokes or as thin filled rectangles. A watermark stands
    below the print, slanted or, at angle 0, along the lines. Pages that are
    ``rotated`` lie across and are turned by the viewer. ``side_by_side`` puts a
    table that follows another without a line between to its right. A smaller
    ``page_height`` (points) breaks tables sooner.
    """
    style = _Style(
        ruling=ruling,
        lines=lines,
        watermark=watermark,
        watermark_angle=watermark_angle,
        rotated=rotated,
        repeat_header=repeat_header,
        cut_rows=cut_rows,
        side_by_side=side_by_side,
        page_numbers=page_numbers,
    )
    width, height = A4
    across = rotated or any(
        table.column_count > _MOST_UPRIGHT_COLUMNS for table in paper.grids()
    )
    if across:
        width, height = height, width
    return _Press(paper.title, width, page_height or height, style).print(paper)


class _Press:
    """Prints from the top of a page to its foot, and then on the next."""

    def __init__(self, title: str, width: float, height: float, style: _Style) -> None:
        self.target = io.BytesIO()
        self.width, self.height, self.style = width, height, style
        # A page that is turned gets its sides exchanged by the canvas.
        self.canvas = Canvas(self.target, pagesize=(width, height), invariant=1)
        self.canvas.setTitle(title)
        self.inner = width - 2 * _MARGIN
        self.page_inner = height - 2 * _MARGIN
        self.page = 1
        self._begin()

    # Pages ------------------------------------------------------------------

    def _begin(self) -> None:
        self.top = 0.0  # how much of the page is printed, from the margin down
        if self.style.rotated:
            self.canvas.setPageRotation(90)
            self.canvas.transform(0, 1, -1, 0, self.height, 0)
        if self.style.watermark:
            self._print_watermark()

    def _end(self) -> None:
        if self.style.page_numbers:
            self.canvas.setFont(FONT, 9)
            self.canvas.drawCentredString(self.width / 2, 24, f"- {self.page} -")
        self.canvas.showPage()
        self.page += 1

    def _turn(self) -> None:
        self._end()
        self._begin()

    @property
    def room(self) -> float:
        return self.page_inner - self.top

    def _print_watermark(self) -> None:
        self.canvas.saveState()
        self.canvas.setFont(FONT, 26)
        self.canvas.setFillGray(0.86)
        for across in (0.25, 0.65):
            for up in (0.2, 0.5, 0.8):
                self.canvas.saveState()
                self.canvas.translate(self.width * across, self.height * up)
                self.canvas.rotate(self.style.watermark_angle)
                self.canvas.drawCentredString(0, 0, self.style.watermark)
                self.canvas.restoreState()
        self.canvas.restoreState()

    # Blocks -----------------------------------------------------------------

    def print(self, paper: Paper) -> bytes:
        """The whole paper as a file."""
        self.top += 30
        self._print_lines([paper.title], _TITLE, "centre")
        self.top += 20
        runs = groupby(paper.blocks, key=type)
        blocks = [(kind, list(run)) for kind, run in runs]
        for index, (kind, run) in enumerate(blocks):
            if kind is PageBreak:
                self._turn()
            elif kind is Grid:
                self._print_tables([b for b in run if isinstance(b, Grid)])
            else:
                following = blocks[index + 1][1][0] if index + 1 < len(blocks) else None
                self._print_run([b for b in run if isinstance(b, str)], following)
        self._end()
        self.canvas.save()
        return self.target.getvalue()

    def _print_run(self, lines: list[str], following: Block | None) -> None:
        """Lines of text; the title of a table stays on the page of the table."""
        for index, line in enumerate(lines):
            is_title = _TABLE_TITLE.fullmatch(line.strip()) is not None
            if is_title and isinstance(following, Grid):
                layout = self._layout(following)
                captions = (len(lines) - index + 1) * _TEXT * _LINE * 1.5
                needed = captions + sum(layout.heights[: following.header_rows + 2])
                if needed > self.room and self.top:
                    self._turn()
            if is_title:
                self._print_lines([line], _TEXT + 2, "centre")
            elif _UNIT.fullmatch(line.strip()):
                self._print_lines([line], _TEXT - 1, "right")
            elif isinstance(following, Grid) and index >= len(lines) - 3:
                self._print_lines([line], _TEXT - 1, "left")
            else:
                self._print_lines([f"　　{line}"], _TEXT, "left")

    def _print_lines(self, texts: list[str], size: float, side: str) -> None:
        for text in texts:
            for line in wrap(text, self.inner, size):
                if size * _LINE > self.room:
                    self._turn()
                self.top += size * _LINE
                self.canvas.setFont(FONT, size)
                y = self.height - _MARGIN - self.top + size * 0.3
                if side == "centre":
                    self.canvas.drawCentredString(self.width / 2, y, line)
                elif side == "right":
                    self.canvas.drawRightString(self.width - _MARGIN, y, line)
                else:
                    self.canvas.drawString(_MARGIN, y, line)

    # Tables -----------------------------------------------------------------

    @property
    def _gap(self) -> float:
        is_parted = self.style.ruling in ("full", "open")
        return PADDING if is_parted else _WIDE_GAP

    def _layout(self, table: Grid, share: float = 1) -> Layout:
        return Layout(table, self.inner * share, self._gap)

    def _print_tables(self, tables: list[Grid]) -> None:
        self.top += 4
        if self.style.side_by_side and len(tables) == 2:
            layouts = [self._layout(table, 0.48) for table in tables]
            height = max(sum(layout.heights) for layout in layouts)
            if height > self.room:
                self._turn()
            for layout, left in zip(layouts, (0.0, 0.52), strict=True):
                (part,) = self._parts(layout)
                self._print_part(layout, part, _MARGIN + left * self.inner)
            self.top += height + 8
            return
        for table in tables:
            layout = self._layout(table)
            if layout.header_height + layout.leading > self.room:
                self._turn()
            for index, part in enumerate(self._parts(layout)):
                if index:
                    self._turn()
                self._print_part(layout, part, _MARGIN)
                self.top += sum(part.heights)
            self.top += 8

    def _parts(self, layout: Layout) -> Iterator[Part]:
        return layout.parts(
            self.room,
            self.page_inner,
            repeat_header=self.style.repeat_header,
            cut_rows=self.style.cut_rows,
        )

    def _print_part(self, layout: Layout, part: Part, left: float) -> None:
        xs = [left]
        for width in layout.widths:
            xs.append(xs[-1] + width)
        ys = [self.height - _MARGIN - self.top]
        for height in part.heights:
            ys.append(ys[-1] - height)
        self._rule(part, xs, ys)
        for piece in part.pieces:
            self._print_cell(layout, piece, xs, ys)

    def _print_cell(
        self, layout: Layout, piece: Piece, xs: list[float], ys: list[float]
    ) -> None:
        x0, x1 = xs[piece.column], xs[piece.column + piece.column_span]
        y0, y1 = ys[piece.row], ys[piece.row + piece.row_span]
        size, gap = layout.size, layout.gap
        self.canvas.setFont(FONT, size)
        above = (y0 - y1 - len(piece.lines) * layout.leading) / 2
        for number, line in enumerate(piece.lines):
            y = y0 - above - number * layout.leading - size * 1.05
            if piece.is_amount and not piece.is_header:
                self.canvas.drawRightString(x1 - gap, y, line)
            elif piece.is_header:
                shift = (x1 - x0 - text_width(line, size)) / 2
                self.canvas.drawString(x0 + shift, y, line)
            else:
                self.canvas.drawString(x0 + gap, y, line)

    def _rule(self, part: Part, xs: list[float], ys: list[float]) -> None:
        """Draw the lines around the cells, each from where it starts to its end."""
        along: set[tuple[int, int]] = set()  # (line, column)
        down: set[tuple[int, int]] = set()  # (line, row)
        for piece in part.pieces:
            rows = range(piece.row, piece.row + piece.row_span)
            columns = range(piece.column, piece.column + piece.column_span)
            for y in (rows.start, rows.stop):
                along |= {(y, column) for column in columns}
            for x in (columns.start, columns.stop):
                down |= {(x, row) for row in rows}
        match self.style.ruling:
            case "none":
                along, down = set(), set()
            case "horizontal":
                down = set()
            case "open":
                down = {(x, row) for x, row in down if 0 < x < len(xs) - 1}
            case "full":
                pass
        for y, start, end in _runs(along):
            self._line(xs[start], ys[y], xs[end], ys[y])
        for x, start, end in _runs(down):
            self._line(xs[x], ys[start], xs[x], ys[end])

    def _line(self, x0: float, y0: float, x1: float, y1: float) -> None:
        if self.style.lines == "strokes":
            self.canvas.setLineWidth(_THICKNESS)
            self.canvas.line(x0, y0, x1, y1)
            return
        half = _THICKNESS / 2
        self.canvas.rect(
            min(x0, x1) - half,
            min(y0, y1) - half,
            abs(x1 - x0) + _THICKNESS,
            abs(y1 - y0) + _THICKNESS,
            stroke=0,
            fill=1,
        )


def _runs(segments: set[tuple[int, int]]) -> Iterator[tuple[int, int, int]]:
    """Line, start and end of segments that touch."""
    for line, group in groupby(sorted(segments), key=lambda segment: segment[0]):
        places = [place for _, place in group]
        start = end = places[0]
        for place in places[1:]:
            if place != end + 1:
                yield line, start, end + 1
                start = place
            end = place
        yield line, start, end + 1
