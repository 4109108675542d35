"""Documents that a text cites: 《…》 and document numbers (文号) in every spelling.

A scanner finds titles, numbers and the words that say why a document is cited; a
grammar over these few tokens says which number belongs to which title. All other
text is one token ``GAP``: the parse of any text succeeds, in linear time.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

from lark import Lark, Token, Transformer
from lark.lexer import Lexer

_OPEN = "〔［[【（(〈〖{｛"
_CLOSE = "〕］]】）)〉〗}｝"
# One family of brackets, whether full or half width.
_FAMILY = dict(zip(_OPEN, "ABBCDDEFGG", strict=True)) | dict(
    zip(_CLOSE, "ABBCDDEFGG", strict=True)
)
_STANDARD = "A"
_DIGITS = str.maketrans(
    "０１２３４５６７８９〇○零一二三四五六七八九", "01234567890001" + "23456789"
)

_HAN = r"[\u4e00-\u9fff]"
# An issuer's code (代字): no such code has these words; 和 only where it begins one
# (和政发), not between two documents.
_CODE = (
    r"(?:(?<![\u4e00-\u9fff》）)\]】〕])和)?"
    r"(?:(?![的及与以按据照了是在和])[\u4e00-\u9fff]){1,20}"
)
_YEAR = (
    r"(?:(?:19|20)\d\d|(?:１９|２０)[０-９]{2}"
    r"|[一二][〇○零九][〇○零一二三四五六七八九]{2})"
)
_SERIAL = r"(?:第\s?)?[\d０-９]{1,6}(?:[-—－][\d０-９]{1,3})?"
_OPENED = rf"{_CODE}\s?[{re.escape(_OPEN)}]\s?{_YEAR}\s?年?"
_CLOSED = rf"\s?[{re.escape(_CLOSE)}]\s?"
# Without 号 or without the second bracket, but not without both: 行政运行（2010301）.
_BRACKETED = (
    rf"{_OPENED}(?:{_CLOSED}{_SERIAL}\s?[号期]|(?:\s|\s?第){_SERIAL}\s?[号期]"
    rf"|{_CLOSED}{_SERIAL}(?=\s?(?:[）)、，,。；;]|$)))"
)
_UNOPENED = rf"{_CODE}{_YEAR}\s?[{re.escape(_CLOSE)}]\s?{_SERIAL}\s?[号期]"
_UNBRACKETED = (
    rf"{_CODE}(?<=[发函字办规令告要文社])\s?{_YEAR}年?\s?第\s?[\d０-９]{{1,6}}\s?[号期]"
)
_DECREE = (
    rf"{_CODE}(?<=令)\s?(?:第\s?[\d０-９]{{1,5}}\s?号"
    rf"|[（(]\s?第\s?[\d０-９]{{1,5}}\s?号\s?[)）])"
)
_NUMBER = f"(?:{_BRACKETED}|{_UNOPENED}|{_UNBRACKETED}|{_DECREE})"
_INNER = r"[《〈](?:[^《》〈〉]|[《〈][^《》〈〉]{1,80}[》〉]){1,120}[》〉]"
_TITLE = rf"《(?:[^《》〈〉]|{_INNER}){{1,200}}》"
# A title without its marks, behind the number: 关于印发《…》的通知.
_UNQUOTED = (
    r"关于(?:[^《》。；;\n<]|《[^《》]{1,150}》){2,120}?"
    r"的?(?:通知|意见|批复|函|决定|通告|公告|请示|报告|复函|会议纪要)"
)
_END = re.compile(r"[。；;！!？?\n]|</p>")
# Between two documents of one list, and behind one: 号文件规定、
_LIST = re.compile(
    r"(?:\s|文件|文|等)*(?:精神|规定|要求|的批复|的通知)?(?:以及|[、，,和及与]|<[^<>]*>|\s|\d[.．、])*"
)
_BEFORE_TITLE = re.compile(r"[\u4e00-\u9fff、（）()：:\s“”]{0,40}")
_BODY_LENGTH = 60
_BODY = re.compile(
    r"(?:[\u4e00-\u9fff]{2,30}(?:局|厅|部|委|府|院|办|会|室|处|署|中心|公司))"
    r"(?:、[\u4e00-\u9fff]{2,30}(?:局|厅|部|委|府|院|办|会|室|处|署|中心|公司))*$"
)
_TITLE_ISSUER = re.compile(
    r"^([^关《]{3,60}(?:局|厅|部|委|府|院|办|会|室|处|署|中心|公司))关于"
)
_HAS_CITATION = re.compile(
    rf"《|[{re.escape(_OPEN)}]\s?{_YEAR}|{_YEAR}年?\s?[第{re.escape(_CLOSE)}]|令\s?[（(]?第"
)
_BLANKS = re.compile(r"[\s\u3000]+")
_TAG = re.compile(r"<[^<>]{1,40}>")

_GRAMMAR = r"""
start: (cited | BASIS | SUPERSEDES | ISSUED | END | GAP)*
cited: TITLE (OPEN NUMBER (NEXT NUMBER)* CLOSE?)?   -> title_first
     | NUMBER (OF_TITLE | UNQUOTED)?                -> number_first
