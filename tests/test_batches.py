"""Which documents are worked, and which of them together."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from handbook import manifest
from ingest.landing import SCHEMAS
from pipeline.batches import AcceptedMeanwhile, Changes, Links, split
from pipeline.keeping import Kept, forget, keep, kept_tables
from pipeline.load import connect, create_memory
from pipeline.statements import Model
from pipeline.transform import Models
from pipeline.versions import LIGHT, is_as_read, seeds_version, version
from tests.warehouse import ROOT

# --- links --------------------------------------------------------------------


def test_documents_are_linked_by_chains_of_keys() -> None:
    links = Links([("a", "b"), ("c", "d", "e"), ("b", "c"), ("x", "y")])
    assert links.together_with({"e"}) == {"a", "b", "c", "d", "e"}
    assert links.together_with({"y", "alone"}) == {"x", "y", "alone"}
    assert list(links.groups(["e", "x", "a", "alone", "y"])) == [
        ["e", "a"],
        ["x", "y"],
        ["alone"],
    ]


def test_a_key_that_nothing_binds_ties_nothing(tmp_path: Path) -> None:
    database = tmp_path / "warehouse.duckdb"
    with connect(database) as connection:
        connection.execute("create schema intermediate")
        connection.execute(
            "create table intermediate.int_document_link as from (values "
            "('a', 'unit/1', true), ('b', 'unit/1', true), "
            # two offices whose codes begin alike, and no department has that code
            "('b', 'code/001', false), ('c', 'code/001', false), "
            "('c', 'code/002', true), ('d', 'code/002', false)"
            ") as links (document_id, link_key, binds)"
        )
    links = Links.of(database)
    assert links.together_with({"a"}) == {"a", "b"}
    assert links.together_with({"d"}) == {"c", "d"}


def test_a_warehouse_without_links_has_none(tmp_path: Path) -> None:
    database = tmp_path / "warehouse.duckdb"
    connect(database).close()
    assert Links.of(database).together_with({"a"}) == {"a"}


def test_batches_are_filled_and_groups_never_cut() -> None:
    groups = [["a", "b"], ["c"], ["d", "e", "f", "g"], ["h"], ["i"], ["j"]]
    assert list(split(groups, 3)) == [
        ["a", "b", "c"],
        ["d", "e", "f", "g"],
        ["h", "i", "j"],
    ]
    assert list(split([], 3)) == []


# --- rows ---------------------------------------------------------------------

TABLES = [
    Kept("marts.fct_thing", "document_id"),
    Kept("marts.bridge_thing", "thing_id", of="marts.fct_thing"),
    Kept("marts.dim_unit", "unit_id"),
    Kept("marts.dim_code", "seeds"),
    Kept("marts.rpt_whole", "corpus"),
    Kept("intermediate.int_document_link", "document_id"),
]
ROWS = {
    "raw.files": "(document_id, content_id)",
    "marts.fct_thing": "(document_id, thing_id, amount)",
    "marts.bridge_thing": "(thing_id, cell_id)",
    "marts.dim_unit": "(unit_id, unit_name)",
    "marts.dim_code": "(code)",
    "marts.rpt_whole": "(documents)",
    "intermediate.int_document_link": "(document_id, link_key)",
}


def _database(path: Path, **rows: str) -> Path:
    """A batch with the rows given, in SQL, by the names of tables."""
    with connect(path) as connection:
        create_memory(connection)
        for schema in ("marts", "intermediate"):
            connection.execute(f"create schema {schema}")
        for table in SCHEMAS:
            connection.execute(f"create table raw.{table} (content_id varchar)")
        for table, columns in ROWS.items():
            values = rows[table.partition(".")[2]]
            connection.execute(
                f"create table {table} as from (values {values}) as rows {columns}"
            )
        connection.execute(
            "insert into raw.cells select content_id from raw.files "
            "union all select content_id from raw.files"
        )
    return path


@pytest.fixture
def warehouse(tmp_path: Path) -> Path:
    """Two documents of one unit, and one of another, worked together."""
    batch = _database(
        tmp_path / "first.duckdb",
        files="('d1', 'c1'), ('d2', 'c2'), ('d3', 'c3')",
        fct_thing="('d1', 't1', 1.5), ('d2', 't2', 2.5), ('d3', 't3', 3.5)",
        bridge_thing="('t1', 'x1'), ('t2', 'x2'), ('t3', 'x3')",
        dim_unit="('u1', '财政局'), ('u2', '水利局')",
        dim_code="('208')",
        rpt_whole="(3)",
        int_document_link="('d1', 'unit/u1'), ('d2', 'unit/u1'), ('d3', 'unit/u2')",
    )
    warehouse = tmp_path / "warehouse.duckdb"
    connect(warehouse).close()
    keep(warehouse, batch, TABLES, is_corpus=True)
    return warehouse


def _rows(warehouse: Path, table: str) -> list[tuple[object, ...]]:
    with connect(warehouse, read_only=True) as connection:
        return connection.execute(f"from {table} order by all").fetchall()


def test_the_first_batch_is_the_warehouse(warehouse: Path) -> None:
    assert _rows(warehouse, "marts.bridge_thing") == [
        ("t1", "x1"),
        ("t2", "x2"),
        ("t3", "x3"),
    ]
    assert _rows(warehouse, "marts.rpt_whole") == [(3,)]
    assert len(_rows(warehouse, "raw.cells")) == 6


def test_a_batch_replaces_the_rows_of_its_documents(
    warehouse: Path, tmp_path: Path
) -> None:
    """Also those of units that only the documents of before named."""
    batch = _database(
        tmp_path / "second.duckdb",
        files="('d1', 'c9'), ('d2', 'c2')",
        fct_thing="('d1', 't9', 9.5)",
        bridge_thing="('t9', 'x9')",
        dim_unit="('u3', '财政局（新）')",
        dim_code="('208')",
        rpt_whole="(2)",
        int_document_link="('d1', 'unit/u3'), ('d2', 'unit/u3')",
    )
    keep(warehouse, batch, TABLES, is_corpus=False)
    assert _rows(warehouse, "marts.fct_thing") == [
        ("d1", "t9", 9.5),
        ("d3", "t3", 3.5),
    ]
    assert _rows(warehouse, "marts.bridge_thing") == [("t3", "x3"), ("t9", "x9")]
    assert _rows(warehouse, "marts.dim_unit") == [
        ("u2", "水利局"),
        ("u3", "财政局（新）"),
    ]
    assert _rows(warehouse, "marts.dim_code") == [("208",)]
    # made of the whole corpus, so not from a part of it
    assert _rows(warehouse, "marts.rpt_whole") == [(3,)]
    assert _rows(warehouse, "raw.files") == [("d1", "c9"), ("d2", "c2"), ("d3", "c3")]
    assert sorted(_rows(warehouse, "raw.cells")) == sorted(
        [("c2",), ("c2",), ("c3",), ("c3",), ("c9",), ("c9",)]
    )


def test_documents_that_are_gone_leave_nothing(warehouse: Path) -> None:
    forget(warehouse, TABLES, ["d3"])
    assert _rows(warehouse, "marts.fct_thing") == [("d1", "t1", 1.5), ("d2", "t2", 2.5)]
    assert _rows(warehouse, "marts.bridge_thing") == [("t1", "x1"), ("t2", "x2")]
    assert _rows(warehouse, "marts.dim_unit") == [("u1", "财政局")]
    assert _rows(warehouse, "marts.dim_code") == [("208",)]
    assert _rows(warehouse, "raw.files") == [("d1", "c1"), ("d2", "c2")]
    assert len(_rows(warehouse, "raw.cells")) == 4


# --- the models ---------------------------------------------------------------


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where dbt wrote what it knows of the models."""
    return tmp_path_factory.mktemp("project")


