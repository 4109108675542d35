"""Ruling lines as producers draw them, and tables beside one another on a page."""

from __future__ import annotations

import io

import pdfplumber
import pytest
from reportlab.pdfgen.canvas import Canvas

from ingest.readers.pdf import read
from tests.ingest import pages
from tests.ingest.pages import (
    BODY,
    COLUMNS,
    HEADER,
    grid,
    only_table,
    pdf,
    rows_of,
    rule,
)

ROWS = [list(HEADER), *map(list, BODY)]


def doubled(gap: float) -> pages.Draw:
    """A page whose lines are all drawn twice, so far apart."""

    def line(canvas: Canvas, x0: float, y0: float, x1: float, y1: float) -> None:
        aside, down = (gap, 0.0) if x0 == x1 else (0.0, gap)
        rule(canvas, x0, y0, x1, y1)
        rule(canvas, x0 + aside, y0 + down, x1 + aside, y1 + down)

    return lambda canvas: grid(canvas, COLUMNS, [HEADER, *BODY], line=line)


def dashed(canvas: Canvas) -> None:
    canvas.setDash(2, 2)
    grid(canvas, COLUMNS, [HEADER, *BODY])


def dashes(length: float) -> pages.Draw:
    """A page whose lines are drawn dash by dash."""

    def line(canvas: Canvas, x0: float, y0: float, x1: float, y1: float) -> None:
        count = int(max(x1 - x0, y1 - y0) / length)
        across, down = (x1 - x0) / count, (y1 - y0) / count
        for n in range(0, count, 2):
            x, y = x0 + across * n, y0 + down * n
            rule(canvas, x, y, x + across, y + down)

    return lambda canvas: grid(canvas, COLUMNS, [HEADER, *BODY], line=line)


@pytest.mark.parametrize("gap", [1.2, 2.0, 3.0])
def test_double_lines(gap: float) -> None:
    data = pdf(doubled(gap))
    assert rows_of(only_table(read(data))) == ROWS
    with pdfplumber.open(io.BytesIO(data)) as oracle:
        assert oracle.pages[0].extract_tables() == [ROWS]


@pytest.mark.parametrize(
    "draw", [dashed, dashes(1.5), dashes(8)], ids=["pattern", "short", "long"]
)
def test_dashed_lines(draw: pages.Draw) -> None:
    """Where dashes are too far apart to be lines, alignment gives the same table."""
    assert rows_of(only_table(read(pdf(draw)))) == ROWS


@pytest.mark.parametrize("sides", [True, False], ids=["closed", "open"])
@pytest.mark.parametrize("height", [24.0, 33.0], ids=["same rows", "other rows"])
def test_two_tables_beside_one_another(
    monkeypatch: pytest.MonkeyPatch, height: float, sides: bool
) -> None:
    def draw(canvas: Canvas) -> None:
        grid(canvas, (20, 60, 120, 190), [HEADER, *BODY], sides=sides)
        with monkeypatch.context() as patch:
            patch.setattr(pages, "ROW", height)
            rows = [HEADER, BODY[1], BODY[0]]
            grid(canvas, (220, 260, 320, 400), rows, sides=sides)

    left, right = read(pdf(draw)).tables()
    assert rows_of(left) == ROWS
    assert rows_of(right) == [ROWS[0], ROWS[2], ROWS[1]]
