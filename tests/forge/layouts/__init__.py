"""Layouts of whole disclosures: a truth becomes a paper and its expected facts."""

from tests.forge.layouts import (  # noqa: F401
    budget,
    final,
    government,
    hard,
    provinces,
    regions,
)
from tests.forge.layouts.registry import LAYOUTS, Layout

__all__ = ["LAYOUTS", "Layout"]
