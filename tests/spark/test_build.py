"""A build into a lake that has tables."""

from __future__ import annotations

import shutil
from pathlib import Path

import polars as pl
import pytest
from pyspark.sql import SparkSession

from distributed.build import model
from distributed.reading import read
from pipeline.transform import TransformFailed


def test_tables_are_replaced_when_those_of_a_build_are_whole(
    spark: SparkSession, project: Path, tmp_path: Path
) -> None:
    found = project / "models" / "found.sql"
    lake, folder = str(tmp_path / "a lake"), tmp_path / "disclosures"
    folder.mkdir()

    def build(disclosure: str, sql: str) -> None:
        (folder / disclosure).write_text("2024年部门预算", encoding="utf-8")
        found.write_text(sql)
        read(spark, str(folder), f"{lake}/landing")
        model(spark, lake, tmp_path, 1, project)

    def tables() -> list[str]:
        rows = pl.read_parquet(f"{lake}/tables/marts.db/found/*.parquet")
        return sorted(rows["relative_path"])

    sql = "select relative_path from raw.files"
    build("1.txt", sql)
    assert tables() == ["1.txt"]
    with pytest.raises(TransformFailed):
        build("2.txt", "select relative_path from raw.nothing")
    assert tables() == ["1.txt"]
    # As a build leaves them that is killed in its last moment, and the next finds them.
    shutil.rmtree(Path(lake, "building"))
    Path(lake, "tables").rename(Path(lake, "building"))
    Path(lake, "before").mkdir()
    Path(lake, "tables").mkdir()
    with pytest.raises(TransformFailed):
        build("2.txt", "select relative_path from raw.nothing")
    assert tables() == ["1.txt"]
    build("2.txt", sql)
    assert tables() == ["1.txt", "2.txt"]
    assert {path.name for path in Path(lake).iterdir()} == {"landing", "tables"}
