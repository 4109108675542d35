"""Does the warehouse find every error that arithmetic can, and blame the right cell?

The forge makes clean disclosures, and plants errors in copies of them that other
counties publish; one build reads them all. Printed are, per kind of error,

plants
    planted errors; *unread* are those whose figure no fact of the clean document holds.
found, catalogue
    found of those that break an identity which the clean document has: the change
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
    the value that the finding asks of a single cell is the right one, within the bound;
    the cause is the slip that was planted.
silent
    the wrong amount is held as proven, and no finding stands at the document.

Kinds ``prose_…`` are slips in a sentence (:mod:`tests.forge.misprints`); all of them
break a claim of the text or contradict a table. Their finding has to name the figure.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from tests.bench.accuracy import build, write
from tests.bench.judging import Marts, Verdict, judged, number
from tests.forge.equalities import Equality, Place, equalities, fails, places, printed
from tests.forge.layouts import LAYOUTS
from tests.forge.make import PROSE_SHARE, Disclosure, disclosure
from tests.forge.misprints import PROSE_KINDS, Misprint, misprinted, with_misprint
from tests.forge.planting import (
    KINDS,
    NEEDS_NEGATIVE,
    Planted,
    elsewhere,
    planted,
    with_errors,
    with_negative,
)
from tests.forge.prose import STYLES_OF_TEXT, Claim
from tests.forge.writers import WRITERS
from tests.narrative import FIGURES, Figure, figure, paired

# Fast formats, and some of the slow ones.
STYLES = (
    *("xlsx", "csv", "html", "txt-blanks", "xlsx-one-sheet", "docx", "html-cms", "tsv"),
    *("xlsx-text", "xls", "html-line", "txt-blanks", "csv", "xlsx", "pdf", "html"),
)
# One layout prints mistakes of its own.
CLEAN = tuple(name for name in LAYOUTS if name != "published_mistakes")
OPEN = ("error", "warning")
ALL_KINDS = (*KINDS, *PROSE_KINDS)
# What a finding may call a slip that is more than one number.
CAUSES = {
    "unit_slip_table": ("table_unit",),
    "row_missing": ("missing_row",),
    "row_repeated": ("extra_row",),
    "row_shifted": ("column_shift",),
    "values_swapped": ("column_shift",),
    "columns_swapped": ("columns_swapped",),
}


@dataclass(slots=True)
class Case:
    """A planted error and what became of it."""

    error: Planted | Misprint
    broken: Sequence[Equality | Claim]  # that the forge knows and the change breaks
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
    kinds = kinds or (ALL_KINDS if errors == 1 else KINDS)
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
    is_text = any(kind in PROSE_KINDS for kind in kinds)
    able = [style for style in styles if style in STYLES_OF_TEXT or not is_text]
    if not able:
        return None
    clean = disclosure(
        layout,
        able[at % len(able)],
        seed,
        at,
        unseen=0,
        altered=with_negative if is_negative else lambda _: None,
        prose_share=1 if is_text else PROSE_SHARE,
    )
    if is_text:
        (kind,) = kinds
        rng = random.Random(f"{seed}/{at}/{layout}/{kind}")
        slip = misprinted(kind, rng, clean)
        if slip is None:
            return None
        wrong = elsewhere(with_misprint(clean, slip))
        return Document(clean, wrong, [Case(slip, slip.broken)])
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
    return Document(clean, elsewhere(with_errors(clean, errors)), cases)


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
        self.figures: dict[str, list[Figure]] = defaultdict(list)
        for row in self._rows(FIGURES):
            self.figures[row["document_id"]].append(figure(row))
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


def judge(document: Document, warehouse: Warehouse) -> None:
    """Fill in what became of a document's errors."""
    locator = Locator(document.clean, warehouse)
    old = locator.document_id
    new = warehouse.document_of.get(document.wrong.file_name, "")
    document.false = [f for f in warehouse.findings[old] if f["severity"] in OPEN]
    known = Counter((f["rule_id"], f["title"]) for f in document.false)
    here = document.clean.book.truth.county
    for finding in warehouse.findings[new]:
        key = (finding["rule_id"], finding["title"].replace(f"西{here}", here))
        if finding["severity"] in OPEN:
            if known[key]:
                known[key] -= 1
            else:
                document.findings.append(finding)
    for case in document.cases:
        error = case.error
        if isinstance(error, Misprint):
            _judge_text(case, error, document, old, new, warehouse)
            continue
        texts = {(f.row, f.column): f for f in error.table.figures}
        empty: dict[tuple[int, int], str | None] = {}
        held = {
            cell: locator.cell(error.table.number, *cell, texts[cell].text)
            for cell in error.cells
            if cell in texts
        }
        # A value that moved stands where nothing stood.
        for row, column in set(error.cells) - set(texts):
            beside = next((c for c in held if c[0] == row and held[c]), None)
            if beside:
                moved = column - beside[1]
                empty[row, column] = _moved(held[beside] or "", 0, moved)
        _reveal(case, {k: v for k, v in held.items() if v}, warehouse)
        _blame(case, document, held | empty, old, new, warehouse)


