"""The settings of a build, from the environment that the Makefile passes on."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from ingest.document import Limits

PROJECT = Path(__file__).resolve().parent.parent


class InvalidSetting(Exception):
    """A setting has a value that means nothing; says which."""


def _count(name: str, default: int) -> int:
    """A setting that is a number from 1 upwards."""
    value = os.environ.get(name, "").strip()
    if not value:
        return default
    if not value.isdecimal() or int(value) < 1:
        raise InvalidSetting(f"{name}={value}")
    return int(value)


_MEGABYTE = 1024 * 1024


def _limits() -> Limits:
    default = Limits()
    file_megabytes = _count("DOCUMENT_MB", default.file_bytes // _MEGABYTE)
    memory_megabytes = _count("DOCUMENT_MEMORY_MB", default.memory_bytes // _MEGABYTE)
    return Limits(
        file_bytes=file_megabytes * _MEGABYTE,
        memory_bytes=memory_megabytes * _MEGABYTE,
        seconds=_count("DOCUMENT_SECONDS", default.seconds),
        office_seconds=_count("OFFICE_SECONDS", default.office_seconds),
        recognised_pages=_count("RECOGNISED_PAGES", default.recognised_pages),
    )


@dataclass(frozen=True, slots=True)
class Settings:
    """Where a build reads, works and publishes, and how strict it is.

    ``warehouse`` is what readers open; ``work`` holds everything that a build
    can make again (the landing, the next warehouse, dbt's target). ``limits``
    are what one document may cost.
    """

    disclosures: Path
    warehouse: Path
    work: Path
    jobs: int
    is_strict: bool
    threads: int
    limits: Limits = Limits()  # noqa: RUF009 - immutable

    @classmethod
    def from_environment(cls) -> Settings:
        """Read ``DISCLOSURES``, ``WAREHOUSE``, ``JOBS``, ``STRICT``, ``WORK``.

        The limits are ``DOCUMENT_SECONDS``, ``DOCUMENT_MEMORY_MB``, ``DOCUMENT_MB``,
        ``OFFICE_SECONDS`` and ``RECOGNISED_PAGES``.

        :raises InvalidSetting: one that counts is no number from 1 upwards.
        """
        jobs = _count("JOBS", os.cpu_count() or 1)
        return cls(
            disclosures=Path(os.environ.get("DISCLOSURES") or PROJECT / "disclosures"),
            warehouse=Path(os.environ.get("WAREHOUSE") or PROJECT / "warehouse.duckdb"),
            work=Path(os.environ.get("WORK") or PROJECT / ".build"),
            jobs=jobs,
            is_strict=os.environ.get("STRICT", "") not in ("", "0"),
            threads=max(1, min(jobs, 8)),
            limits=_limits(),
        )

    @property
    def next_warehouse(self) -> Path:
        """Built beside the published one, on the same file system."""
        return self.warehouse.with_name(f".{self.warehouse.name}.next")

    @property
    def landing(self) -> Path:
        """Where the Parquet of the documents lies."""
        return self.work / "landing"

    @property
    def manifest(self) -> Path:
        """What dbt knows of its models, with their descriptions."""
        return self.work / "dbt" / "target" / "manifest.json"

    @property
    def page(self) -> Path:
        """What the checks of the published warehouse found, for people."""
        return self.warehouse.with_suffix(".checks.html")

    @property
    def unsound_page(self) -> Path:
        """Why the last build was not published; gone with the next one that is."""
        return self.warehouse.with_suffix(".unsound.html")
