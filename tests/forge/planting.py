"""Plants errors in a clean book, as those who type and paste tables make them.

One error is one slip of one hand: a cell, a row or a column of one table. What it
changed is kept with the right value, so that who looks for it can be judged.
"""

from __future__ import annotations

import copy
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise

from tests.forge.book import Book, Expected, Figure, Money
from tests.forge.equalities import Place, Printed, code, dimension, printed, role
from tests.forge.make import Disclosure
from tests.forge.paper import Block, Grid, Paper
from tests.forge.truth import Truth

Changes = dict[tuple[int, int], "Written"]


@dataclass(frozen=True, slots=True)
class Written:
    """What stands in a cell after the slip; ``fen`` is what its number stands for."""

    text: str
    fen: int | None


@dataclass(frozen=True, slots=True)
class Planted:
    """An error: where it is, what is printed and what would be right.

    ``cells`` are all that the slip changed; ``row``, ``column`` the first of them. A
    row that is ``gone`` or ``twice`` has its own cells there.
    """

    kind: str
    table: Expected
    row: int
    column: int
    row_label: str
    column_label: str
    printed_text: str
    right_text: str
    right_yuan: Decimal
    figure: Figure
    cells: tuple[tuple[int, int], ...]
    changes: Mapping[tuple[int, int], Written]
    is_gone: bool = False
    is_twice: bool = False

    def values(self, clean: Mapping[Place, Printed]) -> dict[Place, Printed]:
        """The printed values of the book after the slip."""
        after = dict(clean)
        for row, column in self.cells:
            place = (self.table.number, row, column)
            if self.is_gone:
                after.pop(place, None)
            elif self.is_twice and place in after:
                after[place] = replace(after[place], times=2)
        for (row, column), written in self.changes.items():
            place = (self.table.number, row, column)
            if written.fen is None:
                after.pop(place, None)
            elif place in after:
                after[place] = replace(after[place], yuan=Decimal(written.fen) / 100)
            else:
                half = next(
                    clean[p].half for p in clean if p[0] == place[0] and p[1] == row
                )
                after[place] = Printed(Decimal(written.fen) / 100, half)
        return after


Plan = tuple[Figure, Changes]


def _step(money: Money) -> int:
    """Fen of one last place."""
    return money.fen // 10**money.places


def _ticks(figure: Figure) -> int:
    """The printed number counted in its last place."""
    return int(figure.money.value(figure.fen) * 10**figure.money.places)


def _retyped(figure: Figure, ticks: int) -> Written:
    fen = ticks * _step(figure.money)
    return Written(figure.money.text(fen), fen)


def _signed(figure: Figure, digits: str) -> Written | None:
    ticks = int(digits) * (-1 if figure.fen < 0 else 1)
    if not ticks or ticks == _ticks(figure):
        return None
    return _retyped(figure, ticks)


def _digits(figure: Figure) -> str:
    return str(abs(_ticks(figure)))


def digit_changed(rng: random.Random, figure: Figure) -> Written | None:
    digits = _digits(figure)
    at = rng.randrange(len(digits))
    new = rng.choice([d for d in "0123456789" if d != digits[at] and (at or d != "0")])
    return _signed(figure, digits[:at] + new + digits[at + 1 :])


def digits_swapped(rng: random.Random, figure: Figure) -> Written | None:
    digits = _digits(figure)
    able = [
        at
        for at in range(len(digits) - 1)
        if digits[at] != digits[at + 1] and (at or digits[1] != "0")
    ]
    if not able:
        return None
    at = rng.choice(able)
    swapped = digits[:at] + digits[at + 1] + digits[at] + digits[at + 2 :]
    return _signed(figure, swapped)


