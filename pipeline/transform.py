"""Runs the dbt project on a loaded warehouse, inside this process."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pipeline.settings import PROJECT

_MOST_TOLD = 5  # models that failed: where the disk is full, all of them do


class TransformFailed(Exception):
    """A model, seed or data test failed; the message names each."""


def run_dbt(
    database: Path,
    work: Path,
    threads: int,
    *,
    arguments: tuple[str, ...] = (),
    tell: Callable[[int, int], None] = lambda done, total: None,
) -> None:
    """Seed and run the models on ``database``; ``tell`` hears how many are done.

    dbt's tests prove the project and belong to ``make test``; what every single
    warehouse must satisfy is in ``expectations/``.

    :raises TransformFailed: something did not succeed.
    """
    # Imported here: the import alone takes seconds, and only a build needs it.
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.main import dbtRunner

    os.environ["WAREHOUSE_BUILD"] = str(database)
    os.environ["JOBS"] = str(threads)
    result = dbtRunner(callbacks=[_Counter(tell)]).invoke(
        [
            *("--log-path", str(work / "dbt" / "logs"), "--log-level", "none"),
            "build",
            *("--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT)),
            *("--target-path", str(work / "dbt" / "target")),
            *("--exclude-resource-type", "test"),
            *("--exclude-resource-type", "unit_test"),
            *arguments,
        ]
    )
    DuckDBConnectionManager.close_all_connections()
    if result.success:
        return
    if isinstance(result.exception, KeyboardInterrupt):
        raise result.exception
    if result.exception is not None:
        raise TransformFailed(str(result.exception)) from result.exception
    failures = _failures(result.result)
    told = failures[:_MOST_TOLD]
    if len(failures) > len(told):
        told.append(f"另有 {len(failures) - len(told)} 个模型没有完成。")
    if any("No space left on device" in failure for failure in failures):
        told.append(f"磁盘空间不足：请清理 {database.absolute().parent} 所在的磁盘。")
    raise TransformFailed("\n".join(told))


class _Counter:
    """Hears dbt's events and counts the models and seeds that are done."""

    def __init__(self, tell: Callable[[int, int], None]) -> None:
        self._tell = tell
        self._done = self._total = 0

    def __call__(self, event: Any) -> None:
        if event.info.name == "ConcurrencyLine":
            self._total = event.data.node_count
        elif event.info.name == "NodeFinished":
            self._done += 1
            self._tell(self._done, self._total)


def _failures(result: object) -> list[str]:
    return [
        f"{node.node.name}: {node.message}"
        for node in getattr(result, "results", [])
        if str(node.status) in ("error", "fail")
    ]
