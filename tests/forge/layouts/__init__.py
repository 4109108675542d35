"""Layouts of whole disclosures: a truth becomes a paper and its expected facts."""

from tests.forge.layouts import budget, final, government, provinces, regions  # noqa: F401
from tests.forge.layouts.registry import LAYOUTS, Layout

__all__ = ["LAYOUTS", "Layout"]
