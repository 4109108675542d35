"""Loads the landed Parquet into the schema ``raw`` of a new DuckDB file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import duckdb

from ingest.folder import File
from ingest.landing import SCHEMAS, selection

# What a build knows of itself and of those before it.
MEMORY_TABLES = {
    "build": {"built_at": "timestamptz"},
    "finding_history": {
        "finding_id": "varchar",
        "first_seen_at": "timestamptz",
        "last_seen_at": "timestamptz",
    },
}


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
            rows = selection(landing, table, names)
            connection.execute(f"create table raw.{table} as {rows}")
        for table, columns in MEMORY_TABLES.items():
            listed = ", ".join(f"{name} {kind}" for name, kind in columns.items())
            connection.execute(f"create table raw.{table} ({listed})")
        connection.execute("insert into raw.build values (current_timestamp)")
