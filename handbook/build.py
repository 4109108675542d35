"""Writes the handbook: ``python -m handbook.build``.

It needs no warehouse: all it shows stands in the project.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
import time
from pathlib import Path
from typing import Any, ClassVar

from markupsafe import Markup, escape

from dashboard import render
from handbook import pictures
from handbook.manifest import (
    Subject,
    Table,
    Unparsable,
    parsed,
    read,
    seed,
    subjects,
)
from handbook.prose import Prose, prose
from handbook.rules import Rule, is_figure, rules
from pipeline import command
from pipeline.folder import replaced
from pipeline.questions import questions
from pipeline.settings import PROJECT, Settings

# By this file a folder is known as a handbook.
_MARK = ".county-budget-handbook"
_HERE = Path(__file__).parent
_DASHBOARD = Path(render.__file__).parent
_DECISIONS = PROJECT / "docs" / "decisions"

# Pages from Markdown: file of the repository, page, what it is called.
_PROSE = (
    ("README.zh-CN.md", "guide.html", "使用说明"),
    ("docs/glossary.md", "glossary.html", "术语"),
    ("docs/cookbook.md", "cookbook.html", "查询示例"),
    ("docs/architecture.md", "architecture.html", "架构"),
    ("docs/new-layout.md", "new-layout.html", "新版式"),
    ("docs/bi.md", "bi.html", "接入 BI 工具"),
    ("docs/scale.md", "scale.html", "多机处理"),
    ("docs/robustness.md", "robustness.html", "可靠性"),
)
_CHINESE = re.compile("[\u4e00-\u9fff]")
# dbt's pages bring all they need; nothing may be asked of the network.
_POLICY = (
    '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
    "script-src 'unsafe-inline' 'unsafe-eval'; style-src 'unsafe-inline'; "
    'img-src data:; font-src data:">'
)


# Slips of theirs that ask for files that are not there.
_SLIPS = {
    'xlink:href="{{': 'ng-attr-xlink:href="{{',
    'rel="shortcut icon" href="$': 'rel="none" data-href="$',
}


class Site(render.Site):
    """The folder of the handbook; it looks like the dashboard."""

    templates: ClassVar[tuple[Path, ...]] = (
        _HERE / "templates",
        _DASHBOARD / "templates",
    )
    folders: ClassVar[tuple[str, ...]] = (
        *("assets", "data"),
        *("rule", "table", "decision", "dbt"),
    )


def inline(text: str) -> Markup:
    """A description, with what stands between backticks as code."""
    parts = text.split("`")
    return Markup("").join(
        Markup("<code>{}</code>").format(part) if number % 2 else escape(part)
        for number, part in enumerate(parts)
    )


class Handbook:
    """All pages of the project."""

    def __init__(self, manifest: dict[str, Any], folder: Path) -> None:
        self._manifest = manifest
        self._rules = rules(manifest)
        self._subjects = subjects(manifest)
        self._pages = {
            file: page for file, page, _ in _PROSE if (PROJECT / file).exists()
        }
        self._pages |= {
            f"docs/decisions/{path.name}": f"decision/{path.stem}.html"
            for path in _DECISIONS.glob("*.md")
        }
        self._pages["docs/decisions"] = "decisions.html"
        # Nothing of the project is personal: its examples are invented.
        self._site = Site(folder, str, inline=inline, is_figure=is_figure)
        self._lineage = pictures.lineage(manifest, self._subjects)
        self._found: list[list[str]] = []
        self.pages = 0

    def write(self) -> None:
        """Write every page."""
        for name in ("style.css", "site.js"):
            self._copy(_DASHBOARD / "assets" / name)
        for file in (_HERE / "assets").iterdir():
            self._copy(file)
        self._rule_pages()
        texts = [
            (page, title, self._prose_page(file, page, title))
            for file, page, title in _PROSE
            if file in self._pages
        ]
        text_of = {page: text for page, _, text in texts}
        self._table_pages(text_of["glossary.html"].columns)
        self._decisions()
        places = {words: place for place, words in text_of["cookbook.html"].headings}
        self._page(
            "index.html",
            "start.html",
            rules=self._rules,
            subjects=self._subjects,
            questions=[(places.get(each.chinese, ""), each) for each in questions()],
            decisions=len(list(_DECISIONS.glob("*.md"))),
            texts=texts,
        )
        self._site.rows("entries", self._found, keys=[4])
        kinds = list(dict.fromkeys(row[0] for row in self._found))
        self._page("search.html", "search.html", entries=self._found, kinds=kinds)

    def models(self, file: Path) -> None:
        """Take over dbt's own pages, with the network shut off."""
        html = file.read_text(encoding="utf-8")
        html = html.replace("<head>", f"<head>{_POLICY}", 1)
        for wrong, right in _SLIPS.items():
            html = html.replace(wrong, right)
        self._site.text("dbt/index.html", html)

    def _copy(self, file: Path) -> None:
        shutil.copyfile(file, self._site.folder / "assets" / file.name)

    def _page(self, path: str, template: str, **values: Any) -> None:
        self._site.page(path, template, **values)
        self.pages += 1

    def _find(self, kind: str, name: str, english: str, text: str, href: str) -> None:
        self._found.append([kind, name, english, text, href])

    def _rule_pages(self) -> None:
        families: dict[str, list[Rule]] = {
            row["rule_family"]: [] for row in seed("rules/rule_family")
        }
        for rule in self._rules:
            families[rule.row["rule_family"]].append(rule)
        ordered = [rule for listed in families.values() for rule in listed]
        self._page(
            "rules.html",
            "rules.html",
            families=[listed for listed in families.values() if listed],
            causes=seed("rules/cause_kind"),
        )
        titles = {rule.rule_id: rule.row["title_zh"] for rule in self._rules}
        for at, rule in enumerate(ordered):
            self._page(
                f"rule/{rule.rule_id}.html",
                "rule.html",
                rule=rule,
                titles=titles,
                before=ordered[at - 1] if at else None,
                after=ordered[at + 1] if at + 1 < len(ordered) else None,
            )
            self._find(
                "规则",
                rule.row["title_zh"],
                rule.rule_id,
                f"{rule.row['message_zh']}。{rule.words['occurs_zh']}",
                f"rule/{rule.rule_id}.html",
            )

    def _table_pages(self, terms: dict[str, str]) -> None:
        names = {
            table.name: table for subject in self._subjects for table in subject.tables
        }
        self._page(
            "tables.html",
            "tables.html",
            subjects=self._subjects,
            star=pictures.star(self._subjects),
            lineage=self._lineage,
            matrix=_matrix(self._subjects),
            names=names,
            sources=_sources(self._manifest),
            metrics=_metrics(self._manifest),
        )
        for subject in self._subjects:
            for table in subject.tables:
                href = f"table/{table.name}.html"
                self._page(
                    href,
                    "table.html",
                    subject=subject,
                    table=table,
                    names=names,
                    terms=terms,
                    used_by=[
                        other for other in names.values() if table.name in other.targets
                    ],
                )
                self._find("表", table.name_zh, table.name, table.about_zh, href)
                self._find_columns(table, href)

    def _find_columns(self, table: Table, href: str) -> None:
        for column in table.columns:
            place = f"{href}#{column.name}"
            name = f"{table.name_zh}．{column.name_zh}"
            text = column.about_zh or column.about_en
            self._find("列", name, f"{table.name}.{column.name}", text, place)
            for value in column.values:
                if value.name_zh:
                    english = f"{column.name} = {value.value}"
                    self._find("取值", value.name_zh, english, name, place)

    def _decisions(self) -> None:
        listed = []
        for path in sorted(_DECISIONS.glob("*.md")):
            page = f"decision/{path.stem}.html"
            text = self._read(f"docs/decisions/{path.name}", page)
            self._page(
                page, "prose.html", text=text, title="", trail=True, is_english=True
            )
            title = re.sub(r"^\d+\s*", "", text.title)
            listed.append((path.stem[:4], title, page))
            self._find("决策", title, path.stem[:4], "", page)
        self._page("decisions.html", "decisions.html", decisions=listed)

    def _prose_page(self, file: str, page: str, title: str) -> Prose:
        text = self._read(file, page, is_list=file == "docs/glossary.md")
        self._page(
            page,
            "prose.html",
            text=text,
            title=title,
            trail=False,
            is_english=not _CHINESE.search(
                "".join(words for _, words in text.headings)
            ),
        )
        kind = {"cookbook.html": "查询", "glossary.html": "术语"}.get(page, "页面")
        self._find("页面", title, text.title, "", page)
        for place, heading in text.headings:
            self._find(kind, heading, "", title, f"{page}#{place}")
        for place, (identifier, chinese, *words) in text.terms:
            meaning = "；".join(word for word in words if word)
            self._find(
                "术语", chinese or identifier, identifier, meaning, f"{page}#{place}"
            )
        return text

    def _read(self, file: str, page: str, *, is_list: bool = False) -> Prose:
        root = "../" * page.count("/")

        def href(target: str) -> str | None:
            found = self._pages.get(target)
            return f"{root}{found}" if found else None

        text = (PROJECT / file).read_text(encoding="utf-8")
        return prose(text, file, href, is_list=is_list, picture=_framed(*self._lineage))


