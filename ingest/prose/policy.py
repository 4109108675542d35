"""Reads what a document says of rules: what it cites, in text and in tables."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

from ingest.document import Cell, Table
from ingest.prose.citations import Citation, Words, find_citations, folded_label
from ingest.prose.formulas import Formula, Quantity, find_formulas
from ingest.prose.passages import Passage
from ingest.prose.policy_standards import (
    ScoreLabels,
    Standard,
    find_schedule,
    find_scores,
    find_standards,
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a stretch of text stands: in paragraphs, or in one cell of a table."""

    block: int
    character_start: int
    end_block: int
    character_end: int
    row: int | None
    column: int | None
    page: int | None
    line: int | None
    printed_text: str


@dataclass(frozen=True, slots=True)
class CitationRow(Place):
    """A cited document with its place; a row of ``raw.citations``."""

    citation: int
    cited_title: str | None
    printed_number: str | None
    document_number: str | None
    issuer_code: str | None
    issuer: str | None
    year: int | None
    serial: str | None
    bracket_status: str | None
    relation: str


@dataclass(frozen=True, slots=True)
class FormulaRow(Place):
    """An expression with its printed result; a row of ``raw.formulas``."""

    formula: int
    kind: str
    is_unit_open: bool


@dataclass(frozen=True, slots=True)
class FormulaTermRow(Place):
    """A number of a formula; a row of ``raw.formula_terms``.

    The products of the operands, with their signs, sum to the result times the
    divisors.
    """

    formula: int
    term: int
    role: str  # operand, result, divisor
    product: int | None
    factor: int
    sign: int
    value: str
    half_unit: str
    is_exact: bool
    value_unit: str | None
    unit_factor: int


@dataclass(frozen=True, slots=True)
class StandardRow(Place):
    """What a rule or project text sets; a row of ``raw.standards``."""

    standard: int
    section_path: str | None
    sentence: str
    kind: str
    subject: str | None
    value: str | None
    value_unit: str | None
    bound: str | None
    lower_bound: str | None
    upper_bound: str | None
    bound_unit: str | None
    per: str | None
    condition: str | None
    payer: str | None
    valid_year: int | None
    start_date: str | None
    end_date: str | None
    is_blank: bool


@dataclass(frozen=True, slots=True)
class Policy:
    """What a document says of rules."""

    citations: Sequence[CitationRow] = ()
    formulas: Sequence[FormulaRow] = ()
    formula_terms: Sequence[FormulaTermRow] = ()
    standards: Sequence[StandardRow] = ()


