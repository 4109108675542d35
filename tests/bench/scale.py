"""What does a build cost, as the number of documents grows?

For each size a folder of forged documents (every layout and style of the forge in
turn, so the mix of formats is the same at every size; one folder per county, with ten
documents: five departments, two years each) is built anew, built again with nothing
changed, and once more after one document was added. Of each: seconds, processor seconds
of the process and its children, the most memory they held (what they share counts for
each of them), and the load of the machine. Beside them what an interpreter takes to
import libraries.

What was measured before by the same state of the code is not measured again, unless
``--anew``. The last lines printed are the slope of the logarithm of time over that of
documents.

    python -m tests.bench.scale --sizes 300 1000 --cache .build/forged
"""

from __future__ import annotations

import argparse
import contextlib
import ctypes
import json
import multiprocessing
import os
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb

from pipeline.words import FACTS
from tests.bench.results import RESULTS, ROOT, commit, keep, latest, read, slope
from tests.forge.make import disclosures

PAGE = os.sysconf("SC_PAGE_SIZE")
PER_COUNTY = 10
_CHUNK = 500
IMPORTS = {
    "imports": "import duckdb, polars",
    "imports_of_models": "import duckdb, polars, dbt.cli.main, great_expectations",
}


def forge(folder: Path, count: int, seed: int, jobs: int = 2) -> None:
    """Fill ``folder`` with so many documents, unless it has them.

    A document depends on its number and the seed alone: a smaller folder is the
    beginning of a larger one.
    """
    done = folder.with_name(f"{folder.name}.done")
    if done.exists() and done.read_text() == str(seed):
        return
    chunks = [
        (folder, first, min(_CHUNK, count - first), seed)
        for first in range(0, count, _CHUNK)
    ]
    with multiprocessing.Pool(jobs, maxtasksperchild=20) as pool:
        for number, _ in enumerate(pool.imap_unordered(_forge, chunks), 1):
            print(f"forged {min(number * _CHUNK, count)}", file=sys.stderr, flush=True)
    done.write_text(str(seed))


def _forge(chunk: tuple[Path, int, int, int]) -> None:
    folder, first, count, seed = chunk
    written: set[Path] = set()
    for document in disclosures(count, seed, first=first, per_county=PER_COUNTY):
        county = folder / f"{document.number // PER_COUNTY:05d}"
        county.mkdir(parents=True, exist_ok=True)
        file = county / document.file_name
        if file in written:  # two editions of one name
            file = file.with_name(f"{document.number % PER_COUNTY}-{file.name}")
        written.add(file)
        file.write_bytes(document.content())


def _tree(root: int) -> list[int]:
    """The processes below ``root``, and it."""
    children: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(stat.read_text().rpartition(")")[2].split()[1])
        except (OSError, IndexError):
            continue  # it has ended
        children.setdefault(parent, []).append(int(stat.parent.name))
    found, todo = [], [root]
    while todo:
        process = todo.pop()
        found.append(process)
        todo += children.get(process, [])
    return found


def _memory(root: int) -> int:
    """Bytes that the tree holds; what processes share counts once for each."""
    total = 0
    for process in _tree(root):
        try:
            total += int(Path(f"/proc/{process}/statm").read_text().split()[1])
        except (OSError, IndexError):
            continue
    return total * PAGE


def run(arguments: Sequence[str], environment: dict[str, str]) -> dict[str, Any]:
    """Run Python with ``arguments``; what it cost, with the processes that it left."""
    _adopt_orphans()
    before = os.times()
    started = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=os.environ | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    most = 0

    def watch() -> None:
        nonlocal most
        while process.poll() is None:
            most = max(most, _memory(process.pid))
            time.sleep(0.2)

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    output, _ = process.communicate()
    watcher.join()
    _await_orphans()
    after = os.times()
    if process.returncode:
        raise SystemExit(f"{' '.join(arguments)}:\n{output[-2000:]}")
    return {
        "seconds": round(time.perf_counter() - started, 2),
        "processor": round(
            after.children_user
            + after.children_system
            - before.children_user
            - before.children_system,
            2,
        ),
        "memory_mb": most >> 20,
        "load": round(os.getloadavg()[0], 1),
    }


_SUBREAPER = 36  # of prctl(2)


def _adopt_orphans() -> None:
    """Have the system hand over what a child leaves running when it ends.

    The server that forks the readers ends a moment after the build, and only who waits
    for it is told what processor time the readers took.
    """
    if ctypes.CDLL(None, use_errno=True).prctl(_SUBREAPER, 1, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "prctl")


def _await_orphans() -> None:
    with contextlib.suppress(ChildProcessError):
        while True:
            os.waitpid(-1, 0)


def measure(count: int, cache: Path, seed: int) -> dict[str, Any]:
    """Build so many documents anew, with nothing changed, with one changed."""
    folder = cache / str(count)
    forge(folder, count, seed)
    work = cache / f"{count}.work"
    warehouse = cache / f"{count}.duckdb"
    environment = {
        "DISCLOSURES": str(folder),
        "WORK": str(work),
        "WAREHOUSE": str(warehouse),
    }
    build = ["-m", "pipeline.build"]
    result: dict[str, Any] = {"documents": count, "seed": seed}
    for name, code in IMPORTS.items():
        result[name] = run(["-c", code], {})
    subprocess.run(["rm", "-rf", work, warehouse], check=True)
    result["full"] = run(build, environment)
    result["no_op"] = run(build, environment)
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        result["steps"] = {
            step: float(seconds)
            for step, seconds in connection.execute(
                "select step, seconds from meta.build_step"
            ).fetchall()
        }
        result["facts"] = sum(
            connection.execute(f"select count(*) from marts.{fact}").fetchall()[0][0]
            for fact in FACTS
        )
    result["warehouse_bytes"] = warehouse.stat().st_size
    other = next(iter(disclosures(1, seed + 1)))
    added = folder / "00000" / f"other-{other.file_name}"
    added.write_bytes(other.content())
    try:
        result["refresh"] = run(build, environment)
    finally:
        added.unlink()
    return result


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=[300])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--cache", type=Path, required=True, help="outside the project")
    parser.add_argument("--results", type=Path, default=RESULTS)
    parser.add_argument("--anew", action="store_true", help="also what is measured")
    chosen = parser.parse_args(arguments)
    cache = chosen.cache.absolute()
    cache.mkdir(parents=True, exist_ok=True)
    for count in chosen.sizes:
        before = latest(read(chosen.results), "build").get(count)
        is_known = before and before["commit"] == commit() and "+" not in commit()
        if is_known and not chosen.anew:
            print(f"{count}: measured before")
            continue
        result = measure(count, cache, chosen.seed)
        keep(chosen.results, "build", count, **result)
        print(json.dumps(result, indent=1))
    builds = latest(read(chosen.results), "build")
    for unit in ("seconds", "processor"):
        points = {count: build["full"][unit] for count, build in builds.items()}
        print(f"slope of {unit}: {slope(points)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
