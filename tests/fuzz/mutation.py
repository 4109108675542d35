"""Changes bytes as the structure of their format suggests.

What is packed is unpacked, changed and packed again: a byte changed in a packed
part would only ever show that packing has a checksum.
"""

from __future__ import annotations

import io
import random
import re
import zipfile
import zlib
from collections.abc import Callable, Sequence

Change = Callable[[random.Random, bytes], bytes]

MOST_BYTES = 200_000
_NUMBERS = (
    *(b"0", b"-1", b"1", b"2", b"3", b"255", b"256", b"65535", b"65536", b"100000"),
    *(b"1048576", b"1048577", b"2147483647", b"2147483648", b"4294967296", b"-0"),
    *(b"1e308", b"1e-400", b"NaN", b"Infinity", b"0.1", b"", b"9" * 400),
    *("１２".encode(), "一".encode(), b"00001", b" 1 ", b"+1", b"1,234.5"),
)
_TEXTS = (
    *("合计", "支出", "单位：万元", "2025年", "其中：", "一、", "（一）", "-", "0.00"),
    *("\u3000", "\u00a0", "\ufeff", "\u200b", "\ufffd", "\u0301", "\U0001f600", "\0"),
    *("\r\n", "\r", "\n\n\n", "\x0b", "\x0c", "\u2028", "\x85", "\t", "\t\t\t\t"),
    *('"', '""', ",", ";", "|", "=1+1", "&amp;", "&#0;", "&#xD800;", "&lt;", "]]>"),
    *("<!--", "-->", "<![CDATA[", "<?xml?>", "﹣", "％", "¥", "—"),
    *("1,234.50", "208", "2080101", "比上年增加12.5万元", "占50%", "第1页", "续表"),
    *("单位名称：甲", "<", ">", "/", "\\"),
)
TOKENS = [text.encode() for text in _TEXTS]
HTML_TOKENS = [
    *(b"<table>", b"</table>", b"<tr>", b"</tr>", b"<td>", b"</td>", b"<th>"),
    *(b"<tbody>", b"<thead>", b"<caption>", b"<colgroup>", b"<col span=3>", b"<p>"),
    *(b"<div>", b"</div>", b"<br>", b"<ul>", b"<ol start=5>", b"<li>", b"<pre>"),
    *(b"<td rowspan=3>", b"<td colspan=4>", b"<td rowspan=0>", b"<td colspan=1000>"),
    *(b"<script>", b"</script>", b"<style>", b"</style>", b"<template>", b"<svg>"),
    *(b"<math>", b"<select>", b"<option>", b"<textarea>", b"<title>", b"<iframe>"),
    *(b"<noscript>", b"<plaintext>", b"<frameset>", b"<meta charset=gbk>", b"<img>"),
    *(b' style="display:none"', b" hidden", b' align="center"', b"<font>", b"<a>"),
    *(b"<!DOCTYPE html>", b"<html>", b"<head>", b"<body>", b"</body>", b"</html>"),
    *(b"<span>", b"<b>", b"<sup>1</sup>", b"<input value=1>", b"<h1>", b"<form>"),
]
_TOKEN = re.compile(rb"<[^<>]{0,2000}>|[^<]+|<")
_NUMBER = re.compile(rb"\d+(?:\.\d+)?")
_STREAM = re.compile(rb"<<((?:(?!endobj).)*?)>>\s*stream\r?\n(.*?)endstream", re.DOTALL)


def mutated(
    reader: str, data: bytes, rng: random.Random, others: Sequence[bytes] = ()
) -> bytes:
    """The bytes with one to six changes, as the format of the reader suggests."""
    change = _CHANGES.get(reader, _changed_text)
    for _ in range(rng.choice((1, 1, 1, 2, 3, 6))):
        if others and rng.random() < 0.1:
            data = _spliced(rng, data, rng.choice(others))
        else:
            data = change(rng, data)
    return data[:MOST_BYTES]


def _changed_bytes(rng: random.Random, data: bytes) -> bytes:
    out = bytearray(data or b"\0")
    at = rng.randrange(len(out))
    match rng.randrange(6):
        case 0:
            out[at] ^= 1 << rng.randrange(8)
        case 1:
            out[at] = rng.randrange(256)
        case 2:
            del out[at : at + rng.choice((1, 2, 8, 64, 1000))]
        case 3:
            out[at:at] = rng.randbytes(rng.choice((1, 2, 4, 8)))
        case 4:
            part = out[at : at + rng.choice((1, 4, 32, 500))]
            out[at:at] = part * rng.choice((1, 2, 30))
        case _:
            number = rng.choice((0, 1, 0x7F, 0xFF, 0x7FFF, 0xFFFF, 0xFFFFFFFF))
            size = rng.choice((1, 2, 4))
            out[at : at + size] = (number % 256**size).to_bytes(size, "little")
    return bytes(out)


