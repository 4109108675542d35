"""Puts the rows of a worked batch into the warehouse, in the place of those before.

The models run on a database that holds one batch of documents. Which of its tables the
warehouse keeps, and by which column their rows belong to documents, stands beside each
model: ``meta: {kept_by: …}``.

``document_id``
    rows of documents: those of the batch are replaced.
``{column: …, of: …}``
    rows that belong to rows of another kept table, by that column.
``unit_id``
    rows of units, which all documents of a batch that name the unit make together.
``seeds``
    made of seeds alone, the same in every batch, and replaced whole.
``corpus``
    made of kept tables: built on the warehouse itself after the last batch.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import duckdb

from ingest.landing import SCHEMAS
from pipeline.load import attach, connect
from pipeline.statements import Model

LINKS = "intermediate.int_document_link"


@dataclass(frozen=True, slots=True)
class Kept:
    """A table that the warehouse keeps, with what its rows belong to."""

    table: str  # with its schema
    column: str  # document_id, unit_id, seeds or a key of the table `of`
    of: str | None = None

    @classmethod
    def of_model(cls, model: Model) -> Self | None:
        """What a model says of it; None for a table of the batch."""
        if model.kept_by is None:
            return None
        table = f"{model.schema}.{model.name}"
        if isinstance(model.kept_by, str):
            return cls(table, model.kept_by)
        return cls(table, model.kept_by["column"], model.kept_by["of"])


def kept_tables(models: Iterable[Model]) -> list[Kept]:
    """The tables to keep."""
    found = (Kept.of_model(model) for model in models)
    return [kept for kept in found if kept is not None]


def keep(
    warehouse: Path, batch: Path, tables: Sequence[Kept], *, is_corpus: bool
) -> None:
    """Put what ``batch`` holds into ``warehouse``, in the place of what it had before.

    ``is_corpus``: the batch has all documents, so what is made of all is there too.
    """
    with connect(warehouse) as connection:
        attach(connection, batch, "batch")
        connection.execute("begin")
        for table in _all(tables):
            _create(connection, table)
        for kept in tables:
            if kept.column == "seeds":
                connection.execute(f"delete from {kept.table}")
        _take_out(connection, tables, "select document_id from batch.raw.files")
        for table in _all(tables):
            connection.execute(
                f"insert into {table} by name select * from batch.{table}"
            )
        if is_corpus:
            for kept in tables:
                if kept.column == "corpus":
                    _copy(connection, kept.table)
        connection.execute("commit")
        connection.execute("detach batch")


def forget(warehouse: Path, tables: Sequence[Kept], gone: Iterable[str]) -> None:
    """Take the documents ``gone`` out of ``warehouse``."""
    with connect(warehouse) as connection:
        connection.execute("begin")
        connection.execute(
            "create temp table gone as select unnest(cast(? as varchar[])) as document_id",
            [list(gone)],
        )
        _take_out(connection, tables, "select document_id from gone")
        connection.execute("commit")


def _all(tables: Sequence[Kept]) -> list[str]:
    """The names of the tables whose rows come from batches, the raw ones first."""
    raw = ["raw.files", *(f"raw.{table}" for table in SCHEMAS)]
    return raw + [kept.table for kept in tables if kept.column != "corpus"]


def _take_out(
    connection: duckdb.DuckDBPyConnection, tables: Sequence[Kept], documents: str
) -> None:
    """Delete the rows of documents, given by a query, and what hangs on them."""
    (count,) = connection.execute(
        "create or replace temp table replaced as select document_id from raw.files "
        f"where document_id in ({documents})"
    ).fetchone() or (0,)
    if count == 0:
        return  # every table would be searched for nothing
    contents = (
        "select content_id from raw.files inner join replaced using (document_id)"
    )
    for table in SCHEMAS:
        connection.execute(f"delete from raw.{table} where content_id in ({contents})")
    # All documents that name a unit are replaced together, or none.
    units = (
        f"select substr(link_key, 6) from {LINKS} inner join replaced using (document_id) "
        "where link_key like 'unit/%'"
    )
    for kept in sorted(tables, key=lambda kept: (kept.of is None, kept.table == LINKS)):
        if kept.column == "unit_id":
            connection.execute(f"delete from {kept.table} where unit_id in ({units})")
        elif kept.of is not None:
            owners = (
                f"select {kept.column} from {kept.of} "
                "inner join replaced using (document_id)"
            )
            connection.execute(
                f"delete from {kept.table} where {kept.column} in ({owners})"
            )
        elif kept.column not in ("corpus", "seeds"):
            _delete_documents(connection, kept.table)
    _delete_documents(connection, "raw.files")


def _delete_documents(connection: duckdb.DuckDBPyConnection, table: str) -> None:
    connection.execute(
        f"delete from {table} where document_id in (select document_id from replaced)"
    )


def _create(connection: duckdb.DuckDBPyConnection, table: str) -> None:
    schema = table.partition(".")[0]
    connection.execute(f"create schema if not exists {schema}")
    connection.execute(
        f"create table if not exists {table} as select * from batch.{table} limit 0"
    )


def keep_seeds(warehouse: Path, seeded: Path) -> None:
    """Put the knowledge of this build into ``warehouse``, in the place of older."""
    with connect(warehouse) as connection:
        attach(connection, seeded, "batch")
        connection.execute("begin")
        connection.execute("drop schema if exists seeds cascade")
        for (name,) in connection.execute(
            "select table_name from duckdb_tables() "
            "where database_name = 'batch' and schema_name = 'seeds'"
        ).fetchall():
            _copy(connection, f'seeds."{name}"')
        connection.execute("commit")
        connection.execute("detach batch")


def _copy(connection: duckdb.DuckDBPyConnection, table: str) -> None:
    connection.execute(f"create schema if not exists {table.partition('.')[0]}")
    connection.execute(
        f"create or replace table {table} as select * from batch.{table}"
    )
