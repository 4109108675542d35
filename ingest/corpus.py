"""Reads a folder of disclosures into the landing, each file by itself.

What was read before by the same reader is not read again; what fails is
reported for that file, and the others go on.
"""

from __future__ import annotations

import hashlib
import logging
import multiprocessing
import sys
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import polars as pl

from ingest import archives, landing
from ingest.columns.readings import HeaderReader
from ingest.columns.vocabulary import Vocabulary
from ingest.detect import detect_format
from ingest.document import Box, Cell, Document, Limits, Table, UnreadableDocument
from ingest.readers import delimited, docx, html, pdf, spreadsheet, text

LOG = logging.getLogger("ingest")

READERS: dict[str, Callable[[bytes, Limits], Document]] = {
    "text": text.read,
    "pdf": pdf.read,
    "xlsx": spreadsheet.read,
    "xls": spreadsheet.read,
    "encrypted": spreadsheet.read,  # says so
    "csv": delimited.read,
    "docx": docx.read,
    "html": html.read,
    "mhtml": html.read_mhtml,
    "zip": archives.read,  # says why nothing in it could be read
}

_ZIP_SIGNATURES = (b"PK\x03\x04", b"PK\x05\x06")

FILES_SCHEMA: dict[str, Any] = {
    "document_id": pl.String,
    "content_id": pl.String,
    "file_name": pl.String,
    "relative_path": pl.String,
    "file_sha256": pl.String,
    "file_bytes": pl.Int64,
    "duplicate_of": pl.String,
    "reason_code": pl.String,
}


class NoDisclosures(Exception):
    """The folder does not exist or holds no file to read."""


@dataclass(frozen=True, slots=True)
class File:
    """One file of the corpus; ``content_id`` is the same for equal bytes.

    A file in an archive has the archive's ``path``; ``members`` leads to it, one
    step for each archive around it.
    """

    path: Path
    relative_path: str
    sha256: str
    size: int
    members: tuple[int, ...] = ()

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
        """The bytes, taken out of their archive.

        :raises UnreadableDocument: the archive does not give them.
        """
        if not self.members:
            return self.path.read_bytes()
        *around, place = self.members
        return archives.opened(self.path, tuple(around), limits).read(place)


def ingest(
    disclosures: Path,
    landing_folder: Path,
    seeds: Path,
    jobs: int = 1,
    limits: Limits = Limits(),  # noqa: B008 - immutable
) -> list[File]:
    """Land every file below ``disclosures``; the files in order of their paths.

    :raises NoDisclosures: the folder does not exist, or no file lies in it.
    """
    files = list(find_files(disclosures, limits))
    if not files:
        raise NoDisclosures(f"no files in {disclosures}")
    todo = {
        file.landed_name: file
        for file in files
        if not landing.is_landed(
            landing_folder, file.landed_name, landing.CONTENT_TABLES
        )
    }
    LOG.info("%d files, %d to read", len(files), len(todo))
    _read_all(sorted(todo.values(), key=_largest_first), landing_folder, jobs, limits)
    _read_headers(files, landing_folder, seeds)
    _write_files(files, landing_folder)
    return files


def find_files(
    disclosures: Path,
    limits: Limits = Limits(),  # noqa: B008 - immutable
) -> Iterator[File]:
    """The files below a folder and in its archives, without hidden ones and scripts.

    An archive that cannot be opened, or has nothing in it, is itself the file:
    its reader says why.

    :raises NoDisclosures: the folder does not exist.
    """
    if not disclosures.is_dir():
        raise NoDisclosures(f"no such folder: {disclosures}")
    for path in sorted(disclosures.rglob("*")):
        parts = path.relative_to(disclosures).parts
        if not archives.may_be_disclosure(parts) or not path.is_file():
            continue
        file = _file_of(path, "/".join(parts))
        members = list(_archived(file, limits)) if _is_archive(file, limits) else []
        yield from members or [file]


def _file_of(path: Path, relative_path: str) -> File:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return File(path, relative_path, digest, path.stat().st_size)


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
    for member in opened.members():
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


def read_document(data: bytes, limits: Limits) -> Document:
    """Read one file by the reader that fits its content.

    :raises UnreadableDocument: with the reason.
    """
    if len(data) > limits.file_bytes:
        raise UnreadableDocument("too_large", f"{len(data)} bytes")
    format_ = detect_format(data)
    reader = READERS.get(format_)
    if reader is None:
        raise UnreadableDocument("no_reader", format_)
    document = reader(data, limits)
    if not document.blocks:
        raise UnreadableDocument("nothing_printed", format_)
    return document


def land_file(file: File, landing_folder: Path, limits: Limits) -> str | None:
    """Read one file and land it; the reason code when it cannot be read."""
    code: str | None = None
    try:
        document = read_document(file.read_bytes(limits), limits)
        rows = landing.content_rows(file.content_id, document)
    except UnreadableDocument as error:
        code = error.code
        rows = landing.rejected_rows(file.content_id, None, code, error.detail)
    except Exception as error:
        # A reader's bug costs its document, named as such, and no other.
        LOG.exception("reader failed on %s", file.relative_path)
        code = "reader_failed"
        detail = f"{type(error).__name__}: {error}"
        rows = landing.rejected_rows(file.content_id, None, code, detail)
    landing.write(landing_folder, file.landed_name, rows)
    return code


