"""How much do the readers add to the libraries underneath?

Every document is read by our reader and, in the same turn, by the bare library on the
same bytes: one core, processor time, the median of several turns. Printed are, per
format, documents and parts (pages of a PDF, sheets of a workbook, tables of the
others) per second of both, and how many times the library's time we take.

What the library does alone is to give the text of every cell, row by row, with its
spans where the format has them: tablers the tables of each page, calamine the values
and merged ranges of each sheet, lxml and selectolax the cells of each row and the
paragraphs; the csv module and str.split cut lines into fields. For tables without lines
down, of which tablers and pdfplumber find none by lines, they are told to find the
cells by the text. With ``--others`` the libraries of
:mod:`tests.bench.others` read the same files, in an environment of their own.

With ``--prose`` the running text of the documents that have any is measured instead:
documents per second of the reader, of the grammar that reads the prose after it, and
figures per second.
"""

from __future__ import annotations

import argparse
import csv
import gc
import io
import json
import os
import subprocess
import sys
import tempfile
import time
import zipfile
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from statistics import median

import tablers
from lxml import etree
from python_calamine import CalamineWorkbook
from selectolax.lexbor import LexborHTMLParser, LexborNode

from ingest.corpus import read_document
from ingest.detect import decode_text, detect_format
from ingest.document import Document, Limits, Paragraph, UnreadableDocument
from ingest.prose.reader import ProseReader
from tests.bench.results import RESULTS, ROOT, keep
from tests.forge.layouts import LAYOUTS
from tests.forge.make import disclosure
from tests.forge.writers import WRITERS

SEEDS = ROOT / "seeds"
REAL = ROOT.parent / "shared" / "disclosures"
OTHERS = ROOT / ".venv-bench" / "bin" / "python"

# Tables without lines down.
UNRULED = ("pdf-horizontal", "pdf-borderless")
BY_TEXT = {"vertical_strategy": "text", "horizontal_strategy": "text"}

Library = Callable[[bytes], object]


def bare_pdf(data: bytes, **strategies: str) -> object:
    document = tablers.Document(bytes=data)
    return [
        table.to_list()
        for page in document.pages()
        for table in tablers.find_tables(page, extract_text=True, **strategies)
    ]


def bare_workbook(data: bytes) -> object:
    with CalamineWorkbook.from_filelike(io.BytesIO(data)) as workbook:
        sheets = map(workbook.get_sheet_by_index, range(len(workbook.sheet_names)))
        return [
            (
                [[str(value) for value in row] for row in sheet.to_python(False)],
                sheet.merged_cell_ranges,
            )
            for sheet in sheets
        ]


def bare_word(data: bytes) -> object:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        root = etree.fromstring(archive.read("word/document.xml"))
    outside = [
        _word_text(paragraph)
        for paragraph in root.iter(f"{_WORD}p")
        if next(paragraph.iterancestors(f"{_WORD}tc"), None) is None
    ]
    return outside, [_word_cells(row) for row in root.iter(f"{_WORD}tr")]


_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def _word_text(element: etree._Element) -> str:
    return "".join(text.text or "" for text in element.iter(f"{_WORD}t"))


def _word_cells(row: etree._Element) -> list[tuple[str, str | None, str | None]]:
    cells = []
    for cell in row.iterchildren(f"{_WORD}tc"):
        span = cell.find(f"{_WORD}tcPr/{_WORD}gridSpan")
        merge = cell.find(f"{_WORD}tcPr/{_WORD}vMerge")
        cells.append(
            (
                _word_text(cell),
                None if span is None else span.get(f"{_WORD}val"),
                None if merge is None else merge.get(f"{_WORD}val", "continue"),
            )
        )
    return cells


def bare_page(data: bytes) -> object:
    page = LexborHTMLParser(decode_text(data))
    outside = [paragraph.text() for paragraph in page.css("p:not(td p, th p)")]
    return outside, [_page_cells(row) for row in page.css("tr")]


def _page_cells(row: LexborNode) -> list[tuple[str, str | None, str | None]]:
    return [
        (cell.text(), cell.attributes.get("rowspan"), cell.attributes.get("colspan"))
        for cell in row.css("td, th")
    ]


def bare_csv(data: bytes) -> object:
    text = io.StringIO(decode_text(data), newline="")
    return list(csv.reader(text, delimiter="\t" if b"\t" in data else ","))


