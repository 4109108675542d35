"""The session of Spark in which these tests run."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.spark import IS_INSTALLED
from tests.warehouse import ROOT

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

# Not skipped, for they are no part of a usual run, whose summary says so.
collect_ignore_glob = [] if IS_INSTALLED else ["test_*.py"]


@pytest.fixture(scope="session")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparkSession]:
    """A session of this machine."""
    from distributed.session import session

    made = session(tmp_path_factory.mktemp("tables"))
    yield made
    made.stop()


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with the macros and settings of this one, still without models."""
    project = tmp_path / "project"
    (project / "models").mkdir(parents=True)
    (project / "macros").symlink_to(ROOT / "macros")
    (project / "dbt_project.yml").write_text(
        "name: county_budget\nversion: 0.1.0\nprofile: county_budget\n"
        "models: {county_budget: {+materialized: table, +schema: marts}}\n"
    )
    return project
