"""What a text has said so far: its figures, the lists that are open, what is at hand.

What is looked for among earlier figures is looked for in a fixed number of them.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from ingest.prose.facets import Facets, Meanings, is_same, names
from ingest.prose.passages import Passage
from ingest.prose.vocabulary import Unit

# How many of the figures before may be meant.
_REACH = 120
# How many amounts before a list may be its whole.
WHOLES = 12
DEPTH = 8  # of lists in lists
# The head of what a text says of one project, before 预算安排规模： and others.
_PROJECT = re.compile(
    r"(?:[（(]?[\d一二三四五六七八九十]{1,3}[)）、.．]\s*)?"
    r"项目名称\s*[：:]\s*([^；;。，,]{2,80})"
)
_SECTION = 1  # level of 一、, which no detail of a project has
_LABELLED = re.compile(r"[^，,。；;：:]{2,20}[：:]")


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
    is_fund_lent: bool = False  # its source was named before
    reason: str | None = None  # why it could not be placed

    @property
    def family(self) -> str:
        """What it can be added to: money to money, others to their own unit."""
        if self.unit is None:
            return ""
        return "money" if self.unit.kind == "money" else self.unit.unit


@dataclass(slots=True)
class OpenList:
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
class Comparison:
    """With what a change compares: the year, and the plan if it is said."""

    year: int | None = None
    phase: str | None = None
    is_prior: bool = False


class Discourse:
    """The state of the reading of one document.

    ``tops`` are the amounts of the sentence that stand in no list of it,
    ``last`` is the amount that a change may be of, ``subject`` what an amount
    without words of its own is of.
    """

    def __init__(
        self,
        meanings: Meanings,
        title_facets: Callable[[str], Facets],
        year: int | None,
    ) -> None:
        self.meanings = meanings
        self.title_facets = title_facets
        self.document_year = year
        self.figures: list[Said] = []
        self.lists: list[OpenList] = []
        self.list_count = 0
        self.section = Facets()
        self._path: tuple[str, ...] | None = None
        self.project: str | None = None  # whose head the text stands below
        self._project_path: tuple[str, ...] = ()
        self.is_labelled = False  # 预算安排规模：…
        self.tops: list[Said] = []
        self.tops_before: list[Said] = []  # of the sentence before
        self.last: Said | None = None
        self.last_change: Said | None = None
        self.subject = Facets()
        self.as_of: dt.date | None = None
        self.comparison: Comparison | None = None
        self.pending: OpenList | None = None  # its items stand in the next passages
        self.unfinished: OpenList | None = None  # more may stand in the next

    # Passages ----------------------------------------------------------------

    def enter(self, passage: Passage) -> None:
        """Go on to a passage: lists of numbered items end at their level."""
        if passage.section_path != self._path:
            self._path = passage.section_path
            self.section = self._section(passage)
        self._enter_project(passage)
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

    def _enter_project(self, passage: Passage) -> None:
        """Go on with a project, begin another, or leave its section."""
        path, level = passage.section_path, passage.level
        begins = _PROJECT.match(passage.text)
        self.is_labelled = _LABELLED.match(passage.text) is not None
        is_left = (
            path[: len(self._project_path)] != self._project_path
            or (level is not None and level <= _SECTION)
            or not (path or self.is_labelled)
        )
        if begins:
            self.project, self._project_path = begins[1].strip(), path
        elif is_left:
            self.project = None

    def _heading(self, passage: Passage) -> Facets:
        """What the heading names that a passage begins with."""
        if not passage.heading_end or not passage.section_path:
            return Facets()
        named = self.title_facets(passage.section_path[-1])
        return named._replace(phase=None) if named.kind else Facets()

    def _section(self, passage: Passage) -> Facets:
        facets = Facets()
        for title in reversed(passage.section_path):
            above = self.title_facets(title)
            if facets.kind is None:
                facets = above._replace(phase=None).over(facets)
                facets = facets._replace(fund=facets.fund or above.fund)
            else:
                facets = facets._replace(fund=facets.fund or above.fund)
        return facets

    # Figures -----------------------------------------------------------------

    def add(self, said: Said) -> None:
        """Add a figure."""
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
                and self._names(facets, said, is_exact=is_exact)
            ):
                return said
        return None

    def _names(self, facets: Facets, said: Said, *, is_exact: bool) -> bool:
        fund = said.facets.fund if said.is_fund_lent else self.section.fund
        return names(facets, said.facets, fund, is_exact=is_exact)

    def change_at_hand(self, passage: Passage) -> Said | None:
        """The change in money that was said last, before its rate perhaps."""
        for said in reversed(self.figures[-3:]):
            if said.passage is passage and said.meaning == "change":
                return said if said.family == "money" else None
        return None

    def new_list(self, entry: OpenList) -> None:
        """Open a list within those that are open."""
        if len(self.lists) >= DEPTH:
            self.lists.pop(0)
        self.lists.append(entry)

    def _list_number(self, entry: OpenList, whole: Said) -> int:
        if whole.number not in entry.numbers:
            entry.numbers[whole.number] = self.list_count
            self.list_count += 1
        return entry.numbers[whole.number]

    # Lists ----------------------------------------------------------------------

    def put_in_list(self, said: Said, own: Facets) -> None:
        """Find the list and the whole of which a figure is a part.

        Rates of growth add up to nothing, a change only where its words name it.
        """
        if said.meaning == "change":
            if own.names_something():
                self._put_change_in_list(said)
            return
        lists = self.lists
        is_named = own.names_something()
        while lists:
            entry = lists[-1]
            if entry.is_of_items:
                is_named = is_named or said.facets.names_something()
            if entry.is_of_changes:
                lists.pop()
                continue
            whole = self._whole_in(entry, said)
            if whole is not None and (is_named or self._is_first(entry, said)):
                self._add_part(entry, whole, said)
                return
            if not is_named or entry.is_of_items:
                return
            if not self._is_beside(entry, said):
                return  # 当年购置公务用车0辆 among amounts
            lists.pop()

    def _put_change_in_list(self, said: Said) -> None:
        entry = self.lists[-1] if self.lists else None
        whole = self._whole_in(entry, said) if entry else None
        if entry is not None and whole is not None and said.unit is not None:
            self._add_part(entry, whole, said)
            said.facets = said.facets.over(whole.facets)

    def _add_part(self, entry: OpenList, whole: Said, said: Said) -> None:
        said.whole = whole
        said.list = self._list_number(entry, whole)
        said.is_list_open = entry.is_open
        entry.parts.append(said)

    def _is_beside(self, entry: OpenList, said: Said) -> bool:
        return any(whole.family == said.family for whole in entry.wholes)

    def _is_first(self, entry: OpenList, said: Said) -> bool:
        """Whether an amount without a name is no second one of the same part."""
        mine = [part for part in entry.parts if part.sentence == said.sentence]
        if not mine:
            return not entry.is_of_items or not entry.parts
        last = mine[-1]
        if said.meaning == "count" and said.subject_text != last.subject_text:
            return said.subject_text is not None
        return last.family != said.family

    def _whole_in(self, entry: OpenList, said: Said) -> Said | None:
        if entry.is_of_items and not self._is_item(entry, said):
            return None
        for whole in reversed(entry.wholes):
            if (
                whole is not said
                and whole.family == said.family
                and whole.meaning == said.meaning
                and self.meanings.is_part(said.facets, whole.facets)
                and (None in (whole.year, said.year) or whole.year == said.year)
                and not is_same(said.facets, whole.facets)
            ):
                return whole
        return None

    def _is_item(self, entry: OpenList, said: Said) -> bool:
        """Whether a figure is the one that its paragraph gives for the list.

        A paragraph gives one for each plan; what it says later is of that one.
        """
        same = [
            part
            for part in entry.parts[-4:]
            if part.passage is said.passage and part.family == said.family
        ]
        if any(
            None in (part.facets.phase, said.facets.phase)
            or part.facets.phase == said.facets.phase
            for part in same
        ):
            return False
        return entry.level is None or said.passage.level == entry.level


def _stays(entry: OpenList, passage: Passage) -> bool:
    """Whether a list goes on in the next passage."""
    if not entry.is_of_items:
        return False
    if entry.level is None:
        return passage.level is None and not passage.heading_end
    return passage.level is None or passage.level >= entry.level
