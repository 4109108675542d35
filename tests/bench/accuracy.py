"""How much of what disclosures print does the warehouse hold, and rightly?

The forge makes disclosures whose truth is known, a build reads them as a user's build
does, and :mod:`tests.bench.judging` holds its marts against the truth. Printed are,
per format and layout, the amounts right, wrong, missing, extra and silently wrong, and
the tables of which nothing was right (lost). Of running text :mod:`tests.bench.prose`
counts the figures.

What a format cannot carry is not demanded: what a file cuts off has no expected fact.
Spans that tabs lose are demanded, for counties publish such text and the order of the
labels still tells. A table with an invented wording (unseen) counts apart: its missing
amounts stand in the last column as long as they are reported; its wrong ones are
wrong like any other.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.bench import prose
from tests.bench.judging import Marts, Verdict, folded, judged
from tests.forge.layouts import LAYOUTS
from tests.forge.make import UNSEEN_SHARE, Disclosure, disclosure, disclosures
from tests.forge.writers import WRITERS

ROOT = Path(__file__).resolve().parents[2]


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
    planted: int = 0
    planted_found: int = 0
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
            if verdict.expected and verdict.expected.is_planted and verdict.held:
                self.planted += 1
                self.planted_found += verdict.held.is_flagged
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
    for one, own in zip(made, verdicts, strict=True):
        for tally in (formats[one.style], layouts[one.layout], total):
            tally.add(own, one)
    for name, tallies in (("format", formats), ("layout", layouts)):
        print(f"\n{name}")
        print(HEAD)
        for key in sorted(tallies):
            print(line(key, tallies[key]))
    print()
    print(line("total", total))
    found = f"{total.planted_found} of {total.planted}"
    print(f"published mistakes that findings name: {found}")
    failing = [v for own in verdicts for v in own if v.kind != "right"]
    if show:
        examples(failing, show)
    return total


def kind_of(verdict: Verdict) -> str:
    """Failures of one kind have one cause, as a rule."""
    found = verdict.found
    if verdict.kind == "wrong":
        named = r"(project_name|unit_name): .*? should be [^;]*"
        what = re.sub(named, r"\1", verdict.differences())
        what = re.sub(r"\d{3,}", "N", what)[:160]
    elif verdict.kind == "missing":
        what = f"{found.status} {found.reason or ''}" if found else "no such table"
    else:
        assert verdict.held is not None
        what = f"{verdict.held.table} {verdict.held.fields['row_role']}"
    statement = verdict.table.statement if verdict.table else None
    silent = "SILENT " if verdict.is_silent else ""
    unseen = "(unseen) " if verdict.is_unseen else ""
    return f"{silent}{unseen}{verdict.kind} {statement}: {what}"


def described(verdict: Verdict) -> str:
    """Where a failing amount is printed, what it should be and what is held."""
    wanted, held, table = verdict.expected, verdict.held, verdict.table
    parts = [verdict.disclosure.file_name, table.title if table else "-"]
    if wanted:
        parts.append(f"printed {wanted.text} row {wanted.row} column {wanted.column}")
        parts.append(f"wanted {wanted.table} {dict(wanted.fields)}")
    if held:
        parts.append(f"held {held.text} at {held.place}: {held.table} {held.fields}")
    if table and table.unseen:
        parts.append(f"unseen {table.unseen}")
    return " | ".join(parts)


def examples(failing: Sequence[Verdict], show: int) -> None:
    """Failing amounts, most frequent kind first."""
    groups: dict[str, list[Verdict]] = defaultdict(list)
    for verdict in failing:
        if not (verdict.is_unseen and verdict.kind == "missing" and verdict.is_flagged):
            groups[kind_of(verdict)].append(verdict)
    for name, group in sorted(groups.items(), key=lambda pair: -len(pair[1])):
        made = {f"{v.disclosure.layout}/{v.disclosure.style}" for v in group}
        print(f"\n{len(group)} × {name}\n   in {', '.join(sorted(made)[:8])}")
        for verdict in group[:: max(1, len(group) // show)][:show]:
            print(f"   {described(verdict)}")


def build(folder: Path, work: Path) -> Path:
    """Run the pipeline as a user does; return the warehouse.

    :raises SystemExit: nothing was published.
    """
    warehouse = work / "warehouse.duckdb"
    settings = {
        "DISCLOSURES": str(folder),
        "WAREHOUSE": str(warehouse),
        "WORK": str(work / "work"),
        "STRICT": "",
        "PYTHONUTF8": "1",
    }
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "pipeline.build"],
        cwd=ROOT,
        env={**os.environ, **settings},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    if done.returncode != 0:
        said = f"{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
        raise SystemExit(f"build failed with {done.returncode}\n{said}")
    print(f"built in {time.monotonic() - began:.0f} s", flush=True)
    return warehouse


def write(made: Iterable[Disclosure], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for one in made:
        (folder / one.file_name).write_bytes(one.content())


def measured(made: Sequence[Disclosure], work: Path) -> list[list[Verdict]]:
    """Write the disclosures, build, and judge each."""
    folder = work / "disclosures"
    write(made, folder)
    marts = Marts(build(folder, work))
    return [judged(one, marts) for one in made]


PARITY_STYLES = ("xlsx", "docx", "pdf", "html", "txt-blanks", "csv")


def facts_of(marts: Marts, file_name: str) -> Counter[tuple[Any, ...]]:
    """The facts of a document, without where they stand."""
    facts: Counter[tuple[Any, ...]] = Counter()
    for table in marts.tables.get(file_name, {}).values():
        for held in table.held:
            fields = tuple((k, folded(str(v))) for k, v in sorted(held.fields.items()))
            facts[(table.statement, held.table, fields, held.amount_yuan)] += 1
    return facts


def parity(seed: int, work: Path, layouts: Sequence[str], show: int) -> int:
    """The same truth in each format: the same facts? Returns how many differ."""
    made = {
        (layout, style): disclosure(layout, style, seed, 500 + number, 0)
        for number, layout in enumerate(layouts)
        for style in PARITY_STYLES
    }
    folder = work / "disclosures"
    write(made.values(), folder)
    marts = Marts(build(folder, work))
    print("\nthe same truth in every format: facts, and facts that only one of two has")
    print(f"{'':28}" + "".join(f"{style:>14}" for style in PARITY_STYLES))
    differing = 0
    for layout in layouts:
        facts = {
            style: facts_of(marts, made[layout, style].file_name)
            for style in PARITY_STYLES
        }
        common = Counter(
            frozenset(counts.items()) for counts in facts.values()
        ).most_common(1)[0][0]
        usual = Counter(dict(common))
        cells = []
        for style, counts in facts.items():
            apart = (counts - usual) + (usual - counts)
            differing += apart.total()
            cells.append(f"{counts.total()}/{apart.total()}")
            for fact, number in list(apart.items())[:show]:
                more = "more" if counts[fact] > usual[fact] else "less"
                print(f"   {layout} {style}: {number} {more}: {fact}")
        print(f"{layout:28}" + "".join(f"{cell:>14}" for cell in cells))
    print(f"differing facts: {differing}")
    return differing


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
    parser.add_argument(
        "--unseen", type=float, default=UNSEEN_SHARE, help="share of unseen tables"
    )
    parser.add_argument("--judge", type=Path, help="judge a warehouse built before")
    parser.add_argument("--parity", action="store_true", help="only compare formats")
    parser.add_argument("--no-parity", action="store_true", help="leave that out")
    options = parser.parse_args(arguments)
    made = list(
        disclosures(
            options.documents,
            options.seed,
            layouts=options.layout,
            styles=options.style,
            unseen=options.unseen,
        )
    )
    with tempfile.TemporaryDirectory() as temporary:
        work = options.keep or Path(temporary)
        work.mkdir(parents=True, exist_ok=True)
        if not (options.no_parity or options.judge):
            (work / "parity").mkdir(exist_ok=True)
            parity(
                options.seed,
                work / "parity",
                options.layout or list(LAYOUTS),
                options.show,
            )
        if options.parity:
            return 0
        if options.judge:
            warehouse = options.judge
            marts = Marts(warehouse)
            verdicts = [judged(one, marts) for one in made]
        else:
            warehouse = work / "warehouse.duckdb"
            verdicts = measured(made, work)
        told = prose.read(made, warehouse)
    report(made, verdicts, options.show)
    prose.report(told, options.show)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
