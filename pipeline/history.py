"""When findings were seen: handed on from the published warehouse to the next.

The memory is a table of the warehouse itself, ``meta.finding_history``, so it is
published with it in one step. Whoever deletes the warehouse starts anew.
"""

from __future__ import annotations

import datetime as dt
import logging
from pathlib import Path

import duckdb

from pipeline.load import (
    MEMORY_TABLES,
    attach,
    connect,
    create_memory,
    told_if_in_use,
)

LOG = logging.getLogger("build")


def load_history(database: Path, published: Path, built_at: dt.datetime) -> None:
    """Tell the warehouse ``database`` when it is built and what was seen before.

    :raises WarehouseInUse: the memory cannot be read now, and would be lost.
    """
    with connect(database) as connection:
        create_memory(connection)
        connection.execute("insert into raw.build values (?)", [built_at])
        if not published.exists():
            return
        try:
            with told_if_in_use(published):
                attach(connection, published, "published")
                if _has_history(connection):
                    connection.execute(
                        "insert into raw.finding_history "
                        "select finding_id, first_seen_at, last_seen_at "
                        "from published.meta.finding_history"
                    )
                connection.execute("detach published")
        except duckdb.Error:
            # Nobody can read it, so nothing is lost with it.
            LOG.warning(
                "原有数据库无法读取，发现的首次出现时间从本次起算：%s", published
            )


def hand_on(warehouse: Path, batch: Path) -> None:
    """Tell a batch what ``warehouse`` knows of earlier builds."""
    with connect(batch) as connection:
        attach(connection, warehouse, "kept")
        for table in MEMORY_TABLES:
            connection.execute(
                f"create or replace table raw.{table} as select * from kept.raw.{table}"
            )
        connection.execute("detach kept")


def _has_history(connection: duckdb.DuckDBPyConnection) -> bool:
    row = connection.execute(
        "select count(*) from duckdb_tables() where database_name = 'published' "
        "and schema_name = 'meta' and table_name = 'finding_history'"
    ).fetchone()
    return row is not None and row[0] > 0


def record_history(connection: duckdb.DuckDBPyConnection) -> None:
    """Keep what was seen, now or before, for the next build.

    A finding of a document that was not worked again is seen all the same.
    """
    connection.execute(
        "update marts.fct_finding set last_seen_at = (select built_at from raw.build), "
        "first_seen_at = least(first_seen_at, (select built_at from raw.build)) "
        "where last_seen_at <> (select built_at from raw.build)"
    )
    connection.execute(
        "create or replace table meta.finding_history as "
        "select finding_id, first_seen_at, last_seen_at from marts.fct_finding "
        "union all "
        "select finding_id, first_seen_at, last_seen_at from raw.finding_history "
        "where finding_id not in (select finding_id from marts.fct_finding)"
    )
