"""The files of a folder of disclosures, also those in archives, each with its digest.

Nothing in the folder can stop the search: what is no file to be read, or cannot
be read, is found with the reason why, and the others are found as well.
"""

from __future__ import annotations

import errno
import hashlib
import os
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from ingest import archives, landing
from ingest.detect import detect_format
from ingest.document import Limits, UnreadableDocument

_ZIP_SIGNATURES = (b"PK\x03\x04", b"PK\x05\x06")


class NoDisclosures(Exception):
    """The folder does not exist or holds no file to read."""


@dataclass(frozen=True, slots=True)
class File:
    """One file of the corpus; ``content_id`` is the same for equal bytes.

    A file in an archive has the archive's ``path``; ``members`` leads to it, one
    step for each archive around it. A file with a ``reason``, a key of
    ``status_reason.csv``, cannot be read; it is told from others by its place.
    """

    path: Path
    relative_path: str
    sha256: str
    size: int
    members: tuple[int, ...] = ()
    reason: str | None = None

    @property
    def name(self) -> str:
        """The name without folders."""
        return self.relative_path.rpartition("/")[2]

    @property
    def content_id(self) -> str:
        """Identifies the bytes: the head of their SHA-256."""
        return self.sha256[:16]

    @property
    def landed_name(self) -> str:
        """The name under which what was read of the file lies in the landing."""
        return f"{self.sha256[:32]}.v{landing.READER_VERSION}"

    def read_bytes(self, limits: Limits = Limits()) -> bytes:  # noqa: B008
        """The bytes that were found, taken out of their archive.

        :raises UnreadableDocument: they cannot be read or are others by now, or
            the archive does not give them.
        """
        if self.reason is not None:
            raise UnreadableDocument(self.reason)
        try:
            if self.members:
                *around, place = self.members
                data = archives.opened(self.path, tuple(around), limits).read(place)
            else:
                data = self.path.read_bytes()
        except OSError as error:
            raise UnreadableDocument(_reason(error), repr(error.strerror)) from error
        if _digest(data) != self.sha256:
            raise UnreadableDocument("changed_while_read")
        return data


def find_files(
    disclosures: Path,
    limits: Limits = Limits(),  # noqa: B008 - immutable
) -> Iterator[File]:
    """The files below a folder and in its archives, without hidden ones and scripts.

    An archive that cannot be opened, or has nothing in it, is itself the file:
    its reader says why. So is a pipe, a link that leads out of the folder, and
    whatever else cannot be read.

    :raises NoDisclosures: the folder does not exist.
    """
    if not disclosures.is_dir():
        raise NoDisclosures(f"no such folder: {disclosures}")
    entries = sorted(_entries(disclosures.resolve()))
    pages = _PageParts([parts for parts, _, _ in entries])
    for parts, path, reason in entries:
        relative_path = "/".join(parts)
        if pages.has(parts):
            continue
        if reason is not None:
            yield _unread(path, relative_path, reason)
            continue
        try:
            file = _file_of(path, relative_path)
            is_archive = file.reason is None and _is_archive(file, limits)
            members = list(_archived(file, limits)) if is_archive else []
        except OSError as error:
            yield _unread(path, relative_path, _reason(error))
            continue
        yield from members or [file]


# Folders --------------------------------------------------------------------

_Entry = tuple[tuple[str, ...], Path, str | None]


def _entries(root: Path) -> Iterator[_Entry]:
    """What may be a disclosure: printable path, path, why it cannot be read."""
    folders = [root]
    while folders:
        folder = folders.pop()
        try:
            paths = list(folder.iterdir())
        except OSError as error:
            yield _parts(folder, root), folder, _reason(error)
            continue
        for path in paths:
            try:
                is_link, is_folder = path.is_symlink(), path.is_dir()
                reason = _refusal(path, root)
            except OSError as error:
                yield _parts(path, root), path, _reason(error)
                continue
            if is_folder and reason is None:
                # A link to a folder inside is left alone: its files are found.
                if not is_link and not archives.is_hidden(path.name):
                    folders.append(path)
            elif archives.may_be_disclosure(_parts(path, root)):
                yield _parts(path, root), path, reason


