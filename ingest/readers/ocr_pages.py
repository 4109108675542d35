"""Which pages of a PDF are pictures, and what recognition reads in them.

A scan has no text, or an invisible one that somebody else's recognition put
under it, or no more than a page number and a watermark; so has a page whose
print was turned into curves. Such a page is read in the picture that a viewer
shows of it; a picture beside ordinary text is read by itself, and the text around
it stays. A photograph is no print.
"""

from __future__ import annotations

import ctypes
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_raw
from numpy.typing import NDArray

from ingest.document import Box
from ingest.readers import ocr
from ingest.readers.pdf_page import PageContent
from ingest.readers.pdf_text import Run, lines_of
from ingest.readers.pictures import LEAST_SHARE, LOOK, looks_like_print

_MESH = 64  # a page is looked at in so many rows and columns
_WHOLE = 0.8  # of the page in both directions; a picture so large is the page
_LEAST_TEXT = 0.012  # of the picture; a page number and a running head cover less
_LEAST_HIDDEN = 0.002  # of the picture; what a text layer covers of a sparse page
_MANY_SEGMENTS = 1_500  # of the curves of print; ornaments have fewer
_FEW_TEXTS = 50  # pieces of text that a page of curves may have beside them
_STRAIGHT = 0.05  # of the size; text that is skewed by more is a watermark

_DEEPEST = 8  # forms in forms
_INVISIBLE = (
    pdfium_raw.FPDF_TEXTRENDERMODE_INVISIBLE,
    pdfium_raw.FPDF_TEXTRENDERMODE_CLIP,
)

Raw = tuple[float, float, float, float]
Matrix = tuple[float, float, float, float, float, float]


class _Object(NamedTuple):
    """An object of a page: its kind, its box from the top left, what it shows."""

    kind: int
    box: Box
    is_shown: bool
    is_straight: bool
    segments: int


@dataclass(frozen=True, slots=True)
class Picture:
    """The part of a page that prints by a picture, in points.

    ``has_text_layer``: invisible text lies under it, from somebody's recognition.
    """

    box: Box
    is_page: bool
    has_text_layer: bool


def picture_on(
    document: pdfium.PdfDocument, index: int, visible: Raw
) -> Picture | None:
    """The picture of print on a page, if there is one.

    ``visible`` is the part of the upright page that a viewer shows: left, bottom,
    right, top.
    """
    with closing(document[index]) as page:
        if not _may_have_picture(page):
            return None
        objects = list(_objects(page, visible))
        size = (visible[2] - visible[0], visible[3] - visible[1])
        box = _picture_box(objects, size)
        if box is None or not _is_print(page, box):
            return None
        is_page = (
            box.right - box.left > _WHOLE * size[0]
            and box.bottom - box.top > _WHOLE * size[1]
        )
        hidden = sum(
            _area(o.box)
            for o in objects
            if o.kind == pdfium_raw.FPDF_PAGEOBJ_TEXT
            and not o.is_shown
            and _covers(box, o.box)
        )
        return Picture(
            Box(0, 0, *size) if is_page else box,
            is_page,
            has_text_layer=hidden >= _LEAST_HIDDEN * _area(box),
        )


def _may_have_picture(page: pdfium.PdfPage) -> bool:
    """Whether it is worth the time to measure the objects of a page."""
    kinds = Counter(
        pdfium_raw.FPDFPageObj_GetType(pdfium_raw.FPDFPage_GetObject(page, index))
        for index in range(pdfium_raw.FPDFPage_CountObjects(page))
    )
    return bool(
        kinds[pdfium_raw.FPDF_PAGEOBJ_IMAGE]
        or kinds[pdfium_raw.FPDF_PAGEOBJ_FORM]
        or kinds[pdfium_raw.FPDF_PAGEOBJ_TEXT] < _FEW_TEXTS
    )


