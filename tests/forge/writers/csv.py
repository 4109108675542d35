"""Writes a paper as comma-separated values, as a spreadsheet exports them."""

from __future__ import annotations

import csv
import io

from tests.forge.paper import Paper
from tests.forge.writers.sections import sections
from tests.forge.writers.txt import grid_rows


def write(paper: Paper, *, encoding: str = "utf-8-sig", delimiter: str = ",") -> bytes:
    """Tables and lines one below the other; every row has the widest row's fields.

    A position that a merged cell covers is blank. A blank row parts the sections.
    """
    rows: list[list[str]] = []
    for section in sections(paper):
        if rows:
            rows.append([])
        rows.extend([line] for line in section.above)
        if section.table:
            rows.extend(grid_rows(section.table, "kept"))
        rows.extend([line] for line in section.below)
    width = max(map(len, rows))
    target = io.StringIO()
    writer = csv.writer(target, delimiter=delimiter)
    writer.writerows(row + [""] * (width - len(row)) for row in rows)
    return target.getvalue().encode(encoding)
