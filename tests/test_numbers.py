"""Printed numbers: the SQL macros against a decimal oracle that shares nothing.

The macros are rendered as dbt renders them for DuckDB, and run on it.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import duckdb
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from jinja2 import Environment

from ingest.columns.characters import SIMPLIFIED, TRADITIONAL
from ingest.columns.vocabulary import normalize
from tests.warehouse import ROOT

FILES = ("text.sql", "numbers.sql")


class _Returned(Exception):
    """What ``return`` in a macro gives."""

    def __init__(self, value: str) -> None:
        super().__init__()
        self.value = value


class _Adapter:
    """``adapter.dispatch``: the default spelling is the one for DuckDB."""

    def __init__(self, macros: dict[str, Any]) -> None:
        self.macros = macros

    def dispatch(self, name: str) -> Any:
        return self.macros[f"default__{name}"]


def _macros() -> dict[str, Any]:
    """The macros of the project, as functions from SQL to SQL.

    Each is defined as ``inner_<name>``, so that macros find the function of the
    name, which knows ``return``, when they call each other.
    """
    source = "\n".join(
        (ROOT / "macros" / name).read_text(encoding="utf-8") for name in FILES
    )
    defined = re.compile(r"\{% macro (\w+)\(")
    names = defined.findall(source)
    macros: dict[str, Any] = {}

    def returning(value: str) -> str:
        raise _Returned(value)

    def catching(name: str) -> Any:
        def call(*arguments: Any) -> str:
            try:
                return str(getattr(module, f"inner_{name}")(*arguments))
            except _Returned as returned:
                return returned.value

        return call

    macros.update({name: catching(name) for name in names})
    environment = Environment()
    environment.globals.update(macros)
    environment.globals["return"] = returning
    environment.globals["adapter"] = _Adapter(macros)
    template = environment.from_string(defined.sub(r"{% macro inner_\1(", source))
    module = template.make_module()
    return macros


MACROS = _macros()
NUMBER_TEXT = MACROS["number_text"]("printed")
READ = f"""
    select
        number_text,
        {MACROS["is_number_text"]("number_text")} as is_number,
        case when {MACROS["is_number_text"]("number_text")}
            then {MACROS["number_value"]("number_text")} end as number_value,
        case when {MACROS["is_number_text"]("number_text")}
            then {MACROS["number_scale"]("number_text")} end as number_scale,
        {MACROS["is_blank_amount"]("number_text")} as is_blank
    from (
        select {MACROS["bare_number"](NUMBER_TEXT)} as number_text
        from (select ? as printed)
    )
"""
UNIT = f"""
    select {MACROS["unit_of_number"](NUMBER_TEXT)} from (select ? as printed)
