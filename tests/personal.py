"""Personal data of each kind, put wherever a warehouse holds text; or no data."""

from __future__ import annotations

import duckdb

SECRET = (
    "退休职工张伟民丧葬费 联系人：喻显明 电话13812345678，023-71293797 "
    "身份证11010519491231002X 账号6222020200112233445"
)
MASKED = (
    "退休职工张**丧葬费 联系人：喻** 电话138****5678，023-****3797 "
    "身份证110105************ 账号***************3445"
)
# What of it may stand nowhere.
PARTS = (
    "张伟民",
    "喻显明",
    "13812345678",
    "71293797",
    "19491231002X",
    "6222020200112233445",
)
# Columns of text that people wrote, in the marts that have them.
COLUMNS = (
    *("title", "file_name", "relative_path", "status_reason", "note", "reason"),
    *("printed_text", "printed_name", "sheet", "section_text", "section_title"),
    *("section_path", "sentence", "subject", "subject_name", "subject_code"),
    *("cited_title", "cited_titles", "condition", "explanation", "expression"),
    *("examples", "message", "indicator", "target_text", "project_name"),
    *("purchase_name", "citing_units", "acknowledgement_reason", "value"),
)


def put_everywhere(connection: duckdb.DuckDBPyConnection) -> int:
    """Put ``SECRET`` into a row of each column of text; says into how many columns."""
    places = connection.execute(
        "select table_name, column_name from duckdb_columns() where schema_name = "
        "'marts' and data_type = 'VARCHAR' and list_contains(?, column_name) "
        "and table_name in (select table_name from duckdb_tables() "
        "where schema_name = 'marts' and estimated_size > 0)",
        [list(COLUMNS)],
    ).fetchall()
    for table, column in places:
        secret = f'["{SECRET}"]' if column == "examples" else SECRET
        connection.execute(
            f"update marts.{table} set {column} = ? "
            f"where rowid = (select max(rowid) from marts.{table})",
            [secret],
        )
    return len(places)


def empty(connection: duckdb.DuckDBPyConnection) -> None:
    """Delete every row that is not a document, a unit or a list of codes."""
    for (table,) in connection.execute(
        "select table_name from duckdb_tables() where schema_name = 'marts' and "
        "(table_name like 'fct_%' or table_name like 'bridge_finding%' "
        "or table_name like 'bridge_identity%' or table_name like 'rpt_%' "
        "or table_name like 'dim_source_%' or table_name = 'expectation_results')"
    ).fetchall():
        connection.execute(f"delete from marts.{table}")
