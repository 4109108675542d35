"""Documents in ZIP archives, found and read like those of a folder."""

from __future__ import annotations

import hashlib
import io
import pickle
import struct
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest import archives
from ingest.archives import Archive
from ingest.corpus import ingest, read_document
from ingest.document import Limits, UnreadableDocument
from ingest.folder import File, find_files
from tests.ingest.word import docx, p
from tests.warehouse import ROOT

SEEDS = ROOT / "seeds"


def archive(
    members: Mapping[str, str | bytes], kind: int = zipfile.ZIP_DEFLATED
) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", kind) as file:
        for name, content in members.items():
            file.writestr(zipfile.ZipInfo(name), content, compress_type=kind)
    return target.getvalue()


def renamed(data: bytes, placeholder: str, name: bytes) -> bytes:
    """The archive with the bytes of a name put in, unmarked as old programs do."""
    assert len(placeholder) == len(name)
    return data.replace(placeholder.encode(), name)


def locked(data: bytes) -> bytes:
    """The archive with its first member marked as encrypted."""
    changed = bytearray(data)
    changed[data.find(b"PK\x03\x04") + 6] |= 1
    changed[data.find(b"PK\x01\x02") + 8] |= 1
    return bytes(changed)


def found(folder: Path, limits: Limits = Limits()) -> list[File]:  # noqa: B008
    return list(find_files(folder, limits))


def names(folder: Path) -> list[str]:
    return [file.relative_path for file in found(folder)]


def outcome(file: File, limits: Limits = Limits()) -> str:  # noqa: B008
    """The first paragraph of a file, or the reason why there is none."""
    try:
        document = read_document(file.read_bytes(limits), limits)
    except UnreadableDocument as error:
        return error.code
    return next(document.paragraphs()).text


def outcomes(folder: Path, limits: Limits = Limits()) -> dict[str, str]:  # noqa: B008
    return {f.relative_path: outcome(f, limits) for f in found(folder, limits)}


# Members --------------------------------------------------------------------


