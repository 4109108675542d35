"""Official codes that the forge prints: a part of the lists, kept beside it.

The lists are the forge's own copy, so that a mistake in the seeds of the
warehouse is not repeated here.
"""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent


@cache
def _rows(name: str) -> tuple[dict[str, str], ...]:
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


@cache
def functional_names() -> dict[str, str]:
    """Names of classes, sections and items by joined code."""
    return {row["code"]: row["name"] for row in _rows("functional.csv")}


@cache
def economic_names(classification: str) -> dict[str, str]:
    """Names of ``department`` or ``government`` economic codes."""
    return {
        row["code"]: row["name"]
        for row in _rows("economic.csv")
        if row["classification"] == classification
    }


@cache
def partner(department_code: str, unit_type: str) -> str:
    """The government code that a unit of this type books the code under."""
    kind = "institution" if unit_type == "institution" else "administrative"
    found = [
        row["government_code"]
        for row in _rows("pairs.csv")
        if row["department_code"] == department_code
        and row["unit_type"] in (kind, "any")
    ]
    return found[0]


def items_of(section: str) -> list[str]:
    """Item codes of a section, in order."""
    return [
        code
        for code in functional_names()
        if len(code) == 7 and code.startswith(section)
    ]


def classes() -> list[tuple[str, str]]:
    """All functional classes that a balance prints as ordinals, in order."""
    return [(row["code"], row["name"]) for row in _rows("classes.csv")]
