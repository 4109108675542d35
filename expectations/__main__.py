"""``python -m expectations``: run the suites on warehouses, one request a line.

A request is a JSON object: ``warehouse`` (path), ``report`` (path) and ``scope``. The
results are written to the report as JSON, one object per check; then a line goes to
standard output. Importing GX takes seconds: the process gets ready while its caller
works, and ends with its input.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Literal

import great_expectations as gx

from expectations import marts, reconciliation, staging
from expectations.engine import data_source
from expectations.suite import WarehouseExpectation

SUITES: dict[str, Callable[[], Iterable[WarehouseExpectation]]] = {
    "staging": staging.checks,
    "marts": marts.checks,
    "reconciliation": reconciliation.checks,
}

# What is there to be checked. On each `batch`, with all tables on the way to the marts,
# all that is said of rows. Then on the `warehouse` all that is said of what it keeps;
# where most of that was there before, what is said of the `corpus` as a whole.
Scope = Literal["batch", "warehouse", "corpus", "all"]

EXAMPLES = 5


def validate(warehouse: Path, scope: Scope = "all") -> list[dict[str, Any]]:
    """Run the suites; one result per check, in the order of the suites."""
    suites = {name: _checks(make, scope) for name, make in SUITES.items()}
    total = sum(map(len, suites.values()))
    results: list[dict[str, Any]] = []
    with data_source(warehouse) as source:
        for name, checks in suites.items():
            if not checks:
                continue
            # Every check names its tables; GX wants one to be asked through.
            asset = source.add_table_asset(name, table_name="build", schema_name="raw")
            batch = asset.add_batch_definition_whole_table(name).get_batch()
            suite = gx.ExpectationSuite(name=name, expectations=checks)
            # Only the complete result names the rows that a query found.
            validated = batch.validate(suite, result_format="COMPLETE")
            by_number = {
                result.expectation_config.meta["number"]: result
                for result in validated.results
            }
            results += [
                _result(name, check, by_number[check.meta["number"]])
                for check in checks
            ]
            # For who waits: how many of how many.
            print(f"{len(results)}/{total}", flush=True)
    return results


def _checks(
    make: Callable[[], Iterable[WarehouseExpectation]], scope: Scope
) -> list[WarehouseExpectation]:
    """The checks of a suite that can be made; each knows its place in the suite."""
    checks = []
    for number, check in enumerate(make()):
        check.meta["number"] = number
        if _is_in(check, scope):
            checks.append(check)
    return checks


def _is_in(check: WarehouseExpectation, scope: Scope) -> bool:
    match scope:
        case "all":
            return True
        case "batch":
            return check.is_of_batch or not check.is_of_corpus
        case "warehouse":
            return not check.is_of_batch
        case "corpus":
            return check.is_of_corpus and not check.is_of_batch


def _result(suite: str, check: WarehouseExpectation, result: Any) -> dict[str, Any]:
    found = result.result or {}
    rows = (found.get("details") or {}).get("unexpected_rows") or []
    # Queries have no order, and the same rows should be shown from build to build.
    rows = sorted(rows, key=str)
    return {
        "place": (list(SUITES).index(suite), check.meta["number"]),
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
    caller = os.getppid()
    for line in sys.stdin:
        request = json.loads(line)
        results = validate(Path(request["warehouse"]), request["scope"])
        if os.getppid() != caller:
            break  # it was killed; the report may be waited for by another one
        Path(request["report"]).write_text(
            json.dumps(results, ensure_ascii=False), encoding="utf-8"
        )
        print("done", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
