"""Does the warehouse find every error that arithmetic can, and blame the right cell?

The forge makes clean disclosures and plants errors in copies of them; one warehouse is
built of the clean ones and one of the others. Printed are, per kind of error,

plants
    planted errors whose figure the clean warehouse holds; *unread* are the others.
by catalogue
    found of those that break an identity which the clean warehouse formed: the change
    exceeds its bound. By *truth*: of those that break an equality which the forge knows
    to hold (:mod:`tests.forge.equalities`), so it shows the rules that are not there.
    *Unseen* are found though no such equality fails.
findings
    of severity error or warning that the clean document does not have, per document
    with one error: none, one, more.
blame
    where the planted cell is in two independent identities, and elsewhere: named first,
    named, of all that are found. A row that is left out has no cell to name.
right, cause
    the value that the finding asks for is the right one, within the bound; the cause is
    the planted kind.
silent
    the wrong amount is held as proven, and no finding stands at the document.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from tests.bench.accuracy import build, write
from tests.bench.judging import Marts, Verdict, judged, number
from tests.forge.equalities import Equality, Place, equalities, fails, places, printed
from tests.forge.layouts import LAYOUTS
from tests.forge.make import Disclosure, disclosure
from tests.forge.planting import (
    KINDS,
    NEEDS_NEGATIVE,
    Planted,
    planted,
    with_errors,
    with_negative,
)
from tests.forge.writers import WRITERS

# Fast formats, and some of the slow ones.
STYLES = (
    *("xlsx", "csv", "html", "txt-blanks", "xlsx-one-sheet", "docx", "html-cms", "tsv"),
    *("xlsx-text", "xls", "html-line", "txt-blanks", "csv", "xlsx", "pdf", "html"),
)
# One layout prints mistakes of its own.
CLEAN = tuple(name for name in LAYOUTS if name != "published_mistakes")
OPEN = ("error", "warning")
CAUSES = {
    "decimal_shifted": ("decimal_shifted",),
    "unit_slip_cell": ("unit_slip",),
    "unit_slip_table": ("unit_slip",),
    "row_missing": ("missing_row",),
    "row_repeated": ("repeated_row",),
    "row_shifted": ("column_shift",),
    "values_swapped": ("column_shift", "column_swap"),
    "columns_swapped": ("column_shift", "column_swap"),
    "sign_lost": ("sign_lost", "sign"),
}


@dataclass(slots=True)
class Case:
    """A planted error and what became of it."""

    error: Planted
    broken: list[Equality]  # those that the forge knows and the change breaks
    cell_id: str | None = None  # in the warehouse with errors
    is_revealed: bool = False  # by an identity of the clean warehouse
    independent: int = 0
    bound: Decimal = Decimal(0)
    is_found: bool = False
    is_first: bool = False
    is_named: bool = False
    is_right: bool = False
    is_cause: bool = False
    is_silent: bool = False

    @property
    def is_breaking(self) -> bool:
        return any(equality.is_implied for equality in self.broken)


@dataclass(slots=True)
class Document:
    """A disclosure with its errors and the findings that they gave."""

    clean: Disclosure
    wrong: Disclosure
    cases: list[Case]
    findings: list[dict[str, Any]] = field(default_factory=list)
    false: list[dict[str, Any]] = field(default_factory=list)


def made(
    count: int,
    seed: int,
    *,
    kinds: Sequence[str] = (),
    layouts: Sequence[str] = (),
    styles: Sequence[str] = (),
    errors: int = 1,
) -> Iterator[Document]:
    """Documents with errors, over all kinds, layouts and styles."""
    kinds = kinds or KINDS
    layouts = layouts or CLEAN
    styles = styles or STYLES
    rng = random.Random(seed)
    order = [rng.sample(layouts, len(layouts)) for _ in range(count)]
    drawn: dict[int, int] = defaultdict(int)
    for number_ in range(count):
        names = [kinds[(number_ + step * 5) % len(kinds)] for step in range(errors)]
        # The layout least drawn so far that has a place for the errors.
        for layout in sorted(
            order[number_], key=lambda name: drawn[layouts.index(name)]
        ):
            found = _document(layout, styles, seed, number_, names)
            if found:
                drawn[layouts.index(layout)] += 1
                yield found
                break


def _document(
    layout: str, styles: Sequence[str], seed: int, at: int, kinds: Sequence[str]
) -> Document | None:
    is_negative = any(kind in NEEDS_NEGATIVE for kind in kinds)
    clean = disclosure(
        layout,
        styles[at % len(styles)],
        seed,
        at,
        unseen=0,
        altered=with_negative if is_negative else lambda _: None,
    )
    known = equalities(clean.book)
    values = {place: printed(figure) for place, figure in places(clean.book).items()}
    errors: list[Planted] = []
    for kind in kinds:
        rng = random.Random(f"{seed}/{at}/{layout}/{kind}")
        error = planted(kind, rng, clean.book, lambda one: _apart(one, errors, known))
        if error is None:
            return None
        errors.append(error)
    cases = []
    for error in errors:
        after = error.values(values)
        cases.append(Case(error, [one for one in known if fails(one, after)]))
    return Document(clean, with_errors(clean, errors), cases)


def _apart(one: Planted, others: Iterable[Planted], known: Iterable[Equality]) -> bool:
    """Independent errors stand in no equality together."""
    mine = {(one.table.number, *cell) for cell in one.cells}
    theirs: set[Place] = set()
    for other in others:
        if other.table.number == one.table.number and (
            other.is_gone or other.is_twice or one.is_gone or one.is_twice
        ):
            return False
        theirs |= {(other.table.number, *cell) for cell in other.cells}
    if mine & theirs:
        return False
    return not any(
        (cells := {equality.total, *equality.terms}) & mine and cells & theirs
        for equality in known
    )


@dataclass(frozen=True, slots=True)
class Identity:
    """An identity of the warehouse; its cells with sign, turned for terms."""

    is_copy: bool
    difference: Decimal
    bound: Decimal
    totals: frozenset[str]
    cells: Mapping[str, int]


class Warehouse:
    """What the bench asks of a published warehouse."""

    def __init__(self, path: Path) -> None:
        self.marts = Marts(path)
        self.connection = duckdb.connect(str(path), read_only=True)
        self.document_of = {
            row["file_name"]: row["document_id"]
            for row in self._rows(
                "select file_name, document_id from marts.dim_document"
            )
        }
        self.findings: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for row in self._rows(
            "select * from marts.fct_finding order by document_id, title, finding_id"
        ):
            self.findings[row["document_id"]].append(row)
        self.named: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for row in self._rows("select * from marts.bridge_finding_cell"):
            self.named[row["finding_id"]].append(row)
        self.cells: dict[str, dict[str, dict[str, Any]]] = defaultdict(dict)
        for row in self._rows(
            "select cell_id, document_id, source_table_id, row_number, column_number, "
            "printed_text from marts.dim_source_cell"
        ):
            self.cells[row["document_id"]][row["cell_id"]] = row
        self.proofs = {
            row["cell_id"]: row["proof"]
            for row in self._rows(
                " union ".join(
                    f"select cell_id, proof from marts.fct_{table}"
                    for table in (
                        *("functional", "economic", "revenue", "balance_item"),
                        *("three_public", "project"),
                    )
                )
            )
        }
        self.identities: dict[str, list[Identity]] = defaultdict(list)
        self._read_identities()
        self.connection.close()

    def _rows(self, sql: str) -> list[dict[str, Any]]:
        result = self.connection.execute(sql)
        names = [column[0] for column in result.description or ()]
        return [dict(zip(names, row, strict=True)) for row in result.fetchall()]

    def _read_identities(self) -> None:
        cells: dict[str, dict[str, int]] = defaultdict(dict)
        totals: dict[str, set[str]] = defaultdict(set)
        for row in self._rows("select * from marts.bridge_identity_cell"):
            turned = 1 if row["role"] == "total" else -1
            own = cells[row["identity_id"]]
            own[row["cell_id"]] = own.get(row["cell_id"], 0) + turned * row["sign"]
            if row["role"] == "total":
                totals[row["identity_id"]].add(row["cell_id"])
        for row in self._rows(
            "select i.identity_id, i.difference_yuan, i.bound_yuan, r.is_copy "
            "from marts.fct_identity i join seeds.rule r using (rule_id) "
            "where i.verdict <> 'unchecked'"
        ):
            own = cells[row["identity_id"]]
            one = Identity(
                row["is_copy"],
                row["difference_yuan"],
                row["bound_yuan"],
                frozenset(totals[row["identity_id"]]),
                own,
            )
            for cell in own:
                self.identities[cell].append(one)


class Locator:
    """Where the printed cells of a disclosure are in the clean warehouse."""

    def __init__(self, made: Disclosure, warehouse: Warehouse) -> None:
        self.document_id = warehouse.document_of.get(made.file_name, "")
        self.cells = warehouse.cells.get(self.document_id, {})
        self.pairs: dict[int, list[Verdict]] = defaultdict(list)
        for verdict in judged(made, warehouse.marts):
            if verdict.kind == "right" and verdict.table:
                self.pairs[verdict.table.number].append(verdict)
        self.by_text: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
        for cell in self.cells.values():
            key = (cell["source_table_id"], number(cell["printed_text"]))
            self.by_text[key].append(cell)

    def cell(self, table: int, row: int, column: int, text: str) -> str | None:
        """The cell of the warehouse's tables that stands nearest and says the same."""
        pairs = self.pairs.get(table, ())
        moved = Counter(
            (v.held.source_table_id, v.held.row - v.expected.row)
            for v in pairs
            if v.held and v.expected
        )
        aside = Counter(
            v.held.column - v.expected.column for v in pairs if v.held and v.expected
        )
        if not moved:
            return None
        shift = aside.most_common(1)[0][0]
        offsets: dict[str, int] = {}
        for (source, down), _ in moved.most_common():
            offsets.setdefault(source, down)
        found = [
            (
                abs(cell["row_number"] - row - down),
                abs(cell["column_number"] - column - shift),
                cell["cell_id"],
            )
            for source, down in offsets.items()
            for cell in self.by_text.get((source, number(text)), ())
        ]
        return min(found)[2] if found else None


