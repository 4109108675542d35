"""Reads Word documents (docx): paragraphs and tables in the order of the body.

What is printed is read: inserted text, fields, text boxes after the paragraph
that holds them, the numbers that Word counts before the items of a list. Deleted
and hidden text is left out; so are headers, footers, notes and comments, which
are not in the body. Every line that a paragraph breaks is a paragraph. The page
breaks are not in the file, and so not in the document.

* A table in a cell follows the table around it; a table of one cell is a frame
  around its text, and no table.
* A table cut in two, with nothing printed in between, is joined
  (:meth:`_Grid.continues`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from lxml import etree

from ingest.archives import Archive
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
from ingest.readers.list_numbers import ListNumbers
from ingest.readers.paragraphs import with_kinds
from ingest.readers.sheet_blocks import with_statements_apart
from ingest.readers.table_continuation import with_continued_tables
from ingest.readers.word_pictures import PICTURES, WordPictures
from ingest.readers.word_xml import (
    COUNT,
    count_of,
    first_child,
    is_on,
    name_of,
    value_of,
)


def read(data: bytes, limits: Limits = Limits()) -> Document:  # noqa: B008
    """The paragraphs and tables of a Word document.

    Raises UnreadableDocument: ``too_large``, ``damaged_document``,
    ``nothing_printed``, ``only_pictures``, ``no_reader`` where Word would show other
    documents in it.
    """
    if len(data) > limits.file_bytes:
        raise UnreadableDocument("too_large", f"{len(data)} bytes")
    package = _Package(data, limits)
    body = first_child(package.main(), "w:body")
    if body is None:
        raise UnreadableDocument("damaged_document", "no body")
    if next(body.iter(*_OTHER_DOCUMENTS), None) is not None:
        raise UnreadableDocument("no_reader", "another document is shown in this one")
    styles = package.part("word/styles.xml")
    numbers = ListNumbers(package.part("word/numbering.xml"), styles)
    pictures = WordPictures(package, body)
    reader = _BodyReader(_Styles(styles), numbers, pictures, limits)
    blocks = with_continued_tables(with_statements_apart(reader.blocks(body)))
    if not blocks:
        raise UnreadableDocument("nothing_printed")
    if all(isinstance(b, Paragraph) and b.kind is _PICTURE for b in blocks):
        raise UnreadableDocument("only_pictures", f"{len(blocks)} pictures")
    return Document(format="docx", blocks=tuple(blocks))


# Package --------------------------------------------------------------------

_PICTURE = ParagraphKind.PICTURE

# Without them the document would be shorter, and nothing would tell.
_OTHER_DOCUMENTS = ("{*}altChunk", "{*}subDoc")
_RELATIONS = "_rels/.rels"
_MAIN_PART = "word/document.xml"
_MOST_XML_BYTES = 100 * 1024 * 1024  # its tree takes some seventeen times as much


class _Package:
    """The parts of the file, parsed as XML that refers to nothing outside it."""

    def __init__(self, data: bytes, limits: Limits) -> None:
        try:
            self._archive = Archive(data, limits)
        except UnreadableDocument as error:
            raise _as_document(error) from error
        self.main_name = _MAIN_PART

    def content(self, name: str) -> bytes | None:
        """The bytes of a part; None if there is no such part.

        Raises UnreadableDocument: ``too_large``, ``damaged_document``.
        """
        try:
            place = self._archive.find(name)
            return None if place is None else self._archive.read(place)
        except UnreadableDocument as error:
            raise _as_document(error) from error

    def part(self, name: str) -> etree._Element | None:
        """The root of a part; None if there is no such part.

        Raises UnreadableDocument: ``too_large``, ``damaged_document``.
        """
        data = self.content(name)
        if data is None:
            return None
        if len(data) > _MOST_XML_BYTES:
            raise UnreadableDocument("too_large", f"{name} of {len(data)} bytes")
        return _parsed(data)

    def main(self) -> etree._Element:
        """The part with the body.

        Raises UnreadableDocument: ``too_large``, ``damaged_document``.
        """
        for name in (self._main_name(), _MAIN_PART):
            root = self.part(name)
            if root is not None:
                self.main_name = name
                return root
        raise UnreadableDocument("damaged_document", "no main part")

    def _main_name(self) -> str:
        relations = self.part(_RELATIONS)
        for relation in relations if relations is not None else ():
            if (relation.get("Type") or "").endswith("/officeDocument"):
                return relation.get("Target") or _MAIN_PART
        return _MAIN_PART


def _as_document(error: UnreadableDocument) -> UnreadableDocument:
    """What is wrong with the archive, said of the document that it is."""
    if error.code == "too_large":
        return error
    return UnreadableDocument("damaged_document", f"{error.code}: {error.detail}")


def _parsed(data: bytes) -> etree._Element:
    """The root of an XML part, without entities, a DTD or anything from elsewhere.

    Without ``huge_tree`` the parser itself bounds depth and length of text.
    """
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise UnreadableDocument("damaged_document", str(error)) from error
    if root.getroottree().docinfo.doctype:
        raise UnreadableDocument("damaged_document", "declares a document type")
    return root


# Elements -------------------------------------------------------------------

# What only wraps; what stands in it stands where it is. A wrapper of deleted or
# moved text is none.
_WRAPPERS = frozenset(
    {
        *("w:sdt", "w:sdtContent", "w:ins", "w:moveTo", "w:smartTag"),
        *("w:customXml", "mc:AlternateContent", "mc:Choice", "mc:Fallback"),
    }
)


def _content(element: etree._Element) -> Iterator[etree._Element]:
    """The children, those in wrappers instead of the wrappers."""
    levels = [iter(_branch(element))]
    while levels:
        child = next(levels[-1], None)
        if child is None:
            levels.pop()
        elif name_of(child) in _WRAPPERS:
            levels.append(iter(_branch(child)))
        else:
            yield child


def _branch(element: etree._Element) -> Sequence[etree._Element]:
    """The children; of alternatives that say the same only one."""
    if name_of(element) != "mc:AlternateContent":
        return list(element)
    for branch in element:
        if any(name_of(inner) == "w:t" for inner in branch.iter()):
            return (branch,)
    return ()


# Styles ---------------------------------------------------------------------

_CONTENTS_STYLE = re.compile(r"toc ?\d", re.IGNORECASE)


@dataclass(slots=True)
class _Style:
    """What a style says of its text."""

    name: str
    is_hidden: bool | None
    based_on: str | None


class _Styles:
    """Which styles hide their text, and which are those of contents."""

    def __init__(self, root: etree._Element | None) -> None:
        self._styles: dict[str, _Style] = {}
        for element in root if root is not None else ():
            key = value_of(element, "styleId")
            if name_of(element) == "w:style" and key:
                self._styles[key] = _Style(
                    name=value_of(first_child(element, "w:name")) or "",
                    is_hidden=is_on(first_child(element, "w:rPr", "w:vanish")),
                    based_on=value_of(first_child(element, "w:basedOn")),
                )

    def is_hidden(self, key: str | None) -> bool | None:
        """Whether a style, or one that it builds on, hides its text."""
        seen: set[str] = set()
        while key in self._styles and key not in seen:
            style = self._styles[key]
            if style.is_hidden is not None:
                return style.is_hidden
            seen.add(key)
            key = style.based_on
        return None

    def is_contents(self, key: str | None) -> bool:
        """Whether a style is one of a table of contents."""
        style = self._styles.get(key or "")
        return style is not None and _CONTENTS_STYLE.fullmatch(style.name) is not None


# Paragraphs -----------------------------------------------------------------


@dataclass(slots=True)
class _Text:
    """What a paragraph prints, and the boxes and pictures that are anchored in it.

    ``number`` is what its list puts before it, also where it prints nothing else.
    """

    lines: list[str]
    is_contents: bool
    boxes: list[etree._Element] = field(default_factory=list)
    number: str = ""
    pictures: list[etree._Element] = field(default_factory=list)


_SKIPPED = frozenset(
    {"w:pPr", "w:rPr", "w:del", "w:moveFrom", "w:delText", "w:instrText", "w:rt"}
)
_BREAKS = frozenset({"w:br", "w:cr"})
_TABS = frozenset({"w:tab", "w:ptab"})
_HEXADECIMAL = re.compile(r"[0-9A-Fa-f]{2,4}")
_SYMBOL_FONTS = ("wingdings", "webdings", "symbol")
_SOURCE_BLANKS = re.compile(r"[\t\r\n]")


def _paragraph(element: etree._Element, styles: _Styles, numbers: ListNumbers) -> _Text:
    """Read a paragraph; lines without print are left out."""
    properties = first_child(element, "w:pPr")
    style = value_of(first_child(properties, "w:pStyle"))
    hides = styles.is_hidden(style) or False
    parts: list[str] = []
    boxes: list[etree._Element] = []
    pictures: list[etree._Element] = []
    left = [element]
    while left:
        node = left.pop()
        name = name_of(node)
        if name in _SKIPPED or (name == "w:r" and _is_hidden(node, styles, hides)):
            continue
        if name == "w:txbxContent":
            boxes.append(node)
        elif name in ("w:t", "m:t"):
            parts.append(_SOURCE_BLANKS.sub(" ", node.text or ""))
        elif name in _TABS:
            parts.append("\t")
        elif name in _BREAKS:
            parts.append("\n")
        elif name == "w:noBreakHyphen":
            parts.append("-")
        elif name == "w:sym":
            parts.append(_symbol(node))
        elif name == "mc:AlternateContent":
            branch = _branch(node)
            left.extend(branch)
            if not branch:
                first = (inner for inner in node[:1] for inner in inner.iter())
                pictures.extend(inner for inner in first if name_of(inner) in PICTURES)
        else:
            if name in PICTURES:
                pictures.append(node)
            left.extend(reversed(node))
    lines = (line.strip() for line in "".join(parts).split("\n"))
    printed = [line for line in lines if line]
    number = numbers.next(properties, style)
    if number and printed:
        printed[0] = number + printed[0]
    is_contents = styles.is_contents(style)
    return _Text(printed, is_contents, boxes, number.strip(), pictures)


def _is_hidden(run: etree._Element, styles: _Styles, hides: bool) -> bool:
    """Whether a run is hidden by itself, by its style or by its paragraph's."""
    properties = first_child(run, "w:rPr")
    own = is_on(first_child(properties, "w:vanish"))
    if own is None:
        own = styles.is_hidden(value_of(first_child(properties, "w:rStyle")))
    return hides if own is None else own


