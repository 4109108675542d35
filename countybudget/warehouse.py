"""A published warehouse, or an export of it, as polars frames.

Amounts stay decimals in 元. What must not be added up is refused rather than added up.
"""

from __future__ import annotations

import difflib
import io
from collections.abc import Iterable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Literal, Self, get_args

import polars as pl
from duckdb import DuckDBPyConnection
from PIL import Image

from countybudget.citation import Citation
from countybudget.errors import (
    AmbiguousName,
    MixedSeries,
    NoPicture,
    UnknownName,
)
from countybudget.source import Source, open_source
from pipeline.trace import MARK, marked_page

Stage = Literal["budget", "final_accounts"]
Proof = Literal["proven", "disputed", "unchecked"]
Value = str | int | bool
Filter = Value | Sequence[Value] | None

# What two figures of a series must share, or they are not one series.
_MEANING = (
    *("unit_id", "coverage", "stage", "statement", "row_role", "side", "measure"),
    *("fund", "year_basis", "phase", "item", "category", "origin", "classification"),
    *("scope", "level", "functional_code", "economic_code", "revenue_source"),
    *("revenue_code", "project_code", "project_name", "project_type", "payer"),
    *("horizon", "purchase_name", "catalogue_code", "stock_or_purchase"),
    *("quantity_unit", "threshold_yuan"),
)
_CODES = ("functional_code", "economic_code", "revenue_code")
_AMOUNTS = ("amount_yuan", "expenditure_yuan")
# One of them stands in every fact that statements print, or that is made from those.
_OF_STATEMENTS = {"row_role", "expenditure_yuan"}
# Tables that are summed up: a figure of a duplicate would be there twice.
_COUNTED = ("fct_", "rpt_coverage", "rpt_narrative_coverage")
_SHOWN = 12  # values of a column that a message lists


