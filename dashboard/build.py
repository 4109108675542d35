"""Builds the dashboard: ``python -m dashboard.build``.

The pages are written beside the folder that readers have open and renamed at the end:
they see the old dashboard or the new one, whole.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
import time
from collections import defaultdict
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import pypdfium2
from jinja2 import UndefinedError

from dashboard import (
    charts,
    figures,
    findings,
    lists,
    overview,
    pictures,
    quality,
    sources,
)
from dashboard import units as unit_pages
from dashboard.reading import Row, Unreadable, Warehouse
from dashboard.render import Site
from pipeline import command, words
from pipeline.folder import replaced
from pipeline.settings import PROJECT, Settings

# By this file a folder is known as a dashboard.
_MARK = ".county-budget-dashboard"
_ASSETS = Path(__file__).with_name("assets")
_BARS = 15
_ROWS_OF_A_UNIT = 300  # of a table on the page of a unit, or of units on a county's
_PICTURES = 8  # pages of one finding; the rest is linked

# Why a page is not shown as a picture.
_NOT_PDF = "这份文件不是 PDF，以下按表格显示。"
_NOT_THERE = "原文件不在 DISCLOSURES 目录下（{}），不能显示原页，以下按表格显示。"
_CHANGED = (
    "DISCLOSURES 目录下的同名文件与入库时的内容不同，不能显示原页，以下按表格显示。"
)
_BROKEN = "原文件不能再次打开，不能显示原页，以下按表格显示。"


_PROOFS = {"proven": "经勾稽证实", "disputed": "存疑", "unchecked": "未核对"}
_YEAR_BASES = {"all": "合计", "current_year": "本年", "carryover": "上年结转"}


class Progress:
    """Says how far it is: a line that renews itself on a terminal, else nothing."""

    def __init__(self) -> None:
        self._is_terminal = sys.stderr.isatty()
        self._said = 0.0

    def __call__(self, what: str, done: int, total: int) -> None:
        """``done`` of ``total`` pages are written."""
        now = time.monotonic()
        if self._is_terminal and (now - self._said > 0.1 or done == total):
            self._said = now
            end = "\n" if done == total else ""
            print(f"\r{what} {done}/{total}", end=end, file=sys.stderr, flush=True)


class Dashboard:
    """All pages of one warehouse."""

    def __init__(self, warehouse: Warehouse, disclosures: Path, folder: Path) -> None:
        self._warehouse = warehouse
        self._disclosures = disclosures
        self._progress = Progress()
        build = warehouse.one("select build_id, built_at from meta.build")
        self._sources = sources.Sources(warehouse)
        self._documents = sources.documents(warehouse)
        if not self._documents:
            raise Unreadable(
                f"数据库 {warehouse.path} 里没有任何文件。"
                "请先运行 make build DISCLOSURES=文件夹。"
            )
        self._document = {row["document_id"]: row for row in self._documents}
        self._sizes: dict[tuple[str, int], tuple[float, float]] = {}
        self._masker = warehouse.masker()
        self._site = Site(
            folder,
            self._masker.mask,
            build=build,
            sources=self._sources,
            proofs=_PROOFS,
            year_bases=_YEAR_BASES,
            unit_rows=_ROWS_OF_A_UNIT,
        )
        self.pages = 0

    def write(self) -> None:
        """Write every page."""
        self._assets()
        unit_rows, regions = self._units()
        self._regions(regions)
        finding_rows = self._documents_and_findings()
        self._overview()
        self._quality()
        self._lists(unit_rows, finding_rows)
        self._listings()

    def _page(self, path: str, template: str, **values: Any) -> None:
        self._site.page(path, template, **values)
        self.pages += 1

    def _assets(self) -> None:
        for file in _ASSETS.iterdir():
            shutil.copyfile(file, self._site.folder / "assets" / file.name)
        self._site.text("assets/vega.js", charts.library())
        self._site.text("assets/charts.js", charts.script())

    def _units(self) -> tuple[list[list[Any]], dict[str, list[Row]]]:
        total = self._warehouse.one("select count(*) as n from marts.dim_unit")["n"]
        rows = []
        regions: dict[str, list[Row]] = defaultdict(list)
        for done, unit in enumerate(unit_pages.units(self._warehouse), start=1):
            self._page(
                f"unit/{unit['unit_id']}.html",
                "unit.html",
                unit=unit,
                function_bars=_grouped(unit["functions"]),
                economy_bars=_grouped(unit["economies"]),
            )
            columns = unit["functions"]["columns"]
            newest = columns[-1] if columns else None
            newest_yuan = unit["functions"]["totals"][newest["key"]] if newest else None
            rows.append(
                [
                    unit["unit_id"],
                    unit["unit_name"],
                    unit["region_name"],
                    unit["region_code"],
                    unit["parent_unit_name"] or "",
                    newest["label"] if newest else "",
                    figures.amount(newest_yuan),
                    unit["open"]["error"],
                    unit["open"]["warning"],
                    unit["open"]["info"],
                ]
            )
            regions[unit["region_code"]].append(
                {
                    "unit_id": unit["unit_id"],
                    "unit_name": unit["unit_name"],
                    "parent_unit_name": unit["parent_unit_name"],
                    "open": unit["open"],
                    "totals": {
                        column["key"]: unit["functions"]["totals"][column["key"]]
                        for column in columns
                    },
                    "labels": {column["key"]: column["label"] for column in columns},
                }
            )
            self._progress("单位", done, total)
        rows.sort(key=lambda row: (row[3], row[1], row[0]))
        return rows, regions

    def _regions(self, regions: dict[str, list[Row]]) -> None:
        names = overview.region_names(self._warehouse)
        functions = _functions_by_region(self._warehouse)
        listed = []
        for done, (code, members) in enumerate(sorted(regions.items()), start=1):
            columns: dict[Any, str] = {}
            for member in members:
                columns |= member["labels"]
            ordered = [{"key": key, "label": columns[key]} for key in sorted(columns)]
            totals = {
                key: sum(member["totals"].get(key, 0) for member in members)
                for key in columns
            }
            main = overview.main_period(
                [
                    (sum(column["key"] in row["totals"] for row in members), column)
                    for column in reversed(ordered)
                ]
            )
            newest = main["key"] if main else None
            for member in members:
                member["yuan"] = member["totals"].get(newest, 0)
            members.sort(key=lambda row: (-row["yuan"], row["unit_name"]))
            before = (newest[0] - 1, newest[1]) if newest else None
            # Only units of both years tell how spending has changed.
            same = [row for row in members if {newest, before} <= row["totals"].keys()]
            open_findings = {
                severity: sum(member["open"][severity] for member in members)
                for severity in words.SEVERITY
            }
            found = functions.get(code, [])
            self._page(
                f"region/{code}.html",
                "region.html",
                code=code,
                name=names[code],
                units=members,
                columns=ordered,
                newest=main,
                same_units=len(same),
                same_change=figures.change(
                    sum((row["totals"][newest] for row in same), Decimal(0)),
                    sum((row["totals"][before] for row in same), Decimal(0)),
                ),
                totals=totals,
                open=open_findings,
                functions=_largest_first(found, newest),
                bars=_grouped_flat(found, ordered, newest),
            )
            listed.append(
                [
                    code,
                    names[code],
                    len(members),
                    main["label"] if main else "",
                    figures.amount(totals[newest]) if main else "",
                    open_findings["error"],
                    open_findings["warning"],
                    open_findings["info"],
                ]
            )
            self._progress("地区", done, len(regions))
        self._site.rows("regions", listed, keys=[0])
        self._page("regions.html", "regions.html", regions=listed)

    def _documents_and_findings(self) -> list[list[Any]]:
        tables = self._sources.tables()
        cells = self._sources.cells()
        proofs = self._sources.proofs()
        spans = self._sources.spans()
        paragraphs = self._sources.paragraphs()
        found = findings.all_findings(self._warehouse)
        named = findings.cells(self._warehouse)
        terms = findings.terms(self._warehouse)
        regions = overview.region_names(self._warehouse)
        rows = []
        for done, document in enumerate(self._documents, start=1):
            key = document["document_id"]
            blocks = sources.by_table(cells.take(key))
            of_document = found.take(key)
            cells_of_finding = _by_finding(named.take(key))
            terms_of_finding = _by_finding(terms.take(key))
            own_tables = tables.take(key)
            amounts = {row["cell_id"]: row["proof"] for row in proofs.take(key)}
            texts = paragraphs.take(key) if paragraphs is not None else []
            own_spans = spans.take(key)
            has_text = bool(texts or own_spans)
            self._document_pages(
                document, own_tables, blocks, amounts, of_document, has_text
            )
            if has_text:
                self._text_page(document, texts, own_spans)
            pages = []
            for finding in of_document:
                finding_id = finding["finding_id"]
                pages.append(
                    findings.page(
                        finding,
                        cells_of_finding.get(finding_id, []),
                        terms_of_finding.get(finding_id, []),
                    )
                )
            why_not = self._draw(pages, blocks)
            for page in pages:
                self._finding_page(document, page, blocks, amounts, texts, why_not)
                region = page["region_code"] or document["region_code"] or "unknown"
                rows.append(_finding_row(page, document, regions[region]))
            self._progress("文件和发现", done, len(self._documents))
        return rows

    def _document_pages(
        self,
        document: Row,
        tables: list[Row],
        blocks: dict[int, list[Row]],
        amounts: dict[str, str],
        own_findings: list[Row],
        has_text: bool,
    ) -> None:
        parts = self._sources.parts(tables)
        for number, part in enumerate(parts, start=1):
            shown = []
            for table in part:
                block = table["sort"]
                grid = sources.grid(
                    table["source_table_id"],
                    blocks.get(block, []),
                    self._masker.mask_row,
                    amounts=amounts,
                )
                shown.append(dict(table, grid=grid))
            suffix = "" if number == 1 else f"-{number}"
            self._page(
                f"document/{document['document_id']}{suffix}.html",
                "document.html",
                document=document,
                tables=shown,
                all_tables=tables,
                part=number,
                parts=len(parts),
                findings=own_findings,
                has_raw=self._sources.has_raw,
                has_text=has_text,
            )

    def _text_page(self, document: Row, texts: list[Row], spans: list[Row]) -> None:
        shown = sources.passages(texts, spans, self._site.mask)
        self._page(
            self._sources.text_page(document["document_id"]),
            "text.html",
            document=document,
            paragraphs=shown,
            spans=spans,
        )

    def _finding_page(
        self,
        document: Row,
        page: Row,
        blocks: dict[int, list[Row]],
        amounts: dict[str, str],
        texts: list[Row],
        why_not: dict[str, str],
    ) -> None:
        marks = {cell["cell_id"]: cell for cell in page["cells"]}
        told = _told(page["cells"], texts)
        shown_pages = []
        table_ids: dict[str, Row] = {}
        for cell in page["cells"]:
            place = (cell["cell_document_id"], cell["page"])
            if place in self._sizes and cell["box_left"] is not None:
                continue
            if cell["source_table_id"]:
                table_ids.setdefault(cell["source_table_id"], cell)
        for place in _pages(page)[:_PICTURES]:
            if place in self._sizes:
                width, height = self._sizes[place]
                shown_pages.append(
                    {
                        "document": self._document[place[0]],
                        "number": place[1],
                        "file": f"page/{place[0]}-p{place[1]}.png",
                        "width": width,
                        "height": height,
                        "cells": [
                            cell
                            for cell in page["cells"]
                            if (cell["cell_document_id"], cell["page"]) == place
                            and cell["box_left"] is not None
                        ],
                    }
                )
        if not page["cells"] and page["source_table_id"] and not shown_pages:
            table_ids[page["source_table_id"]] = {
                "cell_document_id": document["document_id"],
                "table_title": page["table_title"],
            }
        tables = []
        for table_id, cell in table_ids.items():
            block = int(table_id.rpartition("-t")[2])
            is_own = cell["cell_document_id"] == document["document_id"]
            content = (
                blocks.get(block, []) if is_own else self._sources.cells_of(table_id)
            )
            tables.append(
                {
                    "id": table_id,
                    "document_id": cell["cell_document_id"],
                    "title": cell["table_title"],
                    "grid": sources.grid(
                        table_id,
                        content,
                        self._masker.mask_row,
                        amounts=amounts,
                        marks=marks,
                    ),
                }
            )
        # What stands in running text is shown with its paragraph.
        passages = sources.passages(texts, told, self._site.mask, only_marked=True)
        notes = sorted(
            {
                why_not[document_id]
                for document_id, _ in _pages(page)
                if document_id in why_not
            }
            or (
                {why_not[document["document_id"]]}
                if tables and document["document_id"] in why_not
                else set()
            )
        )
        self._page(
            f"finding/{page['finding_id']}.html",
            "finding.html",
            finding=page,
            document=document,
            pictures=shown_pages,
            left_out_pages=max(0, len(_pages(page)) - _PICTURES),
            tables=tables,
            passages=passages,
            notes=notes,
        )

    def _draw(self, found: list[Row], blocks: dict[int, list[Row]]) -> dict[str, str]:
        """Draw the pages that findings name; says of a document why it cannot."""
        wanted: dict[str, set[int]] = defaultdict(set)
        for finding in found:
            wanted[finding["document_id"]].update()
            for document_id, number in _pages(finding)[:_PICTURES]:
                if (document_id, number) not in self._sizes:
                    wanted[document_id].add(number)
        why_not = {}
        for document_id, numbers in wanted.items():
            document = self._document[document_id]
            data, reason = self._bytes(document)
            if data is None:
                why_not[document_id] = reason
                continue
            try:
                drawn = pictures.pages(
                    data,
                    sorted(numbers),
                    self._site.mask,
                    partial(self._recognised, document_id),
                )
            except pypdfium2.PdfiumError:
                why_not[document_id] = _BROKEN
                continue
            for number, picture in drawn.items():
                self._site.binary(f"page/{document_id}-p{number}.png", picture.png)
                self._sizes[document_id, number] = picture.width, picture.height
        return why_not

    def _recognised(self, document_id: str, page: int) -> list[pictures.Box]:
        """Where text that was recognised on a page holds personal data."""
        return [
            (row["box_left"], row["box_top"], row["box_right"], row["box_bottom"])
            for row in self._sources.boxes(document_id, page)
            if self._site.mask(row["text"]) != row["text"]
        ]

    def _bytes(self, document: Row) -> tuple[bytes | None, str]:
        """The file of a document, if it is the PDF that was read."""
        if document["format"] != "pdf":
            return None, _NOT_PDF
        file = self._disclosures / document["relative_path"]
        try:
            data = file.read_bytes()
        except OSError:
            return None, _NOT_THERE.format(document["relative_path"])
        if hashlib.sha256(data).hexdigest() != document["file_sha256"]:
            return None, _CHANGED
        return data, ""

    def _overview(self) -> None:
        spending = overview.spending(self._warehouse)
        for row in spending:
            row["function_bars"] = _bars(row["functions"], "class_code")
            row["region_bars"] = _bars(row["largest_regions"], None)
        self._page(
            "index.html",
            "index.html",
            numbers=overview.numbers(self._warehouse),
            periods=spending,
            reasons=quality.reasons(self._warehouse),
        )

    def _quality(self) -> None:
        covered = quality.document_coverage(self._warehouse)
        not_understood = quality.not_understood(self._warehouse)
        documents = []
        for document in self._documents:
            row = covered.get(document["document_id"])
            documents.append(
                [
                    document["document_id"],
                    document["title"] or document["file_name"],
                    document["unit_name"] or "",
                    document["period"],
                    words.DOCUMENT_STATUS.get(document["status"], document["status"]),
                    document["status_reason"] or "",
                    document["format"],
                    row["amounts"] if row else 0,
                    figures.percent(row["in_identity"], row["amounts"]) if row else "",
                    row["in_none"] if row else 0,
                    document["relative_path"],
                ]
            )
        self._site.rows("documents", documents, keys=[0])
        self._site.rows(
            "tables",
            [
                [
                    row["source_table_id"],
                    self._sources.page(row["document_id"], row["source_table_id"]),
                    row["title"] or "（无标题）",
                    row["unit_name"] or row["relative_path"],
                    row["period"],
                    findings.where(row),
                    row["status_reason"] or "",
                    row["number_count"],
                ]
                for row in not_understood
            ],
            keys=[0, 1],
        )
        self._page(
            "quality.html",
            "quality.html",
            numbers=overview.numbers(self._warehouse),
            coverage=quality.coverage(self._warehouse),
            reasons=quality.reasons(self._warehouse),
            checks=quality.checks(self._warehouse),
            documents=documents,
            rejected=[row for row in self._documents if row["status"] == "rejected"],
            not_understood=not_understood,
            narrative=quality.narrative(self._warehouse),
        )

    def _lists(self, units: list[list[Any]], found: list[list[Any]]) -> None:
        self._site.rows("units", units, keys=[0, 3])
        self._page(
            "units.html",
            "units.html",
            units=units,
            regions=sorted({(row[3], row[2]) for row in units}),
        )
        order = list(words.SEVERITY)
        # What is open and severe first; of that, what is about most money.
        found.sort(
            key=lambda row: (
                row[9] == "已确认",
                order.index(row[1]),
                -abs(Decimal(row[8].replace(",", "") or 0)),
                *row[3:8],
            )
        )
        self._site.rows("findings", found, keys=[0, 5])
        self._page(
            "findings.html",
            "findings.html",
            found=found,
            rules=sorted({row[3] for row in found}),
            periods=sorted({row[6] for row in found}, reverse=True),
            regions=sorted({row[11] for row in found}),
        )

    def _listings(self) -> None:
        """Lists of what text and tables say, over all units."""
        listed = []
        for listing in lists.there(self._warehouse):
            found = list(lists.rows(self._warehouse, listing, self._sources))
            self._site.rows(listing.name, found, keys=range(lists.KEYS))
            columns = [
                _list_column(name, column)
                for column, name in enumerate(
                    (*listing.columns, *lists.PLACE), start=lists.KEYS
                )
            ]
            columns[0] |= {"kind": "link", "href": "*", "href_column": 0}
            choices = [
                (name, column, sorted({row[column] for row in found}))
                for column, name in enumerate(
                    (*listing.columns, *lists.PLACE), start=lists.KEYS
                )
                if name in (*listing.filters, "年度")
            ]
            self._page(
                f"{listing.name}.html",
                "list.html",
                listing=listing,
                count=len(found),
                columns=columns,
                choices=choices,
                searched=",".join(str(column["column"]) for column in columns),
            )
            listed.append((listing, len(found)))
        self._page("lists.html", "lists.html", listings=listed)


def _list_column(name: str, column: int) -> Row:
    """How a column of a list is shown."""
    head: Row = {"name": name, "column": column, "kind": "text"}
    if name in lists.NUMBERS:
        head["kind"] = "n"
    elif name in ("年度", "位置"):
        head["kind"] = "keep"
    elif name == "单位":
        head |= {"kind": "link", "href": "unit/*.html", "href_column": 1}
    elif name == lists.TO_FINDING:
        head |= {"kind": "link", "href": "finding/*.html", "href_column": 2}
    return head


_STATES = {"open": "待处理", "acknowledged": "已确认", "reopened": "数字已变，待处理"}


def _finding_row(page: Row, document: Row, region: str) -> list[Any]:
    return [
        page["finding_id"],
        page["severity"],
        words.SEVERITY[page["severity"]],
        page["rule_title"] or page["rule_id"],
        page["unit_name"] or document["unit_name"] or "",
        page["unit_id"] or document["unit_id"] or "",
        page["period"],
        page["title"],
        figures.amount(page["difference_yuan"]),
        _STATES[page["acknowledgement"]],
        page["place"],
        region,
        document["file_name"],
    ]


def _by_finding(rows: list[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[row["finding_id"]].append(row)
    return found


def _told(cells: list[Row], texts: list[Row]) -> list[Row]:
    """The cells that are spans of running text, each with the box of its paragraph."""
    paragraphs = {paragraph["block"]: paragraph for paragraph in texts}
    told = [cell for cell in cells if cell["kind"] == "text"]
    for cell in told:
        cell["block"] = int(cell["cell_id"].rpartition("-p")[2].split("-c")[0])
        if cell["box_left"] is None and cell["block"] in paragraphs:
            for side in ("box_left", "box_top", "box_right", "box_bottom"):
                cell[side] = paragraphs[cell["block"]][side]
    return told


def _pages(finding: Row) -> list[tuple[str, int]]:
    """The pages that a finding is seen on, in the order of its cells."""
    places = dict.fromkeys(
        (cell["cell_document_id"], cell["page"])
        for cell in finding["cells"]
        if cell["page"]
    )
    if not places and finding["page"]:
        return [(finding["document_id"], finding["page"])]
    return list(places)


def _bars(rows: list[Row], code: str | None) -> list[Row]:
    return [
        {
            "name": f"{row[code]} {row['name']}" if code else row["name"],
            "value": round(float(row["yuan"] / 10_000), 2),
            "text": figures.amount(row["yuan"]),
        }
        for row in rows[:_BARS]
        if row["yuan"]
    ]


def _grouped(tree: Row) -> list[Row]:
    """The classes of a unit, a bar a period."""
    return [
        {
            "name": f"{entry['code']} {entry['name']}",
            "period": column["label"],
            "order": order,
            "value": round(float(entry["sums"][column["key"]] / 10_000), 2),
            "text": figures.amount(entry["sums"][column["key"]], tree["unit"]),
        }
        for entry in tree["classes"][:_BARS]
        for order, column in enumerate(tree["columns"][-4:])
        if column["key"] in entry["sums"]
    ]


def _functions_by_region(warehouse: Warehouse) -> dict[str, list[Row]]:
    names = overview.class_names(warehouse)
    found: dict[str, dict[str, Row]] = defaultdict(dict)
    for row in warehouse.stream(
        f"""
        select region_code, class_code, fiscal_year, stage,
            sum(expenditure_yuan) as yuan
        from ({overview.SPENDING}) where expenditure_yuan is not null
        group by all order by region_code, class_code
        """
    ):
        entry = found[row["region_code"]].setdefault(
            row["class_code"],
            {
                "code": row["class_code"],
                "name": names.get(row["class_code"], ""),
                "sums": {},
            },
        )
        entry["sums"][row["fiscal_year"], row["stage"]] = row["yuan"]
    return {code: list(entries.values()) for code, entries in found.items()}


def _largest_first(found: list[Row], key: Any) -> list[Row]:
    return sorted(found, key=lambda row: (-row["sums"].get(key, 0), row["code"]))


def _grouped_flat(found: list[Row], columns: list[Row], key: Any) -> list[Row]:
    """The classes of a region: of its stage only, for other units publish the other."""
    return _grouped(
        {
            "classes": _largest_first(found, key),
            "columns": [column for column in columns if column["key"][1] == key[1]]
            if key
            else [],
            "unit": "万元",
        }
    )


def build(warehouse: Path, disclosures: Path, folder: Path) -> int:
    """Write the dashboard of a warehouse into a folder; gives the number of pages.

    :raises Unreadable: there is no warehouse to show.
    :raises FolderRefused: the folder is not ours to replace.
    :raises FolderBusy: another dashboard is being written there.
    """
    opened = Warehouse(warehouse)
    try:
        with replaced(folder, "DASHBOARD", _is_dashboard) as beside:
            (beside / _MARK).touch()
            dashboard = Dashboard(opened, disclosures, beside)
            dashboard.write()
        return dashboard.pages
    except (
        *(duckdb.CatalogException, duckdb.BinderException, duckdb.ConversionException),
        *(UndefinedError, KeyError),  # a column or a value that this version has not
    ) as error:
        first_line = f"{type(error).__name__}: {error}".splitlines()[0]
        raise Unreadable(
            f"数据库 {warehouse} 是另一个版本的程序构建的，或不是本项目的数据库。"
            f"请重新运行 make build。（{first_line}）"
        ) from error
    finally:
        opened.close()


def _is_dashboard(folder: Path) -> bool:
    return (folder / _MARK).exists()


def main() -> int:
    """Build the dashboard of ``WAREHOUSE`` into ``DASHBOARD``."""
    command.parser(
        "make dashboard",
        "把已发布的数据库写成静态网页，不用网络即可打开；个人信息一律脱敏。",
        *("DASHBOARD", "WAREHOUSE", "DISCLOSURES"),
    ).parse_args()
    return command.run(_main)


def _main() -> int:
    started = time.monotonic()
    try:
        settings = Settings.from_environment()
        folder = Path(os.environ.get("DASHBOARD") or PROJECT / "dashboard_site")
        pages = build(settings.warehouse, settings.disclosures, folder)
    except OSError as error:
        print(
            f"写不了文件夹：{error.filename or ''} {error.strerror}。"
            "原有的看板保持不变。请检查空间和权限，或用 DASHBOARD= 另选文件夹。",
            file=sys.stderr,
        )
        return 2
    seconds = time.monotonic() - started
    print(f"已写出 {pages} 页，用时 {seconds:.0f} 秒。")
    print(f"用浏览器打开：{folder / 'index.html'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
