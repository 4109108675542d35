"""Landed documents are whole or absent, whatever moment a process ends at."""

from __future__ import annotations

import contextlib
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import duckdb
import polars as pl
import pytest

from ingest import corpus, segments
from ingest.columns.vocabulary import Vocabulary
from ingest.conditions import VOCABULARY, vocabulary_version
from ingest.document import Limits
from ingest.landing import SCHEMAS, paths, selection, stamps
from ingest.prose.policy import PolicyReader
from ingest.prose.reader import ProseReader
from ingest.segments import Mark, NotWritable, Store
from tests.warehouse import ROOT

SEEDS = ROOT / "seeds"
SCHEMA = {
    "cells": {"content_id": pl.String, "row": pl.Int32},
    "notes": {"content_id": pl.String, "text": pl.String},
}


def name(number: int) -> str:
    """Names differ in their heads, which stand in the rows."""
    return f"{number:016x}".ljust(32, "0")


def frames(number: int, rows: int) -> segments.Frames:
    """A document with so many cells and one note, or none."""
    key = segments.content_id(name(number))
    cells = {"content_id": [key] * rows, "row": list(range(rows))}
    notes = {"content_id": [key] * (rows % 2), "text": ["甲"] * (rows % 2)}
    return {
        "cells": pl.DataFrame(cells, schema=SCHEMA["cells"]),
        "notes": pl.DataFrame(notes, schema=SCHEMA["notes"]),
    }


def land(store: Path, number: int, rows: int, reading: str = "first") -> None:
    segments.land(store, name(number), Mark(reading), frames(number, rows))


def reading(store: Store, number: int) -> str:
    mark = store.mark(name(number))
    assert mark is not None
    return mark.reading


def rows(store: Path, *numbers: int, table: str = "cells") -> dict[str, int]:
    """How many rows each of some documents has."""
    query = segments.selection(store, table, [name(number) for number in numbers])
    with duckdb.connect() as connection:
        found = connection.execute(
            f"select content_id, count(*) from ({query}) group by all order by 1"
        ).fetchall()
    return dict(found)


def expected(**counts: int) -> dict[str, int]:
    return {name(int(key[1:]))[:16]: count for key, count in counts.items()}


def numbers_of(store: Path) -> list[str]:
    return sorted(path.name for path in store.glob("0*"))


def cut(path: Path) -> None:
    os.truncate(path, path.stat().st_size - 1)


def flip(path: Path) -> None:
    """Another bit in the middle, as a disk gives it that is worn."""
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


# Segments -------------------------------------------------------------------


def test_documents_are_gathered_and_found(tmp_path: Path) -> None:
    store = Store(tmp_path, SCHEMA)
    for number in range(5):
        land(tmp_path, number, rows=number)
    assert store.mark(name(3)) is None
    store.gather(name(number) for number in range(5))
    assert reading(store, 3) == "first"
    assert list((tmp_path / "loose").iterdir()) == []
    assert rows(tmp_path, *range(5)) == expected(_1=1, _2=2, _3=3, _4=4)
    assert rows(tmp_path, 3) == expected(_3=3)
    assert rows(tmp_path, 1, 3, table="notes") == expected(_1=1, _3=1)
    assert rows(tmp_path) == {}
    assert " where " not in segments.selection(
        tmp_path, "cells", [name(number) for number in range(5)]
    )
    with pytest.raises(KeyError):
        rows(tmp_path, 9)
    (path,) = segments.paths(tmp_path, "cells", [name(3)])
    assert path == tmp_path / "00000002" / "cells.parquet"
    segment = store.segment(name(3))
    assert segment is not None
    assert len(segments.read(segment, "cells", name(3))) == 3
    again = Store(tmp_path, SCHEMA)
    assert reading(again, 3) == "first"
    assert again.mark(name(9)) is None


def test_what_is_landed_again_replaces_what_was(tmp_path: Path) -> None:
    store = Store(tmp_path, SCHEMA)
    for number in range(3):
        land(tmp_path, number, rows=2)
    store.gather(map(name, range(3)))
    land(tmp_path, 1, rows=5, reading="second")
    store.gather([name(1)])
    assert reading(store, 1) == "second"
    assert reading(store, 2) == "first"
    assert rows(tmp_path, 0, 1, 2) == expected(_0=2, _1=5, _2=2)
    assert numbers_of(tmp_path) == ["00000001", "00000003", "00000004"]
    assert rows(tmp_path, 1, 2) == expected(_1=5, _2=2)


