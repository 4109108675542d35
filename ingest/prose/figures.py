"""Says what each number of a text states: of what, of which year, part of what.

The phrases of a sentence are gone through in order, with what the text has said before:
the subject at hand, the amount that a change may be of, the lists that are open. What
is looked for among earlier figures is looked for in a fixed number of them.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from ingest.prose.grammar import Grammar, Phrase, Quantity
from ingest.prose.lexer import Lexer, Token, settle
from ingest.prose.passages import Passage, Sentence
from ingest.prose.vocabulary import Meaning, Unit, Vocabulary, fold

# How many of the figures before may be meant.
_REACH = 120
_DEPTH = 8  # of lists in lists
_RANKS = {
    "total": 1,
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
_PRIOR = {
    "budget": "prior_budget",
    "adjusted_budget": "prior_budget",
    "final": "prior_final",
}
_MEANING = {
    "money": "amount",
    "count": "count",
    "area": "count",
    "rate": "rate",
    "score": "score",
    "share": "rate",
}
_PER_HEAD = re.compile(r"标准|每人|人均|每月人均|每年每|每户|每次")
_WORD_CHARACTERS = re.compile(r"[\u4e00-\u9fff]{2}")
_EDGES = " \t\u3000，,、；;：:。（）()“”\"'的为是共计约达"
_HAS_FIGURE = re.compile(
    r"[0-9０-９]|持平|一致|不变|变化|相同|相等|增减|百分之"
    r"|[一二两三四五六七八九十百千万]{2,}[个名人辆家台户次批件项元万亿]"
    r"|[一二两三四五六七八九十][名辆家台户万元]"
    r"|[：:]$"
)


@dataclass(frozen=True, slots=True)
class Facets:
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
            return replace(
                self,
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


@dataclass(slots=True)
class Said:
    """A figure with what is known of it; ``number`` is its place in the document."""

    number: int
    sentence: int
    passage: Passage
    start: int  # in the passage, as end
    end: int
    number_text: str
    scale: int
    unit: Unit | None = None
    meaning: str = "other"
    direction: int | None = None
    bound: str | None = None
    subject_text: str | None = None
    facets: Facets = field(default_factory=Facets)
    year: int | None = None
    compared_year: int | None = None
    compared_phase: str | None = None
    as_of: dt.date | None = None
    owner: Said | None = None
    whole: Said | None = None
    list: int | None = None
    is_list_open: bool = False
    reason: str | None = None  # why it could not be placed

    @property
    def family(self) -> str:
        """What it can be added to: money to money, others to their own unit."""
        if self.unit is None:
            return ""
        return "money" if self.unit.kind == "money" else self.unit.unit


@dataclass(slots=True)
class _List:
    """A list of parts that is being read.

    ``level`` is that of the numbered items, if its parts stand in paragraphs of
    their own.
    """

    wholes: list[Said]
    numbers: dict[int, int] = field(default_factory=dict)
    parts: list[Said] = field(default_factory=list)
    level: int | None = None
    is_of_items: bool = False
    is_open: bool = False
    has_semicolon: bool = False
    has_change: bool = False
    is_of_changes: bool = False
    is_first: bool = False  # its sentence begins with it


@dataclass(slots=True)
class _Comparison:
    year: int | None = None
    phase: str | None = None
    is_prior: bool = False


@dataclass(frozen=True, slots=True)
class _Bracket:
    """What was at hand when a bracket opened."""

    lists: int
    last: Said | None
    labels: list[Token]
    subject_start: int | None
    has_figure: bool


class FigureReader:
    """Reads the figures of documents."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self.lexer = Lexer(vocabulary)
        self.grammar = Grammar()
        self.title_facets = lru_cache(maxsize=4096)(self._title_facets)

    def read(self, passages: Sequence[Passage]) -> list[Said]:
        """The figures of a document in the order of print.

        Sentences are numbered over all passages from 0.
        """
        text = _Text(self, _document_year(passages))
        number = 0
        for passage in passages:
            text.enter(passage)
            for sentence in passage.sentences:
                if _HAS_FIGURE.search(sentence.text):
                    text.read(sentence, number)
                number += 1
        return text.figures

    def phrases(self, text: str) -> list[Phrase]:
        """The phrases of a sentence."""
        tokens = self.lexer.tokens(text)
        settle(tokens)
        return self.grammar.phrases(tokens)

    def _title_facets(self, title: str) -> Facets:
        tokens = self.lexer.tokens(title)
        return self.compose(token for token in tokens if token.type == "LABEL")

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


def _document_year(passages: Sequence[Passage]) -> int | None:
    """The fiscal year that the titles name."""
    for passage in passages[:60]:
        match = _TITLE_YEAR.search(fold(passage.text[:200]))
        if match:
            return int(match[1])
    return None


