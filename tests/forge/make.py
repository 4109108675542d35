"""Makes whole disclosures: a layout drawn from a truth, written in a format."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from tests.forge.book import Book, Pen
from tests.forge.layouts import LAYOUTS
from tests.forge.prose import STYLES_OF_TEXT, Prose, tell
from tests.forge.truth import Origin, Truth, make, origin_of
from tests.forge.writers import SUFFIX, WRITERS

UNSEEN_SHARE = 0.06
PROSE_SHARE = 0.33  # of the disclosures in a format of text


@dataclass(frozen=True, slots=True)
class Disclosure:
    """A file with what it says. ``style`` is a key of the writers.

    ``prose`` is the running text beside its tables, where it has any.
    """

    number: int
    layout: str
    style: str
    file_name: str
    book: Book
    prose: Prose | None = None

    def content(self) -> bytes:
        return WRITERS[self.style](self.book.paper)


def book(
    layout: str,
    seed: int,
    number: int,
    unseen: float = UNSEEN_SHARE,
    altered: Callable[[Truth], None] = lambda _: None,
    origin: Origin | None = None,
) -> Book:
    """The same seed and number give the same book, whatever else is made.

    ``altered`` changes the truth before it is drawn.
    """
    rng = random.Random(f"{seed}/{number}/{layout}")
    chosen = LAYOUTS[layout]
    year = rng.choice((2022, 2023, 2024, 2025))
    truth = make(rng, chosen.wish(), year, number, origin)
    altered(truth)
    return chosen.draw(Pen(rng, unseen), truth)


def disclosure(
    layout: str,
    style: str,
    seed: int,
    number: int,
    unseen: float = UNSEEN_SHARE,
    altered: Callable[[Truth], None] = lambda _: None,
    prose_share: float = PROSE_SHARE,
    origin: Origin | None = None,
) -> Disclosure:
    """A disclosure in a format; the same truth tells the same in every format."""
    made = book(layout, seed, number, unseen, altered, origin)
    rng = random.Random(f"prose/{seed}/{number}/{layout}")
    is_told = rng.random() < prose_share and style in STYLES_OF_TEXT
    told = tell(made, layout, rng) if is_told else None
    stem = made.paper.title.replace("情况说明", "")
    return Disclosure(number, layout, style, stem + SUFFIX[style], made, told)


def disclosures(
    count: int,
    seed: int,
    *,
    layouts: Sequence[str] = (),
    styles: Sequence[str] = (),
    unseen: float = UNSEEN_SHARE,
    first: int = 0,
    per_county: int = 0,
) -> Iterator[Disclosure]:
    """``count`` disclosures over all layouts and styles, each pair as it comes.

    Numbers begin with ``first``; a number gives the same disclosure, whatever else
    is made. Who publishes is left to chance, or counties publish ``per_county`` each.
    """
    layouts = layouts or list(LAYOUTS)
    styles = styles or list(WRITERS)
    pairs = [(layout, style) for layout in layouts for style in styles]
    random.Random(seed).shuffle(pairs)
    # Every layout and every style comes round before a pair comes twice.
    seen: Counter[str] = Counter()
    before = []
    for layout, _ in pairs:
        before.append(seen[layout])
        seen[layout] += 1
    ordered = sorted(range(len(pairs)), key=before.__getitem__)
    for number in range(first, first + count):
        layout, style = pairs[ordered[number % len(pairs)]]
        by = origin_of(number, per_county) if per_county else None
        yield disclosure(layout, style, seed, number, unseen, origin=by)
