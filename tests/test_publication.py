"""Publication: the old warehouse or the new one, whole; and read-only for readers."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import duckdb
import pytest

from ingest.segments import Damaged
from pipeline import build as build_command
from pipeline import publication
from pipeline.batches import AcceptedMeanwhile
from pipeline.exchange import exchange
from pipeline.load import WarehouseInUse, connect
from pipeline.lock import BuildRunning, build_lock
from pipeline.progress import Progress
from pipeline.read_only import open_read_only
from pipeline.settings import Settings
from pipeline.transform import TransformFailed
from tests.building import Build, build, finish, start
from tests.test_bad_input import changed, disclosure

FACTS = ("fct_functional", "fct_identity", "bridge_identity_cell", "fct_finding")


@dataclass(frozen=True)
class Story:
    """What happened, in order, in one folder."""

    folder: Path
    first: Build
    second_at_once: Build
    first_bytes: bytes
    first_contents: dict[str, list[tuple[Any, ...]]]
    reader_before: list[tuple[Any, ...]]
    reader_after: list[tuple[Any, ...]]
    strict: Build
    strict_bytes: bytes
    strict_contents: dict[str, list[tuple[Any, ...]]]
    unsound: Build


def contents(warehouse: Path) -> dict[str, list[tuple[Any, ...]]]:
    with connect(warehouse, read_only=True) as connection:
        return {
            table: connection.execute(
                f"select columns(lambda c: c <> 'last_seen_at') from marts.{table}"
            ).fetchall()
            for table in FACTS
        }


def _build_ids(connection: duckdb.DuckDBPyConnection) -> list[tuple[Any, ...]]:
    """Read through tables that were not read before."""
    return connection.execute(
        "select build_id, (select count(*) from marts.fct_functional) "
        "from meta.build cross join (select count(*) from marts.dim_functional_code)"
    ).fetchall()


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Story:
    """Three builds of one disclosure with an arithmetic error, and one too many."""
    folder = tmp_path_factory.mktemp("publication")
    disclosures = folder / "disclosures"
    disclosures.mkdir()
    (disclosures / "budget.txt").write_text(
        disclosure("渡口", changed(2, 2, "110.00")), encoding="utf-8"
    )
    running = start(disclosures, folder)
    lock = folder / ".warehouse.duckdb.lock"
    deadline = time.monotonic() + 120
    while not (lock.exists() and lock.read_text(encoding="utf-8")):
        assert time.monotonic() < deadline, "the build never took the lock"
        assert running.poll() is None, "the build ended before the second began"
        time.sleep(0.02)
    second_at_once = build(disclosures, folder)
    assert running.poll() is None, "the first build ended before the second was told"
    first = finish(running, folder)
    assert first.exit_code == 0, first.errors
    first_bytes = first.warehouse.read_bytes()
    first_contents = contents(first.warehouse)

    reader = open_read_only(first.warehouse)
    reader_before = reader.execute("select build_id from meta.build").fetchall()
    strict = build(disclosures, folder, STRICT="1", REBUILD="1")
    reader_after = _build_ids(reader)
    reader.close()
    strict_bytes = strict.warehouse.read_bytes()
    strict_contents = contents(strict.warehouse)

    unsound = build(
        disclosures, folder, CHECKED_TOTALS_FLOOR="1.01", CHECKED_TOTALS_LEAST="1"
    )
    return Story(
        folder,
        first,
        second_at_once,
        first_bytes,
        first_contents,
        reader_before,
        reader_after,
        strict,
        strict_bytes,
        strict_contents,
        unsound,
    )


def test_discrepancies_are_findings_and_the_build_ends_well(story: Story) -> None:
    assert story.first.exit_code == 0
    assert "[错误] 云溪县渡口管理站2025年预算 第" in story.first.output
    assert "严格模式" not in story.first.output
    assert len(story.first_contents["fct_finding"]) >= 1


def test_a_second_build_at_once_is_told_who_is_building(story: Story) -> None:
    assert story.second_at_once.exit_code == 4
    assert "另一个构建正在进行，请稍后再试：进程 " in story.second_at_once.errors
    holder = story.second_at_once.errors.split("进程 ")[1].split("（")[0]
    assert holder.isdigit()
    assert "Traceback" not in story.second_at_once.errors


def test_strict_publishes_and_leaves_with_3(story: Story) -> None:
    assert story.strict.exit_code == 3
    assert "严格模式：存在未确认的错误级发现。" in story.strict.output
    assert "已发布：" in story.strict.output
    assert story.strict_bytes != story.first_bytes


def test_a_reader_keeps_the_warehouse_that_it_opened(story: Story) -> None:
    """It goes on reading the old one, also pages that it had not read before."""
    (before,), ((after, facts),) = story.reader_before, story.reader_after
    assert before == (after,)
    assert facts == len(story.first_contents["fct_functional"]) == 22
    assert after in story.first.output
    assert after not in story.strict.output


def test_a_build_of_the_same_gives_the_same(story: Story) -> None:
    """Cells, identities and findings keep their ids; nothing but times changes."""
    for table in FACTS:
        first, second = story.first_contents[table], story.strict_contents[table]
        assert first
        assert sorted(first, key=repr) == sorted(second, key=repr)


def test_a_failed_critical_expectation_stops_publication(story: Story) -> None:
    assert story.unsound.exit_code == 1
    assert story.unsound.warehouse.read_bytes() == story.strict_bytes
    assert "关键预期未通过，未发布：" in story.unsound.errors
    assert "合计数参与勾稽的比例不低于 1.01" in story.unsound.errors
    assert "已发布：" not in story.unsound.output
    assert "Traceback" not in story.unsound.errors


def test_nothing_is_left_beside_the_warehouse(story: Story) -> None:
    beside = {path.name for path in story.folder.iterdir()}
    assert beside == {
        "disclosures",
        "work",
        "warehouse.duckdb",
        "warehouse.checks.html",
        "warehouse.unsound.html",
        ".warehouse.duckdb.lock",
        ".warehouse.duckdb.seal",
    }


def test_the_build_is_recorded_in_the_warehouse(samples: Build) -> None:
    assert samples.value("select build_id from meta.build") in samples.output
    steps = samples.rows("select step, seconds from meta.build_step")
    assert {row["step"] for row in steps} == {"ingest", "dbt", "expectations"}
    assert all(row["seconds"] > 0 for row in steps)
    failed = samples.rows(
        "select severity, description from marts.expectation_results "
        "where not succeeded"
    )
    # The gap of 104.00 is known and not acknowledged.
    assert {"severity": "warning", "description": "没有待处理的警告级发现"} in failed
    assert not [row for row in failed if row["severity"] == "critical"]
    assert samples.value("select count(*) from marts.expectation_results") > 100


# --- the file ---------------------------------------------------------------


def test_the_file_opens_with_clients_of_duckdb_1_5(samples: Build) -> None:
    with connect(samples.warehouse, read_only=True) as connection:
        (tags,) = connection.execute(
            "select tags from duckdb_databases() "
            "where database_name = current_database()"
        ).fetchone() or (None,)
    assert tags is not None
    assert tags["storage_version"].startswith("v1.5.0")


def test_a_new_file_replaces_what_a_broken_build_left(tmp_path: Path) -> None:
    database = tmp_path / "folder" / ".it's.next"
    publication.create(database)
    database.write_bytes(b"left by a build that was killed")
    wal = database.with_name(database.name + ".wal")
    wal.write_bytes(b"its log")
    publication.create(database)
    assert not wal.exists()
    with connect(database) as connection:
        assert connection.execute("select 1").fetchone() == (1,)


def test_publishing_takes_the_place_in_one_step(tmp_path: Path) -> None:
    old, new = tmp_path / "warehouse.duckdb", tmp_path / ".next"
    old.write_bytes(b"old")
    new.write_bytes(b"new")
    with old.open("rb") as reader:
        publication.publish(new, old)
        assert reader.read() == b"old"
    assert old.read_bytes() == b"new"
    assert not new.exists()


def test_a_log_that_was_left_does_not_close_the_new_warehouse(tmp_path: Path) -> None:
    """A program wrote into the warehouse and was killed."""
    warehouse, new = tmp_path / "warehouse.duckdb", tmp_path / ".next"
    for path in (warehouse, new):
        publication.create(path)
        with connect(path) as connection:
            connection.execute("create schema marts")
    writer = (
        "import duckdb, os, sys; connection = duckdb.connect(sys.argv[1]);"
        "connection.execute('create table mine as select 1'); os._exit(1)"
    )
    subprocess.run([sys.executable, "-c", writer, warehouse], check=False)
    assert (tmp_path / "warehouse.duckdb.wal").exists()
    publication.publish(new, warehouse)
    with connect(warehouse, read_only=True) as connection:
        assert connection.execute("show all tables").fetchall() == []
    assert {path.name for path in tmp_path.iterdir()} == {
        "warehouse.duckdb",
        ".warehouse.duckdb.seal",
    }


_WRITER = """
import duckdb, os, sys
connection = duckdb.connect(sys.argv[1])
print("open", flush=True)
sys.stdin.readline()
connection.execute("create table mine as select 1 as a")
os._exit(1)
"""


def test_a_warehouse_is_not_replaced_under_a_program_that_writes(
    tmp_path: Path,
) -> None:
    """Its log would lie beside the new one, which nobody could open any more."""
    warehouse, new = tmp_path / "warehouse.duckdb", tmp_path / "folder" / "next"
    for path in (warehouse, new):
        publication.create(path)
        with connect(path) as connection:
            connection.execute(f"create table {path.name[:4]} as select 1 as a")
    with subprocess.Popen(
        [sys.executable, "-c", _WRITER, str(warehouse)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "open\n"
        with pytest.raises(WarehouseInUse, match=r"warehouse\.duckdb"):
            publication.publish(new, warehouse)
        with pytest.raises(WarehouseInUse, match=r"warehouse\.duckdb"):
            publication.require_replaceable(warehouse)
        assert new.exists()
        # Whoever puts another file there by hand is not asked; and one that a program
        # wrote into and left is opened with its log, if that is of this file.
        new.replace(warehouse)
        writer.communicate("\n")
    log = tmp_path / "warehouse.duckdb.wal"
    assert log.exists()
    with pytest.raises(duckdb.Error, match="WAL does not match"):
        connect(warehouse, read_only=True)
    assert (
        publication.set_log_aside(warehouse) == tmp_path / "warehouse.duckdb.wal.former"
    )
    assert not log.exists()
    assert publication.set_log_aside(warehouse) is None
    with connect(warehouse, read_only=True) as connection:
        assert connection.execute("from next").fetchall() == [(1,)]


def test_a_log_of_the_same_file_stays(tmp_path: Path) -> None:
    warehouse = tmp_path / "warehouse.duckdb"
    publication.create(warehouse)
    subprocess.run(
        [sys.executable, "-c", _WRITER, str(warehouse)], input=b"\n", check=False
    )
    assert (tmp_path / "warehouse.duckdb.wal").exists()
    assert publication.set_log_aside(warehouse) is None
    assert (tmp_path / "warehouse.duckdb.wal").exists()


@pytest.mark.parametrize(
    ("error", "code", "before", "after"),
    [
        (KeyboardInterrupt(), 130, "已中断。已发布的", "已中断。新的数据库已经发布"),
        (OSError(28, "full"), 2, "未完成，已发布的", "未完成，新的数据库已经发布"),
        (BrokenPipeError(), 2, "未完成，已发布的", None),
    ],
)
def test_what_ends_a_build_tells_whether_it_was_published(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    error: BaseException,
    code: int,
    before: str,
    after: str | None,
) -> None:
    warehouse, new = tmp_path / "warehouse.duckdb", tmp_path / "next"
    monkeypatch.setenv("WAREHOUSE", str(warehouse))
    warehouse.touch()
    new.touch()
    is_published = False

    def fails(settings: Settings, progress: Progress) -> int:
        if is_published:
            new.replace(settings.warehouse)
        raise error

    monkeypatch.setattr(build_command, "build_again_if_damaged", fails)
    assert build_command._main(Progress()) == code
    assert before in capsys.readouterr().err
    is_published = True
    if after is None:  # the summary was cut off, as by `| head`
        with pytest.raises(BrokenPipeError):
            build_command._main(Progress())
    else:
        assert build_command._main(Progress()) == code
        assert after in capsys.readouterr().err


def test_a_warehouse_that_was_written_to_is_not_kept(tmp_path: Path) -> None:
    warehouse, new = tmp_path / "warehouse.duckdb", tmp_path / ".next"
    assert not publication.is_changed(warehouse)
    new.write_bytes(b"published")
    publication.publish(new, warehouse)
    assert not publication.is_changed(warehouse)
    with warehouse.open("rb+") as file:
        file.write(b"q")
    assert publication.is_changed(warehouse)
    # Nor is it said to be the newest, though nothing else has changed.
    settings = replace(Settings.from_environment(), warehouse=warehouse)
    assert build_command._is_worked_anew(settings)
    # What was put there from elsewhere is what it is.
    new.write_bytes(b"restored")
    new.replace(warehouse)
    assert not publication.is_changed(warehouse)


def test_what_is_damaged_is_made_again_in_the_same_build(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    met: list[Exception] = [
        Damaged("cells.parquet"),
        AcceptedMeanwhile(),
        TransformFailed("int_row: Corrupt database file: computed checksum 1"),
    ]
    began: list[bool] = []

    def once(settings: Settings, progress: Progress) -> int:
        began.append(settings.is_rebuild)
        if met:
            raise met.pop(0)
        return 0

    monkeypatch.setattr(build_command, "build", once)
    settings = Settings.from_environment()
    assert build_command.build_again_if_damaged(settings, Progress()) == 0
    assert began == [False, False, False, True]
    # What is damaged even so, and whatever is no damage, is told.
    for error in (duckdb.Error("Corrupt database file"), TransformFailed("int_row")):
        met.append(error)
        settings = replace(settings, is_rebuild=isinstance(error, duckdb.Error))
        with pytest.raises(type(error)):
            build_command.build_again_if_damaged(settings, Progress())


def test_a_disk_that_damages_everything_ends_the_build(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    began: list[bool] = []

    def never(settings: Settings, progress: Progress) -> int:
        began.append(settings.is_rebuild)
        raise Damaged("cells.parquet")

    monkeypatch.setattr(build_command, "build", never)
    with pytest.raises(build_command.Unsound, match=r"反复损坏.*cells"):
        build_command.build_again_if_damaged(Settings.from_environment(), Progress())
    assert len(began) == 6


def test_two_warehouses_are_not_made_in_one_folder_at_once(
    story: Story, tmp_path: Path
) -> None:
    work = tmp_path / "work"
    with build_lock(work / ".lock"):
        other = build(story.folder / "disclosures", tmp_path)
    assert other.exit_code == 4
    assert f"锁文件 {work / '.lock'}" in other.errors
    assert not other.warehouse.exists()


def test_two_folders_change_places(tmp_path: Path) -> None:
    for name in ("old", "new"):
        (tmp_path / name).mkdir()
        (tmp_path / name / f"{name}.txt").touch()
    assert not exchange(tmp_path / "new", tmp_path / "none")
    assert exchange(tmp_path / "new", tmp_path / "old")
    assert (tmp_path / "old" / "new.txt").exists()
    assert (tmp_path / "new" / "old.txt").exists()


def test_the_lock_is_free_again_after_an_error(tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    with pytest.raises(ZeroDivisionError), build_lock(lock):
        with pytest.raises(BuildRunning, match=r"进程 \d+（锁文件"):
            build_lock(lock).__enter__()
        raise ZeroDivisionError
    with build_lock(lock):
        pass


# --- readers ----------------------------------------------------------------


@pytest.fixture
def reader(samples: Build) -> Iterator[duckdb.DuckDBPyConnection]:
    connection = open_read_only(samples.warehouse)
    yield connection
    connection.close()


def test_a_reader_sees_the_marts_without_naming_the_schema(
    reader: duckdb.DuckDBPyConnection,
) -> None:
    assert reader.execute("select count(*) from dim_document").fetchone() == (6,)
    assert reader.execute("select count(*) from build").fetchone() == (1,)


@pytest.mark.parametrize(
    ("sql", "message"),
    [
        ("create table t (i integer)", "read-only"),
        ("insert into dim_fund select * from dim_fund", "read-only"),
        ("delete from fct_functional", "read-only"),
        ("update fct_functional set amount_yuan = 0", "read-only"),
        ("drop table marts.fct_functional", "read-only"),
        ("select * from read_text('{outside}')", "disabled by configuration"),
        ("select * from read_csv('{outside}')", "disabled by configuration"),
        ("select * from '{outside}'", "disabled by configuration"),
        ("select * from glob('{folder}/*')", "disabled by configuration"),
        ("copy dim_fund to '{folder}/stolen.csv'", "disabled by configuration"),
        ("export database '{folder}/stolen'", "disabled by configuration"),
        ("attach '{folder}/other.duckdb' as other", "disabled by configuration"),
        ("select * from read_csv('https://example.org/a.csv')", "disabled by config"),
        ("install httpfs", "disabled by configuration"),
        ("load httpfs", "disabled"),
        ("load '{outside}'", "disabled"),
        ("set enable_external_access = true", "configuration has been locked"),
        ("set autoload_known_extensions = true", "configuration has been locked"),
        ("set lock_configuration = false", "configuration has been locked"),
        ("reset enable_external_access", "configuration has been locked"),
    ],
)
def test_a_reader_can_only_read_the_warehouse(
    reader: duckdb.DuckDBPyConnection, tmp_path: Path, sql: str, message: str
) -> None:
    outside = tmp_path / "outside.csv"
    outside.write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(duckdb.Error, match=message):
        reader.execute(sql.format(outside=outside, folder=tmp_path)).fetchall()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["outside.csv"]
    # The connection lives on.
    assert reader.execute("select count(*) from dim_document").fetchone() == (6,)


def test_a_reader_of_no_warehouse_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        open_read_only(tmp_path / "nothing.duckdb")
    assert list(tmp_path.iterdir()) == []
