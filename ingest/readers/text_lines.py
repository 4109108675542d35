"""The lines of a text, and which of them are neither running text nor rows.

Tables of contents, page numbers and watermarks are told by their look and by
where they stand; what stays in doubt is running text, since a statement taken
for a watermark would be lost to every later stage.
"""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from ingest.document import Limits, ParagraphKind, UnreadableDocument

# Controls that print nothing and byte order marks left by joining files.
_UNPRINTED = re.compile("[\x00-\x08\x0e-\x1f\x7f\ufeff]")
# A space or a Chinese character must follow: "#DIV/0!" is what a cell prints.
_HEADING_MARK = re.compile("^#{1,6}(?=[ \u3000\u4e00-\u9fff（“《]|$)")


class Line(NamedTuple):
    """A line that prints something, or at least has tabs."""

    number: int
    text: str

    @property
    def has_tab(self) -> bool:
        """Whether the line has a tab anywhere."""
        return "\t" in self.text

    @property
    def is_indented_only(self) -> bool:
        """Whether no tab follows the text, as in an indented paragraph."""
        return "\t" not in self.text.lstrip()

    @property
    def printed(self) -> str:
        """What the line prints outside a table."""
        return _HEADING_MARK.sub("", self.text.strip()).strip()


def printed_lines(text: str, limits: Limits) -> list[Line]:
    """The lines that are not blank, with their numbers in the file.

    Raises UnreadableDocument: ``too_large`` for more lines, or fields in them,
    than the limit of cells. A paragraph costs as much as a cell, and a row of
    nothing but tabs must not be split before it is counted.
    """
    lines: list[Line] = []
    fields = 0
    source = io.StringIO(_UNPRINTED.sub("", text), newline=None)
    for number, line in enumerate(source, start=1):
        # A form feed starts a page and belongs to no cell.
        line = line.strip("\n\f\v")
        if "\t" in line or line.strip():
            lines.append(Line(number, line))
            fields += 1 + line.count("\t") + line.count("|")
            if fields > limits.cells:
                raise UnreadableDocument("too_large", f"over {limits.cells} fields")
    return lines


_TABLE_TAG = re.compile(r"<(/?)table(?:\s[^<>]*)?>", re.IGNORECASE)

# The tables in HTML, each by its lines, by the index of the line that follows them.
Tagged = Mapping[int, list[list[Line]]]


class _Place(NamedTuple):
    """A place in the lines: the index of one, and a character in it."""

    line: int
    character: int


def tables_apart(lines: list[Line]) -> tuple[list[Line], Tagged]:
    """The lines without the tables in HTML that begin and end in them, and these.

    A line that holds more than a table becomes several of the same number.
    """
    tables = _tagged_tables(lines)
    if not tables:
        return lines, {}
    others: list[Line] = []
    tagged: dict[int, list[list[Line]]] = {}
    last = _Place(0, 0)
    for start, end in tables:
        others.extend(_stretch(lines, last, start))
        tagged.setdefault(len(others), []).append(list(_stretch(lines, start, end)))
        last = end
    others.extend(_stretch(lines, last, _Place(len(lines) - 1, len(lines[-1].text))))
    return others, tagged


def _tagged_tables(lines: list[Line]) -> list[tuple[_Place, _Place]]:
    """Where the tables begin and end that lie in no other one."""
    tables: list[tuple[_Place, _Place]] = []
    begun: list[_Place] = []
    for index, line in enumerate(lines):
        if "<" not in line.text:
            continue
        for tag in _TABLE_TAG.finditer(line.text):
            if not tag[1]:
                begun.append(_Place(index, tag.start()))
            elif begun:
                start = begun.pop()
                while tables and tables[-1][0] > start:
                    tables.pop()
                tables.append((start, _Place(index, tag.end())))
    return tables


def _stretch(lines: list[Line], start: _Place, end: _Place) -> Iterator[Line]:
    """What the lines print between two places."""
    for index in range(start.line, end.line + 1):
        line = lines[index]
        first = start.character if index == start.line else 0
        last = end.character if index == end.line else len(line.text)
        text = line.text[first:last]
        if len(text) == len(line.text):
            yield line
        elif text.strip():
            yield Line(line.number, text)


