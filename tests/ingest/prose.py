"""Reads sentences as the running text of a document, for the tests of prose."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from ingest.document import Paragraph
from ingest.prose.reader import FigureRow, Prose, ProseReader

SEEDS = Path(__file__).resolve().parents[2] / "seeds"


@lru_cache(maxsize=1)
def reader() -> ProseReader:
    return ProseReader(SEEDS)


def read(*lines: str) -> Prose:
    """Each line is a paragraph; the first may give the year by its title."""
    return reader().read(list(enumerate(map(Paragraph, lines))))


def figures(*lines: str) -> Sequence[FigureRow]:
    return read(*lines).figures


def brief(figure: FigureRow) -> str:
    """What a figure says, in short: meaning, subject and the facets that are said."""
    sign = {None: "", 1: "+", -1: "-", 0: "="}[figure.direction]
    facets = (
        figure.subject_kind,
        figure.subject_code,
        figure.measure,
        figure.fund,
        figure.year_basis,
        figure.phase,
        figure.code_path,
    )
    said = " ".join(facet for facet in facets if facet)
    return (
        f"{figure.meaning} {sign}{figure.number_text}{figure.value_unit or ''} {said}"
    )


def links(found: Sequence[FigureRow]) -> list[tuple[int | None, int | None]]:
    """Owner and whole of each figure."""
    return [(figure.owner, figure.whole) for figure in found]