class Warehouse:
    """A published warehouse: its tables as frames, its series, its citations.

    It reads and never writes; it is closed at the end of ``with``.

    >>> with Warehouse.open("warehouse.duckdb") as warehouse:
    ...     warehouse.tables()
    ...     warehouse.load("fct_spending", unit="某县社会保险中心", year=2025)

    Amounts are ``Decimal(20, 4)`` in 元 in every frame. Convert to float only to draw.
    """

    def __init__(self, source: Source) -> None:
        self._connection: DuckDBPyConnection = source.connection
        self._tables = source.tables
        self.path = source.path
        self.build_id = source.build_id

    @classmethod
    def open(cls, path: str | Path) -> Warehouse:
        """Open what ``make build`` published or ``make export`` wrote.

        :param path: ``warehouse.duckdb``, its exported copy, the folder of an export,
            or a folder with one Parquet file (or folder of parts) a table.
        :raises FileNotFoundError: there is nothing at ``path``.
        :raises NotAWarehouse: what is there is none, or mixes several builds.
        """
        return cls(open_source(Path(path)))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        """Which build of which file, and how much it holds."""
        return (
            f"<Warehouse {self.path.name}, build {self.build_id}, "
            f"{len(self._tables)} tables>"
        )

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def tables(self) -> list[str]:
        """The names of the tables, in the order of the alphabet."""
        return list(self._tables)

    def describe(self, table: str) -> pl.DataFrame:
        """The columns of a table and what they mean.

        :returns: one row a column: ``column``, ``type`` (of DuckDB), ``description``
            (in Chinese and English; null in Parquet files, which carry none).
        :raises UnknownName: no such table.
        """
        self._columns(table)
        return self._frame(
            'select column_name as "column", data_type as type, '
            "comment as description from duckdb_columns() "
            "where schema_name = 'marts' and table_name = ? order by column_index",
            [table],
        )

    def load(
        self,
        table: str,
        *,
        unit: str | Sequence[str] | None = None,
        year: int | Sequence[int] | None = None,
        stage: Stage | None = None,
        region: str | None = None,
        code: str | Sequence[str] | None = None,
        proof: Proof | Sequence[Proof] | None = None,
        duplicates: bool = False,
        **filters: Filter,
    ) -> pl.DataFrame:
        """A table, or those of its rows that all filters let pass.

        Facts (``fct_…``) and coverage come without the rows of documents that do not
        count, being duplicates or superseded editions: no figure is there twice.

        :param unit: ``unit_id`` or name (also a former one) of a unit, or several.
        :param year: ``fiscal_year``, one or several (``range(2021, 2026)``).
        :param stage: ``budget`` 预算 or ``final_accounts`` 决算.
        :param region: a region code (``"140405"``, ``"1404*"``), or the name of a
            county, prefecture or province.
        :param code: a functional, economic or revenue code, whichever the table has:
            ``"208"`` is that row alone, ``"208*"`` all that begin with it.
        :param proof: ``proven``, ``disputed`` or ``unchecked``.
        :param duplicates: also the rows of documents that do not count.
        :param filters: any column: a value, several of which one must fit, or None for
            NULL.
        :returns: all columns of the table, a row a row; amounts are decimals in 元.
        :raises UnknownName: no such table, column, unit, region, stage or proof.
        :raises AmbiguousName: several units bear the name.
        """
        condition, values = self._condition(
            table,
            unit=unit,
            year=year,
            stage=stage,
            region=region,
            code=code,
            proof=proof,
            duplicates=duplicates,
            filters=filters,
        )
        return self._frame(f"select * from marts.{table} where {condition}", values)

    def series(
        self,
        table: str,
        *,
        unit: str,
        stage: Stage | None = None,
        code: str | None = None,
        region: str | None = None,
        coverage: str | None = None,
        amount: str | None = None,
        **filters: Filter,
    ) -> pl.DataFrame:
        """One figure of one unit over the years.

        What would mix stages, kinds of money, codes, a department with its own office
        (``coverage``) or documents that contradict one another is refused: the error
        says what to choose. A figure that several rows print alike counts once, and
        documents that do not count are left out.

        :param unit: ``unit_id`` or name.
        :param stage: ``budget`` or ``final_accounts``.
        :param code: as for :meth:`load`.
        :param region: where several units bear the name.
        :param coverage: ``department`` (with all units below it) or ``unit`` (alone).
        :param amount: the column with the amount; of itself ``amount_yuan`` or
            ``expenditure_yuan``.
        :param filters: as for :meth:`load`.
        :returns: one row a year, in order: ``fiscal_year``, the amount in 元,
            ``half_unit_yuan`` (half of the last printed place), ``proof``,
            ``document_id`` and, where it is printed in one cell, ``cell_id`` to cite.
        :raises MixedSeries: the rows are not one series.
        :raises UnknownName: no such unit, table or column, or no rows.
        :raises AmbiguousName: several units bear the name.
        """
        columns = set(self._columns(table))
        value = amount or next((name for name in _AMOUNTS if name in columns), "")
        if value not in columns:
            asked = f"column {value}" if value else "column of amounts: give amount=…"
            raise UnknownName(f"{table} has no {asked}")
        if not table.startswith("fct_") or not columns & _OF_STATEMENTS:
            raise UnknownName(f"{table} is no fact of statements: it has no series")
        condition, values = self._condition(
            table, unit=unit, stage=stage, region=region, code=code, filters=filters
        )
        # A department and its own office bear one name; their documents differ.
        rows = self._frame(
            "select facts.*, case when documents.unit_id = facts.unit_id "
            "then documents.coverage else 'unit' end as coverage "
            f"from (select * from marts.{table} where {condition}) as facts "
            "inner join marts.dim_document as documents "
            "on facts.document_id = documents.document_id",
            values,
        )
        if coverage is not None:
            rows = rows.filter(pl.col("coverage") == coverage)
        if rows.is_empty():
            raise UnknownName(
                f"{table} has no such figure of {unit}: "
                f"{self._instead(table, unit, region, [*filters, *_CODES])}"
            )
        self._require_one_meaning(table, unit, rows)
        kept = [
            name
            for name in (value, "half_unit_yuan", "proof", "document_id", "cell_id")
            if name in rows.columns
        ]
        # Printed alike and disputed once: it is disputed.
        rows = rows.sort("fiscal_year", *(name for name in kept if name != value))
        single = rows.unique(["fiscal_year", value], keep="first", maintain_order=True)
        twice = single.filter(single["fiscal_year"].is_duplicated())
        if not twice.is_empty():
            raise MixedSeries(
                *_several_amounts(table, unit, twice, value, self._file_names())
            )
        return single.select("fiscal_year", *kept)

    def cite(self, cell_id: str) -> Citation:
        """Where the value of a cell stands: document, file, hash, page, cell, build.

        :param cell_id: of a fact, a finding's cell or ``dim_source_cell``.
        :raises UnknownName: no such cell.
        """
        result = self._connection.execute(
            "select cells.cell_id, cells.printed_text, cells.amount_unit, "
            "units.unit_name, documents.fiscal_year, documents.stage, documents.title, "
            "tables.title, cells.page, cells.sheet, cells.line, cells.row_number, "
            "cells.column_number, coalesce(cells.is_recognised, false), "
            "documents.document_id, documents.file_name, documents.file_sha256, "
            "documents.source_url from marts.dim_source_cell as cells "
            "inner join marts.dim_document as documents "
            "on cells.document_id = documents.document_id "
            "left join marts.dim_unit as units on documents.unit_id = units.unit_id "
            "left join marts.dim_source_table as tables "
            "on cells.source_table_id = tables.source_table_id where cells.cell_id = ?",
            [cell_id],
        ).fetchone()
        if result is None:
            raise UnknownName(
                f"no cell {cell_id}: take a cell_id of a fact, "
                "bridge_finding_cell or dim_source_cell"
            )
        return Citation(*(*result, self.build_id))

    def picture(self, cell_id: str, disclosures: str | Path = "disclosures") -> bytes:
        """The page of a PDF with the cell framed in red, as PNG.

        Nothing on it is masked: it shows what was published.

        :param disclosures: the folder that the warehouse was built from.
        :raises UnknownName: no such cell.
        :raises NoPicture: its document is no PDF, or lies no more below
            ``disclosures`` as it was read.
        """
        citation = self.cite(cell_id)
        image = marked_page(self._connection, cell_id, Path(disclosures))
        if image is None:
            raise NoPicture(
                f"no picture of {cell_id}: only pages of a PDF that still lies below "
                f"{disclosures} as it was read have one ({citation.file_name}, "
                f"SHA-256 {citation.file_sha256})"
            )
        return _png(image)

    def _frame(self, sql: str, values: Sequence[object]) -> pl.DataFrame:
        relation = self._connection.sql(sql, params=list(values))
        return pl.DataFrame(relation.to_arrow_table())

    def _condition(
        self,
        table: str,
        *,
        filters: dict[str, Filter],
        unit: str | Sequence[str] | None = None,
        year: int | Sequence[int] | None = None,
        stage: str | None = None,
        region: str | None = None,
        code: str | Sequence[str] | None = None,
        proof: str | Sequence[str] | None = None,
        duplicates: bool = False,
    ) -> tuple[str, list[object]]:
        """What a row has to fulfil, as SQL with its parameters."""
        columns = self._columns(table)
        _require_known("stage", stage, get_args(Stage))
        _require_known("proof", proof, get_args(Proof))
        wanted: dict[str, Filter] = dict(filters)
        if unit is not None:
            units = [unit] if isinstance(unit, str) else unit
            wanted["unit_id"] = [self._unit_id(name, region) for name in units]
        if code is not None:
            wanted[next((c for c in _CODES if c in columns), _CODES[0])] = code
        given = {"fiscal_year": year, "stage": stage, "proof": proof}
        wanted |= {name: value for name, value in given.items() if value is not None}
        parts = ["true"]
        values: list[object] = []
        for name, value in wanted.items():
            if name not in columns:
                raise UnknownName(
                    f"{table} has no column {name}; it has {', '.join(columns)}"
                )
            part, needed = _fits(name, value)
            parts.append(part)
            values += needed
        if region is not None:
            parts.append(_in_region(table, columns))
            values.append(self._region_codes(region))
        if not duplicates and table.startswith(_COUNTED) and "document_id" in columns:
            parts.append(
                "document_id in (select document_id from marts.dim_document "
                "where status = 'loaded')"
            )
        return " and ".join(parts), values

    def _columns(self, table: str) -> list[str]:
        if table not in self._tables:
            near = _like(table, self._tables)
            raise UnknownName(f"no table {table}{near}; tables() lists them")
        return [
            name
            for (name,) in self._connection.execute(
                "select column_name from information_schema.columns where "
                "table_schema = 'marts' and table_name = ? order by ordinal_position",
                [table],
            ).fetchall()
        ]

    def _unit_id(self, unit: str, region: str | None) -> str:
        found = self._connection.execute(
            "select unit_id, unit_name, region_code from marts.dim_unit "
            "where unit_id = ? or unit_name = ? "
            "or list_contains(string_split(other_names, ';'), ?) order by unit_id",
            [unit, unit, unit],
        ).fetchall()
        if region is not None:
            codes = self._region_codes(region)
            found = [row for row in found if row[2] in codes]
        if not found:
            names = self._connection.execute(
                "select unit_name from marts.dim_unit where unit_name is not null"
            ).fetchall()
            there = f" in {region}" if region is not None else ""
            near = _like(unit, [name for (name,) in names])
            raise UnknownName(f"no unit {unit}{there}{near}; dim_unit lists them")
        if len(found) > 1:
            listed = ", ".join(f"{row[0]} ({row[1]}, region {row[2]})" for row in found)
            raise AmbiguousName(
                f"several units are called {unit}: {listed}; give the unit_id or region"
            )
        return str(found[0][0])

    def _region_codes(self, region: str) -> list[str]:
        begins = region[:-1] if region.endswith("*") else None
        found = self._connection.execute(
            "select region_code, prefecture, region_name = ? from marts.dim_region "
            "where region_code = ? or starts_with(region_code, ?) "
            "or ? in (region_name, prefecture, province) order by region_code",
            [region, region, begins, region],
        ).fetchall()
        if not found:
            raise UnknownName(
                f"no region {region}: give a code, or a name as in dim_region"
            )
        named = [f"{code} ({where})" for code, where, is_named in found if is_named]
        if len(named) > 1:
            raise AmbiguousName(
                f"several regions are called {region}: {_or(named)}; give the code"
            )
        return [code for code, *_ in found]

    def _file_names(self) -> dict[str, str]:
        return dict(
            self._connection.execute(
                "select document_id, file_name from marts.dim_document"
            ).fetchall()
        )

    def _require_one_meaning(self, table: str, unit: str, rows: pl.DataFrame) -> None:
        choices = {
            column: _counted(rows[column])
            for column in _MEANING
            if column in rows.columns and rows[column].n_unique() > 1
        }
        if not choices:
            return
        lines = [
            f"  {column} = {_or([f'{value!r} ({count})' for value, count in values])}"
            for column, values in choices.items()
        ]
        raise MixedSeries(
            f"{len(rows)} rows of {table} for {unit} are not one series. Choose one of "
            "each (in brackets how many rows; one choice often settles others):\n"
            + "\n".join(lines),
            {name: [value for value, _ in values] for name, values in choices.items()},
        )

    def _instead(
        self, table: str, unit: str, region: str | None, names: Iterable[str]
    ) -> str:
        """What the unit has in the columns that were asked for."""
        condition, values = self._condition(table, unit=unit, region=region, filters={})
        rows = self._frame(f"select * from marts.{table} where {condition}", values)
        if rows.is_empty():
            return "the table has no row of this unit"
        told = {
            name: rows[name].unique().sort().to_list()
            for name in dict.fromkeys(["stage", "fiscal_year", *names])
            if name in rows.columns
        }
        return "it has " + "; ".join(
            f"{name} {_or([repr(value) for value in values])}"
            for name, values in told.items()
        )