def _symbol(node: etree._Element) -> str:
    """A character given by its number; a picture of a symbol font is none."""
    number = value_of(node, "char") or ""
    font = (value_of(node, "font") or "").lower()
    if not _HEXADECIMAL.fullmatch(number) or font.startswith(_SYMBOL_FONTS):
        return ""
    code = int(number, 16)
    is_character = 0x20 <= code < 0xD800 or 0xF900 <= code < 0xFFFE
    return chr(code) if is_character else ""


# Tables ---------------------------------------------------------------------


@dataclass(slots=True)
class _WordCell:
    """A cell of a row; one that continues another prints nothing."""

    column: int
    column_span: int
    text: str
    merge: str | None  # "restart" or "continue" of a merge downwards


@dataclass(slots=True)
class _WordRow:
    """A row; ``width`` counts also the columns that it leaves out at its end."""

    cells: list[_WordCell]
    width: int

    @property
    def texts(self) -> list[str]:
        """What the row prints, cell by cell."""
        return [cell.text for cell in self.cells]


@dataclass(slots=True)
class _Part:
    """One table element: its rows and the widths of its columns, if it has any."""

    rows: list[_WordRow]
    widths: list[int]

    @property
    def column_count(self) -> int:
        """The columns that its rows reach."""
        return max((row.width for row in self.rows), default=0)


