"""Every rule of the catalogue is able to fire, and able to hold.

`tests/rules/README.md` says how the documents are written.
"""

from __future__ import annotations

import csv
import re
import shutil
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from ingest.document import Limits
from pipeline.load import connect
from tests import rule_findings
from tests.printing import PAGE_BREAK, PICTURE, print_pdf, print_word
from tests.warehouse import ROOT, build_warehouse

DOCUMENTS = Path(__file__).parent / "rules"
HOLDING = sorted((DOCUMENTS / "holding").glob("*.txt"))
CHOICE = re.compile(r"\[\[(.*?)=>(.*?)]]", re.DOTALL)
# Two variants of one document are different years, so that neither is a copy.
VARIANTS = {"right": (1, "2025"), "wrong": (2, "2024")}
# Some rules are about two documents of one text: {stem}.wrong, {stem}.wrong_2.
DOCUMENT_BREAK = "=== document ===\n"
PLACES = "东南西北上下前后青白金银石木竹松梅柳桃杏"


def _catalogue() -> list[str]:
    with (ROOT / "seeds/rules/rule.csv").open(encoding="utf-8", newline="") as file:
        return [row["rule_id"] for row in csv.DictReader(file)]


RULES = _catalogue()
ARITHMETIC = sorted(
    path.stem.removeprefix("rule_")
    for path in (ROOT / "models/intermediate/rules").glob("rule_*.sql")
)


@dataclass
class Outcome:
    """What the warehouse says of one document."""

    status: str
    findings: list[str] = field(default_factory=list)
    verdicts: set[tuple[str, str]] = field(default_factory=set)

    def fires(self, rule: str) -> bool:
        return rule in self.findings or (rule, "discrepancy") in self.verdicts

    def holds(self, rule: str) -> bool:
        return (rule, "exact") in self.verdicts or (rule, "rounding") in self.verdicts


