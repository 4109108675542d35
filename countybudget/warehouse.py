"""A published warehouse, or its Parquet export, as polars frames.

Amounts stay decimals in 元. What must not be added up is refused rather than added up.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

import duckdb
import polars as pl

from pipeline.query import open_read_only

Value = str | int | bool
Filter = Value | Sequence[Value] | None

# What two figures of a series must share, or they are not one series.
_MEANING = (
    *("unit_id", "stage", "statement", "row_role", "measure", "fund", "year_basis"),
    *("phase", "side", "item", "classification", "scope", "functional_code"),
    *("economic_code", "revenue_source", "revenue_code", "project_code"),
    *("project_name", "payer", "horizon", "category", "origin"),
)


class UnknownName(LookupError):
    """The warehouse has no such table, column, unit or cell; the message says which."""


class MixedSeries(ValueError):
    """The figures asked for are not one series; says what tells them apart."""


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a printed value stands, so that a figure can be cited for good."""

    printed_text: str
    unit_name: str | None
    fiscal_year: int | None
    title: str | None
    file_name: str
    file_sha256: str
    page: int | None
    line: int | None
    row_number: int | None
    column_number: int | None
    table_title: str | None
    source_url: str | None
    build_id: str | None

    def __str__(self) -> str:
        """The citation in one line of Chinese."""
        place = [
            f"第 {self.page} 页" if self.page is not None else "",
            f"第 {self.line} 行" if self.line is not None else "",
            f"《{self.table_title}》" if self.table_title else "",
            f"第 {self.row_number + 1} 行第 {self.column_number + 1} 列"
            if self.row_number is not None and self.column_number is not None
            else "",
        ]
        parts = [
            f"“{self.printed_text}”",
            self.title or self.file_name,
            "".join(part for part in place if part),
            f"文件 {self.file_name}（SHA-256 {self.file_sha256}）",
            self.source_url or "",
            f"数据库版本 {self.build_id}" if self.build_id else "",
        ]
        return "，".join(part for part in parts if part)


