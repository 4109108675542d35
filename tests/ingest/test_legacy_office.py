"""Documents that LibreOffice converts: what they print, and why bad ones do not."""

from __future__ import annotations

import http.server
import io
import os
import struct
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from ingest.corpus import read_document
from ingest.detect import detect_format
from ingest.document import Document, Limits, UnreadableDocument
from ingest.readers import docx as docx_reader
from ingest.readers import legacy_office, ole
from ingest.readers.legacy_office import Original, convert, read, read_converted
from tests.ingest.office import needs_office, saved_as
from tests.ingest.test_spreadsheet_reader import one_sheet
from tests.ingest.word import docx, p, r, tbl, tc, tr
from tests.warehouse import ROOT

WORD = docx(
    p("云溪县渡口管理站2025年部门预算公开"),
    tbl(
        tr(tc("项目", merge="restart"), tc("金额", span=2)),
        tr(tc("", merge="continue"), "合计", "其中：基本支出"),
        tr("一、社会保障和就业支出", "1,234.50", "-"),
        widths=[3000, 2000, 2000],
    ),
    p("单位：万元"),
)


@pytest.fixture(scope="module")
def word_97() -> bytes:
    """The document as Word saved it before 2007."""
    return saved_as(WORD, "docx", "doc")


def printed(document: Document) -> list[object]:
    return [
        [(c.row, c.column, c.text, c.row_span, c.column_span) for c in block.cells]
        if not isinstance(block, docx_reader.Paragraph)
        else block.text
        for block in document.blocks
    ]


def code_of(data: bytes, limits: Limits = Limits()) -> str:  # noqa: B008
    with pytest.raises(UnreadableDocument) as caught:
        read(data, limits)
    return caught.value.code


# Formats --------------------------------------------------------------------


@needs_office
@pytest.mark.parametrize("format_", ["doc", "rtf", "odt"])
def test_the_same_is_read_as_of_the_newer_format(format_: str) -> None:
    data = saved_as(WORD, "docx", format_)
    assert detect_format(data) == format_
    found = read(data)
    assert found.format == format_
    assert printed(found) == printed(docx_reader.read(WORD))


@needs_office
def test_a_workbook_of_open_document() -> None:
    data = saved_as(one_sheet(["甲", "乙", 12.5], ["丙", "丁", 3]), "xlsx", "ods")
    assert detect_format(data) == "ods"
    found = read(data)
    assert found.format == "ods"
    (table,) = found.tables()
    assert [cell.text for cell in table.cells] == ["甲", "乙", "12.5", "丙", "丁", "3"]


def test_writer_of_wps_is_told_by_its_stream() -> None:
    names = ("WordDocument", "WpsCustomData")
    entries = b"".join((n + "\0").encode("utf-16-le").ljust(128, b"\0") for n in names)
    assert detect_format(ole.SIGNATURE.ljust(512, b"\0") + entries) == "wps"
    assert detect_format(ole.SIGNATURE.ljust(512, b"\0") + entries[:128]) == "doc"


# Refusals -------------------------------------------------------------------


@needs_office
def test_a_document_with_a_password_is_said_to_have_one(word_97: bytes) -> None:
    stream = ole.Container(word_97).stream("WordDocument")
    assert stream is not None
    at = word_97.find(stream[:512])
    locked = bytearray(word_97)
    (flags,) = struct.unpack_from("<H", locked, at + 10)
    struct.pack_into("<H", locked, at + 10, flags | 0x0100)
    assert code_of(bytes(locked)) == "encrypted_workbook"


@needs_office
def test_a_damaged_document_is_said_to_be(word_97: bytes) -> None:
    with pytest.raises(UnreadableDocument, match="damaged_document"):
        read_document(word_97[:1500], Limits())
    changed = bytearray(word_97)
    changed[600:-4000] = bytes(len(changed) - 4600)
    with pytest.raises(UnreadableDocument, match="damaged_document"):
        read_document(bytes(changed), Limits())


@needs_office
def test_a_table_that_would_be_lost_is_told() -> None:
    """LibreOffice itself writes documents that end in a table, and misreads them."""
    table = tbl(tr("项目", "金额"), tr("合计", "1.00"), widths=[3000, 3000])
    assert code_of(saved_as(docx(p("甲"), table), "docx", "doc")) == "damaged_document"
    (found,) = read(saved_as(docx(p("甲"), table, p()), "docx", "doc")).tables()
    assert [cell.text for cell in found.cells] == ["项目", "金额", "合计", "1.00"]


