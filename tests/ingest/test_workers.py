"""A task that hangs, crashes or fills the memory costs only itself."""

from __future__ import annotations

import gc
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ingest import workers
from ingest.workers import Lost
from tests.warehouse import ROOT

MEGABYTE = 1024 * 1024


def task(what: str) -> str:
    """Do what the task says; this runs in another process."""
    match what:
        case "hang":
            time.sleep(600)
        case "nap":
            time.sleep(2)
        case "exit":
            os._exit(7)
        case "abort":
            os.abort()
        case "killed":
            os.kill(os.getpid(), signal.SIGKILL)
        case "fill":
            return str(len(bytearray(600 * MEGABYTE)))
        case "raise":
            raise RuntimeError("a bug")
        case "network":
            return ",".join(name for _, name in socket.if_nameindex())
        case "process":
            return str(os.getpid())
        case "looked through":
            return str(len(gc.get_objects()))
        case "circle":
            circle: list[object] = [bytearray(100 * MEGABYTE)]
            circle.append(circle)
    return what.upper()


def outcomes(
    tasks: list[str], processes: int = 2, seconds: float = 60
) -> dict[str, str | Lost]:
    done = list(
        workers.run(
            task,
            tasks,
            processes=processes,
            seconds=seconds,
            memory_bytes=300 * MEGABYTE,
        )
    )
    assert len(done) == len(tasks)
    return dict(done)


@pytest.mark.parametrize("processes", [1, 2, 5])
def test_results_come_with_their_tasks(processes: int) -> None:
    tasks = [f"task {number}" for number in range(20)]
    assert outcomes(tasks, processes) == {t: t.upper() for t in tasks}


def test_no_task_needs_no_process() -> None:
    assert outcomes([]) == {}


@pytest.mark.parametrize(
    ("what", "code"),
    [
        ("exit", "reader_crashed"),
        ("abort", "reader_crashed"),
        ("raise", "reader_crashed"),
        ("killed", "too_much_memory"),
        ("fill", "too_much_memory"),
    ],
)
@pytest.mark.parametrize("processes", [1, 2])
def test_a_lost_task_costs_only_itself(what: str, code: str, processes: int) -> None:
    found = outcomes(["a", what, "b", "c"], processes)
    lost = found.pop(what)
    assert isinstance(lost, Lost)
    assert lost.code == code
    assert found == {"a": "A", "b": "B", "c": "C"}


def test_a_task_that_hangs_is_ended() -> None:
    found = outcomes(["a", "hang", "b"], processes=1, seconds=1)
    assert found == {"a": "A", "hang": Lost("too_slow", "over 1 seconds"), "b": "B"}


def test_time_without_a_processor_does_not_count(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[float] = []

    def waited(_: object) -> float:
        """As on a machine that gives no time to a process for three seconds."""
        asked.append(time.monotonic())
        return min(3.0, asked[-1] - asked[0])

    monkeypatch.setattr(workers, "seconds_waited", waited)
    found = outcomes(["nap", "hang"], processes=2, seconds=1)
    assert found == {"nap": "NAP", "hang": Lost("too_slow", "over 1 seconds")}


def test_what_a_process_waits_for_a_processor_is_known() -> None:
    """Two that are always busy wait for each other where they have one processor."""
    schedule = Path("/proc/self/schedstat")
    if not schedule.exists():
        pytest.skip("this system does not count it")
    only = str(min(os.sched_getaffinity(0)))
    busy = f"import os; os.sched_setaffinity(0, {{{only}}})\nwhile True: pass"
    both = [subprocess.Popen([sys.executable, "-c", busy]) for _ in range(2)]
    try:
        until = time.monotonic() + 60
        while min(workers.seconds_waited(each.pid) for each in both) < 0.2:
            assert time.monotonic() < until
            time.sleep(0.05)
    finally:
        for each in both:
            each.kill()
            each.wait()
    assert workers.seconds_waited(both[0].pid) == 0.0  # it is gone


def test_a_process_does_many_tasks() -> None:
    done = workers.run(
        task, ["process"] * 5, processes=1, seconds=60, memory_bytes=300 * MEGABYTE
    )
    assert len({process for _, process in done}) == 1


def test_only_what_a_task_made_is_looked_through_after_it() -> None:
    done = workers.run(
        task,
        ["looked through"] * 3,
        processes=1,
        seconds=60,
        memory_bytes=300 * MEGABYTE,
    )
    first, *later = [int(str(objects)) for _, objects in done]
    assert max(later) < first / 10


def test_what_a_task_leaves_in_a_circle_is_gone() -> None:
    done = workers.run(
        task, ["circle"] * 9, processes=1, seconds=60, memory_bytes=300 * MEGABYTE
    )
    assert [outcome for _, outcome in done] == ["CIRCLE"] * 9


def test_processes_go_when_the_caller_stops() -> None:
    tasks = ["process", "hang", "hang"]
    running = workers.run(
        task, tasks, processes=2, seconds=60, memory_bytes=300 * MEGABYTE
    )
    _, process = next(running)
    running.close()  # type: ignore[attr-defined]
    with pytest.raises(ProcessLookupError):
        os.kill(int(process), 0)


def test_a_process_has_no_network() -> None:
    """Where the system allows to leave it, as util-linux finds out."""
    may_leave = subprocess.run(
        [
            "unshare",
            *([] if os.geteuid() == 0 else ["--map-root-user"]),
            "--net",
            "true",
        ],
        stderr=subprocess.DEVNULL,
        check=False,
    )
    here = ",".join(name for _, name in socket.if_nameindex())
    expected = "lo" if may_leave.returncode == 0 else here
    assert outcomes(["network"]) == {"network": expected}


def test_a_process_that_is_killed_from_outside_is_said_to_be() -> None:
    running = workers.run(
        task, ["process", "hang"], processes=1, seconds=60, memory_bytes=300 * MEGABYTE
    )
    _, process = next(running)
    os.kill(int(str(process)), signal.SIGKILL)
    ((_, lost),) = running
    assert isinstance(lost, Lost)
    assert lost.may_be_chance


_CALLER = """
from ingest import workers
from tests.ingest.test_workers import task

running = workers.run(
    task, ["process", "hang"], processes=1, seconds=600, memory_bytes=2**29
)
print(next(running)[1], flush=True)
next(running)
"""


def test_a_process_goes_with_a_caller_that_is_killed() -> None:
    """It would land what it reads into the next build, and hold memory until then."""
    with subprocess.Popen(
        [sys.executable, "-c", _CALLER], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as caller:
        assert caller.stdout is not None
        process = Path("/proc", caller.stdout.readline().strip())
        assert _runs(process)
        caller.kill()
    deadline = time.monotonic() + 60
    while _runs(process):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def _runs(process: Path) -> bool:
    """Whether a process has not ended; one that nobody has taken note of has."""
    try:
        state = (process / "stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state not in "ZX"
