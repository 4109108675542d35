"""How much of what disclosures print does the warehouse hold, and rightly?

The forge makes disclosures whose truth is known, a build reads them as a user's
build does, and the marts of the contract are held against the truth. Every
expected amount, and every amount that the warehouse holds beside, is one of

right
    a fact of the same table with the same amount and the same meaning: row role,
    code or item, measure, fund, year basis, phase, classification, scope, unit.
wrong
    a fact for the same printed cell (same table, same printed number, nearest row
    and column) whose amount or meaning differs.
missing
    no fact.
extra
    a fact that the truth does not have.

*Flagged* is a wrong or extra fact whose ``proof`` is ``disputed`` or whose cell a
finding names; and a missing one when its cell is named by a finding, its table is
``not_understood``, a finding of a reading rule (row, column, table, page, amount
not understood) stands at its table, or its document is ``rejected``. *Silently
wrong* is what is wrong, missing or extra and not flagged.

What a format cannot carry is not demanded: a figure that text cuts off has no
expected fact, spans that tabs lose have (documents print that way, and the order of
labels still tells). An unseen table prints an invented wording of the forge: its
missing amounts count apart, its wrong ones do not.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from tests.forge.book import Expected, Fact
from tests.forge.layouts import LAYOUTS
from tests.forge.make import Disclosure, disclosures
from tests.forge.writers import WRITERS

ROOT = Path(__file__).resolve().parents[2]
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
            f"{name}: {self.held.fields[name]!r} should be {told[name]!r}"
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


def is_right(expected: Fact, held: Held) -> bool:
    return (
        held.table == expected.table
        and held.amount_yuan == expected.amount_yuan
        and all(matches(expected, held, name) for name, _ in expected.fields)
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
        reading = {
            row["source_table_id"]
            for row in self._rows("select source_table_id, rule_id from fct_finding")
            if row["rule_id"] in READING_RULES
        }
        named: dict[str, Counter[str]] = defaultdict(Counter)
        flagged = set()
        for row in self._rows(
            "select distinct cell_id, source_table_id, printed_text "
            "from bridge_finding_cell join dim_source_cell using (cell_id)"
        ):
            flagged.add(row["cell_id"])
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
            )
        for table, subject in SUBJECT.items():
            names = [subject, *MORE.get(table, ()), *COMMON]
            for row in self._rows(
                f"select f.cell_id, f.document_id, f.source_table_id, f.amount_yuan, "
                f"f.proof, c.printed_text, c.row_number, c.column_number, c.page, "
                f"c.line, c.sheet, {', '.join('f.' + name for name in names)} "
                f"from fct_{table} f join dim_source_cell c using (cell_id)"  # noqa: S608
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
                        f"{place} row {row['row_number']} column {row['column_number']}",
                        row["source_table_id"],
                        row["proof"] == "disputed" or row["cell_id"] in flagged,
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
        held = [fact for table in mine for fact in table.held]
        lost = [t for t in mine if t.status == "not_understood"]
        if lost:
            rows = max(t.row_count for t in lost)
            reach = at
            while reach < len(heights) and sum(heights[at : reach + 1]) <= rows:
                reach += 1
        is_inside = not mine and at < reach
        if not mine and not is_inside and reported * 2 >= heights[at]:
            reported = max(0, reported - heights[at])
            is_inside = True
        verdicts += _compared(
            disclosure, expected, held, mine, is_rejected or is_inside
        )
    for table in found.get(-1, []):
        for fact in table.held:
            verdicts.append(
                Verdict("extra", fact.is_flagged, disclosure, None, None, fact, table)
            )
    return verdicts


def _compared(
    disclosure: Disclosure,
    table: Expected,
    held: list[Held],
    mine: list[Table],
    is_reported: bool,
) -> list[Verdict]:
    verdicts: list[Verdict] = []
    by_amount: dict[Decimal, list[Held]] = defaultdict(list)
    for fact in held:
        by_amount[fact.amount_yuan].append(fact)
    open_facts: list[Fact] = []
    first = mine[0] if mine else None
    for expected in table.facts:
        right = next(
            (h for h in by_amount[expected.amount_yuan] if is_right(expected, h)), None
        )
        if right is None:
            open_facts.append(expected)
            continue
        by_amount[expected.amount_yuan].remove(right)
        verdicts.append(
            Verdict("right", False, disclosure, table, expected, right, first)
        )
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
            verdicts.append(
                Verdict(
                    "wrong", other.is_flagged, disclosure, table, expected, other, first
                )
            )
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


def _shift(verdicts: Sequence[Verdict]) -> int:
    """By how many rows the warehouse's table is shifted against the printed one."""
    moved = Counter(
        v.held.row - v.expected.row for v in verdicts if v.held and v.expected
    )
    return moved.most_common(1)[0][0] if moved else 0


