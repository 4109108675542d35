"""The pictures on the sheets of an xlsx workbook that print something."""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from itertools import chain, islice

from lxml import etree

from ingest.archives import Archive, printable
from ingest.document import Limits, UnreadableDocument
from ingest.readers.pictures import Looks, is_large

_MARK = b"xl/drawings/"  # names of members are never compressed
_EMU = 12_700  # to the point
_LONGEST_NUMBER = 12
_LONGEST_NAME = 200


def pictures_of_print(
    data: bytes, sheets: Collection[str | None], limits: Limits
) -> list[str]:
    """The pictures that look like print: the sheet of each, and its name in the file.

    Those of other sheets than the given ones are not shown.

    Raises UnreadableDocument: ``damaged_workbook``, ``too_large``.
    """
    if _MARK not in data.lower():
        return []
    try:
        return list(islice(_pictures(_Package(data, limits), sheets), limits.cells))
    except (etree.XMLSyntaxError, ValueError, LookupError) as error:
        raise UnreadableDocument("damaged_workbook", str(error)) from error


class _Package:
    """The members of the archive and the relations between them."""

    def __init__(self, data: bytes, limits: Limits) -> None:
        with _of_workbook():
            self._archive = Archive(data, limits)

    def content(self, name: str) -> bytes | None:
        """The bytes of a part; None if there is no such part."""
        with _of_workbook():
            place = self._archive.find(name)
            return None if place is None else self._archive.read(place)

    def root(self, name: str) -> etree._Element | None:
        """The root of a part; None if there is no such part."""
        content = self.content(name)
        if content is None:
            return None
        parser = etree.XMLParser(
            resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
        )
        return etree.fromstring(content, parser)

    def relations(self, name: str) -> dict[str, tuple[str, str]]:
        """What a part refers to: by name of the relation its kind and the part."""
        folder, file = posixpath.split(name)
        root = self.root(posixpath.join(folder, "_rels", f"{file}.rels"))
        return {
            each.get("Id", ""): (
                each.get("Type", "").rpartition("/")[2],
                posixpath.normpath(
                    posixpath.join("/", folder, each.get("Target", ""))
                ).lstrip("/"),
            )
            for each in (root.iter("{*}Relationship") if root is not None else ())
        }


@contextmanager
def _of_workbook() -> Iterator[None]:
    """What is wrong with the archive, said of the workbook that it is."""
    try:
        yield
    except UnreadableDocument as error:
        if error.code == "too_large":
            raise
        raise UnreadableDocument("damaged_workbook", str(error)) from error


def _pictures(package: _Package, sheets: Collection[str | None]) -> Iterator[str]:
    looks = Looks()
    known: dict[str, bool] = {}
    book = package.root("xl/workbook.xml")
    parts = package.relations("xl/workbook.xml")
    for sheet in book.iter("{*}sheet") if book is not None else ():
        name = sheet.get("name", "")
        _, part = parts.get(_relation(sheet, "id"), ("", ""))
        if name not in sheets or not part:
            continue
        for kind, drawing in package.relations(part).values():
            if kind != "drawing":
                continue
            for picture in _large(package, drawing):
                if picture not in known:
                    data = package.content(picture)
                    known[picture] = data is None or looks.is_print(data, *_SHOWN)
                if known[picture]:
                    yield printable(f"{name}: {picture}")[:_LONGEST_NAME]


_SHOWN = (595.0, 842.0)  # its pixels are looked at as large as a page


def _large(package: _Package, drawing: str) -> Iterator[str]:
    """The pictures of a drawing that are large enough to print something."""
    root = package.root(drawing)
    targets = package.relations(drawing)
    for picture in root.iter("{*}pic") if root is not None else ():
        blip = next(picture.iter("{*}blip"), None)
        if blip is None or not is_large(*_size(picture)):
            continue
        relation = _relation(blip, "embed") or _relation(blip, "link")
        yield targets.get(relation, ("", ""))[1] or relation


def _relation(element: etree._Element, name: str) -> str:
    return next(
        (str(v) for k, v in element.attrib.items() if str(k).endswith(f"}}{name}")), ""
    )


def _size(picture: etree._Element) -> tuple[float, float]:
    """The size in points that a picture or what anchors it tells."""
    anchor = picture.getparent()
    extents = chain(
        picture.iter("{*}ext"),
        anchor.iterchildren("{*}ext") if anchor is not None else (),
    )
    for extent in extents:
        sides = [extent.get(name, "")[:_LONGEST_NUMBER] for name in ("cx", "cy")]
        if all(side.isascii() and side.isdecimal() for side in sides):
            return int(sides[0]) / _EMU, int(sides[1]) / _EMU
    return 0.0, 0.0
