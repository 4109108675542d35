"""Runs the compiled statements of models on a database, those that wait for none at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import dataclass
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

import duckdb

from pipeline.load import connect


@dataclass(frozen=True, slots=True)
class Model:
    """A model as dbt compiled it."""

    name: str
    schema: str
    kind: str  # table or view
    kept_by: str | Mapping[str, str] | None  # see pipeline/keeping.py
    needs: Sequence[str]  # names of other models
    query: str

    @property
    def statement(self) -> str:
        """Puts the model in the place of the one before."""
        relation = f'"{self.schema}"."{self.name}"'
        return f"create or replace {self.kind} {relation} as ({self.query}\n)"


class StatementFailed(Exception):
    """A model could not be made; the message names it."""


def run(
    database: Path,
    models: Iterable[Model],
    threads: int,
    tell: Callable[[int, int], None],
) -> None:
    """Make the models in ``database``, on as many threads.

    What they need of others lies there already. ``tell`` hears how many are done.

    :raises StatementFailed: one of them failed; what was running is broken off.
    """
    chosen = {model.name: model for model in models}
    order = TopologicalSorter(
        {
            name: [need for need in model.needs if need in chosen]
            for name, model in chosen.items()
        }
    )
    order.prepare()
    with connect(database) as connection:
        connection.execute("set preserve_insertion_order = false")
        schemas = {model.schema for model in chosen.values()}
        for schema in sorted(schemas):
            connection.execute(f'create schema if not exists "{schema}"')

        at_work: set[duckdb.DuckDBPyConnection] = set()

        def make(model: Model) -> None:
            with connection.cursor() as cursor:
                at_work.add(cursor)
                try:
                    cursor.execute(model.statement)
                except duckdb.Error as error:
                    raise StatementFailed(f"{model.name}: {error}") from error
                finally:
                    at_work.discard(cursor)

        with ThreadPoolExecutor(threads) as pool:
            running: dict[Future[Any], str] = {}
            done = 0
            try:
                while order.is_active():
                    for name in order.get_ready():
                        running[pool.submit(make, chosen[name])] = name
                    # Not for ever: where polars has taken Ctrl-C, that would wait too.
                    ended, _ = wait(running, 1, FIRST_COMPLETED)
                    for future in ended:
                        future.result()
                        order.done(running.pop(future))
                        done += 1
                        tell(done, len(chosen))
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                # What had not begun never ends: `wait` would wait for it for ever.
                begun = [future for future in running if not future.cancelled()]
                # Some take minutes. One that begins just now is met the next time.
                while wait(begun, 0.05).not_done:
                    for cursor in tuple(at_work):
                        with suppress(duckdb.Error):  # it has ended meanwhile
                            cursor.interrupt()
                raise
