"""What a suite is made of: expectations, each on one mart, with a Chinese sentence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from great_expectations.expectations import Expectation


@dataclass(frozen=True, slots=True)
class Check:
    """One expectation on one table of schema ``marts``."""

    table: str
    description: str
    expectation: Expectation


def no_rows(table: str, description: str, sql: str) -> Check:
    """A check that a query over the marts (its own FROM) returns nothing.

    ``{batch}`` in the query stands for the table.
    """
    from great_expectations.expectations import UnexpectedRowsExpectation

    return Check(
        table,
        description,
        UnexpectedRowsExpectation(unexpected_rows_query=sql, description=description),
    )
