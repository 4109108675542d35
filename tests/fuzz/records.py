"""Changes the records of an old workbook (xls), so that the file stays one.

Of a container whose sectors are lost a reader sees nothing but that.
"""

from __future__ import annotations

import random
import struct
from collections.abc import Callable

from ingest.readers import ole

_SHEET, _BEGIN, _MORE = 0x0085, 0x0809, 0x003C
_KINDS = (
    *(_SHEET, _BEGIN, _MORE, 0x000A, 0x0006, 0x0203, 0x027E, 0x00BD, 0x0205, 0x00FD),
    *(0x0204, 0x00D6, 0x0207, 0x0200, 0x0201, 0x00BE, 0x00E5, 0x00FC, 0x041E, 0x00E0),
    *(0x0022, 0x023E, 0x002F, 0x0042, 0x0208, 0x00DA, 0x04BC, 0x0221, 0x007D, 0x1234),
)
_MOST_STREAM = 400_000

_Record = tuple[int, bytes]


def changed_records(
    rng: random.Random,
    data: bytes,
    changed_bytes: Callable[[random.Random, bytes], bytes],
) -> bytes | None:
    """A workbook with a record changed; None for what is none."""
    try:
        container = ole.Container(data)
        stream = container.stream("Workbook") or container.stream("Book")
    except (struct.error, IndexError):
        return None
    records = _records(stream or b"")
    if not records:
        return None
    at, other = rng.randrange(len(records)), rng.randrange(len(records))
    kind, body = records[at]
    match rng.randrange(9):
        case 0:
            del records[at : at + rng.choice((1, 1, 3, 20))]
        case 1:
            records[at:at] = records[at : at + rng.choice((1, 4))] * rng.choice((1, 30))
        case 2:
            records[at], records[other] = records[other], records[at]
        case 3:
            records[at:at] = [records[other]]
        case 4:
            records[at] = rng.choice(_KINDS), body
        case 5:
            cut = rng.randint(0, len(body))
            records[at : at + 1] = [(kind, body[:cut]), (_MORE, body[cut:])]
        case 6:
            records[at] = kind, body[: rng.randint(0, len(body))]
        case _:
            records[at] = kind, changed_bytes(rng, body)[:8_224]
    if rng.random() < 0.9:
        _point(records)
    made = b"".join(struct.pack("<HH", k, len(b)) + b for k, b in records)
    return ole.container("Workbook", made[:_MOST_STREAM])


def _records(stream: bytes) -> list[_Record]:
    records: list[_Record] = []
    at = 0
    while at + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, at)
        if not kind and not size:
            break  # what fills the last sector up
        records.append((kind, stream[at + 4 : at + 4 + size]))
        at += 4 + size
    return records


def _point(records: list[_Record]) -> None:
    """Say anew where each sheet begins."""
    begins: list[int] = []
    at = 0
    for kind, body in records:
        if kind == _BEGIN:
            begins.append(at)
        at += 4 + len(body)
    sheets = iter(begins[1:])
    for number, (kind, body) in enumerate(records):
        if kind == _SHEET and len(body) >= 4:
            begin = next(sheets, None)
            if begin is not None:
                records[number] = kind, struct.pack("<I", begin) + body[4:]
