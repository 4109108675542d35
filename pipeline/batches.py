"""Which documents a build has to work, and which of them together.

A document is worked when it is new, has changed or is gone, and with it all that may
say something of it: those that a chain of keys in ``int_document_link`` connects. How a
document is linked is known once it was worked, so a build first works what changed, with
what it was linked to before; then, where the links tie documents of different batches,
these once more, together.
"""

from __future__ import annotations

import csv
import hashlib
import os
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from ingest import landing
from ingest.conditions import conditions
from ingest.document import Limits
from ingest.folder import File
from pipeline.keeping import LINKS
from pipeline.load import connect, load_raw, told_if_in_use
from pipeline.versions import is_as_read, seeds_version, version


class Corpus:
    """The documents that were landed, in the order of their paths."""

    def __init__(self, files: Iterable[File], landing_folder: Path) -> None:
        """``files`` are what ``ingest`` gave for ``landing_folder``."""
        # Imported here: it brings all readers, and a look at what is current needs none.
        from ingest.corpus import documents

        self._files = documents(files)
        self._landing = landing_folder
        stamps = landing.stamps(landing_folder)
        # A document is another one when its bytes, its place or what was read changed.
        self.states = {
            document: f"{file.relative_path} {file.sha256} {file.reason} "
            f"{stamps[file.landed_name]}"
            for document, file in self._files.items()
        }

    def ordered(self, wanted: Collection[str]) -> list[str]:
        """Documents in the order of their paths."""
        return [document for document in self._files if document in wanted]

    def relative_path(self, document: str) -> str:
        """Where a document lies in the folder."""
        return self._files[document].relative_path

    def load(self, database: Path, wanted: Collection[str]) -> None:
        """Fill the schema ``raw`` of ``database`` with some of the documents."""
        files = [self._files[document] for document in wanted]
        load_raw(database, self._landing, files, wanted)


# Lines of the acknowledged findings, as dbt reads them.
Accepted = frozenset[tuple[str, ...]]


class AcceptedMeanwhile(Exception):
    """Findings were accepted, or no longer, since it was found what changed."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What is not as the warehouse has it."""

    new: frozenset[str]  # documents that are not there yet, or changed
    gone: frozenset[str]
    # What concerns no document: names of views, accepted findings, floors of checks.
    is_knowledge_new: bool = False
    is_everything: bool = False  # nothing of a warehouse is kept
    accepted: Accepted | None = None  # findings, when it was found what changed

    def require_accepted(self, path: Path) -> None:
        """Once the models have read the file ``path``: it was the same before.

        :raises AcceptedMeanwhile: it was not, and others may be concerned.
        """
        if self.accepted is not None and _accepted(path) != self.accepted:
            raise AcceptedMeanwhile

    def __bool__(self) -> bool:
        """Whether there is anything to do."""
        return bool(self.new or self.gone or self.is_knowledge_new)


def changes(warehouse: Path, corpus: Corpus, accepted: Path) -> Changes | None:
    """What changed since ``warehouse`` was published.

    ``accepted`` are the acknowledged findings. None: there is no such warehouse, or
    other models made it, and nothing of it can be kept.

    :raises WarehouseInUse: another program has it open for writing.
    """
    if not warehouse.exists():
        return None
    try:
        with (
            told_if_in_use(warehouse),
            connect(warehouse, read_only=True) as connection,
        ):
            made_by = connection.execute("select * from meta.made_by").fetchone()
            if made_by is None or made_by[0] != version():
                return None
            before = dict(
                connection.execute("select * from meta.document_state").fetchall()
            )
            accepted_now = _accepted(accepted)
            known = frozenset(
                connection.execute(
                    "select finding_id, figures_fingerprint, reason, reference, "
                    "cast(acknowledged_on as varchar) from seeds.acknowledged_findings"
                ).fetchall()
            )
            judged = {row[0] for row in known ^ accepted_now}
            concerned = connection.execute(
                "select distinct document_id from marts.fct_finding "
                "where finding_id in (select unnest(cast(? as varchar[])))",
                [list(judged)],
            ).fetchall()
    except duckdb.Error:
        return None
    new = {
        document
        for document, state in corpus.states.items()
        if before.get(document) != state
    }
    new |= {document for (document,) in concerned if document in corpus.states}
    return Changes(
        new=frozenset(new),
        gone=frozenset(before.keys() - corpus.states.keys()),
        is_knowledge_new=bool(judged) or made_by[1] != _knowledge(),
        accepted=accepted_now,
    )


