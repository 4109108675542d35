"""Spark finds and reads every file that a build on one machine does."""

from __future__ import annotations

import os
from pathlib import Path

import polars as pl
import pytest
from pyspark.sql import SparkSession

from distributed.folder import Folder
from distributed.reading import read
from ingest import corpus, landing
from ingest.document import Limits
from tests.warehouse import ROOT

LIMITS = Limits(file_bytes=100_000)

# Read; of other names Spark knows nothing, or means something else by them.
NAMES = [
    "2024年预算.txt",
    "a b.txt",
    "a%20b.txt",
    "a#1.txt",
    "a?b.txt",
    "100%.txt",
    "_draft.txt",
    "_d/k=v/x.txt",
    "e/[z]{1}*.txt",
    "x.txt._COPYING_",
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("disclosures [x]") / "of {one}"
    sample = (ROOT / "disclosures" / "tunliu_2024.txt").read_text(encoding="utf-8")
    for number, name in enumerate([*NAMES, "saved_files/part.txt", ".hidden.txt"]):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{sample}\n第{number}份", encoding="utf-8")
    (folder / "again.txt").write_bytes((folder / "_draft.txt").read_bytes())
    (folder / "saved.html").write_text("<table><tr><td>合计</td></tr></table>")
    (folder / "large.txt").write_text("预算 " * 100_000, encoding="utf-8")
    (folder / "elsewhere.txt").symlink_to(ROOT / "disclosures" / "tunliu_2024.txt")
    os.mkfifo(folder / "pipe.txt")
    spelt = os.fsencode(folder) + b"/" + "测算.txt".encode("gb18030")
    Path(os.fsdecode(spelt)).write_text(f"{sample}\n别名", encoding="utf-8")
    return folder


def test_every_file_is_read_or_refused_as_on_one_machine(
    spark: SparkSession, folder: Path, tmp_path: Path
) -> None:
    corpus.ingest(folder, tmp_path / "one", ROOT / "seeds", 1, LIMITS)
    read(spark, str(folder), str(tmp_path / "many"), LIMITS)
    one = pl.read_parquet(tmp_path / "one" / "files.parquet")
    many = pl.read_parquet(tmp_path / "many" / "files" / "*.parquet")
    rows = {row["relative_path"]: row for row in one.to_dicts()}
    assert {row["relative_path"]: row for row in many.to_dicts()} == rows
    assert set(NAMES) < set(rows)
    assert "测算.txt" in rows
    assert {"large.txt", "elsewhere.txt", "pipe.txt"} < set(rows)
    contents = pl.read_parquet(tmp_path / "many" / "contents" / "*.parquet")
    assert set(contents["content_id"]) == set(one["content_id"])


def test_another_file_system_lists_the_same(spark: SparkSession, folder: Path) -> None:
    disk = Folder(spark, str(folder))
    other = Folder(spark, str(folder))
    other._is_local = False
    # Java cannot spell the name in GBK; links and pipes are of disks alone.
    of_disks = {"测算.txt", "elsewhere.txt", "pipe.txt"}
    assert _told(other, of_disks) == _told(disk, of_disks)


def _told(folder: Folder, without: set[str]) -> set[tuple[str, int, str | None]]:
    return {
        (file.relative_path, file.size, file.reason)
        for file in folder.files(LIMITS)
        if file.relative_path not in without
    }


def test_landed_tables_have_their_columns(spark: SparkSession, tmp_path: Path) -> None:
    read(spark, str(ROOT / "disclosures"), str(tmp_path))
    for table, schema in landing.SCHEMAS.items():
        frame = spark.read.parquet(str(tmp_path / table))
        assert frame.columns == list(schema), table
