"""Text on a terminal: Chinese characters two columns wide, lines that fit, colours."""

from __future__ import annotations

import os
import shutil
import sys
import unicodedata
from collections.abc import Iterator, Sequence
from typing import TextIO

_GAP = "  "
_NARROWEST = 12  # columns that a text keeps when a table is too wide
_MOST_LINES = 4  # of a cell; beyond that rows read better one field a line
_COLOURS = {"red": "31", "yellow": "33", "cyan": "36", "bold": "1", "dim": "2"}


def is_live(stream: TextIO) -> bool:
    """Whether somebody looks at the stream, on a terminal that can move its cursor."""
    return stream.isatty() and os.environ.get("TERM", "") not in ("", "dumb")


def columns(stream: TextIO) -> int | None:
    """How wide the terminal is; None where the stream is a file or a pipe."""
    return shutil.get_terminal_size().columns if stream.isatty() else None


def coloured(text: str, colour: str, stream: TextIO | None = None) -> str:
    """The text in a colour, where somebody sees it and has not refused (NO_COLOR)."""
    if not text or os.environ.get("NO_COLOR") or not is_live(stream or sys.stdout):
        return text
    return f"\x1b[{_COLOURS[colour]}m{text}\x1b[0m"


def width(text: str) -> int:
    """Columns on a terminal: a Chinese character takes two, a combining mark none."""
    return sum(_columns_of(character) for character in text)


def _columns_of(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def wrapped(text: str, columns: int) -> list[str]:
    """The text in lines of at most so many columns.

    A line ends after a space or beside a wide character; a number or a key is cut
    only where it alone is longer than a line.
    """
    lines: list[str] = []
    line, used = "", 0
    for word in _words(text):
        needed = width(word)
        if used and used + width(word.rstrip()) > columns:
            lines.append(line.rstrip())
            line, used = "", 0
        while needed > columns:
            head = _head(word, columns)
            lines.append(head)
            word = word[len(head) :]
            needed = width(word)
        line += word
        used += needed
    return [*lines, line.rstrip()] if line or not lines else lines


def _words(text: str) -> Iterator[str]:
    """What stays on one line: a wide character with the marks that follow it, a word."""
    word = ""
    for character in text:
        if word and (
            word[-1] == " "
            or (
                _columns_of(character) == 2 and character not in "，。；：、）」》！？…"
            )
            or (_columns_of(word[-1]) == 2 and _columns_of(character) == 1)
        ):
            yield word
            word = ""
        word += character
    if word:
        yield word


def _head(text: str, columns: int) -> str:
    used = 0
    for place, character in enumerate(text):
        used += _columns_of(character)
        if used > columns:
            return text[: max(place, 1)]
    return text


def padded(text: str, columns: int, *, right: bool = False) -> str:
    """The text with spaces up to so many columns, before it if it stands right."""
    space = " " * (columns - width(text))
    return space + text if right else text + space


def table(
    names: Sequence[str],
    rows: Sequence[Sequence[str]],
    numeric: Sequence[bool],
    limit: int | None = None,
) -> list[str]:
    """Rows below each other under their names, at most ``limit`` columns wide.

    Nothing is cut: Chinese text runs on in the lines below; numbers and keys, which
    somebody copies, stay whole. Where that does not do, every row is printed one field
    a line.
    """
    widths = [
        max(width(text) for text in column) for column in zip(names, *rows, strict=True)
    ]
    if limit is not None and _total(widths) > limit:
        narrower = _narrower(names, rows, widths, limit)
        if narrower is None:
            return records(names, rows, limit)
        widths = narrower

    def lines(texts: Sequence[str]) -> Iterator[str]:
        cells = [
            wrapped(text, room) if width(text) > room else [text]
            for text, room in zip(texts, widths, strict=True)
        ]
        for place in range(max(map(len, cells))):
            yield _GAP.join(
                padded(cell[place] if place < len(cell) else "", room, right=right)
                for cell, room, right in zip(cells, widths, numeric, strict=True)
            ).rstrip()

    printed = [*lines(names), _GAP.join("─" * room for room in widths)]
    for row in rows:
        printed += lines(row)
    return printed


def _total(widths: Sequence[int]) -> int:
    return sum(widths) + len(_GAP) * (len(widths) - 1)


def _narrower(
    names: Sequence[str],
    rows: Sequence[Sequence[str]],
    widths: Sequence[int],
    limit: int,
) -> list[int] | None:
    """Widths that fit, taken from Chinese text alone; None if there are none."""
    result = list(widths)
    least = [
        _least(names[place], [row[place] for row in rows], room)
        for place, room in enumerate(widths)
    ]
    while _total(result) > limit:
        places = [place for place, room in enumerate(result) if room > least[place]]
        if not places:
            return None
        result[max(places, key=lambda place: result[place])] -= 1
    fits = all(
        len(wrapped(text, room)) <= _MOST_LINES
        for row in [names, *rows]
        for text, room in zip(row, result, strict=True)
    )
    return result if fits else None


def _least(name: str, texts: Sequence[str], room: int) -> int:
    """How narrow a column may become: Chinese folds, also in a name."""
    if any(map(_is_prose, texts)):
        return min(room, _NARROWEST)
    if _is_prose(name):
        return max([_NARROWEST // 2, *map(width, texts)])
    return room


def _is_prose(text: str) -> bool:
    return any(_columns_of(character) == 2 for character in text)


def records(
    names: Sequence[str], rows: Sequence[Sequence[str]], limit: int | None = None
) -> list[str]:
    """Every row for itself, one field a line, as for rows with many fields."""
    room = max(map(width, names), default=0)
    lines = []
    for number, row in enumerate(rows, 1):
        lines.append(f"── 第 {number} 条 ──")
        for name, text in zip(names, row, strict=True):
            # On a terminal long text runs on below itself, not below its name.
            space = None if limit is None else max(limit - room - len(_GAP), 20)
            first, *others = [text] if space is None else wrapped(text, space)
            lines.append(f"{padded(name, room)}{_GAP}{first}".rstrip())
            lines += [" " * (room + len(_GAP)) + other for other in others]
    return lines or ["（没有行）：" + "，".join(names)]
