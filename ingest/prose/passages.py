"""Passages of running text: lines of print joined, under their headings, in sentences.

A PDF gives a paragraph for each line of print, and text files break lines in the
middle of a sentence or of a number. Lines are joined where the break is only layout;
each character keeps its place in the paragraph that prints it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from ingest.document import Paragraph, ParagraphKind

# Marks of mark-up and of word processors that print nothing. The tags of a table that
# no reader could read stay: they part the figures of its cells.
_UNPRINTED = re.compile(
    r"</?(?!t(?:able|head|body|foot|[rdh])\b)[a-zA-Z][^<>]{0,40}>"
    r"|\*\*|\[bookmark: ?\w{1,40}\]|^\s*(?:#{1,6}|[-*•>])\s+"
)
_BLANKS = " \t\u00a0\u3000\u200b\ufeff"
_ENDED = re.compile(r"[。！？!?][”’\"'）)」』》]*$")
_SENTENCE = re.compile(r"[。！？!?][”’\"'）)」』》]*")
# A line ends within a sentence: behind a comma, the head of a list, or a word that
# needs another one.
_GOES_ON = re.compile(r"(?:[；;，,、为是占比较和与及至]|(?:其中|包括|如下|方面)[：:])$")
# A line begins within a sentence: with a closing mark, or with the level of a
# functional code, or a measure word, in brackets.
_CARRIES_ON = re.compile(
    r"[，。；、：:）)」』》％%]|[（(](?:[类款项目]|[套台辆架人次个批处])[)）]"
)
# What a line begins with when the one before ends before an amount, or within it.
_AMOUNT_LEFT = re.compile(r"\d[\d,，]*(?:\.\d+)?\s*(?:[亿万千百]?元|[%％])")
_UNIT_LEFT = re.compile(r"[亿万千百]元|元(?![旦月])|[%％]")
# What a line begins with that goes on with the number at the end of the one before:
# its other digits, its unit, the rest of a date. 部门 or 本级 begin something else.
_NUMBER_LEFT = re.compile(
    r"\d{1,2}$|[-—~～至]\s*\d|\d{0,3}年|\d?(?:月|日(?!常)|号)"
    r"|[\d,，.]*\s*(?:[亿万千百]?元|[%％]|个百分点"
    r"|[亿万]?(?:[辆台套个人名家次批件处间户]|人次|批次|台[（(]套[）)]|平方米)"
    r"(?=[，。；、：,;:）)（(]|$))"
)
_PROSE = re.compile(r"[，。；、,;]")
_PROSE_LENGTH = 30
_AMOUNT_ENDS = re.compile(r"\d\s*(?:[亿万千百]?元|%|％|[辆台套个人次])$")
_STARTS_NEW = re.compile(
    r"(?:注|备注|说明|附件|附表|附|单位|单位名称|编制单位|编制部门|填报单位|预算单位)[：:\d]"
    r"|表[一二三四五六七八九十\d]|公开\d"
)
# A heading goes on when it ends like this.
_UNFINISHED = re.compile(r"(?:[，、,（(“《]|[（(][类款][)）])$")
_YEAR_FOLLOWS = r"(?=\s*(?:19|20)\d\d\s*年)"
_HAN = "[一二三四五六七八九十]"
_NUMBERINGS = (
    re.compile(rf"第\s*(?:{_HAN}{{1,3}}|\d{{1,2}})\s*(?:部分|章|篇)"),
    re.compile(rf"{_HAN}{{1,3}}\s*[、.．]"),
    re.compile(rf"[（(]\s*{_HAN}{{1,3}}\s*[)）]"),
    re.compile(rf"\d{{1,2}}\s*[、.．](?:(?!\s*\d)|{_YEAR_FOLLOWS})"),
    re.compile(r"[（(]\s*\d{1,2}\s*[)）]|\d{1,2}[)）]|[①-⑳]"),
)
_HEADING_LENGTH = 45
_HEADING_END = re.compile(r"[。；：:;]")
_NO_HEADING = re.compile(r"[，,]|\d\s*(?:[亿万千百]?元|[%％])")
_TITLE_LENGTH = 40
_TITLE = re.compile(r"(?:说明|解释|概况|职能|职责|设置|情况)$")
# How many heights of a line its right end may lie left of the margin.
_RAGGED = 2.5
_INDENT = 1.5
# What is not parted at the end of a line: a number, or a character, with the marks
# that may not stand alone.
_UNPARTED = re.compile(
    r"[（(“‘《「『]*(?:[\d.,，]*\d[%％]?|.)[，。；、：:！？）)”’》」』]*"
)
# Marks that word processors let stand beyond the margin.
_HANGING = re.compile(r"[，。；、：！？]$")
_FEWEST_FULL_LINES = 2


class Piece(NamedTuple):
    """A stretch of a passage that one paragraph prints without a break."""

    start: int
    block: int
    offset: int
    page: int | None
    line: int | None


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence by its place in the passage."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph as its author wrote it.

    ``section_path`` are the headings above, ``heading_end`` where the heading ends
    that the passage itself begins with (0 without one), ``level`` the level of its
    numbering (None without one).
    """

    number: int
    text: str
    pieces: tuple[Piece, ...]
    section_path: tuple[str, ...] = ()
    heading_end: int = 0
    level: int | None = None
    sentences: tuple[Sentence, ...] = field(default=())

    @property
    def is_heading(self) -> bool:
        """Whether the passage is a heading and nothing else."""
        return self.heading_end == len(self.text)

    def piece(self, index: int) -> Piece:
        """The piece that holds a character."""
        return self.pieces[bisect_right(self.pieces, index, key=_start) - 1]

    def place(self, index: int) -> tuple[int, int]:
        """Block of a character and its offset in the text of the paragraph."""
        piece = self.piece(index)
        return piece.block, piece.offset + index - piece.start

    def end_place(self, index: int) -> tuple[int, int]:
        """Block and offset behind the character before ``index``."""
        block, offset = self.place(max(index - 1, 0))
        return block, offset + 1


