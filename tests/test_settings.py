"""Settings of a build and of the expectations, from the environment."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from pathlib import Path
from types import ModuleType

import pytest

import expectations.settings as thresholds
from ingest.document import Limits
from pipeline.settings import PROJECT, InvalidSetting, Settings

LIMITS = ("DOCUMENT_SECONDS", "DOCUMENT_MEMORY_MB", "DOCUMENT_MB", "OFFICE_SECONDS")
NAMES = ("DISCLOSURES", "WAREHOUSE", "WORK", "JOBS", "STRICT", *LIMITS)


@pytest.fixture
def clean(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    return monkeypatch


def test_defaults(clean: pytest.MonkeyPatch) -> None:
    clean.setattr("os.cpu_count", lambda: 3)
    assert Settings.from_environment() == Settings(
        disclosures=PROJECT / "disclosures",
        warehouse=PROJECT / "warehouse.duckdb",
        work=PROJECT / ".build",
        jobs=3,
        is_strict=False,
        threads=3,
    )
    assert (PROJECT / "dbt_project.yml").is_file()


def test_empty_settings_are_defaults(clean: pytest.MonkeyPatch) -> None:
    """The Makefile passes every setting on, also those that nobody gave."""
    default = Settings.from_environment()
    for name in NAMES:
        clean.setenv(name, "")
    assert Settings.from_environment() == default


def test_limits_of_a_document(clean: pytest.MonkeyPatch) -> None:
    assert Settings.from_environment().limits == Limits()
    for name, value in zip(LIMITS, ("60", "512", "20", "30"), strict=True):
        clean.setenv(name, value)
    assert Settings.from_environment().limits == Limits(
        seconds=60,
        memory_bytes=512 * 1024 * 1024,
        file_bytes=20 * 1024 * 1024,
        office_seconds=30,
    )


@pytest.mark.parametrize("name", LIMITS)
@pytest.mark.parametrize("value", ["0", "-1", "1.5", "many"])
def test_limits_that_mean_nothing(
    clean: pytest.MonkeyPatch, name: str, value: str
) -> None:
    clean.setenv(name, value)
    with pytest.raises(InvalidSetting, match=f"{name}={value}"):
        Settings.from_environment()


def test_given_settings(clean: pytest.MonkeyPatch) -> None:
    for name, value in {
        "DISCLOSURES": "公开",
        "WAREHOUSE": "库/仓.duckdb",
        "WORK": "工作",
        "JOBS": "12",
        "STRICT": "1",
    }.items():
        clean.setenv(name, value)
    settings = Settings.from_environment()
    assert settings == Settings(
        Path("公开"), Path("库/仓.duckdb"), Path("工作"), 12, True, 8
    )
    # Built beside the published one: a rename within one file system.
    assert settings.next_warehouse == Path("库/.仓.duckdb.next/warehouse.duckdb")
    assert settings.landing == Path("工作/landing")


@pytest.mark.parametrize(
    ("value", "is_strict"), [("1", True), ("yes", True), ("0", False), ("", False)]
)
def test_strict(clean: pytest.MonkeyPatch, value: str, is_strict: bool) -> None:
    clean.setenv("STRICT", value)
    assert Settings.from_environment().is_strict is is_strict


def test_no_number_of_cores_is_one(clean: pytest.MonkeyPatch) -> None:
    clean.setattr("os.cpu_count", lambda: None)
    settings = Settings.from_environment()
    assert (settings.jobs, settings.threads) == (1, 1)


@pytest.fixture
def reloaded() -> Iterator[ModuleType]:
    yield thresholds
    importlib.reload(thresholds)


@pytest.mark.parametrize(
    ("name", "given", "floor"),
    [
        ("CHECKED_TOTALS_FLOOR", None, "0.80"),
        ("CHECKED_TOTALS_FLOOR", "0.95", "0.95"),
        ("CHECKED_AMOUNTS_FLOOR", None, "0.70"),
        ("CHECKED_AMOUNTS_FLOOR", "0.5", "0.5"),
    ],
)
def test_floors_of_what_is_checked(
    reloaded: ModuleType, name: str, given: str | None, floor: str
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv(name, raising=False)
        if given:
            patch.setenv(name, given)
        read = getattr(importlib.reload(reloaded), name)
    assert isinstance(read, Decimal)
    assert str(read) == floor


def test_a_floor_that_is_no_number_is_an_error(reloaded: ModuleType) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CHECKED_TOTALS_FLOOR", "nine")
        with pytest.raises(InvalidOperation):
            importlib.reload(reloaded)


@pytest.mark.parametrize("value", ["abc", "0", "-1", "1.5"])
def test_a_number_of_jobs_that_is_none(
    monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setenv("JOBS", value)
    with pytest.raises(InvalidSetting, match=f"JOBS={value}"):
        Settings.from_environment()


def test_behind_a_link_lies_the_warehouse(
    clean: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A link would become a file; who opens what it led to would see the old one."""
    link, warehouse = tmp_path / "link.duckdb", tmp_path / "folder" / "w.duckdb"
    link.symlink_to(warehouse)
    clean.setenv("WAREHOUSE", str(link))
    assert Settings.from_environment().warehouse == warehouse
    assert Settings.from_environment().next_warehouse.is_relative_to(warehouse.parent)
    link.unlink()
    link.symlink_to(link)
    with pytest.raises(InvalidSetting, match="链接指向自身"):
        Settings.from_environment()
