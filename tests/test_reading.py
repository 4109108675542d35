"""The reader of notebooks: frames with decimals, series that are one, citations."""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import duckdb
import polars as pl
import pytest
from PIL import Image

import countybudget
from countybudget import (
    AmbiguousName,
    MixedSeries,
    NoPicture,
    NotAWarehouse,
    UnknownName,
    Warehouse,
)
from countybudget.warehouse import _MEANING, _OF_STATEMENTS
from exports import parquet, release
from tests.building import Build

WANSHENG = "重庆市万盛经济技术开发区社会保险事务中心"
XINXIANG = "新乡市社会保险中心"
TUNLIU = "长治市屯留区社会保险中心"
SHORT = "d6aec430e19b685a1-t43-r3-c4"  # 270.26 under 208, which the 款 do not reach
HOUSING = {
    "statement": "expenditure",
    "measure": "total",
    "code": "2210201",
}

# Of an amount: where it stands, how it is printed and what arithmetic says, not its
# meaning.
_BESIDE = {
    *("cell_id", "document_id", "source_table_id", "unit_code", "unit_name"),
    *("fiscal_year", "amount_yuan", "expenditure_yuan", "basic_yuan", "project_yuan"),
    *("half_unit_yuan", "proof", "printed_code", "printed_name", "code_basis"),
    *("functional_name", "economic_name", "paired_code", "is_leaf", "is_official"),
    *("statements", "quantity", "as_of"),
}


@pytest.fixture(scope="module")
def warehouse(samples: Build) -> Iterator[Warehouse]:
    with Warehouse.open(samples.warehouse) as opened:
        yield opened


@pytest.fixture(scope="module")
def exported(
    samples: Build, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Path]:
    """The DuckDB copy, Parquet files, and Parquet with a folder for each table."""
    folder = tmp_path_factory.mktemp("exported")
    copy = release.create(folder / "warehouse.duckdb", samples.warehouse)
    parquet.write(copy, folder / "export" / "parquet")
    parquet.write(copy, folder / "partitioned", large=0)
    return {
        "copy": folder / "warehouse.duckdb",
        "export": folder / "export",
        "files": folder / "export" / "parquet",
        "partitioned": folder / "partitioned",
    }


