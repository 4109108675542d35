"""Runs the expectations on a built warehouse, in a process of their own."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable
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
        # A file, not a pipe: what is said there holds up nobody.
        self._errors = tempfile.TemporaryFile("w+")  # noqa: SIM115 - closed at the end
        self._process = subprocess.Popen(
            [sys.executable, "-m", "expectations", warehouse, report, "--wait"],
            cwd=PROJECT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
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
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                with contextlib.suppress(BrokenPipeError):
                    stream.close()
        self._process.wait()
        self._errors.close()
        self._report.unlink(missing_ok=True)

    def run(
        self, tell: Callable[[int, int], None] = lambda done, total: None
    ) -> Results:
        """The result of each check; ``tell`` hears how many are done.

        :raises ExpectationsFailed: there is none.
        """
        assert self._process.stdin is not None and self._process.stdout is not None
        # It may have ended before; then its errors say why.
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.write("go\n")
            self._process.stdin.close()
        for line in self._process.stdout:
            done, _, total = line.partition("/")
            if done.isdecimal() and total.strip().isdecimal():
                tell(int(done), int(total))
        code = self._process.wait()
        if code not in (0, 1) or not self._report.exists():
            self._errors.seek(0)
            raise ExpectationsFailed(self._errors.read()[-4000:])
        results: Results = json.loads(self._report.read_text(encoding="utf-8"))
        return results
