"""The settings of a build, from the environment that the Makefile passes on."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from ingest.document import Limits

PROJECT = Path(__file__).resolve().parent.parent

# Every database that the models run on has this name: DuckDB calls it by its file, and
# the names of tables in compiled SQL begin with that.
DATABASE_NAME = "warehouse.duckdb"

# Documents that are worked together: what they cost stays in memory, and as many drown
# what a run of the models costs by itself.
BATCH_DOCUMENTS = 1000
MODEL_MEMORY_MB = 1300  # as in profiles.yml, for dbt by hand


# What `--help` tells of each setting.
SETTINGS = {
    "DISCLOSURES": "公开文件所在的文件夹（默认 disclosures/）",
    "WAREHOUSE": "数据库文件（默认 warehouse.duckdb）",
    "WORK": "构建的中间结果（默认 .build/）",
    "JOBS": "同时工作的进程数（默认：处理器核数）",
    "STRICT": "1 表示有未确认的错误级发现时以 3 退出，照样发布",
    "REBUILD": "1 表示全部文件重新处理，而不只是有变化的",
    "BATCH_DOCUMENTS": "一批处理多少份文件，内存占用以批为限（默认 1000）",
    "MODEL_MEMORY_MB": "数据库引擎最多用多少 MB 内存，超出的部分写入磁盘（默认 1300）",
    "DOCUMENT_SECONDS": "一份文件最多读多少秒，机器繁忙时的等待不计（默认 300）",
    "DOCUMENT_MEMORY_MB": "一份文件最多用多少 MB 内存（默认 4096）",
    "DOCUMENT_MB": "一份文件最大多少 MB（默认 200）",
    "OFFICE_SECONDS": "LibreOffice 转换一次最多多少秒（默认 120）",
    "RECOGNISED_PAGES": "一份文件最多识别多少页图像（默认 60）",
    "CHECKED_TOTALS_FLOOR": "参与勾稽的合计数比例下限（默认 0.80）",
    "CHECKED_TOTALS_LEAST": "合计数少于此数时不看该比例（默认 50）",
    "CHECKED_AMOUNTS_FLOOR": "参与勾稽的金额比例下限（默认 0.70）",
    "CHECKED_AMOUNTS_LEAST": "金额少于此数时不看该比例（默认 500）",
    "SQL": "要运行的查询；写在 make 之后时 $ 要写成 $$",
    "FILE": "查询所在的文件，例如 analyses/ 中的一个",
    "ROWS": "最多显示多少行（默认 200），all 表示全部",
    "FORMAT": "table 表格（默认），records 逐条一栏一行，csv 供 Excel 打开（全部行）",
    "CELL": "单元格编号，即各事实表的 cell_id（audit 中的“单元格编号”）",
    "EXPORT": "导出到哪个文件夹（默认 export/）",
    "POSTGRES": "postgresql://用户:密码@主机/库，同时载入 PostgreSQL（可省）",
    "DASHBOARD": "看板写到哪个文件夹（默认 dashboard_site/）",
    "DOCS": "手册写到哪个文件夹（默认 docs_site/）",
    "NO_COLOR": "1 表示不用颜色",
}


class InvalidSetting(Exception):
    """A setting has a value that means nothing; says which, and what it should be."""


def count(name: str, default: int) -> int:
    """A setting that is a number from 1 upwards.

    :raises InvalidSetting: it is none.
    """
    value = os.environ.get(name, "").strip()
    if not value:
        return default
    if not (value.isascii() and value.isdecimal()) or int(value) < 1:
        raise InvalidSetting(f"{name}={value}（应为 1 以上的整数）")
    return int(value)


def memory_limit(*, beside: bool = False) -> str:
    """What DuckDB may hold in memory; it writes the rest to the disk.

    Left to itself it takes most of the machine's, as the warehouse grows. ``beside`` a
    build that waits, and keeps what it holds, it may have two thirds.

    :raises InvalidSetting: ``MODEL_MEMORY_MB`` is no number from 1 upwards.
    """
    megabytes = count("MODEL_MEMORY_MB", MODEL_MEMORY_MB)
    return f"{-(-megabytes * 2 // 3) if beside else megabytes}MB"


def _is_set(name: str) -> bool:
    return os.environ.get(name, "") not in ("", "0")


def _behind_links(path: Path) -> Path:
    """Where a link leads: its target is replaced, and locked, not the link.

    :raises InvalidSetting: it leads round in circles.
    """
    try:
        return path.resolve() if path.is_symlink() else path
    except (OSError, RuntimeError):
        raise InvalidSetting(f"WAREHOUSE={path}（链接指向自身）") from None


_MEGABYTE = 1024 * 1024


def _limits() -> Limits:
    default = Limits()
    file_megabytes = count("DOCUMENT_MB", default.file_bytes // _MEGABYTE)
    memory_megabytes = count("DOCUMENT_MEMORY_MB", default.memory_bytes // _MEGABYTE)
    return Limits(
        file_bytes=file_megabytes * _MEGABYTE,
        memory_bytes=memory_megabytes * _MEGABYTE,
        seconds=count("DOCUMENT_SECONDS", default.seconds),
        office_seconds=count("OFFICE_SECONDS", default.office_seconds),
        recognised_pages=count("RECOGNISED_PAGES", default.recognised_pages),
    )


@dataclass(frozen=True, slots=True)
class Settings:
    """Where a build reads, works and publishes, and how strict it is.

    ``warehouse`` is what readers open; ``work`` holds everything that a build
    can make again (the landing, the next warehouse, dbt's target). ``limits``
    are what one document may cost.
    """

    disclosures: Path
    warehouse: Path
    work: Path
    jobs: int
    is_strict: bool
    threads: int
    limits: Limits = Limits()  # noqa: RUF009 - immutable
    batch_documents: int = BATCH_DOCUMENTS
    is_rebuild: bool = False

    @classmethod
    def from_environment(cls) -> Settings:
        """Read ``DISCLOSURES``, ``WAREHOUSE``, ``JOBS``, ``STRICT``, ``REBUILD``, ``WORK``.

        The limits are ``DOCUMENT_SECONDS``, ``DOCUMENT_MEMORY_MB``, ``DOCUMENT_MB``,
        ``OFFICE_SECONDS`` and ``RECOGNISED_PAGES``; ``BATCH_DOCUMENTS`` how many of
        them the models work together.

        :raises InvalidSetting: one that counts is no number from 1 upwards.
        """
        jobs = count("JOBS", os.cpu_count() or 1)
        memory_limit()  # the engine reads it by itself
        return cls(
            disclosures=Path(os.environ.get("DISCLOSURES") or PROJECT / "disclosures"),
            warehouse=_behind_links(
                Path(os.environ.get("WAREHOUSE") or PROJECT / "warehouse.duckdb")
            ),
            work=Path(os.environ.get("WORK") or PROJECT / ".build"),
            jobs=jobs,
            is_strict=_is_set("STRICT"),
            is_rebuild=_is_set("REBUILD"),
            threads=max(1, min(jobs, 8)),
            limits=_limits(),
            batch_documents=count("BATCH_DOCUMENTS", BATCH_DOCUMENTS),
        )

    @property
    def next_warehouse(self) -> Path:
        """Built beside the published one, on the same file system."""
        folder = self.warehouse.with_name(f".{self.warehouse.name}.next")
        return folder / DATABASE_NAME

    @property
    def batch(self) -> Path:
        """What the models run on: the documents that are worked together."""
        return self.work / "batch" / DATABASE_NAME

    @property
    def seeded(self) -> Path:
        """A database with nothing but the seeds, from which batches begin."""
        return self.work / "seeds" / DATABASE_NAME

    @property
    def landing(self) -> Path:
        """Where the Parquet of the documents lies."""
        return self.work / "landing"

    @property
    def folder_memory(self) -> Path:
        """What was in the folder when it was looked at last."""
        return self.landing / "folder.json"

    @property
    def manifest(self) -> Path:
        """What dbt knows of its models, with their descriptions."""
        return self.work / "dbt" / "target" / "manifest.json"

    @property
    def page(self) -> Path:
        """What the checks of the published warehouse found, for people."""
        return self.warehouse.with_suffix(".checks.html")

    @property
    def unsound_page(self) -> Path:
        """Why the last build was not published; gone with the next one that is."""
        return self.warehouse.with_suffix(".unsound.html")
