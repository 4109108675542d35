"""Paragraphs and tables of web pages and of saved web pages."""

from __future__ import annotations

import base64
import quopri
from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.detect import detect_format
from ingest.document import (
    Document,
    Limits,
    Paragraph,
    ParagraphKind,
    Table,
    UnreadableDocument,
)
from ingest.readers.html import read, read_mhtml
from tests.ingest.grids import is_tiled, places, tables

Printed = str | list[list[str]]


def printed(document: Document) -> list[Printed]:
    """Paragraphs as text, tables as rows of texts; covered positions are ``^``."""
    return [
        block.text if isinstance(block, Paragraph) else rows(block)
        for block in document.blocks
    ]


def rows(table: Table) -> list[list[str]]:
    assert is_tiled(table)
    grid = [["^"] * table.column_count for _ in range(table.row_count)]
    for cell in table.cells:
        grid[cell.row][cell.column] = cell.text
    return grid


def page(markup: str) -> list[Printed]:
    return printed(read(markup.encode()))


def code_of(data: bytes, limits: Limits = Limits()) -> str:  # noqa: B008
    with pytest.raises(UnreadableDocument) as caught:
        read(data, limits)
    return caught.value.code


# Text -----------------------------------------------------------------------


def test_paragraphs_and_tables_in_the_order_of_the_page() -> None:
    document = read(
        "<!DOCTYPE html><html><head><title>标题栏</title></head><body>"
        "<h1>青禾县数据局</h1><p>单位：万元</p>"
        "<table><tr><th>项目</th><th>金额</th></tr><tr><td>甲</td><td>1.50</td></tr>"
        "</table><div>备注。</div><ul><li>一</li><li>二</li></ul>尾</body></html>".encode()
    )
    assert (document.format, document.page_count) == ("html", None)
    assert printed(document) == [
        "青禾县数据局",
        "单位：万元",
        [["项目", "金额"], ["甲", "1.50"]],
        "备注。",
        "一",
        "二",
        "尾",
    ]
    (table,) = document.tables()
    assert (table.has_spans, table.page, table.line, table.sheet) == (
        True,
        None,
        None,
        None,
    )


def test_blanks_collapse_and_hard_ones_stay() -> None:
    assert page("<p>\n  a \t b&nbsp;&nbsp;c <b> d</b>\n</p>") == ["a b  c d"]


def test_source_line_break_between_chinese_characters_is_no_blank() -> None:
    assert page("<p>收入支\n  出总表，\r\n甲 \n 乙\nabc</p>") == [
        "收入支出总表，甲乙 abc"
    ]


def test_line_breaks_part_paragraphs_and_are_kept_in_cells() -> None:
    markup = (
        "<p>总表<br>单位：元<br/><br></p><table><tr><td>国有<br>资本<p>经营</p><td>1"
    )
    assert page(markup) == ["总表", "单位：元", [["国有\n资本\n经营", "1"]]]


def test_entities_are_characters() -> None:
    assert page("<p>&lt;甲&gt;&amp;&#20803;&#x5143;&ensp;&hellip;&yen;</p>") == [
        "<甲>&元元\u2002…¥"
    ]


def test_signs_without_width_are_left_out() -> None:
    assert page("<p>甲\u200b\ufeff乙&zwnj;</p><p>&nbsp;\u200b</p>") == ["甲乙"]


@pytest.mark.parametrize(
    "element",
    [
        "<script>var a='<p>x</p>'</script>",
        "<style>p{}</style>",
        "<nav><a>首页</a></nav>",
        "<noscript>x</noscript>",
        "<div style='display:none'>x<table><tr><td>1<td>2</table></div>",
        "<div style='color:red; DISPLAY : none;'>x</div>",
        "<span style='mso-hide:all'>x</span>",
        "<p hidden>x</p>",
        "<!-- x --><![if gte mso 9]><![endif]>",
        "<!--[if gte mso 9]><p>x</p><![endif]-->",
        "<svg><text>x</text></svg>",
        "<template><p>x</p></template>",
        "<button>打印</button>",
        "<iframe>x</iframe><object>x</object>",
    ],
)
def test_what_is_not_shown_is_left_out(element: str) -> None:
    assert page(f"<p>甲</p>{element}<p>乙</p>") == ["甲", "乙"]


