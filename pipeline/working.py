"""Works batches of documents; one that the models cannot carry is set aside.

A shape of document that nobody has thought of may let a model fail, or give rows that a
critical expectation refuses. That document is rejected, with the reason, and the others
are worked: what stops publication is a fault that is of no single document.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence

from pipeline import publication
from pipeline.batches import Corpus
from pipeline.checking import (
    Expectations,
    ExpectationsFailed,
    Results,
    is_unsound,
)
from pipeline.history import hand_on
from pipeline.load import set_aside
from pipeline.settings import Settings
from pipeline.transform import Models, TransformFailed, tells_of_machine

LOG = logging.getLogger("build")

# Where more of a batch than one in so many fails, and more than a few, it is the
# program that is at fault.
_ONE_OF = 50
_A_FEW = 3


class Worker:
    """Runs the models and their checks on one batch after another."""

    def __init__(
        self,
        settings: Settings,
        corpus: Corpus,
        models: Models,
        expectations: Expectations,
    ) -> None:
        self._settings = settings
        self._corpus = corpus
        self._models = models
        self._expectations = expectations
        self._aside: set[str] = set()

    def work(self, batch: Sequence[str]) -> Results:
        """Fill ``settings.batch`` with all tables of ``batch``; what the checks found.

        :raises TransformFailed: a model failed, and not because of a few documents.
        :raises ExpectationsFailed: the machine kept a check from being made.
        """
        outcome = self._try(batch)
        for _ in range(max(_A_FEW, len(batch) // _ONE_OF)):
            if not (why := _failure(outcome)):
                break
            LOG.warning("looking for the document that fails: %s", why)
            document = culprit(
                [name for name in batch if name not in self._aside],
                lambda documents: bool(_failure(self._try(documents))),
            )
            if document is not None:
                self._aside.add(document)
                path = self._corpus.relative_path(document)
                LOG.warning("%s is set aside", path)
            outcome = self._try(batch)
            if document is None:
                break
        if isinstance(outcome, TransformFailed):
            raise outcome
        return outcome

    def _try(self, documents: Sequence[str]) -> Results | TransformFailed:
        database = self._settings.batch
        publication.lay(database, self._settings.seeded)
        self._corpus.load(database, documents)
        if self._aside:
            set_aside(database, self._aside)
        hand_on(self._settings.next_warehouse, database)
        try:
            self._models.run(database)
        except TransformFailed as failed:
            if failed.is_of_machine:
                raise
            return failed
        results = self._expectations.run(database, "batch")
        for result in filter(is_unsound, results):
            if tells_of_machine(result["message"] or ""):
                raise ExpectationsFailed(result["message"])
        return results


def _failure(outcome: Results | TransformFailed) -> str:
    """Why a batch is not sound; nothing where it is."""
    if isinstance(outcome, TransformFailed):
        return str(outcome)
    return "; ".join(
        f"[{result['table_name']}] {result['description']}"
        for result in outcome
        if is_unsound(result)
    )


def culprit(
    documents: Sequence[str], fails: Callable[[Sequence[str]], bool]
) -> str | None:
    """The document with which all before it fail, and without which they do not.

    ``documents`` fail together; in logarithmically many trials. None: they fail without
    any of them.
    """
    sound, failing = 0, len(documents)
    if fails(documents[:sound]):
        return None
    while failing - sound > 1:
        middle = (sound + failing) // 2
        if fails(documents[:middle]):
            failing = middle
        else:
            sound = middle
    return documents[sound]
