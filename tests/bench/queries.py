"""How fast are auditors' queries, on the warehouse and on plain Parquet?

Twelve of the saved questions (``analyses/``) run on a published warehouse, opened as
``make query`` opens it, and on its marts written as Parquet, one file a table, behind
views of the same names. Each side has a new connection for every question: the first
run counts apart, then the two sides answer in turn; the whole answer is taken as
Arrow. Kept are the milliseconds of the first run and the median of the others, by the
clock and of the processors (which others on the machine lengthen less), and the bytes
of the warehouse and of the Parquet.

    python -m tests.bench.queries WAREHOUSE --work .build/bench
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median

import duckdb

from pipeline.query import open_read_only
from pipeline.words import FACTS
from tests.bench.results import RESULTS, ROOT, keep

QUESTIONS = (
    *("totals_that_do_not_add_up", "open_findings_over_one_million"),
    *("disputed_amounts", "text_against_tables", "how_sure_is_a_document"),
    *("final_accounts_against_their_own_budget", "three_public_by_unit"),
    *("spending_year_on_year", "spending_by_function", "operating_cost_per_unit"),
    *("largest_projects", "project_share_by_county"),
)


def question(name: str) -> str:
    return (ROOT / "analyses" / f"{name}.sql").read_text(encoding="utf-8")


def write_parquet(warehouse: Path, folder: Path) -> None:
    """The tables of the questions, as they are, one file each."""
    folder.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        for table in tables(connection):
            target = folder / f"{table}.parquet"
            connection.execute(
                f"copy {table} to '{target}' (format parquet, compression zstd)"
            )


def tables(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """What the questions read: ``marts.fct_spending``."""
    names: set[str] = set()
    for name in QUESTIONS:
        used = connection.get_table_names(question(name), qualified=True)
        names |= {table.split()[0] for table in used}  # without an alias
    return sorted(name for name in names if name.startswith("marts."))


def on_parquet(folder: Path) -> duckdb.DuckDBPyConnection:
    """A session on the files alone."""
    connection = duckdb.connect()
    connection.execute("create schema marts")
    for file in sorted(folder.glob("marts.*.parquet")):
        connection.execute(f"create view {file.stem} as from read_parquet('{file}')")
    connection.execute("set enable_progress_bar = false")
    connection.execute("set memory_limit = '50%'")
    return connection


def answer(connection: duckdb.DuckDBPyConnection, sql: str) -> tuple[float, float, int]:
    """Milliseconds by the clock and of the processors, and rows, of one run."""
    started, worked = time.perf_counter(), time.process_time()
    result = connection.sql(sql).to_arrow_table()
    return (
        (time.perf_counter() - started) * 1000,
        (time.process_time() - worked) * 1000,
        result.num_rows,
    )


def measure(
    warehouse: Path, folder: Path, name: str, runs: int
) -> dict[str, float | int]:
    """Ask one question of both, by turns."""
    sql = question(name)
    with open_read_only(warehouse) as own, on_parquet(folder) as plain:
        first, _, rows = answer(own, sql)
        plain_first, _, plain_rows = answer(plain, sql)
        if rows != plain_rows:
            raise SystemExit(f"{name}: {rows} rows, on Parquet {plain_rows}")
        turns = [answer(own, sql)[:2] + answer(plain, sql)[:2] for _ in range(runs)]
    warm, work, plain_warm, plain_work = map(median, zip(*turns, strict=True))
    return {
        "rows": rows,
        "first_ms": round(first, 1),
        "warm_ms": round(warm, 1),
        "processor_ms": round(work, 1),
        "parquet_first_ms": round(plain_first, 1),
        "parquet_warm_ms": round(plain_warm, 1),
        "parquet_processor_ms": round(plain_work, 1),
    }


def sizes(warehouse: Path, folder: Path) -> dict[str, int]:
    """Bytes, and what they hold."""
    with duckdb.connect(str(warehouse), read_only=True) as connection:

        def counted(table: str) -> int:
            rows = connection.execute(f"select count(*) from marts.{table}").fetchall()
            return int(rows[0][0])

        return {
            "documents": counted("dim_document"),
            "facts": sum(map(counted, FACTS)),
            "cells": counted("dim_source_cell"),
            "warehouse_bytes": warehouse.stat().st_size,
            "parquet_bytes": sum(file.stat().st_size for file in folder.iterdir()),
        }


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("warehouse", type=Path)
    parser.add_argument("--work", type=Path, required=True, help="for the Parquet")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--results", type=Path, default=RESULTS)
    chosen = parser.parse_args(arguments)
    folder = chosen.work.absolute() / f"{chosen.warehouse.stem}.parquet"
    write_parquet(chosen.warehouse, folder)
    held = sizes(chosen.warehouse, folder)
    answers = {}
    for name in QUESTIONS:
        answers[name] = measure(chosen.warehouse, folder, name, chosen.runs)
        print(f"{name:45}", json.dumps(answers[name]), flush=True)
    keep(
        chosen.results,
        "queries",
        held["documents"],
        runs=chosen.runs,
        answers=answers,
        **held,
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
