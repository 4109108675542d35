"""``python -m expectations WAREHOUSE REPORT``: run the suites on a warehouse.

Writes the results as JSON, one object per check. Exit code 0 when every critical
check holds, 1 when one fails. With ``--wait`` it gets ready (importing GX takes
seconds) and begins when a line comes in; it ends when none will.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import great_expectations as gx

from expectations import marts, reconciliation, staging
from expectations.engine import data_source
from expectations.suite import WarehouseExpectation

SUITES: dict[str, Callable[[], Iterable[WarehouseExpectation]]] = {
    "staging": staging.checks,
    "marts": marts.checks,
    "reconciliation": reconciliation.checks,
}

EXAMPLES = 5


def validate(warehouse: Path) -> list[dict[str, Any]]:
    """Run the suites; one result per check, in the order of the suites."""
    source = data_source(warehouse)
    results: list[dict[str, Any]] = []
    suites = {name: list(make_checks()) for name, make_checks in SUITES.items()}
    total = sum(map(len, suites.values()))
    for name, checks in suites.items():
        # Every check names its tables; GX wants one to be asked through.
        asset = source.add_table_asset(name, table_name="build", schema_name="raw")
        batch = asset.add_batch_definition_whole_table(name).get_batch()
        for number, check in enumerate(checks):
            check.meta["number"] = number
        suite = gx.ExpectationSuite(name=name, expectations=checks)
        # Only the complete result names the rows that a query found.
        validated = batch.validate(suite, result_format="COMPLETE")
        by_number = {
            result.expectation_config.meta["number"]: result
            for result in validated.results
        }
        results += [
            _result(name, check, by_number[number])
            for number, check in enumerate(checks)
        ]
        # For who waits: how many of how many.
        print(f"{len(results)}/{total}", flush=True)
    return results


def _result(suite: str, check: WarehouseExpectation, result: Any) -> dict[str, Any]:
    found = result.result or {}
    rows = (found.get("details") or {}).get("unexpected_rows") or []
    return {
        "suite": suite,
        "severity": str(check.severity.value),
        "expectation": _snake_case(type(check).__name__),
        "table_name": check.table,
        "description": check.description,
        "meaning": check.meaning,
        "succeeded": bool(result.success),
        "unexpected_rows": found.get("observed_value"),
        "examples": [
            {name: _text(value) for name, value in row.items()}
            for row in rows[:EXAMPLES]
        ],
        "message": _exception_message(result.exception_info or {}),
    }


def _snake_case(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def _text(value: object) -> str | None:
    if value is None:
        return None
    text = str(value)
    return text if len(text) <= 120 else text[:120] + "…"


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
    parser = argparse.ArgumentParser(prog="expectations")
    parser.add_argument("warehouse", type=Path)
    parser.add_argument("report", type=Path)
    parser.add_argument("--wait", action="store_true")
    arguments = parser.parse_args()
    if arguments.wait and not sys.stdin.readline():
        return 0
    results = validate(arguments.warehouse)
    arguments.report.write_text(
        json.dumps(results, ensure_ascii=False), encoding="utf-8"
    )
    failed = [
        result
        for result in results
        if result["severity"] == "critical" and not result["succeeded"]
    ]
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