@pytest.mark.parametrize(
    ("sheet", "printed"),
    [
        (".a { color: red; DISPLAY:none }", ["乙", "丙"]),
        ("td, p.a { display: none !important }", ["乙", "丙"]),
        ("/* p { display:none } */ #b{display:none}", ["甲", "丙"]),
        ("@import url(x.css); div .c { display:none; }", ["甲", "乙"]),
        ("p{display:none} p.c{display:block}", ["丙"]),
        ("@media print { .a { display:none } } .b{}", ["甲", "乙", "丙"]),
        (".a:hover { display: none }", ["甲", "乙", "丙"]),
        (".a[[ { display: none } .c{display:none}", ["甲", "乙"]),
        (".a { display: none", ["甲", "乙", "丙"]),
        ("} .a { display: none }", ["甲", "乙", "丙"]),
    ],
)
def test_what_a_style_sheet_of_the_page_hides(sheet: str, printed: list[str]) -> None:
    page = (
        f"<html><head><style>{sheet}</style></head><body><p class=a>甲</p>"
        "<p id=b>乙</p><div><p class='x c'>丙</p></div></body></html>"
    )
    found = read(page.encode())
    assert [paragraph.text for paragraph in found.paragraphs()] == printed


def test_a_hidden_table_is_left_out() -> None:
    page = (
        "<style>.old{display:none}</style><table class=old><tr><td>去年<td>1</table>"
        "<table><tr><td>今年<td>2<td class=old>3</table>"
    )
    (table,) = read(page.encode()).tables()
    assert [cell.text for cell in table.cells] == ["今年", "2"]


def test_style_sheets_without_end_cost_no_time() -> None:
    for sheet in ("a" * 1_000_000, "@a{" * 300_000, "p{" * 300_000, "a;" * 500_000):
        page = f"<style>{sheet}</style><p>甲</p>"
        assert len(read(page.encode()).blocks) == 1


def test_a_word_about_hiding_hides_nothing() -> None:
    assert page("<p style='mso-display:nones' title='display:none'>甲</p>") == ["甲"]


def test_preformatted_text_keeps_its_lines() -> None:
    assert page("<pre>甲  1\n\n乙  2</pre>") == ["甲 1", "乙 2"]


def test_form_fields_print_what_stands_in_them() -> None:
    markup = (
        "<table><tr><td>金额<td><input value='12.50'><td><input type=hidden value=9>"
        "<td><select><option>元<option selected>万元</select>"
        "<td><select><option>甲<option>乙</select><td><textarea>一\n二</textarea>"
        "<td><input type=checkbox value=是 checked><input type=submit value=提交>"
    )
    assert page(markup) == [[["金额", "12.50", "", "万元", "甲", "一\n二", ""]]]


def test_ruby_prints_its_base() -> None:
    assert page("<p><ruby>甲<rp>(</rp><rt>jia</rt></ruby>乙</p>") == ["甲乙"]


def test_lines_of_contents_are_marked() -> None:
    document = read("<p>目 录</p><p>一、概况……1</p><p>正文</p>".encode())
    assert [paragraph.kind for paragraph in document.paragraphs()] == [
        ParagraphKind.TEXT,
        ParagraphKind.CONTENTS,
        ParagraphKind.TEXT,
    ]


# Tables ---------------------------------------------------------------------

MERGED = (
    "<table><tr><td colspan=2>科目<td rowspan=2>合计<td colspan=2>其中"
    "<tr><td>编码<td>名称<td>基本<td>项目"
    "<tr><td>208<td>社会保障<td>3<td>1<td>2</table>"
)


def test_merged_cells_span_and_covered_positions_have_no_cell() -> None:
    (table,) = read(MERGED.encode()).tables()
    assert (table.row_count, table.column_count) == (3, 5)
    assert places(table) == [
        (0, 0, 1, 2, "科目"),
        (0, 2, 2, 1, "合计"),
        (0, 3, 1, 2, "其中"),
        (1, 0, 1, 1, "编码"),
        (1, 1, 1, 1, "名称"),
        (1, 3, 1, 1, "基本"),
        (1, 4, 1, 1, "项目"),
        (2, 0, 1, 1, "208"),
        (2, 1, 1, 1, "社会保障"),
        (2, 2, 1, 1, "3"),
        (2, 3, 1, 1, "1"),
        (2, 4, 1, 1, "2"),
    ]


