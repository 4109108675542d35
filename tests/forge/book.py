"""Prints tables of a truth on a paper and keeps what each printed figure means.

A table is panes side by side; a pane has columns under labels and rows of a
subject. A cell is the sum of the entries that its row and its column both keep,
rounded to the unit of the table; what it means is written down at the same time,
so the expected facts come from no reading of the page.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_UP, Decimal

from tests.forge.paper import Block, Cell, Grid, PageBreak, Paper
from tests.forge.truth import APPROPRIATIONS, OPERATING, PERSONNEL, Entry, Truth
from tests.forge.wordings import UNSEEN

Accepted = str | None | tuple[str | None, ...]

BASIC_PARTS = {
    "personnel": PERSONNEL,
    "wages_welfare": ("301",),
    "individuals_families": ("303",),
    "operating": OPERATING,
    "goods_services": ("302",),
    "capital": ("310",),
}
UNIT_FUNDS = (
    "institution_income",
    "superior_subsidy",
    "affiliated_remittance",
    "business_income",
    "other_income",
)


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a column holds. ``side`` revenue counts unspent money, ``kept`` it alone.

    ``says`` are the year bases that a reader may take from the print, when that is
    more than ``basis``.
    """

    measure: str = "total"
    fund: str = "all"
    basis: str = "all"
    phase: str = "budget"
    side: str = "expenditure"
    says: tuple[str, ...] = ()

    def keeps(self, entry: Entry, truth: Truth) -> bool:
        """Whether an entry is part of an amount with this meaning."""
        return (
            self._keeps_fund(entry)
            and self.basis in ("all", entry.basis)
            and self._keeps_side(entry)
            and self._keeps_measure(entry, truth)
        )

    def _keeps_side(self, entry: Entry) -> bool:
        match self.side:
            case "revenue":
                return True
            case "kept":
                return entry.kind == "unspent"
            case _:
                return entry.kind != "unspent"

    def _keeps_fund(self, entry: Entry) -> bool:
        match self.fund:
            case "all":
                return True
            case "fiscal_appropriation":
                return entry.fund in APPROPRIATIONS
            case "of_which_fiscal_appropriation":
                return entry.fund == "general_public_budget"
            case "unit_funds":
                return entry.fund in UNIT_FUNDS
            case _:
                return entry.fund == self.fund

    def _keeps_measure(self, entry: Entry, truth: Truth) -> bool:
        match self.measure:
            case "total":
                return True
            case "basic" | "project" | "business":
                return entry.kind == self.measure
            case "project_other_operating" | "project_specific_target":
                return (
                    entry.kind == "project"
                    and truth.project(entry.project).kind == self.measure
                )
            case part if part in BASIC_PARTS:
                return entry.kind == "basic" and entry.economic[:3] in BASIC_PARTS[part]
            case _:
                return False  # 上缴上级支出 and the like: no unit here has any


@dataclass(frozen=True, slots=True)
class Money:
    """How amounts are printed: unit, decimal places, separators, zeros."""

    label: str = "万元"
    fen: int = 1_000_000
    places: int = 2
    comma: str = ","
    zero: str = ""
    wide: bool = False  # full-width digits
    spaced: bool = False  # 4, 675. 21

    def text(self, fen: int) -> str:
        """The printed number, rounded as a ledger rounds; ``zero`` for nothing."""
        if fen == 0:
            return self.zero
        printed = f"{self.value(fen):,.{self.places}f}".replace(",", self.comma)
        if self.spaced:
            printed = printed.replace(",", ", ").replace(".", ". ")
        if self.wide:
            return printed.translate(
                str.maketrans("0123456789.", "０１２３４５６７８９．")
            )
        return printed

    def value(self, fen: int) -> Decimal:
        step = Decimal(1).scaleb(-self.places)
        return (Decimal(fen) / self.fen).quantize(step, ROUND_HALF_UP)

    def yuan(self, fen: int) -> Decimal:
        """What the printed number stands for, in 元."""
        return self.value(fen) * self.fen / 100


