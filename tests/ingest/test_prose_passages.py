"""Lines of print become paragraphs and sentences, and keep their places."""

from __future__ import annotations

from ingest.document import Box, Paragraph, ParagraphKind
from ingest.prose.passages import Passage, read_passages


def passages(*lines: str | None) -> list[Passage]:
    return read_passages(
        (number, None if line is None else Paragraph(line))
        for number, line in enumerate(lines)
    )


def texts(*lines: str | None) -> list[str]:
    return [passage.text for passage in passages(*lines)]


def test_a_break_in_the_middle_of_a_word_or_number_is_layout() -> None:
    assert texts("2030年云岭县林业局收入预算中，卫生健康支", "出7.61 万元，住房") == [
        "2030年云岭县林业局收入预算中，卫生健康支出7.61 万元，住房"
    ]
    assert texts("教育支出12.00万元、住房保障支出", "28.50万元等。") == [
        "教育支出12.00万元、住房保障支出28.50万元等。"
    ]
    assert texts("云岭县林业局2030年度的收入总计，共有1062.", "85", "万元。") == [
        "云岭县林业局2030年度的收入总计，共有1062.85万元。"
    ]


def test_headings_items_and_ended_sentences_are_not_joined() -> None:
    lines = [
        "一、收入情况说明",
        "收入10万元。",
        "（一）基本支出",
        "1.人员经费，包括工资，",
        "2、公用经费，包括办公费，",
    ]
    assert texts(*lines) == lines


def test_a_table_ends_a_title_but_not_a_sentence() -> None:
    assert texts("单位：万元", None, "注：四舍五入") == ["单位：万元", "注：四舍五入"]
    assert texts("收入10万元，其中教育支", None, "出3万元。") == [
        "收入10万元，其中教育支出3万元。"
    ]


def test_a_list_goes_on_in_the_next_paragraph() -> None:
    assert texts("基本支出365万元，其中：", "人员经费358万元；", "公用经费7万元。") == [
        "基本支出365万元，其中：人员经费358万元；公用经费7万元。"
    ]


def test_print_that_stops_short_of_the_margin_ends_a_paragraph() -> None:
    def line(text: str, left: float, right: float, top: float) -> Paragraph:
        return Paragraph(text, 1, None, Box(left, top, right, top + 12))

    lines = [
        line(
            "本单位支出预算合计为三百二十万元，比上年有所增加，主要原因", 80, 500, 100
        ),
        line("是人员增加", 56, 120, 120),
        line("收入预算为三百二十万元，与上年相比没有变化，无其他情况，", 80, 500, 140),
    ]
    read = read_passages(enumerate(lines))
    assert [passage.text[-5:] for passage in read] == [
        "是人员增加",
        "无其他情况，"[-5:],
    ]


def test_other_kinds_of_paragraphs_are_left_out() -> None:
    read = read_passages(
        [
            (0, Paragraph("收入10万元，支", 1)),
            (1, Paragraph("3", 1, kind=ParagraphKind.PAGE_NUMBER)),
            (2, Paragraph("出10万元。", 2)),
        ]
    )
    assert [passage.text for passage in read] == ["收入10万元，支出10万元。"]
    assert [piece.page for piece in read[0].pieces] == [1, 2]


def test_each_character_keeps_its_place() -> None:
    lines = ["- <b>收入</b>预算为  ", "　１２.５", " 万元，**其中**：本年", "10万元。"]
    (passage,) = passages(*lines)
    assert passage.text == "收入预算为１２.５万元，其中：本年10万元。"
    for index, character in enumerate(passage.text):
        block, offset = passage.place(index)
        assert lines[block][offset] == character
        assert passage.end_place(index + 1) == (block, offset + 1)


def test_sections_follow_the_numbering() -> None:
    read = passages(
        "第三部分 2030年预算情况说明",
        "一、收入预算",
        "收入10万元。",
        "（一）政府采购。采购1万元。",
        "1.货物1万元，全部为办公设备。",
        "二、支出预算",
        "支出10万元。",
    )
    assert [passage.section_path[1:] for passage in read] == [
        (),
        ("一、收入预算",),
        ("一、收入预算",),
        ("一、收入预算", "（一）政府采购"),
        ("一、收入预算", "（一）政府采购"),
        ("二、支出预算",),
        ("二、支出预算",),
    ]
    assert [passage.is_heading for passage in read] == [
        *(True, True, False, False, False, True, False)
    ]
    assert read[3].text[read[3].heading_end :] == "采购1万元。"


def test_sentences_end_with_their_closing_marks() -> None:
    (passage,) = passages("绩效评级为“优。”支出1万元！其余（略。）无")
    assert [sentence.text for sentence in passage.sentences] == [
        "绩效评级为“优。”",
        "支出1万元！",
        "其余（略。）",
        "无",
    ]
    for sentence in passage.sentences:
        assert passage.text[sentence.start : sentence.end] == sentence.text