def _framed(*drawn: Markup) -> Markup:
    """A picture, wide and narrow; the page shows the one for which it has room."""
    frame = Markup('<div class="scroll picture-frame" tabindex="0">{}</div>')
    return frame.format(Markup("").join(drawn))


def _matrix(listed: list[Subject]) -> dict[str, Any]:
    """Which facts lead to which dimensions."""
    facts = [
        table
        for subject in listed
        for table in subject.tables
        if table.name.startswith(("fct_", "bridge_"))
    ]
    dimensions = [
        table
        for subject in listed
        for table in subject.tables
        if any(table.name in fact.targets for fact in facts)
    ]
    return {"facts": facts, "dimensions": dimensions}


def _sources(manifest: dict[str, Any]) -> list[dict[str, Any]]:
    """The tables of the raw layer."""
    return sorted(
        (node for node in manifest["sources"].values() if node["schema"] != "marts"),
        key=lambda node: (node["schema"], node["name"]),
    )


def _metrics(manifest: dict[str, Any]) -> list[dict[str, Any]]:
    return sorted(manifest["metrics"].values(), key=lambda node: str(node["name"]))


def build(folder: Path, work: Path) -> int:
    """Write the handbook into a folder; gives the number of pages.

    :raises FolderRefused: the folder is not ours to replace.
    :raises FolderBusy: another handbook is being written there.
    :raises Unparsable: dbt cannot read the project.
    """
    with replaced(folder, "DOCS", _is_handbook) as beside:
        (beside / _MARK).touch()
        manifest, models = parsed(work)
        handbook = Handbook(read(manifest), beside)
        handbook.write()
        handbook.models(models)
    return handbook.pages


def _is_handbook(folder: Path) -> bool:
    return (folder / _MARK).exists()


def main() -> int:
    """Write the handbook into ``DOCS``."""
    command.parser(
        "make docs",
        "写出手册：规则、数据字典、术语、查询示例和图，静态网页，不需要数据库和网络。",
        *("DOCS", "WORK"),
    ).parse_args()
    return command.run(_main)


def _main() -> int:
    started = time.monotonic()
    settings = Settings.from_environment()
    folder = Path(os.environ.get("DOCS") or PROJECT / "docs_site")
    try:
        pages = build(folder, settings.work / "handbook")
    except Unparsable as error:
        raise command.Refused(f"dbt 读不懂项目中的模型：{error}") from error
    seconds = time.monotonic() - started
    print(f"已写出 {pages} 页，用时 {seconds:.0f} 秒。")
    print(f"用浏览器打开：{folder / 'index.html'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
