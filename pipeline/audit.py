"""The schema ``audit``: the marts with Chinese names, columns and values, and comments.

For people in Excel and BI tools. The names are seeds (``seeds/audit``) and those of the
dimensions; a column that has none keeps its own. What each table and column means is
kept as a comment in the warehouse itself, Chinese before English.
"""

from __future__ import annotations

import json
from pathlib import Path

import duckdb

# Columns whose values are named elsewhere: the seed, its key, its Chinese name.
_NAMED_VALUES = {
    "statement": ("statement", "statement", "name_zh"),
    "measure": ("measure", "measure", "name_zh"),
    "fund": ("fund", "fund", "name_zh"),
    "revenue_source": ("fund", "fund", "name_zh"),
    "category": ("procurement_category", "category", "name_zh"),
    "cause": ("cause_kind", "cause_kind", "name_zh"),
    "rule_id": ("rule", "rule_id", "title_zh"),
}
# Of two marts the values of `item` are different things.
_ITEMS = {
    "fct_three_public": ("three_public_item", "item", "name_zh"),
    "fct_balance_item": ("balance_item", "item", "name_zh"),
    "fct_resource": ("resource_item", "item", "name_zh"),
}

_UNMASKED = (
    "照公开原文保存，个人信息未脱敏；导出和网页中已脱敏。"
    "As published, personal data included; exports and pages mask it."
)

Names = dict[str, dict[str, str]]


def create_views(connection: duckdb.DuckDBPyConnection) -> None:
    """Fill the schema ``audit``: one view for each row of ``audit_view`` with a mart."""
    connection.execute("create schema if not exists audit")
    column_names = dict(_rows(connection, "audit_column", "column_name", "name_zh"))
    values = _value_names(connection)
    marts = _columns(connection)
    for view, mart in _rows(connection, "audit_view", "view_name", "table_name"):
        if mart not in marts:
            continue
        named = dict(values)
        if mart in _ITEMS:
            named["item"] = dict(_rows(connection, *_ITEMS[mart]))
        columns = ", ".join(
            f"{_valued(column, named.get(column))} as {_quoted(column_names.get(column, column))}"
            for column in marts[mart]
        )
        connection.execute(
            f"create view audit.{_quoted(view)} as select {columns} from marts.{mart}"
        )


def comment(connection: duckdb.DuckDBPyConnection, manifest: Path) -> None:
    """Write what tables and columns mean into the warehouse: views and marts.

    ``manifest`` is dbt's; without it the marts keep their Chinese names alone.
    """
    described = _described(manifest)
    for (table,) in connection.execute(
        "select table_name from duckdb_tables() where schema_name = 'raw'"
    ).fetchall():
        connection.execute(f"comment on table raw.{table} is {_literal(_UNMASKED)}")
    column_names = dict(_rows(connection, "audit_column", "column_name", "name_zh"))
    views = {
        mart: view
        for view, mart in _rows(connection, "audit_view", "view_name", "table_name")
    }
    for mart, columns in _columns(connection).items():
        table_text, column_texts = described.get(mart, ("", {}))
        text = _joined(views.get(mart, ""), table_text)
        connection.execute(f"comment on table marts.{mart} is {_literal(text)}")
        for column in columns:
            text = _joined(column_names.get(column, ""), column_texts.get(column, ""))
            connection.execute(
                f"comment on column marts.{mart}.{column} is {_literal(text)}"
            )
        if mart in views:
            text = _joined(f"即 marts.{mart}", table_text)
            connection.execute(
                f"comment on view audit.{_quoted(views[mart])} is {_literal(text)}"
            )


def _columns(connection: duckdb.DuckDBPyConnection) -> dict[str, list[str]]:
    """The marts with their columns, in order."""
    marts: dict[str, list[str]] = {}
    for table, column in connection.execute(
        "select table_name, column_name from information_schema.columns "
        "where table_schema = 'marts' order by table_name, ordinal_position"
    ).fetchall():
        marts.setdefault(table, []).append(column)
    return marts


def _value_names(connection: duckdb.DuckDBPyConnection) -> Names:
    names: Names = {
        column: dict(_rows(connection, *seed)) for column, seed in _NAMED_VALUES.items()
    }
    for column, value, name in connection.execute(
        "select column_name, value, name_zh from seeds.audit_value"
    ).fetchall():
        names.setdefault(column, {})[value] = name
    return names


def _rows(
    connection: duckdb.DuckDBPyConnection, seed: str, key: str, name: str
) -> list[tuple[str, str]]:
    return connection.execute(f"select {key}, {name} from seeds.{seed}").fetchall()


def _described(manifest: Path) -> dict[str, tuple[str, dict[str, str]]]:
    if not manifest.exists():
        return {}
    nodes = json.loads(manifest.read_text(encoding="utf-8"))["nodes"].values()
    return {
        node["name"]: (
            node["description"],
            {name: column["description"] for name, column in node["columns"].items()},
        )
        for node in nodes
        if node["resource_type"] == "model" and node["schema"] == "marts"
    }


def _valued(column: str, names: dict[str, str] | None) -> str:
    if not names:
        return _quoted(column)
    pairs = ", ".join(f"{_literal(k)}: {_literal(v)}" for k, v in names.items())
    return f"coalesce(map {{{pairs}}}[{_quoted(column)}], {_quoted(column)})"


def _joined(chinese: str, english: str) -> str:
    return "。".join(text for text in (chinese, " ".join(english.split())) if text)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
