"""Runs the real command, ``python -m pipeline.build``, apart from every other build."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from pipeline.load import connect
from pipeline.versions import seeds_version, version
from tests.warehouse import ROOT

Row = dict[str, Any]


@dataclass(frozen=True)
class Build:
    """One run of the command: where it published, how it ended, what it said."""

    warehouse: Path
    exit_code: int
    output: str
    errors: str

    @property
    def batch(self) -> Path:
        """What the models ran on last, with all tables on the way to the marts."""
        return self.warehouse.parent / "work" / "batch" / "warehouse.duckdb"

    def rows(self, sql: str, *parameters: object) -> list[Row]:
        """What a query finds in the published warehouse."""
        return _rows(self.warehouse, sql, parameters)

    def batch_rows(self, sql: str) -> list[Row]:
        """What a query finds in the batch that was worked last."""
        return _rows(self.batch, sql, ())

    def one(self, sql: str, *parameters: object) -> Row:
        """The only row of a query."""
        rows = self.rows(sql, *parameters)
        assert len(rows) == 1, rows
        return rows[0]

    def value(self, sql: str, *parameters: object) -> Any:
        """The only value of a query."""
        (value,) = self.one(sql, *parameters).values()
        return value


def _rows(database: Path, sql: str, parameters: Sequence[object]) -> list[Row]:
    with reading(database) as connection:
        result = connection.execute(sql, list(parameters))
        names = [column[0] for column in result.description or ()]
        return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


@contextmanager
def reading(warehouse: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A read-only connection to a published warehouse, closed at the end."""
    connection = connect(warehouse, read_only=True)
    try:
        yield connection
    finally:
        connection.close()


def environment(disclosures: Path, folder: Path, **settings: str) -> dict[str, str]:
    """The environment of a build that works and publishes inside ``folder``."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in ("STRICT", "SQL", "ROWS") and not name.startswith("CHECKED_")
    }
    return kept | {
        "DISCLOSURES": str(disclosures),
        "WAREHOUSE": str(folder / "warehouse.duckdb"),
        "WORK": str(folder / "work"),
        "JOBS": "2",
        "PYTHONUTF8": "1",
        **settings,
    }


def start(
    disclosures: Path, folder: Path, project: Path = ROOT, **settings: str
) -> subprocess.Popen[str]:
    """Start the command and return at once.

    It begins with what dbt compiled for another build of the same version, if any
    ended in a run of tests: that takes longer than most builds.
    """
    if project == ROOT:
        prepare(folder / "work")
    return subprocess.Popen(
        [sys.executable, "-m", "pipeline.build"],
        cwd=project,
        env=environment(disclosures, folder, **settings),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )


def prepare(work: Path) -> None:
    """Have a build find in ``work`` what dbt compiled for another one, if any did."""
    if _prepared().exists() and not work.exists():
        shutil.copytree(_prepared(), work)


def finish(process: subprocess.Popen[str], folder: Path) -> Build:
    """Wait for the command."""
    output, errors = process.communicate(timeout=900)
    if process.returncode == 0:
        keep_prepared(folder / "work")
    return Build(folder / "warehouse.duckdb", process.returncode, output, errors)


def _prepared() -> Path:
    return ROOT / ".build" / "prepared" / f"{version()}-{seeds_version()}"


def keep_prepared(work: Path) -> None:
    """Keep what does not depend on documents; another process may do the same."""
    made_of = work / "seeds" / "version"  # of a copy of the project, it may be
    if (
        _prepared().exists()
        or not (work / "dbt" / "models.json").exists()
        or not made_of.read_text().startswith(f"{version()} {seeds_version()} ")
    ):
        return
    _prepared().parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=_prepared().parent) as beside:
        whole = Path(beside) / "work"
        for part in ("seeds", "dbt"):
            shutil.copytree(work / part, whole / part)
        with contextlib.suppress(OSError):  # it is there by now
            whole.rename(_prepared())


def build(
    disclosures: Path, folder: Path, project: Path = ROOT, **settings: str
) -> Build:
    """Run the command to its end."""
    folder.mkdir(parents=True, exist_ok=True)
    return finish(start(disclosures, folder, project, **settings), folder)
