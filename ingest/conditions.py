"""What decides, beside the bytes of a document, what is read of it.

Only the standard library is imported, so that a build finds at no cost that
nothing changed.
"""

from __future__ import annotations

import hashlib
import importlib.util
import shutil
from pathlib import Path

from ingest.document import Limits

OFFICE_PROGRAMS = ("soffice", "libreoffice")


def office_program() -> str | None:
    """The path of LibreOffice; None where it is not installed."""
    return next(filter(None, map(shutil.which, OFFICE_PROGRAMS)), None)


def recognises_pictures() -> bool:
    """Whether the extra ``ocr`` is installed."""
    return all(
        importlib.util.find_spec(name) is not None
        for name in ("rapidocr", "onnxruntime", "cv2")
    )


def conditions(limits: Limits) -> str:
    """Changes with the limits and with the programs that are installed."""
    told = f"{limits} {office_program()} {recognises_pictures()}"
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def vocabulary_version(seeds: Path) -> str:
    """Changes with the vocabulary and with the code that reads headers and prose."""
    digest = hashlib.sha256()
    code = Path(__file__).parent
    for path in [
        *sorted((seeds / "vocabulary").glob("*.csv")),
        *sorted((seeds / "official").glob("*.csv")),
        *sorted((code / "columns").glob("*.py")),
        *sorted((code / "prose").glob("*.py")),
    ]:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