def decimal_shifted(rng: random.Random, figure: Figure) -> Written | None:
    """Where a sheet sets the places the number keeps them, typed it has others."""
    money, digits = figure.money, _digits(figure)
    if money.places == 0:
        return None
    places = money.places + rng.choice((0, 0, 1))
    if rng.random() < 0.5:
        written = _signed(figure, digits + "0")
        places = 2 * money.places - places
    else:
        written = _signed(figure, digits[:-1] or "0")
    if written is None or places == money.places or _step(money) % 10:
        return written
    fen = int(digits) * _step(money) * (10 if places < money.places else 1)
    fen = (fen if places < money.places else fen // 10) * (-1 if figure.fen < 0 else 1)
    return Written(replace(money, places=places).text(fen), fen)


def digit_dropped(rng: random.Random, figure: Figure) -> Written | None:
    digits = _digits(figure)
    whole = len(digits) - figure.money.places
    if whole < 2:
        return None
    at = rng.randrange(whole)
    return _signed(figure, digits[:at] + digits[at + 1 :])


def digit_added(rng: random.Random, figure: Figure) -> Written | None:
    digits = _digits(figure)
    whole = len(digits) - figure.money.places
    if whole < 1:
        return None
    at = rng.randint(1, whole)
    return _signed(figure, digits[:at] + rng.choice("0123456789") + digits[at:])


def quarter_more(_: random.Random, figure: Figure) -> Written | None:
    return _signed(figure, str(int(_digits(figure)) * 5 // 4))


def sign_lost(_: random.Random, figure: Figure) -> Written | None:
    return _retyped(figure, -_ticks(figure)) if figure.fen < 0 else None


def other_unit(money: Money) -> Money:
    """元 where 万元 or 千元 is announced, and 万元 where 元 is."""
    fen = 1_000_000 if money.fen == 100 else 100
    return replace(money, fen=fen, places=2)


def unit_slipped(_: random.Random, figure: Figure) -> Written | None:
    other = other_unit(figure.money)
    value = other.value(figure.fen)
    if not value:
        return None
    return Written(other.text(figure.fen), int(value * figure.money.fen))


Slip = Callable[[random.Random, Figure], Written | None]
TYPING: tuple[Slip, ...] = (digit_changed, digits_swapped, digit_dropped, digit_added)


def any_typing(rng: random.Random, figure: Figure) -> Written | None:
    return rng.choice(TYPING)(rng, figure)


def _cells(
    rng: random.Random,
    tables: Sequence[Expected],
    slip: Slip,
    wanted: Callable[[Expected, Figure], bool],
) -> Iterator[tuple[Expected, Plan]]:
    """Cells in a random order, with what a slip makes of each."""
    figures = [(t, f) for t in tables for f in t.figures if f.fen and wanted(t, f)]
    rng.shuffle(figures)
    for table, figure in figures:
        written = slip(rng, figure)
        if written is not None and written.text != figure.text:
            yield table, (figure, {(figure.row, figure.column): written})


def _tables(rng: random.Random, tables: Sequence[Expected]) -> list[Expected]:
    """Tables with figures, a big one more likely first."""
    able = [table for table in tables if table.figures]
    keys = {table.number: rng.random() ** (1 / len(table.figures)) for table in able}
    return sorted(able, key=lambda table: -keys[table.number])


def table_unit_slipped(
    rng: random.Random, tables: Sequence[Expected]
) -> Iterator[tuple[Expected, Plan]]:
    """The header says 万元 and the amounts are in 元, or the other way round."""
    for table in _tables(rng, tables):
        changes: Changes = {}
        for figure in table.figures:
            written = unit_slipped(rng, figure)
            if written is not None:
                changes[figure.row, figure.column] = written
        if len(changes) > 2:
            first = next(f for f in table.figures if (f.row, f.column) in changes)
            yield table, (first, changes)


def _leaf_rows(table: Expected, truth: Truth) -> list[list[Figure]]:
    """Rows of a table with one pane that stand for no other rows."""
    if any(figure.pane for figure in table.figures):
        return []
    rows: dict[int, list[Figure]] = {}
    for figure in table.figures:
        rows.setdefault(figure.row, []).append(figure)
    codes = {code(figures[0]) or "" for figures in rows.values()}
    return [
        figures
        for figures in rows.values()
        if role(figures[0]) == "code"
        and (own := code(figures[0]))
        and any(figure.fen for figure in figures)
        and not any(c != own and c.isdigit() and c.startswith(own) for c in codes)
    ]


def rows_of_leaves(
    rng: random.Random, tables: Sequence[Expected], truth: Truth
) -> Iterator[tuple[Expected, Plan]]:
    """Rows to leave out or to print twice; nothing in them is typed wrong."""
    for table in _tables(rng, tables):
        rows = _leaf_rows(table, truth)
        rng.shuffle(rows)
        for figures in rows:
            if len(rows) > 1:
                yield table, (next(f for f in figures if f.fen), {})


def _same_row(table: Expected, row: int) -> dict[int, Figure]:
    return {f.column: f for f in table.figures if f.row == row}


def _amount_columns(table: Expected, pane: int) -> list[int]:
    return sorted({f.column for f in table.figures if f.pane == pane})


def _as(figure: Figure | None) -> Written:
    if figure is None:
        return Written("", None)
    value = figure.money.yuan(figure.fen) * 100
    return Written(figure.text, int(value))


def row_shifted(
    rng: random.Random, tables: Sequence[Expected]
) -> Iterator[tuple[Expected, Plan]]:
    """Values of a row stand one column further, over a cell that was empty."""
    for table in _tables(rng, tables):
        rows = sorted({(f.row, f.pane) for f in table.figures})
        rng.shuffle(rows)
        for row, pane in rows:
            here = _same_row(table, row)
            columns = _amount_columns(table, pane)
            ways = [columns, columns[::-1]]
            rng.shuffle(ways)
            for way in ways:
                filled = [column in here for column in way]
                # A run of values that ends before an empty cell.
                ends = [
                    at
                    for at in range(len(way) - 1)
                    if filled[at] and not filled[at + 1]
                ]
                if not ends:
                    continue
                end = start = rng.choice(ends)
                while start and filled[start - 1]:
                    start -= 1
                changes: Changes = {(row, way[start]): Written("", None)}
                for at in range(start, end + 1):
                    changes[row, way[at + 1]] = _as(here[way[at]])
                if all(here[way[at]].fen for at in range(start, end + 1)):
                    first = min(range(start, end + 1), key=lambda at: way[at])
                    yield table, (here[way[first]], changes)
                break


def values_swapped(
    rng: random.Random, tables: Sequence[Expected]
) -> Iterator[tuple[Expected, Plan]]:
    """Two values side by side in a row stand in each other's place."""
    for table in _tables(rng, tables):
        rows = sorted({(f.row, f.pane) for f in table.figures})
        rng.shuffle(rows)
        for row, pane in rows:
            here = _same_row(table, row)
            columns = _amount_columns(table, pane)
            pairs = [
                (one, other)
                for one, other in pairwise(columns)
                if one in here
                and other in here
                and here[one].text != here[other].text
                and here[one].money == here[other].money
            ]
            if pairs:
                one, other = rng.choice(pairs)
                changes = {
                    (row, one): _as(here[other]),
                    (row, other): _as(here[one]),
                }
                yield table, (here[one], changes)


def columns_swapped(
    rng: random.Random, tables: Sequence[Expected]
) -> Iterator[tuple[Expected, Plan]]:
    """Two columns of a table stand under each other's heading."""
    for table in _tables(rng, tables):
        panes = sorted({f.pane for f in table.figures})
        for pane in panes:
            columns = _amount_columns(table, pane)
            pairs = list(pairwise(columns))
            rng.shuffle(pairs)
            for one, other in pairs:
                changes: Changes = {}
                for row in sorted({f.row for f in table.figures if f.pane == pane}):
                    here = _same_row(table, row)
                    left, right = here.get(one), here.get(other)
                    if _as(left) != _as(right):
                        changes[row, one] = _as(right)
                        changes[row, other] = _as(left)
                moneys = {f.money for f in table.figures if f.column in (one, other)}
                if len(changes) > 2 and len(moneys) == 1:
                    first = next(
                        f for f in table.figures if (f.row, f.column) in changes
                    )
                    yield table, (first, changes)


def _is(*statements: str) -> Callable[[Expected, Figure], bool]:
    return lambda table, _: table.statement in statements


def _has_children(table: Expected, figure: Figure) -> bool:
    own = code(figure) or ""
    return role(figure) == "unit" or (
        own.isdigit()
        and any(
            (c := code(other) or "") != own and c.startswith(own)
            for other in table.figures
        )
    )


CELLS: dict[str, tuple[Slip, Callable[[Expected, Figure], bool]]] = {
    "digit_changed": (digit_changed, lambda t, f: True),
    "digits_swapped": (digits_swapped, lambda t, f: True),
    "decimal_shifted": (decimal_shifted, lambda t, f: True),
    "digit_dropped": (digit_dropped, lambda t, f: True),
    "digit_added": (digit_added, lambda t, f: True),
    "quarter_more": (quarter_more, lambda t, f: True),
    "unit_slip_cell": (unit_slipped, lambda t, f: True),
    "sign_lost": (sign_lost, lambda t, f: True),
    "subtotal": (any_typing, _has_children),
    "total": (any_typing, lambda t, f: role(f) == "total"),
    "grand_total": (any_typing, lambda t, f: role(f) == "grand_total"),
    "three_public": (any_typing, _is("three_public")),
    "revenue": (any_typing, _is("revenue")),
    "balance": (any_typing, _is("balance", "appropriation_balance")),
    "project": (any_typing, _is("project")),
    "economic": (any_typing, lambda t, f: dimension(f).startswith("economic")),
    "functional": (any_typing, lambda t, f: dimension(f) == "functional"),
}
ROWS = ("row_missing", "row_repeated")
MANY: dict[
    str,
    Callable[[random.Random, Sequence[Expected]], Iterator[tuple[Expected, Plan]]],
] = {
    "unit_slip_table": table_unit_slipped,
    "row_shifted": row_shifted,
    "values_swapped": values_swapped,
    "columns_swapped": columns_swapped,
}
KINDS = (*CELLS, *ROWS, *MANY)
NEEDS_NEGATIVE = ("sign_lost",)


def with_negative(truth: Truth) -> None:
    """Take one function's only money back: a negative figure of its own."""
    main = next(iter(truth.phases.values()))
    items = [entry.item for entry in main if entry.kind == "basic"]
    able = [e for e in main if e.kind == "basic" and items.count(e.item) == 1]
    chosen = min(able or main, key=lambda entry: entry.fen)
    key = replace(chosen, fen=0)
    for phase, entries in truth.phases.items():
        truth.phases[phase] = [
            replace(e, fen=-e.fen) if replace(e, fen=0) == key else e for e in entries
        ]


def plans(kind: str, rng: random.Random, book: Book) -> Iterator[tuple[Expected, Plan]]:
    """The ways to make an error of a kind in a book, the first being chosen."""
    if kind in CELLS:
        slip, wanted = CELLS[kind]
        return _cells(rng, book.tables, slip, wanted)
    if kind in ROWS:
        return rows_of_leaves(rng, book.tables, book.truth)
    return MANY[kind](rng, book.tables)


def planted(
    kind: str,
    rng: random.Random,
    book: Book,
    may: Callable[[Planted], bool] = lambda _: True,
) -> Planted | None:
    """An error of a kind in a book, or None where the book has no place for it."""
    for table, (figure, changes) in plans(kind, rng, book):
        found = _told(kind, book, table, figure, changes)
        if may(found):
            return found
    return None


def _told(
    kind: str, book: Book, table: Expected, figure: Figure, changes: Changes
) -> Planted:
    texts = {(f.row, f.column): f.text for f in table.figures}
    changes = {
        cell: written
        for cell, written in changes.items()
        if written.text != texts.get(cell, "")
    }
    cells = (
        tuple((f.row, f.column) for f in table.figures if f.row == figure.row)
        if kind in ROWS
        else tuple(changes)
    )
    if changes and (figure.row, figure.column) not in changes:
        figure = next(f for f in table.figures if (f.row, f.column) in changes)
    own = changes.get((figure.row, figure.column))
    return Planted(
        kind,
        table,
        figure.row,
        figure.column,
        " ".join(dict.fromkeys(t for t in figure.in_row.texts.values() if t))[:80],
        " / ".join(figure.in_column.labels),
        own.text if own else "" if kind == "row_missing" else figure.text,
        figure.text,
        printed(figure).yuan,
        figure,
        cells,
        changes,
        is_gone=kind == "row_missing",
        is_twice=kind == "row_repeated",
    )


def with_errors(disclosure: Disclosure, errors: Sequence[Planted]) -> Disclosure:
    """The disclosure as it is published with the errors."""
    book = copy.copy(disclosure.book)
    blocks: list[Block] = []
    number = 0
    for block in disclosure.book.paper.blocks:
        if isinstance(block, Grid):
            for error in errors:
                if error.table.number == number:
                    block = _wrong(block, error)
            number += 1
        blocks.append(block)
    book.paper = Paper(disclosure.book.paper.title, blocks)
    return replace(disclosure, book=book)


def elsewhere(disclosure: Disclosure) -> Disclosure:
    """The same disclosure by the county west of it, so that neither is an edition of
    the other.
    """
    here = disclosure.book.truth.county
    there = f"西{here}"
    blocks: list[Block] = []
    for block in disclosure.book.paper.blocks:
        match block:
            case str():
                blocks.append(block.replace(here, there))
            case Grid():
                cells = (
                    replace(cell, text=cell.text.replace(here, there))
                    for cell in block.cells
                )
                blocks.append(replace(block, cells=tuple(cells)))
            case _:
                blocks.append(block)
    book = copy.copy(disclosure.book)
    book.paper = Paper(disclosure.book.paper.title.replace(here, there), blocks)
    return replace(
        disclosure, book=book, file_name=disclosure.file_name.replace(here, there)
    )


def _wrong(grid: Grid, error: Planted) -> Grid:
    cells = [
        replace(cell, text=error.changes[cell.row, cell.column].text)
        if (cell.row, cell.column) in error.changes
        else cell
        for cell in grid.cells
    ]
    if error.is_gone:
        cells = [
            replace(cell, row=cell.row - 1) if cell.row > error.row else cell
            for cell in cells
            if cell.row != error.row
        ]
    elif error.is_twice:
        again = [replace(c, row=c.row + 1) for c in cells if c.row == error.row]
        cells = [
            *(replace(c, row=c.row + 1) if c.row > error.row else c for c in cells),
            *again,
        ]
    return replace(grid, cells=tuple(cells))
