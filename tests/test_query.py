"""``make query``: a table on a terminal, and one clear line when it cannot be."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from pipeline import query
from tests.building import Build, environment
from tests.warehouse import ROOT


@pytest.fixture
def connection() -> duckdb.DuckDBPyConnection:
    return duckdb.connect()


def test_chinese_columns_stand_below_each_other(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    """A Chinese character is two columns wide, and so is a full-width digit."""
    sql = (
        "select * from (values ('社会保障', 1.50, 'a'), ('b', null, '２'), "
        "(null, 1234567.00, '三')) as t (\"科目\", amount, x)"
    )
    assert query.run(connection, sql).splitlines() == [
        "科目      amount      x",
        "────────  ──────────  ──",
        "社会保障  1.50        a",
        "b                     ２",
        "          1234567.00  三",
    ]


def test_a_line_break_in_a_cell_stays_in_its_line(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    printed = query.run(connection, "select 'a' || chr(10) || 'b' as x")
    assert printed.splitlines() == ["x", "───", "a b"]


def test_a_cell_without_end_is_cut(connection: duckdb.DuckDBPyConnection) -> None:
    printed = query.run(connection, "select repeat('a', 1001) x, repeat('b', 1000) y")
    assert printed.splitlines()[2] == "a" * 1000 + "…" + "  " + "b" * 1000


def test_no_rows_still_name_the_columns(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    printed = query.run(connection, "select 1 as 编码 where false")
    assert printed.splitlines() == ["编码", "────"]


def test_long_results_are_cut_and_say_so(
    connection: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(query, "_ROWS", 3)
    lines = query.run(connection, "select range as n from range(4)").splitlines()
    assert lines == ["n", "─", "0", "1", "2", "… 只显示前 3 行（ROWS=n 可改）"]
    lines = query.run(connection, "select range as n from range(3)").splitlines()
    assert lines == ["n", "─", "0", "1", "2"]


def run(folder: Path, *arguments: str, **settings: str) -> tuple[int, str, str]:
    done = subprocess.run(
        [sys.executable, "-m", "pipeline.query", *arguments],
        cwd=ROOT,
        env=environment(folder, folder, **settings),
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


def test_the_command_answers(samples: Build) -> None:
    sql = "select count(*) as n from dim_document"
    expected = (0, "n\n─\n6\n", "")
    assert run(samples.warehouse.parent, sql, WAREHOUSE=str(samples.warehouse)) == (
        expected
    )
    assert run(samples.warehouse.parent, SQL=sql, WAREHOUSE=str(samples.warehouse)) == (
        expected
    )


def test_the_command_tells_what_is_wrong_with_a_query(samples: Build) -> None:
    code, output, errors = run(
        samples.warehouse.parent,
        "select no_such_column from dim_document",
        WAREHOUSE=str(samples.warehouse),
    )
    assert (code, output) == (1, "")
    assert "no_such_column" in errors
    assert "Traceback" not in errors


def test_the_command_without_a_warehouse(tmp_path: Path) -> None:
    code, output, errors = run(tmp_path, "select 1")
    assert (code, output) == (2, "")
    assert errors.startswith("还没有数据库：")
    assert "请先运行 make build" in errors
    assert list(tmp_path.iterdir()) == []