def _start(piece: Piece) -> int:
    return piece.start


def read_passages(blocks: Iterable[tuple[int, Paragraph | None]]) -> list[Passage]:
    """The passages of a document.

    :param blocks: its paragraphs by number; None stands for a table.
    """
    numbers = list(blocks)
    margins = _margins(numbers)
    open_lines: list[_Line] = []
    joined: list[list[_Line]] = []
    has_table_between = False
    for block, paragraph in numbers:
        if paragraph is None:
            has_table_between = True
            continue
        if paragraph.kind is not ParagraphKind.TEXT:
            continue
        for line in _lines(block, paragraph):
            if open_lines and _goes_on(open_lines, line, margins, has_table_between):
                open_lines.append(line)
            else:
                open_lines = [line]
                joined.append(open_lines)
            has_table_between = False
    return list(_with_sections(joined))


class _Line(NamedTuple):
    """A line of print without the blanks at its ends, and its stretches."""

    text: str
    paragraph: Paragraph
    # start in the line, block, offset in the paragraph
    stretches: tuple[tuple[int, int, int], ...]


def _lines(block: int, paragraph: Paragraph) -> Iterator[_Line]:
    offset = 0
    for text in paragraph.text.split("\n"):
        parts: list[str] = []
        stretches: list[tuple[int, int, int]] = []
        length = 0
        for start, end in _printed(text):
            stretches.append((length, block, offset + start))
            parts.append(text[start:end])
            length += end - start
        if parts:
            yield _Line("".join(parts), paragraph, tuple(stretches))
        offset += len(text) + 1


def _printed(text: str) -> Iterator[tuple[int, int]]:
    """The stretches of a line that print something."""
    last = len(text.rstrip(_BLANKS + "\r"))
    start = 0
    begun = False
    for match in _UNPRINTED.finditer(text):
        for edge in _stretch(text, start, min(match.start(), last), begun):
            yield edge
            begun = True
        start = match.end()
    yield from _stretch(text, start, last, begun)


def _stretch(text: str, start: int, end: int, begun: bool) -> Iterator[tuple[int, int]]:
    if not begun:
        start += len(text[start:end]) - len(text[start:end].lstrip(_BLANKS))
    if start < end:
        yield start, end


