"""Reads the header of a table: every way that it can be meant."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import reduce
from itertools import pairwise

from ingest.columns.contents import with_contents
from ingest.columns.header import (
    MAXIMUM_HEADER_ROWS,
    MAXIMUM_READINGS,
    Heading,
    Node,
    Path,
    header_rows,
    ordered_paths,
    paths_beside_blanks,
    repeated_paths,
    spanned_paths,
    tree,
)
from ingest.columns.meaning import Column, Form, HeaderReading, Reading, Time
from ingest.columns.rows import RowKind, classify_rows
from ingest.columns.vocabulary import Vocabulary
from ingest.document import Table

_Signature = tuple[object, ...]

# 资金来源 is money until the cells below it say otherwise.
_MONEY = frozenset({"amount", "source"})

# Items that stand beside the parts of a total and belong to none of them.
_NO_PARTS = frozenset(
    {
        "agency_operation",
        "meetings",
        "training",
        "administration",
        "small_business",
        "micro_business",
        "awarded",
        "procurement",
    }
)


class HeaderReader:
    """Reads headers; a header seen before is not read again."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._seen: dict[_Signature, tuple[str, str, tuple[Reading, ...]]] = {}

    def read(self, table: Table) -> HeaderReading:
        """All readings of the header of a table."""
        kinds = classify_rows(table, self._vocabulary)
        if RowKind.OTHER_HEADER in kinds:
            return HeaderReading(tuple(kinds), "two_headers", "", ())
        signature = _signature(table, kinds)
        if signature not in self._seen:
            self._seen[signature] = self._readings(table, kinds)
        status, decided_by, readings = self._seen[signature]
        readings = tuple(
            dict.fromkeys(with_contents(reading, table, kinds) for reading in readings)
        )
        times = self._times(table, kinds)
        if any(
            _says_more(time, reading) for time in times.values() for reading in readings
        ):
            return HeaderReading(tuple(kinds), "two_headers", "", ())
        return HeaderReading(tuple(kinds), status, decided_by, readings, times)

    def _times(self, table: Table, kinds: Sequence[RowKind]) -> dict[int, Time]:
        """What the last band above a row says of its time."""
        bands = {
            cell.row: self._vocabulary.lookup(cell.text)
            for cell in table.cells
            if kinds[cell.row] is RowKind.BAND and cell.text.strip()
        }
        times: dict[int, Time] = {}
        time = None
        for row in range(table.row_count):
            if band := bands.get(row):
                time = Time(band.phase, band.year)
            elif time is not None:
                times[row] = time
        return times

    def _readings(
        self, table: Table, kinds: Sequence[RowKind]
    ) -> tuple[str, str, tuple[Reading, ...]]:
        header = [k for k in kinds if k in (RowKind.HEADER, RowKind.HEADER_TOTAL)]
        if not header:
            return "no_header", "", ()
        if len(header) > MAXIMUM_HEADER_ROWS:
            return "too_many", "", ()
        if table.has_spans:
            paths = spanned_paths(table, kinds, self._vocabulary)
            return "read", "spans", (self._reading(self._of_projects(paths)),)
        if repeated := repeated_paths(table, kinds, self._vocabulary):
            missing: list[Path] = [()] * (table.column_count - len(repeated))
            return "read", "spans", (self._reading([*repeated, *missing]),)
        rows = header_rows(table, kinds, self._vocabulary)
        candidates = ordered_paths(
            rows, _used_columns(table), table.column_count, self._vocabulary
        )
        if not candidates:
            candidates = paths_beside_blanks(
                rows, _blank_columns(table), _used_columns(table), self._vocabulary
            )
        readings = tuple(dict.fromkeys(self._reading(paths) for paths in candidates))
        readings = _with_kinds_under_spending(readings)
        if not readings:
            return "does_not_fit", "", ()
        if len(readings) > MAXIMUM_READINGS:
            return "too_many", "", ()
        return "read", "labels" if len(readings) == 1 else "arithmetic", readings

    def _reading(self, paths: Sequence[Path]) -> Reading:
        columns = tuple(self._columns(paths))
        root = tree(paths)
        forms = tuple(dict.fromkeys(self._forms(root, columns, is_complete=True)))
        # What belongs to a sum is known where one of its parts is not.
        of_sums = tuple(self._forms(root, columns, is_complete=False))
        return Reading(_inherit_year_basis(columns, of_sums), forms)

    def _columns(self, paths: Sequence[Path]) -> Iterator[Column]:
        for column, path in zip(_columns(paths, self._vocabulary), paths, strict=True):
            if column.role in _MONEY and not self._is_nested(path):
                yield replace(column, role=None)
            else:
                yield column

    def _of_projects(self, paths: Sequence[Path]) -> list[Path]:
        """The paths with 商品和服务支出 below 项目支出 as that part of projects.

        Where nothing but the place of a label says what it stands below, it says too
        little for that.
        """
        found: dict[Heading, Heading] = {}
        for path in paths:
            for outer, inner in pairwise(path):
                part = self._vocabulary.part_of_projects(inner.label)
                if outer.label.measure == "project" and part:
                    label = replace(inner.label, measure=part)
                    found[inner] = replace(inner, label=label)
        # a heading over several columns stays one
        return [tuple(found.get(heading, heading) for heading in p) for p in paths]

    def _is_nested(self, path: Path) -> bool:
        """Whether kinds of expenditure lie in each other: not 302 below 项目支出."""
        measures = [h.label.measure for h in path if h.label.measure]
        return all(
            inner == outer or self._vocabulary.is_within("measure", inner, outer)
            for outer, inner in pairwise(measures)
        )

    def _forms(
        self, root: Node, columns: Sequence[Column], *, is_complete: bool
    ) -> Iterator[Form]:
        money = [column for column in columns if column.role in _MONEY]
        times = dict.fromkeys((c.phase, c.label_year) for c in money)
        printed = [time for time in times if time != (None, None)]
        # With one year and one phase in a header nothing is to be kept apart.
        apart: list[tuple[str | None, int | None] | None] = [None]
        if len(printed) > 1 and _are_apart(printed):
            apart = [*printed]
        # 上年预算数 beside 合计 | 基本支出 | 项目支出 is no part of this year's.
        elif len(times) > 1 and any(_is_prior(phase) for phase, _ in printed):
            apart = [*times]
        for time in apart:
            usable = {
                c.column
                for c in money
                if time is None
                or (c.phase, c.label_year) == time
                or ((c.phase, c.label_year) == (None, None) and not _is_prior(time[0]))
            }
            yield from self._group_forms(root, columns, usable, is_complete)

    def _group_forms(
        self,
        group: Node,
        columns: Sequence[Column],
        usable: set[int],
        is_complete: bool,
    ) -> Iterator[Form]:
        for child in group.children:
            yield from self._group_forms(child, columns, usable, is_complete)
        parts = [
            child
            for child in group.children
            if not child.label.is_text and _value(child, usable)
        ]
        # An unknown column among the money may be a part: then nothing is known.
        if is_complete and any(
            not _is_read(child, columns)
            for child in group.children[
                group.children.index(parts[0]) if parts else 0 :
            ]
            if not child.label.is_text and not child.label.is_of_which
        ):
            return
        for pane in _by_pane(parts, columns):
            total = next((child for child in pane if _is_sum(child)), None)
            others = [child for child in pane if child is not total]
            for parts_total, parts_of_it in _by_year(total, others):
                for addends in _by_dimension(parts_of_it):
                    yield from self._part_forms(parts_total, addends, columns, usable)

    def _part_forms(
        self,
        total: Node | None,
        addends: list[Node],
        columns: Sequence[Column],
        usable: set[int],
    ) -> Iterator[Form]:
        above = {id(child): self._parent_among(child, addends) for child in addends}
        for parent in [total, *addends]:
            wanted = None if parent is total else parent
            # 合计 beside 三公经费小计 counts 会议费 and 培训费 too
            takes_all = (
                parent is total is not None
                and total.label.item is None
                and any(child.label.item == "total" for child in addends)
            )
            terms = [
                child
                for child in addends
                if above[id(child)] is wanted
                and not child.label.is_of_which
                and not _names_one_part(child)
                and parent is not None
                and (takes_all or _belongs(child, parent, columns))
            ]
            # 合计 | 其中：基本支出 | 项目支出: one word opens the list of some parts
            if wanted is None and addends[0].label.is_of_which:
                continue
            if parent is None or not terms:
                continue
            yield Form(
                _value(parent, usable),
                tuple(column for term in terms for column in _value(term, usable)),
            )

    def _parent_among(self, child: Node, siblings: list[Node]) -> Node | None:
        """The nearest sibling whose value contains the child's."""
        for dimension in ("measure", "fund", "item"):
            value = getattr(child.label, dimension)
            if value is None:
                continue
            containing = [
                sibling
                for sibling in siblings
                if (other := getattr(sibling.label, dimension)) is not None
                and self._vocabulary.is_within(dimension, value, other)
            ]
            # the innermost one: the one that no other contains less of
            for sibling in containing:
                other = getattr(sibling.label, dimension)
                if not any(
                    self._vocabulary.is_within(
                        dimension, getattr(inner.label, dimension), other
                    )
                    for inner in containing
                ):
                    return sibling
        return None