def _accepted(path: Path) -> Accepted:
    """The accepted findings of the file."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        _, *rows = csv.reader(file)
    return frozenset(tuple(row) for row in rows)


def _knowledge() -> str:
    """A digest of what concerns no single document: all seeds, floors of checks."""
    floors = sorted(item for item in os.environ.items() if "CHECKED_" in item[0])
    return f"{seeds_version()} {floors}"


def inputs(files: str, limits: Limits) -> str:
    """A digest of all that a warehouse depends on: files, programs, limits, knowledge.

    ``files`` is their fingerprint.
    """
    made_by = f"{version()} {_knowledge()} {conditions(limits)} {files}"
    return hashlib.sha256(made_by.encode()).hexdigest()


def is_current(warehouse: Path, inputs_of_now: str) -> bool:
    """Whether ``warehouse`` was published from the same inputs."""
    if not warehouse.exists():
        return False
    try:
        with connect(warehouse, read_only=True) as connection:
            made_of = connection.execute("select inputs from meta.made_by").fetchone()
    except duckdb.Error:
        return False  # whatever it is, another check says so
    return made_of == (inputs_of_now,)


def record_inputs(database: Path, corpus: Corpus, inputs_of_now: str) -> None:
    """Remember in ``database`` what it was made of, for :func:`changes`.

    A document that was written to while it was read is worth another try, even when
    nothing changed; what models and knowledge that were written to made, is not kept.
    """
    with connect(database) as connection:
        connection.execute("create schema if not exists meta")
        lost = connection.execute(
            "select content_id from raw.contents "
            "where reason_code = 'changed_while_read' limit 1"
        ).fetchone()
        is_worth_another_try = lost is not None or not is_as_read(seeds_version)
        made_by = version() if is_as_read(version) else "written to meanwhile"
        connection.execute(
            "create or replace table meta.made_by as "
            "select ? as version, ? as knowledge, ? as inputs",
            [made_by, _knowledge(), None if is_worth_another_try else inputs_of_now],
        )
        connection.execute(
            "create or replace table meta.document_state as "
            "select unnest(cast(? as varchar[])) as document_id, "
            "unnest(cast(? as varchar[])) as state",
            [list(corpus.states), list(corpus.states.values())],
        )
        # Where the disk is full it is told here; closing the file would pass it over.
        connection.execute("checkpoint")


class Links:
    """Which documents are to be worked together: a forest of unions."""

    def __init__(self, ties: Iterable[Sequence[str]]) -> None:
        """``ties`` are groups of documents with a common key."""
        self._parents: dict[str, str] = {}
        for tie in ties:
            for document in tie:
                self._parents.setdefault(document, document)
                self._parents[self._root(document)] = self._root(tie[0])

    @classmethod
    def of(cls, warehouse: Path) -> Links:
        """The links of all documents of a warehouse."""
        with connect(warehouse, read_only=True) as connection:
            if not _has_links(connection):
                return cls(())
            return cls(
                documents
                for (documents,) in connection.execute(
                    f"select list(document_id) from {LINKS} group by link_key "
                    "having count(*) > 1 and bool_or(binds)"
                ).fetchall()
            )

    def together_with(self, documents: Collection[str]) -> set[str]:
        """The documents, and all that are linked to them."""
        roots = {self._root(document) for document in documents}
        linked = {other for other in self._parents if self._root(other) in roots}
        return linked.union(documents)

    def groups(self, documents: Iterable[str]) -> Iterator[list[str]]:
        """The documents by what they are linked with, in their order."""
        groups: dict[str, list[str]] = {}
        for document in documents:
            groups.setdefault(self._root(document), []).append(document)
        yield from groups.values()

    def _root(self, document: str) -> str:
        root = document
        while (parent := self._parents.get(root, root)) != root:
            root = parent
        while (parent := self._parents.get(document, document)) != root:
            self._parents[document] = root
            document = parent
        return root


def split(groups: Iterable[Sequence[str]], size: int) -> Iterator[list[str]]:
    """Groups put together to batches of at most ``size``; a group is never cut."""
    batch: list[str] = []
    for group in groups:
        if batch and len(batch) + len(group) > size:
            yield batch
            batch = []
        batch.extend(group)
    if batch:
        yield batch


def _has_links(connection: duckdb.DuckDBPyConnection) -> bool:
    schema, _, name = LINKS.partition(".")
    row = connection.execute(
        "select count(*) from duckdb_tables() where schema_name = ? and table_name = ?",
        [schema, name],
    ).fetchone()
    return row is not None and row[0] > 0
