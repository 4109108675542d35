"""Reads a folder of disclosures into the landing, each file by itself.

What was read before by the same reader is not read again; what fails is
reported for that file, and the others go on.
"""

from __future__ import annotations

import contextlib
import hashlib
import logging
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from operator import itemgetter
from pathlib import Path
from typing import Any, TypeVar

import polars as pl

from ingest import archives, landing, workers
from ingest.columns.readings import HeaderReader
from ingest.columns.vocabulary import Vocabulary
from ingest.detect import detect_format
from ingest.document import (
    Box,
    Cell,
    Document,
    Limits,
    Paragraph,
    ParagraphKind,
    Table,
    UnreadableDocument,
)
from ingest.folder import File, NoDisclosures, scan
from ingest.prose.policy import PolicyReader
from ingest.prose.reader import ProseReader
from ingest.readers import (
    delimited,
    docx,
    html,
    legacy_office,
    ocr,
    ocr_file,
    pdf,
    spreadsheet,
    text,
)
from ingest.workers import Lost

LOG = logging.getLogger("ingest")

READERS: dict[str, Callable[[bytes, Limits], Document]] = {
    "text": text.read,
    "pdf": pdf.read,
    "picture": ocr_file.read,
    "xlsx": spreadsheet.read,
    "xls": spreadsheet.read,
    "encrypted": spreadsheet.read,  # says so
    "csv": delimited.read,
    "docx": docx.read,
    "html": html.read,
    "mhtml": html.read_mhtml,
    "ole": legacy_office.read_unknown,  # says what it is not
    **dict.fromkeys(legacy_office.CONVERTED_TO, legacy_office.read),
    **dict.fromkeys(archives.FORMATS, archives.read),  # says why it gave no files
}

# Reasons that other limits, or a program installed since, may take away.
_CONDITIONAL = frozenset(
    {
        *("no_office", "no_text_layer", "scanned_picture"),
        *("too_large", "too_many_pages"),
        *("too_slow", "too_much_memory", "reader_crashed"),
    }
)

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


def ingest(
    disclosures: Path,
    landing_folder: Path,
    seeds: Path,
    jobs: int = 1,
    limits: Limits = Limits(),  # noqa: B008 - immutable
    tell: Callable[[int, int], None] = lambda done, total: None,
) -> list[File]:
    """Land every file below ``disclosures``; the files in order of their paths.

    They are read in ``jobs`` processes, each file within the limits. ``tell`` hears
    how many of those to be read are done.

    :raises NoDisclosures: the folder does not exist, or no file lies in it.
    """
    files = scan(disclosures, landing.folder_memory(landing_folder), limits)
    if not files:
        raise NoDisclosures(f"no files in {disclosures}")
    conditions = f"{limits} {legacy_office.program()} {ocr.is_installed()}"
    lander = _Lander(landing_folder, seeds, _vocabulary_version(seeds), limits)
    todo: list[File] = []
    for name, file in {file.landed_name: file for file in files}.items():
        if not landing.is_final(landing_folder, name, conditions):
            lander.forget(file)
        if not lander.is_done(file):
            todo.append(file)
    LOG.info("共 %d 个文件，需要读取 %d 个", len(files), len(todo))
    todo.sort(key=lambda file: (-file.size, file.relative_path))
    for number, (file, code) in enumerate(_land_all(todo, lander, jobs), 1):
        if file.reason is not None or code == "changed_while_read":
            # Nothing is known of its bytes, and the next time all may be well.
            landing.set_aside(landing_folder, file.landed_name, "")
        elif code in _CONDITIONAL or landing.leaves_scans(
            landing_folder, file.landed_name
        ):
            landing.set_aside(landing_folder, file.landed_name, conditions)
        if code:
            LOG.info("%s：未能读取（%s）", file.relative_path, code)
        tell(number, len(todo))
    _write_files(files, landing_folder)
    return files


def read_document(data: bytes, limits: Limits) -> Document:
    """Read one file by the reader that fits its content.

    :raises UnreadableDocument: with the reason.
    """
    format_ = _format(data, limits)
    reader = READERS.get(format_)
    if reader is None:
        raise UnreadableDocument("no_reader", format_)
    return _printed(reader(data, limits))


