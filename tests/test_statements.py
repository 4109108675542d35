"""Compiled models: each after what it needs, failures named, kept as dbt compiled."""

from __future__ import annotations

import os
import shutil
import signal
import threading
from decimal import Decimal
from pathlib import Path

import pytest

from pipeline import command, transform
from pipeline.load import connect
from pipeline.publication import create
from pipeline.statements import Model, StatementFailed, run
from pipeline.transform import Models


def _model(name: str, query: str, *needs: str, kind: str = "table") -> Model:
    return Model(name, "marts", kind, None, needs, query)


@pytest.fixture
def database(tmp_path: Path) -> Path:
    file = tmp_path / "warehouse.duckdb"
    create(file)
    return file


def test_models_follow_what_they_need(database: Path) -> None:
    models = [
        _model("total", "select sum(amount) as amount from marts.doubled", "doubled"),
        _model("shown", "select * from marts.total", "total", kind="view"),
        _model("doubled", "select 2 * amount as amount from marts.printed", "printed"),
        _model("printed", "select unnest([1.5, 2.25]) as amount -- as printed"),
    ]
    told: list[tuple[int, int]] = []
    run(database, models, 2, lambda done, total: told.append((done, total)))
    assert told == [(1, 4), (2, 4), (3, 4), (4, 4)]
    with connect(database, read_only=True) as connection:
        assert connection.table("marts.shown").fetchall() == [(Decimal("7.50"),)]


def test_models_take_the_place_of_those_before(database: Path) -> None:
    for amount in (1, 2):
        run(database, [_model("a", f"select {amount} as b")], 1, lambda *_: None)
    with connect(database, read_only=True) as connection:
        assert connection.table("marts.a").fetchall() == [(2,)]


def test_what_is_needed_may_be_there_already(database: Path) -> None:
    run(database, [_model("a", "select 1 as b")], 1, lambda *_: None)
    run(database, [_model("c", "select b from marts.a", "a")], 1, lambda *_: None)
    with connect(database, read_only=True) as connection:
        assert connection.table("marts.c").fetchall() == [(1,)]


def test_a_model_that_fails_is_named_and_what_needs_it_is_not_made(
    database: Path,
) -> None:
    models = [
        _model("right", "select 1 as a"),
        _model("wrong", "select nothing from marts.right", "right"),
        _model("after", "select 1 as b from marts.wrong", "wrong"),
    ]
    with pytest.raises(StatementFailed, match=r'^wrong: .*"nothing" not found'):
        run(database, models, 2, lambda *_: None)
    with connect(database, read_only=True) as connection:
        made = connection.execute("select table_name from duckdb_tables()").fetchall()
        assert made == [("right",)]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project of two models and no seed."""
    folder = tmp_path / "project"
    (folder / "models").mkdir(parents=True)
    (folder / "dbt_project.yml").write_text(
        "name: small\nversion: '1.0'\nprofile: county_budget\n"
        "models: {small: {+materialized: table, +schema: marts}}\n"
    )
    root = Path(transform.PROJECT)
    shutil.copyfile(root / "profiles.yml", folder / "profiles.yml")
    shutil.copytree(root / "macros", folder / "macros")
    (folder / "models" / "printed.sql").write_text("select 1 as a")
    (folder / "models" / "read.sql").write_text(
        "select a + 1 as b from {{ ref('printed') }}"
    )
    monkeypatch.setattr(transform, "PROJECT", folder)
    monkeypatch.setenv("WAREHOUSE_BUILD", "")  # set by Models; put back afterwards
    return folder


def _compile(work: Path, database: Path) -> Path:
    Models(work, 1).run(database)
    return work / "dbt" / "models.json"


def test_what_dbt_compiled_runs_without_it(
    project: Path, database: Path, tmp_path: Path
) -> None:
    _compile(tmp_path / "work", database)
    (project / "models" / "read.sql").write_text("no query")  # dbt would say so
    create(database)
    models = Models(tmp_path / "work", 1)
    models.run(database)
    assert [(model.name, model.needs) for model in models.models] == [
        ("printed", []),
        ("read", ["printed"]),
    ]
    with connect(database, read_only=True) as connection:
        assert connection.table("marts.read").fetchall() == [(2,)]


@pytest.mark.parametrize("damage", ["other", "cut", "gone"])
def test_damaged_statements_are_compiled_anew(
    project: Path, database: Path, tmp_path: Path, damage: str
) -> None:
    kept = _compile(tmp_path / "work", database)
    written = kept.read_bytes()
    if damage == "gone":
        kept.unlink()
    else:
        kept.write_bytes(
            written.replace(b"+ 1", b"+ 2") if damage == "other" else written[:-9]
        )
    create(database)
    anew = _compile(tmp_path / "work", database).read_bytes()
    assert anew.partition(b"\n")[2] == written.partition(b"\n")[2]
    with connect(database, read_only=True) as connection:
        assert connection.table("marts.read").fetchall() == [(2,)]


_ENDLESS = (
    "select sum(a.range * b.range) as c from range(10000000) a, range(10000000) b"
)


@pytest.mark.timeout(30)
def test_models_that_wait_for_a_thread_are_given_up_when_another_fails(
    database: Path,
) -> None:
    """They never begin, so nobody may wait for their end."""
    wrong = _model("wrong", "select cast('x' as decimal) as amount")
    others = [_model(f"other_{n}", "select 1 as amount") for n in range(50)]
    with pytest.raises(StatementFailed, match=r"^wrong: "):
        run(database, [wrong, *others], 1, lambda done, total: None)


def test_what_runs_is_broken_off_when_another_fails(database: Path) -> None:
    models = [_model("endless", _ENDLESS), _model("wrong", "select no_such_column")]
    with pytest.raises(StatementFailed, match=r"^wrong: "):
        run(database, models, 2, lambda *_: None)


@pytest.mark.parametrize("where", ["in the models", "between them"])
def test_ctrl_c_is_heard_while_the_engine_is_busy(database: Path, where: str) -> None:
    press = threading.Timer(0.5, lambda: os.kill(os.getpid(), signal.SIGINT))

    def work() -> int:
        if where == "in the models":
            models = [_model("a", "select 1 as b"), _model("endless", _ENDLESS, "a")]
            run(database, models, 1, lambda *_: press.start())
        with connect(database) as connection:
            # With more threads the engine may wait for the others to end their part
            # of the statement (measured: half of the time), and this one has no end.
            connection.execute("set threads = 1")
            press.start()
            connection.execute(f"create table endless as {_ENDLESS}")
        return 0

    # What a shell starts in the background does not hear Ctrl-C.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        assert command.run(work) == command.INTERRUPTED
    finally:
        press.join()
        signal.signal(signal.SIGINT, before)
