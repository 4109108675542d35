"""How far a command is: one line that changes on a terminal, sparse lines elsewhere."""

from __future__ import annotations

import logging
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

from pipeline import terminal

_REDRAW = 0.1  # seconds between two pictures of the line
_HEARTBEAT = 30  # seconds between two lines of a log


class Progress:
    """Tells the steps of a command and the counts within them.

    On a terminal all steps share one line, which disappears at the end; in a log each
    step is a line, followed by its time, and by a count twice a minute where it takes
    longer. A step that fails leaves its line, so that one sees where.
    """

    def __init__(self, out: TextIO | None = None) -> None:
        self._out = out or sys.stdout
        self.is_live = terminal.is_live(self._out)
        # Counts come from threads of their own.
        self._lock = threading.RLock()
        self._title = ""
        self._count = ""
        self._started = 0.0
        self._told = 0.0

    @contextmanager
    def step(self, title: str) -> Iterator[None]:
        """Show a step while it runs."""
        with self._lock:
            self._title, self._count = title, ""
            self._started = self._told = time.monotonic()
            if self.is_live:
                self._draw()
            else:
                self._say(f"{title} …")
        stopped = threading.Event()
        clock = threading.Thread(target=self._tick, args=(stopped,), daemon=True)
        if self.is_live:
            clock.start()
        try:
            yield
        except BaseException:
            self._end(stopped, "\n")
            raise
        self._end(stopped, "\r\x1b[K")
        if not self.is_live:
            self._say(f"  {time.monotonic() - self._started:.1f} 秒")

    def count(self, done: int, total: int) -> None:
        """So many of the things of this step are done."""
        with self._lock:
            self._count = f"{done}/{total}"
            now = time.monotonic()
            if self.is_live and (done == total or now - self._told > _REDRAW):
                self._draw()
            elif not self.is_live and now - self._told > _HEARTBEAT:
                self._told = now
                self._say(f"  {self._count}")

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Take the line away while something else is printed."""
        with self._lock:
            if self.is_live and self._title:
                self._write("\r\x1b[K")
            yield
            if self.is_live and self._title:
                self._draw()

    def handler(self) -> logging.Handler:
        """A log on the error stream that does not run into the line."""
        return _Handler(self)

    def _tick(self, stopped: threading.Event) -> None:
        while not stopped.wait(1):
            with self._lock:
                if not stopped.is_set():
                    self._draw()

    def _end(self, stopped: threading.Event, ending: str) -> None:
        with self._lock:
            stopped.set()
            self._title = ""
            if self.is_live:
                self._write(ending)

    def _draw(self) -> None:
        self._told = time.monotonic()
        seconds = f"{self._told - self._started:.0f} 秒"
        parts = [f"{self._title} …", self._count, seconds]
        line = "  ".join(part for part in parts if part)
        room = max((terminal.columns(self._out) or 80) - 1, 10)
        self._write(f"\r\x1b[K{terminal.wrapped(line, room)[0]}")

    def _say(self, line: str) -> None:
        self._write(f"{line}\n")

    def _write(self, text: str) -> None:
        self._out.write(text)
        self._out.flush()


class _Handler(logging.StreamHandler[TextIO]):
    def __init__(self, progress: Progress) -> None:
        super().__init__(sys.stderr)
        self._progress = progress

    def emit(self, record: logging.LogRecord) -> None:
        with self._progress.paused():
            super().emit(record)