def test_statements_in_one_table_are_tables_of_their_own() -> None:
    """A whole sheet pasted into a page: the second table is narrower."""
    markup = (
        "<table><tr><td colspan=4>支出总表<tr><td colspan=4>单位：万元"
        "<tr><td>编码<td>名称<td>合计<td>基本支出<tr><td>205<td>教育<td>12.00<td>12.00"
        "<tr><td colspan=4>基本支出表<tr><td colspan=4>单位：万元"
        "<tr><td>名称<td>人员经费<td>公用经费<tr><td>工资<td>11.00<td>1.00</table>"
    )
    upper, lower = read(markup.encode()).tables()
    assert (upper.row_count, upper.column_count) == (4, 4)
    assert (lower.row_count, lower.column_count) == (4, 3)
    assert places(lower)[:3] == [
        (0, 0, 1, 3, "基本支出表"),
        (1, 0, 1, 3, "单位：万元"),
        (2, 0, 1, 1, "名称"),
    ]
    assert is_tiled(upper) and is_tiled(lower)


def test_an_empty_cell_that_reaches_into_the_first_statement() -> None:
    upper, lower = read(
        (
            "<table><tr><td rowspan=2><td><tr><td>收入总表<tr><td>名<td>计"
            "<tr><td>甲<td>1.00<tr><td>支出总表<td><tr><td>名<td>计<tr><td>甲<td>1.00</table>"
        ).encode()
    ).tables()
    assert is_tiled(upper) and is_tiled(lower)
    assert places(upper)[0] == (0, 0, 1, 1, "")


def test_lines_of_the_source_make_no_difference() -> None:
    cells = MERGED.replace("<", "\n<").replace(">", ">\n  ")
    assert read(cells.encode()) == read(MERGED.encode())


def test_rows_too_short_end_in_empty_cells() -> None:
    assert page("<table><tr><td>a<td>b<td>c<tr><td>d<tr></table>") == [
        [["a", "b", "c"], ["d", "", ""], ["", "", ""]]
    ]


def test_span_beyond_all_columns_is_clamped() -> None:
    assert page("<table><tr><td colspan=10>总表<tr><td>a<td>b</table>") == [
        [["总表", "^"], ["a", "b"]]
    ]


def test_column_that_only_spans_reach_stays_if_they_fill_it() -> None:
    (table,) = read(b"<table><tr><td colspan=2>a<tr><td colspan=2>b</table>").tables()
    assert places(table) == [(0, 0, 1, 2, "a"), (1, 0, 1, 2, "b")]


def test_row_span_ends_with_its_group() -> None:
    markup = (
        "<table><thead><tr><td rowspan=9>a<td>b<tr><td>c</thead>"
        "<tbody><tr><td rowspan=0>d<td>e<tr><td>f</tbody></table>"
    )
    assert page(markup) == [[["a", "b"], ["^", "c"], ["d", "e"], ["^", "f"]]]


def test_foot_comes_last_and_head_first() -> None:
    markup = (
        "<table><tfoot><tr><td>合计<td>3</tfoot><tbody><tr><td>甲<td>3</tbody>"
        "<thead><tr><td>项目<td>金额</thead></table>"
    )
    assert page(markup) == [[["项目", "金额"], ["甲", "3"], ["合计", "3"]]]


def test_cell_ends_where_one_from_above_stands() -> None:
    markup = "<table><tr><td>a<td rowspan=2>b<td>c<tr><td colspan=3>d<td>e</table>"
    assert page(markup) == [[["a", "b", "c"], ["d", "^", "e"]]]


@pytest.mark.parametrize("span", ["x", "-2", "", "0", "1.5", "+1"])
def test_spans_that_are_no_counts(span: str) -> None:
    assert page(f"<table><tr><td colspan='{span}'>a<td>b</table>") == [[["a", "b"]]]


def test_spans_are_bounded() -> None:
    markup = "<table><tr><td colspan=999999999 rowspan=999999999>a<td>b</table>"
    (table,) = read(markup.encode()).tables()
    assert (table.row_count, table.column_count) == (1, 1001)


def test_hidden_rows_and_cells_are_left_out() -> None:
    markup = (
        "<table><tr style='display:none'><td>x<td>x<td>x<tr><td>a"
        "<td style='display:none'>x<td>b<tr hidden><td>x<td>y<tr><td>c<td>d</table>"
    )
    assert page(markup) == [[["a", "b"], ["c", "d"]]]


def test_caption_stands_above_its_table() -> None:
    markup = "<p>前<table><caption>收支总表<br>单位：元</caption><tr><td>a<td>b</table>"
    assert page(markup) == ["前", "收支总表", "单位：元", [["a", "b"]]]


