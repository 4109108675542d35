"""Holds the marts of the contract against what the forge printed.

Every expected amount, and every amount that the warehouse holds beside, is one of

right
    a fact of the same table with the same amount and the same meaning: row role,
    code or item, measure, fund, year basis, phase, classification, scope, unit.
wrong
    a fact for the same printed cell (same table, same printed number, then the most
    alike meaning, the nearest row and column) whose amount or meaning differs.
missing
    no fact.
extra
    a fact that the truth does not have.

A wrong or extra fact is *flagged* when its ``proof`` is ``disputed``, when a finding
names its cell, or when a finding names a code or name in its row that does not
resolve. A missing one is when a finding names its cell, when its table is
``not_understood`` or lies within the rows of one that is, when a finding of a reading
rule (row, column, table, page, amount not understood) stands at its table, when a
finding says that no table was found below its title, or when its document is
``rejected``. A wrong source of money or part of expenditure is flagged, too, where a
finding says that the title of the table was not understood. *Silently wrong* is what is
not right and not flagged.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from tests.forge.book import Expected, Fact
from tests.forge.make import Disclosure

SUBJECT = {
    "functional": "functional_code",
    "economic": "economic_code",
    "revenue": "revenue_source",
    "balance_item": "item",
    "three_public": "item",
    "project": "project_name",
}
MORE = {
    "economic": ("classification", "scope"),
    "balance_item": ("side",),
}
COMMON = ("row_role", "measure", "fund", "year_basis", "phase", "unit_name")
ROW_RULES = ("code_name_conflict", "unresolved_name", "row_not_understood")
# What a title tells of every amount below it.
TOLD_BY_TITLE = {"fund", "measure", "scope", "year_basis"}
READING_RULES = (
    "row_not_understood",
    "column_not_understood",
    "table_not_understood",
    "unreadable_amount",
    "page_not_read",
)


def folded(text: str | None) -> str:
    """Text without blanks and in one width of brackets."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text or ""))


def number(text: str) -> str:
    """The digits of a printed number, to compare formats that print it apart."""
    kept = re.sub(r"[^0-9.()\-]", "", folded(text))
    return (kept.rstrip("0").rstrip(".") if "." in kept else kept) or "0"


@dataclass(slots=True)
class Held:
    """A fact of the warehouse."""

    table: str
    fields: dict[str, Any]
    amount_yuan: Decimal
    text: str
    row: int
    column: int
    place: str
    source_table_id: str
    is_flagged: bool
    cell_id: str = ""


@dataclass(slots=True)
class Table:
    """A table of the warehouse with its facts."""

    source_table_id: str
    title: str
    statement: str | None
    status: str
    reason: str | None
    has_reading_finding: bool
    row_count: int
    named: Counter[str]
    held: list[Held] = field(default_factory=list)
    has_title_finding: bool = False


@dataclass(slots=True)
class Verdict:
    """What became of one expected or held amount."""

    kind: str
    is_flagged: bool
    disclosure: Disclosure
    table: Expected | None
    expected: Fact | None
    held: Held | None
    found: Table | None

    @property
    def is_unseen(self) -> bool:
        return bool(self.table and self.table.unseen)

    @property
    def is_silent(self) -> bool:
        return self.kind != "right" and not self.is_flagged

    def differences(self) -> str:
        if not (self.expected and self.held):
            return ""
        told = dict(self.expected.fields)
        differ = [
            f"{name}: {self.held.fields.get(name)!r} should be {told[name]!r}"
            for name in told
            if not matches(self.expected, self.held, name)
        ]
        if self.held.amount_yuan != self.expected.amount_yuan:
            differ.append(
                f"{self.held.amount_yuan} should be {self.expected.amount_yuan} yuan"
            )
        if self.held.table != self.expected.table:
            differ.append(f"fct_{self.held.table} should be fct_{self.expected.table}")
        return "; ".join(differ)


def matches(expected: Fact, held: Held, name: str) -> bool:
    value = held.fields.get(name)
    if name == "project_name" or name == "unit_name":
        wanted = dict(expected.fields)[name]
        many = wanted if isinstance(wanted, tuple) else (wanted,)
        return folded(value) in {folded(each) for each in many}
    return expected.accepts(name, value)


def is_right(expected: Fact, held: Held, *, unseen: bool = False) -> bool:
    """``unseen``: what the title would have told may be told by the column instead."""
    differ = {name for name, _ in expected.fields if not matches(expected, held, name)}
    if unseen and differ == {"measure", "scope"}:
        # Project expenditure in a table of all is the total of a project table.
        told = dict(expected.fields)
        if held.fields["measure"] == told["scope"] and held.fields["scope"] == "all":
            differ = set()
    return (
        held.table == expected.table
        and held.amount_yuan == expected.amount_yuan
        and not differ
    )


