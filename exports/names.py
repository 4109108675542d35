"""Finds the names of persons in Chinese text, by surname and by what stands around.

A name is a surname and one or two characters that occur in given names. That alone
is no proof (高龄, 单位): it must follow a label (联系人：) or a person's role (职工),
or stand before what happens to persons (丧葬费, 遗属补助, 等3人, 同志), or be joined to
such a name. The knowledge is ``seeds/vocabulary/personal_*.csv``.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

VOCABULARY = Path(__file__).resolve().parent.parent / "seeds" / "vocabulary"

_HAN = "\u3400-\u9fff"
_FOREIGN = re.compile(rf"[{_HAN}]{{1,8}}(?:[·•‧・][{_HAN}]{{1,8}})+")
_SIGNED = "签[字章名]|盖章"
_COUNTED = re.compile(r"等(?=[\d一二两三四五六七八九十百]+余?(?:多)?(?:名|位|人|同志))")
# Around a name that is looked for among names of units and places.
_LONGEST_KEPT = 30


class Span(NamedTuple):
    """Where a name stands, and how many characters of it are the surname."""

    start: int
    end: int
    surname: int


class Names:
    """Recognises names of persons; remembers long ones it has been shown.

    ``kept`` are names of units, places and codes: nothing inside them is a person.
    """

    def __init__(self, kept: Iterable[str] = ()) -> None:
        surnames = {
            row["surname"]: row["is_word"] == "true" for row in _seed("surname")
        }
        self._surnames = surnames
        self._never = {
            r["text"] for r in _seed("no_name") if r["kind"] == "never_given"
        }
        self._words = {r["text"] for r in _seed("no_name") if r["kind"] == "word"}
        self._across = tuple(
            r["text"] for r in _seed("no_name") if r["kind"] == "across"
        )
        sides: dict[str, list[str]] = {}
        for row in _seed("context"):
            sides.setdefault(row["side"], []).append(row["text"])
        label, role = _any(sides["label"]), _any(sides["role"])
        death, between = _any(sides["death"]), _any(sides["between"])
        honorific, joiner = _any(sides["honorific"]), _any(sides["joiner"])
        self._label = re.compile(rf"(?:{label})(?:[(（]?(?:{_SIGNED})+[)）]?)?[:：|]?")
        self._role = re.compile(rf"(?:{role})[:：]?")
        self._fate = re.compile(
            rf"[)）]?(?:{between})*(?:{death})|(?:{honorific})"
            rf"|[(（](?:已故|{death}|{_SIGNED})"
        )
        self._joiner = re.compile(joiner)
        self._joiner_before = re.compile(rf"(?:{joiner})$")
        # What may follow a name; its list goes on, or something else begins.
        followers = [text for side in sides.values() for text in side]
        self._after = re.compile(rf"$|[^{_HAN}]|(?:{_any(followers)})")
        self._marks = re.compile(
            rf"{label}|{role}|{death}|{honorific}|{_SIGNED}|已故|等"
        )
        self._kept = {name for name in kept if len(name) > 1}
        self._learned: set[str] = set()

    def learn(self, texts: Iterable[str]) -> None:
        """Remember the names in ``texts``: found once, they are known everywhere.

        Only those of three characters and more; shorter ones may be other words.
        """
        for text in texts:
            compact, _ = _without_spaces(text)
            self._learned.update(
                compact[span.start : span.end]
                for span in self._in_context(compact)
                if span.end - span.start > 2
            )

    def find(self, text: str) -> list[Span]:
        """The names in ``text``, from left to right."""
        compact, places = _without_spaces(text)
        found = set(self._in_context(compact))
        if self._learned:
            found.update(self._known(compact))
        for span in list(found):
            name = compact[span.start : span.end]
            found.update(
                Span(match.start(), match.end(), span.surname)
                for match in re.finditer(re.escape(name), compact)
                if not self._is_kept(compact, match.start(), match.end())
            )
        spans: list[Span] = []
        for span in sorted(found, key=lambda span: (span.start, -span.end)):
            if not spans or span.start >= spans[-1].end:
                spans.append(span)
        return [
            Span(places[span.start], places[span.end - 1] + 1, span.surname)
            for span in spans
        ]

    def _in_context(self, text: str) -> Iterator[Span]:
        if not self._marks.search(text):
            return
        found: list[Span] = []
        for match in self._label.finditer(text):
            is_told = match[0][-1] in ":：|"
            found += self._forward(text, match.end(), is_told=is_told)
        for match in self._role.finditer(text):
            found += self._forward(text, match.end(), is_told=False)
        for pattern in (self._fate, _COUNTED):
            for match in pattern.finditer(text):
                found += self._backward(text, match.start())
        for span in found:
            yield span
            yield from self._joined(text, span)

    def _forward(self, text: str, start: int, *, is_told: bool) -> list[Span]:
        """The name that begins here and ends where something else begins."""
        foreign = _FOREIGN.match(text, start)
        if foreign:
            return [Span(start, foreign.end(), 1)]
        for length in (4, 3, 2):
            span = self._candidate(text, start, start + length, is_told=is_told)
            if span and self._after.match(text, span.end):
                if not is_told and self._is_kept(text, span.start, span.end):
                    continue
                return [span]
        return []

    def _backward(self, text: str, end: int) -> list[Span]:
        """The name that ends here, the longest one."""
        head = text[max(0, end - 20) : end]
        for foreign in _FOREIGN.finditer(head):
            if foreign.end() == len(head):
                return [Span(end - len(head) + foreign.start(), end, 1)]
        for length in (4, 3, 2):
            span = self._candidate(text, end - length, end, is_told=False)
            if span and not self._is_kept(text, span.start, span.end):
                return [span]
        return []

    def _joined(self, text: str, span: Span) -> Iterator[Span]:
        """Names in one list with a name: 王五和赵六."""
        here = span
        while True:
            joiner = self._joiner_before.search(
                text, max(0, here.start - 2), here.start
            )
            before = self._backward(text, joiner.start()) if joiner else []
            if not before:
                break
            (here,) = before
            yield here
        here = span
        while True:
            joiner = self._joiner.match(text, here.end)
            after = self._forward(text, joiner.end(), is_told=False) if joiner else []
            if not after:
                break
            (here,) = after
            yield here

    def _candidate(
        self, text: str, start: int, end: int, *, is_told: bool
    ) -> Span | None:
        """A surname and a given name; ``is_told`` that a person is named here."""
        if start < 0 or end > len(text):
            return None
        name = text[start:end]
        surname = 2 if name[:2] in self._surnames and len(name) > 2 else 1
        given = name[surname:]
        if name[:surname] not in self._surnames or len(given) > 2:
            return None
        # 防护工程: no nurse (护工) of the name of 程.
        if not is_told and text.endswith(self._across, 0, start + 1):
            return None
        if self._surnames[name[:surname]] and not is_told:
            return None
        if name in self._words or (name[:2] in self._words and not is_told):
            return None
        if len(name) == 2 and not is_told and self._joiner.fullmatch(given):
            return None
        if any(c in self._never or not "\u3400" <= c <= "\u9fff" for c in given):
            return None
        return Span(start, end, surname)

    def _known(self, text: str) -> Iterator[Span]:
        for start in range(len(text)):
            for length in (4, 3):
                name = text[start : start + length]
                if name in self._learned and not self._is_kept(
                    text, start, start + length
                ):
                    surname = 2 if name[:2] in self._surnames else 1
                    yield Span(start, start + len(name), surname)

    def _is_kept(self, text: str, start: int, end: int) -> bool:
        """Whether the place lies inside a name of a unit, a place or a code."""
        return any(
            text[left:right] in self._kept
            for left in range(max(0, start - _LONGEST_KEPT), start + 1)
            for right in range(end, min(len(text), end + _LONGEST_KEPT) + 1)
        )


def _without_spaces(text: str) -> tuple[str, list[int]]:
    """The text without the spaces that a page's lines leave, and where each stood."""
    places = [place for place, character in enumerate(text) if not character.isspace()]
    return "".join(text[place] for place in places), places


def _any(texts: Iterable[str]) -> str:
    """A pattern of any of the texts, the longest first."""
    return "|".join(re.escape(t) for t in sorted(set(texts), key=len, reverse=True))


def _seed(name: str) -> list[dict[str, str]]:
    path = VOCABULARY / f"personal_{name}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