def test_the_later_of_two_counts(tmp_path: Path) -> None:
    """As a process leaves it that is killed before it removed the former."""
    store = Store(tmp_path, SCHEMA)
    for number in range(3):
        land(tmp_path, number, rows=2)
    store.gather(map(name, range(3)))
    with pytest.MonkeyPatch.context() as context:
        context.setattr(Store, "_rewrite", lambda *_: None)
        land(tmp_path, 1, rows=5)
        store.gather([name(1)])
    land(tmp_path, 2, rows=7)  # and not gathered
    half = tmp_path / ".00000009"
    half.mkdir()
    (half / "cells.parquet").write_bytes(b"half")
    (tmp_path / "loose" / f".{name(8)}.77").write_bytes(b"half")
    Store(tmp_path, SCHEMA)
    assert rows(tmp_path, 0, 1, 2) == expected(_0=2, _1=5, _2=7)
    assert not half.exists()
    assert list((tmp_path / "loose").iterdir()) == []


@pytest.mark.parametrize(
    "damaged", ["cells.parquet", "notes.parquet", "documents.json"]
)
@pytest.mark.parametrize("damage", [Path.unlink, cut, flip])
def test_a_damaged_segment_is_as_if_not_landed(
    tmp_path: Path, damaged: str, damage: Callable[[Path], None]
) -> None:
    store = Store(tmp_path, SCHEMA)
    for number in (1, 2):
        land(tmp_path, number, rows=3)
        store.gather([name(number)])
    segment = store.segment(name(1))
    assert segment is not None
    damage(segment / damaged)
    if damage is flip and damaged.endswith(".parquet"):  # it is told when it is read
        assert Store(tmp_path, SCHEMA).mark(name(1)) is not None
        with pytest.raises(segments.Damaged):
            rows(tmp_path, 1, 2, table=damaged.removesuffix(".parquet"))
    again = Store(tmp_path, SCHEMA)
    assert again.mark(name(1)) is None
    assert rows(tmp_path, 2) == expected(_2=3)
    assert not segment.exists()


def test_without_the_segment_that_tells_the_columns_the_others_stay(
    tmp_path: Path,
) -> None:
    store = Store(tmp_path, SCHEMA)
    land(tmp_path, 1, rows=3)
    store.gather([name(1)])
    (tmp_path / "00000001" / "documents.json").unlink()
    again = Store(tmp_path, SCHEMA)
    again.merge()
    assert numbers_of(tmp_path) == ["00000002"]
    assert rows(tmp_path, 1) == expected(_1=3)


@pytest.mark.parametrize("size", [0, 5, -1, None])
def test_a_damaged_loose_document_is_as_if_not_landed(
    tmp_path: Path, size: int | None
) -> None:
    Store(tmp_path, SCHEMA)
    land(tmp_path, 1, rows=3)
    land(tmp_path, 2, rows=3)
    loose = tmp_path / "loose" / name(1)
    if size is None:
        flip(loose)
    else:
        os.truncate(loose, size if size >= 0 else loose.stat().st_size + size)
    store = Store(tmp_path, SCHEMA)
    assert store.mark(name(1)) is None
    assert rows(tmp_path, 2) == expected(_2=3)
    assert list((tmp_path / "loose").iterdir()) == []


def test_many_small_segments_are_merged(tmp_path: Path) -> None:
    store = Store(tmp_path, SCHEMA)
    for number in range(17):
        land(tmp_path, number, rows=number)
        store.gather([name(number)])
        if number == 15:
            store.merge()
            assert len(numbers_of(tmp_path)) == 17
    before = rows(tmp_path, *range(17))
    store.merge()
    assert numbers_of(tmp_path) == ["00000001", "00000019"]
    assert rows(tmp_path, *range(17)) == before
    assert reading(Store(tmp_path, SCHEMA), 7) == "first"


def test_large_segments_are_left_alone(tmp_path: Path) -> None:
    with pytest.MonkeyPatch.context() as context:
        context.setattr(segments, "MOST_DOCUMENTS", 4)
        store = Store(tmp_path, SCHEMA)
        for number in range(80):
            land(tmp_path, number, rows=2)
        store.gather(map(name, range(40)))
        for number in range(40, 80):
            store.gather([name(number)])
        assert len(numbers_of(tmp_path)) == 1 + 10 + 40
        store.merge()
        assert len(numbers_of(tmp_path)) == 1 + 10 + 10
        assert sum(rows(tmp_path, *range(80)).values()) == 160


# Killed ---------------------------------------------------------------------

_LANDER = """
import sys
from pathlib import Path
import polars as pl
from ingest import segments
segments.MOST_DOCUMENTS, segments._MOST_SMALL = 6, 3
place, start = Path(sys.argv[1]), int(sys.argv[2])
schema = {"content_id": pl.String, "row": pl.Int32}
store = segments.Store(place, {"cells": schema, "notes": schema})
names = [f"{number:016x}".ljust(32, "0") for number in range(40)]
for turn in range(10_000):
    numbers = [(start + 7 * turn + n) % 40 for n in range(5)]
    for number in numbers:
        key = names[number][:16]
        cells = {"content_id": [key] * number, "row": list(range(number))}
        frame = pl.DataFrame(cells, schema=schema)
        segments.land(place, names[number], segments.Mark("a"), {"cells": frame})
    store.gather(names[number] for number in numbers)
    store.merge()
    print(turn, flush=True)
"""