_TITLE_YEAR = re.compile(r"(20\d\d)\s*年(?:度)?[^。，,]{0,40}(?:预算|决算)")


class _Text:
    """The reading of one document."""

    def __init__(self, reader: FigureReader, year: int | None) -> None:
        self.reader = reader
        self.document_year = year
        self.figures: list[Said] = []
        self.lists: list[_List] = []
        self.list_count = 0
        self.passage: Passage | None = None
        self.section = Facets()
        self.tops: list[Said] = []  # amounts of the sentence that are in no list
        self.tops_before: list[Said] = []  # of the sentence before
        self.last: Said | None = None  # the amount that a change may be of
        self.last_change: Said | None = None
        self.subject = Facets()
        self.as_of: dt.date | None = None
        self.comparison: _Comparison | None = None
        self.pending: _List | None = None  # its items stand in the next passages
        self.unfinished: _List | None = None  # more may stand in the next

    # Passages ----------------------------------------------------------------

    def enter(self, passage: Passage) -> None:
        """Go on to a passage: lists of numbered items end at their level."""
        self.passage = passage
        self.section = self._section(passage)
        self.comparison = None
        unfinished, self.unfinished = self.unfinished, None
        if unfinished is not None and passage.level is None and not self.pending:
            self.pending = unfinished
        if self.pending is not None:
            self.pending.level = passage.level
            self.pending.is_of_items = True
            self.lists = [entry for entry in self.lists if entry is not self.pending]
            self.lists.append(self.pending)
            self.pending = None
        else:
            self.lists = [entry for entry in self.lists if _stays(entry, passage)]
        if passage.level is not None or passage.heading_end:
            self.last = self.last_change = None
            self.subject = self._heading(passage)
            self.as_of = None
            self.tops, self.tops_before = [], []

    def _heading(self, passage: Passage) -> Facets:
        """What the heading names that a passage begins with."""
        if not passage.heading_end or not passage.section_path:
            return Facets()
        named = self.reader.title_facets(passage.section_path[-1])
        return replace(named, phase=None) if named.kind else Facets()

    def _section(self, passage: Passage) -> Facets:
        facets = Facets()
        for title in reversed(passage.section_path):
            above = self.reader.title_facets(title)
            if facets.kind is None:
                facets = replace(above, phase=None).over(facets)
                facets = replace(facets, fund=facets.fund or above.fund)
            else:
                facets = replace(facets, fund=facets.fund or above.fund)
        return facets

    def read(self, sentence: Sentence, number: int) -> None:
        """Read the figures of a sentence."""
        assert self.passage is not None
        self.unfinished = None
        skipped = min(
            max(self.passage.heading_end - sentence.start, 0), len(sentence.text)
        )
        text = sentence.text[skipped:]
        if not text.strip():
            return
        phrases = self.reader.phrases(text)
        _share_units(phrases)
        run = _SentenceRun(self, text, sentence.start + skipped, number)
        for place, phrase in enumerate(phrases):
            run.take(phrase, phrases, place)
        run.finish()

    # Figures -----------------------------------------------------------------

    def add(self, said: Said) -> None:
        self.figures.append(said)

    def recent(self) -> Iterator[Said]:
        """The figures before, the last first, as far as any may be meant."""
        return reversed(self.figures[-_REACH:])

    def find(self, facets: Facets, family: str, *, is_exact: bool) -> Said | None:
        """The last amount that facets name."""
        for said in self.recent():
            if (
                said.meaning in ("amount", "count")
                and said.reason is None
                and family in ("", said.family)
                and _names(facets, said.facets, self.section.fund, is_exact=is_exact)
            ):
                return said
        return None

    def new_list(self, entry: _List) -> None:
        if len(self.lists) >= _DEPTH:
            self.lists.pop(0)
        self.lists.append(entry)

    def list_number(self, entry: _List, whole: Said) -> int:
        if whole.number not in entry.numbers:
            entry.numbers[whole.number] = self.list_count
            self.list_count += 1
        return entry.numbers[whole.number]


def _stays(entry: _List, passage: Passage) -> bool:
    """Whether a list goes on in the next passage."""
    if not entry.is_of_items:
        return False
    if entry.level is None:
        return passage.level is None and not passage.heading_end
    return passage.level is None or passage.level >= entry.level