def test_table_that_prints_nothing_is_left_out() -> None:
    assert page("<p>甲<table><tr><td>&nbsp;<td><img src=x></table>乙") == ["甲", "乙"]


def test_table_around_tables_lays_out_the_page() -> None:
    markup = (
        "<table><tr><td colspan=2>页首<tr><td>左<br>边<table><tr><td>a<td>b"
        "<tr><td>1<td>2</table>下</td><td>右</td></tr></table>"
    )
    assert page(markup) == [
        "页首",
        "左",
        "边",
        [["a", "b"], ["1", "2"]],
        "下",
        "右",
    ]


def test_rows_of_inner_tables_are_their_own() -> None:
    inner = "<table><tr><td>1<td>2<tr><td>3<td>4</table>"
    markup = f"<table><tr><td>{inner}</td><td>{inner}</td></tr></table>"
    assert page(f"<table><tr><td>{markup}</td></tr></table>") == [
        [["1", "2"], ["3", "4"]],
        [["1", "2"], ["3", "4"]],
    ]


def test_table_of_one_cell_is_a_frame() -> None:
    frame = "<table><tr><td>{}</td></tr></table>"
    assert page(frame.format("<p>一<p>二")) == ["一", "二"]
    cell = frame.format(frame.format("甲"))
    assert page(f"<table><tr><td>{cell}</td><td>1</td></tr></table>") == [[["甲", "1"]]]


def test_table_of_blanks_in_a_cell_makes_it_no_layout() -> None:
    blank = "<table><tr><td><img><td>&nbsp;</table>"
    assert page(f"<table><tr><td>甲{blank}</td><td>1</td></tr></table>") == [
        [["甲", "1"]]
    ]


def test_two_tables_side_by_side_are_two() -> None:
    one = "<table><tr><td>a<td>b</table>"
    assert page(one + one) == [[["a", "b"]], [["a", "b"]]]


# Bytes ----------------------------------------------------------------------

PAGE = "<html><head><meta charset={}></head><body><p>合计 镕 元</p></body></html>"


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [
        ("utf-8", "utf-8"),
        ("utf-8", "utf-8-sig"),
        ("gb2312", "gb18030"),
        ("gbk", "gbk"),
        ("iso-8859-1", "gb18030"),
        ("utf-8", "gb18030"),
        ("gb2312", "utf-8"),
        ("unicode", "utf-16"),
    ],
)
def test_bytes_say_their_encoding(declared: str, encoding: str) -> None:
    assert printed(read(PAGE.format(declared).encode(encoding))) == ["合计 镕 元"]


def test_big5_is_believed() -> None:
    text = PAGE.format("'big5'").replace("合计 镕 元", "合計 預算 元")
    assert printed(read(text.encode("big5"))) == ["合計 預算 元"]
    assert printed(read(text.encode())) == ["合計 預算 元"]


def test_undecodable_bytes() -> None:
    assert code_of("<p>合计预算".encode() + b"\xff\xfe\xff</p>") == "undecodable_text"


def test_spreadsheet_saved_as_a_page() -> None:
    data = (
        "<html xmlns:x='urn:schemas-microsoft-com:office:excel'><head><meta "
        "http-equiv=Content-Type content='text/html; charset=gb2312'><style>a{}</style>"
        "<!--[if gte mso 9]><xml><x:Name>表一</x:Name></xml><![endif]--></head><body>"
        "<table><col width=72><tr height=20><td colspan=2 class=xl65>支出总表</td></tr>"
        "<tr><td>合计</td><td x:num='12.5'>12.50</td></tr>"
        "<![if supportMisalignedColumns]><tr height=0 style='display:none'>"
        "<td width=72></td><td width=72></td></tr><![endif]></table></body></html>"
    ).encode("gb18030")
    assert detect_format(data) == "html"
    assert printed(read(data)) == [[["支出总表", "^"], ["合计", "12.50"]]]


# Saved pages ----------------------------------------------------------------


def part(content: bytes, encoding: str, kind: str = "text/html", name: str = "") -> str:
    if encoding == "base64":
        text = base64.encodebytes(content).decode()
    elif encoding == "quoted-printable":
        text = quopri.encodestring(content).decode()
    else:
        text = content.decode("latin-1")
    identity = f"Content-ID: <{name}>\r\n" if name else ""
    return (
        f'--=_b\r\nContent-Type: {kind}; charset="gb2312"\r\n{identity}'
        f"Content-Transfer-Encoding: {encoding}\r\n\r\n{text}\r\n"
    )