_SAME_EDGE = 60  # twentieths of a point, as far as in a PDF
_MOST_HEADER_ROWS = 6
_FIGURE = re.compile(r"[-+−(（]?[¥￥]?\d[\d,，.\s]*[)）]?[%％]?")


@dataclass(slots=True)
class _Grid:
    """A table in the making: one table element, or several that it was cut into."""

    parts: list[_Part]

    def continues(self, part: _Part) -> bool:
        """Whether a part, with nothing printed in between, is more of this table.

        It must have the same columns. A row of the header printed again is no
        new table; a title over all columns is, and so are words that head a
        column of figures.
        """
        first = self.parts[0]
        if not part.rows or not _has_same_columns(first, part):
            return False
        top = part.rows[0]
        if top.texts in [row.texts for row in first.rows[:_MOST_HEADER_ROWS]]:
            return True
        is_title = len(top.cells) == 1 < top.width and not _is_figure(top.texts[0])
        return not is_title and not _heads_figures(part)

    def table(self, budget: CellBudget) -> Table | None:
        """The table; nothing if it prints nothing."""
        cells: list[Cell] = []
        first_row = 0
        for part in self.parts:
            cells.extend(_placed(part.rows, first_row))
            first_row += len(part.rows)
        if not any(cell.text for cell in cells):
            return None
        width = max(part.column_count for part in self.parts)
        return spanned_table(cells, first_row, width, budget)


