"""The process of the expectations: ready early, gone when the build is."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pipeline.checking import Expectations, ExpectationsFailed
from tests.building import Build
from tests.warehouse import ROOT


def test_it_checks_when_it_is_told(samples: Build, tmp_path: Path) -> None:
    warehouse = tmp_path / "warehouse.duckdb"
    report = tmp_path / "work" / "expectations.json"
    with Expectations(warehouse, report) as expectations:
        # Made while the process gets ready, as a build does.
        shutil.copy(samples.warehouse, warehouse)
        results = expectations.run()
    assert len(results) > 100
    assert all(
        result["succeeded"] for result in results if result["severity"] == "critical"
    )
    assert not report.exists()


def test_a_build_that_ends_early_leaves_no_process(tmp_path: Path) -> None:
    report = tmp_path / "expectations.json"
    with (
        pytest.raises(ZeroDivisionError),
        Expectations(tmp_path / "warehouse.duckdb", report) as expectations,
    ):
        started = time.monotonic()
        raise ZeroDivisionError
    assert expectations._process.returncode is not None
    assert time.monotonic() - started < 5
    assert list(tmp_path.iterdir()) == []


def test_the_process_of_a_killed_build_ends(tmp_path: Path) -> None:
    """Nobody can tell it to begin any more: its input ends."""
    done = subprocess.run(
        [sys.executable, "-m", "expectations", "no.duckdb", "report.json", "--wait"],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0


def test_a_check_that_cannot_run_says_why(tmp_path: Path) -> None:
    with (
        Expectations(tmp_path / "no.duckdb", tmp_path / "r.json") as expectations,
        pytest.raises(ExpectationsFailed, match=r"no\.duckdb"),
    ):
        expectations.run()
