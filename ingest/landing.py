"""Lands what readers copied as Parquet, keyed by the content of the file.

``<landing>/<layer>/<segment>/<table>.parquet``; what a segment is, ``segments.py``
says. Column types are fixed here, so that an empty document lands with the same
schema as a full one.
"""

from __future__ import annotations

import datetime as dt
import json
import shutil
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from ingest import segments
from ingest.document import READER_VERSION, Box, Document, Paragraph, Table
from ingest.segments import Frames, Store, write_whole

if TYPE_CHECKING:
    # The landing is also looked at where nothing is read.
    from ingest.columns.meaning import HeaderReading
    from ingest.prose.policy import Policy
    from ingest.prose.reader import Prose

_BOX = dict.fromkeys(("box_left", "box_top", "box_right", "box_bottom"), pl.Float64)

# Text that a policy row was read from: in a paragraph, or in a cell of a table.
_SPAN = {
    "block": pl.Int32,
    "character_start": pl.Int32,
    "end_block": pl.Int32,
    "character_end": pl.Int32,
    "row": pl.Int32,
    "column": pl.Int32,
    "page": pl.Int32,
    "line": pl.Int32,
    "printed_text": pl.String,
}

SCHEMAS: dict[str, dict[str, Any]] = {
    "contents": {
        "content_id": pl.String,
        "format": pl.String,
        "page_count": pl.Int32,
        "unread_pages": pl.String,  # separated by commas, as the next two
        "scanned_pages": pl.String,
        "recognised_pages": pl.String,
        "reason_code": pl.String,
        "reason_detail": pl.String,
        "reader_version": pl.Int32,
        "loaded_at": pl.Datetime("us", "UTC"),
    },
    "paragraphs": {
        "content_id": pl.String,
        "block": pl.Int32,
        "page": pl.Int32,
        "line": pl.Int32,
        "kind": pl.String,
        "text": pl.String,
        **_BOX,
    },
    "tables": {
        "content_id": pl.String,
        "block": pl.Int32,
        "page": pl.Int32,
        "line": pl.Int32,
        "sheet": pl.String,
        "row_count": pl.Int32,
        "column_count": pl.Int32,
        "has_spans": pl.Boolean,
        **_BOX,
    },
    "cells": {
        "content_id": pl.String,
        "block": pl.Int32,
        "row": pl.Int32,
        "column": pl.Int32,
        "row_span": pl.Int32,
        "column_span": pl.Int32,
        "page": pl.Int32,
        "line": pl.Int32,
        "text": pl.String,
        **_BOX,
    },
    "headers": {
        "content_id": pl.String,
        "block": pl.Int32,
        "header_status": pl.String,
        "header_decided_by": pl.String,
        "reading_count": pl.Int32,
    },
    "table_rows": {
        "content_id": pl.String,
        "block": pl.Int32,
        "row": pl.Int32,
        "row_kind": pl.String,
        "phase": pl.String,
        "label_year": pl.Int32,
    },
    "column_readings": {
        "content_id": pl.String,
        "block": pl.Int32,
        "reading": pl.Int32,
        "column": pl.Int32,
        "pane": pl.Int32,
        "role": pl.String,
        "side": pl.String,
        "measure": pl.String,
        "fund": pl.String,
        "year_basis": pl.String,
        "phase": pl.String,
        "item": pl.String,
        "classification": pl.String,
        "is_total": pl.Boolean,
        "label_year": pl.Int32,
        "label_path": pl.String,
    },
    "column_forms": {
        "content_id": pl.String,
        "block": pl.Int32,
        "reading": pl.Int32,
        "form": pl.Int32,
        "column": pl.Int32,
        "role": pl.String,
    },
    "sentences": {
        "content_id": pl.String,
        "sentence": pl.Int32,
        "passage": pl.Int32,
        "section_path": pl.String,
        "section_title": pl.String,
        "block": pl.Int32,
        "character_start": pl.Int32,
        "end_block": pl.Int32,
        "character_end": pl.Int32,
        "page": pl.Int32,
        "line": pl.Int32,
        "text": pl.String,
    },
    "figures": {
        "content_id": pl.String,
        "figure": pl.Int32,
        "sentence": pl.Int32,
        "block": pl.Int32,
        "character_start": pl.Int32,
        "end_block": pl.Int32,
        "character_end": pl.Int32,
        "page": pl.Int32,
        "line": pl.Int32,
        "printed_text": pl.String,
        "number_text": pl.String,
        "number_scale": pl.Int32,
        "value_unit": pl.String,
        "meaning": pl.String,
        "direction": pl.Int32,
        "bound": pl.String,
        "subject_text": pl.String,
        "subject_kind": pl.String,
        "subject_code": pl.String,
        "side": pl.String,
        "measure": pl.String,
        "fund": pl.String,
        "year_basis": pl.String,
        "phase": pl.String,
        "code_path": pl.String,
        "figure_year": pl.Int32,
        "compared_year": pl.Int32,
        "compared_phase": pl.String,
        "as_of": pl.Date,
        "owner": pl.Int32,
        "whole": pl.Int32,
        "list": pl.Int32,
        "is_list_open": pl.Boolean,
        "is_placed": pl.Boolean,
        "unplaced_reason": pl.String,
    },
    "citations": {
        "content_id": pl.String,
        "citation": pl.Int32,
        **_SPAN,
        "cited_title": pl.String,
        "printed_number": pl.String,
        "document_number": pl.String,
        "issuer_code": pl.String,
        "issuer": pl.String,
        "year": pl.Int32,
        "serial": pl.String,
        "bracket_status": pl.String,
        "relation": pl.String,
    },
    "formulas": {
        "content_id": pl.String,
        "formula": pl.Int32,
        **_SPAN,
        "kind": pl.String,
        "is_unit_open": pl.Boolean,
    },
    "formula_terms": {
        "content_id": pl.String,
        "formula": pl.Int32,
        "term": pl.Int32,
        **_SPAN,
        "role": pl.String,
        "product": pl.Int32,
        "factor": pl.Int32,
        "sign": pl.Int32,
        "value": pl.String,
        "half_unit": pl.String,
        "is_exact": pl.Boolean,
        "value_unit": pl.String,
        "unit_factor": pl.Int32,
    },
    "standards": {
        "content_id": pl.String,
        "standard": pl.Int32,
        **_SPAN,
        "section_path": pl.String,
        "sentence": pl.String,
        "kind": pl.String,
        "subject": pl.String,
        "value": pl.String,
        "value_unit": pl.String,
        "bound": pl.String,
        "lower_bound": pl.String,
        "upper_bound": pl.String,
        "bound_unit": pl.String,
        "per": pl.String,
        "condition": pl.String,
        "payer": pl.String,
        "valid_year": pl.Int32,
        "start_date": pl.String,
        "end_date": pl.String,
        "is_blank": pl.Boolean,
    },
}

