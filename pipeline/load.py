"""Loads the landed Parquet into the schema ``raw`` of a new DuckDB file."""

from __future__ import annotations

import os
from collections.abc import Collection, Sequence
from pathlib import Path

import duckdb

from ingest.folder import File
from ingest.landing import SCHEMAS, selection
from pipeline.settings import MODEL_MEMORY_MB

# What a build knows of itself and of those before it.
MEMORY_TABLES = {
    "build": {"built_at": "timestamptz"},
    "finding_history": {
        "finding_id": "varchar",
        "first_seen_at": "timestamptz",
        "last_seen_at": "timestamptz",
    },
}


def memory_limit() -> str:
    """What DuckDB may hold in memory; it writes the rest to the disk.

    Left to itself it takes most of the machine's, as the warehouse grows.
    """
    return f"{os.environ.get('MODEL_MEMORY_MB') or MODEL_MEMORY_MB}MB"


def connect(database: Path, *, read_only: bool = False) -> duckdb.DuckDBPyConnection:
    """Open a warehouse file, within the memory limit; it never reaches for the network."""
    return duckdb.connect(
        str(database),
        read_only=read_only,
        config={
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "memory_limit": memory_limit(),
        },
    )


def is_in_use(error: duckdb.Error) -> bool:
    """Whether an error is that another program has a database open for writing.

    That of a damaged block speaks of no lock, and has the word in it.
    """
    return "set lock on file" in str(error)


def attach(connection: duckdb.DuckDBPyConnection, database: Path, name: str) -> None:
    """Have a connection read another database too, under a name."""
    path = str(database).replace("'", "''")
    connection.execute(f"attach '{path}' as {name} (read_only)")


def load_raw(
    database: Path,
    landing: Path,
    files: Sequence[File],
    document_ids: Collection[str] | None = None,
) -> None:
    """Fill the schema ``raw`` from what was landed of ``files``.

    With ``document_ids`` only these documents, which ``files`` must have. The database
    has no past yet; ``pipeline/history.py`` gives it one.
    """
    names = sorted({file.landed_name for file in files})
    with connect(database) as connection:
        connection.execute("create schema raw")
        connection.execute(
            "create table raw.files as select * from read_parquet(?)",
            [str(landing / "files.parquet")],
        )
        if document_ids is not None:
            connection.execute(
                "delete from raw.files where document_id not in "
                "(select unnest(cast(? as varchar[])))",
                [list(document_ids)],
            )
        for table in SCHEMAS:
            rows = selection(landing, table, names)
            connection.execute(f"create table raw.{table} as {rows}")
        create_memory(connection)
        connection.execute("insert into raw.build values (current_timestamp)")


def set_aside(database: Path, documents: Collection[str]) -> None:
    """Have the schema ``raw`` reject documents, with nothing of what they print."""
    contents = (
        "select content_id from raw.files "
        "where document_id in (select unnest(cast(? as varchar[])))"
    )
    kept = {"content_id", "format", "loaded_at", "reader_version"}
    emptied = ", ".join(f"{name} = null" for name in SCHEMAS["contents"].keys() - kept)
    with connect(database) as connection:
        for table in SCHEMAS.keys() - {"contents"}:
            connection.execute(
                f"delete from raw.{table} where content_id in ({contents})",
                [list(documents)],
            )
        connection.execute(
            f"update raw.contents set {emptied} where content_id in ({contents})",
            [list(documents)],
        )
        connection.execute(
            "update raw.contents set reason_code = 'not_workable' "
            f"where content_id in ({contents})",
            [list(documents)],
        )


def create_memory(connection: duckdb.DuckDBPyConnection) -> None:
    """Empty tables for what a build knows of itself and of those before it."""
    connection.execute("create schema if not exists raw")
    for table, columns in MEMORY_TABLES.items():
        listed = ", ".join(f"{name} {kind}" for name, kind in columns.items())
        connection.execute(f"create or replace table raw.{table} ({listed})")