def _says_more(time: Time, reading: Reading) -> bool:
    """Whether columns below a band are of several phases or years themselves."""
    phases = {c.phase for c in reading.columns if c.role in _MONEY}
    years = {c.label_year for c in reading.columns if c.role in _MONEY}
    return bool(
        (time.phase and len(phases) > 1) or (time.label_year and len(years) > 1)
    )


def _inherit_year_basis(
    columns: tuple[Column, ...], forms: Sequence[Form]
) -> tuple[Column, ...]:
    """The parts of 本年收入合计 are of this year too."""
    inherited = {
        part: basis
        for form in forms
        if len(form.total) == 1 and (basis := columns[form.total[0]].year_basis)
        for part in form.terms
    }
    return tuple(
        replace(column, year_basis=inherited[column.column])
        if column.year_basis is None and column.column in inherited
        else column
        for column in columns
    )


def _with_kinds_under_spending(readings: tuple[Reading, ...]) -> tuple[Reading, ...]:
    """Readings that give 基本支出 to 本年支出, where only one group can have it.

    小计, 基本支出, 项目支出 below 年初结转, 本年收入, 本年支出 divide what is
    spent; revenue and carryover are divided so only beside it.
    """
    kept = tuple(r for r in readings if not _divides_other_than_spending(r.columns))
    return kept or readings


