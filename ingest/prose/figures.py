"""Reads the figures of a document: every sentence of it that has one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

from ingest.prose.discourse import Discourse, Said
from ingest.prose.facets import Facets, Meanings
from ingest.prose.grammar import Grammar
from ingest.prose.lexer import Lexer, Token, settle
from ingest.prose.passages import Passage, Sentence
from ingest.prose.sentence import SentenceRun, share_units
from ingest.prose.vocabulary import Vocabulary, fold

_HAS_FIGURE = re.compile(
    r"[0-9０-９]|持平|一致|不变|变化|相同|相等|增减|百分之"
    r"|[一二两三四五六七八九十百千万]{2,16}[个名人辆家台户次批件项元万亿]"
    r"|[一二两三四五六七八九十][名辆家台户万元]"
    r"|[：:]$"
)
_TITLE_YEAR = re.compile(r"(20\d\d)\s*年(?:度)?[^。，,]{0,40}(?:预算|决算)")


class FigureReader:
    """Reads the figures of documents."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.lexer = Lexer(vocabulary)
        self.grammar = Grammar()
        self._meanings = Meanings(vocabulary)
        self._title_facets = lru_cache(maxsize=4096)(self._facets_of_title)

    def read(self, passages: Sequence[Passage]) -> list[Said]:
        """The figures of a document in the order of print.

        Sentences are numbered over all passages from 0.
        """
        text = Discourse(self._meanings, self._title_facets, _document_year(passages))
        number = 0
        for passage in passages:
            text.enter(passage)
            for sentence in passage.sentences:
                if _HAS_FIGURE.search(sentence.text):
                    self._read(text, passage, sentence, number)
                number += 1
        return text.figures

    def _read(
        self, text: Discourse, passage: Passage, sentence: Sentence, number: int
    ) -> None:
        """Read a sentence behind the heading that it may begin with."""
        text.unfinished = None
        skipped = max(passage.heading_end - sentence.start, 0)
        printed = sentence.text[skipped:]
        tokens = self.lexer.tokens(printed)
        if not _says_something(tokens):
            return
        settle(tokens)
        phrases = self.grammar.phrases(tokens)
        share_units(phrases)
        start = sentence.start + skipped
        SentenceRun(text, passage, printed, start, number).read(phrases)

    def _facets_of_title(self, title: str) -> Facets:
        labels = [one for one in self.lexer.tokens(title) if one.type == "LABEL"]
        facets = self._meanings.compose(labels)
        # 基本支出和项目支出情况 is of both
        if any(
            self._meanings.are_apart(first.meaning, then.meaning)
            for first, then in pairwise(labels)
        ):
            return facets._replace(measure=None)
        return facets


def _document_year(passages: Sequence[Passage]) -> int | None:
    """The fiscal year that the titles name."""
    for passage in passages[:60]:
        match = _TITLE_YEAR.search(fold(passage.text[:200]))
        if match:
            return int(match[1])
    return None


def _says_something(tokens: Sequence[Token]) -> bool:
    """Whether there is a figure, or the head of a list that the next lines give."""
    return any(token.type in ("NUMBER", "FLAT") for token in tokens) or any(
        token.type == "LISTHEAD" for token in tokens[-3:]
    )
