"""Write the sample disclosures: each budget as text and as PDF.

Run it after a change of ``sample_budgets.py`` and commit what it writes::

    python disclosures/make_samples.py

The same content always gives the same bytes. The PDF has ruled tables with real
merged cells and carries its font, so that it reads and looks the same on a machine
without Chinese fonts: pdfium drops lines of one character of a font it cannot find.
The text has one table row a line, tabs between the cells, and has
lost the merged cells, as text copied out of a disclosure has.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from reportlab.lib import colors
from reportlab.lib.enums import TA_CENTER, TA_RIGHT
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    CondPageBreak,
    Flowable,
    PageBreak,
    Paragraph,
    SimpleDocTemplate,
    Spacer,
    Table,
    TableStyle,
)
from sample_budgets import TUNLIU_2024, WANSHENG_2025, XINXIANG_2023

FOLDER = Path(__file__).parent
FONT = "WenQuanYi"
FONT_FILE = FOLDER / ".font" / "wqy-microhei-subset.ttf"
MARGIN = 48
AMOUNT = re.compile(r"0|\d[\d, ]*\.\s?\d+|\d+(,\d{3})+")
LEFT_OF_CELL = "<"
ABOVE_CELL = "^"


@dataclass(frozen=True)
class Grid:
    """A table: rows of texts with marks for covered positions.

    ``head`` is the number of header rows, ``repeat`` says whether the header
    stands again on the next page, and ``text_spans`` whether the text keeps a
    blank for a position that a cell above it covers. If these are lost, the sub
    headers slide left of their columns.
    """

    rows: tuple[tuple[str, ...], ...]
    head: int
    widths: tuple[int, ...]
    repeat: bool = True
    text_spans: Literal["kept", "lost"] = "kept"

    def __post_init__(self) -> None:
        for row in self.rows:
            if len(row) != len(self.widths):
                raise ValueError(f"{len(row)} cells, {len(self.widths)} widths: {row}")

    def anchors(self) -> Iterator[tuple[int, int, int, int]]:
        """Every printed cell as row, column, row span, column span."""
        for r, row in enumerate(self.rows):
            for c, text in enumerate(row):
                if text in (LEFT_OF_CELL, ABOVE_CELL):
                    continue
                right, below = c + 1, r + 1
                while right < len(row) and row[right] == LEFT_OF_CELL:
                    right += 1
                while below < len(self.rows) and self.rows[below][c] == ABOVE_CELL:
                    below += 1
                yield r, c, below - r, right - c


@dataclass(frozen=True)
class Line:
    """A line of the content that is no table."""

    kind: Literal["title", "heading", "new_page", "caption", "note", "text", "break"]
    text: str = ""


@dataclass(frozen=True)
class Sample:
    """One disclosure and the habits of its office."""

    name: str
    content: str
    page: tuple[float, float] = A4
    text_marks_headings: bool = False
    blocks: list[Line | Grid] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "blocks", list(read(self.content)))

    @property
    def title(self) -> str:
        """The title of the document."""
        return next(
            block.text
            for block in self.blocks
            if isinstance(block, Line) and block.kind == "title"
        )


MARKS: tuple[
    tuple[str, Literal["heading", "title", "new_page", "caption", "note"]], ...
] = (
    ("## ", "heading"),
    ("# ", "title"),
    ("= ", "new_page"),
    ("@ ", "caption"),
    ("* ", "note"),
)


def read(content: str) -> Iterator[Line | Grid]:
    """The blocks of a content, see ``sample_budgets``."""
    options: dict[str, Any] = {}
    rows: list[tuple[str, ...]] = []
    for line in [*content.strip().splitlines(), ""]:
        if line.startswith("|"):
            rows.append(tuple(cell.strip() for cell in line[1:-1].split("|")))
            continue
        if rows:
            yield Grid(tuple(rows), **options)
            rows = []
        if line.startswith("{"):
            options = read_options(line)
        elif line == "---":
            yield Line("break")
        elif mark := next((m for m in MARKS if line.startswith(m[0])), None):
            yield Line(mark[1], line.removeprefix(mark[0]))
        elif line:
            yield Line("text", line)


def read_options(line: str) -> dict[str, Any]:
    """The options in ``{head=2 widths=3,8 repeat=no}``."""
    given = dict(option.split("=") for option in line.strip("{}").split())
    return {
        "head": int(given["head"]),
        "widths": tuple(int(width) for width in given["widths"].split(",")),
        "repeat": given.get("repeat", "yes") == "yes",
        "text_spans": given.get("text_spans", "kept"),
    }


def plain(text: str) -> str:
    """The text without the marks for bold and for a line break in text."""
    return text.replace("**", "").replace("//", "")


def as_text(sample: Sample) -> str:
    """The disclosure as text."""
    parts: list[str] = []
    for block in sample.blocks:
        if isinstance(block, Grid):
            parts.append("\n".join(text_rows(block)))
        elif block.kind == "caption":
            parts.extend(block.text.split(" | "))
        elif block.kind in ("title", "heading", "new_page"):
            mark = "# " if block.kind == "title" else "## "
            parts.append((mark if sample.text_marks_headings else "") + block.text)
        elif block.kind != "break":
            parts.extend(block.text.split("//"))
    return "\n\n".join(parts) + "\n"


def text_rows(grid: Grid) -> Iterator[str]:
    """The rows of a table with tabs between the cells."""
    for row in grid.rows:
        cells = [
            "" if text in (LEFT_OF_CELL, ABOVE_CELL) else text
            for text in row
            if text != ABOVE_CELL or grid.text_spans == "kept"
        ]
        yield re.sub(r"\*\*(.+?)\*\*", r"<b>\1</b>", "\t".join(cells))


def style(size: float, **more: Any) -> ParagraphStyle:
    """A paragraph style for Chinese text."""
    return ParagraphStyle(
        "", fontName=FONT, fontSize=size, leading=size * 1.45, wordWrap="CJK", **more
    )


def as_pdf(sample: Sample, target: Path) -> None:
    """Write the disclosure as PDF."""
    width = sample.page[0] - 2 * MARGIN
    narrow = sample.page[0] > sample.page[1]
    SimpleDocTemplate(
        str(target),
        pagesize=sample.page,
        leftMargin=MARGIN,
        rightMargin=MARGIN,
        topMargin=MARGIN,
        bottomMargin=MARGIN,
        title=plain(sample.blocks[0].text)
        if isinstance(sample.blocks[0], Line)
        else "",
        invariant=1,
    ).build(
        list(flowables(sample, width, 7.5 if narrow else 9)),
        onLaterPages=page_number,
    )


def page_number(canvas: Canvas, document: SimpleDocTemplate) -> None:
    """Draw the page number, which the first page does not have."""
    canvas.setFont(FONT, 9)
    canvas.drawCentredString(document.pagesize[0] / 2, 28, f"- {document.page} -")


def flowables(sample: Sample, width: float, size: float) -> Iterator[Flowable]:
    """What reportlab lays out, in order."""
    title = style(16, alignment=TA_CENTER, spaceBefore=36, spaceAfter=28)
    heading = style(13, alignment=TA_CENTER, spaceBefore=14, spaceAfter=6)
    section = style(12, spaceBefore=10, spaceAfter=4)
    text = style(10.5, firstLineIndent=21, spaceAfter=3)
    note = style(9, spaceBefore=3)
    blocks = sample.blocks
    for number, block in enumerate(blocks):
        following = blocks[number + 1] if number + 1 < len(blocks) else None
        if isinstance(block, Grid):
            yield printed_table(block, width, size)
        elif block.kind == "break":
            yield PageBreak()
        elif block.kind == "title":
            yield Paragraph(block.text, title)
        elif block.kind in ("heading", "new_page"):
            is_table_title = isinstance(following, Grid) or (
                isinstance(following, Line) and following.kind == "caption"
            )
            if block.kind == "new_page":
                yield PageBreak()
            else:
                yield CondPageBreak(150 if is_table_title else 60)
            yield Paragraph(block.text, heading if is_table_title else section)
        elif block.kind == "caption":
            left, _, right = block.text.partition(" | ")
            yield Table(
                [
                    [
                        Paragraph(left, style(9)),
                        Paragraph(right, style(9, alignment=TA_RIGHT)),
                    ]
                ],
                colWidths=[width * 0.8, width * 0.2],
                style=TableStyle([("LEFTPADDING", (0, 0), (-1, -1), 0)]),
            )
        else:
            yield Paragraph(plain(block.text), note if block.kind == "note" else text)
    yield Spacer(1, 1)


def printed_table(grid: Grid, width: float, size: float) -> Table:
    """A ruled table whose merged cells are merged."""
    share = width / sum(grid.widths)
    styles = {
        "head": style(size, alignment=TA_CENTER),
        "amount": style(size, alignment=TA_RIGHT),
        "text": style(size),
    }
    cells: list[list[Flowable | str]] = [[""] * len(row) for row in grid.rows]
    commands: list[tuple[Any, ...]] = [
        ("GRID", (0, 0), (-1, -1), 0.5, colors.black),
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
        ("LEFTPADDING", (0, 0), (-1, -1), 2.5),
        ("RIGHTPADDING", (0, 0), (-1, -1), 2.5),
        ("TOPPADDING", (0, 0), (-1, -1), 2),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
    ]
    for row, column, row_span, column_span in grid.anchors():
        text = plain(grid.rows[row][column])
        if row_span > 1 or column_span > 1:
            last = (column + column_span - 1, row + row_span - 1)
            commands.append(("SPAN", (column, row), last))
        kind = (
            "head"
            if row < grid.head
            else "amount"
            if AMOUNT.fullmatch(text)
            else "text"
        )
        cells[row][column] = Paragraph(text, styles[kind]) if text else ""
    return Table(
        cells,
        colWidths=[share * part for part in grid.widths],
        repeatRows=grid.head if grid.repeat else 0,
        style=TableStyle(commands),
    )


SAMPLES = (
    Sample("wansheng_2025", WANSHENG_2025, text_marks_headings=True),
    Sample("tunliu_2024", TUNLIU_2024),
    Sample("xinxiang_2023", XINXIANG_2023, page=landscape(A4)),
)


def main() -> None:
    """Write every sample in both formats."""
    font = TTFont(FONT, str(FONT_FILE))
    pdfmetrics.registerFont(font)
    for sample in SAMPLES:
        text = FOLDER / f"{sample.name}.txt"
        printed = as_text(sample)
        glyphs = {*map(chr, font.face.charToGlyph)}
        if missing := {c for c in printed if c > " "} - glyphs:
            raise ValueError(f"no glyph for {missing}, see .font/README.md")
        text.write_text(printed, encoding="utf-8", newline="\n")
        as_pdf(sample, FOLDER / f"{sample.name}.pdf")


if __name__ == "__main__":
    main()
