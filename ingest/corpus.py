"""Reads a folder of disclosures into the landing, each file by itself.

What was read before by the same reader is not read again; what fails is
reported for that file, and the others go on.
"""

from __future__ import annotations

import contextlib
import errno
import io
import logging
import tempfile
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache, partial
from operator import itemgetter
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self, TypeVar

import polars as pl

from ingest import archives, landing, segments, workers
from ingest.columns.readings import HeaderReader
from ingest.columns.vocabulary import Vocabulary
from ingest.conditions import conditions, vocabulary_version
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
    ocr_file,
    pdf,
    spreadsheet,
    text,
)
from ingest.segments import (
    MOST_DOCUMENTS,
    Damaged,
    Frames,
    Mark,
    NotWritable,
    write_whole,
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
    beside: Sequence[File] = (),
) -> list[File]:
    """Land every file below ``disclosures``; the files in order of their paths.

    They are read in ``jobs`` processes, each file within the limits. ``tell`` hears
    how many of those to be read are done. Files ``beside`` those of the folder, which
    are known not to be readable, land with their reasons.

    :raises NoDisclosures: the folder does not exist, or no file lies in it.
    :raises NotWritable: the landing cannot be written; what was landed stays.
    """
    memory = landing.folder_memory(landing_folder)
    files = [*scan(disclosures, memory, limits), *beside]
    if not files:
        raise NoDisclosures(f"no files in {disclosures}")
    place = landing.Landing(landing_folder, vocabulary_version(seeds))
    lander = _Lander(
        place.content.path, place.readings.path, seeds, limits, conditions(limits)
    )
    distinct = {file.landed_name: file for file in files}.values()
    tasks = [task for file in distinct if (task := lander.task(file, place))]
    LOG.info("共 %d 个文件，需要读取 %d 个", len(files), len(tasks))
    with _Gatherer(place) as gatherer:
        outcomes = _land_all(_in_turn(tasks), lander, jobs)
        for number, (file, code) in enumerate(outcomes, 1):
            gatherer.add(file.landed_name)
            if code:
                LOG.info("%s：未能读取（%s）", file.relative_path, code)
            tell(number, len(tasks))
    place.finish()
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

_LARGE = 8 * 1024 * 1024  # read first, so that none is waited for in the end

_T = TypeVar("_T")
_R = TypeVar("_R")


class _Task(NamedTuple):
    """A file to land; only to read its headers and prose if it has a segment."""

    file: File
    segment: Path | None = None
    reading: str = ""

    @property
    def order(self) -> tuple[int, str]:
        """Work is handed out by size, so that processes end together."""
        return -self.file.size, self.file.relative_path


_Batch = tuple[_Task, ...]


def _in_turn(tasks: Sequence[_Task]) -> Iterator[_Task]:
    """The tasks as they are handed out.

    Large files come first. The others come folder by folder, for neighbours are
    loaded together and lie together, and of some folders the largest first.
    """
    large = [task for task in tasks if task.file.size >= _LARGE]
    others = [task for task in tasks if task.file.size < _LARGE]
    yield from sorted(large, key=lambda task: task.order)
    for start in range(0, len(others), MOST_DOCUMENTS):
        some = others[start : start + MOST_DOCUMENTS]
        yield from sorted(some, key=lambda task: task.order)


class _Gatherer:
    """Gathers landed documents while others are read.

    What is left in the end is gathered on leaving, unless an error left first.
    """

    def __init__(self, place: landing.Landing) -> None:
        self._place = place
        self._names: list[str] = []
        self._thread = ThreadPoolExecutor(max_workers=1)
        self._running: Future[None] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        with self._thread:
            if kind is None:
                self._gather()
                self._wait()

    def add(self, name: str) -> None:
        """Gather a document with those before and after it."""
        self._names.append(name)
        if len(self._names) >= MOST_DOCUMENTS:
            self._gather()

    def _gather(self) -> None:
        self._wait()
        self._running = self._thread.submit(self._place.gather, self._names)
        self._names = []

    def _wait(self) -> None:
        """Wait for what is gathered, and fail if that did."""
        if self._running is not None:
            self._running.result()


def _land_all(
    tasks: Iterable[_Task], lander: _Lander, jobs: int
) -> Iterator[tuple[File, str | None]]:
    """Land files; each with its reason code, or None, when it is done.

    Those for LibreOffice come last, in batches. The files of a batch that is lost
    are read one by one: only the one to blame is lost. A file whose process ended
    is read once more, alone: the system may have had no memory for several.
    """
    limits = lander.limits

    def run(
        land: Callable[[_T], _R],
        tasks: Iterable[_T],
        seconds: float,
        processes: int = jobs,
    ) -> Iterator[tuple[_T, _R | Lost]]:
        return workers.run(
            land,
            tasks,
            processes=processes,
            seconds=seconds,
            memory_bytes=limits.memory_bytes,
        )

    later: list[_Task] = []
    again: list[_Task] = []
    for task, code in run(lander.land, tasks, limits.seconds):
        if code == _LATER:
            later.append(task)
        elif isinstance(code, Lost) and code.may_be_chance:
            again.append(task)
        else:
            yield task.file, lander.settle(task.file, code)
    for task, code in run(lander.land, again, limits.seconds, processes=1):
        yield task.file, lander.settle(task.file, code)
    if not later:
        return
    size = legacy_office.BATCH
    batches = [tuple(later[at : at + size]) for at in range(0, len(later), size)]
    alone: list[_Batch] = []
    with tempfile.TemporaryDirectory(prefix="office-") as work:
        convert = partial(lander.land_converted, work=Path(work))
        for count, some in ((size, batches), (1, alone)):
            seconds = count * limits.seconds + (count + 1) * limits.office_seconds
            for batch, codes in run(convert, some, seconds):
                files = [task.file for task in batch]
                if not isinstance(codes, Lost):
                    for file, code in zip(files, codes, strict=True):
                        yield file, lander.settle(file, code)
                elif len(batch) > 1:
                    alone.extend((task,) for task in batch)
                else:
                    yield files[0], lander.settle(files[0], codes)


# In the processes that read -------------------------------------------------

_LATER = "later"  # instead of a reason code: LibreOffice has to convert the file
_NOT_WRITABLE = "not_writable"  # no fault of the document: everything stops
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EFBIG)


@dataclass(frozen=True, slots=True)
class _Lander:
    """Lands files: what they print, how headers of tables and running text read."""

    content: Path
    readings: Path
    seeds: Path
    limits: Limits
    conditions: str

    def task(self, file: File, place: landing.Landing) -> _Task | None:
        """What there is to do for a file; None if it is landed as it would be."""
        mark = place.content.mark(file.landed_name)
        if mark is None or mark.conditions not in (
            None,
            file.reason or self.conditions,
        ):
            return _Task(file)
        if place.is_landed(file.landed_name):
            return None
        return _Task(file, place.content.segment(file.landed_name), mark.reading)

    def land(self, task: _Task) -> str | Lost | None:
        """Land a file; its reason code, or that it is for LibreOffice."""
        file = task.file

        def read() -> Document:
            data = file.read_bytes(self.limits)
            format_ = _format(data, self.limits)
            if format_ in legacy_office.CONVERTED_TO and legacy_office.program():
                raise _ForOffice
            return read_document(data, self.limits)

        try:
            if task.segment is not None:
                with contextlib.suppress(Damaged):
                    self._read_again(file, task.segment, task.reading)
                    return None
            return self._land(file, read)
        except _ForOffice:
            return _LATER
        except NotWritable as error:
            return Lost(_NOT_WRITABLE, str(error))

    def land_converted(self, tasks: _Batch, work: Path) -> list[str | Lost | None]:
        """Land files that LibreOffice converts together; their reason codes."""
        files = [task.file for task in tasks]
        originals: dict[File, legacy_office.Original] = {}
        for file in files:
            with contextlib.suppress(UnreadableDocument):
                data = file.read_bytes(self.limits)
                format_ = detect_format(data)
                originals[file] = legacy_office.Original(file.sha256, format_, data)

        def read(file: File) -> Document:
            if file not in originals:  # it could be read when it was sent here
                raise UnreadableDocument("changed_while_read")
            return legacy_office.read_converted(originals[file], work, self.limits)

        try:
            with _told_of_no_room():
                legacy_office.convert(list(originals.values()), work, self.limits)
            return [self._land(file, partial(read, file)) for file in files]
        except NotWritable as error:
            return [Lost(_NOT_WRITABLE, str(error))] * len(files)

    def settle(self, file: File, outcome: str | Lost | None) -> str | None:
        """The reason code of a file; one that was lost is landed as rejected.

        :raises NotWritable: the landing cannot be written.
        """
        if not isinstance(outcome, Lost):
            return outcome
        if outcome.code == _NOT_WRITABLE:
            raise NotWritable(outcome.detail)

        def read() -> Document:
            raise UnreadableDocument(outcome.code, outcome.detail)

        return self._land(file, read)

    def _land(self, file: File, read: Callable[[], Document]) -> str | None:
        """Land what a file prints, and what is read from that."""
        code, content, readings = self._read(file, read)
        is_scanned = content["contents"]["scanned_pages"].is_not_null().any()
        set_aside: str | None = None
        if code == "changed_while_read":
            set_aside = ""  # the next time all may be well
        elif code in _CONDITIONAL or is_scanned:
            set_aside = self.conditions
        mark = Mark(uuid.uuid4().hex, file.reason or set_aside)
        segments.land(self.content, file.landed_name, mark, content)
        segments.land(self.readings, file.landed_name, Mark(mark.reading), readings)
        return code

    def _read(
        self, file: File, read: Callable[[], Document]
    ) -> tuple[str | None, Frames, Frames]:
        """The tables of what a file prints, or of the reason, and its code."""
        try:
            with _told_of_no_room():
                document = _printed(read())
            content = landing.frames(landing.content_rows(file.content_id, document))
            return None, content, self._readings(file, content)
        except UnreadableDocument as error:
            code, detail = error.code, error.detail
        except MemoryError as error:
            code, detail = "too_much_memory", str(error)
        except NotWritable:
            raise
        except Exception as error:
            # A reader's bug costs its document, named as such, and no other.
            LOG.exception("reader failed on %s", file.relative_path)
            code, detail = "reader_failed", f"{type(error).__name__}: {error}"
        rows = landing.rejected_rows(file.content_id, None, code, detail)
        return code, landing.frames(rows), {}

    def _read_again(self, file: File, segment: Path, reading: str) -> None:
        """Land what is read from a document that is landed."""
        content = {
            table: segments.read(segment, table, file.landed_name)
            for table in landing.CONTENT_TABLES
        }
        readings = self._readings(file, content)
        segments.land(self.readings, file.landed_name, Mark(reading), readings)

    def _readings(self, file: File, content: Frames) -> Frames:
        """What is read from a document: headers, prose, policies."""
        tables = list(_landed_tables(content))
        reader = _header_reader(self.seeds)
        headers = ((block, reader.read(table)) for block, table in tables)
        rows = landing.header_rows(file.content_id, headers)
        prose = _prose_reader(self.seeds).read(_landed_text(content))
        rows |= landing.prose_rows(file.content_id, prose)
        policy = _policy_reader(self.seeds).read(prose.passages, tables)
        rows |= landing.policy_rows(file.content_id, policy)
        return landing.frames(rows)


@contextlib.contextmanager
def _told_of_no_room() -> Iterator[None]:
    """Tell a full disk from a fault of the document that was read."""
    try:
        yield
    except OSError as error:
        if error.errno in _NO_ROOM:
            raise NotWritable(f"{error.filename}: {error.strerror}") from error
        raise


class _ForOffice(BaseException):
    """The file is one that LibreOffice converts."""


@lru_cache(maxsize=1)
def _header_reader(seeds: Path) -> HeaderReader:
    return HeaderReader(Vocabulary(seeds))


@lru_cache(maxsize=1)
def _prose_reader(seeds: Path) -> ProseReader:
    return ProseReader(seeds)


@lru_cache(maxsize=1)
def _policy_reader(seeds: Path) -> PolicyReader:
    return PolicyReader(seeds)


def _landed_text(content: Frames) -> Iterator[tuple[int, Paragraph | None]]:
    """The paragraphs by block, None for a table."""
    blocks: dict[int, Paragraph | None] = dict.fromkeys(content["tables"]["block"])
    for row in content["paragraphs"].iter_rows(named=True):
        blocks[row["block"]] = Paragraph(
            row["text"],
            row["page"],
            row["line"],
            _landed_box(row),
            ParagraphKind(row["kind"]),
        )
    yield from sorted(blocks.items(), key=itemgetter(0))


def _landed_tables(content: Frames) -> Iterator[tuple[int, Table]]:
    by_block = content["cells"].partition_by("block", as_dict=True)
    for row in content["tables"].iter_rows(named=True):
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


def documents(files: Iterable[File]) -> dict[str, File]:
    """The files by their ``document_id``; that of a second copy has its number."""
    found: dict[str, File] = {}
    copies: dict[str, int] = {}
    for file in files:
        copy = copies[file.content_id] = copies.get(file.content_id, 0) + 1
        first = f"d{file.content_id}"
        found[first if copy == 1 else f"{first}-{copy}"] = file
    return found


def _write_files(files: Sequence[File], landing_folder: Path) -> None:
    """The files of this run; a second copy of the same bytes is a duplicate."""
    rows: list[dict[str, Any]] = []
    for document_id, file in documents(files).items():
        first = f"d{file.content_id}"
        rows.append(
            {
                "document_id": document_id,
                "content_id": file.content_id,
                "file_name": file.name,
                "relative_path": file.relative_path,
                "file_sha256": file.sha256,
                "file_bytes": file.size,
                "duplicate_of": None if document_id == first else first,
                "reason_code": None,
            }
        )
    target = io.BytesIO()
    pl.DataFrame(rows, schema=FILES_SCHEMA, orient="row").write_parquet(target)
    write_whole(landing_folder / "files.parquet", target.getvalue())
