"""Reads what a document says of rules: what it cites, in text and in tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ingest.document import Cell, Table
from ingest.prose.citations import Citation, Words, find_citations
from ingest.prose.passages import Passage


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
class Policy:
    """What a document says of rules."""

    citations: Sequence[CitationRow] = ()


class PolicyReader:
    """Reads rules by the vocabulary of the seeds.

    :param seeds: the folder ``seeds`` of the project.
    """

    def __init__(self, seeds: Path) -> None:
        self._words = Words.read(seeds)

    def read(
        self, passages: Sequence[Passage], tables: Sequence[tuple[int, Table]]
    ) -> Policy:
        """The rules of a document.

        :param passages: its running text.
        :param tables: its tables by block.
        """
        return Policy(tuple(self._citations(passages, tables)))

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
                **{name: getattr(place, name) for name in Place.__slots__},
                citation=number,
                **{
                    name: getattr(citation, name)
                    for name in Citation.__slots__
                    if name not in ("start", "end")
                },
            )

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


def _column(cell: Cell) -> int:
    return cell.column


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
