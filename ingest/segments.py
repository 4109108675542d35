"""Keeps the rows of many documents in few files, each document whole or absent.

A document comes as one loose file, written beside its place and renamed. Loose
documents are gathered to segments: a folder with one Parquet file a table and the
names of its documents, sorted by them, written beside its place and renamed as a
whole. Only then are the loose files removed, so that whatever moment a process
ends at leaves each document in one place or in two that say the same. Where two
differ, the later counts: loose before segments, and of segments the greater number.
Each file is written with its checksum, so that what was damaged since is told from
what was landed when it is read, and landed again.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import io
import json
import os
import shutil
import zlib
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

Frames = dict[str, pl.DataFrame]
Schemas = Mapping[str, Mapping[str, Any]]

MOST_DOCUMENTS = 512  # of a segment, unless they are large
_MOST_BYTES = 64 * 1024 * 1024  # of the loose files that are gathered at a time
_ROW_GROUP = 16_384  # a document is found without reading much else
_MOST_SMALL = 16  # segments that hold few documents; more of them are merged
_SMALL_BYTES = 4 * 1024 * 1024
_INDEX = "documents.json"
_LOOSE = "loose"


class Mark(NamedTuple):
    """What is known of a landed document beside its rows.

    ``reading`` tells one reading of the same bytes from another; ``conditions``
    are those under which it was made, where others may give another result; ``rows``
    is a digest of what was landed, which :func:`land` sets.
    """

    reading: str
    conditions: str | None = None
    rows: str | None = None


class NotWritable(Exception):
    """The landing cannot be written: no room, no permission; says which."""


class Damaged(Exception):
    """A file of a segment is not as it was written; it was removed.

    Whoever opens the store again finds its documents absent.
    """


@contextlib.contextmanager
def _writing(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise NotWritable(f"{path}: {error.strerror or error}") from error


# Loose documents ------------------------------------------------------------


def land(store: Path, name: str, mark: Mark, frames: Frames) -> None:
    """Land one document, whole: any process may.

    :raises NotWritable: nothing was landed.
    """
    parts: dict[str, bytes] = {}
    for table, frame in frames.items():
        if not frame.is_empty():
            target = io.BytesIO()
            frame.write_ipc_stream(target)
            parts[table] = target.getvalue()
    body = b"".join(parts.values())
    head = {
        "mark": mark._replace(rows=hashlib.sha256(body).hexdigest()[:16]),
        "tables": {name: len(part) for name, part in parts.items()},
    }
    path = store / _LOOSE / name
    with _writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_name(f".{name}.{os.getpid()}")
        with _removed_on_failure(beside), beside.open("wb") as file:
            said = json.dumps(head).encode("ascii")
            file.write(_sealed(b"\n".join((said, body))))
        beside.replace(path)


def _loose(path: Path) -> tuple[Mark, dict[str, bytes]]:
    """The mark of a loose document and its tables.

    :raises ValueError: the file was damaged since it was written.
    """
    head, _, body = _unsealed(path.read_bytes()).partition(b"\n")
    said = json.loads(head)
    parts: dict[str, bytes] = {}
    start = 0
    for table, length in said["tables"].items():
        parts[table] = body[start : start + length]
        start += length
    return Mark(*said["mark"]), parts


@contextlib.contextmanager
def _removed_on_failure(path: Path) -> Iterator[None]:
    """Leave no half of a file or folder, so that a full disk gets no fuller."""
    try:
        yield
    except BaseException:
        with contextlib.suppress(OSError):
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)
        raise


# Segments -------------------------------------------------------------------


class Store:
    """The documents of some tables; one process at a time may change them.

    :raises NotWritable: the folder cannot be made or written.
    """

    def __init__(self, path: Path, schemas: Schemas) -> None:
        self.path = path
        self._schemas = schemas
        self._places: dict[str, int] = {}
        self._marks: dict[str, Mark] = {}
        with _writing(path):
            self._clear_away()
            numbers = _numbers(path)
            self._next = numbers[-1] + 1 if numbers else 1
            replaced: set[int] = set()
            for number in numbers:
                if self._is_damaged(number):
                    self._remove(number)
                else:
                    replaced |= self._take_in(number)
            for number in sorted(replaced):
                self._rewrite([number])
            if not _numbers(path):  # one without documents tells the columns
                self._write({}, {})
        self.gather(path.name for path in self._loose_paths())

    def _clear_away(self) -> None:
        """Remove what a process that was killed had not finished."""
        (self.path / _LOOSE).mkdir(parents=True, exist_ok=True)
        for half in [*self.path.glob(".*"), *(self.path / _LOOSE).glob(".*")]:
            if half.is_dir():
                shutil.rmtree(half)
            else:
                half.unlink()

    def _is_damaged(self, number: int) -> bool:
        """Whether a file of a segment is missing or cut off, or its index damaged."""
        folder = _folder(self.path, number)
        try:
            written = _said(folder)["files"]
            return any(
                (folder / name).stat().st_size != written.get(name, (None,))[0]
                for name in map(_file, self._schemas)
            )
        except (OSError, ValueError, KeyError):
            return True

    def _remove(self, number: int) -> None:
        """Remove a segment, so that no half of it can be taken for one."""
        leaving = self.path / f".{number:08d}.former"
        _folder(self.path, number).replace(leaving)
        shutil.rmtree(leaving)

    def _loose_paths(self) -> list[Path]:
        return sorted((self.path / _LOOSE).iterdir())

    def mark(self, name: str) -> Mark | None:
        """The mark of a document; None for one that is not landed."""
        return self._marks.get(name)

    def segment(self, name: str) -> Path | None:
        """The segment that holds a document, for :func:`read`."""
        number = self._places.get(name)
        return None if number is None else _folder(self.path, number)

    def gather(self, names: Iterable[str]) -> None:
        """Make segments of the documents that are loose.

        :raises NotWritable: those not gathered are loose as before.
        """
        gathered: dict[str, Mark] = {}
        parts: dict[str, list[bytes]] = {}
        size = 0
        paths = [self.path / _LOOSE / name for name in sorted(names)]
        with _writing(self.path):
            for path in filter(Path.exists, paths):
                try:
                    mark, tables = _loose(path)
                except ValueError:
                    path.unlink()  # it will be read again
                    continue
                gathered[path.name] = mark
                for table, part in tables.items():
                    parts.setdefault(table, []).append(part)
                size += path.stat().st_size
                if size >= _MOST_BYTES or len(gathered) >= MOST_DOCUMENTS:
                    self._gather(gathered, parts)
                    gathered, parts, size = {}, {}, 0
            if gathered:
                self._gather(gathered, parts)

    def _gather(self, marks: dict[str, Mark], parts: dict[str, list[bytes]]) -> None:
        frames = {
            table: pl.concat([pl.read_ipc_stream(io.BytesIO(part)) for part in each])
            for table, each in parts.items()
        }
        self._write(marks, frames)
        for name in marks:
            (self.path / _LOOSE / name).unlink()

    def _write(self, marks: dict[str, Mark], frames: Frames) -> None:
        """Write a segment; what it replaces leaves the segments before it."""
        number = self._next
        beside = self.path / f".{number:08d}"
        with _removed_on_failure(beside):
            beside.mkdir()
            written: dict[str, tuple[int, int]] = {}
            for table, schema in self._schemas.items():
                frame = frames.get(table)
                if frame is None:
                    frame = pl.DataFrame(schema=schema)
                target = io.BytesIO()
                frame.write_parquet(target, row_group_size=_ROW_GROUP)
                data = target.getvalue()
                written[_file(table)] = len(data), zlib.crc32(data)
                _write_through(beside / _file(table), data)
            said = {"files": written, "documents": marks}
            index = _sealed(json.dumps(said).encode("ascii"))
            _write_through(beside / _INDEX, index)
            beside.replace(_folder(self.path, number))
        self._next = number + 1
        for former in sorted(self._take_in(number)):
            self._rewrite([former])

    def _take_in(self, number: int) -> set[int]:
        """Take up the documents of a segment; which segments hold older ones."""
        marks = _marks(self.path, number)
        former = {self._places[name] for name in marks if name in self._places}
        self._marks.update(marks)
        self._places.update(dict.fromkeys(marks, number))
        return former

    def _rewrite(self, numbers: Sequence[int]) -> None:
        """Put the documents that some segments still hold into one of their own."""
        among = set(numbers)
        kept = {n: self._marks[n] for n, at in self._places.items() if at in among}
        if kept:
            ids = [content_id(name) for name in kept]
            folders = [_folder(self.path, number) for number in numbers]
            frames = {table: _rows(folders, table, ids) for table in self._schemas}
            for name in kept:
                del self._places[name]
            self._write(dict(sorted(kept.items())), frames)
        for number in numbers:
            self._remove(number)

    def merge(self) -> None:
        """Merge segments of few documents, once there are many of these.

        :raises NotWritable: they are as before.
        """
        sizes = Counter(self._places.values())
        small = sorted(n for n, size in sizes.items() if 2 * size <= MOST_DOCUMENTS)
        if len(small) <= _MOST_SMALL:
            return
        with _writing(self.path):
            some: list[int] = []
            for number in small:
                if _bytes(_folder(self.path, number)) <= _SMALL_BYTES:
                    some.append(number)
                if sum(map(sizes.__getitem__, some)) >= MOST_DOCUMENTS:
                    self._rewrite(some)
                    some = []
            if len(some) > 1:
                self._rewrite(some)


def _sealed(body: bytes) -> bytes:
    """Bytes with their checksum in front, for :func:`_unsealed`."""
    return b"%08x\n" % zlib.crc32(body) + body


def _unsealed(data: bytes) -> bytes:
    """The bytes that were sealed.

    :raises ValueError: they are others by now.
    """
    _, _, body = data.partition(b"\n")
    if _sealed(body) != data:
        raise ValueError("damaged since it was written")
    return body


def _bytes(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.iterdir())


def content_id(name: str) -> str:
    """What stands in the rows of a landed document."""
    return name[:16]


def read(segment: Path, table: str, name: str) -> pl.DataFrame:
    """The rows of one document in a segment."""
    return _rows([segment], table, [content_id(name)])


def _rows(segments: Sequence[Path], table: str, ids: Collection[str]) -> pl.DataFrame:
    rows = pl.scan_parquet([_whole(segment, table) for segment in segments])
    wanted = rows.filter(
        pl.col("content_id").is_between(pl.lit(min(ids)), pl.lit(max(ids))),
        pl.col("content_id").is_in(list(ids)),
    )
    return wanted.sort("content_id", maintain_order=True).collect()


def paths(store: Path, table: str, names: Iterable[str]) -> list[Path]:
    """The Parquet files that hold the rows of documents, and of others.

    :raises Damaged: one of them is not as it was written.
    """
    numbers = sorted({_index(store)[name] for name in names}) or _numbers(store)[:1]
    return [_whole(_folder(store, number), table) for number in numbers]


def _file(table: str) -> str:
    return f"{table}.parquet"


@functools.lru_cache(maxsize=65_536)
def _whole(segment: Path, table: str) -> Path:
    """The file of a table, once its checksum was found right."""
    path = segment / _file(table)
    _, checksum = _said(segment)["files"][path.name]
    try:
        is_whole = zlib.crc32(path.read_bytes()) == checksum
    except OSError:
        is_whole = False
    if not is_whole:
        path.unlink(missing_ok=True)
        raise Damaged(path)
    return path


def selection(store: Path, table: str, names: Collection[str]) -> str:
    """The query, in DuckDB's SQL, of the rows of a table of some documents.

    :raises KeyError: one of them is not landed.
    """
    files = ", ".join(_quoted(str(path)) for path in paths(store, table, names))
    rows = f"select * from read_parquet([{files}])"
    index = _index(store)
    wanted = set(names)
    numbers = {index[name] for name in wanted}
    if wanted and all(n in wanted for n, number in index.items() if number in numbers):
        return rows
    ids = sorted(map(content_id, wanted)) or [""]
    listed = ", ".join(map(_quoted, ids))
    return (
        f"{rows} where content_id between '{ids[0]}' and '{ids[-1]}'"
        f" and content_id in ({listed})"
    )


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def marks(store: Path) -> dict[str, Mark]:
    """The marks of all documents in segments."""
    found: dict[str, Mark] = {}
    for number in _numbers(store):
        found.update(_marks(store, number))
    return found


def _index(store: Path) -> Mapping[str, int]:
    """In which segment each document is."""
    return _read_index(store, tuple(_numbers(store)))


@functools.lru_cache(maxsize=8)
def _read_index(store: Path, numbers: tuple[int, ...]) -> Mapping[str, int]:
    """A segment never changes under its number."""
    return {name: number for number in numbers for name in _marks(store, number)}


def _numbers(store: Path) -> list[int]:
    """The numbers of the segments, the oldest first."""
    with os.scandir(store) as entries:
        return sorted(int(entry.name) for entry in entries if entry.name.isdecimal())


def _marks(store: Path, number: int) -> dict[str, Mark]:
    documents = _said(_folder(store, number))["documents"]
    return {name: Mark(*mark) for name, mark in documents.items()}


def _said(segment: Path) -> dict[str, Any]:
    """What the index of a segment says.

    :raises ValueError: it was damaged since it was written.
    """
    said: dict[str, Any] = json.loads(_unsealed((segment / _INDEX).read_bytes()))
    return said


def _folder(store: Path, number: int) -> Path:
    return store / f"{number:08d}"


def write_whole(path: Path, data: bytes) -> None:
    """Write a file beside its place, then rename: it is whole or as before.

    :raises NotWritable: it is as before.
    """
    with _writing(path):
        beside = path.with_name(f".{path.name}.tmp")
        with _removed_on_failure(beside):
            _write_through(beside, data)
        beside.replace(path)


def _write_through(path: Path, data: bytes) -> None:
    """Write a file so that it is on the disk before what it replaces goes."""
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
