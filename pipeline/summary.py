"""The summary of a build, in Chinese: what was read, what it says, what is wrong."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline import terminal, words
from pipeline.load import connect

_TITLE = 10  # columns of the titles at the left
_SCREEN = (24, 100)  # lines and columns that a summary takes at most
_COLOURS = {"error": "red", "warning": "yellow", "info": "cyan"}


@dataclass(frozen=True, slots=True)
class Document:
    """A document that gave no facts, and why."""

    path: str
    status: str
    reason: str


@dataclass(frozen=True, slots=True)
class Finding:
    """A finding in one line."""

    severity: str
    acknowledgement: str
    title: str
    label: str
    place: str

    @property
    def line(self) -> str:
        """The line that begins with the severity."""
        mark = words.ACKNOWLEDGEMENT[self.acknowledgement]
        return (
            f"[{words.SEVERITY[self.severity]}]{mark} "
            f"{self.label} {self.place}：{self.title}"
        )


@dataclass(frozen=True, slots=True)
class Summary:
    """What a build read, what it says, what is wrong: sections of sentences, lists."""

    sections: tuple[tuple[str, tuple[str, ...]], ...]
    documents: tuple[Document, ...]
    findings: tuple[Finding, ...]
    unmatched: tuple[str, ...]

    def lines(self) -> list[str]:
        """All of it, for a file or a pipe."""
        lines = []
        for title, sentences in self.sections:
            lines += [title, *(f"  {sentence}" for sentence in sentences)]
        if self.documents:
            lines.append("未载入或重复的文件")
        lines += [
            f"  {document.path}：{words.DOCUMENT_STATUS[document.status]}。{document.reason}"
            for document in self.documents
        ]
        lines += (
            [f"发现 {len(self.findings)} 项{self._acknowledged()}"]
            if self.findings
            else ["发现", "  没有发现问题"]
        )
        lines += [f"  {finding.line}" for finding in self.findings]
        return lines + self._unmatched()

    def screen(self, height: int, width: int) -> list[str]:
        """What fits a screen: zeros left out, lists cut, saying how much is left out."""
        lines: list[str] = []
        for title, sentences in self.sections:
            for sentence in sentences:
                lines += _hanging(title, _without_zeros(sentence), width)
                title = ""
        lines += self._documents_on_screen(width)
        severities = _counts(
            {
                severity: sum(finding.severity == severity for finding in self.findings)
                for severity in words.SEVERITY
            },
            words.SEVERITY,
        )
        told = (
            f"{len(self.findings)} 项：{severities}{self._acknowledged('；')}"
            if self.findings
            else "没有发现问题"
        )
        lines += _hanging("发现", _without_zeros(told), width)
        ending = [
            part for line in self._unmatched() for part in terminal.wrapped(line, width)
        ]
        room = height - len(lines) - len(ending)
        shown = 0
        for finding in self.findings:
            parts = _hanging("", finding.line, width, "  ")
            # The last line is for what is left out.
            needed = len(parts) + (shown + 1 < len(self.findings))
            if needed > room:
                break
            head = f"[{words.SEVERITY[finding.severity]}]"
            parts[0] = parts[0].replace(
                head, terminal.coloured(head, _COLOURS[finding.severity]), 1
            )
            lines += parts
            room -= len(parts)
            shown += 1
        if shown < len(self.findings):
            lines.append(f"  另有 {len(self.findings) - shown} 项，见核对报告")
        return lines + ending

    def _documents_on_screen(self, width: int) -> Iterator[str]:
        """A line for each status, the documents that could not be read first."""
        for status in ("rejected", "superseded", "duplicate"):
            of_status = [
                document for document in self.documents if document.status == status
            ]
            if not of_status:
                continue
            title = words.DOCUMENT_STATUS[status]
            if status == "rejected":
                for document in of_status[:3]:
                    yield from _hanging(
                        title, f"{document.path}：{document.reason}", width
                    )[:2]
                    title = ""
                if len(of_status) > 3:
                    yield from _hanging("", f"另有 {len(of_status) - 3} 份", width)
                continue
            names = "、".join(document.path for document in of_status[:3])
            more = f" 等 {len(of_status)} 份" if len(of_status) > 3 else ""
            yield from _hanging(title, f"{names}{more}", width)

    def _acknowledged(self, sign: str = "：") -> str:
        if all(finding.acknowledgement == "open" for finding in self.findings):
            return ""
        done = sum(
            finding.acknowledgement == "acknowledged" for finding in self.findings
        )
        return f"{sign}待处理 {len(self.findings) - done}，已确认 {done}"

    def _unmatched(self) -> list[str]:
        if not self.unmatched:
            return []
        return [
            f"  确认记录中有 {len(self.unmatched)} 条没有对应的发现："
            + "、".join(self.unmatched[:10])
            + (" 等" if len(self.unmatched) > 10 else "")
        ]


def tell(summary: Summary, ending: Sequence[str]) -> None:
    """Print a summary and what ends it: within one screen where there is one."""
    print()
    width = terminal.columns(sys.stdout)
    if width is None:
        print("\n".join([*summary.lines(), *ending]))
        return
    height, widest = _SCREEN
    width = min(width, widest)
    last = [part for line in ending for part in terminal.wrapped(line, width)]
    print("\n".join([*summary.screen(height - 1 - len(last), width), *last]))


def _hanging(title: str, text: str, width: int, indent: str = "") -> list[str]:
    """Text beside its title; where it runs on it stays beside it."""
    room = terminal.width(indent) or _TITLE
    lines = terminal.wrapped(text, width - room)
    first = indent or terminal.coloured(title, "bold") + " " * (
        room - terminal.width(title)
    )
    return [
        f"{first if number == 0 else ' ' * room}{line}"
        for number, line in enumerate(lines)
    ]


def _without_zeros(sentence: str) -> str:
    """Without the counts in a list that are nothing."""
    sentence = re.sub(
        r"(?<=[（：，])[^（：，；）]*? 0(?: 条)?(?:，|(?=[；）]|$))", "", sentence
    )
    return re.sub(r"，(?=[；）]|$)|（）", "", sentence)


def summarize(database: Path) -> Summary:
    """The summary of a built warehouse."""
    with connect(database, read_only=True) as connection:

        def rows(sql: str) -> list[tuple]:  # type: ignore[type-arg]
            return connection.execute(sql).fetchall()

        documents = dict(
            rows("select status, count(*) from marts.dim_document group by status")
        )
        tables = dict(
            rows("select status, count(*) from marts.dim_source_table group by status")
        )
        verdicts = dict(
            rows("select verdict, count(*) from marts.fct_identity group by verdict")
        )
        proofs = rows(
            "select count(*), count(case when proof = 'proven' then 1 end) from ("
            + " union all ".join(
                f"select cell_id, proof from marts.{table}" for table in words.FACTS
            )
            + ")"
        )[0]
        cells = rows("select count(*) from raw.cells")[0][0]
        return Summary(
            sections=(
                (
                    "读取",
                    (
                        f"文件 {sum(documents.values())} 份（{_counts(documents, words.DOCUMENT_STATUS)}），"
                        f"表格 {sum(tables.values())} 张（{_counts(tables, words.TABLE_STATUS)}），"
                        f"单元格 {cells} 个",
                    ),
                ),
                (
                    "入库金额",
                    (
                        "，".join(
                            f"{label} {rows(f'select count(*) from marts.{table}')[0][0]} 条"
                            for table, label in words.FACTS.items()
                        )
                        + f"；共 {proofs[0]} 条，其中经勾稽证实 {proofs[1]} 条",
                    ),
                ),
                (
                    "勾稽核对",
                    (
                        f"等式 {sum(verdicts.values())} 个：{_counts(verdicts, words.VERDICT)}",
                        *_coverage(rows),
                        *_narrative(rows),
                    ),
                ),
            ),
            documents=_documents_not_loaded(rows),
            findings=_findings(rows),
            unmatched=_unmatched(rows),
        )


def _counts(counts: dict[str, int], labels: dict[str, str]) -> str:
    return "，".join(f"{label} {counts.get(key, 0)}" for key, label in labels.items())


def _coverage(rows) -> list[str]:  # type: ignore[no-untyped-def]
    ((amounts, once, twice, never),) = rows(
        "select sum(amounts), sum(amounts_in_identity), "
        "sum(amounts_in_independent_identities), sum(amounts_in_no_identity) "
        "from marts.rpt_coverage"
    )
    if not amounts:
        return []
    return [
        f"金额 {amounts} 个：参与等式 {once}，其中参与两个独立等式 {twice}；"
        f"没有等式可以核对 {never}"
    ]


def _narrative(rows) -> list[str]:  # type: ignore[no-untyped-def]
    ((figures, placed, unplaced, compared),) = rows(
        "select sum(figures), sum(placed_figures), sum(unplaced_figures), "
        "sum(amounts_in_tables) from marts.rpt_narrative_coverage"
    )
    if not figures:
        return []
    return [
        f"正文数字 {figures} 个：已识别 {placed}，未识别 {unplaced}；"
        f"与报表核对的金额 {compared}"
    ]


def _documents_not_loaded(rows) -> tuple[Document, ...]:  # type: ignore[no-untyped-def]
    return tuple(
        Document(*entry)
        for entry in rows(
            "select relative_path, status, status_reason from marts.dim_document "
            "where status <> 'loaded' order by relative_path"
        )
    )


def _findings(rows) -> tuple[Finding, ...]:  # type: ignore[no-untyped-def]
    entries = rows(
        """
        select
            findings.severity, findings.acknowledgement, findings.title,
            coalesce(documents.unit_label, documents.relative_path),
            findings.page, findings.line
        from marts.fct_finding as findings
        inner join (
            select
                dim_document.document_id, dim_document.relative_path,
                dim_unit.unit_name || cast(dim_document.fiscal_year as varchar)
                || case dim_document.stage when 'budget' then '年预算' else '年决算' end
                    as unit_label
            from marts.dim_document
            left join marts.dim_unit on dim_document.unit_id = dim_unit.unit_id
        ) as documents on findings.document_id = documents.document_id
        order by
            case findings.severity when 'error' then 0 when 'warning' then 1 else 2 end,
            documents.relative_path, findings.page, findings.line, findings.title
        """
    )
    return tuple(
        Finding(severity, acknowledgement, title, label, words.place(page, line))
        for severity, acknowledgement, title, label, page, line in entries
    )


def _unmatched(rows) -> tuple[str, ...]:  # type: ignore[no-untyped-def]
    return tuple(
        finding_id
        for (finding_id,) in rows(
            "select finding_id from intermediate.int_finding_acknowledgement "
            "where acknowledgement = 'unmatched' order by finding_id"
        )
    )
