"""The files of a folder of disclosures, also those in archives, each with its digest.

Nothing in the folder can stop the search: what is no file to be read, or cannot
be read, is found with the reason why, and the others are found as well. What was
found before is remembered, so that a file that is as it was is not opened. Only
the standard library is imported: to find that nothing changed must cost nothing.
"""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from operator import itemgetter
from pathlib import Path
from typing import BinaryIO

from ingest import archives
from ingest.detect import detect_format
from ingest.document import READER_VERSION, Limits, UnreadableDocument
from ingest.folder_memory import FolderMemory, Seen, state_of

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

    path: str
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
        return f"{self.sha256[:32]}.v{READER_VERSION}"

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
                data = Path(self.path).read_bytes()
        except OSError as error:
            raise UnreadableDocument(_reason(error), repr(error.strerror)) from error
        if _digest(data) != self.sha256:
            raise UnreadableDocument("changed_while_read")
        return data


def scan(
    disclosures: Path,
    memory: Path,
    limits: Limits = Limits(),  # noqa: B008 - immutable
) -> list[File]:
    """The files of :func:`find_files`; those that are as before are not opened.

    ``memory`` is the file that keeps what was found. Without it, or if it is
    damaged, of another folder or of other code, every file is opened.

    :raises NoDisclosures: the folder does not exist.
    """
    entries = listing(disclosures)
    known = _memory(memory, disclosures, limits)
    files, _ = _scanned(entries, _listed(entries), known, limits)
    return files


def look(
    disclosures: Path,
    memory: Path,
    limits: Limits = Limits(),  # noqa: B008 - immutable
) -> str:
    """The :func:`fingerprint` of what :func:`scan` finds.

    Where the folder lists what it did, with the same sizes and times, it is
    remembered as one, and no file is dealt with.

    :raises NoDisclosures: the folder does not exist.
    """
    entries = listing(disclosures)
    known = _memory(memory, disclosures, limits)
    listed = _listed(entries)
    whole = known.recall_whole(listed)
    if whole is None:
        _, whole = _scanned(entries, listed, known, limits)
    return whole


def fingerprint(files: Iterable[File]) -> str:
    """The same for files with the same names, bytes and reasons not to be read."""
    digest = hashlib.sha256()
    for file in files:
        digest.update(f"{file.relative_path} {file.sha256} {file.reason}\n".encode())
    return digest.hexdigest()


def _memory(path: Path, disclosures: Path, limits: Limits) -> FolderMemory:
    return FolderMemory(path, _root(disclosures), f"{limits.file_bytes}")


def _scanned(
    entries: list[Entry], listed: str, known: FolderMemory, limits: Limits
) -> tuple[list[File], str]:
    """The files, and their fingerprint, which is remembered with the listing."""
    with known:
        files = list(_found(entries, limits, known))
        whole = fingerprint(files)
        looked_at = sum(reason is None for *_, reason, _ in entries)
        known.remember_whole(listed, whole, looked_at)
    return files, whole


def _listed(entries: list[Entry]) -> str:
    """A digest of a listing, with what changes when a file does."""
    lines = (
        f"{path}\0{reason} {state_of(state) if state else None}"
        for _, path, reason, state in entries
    )
    told = "\n".join(lines).encode("utf-8", "surrogateescape")
    return hashlib.sha256(told).hexdigest()


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
    return _found(listing(disclosures), limits, None)


def _root(disclosures: Path) -> Path:
    if not disclosures.is_dir():
        raise NoDisclosures(f"no such folder: {disclosures}")
    return disclosures.resolve()


def _found(
    entries: list[Entry], limits: Limits, known: FolderMemory | None
) -> Iterator[File]:
    """The files, from memory where they are as before."""
    for parts, path, reason, state in entries:
        relative_path = "/".join(parts)
        if reason is not None or state is None:
            yield unread(path, relative_path, reason or "disk_error")
            continue
        seen = known.recall(path, state) if known else None
        if seen is not None:
            yield from (_remembered(path, relative_path, each) for each in seen)
            continue
        try:
            files, state = _looked_into(path, relative_path, limits)
        except OSError as error:
            yield unread(path, relative_path, _reason(error))
            continue
        if known and state is not None:
            below = len(relative_path)
            told = [_told(file, below) for file in files]
            known.remember(path, state, told)
        yield from files


def _told(file: File, below: int) -> Seen:
    """What the memory keeps of a file; the name without that of its archive."""
    return Seen(file.relative_path[below:], file.sha256, file.size, file.members)


def _remembered(path: str, relative_path: str, seen: Seen) -> File:
    return File(path, relative_path + seen.below, seen.sha256, seen.size, seen.members)


# Folders --------------------------------------------------------------------

# Printable path, path, why it cannot be read, what the system knows of the file.
Entry = tuple[tuple[str, ...], str, str | None, os.stat_result | None]