def test_members_are_files_of_their_own(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("零")
    (tmp_path / "县.zip").write_bytes(
        archive({"乙/二.txt": "二", "甲.docx": docx(p("一")), "乙/": ""})
    )
    files = found(tmp_path)
    assert [(f.relative_path, f.name, outcome(f)) for f in files] == [
        ("a.txt", "a.txt", "零"),
        ("县.zip/乙/二.txt", "二.txt", "二"),
        ("县.zip/甲.docx", "甲.docx", "一"),
    ]
    second = files[1]
    assert second.path == str(tmp_path / "县.zip")
    assert second.size == 3
    assert second.sha256 == hashlib.sha256("二".encode()).hexdigest()


def test_members_travel_to_other_processes(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(archive({"b.zip": archive({"c.txt": "三"})}))
    (file,) = found(tmp_path)
    assert outcome(pickle.loads(pickle.dumps(file))) == "三"


def test_office_documents_are_no_archives(tmp_path: Path) -> None:
    (tmp_path / "a.docx").write_bytes(docx(p("甲")))
    (tmp_path / "b.zip").write_bytes(docx(p("乙")))
    assert outcomes(tmp_path) == {"a.docx": "甲", "b.zip": "乙"}


def test_archive_is_known_by_its_content(tmp_path: Path) -> None:
    (tmp_path / "公开.rar").write_bytes(archive({"a.txt": "甲"}))
    (tmp_path / "b.zip").write_text("文字")
    assert outcomes(tmp_path) == {"b.zip": "文字", "公开.rar/a.txt": "甲"}


def test_what_lies_beside_disclosures_is_left_alone(tmp_path: Path) -> None:
    members = {
        "__MACOSX/._a.txt": "x",
        ".DS_Store": "x",
        "README.md": "x",
        "a/script.py": "x",
        "a/b.txt": "甲",
    }
    (tmp_path / "a.zip").write_bytes(archive(members))
    assert names(tmp_path) == ["a.zip/a/b.txt"]


def test_other_archives_are_to_be_unpacked(tmp_path: Path) -> None:
    inner = {"b.rar": b"Rar!\x1a\x07\x01\x00" + bytes(20)}
    (tmp_path / "a.7z").write_bytes(b"7z\xbc\xaf\x27\x1c" + bytes(20))
    (tmp_path / "c.zip").write_bytes(archive(inner))
    assert outcomes(tmp_path) == {
        "a.7z": "packed_otherwise",
        "c.zip/b.rar": "packed_otherwise",
    }


# Names ----------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["gbk", "gb18030", "utf-8"])
@pytest.mark.parametrize("name", ["预算公开/目录.txt", "镕基.txt", "盧溝.txt"])
def test_unmarked_names_are_chinese(tmp_path: Path, name: str, encoding: str) -> None:
    raw = name.encode(encoding)
    data = renamed(archive({"#" * len(raw): "甲"}), "#" * len(raw), raw)
    (tmp_path / "a.zip").write_bytes(data)
    assert names(tmp_path) == [f"a.zip/{name}"]


def test_short_names_in_gbk_are_not_taken_for_utf_8(tmp_path: Path) -> None:
    raw = "目录".encode("gbk")
    assert raw.decode("utf-8") == "Ŀ¼"
    (tmp_path / "a.zip").write_bytes(renamed(archive({"####": "甲"}), "####", raw))
    assert names(tmp_path) == ["a.zip/目录"]


def test_backslashes_part_folders_but_not_characters(tmp_path: Path) -> None:
    raw = "甲\\誠.txt".encode("gbk")
    assert raw.count(b"\\") == 2  # one of them half of a character
    placeholder = "#" * len(raw)
    data = renamed(archive({placeholder: "甲"}), placeholder, raw)
    (tmp_path / "a.zip").write_bytes(data)
    assert names(tmp_path) == ["a.zip/甲/誠.txt"]


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../x.txt", "x.txt"),
        ("/etc/x.txt", "etc/x.txt"),
        ("C:\\公开\\x.txt", "公开/x.txt"),
        ("a/./b//x.txt", "a/b/x.txt"),
        ("a\n  forged: line.txt", "a\ufffd  forged: line.txt"),
    ],
)
def test_names_stay_inside_the_archive(tmp_path: Path, name: str, shown: str) -> None:
    (tmp_path / "a.zip").write_bytes(archive({name: "甲"}))
    assert names(tmp_path) == [f"a.zip/{shown}"]


def test_members_of_the_same_name_are_two_files(tmp_path: Path) -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as file:
        file.writestr("a.txt", "一")
        with pytest.warns(UserWarning, match="Duplicate"):
            file.writestr("a.txt", "二")
    (tmp_path / "a.zip").write_bytes(target.getvalue())
    assert [outcome(file) for file in found(tmp_path)] == ["一", "二"]


# Archives in archives -------------------------------------------------------


def test_archive_in_an_archive_is_opened_but_none_deeper(tmp_path: Path) -> None:
    deepest = archive({"d.txt": "四"})
    middle = archive({"c.zip": deepest, "c.txt": "三"})
    (tmp_path / "a.zip").write_bytes(archive({"b.zip": middle, "b.txt": "二"}))
    assert outcomes(tmp_path) == {
        "a.zip/b.txt": "二",
        "a.zip/b.zip/c.txt": "三",
        "a.zip/b.zip/c.zip": "nested_archive",
    }


# What cannot be read --------------------------------------------------------


@pytest.mark.parametrize("share", [0.3, 0.9])
def test_damaged_archive(tmp_path: Path, share: float) -> None:
    whole = archive({f"{n}.txt": f"第{n}份" * 50 for n in range(20)})
    (tmp_path / "a.zip").write_bytes(whole[: int(len(whole) * share)])
    (tmp_path / "b.txt").write_text("甲")
    assert outcomes(tmp_path) == {"a.zip": "damaged_archive", "b.txt": "甲"}


