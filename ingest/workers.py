"""Runs tasks in processes of their own, each within a time and a memory, no network.

A task that takes too long, needs too much or kills its process costs only itself:
its process is replaced, and the other tasks go on.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import multiprocessing
import multiprocessing.connection
import os
import resource
import signal
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext
from pathlib import Path
from typing import Any, Generic, TypeVar

Task = TypeVar("Task")
Result = TypeVar("Result")

_SECONDS_TO_START = 120  # a process imports every reader before its first task
_SECONDS_TO_END = 2
_LEAST_WAIT = 0.5  # seconds: every process waits a little


@dataclass(frozen=True, slots=True)
class Lost:
    """A task without a result: a key of ``status_reason.csv``, a detail for the log.

    ``may_be_chance`` where the process ended and the task need not be to blame: a
    system without memory ends any.
    """

    code: str
    detail: str
    may_be_chance: bool = False


class _Sign(Enum):
    """What a process says of its task before its result."""

    STARTED = "started"


def run(
    function: Callable[[Task], Result],
    tasks: Iterable[Task],
    *,
    processes: int,
    seconds: float,
    memory_bytes: int,
) -> Iterator[tuple[Task, Result | Lost]]:
    """Each task with its result, in the order in which they are done.

    ``seconds`` and ``memory_bytes`` are for one task, and what it waits for a busy
    machine does not count; the function and the tasks must be picklable. A task is lost
    as ``too_slow``, ``too_much_memory`` or ``reader_crashed``, the last also where a
    library answers a lack of memory by ending its process.
    """
    context = multiprocessing.get_context("forkserver")
    waiting = iter(tasks)
    workers: dict[Connection, _Worker[Task, Result]] = {}

    def employ(worker: _Worker[Task, Result] | None) -> None:
        """Give the next task to a worker, a new one if need be."""
        for task in waiting:
            worker = worker or _Worker(context, function, memory_bytes)
            worker.begin(task)
            workers[worker.connection] = worker
            return
        if worker is not None:
            worker.end()

    try:
        for _ in range(processes):
            employ(None)
        while workers:
            soonest = min(worker.deadline for worker in workers.values())
            ready = multiprocessing.connection.wait(
                list(workers), max(0.0, soonest - time.monotonic())
            )
            for connection in [c for c in workers if c in ready]:
                worker = workers[connection]
                outcome = worker.outcome()
                if outcome is _Sign.STARTED:
                    worker.allow(seconds)
                    continue
                done = worker.task
                del workers[connection]
                employ(worker if worker.is_alive else None)
                yield done, outcome
            now = time.monotonic()
            for late in [w for w in workers.values() if w.deadline <= now]:
                if late.is_given_more():
                    continue
                del workers[late.connection]
                late.kill()
                employ(None)
                yield late.task, Lost("too_slow", f"over {seconds:g} seconds")
    finally:
        for worker in workers.values():
            worker.connection.close()  # those at rest go at once
        for worker in workers.values():
            worker.end()


class _Worker(Generic[Task, Result]):
    """A process and the task that it has."""

    task: Task
    deadline: float
    _waited: float  # for a processor, up to when the deadline was set

    def __init__(
        self,
        context: ForkServerContext,
        function: Callable[[Task], Result],
        memory_bytes: int,
    ) -> None:
        self.connection, other_end = context.Pipe()
        self.is_alive = True
        self._process = context.Process(
            target=_serve, args=(other_end, function, memory_bytes), daemon=True
        )
        self._process.start()
        other_end.close()

    def begin(self, task: Task) -> None:
        """Hand over a task; its time begins when the process takes it up."""
        self.task = task
        self.allow(_SECONDS_TO_START)
        with contextlib.suppress(OSError):  # a dead process is seen by its outcome
            self.connection.send(task)

    def allow(self, seconds: float) -> None:
        """What the process does now may take so long."""
        self.deadline = time.monotonic() + seconds
        self._waited = seconds_waited(self._process.pid)

    def is_given_more(self) -> bool:
        """Lengthen the time by what a busy machine took of it; whether any is left."""
        waited = seconds_waited(self._process.pid)
        more, self._waited = waited - self._waited, waited
        self.deadline += more
        return self.deadline > time.monotonic() + _LEAST_WAIT

    def outcome(self) -> Any:
        """What the process sent: a sign, the result, what was lost."""
        try:
            return self.connection.recv()
        except (EOFError, OSError):
            self._process.join(_SECONDS_TO_END)
            self.kill()
            code = self._process.exitcode or 0
            if code == -signal.SIGKILL:  # as a system does that has no memory left
                return Lost("too_much_memory", "the process was killed", True)
            return Lost("reader_crashed", f"the process ended with {code}", True)

    def end(self) -> None:
        """Let the process go; one that does not go is killed."""
        self.connection.close()
        self._process.join(_SECONDS_TO_END)
        self.kill()

    def kill(self) -> None:
        """End the process at once, unless it has ended."""
        self.is_alive = False
        self._process.kill()
        self._process.join()
        self.connection.close()


def seconds_waited(process: int | None) -> float:
    """How long a process was ready and had no processor; 0 where nobody counts that.

    Else the same document would be read on a free machine, and refused on a busy one.
    """
    try:
        spent = Path(f"/proc/{process}/schedstat").read_text(encoding="ascii").split()
        return int(spent[1]) / 1e9
    except (OSError, ValueError, IndexError):
        return 0.0


def _serve(
    connection: Connection, function: Callable[[Any], Any], memory_bytes: int
) -> None:
    """Do the tasks that come, to the end of the connection."""
    _leave_network()
    _end_with_caller()  # after that, for another user would take it back
    _limit_memory(memory_bytes)
    # Millions of cells live as long as their document: looking for cycles among
    # them again and again takes longer than making them.
    gc.disable()
    with contextlib.suppress(EOFError, BrokenPipeError, KeyboardInterrupt):
        while True:
            task = connection.recv()
            connection.send(_Sign.STARTED)
            try:
                outcome = function(task)
            except MemoryError as error:
                outcome = Lost("too_much_memory", str(error))
            connection.send(outcome)
            # What outlives its task (vocabularies, compiled patterns) is not looked
            # through again after each of the next: that took six times the reading.
            gc.collect()
            gc.freeze()


_NEW_NETWORK, _NEW_USER = 0x40000000, 0x10000000


def _leave_network() -> None:
    """Leave this process, and each that it starts, without a network.

    Where the system does not allow that, it keeps the one it has: no reader asks
    for it, and LibreOffice is told not to.
    """
    user, group = os.geteuid(), os.getegid()
    flags = _NEW_NETWORK if user == 0 else _NEW_NETWORK | _NEW_USER
    with contextlib.suppress(OSError, AttributeError):
        if ctypes.CDLL(None, use_errno=True).unshare(flags) == 0 and user:
            # A user of the same number, or files seem to be of somebody else.
            own = Path("/proc/self")
            (own / "setgroups").write_text("deny")
            (own / "uid_map").write_text(f"{user} {user} 1")
            (own / "gid_map").write_text(f"{group} {group} 1")


_SIGNAL_OF_PARENT_S_END = 1


def _end_with_caller() -> None:
    """Have the system end this process with the one that forked it.

    That ends with its caller, however this ends: nobody waits for what would be read
    on, and it would be landed into the next build. Where the system does not know
    this, the process goes with its task, when nobody takes the result.
    """
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_SIGNAL_OF_PARENT_S_END, signal.SIGKILL)


def _limit_memory(memory_bytes: int) -> None:
    """Let this process, and each that it starts, hold so much more than it does now.

    Data is limited and not addresses: threads reserve many of those and use few.
    """
    status = Path("/proc/self/status")
    held = 0
    if status.exists():
        sizes = dict(line.split(":", 1) for line in status.read_text().splitlines())
        held = int(sizes["VmData"].split()[0]) * 1024
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    soft = held + memory_bytes
    if hard != resource.RLIM_INFINITY:
        soft = min(soft, hard)
    resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))