class PolicyReader:
    """Reads rules by the vocabulary of the seeds.

    :param seeds: the folder ``seeds`` of the project.
    """

    def __init__(self, seeds: Path) -> None:
        self._words = Words.read(seeds)
        self._labels = ScoreLabels(seeds)
        self._titles = _rule_titles(seeds)
        self._plans = _plan_headings(seeds)

    def read(
        self, passages: Sequence[Passage], tables: Sequence[tuple[int, Table]]
    ) -> Policy:
        """The rules of a document.

        :param passages: its running text.
        :param tables: its tables by block.
        """
        formulas, terms = _formulas(passages, tables)
        return Policy(
            citations=tuple(self._citations(passages, tables)),
            formulas=formulas,
            formula_terms=terms,
            standards=tuple(self._standards(passages, tables)),
        )

    def _citations(
        self, passages: Iterable[Passage], tables: Iterable[tuple[int, Table]]
    ) -> Iterator[CitationRow]:
        found: list[tuple[Place, Citation]] = []
        for passage in passages:
            is_basis = any(map(self._words.is_basis_label, passage.section_path))
            found.extend(
                (text_place(passage, citation.start, citation.end), citation)
                for citation in find_citations(passage.text, self._words, is_basis)
            )
        for block, table in tables:
            for cell in table.cells:
                # the labels of a cell cost a search: only where something is cited
                citations = find_citations(cell.text, self._words)
                if citations and self._is_under_basis(table, cell):
                    citations = find_citations(cell.text, self._words, is_basis=True)
                found.extend(
                    (
                        cell_place(block, table, cell, citation.start, citation.end),
                        citation,
                    )
                    for citation in citations
                )
        found.sort(key=lambda item: (item[0].block, item[0].row or 0))
        for number, (place, citation) in enumerate(found):
            yield CitationRow(
                **_place(place),
                citation=number,
                **{
                    name: getattr(citation, name)
                    for name in Citation.__slots__
                    if name not in ("start", "end")
                },
            )

    def _standards(
        self, passages: Sequence[Passage], tables: Iterable[tuple[int, Table]]
    ) -> Iterator[StandardRow]:
        """What rules of a fund and project texts set; of budgets their project texts.

        Which document is what SQL says; here it is enough that the words occur.
        """
        is_rule = any(
            self._titles.search(_BLANKS.sub("", passage.text[:_TITLE_LENGTH]))
            for passage in passages[:_TITLE_PASSAGES]
        )
        number = 0
        for passage in passages:
            path = passage.section_path
            if not is_rule and not (path and _PROJECT_TEXT.search(path[0])):
                continue
            is_plan = any(map(self._is_plan, path))
            for sentence in passage.sentences:
                found = find_standards(sentence.text)
                if is_plan:
                    found.extend(find_schedule(sentence.text))
                for standard in found:
                    place = text_place(
                        passage,
                        sentence.start + standard.start,
                        sentence.start + standard.end,
                    )
                    yield _standard(
                        number, place, standard, "/".join(path) or None, sentence.text
                    )
                    number += 1
        if not is_rule:
            return
        for block, table in tables:
            for cell, standard in find_scores(table, self._labels):
                place = cell_place(block, table, cell, standard.start, standard.end)
                yield _standard(number, place, standard, None, cell.text)
                number += 1

    def _is_plan(self, heading: str) -> bool:
        return folded_label(heading) in self._plans

    def _is_under_basis(self, table: Table, cell: Cell) -> bool:
        """Whether the next label to the left, or one above, is 立项依据."""
        labels = [
            other
            for other in table.cells
            if other.text.strip()
            and (
                (other.row == cell.row and other.column < cell.column)
                or (other.column == cell.column and other.row < cell.row)
            )
        ]
        beside = [other for other in labels if other.row == cell.row]
        if beside and self._words.is_basis_label(max(beside, key=_column).text):
            return True
        return any(
            self._words.is_basis_label(other.text)
            for other in labels
            if other.row < cell.row
        )


_BLANKS = re.compile(r"[\s\u3000]+")
_TITLE_PASSAGES = 8
_TITLE_LENGTH = 120
_PROJECT_TEXT = re.compile(r"项目.{0,4}(?:情况说明|文本)")
_RULE_KINDS = frozenset({"project_text", "fund_rules"})


def _rule_titles(seeds: Path) -> re.Pattern[str]:
    """The titles of rules and project texts, of ``vocabulary/document_kind.csv``."""
    path = seeds / "vocabulary" / "document_kind.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return re.compile(
            "|".join(
                row["pattern"]
                for row in csv.DictReader(file)
                if row["document_kind"] in _RULE_KINDS
            )
        )


def _plan_headings(seeds: Path) -> frozenset[str]:
    """Headings of a project text below which a date says when it is carried out."""
    path = seeds / "vocabulary" / "project_section.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return frozenset(
            row["label"]
            for row in csv.DictReader(file)
            if row["section"] in ("plan", "content")
        )


def _standard(
    number: int, place: Place, item: Standard, section_path: str | None, sentence: str
) -> StandardRow:
    def text(value: Decimal | None) -> str | None:
        return None if value is None else f"{value:f}"

    return StandardRow(
        **_place(place),
        standard=number,
        section_path=section_path,
        sentence=sentence,
        kind=item.kind,
        subject=item.subject,
        value=text(item.value),
        value_unit=item.value_unit,
        bound=item.bound,
        lower_bound=text(item.lower),
        upper_bound=text(item.upper),
        bound_unit=item.bound_unit,
        per=item.per,
        condition=item.condition,
        payer=item.payer,
        valid_year=item.valid_year,
        start_date=item.start_date,
        end_date=item.end_date,
        is_blank=item.is_blank,
    )


