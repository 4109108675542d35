"""How fast do other libraries read the same files? Prints lines of JSON.

It runs in an environment of its own (``.venv-bench``, requirements-bench.lock):
nothing of the project is imported. For every file and library: the median of the
processor seconds that it takes to give the text of every cell, row by row, and its
spans where the library knows them; null where it fails. A file with ``unruled`` in its
name has tables without lines down, which pdfplumber finds by the text alone.

    .venv-bench/bin/python tests/bench/others.py FOLDER --turns 3
"""

from __future__ import annotations

import argparse
import io
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median


def by_pdfplumber(path: Path) -> object:
    import pdfplumber

    by_text = {"vertical_strategy": "text", "horizontal_strategy": "text"}
    settings = by_text if "unruled" in path.name else {}
    with pdfplumber.open(path) as document:
        return [
            (page.extract_tables(settings), page.extract_text())
            for page in document.pages
        ]


def by_camelot(path: Path) -> object:
    import camelot

    tables = camelot.read_pdf(str(path), pages="all", flavor="lattice")
    return [table.df.to_numpy().tolist() for table in tables]


def by_openpyxl(path: Path) -> object:
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(path.read_bytes()), data_only=True)
    return [
        (
            [[str(value) for value in row] for row in sheet.values],
            [*sheet.merged_cells.ranges],
        )
        for sheet in book.worksheets
    ]


def by_python_docx(path: Path) -> object:
    from docx import Document

    document = Document(str(path))
    tables = [
        [[cell.text for cell in row.cells] for row in table.rows]
        for table in document.tables
    ]
    return tables, [paragraph.text for paragraph in document.paragraphs]


def by_lxml(path: Path) -> object:
    from lxml import html

    page = html.fromstring(path.read_bytes())
    rows = [
        [
            (cell.text_content(), cell.get("rowspan"), cell.get("colspan"))
            for cell in row.iter("td", "th")
        ]
        for row in page.iter("tr")
    ]
    return [paragraph.text_content() for paragraph in page.iter("p")], rows


def by_xlrd(path: Path) -> object:
    import xlrd

    book = xlrd.open_workbook(
        file_contents=path.read_bytes(), formatting_info=True, logfile=io.StringIO()
    )
    return [
        (
            [
                [str(value) for value in sheet.row_values(row)]
                for row in range(sheet.nrows)
            ],
            sheet.merged_cells,
        )
        for sheet in book.sheets()
    ]


# Slow ones are measured once.
READERS: dict[str, dict[str, tuple[Callable[[Path], object], bool]]] = {
    ".pdf": {"pdfplumber": (by_pdfplumber, True), "camelot": (by_camelot, True)},
    ".xlsx": {"openpyxl": (by_openpyxl, False)},
    ".xls": {"xlrd": (by_xlrd, False)},
    ".docx": {"python-docx": (by_python_docx, False)},
    ".html": {"lxml.html": (by_lxml, False)},
}


def seconds(read: Callable[[Path], object], path: Path) -> float:
    started = time.process_time()
    read(path)
    return time.process_time() - started


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--turns", type=int, default=3)
    chosen = parser.parse_args()
    is_warm: set[str] = set()
    for path in sorted(chosen.folder.iterdir()):
        for library, (read, is_slow) in READERS.get(path.suffix, {}).items():
            taken: float | None
            try:
                if library not in is_warm:  # imports are not reading
                    read(path)
                    is_warm.add(library)
                turns = 1 if is_slow else chosen.turns
                taken = median(seconds(read, path) for _ in range(turns))
            except Exception as error:
                print(f"{path.name}: {library}: {error!r}", file=sys.stderr)
                taken = None
            said = {"file": path.name, "library": library, "seconds": taken}
            print(json.dumps(said), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