def judge(documents: Sequence[Document], clean: Warehouse, wrong: Warehouse) -> None:
    for document in documents:
        _judge(document, clean, wrong)


def _judge(document: Document, clean: Warehouse, wrong: Warehouse) -> None:
    locator = Locator(document.clean, clean)
    old, new = locator.document_id, wrong.document_of.get(document.wrong.file_name, "")
    document.false = [f for f in clean.findings[old] if f["severity"] in OPEN]
    known = Counter((f["rule_id"], f["title"]) for f in document.false)
    for finding in wrong.findings[new]:
        key = (finding["rule_id"], finding["title"])
        if finding["severity"] in OPEN:
            if known[key]:
                known[key] -= 1
            else:
                document.findings.append(finding)
    for case in document.cases:
        error = case.error
        texts = {(f.row, f.column): f for f in error.table.figures}
        held = {
            cell: locator.cell(error.table.number, *cell, texts[cell].text)
            for cell in error.cells
            if cell in texts
        }
        _reveal(case, {k: v for k, v in held.items() if v}, clean)
        _blame(case, document, held, old, new, wrong)


def _reveal(case: Case, held: Mapping[tuple[int, int], str], clean: Warehouse) -> None:
    """Which identities of the clean warehouse the change breaks."""
    error = case.error
    figures = {(f.row, f.column): f for f in error.table.figures}
    change: dict[str, Decimal] = {}
    gone = set()
    for cell, cell_id in held.items():
        value = printed(figures[cell]).yuan
        if error.is_gone:
            gone.add(cell_id)
            change[cell_id] = -value
        elif error.is_twice:
            change[cell_id] = value
        else:
            written = error.changes[cell].fen
            if written is None:
                gone.add(cell_id)
            change[cell_id] = Decimal(written or 0) / 100 - value
    tried = {id(i): i for cell_id in change for i in clean.identities.get(cell_id, ())}
    for identity in tried.values():
        terms = set(identity.cells) - identity.totals
        if identity.totals & gone or terms <= gone:
            continue
        after = identity.difference + sum(
            (
                identity.cells[cell] * by
                for cell, by in change.items()
                if cell in identity.cells
                and not (error.is_twice and cell in identity.totals)
            ),
            Decimal(0),
        )
        if abs(after) > identity.bound:
            case.is_revealed = True
            case.bound = max(case.bound, identity.bound)
    own = held.get((error.row, error.column))
    apart: list[set[str]] = []
    for identity in clean.identities.get(own or "", ()):
        others = set(identity.cells) - {own or ""}
        if not identity.is_copy and not any(others & seen for seen in apart):
            apart.append(others)
    case.independent = len(apart)