YUAN = Money("元", 100)
THOUSAND = Money("千元", 100_000)


@dataclass(frozen=True, slots=True)
class Column:
    """``labels`` from the top of the header down; ``role`` names a row's text."""

    labels: tuple[str, ...]
    role: str = ""
    meaning: Meaning | None = None
    money: Money | None = None  # where it differs from the table's
    applies: Callable[[Row], bool] | None = None
    derived: Callable[[Row], str] | None = None  # a figure that is no fact
    continues: bool = False  # the last label is one cell with the column's left
    keep: Callable[[Entry], bool] | None = None  # where a column has a subject
    facts: tuple[dict[str, Accepted], ...] = ()


@dataclass(slots=True)
class Row:
    """``fixes`` overrule the column's meaning, ``facts`` are what a cell tells."""

    texts: dict[str, str]
    keep: Callable[[Entry], bool] | None = None
    facts: list[dict[str, Accepted]] = field(default_factory=list)
    fixes: dict[str, str] = field(default_factory=dict)
    says: tuple[str, ...] = ()
    spans: dict[str, int] = field(default_factory=dict)
    count: str = ""  # a number of things, printed where amounts stand


@dataclass(slots=True)
class Pane:
    columns: list[Column]
    rows: list[Row]


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact that the warehouse has to hold, or may under an accepted name."""

    table: str
    row: int
    column: int
    text: str
    amount_yuan: Decimal
    fields: tuple[tuple[str, Accepted], ...]
    is_optional: bool = False
    is_planted: bool = False  # printed wrong by its publisher: to be found

    def accepts(self, name: str, value: object) -> bool:
        wanted = dict(self.fields)[name]
        return value in wanted if isinstance(wanted, tuple) else value == wanted


@dataclass(frozen=True, slots=True)
class Figure:
    """One printed amount with what it is the sum of: entries that all ``keeps`` keep.

    ``row`` and ``column`` are those of its cell. ``meaning`` is the column's with the
    row's fixes.
    """

    row: int
    column: int
    text: str
    fen: int
    money: Money
    meaning: Meaning
    pane: int
    in_row: Row
    in_column: Column

    def keeps(self, entry: Entry, truth: Truth) -> bool:
        row, column = self.in_row.keep, self.in_column.keep
        return (
            row is not None
            and row(entry)
            and (column is None or column(entry))
            and self.meaning.keeps(entry, truth)
        )


@dataclass(slots=True)
class Expected:
    """A printed table: where it is, what it is, what it tells."""

    number: int
    title: str
    statement: Accepted
    facts: list[Fact]
    unseen: tuple[str, ...] = ()
    is_statement: bool = True
    figures: list[Figure] = field(default_factory=list)
    first_row: int = 0  # of its body


class Pen:
    """Chooses wordings; with ``unseen`` one of a table's is no seed's."""

    def __init__(self, rng: random.Random, unseen_share: float) -> None:
        self.rng = rng
        self.unseen_share = unseen_share
        self.used: set[str] = set()

    def one_of(self, *wordings: str) -> str:
        return self.rng.choice(wordings)

    def words(self, title: str, labels: Iterable[str]) -> dict[str, str]:
        """How a table words its title and labels: as they are, or one newly."""
        worded = {label: label for label in (title, *labels)}
        if self.rng.random() < self.unseen_share:
            news = {
                label: [
                    title.replace(_titled(title), new) for new in UNSEEN[_titled(title)]
                ]
                if label == title and _titled(title)
                else list(UNSEEN.get(label, ()))
                for label in worded
            }
            known = sorted(label for label, new in news.items() if new)
            if known:
                chosen = self.rng.choice(known)
                worded[chosen] = self.rng.choice(news[chosen])
        self.used |= set(worded.values())
        return worded


def _titled(title: str) -> str:
    """The usual title of a table inside a longer one; "" when it has none."""
    found = [key for key in UNSEEN if key.endswith("表") and key in title]
    return max(found, key=len, default="")


class Book:
    """A disclosure in the making."""

    def __init__(self, pen: Pen, truth: Truth, title: str, money: Money) -> None:
        self.pen = pen
        self.truth = truth
        self.money = money
        self.paper = Paper(title)
        self.tables: list[Expected] = []

    def line(self, *texts: str) -> None:
        self.paper.blocks.extend(texts)

    def page(self) -> None:
        self.paper.blocks.append(PageBreak())

    def plain(self, grid: Grid, title: str = "", facts: Sequence[Fact] = ()) -> None:
        """A table that no truth stands behind: contents, targets, institutions.

        Without ``facts`` it is no statement and must give none.
        """
        self.tables.append(
            Expected(len(self.tables), title, None, [*facts], is_statement=bool(facts))
        )
        self.paper.blocks += [title, grid] if title else [grid]

    def statement(
        self,
        statement: Accepted,
        title: str,
        panes: Sequence[Pane],
        *,
        above: Sequence[str] = (),
        below: Sequence[str] = (),
        money: Money | None = None,
        index: str = "",
        sheet: str = "",
        before: Sequence[str] = (),
        optional: bool = False,
        title_in_grid: bool = False,
        bare_head: bool = False,
        mistake: tuple[int, int, int] | None = None,
        tells_nothing: bool = False,
    ) -> None:
        """Print a table under its title. ``index`` is the row of column numbers.

        ``mistake`` is a body row, a column and the fen by which its publisher
        printed the figure wrong. A table that ``tells_nothing`` must give no fact:
        something that its amounts need is not printed.
        """
        money = money or self.money
        labels = [label for pane in panes for c in pane.columns for label in c.labels]
        words = self.pen.words(title, labels)
        drawn = _Drawing(
            self.truth, panes, words, money, index, optional=optional, mistake=mistake
        )
        cells, head = drawn.cells, drawn.head
        facts = [] if tells_nothing else drawn.facts
        figures = [] if tells_nothing else drawn.figures
        if title_in_grid:
            width = max(cell.column + cell.column_span for cell in cells)
            cells = [
                Cell(0, 0, words[title], 1, width),
                *(replace(cell, row=cell.row + 1) for cell in cells),
            ]
            facts = [replace(fact, row=fact.row + 1) for fact in facts]
            figures = [replace(figure, row=figure.row + 1) for figure in figures]
            head += 1
        blocks: list[Block] = [*before]
        if not title_in_grid:
            blocks.append(words[title])
        blocks += above
        blocks.append(Grid(tuple(cells), 0 if bare_head else head, sheet))
        blocks += below
        self.paper.blocks += blocks
        self.tables.append(
            Expected(
                len(self.tables),
                words[title],
                statement,
                facts,
                tuple(new for old, new in words.items() if old != new),
                figures=figures,
                first_row=head,
            )
        )


def _told(
    column: Sequence[dict[str, Accepted]], row: Sequence[dict[str, Accepted]]
) -> Sequence[dict[str, Accepted]]:
    """The facts of a cell: its row's, its column's, or both put together."""
    if not column:
        return row
    if not row:
        return column
    return [{**above, **beside} for above in column for beside in row]


class _Drawing:
    """The cells and facts of one table."""

    def __init__(
        self,
        truth: Truth,
        panes: Sequence[Pane],
        words: dict[str, str],
        money: Money,
        index: str,
        *,
        optional: bool,
        mistake: tuple[int, int, int] | None,
    ) -> None:
        self.truth = truth
        self.mistake = mistake
        self.money = money
        self.optional = optional
        self.cells: list[Cell] = []
        self.facts: list[Fact] = []
        self.figures: list[Figure] = []
        columns = [column for pane in panes for column in pane.columns]
        paths = [tuple(words[label] for label in column.labels) for column in columns]
        self.head = self._header(paths, [column.continues for column in columns])
        if index:
            self._index(index, columns)
        height = max(len(pane.rows) for pane in panes)
        left = 0
        for number, pane in enumerate(panes):
            for down in range(height):
                row = pane.rows[down] if down < len(pane.rows) else None
                self._row(self.head + down, left, pane.columns, row, number)
            left += len(pane.columns)

    def _header(self, paths: list[tuple[str, ...]], continues: list[bool]) -> int:
        depth = max(len(path) for path in paths)
        for level in range(depth):
            start = 0
            while start < len(paths):
                path = paths[start]
                end = start + 1
                if level >= len(path):
                    start = end
                    continue
                is_leaf = level == len(path) - 1
                while (
                    not is_leaf
                    and end < len(paths)
                    and len(paths[end]) > level + 1
                    and paths[end][: level + 1] == path[: level + 1]
                ):
                    end += 1
                while is_leaf and end < len(paths) and continues[end]:
                    end += 1
                high = depth - level if is_leaf else 1
                self.cells.append(Cell(level, start, path[level], high, end - start))
                start = end
        return depth

    def _index(self, index: str, columns: list[Column]) -> None:
        number = 0
        for place, column in enumerate(columns):
            is_money = column.meaning is not None or column.derived is not None
            if index == "栏次":
                number += is_money
                text = str(number) if is_money else ("栏次" if place == 0 else "")
            elif index == "**":
                number += is_money
                text = str(number) if is_money else "**"
            else:
                text = str(place + 1)
            self.cells.append(Cell(self.head, place, text))
        self.head += 1

    def _row(
        self, at: int, left: int, columns: list[Column], row: Row | None, pane: int
    ) -> None:
        skip = 0
        kept: dict[str, list[Entry]] = {}
        for along, column in enumerate(columns):
            if skip:
                skip -= 1
                continue
            place = left + along
            if row is None:
                self.cells.append(Cell(at, place, ""))
                continue
            if column.meaning is None:
                text = row.texts.get(column.role, "")
                if column.derived is not None:
                    text = column.derived(row)
                wide = row.spans.get(column.role, 1)
                skip = wide - 1
                self.cells.append(Cell(at, place, text, 1, wide))
                continue
            text = self._amount(at, place, column, row, pane, kept)
            self.cells.append(Cell(at, place, text))

    def _amount(
        self,
        at: int,
        place: int,
        column: Column,
        row: Row,
        pane: int,
        kept: dict[str, list[Entry]],
    ) -> str:
        """The text of an amount; ``kept`` are the entries of its row by phase."""
        if row.count:
            return row.count
        if row.keep is None or (column.applies and not column.applies(row)):
            return ""
        assert column.meaning is not None
        meaning = replace(column.meaning, **row.fixes) if row.fixes else column.meaning
        if meaning.phase not in kept:
            entries = self.truth.phases.get(meaning.phase, ())
            kept[meaning.phase] = list(filter(row.keep, entries))
        fen = sum(
            entry.fen
            for entry in kept[meaning.phase]
            if (column.keep is None or column.keep(entry))
            and meaning.keeps(entry, self.truth)
        )
        planted = self.mistake and self.mistake[:2] == (at - self.head, place)
        if self.mistake and planted:
            fen += self.mistake[2]
        money = column.money or self.money
        text = money.text(fen)
        if text in ("", "-", "—", "－"):
            return text
        self.figures.append(
            Figure(at, place, text, fen, money, meaning, pane, row, column)
        )
        says = row.says or meaning.says or (meaning.basis,)
        for template in _told(column.facts, row.facts):
            fields = {
                "row_role": "code",
                "measure": meaning.measure,
                "fund": meaning.fund,
                "phase": meaning.phase,
                "year_basis": says,
                **template,
            }
            table = str(fields.pop("table"))
            if fields.get("revenue_source") == "=":
                fields["revenue_source"] = meaning.fund
            self.facts.append(
                Fact(
                    table,
                    at,
                    place,
                    text,
                    money.yuan(fen),
                    tuple(sorted(fields.items(), key=lambda pair: pair[0])),
                    self.optional,
                    bool(planted),
                )
            )
        return text
