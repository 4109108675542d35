"""Reads the running text of a document: its sentences and the figures in them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ingest.document import Paragraph
from ingest.prose.discourse import Said
from ingest.prose.figures import FigureReader
from ingest.prose.passages import Passage, read_passages
from ingest.prose.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class SentenceRow:
    """A sentence of running text, with its place; a row of ``raw.sentences``."""

    sentence: int
    passage: int
    section_path: str | None
    section_title: str | None
    block: int
    character_start: int
    end_block: int
    character_end: int
    page: int | None
    line: int | None
    text: str


@dataclass(frozen=True, slots=True)
class FigureRow:
    """A number with meaning in a sentence; a row of ``raw.figures``.

    ``owner`` is the figure whose change, growth, share or completion this is,
    ``whole`` the figure of which it is a part.
    """

    figure: int
    sentence: int
    block: int
    character_start: int
    end_block: int
    character_end: int
    page: int | None
    line: int | None
    printed_text: str
    number_text: str
    number_scale: int
    value_unit: str | None = None
    meaning: str = "other"
    direction: int | None = None
    bound: str | None = None
    subject_text: str | None = None
    subject_kind: str | None = None
    subject_code: str | None = None
    side: str | None = None
    measure: str | None = None
    fund: str | None = None
    year_basis: str | None = None
    phase: str | None = None
    code_path: str | None = None
    figure_year: int | None = None
    compared_year: int | None = None
    compared_phase: str | None = None
    as_of: dt.date | None = None
    owner: int | None = None
    whole: int | None = None
    list: int | None = None
    is_list_open: bool = False
    is_placed: bool = False
    unplaced_reason: str | None = None


@dataclass(frozen=True, slots=True)
class Prose:
    """What the running text of a document says."""

    sentences: Sequence[SentenceRow] = ()
    figures: Sequence[FigureRow] = field(default=())
    passages: Sequence[Passage] = ()  # what both were read from


class ProseReader:
    """Reads running text by the vocabulary of the seeds.

    :param seeds: the folder ``seeds`` of the project.
    """

    def __init__(self, seeds: Path) -> None:
        self._figures = FigureReader(Vocabulary(seeds))

    def read(self, blocks: Iterable[tuple[int, Paragraph | None]]) -> Prose:
        """The sentences and figures of a document.

        :param blocks: its paragraphs by number; None stands for a table.
        """
        passages = read_passages(blocks)
        figures = [_figure_row(said) for said in self._figures.read(passages)]
        return Prose(tuple(_sentences(passages)), tuple(figures), passages)


def _sentences(passages: Iterable[Passage]) -> Iterator[SentenceRow]:
    number = 0
    for passage in passages:
        path = passage.section_path
        for sentence in passage.sentences:
            piece = passage.piece(sentence.start)
            block, start = passage.place(sentence.start)
            end_block, end = passage.end_place(sentence.end)
            yield SentenceRow(
                sentence=number,
                passage=passage.number,
                section_path="/".join(path) or None,
                section_title=path[-1] if path else None,
                block=block,
                character_start=start,
                end_block=end_block,
                character_end=end,
                page=piece.page,
                line=piece.line,
                text=sentence.text,
            )
            number += 1


def _figure_row(said: Said) -> FigureRow:
    passage = said.passage
    piece = passage.piece(said.start)
    block, start = passage.place(said.start)
    end_block, end = passage.end_place(said.end)
    facets = said.facets
    return FigureRow(
        figure=said.number,
        sentence=said.sentence,
        block=block,
        character_start=start,
        end_block=end_block,
        character_end=end,
        page=piece.page,
        line=piece.line,
        printed_text=passage.text[said.start : said.end],
        number_text=said.number_text,
        number_scale=said.scale,
        value_unit=said.unit.unit if said.unit else None,
        meaning=said.meaning,
        direction=said.direction,
        bound=said.bound,
        subject_text=said.subject_text,
        subject_kind=facets.kind,
        subject_code=facets.code,
        side=facets.side,
        measure=facets.measure,
        fund=facets.fund,
        year_basis=facets.year_basis,
        phase=facets.phase,
        code_path=facets.code_path,
        figure_year=said.year,
        compared_year=said.compared_year,
        compared_phase=said.compared_phase,
        as_of=said.as_of,
        owner=said.owner.number if said.owner else None,
        whole=said.whole.number if said.whole else None,
        list=said.list,
        is_list_open=said.is_list_open,
        is_placed=said.reason is None,
        unplaced_reason=said.reason,
    )
