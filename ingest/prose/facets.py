"""What labels say of a number, and how it fits with what others say.

The facets of a figure are the keys of the warehouse: kind and code of its subject,
side, measure, fund, year basis and phase.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from ingest.prose.lexer import Token
from ingest.prose.vocabulary import Meaning, Vocabulary

_RANKS = {
    "total": 1,
    "other": 2,  # known to be in no table
    "people": 2,
    "project": 2,
    "balance": 3,
    "agency_operation": 4,
    "performance": 4,
    "procurement": 4,
    "resource": 4,
    "three_public": 4,
    "code": 5,
}
# Items that a part's item belongs to, beside the seeds' hierarchy.


class Facets(NamedTuple):
    """What is said of a subject; None where nothing is."""

    kind: str | None = None
    code: str | None = None
    side: str | None = None
    measure: str | None = None
    fund: str | None = None
    year_basis: str | None = None
    phase: str | None = None
    code_path: str | None = None

    def names_something(self) -> bool:
        """Whether it says more than which plan or year."""
        return any((self.kind, self.side, self.measure, self.fund, self.year_basis))

    def over(self, base: Facets) -> Facets:
        """These facets, where they say nothing those of ``base``."""
        if self.kind not in (None, "total", base.kind) or (
            self.kind == "total"
            and base.kind not in (None, "total")
            and self.measure is None
        ):
            # another subject: its own kind, the money and plan of the base
            return self._replace(
                fund=self.fund or base.fund,
                year_basis=self.year_basis or base.year_basis,
                phase=self.phase or base.phase,
            )
        kind = self.kind if self.kind and self.kind != "total" else base.kind
        has_code = self.code is not None or self.code_path is not None
        return Facets(
            kind=kind or self.kind,
            code=self.code if has_code else base.code,
            side=self.side or base.side,
            measure=self.measure or base.measure,
            fund=self.fund or base.fund,
            year_basis=self.year_basis or base.year_basis,
            phase=self.phase or base.phase,
            code_path=self.code_path if has_code else base.code_path,
        )


class Meanings:
    """Joins and compares facets by the hierarchies of the vocabulary."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary

    def compose(self, labels: Iterable[Token]) -> Facets:
        """What labels say together."""
        facets = Facets()
        for label in labels:
            if label.meaning is not None:
                facets = self._joined(facets, label.meaning)
        return facets

    def _joined(self, facets: Facets, said: Meaning) -> Facets:
        kind, code, path = facets.kind, facets.code, facets.code_path
        if _RANKS.get(said.kind or "", 0) >= _RANKS.get(kind or "", 1):
            is_same = said.kind == kind
            # 面向中小企业的政府采购 stays what the narrower word says
            is_wider = is_same and code is not None and said.code in (None, "total")
            if not is_wider:
                kind, code, path = said.kind, said.code, said.code_path
        return Facets(
            kind,
            code,
            _joined_side(facets.side, said.side),
            self._narrower("measure", facets.measure, said.measure),
            self._narrower("fund", facets.fund, said.fund),
            said.year_basis or facets.year_basis,
            said.phase or facets.phase,
            path,
        )

    def _narrower(
        self, dimension: str, first: str | None, then: str | None
    ) -> str | None:
        if then is None or first is None:
            return then or first
        return first if self.vocabulary.is_within(dimension, first, then) else then

    def is_fiscal(self, fund: str) -> bool:
        """Whether a source is 财政拨款 or a budget of it."""
        parent = "fiscal_appropriation"
        return fund == parent or self.vocabulary.is_within("fund", fund, parent)

    def fund_of_code(self, name: str) -> str | None:
        """The source that a code's name also is: 国有资本经营预算支出."""
        entry = self.vocabulary.words.get(name.removesuffix("支出"))
        return entry.meaning.fund if entry is not None and entry.meaning else None

    def are_apart(self, first: Meaning | None, then: Meaning | None) -> bool:
        """Whether words name two kinds of expenditure, neither of them in the other."""
        one = first.measure if first is not None else None
        other = then.measure if then is not None else None
        if one is None or other is None or one == other:
            return False
        is_within = self.vocabulary.is_within
        return not (
            is_within("measure", one, other) or is_within("measure", other, one)
        )

    def is_part(self, part: Facets, whole: Facets) -> bool:
        """Whether something can be a part of something."""
        return (
            _is_kind_part(part, whole, self.vocabulary)
            and (whole.side in (None, "both") or part.side in (None, whole.side))
            and self._is_narrower("measure", part.measure, whole.measure)
            and self._is_narrower("fund", part.fund, whole.fund)
            and not (whole.year_basis == "carryover" != part.year_basis is not None)
            and (None in (part.phase, whole.phase) or part.phase == whole.phase)
        )

    def _is_narrower(self, dimension: str, part: str | None, whole: str | None) -> bool:
        return (
            part is None
            or whole in (None, "all", "total", part)
            or self.vocabulary.is_within(dimension, part, whole or "")
        )


def _joined_side(first: str | None, then: str | None) -> str | None:
    if first is None or then is None or first == then:
        return then or first
    return "both"


def _is_kind_part(part: Facets, whole: Facets, vocabulary: Vocabulary) -> bool:
    if whole.kind is None or part.kind is None:
        return True
    if whole.kind == "total":
        return part.kind != "balance" or part.code != "carryover_out"
    if whole.kind == "performance":
        return part.kind in ("performance", "total")
    if part.kind != whole.kind:
        return part.kind == "total" and part.measure is None and part.side is None
    if whole.kind == "three_public":
        return _is_item_part(part.code, whole.code, vocabulary)
    if whole.kind == "procurement":
        return whole.code in (None, "total", "awarded") or part.code == "micro_business"
    if whole.kind == "resource":
        return part.code != whole.code
    return True


def _is_item_part(part: str | None, whole: str | None, vocabulary: Vocabulary) -> bool:
    if part is None or whole is None or part == whole:
        return part is None
    if part.startswith(f"{whole}_"):
        return True
    if part not in vocabulary.parents["item"]:
        return whole in ("total", "reception_domestic")
    return vocabulary.is_within("item", part, whole)


def names(
    said: Facets, meant: Facets, section_fund: str | None, *, is_exact: bool
) -> bool:
    """Whether words can mean an amount; a section says of which money it speaks.

    ``is_exact``: they name it by its own words, so that no facet may be its own alone.
    """
    if said.kind != meant.kind and not (said.kind is None and not is_exact):
        return False
    if said.kind != "total" and said.code != meant.code:
        return False
    if said.code_path != meant.code_path:
        return False
    if said.side is not None and meant.side not in (said.side, "both"):
        return False
    if meant.phase is not None and meant.phase.startswith("prior"):
        return False
    if said.phase == "final" and meant.phase == "budget":
        return False
    if said.measure != meant.measure:
        return False
    if meant.fund != said.fund and (said.fund or meant.fund != section_fund):
        return False
    return said.year_basis in (None, meant.year_basis) or meant.year_basis is None


def is_same(first: Facets, then: Facets) -> bool:
    """Whether two amounts are of the same, but for the plan."""
    return first._replace(phase=None) == then._replace(phase=None)
