"""``make export``: the published warehouse as files, and as tables in PostgreSQL."""

from __future__ import annotations

import os
import shutil
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from exports import csv_files, data_package, manifest, parquet, postgres, workbook
from exports import release as releases
from exports.catalog import Differs
from exports.release import Release, WrongWarehouse
from pipeline import command
from pipeline.folder import FolderBusy, FolderRefused, replaced
from pipeline.settings import PROJECT, InvalidSetting, Settings

# Exit codes, as far as they can be the same those of a build.
DIFFERS = 1
NO_WAREHOUSE = 2
NOT_WRITTEN = 3
NO_POSTGRES = 5
STOPPED = 143


def export(warehouse: Path, folder: Path, postgres_url: str) -> None:
    """Write every export into ``folder`` and load PostgreSQL; all of it or nothing."""
    started = time.perf_counter()
    with replaced(folder, "EXPORT", manifest.is_export) as beside:
        if postgres_url:
            postgres.require(postgres_url)
        with _step("脱敏副本"):
            release = releases.create(beside / "warehouse.duckdb", warehouse)
            rows = sum(table.rows for table in release.tables)
            _say(
                f"{len(release.tables)} 张表，{rows:,} 行，"
                f"{release.masked} 种文字含个人信息，已脱敏"
            )
        with _step("Parquet"):
            parquet.write(release, beside / "parquet")
        with _step("CSV 和数据包"):
            csv_files.write(release, beside / "csv")
            data_package.write(release, beside / "csv")
        with _step("工作簿"):
            for name, count in workbook.write(release, beside / "workbook.xlsx"):
                _say(f"{name} {count:,} 行")
        with _step("清单"):
            release.path.chmod(0o444)
            manifest.write(release, beside)
        if postgres_url:
            with _step("PostgreSQL"):
                for name, count in postgres.load(release, postgres_url):
                    _say(f"{name} {count:,} 行")
    seconds = time.perf_counter() - started
    print()
    print("\n".join(_summary(release, folder, postgres_url, seconds)))


def _summary(
    release: Release, folder: Path, postgres_url: str, seconds: float
) -> list[str]:
    files = [path for path in folder.rglob("*") if path.is_file()]
    size = sum(path.stat().st_size for path in files)
    rows = sum(table.rows for table in release.tables)
    lines = [
        f"已导出到 {folder}：{len(files)} 个文件，{size / 1_000_000:,.1f} MB，"
        f"用时 {seconds:.1f} 秒",
        f"  构建编号 {release.build_id}",
        f"  {len(release.tables)} 张表 {rows:,} 行；每个文件的行数与合计均与数据库一致",
        f"  个人信息已脱敏（{release.masked} 种文字）；原数据库保留公开原文，未脱敏",
        "  workbook.xlsx 审计工作簿，warehouse.duckdb 脱敏数据库（只读），"
        "parquet/，csv/",
        "  manifest.json 各文件的 SHA-256、代码表和规则的版本",
    ]
    if postgres_url:
        schemas = f"{postgres.SCHEMA}、{postgres.VIEWS}"
        lines.append(f"  PostgreSQL：模式 {schemas} 已整体替换")
    return lines


@contextmanager
def _step(title: str) -> Iterator[None]:
    print(f"{title} …", flush=True)
    started = time.perf_counter()
    yield
    _say(f"{time.perf_counter() - started:.1f} 秒")


def _say(text: str) -> None:
    print(f"  {text}", flush=True)


def _arguments() -> None:
    command.parser(
        "make export",
        "把已发布的数据库导出为 Excel、CSV、Parquet、DuckDB，并可载入 PostgreSQL；"
        "个人信息一律脱敏。",
        *("EXPORT", "WAREHOUSE", "POSTGRES"),
    ).parse_args()


def main() -> int:
    """The command; turns what can go wrong into one clear line each."""
    _arguments()
    # Told to stop, it clears away what it has begun.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(STOPPED))
    folder = Path(os.environ.get("EXPORT") or PROJECT / "export")
    kept = "；原有的导出保持不变。"
    try:
        settings = Settings.from_environment()
        postgres_url = os.environ.get("POSTGRES", "")
        with command.interruptible():
            export(settings.warehouse, folder.absolute(), postgres_url)
    except KeyboardInterrupt:
        print(f"已中断{kept}", file=sys.stderr)
        return command.INTERRUPTED
    except InvalidSetting as error:
        print(f"设置无效：{error}", file=sys.stderr)
        return NO_WAREHOUSE
    except WrongWarehouse as error:
        print(error, file=sys.stderr)
        return NO_WAREHOUSE
    except (duckdb.BinderException, duckdb.CatalogException) as error:
        print(
            f"数据库不是本版本建立的，请重新运行 make build{kept}\n{error}",
            file=sys.stderr,
        )
        return NO_WAREHOUSE
    except Differs as error:
        print(f"导出与数据库不一致，没有发布{kept}\n{error}", file=sys.stderr)
        return DIFFERS
    except FolderRefused as error:
        print(error, file=sys.stderr)
        return NOT_WRITTEN
    except FolderBusy as error:
        print(error, file=sys.stderr)
        return error.code
    except postgres.LoadFailed as error:
        print(f"PostgreSQL 载入失败，库中数据保持不变{kept}\n{error}", file=sys.stderr)
        return NO_POSTGRES
    except (OSError, duckdb.Error, workbook.NotWritten) as error:
        print(
            f"写不进文件夹 {folder}（空间或权限？）{kept}\n{error}\n{_space(folder)}",
            file=sys.stderr,
        )
        return NOT_WRITTEN
    return 0


def _space(folder: Path) -> str:
    there = next((path for path in folder.absolute().parents if path.is_dir()), None)
    if there is None:
        return ""
    return f"{there} 剩余空间 {shutil.disk_usage(there).free / 1_000_000:,.0f} MB。"


if __name__ == "__main__":
    sys.exit(main())
