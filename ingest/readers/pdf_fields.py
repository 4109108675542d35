"""What a viewer shows on a page though it is no print: form fields and text notes.

Values of fields become runs of the page, whether or not the file draws them itself.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from ingest.readers.pdf_rotation import PageBox, turned
from ingest.readers.pdf_text import SUBSTITUTIONS, Run

_LINE = 12.0  # points; the height of a line in a field, unless the field is lower
_GLYPH = 0.6  # of the line height; about the width of a character
_HIDDEN = raw.FPDF_ANNOT_FLAG_HIDDEN | raw.FPDF_ANNOT_FLAG_NOVIEW
_WITH_TEXT = (raw.FPDF_FORMFIELD_TEXTFIELD, raw.FPDF_FORMFIELD_COMBOBOX)


def field_runs(document: pdfium.PdfDocument, index: int, box: PageBox) -> list[Run]:
    """The values that fields and text notes show on a page, as runs upright on it."""
    if document.formenv is None and document.get_formtype() != raw.FORMTYPE_NONE:
        document.init_forms()
    with closing(document[index]) as page:
        return [
            run
            for text, rect in _shown_texts(document, page)
            for run in _runs(text, turned(rect, box))
        ]


def _shown_texts(
    document: pdfium.PdfDocument, page: pdfium.PdfPage
) -> Iterator[tuple[str, tuple[float, float, float, float]]]:
    """Each text with its left, bottom, right and top edge on the page as stored."""
    for number in range(raw.FPDFPage_GetAnnotCount(page)):
        note = raw.FPDFPage_GetAnnot(page, number)
        if not note:
            continue
        try:
            text = _text(document, note)
            rect = raw.FS_RECTF()
            if text.strip() and raw.FPDFAnnot_GetRect(note, rect):
                yield text, (rect.left, rect.bottom, rect.right, rect.top)
        finally:
            raw.FPDFPage_CloseAnnot(note)


def _text(document: pdfium.PdfDocument, note: raw.FPDF_ANNOTATION) -> str:
    if raw.FPDFAnnot_GetFlags(note) & _HIDDEN:
        return ""
    kind = raw.FPDFAnnot_GetSubtype(note)
    if kind == raw.FPDF_ANNOT_FREETEXT:
        return _string(
            lambda buffer, size: raw.FPDFAnnot_GetStringValue(
                note, b"Contents", buffer, size
            )
        )
    form = document.formenv
    if kind != raw.FPDF_ANNOT_WIDGET or form is None:
        return ""
    if raw.FPDFAnnot_GetFormFieldType(form, note) not in _WITH_TEXT:
        return ""
    return _string(
        lambda buffer, size: raw.FPDFAnnot_GetFormFieldValue(form, note, buffer, size)
    )


def _string(fill: Callable[[Any, int], int]) -> str:
    """A text that pdfium writes as UTF-16 into a buffer, with a mark at its end."""
    size = fill(None, 0)
    buffer = (ctypes.c_ushort * (size // 2))()
    fill(buffer, size)
    return bytes(buffer).decode("utf-16-le", errors="replace").rstrip("\0")


def _runs(text: str, rect: tuple[float, float, float, float]) -> Iterator[Run]:
    """A run for every line of a text, from the top of its field downwards."""
    left, top, right, bottom = rect
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    height = min(_LINE, (bottom - top) / len(lines)) if lines else _LINE
    first = (top + bottom - height * len(lines)) / 2
    for number, line in enumerate(lines):
        width = min(_GLYPH * height, (right - left) / len(line))
        glyphs = [
            (SUBSTITUTIONS.get(one, one), left + width * i, left + width * (i + 1))
            for i, one in enumerate(line)
        ]
        upper = first + height * number
        yield Run(left, upper, glyphs[-1][2], upper + height, glyphs)
