"""Changes bytes as the structure of their format suggests.

What is packed is unpacked, changed and packed again: a byte changed in a packed
part would only ever show that packing has a checksum. Markup mostly stays
well-formed, records of workbooks stay records (trees.py, records.py).
"""

from __future__ import annotations

import io
import random
import re
import zipfile
import zlib
from collections.abc import Callable, Sequence
from functools import partial

from tests.fuzz.records import changed_records
from tests.fuzz.trees import changed_tree

Change = Callable[[random.Random, bytes], bytes]

MOST_BYTES = 200_000
_REPEATED = 8_000
_OF_TEXT = ("text", "csv", "html", "mht")
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
MAIL_TOKENS = [
    *(b"\n--=_b\n", b"\n--=_b--\n", b"\n\n", b"\r\n\r\n", b"=3D", b"=\n", b"=E5=8D=95"),
    *(b"Content-Type: text/html; charset=gb2312\n", b"Content-Type: text/html\n"),
    *(b"Content-Type: multipart/related; boundary=a\n", b"Content-ID: <two>\n"),
    *(b"Content-Type: message/rfc822\n", b"Content-Type: ;;=\n", b"\n--a\n", b"\n--\n"),
    *(b"Content-Transfer-Encoding: base64\n", b"Subject: =?utf-8?Q?=E8?=\n"),
    *(b"Content-Transfer-Encoding: quoted-printable\n", b"charset*0*=utf-8''%E8;"),
    *(b"Content-Transfer-Encoding: x-uuencode\n", b"\nbegin 644 a\n#0V%T\nend\n"),
    *(b"Content-Type: application/xhtml+xml; charset=utf-16\n", b"\x1a", b"\n "),
]
PDF_TOKENS = [
    *(b"/Rotate 90 ", b"/Rotate 45 ", b"/MediaBox [0 0 1 1] ", b"/UserUnit 9 "),
    *(b"/CropBox [100 100 400 -400] ", b"/Annots [1 0 R] ", b"/Kids [1 0 R] "),
    *(b"/MediaBox [-9e9 0 9e9 1e-9] ", b"/Type /Page ", b"/Parent 1 0 R "),
    *(b" 0 1 -1 0 0 0 cm ", b" 0 0 0 0 0 0 cm ", b" 1e9 0 0 1e9 0 0 cm "),
    *(b" .7 .7 -.7 .7 9 9 Tm ", b" 0 -1 1 0 9 9 Tm ", b" 3 Tr ", b" 7 Tr ", b" 0 Tz "),
    *(b" BT ", b" ET ", b" q ", b" Q ", b" 0 0 900 900 re f ", b" 9 9 m 9 900 l S "),
    *(b" 100 100 300 .5 re f ", b" 100 100 200 50 re S ", b" W n ", b" 0 Tf ", b" Tj "),
    *(b" (1,234.50) Tj ", b" <FEFF0031> Tj ", b" [(1) -9999 (2)] TJ ", b" 1 Ts "),
    *(b" BI /W 1 /H 1 /BPC 8 /CS /G ID x EI ", b" /Fm0 Do ", b" /Im0 Do ", b" 1 w "),
    *(b"/ActualText (x) ", b"/FT /Tx /V (12) ", b"/Subtype /Widget /Rect [0 0 9 9] "),
]
_TOKEN = re.compile(rb"<[^<>]{0,2000}>|[^<]+|<")
_NUMBER = re.compile(rb"\d+(?:\.\d+)?")
_PDF_PLACE = re.compile(rb"<<|\b(?:Tj|TJ|BT|ET|re|cm|Tm|Td|l|S|f)\b")
_EDGE = re.compile(rb"[\n<]")
_STREAM = re.compile(rb"<<((?:(?!endobj).)*?)>>\s*stream\r?\n(.*?)endstream", re.DOTALL)


def mutated(
    reader: str, data: bytes, rng: random.Random, others: Sequence[bytes] = ()
) -> bytes:
    """The bytes with one to six changes, as the format of the reader suggests."""
    if reader in _OF_TEXT and rng.random() < 0.02:
        return _repeated(reader, rng)
    change = _CHANGES.get(reader, _changed_text)
    for _ in range(rng.choice((1, 1, 1, 2, 3, 6))):
        if others and rng.random() < 0.1:
            data = _spliced(reader, rng, data, rng.choice(others))
        else:
            data = change(rng, data)
    return data[:MOST_BYTES]