class _Margins(NamedTuple):
    """Left and right end of the running text of a page.

    ``inner`` is the right end without the marks that may stand beyond it.
    """

    left: float
    right: float
    inner: float


def _margins(
    numbers: Sequence[tuple[int, Paragraph | None]],
) -> dict[int | None, _Margins]:
    """The margins of each page."""
    margins: dict[int | None, _Margins] = {}
    for _, paragraph in numbers:
        if paragraph is None or paragraph.box is None:
            continue
        if paragraph.kind is not ParagraphKind.TEXT:
            continue
        box = paragraph.box
        text = paragraph.text.rstrip(_BLANKS)
        inner = box.right - (_em(paragraph) if _HANGING.search(text) else 0)
        known = margins.get(paragraph.page, _Margins(box.left, box.right, inner))
        margins[paragraph.page] = _Margins(
            min(known.left, box.left),
            max(known.right, box.right),
            max(known.inner, inner),
        )
    return margins


def _em(paragraph: Paragraph) -> float:
    """The width of a Chinese character in a line of print."""
    box = paragraph.box
    if box is None:
        return 0.0
    width = _width(paragraph.text)
    if "\t" in paragraph.text or not width:
        return box.bottom - box.top
    return (box.right - box.left) / width


def _width(text: str) -> float:
    """The width of a text in Chinese characters; Latin ones are half as wide."""
    return sum(0.5 if character.isascii() else 1.0 for character in text)


def _goes_on(
    lines: Sequence[_Line],
    line: _Line,
    margins: dict[int | None, _Margins],
    has_table_between: bool,
) -> bool:
    """Whether a line goes on with the passage of the lines before it."""
    last = lines[-1]
    text = last.text
    if _ENDED.search(text[-8:]) or _STARTS_NEW.match(line.text):
        return False
    if _level(line.text) is not None:
        return False
    if _is_bare_number(text) and len(lines) == 1:
        return _level(text) == 0  # 第二部分, its name on the next line
    if _GOES_ON.search(text[-4:]):
        return True
    if has_table_between and not (_PROSE.search(text) and "\t" not in text):
        return False
    if _carries_on(lines, line):
        return True
    is_full = _is_full(last, line, margins)
    if is_full is not None and len(text) > 2:
        return is_full or _fills_its_passage(lines, line)
    if len(lines) == 1 and _is_heading_line(text):
        return False
    if _AMOUNT_ENDS.search(text[-8:]) and not _PROSE.match(line.text):
        return False
    if text[-1].isdigit() and max(len(text), len(line.text)) > 2:
        return _NUMBER_LEFT.match(line.text) is not None
    if len(text) == len(line.text) == 1:  # a break after each character
        return True
    if len(text) <= 2 and len(line.text) <= 2:
        return not (text.isdigit() and line.text.isdigit() and len(lines) == 1)
    is_long = len(text) >= _PROSE_LENGTH and not _STARTS_NEW.match(text)
    return len(lines) > 1 or is_long or _PROSE.search(text) is not None


def _carries_on(lines: Sequence[_Line], line: _Line) -> bool:
    """Whether a line begins with what no paragraph begins with."""
    text = lines[-1].text
    if "\t" in text or "\t" in line.text:
        return False
    if _CARRIES_ON.match(line.text):
        return True
    if text[-1].isdigit():
        return _UNIT_LEFT.match(line.text) is not None
    if len(lines) == 1 and not _PROSE.search(text):
        return False
    return not _AMOUNT_ENDS.search(text[-8:]) and (
        _AMOUNT_LEFT.match(line.text) is not None
    )


def _is_full(
    last: _Line, line: _Line, margins: dict[int | None, _Margins]
) -> bool | None:
    """Whether a line reaches the margin and the next begins at it; None if unknown.

    It reaches the margin as well if what the next one begins with has no room left.
    """
    before, after = last.paragraph, line.paragraph
    if before.box is None or after.box is None or before is after:
        return None
    height = before.box.bottom - before.box.top
    _, right, inner = margins[before.page]
    room = inner - before.box.right
    reaches = before.box.right > right - _RAGGED * height or room < _needed(line)
    return reaches and after.box.left < margins[after.page].left + _INDENT * height