def _blame(
    case: Case,
    document: Document,
    held: Mapping[tuple[int, int], str | None],
    old: str,
    new: str,
    wrong: Warehouse,
) -> None:
    error = case.error
    mine = set()
    for cell_id in held.values():
        if cell_id and not error.is_gone:
            mine.add(new + cell_id.removeprefix(old))
            if error.is_twice:
                mine.add(_next_row(new + cell_id.removeprefix(old)))
    own = held.get((error.row, error.column))
    case.cell_id = new + own.removeprefix(old) if own else None
    about = []
    for finding in document.findings:
        named = [
            c for c in wrong.named[finding["finding_id"]] if c["role"] == "suspect"
        ]
        firsts = [
            c for c in named if c.get("place", 1 if len(named) == 1 else None) == 1
        ]
        is_named = any(c["cell_id"] in mine for c in named)
        case.is_first |= any(c["cell_id"] in mine for c in firsts)
        case.is_named |= is_named
        others = [c["cell_id"] for c in wrong.named[finding["finding_id"]]]
        if is_named or mine & set(others) or len(document.cases) == 1:
            about.append(finding)
        for cell in named:
            asked = cell.get("expected_yuan")
            if cell["cell_id"] == case.cell_id and asked is not None:
                case.is_right |= abs(asked - error.right_yuan) <= case.bound
    case.is_found = bool(about)
    case.is_cause = any(f.get("cause") in causes_of(error) for f in about)
    case.is_silent = not document.findings and any(
        wrong.proofs.get(cell_id) == "proven" for cell_id in mine
    )


