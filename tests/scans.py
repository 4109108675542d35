"""Small budgets on ruled paper, and pictures of them as a scanner makes them."""

from __future__ import annotations

import io
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import numpy as np
import pypdfium2 as pdfium
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

# The paper carries its font: pictures of it look the same on every machine.
FONT = "scans"
FONT_FILE = (
    Path(__file__).resolve().parent.parent / "disclosures/.font/wqy-microhei-subset.ttf"
)
WIDTH, HEIGHT = 595.0, 842.0
LEFT, RIGHT, TOP, ROW = 60.0, 535.0, 150.0, 24.0

Rows = Sequence[Sequence[str]]
Page = tuple[Sequence[str], Rows]  # lines above the table, and its cells


def paper(pages: Sequence[Page]) -> bytes:
    """A PDF with text; a cell ``<`` belongs to the cell left of it."""
    pdfmetrics.registerFont(TTFont(FONT, str(FONT_FILE)))
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(WIDTH, HEIGHT), invariant=1)
    for lines, rows in pages:
        canvas.setFont(FONT, 10.5)
        for number, line in enumerate(lines):
            canvas.drawString(LEFT, HEIGHT - 60 - 22 * number, line)
        _draw(canvas, rows)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def _draw(canvas: Canvas, rows: Rows) -> None:
    if not rows:
        return
    # The second column holds names, which take the room of two amounts.
    unit = (RIGHT - LEFT) / (len(rows[0]) + 1)
    edges = [LEFT + unit * (c + (c > 1)) for c in range(len(rows[0]) + 1)]
    for r, row in enumerate(rows):
        top = HEIGHT - TOP - ROW * r
        canvas.line(LEFT, top, RIGHT, top)
        for c, text in enumerate(row):
            if text == "<":
                continue
            canvas.line(edges[c], top, edges[c], top - ROW)
            if text[:1].isdigit() and c > 1:
                canvas.drawRightString(edges[c + 1] - 4, top - 16, text)
            else:
                canvas.drawString(edges[c] + 4, top - 16, text)
    bottom = HEIGHT - TOP - ROW * len(rows)
    canvas.line(LEFT, bottom, RIGHT, bottom)
    canvas.line(RIGHT, HEIGHT - TOP, RIGHT, bottom)


def picture(
    data: bytes, page: int, dpi: int = 150, skew: float = 0.0, noise: float = 0.0
) -> Image.Image:
    """The picture of a page, counted from 0: skewed by degrees, with grey noise."""
    with closing(pdfium.PdfDocument(data)) as document:
        image = document[page].render(scale=dpi / 72, grayscale=True).to_pil()
    if skew:
        image = image.rotate(skew, resample=Image.Resampling.BICUBIC, fillcolor=255)
    if noise:
        grain = np.random.default_rng(page).normal(
            0, noise, (image.height, image.width)
        )
        grey = np.asarray(image, dtype=float) * 0.88 + 18 + grain
        image = Image.fromarray(grey.clip(0, 255).astype(np.uint8))
    return image


def scanned(
    data: bytes,
    pages: Sequence[int] | None = None,
    *,
    dpi: int = 150,
    skew: float = 0.0,
    noise: float = 0.0,
    stamp: str = "",
) -> bytes:
    """The PDF with these pages, counted from 0, as pictures; ``stamp`` is text."""
    pdfmetrics.registerFont(TTFont(FONT, str(FONT_FILE)))
    with closing(pdfium.PdfDocument(data)) as document:
        count = len(document)
    chosen = range(count) if pages is None else pages
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(WIDTH, HEIGHT), invariant=1)
    for page in chosen:
        image = picture(data, page, dpi, skew, noise)
        canvas.drawImage(ImageReader(image), 0, 0, WIDTH, HEIGHT)
        if stamp:
            canvas.setFont(FONT, 9)
            canvas.drawCentredString(WIDTH / 2, 28, stamp)
        canvas.showPage()
    canvas.save()
    if len(chosen) == count:
        return buffer.getvalue()
    return _merged(data, buffer.getvalue(), list(chosen))


def _merged(data: bytes, pictures: bytes, places: list[int]) -> bytes:
    with (
        closing(pdfium.PdfDocument(data)) as text,
        closing(pdfium.PdfDocument(pictures)) as scans,
        closing(pdfium.PdfDocument.new()) as merged,
    ):
        for page in range(len(text)):
            if page in places:
                merged.import_pages(scans, [places.index(page)])
            else:
                merged.import_pages(text, [page])
        buffer = io.BytesIO()
        merged.save(buffer)
        return buffer.getvalue()
