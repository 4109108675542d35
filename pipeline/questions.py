"""The saved questions of ``analyses/``.

A question is a file of plain SQL. It opens with the question in words, a line in Chinese
and one in English, and reads the published warehouse.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pipeline.settings import PROJECT

_FOLDER = PROJECT / "analyses"


@dataclass(frozen=True, slots=True)
class Question:
    """A saved question: its file name without ending, its words, its SQL."""

    name: str
    chinese: str
    english: str
    sql: str


def questions(folder: Path = _FOLDER) -> Iterator[Question]:
    """The questions of a folder by name.

    :raises ValueError: a file does not open with two lines of words.
    """
    for path in sorted(folder.glob("*.sql")):
        first, second, sql = path.read_text(encoding="utf-8").split("\n", 2)
        if not (first.startswith("-- ") and second.startswith("-- ")):
            raise ValueError(f"{path.name}: begins without the question in words")
        yield Question(path.stem, first[3:], second[3:], sql.strip())
