"""The streams of an OLE container, in which Office kept documents before 2007."""

from __future__ import annotations

import struct
from collections.abc import Iterator

SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

_FIRST_FREE = 0xFFFFFFFA  # sector numbers from here on name no sector
_TABLE, _END, _FREE = 0xFFFFFFFD, 0xFFFFFFFE, 0xFFFFFFFF
_ENTRY = 128
_STREAM_KIND, _ROOT_KIND = 2, 5
_ROOT_NAME = "Root Entry"
_ROOT = _ROOT_NAME.encode("utf-16-le")


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
        """The bytes of the stream of this name; None if there is none."""
        place = self._place(name)
        if place is None:
            return None
        start, size = place
        chain = self._chain if size >= self._least else self._small_chain
        return chain(start)[:size]

    def whole_stream(self, name: str) -> bytes | None:
        """As :meth:`stream`, for which no byte may be missing.

        Raises struct.error where the stream breaks off or leaves the file.
        """
        stream, place = self.stream(name), self._place(name)
        if stream is None or place is None:
            return None
        start, size = place
        left = size if size >= self._least else 0
        for number in _followed(start, self._next) if left else ():
            end = (number + 1) * self._size + min(left, self._size)
            if end > len(self._data):
                raise struct.error(f"{name} goes on beyond the file")
            left -= min(left, self._size)
        if left or len(stream) < size:
            raise struct.error(f"{name} breaks off")
        return stream

    def _place(self, name: str) -> tuple[int, int] | None:
        """Where the stream of this name begins, and its size.

        Documents that lie in this one have streams of the same names in folders of
        their own. Where the root leads nowhere, all are looked at.
        """
        for entry in list(self._in_root()) or self._entries:
            if _is_stream(entry, name):
                start, size = struct.unpack_from("<II", entry, 116)
                return start, size
        return None

    def may_have(self, name: str) -> bool:
        """Whether the root leads to a stream of this name, or leads nowhere."""
        entries = list(self._in_root())
        return not entries or any(_is_stream(entry, name) for entry in entries)

    def _in_root(self) -> Iterator[bytes]:
        """The entries directly in the root, in the order of their tree."""
        left = [struct.unpack_from("<I", entry, 76)[0] for entry in self._entries[:1]]
        seen: set[int] = set()
        while left:
            number = left.pop()
            if number < len(self._entries) and number not in seen:
                seen.add(number)
                yield self._entries[number]
                left.extend(struct.unpack_from("<II", self._entries[number], 68))

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


def _is_stream(entry: bytes, name: str) -> bool:
    return entry[66] == _STREAM_KIND and entry.startswith(
        (name + "\0").encode("utf-16-le")
    )


def _followed(start: int, following: tuple[int, ...]) -> Iterator[int]:
    """The numbers of a chain, to its end or to where it is broken or closes."""
    seen: set[int] = set()
    while start < len(following) and start not in seen:
        seen.add(start)
        yield start
        start = following[start]


# Writing --------------------------------------------------------------------

_SECTOR = 4_096
_MOST_TABLES = 109  # those that the head has room for
MOST_BYTES = _MOST_TABLES * (_SECTOR // 4 - 1) * _SECTOR - 2 * _SECTOR


def container(name: str, stream: bytes) -> bytes:
    """A new container of one stream, of at most ``MOST_BYTES``, and nothing else.

    Zeros fill a short stream up, for short ones lie elsewhere.
    """
    count = max(1, -(-len(stream) // _SECTOR))
    stream = stream.ljust(_SECTOR, b"\0")
    tables = -(-(count + 2) // (_SECTOR // 4 - 1))
    # Sectors: the table, the directory, what holds short streams, the stream.
    first = tables + 2
    table = [*[_TABLE] * tables, _END, _END, *range(first + 1, first + count), _END]
    table += [_FREE] * (tables * _SECTOR // 4 - len(table))
    head = SIGNATURE + bytes(16) + struct.pack("<HHHHH6x", 0x3E, 4, 0xFFFE, 12, 6)
    head += struct.pack("<9I", 1, tables, tables, 0, _SECTOR, _END, 0, _END, 0)
    head += struct.pack(f"<{tables}I", *range(tables)).ljust(436, b"\xff")
    directory = _entry(_ROOT_NAME, _ROOT_KIND, 1, tables + 1, 0)
    directory += _entry(name, _STREAM_KIND, _FREE, first, len(stream))
    return b"".join(
        [
            head.ljust(_SECTOR, b"\0"),
            struct.pack(f"<{len(table)}I", *table),
            directory.ljust(2 * _SECTOR, b"\0"),
            stream.ljust(count * _SECTOR, b"\0"),
        ]
    )


def _entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    """An entry of a directory that has no entries beside it."""
    encoded = (name + "\0").encode("utf-16-le")
    about = struct.pack("<HBBIII36x", len(encoded), kind, 1, _FREE, _FREE, child)
    return encoded.ljust(64, b"\0") + about + struct.pack("<IQ", start, size)