def bare_text(data: bytes) -> object:
    return [line.split("\t") for line in decode_text(data).splitlines()]


LIBRARIES: dict[str, tuple[str, Library]] = {
    "pdf": ("tablers", bare_pdf),
    "unruled pdf": ("tablers", partial(bare_pdf, **BY_TEXT)),
    "xlsx": ("calamine", bare_workbook),
    "xls": ("calamine", bare_workbook),
    "docx": ("lxml", bare_word),
    "html": ("selectolax", bare_page),
    "csv": ("csv", bare_csv),
    "text": ("str.split", bare_text),
}


@dataclass(slots=True)
class Tally:
    """Seconds of one format, and what they were spent on.

    ``others`` are the seconds of other libraries, and ours for what they could read.
    """

    library: str
    documents: int = 0
    parts: int = 0
    ours: float = 0.0
    bare: float = 0.0
    ratios: list[float] = field(default_factory=list)
    others: dict[str, tuple[float, float]] = field(default_factory=dict)

    def row(self, name: str) -> str:
        return (
            f"{name:<12}{self.documents:>6}{self.parts:>7}"
            f"{self.documents / self.ours:>11.1f}{self.parts / self.ours:>11.1f}"
            f"{self.documents / self.bare:>11.1f}{self.parts / self.bare:>11.1f}"
            f"{self.ours / self.bare:>8.1f}{median(self.ratios):>8.1f}"
            f"  {self.library}"
        )


HEAD = (
    f"{'format':<12}{'docs':>6}{'parts':>7}{'docs/s':>11}{'parts/s':>11}"
    f"{'bare':>11}{'bare':>11}{'times':>8}{'median':>8}  library"
)


def parts_of(document: Document) -> int:
    """Pages, or sheets, or tables."""
    if document.page_count:
        return document.page_count
    sheets = {table.sheet for table in document.tables()} - {None}
    return len(sheets) or sum(1 for _ in document.tables())


def seconds(function: Callable[[], object]) -> float:
    """Processor time of one call."""
    started = time.process_time()
    function()
    return time.process_time() - started


def measure(data: bytes, bare: Library, turns: int) -> tuple[int, float, float]:
    """Parts, and the seconds of the reader and of the library, by turns."""
    document = read_document(data, Limits())
    pairs = [
        (seconds(lambda: read_document(data, Limits())), seconds(lambda: bare(data)))
        for _ in range(turns)
    ]
    ours, library = (median(times) for times in zip(*pairs, strict=True))
    return parts_of(document), ours, library


