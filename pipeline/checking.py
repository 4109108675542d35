"""Runs the expectations on a built warehouse, in a process of their own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from pipeline.settings import PROJECT

Results = list[dict[str, Any]]


class ExpectationsFailed(Exception):
    """The expectations could not be run; says what the process said."""


class Expectations:
    """A process that gets ready while the models run, and then checks.

    Importing Great Expectations takes seconds and nothing of it needs the
    warehouse. When the build ends early, so does the process.
    """

    def __init__(self, warehouse: Path, report: Path) -> None:
        self._report = report
        report.parent.mkdir(parents=True, exist_ok=True)
        report.unlink(missing_ok=True)
        self._process = subprocess.Popen(
            [sys.executable, "-m", "expectations", warehouse, report, "--wait"],
            cwd=PROJECT,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._process.kill()
        self._process.communicate()
        self._report.unlink(missing_ok=True)

    def run(self) -> Results:
        """The result of each check.

        :raises ExpectationsFailed: there is none.
        """
        _, errors = self._process.communicate("go\n")
        if self._process.returncode not in (0, 1) or not self._report.exists():
            raise ExpectationsFailed(errors[-4000:])
        results: Results = json.loads(self._report.read_text(encoding="utf-8"))
        return results
