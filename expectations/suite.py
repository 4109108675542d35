"""What a suite is made of: SQL queries for the rows that should not be there."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar, Literal

from great_expectations.expectations import UnexpectedRowsExpectation

Severity = Literal["critical", "warning", "info"]


class WarehouseExpectation(UnexpectedRowsExpectation):  # type: ignore[misc]
    """A query over the whole warehouse that should return no row.

    SQL alone, also for keys and sets of values: a check costs a hundredth of a
    second, GX's own ones ten times that, and a failed one names the rows. Each
    class says in Chinese why its kind of check matters.
    """

    meaning: ClassVar[str] = ""

    @property
    def table(self) -> str:
        """The table that the check is about."""
        return str(self.meta["table"])

    @classmethod
    def check(
        cls, table: str, description: str, sql: str, severity: Severity = "critical"
    ) -> WarehouseExpectation:
        """The check of ``table`` that ``description`` puts into a Chinese sentence."""
        return cls(
            # GX asks for the batch to be in the query; here it is the whole warehouse.
            unexpected_rows_query=f"{sql} /* {{batch}} */",
            description=description,
            severity=severity,
            meta={"table": table},
        )


def listed(values: Iterable[str]) -> str:
    """Values as SQL writes them between brackets."""
    return ", ".join(f"'{value}'" for value in values)