def _format(data: bytes, limits: Limits) -> str:
    if len(data) > limits.file_bytes:
        raise UnreadableDocument("too_large", f"{len(data)} bytes")
    return detect_format(data)


def _printed(document: Document) -> Document:
    if not document.blocks:
        raise UnreadableDocument("nothing_printed", document.format)
    return document


# In this process ------------------------------------------------------------

_T = TypeVar("_T")
_R = TypeVar("_R")
_Batch = tuple[File, ...]


def _land_all(
    files: Sequence[File], lander: _Lander, jobs: int
) -> Iterator[tuple[File, str | None]]:
    """Land files; each with its reason code, or None, when it is done.

    Those for LibreOffice come last, in batches. The files of a batch that is lost
    are read one by one: only the one to blame is lost.
    """
    limits = lander.limits

    def run(
        land: Callable[[_T], _R], tasks: Sequence[_T], seconds: float
    ) -> Iterator[tuple[_T, _R | Lost]]:
        return workers.run(
            land,
            tasks,
            processes=jobs,
            seconds=seconds,
            memory_bytes=limits.memory_bytes,
        )

    later: list[File] = []
    for file, code in run(lander.land, files, limits.seconds):
        if code == _LATER:
            later.append(file)
        else:
            yield file, lander.settle(file, code)
    if not later:
        return
    size = legacy_office.BATCH
    batches = [tuple(later[at : at + size]) for at in range(0, len(later), size)]
    alone: list[_Batch] = []
    with tempfile.TemporaryDirectory(prefix="office-") as work:
        convert = partial(lander.land_converted, work=Path(work))
        for count, tasks in ((size, batches), (1, alone)):
            seconds = count * limits.seconds + (count + 1) * limits.office_seconds
            for batch, codes in run(convert, tasks, seconds):
                if not isinstance(codes, Lost):
                    yield from zip(batch, codes, strict=True)
                elif len(batch) > 1:
                    alone.extend((file,) for file in batch)
                else:
                    yield batch[0], lander.settle(batch[0], codes)


# In the processes that read -------------------------------------------------

_LATER = "later"  # instead of a reason code: LibreOffice has to convert the file


@dataclass(frozen=True, slots=True)
class _Lander:
    """Lands files: what they print, how headers of tables and running text read."""

    folder: Path
    seeds: Path
    vocabulary_version: str
    limits: Limits

    def is_done(self, file: File) -> bool:
        """Whether the file is landed, headers and prose by the vocabulary of now."""
        tables = (
            *landing.CONTENT_TABLES,
            *landing.HEADER_TABLES,
            *landing.PROSE_TABLES,
            *landing.POLICY_TABLES,
        )
        return self._mark(file).exists() and landing.is_landed(
            self.folder, file.landed_name, tables
        )

    def forget(self, file: File) -> None:
        """Have the file read again."""
        self._unmark(file)
        landing.remove(self.folder, file.landed_name)

    def land(self, file: File) -> str | None:
        """Land a file; its reason code, or that it is for LibreOffice."""
        if landing.is_landed(self.folder, file.landed_name, landing.CONTENT_TABLES):
            return self._land(file, None)

        def read() -> Document:
            data = file.read_bytes(self.limits)
            format_ = _format(data, self.limits)
            if format_ in legacy_office.CONVERTED_TO and legacy_office.program():
                raise _ForOffice
            return read_document(data, self.limits)

        try:
            return self._land(file, read)
        except _ForOffice:
            return _LATER

    def land_converted(self, files: _Batch, work: Path) -> list[str | None]:
        """Land files that LibreOffice converts together; their reason codes."""
        originals: dict[File, legacy_office.Original] = {}
        for file in files:
            with contextlib.suppress(UnreadableDocument):
                data = file.read_bytes(self.limits)
                format_ = detect_format(data)
                originals[file] = legacy_office.Original(file.sha256, format_, data)
        legacy_office.convert(list(originals.values()), work, self.limits)

        def read(file: File) -> Document:
            if file not in originals:  # it could be read when it was sent here
                raise UnreadableDocument("changed_while_read")
            return legacy_office.read_converted(originals[file], work, self.limits)

        return [self._land(file, partial(read, file)) for file in files]

    def settle(self, file: File, outcome: str | Lost | None) -> str | None:
        """The reason code of a file; one that was lost is landed as rejected."""
        if not isinstance(outcome, Lost):
            return outcome

        def read() -> Document:
            raise UnreadableDocument(outcome.code, outcome.detail)

        return self._land(file, read)

    def _land(self, file: File, read: Callable[[], Document] | None) -> str | None:
        """Land headers and prose, and before them what is still to be read."""
        code: str | None = None
        if read is not None:
            code, rows = _content_rows(file, read)
            self._unmark(file)
            landing.write(self.folder, file.landed_name, rows)
        reader = _header_reader(self.seeds)
        tables = list(_landed_tables(self.folder, file.landed_name))
        readings = ((block, reader.read(table)) for block, table in tables)
        rows = landing.header_rows(file.content_id, readings)
        prose = _prose_reader(self.seeds).read(
            _landed_text(self.folder, file.landed_name)
        )
        rows |= landing.prose_rows(file.content_id, prose)
        policy = _policy_reader(self.seeds).read(prose.passages, tables)
        rows |= landing.policy_rows(file.content_id, policy)
        landing.write(self.folder, file.landed_name, rows)
        self._unmark(file)
        self._mark(file).touch()
        return code

    def _mark(self, file: File) -> Path:
        name = f"{file.landed_name}.{self.vocabulary_version}"
        return self.folder / "headers" / name

    def _unmark(self, file: File) -> None:
        for mark in (self.folder / "headers").glob(f"{file.landed_name}.*"):
            if mark.suffix != ".parquet":
                mark.unlink()


