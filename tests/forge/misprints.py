"""Plants wrong figures in the running text of a clean disclosure.

A misprint is a slip in one figure, or in the word before it that gives its sign, that
breaks a claim of the text or contradicts a table: nothing else can be found.
"""

from __future__ import annotations

import copy
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from tests.forge.make import Disclosure
from tests.forge.paper import Paper
from tests.forge.prose import Claim, Prose, Said, copies

# What each kind may strike.
MEANINGS: dict[str, tuple[str, ...]] = {
    "prose_figure": ("amount",),
    "prose_share": ("share", "completion"),
    "prose_growth": ("growth",),
    "prose_sign": ("change", "growth"),
}
PROSE_KINDS = tuple(MEANINGS)
OPPOSITE = {"增加": "减少", "减少": "增加", "增长": "下降", "下降": "增长"}
# How far beyond what rounding allows, that rules may round once more than the forge.
CLEARLY = 3


@dataclass(frozen=True, slots=True)
class Misprint:
    """A figure of the text that is printed wrong, and the claims that it breaks."""

    kind: str
    said: Said
    printed: str
    value: Decimal
    paragraph: str
    broken: tuple[Claim, ...]
    is_in_table: bool  # a table prints the right figure

    @property
    def printed_text(self) -> str:
        return self.paragraph[max(0, self.said.start - 4) : self.said.end]

    @property
    def right_text(self) -> str:
        return self.said.printed

    @property
    def right_yuan(self) -> Decimal:
        return self.said.value * 10_000

    def rows(self, prose: Prose) -> list[dict[str, str]]:
        """The figures of the text after the slip."""
        figures = [
            replace(said, printed=self.printed, value=self.value)
            if said.number == self.said.number
            else said
            for said in prose.figures
        ]
        return replace(prose, figures=figures).rows()


def _copy(number: int, value: Decimal, allowed: Decimal) -> Claim:
    def gap(values: Mapping[int, Decimal]) -> tuple[Decimal, Decimal]:
        return values[number] - value, allowed

    return Claim("table", (number,), gap)


def misprinted(
    kind: str, rng: random.Random, disclosure: Disclosure
) -> Misprint | None:
    """A misprint of a kind, or None where the text has no place for it."""
    prose = disclosure.prose
    if prose is None:
        return None
    printed_twice = list(copies(disclosure.book, prose))
    claims = [*prose.claims, *(_copy(*found) for found in printed_twice)]
    in_table = {number for number, _, _ in printed_twice}
    able = [s for s in prose.figures if s.value and s.meaning in MEANINGS[kind]]
    rng.shuffle(able)
    for said in able:
        for printed, value, paragraph in _slips(kind, rng, prose, said):
            values = {**prose.values, said.number: value}
            broken = tuple(
                claim
                for claim in claims
                if said.number in claim.figures and claim.fails(values, CLEARLY)
            )
            if broken:
                is_in_table = said.number in in_table
                return Misprint(
                    kind, said, printed, value, paragraph, broken, is_in_table
                )
    return None


def _slips(
    kind: str, rng: random.Random, prose: Prose, said: Said
) -> Iterator[tuple[str, Decimal, str]]:
    """Number, value and paragraph after each of some slips."""
    paragraph = prose.paragraphs[said.paragraph]
    if kind == "prose_sign":
        if said.words:
            start, end = said.words
            word = OPPOSITE[paragraph[start:end]]
            yield (
                said.printed,
                -said.value,
                paragraph[:start] + word + paragraph[end:],
            )
        return
    places = [at for at, sign in enumerate(said.printed) if sign.isdigit()]
    for _ in range(4):
        at = rng.choice(places)
        new = rng.choice([d for d in "0123456789" if d != said.printed[at]])
        if at == places[0] and new == "0":
            continue
        printed = said.printed[:at] + new + said.printed[at + 1 :]
        value = Decimal(printed.replace(",", ""))
        shown = paragraph[said.start : said.end].replace(said.printed, printed, 1)
        yield (
            printed,
            -value if said.value < 0 else value,
            paragraph[: said.start] + shown + paragraph[said.end :],
        )


def with_misprint(disclosure: Disclosure, error: Misprint) -> Disclosure:
    """The disclosure as it is published with the misprint."""
    prose = disclosure.prose
    assert prose is not None
    blocks = list(disclosure.book.paper.blocks)
    blocks[prose.first_block + error.said.paragraph] = error.paragraph
    book = copy.copy(disclosure.book)
    book.paper = Paper(disclosure.book.paper.title, blocks)
    return replace(disclosure, book=book)
