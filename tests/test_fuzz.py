"""The corpus of the fuzzing, and a few changes of it, keep every promise."""

from __future__ import annotations

import random

import pytest

from ingest.document import Limits
from tests.fuzz.mutation import mutated
from tests.fuzz.promises import READERS, TooSlow, _time_limit, check
from tests.fuzz.seeds import CORPUS, kept

KEPT = {
    reader.name: kept(reader.name) for reader in CORPUS.iterdir() if reader.is_dir()
}
_CHANGES = 40
_MOST_CORPUS_BYTES = 500_000


@pytest.mark.parametrize("reader", KEPT)
def test_the_corpus_keeps_every_promise(reader: str) -> None:
    for name, data in KEPT[reader].items():
        try:
            check(reader, data)
        except BaseException as error:
            raise AssertionError(f"{reader}/{name}") from error


@pytest.mark.parametrize("reader", KEPT)
def test_changes_by_chance_keep_every_promise(reader: str) -> None:
    """The same in every run, so that a failure can be looked into."""
    rng = random.Random(7)
    files = list(KEPT[reader].values())
    for _ in range(_CHANGES):
        check(reader, mutated(reader, rng.choice(files), rng, files))


def test_the_corpus_is_small_and_of_every_reader() -> None:
    assert KEPT.keys() == READERS.keys() - {"any"}
    size = sum(len(data) for files in KEPT.values() for data in files.values())
    assert size < _MOST_CORPUS_BYTES


def test_a_broken_promise_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    def bare(*_: object) -> None:
        raise ValueError("a bug")

    monkeypatch.setitem(READERS, "text", bare)
    with pytest.raises(ValueError, match="a bug"):
        check("text", b"x", Limits())
    with pytest.raises(TooSlow), _time_limit(0.1):
        while True:
            pass
