"""Builds a warehouse from a folder of disclosures, apart from every other build.

The tests that need whole warehouses share this: read, load, transform, each in
folders of its own, so that builds may run side by side.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from ingest import corpus
from ingest.document import Limits
from pipeline.load import load_raw

ROOT = Path(__file__).resolve().parent.parent


class BuildFailed(Exception):
    """The transformation of a test warehouse ended with an error."""


def run_dbt(database: Path, work: Path, *arguments: str, project: Path = ROOT) -> str:
    """Run dbt of this environment on ``database``; its files go to ``work``."""
    environment = os.environ | {
        "WAREHOUSE_BUILD": str(database),
        "DBT_TARGET_PATH": str(work / "target"),
        "DBT_LOG_PATH": str(work / "logs"),
        "JOBS": "1",
    }
    done = subprocess.run(
        [
            str(Path(sys.executable).with_name("dbt")),
            *("--no-use-colors", *arguments),
            *("--project-dir", str(project), "--profiles-dir", str(ROOT)),
        ],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise BuildFailed(done.stdout[-8000:] + done.stderr[-2000:])
    return done.stdout


def build_warehouse(
    disclosures: Path,
    database: Path,
    work: Path,
    limits: Limits = Limits(),  # noqa: B008 - immutable
) -> Path:
    """Build ``database`` from the folder ``disclosures``; return its path."""
    work.mkdir(parents=True, exist_ok=True)
    landing = work / "landing"
    files = corpus.ingest(disclosures, landing, ROOT / "seeds", jobs=1, limits=limits)
    load_raw(database, landing, files)
    run_dbt(
        database,
        work,
        *("build", "--exclude-resource-type", "test"),
        *("--exclude-resource-type", "unit_test"),
    )
    return database


if __name__ == "__main__":
    build_warehouse(Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]))
