"""How much of running text is read, and rightly, where the forge wrote it.

Per region whose words are told and per format: the figures printed, those placed with
the right meaning, with a wrong one, not placed and reported so, and missing; *links*
are wrong owners and wholes, *extra* are figures that nobody told.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import duckdb

from tests.forge.make import Disclosure
from tests.narrative import FIGURES, Comparison, Figure, compare, figure

COUNTED = ("right", "wrong", "unplaced", "missing", "links", "extra")


def figures_by_file(warehouse: Path) -> dict[str, list[Figure]]:
    """The figures of running text, as if each document were one page."""
    found: dict[str, list[Figure]] = defaultdict(list)
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        result = connection.execute(
            FIGURES.replace("cells.page", "documents.file_name, cells.page")
        )
        names = [column[0] for column in result.description or ()]
        for values in result.fetchall():
            row = dict(zip(names, values, strict=True))
            found[row["file_name"]].append(replace(figure(row), place=0))
    return found


def read(
    made: Iterable[Disclosure], warehouse: Path
) -> list[tuple[Disclosure, Comparison]]:
    """What became of the figures of each disclosure that tells any."""
    figures = figures_by_file(warehouse)
    return [
        (one, compare(one.prose.rows(), figures.get(one.file_name, [])))
        for one in made
        if one.prose
    ]


def report(read_: Sequence[tuple[Disclosure, Comparison]], show: int) -> Counter[str]:
    """Print what `make bench` prints of running text; return the total."""
    total: Counter[str] = Counter()
    for name in ("region", "format"):
        tallies: dict[str, Counter[str]] = defaultdict(Counter)
        total = Counter()
        for made, compared in read_:
            assert made.prose is not None
            key = made.prose.style if name == "region" else made.style
            for tally in (tallies[key], total):
                tally["files"] += 1
                tally["figures"] += len(made.prose.figures)
                for column in COUNTED:
                    tally[column] += len(getattr(compared, column))
        columns = ("files", "figures", *COUNTED)
        print(f"\nfigures of running text by {name}")
        print(f"{'':28}" + "".join(f"{column:>10}" for column in columns))
        for key, tally in [*sorted(tallies.items()), ("total", total)]:
            print(f"{key:28}" + "".join(f"{tally[column]:10}" for column in columns))
    if show:
        _examples(read_, show)
    return total


def _examples(read_: Sequence[tuple[Disclosure, Comparison]], show: int) -> None:
    for column in COUNTED[1:]:
        found = [
            f"{made.layout}/{made.style} {made.file_name} "
            f"({made.prose.style if made.prose else ''}): {text}"
            for made, compared in read_
            for text in getattr(compared, column)
        ]
        if found:
            print(f"\n{column} in running text: {len(found)}")
        for text in found[:: max(1, len(found) // show)][:show]:
            print(f"   {text}")
