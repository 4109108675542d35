"""The semantic layer: MetricFlow asks for metrics and answers what SQL answers."""

from __future__ import annotations

import csv
import os
import shutil
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest

from tests.building import Build
from tests.warehouse import ROOT

_PROJECT = ("models", "seeds", "macros", "analyses", "tests")


@pytest.fixture(scope="module")
def project(samples: Build, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The parsed project with a copy of the samples: MetricFlow writes beside it."""
    folder = tmp_path_factory.mktemp("semantic")
    for name in (*_PROJECT, "dbt_project.yml", "profiles.yml"):
        (folder / name).symlink_to(ROOT / name)
    shutil.copyfile(samples.warehouse, folder / "warehouse.duckdb")
    run(folder, "dbt", "parse", "--project-dir", ".", "--profiles-dir", ".")
    return folder


def run(folder: Path, *command: str) -> str:
    program, *arguments = command
    done = subprocess.run(
        [str(Path(sys.executable).with_name(program)), *arguments],
        cwd=folder,
        env=os.environ
        | {
            "WAREHOUSE_BUILD": str(folder / "warehouse.duckdb"),
            "DBT_PROFILES_DIR": str(folder),
            "DBT_TARGET_PATH": "target",
            "DBT_LOG_PATH": "logs",
        },
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def ask(folder: Path, metrics: str, *group_by: str) -> list[dict[str, str]]:
    """The rows that a BI tool gets."""
    out = folder / f"{metrics}.csv"
    grouped = ",".join(group_by)
    run(
        folder,
        *(
            "mf",
            "query",
            "--metrics",
            metrics,
            "--group-by",
            grouped,
            "--csv",
            str(out),
        ),
    )
    with out.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_expenditure_is_what_sql_sums(samples: Build, project: Path) -> None:
    answered = {
        (
            row["metric_time__year"][:4],
            row["spending__stage"],
            row["unit__unit_name"],
        ): (Decimal(row["expenditure"]), round(float(row["project_share"]), 4))
        for row in ask(
            project,
            "expenditure,project_share",
            *("metric_time__year", "spending__stage", "unit__unit_name"),
        )
    }
    summed = {
        (str(row["fiscal_year"]), row["stage"], row["unit_name"]): (
            row["expenditure"],
            round(float(row["project"] / row["expenditure"]), 4),
        )
        for row in samples.rows(
            "select units.unit_name, fiscal_year, stage, "
            "sum(expenditure_yuan) as expenditure, sum(project_yuan) as project "
            "from marts.fct_spending inner join marts.dim_unit as units "
            "using (unit_id) group by 1, 2, 3"
        )
    }
    assert answered == summed
    assert len(answered) == 3


def test_findings_by_severity(samples: Build, project: Path) -> None:
    answered = {
        row["finding__severity"]: int(row["open_findings"])
        for row in ask(project, "open_findings", "finding__severity")
    }
    counted = {
        row["severity"]: row["n"]
        for row in samples.rows(
            "select severity, count(*) as n from marts.fct_finding "
            "where not is_acknowledged group by 1"
        )
    }
    assert answered == counted != {}
