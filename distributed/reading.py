"""Reads a folder of disclosures as a Spark job: binary files in, landed Parquet out.

The files go to the executors in batches. There each batch is read as a build on one
machine reads a folder, by the same readers in processes with the same limits, and
comes back as one row a document, with its rows of every landed table inside. From
these the tables are written, with the schemas of :mod:`ingest.landing`.
"""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import duckdb
import polars as pl
import pyarrow as pa
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as f
from pyspark.sql import types as t

from ingest import archives, corpus, landing
from ingest.document import Limits
from ingest.folder import NoDisclosures
from pipeline.settings import PROJECT

# A process that reads imports every reader first: so many documents bear the cost.
BATCH = 40

_SPARK_TYPES: dict[Any, t.DataType] = {
    pl.String: t.StringType(),
    pl.Int32: t.IntegerType(),
    pl.Int64: t.LongType(),
    pl.Float64: t.DoubleType(),
    pl.Boolean: t.BooleanType(),
    pl.Date: t.DateType(),
    pl.Datetime("us", "UTC"): t.TimestampType(),
}
_TABLES: dict[str, dict[str, Any]] = {"files": corpus.FILES_SCHEMA, **landing.SCHEMAS}


def read(
    spark: SparkSession,
    disclosures: str,
    landed: str,
    limits: Limits = Limits(),  # noqa: B008 - immutable
) -> int:
    """Land every file below ``disclosures``; how many files there are.

    ``landed`` gets one folder a table. Both are paths that every executor reaches.

    :raises NoDisclosures: no file lies in the folder.
    """
    source = (
        spark.read.format("binaryFile")
        .option("recursiveFileLookup", "true")
        .load(disclosures)
    )
    root = _root(spark, disclosures)
    paths = [row.path for row in source.select("path").collect()]
    placed = {path: _parts(path, root) for path in paths}
    placed = {
        path: parts
        for path, parts in placed.items()
        if archives.may_be_disclosure(parts)
    }
    if not placed:
        raise NoDisclosures(f"no files in {disclosures}")
    batches = spark.createDataFrame(
        [
            (path, "/".join(placed[path]), batch)
            for batch, members in enumerate(_batches(placed))
            for path in members
        ],
        "path string, relative_path string, batch int",
    )

    def of_batch(batch: pa.Table) -> pa.Table:
        return _read_batch(batch, limits)

    documents = f"{landed}/documents"
    (
        source.join(batches, "path")
        .select("batch", "relative_path", "content")
        .groupBy("batch")
        .applyInArrow(of_batch, _document_schema())
        .write.mode("overwrite")
        .parquet(documents)
    )
    read_documents = spark.read.parquet(documents)
    _files(read_documents).write.mode("overwrite").parquet(f"{landed}/files")
    # The same bytes in two batches are read twice and landed once.
    once = read_documents.dropDuplicates(["content_id"])
    for table in landing.SCHEMAS:
        rows = once.select(f.inline(table))
        rows.write.mode("overwrite").parquet(f"{landed}/{table}")
    return spark.read.parquet(f"{landed}/files").count()


# Which files go together -----------------------------------------------------


def _root(spark: SparkSession, disclosures: str) -> str:
    """The folder as Spark spells it in front of its files."""
    jvm: Any = spark._jvm
    path = jvm.org.apache.hadoop.fs.Path(disclosures)
    system = path.getFileSystem(spark._jsparkSession.sessionState().newHadoopConf())
    return str(system.makeQualified(path).toString())


def _parts(path: str, root: str) -> tuple[str, ...]:
    """The folders and the name of a file below the root."""
    below = unquote(urlsplit(path).path).removeprefix(unquote(urlsplit(root).path))
    return tuple(archives.printable(part) for part in below.strip("/").split("/"))


def _batches(placed: dict[str, tuple[str, ...]]) -> Iterator[list[str]]:
    """The paths that are read together: of one folder, a saved page with its parts."""
    folders: dict[tuple[str, ...], list[str]] = defaultdict(list)
    whole = set()
    for path, parts in sorted(placed.items(), key=lambda item: item[1]):
        above = parts[:-1]
        for depth, name in enumerate(above):
            if name.lower().endswith(("_files", ".files", "_file", ".fld")):
                above = parts[:depth]
                whole.add(above)
                break
        folders[above].append(path)
    for folder, members in folders.items():
        size = len(members) if folder in whole else BATCH
        for start in range(0, len(members), size):
            yield members[start : start + size]


# On the executors -------------------------------------------------------------


def _read_batch(batch: pa.Table, limits: Limits) -> pa.Table:
    """One row a content: its landed rows, by table."""
    with tempfile.TemporaryDirectory(prefix="batch-") as work:
        folder, landed = Path(work, "disclosures"), Path(work, "landing")
        for relative_path, content in zip(
            batch["relative_path"].to_pylist(), batch["content"], strict=True
        ):
            path = folder / relative_path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.as_py())
        files = corpus.ingest(folder, landed, PROJECT / "seeds", 1, limits)
        names = sorted({file.landed_name for file in files})
        frames = {"files": pl.read_parquet(landed / "files.parquet")}
        with duckdb.connect() as connection:
            for table in landing.SCHEMAS:
                query = landing.selection(landed, table, names)
                rows = connection.sql(query).to_arrow_table()
                frames[table] = pl.DataFrame(rows)
    return _nested(frames)


def _nested(frames: dict[str, pl.DataFrame]) -> pa.Table:
    documents = frames["files"].select("content_id").unique()
    for table, schema in _TABLES.items():
        rows = frames[table].select(
            "content_id",
            pl.struct(pl.col(name).cast(kind) for name, kind in schema.items()).alias(
                table
            ),
        )
        gathered = rows.group_by("content_id").agg(table)
        documents = documents.join(gathered, "content_id", "left")
    return documents.to_arrow().cast(_arrow_schema())


# Schemas ------------------------------------------------------------------------


def _document_schema() -> t.StructType:
    fields = [t.StructField("content_id", t.StringType())]
    for table, schema in _TABLES.items():
        row = t.StructType(
            [t.StructField(name, _SPARK_TYPES[kind]) for name, kind in schema.items()]
        )
        fields.append(t.StructField(table, t.ArrayType(row)))
    return t.StructType(fields)


def _arrow_schema() -> pa.Schema:
    from pyspark.sql.pandas.types import to_arrow_schema

    schema: pa.Schema = to_arrow_schema(_document_schema(), timezone="UTC")
    return schema


def _files(documents: DataFrame) -> DataFrame:
    """The files of all batches; a second copy of the same bytes is a duplicate."""
    files = documents.select(f.inline("files"))
    copy = f.expr(
        "row_number() over ("
        "partition by content_id order by split(relative_path, '/'), document_id)"
    )
    first = f.concat(f.lit("d"), "content_id")
    return (
        files.withColumn("copy", copy)
        .withColumn(
            "document_id",
            f.when(f.col("copy") == 1, first).otherwise(
                f.concat(first, f.lit("-"), f.col("copy").cast("string"))
            ),
        )
        .withColumn("duplicate_of", f.when(f.col("copy") > 1, first))
        .drop("copy")
    )
