"""Cuts a sentence into tokens: numbers, units, known words, and the rest.

One pass from left to right; at each place the longest word of the vocabulary wins, and
no pattern looks further than a fixed number of characters, so that the time is that
of the length. Places are those of the text as printed.
"""

from __future__ import annotations

import datetime as dt
import re
from array import array
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import cn2an

from ingest.prose.vocabulary import Entry, Meaning, Unit, Vocabulary, fold

_BLANKS = " \u00a0\u3000"
_BLANK = re.compile("[ \t\r\n\u00a0\u2002-\u200b\u3000\ufeff]+")
_NUMBER = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?(?!\d)|\d+(?:\.\d+)?")
_DATE = re.compile(
    r"(?P<year>(?:19|20)\d\d)年(?:度)?"
    r"(?:(?P<month>\d{1,2})月(?:(?P<day>\d{1,2})[日号]|(?P<end>[底末])|份)?"
    r"|(?P<year_end>年?[底末]|期末|年终|年末))"
    r"|(?P<y>(?:19|20)\d\d)[-./](?P<m>\d{1,2})[-./](?P<d>\d{1,2})(?!\d)"
    r"|\d{1,2}月(?:\d{1,2}[日号]|[底末份])"
)
_YEAR = re.compile(
    r"((?:19|20)\d\d)(?:年度?(?!初)|(?=年初)|(?=全年|预算|决算|财政?年|部门|单位))"
)
_YEAR_SPAN = re.compile(r"((?:19|20)\d\d)[-至](?:19|20)?\d\d年度?")
_ORDINAL = re.compile(r"第\d{1,6}")
# 〔2003〕2号, with its brackets in any of their forms
_DOCUMENT_NUMBER = re.compile(r"[\[(](?:19|20)\d\d[\])]\s?第?\d{1,6}号")
_PHONE = re.compile(r"(?:\d{3,4}-\d{7,8}|1\d{10})(?!\d)")
_ITEM = re.compile(r"\d{1,2}(?:[、)]|\.(?:(?!\d)|(?=(?:19|20)\d\d年)))")
_NUMBERED = re.compile(r"[表图注件附码()]$")
_LONG_CODE = 7  # digits of a number that is a code and no quantity
_LONGEST = 24  # digits of a number that may be one
_MEASURE_WORDS = frozenset({"count", "time", "score", "other"})
_BEHIND_UNITS = frozenset("的以之左上内后前每")
_CITATION_LENGTH = 200
_NUMERAL_DIGITS = "一二两三四五六七八九十"
_NUMERAL = re.compile(
    r"[一二两三四五六七八九十][零〇一二两三四五六七八九十百千万亿]{0,15}"
)
_NUMERALS = "〇一二三四五六七八九"
_NUMERAL_YEAR = re.compile(r"([一二][〇一二三四五六七八九]{3})年度?(?!初)")
_PERCENT = re.compile(r"百分之([零〇一二两三四五六七八九十百点]{1,12})")
_MARK = re.compile(r"\(([类款项])\)")
_LEADING_CODE = re.compile(
    r"(?<![\dA-Za-z.])\d{3}(?:\d\d){0,2}[- ]?(?=[\u4e00-\u9fff])"
)
_QUOTED_PATH = re.compile(r'"([^"\n]{2,120})"')
_PATH_NAME_LENGTH = 40
_PUNCTUATION = {
    ",": "COMMA",
    "，": "COMMA",
    "、": "PAUSE",
    ";": "SEMI",
    ":": "COLON",
    "。": "STOP",
    "!": "STOP",
    "?": "STOP",
    "(": "LPAR",
    ")": "RPAR",
    "[": "LPAR",
    "]": "RPAR",
}
_QUOTES = frozenset("\"'")
_NAME_ENDS = frozenset('",，。;:、!?')
_BEFORE_ITEM = frozenset({"COMMA", "SEMI", "COLON", "STOP"})


@dataclass(slots=True)
class Token:
    """A token with its place in the printed text; ``end`` is exclusive.

    ``text`` is folded and without blanks.
    """

    type: str
    text: str
    start: int
    end: int
    meaning: Meaning | None = None
    direction: int | None = None
    bound: str | None = None
    number: str | None = None
    scale: int = 0
    unit: Unit | None = None
    year: int | None = None
    day: dt.date | None = None
    is_negative: bool = False

    # what the parser asks of every token
    start_pos: ClassVar[None] = None
    line: ClassVar[None] = None
    column: ClassVar[None] = None
    end_line: ClassVar[None] = None
    end_column: ClassVar[None] = None
    end_pos: ClassVar[None] = None


