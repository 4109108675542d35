"""Pictures as documents hold them: print, and what is none."""

from __future__ import annotations

import io
from random import Random

from PIL import Image, ImageDraw


def encoded(image: Image.Image, format_: str = "PNG") -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, format_)
    return buffer.getvalue()


def printed(mode: str = "L", size: tuple[int, int] = (800, 600)) -> Image.Image:
    """Rows of a table, as dark on light as print is."""
    image = Image.new(mode, size, "white")
    draw = ImageDraw.Draw(image)
    for top in range(20, size[1] - 20, 30):
        draw.line((20, top, size[0] - 20, top), fill="black", width=2)
        for left in range(40, size[0] - 60, 90):
            draw.rectangle((left, top + 8, left + 40, top + 20), outline="black")
    return image


def photograph() -> Image.Image:
    return Image.frombytes("L", (400, 300), Random(1).randbytes(120_000))
