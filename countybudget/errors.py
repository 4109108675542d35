"""What the reader refuses; each message says what to do instead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


class NotAWarehouse(ValueError):
    """What was opened is neither a published warehouse nor an export of one."""


class UnknownName(LookupError):
    """The warehouse has no such table, column, value, unit, region or cell."""


class AmbiguousName(LookupError):
    """Several units bear the name; the message lists their ``unit_id``."""


class NoPicture(LookupError):
    """The page of a cell cannot be drawn; the message says why."""


class MixedSeries(ValueError):
    """The figures asked for are not one series.

    :ivar choices: by column, the values of which one has to be chosen.
    """

    def __init__(self, message: str, choices: Mapping[str, Sequence[object]]) -> None:
        super().__init__(message)
        self.choices = {column: list(values) for column, values in choices.items()}
