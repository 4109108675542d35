"""Loads the landed Parquet into the schema ``raw`` of a new DuckDB file."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb

from ingest.folder import File
from ingest.landing import SCHEMAS, selection
from pipeline.settings import memory_limit

# What a build knows of itself and of those before it.
MEMORY_TABLES = {
    "build": {"built_at": "timestamptz"},
    "finding_history": {
        "finding_id": "varchar",
        "first_seen_at": "timestamptz",
        "last_seen_at": "timestamptz",
    },
}


class WarehouseInUse(Exception):
    """Another program has the published warehouse open for writing; says which file."""


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


@contextmanager
def told_if_in_use(warehouse: Path) -> Iterator[None]:
    """Have an error of DuckDB say that another program has ``warehouse`` open, if it has.

    :raises WarehouseInUse: it has; any other error stays what it is.
    """
    try:
        yield
    except duckdb.Error as error:
        if is_in_use(error):
            raise WarehouseInUse(warehouse) from error
        raise


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
    kept = {"content_id", "format", "loaded_at", "reader_version", "reason_code"}
    emptied = ", ".join(f"{name} = null" for name in SCHEMAS["contents"].keys() - kept)
    with connect(database) as connection:
        for table in SCHEMAS.keys() - {"contents"}:
            connection.execute(
                f"delete from raw.{table} where content_id in ({contents})",
                [list(documents)],
            )
        connection.execute(
            f"update raw.contents set {emptied}, reason_code = 'not_workable' "
            f"where content_id in ({contents})",
            [list(documents)],
        )


def create_memory(connection: duckdb.DuckDBPyConnection) -> None:
    """Empty tables for what a build knows of itself and of those before it."""
    connection.execute("create schema if not exists raw")
    for table, columns in MEMORY_TABLES.items():
        listed = ", ".join(f"{name} {kind}" for name, kind in columns.items())
        connection.execute(f"create or replace table raw.{table} ({listed})")