def _read_all(
    files: list[File], landing_folder: Path, jobs: int, limits: Limits
) -> None:
    if jobs <= 1 or len(files) <= 1:
        for number, file in enumerate(files, 1):
            code = land_file(file, landing_folder, limits)
            _report(number, len(files), file, code)
        return
    context = multiprocessing.get_context("forkserver")
    left = dict.fromkeys(files)
    try:
        with ProcessPoolExecutor(jobs, mp_context=context) as pool:
            futures = {
                pool.submit(land_file, file, landing_folder, limits): file
                for file in files
            }
            for number, future in enumerate(as_completed(futures), 1):
                file = futures[future]
                code = future.result()
                del left[file]
                _report(number, len(files), file, code)
    except BrokenProcessPool:
        LOG.warning("a worker died; the files left are read one by one")
        for file in left:
            _read_apart(file, landing_folder, limits, context)


def _read_apart(
    file: File,
    landing_folder: Path,
    limits: Limits,
    context: multiprocessing.context.BaseContext,
) -> None:
    """Read a file in a process of its own: whoever kills it, only it is lost."""
    try:
        with ProcessPoolExecutor(1, mp_context=context) as pool:
            pool.submit(land_file, file, landing_folder, limits).result()
    except BrokenProcessPool:
        rows = landing.rejected_rows(
            file.content_id, None, "reader_failed", "the reading process died"
        )
        landing.write(landing_folder, file.landed_name, rows)


def _report(number: int, count: int, file: File, code: str | None) -> None:
    if sys.stderr.isatty() or code:
        LOG.info("%d/%d %s: %s", number, count, file.relative_path, code or "read")


def _largest_first(file: File) -> tuple[int, str]:
    return (-file.size, file.relative_path)


def _read_headers(files: Iterable[File], landing_folder: Path, seeds: Path) -> None:
    """Read the headers anew where the document or the vocabulary changed."""
    version = _vocabulary_version(seeds)
    reader: HeaderReader | None = None
    for file in {file.landed_name: file for file in files}.values():
        mark = landing_folder / "headers" / f"{file.landed_name}.{version}"
        if mark.exists() and landing.is_landed(
            landing_folder, file.landed_name, landing.HEADER_TABLES
        ):
            continue
        reader = reader or HeaderReader(Vocabulary(seeds))
        tables = _landed_tables(landing_folder, file.landed_name)
        readings = ((block, reader.read(table)) for block, table in tables)
        rows = landing.header_rows(file.content_id, readings)
        landing.write(landing_folder, file.landed_name, rows)
        for old in mark.parent.glob(f"{file.landed_name}.*"):
            if old.suffix != ".parquet":
                old.unlink()
        mark.touch()


def _vocabulary_version(seeds: Path) -> str:
    """Changes with the vocabulary and with the code that reads headers."""
    digest = hashlib.sha256()
    code = Path(__file__).parent / "columns"
    for path in [
        *sorted((seeds / "vocabulary").glob("*.csv")),
        *sorted(code.glob("*.py")),
    ]:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _landed_tables(landing_folder: Path, name: str) -> Iterator[tuple[int, Table]]:
    tables = pl.read_parquet(landing_folder / "tables" / f"{name}.parquet")
    cells = pl.read_parquet(landing_folder / "cells" / f"{name}.parquet")
    by_block = cells.partition_by("block", as_dict=True)
    for row in tables.iter_rows(named=True):
        entries = by_block.get((row["block"],))
        yield (
            row["block"],
            Table(
                row_count=row["row_count"],
                column_count=row["column_count"],
                has_spans=row["has_spans"],
                page=row["page"],
                line=row["line"],
                sheet=row["sheet"],
                cells=tuple(
                    Cell(
                        row=cell["row"],
                        column=cell["column"],
                        text=cell["text"],
                        row_span=cell["row_span"],
                        column_span=cell["column_span"],
                        page=cell["page"],
                        line=cell["line"],
                        box=_landed_box(cell),
                    )
                    for cell in (
                        entries.iter_rows(named=True) if entries is not None else ()
                    )
                ),
            ),
        )


def _landed_box(row: dict[str, Any]) -> Box | None:
    if row["box_left"] is None:
        return None
    return Box(row["box_left"], row["box_top"], row["box_right"], row["box_bottom"])


def _write_files(files: list[File], landing_folder: Path) -> None:
    """The files of this run; a second copy of the same bytes is a duplicate."""
    rows: list[dict[str, Any]] = []
    copies: dict[str, int] = {}
    for file in files:
        copies[file.content_id] = copies.get(file.content_id, 0) + 1
        first = f"d{file.content_id}"
        copy = copies[file.content_id]
        rows.append(
            {
                "document_id": first if copy == 1 else f"{first}-{copy}",
                "content_id": file.content_id,
                "file_name": file.name,
                "relative_path": file.relative_path,
                "file_sha256": file.sha256,
                "file_bytes": file.size,
                "duplicate_of": None if copy == 1 else first,
                "reason_code": None,
            }
        )
    landing_folder.mkdir(parents=True, exist_ok=True)
    frame = pl.DataFrame(rows, schema=FILES_SCHEMA, orient="row")
    frame.write_parquet(landing_folder / "files.parquet")