%declare TITLE OF_TITLE UNQUOTED NUMBER OPEN NEXT CLOSE BASIS SUPERSEDES ISSUED END GAP
"""


@dataclass(frozen=True, slots=True)
class Citation:
    """A document cited, by its place in the text.

    ``document_number`` is normalised (代字〔年〕号), ``printed_number`` as printed. A
    title with several numbers gives one citation for each.
    """

    start: int
    end: int
    cited_title: str | None
    printed_number: str | None
    document_number: str | None
    issuer_code: str | None
    issuer: str | None
    year: int | None
    serial: str | None
    bracket_status: str | None  # standard, variant, mismatched, missing
    relation: str  # basis, supersedes, mentions


@dataclass(frozen=True, slots=True)
class Words:
    """The words of ``seeds/vocabulary/citation_word.csv``."""

    kinds: dict[str, str]
    labels: frozenset[str]
    pattern: re.Pattern[str] = field(repr=False)

    @classmethod
    def read(cls, seeds: Path) -> Words:
        """The words of a folder of seeds."""
        path = seeds / "vocabulary" / "citation_word.csv"
        with path.open(encoding="utf-8", newline="") as file:
            rows = [(row["kind"], row["word"]) for row in csv.DictReader(file)]
        kinds = {word: kind for kind, word in rows if kind != "basis_label"}
        words = "|".join(sorted(map(re.escape, kinds), key=len, reverse=True))
        pattern = re.compile(
            f"(?P<TITLE>{_TITLE})|(?P<NUMBER>{_NUMBER})|(?P<WORD>{words})"
            f"|(?P<END>{_END.pattern})"
        )
        labels = frozenset(word for kind, word in rows if kind == "basis_label")
        return cls(kinds, labels, pattern)

    def is_basis_label(self, text: str) -> bool:
        """Whether a heading or label announces what a project rests on."""
        return folded_label(text) in self.labels


def folded_label(text: str) -> str:
    """A heading or label without its number, blanks and colon."""
    text = _BLANKS.sub("", _TAG.sub("", text))
    return re.sub(
        r"^[（(]?[一二三四五六七八九十\d]{1,3}[)）、.．]?|[：:。]+$", "", text
    )


def find_citations(text: str, words: Words, is_basis: bool = False) -> list[Citation]:
    """The documents that a text cites, in order.

    :param is_basis: the text stands under 立项依据: all it cites is the basis.
    """
    if not _HAS_CITATION.search(text):
        return []
    pieces = _parser().parse(_Source(text, words)).children
    return list(_related(text, pieces, is_basis))


# Tokens ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Source:
    text: str
    words: Words


class _Scanner(Lexer):
    """Gives the parser the tokens of a text; what stands next to what is said here."""

    def __init__(self, lexer_conf: Any) -> None:
        pass

    def lex(self, source: Any, parser_state: Any = None) -> Iterator[Token]:
        text = source.text
        last_end = 0
        before = ""  # the token that ends right here
        in_brackets = False
        for match in source.words.pattern.finditer(text):
            start, end = match.span()
            if start < last_end:
                continue
            kind = match.lastgroup or ""
            gap = text[last_end:start]
            if kind == "WORD":
                kind = source.words.kinds[match.group()].upper()
            name = kind
            if kind == "NUMBER" and before == "TITLE" and gap.strip() in _OPEN and gap:
                yield _token("OPEN", gap, last_end)
                in_brackets, gap = True, ""
            elif kind == "NUMBER" and in_brackets and _is_list(gap):
                yield _token("NEXT", gap, last_end)
                gap = ""
            elif in_brackets:
                in_brackets = False
                if gap.lstrip()[:1] and gap.lstrip()[0] in _CLOSE:
                    size = gap.index(gap.lstrip()[0]) + 1
                    yield _token("CLOSE", gap[:size], last_end)
                    gap, last_end = gap[size:], last_end + size
            if kind == "TITLE" and before == "NUMBER" and gap.strip() in ("", "文"):
                behind = text[end : end + 12].lstrip()
                if not (
                    behind[:1] and behind[0] in _OPEN and re.match(_NUMBER, behind[1:])
                ):
                    name, gap = "OF_TITLE", ""
            if gap:
                yield _token("GAP", gap, last_end)
            yield _token(name, match.group(), start)
            last_end, before = end, kind
            if kind == "NUMBER" and not in_brackets:
                unquoted = _unquoted(text, end)
                if unquoted is not None:
                    begin, last_end = unquoted
                    yield _token("UNQUOTED", text[begin:last_end], begin)
                    before = "UNQUOTED"
        if in_brackets and text[last_end : last_end + 1] in tuple(_CLOSE):
            yield _token("CLOSE", text[last_end], last_end)
            last_end += 1
        if last_end < len(text):
            yield _token("GAP", text[last_end:], last_end)


_UNQUOTED_BEHIND = re.compile(rf"(?:\s|文)*({_UNQUOTED})")


def _unquoted(text: str, end: int) -> tuple[int, int] | None:
    match = _UNQUOTED_BEHIND.match(text, end)
    return match.span(1) if match else None


def _token(kind: str, value: str, start: int) -> Token:
    return Token(kind, value, start_pos=start, end_pos=start + len(value))


def _is_list(gap: str) -> bool:
    return gap.strip() in ("、", "，", ",", "；", ";", "和", "及", "")


# Trees ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Cited:
    """A title and its numbers."""

    start: int
    end: int
    title: str | None
    title_start: int
    numbers: tuple[tuple[str, int, int], ...]


class _Builder(Transformer[Token, Any]):
    def title_first(self, tokens: list[Token]) -> _Cited:
        return _cited(tokens)

    def number_first(self, tokens: list[Token]) -> _Cited:
        return _cited(tokens)


def _cited(tokens: list[Token]) -> _Cited:
    title = next(
        (t for t in tokens if t.type in ("TITLE", "OF_TITLE", "UNQUOTED")), None
    )
    return _Cited(
        start=tokens[0].start_pos or 0,
        end=tokens[-1].end_pos or 0,
        title=None if title is None else _title(title),
        title_start=0 if title is None else title.start_pos or 0,
        numbers=tuple(
            (str(token), token.start_pos or 0, token.end_pos or 0)
            for token in tokens
            if token.type == "NUMBER"
        ),
    )


def _title(token: Token) -> str:
    text = str(token) if token.type == "UNQUOTED" else str(token)[1:-1]
    return _BLANKS.sub("", _TAG.sub("", text))


@cache
def _parser() -> Lark:
    return Lark(_GRAMMAR, parser="lalr", lexer=_Scanner, transformer=_Builder())


# Meaning --------------------------------------------------------------------


def _related(text: str, pieces: list[Any], is_basis: bool) -> Iterator[Citation]:
    """The citations with their relation: a sentence is decided at its end."""
    sentence: list[Citation] = []
    reason: str | None = None  # what the words before say of the next document
    gap = ""
    is_issued = False
    for piece in pieces:
        if isinstance(piece, _Cited):
            if reason is not None and not _may_follow(gap, bool(sentence)):
                reason = None
            relation = reason or ("basis" if is_basis else "mentions")
            issuer = _issuer(piece, gap)
            sentence.extend(_citations(text, piece, relation, issuer))
            gap, is_issued = "", False
        elif piece.type == "END":
            yield from sentence
            sentence, reason, gap = [], None, ""
        elif piece.type == "SUPERSEDES":
            sentence = [
                replace(item, relation="supersedes")
                if item.relation == "mentions"
                else item
                for item in sentence
            ]
            reason, gap = "supersedes", ""
        elif piece.type == "BASIS":
            reason, gap = "basis", ""
        elif piece.type == "ISSUED":
            is_issued = True
        else:
            gap = (gap if is_issued else "") + str(piece)
            is_issued = False
    yield from sentence


def _may_follow(gap: str, has_cited: bool) -> bool:
    """Whether the reason still holds for a document after these words."""
    if len(gap) > _BODY_LENGTH:
        return False
    if has_cited and _LIST.fullmatch(gap):
        return True
    return not has_cited and _BEFORE_TITLE.fullmatch(gap) is not None


def _issuer(cited: _Cited, gap: str) -> str | None:
    """The issuing body: from the title, or from the words right before it."""
    if cited.title is None:
        return None
    match = _TITLE_ISSUER.match(cited.title)
    if match:
        return match.group(1)
    if cited.start != cited.title_start:
        return None
    last = re.split(r"[^\u4e00-\u9fff、]", gap[-_BODY_LENGTH:].strip())[-1]
    body = _BODY.search(last)
    return body.group() if body and body.start() == 0 else None


def _citations(
    text: str, cited: _Cited, relation: str, issuer: str | None
) -> Iterator[Citation]:
    if not cited.numbers:
        yield Citation(
            cited.start, cited.end, cited.title,
            *(None,) * 3, issuer, *(None,) * 3, relation,
        )  # fmt: skip
        return
    for order, (printed, start, end) in enumerate(cited.numbers):
        code, year, serial, status = _parts(printed)
        number = f"{code}〔{year}〕{serial}号" if year else f"{code}第{serial}号"
        yield Citation(
            start=cited.start if order == 0 else start,
            end=cited.end if len(cited.numbers) == 1 else end,
            cited_title=cited.title,
            printed_number=_BLANKS.sub("", printed),
            document_number=number
            if printed.rstrip()[-1:] != "期"
            else number[:-1] + "期",
            issuer_code=code,
            issuer=issuer,
            year=year,
            serial=serial,
            bracket_status=status,
            relation=relation,
        )


_NUMBER_PARTS = re.compile(
    rf"^(?P<code>{_HAN}{{1,20}}?)\s?(?P<open>[{re.escape(_OPEN)}]?)\s?"
    rf"(?P<year>{_YEAR})?\s?年?\s?(?P<close>[{re.escape(_CLOSE)}]?)\s?"
    r"(?:第\s?)?(?P<serial>[\d０-９]{1,6}(?:[-—－][\d０-９]{1,3})?)"
)


def _parts(printed: str) -> tuple[str, int | None, str, str]:
    """Code, year, serial number and the state of the brackets."""
    match = _NUMBER_PARTS.match(printed)
    if match is None:
        raise ValueError(printed)
    year = match["year"]
    opened, closed = match["open"], match["close"]
    if year is None:
        status = "standard"
    elif not opened and not closed:
        status = "missing"
    elif not opened or not closed or _FAMILY[opened] != _FAMILY[closed]:
        status = "mismatched"
    else:
        status = "standard" if _FAMILY[opened] == _STANDARD else "variant"
    return (
        match["code"],
        int(year.translate(_DIGITS)) if year else None,
        match["serial"].translate(_DIGITS).lstrip("0") or "0",
        status,
    )
