"""The grammar of a sentence: tokens to phrases.

A phrase is what one number says: a quantity, a change against something, a share, a
completion, a comparison by itself. The grammar is LALR(1) and takes any order of
tokens: what belongs to no phrase stands in the result as the token it is. Where a
token may go on with the phrase before it, it does.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from lark import Lark, Transformer
from lark.exceptions import UnexpectedInput
from lark.lexer import Lexer as LarkLexer

from ingest.prose.lexer import Token
from ingest.prose.vocabulary import Unit

_GRAMMAR = r"""
start: (change | turn | share | completion | loose | comparison | amount
    | LABEL | WORD | YEAR | DATE | ASOF | PRIOR | BEGIN | CITATION
    | COMMA | PAUSE | SEMI | COLON | STOP | LPAR | RPAR
    | LISTHEAD | DISTRIBUTE | REASON | MAINLY | PURPOSE | OPEN
    | DE | AND | COPULA | VERSUS | YOY | FLAT | TEMPLATE
    | BOUND_AFTER | RANGE | UNIT | ABOUT)*

amount: quantity

change: _turn quantity
turn: _turn
_turn: DIRECTION TEMPLATE* COPULA*

share: _share quantity
_share: SHARE base_item*

completion: _completion quantity
_completion: COMPLETE base_item*

loose: _share | _completion

?base_item: LABEL | WORD | YEAR | PRIOR | BEGIN | AND | DE | COPULA

comparison: COMPARE reference* VERSUS?
?reference: YEAR | DATE | PRIOR | BEGIN | LABEL | WORD | DE

quantity: BOUND? _number (RANGE _number)? BOUND_AFTER?
_number: NUMBER ABOUT? UNIT?

%declare LABEL WORD YEAR DATE ASOF PRIOR BEGIN CITATION
%declare COMMA PAUSE SEMI COLON STOP LPAR RPAR
%declare LISTHEAD DISTRIBUTE REASON MAINLY PURPOSE OPEN
%declare DE AND COPULA VERSUS YOY FLAT TEMPLATE COMPARE
%declare DIRECTION SHARE COMPLETE NUMBER UNIT ABOUT BOUND BOUND_AFTER RANGE
"""


@dataclass(slots=True)
class Quantity:
    """A number or a range of two, as printed: its tokens in order."""

    tokens: list[Token]
    shared: Unit | None = None  # printed behind another number of the list

    @property
    def unit(self) -> Unit | None:
        """The unit printed with it."""
        return next((token.unit for token in self.tokens if token.unit), None)

    @property
    def is_money(self) -> bool:
        """Whether it is an amount of money."""
        return self.unit is not None and self.unit.kind == "money"

    @property
    def numbers(self) -> list[Token]:
        """The one number, or both ends of a range."""
        return [token for token in self.tokens if token.type == "NUMBER"]


@dataclass(slots=True)
class Phrase:
    """Tokens that say one thing: ``kind`` is the name of the rule.

    Kinds: ``amount``, ``change``, ``turn`` (a change without its number), ``share``,
    ``completion``, ``loose`` (one of the two without its number), ``comparison``, or
    the type of the one token.
    """

    kind: str
    tokens: list[Token]
    quantity: Quantity | None = None

    @property
    def start(self) -> int:
        """Where the phrase begins in the sentence."""
        return (self.tokens[0] if self.tokens else self._first).start

    @property
    def end(self) -> int:
        """Where it ends."""
        last = self.quantity.tokens[-1] if self.quantity else self.tokens[-1]
        return last.end

    @property
    def _first(self) -> Token:
        assert self.quantity is not None
        return self.quantity.tokens[0]


class _Phrases(Transformer[Token, list[Phrase]]):
    """Builds phrases while parsing."""

    def start(self, children: list[Any]) -> list[Phrase]:
        return [
            child if isinstance(child, Phrase) else Phrase(child.type, [child])
            for child in children
        ]

    def quantity(self, children: list[Any]) -> Quantity:
        return Quantity(children)

    @staticmethod
    def _with_quantity(kind: str, children: list[Any]) -> Phrase:
        return Phrase(kind, children[:-1], children[-1])

    def amount(self, children: list[Any]) -> Phrase:
        return self._with_quantity("amount", children)

    def change(self, children: list[Any]) -> Phrase:
        return self._with_quantity("change", children)

    def share(self, children: list[Any]) -> Phrase:
        return self._with_quantity("share", children)

    def completion(self, children: list[Any]) -> Phrase:
        return self._with_quantity("completion", children)

    def turn(self, children: list[Any]) -> Phrase:
        return Phrase("turn", children)

    def loose(self, children: list[Any]) -> Phrase:
        return Phrase("loose", children)

    def comparison(self, children: list[Any]) -> Phrase:
        return Phrase("comparison", children)


class _Given(LarkLexer):
    """Hands on the tokens that it is given."""

    __future_interface__ = 2  # lex() gets the states of lexer and parser

    def __init__(self, _: object) -> None:
        pass

    def lex(self, lexer_state: Any, parser_state: Any) -> Iterator[Any]:
        yield from lexer_state.text


class Grammar:
    """Parses the tokens of a sentence to phrases."""

    def __init__(self) -> None:
        self._lark = Lark(_GRAMMAR, parser="lalr", lexer=_Given, transformer=_Phrases())

    def phrases(self, tokens: Sequence[Token]) -> list[Phrase]:
        """The phrases in order. What cannot be parsed stands as single tokens."""
        try:
            return self.parse(tokens)
        except UnexpectedInput:
            return [_single(token) for token in tokens]

    def parse(self, tokens: Sequence[Token]) -> list[Phrase]:
        """The phrases in order.

        :raises UnexpectedInput: the tokens were not settled.
        """
        phrases: list[Phrase] = self._lark.parse(tokens)  # type: ignore[assignment]
        return phrases


def _single(token: Token) -> Phrase:
    if token.type == "NUMBER":
        return Phrase("amount", [], Quantity([token]))
    return Phrase(token.type, [token])
