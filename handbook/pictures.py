"""Pictures of the warehouse, drawn by code: the star of the marts and the lineage.

Each is drawn wide for a screen or paper and narrow for a telephone.
"""

from __future__ import annotations

import fnmatch
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from markupsafe import Markup, escape

from handbook.manifest import Row, Subject, Table, knowledge

_FACTS = ("amounts", "spending", "performance", "text", "proof")
_STYLE = """\
.picture text { fill: var(--ink, #1f2933); font-size: 14px; font-family: inherit; }
.picture .small { font-size: 11.5px; fill: var(--soft, #52606d); }
.picture .head { font-weight: 600; font-size: 15px; }
.picture rect { fill: var(--paper, #fff); stroke: var(--line, #d9e2ec); }
.picture .panel { fill: var(--panel, #f5f7fa); }
.picture .dimension { fill: var(--mark, #fff3c4); stroke: none; }
.picture path { fill: none; stroke: var(--bar, #2680c2); stroke-opacity: .45; }
"""


@dataclass(slots=True)
class _Drawing:
    """What is drawn: lines lie below boxes, boxes below text."""

    width: float
    height: float = 0
    lines: list[str] = field(default_factory=list)
    boxes: list[str] = field(default_factory=list)

    def box(
        self, x: float, y: float, width: float, height: float, kind: str = ""
    ) -> None:
        self.height = max(self.height, y + height)
        self.boxes.append(
            f'<rect x="{x:.0f}" y="{y:.0f}" width="{width:.0f}" height="{height:.0f}" '
            f'rx="5" class="{kind}"/>'
        )

    def text(self, x: float, y: float, text: str, kind: str = "") -> None:
        self.boxes.append(
            f'<text x="{x:.0f}" y="{y:.0f}" class="{kind}">{escape(text)}</text>'
        )

    def link(self, href: str, text: str, x: float, y: float, kind: str = "") -> None:
        self.boxes.append(f'<a href="{escape(href)}">')
        self.text(x, y, text, kind)
        self.boxes.append("</a>")

    def curve(
        self, x: float, y: float, to_x: float, to_y: float, *, down: bool = False
    ) -> None:
        if down:
            middle = (y + to_y) / 2
            bends = f"{x:.0f} {middle:.0f} {to_x:.0f} {middle:.0f}"
        else:
            middle = (x + to_x) / 2
            bends = f"{middle:.0f} {y:.0f} {middle:.0f} {to_y:.0f}"
        self.lines.append(f'<path d="M{x:.0f} {y:.0f}C{bends} {to_x:.0f} {to_y:.0f}"/>')

    def svg(self, label: str, kind: str) -> Markup:
        width, height = self.width + 4, self.height + 4
        return Markup(
            '<svg xmlns="http://www.w3.org/2000/svg" '
            f'class="picture {kind}" role="img" aria-label="{escape(label)}" '
            f'viewBox="-2 -2 {width:.0f} {height:.0f}" '
            f'width="{width:.0f}" height="{height:.0f}">'
            f"<style>{_STYLE}</style>"
            + "\n".join((*self.lines, *self.boxes))
            + "</svg>"
        )


def length(text: str, size: float = 14) -> float:
    """About how wide a text is drawn."""
    wide = sum(unicodedata.east_asian_width(character) in "WF" for character in text)
    return size * (wide + 0.58 * (len(text) - wide))


def star(subjects: Sequence[Subject]) -> tuple[Markup, Markup]:
    """The facts around the dimensions that they share: wide and narrow."""
    tables = {table.name: table for subject in subjects for table in subject.tables}
    facts = {
        subject.subject: [
            table
            for table in subject.tables
            if table.name.startswith(("fct_", "bridge_"))
        ]
        for subject in subjects
        if subject.subject in _FACTS
    }
    listed = [table for own in facts.values() for table in own]
    dimensions = [
        table
        for table in tables.values()
        if table.name.startswith("dim_")
        and any(table.name in fact.targets for fact in listed)
    ]
    shared = [
        table
        for table in dimensions
        if 2 * sum(table.name in fact.targets for fact in listed) >= len(listed)
    ]
    names = {subject.subject: subject.name_zh for subject in subjects}
    return (
        _star(facts, names, dimensions, shared, tables, columns=2),
        _star(facts, names, dimensions, shared, tables, columns=1),
    )


_ROW = 46.0
_HEAD = 34.0


