"""``make build``: disclosures in, a published warehouse and a summary out."""

from __future__ import annotations

import datetime as dt
import logging
import os
import signal
import sys
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace

import duckdb

from ingest.folder import NoDisclosures, fingerprint, look
from ingest.segments import Damaged, NotWritable
from pipeline import acknowledgements, batches, command, keeping, page, publication
from pipeline.checking import (
    Expectations,
    ExpectationsFailed,
    Results,
    Scope,
    combined,
    is_unsound,
)
from pipeline.command import fail
from pipeline.history import load_history
from pipeline.load import WarehouseInUse, connect
from pipeline.lock import BuildRunning, build_lock
from pipeline.progress import Progress
from pipeline.settings import PROJECT, Settings
from pipeline.summary import summarize, tell
from pipeline.transform import Models, TransformFailed
from pipeline.working import Worker

ACKNOWLEDGEMENTS = PROJECT / "seeds" / "acknowledged_findings.csv"

LOG = logging.getLogger("build")

# Exit codes: what a script that runs builds can tell apart.
UNSOUND = 1
NOTHING_TO_READ = 2
OPEN_ERRORS = 3

_TRIES = 5  # to make anew what was damaged: a disk may damage whatever is written

_STEPS = {
    "ingest": "读取公开文件",
    "dbt": "运行模型",
    "expectations": "核对预期",
    "publication": "发布",
}


class Unsound(Exception):
    """The warehouse must not be published; says why."""


def build(settings: Settings, progress: Progress) -> int:
    """Build, check and publish; the exit code."""
    seconds: dict[str, float] = {}
    built_at = dt.datetime.now(dt.UTC)
    acknowledgements.check(ACKNOWLEDGEMENTS)
    publication.require_replaceable(settings.warehouse)
    database = settings.next_warehouse
    with ExitStack() as locks:
        name = f".{settings.warehouse.name}.lock"
        locks.enter_context(build_lock(settings.warehouse.with_name(name)))
        try:
            log = publication.set_log_aside(settings.warehouse)
            if log:
                print(f"数据库旁有不属于它的日志，使人无法打开数据库，已移到：{log}")
            seen = look(settings.disclosures, settings.folder_memory, settings.limits)
            inputs = batches.inputs(seen, settings.limits)
            if not _is_worked_anew(settings) and batches.is_current(
                settings.warehouse, inputs
            ):
                return _unchanged(settings)
            # A build of another warehouse may work in the same folder.
            locks.enter_context(build_lock(settings.work / ".lock"))
            publication.discard(database)
            # Imported here: the readers take half a second, most of a build without
            # anything new.
            from ingest.corpus import ingest

            with _step(progress, "ingest", seconds):
                files = ingest(
                    settings.disclosures,
                    settings.landing,
                    PROJECT / "seeds",
                    settings.jobs,
                    settings.limits,
                    progress.count,
                )
            # As they were read: they may have changed since they were first seen.
            inputs = batches.inputs(fingerprint(files), settings.limits)
            corpus = batches.Corpus(files, settings.landing)
            changes = _begin(settings, corpus, built_at)
            if not changes:
                return _unchanged(settings)
            with Expectations(settings.work / "expectations.json") as expectations:
                with _step(progress, "dbt", seconds):
                    found = _transform(
                        settings, corpus, changes, expectations, progress
                    )
                _require_documents(settings)
                scope: Scope = "warehouse" if changes.is_everything else "corpus"
                with _step(progress, "expectations", seconds):
                    found.append(expectations.run(database, scope, progress.count))
            results = combined(found)
            with _step(progress, "publication", seconds):
                build_id = f"{built_at:%Y%m%dT%H%M%SZ}-{uuid.uuid4().hex[:8]}"
                publication.record_build(
                    database, build_id, seconds, results, settings.manifest
                )
                batches.record_inputs(database, corpus, inputs)
                _require_soundness(settings, results)
                # What may fail is done before: a full disk, say.
                html = database.with_name(settings.page.name)
                page.write(page.render(database), html)
                publication.publish(database, settings.warehouse)
                html.replace(settings.page)
                settings.unsound_page.unlink(missing_ok=True)
        finally:
            publication.discard(database)
    ending = [
        "",
        "用时："
        + "，".join(
            f"{_STEPS[name]} {value:.1f} 秒" for name, value in seconds.items()
        ),
        f"已发布：{settings.warehouse}（{build_id}），核对报告：{settings.page}",
        f"下一步：make query FILE=analyses/totals_that_do_not_add_up.sql{_where()}（错在哪一格）；"
        "make dashboard（网页）；make export（Excel）",
    ]
    tell(summarize(settings.warehouse), ending)
    return _exit_code(settings)


