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

# The seeds by which headers and prose are read. The models read the others, and some of
# these as well.
VOCABULARY = (
    "official/department_economic_code.csv",
    "official/economic_alias.csv",
    "official/functional_alias.csv",
    "official/functional_code.csv",
    "vocabulary/citation_word.csv",
    "vocabulary/column_label.csv",
    "vocabulary/document_kind.csv",
    "vocabulary/fund.csv",
    "vocabulary/measure.csv",
    "vocabulary/narrative_label.csv",
    "vocabulary/narrative_unit.csv",
    "vocabulary/narrative_word.csv",
    "vocabulary/organization_suffix.csv",
    "vocabulary/procurement_category.csv",
    "vocabulary/project_section.csv",
    "vocabulary/score_label.csv",
    "vocabulary/three_public_item.csv",
)
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
        *(seeds / name for name in VOCABULARY),
        *sorted((code / "columns").glob("*.py")),
        *sorted((code / "prose").glob("*.py")),
    ]:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
