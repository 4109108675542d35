"""The critical suite: the warehouse is sound, or it is not published."""

from __future__ import annotations

from collections.abc import Iterator

from expectations.settings import CHECKED_TOTALS_FLOOR, CHECKED_TOTALS_LEAST
from expectations.suite import Check, no_rows

KEYS: dict[str, tuple[str, ...]] = {
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
    "fct_identity": ("identity_id",),
    "bridge_identity_cell": ("identity_id", "cell_id", "role"),
    "fct_finding": ("finding_id",),
    "fct_spending": ("unit_id", "fiscal_year", "stage", "functional_code"),
    "fct_spending_economic": (
        "unit_id",
        "fiscal_year",
        "stage",
        "classification",
        "economic_code",
    ),
}

AMOUNT_FACTS = (
    "fct_functional",
    "fct_economic",
    "fct_revenue",
    "fct_balance_item",
    "fct_three_public",
    "fct_project",
)

# Columns besides keys that always say something: a set of values lets NULL pass.
STATED: dict[str, tuple[str, ...]] = {
    "dim_document": ("status", "file_sha256", "file_name"),
    "dim_source_table": ("status", "document_id"),
    "fct_identity": ("verdict", "rule_id", "document_id"),
    "fct_finding": ("rule_id", "severity", "title", "explanation", "document_id"),
}

VALUES: dict[str, tuple[str, ...]] = {
    "row_role": ("code", "total", "grand_total", "unit"),
    "year_basis": ("all", "current_year", "carryover"),
    "phase": ("budget", "adjusted_budget", "final", "prior_budget", "prior_final"),
    "proof": ("proven", "disputed", "unchecked"),
    "stage": ("budget", "final_accounts"),
}


def checks() -> Iterator[Check]:
    """All critical checks."""
    yield from _keys()
    yield from _stated()
    yield from _values()
    yield from _sources()
    yield from _amounts()
    yield from _coverage()


def _keys() -> Iterator[Check]:
    import great_expectations.expectations as gxe

    for table, columns in KEYS.items():
        for column in columns:
            text = f"{table}.{column} 不得为空"
            yield Check(table, text, gxe.ExpectColumnValuesToNotBeNull(column=column))
        text = f"{table} 的主键（{'、'.join(columns)}）不得重复"
        if len(columns) == 1:
            yield Check(
                table, text, gxe.ExpectColumnValuesToBeUnique(column=columns[0])
            )
        else:
            yield Check(
                table,
                text,
                gxe.ExpectCompoundColumnsToBeUnique(column_list=list(columns)),
            )


def _stated() -> Iterator[Check]:
    import great_expectations.expectations as gxe

    for table, columns in (*STATED.items(), *((t, VALUES) for t in AMOUNT_FACTS)):
        for column in columns:
            text = f"{table}.{column} 不得为空"
            yield Check(table, text, gxe.ExpectColumnValuesToNotBeNull(column=column))


def _values() -> Iterator[Check]:
    import great_expectations.expectations as gxe

    for table in AMOUNT_FACTS:
        for column, values in VALUES.items():
            yield Check(
                table,
                f"{table}.{column} 只能取约定的值",
                gxe.ExpectColumnValuesToBeInSet(column=column, value_set=list(values)),
            )
        for column, dimension in (
            ("measure", "dim_measure"),
            ("fund", "dim_fund"),
            ("statement", "dim_statement"),
        ):
            yield no_rows(
                table,
                f"{table}.{column} 必须在 {dimension} 中",
                f"select facts.cell_id, facts.{column} from {{batch}} as facts "
                f"left join marts.{dimension} as known on facts.{column} = known.{column} "
                f"where known.{column} is null",
            )
    yield no_rows(
        "fct_functional",
        "标为规范科目的功能分类编码必须在科目表中",
        "select facts.cell_id from {batch} as facts "
        "left join marts.dim_functional_code as codes using (functional_code) "
        "where facts.is_official and codes.functional_code is null",
    )
    yield no_rows(
        "fct_economic",
        "标为规范科目的经济分类编码必须在科目表中",
        "select facts.cell_id from {batch} as facts "
        "left join marts.dim_economic_code as codes using (classification, economic_code) "
        "where facts.is_official and codes.economic_code is null",
    )
    yield Check(
        "fct_identity",
        "等式的结论只能取约定的值",
        _in_set(
            "verdict", ("exact", "rounding", "suspicious", "discrepancy", "unchecked")
        ),
    )


def _in_set(column: str, values: tuple[str, ...]):  # type: ignore[no-untyped-def]
    import great_expectations.expectations as gxe

    return gxe.ExpectColumnValuesToBeInSet(column=column, value_set=list(values))


