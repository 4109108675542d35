"""What lies in ZIP archives, by names that people can read.

Nothing is ever written to disk, so no name can lead out of a folder. What an
archive may cost is decided by the sizes it declares, before it is unpacked, and
no member is unpacked beyond its declared size.
"""

from __future__ import annotations

import functools
import io
import re
import struct
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO, NamedTuple

from ingest.detect import detect_format
from ingest.document import Document, Limits, UnreadableDocument

# What is recognised as an archive; only of ZIP are the files read.
FORMATS = ("zip", "rar", "7z", "gzip", "tar")
MOST_MEMBERS = 10_000
DEEPEST = 2  # an archive in an archive is opened, one inside that is not

_MOST_DIRECTORY_BYTES = 16 * 1024 * 1024
_MOST_TOTAL = 10  # all members together, in files of the greatest size
# Repeated empty rows of a table shrink a hundredfold; bombs a thousandfold.
_MOST_RATIO = 400
_RATIO_COUNTS_FROM = 10 * 1024 * 1024

_ENCRYPTED = 0x1
_UTF8_NAME = 0x800
_CJK = re.compile("[\u3400-\u9fff]")
# With those that turn the order of the signs after them: ``fdp.exe`` for ``exe.pdf``.
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]")
_DRIVE = re.compile(r"^[A-Za-z]:")

_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    NotImplementedError,  # an unknown way of packing
    RuntimeError,
    ValueError,
    struct.error,
    OverflowError,
    IndexError,
)


# Files that lie beside disclosures and are none: notes and scripts of a folder.
_BESIDE = {"readme.md", "sources.csv"}


def may_be_disclosure(parts: Sequence[str]) -> bool:
    """Whether a path in a folder or archive is neither hidden nor a note or script."""
    name = parts[-1].lower()
    return (
        not any(map(is_hidden, parts))
        and name not in _BESIDE
        and not name.endswith(".py")
    )


def is_hidden(name: str) -> bool:
    """Whether a file or folder of this name is none for readers."""
    return name.startswith((".", "__"))


def printable(name: str) -> str:
    """The name with a sign in place of what ends a line or controls a terminal."""
    return _UNPRINTABLE.sub("\ufffd", name)


class Member(NamedTuple):
    """A file in an archive; ``place`` finds it also among equal names."""

    place: int
    parts: tuple[str, ...]
    size: int


class Archive:
    """An opened archive: its members and their bytes.

    Raises UnreadableDocument: ``damaged_archive``, or ``too_large`` for more
    members or bytes than are allowed.
    """

    def __init__(self, source: Path | bytes, limits: Limits) -> None:
        self._limits = limits
        try:
            if isinstance(source, bytes):
                _check_directory(io.BytesIO(source))
                self._archive = zipfile.ZipFile(io.BytesIO(source))
            else:
                with source.open("rb") as file:
                    _check_directory(file)
                self._archive = zipfile.ZipFile(source)
        except _DAMAGE as error:
            raise UnreadableDocument("damaged_archive", repr(error)) from error
        self._infos = self._archive.infolist()
        self._check_size()

    def _check_size(self) -> None:
        if len(self._infos) > MOST_MEMBERS:
            raise UnreadableDocument("too_large", f"{len(self._infos)} members")
        total = sum(info.file_size for info in self._infos)
        if total > _MOST_TOTAL * self._limits.file_bytes:
            raise UnreadableDocument("too_large", f"{total} bytes unpacked")

    def members(self) -> list[Member]:
        """The files that may be disclosures, in the order of their names."""
        found = (
            Member(place, name_parts(info), info.file_size)
            for place, info in enumerate(self._infos)
            if not info.is_dir()
        )
        return sorted(
            (m for m in found if m.parts and may_be_disclosure(m.parts)),
            key=lambda member: (member.parts, member.place),
        )

    def read(self, place: int) -> bytes:
        """The bytes of a member.

        Raises UnreadableDocument: ``too_large``, ``encrypted_archive``,
        ``damaged_archive``.
        """
        info = self._infos[place]
        if info.file_size > self._limits.file_bytes:
            raise UnreadableDocument("too_large", f"{info.file_size} bytes unpacked")
        if _is_bomb(info):
            raise UnreadableDocument("too_large", "unpacks to too much")
        if info.flag_bits & _ENCRYPTED:
            raise UnreadableDocument("encrypted_archive", info.filename)
        try:
            with self._archive.open(info) as member:
                data = member.read(info.file_size + 1)
        except _DAMAGE as error:
            raise UnreadableDocument("damaged_archive", repr(error)) from error
        if len(data) != info.file_size:
            raise UnreadableDocument("damaged_archive", "cut short")
        return data

    def find(self, name: str) -> int | None:
        """The place of the member with a name, in whatever case and slashes.

        Raises UnreadableDocument: ``damaged_archive`` where there are several, of
        which each program takes another one.
        """
        wanted = name.lower().lstrip("/")
        places = [
            place
            for place, info in enumerate(self._infos)
            if info.filename.replace("\\", "/").lower().lstrip("/") == wanted
        ]
        if len(places) > 1:
            raise UnreadableDocument("damaged_archive", f"{len(places)} of {wanted}")
        return places[0] if places else None


