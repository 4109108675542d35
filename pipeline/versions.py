"""What a warehouse is made of besides documents: knowledge, models, readers, engines.

When one of these changes, every document is worked anew. A process reads them once: what
is changed while it builds is for the next build.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
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

# Seeds that no model reads: what changes with them is no document, or only those that
# are read otherwise, which their landing tells. Accepting a finding concerns its
# document alone.
LIGHT = (
    "seeds/acknowledged_findings.csv",
    "seeds/audit/",
    "seeds/rules/rule_explanation.csv",
    "seeds/rules/rule_family.csv",
    "seeds/vocabulary/citation_word.csv",
    "seeds/vocabulary/column_label.csv",
    "seeds/vocabulary/narrative_label.csv",
    "seeds/vocabulary/narrative_unit.csv",
    "seeds/vocabulary/narrative_word.csv",
    "seeds/vocabulary/personal_context.csv",
    "seeds/vocabulary/personal_no_name.csv",
    "seeds/vocabulary/personal_surname.csv",
    "seeds/vocabulary/score_label.csv",
)


@cache
def version(project: Path = PROJECT) -> str:
    """A digest of everything that makes facts of documents."""
    return _digest(
        path
        for path in _files(project)
        if not path.relative_to(project).as_posix().startswith(LIGHT)
    )


@cache
def seeds_version(project: Path = PROJECT) -> str:
    """A digest of all seeds."""
    return _digest(path for path in _files(project) if "seeds" in path.parts)


def is_as_read(part: Callable[..., str], *project: Path) -> bool:
    """Whether the files are still those of :func:`version` or :func:`seeds_version`.

    dbt reads them later than these, and after these may anybody write them.
    """
    now: str = part.__wrapped__(*project)  # type: ignore[attr-defined]
    return now == part(*project)


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
