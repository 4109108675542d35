"""Changes the elements of XML, so that it stays well-formed.

Of documents whose markup is broken a reader sees nothing but that.
"""

from __future__ import annotations

import copy
import random
from collections.abc import Sequence

from lxml import etree

_MOST_ELEMENTS = 20_000
_VALUES = (
    *("0", "1", "2", "-1", "3", "255", "16384", "65536", "1048576", "2147483648", ""),
    *("true", "false", "restart", "continue", "begin", "separate", "end", "A1", "B2"),
    *("XFD1048576", "XFE1", "a1", "A0", "A1:B2", "B2:A1", "A1:XFD1048576", "s", "str"),
    *("b", "e", "d", "n", "inlineStr", "hidden", "veryHidden", "0.00", "0;;", "@"),
    *('#,##0.00_);[Red]"(甲)"', "yyyy年m月", "[h]:mm", "General", "0.0E+00", "?/?"),
)
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_MATH = "http://schemas.openxmlformats.org/officeDocument/2006/math"
_CHOICES = "http://schemas.openxmlformats.org/markup-compatibility/2006"
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"
_SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OF_WORD = (
    *("<w:gridSpan w:val='3'/>", "<w:vMerge/>", "<w:vMerge w:val='restart'/>"),
    *("<w:hMerge/>", "<w:gridBefore w:val='2'/>", "<w:gridAfter w:val='2'/>"),
    *("<w:tcPr/>", "<w:trPr/>", "<w:hidden/>", "<w:vanish/>", "<w:tab/>", "<w:br/>"),
    *("<w:del/>", "<w:ins/>", "<w:sdt/>", "<w:sdtContent/>", "<w:moveFrom/>"),
    *("<w:sym w:font='a' w:char='F0B7'/>", "<w:fldChar w:fldCharType='begin'/>"),
    *("<w:instrText>EQ</w:instrText>", "<w:txbxContent/>", "<w:altChunk/>"),
    *("<w:p><w:r><w:t>12.50</w:t></w:r></w:p>", "<w:tbl><w:tr><w:tc/></w:tr></w:tbl>"),
    *("<w:tc><w:p/></w:tc>", "<w:tr/>", "<w:numPr><w:ilvl w:val='1'/></w:numPr>"),
    *("<w:numId w:val='1'/>", "<w:pStyle w:val='1'/>", "<w:object/>", "<w:pict/>"),
    *("<w:drawing><a:blip/></w:drawing>", "<m:oMath><m:t>1</m:t></m:oMath>"),
    *("<c:AlternateContent><c:Choice/></c:AlternateContent>", "<c:Fallback/>"),
)
_OF_SHEETS = (
    *("<c/>", "<c r='B2'><v>1.5</v></c>", "<c t='s'><v>0</v></c>", "<v>1</v>"),
    *("<c t='inlineStr'><is><t>甲</t></is></c>", "<f>A1+1</f>", "<row/>", "<t>1</t>"),
    *("<mergeCells><mergeCell ref='A1:C2'/></mergeCells>", "<mergeCell ref='A1:B9'/>"),
    *("<r><t>乙</t></r>", "<rPh><t>丙</t></rPh>", "<si><t>丁</t></si>", "<is/>"),
    *("<numFmt numFmtId='200' formatCode='0.0'/>", "<xf numFmtId='14'/>", "<sheet/>"),
    *("<dimension ref='A1:XFD9'/>", "<sheetView showZeros='0'/>", "<sheetData/>"),
)
_HEADS = {
    "docx": f"xmlns:w='{_WORD}' xmlns:m='{_MATH}' xmlns:c='{_CHOICES}'"
    f" xmlns:a='{_DRAWING}'",
    "xlsx": f"xmlns='{_SHEET}'",
}
_WORDS = {"docx": _OF_WORD, "xlsx": _OF_SHEETS}


def changed_tree(
    reader: str, rng: random.Random, part: bytes, texts: Sequence[bytes]
) -> bytes | None:
    """A part with one element changed; None for what is no XML."""
    try:
        root = etree.fromstring(part)
    except (etree.XMLSyntaxError, ValueError):
        return None
    nodes = [node for node in root.iter() if isinstance(node.tag, str)]
    if len(nodes) > _MOST_ELEMENTS:
        return None
    try:
        _change(reader, rng, nodes, texts)
    except ValueError:  # a text that XML cannot hold, an element into itself
        return part
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _change(
    reader: str,
    rng: random.Random,
    nodes: list[etree._Element],
    texts: Sequence[bytes],
) -> None:
    node, other = rng.choice(nodes), rng.choice(nodes)
    above = node.getparent()
    kind = rng.randrange(10)
    if kind <= 1 and above is not None:
        _cut(node)
    elif kind == 2 and above is not None:
        for _ in range(rng.choice((1, 1, 2, 40))):
            node.addnext(copy.deepcopy(node))
    elif kind == 3 and above is not None:
        other.insert(rng.randint(0, len(other)), copy.deepcopy(node))
        if rng.random() < 0.5:
            _cut(node)
    elif kind == 4:
        inner = _made(reader, rng)
        node.insert(rng.randint(0, len(node)), inner)
    elif kind == 5 and above is not None:
        outer = _made(reader, rng)
        above.replace(node, outer)
        outer.append(node)
    elif kind == 6:
        node.tag = other.tag
    elif kind == 7:
        node.text = rng.choice((*_VALUES, *(text.decode() for text in texts)))
    elif node.attrib:
        key = rng.choice(list(node.attrib))
        if rng.random() < 0.2:
            del node.attrib[key]
        else:
            node.set(key, rng.choice((*_VALUES, *other.attrib.values())))


def _cut(node: etree._Element) -> None:
    above = node.getparent()
    if above is not None:
        above.remove(node)


def _made(reader: str, rng: random.Random) -> etree._Element:
    made = etree.fromstring(f"<x {_HEADS[reader]}>{rng.choice(_WORDS[reader])}</x>")
    inner: etree._Element = made[0]
    return inner
