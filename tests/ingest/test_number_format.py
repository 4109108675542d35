"""What a stored number shows under a display format."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.readers.number_format import built_in_format, plain, printed

ACCOUNTING = r'_ * #,##0.00_ ;_ * \-#,##0.00_ ;_ * "-"??_ ;_ @_ '


@pytest.mark.parametrize(
    ("stored", "text"),
    [
        ("208", "208"),
        ("208.0", "208"),
        ("2080101.0", "2080101"),
        ("915.57000000000005", "915.57"),
        ("4505.6399999999994", "4505.64"),
        ("0.30000000000000004", "0.3"),
        ("1234567890.12", "1234567890.12"),
        ("1.5E-05", "0.000015"),
        ("1E+20", "100000000000000000000"),
        ("-12.50", "-12.5"),
        ("-0.0", "0"),
        ("0", "0"),
        ("915.5678123456", "915.5678123"),
        ("nan", "nan"),
        ("1e999999999", "1e999999999"),
        ("abc", "abc"),
    ],
)
def test_without_a_format(stored: str, text: str) -> None:
    assert plain(stored) == text


@pytest.mark.parametrize(
    ("code", "stored", "text"),
    [
        ("0.00", "12.5", "12.50"),
        ("0.00", "915.5678", "915.57"),
        ("0.00", "-915.5678", "-915.57"),
        ("0.00", "2.6749999999999998", "2.68"),  # stored for 2.675
        ("0.00", "0.125", "0.13"),
        ("0.00_ ", "915.57000000000005", "915.57"),
        ("0", "915.5", "916"),
        ("#,##0", "1234567.4", "1,234,567"),
        ("#,##0.00", "1234.5", "1,234.50"),
        ("#,##0.00", "-1234.5", "-1,234.50"),
        ("#,##0.00", "0", "0.00"),
        ("#,###.00", "0.5", "0.50"),
        ("#.##", "12", "12"),
        ("0.0#", "12.3", "12.3"),
        ("0.0#", "12.34", "12.34"),
        ("#,##0", "0", "0"),
        ("#,###", "0", ""),
        ("00", "5", "05"),
        ("0000000", "2080101", "2080101"),
        ("0.0%", "0.125", "12.5%"),
        ("0.00%", "1", "100.00%"),
        (r"#,##0.00_);\(#,##0.00\)", "-100", "(100.00)"),
        (r"#,##0.00_);[Red]\(#,##0.00\)", "100", "100.00"),
        ("#,##0.00;[Red]-#,##0.00", "-3", "-3.00"),
        (ACCOUNTING, "1234.5", "1,234.50"),
        (ACCOUNTING, "-1234.5", "-1,234.50"),
        (ACCOUNTING, "0", "-"),
        ("#,##0.00;-#,##0.00;", "0", ""),
        (";;;", "5", ""),
        ("General", "915.57000000000005", "915.57"),
        ("G/通用格式", "208", "208"),
        ("", "208", "208"),
        ("@", "2080101", "2080101"),
        ('0.00"万元"', "1.5", "1.50万元"),
        ('General"人"', "-5", "-5人"),
        ("[$¥-804]#,##0.00", "5", "¥5.00"),
        ('[=0]"-";#,##0.00', "0", "-"),
        ('[=0]"-";#,##0.00', "-7", "-7.00"),
        ("0.00,", "1234567", "1234.57"),
        ("0!.0,", "12345", "1.2"),  # in ten thousands, by a literal point
        ("000-0000", "2080101", "208-0101"),
    ],
)
def test_formats_in_use(code: str, stored: str, text: str) -> None:
    assert printed(code, stored) == text


@pytest.mark.parametrize(
    "code",
    [
        "yyyy-mm-dd",
        'yyyy"年"m"月"d"日"',
        "[h]:mm",
        "0.00E+00",
        "# ?/?",
        "[DBNum1]0",
        "[$-804]aaaa",
    ],
)
def test_formats_left_to_the_reader_of_values(code: str) -> None:
    assert printed(code, "45000") is None


def test_formats_known_by_number() -> None:
    assert built_in_format(4).show("1234.5") == "1,234.50"
    assert built_in_format(43).show("0") == "-"
    assert built_in_format(14).show("45000") is None
    assert built_in_format(0).show("0", hides_zeros=True) == ""
    assert built_in_format(0).show("10", hides_zeros=True) == "10"


@given(st.decimals(-(10**9), 10**9, places=4), st.integers(0, 6))
def test_rounds_half_up_as_printed(value: Decimal, places: int) -> None:
    code = "#,##0" + ("." + "0" * places if places else "")
    shown = printed(code, str(value))
    assert shown is not None
    rounded = value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    assert Decimal(shown.replace(",", "")) == rounded
    assert len(shown.partition(".")[2]) == places
    if places >= 4:
        assert shown.lstrip("-") == f"{abs(rounded):,.{places}f}"


@given(st.integers(-(10**10), 10**10))
def test_hundredths_survive_binary(hundredths: int) -> None:
    value = hundredths / 100
    assert Decimal(plain(repr(value))) == Decimal(hundredths) / 100
    assert Decimal(plain(f"{value:.17g}")) == Decimal(hundredths) / 100


@given(st.text('0#?.,;%"\\_*![]$-EGeneral@年y/ <>=1()', max_size=20), st.floats())
def test_any_format_gives_something_or_nothing(code: str, value: float) -> None:
    shown = printed(code, repr(value))
    assert shown is None or isinstance(shown, str)
