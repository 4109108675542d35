"""Paragraphs and tables of Word documents."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
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
from ingest.readers.docx import read
from tests.ingest.grids import is_tiled, places, tables
from tests.ingest.word import (
    NAMESPACES,
    document_xml,
    docx,
    p,
    package,
    r,
    table_xml,
    tbl,
    tc,
    tr,
)

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


def body(*elements: str, styles: str = "") -> list[Printed]:
    return printed(read(docx(*elements, styles=styles)))


def code_of(data: bytes, limits: Limits = Limits()) -> str:  # noqa: B008
    with pytest.raises(UnreadableDocument) as caught:
        read(data, limits)
    return caught.value.code


# Paragraphs -----------------------------------------------------------------


def test_paragraphs_and_tables_in_the_order_of_the_body() -> None:
    document = read(
        docx(
            p("青禾县数据局"),
            p(),
            p("单位：", "万元"),
            tbl(tr("项目", "金额"), tr("甲", "1.50")),
            p("备注。"),
        )
    )
    assert (document.format, document.page_count) == ("docx", None)
    first, second, table, last = document.blocks
    assert first == Paragraph("青禾县数据局")
    assert second == Paragraph("单位：万元")
    assert isinstance(table, Table)
    assert (table.row_count, table.column_count, table.has_spans) == (2, 2, True)
    assert (table.page, table.line, table.box, table.sheet) == (None,) * 4
    assert rows(table) == [["项目", "金额"], ["甲", "1.50"]]
    assert last == Paragraph("备注。")


def test_tabs_stay_and_line_breaks_part_paragraphs() -> None:
    marks = "<w:r><w:t>单位：甲局</w:t><w:tab/><w:t>单位：元</w:t><w:br/></w:r>"
    assert body(p(marks, r("第二行"), "<w:r><w:cr/></w:r>", r("三"))) == [
        "单位：甲局\t单位：元",
        "第二行",
        "三",
    ]


def test_what_stands_for_a_character_is_that_character() -> None:
    run = (
        '<w:r><w:t>2024</w:t><w:noBreakHyphen/><w:t>01</w:t><w:sym w:char="2611"/>'
        '<w:softHyphen/><w:sym w:char="D800"/><w:sym w:char="F0FE"/>'
        '<w:sym w:font="Wingdings 2" w:char="0052"/></w:r>'
    )
    assert body(p(run)) == ["2024-01☑"]


def test_source_line_breaks_are_blanks() -> None:
    assert body(p("<w:r><w:t>甲\n乙</w:t></w:r>")) == ["甲 乙"]


def test_inserted_text_stays_and_deleted_text_goes() -> None:
    changes = (
        f"<w:ins>{r('新')}</w:ins>"
        f"<w:del><w:r><w:delText>旧</w:delText><w:t>旧</w:t></w:r></w:del>"
        f"<w:moveFrom>{r('走')}</w:moveFrom><w:moveTo>{r('来')}</w:moveTo>"
    )
    assert body(p(r("甲"), changes, r("乙"))) == ["甲新来乙"]


@pytest.mark.parametrize(
    "wrapper",
    ["w:hyperlink", "w:smartTag", "w:customXml", "w:fldSimple", "w:dir", "w:bdo"],
)
def test_text_in_wrappers_stays(wrapper: str) -> None:
    assert body(p(r("甲"), f"<{wrapper}>{r('乙')}</{wrapper}>")) == ["甲乙"]


def test_of_a_field_only_the_result_is_printed() -> None:
    field = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        "<w:r><w:instrText>=SUM(ABOVE)</w:instrText></w:r>"
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
        f"{r('12.50')}"
    )
    assert body(p(field)) == ["12.50"]


def test_hidden_text_is_left_out() -> None:
    assert body(
        p(
            r("甲"),
            r("暗", "<w:vanish/>"),
            r("明", '<w:vanish w:val="0"/>'),
            r("暗", '<w:vanish w:val="true"/>'),
        ),
        p(r("全暗", "<w:vanish/>")),
    ) == ["甲明"]


def test_text_that_its_style_hides_is_left_out() -> None:
    styles = (
        '<w:style w:styleId="a"><w:rPr><w:vanish/></w:rPr></w:style>'
        '<w:style w:styleId="b"><w:basedOn w:val="a"/></w:style>'
        '<w:style w:styleId="c"><w:basedOn w:val="c"/></w:style>'
    )
    assert body(
        p("窗体顶端", style="b"),
        p(r("显", '<w:vanish w:val="0"/>'), r("隐"), style="b"),
        p(r("甲"), r("暗", '<w:rStyle w:val="a"/>'), style="c"),
        styles=styles,
    ) == ["显", "甲"]


def test_notes_headers_and_comments_are_not_in_the_body() -> None:
    data = package(
        {
            "word/document.xml": document_xml(
                p(r("正文"), '<w:r><w:footnoteReference w:id="2"/></w:r>')
            ),
            "word/header1.xml": f"<w:hdr {NAMESPACES}>{p('页眉')}</w:hdr>",
            "word/footnotes.xml": f"<w:notes {NAMESPACES}>{p('脚注')}</w:notes>",
        }
    )
    assert printed(read(data)) == ["正文"]


# Lists ----------------------------------------------------------------------


def level(depth: int, kind: str, text: str, *more: str) -> str:
    return (
        f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/>'
        f'<w:lvlText w:val="{text}"/>{"".join(more)}</w:lvl>'
    )


def listed(
    *items: str, levels: Sequence[str], uses: str = "", styles: str = ""
) -> list[str]:
    """The paragraphs of a document with one list; its use has the number 1."""
    numbering = (
        f'<w:numbering {NAMESPACES}><w:abstractNum w:abstractNumId="7">'
        f'{"".join(levels)}</w:abstractNum><w:num w:numId="1">'
        f'<w:abstractNumId w:val="7"/></w:num>{uses}</w:numbering>'
    )
    parts = {
        "word/document.xml": document_xml(*items),
        "word/numbering.xml": numbering,
        "word/styles.xml": f"<w:styles {NAMESPACES}>{styles}</w:styles>",
    }
    return [block.text for block in read(package(parts)).paragraphs()]


def item(text: str, depth: int | None = 0, use: int = 1, style: str = "") -> str:
    level_of = "" if depth is None else f'<w:ilvl w:val="{depth}"/>'
    number = f'<w:numPr>{level_of}<w:numId w:val="{use}"/></w:numPr>' if use else ""
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    return f"<w:p><w:pPr>{named}{number}</w:pPr>{r(text) if text else ''}</w:p>"


@pytest.mark.parametrize(
    ("kind", "text", "number"),
    [
        ("chineseCounting", "%1、", "一、"),
        ("chineseCountingThousand", "（%1）", "（一）"),
        ("japaneseCounting", "第%1部分", "第一部分 "),
        ("decimal", "%1.", "1. "),
        ("decimalEnclosedCircleChinese", "%1", "① "),
        ("decimalFullWidth", "%1、", "１、"),
        ("upperLetter", "%1)", "A) "),
        ("bullet", "●", ""),
        ("ordinalText", "%1、", ""),
    ],
)
def test_items_of_lists_have_their_numbers(kind: str, text: str, number: str) -> None:
    assert listed(item("部门概况"), levels=[level(0, kind, text)]) == [
        f"{number}部门概况"
    ]


def test_numbers_count_level_by_level() -> None:
    levels = [
        level(0, "chineseCounting", "%1、"),
        level(1, "chineseCounting", "（%2）"),
        level(2, "decimal", "%2.%3", '<w:suff w:val="nothing"/>'),
    ]
    items = zip("甲乙丙丁戊己庚", (0, 1, 2, 2, 1, 0, 1), strict=True)
    assert listed(
        *(item(text, depth) for text, depth in items),
        item("辛", use=0),
        levels=levels,
    ) == [
        *("一、甲", "（一）乙", "一.1丙", "一.2丁", "（二）戊", "二、己", "（一）庚"),
        "辛",
    ]


def test_chinese_numbers_beyond_ten() -> None:
    items = [item("甲") for _ in range(110)]
    found = listed(*items, levels=[level(0, "chineseCounting", "%1、")])
    assert [found[n - 1] for n in (9, 10, 11, 20, 21, 99, 100, 101, 110)] == [
        f"{number}、甲"
        for number in (
            *("九", "十", "十一", "二十", "二十一", "九十九", "一百", "一百〇一"),
            "一百一十",
        )
    ]


def test_a_use_may_begin_anew() -> None:
    again = (
        '<w:num w:numId="2"><w:abstractNumId w:val="7"/><w:lvlOverride w:ilvl="0">'
        '<w:startOverride w:val="1"/></w:lvlOverride></w:num>'
    )
    assert listed(
        *(item("甲"), item("乙"), item("丙", use=2), item("丁", use=2)),
        levels=[level(0, "decimal", "%1、")],
        uses=again,
    ) == ["1、甲", "2、乙", "1、丙", "2、丁"]


def test_styles_number_their_paragraphs() -> None:
    styles = (
        '<w:style w:styleId="H1"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr>'
        '</w:style><w:style w:styleId="H2"><w:basedOn w:val="H1"/></w:style>'
    )
    levels = [level(0, "decimal", "%1、", '<w:pStyle w:val="H1"/>')]
    assert listed(
        item("甲", use=0, style="H1"),
        item("乙", use=0, style="H2"),
        item("丙", use=0),
        levels=levels,
        styles=styles,
    ) == ["1、甲", "2、乙", "丙"]


def test_an_empty_item_prints_its_number_in_a_cell() -> None:
    rows = [tr(tc(item("")), tc(text)) for text in ("甲", "乙")]
    numbering = (
        f'<w:numbering {NAMESPACES}><w:abstractNum w:abstractNumId="7">'
        f'{level(0, "decimal", "%1")}</w:abstractNum><w:num w:numId="1">'
        '<w:abstractNumId w:val="7"/></w:num></w:numbering>'
    )
    data = package(
        {"word/document.xml": document_xml(tbl(*rows)), "word/numbering.xml": numbering}
    )
    (table,) = read(data).tables()
    assert [cell.text for cell in table.cells] == ["1", "甲", "2", "乙"]


def test_a_list_that_is_nowhere_numbers_nothing() -> None:
    assert body(item("部门概况", use=9)) == ["部门概况"]


def test_ruby_prints_its_base() -> None:
    above, base = f"<w:rt>{r('jia')}</w:rt>", f"<w:rubyBase>{r('甲')}</w:rubyBase>"
    assert body(p(f"<w:r><w:ruby>{above}{base}</w:ruby></w:r>")) == ["甲"]


def test_formula_is_text() -> None:
    assert body(p(r("率="), "<m:oMath><m:r><m:t>90%</m:t></m:r></m:oMath>")) == [
        "率=90%"
    ]


# Text boxes -----------------------------------------------------------------


def box(*content: str) -> str:
    return f"<w:txbxContent>{''.join(content)}</w:txbxContent>"


def anchored(*content: str) -> str:
    """A text box as Word writes it, twice."""
    return (
        "<w:r><mc:AlternateContent>"
        f'<mc:Choice Requires="wps"><w:drawing><wps:txbx>{box(*content)}</wps:txbx>'
        "</w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict><v:textbox>{box(*content)}</v:textbox></w:pict>"
        "</mc:Fallback></mc:AlternateContent></w:r>"
    )


def test_text_box_follows_its_paragraph_once() -> None:
    elements = p(r("前"), anchored(p("单位：万元"), p("二")), r("后")), p("末")
    assert body(*elements) == ["前后", "单位：万元", "二", "末"]


def test_text_box_of_an_older_word() -> None:
    picture = f"<w:r><w:pict><v:textbox>{box(p('框'))}</v:textbox></w:pict></w:r>"
    assert body(p(picture), p("末")) == ["框", "末"]


def test_fallback_is_read_where_nothing_else_has_text() -> None:
    element = (
        "<w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing/></mc:Choice>"
        "<mc:Fallback><w:t>退</w:t></mc:Fallback></mc:AlternateContent></w:r>"
    )
    assert body(p(element)) == ["退"]


def test_table_and_box_in_a_text_box() -> None:
    inner = anchored(p("里"))
    content = p(r("外"), inner), tbl(tr("1", "2"))
    assert body(p(anchored(*content))) == ["外", "里", [["1", "2"]]]


def test_text_box_in_a_cell_follows_the_table() -> None:
    table = tbl(tr(tc(p(r("甲"), anchored(p("框")))), "乙"))
    assert body(table, p("末")) == [[["甲", "乙"]], "框", "末"]


# Tables ---------------------------------------------------------------------


def test_merged_cells_span_and_covered_positions_have_no_cell() -> None:
    document = read(
        docx(
            tbl(
                tr(tc("科目", span=2), tc("合计", merge="restart"), tc("其中", span=2)),
                tr("编码", "名称", tc("", merge="continue"), "基本", "项目"),
                tr("208", "社会保障", "3", "1", "2"),
            )
        )
    )
    (table,) = document.tables()
    assert (table.row_count, table.column_count) == (3, 5)
    assert places(table)[:7] == [
        (0, 0, 1, 2, "科目"),
        (0, 2, 2, 1, "合计"),
        (0, 3, 1, 2, "其中"),
        (1, 0, 1, 1, "编码"),
        (1, 1, 1, 1, "名称"),
        (1, 3, 1, 1, "基本"),
        (1, 4, 1, 1, "项目"),
    ]
    assert is_tiled(table)


def test_statements_in_one_table_are_tables_of_their_own() -> None:
    head = tr("编码", "名称", "合计")
    assert body(
        tbl(
            *(tr(tc("收入总表", span=3)), head, tr("1", "甲", "2.00")),
            *(tr(tc("支出总表", span=3)), head, tr("2", "乙", "2.00")),
        )
    ) == [
        [["收入总表", "^", "^"], ["编码", "名称", "合计"], ["1", "甲", "2.00"]],
        [["支出总表", "^", "^"], ["编码", "名称", "合计"], ["2", "乙", "2.00"]],
    ]


def test_columns_left_out_before_and_after_are_empty_cells() -> None:
    table = tbl(tr("a", "b", "c"), tr("中", before=1, after=1), tr("尾", before=2))
    assert body(table) == [[["a", "b", "c"], ["", "中", ""], ["", "", "尾"]]]


def test_merge_ends_at_a_restart_and_at_a_plain_cell() -> None:
    table = read(
        docx(
            tbl(
                tr(tc("一", merge="restart"), "1"),
                tr(tc("", merge="continue"), "2"),
                tr(tc("二", merge="restart"), "3"),
                tr("三", "4"),
                tr(tc("四", merge="continue"), "5"),
            )
        )
    )
    (found,) = table.tables()
    assert [place for place in places(found) if place[1] == 0] == [
        (0, 0, 2, 1, "一"),
        (2, 0, 1, 1, "二"),
        (3, 0, 1, 1, "三"),
        (4, 0, 1, 1, "四"),
    ]


def test_cell_of_another_width_does_not_continue_a_merge() -> None:
    table = tbl(
        tr(tc("宽", span=2, merge="restart"), "1"),
        tr(tc("窄", merge="continue"), "x", "2"),
    )
    assert body(table) == [[["宽", "^", "1"], ["窄", "x", "2"]]]


def test_text_of_a_covered_cell_is_not_printed() -> None:
    table = tbl(tr(tc("甲", merge="restart"), "1"), tr(tc("暗", merge="continue"), "2"))
    assert body(table) == [[["甲", "1"], ["^", "2"]]]


def test_old_horizontal_merge() -> None:
    first = '<w:tc><w:tcPr><w:hMerge w:val="restart"/></w:tcPr>' + p("题") + "</w:tc>"
    more = "<w:tc><w:tcPr><w:hMerge/></w:tcPr>" + p() + "</w:tc>"
    assert body(tbl(tr(first, more), tr("a", "b"))) == [[["题", "^"], ["a", "b"]]]


def test_paragraphs_of_a_cell_are_its_lines() -> None:
    cell = tc(p("国有资本经营"), p(), p(r("预算"), "<w:r><w:br/></w:r>", r("拨款")))
    assert body(tbl(tr(cell, "1"))) == [[["国有资本经营\n预算\n拨款", "1"]]]


def test_content_controls_around_rows_cells_and_tables() -> None:
    def sdt(content: str) -> str:
        return f"<w:sdt><w:sdtPr/><w:sdtContent>{content}</w:sdtContent></w:sdt>"

    row = sdt(tr("a", sdt(tc("b"))))
    cell = tc(sdt(p(r("甲"), sdt(r("乙")))))
    assert body(
        sdt(tbl(row, f"<w:customXml>{tr(cell, '2')}</w:customXml>")), sdt(p("段"))
    ) == [
        [["a", "b"], ["甲乙", "2"]],
        "段",
    ]


def test_deleted_and_hidden_rows_are_left_out() -> None:
    assert body(
        tbl(
            tr("a", "b"),
            tr("x", "y", properties="<w:del/>"),
            tr("x", "y", properties="<w:hidden/>"),
            tr("新", "c", properties="<w:ins/>"),
        )
    ) == [[["a", "b"], ["新", "c"]]]


def test_inner_table_follows_the_outer_one() -> None:
    innermost = tbl(tr("5", "6"))
    inner = tbl(tr("3", tc(p("4"), innermost)))
    outer = tbl(tr(tc(p("甲"), inner, p("乙")), "1"), tr("丙", "2"))
    assert body(outer, p("末")) == [
        [["甲\n乙", "1"], ["丙", "2"]],
        [["3", "4"]],
        [["5", "6"]],
        "末",
    ]


def test_table_of_one_cell_is_a_frame() -> None:
    frame = tbl(tr(tc(p("说明"), tbl(tr("1", "2")), p("末"))))
    assert body(frame) == ["说明", [["1", "2"]], "末"]


def test_table_that_prints_nothing_is_left_out() -> None:
    assert body(tbl(tr("", " "), tr("", "")), p("段")) == ["段"]


# Tables cut in two ----------------------------------------------------------

HEAD = tr("科目", "金额")
WIDTHS = (3000, 2000)


@pytest.mark.parametrize("between", ["", p(), p("<w:r><w:br w:type='page'/></w:r>")])
def test_cut_table_is_joined(between: str) -> None:
    first = tbl(HEAD, tr("甲", "1"), widths=WIDTHS)
    more = tbl(tr("乙", "2"), tr("丙", "3"), widths=WIDTHS)
    assert body(first, between, more, p("末")) == [
        [["科目", "金额"], ["甲", "1"], ["乙", "2"], ["丙", "3"]],
        "末",
    ]


def test_cut_table_with_its_header_again_is_joined() -> None:
    title = tr(tc("收支总表", span=2))
    first = tbl(title, HEAD, tr("甲", "1"), widths=WIDTHS)
    second = tbl(HEAD, tr("乙", "2"), widths=(3010, 1990))
    third = tbl(tr("合计", "3"), widths=WIDTHS)
    (table,) = body(first, p(), second, third)
    assert table == [
        ["收支总表", "^"],
        ["科目", "金额"],
        ["甲", "1"],
        ["科目", "金额"],
        ["乙", "2"],
        ["合计", "3"],
    ]


@pytest.mark.parametrize(
    "row", [tr("其中：", ""), tr("乙", "—"), tr("", "2"), tr("2080101", "2")]
)
def test_cut_table_goes_on_with_any_row(row: str) -> None:
    first = tbl(HEAD, tr("甲", "1"), widths=WIDTHS)
    second = tbl(row, tr("丙", "3"), widths=WIDTHS)
    assert len(list(read(docx(first, p(), second)).tables())) == 1


def test_merge_does_not_cross_the_cut() -> None:
    first = tbl(HEAD, tr(tc("甲", merge="restart"), "1"), widths=WIDTHS)
    second = tbl(tr(tc("乙", merge="continue"), "2"), widths=WIDTHS)
    assert body(first, second) == [[["科目", "金额"], ["甲", "1"], ["乙", "2"]]]


@pytest.mark.parametrize(
    ("between", "second"),
    [
        (p("表二"), tbl(tr("乙", "2"), widths=WIDTHS)),
        (p(anchored(p("表二"))), tbl(tr("乙", "2"), widths=WIDTHS)),
        (p(), tbl(tr("乙", "2"), widths=(2000, 3000))),
        (p(), tbl(tr("乙", "2", "3"), widths=(3000, 1000, 1000))),
        (p(), tbl(tr(tc("表二", span=2)), tr("乙", "2"), widths=WIDTHS)),
        (p(), tbl(tr("项目", "预算数"), tr("乙", "2"), widths=WIDTHS)),
        (p(), tbl(tr("表二", ""), HEAD, tr("乙", "2"), widths=WIDTHS)),
    ],
    ids=["text", "box", "widths", "columns", "title", "header", "plain title"],
)
def test_another_table_is_not_joined(between: str, second: str) -> None:
    first = tbl(HEAD, tr("甲", "1"), widths=WIDTHS)
    document = read(docx(first, between, second))
    assert len(list(document.tables())) == 2


def test_tables_in_different_cells_are_not_joined() -> None:
    inner = tbl(tr("1", "2"), widths=WIDTHS)
    outer = tbl(tr(tc(p("甲"), inner, inner), tc(p("乙"), inner)))
    assert len(list(read(docx(outer)).tables())) == 4


# Contents -------------------------------------------------------------------


def test_lines_of_contents_are_marked() -> None:
    styles = '<w:style w:styleId="21"><w:name w:val="toc 2"/></w:style>'
    document = read(
        docx(
            p("目  录"),
            p(
                "一、部门概况<w:r/>".replace("<w:r/>", ""),
                "<w:r><w:tab/></w:r>",
                r("1"),
            ),
            p("二、收支总表", style="21"),
            p("三、支出总表…………5"),
            p("正文"),
            styles=styles,
        )
    )
    kinds = {block.text: block.kind for block in document.paragraphs()}
    assert kinds == {
        "目  录": ParagraphKind.TEXT,
        "一、部门概况\t1": ParagraphKind.CONTENTS,
        "二、收支总表": ParagraphKind.CONTENTS,
        "三、支出总表…………5": ParagraphKind.CONTENTS,
        "正文": ParagraphKind.TEXT,
    }


# Packages -------------------------------------------------------------------


def test_main_part_is_where_the_relations_say() -> None:
    relations = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/'
        'relationships"><Relationship Id="1" Target="/word/document2.xml" Type="http://'
        'schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"/>'
        "</Relationships>"
    )
    data = package(
        {"_rels/.rels": relations, "word/document2.xml": document_xml(p("甲"))}
    )
    assert detect_format(data) == "docx"
    assert printed(read(data)) == ["甲"]


def test_names_of_parts_in_other_case_and_slashes() -> None:
    assert printed(read(package({"Word\\Document.XML": document_xml(p("甲"))}))) == [
        "甲"
    ]


def test_strict_documents_have_other_namespaces() -> None:
    strict = 'xmlns:w="http://purl.oclc.org/ooxml/wordprocessingml/main"'
    xml = document_xml(
        p("甲"), tbl(tr(tc("1", span=2)), tr("2", "3")), namespaces=strict
    )
    assert printed(read(package({"word/document.xml": xml}))) == [
        "甲",
        [["1", "^"], ["2", "3"]],
    ]


def test_nothing_printed() -> None:
    assert code_of(docx(p(), tbl(tr("", "")))) == "nothing_printed"


ENTITY = (
    '<!DOCTYPE w:document [<!ENTITY a "aaaaaaaaaa"><!ENTITY b SYSTEM "file:///etc/'
    'hostname">]>'
)


@pytest.mark.parametrize("reference", ["", "&a;", "&b;"])
def test_document_types_and_entities_are_refused(reference: str) -> None:
    xml = ENTITY + document_xml(p("甲")).replace("甲", f"甲{reference}")
    assert code_of(package({"word/document.xml": xml})) == "damaged_document"


def test_entities_that_multiply_are_refused_at_once() -> None:
    entities = "".join(
        f'<!ENTITY x{n} "{f"&x{n - 1};" * 10 if n else "x"}">' for n in range(12)
    )
    xml = f"<!DOCTYPE w:document [{entities}]>" + document_xml("<w:p>&x11;</w:p>")
    assert code_of(package({"word/document.xml": xml})) == "damaged_document"


@pytest.mark.parametrize(
    "parts",
    [
        {"word/document.xml": document_xml(p("甲"))[:-20]},
        {"word/document.xml": b"\xff\xff\x00 not XML"},
        {"word/document.xml": b""},
        {"word/document.xml": f"<w:document {NAMESPACES}/>"},
        {"word/other.xml": "<x/>"},
        {"word/document.xml": document_xml("<w:ins>" * 300, "</w:ins>" * 300)},
    ],
    ids=["cut", "binary", "empty", "no body", "no main part", "too deep"],
)
def test_damaged_parts(parts: dict[str, str | bytes]) -> None:
    assert code_of(package(parts)) == "damaged_document"


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_file_cut_short_is_damaged(share: float) -> None:
    whole = docx(*(p(f"第{n}段") for n in range(2000)))
    assert code_of(whole[: int(len(whole) * share)]) == "damaged_document"


def test_changed_bytes_are_found_by_their_checksum() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", document_xml(p("1000.00")))
    data = target.getvalue().replace(b"1000.00", b"9000.00")
    assert code_of(data) == "damaged_document"


# Limits ---------------------------------------------------------------------


def test_file_larger_than_the_limit() -> None:
    data = docx(p("甲"))
    assert code_of(data, Limits(file_bytes=len(data) - 1)) == "too_large"


def test_declared_size_is_checked_before_unpacking() -> None:
    data = docx(p("甲" * 50_000))
    assert len(data) < 10_000
    assert code_of(data, Limits(file_bytes=10_000)) == "too_large"


def test_declared_size_that_lies_is_not_exceeded() -> None:
    xml = document_xml(p("甲" * 50_000)).encode()
    data = package({"word/document.xml": xml})
    lying = data.replace(struct.pack("<L", len(xml)), struct.pack("<L", 500))
    assert lying != data
    assert code_of(lying) == "damaged_document"


def test_bomb_is_not_unpacked() -> None:
    assert code_of(docx("<w:p/>" * 2_000_000)) == "too_large"


@pytest.mark.parametrize(
    "element",
    [
        tbl(*(tr("1", "2"),) * 6),
        tbl(tr(tc("1", span=999_999_999), "2")),
        tbl(tr("1", "2", before=999_999_999)),
        tbl(tr("1", "2", after=50)),
        "".join(p("段") for _ in range(11)),
    ],
    ids=["cells", "span", "before", "after", "paragraphs"],
)
def test_more_cells_than_the_limit(element: str) -> None:
    assert code_of(docx(element), Limits(cells=10)) == "too_large"


def test_cell_longer_than_the_limit() -> None:
    limits = Limits(cell_characters=5)
    assert code_of(docx(tbl(tr("一二三四五六", "1"))), limits) == "too_large"
    assert code_of(docx(p("一二三四五六")), limits) == "too_large"


# Any content ----------------------------------------------------------------


@given(tables())
def test_any_merged_table_is_read_as_it_was_written(table: Table) -> None:
    (found,) = read(docx(table_xml(table))).tables()
    assert places(found) == places(table)
    assert (found.row_count, found.column_count) == (
        table.row_count,
        table.column_count,
    )


ELEMENTS = st.sampled_from(
    [
        *("w:p", "w:r", "w:t", "w:tbl", "w:tr", "w:tc", "w:tcPr", "w:trPr", "w:sdt"),
        *("w:sdtContent", "w:ins", "w:del", "w:txbxContent", "mc:AlternateContent"),
        *("mc:Choice", "mc:Fallback", "w:rPr", "w:vanish", "w:br", "w:tab", "v:x"),
    ]
)
PROPERTIES = st.sampled_from(
    [
        '<w:vMerge w:val="restart"/>',
        "<w:vMerge/>",
        "<w:hMerge/>",
        '<w:gridSpan w:val="3"/>',
        '<w:gridSpan w:val="-1"/>',
        '<w:gridSpan w:val="x"/>',
        '<w:gridBefore w:val="2"/>',
        "<w:gridAfter/>",
        "<w:tcPr><w:vMerge/></w:tcPr>",
        "甲",
        "<!-- x --><?x y?>",
    ]
)
MARKUP = st.recursive(
    PROPERTIES,
    lambda inner: st.builds(
        lambda name, content: f"<{name}>{''.join(content)}</{name}>",
        ELEMENTS,
        st.lists(inner, max_size=5),
    ),
    max_leaves=40,
)


@given(st.lists(MARKUP, max_size=8))
def test_any_markup_gives_a_document_or_a_reason(markup: list[str]) -> None:
    try:
        document = read(docx(*markup))
    except UnreadableDocument as error:
        assert error.code == "nothing_printed"
    else:
        assert all(is_tiled(table) for table in document.tables())
        assert all(paragraph.text.strip() for paragraph in document.paragraphs())


@given(st.binary(max_size=300))
def test_any_bytes_give_a_reason(data: bytes) -> None:
    assert code_of(data) == "damaged_document"
    assert code_of(package({"word/document.xml": data})) in (
        "damaged_document",
        "nothing_printed",
    )


@settings(max_examples=300)
@given(st.data())
def test_any_damage_gives_a_document_or_a_reason(data: st.DataObject) -> None:
    whole = bytearray(docx(p("甲"), tbl(tr("a", "b"), tr("c", "1.00"))))
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(whole) - 1))
        whole[place] = data.draw(st.integers(0, 255))
    try:
        read(bytes(whole))
    except UnreadableDocument as error:
        assert error.code in ("damaged_document", "too_large", "nothing_printed")
