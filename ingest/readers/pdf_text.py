"""The print of a page: glyphs become runs, runs become lines, lines become text.

A run is a piece of print whose glyphs touch one another; it is the smallest
piece that is put into a cell. Nothing printed is changed but the Kangxi
radicals, which some producers write in the place of ordinary characters, and
the mark pdfium puts in the place of a hyphen that ends a line.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from ingest.document import Box

# All lengths below are in glyph heights, so that they hold for every font size.
_RUN_GAP = 0.15  # a wider gap ends a run
_RUN_OVERLAP = 0.6  # a jump back by more ends a run
_SAME_LINE = 0.5  # how far the middles of one line may differ
_LATIN_SPACE = 0.25  # the gap that is a space between two Latin words or numbers
_CHINESE_SPACE = 0.45  # ... beside a Chinese character, where 0.25 is usual
_TAB_GAP = 2.0  # the gap that parts two texts on one line
_WRAP_ROOM = 1.2  # less room than this at the end of a line means it was broken

_NUMBER = re.compile(r"[-+(（]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?%?[)）]?")
_LAST_TOKEN = re.compile(r"[!-~]+$")
_FIRST_TOKEN = re.compile(r"[!-~]+")

# Radicals that Unicode gives no decomposition: radical and character in turn.
_RADICALS_WITHOUT_DECOMPOSITION = (
    "⺁厂⺄乙⺅亻⺆冂⺇几⺉刂⺊卜⺋㔾⺎兀⺏尣⺐尢⺒巳⺓幺⺔彑⺕彐⺖忄⺗㣺⺘扌⺙攵⺛旡⺝月⺞歺"
    "⺠民⺡氵⺢氺⺣灬⺤爫⺥爫⺦丬⺨犭⺩王⺪疋⺬示⺭礻⺮竹⺯糹⺰纟⺱罓⺲罒⺶羊⺷羊⺹耂⺺肀"
    "⺼月⺾艹⺿艹⻀艹⻁虎⻂衤⻃覀⻄西⻅见⻆角⻇角⻈讠⻉贝⻊足⻋车⻌辶⻍辶⻎辶⻏阝⻐钅⻑長"
    "⻒镸⻓长⻔门⻕阜⻖阝⻗雨⻘青⻙韦⻚页⻛风⻜飞⻝食⻞飠⻟飠⻠饣⻡首⻢马⻣骨⻤鬼⻥鱼⻦鸟⻧卤"
    "⻨麦⻩黄⻪黾⻫斉⻬齐⻭歯⻮齿⻯竜⻰龙⻱龜⻲亀"
)


def _substitutions() -> dict[str, str]:
    pairs = iter(_RADICALS_WITHOUT_DECOMPOSITION)
    table = dict(zip(pairs, pairs, strict=True))
    for code in range(0x2E80, 0x2FE0):
        character = chr(code)
        ordinary = unicodedata.normalize("NFKC", character)
        if ordinary != character:
            table[character] = ordinary
    # pdfium marks a hyphen at the end of a line with one of these two.
    table["\x02"] = table["\ufffe"] = "-"
    return table


SUBSTITUTIONS = _substitutions()


@dataclass(slots=True)
class Run:
    """Glyphs that touch one another on one line.

    ``spaces`` holds the printed spaces that follow the run; ``glyphs`` its
    characters with their left and right edges. When its text is asked for, no glyph
    is added any more.
    """

    left: float
    top: float
    right: float
    bottom: float
    glyphs: list[tuple[str, float, float]]
    spaces: str = ""
    upright: bool = True
    skewed: bool = False
    _text: str = field(default="", init=False, repr=False, compare=False)

    @property
    def text(self) -> str:
        """The characters of the run."""
        if not self._text:
            self._text = "".join([glyph[0] for glyph in self.glyphs])
        return self._text

    @property
    def height(self) -> float:
        """The height of the run."""
        return self.bottom - self.top

    @property
    def middle(self) -> float:
        """The vertical middle of the run."""
        return (self.top + self.bottom) / 2

    @property
    def centre(self) -> tuple[float, float]:
        """The point that decides into which cell the run goes."""
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2

    def split(self, index: int) -> tuple[Run, Run]:
        """The run as two runs, the second from the glyph at ``index`` on."""
        head, tail = self.glyphs[:index], self.glyphs[index:]
        first = Run(head[0][1], self.top, head[-1][2], self.bottom, head)
        second = Run(
            tail[0][1], self.top, tail[-1][2], self.bottom, tail, spaces=self.spaces
        )
        return first, second


@dataclass(slots=True)
class Line:
    """Runs that stand beside one another, from left to right."""

    runs: list[Run]
    text: str = field(init=False)
    box: Box = field(init=False)

    def __post_init__(self) -> None:
        self.text = _join_runs(self.runs)
        self.box = _enclosing(self.runs)


class RunBuilder:
    """Collects the glyphs of a page, in the order of the file, into runs."""

    def __init__(self) -> None:
        self.runs: list[Run] = []
        self._open: Run | None = None  # the run that the next glyph may lengthen
        self._last: Run | None = None  # the run that a printed space follows

    def add(self, text: str, box: tuple[float, float, float, float]) -> None:
        """Add an upright glyph."""
        left, top, right, bottom = box
        run = self._open
        if run is not None and run.upright:
            height = bottom - top
            gap = left - run.right
            off = (bottom + top - run.bottom - run.top) / 2
            if (
                -_RUN_OVERLAP * height < gap < _RUN_GAP * height
                and -_SAME_LINE * height < off < _SAME_LINE * height
            ):
                run.glyphs.append((text, left, right))
                # Comparisons, not min and max: this runs for every glyph.
                if right > run.right:
                    run.right = right
                if top < run.top:
                    run.top = top
                if bottom > run.bottom:
                    run.bottom = bottom
                return
        self._start(Run(left, top, right, bottom, [(text, left, right)]))

    def add_turned(
        self, text: str, box: tuple[float, float, float, float], *, skewed: bool
    ) -> None:
        """Add a glyph that is not upright; its run keeps the order of the file."""
        left, top, right, bottom = box
        run = self._open
        size = max(right - left, bottom - top)
        if (
            run is not None
            and not run.upright
            and run.skewed is skewed
            and _distance(run, box) < size
        ):
            run.glyphs += [(space, left, left) for space in run.spaces]
            run.spaces = ""
            run.glyphs.append((text, left, right))
            run.left, run.right = min(run.left, left), max(run.right, right)
            run.top, run.bottom = min(run.top, top), max(run.bottom, bottom)
            return
        glyphs = [(text, left, right)]
        run = Run(left, top, right, bottom, glyphs, upright=False, skewed=skewed)
        self._start(run)

    def add_space(self, text: str, printed: bool) -> None:
        """End the run; a space that is printed belongs to its text."""
        if not printed:
            self._open = self._last = None
            return
        if self._last is not None:
            self._last.spaces += text
        if self._open is not None and self._open.upright:
            self._open = None

    def _start(self, run: Run) -> None:
        self.runs.append(run)
        self._open = self._last = run


def _distance(run: Run, box: tuple[float, float, float, float]) -> float:
    """How far a box lies from the box of a run, the larger of both directions."""
    left, top, right, bottom = box
    return max(left - run.right, run.left - right, top - run.bottom, run.top - bottom)


def _enclosing(runs: Sequence[Run]) -> Box:
    """The smallest box around all."""
    return Box(
        min([run.left for run in runs]),
        min([run.top for run in runs]),
        max([run.right for run in runs]),
        max([run.bottom for run in runs]),
    )


def lines_of(runs: Sequence[Run]) -> list[Line]:
    """The lines that runs form, from the top down."""
    if len(runs) == 1:
        return [Line([runs[0]])]
    lines: list[list[Run]] = []
    middle = 0.0
    for run in sorted(runs, key=lambda item: item.middle):
        if lines:
            height = min(run.height, lines[-1][-1].height)
            if run.middle - middle < height * _SAME_LINE:
                lines[-1].append(run)
                continue
        lines.append([run])
        middle = run.middle
    return [Line(_without_doubles(line)) for line in lines]


def _without_doubles(runs: list[Run]) -> list[Run]:
    """One line in reading order, without text printed twice in one place."""
    runs.sort(key=lambda item: item.left)
    kept: list[Run] = []
    for run in runs:
        if kept:
            last, near = kept[-1], 0.25 * run.height
            if (
                run.left - last.left < near
                and abs(run.right - last.right) < near
                and run.text == last.text
            ):
                continue
        kept.append(run)
    return kept


def _join_runs(runs: Sequence[Run]) -> str:
    """The text of one line, with the spaces and the wide gaps that it prints."""
    pieces = [runs[0].text]
    for previous, run in pairwise(runs):
        text = run.text
        pieces.append(_separator(previous, run, pieces[-1][-1], text[0]))
        pieces.append(text)
    return "".join(pieces)


def _separator(previous: Run, run: Run, before: str, after: str) -> str:
    height = min(previous.height, run.height)
    gap = (run.left - previous.right) / height if height else 0.0
    if gap >= _TAB_GAP:
        return "\t"
    if previous.spaces:
        return previous.spaces
    latin = before.isascii() and after.isascii()
    return " " if gap >= (_LATIN_SPACE if latin else _CHINESE_SPACE) else ""


def cell_text(runs: Sequence[Run], width: float) -> str:
    """The text of a cell: its lines joined as they were before they were broken."""
    if len(runs) == 1:
        return _in_cell(runs[0].text)
    lines = lines_of(runs)
    text = _in_cell(lines[0].text)
    for previous, line in pairwise(lines):
        following = _in_cell(line.text)
        room = (width - (previous.box.right - previous.box.left)) / (
            previous.box.bottom - previous.box.top or 1.0
        )
        text += _line_separator(text, following, room < _WRAP_ROOM) + following
    return text


def continued(before: str, after: str) -> str:
    """The text of a cell whose last line was broken before ``after``."""
    return before + _line_separator(before, after, full=True) + after


def _in_cell(text: str) -> str:
    # Within a cell a wide gap is a space: a tab parts the texts of a page only.
    return text.replace("\t", " ")


def _line_separator(before: str, after: str, full: bool) -> str:
    """What stands between two lines of a cell.

    Chinese text is joined as it is. Two Latin words or numbers are parted,
    unless the first line was full and both parts make one number.
    """
    if not (before[-1].isascii() and after[0].isascii()):
        return ""
    head, tail = _LAST_TOKEN.search(before), _FIRST_TOKEN.match(after)
    if head is None or tail is None:
        return ""
    if full and _NUMBER.fullmatch(head.group() + tail.group()):
        return ""
    unfinished = before[-1] in "/,.(" or (before[-1] == "-" and len(head.group()) > 1)
    return "" if unfinished or after[0] in ",.)%" else " "
