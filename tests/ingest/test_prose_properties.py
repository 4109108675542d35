"""Any text: no exception, every figure at its place, time that of the length."""

from __future__ import annotations

import string
import time
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.document import Paragraph
from ingest.prose.grammar import Grammar
from ingest.prose.lexer import Token, settle
from ingest.prose.passages import read_passages
from ingest.prose.reader import Prose
from tests.ingest.prose import read, reader

WORDS = (
    *("收入", "支出", "基本支出", "一般公共预算", "财政拨款", "公务接待费", "车辆"),
    *("其中", "其中：", "包括", "分别为", "分别占", "主要是", "主要原因是", "主要用于"),
    *("比", "较", "与", "上年", "2030年", "2030年12月31日", "截至", "相比", "持平"),
    *("增加", "减少", "下降（增长）", "占", "完成", "年初预算", "的", "为", "和", "等"),
    *(
        "不超过",
        "以上",
        "约",
        "余",
        "12.50",
        "1,234",
        "4, 675. 21",
        "－3",
        "三百",
        "十",
    ),
    *(
        "万元",
        "元",
        "%",
        "个百分点",
        "辆",
        "台（套）",
        "元/人",
        "级",
        "万",
        "年",
        "人次",
    ),
    *(
        "，",
        "、",
        "；",
        "：",
        "。",
        "（",
        "）",
        "“",
        "”",
        "-",
        "至",
        "《",
        "》",
        "\n",
        " ",
    ),
    *(
        "教育支出（类）",
        "普通教育（款）",
        "小学教育（项）",
        "“农林水支出-林业”",
        "第",
        "号",
    ),
    *("一、", "（一）", "1.", "①", "〔2030〕5号", "<b>", "</b>", "**", "本單位"),
)
TEXTS = st.one_of(
    st.text(max_size=120),
    st.lists(st.sampled_from(WORDS), max_size=60).map("".join),
    st.text(
        alphabet=st.sampled_from("0123456789.,，、%-万亿元一二三百年（）：。"),
        max_size=80,
    ),
)
DIGITS = frozenset(string.digits + "０１２３４５６７８９一二两三四五六七八九十百")


def check(lines: list[str], prose: Prose) -> None:
    for number, figure in enumerate(prose.figures):
        assert figure.figure == number
        assert (figure.block, figure.character_start) < (
            figure.end_block,
            figure.character_end,
        )
        assert lines[figure.block][figure.character_start] == figure.printed_text[0]
        assert (
            lines[figure.end_block][figure.character_end - 1] == figure.printed_text[-1]
        )
        if figure.direction != 0 or figure.number_text != "0":
            assert DIGITS.intersection(figure.printed_text), figure.printed_text
            whole, _, places = figure.number_text.partition(".")
            assert whole.isdigit() and len(places) == figure.number_scale
        for link in (figure.owner, figure.whole):
            assert link is None or 0 <= link < number
        assert figure.is_placed is (figure.unplaced_reason is None)
        assert 0 <= figure.sentence < len(prose.sentences)
    for sentence in prose.sentences:
        assert lines[sentence.block][sentence.character_start] == sentence.text[0]
        assert (
            lines[sentence.end_block][sentence.character_end - 1] == sentence.text[-1]
        )


@settings(max_examples=400, deadline=None)
@given(st.lists(TEXTS, max_size=5))
def test_any_text_is_read_and_every_figure_stands_where_it_says(
    lines: list[str],
) -> None:
    check(lines, read(*lines))


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=40))
def test_breaks_after_each_character_are_layout(words: list[str]) -> None:
    """The digits that are printed are the same, wherever the lines break."""
    text = "".join(words).replace("\n", "").replace(" ", "")
    if not text:
        return
    lines = list(text)
    prose = read(*lines)
    check(lines, prose)


@settings(max_examples=200, deadline=None)
@given(TEXTS)
def test_passages_lose_nothing_but_marks_and_blanks(text: str) -> None:
    passages = read_passages([(0, Paragraph(text))])
    for passage in passages:
        for index, character in enumerate(passage.text):
            block, offset = passage.place(index)
            assert block == 0 and text[offset] == character
    joined = "".join(
        text[sentence.start : sentence.end]
        for text, sentence in (
            (passage.text, sentence)
            for passage in passages
            for sentence in passage.sentences
        )
    )
    assert sum(map(str.isdigit, joined)) == sum(
        character.isdigit() for passage in passages for character in passage.text
    )


GRAMMAR = Grammar()
TYPES = sorted(
    {
        *(
            "LABEL",
            "WORD",
            "YEAR",
            "DATE",
            "ASOF",
            "PRIOR",
            "BEGIN",
            "CITATION",
            "COMMA",
        ),
        *("PAUSE", "SEMI", "COLON", "STOP", "LPAR", "RPAR", "LISTHEAD", "DISTRIBUTE"),
        *(
            "REASON",
            "MAINLY",
            "PURPOSE",
            "OPEN",
            "DE",
            "AND",
            "COPULA",
            "VERSUS",
            "YOY",
        ),
        *("FLAT", "TEMPLATE", "COMPARE", "DIRECTION", "SHARE", "COMPLETE", "NUMBER"),
        *("UNIT", "ABOUT", "BOUND", "BOUND_AFTER"),
    }
)


@settings(max_examples=500, deadline=None)
@given(st.lists(st.sampled_from(TYPES), max_size=15))
def test_the_grammar_takes_any_order_of_tokens(types: list[str]) -> None:
    tokens = [Token(kind, "比", place, place + 1) for place, kind in enumerate(types)]
    settle(tokens)
    phrases = GRAMMAR.parse(tokens)
    kept = [
        token
        for phrase in phrases
        for token in (*phrase.tokens, *(phrase.quantity or phrase).tokens)
    ]
    assert {id(token) for token in kept} == {id(token) for token in tokens}


def repeated(text: str) -> Callable[[int], list[str]]:
    return lambda length: [text * (length // len(text))]


LONG = {
    "no punctuation": repeated("本年收入654.57万元比上年增加3万元"),
    "one sentence": repeated("其中：基本支出12.3万元，占8%，比上年增加3万元，"),
    "brackets": repeated("（其中：支出1万元"),
    "numerals": repeated("一"),
    "large numerals": repeated("二十亿万"),
    "numbers without units": repeated("1，"),
    "digits": repeated("1"),
    "blanks": repeated("1 "),
    "open marks": repeated("<b“《"),
    "names of codes": repeated("社会保障（类）就业（款）1万元"),
    "shares": repeated("分别占1%和2%，"),
    "shared units": repeated("各是1，2，3，"),
    "heads of lists": repeated("其中："),
    "a line for each character": lambda length: list(
        "支出654.57万元，" * (length // 11)
    ),
    "items": lambda length: ["其中："] + ["1、教育支出1万元。"] * (length // 10),
}


@pytest.mark.parametrize("name", LONG)
def test_time_is_that_of_the_length(name: str) -> None:
    """Eight times the text takes about eight times as long, far from sixty-four."""
    make = LONG[name]

    def seconds(length: int) -> float:
        blocks = list(enumerate(map(Paragraph, make(length))))
        started = time.process_time()
        reader().read(blocks)
        return time.process_time() - started

    reader().read([(0, Paragraph("支出1万元"))])
    short = min(seconds(2_000) for _ in range(5))
    assert min(seconds(16_000) for _ in range(2)) < 32 * short + 0.1
