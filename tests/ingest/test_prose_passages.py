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


def printed(*lines: tuple[str, float, float]) -> list[str]:
    """The passages of lines that one page prints: text, left and right end."""
    return [
        passage.text
        for passage in read_passages(
            (number, Paragraph(text, 1, None, Box(left, top, right, top + 9)))
            for number, (text, left, right) in enumerate(lines)
            for top in [100 + 20 * number]
        )
    ]


def test_a_line_is_full_if_the_number_behind_it_had_no_room_left() -> None:
    head = "本年支出21.50万元，其中：基本支出10.25万元，占47.67%；核定项目支出"
    assert printed(
        ("收入预算说明如下，各项收入都列入本级预算并按规定公开，接受监督。", 49, 547),
        (head, 73, 510),
        ("1234567.25，占52.33%，没有其他支出", 49, 280),
        ("本年收入与支出相同，都列入本级预算，没有超过核定的数额", 73, 510),
        ("本单位共有五辆车，都已封存", 49, 280),
    ) == [
        "收入预算说明如下，各项收入都列入本级预算并按规定公开，接受监督。",
        f"{head}1234567.25，占52.33%，没有其他支出",
        "本年收入与支出相同，都列入本级预算，没有超过核定的数额",
        "本单位共有五辆车，都已封存",
    ]


def test_a_mark_beyond_the_margin_does_not_move_it() -> None:
    lines = [
        ("本年收入共计三百五十万元，都是财政拨款，比上年增加了十万元，", 49, 556),
        ("本年支出共计三百五十万元，都是基本支出，主要是接待检查发生", 49, 532),
        ("的支出。", 49, 90),
    ]
    assert printed(*lines) == ["".join(text for text, *_ in lines)]


def test_a_line_that_begins_within_a_sentence_goes_on() -> None:
    for head, tail in [
        ("主要用于：教育支出（类）支出5.00万元；农林水支出", "（类）支出7.00万元。"),
        ("共有车辆6辆；单位价值100万元以上设备2台", "（套）。"),
        ("其中：基本支出10.00万元；项目支出", "5.25万元，占34.43%。"),
        ("比上年，收入和支出都下降", "7.41%，原因是项目减少。"),
        ("2030年度支出3472.25", "万元，主要用于教育。"),
        ("10.教育支出（类）普通教育（款）小学教育支出", "（项）。预算为8.00万元。"),
    ]:
        assert texts(head, tail) == [head + tail]
        short = printed(("宽" * 40 + "。", 49, 547), (head, 49, 300), (tail, 49, 200))
        assert short[1:] == [head + tail]


def test_a_number_at_the_end_of_a_line_keeps_to_itself() -> None:
    head = "发布时间：2030-02-06　来源：云岭县水务局　浏览次数：318"
    code = "监督索引号53060000000000000"
    for line in (
        "部门预算公开目录",
        "部门预算公开目录，本部门",
        "本部门收入预算10万元。",
        "2030年收入预算10万元，其中",
        code,
    ):
        assert texts(head, line) == [head, line]
    fonts = "发布时间：2030-02-06 10:21　来源：云岭县水务局【字体：大 小】"
    assert texts(fonts, code, "部门收支总表") == [fonts + code, "部门收支总表"]


def test_a_number_torn_from_its_unit_goes_on() -> None:
    text = "至年末，本单位共有车辆"
    for first, then in (
        ("12", "辆，其中公务用车2辆。"),
        ("1", "2辆，其中公务用车2辆。"),
        ("12", "辆"),
        ("12", "辆（其中公务用车2辆）。"),
    ):
        assert texts(text + first, then) == [text + first + then]
    assert texts("本单位，截至20", "29年12月31日") == ["本单位，截至2029年12月31日"]
    assert texts("本单位，截至2029", "年12月31日") == ["本单位，截至2029年12月31日"]
    assert texts(*"共有车12辆，") == ["共有车12辆，"]


def test_a_heading_a_caption_and_an_item_stay_apart() -> None:
    for lines in [
        ["一、支出情况", "2030年度支出10.00万元。"],
        ["（一）基本支出，按项目", "（二）项目支出"],
        ["支出决算表", "单位：万元"],
        ["基本支出，人员经费5.00万元", "7.00万元为公用经费。"],
        ["部门：云岭县林业局\t2030年度", "（项）"],
        ["详见附表，", "表一 收支总表"],
    ]:
        wide = ("宽" * 40 + "。", 49.0, 547.0)
        assert printed(wide, *((text, 49, 200) for text in lines))[1:] == lines


def test_a_narrow_column_keeps_to_margins_of_its_own() -> None:
    lines = [
        ("年度教育支出三百元，农林水支出三千元，", 49, 301),
        ("卫生支出四千元，粮油物资支出五十元，", 49, 307),
        ("文化支出一千元，交通运输支出二百元及住房保障支", 49, 307),
        ("出六百元", 49, 120),
        ("宽" * 40 + "。", 49, 547),
    ]
    assert printed(*lines)[0] == "".join(text for text, *_ in lines[:4])


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
