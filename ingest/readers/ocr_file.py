"""Reads a file that is a picture: a scan published as JPEG, PNG or TIFF."""

from __future__ import annotations

import io
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from ingest.document import Document, Limits, UnreadableDocument
from ingest.readers import ocr
from ingest.readers.pdf import blocks_of

if TYPE_CHECKING:
    from PIL.Image import Image

    from ingest.readers.ocr_image import Pixels

_SHEET = 11.7  # inches; the long side of A4, for pictures that do not tell their size
_TOLD = (70, 1200)  # dots per inch that a scanner may tell
_LONGEST = 34.0  # inches; a larger sheet is a resolution that was told wrong


def read(data: bytes, limits: Limits = Limits()) -> Document:  # noqa: B008
    """The tables and paragraphs of a picture; each picture of a TIFF is a page.

    Raises UnreadableDocument: ``scanned_picture`` without the extra ``ocr``,
    ``damaged_document``, ``too_large``, ``nothing_printed``.
    """
    if not ocr.is_installed():
        raise UnreadableDocument("scanned_picture")
    from PIL import Image, UnidentifiedImageError

    end = time.monotonic() + ocr.TIME_SHARE * limits.seconds
    pages = []
    try:
        with Image.open(io.BytesIO(data)) as image:
            count = int(getattr(image, "n_frames", 1))
            for number, (grey, dpi) in enumerate(_pictures(image, limits), 1):
                if time.monotonic() > end:
                    break
                pages.append(ocr.read_picture(grey, ocr.Frame(dpi), number))
    except Image.DecompressionBombError as error:
        raise UnreadableDocument("too_large", str(error)) from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise UnreadableDocument("damaged_document", str(error)) from error
    if not any(page.has_text for page in pages):
        raise UnreadableDocument("nothing_printed", "picture")
    return Document(
        format="picture",
        blocks=blocks_of(pages),
        page_count=count,
        scanned_pages=tuple(range(len(pages) + 1, count + 1)),
        recognised_pages=tuple(range(1, len(pages) + 1)),
    )


def _pictures(image: Image, limits: Limits) -> Iterator[tuple[Pixels, float]]:
    """The pages as grey pixels with their resolution, as many as may be read."""
    from PIL import ImageOps, ImageSequence

    frames = ImageSequence.Iterator(image)
    for _, frame in zip(range(limits.recognised_pages), frames, strict=False):
        told = frame.info.get("dpi", (0, 0))
        flat = frame.convert("RGBA") if "transparency" in frame.info else frame
        if flat.mode in ("RGBA", "LA"):
            from PIL import Image as images

            paper = images.new("RGBA", flat.size, "white")
            flat = images.alpha_composite(paper, flat.convert("RGBA"))
        grey = ImageOps.exif_transpose(flat).convert("L")
        dpi = _resolution(grey.size, float(told[0]))
        scale = min(
            1.0,
            ocr.RESOLUTION / dpi,
            (ocr.MOST_PIXELS / (grey.width * grey.height)) ** 0.5,
        )
        if scale < 1:
            grey = grey.resize((round(grey.width * scale), round(grey.height * scale)))
        yield np.array(grey, dtype=np.uint8), dpi * scale


def _resolution(size: tuple[int, int], told: float) -> float:
    """Dots per inch: as told, if that makes a sheet of paper, or as of A4."""
    longest = max(size)
    if _TOLD[0] <= told <= _TOLD[1] and _SHEET / 3 <= longest / told <= _LONGEST:
        return told
    return longest / _SHEET
