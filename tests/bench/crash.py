"""Does anything stay half when a build, an export or a dashboard is killed?

``make crash ROUNDS=n``. In every round documents are added, changed or deleted, the
command is killed (SIGKILL) at some moment, and what readers see is checked. Then the
same command runs, without help, to its end; some builds are killed again before.
Moments are drawn from the whole time that the command takes, or aimed: at the beginning
of a step, at the files that show what is being written just now. Now and then, and in
the end, the warehouse that came out of all this must hold, row for row, what one build
of the last documents holds. In a ``--folder`` that was kept the rounds go on.

With ``--scenes`` also what is no kill: a full disk, a folder that is read-only, two
builds at once, Ctrl-C, a reader or a writer that stays, a clock that jumps, files that
were damaged, ``WORK`` on another disk.
"""

from __future__ import annotations

import argparse
import contextlib
import fcntl
import hashlib
import itertools
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from expectations.keys import MARTS as KEYS
from ingest.folder import find_files
from tests import building
from tests.building import environment, keep_prepared, reading
from tests.test_documents import corpus
from tests.test_incremental import CHOSEN, differences
from tests.warehouse import ROOT

BUILD, EXPORT, DASHBOARD = "pipeline.build", "exports", "dashboard.build"
# Of ten rounds.
_COMMANDS = (*(BUILD,) * 7, *(EXPORT,) * 2, DASHBOARD)
_SMALL = (*CHOSEN[:4], *CHOSEN[-2:])  # linked, and each by itself
_KILLED_AGAIN = 0.4
_EVERYTHING = 0.1  # of builds, works all documents anew
_POLL = 0.002
_ENDED = "had ended"  # before its moment: no kill
_LONGEST = 1800


class Broken(Exception):
    """Something is half, lost or doubled; says what."""


def require(holds: object, says: str) -> None:
    """:raises Broken: it does not hold."""
    if not holds:
        raise Broken(says)


@dataclass
class Place:
    """A folder with disclosures, a warehouse, an export and a dashboard."""

    folder: Path
    settings: dict[str, str] = field(default_factory=dict)
    # How long each command took.
    seconds: dict[str, list[float]] = field(default_factory=dict)
    # A build was killed and has not run again.
    is_pending: bool = False
    # Moments that are still to come, of each command.
    moments: dict[str, list[str]] = field(default_factory=dict)

    @property
    def disclosures(self) -> Path:
        return self.folder / "disclosures"

    @property
    def warehouse(self) -> Path:
        return self.folder / "warehouse.duckdb"

    @property
    def work(self) -> Path:
        return Path(self.settings.get("WORK", self.folder / "work"))

    @property
    def next(self) -> Path:
        return self.folder / ".warehouse.duckdb.next"

    @property
    def export(self) -> Path:
        return self.folder / "export"

    @property
    def dashboard(self) -> Path:
        return self.folder / "dashboard"

    def start(self, command: str, **settings: str) -> subprocess.Popen[str]:
        """Start a command in a process group of its own; it speaks to a file."""
        folders = {"EXPORT": str(self.export), "DASHBOARD": str(self.dashboard)}
        given = folders | self.settings | settings
        with (self.folder / "said.txt").open("w", encoding="utf-8") as said:
            return subprocess.Popen(
                [sys.executable, "-m", command],
                cwd=ROOT,
                env=environment(self.disclosures, self.folder, **given),
                stdout=said,
                stderr=subprocess.STDOUT,
                text=True,
                start_new_session=True,
            )

    @property
    def said(self) -> str:
        """What the command that ran last has said up to now."""
        return (self.folder / "said.txt").read_text(encoding="utf-8", errors="replace")

    def run(self, command: str, **settings: str) -> int:
        """Run a command to its end; its exit code."""
        return self.start(command, **settings).wait(_LONGEST)

    def finish(self, command: str, **settings: str) -> float:
        """Run a command that must succeed; the seconds that it takes."""
        started = time.monotonic()
        code = self.run(command, **settings)
        require(code == 0, f"{command} ends with {code}:\n{self.said[-2000:]}")
        require("Traceback" not in self.said, f"{command} says:\n{self.said[-2000:]}")
        self.is_pending &= command != BUILD
        return time.monotonic() - started


# What readers see ------------------------------------------------------------


def sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def tree(folder: Path) -> dict[str, str]:
    """The files of a folder with their digests."""
    return {
        path.relative_to(folder).as_posix(): sha256(path)
        for path in folder.rglob("*")
        if path.is_file()
    }