def _star(
    facts: dict[str, list[Table]],
    names: dict[str, str],
    dimensions: list[Table],
    shared: list[Table],
    tables: dict[str, Table],
    columns: int,
) -> Markup:
    side, middle, gap = (400.0, 230.0, 75.0) if columns == 2 else (356.0, 356.0, 0.0)
    drawing = _Drawing(2 * side + middle + 2 * gap if columns == 2 else side)
    panels: list[tuple[str, float, float]] = []
    ends = [0.0, 0.0]
    centre_x = side + gap if columns == 2 else 0.0
    own = [table for table in dimensions if table not in shared]
    height = _HEAD + 36 * len(shared) + 12 + _HEAD + 36 * len(own) + 8
    if columns == 1:
        ends = [height + 16, 0.0]
    for subject, listed in facts.items():
        if not listed:
            continue
        at = ends.index(min(ends)) if columns == 2 else 0
        x = 0.0 if at == 0 else side + middle + 2 * gap
        panels.append((subject, x, ends[at]))
        ends[at] += _HEAD + _ROW * len(listed) + 16
    top = max(0.0, (max(ends) - 16 - height) / 2) if columns == 2 else 0.0
    places = _centre(drawing, centre_x, top, middle, shared, own)
    for subject, x, y in panels:
        listed = facts[subject]
        panel = _HEAD + _ROW * len(listed)
        drawing.box(x, y, side, panel, "panel")
        drawing.text(x + 12, y + 23, names[subject], "head")
        on_left = x == 0
        if columns == 2:
            edge = x + side if on_left else x
            centre = centre_x if on_left else centre_x + middle
            drawing.lines.append("<g stroke-width='3'>")
            drawing.curve(edge, y + _HEAD / 2, centre, places[""])
            drawing.lines.append("</g>")
        for number, table in enumerate(listed):
            line = y + _HEAD + _ROW * number
            drawing.box(x + 6, line, side - 12, _ROW - 5)
            drawing.link(f"table/{table.name}.html", table.name_zh, x + 16, line + 18)
            drawing.text(x + 16, line + 34, table.name, "small")
            special = [name for name in table.targets if name in places]
            _chips(drawing, x + side - 12, line + 8, table, special, tables)
            if columns == 2:
                for name in special:
                    edge = x + side - 6 if on_left else x + 6
                    centre = centre_x if on_left else centre_x + middle
                    drawing.curve(edge, line + 20, centre, places[name])
    label = "星型结构：事实表围绕共同的维度表"
    return drawing.svg(label, "wide" if columns == 2 else "narrow")


def _centre(
    drawing: _Drawing,
    x: float,
    y: float,
    width: float,
    shared: list[Table],
    own: list[Table],
) -> dict[str, float]:
    """Draw the dimensions; gives the heights at which lines arrive."""
    places: dict[str, float] = {}
    for title, listed in (("共同维度", shared), ("专用维度", own)):
        if not listed:
            continue
        height = _HEAD + 36 * len(listed) + 4
        drawing.box(x, y, width, height, "panel")
        drawing.text(x + 12, y + 23, title, "head")
        if listed is shared:
            places[""] = y + _HEAD / 2
        for number, table in enumerate(listed):
            line = y + _HEAD + 36 * number
            drawing.box(x + 6, line, width - 12, 32, "dimension")
            drawing.link(f"table/{table.name}.html", table.name_zh, x + 14, line + 14)
            drawing.text(x + 14, line + 27, table.name, "small")
            if listed is own:
                places[table.name] = line + 16
        y += height + 12
    return places


def _chips(
    drawing: _Drawing,
    right: float,
    y: float,
    table: Table,
    special: Iterable[str],
    tables: dict[str, Table],
) -> None:
    """The dimensions of one fact, beside its name, as far as there is room."""
    left = right - 400 + 34 + max(length(table.name_zh), length(table.name, 11.5))
    for name in special:
        words = tables[name].name_zh
        width = length(words, 11.5) + 12
        if right - width < left:
            break
        drawing.box(right - width, y, width, 22, "dimension")
        drawing.text(right - width + 6, y + 15, words, "small")
        right -= width + 5


@dataclass(slots=True)
class _Family:
    """Models that do one thing together."""

    name: str
    step: int
    name_zh: str
    models: int = 0
    href: str = ""


STEPS = {
    1: "原样",
    2: "整理",
    3: "读懂位置",
    4: "读懂含义",
    5: "列出等式",
    6: "判断",
    7: "找原因",
    8: "说明与汇总",
    9: "成表",
}


_NOUNS = {"raw": "张表", "seeds": "张表"}


def lineage(
    manifest: dict[str, Any], subjects: Sequence[Subject]
) -> tuple[Markup, Markup]:
    """From what is printed to the tables that are asked: wide and narrow."""
    families, member = _families(manifest, subjects)
    edges = _edges(manifest, families, member)
    ordered = _ordered(families, edges)
    return _lineage(ordered, edges, down=False), _lineage(ordered, edges, down=True)


