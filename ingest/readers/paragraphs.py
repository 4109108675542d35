"""What the paragraphs of a document without pages are, told by their look."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from ingest.document import Block, Paragraph, ParagraphKind
from ingest.readers.text_lines import Line, line_kinds


def with_kinds(blocks: Iterable[Block]) -> list[Block]:
    """The blocks, with lines of contents and page numbers marked as such.

    The lines count on without gaps, so that none stands alone as watermarks do:
    Word and web pages keep theirs out of the text.
    """
    marked = list(blocks)
    places = [
        place
        for place, block in enumerate(marked)
        if isinstance(block, Paragraph) and block.kind is ParagraphKind.TEXT
    ]
    lines = [Line(number, _text(marked[place])) for number, place in enumerate(places)]
    for index, kind in line_kinds(lines).items():
        block = marked[places[index]]
        assert isinstance(block, Paragraph)
        marked[places[index]] = replace(block, kind=kind)
    return marked


def _text(block: Block) -> str:
    return block.text if isinstance(block, Paragraph) else ""
