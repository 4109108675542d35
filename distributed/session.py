"""The Spark session in which documents are read and the models run."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import yaml
from pyspark.sql import SparkSession

from pipeline.settings import PROJECT

PROFILES = Path(__file__).parent

# For one machine and little data: planning and compiling of generated code would take
# far longer than the work itself. A cluster's own settings (spark-defaults.conf,
# spark-submit --conf) are left as they are.
LOCAL = {
    "spark.driver.memory": "4g",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    # The simple compiler starts fast, but has room for a third of the code of Spark.
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseParallelGC "
    "-XX:ReservedCodeCacheSize=256m",
    "spark.log.level": "ERROR",
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.shuffle.partitions": "2",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
}


def session(tables: Path | str) -> SparkSession:
    """The session of this process; tables that the models make lie below ``tables``.

    ``SPARK_MASTER`` names the master, two threads of this machine by default; under
    ``spark-submit`` it is left to the command, and so is the catalogue.
    """
    builder: Any = SparkSession.builder.appName("county budget warehouse")
    builder = builder.config("spark.sql.warehouse.dir", str(tables))
    for name, value in sql_settings().items():
        builder = builder.config(name, value)
    if "SPARK_ENV_LOADED" not in os.environ:  # not started by spark-submit
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
        builder = builder.master(os.environ.get("SPARK_MASTER") or "local[2]")
        builder = builder.config("spark.sql.catalogImplementation", "in-memory")
        builder = builder.config("spark.executorEnv.PYTHONPATH", str(PROJECT))
        for name, value in LOCAL.items():
            builder = builder.config(name, value)
    made: SparkSession = builder.getOrCreate()
    return made


def sql_settings() -> dict[str, str]:
    """What makes Spark's SQL mean what DuckDB's means.

    It stands in the profile, for those who run dbt by itself.
    """
    profiles = yaml.safe_load((PROFILES / "profiles.yml").read_text(encoding="utf-8"))
    output = profiles["county_budget"]["outputs"]["spark"]
    return {
        name: str(value) for name, value in output["server_side_parameters"].items()
    }
