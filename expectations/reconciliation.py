"""The suite of reconciliation: arithmetic was applied, and what it found is told."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from expectations.common import (
    ExpectColumnsToBeFilled,
    ExpectKeyToBeUnique,
    ExpectOnlyAgreedValues,
    ExpectReferencesToExist,
)
from expectations.keys import RECONCILIATION as KEYS
from expectations.marts import AMOUNT_FACTS
from expectations.settings import (
    CHECKED_AMOUNTS_FLOOR,
    CHECKED_AMOUNTS_LEAST,
    CHECKED_TOTALS_FLOOR,
    CHECKED_TOTALS_LEAST,
)
from expectations.suite import WarehouseExpectation
from pipeline.words import FACTS

VERDICTS = ("exact", "rounding", "suspicious", "discrepancy", "unchecked")

FILLED: dict[str, tuple[str, ...]] = {
    "fct_identity": ("verdict", "rule_id", "document_id"),
    "fct_finding": (
        "rule_id",
        "severity",
        "title",
        "explanation",
        "document_id",
        "figures_fingerprint",
        "is_acknowledged",
        "first_seen_at",
        "last_seen_at",
    ),
}

REFERENCES = (
    ("fct_identity", "document_id", "dim_document"),
    ("bridge_identity_cell", "identity_id", "fct_identity"),
    ("bridge_identity_cell", "cell_id", "dim_source_cell"),
    ("fct_finding", "document_id", "dim_document"),
    ("fct_finding", "source_table_id", "dim_source_table"),
    ("bridge_finding_cell", "finding_id", "fct_finding"),
    ("bridge_finding_cell", "cell_id", "dim_source_cell"),
    ("rpt_coverage", "document_id", "dim_document"),
)


class ExpectVerdictsToFollowFromDifferences(WarehouseExpectation):
    """A verdict says of a difference what the bound makes of it."""

    meaning: ClassVar[str] = (
        "差额等于印列数减计算数；相符、舍入、不符的结论必须与差额和误差界一致。"
    )


class ExpectDiscrepanciesToBeExplained(WarehouseExpectation):
    """Every identity that fails belongs to a finding."""

    meaning: ClassVar[str] = "算不平的地方不得悄悄放过，每一处都要在发现中说明。"


class ExpectAmountsToBeChecked(WarehouseExpectation):
    """Enough of what is printed takes part in an identity."""

    meaning: ClassVar[str] = (
        "参与勾稽的数字太少，说明大部分数字没有经过核对，这样的数据库不可信。"
    )


class ExpectCoverageToAddUp(WarehouseExpectation):
    """Checked and unchecked amounts are all amounts."""

    meaning: ClassVar[str] = "覆盖率由逐个金额数出，各部分之和必须等于全部金额。"


class ExpectNoOpenFinding(WarehouseExpectation):
    """Nothing is wrong in the disclosures but what an auditor has accepted."""

    meaning: ClassVar[str] = (
        "公开文件本身的问题，逐项列在“发现”中；审计人员确认后不再计为待处理。"
    )


class ExpectTablesToBeUnderstood(WarehouseExpectation):
    """No table with amounts is left out."""

    meaning: ClassVar[str] = "未识别的表有金额而没有入库，查询结果不含这些金额。"


class ExpectNoDisputedAmount(WarehouseExpectation):
    """No amount that a finding blames."""

    meaning: ClassVar[str] = "存疑的金额按原文保留，使用前请先看相应的发现。"


class ExpectAcknowledgementsToHold(WarehouseExpectation):
    """What an auditor accepted is there and has not changed."""

    meaning: ClassVar[str] = (
        "确认之后数字有变化的发现重新列为待处理；找不到对应发现的确认记录可能抄错了编号。"
    )


def checks() -> Iterator[WarehouseExpectation]:
    """All checks of the suite."""
    yield from _tables()
    yield from _identities()
    yield from _coverage()
    yield from _disclosures()


def _tables() -> Iterator[WarehouseExpectation]:
    for table, columns in KEYS.items():
        yield ExpectKeyToBeUnique.of(f"marts.{table}", *columns)
    for table, columns in FILLED.items():
        yield ExpectColumnsToBeFilled.of(f"marts.{table}", *KEYS[table], *columns)
    for table, column, other in REFERENCES:
        yield ExpectReferencesToExist.of(f"marts.{table}", column, f"marts.{other}")
    yield ExpectReferencesToExist.of("marts.fct_identity", "rule_id", "seeds.rule")
    yield ExpectReferencesToExist.of("marts.fct_finding", "rule_id", "seeds.rule")
    yield ExpectOnlyAgreedValues.of("marts.fct_identity", verdict=VERDICTS)
    yield ExpectOnlyAgreedValues.of(
        "marts.fct_finding",
        severity=("error", "warning", "info"),
        acknowledgement=("open", "acknowledged", "reopened"),
    )


def _identities() -> Iterator[WarehouseExpectation]:
    yield ExpectVerdictsToFollowFromDifferences.check(
        "marts.fct_identity",
        "等式的差额等于印列数减计算数，结论与误差界一致",
        "select identity_id, verdict, printed_yuan, computed_yuan, difference_yuan, "
        "bound_yuan from marts.fct_identity where "
        "difference_yuan <> printed_yuan - computed_yuan "
        "or (verdict = 'exact' and difference_yuan <> 0) "
        "or (verdict in ('rounding', 'suspicious') "
        "and abs(difference_yuan) > bound_yuan) "
        "or (verdict = 'discrepancy' and abs(difference_yuan) <= bound_yuan)",
    )
    yield ExpectDiscrepanciesToBeExplained.check(
        "marts.fct_identity",
        "每个不符的等式都有一项发现说明",
        "select identities.identity_id, identities.rule_id, identities.difference_yuan "
        "from marts.fct_identity as identities "
        "inner join marts.dim_document as documents "
        "on identities.document_id = documents.document_id "
        "left join (select identity_id, cause_key from intermediate.int_failure "
        "union all "
        "select identity_id, cause_key from intermediate.int_narrative_failure"
        ") as failures "
        "on identities.identity_id = failures.identity_id "
        "left join intermediate.int_finding_key as finding_keys "
        "on failures.cause_key = finding_keys.cause_key "
        "left join marts.fct_finding as findings "
        "on finding_keys.finding_id = findings.finding_id "
        "where identities.verdict = 'discrepancy' "
        # a document that only repeats another's figures repeats its findings too
        "and documents.status <> 'duplicate' and findings.finding_id is null",
    )


def _coverage() -> Iterator[WarehouseExpectation]:
    facts = " union ".join(
        f"select cell_id, row_role from marts.{fact}" for fact in AMOUNT_FACTS
    )
    yield ExpectAmountsToBeChecked.check(
        "marts.fct_identity",
        f"合计数参与勾稽的比例不低于 {CHECKED_TOTALS_FLOOR}",
        "select printed, checked from (select count(*) as printed, count(case when "
        "cell_id in (select cell_id from marts.bridge_identity_cell) then 1 end) "
        f"as checked from ({facts}) as facts "
        "where row_role in ('total', 'grand_total')) as totals "
        f"where printed >= {CHECKED_TOTALS_LEAST} "
        f"and checked < {CHECKED_TOTALS_FLOOR} * printed",
        of_corpus=True,
    )
    yield ExpectAmountsToBeChecked.check(
        "marts.rpt_coverage",
        f"报表金额参与勾稽的比例不低于 {CHECKED_AMOUNTS_FLOOR}",
        "select printed, checked from (select sum(coverage.amounts) as printed, "
        "sum(coverage.amounts_in_identity) as checked "
        "from marts.rpt_coverage as coverage "
        "inner join marts.dim_document as documents using (document_id) "
        "where documents.status = 'loaded' "
        # a form may print its money once, and nothing beside it to add up
        "and coverage.statement not in ('performance_unit', 'performance_project')"
        ") as amounts "
        f"where printed >= {CHECKED_AMOUNTS_LEAST} "
        f"and checked < {CHECKED_AMOUNTS_FLOOR} * printed",
        of_corpus=True,
    )
    yield ExpectCoverageToAddUp.check(
        "marts.rpt_coverage",
        "每个金额在覆盖率中恰好数一次",
        "select document_id, statement, amounts, amounts_in_identity, "
        "amounts_in_no_identity, amounts_in_independent_identities "
        "from marts.rpt_coverage "
        "where amounts <> amounts_in_identity + amounts_in_no_identity "
        "or amounts_in_independent_identities > amounts_in_identity "
        "or amounts_in_independent_identities < 0 or amounts_in_no_identity < 0",
    )
    yield ExpectCoverageToAddUp.check(
        "marts.rpt_coverage",
        "覆盖率统计的金额与入库的金额一样多",
        "select counted.amounts, facts.amounts as facts from "
        "(select coalesce(sum(amounts), 0) as amounts from marts.rpt_coverage) "
        "as counted "
        f"cross join (select count(distinct cell_id) as amounts from ({facts})) "
        "as facts where counted.amounts <> facts.amounts",
    )


def _disclosures() -> Iterator[WarehouseExpectation]:
    for severity, name in (("error", "错误级"), ("warning", "警告级")):
        yield ExpectNoOpenFinding.check(
            "marts.fct_finding",
            f"没有待处理的{name}发现",
            'select finding_id as "编号", title as "发现" from marts.fct_finding '
            f"where severity = '{severity}' and not is_acknowledged",
            "warning",
        )
    yield ExpectTablesToBeUnderstood.check(
        "marts.dim_source_table",
        "没有含金额而未识别的表",
        'select documents.relative_path as "文件", tables.page as "页", '
        'tables.title as "表名", tables.status_reason as "原因" '
        "from marts.dim_source_table as tables "
        "inner join marts.dim_document as documents using (document_id) "
        "where tables.status = 'not_understood'",
        "warning",
    )
    yield ExpectAcknowledgementsToHold.check(
        "marts.fct_finding",
        "已确认的发现数字没有变化",
        'select finding_id as "编号", title as "发现" from marts.fct_finding '
        "where acknowledgement = 'reopened'",
        "warning",
    )
    yield ExpectAcknowledgementsToHold.check(
        "seeds.acknowledged_findings",
        "每条确认记录都对应一项现有的发现",
        'select finding_id as "编号", reason as "理由", reference as "文号", '
        'acknowledged_on as "日期" '
        "from intermediate.int_finding_acknowledgement "
        "where acknowledgement = 'unmatched'",
        "info",
    )
    for fact, name in FACTS.items():
        yield ExpectNoDisputedAmount.check(
            f"marts.{fact}",
            f"没有存疑的{name}金额",
            'select cells.file_name as "文件", cells.page as "页", cells.line as "行", '
            f'cells.printed_text as "印列数字" from marts.{fact} as facts '
            "inner join marts.dim_source_cell as cells using (cell_id) "
            "where facts.proof = 'disputed'",
            "info",
        )
    yield ExpectAmountsToBeChecked.check(
        "marts.rpt_coverage",
        "每份文件至少一半的金额参与勾稽",
        'select documents.relative_path as "文件", sum(coverage.amounts) as "金额", '
        'sum(coverage.amounts_in_identity) as "参与等式" '
        "from marts.rpt_coverage as coverage "
        "inner join marts.dim_document as documents using (document_id) "
        "group by documents.relative_path "
        "having 2 * sum(coverage.amounts_in_identity) < sum(coverage.amounts)",
        "info",
    )
