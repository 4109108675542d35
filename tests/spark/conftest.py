"""The session of Spark in which these tests run."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.spark import IS_INSTALLED

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
