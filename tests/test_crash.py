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

    # A link to the warehouse stays one: what it leads to is replaced.
    link = tmp_path / "folder" / "link.duckdb"
    link.parent.mkdir()
    link.symlink_to(place.warehouse)
    process = place.start(BUILD, WAREHOUSE=str(link))
    assert wait_for(process, aims(place, BUILD)["it is published"], 600), place.said
    kill(process, alone=True)
    assert check_whole(place, before) == "warehouse"

    place.finish(BUILD, WAREHOUSE=str(link))
    assert "没有变化" in place.said
    assert link.is_symlink()
    assert list(link.parent.iterdir()) == [link]
    link.unlink()
    link.parent.rmdir()
    check_finished(place)


def test_a_build_that_is_told_to_end_leaves_nothing(tmp_path: Path) -> None:
    """As a system does that shuts down."""
    place = Place(tmp_path)
    Documents(place.disclosures, random.Random(1))
    process = place.start(BUILD)
    assert wait_for(process, aims(place, BUILD)["reading begins"], 600), place.said
    process.terminate()
    assert process.wait(60) == 130
    assert place.said.endswith("已中断。已发布的数据库保持不变。\n")
    assert "Traceback" not in place.said
    assert {path.name for path in tmp_path.iterdir()} == {
        *("disclosures", "work", "said.txt", ".warehouse.duckdb.lock")
    }
