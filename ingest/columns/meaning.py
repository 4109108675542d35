"""The readings of a table: what each column means, and what must then add up."""

from __future__ import annotations

from dataclasses import dataclass

from ingest.columns.rows import RowKind


@dataclass(frozen=True, slots=True)
class Column:
    """What one column means in one reading.

    ``role`` is None where a label of the header path is not in the vocabulary.
    ``pane`` counts the side-by-side panes of the table from 0.
    """

    column: int
    pane: int
    role: str | None
    side: str | None
    measure: str | None
    fund: str | None
    year_basis: str | None
    phase: str | None
    item: str | None
    classification: str | None
    is_total: bool
    label_year: int | None
    label_path: str


@dataclass(frozen=True, slots=True)
class Form:
    """A linear identity of a row: the total column is the sum of the terms."""

    total: tuple[int, ...]
    terms: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read the header of a table."""

    columns: tuple[Column, ...]
    forms: tuple[Form, ...]


@dataclass(frozen=True, slots=True)
class HeaderReading:
    """The kinds of the rows and all readings that the header allows.

    ``status`` is ``read``, ``no_header``, ``does_not_fit`` (labels and columns
    differ in number), ``too_many`` (the header allows almost anything) or
    ``two_headers`` (another one stands below rows of data).
    """

    row_kinds: tuple[RowKind, ...]
    status: str
    decided_by: str
    readings: tuple[Reading, ...]
