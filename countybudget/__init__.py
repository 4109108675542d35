"""Reads a published warehouse into polars frames, for notebooks and scripts.

>>> from countybudget import Warehouse
>>> with Warehouse.open("warehouse.duckdb") as warehouse:
...     spending = warehouse.load("fct_spending", fiscal_year=2025)
"""

from countybudget.warehouse import (
    Citation,
    MixedSeries,
    UnknownName,
    Warehouse,
)

__all__ = ["Citation", "MixedSeries", "UnknownName", "Warehouse"]
