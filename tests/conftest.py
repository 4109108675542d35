"""Whole warehouses, each built once for all tests that read it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.building import Build, build
from tests.spark import IS_INSTALLED
from tests.warehouse import ROOT

DISCLOSURES = ROOT.parent / "shared" / "disclosures"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what is no part of this run."""
    if not IS_INSTALLED:
        terminalreporter.write_line(
            "tests/spark is left out: Java or pyspark is not there (docs/scale.md)"
        )


@pytest.fixture(scope="session")
def real(tmp_path_factory: pytest.TempPathFactory) -> Build:
    """The disclosures of ``tests/golden``; they are not part of the repository."""
    if not DISCLOSURES.is_dir():
        pytest.skip(f"the real disclosures are not there: {DISCLOSURES}")
    built = build(DISCLOSURES, tmp_path_factory.mktemp("real"))
    assert built.exit_code == 0, built.errors
    return built


@pytest.fixture(scope="session")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Build:
    """The sample disclosures of the repository, as text and as PDF."""
    built = build(ROOT / "disclosures", tmp_path_factory.mktemp("samples"))
    assert built.exit_code == 0, built.errors
    return built


@pytest.fixture(scope="session")
def folder_of_samples() -> Path:
    """Where the sample disclosures lie."""
    return ROOT / "disclosures"