def _is_worked_anew(settings: Settings) -> bool:
    """Whether nothing of the published warehouse may be kept, whatever it says."""
    return settings.is_rebuild or publication.is_changed(settings.warehouse)


def _unchanged(settings: Settings) -> int:
    if not _has_page(settings):
        page.write(page.render(settings.warehouse), settings.page)
    settings.unsound_page.unlink(missing_ok=True)
    print(f"没有变化，已发布的数据库仍是最新：{settings.warehouse}")
    return _exit_code(settings)


def _has_page(settings: Settings) -> bool:
    """Whether the page is of the published warehouse.

    It is not when somebody deleted it, or a build ended between the two.
    """
    if not settings.page.exists():
        return False
    with connect(settings.warehouse, read_only=True) as connection:
        (build_id,) = connection.execute("select build_id from meta.build").fetchall()
    return build_id[0] in settings.page.read_text(encoding="utf-8", errors="replace")


def _begin(
    settings: Settings, corpus: batches.Corpus, built_at: dt.datetime
) -> batches.Changes:
    """Lay the next warehouse, where anything changed; what did.

    It begins as a copy of the published one, unless other models made that.
    """
    database = settings.next_warehouse
    changes = None
    if not _is_worked_anew(settings):
        changes = batches.changes(settings.warehouse, corpus, ACKNOWLEDGEMENTS)
    if changes is None:
        if settings.warehouse.exists() and not settings.is_rebuild:
            print(
                "原有数据库由其他版本的模型、代码表或程序建立，或已损坏、被改动："
                "全部文件重新处理。"
            )
        publication.create(database)
        changes = batches.Changes(
            new=frozenset(corpus.states), gone=frozenset(), is_everything=True
        )
    elif changes:
        publication.lay(database, settings.warehouse)
    if changes:
        load_history(database, settings.warehouse, built_at)
    return changes


def _transform(
    settings: Settings,
    corpus: batches.Corpus,
    changes: batches.Changes,
    expectations: Expectations,
    progress: Progress,
) -> list[Results]:
    """Work the documents batch by batch; what the checks of each batch found."""
    database = settings.next_warehouse
    models = Models(settings.work, settings.threads, progress.count)
    models.seed(settings.seeded)
    changes.require_accepted(ACKNOWLEDGEMENTS)
    keeping.keep_seeds(database, settings.seeded)
    tables = keeping.kept_tables(models.models)
    before = batches.Links.of(database)
    if changes.gone:
        keeping.forget(database, tables, changes.gone)
    worker = Worker(settings, corpus, models, expectations)
    results: list[Results] = []

    def run(batch: Sequence[str], *, is_corpus: bool = False) -> None:
        results.append(worker.work(batch))
        keeping.keep(database, settings.batch, tables, is_corpus=is_corpus)

    todo = before.together_with(changes.new | changes.gone) - changes.gone
    is_corpus = len(todo) == len(corpus.states) <= settings.batch_documents
    batch_of: dict[str, int] = {}
    groups = before.groups(corpus.ordered(todo))
    # Where documents only left, one of none: what is checked on batches is checked.
    for batch in list(batches.split(groups, settings.batch_documents)) or [[]]:
        run(batch, is_corpus=is_corpus)
        batch_of.update(dict.fromkeys(batch, len(results)))
    # What turns out to be linked, and was not worked together.
    links = batches.Links.of(database)
    apart = [
        group
        for group in links.groups(corpus.ordered(links.together_with(todo)))
        if len({batch_of.get(document) for document in group}) > 1
    ]
    for batch in batches.split(apart, settings.batch_documents):
        run(batch)
    if not is_corpus:
        models.run_on_corpus(database)
    return results


def _where() -> str:
    """What names the warehouse in a further command, where it is not the usual one."""
    given = os.environ.get("WAREHOUSE", "")
    return "" if given in ("", "warehouse.duckdb") else f" WAREHOUSE={given}"


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
    failed = [result for result in results if is_unsound(result)]
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


def _exit_code(settings: Settings) -> int:
    """What the published warehouse says of the build to a script."""
    if settings.is_strict and _open_errors(settings) > 0:
        print("严格模式：存在未确认的错误级发现。")
        return OPEN_ERRORS
    return 0


def _open_errors(settings: Settings) -> int:
    with connect(settings.warehouse, read_only=True) as connection:
        row = connection.execute(
            "select count(*) from marts.fct_finding "
            "where severity = 'error' and not is_acknowledged"
        ).fetchone()
    return int(row[0]) if row else 0


@contextmanager
def _step(progress: Progress, name: str, seconds: dict[str, float]) -> Iterator[None]:
    started = time.perf_counter()
    with progress.step(_STEPS[name]):
        yield
    seconds[name] = time.perf_counter() - started


