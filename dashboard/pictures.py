"""Pages of a PDF as pictures in grey, without what is personal on them."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial

import pypdfium2
from PIL import Image, ImageDraw

_SCALE = 1.8  # 130 dots an inch: small print of a landscape table can be read
_LARGEST_SIDE = 2600
_BITS = 4

Box = tuple[float, float, float, float]  # points, the origin at the top left


@dataclass(frozen=True, slots=True)
class Picture:
    """A page as a PNG, with its size in points."""

    png: bytes
    width: float
    height: float


def pages(
    data: bytes,
    numbers: Iterable[int],
    mask: Callable[[str], str],
    recognised: Callable[[int], list[Box]],
) -> dict[int, Picture]:
    """The pages of these numbers, from 1; those that are not there are left out.

    What ``mask`` changes in the text of a page is blackened. Where a page has no text,
    being a picture itself, the boxes that ``recognised`` gives are.

    :raises pypdfium2.PdfiumError: the bytes are no PDF that can be opened.
    """
    pictures = {}
    document = pypdfium2.PdfDocument(data)
    try:
        for number in numbers:
            if 1 <= number <= len(document):
                page = document[number - 1]
                pictures[number] = _picture(page, mask, partial(recognised, number))
    finally:
        document.close()
    return pictures


def _picture(
    page: pypdfium2.PdfPage,
    mask: Callable[[str], str],
    recognised: Callable[[], list[Box]],
) -> Picture:
    width, height = page.get_size()
    scale = min(_SCALE, _LARGEST_SIDE / max(width, height, 1))
    bitmap = page.render(scale=scale, grayscale=True)
    image: Image.Image = bitmap.to_pil()
    draw = ImageDraw.Draw(image)
    text = page.get_textpage()
    if text.count_chars():
        places = bitmap.get_posconv(page)
        for left, bottom, right, top in _personal(text, mask):
            corners = [places.to_bitmap(left, bottom), places.to_bitmap(right, top)]
            across, down = zip(*corners, strict=True)
            draw.rectangle(
                (min(across) - 1, min(down) - 1, max(across) + 1, max(down) + 1),
                fill=0,
            )
    for left, top, right, bottom in recognised():
        # A scan may carry text of its own, a page number: elsewhere it is a picture.
        within = text.get_text_bounded(left, height - bottom, right, height - top)
        if not within.strip():
            draw.rectangle(
                (left * scale, top * scale, right * scale, bottom * scale), fill=0
            )
    text.close()
    content = io.BytesIO()
    _in_few_greys(image).save(content, "PNG", bits=_BITS, compress_level=6)
    return Picture(content.getvalue(), width, height)


def _in_few_greys(image: Image.Image) -> Image.Image:
    """The picture in sixteen greys: print needs no more, in half the space."""
    step = 256 // 2**_BITS
    few = image.point([value // step for value in range(256)])
    found = Image.frombytes("P", image.size, few.tobytes())
    greys = [round(255 * value / (2**_BITS - 1)) for value in range(2**_BITS)]
    found.putpalette([grey for grey in greys for _ in range(3)])
    return found


def _personal(text: pypdfium2.PdfTextPage, mask: Callable[[str], str]) -> list[Box]:
    """The boxes of the characters that ``mask`` replaces, as the PDF counts them."""
    # Character by character: the text of a range leaves out what has no box.
    characters = [
        chr(pypdfium2.raw.FPDFText_GetUnicode(text, place))
        for place in range(text.count_chars())
    ]
    boxes: list[Box] = []
    start = 0
    for line in "".join(characters).splitlines(keepends=True):
        boxes += [
            text.get_charbox(start + place, loose=True)
            for place in _changed(line.rstrip(), mask)
        ]
        start += len(line)
    return boxes


def _changed(line: str, mask: Callable[[str], str]) -> list[int]:
    """The places of the characters that a mask replaces; a shorter mask hides more."""
    masked = mask(line)
    if masked == line:
        return []
    if len(masked) == len(line):
        return [
            place
            for place, (was, now) in enumerate(zip(line, masked, strict=True))
            if was != now
        ]
    same_start = 0
    while (
        same_start < min(len(line), len(masked))
        and line[same_start] == masked[same_start]
    ):
        same_start += 1
    same_end = 0
    while (
        same_end < min(len(line), len(masked)) - same_start
        and line[-1 - same_end] == masked[-1 - same_end]
    ):
        same_end += 1
    return list(range(same_start, len(line) - same_end))