def _sources() -> Iterator[Check]:
    for table in AMOUNT_FACTS:
        yield no_rows(
            table,
            f"{table} 的每个金额都能追溯到单元格、表和文件",
            "select facts.cell_id from {batch} as facts "
            "left join marts.dim_source_cell as cells using (cell_id) "
            "left join marts.dim_source_table as tables "
            "on facts.source_table_id = tables.source_table_id "
            "left join marts.dim_document as documents "
            "on facts.document_id = documents.document_id "
            "where cells.cell_id is null or tables.source_table_id is null "
            "or documents.document_id is null",
        )
    yield Check(
        "dim_source_table",
        "每张表都有处理状态",
        _in_set("status", ("loaded", "empty", "not_understood", "not_a_statement")),
    )
    yield no_rows(
        "dim_source_table",
        "未识别的表必须说明原因",
        "select source_table_id from {batch} "
        "where status in ('not_understood', 'empty') and status_reason is null",
    )
    yield no_rows(
        "dim_source_table",
        "读取到的每张表都在 dim_source_table 中",
        "select 1 as lost from (select count(*) as expected from raw.tables as tables "
        "inner join raw.files as files using (content_id) "
        "where files.duplicate_of is null) as landed "
        "cross join (select count(*) as found from {batch}) as present "
        "where landed.expected <> present.found",
    )
    yield no_rows(
        "dim_document",
        "读取到的每个文件都在 dim_document 中，未载入的说明原因",
        "select files.document_id from raw.files as files "
        "left join {batch} as documents using (document_id) "
        "where documents.document_id is null "
        "or (documents.status <> 'loaded' and documents.status_reason is null)",
    )


def _amounts() -> Iterator[Check]:
    # Written apart from the macros of the models on purpose: whatever stands in
    # the way of digits, point and sign goes, then the unit multiplies.
    digits = (
        "replace(replace(regexp_replace(translate(cells.printed_text, "
        "'０１２３４５６７８９．－（）', '0123456789.-()'), '[^0-9.()-]', '', 'g'), "
        "'(', '-'), ')', '')"
    )
    factor = (
        "case cells.amount_unit when '元' then 1 when '百元' then 100 when '千元' then 1000 "
        "when '万元' then 10000 when '百万元' then 1000000 when '亿元' then 100000000 end"
    )
    for table in AMOUNT_FACTS:
        yield no_rows(
            table,
            f"{table} 的每个金额都等于由原文独立换算的金额",
            "select facts.cell_id, facts.amount_yuan, cells.printed_text "
            "from {batch} as facts "
            "inner join marts.dim_source_cell as cells using (cell_id) "
            f"where try_cast({digits} as decimal(30, 8)) * {factor} "
            "is distinct from facts.amount_yuan",
        )
        yield no_rows(
            table,
            f"{table} 的舍入误差界不为负且不超过半个单位",
            "select cell_id from {batch} where half_unit_yuan < 0 "
            "or half_unit_yuan > 50000000 or half_unit_yuan is null",
        )
    yield no_rows(
        "fct_identity",
        "等式的差额等于印列数减计算数，结论与误差界一致",
        "select identity_id from {batch} where "
        "difference_yuan <> printed_yuan - computed_yuan "
        "or (verdict = 'exact' and difference_yuan <> 0) "
        "or (verdict in ('rounding', 'suspicious') and abs(difference_yuan) > bound_yuan) "
        "or (verdict = 'discrepancy' and abs(difference_yuan) <= bound_yuan)",
    )
    yield no_rows(
        "fct_identity",
        "每个不符的等式都有一项发现说明",
        "select identity_id from {batch} where verdict = 'discrepancy' "
        "and document_id not in (select findings.document_id "
        "from marts.fct_finding as findings where findings.identities > 0) "
        "and document_id in (select documents.document_id "
        "from marts.dim_document as documents where documents.status = 'loaded')",
    )


def _coverage() -> Iterator[Check]:
    facts = " union all ".join(
        f"select cell_id, row_role from marts.{table}" for table in AMOUNT_FACTS
    )
    yield no_rows(
        "fct_identity",
        f"合计数参与勾稽的比例不低于 {CHECKED_TOTALS_FLOOR}",
        "select printed, checked from (select count(*) as printed, "
        "count(case when cell_id in (select cell_id from marts.bridge_identity_cell) "
        f"then 1 end) as checked from ({facts}) as facts "
        "where row_role in ('total', 'grand_total')) as totals "
        f"where printed >= {CHECKED_TOTALS_LEAST} and checked < {CHECKED_TOTALS_FLOOR} * printed "
        "and (select count(*) from {batch}) >= 0",
    )
