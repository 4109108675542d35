"""The worked notebook: runs from top to bottom and says what is stored in it."""

from __future__ import annotations

import base64
import io
import re
import shutil
from html.parser import HTMLParser
from pathlib import Path

import duckdb
import nbformat
import pytest
from nbformat import NotebookNode
from PIL import Image

from pipeline.notebook import NOTEBOOK, is_of_samples, page, run
from tests.building import Build


@pytest.fixture(scope="module")
def stored() -> NotebookNode:
    return nbformat.read(NOTEBOOK, as_version=4)


@pytest.fixture(scope="module")
def executed(samples: Build, folder_of_samples: Path) -> NotebookNode:
    return run(NOTEBOOK, samples.warehouse, folder_of_samples)


def told(cell: NotebookNode) -> list[str]:
    """What a cell prints and shows, a picture as its kind."""
    texts = []
    for output in cell.get("outputs", ()):
        data = output.get("data", {})
        shown = data.get("text/markdown") or data.get("text/plain")
        texts.append(output.get("text") or ("picture" if picture(output) else shown))
    return texts


def picture(output: NotebookNode) -> Image.Image | None:
    png = output.get("data", {}).get("image/png")
    return Image.open(io.BytesIO(base64.b64decode(png))) if png else None


def test_the_stored_outputs_are_those_of_the_samples(
    stored: NotebookNode, executed: NotebookNode
) -> None:
    assert len(stored.cells) == len(executed.cells)
    for was, now in zip(stored.cells, executed.cells, strict=True):
        assert told(now) == told(was), f"{was.id}: run `make notebook` and look at it"
        assert now.get("execution_count") == was.get("execution_count"), was.id


def test_it_answers(executed: NotebookNode) -> None:
    answers = {cell.id: "\n".join(told(cell)) for cell in executed.cells}
    assert (
        "| 2080101 | 行政运行 | 542.31 |  | 542.31 | proven |"
        in (answers["function-code"])
    )
    assert "| 301 | 工资福利支出 | 9 | 617.20 |" in answers["economy-code"]
    assert (
        "| 新乡市社会保险中心 | 2023 | 5.20 | 0.00 | 5.20 | 0.00 |"
        in (answers["three-public-code"])
    )
    assert "measure = 'total' (7), 'basic' (2), 'project' (2)" in answers["series-code"]
    assert "上级科目与下级科目之和不符：208" in answers["findings-code"]
    assert "1,040,000.00 元" in answers["gap-code"]
    assert "| 270.26 | 166.26 | 104.00 | 0.015 |" in answers["sums-code"]
    assert (
        "| 5 | 2025年部门一般公共预算财政拨款支出预算表 | 4 | 5 | 270.26 |"
        in (answers["where-code"])
    )
    assert "第 5 页" in answers["cite-code"] and ", p. 5, " in answers["cite-code"]


def test_pictures_are_stored_as_png(
    stored: NotebookNode, executed: NotebookNode
) -> None:
    for node in (stored, executed):
        pictures = {
            cell.id: image
            for cell in node.cells
            for output in cell.get("outputs", ())
            if (image := picture(output)) is not None
        }
        assert list(pictures) == [
            *("function-chart", "economy-chart", "page-picture", "coverage-chart")
        ]
        for image in pictures.values():
            assert min(image.size) > 300
            assert len(image.convert("RGB").getcolors(1 << 24) or []) > 5


def test_what_is_stored_is_small_and_of_no_machine(stored: NotebookNode) -> None:
    text = NOTEBOOK.read_text(encoding="utf-8")
    assert len(text) < 1_500_000
    for cell in stored.cells:
        for content in (cell.source, *told(cell)):
            assert not re.search(
                r"/(home|root|tmp|Users|work)/|\\\\|:\d{4,5}/", content
            )
    assert set(stored.metadata) == {"kernelspec", "language_info"}


def test_outputs_of_other_disclosures_are_not_stored(
    samples: Build, tmp_path: Path
) -> None:
    assert is_of_samples(samples.warehouse)
    other = tmp_path / "warehouse.duckdb"
    shutil.copy(samples.warehouse, other)
    with duckdb.connect(str(other)) as connection:
        connection.execute(
            "update marts.dim_document set file_sha256 = 'another' "
            "where file_name = 'tunliu_2024.pdf'"
        )
    assert not is_of_samples(other)


def test_the_page_opens_without_a_network(stored: NotebookNode) -> None:
    html = page(stored)
    assert html.count('src="data:image/png;base64,') == 4
    assert "一个县级单位的钱花在哪里" in html

    class Addresses(HTMLParser):
        def handle_starttag(
            self, tag: str, attrs: list[tuple[str, str | None]]
        ) -> None:
            assert tag not in ("script", "link", "iframe")
            for name, value in attrs:
                assert name != "src" or (value or "").startswith("data:")

    Addresses().feed(html)
