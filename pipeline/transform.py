"""Has dbt compile the models, and runs them on warehouses, inside this process."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline import statements
from pipeline.load import connect
from pipeline.publication import create, tells_of_damage
from pipeline.settings import DATABASE_NAME, PROJECT
from pipeline.statements import Model
from pipeline.versions import is_as_read, seeds_version, version

if TYPE_CHECKING:
    from dbt.contracts.graph.manifest import Manifest

_WRITTEN = ("manifest.json", "partial_parse.msgpack")  # by dbt, in its target
_MOST_TOLD = 5  # models that failed: where the disk is full, all of them do


# What DuckDB says where the memory or the disk is at fault.
_OF_MACHINE = ("Out of Memory Error", "IO Error", "No space left on device")


def tells_of_machine(said: str) -> bool:
    """Whether the engine says that the machine is at fault, or a worn disk."""
    return tells_of_damage(said) or any(sign in said for sign in _OF_MACHINE)


class TransformFailed(Exception):
    """A model or seed failed; the message names each."""

    @property
    def is_of_machine(self) -> bool:
        """Whether the machine is at fault, and neither a model nor a document."""
        return tells_of_machine(str(self))


class Models:
    """The models of the project, run on one database after another.

    dbt reads, checks and compiles them, and runs them on the first database after they
    changed. What it compiled there is the same for every other: it is kept, and run as
    it is. dbt's own overhead is otherwise most of what a small batch costs.

    dbt's tests prove the project and belong to ``make test``; what every single
    warehouse must satisfy is in ``expectations/``.
    """

    def __init__(
        self,
        work: Path,
        threads: int,
        tell: Callable[[int, int], None] = lambda done, total: None,
    ) -> None:
        """``tell`` hears how many models of a run are done."""
        self._work = work
        self._threads = threads
        self._tell = tell
        os.environ["JOBS"] = str(threads)
        os.environ["WAREHOUSE_BUILD"] = str(work / DATABASE_NAME)
        self._target = work / "dbt" / "target"
        self._compiled: list[Model] | None = self._read()

    @cached_property
    def _manifest(self) -> Manifest:
        # It is for what tells of the models afterwards, the other file for the next
        # parse. Writing them takes seconds, so they are written when they are others.
        # Damaged ones would be believed.
        mark = self._target / "version"
        written = [self._target / name for name in _WRITTEN]
        made_of, _, kept = _said(mark).partition(" ")
        if kept != " ".join(map(_digest, written)):
            for path in written:
                path.unlink(missing_ok=True)
            made_of = ""
        manifest: Manifest = self._invoke("parse", writes=made_of != version())
        if is_as_read(version):
            mark.write_text(" ".join((version(), *map(_digest, written))))
        return manifest

    @property
    def models(self) -> Sequence[Model]:
        """The models; their queries are empty where dbt has not compiled them yet.

        :raises TransformFailed: the project cannot be read.
        """
        if self._compiled is not None:
            return self._compiled
        nodes = self._manifest.nodes.values()
        return [_model(node) for node in nodes if node.resource_type == "model"]

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
            self._invoke("seed", manifest=self._manifest)
        with connect(database) as connection:
            connection.execute("checkpoint")
        if is_as_read(version) and is_as_read(seeds_version):
            mark.write_text(f"{made_of} {_digest(database)}")

    def run(self, database: Path) -> None:
        """Run all models.

        :raises TransformFailed: a model failed.
        """
        if self._compiled is not None:
            self._run(database, self._compiled)
            return
        with self._on(database):
            done = self._invoke("run", manifest=self._manifest)
        self._compiled = [_model(result.node) for result in done.results]
        if is_as_read(version):
            self._write(self._compiled)

    def run_on_corpus(self, warehouse: Path) -> None:
        """Run the models that are made of kept tables of all documents.

        :meth:`run` was called before, in this build or another.

        :raises TransformFailed: a model failed.
        """
        assert self._compiled is not None
        self._run(
            warehouse, [model for model in self._compiled if model.kept_by == "corpus"]
        )

    def _run(self, database: Path, models: Sequence[Model]) -> None:
        assert database.name == DATABASE_NAME  # the queries name it
        try:
            statements.run(database, models, self._threads, self._tell)
        except statements.StatementFailed as error:
            raise TransformFailed(_told([str(error)], database)) from error

    @property
    def _file(self) -> Path:
        return self._work / "dbt" / "models.json"

    def _read(self) -> list[Model] | None:
        """What dbt compiled before, if it is whole and from this version."""
        try:
            seal, models = self._file.read_text(encoding="utf-8").split("\n", 1)
            is_same = seal == self._seal(models)
        except (OSError, ValueError):
            return None
        return [Model(**model) for model in json.loads(models)] if is_same else None

    def _write(self, compiled: Sequence[Model]) -> None:
        models = json.dumps([asdict(model) for model in compiled])
        written = self._file.with_suffix(".new")
        written.write_text(f"{self._seal(models)}\n{models}", encoding="utf-8")
        written.replace(self._file)

    def _seal(self, models: str) -> str:
        """A digest of what was compiled, and of what it was compiled from."""
        manifest = _digest(self._target / "manifest.json")
        made_of = f"{version()} {manifest} {models}"
        return hashlib.sha256(made_of.encode()).hexdigest()

    @contextmanager
    def _on(self, database: Path) -> Iterator[None]:
        from dbt.adapters.duckdb.connections import DuckDBConnectionManager

        assert database.name == DATABASE_NAME
        os.environ["WAREHOUSE_BUILD"] = str(database)
        try:
            yield
        finally:
            DuckDBConnectionManager.close_all_connections()

    def _invoke(
        self, command: str, manifest: Manifest | None = None, *, writes: bool = False
    ) -> Any:
        # Imported here: the import alone takes seconds, and only a build needs it.
        from dbt.cli.main import dbtRunner

        result = dbtRunner(manifest, [_Counter(self._tell)]).invoke(
            [
                *("--log-path", str(self._work / "dbt" / "logs")),
                *("--log-level", "none"),
                "--write-json" if writes else "--no-write-json",
                command,
                *("--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT)),
                *("--target-path", str(self._target)),
            ]
        )
        if result.success:
            return result.result
        if isinstance(result.exception, KeyboardInterrupt):
            raise result.exception
        if result.exception is not None:
            raise TransformFailed(str(result.exception)) from result.exception
        database = Path(os.environ["WAREHOUSE_BUILD"])
        raise TransformFailed(_told(_failures(result.result), database))


def _model(node: Any) -> Model:
    """A model of dbt's manifest."""
    return Model(
        name=node.name,
        schema=node.schema,
        kind=node.config.materialized,
        kept_by=node.config.meta.get("kept_by"),
        needs=[
            needed.rpartition(".")[2]
            for needed in node.depends_on.nodes
            if needed.startswith("model.")
        ],
        query=node.compiled_code or "",
    )


def _told(failures: Sequence[str], database: Path) -> str:
    told = list(failures[:_MOST_TOLD])
    if len(failures) > len(told):
        told.append(f"另有 {len(failures) - len(told)} 个模型没有完成。")
    if any("No space left on device" in failure for failure in failures):
        folder = database.absolute().parent
        told.append(f"磁盘空间不足：请清理 {folder} 所在的磁盘。")
    return "\n".join(told)


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