def _judge_text(
    case: Case,
    error: Misprint,
    document: Document,
    old: str,
    new: str,
    warehouse: Warehouse,
) -> None:
    prose = document.clean.prose
    assert prose is not None
    here, there = (
        _cell_of(rows[error.said.number], rows, warehouse.figures[at])
        for rows, at in ((prose.rows(), old), (error.rows(prose), new))
    )
    case.cell_id = there
    case.is_revealed = case.is_breaking and bool(warehouse.identities.get(here or ""))
    case.independent = len(case.broken)
    _weigh(case, document, {there} if there else set(), warehouse)


def _cell_of(
    row: dict[str, str], rows: list[dict[str, str]], figures: Sequence[Figure]
) -> str | None:
    """The cell of a figure of the text, among all that are printed on any page."""
    alike = [replace(one, place=0) for one in figures]
    found = [said.key for truth, said in paired(rows, alike) if truth is row]
    return found[0] if found else None


def _reveal(
    case: Case, held: Mapping[tuple[int, int], str], warehouse: Warehouse
) -> None:
    """Which identities of the clean document the change breaks."""
    error = case.error
    assert isinstance(error, Planted)
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
    tried = {
        id(i): i for cell_id in change for i in warehouse.identities.get(cell_id, ())
    }
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
        # Where values come or go a row or column has other terms than before.
        is_moved = error.is_gone or set(error.changes) - set(figures) or gone
        if abs(after) > identity.bound and (case.is_breaking or not is_moved):
            case.is_revealed = True
            case.bound = max(case.bound, identity.bound)
    own = held.get((error.row, error.column))
    apart: list[set[str]] = []
    for identity in warehouse.identities.get(own or "", ()):
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
    warehouse: Warehouse,
) -> None:
    error = case.error
    assert isinstance(error, Planted)
    mine = set()
    for cell_id in held.values():
        if cell_id and not error.is_gone:
            mine.add(new + cell_id.removeprefix(old))
            if error.is_twice:
                mine.add(_moved(new + cell_id.removeprefix(old), 1, 0))
    own = held.get((error.row, error.column))
    case.cell_id = new + own.removeprefix(old) if own else None
    _weigh(case, document, mine, warehouse)


def _weigh(
    case: Case, document: Document, mine: set[str], warehouse: Warehouse
) -> None:
    """Which findings are about the error, and whether they name its cells."""
    error = case.error
    about = []
    for finding in document.findings:
        named = [
            c for c in warehouse.named[finding["finding_id"]] if c["role"] == "suspect"
        ]
        firsts = [
            c for c in named if c.get("place", 1 if len(named) == 1 else None) == 1
        ]
        is_named = any(c["cell_id"] in mine for c in named)
        case.is_first |= any(c["cell_id"] in mine for c in firsts)
        case.is_named |= is_named
        others = [c["cell_id"] for c in warehouse.named[finding["finding_id"]]]
        is_about = is_named or bool(mine & set(others)) or _lacks(finding, case)
        if is_about or len(document.cases) == 1:
            about.append(finding)
        for cell in named:
            asked = cell.get("expected_yuan")
            if cell["cell_id"] == case.cell_id and asked is not None:
                case.is_right |= abs(asked - error.right_yuan) <= case.bound
    case.is_found = bool(about)
    case.is_cause = any(f.get("cause") in causes_of(error) for f in about)
    case.is_silent = not document.findings and any(
        warehouse.proofs.get(cell_id) == "proven" for cell_id in mine
    )


