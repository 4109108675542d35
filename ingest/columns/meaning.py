"""The readings of a table: what each column means, and what must then add up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

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
class Time:
    """The phase and the year that words above some rows of a table say."""

    phase: str | None = None
    label_year: int | None = None


@dataclass(frozen=True, slots=True)
class HeaderReading:
    """The kinds of the rows and all readings that the header allows.

    ``times`` has, by row, what a band above it says (决算数 above the header printed
    once more); rows without one are of the time that their columns say.

    ``status`` is ``read``, ``no_header``, ``does_not_fit`` (labels and columns
    differ in number), ``too_many`` (the header allows almost anything) or
    ``two_headers`` (another one stands below rows of data).
    """

    row_kinds: tuple[RowKind, ...]
    status: str
    decided_by: str
    readings: tuple[Reading, ...]
    times: Mapping[int, Time] = field(default_factory=dict)
