"""What identifies a row of each mart: checked by the suites, primary keys in exports.

Apart from the suites, which take seconds to import.
"""

from __future__ import annotations

Keys = dict[str, tuple[str, ...]]

MARTS: Keys = {
    "dim_document": ("document_id",),
    "dim_unit": ("unit_id",),
    "dim_region": ("region_code",),
    "dim_source_table": ("source_table_id",),
    "dim_source_cell": ("cell_id",),
    "dim_functional_code": ("functional_code",),
    "dim_economic_code": ("classification", "economic_code"),
    "fct_functional": ("cell_id",),
    "fct_economic": ("cell_id", "classification"),
    "fct_revenue": ("cell_id",),
    "fct_balance_item": ("cell_id",),
    "fct_three_public": ("cell_id",),
    "fct_project": ("cell_id",),
    "fct_target_funding": ("cell_id",),
    "fct_procurement": ("cell_id",),
    "fct_resource": ("cell_id",),
    "fct_performance_target": ("cell_id",),
    "fct_citation": ("citation_id",),
    "fct_formula": ("formula_id",),
    "fct_policy_standard": ("standard_id",),
    "dim_project_text": ("project_section_id",),
    "fct_narrative_figure": ("cell_id",),
    "fct_spending": ("unit_id", "fiscal_year", "stage", "functional_code"),
    "fct_spending_economic": (
        "unit_id",
        "fiscal_year",
        "stage",
        "classification",
        "economic_code",
    ),
}

RECONCILIATION: Keys = {
    "fct_identity": ("identity_id",),
    "bridge_identity_cell": ("identity_id", "cell_id", "role"),
    "fct_finding": ("finding_id",),
    "bridge_finding_cell": ("finding_id", "cell_id", "role"),
    "rpt_coverage": ("document_id", "statement"),
    "rpt_narrative_coverage": ("document_id",),
}

KEYS: Keys = MARTS | RECONCILIATION