# What depends on the bytes alone, and what also depends on the vocabulary.
CONTENT_TABLES = ("contents", "paragraphs", "tables", "cells")
HEADER_TABLES = ("headers", "table_rows", "column_readings", "column_forms")
PROSE_TABLES = ("sentences", "figures")
POLICY_TABLES = ("citations", "formulas", "formula_terms", "standards")

LAYERS = {
    "content": CONTENT_TABLES,
    "readings": (*HEADER_TABLES, *PROSE_TABLES, *POLICY_TABLES),
}
_LAYERS = "layers.json"

Rows = dict[str, list[dict[str, Any]]]


def content_rows(content_id: str, document: Document) -> Rows:
    """The rows of :data:`CONTENT_TABLES` of one document."""
    rows: Rows = {name: [] for name in CONTENT_TABLES}
    rows["contents"] = [
        _content(content_id, document.format)
        | {
            "page_count": document.page_count,
            "unread_pages": _listed(document.unread_pages),
            "scanned_pages": _listed(document.scanned_pages),
            "recognised_pages": _listed(document.recognised_pages),
        }
    ]
    for block, part in enumerate(document.blocks):
        key = {"content_id": content_id, "block": block}
        if isinstance(part, Paragraph):
            rows["paragraphs"].append(
                {
                    **key,
                    "page": part.page,
                    "line": part.line,
                    "kind": part.kind.value,
                    "text": part.text,
                    **_box(part.box),
                }
            )
        else:
            rows["tables"].append(
                {
                    **key,
                    "page": part.page,
                    "line": part.line,
                    "sheet": part.sheet,
                    "row_count": part.row_count,
                    "column_count": part.column_count,
                    "has_spans": part.has_spans,
                    **_box(part.box),
                }
            )
            rows["cells"].extend(_cells(key, part))
    return rows


def rejected_rows(content_id: str, format_: str | None, code: str, detail: str) -> Rows:
    """The rows of a file that could not be read: why, and nothing else."""
    rows: Rows = {name: [] for name in CONTENT_TABLES}
    rows["contents"] = [
        _content(content_id, format_) | {"reason_code": code, "reason_detail": detail}
    ]
    return rows


def header_rows(content_id: str, readings: Iterable[tuple[int, HeaderReading]]) -> Rows:
    """The rows of :data:`HEADER_TABLES`: readings by block number."""
    rows: Rows = {name: [] for name in HEADER_TABLES}
    for block, header in readings:
        key = {"content_id": content_id, "block": block}
        rows["headers"].append(
            {
                **key,
                "header_status": header.status,
                "header_decided_by": header.decided_by,
                "reading_count": len(header.readings),
            }
        )
        for number, kind in enumerate(header.row_kinds):
            time = header.times.get(number)
            rows["table_rows"].append(
                {
                    **key,
                    "row": number,
                    "row_kind": kind.value,
                    "phase": time and time.phase,
                    "label_year": time and time.label_year,
                }
            )
        for number, reading in enumerate(header.readings):
            rows["column_readings"].extend(
                {
                    **key,
                    "reading": number,
                    **{name: getattr(column, name) for name in column.__slots__},
                }
                for column in reading.columns
            )
            for form_number, form in enumerate(reading.forms):
                form_key = {**key, "reading": number, "form": form_number}
                rows["column_forms"].extend(
                    {**form_key, "column": column, "role": role}
                    for role, columns in (("total", form.total), ("term", form.terms))
                    for column in columns
                )
    return rows


