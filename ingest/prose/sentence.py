"""Reads a sentence phrase by phrase: what each of its numbers states."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from ingest.prose.discourse import DEPTH, WHOLES, Comparison, Discourse, OpenList, Said
from ingest.prose.facets import Facets, is_same, names
from ingest.prose.grammar import Phrase, Quantity
from ingest.prose.lexer import Token
from ingest.prose.passages import Passage

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
_EDGES = " \t\u3000，,、；;：:。）)的为是约达"
_BESIDE = re.compile("[、和与及]")
_AHEAD = 40  # phrases behind a change in which another part may stand
_CHANGES = frozenset({"change", "growth"})
_COUNTED = frozenset({"performance", "resource", "three_public", "people"})
_TOPICS = frozenset({"three_public", "agency_operation"})
_OF_A_FUND = frozenset({"total", "code", "balance"})
_ENDS_LIST_HEAD = frozenset({"COLON", "STOP", "COMMA", "WORD"})
_ENDS_CLAUSE = frozenset({"COMMA", "SEMI", "COLON", "STOP", "PAUSE"})


@dataclass(frozen=True, slots=True)
class _Bracket:
    """What was at hand when a bracket opened."""

    lists: int
    last: Said | None
    subject: Facets
    labels: list[Token]
    subject_start: int | None
    has_figure: bool


class SentenceRun:
    """The reading of one sentence."""

    def __init__(
        self, text: Discourse, passage: Passage, printed: str, offset: int, number: int
    ) -> None:
        self.text = text
        self.compose = text.meanings.compose
        self.printed = printed
        self.offset = offset
        self.number = number
        self.passage = passage
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
        self.distributed_text: str | None = None
        self.fund: str | None = None  # that the sentence speaks of
        self.is_fund_open = True  # nothing yet was said of other money
        self.years: list[int] = []  # named in this clause
        self.distributed_years: list[int] = []
        self.owners: list[Said] | None = None  # of shares that are yet to come
        self.has_figure = False  # in this clause
        self.has_figures = False  # in this sentence
        self.turn: int | None = None
        self.clause_comparison: Comparison | None = None
        self.brackets: list[_Bracket] = []
        self.previous: Phrase | None = None
        self.ahead: Sequence[Phrase] = ()  # what stands behind a change
        self.last_word = len(printed)  # no phrase behind it says anything
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

    def read(self, phrases: Sequence[Phrase]) -> None:
        """Read the phrases of the sentence, all of them."""
        for place in range(len(phrases) - 1, -1, -1):
            if phrases[place].kind not in _ENDS_LIST_HEAD:
                self.last_word = place - 1
                break
        for place, phrase in enumerate(phrases):
            self._take(phrase, phrases, place)
        self._finish()

    def _take(self, phrase: Phrase, phrases: Sequence[Phrase], place: int) -> None:
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
            if self.year is not None:
                self.years.append(self.year)
            self.text.as_of = None
        elif kind == "ASOF":
            self.is_asof = True
        elif kind == "DATE":
            self._date(phrase.tokens[0])
        elif kind in _ENDS_CLAUSE:
            self._end_clause(kind)
        elif kind == "PRIOR":
            self.is_prior = True
        elif kind == "LPAR":
            self._open_bracket()
        elif kind == "RPAR":
            self._close_bracket()
        elif kind == "LISTHEAD":
            self._list_head(phrase.tokens[0], phrases, place)
        elif kind == "DISTRIBUTE":
            self.distributed = [group for group in self.groups if group]
            self.distributed_text = self._subject_text(phrase.start)
            # 2024年和2025年的支出各是: one amount for each year
            self.distributed_years = self.years if len(set(self.years)) > 1 else []
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
            self._compare(Comparison(is_prior=True))
        elif kind == "comparison":
            self._comparison(phrase)
        elif kind == "FLAT":
            if self.clause_comparison is not None:
                self._flat(phrase)
        elif kind == "turn":
            self.turn = phrase.tokens[0].direction
        elif kind == "change":
            self.ahead = phrases[place + 1 : place + 1 + _AHEAD]
            self._change(phrase)
        elif kind in ("share", "completion"):
            if phrase.tokens[0].bound == "distribute":
                self._distribute_shares(phrases, place)
            self._of_something(phrase)
        elif kind == "amount":
            self._amount(phrase, phrases, place)
        self.previous = phrase

    def _finish(self) -> None:
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
        facets = self.compose(self.labels)
        if self.is_prior and facets.phase in _PRIOR:
            facets = facets._replace(phase=_PRIOR[facets.phase])
        return self._of_year(facets)

    def _of_year(self, facets: Facets) -> Facets:
        known = self.text.document_year
        is_before = (
            known is not None and self.year is not None and self.year == known - 1
        )
        if is_before and facets.phase in _PRIOR:
            return facets._replace(phase=_PRIOR[facets.phase])
        return facets

    def _subject_text(self, end: int) -> str | None:
        if self.subject_start is None:
            return self.carried_text
        start = self.subject_start
        if start and self.printed[start - 1] in '“"《':
            start -= 1
        printed = self.printed[start:end].strip(_EDGES)
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
            self.distributed = self.owners = None
            self.years, self.distributed_years = [], []
            self.is_fund_open = True
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

    def _open_bracket(self) -> None:
        """Remember what is at hand; behind an amount, its parts may stand inside."""
        last = self.text.last
        self.brackets.append(
            _Bracket(
                len(self.text.lists),
                last,
                self.text.subject,
                list(self.labels),
                self.subject_start,
                self.has_figure,
            )
        )
        is_behind = self.previous is not None and self.previous.kind == "amount"
        if is_behind and last is not None and len(self.brackets) < DEPTH:
            self.text.new_list(OpenList([last]))

    def _close_bracket(self) -> None:
        if self.brackets:
            outside = self.brackets.pop()
            del self.text.lists[outside.lists :]
            self.text.last = outside.last or self.text.last
            self.text.subject = outside.subject
            self.labels = outside.labels
            self.groups[-1] = list(outside.labels)
            self.subject_start = outside.subject_start
            self.has_figure = outside.has_figure

    # Lists ---------------------------------------------------------------------

    def _list_head(self, token: Token, phrases: Sequence[Phrase], place: int) -> None:
        is_open = token.bound == "open"
        is_last = place > self.last_word
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
                for said in self.text.figures[-WHOLES:]
                if said.sentence == self.number and said.meaning in ("amount", "count")
            ]
        if self.text.tops_before:
            return list(self.text.tops_before)
        return [self.text.last] if self.text.last is not None else []

    def _open_named(self, *, is_open: bool) -> OpenList | None:
        """Open a list whose whole the words before it name."""
        own = self._own()
        section = self.text.section
        is_vague = own.kind == "total" and section.kind not in (None, "total")
        if is_vague and own.measure is None and own.fund is None:
            return self._open_list(self._candidates(), is_open=is_open)
        facets = own if own.kind else own.over(section)
        found = self.text.find(facets._replace(phase=None), "money", is_exact=False)
        candidates = [found] if found is not None else self._candidates()
        return self._open_list(candidates, is_open=is_open)

    def _open_list(self, candidates: list[Said], *, is_open: bool) -> OpenList | None:
        change = self.text.change_at_hand(self.passage)
        wholes = [*candidates[-WHOLES:], *([change] if change else [])]
        if not wholes:
            return None
        entry = OpenList(wholes, is_open=is_open, is_first=not self.has_figures)
        self.text.new_list(entry)
        return entry

    def _mainly(self) -> None:
        """主要是 after a change: the changes that make it up."""
        change = self.text.change_at_hand(self.passage)
        if change is not None and self.has_figures:
            entry = OpenList([change], is_open=True, is_of_changes=True)
            self.text.new_list(entry)
        self.in_reason = True
        self._clear()

    def _open(self, phrases: Sequence[Phrase], place: int) -> None:
        """等 behind a figure: the list may leave parts out."""
        before = phrases[place - 1].kind if place else ""
        following = phrases[place + 1].kind if place + 1 < len(phrases) else ""
        if before in ("LABEL", "WORD") and following == "LABEL":
            # 印刷费等公用经费: only the last is meant, of the same money
            self.labels = [
                label
                for label in self.labels
                if label.meaning is not None and label.meaning.kind is None
            ]
            self.groups = [list(self.labels)]
            return
        if before not in ("amount", "share") or not self.text.lists:
            return
        entry = self.text.lists[-1]
        entry.is_open = True
        for part in entry.parts:
            part.is_list_open = True

    # Comparisons ---------------------------------------------------------------

    def _comparison(self, phrase: Phrase) -> None:
        comparison = Comparison()
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

    def _compare(self, comparison: Comparison) -> None:
        known = self.text.document_year
        base = self.year or known
        if comparison.is_prior and comparison.year is None and base is not None:
            comparison.year = base - 1
        is_before = comparison.is_prior or (
            comparison.year is not None
            and (base is None or comparison.year == base - 1)
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
        # (2,116人-200人) is no range
        is_range = len(numbers) == 2 and Decimal(numbers[0].number or 0) < Decimal(
            numbers[1].number or 0
        )
        for index, token in enumerate(numbers):
            said = self._said(token, quantity, token.start)
            if is_range:
                said.bound = ("at_least", "at_most")[index]
            yield said

    def _amount(self, phrase: Phrase, phrases: Sequence[Phrase], place: int) -> None:
        assert phrase.quantity is not None
        if self.previous is not None and self.previous.kind == "comparison":
            self._compared(phrase.quantity, phrase.start)
            return
        if phrase.quantity.is_money:
            if "新增" in (self._subject_text(phrase.start) or ""):
                self.turn = 1
            if self.turn is not None:
                self._turned(phrase.quantity, phrase.start)
                return
        before = self.labels[-1] if self.labels else None
        if self.distributed_years:
            self.year, *self.distributed_years = self.distributed_years
        own = self._own()
        if self.distributed:
            group = self.distributed.pop(0)
            shared = [label for label in self.labels if label not in group]
            own = self._of_year(self.compose([*group, *_heads(shared, group)]))
        following = phrases[place + 1] if place + 1 < len(phrases) else None
        is_behind = following is not None and following.kind == "DE" and not self.labels
        if (
            phrase.quantity.is_money
            and is_behind
            and not self._limits(phrase, following)
        ):
            own = Facets(kind="other")  # 100万元的工程: what is behind it, not before
        for said in self._quantities(phrase.quantity):
            kind = said.unit.kind if said.unit else ""
            said.subject_text = self._subject_text(phrase.start)
            if self.distributed is not None:
                said.subject_text = self.distributed_text
            said.meaning = _MEANING.get(kind, "other")
            is_threshold = kind == "money" and self._limits(phrase, following)
            if is_threshold:
                said.meaning = "threshold"
            elif kind == "money" and _PER_HEAD.search(said.subject_text or ""):
                said.meaning = "rate"
            elif kind == "share" and self.owners:
                self._link(said, "share", Facets())
                continue
            elif kind == "share" and self._is_completion(before, own):
                self._link(said, "completion", Facets(phase=own.phase))
                continue
            if said.unit is None:
                said.reason = "no_unit"
            elif kind == "money" and self.distributed is None and self._is_of_two():
                said.reason = "two_subjects"
            self._state(said, own, following, phrases, place)
        if not (phrase.quantity.unit and is_threshold):
            self.has_figure = self.has_figures = True
            if self.distributed is None or not self.distributed:
                self._clear()

    def _is_of_two(self) -> bool:
        """工资福利支出和资本性支出共5万元: a sum that no table prints."""
        measured = [
            label
            for label in self.labels
            if label.meaning is not None and label.meaning.measure is not None
        ]
        return any(
            self.text.meanings.are_apart(first.meaning, then.meaning)
            and _BESIDE.search(self.printed, first.end, then.start) is not None
            for first, then in pairwise(measured)
        )

    def _compared(self, quantity: Quantity, start: int) -> None:
        """比上年预算数850万元增加150万元: the amount of the year before."""
        text, comparison = self.text, self.clause_comparison or Comparison()
        last = text.last
        own = self._own()
        for said in self._quantities(quantity):
            base = own if own.names_something() or last is None else last.facets
            phase = comparison.phase or _PRIOR.get(base.phase or "budget")
            said.facets = _of_unit(base._replace(phase=phase), said)
            said.meaning = _MEANING.get(said.unit.kind if said.unit else "", "other")
            said.year = comparison.year
            said.subject_text = self._subject_text(start)
            said.reason = None if said.unit else "no_unit"
            self._judge(said)
            text.add(said)
        self.has_figures = True

    def _turned(self, quantity: Quantity, start: int) -> None:
        """增加支出100万元: a change, with what changes behind the word."""
        own = self._own()
        for said in self._quantities(quantity):
            said.meaning, said.direction = "change", self.turn
            said.subject_text = self._subject_text(start)
            is_known = own.names_something() and not self.in_reason
            facets = _of_money(own, said) if is_known else Facets(kind="other")
            said.facets = _of_unit(self._in_section(facets, said), said)
            self.text.add(said)
        self.has_figure = self.has_figures = True
        self.turn = None
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
        own = self._of_topic(self._of_subject(own))
        facets = own
        if self.carried is not None:
            facets = (
                own.over(self.carried) if self.carried.kind or not own.kind else own
            )
        said.is_fund_lent = facets.fund is None
        if said.meaning == "amount" and self._give_to_project(said, facets):
            return
        is_silent = not facets.names_something()
        if is_silent or (facets.kind is None and not text.lists):
            facets = facets.over(self._inherited(said)._replace(phase=None))
        said.facets = facets
        if said.meaning in ("amount", "count"):
            said.facets = _of_unit(facets, said)
            text.put_in_list(said, own if self.carried is None else facets)
            if said.whole is not None:
                said.facets = said.facets.over(said.whole.facets)
        said.facets = self._in_sentence(said.facets, said)
        said.facets = self._in_section(said.facets, said)
        said.facets = _of_unit(_of_money(said.facets, said), said)
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
            has_words = self.subject_start is not None and not self.labels
            is_other = has_words and subject.kind != "performance"
            return Facets() if is_other and not self.text.lists else subject
        default = said.unit.default_kind if said.unit is not None else None
        if default == subject.kind == "three_public":
            return subject  # 接待15批次
        has_own = default is not None
        is_other = has_own or self.subject_start is not None
        return Facets() if is_other or subject.kind not in _COUNTED else subject

    def _of_subject(self, own: Facets) -> Facets:
        """年初预算为…，支出决算为…: the second is of the subject of the first."""
        subject = self.text.subject
        is_vague = own == Facets(kind="total", side=own.side, phase=own.phase)
        is_other_plan = own.phase is not None and own.phase != subject.phase
        is_known = subject.names_something() and subject.side in (None, own.side)
        if is_vague and is_other_plan and is_known:
            return Facets(phase=own.phase)
        return own

    def _of_topic(self, own: Facets) -> Facets:
        """共计支出8万元 in a section on 三公经费: of these, not of all expenditure.

        So are 一般公共预算支出 and 国有资本经营预算支出 there, though the latter is a
        code's name, too. In a section on 项目支出 expenditure is of that kind.
        """
        section = self.text.section
        if section.kind not in _TOPICS and section.measure is None:
            return own
        is_topic = section.kind in _TOPICS
        if is_topic and own.kind == "code" and own.code_path is not None:
            fund = self.text.meanings.fund_of_code(own.code_path)
            return own if fund is None else Facets(fund=fund, phase=own.phase)
        is_sum = any(
            label.meaning is not None
            and label.meaning.kind == "total"
            and label.meaning.side is None
            for label in self.labels
        )
        is_bare = own == Facets(
            "total", side="expenditure", fund=own.fund, phase=own.phase
        )
        if is_topic and is_bare and not is_sum:
            return Facets(fund=own.fund, phase=own.phase)
        if is_bare and not is_sum and section.kind == "total" and own.fund is None:
            return own._replace(measure=section.measure)
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

    def _give_to_project(self, said: Said, facets: Facets) -> bool:
        """Below 项目名称： an amount is of that project, or of nothing that is known.

        Words of a kind of expenditure or a source mean its own there; in a paragraph
        that begins with no label they may sum up all projects.
        """
        text = self.text
        if text.project is None or facets.kind not in (None, "total"):
            return False
        if text.is_labelled and (facets.names_something() or facets.phase):
            said.facets = Facets("project", fund=facets.fund, phase=facets.phase)
            said.subject_text = text.project
        elif facets.names_something():
            return False
        else:
            said.facets = Facets("other", phase=facets.phase)
        text.add(said)
        text.subject = said.facets
        text.last, text.last_change = said, None
        return True

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
        named = self.compose(labels)
        is_thing = named.kind in ("resource", "three_public", "people")
        return named.over(own) if is_thing else own

    def _in_sentence(self, facets: Facets, said: Said) -> Facets:
        """Of which money an amount is that stands beside others in its sentence.

        政府性基金预算财政拨款收入5万元，支出5万元；年末结转0万元: a source holds until
        another is named. Sources side by side, and one behind an amount of no source,
        are parts of something and hold for nothing.
        """
        if said.meaning != "amount" or facets.kind not in _OF_A_FUND:
            return facets
        if said.whole is not None:
            return facets
        if facets.fund is None:
            if self.fund is None:
                self.is_fund_open = False
            return facets._replace(fund=self.fund)
        before = self.text.last
        is_listed = (
            before is not None
            and before.sentence == self.number
            and before.facets.fund != facets.fund
            and is_same(before.facets._replace(fund=facets.fund), facets)
        )
        is_held = self.text.meanings.is_fiscal(facets.fund) and self.is_fund_open
        self.fund = facets.fund if is_held and not is_listed else None
        self.is_fund_open = self.fund is not None
        return facets

    def _in_section(self, facets: Facets, said: Said) -> Facets:
        section = self.text.section
        if facets.kind is None:
            if said.meaning == "count" and section.kind not in _COUNTED:
                return facets
            is_unnamed = self.subject_start is not None and not self.labels
            if section.kind == "total" and is_unnamed:
                return facets
            return facets.over(section)
        if facets.kind in _OF_A_FUND and facets.fund is None:
            return facets._replace(fund=section.fund)
        return facets

    def _judge(self, said: Said) -> None:
        """Whether a figure is placed."""
        if said.reason is not None:
            return
        if said.facets.kind is None:
            if _WORD_CHARACTERS.search(said.subject_text or ""):
                said.facets = said.facets._replace(kind="other")
            elif said.meaning in ("amount", "count"):
                said.reason = "no_subject"
            else:
                said.facets = said.facets._replace(kind="other")

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
        own = self._of_topic(self._own())
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
        facets_said = _of_money(self._in_section(said.facets, said), said)
        said.facets = _of_unit(facets_said, said)
        if said.meaning == "change":
            text.put_in_list(said, facets)
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
            facets = facets.over(entry.wholes[-1].facets._replace(phase=None))
        section = text.section
        full = facets
        if facets.kind is None:
            full = facets.over(section)
        is_reason = self.in_reason and not (entry and entry.is_of_changes)
        is_nameless = full.kind == "other"  # one of them is not another
        if not is_reason and not is_nameless:
            said.owner = text.find(full, "money", is_exact=True)
        if (
            said.owner is None
            and not is_reason
            and full.kind == "total"
            and full.fund is None
        ):
            said.owner = text.find(
                full._replace(fund=section.fund), "money", is_exact=True
            )
        said.facets = (
            said.owner.facets._replace(phase=facets.phase or said.owner.facets.phase)
            if said.owner is not None
            else full
        )

    def _change_of_last(self, said: Said, own: Facets) -> None:
        """A change without a subject of its own: of the amount at hand."""
        text = self.text
        is_named = self.subject_start is not None
        before = text.last_change
        if (
            before is not None
            and before.sentence == self.number
            and not (self.in_reason and is_named)
        ):
            said.owner = before.owner
            said.facets = before.facets
            if before.reason == "two_subjects":
                said.reason = before.reason
            return
        # 主要原因是业务变化，较上年增加5万元: behind the reason, of the amount again
        is_beside = self.clause_comparison is not None and self.subject_start is None
        if self.in_reason and not is_beside:
            said.facets = Facets(kind="other")
            return
        last = text.last
        is_unknown = is_named and not self.labels and self.clause_comparison is None
        if is_unknown:  # 临时项目增加50万元
            said.facets = Facets(kind="other")
            return
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
        if said.meaning == "change" and said.unit and last.family != said.family:
            same = (one for one in text.recent() if self._can_own(one, said))
            last = next(same, None)
            if last is None:
                said.facets = Facets(kind="other")
                return
        owner = self._of_list(last, said)
        if owner is None:
            said.reason = said.reason or "two_subjects"
            said.facets = Facets(kind="other")
            return
        said.owner = owner
        said.facets = owner.facets

    def _can_own(self, said: Said, change: Said) -> bool:
        return (
            said.passage is self.passage
            and said.meaning in ("amount", "count")
            and said.family == change.family
        )

    def _of_list(self, last: Said, said: Said) -> Said | None:
        """The whole, if the change comes behind parts that only commas divide.

        None where it may be of the one part as well as of the whole.
        """
        entry = next((one for one in self.text.lists if last in one.parts[-1:]), None)
        if entry is None or entry.is_of_items or entry.has_semicolon:
            return last
        is_first = not entry.has_change
        entry.has_change = True
        if is_first and len(entry.parts) > 1 and last.whole is not None:
            return last.whole
        if is_first and len(entry.parts) == 1:
            return self._of_aside(last, said)
        return last

    def _of_aside(self, part: Said, said: Said) -> Said | None:
        """The one part of a whole, or the whole: that whose arithmetic holds.

        收入800万元，其中上年结转20万元，比上年增加80万元，增长11.11%. What nothing
        contradicts is of the part, which stands nearer. Where neither holds it is of
        the part only if other parts follow.
        """
        whole = part.whole
        if whole is None or part.number_text == whole.number_text or not said.direction:
            return part
        if any(
            one.owner is whole and one.meaning in _CHANGES for one in self._figures()
        ):
            return part
        rate = self._rate_ahead()
        if _may_grow(part, said, rate):
            return part
        if _may_grow(whole, said, rate) and whole.unit == said.unit:
            return whole
        return part if self._has_amount_ahead() else None

    def _figures(self) -> Iterator[Said]:
        """The figures of the sentence, the last first."""
        for one in self.text.recent():
            if one.sentence != self.number:
                return
            yield one

    def _has_amount_ahead(self) -> bool:
        """Whether another part may follow, before the reason of the change."""
        for phrase in self.ahead:
            if phrase.kind in ("REASON", "MAINLY"):
                return False
            if phrase.kind == "amount":
                return True
        return False

    def _rate_ahead(self) -> Token | None:
        """The rate of growth that is printed with a change, behind it."""
        for phrase in self.ahead:
            if phrase.kind not in ("COMMA", "change"):
                break
            quantity = phrase.quantity
            if quantity is not None:
                unit = quantity.unit
                is_rate = unit is not None and unit.kind == "share"
                return quantity.numbers[0] if is_rate else None
        return None

    def _of_something(self, phrase: Phrase) -> None:
        """A share or a completion."""
        assert phrase.quantity is not None
        base = self.compose(token for token in phrase.tokens if token.type == "LABEL")
        for said in self._quantities(phrase.quantity):
            said.subject_text = self._subject_text(phrase.start)
            if said.unit is None or said.unit.kind != "share":
                self._no_share(said, phrase)
                continue
            is_plan = base.phase is not None and not base.names_something()
            meaning = "completion" if is_plan else phrase.kind
            self._link(said, meaning, base)

    def _distribute_shares(self, phrases: Sequence[Phrase], place: int) -> None:
        """分别占60%和40%: one share of each of the amounts before."""
        count = 1
        while count < WHOLES and place + 2 * count < len(phrases):
            between = phrases[place + 2 * count - 1]
            other = phrases[place + 2 * count].quantity
            is_share = other is not None and other.unit and other.unit.kind == "share"
            if between.kind not in ("AND", "PAUSE", "COMMA") or not is_share:
                break
            count += 1
        amounts = [
            said
            for said in self.text.figures[-WHOLES:]
            if said.sentence == self.number and said.meaning == "amount"
        ]
        self.owners = amounts[-count:] if len(amounts) >= count > 1 else []

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
        if self.owners is not None:
            owner = self.owners.pop(0) if self.owners else None
            said.reason = None if owner else "two_subjects"
        elif own.kind is not None and meaning == "share":
            owner = None if self._is_share_of_two() else self._named_owner(own)
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

    def _named_owner(self, own: Facets) -> Said | None:
        text = self.text
        if own.fund is None and text.section.fund is not None:
            own = own._replace(fund=text.section.fund)
        return text.find(own._replace(phase=None), "", is_exact=True)

    def _is_share_of_two(self) -> bool:
        """货物采购授予中小企业合同金额占…: of an amount that is not printed."""
        codes = {
            label.meaning.code
            for label in self.labels
            if label.meaning is not None and label.meaning.kind == "procurement"
        }
        return len(codes - {None, "total", "awarded"}) > 1

    def _judge_share(self, said: Said) -> None:
        if self.in_reason and said.facets.kind is None:
            said.facets = said.facets._replace(kind="other")
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
                    and is_same(other.facets, owner.facets)
                ):
                    return other
            return None
        if base.names_something():
            wanted = base._replace(phase=None)
            for other in text.recent():
                if (
                    other is not owner
                    and other.meaning == "amount"
                    and other.family == owner.family
                    and names(wanted, other.facets, text.section.fund, is_exact=True)
                    and not (
                        owner.facets.kind == "performance"
                        and other.passage is not owner.passage
                    )
                ):
                    return other
            return None if owner.facets.kind == "performance" else owner.whole
        return owner.whole


def _may_grow(amount: Said, change: Said, rate: Token | None) -> bool:
    """Whether an amount may have changed so: from no less than nothing, at the rate."""
    if change.meaning != "change" or amount.unit != change.unit:
        return True
    moved = Decimal(change.number_text) * (change.direction or 1)
    base = Decimal(amount.number_text) - moved
    if base <= 0 or rate is None:
        return base >= 0
    percent = 100 * abs(moved) / base
    places = min(amount.scale, change.scale)
    bound = (
        Decimal(1).scaleb(-rate.scale)
        + (100 + percent) * Decimal(1).scaleb(-places) / base
    )
    return abs(percent - Decimal(rate.number or 0)) <= bound


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


def _of_money(facets: Facets, said: Said) -> Facets:
    """Money of which only the source is named is all that comes from it."""
    is_money = said.family == "money" or said.meaning in ("change", "growth")
    if facets.kind is None and is_money and (facets.fund or facets.year_basis):
        return facets._replace(kind="total")
    return facets


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
        return facets._replace(code=code, phase=None)
    if facets.kind == "total" and said.meaning == "count":
        facets = facets._replace(kind=None)
    if facets.kind == "total":
        return facets._replace(code=facets.side)
    if facets.kind == "people" and said.family == "money":
        return facets._replace(kind=None, code=None)
    if facets.kind == "code":
        return facets._replace(side=facets.side or "expenditure")
    if facets.kind == "procurement" and facets.code is None:
        return facets._replace(code="total")
    unit = said.unit
    if unit is not None and unit.default_code is not None and said.meaning == "count":
        if facets.kind is None:
            return facets._replace(kind=unit.default_kind, code=unit.default_code)
        if facets.kind == unit.default_kind and facets.code is None:
            return facets._replace(code=unit.default_code)
    return facets


def share_units(phrases: Sequence[Phrase]) -> None:
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
