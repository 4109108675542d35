"""The reconciling suite: what the disclosures themselves should satisfy."""

from __future__ import annotations

from collections.abc import Iterator

from expectations.suite import Check, no_rows


def checks() -> Iterator[Check]:
    """All reconciling checks; what they find is in ``fct_finding`` already."""
    yield no_rows(
        "fct_finding",
        "没有未确认的错误级发现",
        "select finding_id, title from {batch} "
        "where severity = 'error' and not is_acknowledged",
    )
    yield no_rows(
        "fct_finding",
        "没有未确认的勾稽不符",
        "select finding_id, title from {batch} "
        "where identities > 0 and not is_acknowledged",
    )
    yield no_rows(
        "dim_source_table",
        "没有含金额而未识别的表",
        "select source_table_id, title, status_reason from {batch} "
        "where status = 'not_understood'",
    )
    yield no_rows(
        "fct_functional",
        "没有存疑的功能分类金额",
        "select cell_id from {batch} where proof = 'disputed'",
    )
    yield no_rows(
        "fct_economic",
        "没有存疑的经济分类金额",
        "select cell_id from {batch} where proof = 'disputed'",
    )
