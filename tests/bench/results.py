"""Where the benches put what they measured: lines of JSON, one a measurement.

A measurement has the name of its ``bench``, what it was of (``of``), when it was made,
by which state of the code, on which machine. Of two with the same name and subject the
later one counts.
"""

from __future__ import annotations

import json
import math
import os
import platform
import subprocess
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
RESULTS = ROOT / "tests" / "bench" / "results.jsonl"
LIBRARIES = (
    *("duckdb", "dbt-core", "dbt-duckdb", "great-expectations", "polars", "pyarrow"),
    *("tablers", "pypdfium2", "python-calamine", "lxml", "selectolax"),
)

Measurement = dict[str, Any]


@cache
def machine() -> dict[str, Any]:
    """Cores, memory and versions."""
    model = next(
        (
            line.partition(":")[2].strip()
            for line in _lines("/proc/cpuinfo")
            if line.startswith("model name")
        ),
        platform.processor(),
    )
    memory = next(
        int(line.split()[1]) for line in _lines("/proc/meminfo") if "MemTotal" in line
    )
    return {
        "processor": model,
        "cores": os.cpu_count(),
        "memory_gb": round(memory / (1 << 20)),
        "system": platform.system(),
        "python": platform.python_version(),
        "versions": {name: metadata.version(name) for name in LIBRARIES},
    }


def _lines(path: str) -> list[str]:
    return Path(path).read_text(encoding="utf-8").splitlines()


@cache
def commit() -> str:
    """The state of the code, short; ``+`` where files were changed since.

    What the benches write themselves is no change.
    """
    own = (f":!{RESULTS.relative_to(ROOT)}", ":!docs/performance.*")
    changed = _git("status", "--porcelain", "--untracked-files=no", "--", ".", *own)
    return _git("rev-parse", "--short", "HEAD") + ("+" if changed else "")


def _git(*arguments: str) -> str:
    done = subprocess.run(
        ["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return done.stdout.strip()


def keep(results: Path, bench: str, of: object, **measured: object) -> None:
    """Add a measurement."""
    results.parent.mkdir(parents=True, exist_ok=True)
    line = {
        "bench": bench,
        "of": of,
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": commit(),
        "load": round(os.getloadavg()[0], 1),
        "machine": machine(),
        **measured,
    }
    with results.open("a", encoding="utf-8") as file:
        file.write(json.dumps(line, ensure_ascii=False) + "\n")


def read(results: Path) -> list[Measurement]:
    """All measurements, in the order they were made."""
    if not results.exists():
        return []
    text = results.read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def latest(measurements: Iterable[Measurement], bench: str) -> dict[Any, Measurement]:
    """The last measurement of each subject of a bench, by subject."""
    return {one["of"]: one for one in measurements if one["bench"] == bench}


def slope(points: Mapping[int, float]) -> float | None:
    """Of the logarithm of values over that of sizes, by least squares.

    None where there are fewer than two sizes.
    """
    if len(points) < 2:
        return None
    logarithms = [(math.log(size), math.log(value)) for size, value in points.items()]
    x, y = (sum(values) / len(points) for values in zip(*logarithms, strict=True))
    return sum((a - x) * (b - y) for a, b in logarithms) / sum(
        (a - x) ** 2 for a, _ in logarithms
    )
