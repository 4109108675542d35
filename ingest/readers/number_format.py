"""What a spreadsheet prints for a stored number under a display format.

The stored number is taken as its decimal text and rounded half up after fifteen
significant digits, as spreadsheets do: so the noise of binary fractions is gone
before it can turn a rounding. Formats of dates, fractions, exponents and Chinese
numerals are left to the caller.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation
from functools import lru_cache
from typing import NamedTuple

_DIGITS = Context(prec=15, rounding=ROUND_HALF_UP)
_WIDE = Context(prec=500, rounding=ROUND_HALF_UP)
_LARGEST_EXPONENT = 400  # beyond that of any binary number
_GENERAL_WIDTH = 10  # digits that a cell without a format shows
_GENERAL_PLACES = 4  # and the decimal places that it is given in any case here


def plain(stored: str) -> str:
    """The number as a cell without a format shows it: ``208``, ``915.57``.

    Such a cell shows ten digits. That is never taken as a reason to drop more
    than what follows the fourth decimal place.
    """
    value = _stored_value(stored)
    if value is None:
        return stored
    places = max(_GENERAL_WIDTH - max(value.adjusted() + 1, 1), _GENERAL_PLACES)
    if -value.as_tuple().exponent > places:  # type: ignore[operator]
        value = _rounded(value, places)
    text = format(value, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text


@lru_cache(maxsize=1 << 14)
def printed(code: str, stored: str) -> str | None:
    """The number under the format ``code``; None for formats not known here.

    Blanks around the number are not printed. A zero left out before the point
    (``.50``) is put there, and a point without decimals is left out.
    """
    value = _stored_value(stored)
    sections = _sections(code)
    if value is None or sections is None:
        return None
    section, is_bare = _section_for(value, sections)
    if section is None:
        return None
    sign = "-" if value < 0 and not is_bare else ""
    if section.usual is None and section.is_general:
        number = plain(format(abs(value), "f"))
        body = "".join(number if part is None else part for part in section.frame)
    else:
        body = section.render(abs(value))
    return (sign + body).strip()


def _stored_value(stored: str) -> Decimal | None:
    """The fifteen digits that count, or None for what is no such number."""
    try:
        value = Decimal(stored.strip())
    except InvalidOperation:
        return None
    if not value.is_finite() or abs(value.adjusted()) > _LARGEST_EXPONENT:
        return None
    return _DIGITS.plus(value)


def _rounded(value: Decimal, places: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-places), context=_WIDE)


# What cells show by their position, counted from 0.
Display = dict[tuple[int, int], str]
# The first row and column of a range of cells, and the last ones.
Range = tuple[int, int, int, int]


class Shown(NamedTuple):
    """What a sheet shows, and the cells over which a text is centred unmerged."""

    display: Display
    across: list[Range]


class AcrossCells:
    """Finds the ranges of "centre across selection" among cells of that style.

    A text is centred over itself and the empty cells of the style to its right.
    """

    def __init__(self) -> None:
        self._ranges: list[Range] = []

    def add(self, row: int, column: int, is_filled: bool) -> None:
        """The next cell of the style, row by row and from left to right."""
        if is_filled:
            self._ranges.append((row, column, row, column))
        elif self._ranges and self._ranges[-1][2:] == (row, column - 1):
            self._ranges[-1] = (*self._ranges[-1][:3], column)

    def ranges(self) -> list[Range]:
        """The ranges of more than one cell."""
        return [found for found in self._ranges if found[3] > found[1]]


# Formats that workbooks name by number alone; all others they spell out.
_BUILT_IN = {
    0: "General",
    1: "0",
    2: "0.00",
    3: "#,##0",
    4: "#,##0.00",
    9: "0%",
    10: "0.00%",
    37: "#,##0;-#,##0",
    38: "#,##0;-#,##0",
    39: "#,##0.00;-#,##0.00",
    40: "#,##0.00;-#,##0.00",
    41: '_ * #,##0_ ;_ * -#,##0_ ;_ * "-"_ ',
    42: '_ ¥* #,##0_ ;_ ¥* -#,##0_ ;_ ¥* "-"_ ',
    43: '_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ',
    44: '_ ¥* #,##0.00_ ;_ ¥* -#,##0.00_ ;_ ¥* "-"??_ ',
    49: "@",
}


@dataclass(frozen=True, slots=True)
class Format:
    """The display format of a cell; ``code`` is None for one not known here."""

    code: str | None

    def show(self, stored: str, *, hides_zeros: bool = False) -> str | None:
        """What is shown of a stored number; None for the reader of values to say."""
        if self.code is None:
            return None
        if hides_zeros and plain(stored) == "0":
            return ""
        return printed(self.code, stored)


def built_in_format(number: int) -> Format:
    """The format of this number; dates, fractions and exponents are not known."""
    return Format(_BUILT_IN.get(number))


# Parsing and printing -------------------------------------------------------


class _Token(NamedTuple):
    """A part of a format: ``kind`` is one of the constants below."""

    kind: str
    text: str = ""


_LITERAL, _DIGIT, _POINT, _COMMA, _PERCENT, _GENERAL = (
    "literal",
    "digit",
    "point",
    "comma",
    "percent",
    "general",
)


class _Usual(NamedTuple):
    """A section of the usual kind: literals around ``#,##0.00`` or ``0``."""

    before: str
    places: int
    form: str
    after: str