def _divides_other_than_spending(columns: Sequence[Column]) -> bool:
    spending = [column for column in columns if column.side == "expenditure"]
    return (
        bool(spending)
        and all(column.measure is None for column in spending)
        and any(
            column.measure is not None
            and (
                column.side in ("revenue", "carryover_out")
                or column.year_basis == "carryover"
            )
            for column in columns
        )
    )


def _is_prior(phase: str | None) -> bool:
    return bool(phase) and str(phase).startswith("prior_")


def _are_apart(times: Sequence[tuple[str | None, int | None]]) -> bool:
    """Whether budget and final figures, or two years, stand in one header."""
    phases = {phase for phase, _ in times if phase}
    years = {year for _, year in times if year}
    return len(phases) > 1 or len(years) > 1


def _columns(paths: Sequence[Path], vocabulary: Vocabulary) -> Iterator[Column]:
    pane = 0
    seen_money = False
    for column, path in enumerate(paths):
        left = paths[column - 1] if column else ()
        names_lines = not (left and left[-1].label.is_text) and _names_lines(
            path, paths[column + 1 : column + 2]
        )
        role = "name" if names_lines else _role(path, vocabulary)
        is_text = names_lines or (bool(path) and path[-1].label.is_text)
        # a note or a number of things between words and money begins no pane
        if is_text and seen_money and role != "note":
            pane += 1
            seen_money = False
        seen_money = seen_money or not (is_text or role == "count")
        yield Column(
            column=column,
            pane=pane,
            role=role,
            side=_first(path, "side"),
            measure=_last(path, "measure"),
            fund=_fund(path),
            year_basis=_last(path, "year_basis"),
            phase=_last(path, "phase"),
            item=_last(path, "item"),
            classification=_last(path, "classification"),
            is_total=bool(path) and path[-1].label.is_total,
            label_year=_last(path, "year"),
            label_path=" / ".join(" ".join(h.label.text.split()) for h in path),
        )


def _names_lines(path: Path, following: Sequence[Path]) -> bool:
    """收入 | 预算数 | 支出 | 预算数: a side over a single column holds its lines."""
    if not path or path[-1].label.role != "side" or path[-1].label.fund:
        return False
    if len(path) > 1:
        return path[-2].label.role == "side"
    return any(
        len(right) == 1
        and right[0].label.role == "amount"
        and right[0].label.side is None
        for right in following
    )


def _role(path: Path, vocabulary: Vocabulary) -> str | None:
    # 金额 | % below 比上年增减 compare, whatever their words are
    if any(heading.label.role == "ratio" for heading in path[:-1]):
        return "text"
    # 增减额 | 增减% compare, whatever the words above them are
    if path and path[-1].label.role == "ratio":
        return "ratio"
    if not path or not all(heading.label.is_known for heading in path):
        return None
    if _is_part_of_another_fund(path, vocabulary):
        return None
    role = path[-1].label.role
    if any(heading.label.role in {"text", "ratio", "count"} for heading in path[:-1]):
        return "text"
    if role == "subject":
        return "name"
    if any(
        not vocabulary.is_placed(heading.label, (h.label for h in path[:depth]))
        for depth, heading in enumerate(path)
    ):
        return None
    return "amount" if role in {"side", "group", "part"} else role


def _is_part_of_another_fund(path: Path, vocabulary: Vocabulary) -> bool:
    """其中：教育收费 below 事业收入: no fund of the vocabulary lies in the other."""
    funds = [heading.label.fund for heading in path if heading.label.fund]
    return (
        path[-1].label.is_of_which
        and len(funds) > 1
        and funds[-1] not in (funds[-2], "fiscal_appropriation")
        and not vocabulary.is_within("fund", funds[-1], funds[-2])
    )


