"""The cover of the workbook: its sources, what it says first, what is in it."""

from __future__ import annotations

import duckdb
import xlsxwriter

from exports.formats import Formats, set_page
from exports.release import NOTE_ZH, Release
from exports.sheets import SHEETS

COVER = "封面"

Facts = list[tuple[str, str]]


def cover_facts(connection: duckdb.DuckDBPyConnection) -> Facts:
    """The numbers that come first."""
    ((documents, loaded, units, years),) = connection.execute(
        "select count(*), count(*) filter (status = 'loaded'), "
        "count(distinct case when status = 'loaded' then unit_id end), "
        "min(fiscal_year) || '—' || max(fiscal_year) from marts.dim_document"
    ).fetchall()
    ((errors, warnings, notes),) = connection.execute(
        "select count(*) filter (severity = 'error'), "
        "count(*) filter (severity = 'warning'), "
        "count(*) filter (severity = 'info') from marts.fct_finding"
    ).fetchall()
    ((identities, held, failed),) = connection.execute(
        "select count(*), count(*) filter (verdict in ('exact', 'rounding')), "
        "count(*) filter (verdict = 'discrepancy') from marts.fct_identity"
    ).fetchall()
    ((amounts, checked),) = connection.execute(
        "select coalesce(sum(amounts), 0), coalesce(sum(amounts_in_identity), 0) "
        "from marts.rpt_coverage"
    ).fetchall()
    ((unread,),) = connection.execute(
        "select count(*) from marts.dim_source_table where status = 'not_understood'"
    ).fetchall()
    share = f"（{checked / amounts:.1%}）" if amounts else ""
    return [
        (
            "公开文件",
            f"{documents:,} 份，已载入 {loaded:,} 份，{units:,} 个单位，{years or '—'}",
        ),
        ("发现", f"错误 {errors:,}，警告 {warnings:,}，提示 {notes:,}"),
        ("等式", f"{identities:,} 个，相符 {held:,}，不符 {failed:,}"),
        ("金额", f"{amounts:,} 个，经等式核对 {checked:,} 个{share}"),
        ("未识别表格", f"{unread:,} 张"),
    ]


def write_cover(
    book: xlsxwriter.Workbook,
    formats: Formats,
    release: Release,
    rows: dict[str, int],
    facts: Facts,
    limit: int,
) -> None:
    """Write it; ``rows`` are those of each sheet, ``limit`` how many one can hold."""
    worksheet = book.add_worksheet(COVER)
    set_page(worksheet, release.build_id)
    worksheet.hide_gridlines(2)
    worksheet.set_column(0, 0, 20)
    worksheet.set_column(1, 1, 12)
    worksheet.set_column(2, 2, 92)
    worksheet.set_row(0, 30)
    worksheet.write_string(0, 0, "县级部门预决算公开数据　审计工作簿", formats.title)
    line = 2
    for label, text in (
        ("构建编号", release.build_id),
        ("建库时间", f"{release.built_at:%Y-%m-%d %H:%M}（UTC）"),
        ("导出时间", f"{release.exported_at:%Y-%m-%d %H:%M}（UTC）"),
        *facts,
    ):
        worksheet.write_string(line, 0, label, formats.label)
        worksheet.write_string(line, 1, text, formats.value)
        line += 1
    line += 1
    for place, text in enumerate(("内容", "行数", "")):
        worksheet.write_string(line, place, text, formats.section)
    line += 1
    for sheet in SHEETS:
        worksheet.write_url(
            line, 0, f"internal:'{sheet.name}'!A1", formats.link, sheet.name
        )
        worksheet.write_number(line, 1, rows[sheet.name], formats.number)
        worksheet.write_string(line, 2, sheet.about, formats.value)
        line += 1
    line += 1
    for place, text in enumerate(("说明", "", "")):
        worksheet.write_string(line, place, text, formats.section)
    for number, text in enumerate(
        (
            "来源：各部门、单位公开的预算和决算文件，清单见“文件”，每份附 SHA-256。",
            "金额照原文录入，差错只作为“发现”列出，不作更正；以“元”列为准，“万元”列由其换算。",
            "Excel 的数字只保留 15 位有效数字；更精确的小数见 CSV、Parquet 或 DuckDB。",
            "逐项照录的各表只列已载入的文件；重复和已被更新的文件见“文件”。",
            f"一个主题超过 {limit:,} 行时接续到“名称 (2)”等工作表。",
            NOTE_ZH,
        ),
        1,
    ):
        line += 1
        worksheet.write_string(line, 0, f"{number}．{text}", formats.value)
