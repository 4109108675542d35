"""How the workbook looks: fonts, colours, number formats, the printed page."""

from __future__ import annotations

from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

_FONT = "Microsoft YaHei"
_A3, _A4 = 8, 9
_WIDTH_OF_A4 = 180
NUMBER_FORMATS = {
    "count": "#,##0",
    "year": "0",
    "yuan": "#,##0.00;[Red]-#,##0.00",
    "wan": "#,##0.00;[Red]-#,##0.00",
    "number": "#,##0.0###",
    "share": "0.0%",
    "date": "yyyy-mm-dd",
}
SEVERITY_COLOURS = {"错误": "#F8CBAD", "警告": "#FFE699", "提示": "#DDEBF7"}


class Formats:
    """The formats of a workbook, each made once."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self._book = book
        self._made: dict[tuple[str, str], Format] = {}
        base = {"font_name": _FONT, "font_size": 10}
        self.title = book.add_format({**base, "font_size": 18, "bold": True})
        self.about = book.add_format({**base, "font_color": "#595959"})
        self.section = book.add_format(
            {
                **base,
                "font_size": 12,
                "bold": True,
                "font_color": "#1F4E79",
                "bottom": 1,
            }
        )
        self.label = book.add_format({**base, "font_color": "#595959"})
        self.value = book.add_format({**base, "align": "left"})
        self.number = book.add_format({**base, "num_format": "#,##0", "align": "left"})
        self.head = book.add_format(
            {
                **base,
                "bold": True,
                "font_color": "#FFFFFF",
                "bg_color": "#1F4E79",
                "text_wrap": True,
                "align": "center",
                "valign": "vcenter",
                "border": 1,
            }
        )
        self.link = book.add_format(
            {**base, "font_color": "#0563C1", "underline": 1, "valign": "top"}
        )

    def cell(self, kind: str, colour: str = "") -> Format:
        """The format of a cell of data."""
        if (kind, colour) not in self._made:
            style: dict[str, Any] = {
                "font_name": _FONT,
                "font_size": 10,
                "valign": "top",
                "bottom": 4,
                "bottom_color": "#BFBFBF",
            }
            if kind in NUMBER_FORMATS:
                style["num_format"] = NUMBER_FORMATS[kind]
            if kind == "long":
                style["text_wrap"] = True
            if kind in ("text", "long"):
                style |= {"align": "left", "indent": 1}
            if kind == "year":
                style["align"] = "center"
            if colour:
                style["bg_color"] = colour
            self._made[kind, colour] = self._book.add_format(style)
        return self._made[kind, colour]


def set_page(worksheet: Worksheet, footer: str, width: int = 0) -> None:
    """A wide page, one page across; ``width`` is that of all columns."""
    worksheet.set_landscape()
    worksheet.set_paper(_A3 if width > _WIDTH_OF_A4 else _A4)
    worksheet.fit_to_pages(1, 0)
    worksheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    worksheet.set_footer(f"&L{footer}&R第 &P 页，共 &N 页")