def _is_figure(text: str) -> bool:
    return len(text) <= 40 and _FIGURE.fullmatch(text) is not None


def _has_same_columns(first: _Part, part: _Part) -> bool:
    if first.column_count != part.column_count:
        return False
    if len(first.widths) != len(part.widths):
        return not (first.widths and part.widths)
    edges = (0, 0)
    for widths in zip(first.widths, part.widths, strict=True):
        edges = (edges[0] + widths[0], edges[1] + widths[1])
        if abs(edges[0] - edges[1]) > _SAME_EDGE:
            return False
    return True


def _heads_figures(part: _Part) -> bool:
    """Whether the first rows have words in a column that below has only figures."""
    end = next((n for n, row in enumerate(part.rows) if _has_figure(row)), 0)
    head, others = part.rows[: min(end, _MOST_HEADER_ROWS)], part.rows[end:]
    figures = {c.column for row in others for c in row.cells if _is_figure(c.text)}
    words = _word_columns(others)
    return bool(_word_columns(head) & (figures - words))


def _has_figure(row: _WordRow) -> bool:
    return any(_is_figure(text) for text in row.texts)


def _word_columns(rows: list[_WordRow]) -> set[int]:
    """The columns with print that is no figure, nor a dash in place of one."""
    return {
        cell.column
        for row in rows
        for cell in row.cells
        if len(cell.text) > 1 and not _is_figure(cell.text)
    }


def _placed(rows: list[_WordRow], first_row: int) -> list[Cell]:
    """The cells with the rows that they span."""
    placed: list[tuple[_WordCell, int, int]] = []
    open_cells: dict[int, int] = {}  # by column, merged cells that may go on below
    for number, row in enumerate(rows):
        still_open: dict[int, int] = {}
        for cell in row.cells:
            above = open_cells.get(cell.column)
            if (
                cell.merge == "continue"
                and above is not None
                and placed[above][0].column_span == cell.column_span
            ):
                start, top, span = placed[above]
                placed[above] = (start, top, span + 1)
                still_open[cell.column] = above
            else:
                if cell.merge is not None:
                    still_open[cell.column] = len(placed)
                placed.append((cell, first_row + number, 1))
        open_cells = still_open
    return [
        Cell(row, cell.column, cell.text, span, cell.column_span)
        for cell, row, span in placed
    ]


# Body -----------------------------------------------------------------------


@dataclass(slots=True)
class _Level:
    """A run of elements: the body, a box, the tables of a cell."""

    elements: Iterator[etree._Element]
    is_flow: bool = True  # whether a table may go on in the next one
    open_grid: _Grid | None = None


