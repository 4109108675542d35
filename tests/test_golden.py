"""The warehouse holds what people read in seven disclosures, and nothing else.

`tests/golden/README.md` says how the golden facts were established.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.building import Build

GOLDEN = Path(__file__).parent / "golden"
NAMES = sorted(path.stem for path in GOLDEN.glob("*_20*.csv"))

# How much an independent reading found, by file: functional, economic, others.
COUNTS = {
    "wansheng_2025": (141, 105, 10),
    "tunliu_2024": (137, 65, 25),
    "xinxiang_2023": (120, 209, 46),
    "putuo_welfare_home_2024": (118, 55, 12),
    "putuo_government_office_2025": (151, 61, 9),
    "putuo_wanli_2025": (767, 96, 12),
    "putuo_planning_final_2024": (221, 67, 20),
}
TEXTS = ("wansheng_2025", "tunliu_2024", "xinxiang_2023")

# Of findings.csv, what no table says and is found when running text is read:
# figures in prose that contradict a table.
# A name that differs from the official one only in spelling is no finding: the
# row resolves, and the printed name is kept beside the official one.
NOT_ABOUT_TABLES = {"text_conflict", "name_variant"}

# One select per fact table; what a table has no column for is NULL.
_COMMON = (
    "cell_id, document_id, statement, amount_yuan, measure, fund, year_basis, phase, "
    "row_role, unit_name"
)
_FACTS = {
    "fct_functional": "'' as classification, '' as scope, printed_code, "
    "functional_code as resolved_code, level, '' as item",
    "fct_economic": "classification, scope, printed_code, "
    "economic_code as resolved_code, level, '' as item",
    "fct_revenue": "'' as classification, '' as scope, '' as printed_code, "
    "'' as resolved_code, '' as level, revenue_source as item",
    "fct_balance_item": "'' as classification, '' as scope, '' as printed_code, "
    "'' as resolved_code, '' as level, item",
    "fct_three_public": "'' as classification, '' as scope, '' as printed_code, "
    "'' as resolved_code, '' as level, item",
    "fct_project": "'' as classification, '' as scope, '' as printed_code, "
    "'' as resolved_code, '' as level, project_name as item",
}
FACTS = " union all ".join(
    f"select '{table}' as fact_table, {_COMMON}, {columns} from marts.{table}"
    for table, columns in _FACTS.items()
)
COMPARED = (
    "statement",
    "amount_yuan",
    "measure",
    "fund",
    "year_basis",
    "phase",
    "row_role",
    "classification",
    "scope",
    "printed_code",
    "resolved_code",
    "level",
    "item",
    "unit_name",
)

Key = tuple[str, str, str]  # cell, fact table, classification


def golden(name: str) -> list[dict[str, str]]:
    with (GOLDEN / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def findings() -> list[dict[str, str]]:
    with (GOLDEN / "findings.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def text_findings() -> list[dict[str, str]]:
    """What a reader found wrong in the running text."""
    with (GOLDEN / "text_findings.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def sha_of(name: str) -> str:
    (sha,) = {row["file_sha256"] for row in golden(name)}
    return sha


def facts_of(real: Build, sha: str) -> dict[Key, dict[str, Any]]:
    rows = real.rows(
        f"select facts.* from ({FACTS}) as facts inner join marts.dim_document as d "
        "on facts.document_id = d.document_id where d.file_sha256 = ?",
        sha,
    )
    facts = {
        (row["cell_id"], row["fact_table"], row["classification"]): row for row in rows
    }
    assert len(facts) == len(rows), "a fact key is repeated"
    return facts


class Places:
    """The cells of one document by the place where they are printed."""

    def __init__(self, real: Build, sha: str) -> None:
        self.by_line: dict[str, str] = {}
        self.boxes: dict[int, list[dict[str, Any]]] = {}
        for cell in real.rows(
            "select cells.* from marts.dim_source_cell as cells inner join "
            "marts.dim_document as d on cells.document_id = d.document_id "
            "where d.file_sha256 = ? and cells.amount_unit is not null "
            "and cells.kind = 'cell'",
            sha,
        ):
            if cell["page"] is None:
                place = f"L{cell['line']}:F{cell['column_number']}"
                assert place not in self.by_line
                self.by_line[place] = cell["cell_id"]
            else:
                self.boxes.setdefault(cell["page"], []).append(cell)

    def cell(self, place: str) -> str | None:
        if place.startswith("L"):
            return self.by_line.get(place)
        found = re.fullmatch(r"P(\d+):([\d.]+),([\d.]+)", place)
        assert found, place
        page, x, y = int(found[1]), float(found[2]), float(found[3])
        hits = [
            cell["cell_id"]
            for cell in self.boxes.get(page, [])
            if cell["box_left"] - 1 <= x <= cell["box_right"] + 1
            and cell["box_top"] - 1 <= y <= cell["box_bottom"] + 1
        ]
        assert len(hits) <= 1, f"{place} lies in several cells: {hits}"
        return hits[0] if hits else None


def expected_of(real: Build, name: str) -> tuple[dict[Key, dict[str, str]], list[str]]:
    """Golden rows by the key of their fact; the places where no cell was found."""
    places = Places(real, sha_of(name))
    expected: dict[Key, dict[str, str]] = {}
    lost: list[str] = []
    for row in golden(name):
        cell = places.cell(row["place"])
        if cell is None:
            lost.append(f"{row['place']} {row['printed_text']} ({row['statement']})")
            continue
        key = (cell, row["fact_table"], row["classification"])
        assert key not in expected, f"two golden rows in one fact: {row['place']}"
        expected[key] = row
    return expected, lost


def differences(row: dict[str, str], fact: dict[str, Any]) -> Iterator[str]:
    for column in COMPARED:
        wanted, found = row[column], fact[column]
        if column == "amount_yuan":
            same = Decimal(wanted) == found
        elif column == "item" and "＊" in wanted:
            same = bool(re.fullmatch(re.escape(wanted).replace("＊", ".+"), found))
        else:
            same = wanted == (found or "")
        if not same:
            yield f"{row['place']} {column}: {wanted!r} is {found!r}"


@pytest.mark.parametrize("name", NAMES)
def test_every_golden_fact_is_in_its_fact_table(real: Build, name: str) -> None:
    expected, lost = expected_of(real, name)
    assert lost == []
    facts = facts_of(real, sha_of(name))
    assert [row["place"] for key, row in expected.items() if key not in facts] == []
    wrong = [
        difference
        for key, row in expected.items()
        for difference in differences(row, facts[key])
    ]
    assert wrong == []


@pytest.mark.parametrize("name", NAMES)
def test_nothing_else_is_in_the_fact_tables(real: Build, name: str) -> None:
    expected, _ = expected_of(real, name)
    facts = facts_of(real, sha_of(name))
    assert [fact for key, fact in facts.items() if key not in expected] == []
    assert Counter(key[1] for key in facts) == Counter(
        row["fact_table"] for row in golden(name)
    )


@pytest.mark.parametrize("name", NAMES)
def test_count_of_facts(real: Build, name: str) -> None:
    facts = facts_of(real, sha_of(name))
    by_table = Counter(key[1] for key in facts)
    assert (
        by_table["fct_functional"],
        by_table["fct_economic"],
        len(facts) - by_table["fct_functional"] - by_table["fct_economic"],
    ) == COUNTS[name]


def test_documents_without_tables_give_no_facts(real: Build) -> None:
    found = real.rows(
        f"select d.file_sha256, count(*) as facts from ({FACTS}) as facts "
        "inner join marts.dim_document as d on facts.document_id = d.document_id "
        "group by 1"
    )
    assert {row["file_sha256"]: row["facts"] for row in found} == {
        sha_of(name): sum(COUNTS[name]) for name in NAMES
    }
    assert real.value("select count(*) from marts.dim_document") == 9


def test_the_three_text_budgets(real: Build) -> None:
    """398 functional facts, 379 economic ones in 251 cells."""
    shas = [sha_of(name) for name in TEXTS]
    assert real.one(
        "select "
        "(select count(*) from marts.fct_functional inner join marts.dim_document as d "
        "using (document_id) where list_contains($1, d.file_sha256)) as functional, "
        "count(*) as economic, count(distinct cell_id) as economic_cells "
        "from marts.fct_economic inner join marts.dim_document as d "
        "using (document_id) where list_contains($1, d.file_sha256)",
        shas,
    ) == {"functional": 398, "economic": 379, "economic_cells": 251}


# --- findings ---------------------------------------------------------------


def found(real: Build, rule: str | None = None) -> list[dict[str, Any]]:
    return real.rows(
        "select d.file_sha256, f.* from marts.fct_finding as f "
        "inner join marts.dim_document as d on f.document_id = d.document_id "
        "where coalesce(?, f.rule_id) = f.rule_id order by f.finding_id",
        rule,
    )


def table_findings(kind: str) -> list[dict[str, str]]:
    return [
        row
        for row in findings()
        if row["kind"] == kind and "without an amount" not in row["what"]
    ]


def cells_of(real: Build, finding_id: str) -> list[dict[str, Any]]:
    return real.rows(
        "select b.role, c.*, t.statement from marts.bridge_finding_cell as b "
        "inner join marts.dim_source_cell as c on b.cell_id = c.cell_id "
        "inner join marts.dim_source_table as t "
        "on c.source_table_id = t.source_table_id "
        "where b.finding_id = ? order by c.cell_id",
        finding_id,
    )


def test_findings_are_those_read_in_the_tables_and_no_others(real: Build) -> None:
    """By document, rule, severity and amount; one line of the file is one cause,
    except that conflicting codes of one class in one document are one cause."""
    assert {row["kind"] for row in findings()} - NOT_ABOUT_TABLES == {
        "sum_gap",
        "unit_not_printed",
        "one_last_place",
        "code_name_conflict",
        "name_conflict",
        "old_name",
        "weights_90",
        "target_unit",
        "project_without_target",
        "contents_table",
        "vehicles_without_cost",
    }
    rules = {
        "sum_gap": "functional_children",
        "unit_not_printed": "unit_from_figures",
        "one_last_place": "same_figure",
        "old_name": "old_name",
        "name_conflict": "conflicting_publisher",
        "weights_90": "performance_weights_90",
        "target_unit": "target_unit_differs",
        "project_without_target": "project_without_target",
        "contents_table": "contents_table_missing",
        "vehicles_without_cost": "vehicles_without_cost",
    }
    expected = [
        (
            row["file_sha256"],
            rule,
            row["severity"],
            Decimal(row["difference_yuan"]) if row["difference_yuan"] else None,
        )
        for kind, rule in rules.items()
        for row in table_findings(kind)
    ]
    classes = {
        (row["file_sha256"], row["subject_code"][:3])
        for row in table_findings("code_name_conflict")
    }
    assert {code for _, code in classes} == {"210", "302", "303"}
    expected += [(sha, "code_name_conflict", "warning", None) for sha, _ in classes]
    actual = [
        (
            row["file_sha256"],
            row["rule_id"],
            row["severity"],
            abs(row["difference_yuan"]) if row["difference_yuan"] else None,
        )
        for row in found(real)
        if row["rule_id"] not in {text["rule_id"] for text in text_findings()}
    ]
    assert sorted(actual, key=str) == sorted(expected, key=str)


def test_findings_of_the_text_are_those_read_and_no_others(real: Build) -> None:
    """By document, rule, severity and place, and by the figure that is blamed."""
    key = ("file_sha256", "rule_id", "severity", "page", "line")
    rules = {row["rule_id"] for row in text_findings()}
    actual = [
        tuple(str(row[name] or "") for name in key)
        for row in found(real)
        if row["rule_id"] in rules
    ]
    expected = [tuple(row[name] for name in key) for row in text_findings()]
    assert sorted(actual) == sorted(expected)
    blamed = {
        (row["file_sha256"], row["rule_id"], row["printed_text"])
        for row in real.rows(
            "select d.file_sha256, f.rule_id, c.printed_text "
            "from marts.fct_finding as f inner join marts.dim_document as d "
            "on f.document_id = d.document_id "
            "inner join marts.bridge_finding_cell as b on f.finding_id = b.finding_id "
            "inner join marts.dim_source_cell as c on b.cell_id = c.cell_id "
            "where (b.role = 'subject' or b.place = 1) and c.kind = 'text'"
        )
    }
    named = {
        (row["file_sha256"], row["rule_id"], row["named_text"])
        for row in text_findings()
        if row["named_text"]
    }
    assert named <= blamed
    assert {row for row in blamed if row[1] == "narrative_table"} <= named


def test_finding_of_wansheng(real: Build) -> None:
    """One cause: 208 prints 104.00万元 more than its sections, in three tables,
    in the project column alone, with the printed reason 涉密 below each."""
    (finding,) = found(real, "functional_children")
    assert finding["file_sha256"] == sha_of("wansheng_2025")
    assert finding["severity"] == "warning"
    assert finding["difference_yuan"] == Decimal("1040000")
    # Three wholes, two project columns, one general public budget column: the class
    # against its sections and its items, and the items against the total.
    assert finding["identities"] == 18
    text = finding["title"] + finding["explanation"]
    assert "208 社会保障和就业支出" in finding["title"]
    assert "104.00万元" in finding["title"]
    assert "915.57万元" in text and "811.57万元" in text
    assert "仅“项目支出”栏" in text and "“基本支出”栏相符" in text
    assert "涉及 3 张报表：收入总表、支出总表、一般公共预算支出表" in text
    assert "涉密" in text
    assert "合计" in text and "经济分类" in text and "均相符" in text

    cells = cells_of(real, finding["finding_id"])
    assert {cell["statement"] for cell in cells} == {
        "revenue",
        "expenditure",
        "general_expenditure",
    }
    assert sorted(
        (cell["line"], cell["printed_text"])
        for cell in cells
        if cell["role"] == "total"
    ) == [
        (168, "915.57"),
        (168, "915.57"),
        (198, "270.26"),
        (198, "915.57"),
        (245, "270.26"),
        (245, "915.57"),
    ]


def test_wansheng_keeps_what_is_printed_and_invents_nothing(real: Build) -> None:
    sha = sha_of("wansheng_2025")
    printed = real.rows(
        "select distinct f.statement, f.amount_yuan from marts.fct_functional as f "
        "inner join marts.dim_document as d using (document_id) "
        "where d.file_sha256 = ? and f.functional_code = '208' "
        "and f.measure = 'total' and f.statement in "
        "('revenue', 'expenditure', 'general_expenditure') order by f.statement",
        sha,
    )
    assert printed == [
        {"statement": statement, "amount_yuan": Decimal("9155700")}
        for statement in ("expenditure", "general_expenditure", "revenue")
    ]
    codes = real.rows(
        "select distinct f.functional_code as code from marts.fct_functional as f "
        "inner join marts.dim_document as d using (document_id) "
        "where d.file_sha256 = ? and f.functional_code like '208__'",
        sha,
    )
    assert sorted(row["code"] for row in codes) == ["20801", "20805", "20808"]
    # No row makes up for the gap.
    assert (
        real.value(
            "select count(*) from marts.fct_functional as f "
            "inner join marts.dim_document as d using (document_id) "
            "where d.file_sha256 = ? and f.amount_yuan = 1040000",
            sha,
        )
        == 0
    )


def test_conflicting_codes_name_every_cell(real: Build) -> None:
    """Each line of findings.csv is one code cell that a finding names."""
    named: Counter[tuple[str, int]] = Counter()
    for finding in found(real, "code_name_conflict"):
        assert finding["file_sha256"] == sha_of("putuo_welfare_home_2024")
        named.update(
            (cell["statement"], cell["page"])
            for cell in cells_of(real, finding["finding_id"])
        )
    expected = Counter(
        (row["statements"], int(row["what"].split(":")[0][1:]))
        for row in table_findings("code_name_conflict")
    )
    assert named == expected
    assert sum(expected.values()) == 14


@pytest.mark.parametrize(
    ("code", "printed"),
    [("210", {"236.63", "236.64"}), ("212", {"3845.25", "3845.24"})],
)
def test_one_last_place_names_both_figures(
    real: Build, code: str, printed: set[str]
) -> None:
    (finding,) = [
        row for row in found(real, "same_figure") if f"：{code} " in row["title"]
    ]
    (line,) = [
        row for row in table_findings("one_last_place") if row["subject_code"] == code
    ]
    assert finding["file_sha256"] == line["file_sha256"]
    cells = cells_of(real, finding["finding_id"])
    assert {cell["printed_text"] for cell in cells} == printed
    assert {cell["statement"] for cell in cells} <= set(line["statements"].split(";"))


def test_old_name_is_one_finding_about_the_rows_with_amounts(real: Build) -> None:
    """新乡 prints the old name too, without an amount: no finding."""
    (finding,) = found(real, "old_name")
    assert finding["file_sha256"] == sha_of("putuo_welfare_home_2024")
    assert "三、医疗卫生与计划生育支出" in finding["title"]
    assert {c["statement"] for c in cells_of(real, finding["finding_id"])} == {
        "balance",
        "appropriation_balance",
    }


def test_unit_that_is_not_printed_is_established_by_equal_figures(real: Build) -> None:
    (finding,) = found(real, "unit_from_figures")
    assert finding["file_sha256"] == sha_of("wansheng_2025")
    assert "一般公共预算财政拨款支出预算表" in finding["title"]
    assert real.rows(
        "select statement, amount_unit from marts.dim_source_table "
        "where unit_basis = 'figures'"
    ) == [{"statement": "general_expenditure", "amount_unit": "万元"}]


def test_nothing_is_acknowledged_and_nothing_disputed_but_named_cells(
    real: Build,
) -> None:
    assert [row for row in found(real) if row["is_acknowledged"]] == []
    disputed = real.rows(
        f"select facts.cell_id from ({FACTS.replace('cell_id,', 'cell_id, proof,')}) "
        "as facts where proof = 'disputed'"
    )
    named = real.rows("select distinct cell_id from marts.bridge_finding_cell")
    assert disputed
    assert {r["cell_id"] for r in disputed} <= {r["cell_id"] for r in named}