def read_warehouse(warehouse: Path) -> tuple[str, dict[str, int]]:
    """The build id and the rows of each table, every value having been read."""
    with reading(warehouse) as connection:
        (build_id,) = connection.execute("select build_id from meta.build").fetchone()  # type: ignore[misc]
        tables = connection.execute(
            "select schema_name || '.\"' || table_name || '\"' from duckdb_tables()"
        ).fetchall()
        rows: dict[str, int] = {}
        for (table,) in tables:
            found = connection.execute(
                f"select count(*), bit_xor(hash(each)) from {table} as each"
            ).fetchone()
            rows[table] = found[0] if found else 0
        for table, columns in KEYS.items():
            listed = ", ".join(columns)
            twice = connection.execute(
                f"select count(*) from (select {listed} from marts.{table} "
                "group by all having count(*) > 1)"
            ).fetchone()
            require(twice == (0,), f"{table}: keys are doubled: {twice}")
        wrong = connection.execute(
            "select count(*) from marts.fct_finding where first_seen_at > last_seen_at"
        ).fetchone()
        require(wrong == (0,), f"findings first seen after the last time: {wrong}")
    return build_id, rows


def read_export(folder: Path) -> str:
    """The build id of an export, every file of which is as its manifest says."""
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    listed = {file["path"]: file["sha256"] for file in manifest["files"]}
    found = tree(folder)
    del found["manifest.json"]
    require(found == listed, "the export is not what its manifest says")
    return str(manifest["build_id"])


def read_dashboard(folder: Path) -> None:
    """Every page of a dashboard is there to its end."""
    pages = list(folder.rglob("*.html"))
    require(folder / "index.html" in pages, "the dashboard has no first page")
    for page in pages:
        text = page.read_text(encoding="utf-8").rstrip()
        require(text.endswith("</html>"), f"{page} breaks off")


def documents_of(warehouse: Path) -> list[str]:
    with reading(warehouse) as connection:
        return sorted(
            path
            for (path,) in connection.execute(
                "select relative_path from marts.dim_document"
            ).fetchall()
        )


@dataclass(frozen=True)
class Seen:
    """What lay in the place of each of the three, before a command began."""

    warehouse: str
    export: dict[str, str]
    dashboard: dict[str, str]

    @classmethod
    def of(cls, place: Place) -> Seen:
        return cls(sha256(place.warehouse), tree(place.export), tree(place.dashboard))


def check_whole(place: Place, before: Seen) -> str:
    """All three are as before or new, and whole; which are new."""
    now = Seen.of(place)
    new = [
        name
        for name in ("warehouse", "export", "dashboard")
        if getattr(now, name) != getattr(before, name)
    ]
    read_warehouse(place.warehouse)
    if before.export:
        read_export(place.export)
    if before.dashboard:
        read_dashboard(place.dashboard)
    return ", ".join(new)


_BESIDE = {
    *("disclosures", "work", "export", "dashboard", "said.txt"),
    *("warehouse.duckdb", "warehouse.checks.html"),
    *(".warehouse.duckdb.lock", ".warehouse.duckdb.seal"),
    *(".export.lock", ".dashboard.lock"),
}


