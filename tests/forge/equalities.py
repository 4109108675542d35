"""Which printed figures of a book must agree, told by its truth alone.

A figure is a sum of entries. Where the rows of a column or the columns of a row part
the entries of another, that one is their sum; where two figures of different tables are
sums of the same entries whatever money a unit has, they are the same figure. Nothing
here knows what the warehouse checks, so it shows which checks are not there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise
from typing import Any

from tests.forge.book import Book, Expected, Figure, Meaning
from tests.forge.rows import THREE_PUBLIC
from tests.forge.truth import SOURCES, Entry, Truth

Place = tuple[int, int, int]  # table, row, column
Keep = Callable[[Entry], bool]


@dataclass(frozen=True, slots=True)
class Equality:
    """``total`` is the sum of ``terms``, which may be one: the same figure.

    Places that are blank are terms too, for what is printed there by mistake counts. It
    ``is_implied`` by what the labels say; otherwise it only holds because this unit has
    no money of another kind.
    """

    kind: str
    total: Place
    terms: tuple[Place, ...]
    is_implied: bool = True


@dataclass(frozen=True, slots=True)
class Printed:
    """What a printed number stands for: in 元, give or take half its last place."""

    yuan: Decimal
    half: Decimal
    times: int = 1  # a row that is printed twice counts twice in its sum


def printed(figure: Figure) -> Printed:
    step = Decimal(figure.money.fen) / 100 / 10**figure.money.places
    return Printed(figure.money.yuan(figure.fen), step / 2)


def places(book: Book) -> dict[Place, Figure]:
    return {
        (table.number, figure.row, figure.column): figure
        for table in book.tables
        for figure in table.figures
    }


def fails(equality: Equality, values: Mapping[Place, Printed]) -> bool:
    """Whether it fails beyond rounding; what is not printed forms no equality."""
    total = values.get(equality.total)
    terms = [values[place] for place in equality.terms if place in values]
    if total is None or not terms:
        return False
    difference = total.yuan - sum(
        (term.yuan * term.times for term in terms), Decimal(0)
    )
    if len(terms) == 1 and terms[0].half == total.half:
        return difference != 0
    bound = total.half + sum((term.half * term.times for term in terms), Decimal(0))
    return abs(difference) > bound


def subject(figure: Figure) -> dict[str, Any]:
    """What the first fact of a cell tells: its table, its code, its role."""
    told: dict[str, Any] = {}
    for facts in (figure.in_column.facts, figure.in_row.facts):
        if facts:
            told |= facts[0]
    return told


def role(figure: Figure) -> str:
    """grand_total, total, unit or code; what may be two is the former."""
    told = subject(figure).get("row_role", "code")
    if isinstance(told, tuple):
        return next((r for r in ("grand_total", "total", "unit") if r in told), "code")
    return str(told)


def code(figure: Figure) -> str | None:
    told = subject(figure)
    for name in ("functional_code", "economic_code", "item", "project_name"):
        if told.get(name) is not None:
            return str(told[name])
    if told.get("table") == "revenue" and role(figure) == "code":
        return str(told.get("revenue_source"))
    return None


def dimension(figure: Figure) -> str:
    """Lines of a balance stand with the side they are on."""
    told = subject(figure)
    if told.get("table") == "balance_item":
        return "revenue" if told["side"] == "revenue" else "functional"
    if told.get("table") == "economic":
        return f"economic {told['classification']}"
    return str(told.get("table"))


def _rank(figure: Figure) -> tuple[int, int]:
    """Of figures with the same entries, the one that stands for more comes first."""
    order = ("grand_total", "total", "unit", "code").index(role(figure))
    named = code(figure) or ""
    return order, len(named) if named.isdigit() else 9


class Masks:
    """The entries that a figure sums, as bits: of the truth, or of any truth."""

    def __init__(self, truth: Truth, entries: Mapping[str, Sequence[Entry]]) -> None:
        self.truth = truth
        self.entries = entries
        self.known: dict[Hashable, int] = {}

    def of(self, phase: str, key: Hashable, keep: Keep) -> int:
        found = self.known.get((phase, key))
        if found is None:
            found = 0
            for bit, entry in enumerate(self.entries.get(phase, ())):
                if _kept(keep, entry):
                    found |= 1 << bit
            self.known[phase, key] = found
        return found

    def row(self, figure: Figure) -> int:
        keep = figure.in_row.keep
        assert keep is not None
        return self.of(figure.meaning.phase, id(keep), keep)

    def column(self, meaning: Meaning, keep: Keep | None) -> int:
        mask = self.of(meaning.phase, meaning, lambda e: meaning.keeps(e, self.truth))
        return mask & self.of(meaning.phase, id(keep), keep) if keep else mask

    def figure(self, figure: Figure) -> int:
        return self.row(figure) & self.column(figure.meaning, figure.in_column.keep)


def _kept(keep: Keep, entry: Entry) -> bool:
    try:
        return keep(entry)
    except (IndexError, StopIteration):
        return False  # a combination that no unit books


def _any_truth(truth: Truth) -> dict[str, list[Entry]]:
    """The entries and what they might have been: each with one thing else."""
    found: dict[str, list[Entry]] = {}
    for phase, entries in truth.phases.items():
        kinds = sorted({entry.kind for entry in entries} | {"basic", "project"})
        projects = {project.kind: project.name for project in truth.projects}
        items = sorted({entry.item for entry in entries})
        economics = sorted({entry.economic for entry in entries if entry.economic})
        units = [unit.name for unit in truth.units]
        every: dict[Entry, None] = {}
        for number, entry in enumerate(entries):
            one = replace(entry, fen=0)
            variants = [one]
            variants += [replace(one, fund=fund) for fund in SOURCES]
            variants += [replace(one, basis=b) for b in ("current_year", "carryover")]
            variants += [replace(one, unit=unit) for unit in units]
            for kind in kinds:
                names = projects.values() if kind == "project" else [""]
                variants += [replace(one, kind=kind, project=name) for name in names]
            variants += [
                replace(one, item=items[(number + step) % len(items)])
                for step in (1, len(items) // 2)
            ]
            if entry.economic:
                variants += [
                    replace(one, economic=economics[(number + step) % len(economics)])
                    for step in (1, len(economics) // 2)
                ]
                variants += [replace(one, economic=e) for e in THREE_PUBLIC["total"]]
            every |= dict.fromkeys(variants)
        found[phase] = list(every)
    return found


Item = tuple[int, Hashable]


def _parted(items: Iterable[Item]) -> Iterator[tuple[Hashable, tuple[Hashable, ...]]]:
    """What is the sum of what, among things with bits; the first of equals stands
    for more.
    """
    nodes: dict[int, list[Hashable]] = defaultdict(list)
    for mask, name in items:
        if mask:
            nodes[mask].append(name)
    for chain in nodes.values():
        for above, below in pairwise(chain):
            yield above, (below,)
    for mask, chain in nodes.items():
        inside = [other for other in nodes if other != mask and other & mask == other]
        widest = [
            one
            for one in inside
            if not any(one != other and one & other == one for other in inside)
        ]
        together = 0
        for one in widest:
            if together & one:
                break
            together |= one
        else:
            if together == mask:
                yield chain[-1], tuple(nodes[one][0] for one in widest)


def equalities(book: Book) -> list[Equality]:
    """Every equality between figures of a book that its truth has."""
    masks = Masks(book.truth, book.truth.phases)
    any_masks = Masks(book.truth, _any_truth(book.truth))
    found: dict[tuple[Place, tuple[Place, ...]], Equality] = {}
    for equality in (
        *_down(book, masks),
        *_along(book, masks, any_masks),
        *_across(book, masks, any_masks),
        *_classified(book, masks),
    ):
        key = (equality.total, tuple(sorted(equality.terms)))
        if equality.total not in equality.terms:
            found.setdefault(key, equality)
    return list(found.values())


def _place(number: int, figure: Figure) -> Place:
    return number, figure.row, figure.column


def _down_kind(total: Figure) -> str:
    kind = dimension(total)
    if role(total) in ("total", "grand_total"):
        return f"{kind} total"
    return f"{kind} unit" if role(total) == "unit" else f"{kind} children"


def _down(book: Book, masks: Masks) -> Iterator[Equality]:
    """Rows of a column; the economic codes of three panes are one column."""
    for table in book.tables:
        columns: dict[Hashable, list[Figure]] = defaultdict(list)
        for figure in table.figures:
            kind = dimension(figure)
            columns[figure.pane, figure.column, kind].append(figure)
            if kind.startswith("economic") and figure.in_column.keep is None:
                columns[figure.in_column.meaning, kind].append(figure)
        found: list[Equality] = []
        for figures in columns.values():
            by_place = {_place(table.number, figure): figure for figure in figures}
            ranked = sorted(by_place, key=lambda place: _rank(by_place[place]))
            for total, terms in _parted(
                (masks.figure(by_place[place]), place) for place in ranked
            ):
                assert isinstance(total, tuple)
                kind = _down_kind(by_place[total])
                found.append(Equality(kind, total, terms))  # type: ignore[arg-type]
        yield from _with_blanks(table, found)


def _with_blanks(table: Expected, found: Sequence[Equality]) -> Iterator[Equality]:
    """The rows below a row are so in every column, also where they are blank or 0."""
    filled = {_place(table.number, f) for f in table.figures if f.fen}
    below: dict[int, set[int]] = defaultdict(set)
    for one in found:
        if {place[2] for place in one.terms} == {one.total[2]}:
            below[one.total[1]] |= {place[1] for place in one.terms}
    for one in found:
        number, row, column = one.total
        blank = [(number, r, column) for r in sorted(below[row])]
        more = tuple(place for place in blank if place not in filled)
        yield replace(one, terms=one.terms + more)


@dataclass(frozen=True, slots=True)
class _Held:
    """A column as a row has it: the entries it sums, of the truth and of any truth."""

    meaning: Meaning
    keep: Keep | None
    mask: int
    any_mask: int
    place: int

    def is_within(self, other: _Held) -> bool:
        return self.any_mask & other.any_mask == self.any_mask


def _along(book: Book, masks: Masks, any_masks: Masks) -> Iterator[Equality]:
    """Columns of a row: kinds, sources, years or items side by side."""
    for table in book.tables:
        panes: dict[int, list[Figure]] = defaultdict(list)
        for figure in table.figures:
            panes[figure.pane].append(figure)
        for figures in panes.values():
            base: dict[str, int] = defaultdict(int)
            rows: dict[int, dict[int, Figure]] = defaultdict(dict)
            for figure in figures:
                base[figure.meaning.phase] |= masks.row(figure)
                rows[figure.row][figure.column] = figure
            columns = {figure.column: figure.in_column for figure in figures}
            for number, row in rows.items():
                fixes = next(iter(row.values())).in_row.fixes
                held = []
                for place, column in columns.items():
                    assert column.meaning is not None
                    meaning = replace(column.meaning, **fixes)
                    if meaning.fund != "of_which_fiscal_appropriation":
                        mask = masks.column(meaning, column.keep) & base[meaning.phase]
                        any_mask = any_masks.column(meaning, column.keep)
                        held.append(_Held(meaning, column.keep, mask, any_mask, place))
                for kind, total, terms in _row_sums(held):
                    if total in row and any(term in row for term in terms):
                        yield Equality(
                            f"row parts by {kind}",
                            (table.number, number, total),
                            tuple((table.number, number, term) for term in terms),
                        )


def _row_sums(held: Sequence[_Held]) -> Iterator[tuple[str, int, tuple[int, ...]]]:
    for kind in ("measure", "fund", "basis", "item", "several"):
        groups: dict[Hashable, dict[int, _Held]] = defaultdict(dict)
        for one in held:
            meaning = one.meaning
            if kind == "several":
                key: Hashable = (meaning.phase, meaning.side)
            elif kind == "item":
                key = meaning
            else:
                key = (replace(meaning, **{kind: "", "says": ()}), id(one.keep))
            groups[key][one.place] = one
        for group in groups.values():
            ordered = [(group[place].mask, place) for place in sorted(group)]
            for total, terms in _parted(ordered):
                if kind == "several" and len(terms) == 1:
                    continue  # the same only because there is no other money
                assert isinstance(total, int)
                yield kind, total, terms + _zeros(group, total, terms)  # type: ignore[operator]


def _zeros(
    group: Mapping[int, _Held], total: int, terms: Sequence[Hashable]
) -> tuple[int, ...]:
    """Parts of the total that this unit has no money for."""
    none = [one for one in group.values() if not one.mask and one.place != total]
    others = [group[place] for place in group if place in terms]
    return tuple(
        one.place
        for one in none
        if one.is_within(group[total])
        and not any(one.is_within(other) for other in others)
        and not any(one.is_within(other) and not other.is_within(one) for other in none)
    )


def _across(book: Book, masks: Masks, any_masks: Masks) -> Iterator[Equality]:
    """The same figure in two tables, or in two panes of one."""
    implied: dict[Hashable, list[tuple[Place, Figure]]] = defaultdict(list)
    absent: dict[Hashable, list[tuple[Place, Figure]]] = defaultdict(list)
    for table in book.tables:
        for figure in table.figures:
            if figure.meaning.fund == "of_which_fiscal_appropriation":
                continue
            entry = (_place(table.number, figure), figure)
            phase, own = figure.meaning.phase, masks.figure(figure)
            if own:
                implied[phase, any_masks.figure(figure)].append(entry)
                absent[phase, own, dimension(figure), code(figure)].append(entry)
    seen = set()
    for groups, is_implied in ((implied, True), (absent, False)):
        for group in groups.values():
            for at, (one, first) in enumerate(group):
                for other, second in group[at + 1 :]:
                    is_apart = one[0] != other[0] or first.pane != second.pane
                    if not is_apart or (one, other) in seen:
                        continue
                    seen.add((one, other))
                    yield Equality(
                        _across_kind(first, second), one, (other,), is_implied
                    )


def _across_kind(one: Figure, other: Figure) -> str:
    first, second = sorted((dimension(one), dimension(other)))
    return f"same {first}" if first == second else f"{first} = {second}"


def _classified(book: Book, masks: Masks) -> Iterator[Equality]:
    """Department codes against the government codes that they are booked under."""
    leaves: dict[Hashable, dict[str, list[tuple[int, Place]]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for table in book.tables:
        for figure in table.figures:
            told = subject(figure)
            is_pair = len(figure.in_row.facts) > 1
            if told.get("table") != "economic" or is_pair:
                continue
            if len(code(figure) or "") == 5:
                leaves[figure.meaning][str(told["classification"])].append(
                    (masks.figure(figure), _place(table.number, figure))
                )
    for sides in leaves.values():
        tables: dict[str, dict[int, list[tuple[int, Place]]]] = {}
        for side, items in sides.items():
            tables[side] = defaultdict(list)
            for item in items:
                tables[side][item[1][0]].append(item)
        for mine in tables.get("department", {}).values():
            for theirs in tables.get("government", {}).values():
                yield from _joined(mine, theirs)


def _joined(
    mine: list[tuple[int, Place]], theirs: list[tuple[int, Place]]
) -> Iterator[Equality]:
    """Equalities of one figure with the several that have its entries.

    Where several meet several there is one too, but no figure is its total.
    """
    for one, many in ((mine, theirs), (theirs, mine)):
        for mask, place in one:
            parts = [item for item in many if item[0] & mask]
            together = 0
            for part, _ in parts:
                together |= part
            if mask and together == mask:
                terms = tuple(part for _, part in parts)
                yield Equality("department = government", place, terms)