def _names(
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


def _share_units(phrases: Sequence[Phrase]) -> None:
    """Give 各是4125.49，4143.91万元 its unit twice."""
    is_distributed = False
    waiting: list[Phrase] = []
    for phrase in phrases:
        if phrase.kind == "DISTRIBUTE":
            is_distributed = True
        elif phrase.kind == "amount" and phrase.quantity is not None:
            unit = phrase.quantity.unit
            if unit is None:
                waiting.append(phrase)
            else:
                if is_distributed:
                    for other in waiting:
                        assert other.quantity is not None
                        other.quantity.shared = unit
                waiting = []
        elif phrase.kind not in ("COMMA", "PAUSE", "AND"):
            waiting = []


class _SentenceRun:
    """The reading of one sentence."""

    def __init__(self, text: _Text, printed: str, offset: int, number: int) -> None:
        self.text = text
        self.reader = text.reader
        self.printed = printed
        self.offset = offset
        self.number = number
        assert text.passage is not None
        self.passage = text.passage
        self.labels: list[Token] = []
        self.groups: list[list[Token]] = [[]]
        self.carried: Facets | None = None
        self.carried_text: str | None = None
        self.subject_start: int | None = None
        self.year: int | None = None
        self.is_asof = False
        self.in_reason = False
        self.in_purpose = False
        self.is_prior = False
        self.distributed: list[list[Token]] | None = None
        self.has_figure = False  # in this clause
        self.has_figures = False  # in this sentence
        self.turn: int | None = None
        self.clause_comparison: _Comparison | None = None
        self.brackets: list[_Bracket] = []
        self.previous: Phrase | None = None
        text.tops_before, text.tops = text.tops or text.tops_before, []
        for entry in list(text.lists):
            if not entry.is_of_items:
                text.lists.remove(entry)
        if (
            any(said.whole is None for said in text.tops_before)
            and text.last is not None
        ):
            main = text.last.whole
            if main is not None and main in text.tops_before:
                text.last = main

    # Phrase by phrase ----------------------------------------------------------

    def take(self, phrase: Phrase, phrases: Sequence[Phrase], place: int) -> None:
        kind = phrase.kind
        if kind == "LABEL":
            self._label(phrase.tokens[0])
        elif kind == "WORD":
            self._begin(phrase)
            following = phrases[place + 1].kind if place + 1 < len(phrases) else ""
            if phrase.tokens[0].text.endswith("中") and following == "COMMA":
                self._open_named(is_open=False)
        elif kind == "YEAR":
            self.year = phrase.tokens[0].year
            self.text.as_of = None
        elif kind == "DATE":
            self._date(phrase.tokens[0])
        elif kind in _ENDS_CLAUSE:
            self._end_clause(kind)
        elif kind == "PRIOR":
            self.is_prior = True
        elif kind == "LPAR":
            self.brackets.append(
                _Bracket(
                    len(self.text.lists),
                    self.text.last,
                    list(self.labels),
                    self.subject_start,
                    self.has_figure,
                )
            )
        elif kind == "RPAR":
            self._close_bracket()
        elif kind == "LISTHEAD":
            self._list_head(phrase.tokens[0], phrases, place)
        elif kind == "DISTRIBUTE":
            self.distributed = [group for group in self.groups if group]
        elif kind == "REASON":
            self.in_reason = True
            self._clear()
        elif kind == "MAINLY":
            self._mainly()
        elif kind == "PURPOSE":
            self.in_purpose = True
            self._clear()
        elif kind == "OPEN":
            self._open(phrases, place)
        elif kind == "YOY":
            self._compare(_Comparison(is_prior=True))
        elif kind == "comparison":
            self._comparison(phrase)
        elif kind == "FLAT":
            if self.clause_comparison is not None:
                self._flat(phrase)
        elif kind == "turn":
            self.turn = phrase.tokens[0].direction
        elif kind == "change":
            self._change(phrase)
        elif kind in ("share", "completion"):
            self._of_something(phrase)
        elif kind == "amount":
            self._amount(phrase, phrases, place)
        self.previous = phrase

    def finish(self) -> None:
        """End the sentence.

        A list of one part that has a sentence of its own goes on in the next passage.
        """
        self._end_clause("STOP")
        lists = self.text.lists
        if lists and lists[-1].is_first and len(lists[-1].parts) == 1:
            self.text.unfinished = lists[-1]

    # Subjects ------------------------------------------------------------------

    def _begin(self, phrase: Phrase) -> None:
        if self.subject_start is None:
            self.subject_start = phrase.start

    def _label(self, token: Token) -> None:
        if self.subject_start is None:
            self.subject_start = token.start
        self.labels.append(token)
        self.groups[-1].append(token)

    def _clear(self) -> None:
        self.labels = []
        self.groups = [[]]
        self.subject_start = None
        self.is_prior = False

    def _date(self, token: Token) -> None:
        if token.day is not None and (self.is_asof or token.bound == "end"):
            self.text.as_of = token.day
        self.is_asof = False

    def _own(self) -> Facets:
        """What the labels of the clause say."""
        facets = self.reader.compose(self.labels)
        if self.is_prior and facets.phase in _PRIOR:
            facets = replace(facets, phase=_PRIOR[facets.phase])
        return self._of_year(facets)

    def _of_year(self, facets: Facets) -> Facets:
        known = self.text.document_year
        is_before = (
            known is not None and self.year is not None and self.year == known - 1
        )
        if is_before and facets.phase in _PRIOR:
            return replace(facets, phase=_PRIOR[facets.phase])
        return facets

    def _subject_text(self, end: int) -> str | None:
        if self.subject_start is None:
            return self.carried_text
        printed = self.printed[self.subject_start : end].strip(_EDGES)
        return printed[-120:] or self.carried_text

    # Clauses -------------------------------------------------------------------

    def _end_clause(self, kind: str) -> None:
        lists = self.text.lists
        if kind == "PAUSE":
            self.groups.append([])
            if self.has_figure:
                self._clear()
                self.has_figure = False
            return
        if self.has_figure or self.in_purpose or self.in_reason:
            self.carried, self.carried_text = None, None
            if self.in_reason and self.turn is not None and self.labels:
                self._carry()
        elif self.labels:
            self._carry()
        self.in_purpose = False
        self.has_figure = False
        self.clause_comparison = None
        if kind in ("SEMI", "STOP"):
            self.in_reason = False
            self.carried, self.carried_text = None, None
            self.distributed = None
            for entry in list(lists):
                entry.has_semicolon = True
                if not entry.parts and not entry.is_of_items and not self.brackets:
                    lists.remove(entry)
        if kind == "COLON" and not self.has_figures and self.labels:
            self._carry()
        self.turn = None
        self._clear()

    def _carry(self) -> None:
        own = self._own()
        if own.names_something() or self.carried is None:
            self.carried = own.over(self.carried) if self.carried else own
            self.carried_text = self._subject_text(len(self.printed))
            if self.subject_start is not None:
                last = self.labels[-1]
                self.carried_text = (
                    self.printed[self.subject_start : last.end].strip(_EDGES) or None
                )

    def _close_bracket(self) -> None:
        if self.brackets:
            outside = self.brackets.pop()
            del self.text.lists[outside.lists :]
            self.text.last = outside.last or self.text.last
            self.labels = outside.labels
            self.groups[-1] = list(outside.labels)
            self.subject_start = outside.subject_start
            self.has_figure = outside.has_figure

    # Lists ---------------------------------------------------------------------

    def _list_head(self, token: Token, phrases: Sequence[Phrase], place: int) -> None:
        is_open = token.bound == "open"
        is_last = all(
            phrase.kind in ("COLON", "STOP", "COMMA", "WORD")
            for phrase in phrases[place + 1 :]
        )
        if any(
            (label.meaning and label.meaning.kind)
            or (label.meaning and label.meaning.fund)
            for label in self.labels
        ):
            entry = self._open_named(is_open=is_open)
        else:
            entry = self._open_list(self._candidates(), is_open=is_open)
        if is_last and entry is not None:
            self.text.pending = entry
        self.in_reason = False
        self._clear()

    def _candidates(self) -> list[Said]:
        """The amounts whose parts may follow."""
        if self.has_figures:
            return [
                said
                for said in self.text.figures[-_REACH:]
                if said.sentence == self.number and said.meaning in ("amount", "count")
            ]
        if self.text.tops_before:
            return list(self.text.tops_before)
        return [self.text.last] if self.text.last is not None else []

    def _open_named(self, *, is_open: bool) -> _List | None:
        """Open a list whose whole the words before it name."""
        own = self._own()
        section = self.text.section
        is_vague = own.kind == "total" and section.kind not in (None, "total")
        if is_vague and own.measure is None and own.fund is None:
            return self._open_list(self._candidates(), is_open=is_open)
        facets = own if own.kind else own.over(section)
        found = self.text.find(replace(facets, phase=None), "money", is_exact=False)
        candidates = [found] if found is not None else self._candidates()
        return self._open_list(candidates, is_open=is_open)

    def _open_list(self, candidates: list[Said], *, is_open: bool) -> _List | None:
        if not candidates:
            return None
        entry = _List(
            candidates[-_REACH:], is_open=is_open, is_first=not self.has_figures
        )
        self.text.new_list(entry)
        return entry

    def _mainly(self) -> None:
        """主要是 after a change: the changes that make it up."""
        change = self.text.last_change
        if change is not None and self.has_figures:
            entry = _List([change], is_open=True, is_of_changes=True)
            self.text.new_list(entry)
        self.in_reason = True
        self._clear()

    def _open(self, phrases: Sequence[Phrase], place: int) -> None:
        """等 behind a figure: the list may leave parts out."""
        before = phrases[place - 1].kind if place else ""
        if before not in ("amount", "share") or not self.text.lists:
            return
        entry = self.text.lists[-1]
        entry.is_open = True
        for part in entry.parts:
            part.is_list_open = True

    def _put_in_list(self, said: Said, own: Facets) -> None:
        """Find the list and the whole of which a figure is a part."""
        lists = self.text.lists
        is_named = own.names_something()
        while lists:
            entry = lists[-1]
            if entry.is_of_items:
                is_named = is_named or said.facets.names_something()
            if entry.is_of_changes != (said.meaning in ("change", "growth")):
                if entry.is_of_changes:
                    lists.pop()
                    continue
                return
            whole = self._whole_in(entry, said)
            if whole is not None and (is_named or self._is_first(entry, said)):
                said.whole = whole
                said.list = self.text.list_number(entry, whole)
                said.is_list_open = entry.is_open
                entry.parts.append(said)
                return
            if not is_named or entry.is_of_items:
                return
            if not entry.parts and not self._is_beside(entry, said):
                return
            lists.pop()

    def _is_beside(self, entry: _List, said: Said) -> bool:
        return any(whole.family == said.family for whole in entry.wholes)

    def _is_first(self, entry: _List, said: Said) -> bool:
        """Whether an amount without a name is no second one of the same part."""
        mine = [part for part in entry.parts if part.sentence == self.number]
        if not mine:
            return not entry.is_of_items or not entry.parts
        last = mine[-1]
        return last.family != said.family

    def _whole_in(self, entry: _List, said: Said) -> Said | None:
        if entry.is_of_items and not self._is_item(entry, said):
            return None
        for whole in reversed(entry.wholes):
            if (
                whole is not said
                and (whole.family == said.family or entry.is_of_changes)
                and whole.meaning == said.meaning
                and self.reader.is_part(said.facets, whole.facets)
                and (None in (whole.year, said.year) or whole.year == said.year)
                and not _is_same(said.facets, whole.facets)
            ):
                return whole
        return None

    def _is_item(self, entry: _List, said: Said) -> bool:
        """Whether a figure is the one that its paragraph gives for the list.

        A paragraph gives one for each plan; what it says later is of that one.
        """
        same = [
            part
            for part in entry.parts[-4:]
            if part.passage is self.passage and part.family == said.family
        ]
        if any(
            None in (part.facets.phase, said.facets.phase)
            or part.facets.phase == said.facets.phase
            for part in same
        ):
            return False
        return entry.level is None or self.passage.level == entry.level

    # Comparisons ---------------------------------------------------------------

    def _comparison(self, phrase: Phrase) -> None:
        comparison = _Comparison()
        for token in phrase.tokens:
            if token.type in ("YEAR", "DATE") and token.year is not None:
                comparison.year = token.year
            elif token.type == "PRIOR":
                comparison.is_prior = True
            elif token.type == "BEGIN":
                comparison.phase = "budget"
            elif token.meaning is not None and token.meaning.phase is not None:
                comparison.phase = token.meaning.phase
        self._compare(comparison)

    def _compare(self, comparison: _Comparison) -> None:
        known = self.text.document_year
        base = self.year or known
        if comparison.is_prior and comparison.year is None and base is not None:
            comparison.year = base - 1
        is_before = comparison.is_prior or (
            comparison.year is not None
            and base is not None
            and comparison.year == base - 1
        )
        if is_before and comparison.phase in _PRIOR:
            comparison.phase = _PRIOR[comparison.phase]
        self.text.comparison = self.clause_comparison = comparison

    # Figures -------------------------------------------------------------------

    def _said(self, token: Token, quantity: Quantity, start: int) -> Said:
        """A figure of a number, without what it means."""
        tokens = quantity.tokens
        at = next(index for index, other in enumerate(tokens) if other is token)
        end, unit = token.end, token.unit
        for other in tokens[at + 1 :]:
            if other.type in ("ABOUT", "UNIT"):
                end = other.end
                unit = other.unit or unit
            else:
                break
        bound = tokens[0].bound if tokens[0].type == "BOUND" else None
        for other in tokens[at:]:
            bound = other.bound or bound
        number = token.number or "0"
        said = Said(
            number=len(self.text.figures),
            sentence=self.number,
            passage=self.passage,
            start=self.offset + start,
            end=self.offset + end,
            number_text=number,
            scale=token.scale,
            unit=unit or quantity.unit or quantity.shared,
            bound=bound,
            year=self.year,
            as_of=self.text.as_of,
        )
        if token.is_negative:
            said.direction = -1
        return said

    def _quantities(self, quantity: Quantity) -> Iterator[Said]:
        numbers = quantity.numbers
        for index, token in enumerate(numbers):
            said = self._said(token, quantity, token.start)
            if len(numbers) == 2:
                said.bound = ("at_least", "at_most")[index]
            yield said

    def _amount(self, phrase: Phrase, phrases: Sequence[Phrase], place: int) -> None:
        assert phrase.quantity is not None
        before = self.labels[-1] if self.labels else None
        own = self._own()
        if self.distributed:
            group = self.distributed.pop(0)
            shared = [label for label in self.labels if label not in group]
            own = self._of_year(self.reader.compose([*group, *_heads(shared, group)]))
        following = phrases[place + 1] if place + 1 < len(phrases) else None
        for said in self._quantities(phrase.quantity):
            kind = said.unit.kind if said.unit else ""
            said.subject_text = self._subject_text(phrase.start)
            said.meaning = _MEANING.get(kind, "other")
            is_threshold = kind == "money" and self._limits(phrase, following)
            if is_threshold:
                said.meaning = "threshold"
            elif kind == "money" and _PER_HEAD.search(said.subject_text or ""):
                said.meaning = "rate"
            elif kind == "share" and self._is_completion(before, own):
                self._link(said, "completion", Facets(phase=own.phase))
                continue
            if said.unit is None:
                said.reason = "no_unit"
            self._state(said, own, following, phrases, place)
        if not (phrase.quantity.unit and is_threshold):
            self.has_figure = self.has_figures = True
            if self.distributed is None or not self.distributed:
                self._clear()

    def _limits(self, phrase: Phrase, following: Phrase | None) -> bool:
        """Whether a quantity limits what the next words name: 50万元以上的设备."""
        assert phrase.quantity is not None
        tokens = phrase.quantity.tokens
        if following is None or following.kind in _ENDS_CLAUSE:
            return False
        if tokens[-1].type == "BOUND_AFTER" and tokens[-1].bound != "about":
            return True
        return tokens[0].type == "BOUND" and following.kind == "DE"

    def _is_completion(self, before: Token | None, own: Facets) -> bool:
        """支出决算为年初预算的95%: a share of a plan."""
        previous = self.previous
        return (
            previous is not None
            and previous.kind == "DE"
            and before is not None
            and before.meaning is not None
            and before.meaning.phase is not None
            and own.phase is not None
        )

    def _state(
        self,
        said: Said,
        own: Facets,
        following: Phrase | None,
        phrases: Sequence[Phrase],
        place: int,
    ) -> None:
        """Say what an amount or a count is of, and put it in its list."""
        text = self.text
        if own.kind is None and following is not None and said.family != "money":
            own = self._named_behind(own, phrases, place)
        if said.meaning == "threshold" and own.kind is None:
            own = self._named_behind(own, phrases, place)
        if self.in_reason and said.meaning in ("amount", "count"):
            self._give_as_reason(said, own)
            return
        own = self._of_subject(own)
        facets = own
        if self.carried is not None:
            facets = (
                own.over(self.carried) if self.carried.kind or not own.kind else own
            )
        is_silent = not facets.names_something()
        if is_silent or (facets.kind is None and not text.lists):
            facets = facets.over(replace(self._inherited(said), phase=None))
        said.facets = facets
        if said.meaning in ("amount", "count"):
            said.facets = _of_unit(facets, said)
            self._put_in_list(said, own if self.carried is None else facets)
            if said.whole is not None:
                said.facets = said.facets.over(replace(said.whole.facets, phase=None))
        said.facets = self._in_section(said.facets, said)
        said.facets = _of_unit(said.facets, said)
        self._judge(said)
        text.add(said)
        if said.meaning not in ("amount", "count"):
            return
        text.subject = said.facets
        entry = text.lists[-1] if said.whole is not None and text.lists else None
        if entry is None or entry.is_of_items:
            text.tops.append(said)
        text.last = said
        text.last_change = None

    def _inherited(self, said: Said) -> Facets:
        """The subject at hand, where a figure of this unit can be of it."""
        subject = self.text.subject
        if said.meaning != "count":
            return subject
        has_own = said.unit is not None and said.unit.default_kind is not None
        return Facets() if has_own or subject.kind not in _COUNTED else subject

    def _of_subject(self, own: Facets) -> Facets:
        """年初预算为…，支出决算为…: the second is of the subject of the first."""
        subject = self.text.subject
        is_vague = own == Facets(kind="total", side=own.side, phase=own.phase)
        is_other_plan = own.phase is not None and own.phase != subject.phase
        is_known = subject.names_something() and subject.side in (None, own.side)
        if is_vague and is_other_plan and is_known:
            return Facets(phase=own.phase)
        return own

    def _give_as_reason(self, said: Said, own: Facets) -> None:
        """A figure in a reason: of its own words, and of nothing else."""
        kind = own.kind
        if said.meaning == "amount":
            is_project = "项目" in (said.subject_text or "")
            kind = "project" if is_project else "other"
        said.facets = Facets(
            kind=kind or "other",
            code=own.code if said.meaning == "count" else None,
            year_basis=own.year_basis,
            code_path=own.code_path,
        )
        self.text.add(said)

    def _named_behind(
        self, own: Facets, phrases: Sequence[Phrase], place: int
    ) -> Facets:
        """What the words behind a count name: 下属5家预算单位."""
        labels: list[Token] = []
        for phrase in phrases[place + 1 : place + 6]:
            if phrase.kind == "LABEL":
                labels.append(phrase.tokens[0])
                meaning = phrase.tokens[0].meaning
                if meaning is not None and meaning.kind is not None:
                    break
            elif phrase.kind not in ("DE", "WORD", "LPAR", "RPAR") or labels:
                break
        named = self.reader.compose(labels)
        is_thing = named.kind in ("resource", "three_public", "people")
        return named.over(own) if is_thing else own

    def _in_section(self, facets: Facets, said: Said) -> Facets:
        section = self.text.section
        if facets.kind is None:
            if said.meaning == "count" and section.kind not in _COUNTED:
                return facets
            return facets.over(section)
        if facets.kind in ("total", "code") and facets.fund is None:
            return replace(facets, fund=section.fund)
        return facets

    def _judge(self, said: Said) -> None:
        """Whether a figure is placed."""
        if said.reason is not None:
            return
        if said.facets.kind is None:
            if _WORD_CHARACTERS.search(said.subject_text or ""):
                said.facets = replace(said.facets, kind="other")
            elif said.meaning in ("amount", "count"):
                said.reason = "no_subject"
            else:
                said.facets = replace(said.facets, kind="other")

    # Changes, shares, completions ------------------------------------------------

    def _flat(self, phrase: Phrase) -> None:
        token = phrase.tokens[0]
        said = Said(
            number=len(self.text.figures),
            sentence=self.number,
            passage=self.passage,
            start=self.offset + token.start,
            end=self.offset + token.end,
            number_text="0",
            scale=0,
            bound=token.bound,
            year=self.year,
        )
        said.meaning, said.direction = "change", 0
        self._of_change(said, phrase.start)

    def _change(self, phrase: Phrase) -> None:
        assert phrase.quantity is not None
        start = phrase.start
        for said in self._quantities(phrase.quantity):
            kind = said.unit.kind if said.unit else ""
            said.meaning = "growth" if kind in ("share", "") else "change"
            sign = phrase.tokens[0].direction or 1
            said.direction = -sign if said.direction == -1 else sign
            if said.unit is None and not (
                self.text.last_change is not None and said.scale
            ):
                said.reason = "no_unit"
            self._of_change(said, start)

    def _of_change(self, said: Said, start: int) -> None:
        text = self.text
        own = self._own()
        said.subject_text = self._subject_text(start)
        comparison = text.comparison
        if comparison is not None:
            said.compared_year = comparison.year
            said.compared_phase = comparison.phase
        facets = own
        if not own.names_something() and self.carried is not None:
            facets = own.over(self.carried)
        if facets.names_something():
            self._named_change(said, facets)
        else:
            self._change_of_last(said, facets)
        said.facets = _of_unit(self._in_section(said.facets, said), said)
        if said.meaning in ("change", "growth"):
            self._put_in_list(said, facets)
        if said.owner is None and said.facets.kind is None:
            said.reason = said.reason or "no_subject"
        if said.owner is not None and said.unit is None and said.number_text == "0":
            said.unit = said.owner.unit
        text.add(said)
        text.last_change = said
        self.has_figure = self.has_figures = True
        self.turn = None
        self._clear()

    def _named_change(self, said: Said, facets: Facets) -> None:
        text = self.text
        entry = text.lists[-1] if text.lists else None
        if entry is not None and entry.is_of_changes:
            facets = facets.over(replace(entry.wholes[-1].facets, phase=None))
        section = text.section
        full = facets
        if facets.kind is None:
            full = facets.over(section)
        is_reason = self.in_reason and not (entry and entry.is_of_changes)
        if not is_reason:
            said.owner = text.find(full, "money", is_exact=True)
        if (
            said.owner is None
            and not is_reason
            and full.kind == "total"
            and full.fund is None
        ):
            said.owner = text.find(
                replace(full, fund=section.fund), "money", is_exact=True
            )
        said.facets = (
            replace(said.owner.facets, phase=facets.phase or said.owner.facets.phase)
            if said.owner is not None
            else full
        )

    def _change_of_last(self, said: Said, own: Facets) -> None:
        """A change without a subject of its own: of the amount at hand."""
        text = self.text
        before = text.last_change
        if before is not None and before.sentence == self.number:
            said.owner = before.owner
            said.facets = before.facets
            return
        if self.in_reason:
            said.facets = Facets(kind="other")
            return
        last = text.last
        if last is None:
            said.facets = own
            return
        if own.phase is not None and last.facets.phase not in (None, own.phase):
            last = next(
                (
                    other
                    for other in text.recent()
                    if other.facets.phase == own.phase and other.meaning == "amount"
                ),
                last,
            )
        said.owner = self._of_list(last)
        said.facets = said.owner.facets

    def _of_list(self, last: Said) -> Said:
        """The whole, if the change comes behind parts that only commas divide."""
        entry = next((one for one in self.text.lists if last in one.parts[-1:]), None)
        if entry is None or entry.is_of_items or entry.has_semicolon:
            return last
        is_first = not entry.has_change
        entry.has_change = True
        if is_first and len(entry.parts) > 1 and last.whole is not None:
            return last.whole
        return last

    def _of_something(self, phrase: Phrase) -> None:
        """A share or a completion."""
        assert phrase.quantity is not None
        base = self.reader.compose(
            token for token in phrase.tokens if token.type == "LABEL"
        )
        for said in self._quantities(phrase.quantity):
            said.subject_text = self._subject_text(phrase.start)
            if said.unit is None or said.unit.kind != "share":
                self._no_share(said, phrase)
                continue
            is_plan = base.phase is not None and not base.names_something()
            meaning = "completion" if is_plan else phrase.kind
            self._link(said, meaning, base)

    def _no_share(self, said: Said, phrase: Phrase) -> None:
        """A quantity behind words that mostly give a share, which it is not."""
        if said.unit is None:
            said.reason = "no_unit"
            said.meaning = phrase.kind
            self.text.add(said)
            return
        said.meaning = _MEANING.get(said.unit.kind, "other")
        labels = [token for token in phrase.tokens if token.type == "LABEL"]
        self.labels.extend(labels)
        self._state(said, self._own(), None, (), 0)
        self.has_figure = self.has_figures = True
        self._clear()

    def _link(self, said: Said, meaning: str, base: Facets) -> None:
        text = self.text
        said.meaning = meaning
        own = self._own()
        owner = text.last
        if own.names_something() and meaning == "share":
            owner = text.find(own, "", is_exact=True) or owner
        if owner is None or self.in_reason:
            said.facets = own if own.kind else own.over(text.section)
            self._judge_share(said)
        else:
            said.owner = owner
            said.facets = owner.facets
            said.whole = self._base(owner, meaning, base)
            said.list = owner.list if said.whole is owner.whole else None
            said.is_list_open = owner.is_list_open
        text.add(said)
        self.has_figure = self.has_figures = True
        self._clear()

    def _judge_share(self, said: Said) -> None:
        if self.in_reason and said.facets.kind is None:
            said.facets = replace(said.facets, kind="other")
        if said.facets.kind is None:
            said.reason = "no_subject"

    def _base(self, owner: Said, meaning: str, base: Facets) -> Said | None:
        """The amount of which a share or a completion is."""
        text = self.text
        if meaning == "completion":
            for other in text.recent():
                if (
                    other is not owner
                    and other.meaning == "amount"
                    and other.facets.phase in ("budget", "adjusted_budget")
                    and _is_same(other.facets, owner.facets)
                ):
                    return other
            return None
        if base.names_something():
            wanted = replace(base, phase=None)
            for other in text.recent():
                if (
                    other is not owner
                    and other.meaning == "amount"
                    and other.family == owner.family
                    and _names(wanted, other.facets, text.section.fund, is_exact=True)
                    and not (
                        owner.facets.kind == "performance"
                        and other.passage is not owner.passage
                    )
                ):
                    return other
            return None if owner.facets.kind == "performance" else owner.whole
        return owner.whole


_COUNTED = frozenset({"performance", "resource", "three_public", "people"})
_ENDS_CLAUSE = frozenset({"COMMA", "SEMI", "COLON", "STOP", "PAUSE"})


def _heads(shared: Sequence[Token], group: Sequence[Token]) -> list[Token]:
    """What labels behind all groups say of each: 收入、支出总计分别为."""
    last = max((label.end for label in group), default=0)
    return [
        label
        for label in shared
        if label.start >= last
        and label.meaning is not None
        and label.meaning.side is None
    ]


def _is_same(first: Facets, then: Facets) -> bool:
    """Whether two amounts are of the same, but for the plan."""
    return replace(first, phase=None) == replace(then, phase=None)


def _of_unit(facets: Facets, said: Said) -> Facets:
    """What the unit settles: projects and money of performance, the side of totals."""
    if facets.kind == "performance":
        code = facets.code
        if said.family == "money":
            code = "amount"
        elif said.unit is not None and said.unit.kind == "score":
            code = "score"
        elif code in (None, "amount"):
            code = "projects"
        return replace(facets, code=code, phase=None)
    if facets.kind == "total" and said.meaning == "count":
        facets = replace(facets, kind=None)
    if facets.kind == "total":
        return replace(facets, code=facets.side)
    if facets.kind == "code":
        return replace(facets, side=facets.side or "expenditure")
    if facets.kind == "procurement" and facets.code is None:
        return replace(facets, code="total")
    unit = said.unit
    if unit is not None and unit.default_kind is not None and said.meaning == "count":
        if facets.kind is None:
            return replace(facets, kind=unit.default_kind, code=unit.default_code)
        if facets.kind == unit.default_kind and facets.code is None:
            return replace(facets, code=unit.default_code)
    return facets