def check_finished(place: Place) -> None:
    """What a command that was run to its end must leave."""
    build_id, _ = read_warehouse(place.warehouse)
    if place.is_pending:
        return
    files = sorted(file.relative_path for file in find_files(place.disclosures))
    require(documents_of(place.warehouse) == files, "documents are lost or doubled")
    page = (place.folder / "warehouse.checks.html").read_text(encoding="utf-8")
    require(build_id in page, "the page of the checks is of another build")
    left = {path.name for path in place.folder.iterdir()} - _BESIDE
    require(not left, f"left beside the warehouse: {sorted(left)}")
    with (place.folder / ".warehouse.duckdb.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)


# Documents that come, change and go ---------------------------------------------


class Documents:
    """The disclosures of a place, and what may be done to them."""

    def __init__(
        self, folder: Path, chance: random.Random, names: Sequence[str] = CHOSEN
    ) -> None:
        every = corpus()
        self._texts = {name: every[name] for name in names}
        self._folder = folder
        self._chance = chance
        self._there = {name for name in names if (folder / name).exists()}
        if not self._there:
            for name in names:
                self._write(name)

    def change(self) -> str:
        """Add, change or delete a document, so that a build has work; says what."""
        absent = sorted(self._texts.keys() - self._there)
        kinds = ["change"] + ["add"] * bool(absent) + ["delete"] * (len(absent) < 3)
        kind = self._chance.choice(kinds)
        name = self._chance.choice(absent if kind == "add" else sorted(self._there))
        if kind == "delete":
            (self._folder / name).unlink()
            self._there.remove(name)
        else:
            self._write(name)
        return f"{kind} {name.rpartition('/')[2]}"

    def _write(self, name: str) -> None:
        """A document, with one figure that it did not have before."""
        path = self._folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        text = self._texts[name]
        if self._there:
            lines = text.splitlines()
            lines.append(
                f"本年公用经费{self._chance.randrange(100_000) / 100:.2f}万元。"
            )
            text = "\n".join(lines) + "\n"
        path.write_text(text, encoding="utf-8")
        self._there.add(name)


# Moments -------------------------------------------------------------------------


def _replaced(path: Path) -> Callable[[], bool]:
    """Another file or folder lies there."""
    before = path.stat().st_ino if path.exists() else None

    def happened() -> bool:
        try:
            return path.stat().st_ino != before
        except FileNotFoundError:
            return before is not None

    return happened


def aims(place: Place, command: str) -> dict[str, Callable[[], bool]]:
    """Moments at which most is at stake, as what can be seen from outside."""
    if command == EXPORT:
        beside = place.folder / ".export.next"
        return {
            "export begins": beside.exists,
            "export writes its manifest": (beside / "manifest.json").exists,
            "export takes its place": _replaced(place.export),
        }
    if command == DASHBOARD:
        return {
            "dashboard begins": (place.folder / ".dashboard.next").exists,
            "dashboard takes its place": _replaced(place.dashboard),
        }
    landing, database = place.work / "landing", place.next / "warehouse.duckdb"
    segments = len(list(landing.glob("*/0*")))
    batch = place.work / "batch" / "warehouse.duckdb"
    log = database.with_name("warehouse.duckdb.wal")
    return {
        "reading begins": lambda: "读取公开文件" in place.said,
        "a document is landed": lambda: any(landing.glob("*/loose/*")),
        "a segment is written": lambda: len(list(landing.glob("*/0*"))) != segments,
        "the files are listed": _replaced(landing / "files.parquet"),
        "the next warehouse is laid": database.exists,
        "models begin": lambda: "运行模型" in place.said,
        "the batch is laid": _replaced(batch),
        "rows are put into the next warehouse": log.exists,
        "expectations begin": lambda: "核对预期" in place.said,
        "publication begins": lambda: "发布 …" in place.said,
        "it is published": _replaced(place.warehouse),
        "the page is written": _replaced(place.folder / "warehouse.checks.html"),
    }


_STEPS = {
    "发布 …": "publish",
    "核对预期 …": "expectations",
    "运行模型 …": "dbt",
    "读取公开文件 …": "ingest",
}


def step_of(place: Place, command: str) -> str:
    """In which step a command is that speaks now."""
    if command != BUILD:
        return "export" if command == EXPORT else "dashboard"
    said = place.said
    return next((step for title, step in _STEPS.items() if title in said), "start")


def draw(place: Place, command: str, chance: random.Random) -> str:
    """A moment: any time, or one that is aimed at, each of these equally often."""
    moments = place.moments.setdefault(command, [])
    if not moments:
        aimed = aims(place, command)
        moments += [*aimed, *["any time"] * len(aimed)]
        chance.shuffle(moments)
    return moments.pop()


def kill(process: subprocess.Popen[str], *, alone: bool) -> None:
    """End a command at once, with all that it started or ``alone``."""
    with contextlib.suppress(ProcessLookupError):
        if alone:
            process.kill()
        else:
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def wait_for(
    process: subprocess.Popen[str], happened: Callable[[], bool], seconds: float
) -> bool:
    """Whether it happened before the process ended or the time was over."""
    until = time.monotonic() + seconds
    while process.poll() is None and time.monotonic() < until:
        if happened():
            return True
        time.sleep(_POLL)
    return False


# The rounds -----------------------------------------------------------------------


def prepare(
    folder: Path, chance: random.Random, settings: dict[str, str] | None = None
) -> tuple[Place, Documents]:
    """A place with everything once made."""
    place = Place(folder, {"BATCH_DOCUMENTS": "3"} | (settings or {}))
    building.prepare(place.work)
    documents = Documents(place.disclosures, chance, _SMALL)
    if place.dashboard.exists():
        place.seconds = {BUILD: [20.0], EXPORT: [5.0], DASHBOARD: [5.0]}
        for command in place.seconds:
            place.finish(command)
        return place, documents
    for command in (BUILD, EXPORT, DASHBOARD):
        place.seconds[command] = [place.finish(command)]
    keep_prepared(place.work)
    documents.change()
    place.seconds[BUILD] = [place.finish(BUILD)]
    check_finished(place)
    return place, documents


def one_round(
    place: Place,
    documents: Documents,
    chance: random.Random,
    command: str,
) -> tuple[str, str, str]:
    """Kill a command, check, run it to its end, check; when and where it was, what."""
    what = documents.change() if command == BUILD else command
    before = Seen.of(place)
    usual = min(place.seconds[command][-5:])
    alone = chance.random() < 0.25
    settings: dict[str, str] = {}
    if command == BUILD and chance.random() < _EVERYTHING:
        settings, what = {"REBUILD": "1"}, f"{what}, everything anew"
    moment = draw(place, command, chance)
    aimed = aims(place, command)
    process = place.start(command, **settings)
    started = time.monotonic()
    if moment == "any time":
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(chance.uniform(0, usual))
    elif wait_for(process, aimed[moment], _LONGEST):
        time.sleep(chance.choice((0, 0, 0.01, 0.1, 0.3)))
    step = step_of(place, command)
    if process.poll() is not None:
        moment = step = _ENDED
    kill(process, alone=alone)
    at = time.monotonic() - started
    new = check_whole(place, before)
    told = (
        f"{what}; {moment} ({step}), {at:.1f} s{', alone' if alone else ''}; "
        f"new: {new or 'nothing'}"
    )
    if command == BUILD:
        place.is_pending = True
        if chance.random() < _KILLED_AGAIN:
            return moment, step, told
    place.seconds[command].append(place.finish(command))
    check_finished(place)
    read_export(place.export)
    read_dashboard(place.dashboard)
    return moment, step, f"{told}; ran to its end"


def check_against_scratch(place: Place, folder: Path) -> None:
    """The warehouse that came out of it holds what one build of everything holds."""
    scratch = Place(folder)
    shutil.copytree(place.disclosures, scratch.disclosures)
    building.prepare(scratch.work)
    scratch.finish(BUILD)
    place.finish(BUILD)
    found = differences(scratch.warehouse, place.warehouse)
    require(not found, f"not what one build gives: {found}")
    shutil.rmtree(folder)


def rounds(folder: Path, count: int, seed: int, every: int) -> int:
    """Run rounds until so many commands were killed; how many of them went wrong.

    A round whose command had ended before its moment is checked, and does not count.
    """
    chance = random.Random(seed)
    place, documents = prepare(folder / "place", chance)
    number = wrong = 0
    moments: Counter[str] = Counter()
    steps: Counter[str] = Counter()
    started = time.monotonic()
    while number < count:
        command = chance.choice(_COMMANDS)
        number += 1
        try:
            moment, step, told = one_round(place, documents, chance, command)
            if step == _ENDED:
                number -= 1
                print(f"not counted: {told}", flush=True)
                continue
            if number % every == 0 or number == count:
                check_against_scratch(place, folder / "scratch")
                told += "; equals one build of everything"
            steps[step] += 1
            moments[moment] += 1
        except (Broken, OSError, duckdb.Error, ValueError) as error:
            wrong += 1
            told = f"WRONG: {type(error).__name__}: {error}"
            kept = folder / f"wrong-{number}"
            shutil.copytree(place.folder, kept, symlinks=True)
            with contextlib.suppress(Broken):
                place.finish(BUILD, REBUILD="1")
        print(f"{number}/{count} {told}", flush=True)
    minutes = (time.monotonic() - started) / 60
    print(f"{count - wrong} of {count} kills went well, in {minutes:.0f} minutes")
    print(f"killed in: {dict(steps.most_common())}")
    print(f"moments: {dict(moments.most_common())}")
    return wrong


# What is no kill --------------------------------------------------------------------


@contextlib.contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[None]:
    """A file system of that size in the place of ``folder``."""
    folder.mkdir(parents=True)
    subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder)],
        check=True,
    )
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def refused(place: Place, command: str, documents: Documents | None = None) -> None:
    """A command that cannot succeed says why in a line or two, and harms nothing."""
    before = Seen.of(place)
    if documents is not None:
        documents.change()
    code = place.run(command)
    require(code not in (0, None) and code > 0, f"{command} ends with {code}")
    require("Traceback" not in place.said, f"{command} says:\n{place.said[-2000:]}")
    require("保持不变" in place.said, f"{command} says:\n{place.said[-500:]}")
    require(Seen.of(place) == before, f"{command} changed what was published")