def read_by_others(
    python: Path, folder: Path, turns: int
) -> dict[str, dict[str, float]]:
    """Seconds by file and library; a library that fails at a file is left out."""
    others = Path(__file__).with_name("others.py")
    done = subprocess.run(
        [python, others, folder, "--turns", str(turns)],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    found: dict[str, dict[str, float]] = defaultdict(dict)
    for line in map(json.loads, done.stdout.splitlines()):
        if line["seconds"] is not None:
            found[line["file"]][line["library"]] = line["seconds"]
    return found


@dataclass(slots=True)
class ProseTally:
    """Seconds of reading documents, and of reading their running text."""

    documents: int = 0
    figures: int = 0
    read: float = 0.0
    prose: float = 0.0

    def row(self, name: str) -> str:
        return (
            f"{name:<12}{self.documents:>6}{self.figures:>9}"
            f"{self.documents / self.read:>13.1f}{self.documents / self.prose:>13.1f}"
            f"{self.figures / self.prose:>13.0f}{self.read / self.prose:>9.2f}"
        )


PROSE_HEAD = (
    f"{'format':<12}{'docs':>6}{'figures':>9}{'read docs/s':>13}{'prose docs/s':>13}"
    f"{'figures/s':>13}{'share':>9}"
)


def measure_prose(
    data: bytes, tally: ProseTally, reader: ProseReader, turns: int
) -> None:
    """Read a document and its running text by turns; one without is left out."""
    document = read_document(data, Limits())
    blocks = [
        (number, block if isinstance(block, Paragraph) else None)
        for number, block in enumerate(document.blocks)
    ]
    figures = len(reader.read(blocks).figures)
    if not figures:
        return
    pairs = [
        (
            seconds(lambda: read_document(data, Limits())),
            seconds(lambda: reader.read(blocks)),
        )
        for _ in range(turns)
    ]
    read, prose = (median(times) for times in zip(*pairs, strict=True))
    tally.documents += 1
    tally.figures += figures
    tally.read += read
    tally.prose += prose


def made(
    count: int, seed: int, prose_share: float | None = None
) -> Iterator[tuple[str, bytes]]:
    """So many documents of every style of the forge, each with where it is from."""
    layouts = list(LAYOUTS)
    share = {} if prose_share is None else {"prose_share": prose_share}
    for at, style in enumerate(WRITERS):
        for number in range(count):
            layout = layouts[(at * count + number) % len(layouts)]
            made_so = "unruled " if style in UNRULED else ""
            yield made_so, disclosure(layout, style, seed, number, **share).content()


def real() -> Iterator[tuple[str, bytes]]:
    """The real disclosures, where they are."""
    for path in sorted(REAL.glob("*")):
        if path.suffix.lower() in (".pdf", ".txt"):
            yield "real ", path.read_bytes()


def measure_all_prose(chosen: argparse.Namespace) -> int:
    """Print how long reading takes and how long the running text."""
    reader = ProseReader(SEEDS)
    tallies: dict[str, ProseTally] = {}
    for origin, data in [*made(chosen.documents, chosen.seed, 1), *real()]:
        format_ = detect_format(data)
        if format_ in LIBRARIES and chosen.format in (None, format_):
            tally = tallies.setdefault(f"{origin}{format_}", ProseTally())
            try:
                measure_prose(data, tally, reader, chosen.turns)
            except UnreadableDocument as error:
                print(f"{origin}{format_}: {error}", file=sys.stderr)
            gc.collect()
    print(PROSE_HEAD)
    for name, tally in sorted(tallies.items()):
        if tally.documents:
            print(tally.row(name))
    return 0


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--documents", type=int, default=4, help="of each style")
    parser.add_argument("--turns", type=int, default=5)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--format", help="only this one")
    parser.add_argument("--prose", action="store_true", help="measure running text")
    parser.add_argument("--others", type=Path, default=OTHERS, help="their Python")
    parser.add_argument("--results", type=Path, default=RESULTS)
    chosen = parser.parse_args(arguments)
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    gc.disable()  # as in the processes that read
    if chosen.prose:
        return measure_all_prose(chosen)
    measure_all(chosen)
    return 0


def measure_all(chosen: argparse.Namespace) -> None:
    """Measure every format, print and keep what was found."""
    tallies: dict[str, Tally] = {}
    files: dict[str, tuple[Tally, float]] = {}
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        documents = [*made(chosen.documents, chosen.seed), *real()]
        for number, (origin, data) in enumerate(documents):
            format_ = detect_format(data)
            if format_ not in LIBRARIES or chosen.format not in (None, format_):
                continue
            name = f"{origin}{format_}"
            library, bare = LIBRARIES.get(name) or LIBRARIES[format_]
            tally = tallies.setdefault(name, Tally(library))
            try:
                parts, ours, alone = measure(data, bare, chosen.turns)
            except UnreadableDocument as error:
                print(f"{origin}{format_}: {error}", file=sys.stderr)
                continue
            tally.documents += 1
            tally.parts += parts
            tally.ours += ours
            tally.bare += alone
            tally.ratios.append(ours / alone)
            file = folder / f"{number:04} {name}.{format_}"
            file.write_bytes(data)
            files[file.name] = tally, ours
            gc.collect()
        if chosen.others.exists():
            found = read_by_others(chosen.others, folder, chosen.turns)
            for name, seconds_of in found.items():
                tally, ours = files[name]
                for library, taken in seconds_of.items():
                    theirs, own = tally.others.get(library, (0.0, 0.0))
                    tally.others[library] = theirs + taken, own + ours
    print(HEAD)
    for name, tally in sorted(tallies.items()):
        if not tally.documents:
            continue
        print(tally.row(name))
        for library, (theirs, own) in tally.others.items():
            print(f"{'':12}{library} takes {theirs / own:.1f} times our time")
        keep(chosen.results, "format", name, turns=chosen.turns, **asdict(tally))


if __name__ == "__main__":
    sys.exit(main())
