"""Writes Word documents by hand, as much of them as the tests need."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from html import escape

from ingest.document import Table

NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:rel="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"'
)


_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_FRAME = {
    "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"><Default '
    'Extension="rels" ContentType="application/vnd.openxmlformats-package.'
    'relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/word/document.xml" ContentType="{_MAIN}+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship '
    'Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
    'relationships/officeDocument" Target="word/document.xml"/></Relationships>',
}


def package(parts: Mapping[str, str | bytes]) -> bytes:
    """A file of the parts, with what makes it a Word document."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {**_FRAME, **parts}.items():
            archive.writestr(name, content)
    return target.getvalue()


def document_xml(*body: str, namespaces: str = NAMESPACES) -> str:
    return f"<w:document {namespaces}><w:body>{''.join(body)}</w:body></w:document>"


def docx(*body: str, styles: str = "") -> bytes:
    """A document of these elements."""
    return package(
        {
            "word/document.xml": document_xml(*body),
            "word/styles.xml": f"<w:styles {NAMESPACES}>{styles}</w:styles>",
        }
    )


def r(text: str, properties: str = "") -> str:
    rpr = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    return f'<w:r>{rpr}<w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def p(*runs: str, style: str = "") -> str:
    """A paragraph of runs, or of plain text."""
    ppr = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    inner = "".join(
        run if run.startswith(("<w:", "<m:")) else r(run) for run in runs if run
    )
    return f"<w:p>{ppr}{inner}</w:p>"


def tc(*content: str, span: int = 1, merge: str = "") -> str:
    """A cell; ``merge`` is ``restart`` or ``continue``."""
    tcpr = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    if merge:
        tcpr += '<w:vMerge w:val="restart"/>' if merge == "restart" else "<w:vMerge/>"
    inner = "".join(part if part.startswith("<w:") else p(part) for part in content)
    return f"<w:tc><w:tcPr>{tcpr}</w:tcPr>{inner or p()}</w:tc>"


def tr(*cells: str, before: int = 0, after: int = 0, properties: str = "") -> str:
    trpr = properties
    if before:
        trpr += f'<w:gridBefore w:val="{before}"/>'
    if after:
        trpr += f'<w:gridAfter w:val="{after}"/>'
    inner = "".join(c if c.startswith("<w:") else tc(c) for c in cells)
    return f"<w:tr><w:trPr>{trpr}</w:trPr>{inner}</w:tr>"


def tbl(*rows: str, widths: Sequence[int] = ()) -> str:
    columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    return f"<w:tbl><w:tblPr/><w:tblGrid>{columns}</w:tblGrid>{''.join(rows)}</w:tbl>"


def picture(relation: str, width: float = 400, height: float = 300) -> str:
    """A run with a picture, its size in points."""
    return (
        f'<w:r><w:drawing><wp:inline><wp:extent cx="{round(width * 12_700)}" '
        f'cy="{round(height * 12_700)}"/><a:graphic><a:graphicData><pic:pic>'
        f'<pic:blipFill><a:blip rel:embed="{relation}"/></pic:blipFill></pic:pic>'
        "</a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
    )


def relations(**targets: str) -> str:
    """The part that says where the relations of the body lead."""
    each = (f'<Relationship Id="{k}" Target="{v}"/>' for k, v in targets.items())
    space = f"{_PACKAGE}/relationships"
    return f'<Relationships xmlns="{space}">{"".join(each)}</Relationships>'


def table_xml(table: Table) -> str:
    """A table as Word writes it: merged cells go on in every row."""
    rows: list[str] = []
    for row in range(table.row_count):
        cells: dict[int, str] = {}
        for cell in table.cells:
            if cell.row <= row < cell.row + cell.row_span:
                merge = ""
                if cell.row_span > 1:
                    merge = "restart" if cell.row == row else "continue"
                text = p(cell.text) if cell.row == row else p()
                cells[cell.column] = tc(text, span=cell.column_span, merge=merge)
        rows.append(tr(*(cells[column] for column in sorted(cells))))
    return tbl(*rows, widths=[1500] * table.column_count)