def _column(cell: Cell) -> int:
    return cell.column


# A cell with less is a label or a number, and one with a formula alone a heading.
_SENTENCE_LENGTH = 12
_SENTENCE = re.compile(r"[^。！？\n]+")
_PlaceOf = Callable[[int, int], Place]


def _formulas(
    passages: Iterable[Passage], tables: Iterable[tuple[int, Table]]
) -> tuple[tuple[FormulaRow, ...], tuple[FormulaTermRow, ...]]:
    formulas: list[FormulaRow] = []
    terms: list[FormulaTermRow] = []

    def add(found: Iterable[Formula], place_of: _PlaceOf, offset: int) -> None:
        for formula in found:
            number = len(formulas)
            formulas.append(
                FormulaRow(
                    **_place(place_of(offset + formula.start, offset + formula.end)),
                    formula=number,
                    kind=formula.kind,
                    is_unit_open=_is_unit_open(formula),
                )
            )
            terms.extend(_terms(number, formula, place_of, offset))

    for passage in passages:
        for sentence in passage.sentences:
            add(
                find_formulas(sentence.text),
                partial(text_place, passage),
                sentence.start,
            )
    for block, table in tables:
        for cell in table.cells:
            if len(cell.text) < _SENTENCE_LENGTH:
                continue
            for match in _SENTENCE.finditer(cell.text):
                add(
                    find_formulas(match.group()),
                    partial(cell_place, block, table, cell),
                    match.start(),
                )
    return tuple(formulas), tuple(terms)


def _place(place: Place) -> dict[str, Any]:
    return {name: getattr(place, name) for name in Place.__slots__}


def _is_unit_open(formula: Formula) -> bool:
    """Whether only one side prints money, so that the other may count in 元 or 万元."""
    operands = [factor for product in formula.products for factor in product.factors]
    return formula.result.is_money != any(item.is_money for item in operands)


def _terms(
    number: int, formula: Formula, place_of: _PlaceOf, offset: int
) -> Iterator[FormulaTermRow]:
    listed: list[tuple[str, int | None, int, int, Quantity]] = [
        ("result", None, 0, 1, formula.result),
        *(("divisor", None, at, 1, item) for at, item in enumerate(formula.divisors)),
        *(
            ("operand", order, at, product.sign, item)
            for order, product in enumerate(formula.products)
            for at, item in enumerate(product.factors)
        ),
    ]
    for term, (role, order, at, sign, item) in enumerate(listed):
        yield FormulaTermRow(
            **_place(place_of(offset + item.start, offset + item.end)),
            formula=number,
            term=term,
            role=role,
            product=order,
            factor=at,
            sign=sign,
            value=f"{item.value:f}",
            half_unit=f"{item.half_unit:f}",
            is_exact=item.is_exact,
            value_unit=item.unit,
            unit_factor=item.factor,
        )


def text_place(passage: Passage, start: int, end: int) -> Place:
    """The place of a stretch of running text."""
    piece = passage.piece(start)
    block, character_start = passage.place(start)
    end_block, character_end = passage.end_place(end)
    return Place(
        block=block,
        character_start=character_start,
        end_block=end_block,
        character_end=character_end,
        row=None,
        column=None,
        page=piece.page,
        line=piece.line,
        printed_text=passage.text[start:end],
    )


def cell_place(block: int, table: Table, cell: Cell, start: int, end: int) -> Place:
    """The place of a stretch of the text of a cell."""
    return Place(
        block=block,
        character_start=start,
        end_block=block,
        character_end=end,
        row=cell.row,
        column=cell.column,
        page=cell.page or table.page,
        line=cell.line or table.line,
        printed_text=cell.text[start:end],
    )
