"""One bad document of every kind beside a good one: each is told, none in the way."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import os
import shutil
import subprocess
import sys
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from ingest.readers import delimited, legacy_office, ocr
from tests import bad_files
from tests.building import Build, build
from tests.warehouse import ROOT

GOOD_ROWS = (
    ("科目编码", "科目名称", "合计", "基本支出", "项目支出"),
    ("合计", "", "123.45", "100.00", "23.45"),
    ("208", "社会保障和就业支出", "100.00", "80.00", "20.00"),
    ("20801", "人力资源和社会保障管理事务", "100.00", "80.00", "20.00"),
    ("2080101", "行政运行", "80.00", "80.00", ""),
    ("2080109", "社会保险经办机构", "20.00", "", "20.00"),
    ("221", "住房保障支出", "23.45", "20.00", "3.45"),
    ("22102", "住房改革支出", "23.45", "20.00", "3.45"),
    ("2210201", "住房公积金", "23.45", "20.00", "3.45"),
)
Rows = list[list[str]]


def rows() -> Rows:
    return [list(row) for row in GOOD_ROWS]


def changed(row: int, column: int, text: str) -> Rows:
    table = rows()
    table[row][column] = text
    return table


def disclosure(
    name: str,
    table: Rows | None = None,
    *,
    title: str = "部门支出总表",
    unit: str = "单位：万元",
    year: int = 2025,
) -> str:
    """A budget of one table; every unit is invented.

    The same figures of the same year would count as a copy: hence other years.
    """
    printed = "\n".join("\t".join(row) for row in table or rows())
    return (
        f"云溪县{name}管理站{year}年部门预算公开\n\n{year}年{title}\n\n"
        f"单位名称：云溪县{name}管理站\n\n{unit}\n\n{printed}\n"
    )


LETTER = """给读者的一封信

您好！