def _needed(line: _Line) -> float:
    """The room that the line before would have needed for more of this one."""
    first = _UNPARTED.match(line.text)
    return _em(line.paragraph) * _width(first.group() if first else line.text[:1])


def _fills_its_passage(lines: Sequence[_Line], line: _Line) -> bool:
    """Whether a line ends where those before it end that went on.

    Text in a narrow column keeps to margins of its own.
    """
    boxes = [one.paragraph.box for one in (*lines, line)]
    *ended, last, after = [box for box in boxes if box is not None]
    if len(ended) < _FEWEST_FULL_LINES or len(boxes) > len(ended) + 2:
        return False
    ragged = _RAGGED * (last.bottom - last.top)
    right = max(box.right for box in ended)
    return (
        all(box.right > right - ragged for box in ended)
        and right - ragged < last.right
        and abs(after.left - last.left) < ragged
        and not _AMOUNT_ENDS.search(lines[-1].text[-8:])
    )


def _level(text: str) -> int | None:
    """The level of the numbering that a line begins with."""
    head = text[:12]
    for level, pattern in enumerate(_NUMBERINGS):
        if pattern.match(head):
            return level
    return None


def _is_bare_number(text: str) -> bool:
    level = _level(text)
    if level is None:
        return False
    match = _NUMBERINGS[level].match(text)
    return match is not None and match.end() == len(text)


def _is_heading_line(text: str) -> bool:
    """Whether a line by itself is a heading, though it ends without a stop."""
    return (
        _level(text) is not None
        and len(text) <= _HEADING_LENGTH
        and not _NO_HEADING.search(text)
        and not _UNFINISHED.search(text)
    )


# Headings -------------------------------------------------------------------


def _with_sections(joined: Iterable[Sequence[_Line]]) -> Iterator[Passage]:
    titles: dict[int, str] = {}
    for number, lines in enumerate(joined):
        text, pieces = _join(lines)
        level = _level(text)
        heading_end = _heading_end(text, level)
        if level is not None or heading_end:
            depth = level or 0
            titles = {key: title for key, title in titles.items() if key < depth}
            if heading_end:
                titles[depth] = text[:heading_end].rstrip(" 。：:；;")
        yield Passage(
            number,
            text,
            pieces,
            tuple(titles[key] for key in sorted(titles)),
            heading_end,
            level,
            tuple(_sentences(text)),
        )


def _join(lines: Sequence[_Line]) -> tuple[str, tuple[Piece, ...]]:
    parts: list[str] = []
    pieces: list[Piece] = []
    length = 0
    for line in lines:
        for start, block, offset in line.stretches:
            pieces.append(
                Piece(
                    length + start,
                    block,
                    offset,
                    line.paragraph.page,
                    line.paragraph.line,
                )
            )
        parts.append(line.text)
        length += len(line.text)
    return "".join(parts), tuple(pieces)


def _heading_end(text: str, level: int | None) -> int:
    """Where the heading ends that a passage begins with; 0 without one."""
    if level is None:
        is_title = (
            len(text) <= _TITLE_LENGTH
            and _TITLE.search(text) is not None
            and not _PROSE.search(text)
        )
        return len(text) if is_title else 0
    head = text[: _HEADING_LENGTH + 40]
    numbering = _NUMBERINGS[level].match(head)
    begin = numbering.end() if numbering else 0
    end = _HEADING_END.search(head, begin)
    if end is None and len(text) > len(head):
        return 0
    stop = end.start() if end else len(head)
    if _NO_HEADING.search(head, begin, stop):
        return 0
    if stop - begin > _HEADING_LENGTH and not head[:stop].endswith(("（项）", "(项)")):
        return 0
    return end.end() if end else stop


def _sentences(text: str) -> Iterator[Sentence]:
    start = 0
    for match in _SENTENCE.finditer(text):
        if text[start : match.end()].strip(_BLANKS):
            yield Sentence(start, match.end(), text[start : match.end()])
            start = match.end()
    if text[start:].strip(_BLANKS):
        yield Sentence(start, len(text), text[start:])
