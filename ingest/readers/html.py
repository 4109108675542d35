"""Reads web pages, also those saved as one file, and pages that call themselves .xls.

The page is taken as a browser shows it: elements that are not displayed print
nothing, blanks collapse, a cell spans what it says within its group of rows.
Every line that the page breaks is a paragraph. The numbers that a browser puts
before the items of a list are not in the page, and so not in the document.

A table whose cells hold tables only lays out the page: its texts are paragraphs
and the tables in it are tables. A table of one cell is a frame around its text,
and no table.
"""

from __future__ import annotations

import email
import email.policy
import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from email.message import Message
from enum import Enum
from math import comb

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from ingest.detect import decode_text
from ingest.document import (
    Block,
    Cell,
    Document,
    Limits,
    Paragraph,
    ParagraphKind,
    Table,
    UnreadableDocument,
)
from ingest.readers.grid import CellBudget, spanned_table
from ingest.readers.paragraphs import with_kinds
from ingest.readers.sheet_blocks import with_statements_apart
from ingest.readers.table_continuation import with_continued_tables


def read(data: bytes, limits: Limits = Limits()) -> Document:  # noqa: B008
    """The paragraphs and tables of a web page.

    Raises UnreadableDocument: ``too_large``, ``undecodable_text``,
    ``nothing_printed``.
    """
    if len(data) > limits.file_bytes:
        raise UnreadableDocument("too_large", f"{len(data)} bytes")
    page = _parsed(_decoded(data))
    blocks = _page_blocks(page, CellBudget(limits))
    if not blocks:
        raise UnreadableDocument("nothing_printed")
    return Document(format="html", blocks=(*blocks, *_properties(page)))


def read_mhtml(data: bytes, limits: Limits = Limits()) -> Document:  # noqa: B008
    """The paragraphs and tables of a web page saved with all its parts in one file.

    The main page is read. A frameset prints nothing by itself: then the other
    pages are read in their order, which is that of a workbook's sheets.

    Raises UnreadableDocument: ``too_large``, ``damaged_document`` for parts that
    cannot be told apart, ``undecodable_text``, ``nothing_printed``.
    """
    if len(data) > limits.file_bytes:
        raise UnreadableDocument("too_large", f"{len(data)} bytes")
    main, *others = _pages(data)
    budget = CellBudget(limits)
    page = _parsed(_decoded(main))
    blocks = _page_blocks(page, budget)
    if not blocks:
        parts = (_parsed(_decoded(other)) for other in others)
        blocks = [block for part in parts for block in _page_blocks(part, budget)]
    if not blocks:
        raise UnreadableDocument("nothing_printed")
    address = _SNAPSHOT.search(data[:4096])
    properties = [*_properties(page)]
    if address:
        properties.append(_property("Snapshot-Content-Location", address[1].decode()))
    return Document(format="mhtml", blocks=(*blocks, *properties))


# A part of a page in a text --------------------------------------------------

_CELL_TAG = re.compile(r"<(td|th)(?=[\s/>])", re.IGNORECASE)
_LINE = "line-of-file"


def blocks_within(
    lines: Sequence[tuple[int, str]], budget: CellBudget
) -> Iterator[Block]:
    """What a table in the middle of a text shows, with the lines where it stands.

    :param lines: the numbers and the texts of the lines from its first tag to its last.
    """
    marked = (_CELL_TAG.sub(rf'<\1 {_LINE}="{number}"', text) for number, text in lines)
    first = lines[0][0]
    for block in _page_blocks(_parsed("\n".join(marked)), budget):
        if isinstance(block, Paragraph):
            yield replace(block, line=block.line or first)
        else:
            yield _with_lines(block, first)


def _with_lines(table: Table, first: int) -> Table:
    """The table with a line for empty places, too: that of the cell before."""
    cells: list[Cell] = []
    line = min((cell.line for cell in table.cells if cell.line), default=first)
    start = line
    for cell in table.cells:
        line = cell.line or line
        cells.append(cell._replace(line=line))
    return replace(table, cells=tuple(cells), line=start)


# Bytes ----------------------------------------------------------------------