def _next_row(cell_id: str) -> str:
    head, _, tail = cell_id.rpartition("-r")
    row, _, column = tail.partition("-c")
    return f"{head}-r{int(row) + 1}-c{column}"


def causes_of(error: Planted) -> tuple[str, ...]:
    """The names of what happened, as findings tell them."""
    if error.kind in CAUSES:
        return CAUSES[error.kind]
    right, wrong = number(error.right_text), number(error.printed_text)
    apart = [
        at
        for at, pair in enumerate(zip(right, wrong, strict=False))
        if pair[0] != pair[1]
    ]
    if len(right) == len(wrong) and len(apart) == 2 and sorted(right) == sorted(wrong):
        return ("digits_swapped",)
    return ("cell",)


@dataclass(slots=True)
class Tally:
    """Counts over the errors of one kind."""

    cases: list[Case] = field(default_factory=list)
    documents: list[Document] = field(default_factory=list)

    def add(self, case: Case, document: Document) -> None:
        self.cases.append(case)
        self.documents.append(document)

    def line(self, name: str) -> str:
        read = [case for case in self.cases if case.cell_id]
        revealed = [case for case in self.cases if case.is_revealed]
        breaking = [case for case in self.cases if case.is_breaking]
        unseen = [c for c in self.cases if c.is_found and not c.is_breaking]
        single = [
            len(d.findings)
            for c, d in zip(self.cases, self.documents, strict=True)
            if len(d.cases) == 1 and (c.is_breaking or c.is_revealed)
        ]
        found = [
            c
            for c in self.cases
            if c.is_found and c.cell_id and c.error.kind != "row_missing"
        ]
        strong = [c for c in found if c.independent >= 2]
        weak = [c for c in found if c.independent < 2]
        return (
            f"{name:24}{len(self.cases):7}{len(self.cases) - len(read):7}"
            f"{_of(revealed, 'is_found'):>10}{_of(breaking, 'is_found'):>10}"
            f"{len(unseen):7}"
            f"{single.count(0):6}{single.count(1):5}{sum(n > 1 for n in single):5}"
            f"{_of(strong, 'is_first'):>9}{_of(strong, 'is_named'):>9}"
            f"{_of(weak, 'is_first'):>9}{_of(weak, 'is_named'):>9}"
            f"{_of(found, 'is_right'):>9}"
            f"{_of([c for c in self.cases if c.is_found], 'is_cause'):>9}"
            f"{sum(c.is_silent for c in self.cases):7}"
        )


