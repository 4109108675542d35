"""Reads documents of older or other office programs (doc, wps, rtf, odt, ods).

LibreOffice turns them into Word documents or workbooks, which their own readers
read. Starting it takes longer than a conversion, so that :func:`convert` takes
several at a time; one that it cannot convert, or hangs on, is tried again alone
and costs only itself. It runs without macros, without links being followed and
without a network, in a profile that is made for it and goes with it.
"""

from __future__ import annotations

import contextlib
import os
import resource
import shutil
import signal
import struct
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from ingest.conditions import OFFICE_PROGRAMS, office_program
from ingest.detect import detect_format
from ingest.document import Document, Limits, UnreadableDocument
from ingest.readers import docx, ole, spreadsheet

Reader = Callable[[bytes, Limits], Document]

# The formats that are converted, and into what.
CONVERTED_TO = {
    "doc": "docx",
    "wps": "docx",
    "rtf": "docx",
    "odt": "docx",
    "ods": "xlsx",
}
_READERS: dict[str, Reader] = {"docx": docx.read, "xlsx": spreadsheet.read}
BATCH = 10

_SECONDS_TO_END = 10
# Where a proxy must be asked and nobody answers, nothing is reached.
_PROXY = "127.0.0.1:9"
_SETTINGS = {
    "org.openoffice.Office.Common/Security/Scripting": {
        "DisableMacrosExecution": "true",
        "MacroSecurityLevel": "3",
        "BlockUntrustedRefererLinks": "true",
        "DisableActiveContent": "true",
    },
    "org.openoffice.Office.Writer/Content/Update": {"Link": "0"},
    "org.openoffice.Office.Calc/Content/Update": {"Link": "2"},
    "org.openoffice.Inet/Settings": {
        "ooInetProxyType": "2",
        "ooInetNoProxy": "",
        "ooInetHTTPProxyName": "127.0.0.1",
        "ooInetHTTPProxyPort": "9",
        "ooInetHTTPSProxyName": "127.0.0.1",
        "ooInetHTTPSProxyPort": "9",
    },
}


class Original(NamedTuple):
    """A document to convert: a name that is free of its own, format, bytes."""

    name: str
    format: str
    data: bytes


def program() -> str | None:
    """The path of LibreOffice; None where it is not installed."""
    return office_program()


def read(data: bytes, limits: Limits = Limits()) -> Document:  # noqa: B008
    """The paragraphs and tables of one document, converted by itself.

    Raises UnreadableDocument: ``no_office``, ``encrypted_workbook``,
    ``damaged_document``, ``too_slow``, ``unsupported_format``, and whatever the
    reader of the converted document raises.
    """
    format_ = detect_format(data)
    if format_ not in CONVERTED_TO:
        raise UnreadableDocument("unsupported_format", format_)
    with tempfile.TemporaryDirectory(prefix="office-") as folder:
        original = Original("document", format_, data)
        convert([original], Path(folder), limits)
        return read_converted(original, Path(folder), limits)


def read_unknown(data: bytes, limits: Limits = Limits()) -> Document:  # noqa: B008
    """Say what is wrong with a container of no known document; it never returns.

    Raises UnreadableDocument: ``damaged_document`` where its directory is lost, as
    of a file that was cut short, else ``no_reader``.
    """
    try:
        is_whole = ole.Container(data).has_directory
    except (struct.error, IndexError):
        is_whole = False
    raise UnreadableDocument("no_reader" if is_whole else "damaged_document", "ole")


def read_converted(original: Original, folder: Path, limits: Limits) -> Document:
    """Read what :func:`convert` left of a document in ``folder``.

    Raises UnreadableDocument: as :func:`read`.
    """
    reason = folder / f"{original.name}.reason"
    if reason.exists():
        raise UnreadableDocument(*reason.read_text(encoding="utf-8").split("\n", 1))
    target = CONVERTED_TO[original.format]
    data = (folder / f"{original.name}.{target}").read_bytes()
    return replace(_READERS[target](data, limits), format=original.format)


def convert(originals: Sequence[Original], folder: Path, limits: Limits) -> None:
    """Convert documents into ``folder``: each leaves a document or a reason there.

    :func:`read_converted` reads both.
    """
    left: list[Original] = []
    for original in originals:
        reason = _refusal(original)
        if reason is None:
            left.append(original)
        else:
            _refuse(original, folder, *reason)
    for target in dict.fromkeys(CONVERTED_TO[o.format] for o in left):
        batch = [o for o in left if CONVERTED_TO[o.format] == target]
        is_in_time = _run(batch, target, folder, limits)
        failed = [o for o in batch if not (folder / f"{o.name}.{target}").exists()]
        for original in failed:
            if len(batch) > 1:
                is_in_time = _run([original], target, folder, limits)
            if not is_in_time:
                detail = f"over {limits.office_seconds} seconds"
                _refuse(original, folder, "too_slow", detail)
            elif not (folder / f"{original.name}.{target}").exists():
                _refuse(original, folder, "damaged_document", "not converted")


def _refuse(original: Original, folder: Path, code: str, detail: str) -> None:
    reason = folder / f"{original.name}.reason"
    reason.write_text(f"{code}\n{detail}", encoding="utf-8")


