"""The small disclosures of ``tests/layouts``: who publishes them, in which formats."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.forge.paper import Block, Grid, PageBreak, Paper
from tests.forge.writers import SUFFIX, WRITERS

# The same figures in the same year are one set of figures published twice: every
# format of a document is of another year.
LAST_YEAR = 2025
PLACES = "东南西北上下前后青白金银石木竹松梅柳桃杏"


@dataclass(frozen=True, slots=True)
class Office:
    """A unit in a year, and how its tables begin."""

    unit: str
    year: int

    def table(
        self, title: str, grid: Grid, *notes: str, unit: str = "单位：万元"
    ) -> list[Block]:
        """A table on a page of its own, with the lines above and below it."""
        captions = [f"{self.year}年{title}", f"单位名称：{self.unit}"]
        return [PageBreak(), *captions, *([unit] if unit else []), grid, *notes]


Build = Callable[[Office], list[Block]]


@dataclass(frozen=True, slots=True)
class Disclosure:
    """A document in several formats; ``name`` begins with the number of its point."""

    name: str
    formats: tuple[str, ...]
    build: Build
    stage: str

    def file_name(self, key: str) -> str:
        return f"{self.name}.{key}{SUFFIX[key]}"

    def write(self, folder: Path, unit: str) -> None:
        """Write one file for each format."""
        for number, key in enumerate(self.formats):
            year = LAST_YEAR - number
            title = f"{unit}{year}年部门{self.stage}公开"
            paper = Paper(title, self.build(Office(unit, year)))
            (folder / self.file_name(key)).write_bytes(WRITERS[key](paper))


DISCLOSURES: dict[str, Disclosure] = {}


def disclosed(*keys: str, stage: str = "预算") -> Callable[[Build], Build]:
    """Register a function as a document that is written in these formats."""

    def register(build: Build) -> Build:
        name = build.__name__.removeprefix("point_")
        DISCLOSURES[name] = Disclosure(name, keys, build, stage)
        return build

    return register


def write_all(folder: Path) -> None:
    """Write every registered document, each of a unit of its own."""
    for number, disclosure in enumerate(DISCLOSURES.values()):
        place = PLACES[number // len(PLACES)] + PLACES[number % len(PLACES)]
        disclosure.write(folder, unit_of(place))


def unit_of(place: str) -> str:
    return f"云溪县{place}渡口管理站"
