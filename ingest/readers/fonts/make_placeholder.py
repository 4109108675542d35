"""Write ``placeholder.ttf``, the font that stands in for Chinese fonts not installed.

Run it after a change and commit what it writes::

    python ingest/readers/fonts/make_placeholder.py

The same code always gives the same bytes. The font is drawn here and under the
licence of this repository: a block for every Chinese character and a bar for every
other one, because pdfium needs no more of a glyph than that it has an extent.
``ingest/readers/pdf_fonts.py`` says why.
"""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont, newTable
from fontTools.ttLib.tables._c_m_a_p import CmapSubtable

FILE = Path(__file__).with_name("placeholder.ttf")

EM, ASCENT, DESCENT = 1000, 880, -120
# pdfium widens the box of a character to that of its glyph. The glyphs are smaller
# than what they stand for, so that the box is as wide as the PDF says.
HEIGHT, BLOCK, BAR = 700, 900, 150
EPOCH_2025 = 3_818_534_400  # seconds since 1904, for the time stamps of the font

# pdfium takes the font that fits best and, of equals, the first by name. A real
# font shall win: the name is late, and the style is one that print seldom asks for.
FAMILY, STYLE = "zzz Placeholder", "Bold Italic"
# The code pages by which pdfium knows fonts for Japanese, simplified Chinese,
# Korean (two of them) and traditional Chinese.
CODE_PAGES = sum(1 << bit for bit in (17, 18, 19, 20, 21))

# From the first character on: the glyph up to the next entry.
CHARACTERS = (
    (0x20, "blank"),
    (0x21, "bar"),
    (0xA0, "blank"),
    (0xA1, "bar"),
    (0x2E80, "block"),  # radicals, and all of Chinese, Japanese and Korean
    (0x3000, "blank"),
    (0x3001, "block"),
    (0xFF61, "bar"),  # half-width forms
    (0xFFE0, "block"),
    (0x40000, ""),  # the end of the planes that hold Chinese characters
)


def main() -> None:
    """Write the font."""
    builder = FontBuilder(EM)
    # The bar is .notdef, too: no character can be without extent.
    widths = {".notdef": BAR, "blank": 0, "bar": BAR, "block": BLOCK}
    builder.setupGlyphOrder(list(widths))
    builder.setupGlyf({name: _glyph(width) for name, width in widths.items()})
    builder.setupHorizontalMetrics(dict.fromkeys(widths, (EM, 0)))
    builder.setupHorizontalHeader(ascent=ASCENT, descent=DESCENT)
    font: TTFont = builder.font
    font["cmap"] = _cmap()
    builder.setupNameTable({"familyName": FAMILY, "styleName": STYLE})
    builder.setupOS2(
        sTypoAscender=ASCENT,
        sTypoDescender=DESCENT,
        usWinAscent=ASCENT,
        usWinDescent=-DESCENT,
        ulCodePageRange1=CODE_PAGES,
        fsSelection=0b100001,
    )
    builder.setupPost(keepGlyphNames=False)
    font["head"].macStyle = 0b11
    font["head"].created = font["head"].modified = EPOCH_2025
    font.recalcTimestamp = False
    font.save(FILE)


def _glyph(width: int) -> object:
    pen = TTGlyphPen(None)
    if width:
        pen.moveTo((0, 0))
        for corner in ((0, HEIGHT), (width, HEIGHT), (width, 0)):
            pen.lineTo(corner)
        pen.closePath()
    return pen.glyph()


def _cmap() -> object:
    """All characters by format 13, which gives a range of them one glyph."""
    table = newTable("cmap")
    table.tableVersion = 0
    subtable = CmapSubtable.newSubtable(13)
    subtable.platformID, subtable.platEncID = 3, 10
    subtable.format, subtable.reserved, subtable.language = 13, 0, 0
    subtable.cmap = {
        code: glyph
        for (first, glyph), (end, _) in pairwise(CHARACTERS)
        for code in range(first, end)
    }
    table.tables = [subtable]
    return table


if __name__ == "__main__":
    main()
