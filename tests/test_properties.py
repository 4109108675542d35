"""Every model, seed, source and column is described, and nothing else is.

The columns of a model are those DuckDB gives its compiled SQL on empty tables,
so that no warehouse has to be built for it.
"""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest
import yaml

from ingest.corpus import FILES_SCHEMA
from ingest.landing import SCHEMAS
from pipeline.load import MEMORY_TABLES
from pipeline.publication import RESULT_COLUMNS

ROOT = Path(__file__).resolve().parent.parent
MODELS = ROOT / "models"
SEEDS = ROOT / "seeds"
# All properties files but the one of the raw tables, which the models refer to.
PROPERTIES = shutil.ignore_patterns("[!_]*.yml", "_[!s]*.yml")
RAW_SCHEMAS: dict[str, dict[str, Any]] = {"files": FILES_SCHEMA, **SCHEMAS}


@dataclass(frozen=True, slots=True)
class Properties:
    """What one properties file says of a model, seed or source table."""

    file: Path
    description: str
    columns: Mapping[str, str] = field(default_factory=dict)


def read_properties(folder: Path) -> dict[str, Properties]:
    """The models, seeds and source tables that the files below ``folder`` name."""
    found: dict[str, Properties] = {}
    for path in sorted(folder.rglob("*.yml")):
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        entries = content.get("models", []) + content.get("seeds", [])
        for source in content.get("sources", []):
            entries += source["tables"]
        for entry in entries:
            assert entry["name"] not in found, f"{entry['name']} is described twice"
            found[entry["name"]] = Properties(
                path,
                entry.get("description", "").strip(),
                {
                    column["name"]: column.get("description", "").strip()
                    for column in entry.get("columns", [])
                },
            )
    return found


def undescribed(
    properties: Mapping[str, Properties], columns: Mapping[str, Iterable[str]]
) -> list[str]:
    """What lacks a description, and what is described and does not exist."""
    missing = []
    for name, names in columns.items():
        entry = properties.get(name)
        if entry is None or not entry.description:
            missing.append(f"{name}: no description")
            continue
        missing += [
            f"{name}.{column}: no description"
            for column in names
            if not entry.columns.get(column)
        ]
        missing += [
            f"{name}.{column}: no such column"
            for column in entry.columns
            if column not in set(names)
        ]
    missing += [f"{name}: does not exist" for name in properties.keys() - columns]
    return missing


def without_properties_file(folder: Path) -> list[str]:
    """The models below ``folder`` with no file of the same name beside them."""
    return [
        path.name
        for path in sorted(folder.rglob("*.sql"))
        if not path.with_suffix(".yml").exists()
    ]