def _standing_alone(lines: list[Line]) -> Iterator[tuple[int, Line]]:
    """The lines without tabs that have blank lines on both sides."""
    last = len(lines) - 1
    for index, line in enumerate(lines):
        if line.has_tab:
            continue
        if index > 0 and lines[index - 1].number == line.number - 1:
            continue
        if index < last and lines[index + 1].number == line.number + 1:
            continue
        yield index, line


# By index into the lines.
Kinds = Mapping[int, ParagraphKind]


def line_kinds(lines: list[Line]) -> Kinds:
    """The kinds, by index, of the lines that are neither running text nor rows."""
    kinds = dict.fromkeys(_contents(lines), ParagraphKind.CONTENTS)
    kinds |= dict.fromkeys(_page_numbers(lines), ParagraphKind.PAGE_NUMBER)
    kinds |= dict.fromkeys(_watermarks(lines, kinds), ParagraphKind.WATERMARK)
    return kinds


_LEADERS_AND_PAGE = re.compile(
    r"(?:(?:[.．。·・•‧] ?){3,}|(?:[…‥⋯] ?){2,})"
    r"\s*[-(（—]?\s*(?:\d{1,4}|[ivx]{1,5}|[IVX]{1,5})\s*[-)）—]?$"
)
_LEADER_SIGNS = ".．。·・•‧…‥⋯"
_LONGEST_TAIL = 48
_LONGEST_HEADING = 40
_CONTENTS_HEADINGS = frozenset({"目录", "目錄", "目次", "contents"})
_TITLE_AND_PAGE = re.compile(
    r"(?!\s*\d+\s*\t)\s*\S[^\t]{0,200}(?:\t|[ \u3000]{2,})\s*(\d{1,4})\s*"
)


def _contents(lines: list[Line]) -> Iterator[int]:
    """Lines of a table of contents.

    Dot leaders and a page number show one anywhere. Under a heading that says
    so, a title, a gap and a page number do, as long as the pages never go back;
    an index of tables with columns of its own is a table.
    """
    page: int | None = None  # the last page seen while under the heading
    for index, line in enumerate(lines):
        listed = page is not None and _TITLE_AND_PAGE.fullmatch(line.text)
        if _has_leaders(line.text):
            yield index
        elif listed and int(listed[1]) >= (page or 0):
            page = int(listed[1])
            yield index
        elif not line.is_indented_only or len(line.text) > _LONGEST_HEADING:
            page = None
        elif "".join(line.printed.split()).lower() in _CONTENTS_HEADINGS:
            page = 0


def _has_leaders(text: str) -> bool:
    """Whether the line ends in leaders and a page, with a title before them."""
    return (
        text.count("\t") <= 1
        and _LEADERS_AND_PAGE.search(text[-_LONGEST_TAIL:].rstrip()) is not None
        and text.lstrip()[0] not in _LEADER_SIGNS
    )


_PAGE_NUMBER = re.compile(
    r"[-–—－─~～·]+\s*\d{1,4}\s*[-–—－─~～·]+"
    r"|第\s*[\d〇一二三四五六七八九十百]{1,5}\s*页"
    r"(?:\s*[,，/]?\s*共\s*[\d〇一二三四五六七八九十百]{1,5}\s*页)?"
    r"|[Pp]age\s*\d{1,4}(?:\s*(?:of|/)\s*\d{1,4})?"
)
_PAGE_OF_PAGES = re.compile(r"(\d{1,4})\s*/\s*(\d{1,4})")
_BARE_NUMBER = re.compile(r"\d{1,4}")
_LONGEST_PAGE_NUMBER = 24
_FEWEST_BARE_NUMBERS = 3


def _page_numbers(lines: list[Line]) -> Iterator[int]:
    """Lines that are only a page number."""
    for index, line in enumerate(lines):
        if len(line.text) > _LONGEST_PAGE_NUMBER or line.has_tab:
            continue
        text = line.text.strip()
        of_pages = _PAGE_OF_PAGES.fullmatch(text)
        if _PAGE_NUMBER.fullmatch(text) or (
            of_pages and int(of_pages[1]) <= int(of_pages[2])
        ):
            yield index
    yield from _bare_page_numbers(lines)