def test_other_formats_are_refused() -> None:
    assert code_of(WORD) == "unsupported_format"


def test_without_the_program_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    assert legacy_office.program() is None
    assert code_of(b"{\\rtf1 2025}") == "no_office"


# Batches --------------------------------------------------------------------


def hanging_program(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program that hangs on a document named hang, and else runs the true one."""
    true = legacy_office.program()
    script = folder / "bin" / "soffice"
    script.parent.mkdir()
    script.write_text(
        "#!/bin/sh\n"
        f'echo run >> "{folder}/runs"\n'
        'case "$*" in *hang.rtf*) sleep 600 & wait $! && '
        f'touch "{folder}/awake";; esac\n'
        f'exec "{true}" "$@"\n'
    )
    script.chmod(0o755)
    monkeypatch.setenv("PATH", f"{script.parent}:{os.environ['PATH']}")


@needs_office
def test_of_a_batch_that_hangs_only_one_document_is_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, word_97: bytes
) -> None:
    hanging_program(tmp_path, monkeypatch)
    originals = [
        Original("a", "doc", word_97),
        Original("hang", "rtf", b"{\\rtf1 hang}"),
        Original("b", "rtf", b"{\\rtf1 total}"),
    ]
    limits = Limits(office_seconds=15)
    convert(originals, tmp_path, limits)
    runs = (tmp_path / "runs").read_text().count("run")
    assert runs == 4  # all together, then each alone
    with pytest.raises(UnreadableDocument, match="too_slow"):
        read_converted(originals[1], tmp_path, limits)
    assert len(read_converted(originals[0], tmp_path, limits).blocks) == 3
    assert printed(read_converted(originals[2], tmp_path, limits)) == ["total"]


@needs_office
def test_a_hanging_program_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hanging_program(tmp_path, monkeypatch)
    convert(
        [Original("hang", "rtf", b"{\\rtf1 x}")], tmp_path, Limits(office_seconds=1)
    )
    assert not (tmp_path / "awake").exists()  # it was not waited for
    commands = [
        path.read_bytes()
        for path in Path("/proc").glob("[0-9]*/cmdline")
        if _is_own(path)
    ]
    assert not [c for c in commands if str(tmp_path).encode() in c]


def _is_own(path: Path) -> bool:
    try:
        return bool(path.read_bytes())
    except OSError:
        return False


# Safety ---------------------------------------------------------------------


class _Asked(http.server.BaseHTTPRequestHandler):
    paths: list[str]

    def do_GET(self) -> None:
        self.paths.append(self.path)
        self.send_error(404)

    do_HEAD = do_OPTIONS = do_PROPFIND = do_GET

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def asked() -> Iterator[tuple[int, list[str]]]:
    """A server of this machine, and what it was asked for."""
    paths: list[str] = []
    handler = type("Handler", (_Asked,), {"paths": paths})
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port, paths
    server.shutdown()


def open_document(body: str) -> bytes:
    """An odt of the body."""
    names = "urn:oasis:names:tc:opendocument:xmlns"
    kind = "application/vnd.oasis.opendocument.text"
    parts = {
        "mimetype": kind,
        "content.xml": f'<office:document-content xmlns:office="{names}:office:1.0" '
        f'xmlns:text="{names}:text:1.0" xmlns:draw="{names}:drawing:1.0" '
        f'xmlns:svg="{names}:svg-compatible:1.0" '
        'xmlns:xlink="http://www.w3.org/1999/xlink" office:version="1.2">'
        f"<office:body><office:text>{body}</office:text></office:body>"
        "</office:document-content>",
        "META-INF/manifest.xml": f'<m:manifest xmlns:m="{names}:manifest:1.0">'
        f'<m:file-entry m:full-path="/" m:media-type="{kind}"/><m:file-entry '
        'm:full-path="content.xml" m:media-type="text/xml"/></m:manifest>',
    }
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return target.getvalue()


@needs_office
def test_a_linked_picture_is_not_asked_for(asked: tuple[int, list[str]]) -> None:
    port, paths = asked
    data = open_document(
        '<text:p>合计<draw:frame svg:width="1cm" svg:height="1cm"><draw:image '
        f'xlink:href="http://127.0.0.1:{port}/picture.png"/></draw:frame></text:p>'
    )
    assert printed(read(data)) == ["合计"]
    assert paths == []
    # The same document does ask where nothing forbids it.
    saved_as(data, "odt", "pdf")
    assert "/picture.png" in paths


@needs_office
def test_linked_texts_are_not_taken_in(tmp_path: Path) -> None:
    """Neither in sections, nor in fields: what the machine has is no disclosure."""
    secret = tmp_path / "secret.txt"
    secret.write_text("12345", encoding="utf-8")
    section = (
        '<text:section text:name="a"><text:section-source xlink:type="simple" '
        f'xlink:href="{secret.as_uri()}" text:filter-name="Text"/>'
        "<text:p>1</text:p></text:section>"
    )
    field = (
        "{\\rtf1 2{\\field{\\*\\fldinst INCLUDETEXT "
        f'"{secret.as_uri()}"' + "}{\\fldrslt 3}}\\par}"
    )
    originals = [
        Original("a", "odt", open_document(section)),
        Original("b", "rtf", field.encode()),
    ]
    convert(originals, tmp_path, Limits())
    assert printed(read_converted(originals[0], tmp_path, Limits())) == ["1"]
    shown = "".join(printed(read_converted(originals[1], tmp_path, Limits())))
    assert shown.startswith("2") and "12345" not in shown


def test_no_file_of_the_program_is_larger_than_one_may_be(tmp_path: Path) -> None:
    write = ["sh", "-c", "sleep 0.5; head -c 1000000 /dev/zero > written"]
    assert legacy_office._finished(write, tmp_path, Limits(file_bytes=5000))
    assert (tmp_path / "written").stat().st_size <= 5000


def test_the_profile_forbids_macros_and_the_network(tmp_path: Path) -> None:
    legacy_office._write_profile(tmp_path)
    written = (tmp_path / "user/registrymodifications.xcu").read_text()
    for name, value in (
        ("DisableMacrosExecution", "true"),
        ("BlockUntrustedRefererLinks", "true"),
        ("ooInetProxyType", "2"),
    ):
        assert f'oor:name="{name}" oor:op="fuse"><value>{value}</value>' in written


# Landing --------------------------------------------------------------------


def landed(folder: Path) -> dict[str, tuple[str | None, str | None]]:
    """Format and reason of each file by its name."""
    files = pl.read_parquet(folder / "files.parquet")
    contents = pl.read_parquet(folder / "content.*" / "0*" / "contents.parquet")
    rows = files.drop("reason_code").join(contents, on="content_id")
    return {
        row["file_name"]: (row["format"], row["reason_code"])
        for row in rows.iter_rows(named=True)
    }


def loaded_at(folder: Path) -> dict[str, object]:
    """When each document was read."""
    contents = pl.read_parquet(folder / "content.*" / "0*" / "contents.parquet")
    return dict(contents.select("content_id", "loaded_at").rows())


def ingested(disclosures: Path, landing: Path, path: str) -> None:
    """Land a folder in a process that finds programs at ``path``."""
    command = (
        "import sys; from pathlib import Path; from ingest.corpus import ingest; "
        "ingest(*map(Path, sys.argv[1:]))"
    )
    subprocess.run(
        [sys.executable, "-c", command, disclosures, landing, ROOT / "seeds"],
        cwd=ROOT,
        env=os.environ | {"PATH": path},
        check=True,
    )


@needs_office
def test_what_was_rejected_for_want_of_the_program_is_read_later(
    tmp_path: Path, word_97: bytes
) -> None:
    disclosures, landing = tmp_path / "disclosures", tmp_path / "landing"
    disclosures.mkdir()
    (disclosures / "a.doc").write_bytes(word_97)
    (disclosures / "b.wps").write_bytes(saved_as(docx(p(r("甲"))), "docx", "doc"))
    (disclosures / "broken.doc").write_bytes(word_97[:3000])
    (disclosures / "c.txt").write_text("甲")
    ingested(disclosures, landing, "/nowhere")
    assert landed(landing) == {
        "a.doc": (None, "no_office"),
        "b.wps": (None, "no_office"),
        "broken.doc": (None, "damaged_document"),
        "c.txt": ("text", None),
    }
    before = loaded_at(landing)
    ingested(disclosures, landing, os.environ["PATH"])
    assert landed(landing) == {
        "a.doc": ("doc", None),
        "b.wps": ("doc", None),
        "broken.doc": (None, "damaged_document"),
        "c.txt": ("text", None),
    }
    after = loaded_at(landing)
    assert sum(after[name] == before[name] for name in before) == 2
    # Read once: without the program what it converted stays.
    ingested(disclosures, landing, "/nowhere")
    assert landed(landing)["a.doc"] == ("doc", None)
