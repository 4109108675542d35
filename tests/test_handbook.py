"""The handbook: every rule and column is in it, and a browser needs nothing else."""

from __future__ import annotations

import csv
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from selectolax.lexbor import LexborHTMLParser as Page

from handbook import pictures
from handbook.manifest import Column, Subject, Table, models, read
from handbook.prose import prose
from handbook.rules import rules
from pipeline.publication import RESULT_COLUMNS
from tests.test_dashboard import CHROMIUM, FLAGS, opened
from tests.warehouse import ROOT


def run(folder: Path, work: Path) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {
        "DOCS": str(folder),
        "WORK": str(work),
        "PYTHONUTF8": "1",
    }
    return subprocess.run(
        [sys.executable, "-m", "handbook.build"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The handbook as the command writes it, without any warehouse."""
    folder = tmp_path_factory.mktemp("handbook")
    done = run(folder / "site", folder / "work")
    assert done.returncode == 0, done.stderr
    assert str(folder / "site" / "index.html") in done.stdout
    return folder / "site"


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[Path, Page]:
    """Every page of ours; dbt's own is one script."""
    return {
        file: Page(file.read_text(encoding="utf-8"))
        for file in site.rglob("*.html")
        if file.parent.name != "dbt"
    }


@pytest.fixture(scope="module")
def browser() -> Any:
    if not CHROMIUM.exists():
        pytest.skip(f"no browser to try the pages with: {CHROMIUM}")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield found
        found.close()


def seed(path: str) -> list[dict[str, str]]:
    with (ROOT / "seeds" / f"{path}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_no_rule_lacks_its_words() -> None:
    """A new rule needs a row in `seeds/rules/rule_explanation.csv`."""
    named = {row["rule_id"] for row in seed("rules/rule")}
    explained = {row["rule_id"]: row for row in seed("rules/rule_explanation")}
    assert named == set(explained)
    for row in explained.values():
        for part in ("occurs_zh", "means_zh", "action_zh"):
            assert row[part].endswith("。"), row
    families = {row["rule_family"] for row in seed("rules/rule_family")}
    assert {row["rule_family"] for row in seed("rules/rule")} <= families


def test_every_rule_has_a_page_with_its_example(
    site: Path, pages: dict[Path, Page]
) -> None:
    listed = pages[site / "rules.html"]
    for row in seed("rules/rule"):
        rule = row["rule_id"]
        page = pages[site / "rule" / f"{rule}.html"]
        assert listed.css_first(f"article#rule-{rule} a[href='rule/{rule}.html']")
        main = page.css_first("main")
        assert main is not None
        assert row["title_zh"] in main.text()
        assert page.css(".document mark, .document ins"), rule
        assert page.css(".findings li"), rule
        assert "[[" not in main.text() and "{unit}" not in main.text()


def test_every_mart_and_column_is_explained(
    pages: dict[Path, Page], site: Path
) -> None:
    manifest = read(site.parent / "work/handbook/target/manifest.json")
    # Their contracts are enforced: what is declared is what the warehouse has.
    marts = {
        name: list(node["columns"])
        for name, node in models(manifest).items()
        if node["schema"] == "marts" and node["contract"]["enforced"]
    }
    assert len(marts) > 35
    marts["expectation_results"] = list(RESULT_COLUMNS)
    described = {
        (row["table_name"], row["column_name"])
        for row in seed("audit/audit_description")
        if row["description_zh"].endswith("。")
    }
    assert not {
        (mart, column)
        for mart, columns in marts.items()
        for column in ("", *columns)
        if not described & {(mart, column), ("", column)}
    }, "add them to seeds/audit/audit_description.csv"
    for mart, columns in marts.items():
        page = pages[site / "table" / f"{mart}.html"]
        shown = [node.attributes["id"] for node in page.css(".columns-of tr[id]")]
        assert shown == columns, mart
        heading = page.css_first("h1")
        assert heading is not None
        assert not heading.text().startswith(mart), f"{mart} has no Chinese name"
        assert page.css_first("p.lead:not(.note)"), f"{mart} has no Chinese words"
        for line in page.css(".columns-of tr[id]"):
            cells = [" ".join(cell.text().split()) for cell in line.css("td")]
            assert all((cells[1], cells[3])), (mart, cells)
        for value in page.css(".codes li"):
            code, _, name = " ".join(value.text().split()).partition(" ")
            assert name or not re.fullmatch("[a-z_]+", code), (mart, code)
    assert {file.stem for file in (site / "table").iterdir()} == set(marts)


def test_every_link_leads_somewhere_in_the_folder(pages: dict[Path, Page]) -> None:
    places = {
        file: {node.attributes["id"] for node in page.css("[id]")}
        for file, page in pages.items()
    }
    for file, page in pages.items():
        for node in page.css("[href], [src]"):
            link = node.attributes.get("href") or node.attributes.get("src") or ""
            parts = urlsplit(link)
            assert not parts.scheme and not parts.netloc, f"{file.name}: {link}"
            target = (file.parent / unquote(parts.path)).resolve()
            target = target if parts.path else file
            assert target.exists(), f"{file.name}: {link}"
            if parts.fragment and target in places:
                assert unquote(parts.fragment) in places[target], (file.name, link)


def test_what_is_found_leads_to_a_page(site: Path, pages: dict[Path, Page]) -> None:
    script = (site / "data" / "entries.js").read_text(encoding="utf-8")
    entries = json.loads(script.split(").entries = ", 1)[1].rstrip(";\n"))
    assert len(entries) > 1000
    for *_, href in entries:
        file, _, place = href.partition("#")
        assert (site / file) in pages
        assert not place or pages[site / file].css_first(f"[id='{place}']"), href


def test_pictures_show_every_fact_and_are_drawn_by_code(
    site: Path, pages: dict[Path, Page]
) -> None:
    page = pages[site / "tables.html"]
    pictures_shown = page.css("svg.picture")
    assert len(pictures_shown) == 4  # two, each wide and narrow
    facts = {file.stem for file in (site / "table").glob("fct_*.html")}
    for picture in page.css("svg.picture[aria-label^=星型]"):
        linked = {node.attributes["href"] for node in picture.css("a")}
        assert {f"table/{fact}.html" for fact in facts} <= linked


def test_a_long_name_leaves_no_chip_over_it() -> None:
    column = Column("code", "", "", "", "", False, "dim_code", [])
    fact = Table("fct_" + "x" * 60, "长" * 24, None, "", "", [column])
    dimension = Table("dim_code", "科目", None, "", "", [])
    subjects = [
        Subject("amounts", "金额", "", [fact]),
        Subject("codes", "科目", "", [dimension]),
    ]
    for picture in pictures.star(subjects):
        assert "fct_" in picture


def test_links_of_texts_lead_to_pages_or_are_none() -> None:
    text = prose(
        "# 标题\n\n## 一、`x`\n\n[a](../b.md#c) [d](e.csv) [f](https://example.org) "
        "<b>x</b> [g](#h)\n\n| n |\n|---|\n| 1,234.50 |\n",
        "docs/a.md",
        {"b.md": "b.html"}.get,
    )
    assert text.title == "标题"
    assert text.headings == [("一x", "一、x")]
    assert '<a href="b.html#c">a</a>' in text.html
    assert "e.csv" not in text.html and "example.org" not in text.html
    assert "<b>" not in text.html
    assert '<td class="n">1,234.50</td>' in text.html


def test_a_folder_of_somebody_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    done = run(tmp_path, tmp_path / "work")
    assert done.returncode == 2
    assert "DOCS=" in done.stderr and "不予覆盖" in done.stderr
    assert (tmp_path / "thesis.txt").read_text() == "mine"


def test_a_rule_without_words_stops_the_handbook(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(
        "handbook.rules.seed", lambda path: [] if "expl" in path else seed(path)
    )
    with pytest.raises(KeyError):
        rules({"nodes": {}})


@pytest.mark.parametrize("width", [1280, 390])
def test_no_page_complains_or_overflows(
    browser: Any, site: Path, pages: dict[Path, Page], width: int
) -> None:
    chosen = [file for file in pages if file.parent == site]
    for folder, count in (("rule", 5), ("table", 5), ("decision", 2)):
        chosen += sorted((site / folder).iterdir())[
            :: len(list((site / folder).iterdir())) // count
        ]
    for file in chosen:
        page = opened(browser, file, width)
        assert page.troubles == [], file
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, f"{file} at {width}: {wide}"
        page.close()


def test_rules_are_narrowed_and_entries_found(browser: Any, site: Path) -> None:
    page = opened(browser, site / "rules.html")
    page.fill("[data-words]", "末位")
    shown = page.locator("article.rule:visible").count()
    assert 0 < shown < len(seed("rules/rule"))
    page.fill("[data-words]", "没有这样的文字")
    assert page.locator("article.rule:visible").count() == 0
    page.close()
    page = opened(browser, site / "search.html")
    page.fill("[data-search]", "fct_revenue.half_unit_yuan")
    page.locator("table.list tbody a").first.click()
    page.wait_for_load_state("load")
    assert page.url.endswith("#half_unit_yuan")
    assert page.troubles == []
    page.close()


def test_the_models_are_shown_without_a_network(browser: Any, site: Path) -> None:
    page = opened(browser, site / "dbt" / "index.html")
    page.wait_for_function("document.title.length > 3 && document.querySelector('h1')")
    page.goto(f"{page.url.partition('#')[0]}#!/model/model.county_budget.fct_finding")
    page.wait_for_function("document.body.innerText.includes('figures_fingerprint')")
    assert page.troubles == []
    page.close()
