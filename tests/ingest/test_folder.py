"""What is found in a folder: names, links, pipes, saved pages, files that change."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import polars as pl
import pytest

from ingest import corpus, folder
from ingest.corpus import ingest
from ingest.document import Limits, UnreadableDocument
from ingest.folder import File, find_files
from tests import bad_files
from tests.ingest.test_archives import archive
from tests.ingest.word import docx, p, tbl, tr
from tests.warehouse import ROOT

SEEDS = ROOT / "seeds"


def reasons(disclosures: Path) -> dict[str, str | None]:
    return {file.relative_path: file.reason for file in find_files(disclosures)}


def landed(landing: Path) -> dict[str, str | None]:
    """The reason of each file by its path."""
    files = pl.read_parquet(landing / "files.parquet").drop("reason_code")
    contents = pl.concat(map(pl.read_parquet, (landing / "contents").glob("*.parquet")))
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


# No permission --------------------------------------------------------------


def forbid(monkeypatch: pytest.MonkeyPatch, *names: str) -> None:
    """Have files and folders of these names refused, as the system would.

    Tests may run as a user whom nothing is refused.
    """

    def refusing(method: Callable[..., object]) -> Callable[..., object]:
        def refuse(path: Path, *arguments: object, **named: object) -> object:
            if path.name in names:
                raise PermissionError(13, "Permission denied", str(path))
            return method(path, *arguments, **named)

        return refuse

    for method in ("open", "iterdir"):
        monkeypatch.setattr(Path, method, refusing(getattr(Path, method)))


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
    true = Path.open

    def opened(path: Path, *arguments: str) -> object:
        if path.name == "b.txt":
            raise OSError(5, "Input/output error")
        return true(path, *arguments)

    monkeypatch.setattr(Path, "open", opened)
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

    def changing(*arguments: Path) -> Iterator[File]:
        yield from list(find_files(*arguments))
        (disclosures / "a.txt").write_text("甲乙")

    with monkeypatch.context() as context:
        context.setattr(corpus, "find_files", changing)
        ingest(disclosures, landing, SEEDS)
    assert landed(landing) == {"a.txt": "changed_while_read", "b.txt": None}
    (disclosures / "a.txt").write_text("a.txt")  # the bytes that were found at first
    ingest(disclosures, landing, SEEDS)
    assert landed(landing) == {"a.txt": None, "b.txt": None}


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
    (tables,) = (landing / "tables").iterdir()
    assert len(pl.read_parquet(tables)) == 10_000


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