def _repeated(reader: str, rng: random.Random) -> bytes:
    """A few tokens again and again, which takes long if anything does."""
    tokens = TOKENS if reader in ("text", "csv") else [*TOKENS, *HTML_TOKENS]
    some = b"".join(rng.choices(tokens, k=rng.choice((1, 2, 3)))) or b" "
    if rng.random() < 0.3:
        some = some * max(1, 60 // len(some)) + b"\n"
    return (some * (_REPEATED // len(some)))[:_REPEATED]


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


def _changed_mail(rng: random.Random, data: bytes) -> bytes:
    """A line between the parts of a saved page, or its markup, changed."""
    if rng.random() < 0.7:
        return _changed_markup(rng, data)
    if rng.random() < 0.5:
        return b"\n".join(_changed_list(rng, data.split(b"\n")))
    places = [found.start() for found in re.finditer(rb"\n", data)] or [0]
    at = rng.choice((*places[:20], rng.choice(places)))
    return data[:at] + rng.choice(MAIL_TOKENS) + data[at:]


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


def _changed_package(reader: str, rng: random.Random, data: bytes) -> bytes:
    """A part of an Office document changed, lost, or another in its place."""
    if rng.random() < 0.03:
        return _changed_bytes(rng, data)
    parts = _parts(data)
    if not parts:
        return _changed_bytes(rng, data)
    weights = [len(part) ** 0.5 + 1 for part in parts.values()]
    (name,) = rng.choices(list(parts), weights)
    if rng.random() < 0.02:
        del parts[name]
    elif rng.random() < 0.02:
        parts[name] = parts[rng.choice(list(parts))]
    else:
        parts[name] = _changed_part(reader, rng, parts[name])
    return _package(parts)


def _parts(data: bytes) -> dict[str, bytes]:
    """The parts of a package; none of what is no package."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return {name: archive.read(name) for name in archive.namelist()}
    except Exception:
        return {}


def _package(parts: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for each, content in parts.items():
            archive.writestr(each, content)
    return target.getvalue()


def _changed_part(reader: str, rng: random.Random, part: bytes) -> bytes:
    if rng.random() < 0.85:
        changed = changed_tree(reader, rng, part, TOKENS)
        if changed is not None:
            return changed
    return _changed_markup(rng, part)


def _changed_workbook(rng: random.Random, data: bytes) -> bytes:
    """A record of a workbook changed, or a byte of its container."""
    changed = None
    if rng.random() < 0.85:
        changed = changed_records(rng, data, _changed_bytes)
    return _changed_bytes(rng, data) if changed is None else changed


def _changed_pdf(rng: random.Random, data: bytes) -> bytes:
    """A number, an operator or an object of an unpacked PDF changed."""
    data = _STREAM.sub(_unpacked, data)
    match rng.randrange(5):
        case 0:
            return _changed_bytes(rng, data)
        case 1 | 2:
            return _changed_number(rng, data)
        case 3:
            places = [found.end() for found in _PDF_PLACE.finditer(data)]
            at = rng.choice(places) if places else 0
            return data[:at] + rng.choice(PDF_TOKENS) + data[at:]
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


def _spliced(reader: str, rng: random.Random, data: bytes, other: bytes) -> bytes:
    """The beginning of one and the end of another, or a part of another."""
    if reader in ("docx", "xlsx"):
        parts, others = _parts(data), _parts(other)
        same = sorted(parts.keys() & others.keys())
        if same:
            name = rng.choice(same)
            return _package(parts | {name: others[name]})
    return data[: _edge(rng, data)] + other[_edge(rng, other) :]


def _edge(rng: random.Random, data: bytes) -> int:
    """A place where a line or an element begins, near a place by chance."""
    at = rng.randint(0, len(data))
    found = _EDGE.search(data, at, at + 200)
    return found.start() if found else at


_CHANGES: dict[str, Change] = {
    "text": _changed_text,
    "csv": _changed_text,
    "html": _changed_markup,
    "mht": _changed_mail,
    "docx": partial(_changed_package, "docx"),
    "xlsx": partial(_changed_package, "xlsx"),
    "xls": _changed_workbook,
    "doc": _changed_bytes,
    "pdf": _changed_pdf,
}
