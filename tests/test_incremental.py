"""Builds of what changed give what one build of everything gives, row for row."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path

import duckdb
import pytest

from tests.building import Build, build
from tests.test_documents import corpus

TUNLIU = "山西省/长治市/屯留区"
COUNTY = "云南省/玉溪市/新平县"

# Corrected editions, the same figures twice, a department beside its units, rows of
# units, and what stands alone.
CHOSEN = (
    f"{TUNLIU}/水利局2024年部门预算.txt",
    f"{TUNLIU}/水利局2024年部门预算（更正）.txt",
    f"{TUNLIU}/统计/统计局.txt",
    f"{TUNLIU}/统计/普查中心.txt",
    f"{COUNTY}/教育/教育体育局部门预算.txt",
    f"{COUNTY}/教育/教育体育局本级单位预算.txt",
    f"{COUNTY}/教育/第一中学单位预算.txt",
    f"{COUNTY}/民政/局.txt",
    f"{COUNTY}/民政/福利院.txt",
    f"{COUNTY}/民政/救助站.txt",
)
CORRECTION, SCHOOL, HOME, SHELTER = (CHOSEN[place] for place in (1, 6, 8, 9))
ALONE = "四川/审计.txt"  # of no place that another names

# When something happened is another time in every build.
TIMES = ("loaded_at", "first_seen_at", "last_seen_at")


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    every = corpus()
    return {name: every[name] for name in CHOSEN}


def _write(folder: Path, texts: dict[str, str], names: Iterable[str]) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(texts[name], encoding="utf-8")


@pytest.fixture(scope="module")
def whole(texts: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Build:
    """All documents at once, in one batch."""
    work = tmp_path_factory.mktemp("whole")
    _write(work / "disclosures", texts, texts)
    done = build(work / "disclosures", work)
    assert done.exit_code == 0, done.errors
    return done


@pytest.fixture(scope="module")
def steps(
    texts: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> list[Build]:
    """Some documents, one of them otherwise; then the others, in small batches.

    In the end one leaves with which nothing else has to be worked.
    """
    work = tmp_path_factory.mktemp("steps")
    folder = work / "disclosures"
    _write(folder, texts, [name for name in texts if name not in (CORRECTION, SHELTER)])
    # what will be changed, what will be deleted
    _write(folder, {SCHOOL: texts[SCHOOL].replace("905", "906")}, [SCHOOL])
    _write(folder, {"民政/福利院（旧）.txt": texts[HOME]}, ["民政/福利院（旧）.txt"])
    _write(folder, corpus(), [ALONE])
    done = [build(folder, work)]
    _write(folder, texts, [SCHOOL, CORRECTION, SHELTER])
    shutil.rmtree(folder / "民政")
    done.append(build(folder, work, BATCH_DOCUMENTS="3"))
    (folder / ALONE).unlink()
    done.append(build(folder, work))
    for step in done:
        assert step.exit_code == 0, step.errors
    return done


def differences(one: Path, other: Path) -> dict[str, tuple[int, int]]:
    """The tables that are not the same, with the rows that only either has."""
    differences: dict[str, tuple[int, int]] = {}
    with duckdb.connect() as connection:
        for name, path in (("one", one), ("other", other)):
            connection.execute(f"attach '{path}' as {name} (read_only)")
        tables = connection.execute(
            "select schema_name || '.' || table_name, list(column_name) "
            "from duckdb_columns() where database_name = 'one' and schema_name in "
            "('marts', 'seeds', 'staging', 'intermediate') group by all"
        ).fetchall()
        assert len(tables) > 90
        for table, columns in tables:
            listed = ", ".join(f'"{name}"' for name in columns if name not in TIMES)
            if table == "marts.expectation_results":
                listed = "description, succeeded, unexpected_rows"
            rows = tuple(
                connection.execute(
                    f"select count(*) from (select {listed} from {first}.{table} "
                    f"except all select {listed} from {second}.{table})"
                ).fetchone()
                for first, second in (("one", "other"), ("other", "one"))
            )
            counts = tuple(count for row in rows if row is not None for count in row)
            if counts != (0, 0):
                differences[table] = (counts[0], counts[1])
    return differences


def test_step_by_step_gives_what_one_build_gives(
    whole: Build, steps: list[Build]
) -> None:
    assert differences(whole.warehouse, steps[-1].warehouse) == {}


def test_it_was_worth_comparing(whole: Build) -> None:
    """Documents of different batches do say something of each other."""
    rules = {
        row["rule_id"]
        for row in whole.rows(
            "select distinct rule_id from marts.fct_identity where rule_id in "
            "('department_documents', 'unit_documents')"
        )
    }
    assert rules == {"department_documents", "unit_documents"}
    statuses = {
        row["status"]
        for row in whole.rows("select distinct status from marts.dim_document")
    }
    assert statuses == {"loaded", "duplicate", "superseded"}


def test_the_first_time_of_a_finding_is_kept(steps: list[Build]) -> None:
    built_at = steps[-1].value("select built_at from meta.build")
    seen = steps[-1].one(
        "select count(*) as findings, count(distinct last_seen_at) as times, "
        "min(first_seen_at) as earliest from marts.fct_finding"
    )
    assert seen["findings"] > 0
    # one that was not worked again is seen by this build all the same
    assert seen["times"] == 1
    assert seen["earliest"] < built_at


def test_a_build_with_nothing_new_ends_at_once(
    steps: list[Build],
) -> None:
    last = steps[-1].warehouse
    before = last.read_bytes()
    folder = last.parent
    again = build(folder / "disclosures", folder)
    assert again.exit_code == 0, again.errors
    assert "没有变化" in again.output
    assert "运行模型" not in again.output
    assert last.read_bytes() == before
