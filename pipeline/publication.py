"""Publishes a built warehouse: readers see the old one or the new one, whole."""

from __future__ import annotations

import os
from pathlib import Path

from pipeline.history import record_history
from pipeline.load import connect


def create(database: Path) -> None:
    """A new, empty warehouse file that clients of DuckDB 1.5 can open too."""
    remove(database)
    database.parent.mkdir(parents=True, exist_ok=True)
    with connect(Path(":memory:")) as connection:
        path = str(database).replace("'", "''")
        connection.execute(f"attach '{path}' as warehouse (storage_version 'v1.5.0')")


def remove(database: Path) -> None:
    """Delete a warehouse file and its log, if they are there."""
    for path in (database, database.with_name(f"{database.name}.wal")):
        path.unlink(missing_ok=True)


def record_build(
    database: Path,
    build_id: str,
    seconds: dict[str, float],
    results: list[dict[str, str]],
) -> None:
    """Keep in the warehouse itself how it was built and what was expected."""
    with connect(database) as connection:
        connection.execute("create schema if not exists meta")
        connection.execute(
            "create table meta.build as select ? as build_id, built_at from raw.build",
            [build_id],
        )
        record_history(connection)
        connection.execute(
            "create table meta.build_step (step varchar, seconds decimal(10, 2))"
        )
        for step, duration in seconds.items():
            connection.execute(
                "insert into meta.build_step values (?, ?)", [step, duration]
            )
        connection.execute(
            "create table meta.expectation_result (suite varchar, expectation varchar, "
            "description varchar, succeeded boolean, detail varchar)"
        )
        for result in results:
            connection.execute(
                "insert into meta.expectation_result values (?, ?, ?, ?, ?)",
                [
                    result["suite"],
                    result["expectation"],
                    result["description"],
                    result["succeeded"],
                    result["detail"],
                ],
            )
        connection.execute("checkpoint")


def publish(database: Path, warehouse: Path) -> None:
    """Put ``database`` in the place of ``warehouse`` in one step."""
    with database.open("rb+") as file:
        os.fsync(file.fileno())
    database.replace(warehouse)
    remove(database)
