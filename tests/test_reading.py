"""The reader of notebooks: frames with decimals, series that are one, citations."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from countybudget import MixedSeries, UnknownName, Warehouse
from tests.building import Build

WANSHENG = "重庆市万盛经济技术开发区社会保险事务中心"
XINXIANG = "新乡市社会保险中心"


@pytest.fixture(scope="module")
def warehouse(samples: Build) -> Iterator[Warehouse]:
    with Warehouse.open(samples.warehouse) as opened:
        yield opened


def test_amounts_are_decimals(warehouse: Warehouse) -> None:
    frame = warehouse.load("fct_spending", functional_code=["2101101", "2210201"])
    assert frame.schema["expenditure_yuan"] == pl.Decimal(20, 4)
    assert set(frame["functional_code"]) == {"2101101", "2210201"}
    housing = frame.filter(
        (pl.col("functional_code") == "2210201") & (pl.col("unit_name") == WANSHENG)
    )
    assert housing["expenditure_yuan"].to_list() == [Decimal("514700.0000")]


def test_a_series_counts_a_figure_once(warehouse: Warehouse) -> None:
    """Each sample is published as text and as PDF."""
    series = warehouse.series(
        "fct_three_public", unit=XINXIANG, stage="budget", item="total"
    )
    assert series.select("fiscal_year", "amount_yuan").rows() == [
        (2023, Decimal(52000))
    ]
    citation = warehouse.cite(series["cell_id"][0])
    assert (citation.printed_text, citation.file_name) == ("5.20", "xinxiang_2023.pdf")
    assert str(citation).startswith("“5.20”，")
    assert f"SHA-256 {citation.file_sha256}" in str(citation)


def test_a_series_does_not_mix(warehouse: Warehouse) -> None:
    with pytest.raises(MixedSeries, match="row_role is"):
        warehouse.series("fct_three_public", unit=XINXIANG, stage="budget")
    with pytest.raises(MixedSeries, match="item is"):
        warehouse.series(
            "fct_three_public", unit=XINXIANG, stage="budget", row_role="code"
        )
    with pytest.raises(MixedSeries, match="measure is"):
        warehouse.series(
            "fct_functional",
            unit=WANSHENG,
            stage="budget",
            statement="expenditure",
            functional_code="208",
        )


def test_what_is_not_there_is_named(warehouse: Warehouse) -> None:
    with pytest.raises(UnknownName, match="no table fct_nothing"):
        warehouse.load("fct_nothing")
    with pytest.raises(UnknownName, match="has no column colour"):
        warehouse.load("dim_unit", colour="red")
    with pytest.raises(UnknownName, match="no unit 某局"):
        warehouse.series("fct_three_public", unit="某局", stage="budget")
    with pytest.raises(UnknownName, match="no cell x"):
        warehouse.cite("x")
    with pytest.raises(FileNotFoundError):
        Warehouse.open("nowhere.duckdb")


def test_parquet_files_read_like_the_warehouse(
    warehouse: Warehouse, tmp_path: Path
) -> None:
    for name in ("fct_three_public", "dim_unit", "dim_document"):
        warehouse.load(name).write_parquet(tmp_path / f"{name}.parquet")
    with Warehouse.open(tmp_path) as files:
        assert files.tables() == ["dim_document", "dim_unit", "fct_three_public"]
        asked = {"unit": XINXIANG, "stage": "budget", "item": "reception"}
        assert files.series("fct_three_public", **asked).equals(
            warehouse.series("fct_three_public", **asked)
        )
    with pytest.raises(FileNotFoundError):
        Warehouse.open(tmp_path / "none")
