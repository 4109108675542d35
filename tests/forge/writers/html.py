"""Writes a paper as a web page, plain or as the systems of governments write it."""

from __future__ import annotations

import re
from html import escape
from typing import Literal

from tests.forge.paper import Cell, Grid, PageBreak, Paper

Source = Literal["row_per_line", "one_line", "cell_per_line"]

_HEAD = (
    "<!DOCTYPE html>\n<html>\n<head>\n"
    '<meta http-equiv="Content-Type" content="text/html; charset={charset}">\n'
    "<title>{title}</title>\n"
)
_CMS_HEAD = (
    '<link rel="stylesheet" href="../images/style.css">\n'
    "<style>.TRS_Editor P{{line-height:2}} td{{border:1px solid}}</style>\n"
    '<script>var count = 1234.50; document.write("<td>99.99</td>");</script>\n'
)
_CMS_TOP = (
    '<div class="nav"><ul><li><a href="/">首页</a></li><li><a href="/zwgk/">政务公开'
    '</a></li><li><a href="/zwgk/yjs/">预决算公开</a></li></ul></div>\n'
    '<div class="info"><span>发布时间：2025-02-14 09:30</span>'
    "<span>浏览次数：<em>1024</em></span></div>\n"
    '<div class="TRS_Editor"><div class="Custom_UnionStyle">\n'
)
_CMS_BOTTOM = (
    "</div></div>\n"
    '<div class="share"><a href="javascript:window.print()">打印本页</a>'
    '<a href="javascript:window.close()">关闭窗口</a></div>\n'
    '<div class="footer">版权所有 网站标识码1234567890</div>\n'
)
_FRAME_TOP = (
    '<table width="980" align="center"><tr><td class="left">政务公开<br>预算公开</td>'
    '<td class="main"><table><tr><td>\n'
)
_FRAME_BOTTOM = "</td></tr></table></td></tr></table>\n"
_FONT = "font-family: 宋体; font-size: 12pt;"
_AMOUNT = re.compile(r"[-(（]?\d[\d,.]*[)）]?")
# Word parts runs where letters and digits change, and the page keeps that.
_RUNS = re.compile(r"[\x20-\x7e]+|[^\x20-\x7e]+")


def write(
    paper: Paper,
    *,
    style: Literal["plain", "cms"] = "plain",
    source: Source = "row_per_line",
    charset: str = "utf-8",
    framed: bool = False,
) -> bytes:
    """A page with every line as paragraph and every table with its merged cells.

    ``style="cms"`` dresses each text in nested spans and puts the page between
    navigation and footer. ``source`` says how the lines of the source run: a row
    of a table on one, a whole table on one, or a line for every tag and text.
    A page that is ``framed`` stands in a cell of a table that lays it out.
    """
    is_cms = style == "cms"
    head = _HEAD.format(charset=charset, title=escape(paper.title))
    if is_cms:
        head += _CMS_HEAD.format()
    body = [_CMS_TOP if is_cms else "", _line(paper.title, is_cms, "h1"), "\n"]
    for block in paper.blocks:
        match block:
            case str():
                body.append(_line(block, is_cms, "p"))
            case Grid():
                body.append(_table(block, is_cms, source))
            case PageBreak():
                body.append('<br clear="all" style="page-break-before: always">')
        body.append("\n")
    body.append(_CMS_BOTTOM if is_cms else "")
    if framed:
        body = [_FRAME_TOP, *body, _FRAME_BOTTOM]
    page = f"{head}</head>\n<body>\n{''.join(body)}</body>\n</html>\n"
    return page.encode("gb18030" if charset.startswith("gb") else charset)


def _line(text: str, is_cms: bool, tag: str) -> str:
    if is_cms:
        return f'<{tag} class="MsoNormal" align="left">{_dressed(text)}</{tag}>'
    return f"<{tag}>{escape(text)}</{tag}>"


def _dressed(text: str) -> str:
    """A text as a word processor leaves it: spans within spans."""
    runs = "".join(
        f'<span style="{_FONT}"><font face="宋体">{escape(run[0])}</font></span>'
        for run in _RUNS.finditer(text)
    )
    return f'<span lang="EN-US"><span style="mso-spacerun: yes">{runs}</span></span>'


def _table(table: Grid, is_cms: bool, source: Source) -> str:
    attributes = (
        ' class="MsoNormalTable" border="0" cellspacing="0" style="width: 100%"'
        if is_cms
        else ' border="1"'
    )
    between, within = {
        "row_per_line": ("\n", ""),
        "one_line": ("", ""),
        "cell_per_line": ("\n", "\n"),
    }[source]
    rows = between.join(
        f"<tr>{within}{within.join(_cell(cell, is_cms, within) for cell in row)}"
        f"{within}</tr>"
        for row in table.rows()
    )
    return f"<table{attributes}>{between}<tbody>{between}{rows}</tbody></table>"


def _cell(cell: Cell, is_cms: bool, within: str) -> str:
    spans = ""
    if cell.row_span > 1:
        spans += f' rowspan="{cell.row_span}"'
    if cell.column_span > 1:
        spans += f' colspan="{cell.column_span}"'
    lines = cell.text.splitlines() or ["&nbsp;" if is_cms else ""]
    if is_cms:
        side = "right" if _AMOUNT.fullmatch(cell.text) else "left"
        inner = "".join(
            f'<p align="{side}">{_dressed(line) if cell.text else line}</p>'
            for line in lines
        )
        return f'<td valign="center" nowrap{spans}>{within}{inner}{within}</td>'
    inner = "<br>".join(escape(line) for line in lines)
    return f"<td{spans}>{within}{inner}{within}</td>"
