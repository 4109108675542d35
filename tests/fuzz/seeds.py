"""What the fuzzing of a reader begins with: forged documents and kept findings."""

from __future__ import annotations

import base64
import quopri
from pathlib import Path

from tests.forge.make import disclosures
from tests.forge.writers import WRITERS

CORPUS = Path(__file__).parent / "corpus"
_STYLES = {
    "text": ("txt", "txt-blanks", "txt-slid", "txt-cells", "tsv"),
    "csv": ("csv", "csv-gb18030"),
    "html": ("html", "html-cms", "html-line", "html-cells", "html-framed"),
    "mht": ("html",),
    "docx": tuple(style for style in WRITERS if style.startswith("docx")),
    "xlsx": tuple(style for style in WRITERS if style.startswith("xlsx")),
    "xls": ("xls", "xls-one-sheet"),
    "doc": ("xls",),
    "pdf": tuple(style for style in WRITERS if style.startswith("pdf")),
    "any": ("txt", "csv", "html"),
}
_MOST_BYTES = 20_000
_MOST_OF_TEXT = 6_000  # long ones are not read often enough
_MAIL = b"MIME-Version: 1.0\nContent-Type: text/html; charset=utf-8\n\n"
_SAVED = b'MIME-Version: 1.0\nContent-Type: multipart/related; boundary="=_b"\n\n'


def kept(reader: str) -> dict[str, bytes]:
    """The files of the corpus of a reader, by name."""
    paths = sorted((CORPUS / reader).glob("*"))
    return {path.name: path.read_bytes() for path in paths}


def seeds(reader: str, count: int = 30) -> list[bytes]:
    """The corpus of a reader and small forged documents in its formats."""
    styles = _STYLES[reader]
    made = [each.content() for each in disclosures(count, 7, styles=styles)]
    if reader == "mht":
        made = [
            _saved(_begun(data)) if n % 2 else _MAIL + data
            for n, data in enumerate(made)
        ]
    if reader in ("text", "csv", "html", "mht", "any"):
        made = [_begun(data) for data in made]
    small = [data for data in made if len(data) <= _MOST_BYTES]
    return [*kept(reader).values(), *small]


def _begun(data: bytes) -> bytes:
    """The first lines; a character cut in two would be all that a reader sees."""
    if len(data) <= _MOST_OF_TEXT:
        return data
    return data[: data.rfind(b"\n", 0, _MOST_OF_TEXT) + 1]


def _saved(page: bytes) -> bytes:
    """A page saved with another and a picture."""
    parts = (
        (b"text/html", b"quoted-printable", quopri.encodestring(page)),
        (b"image/png", b"base64", b"iVBORw=="),
        (b"text/html", b"base64", base64.encodebytes("<p>二</p>".encode())),
    )
    return b"%s%s--=_b--\n" % (
        _SAVED,
        b"".join(
            b"--=_b\nContent-Type: %s\nContent-Transfer-Encoding: %s\n\n%s\n" % part
            for part in parts
        ),
    )
