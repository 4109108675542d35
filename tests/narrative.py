"""Compares figures read from running text with what a person read there.

The truth stands in ``tests/golden/narrative``; its README says how to read it.
Figures are matched in the order in which they are printed, by line or page and by the
printed number, so that one that was not found does not shift the others.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from difflib import SequenceMatcher
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "golden" / "narrative"
TEXTS = ("wansheng_2025", "tunliu_2024", "xinxiang_2023")
PDFS = (
    "putuo_welfare_home_2024",
    "putuo_government_office_2025",
    "putuo_wanli_2025",
    "putuo_planning_final_2024",
)

NUMBER = re.compile(r"\d[\d,，]*(?:[.．]\d+)?")
NO_CHANGE = re.compile(r"持平|保持一致|保持不变|无变化|一致")
PLACE = re.compile(r"[LP](\d+):(.+)#(\d+)")

# What a text that does not say it means: everything.
UNSAID = {"measure": "total", "fund": "all", "year_basis": "all"}
# A total or a code without a fund is one of all funds; of 三公 items, procurement and
# what a unit owns, the fund says nothing.
STRICT_KINDS = ("total", "code")
# The figures of a document as the marts hold them.
FIGURES = """
select figures.*, cells.page, cells.line
from marts.fct_narrative_figure as figures
inner join marts.dim_source_cell as cells using (cell_id)
inner join marts.dim_document as documents
    on figures.document_id = documents.document_id
"""
PROPERTIES = (
    "meaning",
    "value",
    "value_unit",
    "subject_kind",
    "subject_code",
    "side",
    "measure",
    "fund",
    "year_basis",
    "phase",
    "compared_year",
)
LINKS = ("owner", "whole")


@dataclass(frozen=True)
class Figure:
    """A figure as the warehouse says it."""

    key: str
    order: tuple[int, int]
    place: int
    printed_text: str
    is_placed: bool
    properties: dict[str, str]
    owner: str = ""
    whole: str = ""


@dataclass
class Comparison:
    """What is right and what is not, by place."""

    right: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    unplaced: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    extra: list[str] = field(default_factory=list)

    def summary(self) -> str:
        return ", ".join(f"{name} {len(found)}" for name, found in vars(self).items())

    def report(self) -> str:
        lines = [self.summary()]
        for name, found in vars(self).items():
            if name != "right":
                lines += [f"  {name}: {text}" for text in found]
        return "\n".join(lines)


def truth(name: str) -> list[dict[str, str]]:
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def sha_of(name: str) -> str:
    (sha,) = {row["file_sha256"] for row in truth(name)}
    return sha


def place_number(place: str) -> int:
    found = PLACE.fullmatch(place)
    assert found, place
    return int(found[1])


def printed_number(text: str) -> str:
    """The number of a printed figure, or that nothing changed."""
    found = NUMBER.search(text)
    if found:
        return found[0].replace(",", "").replace("，", "").replace("．", ".")
    return "=" if NO_CHANGE.search(text) else text


def says(wanted: str, found: str) -> bool:
    """Alternatives stand between bars, patterns as in file names."""
    return any(fnmatchcase(found, choice) for choice in wanted.split("|"))


def differs(row: dict[str, str], figure: Figure, name: str) -> bool:
    wanted, found = row[name], figure.properties.get(name, "")
    if name == "value":
        return found == "" or Decimal(wanted) != Decimal(found)
    if name == "value_unit":
        # 持平 prints no unit.
        return bool(wanted) and not says(wanted, found)
    if name in UNSAID:
        is_strict = row["subject_kind"] in STRICT_KINDS
        if wanted == "" and not is_strict:
            return False
        default = UNSAID[name]
        return not says(
            "|".join(choice or default for choice in wanted.split("|")),
            found or default,
        )
    if name in ("phase", "compared_year", "side"):
        return bool(wanted) and not says(wanted, found)
    return not says(wanted, found)


def figure(row: Mapping[str, Any]) -> Figure:
    """A row of :data:`FIGURES`. Its cell tells the paragraph and where it begins."""
    found = re.search(r"-p(\d+)-c(\d+)$", row["cell_id"])
    assert found, row["cell_id"]
    names = {"compared_year": "comparison_year"}
    return Figure(
        key=row["cell_id"],
        order=(int(found[1]), int(found[2])),
        place=row["line"] or row["page"] or 0,
        printed_text=row["printed_text"],
        is_placed=row["is_placed"],
        properties={
            name: "" if value is None else str(value)
            for name in (*PROPERTIES, "unplaced_reason")
            for value in [row[names.get(name, name)]]
        },
        owner=row["owner_cell_id"] or "",
        whole=row["whole_cell_id"] or "",
    )


def paired(
    rows: Sequence[dict[str, str]], figures: Iterable[Figure]
) -> list[tuple[dict[str, str], Figure]]:
    """Rows of the truth with the figures read there, as they are printed in turn."""
    said = sorted(figures, key=lambda figure: figure.order)
    matcher = SequenceMatcher(
        None,
        [
            (place_number(row["place"]), printed_number(row["printed_text"]))
            for row in rows
        ],
        [(figure.place, printed_number(figure.printed_text)) for figure in said],
        autojunk=False,
    )
    return [
        (rows[block.a + step], said[block.b + step])
        for block in matcher.get_matching_blocks()
        for step in range(block.size)
    ]


def compare(rows: list[dict[str, str]], figures: Iterable[Figure]) -> Comparison:
    said = sorted(figures, key=lambda figure: figure.order)
    result = Comparison()
    pairs = paired(rows, said)
    place_of = {figure.key: row["place"] for row, figure in pairs}
    matched = {row["place"] for row, _ in pairs}
    result.missing = [
        f"{row['place']} {row['meaning']} {row['subject_kind']}/{row['subject_code']}"
        for row in rows
        if row["place"] not in matched
    ]
    result.extra = [
        f"{figure.place}: {figure.printed_text}"
        f"{'' if figure.is_placed else ' (unplaced)'} {_essence(figure)}"
        for figure in said
        if figure.key not in place_of
    ]
    for row, figure in pairs:
        if not figure.is_placed:
            reason = figure.properties.get("unplaced_reason", "")
            result.unplaced.append(f"{row['place']} {reason}")
            continue
        differences = [
            f"{name} {figure.properties.get(name, '')!r}, right {row[name]!r}"
            for name in PROPERTIES
            if differs(row, figure, name)
        ]
        if differences:
            result.wrong.append(f"{row['place']}: {'; '.join(differences)}")
        else:
            result.right.append(row["place"])
        result.links += link_differences(row, figure, place_of)
    return result


def link_differences(
    row: dict[str, str], figure: Figure, place_of: dict[str, str]
) -> Iterator[str]:
    for name in LINKS:
        wanted = row[name]
        key = getattr(figure, name)
        found = place_of.get(key, key)
        if wanted and wanted != "*" and not says(wanted, found):
            yield f"{row['place']} {name}: {found or 'none'}, right {wanted}"


def _essence(figure: Figure) -> str:
    said = figure.properties
    subject = "/".join(said.get(name, "") for name in ("subject_kind", "subject_code"))
    return f"{said.get('meaning', '')} {subject}"