@pytest.fixture(scope="module")
def years(samples: Build, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse where 万盛 has published in 2024, too, as its own office alone."""
    path = tmp_path_factory.mktemp("years") / "warehouse.duckdb"
    shutil.copy(samples.warehouse, path)
    with duckdb.connect(str(path)) as connection:
        connection.execute(
            "update marts.dim_document set status = 'loaded', fiscal_year = 2024, "
            "coverage = 'unit' where file_name = 'wansheng_2025.txt'"
        )
        for table in ("fct_functional", "fct_three_public"):
            connection.execute(
                f"update marts.{table} set fiscal_year = 2024, "
                "amount_yuan = amount_yuan + 0.0001 where document_id = (select "
                "document_id from marts.dim_document "
                "where file_name = 'wansheng_2025.txt')"
            )
    return path


def test_amounts_are_decimals(warehouse: Warehouse) -> None:
    frame = warehouse.load("fct_spending", functional_code=["2101101", "2210201"])
    assert frame.schema["expenditure_yuan"] == pl.Decimal(20, 4)
    assert set(frame["functional_code"]) == {"2101101", "2210201"}
    housing = frame.filter(
        (pl.col("functional_code") == "2210201") & (pl.col("unit_name") == WANSHENG)
    )
    assert housing["expenditure_yuan"].to_list() == [Decimal("514700.0000")]
    assert warehouse.load("fct_spending", unit=WANSHENG)[
        "expenditure_yuan"
    ].sum() == Decimal("9052900.0000")


def test_rows_are_chosen_by_unit_year_stage_region_code_and_proof(
    warehouse: Warehouse,
) -> None:
    disputed = warehouse.load(
        "fct_functional",
        unit=WANSHENG,
        year=2025,
        stage="budget",
        region="重庆市",
        code="208",
        proof="disputed",
        measure="project",
    )
    assert sorted(disputed["statement"]) == ["expenditure", "general_expenditure"]
    assert set(disputed["amount_yuan"]) == {Decimal("2702600.0000")}
    assert SHORT in disputed["cell_id"]

    def spent(**filters: object) -> Decimal:
        frame = warehouse.load("fct_spending", **filters)  # type: ignore[arg-type]
        return Decimal(frame["expenditure_yuan"].sum())

    tunliu = spent(unit=TUNLIU)
    assert tunliu == Decimal("7597700.0000")
    assert spent(region="140405") == spent(region="1404*") == tunliu
    assert spent(region="屯留区") == spent(region="山西省") == tunliu
    assert spent(year=range(2023, 2025)) == tunliu + spent(unit=XINXIANG)
    assert spent(unit=[TUNLIU, XINXIANG]) == spent(year=[2023, 2024])
    assert spent(unit=TUNLIU, code="21*") == Decimal("162800.0000")
    assert spent(unit=TUNLIU, code=["2210201", "2101*"]) == Decimal("447800.0000")
    assert warehouse.load("fct_spending", unit=TUNLIU, code="21").is_empty()
    assert warehouse.load("fct_spending", stage="final_accounts").is_empty()
    assert warehouse.load("fct_spending", year=[]).is_empty()
    assert warehouse.load("dim_unit", region="500110-Z01")["unit_name"].to_list() == [
        WANSHENG
    ]
    tables = warehouse.load("dim_source_table", region="重庆市", status="loaded")
    assert set(tables["document_id"].str.slice(0, 1)) == {"d"}
    totals = warehouse.load("fct_functional", unit=XINXIANG, functional_code=None)
    assert totals.height > 0 and "code" not in set(totals["row_role"])


def test_documents_that_do_not_count_are_left_out(warehouse: Warehouse) -> None:
    """Each sample is published as text and as PDF."""
    once = warehouse.load("fct_three_public")
    twice = warehouse.load("fct_three_public", duplicates=True)
    assert (once.height, twice.height) == (10, 20)
    once = warehouse.load("rpt_coverage", unit=WANSHENG, statement="balance")
    assert once.height == 1
    assert set(warehouse.load("dim_document")["status"]) == {"loaded", "duplicate"}


def test_a_series_counts_a_figure_once(warehouse: Warehouse) -> None:
    series = warehouse.series(
        "fct_three_public", unit=XINXIANG, stage="budget", item="total"
    )
    assert series.drop("document_id").rows() == [
        (2023, Decimal(52000), Decimal(50), "proven", "d668d25cb9f02bcb6-t53-r2-c0")
    ]
    citation = warehouse.cite(series["cell_id"][0])
    assert (citation.printed_text, citation.file_name) == ("5.20", "xinxiang_2023.pdf")
    spending = warehouse.series("fct_spending", unit=WANSHENG, code="2080101")
    assert spending.drop("document_id").columns == [
        *("fiscal_year", "expenditure_yuan", "proof")
    ]
    assert spending["expenditure_yuan"].to_list() == [Decimal("5423100.0000")]


def test_a_series_does_not_mix(warehouse: Warehouse) -> None:
    with pytest.raises(MixedSeries, match=r"item = 'overseas' \(1\)") as mixed:
        warehouse.series("fct_three_public", unit=XINXIANG, stage="budget")
    assert mixed.value.choices["row_role"] == ["code", "total"]
    with pytest.raises(MixedSeries, match=r"measure = 'total' \(7\)") as mixed:
        warehouse.series("fct_functional", unit=WANSHENG, code="208")
    assert set(mixed.value.choices) == {
        *("statement", "side", "measure", "fund", "year_basis")
    }
    chosen = warehouse.series(
        "fct_functional",
        unit=WANSHENG,
        code="208",
        statement="expenditure",
        measure="project",
    )
    assert chosen["proof"].to_list() == ["disputed"]


def test_every_column_of_an_amount_is_its_meaning_or_beside_it(
    warehouse: Warehouse,
) -> None:
    """A new column must be decided upon, or a series could mix what it tells apart."""
    for table in warehouse.tables():
        columns = set(warehouse.load(table, duplicates=True).columns)
        if table.startswith("fct_") and columns & _OF_STATEMENTS:
            assert columns - {*_MEANING} <= _BESIDE, table


def test_a_series_over_years(years: Path) -> None:
    with Warehouse.open(years) as warehouse:
        asked = {"unit": WANSHENG, "stage": "budget", **HOUSING}
        with pytest.raises(MixedSeries, match="coverage = 'department'"):
            warehouse.series("fct_functional", **asked)  # type: ignore[arg-type]
        for coverage, year in (("department", 2025), ("unit", 2024)):
            alone = warehouse.series("fct_functional", coverage=coverage, **asked)  # type: ignore[arg-type]
            assert alone["fiscal_year"].to_list() == [year]
    with duckdb.connect(str(years)) as connection:
        connection.execute("update marts.dim_document set coverage = 'unit'")
    with Warehouse.open(years) as warehouse:
        series = warehouse.series("fct_functional", **asked)  # type: ignore[arg-type]
        assert series.select("fiscal_year", "amount_yuan").rows() == [
            (2024, Decimal("514700.0001")),
            (2025, Decimal("514700.0000")),
        ]
    with duckdb.connect(str(years)) as connection:
        connection.execute("update marts.fct_functional set fiscal_year = 2025")
    with Warehouse.open(years) as warehouse:
        with pytest.raises(MixedSeries, match="several amounts for one year") as twice:
            warehouse.series("fct_functional", **asked)  # type: ignore[arg-type]
        assert "514700.0001 元, wansheng_2025.txt, document_id" in str(twice.value)
        one = twice.value.choices["document_id"][0]
        chosen = warehouse.series("fct_functional", document_id=one, **asked)  # type: ignore[arg-type]
        assert chosen["document_id"].to_list() == [one]


def test_units_of_one_name_are_told_apart(samples: Build, tmp_path: Path) -> None:
    path = tmp_path / "warehouse.duckdb"
    shutil.copy(samples.warehouse, path)
    with duckdb.connect(str(path)) as connection:
        connection.execute(
            "update marts.dim_unit set other_names = '社保中心;经办中心'"
        )
    with Warehouse.open(path) as warehouse:
        with pytest.raises(AmbiguousName, match="several units are called 社保中心"):
            warehouse.load("fct_three_public", unit="社保中心")
        # Of the county there is the bureau, too.
        with pytest.raises(AmbiguousName, match="region 410700"):
            warehouse.load("fct_three_public", unit="社保中心", region="410700")
        one = warehouse.load("fct_three_public", unit="社保中心", region="500110-Z01")
        assert set(one["unit_name"]) == {WANSHENG}


def test_a_citation_is_for_good(warehouse: Warehouse, samples: Build) -> None:
    citation = warehouse.cite(SHORT)
    build = samples.value("select build_id from meta.build")
    sha = samples.value(
        "select file_sha256 from marts.dim_document where file_name = ?",
        "wansheng_2025.pdf",
    )
    assert str(citation) == (
        "“270.26”（万元），重庆市万盛经济技术开发区社会保险事务中心2025年部门预算公开，"
        "第 5 页《2025年部门一般公共预算财政拨款支出预算表》第 4 行第 5 列，"
        f"文件 wansheng_2025.pdf（SHA-256 {sha}），数据库版本 {build}，单元格 {SHORT}"
    )
    assert citation.english.endswith(
        "row 4, column 5, "
        f"file wansheng_2025.pdf (SHA-256 {sha}), warehouse build {build}, cell {SHORT}"
    )
    assert (citation.unit_name, citation.fiscal_year) == (WANSHENG, 2025)
    assert (citation.stage, citation.is_recognised) == ("budget", False)
    in_text = samples.value(
        "select min(cell_id) from marts.dim_source_cell where line is not null"
    )
    assert "行，" in str(warehouse.cite(in_text))


def test_the_picture_of_a_cell(warehouse: Warehouse, folder_of_samples: Path) -> None:
    png = warehouse.picture(SHORT, folder_of_samples)
    image = Image.open(io.BytesIO(png)).convert("RGB")
    assert min(image.size) > 1000
    red = sum(
        count
        for count, (r, g, b) in image.getcolors(1 << 20) or []
        if r > 150 and g < 90 and b < 90
    )
    assert 200 < red < 5000
    assert len(png) < 150_000
    with pytest.raises(NoPicture, match=r"wansheng_2025\.pdf, SHA-256"):
        warehouse.picture(SHORT, folder_of_samples / "elsewhere")


def test_what_is_not_there_is_named(warehouse: Warehouse, tmp_path: Path) -> None:
    for call, message in (
        (lambda: warehouse.load("fct_spendings"), r"fct_spendings \(like it: fct_sp"),
        (lambda: warehouse.load("dim_unit", colour="red"), "no column colour; it has"),
        (lambda: warehouse.load("dim_fund", year=2025), "no column fiscal_year"),
        (lambda: warehouse.load("dim_fund", region="重庆市"), "belongs to no region"),
        (lambda: warehouse.load("dim_unit", region="某省"), "no region 某省"),
        (
            lambda: warehouse.load("fct_spending", stage="final"),  # type: ignore[arg-type]
            "no stage 'final': it is budget, final_accounts",
        ),
        (
            lambda: warehouse.load("fct_spending", proof=["proved"]),  # type: ignore[list-item]
            "no proof 'proved'",
        ),
        (
            lambda: warehouse.series("fct_three_public", unit="新乡社会保险中心"),
            "like it: 新乡市社会保险中心",
        ),
        (
            lambda: warehouse.series("fct_three_public", unit=WANSHENG, item="meals"),
            "item 'reception', 'total', 'vehicle_operation', 'vehicles'",
        ),
        (
            lambda: warehouse.series("fct_three_public", unit=TUNLIU, item="total"),
            "no row of this unit",
        ),
        (lambda: warehouse.series("dim_unit", unit=TUNLIU), "no column of amounts"),
        (
            lambda: warehouse.series("fct_narrative_figure", unit=TUNLIU),
            "no fact of statements",
        ),
        (lambda: warehouse.cite("x"), "no cell x"),
    ):
        with pytest.raises(UnknownName, match=message):
            call()
    with pytest.raises(AmbiguousName, match="regions are called 新华区: 130105"):
        warehouse.load("dim_unit", region="新华区")


def test_what_is_no_warehouse_is_said(samples: Build, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="run `make build`"):
        Warehouse.open(tmp_path / "nowhere.duckdb")
    with pytest.raises(NotAWarehouse, match="no Parquet files"):
        Warehouse.open(tmp_path)
    with pytest.raises(NotAWarehouse, match=r"open .*warehouse\.duckdb"):
        Warehouse.open(samples.warehouse.parent)
    text = tmp_path / "text.duckdb"
    text.write_text("text")
    with pytest.raises(NotAWarehouse, match="no published warehouse"):
        Warehouse.open(text)
    duckdb.connect(str(tmp_path / "other.duckdb")).close()
    with pytest.raises(NotAWarehouse, match="no published warehouse"):
        Warehouse.open(tmp_path / "other.duckdb")


@pytest.mark.parametrize("kind", ["copy", "export", "files", "partitioned"])
def test_exports_read_like_the_warehouse(
    warehouse: Warehouse, exported: dict[str, Path], kind: str
) -> None:
    with Warehouse.open(exported[kind]) as other:
        assert other.tables() == warehouse.tables()
        assert other.build_id == warehouse.build_id
        for table in ("dim_document", "fct_functional", "fct_spending", "fct_finding"):
            order = warehouse.load(table).columns[:8]
            assert (
                other.load(table).sort(order).equals(warehouse.load(table).sort(order))
            )
        asked = {"unit": XINXIANG, "stage": "budget", "item": "reception"}
        assert other.series("fct_three_public", **asked).equals(  # type: ignore[arg-type]
            warehouse.series("fct_three_public", **asked)  # type: ignore[arg-type]
        )
        assert other.cite(SHORT) == warehouse.cite(SHORT)
        assert other.describe("fct_spending")["column"].to_list() == (
            warehouse.load("fct_spending").columns
        )


def test_parquet_of_two_builds_is_refused(
    exported: dict[str, Path], tmp_path: Path
) -> None:
    shutil.copytree(exported["files"], tmp_path / "parquet")
    with duckdb.connect() as connection:
        connection.execute(
            "copy (select 1 as one) to '"
            f"{tmp_path / 'parquet' / 'fct_other.parquet'}' "
            "(format parquet, kv_metadata {build_id: 'of another day'})"
        )
    with pytest.raises(NotAWarehouse, match="of several builds"):
        Warehouse.open(tmp_path)


def test_columns_are_described(warehouse: Warehouse) -> None:
    described = warehouse.describe("fct_spending")
    meaning = dict(described.select("column", "description").rows())
    assert meaning["proof"].startswith("核对结果。")
    assert dict(described.select("column", "type").rows())["expenditure_yuan"] == (
        "DECIMAL(20,4)"
    )


def test_everything_explains_itself() -> None:
    for name in countybudget.__all__:
        assert getattr(countybudget, name).__doc__
    for name, member in vars(Warehouse).items():
        if not name.startswith("_"):
            assert member.__doc__, name
    for documented in (Warehouse.load, Warehouse.series):
        text = documented.__doc__ or ""
        assert ":returns:" in text and ":raises UnknownName:" in text and "元" in text
