"""The published warehouse is opened for reading: without files, network or extensions."""

from __future__ import annotations

import os
from pathlib import Path

import duckdb

from pipeline import command
from pipeline.load import is_in_use

# What every session runs first, also that of the terminal client.
READ_ONLY = Path(__file__).with_name("read_only.sql")


class NoWarehouse(command.Refused, FileNotFoundError):
    """There is no warehouse at this place."""


class UnreadableWarehouse(command.Refused):
    """The file is there and cannot be read as a warehouse; says why."""


def open_read_only(warehouse: Path) -> duckdb.DuckDBPyConnection:
    """Open a published warehouse so that SQL can read it and nothing else.

    The file is opened read-only; access to other files, to the network and to
    extensions is switched off, and so is switching it on again. A build that runs
    meanwhile is not held up: it renames its new file over this one.

    :raises NoWarehouse: there is none; build one first.
    :raises UnreadableWarehouse: it is not one, or cannot be read now.
    """
    if not warehouse.exists():
        raise NoWarehouse(
            f"还没有数据库：{warehouse}。请先运行 make build，或用 WAREHOUSE= 指明数据库文件。"
        )
    try:
        connection = duckdb.connect(str(warehouse), read_only=True)
    except duckdb.Error as error:
        raise UnreadableWarehouse(_why_closed(warehouse, error)) from error
    try:
        connection.execute(READ_ONLY.read_text(encoding="utf-8"))
    except duckdb.CatalogException as error:
        raise UnreadableWarehouse(
            f"{warehouse} 不是本项目的数据库，或由另一个版本建立。请用 WAREHOUSE= 指明数据库文件，"
            "或重新运行 make build。"
        ) from error
    return connection


def _why_closed(warehouse: Path, error: duckdb.Error) -> str:
    said = command.first_line(error)
    if warehouse.is_dir():
        return f"{warehouse} 是文件夹。请用 WAREHOUSE= 指明数据库文件。"
    if is_in_use(error):
        return f"数据库正被其他程序以写方式打开，关闭后再试：{warehouse}（{said}）"
    if not os.access(warehouse, os.R_OK):
        return f"没有读取数据库的权限：{warehouse}。"
    return (
        f"打不开数据库：{warehouse} 不是 DuckDB 数据库，或由更新的版本写成。"
        f"请用 WAREHOUSE= 指明数据库文件，或重新运行 make build。（{said}）"
    )
