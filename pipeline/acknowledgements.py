"""What auditors have accepted, checked before a build begins.

A line that says nothing, or that a spreadsheet has spoilt on saving, must not be
passed over: the finding would stay open, or count as accepted without a reason.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Iterator
from pathlib import Path

COLUMNS = (
    "finding_id",
    "figures_fingerprint",
    "reason",
    "reference",
    "acknowledged_on",
)
_PATTERNS = {"finding_id": r"f[0-9a-f]{16}", "figures_fingerprint": r"p[0-9a-f]{16}"}


class InvalidAcknowledgements(Exception):
    """The file cannot be used as it is; says why, line by line, in Chinese."""


def check(path: Path) -> None:
    """Read ``seeds/acknowledged_findings.csv``.

    :raises InvalidAcknowledgements: something in it is missing or no such thing.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InvalidAcknowledgements(
            f"{path}：不是 UTF-8 编码，请另存为“CSV UTF-8”"
        ) from None
    faults = list(_faults(csv.reader(io.StringIO(text, newline=""))))
    if faults:
        raise InvalidAcknowledgements(f"{path}：\n" + "\n".join(faults))


def _faults(lines: Iterator[list[str]]) -> Iterator[str]:
    if tuple(next(lines, ())) != COLUMNS:
        yield f"  第 1 行应为 {','.join(COLUMNS)}"
        return
    known: dict[tuple[str, str], int] = {}
    for number, values in enumerate(lines, start=2):
        if len(values) != len(COLUMNS):
            yield f"  第 {number} 行应有 {len(COLUMNS)} 栏，实有 {len(values)} 栏"
            continue
        row = dict(zip(COLUMNS, values, strict=True))
        empty = [name for name, value in row.items() if not value.strip()]
        if empty:
            yield f"  第 {number} 行 {'、'.join(empty)} 没有填写"
            continue
        for name, pattern in _PATTERNS.items():
            if not re.fullmatch(pattern, row[name]):
                yield f"  第 {number} 行 {name} 不是查询所给的值：{row[name]}"
        if not _is_date(row["acknowledged_on"]):
            yield f"  第 {number} 行日期应如 2026-03-01：{row['acknowledged_on']}"
        key = (row["finding_id"], row["figures_fingerprint"])
        if key in known:
            yield f"  第 {number} 行与第 {known[key]} 行重复"
        known[key] = number


def _is_date(text: str) -> bool:
    """2026-03-01, or 2026/3/1 as spreadsheets save it."""
    try:
        dt.datetime.strptime(text.replace("/", "-"), "%Y-%m-%d")
    except ValueError:
        return False
    return True
