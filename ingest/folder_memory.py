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

    Within a ``with``, what was neither recalled nor remembered is forgotten. Besides
    it remembers the folder as one: what all files together were (``whole``) when
    their listing was as it is now.
    """

    def __init__(self, path: Path, root: Path, conditions: str) -> None:
        self._path = path
        self._about = {
            "root": os.fspath(root),
            "conditions": conditions,
            "code": _code_version(),
        }
        self._head, self._body = self._read()
        self._before: dict[str, Any] = {}
        self._now: dict[str, _Entry] = {}
        self._whole: dict[str, str] = {}
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
        if kind is None and (
            self._is_changed
            or len(self._now) != len(self._before)
            or self._whole != self._head.get("whole", {})
        ):
            self._keep()

    def recall_whole(self, listing: str) -> str | None:
        """What all files were, if the folder lists the same; no file is looked at."""
        if not self._is_about_this():
            return None
        found = self._head.get("whole", {}).get(listing)
        return found if isinstance(found, str) else None

    def remember_whole(self, listing: str, whole: str, count: int) -> None:
        """Remember all files as one, if each of the ``count`` could be remembered."""
        if len(self._now) == count:
            self._whole = {listing: whole}

    def recall(self, path: str, state: os.stat_result) -> list[Seen] | None:
        """What was found at a path, if it is as it was."""
        entry = self._before.get(path)
        if entry is None or entry[0] != state_of(state):
            return None
        self._now[path] = entry
        return [
            Seen(below, sha256, size, tuple(members))
            for below, sha256, size, members in entry[1]
        ]

    def remember(self, path: str, state: os.stat_result, seen: Sequence[Seen]) -> None:
        """Remember what was found, unless a change of now would not be seen."""
        if max(state.st_mtime_ns, state.st_ctime_ns) + _TICK_NS < self._begun:
            self._now[path] = (state_of(state), list(seen))
            self._is_changed = True

    def _read(self) -> tuple[dict[str, Any], bytes]:
        """The first line of the file, and the others; nothing if it is damaged."""
        try:
            head, _, body = self._path.read_bytes().partition(b"\n")
            about = json.loads(head)
        except (OSError, ValueError):
            return {}, b""
        return (about, body) if isinstance(about, dict) else ({}, b"")

    def _is_about_this(self) -> bool:
        looked_at = self._head.get("looked_at")
        return (
            isinstance(looked_at, int)
            and looked_at <= self._begun
            and self._about.items() <= self._head.items()
            and self._head.get("sha256") == _digest(self._body)
        )

    def _kept(self) -> dict[str, Any]:
        """What the file says; nothing if it is damaged or about something else."""
        try:
            kept = json.loads(self._body) if self._is_about_this() else {}
        except ValueError:
            return {}
        return kept if isinstance(kept, dict) else {}

    def _keep(self) -> None:
        body = json.dumps(self._now, separators=(",", ":")).encode("ascii")
        about = self._about | {
            "sha256": _digest(body),
            "looked_at": self._begun,
            "whole": self._whole,
        }
        beside = self._path.with_name(f".{self._path.name}.tmp")
        # Where it cannot be written the next look takes longer, and that is all.
        with contextlib.suppress(OSError):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            beside.write_bytes(json.dumps(about).encode("ascii") + b"\n" + body)
            beside.replace(self._path)


def state_of(state: os.stat_result) -> _State:
    """What of a file changes when it does."""
    return [state.st_size, state.st_mtime_ns, state.st_ctime_ns, state.st_ino]


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


@cache
def _code_version() -> str:
    """Changes with the code that says what lies in a folder."""
    code = Path(__file__).parent
    names = ("folder.py", "folder_memory.py", "archives.py", "detect.py")
    return _digest(b"".join((code / name).read_bytes() for name in names))
