"""Amounts as people read them: in the right unit, thousands apart."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

_FACTORS = {"元": Decimal(1), "万元": Decimal(10_000), "亿元": Decimal(100_000_000)}
_HUNDREDTH = Decimal("0.01")


def amount(yuan: Decimal | None, unit: str = "万元") -> str:
    """An amount with two decimals, without its unit; empty where there is none."""
    if yuan is None:
        return ""
    value = (yuan / _FACTORS[unit]).quantize(_HUNDREDTH, ROUND_HALF_UP)
    return f"{value:,f}"


def exact(yuan: Decimal | None) -> str:
    """The whole amount in 元, for who hovers or listens."""
    if yuan is None:
        return ""
    text = f"{yuan:,f}"
    whole, _, places = text.partition(".")
    places = places.rstrip("0").ljust(2, "0")
    return f"{whole}.{places} 元"


def large_unit(yuan: Decimal | None) -> str:
    """The unit in which a large number is short."""
    return "亿元" if yuan is not None and abs(yuan) >= _FACTORS["亿元"] else "万元"


def printed_unit(units: Iterable[str | None]) -> str:
    """元 where every source prints 元; otherwise 万元, as most disclosures do."""
    found = {unit for unit in units if unit}
    return "元" if found == {"元"} else "万元"


def count(number: int | None) -> str:
    """A number of things, thousands apart."""
    return "" if number is None else f"{number:,d}"


def quantity(number: Decimal | None) -> str:
    """A number of things that may have parts: 1,234.5 square metres."""
    if number is None:
        return ""
    whole, _, places = f"{number:,f}".partition(".")
    places = places.rstrip("0")
    return f"{whole}.{places}" if places else whole


def percent(part: Decimal | int, whole: Decimal | int) -> str:
    """A share with one place, never rounded up: 100.0% means all of it."""
    if not whole:
        return "—"
    thousandths = int(1000 * Decimal(part) / Decimal(whole))
    return f"{Decimal(thousandths) / 10:.1f}%"


def share(part: Decimal, whole: Decimal) -> str:
    """A part of a sum with one place, rounded as usual."""
    if not whole:
        return "—"
    percents = (100 * part / whole).quantize(Decimal("0.1"), ROUND_HALF_UP)
    return f"{percents:,f}%"


def change(now: Decimal | None, before: Decimal | None) -> str:
    """The growth in percent, with its sign; empty where it means nothing."""
    if now is None or before is None or before <= 0:
        return ""
    share = (100 * (now - before) / before).quantize(Decimal("0.1"), ROUND_HALF_UP)
    return f"{share:+,f}%"
