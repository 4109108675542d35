"""A folder of pages that is replaced as a whole."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

_MARK = ".county-budget-dashboard"


class Unwritable(Exception):
    """The folder cannot take the pages; says why, in Chinese."""


@contextlib.contextmanager
def replaced(
    folder: Path, mark: str = _MARK, setting: str = "DASHBOARD"
) -> Iterator[Path]:
    """A new folder beside ``folder`` that takes its place if all goes well.

    ``mark`` is the file by which a folder of ours is known, ``setting`` names another
    folder.
    """
    advice = f"请用 {setting}= 另选文件夹。"
    if folder.exists() and not folder.is_dir():
        raise Unwritable(f"{folder} 是文件，不是文件夹。{advice}")
    if folder.is_dir() and any(folder.iterdir()) and not (folder / mark).exists():
        raise Unwritable(f"文件夹 {folder} 中已有其他文件，不予覆盖。{advice}")
    folder.parent.mkdir(parents=True, exist_ok=True)
    beside = Path(
        tempfile.mkdtemp(prefix=f".{folder.name}.", suffix=".next", dir=folder.parent)
    )
    try:
        beside.chmod(0o755)
        (beside / mark).touch()
        yield beside
        former = beside.with_suffix(".former")
        if folder.exists():
            folder.rename(former)
        try:
            beside.rename(folder)
        except OSError:
            if former.exists():
                former.rename(folder)
            raise
        shutil.rmtree(former, ignore_errors=True)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
