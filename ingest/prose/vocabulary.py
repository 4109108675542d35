"""The words of running text, read from ``seeds/vocabulary`` and ``seeds/official``."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ingest.columns.characters import TO_SIMPLIFIED

# What a reader of Chinese takes for the same sign. One character stays one, so that
# places in folded text are places in the printed one.
_SIGNS: dict[int, str | int] = {
    **{code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F) if code != 0xFF0C},
    **dict.fromkeys(map(ord, "【〔［〈"), "["),
    **dict.fromkeys(map(ord, "】〕］〉"), "]"),
    **dict.fromkeys(map(ord, "“”＂"), '"'),
    **dict.fromkeys(map(ord, "‘’"), "'"),
    **dict.fromkeys(map(ord, "–—―−－﹣"), "-"),
    **dict.fromkeys(map(ord, "：︰"), ":"),
    **dict.fromkeys(map(ord, "；"), ";"),
    **dict.fromkeys(map(ord, "﹪"), "%"),
    **TO_SIMPLIFIED,
}
_FOLD = str.maketrans(_SIGNS)


def fold(text: str) -> str:
    """Printed text with one form of each sign, as long as before."""
    return text.translate(_FOLD)


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a word says of the figures around it; None where it says nothing."""

    kind: str | None = None
    code: str | None = None
    side: str | None = None
    measure: str | None = None
    fund: str | None = None
    year_basis: str | None = None
    phase: str | None = None
    code_path: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """A word with the type of its token and what comes with it."""

    type: str
    meaning: Meaning | None = None
    direction: int | None = None
    bound: str | None = None


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of measurement as printed; ``unit`` is its canonical form."""

    unit: str
    kind: str
    is_numeral_unit: bool
    default_kind: str | None = None  # what is counted where no word says it
    default_code: str | None = None


# The lists whose names stand for a code where a sentence prints them.
_CODE_LISTS = (
    "functional_code",
    "functional_alias",
    "department_economic_code",
    "economic_alias",
)


class Vocabulary:
    """The words, labels and units of the seeds, by their folded form.

    A label of ``narrative_label`` wins over the name of a code, a word of
    ``narrative_word`` over both.

    :param seeds: the folder ``seeds`` of the project.
    """

    def __init__(self, seeds: Path) -> None:
        folder = seeds / "vocabulary"
        self.code_names = frozenset(_code_names(seeds / "official"))
        self.words: dict[str, Entry] = {
            name: Entry("LABEL", Meaning(kind="code", code_path=name))
            for name in self.code_names
            if len(name) > 1
        }
        for row in _read(folder / "narrative_label.csv"):
            meaning = Meaning(
                row["subject_kind"] or None,
                row["subject_code"] or None,
                row["side"] or None,
                row["measure"] or None,
                row["fund"] or None,
                row["year_basis"] or None,
                row["phase"] or None,
            )
            self.words[fold(row["label"])] = Entry("LABEL", meaning)
        for name in self.code_names:
            if _begins_with_item(name, self.words):
                del self.words[name]
        words = _read(folder / "narrative_word.csv")
        # what says nothing of the kind of revenue that follows
        self.plain_words = tuple(
            fold(row["word"]) for row in words if row["bound"] == "plain"
        )
        self.organization_suffixes = tuple(
            fold(row["suffix"]) for row in _read(folder / "organization_suffix.csv")
        )
        for row in words:
            self.words[fold(row["word"])] = Entry(
                row["token"],
                direction=int(row["direction"]) if row["direction"] else None,
                bound=row["bound"] or None,
            )
        self.units: dict[str, Unit] = {
            fold(row["printed"]): Unit(
                row["unit"],
                row["kind"],
                row["is_numeral_unit"] == "1",
                row["default_kind"] or None,
                row["default_code"] or None,
            )
            for row in _read(folder / "narrative_unit.csv")
        }
        self.word_lengths = _lengths(self.words)
        self.unit_lengths = _lengths(self.units)
        self.parents = {
            "measure": _parents(folder / "measure.csv", "measure"),
            "fund": _parents(folder / "fund.csv", "fund"),
            "item": _parents(folder / "three_public_item.csv", "item"),
        }

    def is_within(self, dimension: str, child: str, parent: str) -> bool:
        """Whether ``child`` lies below ``parent`` in a hierarchy."""
        parents = self.parents[dimension]
        seen = parents.get(child)
        while seen is not None:
            if seen == parent:
                return True
            seen = parents.get(seen)
        return False


def _begins_with_item(name: str, words: dict[str, Entry]) -> bool:
    """Whether a name is that of a code and of an item of 三公 by another name."""
    if words[name].meaning != Meaning(kind="code", code_path=name):
        return False
    heads = (words.get(name[:length]) for length in range(2, len(name)))
    return any(
        head is not None
        and head.meaning is not None
        and head.meaning.kind == "three_public"
        for head in heads
    )


def _code_names(folder: Path) -> Iterator[str]:
    for name in _CODE_LISTS:
        for row in _read(folder / f"{name}.csv"):
            yield fold(row["name"])


def _lengths(words: Iterable[str]) -> Lengths:
    """The lengths of the words by their first character, longest first."""
    lengths: dict[str, set[int]] = {}
    for word in words:
        lengths.setdefault(word[0], set()).add(len(word))
    return {
        first: tuple(sorted(found, reverse=True)) for first, found in lengths.items()
    }


Lengths = dict[str, tuple[int, ...]]


def _read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _parents(path: Path, key: str) -> dict[str, str | None]:
    return {row[key]: row["parent"] or None for row in _read(path)}
