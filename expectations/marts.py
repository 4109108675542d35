"""The suite of the marts: keys, values, sources and amounts are sound."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from expectations.common import (
    ExpectColumnsToBeFilled,
    ExpectKeyToBeUnique,
    ExpectNothingToBeLost,
    ExpectOnlyAgreedValues,
    ExpectReferencesToExist,
)
from expectations.keys import MARTS as KEYS
from expectations.suite import WarehouseExpectation
from pipeline.words import FACTS

AMOUNT_FACTS = tuple(FACTS)

# Columns besides keys that always say something: a set of values lets NULL pass.
FILLED: dict[str, tuple[str, ...]] = {
    "dim_document": ("status", "file_sha256", "file_name"),
    "dim_source_table": ("status", "document_id"),
}

STATUS: dict[str, tuple[str, ...]] = {
    "dim_document": ("loaded", "duplicate", "superseded", "rejected"),
    "dim_source_table": ("loaded", "empty", "not_understood", "not_a_statement"),
}

# What every amount says of itself.
VALUES: dict[str, tuple[str, ...]] = {
    "row_role": ("code", "total", "grand_total", "unit", "subtotal"),
    "year_basis": ("all", "current_year", "carryover"),
    "phase": ("budget", "adjusted_budget", "final", "prior_budget", "prior_final"),
    "proof": ("proven", "disputed", "unchecked"),
    "stage": ("budget", "final_accounts"),
}
DIMENSIONS = ("measure", "fund", "statement")


class ExpectOfficialCodesToStandInTheCodeList(WarehouseExpectation):
    """A code that is called official is one."""

    meaning: ClassVar[str] = "标为规范科目的编码必须能在财政部科目表中找到。"


class ExpectAmountsToLeadToTheirSource(WarehouseExpectation):
    """From an amount to its cell, table and document."""

    meaning: ClassVar[str] = "任何一个金额都要能回到原文件、原页、原单元格。"


class ExpectAmountsToEqualTheirPrintedText(WarehouseExpectation):
    """The amount computed a second time, from what is printed.

    Written apart from the macros of the models on purpose: whatever stands in the
    way of digits, point and sign goes, then the unit multiplies.
    """

    meaning: ClassVar[str] = (
        "按原文印列的数字和单位另行换算一遍，与入库金额逐一比较，一分不差。"
    )

    _digits: ClassVar[str] = (
        "replace(replace(regexp_replace(translate(cells.printed_text, "
        "'０１２３４５６７８９．－−–（）', '0123456789.---()'), "
        "'[^0-9.()-]', '', 'g'), "
        "'(', '-'), ')', '')"
    )
    _factor: ClassVar[str] = (
        "case cells.amount_unit when '元' then 1 when '百元' then 100 "
        "when '千元' then 1000 when '万元' then 10000 when '百万元' then 1000000 "
        "when '亿元' then 100000000 end"
    )

    @classmethod
    def of(cls, table: str) -> WarehouseExpectation:
        """All amounts of a fact."""
        return cls.check(
            table,
            "每个金额都等于由原文独立换算的金额",
            "select facts.cell_id, facts.amount_yuan, cells.printed_text "
            f"from {table} as facts "
            "inner join marts.dim_source_cell as cells using (cell_id) "
            f"where try_cast({cls._digits} as decimal(30, 8)) * {cls._factor} "
            "is distinct from facts.amount_yuan "
            # what a sentence prints may be words: 三十四万元
            "and (cells.kind = 'cell' or regexp_matches(cells.printed_text, '[0-9]'))",
        )

    @classmethod
    def of_text(cls, table: str) -> WarehouseExpectation:
        """All amounts of running text that print digits and a unit."""
        return cls.check(
            table,
            "每个正文金额都等于由原文独立换算的金额",
            "select facts.cell_id, facts.amount_yuan, cells.printed_text "
            f"from {table} as facts "
            "inner join marts.dim_source_cell as cells using (cell_id) "
            "where regexp_full_match(cells.printed_text, "
            "'[0-9][0-9,]*([.][0-9]+)?(亿元|百万元|万元|千元|百元|元)') "
            f"and try_cast({cls._digits} as decimal(30, 8)) * {cls._factor} "
            "is distinct from abs(facts.amount_yuan)",
        )


class ExpectSaneRounding(WarehouseExpectation):
    """Half a unit is not below zero and no larger than half of 亿元."""

    meaning: ClassVar[str] = (
        "舍入误差界决定什么差额可以接受，界限错了，勾稽结论就不可信。"
    )


def checks() -> Iterator[WarehouseExpectation]:
    """All checks of the suite."""
    for table, columns in KEYS.items():
        yield ExpectKeyToBeUnique.of(f"marts.{table}", *columns)
    for table, columns in FILLED.items():
        yield ExpectColumnsToBeFilled.of(f"marts.{table}", *KEYS[table], *columns)
    for table, status in STATUS.items():
        yield ExpectOnlyAgreedValues.of(f"marts.{table}", status=status)
    for fact in AMOUNT_FACTS:
        yield from _amounts(f"marts.{fact}")
    yield from _codes()
    yield from _narrative()
    yield from _losses()


def _amounts(fact: str) -> Iterator[WarehouseExpectation]:
    yield ExpectColumnsToBeFilled.of(fact, "cell_id", *VALUES, *DIMENSIONS)
    yield ExpectOnlyAgreedValues.of(fact, **VALUES)
    for column in DIMENSIONS:
        yield ExpectReferencesToExist.of(fact, column, f"marts.dim_{column}")
    yield ExpectAmountsToLeadToTheirSource.check(
        fact,
        "每个金额都能追溯到单元格、表和文件",
        f"select facts.cell_id from {fact} as facts "
        "left join marts.dim_source_cell as cells using (cell_id) "
        "left join marts.dim_source_table as tables "
        "on facts.source_table_id = tables.source_table_id "
        "left join marts.dim_document as documents "
        "on facts.document_id = documents.document_id "
        "where cells.cell_id is null "
        "or (cells.kind = 'cell' and tables.source_table_id is null) "
        "or documents.document_id is null",
    )
    yield ExpectAmountsToEqualTheirPrintedText.of(fact)
    yield ExpectSaneRounding.check(
        fact,
        "舍入误差界不为负且不超过半个单位",
        f"select cell_id, half_unit_yuan from {fact} where half_unit_yuan < 0 "
        "or half_unit_yuan > 50000000 or half_unit_yuan is null",
    )


def _codes() -> Iterator[WarehouseExpectation]:
    yield ExpectOfficialCodesToStandInTheCodeList.check(
        "marts.fct_functional",
        "标为规范科目的功能分类编码在科目表中",
        "select facts.cell_id, facts.functional_code "
        "from marts.fct_functional as facts "
        "left join marts.dim_functional_code as codes using (functional_code) "
        "where facts.is_official and codes.functional_code is null",
    )
    yield ExpectOfficialCodesToStandInTheCodeList.check(
        "marts.fct_economic",
        "标为规范科目的经济分类编码在科目表中",
        "select facts.cell_id, facts.economic_code from marts.fct_economic as facts "
        "left join marts.dim_economic_code as codes "
        "using (classification, economic_code) "
        "where facts.is_official and codes.economic_code is null",
    )


def _narrative() -> Iterator[WarehouseExpectation]:
    figures = "marts.fct_narrative_figure"
    yield ExpectColumnsToBeFilled.of(figures, "stage", "meaning", "is_placed", "proof")
    yield ExpectAmountsToLeadToTheirSource.check(
        figures,
        "每个正文数字都能追溯到文件和正文位置",
        f"select facts.cell_id from {figures} as facts "
        "left join marts.dim_source_cell as cells using (cell_id) "
        "left join marts.dim_document as documents "
        "on facts.document_id = documents.document_id "
        "where documents.document_id is null or cells.kind is distinct from 'text' "
        "or cells.character_start is null",
    )
    yield ExpectAmountsToEqualTheirPrintedText.of_text(figures)
    yield ExpectNothingToBeLost.check(
        figures,
        "没有识别的正文数字都说明原因",
        f"select cell_id, printed_text from {figures} "
        "where is_placed = (unplaced_reason is not null)",
    )


def _losses() -> Iterator[WarehouseExpectation]:
    yield ExpectNothingToBeLost.check(
        "marts.dim_source_table",
        "没有入库的报表都说明原因",
        "select source_table_id, title from marts.dim_source_table "
        "where status in ('not_understood', 'empty') and status_reason is null",
    )
    yield ExpectNothingToBeLost.check(
        "marts.dim_source_table",
        "读取到的每张表都在 dim_source_table 中",
        "select tables.source_table_id from staging.stg_table as tables "
        "left join marts.dim_source_table as found using (source_table_id) "
        "where found.source_table_id is null",
    )
    yield ExpectNothingToBeLost.check(
        "marts.dim_document",
        "读取到的每个文件都在 dim_document 中，未载入的说明原因",
        "select files.relative_path from raw.files as files "
        "left join marts.dim_document as documents using (document_id) "
        "where documents.document_id is null "
        "or (documents.status <> 'loaded' and documents.status_reason is null)",
    )
