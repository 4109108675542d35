"""The page of the checks: in Chinese, for a reader of no SQL, from disk."""

from __future__ import annotations

import re
import shutil

import pytest
from selectolax.lexbor import LexborHTMLParser as Page

from pipeline import page, words
from pipeline.load import connect
from tests.building import Build


@pytest.fixture(scope="module")
def published(samples: Build) -> str:
    return samples.warehouse.with_suffix(".checks.html").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def changed(samples: Build, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A critical check failed, and print that would like to be markup."""
    warehouse = tmp_path_factory.mktemp("page") / "warehouse.duckdb"
    shutil.copy(samples.warehouse, warehouse)
    with connect(warehouse) as connection:
        connection.execute(
            "update marts.expectation_results set succeeded = false, "
            "unexpected_rows = 7, "
            """examples = '[{"cell_id": "c1", "row_count": null}]' """
            "where table_name = 'marts.dim_unit' and severity = 'critical'"
        )
        connection.execute(
            "update marts.fct_finding set severity = 'error', "
            "acknowledgement = 'reopened', acknowledgement_reason = '尾差', "
            "acknowledgement_reference = '审字〔2026〕3号', "
            "acknowledged_on = date '2026-03-02', "
            "title = '<script>alert(1)</script>', explanation = '<img src=x>'"
        )
    return page.render(warehouse)


def text(html: str) -> str:
    """What a reader sees, without the blanks of the markup."""
    body = Page(html).body
    assert body is not None
    return re.sub(r"\s+", "", body.text())


def test_it_says_first_whether_the_warehouse_is_sound(published: str) -> None:
    verdict = Page(published).css_first("div.verdict")
    assert verdict.attributes["class"] == "verdict sound"
    assert verdict.css_first("strong").text() == "可靠"
    assert "项关键检查全部通过" in verdict.text()


def test_it_needs_no_network_and_runs_nothing(published: str, changed: str) -> None:
    for html in (published, changed):
        parsed = Page(html)
        assert not parsed.css("script, link, img, iframe, object, [src], [href]")
        assert not re.search(r"https?:|//[a-z]|@import|url\(", html)
        policy = parsed.css_first("meta[http-equiv]").attributes
        assert policy["http-equiv"] == "Content-Security-Policy"
        assert policy["content"].startswith("default-src 'none'")
        assert parsed.css_first("meta[charset]").attributes["charset"] == "utf-8"


def test_every_check_is_told_with_its_meaning(published: str, samples: Build) -> None:
    shown = text(published)
    for result in samples.rows("select * from marts.expectation_results"):
        assert re.sub(r"\s+", "", result["meaning"]) in shown
        sentence = f"{words.TABLES[result['table_name']]}：{result['description']}"
        assert re.sub(r"\s+", "", sentence) in shown


def test_findings_are_there_by_severity_and_rule(
    published: str, samples: Build
) -> None:
    shown = text(published)
    for finding in samples.rows("select * from marts.fct_finding"):
        assert re.sub(r"\s+", "", finding["title"]) in shown
        assert re.sub(r"\s+", "", finding["explanation"]) in shown
        # What an auditor copies to acknowledge it.
        assert finding["finding_id"] in shown
        assert finding["figures_fingerprint"] in shown


def test_coverage_of_each_document(published: str, samples: Build) -> None:
    shown = text(published)
    assert "勾稽覆盖" in shown
    for row in samples.rows(
        "select documents.relative_path, sum(coverage.amounts) as amounts "
        "from marts.rpt_coverage as coverage "
        "inner join marts.dim_document as documents using (document_id) group by all"
    ):
        assert row["relative_path"] in shown
        assert str(row["amounts"]) in shown


def test_an_unsound_warehouse_is_told_with_examples(changed: str) -> None:
    verdict = Page(changed).css_first("div.verdict")
    assert verdict.attributes["class"] == "verdict unsound"
    assert verdict.css_first("strong").text() == "不可靠，没有发布"
    shown = text(changed)
    assert "有1项未通过" in shown
    assert "c1（空）" in shown
    assert "共7处，只列出前1处。" in shown


def test_print_is_text_and_never_markup(changed: str) -> None:
    assert "<script>alert(1)</script>" in text(changed)
    assert not Page(changed).css("script, img")


def test_a_reopened_finding_says_so(changed: str) -> None:
    shown = text(changed)
    assert "数字已变，重新待处理" in shown
    assert "原确认：尾差，审字〔2026〕3号，2026-03-02" in shown


def test_a_long_list_says_what_it_leaves_out(
    samples: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page, "DOCUMENTS", 2)
    assert "份文件，只列出覆盖最低的2份" in text(page.render(samples.warehouse))