def _bare_page_numbers(lines: list[Line]) -> list[int]:
    """Numbers alone on their lines, if all in the file count on one by one.

    One by itself may as well be a figure that lost its table.
    """
    found = [
        (index, int(line.text))
        for index, line in _standing_alone(lines)
        if _BARE_NUMBER.fullmatch(line.text.strip())
    ]
    if len(found) < _FEWEST_BARE_NUMBERS:
        return []
    first = found[0][1]
    counted = range(first, first + len(found))
    if any(number != page for (_, number), page in zip(found, counted, strict=True)):
        return []
    return [index for index, _ in found]


_LONGEST_WATERMARK = 20
_FEWEST_WATERMARKS = 3
# Short lines that repeat and say something: a heading with its number, a caption,
# a statement that nothing is there, a unit, a year, a sentence.
_SAYS_SOMETHING = re.compile(
    r"[:：]|[。；;，,、！？]$|[表图录]$|^(?:第.{1,4}[部分章节篇]|[（(]?[一二三四五六七八九十]+[、）)])"
    r"|^[（(]?\d+[、.．）)]|^#|无|没有|不涉及|元|年度|\d{4}\s*年|附件"
)
_LETTER = re.compile(r"[^\W\d_]")
_TABLE_NEIGHBOUR = "\t"


def _watermarks(lines: list[Line], kinds: Kinds) -> Iterator[int]:
    """Short identical lines strewn over the file.

    Captions repeat as well, but in the same place: always above a table, say.
    So a watermark is what has more than one neighbour on either side, itself
    perhaps, or stands between the parts of one table.
    """
    places: dict[str, list[int]] = {}
    for index, line in _standing_alone(lines):
        text = line.text.strip()
        if index not in kinds and _may_be_watermark(text):
            places.setdefault(text, []).append(index)
    marks = {
        text
        for text, indexes in places.items()
        if len(indexes) >= _FEWEST_WATERMARKS and _is_strewn(indexes, lines, kinds)
    }
    for index, line in enumerate(lines):
        if not line.has_tab and line.text.strip() in marks:
            yield index


def _may_be_watermark(text: str) -> bool:
    return (
        1 < len(text) <= _LONGEST_WATERMARK
        and _LETTER.search(text) is not None
        and _SAYS_SOMETHING.search(text) is None
    )


def _is_strewn(indexes: list[int], lines: list[Line], kinds: Kinds) -> bool:
    before = {_neighbour(index, -1, lines, kinds) for index in indexes}
    after = {_neighbour(index, 1, lines, kinds) for index in indexes}
    only_table = {_TABLE_NEIGHBOUR}
    return before == after == only_table or min(len(before), len(after)) > 1


def _neighbour(index: int, step: int, lines: list[Line], kinds: Kinds) -> str:
    """The nearest line that is no page number; any table is like any other."""
    index += step
    while 0 <= index < len(lines) and kinds.get(index) is ParagraphKind.PAGE_NUMBER:
        index += step
    if not 0 <= index < len(lines):
        return ""
    line = lines[index]
    is_row = line.has_tab and index not in kinds
    return _TABLE_NEIGHBOUR if is_row else line.text.strip()


_LONGEST_HEAD = 60
_FEWEST_HEADS = 3
_FEWEST_HEADS_AT_PAGE_NUMBERS = 2
# Lines that repeat above tables: titles, units, the names of who publishes.
_NO_HEAD = re.compile(
    r"[:：]|[。；;，,、]$|[表图录]\d*$|^附?[表件]|^[（(]?[一二三四五六七八九十]+[、）)]"
)


def running_heads(lines: list[Line], kinds: Kinds) -> frozenset[str]:
    """What lines say that stand alone again and again, as at the top of every page."""
    counts: Counter[str] = Counter()
    at_page_number: set[str] = set()
    for index, line in _standing_alone(lines):
        text = line.printed
        if index in kinds or not _may_be_head(text):
            continue
        counts[text] += 1
        if ParagraphKind.PAGE_NUMBER in (kinds.get(index - 1), kinds.get(index + 1)):
            at_page_number.add(text)
    return frozenset(
        text
        for text, count in counts.items()
        if count >= _FEWEST_HEADS
        or (count >= _FEWEST_HEADS_AT_PAGE_NUMBERS and text in at_page_number)
    )


def _may_be_head(text: str) -> bool:
    return (
        1 < len(text) <= _LONGEST_HEAD
        and _LETTER.search(text) is not None
        and "|" not in text
        and _NO_HEAD.search(text) is None
    )
