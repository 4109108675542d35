"""Where a printed value stands."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a printed value stands, so that a figure can be cited for good.

    ``str(citation)`` is a line of Chinese for a report, ``citation.english`` the same
    in English. ``printed_text`` is what the document prints, in ``amount_unit`` (万元,
    元; None where no unit belongs to it). ``page`` and ``line`` count from 1,
    ``row_number`` and ``column_number`` from 0 within the table, as in
    ``dim_source_cell``. ``is_recognised``: read from a picture. ``build_id`` names the
    build of the warehouse; None in Parquet files that do not tell it.
    """

    cell_id: str
    printed_text: str
    amount_unit: str | None
    unit_name: str | None
    fiscal_year: int | None
    stage: str | None
    title: str | None
    table_title: str | None
    page: int | None
    sheet: str | None
    line: int | None
    row_number: int | None
    column_number: int | None
    is_recognised: bool
    document_id: str
    file_name: str
    file_sha256: str
    source_url: str | None
    build_id: str | None

    def __str__(self) -> str:
        """The citation in one line of Chinese."""
        unit = f"（{self.amount_unit}）" if self.amount_unit else ""
        table = f"《{self.table_title}》" if self.table_title else ""
        place = [
            f"第 {self.page} 页" if self.page is not None else "",
            f"工作表 {self.sheet}" if self.sheet else "",
            f"第 {self.line} 行" if self.line is not None else "",
            table,
            f"第 {self.row_number + 1} 行第 {self.column_number + 1} 列"
            if self.row_number is not None and self.column_number is not None
            else "",
        ]
        parts = [
            f"“{self.printed_text}”{unit}",
            self.title or self.file_name,
            "".join(place),
            "由图像识别" if self.is_recognised else "",
            f"文件 {self.file_name}（SHA-256 {self.file_sha256}）",
            self.source_url or "",
            f"数据库版本 {self.build_id}" if self.build_id else "",
            f"单元格 {self.cell_id}",
        ]
        return "，".join(part for part in parts if part)

    @property
    def english(self) -> str:
        """The citation in one line of English; names stay as printed."""
        unit = f" ({self.amount_unit})" if self.amount_unit else ""
        parts = [
            f"“{self.printed_text}”{unit}",
            self.title or self.file_name,
            f"p. {self.page}" if self.page is not None else "",
            f"sheet {self.sheet}" if self.sheet else "",
            f"line {self.line}" if self.line is not None else "",
            f"table “{self.table_title}”" if self.table_title else "",
            f"row {self.row_number + 1}, column {self.column_number + 1}"
            if self.row_number is not None and self.column_number is not None
            else "",
            "recognised in a picture" if self.is_recognised else "",
            f"file {self.file_name} (SHA-256 {self.file_sha256})",
            self.source_url or "",
            f"warehouse build {self.build_id}" if self.build_id else "",
            f"cell {self.cell_id}",
        ]
        return ", ".join(part for part in parts if part)