def _of(cases: Sequence[Case], what: str) -> str:
    return f"{sum(getattr(case, what) for case in cases)}/{len(cases)}"


HEAD = (
    f"{'':24}{'':7}{'':7}{'found':>10}{'found':>10}{'':7}{'findings':>16}"
    f"{'blame, 2 or more':>18}{'blame, elsewhere':>18}\n"
    f"{'':24}{'plants':>7}{'unread':>7}{'catalogue':>10}{'truth':>10}{'unseen':>7}"
    f"{'0':>6}{'1':>5}{'more':>5}{'first':>9}{'named':>9}{'first':>9}{'named':>9}"
    f"{'right':>9}{'cause':>9}{'silent':>7}"
)
BY: dict[str, Callable[[Case, Document], str]] = {
    "kind": lambda case, _: case.error.kind,
    "layout": lambda _, document: document.clean.layout,
    "style": lambda _, document: document.clean.style,
    "statement": lambda case, _: str(case.error.table.statement),
}


def report(documents: Sequence[Document], by: Sequence[str] = ("kind",)) -> Tally:
    """Print what `make bench` prints; return the total."""
    total = Tally()
    for name in by:
        tallies: dict[str, Tally] = defaultdict(Tally)
        total = Tally()
        for document in documents:
            for case in document.cases:
                tallies[BY[name](case, document)].add(case, document)
                total.add(case, document)
        print(f"\nplanted errors by {name}\n{HEAD}")
        order = KINDS if name == "kind" else sorted(tallies)
        for key in order:
            if key in tallies:
                print(tallies[key].line(key))
        print(total.line("total"))
    false = [(d, f) for d in documents for f in d.false]
    errors = [(d, f) for d, f in false if f["severity"] == "error"]
    print(
        f"\nclean documents: {len(documents)}; findings of severity error: "
        f"{len(errors)}, warning: {len(false) - len(errors)}"
    )
    counts = Counter((d.clean.layout, f["severity"], f["rule_id"]) for d, f in false)
    for (layout, severity, rule), times in sorted(counts.items()):
        print(f"   {layout:24}{severity:9}{rule:28}{times}")
    for document, finding in errors:
        print(f"   {document.clean.file_name}: {finding['title']}")
    return total


def missed(documents: Sequence[Document], show: int) -> None:
    """What arithmetic could have found, most frequent kind of equality first."""
    groups: dict[str, list[tuple[Case, Document]]] = defaultdict(list)
    for document in documents:
        for case in document.cases:
            if case.is_found or not (case.is_breaking or case.is_revealed):
                continue
            kinds = {e.kind for e in case.broken if e.is_implied}
            whose = "CATALOGUE " if case.is_revealed else ""
            groups[whose + (", ".join(sorted(kinds)) or "-")].append((case, document))
    print(f"\nmissed: {sum(map(len, groups.values()))}")
    for name, group in sorted(groups.items(), key=lambda pair: -len(pair[1])):
        print(f"{len(group)} × {name}")
        for case, document in group[:show]:
            print(f"   {described(case, document)}")


