"""The folder of an export is replaced whole: readers find the old one or the new."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipeline.exchange import exchange

MANIFEST = "manifest.json"
PROGRAM = "county-budget-warehouse"


class FolderRefused(Exception):
    """The folder cannot take an export; says why."""


@contextmanager
def replaced(folder: Path) -> Iterator[Path]:
    """A new folder to write into; it takes the place of ``folder`` at the end.

    Whatever fails, ``folder`` stays as it was and nothing lies beside it.

    :raises FolderRefused: ``folder`` holds something that is no export.
    """
    beside = folder.with_name(f".{folder.name}.next")
    former = folder.with_name(f".{folder.name}.former")
    _recover(folder, former)
    _require_export(folder)
    shutil.rmtree(beside, ignore_errors=True)
    beside.mkdir(parents=True)
    try:
        yield beside
        _synchronize(beside)
        if not exchange(beside, folder):
            if folder.exists():
                folder.rename(former)
            try:
                beside.rename(folder)
            except OSError:
                _recover(folder, former)
                raise
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    shutil.rmtree(former, ignore_errors=True)


def _recover(folder: Path, former: Path) -> None:
    """Finish a replacement that was broken off."""
    if not former.exists():
        return
    if folder.exists():
        shutil.rmtree(former)
    else:
        former.rename(folder)


def _require_export(folder: Path) -> None:
    if not folder.exists():
        return
    if not folder.is_dir():
        raise FolderRefused(f"{folder} 不是文件夹。")
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        is_export = manifest.get("program") == PROGRAM
    except (OSError, ValueError, AttributeError):
        is_export = not any(folder.iterdir())
    if not is_export:
        raise FolderRefused(
            f"文件夹 {folder} 里有别的内容，不是以前的导出，不会覆盖。"
            "请用 EXPORT=dir 指定另一个文件夹。"
        )


def _synchronize(folder: Path) -> None:
    """Have every file on the disk before the old ones go."""
    for path in folder.rglob("*"):
        if path.is_file():
            with path.open("rb") as file:
                os.fsync(file.fileno())
