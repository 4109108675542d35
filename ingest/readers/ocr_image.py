"""What the picture of a page shows besides its words: skew, ruling lines, ink.

Pictures are arrays of grey pixels, 0 black and 255 white, with the origin at the
top left. Lengths are in inches where they are independent of the resolution.
Needs OpenCV, which comes with the extra ``ocr``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ingest.document import Box

Pixels = NDArray[np.uint8]

_INK_CONTRAST = 15  # grey levels by which ink is darker than what surrounds it
_INK_WINDOW = 0.16  # inches; what surrounds it
_SPECK = 0.012  # inches; print smaller than this in both directions is dust

_MOST_SKEW = 4.0  # degrees; a scanner's feed turns a sheet by less
_LEAST_SKEW = 0.05  # degrees; over the width of a page less than a ruling line

_SHORTEST_ACROSS = 0.5  # inches; strokes of characters are shorter
_SHORTEST_DOWN = 0.18
_GAP = 0.03  # inches; a gap in a ruling line that the scanner made
_THICKEST = 0.06
_FILLED = 0.93  # of the length of a ruling has ink; between characters there is none
_BESIDE = 0.012  # inches; so near to a ruling there is hardly any print
_MOST_BESIDE = 0.2
_SAME_LINE = 0.03  # inches; rulings nearer to one another are one line
_REACH = 0.06  # inches; how far a ruling may end from the one that it meets
_COVERED = 0.7  # of a side of a cell that has a ruling


class Ruling(NamedTuple):
    """A straight line: where it lies, and from where to where it runs, in pixels."""

    at: float
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Rulings:
    """The ruling lines of a picture, and the pixels they cover."""

    across: list[Ruling]
    down: list[Ruling]
    mask: Pixels


def _cv2() -> Any:
    import cv2

    return cv2


def _odd(inches: float, dpi: float) -> int:
    return max(1, round(inches * dpi)) | 1


def ink_of(grey: Pixels, dpi: float) -> Pixels:
    """The pixels that are darker than what surrounds them: 255, the others 0.

    A shaded cell has no ink but its print; dust is no ink either.
    """
    cv2 = _cv2()
    window = max(3, _odd(_INK_WINDOW, dpi))
    ink = cv2.adaptiveThreshold(
        cv2.GaussianBlur(grey, (3, 3), 0),  # a scanner's noise is no ink
        255,
        cv2.ADAPTIVE_THRESH_MEAN_C,
        cv2.THRESH_BINARY_INV,
        window,
        _INK_CONTRAST,
    )
    count, labels, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    size = max(2.0, _SPECK * dpi)
    is_dust = (stats[:, cv2.CC_STAT_WIDTH] < size) & (
        stats[:, cv2.CC_STAT_HEIGHT] < size
    )
    is_dust[0] = False
    if count > 1:
        ink[is_dust[labels]] = 0
    return np.asarray(ink, dtype=np.uint8)


def skew_of(ink: Pixels, dpi: float) -> float:
    """How far the lines of a picture are turned counter-clockwise, in degrees.

    Of all angles the one under which rows of pixels differ most from one
    another: print and ruling lines lie in rows then, with white between them.
    """
    cv2 = _cv2()
    scale = min(1.0, 75 / dpi)
    small = cv2.resize(ink, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)

    def sharpness(angle: float) -> float:
        rows = turned_by(small, angle, background=0).sum(axis=1, dtype=np.float64)
        return float(np.square(np.diff(rows)).sum())

    coarse = max(np.arange(-_MOST_SKEW, _MOST_SKEW + 0.1, 0.25), key=sharpness)
    fine = max(np.arange(coarse - 0.25, coarse + 0.26, 0.05), key=sharpness)
    return 0.0 if abs(fine) < _LEAST_SKEW else -float(fine)


def turned_by(pixels: Pixels, angle: float, background: int = 255) -> Pixels:
    """The picture turned counter-clockwise about its centre, in degrees."""
    cv2 = _cv2()
    height, width = pixels.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
    return np.asarray(
        cv2.warpAffine(
            pixels, matrix, (width, height), flags=cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_CONSTANT, borderValue=background,
        ),
        dtype=np.uint8,
    )  # fmt: skip


def rulings_of(ink: Pixels, dpi: float) -> Rulings:
    """The ruling lines of an upright picture."""
    across, rows = _straight(ink, dpi, _SHORTEST_ACROSS)
    # One routine for both directions: lines down are lines across on their side.
    down, columns = _straight(
        np.ascontiguousarray(ink.T), dpi, _SHORTEST_DOWN, _between(across, dpi)
    )
    return Rulings(across, down, np.maximum(rows, columns.T))


def _between(across: Sequence[Ruling], dpi: float) -> Callable[[Ruling], Ruling | None]:
    """Cuts a line down to its part between lines across; None for any other line.

    A stroke of a character meets none, and print under a table may lengthen a line.
    """
    reach = _REACH * dpi

    def cut(line: Ruling) -> Ruling | None:
        met = [
            ruling.at
            for ruling in across
            if line.start - reach <= ruling.at <= line.end + reach
            and ruling.start - reach <= line.at <= ruling.end + reach
        ]
        return Ruling(line.at, min(met), max(met)) if len(met) > 1 else None

    return cut


def _straight(
    ink: Pixels,
    dpi: float,
    shortest: float,
    cut: Callable[[Ruling], Ruling | None] = lambda line: line,
) -> tuple[list[Ruling], Pixels]:
    """The lines that run along the rows of pixels, and the pixels they cover."""
    cv2 = _cv2()

    def kernel(width: int, height: int) -> Any:
        return np.ones((height, width), np.uint8)

    # A line that is not quite straight steps from one row to the next.
    thick = cv2.dilate(ink, kernel(1, 3))
    thick = cv2.morphologyEx(thick, cv2.MORPH_CLOSE, kernel(_odd(_GAP, dpi), 1))
    lines = cv2.morphologyEx(thick, cv2.MORPH_OPEN, kernel(_odd(shortest, dpi), 1))
    count, labels, stats, centres = cv2.connectedComponentsWithStats(lines)
    found: list[Ruling] = []
    is_ruling = np.zeros(count, dtype=bool)
    for number in range(1, count):
        left, top, width, height, area = stats[number]
        line = cut(Ruling(float(centres[number][1]), float(left), float(left + width)))
        if area / width > _THICKEST * dpi + 2 or line is None:
            continue
        columns = slice(int(line.start), int(line.end) + 1)
        if _is_drawn(ink[:, columns], labels[:, columns] == number, top, height, dpi):
            found.append(line)
            is_ruling[number] = True
    mask = np.where(is_ruling[labels], 255, 0).astype(np.uint8)
    return _joined(found, dpi), mask


def _is_drawn(
    ink: Pixels, line: NDArray[np.bool_], top: int, height: int, dpi: float
) -> bool:
    """Whether a line is one stroke with white at a side; a row of print is neither.

    Amounts that end at a ruling fill its other side.
    """
    rows = slice(top, top + height)
    stroke = ((ink[rows] > 0) & line[rows]).any(axis=0)
    if stroke.mean() < _FILLED:
        return False
    beside = max(2, round(_BESIDE * dpi))
    edges = (top - beside, top + height - 1 + beside)
    return any(
        (ink[row] > 0).mean() <= _MOST_BESIDE
        for row in edges
        if 0 <= row < ink.shape[0]
    )


def _joined(lines: Iterable[Ruling], dpi: float) -> list[Ruling]:
    """Pieces of one line put together."""
    same, gap = _SAME_LINE * dpi, 2 * _REACH * dpi
    joined: list[Ruling] = []
    for line in sorted(lines, key=lambda item: (item.start, item.at)):
        for index, other in enumerate(joined):
            if abs(line.at - other.at) <= same and line.start - other.end <= gap:
                long = max((line, other), key=lambda item: item.end - item.start)
                joined[index] = Ruling(
                    long.at, other.start, max(line.end, other.end)
                )  # fmt: skip
                break
        else:
            joined.append(line)
    return joined


def tables_of(rulings: Rulings, dpi: float) -> list[list[Box]]:
    """The cells of each ruled table, in pixels; a merged cell is one box."""
    tables = []
    for across, down in _networks(rulings, dpi):
        cells = _cells(across, _with_open_sides(across, down, dpi), dpi)
        if cells:
            tables.append(cells)
    return tables


def _networks(
    rulings: Rulings, dpi: float
) -> Iterator[tuple[list[Ruling], list[Ruling]]]:
    """The lines that meet one another, directly or by others."""
    reach = _REACH * dpi
    left_across, left_down = list(rulings.across), list(rulings.down)
    while left_down:
        across: list[Ruling] = []
        down = [left_down.pop()]
        todo = [(down[0], True)]
        while todo:
            line, is_down = todo.pop()
            others = left_across if is_down else left_down
            met = [
                other
                for other in others
                if line.start - reach <= other.at <= line.end + reach
                and other.start - reach <= line.at <= other.end + reach
            ]
            for other in met:
                others.remove(other)
                (across if is_down else down).append(other)
                todo.append((other, not is_down))
        if len(across) > 1:
            yield across, down


def _with_open_sides(
    across: list[Ruling], down: list[Ruling], dpi: float
) -> list[Ruling]:
    """The lines down, with those that a table with open sides leaves out."""
    sides = []
    for outer, end in ((min(x.at for x in down), -1), (max(x.at for x in down), 1)):
        ends = [
            (line.start if end < 0 else line.end, line.at)
            for line in across
            if (outer - line.start if end < 0 else line.end - outer) > 3 * _REACH * dpi
        ]
        if len(ends) > 1:
            at = sorted(x for x, _ in ends)[len(ends) // 2]
            sides.append(Ruling(at, min(y for _, y in ends), max(y for _, y in ends)))
    return down + sides


def _cells(across: list[Ruling], down: list[Ruling], dpi: float) -> list[Box]:
    columns, rows = _places(down, dpi), _places(across, dpi)
    if len(columns) < 2 or len(rows) < 2:
        return []
    right = _sides(down, columns, rows, dpi)  # [column line][row]
    below = _sides(across, rows, columns, dpi)  # [row line][column]
    boxes: list[Box] = []
    seen: set[tuple[int, int]] = set()
    for row in range(len(rows) - 1):
        for column in range(len(columns) - 1):
            if (row, column) in seen:
                continue
            region = _region(row, column, right, below)
            seen |= region
            boxes += _boxes(region, columns, rows, right, below)
    return boxes


def _places(lines: Sequence[Ruling], dpi: float) -> list[float]:
    places: list[list[float]] = []
    for at in sorted(line.at for line in lines):
        if places and at - places[-1][-1] <= _SAME_LINE * dpi:
            places[-1].append(at)
        else:
            places.append([at])
    return [sum(group) / len(group) for group in places]


def _sides(
    lines: Sequence[Ruling], at: Sequence[float], along: Sequence[float], dpi: float
) -> list[list[bool]]:
    """Whether a ruling lies on each side of each cell, by place and by cell."""
    same = _SAME_LINE * dpi
    return [
        [
            sum(
                max(0.0, min(line.end, end) - max(line.start, start))
                for line in lines
                if abs(line.at - place) <= same
            )
            >= _COVERED * (end - start)
            for start, end in pairwise(along)
        ]
        for place in at
    ]


def _region(
    row: int, column: int, right: list[list[bool]], below: list[list[bool]]
) -> set[tuple[int, int]]:
    """The places that no ruling parts from this one."""
    region, todo = set(), [(row, column)]
    while todo:
        r, c = todo.pop()
        if (r, c) in region:
            continue
        region.add((r, c))
        if c + 1 < len(right) - 1 and not right[c + 1][r]:
            todo.append((r, c + 1))
        if c > 0 and not right[c][r]:
            todo.append((r, c - 1))
        if r + 1 < len(below) - 1 and not below[r + 1][c]:
            todo.append((r + 1, c))
        if r > 0 and not below[r][c]:
            todo.append((r - 1, c))
    return region


def _boxes(
    region: set[tuple[int, int]],
    columns: Sequence[float],
    rows: Sequence[float],
    right: list[list[bool]],
    below: list[list[bool]],
) -> Iterator[Box]:
    """A region as one cell; as single ones where a broken ruling made it no rectangle.

    What is open to the outside is no cell.
    """
    top, bottom = min(r for r, _ in region), max(r for r, _ in region) + 1
    left, end = min(c for _, c in region), max(c for _, c in region) + 1
    outer = [
        *(right[line][r] for r, c in region for line in (c, c + 1)
          if line in (0, len(right) - 1)),
        *(below[line][c] for r, c in region for line in (r, r + 1)
          if line in (0, len(below) - 1)),
    ]  # fmt: skip
    if outer and 2 * sum(outer) < len(outer):
        return
    if len(region) == (bottom - top) * (end - left):
        yield Box(columns[left], rows[top], columns[end], rows[bottom])
        return
    for r, c in sorted(region):
        yield Box(columns[c], rows[r], columns[c + 1], rows[r + 1])


def trimmed(ink: Pixels, box: Box) -> Box | None:
    """The part of a box that has ink; None without ink."""
    left, top = max(0, int(box.left)), max(0, int(box.top))
    part = ink[top : int(box.bottom) + 1, left : int(box.right) + 1]
    if not part.size:
        return None
    rows, columns = np.flatnonzero(part.any(axis=1)), np.flatnonzero(part.any(axis=0))
    if not rows.size:
        return None
    return Box(
        float(left + columns[0]),
        float(top + rows[0]),
        float(left + columns[-1] + 1),
        float(top + rows[-1] + 1),
    )


def lines_in(ink: Pixels, box: Box, dpi: float) -> list[Box]:
    """The rows of print in a box, from the top down; a fraction bar parts none."""
    whole = trimmed(ink, box)
    if whole is None:
        return []
    part = ink[int(whole.top) : int(whole.bottom), int(whole.left) : int(whole.right)]
    filled = part.any(axis=1)
    edges = np.flatnonzero(np.diff(np.concatenate(([0], filled.view(np.int8), [0]))))
    gap = 0.012 * dpi
    spans: list[list[float]] = []
    for start, end in edges.reshape(-1, 2):
        if spans and start - spans[-1][1] < gap:
            spans[-1][1] = float(end)
        else:
            spans.append([float(start), float(end)])
    lines = []
    for start, end in spans:
        line = Box(whole.left, whole.top + start, whole.right, whole.top + end - 1)
        if (found := trimmed(ink, line)) is not None:
            lines.append(found)
    return lines