def _png(image: Image.Image) -> bytes:
    """The picture in fifteen greys and the red of the frame: a quarter of the space."""
    palette = Image.new("P", (1, 1))
    greys = [round(255 * step / 14) for step in range(15)]
    palette.putpalette([*(grey for grey in greys for _ in range(3)), *MARK])
    content = io.BytesIO()
    few = image.convert("RGB").quantize(palette=palette, dither=Image.Dither.NONE)
    few.save(content, "PNG", optimize=True, bits=4)
    return content.getvalue()


def _counted(column: pl.Series) -> list[tuple[object, int]]:
    """The values of a column, the most frequent first, and how many rows have each."""
    counted = column.value_counts(name="rows")
    return counted.sort("rows", column.name, descending=[True, False]).rows()


def _several_amounts(
    table: str, unit: str, rows: pl.DataFrame, value: str, files: dict[str, str]
) -> tuple[str, dict[str, list[object]]]:
    """What to say of years that have several amounts, and what tells them apart."""
    lines = []
    for row in rows.iter_rows(named=True):
        cell = f", cell_id {row['cell_id']!r}" if "cell_id" in row else ""
        lines.append(
            f"  {row['fiscal_year']}: {row[value]:f} 元, {files[row['document_id']]}, "
            f"document_id {row['document_id']!r}{cell}"
        )
    told = [value, "coverage", "half_unit_yuan"]
    choices = {
        name: rows[name].unique(maintain_order=True).to_list()
        for name in rows.columns
        if name not in told and name != "fiscal_year" and rows[name].n_unique() > 1
    }
    return (
        f"{table} prints several amounts for one year of {unit}:\n"
        + "\n".join(lines)
        + f"\nChoose by a column that tells them apart: {', '.join(choices)}",
        choices,
    )


