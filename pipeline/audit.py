"""The schema ``audit``: the marts with Chinese names, columns and values, and comments.

For people in Excel and BI tools. The names are seeds (``seeds/audit``) and those of the
dimensions; a column that has none keeps its own. What each table and column means is
kept as a comment in the warehouse itself, Chinese before English. The exported copy and
PostgreSQL get the same views from the same statements.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import duckdb

# Columns whose values are named elsewhere: the seed, its key, its Chinese name.
NAMED_VALUES = {
    "statement": ("statement", "statement", "name_zh"),
    "measure": ("measure", "measure", "name_zh"),
    "fund": ("fund", "fund", "name_zh"),
    "revenue_source": ("fund", "fund", "name_zh"),
    "category": ("procurement_category", "category", "name_zh"),
    "cause": ("cause_kind", "cause_kind", "name_zh"),
    "rule_id": ("rule", "rule_id", "title_zh"),
}
# Columns of the same name whose values are another thing in each mart.
OWN_VALUES = {
    ("fct_three_public", "item"): ("three_public_item", "item", "name_zh"),
    ("fct_balance_item", "item"): ("balance_item", "item", "name_zh"),
    ("fct_resource", "item"): ("resource_item", "item", "name_zh"),
    ("dim_measure", "parent"): ("measure", "measure", "name_zh"),
    ("dim_fund", "parent"): ("fund", "fund", "name_zh"),
}

# Columns that list several values, and the column that one of these would stand in.
LISTED_VALUES = {"statements": "statement"}
# Columns whose values are of several lists, and the column that says of which.
MIXED_VALUES = {
    ("dim_document_evidence", "value"): "attribute",
    ("fct_narrative_figure", "subject_code"): "subject_kind",
}
# What an identity or a sentence is about, where it is no code, is named by one of these;
# the later goes before the earlier.
SUBJECTS = {
    "resource": OWN_VALUES["fct_resource", "item"],
    "three_public": OWN_VALUES["fct_three_public", "item"],
    "balance": OWN_VALUES["fct_balance_item", "item"],
    "procurement": NAMED_VALUES["category"],
    "fund": NAMED_VALUES["fund"],
    "measure": NAMED_VALUES["measure"],
}

_UNMASKED = (
    "照公开原文保存，个人信息未脱敏；导出和网页中已脱敏。"
    "As published, personal data included; exports and pages mask it."
)

Names = dict[str, dict[str, str]]


def create_views(connection: duckdb.DuckDBPyConnection) -> None:
    """Fill the schema ``audit``: one view for each row of ``audit_view`` with a mart.

    Views of other names, of a warehouse that this one began as, do not stay.
    """
    connection.execute("drop schema if exists audit cascade")
    connection.execute("create schema audit")
    for statement in view_statements(connection):
        connection.execute(statement)


def view_statements(connection: duckdb.DuckDBPyConnection) -> Iterator[str]:
    """SQL of the views over ``marts`` and of their comments, for every engine alike.

    The comments are those of the marts, which ``comment`` has written before.
    """
    column_names = dict(_rows(connection, "audit_column", "column_name", "name_zh"))
    values = value_names(connection)
    marts = _columns(connection)
    comments = _comments(connection)
    for name, mart in _rows(connection, "audit_view", "view_name", "table_name"):
        if mart not in marts:
            continue
        named = dict(values)
        for (table, column), seed in OWN_VALUES.items():
            if table == mart:
                named[column] = dict(_rows(connection, *seed))
        view = f"audit.{_quoted(name)}"
        titles = {column: column_names.get(column, column) for column in marts[mart]}
        columns = ", ".join(
            f"{_named(mart, column, named)} as {_quoted(title)}"
            for column, title in titles.items()
        )
        yield f"create or replace view {view} as select {columns} from marts.{mart}"
        text = comments.get((mart, ""), "").removeprefix(f"{name}。")
        yield f"comment on view {view} is {_literal(_joined(f'即 marts.{mart}', text))}"
        for column, title in titles.items():
            text = comments.get((mart, column), "").removeprefix(f"{title}。")
            yield (
                f"comment on column {view}.{_quoted(title)} is "
                f"{_literal(_joined(f'即 {column}', text))}"
            )


def comment(connection: duckdb.DuckDBPyConnection, manifest: Path) -> None:
    """Write what tables and columns of the marts mean into the warehouse.

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
    # What a column means in one mart goes before what it means in all of them.
    about = {
        (mart or "", column or ""): text.removesuffix("。")
        for mart, column, text in connection.execute(
            "select table_name, column_name, description_zh from seeds.audit_description"
        ).fetchall()
    }
    for mart, columns in _columns(connection).items():
        table_text, column_texts = described.get(mart, ("", {}))
        text = _joined(views.get(mart, ""), about.get((mart, ""), ""), table_text)
        connection.execute(f"comment on table marts.{mart} is {_literal(text)}")
        for column in columns:
            text = _joined(
                column_names.get(column, ""),
                about.get((mart, column)) or about.get(("", column), ""),
                column_texts.get(column, ""),
            )
            connection.execute(
                f"comment on column marts.{mart}.{column} is {_literal(text)}"
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


def _comments(connection: duckdb.DuckDBPyConnection) -> dict[tuple[str, str], str]:
    """What is said of each mart (its column is empty) and of each of its columns."""
    return {
        (mart, column): text
        for mart, column, text in connection.execute(
            "select table_name, '', comment from duckdb_tables() "
            "where schema_name = 'marts' and comment is not null union all "
            "select table_name, column_name, comment from duckdb_columns() "
            "where schema_name = 'marts' and comment is not null"
        ).fetchall()
    }


def value_names(connection: duckdb.DuckDBPyConnection) -> Names:
    """What people read for the values of columns, and for the subjects of each kind."""
    names: Names = {
        name: dict(_rows(connection, *seed))
        for name, seed in (NAMED_VALUES | SUBJECTS).items()
    }
    for column, value, name in connection.execute(
        "select column_name, value, name_zh from seeds.audit_value"
    ).fetchall():
        names.setdefault(column, {})[value] = name
    subjects = names.setdefault("subject_code", {})
    for kind in ("side", "row_role", *SUBJECTS):
        subjects |= names.get(kind, {})
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


def _named(mart: str, column: str, names: Names) -> str:
    """A column with its values in Chinese, one by one where it lists several."""
    if column in LISTED_VALUES:
        listed = f"',' || {_quoted(column)} || ','"
        for value, name in names[LISTED_VALUES[column]].items():
            one, other = _literal(f",{value},"), _literal(f",{name},")
            listed = f"replace({listed}, {one}, {other})"
        return f"replace(trim({listed}, ','), ',', '、')"
    ways = []
    if kind := MIXED_VALUES.get((mart, column)):
        lists = [each for each in names[kind] if each in names]
        ways.append(_case(kind, {each: _name(column, names[each]) for each in lists}))
    if column in names:
        ways.append(_name(column, names[column]))
    ways.append(_quoted(column))
    return f"coalesce({', '.join(ways)})" if len(ways) > 1 else ways[0]


def _name(column: str, names: dict[str, str]) -> str:
    """The name of a column's value; NULL of one that has none."""
    return _case(column, {value: _literal(name) for value, name in names.items()})


def _case(column: str, results: dict[str, str]) -> str:
    cases = " ".join(
        f"when {_literal(value)} then {result}" for value, result in results.items()
    )
    return f"case {_quoted(column)} {cases} end"


def _joined(*texts: str) -> str:
    """Name, meaning in Chinese, meaning in English, as far as there are any."""
    return "。".join(" ".join(text.split()) for text in texts if text)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
