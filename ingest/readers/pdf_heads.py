"""Header cells of a table without ruling lines: which text stands over which columns.

Header texts are centred in cells that nobody drew. A text over one column that
has none below it is that column's own. A text above others stands over those
columns in whose middle it is; where that does not tell, :class:`Unsure` is
raised, since a label over the wrong columns would change what amounts mean.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from ingest.readers.pdf_words import Word

# All lengths are in ems.
_LEADING = 1.75  # the lines of one label are not farther apart
_CENTRED = 0.4  # how far the middles of centred lines may differ
_FLUSH = 0.3  # ... and the left edges of lines that begin at one edge
_TOUCH = 0.15  # what print may reach into a column that it is not over
_FIT = 0.6  # how far a label may stand off the middle of its columns
_TIE = 0.4  # two readings whose fit differs by less fit equally well
_PADDINGS = (-0.2, 3.0)  # from the edge of the print to the edge of its cell
_USUAL_PADDING = 0.3
_ROUNDING = 0.1  # points


class Unsure(Exception):
    """The alignment allows more than one reading, or none."""


@dataclass(slots=True)
class Column:
    """The place of a column: the extent of its print and how it is aligned.

    ``edge`` is the common edge: the left one, the middle or the right one as
    ``alignment`` says ("left", "centre", "right" or "" for none).
    """

    left: float
    right: float
    alignment: str = ""
    edge: float = 0.0
    has_amounts: bool = False
    has_figures: bool = False


@dataclass(slots=True, eq=False)
class Block:
    """Lines of print that make the text of one cell, from column first to last."""

    words: list[Word]
    first: int = 0
    last: int = 0
    row: int = 0
    row_span: int = 1

    @property
    def left(self) -> float:
        """The left edge of the print."""
        return min(word.left for word in self.words)

    @property
    def right(self) -> float:
        """The right edge of the print."""
        return max(word.right for word in self.words)

    @property
    def centre(self) -> float:
        """The horizontal middle of the print."""
        return (self.left + self.right) / 2

    @property
    def middle(self) -> float:
        """The vertical middle of the block."""
        return (self.first_middle + self.last_middle) / 2

    @property
    def first_middle(self) -> float:
        """The vertical middle of the first line."""
        return min(word.middle for word in self.words)

    @property
    def last_middle(self) -> float:
        """The vertical middle of the last line."""
        return max(word.middle for word in self.words)

    def is_below(self, other: Block, em: float) -> bool:
        """Whether its first line stands below the last line of another."""
        return self.first_middle - other.last_middle > 0.5 * em


@dataclass(slots=True)
class Head:
    """The header of a table: its cells, its columns and the borders between them.

    ``rows`` is the number of header rows; ``bottom`` the middle of the lowest line.
    """

    blocks: list[Block]
    columns: list[Column]
    borders: list[float]
    rows: int
    bottom: float
    dropped: set[int] = field(default_factory=set)  # lines that turned out captions


def overlapped(
    columns: Sequence[Column], left: float, right: float, em: float
) -> range:
    """The columns that print from ``left`` to ``right`` reaches into."""
    touch = min(_TOUCH * em, (right - left) / 4)
    inside = [
        index
        for index, column in enumerate(columns)
        if left + touch < column.right and column.left < right - touch
    ]
    return range(inside[0], inside[-1] + 1) if inside else range(0)


def read_head(
    words: Sequence[Word], columns: Sequence[Column], em: float, captioned: bool
) -> Head:
    """The header that words above the first figures form.

    A label over all columns is a header if the caption stands above it (``captioned``);
    otherwise it is a caption itself. Raises Unsure.
    """
    blocks = _joined(_blocks(words, columns, em), em)
    columns = [*columns]
    blocks.sort(key=lambda block: -block.last_middle)
    leaves, above = _leaves(blocks, columns, em)
    borders = borders_of(columns, leaves, em)
    _widen(leaves, borders)
    if any(
        leaf.first < leaf.last and columns[index].has_amounts
        for index, leaf in leaves.items()
    ):
        raise Unsure("one label over several columns of amounts")
    over_all = _place_above(above, leaves, columns, borders, captioned, em)
    dropped = {word.line for block in over_all if not captioned for word in block.words}
    used = list(dict.fromkeys([*leaves.values(), *above]))
    used = [b for b in used if not any(word.line in dropped for word in b.words)]
    rows = _levels(used, len(columns))
    figures = [i for i, column in enumerate(columns) if column.has_figures]
    if any(index not in leaves for index in figures):
        raise Unsure("a column of figures has no header")
    bottom = max((leaves[i].last_middle for i in figures), default=0.0)
    return Head(used, columns, borders, rows, bottom, dropped)


def _blocks(words: Sequence[Word], columns: Sequence[Column], em: float) -> list[Block]:
    """One block a word; words that share a line and a column are one block."""
    blocks: dict[tuple[int, int], Block] = {}
    alone: list[Block] = []
    for word in words:
        over = overlapped(columns, word.left, word.right, em)
        if len(over) == 1:
            key = (word.line, over[0])
            if key in blocks:
                blocks[key].words.append(word)
            else:
                blocks[key] = Block([word])
        else:
            alone.append(Block([word]))
    return [*blocks.values(), *alone]


def _joined(blocks: list[Block], em: float) -> list[Block]:
    """The blocks, with the lines of one label made one."""
    blocks = sorted(blocks, key=lambda block: block.first_middle)
    joined: list[Block] = []
    for block in blocks:
        above = [
            one
            for one in joined
            if _over(one, block)
            and 0.5 * em < block.first_middle - one.last_middle <= _LEADING * em
        ]
        if len(above) == 1 and _is_next_line(above[0], block, blocks, em):
            above[0].words += block.words
        else:
            joined.append(block)
    return joined


def _over(one: Block, other: Block) -> bool:
    """Whether two blocks share half of the narrower one's width."""
    shared = min(one.right, other.right) - max(one.left, other.left)
    return shared > 0.5 * min(one.right - one.left, other.right - other.left)


