"""Reads a published warehouse into polars frames, for notebooks and scripts.

>>> from countybudget import Warehouse
>>> with Warehouse.open("warehouse.duckdb") as warehouse:
...     spending = warehouse.load("fct_spending", region="140405", year=2024)
...     asked = {"unit": "新乡市社会保险中心", "stage": "budget", "item": "total"}
...     total = warehouse.series("fct_three_public", **asked)
...     print(warehouse.cite(total["cell_id"][0]))

Every amount is a decimal in 元. ``help(Warehouse)`` tells the rest;
``notebooks/`` shows it at work.
"""

from countybudget.citation import Citation
from countybudget.errors import (
    AmbiguousName,
    MixedSeries,
    NoPicture,
    NotAWarehouse,
    UnknownName,
)
from countybudget.warehouse import Warehouse

__all__ = [
    "AmbiguousName",
    "Citation",
    "MixedSeries",
    "NoPicture",
    "NotAWarehouse",
    "UnknownName",
    "Warehouse",
]
