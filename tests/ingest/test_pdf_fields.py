"""Form fields over a page: what a viewer shows in them is in the cells."""

from __future__ import annotations

import io

import pypdfium2 as pdfium
import pytest
from reportlab.pdfgen.canvas import Canvas

from ingest.document import ParagraphKind
from ingest.readers.pdf import read
from tests.ingest.pages import (
    COLUMNS,
    HEADER,
    HEIGHT,
    WIDTH,
    grid,
    only_table,
    pdf,
    rows_of,
    texts,
)


def field(canvas: Canvas, name: str, value: str, x: float, top: float) -> None:
    canvas.acroForm.textfield(
        name=name,
        value=value,
        x=x,
        y=HEIGHT - top - 18,
        width=80,
        height=16,
        borderWidth=0,
        fontSize=9,
    )


def form(canvas: Canvas) -> None:
    grid(canvas, COLUMNS, [HEADER, ("201", "一般公共服务支出", ""), ("204", "", "")])
    field(canvas, "sum", "1,234.50", 224, 84)
    field(canvas, "name", "Public safety", 104, 108)
    field(canvas, "other", "8.00", 224, 108)
    field(canvas, "empty", "", 44, 200)
    field(canvas, "note", "12 persons", 44, 220)


ROWS = [
    list(HEADER),
    ["201", "一般公共服务支出", "1,234.50"],
    ["204", "Public safety", "8.00"],
]


@pytest.mark.parametrize("drawn", [True, False])
def test_values_of_fields_are_in_their_cells(drawn: bool) -> None:
    """With and without an appearance of their own in the file."""
    data = pdf(form)
    if not drawn:
        data = data.replace(b"/AP", b"/XP")
    document = read(data)
    assert rows_of(only_table(document)) == ROWS
    assert texts(document, ParagraphKind.TEXT) == ["12 persons"]


def test_values_are_copied_as_they_are_whatever_the_script() -> None:
    data = pdf(form).replace(b"(Public safety)", b"<FEFF516C517150B25168>")
    assert rows_of(only_table(read(data)))[2][1] == "公共傲全"


def test_hidden_fields_are_not_read() -> None:
    data = pdf(form)
    hidden = data.replace(b"/F 4", b"/F 2")
    assert hidden != data
    assert rows_of(only_table(read(hidden)))[1][2] == ""


@pytest.mark.parametrize("rotation", [90, 180, 270])
def test_fields_of_a_rotated_page(rotation: int) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setPageSize((WIDTH, HEIGHT) if rotation == 180 else (HEIGHT, WIDTH))
        canvas.saveState()
        canvas.translate(
            *{90: (HEIGHT, 0), 180: (WIDTH, HEIGHT), 270: (0, WIDTH)}[rotation]
        )
        canvas.rotate(rotation if rotation != 270 else -90)
        grid(canvas, COLUMNS, [HEADER, ("201", "甲", "")])
        canvas.restoreState()
        # The cell from 220 to 320 and from 84 to 108, as it is stored.
        x, y, width, height = {
            90: (88, 230, 16, 80),
            180: (WIDTH - 310, 88, 80, 16),
            270: (HEIGHT - 104, WIDTH - 310, 16, 80),
        }[rotation]
        canvas.acroForm.textfield(
            name="sum", value="5.00", x=x, y=y, width=width, height=height
        )

    document = pdfium.PdfDocument(pdf(draw))
    document[0].set_rotation(rotation)
    buffer = io.BytesIO()
    document.save(buffer)
    document.close()
    assert rows_of(only_table(read(buffer.getvalue()))) == [
        list(HEADER),
        ["201", "甲", "5.00"],
    ]


def test_fields_of_a_page_printed_on_its_side() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setPageSize((HEIGHT, WIDTH))
        canvas.saveState()
        canvas.translate(HEIGHT, 0)
        canvas.rotate(90)
        grid(canvas, COLUMNS, [HEADER, ("201", "甲", "")])
        canvas.restoreState()
        canvas.acroForm.textfield(
            name="sum", value="5.00", x=88, y=230, width=16, height=80
        )

    assert rows_of(only_table(read(pdf(draw)))) == [list(HEADER), ["201", "甲", "5.00"]]