def recognised(
    document: pdfium.PdfDocument, index: int, page: PageContent, picture: Picture
) -> PageContent:
    """The page with what its picture prints; as it is where that is nothing."""
    with closing(document[index]) as source:
        grey, dpi = _rendered(source, picture.box)
    frame = ocr.Frame(dpi, picture.box.left, picture.box.top)
    found = ocr.read_picture(grey, frame, page.number)
    if not found.has_text:
        return page
    if picture.is_page:
        return replace(found, watermarks=[])
    kept = [run for line in page.lines for run in line.runs]
    runs = [run for run in kept if not _contains(picture.box, run)]
    runs += [run for line in found.lines for run in line.runs]
    grids = [grid for grid in page.grids if not _covers(picture.box, grid.box)]
    return replace(
        page,
        grids=[*grids, *found.grids],
        lines=lines_of(runs) if runs else [],
        has_text=True,
        is_recognised=True,
    )


def _contains(box: Box, run: Run) -> bool:
    x, y = run.centre
    return box.left <= x <= box.right and box.top <= y <= box.bottom


def _covers(box: Box, other: Box) -> bool:
    x, y = (other.left + other.right) / 2, (other.top + other.bottom) / 2
    return box.left <= x <= box.right and box.top <= y <= box.bottom


def _picture_box(objects: list[_Object], size: tuple[float, float]) -> Box | None:
    """Where a picture or curves stand in the place of text."""
    text = [o for o in objects if o.kind == pdfium_raw.FPDF_PAGEOBJ_TEXT and o.is_shown]
    pictures = _mesh((o.box for o in objects if _is_picture(o)), size)
    if pictures.mean() >= LEAST_SHARE:
        box = _around(pictures, size)
        inside = sum(
            _area(o.box) for o in text if o.is_straight and _covers(box, o.box)
        )
        if inside < _LEAST_TEXT * _area(box):
            return box
    page = Box(0, 0, *size)
    straight = sum(_area(o.box) for o in text if o.is_straight)
    segments = sum(o.segments for o in objects)
    if segments >= _MANY_SEGMENTS and straight < _LEAST_TEXT * _area(page):
        return page
    return None


def _is_picture(item: _Object) -> bool:
    return bool(item.kind == pdfium_raw.FPDF_PAGEOBJ_IMAGE)


def _area(box: Box) -> float:
    return (box.right - box.left) * (box.bottom - box.top)


def _mesh(boxes: Iterator[Box], size: tuple[float, float]) -> NDArray[np.bool_]:
    """Which meshes of the page the boxes cover: scans come in strips and tiles."""
    covered = np.zeros((_MESH, _MESH), dtype=np.bool_)
    for box in boxes:
        left, right = (
            round(np.clip(x / size[0], 0, 1) * _MESH) for x in (box.left, box.right)
        )
        top, bottom = (
            round(np.clip(y / size[1], 0, 1) * _MESH) for y in (box.top, box.bottom)
        )
        covered[top:bottom, left:right] = True
    return covered


def _around(covered: NDArray[np.bool_], size: tuple[float, float]) -> Box:
    rows = np.flatnonzero(covered.any(axis=1))
    columns = np.flatnonzero(covered.any(axis=0))
    return Box(
        float(columns[0]) / _MESH * size[0],
        float(rows[0]) / _MESH * size[1],
        float(columns[-1] + 1) / _MESH * size[0],
        float(rows[-1] + 1) / _MESH * size[1],
    )


def _is_print(page: pdfium.PdfPage, box: Box) -> bool:
    """Whether a part of the page looks like paper with print on it."""
    return looks_like_print(_rendered(page, box, LOOK)[0])


def _rendered(
    page: pdfium.PdfPage, box: Box, dpi: float = ocr.RESOLUTION
) -> tuple[NDArray[np.uint8], float]:
    """The grey pixels of a part of a page, and their resolution."""
    pixels = _area(box) * (dpi / 72) ** 2
    dpi *= min(1.0, (ocr.MOST_PIXELS / pixels) ** 0.5) if pixels else 1.0
    width, height = page.get_size()
    bitmap = page.render(
        scale=dpi / 72,
        grayscale=True,
        crop=(
            box.left,
            max(0.0, height - box.bottom),
            max(0.0, width - box.right),
            box.top,
        ),
    )
    with closing(bitmap):
        pixels_of = bitmap.to_numpy()
        return np.ascontiguousarray(pixels_of.reshape(pixels_of.shape[:2])), dpi


