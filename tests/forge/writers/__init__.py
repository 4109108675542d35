"""Writes a paper in every format and style that is published.

A writer is a function of a paper that gives the bytes of a file. The keys of
:data:`WRITERS` are file suffixes, or a suffix with the name of a style after it.
Every writer prints the title of the paper first.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from tests.forge.paper import Paper
from tests.forge.writers import csv, docx, html, pdf, txt, xls, xlsx

WATERMARK = "仅供公开查阅"

WRITERS: dict[str, Callable[[Paper], bytes]] = {
    "txt": txt.write,
    "txt-blanks": partial(txt.write, spans="kept"),
    "txt-slid": partial(txt.write, spans="slid"),
    "txt-cells": partial(txt.write, one_cell_per_line=True),
    "csv": csv.write,
    "csv-gb18030": partial(csv.write, encoding="gb18030"),
    "tsv": partial(csv.write, encoding="utf-8", delimiter="\t"),
    "html": html.write,
    "html-cms": partial(html.write, style="cms", charset="gb2312"),
    "html-line": partial(html.write, source="one_line"),
    "html-cells": partial(html.write, style="cms", source="cell_per_line"),
    "html-framed": partial(html.write, framed=True),
    "docx": docx.write,
    "docx-runs": partial(docx.write, split_runs=True, repeat_header=False),
    "docx-boxes": partial(docx.write, frame="text_box"),
    "docx-framed": partial(docx.write, frame="table"),
    "xlsx": xlsx.write,
    "xlsx-text": partial(xlsx.write, figures="text"),
    "xlsx-hidden": lambda paper: xlsx.write(paper, hidden=paper),
    "xlsx-one-sheet": partial(xlsx.write, one_sheet=True),
    "xls": xls.write,
    "xls-one-sheet": partial(xls.write, one_sheet=True, figures="text"),
    "et": xls.write,
    "pdf": pdf.write,
    "pdf-open": partial(pdf.write, ruling="open"),
    "pdf-horizontal": partial(pdf.write, ruling="horizontal"),
    "pdf-borderless": partial(pdf.write, ruling="none"),
    "pdf-boxes": partial(pdf.write, lines="boxes"),
    "pdf-watermark": partial(pdf.write, watermark=WATERMARK),
    "pdf-watermark-along": partial(pdf.write, watermark=WATERMARK, watermark_angle=0),
    "pdf-rotated": partial(pdf.write, rotated=True),
    "pdf-beside": partial(pdf.write, side_by_side=True),
    "pdf-continued": partial(pdf.write, repeat_header=False, page_height=420),
    "pdf-repeated": partial(pdf.write, repeat_header=True, page_height=420),
    "pdf-cut": partial(pdf.write, repeat_header=False, cut_rows=True, page_height=420),
}

SUFFIX: dict[str, str] = {key: "." + key.partition("-")[0] for key in WRITERS}
