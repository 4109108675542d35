"""Thresholds that a deployment may set."""

from __future__ import annotations

import os
from decimal import Decimal

# The share of printed totals of loaded tables that must take part in at least
# one identity: a warehouse whose totals nobody checked is not sound.
CHECKED_TOTALS_FLOOR = Decimal(os.environ.get("CHECKED_TOTALS_FLOOR") or "0.80")

# With fewer totals than this a share says nothing: a folder with one odd table is
# no unsound warehouse.
CHECKED_TOTALS_LEAST = int(os.environ.get("CHECKED_TOTALS_LEAST") or "50")

# The same for all amounts of loaded tables. Lower, for a table may print rows whose
# total stands nowhere.
CHECKED_AMOUNTS_FLOOR = Decimal(os.environ.get("CHECKED_AMOUNTS_FLOOR") or "0.70")
CHECKED_AMOUNTS_LEAST = int(os.environ.get("CHECKED_AMOUNTS_LEAST") or "500")