def _lacks(finding: Mapping[str, Any], case: Case) -> bool:
    """Whether the difference of a finding is an amount of the row left out."""
    error, difference = case.error, finding["difference_yuan"]
    return (
        isinstance(error, Planted)
        and error.is_gone
        and difference is not None
        and any(
            abs(abs(difference) - abs(value.yuan)) <= max(case.bound, 2 * value.half)
            for figure in error.table.figures
            if figure.row == error.row and (value := printed(figure)).yuan
        )
    )


def _moved(cell_id: str, down: int, aside: int) -> str:
    """The cell so many rows and columns further."""
    head, _, tail = cell_id.rpartition("-r")
    row, _, column = tail.partition("-c")
    return f"{head}-r{int(row) + down}-c{int(column) + aside}"


def causes_of(error: Planted | Misprint) -> frozenset[str]:
    """The slips that make the printed number of the right one, as findings call them.

    Several may: 1.10 for 1.00 is one digit wrong and a decimal point that is shifted.
    Of a misprint in the text no cause is asked.
    """
    if isinstance(error, Misprint):
        return frozenset()
    if error.kind in CAUSES:
        return frozenset(CAUSES[error.kind])
    own = error.changes[error.row, error.column]
    step = error.figure.money.fen // 10**error.figure.money.places
    right = int(error.figure.money.value(error.figure.fen) * error.figure.money.fen)
    right, wrong = right // step, (own.fen or 0) // step
    one, other = str(abs(right)), str(abs(wrong))
    found = {"amount"} if error.kind == "quarter_more" else set()
    if error.kind == "unit_slip_cell":
        found.add("unit_slip")
    if right == -wrong:
        found.add("sign_lost")
    if abs(right - wrong) == 1:
        found.add("last_place")
    if error.kind == "decimal_shifted" or wrong in (right * 10, right // 10):
        found.add("decimal_shifted")
    apart = [at for at in range(min(len(one), len(other))) if one[at] != other[at]]
    if len(one) == len(other):
        if len(apart) == 1:
            found.add("digit_changed")
        if (
            len(apart) == 2
            and apart[1] == apart[0] + 1
            and sorted(one) == sorted(other)
        ):
            found.add("digits_swapped")
    if other.zfill(len(one) - 1) in {
        one[:at] + one[at + 1 :] for at in range(len(one))
    }:
        found.add("digit_missing")
    if one in {other[:at] + other[at + 1 :] for at in range(len(other))}:
        found.add("digit_added")
    return frozenset(found)


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
        asked = [c for c in self.cases if c.is_found and causes_of(c.error)]
        strong = [c for c in found if c.independent >= 2]
        weak = [c for c in found if c.independent < 2]
        return (
            f"{name:24}{len(self.cases):7}{len(self.cases) - len(read):7}"
            f"{_of(revealed, 'is_found'):>10}{_of(breaking, 'is_found'):>10}"
            f"{len(unseen):7}"
            f"{single.count(0):6}{single.count(1):5}{sum(n > 1 for n in single):5}"
            f"{_of(strong, 'is_first'):>9}{_of(strong, 'is_named'):>9}"
            f"{_of(weak, 'is_first'):>9}{_of(weak, 'is_named'):>9}"
            f"{_of([c for c in found if _is_one_amount(c.error)], 'is_right'):>9}"
            f"{_of(asked, 'is_cause'):>9}"
            f"{sum(c.is_silent for c in self.cases):7}"
        )


def _is_one_amount(error: Planted | Misprint) -> bool:
    if isinstance(error, Misprint):
        return error.kind == "prose_figure"
    return len(error.changes) == 1


def _statement(error: Planted | Misprint) -> str:
    if isinstance(error, Misprint):
        return "text"
    return str(error.table.statement)


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
    "statement": lambda case, _: _statement(case.error),
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
        order = ALL_KINDS if name == "kind" else sorted(tallies)
        for key in order:
            if key in tallies:
                print(tallies[key].line(key))
        print(total.line("total"))
    several = [d for d in documents if len(d.cases) > 1]
    if several:
        apart = [
            len(d.findings) - sum(case.is_revealed for case in d.cases) for d in several
        ]
        print(
            f"\ndocuments with several errors: {len(several)}; findings as many as "
            f"errors that can be found: {apart.count(0)}, "
            f"fewer: {sum(n < 0 for n in apart)}, more: {sum(n > 0 for n in apart)}"
        )
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


def failures(documents: Sequence[Document], show: int) -> None:
    """What fell short, most frequent first, with examples."""
    groups: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for document in documents:
        for case in document.cases:
            told = described(case, document)
            for name, what in _shortcomings(case, document):
                groups[name][what].append(told)
    for name, kinds in groups.items():
        print(f"\n{name}: {sum(map(len, kinds.values()))}")
        for what, examples in sorted(kinds.items(), key=lambda pair: -len(pair[1])):
            print(f"{len(examples)} × {what}")
            for example in examples[:show]:
                print(f"   {example}")


def _shortcomings(case: Case, document: Document) -> Iterator[tuple[str, str]]:
    kind = case.error.kind
    titles = "; ".join(
        sorted(f"{f['rule_id']} {f.get('cause')}" for f in document.findings)
    )
    if not case.is_found and (case.is_breaking or case.is_revealed):
        broken = sorted({e.kind for e in case.broken if e.is_implied})
        whose = "no rule" if not case.is_revealed else "a rule"
        yield "missed", f"{whose}: {', '.join(broken)} ({kind})"
    if case.is_silent and not case.is_breaking:
        yield "silent, and nothing printed tells", kind
    if len(document.cases) == 1 and len(document.findings) > 1:
        yield "several findings", f"{kind}: {titles}"
    if case.is_found and case.cell_id and kind != "row_missing" and not case.is_first:
        strength = "two or more" if case.independent >= 2 else "fewer"
        place = "named later" if case.is_named else "not named"
        yield "not named first", f"{strength}, {place}, {kind}: {titles}"
    if case.is_found and not case.is_cause and causes_of(case.error):
        wanted = " or ".join(sorted(causes_of(case.error)))
        yield "another cause", f"{kind}, {wanted}: {titles}"
    if case.is_first and _is_one_amount(case.error) and not case.is_right:
        yield "another amount", f"{kind}: {titles}"


def described(case: Case, document: Document) -> str:
    error = case.error
    where = f"{document.clean.layout}/{document.clean.style} {document.wrong.file_name}"
    if isinstance(error, Misprint):
        start, end = max(0, error.said.start - 30), error.said.end
        return (
            f"{where} [text] …{error.paragraph[start : end + 12]}…: "
            f"{error.printed!r} for {error.said.printed!r}; cell {case.cell_id}"
        )
    return (
        f"{where} "
        f"[{error.table.statement}] {error.table.title}: "
        f"{error.row_label[:30]} | {error.column_label}: {error.printed_text!r} "
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
                "statement": _statement(case.error),
                **_place(case.error),
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


def _place(error: Planted | Misprint) -> dict[str, Any]:
    if isinstance(error, Misprint):
        said = error.said
        return {"sentence": error.paragraph, "place": [said.paragraph, said.start]}
    return {
        "table": error.table.title,
        "row": error.row_label,
        "column": error.column_label,
        "place": [error.table.number, error.row, error.column],
    }


def judge_all(documents: Sequence[Document], warehouse: Path) -> None:
    held = Warehouse(warehouse)
    for document in documents:
        judge(document, held)


def write_all(documents: Sequence[Document], folder: Path) -> None:
    """The wrong ones lie in the folder of a county that there is, for the same figures
    in one county are one document.
    """
    write((d.clean for d in documents), folder)
    write((d.wrong for d in documents), folder / "浙江省" / "杭州市" / "西湖区")


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="planted errors in made disclosures")
    parser.add_argument("--documents", type=int, default=184)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--errors", type=int, default=1, choices=(1, 2, 3))
    parser.add_argument("--kind", action="append", choices=ALL_KINDS, default=[])
    parser.add_argument("--layout", action="append", choices=sorted(CLEAN), default=[])
    parser.add_argument("--style", action="append", choices=sorted(WRITERS), default=[])
    parser.add_argument("--by", action="append", choices=sorted(BY), default=[])
    parser.add_argument("--show", type=int, default=0, help="examples of each failure")
    parser.add_argument(
        "--keep", type=Path, help="folder for files, warehouse and cases.json"
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
        if not options.judge:
            shutil.rmtree(work / "disclosures", ignore_errors=True)
            write_all(documents, work / "disclosures")
            build(work / "disclosures", work)
        judge_all(documents, work / "warehouse.duckdb")
        kept = [record(document) for document in documents]
        text = json.dumps(kept, ensure_ascii=False, indent=1)
        (work / "cases.json").write_text(text, encoding="utf-8")
    report(documents, options.by or ["kind"])
    if options.show:
        failures(documents, options.show)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
