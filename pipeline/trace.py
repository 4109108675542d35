"""Where a number comes from: file, page, table, cell, what it is in, and its picture."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from pipeline import command
from pipeline.answer import shown
from pipeline.read_only import open_read_only
from pipeline.settings import Settings
from pipeline.words import VERDICT

if TYPE_CHECKING:
    from PIL.Image import Image

Row = dict[str, Any]

_SCALE = 2.0  # pixels a point
MARK = (200, 30, 30)  # the frame around a cell, red


class Unknown(Exception):
    """No cell of the warehouse has this key."""


def trace(connection: duckdb.DuckDBPyConnection, cell_id: str) -> list[str]:
    """What the warehouse knows of a cell or a span of text, in lines of Chinese.

    :raises Unknown: there is no such cell.
    """
    cell = _one(connection, "select * from dim_source_cell where cell_id = ?", cell_id)
    if cell is None:
        raise Unknown(cell_id)
    document = _one(
        connection,
        "select * from dim_document where document_id = ?",
        cell["document_id"],
    )
    assert document is not None
    lines = [
        f"{cell['printed_text']}",
        f"  文件：{document['relative_path']}（SHA-256 {document['file_sha256'][:16]}…）",
        f"  位置：{_place(cell)}",
    ]
    if cell["source_table_id"] is not None:
        lines += _table(connection, cell)
    lines += _facts(connection, cell_id)
    lines += _identities(connection, cell_id)
    lines += _findings(connection, cell_id)
    return lines


def _place(cell: Row) -> str:
    parts = [
        f"第 {cell['page']} 页" if cell["page"] else "",
        f"工作表 {cell['sheet']}" if cell["sheet"] else "",
        f"第 {cell['line']} 行" if cell["line"] else "",
    ]
    if cell["row_number"] is not None:
        parts.append(
            f"表内第 {cell['row_number'] + 1} 行第 {cell['column_number'] + 1} 列"
        )
    if cell["character_start"] is not None:
        parts.append(f"第 {cell['character_start'] + 1}—{cell['character_end']} 字")
    return "，".join(part for part in parts if part)


def _table(connection: duckdb.DuckDBPyConnection, cell: Row) -> Iterator[str]:
    table = _one(
        connection,
        "select tables.title, statements.name_zh, tables.amount_unit "
        "from dim_source_table as tables left join dim_statement as statements "
        "on tables.statement = statements.statement "
        "where tables.source_table_id = ?",
        cell["source_table_id"],
    )
    if table is not None:
        name = table["name_zh"] or "非收支报表"
        yield f"  报表：{table['title'] or '（无标题）'}（{name}，单位 {table['amount_unit'] or '未标明'}）"
    head = _one(
        connection,
        "select label_path from intermediate.int_column "
        "where source_table_id = ? and column_number = ?",
        cell["source_table_id"],
        cell["column_number"],
    )
    if head is not None and head["label_path"]:
        yield f"  栏目：{head['label_path']}"
    row = [
        shown(found["printed_text"])
        for found in _rows(
            connection,
            "select cells.text as printed_text from raw.cells as cells "
            "inner join raw.files as files using (content_id) "
            "inner join staging.stg_table as tables "
            "on files.document_id = tables.document_id and cells.block = tables.block "
            "where tables.source_table_id = ? and cells.row = ? and cells.column < ? "
            "and not regexp_full_match(trim(cells.text), '[-+(（]?[0-9][0-9,，.]*[)）%％]?') "
            "order by cells.column",
            cell["source_table_id"],
            cell["row_number"],
            cell["column_number"],
        )
    ]
    if row:
        yield f"  行首：{' | '.join(row)}"


def _facts(connection: duckdb.DuckDBPyConnection, cell_id: str) -> Iterator[str]:
    """The facts of the cell as the Chinese views tell them."""
    for view in _rows(
        connection,
        "select views.view_name, views.table_name from seeds.audit_view as views "
        "inner join information_schema.columns as columns "
        "on views.view_name = columns.table_name and columns.table_schema = 'audit' "
        "and columns.column_name = '单元格编号' "
        "where views.table_name like 'fct_%' order by views.table_name",
    ):
        for fact in _rows(
            connection,
            f'select * from audit."{view["view_name"]}" where "单元格编号" = ?',
            cell_id,
        ):
            told = "，".join(
                f"{column} {_told(value)}"
                for column, value in fact.items()
                if value is not None and not column.endswith("编号")
            )
            yield f"  事实 {view['view_name']}（{view['table_name']}）：{told}"


def _told(value: object) -> str:
    return ("否", "是")[value] if isinstance(value, bool) else shown(value)


def _identities(connection: duckdb.DuckDBPyConnection, cell_id: str) -> Iterator[str]:
    for row in _rows(
        connection,
        "select rules.title_zh, identities.verdict, cells.role, "
        "identities.printed_yuan, identities.computed_yuan, identities.difference_yuan "
        "from bridge_identity_cell as cells "
        "inner join fct_identity as identities "
        "on cells.identity_id = identities.identity_id "
        "inner join seeds.rule as rules on identities.rule_id = rules.rule_id "
        "where cells.cell_id = ? order by rules.rule_id, identities.identity_id",
        cell_id,
    ):
        role = "合计" if row["role"] == "total" else "组成"
        yield (
            f"  等式 {row['title_zh']}（作为{role}）：印列 {shown(row['printed_yuan'])} 元，"
            f"计算 {shown(row['computed_yuan'])} 元，{VERDICT[row['verdict']]}"
        )


def _findings(connection: duckdb.DuckDBPyConnection, cell_id: str) -> Iterator[str]:
    for row in _rows(
        connection,
        "select findings.finding_id, findings.title, findings.explanation "
        "from bridge_finding_cell as cells inner join fct_finding as findings "
        "on cells.finding_id = findings.finding_id "
        "where cells.cell_id = ? order by findings.finding_id",
        cell_id,
    ):
        yield f"  发现 {row['finding_id']}：{row['title']}。{row['explanation']}"


def marked_page(
    connection: duckdb.DuckDBPyConnection, cell_id: str, disclosures: Path
) -> Image | None:
    """The page with the cell marked; None where there is no page to show.

    Only a PDF that still lies below ``disclosures`` with the bytes that were read has one.
    """
    cell = _one(
        connection,
        "select cells.*, documents.relative_path, documents.file_sha256, documents.format "
        "from dim_source_cell as cells inner join dim_document as documents "
        "on cells.document_id = documents.document_id where cells.cell_id = ?",
        cell_id,
    )
    if cell is None or cell["format"] != "pdf" or cell["page"] is None:
        return None
    file = disclosures / cell["relative_path"]
    data = _same_bytes(file, cell["file_sha256"])
    if data is None:
        return None
    import pypdfium2
    from PIL import ImageDraw

    document = pypdfium2.PdfDocument(data)
    try:
        image: Image = document[cell["page"] - 1].render(scale=_SCALE).to_pil()
    finally:
        document.close()
    if cell["box_left"] is not None:
        box = [
            value * _SCALE + margin
            for value, margin in (
                (cell["box_left"], -3),
                (cell["box_top"], -3),
                (cell["box_right"], 3),
                (cell["box_bottom"], 3),
            )
        ]
        ImageDraw.Draw(image).rectangle(box, outline=MARK, width=3)
    return image


def picture(
    connection: duckdb.DuckDBPyConnection, cell_id: str, disclosures: Path, out: Path
) -> Path | None:
    """The marked page as PNG in ``out``; None where there is no page to show."""
    image = marked_page(connection, cell_id, disclosures)
    if image is None:
        return None
    out.mkdir(parents=True, exist_ok=True)
    path = out / f"{cell_id}.png"
    image.save(path)
    return path


def _same_bytes(file: Path, sha256: str) -> bytes | None:
    try:
        data = file.read_bytes()
    except OSError:
        return None
    return data if hashlib.sha256(data).hexdigest() == sha256 else None


def _rows(
    connection: duckdb.DuckDBPyConnection, sql: str, *parameters: object
) -> list[Row]:
    result = connection.execute(sql, list(parameters))
    names = [column[0] for column in result.description]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def _one(
    connection: duckdb.DuckDBPyConnection, sql: str, *parameters: object
) -> Row | None:
    rows = _rows(connection, sql, *parameters)
    return rows[0] if rows else None


def main() -> int:
    """``python -m pipeline.trace CELL``: print where a number comes from."""
    parser = command.parser(
        "make trace",
        "说明一个数字的来历：文件、页、表、行列、参与的等式和发现；PDF 另存标出位置的页面图像。",
        *("CELL", "WAREHOUSE", "DISCLOSURES", "WORK"),
    )
    parser.add_argument("cell", nargs="?", metavar="CELL", help="单元格编号")
    given = parser.parse_args().cell
    return command.run(lambda: _main((given or os.environ.get("CELL", "")).strip()))


def _main(cell_id: str) -> int:
    settings = Settings.from_environment()
    if not cell_id:
        raise command.Refused(
            "请给出单元格编号：make trace CELL=…（各事实表的 cell_id）。例如先看一条："
            'make query SQL="select cell_id, printed_text from dim_source_cell limit 5"'
        )
    with open_read_only(settings.warehouse) as connection:
        try:
            print("\n".join(trace(connection, cell_id)))
        except Unknown:
            return command.fail(
                f"数据库中没有这个单元格：{cell_id}。请从 cell_id 一列照抄，"
                "并用建立这个编号的数据库（WAREHOUSE=）。",
                command.FAILED,
            )
        path = picture(
            connection, cell_id, settings.disclosures, settings.work / "trace"
        )
    if path is not None:
        print(f"  图像：{path}")
    else:
        print(
            f"  图像：无。只有 PDF 有，且须原样留在 {settings.disclosures} 下；"
            "建库时用了别的文件夹，这里也给出 DISCLOSURES=…"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
