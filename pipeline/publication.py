"""Publishes a built warehouse: readers see the old one or the new one, whole."""

from __future__ import annotations

import json
import os
import shutil
from contextlib import suppress
from pathlib import Path

import duckdb

from pipeline import audit
from pipeline.checking import Results
from pipeline.history import record_history
from pipeline.load import connect, told_if_in_use

# The columns of `marts.expectation_results`, in the order of a result.
RESULT_COLUMNS = {
    "suite": "varchar",
    "severity": "varchar",
    "expectation": "varchar",
    "table_name": "varchar",
    "description": "varchar",
    "meaning": "varchar",
    "succeeded": "boolean",
    "unexpected_rows": "bigint",
    "examples": "varchar",
    "message": "varchar",
}


class NotReplaceable(Exception):
    """What lies in the place of the warehouse is something else, which stays."""


def require_replaceable(warehouse: Path) -> None:
    """Refuse to put a warehouse in the place of something else.

    A warehouse that is damaged is for ``pipeline/history.py`` to tell.

    :raises NotReplaceable: a folder, a file that is no database, another database.
    :raises WarehouseInUse: another program has it open for writing.
    """
    if not warehouse.exists():
        return
    if warehouse.is_dir():
        raise NotReplaceable(f"{warehouse} 是文件夹，请写出文件名。")
    try:
        with (
            told_if_in_use(warehouse),
            connect(warehouse, read_only=True) as connection,
        ):
            schemas = {
                schema
                for (schema,) in connection.execute(
                    "select distinct table_schema from information_schema.tables"
                ).fetchall()
            }
    except duckdb.Error:
        with warehouse.open("rb") as file:
            start = file.read(12)
        if start and start[8:] != b"DUCK":
            raise NotReplaceable(f"{warehouse} 不是数据库，不会覆盖。") from None
        return
    if schemas and "marts" not in schemas:
        raise NotReplaceable(f"{warehouse} 是另一个数据库，不会覆盖。")


def create(database: Path, storage_version: str = "v1.5.0") -> None:
    """A new, empty warehouse file that clients of DuckDB 1.5 can open too.

    ``storage_version`` is the oldest DuckDB that can.
    """
    remove(database)
    database.parent.mkdir(parents=True, exist_ok=True)
    with connect(Path(":memory:")) as connection:
        path = str(database).replace("'", "''")
        connection.execute(
            f"attach '{path}' as warehouse (storage_version '{storage_version}')"
        )


def lay(database: Path, seeded: Path) -> None:
    """A copy of ``seeded`` in the place of ``database``."""
    remove(database)
    database.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(seeded, database)


def remove(database: Path) -> None:
    """Delete a warehouse file, its log and what a killed process had spilled."""
    for path in (database, _log(database)):
        path.unlink(missing_ok=True)
    shutil.rmtree(database.with_name(f"{database.name}.tmp"), ignore_errors=True)


def _log(database: Path) -> Path:
    return database.with_name(f"{database.name}.wal")


def _seal(database: Path) -> Path:
    return database.with_name(f".{database.name}.seal")


def _sealed(database: Path) -> str:
    """Which file it is, and its state."""
    state = database.stat()
    return f"{state.st_ino} {state.st_size} {state.st_mtime_ns}"


def require_unused(warehouse: Path) -> None:
    """Refuse to replace a warehouse that somebody writes into.

    :raises WarehouseInUse: another program has it open for writing.
    """
    if not warehouse.exists():
        return
    # One that is damaged is in the way of nobody.
    with suppress(duckdb.Error), told_if_in_use(warehouse):
        connect(warehouse, read_only=True).close()


def set_log_aside(warehouse: Path) -> Path | None:
    """Move away a log of another file, which keeps everybody from opening this one.

    Gives its new place. It is left where a warehouse was put in the place of one that
    a program had open for writing.
    """
    if not _log(warehouse).exists():
        return None
    try:
        connect(warehouse, read_only=True).close()
    except duckdb.Error as error:
        if "WAL does not match" in str(error):
            return _log(warehouse).replace(
                warehouse.with_name(f"{warehouse.name}.wal.former")
            )
    return None


def place(warehouse: Path) -> int | None:
    """Which file it is: another one after each publication, None where nobody sees one."""
    try:
        return warehouse.stat().st_ino
    except OSError:
        return None


def is_changed(warehouse: Path) -> bool:
    """Whether another program has written into a warehouse since it was published.

    Nothing of it may be kept then. Of a file that came from elsewhere nothing is known,
    nor of one that was published when its seal was not: the moment between the two.
    """
    try:
        known, found = _seal(warehouse).read_text(encoding="ascii"), _sealed(warehouse)
    except (OSError, ValueError):
        return False
    return known.split()[:1] == found.split()[:1] and known != found


def tells_of_damage(error: Exception | str) -> bool:
    """Whether an error is that the engine has met a damaged block, as its checksum says."""
    return "Corrupt database file" in str(error)


def discard(database: Path) -> None:
    """Delete the folder of a warehouse that is made, with all that lies in it.

    Earlier builds left a file of that name when they were killed.
    """
    folder = database.parent
    if folder.is_dir():
        shutil.rmtree(folder)
    else:
        folder.unlink(missing_ok=True)


def record_build(
    database: Path,
    build_id: str,
    seconds: dict[str, float],
    results: Results,
    manifest: Path,
) -> None:
    """Keep in the warehouse itself how it was built, what was expected, what it means.

    ``manifest`` is dbt's, with the descriptions of tables and columns.
    """
    with connect(database) as connection:
        connection.execute("create schema if not exists meta")
        connection.execute(
            "create or replace table meta.build as select ? as build_id, built_at from raw.build",
            [build_id],
        )
        connection.execute(
            "create or replace table meta.build_step (step varchar, seconds decimal(10, 2))"
        )
        for step, duration in seconds.items():
            connection.execute(
                "insert into meta.build_step values (?, ?)", [step, duration]
            )
        record_history(connection)
        record_results(connection, results)
        # More than a thousand statements: each by itself they take seconds.
        connection.begin()
        audit.comment(connection, manifest)
        audit.create_views(connection)
        connection.commit()
        connection.execute("checkpoint")


def record_results(connection: duckdb.DuckDBPyConnection, results: Results) -> None:
    """Fill ``marts.expectation_results``; the examples are JSON."""
    columns = ", ".join(f"{name} {kind}" for name, kind in RESULT_COLUMNS.items())
    connection.execute(f"create or replace table marts.expectation_results ({columns})")
    connection.executemany(
        "insert into marts.expectation_results values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            [
                json.dumps(value, ensure_ascii=False) if name == "examples" else value
                for name, value in result.items()
            ]
            for result in results
        ],
    )


def publish(database: Path, warehouse: Path) -> None:
    """Put ``database`` in the place of ``warehouse`` in one step.

    :raises WarehouseInUse: a program has that open for writing. It would write on into
        the file that was replaced, and its log lies, by its name, beside the new one.
    """
    require_unused(warehouse)
    with database.open("rb+") as file:
        os.fsync(file.fileno())
    seal = _seal(warehouse)
    beside = database.with_name(seal.name)
    beside.write_text(_sealed(database), encoding="ascii")
    beside.replace(seal)
    # Left by a program that wrote into the warehouse and was killed; beside another
    # file it would keep everybody from opening that.
    _log(warehouse).unlink(missing_ok=True)
    database.replace(warehouse)
    remove(database)
