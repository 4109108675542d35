"""Reads a folder of disclosures as a Spark job: binary files in, landed Parquet out.

The files go to the executors in batches. There each batch is read as a build on one
machine reads a folder, by the same readers in processes with the same limits, and
comes back as one row a document, with its rows of every landed table inside. From
these the tables are written, with the schemas of :mod:`ingest.landing`.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pyarrow as pa
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as f
from pyspark.sql import types as t

from distributed.folder import Folder
from ingest import corpus, landing
from ingest.document import Limits
from ingest.folder import File, NoDisclosures
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

    :raises NoDisclosures: the folder does not exist, or no file lies in it.
    """
    folder, renamed = Folder(spark, disclosures), f"{landed}/renamed"
    found = folder.files(limits)
    if not found:
        raise NoDisclosures(f"no files in {disclosures}")
    files = spark.createDataFrame(
        [
            (
                number // BATCH,
                None if file.reason else file.path,
                file.relative_path,
                file.size,
                file.sha256,
                file.reason,
            )
            for number, file in enumerate(folder.seen(found, renamed))
        ],
        "batch int, path string, relative_path string, size long, sha256 string, "
        "reason string",
    )
    contents = folder.contents(renamed).where(f.col("length") <= limits.file_bytes)
    readable = files.where("reason is null").join(
        contents.select("path", "content"), "path"
    )
    refused = files.where("reason is not null").withColumn(
        "content", f.lit(None).cast("binary")
    )

    def of_batch(batch: pa.Table) -> pa.Table:
        return _read_batch(batch, limits)

    documents = f"{landed}/documents"
    (
        readable.unionByName(refused)
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
    return int(spark.read.parquet(f"{landed}/files").count())


# On the executors -------------------------------------------------------------


def _read_batch(batch: pa.Table, limits: Limits) -> pa.Table:
    """One row a content: its landed rows, by table."""
    relative_paths: list[str] = batch["relative_path"].to_pylist()
    beside = []
    with tempfile.TemporaryDirectory(prefix="batch-") as work:
        folder, landed = Path(work, "disclosures"), Path(work, "landing")
        folder.mkdir()
        # By numbers: another system may not take, or tell apart, the names of one.
        for number, (content, size, sha256, reason) in enumerate(
            zip(
                batch["content"],
                batch["size"].to_pylist(),
                batch["sha256"].to_pylist(),
                batch["reason"].to_pylist(),
                strict=True,
            )
        ):
            path = folder / str(number)
            if reason is None:
                path.write_bytes(content.as_py())
            else:
                beside.append(File(str(path), str(number), sha256, size, reason=reason))
        files = corpus.ingest(
            folder, landed, PROJECT / "seeds", 1, limits, beside=beside
        )
        names = sorted({file.landed_name for file in files})
        numbered = pl.read_parquet(landed / "files.parquet")
        frames = {"files": _with_names(numbered, relative_paths)}
        with duckdb.connect() as connection:
            for table in landing.SCHEMAS:
                query = landing.selection(landed, table, names)
                rows = connection.sql(query).to_arrow_table()
                frames[table] = pl.DataFrame(rows)
    return _nested(frames)


def _with_names(files: pl.DataFrame, relative_paths: list[str]) -> pl.DataFrame:
    """The files by their names; each was a number, with the path in an archive."""
    paths = [
        f"{relative_paths[int(number)]}{slash}{below}"
        for number, slash, below in (
            path.partition("/") for path in files["relative_path"]
        )
    ]
    return files.with_columns(
        pl.Series("relative_path", paths, pl.String),
        pl.Series("file_name", [path.rpartition("/")[2] for path in paths], pl.String),
    )


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
