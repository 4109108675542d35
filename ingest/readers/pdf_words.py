"""Words of a page without ruling lines: print with its place, and what it looks like.

A word is print that stands together on one line: a label, a code, an amount. It
comes from runs, so that print read off an image can be given as runs too.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from statistics import median

from ingest.readers.pdf_text import Line, Run

_WORD_GAP = 0.3  # ems; runs nearer to one another are one word ...
_AMOUNT_GAP = 0.1  # ... but not where one of them is a finished amount
_SPACED_GAP = 0.8  # ... and where an amount is printed with spaces inside
_NARROW = 0.5  # ems; the width of a digit or Latin letter

# ``\d`` has the full-width digits too, which some offices type.
_FIGURE = re.compile(r"[-+－(（]*\d[\d,，]*(?:[.．]\d+)?[%％]?[)）]?")
_AMOUNT = re.compile(
    r"[-+－(（]*(?:\d{1,3}(?:[,，]\d{3})+(?:[.．]\d+)?|\d+[.．]\d+)[%％]?[)）]?"
)
_UNFINISHED = re.compile(r"[-+]?\d[\d,，]*[,，.．]")
LAST_OF_FIGURE = frozenset("0123456789%)）０１２３４５６７８９％")
_BLANK = re.compile(r"[-–—－―/]+|#(?:DIV/0|REF|VALUE|NAME|NUM|NULL|N/A)[!?？！]?")


@dataclass(slots=True)
class Word:
    """Runs of one line that make one text, and the number of their line."""

    runs: list[Run]
    line: int
    text: str
    left: float
    right: float
    top: float
    bottom: float
    middle: float  # the vertical one
    centre: float  # the horizontal middle
    is_figure: bool  # a number: an amount, a count or a code
    is_amount: bool  # a number with decimals or groups of three digits

    @property
    def is_blank_mark(self) -> bool:
        """Whether it stands for no amount: a dash, or a formula that failed."""
        return _BLANK.fullmatch(self.text) is not None


def em_of(runs: Iterable[Run]) -> float:
    """The width of a Chinese character in the usual size of some print; 0 if none.

    Heights would not do: a font may leave any room above its characters. Where all
    print is figures their width has to tell.
    """
    chinese: list[float] = []
    others: list[float] = []
    for run in runs:
        if not run.upright:
            continue
        text = run.text
        wide = 0 if text.isascii() else _wide(text)
        size = (run.right - run.left) / (wide + _NARROW * (len(text) - wide))
        (chinese if 2 * wide >= len(text) else others).append(size)
    return median(chinese or others or [0.0])


@lru_cache(maxsize=1 << 12)
def _wide(text: str) -> int:
    """How many characters of a text are as wide as Chinese ones."""
    return sum(unicodedata.east_asian_width(one) in "WFA" for one in text)


def is_chinese(run: Run) -> bool:
    """Whether a run has Chinese characters, which show the size of its print."""
    return any(character >= "\u2e80" for character in run.text)


def words_of(line: Line, number: int, em: float) -> list[Word]:
    """The words of a line, from left to right."""
    words: list[list[Run]] = []
    for run in line.runs:
        if words and _is_one_word(words[-1], run, em):
            words[-1].append(run)
        else:
            words.append([run])
    return [_word(runs, number) for runs in words]


def _is_one_word(runs: Sequence[Run], run: Run, em: float) -> bool:
    gap = run.left - runs[-1].right
    text = "".join(one.text for one in runs)
    if _UNFINISHED.fullmatch(text) and run.text[0].isdigit():
        return gap < _SPACED_GAP * em
    parts = _AMOUNT.fullmatch(text) or _AMOUNT.fullmatch(run.text)
    return gap < (_AMOUNT_GAP if parts else _WORD_GAP) * em


def _word(runs: list[Run], line: int) -> Word:
    text = "".join([run.text for run in runs])
    left = min([run.left for run in runs])
    right = max([run.right for run in runs])
    top = min([run.top for run in runs])
    bottom = max([run.bottom for run in runs])
    is_figure = _FIGURE.fullmatch(text) is not None
    return Word(
        runs,
        line,
        text,
        left,
        right,
        top,
        bottom,
        middle=(top + bottom) / 2,
        centre=(left + right) / 2,
        is_figure=is_figure,
        is_amount=is_figure and _AMOUNT.fullmatch(text) is not None,
    )
