"""An auditor's memory: findings keep their name, remember when they were seen, and
stay acknowledged until their figures change."""

from __future__ import annotations

import datetime as dt
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest

from pipeline import acknowledgements, publication
from pipeline.history import load_history, record_history
from pipeline.load import WarehouseInUse, connect, create_memory, is_in_use
from tests.building import Build, Row, build
from tests.test_bad_input import changed, disclosure
from tests.warehouse import ROOT

COLUMNS = "finding_id,figures_fingerprint,reason,reference,acknowledged_on\n"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project in a place of its own, where an auditor may write into the seeds."""
    folder = tmp_path_factory.mktemp("project")
    for name in ("ingest", "pipeline", "expectations", "models", "macros", "seeds"):
        shutil.copytree(ROOT / name, folder / name)
    shutil.copytree(ROOT / "tests" / "dbt", folder / "tests" / "dbt")
    for name in ("dbt_project.yml", "profiles.yml"):
        shutil.copy(ROOT / name, folder / name)
    return folder


@dataclass(frozen=True)
class Story:
    """Four builds in one place."""

    first: Row
    renamed: Build
    accepted: Row
    page: str
    changed: Build
    other: Row
    again: Build
    reopened: Row


def _error(built: Build) -> Row:
    """The only finding of severity error."""
    return built.one("select * from marts.fct_finding where severity = 'error'")


@pytest.fixture(scope="module")
def story(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Story:
    folder = tmp_path_factory.mktemp("memory")
    disclosures = folder / "disclosures"
    disclosures.mkdir()
    wrong = disclosure("渡口", changed(2, 2, "110.00"))
    acknowledged = project / "seeds" / "acknowledged_findings.csv"

    def run(**settings: str) -> Build:
        return build(disclosures, folder, project=project, **settings)

    (disclosures / "budget.txt").write_text(wrong, encoding="utf-8")
    first = _error(run())

    # Renamed, in another folder, beside another document that comes before it.
    (disclosures / "2025" / "b").mkdir(parents=True)
    (disclosures / "budget.txt").rename(disclosures / "2025" / "b" / "预算.txt")
    (disclosures / "a.txt").write_text(disclosure("林场"), encoding="utf-8")
    line = f"{first['finding_id']},{first['figures_fingerprint']}"
    acknowledged.write_text(
        f"{COLUMNS}{line},涉密项目,审字〔2026〕1号,2026-03-01\n"
        "f0000000000000000,p0000000000000000,抄错,审字〔2026〕2号,2026/3/1\n",
        encoding="utf-8",
    )
    renamed = run(STRICT="1")
    accepted = _error(renamed)
    page = renamed.warehouse.with_suffix(".checks.html").read_text(encoding="utf-8")

    # Published anew with another figure, which is wrong too.
    (disclosures / "2025" / "b" / "预算.txt").write_text(
        disclosure("渡口", changed(2, 2, "120.00")), encoding="utf-8"
    )
    other_figures = run(STRICT="1")
    other = _error(other_figures)

    # The first edition again, but accepted were other figures.
    (disclosures / "2025" / "b" / "预算.txt").write_text(wrong, encoding="utf-8")
    acknowledged.write_text(
        f"{COLUMNS}{first['finding_id']},p0123456789abcdef,尾差,审字〔2026〕3号,2026-03-02\n",
        encoding="utf-8",
    )
    again = run(STRICT="1")
    return Story(
        first, renamed, accepted, page, other_figures, other, again, _error(again)
    )


def test_a_finding_is_new_once(story: Story) -> None:
    assert story.first["first_seen_at"] == story.first["last_seen_at"]
    assert story.first["acknowledgement"] == "open"
    assert story.first["acknowledged_on"] is None


def test_a_finding_keeps_its_name(story: Story) -> None:
    """Neither the name of the file nor other documents have a part in it."""
    assert story.accepted["finding_id"] == story.first["finding_id"]
    assert story.accepted["figures_fingerprint"] == story.first["figures_fingerprint"]
    assert story.accepted["first_seen_at"] == story.first["first_seen_at"]
    assert story.accepted["last_seen_at"] > story.first["last_seen_at"]


def test_an_acknowledged_finding_is_visible_and_not_open(story: Story) -> None:
    assert story.renamed.exit_code == 0, story.renamed.errors
    assert story.accepted["is_acknowledged"] is True
    assert story.accepted["acknowledgement_reason"] == "涉密项目"
    assert story.accepted["acknowledgement_reference"] == "审字〔2026〕1号"
    assert story.accepted["acknowledged_on"] == dt.date(2026, 3, 1)
    assert "[错误]（已确认） 云溪县渡口管理站2025年预算" in story.renamed.output
    assert "待处理 0，已确认 1" in story.renamed.output
    assert "已确认：涉密项目（审字〔2026〕1号，2026-03-01）" in story.page


def test_an_acknowledgement_of_nothing_is_told(story: Story) -> None:
    assert "确认记录中有 1 条没有对应的发现：f0000000000000000" in story.renamed.output


def test_other_figures_are_another_finding(story: Story) -> None:
    assert story.changed.exit_code == 3
    assert story.other["finding_id"] != story.first["finding_id"]
    assert story.other["acknowledgement"] == "open"
    assert story.other["first_seen_at"] > story.first["first_seen_at"]


def test_a_finding_that_comes_back_was_seen_first_when_it_was(story: Story) -> None:
    assert story.reopened["finding_id"] == story.first["finding_id"]
    assert story.reopened["first_seen_at"] == story.first["first_seen_at"]
    assert story.reopened["last_seen_at"] > story.other["last_seen_at"]


def test_a_finding_whose_figures_changed_is_open_again(story: Story) -> None:
    assert story.again.exit_code == 3
    assert story.reopened["is_acknowledged"] is False
    assert story.reopened["acknowledgement"] == "reopened"
    assert story.reopened["acknowledgement_reason"] == "尾差"
    assert "[错误]（确认后数字已变）" in story.again.output


def test_what_is_gone_is_remembered_and_not_shown(story: Story) -> None:
    gone = story.other["finding_id"]
    assert not story.again.rows(
        "select 1 from marts.fct_finding where finding_id = ?", gone
    )
    remembered = story.again.one(
        "select * from meta.finding_history where finding_id = ?", gone
    )
    assert remembered["last_seen_at"] == story.other["last_seen_at"]


# --- what auditors write ---------------------------------------------------------

GOOD = "f0123456789abcdef,p0123456789abcdef,尾差,审字〔2026〕3号,2026-03-02\n"


@pytest.mark.parametrize(
    "text",
    [
        COLUMNS,
        COLUMNS + GOOD,
        "\ufeff" + COLUMNS + GOOD,
        COLUMNS + GOOD.replace("2026-03-02", "2026/3/2"),
        COLUMNS + GOOD.replace("尾差", '"尾差，见""说明"", 第 2 页"'),
        (COLUMNS + GOOD).replace("\n", "\r\n"),
        COLUMNS + GOOD + GOOD.replace(",p0", ",p1"),
    ],
)
def test_lines_that_can_be_used(tmp_path: Path, text: str) -> None:
    path = tmp_path / "acknowledged_findings.csv"
    path.write_bytes(text.encode())
    acknowledgements.check(path)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "第 1 行应为 finding_id,"),
        ("finding_id,reason\nf1,尾差\n", "第 1 行应为 finding_id,"),
        (COLUMNS + "f1,p1,尾差\n", "第 2 行应有 5 栏，实有 3 栏"),
        (COLUMNS + "\n" + GOOD, "第 2 行应有 5 栏，实有 0 栏"),
        (COLUMNS + GOOD.replace("尾差", "尾差,余"), "第 2 行应有 5 栏，实有 6 栏"),
        (COLUMNS + GOOD.replace("尾差", " "), "第 2 行 reason 没有填写"),
        (COLUMNS + GOOD.replace("p0123456789abcdef", "1.23E+11"), "不是查询所给的值"),
        (COLUMNS + GOOD.replace("f0", "F0"), "第 2 行 finding_id 不是查询所给的值"),
        (COLUMNS + GOOD.replace("2026-03-02", "去年"), "第 2 行日期应如 2026-03-01"),
        (COLUMNS + GOOD + GOOD, "第 3 行与第 2 行重复"),
    ],
)
def test_lines_that_cannot(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "acknowledged_findings.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(acknowledgements.InvalidAcknowledgements, match=message):
        acknowledgements.check(path)


def test_another_encoding_is_told(tmp_path: Path) -> None:
    path = tmp_path / "acknowledged_findings.csv"
    path.write_bytes((COLUMNS + GOOD).encode("gbk"))
    with pytest.raises(acknowledgements.InvalidAcknowledgements, match="CSV UTF-8"):
        acknowledgements.check(path)


def test_the_file_of_the_project_can_be_used() -> None:
    acknowledgements.check(ROOT / "seeds" / "acknowledged_findings.csv")


def test_a_build_does_not_begin_with_lines_that_cannot(
    project: Path, story: Story, tmp_path: Path
) -> None:
    path = project / "seeds" / "acknowledged_findings.csv"
    before = path.read_bytes()
    path.write_text(COLUMNS + "f1\n", encoding="utf-8")
    built = build(tmp_path, tmp_path, project=project)
    path.write_bytes(before)
    assert built.exit_code == 2
    assert "确认记录有误，没有开始构建。" in built.errors
    assert "第 2 行应有 5 栏" in built.errors


# --- the memory itself --------------------------------------------------------

NOW = dt.datetime(2026, 5, 1, tzinfo=dt.UTC)


def _new_warehouse(path: Path) -> Path:
    """As it is after loading, before it has a past."""
    publication.create(path)
    with connect(path) as connection:
        create_memory(connection)
        connection.execute("insert into raw.build values (current_timestamp)")
    return path


def _history(path: Path) -> list[tuple[object, ...]]:
    with connect(path, read_only=True) as connection:
        return connection.execute("select * from raw.finding_history").fetchall()


def test_without_a_published_warehouse_memory_begins(tmp_path: Path) -> None:
    database = _new_warehouse(tmp_path / "next.duckdb")
    load_history(database, tmp_path / "warehouse.duckdb", NOW)
    assert _history(database) == []
    with connect(database, read_only=True) as connection:
        assert connection.execute("select built_at from raw.build").fetchone() == (NOW,)


def test_memory_is_handed_on(tmp_path: Path) -> None:
    old = _new_warehouse(tmp_path / "it's.duckdb")
    before = dt.datetime(2026, 4, 1, tzinfo=dt.UTC)
    with connect(old) as connection:
        connection.execute("update raw.build set built_at = ?", [before])
        connection.execute("create schema marts")
        connection.execute("create schema meta")
        connection.execute(
            "create table marts.fct_finding as select 'f1' as finding_id, "
            "? as first_seen_at, ? as last_seen_at",
            # not worked again by that build, so seen by it all the same
            [before, before - dt.timedelta(days=9)],
        )
        connection.execute(
            "insert into raw.finding_history values ('f1', ?, ?), ('f2', ?, ?)",
            [before] * 4,
        )
        record_history(connection)
    database = _new_warehouse(tmp_path / "next.duckdb")
    load_history(database, old, NOW)
    assert sorted(_history(database)) == [
        ("f1", before, before),
        ("f2", before, before),
    ]


def test_a_warehouse_from_before_there_was_a_memory(tmp_path: Path) -> None:
    old = _new_warehouse(tmp_path / "warehouse.duckdb")
    database = _new_warehouse(tmp_path / "next.duckdb")
    load_history(database, old, NOW)
    assert _history(database) == []


def test_a_warehouse_that_nobody_can_read(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    old = tmp_path / "warehouse.duckdb"
    old.write_bytes(b"not a database" * 1000)
    database = _new_warehouse(tmp_path / "next.duckdb")
    load_history(database, old, NOW)
    assert _history(database) == []
    assert "原有数据库无法读取" in caplog.text


def test_a_warehouse_that_another_program_writes(tmp_path: Path) -> None:
    """Its memory would be lost; the build stops instead."""
    old = _new_warehouse(tmp_path / "warehouse.duckdb")
    database = _new_warehouse(tmp_path / "next.duckdb")
    writer = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import duckdb, sys; c = duckdb.connect(sys.argv[1]); "
            "print('open', flush=True); sys.stdin.read()",
            str(old),
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "open\n"
        with pytest.raises(WarehouseInUse, match=r"warehouse\.duckdb"):
            load_history(database, old, NOW)
    finally:
        writer.communicate("")


def test_a_damaged_block_is_not_taken_for_a_lock(tmp_path: Path) -> None:
    """Whoever is told that the warehouse is in use waits for ever."""
    damaged = _new_warehouse(tmp_path / "warehouse.duckdb")
    with damaged.open("rb+") as file:
        file.seek(100)  # in the header, which has a checksum
        file.write(b"damaged")
    with pytest.raises(duckdb.Error, match="Corrupt") as told:
        connect(damaged, read_only=True)
    assert not is_in_use(told.value)
    assert publication.tells_of_damage(told.value)