def prose_rows(content_id: str, prose: Prose) -> Rows:
    """The rows of :data:`PROSE_TABLES` of one document."""
    return {
        table: [
            {
                "content_id": content_id,
                **{name: getattr(part, name) for name in part.__slots__},
            }
            for part in parts
        ]
        for table, parts in (("sentences", prose.sentences), ("figures", prose.figures))
    }


def policy_rows(content_id: str, policy: Policy) -> Rows:
    """The rows of :data:`POLICY_TABLES` of one document."""
    return {
        table: [
            {"content_id": content_id}
            | {
                name: getattr(part, name)
                for name in SCHEMAS[table]
                if name != "content_id"
            }
            for part in getattr(policy, table)
        ]
        for table in POLICY_TABLES
    }


def frames(rows: Rows) -> Frames:
    """The rows as tables with the types of :data:`SCHEMAS`."""
    return {
        table: pl.DataFrame(entries, schema=SCHEMAS[table], orient="row")
        for table, entries in rows.items()
    }


# Where it lies --------------------------------------------------------------


def folder_memory(landing: Path) -> Path:
    """Where it is remembered what was found in the folder of disclosures."""
    return landing / "folder.json"


class Landing:
    """What is landed by the readers and the vocabulary of now.

    What documents print and what was read from it lie apart: another vocabulary
    reads anew without reading the documents.

    :raises NotWritable: the folder cannot be made or written.
    """

    def __init__(self, path: Path, vocabulary_version: str) -> None:
        self.path = path
        self._names = {
            "content": f"content.v{READER_VERSION}",
            "readings": f"readings.v{READER_VERSION}.{vocabulary_version}",
        }
        self.content, self.readings = (
            Store(
                path / self._names[layer], {table: SCHEMAS[table] for table in tables}
            )
            for layer, tables in LAYERS.items()
        )

    def is_landed(self, name: str) -> bool:
        """Whether a document is landed, and the readings are of what it prints."""
        content, readings = self.content.mark(name), self.readings.mark(name)
        return (
            content is not None
            and readings is not None
            and content.reading == readings.reading
        )

    def gather(self, names: Sequence[str]) -> None:
        """Make segments of documents that were landed.

        :raises NotWritable: nothing is lost.
        """
        self.content.gather(names)
        self.readings.gather(names)

    def finish(self) -> None:
        """Have :func:`selection` use what is landed, and remove what is older.

        :raises NotWritable: nothing is lost.
        """
        self.content.merge()
        self.readings.merge()
        write_whole(self.path / _LAYERS, json.dumps(self._names).encode("ascii"))
        for layer, name in self._names.items():
            for older in self.path.glob(f"{layer}.*"):
                if older.name != name:
                    shutil.rmtree(older, ignore_errors=True)
        for former in (*SCHEMAS, "set_aside"):  # where each document had files
            shutil.rmtree(self.path / former, ignore_errors=True)


def paths(landing: Path, table: str, names: Iterable[str]) -> list[Path]:
    """The Parquet files that hold the rows of landed documents, and of others.

    The documents are told apart by ``content_id``: see :func:`segments.content_id`.
    """
    return segments.paths(_store(landing, table), table, names)


def selection(landing: Path, table: str, names: Collection[str]) -> str:
    """The query, in DuckDB's SQL, of the rows of a table of landed documents.

    :raises KeyError: one of them is not landed.
    """
    return segments.selection(_store(landing, table), table, names)


def stamps(landing: Path) -> dict[str, str]:
    """A word for each landed document: another one when it was landed anew.

    Another vocabulary changes those of the documents that it reads otherwise.
    """
    names = json.loads((landing / _LAYERS).read_bytes())
    return {
        name: f"{mark.reading} {mark.rows}"
        for name, mark in segments.marks(landing / str(names["readings"])).items()
    }


def _store(landing: Path, table: str) -> Path:
    names = json.loads((landing / _LAYERS).read_bytes())
    (layer,) = (layer for layer, tables in LAYERS.items() if table in tables)
    return landing / str(names[layer])


def _listed(pages: Iterable[int]) -> str | None:
    return ",".join(map(str, pages)) or None


def _cells(key: dict[str, Any], table: Table) -> Iterable[dict[str, Any]]:
    for cell in table.cells:
        if cell.text.strip():
            yield {
                **key,
                "row": cell.row,
                "column": cell.column,
                "row_span": cell.row_span,
                "column_span": cell.column_span,
                "page": cell.page,
                "line": cell.line,
                "text": cell.text,
                **_box(cell.box),
            }


def _content(content_id: str, format_: str | None) -> dict[str, Any]:
    return dict.fromkeys(SCHEMAS["contents"]) | {
        "content_id": content_id,
        "format": format_,
        "reader_version": READER_VERSION,
        "loaded_at": dt.datetime.now(dt.UTC),
    }


def _box(box: Box | None) -> dict[str, float | None]:
    return dict(zip(_BOX, box or (None,) * 4, strict=True))
