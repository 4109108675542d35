"""Patterns written for RE2 say the same to Java."""

from __future__ import annotations

import random
import re
from pathlib import Path
from typing import Any

import duckdb
import jinja2
import pytest
from pyspark.sql import SparkSession

from tests.warehouse import ROOT, run_dbt

TEXTS = 3000
# What engines are known to see differently: ends of lines, blanks, what has no place
# in the basic plane, letters and digits of other alphabets.
ODD = [*"\n\r\t\v\f\x85\u2028\u00a0\u200b\ufeff\u3000 ", "\r\n", "𠮷", "〇", "々", "é"]
ODD += [*"K９٣Ａ$^.|\\[](){}?*+&&~#-_/:：，。、0123456789年"]

_LITERAL = re.compile(r"'(?:[^']|'')*'")
_CALL = re.compile(r"regexp_(matches|replace|extract)\(")


def _arguments(sql: str, start: int) -> list[str]:
    """The arguments of a call, whose bracket opens before ``start``."""
    arguments, depth, begun, position = [], 0, start, start
    while True:
        literal = _LITERAL.match(sql, position)
        if literal:
            position = literal.end()
            continue
        sign = sql[position]
        if depth == 0 and sign in ",)":
            arguments.append(sql[begun:position].strip())
            begun = position + 1
            if sign == ")":
                return arguments
        depth += (sign in "([") - (sign in ")]")
        position += 1


@pytest.fixture(scope="module")
def calls(tmp_path_factory: pytest.TempPathFactory) -> set[tuple[str, str, str]]:
    """Function, pattern and last argument of each call in the compiled models."""
    work = tmp_path_factory.mktemp("compiled")
    run_dbt(work / "warehouse.duckdb", work, "compile")
    found = set()
    for path in (work / "target" / "compiled").rglob("models/**/*.sql"):
        sql = path.read_text(encoding="utf-8")
        for call in _CALL.finditer(sql):
            _, pattern, *rest = _arguments(sql, call.end())
            if _LITERAL.fullmatch(pattern):
                found.add((call[1], pattern, rest[0] if rest else ""))
    return found


def _java_pattern() -> Any:
    """The macro, without dbt around it."""
    environment = jinja2.Environment(extensions=["jinja2.ext.do"])
    environment.globals |= {"modules": {"re": re}, "return": lambda value: value}
    source = (ROOT / "macros" / "spark.sql").read_text(encoding="utf-8")
    macro = source[source.index("{% macro java_pattern") :]
    macro = macro[: macro.index("{%- endmacro %}") + len("{%- endmacro %}")]
    return environment.from_string(macro).module.java_pattern  # type: ignore[attr-defined]


def _texts(patterns: set[str]) -> list[str]:
    """Texts of the words of the patterns, and of what engines see differently."""
    words = sorted(
        {word for pattern in patterns for word in re.findall(r"[\w%（）]+", pattern)}
    )
    chance = random.Random(1)
    return [
        "".join(
            chance.choice(words if chance.random() < 0.5 else ODD)
            for _ in range(chance.randint(0, 6))
        )
        for _ in range(TEXTS)
    ]


def test_every_pattern_of_the_models_means_the_same(
    spark: SparkSession, calls: set[tuple[str, str, str]], tmp_path: Path
) -> None:
    java_pattern = _java_pattern()
    assert len(calls) > 150
    texts = _texts({pattern for _, pattern, _ in calls})
    columns_re2, columns_java = [], []
    ordered = sorted(calls)
    for number, (function, pattern, last) in enumerate(ordered):
        java = java_pattern(pattern)
        if function == "replace":
            re2_call = f"regexp_replace(text, {pattern}, {last}, 'g')"
            groups = re.sub(r"\\([0-9])", r"$\1", last)
            java_call = f"regexp_replace(text, {java}, {groups})"
        elif function == "extract":
            re2_call = f"regexp_extract(text, {pattern}, {last})"
            java_call = f"regexp_extract(text, {java}, {last})"
        else:
            re2_call = f"cast(regexp_matches(text, {pattern}) as varchar)"
            java_call = f"cast(regexp_like(text, {java}) as string)"
        columns_re2.append(f"{re2_call} as c{number}")
        columns_java.append(f"{java_call} as c{number}")
    file = str(tmp_path / "texts.parquet")
    with duckdb.connect() as connection:
        connection.execute("create table texts (place integer, text varchar)")
        connection.executemany("insert into texts values (?, ?)", [*enumerate(texts)])
        connection.execute(f"copy texts to '{file}'")
        one = connection.execute(
            f"select {', '.join(columns_re2)} from texts order by place"
        ).fetchall()
    spark.read.parquet(file).createOrReplaceTempView("texts")
    many = spark.sql(
        f"select {', '.join(columns_java)} from texts order by place"
    ).collect()
    differing = {
        ordered[column]: (texts[place], left, right)
        for place, (ours, theirs) in enumerate(zip(one, many, strict=True))
        for column, (left, right) in enumerate(zip(ours, theirs, strict=True))
        if left != right
    }
    assert differing == {}
