"""One command at a time in one place; the second is told who holds the lock."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class BuildRunning(Exception):
    """Another build works on the same warehouse, another command in the same folder."""


@contextmanager
def build_lock(path: Path) -> Iterator[None]:
    """Hold the lock file to the end, however it ends.

    The kernel lets go of the lock when the process dies, so a killed command
    leaves nothing to clean up.

    :raises BuildRunning: somebody else holds it; says which process.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            holder = file.read().strip() or "不明"
            raise BuildRunning(f"进程 {holder}（锁文件 {path}）") from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield
