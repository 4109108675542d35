"""The files of a folder that Spark reads: on a disk, in HDFS or in object storage.

They are those that :mod:`ingest.folder` finds. Spark itself would pass over some of
them in silence: names that begin with ``_`` and names that Java cannot spell.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from pyspark.sql import DataFrame, SparkSession

from ingest import archives
from ingest.document import Limits
from ingest.folder import PageParts, listing, unread


class Found(NamedTuple):
    """A file; one with a ``reason``, a key of ``status_reason.csv``, is not read."""

    path: str
    relative_path: str
    size: int
    reason: str | None = None

    @property
    def sha256(self) -> str | None:
        """What identifies a file that is not read: where it lies."""
        if self.reason is None:
            return None
        return unread(self.path, self.relative_path, self.reason).sha256


class Folder:
    """A folder as Spark spells it."""

    def __init__(self, spark: SparkSession, folder: str) -> None:
        self._spark = spark
        self._jvm: Any = spark._jvm
        self._configuration: Any = spark._jsparkSession.sessionState().newHadoopConf()
        path = self._path(folder)
        self._system = path.getFileSystem(self._configuration)
        self._is_local = self._system.getUri().getScheme() == "file"
        if self._is_local:
            # As a build on one machine spells it.
            path = self._path(str(Path(folder).resolve()))
        self._root = str(self._system.makeQualified(path).toString())

    def files(self, limits: Limits) -> list[Found]:
        """What may be a disclosure, in order; nothing is opened.

        :raises NoDisclosures: the folder of a disk does not exist.
        """
        return [
            each._replace(reason="too_large")
            if each.reason is None and each.size > limits.file_bytes
            else each
            for each in (self._on_disk() if self._is_local else self._elsewhere())
        ]

    def _on_disk(self) -> Iterator[Found]:
        for parts, path, reason, state in listing(self._local(self._root)):
            if reason is None and state is None:
                reason = "disk_error"
            size = 0 if reason or state is None else state.st_size
            yield Found(path, "/".join(parts), size, reason)

    def _elsewhere(self) -> Iterator[Found]:
        entries = []
        files = self._system.listFiles(self._path(self._root), True)
        while files.hasNext():
            status = files.next()
            path = str(status.getPath().toString())
            below = path.removeprefix(self._root).strip("/").split("/")
            parts = tuple(archives.printable(part) for part in below)
            if archives.may_be_disclosure(parts):
                entries.append((parts, path, int(status.getLen())))
        pages = PageParts([parts for parts, *_ in entries])
        for parts, path, size in sorted(entries):
            if not pages.has(parts):
                yield Found(path, "/".join(parts), size)

    def seen(self, files: Iterable[Found], renamed: str) -> Iterator[Found]:
        """The files by paths that Spark sees.

        A file with a name that it does not see is copied to the folder ``renamed``.
        """
        copies = self._path(renamed)
        system = copies.getFileSystem(self._configuration)
        system.delete(copies, True)
        system.mkdirs(copies)
        paths = {row.path for row in self.contents().select("path").collect()}
        for number, file in enumerate(files):
            path = f"file:{file.path}" if self._is_local else file.path
            if file.reason is None and path not in paths:
                copy = self._path(f"{renamed}/{number}")
                self._copy(file.path, system, copy)
                path = str(system.makeQualified(copy).toString())
            yield file if file.reason else file._replace(path=path)

    def _copy(self, path: str, system: Any, copy: Any) -> None:
        util = self._jvm.org.apache.hadoop.fs.FileUtil
        if not self._is_local:
            source = self._path(path)
            util.copy(self._system, source, system, copy, False, self._configuration)
            return
        with tempfile.NamedTemporaryFile(prefix="renamed-") as spelt:
            shutil.copyfile(path, spelt.name)
            file = self._jvm.java.io.File(spelt.name)
            util.copy(file, system, copy, False, self._configuration)

    def contents(self, *beside: str) -> DataFrame:
        """Path, length and content of the files that Spark sees, also ``beside``."""
        folders = [self._root, *beside]
        return (
            self._spark.read.format("binaryFile")
            .option("recursiveFileLookup", "true")
            .load([re.sub(r"([\\{}\[\]*?])", r"\\\1", folder) for folder in folders])
        )

    def _path(self, path: str) -> Any:
        return self._jvm.org.apache.hadoop.fs.Path(path)

    @staticmethod
    def _local(root: str) -> Path:
        return Path(root.removeprefix("file:"))