"""
FOLD = f"select {MACROS['fold_label']('printed')} from (select ? as printed)"
CONNECTION = duckdb.connect()


def read(printed: str) -> tuple[str, bool, Decimal | None, int | None, bool]:
    """What the staging model makes of a cell."""
    row = CONNECTION.execute(READ, [printed]).fetchone()
    assert row is not None
    return row


def fold(printed: str) -> str:
    row = CONNECTION.execute(FOLD, [printed]).fetchone()
    assert row is not None
    return row[0]


WIDE = str.maketrans("0123456789.,()-", "０１２３４５６７８９．，（）－")
AMOUNTS = st.decimals(
    min_value=0, max_value=Decimal("9999999999999999.99"), places=2
) | st.integers(0, 10**16).map(Decimal)


def grouped(value: Decimal, has_separators: bool) -> str:
    return f"{value:,f}" if has_separators else f"{value:f}"


@settings(max_examples=300, deadline=None)
@given(
    value=AMOUNTS,
    has_separators=st.booleans(),
    sign=st.sampled_from(["", "-", "("]),
    is_wide=st.booleans(),
    blank=st.sampled_from(["", " ", "  ", "　", "\n"]),
    around=st.sampled_from(["", " ", "　", "\t"]),
)
@example(Decimal("4675.21"), True, "", False, " ", "")
@example(Decimal("0.00"), False, "-", True, "", "")
def test_a_printed_number_is_its_decimal(
    value: Decimal,
    has_separators: bool,
    sign: str,
    is_wide: bool,
    blank: str,
    around: str,
) -> None:
    """`4, 675. 21`, full-width digits, parentheses: exact, and never a float."""
    text = grouped(value, has_separators)
    printed = text.replace(",", f",{blank}").replace(".", f".{blank}")
    printed = {"": printed, "-": f"-{printed}", "(": f"({printed})"}[sign]
    if is_wide:
        printed = printed.translate(WIDE)
    _, is_number, number, scale, is_blank = read(around + printed + around)
    assert is_number and not is_blank
    assert isinstance(number, Decimal)
    assert number == (-value if sign else value)
    assert scale == (2 if "." in text else 0)


@pytest.mark.parametrize(
    ("printed", "value", "scale"),
    [
        ("4, 675. 21", "4675.21", 2),
        ("4 ,675 .21", "4675.21", 2),
        ("１，２３４．５６", "1234.56", 2),
        ("(1,234.56)", "-1234.56", 2),
        ("（１２）", "-12", 0),
        ("( 12.50 )", "-12.5", 2),
        ("- 12.50", "-12.5", 2),
        ("-12.5", "-12.5", 1),
        ("－12.5", "-12.5", 1),
        ("−12.5", "-12.5", 1),
        ("0", "0", 0),
        ("0.10", "0.1", 2),
        ("007", "7", 0),
        ("12345678901234567890", "12345678901234567890", 0),
        ("0.12345678", "0.12345678", 8),
        (" 5 ", "5", 0),
        ("\u00a04,\u00a0675.21\u200b", "4675.21", 2),
        ("\n12.50\n", "12.5", 2),
    ],
)
def test_numbers(printed: str, value: str, scale: int) -> None:
    _, is_number, number, places, _ = read(printed)
    assert is_number
    assert isinstance(number, Decimal)
    assert (number, places) == (Decimal(value), scale)


@pytest.mark.parametrize(
    "printed",
    [
        "12 34",
        "1,234.56 7,890.12",
        "12.5\n13.5",
        "1,23",
        "12,34.5",
        "1,2345",
        "1.2.3",
        "12.",
        ".5",
        "12.5%",
        "12.5万人",
        "12.5元/人",
        "万元",
        "¥",
        "$12.50",
        "约12",
        "1e5",
        "0x10",
        "nan",
        "inf",
        "--5",
        "2024年",
        "208|01",
        "①",
        "十二",
        "",
        "-",
        "—",
        "+5",
        "(12",
        "12)",
        "-12)",
        "1)",
    ],
)
def test_what_is_no_number(printed: str) -> None:
    _, is_number, number, scale, _ = read(printed)
    assert (is_number, number, scale) == (False, None, None)


@pytest.mark.parametrize(
    ("printed", "value", "unit"),
    [
        ("12.10万元", "12.1", "万元"),
        ("1720.00万", "1720", "万元"),
        ("3亿", "3", "亿元"),
        ("１２．５ 元", "12.5", "元"),
        ("¥520.50", "520.5", None),
        ("￥ 1,520.50元", "1520.5", "元"),
        ("人民币12.50万元", "12.5", "万元"),
        ("(12.50)万元", "-12.5", "万元"),
        ("12.5", "12.5", None),
    ],
)
def test_a_number_may_print_its_currency_and_its_unit(
    printed: str, value: str, unit: str | None
) -> None:
    assert read(printed)[1:3] == (True, Decimal(value))
    assert CONNECTION.execute(UNIT, [printed]).fetchone() == (unit,)


@settings(max_examples=200, deadline=None)
@given(st.lists(AMOUNTS, min_size=2, max_size=3), st.sampled_from([" ", "\n", "  "]))
def test_two_numbers_in_one_cell_are_no_number(
    values: list[Decimal], between: str
) -> None:
    assert read(between.join(f"{value:.2f}" for value in values))[1] is False


@settings(max_examples=100, deadline=None)
@given(st.integers(10**20, 10**60), st.sampled_from(["", ".5", ".55"]))
@example(123456789012345678901234567890, "")
def test_more_digits_than_an_amount_has_are_null_and_no_error(
    whole: int, fraction: str
) -> None:
    _, is_number, number, _, _ = read(f"{whole}{fraction}")
    assert is_number  # it is printed as one, and reported as unreadable
    assert number is None


@settings(max_examples=100, deadline=None)
@given(AMOUNTS)
def test_every_number_that_is_read_can_be_multiplied_by_every_unit(
    value: Decimal,
) -> None:
    row = CONNECTION.execute(
        f"select typeof(v), v * cast(100000000 as decimal(9, 0)) from (select "
        f"number_value as v from ({READ}))",
        [f"{value:f}"],
    ).fetchone()
    assert row is not None
    assert row[0].startswith("DECIMAL")
    assert row[1] == value * 100_000_000


@pytest.mark.parametrize(
    "printed", ["", " ", "　", "\u00a0", "-", "—", "——", "－", "/"]
)
def test_blanks_and_dashes_stand_for_no_amount(printed: str) -> None:
    assert read(printed)[4] is True


@pytest.mark.parametrize("printed", ["0", "0.00", "-0", "无", "-5"])
def test_a_printed_zero_and_a_word_are_no_blanks(printed: str) -> None:
    assert read(printed)[4] is False


@pytest.mark.parametrize(
    ("printed", "folded"),
    [
        ("合　计", "合计"),
        (" 项 目\n名称 ", "项目名称"),
        ("“三公”经费", "三公经费"),
        ("一般公共预算（万元）", "一般公共预算(万元)"),
        ("单位：元", "单位:元"),
        ("２０２５年", "2025年"),
        ("其中\u200b：\ufeff财政\u00a0拨款", "其中:财政拨款"),
        ("機關事業單位職業年金繳費支出", "机关事业单位职业年金缴费支出"),
        ("單位：萬元", "单位:万元"),
        ("《支出表》", "支出表"),
    ],
)
def test_labels_fold(printed: str, folded: str) -> None:
    assert fold(printed) == folded


@pytest.mark.parametrize("character", sorted(TRADITIONAL))
def test_headers_and_models_fold_traditional_characters_alike(character: str) -> None:
    assert fold(character) == normalize(character)
    assert fold(character) in SIMPLIFIED


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="合计 　“”（）：２2\u00a0\u200b一、元.\n\t", max_size=20))
def test_folding_twice_is_folding_once(printed: str) -> None:
    once = fold(printed)
    assert fold(once) == once
    assert not re.search(r"[\s　“”（）：]", once)


@pytest.mark.parametrize(
    ("scale", "factor", "half"),
    [
        (0, 1, "0.5"),
        (2, 1, "0.005"),
        (2, 10000, "50"),
        (4, 10000, "0.5"),
        (6, 10000, "0.005"),
        (0, 10000, "5000"),
        (2, 100000000, "500000"),
    ],
)
def test_half_of_the_last_printed_place(scale: int, factor: int, half: str) -> None:
    row = CONNECTION.execute(
        f"select {MACROS['half_unit']('scale', 'factor')} "
        "from (select ? as scale, ? as factor)",
        [scale, factor],
    ).fetchone()
    assert row == (Decimal(half),)