def compile_models(work: Path) -> dict[str, Any]:
    """The compiled manifest; needs no warehouse.

    Properties change no column, and reading them takes dbt most of its time: it
    compiles a copy without them.
    """
    project = work / "project"
    for folder in ("models", "macros", "seeds"):
        shutil.copytree(ROOT / folder, project / folder, ignore=PROPERTIES)
    for name in ("dbt_project.yml", "profiles.yml"):
        shutil.copy(ROOT / name, project)
    target = work / "target"
    environment = os.environ | {
        "WAREHOUSE_BUILD": ":memory:",
        "DBT_TARGET_PATH": str(target),
        "DBT_LOG_PATH": str(target),
    }
    done = subprocess.run(
        [
            str(Path(sys.executable).with_name("dbt")),
            *("--quiet", "compile", "--no-introspect", "--no-populate-cache"),
            *("--project-dir", str(project), "--profiles-dir", str(project)),
        ],
        cwd=project,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
    manifest: dict[str, Any] = json.loads((target / "manifest.json").read_text())
    return manifest


def model_columns(manifest: Mapping[str, Any]) -> dict[str, list[str]]:
    """The columns of every model, from its SQL on empty seeds and raw tables."""
    columns: dict[str, list[str]] = {}
    with duckdb.connect(":memory:") as connection:
        for folder in ("raw", "seeds", "staging", "intermediate", "marts"):
            connection.execute(f"create schema {folder}")
        for table, schema in RAW_SCHEMAS.items():
            # the landing's types are Polars'; an empty frame carries them over
            connection.register("landed", pl.DataFrame(schema=schema))
            connection.execute(f"create table raw.{table} as from landed")
        for table, kinds in MEMORY_TABLES.items():
            listed = ", ".join(f"{name} {kind}" for name, kind in kinds.items())
            connection.execute(f"create table raw.{table} ({listed})")
        types = seed_types()
        for seed, names in seed_columns().items():
            listed = ", ".join(
                f'"{name}" {types[seed].get(name, "string")}' for name in names
            )
            connection.execute(f"create table seeds.{seed} ({listed})")
        waiting = {
            key: node
            for key, node in manifest["nodes"].items()
            if node["resource_type"] == "model"
        }
        while waiting:
            ready = [
                key
                for key, node in waiting.items()
                if not waiting.keys() & set(node["depends_on"]["nodes"])
            ]
            for key in ready:
                node = waiting.pop(key)
                place = f"{node['schema']}.{node['name']}"
                connection.execute(f"create table {place} as {node['compiled_code']}")
                described = connection.execute(f"describe {place}").fetchall()
                columns[node["name"]] = [row[0] for row in described]
    return columns


def seed_columns() -> dict[str, list[str]]:
    """The columns of every seed: the first line of its file."""
    columns = {}
    for path in SEEDS.rglob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            columns[path.stem] = next(csv.reader(file))
    return columns


def seed_types() -> dict[str, dict[str, str]]:
    """The types of the columns of every seed that are not left to dbt."""
    return {
        seed["name"]: seed.get("config", {}).get("column_types", {})
        for path in SEEDS.rglob("*.yml")
        for seed in yaml.safe_load(path.read_text(encoding="utf-8"))["seeds"]
    }


def raw_columns() -> dict[str, list[str]]:
    """The columns of every table that no model makes."""
    schemas = {**RAW_SCHEMAS, **MEMORY_TABLES, "expectation_results": RESULT_COLUMNS}
    return {name: list(schema) for name, schema in schemas.items()}


@pytest.fixture(scope="module")
def project_columns(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    return model_columns(compile_models(tmp_path_factory.mktemp("dbt")))


def test_every_model_has_its_properties_file() -> None:
    assert without_properties_file(MODELS) == []


def test_every_properties_file_is_named_after_its_model() -> None:
    sources = "_sources"
    for name, entry in read_properties(MODELS).items():
        assert entry.file.stem in (name, sources)


def test_every_model_and_column_is_described(
    project_columns: dict[str, list[str]],
) -> None:
    columns = raw_columns() | project_columns
    found = undescribed(read_properties(MODELS), columns)
    assert not found, "\n".join(found)


def test_every_seed_and_column_is_described() -> None:
    assert undescribed(read_properties(SEEDS), seed_columns()) == []


def test_every_model_says_its_grain() -> None:
    for name, entry in read_properties(MODELS).items():
        assert re.search(r"One row per [^.]+\.", entry.description), name


def test_every_mart_keeps_a_contract() -> None:
    for path in (MODELS / "marts").glob("[!_]*.yml"):
        (model,) = yaml.safe_load(path.read_text(encoding="utf-8"))["models"]
        assert model["config"]["contract"]["enforced"] is True, path.name
        for column in model["columns"]:
            assert column.get("data_type"), f"{path.name}: {column['name']}"


# --- the checks can fail ------------------------------------------------------


def properties(
    description: str = "A model. One row per x.", **columns: str
) -> dict[str, Properties]:
    return {"model": Properties(Path("model.yml"), description, columns)}


@pytest.mark.parametrize(
    ("described", "expected"),
    [
        (properties(x="The x.", y="The y."), []),
        (properties(x="The x."), ["model.y: no description"]),
        (properties(x="The x.", y=""), ["model.y: no description"]),
        (properties(x="X.", y="Y.", z="Z."), ["model.z: no such column"]),
        (properties("", x="The x.", y="The y."), ["model: no description"]),
        ({}, ["model: no description"]),
    ],
)
def test_a_gap_is_found(described: dict[str, Properties], expected: list[str]) -> None:
    assert undescribed(described, {"model": ["x", "y"]}) == expected


def test_a_description_of_nothing_is_found() -> None:
    described = properties(x="The x.") | {"gone": Properties(Path("gone.yml"), "Gone.")}
    assert undescribed(described, {"model": ["x"]}) == ["gone: does not exist"]


def test_a_model_without_its_file_is_found(tmp_path: Path) -> None:
    (tmp_path / "one.sql").touch()
    (tmp_path / "one.yml").touch()
    (tmp_path / "two.sql").touch()
    assert without_properties_file(tmp_path) == ["two.sql"]
