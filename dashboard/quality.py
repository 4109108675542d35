"""The page of coverage and data quality."""

from __future__ import annotations

import json
from collections import defaultdict

from dashboard.overview import period
from dashboard.reading import Row, Warehouse

_DOCUMENTS = 50  # of the running text; the rest is in the export


def coverage(warehouse: Warehouse) -> list[Row]:
    """How much of each statement is in an identity."""
    return warehouse.rows(
        """
        select coverage.statement, statements.name_zh as name,
            sum(amounts)::bigint as amounts,
            sum(amounts_in_identity)::bigint as in_identity,
            sum(amounts_in_independent_identities)::bigint as in_independent,
            sum(amounts_in_no_identity)::bigint as in_none
        from marts.rpt_coverage as coverage
        left join marts.dim_statement as statements
            on coverage.statement = statements.statement
        group by coverage.statement, statements.name_zh, statements.sort_order
        order by statements.sort_order, coverage.statement
        """
    )


def document_coverage(warehouse: Warehouse) -> dict[str, Row]:
    """How much of each document is in an identity."""
    return {
        row["document_id"]: row
        for row in warehouse.rows(
            """
            select document_id, sum(amounts)::bigint as amounts,
                sum(amounts_in_identity)::bigint as in_identity,
                sum(amounts_in_no_identity)::bigint as in_none
            from marts.rpt_coverage group by document_id
            """
        )
    }


def narrative(warehouse: Warehouse) -> Row | None:
    """How much of the running text is understood and checked, in all and by document.

    Documents of which most is not understood come first.
    """
    if "marts.rpt_narrative_coverage" not in warehouse.tables:
        return None
    total = warehouse.one(
        """
        select coalesce(sum(figures), 0)::bigint as figures,
            coalesce(sum(placed_figures), 0)::bigint as placed,
            coalesce(sum(checked_figures), 0)::bigint as checked,
            coalesce(sum(unplaced_figures), 0)::bigint as unplaced,
            count(*) as documents
        from marts.rpt_narrative_coverage
        """
    )
    total["rows"] = warehouse.rows(
        f"""
        select coverage.*, coalesce(documents.title, documents.file_name) as title
        from marts.rpt_narrative_coverage as coverage
        inner join marts.dim_document as documents
            on coverage.document_id = documents.document_id
        where coverage.figures > 0
        order by coverage.unplaced_figures desc, coverage.share_checked,
            documents.relative_path
        limit {_DOCUMENTS}
        """
    )
    for row in total["rows"]:
        row["period"] = period(row)
    return total


def not_understood(warehouse: Warehouse) -> list[Row]:
    """The tables with figures that nobody understood, those of most figures first."""
    found = warehouse.rows(
        """
        select tables.source_table_id, tables.document_id, tables.title, tables.page,
            tables.line, tables.sheet, tables.status_reason, tables.number_count,
            documents.relative_path, documents.fiscal_year, documents.stage,
            units.unit_name
        from marts.dim_source_table as tables
        inner join marts.dim_document as documents
            on tables.document_id = documents.document_id
        left join marts.dim_unit as units on documents.unit_id = units.unit_id
        where tables.status = 'not_understood'
        order by tables.number_count desc, tables.source_table_id
        """
    )
    for row in found:
        row["period"] = period(row)
    return found


def reasons(warehouse: Warehouse) -> list[Row]:
    """Why tables and documents did not become figures, the most frequent first."""
    return warehouse.rows(
        """
        select 'table' as what, status, status_reason as reason, count(*) as n,
            coalesce(sum(number_count), 0)::bigint as figures
        from marts.dim_source_table where status = 'not_understood' group by all
        order by n desc, reason
        """
    )


def checks(warehouse: Warehouse) -> list[Row]:
    """The checks of the build by suite and meaning, with those that failed."""
    if "marts.expectation_results" not in warehouse.tables:
        return []
    suites: dict[str, dict[str, Row]] = defaultdict(dict)
    for row in warehouse.stream("select * from marts.expectation_results"):
        kind = suites[row["suite"]].setdefault(
            row["meaning"], {"meaning": row["meaning"], "checks": 0, "failed": []}
        )
        kind["checks"] += 1
        if not row["succeeded"]:
            row["examples"] = json.loads(row["examples"])
            kind["failed"].append(row)
    return [
        {"suite": suite, "kinds": list(kinds.values())}
        for suite, kinds in suites.items()
    ]
