"""One warehouse of all the small disclosures."""

from __future__ import annotations

import pytest

from tests.building import Build, build
from tests.layouts import papers
from tests.layouts.office import write_all


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Build:
    """Every document of ``papers`` in each of its formats."""
    assert papers.__doc__  # importing it registers them
    folder = tmp_path_factory.mktemp("layouts")
    disclosures = folder / "disclosures"
    disclosures.mkdir()
    write_all(disclosures)
    done = build(disclosures, folder)
    assert done.exit_code == 0, done.output + done.errors
    return done
