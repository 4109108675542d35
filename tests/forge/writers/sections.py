"""A paper cut into what stands together: a table with the lines above and below it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.forge.paper import Grid, PageBreak, Paper

# How a line begins that belongs to the table above it, if no page ends between.
NOTE_MARKS = ("注", "备注", "说明：", "本表", "（本表", "故本表", "此表")


@dataclass(slots=True)
class Section:
    """A table between its lines; lines alone have no table."""

    above: list[str] = field(default_factory=list)
    table: Grid | None = None
    below: list[str] = field(default_factory=list)


def sections(paper: Paper) -> Iterator[Section]:
    """The title as a section of its own, then what follows in reading order.

    A page break ends a section. Without one, a line below a table belongs to it if
    it begins like a note, and to the next table if it does not.
    """
    section = Section([paper.title])
    for block in (PageBreak(), *paper.blocks):
        match block:
            case PageBreak():
                if section.above or section.table:
                    yield section
                section = Section()
            case Grid():
                if section.table:
                    yield section
                    section = Section()
                section.table = block
            case str() if section.table is None:
                section.above.append(block)
            case str() if not _is_note(block):
                yield section
                section = Section([block])
            case str():
                section.below.append(block)
    if section.above or section.table:
        yield section


def _is_note(line: str) -> bool:
    return line.strip().startswith(NOTE_MARKS)
