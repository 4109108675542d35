"""What is found in a folder: names, links, pipes, saved pages, files that change."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import polars as pl
import pytest

from ingest import corpus, folder, folder_memory
from ingest.corpus import ingest
from ingest.document import Limits, UnreadableDocument
from ingest.folder import File, find_files, fingerprint, look, scan
from tests import bad_files
from tests.ingest.test_archives import archive
from tests.ingest.word import docx, p, tbl, tr
from tests.warehouse import ROOT

SEEDS = ROOT / "seeds"
Found = TypeVar("Found")


def reasons(disclosures: Path) -> dict[str, str | None]:
    return {file.relative_path: file.reason for file in find_files(disclosures)}


def landed_rows(landing: Path, table: str) -> pl.DataFrame:
    """The rows of a table of everything that was landed."""
    return pl.read_parquet(landing / "*" / "0*" / f"{table}.parquet")


def landed(landing: Path) -> dict[str, str | None]:
    """The reason of each file by its path."""
    files = pl.read_parquet(landing / "files.parquet").drop("reason_code")
    contents = landed_rows(landing, "contents")
    rows = files.join(contents, on="content_id").iter_rows(named=True)
    return {row["relative_path"]: row["reason_code"] for row in rows}


# Names ----------------------------------------------------------------------


def test_names_in_other_encodings_are_read_as_gbk(tmp_path: Path) -> None:
    for raw in ("预算.txt".encode("gbk"), "决算.txt".encode(), b"\xff.txt"):
        (tmp_path / os.fsdecode(raw)).write_text("甲")
    found = reasons(tmp_path)
    assert set(found) == {"预算.txt", "决算.txt", "\ufffd.txt"}
    assert all(name.encode() for name in found)


def test_controls_in_names_are_replaced(tmp_path: Path) -> None:
    (tmp_path / "a\n\x1b[31m.txt").write_text("甲")
    assert list(reasons(tmp_path)) == ["a\ufffd\ufffd[31m.txt"]


# Links and other entries ----------------------------------------------------


def test_links_and_pipes_say_why_they_are_not_read(tmp_path: Path) -> None:
    disclosures, outside = tmp_path / "disclosures", tmp_path / "outside" / "a.txt"
    for place in (disclosures, outside.parent):
        place.mkdir()
    outside.write_text("甲")
    (disclosures / "good.txt").write_text("乙")
    bad_files.write_odd_entries(disclosures, outside)
    assert reasons(disclosures) == {
        "good.txt": None,
        "link_nowhere.txt": "link_not_followed",
        "link_outside.txt": "link_not_followed",
        "link_to_folder": "link_not_followed",
        "link_to_itself.txt": "link_not_followed",
        "pipe.txt": "not_a_file",
        "socket.txt": "not_a_file",
    }


def test_a_link_inside_the_folder_is_a_copy(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("甲")
    (tmp_path / "b.txt").symlink_to("a.txt")
    first, second = find_files(tmp_path)
    assert first.sha256 == second.sha256


def test_the_folder_itself_may_be_a_link(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "a.txt").write_text("甲")
    (tmp_path / "link").symlink_to("folder")
    assert reasons(tmp_path / "link") == {"a.txt": None}


def test_deep_folders(tmp_path: Path) -> None:
    place = tmp_path.joinpath(*["a"] * 300)
    place.mkdir(parents=True)
    (place / "b.txt").write_text("甲")
    (found,) = reasons(tmp_path)
    assert found == "a/" * 300 + "b.txt"


def test_names_as_long_as_they_can_be(tmp_path: Path) -> None:
    names = ["a" * 251 + ".txt", "预" * 83 + ".txt"]
    for name in names:
        (tmp_path / name).write_text("甲")
    assert reasons(tmp_path) == dict.fromkeys(names)


def test_folders_deeper_than_the_system_opens(tmp_path: Path) -> None:
    """The others are read; the one that is too deep is told."""
    (tmp_path / "a.txt").write_text("甲")
    here = os.open(".", os.O_RDONLY)
    try:
        os.chdir(tmp_path)
        for _ in range(25):
            Path("d" * 200).mkdir()
            os.chdir("d" * 200)
        Path("deep.txt").write_text("甲")
    finally:
        os.fchdir(here)
        os.close(here)
    found = reasons(tmp_path)
    assert found.pop("a.txt") is None
    assert list(found.values()) == ["disk_error"]


def test_signs_that_turn_a_name_are_replaced(tmp_path: Path) -> None:
    (tmp_path / "\u202efdp.txt").write_text("甲")
    assert reasons(tmp_path) == {"\ufffdfdp.txt": None}


# No permission --------------------------------------------------------------


def forbid(monkeypatch: pytest.MonkeyPatch, *names: str) -> None:
    """Have files and folders of these names refused, as the system would.

    Tests may run as a user whom nothing is refused.
    """

    def refusing(function: Callable[..., object]) -> Callable[..., object]:
        def refuse(path: object, *arguments: object, **named: object) -> object:
            if Path(str(path)).name in names:
                raise PermissionError(13, "Permission denied", str(path))
            return function(path, *arguments, **named)

        return refuse

    for function in ("open", "scandir"):
        monkeypatch.setattr(os, function, refusing(getattr(os, function)))


def test_what_may_not_be_read_costs_only_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    disclosures, landing = tmp_path / "disclosures", tmp_path / "landing"
    (disclosures / "shut").mkdir(parents=True)
    for name in ("a.txt", "secret.txt", "shut/b.txt"):
        (disclosures / name).write_text(name)
    with monkeypatch.context() as context:
        forbid(context, "secret.txt", "shut")
        ingest(disclosures, landing, SEEDS)
    assert landed(landing) == {
        "a.txt": None,
        "secret.txt": "not_permitted",
        "shut": "not_permitted",
    }
    # Once it may be read it is.
    ingest(disclosures, landing, SEEDS)
    assert landed(landing) == {"a.txt": None, "secret.txt": None, "shut/b.txt": None}


def test_a_disk_error_costs_only_its_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text(name)
    true = os.open

    def opened(path: str, *arguments: int) -> int:
        if Path(path).name == "b.txt":
            raise OSError(5, "Input/output error")
        return true(path, *arguments)

    monkeypatch.setattr(os, "open", opened)
    assert reasons(tmp_path) == {"a.txt": None, "b.txt": "disk_error"}


# Files that change ----------------------------------------------------------


def test_a_file_that_is_being_written_is_said_to_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.txt"
    path.write_text("甲")
    true = folder.hashlib.file_digest

    def digest(file: object, name: str) -> object:
        found = true(file, name)
        with path.open("a") as writer:
            writer.write("乙")
        return found

    monkeypatch.setattr(folder.hashlib, "file_digest", digest)
    assert reasons(tmp_path) == {"a.txt": "changed_while_read"}


def test_bytes_that_are_others_by_now_are_not_read(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("甲")
    (file,) = find_files(tmp_path)
    path.write_text("乙")
    with pytest.raises(UnreadableDocument, match="changed_while_read"):
        file.read_bytes()
    path.unlink()
    with pytest.raises(UnreadableDocument, match="changed_while_read"):
        file.read_bytes()
    path.write_text("甲")
    assert file.read_bytes() == "甲".encode()


def test_what_changed_is_read_by_the_next_build(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    disclosures, landing = tmp_path / "disclosures", tmp_path / "landing"
    disclosures.mkdir()
    for name in ("a.txt", "b.txt"):
        (disclosures / name).write_text(name)

    def changing(*arguments: Path) -> list[File]:
        found = scan(*arguments)
        (disclosures / "a.txt").write_text("甲乙")
        return found

    with monkeypatch.context() as context:
        context.setattr(corpus, "scan", changing)
        ingest(disclosures, landing, SEEDS)
    assert landed(landing) == {"a.txt": "changed_while_read", "b.txt": None}
    (disclosures / "a.txt").write_text("a.txt")  # the bytes that were found at first
    ingest(disclosures, landing, SEEDS)
    assert landed(landing) == {"a.txt": None, "b.txt": None}


# What is remembered ---------------------------------------------------------


class Folder:
    """A folder that is looked at again and again, and which files were opened."""

    def __init__(self, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.path = place / "disclosures"
        self.path.mkdir()
        self.memory = place / "landing" / "folder.json"
        self._patch = monkeypatch
        self.opened: list[str] = []
        true = os.open

        def opening(path: str, *arguments: int) -> int:
            self.opened.append(Path(path).name)
            return true(path, *arguments)

        monkeypatch.setattr(os, "open", opening)

    def write(self, name: str, content: str | bytes, *, age: float = 60) -> None:
        """Write a file that seems to be of so many seconds ago."""
        data = content.encode() if isinstance(content, str) else content
        (self.path / name).write_bytes(data)
        self.backdate(name, age)

    def backdate(self, name: str, age: float) -> None:
        """Only the clock can be set back, not the time of a change: so it is."""
        past = time.time() - age
        os.utime(self.path / name, (past, past))

    def look(self, limits: Limits = Limits(), *, at: float = 60) -> list[File]:  # noqa: B008
        """What is found, by a clock that is so many seconds ahead."""
        return self._by_clock(scan, at, limits)

    def look_as_one(self, limits: Limits = Limits(), *, at: float = 60) -> str:  # noqa: B008
        """The fingerprint of what is found, by such a clock."""
        return self._by_clock(look, at, limits)

    def _by_clock(
        self, looking: Callable[[Path, Path, Limits], Found], at: float, limits: Limits
    ) -> Found:
        self.opened.clear()
        now = time.time_ns() + int(at * 1e9)
        with self._patch.context() as context:
            context.setattr(folder_memory.time, "time_ns", lambda: now)
            return looking(self.path, self.memory, limits)


@pytest.fixture
def looked_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Folder:
    return Folder(tmp_path, monkeypatch)


def test_a_file_that_is_as_before_is_not_opened(looked_at: Folder) -> None:
    looked_at.write("a.txt", "甲")
    looked_at.write("b.zip", archive({"c.txt": "丙", "d/e.txt": "戊"}))
    (looked_at.path / "link.txt").symlink_to("a.txt")
    found = looked_at.look()
    assert looked_at.opened == ["a.txt", "b.zip", "link.txt"]
    assert looked_at.look() == found == list(find_files(looked_at.path))
    assert len(found) == 4
    assert [file.read_bytes().decode() for file in found] == ["甲", "丙", "戊", "甲"]
    looked_at.look()
    assert looked_at.opened == []


def test_what_changed_is_found_by_name_size_or_time(looked_at: Folder) -> None:
    for name in ("same.txt", "size.txt", "time.txt", "gone.txt", "name.txt"):
        looked_at.write(name, name)
    looked_at.look()
    looked_at.write("size.txt", "longer than before")
    looked_at.write("time.txt", "TIME.txt")
    (looked_at.path / "gone.txt").unlink()
    (looked_at.path / "name.txt").rename(looked_at.path / "other.txt")
    looked_at.write("new.txt", "new")
    found = looked_at.look()
    assert sorted(looked_at.opened) == ["new.txt", "other.txt", "size.txt", "time.txt"]
    assert found == list(find_files(looked_at.path))


def test_a_time_that_was_set_back_does_not_hide_a_change(looked_at: Folder) -> None:
    looked_at.write("a.txt", "甲")
    before = (looked_at.path / "a.txt").stat()
    looked_at.look()
    (looked_at.path / "a.txt").write_text("乙")
    os.utime(looked_at.path / "a.txt", ns=(before.st_atime_ns, before.st_mtime_ns))
    (file,) = looked_at.look()
    assert file.read_bytes().decode() == "乙"


def test_a_file_younger_than_the_look_is_opened_again(looked_at: Folder) -> None:
    looked_at.write("a.txt", "甲")
    looked_at.look(at=1)
    looked_at.look(at=2.5)
    assert looked_at.opened == ["a.txt"]
    looked_at.look(at=3)
    assert looked_at.opened == []
    looked_at.write("ahead.txt", "甲", age=-3600)
    looked_at.look(at=10)
    looked_at.look(at=20)
    assert looked_at.opened == ["ahead.txt"]


def test_a_clock_that_was_set_back_is_not_believed(looked_at: Folder) -> None:
    looked_at.write("a.txt", "甲")
    looked_at.look(at=3600)
    looked_at.look(at=60)
    assert looked_at.opened == ["a.txt"]
    looked_at.look(at=120)
    assert looked_at.opened == []


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: b"",
        lambda data: data[:-20],
        lambda data: data.replace(b"a.txt", b"b.txt"),
        lambda data: b"\xff" * 100,
        lambda data: b"[]\n{}",
        lambda data: b'{"looked_at": 0}\n{}',
    ],
)
def test_a_damaged_memory_is_made_again(
    looked_at: Folder, damage: Callable[[bytes], bytes]
) -> None:
    looked_at.write("a.txt", "甲")
    looked_at.look()
    looked_at.memory.write_bytes(damage(looked_at.memory.read_bytes()))
    found = looked_at.look()
    assert looked_at.opened == ["a.txt"]
    assert looked_at.look() == found
    assert looked_at.opened == []


def test_a_memory_of_other_limits_or_folders_is_not_used(looked_at: Folder) -> None:
    looked_at.write("a.txt", "甲")
    looked_at.look()
    looked_at.look(Limits(file_bytes=1000))
    assert looked_at.opened == ["a.txt"]
    moved = looked_at.path.rename(looked_at.path.with_name("moved"))
    looked_at.opened.clear()
    scan(moved, looked_at.memory)
    assert looked_at.opened == ["a.txt"]


def test_a_memory_that_cannot_be_written_costs_only_time(looked_at: Folder) -> None:
    looked_at.write("a.txt", "甲")
    looked_at.memory.parent.write_text("a file where the folder should be")
    assert len(looked_at.look()) == len(looked_at.look()) == 1


def _nothing(folder: Path) -> None:
    """Leave the folder as it is."""


def _another_name(folder: Path) -> None:
    (folder / "a.txt").rename(folder / "c.txt")


def _another_place(folder: Path) -> None:
    (folder / "below").mkdir()
    (folder / "a.txt").rename(folder / "below" / "a.txt")


def _another_content(folder: Path) -> None:
    (folder / "a.txt").write_text("乙")


def _one_more(folder: Path) -> None:
    (folder / "c.txt").write_text("丙")


def _one_less(folder: Path) -> None:
    (folder / "a.txt").unlink()


def _not_to_be_read(folder: Path) -> None:
    (folder / "a.txt").unlink()
    (folder / "a.txt").symlink_to("/")


def _a_page_beside_its_parts(folder: Path) -> None:
    (folder / "b.html").write_text("<p>乙</p>")


@pytest.mark.parametrize(
    "change",
    [
        _nothing,
        _another_name,
        _another_place,
        _another_content,
        _one_more,
        _one_less,
        _not_to_be_read,
        _a_page_beside_its_parts,
    ],
)
def test_a_folder_is_as_before_if_every_file_is(
    looked_at: Folder, change: Callable[[Path], None]
) -> None:
    looked_at.write("a.txt", "甲")
    looked_at.write("b.zip", archive({"c.txt": "丙"}))
    (looked_at.path / "b_files").mkdir()
    looked_at.write("b_files/part.txt", "a part, beside a page")
    before = looked_at.look_as_one()
    assert before == fingerprint(looked_at.look())
    change(looked_at.path)
    after = looked_at.look_as_one()
    assert after == fingerprint(find_files(looked_at.path))
    assert (after == before) == (change is _nothing)


def test_a_folder_as_before_is_remembered_as_one(
    looked_at: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_at.write("a.txt", "甲")
    (looked_at.path / "link.txt").symlink_to("/")
    before = looked_at.look_as_one()
    monkeypatch.setattr(folder, "fingerprint", None)  # of no file
    assert looked_at.look_as_one() == before


def test_a_folder_with_a_file_younger_than_the_look_is_not_remembered_as_one(
    looked_at: Folder,
) -> None:
    looked_at.write("a.txt", "甲")
    looked_at.look_as_one(at=1)
    (looked_at.path / "a.txt").write_text("乙")
    assert looked_at.look_as_one(at=1) == fingerprint(find_files(looked_at.path))


def test_to_find_that_nothing_changed_nothing_heavy_is_imported() -> None:
    code = (
        "import sys, ingest.folder; "
        "print({name.partition('.')[0] for name in sys.modules}"
        " - sys.stdlib_module_names - {'__main__', 'ingest'})"
    )
    done = subprocess.run(
        [sys.executable, "-S", "-c", code],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "set()"


# Limits ---------------------------------------------------------------------


def test_limits_cost_a_document_and_others_give_it_back(tmp_path: Path) -> None:
    disclosures, landing = tmp_path / "disclosures", tmp_path / "landing"
    disclosures.mkdir()
    (disclosures / "a.txt").write_text("甲")
    (disclosures / "b.txt").write_text("乙" * 1000)
    ingest(disclosures, landing, SEEDS, limits=Limits(file_bytes=1000))
    assert landed(landing) == {"a.txt": None, "b.txt": "too_large"}
    ingest(disclosures, landing, SEEDS)
    assert landed(landing) == {"a.txt": None, "b.txt": None}


def test_time_and_memory_bind_the_reading_process(tmp_path: Path) -> None:
    disclosures, landing = tmp_path / "disclosures", tmp_path / "landing"
    disclosures.mkdir()
    (disclosures / "a.txt").write_text("甲")
    (disclosures / "big.txt").write_text("科目\t金额\n" * 1_000_000)
    little = Limits(memory_bytes=200 * 1024 * 1024)
    ingest(disclosures, landing, SEEDS, limits=little)
    assert landed(landing) == {"a.txt": None, "big.txt": "too_much_memory"}
    short = Limits(seconds=1)
    ingest(disclosures, tmp_path / "other", SEEDS, limits=short)
    assert landed(tmp_path / "other")["big.txt"] == "too_slow"


def test_ten_thousand_tables(tmp_path: Path) -> None:
    disclosures, landing = tmp_path / "disclosures", tmp_path / "landing"
    disclosures.mkdir()
    table = tbl(tr("项目", "金额"), tr("合计", "1.00"))
    (disclosures / "a.docx").write_bytes(docx(*[p("表") + table] * 10_000))
    ingest(disclosures, landing, SEEDS, limits=Limits(seconds=120))
    assert landed(landing) == {"a.docx": None}
    assert len(landed_rows(landing, "tables")) == 10_000


# Saved pages ----------------------------------------------------------------


def test_parts_of_a_saved_page_are_no_documents(tmp_path: Path) -> None:
    names = (
        *(
            "预算.html",
            "预算_files/style.css",
            "预算_files/a.png",
            "预算_files/ad.html",
        ),
        *("表.htm", "表.files/sheet001.htm", "表.files/tabstrip.htm"),
        *("other_files/a.txt", "other.txt"),
    )
    for name in names:
        (tmp_path / "disk" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "disk" / name).write_text("甲")
    expected = [
        *("other.txt", "other_files/a.txt", "表.files/sheet001.htm", "表.htm"),
        "预算.html",
    ]
    assert list(reasons(tmp_path / "disk")) == expected
    (tmp_path / "packed").mkdir()
    data = archive(dict.fromkeys(names, "甲"))
    (tmp_path / "packed" / "a.zip").write_bytes(data)
    assert list(reasons(tmp_path / "packed")) == [f"a.zip/{name}" for name in expected]
