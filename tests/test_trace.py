"""``make trace``: from a number back to its file, page and cell."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import duckdb
import numpy as np
import pytest
from PIL import Image

from pipeline import trace
from pipeline.read_only import open_read_only
from tests.building import Build, environment
from tests.warehouse import ROOT


@pytest.fixture(scope="module")
def warehouse(samples: Build) -> Iterator[duckdb.DuckDBPyConnection]:
    with open_read_only(samples.warehouse) as connection:
        yield connection


@pytest.fixture(scope="module")
def disputed(warehouse: duckdb.DuckDBPyConnection) -> str:
    """The project expenditure of class 208 in 一般公共预算支出表 of a sample."""
    ((cell_id,),) = warehouse.execute(
        "select cell_id from fct_functional "
        "inner join dim_document using (document_id) "
        "where file_name = 'wansheng_2025.pdf' and statement = 'general_expenditure' "
        "and functional_code = '208' and amount_yuan = 2702600"
    ).fetchall()
    return str(cell_id)


def test_a_number_leads_back_to_its_cell(
    warehouse: duckdb.DuckDBPyConnection, disputed: str
) -> None:
    lines = trace.trace(warehouse, disputed)
    assert lines[0] == "270.26"
    assert lines[1].startswith("  文件：wansheng_2025.pdf（SHA-256 ")
    assert lines[2] == "  位置：第 5 页，表内第 4 行第 5 列"
    assert lines[4:6] == [
        "  栏目：2025年预算数 / 项目支出",
        "  行首：社会保障和就业支出",
    ]
    text = "\n".join(lines)
    assert "支出类别 项目支出" in text
    assert "金额（元） 2702600.0000" in text
    assert "印列 2702600.0000 元，计算 1662600.0000 元，不符" in text
    assert "相差 104.00万元" in text


def test_the_picture_marks_the_cell(
    warehouse: duckdb.DuckDBPyConnection,
    disputed: str,
    folder_of_samples: Path,
    tmp_path: Path,
) -> None:
    path = trace.picture(warehouse, disputed, folder_of_samples, tmp_path)
    assert path is not None
    left, top, right, bottom = warehouse.execute(
        "select box_left, box_top, box_right, box_bottom from dim_source_cell "
        "where cell_id = ?",
        [disputed],
    ).fetchone()
    with Image.open(path) as image:
        pixels = np.asarray(image.convert("RGB")).astype(int)
    is_red = (pixels[..., 0] > 180) & (pixels[..., 1] < 60) & (pixels[..., 2] < 60)
    rows, columns = np.nonzero(is_red)
    assert columns.min() == pytest.approx(2 * left - 3, abs=3)
    assert columns.max() == pytest.approx(2 * right + 3, abs=3)
    assert rows.min() == pytest.approx(2 * top - 3, abs=3)
    assert rows.max() == pytest.approx(2 * bottom + 3, abs=3)


def test_other_bytes_are_not_shown_for_it(
    warehouse: duckdb.DuckDBPyConnection, disputed: str, tmp_path: Path
) -> None:
    (tmp_path / "wansheng_2025.pdf").write_bytes(b"%PDF-1.7 another edition")
    assert trace.picture(warehouse, disputed, tmp_path, tmp_path) is None


def test_a_key_that_no_cell_has_is_refused(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    with pytest.raises(trace.Unknown):
        trace.trace(warehouse, "d0-t1-r1-c1' or true --")


def test_the_command_says_why_there_is_no_picture(
    samples: Build, disputed: str, tmp_path: Path
) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "pipeline.trace", disputed],
        cwd=ROOT,
        env=environment(tmp_path, tmp_path, WAREHOUSE=str(samples.warehouse)),
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    assert f"图像：无。只有 PDF 有，且须原样留在 {tmp_path} 下" in ended.stdout