def _refusal(path: Path, root: Path) -> str | None:
    """Why a path is not read, by what it is."""
    if path.is_symlink():
        try:
            target = path.resolve(strict=True)
        except (OSError, RuntimeError):  # it leads nowhere, or round in circles
            return "link_not_followed"
        if not target.is_relative_to(root):
            return "link_not_followed"
    return None if path.is_dir() or path.is_file() else "not_a_file"


def _parts(path: Path, root: Path) -> tuple[str, ...]:
    """The path below the root, in characters that can be printed and stored."""
    parts = path.relative_to(root).parts or (root.name,)
    return tuple(archives.printable(_decoded(part)) for part in parts)


def _decoded(name: str) -> str:
    """A name whose bytes are no UTF-8 is one in GBK, as Chinese Windows writes them."""
    raw = os.fsencode(name)
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("gb18030", errors="replace")


def _reason(error: OSError) -> str:
    """What an error of the file system means for the file."""
    if isinstance(error, PermissionError):
        return "not_permitted"
    if isinstance(error, FileNotFoundError):
        return "changed_while_read"
    return "link_not_followed" if error.errno == errno.ELOOP else "disk_error"


def _unread(path: Path, relative_path: str, reason: str) -> File:
    """A file that cannot be read: what identifies it is where it lies."""
    return File(path, relative_path, _digest(os.fsencode(path)), 0, reason=reason)


def _file_of(path: Path, relative_path: str) -> File:
    """The file, unless somebody writes it meanwhile."""
    with path.open("rb") as file:
        before = os.fstat(file.fileno())
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        after = os.fstat(file.fileno())
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        return _unread(path, relative_path, "changed_while_read")
    return File(path, relative_path, digest, after.st_size)


# Saved pages ----------------------------------------------------------------

_PAGE_SUFFIXES = (".html", ".htm", ".xhtml")
_PART_FOLDERS = ("_files", ".files", "_file", ".fld")


class _PageParts:
    """The style sheets, scripts and pictures that a browser saves beside a page.

    They lie in a folder named after the page. A spreadsheet saved as a page keeps
    its sheets there, and these are pages to be read.
    """

    def __init__(self, paths: Collection[tuple[str, ...]]) -> None:
        self._folders = {
            (*parts[:-1], parts[-1][: -len(suffix)] + ending)
            for parts in paths
            for suffix in _PAGE_SUFFIXES
            if parts[-1].lower().endswith(suffix)
            for ending in _PART_FOLDERS
        }

    def has(self, parts: tuple[str, ...]) -> bool:
        """Whether a path is such a part."""
        name = parts[-1].lower()
        if name.startswith("sheet") and name.endswith(_PAGE_SUFFIXES):
            return False
        return any(parts[:end] in self._folders for end in range(1, len(parts)))


# Archives -------------------------------------------------------------------


def _is_archive(file: File, limits: Limits) -> bool:
    """Whether a file outside archives is one; an Office document is none."""
    if file.size > limits.file_bytes:
        return False
    with file.path.open("rb") as source:
        if not source.read(4).startswith(_ZIP_SIGNATURES):
            return False
    return _is_zip(file.path.read_bytes())


def _archived(archive: File, limits: Limits) -> Iterator[File]:
    """The files in an archive and in the archives in it; none if it cannot be read.

    A member that cannot be unpacked is a file nevertheless: reading it fails for
    the same reason, which is then reported. Its bytes being unknown, it is told
    from others by its place.
    """
    try:
        opened = archives.opened(archive.path, archive.members, limits)
    except UnreadableDocument:
        return
    members = opened.members()
    pages = _PageParts([member.parts for member in members])
    for member in members:
        if pages.has(member.parts):
            continue
        file = File(
            path=archive.path,
            relative_path="/".join((archive.relative_path, *member.parts)),
            sha256=_digest(f"{archive.sha256}/{member.place}".encode()),
            size=member.size,
            members=(*archive.members, member.place),
        )
        try:
            data = opened.read(member.place)
        except UnreadableDocument:
            yield file
            continue
        file = replace(file, sha256=_digest(data))
        inner: list[File] = []
        if len(file.members) < archives.DEEPEST and _is_zip(data):
            inner = list(_archived(file, limits))
        yield from inner or [file]


def _is_zip(data: bytes) -> bool:
    return data.startswith(_ZIP_SIGNATURES) and detect_format(data) == "zip"


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