def _fund(path: Path) -> str | None:
    fund: str | None = _last(path, "fund")
    is_of_which = any(heading.label.is_of_which for heading in path)
    if is_of_which and fund == "fiscal_appropriation" and len(path) > 1:
        return "of_which_fiscal_appropriation"
    return fund


def _last(path: Sequence[Heading], name: str):  # type: ignore[no-untyped-def]
    """What the deepest label of the path says of a dimension."""
    return reduce(
        lambda found, heading: _or(getattr(heading.label, name), found), path, None
    )


def _first(path: Sequence[Heading], name: str) -> str | None:
    return next(
        (value for h in path if (value := getattr(h.label, name)) is not None), None
    )


def _or(value: object, otherwise: object) -> object:
    return otherwise if value is None else value


def _value(node: Node, usable: set[int]) -> tuple[int, ...]:
    """The columns whose sum is the amount of a node; empty when it has none."""
    if node.column is not None:
        return (node.column,) if node.column in usable else ()
    total = next((child for child in node.children if _is_sum(child)), None)
    if total is not None:
        return _value(total, usable)
    return tuple(
        column
        for child in node.children
        if not child.label.is_text and not child.label.is_of_which
        for column in _value(child, usable)
    )


def _is_sum(node: Node) -> bool:
    return node.label.is_total


def _names_one_part(node: Node) -> bool:
    """其中 over a single column: what else there is it does not say."""
    label = node.label
    return label.role == "group" and label.fund is None and len(node.children) == 1


def _leaf_columns(node: Node) -> Iterator[int]:
    if node.column is not None:
        yield node.column
    for child in node.children:
        yield from _leaf_columns(child)


def _is_read(node: Node, columns: Sequence[Column]) -> bool:
    """Whether every part is understood that the amount of a node consists of."""
    if node.column is not None:
        return columns[node.column].role is not None
    return all(
        _is_read(child, columns)
        for child in node.children
        if not child.label.is_of_which
    )


def _by_pane(parts: list[Node], columns: Sequence[Column]) -> Iterator[list[Node]]:
    panes: dict[int, list[Node]] = {}
    for part in parts:
        panes.setdefault(columns[next(_leaf_columns(part))].pane, []).append(part)
    yield from panes.values()


def _by_dimension(parts: list[Node]) -> Iterator[list[Node]]:
    """Parts by kind of expenditure and parts by source are two splits of a total."""
    split: dict[str, list[Node]] = {}
    for part in parts:
        label = part.label
        kind = "item" if label.item else "measure" if label.measure else "source"
        split.setdefault(kind, []).append(part)
    yield from split.values()


def _by_year(
    total: Node | None, others: list[Node]
) -> Iterator[tuple[Node | None, list[Node]]]:
    """A subtotal 本年收入小计 after the total takes the parts that follow it."""
    start = next(
        (i for i, x in enumerate(others) if _is_sum(x) and x.label.year_basis), None
    )
    if total is None or start is None or total.label.year_basis:
        yield total, others
        return
    subtotal = others[start]
    end = next(
        (
            i
            for i in range(start + 1, len(others))
            if others[i].label.year_basis not in (None, subtotal.label.year_basis)
        ),
        len(others),
    )
    yield subtotal, others[start + 1 : end]
    yield total, [*others[:start], subtotal, *others[end:]]


def _belongs(child: Node, parent: Node, columns: Sequence[Column]) -> bool:
    """Whether a part counts in a total: same year basis, same family of items."""
    total = columns[next(_leaf_columns(parent))]
    part = columns[next(_leaf_columns(child))]
    if total.year_basis and part.year_basis and total.year_basis != part.year_basis:
        return False
    if part.role not in _MONEY:
        return False
    # what is left over is no part of what is spent
    if part.side == "carryover_out" != total.side:
        return False
    return (
        not (part.item and not total.item and not parent.label.is_total)
        and part.item not in _NO_PARTS
    )


def _used_columns(table: Table) -> int:
    return 1 + max((c.column for c in table.cells if c.text.strip()), default=-1)


def _blank_columns(table: Table) -> tuple[int, ...]:
    """The columns that print nothing, in no row, with printed ones on their right."""
    filled = {cell.column for cell in table.cells if cell.text.strip()}
    return tuple(x for x in range(_used_columns(table)) if x not in filled)


def _signature(table: Table, kinds: Sequence[RowKind]) -> _Signature:
    header = tuple(
        (cell.row, cell.column, cell.row_span, cell.column_span, cell.text)
        for cell in table.cells
        if kinds[cell.row] in (RowKind.HEADER, RowKind.HEADER_TOTAL)
    )
    return (
        table.has_spans,
        table.column_count,
        _used_columns(table),
        () if table.has_spans else _blank_columns(table),
        header,
        tuple(k for k in kinds if k in (RowKind.HEADER, RowKind.HEADER_TOTAL)),
    )
