"""Every amount that the warehouse took from a document, and how a test writes it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from decimal import Decimal

from tests.building import Build

# Statement, row, measure, fund, year basis, phase, amount in 元.
Fact = tuple[str, str, str, str, str, str, Decimal]
Facts = Counter[Fact]

_ROWS = {
    "fct_functional": "f.functional_code",
    "fct_economic": (
        "case f.classification when 'government' then 'government ' else '' end "
        "|| f.economic_code"
    ),
    "fct_revenue": "f.revenue_source",
    "fct_balance_item": "f.item",
    "fct_three_public": "f.item",
    "fct_project": "f.project_name",
}
_YEARS = ("current_year", "carryover")
_PHASES = ("budget", "adjusted_budget", "final", "prior_budget", "prior_final")
_FUNDS = (
    "fiscal_appropriation",
    "general_public_budget",
    "government_funds",
    "state_capital",
    "of_which_fiscal_appropriation",
    "fiscal_account",
    "institution_income",
    "business_income",
    "superior_subsidy",
    "affiliated_remittance",
    "other_income",
    "unit_funds",
    "fund_balance_used",
)


def facts(built: Build, file_name: str) -> Facts:
    """The amount facts of a document.

    The row is the code, the source, the item or the project; ``total`` or
    ``grand_total``; or ``unit`` with the name of the unit.
    """
    selects = " union all ".join(
        f"select f.document_id, f.statement, case f.row_role when 'code' then {row} "
        "when 'unit' then 'unit ' || f.unit_name else f.row_role end as row_name, "
        "f.measure, f.fund, f.year_basis, f.phase, f.amount_yuan, f.half_unit_yuan, "
        f"f.proof, f.cell_id, '{table}' as fact_table from marts.{table} as f"
        for table, row in _ROWS.items()
    )
    rows = built.rows(
        "select statement, row_name, measure, fund, year_basis, phase, amount_yuan "
        f"from ({selects}) as f inner join marts.dim_document as d using (document_id) "
        "where d.file_name = ?",
        file_name,
    )
    return Counter(tuple(row.values()) for row in rows)


def stated(
    statement: str,
    rows: Mapping[str, str],
    *,
    times: int = 10_000,
    fund: str = "all",
    phase: str = "budget",
) -> Facts:
    """The facts of a statement, written in the unit of ``times`` 元.

    A row is written ``"total=150 basic=130"``. What an amount means is joined by
    ``/`` and stands before ``=``: a measure, a fund, a year basis, a phase, as
    far as they differ from ``total``, ``fund``, ``all`` and ``phase``.
    """
    found: Facts = Counter()
    for row, amounts in rows.items():
        for amount in amounts.split():
            meaning, _, figure = amount.partition("=")
            parts = meaning.split("/")
            value = Decimal(figure) * times
            found[
                (
                    statement,
                    row,
                    _one(parts, lambda part: not _is_fund_or_time(part), "total"),
                    _one(parts, _FUNDS.__contains__, fund),
                    _one(parts, _YEARS.__contains__, "all"),
                    _one(parts, _PHASES.__contains__, phase),
                    value,
                )
            ] += 1
    return found


def _is_fund_or_time(part: str) -> bool:
    return part in _FUNDS or part in _YEARS or part in _PHASES


def _one(parts: list[str], belongs: Callable[[str], bool], default: str) -> str:
    chosen = [part for part in parts if belongs(part)]
    assert len(chosen) <= 1, parts
    return chosen[0] if chosen else default
