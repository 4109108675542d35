"""The suite of the raw tables and of staging: what was read is there, whole."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from expectations.common import (
    ExpectKeyToBeUnique,
    ExpectNothingToBeLost,
    ExpectReferencesToExist,
)
from expectations.suite import WarehouseExpectation

KEYS: dict[str, tuple[str, ...]] = {
    "raw.files": ("document_id",),
    "raw.contents": ("content_id",),
    "raw.tables": ("content_id", "block"),
    "raw.cells": ("content_id", "block", "row", "column"),
    "raw.finding_history": ("finding_id",),
    "staging.stg_document": ("document_id",),
    "staging.stg_table": ("source_table_id",),
    "staging.stg_cell": ("cell_id",),
}


class ExpectCellsToLieInTheirTable(WarehouseExpectation):
    """Rows and columns of cells are those of the table."""

    meaning: ClassVar[str] = "单元格的位置超出表格，说明读取时错行或错列。"


class ExpectNumbersToBeParsed(WarehouseExpectation):
    """A text that is a number has a value."""

    meaning: ClassVar[str] = "写成数字的内容必须能换算成数值，否则金额会被漏掉。"


class ExpectEverythingToBeReadable(WarehouseExpectation):
    """Files and pages that gave nothing: not our fault, but worth knowing."""

    meaning: ClassVar[str] = "读不出的文件或页面没有入库，其中的数字不在数据库里。"


def checks() -> Iterator[WarehouseExpectation]:
    """All checks of the suite."""
    for table, columns in KEYS.items():
        yield ExpectKeyToBeUnique.of(table, *columns)
    yield ExpectReferencesToExist.of("raw.files", "content_id", "raw.contents")
    yield ExpectReferencesToExist.of(
        "staging.stg_cell", "source_table_id", "staging.stg_table"
    )
    yield ExpectReferencesToExist.of(
        "staging.stg_table", "document_id", "staging.stg_document"
    )
    yield ExpectNothingToBeLost.check(
        "staging.stg_document",
        "读取到的每个文件都在 stg_document 中",
        "select files.document_id, files.relative_path from raw.files as files "
        "left join staging.stg_document as documents using (document_id) "
        "where documents.document_id is null",
    )
    yield ExpectNothingToBeLost.check(
        "staging.stg_table",
        "读取到的每张表都在 stg_table 中",
        "select documents.document_id, tables.block "
        "from staging.stg_document as documents "
        "inner join raw.tables as tables using (content_id) "
        "left join staging.stg_table as found "
        "on documents.document_id = found.document_id and tables.block = found.block "
        "where documents.is_read and found.block is null",
    )
    yield ExpectNothingToBeLost.check(
        "staging.stg_cell",
        "每个文件的单元格一个不少",
        "select landed.document_id, landed.cells, found.cells as found_cells from ("
        "select documents.document_id, count(*) as cells "
        "from staging.stg_document as documents "
        "inner join raw.cells as cells using (content_id) "
        "where documents.is_read group by documents.document_id) as landed "
        "left join (select document_id, count(*) as cells from staging.stg_cell "
        "group by document_id) as found using (document_id) "
        "where landed.cells is distinct from found.cells",
    )
    yield ExpectCellsToLieInTheirTable.check(
        "staging.stg_cell",
        "单元格都在表格的行列范围之内",
        "select cells.cell_id, cells.printed_text from staging.stg_cell as cells "
        "inner join staging.stg_table as tables using (source_table_id) "
        "where cells.row_number not between 0 and tables.row_count - 1 "
        "or cells.column_number not between 0 and tables.column_count - 1",
    )
    yield ExpectNumbersToBeParsed.check(
        "staging.stg_cell",
        "写成数字的单元格都有数值和小数位数",
        "select cell_id, printed_text from staging.stg_cell where is_number "
        # a number too long for an amount has none
        "and length(printed_text) <= 16 "
        "and (number_value is null or number_scale is null)",
    )
    yield ExpectEverythingToBeReadable.check(
        "staging.stg_document",
        "所有文件都能读取",
        'select documents.relative_path as "文件", reasons.message_zh as "原因" '
        "from staging.stg_document as documents "
        "left join seeds.status_reason as reasons "
        "on documents.reason_code = reasons.reason_code "
        "where documents.reason_code is not null "
        "and documents.reason_code <> 'duplicate'",
        "warning",
    )
    yield ExpectEverythingToBeReadable.check(
        "staging.stg_document",
        "所有页面都能读取",
        'select relative_path as "文件", unread_pages as "无法读取的页", '
        'scanned_pages as "扫描页" from staging.stg_document '
        "where is_read and (unread_pages is not null or scanned_pages is not null)",
        "warning",
    )
