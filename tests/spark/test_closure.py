"""A closure on Spark is the recursion of DuckDB."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest
from pyspark.sql import SparkSession

from distributed.build import run_dbt as run_on_spark
from pipeline.transform import TransformFailed
from tests.warehouse import run_dbt

# A ring, a chain, two ways to one place, and what no seed leads to.
MODEL = """
with recursive

seeds as (

    select 'a' as member
    union all
    select 'a' as member

),

edges as (

    select
        substr(pair, 1, 1) as source,
        substr(pair, 2, 1) as member
    from (
        select {{ split_rows("'ab bc ca cd de ef af xy yx'", "' '") }} as pair
    ) as pairs

),

reached as (

    {{ closure('reached', 'member', 'seeds', 'edges', 'source') }}

)

select member from reached
"""


def test_a_closure_is_the_same_on_both(
    spark: SparkSession, project: Path, tmp_path: Path
) -> None:
    (project / "models" / "reached.sql").write_text(MODEL)
    run_dbt(tmp_path / "one.duckdb", tmp_path, "run", project=project)
    run_on_spark(tmp_path, 1, project=project)
    with duckdb.connect(str(tmp_path / "one.duckdb")) as connection:
        one = connection.sql("select member from marts.reached").fetchall()
    many = spark.sql("select member from marts.reached").collect()
    assert sorted(one) == sorted(map(tuple, many)) == [(x,) for x in "abcdef"]


def test_a_closure_that_does_not_end_is_an_error(
    spark: SparkSession, project: Path, tmp_path: Path
) -> None:
    model = project / "models" / "reached.sql"
    model.write_text(MODEL.replace("'source')", "'source', 2)"))
    with pytest.raises(TransformFailed, match="not closed after 2 rounds"):
        run_on_spark(tmp_path, 1, project=project)
