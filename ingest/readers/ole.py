"""The streams of an OLE container, in which Office kept documents before 2007."""

from __future__ import annotations

import struct
from collections.abc import Iterator

SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

_FIRST_FREE = 0xFFFFFFFA  # sector numbers from here on name no sector
_ENTRY = 128
_ROOT = "Root Entry".encode("utf-16-le")


class Container:
    """An OLE file: sectors, chained by a table of the sector that follows each.

    Whatever is wrong with it is raised as struct.error or IndexError.
    """

    def __init__(self, data: bytes) -> None:
        self._data = data
        shift, small_shift = struct.unpack_from("<HH", data, 30)
        if not (7 <= shift <= 16 and 2 <= small_shift <= shift):
            raise struct.error("sectors of no known size")
        self._size, self._small_size = 1 << shift, 1 << small_shift
        directory, self._least, small_table = struct.unpack_from("<I4xII", data, 48)
        self._next = self._table(self._sectors_of_table())
        entries = self._chain(directory)
        self._entries = [
            entries[at : at + _ENTRY] for at in range(0, len(entries), _ENTRY)
        ]
        self._small_next = self._table_of(self._chain(small_table))

    @property
    def has_directory(self) -> bool:
        """Whether the directory begins with its root, as it always does."""
        return bool(self._entries) and self._entries[0].startswith(_ROOT)

    def stream(self, name: str) -> bytes | None:
        """The bytes of the first stream of this name; None if there is none."""
        wanted = (name + "\0").encode("utf-16-le")
        for entry in self._entries:
            if entry.startswith(wanted) and entry[66] == 2:
                start, size = struct.unpack_from("<II", entry, 116)
                if size >= self._least:
                    return self._chain(start)[:size]
                return self._small_chain(start)[:size]
        return None

    def _sectors_of_table(self) -> list[int]:
        """The sectors of the table: 109 in the head, more in a chain of its own."""
        sectors = list(struct.unpack_from("<109I", self._data, 76))
        (at,) = struct.unpack_from("<I", self._data, 68)
        count = self._size // 4
        seen: set[int] = set()
        while at < _FIRST_FREE and at not in seen:
            seen.add(at)
            *more, at = struct.unpack(f"<{count}I", self._sector(at))
            sectors.extend(more)
        return [sector for sector in sectors if sector < _FIRST_FREE]

    def _table(self, sectors: list[int]) -> tuple[int, ...]:
        return self._table_of(b"".join(map(self._sector, dict.fromkeys(sectors))))

    def _table_of(self, data: bytes) -> tuple[int, ...]:
        return struct.unpack(f"<{len(data) // 4}I", data)

    def _sector(self, number: int) -> bytes:
        at = (number + 1) * self._size
        return self._data[at : at + self._size].ljust(self._size, b"\0")

    def _chain(self, start: int) -> bytes:
        return b"".join(map(self._sector, _followed(start, self._next)))

    def _small_chain(self, start: int) -> bytes:
        """A short stream lies in small sectors of the stream of the root."""
        (root,) = struct.unpack_from("<I", self._entries[0], 116)
        whole, size = self._chain(root), self._small_size
        return b"".join(
            whole[number * size : (number + 1) * size]
            for number in _followed(start, self._small_next)
        )


def _followed(start: int, following: tuple[int, ...]) -> Iterator[int]:
    """The numbers of a chain, to its end or to where it is broken or closes."""
    seen: set[int] = set()
    while start < len(following) and start not in seen:
        seen.add(start)
        yield start
        start = following[start]