def listing(disclosures: Path) -> list[Entry]:
    """What may be a disclosure, in order; nothing is opened.

    :raises NoDisclosures: the folder does not exist.
    """
    entries = sorted(_entries(_root(disclosures)), key=itemgetter(0, 1))
    pages = PageParts([parts for parts, *_ in entries])
    return [entry for entry in entries if not pages.has(entry[0])]


def _entries(root: Path) -> Iterator[Entry]:
    folders: list[tuple[str, tuple[str, ...]]] = [(str(root), ())]
    while folders:
        folder, above = folders.pop()
        try:
            with os.scandir(folder) as found:
                entries = list(found)
        except OSError as error:
            yield above or (_printable(root.name),), folder, _reason(error), None
            continue
        for entry in entries:
            parts = (*above, _printable(entry.name))
            reason: str | None = None
            state: os.stat_result | None = None
            try:
                if entry.is_symlink():
                    reason = _refusal(entry.path, root)
                    is_folder = reason is None and entry.is_dir()
                else:
                    is_folder = entry.is_dir(follow_symlinks=False)
                    # A link to a folder inside is left alone: its files are found.
                    if is_folder and not archives.is_hidden(entry.name):
                        folders.append((entry.path, parts))
                if is_folder or not archives.may_be_disclosure(parts[-1:]):
                    continue  # what lies in hidden folders is not come to
                if reason is None:
                    state = entry.stat()
                    if not stat.S_ISREG(state.st_mode):
                        reason = "not_a_file"
            except OSError as error:
                reason = _reason(error)
            yield parts, entry.path, reason, state


def _refusal(link: str, root: Path) -> str | None:
    """Why a link is not followed."""
    try:
        target = Path(link).resolve(strict=True)
    except (OSError, RuntimeError):  # it leads nowhere, or round in circles
        return "link_not_followed"
    return None if target.is_relative_to(root) else "link_not_followed"


def _printable(name: str) -> str:
    """A name of the file system in characters that can be printed and stored."""
    if name.isprintable():  # as nearly all are: neither bytes undecoded nor controls
        return name
    return archives.printable(_decoded(name))


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


def unread(path: str, relative_path: str, reason: str, size: int = 0) -> File:
    """A file that cannot be read: what identifies it is where it lies."""
    digest = _digest(os.fsencode(path))
    return File(path, relative_path, digest, size, reason=reason)


def _looked_into(
    path: str, relative_path: str, limits: Limits
) -> tuple[list[File], os.stat_result | None]:
    """A file, or those in it, and its state meanwhile; None if somebody writes it."""
    # A file that became a pipe since it was found must not be waited for.
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(descriptor, "rb") as source:
        before = os.fstat(source.fileno())
        if not stat.S_ISREG(before.st_mode):
            return [unread(path, relative_path, "not_a_file")], None
        if before.st_size > limits.file_bytes:
            size = before.st_size
            return [unread(path, relative_path, "too_large", size)], None
        digest = hashlib.file_digest(source, "sha256").hexdigest()
        file = File(path, relative_path, digest, before.st_size)
        members = list(_archived(file, limits)) if _is_archive(source) else []
        after = os.fstat(source.fileno())
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        return [unread(path, relative_path, "changed_while_read")], None
    return members or [file], after


# Saved pages ----------------------------------------------------------------

_PAGE_SUFFIXES = (".html", ".htm", ".xhtml")
_PART_FOLDERS = ("_files", ".files", "_file", ".fld")


class PageParts:
    """The style sheets, scripts and pictures that a browser saves beside a page.

    They lie in a folder named after the page. A spreadsheet saved as a page keeps
    its sheets there, and these are pages to be read.
    """

    def __init__(self, paths: Collection[tuple[str, ...]]) -> None:
        self._folders = {
            (*parts[:-1], parts[-1][: -len(suffix)] + ending)
            for parts in paths
            if parts[-1].lower().endswith(_PAGE_SUFFIXES)
            for suffix in _PAGE_SUFFIXES
            if parts[-1].lower().endswith(suffix)
            for ending in _PART_FOLDERS
        }
        self._is_below: dict[tuple[str, ...], bool] = {}

    def has(self, parts: tuple[str, ...]) -> bool:
        """Whether a path is such a part."""
        folder = parts[:-1]
        is_below = self._is_below.get(folder)
        if is_below is None:
            is_below = any(
                folder[:end] in self._folders for end in range(1, len(parts))
            )
            self._is_below[folder] = is_below
        name = parts[-1].lower()
        return is_below and not (
            name.startswith("sheet") and name.endswith(_PAGE_SUFFIXES)
        )


# Archives -------------------------------------------------------------------


def _is_archive(source: BinaryIO) -> bool:
    """Whether a file outside archives is one; an Office document is none."""
    source.seek(0)
    if not source.read(4).startswith(_ZIP_SIGNATURES):
        return False
    source.seek(0)
    return _is_zip(source.read())


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
    pages = PageParts([member.parts for member in members])
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