def _refusal(original: Original) -> tuple[str, str] | None:
    """Why a document is not even tried."""
    if program() is None:
        return "no_office", f"{original.format}: none of {', '.join(OFFICE_PROGRAMS)}"
    if original.format in ("doc", "wps"):
        try:
            container = ole.Container(original.data)
            if _flags(container) & _LOCKED:
                return "encrypted_workbook", original.format
            if _last_sign(container) == _END_OF_CELL:
                return "damaged_document", "no paragraph after the last table"
        except (struct.error, IndexError) as error:
            return "damaged_document", str(error)
    return None


# Word documents -------------------------------------------------------------

_LOCKED, _SECOND_TABLE = 0x0100, 0x0200
_END_OF_CELL = 7  # LibreOffice makes one paragraph of a table that ends the text
_LENGTH_AT, _PIECES_AT = 0x4C, 0x1A2
_ONE_BYTE = 0x40000000  # a piece of characters of one byte each, at half this place


def _flags(container: ole.Container) -> int:
    """The flags of a Word document.

    Raises struct.error for a damaged one.
    """
    stream = container.stream("WordDocument") or b""
    return int(struct.unpack_from("<H", stream, 10)[0])


def _last_sign(container: ole.Container) -> int | None:
    """The number of the last character of the text; None where that is not told.

    Raises struct.error or IndexError for a damaged document.
    """
    text: bytes = container.stream("WordDocument") or b""
    name = "1Table" if _flags(container) & _SECOND_TABLE else "0Table"
    (length,) = struct.unpack_from("<I", text, _LENGTH_AT)
    start, size = struct.unpack_from("<II", text, _PIECES_AT)
    pieces = (container.stream(name) or b"")[start : start + size]
    at = 0
    while pieces[at] == 1:  # properties before the list of pieces
        at += 3 + struct.unpack_from("<H", pieces, at + 1)[0]
    (size,) = struct.unpack_from("<I", pieces, at + 1)
    count = (size - 4) // 12
    ends = struct.unpack_from(f"<{count + 1}I", pieces, at + 5)
    for number, (first, end) in enumerate(pairwise(ends)):
        if first < length <= end:
            place_at = at + 5 + 4 * (count + 1) + 8 * number + 2
            (place,) = struct.unpack_from("<I", pieces, place_at)
            if place & _ONE_BYTE:
                return text[int(place & ~_ONE_BYTE) // 2 + int(length - 1 - first)]
            where = place + 2 * (length - 1 - first)
            return int(struct.unpack_from("<H", text, where)[0])
    return None


# LibreOffice ----------------------------------------------------------------


def _run(
    originals: Sequence[Original], target: str, folder: Path, limits: Limits
) -> bool:
    """Run LibreOffice once on documents; whether it came to an end by itself."""
    with tempfile.TemporaryDirectory(prefix="office-") as work:
        sources = [Path(work, f"{o.name}.{o.format}") for o in originals]
        for source, original in zip(sources, originals, strict=True):
            source.write_bytes(original.data)
        profile = Path(work, "profile")
        _write_profile(profile)
        converted = Path(work, "converted")
        is_in_time = _finished(
            [
                program() or OFFICE_PROGRAMS[0],
                f"-env:UserInstallation={profile.as_uri()}",
                *("--headless", "--norestore", "--nolockcheck", "--nologo"),
                *("--convert-to", target, "--outdir", str(converted)),
                *map(str, sources),
            ],
            Path(work),
            limits,
        )
        for original in originals:
            made = converted / f"{original.name}.{target}"
            # While it runs, what it writes may be half a document.
            if made.exists() and (is_in_time or _is_whole(made)):
                shutil.move(made, folder / made.name)
    return is_in_time


def _is_whole(archive: Path) -> bool:
    """Whether a document that was just written has its end."""
    return b"PK\x05\x06" in archive.read_bytes()[-66_000:]


def _finished(command: Sequence[str], work: Path, limits: Limits) -> bool:
    """Run a command to its end; whether it came there in time.

    It is a shell script that starts other processes: they go together. None of them
    can write a file larger than one may be.
    """
    process = subprocess.Popen(
        command,
        cwd=work,
        env=_environment(work),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    with contextlib.suppress(ProcessLookupError):
        most = (limits.file_bytes, limits.file_bytes)
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, most)
    try:
        process.wait(limits.office_seconds)
    except subprocess.TimeoutExpired:
        return False
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(_SECONDS_TO_END)
    return True


def _environment(work: Path) -> dict[str, str]:
    """What LibreOffice knows of its surroundings: no display, no way out."""
    proxies = ("http_proxy", "https_proxy", "all_proxy", "ftp_proxy")
    kept = {
        name: value
        for name, value in os.environ.items()
        if name.lower() not in (*proxies, "no_proxy", "display", "wayland_display")
    }
    return kept | dict.fromkeys(proxies, _PROXY) | {"HOME": str(work)}


def _write_profile(profile: Path) -> None:
    """The settings of a new profile."""
    items = "".join(
        f'<item oor:path="/{path}"><prop oor:name="{name}" oor:op="fuse">'
        f"<value>{value}</value></prop></item>"
        for path, properties in _SETTINGS.items()
        for name, value in properties.items()
    )
    user = profile / "user"
    user.mkdir(parents=True)
    (user / "registrymodifications.xcu").write_text(
        '<?xml version="1.0" encoding="UTF-8"?>\n<oor:items '
        'xmlns:oor="http://openoffice.org/2001/registry" '
        'xmlns:xs="http://www.w3.org/2001/XMLSchema" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"{items}</oor:items>\n",
        encoding="utf-8",
    )
