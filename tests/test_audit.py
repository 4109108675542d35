"""The schema ``audit``: the marts in Chinese, and what every table means."""

from __future__ import annotations

import shutil
from decimal import Decimal
from pathlib import Path

import pytest

from pipeline import audit
from pipeline.load import connect
from tests.building import Build


@pytest.fixture(scope="module")
def columns(samples: Build) -> dict[str, list[tuple[str, str]]]:
    """Columns of the marts with their comments."""
    marts: dict[str, list[tuple[str, str]]] = {}
    for row in samples.rows(
        "select table_name, column_name, comment from duckdb_columns() "
        "where schema_name = 'marts' order by table_name, column_index"
    ):
        marts.setdefault(row["table_name"], []).append(
            (row["column_name"], row["comment"])
        )
    return marts


def test_every_column_has_a_chinese_name(
    samples: Build, columns: dict[str, list[tuple[str, str]]]
) -> None:
    """New columns of marts go to `seeds/audit/audit_column.csv`."""
    named = {
        row["column_name"]: row["name_zh"]
        for row in samples.rows("select * from seeds.audit_column")
    }
    missing = {name for mart in columns.values() for name, _ in mart} - set(named)
    assert not missing
    for mart, names in columns.items():
        chinese = [named[name] for name, _ in names]
        assert len(set(chinese)) == len(chinese), mart


def test_every_fact_has_a_view(
    samples: Build, columns: dict[str, list[tuple[str, str]]]
) -> None:
    views = {
        row["table_name"] for row in samples.rows("select * from seeds.audit_view")
    }
    assert {mart for mart in columns if mart.startswith("fct_")} <= views
    assert views <= set(columns)


def test_names_are_short_enough_for_postgresql(samples: Build) -> None:
    """It cuts longer ones without a word: 63 bytes, 21 Chinese characters."""
    names = samples.rows(
        "select view_name as name from duckdb_views() where schema_name = 'audit' "
        "union select column_name from duckdb_columns() "
        "where schema_name in ('audit', 'marts')"
    )
    assert [n["name"] for n in names if len(n["name"].encode()) > 63] == []


def test_every_coded_value_has_a_chinese_name(samples: Build) -> None:
    """What is printed in a view is Chinese: no identifier is left."""
    coded = (
        *("阶段", "报表", "支出类别", "资金来源", "资金年度", "数据口径", "行性质"),
        *("核对结果", "级别", "核对结论", "收支方", "级次", "支出口径", "状态"),
        *("收入来源", "文件类别", "经济分类口径", "编码依据", "确认状态", "原因类别"),
        *("所据报表", "表头判定依据"),
    )
    left = []
    for row in samples.rows(
        "select table_name, column_name from information_schema.columns "
        "where table_schema = 'audit'"
    ):
        view, column = row["table_name"], row["column_name"]
        if column in coded:
            left += [
                (view, column, found["value"])
                for found in samples.rows(
                    f'select distinct "{column}" as value from audit."{view}" '
                    f"where regexp_matches(\"{column}\", '^[a-z_,]+$')"
                )
            ]
    left += samples.rows(
        'select distinct "科目或对象" from audit."等式" '
        "where regexp_matches(\"科目或对象\", '^[a-z_]+$')"
    )
    assert left == []


def test_a_value_is_named_as_in_the_column_that_it_speaks_for(samples: Build) -> None:
    named = samples.rows(
        'select distinct "属性", "值" from audit."文件认定依据" '
        "where \"属性\" in ('阶段', '文件类别', '单位性质', '公开范围')"
    )
    assert {"属性": "阶段", "值": "预算"} in named
    assert [row for row in named if row["值"].isascii()] == []


def test_a_view_says_in_chinese_what_its_mart_says(samples: Build) -> None:
    row = samples.one(
        """
        select distinct "单位", "项目", "数据口径", "金额（元）", "核对结果"
        from audit."三公经费"
        where "项目" = '公务接待费' and "金额（元）" > 0
        """
    )
    assert tuple(row.values()) == (
        "重庆市万盛经济技术开发区社会保险事务中心",
        "公务接待费",
        "年初预算数",
        Decimal(5000),
        "已核对",
    )


def test_tables_and_columns_are_explained_in_the_warehouse(
    samples: Build, columns: dict[str, list[tuple[str, str]]]
) -> None:
    explained = {
        row["table_name"]: row["comment"]
        for row in samples.rows(
            "select table_name, comment from duckdb_tables() "
            "where schema_name = 'marts'"
        )
    }
    assert explained["fct_functional"].startswith("功能分类金额。")
    assert dict(columns["fct_functional"])["amount_yuan"].startswith("金额（元）。")
    bare = {
        (mart, name)
        for mart, names in columns.items()
        # the checks are no model: nothing describes their columns yet
        if mart != "expectation_results"
        for name, comment in names
        if not comment or "。" not in comment
    }
    assert not bare
    views = samples.rows(
        "select column_name, comment from duckdb_columns() "
        "where schema_name = 'audit' and table_name = '功能分类金额'"
    )
    told = {row["column_name"]: row["comment"] for row in views}
    assert told["金额（元）"].startswith("即 amount_yuan。")
    assert "Amount in yuan" in told["金额（元）"]


def test_a_view_that_has_another_name_now_is_no_longer_there(
    samples: Build, tmp_path: Path
) -> None:
    """A build begins as a copy of the warehouse before it, with its views."""
    database = tmp_path / "warehouse.duckdb"
    shutil.copyfile(samples.warehouse, database)
    with connect(database) as connection:
        connection.execute(
            "update seeds.audit_view set view_name = '别名' "
            "where table_name = 'dim_document'"
        )
        audit.create_views(connection)
        views = {
            name
            for (name,) in connection.execute(
                "select view_name from duckdb_views() where schema_name = 'audit'"
            ).fetchall()
        }
        named = connection.execute("select view_name from seeds.audit_view").fetchall()
    assert "别名" in views
    assert views == {name for (name,) in named}
