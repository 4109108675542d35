"""The dashboard: its numbers are the warehouse's, and a browser needs nothing else."""

from __future__ import annotations

import errno
import io
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from PIL import Image
from reportlab.pdfgen.canvas import Canvas
from selectolax.lexbor import LexborHTMLParser as Page

from dashboard import build as dashboard
from dashboard import figures, lists, pictures, render
from dashboard.reading import Unreadable
from dashboard.sources import grid
from exports.masking import Masker
from pipeline.folder import FolderRefused
from pipeline.load import connect
from tests.building import Build
from tests.personal import MASKED, PARTS, empty, put_everywhere
from tests.warehouse import ROOT

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
LONG_NAME = "长" * 300
MARKUP = "<script>document.title='x'</script><img src=x onerror=alert(1)>"


@pytest.fixture(scope="module")
def site(samples: Build, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site") / "dashboard"
    dashboard.build(samples.warehouse, ROOT / "disclosures", folder)
    return folder


@pytest.fixture(scope="module")
def changed(samples: Build, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Names that would like to be markup, a very long one, and no files to show."""
    folder = tmp_path_factory.mktemp("changed")
    warehouse = folder / "warehouse.duckdb"
    shutil.copy(samples.warehouse, warehouse)
    with connect(warehouse) as connection:
        put_everywhere(connection)
        connection.execute(
            "update marts.dim_unit set unit_name = ? where unit_code = '735'", [MARKUP]
        )
        connection.execute(
            "update marts.dim_unit set unit_name = ? where unit_code = '303016'",
            [LONG_NAME],
        )
        connection.execute("update marts.fct_finding set title = ?", [MARKUP])
        connection.execute(
            "update marts.fct_project set project_name = ?",
            ["职工张伟民遗属补助 电话 13812345678"],
        )
    dashboard.build(warehouse, folder, folder / "site")
    return folder / "site"


def parsed(file: Path) -> Page:
    return Page(file.read_text(encoding="utf-8"))


def text(file: Path) -> str:
    body = parsed(file).body
    assert body is not None
    return re.sub(r"\s+", "", body.text())


def read(file: Path) -> str:
    return file.read_text(encoding="utf-8")


def rows(site: Path, name: str) -> list[list[Any]]:
    script = (site / "data" / f"{name}.js").read_text(encoding="utf-8")
    values = script.split(f").{name} = ", 1)[1]
    found: list[list[Any]] = json.loads(values.rstrip(";\n"))
    return found


def test_there_is_a_page_for_everything(site: Path, samples: Build) -> None:
    for folder, table, key in (
        ("unit", "dim_unit", "unit_id"),
        ("finding", "fct_finding", "finding_id"),
        ("document", "dim_document", "document_id"),
    ):
        files = (site / folder).glob("*.html")
        pages = {file.stem for file in files if not file.stem.endswith("-text")}
        keys = samples.rows(f"select {key} as key from marts.{table}")
        assert pages == {row["key"] for row in keys}
    regions = samples.rows("select distinct region_code as key from marts.dim_unit")
    assert {row["key"] for row in regions} == {
        file.stem for file in (site / "region").glob("*.html")
    }


def test_every_link_leads_somewhere_in_the_folder(site: Path) -> None:
    places: dict[Path, set[str]] = {}
    for file in site.rglob("*.html"):
        places[file] = {
            node.attributes["id"] or "" for node in parsed(file).css("[id]")
        }
    for file in places:
        for node in parsed(file).css("[href], [src]"):
            link = node.attributes.get("href") or node.attributes.get("src") or ""
            parts = urlsplit(link)
            assert not parts.scheme and not parts.netloc, link
            if not parts.path and not parts.fragment:
                continue
            target = (file.parent / unquote(parts.path)).resolve()
            target = target if parts.path else file
            assert target.exists(), f"{file.name}: {link}"
            is_state = "=" in parts.fragment
            if parts.fragment and target.suffix == ".html" and not is_state:
                assert parts.fragment in places[target], f"{file.name}: {link}"


def test_lists_lead_to_pages(site: Path) -> None:
    for name, folder, column in (
        ("units", "unit", 0),
        ("units", "region", 3),
        ("regions", "region", 0),
        ("findings", "finding", 0),
        ("findings", "unit", 5),
        ("documents", "document", 0),
    ):
        for row in rows(site, name):
            assert not row[column] or (site / folder / f"{row[column]}.html").exists()


def test_big_numbers_are_those_of_the_warehouse(site: Path, samples: Build) -> None:
    numbers = [
        re.sub(r"\s+", "", node.text())
        for node in parsed(site / "index.html").css(".numbers > div")
    ]
    assert len(numbers) == 6
    # Every year has one unit only: the newest comes first.
    spending = samples.rows(
        "select fiscal_year, sum(expenditure_yuan) as yuan from marts.fct_spending "
        "group by fiscal_year, stage order by fiscal_year desc limit 1"
    )[0]
    shown = figures.amount(spending["yuan"], figures.large_unit(spending["yuan"]))
    assert numbers[0].startswith(shown)
    for number, sql in (
        (numbers[1], "select count(*) from marts.dim_unit"),
        (numbers[2], "select count(*) from marts.dim_document where status = 'loaded'"),
        (
            numbers[4],
            "select count(*) from marts.fct_identity where verdict <> 'unchecked'",
        ),
        (
            numbers[5],
            "select count(*) from marts.fct_finding where not is_acknowledged",
        ),
    ):
        assert number.startswith(figures.count(samples.value(sql))), number


def test_figures_of_a_unit_are_those_of_the_warehouse(
    site: Path, samples: Build
) -> None:
    for unit in samples.rows("select distinct unit_id from marts.fct_spending"):
        page = parsed(site / "unit" / f"{unit['unit_id']}.html")
        tables = page.css("table.tree")
        for table, mart, code in (
            (tables[0], "fct_spending", "functional_code"),
            (tables[1], "fct_spending_economic", "economic_code"),
        ):
            sql = (
                f"select {code} as code, expenditure_yuan from marts.{mart} "
                "where unit_id = ? and expenditure_yuan is not null "
                "and (expenditure_yuan <> 0 or proof = 'disputed') "
                + (
                    ""
                    if mart == "fct_spending"
                    else "qualify rank() over (order by classification) = 1"
                )
            )
            expected = samples.rows(sql, unit["unit_id"])
            shown = {
                (line.css_first("th").text().split()[0], cell.text().strip())
                for line in table.css("tbody tr:not(.class)")
                for cell in line.css("td.n")
            }
            in_wan = {
                (row["code"], figures.amount(row["expenditure_yuan"]))
                for row in expected
            }
            in_yuan = {
                (row["code"], figures.amount(row["expenditure_yuan"], "元"))
                for row in expected
            }
            assert shown in (in_wan, in_yuan)
            total = table.css("tfoot td.n")[0].text().strip()
            summed = sum((row["expenditure_yuan"] for row in expected), Decimal(0))
            assert total in (figures.amount(summed), figures.amount(summed, "元"))


def test_a_figure_leads_to_the_cell_that_prints_it(site: Path, samples: Build) -> None:
    checked = 0
    for file in (site / "unit").glob("*.html"):
        for node in parsed(file).css("a.figure[href*='#']"):
            document, _, cell_id = (node.attributes["href"] or "").partition("#")
            cell = parsed((file.parent / document).resolve()).css_first(
                f"[id='{cell_id}']"
            )
            printed = samples.value(
                "select printed_text from marts.dim_source_cell where cell_id = ?",
                cell_id,
            )
            assert cell.text() == printed
            checked += 1
            if checked > 40:
                return
    assert checked


def test_lists_hold_what_the_warehouse_holds(site: Path, samples: Build) -> None:
    listed = {listing.name for listing in lists.LISTINGS}
    for listing in lists.LISTINGS:
        found = rows(site, listing.name)
        assert len(found) == samples.value(f"select count(*) from ({listing.query})")
        heads = parsed(site / f"{listing.name}.html").css("thead th")
        assert all(len(row) == len(heads) + lists.KEYS for row in found)
        for place, unit, finding, *_ in found:
            page, _, anchor = place.partition("#")
            file = site / page
            assert file.exists() and (
                not anchor or f'id="{anchor}"' in file.read_text()
            )
            assert not unit or (site / "unit" / f"{unit}.html").exists()
            assert not finding or (site / "finding" / f"{finding}.html").exists()
    assert {name for name in listed if f"{name}.html" in read(site / "lists.html")} == (
        listed
    )


def test_running_text_is_covered_on_the_page_of_quality(
    site: Path, samples: Build
) -> None:
    total = samples.one(
        "select sum(figures) as figures, sum(placed_figures) as placed "
        "from marts.rpt_narrative_coverage"
    )
    said = text(site / "quality.html")
    assert f"文字中的{figures.count(total['figures'])}个数字" in said
    assert f"读懂{figures.percent(total['placed'], total['figures'])}" in said


def test_a_standard_is_said_in_one_phrase() -> None:
    nothing = dict.fromkeys(
        ("value", "value_unit", "bound", "lower_bound", "upper_bound"), None
    ) | dict.fromkeys(("bound_unit", "per", "payer"), None)

    def said(**values: Any) -> str:
        return lists.standard(nothing | values)

    assert (
        said(value=Decimal("300.0000"), value_unit="元", per="人/年") == "300元/人/年"
    )
    assert (
        said(value=Decimal(5000), value_unit="元", bound="at_most") == "不超过 5,000元"
    )
    bounds = {"lower_bound": Decimal(1), "upper_bound": Decimal(4), "bound_unit": "年"}
    assert said(**bounds) == "1—4年"
    assert said(lower_bound=Decimal(60), bound_unit="分") == "60分以上"
    assert said(upper_bound=Decimal(90), bound_unit="分") == "90分以下"
    assert said(payer="市级") == "市级"
    assert said() == ""


def test_a_list_longer_than_a_browser_takes_is_cut_and_says_so(
    samples: Build, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(render, "MOST_ROWS", 2)
    monkeypatch.setattr(dashboard, "_ROWS_OF_A_UNIT", 1)
    dashboard.build(samples.warehouse, ROOT / "disclosures", tmp_path / "site")
    site = tmp_path / "site"
    assert len(rows(site, "citations")) == 2
    assert "这里列出前2项" in text(site / "citations.html")
    assert "csv/fct_citation.csv" in text(site / "citations.html")
    cut = [file for file in site.glob("unit/*.html") if "这里列出前1" in text(file)]
    assert cut
    for file in cut:
        assert all(len(part.css("li")) <= 1 for part in parsed(file).css("ul.findings"))


def test_the_arithmetic_of_a_finding_adds_up(site: Path, samples: Build) -> None:
    finding = samples.one(
        "select * from marts.fct_finding where rule_id = 'functional_children'"
    )
    page = parsed(site / "finding" / f"{finding['finding_id']}.html")
    sums = page.css("table.sum")
    assert sums

    def value(row: Any) -> Decimal:
        return Decimal(row.css("td.n")[-1].text().replace(",", "").strip())

    for table in sums:
        terms = sum((value(row) for row in table.css("tbody tr")), Decimal(0))
        computed, *printed, difference = table.css("tfoot tr")
        assert terms == value(computed)
        total = sum((value(row) for row in printed), Decimal(0))
        assert total - value(computed) == value(difference)
    shown = figures.amount(finding["difference_yuan"])
    assert shown in sums[0].css_first("tr.difference").text()


def test_a_finding_shows_its_page_with_the_cells_marked(
    site: Path, samples: Build
) -> None:
    named = samples.rows(
        "select bridge.finding_id, cells.page, cells.document_id, cells.box_left "
        "from marts.bridge_finding_cell as bridge "
        "inner join marts.dim_source_cell as cells on bridge.cell_id = cells.cell_id "
        "where cells.box_left is not null"
    )
    assert named
    for cell in named:
        page = parsed(site / "finding" / f"{cell['finding_id']}.html")
        picture = f"../page/{cell['document_id']}-p{cell['page']}.png"
        assert page.css_first(f"img[src='{picture}']") is not None
        cells = [row for row in named if row["finding_id"] == cell["finding_id"]]
        assert len(page.css("a.box")) == len(cells)


def test_without_the_file_the_table_is_shown(changed: Path, samples: Build) -> None:
    for finding in samples.rows(
        "select distinct finding_id from marts.bridge_finding_cell"
    ):
        file = changed / "finding" / f"{finding['finding_id']}.html"
        assert "不能显示原页，以下按表格显示" in text(file)
        assert parsed(file).css("td.mark sup.no, mark sup.no")
        assert not parsed(file).css("img")


def test_print_is_text_and_never_markup(changed: Path) -> None:
    for file in changed.rglob("*.html"):
        page = parsed(file)
        assert not page.css("[onerror]")
        scripts = {node.attributes.get("src") for node in page.css("script[src]")}
        assert all(
            "assets/" in (name or "") or "data/" in (name or "") for name in scripts
        )
        for node in page.css("script:not([src])"):
            assert node.attributes.get("type") == "application/json"
            json.loads(node.text())
    names = [row[1] for row in rows(changed, "units")]
    assert MARKUP in names and LONG_NAME in names


def test_personal_data_is_masked_wherever_it_is_shown(changed: Path) -> None:
    shown = secrets = 0
    for file in (*changed.rglob("*.html"), *changed.rglob("data/*.js")):
        content = file.read_text(encoding="utf-8")
        assert not any(part in content for part in PARTS), file
        shown += "张**遗属补助" in content
        secrets += MASKED in content
    assert shown and secrets > 3


def test_personal_data_is_black_in_pictures() -> None:
    content = io.BytesIO()
    canvas = Canvas(content, pagesize=(400, 200))
    canvas.drawString(50, 150, "contact 13812345678")
    canvas.drawString(50, 100, "amount 12345678.90")
    canvas.showPage()
    canvas.rect(100, 100, 80, 40)
    canvas.showPage()
    canvas.drawString(200, 20, "page 3")
    canvas.showPage()
    canvas.drawString(15, 180, "name")
    canvas.save()

    def black(pages: dict[int, pictures.Picture], number: int) -> int:
        with Image.open(io.BytesIO(pages[number].png)) as image:
            return image.convert("L").histogram()[0]

    masked = pictures.pages(
        content.getvalue(),
        [1, 2, 3, 4, 5],
        Masker().mask,
        lambda number: [(10, 10, 60, 40)] if number > 1 else [],
    )
    plain = pictures.pages(
        content.getvalue(), [1, 2, 3, 4], lambda text: text, lambda _: []
    )
    assert sorted(masked) == [1, 2, 3, 4]
    assert masked[1].width == 400 and masked[1].height == 200
    assert black(masked, 1) > black(plain, 1) + 500
    # A page without text is a picture itself: what was recognised on it is hidden.
    assert black(masked, 2) > black(plain, 2) + 4000
    # Also of a scan that carries a little text; what is text itself is not hidden.
    assert black(masked, 3) > black(plain, 3) + 4000
    assert black(masked, 4) == black(plain, 4)


def test_nothing_comes_from_elsewhere(site: Path) -> None:
    for file in (*site.rglob("*.html"), site / "assets" / "style.css"):
        content = file.read_text(encoding="utf-8")
        assert not re.search(r"(src|href)=.?(https?:)?//|@import|url\(", content), file
    policy = parsed(site / "index.html").css_first("meta[http-equiv]").attributes
    assert (policy["content"] or "").startswith("default-src 'none'")


def test_a_warehouse_that_cannot_be_shown_says_why(
    samples: Build, tmp_path: Path
) -> None:
    def said(warehouse: Path) -> str:
        with pytest.raises(Unreadable) as error:
            dashboard.build(warehouse, tmp_path, tmp_path / "site")
        assert not (tmp_path / "site").exists()
        assert not (tmp_path / ".site.next").exists()
        return str(error.value)

    assert "请先运行 make build" in said(tmp_path / "none.duckdb")
    other = tmp_path / "other.duckdb"
    connect(other).close()
    assert "另一个版本" in said(other)
    other.write_text("no database")
    assert "打不开数据库" in said(other)
    empty = tmp_path / "empty.duckdb"
    shutil.copy(samples.warehouse, empty)
    with connect(empty) as connection:
        connection.execute("delete from marts.dim_document")
    assert "没有任何文件" in said(empty)


def test_a_folder_of_somebody_else_is_left_alone(
    samples: Build, tmp_path: Path
) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(FolderRefused, match="不予覆盖"):
        dashboard.build(samples.warehouse, ROOT / "disclosures", tmp_path)
    assert (tmp_path / "thesis.txt").read_text() == "mine"


def test_an_old_dashboard_stays_when_the_new_one_fails(
    site: Path, samples: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = (site / "index.html").read_text(encoding="utf-8")

    def fail(self: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(dashboard.Dashboard, "_quality", fail)
    with pytest.raises(OSError, match="No space"):
        dashboard.build(samples.warehouse, ROOT / "disclosures", site)
    assert (site / "index.html").read_text(encoding="utf-8") == before
    assert beside(site) == [f".{site.name}.lock"]


def beside(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.parent.glob(".*"))


def killed(samples: Build, folder: Path) -> None:
    """A build of the dashboard that is killed while it writes."""
    with subprocess.Popen(
        [sys.executable, "-m", "dashboard.build"],
        cwd=ROOT,
        env={
            **os.environ,
            "WAREHOUSE": str(samples.warehouse),
            "DISCLOSURES": str(ROOT / "disclosures"),
            "DASHBOARD": str(folder),
        },
    ) as process:
        while not list(folder.parent.glob(f".{folder.name}.next/unit/*")):
            assert process.poll() is None, "it was too fast to be killed"
            time.sleep(0.005)
        process.kill()
    assert process.returncode == -signal.SIGKILL


def test_killed_in_the_middle_the_old_pages_stay_and_nothing_is_left(
    samples: Build, tmp_path: Path
) -> None:
    folder = tmp_path / "site"
    dashboard.build(samples.warehouse, ROOT / "disclosures", folder)
    before = sorted(file.name for file in folder.rglob("*"))
    killed(samples, folder)
    assert sorted(file.name for file in folder.rglob("*")) == before
    assert beside(folder) == [".site.lock", ".site.next"]
    dashboard.build(samples.warehouse, ROOT / "disclosures", folder)
    assert beside(folder) == [".site.lock"]


@pytest.mark.parametrize(
    ("number", "said"),
    [(errno.EACCES, "Permission denied"), (errno.ENOSPC, "No space left on device")],
)
def test_a_folder_that_cannot_be_written_is_told(
    site: Path,
    samples: Build,
    number: int,
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def fail(self: object, path: str, text: str) -> None:
        raise OSError(number, os.strerror(number), path)

    monkeypatch.setattr(render.Site, "text", fail)
    monkeypatch.setenv("WAREHOUSE", str(samples.warehouse))
    monkeypatch.setenv("DASHBOARD", str(site))
    monkeypatch.setattr(sys, "argv", ["dashboard"])
    before = read(site / "index.html")
    assert dashboard.main() == 2
    told = capsys.readouterr().err
    assert said in told and "请检查空间和权限" in told and "Traceback" not in told
    assert read(site / "index.html") == before
    assert beside(site) == [f".{site.name}.lock"]


def test_a_warehouse_of_documents_without_a_single_figure(
    samples: Build, tmp_path: Path
) -> None:
    none = tmp_path / "none.duckdb"
    shutil.copy(samples.warehouse, none)
    with connect(none) as connection:
        empty(connection)
    dashboard.build(none, ROOT / "disclosures", tmp_path / "site")
    for name in ("index", "units", "findings", "quality", "lists"):
        assert text(tmp_path / "site" / f"{name}.html")


@pytest.mark.parametrize(
    "change",
    [
        "drop table marts.bridge_finding_cell",
        "alter table marts.fct_finding drop column explanation",
        "alter table marts.dim_document drop column relative_path",
        "update marts.fct_finding set severity = 'fatal'",
    ],
)
def test_a_warehouse_of_another_version_says_so(
    samples: Build, tmp_path: Path, change: str
) -> None:
    other = tmp_path / "other.duckdb"
    shutil.copy(samples.warehouse, other)
    with connect(other) as connection:
        connection.execute(change)
    with pytest.raises(Unreadable, match=r"另一个版本.*请重新运行 make build"):
        dashboard.build(other, tmp_path, tmp_path / "site")
    assert not (tmp_path / "site").exists()


def test_a_newer_warehouse_with_more_in_it_is_shown(
    samples: Build, tmp_path: Path
) -> None:
    newer = tmp_path / "newer.duckdb"
    shutil.copy(samples.warehouse, newer)
    with connect(newer) as connection:
        connection.execute("create table marts.fct_later as select 1 as cell_id")
        connection.execute("alter table marts.fct_finding add column later integer")
    assert dashboard.build(newer, tmp_path, tmp_path / "site")


def test_an_excerpt_of_a_long_table_says_what_it_leaves_out() -> None:
    cells = [
        {
            "row": row,
            "column": 0,
            "row_span": 1,
            "column_span": 1,
            "text": str(row),
            "row_kind": "header" if row == 0 else "data",
        }
        for row in range(100)
    ]
    marks = {"d-t1-r50-c0": {"role": "total", "number": 1}}
    lines = grid("d-t1", cells, list, amounts={}, marks=marks)
    assert [line["left_out"] for line in lines] == [0, 47, 0, 0, 0, 0, 0, 47]


@pytest.mark.parametrize(
    ("yuan", "unit", "shown"),
    [
        ("1234567.89", "万元", "123.46"),
        ("-12345678", "万元", "-1,234.57"),
        ("1234.5", "元", "1,234.50"),
        ("0", "万元", "0.00"),
    ],
)
def test_amounts_are_read_as_people_do(yuan: str, unit: str, shown: str) -> None:
    assert figures.amount(Decimal(yuan), unit) == shown


@pytest.fixture(scope="module")
def browser() -> Any:
    """What a reader opens the pages with, from disk."""
    if not CHROMIUM.exists():
        pytest.skip(f"no browser to try the pages with: {CHROMIUM}")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield found
        found.close()


def opened(browser: Any, file: Path, width: int = 1280, state: str = "") -> Any:
    """A page; ``troubles`` gathers what it complains about or asks the network."""
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.troubles = []
    page.on("console", lambda message: page.troubles.append(message.text))
    page.on("pageerror", lambda error: page.troubles.append(str(error)))
    page.on(
        "request",
        lambda request: (
            request.url.startswith("file:") or page.troubles.append(request.url)
        ),
    )
    page.goto(file.resolve().as_uri() + state)
    return page


@pytest.mark.parametrize("width", [1280, 390])
def test_no_page_complains_or_overflows(
    browser: Any, site: Path, changed: Path, width: int
) -> None:
    for folder in (site, changed):
        for pattern in (
            "*.html",
            "unit/*.html",
            "region/*.html",
            "finding/*.html",
            "document/*.html",
        ):
            for file in sorted(folder.glob(pattern))[: 3 if "/" in pattern else 20]:
                page = opened(browser, file, width)
                page.wait_for_load_state("load")
                assert page.troubles == [], file
                wide = page.evaluate("document.documentElement.scrollWidth")
                assert wide <= width, f"{file} at {width}: {wide}"
                page.close()


def test_charts_are_drawn(browser: Any, site: Path) -> None:
    page = opened(browser, site / "index.html")
    page.wait_for_selector(".chart svg")
    first = page.locator(".chart svg").first
    assert first.locator("text").count() >= 2
    # The place was kept free for it.
    before = page.evaluate("document.querySelector('h3').offsetTop")
    page.wait_for_timeout(300)
    assert page.evaluate("document.querySelector('h3').offsetTop") == before
    page.close()


def test_another_year_is_chosen(browser: Any, site: Path) -> None:
    page = opened(browser, site / "index.html")
    select = page.locator("[data-choose=period]")
    values = select.locator("option").evaluate_all(
        "options => options.map(option => option.value)"
    )
    assert len(values) > 1
    for value in reversed(values):
        select.select_option(value)
        visible = page.locator("[data-choice=period]:visible")
        assert visible.count() == 1
        assert visible.get_attribute("data-value") == value
        visible.locator(".chart svg").first.wait_for()
    assert page.troubles == []
    page.close()


def test_findings_are_filtered(browser: Any, site: Path, samples: Build) -> None:
    counts = {
        row["severity"]: row["n"]
        for row in samples.rows(
            "select severity, count(*) as n from marts.fct_finding group by 1"
        )
    }
    page = opened(browser, site / "findings.html")
    lines = page.locator("table.list tbody tr")
    assert lines.count() == sum(counts.values())
    for severity, count in counts.items():
        page.select_option("[data-name=severity]", severity)
        assert lines.count() == count
        assert f"severity={severity}" in page.url
    page.fill("[data-name=text]", "没有这样的文字")
    assert "没有符合条件的项" in page.locator("table.list tbody").inner_text()
    page.click("button[type=reset]")
    page.wait_for_function(
        "n => document.querySelectorAll('table.list tbody tr').length === n",
        arg=sum(counts.values()),
    )
    name = samples.rows("select unit_name from marts.fct_finding limit 1")[0]
    page.fill("[data-name=unit]", name["unit_name"])
    assert 0 < lines.count() <= sum(counts.values())
    page.close()
    # A link carries the filter.
    page = opened(browser, site / "findings.html", state="#severity=warning")
    assert page.locator("table.list tbody tr").count() == counts["warning"]
    page.locator("table.list tbody a").first.click()
    page.wait_for_load_state("load")
    assert "/finding/" in page.url and page.troubles == []
    page.close()


def test_lists_are_filtered(browser: Any, site: Path) -> None:
    for listing in lists.LISTINGS:
        found = rows(site, listing.name)
        if not found:
            continue
        page = opened(browser, site / f"{listing.name}.html", width=390)
        lines = page.locator("table.list tbody tr")
        assert lines.count() == min(len(found), 50)
        for select in page.locator("[data-filter]").all():
            column = int(select.get_attribute("data-filter"))
            value = found[0][column]
            select.select_option(value)
            same = sum(row[column] == value for row in found)
            assert lines.count() == min(same, 50)
            select.select_option("")
        page.fill("[data-name=text]", found[-1][lists.KEYS][:8])
        assert lines.count() > 0
        page.locator("table.list tbody a").first.click()
        page.wait_for_load_state("load")
        assert "/document/" in page.url and page.troubles == []
        page.close()


def test_lists_are_sorted_by_keyboard(browser: Any, site: Path) -> None:
    page = opened(browser, site / "units.html")
    head = page.locator("th button", has_text="支出")
    head.focus()
    page.keyboard.press("Enter")
    assert page.locator("th[aria-sort=descending]").count() == 1
    amounts = page.locator("table.list tbody tr td:nth-child(5)").all_inner_texts()
    values = [float(value.replace(",", "")) for value in amounts if value]
    assert values == sorted(values, reverse=True)
    page.close()


def test_marks_lie_on_the_print(browser: Any, site: Path) -> None:
    file = next(
        file for file in site.glob("finding/*.html") if parsed(file).css("a.box")
    )
    page = opened(browser, file)
    sheet = page.locator(".sheet").first.bounding_box()
    for box in page.locator(".sheet").first.locator("a.box").all():
        place = box.bounding_box()
        assert sheet["x"] <= place["x"] + 2
        assert place["x"] + place["width"] <= sheet["x"] + sheet["width"] + 2
        assert sheet["y"] <= place["y"] + 2
        assert place["y"] + place["height"] <= sheet["y"] + sheet["height"] + 2
    page.close()


def test_markup_in_names_does_nothing(browser: Any, changed: Path) -> None:
    for name in ("units.html", "findings.html"):
        page = opened(browser, changed / name)
        assert page.locator("tbody img, tbody script").count() == 0
        assert "<script>" in page.locator("tbody").first.inner_text()
        assert page.title() != "x"
        page.close()
