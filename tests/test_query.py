"""``make query``, ``make sql``: read-only, readable, clear about what is wrong."""

from __future__ import annotations

import csv
import io
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from pipeline.answer import as_text, write_csv
from pipeline.command import Refused
from pipeline.prompt import CLIENT_ARGUMENTS
from pipeline.read_only import open_read_only
from tests.building import Build, environment
from tests.warehouse import ROOT

CLIENT = ROOT / ".venv-sql" / "bin" / "hsql"  # the client's twin without a screen


@pytest.fixture
def connection() -> duckdb.DuckDBPyConnection:
    return duckdb.connect()


# --- what an answer looks like ------------------------------------------------


def test_chinese_columns_stand_below_each_other(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    """A Chinese character is two columns wide; numbers stand to the right."""
    sql = (
        "select * from (values ('社会保障', 1.50, 'a'), ('b', null, '２'), "
        "(null, 1234567.00, '三')) as t (\"科目\", amount, x)"
    )
    assert as_text(connection, sql).splitlines() == [
        "科目          amount  x",
        "────────  ──────────  ──",
        "社会保障        1.50  a",
        "b                     ２",
        "          1234567.00  三",
    ]


def test_a_line_break_in_a_cell_stays_in_its_line(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    printed = as_text(connection, "select 'a' || chr(10) || 'b' as x")
    assert printed.splitlines() == ["x", "───", "a b"]


def test_a_cell_without_end_is_cut(connection: duckdb.DuckDBPyConnection) -> None:
    printed = as_text(connection, "select repeat('a', 1001) x, repeat('b', 1000) y")
    assert printed.splitlines()[2] == "a" * 1000 + "…" + "  " + "b" * 1000


def test_no_rows_still_name_the_columns(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    printed = as_text(connection, "select 1 as 编码 where false")
    assert printed.splitlines() == ["编码", "────"]


@pytest.mark.parametrize(("rows", "total"), [(3, 4), (200, 123_456)])
def test_long_results_are_cut_and_say_how_long_they_are(
    connection: duckdb.DuckDBPyConnection, rows: int, total: int
) -> None:
    lines = as_text(
        connection, f"select range as n from range({total})", rows
    ).splitlines()
    assert lines[2 : 2 + rows] == [
        str(n).rjust(len(str(rows - 1))) for n in range(rows)
    ]
    assert lines[2 + rows :] == [
        f"… 共 {total} 行，只显示前 {rows} 行（ROWS=n 或 ROWS=all 显示更多，"
        "FORMAT=csv 输出全部）"
    ]


@pytest.mark.parametrize("rows", [3, None])
def test_a_result_that_fits_is_whole(
    connection: duckdb.DuckDBPyConnection, rows: int | None
) -> None:
    lines = as_text(connection, "select range as n from range(3)", rows).splitlines()
    assert lines == ["n", "─", "0", "1", "2"]


def test_each_query_has_its_answer(connection: duckdb.DuckDBPyConnection) -> None:
    printed = as_text(connection, "-- words\nselect 1 as a; select 'x;' as b;")
    assert printed == "a\n─\n1\n\nb\n──\nx;"


# --- CSV ----------------------------------------------------------------------


def test_csv_is_what_excel_opens(connection: duckdb.DuckDBPyConnection) -> None:
    out = io.StringIO()
    write_csv(
        connection,
        "select 1234567890.1200::decimal(20, 4) as 金额, '甲,\"乙\"' as 名称, "
        "null as 空, '=1+1' as a, '＋1+1' as b, '-12.5' as c, '@x' as d, -1 as e",
        out,
    )
    assert out.getvalue().startswith("\ufeff金额,名称,空,a,b,c,d,e\n")
    assert list(csv.reader(io.StringIO(out.getvalue())))[1] == [
        *("1234567890.1200", '甲,"乙"', "", "'=1+1", "'＋1+1", "-12.5", "'@x", "-1")
    ]


def test_csv_has_all_rows_unless_told(connection: duckdb.DuckDBPyConnection) -> None:
    whole, three = io.StringIO(), io.StringIO()
    write_csv(connection, "select range from range(25000)", whole)
    write_csv(connection, "select range from range(25000)", three, 3)
    assert whole.getvalue().splitlines()[1:] == [str(n) for n in range(25000)]
    assert three.getvalue().splitlines()[1:] == ["0", "1", "2"]


@pytest.mark.parametrize("sql", ["select 1; select 2", "-- nothing"])
def test_csv_is_of_one_query(connection: duckdb.DuckDBPyConnection, sql: str) -> None:
    with pytest.raises(Refused, match="FORMAT=csv 只用于一条查询"):
        write_csv(connection, sql, io.StringIO())


# --- what SQL cannot do -------------------------------------------------------

OUTSIDE = [
    "select * from read_text('{file}')",
    "select * from read_csv('{file}')",
    "select * from '{file}'",
    "select * from glob('{folder}/*')",
    "select * from sniff_csv('{file}')",
    "select * from read_blob('{file}')",
    "copy (select 1) to '{folder}/out.csv'",
    "copy marts.dim_document from '{file}'",
    "export database '{folder}/out'",
    "import database '{folder}'",
    "attach '{folder}/other.duckdb' as other",
    "attach ':memory:' as other",
    "select * from read_parquet('https://localhost:1/x.parquet')",
    "select * from read_csv('s3://bucket/x.csv')",
    "install httpfs",
    "force install httpfs from 'http://localhost:1'",
    "load httpfs",
    "load '{folder}/x.duckdb_extension'",
    "create secret s (type s3, key_id 'a', secret 'b')",
    "create persistent secret s (type s3, key_id 'a', secret 'b')",
    "from query('select * from read_text(''{file}'')')",
    "from query_table('{file}')",
    "from parquet_metadata('{file}')",
    "from read_ndjson_objects('{file}')",
    "from read_duckdb('{folder}/other.duckdb')",
    "create temp view v as from read_text('{file}')",
    "create temp macro m(x) as table from read_text(x); from m('{file}')",
    "prepare p as copy (select 1) to '{folder}/out.csv'; execute p",
    "explain analyze copy (select 1) to '{folder}/out.csv'",
    "set variable v = (select content from read_text('{file}'))",
    "summarize '{file}'",
    "copy from database memory to other",
    "pragma export_database('{folder}/out')",
    "pragma import_database('{folder}')",
    "call enable_logging(storage = 'file', storage_path = '{folder}/log')",
    "call enable_logging()",
    "update extensions",
    "select getenv('HOME')",
    "from outside",
]
WRITES = [
    "create table marts.mine as select 1",
    "create or replace view marts.dim_document as select 1",
    "create schema mine",
    "create sequence marts.s",
    "create macro marts.m() as 1",
    "insert into marts.dim_document select * from marts.dim_document",
    "update marts.fct_finding set title = ''",
    "delete from marts.fct_finding",
    "drop table marts.fct_finding",
    "drop schema marts cascade",
    "alter table marts.fct_finding add column x int",
    "truncate marts.fct_finding",
    "comment on table marts.fct_finding is ''",
    "with gone as (select 1) delete from marts.fct_finding",
    "select 1; drop table marts.fct_finding",
]
SETTINGS = [
    "set enable_external_access = true",
    "reset enable_external_access",
    "pragma enable_external_access = true",
    "set global enable_external_access = true",
    "set lock_configuration = false",
    "reset lock_configuration",
    "set autoinstall_known_extensions = true",
    "set allow_unsigned_extensions = true",
    "set allow_community_extensions = true",
    "set extension_directory = '{folder}'",
    "set custom_extension_repository = 'http://localhost:1'",
    "set temp_directory = '{folder}'",
    "set secret_directory = '{folder}'",
    "set home_directory = '{folder}'",
    "set file_search_path = '{folder}'",
    "set log_query_path = '{folder}/log'",
    "pragma enable_profiling; set profiling_output = '{folder}/profile'",
    "set memory_limit = '100GB'",
    "set allowed_directories = ['{folder}']",
    "set allowed_paths = ['{file}']",
    "set access_mode = 'read_write'",
]


@pytest.fixture(scope="module")
def outside(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with things to read, where nothing new must appear."""
    folder = tmp_path_factory.mktemp("outside")
    (folder / "secret.csv").write_text("a\nb\n", encoding="utf-8")
    duckdb.connect(str(folder / "other.duckdb")).close()
    return folder


def filled(sql: str, outside: Path) -> str:
    return sql.format(file=outside / "secret.csv", folder=outside)


def state(samples: Build, outside: Path) -> object:
    """What differs when a file was written."""
    warehouse = samples.warehouse.stat()
    return (
        *(warehouse.st_ino, warehouse.st_mtime_ns, warehouse.st_size),
        sorted(samples.warehouse.parent.iterdir()),
        sorted(outside.iterdir()),
    )


@pytest.mark.parametrize("sql", [*OUTSIDE, *WRITES, *SETTINGS])
def test_a_query_changes_and_reaches_nothing(
    samples: Build, outside: Path, sql: str
) -> None:
    before = state(samples, outside)
    with open_read_only(samples.warehouse) as connection:
        with pytest.raises(duckdb.Error):
            as_text(connection, filled(sql, outside))
        # Afterwards it is as closed as before.
        with pytest.raises(duckdb.PermissionException):
            connection.execute(f"select * from read_text('{outside}/secret.csv')")
        assert connection.execute("select count(*) from dim_document").fetchall() == [
            (6,)
        ]
    assert state(samples, outside) == before


def test_the_terminal_client_changes_and_reaches_nothing(
    samples: Build, outside: Path
) -> None:
    """It runs the same statements first, and opens the file read-only."""
    if not CLIENT.exists():
        pytest.skip("the terminal client is not installed (make .venv-sql/.installed)")
    before = state(samples, outside)

    def answered(sql: str) -> tuple[int, str]:
        done = subprocess.run(
            [
                *(CLIENT, *CLIENT_ARGUMENTS, "--csv", samples.warehouse),
                *("-c", filled(sql, outside)),
            ],
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout + done.stderr

    assert answered("select count(*) as n from dim_document") == (0, "n\n6\n")
    for sql, reason in {
        OUTSIDE[0]: "file system operations are disabled by configuration",
        OUTSIDE[6]: "file system operations are disabled by configuration",
        OUTSIDE[10]: "file system operations are disabled by configuration",
        "load httpfs": "Loading external extensions is disabled",
        WRITES[0]: "read-only mode",
        SETTINGS[0]: "the configuration has been locked",
    }.items():
        code, said = answered(sql)
        assert code != 0 and reason in said, sql
    assert state(samples, outside) == before


# --- the command --------------------------------------------------------------


def run(
    folder: Path, *arguments: str, given: str = "", **settings: str
) -> tuple[int, str, str]:
    done = subprocess.run(
        [sys.executable, "-m", "pipeline.query", *arguments],
        cwd=ROOT,
        env=environment(folder, folder, **settings),
        input=given,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


def test_the_command_answers(samples: Build, tmp_path: Path) -> None:
    sql = "select count(*) as n from dim_document"
    file = tmp_path / "question.sql"
    file.write_text(f"\ufeff-- How many?\n{sql};\n", encoding="utf-8")
    warehouse = {"WAREHOUSE": str(samples.warehouse)}
    expected = (0, "n\n─\n6\n", "")
    assert run(tmp_path, sql, **warehouse) == expected
    assert run(tmp_path, SQL=sql, **warehouse) == expected
    assert run(tmp_path, FILE=str(file), **warehouse) == expected
    assert run(tmp_path, "--prompt", given=f"{sql};\n", **warehouse) == expected
    assert run(tmp_path, "--prompt", given=sql, **warehouse) == expected
    assert run(tmp_path, sql, FORMAT="csv", **warehouse) == (0, "\ufeffn\n6\n", "")
    assert run(tmp_path, sql, FORMAT="records", **warehouse) == (
        *(0, "── 第 1 条 ──\nn  6\n", ""),
    )


@pytest.mark.parametrize(
    ("sql", "told", "said"),
    [
        ("selec 1", "SQL 语法有误。", 'syntax error at or near "selec"'),
        ("select x from dim_document", "查询与表的列不符。", 'column "x" not found'),
        ("select * from nothing", "没有这个表或函数。", "Table with name nothing"),
        ("drop table marts.dim_unit", "数据库只读，查询不能写入。", "read-only mode"),
        ("from read_text('/etc/hostname')", "查询不能读写其他文件", "/etc/hostname"),
        (
            "set threads = 1",
            "查询不能读写其他文件、上网、装载扩展或更改设置。",
            "locked",
        ),
        ("select 'a'::int", "查询没有完成。", "Could not convert"),
    ],
)
def test_the_command_tells_what_is_wrong_with_a_query(
    samples: Build, sql: str, told: str, said: str
) -> None:
    code, output, errors = run(
        samples.warehouse.parent, sql, WAREHOUSE=str(samples.warehouse)
    )
    assert (code, output) == (1, "")
    assert errors.startswith(told)
    assert said in errors
    assert "Traceback" not in errors


def test_the_prompt_in_a_pipe_ends_with_the_first_mistake(samples: Build) -> None:
    code, output, errors = run(
        samples.warehouse.parent,
        "--prompt",
        given="select 1 as a;\nselect nope;\nselect 2 as b;\n",
        WAREHOUSE=str(samples.warehouse),
    )
    assert (code, output) == (1, "a\n─\n1\n")
    assert errors.startswith("查询与表的列不符。")


def test_the_command_tells_what_is_wrong_with_its_settings(
    samples: Build, tmp_path: Path
) -> None:
    empty, folder, binary = (tmp_path / name for name in ("e.sql", "d", "b.sql"))
    empty.write_text("\n", encoding="utf-8")
    folder.mkdir()
    binary.write_bytes(b"\xff\xfe\x00\x00")
    for settings, told in (
        ({}, '没有查询。请给出 SQL="select …" 或 FILE=…；'),
        ({"SQL": "-- nothing"}, "没有可以运行的查询：只有注释。"),
        ({"SQL": "select 1", "FILE": str(empty)}, "SQL 和 FILE 只能给一个。"),
        ({"FILE": str(empty)}, f"查询文件是空的：{empty}。"),
        ({"FILE": str(folder)}, f"读不到查询文件。这是文件夹，不是文件：{folder}。"),
        ({"FILE": "none.sql"}, "读不到查询文件。文件或文件夹不存在：none.sql。"),
        ({"FILE": str(binary)}, f"读不到查询文件 {binary}：不是 UTF-8 文本。"),
        ({"SQL": "select 1", "ROWS": "x"}, "设置无效：ROWS=x（应为 1 以上的整数）"),
        ({"SQL": "select 1", "FORMAT": "xml"}, "设置无效：FORMAT=xml（应为 table、"),
        ({"SQL": "select 1", "JOBS": "0"}, "设置无效：JOBS=0（应为 1 以上的整数）"),
    ):
        code, output, errors = run(
            tmp_path, WAREHOUSE=str(samples.warehouse), **settings
        )
        assert (code, output) == (2, ""), settings
        assert errors.startswith(told), settings
        others = errors.splitlines()[1:]
        # Who has no query is shown those that there are.
        assert not others or others[0] == "已保存的查询：", settings
        assert not others or "FILE=analyses/three_public" in errors, settings


def test_the_command_without_a_warehouse(tmp_path: Path) -> None:
    code, output, errors = run(tmp_path, "select 1")
    assert (code, output) == (2, "")
    assert errors.startswith("还没有数据库：")
    assert "请先运行 make build" in errors
    assert list(tmp_path.iterdir()) == []


def test_the_command_with_something_else_than_a_warehouse(tmp_path: Path) -> None:
    text = tmp_path / "text.duckdb"
    text.write_text("no database", encoding="utf-8")
    other = tmp_path / "other.duckdb"
    duckdb.connect(str(other)).close()
    for warehouse, told in (
        (tmp_path, f"{tmp_path} 是文件夹。"),
        (text, f"打不开数据库：{text} 不是 DuckDB 数据库"),
        (other, f"{other} 不是本项目的数据库，或由另一个版本建立。"),
    ):
        code, output, errors = run(tmp_path, "select 1", WAREHOUSE=str(warehouse))
        assert (code, output) == (2, "")
        assert errors.startswith(told)
        assert "WAREHOUSE=" in errors and "Traceback" not in errors


def test_a_warehouse_that_somebody_writes_to(tmp_path: Path) -> None:
    warehouse = tmp_path / "busy.duckdb"
    with duckdb.connect(str(warehouse)):
        code, output, errors = run(tmp_path, "select 1", WAREHOUSE=str(warehouse))
    assert (code, output) == (2, "")
    assert errors.startswith(f"数据库正被其他程序以写方式打开，关闭后再试：{warehouse}")


def test_a_reader_that_has_seen_enough(samples: Build) -> None:
    """``make query … | head``: no complaint about the closed pipe."""
    process = subprocess.Popen(
        [sys.executable, "-m", "pipeline.query", "select * from range(2000000)"],
        cwd=ROOT,
        env=environment(
            samples.warehouse.parent,
            samples.warehouse.parent,
            WAREHOUSE=str(samples.warehouse),
            FORMAT="csv",
        ),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None and process.stderr is not None
    assert process.stdout.readline() == b"\xef\xbb\xbfrange\n"
    process.stdout.close()
    assert process.stderr.read() == b""
    assert process.wait(60) == 0
