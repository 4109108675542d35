"""The numbers that Word puts before the items of a list: 一、, （二）, 3., 4.1.

They are not in the text of the file, only how to count them is. Numbers of a kind
that is not known here are left out, as are the signs of lists without numbers.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from lxml import etree

from ingest.readers.word_xml import count_of, first_child, name_of, value_of

_DIGITS = "〇一二三四五六七八九"
_UNITS = ("", "十", "百", "千")
_LARGEST = 9_999
_PLACE = re.compile(r"%([1-9])")
# Signs that part a number from its text by themselves.
_PARTING = tuple("、）】．")


def _chinese(number: int) -> str:
    """一, 十, 十一, 二十, 一百〇五."""
    text = ""
    for power in range(3, -1, -1):
        digit = number // 10**power % 10
        if digit:
            text += _DIGITS[digit] + _UNITS[power]
        elif text and number % 10**power and not text.endswith(_DIGITS[0]):
            text += _DIGITS[0]
    return text.removeprefix("一") if 10 <= number < 20 else text


def _circled(number: int) -> str:
    return chr(0x2460 + number - 1) if number <= 20 else str(number)


def _letter(number: int) -> str:
    return chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)


def _full_width(number: int) -> str:
    return "".join(chr(ord("０") + int(digit)) for digit in str(number))


_SPELLED: dict[str, Callable[[int], str]] = {
    "decimal": str,
    "decimalZero": "{:02}".format,
    "decimalFullWidth": _full_width,
    "decimalFullWidth2": _full_width,
    "decimalEnclosedCircle": _circled,
    "decimalEnclosedCircleChinese": _circled,
    "chineseCounting": _chinese,
    "chineseCountingThousand": _chinese,
    "japaneseCounting": _chinese,
    "taiwaneseCountingThousand": _chinese,
    "ideographDigital": lambda number: "".join(_DIGITS[int(d)] for d in str(number)),
    "lowerLetter": _letter,
    "upperLetter": lambda number: _letter(number).upper(),
}


@dataclass(frozen=True, slots=True)
class _Level:
    """How a level of a list is counted and written."""

    start: int
    format: str
    text: str
    is_glued: bool  # nothing stands between the number and the text


@dataclass(slots=True)
class _List:
    """A list: its levels, which style has which level, and how far it is counted."""

    levels: dict[int, _Level] = field(default_factory=dict)
    level_of_style: dict[str, int] = field(default_factory=dict)
    counts: dict[int, int] = field(default_factory=dict)


@dataclass(slots=True)
class _Use:
    """A use of a list, which may begin anew at some levels."""

    list: _List
    starts: dict[int, int] = field(default_factory=dict)


class ListNumbers:
    """Counts the items of the lists of a document, asked paragraph by paragraph."""

    def __init__(
        self, numbering: etree._Element | None, styles: etree._Element | None
    ) -> None:
        self._uses = _uses(numbering)
        self._styles = _numbered_styles(styles) if self._uses else {}

    def next(self, properties: etree._Element | None, style: str | None) -> str:
        """What stands before the next paragraph; nothing if it is no item."""
        if not self._uses:
            return ""
        place = self._item(properties, style)
        if place is None:
            return ""
        use, depth = place
        counts = use.list.counts
        level = use.list.levels.get(depth)
        if level is None:
            return ""
        if depth in use.starts:
            counts[depth] = use.starts.pop(depth)
        else:
            counts[depth] = counts.get(depth, level.start - 1) + 1
        for deeper in [other for other in counts if other > depth]:
            del counts[deeper]
        return _written(use.list, level)

    def _item(
        self, properties: etree._Element | None, style: str | None
    ) -> tuple[_Use, int] | None:
        """The list and level of a paragraph, by itself or by its style."""
        own = first_child(properties, "w:numPr")
        number = value_of(first_child(own, "w:numId"))
        level = first_child(own, "w:ilvl")
        depth: int | None = None if level is None else count_of(level, 0)
        seen: set[str] = set()
        key = style
        while number is None and key in self._styles and key not in seen:
            seen.add(key)
            number, styled_depth, based_on = self._styles[key]
            depth = styled_depth if depth is None else depth
            if number is not None and depth is None and number in self._uses:
                depth = self._uses[number].list.level_of_style.get(key)
            key = based_on
        use = self._uses.get(number or "")
        return None if use is None else (use, depth or 0)


def _uses(root: etree._Element | None) -> dict[str, _Use]:
    """The uses of lists by their numbers; 0, which is in none, takes a list off."""
    lists: dict[str, _List] = {}
    uses: dict[str, _Use] = {}
    for element in root if root is not None else ():
        key = value_of(element, "abstractNumId")
        if name_of(element) == "w:abstractNum" and key is not None:
            lists[key] = _list(element)
    for element in root if root is not None else ():
        number = value_of(element, "numId")
        key = value_of(first_child(element, "w:abstractNumId"))
        if name_of(element) == "w:num" and number is not None and key in lists:
            uses[number] = _Use(lists[key], _starts(element))
    return uses


def _list(element: etree._Element) -> _List:
    found = _List()
    for level in element:
        depth = value_of(level, "ilvl")
        if name_of(level) != "w:lvl" or depth is None or not depth.isdecimal():
            continue
        found.levels[int(depth)] = _Level(
            start=count_of(first_child(level, "w:start"), 0),
            format=value_of(first_child(level, "w:numFmt")) or "decimal",
            text=value_of(first_child(level, "w:lvlText")) or "",
            is_glued=value_of(first_child(level, "w:suff")) == "nothing",
        )
        style = value_of(first_child(level, "w:pStyle"))
        if style is not None:
            found.level_of_style[style] = int(depth)
    return found


def _starts(element: etree._Element) -> dict[int, int]:
    """The levels at which a use of a list begins anew, and with which number."""
    starts: dict[int, int] = {}
    for override in element:
        depth = value_of(override, "ilvl")
        start = first_child(override, "w:startOverride")
        if start is not None and depth is not None and depth.isdecimal():
            starts[int(depth)] = count_of(start, 1)
    return starts


_NumberedStyle = tuple[str | None, int | None, str | None]


def _numbered_styles(root: etree._Element | None) -> dict[str, _NumberedStyle]:
    """Use of a list, level and parent of each style."""
    styles: dict[str, _NumberedStyle] = {}
    for element in root if root is not None else ():
        key = value_of(element, "styleId")
        if name_of(element) != "w:style" or key is None:
            continue
        numbered = first_child(element, "w:pPr", "w:numPr")
        level = first_child(numbered, "w:ilvl")
        styles[key] = (
            value_of(first_child(numbered, "w:numId")),
            None if level is None else count_of(level, 0),
            value_of(first_child(element, "w:basedOn")),
        )
    return styles


def _written(items: _List, level: _Level) -> str:
    """The number of the last item as it is printed, with what parts it from the text.

    Nothing if one of its levels is counted in a way that is not known here.
    """
    parts: list[str] = []
    at = 0
    for place in _PLACE.finditer(level.text):
        depth = int(place[1]) - 1
        counted = items.levels.get(depth)
        if counted is None or counted.format not in _SPELLED:
            return ""
        number = items.counts.get(depth, counted.start)
        if not 0 < number <= _LARGEST:
            return ""
        parts += [level.text[at : place.start()], _SPELLED[counted.format](number)]
        at = place.end()
    if not parts:
        return ""
    text = "".join([*parts, level.text[at:]])
    return text if level.is_glued or text.endswith(_PARTING) else f"{text} "
