"""The header of a table as a tree, and all readings of it that keep its order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from ingest.columns.rows import RowKind, is_index_mark
from ingest.columns.vocabulary import CODE_PARTS, Label, Vocabulary, normalize
from ingest.document import Cell, Table

# A header that allows more readings than this is not worth scoring: it says
# too little, and its table is reported as not understood.
MAXIMUM_READINGS = 64
# Labels below each other; a list of as many words is no header, and each costs time.
MAXIMUM_HEADER_ROWS = 60


@dataclass(frozen=True, slots=True)
class Heading:
    """One printed header cell: its label and the column it is printed in."""

    label: Label
    column: int
    number: int


Path = tuple[Heading, ...]


@dataclass(slots=True)
class Node:
    """A heading with the columns or headings below it."""

    heading: Heading | None
    children: list[Node] = field(default_factory=list)
    column: int | None = None

    @property
    def label(self) -> Label:
        """The label; the root has an empty one."""
        return self.heading.label if self.heading else Label("")


def tree(paths: Sequence[Path]) -> Node:
    """The tree whose leaves are the columns, from the header path of each."""
    root = Node(None)
    for column, path in enumerate(paths):
        node = root
        for heading in path:
            last = node.children[-1] if node.children else None
            if last is None or last.heading is not heading or last.column is not None:
                last = Node(heading)
                node.children.append(last)
            node = last
        if node is root:
            node = Node(None)
            root.children.append(node)
        node.column = column
    return root


def header_rows(
    table: Table, kinds: Sequence[RowKind], vocabulary: Vocabulary
) -> list[list[Heading]]:
    """The headings of the first header block, row by row, in printed order."""
    rows: dict[int, list[Heading]] = {}
    numbers = _first_block(kinds)
    for number, cell in enumerate(sorted(table.cells, key=_place)):
        if cell.row in numbers and _is_printed(cell):
            label = vocabulary.lookup(cell.text)
            if kinds[cell.row] is RowKind.HEADER_TOTAL and not label.is_text:
                continue
            heading = Heading(label, cell.column, number)
            rows.setdefault(cell.row, []).append(heading)
    return [rows[number] for number in sorted(rows)]


def spanned_paths(
    table: Table, kinds: Sequence[RowKind], vocabulary: Vocabulary
) -> list[Path]:
    """The header path of each column where the spans survive."""
    numbers = _first_block(kinds)
    paths: list[list[Heading]] = [[] for _ in range(table.column_count)]
    for number, cell in enumerate(sorted(table.cells, key=_place)):
        if cell.row not in numbers or not _is_printed(cell):
            continue
        label = vocabulary.lookup(cell.text)
        if kinds[cell.row] is RowKind.HEADER_TOTAL and label.role not in CODE_PARTS:
            continue
        heading = Heading(label, cell.column, number)
        for column in range(cell.column, cell.column + cell.column_span):
            paths[column].append(heading)
    shared = Counter(heading.number for path in paths for heading in path)
    return [tuple(_unbroken(path, shared, vocabulary)) for path in paths]


def _unbroken(
    path: Sequence[Heading], shared: Counter[int], vocabulary: Vocabulary
) -> list[Heading]:
    """The headings of a column, a label broken over two cells put together.

    上年结转结 above 余: neither is a label, and no other column is below them.
    """
    whole: list[Heading] = []
    for heading in path:
        above = whole[-1] if whole else None
        if (
            above is not None
            and not (above.label.is_known and heading.label.is_known)
            and shared[above.number] == shared[heading.number] == 1
        ):
            label = vocabulary.lookup(above.label.text + heading.label.text)
            if label.is_known:
                whole[-1] = Heading(label, above.column, above.number)
                continue
        whole.append(heading)
    return whole


def repeated_paths(
    table: Table, kinds: Sequence[RowKind], vocabulary: Vocabulary
) -> list[Path]:
    """The header paths where an export repeats the text of a merged cell.

    Then every header row is full, and equal neighbours are one label. Empty
    when the header does not look so.
    """
    numbers = sorted(_first_block(kinds))
    width = 1 + max((c.column for c in table.cells if c.text.strip()), default=-1)
    grid = [[""] * width for _ in numbers]
    cells: dict[tuple[int, int], Cell] = {}
    for cell in table.cells:
        if cell.row in numbers and cell.column < width:
            grid[numbers.index(cell.row)][cell.column] = normalize(cell.text)
            cells[numbers.index(cell.row), cell.column] = cell
    repeats = len(grid) > 1 and any(left == right for left, right in pairwise(grid[0]))
    if not repeats or not all(text for row in grid for text in row):
        return []
    paths: list[list[Heading]] = [[] for _ in range(width)]
    for row, texts in enumerate(grid):
        before = [tuple(path) for path in paths]
        for column, text in enumerate(texts):
            if row and text == grid[row - 1][column]:
                continue
            left = column - 1
            if (
                column
                and text == texts[left]
                and before[left] == before[column]
                and len(paths[left]) > len(before[left])
            ):
                paths[column].append(paths[left][-1])
            else:
                label = vocabulary.lookup(cells[row, column].text)
                paths[column].append(Heading(label, column, row * width + column))
    return [tuple(path) for path in paths]


def ordered_paths(
    rows: Sequence[Sequence[Heading]],
    least_columns: int,
    most_columns: int,
    vocabulary: Vocabulary,
) -> list[list[Path]]:
    """Every reading that keeps the printed order under allowed parents.

    Each row of labels is attached to the leaves so far, in order; a reading
    counts when it has as many leaves as the table has columns. Readings that
    the printed positions contradict are dropped if others remain.
    """
    readings: list[list[Path]] = [[(heading,) for heading in rows[0]]] if rows else []
    for row in rows[1:]:
        extended: list[list[Path]] = []
        for leaves in readings:
            for result in _attach(leaves, row, vocabulary):
                if len(result) <= most_columns:
                    extended.append(result)
                if len(extended) > 40 * MAXIMUM_READINGS:
                    return []
        readings = extended
    fitting = [
        leaves
        for leaves in readings
        if least_columns <= len(leaves) <= most_columns and _is_well_formed(leaves)
    ]
    # Nothing stands above the top row: if it kept its blanks, it kept its places.
    if rows and _has_gap(rows[0]):
        top = {heading.number for heading in rows[0]}
        fitting = [x for x in fitting if _stands_in_place(x, top)] or fitting
    fitting = [leaves for leaves in fitting if _has_panes_by_side(leaves)] or fitting
    in_place = [leaves for leaves in fitting if _stands_in_place(leaves)]
    return in_place or fitting


def _has_panes_by_side(leaves: Sequence[Path]) -> bool:
    """Words below 支出 begin its pane; then the pane on the left has a side too."""
    return leaves[0][0].label.role == "side" or not any(
        path[0].label.role == "side" and path[-1].label.is_text and len(path) > 1
        for path in leaves
    )


def _has_gap(row: Sequence[Heading]) -> bool:
    return row[-1].column >= len(row)


def paths_beside_blanks(
    rows: Sequence[Sequence[Heading]],
    blank: Sequence[int],
    used_columns: int,
    vocabulary: Vocabulary,
) -> list[list[Path]]:
    """The readings of a header over columns of which some print nothing at all.

    A label that was merged over them left them behind: they have no label of their
    own. Each of the others must stand where it is printed.
    """
    if not blank:
        return []
    filled = [column for column in range(used_columns) if column not in blank]
    places = {column: place for place, column in enumerate(filled)}
    moved = [
        [Heading(h.label, places[h.column], h.number) for h in row] for row in rows
    ]
    whole: list[list[Path]] = []
    for leaves in ordered_paths(moved, len(filled), len(filled), vocabulary):
        if _stands_in_place(leaves):
            paths: list[Path] = [()] * used_columns
            for column, path in zip(filled, leaves, strict=True):
                paths[column] = path
            whole.append(paths)
    return whole


def _attach(
    leaves: list[Path], row: Sequence[Heading], vocabulary: Vocabulary
) -> Iterator[list[Path]]:
    """All ways to hang the headings of a row below the leaves, in order."""
    children: list[list[Heading]] = [[] for _ in leaves]

    def place(number: int, first: int) -> Iterator[list[Path]]:
        if number == len(row):
            yield [
                extended
                for leaf, below in zip(leaves, children, strict=True)
                for extended in ([(*leaf, h) for h in below] if below else [leaf])
            ]
            return
        heading = row[number]
        for index in range(first, len(leaves)):
            if _may_stand_under(heading, children[index], leaves[index], vocabulary):
                children[index].append(heading)
                yield from place(number + 1, index)
                children[index].pop()

    return place(0, 0)


def _may_stand_under(
    heading: Heading, siblings: list[Heading], path: Path, vocabulary: Vocabulary
) -> bool:
    child = heading.label
    parent = path[-1].label
    if not _may_follow(child, siblings):
        return False
    if parent.is_total:
        return _is_phase_only(child)
    if parent.role == "ratio":
        return not child.is_text
    if parent.role in CODE_PARTS or parent.role in {"count", "ordinal"}:
        return False
    if child.role in CODE_PARTS:
        return parent.role in {"code", "subject"}
    if child.is_text:
        return _may_hold_text(parent, path)
    if parent.is_text or not vocabulary.is_placed(child, (h.label for h in path)):
        return False
    return all(
        _may_narrow(dimension, child, path, vocabulary)
        for dimension in ("measure", "fund", "item")
    ) and not (
        child.year_basis
        and any(h.label.year_basis not in (None, child.year_basis) for h in path)
    )


def _may_follow(child: Label, siblings: list[Heading]) -> bool:
    """No sibling twice, unless a group repeats: code, name, amount, code, …"""
    labels = [sibling.label for sibling in siblings]
    period = _period(labels)
    if child.is_text and labels and not labels[-1].is_text:
        return len(labels) % period == 0 and child.role == labels[0].role
    if len(labels) > period:
        first = labels[len(labels) % period]
        return child.is_text == first.is_text and (child.is_text or _same(child, first))
    return not any(_same(child, label) for label in labels)


def _period(labels: Sequence[Label]) -> int:
    """How many headings the first pane of a group has: words, then money."""
    begins = (
        i
        for i in range(1, len(labels))
        if labels[i].is_text and not labels[i - 1].is_text and labels[i].role != "note"
    )
    return next(begins, len(labels))


def _may_hold_text(parent: Label, path: Path) -> bool:
    if parent.role in {"side", "group", "source", "text"} or parent.role is None:
        return True
    if parent.role in {"subject", "code"}:
        return True
    return len(path) == 1 and bool(parent.fund or parent.measure)


def _may_narrow(
    dimension: str, child: Label, path: Path, vocabulary: Vocabulary
) -> bool:
    """Whether the child's value lies below what the path says so far."""
    value = getattr(child, dimension)
    if value is None:
        return True
    above = [found for h in path if (found := getattr(h.label, dimension)) is not None]
    if not above:
        return True
    if dimension == "fund" and (child.is_of_which or value == above[-1]):
        return True
    return vocabulary.is_within(dimension, value, above[-1])


