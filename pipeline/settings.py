"""The settings of a build, from the environment that the Makefile passes on."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent


class InvalidSetting(Exception):
    """A setting has a value that means nothing; says which."""


def _jobs(value: str) -> int:
    if not value:
        return os.cpu_count() or 1
    if not value.isdecimal() or int(value) < 1:
        raise InvalidSetting(f"JOBS={value}")
    return int(value)


@dataclass(frozen=True, slots=True)
class Settings:
    """Where a build reads, works and publishes, and how strict it is.

    ``warehouse`` is what readers open; ``work`` holds everything that a build
    can make again (the landing, the next warehouse, dbt's target).
    """

    disclosures: Path
    warehouse: Path
    work: Path
    jobs: int
    is_strict: bool
    threads: int

    @classmethod
    def from_environment(cls) -> Settings:
        """Read ``DISCLOSURES``, ``WAREHOUSE``, ``JOBS``, ``STRICT``, ``WORK``.

        :raises InvalidSetting: ``JOBS`` is no number of processes.
        """
        jobs = _jobs(os.environ.get("JOBS", "").strip())
        return cls(
            disclosures=Path(os.environ.get("DISCLOSURES") or PROJECT / "disclosures"),
            warehouse=Path(os.environ.get("WAREHOUSE") or PROJECT / "warehouse.duckdb"),
            work=Path(os.environ.get("WORK") or PROJECT / ".build"),
            jobs=jobs,
            is_strict=os.environ.get("STRICT", "") not in ("", "0"),
            threads=max(1, min(jobs, 8)),
        )

    @property
    def next_warehouse(self) -> Path:
        """Built beside the published one, on the same file system."""
        return self.warehouse.with_name(f".{self.warehouse.name}.next")

    @property
    def landing(self) -> Path:
        """Where the Parquet of the documents lies."""
        return self.work / "landing"
