"""Which pictures print something: a table or a page pasted as a picture.

What a picture prints is not read here; that it is there must be told. As on the
pages of a PDF, its size on the page and its pixels tell print from seals, emblems
and photographs.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from PIL.Image import Image

LEAST_SHARE = 0.15  # of the page; a smaller picture is a seal or an emblem
LOOK = 72  # dots per inch, to tell print from photographs
A4 = (595.0, 842.0)  # points

_PAPER = 40  # grey levels by which paper varies
_LEAST_PAPER = 0.6  # of a picture of print
_INK = 60  # grey levels by which print is darker than its paper
_LEAST_INK, _MOST_INK = 0.002, 0.35
_MOST_PIXELS = 20_000_000  # a larger picture is a page that was scanned
_MOST_LOOKED_AT = 60_000_000  # pixels of a document; what is beyond counts as print
_FORMATS = ("PNG", "JPEG", "GIF", "BMP", "TIFF", "WEBP")


def looks_like_print(grey: NDArray[np.uint8]) -> bool:
    """Whether grey pixels, few to the inch, are paper with print on it."""
    if not grey.size:
        return False
    levels = np.bincount(grey.ravel(), minlength=256)
    paper = int(levels.argmax())
    share = levels / grey.size
    is_paper = share[max(0, paper - _PAPER) : paper + _PAPER].sum() >= _LEAST_PAPER
    ink = float(share[: max(0, paper - _INK)].sum())
    return bool(is_paper and _LEAST_INK <= ink <= _MOST_INK)


def is_large(width: float, height: float, page: tuple[float, float] = A4) -> bool:
    """Whether a picture of this size, in points, may hold more than a seal."""
    return width * height >= LEAST_SHARE * page[0] * page[1]


class Looks:
    """Looks at the pictures of one document."""

    def __init__(self) -> None:
        self._left = _MOST_LOOKED_AT

    def is_print(self, data: bytes, width: float, height: float) -> bool:
        """Whether a picture shown in a size, in points, looks like print.

        So does one that cannot be looked at: drawings of curves (EMF, WMF) are how
        programs paste the cells of another, and what is damaged may be anything.
        """
        from PIL import Image

        try:
            with Image.open(io.BytesIO(data), formats=_FORMATS) as image:
                self._left -= image.width * image.height
                if image.width * image.height > _MOST_PIXELS or self._left < 0:
                    return True
                return looks_like_print(_grey(image, width, height))
        except Exception:  # the library fails in many ways
            return True


def _grey(image: Image, width: float, height: float) -> NDArray[np.uint8]:
    """The pixels as they are shown on white paper, few to the inch."""
    from PIL import Image as images

    size = (max(1, round(width)), max(1, round(height)))
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        shown = image.convert("RGBA")
        shown.thumbnail(size)
        paper = images.new("RGBA", shown.size, "white")
        shown = images.alpha_composite(paper, shown)
    else:
        image.draft("L", size)
        shown = image.convert("L")
        shown.thumbnail(size)
    return np.array(shown.convert("L"), dtype=np.uint8)
