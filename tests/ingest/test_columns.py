"""Which column is which: labels, their order and their parents decide."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.columns.meaning import Column, HeaderReading, Reading
from ingest.columns.readings import HeaderReader
from ingest.columns.rows import RowKind
from ingest.columns.vocabulary import Vocabulary, normalize
from ingest.document import Cell, Table

SEEDS = Path(__file__).resolve().parents[2] / "seeds"


@pytest.fixture(scope="module")
def reader() -> HeaderReader:
    return HeaderReader(Vocabulary(SEEDS))


def text_table(*lines: str) -> Table:
    """A table whose spans are lost: cells separated by ``|``, in printed order."""
    rows = [line.split("|") for line in lines]
    width = max(map(len, rows))
    cells = [
        Cell(row, column, (texts[column] if column < len(texts) else "").strip())
        for row, texts in enumerate(rows)
        for column in range(width)
    ]
    return Table(len(rows), width, tuple(cells), has_spans=False)


def spanned_table(*lines: str) -> Table:
    """A table with spans: ``<`` goes on with the cell on the left, ``^`` above."""
    grid = [line.split("|") for line in lines]
    cells = []
    for row, texts in enumerate(grid):
        for column, text in enumerate(texts):
            if text in ("<", "^"):
                continue
            wide, high = 1, 1
            while texts[column + wide : column + wide + 1] == ["<"]:
                wide += 1
            while row + high < len(grid) and grid[row + high][column] == "^":
                high += 1
            cells.append(Cell(row, column, text, high, wide))
    return Table(len(grid), len(grid[0]), tuple(cells), has_spans=True)


def only(header: HeaderReading) -> Reading:
    assert header.status == "read"
    assert len(header.readings) == 1
    return header.readings[0]


def meaning(column: Column) -> tuple[str | None, ...]:
    return (column.measure, column.fund, column.year_basis, column.item)


def roles(reading: Reading) -> list[str | None]:
    return [column.role for column in reading.columns]


def test_labels_over_their_columns(reader: HeaderReader) -> None:
    header = reader.read(
        text_table(
            "科目编码|科目名称|合计|基本支出|项目支出",
            "208|社会保障和就业支出|30.00|10.00|20.00",
        )
    )
    reading = only(header)
    assert header.row_kinds == (RowKind.HEADER, RowKind.DATA)
    assert roles(reading) == ["code", "name", "amount", "amount", "amount"]
    assert [c.measure for c in reading.columns[2:]] == [None, "basic", "project"]
    assert [(f.total, f.terms) for f in reading.forms] == [((2,), (3, 4))]


def test_sub_labels_that_slid_to_the_left_find_their_parents(
    reader: HeaderReader,
) -> None:
    """The third row stands under the wrong columns; parents put it right."""
    reading = only(
        reader.read(
            text_table(
                "科目编码|||单位代码|单位（科目名称）|合计|基本支出||||项目支出||",
                "|||||| 小计|人员经费||公用经费|小计|其他运转类|特定目标类",
                "类|款|项|工资福利支出|对个人和家庭的补助|商品和服务支出|",
                "208|01|09||社会保险经办机构|9.00|6.00|3.00|1.00|2.00|3.00|1.00|2.00",
            )
        )
    )
    assert roles(reading)[:5] == [
        "code_class",
        "code_section",
        "code_item",
        "unit_code",
        "name",
    ]
    assert [c.measure for c in reading.columns[5:]] == [
        None,
        "basic",
        "wages_welfare",
        "individuals_families",
        "goods_services",
        "project",
        "project_other_operating",
        "project_specific_target",
    ]
    forms = {(f.total, f.terms) for f in reading.forms}
    assert ((6,), (7, 8, 9)) in forms
    assert ((10,), (11, 12)) in forms
    assert ((5,), (6, 10)) in forms


def test_the_same_sources_twice_belong_to_two_groups(reader: HeaderReader) -> None:
    """No sibling twice: the second 合计 opens the group 上年结转结余."""
    reading = only(
        reader.read(
            text_table(
                "单位代码|单位名称|总计|本年收入||||上年结转结余|||",
                "|||合计|一般公共预算||政府性基金|合计|一般公共预算|政府性基金",
                "||||小计|其中：财政拨款|||||",
                "101|某局|9.00|7.00|5.00|4.00|2.00|2.00|1.00|1.00",
            )
        )
    )
    assert [meaning(c)[1:3] for c in reading.columns[2:]] == [
        (None, None),
        (None, "current_year"),
        ("general_public_budget", "current_year"),
        ("of_which_fiscal_appropriation", "current_year"),
        ("government_funds", "current_year"),
        (None, "carryover"),
        ("general_public_budget", "carryover"),
        ("government_funds", "carryover"),
    ]
    assert ((2,), (3, 7)) in {(f.total, f.terms) for f in reading.forms}


def test_panes_side_by_side(reader: HeaderReader) -> None:
    reading = only(
        reader.read(
            text_table(
                "收入||支出||",
                "项目|预算数|项目|合计|一般公共预算",
                "一、财政拨款|5.00|一、教育支出|5.00|5.00",
            )
        )
    )
    assert [(c.pane, c.side, c.role) for c in reading.columns] == [
        (0, "revenue", "name"),
        (0, "revenue", "amount"),
        (1, "expenditure", "name"),
        (1, "expenditure", "amount"),
        (1, "expenditure", "amount"),
    ]


def test_budget_and_final_columns_are_apart(reader: HeaderReader) -> None:
    reading = only(
        reader.read(
            text_table(
                "合计||因公出国（境）费||公务接待费|",
                "预算数|决算数|预算数|决算数|预算数|决算数",
                "3.00|2.00|1.00|0.50|2.00|1.50",
            )
        )
    )
    assert [c.phase for c in reading.columns] == ["budget", "final"] * 3
    assert {(f.total, f.terms) for f in reading.forms} == {
        ((0,), (2, 4)),
        ((1,), (3, 5)),
    }


def test_an_unknown_label_stays_unknown_and_enters_no_identity(
    reader: HeaderReader,
) -> None:
    reading = only(
        reader.read(
            text_table(
                "科目编码|科目名称|合计|基本支出|琥珀支出",
                "208|社会保障和就业支出|30.00|10.00|20.00",
            )
        )
    )
    assert roles(reading)[4] is None
    assert all(4 not in (*f.total, *f.terms) for f in reading.forms)


def test_the_header_of_another_table_below_rows_of_data(reader: HeaderReader) -> None:
    upper = ("项目|合计|基本支出|项目支出", "教育支出|3.00|1.00|2.00")
    lower = "208|社会保障和就业支出|3.00|1.00"
    header = reader.read(text_table(*upper, "科目编码|科目名称|合计|基本支出", lower))
    assert header.row_kinds[2] is RowKind.OTHER_HEADER
    assert (header.status, header.readings) == ("two_headers", ())
    for row in (
        upper[0],  # the same once more
        "项目支出|||项目支出",  # a row without amounts
        "一、项目|合计|基本支出|项目支出",  # a numbered line
        "渡口|合计|基本支出|项目支出",  # words that are no label
    ):
        assert reader.read(text_table(*upper, row, lower)).status == "read"


THREE_PUBLIC = (
    "合计|因公出国（境）费|公务用车运行维护费|公务接待费",
    "9.00|1.00|6.00|2.00",
)


def test_a_band_below_rows_of_data_says_of_what_time_its_rows_are(
    reader: HeaderReader,
) -> None:
    header, amounts = THREE_PUBLIC
    read = reader.read(
        text_table(
            "2023年预算数", header, amounts, "2024年预算数", header, amounts, amounts
        )
    )
    assert [kind.value for kind in read.row_kinds] == [
        *("header", "header", "data", "band", "header", "data", "data")
    ]
    assert [column.label_year for column in only(read).columns] == [2023] * 4
    assert set(read.times) == {4, 5, 6}
    assert {(time.phase, time.label_year) for time in read.times.values()} == {
        ("budget", 2024)
    }


def test_words_of_a_balance_are_no_labels_of_counts_or_of_another_header(
    reader: HeaderReader,
) -> None:
    """收入 and 支出 head the words of its lines: no figure stands below them."""
    header = "收入|预算数|支出|预算数"
    read = reader.read(
        text_table(
            header,
            "一、事业收入|7.00|一、教育支出|7.00",
            "||二、科学技术支出|",
            header,
            "||三、农林水支出|",
            "本年收入合计|7.00|本年支出合计|7.00",
            "收入总计|7.00|支出总计|7.00",
        )
    )
    assert [kind.value for kind in read.row_kinds] == [
        *("header", "data", "data", "header", "data", "data", "data")
    ]


def test_a_band_says_nothing_of_columns_that_have_times_of_their_own(
    reader: HeaderReader,
) -> None:
    header, amounts = "合计|预算数|决算数", "9.00|1.00|8.00"
    read = reader.read(text_table(header, amounts, "决算数", header, amounts))
    assert read.status == "two_headers"


@pytest.mark.parametrize(
    ("words", "status"),
    [
        ("公务用车情况", "two_headers"),
        ("基本支出", "two_headers"),
        ("2023年度三公经费支出", "two_headers"),
    ],
)
def test_other_words_above_a_header_printed_once_more(
    reader: HeaderReader, words: str, status: str
) -> None:
    header, amounts = THREE_PUBLIC
    read = reader.read(text_table(header, amounts, words, header, amounts))
    assert (read.status, read.row_kinds[2]) == (status, RowKind.OTHER_HEADER)


def test_a_row_without_amounts_above_a_header_printed_once_more(
    reader: HeaderReader,
) -> None:
    header = "项目|合计|基本支出|项目支出"
    read = reader.read(
        text_table(header, "教育支出|3.00|1.00|2.00", "年初预算", header, "其他|1|1|0")
    )
    assert read.row_kinds[2] is RowKind.DATA


def test_counts_below_amounts_are_no_amounts(reader: HeaderReader) -> None:
    header, amounts = THREE_PUBLIC
    read = reader.read(
        text_table(
            header,
            amounts,
            "相关统计数：",
            "项目|统计数|项目|统计数",
            "公务用车保有量（辆）|4|国内公务接待批次（个）|36",
            "外事接待批次（个）|2|组织培训次数（个）|1",
            "外事接待批次（个）|2|其他|1",
            "会议费|1.20",
        )
    )
    assert [kind.value for kind in read.row_kinds] == [
        *("header", "data", *["counts"] * 4, "unplaced", "unplaced")
    ]


def test_a_word_that_slid_from_its_column_stays_data(reader: HeaderReader) -> None:
    read = reader.read(
        text_table(
            "科目编码|||单位代码|科目名称|基本支出|",
            "类|款|项|工资福利支出|商品和服务支出",
            "人员经费|公用经费|资本性支出",
            "||||合计|3.00|1.00",
        )
    )
    assert read.row_kinds[-1] is RowKind.DATA


def test_counts_that_name_their_rows_stay_data(reader: HeaderReader) -> None:
    read = reader.read(
        text_table(
            "项目|统计数|项目|统计数",
            "公务接待费|8.65|公务用车保有量（辆）|12",
            "国内公务接待批次（个）|3|公务用车购置数（辆）|0",
        )
    )
    assert [kind.value for kind in read.row_kinds] == ["header", "data", "data"]


def test_a_header_with_a_label_missing_does_not_fit(reader: HeaderReader) -> None:
    header = reader.read(
        text_table(
            "科目编码|科目名称|合计|基本支出",
            "208|社会保障和就业支出|30.00|10.00|20.00",
        )
    )
    assert (header.status, header.readings) == ("does_not_fit", ())


def test_data_rows_never_change_a_complete_header(reader: HeaderReader) -> None:
    right = text_table(
        "科目编码|科目名称|合计|基本支出|项目支出", "208|某|30.00|10.00|20.00"
    )
    wrong = text_table(
        "科目编码|科目名称|合计|基本支出|项目支出", "208|某|99.00|10.00|20.00"
    )
    assert reader.read(right).readings == reader.read(wrong).readings


def test_spans_say_it_where_they_survive(reader: HeaderReader) -> None:
    cells = [
        Cell(0, 0, "项目", column_span=2),
        Cell(0, 2, "支出预算", column_span=3),
        Cell(1, 0, "功能分类科目编码"),
        Cell(1, 1, "功能分类科目名称"),
        Cell(1, 2, "合计"),
        Cell(1, 3, "基本支出"),
        Cell(1, 4, "项目支出"),
        Cell(2, 0, "208"),
        Cell(2, 1, "某"),
        Cell(2, 2, "3.00"),
        Cell(2, 3, "1.00"),
        Cell(2, 4, "2.00"),
    ]
    header = reader.read(Table(3, 5, tuple(cells), has_spans=True))
    reading = only(header)
    assert header.decided_by == "spans"
    assert reading.columns[0].classification == "functional"
    assert [c.measure for c in reading.columns[2:]] == [None, "basic", "project"]
    assert reading.columns[3].label_path == "支出预算 / 基本支出"


@pytest.mark.parametrize(
    ("lines", "kinds"),
    [
        (("项目|合计", "1|2", "某项目|3.00"), ["header", "index", "data"]),
        (("科目编码|科目名称|合计", "合计||"), ["header", "data"]),
        (
            ("项目|2024年预算数||", "|合计|一般公共预算|", "因公出国（境）费|||"),
            ["header", "header", "data"],
        ),
        (
            ("科目编码|合计", "201|3.00", "科目编码|合计", "202|4.00"),
            ["header", "data", "header", "data"],
        ),
        (("科目编码|合计", "注：本表无数据|"), ["header", "note"]),
        (
            ("部门：某局|2023年度|金额单位：元", "项目|行次|金额", "某项目|1|3.00"),
            ["heading", "header", "data"],
        ),
        (("项目|2023年|2024年", "某项目|3.00|4.00"), ["header", "data"]),
    ],
)
def test_kinds_of_rows(
    reader: HeaderReader, lines: tuple[str, ...], kinds: list[str]
) -> None:
    assert [kind.value for kind in reader.read(text_table(*lines)).row_kinds] == kinds


@pytest.mark.parametrize(
    ("label", "field", "value"),
    [
        ("2024年预算数", "phase", "budget"),
        ("2024年预算数", "year", 2024),
        ("国有资本经营 预算", "fund", "state_capital"),
        ("一般公共 预算拨款 收入", "fund", "general_public_budget"),
        ("<b>人员经费</b>", "measure", "personnel"),
        ("金额（万元）", "role", "amount"),
        ("一、本年收入", "has_ordinal", True),
        ("琥珀支出", "role", None),
    ],
)
def test_vocabulary(label: str, field: str, value: object) -> None:
    assert getattr(Vocabulary(SEEDS).lookup(label), field) == value


@given(st.text(max_size=30))
def test_folding_is_idempotent(text: str) -> None:
    assert normalize(normalize(text)) == normalize(text) or "&" in text or "<" in text


LABELS = [
    "合计",
    "基本支出",
    "项目支出",
    "人员经费",
    "公用经费",
    "科目编码",
    "科目名称",
    "某",
    "3.00",
    "",
]


@given(
    st.lists(
        st.lists(st.sampled_from(LABELS), min_size=4, max_size=4),
        min_size=1,
        max_size=5,
    )
)
@settings(max_examples=150, deadline=None)
def test_any_grid_is_read_or_refused(grid: list[list[str]]) -> None:
    """Every row has a kind; every reading names every used column once."""
    table = text_table(*("|".join(row) for row in grid))
    header = HeaderReader(Vocabulary(SEEDS)).read(table)
    assert len(header.row_kinds) == len(grid)
    for reading in header.readings:
        numbers = [column.column for column in reading.columns]
        assert numbers == list(range(len(numbers)))
        for form in reading.forms:
            assert not set(form.total) & set(form.terms)


def test_kinds_of_expenditure_divide_what_is_spent(reader: HeaderReader) -> None:
    """小计, 基本支出, 项目支出 below four columns of a fund belong to 本年支出."""
    header = reader.read(
        text_table(
            "项目|年初结转和结余|本年收入|本年支出|年末结转和结余",
            "支出功能分类科目编码|科目名称|小计|基本支出|项目支出",
            "类|款|项",
            "栏次|1|2|3|4|5|6",
            "合计||||0.00|218.20|218.20|0.00|218.20|0.00",
            "208|22|01|移民补助|0.00|218.20|218.20|0.00|218.20|0.00",
        )
    )
    reading = only(header)
    assert [column.label_path for column in reading.columns[3:]] == [
        "项目 / 科目名称",
        "年初结转和结余",
        "本年收入",
        "本年支出 / 小计",
        "本年支出 / 基本支出",
        "本年支出 / 项目支出",
        "年末结转和结余",
    ]


def test_the_numbers_of_columns_beside_the_parts_of_a_code(
    reader: HeaderReader,
) -> None:
    header = reader.read(
        text_table(
            "功能分类科目编码|科目名称|合计|基本支出|项目支出",
            "类款项|栏次|1|2|3",
            "208|社会保障和就业支出|30.00|10.00|20.00",
        )
    )
    assert header.row_kinds == (RowKind.HEADER, RowKind.INDEX, RowKind.DATA)


def test_words_below_an_unknown_heading_take_their_amounts_along(
    reader: HeaderReader,
) -> None:
    """The right pane of a balance is no revenue because nobody knows its heading."""
    header = reader.read(
        text_table(
            "收入项目|预算数|渡口甲类|预算数",
            "一、一般公共预算拨款收入|50.00|一、社会保障和就业支出|6.00",
            "本年收入合计|50.00|本年支出合计|50.00",
        )
    )
    assert roles(only(header)) == ["name", "amount", None, None]


def test_amounts_beside_unknown_words_alone_are_not_read(reader: HeaderReader) -> None:
    header = reader.read(
        text_table(
            "渡口甲类|预算数|决算数",
            "公务接待费|2.00|1.00",
            "公务用车运行费|3.00|3.00",
        )
    )
    assert roles(only(header)) == [None, None, None]
    assert only(header).forms == ()


def test_words_right_of_codes_are_names_and_codes_left_of_names_are_codes(
    reader: HeaderReader,
) -> None:
    rows = ("208|社会保障和就业支出|30.00|10.00|20.00", "20801|管理|30.00|10.00|20.00")
    named = only(reader.read(text_table("科目编码|甲|合计|基本支出|项目支出", *rows)))
    coded = only(reader.read(text_table("甲|科目名称|合计|基本支出|项目支出", *rows)))
    assert roles(named) == roles(coded) == ["code", "name", *["amount"] * 3]
    assert {c.pane for c in named.columns} | {c.pane for c in coded.columns[1:]} <= {
        named.columns[0].pane,
        coded.columns[0].pane,
    }


def test_a_target_is_some_text_and_a_sign_of_a_code_is_the_code(
    reader: HeaderReader,
) -> None:
    """绩效目标 has 目标 in it, and so has 科目标识."""
    rows = ("509001|某县审计局|2010801|行政运行|3.00", "509001|某局|2010804|业务|9.00")
    coded = only(
        reader.read(text_table("单位代码|单位名称|科目标识|科目名称|合计", *rows))
    )
    other = only(
        reader.read(text_table("单位代码|单位名称|年度目标|科目名称|合计", *rows))
    )
    assert roles(coded) == ["unit_code", "unit_name", "code", "name", "amount"]
    assert roles(other) == ["unit_code", "unit_name", "text", "name", "amount"]


def test_units_left_of_codes_under_an_unknown_heading_stand_before_the_amounts(
    reader: HeaderReader,
) -> None:
    reading = only(
        reader.read(
            text_table(
                "单位代码|单位名称|甲|科目名称|合计|基本支出|项目支出",
                "364001|渡口站|2080501|行政单位离退休|33.66|33.66|",
                "364002|码头站|2140104|公路建设|214.62||214.62",
            )
        )
    )
    words = ["unit_code", "unit_name", "code", "name"]
    assert roles(reading) == [*words, *["amount"] * 3]
    assert {column.pane for column in reading.columns} == {0}


@pytest.mark.parametrize("parts", ["甲|款|项", "类|甲|项", "类|款|甲"])
def test_the_part_of_a_code_that_is_left_of_three(
    reader: HeaderReader, parts: str
) -> None:
    reading = only(
        reader.read(
            spanned_table(
                "科目编码|<|<|单位代码|单位名称（科目）|合计|基本支出|项目支出",
                f"{parts}|^|^|^|^|^",
                "201|03|01|103001|行政运行|150.00|150.00|",
                "201|03|02|103001|一般行政管理事务|20.00||20.00",
            )
        )
    )
    words = ["code_class", "code_section", "code_item", "unit_code", "name"]
    assert roles(reading) == [*words, *["amount"] * 3]
    assert {column.pane for column in reading.columns} == {0}


@pytest.mark.parametrize("parts", ["甲|款", "类|甲"])
def test_the_part_of_an_economic_code_that_is_left_of_two(
    reader: HeaderReader, parts: str
) -> None:
    reading = only(
        reader.read(
            spanned_table(
                "部门预算经济分类|<|<|政府预算经济分类|<|<|合计",
                f"{parts}|科目名称|{parts}|科目名称|^",
                "301|01|基本工资|501|01|工资奖金津补贴|15.00",
                "302|01|办公费|502|01|办公经费|2.00",
            )
        )
    )
    words = ["code_class", "code_section", "name"]
    assert roles(reading) == [*words, *words, "amount"]
    assert {column.pane for column in reading.columns} == {0}
    classifications = [column.classification for column in reading.columns[:6]]
    assert classifications == ["department"] * 3 + ["government"] * 3


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param(
            (
                "科目编码|<|<|科目名称|合计",
                "类|甲|项|^|^",
                "201|12.50|01|管理|1.00",
                "201|3.00|02|建设|2.00",
            ),
            id="money, not the section of a code",
        ),
        pytest.param(
            ("科目编码|<|<|科目名称|合计", "类|甲|项|^|^", "201|03|01|管理|1.00"),
            id="one row shows too little",
        ),
        pytest.param(
            (
                "科目编码|<|甲|科目名称|合计",
                "类|款|^|^|^",
                "201|03|1|管理|1.00",
                "201|04|2|建设|2.00",
            ),
            id="the number of the row, right of codes of two parts",
        ),
    ],
)
def test_no_part_of_a_code_without_its_digits_and_its_heading(
    reader: HeaderReader, lines: tuple[str, ...]
) -> None:
    assert None in roles(only(reader.read(spanned_table(*lines))))[:3]


def test_remarks_right_of_the_amounts_name_nothing(reader: HeaderReader) -> None:
    reading = only(
        reader.read(
            text_table(
                "科目编码|科目名称|合计|渡口甲类",
                "208|社会保障和就业支出|30.00|见附件",
            )
        )
    )
    assert roles(reading) == ["code", "name", "amount", None]


def test_last_year_is_no_part_of_this_year(reader: HeaderReader) -> None:
    reading = only(
        reader.read(
            text_table(
                "科目编码|科目名称|本年合计|上年预算数|基本支出|项目支出",
                "201|一般公共服务支出|322.00|311.00|202.00|120.00",
            )
        )
    )
    assert [form.terms for form in reading.forms if form.total == (2,)] == [(4, 5)]
    assert reading.columns[3].year_basis is None
    assert reading.columns[3].phase == "prior_budget"


def test_a_total_in_the_last_row_of_a_merged_header(reader: HeaderReader) -> None:
    cells = (
        Cell(0, 0, "科目编码", column_span=3),
        Cell(0, 3, "科目名称"),
        Cell(0, 4, "合计"),
        Cell(0, 5, "基本支出"),
        *(
            Cell(1, column, text)
            for column, text in enumerate(["类", "款", "项", "合计", "30.00", "30.00"])
        ),
        *(
            Cell(2, column, text)
            for column, text in enumerate(
                ["208", "", "", "社会保障和就业支出", "30.00", "30.00"]
            )
        ),
    )
    header = reader.read(Table(3, 6, cells, has_spans=True))
    assert header.row_kinds == (RowKind.HEADER, RowKind.HEADER_TOTAL, RowKind.DATA)
    assert roles(only(header)) == [
        "code_class",
        "code_section",
        "code_item",
        "name",
        "amount",
        "amount",
    ]


def test_a_label_broken_over_two_cells_of_one_column(reader: HeaderReader) -> None:
    cells = (
        Cell(0, 0, "科目编码", row_span=2),
        Cell(0, 1, "合计", row_span=2),
        Cell(0, 2, "上年结转结"),
        Cell(1, 2, "余"),
        Cell(2, 0, "208"),
        Cell(2, 1, "30.00"),
        Cell(2, 2, "10.00"),
    )
    reading = only(reader.read(Table(3, 3, cells, has_spans=True)))
    assert roles(reading) == ["code", "amount", "amount"]
    assert reading.columns[2].year_basis == "carryover"
    assert reading.columns[2].label_path == "上年结转结余"


def test_one_heading_over_the_parts_of_a_code(reader: HeaderReader) -> None:
    """Without a row 类 | 款 | 项 the digits below say which part is which."""
    reading = only(
        reader.read(
            spanned_table(
                "功能分类科目编码|<|<|科目名称|合计",
                "合计|<|<|<|30.00",
                "201|||一般公共服务支出|30.00",
                "201|03||政府办公厅（室）及相关机构事务|30.00",
                "201|03|01|行政运行|10.00",
                "201|03|02|一般行政管理事务|20.00",
            )
        )
    )
    assert roles(reading) == [
        "code_class",
        "code_section",
        "code_item",
        "name",
        "amount",
    ]


def test_whole_codes_below_one_heading_stay_whole(reader: HeaderReader) -> None:
    reading = only(
        reader.read(
            spanned_table(
                "功能分类科目编码|<|<|科目名称|合计",
                "201|||一般公共服务支出|30.00",
                "|20103||政府办公厅（室）及相关机构事务|30.00",
                "||2010301|行政运行|10.00",
                "||2010302|一般行政管理事务|20.00",
            )
        )
    )
    assert roles(reading)[:3] == ["code", "code", "code"]


def test_of_which_before_the_first_part_opens_a_list(reader: HeaderReader) -> None:
    """合计 is not the sum of what follows one 其中: the word stands for all of them."""
    reading = only(
        reader.read(
            spanned_table(
                "科目编码|科目名称|合计|其中：基本支出|项目支出",
                "208|社会保障和就业支出|30.00|10.00|20.00",
            )
        )
    )
    assert [column.measure for column in reading.columns[2:]] == [
        None,
        "basic",
        "project",
    ]
    assert reading.forms == ()


def test_letters_and_numbers_of_columns_are_no_amounts(reader: HeaderReader) -> None:
    header = reader.read(
        spanned_table(
            "科目编码|科目名称|合计|基本支出|项目支出",
            "甲|乙|1|2|3",
            "208|社会保障和就业支出|30.00|10.00|20.00",
        )
    )
    assert header.row_kinds == (RowKind.HEADER, RowKind.INDEX, RowKind.DATA)


def test_money_of_the_state_below_a_group_that_names_it(reader: HeaderReader) -> None:
    reading = only(
        reader.read(
            spanned_table(
                "采购项目|采购计划金额|<|<|<",
                "^|总计|采购预算（财政性资金）|<|非财政性资金",
                "^|^|合计|一般公共预算|^",
                "复印纸|3.00|2.00|2.00|1.00",
            )
        )
    )
    assert [column.fund for column in reading.columns[1:]] == [
        None,
        "fiscal_appropriation",
        "general_public_budget",
        "unit_funds",
    ]


def test_a_title_with_goals_in_it_is_no_label() -> None:
    vocabulary = Vocabulary(SEEDS)
    title = "部门项目支出预算表（其他运转类、特定目标类项目）"
    assert vocabulary.lookup(title).role is None
    assert vocabulary.lookup("年度绩效目标").role == "text"


def test_sources_of_money_are_words_or_money(reader: HeaderReader) -> None:
    """资金来源 is an amount only where amounts stand below it."""
    head = "采购项目|采购预算|资金来源"
    words = only(reader.read(spanned_table(head, "复印纸|3.00|一般公共预算")))
    money = only(reader.read(spanned_table(head, "复印纸|3.00|3.00")))
    assert roles(words) == ["name", "amount", "note"]
    assert roles(money) == ["name", "amount", "amount"]


def test_code_and_name_under_one_head(reader: HeaderReader) -> None:
    reading = only(
        reader.read(
            spanned_table(
                "功能分类科目编码及名称|本年支出合计|基本支出",
                "201 一般公共服务支出|30.00|30.00",
            )
        )
    )
    assert roles(reading) == ["name", "amount", "amount"]
    assert reading.columns[0].classification == "functional"


def test_blanks_of_every_width_and_signs_of_every_length() -> None:
    assert (
        normalize("合\u2003计")
        == normalize("合\u2002 计")
        == normalize("合\u3000计")
        == "合计"
    )
    assert normalize("−5.00") == normalize("–5.00") == "-5.00"


def test_columns_below_a_comparison_compare(reader: HeaderReader) -> None:
    for above, left, right in (
        ("比上年增减", "金额", "%"),
        ("增减变动", "增减额", "增减率"),
        ("较上年增减", "金额", "升降幅度"),
    ):
        reading = only(
            reader.read(
                spanned_table(
                    f"科目编码|科目名称|2023年预算数|2024年预算数|{above}|<",
                    f"^|^|^|^|{left}|{right}",
                    "213|农林水支出|40.00|50.00|10.00|25.00",
                )
            )
        )
        assert [c.role for c in reading.columns[2:]] == [
            "amount",
            "amount",
            "text",
            "text",
        ]


def test_what_is_left_of_projects_is_bound_to_them_or_not(reader: HeaderReader) -> None:
    reading = only(
        reader.read(
            spanned_table(
                "科目编码|科目名称|年末结转和结余|<|<|<|<",
                "^|^|合计|基本支出结转|项目支出结转和结余|<|<",
                "^|^|^|^|小计|项目支出结转|项目支出结余",
                "213|农林水支出|9.00|2.00|7.00|4.00|3.00",
            )
        )
    )
    assert [c.measure for c in reading.columns[4:]] == [
        "project",
        "project_carryover",
        "project_surplus",
    ]
    assert [(f.total, f.terms) for f in reading.forms] == [
        ((4,), (5, 6)),
        ((2,), (3, 4)),
    ]


@pytest.mark.parametrize(("word", "phase"), [("预算", "budget"), ("决算", "final")])
def test_panes_of_a_balance_by_their_phase(
    reader: HeaderReader, word: str, phase: str
) -> None:
    reading = only(
        reader.read(
            spanned_table(
                f"收入{word}|<|支出{word}|<",
                "项目|金额|项目|金额",
                "一、财政拨款收入|8.00|一、农林水支出|8.00",
            )
        )
    )
    assert [(c.role, c.side, c.phase) for c in reading.columns] == [
        (role, side, phase)
        for side in ("revenue", "expenditure")
        for role in ("name", "amount")
    ]


def test_a_row_that_says_only_of_which(reader: HeaderReader) -> None:
    reading = only(
        reader.read(
            spanned_table(
                "科目编码|科目名称|合计|基本支出|<|<|项目支出",
                "^|^|^|小计|其中：|<|^",
                "^|^|^|^|人员经费|公用经费|^",
                "205|教育支出|9.00|7.00|5.00|2.00|2.00",
            )
        )
    )
    assert [(c.role, c.measure) for c in reading.columns[3:6]] == [
        ("amount", "basic"),
        ("amount", "personnel"),
        ("amount", "operating"),
    ]
    assert [(f.total, f.terms) for f in reading.forms] == [
        ((3,), (4, 5)),
        ((2,), (3, 6)),
    ]


def test_of_which_over_one_column_is_no_sum(reader: HeaderReader) -> None:
    reading = only(
        reader.read(
            spanned_table(
                "科目编码|科目名称|合计|其中：",
                "^|^|^|财政拨款",
                "205|教育支出|9.00|7.00",
            )
        )
    )
    assert reading.forms == ()


def test_who_pays_is_told_of_projects_below_them_alone(reader: HeaderReader) -> None:
    data = "213|农林水支出|9.00|2.00|4.00|3.00"
    below = spanned_table(
        "科目编码|科目名称|合计|基本支出|项目支出|<",
        "^|^|^|^|本级财力安排|上级转移支付",
        data,
    )
    reading = only(reader.read(below))
    assert [(c.role, c.measure) for c in reading.columns[4:]] == [
        ("amount", "project_own_means"),
        ("amount", "project_transfers"),
    ]
    assert [(f.total, f.terms) for f in reading.forms] == [((2,), (3, 4, 5))]
    slid = text_table(
        "科目编码|科目名称|合计|基本支出|项目支出",
        "本级财力安排|上级转移支付",
        data,
    )
    assert only(reader.read(slid)).columns[4].measure == "project_own_means"
    beside = text_table(
        "科目编码|科目名称|合计|基本支出|本级财力安排|上级转移支付", data
    )
    assert roles(only(reader.read(beside)))[4:] == [None, None]


def test_classes_of_the_government_divide_the_whole(reader: HeaderReader) -> None:
    reading = only(
        reader.read(
            text_table(
                "科目编码|科目名称|总计|工资福利支出|资本性支出（一）|对事业单位经常性补助"
                "|对企业补助|对个人和家庭的补助|其他支出",
                "205|教育支出|9.00|2.00|1.00|3.00||3.00|",
            )
        )
    )
    assert [c.measure for c in reading.columns[3:]] == [
        "wages_welfare",
        "government_capital",
        "government_institution_current",
        "government_enterprises",
        "individuals_families",
        "government_other",
    ]
    assert [(f.total, f.terms) for f in reading.forms] == [((2,), (3, 4, 5, 6, 7, 8))]


def test_economic_classes_below_projects_are_of_projects(reader: HeaderReader) -> None:
    table = spanned_table(
        "科目编码|科目名称|总计|基本支出|<|<|项目支出|<|<|<",
        "^|^|^|合计|工资福利支出|商品和服务支出|合计|商品和服务支出"
        "|资本性支出（基本建设）|其他支出",
        "205|教育支出|9.00|5.00|2.00|3.00|4.00|1.00|1.00|2.00",
    )
    reading = only(reader.read(table))
    assert [(c.role, c.measure) for c in reading.columns[3:]] == [
        ("amount", "basic"),
        ("amount", "wages_welfare"),
        ("amount", "goods_services"),
        ("amount", "project"),
        ("amount", "project_goods_services"),
        ("amount", "project_construction"),
        ("amount", "project_other"),
    ]
    assert {(f.total, f.terms) for f in reading.forms} == {
        ((2,), (3, 6)),
        ((3,), (4, 5)),
        ((6,), (7, 8, 9)),
    }


def test_a_class_of_the_government_alone_is_none_of_projects(
    reader: HeaderReader,
) -> None:
    table = spanned_table(
        "科目编码|科目名称|项目支出|<|<",
        "^|^|合计|机关资本性支出|对事业单位经常性补助",
        "205|教育支出|4.00|1.00|3.00",
    )
    assert [c.role for c in only(reader.read(table)).columns[3:]] == [None, None]


def test_who_pays_for_more_than_projects_is_not_told(reader: HeaderReader) -> None:
    """小计 below 本级财力安排 holds 基本支出: it is no money for projects."""
    reading = only(
        reader.read(
            spanned_table(
                "科目编码|科目名称|合计|本级财力安排|<|<",
                "^|^|^|小计|基本支出|项目支出",
                "213|农林水支出|9.00|9.00|2.00|7.00",
            )
        )
    )
    assert roles(reading)[3:] == [None, None, None]


def test_each_part_of_a_code_under_a_heading_of_its_own(reader: HeaderReader) -> None:
    reading = only(
        reader.read(
            text_table(
                "科目编码（类）|科目编码（款）|科目编码（项）|科目名称|合计",
                "201|03|01|行政运行|9.00",
            )
        )
    )
    assert roles(reading)[:3] == ["code_class", "code_section", "code_item"]
    paired = only(
        reader.read(
            spanned_table(
                "部门预算经济分类|<|<|政府预算经济分类|<|<|合计",
                "类编码|款编码|科目名称|类编码|款编码|科目名称|^",
                "301|01|基本工资|501|01|工资奖金津补贴|9.00",
            )
        )
    )
    parts = ["code_class", "code_section", "name"]
    assert roles(paired) == [*parts, *parts, "amount"]
    assert [c.classification for c in paired.columns[:6]] == [
        *["department"] * 3,
        *["government"] * 3,
    ]


@pytest.mark.parametrize(
    "heading",
    [
        "一般公共预算财政拨款基本支出",
        "本年一般公共预算财政拨款基本支出",
        "2024年一般公共预算财政拨款基本支出",
        "本年财政拨款基本支出",
        "本年度基本支出",
    ],
)
def test_basic_expenditure_and_its_money_in_one_heading(
    reader: HeaderReader, heading: str
) -> None:
    reading = only(
        reader.read(
            spanned_table(
                f"科目编码|科目名称|{heading}|<|<",
                "^|^|合计|人员经费|公用经费",
                "301|工资福利支出|9.00|9.00|0.00",
            )
        )
    )
    assert [c.measure for c in reading.columns[2:]] == [
        "basic",
        "personnel",
        "operating",
    ]
    assert [(f.total, f.terms) for f in reading.forms] == [((2,), (3, 4))]


def test_lines_of_a_balance_by_what_they_are_ordered_by(reader: HeaderReader) -> None:
    reading = only(
        reader.read(
            text_table(
                "收入||支出|||||",
                "项目|决算数|按功能分类|决算数|按经济分类|决算数",
                "一、事业收入|9.00|一、教育支出|9.00|一、工资福利支出|9.00",
            )
        )
    )
    assert roles(reading) == ["name", "amount"] * 3
    assert [c.classification for c in reading.columns[2:5]] == [
        "functional",
        None,
        "economic",
    ]


def test_purchases_of_jiangsu(reader: HeaderReader) -> None:
    reading = only(
        reader.read(
            spanned_table(
                "采购品目大类|专项名称|经济科目|采购品目名称|采购组织形式|采购资金来源|<",
                "^|^|^|^|^|合计|政府性基金",
                "货物|设备更新|办公设备购置|台式计算机|分散采购|9.00|9.00",
            )
        )
    )
    assert roles(reading) == [
        "code",
        "project_name",
        "name",
        "code",
        "note",
        "amount",
        "amount",
    ]
    assert [(f.total, f.terms) for f in reading.forms] == [((5,), (6,))]


@pytest.mark.parametrize(
    ("codes", "names"),
    [
        ("单位编码/科目编码", "单位名称/科目名称"),
        ("科目编码/单位编码", "科目名称/单位名称"),
    ],
)
def test_units_and_codes_under_one_head(
    reader: HeaderReader, codes: str, names: str
) -> None:
    reading = only(
        reader.read(
            text_table(
                f"{codes}|{names}|合计|基本支出|项目支出",
                "036|某县档案馆|9.00|7.00|2.00",
                "2012604|档案馆|9.00|7.00|2.00",
            )
        )
    )
    assert roles(reading)[:3] == ["code", "name", "amount"]


def test_sources_in_the_words_of_chongqing(reader: HeaderReader) -> None:
    reading = only(
        reader.read(
            text_table(
                "科目编码|科目名称|合计|事业收入预算|上级补助收入预算"
                "|附属单位上缴收入预算|事业单位经营收入预算|其他收入预算",
                "205|教育支出|9.00|1.00|2.00|3.00|1.00|2.00",
            )
        )
    )
    assert [(f.total, f.terms) for f in reading.forms] == [((2,), (3, 4, 5, 6, 7))]


@pytest.mark.parametrize(
    "heading",
    ["2024年预算数与2023年预算数", "与上年预算对比", "2024年预算数与上年相比"],
)
def test_differences_whatever_is_compared(reader: HeaderReader, heading: str) -> None:
    """Neither money of their own nor a reason to doubt the sum beside them."""
    reading = only(
        reader.read(
            spanned_table(
                f"科目编码|科目名称|2024年预算数|<|<|{heading}|<",
                "^|^|小计|基本支出|项目支出|增减额|增减%",
                "205|教育支出|9.00|7.00|2.00|1.00|12.50",
            )
        )
    )
    assert set(roles(reading)[5:]) <= {"ratio", "text"}
    assert [(f.total, f.terms) for f in reading.forms] == [((2,), (3, 4))]


def test_a_unit_of_money_above_the_labels_is_no_label(reader: HeaderReader) -> None:
    header = reader.read(
        spanned_table(
            "（部门预算支出经济分类科目）|<|单位：万元|<|<",
            "科目编码|科目名称|合计|人员经费|公用经费",
            "301|工资福利支出|9.00|9.00|0.00",
        )
    )
    assert header.row_kinds[:2] == (RowKind.HEADING, RowKind.HEADER)
    only(header)
    # a label stays one beside its unit
    header = reader.read(
        spanned_table("项目|单位：万元", "教育支出|9.00", "公用经费|2.00")
    )
    assert header.row_kinds[0] is RowKind.HEADER


def test_what_stands_beside_the_three_public_expenses(reader: HeaderReader) -> None:
    reading = only(
        reader.read(
            text_table(
                "单位|行政经费|三公经费合计|因公出国费|公务用车购置及运维费|公务接待费",
                "某局|7.00|5.00|0.00|2.00|3.00",
            )
        )
    )
    assert [c.item for c in reading.columns[1:]] == [
        "administration",
        "total",
        "overseas",
        "vehicles",
        "reception",
    ]
    assert [(f.total, f.terms) for f in reading.forms] == [((2,), (3, 4, 5))]


def test_columns_that_print_nothing_have_no_label(reader: HeaderReader) -> None:
    """项目 was merged over three columns; its words stand in the first."""
    header = (
        "项目|||2022年决算数|2023年预算数|2023年决算数|决算数比上年增减%",
        "合计|||5.00|7.00|6.00|20.00",
    )
    reading = only(reader.read(text_table(*header)))
    assert roles(reading) == ["name", None, None, "amount", "amount", "amount", "ratio"]
    assert [c.label_year for c in reading.columns[3:6]] == [2022, 2023, 2023]
    # what prints something has a meaning that no label says
    filled = reader.read(text_table(*header, "公务接待费|国内||5.00|7.00|6.00|20.00"))
    assert filled.status == "does_not_fit"
    slid = reader.read(text_table("项目|预算数|决算数||", "公务接待费||5.00||6.00"))
    assert slid.status == "does_not_fit"


@pytest.mark.parametrize("heads", ["类|款|项", "类编码|款编码|项编码"])
def test_parts_that_print_the_whole_code(reader: HeaderReader, heads: str) -> None:
    header = f"{heads}|科目名称|合计"
    whole = only(
        reader.read(
            text_table(
                header,
                "201|||一般公共服务支出|9.00",
                "201|20103||政府办公厅事务|9.00",
                "201|20103|2010301|行政运行|9.00",
            )
        )
    )
    assert roles(whole)[:4] == ["code", "code", "code", "name"]
    # one that is a part keeps them all
    mixed = only(
        reader.read(
            text_table(
                header,
                "201|20103|2010301|行政运行|9.00",
                "201|03|02|一般行政管理事务|9.00",
            )
        )
    )
    assert roles(mixed)[:3] == ["code_class", "code_section", "code_item"]
