"""The tests that live beside the models: dbt unit tests and data tests."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.building import Build
from tests.warehouse import run_dbt


def test_unit_tests_of_the_models_pass(samples: Build, tmp_path: Path) -> None:
    """Every rule fires and holds on rows of its own; needs the tables to exist."""
    database = shutil.copy(samples.batch, tmp_path / "warehouse.duckdb")
    output = run_dbt(database, tmp_path, "test", "--select", "test_type:unit")
    assert "ERROR=0" in output
    assert int(output.split("PASS=")[1].split()[0]) > 100


@pytest.mark.parametrize("name", ["samples", "real"])
def test_data_tests_hold(
    name: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    """Keys, values and references of all marts, on the samples and the real ones."""
    built: Build = request.getfixturevalue(name)
    database = shutil.copy(built.batch, tmp_path / "warehouse.duckdb")
    output = run_dbt(database, tmp_path, "test", "--select", "test_type:data")
    assert "ERROR=0" in output
    assert int(output.split("PASS=")[1].split()[0]) > 300