def saved(*parts: str, start: str = "", head: str = "") -> bytes:
    where = f'; start="<{start}>"' if start else ""
    return (
        f"{head}MIME-Version: 1.0\r\nContent-Type: multipart/related{where}; "
        f'boundary="=_b"\r\n\r\nThis is a page.\r\n\r\n{"".join(parts)}--=_b--\r\n'
    ).encode("latin-1")


MAIN = f"<html><body><p>甲局</p>{MERGED}</body></html>"


@pytest.mark.parametrize("transfer", ["base64", "quoted-printable", "8bit"])
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_saved_page_is_read_like_the_page(transfer: str, encoding: str) -> None:
    picture = part(b"\x89PNG", "base64", "image/png")
    data = saved(picture, part(MAIN.encode(encoding), transfer))
    assert detect_format(data) == "mhtml"
    document = read_mhtml(data)
    assert document.format == "mhtml"
    assert document.blocks == read(MAIN.encode()).blocks


@pytest.mark.parametrize(
    "head",
    [
        "From: <Saved by Blink>\r\nSnapshot-Content-Location: http://x\r\nSubject: "
        "=?utf-8?Q?=E8?=\r\n =?utf-8?Q?=E8?=\r\nDate: Mon, 1 Jan 2024\r\n",
        "From: \r\nSubject: a\r\nDate: x\r\n",
        "\r\n",
    ],
)
def test_saved_page_that_begins_like_a_mail(head: str) -> None:
    data = saved(part(MAIN.encode(), "base64"), head=head)
    assert detect_format(data) == "mhtml"
    address = Paragraph(
        "Snapshot-Content-Location: http://x", kind=ParagraphKind.PROPERTY
    )
    blocks = [block for block in read_mhtml(data).blocks if block != address]
    assert blocks == list(read(MAIN.encode()).blocks)
    assert ("Snapshot" in head) == (address in read_mhtml(data).blocks)


def test_first_page_is_the_main_one_unless_another_is_named() -> None:
    one = part("<p>一</p>".encode(), "base64", name="one")
    two = part("<p>二</p>".encode(), "base64", name="two")
    assert printed(read_mhtml(saved(one, two))) == ["一"]
    assert printed(read_mhtml(saved(one, two, start="two"))) == ["二"]
    assert printed(read_mhtml(saved(one, two, start="none"))) == ["一"]


def test_sheets_below_a_frameset_are_read() -> None:
    frames = part(b"<html><frameset><frame src=1></frameset></html>", "8bit")
    sheets = (part(f"<p>表{n}</p>".encode(), "base64") for n in "一二")
    assert printed(read_mhtml(saved(frames, *sheets))) == ["表一", "表二"]


@pytest.mark.parametrize(
    "data",
    [
        saved(part(b"<p></p>", "8bit")),
        saved(part(b"x", "8bit", "text/plain")),
        b"MIME-Version: 1.0\r\n\r\n",
    ],
)
def test_saved_page_that_prints_nothing(data: bytes) -> None:
    with pytest.raises(UnreadableDocument) as caught:
        read_mhtml(data)
    assert caught.value.code == "nothing_printed"


# Limits ---------------------------------------------------------------------


def test_nothing_printed() -> None:
    assert code_of(b"<html><body><script>x</script><p>&nbsp;</p>") == "nothing_printed"
    assert code_of(b"") == "nothing_printed"


@pytest.mark.parametrize(
    ("markup", "limits"),
    [
        ("<p>甲乙丙</p>", Limits(file_bytes=10)),
        ("<table>" + "<tr><td>1<td>2" * 6, Limits(cells=11)),
        ("<table><tr><td>1" + "<tr><td colspan=9>2" * 2, Limits(cells=11)),
        ("<table><tr>" + "<td colspan=1000>1" * 3000, Limits()),
        ("<p>甲</p>" * 12, Limits(cells=11)),
        ("<p>一二三四五六</p>", Limits(cell_characters=5)),
        ("<table><tr><td>一二三四五六<td>2", Limits(cell_characters=5)),
        ("<div>" * 200_000 + "甲", Limits()),
        ("<x-y></z>" * 200_000 + "甲", Limits()),
    ],
    ids=[
        *("bytes", "cells", "fill", "columns", "paragraphs", "paragraph", "cell"),
        *("depth", "unmatched ends"),
    ],
)
def test_more_than_the_limit(markup: str, limits: Limits) -> None:
    assert code_of(markup.encode(), limits) == "too_large"


