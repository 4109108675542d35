"""Every rule of the catalogue is able to fire, and able to hold.

`tests/rules/README.md` says how the documents are written.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from pipeline.load import connect
from tests.warehouse import ROOT, build_warehouse

DOCUMENTS = Path(__file__).parent / "rules"
HOLDING = sorted((DOCUMENTS / "holding").glob("*.txt"))
CHOICE = re.compile(r"\[\[(.*?)=>(.*?)]]")
# Two variants of one document are different years, so that neither is a copy.
VARIANTS = {"right": (1, "2025"), "wrong": (2, "2024")}
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


def _write(folder: Path) -> None:
    chosen = sorted(DOCUMENTS.glob("*.txt"))
    for number, path in enumerate(chosen + HOLDING):
        text = path.read_text(encoding="utf-8")
        place = PLACES[number // len(PLACES)] + PLACES[number % len(PLACES)]
        text = text.replace("{unit}", f"云溪县{place}渡口管理站")
        if path in HOLDING:
            (folder / path.name).write_text(
                text.replace("{year}", "2025"), encoding="utf-8"
            )
            continue
        assert CHOICE.search(text), f"{path.name} has no [[right=>wrong]]"
        for variant, (group, year) in VARIANTS.items():
            printed = CHOICE.sub(lambda found, group=group: found[group], text)
            (folder / f"{path.stem}.{variant}.txt").write_text(
                printed.replace("{year}", year), encoding="utf-8"
            )


@pytest.fixture(scope="session")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Outcome]:
    """One build of every document, keyed by file name."""
    work = tmp_path_factory.mktemp("rules")
    folder = work / "disclosures"
    folder.mkdir()
    _write(folder)
    database = build_warehouse(folder, work / "rules.duckdb", work / "build")
    with connect(database, read_only=True) as connection:
        found = {
            name: Outcome(status)
            for name, status in connection.execute(
                "select file_name, status from marts.dim_document"
            ).fetchall()
        }
        for name, rule in connection.execute(
            "select file_name, rule_id from marts.fct_finding"
            " inner join marts.dim_document using (document_id)"
        ).fetchall():
            found[name].findings.append(rule)
        for name, rule, verdict in connection.execute(
            "select distinct file_name, rule_id, verdict from marts.fct_identity"
            " inner join marts.dim_document using (document_id)"
        ).fetchall():
            found[name].verdicts.add((rule, verdict))
    return found


def test_every_rule_has_a_document() -> None:
    documents = {path.stem for path in DOCUMENTS.glob("*.txt")}
    assert set(RULES) - documents == set(), "rules never proven able to fire"
    assert documents - set(RULES) == set(), "documents of no rule"


def test_every_arithmetic_rule_is_in_the_catalogue() -> None:
    assert set(ARITHMETIC) - set(RULES) == set()


@pytest.mark.parametrize("rule", RULES)
def test_rule_fires(outcomes: dict[str, Outcome], rule: str) -> None:
    outcome = outcomes[f"{rule}.wrong.txt"]
    assert outcome.status == "loaded"
    assert outcome.fires(rule), outcome


@pytest.mark.parametrize("rule", RULES)
def test_right_document_has_no_finding(outcomes: dict[str, Outcome], rule: str) -> None:
    outcome = outcomes[f"{rule}.right.txt"]
    assert outcome.status == "loaded"
    assert not outcome.fires(rule)
    assert outcome.findings == []


@pytest.mark.parametrize("rule", ARITHMETIC)
def test_rule_holds(outcomes: dict[str, Outcome], rule: str) -> None:
    assert outcomes[f"{rule}.right.txt"].holds(rule)


@pytest.mark.parametrize("path", HOLDING, ids=lambda path: path.stem)
def test_layout_that_looks_wrong_and_is_right(
    outcomes: dict[str, Outcome], path: Path
) -> None:
    outcome = outcomes[path.name]
    assert outcome.status == "loaded"
    assert outcome.findings == []
    assert any(verdict in ("exact", "rounding") for _, verdict in outcome.verdicts)
