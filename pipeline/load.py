"""Loads the landed Parquet into the schema ``raw`` of a new DuckDB file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import duckdb

from ingest.folder import File
from ingest.landing import SCHEMAS


def connect(database: Path, *, read_only: bool = False) -> duckdb.DuckDBPyConnection:
    """Open a warehouse file; it never reaches for the network."""
    return duckdb.connect(
        str(database),
        read_only=read_only,
        config={
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
        },
    )


def load_raw(database: Path, landing: Path, files: Sequence[File]) -> None:
    """Fill the schema ``raw`` from what was landed of ``files``.

    The warehouse has no past yet; ``pipeline/history.py`` gives it one.
    """
    names = sorted({file.landed_name for file in files})
    with connect(database) as connection:
        connection.execute("create schema raw")
        connection.execute(
            "create table raw.files as select * from read_parquet(?)",
            [str(landing / "files.parquet")],
        )
        for table in SCHEMAS:
            paths = [str(landing / table / f"{name}.parquet") for name in names]
            connection.execute(
                f"create table raw.{table} as select * from read_parquet(?)", [paths]
            )
        connection.execute(
            "create table raw.build as select current_timestamp as built_at"
        )
        connection.execute(
            "create table raw.finding_history (finding_id varchar, "
            "first_seen_at timestamptz, last_seen_at timestamptz)"
        )