class _BodyReader:
    """Turns the body into blocks, without recursion."""

    def __init__(
        self,
        styles: _Styles,
        numbers: ListNumbers,
        pictures: WordPictures,
        limits: Limits,
    ) -> None:
        self._styles = styles
        self._numbers = numbers
        self._pictures = pictures
        self._limits = limits
        self._budget = CellBudget(limits)
        self._cells_left = limits.cells
        self._pieces: list[Paragraph | _Grid] = []
        self._levels: list[_Level] = []

    def blocks(self, body: etree._Element) -> list[Block]:
        """The paragraphs and tables of the body, in order."""
        self._levels = [_Level(_content(body))]
        while self._levels:
            level = self._levels[-1]
            element = next(level.elements, None)
            if element is None:
                self._levels.pop()
            elif name_of(element) == "w:p":
                self._read_paragraph(element, level)
            elif name_of(element) == "w:tbl":
                self._read_table(element, level)
            elif name_of(element) in PICTURES:
                self._read_picture(element, level)
        return with_kinds(self._finished())

    def _finished(self) -> Iterator[Block]:
        for piece in self._pieces:
            if isinstance(piece, Paragraph):
                yield piece
            elif (table := piece.table(self._budget)) is not None:
                yield table

    def _read_paragraph(self, element: etree._Element, level: _Level) -> None:
        text = _paragraph(element, self._styles, self._numbers)
        kind = ParagraphKind.CONTENTS if text.is_contents else ParagraphKind.TEXT
        for line in text.lines:
            self._spend()
            self._budget.check(line)
            self._pieces.append(Paragraph(line, kind=kind))
        if text.lines or text.boxes:
            level.open_grid = None
        for picture in text.pictures:
            self._read_picture(picture, level)
        self._open_boxes(text.boxes)

    def _read_picture(self, element: etree._Element, level: _Level) -> None:
        """Name what a picture shows and nobody reads."""
        for name in self._pictures.of_print(element):
            self._spend()
            self._pieces.append(Paragraph(name, kind=_PICTURE))
            level.open_grid = None

    def _open_boxes(self, boxes: list[etree._Element]) -> None:
        """What stands in boxes comes next."""
        self._levels.extend(_Level(_content(box)) for box in reversed(boxes))

    def _read_table(self, element: etree._Element, level: _Level) -> None:
        frame = _framed(element)
        if frame is not None:
            level.open_grid = None
            self._levels.append(_Level(_content(frame)))
            return
        inner: list[_Level] = []
        part = self._part(element, inner)
        if level.open_grid is not None and level.open_grid.continues(part):
            level.open_grid.parts.append(part)
        else:
            level.open_grid = _Grid([part])
            self._pieces.append(level.open_grid)
        if inner or not level.is_flow:
            level.open_grid = None
        self._levels.extend(reversed(inner))

    def _part(self, element: etree._Element, inner: list[_Level]) -> _Part:
        """Read a table element; what stands apart in its cells goes to ``inner``."""
        rows = [
            self._row(row, inner)
            for row in _content(element)
            if name_of(row) == "w:tr" and _is_kept(row)
        ]
        columns = first_child(element, "w:tblGrid")
        widths = [
            int(width)
            for column in (columns if columns is not None else ())
            if name_of(column) == "w:gridCol"
            and COUNT.fullmatch(width := value_of(column, "w") or "")
        ]
        return _Part(rows, widths)

    def _row(self, element: etree._Element, inner: list[_Level]) -> _WordRow:
        properties = first_child(element, "w:trPr")
        column = count_of(first_child(properties, "w:gridBefore"), 0)
        cells: list[_WordCell] = []
        for cell in _content(element):
            if name_of(cell) != "w:tc":
                continue
            self._spend()
            format_ = first_child(cell, "w:tcPr")
            span = max(1, count_of(first_child(format_, "w:gridSpan"), 1))
            text = self._cell_text(cell, inner)
            if cells and _merge(format_, "w:hMerge") == "continue":
                cells[-1].column_span += span
            else:
                merge = _merge(format_, "w:vMerge")
                cells.append(_WordCell(column, span, text, merge))
            column += span
        after = count_of(first_child(properties, "w:gridAfter"), 0)
        if column + after > self._limits.cells:
            raise UnreadableDocument("too_large", f"{column + after} columns")
        return _WordRow(cells, column + after)

    def _cell_text(self, element: etree._Element, inner: list[_Level]) -> str:
        """The text of a cell, without the tables and boxes in it."""
        lines: list[str] = []
        tables: list[etree._Element] = []
        for child in _content(element):
            if name_of(child) == "w:p":
                text = _paragraph(child, self._styles, self._numbers)
                lines.extend(text.lines or filter(None, [text.number]))
                inner.extend(_Level(_content(box)) for box in text.boxes)
                shown = [p for p in text.pictures if any(self._pictures.of_print(p))]
                if shown:
                    inner.append(_Level(iter(shown)))
            elif name_of(child) == "w:tbl":
                tables.append(child)
        if tables:
            inner.append(_Level(iter(tables), is_flow=False))
        return "\n".join(lines)

    def _spend(self) -> None:
        self._cells_left -= 1
        if self._cells_left < 0:
            raise UnreadableDocument("too_large", f"over {self._limits.cells} cells")


def _merge(format_: etree._Element | None, name: str) -> str | None:
    """Whether a cell starts or continues a merge; without a value it continues."""
    element = first_child(format_, name)
    if element is None:
        return None
    return "restart" if value_of(element) == "restart" else "continue"


def _is_kept(row: etree._Element) -> bool:
    """Whether a row is neither deleted nor hidden."""
    properties = first_child(row, "w:trPr")
    is_hidden = is_on(first_child(properties, "w:hidden")) or False
    return not is_hidden and first_child(properties, "w:del") is None


def _framed(element: etree._Element) -> etree._Element | None:
    """The cell of a table that has only one."""
    cells = (
        cell
        for row in _content(element)
        if name_of(row) == "w:tr"
        for cell in _content(row)
        if name_of(cell) == "w:tc"
    )
    first, second = next(cells, None), next(cells, None)
    return first if second is None else None
