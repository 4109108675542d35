"""The mask of personal data for pages: what it keeps, and what it learns first."""

from __future__ import annotations

from dashboard.reading import Warehouse
from exports.masking import Masker

# Names of units, places and codes, in which no person is looked for.
_KEPT = {
    "marts.dim_unit": ("unit_name", "parent_unit_name"),
    "marts.dim_region": ("province", "prefecture", "county", "region_name"),
    "marts.dim_functional_code": ("name",),
    "marts.dim_economic_code": ("name",),
    "marts.dim_revenue_code": ("name",),
    "seeds.three_public_item": ("name_zh",),
}
# Where names of persons are printed.
_LEARNED = {
    "raw.cells": "text",
    "raw.paragraphs": "text",
    "marts.fct_project": "project_name",
    "marts.fct_finding": "explanation",
}


def masker(warehouse: Warehouse) -> Masker:
    """A mask that knows this warehouse: a name found once is masked everywhere."""
    kept = {
        row["name"]
        for table, columns in _KEPT.items()
        if table in warehouse.tables
        for column in columns
        for row in warehouse.stream(f"select distinct {column} as name from {table}")
        if row["name"]
    }
    for row in warehouse.stream(
        "select other_names from marts.dim_unit where other_names is not null"
    ):
        kept.update(name.strip() for name in row["other_names"].split(";"))
    found = Masker(kept)
    for table, column in _LEARNED.items():
        if table in warehouse.tables:
            found.learn(
                row["text"]
                for row in warehouse.stream(
                    f"select distinct {column} as text from {table} "
                    f"where regexp_matches({column}, '[一-鿿]{{2}}')"
                )
            )
    return found
