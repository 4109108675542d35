"""``make build TARGET=spark``: documents and models as jobs of Apache Spark.

``DISCLOSURES`` is the folder, ``LAKE`` where the landed tables and the tables of the
models are written (``.build/lake`` by default): paths that all executors reach.
"""

from __future__ import annotations

import logging
import os
import sys
import time
from pathlib import Path
from typing import Any

from pyspark.sql import SparkSession

from distributed.reading import read
from distributed.session import PROFILES, session
from ingest.folder import NoDisclosures
from ingest.landing import SCHEMAS
from pipeline.load import MEMORY_TABLES
from pipeline.settings import PROJECT, InvalidSetting, Settings
from pipeline.transform import TransformFailed

# Where seeds and models stand, and what is computed once for a model.
_SCHEMAS = ("seeds", "staging", "intermediate", "marts", "steps")
_SPARK_TYPES = {"varchar": "string", "timestamptz": "timestamp"}


def build(settings: Settings, lake: str) -> int:
    """Read, model; the exit code."""
    spark = session(f"{lake}/tables")
    started = time.perf_counter()
    count = read(spark, str(settings.disclosures), f"{lake}/landing", settings.limits)
    read_at = time.perf_counter()
    model(spark, lake, settings.work, settings.threads)
    done = time.perf_counter()
    print(
        f"{count} 份文件：读取 {read_at - started:.0f} 秒，"
        f"模型 {done - read_at:.0f} 秒；结果在 {lake}/tables"
    )
    return 0


def model(
    spark: SparkSession, lake: str, work: Path, threads: int, project: Path = PROJECT
) -> None:
    """Make the tables of the seeds and models from what was landed in ``lake``.

    Without a catalogue Spark knows nothing of the tables of an earlier session, and
    does not write where they lie. So these are made beside them and take their place
    when all are made: a build that fails or is killed leaves the tables before.

    :raises TransformFailed: something did not succeed.
    """
    register(spark, f"{lake}/landing")
    has_catalogue = spark.conf.get("spark.sql.catalogImplementation") != "in-memory"
    if not has_catalogue:
        _begin(spark, lake)
    run_dbt(work, threads, project=project)
    spark.sql("drop schema if exists steps cascade")
    if not has_catalogue:
        _end(spark, lake)


def _begin(spark: SparkSession, lake: str) -> None:
    system, (tables, building, before) = _places(spark, lake)
    if system.exists(before) and system.exists(building):  # killed while it ended
        system.delete(tables, True)
        system.rename(building, tables)
    system.delete(before, True)
    system.delete(building, True)
    location = system.makeQualified(building).toString()
    for schema in _SCHEMAS:
        spark.sql(f"drop schema if exists {schema} cascade")
        spark.sql(f"create schema {schema} location '{location}/{schema}.db'")


def _end(spark: SparkSession, lake: str) -> None:
    system, (tables, building, before) = _places(spark, lake)
    if system.exists(tables):
        system.rename(tables, before)
    if not system.rename(building, tables):
        raise TransformFailed(f"{building} -> {tables}")
    system.delete(before, True)


def _places(spark: SparkSession, lake: str) -> tuple[Any, list[Any]]:
    """The file system of the lake, and its tables: made, being made, made before."""
    jvm: Any = spark._jvm
    paths = [
        jvm.org.apache.hadoop.fs.Path(f"{lake}/{name}")
        for name in ("tables", "building", "before")
    ]
    return paths[0].getFileSystem(spark._jsc.hadoopConfiguration()), paths


def register(spark: SparkSession, landing: str) -> None:
    """Give the landed Parquet the names of the sources of the models."""
    spark.sql("create schema if not exists raw")
    for table in ("files", *SCHEMAS):
        spark.sql(
            f"create or replace view raw.{table} as "
            f"select * from parquet.`{landing}/{table}`"
        )
    # Nothing is known of builds before: findings are first seen by this one.
    for table, columns in MEMORY_TABLES.items():
        values = ", ".join(
            f"cast({'current_timestamp()' if table == 'build' else 'null'} as "
            f"{_SPARK_TYPES[kind]}) as {name}"
            for name, kind in columns.items()
        )
        spark.sql(
            f"create or replace view raw.{table} as select {values} "
            f"where {'true' if table == 'build' else 'false'}"
        )


def run_dbt(work: Path, threads: int, *arguments: str, project: Path = PROJECT) -> None:
    """Seed and run the models in the session of this process.

    :raises TransformFailed: something did not succeed.
    """
    from dbt.cli.main import dbtRunner

    os.environ["JOBS"] = str(threads)
    result = dbtRunner().invoke(
        [
            *("--log-path", str(work / "spark" / "logs"), "--log-level", "none"),
            "build",
            *("--project-dir", str(project), "--profiles-dir", str(PROFILES)),
            *("--target-path", str(work / "spark" / "target")),
            *("--exclude-resource-type", "test"),
            *("--exclude-resource-type", "unit_test"),
            *arguments,
        ]
    )
    if result.success:
        return
    if result.exception is not None:
        raise TransformFailed(str(result.exception)) from result.exception
    raise TransformFailed(
        "\n".join(
            f"{node.node.name}: {(node.message or '')[:1000]}"
            for node in getattr(result.result, "results", [])
            if str(node.status) in ("error", "fail")
        )
    )


def main() -> int:
    """The command; turns what can go wrong into one clear line each."""
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr)
    try:
        settings = Settings.from_environment()
        lake = os.environ.get("LAKE") or str(settings.work.resolve() / "lake")
        return build(settings, lake)
    except InvalidSetting as error:
        print(f"设置无效：{error}", file=sys.stderr)
        return 2
    except NoDisclosures as error:
        print(f"没有可读取的公开文件（DISCLOSURES）：{error}", file=sys.stderr)
        return 2
    except TransformFailed as error:
        print(f"构建未完成。\n{error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
