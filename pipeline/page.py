"""The results of a build as one page in Chinese that opens from disk.

It needs no network and no program but a browser. What is printed in disclosures is
text here, never markup.
"""

from __future__ import annotations

import json
from fractions import Fraction
from itertools import groupby
from pathlib import Path
from typing import Any

import duckdb
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from pipeline import words
from pipeline.load import connect

Row = dict[str, Any]

# A page of a whole province still opens; what it leaves out, it says.
FINDINGS_OF_A_RULE = 200
DOCUMENTS = 1000


def write(html: str, page: Path) -> None:
    """Put a page in its place; readers see the old one or the new one."""
    beside = page.with_name(f".{page.name}.next")
    beside.write_text(html, encoding="utf-8")
    beside.replace(page)


def render(database: Path) -> str:
    """The page of a checked warehouse."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).with_name("templates")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    with connect(database, read_only=True) as connection:
        facts = _facts(connection)
    return environment.get_template("checks.html").render(words=words, **facts)


def _facts(connection: duckdb.DuckDBPyConnection) -> Row:
    def rows(sql: str) -> list[Row]:
        result = connection.execute(sql)
        names = [column[0] for column in result.description or ()]
        return [dict(zip(names, row, strict=True)) for row in result.fetchall()]

    results = rows("select * from marts.expectation_results")
    for result in results:
        result["examples"] = json.loads(result["examples"])
    failed = [result for result in results if not result["succeeded"]]
    return {
        "build": rows("select build_id, built_at from meta.build")[0],
        "is_sound": all(result["severity"] != "critical" for result in failed),
        "critical_count": sum(result["severity"] == "critical" for result in results),
        "failed_critical": [
            result for result in failed if result["severity"] == "critical"
        ],
        "failed_other": [
            result for result in failed if result["severity"] != "critical"
        ],
        "suites": _suites(results),
        "numbers": _numbers(rows),
        "findings": _findings(rows),
        "coverage": _coverage(rows),
        "document_limit": DOCUMENTS,
    }


def _suites(results: list[Row]) -> list[Row]:
    """The checks of each suite, gathered by kind."""
    suites = []
    for suite, entries in groupby(results, key=lambda result: result["suite"]):
        kinds: dict[str, list[Row]] = {}
        for entry in entries:
            kinds.setdefault(entry["meaning"], []).append(entry)
        suites.append(
            {
                "suite": suite,
                "kinds": [
                    {
                        "meaning": meaning,
                        "checks": checks,
                        "failed": sum(not check["succeeded"] for check in checks),
                    }
                    for meaning, checks in kinds.items()
                ],
            }
        )
    return suites


def _numbers(rows: Any) -> Row:
    amounts = " union ".join(
        f"select cell_id, proof from marts.{table}" for table in words.FACTS
    )
    return {
        "documents": _counts(rows, "dim_document", "status"),
        "tables": _counts(rows, "dim_source_table", "status"),
        "identities": _counts(rows, "fct_identity", "verdict"),
        "amounts": rows(f"select count(*) as n from ({amounts})")[0]["n"],
        "proven": rows(f"select count(*) as n from ({amounts}) where proof = 'proven'")[
            0
        ]["n"],
    }


def _counts(rows: Any, table: str, column: str) -> dict[str, int]:
    return {
        row["value"]: row["n"]
        for row in rows(
            f"select {column} as value, count(*) as n from marts.{table} group by 1"
        )
    }


def _findings(rows: Any) -> list[Row]:
    """Findings by severity and rule, errors first, and in both the open ones first."""
    counts = rows(
        """
        select
            findings.severity, findings.rule_id, rules.title_zh as title,
            rules.right_zh as "right", count(*) as n,
            count(case when not findings.is_acknowledged then 1 end) as open,
            count(case when findings.is_acknowledged then 1 end) as acknowledged
        from marts.fct_finding as findings
        left join seeds.rule as rules on findings.rule_id = rules.rule_id
        group by all
        order by open desc, n desc, findings.rule_id
        """
    )
    shown = rows(
        f"""
        select
            findings.finding_id, findings.figures_fingerprint, findings.severity,
            findings.rule_id, findings.title, findings.explanation, findings.page,
            findings.line, findings.is_acknowledged, findings.acknowledgement,
            findings.acknowledgement_reason, findings.acknowledgement_reference,
            findings.acknowledged_on, findings.first_seen_at,
            findings.unit_name, findings.fiscal_year, findings.stage,
            documents.relative_path
        from marts.fct_finding as findings
        left join marts.dim_document as documents
            on findings.document_id = documents.document_id
        qualify row_number() over (
            partition by findings.severity, findings.rule_id
            order by findings.is_acknowledged, documents.relative_path,
                findings.page, findings.line, findings.title, findings.finding_id
        ) <= {FINDINGS_OF_A_RULE}
        order by findings.is_acknowledged, documents.relative_path,
            findings.page, findings.line, findings.title, findings.finding_id
        """
    )
    by_rule: dict[tuple[str, str], list[Row]] = {}
    for finding in shown:
        by_rule.setdefault((finding["severity"], finding["rule_id"]), []).append(
            finding
        )
    for count in counts:
        count["findings"] = by_rule[count["severity"], count["rule_id"]]
    return [
        {
            "severity": severity,
            "rules": rules,
            "open": sum(rule["open"] for rule in rules),
            "acknowledged": sum(rule["acknowledged"] for rule in rules),
        }
        for severity in words.SEVERITY
        if (rules := [count for count in counts if count["severity"] == severity])
    ]


def _coverage(rows: Any) -> Row:
    """Coverage of each document, the least covered first, and of all."""
    statements: dict[str, list[Row]] = {}
    for row in rows(
        """
        select
            coverage.*, statements.name_zh as statement_name
        from marts.rpt_coverage as coverage
        left join seeds.statement as statements
            on coverage.statement = statements.statement
        order by statements.sort_order
        """
    ):
        statements.setdefault(row["document_id"], []).append(row)
    documents = rows(
        """
        select
            coverage.document_id, documents.relative_path, coverage.unit_name,
            coverage.fiscal_year, coverage.stage,
            cast(sum(amounts) as bigint) as amounts,
            cast(sum(amounts_in_identity) as bigint) as in_identity,
            cast(sum(amounts_in_independent_identities) as bigint) as in_independent,
            cast(sum(amounts_in_no_identity) as bigint) as in_none
        from marts.rpt_coverage as coverage
        left join marts.dim_document as documents
            on coverage.document_id = documents.document_id
        group by all
        """
    )
    documents.sort(
        key=lambda document: (
            Fraction(document["in_identity"], document["amounts"]),
            -document["in_none"],
            document["relative_path"],
        )
    )
    for document in documents:
        document["statements"] = [
            {
                "name": row["statement_name"],
                "amounts": row["amounts"],
                "in_identity": row["amounts_in_identity"],
                "in_independent": row["amounts_in_independent_identities"],
                "in_none": row["amounts_in_no_identity"],
            }
            for row in statements[document["document_id"]]
        ]
    return {
        "documents": documents[:DOCUMENTS],
        "document_count": len(documents),
        **{
            name: sum(document[name] for document in documents)
            for name in ("amounts", "in_identity", "in_independent", "in_none")
        },
    }
