"""Which rows of a table are its header, which are data, which are neither."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise

from ingest.columns.vocabulary import CODE_PARTS, Label, Vocabulary, normalize
from ingest.document import Cell, Table

_NUMBER = re.compile(
    r"^(?:人民币|[¥￥])?[(\-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?[)%]?"
    r"(?:亿元|百万元|万元|千元|百元|元|万|亿)?$"
)
_INDEX = re.compile(
    r"^(?:\d{1,2}|[A-Z甲乙丙丁]|[\d+\-=()、*/]+|栏次|行次|-+|—+|类|款|项|类款项?|款项|项目)$"
)
_NOTE = re.compile(r"^(?:注|备注|说明|附注)[:：\d]")
_HEADING = re.compile(
    r"[:：]|单位.{0,3}元|(?:公开|预算|决算)\d+(?:-\d+)?表|^附?表\d+(?:[-－.]\d+)*$"
    r"|表[一二三四五六七八九十]+$"
)
_MONEY_UNIT = re.compile(r"^[(]?(?:金额)?单位[:：](?:人民币)?[亿万千百]*元[)]?$")
_FEWEST_LABELS = 3
_NO_MONEY = frozenset({"count", "ratio"})
_DASHES = frozenset({"-", "－", "—", "——", "–", "/", "\\"})
_YEAR = re.compile(r"^(?:19|20)\d\d年度?$")


@dataclass(slots=True)
class _Places:
    """The columns below headings of words and of money, and those that hold figures."""

    words: set[int] = field(default_factory=set)
    money: set[int] = field(default_factory=set)
    figures: set[int] = field(default_factory=set)
    is_flat: bool = True  # no heading at all is one of words

    def note(self, cell: Cell, label: Label) -> None:
        """Take up a heading; the lowest one of a column counts."""
        columns = range(cell.column, cell.column + cell.column_span)
        self.words.difference_update(columns)
        self.money.difference_update(columns)
        if label.is_text:
            self.is_flat = False
            self.words.update(columns)
        elif label.is_known and label.role not in _NO_MONEY:
            self.money.update(columns)


class RowKind(StrEnum):
    """What a row of a table is."""

    HEADING = "heading"  # title or unit inside the table, above the header
    HEADER = "header"
    HEADER_TOTAL = "header_total"  # 类 | 款 | 项 | 合计 | 1,234.50
    OTHER_HEADER = "other_header"  # of another table, below rows of this one
    BAND = "band"  # 决算数 above the header printed once more: of what time it is
    COUNTS = "counts"  # 接待批次 | 12 below amounts, and the words that head such rows
    UNPLACED = "unplaced"  # 会议费 | 1.20 below columns of other amounts
    INDEX = "index"  # 1 2 3 … or 栏次
    DATA = "data"
    BLANK = "blank"
    NOTE = "note"


Row = Sequence[tuple[Cell, str]]


def rows_of(table: Table) -> list[list[tuple[Cell, str]]]:
    """The printed cells of each row, by the row they start in, with folded text."""
    rows: list[list[tuple[Cell, str]]] = [[] for _ in range(table.row_count)]
    for cell in table.cells:
        folded = normalize(cell.text)
        if folded:
            rows[cell.row].append((cell, folded))
    for row in rows:
        row.sort(key=lambda entry: entry[0].column)
    return rows


def is_number(folded: str) -> bool:
    """Whether folded text is a printed number."""
    return bool(_NUMBER.match(folded))


def classify_rows(table: Table, vocabulary: Vocabulary) -> list[RowKind]:
    """The kind of each row; without a header no row is ``HEADER``."""
    rows = rows_of(table)
    kinds: list[RowKind | None] = [None] * len(rows)
    start = _skip_headings(rows, table, vocabulary, kinds)
    places = _Places()
    end = _mark_header(rows, start, table, vocabulary, kinds, places)
    header_texts = {
        tuple(text for _, text in rows[number])
        for number in range(start, end)
        if rows[number]
    }
    for number in range(end, len(rows)):
        kinds[number] = _kind_below(rows[number], header_texts, table)
        if header_texts and _is_other_header(rows[number], kinds[number], vocabulary):
            kinds[number] = RowKind.OTHER_HEADER
    if header_texts:
        places.figures = _columns_of_figures(rows, end)
        _mark_pairs(rows, end, vocabulary, kinds, places)
        _mark_bands(rows, range(start, end), table, vocabulary, kinds, places)
    return [kind or RowKind.BLANK for kind in kinds]


def is_time(label: Label) -> bool:
    """Whether a label says of what phase or year figures are, and nothing else."""
    return (
        label.role == "amount"
        and bool(label.phase or label.year)
        and not (
            label.measure
            or label.fund
            or label.item
            or label.side
            or label.year_basis
            or label.is_total
            or label.has_ordinal
        )
    )


def _skip_headings(
    rows: list[list[tuple[Cell, str]]],
    table: Table,
    vocabulary: Vocabulary,
    kinds: list[RowKind | None],
) -> int:
    number = 0
    while number < len(rows):
        row = rows[number]
        if not row:
            kinds[number] = RowKind.BLANK
        elif _is_heading(row, table, vocabulary):
            kinds[number] = RowKind.HEADING
        else:
            break
        number += 1
    return number


def _is_heading(row: Row, table: Table, vocabulary: Vocabulary) -> bool:
    if any(is_number(text) for _, text in row):
        return False
    # 部门：… | 2023年度 | 金额单位：元; years alone are columns
    if all(_HEADING.search(text) for _, text in row if not _YEAR.match(text)):
        return not all(_YEAR.match(text) for _, text in row)
    # （部门预算支出经济分类科目） | 单位：万元
    if any(_MONEY_UNIT.match(text) for _, text in row):
        return not any(vocabulary.lookup(cell.text).is_known for cell, _ in row)
    if len(row) > 1 or table.column_count < 2:
        return False
    cell, _ = row[0]
    return not vocabulary.lookup(cell.text).is_known


def _mark_header(
    rows: list[list[tuple[Cell, str]]],
    start: int,
    table: Table,
    vocabulary: Vocabulary,
    kinds: list[RowKind | None],
    places: _Places,
) -> int:
    """Mark the header rows from ``start``; the number of the first row below."""
    width = 1 + max((c.column for row in rows for c, _ in row), default=-1)
    bottom = start
    number = start
    while number < len(rows):
        row = rows[number]
        if number == bottom > start and _is_complete(rows[start:number], table, width):
            break
        labels = [vocabulary.lookup(cell.text) for cell, _ in row]
        kind = _header_kind(
            row,
            labels,
            places.words,
            is_first=number == start,
            has_lost_spans=not table.has_spans and len(rows[start]) < width,
        )
        if kind is None and number >= bottom:
            break
        kinds[number] = kind or RowKind.HEADER
        if kind is None and any(is_number(text) for _, text in row):
            break
        for (cell, _), label in zip(row, labels, strict=True):
            bottom = max(bottom, cell.row + cell.row_span)
            places.note(cell, label)
        number += 1
        if kind is RowKind.HEADER_TOTAL:
            break
    return number


def _is_complete(header: Sequence[Row], table: Table, width: int) -> bool:
    """Whether every column has a label of its own: no sub header can follow."""
    if not table.has_spans:
        texts = [text for _, text in header[0]]
        return len(header) == 1 and len(set(texts)) == len(texts) == width > 1
    lowest: dict[int, Cell] = {}
    for row in header:
        for cell, _ in row:
            for column in range(cell.column, cell.column + cell.column_span):
                lowest[column] = cell
    return len(lowest) == width and all(c.column_span == 1 for c in lowest.values())


def _header_kind(
    row: Row,
    labels: list[Label],
    text_columns: set[int],
    *,
    is_first: bool,
    has_lost_spans: bool,
) -> RowKind | None:
    if not row:
        return None
    if any(is_number(text) for _, text in row):
        if sum(label.role in CODE_PARTS for label in labels) < 2:
            return None
        return RowKind.HEADER if _ends_in_index(row) else RowKind.HEADER_TOTAL
    # Balances number their lines (一、二、…); headers never are.
    if any(label.has_ordinal for label in labels):
        return None
    if 2 * sum(label.is_known for label in labels) < len(row):
        return None
    if is_first:
        return RowKind.HEADER
    stands_in_text = all(cell.column in text_columns for cell, _ in row)
    if stands_in_text and not any(label.is_text for label in labels):
        # Where spans are lost, sub headers slide below the words on their left.
        is_sub_header = len(row) > 1 and all(label.is_known for label in labels)
        return RowKind.HEADER if has_lost_spans and is_sub_header else None
    return RowKind.HEADER


def is_index_mark(folded: str) -> bool:
    """Whether a cell of a header row only numbers its column: ``栏次``, ``1``."""
    return bool(re.fullmatch(r"栏次|\d{1,2}", folded))


def _ends_in_index(row: Row) -> bool:
    """Whether a header row ends in the numbers of the columns: 类 款 项 栏次 1 2."""
    numbers = [text for _, text in row if is_number(text)]
    return numbers == [str(number + 1) for number in range(len(numbers))] and (
        len(numbers) > 1 or any(text == "栏次" for _, text in row)
    )


def _kind_below(row: Row, header_texts: set[tuple[str, ...]], table: Table) -> RowKind:
    if not row:
        return RowKind.BLANK
    texts = tuple(text for _, text in row)
    if texts in header_texts:
        return RowKind.HEADER
    if _is_index(texts):
        return RowKind.INDEX
    if len(row) == 1 and not is_number(texts[0]):
        cell, text = row[0]
        spans_all = cell.column_span == table.column_count > 1
        if _NOTE.match(text) or (spans_all and len(text) > 12):
            return RowKind.NOTE
    return RowKind.DATA


def _is_other_header(row: Row, kind: RowKind | None, vocabulary: Vocabulary) -> bool:
    """Whether a row among the data is the header of another table.

    编码 | 名称 | 合计 | 基本支出: known labels side by side, of words, then of money.
    """
    if kind is not RowKind.DATA or len(row) < _FEWEST_LABELS:
        return False
    if any(is_number(text) for _, text in row):
        return False
    ends = [cell.column + cell.column_span for cell, _ in row]
    if any(end != cell.column for end, (cell, _) in zip(ends, row[1:], strict=False)):
        return False
    labels = [vocabulary.lookup(cell.text) for cell, _ in row]
    if not all(label.is_known and not label.has_ordinal for label in labels):
        return False
    kinds = [label.is_text for label in labels]
    return kinds[0] and not any(kinds[-2:])


def _mark_bands(
    rows: list[list[tuple[Cell, str]]],
    header: range,
    table: Table,
    vocabulary: Vocabulary,
    kinds: list[RowKind | None],
    places: _Places,
) -> None:
    """Mark what stands among header rows that are printed once more below data.

    决算数 above them says of what time the rows below are. Other words say something
    else than the first header, unless they may name a row without amounts.
    """
    has_band = _says_time(rows[header.start], vocabulary)
    for block in _blocks_without_figures(rows, header.stop, kinds):
        if not any(kinds[number] is RowKind.HEADER for number in block):
            continue
        for number in block:
            row = rows[number]
            if kinds[number] is not RowKind.DATA:
                continue
            may_be_data = any(
                cell.column in places.words or cell.column not in places.figures
                for cell, _ in row
            )
            spans_all = row[0][0].column_span == table.column_count > 1
            if _says_time(row, vocabulary):
                if has_band or spans_all or not may_be_data:
                    kinds[number] = RowKind.BAND
            elif not may_be_data and (
                places.is_flat or (table.has_spans and _are_headings(row, vocabulary))
            ):
                kinds[number] = RowKind.OTHER_HEADER


def _are_headings(row: Row, vocabulary: Vocabulary) -> bool:
    """Whether a row prints labels of columns alone, of which none may name a row."""
    labels = [vocabulary.lookup(cell.text) for cell, _ in row]
    return all(label.is_known and not label.is_total for label in labels)


def _says_time(row: Row, vocabulary: Vocabulary) -> bool:
    """Whether a row prints one label of a phase or a year, or it in every cell."""
    texts = {text for _, text in row}
    return len(texts) == 1 and is_time(vocabulary.lookup(row[0][0].text))


def _blocks_without_figures(
    rows: list[list[tuple[Cell, str]]], start: int, kinds: list[RowKind | None]
) -> list[list[int]]:
    """The runs of rows from ``start`` on that print words alone."""
    blocks: list[list[int]] = [[]]
    for number in range(start, len(rows)):
        if kinds[number] in (RowKind.HEADER, RowKind.INDEX, RowKind.BLANK) or (
            kinds[number] is RowKind.DATA
            and all(_is_word(text) for _, text in rows[number])
        ):
            blocks[-1].append(number)
        else:
            blocks.append([])
    return blocks


def _mark_pairs(
    rows: list[list[tuple[Cell, str]]],
    start: int,
    vocabulary: Vocabulary,
    kinds: list[RowKind | None],
    places: _Places,
) -> None:
    """Mark rows of labels with numbers behind them below columns of amounts.

    接待批次 | 12 counts things, whatever the column is that 12 stands in; so do the
    rows behind it. 会议费 | 1.20 is money of which the column says nothing. The words
    above such rows (相关统计数, 项目 | 统计数) head them.
    """
    amounts = places.money & places.figures
    counts = False
    for number in range(start, len(rows)):
        row = rows[number]
        if kinds[number] is not RowKind.DATA:
            counts = counts and kinds[number] in (RowKind.BLANK, RowKind.INDEX)
            continue
        words = [cell for cell, text in row if _is_word(text)]
        if not words or words[0] is not row[0][0]:
            continue
        if not all(cell.column in amounts for cell in words):
            continue
        labels = [vocabulary.lookup(cell.text) for cell in words]
        has_numbers = any(is_number(text) for _, text in row)
        are_counts = [label.role == "count" for label in labels]
        counts = counts or any(are_counts)
        if all(are_counts):
            kinds[number] = RowKind.COUNTS
            _mark_heads(rows, number, kinds, places)
        # where no column holds words, a word is not one that slid from its column
        elif (
            has_numbers
            and places.is_flat
            and (counts or all(label.is_known for label in labels))
        ):
            kinds[number] = RowKind.UNPLACED
            _mark_heads(rows, number, kinds, places)
        elif counts and not has_numbers:
            kinds[number] = RowKind.COUNTS


def _columns_of_figures(rows: list[list[tuple[Cell, str]]], start: int) -> set[int]:
    """Where figures stand: 收入 may head words, as in a balance, or money."""
    return {
        cell.column for row in rows[start:] for cell, text in row if not _is_word(text)
    }


def _mark_heads(
    rows: list[list[tuple[Cell, str]]],
    number: int,
    kinds: list[RowKind | None],
    places: _Places,
) -> None:
    """Mark the rows of words directly above a row of pairs as its heads."""
    for above in range(number - 1, -1, -1):
        is_head = kinds[above] is RowKind.DATA and all(
            _is_word(text) and cell.column in places.money for cell, text in rows[above]
        )
        if not is_head:
            return
        kinds[above] = RowKind.COUNTS


def _is_word(folded: str) -> bool:
    """Whether folded text is print that is no number, nor a dash in place of one."""
    return folded not in _DASHES and not is_number(folded)


def _is_index(texts: tuple[str, ...]) -> bool:
    """Whether a row only numbers the columns: ``栏次 1 2 3`` or ``1 2 3=1+2``."""
    if len(texts) < 2 or not all(_INDEX.match(text) for text in texts):
        return False
    numbers = [int(match[0]) for text in texts if (match := re.match(r"\d+", text))]
    return (
        len(numbers) >= 2
        and numbers[0] <= 2
        and all(b - a == 1 for a, b in pairwise(numbers))
    )