def full_disk(folder: Path, chance: random.Random) -> None:
    """The disk fills up while documents are landed, worked, published, exported."""
    with small_disk(folder / "disk", 900):
        place, documents = prepare(folder / "disk" / "place", chance)
        _move_out(place, folder)
        ballast = folder / "disk" / "ballast"
        commands = (BUILD, EXPORT, DASHBOARD)
        print("  refused at:", refused_at(place, documents, ballast, commands))
        check_against_scratch(place, folder / "scratch")


def refused_at(
    place: Place, documents: Documents, ballast: Path, commands: Sequence[str]
) -> dict[str, int]:
    """Where commands end, with which code, while less and less of a disk is full."""
    stages: dict[str, int] = {}
    for free in (0, 200, 3_000, 12_000, 25_000, 40_000, 60_000):  # KB
        for command in commands:
            _fill(ballast, free * 1024)
            if command == BUILD:
                documents.change()
            before = Seen.of(place)
            code = place.run(command)
            if code:
                lines = [line for line in place.said.splitlines() if "…" in line]
                stages[f"{command}: {lines[-1] if lines else 'at once'}"] = code
                said = f"{command}, {free} KB:\n{place.said[-1500:]}"
                require(code > 0, f"{said}\nends with {code}")
                require("Traceback" not in said, said)
                require("保持不变" in said, said)
                require(Seen.of(place) == before, f"{said}\nchanged what was there")
            ballast.unlink()
            place.finish(command)
            check_finished(place)
    require(stages, "the disk was never full")
    return stages