class Warehouse:
    """A published warehouse; read only, and closed at the end of ``with``."""

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, build_id: str | None
    ) -> None:
        self._connection = connection
        self._build_id = build_id

    @classmethod
    def open(cls, path: str | Path) -> Warehouse:
        """Open a ``.duckdb`` file, or a folder with one Parquet file or folder a table.

        :raises FileNotFoundError: there is nothing, or no table, at ``path``.
        """
        path = Path(path)
        if path.is_dir():
            return cls(_parquet(path), None)
        connection = open_read_only(path)
        found = connection.execute("select build_id from meta.build").fetchone()
        return cls(connection, found[0] if found else None)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def tables(self) -> list[str]:
        """The names of the tables."""
        rows = self._connection.execute(
            "select table_name from information_schema.tables "
            "where table_schema = 'marts' order by table_name"
        ).fetchall()
        return [name for (name,) in rows]

    def load(self, table: str, **filters: Filter) -> pl.DataFrame:
        """A table, or the rows whose columns equal the filters.

        A filter is a value, several values of which one must fit, or None for NULL.

        :raises UnknownName: no such table or column.
        """
        columns = self._columns(table)
        conditions: list[str] = []
        values: list[Value] = []
        for name, wanted in filters.items():
            if name not in columns:
                raise UnknownName(f"{table} has no column {name}; it has {columns}")
            if wanted is None:
                conditions.append(f"{name} is null")
            elif isinstance(wanted, str | int):
                conditions.append(f"{name} = ?")
                values.append(wanted)
            else:
                conditions.append(f"list_contains(?, {name})")
                values.append(list(wanted))  # type: ignore[arg-type]
        where = f" where {' and '.join(conditions)}" if conditions else ""
        relation = self._connection.sql(
            f"select * from marts.{table}{where}", params=values
        )
        return pl.DataFrame(relation.to_arrow_table())

    def series(
        self,
        table: str,
        *,
        unit: str,
        stage: str,
        amount: str = "amount_yuan",
        **filters: Filter,
    ) -> pl.DataFrame:
        """One figure of a unit over the years: fiscal_year, amount, document, cell.

        Documents that do not count (duplicates, superseded editions) are left out, and
        a figure that several rows print alike counts once.

        :param unit: its ``unit_id`` or its name.
        :raises UnknownName: no such unit, table or column.
        :raises MixedSeries: the rows mean different things, or a year has two amounts.
        """
        unit_id = self._unit_id(unit)
        rows = self.load(table, unit_id=unit_id, stage=stage, **filters)
        if amount not in rows.columns:
            raise UnknownName(f"{table} has no column {amount}")
        counted = self.load("dim_document", status="loaded")["document_id"].to_list()
        rows = rows.filter(pl.col("document_id").is_in(counted))
        for column in _MEANING:
            if column in rows.columns and rows[column].n_unique() > 1:
                raise MixedSeries(
                    f"{column} is {rows[column].unique().sort().to_list()}: choose one"
                )
        rows = rows.unique(["fiscal_year", amount], keep="first", maintain_order=True)
        years = rows["fiscal_year"]
        if years.n_unique() < len(years):
            twice = years.filter(years.is_duplicated()).unique().sort().to_list()
            raise MixedSeries(f"{twice} has several amounts: {rows[amount].to_list()}")
        kept = [amount, "document_id", "cell_id"]
        return rows.select(
            "fiscal_year", *(name for name in kept if name in rows.columns)
        ).sort("fiscal_year")

    def cite(self, cell_id: str) -> Citation:
        """Where the value of a cell stands.

        :raises UnknownName: no such cell.
        """
        result = self._connection.execute(
            "select cells.printed_text, units.unit_name, documents.fiscal_year, "
            "documents.title, documents.file_name, documents.file_sha256, cells.page, "
            "cells.line, cells.row_number, cells.column_number, tables.title, "
            "documents.source_url from marts.dim_source_cell as cells "
            "inner join marts.dim_document as documents "
            "on cells.document_id = documents.document_id "
            "left join marts.dim_unit as units on documents.unit_id = units.unit_id "
            "left join marts.dim_source_table as tables "
            "on cells.source_table_id = tables.source_table_id where cells.cell_id = ?",
            [cell_id],
        ).fetchone()
        if result is None:
            raise UnknownName(f"no cell {cell_id}")
        return Citation(*(*result, self._build_id))

    def _columns(self, table: str) -> list[str]:
        rows = self._connection.execute(
            "select column_name from information_schema.columns "
            "where table_schema = 'marts' and table_name = ? order by ordinal_position",
            [table],
        ).fetchall()
        if not rows:
            raise UnknownName(f"no table {table}; there are {self.tables()}")
        return [name for (name,) in rows]

    def _unit_id(self, unit: str) -> str:
        found = self._connection.execute(
            "select distinct unit_id, region_code from marts.dim_unit "
            "where unit_id = ? or unit_name = ?",
            [unit, unit],
        ).fetchall()
        if not found:
            raise UnknownName(f"no unit {unit}")
        if len(found) > 1:
            regions = ", ".join(f"{unit_id} in {region}" for unit_id, region in found)
            raise MixedSeries(f"several units are called {unit}: {regions}")
        return str(found[0][0])


def _parquet(folder: Path) -> duckdb.DuckDBPyConnection:
    """Views on the files of an export, in a schema ``marts`` as in a warehouse."""
    sources: Mapping[str, str] = {
        path.stem: str(path / "**" / "*.parquet") if path.is_dir() else str(path)
        for path in sorted(folder.iterdir())
        if path.is_dir() or path.suffix == ".parquet"
    }
    connection = duckdb.connect()
    connection.execute("create schema marts")
    for name, source in sources.items():
        path = source.replace("'", "''")
        connection.execute(
            f'create view marts."{name}" as '
            f"select * from read_parquet('{path}', union_by_name = true)"
        )
    if not sources:
        raise FileNotFoundError(f"no Parquet files in {folder}")
    return connection