def main() -> int:
    """The command; turns what can go wrong into one clear line each."""
    command.parser(
        "make build",
        "读取公开文件，载入、核对并发布数据库，最后给出摘要。",
        *("DISCLOSURES", "WAREHOUSE", "JOBS", "STRICT", "REBUILD", "WORK", "NO_COLOR"),
        *("BATCH_DOCUMENTS", "MODEL_MEMORY_MB"),
        *("DOCUMENT_SECONDS", "DOCUMENT_MEMORY_MB", "DOCUMENT_MB", "OFFICE_SECONDS"),
        *("RECOGNISED_PAGES", "CHECKED_TOTALS_FLOOR", "CHECKED_TOTALS_LEAST"),
        *("CHECKED_AMOUNTS_FLOOR", "CHECKED_AMOUNTS_LEAST"),
        more="\n退出码：0 已发布；1 数据库不可靠，未发布；2 没有可读文件，或设置有误；"
        "\n        3 STRICT=1 且有未确认的错误；4 另一个构建正在进行，或数据库"
        "\n        正被其他程序以写方式打开；130 已中断",
    ).parse_args()
    # Told to end, it clears away what it has begun, as after Ctrl-C; which is taken
    # back from polars: it would be heard only when nothing is waited for.
    for told in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(told) != signal.SIG_IGN:
            signal.signal(told, signal.default_int_handler)
    progress = Progress()
    # On a terminal the line that changes says how far it is; the summary says the rest.
    level = logging.WARNING if progress.is_live else logging.INFO
    logging.basicConfig(
        level=level, format="  %(message)s", handlers=[progress.handler()]
    )
    return command.run(lambda: _main(progress))


def build_again_if_damaged(settings: Settings, progress: Progress) -> int:
    """Build, again if what was kept turns out to be damaged, or findings were accepted.

    :raises Unsound: what was made anew is damaged again and again.
    """
    damaged = 0
    while True:
        try:
            return build(settings, progress)
        except Damaged as error:
            damaged += 1
            if damaged > _TRIES:
                raise Unsound(f"中间结果反复损坏，磁盘可能有故障：{error}") from error
            print(f"中间结果已损坏，重新读取有关文件：{error}")
        except batches.AcceptedMeanwhile:
            print("确认记录在构建期间有改动：按现在的内容重新开始。")
        except (duckdb.Error, TransformFailed, ExpectationsFailed, Unsound) as error:
            if settings.is_rebuild or not publication.tells_of_damage(error):
                raise
            print("原有数据库已损坏：全部文件重新处理。")
            settings = replace(settings, is_rebuild=True)


def _main(progress: Progress) -> int:
    settings = Settings.from_environment()
    before = publication.place(settings.warehouse)

    def is_published() -> bool:
        return publication.place(settings.warehouse) != before

    def kept() -> str:
        """What readers see of a build that did not end: nothing or all."""
        if is_published():
            return "新的数据库已经发布，再运行一次即可补上其余步骤。"
        return "已发布的数据库保持不变。"

    try:
        with command.interruptible():
            return build_again_if_damaged(settings, progress)
    except KeyboardInterrupt:
        return fail(f"已中断。{kept()}", command.INTERRUPTED)
    except acknowledgements.InvalidAcknowledgements as error:
        return fail(f"确认记录有误，没有开始构建。\n{error}", NOTHING_TO_READ)
    except publication.NotReplaceable as error:
        return fail(f"设置无效：WAREHOUSE。{error}", NOTHING_TO_READ)
    except NoDisclosures as error:
        return fail(
            f"没有可读取的公开文件（DISCLOSURES）：{error}。"
            "请用 DISCLOSURES= 指明公开文件所在的文件夹。",
            NOTHING_TO_READ,
        )
    except BuildRunning as error:
        return fail(f"另一个构建正在进行，请稍后再试：{error}", command.BUSY)
    except WarehouseInUse as error:
        return fail(
            f"数据库正被其他程序以写方式打开，关闭后再运行：{error}", command.BUSY
        )
    except (Unsound, TransformFailed, ExpectationsFailed) as error:
        return fail(f"构建未完成，{kept()}\n{error}", UNSOUND)
    except NotWritable as error:
        return fail(
            f"构建未完成，{kept()}"
            f"中间结果（WORK）写不进去，请检查磁盘空间和权限：{error}",
            NOTHING_TO_READ,
        )
    except OSError as error:
        if isinstance(error, BrokenPipeError) and is_published():
            raise  # who reads has seen enough of the summary
        return fail(f"构建未完成，{kept()}{command.reason(error)}", NOTHING_TO_READ)
    except duckdb.IOException as error:
        # What the engine says where the disk is full.
        return fail(
            f"构建未完成，{kept()}请检查磁盘空间和权限。\n{command.first_line(error)}",
            NOTHING_TO_READ,
        )


if __name__ == "__main__":
    sys.exit(main())
