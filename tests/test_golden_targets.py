"""Every indicator of the performance forms of three budgets, as a person read them.

`tests/golden/targets.csv` has a row per printed indicator: the form in the order of
the file, the horizon, the sign, value, unit and weight. A target in words has no value;
its words stand in `target_text`. A cell that a form cut off (屯留, the second) is no
indicator.
"""

from __future__ import annotations

import csv
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

from tests.building import Build

PATH = Path(__file__).parent / "golden" / "targets.csv"

# Amounts of the same forms: 2 of each payer that prints one, in both horizons.
FUNDING = {"wansheng_2025": 5, "tunliu_2024": 40, "xinxiang_2023": 20}

Target = tuple[int, str, str, Decimal | None, str, str, Decimal | None, str]


def read() -> dict[str, list[dict[str, str]]]:
    """The rows of the truth by document."""
    rows: dict[str, list[dict[str, str]]] = {}
    with PATH.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            rows.setdefault(row["document"], []).append(row)
    return rows


def number(text: str) -> Decimal | None:
    return Decimal(text).normalize() if text else None


def expected(rows: list[dict[str, str]]) -> Counter[Target]:
    return Counter(
        (
            int(row["form"]),
            row["horizon"],
            row["operator"],
            number(row["target_value"]),
            row["target_unit"],
            row["target_text"],
            number(row["weight"]),
            row["is_core"],
        )
        for row in rows
    )


def found(real: Build, sha: str) -> Counter[Target]:
    """The targets of a document; its forms are numbered in the order of the file."""
    rows = real.rows(
        "select t.*, cells.line, coalesce(t.project_name, '') as form_name "
        "from marts.fct_performance_target as t "
        "inner join marts.dim_document as d using (document_id) "
        "inner join marts.dim_source_cell as cells using (cell_id) "
        "where d.file_sha256 = ? order by cells.line",
        sha,
    )
    order: dict[str, int] = {}
    for row in rows:
        order.setdefault(row["form_name"], len(order) + 1)
    targets: Counter[Target] = Counter()
    for row in rows:
        value = row["target_value"]
        weight = row["weight"]
        core = row["is_core"]
        targets[
            (
                order[row["form_name"]],
                row["horizon"],
                row["operator"] or "",
                None if value is None else Decimal(value).normalize(),
                row["target_unit"] or "",
                # the words of a target with a value are its value
                "" if value is not None else "".join(row["target_text"].split()),
                None if weight is None else Decimal(weight).normalize(),
                "" if core is None else str(core).lower(),
            )
        ] += 1
    return targets


@pytest.mark.parametrize("name", sorted(FUNDING))
def test_every_indicator_is_read(real: Build, name: str) -> None:
    rows = read()[name]
    (sha,) = {row["file_sha256"] for row in rows}
    assert found(real, sha) == expected(rows)


@pytest.mark.parametrize("name", sorted(FUNDING))
def test_every_amount_of_the_forms_is_read(real: Build, name: str) -> None:
    (sha,) = {row["file_sha256"] for row in read()[name]}
    ((count,),) = (
        tuple(row.values())
        for row in real.rows(
            "select count(*) as amounts from marts.fct_target_funding as t "
            "inner join marts.dim_document as d using (document_id) "
            "where d.file_sha256 = ?",
            sha,
        )
    )
    assert count == FUNDING[name]