@dataclass(slots=True)
class Tally:
    """Counts of one format, layout or all."""

    files: int = 0
    right: int = 0
    wrong: int = 0
    missing: int = 0
    extra: int = 0
    silent: int = 0
    unseen_missing: int = 0
    tables: int = 0
    lost_tables: int = 0
    unseen_tables: int = 0
    unseen_lost: int = 0

    @property
    def share(self) -> float:
        whole = self.right + self.wrong + self.missing
        return 100 * self.right / whole if whole else 100.0

    def add(self, verdicts: Sequence[Verdict], made: Disclosure) -> None:
        self.files += 1
        got: Counter[int] = Counter()
        for verdict in verdicts:
            if verdict.table and verdict.kind == "right":
                got[verdict.table.number] += 1
            if verdict.kind == "missing" and verdict.is_unseen and verdict.is_flagged:
                self.unseen_missing += 1
            else:
                setattr(self, verdict.kind, getattr(self, verdict.kind) + 1)
            self.silent += verdict.is_silent
        for table in made.book.tables:
            if not table.facts:
                continue
            lost = not got[table.number]
            if table.unseen:
                self.unseen_tables += 1
                self.unseen_lost += lost
            else:
                self.tables += 1
                self.lost_tables += lost


HEAD = (
    f"{'':28}{'files':>6}{'right':>8}{'wrong':>7}{'missing':>8}{'extra':>7}{'silent':>7}"
    f"{'right %':>9}{'tables':>8}{'lost':>6}{'unseen':>8}{'lost':>6}{'amounts':>9}"
)


def line(name: str, tally: Tally) -> str:
    return (
        f"{name:28}{tally.files:6}{tally.right:8}{tally.wrong:7}{tally.missing:8}"
        f"{tally.extra:7}{tally.silent:7}{tally.share:9.3f}{tally.tables:8}"
        f"{tally.lost_tables:6}{tally.unseen_tables:8}{tally.unseen_lost:6}"
        f"{tally.unseen_missing:9}"
    )


def report(
    made: Sequence[Disclosure], verdicts: Sequence[Sequence[Verdict]], show: int
) -> Tally:
    """Print what `make bench` prints; return the total."""
    formats: dict[str, Tally] = defaultdict(Tally)
    layouts: dict[str, Tally] = defaultdict(Tally)
    total = Tally()
    for disclosure, own in zip(made, verdicts, strict=True):
        for tally in (formats[disclosure.style], layouts[disclosure.layout], total):
            tally.add(own, disclosure)
    for name, tallies in (("format", formats), ("layout", layouts)):
        print(f"\n{name}")
        print(HEAD)
        for key in sorted(tallies):
            print(line(key, tallies[key]))
    print()
    print(line("total", total))
    failing = [v for own in verdicts for v in own if v.kind != "right"]
    if show:
        examples(failing, show)
    return total


