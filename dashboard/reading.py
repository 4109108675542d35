"""Reads a published warehouse: rows as dictionaries, and groups of them as a stream."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb

from exports import personal
from exports.masking import Masker
from pipeline import command
from pipeline.load import connect

Row = dict[str, Any]

_ROWS_AT_ONCE = 10_000


class Unreadable(command.Refused):
    """The warehouse cannot be shown; says why, in Chinese, and what to do."""


class Warehouse:
    """A published warehouse, read-only and without the network."""

    def __init__(self, path: Path) -> None:
        if not path.exists():
            raise Unreadable(f"还没有数据库：{path}。请先运行 make build。")
        try:
            self._connection = connect(path, read_only=True)
        except duckdb.Error as error:
            first_line = str(error).splitlines()[0]
            raise Unreadable(
                f"打不开数据库 {path}：它不是 DuckDB 数据库，或正被另一个程序写入。"
                f"（{first_line}）"
            ) from error
        self.path = path
        self.tables = {
            f"{schema}.{table}"
            for schema, table in self._connection.execute(
                "select table_schema, table_name from information_schema.tables"
            ).fetchall()
        }

    def masker(self) -> Masker:
        """The mask of what is personal in this warehouse."""
        return personal.masker(self._connection)

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def rows(self, sql: str, *parameters: object) -> list[Row]:
        """All rows of a query."""
        return list(self.stream(sql, *parameters))

    def one(self, sql: str, *parameters: object) -> Row:
        """The only row of a query."""
        (row,) = self.rows(sql, *parameters)
        return row

    def stream(self, sql: str, *parameters: object) -> Iterator[Row]:
        """The rows of a query, few in memory at a time."""
        result = self._connection.cursor().execute(sql, list(parameters))
        names = [column[0] for column in result.description or ()]
        while rows := result.fetchmany(_ROWS_AT_ONCE):
            for row in rows:
                yield dict(zip(names, row, strict=True))

    def groups(self, key: str, sql: str) -> Groups:
        """The rows of a query, to be taken key by key in ascending order."""
        return Groups(key, self.stream(f"select * from ({sql}) order by {key}, sort"))


class Groups:
    """Rows that are sorted by a key, handed out key by key.

    A whole province is read once, and never stands in memory at once.
    """

    def __init__(self, key: str, rows: Iterator[Row]) -> None:
        self._key = key
        self._rows = rows
        self._next = next(rows, None)

    def take(self, key: str) -> list[Row]:
        """The rows of ``key``; keys must be asked for in ascending order."""
        taken = []
        while self._next is not None and self._next[self._key] <= key:
            if self._next[self._key] == key:
                taken.append(self._next)
            self._next = next(self._rows, None)
        return taken
