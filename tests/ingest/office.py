"""Writes documents of older programs: LibreOffice makes them out of newer ones."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

import pytest

from ingest.readers.legacy_office import program

needs_office = pytest.mark.skipif(
    program() is None, reason="LibreOffice (soffice) is not installed"
)


def saved_as(data: bytes, kind: str, target: str) -> bytes:
    """A document of one kind (docx, xlsx) in another format (doc, rtf, odt, ods)."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, f"document.{kind}")
        source.write_bytes(data)
        subprocess.run(
            [
                str(program()),
                f"-env:UserInstallation={Path(folder, 'profile').as_uri()}",
                *("--headless", "--convert-to", target, "--outdir", folder),
                str(source),
            ],
            check=True,
            capture_output=True,
            timeout=120,
        )
        return source.with_suffix(f".{target}").read_bytes()
