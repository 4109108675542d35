"""What a suite is made of: SQL queries for the rows that should not be there."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import ClassVar, Literal

from great_expectations.expectations import UnexpectedRowsExpectation

Severity = Literal["critical", "warning", "info"]

# Tables below the marts that the warehouse keeps of every document. The others hold
# the batch that is being worked, and what is checked on them is checked then.
KEPT = frozenset(
    {
        "staging.stg_document",
        "staging.stg_table",
        "intermediate.int_finding_acknowledgement",
    }
)


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

    @property
    def is_of_batch(self) -> bool:
        """Whether the query reads tables that hold only one batch."""
        tables = re.findall(
            r"\b(?:staging|intermediate)\.\w+", self.unexpected_rows_query
        )
        return not KEPT.issuperset(tables)

    @property
    def is_of_corpus(self) -> bool:
        """Whether it says something of all documents, and nothing of some of them."""
        return self.severity.value != "critical" or bool(self.meta.get("of_corpus"))

    @classmethod
    def check(
        cls,
        table: str,
        description: str,
        sql: str,
        severity: Severity = "critical",
        *,
        of_corpus: bool = False,
    ) -> WarehouseExpectation:
        """The check of ``table`` that ``description`` puts into a Chinese sentence.

        One ``of_corpus`` weighs all documents together. The other critical ones say of
        each row whether it is sound: what held when the row was made holds.
        """
        return cls(
            # GX asks for the batch to be in the query; here it is the whole warehouse.
            unexpected_rows_query=f"{sql} /* {{batch}} */",
            description=description,
            severity=severity,
            meta={"table": table, "of_corpus": of_corpus},
        )


def listed(values: Iterable[str]) -> str:
    """Values as SQL writes them between brackets."""
    return ", ".join(f"'{value}'" for value in values)
