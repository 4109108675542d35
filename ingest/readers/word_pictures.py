"""The pictures of a Word document that print something, by their names in the file.

A table pasted as a picture, a page scanned into a document, the cells of a workbook
that lie in it as an object: none is read, and each is named.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import Protocol

from lxml import etree

from ingest.archives import printable
from ingest.document import UnreadableDocument
from ingest.readers.pictures import A4, Looks, is_large
from ingest.readers.word_xml import COUNT, first_child, name_of, value_of

PICTURES = frozenset({"w:drawing", "w:pict", "w:object"})

_EMU = 12_700  # to the point
_TWIPS = 20
_POINTS = {"pt": 1.0, "in": 72.0, "cm": 28.35, "mm": 2.835, "pc": 12.0, "px": 0.75}
_LENGTH = re.compile(r"(?:^|;)\s*(width|height)\s*:\s*([\d.]{1,12})\s*([a-z]{2})?")
_LONGEST_NAME = 200

_Size = tuple[float, float]


class Package(Protocol):
    """The parts of the file."""

    @property
    def main_name(self) -> str:
        """The name of the part with the body."""

    def part(self, name: str) -> etree._Element | None:
        """The root of a part; None if there is no such part."""

    def content(self, name: str) -> bytes | None:
        """The bytes of a part; None if there is no such part."""


class WordPictures:
    """Tells pictures of print from others; each file is looked at once."""

    def __init__(self, package: Package, body: etree._Element) -> None:
        self._package = package
        self._body = body
        self._page: _Size | None = None
        self._targets: dict[str, str] | None = None
        self._looks = Looks()
        self._known: dict[str, bool] = {}

    def of_print(self, element: etree._Element) -> Iterator[str]:
        """The names of the pictures of print that a drawing or an object shows."""
        for relation, (width, height) in _shown(element):
            if is_large(width, height, self._page_size()):
                name = self._target(relation)
                if name not in self._known:
                    self._known[name] = self._is_print(name, width, height)
                if self._known[name]:
                    yield printable(name)[:_LONGEST_NAME]

    def _is_print(self, name: str, width: float, height: float) -> bool:
        """Whether a part is a picture of print; so is one that is not in the file."""
        try:
            data = self._package.content(name)
        except UnreadableDocument:
            return True
        return data is None or self._looks.is_print(data, width, height)

    def _page_size(self) -> _Size:
        if self._page is None:
            size = first_child(self._body, "w:sectPr", "w:pgSz")
            width, height = (value_of(size, name) or "" for name in ("w", "h"))
            self._page = A4
            if COUNT.fullmatch(width) and COUNT.fullmatch(height):
                self._page = int(width) / _TWIPS, int(height) / _TWIPS
        return self._page

    def _target(self, relation: str) -> str:
        """The name of the file of a relation; that of the relation if it has none."""
        if self._targets is None:
            folder, name = posixpath.split(self._package.main_name)
            root = self._package.part(posixpath.join(folder, "_rels", f"{name}.rels"))
            self._targets = {
                each.get("Id", ""): posixpath.normpath(
                    posixpath.join("/", folder, each.get("Target", ""))
                ).lstrip("/")
                for each in (root if root is not None else ())
            }
        return self._targets.get(relation) or relation or "picture"


def _shown(element: etree._Element) -> Iterator[tuple[str, _Size]]:
    """The pictures of a drawing or an object: relation, and size in points."""
    size: _Size = (0.0, 0.0)
    for node in _own(element):
        name = name_of(node)
        if name == "extent":
            size = _extent(node)
        elif name == "blip" and _is_in_picture(node):
            yield value_of(node, "embed") or value_of(node, "link") or "", size
        elif name == "imagedata":
            shape = node.getparent()
            style = shape.get("style") if shape is not None else None
            yield value_of(node, "id") or "", _style_size(style or "")


def _own(element: etree._Element) -> Iterator[etree._Element]:
    """What stands in an element; of alternatives the first.

    What stands in a text box is a paragraph, a drawing in it another drawing.
    """
    left = list(reversed(element))
    while left:
        node = left.pop()
        yield node
        name = name_of(node)
        if name == "mc:AlternateContent":
            left.extend(node[:1])
        elif name != "w:txbxContent" and name not in PICTURES:
            left.extend(reversed(node))


def _is_in_picture(blip: etree._Element) -> bool:
    """Whether what is shown is the picture; others fill the ground of a shape."""
    fill = blip.getparent()
    above = fill.getparent() if fill is not None else None
    return above is not None and name_of(above) == "pic"


def _extent(extent: etree._Element) -> _Size:
    width, height = (value_of(extent, name) or "" for name in ("cx", "cy"))
    if not (_EXTENT.fullmatch(width) and _EXTENT.fullmatch(height)):
        return 0.0, 0.0
    return int(width) / _EMU, int(height) / _EMU


_EXTENT = re.compile(r"\d{1,12}")


def _style_size(style: str) -> _Size:
    """The size that the style of a shape tells."""
    size = {"width": 0.0, "height": 0.0}
    for found in _LENGTH.finditer(style[:2_000]):
        name, number, unit = found.groups()
        if number.count(".") <= 1 and number != ".":
            size[name] = float(number) * _POINTS.get(unit or "px", 0.0)
    return size["width"], size["height"]