def examples(failing: Sequence[Verdict], show: int) -> None:
    """Failing amounts, most frequent kind first."""
    groups: dict[str, list[Verdict]] = defaultdict(list)
    for verdict in failing:
        if verdict.is_unseen and verdict.kind == "missing" and verdict.is_flagged:
            continue
        found = verdict.found
        what = {
            "wrong": lambda v: re.sub(r"\d{3,}", "N", v.differences())[:160],
            "missing": lambda v: (
                f"{found.status} {found.reason or ''}" if found else "no such table"
            ),
            "extra": lambda v: f"{v.held.table} {v.held.fields['row_role']}",
        }[verdict.kind](verdict)
        statement = verdict.table.statement if verdict.table else None
        silent = "SILENT " if verdict.is_silent else ""
        unseen = "(unseen) " if verdict.is_unseen else ""
        groups[f"{silent}{unseen}{verdict.kind} {statement}: {what}"].append(verdict)
    for name, group in sorted(groups.items(), key=lambda pair: -len(pair[1])):
        files = sorted({(v.disclosure.layout, v.disclosure.style) for v in group})
        print(f"\n{len(group)} × {name}")
        print(f"   in {', '.join(f'{layout}/{style}' for layout, style in files[:8])}")
        for verdict in group[:: max(1, len(group) // show)][:show]:
            at = verdict.expected
            print(
                f"   {verdict.disclosure.file_name} | {verdict.table.title if verdict.table else '-'}"
                f" | printed {at.text if at else verdict.held and verdict.held.text}"
                + (
                    f" at row {at.row} column {at.column} | wanted {at.table} {dict(at.fields)}"
                    if at
                    else ""
                )
                + (
                    f" | held at {verdict.held.place} {verdict.held.table} {verdict.held.fields}"
                    if verdict.held
                    else ""
                )
                + (
                    f" | unseen {verdict.table.unseen}"
                    if verdict.is_unseen and verdict.table
                    else ""
                )
            )


def build(folder: Path, work: Path) -> Path:
    """Run the pipeline as a user does; return the warehouse.

    :raises SystemExit: nothing was published.
    """
    warehouse = work / "warehouse.duckdb"
    settings = {
        "DISCLOSURES": str(folder),
        "WAREHOUSE": str(warehouse),
        "WORK": str(work / "work"),
        "PYTHONUTF8": "1",
    }
    began = time.monotonic()
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-m", "pipeline.build"],
        cwd=ROOT,
        env={**os.environ, **settings},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    if done.returncode != 0:
        raise SystemExit(
            f"build failed with {done.returncode}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
        )
    print(f"built in {time.monotonic() - began:.0f} s", flush=True)
    return warehouse


def write(made: Iterable[Disclosure], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for disclosure in made:
        (folder / disclosure.file_name).write_bytes(disclosure.content())


def measured(made: Sequence[Disclosure], work: Path) -> list[list[Verdict]]:
    """Write the disclosures, build, and judge each."""
    folder = work / "disclosures"
    write(made, folder)
    marts = Marts(build(folder, work))
    return [judged(disclosure, marts) for disclosure in made]


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="accuracy on made disclosures")
    parser.add_argument("--documents", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", type=int, default=0, help="examples of each failure")
    parser.add_argument("--keep", type=Path, help="folder for files and warehouse")
    parser.add_argument(
        "--layout", action="append", choices=sorted(LAYOUTS), default=[]
    )
    parser.add_argument("--style", action="append", choices=sorted(WRITERS), default=[])
    parser.add_argument("--judge", type=Path, help="judge a warehouse built before")
    options = parser.parse_args(arguments)
    made = list(
        disclosures(
            options.documents,
            options.seed,
            layouts=options.layout,
            styles=options.style,
        )
    )
    with tempfile.TemporaryDirectory() as temporary:
        work = options.keep or Path(temporary)
        work.mkdir(parents=True, exist_ok=True)
        if options.judge:
            marts = Marts(options.judge)
            verdicts = [judged(disclosure, marts) for disclosure in made]
        else:
            verdicts = measured(made, work)
    report(made, verdicts, options.show)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
