"""Opens what a warehouse may be: its file, the exported copy, a folder of Parquet."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb

from countybudget.errors import NotAWarehouse

_MARTS = (
    "select table_name from information_schema.tables "
    "where table_schema = 'marts' order by table_name"
)


@dataclass(frozen=True, slots=True)
class Source:
    """A connection that only reads, whose schema ``marts`` holds the tables."""

    connection: duckdb.DuckDBPyConnection
    path: Path
    build_id: str | None
    tables: tuple[str, ...]


def open_source(path: Path) -> Source:
    """Open a ``.duckdb`` file, the folder of an export, or a folder of Parquet files.

    :raises FileNotFoundError: there is nothing at ``path``.
    :raises NotAWarehouse: what is there holds no tables of a warehouse.
    """
    if not path.exists():
        raise FileNotFoundError(
            f"no warehouse at {path}: run `make build`, "
            "or open the folder that `make export` wrote"
        )
    return _folder(path) if path.is_dir() else _file(path)


def _file(path: Path) -> Source:
    # Attached, not connected to: a notebook opens the same file again and again, also
    # beside a connection of its own.
    connection = duckdb.connect()
    try:
        connection.execute(f"attach {_literal(path)} as warehouse (read_only)")
        _shut(connection, "warehouse.marts")
        build = connection.execute("select build_id from meta.build").fetchone()
        tables = tuple(name for (name,) in connection.execute(_MARTS).fetchall())
    except duckdb.Error as error:
        raise NotAWarehouse(
            f"{path} is no published warehouse (those of `make build` and "
            f"`make export` are): {error}"
        ) from error
    return Source(connection, path, build[0] if build else None, tables)


def _folder(folder: Path) -> Source:
    inner = folder / "parquet"
    folder = inner if inner.is_dir() else folder
    sources = {
        path.stem: path / "**" / "*.parquet" if path.is_dir() else path
        for path in sorted(folder.iterdir())
        if path.suffix == ".parquet"
        or next(path.glob("fiscal_year=*/*.parquet"), None) is not None
    }
    # Every fact leads to its document; without them nothing can be counted or cited.
    if "dim_document" not in sources:
        files = [str(path) for path in sorted(folder.glob("*.duckdb"))]
        advice = f"; open {' or '.join(files)}" if files else ""
        raise NotAWarehouse(f"no Parquet files of a warehouse in {folder}{advice}")
    connection = duckdb.connect()
    connection.execute("create schema marts")
    for name, source in sources.items():
        # A part of a large table lies in fiscal_year=2025/ and holds that column, too.
        connection.execute(
            f'create view marts."{name}" as select * from read_parquet('
            f"{_literal(source)}, union_by_name = true, hive_partitioning = false)"
        )
    files_of_all = ", ".join(_literal(source) for source in sources.values())
    builds = [
        build_id
        for (build_id,) in connection.execute(
            "select distinct decode(value) from parquet_kv_metadata("
            f"[{files_of_all}]) where decode(key) = 'build_id' order by 1"
        ).fetchall()
    ]
    if len(builds) > 1:
        raise NotAWarehouse(
            f"the files in {folder} are of several builds ({', '.join(builds)}): "
            "export into an empty folder"
        )
    connection.execute(f"set allowed_directories = [{_literal(folder)}]")
    _shut(connection, "marts")
    return Source(connection, folder, builds[0] if builds else None, tuple(sources))


def _shut(connection: duckdb.DuckDBPyConnection, schema: str) -> None:
    """Names are those of ``schema``; other files and the network are out of reach."""
    connection.execute(f"set search_path = '{schema}'")
    connection.execute("set autoinstall_known_extensions = false")
    connection.execute("set autoload_known_extensions = false")
    connection.execute("set enable_external_access = false")
    connection.execute("set lock_configuration = true")


def _literal(path: Path) -> str:
    return "'" + str(path.absolute()).replace("'", "''") + "'"
