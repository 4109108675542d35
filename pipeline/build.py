"""``make build``: disclosures in, a published warehouse and a summary out."""

from __future__ import annotations

import datetime as dt
import logging
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from ingest.corpus import ingest
from ingest.folder import NoDisclosures
from pipeline import acknowledgements, page, publication
from pipeline.checking import Expectations, ExpectationsFailed, Results
from pipeline.history import WarehouseInUse, load_history
from pipeline.load import connect, load_raw
from pipeline.lock import BuildRunning, build_lock
from pipeline.settings import PROJECT, InvalidSetting, Settings
from pipeline.summary import summarize
from pipeline.transform import TransformFailed, run_dbt

LOG = logging.getLogger("build")

# Exit codes: what a script that runs builds can tell apart.
UNSOUND = 1
NOTHING_TO_READ = 2
OPEN_ERRORS = 3
BUSY = 4


class Unsound(Exception):
    """The warehouse must not be published; says why."""


def build(settings: Settings) -> int:
    """Build, check and publish; the exit code."""
    seconds: dict[str, float] = {}
    built_at = dt.datetime.now(dt.UTC)
    acknowledgements.check(PROJECT / "seeds" / "acknowledged_findings.csv")
    database = settings.next_warehouse
    with build_lock(settings.warehouse.with_name(f".{settings.warehouse.name}.lock")):
        try:
            with _step("读取公开文件", "ingest", seconds):
                files = ingest(
                    settings.disclosures,
                    settings.landing,
                    PROJECT / "seeds",
                    settings.jobs,
                    settings.limits,
                )
            with _step("载入原始表", "load", seconds):
                publication.create(database)
                load_raw(database, settings.landing, files)
                load_history(database, settings.warehouse, built_at)
            with Expectations(
                database, settings.work / "expectations.json"
            ) as expectations:
                with _step("运行模型", "dbt", seconds):
                    run_dbt(database, settings.work, settings.threads)
                _require_documents(settings)
                with _step("核对预期", "expectations", seconds):
                    results = expectations.run()
            with _step("发布", "publication", seconds):
                build_id = f"{built_at:%Y%m%dT%H%M%SZ}-{uuid.uuid4().hex[:8]}"
                publication.record_build(
                    database, build_id, seconds, results, settings.manifest
                )
                _require_soundness(settings, results)
                html = page.render(database)
                publication.publish(database, settings.warehouse)
                page.write(html, settings.page)
                settings.unsound_page.unlink(missing_ok=True)
        finally:
            publication.remove(database)
    print()
    print("\n".join(summarize(settings.warehouse)))
    print()
    print(
        "用时："
        + "，".join(f"{name} {duration:.1f} 秒" for name, duration in seconds.items())
    )
    print(f"已发布：{settings.warehouse}（{build_id}），核对报告：{settings.page}")
    if settings.is_strict and _open_errors(settings) > 0:
        print("严格模式：存在未确认的错误级发现。")
        return OPEN_ERRORS
    return 0


def _require_documents(settings: Settings) -> None:
    """:raises Unsound: no document could be loaded."""
    with connect(settings.next_warehouse, read_only=True) as connection:
        loaded = connection.execute(
            "select count(*) from marts.dim_document where status = 'loaded'"
        ).fetchone()
        reasons = connection.execute(
            "select relative_path, status_reason from marts.dim_document "
            "where status <> 'loaded' order by relative_path"
        ).fetchall()
    if loaded is None or loaded[0] == 0:
        lines = "\n".join(f"  {path}：{reason}" for path, reason in reasons)
        raise Unsound(f"没有任何文件可以载入：\n{lines}")


def _require_soundness(settings: Settings, results: Results) -> None:
    """:raises Unsound: a critical check failed; a page beside the warehouse says which."""
    failed = [
        result
        for result in results
        if result["severity"] == "critical" and not result["succeeded"]
    ]
    if failed:
        page.write(page.render(settings.next_warehouse), settings.unsound_page)
        lines = "\n".join(
            f"  [{result['table_name']}] {result['description']}："
            f"{result['message'] or result['examples']}"[:400]
            for result in failed
        )
        raise Unsound(
            f"关键预期未通过，未发布：\n{lines}\n说明见 {settings.unsound_page}"
        )


def _open_errors(settings: Settings) -> int:
    with connect(settings.warehouse, read_only=True) as connection:
        row = connection.execute(
            "select count(*) from marts.fct_finding "
            "where severity = 'error' and not is_acknowledged"
        ).fetchone()
    return int(row[0]) if row else 0


@contextmanager
def _step(title: str, name: str, seconds: dict[str, float]) -> Iterator[None]:
    print(f"{title} …", flush=True)
    started = time.perf_counter()
    yield
    seconds[name] = time.perf_counter() - started
    print(f"  {seconds[name]:.1f} 秒", flush=True)


def main() -> int:
    """The command; turns what can go wrong into one clear line each."""
    logging.basicConfig(level=logging.INFO, format="  %(message)s", stream=sys.stderr)
    try:
        return build(Settings.from_environment())
    except InvalidSetting as error:
        print(f"设置无效：{error}", file=sys.stderr)
        return NOTHING_TO_READ
    except acknowledgements.InvalidAcknowledgements as error:
        print(f"确认记录有误，没有开始构建。\n{error}", file=sys.stderr)
        return NOTHING_TO_READ
    except NoDisclosures as error:
        print(f"没有可读取的公开文件（DISCLOSURES）：{error}", file=sys.stderr)
        return NOTHING_TO_READ
    except BuildRunning as error:
        print(f"另一个构建正在进行，请稍后再试：{error}", file=sys.stderr)
        return BUSY
    except WarehouseInUse as error:
        print(f"数据库正被其他程序以写方式打开，关闭后再运行：{error}", file=sys.stderr)
        return BUSY
    except (Unsound, TransformFailed, ExpectationsFailed) as error:
        print(f"构建未完成，已发布的数据库保持不变。\n{error}", file=sys.stderr)
        return UNSOUND


if __name__ == "__main__":
    sys.exit(main())
