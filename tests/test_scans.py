"""Scanned disclosures: what arithmetic proves is a fact of the paper, the rest is none.

Built once with recognition, of documents of one and two pages: the paper itself, a
scan of it, a scan with one digit altered, and one of which a page is a scan.
"""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from ingest.readers import ocr
from pipeline.load import connect
from tests.scans import Rows, paper, scanned
from tests.warehouse import build_warehouse

pytestmark = pytest.mark.skipif(
    not ocr.is_installed(), reason="the extra ocr is not installed: make ocr"
)

HEAD = ("科目编码", "科目名称", "合计", "基本支出", "项目支出")
ROWS = (
    HEAD,
    ("合计", "", "365.30", "300.10", "65.20"),
    ("208", "社会保障和就业支出", "275.30", "210.10", "65.20"),
    ("20801", "人力资源和社会保障管理事务", "275.30", "210.10", "65.20"),
    ("2080101", "行政运行", "150.10", "150.10", ""),
    ("2080109", "社会保险经办机构", "125.20", "60.00", "65.20"),
    ("221", "住房保障支出", "90.00", "90.00", ""),
    ("22102", "住房改革支出", "90.00", "90.00", ""),
    ("2210201", "住房公积金", "90.00", "90.00", ""),
)
ALTERED = tuple(
    tuple("61.00" if cell == "60.00" else cell for cell in row) for row in ROWS
)
UNIT = "长治市屯留区社会保险中心"


def _paper(year: int, *tables: Rows) -> bytes:
    titles = ("部门支出预算总表", "部门一般公共预算支出预算表")
    return paper(
        [
            ((f"{UNIT}{year}年部门预算", f"{year}年{title}", "单位：万元"), rows)
            for title, rows in zip(titles, tables, strict=False)
        ]
    )


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One build of the four documents, told apart by their years."""
    work = tmp_path_factory.mktemp("scans")
    folder = work / "disclosures"
    folder.mkdir()
    documents = {
        "paper": _paper(2021, ROWS, ROWS),
        "scan": scanned(_paper(2022, ROWS), dpi=200, skew=0.5, noise=8),
        "altered": scanned(_paper(2023, ALTERED), dpi=200),
        "mixed": scanned(_paper(2024, ROWS, ROWS), [1], dpi=150, stamp="- 2 -"),
    }
    for name, data in documents.items():
        (folder / f"{name}.pdf").write_bytes(data)
    return build_warehouse(folder, work / "scans.duckdb", work / "build")


def _rows(database: Path, sql: str) -> list[tuple[object, ...]]:
    with connect(database, read_only=True) as connection:
        return connection.execute(sql).fetchall()


def _facts(database: Path, name: str) -> dict[tuple[object, ...], Decimal]:
    found = _rows(
        database,
        "select statement, row_role, coalesce(functional_code, ''), measure,"
        " amount_yuan from marts.fct_functional"
        " inner join marts.dim_document using (document_id)"
        f" where file_name = '{name}.pdf'",
    )
    facts = {tuple(row[:-1]): row[-1] for row in found}
    assert len(facts) == len(found)
    return facts  # type: ignore[return-value]


def _findings(database: Path, name: str) -> dict[str, tuple[str, str, int]]:
    """Severity, explanation and number of named cells of each finding, by its rule."""
    return {
        str(rule): (str(severity), str(text), int(str(cells)))
        for rule, severity, text, cells in _rows(
            database,
            "select rule_id, severity, explanation, (select count(*)"
            " from marts.bridge_finding_cell as named"
            " where named.finding_id = findings.finding_id)"
            " from marts.fct_finding as findings"
            " inner join marts.dim_document using (document_id)"
            f" where file_name = '{name}.pdf'",
        )
    }


def test_the_paper_is_loaded_whole(database: Path) -> None:
    facts = _facts(database, "paper")
    printed = sum(cell[:1].isdigit() for row in ROWS for cell in row[2:])
    assert len(facts) == 2 * printed
    assert facts["expenditure", "code", "2080109", "basic"] == Decimal(600_000)
    assert _findings(database, "paper") == {}


def test_a_scan_gives_the_facts_of_its_paper(database: Path) -> None:
    truth = {
        key: amount
        for key, amount in _facts(database, "paper").items()
        if key[0] == "expenditure"
    }
    assert _facts(database, "scan") == truth
    assert _findings(database, "scan") == {}


def test_an_altered_digit_gives_no_fact_but_a_finding(database: Path) -> None:
    truth = _facts(database, "scan")
    del truth["expenditure", "code", "2080109", "basic"]
    assert _facts(database, "altered") == truth
    findings = _findings(database, "altered")
    assert set(findings) == {"recognised_unproven", "functional_children"}
    severity, text, cells = findings["recognised_unproven"]
    assert (severity, cells) == ("warning", 1)
    assert f"由图像识别 {len(truth) + 1} 个金额，其中 1 个没有等式能够证明" in text
    severity, text, _ = findings["functional_children"]
    assert severity == "warning"
    assert "最可能的错处：支出总表 第1页" in text
    assert "“61.00”应为“60.00”（一位数字有误）" in text
    assert "其中有数字由图像识别而来，差额可能是识别错误" in text


def test_an_incomplete_scan_is_not_summed(database: Path) -> None:
    years = _rows(
        database,
        "select fiscal_year, sum(expenditure_yuan) from marts.fct_spending"
        " group by fiscal_year order by fiscal_year",
    )
    assert years == [(year, Decimal(3_653_000)) for year in (2021, 2022, 2024)]


def test_a_mixed_document_is_read_whole(database: Path) -> None:
    assert _facts(database, "mixed") == _facts(database, "paper")
    marks = _rows(
        database,
        "select tables.page, tables.is_recognised, bool_and(cells.is_recognised)"
        " from marts.dim_source_table as tables"
        " inner join marts.dim_source_cell as cells using (source_table_id)"
        " inner join marts.dim_document as documents"
        " on tables.document_id = documents.document_id"
        " where documents.file_name = 'mixed.pdf' group by all order by tables.page",
    )
    assert marks == [(1, False, False), (2, True, True)]
