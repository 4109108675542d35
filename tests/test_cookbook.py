"""The saved questions, asked of the samples; the cookbook shows their answers."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from pipeline import cookbook
from pipeline.questions import questions
from pipeline.read_only import open_read_only
from tests.building import Build

XINXIANG = "新乡市社会保险中心"
WANSHENG = "重庆市万盛经济技术开发区社会保险事务中心"

NAMES = [question.name for question in questions()]
QUESTIONS = {question.name: question for question in questions()}


@pytest.fixture(scope="module")
def warehouse(samples: Build) -> Iterator[duckdb.DuckDBPyConnection]:
    with open_read_only(samples.warehouse) as connection:
        yield connection


def answer(
    connection: duckdb.DuckDBPyConnection, name: str
) -> list[tuple[object, ...]]:
    return connection.execute(QUESTIONS[name].sql).fetchall()


def amounts(*printed: str | None) -> list[Decimal | None]:
    return [None if text is None else Decimal(text) for text in printed]


def test_there_are_twenty_questions_in_words() -> None:
    assert len(NAMES) >= 20
    for question in QUESTIONS.values():
        assert question.chinese.endswith("？"), question.name
        assert question.english.endswith("?"), question.name


@pytest.mark.parametrize("name", NAMES)
def test_a_question_has_columns_in_chinese(
    warehouse: duckdb.DuckDBPyConnection, name: str
) -> None:
    columns = [c[0] for c in warehouse.execute(QUESTIONS[name].sql).description]
    assert all(any("一" <= c <= "鿿" for c in column) for column in columns), columns


def test_three_public_by_unit(warehouse: duckdb.DuckDBPyConnection) -> None:
    assert answer(warehouse, "three_public_by_unit") == [
        (XINXIANG, 2023, "预算", *amounts("5.20", "0.00", "5.20", "0.00"), None),
        (WANSHENG, 2025, "预算", *amounts("2.90", None, "2.40", "0.50"), None),
    ]


def test_a_duplicate_is_not_counted_twice(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    """Each sample lies there as text and as PDF."""
    rows = answer(warehouse, "project_share_by_county")
    assert [(row[1], row[4], row[6]) for row in rows] == [
        ("新乡市", 1, Decimal("6760.85")),
        ("屯留区", 1, Decimal("392.91")),
        ("重庆市万盛经济技术开发区", 1, Decimal("166.26")),
    ]


def test_totals_lead_to_page_and_cell(warehouse: duckdb.DuckDBPyConnection) -> None:
    rows = answer(warehouse, "totals_that_do_not_add_up")
    assert {(row[0], row[3]) for row in rows} == {(WANSHENG, "wansheng_2025.pdf")}
    assert {row[4] for row in rows} == {2, 4, 5}
    assert {row[7] for row in rows} == {"915.57", "270.26"}


def test_the_cookbook_is_what_the_samples_answer(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    """Otherwise run `make build` and `make cookbook`."""
    assert cookbook.PAGE.read_text(encoding="utf-8") == cookbook.page(warehouse)


def test_a_file_without_words_is_refused(tmp_path: Path) -> None:
    (tmp_path / "bare.sql").write_text("select 1\nfrom t\nwhere true\n")
    with pytest.raises(ValueError, match=r"bare\.sql"):
        list(questions(tmp_path))