def _objects(page: pdfium.PdfPage, visible: Raw) -> Iterator[_Object]:
    left, _, _, top = visible
    for raw, matrix in _walk(page):
        kind = pdfium_raw.FPDFPageObj_GetType(raw)
        edges = _bounds(raw, matrix)
        if edges is None:
            continue
        box = Box(edges[0] - left, top - edges[3], edges[2] - left, top - edges[1])
        is_shown, is_straight, segments = True, True, 0
        if kind == pdfium_raw.FPDF_PAGEOBJ_TEXT:
            mode = pdfium_raw.FPDFTextObj_GetTextRenderMode(raw)
            is_shown = mode not in _INVISIBLE
            is_straight = _is_straight(_product(_matrix(raw), matrix))
        elif kind == pdfium_raw.FPDF_PAGEOBJ_PATH:
            # Counting the curves alone would take a call for each segment.
            segments = max(0, pdfium_raw.FPDFPath_CountSegments(raw) - 5)
        yield _Object(kind, box, is_shown, is_straight, segments)


def _walk(page: pdfium.PdfPage) -> Iterator[tuple[object, Matrix]]:
    """The objects of a page and of the forms on it, with the forms' matrices."""
    identity: Matrix = (1, 0, 0, 1, 0, 0)
    todo = [
        (pdfium_raw.FPDFPage_GetObject(page, index), identity, 0)
        for index in range(pdfium_raw.FPDFPage_CountObjects(page))
    ]
    while todo:
        raw, matrix, depth = todo.pop()
        if pdfium_raw.FPDFPageObj_GetType(raw) != pdfium_raw.FPDF_PAGEOBJ_FORM:
            yield raw, matrix
        elif depth < _DEEPEST:
            inner = _product(_matrix(raw), matrix)
            todo += [
                (pdfium_raw.FPDFFormObj_GetObject(raw, index), inner, depth + 1)
                for index in range(pdfium_raw.FPDFFormObj_CountObjects(raw))
            ]


def _matrix(raw: object) -> Matrix:
    matrix = pdfium_raw.FS_MATRIX()
    if not pdfium_raw.FPDFPageObj_GetMatrix(raw, matrix):
        return (1, 0, 0, 1, 0, 0)
    return (matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f)


def _product(first: Matrix, second: Matrix) -> Matrix:
    """The matrix that applies the first and then the second."""
    a, b, c, d, e, f = first
    k, m, n, o, p, q = second
    return (
        a * k + b * n,
        a * m + b * o,
        c * k + d * n,
        c * m + d * o,
        e * k + f * n + p,
        e * m + f * o + q,
    )


def _is_straight(matrix: Matrix) -> bool:
    """Whether print stands upright or on its side."""
    a, b, c, d = map(abs, matrix[:4])
    size = max(a, b, c, d)
    return (b <= _STRAIGHT * size and c <= _STRAIGHT * size) or (
        a <= _STRAIGHT * size and d <= _STRAIGHT * size
    )


def _bounds(raw: object, matrix: Matrix) -> Raw | None:
    """The box of an object on its page: left, bottom, right, top."""
    edges = [ctypes.c_float() for _ in range(4)]
    if not pdfium_raw.FPDFPageObj_GetBounds(raw, *edges):
        return None
    left, bottom, right, top = (edge.value for edge in edges)
    a, b, c, d, e, f = matrix
    corners = [
        (a * x + c * y + e, b * x + d * y + f)
        for x in (left, right)
        for y in (bottom, top)
    ]
    return (
        min(x for x, _ in corners),
        min(y for _, y in corners),
        max(x for x, _ in corners),
        max(y for _, y in corners),
    )
