"""Connects Great Expectations to DuckDB.

GX reads rows after it closed the connection unless the dialect is among the
private ``_PERSISTED_CONNECTION_DIALECTS``; on DuckDB most expectations fail
without that. GX is pinned for this reason; ``tests/test_expectations.py`` tells
when the workaround is no longer needed.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.settings import memory_limit

if TYPE_CHECKING:
    from great_expectations.datasource.fluent import SQLDatasource

os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")


class _Dialect(StrEnum):
    """GX's own enum of dialects has no member for DuckDB."""

    DUCKDB = "duckdb"


def keep_connections_open() -> None:
    """Let GX keep DuckDB connections open while it reads."""
    from great_expectations.execution_engine import sqlalchemy_execution_engine

    dialects = sqlalchemy_execution_engine._PERSISTED_CONNECTION_DIALECTS
    if all(dialect.value != "duckdb" for dialect in dialects):
        sqlalchemy_execution_engine._PERSISTED_CONNECTION_DIALECTS = (
            *dialects,
            _Dialect.DUCKDB,
        )


@contextmanager
def data_source(warehouse: Path) -> Iterator[SQLDatasource]:
    """The warehouse as a GX data source, opened read-only, and closed at the end.

    A connection that stays open keeps the file that it was opened on: whoever asks for
    the same path afterwards is answered from that file, though another one is there.
    """
    import great_expectations as gx

    keep_connections_open()
    context = gx.get_context(mode="ephemeral")
    # GX shows a progress bar for every metric otherwise.
    context.variables.progress_bars = gx.data_context.types.base.ProgressBarsConfig(
        globally=False
    )
    source = context.data_sources.add_sql(
        "warehouse",
        connection_string=f"duckdb:///{warehouse.resolve()}",
        kwargs={
            "connect_args": {
                "read_only": True,
                "config": {"memory_limit": memory_limit(beside=True)},
            }
        },
    )
    try:
        yield source
    finally:
        execution = source.get_execution_engine()
        if execution._connection is not None:
            execution._connection.close()
        execution.close()
        source.get_engine().dispose()
