"""Personal data is masked, and nothing else."""

from __future__ import annotations

import time

import pytest

from exports.masking import Masker

UNITS = ["李庄镇人民政府", "安康社会保险事务中心", "江津区", "公务员医疗补助"]


@pytest.fixture(scope="module")
def masker() -> Masker:
    return Masker(UNITS)


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("退休职工张三丧葬费", "退休职工张**丧葬费"),
        ("2024年社保中心李四遗属补助", "2024年社保中心李**遗属补助"),
        ("张三等二十五名", "张**等二十五名"),
        ("批准张三丰等25名企事业单位", "批准张**等25名企事业单位"),
        ("联系人：王五", "联系人：王**"),
        ("联系人：王 五 电话", "联系人：王** 电话"),
        ("王五和赵六丧葬抚恤金", "王**和赵**丧葬抚恤金"),
        ("干部王五、李六、赵小七工伤医疗费", "干部王**、李**、赵**工伤医疗费"),
        ("单位负责人：欧阳建国 填表人：上官红", "单位负责人：欧阳** 填表人：上官**"),
        ("经办人：阿依古丽·买买提", "经办人：阿**"),
        ("副局长王建国同志", "副局长王**同志"),
        ("退休 职工 张 三 丧葬费", "退休 职工 张** 丧葬费"),
        ("李庄镇人民政府王小明遗属补助", "李庄镇人民政府王**遗属补助"),
        ("<b>职工张三</b>", "<b>职工张**</b>"),
        ("补发吴玉兰退休费", "补发吴**退休费"),
        ("联系人及电话：王五", "联系人及电话：王**"),
        ("刘洋、王强、李娜抚恤金", "刘**、王**、李**抚恤金"),
    ],
)
def test_names(masker: Masker, text: str, masked: str) -> None:
    assert masker.mask(text) == masked


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("13812345678", "138****5678"),
        ("手机138-1234-5678", "手机138-****-5678"),
        ("+86 13812345678", "+86 138****5678"),
        ("联系方式：023-71293797", "联系方式：023-****3797"),
        ("（0355）7521234", "（0355）***1234"),
        ("02371293797", "023****3797"),
        ("联系电话:71293797、7129 3798", "联系电话:****3797、**** 3798"),
        ("０２３－７１２９３７９７", "０２３－****３７９７"),
        ("400-812-3456", "400-***-3456"),
        ("11010519491231002X", "110105************"),
        ("身份证号110105194912310021", "身份证号110105************"),
        ("510213430507001", "510213*********"),
        ("账号：6222 0202 0011 2233 445", "账号：**** **** **** **** 445"),
        (
            "开户行：某某银行 帐号 110012345678901",
            "开户行：某某银行 帐号 ***********8901",
        ),
        ("6222020200112233446", None),
    ],
)
def test_numbers(masker: Masker, text: str, masked: str | None) -> None:
    digits = "".join(c for c in masker.mask(text) if c.isdigit())
    if masked is None:  # a card number is told by its check digit alone
        cards = [f"{text[:-1]}{check}" for check in range(10)]
        hidden = [card for card in cards if masker.mask(card) != card]
        assert len(hidden) == 1
        assert masker.mask(hidden[0]) == "*" * 15 + hidden[0][-4:]
    else:
        assert masker.mask(text) == masked
        assert len(digits) < sum(c.isdigit() for c in text)


@pytest.mark.parametrize(
    "text",
    [
        # amounts
        "13812345678.00",
        "收入13812345678元",
        "1,381,234,567.89",
        "-13812.34",
        "本年收入合计1529.82万元",
        # codes, document numbers, dates, hashes, addresses
        "2080109",
        "410700220000000029389",
        "040100100101",
        "208|01|09",
        "500110-Z01",
        "国办发〔2004〕9号",
        "2025-01-15",
        "2024年11月5日",
        "20250115",
        "cc0673ea825a890a5622713e588a9758330b53292a30536ce7fff3e6577a7826",
        "d24f5d690183b4473-t100-r11-c11",
        "https://www.example.gov.cn/2025/t20250115_13812345678.html",
        "110105194912310021",  # the check digit is wrong
        # units and words
        *UNITS,
        "李庄镇人民政府遗属补助",
        "机关事业单位职工死亡抚恤",
        "退休人员遗属补助",
        "企业离休干部和建国前工人住房补贴",
        "确保全市参保职工和离退休人员各项待遇",
        "民政局丧葬费",
        "党员教育培训经费",
        "高龄老人补贴",
        "单位等3人",
        "农民工工伤医疗费",
        "社区工作者等25名",
        "负责人：",
        "领取人满意度",
        "负责人高度重视",
        "伤残军人抚恤",
        "全体同志",
        "项目遗属补助",
        "公安英烈抚恤",
        "丧葬补助金和抚恤金",
        "国有林场丧葬费",
        "支付安置费",
        "第13812345678号",
        "账户资金1234567890元",
        "统一社会信用代码91500110MA5U12345X",
        "教师、学生等300人",
    ],
)
def test_nothing_else(masker: Masker, text: str) -> None:
    assert masker.mask(text) == text


def test_a_name_once_learned_is_known_without_context() -> None:
    masker = Masker()
    assert masker.mask("张三丰专项") == "张三丰专项"
    masker.learn(["退休职工张三丰丧葬费"])
    assert masker.mask("张三丰专项") == "张**专项"


def test_a_label_tells_what_the_next_cell_is(masker: Masker) -> None:
    assert masker.mask_row(["负责人", "王五", "联系电话：", "71293797", "合计"]) == [
        "负责人",
        "王**",
        "联系电话：",
        "****3797",
        "合计",
    ]


def test_a_masked_text_stays_as_it_is(masker: Masker) -> None:
    text = masker.mask("退休职工张三丧葬费 13812345678 11010519491231002X")
    assert masker.mask(text) == text


def test_a_hundred_thousand_texts_take_seconds(masker: Masker) -> None:
    started = time.process_time()
    for number in range(100_000):
        masker.mask(f"机关事业单位基本养老保险缴费支出{number}")
    assert time.process_time() - started < 10