def _changed_text(rng: random.Random, data: bytes) -> bytes:
    """A line or a word of a text lost, doubled, moved, or another in its place."""
    kind = rng.randrange(8)
    if kind == 0:
        return _changed_bytes(rng, data)
    if kind == 1:
        return _changed_number(rng, data)
    if kind <= 3:
        at = rng.randint(0, len(data))
        return data[:at] + rng.choice(TOKENS) * rng.choice((1, 1, 1, 3, 50)) + data[at:]
    cut = rng.choice((b"\n", b"\n", b"\t", b",", b" "))
    return cut.join(_changed_list(rng, data.split(cut)))


def _changed_markup(rng: random.Random, data: bytes) -> bytes:
    """An element lost, doubled, moved, nested, or with another number."""
    kind = rng.randrange(10)
    if kind == 0:
        return _changed_bytes(rng, data)
    if kind <= 2:
        return _changed_number(rng, data)
    tokens = _TOKEN.findall(data)
    if kind <= 4:
        token = rng.choice((*HTML_TOKENS, *TOKENS)) * rng.choice((1, 1, 1, 3, 100))
        tokens.insert(rng.randint(0, len(tokens)), token)
        return b"".join(tokens)
    return b"".join(_changed_list(rng, tokens))


def _changed_list(rng: random.Random, parts: list[bytes]) -> list[bytes]:
    first = rng.randrange(len(parts)) if parts else 0
    last = min(len(parts), first + rng.choice((1, 1, 2, 3, 10, 40)))
    some = parts[first:last]
    match rng.randrange(5):
        case 0:
            return parts[:first] + parts[last:]
        case 1:
            return parts[:last] + some * rng.choice((1, 1, 2, 40)) + parts[last:]
        case 2:
            rest = parts[:first] + parts[last:]
            at = rng.randint(0, len(rest))
            return rest[:at] + some + rest[at:]
        case 3:
            rng.shuffle(some)
            return parts[:first] + some + parts[last:]
        case _:
            other = rng.randrange(len(parts)) if parts else 0
            if first < len(parts):
                parts[first], parts[other] = parts[other], parts[first]
            return parts


def _changed_number(rng: random.Random, data: bytes) -> bytes:
    places = [found.span() for found in _NUMBER.finditer(data)]
    if not places:
        return data
    start, end = rng.choice(places)
    return data[:start] + rng.choice(_NUMBERS) + data[end:]


def _changed_package(rng: random.Random, data: bytes) -> bytes:
    """A part of an Office document changed, lost, or another in its place."""
    if rng.random() < 0.05:
        return _changed_bytes(rng, data)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
    except Exception:
        return _changed_bytes(rng, data)
    if not parts:
        return data
    weights = [len(part) ** 0.5 + 1 for part in parts.values()]
    (name,) = rng.choices(list(parts), weights)
    if rng.random() < 0.03:
        del parts[name]
    elif rng.random() < 0.03:
        parts[name] = parts[rng.choice(list(parts))]
    else:
        parts[name] = _changed_markup(rng, parts[name])
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for each, content in parts.items():
            archive.writestr(each, content)
    return target.getvalue()


def _changed_pdf(rng: random.Random, data: bytes) -> bytes:
    """A number, an operator or an object of an unpacked PDF changed."""
    data = _STREAM.sub(_unpacked, data)
    match rng.randrange(5):
        case 0:
            return _changed_bytes(rng, data)
        case 1 | 2:
            return _changed_number(rng, data)
        case _:
            cut = rng.choice((b"\n", b"\n", b" ", b"endobj", b"/"))
            return cut.join(_changed_list(rng, data.split(cut)))


def _unpacked(found: re.Match[bytes]) -> bytes:
    head, body = found.groups()
    if b"FlateDecode" not in head or b"ASCII85" in head or b"DecodeParms" in head:
        return found[0]
    try:
        content = zlib.decompressobj().decompress(body, MOST_BYTES)
    except zlib.error:
        return found[0]
    head = re.sub(rb"/Filter\s*(?:\[[^\]]*\]|/\w+)", b"", head)
    head = re.sub(rb"/Length\s+\d+(?:\s+\d+\s+R)?", b"", head)
    return b"<<%s/Length %d>> stream\n%s\nendstream" % (head, len(content), content)


def _spliced(rng: random.Random, data: bytes, other: bytes) -> bytes:
    return data[: rng.randint(0, len(data))] + other[rng.randint(0, len(other)) :]


_CHANGES: dict[str, Change] = {
    "text": _changed_text,
    "csv": _changed_text,
    "html": _changed_markup,
    "mht": _changed_markup,
    "docx": _changed_package,
    "xlsx": _changed_package,
    "xls": _changed_bytes,
    "doc": _changed_bytes,
    "pdf": _changed_pdf,
}
