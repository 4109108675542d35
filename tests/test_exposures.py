"""What the exposures say of who reads which mart is what stands in the files."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.warehouse import ROOT

MARTS = {path.stem for path in ROOT.glob("models/marts/**/*.sql")}
EXPOSURES: list[dict[str, Any]] = yaml.safe_load(
    (ROOT / "models/semantic/exposures.yml").read_text(encoding="utf-8")
)["exposures"]


def marts_named_in(path: Path) -> set[str]:
    """The marts whose names stand in a file, or whose model it is."""
    if path.stem in MARTS:
        return {path.stem}
    return MARTS & set(re.findall(r"\b[a-z]+_[a-z_]+\b", path.read_text("utf-8")))


@pytest.mark.parametrize("exposure", EXPOSURES, ids=lambda exposure: exposure["name"])
def test_an_exposure_names_the_marts_that_its_files_read(
    exposure: dict[str, Any],
) -> None:
    read: set[str] = set()
    for pattern in exposure["config"]["meta"]["reads"]:
        paths = list(ROOT.glob(pattern))
        assert paths, pattern
        read = read.union(*map(marts_named_in, paths))
    needed = [f"ref('{mart}')" for mart in sorted(read)]
    assert exposure["depends_on"] == needed, (
        f"depends_on of {exposure['name']} in models/semantic/exposures.yml:\n"
        + "\n".join(f"      - {mart}" for mart in needed)
    )


def test_every_page_of_the_dashboard_that_reads_marts_is_exposed() -> None:
    """``build.py`` only puts the pages together."""
    reading = {
        f"dashboard/{path.name}"
        for path in ROOT.glob("dashboard/*.py")
        if marts_named_in(path)
    }
    exposed = {
        pattern
        for exposure in EXPOSURES
        for pattern in exposure["config"]["meta"]["reads"]
    }
    assert reading - exposed <= {"dashboard/build.py"}
