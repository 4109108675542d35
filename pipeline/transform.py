"""Runs the dbt project on warehouses, inside this process."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.load import connect
from pipeline.publication import create
from pipeline.settings import DATABASE_NAME, PROJECT
from pipeline.versions import seeds_version, version

if TYPE_CHECKING:
    from dbt.contracts.graph.manifest import Manifest

_WRITTEN = ("manifest.json", "partial_parse.msgpack")  # by dbt, in its target
_MOST_TOLD = 5  # models that failed: where the disk is full, all of them do


class TransformFailed(Exception):
    """A model or seed failed; the message names each."""


class Models:
    """The models of the project, read once and run on one database after another.

    dbt's tests prove the project and belong to ``make test``; what every single
    warehouse must satisfy is in ``expectations/``.
    """

    def __init__(
        self,
        work: Path,
        threads: int,
        tell: Callable[[int, int], None] = lambda done, total: None,
    ) -> None:
        """Read the project; ``tell`` hears how many models of a run are done.

        :raises TransformFailed: it cannot be read.
        """
        self._work = work
        self._tell = tell
        os.environ["JOBS"] = str(threads)
        os.environ["WAREHOUSE_BUILD"] = str(work / DATABASE_NAME)
        self._manifest: Manifest | None = None
        # The manifest is for what tells of the models afterwards, the other for the
        # next parse. Writing them takes seconds, so they are written when they are
        # others. Damaged ones would be believed.
        mark = work / "dbt" / "target" / "version"
        written = [mark.with_name(name) for name in _WRITTEN]
        made_of, _, kept = _said(mark).partition(" ")
        if kept != " ".join(map(_digest, written)):
            for path in written:
                path.unlink(missing_ok=True)
            made_of = ""
        self._manifest = self._invoke("parse", writes=made_of != version())
        mark.write_text(" ".join((version(), *map(_digest, written))))

    def seed(self, database: Path) -> None:
        """Have ``database`` hold the schema ``seeds`` and nothing else.

        It is kept from build to build, as long as the seeds are the same and the file is
        as it was written.

        :raises TransformFailed: a seed cannot be loaded.
        """
        mark = database.with_name("version")
        made_of = f"{version()} {seeds_version()}"
        if _said(mark) == f"{made_of} {_digest(database)}":
            return
        mark.unlink(missing_ok=True)
        create(database)
        with self._on(database):
            self._invoke("seed")
        with connect(database) as connection:
            connection.execute("checkpoint")
        mark.write_text(f"{made_of} {_digest(database)}")

    def run(self, database: Path, *selection: str) -> None:
        """Run the models, all or those that the arguments of dbt select.

        :raises TransformFailed: a model failed.
        """
        with self._on(database):
            self._invoke("run", *selection)

    @property
    def nodes(self) -> Sequence[Any]:
        """The models, as dbt knows them."""
        assert self._manifest is not None
        return [
            node
            for node in self._manifest.nodes.values()
            if node.resource_type == "model"
        ]

    @contextmanager
    def _on(self, database: Path) -> Iterator[None]:
        from dbt.adapters.duckdb.connections import DuckDBConnectionManager

        assert database.name == DATABASE_NAME
        os.environ["WAREHOUSE_BUILD"] = str(database)
        try:
            yield
        finally:
            DuckDBConnectionManager.close_all_connections()

    def _invoke(self, command: str, *arguments: str, writes: bool = False) -> Any:
        # Imported here: the import alone takes seconds, and only a build needs it.
        from dbt.cli.main import dbtRunner

        result = dbtRunner(self._manifest, [_Counter(self._tell)]).invoke(
            [
                *("--log-path", str(self._work / "dbt" / "logs")),
                *("--log-level", "none"),
                "--write-json" if writes else "--no-write-json",
                command,
                *("--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT)),
                *("--target-path", str(self._work / "dbt" / "target")),
                *arguments,
            ]
        )
        if result.success:
            return result.result
        if isinstance(result.exception, KeyboardInterrupt):
            raise result.exception
        if result.exception is not None:
            raise TransformFailed(str(result.exception)) from result.exception
        failures = _failures(result.result)
        told = failures[:_MOST_TOLD]
        if len(failures) > len(told):
            told.append(f"另有 {len(failures) - len(told)} 个模型没有完成。")
        if any("No space left on device" in failure for failure in failures):
            folder = Path(os.environ["WAREHOUSE_BUILD"]).absolute().parent
            told.append(f"磁盘空间不足：请清理 {folder} 所在的磁盘。")
        raise TransformFailed("\n".join(told))


class _Counter:
    """Hears dbt's events and counts the models and seeds that are done."""

    def __init__(self, tell: Callable[[int, int], None]) -> None:
        self._tell = tell
        self._done = self._total = 0

    def __call__(self, event: Any) -> None:
        if event.info.name == "ConcurrencyLine":
            self._total = event.data.node_count
        elif event.info.name == "NodeFinished":
            self._done += 1
            self._tell(self._done, self._total)


def _said(mark: Path) -> str:
    return mark.read_text(errors="replace") if mark.exists() else ""


def _digest(path: Path) -> str:
    if not path.exists():
        return "none"
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _failures(result: object) -> list[str]:
    return [
        f"{node.node.name}: {node.message}"
        for node in getattr(result, "results", [])
        if str(node.status) in ("error", "fail")
    ]