def test_killed_at_any_moment_each_document_is_whole_or_absent(tmp_path: Path) -> None:
    rng = random.Random(5)
    seen = 0
    for turn in range(12):
        process = subprocess.Popen(
            [sys.executable, "-c", _LANDER, str(tmp_path), str(turn)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
        )
        assert process.stdout is not None
        for _ in range(rng.randrange(1, 8)):
            process.stdout.readline()
        time.sleep(rng.uniform(0, 0.03))
        process.kill()
        process.wait()
        process.stdout.close()
        store = Store(tmp_path, SCHEMA)
        landed = [number for number in range(40) if store.mark(name(number))]
        assert rows(tmp_path, *landed) == {
            name(number)[:16]: number for number in landed if number
        }
        assert len(landed) >= seen
        seen = len(landed)
    assert seen == 40


def started(disclosures: Path, landing: Path) -> subprocess.Popen[bytes]:
    """An ingest in a process group of its own, with its workers."""
    command = (
        "import sys; from pathlib import Path; from ingest import corpus, segments; "
        "corpus.MOST_DOCUMENTS = 5; "
        "corpus.ingest(*map(Path, sys.argv[1:]), jobs=2)"
    )
    return subprocess.Popen(
        [sys.executable, "-c", command, disclosures, landing, SEEDS],
        cwd=ROOT,
        start_new_session=True,
        stderr=subprocess.DEVNULL,
    )


def test_a_killed_ingest_is_taken_up_by_the_next(tmp_path: Path) -> None:
    disclosures, landing = tmp_path / "disclosures", tmp_path / "landing"
    disclosures.mkdir()
    table = "科目\t金额\n" + "合计\t1.00\n" * 3
    for number in range(40):
        (disclosures / f"{number}.txt").write_text(f"{number}年\n{table}")
    (disclosures / "empty.txt").write_text("")
    for seconds in (2, 3):
        process = started(disclosures, landing)
        time.sleep(seconds)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    files = corpus.ingest(disclosures, landing, SEEDS, jobs=2)
    names = [file.landed_name for file in files]
    with duckdb.connect() as connection:
        counts = {
            table: connection.execute(
                f"select count(*), count(distinct content_id) "
                f"from ({selection(landing, table, names)})"
            ).fetchone()
            for table in ("contents", "cells", "headers")
        }
    assert counts == {"contents": (41, 41), "cells": (320, 40), "headers": (40, 40)}
    before = stamps(landing)
    assert len(set(before.values())) == len(before) == 41
    (disclosures / "0.txt").write_text("甲")
    again = corpus.ingest(disclosures, landing, SEEDS, jobs=2)
    assert before.items() < stamps(landing).items()
    assert {file.landed_name for file in again} < stamps(landing).keys()
    for table in SCHEMAS:
        for path in paths(landing, table, names):
            pl.read_parquet_schema(path)


# Another vocabulary ----------------------------------------------------------

KNOWN = "某局2024年部门预算\n部门收支总表\n单位：万元\n收入\t金额\n合计\t1.00\n"
UNKNOWN = KNOWN.replace("2024", "2025").replace("金额", "奇数")


def test_another_vocabulary_changes_what_it_reads_otherwise(tmp_path: Path) -> None:
    disclosures, landing = tmp_path / "disclosures", tmp_path / "landing"
    disclosures.mkdir()
    (disclosures / "known.txt").write_text(KNOWN)
    (disclosures / "unknown.txt").write_text(UNKNOWN)
    seeds = shutil.copytree(SEEDS, tmp_path / "seeds")
    files = corpus.ingest(disclosures, landing, seeds)
    names = known, unknown = [file.landed_name for file in files]
    before, printed = stamps(landing), loaded(landing, names)
    with (seeds / "vocabulary" / "column_label.csv").open("a") as labels:
        labels.write("奇数,amount,,total,,,,,,,a new province\n")
    corpus.ingest(disclosures, landing, seeds)
    after = stamps(landing)
    assert after[known] == before[known]
    assert after[unknown] != before[unknown]
    assert loaded(landing, names) == printed  # the documents were not read again
    # Words that no reader looks at are for the models.
    with (seeds / "vocabulary" / "status_reason.csv").open("a") as reasons:
        reasons.write("other,另一个原因,another reason\n")
    (path,) = paths(landing, "headers", [known])
    assert f".{vocabulary_version(seeds)}/" in path.as_posix()


def loaded(landing: Path, names: Sequence[str]) -> list[object]:
    """When each document was read."""
    with duckdb.connect() as connection:
        contents = selection(landing, "contents", names)
        query = f"select content_id, loaded_at from ({contents}) order by content_id"
        return connection.execute(query).fetchall()


def test_headers_and_prose_are_read_by_the_vocabulary_alone(tmp_path: Path) -> None:
    """What the readers open is what their version is made of, no more and no less."""

    def read(seeds: Path) -> None:
        Vocabulary(seeds)
        ProseReader(seeds)
        PolicyReader(seeds)

    for name in VOCABULARY:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copyfile(SEEDS / name, tmp_path / name)
    read(tmp_path)
    for name in VOCABULARY:
        left_out = (tmp_path / name).rename(tmp_path / "left_out.csv")
        with pytest.raises(FileNotFoundError):
            read(tmp_path)
        left_out.rename(tmp_path / name)


# Nowhere to write -----------------------------------------------------------


def test_a_landing_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    disclosures, landing = tmp_path / "disclosures", tmp_path / "landing"
    disclosures.mkdir()
    (disclosures / "a.txt").write_text("甲")
    landing.write_text("a file")
    with pytest.raises(NotWritable, match=str(landing)):
        corpus.ingest(disclosures, landing, SEEDS)


def _with_little_room(run: Callable[[], object], room: int) -> None:
    """Run with files of so many bytes at most, as on a disk that is full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, before[1]))
    try:
        run()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_full_disk_leaves_what_was_landed(tmp_path: Path) -> None:
    store = Store(tmp_path, SCHEMA)
    land(tmp_path, 1, rows=3)
    store.gather([name(1)])
    with pytest.raises(NotWritable, match="File too large"):
        _with_little_room(lambda: land(tmp_path, 2, rows=100_000), 10_000)
    land(tmp_path, 3, rows=100_000)
    with pytest.raises(NotWritable, match="File too large"):
        _with_little_room(lambda: store.gather([name(3)]), 1000)
    assert not [*tmp_path.glob(".*"), *tmp_path.glob("loose/.*")]
    assert rows(tmp_path, 1) == expected(_1=3)
    Store(tmp_path, SCHEMA)
    assert rows(tmp_path, 1, 3) == expected(_1=3, _3=100_000)


def test_a_full_disk_ends_an_ingest_with_one_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    disclosures, landing = tmp_path / "disclosures", tmp_path / "landing"
    disclosures.mkdir()
    (disclosures / "a.txt").write_text("甲")
    corpus.ingest(disclosures, landing, SEEDS)
    (disclosures / "b.txt").write_text(f"{'甲' * 99}\n" * 1000)
    code = (
        "import sys, resource; from pathlib import Path; from ingest import corpus\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))\n"
        "try: corpus.ingest(*map(Path, sys.argv[1:]))\n"
        "except corpus.NotWritable as error: print(error); sys.exit(9)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, disclosures, landing, SEEDS],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 9, done.stderr
    assert "File too large" in done.stdout
    assert "Traceback" not in done.stderr
    # With room again it goes on.
    files = corpus.ingest(disclosures, landing, SEEDS, limits=Limits())
    assert len(files) == 2
    names = [file.landed_name for file in files]
    with duckdb.connect() as connection:
        query = f"select count(*) from ({selection(landing, 'contents', names)})"
        assert connection.execute(query).fetchone() == (2,)


def readers_of(process: int) -> list[int]:
    """The processes that read documents for one: children of its server of forks."""
    parents: dict[int, int] = {}
    for path in Path("/proc").iterdir():
        if path.name.isdecimal():
            with contextlib.suppress(OSError):
                about = (path / "stat").read_text().rpartition(")")[2].split()
                parents[int(path.name)] = int(about[1])
    servers = {child for child, parent in parents.items() if parent == process}
    return [child for child, parent in parents.items() if parent in servers]


def test_readers_that_are_killed_cost_nothing(tmp_path: Path) -> None:
    """Each document is tried once more: not it was to blame."""
    disclosures, landing = tmp_path / "disclosures", tmp_path / "landing"
    disclosures.mkdir()
    for number in range(30):
        (disclosures / f"{number}.txt").write_text(f"甲{number}\n" * 2000)
    process = started(disclosures, landing)
    killed = 0
    while process.poll() is None:
        time.sleep(0.02)
        readers = readers_of(process.pid)
        if readers and not killed:
            with contextlib.suppress(ProcessLookupError):
                os.kill(readers[0], signal.SIGKILL)
                killed += 1
    assert process.returncode == 0
    assert killed
    contents = pl.read_parquet(landing / "content.*" / "0*" / "contents.parquet")
    assert contents["reason_code"].is_null().all()
    assert len(contents) == 30
