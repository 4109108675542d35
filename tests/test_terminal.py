"""What people see: lines that fit, one that changes, colours, and clear endings."""

from __future__ import annotations

import errno
import fcntl
import io
import logging
import os
import pty
import re
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from pipeline import command, publication, terminal
from pipeline.progress import Progress
from pipeline.settings import SETTINGS
from pipeline.summary import Document, Finding, Summary, summarize
from tests.building import Build, environment
from tests.warehouse import ROOT


class Terminal(io.StringIO):
    """A stream that says that somebody looks at it."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    for name in ("NO_COLOR", "LINES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "80")
    return Terminal()


# --- text -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "columns"),
    [("", 0), ("abc", 3), ("社保", 4), ("２", 2), ("e\u0301", 1), ("“”", 2)],
)
def test_width(text: str, columns: int) -> None:
    assert terminal.width(text) == columns


@pytest.mark.parametrize(
    ("text", "columns", "lines"),
    [
        ("社会保险中心", 8, ["社会保险", "中心"]),
        ("社会保险中心", 7, ["社会保", "险中心"]),
        ("合计 1234567.00 元", 12, ["合计", "1234567.00", "元"]),
        ("相差1234567.00元", 12, ["相差", "1234567.00元"]),
        ("一二，三", 4, ["一", "二，", "三"]),
        ("d6aec430e19b685a1", 8, ["d6aec430", "e19b685a", "1"]),
        ("a b c d", 3, ["a b", "c d"]),
        ("", 5, [""]),
    ],
)
def test_lines_break_where_nothing_is_torn(
    text: str, columns: int, lines: list[str]
) -> None:
    assert terminal.wrapped(text, columns) == lines
    assert all(terminal.width(line) <= columns for line in lines)


NAMES = ("cell_id", "单位", "amount")
ROWS = [
    ("d6aec430e19b685a1-t43-r3-c4", "重庆市万盛经济技术开发区社会保险事务中心", "1.50"),
    ("d6aec430e19b685a1-t43-r3-c5", "屯留区社会保险中心", "12345678.90"),
]


def test_a_wide_table_folds_its_chinese_and_nothing_else() -> None:
    assert terminal.table(NAMES, ROWS, (False, False, True), 62) == [
        "cell_id                      单位                       amount",
        "───────────────────────────  ────────────────────  ───────────",
        "d6aec430e19b685a1-t43-r3-c4  重庆市万盛经济技术开         1.50",
        "                             发区社会保险事务中心",
        "d6aec430e19b685a1-t43-r3-c5  屯留区社会保险中心    12345678.90",
    ]


def test_a_table_that_cannot_be_folded_is_printed_row_by_row() -> None:
    assert terminal.table(NAMES, ROWS[:1], (False, False, True), 40) == [
        "── 第 1 条 ──",
        "cell_id  d6aec430e19b685a1-t43-r3-c4",
        "单位     重庆市万盛经济技术开发区社会保",
        "         险事务中心",
        "amount   1.50",
    ]


def test_a_long_chinese_name_folds_too() -> None:
    names = ("按等式应为的金额", "functional_code")
    assert terminal.table(names, [("12.00", "208")], (True, True), 25) == [
        "按等式应  functional_code",
        "为的金额",
        "────────  ───────────────",
        "   12.00              208",
    ]
    assert terminal.table(names, [], (True, True), 25)[1] == "为的金额"
    assert terminal.table(names, [], (True, True), 20)[0].startswith("（没有行）：")


def test_a_table_in_a_pipe_is_as_wide_as_it_is() -> None:
    lines = terminal.table(NAMES, ROWS, (False, False, True))
    assert len(lines) == 4
    assert terminal.width(lines[2]) == 82


# --- colours ----------------------------------------------------------------------


def test_colours_are_for_terminals(
    seen: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert terminal.coloured("错误", "red", seen) == "\x1b[31m错误\x1b[0m"
    assert terminal.coloured("错误", "red", io.StringIO()) == "错误"
    monkeypatch.setenv("TERM", "dumb")
    assert terminal.coloured("错误", "red", seen) == "错误"
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("NO_COLOR", "1")
    assert terminal.coloured("错误", "red", seen) == "错误"


# --- progress -----------------------------------------------------------------------


def test_progress_is_one_line_that_goes_away(seen: Terminal) -> None:
    progress = Progress(seen)
    with progress.step("读取公开文件"):
        for done in range(1, 301):
            progress.count(done, 300)
    pictures = seen.getvalue().split("\r\x1b[K")
    assert pictures[1] == "读取公开文件 …  0 秒"
    assert pictures[-2] == "读取公开文件 …  300/300  0 秒"
    assert pictures[-1] == ""
    assert "\n" not in seen.getvalue()
    assert len(pictures) < 10  # not a picture for each of three hundred


def test_a_step_that_fails_leaves_its_line(seen: Terminal) -> None:
    progress = Progress(seen)
    with pytest.raises(ZeroDivisionError), progress.step("运行模型"):
        progress.count(7, 7)
        raise ZeroDivisionError
    assert seen.getvalue().endswith("运行模型 …  7/7  0 秒\n")


def test_a_message_does_not_run_into_the_line(
    seen: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stderr", seen)
    progress = Progress(seen)
    with progress.step("读取公开文件"):
        progress.handler().emit(logging.makeLogRecord({"msg": "原有数据库无法读取"}))
    told = "读取公开文件 …  0 秒\r\x1b[K原有数据库无法读取\n\r\x1b[K读取公开文件 …"
    assert told in seen.getvalue()


def test_progress_in_a_log_is_sparse(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    log = io.StringIO()
    progress = Progress(log)
    with progress.step("读取公开文件"):
        for done in range(1, 101):
            now[0] += 0.7
            progress.count(done, 100)
    assert log.getvalue().splitlines() == [
        "读取公开文件 …",
        "  43/100",
        "  86/100",
        "  70.0 秒",
    ]


# --- the summary --------------------------------------------------------------------


def plain(lines: list[str]) -> list[str]:
    return [re.sub(r"\x1b\[\d+m", "", line) for line in lines]


@pytest.mark.parametrize("width", [80, 100])
def test_the_summary_of_the_samples_fits_a_screen(samples: Build, width: int) -> None:
    lines = summarize(samples.warehouse).screen(19, width)
    assert len(lines) <= 19
    assert max(map(terminal.width, lines)) <= width
    whole = "".join(line.strip() for line in lines)
    assert "文件 6 份（已载入 3，重复 3），表格 76 张（已载入 66，空表 10），" in whole
    assert "4 项：警告 1，提示 3" in whole
    assert "，相差 104.00万元" in whole
    assert " 0" not in whole  # what is nothing is left out


def test_the_summary_of_a_hundred_documents_fits_a_screen(samples: Build) -> None:
    summary = summarize(samples.warehouse)
    many = replace(
        summary,
        documents=tuple(
            Document(f"县局{number:03}.pdf", status, "文件没有文字层。")
            for number in range(100)
            for status in ("rejected", "duplicate")
        ),
        findings=tuple(
            Finding("error", "open", "合计不符", f"单位{number}", "第1页")
            for number in range(300)
        ),
        unmatched=("f0000000000000000",) * 50,
    )
    lines = many.screen(21, 80)
    assert len(lines) <= 21
    assert max(map(terminal.width, lines)) <= 80
    told = "\n".join(lines)
    assert "未载入    县局000.pdf：文件没有文字层。" in told
    assert "另有 97 份" in told
    assert "重复      县局000.pdf、县局001.pdf、县局002.pdf 等 100 份" in told
    assert "发现      300 项：错误 300" in told
    assert "[错误] 单位0 第1页：合计不符" in told
    shown = told.count("合计不符")
    assert shown >= 2
    assert f"另有 {300 - shown} 项，见核对报告" in told
    assert "确认记录中有 50 条没有对应的发现" in told
    # In a pipe it is whole.
    assert len(many.lines()) > 500


def test_a_summary_without_findings() -> None:
    assert Summary((), (), (), ()).screen(20, 80) == ["发现      没有发现问题"]
    assert Summary((), (), (), ()).lines() == ["发现", "  没有发现问题"]


# --- the commands -------------------------------------------------------------------

COMMANDS = {
    "pipeline.build": ("DISCLOSURES", "WAREHOUSE", "JOBS", "STRICT"),
    "pipeline.query": ("SQL", "FILE", "WAREHOUSE", "ROWS", "FORMAT"),
    "pipeline.trace": ("CELL", "WAREHOUSE"),
    "pipeline.cookbook": ("WAREHOUSE",),
    "pipeline.unknown": ("WAREHOUSE",),
    "exports": ("EXPORT", "WAREHOUSE", "POSTGRES"),
    "dashboard.build": ("DASHBOARD", "WAREHOUSE", "DISCLOSURES"),
    "handbook.build": ("DOCS", "WORK"),
}


@pytest.mark.parametrize("module", COMMANDS)
def test_help_names_the_settings(module: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", module, "--help"],
        cwd=ROOT,
        env=environment(tmp_path, tmp_path),
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )
    assert done.stderr == ""
    for name in COMMANDS[module]:
        assert re.search(rf"^  {name} +\S", done.stdout, re.MULTILINE), name
    assert max(map(terminal.width, done.stdout.splitlines())) <= 100
    assert list(tmp_path.iterdir()) == []


def test_make_help_lists_every_target_and_setting() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    (phony,) = re.findall(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)
    told = subprocess.run(
        ["make", "--no-print-directory", "help"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    ).stdout
    for target in phony.split():
        assert re.search(rf"^{target} +\S", told, re.MULTILINE), target
    for name in SETTINGS:
        is_of_builds = name.startswith(("DOCUMENT_", "CHECKED_"))
        if not is_of_builds and name not in ("OFFICE_SECONDS", "RECOGNISED_PAGES"):
            assert f"{name}=" in told, name


def on_a_terminal(
    arguments: list[str],
    folder: Path,
    columns: int = 80,
    then: Callable[[str], bytes | None] = lambda told: None,
    **settings: str,
) -> tuple[int, str]:
    """Run a command on a terminal of its own; ``then`` may answer what it tells."""
    process, terminal_ = pty.fork()
    if process == 0:
        os.chdir(ROOT)
        given = environment(folder, folder, TERM="xterm", **settings)
        given.pop("COLUMNS", None)
        os.execve(sys.executable, [sys.executable, "-m", *arguments], given)
    size = struct.pack("HHHH", 30, columns, 0, 0)
    fcntl.ioctl(terminal_, termios.TIOCSWINSZ, size)
    told = b""
    while True:
        try:
            more = os.read(terminal_, 65536)
        except OSError:
            break
        if not more:
            break
        told += more
        answer = then(told.decode(errors="replace"))
        if answer is not None:
            os.write(terminal_, answer)
    _, status = os.waitpid(process, 0)
    os.close(terminal_)
    return os.waitstatus_to_exitcode(status), told.decode().replace("\r\n", "\n")


def test_an_answer_on_a_terminal_fits_it(samples: Build, tmp_path: Path) -> None:
    sql = "select title, explanation, page from marts.fct_finding order by 1 limit 2"
    for columns in (80, 160):
        code, told = on_a_terminal(
            ["pipeline.query", sql], tmp_path, columns, WAREHOUSE=str(samples.warehouse)
        )
        assert code == 0
        assert max(map(terminal.width, told.splitlines())) <= columns
    (expected,) = {
        row["explanation"] for row in samples.rows(sql.replace("limit 2", "limit 1"))
    }
    assert re.sub(r"\s", "", expected)[:20] in re.sub(r"\s", "", told)


def test_the_prompt_on_a_terminal(samples: Build, tmp_path: Path) -> None:
    keys = iter([b"select 1 +\n", b"1 as two;\n", b"select nope;\n", b"\x04"])
    prompts = 0

    def type_(told: str) -> bytes | None:
        nonlocal prompts
        before, prompts = prompts, told.count("sql> ") + told.count("...> ")
        return next(keys, None) if prompts > before else None

    code, told = on_a_terminal(
        ["pipeline.query", "--prompt"],
        tmp_path,
        then=type_,
        WAREHOUSE=str(samples.warehouse),
        SQL_CLIENT="",
    )
    assert code == 0
    assert "输入 SQL，以分号结束" in told
    assert "two\n───\n  2\n" in told
    assert "查询与表的列不符。" in told
    assert "Traceback" not in told


def test_ctrl_c_stops_a_query_in_one_line(samples: Build, tmp_path: Path) -> None:
    """Also one that the engine is busy with."""
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "pipeline.query"),
            "select sum(a.range * b.range) "
            "from range(10000000) as a, range(10000000) as b",
        ],
        cwd=ROOT,
        env=environment(tmp_path, tmp_path, WAREHOUSE=str(samples.warehouse)),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    try:
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(5)
        process.send_signal(signal.SIGINT)
        assert process.communicate(timeout=60) == ("", "已中断。\n")
        assert process.returncode == 130
    finally:
        process.kill()


def test_ctrl_c_stops_a_build_in_one_line(
    folder_of_samples: Path, tmp_path: Path
) -> None:
    """The line that changes stays, so that one sees where; nothing half-made does."""
    pressed = False

    def press(told: str) -> bytes | None:
        nonlocal pressed
        if pressed or ("读取公开文件 …  3 秒" not in told and "1/6" not in told):
            return None
        pressed = True
        return b"\x03"

    code, told = on_a_terminal(
        ["pipeline.build"], tmp_path, then=press, DISCLOSURES=str(folder_of_samples)
    )
    assert code == 130
    assert told.endswith("\n已中断。已发布的数据库保持不变。\n")
    assert "Traceback" not in told
    assert not list(tmp_path.glob("*.duckdb"))
    assert not list(tmp_path.glob(".*.next"))


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"JOBS": "two"}, "设置无效：JOBS=two（应为 1 以上的整数）"),
        ({"JOBS": "0"}, "设置无效：JOBS=0（应为 1 以上的整数）"),
        ({"DOCUMENT_MB": "-1"}, "设置无效：DOCUMENT_MB=-1（应为 1 以上的整数）"),
        ({"DISCLOSURES": "nowhere"}, "没有可读取的公开文件（DISCLOSURES）：no such"),
        ({"WAREHOUSE": "{folder}"}, "设置无效：WAREHOUSE。{folder} 是文件夹"),
        (
            {"WAREHOUSE": "{folder}/text"},
            "设置无效：WAREHOUSE。{folder}/text 不是",
        ),
        (
            {"WAREHOUSE": "{folder}/other"},
            "设置无效：WAREHOUSE。{folder}/other 是",
        ),
        (
            {"WAREHOUSE": "{folder}/text/w.duckdb"},
            "构建未完成，已发布的数据库保持不变。路径中有一段不是文件夹：{folder}/text",
        ),
        (
            {"WAREHOUSE": "/proc/w.duckdb"},
            "构建未完成，已发布的数据库保持不变。",
        ),
    ],
)
def test_a_build_says_what_is_wrong_with_its_settings(
    tmp_path: Path, settings: dict[str, str], told: str
) -> None:
    (tmp_path / "text").write_text("notes", encoding="utf-8")
    with duckdb.connect(str(tmp_path / "other")) as connection:
        connection.execute("create table mine as select 1 as a")
    before = (tmp_path / "other").read_bytes()
    done = subprocess.run(
        [sys.executable, "-m", "pipeline.build"],
        cwd=ROOT,
        env=environment(
            tmp_path,
            tmp_path,
            **{name: value.format(folder=tmp_path) for name, value in settings.items()},
        ),
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1].startswith(told.format(folder=tmp_path))
    assert "Traceback" not in done.stderr
    assert (tmp_path / "text").read_text(encoding="utf-8") == "notes"
    assert (tmp_path / "other").read_bytes() == before


def test_only_a_warehouse_is_replaced(samples: Build, tmp_path: Path) -> None:
    publication.require_replaceable(samples.warehouse)
    publication.require_replaceable(tmp_path / "none.duckdb")
    empty = tmp_path / "empty.duckdb"
    empty.touch()
    publication.require_replaceable(empty)
    damaged = tmp_path / "damaged.duckdb"
    damaged.write_bytes(samples.warehouse.read_bytes()[:5000])
    publication.require_replaceable(damaged)
    damaged.write_bytes(b"a letter to the county")
    with pytest.raises(publication.NotReplaceable, match="不是数据库，不会覆盖"):
        publication.require_replaceable(damaged)


@pytest.mark.parametrize(
    ("number", "told"),
    [
        (errno.ENOSPC, "磁盘空间不足：/a/b。请清理空间"),
        (errno.EACCES, "没有权限：/a/b。请检查"),
        (errno.EROFS, "文件系统只读：/a/b。"),
        (errno.ENOENT, "文件或文件夹不存在：/a/b。"),
        (errno.EIO, "Input/output error：/a/b"),
    ],
)
def test_what_a_file_system_refuses(number: int, told: str) -> None:
    error = OSError(number, os.strerror(number), "/a/b")
    assert command.reason(error).startswith(told)
