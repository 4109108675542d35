"""What the numbers of running text say. All sentences are invented."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.ingest.prose import brief, figures, links, read

TITLE = "云岭县林业局2031年部门预算"


def test_a_change_behind_parts_that_commas_divide_is_of_the_whole() -> None:
    found = figures(
        TITLE,
        "2031年收入总计800.00万元，其中：本年收入700.00万元，上年结转100.00万元，"
        "比上年增加80.00万元，增长11.11%，主要原因是该项目上年结转95.00万元。",
    )
    assert [brief(figure) for figure in found] == [
        "amount 800.00万元 total revenue all",
        "amount 700.00万元 total revenue current_year",
        "amount 100.00万元 total revenue carryover",
        "change +80.00万元 total revenue all",
        "growth +11.11% total revenue all",
        "amount 95.00万元 project carryover",
    ]
    assert links(found)[1:] == [(None, 0), (None, 0), (0, None), (0, None), (None,) * 2]
    assert {figure.list for figure in found} == {None, 0}
    assert {figure.compared_year for figure in found[3:5]} == {2030}
    assert found[0].figure_year == 2031


def test_a_change_between_semicolons_is_of_its_own_part() -> None:
    found = figures(
        TITLE,
        "一般公共预算财政拨款支出1,000万元，比2030年减少50万元，其中：基本支出"
        "600万元，比2030年增加20万元，主要用于办公费等支出；项目支出400万元，比"
        "2030年减少70万元。",
    )
    assert links(found) == [
        (None, None),
        (0, None),
        (None, 0),
        (2, None),
        (None, 0),
        (4, None),
    ]
    assert [figure.direction for figure in found] == [None, -1, None, 1, None, -1]
    assert found[2].measure == "basic" and found[3].measure == "basic"
    assert {figure.fund for figure in found} == {"general_public_budget"}


@pytest.mark.parametrize(
    ("change", "owner", "reason"),
    [
        ("增加80.00万元，增长11.11%。", 0, None),
        ("增加4.00万元，增长25.00%。", 1, None),
        ("增加4.00万元，增长30.00%，主要是项目增加。", None, "two_subjects"),
        ("增加4.00万元，增长30.00%；本年收入780.00万元。", 1, None),
        ("增加80.00万元。", 0, None),
        ("增加4.00万元。", 1, None),
    ],
)
def test_a_change_behind_an_aside_is_of_what_its_arithmetic_fits(
    change: str, owner: int | None, reason: str | None
) -> None:
    found = figures(
        TITLE, f"2031年收入总计800.00万元，其中上年结转20.00万元，比上年{change}"
    )
    changes = [one for one in found[2:] if one.meaning in ("change", "growth")]
    assert {one.owner for one in changes} == {owner}
    assert {one.unplaced_reason for one in changes} == {reason}
    assert {one.year_basis for one in changes} == {
        {0: "all", 1: "carryover", None: None}[owner]
    }


def test_an_amount_below_the_name_of_a_project_is_of_that_project() -> None:
    found = figures(
        TITLE,
        "八、项目支出情况说明",
        "2031年项目支出预算90.00万元。",
        "项目名称：河道整治项目",
        "设立的政策依据：《关于下达资金的通知》",
        "预算安排规模：60.00万元，比上年增加10.00万元",
        "资金来源：一般公共预算60.00万元",
        "项目承担单位：云岭县林业局",
        "（1）项目名称：苗圃项目；预算安排规模：30.00万元；"
        "资金分配情况：用于整地30.00万元。",
        "以上项目支出90.00万元。",
        "九、项目支出预算：90.00万元",
    )
    assert [(brief(one), one.subject_text) for one in found] == [
        ("amount 90.00万元 total expenditure project budget", "项目支出预算"),
        ("amount 60.00万元 project budget", "河道整治项目"),
        ("change +10.00万元 project budget", None),
        ("amount 60.00万元 project general_public_budget", "河道整治项目"),
        ("amount 30.00万元 project budget", "苗圃项目"),
        ("amount 30.00万元 other", "整地"),
        ("amount 90.00万元 total expenditure project", "项目支出"),
        ("amount 90.00万元 total expenditure project", None),
    ]


def test_changes_that_make_up_a_change() -> None:
    found = figures(
        TITLE,
        "（二）支出预算：2031年年初预算数900万元，其中：教育支出900万元。支出预算较"
        "2030年减少30万元，主要是基本支出预算增加10万元，项目支出减少40万元。",
    )
    assert [brief(figure) for figure in found[2:]] == [
        "change -30万元 total expenditure budget",
        "change +10万元 total expenditure basic budget",
        "change -40万元 total expenditure project budget",
    ]
    assert links(found)[2:] == [(0, None), (None, 2), (None, 2)]
    assert found[3].is_list_open and found[3].list == found[4].list


@pytest.mark.parametrize(
    ("text", "meaning", "unit"),
    [
        ("与上年预算数持平", "=0", "万元"),
        ("和2030年预算基本持平", "=0", "万元"),
        ("较2030年预算保持一致", "=0", "万元"),
        ("比上年下降（增长）27.78%", "-27.78", "%"),
        ("同比增长百分之五点五", "+5.5", "%"),
        ("比2030年决算数多支出1.5万元", "+1.5", "万元"),
        ("比上年增加-2万元", "-2", "万元"),
    ],
)
def test_directions(text: str, meaning: str, unit: str) -> None:
    amount, change = figures(TITLE, f"公务接待费2.00万元，{text}。")
    sign = {1: "+", -1: "-", 0: "=", None: ""}[change.direction]
    assert f"{sign}{change.number_text}" == meaning
    assert change.owner == amount.figure
    assert change.value_unit == unit
    assert (change.subject_kind, change.subject_code) == ("three_public", "reception")
    assert change.compared_year == 2030


def test_words_of_comparison_that_compare_nothing() -> None:
    found = figures("林业和草原局收支持平，参与比例较高，支出1万元，费用保持不变。")
    assert [figure.printed_text for figure in found] == ["1万元"]


def test_shares_and_their_bases() -> None:
    found = figures(
        "本年支出合计500万元，其中：基本支出300万元，占60%；项目支出200万元，占40%。",
        "一般公共预算财政拨款支出490万元，占本年支出合计的98.00%。",
    )
    assert links(found) == [
        (None, None),
        (None, 0),
        (1, 0),
        (None, 0),
        (3, 0),
        (None, None),
        (5, 0),
    ]
    assert [figure.meaning for figure in found if figure.value_unit == "%"] == [
        "share"
    ] * 3
    pair = figures("财政拨款8万元、事业收入2万元，分别占80%和20%。")
    assert [figure.owner for figure in pair] == [None, None, 0, 1]


def test_a_plan_and_what_came_of_it() -> None:
    found = figures(
        "云岭县林业局2030年度部门决算",
        "三公经费支出年初预算为5万元，支出决算为4万元，完成年初预算的80%，"
        "决算数小于预算数的主要原因是节约。",
        "教育支出（类）普通教育（款）小学教育（项）年初预算为20万元，支出决算为25万元，"
        "为年初预算的125%。决算数同预算数持平。",
    )
    assert [brief(figure) for figure in found] == [
        "amount 5万元 three_public total budget",
        "amount 4万元 three_public total final",
        "completion 80% three_public total final",
        "amount 20万元 code budget 教育支出/普通教育/小学教育",
        "amount 25万元 code final 教育支出/普通教育/小学教育",
        "completion 125% code final 教育支出/普通教育/小学教育",
        "change =0万元 code final 教育支出/普通教育/小学教育",
    ]
    assert links(found)[2] == (1, 0)
    assert links(found)[5:] == [(4, 3), (4, None)]
    assert found[6].compared_phase == "budget"


def test_numbered_items_are_parts_of_the_whole_that_their_head_names() -> None:
    found = figures(
        TITLE,
        "支出预算900万元，其中：财政拨款支出预算800万元，比2030年预算增加5万元。",
        "财政拨款支出增加的主要原因是项目调整。",
        "财政拨款支出主要内容如下：",
        "1. “农林水支出（类）林业和草原（款）行政运行（项）”科目300万元，主要用于"
        "人员经费。2030年当年预算执行数为290万元，2031年预算安排300万元，比2030年"
        "预算执行数增加3.45%。",
        "2. “住房保障支出-住房改革支出-住房公积金”科目500万元。",
    )
    items = found[3:]
    assert [brief(figure) for figure in items] == [
        "amount 300万元 code fiscal_appropriation budget "
        "农林水支出/林业和草原/行政运行",
        "amount 290万元 code fiscal_appropriation prior_final "
        "农林水支出/林业和草原/行政运行",
        "amount 300万元 code fiscal_appropriation budget "
        "农林水支出/林业和草原/行政运行",
        "growth +3.45% code fiscal_appropriation budget 农林水支出/林业和草原/行政运行",
        "amount 500万元 code fiscal_appropriation budget "
        "住房保障支出/住房改革支出/住房公积金",
    ]
    assert [figure.whole for figure in items] == [1, None, None, None, 1]
    growth = items[3]
    assert (growth.owner, growth.compared_phase) == (items[2].figure, "prior_final")


def test_items_of_two_plans_have_a_whole_each() -> None:
    found = figures(
        "云岭县林业局2030年度部门决算",
        "（三）一般公共预算财政拨款支出决算具体情况",
        "一般公共预算财政拨款支出年初预算为100万元，支出决算为90万元。其中：",
        "1、农林水支出（类）林业和草原（款）行政运行（项）。主要用于：人员支出。"
        "年初预算为60万元，支出决算为50万元，完成年初预算的83.33%。",
        "2、教育支出（类）普通教育（款）小学教育（项）。年初预算为40万元，支出决算"
        "为40万元。",
        "六、其他情况说明",
        "支出1万元。",
    )
    wholes = [figure.whole for figure in found]
    assert wholes == [None, None, 0, 1, 2, 0, 1, None]
    assert found[2].list == found[5].list != found[3].list == found[6].list


def test_lists_in_lists() -> None:
    found = figures(
        "三公经费预算10万元，其中：因公出国（境）费0万元，公务用车购置及运行费8万元"
        "（其中：公务用车购置费3万元，公务用车运行费5万元），公务接待费2万元。",
    )
    assert [figure.whole for figure in found] == [None, 0, 0, 2, 2, 0]
    assert [figure.subject_code for figure in found] == [
        *("total", "overseas", "vehicles"),
        *("vehicle_purchase", "vehicle_operation", "reception"),
    ]
    without = figures(
        "三公经费预算10万元，其中：公务用车购置及运行费8万元，其中：公务用车购置费3"
        "万元，公务用车运行费5万元；公务接待费2万元。",
    )
    assert [figure.whole for figure in without] == [None, 0, 1, 1, 0]


def test_an_open_list_says_so() -> None:
    found = figures(
        "支出包括：", "支出10万元，其中：教育支出3万元、农林水支出2万元等。"
    )
    assert [figure.is_list_open for figure in found] == [False, True, True]


def test_two_amounts_with_one_unit() -> None:
    found = figures("2031年收入、支出总计各是4125.49，4143.91万元。")
    assert [brief(figure) for figure in found] == [
        "amount 4125.49万元 total revenue all",
        "amount 4143.91万元 total expenditure all",
    ]
    assert [figure.printed_text for figure in found] == ["4125.49", "4143.91万元"]


@pytest.mark.parametrize(
    ("printed", "number", "scale", "unit"),
    [
        ("4, 675. 21 万元", "4675.21", 2, "万元"),
        ("１，２３４．５万元", "1234.5", 1, "万元"),
        ("0.39万", "0.39", 2, "万元"),
        ("三千二百万元", "3200", 0, "万元"),
        ("500萬元", "500", 0, "万元"),
        ("1.2亿元", "1.2", 1, "亿元"),
        ("150.00元", "150.00", 2, "元"),
    ],
)
def test_numbers_and_units(printed: str, number: str, scale: int, unit: str) -> None:
    (found,) = figures(f"收入合计为{printed}（含补助）。")
    assert found.printed_text == printed
    assert (found.number_text, found.number_scale, found.value_unit) == (
        number,
        scale,
        unit,
    )
    assert (found.meaning, found.subject_kind, found.side) == (
        "amount",
        "total",
        "revenue",
    )


def test_a_measure_word_of_many_things_counts_what_the_words_say() -> None:
    found = figures("单位共有车辆5部，其中公务用车3部。另有电话5部。")
    assert [brief(figure) for figure in found] == [
        "count 5部 resource vehicles",
        "count 3部 resource vehicles",
        "count 5部 other",
    ]


def test_counts_limits_and_the_day_they_are_of() -> None:
    found = figures(
        "截至2030年12月31日，本部门共有车辆五辆，其中：机要通信用车1辆、其他用车4辆。"
        "单价100万元（含）以上设备（不含车辆）2台（套）。",
        "2031年安排购置车辆0辆。",
        "局机关内设9个职能科室，下属1家事业单位，现有职工二十五名。",
    )
    assert [brief(figure) for figure in found] == [
        "count 5辆 resource vehicles",
        "count 1辆 resource vehicles_confidential",
        "count 4辆 resource vehicles_other",
        "threshold 100万元 resource equipment",
        "count 2台(套) resource equipment",
        "count 0辆 resource vehicles",
        "count 9个 resource internal_departments",
        "count 1家 resource institutions_public",
        "count 25人 other",
    ]
    assert [figure.whole for figure in found[:3]] == [None, 0, 0]
    assert {figure.as_of for figure in found[:5]} == {dt.date(2030, 12, 31)}
    assert found[5].as_of is None
    assert found[3].bound == "at_least"


def test_bounds_ranges_and_rates() -> None:
    found = figures(
        "补助标准为每人每月1,200元，按不超过10元/人计，约20余万人次，每组30-50名，"
        "至少4次，占用资金3万元左右。"
    )
    assert [(figure.meaning, figure.number_text, figure.bound) for figure in found] == [
        ("rate", "1200", None),
        ("rate", "10", "at_most"),
        ("count", "20", "about"),
        ("count", "30", "at_least"),
        ("count", "50", "at_most"),
        ("count", "4", "at_least"),
        ("amount", "3", "about"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "根据《云岭县2030年3号令》（云政发〔2030〕12号）、云财[2030]7号文件执行。",
        "2031年3月15日召开第4次会议，1月底完成，2030-2032年实施。",
        "联系电话：0000-1234567，编号2080109，表3、附件2，W-07街坊，12345678。",
        "一级指标，三个代表，二〇三一年，抗震等级为2级，一般公共服务。",
        "1、政策宣传；2、经办服务；（3）档案管理。",
        "本单位2031年无政府性基金预算财政拨款收入和支出。",
    ],
)
def test_numbers_that_are_no_figures(text: str) -> None:
    assert [figure.printed_text for figure in figures(text)] == []


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("收入总计850.25支出总计850.25", ["850.25", "850.25"]),
        ("本年收入合计  850.25本年支出合计  850.25", ["850.25", "850.25"]),
        ("120.50年初结转和结余", ["120.50"]),
        ("120.50对个人和家庭的补助", ["120.50"]),
        ("96.75日常公用经费", ["96.75"]),
        ("500.25本单位", ["500.25"]),  # words that nobody knows
    ],
)
def test_words_behind_an_amount_are_no_units(text: str, numbers: list[str]) -> None:
    found = figures(text)
    assert [figure.number_text for figure in found] == numbers
    assert {(figure.value_unit, figure.meaning) for figure in found} == {
        (None, "other")
    }
    assert not any(figure.is_placed for figure in found)


@pytest.mark.parametrize(
    ("text", "number", "unit"),
    [
        ("购置图书1200本用于阅览。", "1200", "本"),
        ("组建巡护队伍3支负责巡查。", "3", "支"),
        ("项目期为5年。", "5", "年"),
        ("平均每户2.35人。", "2.35", "人"),
        ("年均服务20.25年以上。", "20.25", "年"),
    ],
)
def test_measure_words_behind_a_number_are_units(
    text: str, number: str, unit: str
) -> None:
    assert [(f.number_text, f.value_unit) for f in figures(text)] == [(number, unit)]


@pytest.mark.parametrize("gap", ["      ", "\t", "  ", "\u3000\u3000"])
def test_figures_of_a_row_are_not_joined(gap: str) -> None:
    columns = gap.join(["合计", "130.00", "100.00", "30", "0.55"])
    found = [figure.number_text for figure in figures(f"{columns}{gap * 8}")]
    assert found == ["130.00", "100.00", "30", "0.55"]


def test_figures_in_cells_of_html_are_not_joined() -> None:
    found = figures("<td>水利</td><td>120.25</td><td>2130305</td><td>120.25</td>")
    assert [figure.number_text for figure in found] == ["120.25", "120.25"]


def test_text_that_is_spaced_out_has_whole_numbers() -> None:
    (found, *_) = figures("收 入 合 计 为 1 2 3 4 . 5 6 万 元 。")
    assert (found.number_text, found.value_unit) == ("1234.56", "万元")


def test_what_is_not_understood_is_unplaced() -> None:
    found = figures("3.5万元。", "增长13.95。", "完成率为98.5，得到86.12。")
    assert [figure.unplaced_reason for figure in found] == [
        *("no_subject", "no_unit", "no_unit", "no_unit")
    ]
    assert not any(figure.is_placed for figure in found)


def test_the_percent_sign_that_a_growth_rate_lost() -> None:
    *_, growth = figures(TITLE, "收入10万元，比上年增加1万元，增长11.11。")
    assert (growth.meaning, growth.value_unit, growth.is_placed) == (
        "growth",
        None,
        True,
    )


def test_traditional_characters() -> None:
    found = figures("本部門預算總收入500萬元，其中：一般公共預算撥款收入500萬元。")
    assert [brief(figure) for figure in found] == [
        "amount 500万元 total revenue all budget",
        "amount 500万元 total revenue general_public_budget all budget",
    ]
    assert links(found)[1] == (None, 0)


def test_organisations_named_like_codes_are_no_codes() -> None:
    found = figures("云岭县社会福利院收入10万元，云岭县司法局支出3万元。")
    assert [figure.subject_kind for figure in found] == ["total", "total"]
    (code,) = figures("司法30万元。")
    assert (code.subject_kind, code.code_path) == ("code", "司法")


def test_performance_and_procurement() -> None:
    found = figures(
        "编报绩效目标的项目11个，涉及预算金额66万元。其中：其他运转类项目4个，涉及"
        "金额26万元；特定目标类项目7个，涉及金额40万元。",
        "政府采购支出总额20万元，其中：政府采购货物支出15万元、政府采购服务支出5万元。"
        "授予中小企业合同金额10万元，占政府采购支出总额的50%。",
    )
    assert [brief(figure) for figure in found] == [
        "count 11个 performance projects",
        "amount 66万元 performance amount",
        "count 4个 performance projects project_other_operating",
        "amount 26万元 performance amount project_other_operating",
        "count 7个 performance projects project_specific_target",
        "amount 40万元 performance amount project_specific_target",
        "amount 20万元 procurement total",
        "amount 15万元 procurement goods",
        "amount 5万元 procurement services",
        "amount 10万元 procurement small_business",
        "share 50% procurement small_business",
    ]
    assert [figure.whole for figure in found] == [
        *(None, None, 0, 1, 0, 1, None, 6, 6, None, 6)
    ]


def test_subjects_are_printed_words() -> None:
    found = figures(
        TITLE, "2031年“三公”经费财政拨款预算总额10万元，其中：公务接待费2万元。"
    )
    assert [figure.subject_text for figure in found] == [
        "“三公”经费财政拨款预算总额",
        "公务接待费",
    ]


def test_rows_carry_page_and_line_of_their_own_line() -> None:
    prose = read("收入预算为10万元，支出", "预算为12万元，其中：本年10", "万元。")
    assert [
        (figure.block, figure.end_block, figure.character_start, figure.character_end)
        for figure in prose.figures
    ] == [(0, 0, 5, 9), (1, 1, 3, 7), (1, 2, 13, 2)]
    assert prose.figures[2].printed_text == "10万元"


def test_the_amount_of_the_year_before_owns_nothing() -> None:
    found = figures(
        TITLE, "支出预算1000万元，与上年预算数850万元相比增加150万元，增长17.65%。"
    )
    assert [brief(figure) for figure in found] == [
        "amount 1000万元 total expenditure budget",
        "amount 850万元 total expenditure prior_budget",
        "change +150万元 total expenditure budget",
        "growth +17.65% total expenditure budget",
    ]
    assert links(found) == [(None, None), (None, None), (0, None), (0, None)]
    assert found[1].figure_year == 2030


def test_reasons_state_nothing_of_the_whole() -> None:
    found = figures(
        "支出1000万元，比上年增加150万元，主要原因：一是人员增加，增加支出100万元；"
        "二是项目增加30万元；三是新增人员经费20万元。货物采购授予中小企业合同金额占货物"
        "支出金额的90%。",
    )
    assert [figure.subject_kind for figure in found] == [
        *("total", "total", "other", "other", "other", "procurement")
    ]
    assert [figure.meaning for figure in found[2:]] == ["change"] * 3 + ["share"]
    assert links(found)[2:] == [(None, None)] * 4


def test_text_that_is_spaced_out() -> None:
    found = figures(" ".join("支出预算123.45万元，其中：基本支出100.00万元。"))
    assert [brief(figure) for figure in found] == [
        "amount 123.45万元 total expenditure budget",
        "amount 100.00万元 total expenditure basic budget",
    ]


def test_parts_in_a_bracket_and_a_change_behind_the_reason() -> None:
    found = figures(
        TITLE,
        "“三公”经费75万元（因公出国（境）费0万元，公务接待费75万元），主要原因是业务"
        "变化，较上年度增加5万元。",
    )
    assert links(found) == [(None, None), (None, 0), (None, 0), (0, None)]


def test_a_class_may_stand_before_the_word_expenditure() -> None:
    found = figures(
        "支出预算50万元。按支出功能分：卫生健康（类）支出20万元，占40%；"
        "教育（类）普通教育（款）30万元，占60%。"
    )
    assert [figure.code_path for figure in found] == [
        *(None, "卫生健康支出", "卫生健康支出"),
        *("教育支出/普通教育", "教育支出/普通教育"),
    ]
    assert links(found) == [(None, None), (None, 0), (1, 0), (None, 0), (3, 0)]


GOVERNMENT_FUNDS = "八、政府性基金预算财政拨款收入支出决算情况说明"


@pytest.mark.parametrize(
    ("heading", "sentence", "funds"),
    [
        (
            GOVERNMENT_FUNDS,
            "2031年度政府性基金预算财政拨款收入5万元，支出5万元；年初结转和结余0万元，"
            "年末结转和结余0万元。",
            ["government_funds"] * 4,
        ),
        (
            GOVERNMENT_FUNDS,
            "本年支出5万元，年末结转和结余0万元。",
            ["government_funds"] * 2,
        ),
        (
            "八、其他说明",
            "2031年度国有资本经营预算财政拨款收入5万元，支出4万元；年末结转1万元。支出比上年"
            "增加2万元。",
            ["state_capital"] * 4,
        ),
        (
            "八、其他说明",
            "一般公共预算财政拨款收入8万元，支出8万元，政府性基金预算财政拨款收入5万元，支出"
            "4万元，年末结转1万元。",
            ["general_public_budget"] * 2 + ["government_funds"] * 3,
        ),
        # sources side by side, and one within a total, are not of what follows
        (
            "八、其他说明",
            "一般公共预算财政拨款收入8万元，政府性基金预算财政拨款收入5万元，支出合计13万元。",
            ["general_public_budget", "government_funds", None],
        ),
        (
            "八、其他说明",
            "收入合计15万元，财政拨款收入13万元，支出合计14万元，年末结转1万元。",
            [None, "fiscal_appropriation", None, None],
        ),
        (
            "八、其他说明",
            "财政拨款收入13万元，事业收入2万元，支出14万元。",
            ["fiscal_appropriation", "institution_income", None],
        ),
    ],
)
def test_a_source_holds_until_another_is_named(
    heading: str, sentence: str, funds: list[str | None]
) -> None:
    found = figures("云岭县林业局2031年度部门决算", heading, sentence)
    assert [figure.fund for figure in found] == funds
    # 支出比上年增加: of the amount that was said without its source
    changes = [figure for figure in found if figure.meaning == "change"]
    assert all(figure.owner == 1 for figure in changes)


def test_expenditure_without_a_name_is_that_of_its_topic() -> None:
    found = figures(
        "云岭县林业局2031年度部门决算",
        "九、财政拨款“三公”经费支出决算情况说明",
        "2031年度财政拨款“三公”经费支出预算为41万元（其中：一般公共预算支出41万元；政府性基金预算"
        "支出0万元；国有资本经营预算支出0万元），支出决算为38万元（其中：一般公共预算支出"
        "38万元；国有资本经营预算支出0万元）。支出决算比上年减少2万元。",
        "3.公务接待费支出8万元。国内公务接待30批次，210人次，共计支出8万元。",
        "本部门2031年度支出合计900万元。",
    )
    three_public = "total fiscal_appropriation"
    assert [brief(figure) for figure in found] == [
        f"amount 41万元 three_public {three_public} budget",
        "amount 41万元 three_public total general_public_budget budget",
        "amount 0万元 three_public total government_funds budget",
        "amount 0万元 three_public total state_capital budget",
        f"amount 38万元 three_public {three_public} final",
        "amount 38万元 three_public total general_public_budget final",
        "amount 0万元 three_public total state_capital final",
        f"change -2万元 three_public {three_public} final",
        "amount 8万元 three_public reception",
        "count 30批次 three_public reception_domestic",
        "count 210人次 three_public reception_domestic",
        "amount 8万元 three_public reception_domestic",
        "amount 900万元 total expenditure fiscal_appropriation",
    ]
    assert found[7].owner == 4


def test_only_what_stands_behind_and_so_on_is_meant() -> None:
    found = figures(
        "云岭县林业局2031年度部门决算",
        "（一）基本支出情况",
        "其中：基本工资、津贴补贴等人员经费支出90万元；印刷费、会议费等公用经费10万元。",
        "（二）项目支出情况",
        "2031年度用于专项业务工作的经费支出30万元。支出合计130万元。",
        "（三）基本支出和项目支出",
        "一般公共预算财政拨款支出中印刷费等公用经费5万元。支出130万元。",
        "工资福利支出和对个人和家庭的补助共90万元，人员经费、公用经费分别为90万元和10万元。",
    )
    assert [brief(figure) for figure in found] == [
        "amount 90万元 total expenditure personnel",
        "amount 10万元 total expenditure operating",
        "amount 30万元 total expenditure project",
        "amount 130万元 total expenditure",
        "amount 5万元 total expenditure operating general_public_budget",
        "amount 130万元 total expenditure",
        "amount 90万元 total expenditure individuals_families",
        "amount 90万元 total expenditure personnel",
        "amount 10万元 total expenditure operating",
    ]
    assert [figure.unplaced_reason for figure in found] == [
        *[None] * 6,
        "two_subjects",
        *[None] * 2,
    ]


def test_what_no_table_prints_is_of_nothing_else() -> None:
    found = figures(
        "云岭县林业局2031年度部门决算",
        "（二）项目支出情况",
        "项目支出30万元。其中：基本建设类项目支出0万元。",
        "（三）国有资产占用情况",
        "资产总额1,520万元，其中，固定资产1,520万元，在建工程0万元。与上年相比，资产总额增加"
        "20万元，增长1.33%。",
    )
    assert [brief(figure) for figure in found][1:5] == [
        "amount 0万元 other",
        "amount 1520万元 other",
        "amount 1520万元 other",
        "amount 0万元 other",
    ]
    assert found[5].owner is None


def test_a_kind_of_revenue_that_nobody_knows_is_not_all_revenue() -> None:
    found = figures(
        TITLE,
        "2031年本部门收入预算800.00万元，其中：一般公共预算收入780.00万元，"
        "基金预算收入0万元，纳入专户管理的非税收入15万元，林木处置收入5.00万元。",
        "2031年云岭县林业局收入800.00万元。租金收入3.00万元。",
    )
    assert [brief(figure) for figure in found] == [
        "amount 800.00万元 total revenue budget",
        "amount 780.00万元 total revenue general_public_budget budget",
        "amount 0万元 total revenue government_funds budget",
        "amount 15万元 total revenue fiscal_account budget",
        "amount 5.00万元 other budget",
        "amount 800.00万元 total revenue",
        "amount 3.00万元 other",
    ]
    assert [figure.whole for figure in found[:5]] == [None, 0, 0, 0, 0]


def test_taxes_of_a_county_are_not_all_its_revenue() -> None:
    found = figures(
        "云岭县2031年预算公开",
        "2031年，全县一般公共预算收入安排90000万元，其中税收收入60000万元，"
        "非税收入30000万元。",
    )
    assert [figure.subject_kind for figure in found] == ["total", "other", "other"]
    assert [figure.whole for figure in found] == [None, 0, 0]


def test_targets_of_the_whole_are_of_all_expenditure() -> None:
    found = figures(
        TITLE,
        "2031年本部门整体支出和项目支出实行绩效目标管理，纳入部门整体支出绩效目标的"
        "金额为900.00万元，其中，基本支出550.00万元，项目支出350.00万元。",
        "实行绩效目标管理的项目2个，涉及金额350.00万元。",
    )
    assert [(figure.subject_kind, figure.measure) for figure in found] == [
        ("performance", "total"),
        ("performance", "basic"),
        ("performance", "project"),
        ("performance", None),
        ("performance", None),
    ]
    assert [figure.whole for figure in found[:3]] == [None, 0, 0]


def test_a_line_led_by_a_code_is_of_the_code_of_that_name() -> None:
    found = figures(
        TITLE,
        "2110301 大气 120.00万元，主要用于监测。",
        "2101101 行政单位医疗 7.30万元，主要用于医保缴费。",
        "2110302-水体88.00万元。",
        "21103 污染防治 208.00万元。",
        "2110301 大气治理专项 40.00万元。",
    )
    assert [(figure.number_text, figure.code_path) for figure in found] == [
        ("120.00", "大气"),
        ("7.30", "行政单位医疗"),
        ("88.00", "水体"),
        ("208.00", "污染防治"),
        ("40.00", None),
    ]


def test_the_percent_sign_of_a_recognised_page() -> None:
    found = figures(
        TITLE, "2031年支出总计500.00万元，比上年增加10.00万元，增长2.04$\\%$。"
    )
    assert brief(found[2]) == "growth +2.04% total expenditure all"
