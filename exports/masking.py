"""Recognises personal data in text and masks it: one way for every export and page.

Names of persons (张**), telephone numbers (023-****3797), numbers of identity cards and
of bank accounts. The same text is masked alike everywhere, so that masked tables still
join; nothing can be read back. Amounts, codes, document numbers, dates and hashes stay.
The warehouse itself keeps what was published.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Sequence

from exports.names import Names

# Digits of any width count; each stays one character, so places stay what they are.
_NARROW = str.maketrans("０１２３４５６７８９－（）", "0123456789-()")
_DASH = re.compile(r"(?<=[\d)])[—–―‐‑]|(?<=[\d)][—–―‐‑])[—–―‐‑]")

# After a stroke a number is one only if another stands before it: 13…/13….
_BEFORE = r"(?<![0-9A-Za-z_.,=第-])(?<!(?<!\d{7})/)"
_BEFORE_CALL = rf"(?:{_BEFORE}|(?<=[Tt][Ee][Ll]))"
_COUNTRY = r"(?:(?:\+|00)?86[ -]?)?"
_AFTER = r"(?![0-9A-Za-z_]|[.,]\d)"
# What makes a long number an amount or a count.
_NO_UNIT = r"(?!\s*(?:元|百元|千元|万|亿|人|户|个|项|份|台|套|辆|亩|平方|㎡|%|％))"

_IDENTITY = re.compile(rf"{_BEFORE}(\d{{6}})([ -]?\d{{8}}[ -]?\d{{3}}[\dXx]){_AFTER}")
_OLD_IDENTITY = re.compile(rf"{_BEFORE}(\d{{6}})(\d{{9}}){_AFTER}{_NO_UNIT}")
_IDENTITY_TOLD = re.compile(
    r"(?:身份证|身份号码|证件)[^\d\n]{0,15}?(\d{6})((?:[ -]?\d){8,11}[\dXx]?)(?![\dXx])"
)
_ACCOUNT_TOLD = re.compile(
    r"(?:[账帐][号户]|卡号|银行卡|开户银?行|一卡通|社保卡|存折)[^\d\n]{0,25}?"
    rf"(\d(?:[ -]?\d){{7,29}})(?![\d.]){_NO_UNIT}"
)
_CARD = re.compile(rf"{_BEFORE}(62(?:[ -]?\d){{14,17}}){_AFTER}{_NO_UNIT}")
_MOBILE = re.compile(
    rf"{_BEFORE_CALL}{_COUNTRY}(1[3-9]\d)([ .-]?)(\d{{4}})\2(\d{{4}})"
    rf"{_AFTER}{_NO_UNIT}"
)
_AREA = r"(?:10|2[0-57-9]|[3-9]\d\d)"
_LANDLINE = re.compile(
    rf"{_BEFORE_CALL}({_COUNTRY}\(?0{_AREA}\)?|(?:\+|00)?86[ -]{_AREA})"
    r"(\s*-{1,2}\s*|\s*)([2-8]\d{2,3})[ -]?(\d{4})"
    rf"(?![\dA-Za-z]){_NO_UNIT}"
)
_SERVICE = re.compile(rf"{_BEFORE}([48]00)(-?)(\d{{3}})-?(\d{{4}}){_AFTER}{_NO_UNIT}")
# A number without an area code is one only where the text says so.
_TOLD = re.compile(
    r"(?:电话|联系方式|传真|手机|热线|号码|[Tt][Ee][Ll])[^\d一-鿿\n]{0,8}"
    r"(?:[:：为是]\s*)?"
    r"(\d{3,4}[ -]?\d{4}(?:\s*[、，,/;； ]\s*\d{3,4}[ -]?\d{4})*)(?!\d|年|元)"
)
# What follows a number in one list is one too.
_FURTHER = re.compile(
    r"\*\d{4}((?:\s*[、，,/;；]\s*\d{3,4}[ -]?\d{4})+)(?![\d.]|年)" + _NO_UNIT
)
_LOCAL = re.compile(r"\d{3,4}[ -]?(\d{4})(?!\d)")
_DIGITS = re.compile(r"\d")
_ADDRESS = re.compile(r"[A-Za-z]+://\S+")
_ENOUGH_DIGITS = re.compile(r"(?:\d[ .-]?){7}")
# The provinces of identity numbers: 11 to 15, 21 to 23, …
_PROVINCE = re.compile(r"1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]")
_WEIGHTS = [pow(2, 17 - place, 11) for place in range(17)]


class Masker:
    """Masks personal data in texts.

    ``kept`` are names of units, places and codes; nothing inside them is masked as
    a person's name.
    """

    def __init__(self, kept: Iterable[str] = ()) -> None:
        self._names = Names(kept)

    def learn(self, texts: Iterable[str]) -> None:
        """Take note of the names in ``texts``, to know them without context too."""
        self._names.learn(texts)

    def mask(self, text: str) -> str:
        """The text with personal data masked."""
        return self._mask_names(_mask_numbers(text))

    def mask_row(self, cells: Sequence[str]) -> list[str]:
        """The cells of a row masked; a label in one tells what the next one is."""
        masked = [self.mask(cell) for cell in cells]
        for place in range(1, len(cells)):
            label, cell = cells[place - 1], cells[place]
            together = self.mask(f"{label}：{cell}")
            masked[place] = together.split("：", label.count("：") + 1)[-1]
        return masked

    def _mask_names(self, text: str) -> str:
        for span in reversed(self._names.find(text)):
            name = "".join(text[span.start : span.end].split())
            text = f"{text[: span.start]}{name[: span.surname]}**{text[span.end :]}"
        return text


def _mask_numbers(text: str) -> str:
    """Numbers of identity cards, accounts and telephones, the longest kinds first."""
    narrow = _narrow(text)
    if not _ENOUGH_DIGITS.search(narrow):
        return text
    addresses = _ADDRESS.findall(text)
    if addresses and _ADDRESS.sub("", text).strip() == "":
        return text
    masked = list(text)
    for pattern, hidden in (
        (_IDENTITY_TOLD, _group(2)),
        (_IDENTITY, _valid_identity),
        (_OLD_IDENTITY, _valid_old_identity),
        (_ACCOUNT_TOLD, _account_digits),
        (_CARD, _valid_card),
        (_MOBILE, _group(3)),
        (_LANDLINE, _group(3)),
        (_SERVICE, _group(3)),
        (_TOLD, _local_numbers),
        (_FURTHER, _local_numbers),
    ):
        for match in pattern.finditer(narrow):
            for start, end in hidden(match):
                for place in range(start, end):
                    if _DIGITS.match(narrow[place]) or narrow[place] in "Xx":
                        masked[place] = "*"
        narrow = _narrow("".join(masked))
    return "".join(masked)


def _narrow(text: str) -> str:
    """The text with digits and dashes of one width, each where it was."""
    return _DASH.sub("-", text.translate(_NARROW))


Spans = list[tuple[int, int]]


def _group(number: int) -> Callable[[re.Match[str]], Spans]:
    return lambda match: [match.span(number)]


def _valid_identity(match: re.Match[str]) -> Spans:
    """With a province, a day of birth and the check digit of GB 11643."""
    number = re.sub(r"[ -]", "", match[0]).upper()
    remainder = sum(
        int(digit) * weight for digit, weight in zip(number[:17], _WEIGHTS, strict=True)
    )
    check = "10X98765432"[remainder % 11]
    is_one = _PROVINCE.match(number) and _is_day(number[6:14]) and number[17] == check
    return [match.span(2)] if is_one else []


def _valid_old_identity(match: re.Match[str]) -> Spans:
    number = match[0]
    is_one = bool(_PROVINCE.match(number)) and _is_day(f"19{number[6:12]}")
    return [match.span(2)] if is_one else []


def _is_day(digits: str) -> bool:
    try:
        day = dt.datetime.strptime(digits, "%Y%m%d")
    except ValueError:
        return False
    return 1880 <= day.year <= 2100


def _account_digits(match: re.Match[str]) -> Spans:
    """All but the last four digits."""
    return [(match.start(1), match.end(1) - 4)]


def _valid_card(match: re.Match[str]) -> Spans:
    """With the check digit of bank cards (Luhn)."""
    digits = [int(digit) for digit in re.sub(r"\D", "", match[1])]
    doubled = (sum(divmod(2 * digit, 10)) for digit in digits[-2::-2])
    is_one = (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0
    return _account_digits(match) if is_one else []


def _local_numbers(match: re.Match[str]) -> Spans:
    """The first digits of each number in the list."""
    return [
        (match.start(1) + number.start(), match.start(1) + number.start(1))
        for number in _LOCAL.finditer(match[1])
    ]