class Marts:
    """What a published warehouse holds, by file."""

    def __init__(self, warehouse: Path) -> None:
        self.connection = duckdb.connect(str(warehouse), read_only=True)
        self.connection.execute("use marts")
        self.documents = {
            row["file_name"]: row for row in self._rows("select * from dim_document")
        }
        file_of = {row["document_id"]: name for name, row in self.documents.items()}
        found = self._rows(
            "select document_id, source_table_id, rule_id, explanation from fct_finding"
        )
        reading = {
            row["source_table_id"] for row in found if row["rule_id"] in READING_RULES
        }
        titles = {
            row["source_table_id"]
            for row in found
            if row["rule_id"] == "title_not_understood"
        }
        self.lost_titles: dict[str, list[str]] = defaultdict(list)
        for row in found:
            if row["rule_id"] == "title_without_table":
                self.lost_titles[file_of[row["document_id"]]].append(
                    folded(row["explanation"])
                )
        named: dict[str, Counter[str]] = defaultdict(Counter)
        flagged = set()
        rows = set()
        for row in self._rows(
            "select distinct b.cell_id, c.source_table_id, c.row_number, "
            "c.printed_text, f.rule_id from bridge_finding_cell b "
            "join dim_source_cell c using (cell_id) "
            "join fct_finding f using (finding_id)"
        ):
            flagged.add(row["cell_id"])
            if row["rule_id"] in ROW_RULES:
                rows.add((row["source_table_id"], row["row_number"]))
            if row["source_table_id"]:
                named[row["source_table_id"]][number(row["printed_text"])] += 1
        self.tables: dict[str, dict[str, Table]] = defaultdict(dict)
        for row in self._rows("select * from dim_source_table"):
            at = row["source_table_id"]
            self.tables[file_of[row["document_id"]]][at] = Table(
                at,
                row["title"] or "",
                row["statement"],
                row["status"],
                row["status_reason"],
                at in reading,
                row["row_count"] or 0,
                named[at],
                has_title_finding=at in titles,
            )
        for table, subject in SUBJECT.items():
            names = [subject, *MORE.get(table, ()), *COMMON]
            for row in self._rows(
                f"select f.cell_id, f.document_id, f.source_table_id, f.amount_yuan, "
                f"f.proof, c.printed_text, c.row_number, c.column_number, c.page, "
                f"c.line, c.sheet, {', '.join('f.' + name for name in names)} "
                f"from fct_{table} f join dim_source_cell c using (cell_id)"
            ):
                place = " ".join(
                    f"{name} {row[name]}"
                    for name in ("page", "line", "sheet")
                    if row[name]
                )
                self.tables[file_of[row["document_id"]]][
                    row["source_table_id"]
                ].held.append(
                    Held(
                        table,
                        {name: row[name] for name in names},
                        row["amount_yuan"],
                        row["printed_text"],
                        row["row_number"],
                        row["column_number"],
                        f"{place} row {row['row_number']} "
                        f"column {row['column_number']}",
                        row["source_table_id"],
                        row["proof"] == "disputed"
                        or row["cell_id"] in flagged
                        or (row["source_table_id"], row["row_number"]) in rows,
                        row["cell_id"],
                    )
                )
        self.connection.close()

    def _rows(self, sql: str) -> list[dict[str, Any]]:
        result = self.connection.execute(sql)
        names = [column[0] for column in result.description or ()]
        return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def _order(table: Table) -> int:
    found = re.search(r"(\d+)$", table.source_table_id)
    return int(found[1]) if found else 0


def assigned(disclosure: Disclosure, tables: Iterable[Table]) -> dict[int, list[Table]]:
    """The warehouse's tables for each printed one; -1 has those of none."""
    printed = disclosure.book.tables
    digits = [Counter(number(fact.text) for fact in table.facts) for table in printed]
    found: dict[int, list[Table]] = defaultdict(list)
    for table in sorted(tables, key=_order):
        own = Counter(number(held.text) for held in table.held)
        best, score = -1, 0.0
        for at, expected in enumerate(printed):
            same = (own & digits[at]).total()
            points = float(same)
            title = folded(expected.title)
            if title and title == folded(table.title):
                # Two tables may share a title: the one not yet found comes next.
                points += 1000 + (0 if found[at] else 500)
            elif table.title and title and folded(table.title) in title:
                points += 0.5 * (not table.held)
            elif own and same * 2 < own.total():
                points = 0
            if points > score:
                best, score = at, points
        found[best].append(table)
    return found


