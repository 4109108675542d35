"""Writes a paper as a Word document, part by part."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import Literal
from xml.sax.saxutils import escape

from tests.forge.paper import Cell, Grid, PageBreak, Paper
from tests.forge.writers.sections import sections

Frame = Literal["none", "text_box", "table"]

_MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_CONTENT_TYPES = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType='
    '"application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/word/document.xml" ContentType="application/vnd.'
    'openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
_RELATIONS = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/'
    'relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/'
    'officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/>'
    "</Relationships>"
)
_BORDERS = "".join(
    f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="auto"/>'
    for side in ("top", "left", "bottom", "right", "insideH", "insideV")
)
_NAMESPACES = (
    f'xmlns:w="{_MAIN}" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:v="urn:schemas-microsoft-com:vml"'
)
# Word writes a text box twice: for itself, and for programs of before 2010.
_TEXT_BOX = (
    '<w:p><w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wp:inline>'
    '<wp:extent cx="6000000" cy="8000000"/><wp:docPr id="{number}" name="文本框"/>'
    '<a:graphic><a:graphicData uri="http://schemas.microsoft.com/office/word/2010/'
    'wordprocessingShape"><wps:wsp><wps:cNvSpPr txBox="1"/><wps:spPr/><wps:txbx>'
    "<w:txbxContent>{content}</w:txbxContent></wps:txbx><wps:bodyPr/></wps:wsp>"
    "</a:graphicData></a:graphic></wp:inline></w:drawing></mc:Choice><mc:Fallback>"
    "<w:pict><v:shape><v:textbox><w:txbxContent>{content}</w:txbxContent></v:textbox>"
    "</v:shape></w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>"
)
_OUTER_TABLE = (
    '<w:tbl><w:tblPr/><w:tblGrid><w:gridCol w:w="9600"/></w:tblGrid><w:tr><w:tc>'
    "<w:tcPr/>{content}</w:tc></w:tr></w:tbl><w:p/>"
)
_PAGE_BREAK = '<w:p><w:r><w:br w:type="page"/></w:r></w:p>'
_WIDTH = 9600  # twentieths of a point


def write(
    paper: Paper,
    *,
    repeat_header: bool = True,
    split_runs: bool = False,
    frame: Frame = "none",
) -> bytes:
    """Lines as paragraphs, tables with merged cells in both directions.

    ``repeat_header`` marks the header rows to be printed on every page, and
    ``split_runs`` stores a text in several runs, as Word does after corrections.
    A ``frame`` around each table and its lines is a text box or an outer table of
    one cell.
    """
    body = (
        _plain(paper, repeat_header, split_runs)
        if frame == "none"
        else _framed(paper, frame, repeat_header, split_runs)
    )
    document = (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
        f"<w:document {_NAMESPACES}><w:body>{''.join(body)}"
        '<w:sectPr><w:pgSz w:w="11906" w:h="16838"/></w:sectPr>'
        "</w:body></w:document>"
    )
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in (
            ("[Content_Types].xml", _CONTENT_TYPES),
            ("_rels/.rels", _RELATIONS),
            ("word/document.xml", document),
        ):
            # Without the time: a paper always gives the same bytes.
            part = zipfile.ZipInfo(name)
            part.compress_type = zipfile.ZIP_DEFLATED
            package.writestr(part, content)
    return target.getvalue()


def _plain(paper: Paper, repeat_header: bool, split_runs: bool) -> Iterator[str]:
    yield _paragraph(paper.title, split_runs)
    for block in paper.blocks:
        match block:
            case str():
                yield _paragraph(block, split_runs)
            case Grid():
                yield _table(block, repeat_header, split_runs)
            case PageBreak():
                yield _PAGE_BREAK


def _framed(
    paper: Paper, frame: Frame, repeat_header: bool, split_runs: bool
) -> Iterator[str]:
    for number, section in enumerate(sections(paper), 1):
        content = [_paragraph(line, split_runs) for line in section.above]
        if section.table:
            content.append(_table(section.table, repeat_header, split_runs))
        content.extend(_paragraph(line, split_runs) for line in section.below)
        if section.table is None:
            yield from content
        elif frame == "text_box":
            yield _TEXT_BOX.format(number=number, content="".join(content))
        else:
            yield _OUTER_TABLE.format(content="".join(content))


def _paragraph(text: str, split_runs: bool) -> str:
    parts = [text[:2], text[2:]] if split_runs else [text]
    runs = "".join(
        f'<w:r><w:t xml:space="preserve">{escape(part)}</w:t></w:r>'
        for part in parts
        if part
    )
    return f"<w:p>{runs}</w:p>"


def _table(table: Grid, repeat_header: bool, split_runs: bool) -> str:
    column = f'<w:gridCol w:w="{_WIDTH // max(table.column_count, 1)}"/>'
    rows = "".join(
        f"<w:tr>{_row_mark(row < table.header_rows and repeat_header)}{cells}</w:tr>"
        for row, cells in enumerate(_rows(table, split_runs))
    )
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{_WIDTH}" w:type="dxa"/>'
        f"<w:tblBorders>{_BORDERS}</w:tblBorders></w:tblPr>"
        f"<w:tblGrid>{column * table.column_count}</w:tblGrid>{rows}</w:tbl>"
        "<w:p/>"  # without it Word makes one table of two
    )


def _row_mark(is_repeated: bool) -> str:
    return "<w:trPr><w:tblHeader/></w:trPr>" if is_repeated else ""


def _rows(table: Grid, split_runs: bool) -> Iterator[str]:
    """The cells of each row; one that spans rows goes on, empty, in each of them."""
    for row in range(table.row_count):
        cells = sorted(
            (
                cell
                for cell in table.cells
                if cell.row <= row < cell.row + cell.row_span
            ),
            key=lambda cell: cell.column,
        )
        yield "".join(_cell(cell, cell.row == row, split_runs) for cell in cells)


def _cell(cell: Cell, is_first: bool, split_runs: bool) -> str:
    properties = ""
    if cell.column_span > 1:
        properties += f'<w:gridSpan w:val="{cell.column_span}"/>'
    if cell.row_span > 1:
        properties += '<w:vMerge w:val="restart"/>' if is_first else "<w:vMerge/>"
    lines = cell.text.splitlines() if is_first else []
    paragraphs = "".join(_paragraph(line, split_runs) for line in lines) or "<w:p/>"
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{paragraphs}</w:tc>"
