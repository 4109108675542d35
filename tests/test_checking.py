"""The process of the expectations: ready early, gone when the build is."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from pipeline.checking import Expectations, ExpectationsFailed, Results, combined
from tests.building import Build
from tests.warehouse import ROOT


def test_it_checks_when_it_is_told(samples: Build, tmp_path: Path) -> None:
    report = tmp_path / "work" / "expectations.json"
    with Expectations(report) as expectations:
        of_batch = expectations.run(samples.batch, "batch")
        of_warehouse = expectations.run(samples.warehouse, "warehouse")
        of_corpus = expectations.run(samples.warehouse, "corpus")
        of_both = expectations.run(samples.batch)

    def places(results: Results) -> list[list[int]]:
        return [result["place"] for result in results]

    # A build of what changed leaves no check out, and makes none twice.
    assert sorted(places(of_batch) + places(of_corpus)) == places(of_both)
    assert {result["severity"] for result in of_batch} == {"critical"}
    assert len([r for r in of_corpus if r["severity"] == "critical"]) == 5
    # In a build of everything, what the warehouse keeps is checked there too.
    only_of_batch = [
        place for place in places(of_both) if place not in places(of_warehouse)
    ]
    assert 5 < len(only_of_batch) < 20
    assert all(place in places(of_batch) for place in only_of_batch)
    assert all(
        result["succeeded"] for result in of_both if result["severity"] == "critical"
    )
    assert list(report.parent.iterdir()) == []


def test_what_the_checks_of_batches_found_is_put_together() -> None:
    def result(place: int, *examples: str) -> dict[str, Any]:
        return {
            "place": [0, place],
            "succeeded": not examples,
            "unexpected_rows": len(examples) or None,
            "examples": list(examples),
            "message": None,
        }

    (one, other) = combined(
        [
            [result(2), result(1, "a")],
            [result(2), result(1)],
            [result(2), result(1, "b", "c")],
        ]
    )
    assert one == {
        "succeeded": False,
        "unexpected_rows": 3,
        "examples": ["a", "b", "c"],
        "message": None,
    }
    assert other["succeeded"]
    assert other["examples"] == []


def test_a_build_that_ends_early_leaves_no_process(tmp_path: Path) -> None:
    report = tmp_path / "expectations.json"
    with pytest.raises(ZeroDivisionError), Expectations(report) as expectations:
        raise ZeroDivisionError
    # Ended, not waited for: it would have gone on to import.
    assert expectations._process.returncode == -signal.SIGKILL
    assert list(tmp_path.iterdir()) == []


def test_the_process_of_a_killed_build_ends() -> None:
    """Nobody can tell it to begin any more: its input ends."""
    done = subprocess.run(
        [sys.executable, "-m", "expectations"],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0


def test_a_check_that_cannot_run_says_why(tmp_path: Path) -> None:
    with (
        Expectations(tmp_path / "r.json") as expectations,
        pytest.raises(ExpectationsFailed, match=r"no\.duckdb"),
    ):
        expectations.run(tmp_path / "no.duckdb")


def test_a_process_that_is_killed_says_nothing_and_is_told(tmp_path: Path) -> None:
    """As the system does that has no memory left."""
    with (
        Expectations(tmp_path / "r.json") as expectations,
        pytest.raises(ExpectationsFailed, match=r"信号 9.*可能是内存不足"),
    ):
        expectations._process.kill()
        expectations.run(tmp_path / "no.duckdb")