def write_documents(folder: Path) -> None:
    """Print every document, right and wrong, into a folder."""
    chosen = sorted(DOCUMENTS.glob("*.txt"))
    for number, path in enumerate(chosen + HOLDING):
        text = path.read_text(encoding="utf-8")
        place = PLACES[number // len(PLACES)] + PLACES[number % len(PLACES)]
        text = text.replace("{unit}", f"云溪县{place}渡口管理站")
        if path in HOLDING:
            _print(folder / path.stem, text.replace("{year}", "2025"))
            continue
        assert CHOICE.search(text), f"{path.name} has no [[right=>wrong]]"
        for variant, (group, year) in VARIANTS.items():
            printed = CHOICE.sub(lambda found, group=group: found[group], text)
            _print(folder / f"{path.stem}.{variant}", printed.replace("{year}", year))


def _print(target: Path, text: str) -> None:
    """Write one text as its documents: PDF with pages, Word with pictures, or text."""
    for number, part in enumerate(text.split(DOCUMENT_BREAK), start=1):
        name = target.name if number == 1 else f"{target.name}_{number}"
        if PAGE_BREAK in part:
            target.with_name(f"{name}.pdf").write_bytes(print_pdf(part))
        elif PICTURE in part:
            target.with_name(f"{name}.docx").write_bytes(print_word(part))
        else:
            target.with_name(f"{name}.txt").write_text(part, encoding="utf-8")


@pytest.fixture(scope="session")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One build of every document."""
    work = tmp_path_factory.mktemp("rules")
    folder = work / "disclosures"
    folder.mkdir()
    write_documents(folder)
    # Scans stay unread, whether recognition is installed or not.
    limits = Limits(recognised_pages=0)
    return build_warehouse(folder, work / "rules.duckdb", work / "build", limits)


@pytest.fixture(scope="session")
def outcomes(database: Path) -> dict[str, Outcome]:
    """What was said of every text, keyed by its name; its documents speak together."""

    def name_of(file: str) -> str:
        return re.sub(r"_\d$", "", Path(file).stem)

    with connect(database, read_only=True) as connection:
        found: dict[str, Outcome] = {}
        for name, status in connection.execute(
            "select file_name, status from marts.dim_document order by file_name"
        ).fetchall():
            found.setdefault(name_of(name), Outcome(status))
        for name, rule in connection.execute(
            "select file_name, rule_id from marts.fct_finding"
            " inner join marts.dim_document using (document_id)"
        ).fetchall():
            found[name_of(name)].findings.append(rule)
        for name, rule, verdict in connection.execute(
            "select distinct file_name, rule_id, verdict from marts.fct_identity"
            " inner join marts.dim_document using (document_id)"
        ).fetchall():
            found[name_of(name)].verdicts.add((rule, verdict))
    return found


def test_every_rule_has_a_document() -> None:
    documents = {path.stem for path in DOCUMENTS.glob("*.txt")}
    assert set(RULES) - documents == set(), "rules never proven able to fire"
    assert documents - set(RULES) == set(), "documents of no rule"


def test_every_arithmetic_rule_is_in_the_catalogue() -> None:
    assert set(ARITHMETIC) - set(RULES) == set()


@pytest.mark.parametrize("rule", RULES)
def test_rule_fires(outcomes: dict[str, Outcome], rule: str) -> None:
    outcome = outcomes[f"{rule}.wrong"]
    assert outcome.status == "loaded"
    assert outcome.fires(rule), outcome


@pytest.mark.parametrize("rule", RULES)
def test_right_document_has_no_finding(outcomes: dict[str, Outcome], rule: str) -> None:
    outcome = outcomes[f"{rule}.right"]
    assert outcome.status == "loaded"
    assert not outcome.fires(rule)
    assert outcome.findings == []


@pytest.mark.parametrize("rule", ARITHMETIC)
def test_rule_holds(outcomes: dict[str, Outcome], rule: str) -> None:
    assert outcomes[f"{rule}.right"].holds(rule)


@pytest.mark.parametrize("path", HOLDING, ids=lambda path: path.stem)
def test_layout_that_looks_wrong_and_is_right(
    outcomes: dict[str, Outcome], path: Path
) -> None:
    outcome = outcomes[path.stem]
    assert outcome.status == "loaded"
    assert outcome.findings == []
    assert any(verdict in ("exact", "rounding") for _, verdict in outcome.verdicts)


def test_a_page_that_cannot_be_read_is_named_and_the_others_are_facts(
    database: Path,
) -> None:
    file = "page_not_read.wrong.pdf"
    with connect(database, read_only=True) as connection:
        findings = connection.execute(
            "select finding.title, finding.page, finding.explanation, finding.severity,"
            " finding.source_table_id"
            " from marts.fct_finding as finding"
            " inner join marts.dim_document using (document_id) where file_name = ?",
            [file],
        ).fetchall()
        pages = connection.execute(
            "select distinct cell.page from marts.fct_functional"
            " inner join marts.dim_source_cell as cell using (cell_id)"
            " where cell.file_name = ? order by cell.page",
            [file],
        ).fetchall()
    assert findings == [
        (
            "有页面无法读取，页上内容未载入：第2页",
            2,
            "文件共3页，其中第2页无法读取。",
            "warning",
            None,
        )
    ]
    assert pages == [(1,), (3,)]


def test_the_handbook_shows_what_the_warehouse_says(database: Path) -> None:
    """After a change of findings: ``python -m tests.rule_findings``."""
    assert rule_findings.findings(database) == rule_findings.kept()


def _names(database: Path) -> set[tuple[str, ...]]:
    with connect(database, read_only=True) as connection:
        return set(
            connection.execute(
                "select rule_id, finding_id, figures_fingerprint from marts.fct_finding"
            ).fetchall()
        )


def test_findings_keep_their_names_when_files_get_others(database: Path) -> None:
    """Other names, folders and another order; what is printed is the same."""
    work = database.parent
    for number, path in enumerate(sorted((work / "disclosures").iterdir())):
        folder = work / "renamed" / str(number % 7)
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, folder / f"{number:04d}{path.suffix}")
    limits = Limits(recognised_pages=0)
    # The same landing: no file is read again.
    renamed = build_warehouse(
        work / "renamed", work / "renamed.duckdb", work / "build", limits
    )
    assert _names(renamed) == _names(database)
