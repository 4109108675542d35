"""What the cells below an unknown heading say of its column.

A heading that no seed knows leaves open what stands below it. Words left of
amounts name the rows: whoever overlooks them reads the amounts as those of the
words further left, expenditure as revenue, units as totals. So an unknown column
of words is read where its place leaves no doubt, and otherwise takes the amounts
to its right with it: they stay unread and are reported.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

from ingest.columns.meaning import Column, Reading
from ingest.columns.rows import RowKind, is_number
from ingest.columns.vocabulary import CODE_PARTS, normalize
from ingest.document import Table

_CODE = re.compile(r"[235]\d{2}(?:\d{2}){0,2}")
_DASHES = frozenset({"", "-", "－", "—", "——", "–", "/", "\\"})
_FEWEST_CODES = 2
# The columns of a code printed in three parts, in their order, and what each holds.
_PARTS = (
    ("code_class", re.compile(r"[1-9]\d{2}")),
    ("code_section", re.compile(r"\d{1,2}")),
    ("code_item", re.compile(r"\d{1,2}")),
)
_CODES = frozenset({"code", "code_class", "code_section", "code_item"})
_INNER = frozenset({"code_section", "code_item"})
_WORDS = frozenset(
    {"name", "unit_code", "unit_name", "project_name", "project_code", "project_type"}
)


# The name that stands right of a column of codes, where the words left of the
# amounts are of this one kind.
_NAME_OF = (
    (_CODES, "name"),
    (frozenset({"unit_code"}), "unit_name"),
    (frozenset({"project_code", "project_type"}), "project_name"),
)


def with_contents(reading: Reading, table: Table, kinds: Sequence[RowKind]) -> Reading:
    """The reading with its unknown columns judged by their cells."""
    reading = _with_sources(reading, table, kinds)
    reading = _with_parts_of_code(reading, table, kinds)
    reading = _with_whole_codes(reading, table, kinds)
    unknown = {column.column for column in reading.columns if column.role is None}
    if not unknown:
        return reading
    texts = _texts_below(table, kinds, unknown)
    columns = list(reading.columns)
    for place in sorted(unknown):
        if role := _role_by_place(columns, place, texts[place]):
            # what stands left of words belongs to their pane, a name to its code's
            is_left = role in {"code", "code_class"}
            beside = columns[place + 1 if is_left else place - 1]
            columns[place] = replace(
                columns[place],
                role=role,
                pane=beside.pane,
                classification=columns[place].classification or beside.classification,
            )
    columns = _in_panes_with_money(columns)
    lost = {
        right
        for place in sorted(unknown)
        if columns[place].role is None and _are_words(texts[place])
        for right in _amounts_on_the_right(columns, place)
    }
    for place in lost:
        columns[place] = replace(columns[place], role=None)
    forms = tuple(
        form for form in reading.forms if not lost.intersection(form.total + form.terms)
    )
    return replace(reading, columns=tuple(columns), forms=forms)


def _with_sources(reading: Reading, table: Table, kinds: Sequence[RowKind]) -> Reading:
    """资金来源 over amounts is money; over 一般公共预算 it is a note."""
    sources = {column.column for column in reading.columns if column.role == "source"}
    if not sources:
        return reading
    texts = _texts_below(table, kinds, sources)
    return replace(
        reading,
        columns=tuple(
            column
            if column.column not in sources
            else replace(
                column, role="note" if _are_words(texts[column.column]) else "amount"
            )
            for column in reading.columns
        ),
    )


def _with_parts_of_code(
    reading: Reading, table: Table, kinds: Sequence[RowKind]
) -> Reading:
    """The reading with 201 | 03 | 02 below one heading of a code read as its parts."""
    columns = list(reading.columns)
    for first, last in _runs_of_code(columns):
        beside = columns[first : last + 1]
        parts = _PARTS[: len(beside)]
        texts = _texts_below(table, kinds, {column.column for column in beside})
        # 合计 may stand across them
        codes = {
            place: [x for x in found if x[0].isdigit()]
            for place, found in texts.items()
        }
        if all(
            len(codes[column.column]) >= _FEWEST_CODES
            and all(map(digits.fullmatch, codes[column.column]))
            for column, (_, digits) in zip(beside, parts, strict=True)
        ):
            columns[first : last + 1] = [
                replace(column, role=role)
                for column, (role, _) in zip(beside, parts, strict=True)
            ]
    return replace(reading, columns=tuple(columns))


def _with_whole_codes(
    reading: Reading, table: Table, kinds: Sequence[RowKind]
) -> Reading:
    """类 | 款 | 项 above 201 | 20103 | 2010301 are whole codes and no parts of one."""
    places = {column.column for column in reading.columns if column.role in _INNER}
    if not places:
        return reading
    texts = _texts_below(table, kinds, places)
    whole: set[tuple[int, str | None]] = set()
    parted: set[tuple[int, str | None]] = set()
    for place in places:
        column = reading.columns[place]
        for text in texts[place]:
            if text.isdigit():
                found = whole if _CODE.fullmatch(text) and len(text) > 3 else parted
                found.add((column.pane, column.classification))
    return replace(
        reading,
        columns=tuple(
            replace(column, role="code")
            if column.role in CODE_PARTS
            and (column.pane, column.classification) in whole - parted
            else column
            for column in reading.columns
        ),
    )


def _runs_of_code(columns: Sequence[Column]) -> list[tuple[int, int]]:
    """First and last of two or three columns of codes that one heading covers."""
    runs = []
    for _, run in groupby(columns, key=lambda column: (column.role, column.label_path)):
        places = [column.column for column in run]
        if columns[places[0]].role == "code" and len(places) in (2, 3):
            runs.append((places[0], places[-1]))
    return runs


def _in_panes_with_money(columns: Sequence[Column]) -> list[Column]:
    """The columns, panes without money joined with the next.

    An unknown heading passes for money and ends a pane; if its cells show that it is
    none, the words left of it stand before the amounts that follow.
    """
    with_money = {c.pane for c in columns if c.role in (None, "amount")}
    last = max((column.pane for column in columns), default=0)
    joined = 0
    numbers = {}
    for pane in range(last + 1):
        numbers[pane] = pane - joined
        joined += pane not in with_money and pane < last
    return [replace(column, pane=numbers[column.pane]) for column in columns]


def _texts_below(
    table: Table, kinds: Sequence[RowKind], columns: set[int]
) -> dict[int, list[str]]:
    texts: dict[int, list[str]] = {column: [] for column in columns}
    for cell in table.cells:
        if cell.column in columns and kinds[cell.row] is RowKind.DATA:
            folded = normalize(cell.text)
            if folded not in _DASHES:
                texts[cell.column].append(folded)
    return texts


def _are_words(texts: Sequence[str]) -> bool:
    words = sum(not is_number(text) for text in texts)
    return 2 * words > len(texts)


def _role_by_place(
    columns: Sequence[Column], place: int, texts: Sequence[str]
) -> str | None:
    """The role of an unknown column, where its cells and neighbours decide it."""
    if part := _part_of_code(columns, place, texts):
        return part
    block = _block(columns, place)
    roles = {columns[other].role for other in block}
    if _are_words(texts):
        left = columns[place - 1].role if place else None
        return next(
            (name for codes, name in _NAME_OF if left in codes and roles <= codes), None
        )
    has_codes = len(texts) >= _FEWEST_CODES and all(map(_CODE.fullmatch, texts))
    is_left_of_words = place + 1 < len(columns) and columns[place + 1].role == "name"
    return "code" if has_codes and is_left_of_words and not roles & _CODES else None


def _part_of_code(
    columns: Sequence[Column], place: int, texts: Sequence[str]
) -> str | None:
    """Class, section or item: the one left of the columns under one heading.

    Functional codes are printed in three parts, economic ones in two.
    """
    if len(texts) < _FEWEST_CODES:
        return None
    for parts in (_PARTS, _PARTS[:2]):
        for position, (part, digits) in enumerate(parts):
            first = place - position
            beside = columns[max(first, 0) : first + len(parts)]
            if (
                first >= 0
                and len(beside) == len(parts)
                and len({_group(column) for column in beside}) == 1
                and all(
                    column.column == place or column.role == role
                    for column, (role, _) in zip(beside, parts, strict=True)
                )
                and all(map(digits.fullmatch, texts))
            ):
                return part
    return None


def _group(column: Column) -> str:
    """The headings above that of the column; its own where there are none."""
    return column.label_path.rpartition(" / ")[0] or column.label_path


def _block(columns: Sequence[Column], place: int) -> list[int]:
    """The columns of words around a place, which amounts on either side end."""
    known = _CODES | _WORDS

    def side(step: int) -> list[int]:
        found = []
        other = place + step
        while 0 <= other < len(columns) and columns[other].role in known:
            found.append(other)
            other += step
        return found

    return side(-1) + side(1)


def _amounts_on_the_right(columns: Sequence[Column], place: int) -> list[int]:
    """The amounts that the words in a place name: up to the next known words."""
    found: list[int] = []
    for other in range(place + 1, len(columns)):
        if columns[other].role in _CODES | _WORDS and found:
            break
        if columns[other].role == "amount":
            found.append(other)
    return found
