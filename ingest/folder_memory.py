"""What is remembered of a folder: which bytes its files had, by name, size and times.

A file is taken to be as it was if its size, its times and its place on the disk
are. That is no proof for a file that was written just before it was looked at: the
clock of a file system ticks slowly, and a second change within a tick leaves the
time as it is. So what is younger than the look at it is not remembered, and what
was remembered by a clock that runs ahead of the present one is forgotten.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import time
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self

# The slowest clock of a file system in use (FAT) ticks every two seconds.
_TICK_NS = 2_000_000_000


class Seen(NamedTuple):
    """A file as it was found: itself, or one in the archive that it is.

    ``below`` is what follows the name of the archive.
    """

    below: str
    sha256: str
    size: int
    members: tuple[int, ...]


_State = list[int]  # size, time of the content, time of any change, place
_Entry = tuple[_State, list[Seen]]


class FolderMemory:
    """Remembers the files of one folder, from one look at it to the next.

    What was neither recalled nor remembered within the ``with`` is forgotten.
    """

    def __init__(self, path: Path, root: Path, conditions: str) -> None:
        self._path = path
        self._about = {
            "root": os.fspath(root),
            "conditions": conditions,
            "code": _code_version(),
        }
        self._before: dict[str, Any] = {}
        self._now: dict[str, _Entry] = {}
        self._begun = time.time_ns()
        self._is_changed = False

    def __enter__(self) -> Self:
        self._before = self._kept()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if kind is None and (self._is_changed or len(self._now) != len(self._before)):
            self._keep()

    def recall(self, path: str, state: os.stat_result) -> list[Seen] | None:
        """What was found at a path, if it is as it was."""
        entry = self._before.get(path)
        if entry is None or entry[0] != _state(state):
            return None
        self._now[path] = entry
        return [
            Seen(below, sha256, size, tuple(members))
            for below, sha256, size, members in entry[1]
        ]

    def remember(self, path: str, state: os.stat_result, seen: Sequence[Seen]) -> None:
        """Remember what was found, unless a change of now would not be seen."""
        if max(state.st_mtime_ns, state.st_ctime_ns) + _TICK_NS < self._begun:
            self._now[path] = (_state(state), list(seen))
            self._is_changed = True

    def _kept(self) -> dict[str, Any]:
        """What the file says; nothing if it is damaged or about something else."""
        try:
            head, _, body = self._path.read_bytes().partition(b"\n")
            about = json.loads(head)
            looked_at = about.pop("looked_at")
            if about != self._about | {"sha256": _digest(body)}:
                return {}
            return json.loads(body) if looked_at <= self._begun else {}
        except (OSError, ValueError, AttributeError, KeyError, TypeError):
            return {}

    def _keep(self) -> None:
        body = json.dumps(self._now, separators=(",", ":")).encode("ascii")
        about = self._about | {"sha256": _digest(body), "looked_at": self._begun}
        beside = self._path.with_name(f".{self._path.name}.tmp")
        # Where it cannot be written the next look takes longer, and that is all.
        with contextlib.suppress(OSError):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            beside.write_bytes(json.dumps(about).encode("ascii") + b"\n" + body)
            beside.replace(self._path)


def _state(state: os.stat_result) -> _State:
    return [state.st_size, state.st_mtime_ns, state.st_ctime_ns, state.st_ino]


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


@cache
def _code_version() -> str:
    """Changes with the code that says what lies in a folder."""
    code = Path(__file__).parent
    names = ("folder.py", "folder_memory.py", "archives.py", "detect.py")
    return _digest(b"".join((code / name).read_bytes() for name in names))