@dataclass(frozen=True, slots=True)
class _Section:
    """One of the sections of a format that a semicolon parts."""

    condition: tuple[str, Decimal] | None
    tokens: tuple[_Token, ...]
    usual: _Usual | None

    @property
    def is_general(self) -> bool:
        """Whether the number stands in it without a format."""
        return any(token.kind == _GENERAL for token in self.tokens)

    @property
    def frame(self) -> Iterator[str | None]:
        """The literals, and None where the number stands."""
        for token in self.tokens:
            if token.kind == _GENERAL:
                yield None
            elif token.kind in (_LITERAL, _PERCENT):
                yield token.text

    def render(self, value: Decimal) -> str:
        """The number, without a sign, between the literals."""
        if usual := self.usual:
            number = format(_rounded(value, usual.places), usual.form)
            return f"{usual.before}{number}{usual.after}"
        point = _index_of(self.tokens, _POINT)
        whole, fraction = self.tokens[:point], self.tokens[point + 1 :]
        last = _last_digit(whole)
        percents = sum(token.kind == _PERCENT for token in self.tokens)
        ends = (*whole[last + 1 :], *fraction[_last_digit(fraction) + 1 :])
        thousands = sum(token.kind == _COMMA for token in ends)
        value = _rounded(
            value.scaleb(2 * percents - 3 * thousands, context=_WIDE),
            sum(token.kind == _DIGIT for token in fraction),
        )
        digits, _, decimals = format(value, "f").partition(".")
        text = _whole(whole, digits.lstrip("0"), last)
        if point == len(self.tokens):
            return text
        if not any(character.isdigit() for character in text):
            text += "0"
        return text + _fraction(fraction, decimals)


def _index_of(tokens: tuple[_Token, ...], kind: str) -> int:
    return next((i for i, t in enumerate(tokens) if t.kind == kind), len(tokens))


def _last_digit(tokens: tuple[_Token, ...]) -> int:
    return max((i for i, t in enumerate(tokens) if t.kind == _DIGIT), default=-1)


def _whole(tokens: tuple[_Token, ...], digits: str, last: int) -> str:
    """The digits before the point in their places, from the right."""
    first = _index_of(tokens, _DIGIT)
    is_grouped = any(token.kind == _COMMA for token in tokens[first : last + 1])
    parts: list[str] = []
    count = 0

    def put(digit: str) -> None:
        nonlocal count
        parts.append("," if is_grouped and count and count % 3 == 0 else "")
        parts.append(digit)
        count += 1

    for index in range(len(tokens) - 1, -1, -1):
        token = tokens[index]
        if token.kind in (_LITERAL, _PERCENT):
            parts.append(token.text[::-1])
        elif token.kind == _DIGIT:
            if digits:
                put(digits[-1])
                digits = digits[:-1]
            elif token.text == "0":
                put("0")
            while index == first and digits:
                put(digits[-1])
                digits = digits[:-1]
    return "".join(parts)[::-1]


def _fraction(tokens: tuple[_Token, ...], decimals: str) -> str:
    """The digits after the point, without the zeros that only ``#`` stands for."""
    places = [token.text for token in tokens if token.kind == _DIGIT]
    kept = len(places)
    while kept and decimals[kept - 1] == "0" and places[kept - 1] != "0":
        kept -= 1
    parts = ["."] if kept else []
    place = 0
    for token in tokens:
        if token.kind == _DIGIT:
            parts.append(decimals[place] if place < kept else "")
            place += 1
        elif token.kind in (_LITERAL, _PERCENT):
            parts.append(token.text)
    return "".join(parts)