class _ForOffice(BaseException):
    """The file is one that LibreOffice converts."""


def _content_rows(
    file: File, read: Callable[[], Document]
) -> tuple[str | None, landing.Rows]:
    """The rows of what a file prints; of the reason, and its code, if it cannot be."""
    try:
        return None, landing.content_rows(file.content_id, _printed(read()))
    except UnreadableDocument as error:
        code, detail = error.code, error.detail
    except MemoryError as error:
        code, detail = "too_much_memory", str(error)
    except Exception as error:
        # A reader's bug costs its document, named as such, and no other.
        LOG.exception("reader failed on %s", file.relative_path)
        code, detail = "reader_failed", f"{type(error).__name__}: {error}"
    return code, landing.rejected_rows(file.content_id, None, code, detail)


@lru_cache(maxsize=1)
def _header_reader(seeds: Path) -> HeaderReader:
    return HeaderReader(Vocabulary(seeds))


@lru_cache(maxsize=1)
def _prose_reader(seeds: Path) -> ProseReader:
    return ProseReader(seeds)


@lru_cache(maxsize=1)
def _policy_reader(seeds: Path) -> PolicyReader:
    return PolicyReader(seeds)


def _vocabulary_version(seeds: Path) -> str:
    """Changes with the vocabulary and with the code that reads headers and prose."""
    digest = hashlib.sha256()
    code = Path(__file__).parent
    for path in [
        *sorted((seeds / "vocabulary").glob("*.csv")),
        *sorted((seeds / "official").glob("*.csv")),
        *sorted((code / "columns").glob("*.py")),
        *sorted((code / "prose").glob("*.py")),
    ]:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _landed_text(
    landing_folder: Path, name: str
) -> Iterator[tuple[int, Paragraph | None]]:
    """The landed paragraphs by block, None for a table."""
    tables = pl.read_parquet(
        landing_folder / "tables" / f"{name}.parquet", columns=["block"]
    )
    paragraphs = pl.read_parquet(landing_folder / "paragraphs" / f"{name}.parquet")
    blocks: dict[int, Paragraph | None] = dict.fromkeys(tables["block"].to_list())
    for row in paragraphs.iter_rows(named=True):
        blocks[row["block"]] = Paragraph(
            row["text"],
            row["page"],
            row["line"],
            _landed_box(row),
            ParagraphKind(row["kind"]),
        )
    yield from sorted(blocks.items(), key=itemgetter(0))


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
