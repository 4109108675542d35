"""``python -m expectations WAREHOUSE REPORT``: run both suites on a warehouse.

Writes the results as JSON, one object per check. Exit code 0 when every
critical check holds, 1 when one fails.
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

from expectations import critical, reconciling
from expectations.engine import data_source
from expectations.suite import Check

SUITES = {"critical": critical.checks, "reconciling": reconciling.checks}


def validate(warehouse: Path) -> list[dict[str, Any]]:
    """Run both suites; one result per check, in the order of the suites."""
    import great_expectations as gx

    source = data_source(warehouse)
    results: list[dict[str, Any]] = []
    for name, checks in SUITES.items():
        by_table: dict[str, list[Check]] = defaultdict(list)
        for check in checks():
            by_table[check.table].append(check)
        for table, entries in by_table.items():
            asset = source.add_table_asset(
                f"{name}_{table}", table_name=table, schema_name="marts"
            )
            batch = asset.add_batch_definition_whole_table(table).get_batch()
            suite = gx.ExpectationSuite(name=f"{name}_{table}")
            for number, check in enumerate(entries):
                check.expectation.meta = {"check": number}
                suite.add_expectation(check.expectation)
            # Only the complete result names the rows that a query found.
            validated = batch.validate(suite, result_format="COMPLETE")
            by_number = {
                result.expectation_config.meta["check"]: result
                for result in validated.results
            }
            for number, check in enumerate(entries):
                results.append(_result(name, check, by_number[number]))
    return results


def _result(suite: str, check: Check, result: Any) -> dict[str, Any]:
    detail = ""
    if not result.success:
        found = result.result or {}
        rows = (found.get("details") or {}).get("unexpected_rows") or found.get(
            "partial_unexpected_list"
        )
        message = _exception_message(result.exception_info or {})
        counted = found.get("observed_value") or found.get("unexpected_count")
        detail = (message or f"{counted}：{rows}")[:400]
    return {
        "suite": suite,
        "expectation": type(check.expectation).__name__,
        "description": f"[{check.table}] {check.description}",
        "succeeded": bool(result.success),
        "detail": detail,
    }


def _exception_message(info: dict[str, Any]) -> str | None:
    """GX puts the message at the top or under the id of a metric."""
    if info.get("exception_message"):
        return str(info["exception_message"])
    for value in info.values():
        if isinstance(value, dict) and value.get("exception_message"):
            return str(value["exception_message"])
    return None


def main() -> int:
    """The command."""
    warehouse, report = Path(sys.argv[1]), Path(sys.argv[2])
    results = validate(warehouse)
    report.write_text(json.dumps(results, ensure_ascii=False), encoding="utf-8")
    failed = [
        result
        for result in results
        if result["suite"] == "critical" and not result["succeeded"]
    ]
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
