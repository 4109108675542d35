"""What a printed column label means, read from ``seeds/vocabulary``."""

from __future__ import annotations

import csv
import functools
import html
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from ingest.columns.characters import TO_SIMPLIFIED

TEXT_ROLES = frozenset(
    {
        "code",
        "code_class",
        "code_section",
        "code_item",
        "name",
        "subject",  # over code and name, or itself the name
        "unit_code",
        "unit_name",
        "project_name",
        "project_code",
        "project_type",
        "ordinal",
        "note",
        "text",
    }
)
CODE_PARTS = frozenset({"code_class", "code_section", "code_item"})

_TAG = re.compile(r"<[^>]{1,40}>")
_YEAR = re.compile(r"^(20\d\d)年?度?")
_UNIT = re.compile(r"[(](?:单位:)?(?:人民币)?(?:亿|百万|万|千|百)?元[)]$")
_ORDINAL = re.compile(
    r"^(?:[(][一二三四五六七八九十]+[)]|[一二三四五六七八九十]+[、.]|\d{1,2}[、.](?!\d))"
)
_OF_WHICH = re.compile(r"^其中[:：]?(?=[^:：])")
_FORMULA = re.compile(r"[(]?\d+[)]?(?:=[\d+\-()]+)[)]?$|^[A-Z]$")
_FOLD = str.maketrans(
    {
        **{code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)},
        **dict.fromkeys(map(ord, "【〔［〈"), "("),
        **dict.fromkeys(map(ord, "】〕］〉"), ")"),
        **dict.fromkeys(map(ord, "“”\"'‘’「」《》"), None),
        **dict.fromkeys(map(ord, " \t\r\n\u00a0\u202f\u205f\u2060\u3000\ufeff"), None),
        **dict.fromkeys(range(0x2000, 0x2010), None),
        **dict.fromkeys(map(ord, "−–"), "-"),
        **TO_SIMPLIFIED,
    }
)


@dataclass(frozen=True, slots=True)
class Label:
    """One printed label and what the vocabulary says of it.

    ``role`` is a text role, ``amount``, ``part`` (an amount below the measure that
    its own lies in), ``count``, ``ratio``, ``side``, ``group`` or ``source``
    (资金来源: a group, money or words); None when no row of the vocabulary fits.
    ``year`` is the year the label prints, None without one.
    """

    text: str
    role: str | None = None
    side: str | None = None
    measure: str | None = None
    fund: str | None = None
    year_basis: str | None = None
    phase: str | None = None
    item: str | None = None
    classification: str | None = None
    is_total: bool = False
    is_of_which: bool = False
    has_ordinal: bool = False
    year: int | None = None

    @property
    def is_known(self) -> bool:
        """Whether a row of the vocabulary fits the label."""
        return self.role is not None

    @property
    def is_text(self) -> bool:
        """Whether the column under this label holds words or codes."""
        return self.role in TEXT_ROLES


def normalize(text: str) -> str:
    """Fold a printed label: no tags, blanks or quotes; half-width signs."""
    return html.unescape(_TAG.sub("", text)).translate(_FOLD)


class Vocabulary:
    """The column labels of the seeds, with the hierarchies they refer to.

    :param seeds: the folder ``seeds`` of the project.
    """

    def __init__(self, seeds: Path) -> None:
        folder = seeds / "vocabulary"
        self._rows: list[tuple[re.Pattern[str], Label]] = []
        for row in _read(folder / "column_label.csv"):
            meaning = {
                key: row[key] or None
                for key in (
                    "role",
                    "side",
                    "measure",
                    "fund",
                    "year_basis",
                    "phase",
                    "item",
                    "classification",
                )
            }
            label = Label("", is_total=row["is_total"] == "1", **meaning)  # type: ignore[arg-type]
            self._rows.append((re.compile(row["pattern"]), label))
        self.parents = {
            "measure": _parents(folder / "measure.csv", "measure"),
            "fund": _parents(folder / "fund.csv", "fund"),
            "item": _parents(folder / "three_public_item.csv", "item")
            | _parents(folder / "procurement_category.csv", "category"),
        }
        self.lookup = functools.lru_cache(maxsize=65_536)(self._lookup)

    def _lookup(self, text: str) -> Label:
        """The label with its meaning; a label that no row fits has no role."""
        folded = normalize(text)
        year = None
        if match := _YEAR.match(folded):
            year = int(match[1])
            folded = folded[match.end() :] or "年"
        folded = _UNIT.sub("", folded)
        has_ordinal = bool(_ORDINAL.match(folded))
        folded = _ORDINAL.sub("", folded)
        is_of_which = bool(_OF_WHICH.match(folded))
        folded = _FORMULA.sub("", _OF_WHICH.sub("", folded)) or folded
        folded = _UNIT.sub("", folded)
        found = next(
            (label for pattern, label in self._rows if pattern.fullmatch(folded)),
            Label(""),
        )
        return replace(
            found,
            text=text,
            year=year,
            is_of_which=is_of_which,
            has_ordinal=has_ordinal,
        )

    def is_placed(self, label: Label, above: Iterable[Label]) -> bool:
        """Whether a part stands below what it is a part of; other labels always."""
        if label.role != "part" or label.measure is None:
            return True
        whole = self.parents["measure"][label.measure]
        return any(one.measure == whole for one in above)

    def part_of_projects(self, label: Label) -> str | None:
        """The measure of an economic class of all expenditure among projects alone."""
        if label.measure is None or normalize(label.text).startswith("机关"):
            return None
        part = f"project_{label.measure.removeprefix('government_')}"
        return part if part in self.parents["measure"] else None

    def is_within(self, dimension: str, child: str, parent: str) -> bool:
        """Whether ``child`` lies below ``parent`` in the hierarchy of a dimension."""
        parents = self.parents[dimension]
        seen = parents.get(child)
        while seen is not None:
            if seen == parent:
                return True
            seen = parents.get(seen)
        return False


def _read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _parents(path: Path, key: str) -> dict[str, str | None]:
    return {row[key]: row["parent"] or None for row in _read(path)}