本馆将于下周搬迁，搬迁期间暂停借阅服务，望周知。
"""
HTML = (
    "<!DOCTYPE html>\n<html><body><table><tr><td>2025年部门支出总表</td></tr>"
    "<tr><td>合计</td><td>1.00</td></tr></table></body></html>\n"
)
RICH_TEXT = "{\\rtf1\\ansi 2025 budget\\par total 1.00}"
DIGITS = "123456789012345678901234567890"
LONG_CELL = "长" * 350_000  # 1 MB in UTF-8


def _pdf(*, draws_text: bool = True, password: str | None = None) -> bytes:
    """A PDF of one page: Latin text, or a picture of it and no text."""
    target = io.BytesIO()
    encryption = StandardEncryption(password) if password else None
    canvas = Canvas(target, pagesize=(300, 200), invariant=1, encrypt=encryption)
    if draws_text:
        canvas.drawString(20, 150, "2025 budget of nobody, total 100.00")
    else:
        canvas.rect(20, 20, 200, 100, fill=1)
    canvas.showPage()
    canvas.save()
    return target.getvalue()


def _zip_bomb(sign: bytes = b" ") -> bytes:
    """Two hundred megabytes of one sign in a small archive."""
    target = io.BytesIO()
    with (
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("预算.txt", "w") as member,
    ):
        for _ in range(200):
            member.write(sign * 1_000_000)
    return target.getvalue()


def _binary() -> bytes:
    """Bytes that are nothing, the same in every run."""
    return b"".join(hashlib.sha256(bytes([n])).digest() for n in range(256))


def write_documents(folder: Path) -> None:
    """The folder of the build; file names say what is wrong."""
    real_pdf = (ROOT / "disclosures/tunliu_2024.pdf").read_bytes()
    documents: dict[str, str | bytes] = {
        "good.txt": disclosure("渡口"),
        "empty.txt": b"",
        "blank.txt": " \n\t\r\n　\n",
        "letter.txt": LETTER,
        "truncated.pdf": real_pdf[: len(real_pdf) // 3],
        "encrypted.pdf": _pdf(password="sesame"),
        "scan.pdf": _pdf(draws_text=False),
        "pdf_named_text.txt": real_pdf,
        "text_named_pdf.pdf": disclosure("桥梁", changed(1, 1, "　"), year=2001),
        "page_named_text.txt": HTML,
        "rich_text_named_text.txt": RICH_TEXT,
        "gb18030.txt": disclosure("码头", year=2024).encode("gb18030"),
        "damaged_utf8.txt": disclosure("灯塔").encode()[:-40]
        + b"\xe5\xff\x88"
        + "合计".encode(),
        "no_unit.txt": disclosure("船闸", unit=""),
        "no_statement.txt": disclosure("航标", title="灯火明细表"),
        "strange_title.txt": disclosure("石埠", title="渔火部门支出总表", year=2018),
        "ragged.txt": disclosure("水文", _ragged(), year=2002),
        "stray_column.txt": disclosure("驳岸", _with_a_stray_column(), year=2008),
        "long_cell.txt": disclosure("堤防", changed(4, 1, LONG_CELL), year=2003),
        "long_number.txt": disclosure("闸门", changed(5, 2, DIGITS), year=2004),
        "long_fraction.txt": disclosure(
            "泵房", changed(5, 2, "20." + "0" * 29), year=2005
        ),
        "text_for_amount.txt": disclosure("驿道", changed(5, 2, "详见附件"), year=2006),
        "copy_a.txt": disclosure("茶亭", year=2023),
        "copy_b.txt": disclosure("茶亭", year=2023),
        "bomb.zip": _zip_bomb(),
        "bomb.txt.gz": gzip.compress(b" " * 50_000_000, mtime=0),
        "binary.txt": _binary(),
        "nul.txt": disclosure("竹林", year=2007).encode().replace(b"\t", b"\t\x00"),
        "picture.pdf": b"\x89PNG\r\n\x1a\n" + _binary(),
        "lines_only.txt": "\n" * 5000,
        "locked.xlsx": bad_files.locked_office(),
        "locked.docx": bad_files.locked_office(),
        "locked.xls": bad_files.locked_xls(),
        "locked.zip": bad_files.locked_archive({"预算.txt": disclosure("甲").encode()}),
        "nested_bomb.zip": bad_files.zipped({"内.zip": _zip_bomb(b"0")}),
        "lying_bomb.zip": bad_files.lying_bomb(),
        "huge_part.docx": bad_files.word_with_huge_part(),
        "huge_sheet.xlsx": bad_files.with_huge_sheet(rows()),
        "climbing.zip": bad_files.zipped(
            {"../../../climbed.txt": disclosure("石桥", year=2009).encode()}
        ),
        "laughs.docx": bad_files.word_with(bad_files.LAUGHS),
        "laughs.xlsx": bad_files.workbook_with(bad_files.LAUGHS, rows()),
        "laughs.html": bad_files.page(
            disclosure("栈道", year=2010), doctype=bad_files.LAUGHS, extra="<p>&j;</p>"
        ),
        "laughs.mht": bad_files.saved_page(
            bad_files.page(
                disclosure("索道", year=2011),
                doctype=bad_files.LAUGHS,
                extra="<p>&j;</p>",
            )
        ),
        "stranger.docx": bad_files.word_with(bad_files.STRANGER),
        "stranger.xlsx": bad_files.workbook_with(bad_files.STRANGER, rows()),
        "empty_rows.xlsx": bad_files.with_empty_rows(
            [
                *([line] for line in disclosure("盐仓", year=2012).split("\n\n")[:4]),
                *rows(),
            ]
        ),
        "scripts.html": bad_files.page(
            disclosure("钟楼", year=2013), extra=bad_files.SCRIPTS
        ),
        "no_directory.zip": bad_files.without_directory({"预算.txt": b"x" * 5000}),
        "cut.docx": bad_files.word(disclosure("甲"))[:-300],
        "packed.rar": b"Rar!\x1a\x07\x01\x00" + bytes(20),
        "packed.7z": b"7z\xbc\xaf\x27\x1c" + bytes(20),
        "new\nline.txt": disclosure("鼓楼", year=2014),
        # Beside disclosures, not among them.
        "README.md": "说明",
        ".hidden.txt": disclosure("暗河"),
        "script.py": "print()",
    }
    for name, content in documents.items():
        path = folder / name
        if isinstance(content, bytes):
            path.write_bytes(content)
        else:
            path.write_text(content, encoding="utf-8", newline="")
    # A name as Chinese Windows writes it; the second is in no encoding at all.
    for raw, place, year in (
        ("水塔.txt".encode("gbk"), "水塔", 2015),
        (b"\xff\xfe", "水井", 2016),
    ):
        path = folder / os.fsdecode(raw)
        path.write_text(disclosure(place, year=year), encoding="utf-8")
    outside = folder.parent / "outside" / "secret.txt"
    outside.parent.mkdir()
    outside.write_text(disclosure("暗渠"), encoding="utf-8")
    bad_files.write_odd_entries(folder, outside)


def _ragged() -> Rows:
    """Rows with blanks missing at their end, rows with blanks too many."""
    table = rows()
    table[4] = table[4][:4]
    table[5] = [*table[5], "", ""]
    table[6] = [*table[6], ""]
    return table


def _with_a_stray_column() -> Rows:
    """A row is longer than the header: which column is which is open."""
    table = rows()
    table[6] = [*table[6], "9.99"]
    return table


@pytest.fixture(scope="module")
def bad(tmp_path_factory: pytest.TempPathFactory) -> Build:
    """One build of all of them."""
    folder = tmp_path_factory.mktemp("bad")
    disclosures = folder / "disclosures"
    disclosures.mkdir()
    write_documents(disclosures)
    built = build(disclosures, folder)
    assert built.exit_code == 0, built.output + built.errors
    return built


def document(bad: Build, path: str) -> dict[str, Any]:
    return bad.one("select * from marts.dim_document where relative_path = ?", path)


def amounts(bad: Build, file_name: str) -> dict[tuple[str, str], Decimal]:
    """Amounts of a document by printed name of the row and measure."""
    return {
        (row["printed_name"], row["measure"]): row["amount_yuan"]
        for row in bad.rows(
            "select f.printed_name, f.measure, f.amount_yuan "
            "from marts.fct_functional as f inner join marts.dim_document as d "
            "using (document_id) where d.relative_path = ?",
            file_name,
        )
    }


def findings(bad: Build, file_name: str) -> list[dict[str, Any]]:
    return bad.rows(
        "select f.rule_id, f.severity, f.title, f.explanation, f.line "
        "from marts.fct_finding as f inner join marts.dim_document as d "
        "using (document_id) where d.file_name = ? order by f.rule_id, f.line",
        file_name,
    )


def expected_amounts(table: Rows | None = None) -> dict[tuple[str, str], Decimal]:
    """What the printed table says, worked out here."""
    _, *body = table or rows()
    return {
        (row[1].strip() or row[0], measure): Decimal(text) * 10000
        for row in body
        for measure, text in zip(("total", "basic", "project"), row[2:5], strict=False)
        if text
    }


def test_the_good_document_is_loaded_whole(bad: Build) -> None:
    assert document(bad, "good.txt")["status"] == "loaded"
    assert amounts(bad, "good.txt") == expected_amounts()
    assert len(expected_amounts()) == 22
    assert findings(bad, "good.txt") == []


NO_DISCLOSURE = (
    "未发现预算、决算公开的内容（没有表名、年度或部门信息），不作为公开文件载入。"
)
TOO_LARGE = "文件或表格超过单个文件的大小上限。"
DAMAGED = "文件已损坏或不完整，无法打开。"
DAMAGED_ARCHIVE = "压缩包或其中的文件已损坏，或压缩方式不受支持，无法解压。"
PACKED_OTHERWISE = (
    "RAR、7z、gzip、tar 等压缩包不能直接读取，请先解压，再将其中的文件放入文件夹。"
)
LOCKED_OFFICE = "电子表格（或其他 Office 文件）已加密，需要密码才能打开。"
REJECTED = {
    "empty.txt": "文件为空，没有任何内容。",
    "blank.txt": "文件为空，没有任何内容。",
    "lines_only.txt": "文件为空，没有任何内容。",
    "letter.txt": NO_DISCLOSURE,
    "truncated.pdf": "PDF 文件已损坏或不完整，无法打开。",
    "encrypted.pdf": "PDF 文件已加密，需要密码才能打开。",
    "scan.pdf": "文件没有文字层（扫描件或空白页），未读取任何数字；"
    "扫描件须安装识别组件（make ocr）后重新运行才能识别。",
    "rich_text_named_text.txt": NO_DISCLOSURE
    if legacy_office.program()
    else "未安装 LibreOffice，无法读取 doc、wps、rtf、odt、ods 文件。"
    "请安装 LibreOffice 的文字处理与电子表格程序（命令 soffice）后重新构建，"
    "或将文件另存为 docx、xlsx。",
    "bomb.zip/预算.txt": TOO_LARGE,
    "nested_bomb.zip/内.zip/预算.txt": TOO_LARGE,
    "huge_part.docx": TOO_LARGE,
    "huge_sheet.xlsx": TOO_LARGE,
    "lying_bomb.zip/预算.txt": DAMAGED_ARCHIVE,
    "no_directory.zip": DAMAGED_ARCHIVE,
    "bomb.txt.gz": PACKED_OTHERWISE,
    "packed.rar": PACKED_OTHERWISE,
    "packed.7z": PACKED_OTHERWISE,
    "locked.xlsx": LOCKED_OFFICE,
    "locked.docx": LOCKED_OFFICE,
    "locked.xls": LOCKED_OFFICE,
    "locked.zip/预算.txt": "压缩包已加密，需要密码才能解压。",
    "laughs.docx": DAMAGED,
    "stranger.docx": DAMAGED,
    "cut.docx": DAMAGED,
    "laughs.xlsx": "电子表格文件已损坏或不完整，无法打开。",
    "stranger.xlsx": "电子表格文件已损坏或不完整，无法打开。",
    **dict.fromkeys(
        (
            "link_outside.txt",
            "link_to_folder",
            "link_nowhere.txt",
            "link_to_itself.txt",
        ),
        "符号链接指向文件夹之外、不存在的位置或其自身，未读取；请将文件本身放入文件夹。",
    ),
    **dict.fromkeys(
        ("pipe.txt", "socket.txt"), "不是普通文件（管道、套接字或设备），未读取。"
    ),
    "damaged_utf8.txt": "文本编码无法识别（已尝试 UTF-8、UTF-16、GB18030）。",
    "binary.txt": "不是可识别的文档格式（无法识别为 PDF、文本等）。",
    "picture.pdf": DAMAGED
    if ocr.is_installed()
    else "文件是图片（扫描件），未读取任何数字；"
    "须安装识别组件（make ocr）后重新运行才能识别。",
}


@pytest.mark.parametrize("file_name", REJECTED)
def test_rejected_documents_say_why(bad: Build, file_name: str) -> None:
    found = document(bad, file_name)
    assert (found["status"], found["status_reason"]) == (
        "rejected",
        REJECTED[file_name],
    )
    assert amounts(bad, file_name) == {}


@pytest.mark.parametrize("file_name", REJECTED)
def test_rejected_documents_are_in_the_summary(bad: Build, file_name: str) -> None:
    assert f"  {file_name}：未载入。{REJECTED[file_name]}" in bad.output.splitlines()


def test_no_other_document_is_rejected_and_none_is_lost(bad: Build) -> None:
    statuses = {
        row["relative_path"]: row["status"]
        for row in bad.rows("select relative_path, status from marts.dim_document")
    }
    assert {n for n, status in statuses.items() if status == "rejected"} == set(
        REJECTED
    )
    assert {n for n, status in statuses.items() if status == "duplicate"} == {
        "copy_b.txt"
    }
    assert {n for n, status in statuses.items() if status == "loaded"} == {
        "good.txt",
        "strange_title.txt",
        "page_named_text.txt",
        "pdf_named_text.txt",
        "text_named_pdf.pdf",
        "gb18030.txt",
        "no_unit.txt",
        "no_statement.txt",
        "ragged.txt",
        "stray_column.txt",
        "long_cell.txt",
        "long_number.txt",
        "long_fraction.txt",
        "text_for_amount.txt",
        "copy_a.txt",
        "nul.txt",
        *WHOLE_BESIDE_HARM,
    }


WHOLE_BESIDE_HARM = {
    "climbing.zip/climbed.txt": 2009,
    "laughs.html": 2010,
    "laughs.mht": 2011,
    "empty_rows.xlsx": 2012,
    "scripts.html": 2013,
    "new\ufffdline.txt": 2014,
    "水塔.txt": 2015,
    "\ufffd\ufffd": 2016,
}


@pytest.mark.parametrize("path", WHOLE_BESIDE_HARM)
def test_what_does_harm_elsewhere_is_read_whole(bad: Build, path: str) -> None:
    found = document(bad, path)
    assert (found["status"], found["fiscal_year"]) == (
        "loaded",
        WHOLE_BESIDE_HARM[path],
    )
    assert amounts(bad, path) == expected_amounts()


def test_nothing_is_written_outside(bad: Build) -> None:
    places = [bad.warehouse.parent, *list(bad.warehouse.parents)[:4]]
    assert not [place for place in places if (place / "climbed.txt").exists()]


def test_a_file_of_the_machine_is_never_quoted(bad: Build) -> None:
    assert bad.value("select count(*) from raw.cells where text like '%root:%'") == 0
    assert (
        bad.value("select count(*) from raw.paragraphs where text like '%root:%'") == 0
    )


def test_a_pdf_named_text_is_read_as_pdf(bad: Build) -> None:
    found = document(bad, "pdf_named_text.txt")
    assert (found["format"], found["status"]) == ("pdf", "loaded")
    assert len(amounts(bad, "pdf_named_text.txt")) > 20


def test_a_text_named_pdf_is_read_as_text(bad: Build) -> None:
    found = document(bad, "text_named_pdf.pdf")
    assert (found["format"], found["status"]) == ("text", "loaded")
    assert amounts(bad, "text_named_pdf.pdf") == expected_amounts()


def test_a_page_named_text_is_recognised(bad: Build) -> None:
    assert document(bad, "page_named_text.txt")["format"] == "html"


def test_gb18030_is_read(bad: Build) -> None:
    found = document(bad, "gb18030.txt")
    assert (found["status"], found["fiscal_year"]) == ("loaded", 2024)
    assert amounts(bad, "gb18030.txt") == expected_amounts()
    assert (
        bad.value(
            "select unit_name from marts.dim_unit where unit_id = ?", found["unit_id"]
        )
        == "云溪县码头管理站"
    )


def test_nul_bytes_in_a_text_do_no_harm(bad: Build) -> None:
    assert amounts(bad, "nul.txt") == expected_amounts()


@pytest.mark.parametrize(
    ("file_name", "reason"),
    [
        ("no_unit.txt", "未找到金额单位（元、万元等），不猜测单位，金额未载入。"),
        ("no_statement.txt", "表中有金额，但表名与任何报表都不相符。"),
        ("stray_column.txt", "表头的标签数与列数不一致，无法判断各列含义。"),
    ],
)
def test_a_table_that_is_not_understood_gives_a_finding_and_no_amounts(
    bad: Build, file_name: str, reason: str
) -> None:
    assert document(bad, file_name)["status"] == "loaded"
    table = bad.one(
        "select t.status, t.status_reason "
        "from marts.dim_source_table as t inner join marts.dim_document as d "
        "using (document_id) where d.file_name = ?",
        file_name,
    )
    assert (table["status"], table["status_reason"]) == ("not_understood", reason)
    assert amounts(bad, file_name) == {}
    (finding,) = findings(bad, file_name)
    assert (finding["rule_id"], finding["severity"]) == (
        "table_not_understood",
        "warning",
    )
    assert reason in finding["explanation"]


def test_ragged_rows_are_read_where_their_cells_are(bad: Build) -> None:
    assert document(bad, "ragged.txt")["status"] == "loaded"
    assert amounts(bad, "ragged.txt") == expected_amounts()
    assert findings(bad, "ragged.txt") == []


def test_a_cell_of_one_megabyte_does_not_stop_the_table(bad: Build) -> None:
    found = amounts(bad, "long_cell.txt")
    expected = expected_amounts()
    for measure in ("total", "basic"):
        del expected[("行政运行", measure)]
    assert {k: v for k, v in found.items() if len(k[0]) < 100} == expected
    assert sorted(v for k, v in found.items() if len(k[0]) >= 100) == [800000, 800000]
    # What is said of it stays readable.
    for finding in findings(bad, "long_cell.txt"):
        assert len(finding["title"]) < 300
        assert len(finding["explanation"]) < 3000
    assert all(len(line) < 1000 for line in bad.output.splitlines())


@pytest.mark.parametrize(
    ("file_name", "printed"),
    [
        ("long_number.txt", DIGITS),
        ("text_for_amount.txt", "详见附件"),
    ],
)
def test_an_unreadable_amount_is_told_and_costs_only_itself(
    bad: Build, file_name: str, printed: str
) -> None:
    expected = expected_amounts()
    del expected[("社会保险经办机构", "total")]
    assert amounts(bad, file_name) == expected
    (finding,) = [
        f for f in findings(bad, file_name) if f["rule_id"] == "unreadable_amount"
    ]
    assert finding["severity"] == "warning"
    assert printed in finding["title"]
    assert finding["line"] == 14


def test_many_decimal_places_are_still_a_number(bad: Build) -> None:
    assert amounts(bad, "long_fraction.txt") == expected_amounts()


def test_a_second_copy_counts_once(bad: Build) -> None:
    first, second = document(bad, "copy_a.txt"), document(bad, "copy_b.txt")
    assert first["status"] == "loaded"
    assert second["status"] == "duplicate"
    assert second["status_reason"] == (
        f"与另一文件内容完全相同，不重复计算。（同 {first['document_id']}）"
    )
    assert first["file_sha256"] == second["file_sha256"]
    assert first["document_id"] != second["document_id"]
    assert amounts(bad, "copy_a.txt") == expected_amounts()
    assert amounts(bad, "copy_b.txt") == {}


def test_what_lies_beside_disclosures_is_left_alone(bad: Build) -> None:
    assert (
        bad.value(
            "select count(*) from marts.dim_document "
            "where file_name in ('README.md', '.hidden.txt', 'script.py')"
        )
        == 0
    )


def test_make_unknown_lists_what_no_seed_knows(bad: Build) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pipeline.unknown"],
        cwd=ROOT,
        env=os.environ | {"WAREHOUSE": str(bad.warehouse), "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    sections = done.stdout.split("\n\n")
    (titles,) = [part for part in sections if part.startswith("不认识的表名")]
    assert "灯火明细表" in titles
    (words,) = [part for part in sections if part.startswith("表名中不认识的字词")]
    assert "渔火" in words
    (units,) = [part for part in sections if part.startswith("没有单位的表")]
    assert "2025年部门支出总表" in units
    assert all(len(line) < 1000 for line in done.stdout.splitlines())


def test_a_small_file_leaves_the_others_their_room() -> None:
    """The csv module has one limit of a field for the whole process."""
    before = csv.field_size_limit()
    small = delimited.read("编码,名称,合计,基本\n".encode() + b"208,x,1.00,1.00\n" * 4)
    assert small.format == "csv"
    assert csv.field_size_limit() == before


# --- nothing to load --------------------------------------------------------


def publish_before(warehouse: Path) -> bytes:
    """A warehouse that was there, without tables; its bytes."""
    duckdb.connect(str(warehouse)).close()
    return warehouse.read_bytes()


@pytest.fixture(scope="module")
def unreadable_only(
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[Build, Path, bytes]:
    """A build of unreadable files alone, over a warehouse published before."""
    folder = tmp_path_factory.mktemp("unreadable")
    disclosures = folder / "disclosures"
    disclosures.mkdir()
    (disclosures / "empty.txt").write_bytes(b"")
    (disclosures / "letter.txt").write_text(LETTER, encoding="utf-8")
    (disclosures / "scan.pdf").write_bytes(_pdf(draws_text=False))
    before = publish_before(folder / "warehouse.duckdb")
    return build(disclosures, folder), folder, before


def test_a_folder_of_unreadable_files_publishes_nothing(
    unreadable_only: tuple[Build, Path, bytes],
) -> None:
    built, folder, before = unreadable_only
    assert built.exit_code == 1
    assert built.warehouse.read_bytes() == before
    assert "构建未完成，已发布的数据库保持不变。" in built.errors
    assert "没有任何文件可以载入" in built.errors
    assert "  empty.txt：文件为空，没有任何内容。" in built.errors
    assert "  letter.txt：未发现预算、决算公开的内容" in built.errors
    assert "  scan.pdf：文件没有文字层" in built.errors
    assert "Traceback" not in built.errors
    assert not list(folder.glob(".warehouse.duckdb.next*"))


@pytest.mark.parametrize("case", ["missing", "empty", "hidden", "file"])
def test_a_folder_without_disclosures_publishes_nothing(
    tmp_path: Path, case: str
) -> None:
    disclosures = tmp_path / "disclosures"
    if case == "file":
        disclosures.write_text(disclosure("渡口"), encoding="utf-8")
    elif case != "missing":
        disclosures.mkdir()
    if case == "hidden":
        (disclosures / ".budget.txt").write_text(disclosure("渡口"), encoding="utf-8")
        shutil.copy(ROOT / "disclosures/README.md", disclosures)
    before = publish_before(tmp_path / "warehouse.duckdb")
    built = build(disclosures, tmp_path)
    assert built.exit_code == 2
    assert built.warehouse.read_bytes() == before
    assert built.errors.startswith("没有可读取的公开文件（DISCLOSURES）：")
    assert str(disclosures) in built.errors
    assert "Traceback" not in built.errors