def judged(disclosure: Disclosure, marts: Marts) -> list[Verdict]:
    """A verdict for every amount that is printed or held."""
    tables = marts.tables.get(disclosure.file_name, {})
    document = marts.documents.get(disclosure.file_name)
    is_rejected = document is not None and document["status"] == "rejected"
    found = assigned(disclosure, tables.values())
    verdicts: list[Verdict] = []
    heights = [grid.row_count for grid in disclosure.book.paper.grids()]
    # Rows of tables that are reported as not understood and that no printed table
    # was found for: so many rows of lost tables are reported.
    reported = sum(t.row_count for t in found[-1] if t.status == "not_understood")
    reach = 0  # the printed table up to which one that is not understood goes
    for at, expected in enumerate(disclosure.book.tables):
        mine = found.get(at, [])
        lost = [t for t in mine if t.status == "not_understood"]
        if lost:
            rows = max(t.row_count for t in lost)
            reach = at
            while reach < len(heights) and sum(heights[at : reach + 1]) <= rows:
                reach += 1
        is_inside = not mine and at < reach
        title = folded(expected.title)
        if not mine and title:
            told = marts.lost_titles.get(disclosure.file_name, ())
            is_inside = is_inside or any(title in each for each in told)
        if not mine and not is_inside and reported * 2 >= heights[at]:
            reported = max(0, reported - heights[at])
            is_inside = True
        verdicts += compared(
            disclosure, expected, mine, is_reported=is_rejected or is_inside
        )
    for table in found.get(-1, []):
        for fact in table.held:
            verdicts.append(
                Verdict("extra", fact.is_flagged, disclosure, None, None, fact, table)
            )
    return verdicts


def compared(
    disclosure: Disclosure,
    table: Expected,
    mine: Sequence[Table],
    *,
    is_reported: bool,
) -> list[Verdict]:
    """Verdicts on a printed table, given the warehouse's tables for it."""
    held = [fact for found in mine for fact in found.held]
    verdicts: list[Verdict] = []
    by_amount: dict[Decimal, list[Held]] = defaultdict(list)
    for fact in held:
        by_amount[fact.amount_yuan].append(fact)
    open_facts: list[Fact] = []
    first = mine[0] if mine else None
    for expected in table.facts:
        right = min(
            (
                h
                for h in by_amount[expected.amount_yuan]
                if is_right(expected, h, unseen=bool(table.unseen))
            ),
            # 合计 and 本年支出合计 may be the same amount
            key=lambda h: (abs(h.row - expected.row), abs(h.column - expected.column)),
            default=None,
        )
        if right is None:
            open_facts.append(expected)
            continue
        by_amount[expected.amount_yuan].remove(right)
        verdicts.append(
            Verdict("right", False, disclosure, table, expected, right, first)
        )
    unsure = {found.source_table_id for found in mine if found.has_title_finding}
    left = [fact for facts in by_amount.values() for fact in facts]
    shift = _shift(verdicts)
    for expected in open_facts:
        same = [h for h in left if number(h.text) == number(expected.text)]
        other = min(
            same,
            key=lambda h: (
                h.table != expected.table,
                sum(not matches(expected, h, name) for name, _ in expected.fields),
                abs(h.row - expected.row - shift),
                abs(h.column - expected.column),
            ),
            default=None,
        )
        if other is not None:
            left.remove(other)
            verdict = Verdict(
                "wrong", other.is_flagged, disclosure, table, expected, other, first
            )
            if other.source_table_id in unsure and _differing(verdict) <= TOLD_BY_TITLE:
                verdict.is_flagged = True
            verdicts.append(verdict)
            continue
        if expected.is_optional:
            continue
        flagged = is_reported or any(
            t.status == "not_understood"
            or t.has_reading_finding
            or t.named[number(expected.text)]
            for t in mine
        )
        verdicts.append(
            Verdict("missing", flagged, disclosure, table, expected, None, first)
        )
    for fact in left:
        verdicts.append(
            Verdict("extra", fact.is_flagged, disclosure, table, None, fact, first)
        )
    return verdicts


def _differing(verdict: Verdict) -> set[str]:
    """The names of what differs between what is expected and held."""
    return {part.partition(":")[0] for part in verdict.differences().split("; ")}


def _shift(verdicts: Sequence[Verdict]) -> int:
    """By how many rows the warehouse's table is shifted against the printed one."""
    moved = Counter(
        v.held.row - v.expected.row for v in verdicts if v.held and v.expected
    )
    return moved.most_common(1)[0][0] if moved else 0