def test_damaged_archive_in_an_archive(tmp_path: Path) -> None:
    whole = archive({"a.txt": "x" * 99})
    members = {"b.zip": whole[:-30], "c.txt": "甲"}
    (tmp_path / "a.zip").write_bytes(archive(members))
    assert outcomes(tmp_path) == {"a.zip/b.zip": "damaged_archive", "a.zip/c.txt": "甲"}


def test_damaged_member_costs_only_itself(tmp_path: Path) -> None:
    data = archive({"a.txt": "1000.00", "b.txt": "甲"}, zipfile.ZIP_STORED)
    (tmp_path / "a.zip").write_bytes(data.replace(b"1000.00", b"9000.00"))
    assert outcomes(tmp_path) == {"a.zip/a.txt": "damaged_archive", "a.zip/b.txt": "甲"}


def test_member_packed_in_an_unknown_way(tmp_path: Path) -> None:
    data = bytearray(archive({"a.txt": "x", "b.txt": "甲"}))
    struct.pack_into("<H", data, data.find(b"PK\x03\x04") + 8, 9)
    struct.pack_into("<H", data, data.find(b"PK\x01\x02") + 10, 9)
    (tmp_path / "a.zip").write_bytes(data)
    assert outcomes(tmp_path) == {"a.zip/a.txt": "damaged_archive", "a.zip/b.txt": "甲"}


def test_encrypted_member_costs_only_itself(tmp_path: Path) -> None:
    data = archive({"a.txt": "x", "b.txt": "甲"})
    (tmp_path / "a.zip").write_bytes(locked(data))
    assert outcomes(tmp_path) == {
        "a.zip/a.txt": "encrypted_archive",
        "a.zip/b.txt": "甲",
    }


def test_unreadable_members_are_no_copies_of_each_other(tmp_path: Path) -> None:
    data = locked(archive({"a.txt": "x"}))
    (tmp_path / "a.zip").write_bytes(data)
    (tmp_path / "b.zip").write_bytes(data + b" ")
    first, second = found(tmp_path)
    assert first.content_id != second.content_id


