"""Pages drawn for the tests of the PDF reader, and what was read off them."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence

from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from ingest.document import Cell, Document, ParagraphKind, Table

FONT = "STSong-Light"  # a font of the viewer's: nothing has to be embedded
WIDTH, HEIGHT = 420.0, 320.0
LEFT, TOP = 40.0, 60.0
ROW = 24.0

pdfmetrics.registerFont(UnicodeCIDFont(FONT))

Draw = Callable[[Canvas], None]


def pdf(*pages: Draw, encrypt: StandardEncryption | None = None) -> bytes:
    """A PDF with the given pages."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(WIDTH, HEIGHT), encrypt=encrypt)
    for draw in pages:
        canvas.setFont(FONT, 10)
        draw(canvas)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def say(canvas: Canvas, x: float, top: float, text: str) -> None:
    """Print a text; ``top`` counts from the top of the page to its baseline."""
    canvas.drawString(x, HEIGHT - top, text)


def rule(canvas: Canvas, x0: float, y0: float, x1: float, y1: float) -> None:
    """Draw a ruling line; the coordinates count from the top left."""
    canvas.line(x0, HEIGHT - y0, x1, HEIGHT - y1)


def thin_rectangle(canvas: Canvas, x0: float, y0: float, x1: float, y1: float) -> None:
    """Draw a ruling line as a filled rectangle, as WPS and Word do."""
    canvas.rect(
        x0 - 0.24, HEIGHT - y1 - 0.24, x1 - x0 + 0.48, y1 - y0 + 0.48, stroke=0, fill=1
    )


def grid(
    canvas: Canvas,
    columns: Sequence[float],
    rows: Sequence[Sequence[str]],
    top: float = TOP,
    line: Callable[[Canvas, float, float, float, float], None] = rule,
    sides: bool = True,
) -> None:
    """Draw a table with one line of text in every cell."""
    bottom = top + ROW * len(rows)
    for number in range(len(rows) + 1):
        y = top + ROW * number
        line(canvas, columns[0], y, columns[-1], y)
    for x in columns if sides else columns[1:-1]:
        line(canvas, x, top, x, bottom)
    for number, row in enumerate(rows):
        for x, text in zip(columns, row, strict=False):
            say(canvas, x + 4, top + ROW * number + 16, text)


def rows_of(table: Table) -> list[list[str]]:
    """The texts of a table without spans, row by row."""
    rows: list[list[str]] = [[] for _ in range(table.row_count)]
    for cell in table.cells:
        assert (cell.row_span, cell.column_span) == (1, 1)
        rows[cell.row].append(cell.text)
    return rows


def only_table(document: Document) -> Table:
    (table,) = document.tables()
    return table


def texts(document: Document, kind: ParagraphKind) -> list[str]:
    return [p.text for p in document.paragraphs() if p.kind is kind]


COLUMNS = (LEFT, 100.0, 220.0, 320.0)
HEADER = ("编码", "名称", "金额")
BODY = (("201", "一般公共服务支出", "1,234.50"), ("204", "", "0.00"))


def place(cell: Cell) -> tuple[int, int, int, int, str]:
    return cell.row, cell.column, cell.row_span, cell.column_span, cell.text