def described(case: Case, document: Document) -> str:
    error = case.error
    return (
        f"{error.kind} {document.clean.layout}/{document.clean.style} "
        f"{document.clean.file_name} [{error.table.statement}] {error.table.title}: "
        f"{error.row_label} | {error.column_label}: {error.printed_text!r} "
        f"for {error.right_text!r}; cell {case.cell_id}"
    )


def record(document: Document) -> dict[str, Any]:
    """A document with its errors, to be kept as JSON."""
    return {
        "file": document.clean.file_name,
        "layout": document.clean.layout,
        "style": document.clean.style,
        "false": [
            f"{f['severity']} {f['rule_id']} {f['title']}" for f in document.false
        ],
        "findings": [
            " ".join(
                str(f.get(name))
                for name in ("severity", "rule_id", "cause", "finding_id", "title")
            )
            for f in document.findings
        ],
        "errors": [
            {
                "kind": case.error.kind,
                "statement": case.error.table.statement,
                "table": case.error.table.title,
                "row": case.error.row_label,
                "column": case.error.column_label,
                "place": [case.error.table.number, case.error.row, case.error.column],
                "printed": case.error.printed_text,
                "right": case.error.right_text,
                "right_yuan": str(case.error.right_yuan),
                "cell_id": case.cell_id,
                "independent": case.independent,
                "broken": Counter(e.kind for e in case.broken if e.is_implied),
                **{
                    name: getattr(case, name)
                    for name in (
                        *("is_revealed", "is_breaking", "is_found", "is_first"),
                        *("is_named", "is_right", "is_cause", "is_silent"),
                    )
                },
            }
            for case in document.cases
        ],
    }


def measured(documents: Sequence[Document], work: Path) -> None:
    """Build both warehouses and judge every error."""
    for name in ("clean", "wrong"):
        (work / name).mkdir(parents=True, exist_ok=True)
        write((getattr(d, name) for d in documents), work / name / "disclosures")
        build(work / name / "disclosures", work / name)
    judge_kept(documents, work)


def judge_kept(documents: Sequence[Document], work: Path) -> None:
    clean = Warehouse(work / "clean" / "warehouse.duckdb")
    judge(documents, clean, Warehouse(work / "wrong" / "warehouse.duckdb"))
    kept = [record(document) for document in documents]
    text = json.dumps(kept, ensure_ascii=False, indent=1)
    (work / "cases.json").write_text(text, encoding="utf-8")


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="planted errors in made disclosures")
    parser.add_argument("--documents", type=int, default=184)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--errors", type=int, default=1, choices=(1, 2, 3))
    parser.add_argument("--kind", action="append", choices=KINDS, default=[])
    parser.add_argument("--layout", action="append", choices=sorted(CLEAN), default=[])
    parser.add_argument("--style", action="append", choices=sorted(WRITERS), default=[])
    parser.add_argument("--by", action="append", choices=sorted(BY), default=[])
    parser.add_argument("--show", type=int, default=0, help="examples of each miss")
    parser.add_argument(
        "--keep", type=Path, help="folder for files, warehouses and cases.json"
    )
    parser.add_argument("--judge", action="store_true", help="judge what --keep has")
    options = parser.parse_args(arguments)
    documents = list(
        made(
            options.documents,
            options.seed,
            kinds=options.kind,
            layouts=options.layout,
            styles=options.style,
            errors=options.errors,
        )
    )
    with tempfile.TemporaryDirectory() as temporary:
        work = options.keep or Path(temporary)
        if options.judge:
            judge_kept(documents, work)
        else:
            measured(documents, work)
    report(documents, options.by or ["kind"])
    if options.show:
        missed(documents, options.show)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