def _is_phase_only(label: Label) -> bool:
    return bool(label.phase or label.year) and not (
        label.measure or label.fund or label.item or label.is_total
    )


def _same(left: Label, right: Label) -> bool:
    return left.text == right.text or (
        left.is_known
        and not left.is_text
        and left.role not in {"count", "ratio"}
        and _meaning(left) == _meaning(right)
    )


def _meaning(label: Label) -> tuple[object, ...]:
    return (
        label.role,
        label.side,
        label.measure,
        label.fund,
        label.year_basis,
        label.phase,
        label.item,
        label.is_total,
        label.is_of_which,
        label.year,
    )


def _is_well_formed(leaves: list[Path]) -> bool:
    """A total stands first or last among its siblings; words stand left of money."""
    return all(_group_is_well_formed(node) for node in _groups(tree(leaves)))


def _groups(node: Node) -> Iterable[Node]:
    if node.children:
        yield node
        for child in node.children:
            yield from _groups(child)


def _group_is_well_formed(group: Node) -> bool:
    money = [child for child in group.children if not child.label.is_text]
    if group.heading is None:
        return True
    if not group.label.is_text and group.label.role == "amount" and not money:
        return False
    if group.label.item and len(money) == 1 and money[0].label.is_total:
        return False
    # Within one group words never follow money: that is where a pane begins.
    # Panes of one group repeat its headings.
    period = _period([child.label for child in group.children])
    if not period or len(group.children) % period:
        return False
    for start in range(0, len(group.children), period):
        pane = group.children[start : start + period]
        kinds = [c.label.is_text for c in pane if c.label.role != "note"]
        if kinds != sorted(kinds, reverse=True):
            return False
        money = [child for child in pane if not child.label.is_text]
        totals = [i for i, child in enumerate(money) if child.label.is_total]
        if len(totals) > 1 or any(i not in (0, len(money) - 1) for i in totals):
            return False
    return True


def _stands_in_place(leaves: list[Path], only: set[int] | None = None) -> bool:
    seen: set[int] = set()
    for column, path in enumerate(leaves):
        for heading in path:
            if heading.number not in seen and (only is None or heading.number in only):
                seen.add(heading.number)
                if heading.column != column:
                    return False
    return True


def _first_block(kinds: Sequence[RowKind]) -> set[int]:
    numbers: set[int] = set()
    for number, kind in enumerate(kinds):
        if kind in (RowKind.HEADER, RowKind.HEADER_TOTAL):
            numbers.add(number)
        elif numbers:
            break
    return numbers


def _is_printed(cell: Cell) -> bool:
    folded = normalize(cell.text)
    return bool(folded) and not is_index_mark(folded)


def _place(cell: Cell) -> tuple[int, int]:
    return (cell.row, cell.column)
