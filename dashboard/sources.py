"""The documents as tables of their own: every number leads to its printed cell."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator

from markupsafe import escape

from dashboard.overview import amount_marts, period
from dashboard.reading import Groups, Row, Warehouse

# A page of more cells is slow on an old computer; a document then has several.
CELLS_OF_A_PAGE = 6_000
_ROWS_WHOLE = 40
_ROWS_AROUND = 2

_NUMBER = re.compile(r"^[-−－(（]?[\d,，]*\d(\.\d+)?[)）%％]?$|^[-—－]+$")

_TEXT = re.compile(r"-p\d+-c\d+$")

Grid = list[Row]


class Sources:
    """Where the cells of a warehouse are shown."""

    def __init__(self, warehouse: Warehouse) -> None:
        self._warehouse = warehouse
        self.has_raw = {"raw.cells", "raw.files", "raw.table_rows"} <= warehouse.tables
        self._parts = self._numbered_parts()

    def page(self, document_id: str, table_id: str | None = None) -> str:
        """The page of a table, relative to the site."""
        part = self._parts.get(table_id or "", 1)
        return f"document/{document_id}{'' if part == 1 else f'-{part}'}.html"

    def cell(self, document_id: str, cell_id: str | None) -> str:
        """The place of a cell, or its document where no single cell holds a figure."""
        if cell_id is None:
            return self.page(document_id)
        if _TEXT.search(cell_id):
            return f"{self.text_page(document_id)}#{cell_id}"
        return f"{self.page(document_id, cell_id.rpartition('-r')[0])}#{cell_id}"

    def text_page(self, document_id: str) -> str:
        """The page of the running text of a document, relative to the site."""
        return f"document/{document_id}-text.html"

    def spans(self) -> Groups:
        """The figures and words of running text that each document is known by."""
        return self._warehouse.groups(
            "document_id",
            """
            select document_id, cell_id, printed_text, page, line,
                character_start, character_end,
                regexp_extract(cell_id, '-p([0-9]+)-c[0-9]+$', 1)::integer as block,
                row(character_start, -character_end, cell_id) as sort
            from marts.dim_source_cell where kind = 'text'
            """,
        )

    def paragraphs(self) -> Groups | None:
        """The running text of each document, if this warehouse holds it."""
        if not {"raw.paragraphs", "raw.files"} <= self._warehouse.tables:
            return None
        return self._warehouse.groups(
            "document_id",
            """
            select files.document_id, found.block, found.page, found.line, found.kind,
                found.text, found.box_left, found.box_top, found.box_right,
                found.box_bottom, found.block as sort
            from raw.paragraphs as found
            inner join raw.files as files on found.content_id = files.content_id
            where found.text is not null
            """,
        )

    def cells(self) -> Groups:
        """The cells of each document."""
        return self._warehouse.groups("document_id", self._cells())

    def cells_of(self, table_id: str) -> list[Row]:
        """The cells of one table, wherever it stands."""
        document_id, _, block = table_id.rpartition("-t")
        return self._warehouse.rows(
            f"select * from ({self._cells()}) where document_id = ? and block = ? "
            "order by sort",
            document_id,
            int(block),
        )

    def boxes(self, document_id: str, page: int) -> list[Row]:
        """All text of a page with its place."""
        if not self.has_raw:
            return []
        return [
            row
            for table in ("raw.cells", "raw.paragraphs")
            for row in self._warehouse.rows(
                "select found.text, found.box_left, found.box_top, found.box_right, "
                f"found.box_bottom from {table} as found "
                "inner join raw.files as files on found.content_id = files.content_id "
                "where files.document_id = ? and found.page = ? "
                "and found.box_left is not null and found.text is not null",
                document_id,
                page,
            )
        ]

    def tables(self) -> Groups:
        """The tables of each document in their order."""
        return self._warehouse.groups(
            "document_id",
            """
            select tables.*, statements.name_zh as statement_name,
                regexp_extract(tables.source_table_id, '[0-9]+$')::integer as sort
            from marts.dim_source_table as tables
            left join marts.dim_statement as statements
                on tables.statement = statements.statement
            """,
        )

    def proofs(self) -> Groups:
        """What is known of each amount of a document."""
        amounts = " union all ".join(
            f"select document_id, cell_id, proof from marts.{table}"
            for table in amount_marts(self._warehouse)
        )
        return self._warehouse.groups(
            "document_id",
            f"""
            select document_id, cell_id, 1 as sort,
                case when bool_or(proof = 'disputed') then 'disputed'
                    when bool_or(proof = 'unchecked') then 'unchecked'
                    else 'proven' end as proof
            from ({amounts}) group by document_id, cell_id
            """,
        )

    def parts(self, tables: list[Row]) -> list[list[Row]]:
        """The tables of a document, page by page."""
        pages: dict[int, list[Row]] = defaultdict(list)
        for table in tables:
            pages[self._parts.get(table["source_table_id"], 1)].append(table)
        return [pages[number] for number in sorted(pages)] or [[]]

    def _cells(self) -> str:
        if self.has_raw:
            return """
                select files.document_id, cells.block, cells.row, cells.column,
                    cells.row_span, cells.column_span, cells.text,
                    coalesce(kinds.row_kind, 'data') as row_kind,
                    row(cells.block, cells.row, cells.column) as sort
                from raw.cells as cells
                inner join raw.files as files on cells.content_id = files.content_id
                left join raw.table_rows as kinds
                    on cells.content_id = kinds.content_id
                    and cells.block = kinds.block and cells.row = kinds.row
            """
        # A copy without the raw layer knows the cells that figures stand in.
        return """
            select document_id,
                regexp_extract(source_table_id, '[0-9]+$')::integer as block,
                row_number as row, column_number as column,
                1 as row_span, 1 as column_span, printed_text as text,
                'data' as row_kind, row(block, row_number, column_number) as sort
            from marts.dim_source_cell where kind = 'cell'
        """

    def _numbered_parts(self) -> dict[str, int]:
        """The page of each table that is not on the first of its document."""
        return {
            row["table_id"]: row["part"]
            for row in self._warehouse.rows(
                f"""
                select document_id || '-t' || block as table_id,
                    1 + ((sum(count(*)) over (
                        partition by document_id order by block
                    ) - count(*)) // {CELLS_OF_A_PAGE})::integer as part
                from ({self._cells()}) group by document_id, block
                qualify part > 1
                """
            )
        }


def by_table(cells: Iterable[Row]) -> dict[int, list[Row]]:
    """The cells of a document by the block that holds them."""
    tables: dict[int, list[Row]] = defaultdict(list)
    for cell in cells:
        tables[cell["block"]].append(cell)
    return tables


def passage(text: str, spans: list[Row], mask: Callable[[str], str]) -> list[Row]:
    """A paragraph in pieces: what lies in a span carries its ``span``.

    Where the mask moves the characters the spans cannot be cut out any more: they
    then stand, without text, before the whole paragraph.
    """
    masked = mask(text)
    if len(masked) != len(text):
        return [{"text": "", "span": span} for span in spans] + [
            {"text": masked, "span": None}
        ]
    pieces: list[Row] = []
    place = 0
    for span in sorted(spans, key=lambda span: span["character_start"]):
        start, end = span["character_start"], span["character_end"]
        if start < place:
            pieces.append({"text": "", "span": span})
            continue
        pieces.append({"text": masked[place:start], "span": None})
        pieces.append({"text": masked[start:end], "span": span})
        place = end
    pieces.append({"text": masked[place:], "span": None})
    return [piece for piece in pieces if piece["text"] or piece["span"]]


def passages(
    paragraphs: list[Row],
    spans: list[Row],
    mask: Callable[[str], str],
    *,
    only_marked: bool = False,
) -> list[Row]:
    """The paragraphs of a document in pieces, or only those with a span."""
    of_block: dict[int, list[Row]] = defaultdict(list)
    for span in spans:
        of_block[span["block"]].append(span)
    return [
        paragraph
        | {"pieces": passage(paragraph["text"], of_block[paragraph["block"]], mask)}
        for paragraph in paragraphs
        if of_block[paragraph["block"]] or not only_marked
    ]


def is_figure(text: str) -> bool:
    """Whether a cell prints a number, or a stroke for none."""
    return bool(_NUMBER.match(text.strip()))


def grid(
    table_id: str,
    cells: list[Row],
    mask_row: Callable[[list[str]], list[str]],
    *,
    amounts: dict[str, str],
    marks: dict[str, Row] | None = None,
) -> Grid:
    """A table as rows of cells with their spans.

    ``amounts`` says what is known of a cell that is an amount: it is no telephone
    number, however many digits it has. With ``marks``, the cells of a finding, it is
    an excerpt: of a long table the head and the rows around the marks are shown, and
    how many are left out.
    """
    rows: dict[int, list[Row]] = defaultdict(list)
    taken: set[tuple[int, int]] = set()
    width = max((cell["column"] + cell["column_span"] for cell in cells), default=0)
    kinds: dict[int, str] = {}
    for cell in cells:
        kinds[cell["row"]] = cell["row_kind"]
        cell_id = f"{table_id}-r{cell['row']}-c{cell['column']}"
        text = cell["text"] or ""
        rows[cell["row"]].append(
            {
                "id": cell_id,
                "column": cell["column"],
                "text": text,
                "row_span": cell["row_span"],
                "column_span": cell["column_span"],
                "is_number": is_figure(text),
                "mark": (marks or {}).get(cell_id),
                "proof": amounts.get(cell_id),
            }
        )
        taken.update(
            (row, column)
            for row in range(cell["row"], cell["row"] + cell["row_span"])
            for column in range(cell["column"], cell["column"] + cell["column_span"])
        )
    for line in rows.values():
        masked = mask_row([cell["text"] for cell in line])
        for cell, text in zip(line, masked, strict=True):
            is_amount = cell["proof"] is not None and cell["is_number"]
            # Codes and ordinals read better from the left.
            cell["is_number"] = is_amount or (
                cell["is_number"] and bool(set(cell["text"]) & set(".,，%％-—"))
            )
            cell["text"] = escape(cell["text"] if is_amount else text)
    height = max((row for row, _ in taken), default=-1) + 1
    shown = _rows_shown(rows, kinds, height) if marks is not None else None
    return list(_lines(rows, kinds, taken, width, height, shown))


def _lines(
    rows: dict[int, list[Row]],
    kinds: dict[int, str],
    taken: set[tuple[int, int]],
    width: int,
    height: int,
    shown: set[int] | None,
) -> Iterator[Row]:
    left_out = 0
    for number in range(height):
        if shown is not None and number not in shown:
            left_out += 1
            continue
        if left_out:
            yield {"left_out": left_out, "width": width}
            left_out = 0
        line = list(rows.get(number, ()))
        for column in range(width):
            # What is no cell in the print is an empty place on the page.
            if (number, column) not in taken:
                line.append({"column": column, "text": "", "id": None})
        line.sort(key=lambda cell: cell["column"])
        if shown is not None:
            for cell in line:
                if cell["id"]:
                    last = number + cell["row_span"]
                    visible = {row for row in range(number, last) if row in shown}
                    cell["row_span"] = len(visible)
        yield {"kind": kinds.get(number, "data"), "cells": line, "left_out": 0}
    if left_out:
        yield {"left_out": left_out, "width": width}


def _rows_shown(
    rows: dict[int, list[Row]], kinds: dict[int, str], height: int
) -> set[int] | None:
    if height <= _ROWS_WHOLE:
        return None
    shown = {number for number, kind in kinds.items() if kind != "data"}
    for number, line in rows.items():
        if any(cell["mark"] for cell in line):
            shown.update(range(number - _ROWS_AROUND, number + _ROWS_AROUND + 1))
    # A cell over several rows stands in the first; that row is shown with it.
    for number, line in rows.items():
        for cell in line:
            if cell["row_span"] > 1 and number not in shown:
                span = range(number, number + cell["row_span"])
                if any(row in shown for row in span):
                    shown.add(number)
    return shown


_DOCUMENTS = """
    select documents.*, regions.region_name, units.unit_name
    from marts.dim_document as documents
    left join marts.dim_region as regions on documents.region_code = regions.region_code
    left join marts.dim_unit as units on documents.unit_id = units.unit_id
    order by documents.document_id
"""


def documents(warehouse: Warehouse) -> list[Row]:
    """All documents with the names of what they belong to."""
    found = warehouse.rows(_DOCUMENTS)
    for row in found:
        row["period"] = period(row)
    return found
