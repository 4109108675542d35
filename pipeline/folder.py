"""A folder that a command writes is replaced whole: readers find the old one or the new."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from pipeline import command
from pipeline.exchange import exchange
from pipeline.lock import BuildRunning, build_lock


class FolderRefused(command.Refused):
    """The folder holds what is not ours to replace; says what to do."""


class FolderBusy(command.Refused):
    """Another command writes the same folder; says which process."""

    code = command.BUSY


@contextmanager
def replaced(
    folder: Path, setting: str, is_ours: Callable[[Path], bool]
) -> Iterator[Path]:
    """A new folder to write into; it takes the place of ``folder`` at the end.

    Whatever fails, ``folder`` stays as it was and nothing but the lock lies beside it;
    what a process that was killed has left, the next one clears away.

    ``setting`` names another folder, ``is_ours`` knows one that was written before.

    :raises FolderRefused: ``folder`` is there and not empty, and not ours.
    :raises FolderBusy: another process writes it now.
    """
    folder = folder.resolve()  # behind a link its target is replaced, not the link
    try:
        with build_lock(folder.with_name(f".{folder.name}.lock")):
            former = folder.with_name(f".{folder.name}.former")
            _recover(folder, former)
            _require_ours(folder, setting, is_ours)
            beside = folder.with_name(f".{folder.name}.next")
            shutil.rmtree(beside, ignore_errors=True)
            beside.mkdir()
            try:
                yield beside
                os.sync()  # the new files are on the disk before the old ones go
                _put(beside, folder, former)
            finally:
                shutil.rmtree(beside, ignore_errors=True)
    except BuildRunning as error:
        raise FolderBusy(
            f"另一个命令正在写文件夹 {folder}，请稍后再试：{error}"
        ) from error


def _put(beside: Path, folder: Path, former: Path) -> None:
    if exchange(beside, folder):
        return
    if folder.exists():
        folder.rename(former)
    try:
        beside.rename(folder)
    finally:
        _recover(folder, former)


def _recover(folder: Path, former: Path) -> None:
    """Finish a replacement, also one that was broken off."""
    if not former.exists():
        return
    if folder.exists():
        shutil.rmtree(former)
    else:
        former.rename(folder)


def _require_ours(folder: Path, setting: str, is_ours: Callable[[Path], bool]) -> None:
    if not folder.exists():
        return
    advice = f"请用 {setting}= 另选文件夹。"
    if not folder.is_dir():
        raise FolderRefused(f"{folder} 是文件，不是文件夹。{advice}")
    if any(folder.iterdir()) and not is_ours(folder):
        raise FolderRefused(f"文件夹 {folder} 中已有其他文件，不予覆盖。{advice}")
