"""Does Spark compute what DuckDB computes?

Both read the same folder, each by its own way of reading, and run the same models.
Then every landed table and every mart is compared, row for row and in both
directions, and every column by its type. Left out is when something was read or built.
Ends with 1 if a row differs.

    python -m tests.spark.parity                 the folder DISCLOSURES
    python -m tests.spark.parity --documents 100 so many made ones
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb

from distributed.build import model
from distributed.reading import read
from distributed.session import session
from ingest.landing import SCHEMAS
from pipeline.load import connect
from tests.forge.make import disclosures
from tests.warehouse import ROOT, build_warehouse

# When something was read, built or seen differs between any two builds.
TIMES = {"built_at", "loaded_at", "first_seen_at", "last_seen_at"}


@dataclass(frozen=True, slots=True)
class Comparison:
    """One table in both engines."""

    table: str
    rows: int
    only_duckdb: int
    only_spark: int
    differing: tuple[str, ...]

    @property
    def is_equal(self) -> bool:
        return not (self.only_duckdb or self.only_spark or self.differing)


def compare(
    warehouse: Path, lake: Path, schemas: tuple[str, ...] = ("marts",)
) -> Iterator[Comparison]:
    """Each table of the schemas, and each landed one."""
    with connect(warehouse, read_only=True) as connection:
        for schema, table in connection.execute(
            "select table_schema, table_name from information_schema.tables "
            "where table_type = 'BASE TABLE' order by all"
        ).fetchall():
            if schema == "raw" and table in ("files", *SCHEMAS):
                yield _compared(connection, schema, table, lake / "landing" / table)
            elif schema in schemas:
                path = lake / "tables" / f"{schema}.db" / table
                yield _compared(connection, schema, table, path)


def _compared(
    connection: duckdb.DuckDBPyConnection, schema: str, table: str, folder: Path
) -> Comparison:
    name = f"{schema}.{table}"
    if not any(folder.glob("*.parquet")):
        # A seed without rows is a folder without files.
        rows = _count(connection, f"from {name}")
        is_missing = rows or not folder.is_dir()
        return Comparison(
            name, rows, rows, 0, ("(the whole table)",) if is_missing else ()
        )
    parquet = f"read_parquet('{folder}/*.parquet')"
    types = _types(connection, f"from {name}")
    spark_types = _types(connection, f"from {parquet}")
    differing = [
        f"{column}: {types.get(column)} / {spark_types.get(column)}"
        for column in {**types, **spark_types}
        if types.get(column) != spark_types.get(column)
        # What is summed or counted is wider in the one or the other between the
        # marts; these promise their types.
        and schema == "marts"
    ]
    columns = ", ".join(f'"{column}"' for column in types if column not in TIMES)
    if not columns:  # when the build was, and nothing else
        return Comparison(name, 0, 0, 0, ())
    one = f"select {columns} from {name}"
    other = f"select {columns} from {parquet}"
    counts = [
        _count(connection, query)
        for query in (one, f"{one} except all {other}", f"{other} except all {one}")
    ]
    if counts[1] or counts[2]:
        differing += [
            column
            for column in types
            if column not in TIMES
            and _count(
                connection,
                f'(select "{column}" from {name} except all '
                f'select "{column}" from {parquet})',
            )
        ]
    return Comparison(name, counts[0], counts[1], counts[2], tuple(differing))


def _types(connection: duckdb.DuckDBPyConnection, source: str) -> dict[str, str]:
    rows = connection.execute(f"describe {source}").fetchall()
    return {name: kind for name, kind, *_ in rows}


def _count(connection: duckdb.DuckDBPyConnection, query: str) -> int:
    row = connection.execute(f"select count(*) from ({query})").fetchone()
    assert row is not None
    return int(row[0])


def _forge(folder: Path, count: int, seed: int) -> Path:
    """Made disclosures, in folders of about a hundred like those of counties."""
    names = random.Random(seed).sample(range(10 * count), count)
    for disclosure, name in zip(disclosures(count, seed), names, strict=True):
        county = folder / f"{disclosure.number // 100:03d}"
        county.mkdir(parents=True, exist_ok=True)
        (county / f"{name:06d}-{disclosure.file_name}").write_bytes(
            disclosure.content()
        )
    return folder


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--documents", type=int, help="made ones; else a folder")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--work", type=Path, help="folder to keep")
    parser.add_argument("--schemas", nargs="+", default=["marts"])
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="parity-") as temporary:
        work = (arguments.work or Path(temporary)).resolve()
        work.mkdir(parents=True, exist_ok=True)
        folder = Path(os.environ.get("DISCLOSURES") or ROOT / "disclosures")
        if arguments.documents:
            folder = _forge(work / "made", arguments.documents, arguments.seed)
        seconds: dict[str, float] = {}
        started = time.perf_counter()
        warehouse = work / "warehouse.duckdb"
        build_warehouse(folder, warehouse, work / "duckdb")
        seconds["DuckDB"] = time.perf_counter() - started
        started = time.perf_counter()
        lake = work / "lake"
        spark = session(lake / "tables")
        read(spark, str(folder.resolve()), str(lake / "landing"))
        seconds["Spark, reading"] = time.perf_counter() - started
        started = time.perf_counter()
        model(spark, str(lake), work, 2)
        seconds["Spark, models"] = time.perf_counter() - started
        spark.stop()
        compared = list(compare(warehouse, lake, tuple(arguments.schemas)))
    for each in compared:
        if not each.is_equal:
            print(
                f"{each.table}: {each.rows} rows, {each.only_duckdb} only in DuckDB, "
                f"{each.only_spark} only in Spark; {', '.join(each.differing)}"
            )
    equal = sum(each.is_equal for each in compared)
    rows = sum(each.rows for each in compared)
    print(f"{equal} of {len(compared)} tables are equal, {rows} rows")
    print(", ".join(f"{name} {time_:.0f} s" for name, time_ in seconds.items()))
    return 0 if compared and equal == len(compared) else 1


if __name__ == "__main__":
    sys.exit(main())