def _section_for(
    value: Decimal, sections: tuple[_Section, ...]
) -> tuple[_Section | None, bool]:
    """The section for a number, and whether it prints the number without a sign."""
    if any(section.condition for section in sections):
        for section in sections[:2]:
            if section.condition is None or _holds(section.condition, value):
                return section, False
        return (sections[2] if len(sections) > 2 else None), False
    if value < 0 and len(sections) > 1:
        return sections[1], True
    if value == 0 and len(sections) > 2:
        return sections[2], True
    return sections[0], False


def _holds(condition: tuple[str, Decimal], value: Decimal) -> bool:
    sign, bound = condition
    return {
        "<": value < bound,
        "<=": value <= bound,
        ">": value > bound,
        ">=": value >= bound,
        "=": value == bound,
        "<>": value != bound,
    }[sign]


# Parsing --------------------------------------------------------------------

_TOKEN = re.compile(
    r"""
    (?P<quoted>"[^"]*"?)
    | (?P<escaped>[\\!].)
    | (?P<space>[_*].)
    | (?P<general>general|[gG]/通用格式)
    | (?P<bracket>\[[^\]]*\])
    | (?P<exponent>[eE][+-])
    | (?P<sign>.)
    """,
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?\d+(?:\.\d+)?)")
_ELAPSED = re.compile(r"[hms]+", re.IGNORECASE)
_OF_DATES = frozenset("yYmMdDhHsSbBeEaAgG")


@lru_cache(maxsize=4096)
def _sections(code: str) -> tuple[_Section, ...] | None:
    """The sections of a format; None if one of them is not known here."""
    parsed = [_section(matches) for matches in _split(code)][:3]
    sections = tuple(section for section in parsed if section is not None)
    return sections if len(sections) == len(parsed) else None


def _split(code: str) -> list[list[re.Match[str]]]:
    sections: list[list[re.Match[str]]] = [[]]
    for match in _TOKEN.finditer(code or "General"):
        if match["sign"] == ";":
            sections.append([])
        else:
            sections[-1].append(match)
    return sections


def _section(matches: list[re.Match[str]]) -> _Section | None:
    condition: tuple[str, Decimal] | None = None
    tokens: list[_Token] = []
    for match in matches:
        if bracket := match["bracket"]:
            inside = bracket[1:-1]
            if found := _CONDITION.fullmatch(inside):
                condition = (found[1], Decimal(found[2]))
            elif inside.startswith("$"):
                tokens.append(_Token(_LITERAL, inside[1:].partition("-")[0]))
            elif inside.upper().startswith("DBNUM") or _ELAPSED.fullmatch(inside):
                return None
            continue
        token = _token(match, any(t.kind == _POINT for t in tokens))
        if token is None:
            return None
        if token.text == "/" and any(t.kind == _DIGIT for t in tokens):
            return None  # a fraction
        tokens.append(token)
    return _Section(condition, tuple(tokens), _usual(tokens))


_USUAL = re.compile(r"(l*)([#,]*)0(?:\.(0+))?(l*)")


def _usual(tokens: list[_Token]) -> _Usual | None:
    """What a section of the usual kind comes to; others are printed place by place."""
    shape = "".join("l" if t.kind == _LITERAL else t.text or "?" for t in tokens)
    found = _USUAL.fullmatch(shape)
    if found is None:
        return None
    return _Usual(
        before="".join(token.text for token in tokens[: found.end(1)]),
        places=len(found[3] or ""),
        form=",f" if "," in found[2] else "f",
        after="".join(token.text for token in tokens[found.start(4) :]),
    )


def _token(match: re.Match[str], has_point: bool) -> _Token | None:
    """What a part of a format stands for; None for dates and exponents."""
    if (quoted := match["quoted"]) is not None:
        return _Token(_LITERAL, quoted.strip('"'))
    if escaped := match["escaped"]:
        return _Token(_LITERAL, escaped[1])
    if match["space"]:
        return _Token(_LITERAL, " ")
    if match["general"] or match["sign"] == "@":
        return _Token(_GENERAL)
    sign = match["sign"]
    if sign is None or sign in _OF_DATES:
        return None
    if sign in "0#?":
        return _Token(_DIGIT, sign)
    if sign == "." and not has_point:
        return _Token(_POINT, ".")
    return _Token({",": _COMMA, "%": _PERCENT}.get(sign, _LITERAL), sign)