def opened(path: str, around: tuple[int, ...], limits: Limits) -> Archive:
    """The archive of a file, or one inside it that places of members lead to.

    The last few stay open, since their members are asked for one by one.

    Raises UnreadableDocument.
    """
    file = Path(path)
    state = file.stat()
    return _opened(file, around, limits, (state.st_mtime_ns, state.st_size))


@functools.lru_cache(maxsize=4)
def _opened(
    path: Path, around: tuple[int, ...], limits: Limits, state: tuple[int, int]
) -> Archive:
    if not around:
        return Archive(path, limits)
    *outer, place = around
    return Archive(_opened(path, tuple(outer), limits, state).read(place), limits)


def read(data: bytes, limits: Limits) -> Document:
    """Say why an archive gives no documents of its own; it never returns.

    What lies in an archive is found by :func:`ingest.corpus.find_files`; only an
    archive without anything to be found comes here.

    Raises UnreadableDocument: ``damaged_archive``, ``too_large``,
    ``nothing_printed`` for an archive without anything to read, ``nested_archive``,
    ``packed_otherwise`` for archives of other kinds.
    """
    format_ = detect_format(data)
    if format_ != "zip":
        raise UnreadableDocument("packed_otherwise", format_)
    if not Archive(data, limits).members():
        raise UnreadableDocument("nothing_printed", "nothing in the archive")
    raise UnreadableDocument("nested_archive", f"deeper than {DEEPEST}")


def name_parts(info: zipfile.ZipInfo) -> tuple[str, ...]:
    """The folders and the name of a member, without steps out of the archive."""
    name = printable(_decoded_name(info))
    parts = _DRIVE.sub("", name).replace("\\", "/").split("/")
    return tuple(part for part in parts if part not in ("", ".", ".."))


def _decoded_name(info: zipfile.ZipInfo) -> str:
    """A name in UTF-8 if marked or plainly so, else in GBK, as Chinese Windows does.

    The library reads unmarked names as code page 437, which loses nothing.
    """
    if info.flag_bits & _UTF8_NAME:
        return info.filename
    try:
        raw = info.filename.encode("cp437")
    except UnicodeEncodeError:
        return info.filename
    if raw.isascii():
        return info.filename
    try:
        name = raw.decode("utf-8")
    except UnicodeDecodeError:
        name = ""
    if _CJK.search(name):
        return name
    try:
        return raw.decode("gb18030")
    except UnicodeDecodeError:
        return info.filename


def _is_bomb(info: zipfile.ZipInfo) -> bool:
    return (
        info.file_size > _RATIO_COUNTS_FROM
        and info.file_size > _MOST_RATIO * info.compress_size
    )


def _check_directory(file: BinaryIO) -> None:
    """Refuse an archive whose list of members alone would fill the memory."""
    file.seek(0, io.SEEK_END)
    size = file.tell()
    file.seek(max(0, size - 66_000))
    tail = file.read()
    end = tail.rfind(b"PK\x05\x06")
    if end >= 0 and len(tail) >= end + 16:
        (directory,) = struct.unpack_from("<L", tail, end + 12)
        if directory > _MOST_DIRECTORY_BYTES:
            raise UnreadableDocument("too_large", f"directory of {directory} bytes")
