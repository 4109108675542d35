"""``make export``: every file equals the warehouse, is masked, and replaces whole."""

from __future__ import annotations

import csv
import datetime as dt
import errno
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import zipfile
from decimal import Decimal
from pathlib import Path

import duckdb
import frictionless
import openpyxl
import pypdfium2
import pytest

from exports import __main__ as command
from exports import csv_files, parquet, release, workbook
from exports.release import Release, WrongWarehouse
from exports.sheets import SHEETS
from tests.building import Build, Row, reading
from tests.personal import MASKED, PARTS, empty, put_everywhere
from tests.warehouse import ROOT

UNIT = "某某县" + "很长的名称" * 60
PROJECT = (
    "退休职工张三丧葬费 <script>alert('x')</script> 13812345678 11010519491231002X"
)
FORMULAS = ["=1+1", "+cmd", "-x", "@SUM(A1)", "\t=1", "＝1+1"]


def run(warehouse: Path, folder: Path, **settings: str) -> Build:
    """Run the command, as ``make export`` does."""
    environment = {
        **os.environ,
        "WAREHOUSE": str(warehouse),
        "EXPORT": str(folder),
        "POSTGRES": "",
        **settings,
    }
    ended = subprocess.run(
        [sys.executable, "-m", "exports"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    return Build(warehouse, ended.returncode, ended.stdout, ended.stderr)


@pytest.fixture(scope="module")
def hostile(samples: Build, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The warehouse of the samples with everything in it that could do harm."""
    path = tmp_path_factory.mktemp("hostile") / "warehouse.duckdb"
    shutil.copy(samples.warehouse, path)
    with duckdb.connect(str(path)) as connection:
        assert put_everywhere(connection) > 30
        connection.execute("update marts.dim_unit set unit_name = ?", [UNIT])
        connection.execute("update marts.fct_spending set unit_name = ?", [UNIT])
        connection.execute(
            "update marts.fct_project set project_name = ? "
            "where cell_id = (select min(cell_id) from marts.fct_project semi join "
            "marts.dim_document on fct_project.document_id = dim_document.document_id "
            "and dim_document.status = 'loaded')",
            [PROJECT],
        )
        for place, text in enumerate(FORMULAS):
            connection.execute(
                "update marts.fct_performance_target set target_text = ? where cell_id "
                "= (select cell_id from marts.fct_performance_target "
                f"order by cell_id offset {place} limit 1)",
                [text],
            )
        connection.execute(
            "create table marts.fct_later as select 1::hugeint as number, "
            "['职工张三丧葬费'] as words, time '12:00' as hour, 2::ubigint as much"
        )
        connection.execute(
            "update marts.dim_source_cell set printed_text = '-12.34' "
            "where cell_id = (select min(cell_id) from marts.fct_project)"
        )
        connection.execute(
            "update marts.dim_source_cell set printed_text = '13912345678' "
            "where cell_id = (select max(cell_id) from marts.fct_project)"
        )
    return path


@pytest.fixture(scope="module")
def exported(hostile: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One export of it, made by the command."""
    folder = tmp_path_factory.mktemp("exported") / "export"
    ended = run(hostile, folder)
    assert ended.exit_code == 0, ended.errors
    assert "已脱敏" in ended.output
    assert len(ended.output.split("\n\n")[-1].splitlines()) < 15
    return folder


@pytest.fixture(scope="module")
def made(hostile: Path, tmp_path_factory: pytest.TempPathFactory) -> Release:
    """The masked copy alone."""
    return release.create(tmp_path_factory.mktemp("made") / "r.duckdb", hostile)


def rows(connection: duckdb.DuckDBPyConnection, sql: str) -> list[tuple]:
    return connection.execute(sql).fetchall()


def csv_rows(path: Path) -> list[Row]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_every_format_has_the_rows_and_sums_of_the_warehouse(
    exported: Path, hostile: Path
) -> None:
    tables = {path.stem for path in (exported / "csv").glob("*.csv")}
    assert tables == {path.stem for path in (exported / "parquet").iterdir()}
    assert len(tables) >= 30
    with reading(hostile) as connection:
        for table in (
            "fct_functional",
            "fct_economic",
            "fct_revenue",
            "fct_project",
            "fct_three_public",
        ):
            query = "select count(*), sum(amount_yuan) from "
            ((count, total),) = rows(connection, f"{query} marts.{table}")
            assert count > 0
            parts = f"{exported}/parquet/{table}.parquet"
            assert rows(connection, f"{query} '{parts}'") == [(count, total)]
            read = csv_rows(exported / "csv" / f"{table}.csv")
            assert len(read) == count
            assert sum(Decimal(row["amount_yuan"]) for row in read) == total
            with reading(exported / "warehouse.duckdb") as copy:
                assert rows(copy, f"{query} marts.{table}") == [(count, total)]


def test_personal_data_is_masked_in_every_file_and_kept_in_the_warehouse(
    exported: Path, hostile: Path
) -> None:
    masked = (
        "退休职工张**丧葬费 <script>alert('x')</script> 138****5678 110105************"
    )
    with reading(hostile) as connection:
        sql = "select count(*) from marts.fct_project where project_name = ?"
        assert connection.execute(sql, [PROJECT]).fetchone() == (1,)
        source = f"'{exported}/parquet/fct_project.parquet'"
        sql = f"select count(*) from {source} where project_name = ?"
        assert connection.execute(sql, [masked]).fetchone() == (1,)
    with reading(exported / "warehouse.duckdb") as connection:
        sql = "select count(*) from marts.fct_project where project_name = ?"
        assert connection.execute(sql, [masked]).fetchone() == (1,)
        ((note,),) = rows(connection, "select note from meta.export")
        assert "已脱敏" in note and "未脱敏" in note
    names = [row["project_name"] for row in csv_rows(exported / "csv/fct_project.csv")]
    assert masked in names
    for path in exported.rglob("*.csv"):
        text = path.read_text(encoding="utf-8-sig")
        assert "张三" not in text and "11010519491231002X" not in text
    book = openpyxl.load_workbook(exported / "workbook.xlsx", read_only=True)
    titles = {row[3] for row in book["项目"].iter_rows(values_only=True)}
    assert masked in titles


def test_no_file_holds_personal_data_of_any_kind(exported: Path) -> None:
    """Whatever the column: in every mart some text holds each kind."""
    texts: dict[str, list[str]] = {}
    for path in exported.rglob("*"):
        name = path.relative_to(exported).as_posix()
        if path.suffix == ".xlsx":
            with zipfile.ZipFile(path) as book:
                texts[name] = [book.read(part).decode() for part in book.namelist()]
        elif path.suffix == ".parquet":
            with duckdb.connect() as connection:
                (texts[name],) = rows(
                    connection,
                    f"select string_agg(t::varchar, '\n') from '{path}' as t",
                )
        elif path.suffix == ".duckdb":
            with reading(path) as connection:
                texts[name] = [
                    text or ""
                    for (table,) in rows(
                        connection,
                        "select schema_name || '.' || table_name from duckdb_tables()",
                    )
                    for (text,) in rows(
                        connection,
                        f"select string_agg(t::varchar, '\n') from {table} as t",
                    )
                ]
        elif path.is_file():
            texts[name] = [path.read_text(encoding="utf-8-sig")]
    for name, found in texts.items():
        for part in PARTS:
            assert not any(part in (text or "") for text in found), (name, part)
    for name in ("csv/dim_document.csv", "workbook.xlsx", "warehouse.duckdb"):
        assert any(MASKED in text for text in texts[name]), name


def test_the_warehouse_says_that_it_is_not_masked(samples: Build) -> None:
    comments = samples.rows(
        "select distinct comment from duckdb_tables() where schema_name = 'raw'"
    )
    assert len(comments) == 1 and "未脱敏" in comments[0]["comment"]


def test_a_mart_of_later_with_other_types_is_exported_too(exported: Path) -> None:
    with reading(exported / "warehouse.duckdb") as connection:
        assert rows(connection, "from marts.fct_later") == [
            (1, "[职工张**丧葬费]", "12:00:00", 2)
        ]
    assert csv_rows(exported / "csv" / "fct_later.csv") == [
        {"number": "1", "words": "[职工张**丧葬费]", "hour": "12:00:00", "much": "2"}
    ]


def test_the_copy_opens_in_the_duckdb_of_bi_tools(exported: Path) -> None:
    with reading(exported / "warehouse.duckdb") as connection:
        ((tags,),) = rows(
            connection,
            "select tags from duckdb_databases() where database_name = 'warehouse'",
        )
    assert tags["storage_version"].startswith("v1.2.0")


def test_an_amount_of_eleven_digits_is_no_telephone_number(exported: Path) -> None:
    with reading(exported / "warehouse.duckdb") as connection:
        sql = "select count(*) from marts.dim_source_cell where printed_text = "
        assert rows(connection, f"{sql} '13912345678'") == [(1,)]


def test_no_text_of_a_csv_is_a_formula_and_numbers_stay_numbers(exported: Path) -> None:
    targets = csv_rows(exported / "csv" / "fct_performance_target.csv")
    written = [row["target_text"] for row in targets]
    assert all(f"'{text}" in written and text not in written for text in FORMULAS)
    cells = csv_rows(exported / "csv" / "dim_source_cell.csv")
    assert "-12.34" in [row["printed_text"] for row in cells]
    identities = csv_rows(exported / "csv" / "fct_identity.csv")
    assert min(Decimal(row["difference_yuan"] or 0) for row in identities) < 0
    raw = (exported / "csv" / "dim_unit.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbfunit_id,")


def test_the_data_package_is_valid_and_fiscal(exported: Path) -> None:
    package = exported / "csv" / "datapackage.json"
    report = frictionless.validate(str(package))
    assert report.valid, report.flatten(["type", "message"])[:5]
    resources = {
        resource["name"]: resource
        for resource in json.loads(package.read_text(encoding="utf-8"))["resources"]
    }
    schema = resources["fct_functional"]["schema"]
    fields = {field["name"]: field for field in schema["fields"]}
    assert fields["amount_yuan"]["type"] == "number"
    assert fields["amount_yuan"]["columnType"] == "value"
    assert fields["fiscal_year"]["columnType"] == "date:fiscal-year"
    assert (
        fields["functional_code"]["columnType"]
        == "functional-classification:generic:code"
    )
    assert schema["primaryKey"] == ["cell_id"]
    assert {
        "fields": ["cell_id"],
        "reference": {"resource": "dim_source_cell", "fields": ["cell_id"]},
    } in schema["foreignKeys"]


def test_the_manifest_cites_every_file_and_version(
    exported: Path, hostile: Path
) -> None:
    manifest = json.loads((exported / "manifest.json").read_text(encoding="utf-8"))
    listed = {file["path"]: file["sha256"] for file in manifest["files"]}
    there = {
        path.relative_to(exported).as_posix(): hashlib.sha256(
            path.read_bytes()
        ).hexdigest()
        for path in exported.rglob("*")
        if path.is_file() and path.name != "manifest.json"
    }
    assert listed == there
    with reading(hostile) as connection:
        ((build_id, rules, functional),) = rows(
            connection,
            "select (select build_id from meta.build), "
            "(select count(*) from seeds.rule), "
            "(select count(*) from marts.fct_functional)",
        )
    assert manifest["build_id"] == build_id
    assert manifest["versions"]["rules"]["rows"] == rules
    assert len(manifest["versions"]["code_lists"]["functional_code"]["sha256"]) == 64
    assert manifest["versions"]["readers"]
    measures = manifest["tables"]["fct_functional"]["measures"]
    assert measures["rows"] == str(functional)


def test_tables_and_columns_of_the_copy_say_what_they_mean(exported: Path) -> None:
    with reading(exported / "warehouse.duckdb") as connection:
        ((comment,),) = rows(
            connection,
            "select comment from duckdb_columns() where table_name = 'fct_project' "
            "and schema_name = 'marts' and column_name = 'amount_yuan'",
        )
        assert comment.startswith("金额（元）。") and "Amount in yuan" in comment
        views = rows(connection, 'select count(*) from audit."项目"')
        assert views == rows(connection, "select count(*) from marts.fct_project")


def test_the_workbook_is_one_that_an_auditor_would_make(
    exported: Path, hostile: Path
) -> None:
    book = openpyxl.load_workbook(exported / "workbook.xlsx")
    assert book.sheetnames[:4] == ["封面", "支出", "支出（经济分类）", "三公"]
    assert {"资产与机构", "政策标准", "引用文件"} <= set(book.sheetnames)
    assert {"项目", "收入", "发现", "来源", "勾稽", "未识别", "文件"} <= set(
        book.sheetnames
    )
    spending = book["支出"]
    heads = [cell.value for cell in spending[2]]
    assert heads[:5] == ["单位", "年度", "阶段", "科目编码", "科目名称"]
    assert spending.freeze_panes == "B3"
    assert spending.auto_filter.ref == f"A2:K{spending.max_row}"
    yuan, wan = heads.index("支出（元）"), heads.index("支出（万元）")
    with reading(hostile) as connection:
        sql = "select count(*), sum(expenditure_yuan) from marts.fct_spending"
        ((count, total),) = rows(connection, sql)
    data = list(spending.iter_rows(min_row=3, values_only=True))
    assert len(data) == count
    assert sum(Decimal(str(row[yuan])) for row in data) == total
    assert all(abs(row[wan] * 10000 - row[yuan]) < 0.001 for row in data)
    assert spending.cell(3, wan + 1).number_format.startswith("#,##0.00")
    assert data[0][0] == UNIT and data[0][2] == "预算"
    # Whole numbers of things print no bare point, parts of them their decimals.
    quantities = {
        (cell.value == int(cell.value), cell.number_format)
        for (cell,) in book["资产与机构"].iter_rows(min_row=3, min_col=5, max_col=5)
    }
    assert quantities <= {(True, "#,##0"), (False, "#,##0.0###")} and quantities
    texts = [cell for row in book["项目"].iter_rows() for cell in row if cell.value]
    assert not any(cell.data_type == "f" for cell in texts)


def test_three_public_is_compared_with_last_year(
    samples: Build, tmp_path: Path
) -> None:
    """The figure that the document prints beside it, or the document of last year."""
    path = tmp_path / "warehouse.duckdb"
    shutil.copy(samples.warehouse, path)
    (sheet,) = (sheet for sheet in SHEETS if sheet.name == "三公对比上年")

    def compared(connection: duckdb.DuckDBPyConnection) -> list[tuple[object, ...]]:
        return [
            row[5:10]
            for row in rows(connection, sheet.query)
            if row[1] == 2025 and row[3] == "total"
        ]

    of_2025 = (
        "(select document_id from marts.dim_document where file_name = '{}')".format
    )
    with duckdb.connect(str(path)) as connection:
        assert compared(connection) == [(Decimal(29000), None, None, None, None)]
        connection.execute(
            "update marts.dim_document set status = 'loaded', fiscal_year = 2024 "
            "where file_name = 'wansheng_2025.txt'"
        )
        connection.execute(
            "update marts.fct_three_public set fiscal_year = 2024, "
            "amount_yuan = amount_yuan * 2 "
            f"where document_id = {of_2025('wansheng_2025.txt')}"
        )
        assert compared(connection) == [
            (Decimal(29000), Decimal(58000), Decimal(-29000), -0.5, "上年文件")
        ]
        connection.execute(
            "insert into marts.fct_three_public select * replace ("
            "'prior_budget' as phase, 20000 as amount_yuan, cell_id || 'x' as cell_id) "
            "from marts.fct_three_public "
            f"where document_id = {of_2025('wansheng_2025.pdf')} and item = 'total'"
        )
        assert compared(connection) == [
            (Decimal(29000), Decimal(20000), Decimal(9000), 0.45, "本文件")
        ]


def test_libre_office_opens_and_prints_the_workbook(
    exported: Path, tmp_path: Path
) -> None:
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("no LibreOffice here")
    subprocess.run(
        [
            office,
            f"-env:UserInstallation=file://{tmp_path}/profile",
            "--headless",
            *("--convert-to", "pdf", "--outdir", str(tmp_path)),
            str(exported / "workbook.xlsx"),
        ],
        capture_output=True,
        timeout=180,
        check=True,
    )
    printed = pypdfium2.PdfDocument(tmp_path / "workbook.pdf")
    texts = [page.get_textpage().get_text_range() for page in printed]
    assert "审计工作簿" in texts[0] and "构建编号" in texts[0]
    # One page across: as many pages as sheets, but for the long ones.
    assert 12 <= len(texts) < 60
    assert any("警告" in text and "查看原文" in text for text in texts)


def test_a_finding_leads_to_its_source_and_back(exported: Path) -> None:
    book = openpyxl.load_workbook(exported / "workbook.xlsx")
    findings, sources = book["发现"], book["来源"]
    followed = 0
    for row in findings.iter_rows(min_row=3):
        link = row[-1].hyperlink
        if link is None:
            assert row[-1].value == "整份文件"
            continue
        sheet, _, address = link.location.partition("!")
        target = book[sheet.strip("'")][address]
        assert target.parent is sources and target.value == row[0].value
        assert findings[target.hyperlink.location.partition("!")[2]] is row[0]
        followed += 1
    assert followed > 0


def test_a_subject_beyond_the_last_row_goes_on_in_another_sheet(
    made: Release, tmp_path: Path
) -> None:
    path = tmp_path / "workbook.xlsx"
    counts = dict(workbook.write(made, path, limit=20))
    book = openpyxl.load_workbook(path)
    parts = [name for name in book.sheetnames if name.startswith("勾稽")]
    assert parts[:2] == ["勾稽", "勾稽 (2)"]
    assert sum(book[name].max_row - 2 for name in parts) == counts["勾稽"]


def test_a_large_table_is_one_part_a_year(made: Release, tmp_path: Path) -> None:
    parquet.write(made, tmp_path / "parquet", large=100)
    parts = sorted((tmp_path / "parquet" / "fct_functional").iterdir())
    assert [part.name for part in parts] == [
        "fiscal_year=2023",
        "fiscal_year=2024",
        "fiscal_year=2025",
    ]


def test_a_file_that_differs_is_told(made: Release, tmp_path: Path) -> None:
    table = made.table("fct_project")
    assert table is not None
    values = [*table.measures.values()]
    table.require_same(values, "file")
    with pytest.raises(release.catalog.Differs, match="fct_project 的 rows"):
        table.require_same([str(table.rows + 1), *values[1:]], "file")


def test_an_export_is_replaced_whole_or_stays(
    exported: Path, hostile: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "export"
    shutil.copytree(exported, folder)
    (folder / "csv" / "old.csv").write_text("old", encoding="utf-8")
    before = (folder / "manifest.json").read_bytes()
    failed = run(tmp_path / "none.duckdb", folder)
    assert failed.exit_code == 2 and "make build" in failed.errors
    assert (folder / "manifest.json").read_bytes() == before
    ended = run(hostile, folder)
    assert ended.exit_code == 0, ended.errors
    assert not (folder / "csv" / "old.csv").exists()
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        ".export.lock",
        "export",
    ]


def test_a_folder_with_other_things_is_not_replaced(
    hostile: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "letter.txt").write_text("mine", encoding="utf-8")
    ended = run(hostile, folder)
    assert ended.exit_code == 3
    assert "EXPORT=" in ended.errors and "不予覆盖" in ended.errors
    assert [path.name for path in folder.iterdir()] == ["letter.txt"]


def test_no_space_leaves_nothing_half_written(hostile: Path, tmp_path: Path) -> None:
    """Files larger than ``limit`` cannot be written, as on a full disk."""
    limit = 3_000_000
    folder = tmp_path / "export"
    code = (
        "import resource, sys; from exports.__main__ import main; "
        f"resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit})); "
        "sys.exit(main())"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**os.environ, "WAREHOUSE": str(hostile), "EXPORT": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 3, ended.stderr
    assert "写不进文件夹" in ended.stderr and "剩余空间" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert [path.name for path in tmp_path.iterdir()] == [".export.lock"]


def test_no_postgres_is_told_before_anything_is_written(
    hostile: Path, tmp_path: Path
) -> None:
    url = "postgresql://me:secret@127.0.0.1:1/nowhere"
    ended = run(hostile, tmp_path / "export", POSTGRES=url)
    assert ended.exit_code == 5
    assert "PostgreSQL 载入失败" in ended.errors and "secret" not in ended.errors
    assert [path.name for path in tmp_path.iterdir()] == [".export.lock"]


def test_told_to_stop_it_leaves_nothing(hostile: Path, tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-u", "-m", "exports"],
        cwd=ROOT,
        env={
            **os.environ,
            "WAREHOUSE": str(hostile),
            "EXPORT": str(tmp_path / "export"),
            "POSTGRES": "",
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert "脱敏副本" in process.stdout.readline().decode()
        process.terminate()
    assert process.returncode != 0
    assert [path.name for path in tmp_path.iterdir()] == [".export.lock"]


def test_a_folder_that_cannot_be(hostile: Path) -> None:
    ended = run(hostile, Path("/dev/null/export"))
    assert ended.exit_code == 3
    assert "写不进文件夹" in ended.errors and "Traceback" not in ended.errors


def test_a_warehouse_of_another_version_names_what_is_missing(
    hostile: Path, tmp_path: Path
) -> None:
    old = tmp_path / "old.duckdb"
    shutil.copy(hostile, old)
    with duckdb.connect(str(old)) as connection:
        connection.execute("drop table marts.fct_three_public")
        connection.execute("drop table marts.rpt_coverage cascade")
    with pytest.raises(WrongWarehouse, match=r"fct_three_public、marts\.rpt_coverage"):
        release.create(tmp_path / "r.duckdb", old)


@pytest.mark.parametrize(
    "change",
    [
        "alter table marts.fct_identity drop column subject_code",
        "alter table marts.rpt_coverage drop column amounts_in_identity",
        "drop table meta.build",
    ],
)
def test_a_warehouse_of_another_version_says_what_to_do(
    samples: Build, exported: Path, tmp_path: Path, change: str
) -> None:
    old = tmp_path / "old.duckdb"
    shutil.copy(samples.warehouse, old)
    with duckdb.connect(str(old)) as connection:
        connection.execute(change)
    folder = tmp_path / "export"
    shutil.copytree(exported, folder)
    before = (folder / "manifest.json").read_bytes()
    ended = run(old, folder)
    assert ended.exit_code == 2, ended.errors
    assert "本版本" in ended.errors and "make build" in ended.errors
    assert "Traceback" not in ended.errors
    assert (folder / "manifest.json").read_bytes() == before
    assert {path.name for path in tmp_path.iterdir()} == {
        *(".export.lock", "export", "old.duckdb")
    }


def test_documents_without_a_single_figure_are_exported(
    samples: Build, tmp_path: Path
) -> None:
    none = tmp_path / "none.duckdb"
    shutil.copy(samples.warehouse, none)
    with duckdb.connect(str(none)) as connection:
        empty(connection)
    ended = run(none, tmp_path / "export")
    assert ended.exit_code == 0, ended.errors
    book = openpyxl.load_workbook(tmp_path / "export" / "workbook.xlsx")
    assert book["支出"].max_row == 2 and book["文件"].max_row > 2


def test_killed_in_the_middle_the_earlier_export_stays(
    exported: Path, hostile: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "export"
    shutil.copytree(exported, folder)
    with subprocess.Popen(
        [sys.executable, "-u", "-m", "exports"],
        cwd=ROOT,
        env={**os.environ, "WAREHOUSE": str(hostile), "EXPORT": str(folder)},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if line.startswith(b"CSV"):
                process.kill()
    assert process.returncode == -signal.SIGKILL
    assert (tmp_path / ".export.next").exists()
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    for file in manifest["files"]:
        content = (folder / file["path"]).read_bytes()
        assert hashlib.sha256(content).hexdigest() == file["sha256"]
    # The next one clears away what is left, and is not kept out by the dead.
    assert run(tmp_path / "none.duckdb", folder).exit_code == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        ".export.lock",
        "export",
    ]


def test_without_permission_nothing_is_touched(
    hostile: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """As root everything may be written: the system's answer is played."""

    def refuse(self: Path, *_: object, **__: object) -> None:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(self))

    monkeypatch.setattr(Path, "mkdir", refuse)
    monkeypatch.setenv("WAREHOUSE", str(hostile))
    monkeypatch.setenv("EXPORT", str(tmp_path / "export"))
    monkeypatch.setenv("POSTGRES", "")
    monkeypatch.setattr(sys, "argv", ["exports"])
    assert command.main() == command.NOT_WRITTEN
    told = capsys.readouterr().err
    assert "写不进文件夹" in told and "Permission denied" in told
    assert list(tmp_path.iterdir()) == []


def test_html_and_formulas_are_text_in_the_workbook(exported: Path) -> None:
    with zipfile.ZipFile(exported / "workbook.xlsx") as book:
        for name in book.namelist():
            if name.startswith("xl/worksheets/sheet"):
                part = book.read(name).decode()
                assert "<f>" not in part and "<script" not in part
        assert not any("vbaProject" in name for name in book.namelist())


def test_an_empty_warehouse_and_no_warehouse_at_all(
    hostile: Path, tmp_path: Path
) -> None:
    empty = tmp_path / "empty.duckdb"
    shutil.copy(hostile, empty)
    with duckdb.connect(str(empty)) as connection:
        connection.execute("delete from marts.dim_document")
    with pytest.raises(WrongWarehouse, match="数据库是空的"):
        release.create(tmp_path / "r.duckdb", empty)
    none = tmp_path / "none.duckdb"
    none.write_text("not a database", encoding="utf-8")
    with pytest.raises(WrongWarehouse, match="打不开数据库"):
        release.create(tmp_path / "r.duckdb", none)


def test_help_says_what_it_does() -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "exports", "--help"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "EXPORT" in ended.stdout and "POSTGRES" in ended.stdout


def test_dates_and_times_of_a_csv(made: Release, tmp_path: Path) -> None:
    csv_files.write(made, tmp_path / "csv")
    row = csv_rows(tmp_path / "csv" / "dim_document.csv")[0]
    assert dt.datetime.fromisoformat(row["loaded_at"]).tzinfo is not None