def _families(
    manifest: dict[str, Any], subjects: Sequence[Subject]
) -> tuple[dict[str, _Family], dict[str, str]]:
    families = {}
    patterns: list[tuple[str, Row]] = []
    for row in knowledge("family"):
        families[row["family"]] = _Family(
            row["family"], int(row["step"]), row["name_zh"]
        )
        patterns += [(pattern, row) for pattern in row["models"].split()]
    of_table: dict[str, str] = {}
    for subject in subjects:
        families[subject.subject] = _Family(
            subject.subject, len(STEPS), subject.name_zh, href="tables.html"
        )
        of_table |= {table.name: subject.subject for table in subject.tables}
    member = {}
    for key, node in (*manifest["sources"].items(), *manifest["nodes"].items()):
        if node["resource_type"] not in ("model", "seed", "source"):
            continue
        family = of_table.get(node["name"]) or _family(node, patterns)
        if family not in families:
            families[family] = _Family(family, 4, "其他")
        member[key] = family
        families[family].models += 1
    # What has no step is no step of the way: the calendar of the metrics.
    drawn = {
        name: found for name, found in families.items() if found.models and found.step
    }
    return drawn, {key: name for key, name in member.items() if name in drawn}


def _family(node: dict[str, Any], patterns: list[tuple[str, Row]]) -> str:
    """The first family that a pattern of a folder, then of a name gives a model."""
    folder = node["original_file_path"].split("/")[-2]
    kind = f"{node['resource_type']}:{node['name']}"
    for pattern, row in patterns:
        if pattern == f"{folder}/*" and node["resource_type"] == "model":
            return row["family"]
    for pattern, row in patterns:
        if fnmatch.fnmatch(node["name"], pattern) or fnmatch.fnmatch(kind, pattern):
            return row["family"]
    return "other"


def _edges(
    manifest: dict[str, Any], families: dict[str, _Family], member: dict[str, str]
) -> set[tuple[str, str]]:
    """Which family feeds a later one, without what goes through others anyway."""
    found: dict[str, set[str]] = defaultdict(set)
    for key, node in manifest["nodes"].items():
        if key not in member:
            continue
        for parent in node.get("depends_on", {}).get("nodes", ()):
            source = member.get(parent)
            if source and families[source].step < families[member[key]].step:
                found[source].add(member[key])

    def beyond(family: str) -> set[str]:
        reached: set[str] = set()
        waiting = list(found[family])
        while waiting:
            name = waiting.pop()
            if name not in reached:
                reached.add(name)
                waiting += found[name]
        return reached

    return {
        (source, target)
        for source in list(found)
        for target in found[source]
        if not any(
            target in beyond(other) for other in found[source] if other != target
        )
    }


def _ordered(
    families: dict[str, _Family], edges: set[tuple[str, str]]
) -> dict[int, list[_Family]]:
    """The families of each step, near what feeds them."""
    steps: dict[int, list[_Family]] = defaultdict(list)
    for family in families.values():
        steps[family.step].append(family)
    near: dict[str, set[str]] = defaultdict(set)
    for source, target in edges:
        near[source].add(target)
        near[target].add(source)
    for _ in range(6):
        place = {
            family.name: (number + 0.5) / len(listed)
            for listed in steps.values()
            for number, family in enumerate(listed)
        }
        for listed in steps.values():
            middle = {
                family.name: sum(place[name] for name in near[family.name])
                / len(near[family.name])
                if near[family.name]
                else place[family.name]
                for family in listed
            }
            listed.sort(key=lambda family: middle[family.name])
    return dict(sorted(steps.items()))


def _lineage(
    steps: dict[int, list[_Family]], edges: set[tuple[str, str]], *, down: bool
) -> Markup:
    box = 46.0
    width, gap = (172.0, 12.0) if down else (108.0, 31.0)
    drawing = _Drawing(356.0 if down else len(STEPS) * (width + gap) - gap)
    tallest = max(len(listed) for listed in steps.values())
    places: dict[str, tuple[float, float]] = {}
    y = 0.0
    for step, listed in steps.items():
        x = 0.0 if down else (step - 1) * (width + gap)
        drawing.text(x, y + 16, STEPS[step], "head")
        if not down:
            slack = (tallest - len(listed)) * (box + 12) / 2
        for number, family in enumerate(listed):
            if down:
                left = (number % 2) * (width + gap)
                line = y + 26 + (number // 2) * (box + 10)
            else:
                left = x
                line = 30 + slack + number * (box + 12)
            places[family.name] = (left, line)
            drawing.box(left, line, width, box)
            if family.href:
                drawing.link(family.href, family.name_zh, left + 8, line + 20)
            else:
                drawing.text(left + 8, line + 20, family.name_zh)
            noun = _NOUNS.get(family.name) or ("张表" if family.href else "个模型")
            drawing.text(left + 8, line + 37, f"{family.models} {noun}", "small")
        if down:
            y += 26 + (len(listed) + 1) // 2 * (box + 10) + 26
    for source, target in sorted(edges):
        (x, line), (to_x, to_line) = places[source], places[target]
        if down:
            drawing.curve(
                x + width / 2, line + box, to_x + width / 2, to_line, down=True
            )
        else:
            drawing.curve(x + width, line + box / 2, to_x, to_line + box / 2)
    label = "数据血缘：从原样数据到供查询的表"
    return drawing.svg(label, "narrow" if down else "wide")
