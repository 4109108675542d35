"""Which rows of a table are its header, which are data, which are neither."""

from __future__ import annotations

import re
from collections.abc import Sequence
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
_YEAR = re.compile(r"^(?:19|20)\d\d年度?$")


class RowKind(StrEnum):
    """What a row of a table is."""

    HEADING = "heading"  # title or unit inside the table, above the header
    HEADER = "header"
    HEADER_TOTAL = "header_total"  # 类 | 款 | 项 | 合计 | 1,234.50
    OTHER_HEADER = "other_header"  # of another table, below rows of this one
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
    end = _mark_header(rows, start, table, vocabulary, kinds)
    header_texts = {
        tuple(text for _, text in rows[number])
        for number in range(start, end)
        if rows[number]
    }
    for number in range(end, len(rows)):
        kinds[number] = _kind_below(rows[number], header_texts, table)
        if header_texts and _is_other_header(rows[number], kinds[number], vocabulary):
            kinds[number] = RowKind.OTHER_HEADER
    return [kind or RowKind.BLANK for kind in kinds]


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
) -> int:
    """Mark the header rows from ``start``; the number of the first row below."""
    text_columns: set[int] = set()
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
            text_columns,
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
            columns = range(cell.column, cell.column + cell.column_span)
            if label.is_text:
                text_columns.update(columns)
            else:
                text_columns.difference_update(columns)
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