def _is_next_line(
    upper: Block, lower: Block, blocks: Sequence[Block], em: float
) -> bool:
    centred = abs(upper.centre - lower.centre) <= _CENTRED * em
    if not centred and abs(upper.left - lower.left) > _FLUSH * em:
        return False
    beside = [
        one
        for one in blocks
        if one is not lower and abs(one.first_middle - lower.first_middle) < 0.4 * em
    ]
    if any(_over(upper, one) for one in beside):
        return False  # a label over several
    bare = [one for one in beside if not _has_line_above(one, blocks, em)]
    left = [one for one in bare if one.right < lower.left]
    right = [one for one in bare if one.left > lower.right]
    if not centred or not left or not right:
        return True
    group = (
        max(left, key=lambda o: o.left).left,
        min(right, key=lambda o: o.left).right,
    )
    if abs(sum(group) / 2 - upper.centre) > em:
        return True
    # It may as well stand over three: then labels of one line are higher up.
    if any(_stands_higher(one, lower, blocks, em) for one in blocks):
        return False
    raise Unsure("a label of two lines, or one over three columns")


def _has_line_above(block: Block, blocks: Sequence[Block], em: float) -> bool:
    return any(
        one is not block
        and block.is_below(one, em)
        and one.left < block.right
        and block.left < one.right
        for one in blocks
    )


def _stands_higher(
    block: Block, lower: Block, blocks: Sequence[Block], em: float
) -> bool:
    """Whether a block stands higher than another, with nothing under it."""
    return lower.first_middle - block.last_middle > 0.3 * em and not any(
        one.is_below(block, em) and one.left < block.right and block.left < one.right
        for one in blocks
    )


