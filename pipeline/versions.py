"""What a warehouse is made of besides documents: knowledge, models, readers, engines.

When one of these changes, every document is worked anew. A process reads them once: what
is changed while it builds is for the next build.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from pipeline.settings import PROJECT

_MADE_OF = (
    "models/**/*",
    "macros/**/*.sql",
    "seeds/**/*",
    "ingest/**/*.py",
    "expectations/**/*.py",
    "pipeline/**/*.py",
    "dbt_project.yml",
    "profiles.yml",
    "requirements.lock",
)

# Accepting a finding concerns its document alone, what audit views are called none.
_LIGHT = ("seeds/acknowledged_findings.csv", "seeds/audit/")


@cache
def version(project: Path = PROJECT) -> str:
    """A digest of everything that makes facts of documents."""
    return _digest(
        path
        for path in _files(project)
        if not path.relative_to(project).as_posix().startswith(_LIGHT)
    )


@cache
def seeds_version(project: Path = PROJECT) -> str:
    """A digest of all seeds."""
    return _digest(path for path in _files(project) if "seeds" in path.parts)


def _files(project: Path) -> Iterator[Path]:
    for pattern in _MADE_OF:
        yield from sorted(path for path in project.glob(pattern) if path.is_file())


def _digest(paths: Iterator[Path]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        content = path.read_bytes()
        digest.update(f"{path.name} {len(content)} ".encode())
        digest.update(content)
    return digest.hexdigest()[:16]
