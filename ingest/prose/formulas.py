"""Formulas in text: （2,116人-200人）×150.00元=28.74万元 and lists with their total.

A scanner cuts out what may be a formula, clause by clause; a grammar parses it. The
expression is landed as a sum of products, its numbers in base units (元, 1 for 100 %):
whether it holds is computed in SQL. What does not parse is no formula.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from typing import Any, cast

from lark import Lark, Token, Transformer
from lark.exceptions import LarkError
from lark.lexer import Lexer

_FULL = str.maketrans(
    "０１２３４５６７８９．，％（）＋－＝＊／", "0123456789.,%()+-=*/"
)
_NUMBER = r"(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?"
_MONEY = {
    "亿元": 100_000_000,
    "百万元": 1_000_000,
    "万元": 10_000,
    "千元": 1_000,
    "百元": 100,
    "元": 1,
}
_PER = r"(?:[/每·][\u4e00-\u9fff]{1,3}?(?=[/每·×*)(=+\-，。；,;、]|乘|$|\s))*"
_TOKEN = re.compile(
    rf"(?P<NUMBER>{_NUMBER})"
    rf"|(?P<MONEY>(?:亿|百万|万|千|百)?元{_PER})"
    r"|(?P<PERCENT>%)"
    r"|(?P<TIMES>[×✕✖⨯*]|[xX](?=\s*[\d(])|乘以|乘)"
    r"|(?P<OVER>÷|除以|/)"
    r"|(?P<PLUS>\+|加上)"
    r"|(?P<MINUS>[-−—－–]|减去)"
    r"|(?P<LPAR>\()|(?P<RPAR>\))"
    r"|(?P<EQUALS>=|等于|[,，]?\s?(?:共计|合计|共需|总计|小计|计)(?=\s*\d))"
    r"|(?P<SCALE>[万亿](?=[\u4e00-\u9fff]))"
    r"|(?P<WORD>[\u4e00-\u9fff“”]+?(?=[^\u4e00-\u9fff“”]|乘|除以|加上|减去|等于|共计|合计|共需|总计|小计|$))"
    r"|(?P<BLANK>\s+)"
    r"|(?P<STOP>.)",
    re.S,
)
_OPERATORS = frozenset({"TIMES", "OVER", "PLUS", "MINUS"})
_LONGEST = 80  # tokens of one formula
_MOST_PRODUCTS = 16
_MOST_FACTORS = 4

_GRAMMAR = r"""
start: sum EQUALS amount
?sum: product
    | sum PLUS product   -> add
    | sum MINUS product  -> subtract
?product: atom
    | product TIMES atom -> multiply
    | product OVER atom  -> divide
?atom: amount
    | WORD* LPAR sum RPAR (WORD | MONEY)* -> group
