"""Reads pages that are pictures: their words by recognition, their tables by lines.

The words come from RapidOCR, whose Chinese models lie in its wheel; it comes with
the extra ``ocr``, and without it :func:`is_installed` says so. Where ruling lines
are found in the picture the words are placed in their cells, with spans; a word
that crosses a ruling line is read in two pieces. Texts are given as recognised,
however uncertain: what an amount is worth is left to arithmetic.

The same picture gives the same text: one thread, one word at a time. Nothing is
downloaded; the paths of the models are given.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ingest.conditions import recognises_pictures
from ingest.document import Box
from ingest.readers.pdf_grid import Grid, GridCell, build_grid
from ingest.readers.pdf_page import PageContent, display_of
from ingest.readers.pdf_text import Run, lines_of

if TYPE_CHECKING:
    from ingest.readers.ocr_image import Pixels, Rulings

RESOLUTION = 200  # dots per inch; characters of 9 points are 25 pixels high
TIME_SHARE = 0.8  # of the time for a document; the rest is for its tables
MOST_PIXELS = 16_000_000  # of a page; a larger one is read at a lower resolution

_DETECTION_RESOLUTION = 100  # where words stand shows at half the resolution
# In word heights: how far a text stands from a ruling line, and how far one overhangs.
_APART = 0.2
_OVERHANG = 0.6
_SAME_ROW = 0.4  # of the height of a word or a cell that they have in common
_TALL = 1.6  # widths; print as high as this is several lines
_SMALLEST = 0.045  # inches; a digit of six points, or a dash
_PADDING = 0.02  # inches of paper around a word
_LONG = 2.2  # times as long as broad; a word that shows the direction of the print
_SAMPLE = 5  # words that tell whether a page lies on its side or head
_SURE = 0.75  # their mean score, on a page that is upright; noise has less
_NARROWEST = 96  # pixels; a shorter word is filled up, which costs time
_LEAST_SCORE = 0.5  # outside tables, where a smudge is no cell


def is_installed() -> bool:
    """Whether the extra ``ocr`` is installed."""
    return recognises_pictures()


@dataclass(frozen=True, slots=True)
class Word:
    """A recognised piece of print; its box is in pixels, its score from 0 to 1."""

    text: str
    box: Box
    score: float


@dataclass(frozen=True, slots=True)
class Frame:
    """Where a picture lies on its page: its resolution, and its corner in points."""

    dpi: float
    left: float = 0.0
    top: float = 0.0

    def points(self, box: Box) -> Box:
        """Where a box in pixels of the picture lies on the page."""
        scale = 72 / self.dpi
        return Box(
            self.left + box.left * scale,
            self.top + box.top * scale,
            self.left + box.right * scale,
            self.top + box.bottom * scale,
        )

    def pixels(self, box: Box) -> Box:
        """Where a box on the page lies in the picture."""
        scale = self.dpi / 72
        return Box(
            (box.left - self.left) * scale,
            (box.top - self.top) * scale,
            (box.right - self.left) * scale,
            (box.bottom - self.top) * scale,
        )


def read_picture(grey: Pixels, frame: Frame, number: int) -> PageContent:
    """The tables and lines of the picture of one page or of a part of it.

    ``grey`` holds rows of grey pixels. Boxes are in points of the page, after the
    picture was straightened.
    """
    from ingest.readers import ocr_image

    dpi = frame.dpi
    size = (grey.shape[1] * 72 / dpi, grey.shape[0] * 72 / dpi)
    skew = ocr_image.skew_of(ocr_image.ink_of(grey, dpi), dpi)
    if skew:
        grey = ocr_image.turned_by(grey, -skew)
    ink, plain, rulings = _without_rulings(grey, dpi)
    detected = _detected(plain, dpi)
    turn = _turn_of(plain, detected, dpi)
    if turn:
        detected = [_turned(box, turn, grey.shape) for box in detected]
        grey = np.ascontiguousarray(np.rot90(grey, -turn // 90))
        ink, plain, rulings = _without_rulings(grey, dpi)
    tables = ocr_image.tables_of(rulings, dpi)
    grids = [build_grid([frame.points(b) for b in t], number) for t in tables]
    pieces, filled = _pieces(detected, grids, ink, frame)
    words = [w for box in pieces for w in _recognised(plain, ink, box, dpi)]
    unread = ink.copy()
    for box in pieces:
        unread[int(box.top) : math.ceil(box.bottom), int(box.left) : int(box.right)] = 0
    words += [
        word
        for box in _overlooked(grids, filled, unread, frame)
        for word in _recognised(plain, ink, box, dpi)
        if word.score >= _SURE
    ]
    outside: list[Run] = []
    for word in words:
        run = _run(word, frame)
        grid = next((g for g in grids if g.contains(*run.centre)), None)
        if grid is not None:
            grid.put(run)
        elif word.score >= _LEAST_SCORE:
            outside.append(run)
    width, height = grey.shape[1] * 72 / dpi, grey.shape[0] * 72 / dpi
    as_scanned = display_of((0, 0, width, height), turn)
    return PageContent(
        number=number,
        height=height,
        grids=grids,
        lines=lines_of(outside) if outside else [],
        watermarks=[],
        has_text=bool(words),
        turn=0,
        to_display=lambda box: _skewed(as_scanned(box), skew, size),
        is_recognised=True,
    )


def _without_rulings(grey: Pixels, dpi: float) -> tuple[Pixels, Pixels, Rulings]:
    """The ink and the picture without the ruling lines, and these.

    A line beside a digit is easily read as another digit.
    """
    from ingest.readers import ocr_image

    ink = ocr_image.ink_of(grey, dpi)
    rulings = ocr_image.rulings_of(ink, dpi)
    plain = grey.copy()
    plain[rulings.mask > 0] = int(np.median(grey))
    ink[rulings.mask > 0] = 0
    return ink, plain, rulings


def _turned(box: Box, turn: int, shape: tuple[int, ...]) -> Box:
    """Where a box of a picture of that shape lies after a clockwise turn."""
    height, width = shape
    match turn:
        case 90:
            return Box(height - box.bottom, box.left, height - box.top, box.right)
        case 180:
            return Box(
                width - box.right, height - box.bottom, width - box.left,
                height - box.top,
            )  # fmt: skip
        case _:
            return Box(box.top, width - box.right, box.bottom, width - box.left)


def _turn_of(grey: Pixels, boxes: Sequence[Box], dpi: float) -> int:
    """The clockwise turn, in degrees, under which the words can be read."""
    # A lone digit is high, too; it tells nothing of its page.
    wide = [b for b in boxes if b.right - b.left > _LONG * (b.bottom - b.top)]
    tall = [b for b in boxes if b.bottom - b.top > _LONG * (b.right - b.left)]
    on_side = len(tall) > max(2, len(wide))
    sample = sorted(
        tall if on_side else wide,
        key=lambda b: (max(b.left - b.right, b.top - b.bottom), b.top, b.left),
    )[:_SAMPLE]
    if not sample:
        return 0
    scores: dict[int, float] = {}
    for turn in (90, 270) if on_side else (0, 180):
        scores[turn] = sum(
            _text(np.ascontiguousarray(np.rot90(_crop(grey, box, dpi), -turn // 90)))[1]
            for box in sample
        ) / len(sample)
        if scores[turn] >= _SURE:
            break
    return max(scores, key=scores.__getitem__)


def _pieces(
    boxes: Iterable[Box], grids: Sequence[Grid], ink: Pixels, frame: Frame
) -> tuple[list[Box], set[int]]:
    """Where to read, each word within one cell, and the identities of these cells."""
    pieces: list[Box] = []
    filled: set[int] = set()
    for box in boxes:
        place = frame.points(box)
        x, y = (place.left + place.right) / 2, (place.top + place.bottom) / 2
        grid = next((g for g in grids if g.contains(x, y)), None)
        if grid is None:
            pieces.append(box)
            continue
        texts: list[tuple[GridCell, Box]] = []
        overhangs: list[Box] = []
        for cell in grid.cells:
            around = frame.pixels(cell.box)
            part = _common(box, around)
            if part is None or part.bottom - part.top < _SAME_ROW * min(
                box.bottom - box.top, around.bottom - around.top
            ):
                continue
            if _is_text_of(around, part, box, ink):
                texts.append((cell, part))
            else:
                overhangs.append(part)
        filled |= {id(cell) for cell, _ in texts}
        pieces += _with_overhangs([part for _, part in texts], overhangs, ink)
    return pieces, filled


def _is_text_of(cell: Box, part: Box, word: Box, ink: Pixels) -> bool:
    """Whether a part of a word is a text of the cell, no overhang into it.

    A text begins apart from the ruling line; what overhangs goes on over it.
    """
    from ingest.readers import ocr_image

    printed = ocr_image.trimmed(ink, part)
    if printed is None:
        return False
    height = word.bottom - word.top
    from_left = word.left < cell.left and printed.left - cell.left < _APART * height
    from_right = word.right > cell.right and cell.right - printed.right < (
        _APART * height
    )
    if not (from_left or from_right):
        return True
    whole = word.right - word.left
    return part.right - part.left > min(_OVERHANG * height, whole / 2)


def _with_overhangs(
    parts: list[Box], overhangs: Iterable[Box], ink: Pixels
) -> list[Box]:
    """The parts of a word, each with what of it overhangs the next cell.

    What does not go on over the ruling line is the edge of the next cell's text.
    """
    from ingest.readers import ocr_image

    for overhang in overhangs:
        beyond = ocr_image.trimmed(ink, overhang)
        for number, part in enumerate(parts):
            printed = ocr_image.trimmed(ink, part)
            if beyond is None or printed is None:
                continue
            gap = max(beyond.left - printed.right, printed.left - beyond.right)
            on_one_line = part.top < overhang.bottom and overhang.top < part.bottom
            if on_one_line and gap < _APART * (part.bottom - part.top):
                parts[number] = Box(
                    min(part.left, overhang.left),
                    part.top,
                    max(part.right, overhang.right),
                    part.bottom,
                )
                break
    return parts


def _overlooked(
    grids: Sequence[Grid], filled: set[int], ink: Pixels, frame: Frame
) -> Iterator[Box]:
    """Print in the cells that no word was found for; a lone figure is easily missed."""
    from ingest.readers import ocr_image

    least = _SMALLEST * frame.dpi
    for grid in grids:
        for cell in grid.cells:
            if id(cell) in filled:
                continue
            inner = _inset(frame.pixels(cell.box), _PADDING * frame.dpi)
            for line in ocr_image.lines_in(ink, inner, frame.dpi):
                if max(line.right - line.left, line.bottom - line.top) >= least:
                    yield line


def _recognised(grey: Pixels, ink: Pixels, box: Box, dpi: float) -> list[Word]:
    """The words in a box: one, or one a line where characters stand in a column."""
    from ingest.readers import ocr_image

    found = ocr_image.trimmed(ink, box)
    if found is None:
        return []
    lines = [found]
    if found.bottom - found.top > _TALL * (found.right - found.left):
        lines = ocr_image.lines_in(ink, found, dpi)
    words = []
    for line in lines:
        text, score = _text(_crop(grey, line, dpi))
        if text.strip():
            words.append(Word(text.strip(), line, score))
    return words


def _crop(grey: Pixels, box: Box, dpi: float) -> Pixels:
    around = max(2, round(_PADDING * dpi))
    top, bottom = max(0, int(box.top) - around), math.ceil(box.bottom) + around
    left, right = max(0, int(box.left) - around), math.ceil(box.right) + around
    return grey[top:bottom, left:right]


def _run(word: Word, frame: Frame) -> Run:
    # One glyph: recognition tells no edges within a word, and pieces fit cells.
    box = frame.points(word.box)
    return Run(*box, glyphs=[(word.text, box.left, box.right)])


def _inset(box: Box, by: float) -> Box:
    return Box(box.left + by, box.top + by, box.right - by, box.bottom - by)


def _common(one: Box, other: Box) -> Box | None:
    box = Box(
        max(one.left, other.left),
        max(one.top, other.top),
        min(one.right, other.right),
        min(one.bottom, other.bottom),
    )
    return box if box.left < box.right and box.top < box.bottom else None


def _skewed(box: Box, skew: float, size: Sequence[float]) -> Box:
    """A box of the straightened picture where it stands on the skewed one."""
    if not skew:
        return box
    sine, cosine = math.sin(math.radians(skew)), math.cos(math.radians(skew))
    x = (box.left + box.right) / 2 - size[0] / 2
    y = (box.top + box.bottom) / 2 - size[1] / 2
    across = x * cosine + y * sine - x
    down = y * cosine - x * sine - y
    return Box(
        box.left + across, box.top + down, box.right + across, box.bottom + down
    )  # fmt: skip


@cache
def _engine() -> Any:
    """The recogniser: loaded once in a process, with the models of the wheel."""
    import cv2
    import rapidocr

    cv2.setNumThreads(1)
    models = Path(rapidocr.__file__).parent / "models"
    (detector,) = models.glob("PP-OCR*_det_*.onnx")
    (recogniser,) = models.glob("PP-OCR*_rec_*.onnx")
    return rapidocr.RapidOCR(
        params={
            "Global.log_level": "error",
            "Global.use_cls": False,
            "Global.use_preprocess_img": False,
            "Global.text_score": 0.0,
            "EngineConfig.onnxruntime.intra_op_num_threads": 1,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
            "Det.model_path": str(detector),
            "Det.limit_side_len": 64,
            "Rec.model_path": str(recogniser),
            "Rec.rec_img_shape": [3, 48, _NARROWEST],
            "Rec.rec_batch_num": 1,
        }
    )


def _detected(grey: Pixels, dpi: float) -> list[Box]:
    """The boxes of the words, in pixels, from the top down."""
    import cv2

    scale = min(1.0, _DETECTION_RESOLUTION / dpi)
    small = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    picture = cv2.cvtColor(small, cv2.COLOR_GRAY2BGR)
    found = _engine()(picture, use_det=True, use_rec=False, use_cls=False)
    if found.boxes is None:
        return []
    boxes = [
        Box(
            float(corners[:, 0].min()) / scale,
            float(corners[:, 1].min()) / scale,
            float(corners[:, 0].max()) / scale,
            float(corners[:, 1].max()) / scale,
        )
        for corners in found.boxes
    ]
    return sorted(boxes, key=lambda box: (box.top, box.left))


def _text(grey: Pixels) -> tuple[str, float]:
    """What one piece of print says, and how sure that is, from 0 to 1."""
    import cv2

    picture = cv2.cvtColor(np.ascontiguousarray(grey), cv2.COLOR_GRAY2BGR)
    found = _engine()(picture, use_det=False, use_rec=True, use_cls=False)
    if not found.txts:
        return "", 0.0
    return str(found.txts[0]), float(found.scores[0])