def _move_out(place: Place, folder: Path) -> None:
    """Have what we write ourselves on another disk."""
    for name in ("disclosures", "said.txt"):
        shutil.move(place.folder / name, folder / name)
        (place.folder / name).symlink_to(folder / name)


def _fill(ballast: Path, free: int) -> None:
    """Leave so many bytes of the disk."""
    ballast.unlink(missing_ok=True)
    size = shutil.disk_usage(ballast.parent).free - free
    with ballast.open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, max(1, size))


def read_only_folder(folder: Path, chance: random.Random) -> None:
    """Where nothing can be written, everything says so."""
    disk = folder / "disk"
    with small_disk(disk, 900):
        place, documents = prepare(disk / "place", chance)
        _move_out(place, folder)
        subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
        try:
            for command in (BUILD, EXPORT, DASHBOARD):
                refused(place, command, documents if command == BUILD else None)
        finally:
            subprocess.run(["mount", "-o", "remount,rw", str(disk)], check=True)
        place.finish(BUILD)
        check_finished(place)


def two_at_once(folder: Path, chance: random.Random) -> None:
    """The second is told who holds the lock, and the first ends well."""
    place, documents = prepare(folder / "place", chance)
    for command, name in (
        (BUILD, ".warehouse.duckdb.lock"),
        (EXPORT, ".export.lock"),
        (DASHBOARD, ".dashboard.lock"),
    ):
        if command == BUILD:
            documents.change()
        lock = place.folder / name
        lock.unlink()
        first = place.start(command)
        require(
            wait_for(first, lambda lock=lock: lock.exists() and lock.read_text(), 120),  # type: ignore[misc]
            "the first never took the lock",
        )
        code = place.run(command)
        require(code == 4, f"the second ends with {code}: {place.said}")
        require(f"进程 {first.pid}（" in place.said, place.said)
        require(first.wait(_LONGEST) == 0, "the first was disturbed")
        check_finished(place)
        read_export(place.export)
        read_dashboard(place.dashboard)


def told_to_end(folder: Path, chance: random.Random) -> None:
    """Ctrl-C, and whoever asks it to end: one line, nothing half, nothing left."""
    place, documents = prepare(folder / "place", chance)
    signs = itertools.cycle((signal.SIGINT, signal.SIGTERM, signal.SIGHUP))
    for name in (
        *("reading begins", "a segment is written", "models begin"),
        *("the batch is laid", "rows are put into the next warehouse"),
        *("expectations begin", "publication begins", "it is published"),
    ):
        documents.change()
        before = Seen.of(place)
        sign = next(signs)
        happened = aims(place, BUILD)[name]
        process = place.start(BUILD)
        require(wait_for(process, happened, _LONGEST), f"{name}: it never did")
        time.sleep(chance.choice((0, 0.05, 0.3)))
        # A terminal tells all its processes.
        (os.kill if sign == signal.SIGTERM else os.killpg)(process.pid, sign)
        code, said = process.wait(120), place.said
        told = f"{name}, {sign.name}: ends with {code}:\n{said[-2000:]}"
        require("Traceback" not in said, told)
        require(not place.next.exists(), f"{told}\nleft what it had begun")
        new = check_whole(place, before)
        if code:
            require(code == 130 and "已中断。" in said, told)
            require(("保持不变" in said) == (not new), told)
            require(("新的数据库已经发布" in said) == bool(new), told)
    place.finish(BUILD)
    check_finished(place)
    check_against_scratch(place, folder / "scratch")