_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w-]+)""", re.I)


def _decoded(data: bytes) -> str:
    """The text of a page.

    A declaration is believed only where the bytes cannot tell: in Big5. Pages
    in GBK declare gb2312 or iso-8859-1, and pages in UTF-8 any of them.
    """
    declared = _CHARSET.search(data[:4096])
    if declared and declared[1].lower().startswith(b"big5"):
        for encoding in ("utf-8-sig", "big5hkscs"):
            try:
                return data.decode(encoding)
            except UnicodeDecodeError:
                continue
    return decode_text(data)


def _pages(data: bytes) -> list[bytes]:
    """The pages among the parts of a saved page, the main one first."""
    try:
        message = email.message_from_bytes(data.lstrip(), policy=email.policy.compat32)
        parts = [part for part in message.walk() if _is_page(part)]
        main = _start_of(message)
        parts.sort(key=lambda part: main is None or part.get("Content-ID") != main)
        pages = [part.get_payload(decode=True) for part in parts]
    except Exception as error:  # the library fails in many ways
        raise UnreadableDocument("damaged_document", repr(error)) from error
    found = [page for page in pages if isinstance(page, bytes)]
    if not found:
        raise UnreadableDocument("nothing_printed", "no page among the parts")
    return found


def _is_page(part: Message) -> bool:
    return part.get_content_type() in ("text/html", "application/xhtml+xml")


def _start_of(message: Message) -> str | None:
    """The identity of the main part, where the message names it."""
    start = message.get_param("start")
    return start if isinstance(start, str) else None


# Properties -----------------------------------------------------------------

_SNAPSHOT = re.compile(
    rb"^Snapshot-Content-Location:\s*([!-~]{8,500})\s*$", re.M | re.I
)
_SAVED_FROM = re.compile(r"<!--\s*saved from url=\(\d+\)(\S{8,500})\s*-->")
_DATE_OR_ADDRESS = re.compile(r"20\d\d[-/.年]\d|^https?://\S+$")
_LONGEST_PROPERTY = 500
_LONGEST_HEAD = 100_000


def _property(name: str, value: str) -> Paragraph:
    return Paragraph(text=f"{name}: {value}", kind=ParagraphKind.PROPERTY)


def _properties(page: _Page) -> list[Paragraph]:
    """The dates and addresses that a page gives of itself in its head, unseen.

    ``PubDate: 2024-02-05`` for each ``meta`` element of that sort, the canonical
    address, and the address that a browser notes when it saves a page.
    """
    text = page.text
    saved = _SAVED_FROM.search(text[:4096])
    found = [_property("saved-from-url", saved[1])] if saved else []
    is_long = len(text) > _LONGEST_HEAD
    head = (LexborHTMLParser(text[:_LONGEST_HEAD]) if is_long else page.parser).head
    if head is None:
        return found
    for node in head.css("meta[content], link[rel=canonical][href]"):
        attributes = node.attributes
        if node.tag == "link":
            name, value = "canonical", attributes.get("href")
        else:
            name = attributes.get("name") or attributes.get("property") or ""
            value = attributes.get("content")
        name, value = name.strip(), (value or "").strip()
        if (
            name
            and len(name) + len(value) <= _LONGEST_PROPERTY
            and not re.search(r"\s", name)
            and _DATE_OR_ADDRESS.search(value)
        ):
            found.append(_property(name, " ".join(value.split())))
    return found


# Depth ----------------------------------------------------------------------

_TAG = re.compile(r"<(/?)([a-zA-Z][^\s/>]*)")
_SHALLOW = frozenset(  # they have no end, or what follows ends them
    {
        *("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta"),
        *("param", "source", "track", "wbr", "p", "li", "dd", "dt", "option", "tr"),
        *("td", "th", "tbody", "thead", "tfoot", "colgroup", "html", "head", "body"),
    }
)
_FEW_TAGS = 20_000
_MOST_STEPS = 5_000_000_000  # less than a minute


def _check_depth(text: str) -> None:
    """Refuse a page that would take hours: the parser climbs up from every tag.

    Raises UnreadableDocument: ``too_large``.
    """
    if text.count("<") < _FEW_TAGS:
        return
    depth = steps = 0
    open_elements: Counter[str] = Counter()
    for tag in _TAG.finditer(text):
        name = tag[2].lower()
        if name not in _SHALLOW and (not tag[1] or open_elements[name]):
            step = -1 if tag[1] else 1
            open_elements[name] += step
            depth += step
        steps += depth
        if steps > _MOST_STEPS:
            raise UnreadableDocument("too_large", f"elements nest {depth} deep")


# Elements -------------------------------------------------------------------

_TEXT = "-text"
_UNPRINTED = frozenset(
    {
        *("head", "script", "style", "nav", "noscript", "template", "svg", "iframe"),
        *("object", "canvas", "audio", "video", "map", "datalist", "button", "rt"),
        *("rp", "title", "meta", "link", "noframes", "option", "optgroup"),
    }
)
_BLOCKS = frozenset(
    {
        *("address", "article", "aside", "blockquote", "body", "caption", "center"),
        *("dd", "details", "dialog", "dir", "div", "dl", "dt", "fieldset"),
        *("figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5"),
        *("h6", "header", "hr", "html", "legend", "li", "main", "menu", "ol", "p"),
        *("pre", "search", "section", "summary", "table", "tbody", "td", "tfoot"),
        *("th", "thead", "tr", "ul", "xmp", "listing"),
    }
)
_VERBATIM = frozenset({"pre", "xmp", "listing", "textarea"})
_NO_TAGS = frozenset("-!_")  # comments, the type of the document and the like
_HIDING_STYLE = re.compile(r"(?:^|;)\s*(?:display\s*:\s*none|mso-hide\s*:\s*all)", re.I)
# Signs between others that nobody sees, or in another order, make other numbers.
_IN_LINE = frozenset(
    {
        *("a", "abbr", "b", "bdi", "bdo", "big", "del", "em", "font", "i", "ins"),
        *("label", "s", "small", "span", "strong", "sub", "sup", "u"),
    }
)
_TOLD = _BLOCKS | _VERBATIM | {"br", "input", "select"}  # what changes what is read
_UNSEEN_STYLE = re.compile(
    r"(?:^|;)\s*(?:visibility\s*:\s*(?:hidden|collapse)"
    r"|(?:font-size|opacity)\s*:\s*0+(?:\.0*)?(?:px|pt|r?em|%)?\s*(?:!|;|$)"
    r"|(?:left|top|text-indent|margin-left)\s*:\s*-\d{3,})",
    re.I,
)
_TURNED_STYLE = re.compile(r"unicode-bidi\s*:\s*(?:isolate|bidi)-override", re.I)
_FROM_RIGHT = re.compile(r"direction\s*:\s*rtl", re.I)
_TURN = "\u202e"  # as such a sign in the text: no number can be read from it
_TURNED = "-turned"
_FIELDS_WITHOUT_TEXT = frozenset(
    {
        *("hidden", "checkbox", "radio", "button", "submit", "reset", "image"),
        *("file", "password", "range", "color"),
    }
)


def _hiding_themselves(parser: LexborHTMLParser) -> Iterator[int]:
    """The elements that say of themselves that they are not shown."""
    for node in parser.css("[hidden]"):
        yield node.mem_id
    known: dict[str, tuple[bool, bool]] = {}  # pages write a style again and again
    for node in parser.css("[style]"):
        style = node.attributes.get("style") or ""
        if style not in known:
            known[style] = (
                _HIDING_STYLE.search(style) is not None,
                _UNSEEN_STYLE.search(style) is not None,
            )
        is_hidden, is_unseen = known[style]
        if is_hidden or (is_unseen and node.tag in _IN_LINE and _is_innermost(node)):
            yield node.mem_id


def _is_innermost(node: LexborNode) -> bool:
    """Whether no element is in an element: it may be seen by a style of its own."""
    child = node.first_child
    while child is not None and (child.tag or "").startswith("-"):
        child = child.next
    return child is None


def _turned(parser: LexborHTMLParser) -> set[int]:
    """The elements whose signs a browser shows in the reverse order."""
    found = parser.css('bdo, [style*="-override" i]')
    return {node.mem_id for node in found if node.tag in _IN_LINE and _is_turned(node)}


def _is_turned(node: LexborNode) -> bool:
    attributes = node.attributes
    if node.tag == "bdo" and (attributes.get("dir") or "").lower() == "rtl":
        return True
    style = attributes.get("style")
    return bool(style and _TURNED_STYLE.search(style) and _FROM_RIGHT.search(style))


_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)|<!--|-->", re.DOTALL)
_BRACE = re.compile("[{}]")
_DISPLAY = re.compile(r"(?:^|;)\s*display\s*:\s*([a-z-]+)", re.IGNORECASE)
_MOST_RULES = 500


def _hidden(parser: LexborHTMLParser) -> set[int]:
    """The elements that the page hides, by itself or by a style sheet in it.

    The last rule of a sheet for an element counts. What is hidden on paper or until a
    pointer comes near is another matter, and so are sheets outside the page.

    Raises UnreadableDocument: ``too_large``.
    """
    hidden: set[int] = set()
    sheets = "\n".join(node.text() for node in parser.css("style"))
    rules = 0
    depth: int | None = None
    for selector, properties in _rules(_COMMENT.sub(" ", sheets)):
        display = _DISPLAY.search(properties)
        if display is None or ":" in selector or rules >= _MOST_RULES:
            continue
        rules += 1
        if len(_STEP.findall(selector)) > _FEW_STEPS:
            depth = _depth(parser) if depth is None else depth
            _check_selector(parser, selector, depth)
        try:
            chosen = {node.mem_id for node in parser.css(selector)}
        except SelectolaxError:  # a selector that means nothing hides nothing
            continue
        if display[1].lower() == "none":
            hidden |= chosen
        else:
            hidden -= chosen
    return hidden.union(_hiding_themselves(parser))


_STEP = re.compile(r"\s*([>+~])\s*|\s+")
_FEW_STEPS = 2
_MOST_WAYS = 20_000_000


def _check_selector(parser: LexborHTMLParser, selector: str, depth: int) -> None:
    """Refuse a page whose parser would go an element by more ways than can be gone.

    It finds an element of ``div div div`` once for each choice among the elements
    around it; the same goes for the elements before it of ``p ~ p ~ p``.

    Raises UnreadableDocument: ``too_large``.
    """
    for chain in selector.split(","):
        parts = _STEP.split(chain.strip())
        # What stands directly around or before an element is one.
        free = [
            part
            for part, step in zip(parts[::2], parts[1::2], strict=False)
            if step in (None, "~")
        ]
        is_deep = comb(depth, min(len(free), depth // 2)) > _MOST_WAYS
        ways = 1
        for part in free if is_deep or "~" in chain else ():
            try:
                ways *= max(1, len(parser.css(part)))
            except SelectolaxError:  # the selector means nothing either
                break
        if ways > _MOST_WAYS:
            raise UnreadableDocument("too_large", f"style for {selector[:80]!r}")


def _depth(parser: LexborHTMLParser) -> int:
    """How deep the elements of a page nest."""
    node, depth, deepest = parser.root, 1, 1
    while node is not None:
        child = node.first_child
        if child is not None:
            node, depth = child, depth + 1
            deepest = max(deepest, depth)
            continue
        while node is not None and node.next is None:
            node, depth = node.parent, depth - 1
        node = node.next if node is not None else None
    return deepest


def _rules(sheet: str) -> Iterator[tuple[str, str]]:
    """Selector and properties of each rule that holds for a page on any screen."""
    depth = start = opened = 0
    selector = ""
    for brace in _BRACE.finditer(sheet):
        if brace[0] == "{":
            if depth == 0:
                selector = sheet[start : brace.start()].rpartition(";")[2].strip()
                opened = brace.end()
            depth += 1
        elif depth:
            depth -= 1
            start = brace.end()
            if depth == 0 and selector and not selector.startswith("@"):
                yield selector, sheet[opened : brace.start()]


# A text, or an element when it begins; the tag alone when an element ends.
_Event = tuple[str, LexborNode | str | None]


def _events(
    root: LexborNode, hidden: Collection[int], turned: Collection[int]
) -> list[_Event]:
    """What a browser shows, in order: texts, and the elements that part them.

    Without recursion: pages nest as deep as they like.
    """
    events: list[_Event] = []
    around: list[tuple[LexborNode, str]] = []
    node: LexborNode | None = root
    while node is not None:
        tag = node.tag or ""
        if tag == _TEXT:
            events.append((tag, node.text_content or ""))
        elif (
            tag not in _UNPRINTED
            and tag[:1] not in _NO_TAGS
            and not (hidden and node.mem_id in hidden)
        ):
            if tag in _TOLD:
                events.append((tag, node))
            elif turned and node.mem_id in turned:
                events.append((_TURNED, node))
            child = node.first_child
            if child is not None:
                around.append((node, tag))
                node = child
                continue
            if tag in _TOLD:
                events.append((tag, None))
        following = node.next if around else None
        while following is None and around:
            node, tag = around.pop()
            if tag in _TOLD:
                events.append((tag, None))
            following = node.next if around else None
        node = following
    return events


def _field_text(node: LexborNode) -> str:
    """What a form field shows: what stands in it, or the chosen option."""
    if node.tag == "input":
        kind = (node.attributes.get("type") or "text").strip().lower()
        if kind in _FIELDS_WITHOUT_TEXT:
            return ""
        return node.attributes.get("value") or ""
    options = node.css("option")
    chosen = [option for option in options if "selected" in option.attributes]
    shown = chosen or ([] if "multiple" in node.attributes else options[:1])
    return "\n".join(option.text() for option in shown)


# Tables ---------------------------------------------------------------------


class _Use(Enum):
    """What a table element is for."""

    DATA = "data"
    LAYOUT = "layout"
    FRAME = "frame"


@dataclass(slots=True)
class _Seen:
    """What lies in a table element, found before it is read."""

    cells: int = 0
    has_text: bool = False
    has_tables: bool = False


def _uses(events: Sequence[_Event]) -> list[_Use]:
    """What every table element is for, in the order in which they begin."""
    uses: list[_Use] = []
    open_tables: list[tuple[int, _Seen]] = []
    for tag, told in events:
        if tag == "table":
            if told is not None:
                open_tables.append((len(uses), _Seen()))
                uses.append(_Use.FRAME)
                continue
            number, inner = open_tables.pop()
            uses[number] = use = _use(inner)
            if open_tables:
                outer = open_tables[-1][1]
                outer.has_text |= inner.has_text
                outer.has_tables |= use is not _Use.FRAME
        elif open_tables and told is not None:
            seen = open_tables[-1][1]
            if tag in ("td", "th"):
                seen.cells += 1
            elif tag in ("input", "select") or (
                tag == _TEXT and not seen.has_text and str(told).strip()
            ):
                seen.has_text = True
    return uses


def _use(seen: _Seen) -> _Use:
    if seen.has_tables:
        return _Use.LAYOUT
    return _Use.DATA if seen.cells > 1 and seen.has_text else _Use.FRAME


_MOST_COLUMN_SPAN = 1_000  # as browsers clamp them
_MOST_ROW_SPAN = 65_534
_SPAN = re.compile(r"\s*\+?(\d{1,9})")
_GROUP_ORDER = {"thead": 0, "tbody": 1, "tfoot": 2}


@dataclass(slots=True)
class _PageCell:
    """A cell of a page; a row span of 0 reaches to the end of its group."""

    row_span: int
    column_span: int
    line: int | None = None
    text: str = ""


_PageRow = list[_PageCell]


@dataclass(slots=True)
class _Group:
    """Rows that no cell spans beyond: a head, a body, a foot."""

    order: int
    rows: list[_PageRow] = field(default_factory=list)


class _Grid:
    """A table of data while it is read."""

    def __init__(self) -> None:
        self.groups: list[_Group] = []
        self.cell: _PageCell | None = None
        self._has_head = self._has_foot = False

    def open_group(self, tag: str) -> None:
        """Begin a group; only one head comes first and only one foot last."""
        order = _GROUP_ORDER[tag]
        if (tag == "thead" and self._has_head) or (tag == "tfoot" and self._has_foot):
            order = _GROUP_ORDER["tbody"]
        self._has_head |= tag == "thead"
        self._has_foot |= tag == "tfoot"
        self.groups.append(_Group(order))

    def open_row(self) -> None:
        """Begin a row in the last group."""
        if not self.groups:
            self.open_group("tbody")
        self.groups[-1].rows.append([])

    def open_cell(self, node: LexborNode) -> None:
        """Begin a cell in the last row."""
        if not self.groups or not self.groups[-1].rows:
            self.open_row()
        attributes = node.attributes
        columns = _span(attributes.get("colspan"), _MOST_COLUMN_SPAN)
        rows = _span(attributes.get("rowspan"), _MOST_ROW_SPAN)
        line = attributes.get(_LINE)
        self.cell = _PageCell(
            rows, max(columns, 1), int(line) if line and line.isdecimal() else None
        )
        self.groups[-1].rows[-1].append(self.cell)

    def table(self, budget: CellBudget) -> Table | None:
        """The table; nothing if it prints nothing."""
        cells: list[Cell] = []
        first_row = 0
        for group in sorted(self.groups, key=lambda group: group.order):
            cells.extend(_placed(group.rows, first_row, budget))
            first_row += len(group.rows)
        if not any(cell.text for cell in cells):
            return None
        return _clamped_table(cells, first_row, budget)


def _span(printed: str | None, most: int) -> int:
    match = _SPAN.match(printed) if printed else None
    return min(int(match[1]), most) if match else 1


def _placed(rows: list[_PageRow], first_row: int, budget: CellBudget) -> Iterator[Cell]:
    """The cells of a group where a browser puts them: each in the next free place.

    A cell never overlaps another one: it ends where one from above stands.
    """
    free_from: list[int] = []  # by column, the first row that nothing covers
    for number, row in enumerate(rows):
        column = 0
        for cell in row:
            while column < len(free_from) and free_from[column] > number:
                column += 1
            end = column + 1
            while end < column + cell.column_span and not (
                end < len(free_from) and free_from[end] > number
            ):
                end += 1
            if end > len(free_from):
                budget.spend(end - len(free_from))
                free_from.extend([0] * (end - len(free_from)))
            below = min(number + (cell.row_span or len(rows)), len(rows))
            free_from[column:end] = [below] * (end - column)
            yield Cell(
                first_row + number,
                column,
                cell.text,
                below - number,
                end - column,
                line=cell.line,
            )
            column = end


def _clamped_table(cells: list[Cell], row_count: int, budget: CellBudget) -> Table:
    """The table, without columns that only too long spans reach.

    A title may span ten columns above a table of five: in the columns beyond no
    cell begins, and other rows have nothing there.
    """
    begun = 1 + max(cell.column for cell in cells)
    width = max(cell.column + cell.column_span for cell in cells)
    if begun < width:
        covered = [0] * width
        for cell in cells:
            for column in range(cell.column, cell.column + cell.column_span):
                covered[column] += cell.row_span
        while width > begun and covered[width - 1] < row_count:
            width -= 1
        cells = [
            cell._replace(column_span=min(cell.column_span, width - cell.column))
            for cell in cells
        ]
    return spanned_table(cells, row_count, width, budget)


# Texts ----------------------------------------------------------------------

_EAST_ASIAN = "\u2e80-\u9fff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60"
# Between two Chinese characters a line break of the source is no blank.
_SOURCE_BREAK = re.compile(
    rf"(?<=[{_EAST_ASIAN}])[ \t]*[\r\n][ \t\r\n\f]*(?=[{_EAST_ASIAN}])"
)
_BLANKS = re.compile(r"[ \t\r\n\f]+")
_LINE_END = re.compile(r"\r\n?|\n")
_WITHOUT_WIDTH = re.compile("[\u200b-\u200f\u2060\ufeff\x00-\x08\x0b\x0e-\x1f\x7f]")


class _Lines:
    """The lines of running text or of a cell while it is read."""

    def __init__(self) -> None:
        self._line: list[str] = []
        self._ended: list[str] = []

    def add(self, text: str) -> None:
        """Add text whose blanks collapse."""
        self._line.append(text)

    def add_verbatim(self, text: str) -> None:
        """Add text whose line breaks count."""
        first, *others = _LINE_END.split(text)
        self._line.append(first)
        for other in others:
            self.end_line()
            self._line.append(other)

    def end_line(self) -> None:
        """What is added from now on stands on a line of its own."""
        if self._line:
            line = _collapsed("".join(self._line))
            self._line.clear()
            if line:
                self._ended.append(line)

    def take(self) -> list[str]:
        """The lines that print something; they are forgotten here."""
        self.end_line()
        lines, self._ended = self._ended, []
        return lines


def _collapsed(text: str) -> str:
    """The text with its blanks as a browser shows them, none at its ends."""
    if text.isprintable() and "  " not in text:  # nothing here but plain blanks
        return text.strip()
    if text.isspace():
        return ""
    text = _SOURCE_BREAK.sub("", _WITHOUT_WIDTH.sub("", text))
    return _BLANKS.sub(" ", text).replace("\u00a0", " ").strip()


# Pages ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Page:
    """The text of a page, and what it is parsed to."""

    text: str
    parser: LexborHTMLParser


def _parsed(text: str) -> _Page:
    _check_depth(text)
    return _Page(text, LexborHTMLParser(text))


def _page_blocks(page: _Page, budget: CellBudget) -> list[Block]:
    root = page.parser.root
    if root is None:
        return []
    events = _events(root, _hidden(page.parser), _turned(page.parser))
    reader = _PageReader(_uses(events), budget)
    for tag, told in events:
        if told is None:
            reader.end(tag)
        elif isinstance(told, str):
            reader.add(told)
        else:
            reader.begin(tag, told)
    blocks = with_statements_apart(with_kinds(reader.finish()))
    return with_continued_tables(blocks)


class _PageReader:
    """Turns what a page shows, one thing after the other, into blocks."""

    def __init__(self, uses: Sequence[_Use], budget: CellBudget) -> None:
        self._uses = iter(uses)
        self._open: list[_Use] = []  # the tables around
        self._budget = budget
        self._blocks: list[Block] = []
        self._lines = _Lines()
        self._grid: _Grid | None = None
        self._frames = 0  # how many frames are open inside a cell
        self._verbatim = 0

    def add(self, text: str) -> None:
        """Text follows."""
        if self._verbatim:
            self._lines.add_verbatim(text)
        else:
            self._lines.add(text)

    def begin(self, tag: str, node: LexborNode) -> None:
        """An element begins."""
        if tag in _BLOCKS:
            self._lines.end_line()
            if tag == "table":
                self._begin_table()
            elif self._grid is not None and not self._frames:
                self._begin_in_table(self._grid, tag, node)
        elif tag == "br":
            self._lines.end_line()
        elif tag in ("input", "select"):
            self._lines.add_verbatim(_field_text(node))
        elif tag == _TURNED:
            self._lines.add(_TURN)
        self._verbatim += tag in _VERBATIM

    def end(self, tag: str) -> None:
        """An element ends."""
        self._verbatim -= tag in _VERBATIM
        if tag in _BLOCKS:
            self._lines.end_line()
            if tag == "table":
                self._end_table()
            elif self._grid is not None and not self._frames:
                self._end_in_table(self._grid, tag)

    def finish(self) -> list[Block]:
        """All blocks of the page, which ends here."""
        self._flush()
        return self._blocks

    def _flush(self) -> None:
        for line in self._lines.take():
            self._budget.spend(1)
            self._budget.check(line)
            self._blocks.append(Paragraph(line))

    def _begin_table(self) -> None:
        use = next(self._uses)
        self._open.append(use)
        if use is _Use.FRAME and self._grid is not None:
            self._frames += 1
        elif use is _Use.DATA:
            self._flush()
            self._grid = _Grid()

    def _end_table(self) -> None:
        use = self._open.pop()
        if self._frames:
            self._frames -= 1
        elif self._grid is not None and use is _Use.DATA:
            self._flush()
            table = self._grid.table(self._budget)
            self._grid = None
            if table is not None:
                self._blocks.append(table)

    def _begin_in_table(self, grid: _Grid, tag: str, node: LexborNode) -> None:
        if tag in _GROUP_ORDER:
            grid.open_group(tag)
        elif tag == "tr":
            grid.open_row()
        elif tag in ("td", "th"):
            grid.open_cell(node)

    def _end_in_table(self, grid: _Grid, tag: str) -> None:
        if tag in ("td", "th") and grid.cell is not None:
            grid.cell.text = "\n".join(self._lines.take())
            grid.cell = None
        elif tag == "caption":
            self._flush()