def test_archive_with_nothing_in_it(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(archive({}))
    (tmp_path / "b.zip").write_bytes(archive({"a/": "", "b/c/": ""}))
    assert outcomes(tmp_path) == {
        "a.zip": "nothing_printed",
        "b.zip": "nothing_printed",
    }


def test_archive_with_nothing_but_scripts(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(archive({"a.py": "x"}))
    assert outcomes(tmp_path) == {"a.zip": "nothing_printed"}


# Limits ---------------------------------------------------------------------


def test_member_larger_than_a_file_may_be(tmp_path: Path) -> None:
    data = archive({"a.txt": "x" * 5000, "b.txt": "甲"})
    (tmp_path / "a.zip").write_bytes(data)
    assert outcomes(tmp_path, Limits(file_bytes=4000)) == {
        "a.zip/a.txt": "too_large",
        "a.zip/b.txt": "甲",
    }


def test_members_larger_together_than_allowed(tmp_path: Path) -> None:
    data = archive({f"{n}.txt": "x" * 900 for n in range(40)})
    limits = Limits(file_bytes=len(data))
    assert 10 * len(data) > 36_000
    assert len(outcomes(tmp_path_with(tmp_path, data), limits)) == 40
    more = archive({f"{n}.txt": "x" * 100_000 for n in range(40)})
    assert len(more) * 10 < 4_000_000
    folder = tmp_path_with(tmp_path, more)
    assert outcomes(folder, Limits(file_bytes=300_000)) == {"a.zip": "too_large"}


def tmp_path_with(folder: Path, data: bytes) -> Path:
    (folder / "a.zip").write_bytes(data)
    return folder


def test_bomb_is_not_unpacked(tmp_path: Path) -> None:
    target = io.BytesIO()
    with (
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as file,
        file.open("预算.txt", "w") as member,
    ):
        for _ in range(50):
            member.write(b" " * 1_000_000)
    (tmp_path / "a.zip").write_bytes(target.getvalue())
    assert outcomes(tmp_path) == {"a.zip/预算.txt": "too_large"}


def test_members_are_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MOST_MEMBERS", 3)
    (tmp_path / "a.zip").write_bytes(archive({f"{n}.txt": "甲" for n in range(4)}))
    assert outcomes(tmp_path) == {"a.zip": "too_large"}


def test_directory_is_measured_before_it_is_read() -> None:
    data = bytearray(archive({"a.txt": "甲"}))
    struct.pack_into("<L", data, data.rfind(b"PK\x05\x06") + 12, 1 << 30)
    with pytest.raises(UnreadableDocument) as caught:
        Archive(bytes(data), Limits())
    assert caught.value.code == "too_large"


def test_archive_larger_than_a_file_may_be(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(archive({"a.txt": "甲"}))
    assert outcomes(tmp_path, Limits(file_bytes=50)) == {"a.zip": "too_large"}


# Landing --------------------------------------------------------------------


def rows(folder: Path, table: str) -> list[dict[str, Any]]:
    return pl.read_parquet(folder / table).to_dicts()


@pytest.mark.parametrize("jobs", [1, 2])
def test_members_are_landed_like_files(tmp_path: Path, jobs: int) -> None:
    disclosures = tmp_path / "disclosures"
    disclosures.mkdir()
    (disclosures / "a.txt").write_text("甲")
    members = {
        "甲.txt": "甲",
        "乙.html": "<p>乙</p>",
        "b.zip": archive({"丙.txt": "丙"}),
    }
    (disclosures / "a.zip").write_bytes(archive(members))
    (disclosures / "z.zip").write_bytes(locked(archive({"x.txt": "x", "y.txt": "丁"})))
    ingest(disclosures, tmp_path / "landing", SEEDS, jobs=jobs)
    files = rows(tmp_path / "landing", "files.parquet")
    assert [(f["relative_path"], f["file_name"], f["file_bytes"]) for f in files] == [
        ("a.txt", "a.txt", 3),
        ("a.zip/b.zip/丙.txt", "丙.txt", 3),
        ("a.zip/乙.html", "乙.html", 10),
        ("a.zip/甲.txt", "甲.txt", 3),
        ("z.zip/x.txt", "x.txt", 1),
        ("z.zip/y.txt", "y.txt", 3),
    ]
    # The same bytes in an archive and beside it are one document and its copy.
    assert files[3]["duplicate_of"] == files[0]["document_id"]
    contents = {
        row["content_id"]: (row["format"], row["reason_code"])
        for row in rows(tmp_path / "landing", "*/0*/contents.parquet")
    }
    assert [contents[file["content_id"]] for file in files] == [
        ("text", None),
        ("text", None),
        ("html", None),
        ("text", None),
        (None, "encrypted_archive"),
        ("text", None),
    ]
    before = rows(tmp_path / "landing", "*/0*/contents.parquet")
    ingest(disclosures, tmp_path / "landing", SEEDS, jobs=jobs)
    assert rows(tmp_path / "landing", "*/0*/contents.parquet") == before


# Any content ----------------------------------------------------------------


@settings(max_examples=200)
@given(st.data())
def test_any_damage_gives_members_or_a_reason(data: st.DataObject) -> None:
    whole = bytearray(archive({"a.txt": "甲" * 30, "目录/b.zip": archive({"c": "乙"})}))
    for _ in range(data.draw(st.integers(1, 4))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(
            st.integers(0, 255)
        )
    codes = {"damaged_archive", "encrypted_archive", "too_large"}
    try:
        opened = Archive(bytes(whole), Limits())
    except UnreadableDocument as error:
        assert error.code in codes
        return
    for member in opened.members():
        assert not {"", ".", ".."} & set(member.parts)
        try:
            opened.read(member.place)
        except UnreadableDocument as error:
            assert error.code in codes


@given(st.binary(max_size=200))
def test_any_bytes_give_a_reason(data: bytes) -> None:
    for content in (data, b"PK\x03\x04" + data, b"PK\x05\x06" + data):
        with pytest.raises(UnreadableDocument):
            archives.read(content, Limits())