_WRITER = """
import duckdb, sys
connection = duckdb.connect(sys.argv[1])
print("open", flush=True)
sys.stdin.readline()
connection.execute("create table marts.mine as select 1 as a")
print("written", flush=True)
sys.stdin.readline()
"""


def writer_that_stays(folder: Path, chance: random.Random) -> None:
    """A warehouse that a program writes into is not taken away from under it."""
    place, documents = prepare(folder / "place", chance)
    documents.change()
    process = place.start(BUILD)
    require(wait_for(process, aims(place, BUILD)["models begin"], 600), place.said)
    before = Seen.of(place)
    with subprocess.Popen(
        [sys.executable, "-c", _WRITER, str(place.warehouse)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as writer:
        assert writer.stdin is not None and writer.stdout is not None
        require(writer.stdout.readline() == "open\n", "it cannot be opened")
        code = process.wait(_LONGEST)
        require(code == 4 and "以写方式打开" in place.said, f"{code}: {place.said}")
        require(not place.next.exists(), "left what it had begun")
        code = place.run(BUILD)
        require(code == 4 and "以写方式打开" in place.said, f"{code}: {place.said}")
        require("读取公开文件" not in place.said, f"told late: {place.said}")
        require(Seen.of(place) == before, "what was published changed")
        writer.stdin.write("\n")
        writer.stdin.flush()
        require(writer.stdout.readline() == "written\n", "it cannot be written")
        writer.kill()
    place.finish(BUILD)
    check_finished(place)
    check_against_scratch(place, folder / "scratch")


def work_on_another_disk(folder: Path, chance: random.Random) -> None:
    """What a build makes again may lie elsewhere, be full, and be lost."""
    disk = folder / "disk"
    with small_disk(disk, 600):
        settings = {"WORK": str(disk / "work")}
        place, documents = prepare(folder / "place", chance, settings)
        for name in ("a segment is written", "rows are put into the next warehouse"):
            documents.change()
            before = Seen.of(place)
            happened = aims(place, BUILD)[name]
            process = place.start(BUILD)
            require(wait_for(process, happened, _LONGEST), f"{name}: it never did")
            kill(process, alone=False)
            check_whole(place, before)
            place.finish(BUILD)
            check_finished(place)
        ballast = disk / "ballast"
        print("  refused at:", refused_at(place, documents, ballast, (BUILD,)))
        documents.change()
        shutil.rmtree(place.work)
        place.finish(BUILD)
        check_finished(place)
        check_against_scratch(place, folder / "scratch")


def reader_that_stays(folder: Path, chance: random.Random) -> None:
    """Who has a warehouse open reads that one to the end."""
    place, documents = prepare(folder / "place", chance)
    with reading(place.warehouse) as reader:
        tables = reader.execute(
            "select 'marts.' || table_name from duckdb_tables() "
            "where schema_name = 'marts' order by all"
        ).fetchall()
        wanted = read_warehouse(place.warehouse)[1]
        half = len(tables) // 2
        for number in range(2):
            documents.change()
            place.finish(BUILD, **({"REBUILD": "1"} if number else {}))
            for (table,) in tables[number * half : (number + 1) * half]:
                found = reader.execute(
                    f"select count(*), bit_xor(hash(each)) from {table} as each"
                ).fetchone()
                schema, _, name = table.partition(".")
                key = f'{schema}."{name}"'
                require(found and found[0] == wanted[key], f"{table} is another one")
    check_finished(place)


_JUMPED = """
import datetime, sys, time, types
from pipeline import build

shift = datetime.timedelta(days=float(sys.argv.pop()))
true_ns = time.time_ns

class Jumped:
    @staticmethod
    def now(zone):
        return datetime.datetime.now(zone) + shift

build.dt = types.SimpleNamespace(datetime=Jumped, UTC=datetime.UTC)
time.time_ns = lambda: true_ns() + int(shift.total_seconds()) * 10**9
sys.exit(build.main())
"""


def clock_that_jumps(folder: Path, chance: random.Random) -> None:
    """Times stay in their order, and what changed is seen, whatever the clock says."""
    place, documents = prepare(folder / "place", chance)
    for days in (3650, -10_000, 1, -1, 0):
        documents.change()
        # The same length and the same time: only the system's own time tells. And one
        # that says it was written long ago, or in years to come.
        some = sorted(place.disclosures.rglob("*.txt"))[:2]
        for path, shift in zip(some, (0, days), strict=True):
            times, text = path.stat(), path.read_text(encoding="utf-8")
            path.write_text(f"{text[:-2]}{chance.choice('；！？')}\n", encoding="utf-8")
            changed_at = times.st_mtime_ns + shift * 86_400 * 10**9
            os.utime(path, ns=(times.st_atime_ns, changed_at))
        wanted = [sha256(path) for path in some]
        settings = place.settings
        done = subprocess.run(
            [sys.executable, "-c", _JUMPED, str(days)],
            cwd=ROOT,
            env=environment(place.disclosures, place.folder, **settings),
            capture_output=True,
            text=True,
            check=False,
        )
        require(done.returncode == 0, done.stderr[-2000:])
        check_finished(place)
        with reading(place.warehouse) as connection:
            found = connection.execute(
                "select count(*) from marts.dim_document "
                "where list_contains(cast(? as varchar[]), file_sha256)",
                [wanted],
            ).fetchone()
        require(found == (2,), f"changes are not seen, {days} days off")
    check_against_scratch(place, folder / "scratch")


def changed_meanwhile(folder: Path, chance: random.Random) -> None:
    """A document that changes back and forth while it is read is not taken for read."""
    place, _ = prepare(folder / "place", chance)
    path = min(place.disclosures.rglob("*.txt"))
    first = path.read_text(encoding="utf-8")
    path.write_text(f"{first}完。\n", encoding="utf-8")
    process = place.start(BUILD)
    # It was looked at for the first time, and is not landed yet.
    path_of_lock = place.work / ".lock"
    locked = wait_for(process, lambda: str(process.pid) == _read(path_of_lock), 120)
    path.write_text(f"{first}终。\n", encoding="utf-8")
    require(process.wait(_LONGEST) == 0, place.said)
    require(locked, "it never took the lock of its folder")
    for last in ("完。\n", "终。\n"):
        path.write_text(first + last, encoding="utf-8")
        place.finish(BUILD)
        check_finished(place)
        with reading(place.warehouse) as connection:
            found = connection.execute(
                "select count(*) from marts.dim_document where file_sha256 = ?",
                [sha256(path)],
            ).fetchone()
        require(found == (1,), "the warehouse has another text")


def _read(path: Path) -> str:
    return path.read_text(encoding="ascii") if path.exists() else ""


def cut(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


_BLOCK = 256 * 1024  # of a DuckDB file


def flip(path: Path, step: int | None = None) -> None:
    """Another bit in the middle, or in the middle of every ``step`` bytes.

    Size and times are as before.
    """
    times = path.stat()
    step = step or times.st_size
    with path.open("rb+") as file:
        for middle in range(step // 2, times.st_size, step):
            file.seek(middle)
            byte = file.read(1)[0]
            file.seek(-1, os.SEEK_CUR)
            file.write(bytes([byte ^ 1]))
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))


def damaged_files(folder: Path, chance: random.Random) -> None:
    """What a build can make again it makes again, and says when that is everything."""
    place, documents = prepare(folder / "place", chance)
    landing = place.work / "landing"
    target = place.work / "dbt" / "target"

    def segments() -> list[Path]:
        return sorted(path for path in landing.glob("*/0*") if any(path.iterdir()))

    def last(name: str) -> Path:
        """Of what documents print and of how it reads other tables are kept."""
        return [path / name for path in segments() if (path / name).exists()][-1]

    def loose() -> None:
        for store in landing.glob("*/loose"):
            (store / f"{'0' * 32}.v1").write_text("00000000\n{}\nhalf")
            (store / f"{'1' * 32}.v1").write_text("")

    def all_at_once() -> None:
        for path in (*target.glob("*"), *landing.glob("*.*")):
            if path.is_file():
                cut(path)
        place.next.mkdir()
        (place.next / "warehouse.duckdb").write_bytes(b"half")
        (place.folder / "warehouse.checks.html").unlink()
        loose()

    def bits() -> None:
        for path in (
            *target.glob("*"),
            *landing.glob("*.*"),
            *place.work.glob("*/version"),
        ):
            if path.is_file():
                flip(path)

    def other_version() -> None:
        with duckdb.connect(str(place.warehouse)) as connection:
            connection.execute("update meta.made_by set version = 'another'")

    def stray_log() -> None:
        code = (
            "import duckdb, os, sys; c = duckdb.connect(sys.argv[1]);"
            "c.execute('create table marts.mine as select 1'); os.kill(os.getpid(), 9)"
        )
        subprocess.run([sys.executable, "-c", code, place.warehouse], check=False)

    anew = "全部文件重新处理"
    for name, damage, says in (
        ("WORK removed", lambda: shutil.rmtree(place.work), ""),
        ("a segment cut off", lambda: cut(segments()[-1] / "sentences.parquet"), ""),
        (
            "a segment's index lost",
            lambda: (segments()[0] / "documents.json").unlink(),
            "",
        ),
        ("seeds cut off", lambda: cut(place.work / "seeds" / "warehouse.duckdb"), ""),
        (
            "a batch cut off",
            lambda: cut(place.work / "batch" / "warehouse.duckdb"),
            "",
        ),
        ("a bit of a segment", lambda: flip(last("cells.parquet")), ""),
        (
            "a bit of an index",
            lambda: flip(segments()[-1] / "documents.json"),
            "",
        ),
        (
            "a bit of the seeds",
            lambda: flip(place.work / "seeds" / "warehouse.duckdb"),
            "",
        ),
        ("a bit of all that dbt and the landing remember", bits, ""),
        ("everything half", all_at_once, ""),
        ("a log beside the warehouse", stray_log, ""),
        # one block alone may be free, and then nothing is damaged
        (
            "a bit of each block of the warehouse",
            lambda: flip(place.warehouse, _BLOCK),
            anew,
        ),
        ("a warehouse of another version", other_version, anew),
        ("a warehouse cut off", lambda: cut(place.warehouse), anew),
        ("an empty warehouse", lambda: os.truncate(place.warehouse, 0), anew),
    ):
        damage()
        documents.change()
        try:
            place.finish(BUILD)
            check_finished(place)
            require(says in place.said, f"it does not say so:\n{place.said}")
        except (Broken, duckdb.Error) as error:
            raise Broken(f"{name}: {error}") from error
        print(f"  {name}: mended", flush=True)
    with duckdb.connect(str(place.warehouse)) as connection:
        connection.execute("update marts.dim_document set relative_path = 'another'")
    for says in (anew, "没有变化"):
        place.finish(BUILD)
        require(says in place.said, f"figures of another program stay:\n{place.said}")
        check_finished(place)
    check_against_scratch(place, folder / "scratch")


SCENES: tuple[Callable[[Path, random.Random], None], ...] = (
    damaged_files,
    clock_that_jumps,
    reader_that_stays,
    writer_that_stays,
    changed_meanwhile,
    two_at_once,
    told_to_end,
    read_only_folder,
    work_on_another_disk,
    full_disk,
)
_NEED_MOUNT = (read_only_folder, work_on_another_disk, full_disk)


def scenes(folder: Path, seed: int, wanted: str) -> int:
    """Play the scenes whose name has ``wanted`` in it; how many went wrong."""
    wrong = 0
    for scene in SCENES:
        if wanted not in scene.__name__:
            continue
        if scene in _NEED_MOUNT and os.geteuid() != 0:
            print(f"{scene.__name__}: left out, only root may mount a disk")
            continue
        print(f"{scene.__name__} …", flush=True)
        try:
            scene(folder / scene.__name__, random.Random(seed))
            print(f"{scene.__name__}: went well", flush=True)
        except (Broken, OSError, duckdb.Error, ValueError) as error:
            wrong += 1
            print(f"{scene.__name__}: WRONG: {error}", flush=True)
    return wrong


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--every", type=int, default=25, help="rounds between comparisons with scratch"
    )
    parser.add_argument(
        "--scenes", nargs="?", const="", help="play these besides the rounds"
    )
    parser.add_argument("--folder", type=Path, help="where to work; kept afterwards")
    given = parser.parse_args()
    # What a shell starts in the background, and what that starts, hears no Ctrl-C.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    folder = given.folder or Path(tempfile.mkdtemp(prefix="crash-"))
    wrong = 0
    if given.rounds:
        wrong += rounds(folder, given.rounds, given.seed, given.every)
    if given.scenes is not None:
        wrong += scenes(folder, given.seed, given.scenes)
    if not given.folder and not wrong:
        shutil.rmtree(folder)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