def test_deep_pages_are_read() -> None:
    for tag in ("<div>", "<b>", "<table><tr><td>", "<ul><li>"):
        assert page(tag * 3000 + "甲") == ["甲"]


# Any content ----------------------------------------------------------------


def written(table: Table) -> str:
    """The table as HTML."""
    lines = []
    for row in range(table.row_count):
        cells = (
            f"<td rowspan={cell.row_span} colspan={cell.column_span}>"
            f"{escape(cell.text)}</td>"
            for cell in table.cells
            if cell.row == row
        )
        lines.append(f"<tr>{''.join(cells)}</tr>")
    return f"<table>{''.join(lines)}</table>"


@given(tables())
def test_any_merged_table_is_read_as_it_was_written(table: Table) -> None:
    (found,) = read(written(table).encode()).tables()
    assert places(found) == places(table)
    assert (found.row_count, found.column_count) == (
        table.row_count,
        table.column_count,
    )


TAGS = st.sampled_from(
    [
        *("table", "tr", "td", "th", "thead", "tbody", "tfoot", "caption", "p", "b"),
        *("div", "br", "select", "option", "input value=1", "pre", "textarea", "a"),
        *("td rowspan=3", "td colspan=3", "td rowspan=0 colspan=0", "frameset"),
        *(
            "script",
            "svg",
            "math",
            "template",
            "body",
            "html",
            "td hidden",
            "plaintext",
        ),
    ]
)
PIECES = st.one_of(
    TAGS.map(lambda tag: f"<{tag}>"),
    TAGS.map(lambda tag: f"</{tag.split()[0]}>"),
    st.text("甲1 \n&;<>\x00", max_size=4),
)


@given(st.lists(PIECES, max_size=40))
def test_any_markup_gives_a_document_or_a_reason(pieces: list[str]) -> None:
    try:
        document = read("".join(pieces).encode())
    except UnreadableDocument as error:
        assert error.code == "nothing_printed"
    else:
        assert all(is_tiled(table) for table in document.tables())
        assert all(paragraph.text.strip() for paragraph in document.paragraphs())


@given(st.binary(max_size=300))
def test_any_bytes_give_a_document_or_a_reason(data: bytes) -> None:
    for reader in (read, read_mhtml):
        for bytes_ in (data, saved() + data, b"MIME-Version: 1.0\r\n" + data):
            try:
                reader(bytes_)
            except UnreadableDocument as error:
                assert error.code in (
                    "nothing_printed",
                    "undecodable_text",
                    "damaged_document",
                )


def test_dates_and_addresses_in_the_head_are_properties() -> None:
    page = (
        "<!-- saved from url=(0034)http://www.example.gov.cn/a/1.html -->\n"
        '<html><head><meta name="PubDate" content="2024-02-05 10:20">'
        '<meta name="keywords" content="预算公开"><title>预算</title>'
        '<link rel="canonical" href="http://www.example.gov.cn/a/">'
        '<link rel="stylesheet" href="http://www.example.gov.cn/a.css"></head>'
        "<body><p>预算公开</p></body></html>"
    )
    paragraphs = list(read(page.encode()).paragraphs())
    assert [(p.kind.value, p.text) for p in paragraphs] == [
        ("text", "预算公开"),
        ("property", "saved-from-url: http://www.example.gov.cn/a/1.html"),
        ("property", "PubDate: 2024-02-05 10:20"),
        ("property", "canonical: http://www.example.gov.cn/a/"),
    ]


def test_a_table_of_title_and_unit_is_no_table() -> None:
    """Pages lay the lines above a statement out in a table of their own."""
    captions = (
        "<table><tr><td>公开02表</td><td>&nbsp;</td></tr>"
        "<tr><td colspan=2>收入总表</td></tr>"
        "<tr><td>部门：渡口管理站</td><td>单位：元</td></tr></table>"
    )
    data = (
        "<table><tr><td>科目名称</td><td>合计</td></tr>"
        "<tr><td>渡口</td><td>1</td></tr></table>"
    )
    assert page(captions + data) == [
        "公开02表",
        "收入总表",
        "部门：渡口管理站",
        "单位：元",
        [["科目名称", "合计"], ["渡口", "1"]],
    ]
    contents = "<table><tr><td>表一</td></tr><tr><td>收入总表</td></tr></table>"
    assert len(page(contents + data)) == 2
