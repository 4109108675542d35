"""The catalogue of rules: what each says, and the small disclosure that breaks it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from handbook.manifest import Row, models, read_rows, seed
from pipeline.settings import PROJECT

DOCUMENTS = PROJECT / "tests" / "rules"
_UNIT = "云溪县南山渡口管理站"
_YEAR = "2024"
_CHOICE = re.compile(r"\[\[(.*?)=>(.*?)]]", re.DOTALL)
_BREAK = re.compile(r"^=== (document|page|damaged) ===$")
_FIGURE = re.compile(r"-?[\d,]+\.\d+|-?\d{1,3}(,\d{3})+")
_BREAKS = {
    "document": "另一份文件",
    "page": "下一页",
    "damaged": "下一页（不能读取）",
}

# A text with what it should say: neither means that nothing is wrong there.
Piece = tuple[str, str | None]


@dataclass(frozen=True, slots=True)
class Block:
    """A part of a document: lines of text, a table, or where another part begins."""

    kind: str
    lines: list[list[list[Piece]]]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule with its words, its example and what the warehouse says of that."""

    row: Row
    family: Row
    words: Row
    about_en: str
    model: str | None
    example: list[Block]
    findings: list[Row]

    @property
    def rule_id(self) -> str:
        """How findings name it."""
        return self.row["rule_id"]


def rules(manifest: dict[str, Any]) -> list[Rule]:
    """Every rule, in the order of the catalogue.

    :raises KeyError: a rule has no words, or its family has no name.
    """
    families = {row["rule_family"]: row for row in seed("rules/rule_family")}
    explained = {row["rule_id"]: row for row in seed("rules/rule_explanation")}
    nodes = models(manifest)
    findings = read_rows(DOCUMENTS / "findings.csv")
    found = []
    for row in seed("rules/rule"):
        rule_id = row["rule_id"]
        node = nodes.get(f"rule_{rule_id}")
        found.append(
            Rule(
                row=row,
                family=families[row["rule_family"]],
                words=explained[rule_id],
                about_en=" ".join(node["description"].split()) if node else "",
                model=node["original_file_path"] if node else None,
                example=_example(rule_id),
                findings=[
                    {key: _filled(value) for key, value in finding.items()}
                    for finding in findings
                    if finding["example"] == rule_id
                ],
            )
        )
    return found


def _example(rule_id: str) -> list[Block]:
    """The document that breaks a rule, in blocks."""
    file = DOCUMENTS / f"{rule_id}.txt"
    if not file.exists():
        return []
    blocks: list[Block] = []
    for line in _lines(_filled(file.read_text(encoding="utf-8"))):
        text = "".join(wrong for wrong, _ in line)
        if not text.strip() and not any(right for _, right in line):
            blocks.append(Block("gap", []))
            continue
        found = _BREAK.match(text)
        if found:
            blocks.append(Block("break", [[[(_BREAKS[found[1]], None)]]]))
            continue
        cells = _cells(line)
        kind = "table" if len(cells) > 1 else "text"
        if not blocks or blocks[-1].kind != kind:
            blocks.append(Block(kind, []))
        blocks[-1].lines.append(cells)
    return [block for block in blocks if block.kind != "gap"]


def is_figure(cell: list[Piece]) -> bool:
    """Whether a cell prints a number, which stands at the right."""
    return bool(_FIGURE.fullmatch("".join(wrong for wrong, _ in cell)))


def _filled(text: str) -> str:
    return text.replace("{unit}", _UNIT).replace("{year}", _YEAR)


def _lines(text: str) -> list[list[Piece]]:
    """The text line by line; a choice of several lines is cut like the wrong text."""
    lines: list[list[Piece]] = [[]]

    def add(wrong: str, right: str | None) -> None:
        first, *rest = wrong.split("\n")
        if first or right is not None:
            lines[-1].append((first, right))
        for part in rest:
            lines.append([(part, None if right is None else "")] if part else [])

    place = 0
    for choice in _CHOICE.finditer(text):
        add(text[place : choice.start()], None)
        add(choice[2], " ".join(choice[1].split()))
        place = choice.end()
    add(text[place:], None)
    return lines


def _cells(line: list[Piece]) -> list[list[Piece]]:
    cells: list[list[Piece]] = [[]]
    for wrong, right in line:
        first, *rest = wrong.split("\t")
        cells[-1].append((first, right))
        for part in rest:
            cells.append([(part, None if right is None else "")])
    return cells