amount: WORD* NUMBER SCALE? (MONEY | PERCENT)? WORD*
%declare NUMBER MONEY PERCENT TIMES OVER PLUS MINUS LPAR RPAR EQUALS SCALE WORD
"""


@dataclass(frozen=True, slots=True)
class Quantity:
    """A printed number with its unit; ``value`` counts in 元, pieces or parts of 1.

    ``half_unit`` is half of its last place; what is counted, and standards in 元, are
    ``is_exact`` where they are multiplied.
    """

    start: int
    end: int
    value: Decimal
    half_unit: Decimal
    is_exact: bool
    unit: str | None
    factor: int

    @property
    def is_money(self) -> bool:
        """Whether it is printed as money."""
        return self.unit is not None and "元" in self.unit


@dataclass(frozen=True, slots=True)
class Product:
    """Factors multiplied, added to the others or subtracted from them."""

    sign: int
    factors: tuple[Quantity, ...]


@dataclass(frozen=True, slots=True)
class Formula:
    """An expression and its printed result; ``divisors`` stand beside the result.

    The products sum to result × divisors. ``kind`` is `expression`, `parts` (a total
    and the formulas that it says it consists of) or `listed_total`.
    """

    start: int
    end: int
    kind: str
    result: Quantity
    products: tuple[Product, ...]
    divisors: tuple[Quantity, ...] = ()


def find_formulas(text: str) -> list[Formula]:
    """The formulas of one sentence, in order."""
    plain = text.translate(_FULL)
    found: list[Formula] = []
    if _HAS_FORMULA.search(plain):
        found.extend(_expressions(plain))
        parts = _parts(plain, found)
        if parts is not None:
            found.append(parts)
    if _HAS_TOTAL.search(plain):
        found.extend(_listed_totals(plain))
    return found


_HAS_FORMULA = re.compile(
    r"(?:[×✕✖⨯*÷+\-−—－–xX/]|乘|除以|加上|减去)[^。]{1,200}?(?:=|等于|计|共需)"
)

# Expressions ----------------------------------------------------------------


def _expressions(text: str) -> Iterator[Formula]:
    for window in _windows(text):
        formula = _parsed(window)
        if formula is not None:
            yield formula


def _windows(text: str) -> Iterator[list[Token]]:
    """What may be a formula: from the first number of a clause to its result."""
    window: list[Token] = []
    equals = False
    last = ""
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup or ""
        if kind == "BLANK":
            continue
        token = Token(kind, match.group(), start_pos=match.start(), end_pos=match.end())
        if equals and last == "NUMBER":
            # the result takes its unit, and the formula ends
            if kind in ("MONEY", "PERCENT", "SCALE"):
                window.append(token)
                if kind == "SCALE":
                    continue
                kind = "STOP"
            elif kind == "WORD":
                window.append(token)
                kind = "STOP"
            yield window
            chained = kind == "EQUALS"
            window = window[_after_equals(window) :] if chained else []
            equals = False
            if not chained:
                last = kind
                if kind in ("NUMBER", "LPAR"):
                    window, last = [token], kind
                continue
        if kind == "STOP" or len(window) >= _LONGEST:
            window, equals = [], False
        elif kind == "EQUALS":
            if window and any(item.type in _OPERATORS for item in window):
                window.append(token)
                equals = True
            else:
                window = []
        elif equals:
            if kind in ("NUMBER", "WORD"):
                window.append(token)
            else:
                window, equals = [], False
        elif kind == "NUMBER" and last in ("NUMBER", "MONEY", "PERCENT", "WORD"):
            # without an operator between them the one before belongs to other words
            is_label = last == "WORD" and _is_label(window)
            window = [*window, token] if is_label else [token]
        elif kind == "LPAR" and last in ("NUMBER", "MONEY", "PERCENT", "WORD"):
            window = [*window, token] if _is_label(window) else [token]
        elif window or kind in ("NUMBER", "LPAR"):
            window.append(token)
        last = kind


def _after_equals(window: Sequence[Token]) -> int:
    return next(
        number + 1 for number, token in enumerate(window) if token.type == "EQUALS"
    )


def _is_label(window: Sequence[Token]) -> bool:
    """Whether the word at the end stands right behind an operator or a bracket."""
    return len(window) >= 2 and window[-2].type in {*_OPERATORS, "LPAR"}


def _parsed(window: Sequence[Token]) -> Formula | None:
    tokens = _balanced(window)
    operators = {token.type for token in tokens} & _OPERATORS
    is_said = not any(str(token) in ("=", "等于") for token in tokens)
    # 2023年-2024年共计12艘 is no difference
    if not operators or (is_said and "TIMES" not in operators):
        return None
    try:
        formula = cast("Formula | None", _parser().parse(tokens))
    except LarkError:
        return None
    if formula is None:
        return None
    return replace(formula, start=tokens[0].start_pos or 0)


def _balanced(window: Sequence[Token]) -> list[Token]:
    """The window from behind the last bracket that is opened and never closed."""
    opened: list[int] = []
    start = 0
    for number, token in enumerate(window):
        if token.type == "LPAR":
            opened.append(number)
        elif token.type == "RPAR":
            if opened:
                opened.pop()
            else:
                start = number + 1
                opened = []
    if opened:
        start = max(start, opened[-1] + 1)
    return list(window[start:])


class _Tokens(Lexer):
    """Hands the tokens of a window to the parser."""

    def __init__(self, lexer_conf: Any) -> None:
        pass

    def lex(self, source: Any, parser_state: Any = None) -> Iterator[Token]:
        return iter(source)


_Tree = tuple[tuple[Product, ...], tuple[Quantity, ...]]  # products, divisors


class _Builder(Transformer[Token, Any]):
    def amount(self, tokens: list[Token]) -> _Tree:
        return (Product(1, (_quantity(tokens),)),), ()

    def group(self, children: list[Any]) -> _Tree:
        tree: _Tree = next(child for child in children if isinstance(child, tuple))
        return tree

    def add(self, children: list[Any]) -> _Tree:
        (left, left_divisors), _, (right, right_divisors) = children
        if left_divisors or right_divisors:
            raise _Unsupported
        return _limited(left + right), ()

    def subtract(self, children: list[Any]) -> _Tree:
        (left, left_divisors), _, (right, right_divisors) = children
        if left_divisors or right_divisors:
            raise _Unsupported
        negative = tuple(Product(-part.sign, part.factors) for part in right)
        return _limited(left + negative), ()

    def multiply(self, children: list[Any]) -> _Tree:
        (left, left_divisors), _, (right, right_divisors) = children
        return _limited(
            tuple(
                Product(one.sign * other.sign, one.factors + other.factors)
                for one in left
                for other in right
            )
        ), left_divisors + right_divisors

    def divide(self, children: list[Any]) -> _Tree:
        (left, left_divisors), _, (right, right_divisors) = children
        if len(right) != 1 or right[0].sign != 1 or right_divisors:
            raise _Unsupported
        return left, left_divisors + right[0].factors

    def start(self, children: list[Any]) -> Formula | None:
        (products, divisors), _, ((result,), _) = children
        quantities = [
            result.factors[0],
            *divisors,
            *(factor for product in products for factor in product.factors),
        ]
        has_unit = any(item.unit for item in quantities)
        if not has_unit or len(divisors) >= _MOST_FACTORS:
            return None
        return Formula(
            start=0,  # known where the tokens are
            end=result.factors[0].end,
            kind="expression",
            result=result.factors[0],
            products=products,
            divisors=divisors,
        )


class _Unsupported(LarkError):
    """An expression that is no sum of products."""


def _limited(products: tuple[Product, ...]) -> tuple[Product, ...]:
    if len(products) > _MOST_PRODUCTS:
        raise _Unsupported
    if any(len(product.factors) > _MOST_FACTORS for product in products):
        raise _Unsupported
    return products


def _quantity(tokens: list[Token]) -> Quantity:
    number = next(token for token in tokens if token.type == "NUMBER")
    if any("约" in token for token in tokens):
        raise _Unsupported  # no exact number
    behind = tokens[tokens.index(number) + 1 :]
    scale = next((str(token) for token in behind if token.type == "SCALE"), "")
    unit = next(
        (token for token in behind if token.type in ("MONEY", "PERCENT", "WORD")), None
    )
    last = behind[-1] if behind else number
    end = unit.end_pos if unit is not None else last.end_pos
    return quantity(
        str(number),
        scale + (str(unit) if unit is not None else ""),
        number.start_pos or 0,
        end or 0,
    )


def quantity(number: str, unit: str, start: int, end: int) -> Quantity:
    """A number with its unit in base units."""
    digits = number.replace(",", "")
    value = Decimal(digits)
    places = len(digits.partition(".")[2])
    money = next((name for name in _MONEY if unit.startswith(name)), None)
    if money is not None:
        factor, is_exact = _MONEY[money], _MONEY[money] == 1
    elif unit.startswith(("万", "亿")):
        factor, is_exact = (10_000 if unit[0] == "万" else 100_000_000), places == 0
    else:
        factor, is_exact = 1, True
    half_unit = Decimal(5).scaleb(-places - 1) * factor
    value *= factor
    if unit.startswith("%"):
        value, half_unit = value.scaleb(-2), half_unit.scaleb(-2)
        is_exact = (value * 1000) % 5 == 0
    return Quantity(
        start=start,
        end=end,
        value=value,
        half_unit=half_unit,
        is_exact=is_exact,
        unit=unit or None,
        factor=factor,
    )


@cache
def _parser() -> Lark:
    return Lark(_GRAMMAR, parser="lalr", lexer=_Tokens, transformer=_Builder())


# Sums -----------------------------------------------------------------------

_TOTAL = r"(?:总计|合计|共计|总共)"
_HAS_TOTAL = re.compile(_TOTAL + r"\D{0,4}\d")
_TOTAL_CLAUSE = re.compile(
    rf"^\s*{_TOTAL}(?:为|金额|资金)?\s*({_NUMBER})\s*((?:亿|百万|万|千|百)?元|[\u4e00-\u9fff]{{1,3}})$"
)
_CLAUSE = re.compile(r"[,，、；;。：:](?!\d)|[，、；。：]|(?<!\d),")
_NO_LIST = re.compile(
    rf"{_TOTAL}|其中|增加|减少|增长|下降|比|较|同|含|等|约|不超|不少|累计|[×*=]|年度|占"
)
_IN_BRACKETS = re.compile(r"\([^()]{0,200}\)")
_OF_WHICH = re.compile(
    rf"({_NUMBER})\s*((?:亿|百万|万|千|百)?元)[,，;；:：\s]*(?:其中|包括|具体)"
)


def _parts(text: str, formulas: Sequence[Formula]) -> Formula | None:
    """The total that stands before 其中 and the formulas that follow it."""
    money = [item for item in formulas if item.result.is_money]
    if len(money) < 2:
        return None
    before = list(_OF_WHICH.finditer(text, 0, money[0].start))
    if len(before) != 1 or text.count("其中") > 1:
        return None
    # an amount that stands in no formula: the list may hold more than the formulas
    covered = [(item.start, item.end) for item in money]
    for match in re.finditer(
        rf"{_NUMBER}\s*(?:亿|百万|万|千|百)?元", text[before[0].end() :]
    ):
        at = before[0].end() + match.start()
        if not any(start <= at < end for start, end in covered):
            return None
    match = before[0]
    total = quantity(match[1], match[2], match.start(1), match.end(2))
    return Formula(
        start=total.start,
        end=money[-1].end,
        kind="parts",
        result=total,
        products=tuple(Product(1, (item.result,)) for item in money),
    )


def _listed_totals(text: str) -> Iterator[Formula]:
    """丧葬费5000元，抚恤金6000元，总计11000元."""
    blanked = _IN_BRACKETS.sub(lambda match: " " * len(match.group()), text)
    members: list[Quantity] = []
    unit = ""
    start = 0
    ends = [*(match.span() for match in _CLAUSE.finditer(blanked)), (len(blanked),) * 2]
    for end, behind in ends:
        clause = blanked[start:end].rstrip()
        total = _TOTAL_CLAUSE.match(clause)
        if total is not None:
            if len(members) >= 2 and unit == total[2]:
                result = quantity(
                    total[1], total[2], start + total.start(1), start + total.end(2)
                )
                yield Formula(
                    members[0].start,
                    result.end,
                    "listed_total",
                    result,
                    tuple(Product(1, (item,)) for item in members),
                )
            members = []
        else:
            member = None if _NO_LIST.search(clause) else _member(clause, start)
            if member is None:
                members = []
            else:
                if member.unit != unit:
                    members = []
                unit = member.unit or ""
                members.append(member)
        start = behind


_MEMBER = re.compile(
    rf"({_NUMBER})\s*((?:亿|百万|万|千|百)?元|[\u4e00-\u9fff]{{1,3}})\s*$"
)


def _member(clause: str, offset: int) -> Quantity | None:
    match = _MEMBER.search(clause[-40:])
    if match is None:
        return None
    at = offset + max(len(clause) - 40, 0)
    return quantity(match[1], match[2], at + match.start(1), at + match.end(2))
