"""What belongs to the page and not to the text: numbers, running heads, contents."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from ingest.document import ParagraphKind
from ingest.readers.pdf_page import PageContent
from ingest.readers.pdf_text import Line

_MARGIN = 0.12  # the part of a page's height in which a page number can stand
_HEAD_MARGIN = 0.1  # ... and a running head or foot
_SAME_PLACE = 3.0  # points
_RUNNING_PAGES = 3  # a running head stands on at least so many pages ...
_RUNNING_SHARE = 0.6  # ... and on this share of them

_COUNT = r"[\d０-９]{1,3}"  # four digits are a year
_PAGE_NUMBER = re.compile(
    rf"[-—–－―·•~\s]*第?\s*{_COUNT}\s*页?\s*"
    rf"(?:(?:[/／,，、|]\s*共?|共)\s*{_COUNT}\s*页?)?[-—–－―·•~\s]*"
    r"|[-—–－―\s]*第\s*[一二三四五六七八九十百]+\s*页[-—–－―\s]*"
)
_LEADERS = re.compile(r"(?:…\s?){2,}|(?:[.·‥．・]\s?){5,}|_{8,}")
_AFTER_LEADERS = re.compile(r"[\s.…·‥．・_]*[-—(（]?\s*[\dIVXivx]{0,4}\s*[-—)）]?\s*")
_CONTENTS_TITLE = re.compile(r"目\s*[录錄次]")
_PROSE = re.compile(r"[。；;]|[\d０-９]\s*万?元")


def kinds_of(pages: Sequence[PageContent]) -> dict[int, ParagraphKind]:
    """The kinds of all lines that are not plain text, by the identity of the line."""
    kinds: dict[int, ParagraphKind] = {}
    for page in pages:
        for line in _page_numbers(page):
            kinds[id(line)] = ParagraphKind.PAGE_NUMBER
        for line in page.lines:
            if _has_leaders(line.text):
                kinds[id(line)] = ParagraphKind.CONTENTS
    for line in _listed_contents(pages, kinds):
        kinds.setdefault(id(line), ParagraphKind.CONTENTS)
    return kinds


def _page_numbers(page: PageContent) -> list[Line]:
    """The first and the last line of a page, where they are its number."""
    found = []
    boxes = [grid.box for grid in page.grids if not grid.frames_one_text]
    for line, at_top in (
        ((page.lines[0], True), (page.lines[-1], False)) if (page.lines) else ()
    ):
        middle = (line.box.top + line.box.bottom) / 2 / page.height
        in_margin = middle < _MARGIN if at_top else middle > 1 - _MARGIN
        outermost = all(
            line.box.bottom <= box.top + 1 if at_top else line.box.top >= box.bottom - 1
            for box in boxes
        )
        if in_margin and outermost and _PAGE_NUMBER.fullmatch(line.text):
            found.append(line)
    return found


def _has_leaders(text: str) -> bool:
    """Whether a line is a title, leaders and at most a page number after them."""
    found = list(_LEADERS.finditer(text))
    if not found or not text[: found[-1].start()].strip():
        return False
    return _AFTER_LEADERS.fullmatch(text, found[-1].end()) is not None


def _listed_contents(
    pages: Sequence[PageContent], kinds: dict[int, ParagraphKind]
) -> list[Line]:
    """The lines under a title of contents, where no leaders mark them.

    On the page of the title the list ends before prose and where one of its
    lines comes again, which is then the title of a section. It goes on on a
    next page that bears nothing else.
    """
    found: list[Line] = []
    for page in pages:
        lines = [line for line in page.lines if not _is_number(line, kinds)]
        if not found:
            lines = _below_title(lines)
            if any(id(line) in kinds for line in lines):
                return []  # this list has leaders
            found = _up_to_prose(lines, set())
            if found and (page.grids or len(found) < len(lines)):
                return found
            continue
        listed = _up_to_prose(lines, {_squeezed(line) for line in found})
        if page.grids or len(listed) < len(lines):
            return found
        found += listed
    return []  # a list that never ends is the whole document


def _below_title(lines: list[Line]) -> list[Line]:
    """The lines below a title of contents; none without such a title."""
    for index, line in enumerate(lines):
        if _CONTENTS_TITLE.fullmatch(line.text):
            return lines[index + 1 :]
    return []


def _is_number(line: Line, kinds: dict[int, ParagraphKind]) -> bool:
    return kinds.get(id(line)) is ParagraphKind.PAGE_NUMBER


def _up_to_prose(lines: Sequence[Line], known: set[str]) -> list[Line]:
    """The first lines, up to prose or to a line that comes again."""
    found: list[Line] = []
    for line in lines:
        text = _squeezed(line)
        if text in known or _PROSE.search(text):
            break
        known.add(text)
        found.append(line)
    return found


def _squeezed(line: Line) -> str:
    return "".join(line.text.split())


def running_lines(pages: Sequence[PageContent]) -> set[int]:
    """The identities of the lines that most pages repeat at their head or foot."""
    places: Counter[tuple[str, int]] = Counter()
    for page in pages:
        places.update({place for line in page.lines for place in _places(line, page)})
    needed = max(_RUNNING_PAGES, _RUNNING_SHARE * len(pages))
    return {
        id(line)
        for page in pages
        for line in page.lines
        if any(places[place] >= needed for place in _places(line, page))
    }


def _places(line: Line, page: PageContent) -> list[tuple[str, int]]:
    """What a line says and where, if it stands in a margin of its page."""
    top, bottom = line.box.top, page.height - line.box.bottom
    margin = _HEAD_MARGIN * page.height
    if min(top, bottom) > margin:
        return []
    text = re.sub(r"[\d０-９]+", "#", _squeezed(line))
    if top <= bottom:
        return [(text, round(top / _SAME_PLACE))]
    return [(text, -1 - round(bottom / _SAME_PLACE))]
