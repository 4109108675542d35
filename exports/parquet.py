"""Parquet: one file a table, large tables in a folder with one part a year."""

from __future__ import annotations

from pathlib import Path

from exports.release import Release

# From here on a table is read by the year.
LARGE = 1_000_000


def write(release: Release, folder: Path, large: int = LARGE) -> None:
    """Write every table of the release into ``folder`` and read it back.

    :raises Differs: a file does not hold what the warehouse holds.
    """
    folder.mkdir(parents=True)
    # Known to every file: which warehouse it is from.
    labels = f"kv_metadata {{build_id: '{release.build_id}'}}"
    with release.open() as connection:
        for table in release.tables:
            source = f"marts.{table.name}"
            columns = {column.name for column in table.columns}
            if table.rows > large and "fiscal_year" in columns:
                target = folder / table.name
                connection.execute(
                    f"copy {source} to '{_quoted(target)}' (format parquet, "
                    "compression zstd, partition_by (fiscal_year), "
                    f"write_partition_columns true, {labels})"
                )
                files = f"{_quoted(target)}/**/*.parquet"
            else:
                target = folder / f"{table.name}.parquet"
                connection.execute(
                    f"copy {source} to '{_quoted(target)}' "
                    f"(format parquet, compression zstd, {labels})"
                )
                files = _quoted(target)
            relation = f"read_parquet('{files}', hive_partitioning = false)"
            measured = connection.execute(table.select_measures(relation)).fetchone()
            table.require_same(measured or (), target.name)


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
