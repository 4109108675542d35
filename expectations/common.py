"""Kinds of checks that every layer uses."""

from __future__ import annotations

from typing import ClassVar

from expectations.suite import Severity, WarehouseExpectation, listed


class ExpectKeyToBeUnique(WarehouseExpectation):
    """Each row is there once and can be named."""

    meaning: ClassVar[str] = "重复或没有标识的行会使金额重复计算，或无法引用。"

    @classmethod
    def of(cls, table: str, *columns: str) -> WarehouseExpectation:
        """The key of ``table``."""
        key = ", ".join(f'"{column}"' for column in columns)
        empty = " or ".join(f'"{column}" is null' for column in columns)
        return cls.check(
            table,
            f"主键（{'、'.join(columns)}）不空且不重复",
            f"select {key}, count(*) as row_count from {table} group by {key} "
            f"having count(*) > 1 or {empty}",
            # Keys of facts begin with their document; these could meet in two batches.
            of_corpus=table
            in ("marts.dim_document", "marts.dim_unit", "marts.fct_finding"),
        )


class ExpectColumnsToBeFilled(WarehouseExpectation):
    """Columns that always say something."""

    meaning: ClassVar[str] = "这些栏目没有内容，金额的含义就不完整。"

    @classmethod
    def of(cls, table: str, *columns: str) -> WarehouseExpectation:
        """The columns of ``table`` that no row leaves empty."""
        empty = " or ".join(f"{column} is null" for column in columns)
        return cls.check(
            table,
            f"{'、'.join(columns)} 不得为空",
            f"select {', '.join(columns)} from {table} where {empty}",
        )


class ExpectOnlyAgreedValues(WarehouseExpectation):
    """Columns that take one of a few values."""

    meaning: ClassVar[str] = "约定之外的取值会被查询遗漏，使汇总不完整。"

    @classmethod
    def of(cls, table: str, **values: tuple[str, ...]) -> WarehouseExpectation:
        """The columns of ``table`` with the values that each may take."""
        other = " or ".join(
            f"{column} not in ({listed(allowed)})" for column, allowed in values.items()
        )
        return cls.check(
            table,
            f"{'、'.join(values)} 只取约定的值",
            f"select {', '.join(values)}, count(*) as row_count from {table} "
            f"where {other} group by all",
        )


class ExpectReferencesToExist(WarehouseExpectation):
    """What a row refers to is there."""

    meaning: ClassVar[str] = "指向不存在的内容，就无法追溯，关联查询也会丢失行。"

    @classmethod
    def of(
        cls,
        table: str,
        column: str,
        other: str,
        *,
        other_column: str = "",
        severity: Severity = "critical",
    ) -> WarehouseExpectation:
        """Every ``column`` of ``table`` is one of ``other``; NULL refers to nothing."""
        key = other_column or column
        return cls.check(
            table,
            f"{column} 必须在 {other} 中",
            f"select referring.{column}, count(*) as row_count "
            f"from {table} as referring "
            f"left join {other} as known on referring.{column} = known.{key} "
            f"where referring.{column} is not null and known.{key} is null "
            "group by all",
            severity,
        )


class ExpectNothingToBeLost(WarehouseExpectation):
    """What one step has, the next one has too, or says why not."""

    meaning: ClassVar[str] = (
        "读取到的内容不得在处理中丢失，没有入库的要说明原因；丢失而不说明，就是无声的错误。"
    )