def _leaves(
    blocks: Sequence[Block], columns: list[Column], em: float
) -> tuple[dict[int, Block], list[Block]]:
    """The own label of each column, and the labels above others.

    ``blocks`` come from the bottom up. A label beside all columns shows a column
    that has no print of its own.
    """
    leaves: dict[int, Block] = {}
    above: list[Block] = []
    for number, block in enumerate(blocks):
        over = overlapped(columns, block.left, block.right, em)
        if not over:
            over = _beside(block, blocks[number + 1 :], leaves, columns, em)
        if not over:
            place = sum(column.right < block.centre for column in columns)
            beside = [leaves.get(place - 1), leaves.get(place)]
            if all(leaf is not None and leaf.is_below(block, em) for leaf in beside):
                above.append(block)
                continue
            columns.insert(place, Column(block.left, block.right))
            leaves = {i + (i >= place): leaf for i, leaf in leaves.items()}
            leaves[place] = block
        elif not any(index in leaves for index in over):
            for index in over:
                leaves[index] = block
            if len(over) == 1:
                column = columns[over[0]]
                column.left = min(column.left, block.left)
                column.right = max(column.right, block.right)
        else:
            above.append(block)
    if any(one.right >= other.left for one, other in pairwise(columns)):
        raise Unsure("labels of two columns overlap")
    return leaves, above


def _beside(
    block: Block,
    others: Sequence[Block],
    leaves: dict[int, Block],
    columns: Sequence[Column],
    em: float,
) -> range:
    """The column in whose cell a label stands beside the print, if there is one.

    Amounts are flush right, so a label in the middle of the cell may stand left of
    them; codes are flush left, and theirs may stand right of them.
    """
    right = sum(column.right < block.centre for column in columns)
    low, high = _gap(columns, right)
    between = [one for one in others if low < one.left and one.right < high]
    bare = [
        index
        for index, aligned in ((right - 1, "right"), (right, "left"))
        if 0 <= index < len(columns)
        and index not in leaves
        and columns[index].alignment != aligned
        and _can_be_centred(block, index, columns, em)
        and not any(
            index in overlapped(columns, other.left, other.right, em)
            and not block.is_below(other, em)
            for other in others
        )
        and not any(
            block.right < one.left if index == right else one.right < block.left
            for one in between
            if _can_be_centred(one, index, columns, em)
        )
    ]
    if len(bare) > 1:
        raise Unsure("a label between two columns without one")
    return range(bare[0], bare[0] + 1) if bare else range(0)


def _gap(columns: Sequence[Column], place: int) -> tuple[float, float]:
    """The free space left of the column at a place."""
    low = columns[place - 1].right if place else float("-inf")
    high = columns[place].left if place < len(columns) else float("inf")
    return low, high


def _can_be_centred(
    block: Block, index: int, columns: Sequence[Column], em: float
) -> bool:
    """Whether a label beside a column can be the middle of its cell.

    The cell reaches from the print as far beyond the label as before it, but not
    into the neighbour.
    """
    column = columns[index]
    if block.centre < column.left:
        return 2 * block.centre - column.right > _gap(columns, index)[0] - em
    return 2 * block.centre - column.left < _gap(columns, index + 1)[1] + em


def borders_of(
    columns: Sequence[Column], leaves: dict[int, Block], em: float
) -> list[float]:
    """Where the borders between the columns would be drawn.

    Print keeps one distance from the border at which it is aligned; centred
    labels stand in the middle of their cells. From both follows the distance.
    """
    anchors = [_anchors(columns, border) for border in range(len(columns) + 1)]
    middles = {
        index: leaf.centre
        for index, leaf in leaves.items()
        if list(leaves.values()).count(leaf) == 1
    }
    paddings = []
    for index, middle in middles.items():
        for left, left_sign in anchors[index]:
            for right, right_sign in anchors[index + 1]:
                if sign := left_sign + right_sign:
                    paddings.append((2 * middle - left - right) / sign)
    low, high = _PADDINGS[0] * em, _PADDINGS[1] * em
    paddings = [padding for padding in paddings if low <= padding <= high]
    padding = median(paddings) if paddings else _USUAL_PADDING * em
    borders: list[float | None] = []
    for border, found in enumerate(anchors):
        places = [edge + sign * padding for edge, sign in found]
        low, high = _river(columns, border, em)
        inside = [place for place in places if low - 1 <= place <= high + 1]
        borders.append(median(inside) if inside else None)
    _mirror(borders, middles, columns, em)
    return [
        sum(_river(columns, index, em)) / 2 if border is None else border
        for index, border in enumerate(borders)
    ]


