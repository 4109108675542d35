"""Gives pdfium a font for characters whose own font a PDF does not embed."""

from __future__ import annotations

import ctypes
import sys
from importlib.util import find_spec
from pathlib import Path

_PLACEHOLDER_FOLDER = Path(__file__).parent / "fonts"


class _Config(ctypes.Structure):
    """FPDF_LIBRARY_CONFIG of pdfium, version 2."""

    _fields_ = (
        ("version", ctypes.c_int),
        ("user_font_paths", ctypes.POINTER(ctypes.c_char_p)),
        ("isolate", ctypes.c_void_p),
        ("embedder_slot", ctypes.c_uint),
    )


def offer_placeholder_font(folder: Path = _PLACEHOLDER_FOLDER) -> None:
    """Initialise the pdfium of tablers with a font of ours; before it is imported.

    Without a font for an unembedded Chinese font, pdfium takes the glyphs to be
    empty and drops, without an error, every text object without extent: above all
    cells of one character. Our glyphs, plain blocks, have an extent; what a text
    says and how wide it runs comes from the PDF. The fonts of the machine are left
    out: one that lacks a character would lose it again, and the same file should
    read the same everywhere. pdfium ignores the initialisation by tablers that
    comes second. macOS and Windows have Chinese fonts of their own.
    """
    spec = find_spec("tablers")
    if sys.platform != "linux" or spec is None or spec.origin is None:
        return
    library = Path(spec.origin).with_name("libpdfium.so.1")
    if not library.exists():  # a tablers that brings no pdfium of its own
        return
    paths = (ctypes.c_char_p * 2)(str(folder).encode(), None)
    config = _Config(2, paths, None, 0)
    ctypes.CDLL(str(library)).FPDF_InitLibraryWithConfig(ctypes.byref(config))