@pytest.fixture(scope="module")
def models(project: Path) -> Sequence[Model]:
    return Models(project, 1).models


def test_every_mart_says_how_it_is_kept(project: Path, models: Sequence[Model]) -> None:
    kept = {table.table: table for table in kept_tables(models)}
    marts = {f"marts.{model.name}" for model in models if model.schema == "marts"}
    assert marts
    assert marts <= kept.keys()
    # The rows of a table belong to documents by a column that it has.
    nodes = manifest.models(manifest.read(project / "dbt/target/manifest.json"))
    for node in nodes.values():
        table = kept.get(f"{node['schema']}.{node['name']}")
        if table is not None and table.column not in ("seeds", "corpus"):
            assert table.column in node["columns"], table
            assert table.of is None or kept[table.of].column == "document_id"


def test_no_model_reads_a_seed_that_is_light(
    project: Path, models: Sequence[Model]
) -> None:
    """A light seed changes without a document being worked again."""
    assert models
    nodes = manifest.read(project / "dbt/target/manifest.json")["nodes"].values()
    seeds = {
        node["unique_id"]: f"seeds/{node['original_file_path'].removeprefix('seeds/')}"
        for node in nodes
        if node["resource_type"] == "seed"
    }
    read = {
        seeds[needed]
        for node in nodes
        if node["resource_type"] == "model"
        for needed in node["depends_on"]["nodes"]
        if needed in seeds
    }
    # Accepted findings are compared one by one.
    light = {path for path in seeds.values() if path.startswith(LIGHT)}
    assert light & read == {"seeds/acknowledged_findings.csv"}
    assert set(seeds.values()) - read == light - read


def test_a_light_seed_leaves_the_version_as_it_is(tmp_path: Path) -> None:
    light, heavy = "seeds/vocabulary/column_label.csv", "seeds/official/region.csv"

    def version_with(**more: str) -> str:
        project = tmp_path / str(len(list(tmp_path.iterdir())))
        for name in (light, heavy):
            (project / name).parent.mkdir(parents=True, exist_ok=True)
            (project / name).write_text(
                (ROOT / name).read_text(encoding="utf-8")
                + more.get(Path(name).stem, ""),
                encoding="utf-8",
            )
        return version(project)

    assert version_with(column_label="新标签,amount") == version_with()
    assert version_with(region="999999,新县") != version_with()


# --- what is written to meanwhile ---------------------------------------------


def test_findings_accepted_while_it_builds_are_seen(tmp_path: Path) -> None:
    """Between what found the changes and the models, which read the file themselves."""
    file = tmp_path / "acknowledged.csv"
    file.write_text("finding_id,reason\na,known\n", encoding="utf-8")
    found = Changes(
        new=frozenset(), gone=frozenset(), accepted=frozenset({("a", "known")})
    )
    found.require_accepted(file)
    file.write_text("finding_id,reason\na,known\nb,known\n", encoding="utf-8")
    with pytest.raises(AcceptedMeanwhile):
        found.require_accepted(file)
    # Where everything is worked anew it makes no difference.
    Changes(new=frozenset(), gone=frozenset()).require_accepted(file)


def test_seeds_that_were_written_to_are_not_those_that_were_read(
    tmp_path: Path,
) -> None:
    seed = tmp_path / "seeds" / "codes.csv"
    seed.parent.mkdir()
    seed.write_text("code\n201\n", encoding="utf-8")
    read = seeds_version(tmp_path)
    assert is_as_read(seeds_version, tmp_path)
    seed.write_text("code\n202\n", encoding="utf-8")
    assert seeds_version(tmp_path) == read
    assert not is_as_read(seeds_version, tmp_path)
