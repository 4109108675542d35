"""A build that is killed leaves what was published, and the next one needs no help.

``make crash`` kills a hundred times at any moment, exports and dashboards as well.
"""

from __future__ import annotations

import random
from pathlib import Path

from tests.bench.crash import (
    BUILD,
    Documents,
    Place,
    Seen,
    aims,
    check_finished,
    check_whole,
    cut,
    flip,
    kill,
    wait_for,
)


def test_a_killed_build_is_as_if_it_had_never_been(tmp_path: Path) -> None:
    place = Place(tmp_path)
    documents = Documents(place.disclosures, random.Random(1))
    place.finish(BUILD)

    documents.change()
    before = Seen.of(place)
    process = place.start(BUILD)
    happened = aims(place, BUILD)["rows are put into the next warehouse"]
    assert wait_for(process, happened, 600), place.said
    kill(process, alone=False)
    assert check_whole(place, before) == ""
    assert place.next.exists()

    # and what it left in its own folder may be damaged as well
    segments = sorted(place.work.glob("landing/content.*/0*"))
    cut(place.work / "seeds" / "warehouse.duckdb")
    cut(segments[-1] / "cells.parquet")
    flip(segments[-2] / "cells.parquet")
    for name in ("manifest.json", "partial_parse.msgpack"):
        flip(place.work / "dbt" / "target" / name)

    process = place.start(BUILD)
    assert wait_for(process, aims(place, BUILD)["it is published"], 600), place.said
    kill(process, alone=True)
    assert check_whole(place, before) == "warehouse"

    place.finish(BUILD)
    assert "没有变化" in place.said
    check_finished(place)
