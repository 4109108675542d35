"""What the benches tell: growth, shares, targets, the page and its chart."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.bench.report import (
    PAGE,
    chart,
    digits,
    page,
    per_second,
    share,
    slopes,
    table,
    targets,
    times_faster,
)
from tests.bench.results import RESULTS, keep, latest, read, slope

PDF: dict[str, Any] = {
    "of": "pdf",
    "library": "tablers",
    "documents": 10,
    "parts": 100,
    "ours": 2.0,
    "bare": 1.2,
    "ratios": [1.5, 2.0, 4.0],
    "others": {"pdfplumber": [22.0, 2.0], "camelot": [50.0, 1.0]},
}


def built(documents: int, full: float, memory: int) -> dict[str, Any]:
    return {
        "of": documents,
        "documents": documents,
        "full": {"seconds": full, "processor": 2 * full, "memory_mb": memory},
        "refresh": {"seconds": 12.0},
        "no_op": {"seconds": 1.3},
        "imports": {"seconds": 0.4},
        "imports_of_models": {"seconds": 5.0},
        "steps": {"ingest": full / 4, "dbt": full / 2},
        "facts": 150 * documents,
        "warehouse_bytes": 60_000 * documents,
    }


def asked(documents: int, *milliseconds: tuple[float, float]) -> dict[str, Any]:
    return {
        "of": documents,
        "documents": documents,
        "facts": 150 * documents,
        "warehouse_bytes": 60_000 * documents,
        "parquet_bytes": 7_000 * documents,
        "answers": {
            f"question_{number}": {
                "rows": 3,
                "first_ms": own * 2,
                "warm_ms": own,
                "processor_ms": own,
                "parquet_first_ms": plain * 2,
                "parquet_warm_ms": plain,
                "parquet_processor_ms": plain,
            }
            for number, (own, plain) in enumerate(milliseconds)
        },
    }


@pytest.mark.parametrize(
    ("points", "expected"),
    [
        ({10: 5.0, 100: 50.0, 1000: 500.0}, 1.0),
        ({10: 1.0, 100: 100.0}, 2.0),
        ({10: 7.0, 1000: 7.0}, 0.0),
    ],
)
def test_the_slope_is_the_power_of_growth(
    points: dict[int, float], expected: float
) -> None:
    assert slope(points) == pytest.approx(expected)


def test_one_size_has_no_slope() -> None:
    assert slope({10: 5.0}) is None


def test_shares_and_ratios() -> None:
    assert share(PDF) == pytest.approx(0.6)
    assert times_faster(PDF, "pdfplumber") == pytest.approx(11.0)
    assert times_faster(PDF, "openpyxl") is None
    assert per_second(built(1000, 80.0, 1)) == 12.5
    builds = {1000: built(1000, 80.0, 1), 10_000: built(10_000, 800.0, 1)}
    assert slopes(builds) == {
        "seconds": pytest.approx(1.0),
        "processor": pytest.approx(1.0),
    }


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0.01234, "0.0123"),
        (1.234, "1.23"),
        (12.34, "12.3"),
        (123.4, "123"),
        (12345.6, "12,346"),
        (0, "0"),
    ],
)
def test_three_digits_count(value: float, shown: str) -> None:
    assert digits(value) == shown


def test_a_table_is_markdown() -> None:
    assert table(("a", "b"), [(1, 2)]) == "| a | b |\n| --- | ---: |\n| 1 | 2 |"


def test_targets_hold_or_not() -> None:
    builds = {10_000: built(10_000, 900.0, 2000), 100_000: built(100_000, 8900.0, 3100)}
    queries = {100_000: asked(100_000, (100.0, 200.0), (1200.0, 900.0))}
    found = {said: holds for said, _, holds in targets({"pdf": PDF}, builds, queries)}
    assert list(found.values()) == [
        *(True, True),  # tablers, pdfplumber
        *(True, True, False),  # slope, memory, growth of memory
        *(True, True),  # refresh: share, beyond imports
        *(True, True),  # no-op of both sizes
        *(False, False, False),  # queries: median 650 ms, 2.4 s first, one is slower
    ]


def test_what_was_measured_otherwise_is_said() -> None:
    builds = {size: built(size, size / 12.5, 1000) for size in (1000, 10_000, 100_000)}
    builds[100_000]["remark"] = "beside other work."
    said = page([{"bench": "build"} | one for one in builds.values()])
    assert "100,000 documents: beside other work.\n" in said
    assert "The largest build" not in said


def test_a_target_is_open_where_its_size_was_not_measured() -> None:
    builds = {1000: built(1000, 80.0, 900), 10_000: built(10_000, 800.0, 1000)}
    queries = {10_000: asked(10_000, (10.0, 20.0))}
    found = targets({}, builds, queries)
    open_ones = [said for said, _, holds in found if holds is None]
    assert len(open_ones) == 5
    assert all("100,000" in said or "none" in said for said in open_ones)


def test_the_later_measurement_counts(tmp_path: Path) -> None:
    results = tmp_path / "results.jsonl"
    assert read(results) == []
    keep(results, "format", "pdf", parts=1)
    keep(results, "format", "pdf", parts=2)
    keep(results, "queries", 1000, parts=3)
    found = latest(read(results), "format")
    assert [one["parts"] for one in found.values()] == [2]
    assert found["pdf"]["machine"]["cores"] >= 1


def test_the_chart_has_a_panel_a_bench() -> None:
    queries = {1000: asked(1000, (10.0, 20.0))}
    drawn = json.loads(
        chart({"pdf": PDF}, {1000: built(1000, 80.0, 900)}, queries).to_json()
    )
    assert len(drawn["hconcat"]) == 3
    rates = {
        point["reader"]: point["rate"]
        for point in drawn["hconcat"][0]["data"]["values"]
    }
    assert rates["our reader"] == pytest.approx(50.0)
    assert rates["library underneath"] == pytest.approx(100 / 1.2)
    assert rates["pdfplumber"] == pytest.approx(50 / 11)


def test_the_page_in_the_repository_is_that_of_the_results() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(read(RESULTS))
