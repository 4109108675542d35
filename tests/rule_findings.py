"""What the warehouse says of the wrong documents of ``tests/rules``.

``python -m tests.rule_findings`` writes ``tests/rules/findings.csv``, which the
handbook shows beside each rule; ``tests/test_rules_fire.py`` asks that it is true.
"""

from __future__ import annotations

import csv
import re
import tempfile
from pathlib import Path

from ingest.document import Limits
from pipeline.load import connect
from tests.warehouse import ROOT, build_warehouse

FILE = ROOT / "tests/rules/findings.csv"
COLUMNS = ("example", "rule_id", "severity", "title", "explanation", "page", "line")

Row = dict[str, str]


def findings(database: Path) -> list[Row]:
    """What is found in the wrong documents, without names made up for a run."""
    with connect(database, read_only=True) as connection:
        rows = connection.execute(
            """
            select
                regexp_extract(document.file_name, '^(.*)\\.wrong', 1) as example,
                finding.rule_id, finding.severity, finding.title, finding.explanation,
                finding.page, finding.line
            from marts.fct_finding as finding
            inner join marts.dim_document as document using (document_id)
            where document.file_name like '%.wrong%'
            order by all
            """
        ).fetchall()
    return [
        dict(zip(COLUMNS, (_lasting(value) for value in row), strict=True))
        for row in rows
    ]


def _lasting(value: object) -> str:
    text = "" if value is None else str(value)
    text = re.sub(r"云溪县..渡口管理站", "{unit}", text)
    return re.sub(r"（d[0-9a-f]{16}）", "", text)


def kept() -> list[Row]:
    """The findings that the repository holds."""
    with FILE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def main() -> None:
    """Build a warehouse of the documents and write what it finds."""
    from tests.test_rules_fire import write_documents

    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        (work / "disclosures").mkdir()
        write_documents(work / "disclosures")
        limits = Limits(recognised_pages=0)
        database = build_warehouse(
            work / "disclosures", work / "rules.duckdb", work / "build", limits
        )
        rows = findings(database)
    with FILE.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    print(FILE.relative_to(ROOT), len(rows))


if __name__ == "__main__":
    main()
