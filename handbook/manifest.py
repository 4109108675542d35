"""What dbt knows of the project: the marts, their columns, the lineage."""

from __future__ import annotations

import csv
import json
import os
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from expectations.keys import KEYS
from pipeline import words
from pipeline.audit import NAMED_VALUES, OWN_VALUES
from pipeline.settings import PROJECT

_REF = re.compile(r"ref\('(\w+)'\)")
_SEEDS = PROJECT / "seeds"
_KNOWLEDGE = Path(__file__).with_name("knowledge")

Row = dict[str, str]


class Unparsable(Exception):
    """dbt cannot read the project; says why."""


@dataclass(frozen=True, slots=True)
class Value:
    """A coded value of a column and what it is called."""

    value: str
    name_zh: str
    name_en: str


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a mart; ``target`` is the table that its values are keys of."""

    name: str
    name_zh: str
    data_type: str
    about_zh: str
    about_en: str
    is_key: bool
    target: str | None
    values: list[Value]


@dataclass(frozen=True, slots=True)
class Table:
    """A mart; ``view`` is what it is called in the schema ``audit``."""

    name: str
    name_zh: str
    view: str | None
    about_zh: str
    about_en: str
    columns: list[Column]

    @property
    def key(self) -> list[str]:
        """The columns that tell its rows apart, as far as they are declared."""
        return [column.name for column in self.columns if column.is_key]

    @property
    def targets(self) -> dict[str, list[str]]:
        """Other tables it leads to, with the columns that do."""
        found: dict[str, list[str]] = defaultdict(list)
        for column in self.columns:
            if column.target and column.target != self.name:
                found[column.target].append(column.name)
        return dict(found)


@dataclass(frozen=True, slots=True)
class Subject:
    """Tables about one thing."""

    subject: str
    name_zh: str
    name_en: str
    tables: list[Table] = field(default_factory=list)


def parsed(work: Path) -> tuple[Path, Path]:
    """Have dbt write its manifest and its own pages; needs no warehouse.

    :raises Unparsable: the project has an error.
    """
    # Imported here: the import alone takes seconds.
    from dbt.cli.main import dbtRunner

    os.environ["WAREHOUSE_BUILD"] = ":memory:"
    target = work / "target"
    common = (
        *("--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT)),
        *("--target-path", str(target)),
    )
    quiet = ("--log-path", str(work / "logs"), "--log-level", "none")
    result = dbtRunner().invoke([*quiet, "parse", *common])
    if result.success:
        # Compiling would ask the warehouse; what is shown stands in the models.
        generate = ("docs", "generate", "--static", "--no-compile", "--empty-catalog")
        result = dbtRunner(manifest=result.result).invoke([*quiet, *generate, *common])
    if not result.success:
        raise Unparsable(str(result.exception or "dbt docs generate"))
    return target / "manifest.json", target / "static_index.html"


def read(file: Path) -> dict[str, Any]:
    """The manifest."""
    manifest: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return manifest


def seed(path: str) -> list[Row]:
    """The rows of a seed, ``rules/rule`` for instance."""
    return read_rows(_SEEDS / f"{path}.csv")


def knowledge(name: str) -> list[Row]:
    """The rows of a list that only the handbook needs."""
    return read_rows(_KNOWLEDGE / f"{name}.csv")


def read_rows(file: Path) -> list[Row]:
    """The rows of a CSV file."""
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def models(manifest: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The models by name."""
    return {
        node["name"]: node
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model"
    }


def subjects(manifest: dict[str, Any]) -> list[Subject]:
    """Every table of the marts under its subject; what has none comes last."""
    tables = {table.name: table for table in _tables(manifest)}
    found = []
    for row in knowledge("subject"):
        names = row["tables"].split()
        own = [tables.pop(name) for name in names if name in tables]
        found.append(Subject(row["subject"], row["name_zh"], row["name_en"], own))
    if tables:
        found.append(Subject("other", "其他", "other", list(tables.values())))
    return found


def _tables(manifest: dict[str, Any]) -> Iterator[Table]:
    tests = _Tests(manifest)
    names = {row["column_name"]: row["name_zh"] for row in seed("audit/audit_column")}
    views = {row["table_name"]: row["view_name"] for row in seed("audit/audit_view")}
    texts = {
        (row["table_name"], row["column_name"]): row["description_zh"]
        for row in seed("audit/audit_description")
    }
    values = _Values()
    nodes = [
        node
        for node in (*manifest["nodes"].values(), *manifest["sources"].values())
        if node["resource_type"] in ("model", "source") and node["schema"] == "marts"
    ]
    for node in sorted(nodes, key=lambda node: str(node["name"])):
        name = node["name"]
        key = tests.key(name)
        columns = []
        for column in node["columns"].values():
            of = column["name"]
            target = tests.targets.get((name, of))
            columns.append(
                Column(
                    name=of,
                    name_zh=names.get(of, ""),
                    data_type=column.get("data_type") or "",
                    about_zh=texts.get((name, of)) or texts.get(("", of), ""),
                    about_en=_line(column["description"]),
                    is_key=of in key,
                    target=target,
                    values=values.of(name, of, tests.accepted.get((name, of), [])),
                )
            )
        label = words.TABLES.get(f"marts.{name}", "")
        yield Table(
            name=name,
            name_zh=views.get(name) or label or name,
            view=views.get(name),
            about_zh=texts.get((name, ""), ""),
            about_en=_line(node["description"]),
            columns=columns,
        )


class _Tests:
    """Keys and values that the tests of the models state."""

    def __init__(self, manifest: dict[str, Any]) -> None:
        self.targets: dict[tuple[str, str], str] = {}
        self.accepted: dict[tuple[str, str], list[str]] = {}
        self._unique: dict[str, list[str]] = defaultdict(list)
        for node in manifest["nodes"].values():
            test = node.get("test_metadata")
            if not test or not node.get("attached_node"):
                continue
            of = node["attached_node"].rpartition(".")[2]
            kwargs = test["kwargs"]
            place = of, kwargs.get("column_name") or ""
            match test["name"]:
                case "relationships":
                    found = _REF.search(kwargs["to"])
                    self.targets[place] = found[1] if found else ""
                case "accepted_values":
                    self.accepted[place] = [str(value) for value in kwargs["values"]]
                case "unique":
                    self._unique[of] = [place[1]]
                case "unique_combination":
                    self._unique.setdefault(of, kwargs["columns"])

    def key(self, table: str) -> tuple[str, ...]:
        return KEYS.get(table) or tuple(self._unique[table])


class _Values:
    """What coded values are called."""

    def __init__(self) -> None:
        self._audit: dict[str, dict[str, str]] = defaultdict(dict)
        for row in seed("audit/audit_value"):
            self._audit[row["column_name"]][row["value"]] = row["name_zh"]
        self._seeds: dict[str, list[Row]] = {
            path.stem: read_rows(path) for path in _SEEDS.glob("*/*.csv")
        }

    def of(self, table: str, column: str, accepted: list[str]) -> list[Value]:
        named = OWN_VALUES.get((table, column)) or NAMED_VALUES.get(column)
        if named and column != "rule_id":
            name, key, chinese = named
            rows = {row[key]: row for row in self._seeds[name]}
            wanted = accepted or list(rows)
            return [
                Value(
                    value,
                    rows.get(value, {}).get(chinese, ""),
                    rows.get(value, {}).get("name_en", ""),
                )
                for value in wanted
            ]
        return [
            Value(value, self._audit[column].get(value, ""), "") for value in accepted
        ]


def _line(text: str) -> str:
    return " ".join(text.split())
