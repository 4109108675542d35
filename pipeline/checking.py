"""Runs the expectations on built warehouses, in a process of their own."""

from __future__ import annotations

import contextlib
import json
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable
from itertools import chain
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self

from pipeline.settings import PROJECT

Results = list[dict[str, Any]]
Scope = Literal["batch", "warehouse", "corpus", "all"]


def is_unsound(result: dict[str, Any]) -> bool:
    """Whether a check failed that a published warehouse must pass."""
    return result["severity"] == "critical" and not result["succeeded"]


class ExpectationsFailed(Exception):
    """The expectations could not be run; says what the process said."""


class Expectations:
    """A process that gets ready while the models run, and then checks.

    Importing Great Expectations takes seconds and nothing of it needs the
    warehouse. When the build ends early, so does the process.
    """

    def __init__(self, report: Path) -> None:
        self._report = report
        report.parent.mkdir(parents=True, exist_ok=True)
        # A file, not a pipe: what is said there holds up nobody.
        self._errors = tempfile.TemporaryFile("w+")  # noqa: SIM115 - closed at the end
        self._process = subprocess.Popen(
            [sys.executable, "-m", "expectations"],
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
        self,
        warehouse: Path,
        scope: Scope = "all",
        tell: Callable[[int, int], None] = lambda done, total: None,
    ) -> Results:
        """The result of each check of ``scope`` on ``warehouse``.

        ``tell`` hears how many are done.

        :raises ExpectationsFailed: there is none.
        """
        assert self._process.stdin is not None and self._process.stdout is not None
        self._report.unlink(missing_ok=True)
        request = {
            "warehouse": str(warehouse.resolve()),
            "report": str(self._report.resolve()),
            "scope": scope,
        }
        # It may have ended before; then its errors say why.
        with contextlib.suppress(BrokenPipeError):
            print(json.dumps(request), file=self._process.stdin, flush=True)
        for line in self._process.stdout:
            if line == "done\n":
                break
            done, _, total = line.partition("/")
            if done.isdecimal() and total.strip().isdecimal():
                tell(int(done), int(total))
        else:
            code = self._process.wait()
            self._errors.seek(0)
            raise ExpectationsFailed(_told(code, self._errors.read().strip()))
        results: Results = json.loads(self._report.read_text(encoding="utf-8"))
        return results


def _told(code: int, said: str) -> str:
    """Why the process ended, of which it may not have said a word."""
    if code < 0:
        return (
            f"核对预期的进程被终止（信号 {-code}，{signal.strsignal(-code)}）。"
            "可能是内存不足：请关闭其他程序，再运行一次。"
        )
    if "No space left on device" in said:
        return "核对预期的进程写不进磁盘：空间不足。请清理空间，再运行一次。"
    return f"核对预期的进程没有完成（退出码 {code}）。\n{said[-4000:]}"


def combined(results: Iterable[Results]) -> Results:
    """The results of the same checks on several batches as one each, in their order."""
    found: dict[tuple[int, ...], dict[str, Any]] = {}
    for result in chain.from_iterable(results):
        first = found.setdefault(tuple(result["place"]), result)
        if first is not result:
            first["succeeded"] &= result["succeeded"]
            first["examples"] += result["examples"]
            first["message"] = first["message"] or result["message"]
            counts = (first["unexpected_rows"], result["unexpected_rows"])
            first["unexpected_rows"] = sum(count or 0 for count in counts)
    in_order = [found[place] for place in sorted(found)]
    for result in in_order:
        del result["place"]
    return in_order
