"""A folder of pages that is replaced as a whole."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from pipeline.exchange import exchange

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
    _recover(folder)
    advice = f"请用 {setting}= 另选文件夹。"
    if folder.exists() and not folder.is_dir():
        raise Unwritable(f"{folder} 是文件，不是文件夹。{advice}")
    if folder.is_dir() and any(folder.iterdir()) and not (folder / mark).exists():
        raise Unwritable(f"文件夹 {folder} 中已有其他文件，不予覆盖。{advice}")
    folder.parent.mkdir(parents=True, exist_ok=True)
    # Two that write at once do not meet; the last one stays.
    beside = folder.with_name(f".{folder.name}.{os.getpid()}.next")
    shutil.rmtree(beside, ignore_errors=True)
    beside.mkdir()
    try:
        (beside / mark).touch()
        yield beside
        if not exchange(beside, folder):
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


def _recover(folder: Path) -> None:
    """Finish what a process that was killed has left: the old pages come back."""
    if not folder.parent.is_dir():
        return
    begin = f".{folder.name}."
    for left in sorted(folder.parent.iterdir()):
        process = left.name.removeprefix(begin).partition(".")[0]
        is_left = left.name.startswith(begin) and left.suffix in (".next", ".former")
        if not is_left or _is_running(process):
            continue
        if left.suffix == ".former" and not folder.exists():
            left.rename(folder)
        else:
            shutil.rmtree(left, ignore_errors=True)


def _is_running(process: str) -> bool:
    """Whether another process of that number is there; no number is not ours."""
    if not process.isdigit():
        return True
    if int(process) == os.getpid():
        return False  # in a container every command may have the same number
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True