class Lexer:
    """Cuts texts into tokens by a vocabulary."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary

    def tokens(self, text: str) -> list[Token]:
        """The tokens of a sentence or of any other text."""
        folded, places = _without_blanks(fold(text), text)
        run = _Run(folded, self._vocabulary)
        run.cut()
        tokens = run.tokens
        if places is not None:
            for token in tokens:
                last = places[token.end - 1]
                token.start, token.end = places[token.start], last + 1
        return tokens


def _without_blanks(folded: str, text: str) -> tuple[str, array[int] | None]:
    """The text without blanks, and where each character stood; None: as before.

    A blank between two digits stays, unless a thousand's or decimal sign is near. In
    text that is spaced out one blank goes; more than one, or a tab, part the figures
    of a row.
    """
    if "\uff0c" in folded:  # between full-width digits it divides thousands
        folded = _WIDE_COMMA.sub(lambda match: _comma(match, text), folded)
    if not _BLANK.search(folded):
        return folded, None
    # text that is spaced out has a blank behind each character; rows have many at once
    is_spaced = 5 * sum(map(folded.count, _BLANKS)) > 2 * len(folded) and (
        5 * len(_BLANK.findall(folded)) > 2 * len(folded)
    )
    parts: list[str] = []
    places = array("l")
    start = 0
    for match in _BLANK.finditer(folded):
        begin, end = match.span()
        parts.append(folded[start:begin])
        places.extend(range(start, begin))
        is_between = (
            not (is_spaced and end - begin == 1 and folded[begin] != "\t")
            and begin > 0
            and end < len(folded)
            and folded[begin - 1].isdigit()
            and folded[end].isdigit()
        )
        if is_between:
            parts.append(" ")
            places.append(begin)
        start = end
    parts.append(folded[start:])
    places.extend(range(start, len(folded)))
    return "".join(parts), places


_WIDE_COMMA = re.compile("(?<=\\d)\uff0c(?=\\d{3}(?!\\d))")


def _comma(match: re.Match[str], text: str) -> str:
    before = text[match.start() - 1]
    return "," if before in "０１２３４５６７８９" else match[0]


class _Run:
    """One text being cut."""

    def __init__(self, text: str, vocabulary: Vocabulary) -> None:
        self.text = text
        self.vocabulary = vocabulary
        self.tokens: list[Token] = []
        self._rest = -1  # where the rest begins that no token has taken yet

    def cut(self) -> None:
        text = self.text
        paths = _code_paths(text, self.vocabulary)
        words, lengths = self.vocabulary.words, self.vocabulary.word_lengths
        place, end = 0, len(text)
        while place < end:
            if place in paths:
                place = self._add_path(place, *paths[place])
                continue
            character = text[place]
            if character in _DIGITS:
                place = self._digits(place)
                continue
            if character in _NUMERAL_DIGITS or character == "百":
                after = self._numeral(place)
                if after:
                    place = after
                    continue
            found = None
            for length in lengths.get(character, ()):
                word = text[place : place + length]
                found = words.get(word)
                if found is not None and self._fits(found, place, place + len(word)):
                    self._word(found, place, place + len(word))
                    place += len(word)
                    break
                found = None
            if found is not None:
                continue
            if character in _PUNCTUATION:
                place = self._sign(character, place)
            elif character == "《":
                place = self._citation(place)
            elif character == "第" and (match := _ORDINAL.match(text, place)):
                self._begin_rest(place)
                place = match.end()
            elif character in _QUOTES or character == " ":
                self._end_rest(place)
                place += 1
            elif character in "-~至到":
                place = self._range(place)
            else:
                self._begin_rest(place)
                place += 1
        self._end_rest(end)

    # What a place begins with ------------------------------------------------

    def _fits(self, entry: Entry, start: int, end: int) -> bool:
        """Whether a word may be read here.

        The name of a code that does not end in 支出, 社会福利 or 生活补助, is also a
        part of other words: it stands alone.
        """
        if entry.meaning is None or entry.meaning.kind != "code":
            return True
        if self.text.endswith("支出", start, end) and end - start > 2:
            return True
        after = self.text[end] if end < len(self.text) else "，"
        return self._rest < 0 and (after in _ALONE or after in _DIGITS)

    def _word(self, entry: Entry, start: int, end: int) -> None:
        if entry.type == "WORD":
            self._begin_rest(start)
            return
        meaning = entry.meaning
        if meaning == _ALL_REVENUE and self._is_unknown_kind(start):
            meaning = _SOME_REVENUE
        self._add(
            Token(
                entry.type,
                self.text[start:end],
                start,
                end,
                meaning,
                entry.direction,
                entry.bound,
            )
        )

    def _is_unknown_kind(self, end: int) -> bool:
        """Whether the words right before 收入 may say which: 非税收入, 租金收入.

        What names whose it is, or a year, says nothing of the kind: 本部门收入.
        """
        if self._rest < 0:
            return False
        rest = self.text[self._rest : end]
        vocabulary = self.vocabulary
        if rest.endswith(vocabulary.plain_words):
            return False
        return not (
            rest.endswith(vocabulary.organization_suffixes)
            and rest not in vocabulary.organization_suffixes
        )

    def _sign(self, character: str, place: int) -> int:
        if character in "([":
            match = _DOCUMENT_NUMBER.match(self.text, place)
            if match:
                self._add(Token("CITATION", match[0], place, match.end()))
                return match.end()
        self._add(Token(_PUNCTUATION[character], character, place, place + 1))
        return place + 1

    def _citation(self, place: int) -> int:
        end = self.text.find("》", place, place + _CITATION_LENGTH)
        if end < 0:
            self._begin_rest(place)
            return place + 1
        self._add(Token("CITATION", self.text[place : end + 1], place, end + 1))
        return end + 1

    def _range(self, place: int) -> int:
        """A sign or word between two numbers, a minus, or a mere character."""
        text = self.text
        follows = place + 1 < len(text) and text[place + 1] in _DIGITS
        last = self.tokens[-1] if self._rest < 0 and self.tokens else None
        is_after_number = (
            last is not None and last.end == place and last.type in ("NUMBER", "UNIT")
        )
        if follows and is_after_number:
            self._add(Token("RANGE", text[place], place, place + 1))
            return place + 1
        is_minus = follows and text[place] == "-" and self._may_be_negative(place)
        if is_minus:
            self._end_rest(place)
            count = len(self.tokens)
            after = self._digits(place + 1)
            for token in self.tokens[count:]:
                if token.type == "NUMBER":
                    token.is_negative = True
                    token.start = place
                    break
            return after
        self._begin_rest(place)
        return place + 1

    def _may_be_negative(self, place: int) -> bool:
        before = self.text[place - 1] if place else "，"
        return not (before.isascii() and before.isalnum())

    def _digits(self, place: int) -> int:
        """What begins with a digit: a date, a year, a number with its unit."""
        text = self.text
        if match := _DATE.match(text, place):
            day = _day(match)
            year = match["year"] or match["y"]
            token = Token("DATE", match[0], place, match.end(), day=day)
            token.year = int(year) if year else None
            # an end (期末, 底) is a day by itself
            if match["end"] or match["year_end"]:
                token.bound = "end"
            self._add(token)
            return match.end()
        if match := _YEAR_SPAN.match(text, place):
            self._begin_rest(place)
            return match.end()
        if match := _YEAR.match(text, place):
            self._add(Token("YEAR", match[0], place, match.end(), year=int(match[1])))
            return match.end()
        if match := _PHONE.match(text, place):
            self._begin_rest(place)
            return match.end()
        before = text[place - 1] if place else "，"
        if before.isascii() and before.isalpha():
            self._begin_rest(place)
            return _NUMBER.match(text, place).end()  # type: ignore[union-attr]
        is_first = not self.tokens or self.tokens[-1].type in _BEFORE_ITEM
        if self._rest < 0 and is_first and (match := _ITEM.match(text, place)):
            self._begin_rest(place)
            self._end_rest(match.end())
            return match.end()
        match = _NUMBER.match(text, place)
        assert match is not None
        return self._number(match[0].replace(",", ""), place, match.end())

    def _number(self, number: str, start: int, end: int) -> int:
        """Add a number and its unit; the place behind them."""
        after = end
        about = self.vocabulary.words.get(self.text[end : end + 1])
        if about is not None and about.type == "ABOUT":
            after += 1
        scale = len(number.partition(".")[2])
        unit, unit_end = self._unit(after, scale)
        if unit is None and after > end:
            after, about = end, None
            unit, unit_end = self._unit(after, scale)
        is_code = unit is None and "." not in number and self._is_code(start, end)
        is_name = unit is not None and (
            unit.kind == "rank"
            or (unit.kind == "time" and self.text[start - 1 : start] == '"')
        )
        if is_name:
            self._no_range()
        if is_code or is_name:
            self._begin_rest(start)
            return unit_end
        if len(number) > _LONGEST:
            self._begin_rest(start)
            return unit_end
        token = Token("NUMBER", self.text[start:end], start, end)
        token.number, token.scale = number, scale
        self._add(token)
        if after > end and about is not None:
            self._add(
                Token("ABOUT", self.text[end:after], end, after, bound=about.bound)
            )
        if unit is not None:
            self._add(
                Token("UNIT", self.text[after:unit_end], after, unit_end, unit=unit)
            )
        return unit_end

    def _no_range(self) -> None:
        """Take back the first number of 1-4级."""
        tokens = self.tokens
        if self._rest < 0 and len(tokens) > 1 and tokens[-1].type == "RANGE":
            tokens[-1].type = "WORD"
            if tokens[-2].type == "NUMBER":
                tokens[-2].type = "WORD"

    def _is_code(self, start: int, end: int) -> bool:
        """Whether a whole number without a unit is a code or the number of a thing."""
        text = self.text
        if end - start >= _LONG_CODE or _NUMBERED.search(
            text[max(start - 2, 0) : start]
        ):
            return True
        if text[end : end + 1] == "表" or _MARK.match(text, end):
            return True
        is_joined = text[end : end + 1] == "-" or text[start - 1 : start] == "-"
        return is_joined and not text[end + 1 : end + 2].isdigit()

    def _unit(self, place: int, scale: int = 0) -> tuple[Unit | None, int]:
        """The unit behind a number of so many decimals, and the place behind it."""
        text, units = self.text, self.vocabulary.units
        character = text[place] if place < len(text) else ""
        for length in self.vocabulary.unit_lengths.get(character, ()):
            printed = text[place : place + length]
            unit = units.get(printed)
            if unit is not None and not self._begins_a_word(unit, place, length, scale):
                return unit, place + len(printed)
        return None, place

    def _begins_a_word(self, unit: Unit, place: int, length: int, scale: int) -> bool:
        """Whether a measure word of one character is the first of a longer word.

        What a row prints behind an amount is no unit: 800.00支出总计, 500.00本单位.
        Words that nobody knows show it by the cents before them.
        """
        if length > 1 or unit.kind not in _MEASURE_WORDS:
            return False
        text, words = self.text, self.vocabulary.words
        if any(
            longer > 1 and text[place : place + longer] in words
            for longer in self.vocabulary.word_lengths.get(text[place], ())
        ):
            return True
        after = text[place + 1 : place + 2]
        return scale > 1 and after.isalpha() and after not in _BEHIND_UNITS

    def _numeral(self, place: int) -> int:
        """A Chinese numeral with a unit; 0 where there is none."""
        text = self.text
        if match := _PERCENT.match(text, place):
            number = _value(match[1])
            if number is not None:
                token = Token("NUMBER", match[0], place, match.end())
                token.number, token.scale = number, len(number.partition(".")[2])
                token.unit = self.vocabulary.units.get("%")
                self._add(token)
                return match.end()
        if match := _NUMERAL_YEAR.match(text, place):
            year = int("".join(str(_NUMERALS.index(one)) for one in match[1]))
            self._add(Token("YEAR", match[0], place, match.end(), year=year))
            return match.end()
        match = _NUMERAL.match(text, place)
        if match is None:
            return 0
        # 三百万元 are 300 万元: the unit says how exact it is
        is_large = match[0][-1] in "万亿" and match.end() - place > 1
        for end in range(match.end() - is_large, place, -1):
            unit, unit_end = self._unit(end)
            if unit is None or unit.kind == "rank":
                continue
            # 一次, 三个代表: a single numeral is a number before few units only
            if end - place == 1 and not unit.is_numeral_unit:
                return 0
            number = _value(text[place:end])
            if number is None:
                return 0
            token = Token("NUMBER", text[place:end], place, end)
            token.number = number
            self._add(token)
            self._add(Token("UNIT", text[end:unit_end], end, unit_end, unit=unit))
            return unit_end
        return 0

    def _add_path(self, start: int, end: int, name: str) -> int:
        meaning = Meaning(kind="code", code_path=name)
        self._add(Token("LABEL", self.text[start:end], start, end, meaning))
        return end

    # The rest ----------------------------------------------------------------

    def _begin_rest(self, place: int) -> None:
        if self._rest < 0:
            self._rest = place

    def _end_rest(self, place: int) -> None:
        if 0 <= self._rest < place:
            text = self.text[self._rest : place]
            self.tokens.append(Token("WORD", text, self._rest, place))
        self._rest = -1

    def _add(self, token: Token) -> None:
        self._end_rest(token.start)
        self.tokens.append(token)


_ALL_REVENUE = Meaning(kind="total", side="revenue")
_SOME_REVENUE = Meaning(kind="other", side="revenue")
_DIGITS = frozenset("0123456789")
_ALONE = frozenset('"，,。;:、()的类支科预决年 ')


def _value(numeral: str) -> str | None:
    """A Chinese numeral in digits; None for what is none."""
    try:
        value = cn2an.cn2an(numeral.replace("两", "二").replace("〇", "零"), "smart")
    except (IndexError, KeyError, ValueError):  # also 二十五亿三千二十五亿
        return None
    return str(value)


def _day(match: re.Match[str]) -> dt.date | None:
    """The day that a date names, the last of its month or year; None without a year."""
    year = match["year"] or match["y"]
    if year is None:
        return None
    month = int(match["month"] or match["m"] or 12)
    if not 1 <= month <= 12:
        return None
    last = monthrange(int(year), month)[1]
    day = int(match["day"] or match["d"] or last)
    return dt.date(int(year), month, day) if 1 <= day <= last else None


# Names of codes ---------------------------------------------------------------


def _code_paths(text: str, vocabulary: Vocabulary) -> dict[int, tuple[int, str]]:
    """Where names of codes stand: end, and the names from 类 to 项 with strokes."""
    paths: dict[int, tuple[int, str]] = {}
    if "-" in text and '"' in text:
        for match in _QUOTED_PATH.finditer(text):
            names = match[1].split("-")
            if len(names) > 1 and vocabulary.code_names.intersection(names):
                paths[match.start() + 1] = (match.end() - 1, "/".join(names))
    for match in _LEADING_CODE.finditer(text):
        # 2110301 大气 150.00万元: the line begins with a code, then its name
        end = _name_end(text, match.end(), vocabulary)
        if end > match.end():
            paths[match.start()] = (end, text[match.end() : end])
    marks = list(_MARK.finditer(text))
    number = 0
    while number < len(marks):
        mark = marks[number]
        start = _name_start(text, mark.start(), vocabulary)
        names = [text[start : mark.start()]]
        if mark[1] == "类" and f"{names[0]}支出" in vocabulary.code_names:
            names[0] = f"{names[0]}支出"  # as the official list has it
        end = mark.end()
        number += 1
        while number < len(marks):
            between = text[end : marks[number].start()]
            is_next = 0 < len(between) <= _PATH_NAME_LENGTH and not (
                _NAME_ENDS.intersection(between) or any(map(str.isdigit, between))
            )
            if not is_next or "类款项".find(marks[number][1]) <= "类款项".find(mark[1]):
                break
            names.append(between)
            mark = marks[number]
            end = mark.end()
            number += 1
        if all(names):
            paths[start] = (end, "/".join(names))
    return paths


def _name_end(text: str, start: int, vocabulary: Vocabulary) -> int:
    """Where the official name ends that begins here; ``start`` where none stands."""
    for end in range(min(len(text), start + _PATH_NAME_LENGTH), start + 1, -1):
        if text[start:end] in vocabulary.code_names:
            after = text[end : end + 1]
            is_whole = not after or after in _ALONE or after in _DIGITS
            return end if is_whole or text.startswith("支出", end) else start
    return start


def _name_start(text: str, end: int, vocabulary: Vocabulary) -> int:
    """Where the name begins that ends here: an official one, or the whole phrase."""
    start = end
    while start > 0 and end - start < _PATH_NAME_LENGTH:
        before = text[start - 1]
        if before in _NAME_ENDS or before in _DIGITS:
            break
        start -= 1
    for place in range(start, end):
        if text[place:end] in vocabulary.code_names:
            return place
    return start


def settle(tokens: Sequence[Token]) -> None:
    """Turn words into mere words where what follows shows that they are no more.

    比, 与 compare only with a year or a plan; 占, 约 need their number.
    """
    after: Token | None = None
    sees_versus = False
    for token in reversed(tokens):
        kind = token.type
        if kind in ("FLAT", "VERSUS"):
            sees_versus = True
        elif kind in ("COMMA", "SEMI", "STOP", "COLON"):
            sees_versus = False
        elif kind == "COMPARE":
            if not _is_reference(after):
                token.type = "AND" if token.text in _JOINING else "WORD"
            elif token.text in _JOINING and not sees_versus:
                token.type = "AND"
        elif kind in ("BOUND", "RANGE") and (after is None or after.type != "NUMBER"):
            token.type = "WORD"
        after = token


_JOINING = frozenset("与同和")


def _is_reference(token: Token | None) -> bool:
    """Whether a token begins what something is compared with."""
    if token is None:
        return False
    if token.type in ("YEAR", "PRIOR", "BEGIN", "DATE"):
        return True
    return (
        token.type == "LABEL"
        and token.meaning is not None
        and token.meaning.phase is not None
    )