def _fits(name: str, wanted: Filter) -> tuple[str, list[object]]:
    """The condition of one filter, and its parameters."""
    if wanted is None:
        return f"{name} is null", []
    if isinstance(wanted, str | int):
        if isinstance(wanted, str) and name in _CODES and wanted.endswith("*"):
            return f"starts_with({name}, ?)", [wanted[:-1]]
        return f"{name} = ?", [wanted]
    if not len(wanted):
        return "false", []
    parts = [_fits(name, value) for value in wanted]
    return (
        f"({' or '.join(part for part, _ in parts)})",
        [value for _, values in parts for value in values],
    )


def _in_region(table: str, columns: Sequence[str]) -> str:
    """The condition that a row belongs to one of a list of regions."""
    if "region_code" in columns:
        return "list_contains(?, region_code)"
    for key, dimension in (("unit_id", "dim_unit"), ("document_id", "dim_document")):
        if key in columns:
            return (
                f"{key} in (select {key} from marts.{dimension} "
                "where list_contains(?, region_code))"
            )
    raise UnknownName(f"{table} belongs to no region: it has no unit and no document")


def _require_known(
    name: str, given: str | Sequence[str] | None, known: Sequence[str]
) -> None:
    for value in [given] if isinstance(given, str) else given or ():
        if value not in known:
            raise UnknownName(f"no {name} {value!r}: it is {_or(list(known))}")


def _like(name: str, names: Iterable[str]) -> str:
    near = difflib.get_close_matches(name, list(names), n=3, cutoff=0.5)
    return f" (like it: {', '.join(near)})" if near else ""


def _or(values: Sequence[str]) -> str:
    more = f" and {len(values) - _SHOWN} more" if len(values) > _SHOWN else ""
    return ", ".join(values[:_SHOWN]) + more