def _anchors(columns: Sequence[Column], border: int) -> list[tuple[float, int]]:
    """The edges of print beside a border, each with the side of the border on it."""
    found = []
    if border and columns[border - 1].alignment == "right":
        found.append((columns[border - 1].edge, 1))
    if border < len(columns) and columns[border].alignment == "left":
        found.append((columns[border].edge, -1))
    return found


def _river(columns: Sequence[Column], border: int, em: float) -> tuple[float, float]:
    """The free space in which a border lies."""
    left = columns[border - 1].right if border else columns[0].left - em
    right = columns[border].left if border < len(columns) else columns[-1].right + em
    return left, right


def _mirror(
    borders: list[float | None],
    middles: dict[int, float],
    columns: Sequence[Column],
    em: float,
) -> None:
    """Find borders from the other border of a column with a centred label."""
    for indexes in (range(len(columns)), range(len(columns) - 1, -1, -1)):
        for index in indexes:
            if index not in middles:
                continue
            for known, unknown in ((index, index + 1), (index + 1, index)):
                one = borders[known]
                if one is None or borders[unknown] is not None:
                    continue
                place = 2 * middles[index] - one
                low, high = _river(columns, unknown, em)
                if unknown == 0:
                    low = float("-inf")
                elif unknown == len(columns):
                    high = float("inf")
                if low - 1 <= place <= high + 1:
                    borders[unknown] = place


def _widen(leaves: dict[int, Block], borders: Sequence[float]) -> None:
    """Let a label reach over neighbours without one, if that centres it."""
    count = len(borders) - 1
    for block in dict.fromkeys(leaves.values()):
        own = [index for index, leaf in leaves.items() if leaf is block]
        first, last = min(own), max(own)
        low, high = first, last
        while low > 0 and low - 1 not in leaves:
            low -= 1
        while high < count - 1 and high + 1 not in leaves:
            high += 1
        best = min(
            ((i, j) for i in range(low, first + 1) for j in range(last, high + 1)),
            key=lambda ends: abs(
                (borders[ends[0]] + borders[ends[1] + 1]) / 2 - block.centre
            ),
        )
        for index in range(best[0], best[1] + 1):
            leaves[index] = block
        block.first, block.last = best


def _place_above(
    above: Sequence[Block],
    leaves: dict[int, Block],
    columns: Sequence[Column],
    borders: Sequence[float],
    captioned: bool,
    em: float,
) -> list[Block]:
    """Give every label above others its columns; give back captions among them."""
    captions = []
    placed: list[Block] = []
    narrow: list[Block] = []
    for block in above:  # from the bottom up
        over = overlapped(columns, block.left, block.right, em)
        if not over:
            place = sum(column.right < block.centre for column in columns)
            over = range(place - 1, place + 1)
        free = _free_run(block, over, above, leaves, columns, em)
        block.first, block.last = _best(block, over, free, borders, captioned, em)
        all_columns = block.last - block.first == len(columns) - 1
        level = [b for b in above if abs(b.first_middle - block.first_middle) < em / 2]
        if all_columns and len(level) == 1:
            captions.append(block)
            continue
        below = [b for b in placed if b.first <= block.last and block.first <= b.last]
        if any(not block.first <= b.first <= b.last <= block.last for b in below):
            raise Unsure("labels overlap")
        if block.first == block.last:
            narrow.append(block)
        placed.append(block)
    for block in narrow:
        if any(
            0 <= index < len(columns)
            and index in leaves
            and leaves[index].is_below(block, em)
            and not any(b.first <= index <= b.last for b in placed)
            for index in (block.first - 1, block.last + 1)
        ):
            raise Unsure("a label above one of several columns")
    if any(not b.is_below(c, em) for c in captions for b in placed):
        raise Unsure("a caption among labels")
    return captions


def _free_run(
    block: Block,
    over: Iterable[int],
    above: Sequence[Block],
    leaves: dict[int, Block],
    columns: Sequence[Column],
    em: float,
) -> range:
    """The columns around a label over which nothing but it can stand."""
    beside = [
        one
        for one in above
        if one is not block
        and not block.is_below(one, em)
        and not one.is_below(block, em)
    ]
    taken = {
        index
        for one in beside
        for index in overlapped(columns, one.left, one.right, em)
    }
    # The middle of the topmost label below this one, in every column.
    tops = {index: leaf.middle for index, leaf in leaves.items()}
    headed: set[int] = set()
    for one in above:
        if one.is_below(block, em):
            for index in range(one.first, one.last + 1):
                tops[index] = min(one.middle, tops.get(index, one.middle))
                headed.add(index)
    indexes = [*over]
    lowest = max(leaf.middle for leaf in leaves.values())
    # A label over rows down to the lowest is in their middle.
    next_row = min(
        (
            tops[index] if index in headed else 2 * tops[index] - lowest
            for index in indexes
            if index in tops
        ),
        default=lowest,
    )
    # A label beside this one is in the middle of one row more than one below it.
    own_row_ends = (block.middle + next_row) / 2

    def is_free(index: int) -> bool:
        leaf = leaves.get(index)
        if index in taken or leaf is None or not leaf.is_below(block, em):
            return False
        bottom = next_row if index in headed else lowest
        return tops[index] >= (own_row_ends + bottom) / 2 - _ROUNDING

    if not all(is_free(index) for index in indexes):
        raise Unsure("a label beside the one of its own column")
    first, last = indexes[0], indexes[-1]
    while first > 0 and is_free(first - 1):
        first -= 1
    while last < len(columns) - 1 and is_free(last + 1):
        last += 1
    return range(first, last + 1)


def _best(
    block: Block,
    over: Sequence[int],
    free: range,
    borders: Sequence[float],
    captioned: bool,
    em: float,
) -> tuple[int, int]:
    """The columns in whose middle a label stands; of sets with one middle the largest.

    A smaller one would leave columns beside it without a label at this height.
    """
    fits = sorted(
        (abs((borders[first] + borders[last + 1]) / 2 - block.centre), first, last)
        for first in range(free[0], over[0] + 1)
        for last in range(over[-1], free[-1] + 1)
    )
    if len(fits) > 1 and fits[0][0] > _FIT * em:
        raise Unsure("a label is in the middle of no columns")
    equal = [fit[1:] for fit in fits if fit[0] < fits[0][0] + _TIE * em]
    first, last = min(f for f, _ in equal), max(t for _, t in equal)
    # Above all columns, without a caption above it, it may be one itself.
    may_be_caption = not captioned and (first, last) == (0, len(borders) - 2)
    if (first, last) not in equal or (may_be_caption and len(equal) > 1):
        raise Unsure("a label may stand over several sets of columns")
    return first, last


def _levels(blocks: Sequence[Block], count: int) -> int:
    """Give every header cell its row and row span; return the number of rows."""
    paths: list[list[Block]] = [[] for _ in range(count)]
    for block in sorted(blocks, key=lambda one: one.first_middle):
        for index in range(block.first, block.last + 1):
            paths[index].append(block)
    for block in sorted(blocks, key=lambda one: one.first_middle):
        covering = [paths[index] for index in range(block.first, block.last + 1)]
        before = [path[: path.index(block)] for path in covering]
        block.row = max((one.row + 1 for path in before for one in path), default=0)
    rows = max((block.row + 1 for block in blocks), default=0)
    for block in blocks:
        below = [
            one.row
            for index in range(block.first, block.last + 1)
            for one in paths[index]
            if one.row > block.row
        ]
        block.row_span = min(below, default=rows) - block.row
    return rows
