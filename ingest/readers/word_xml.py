"""What stands in an XML element of a Word document, whatever its namespaces."""

from __future__ import annotations

import re

from lxml import etree

_PREFIXES = {
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main": "w",
    "http://purl.oclc.org/ooxml/wordprocessingml/main": "w",
    "http://schemas.openxmlformats.org/markup-compatibility/2006": "mc",
    "http://schemas.openxmlformats.org/officeDocument/2006/math": "m",
    "http://purl.oclc.org/ooxml/officeDocument/math": "m",
}


class _Names(dict[object, str]):
    """Names with their namespace to names with the usual prefix.

    Of an unknown namespace only the local part is kept. Entities, which are not
    resolved, have no name.
    """

    def __missing__(self, tag: object) -> str:
        if not isinstance(tag, str):
            return ""
        namespace, _, local = tag.rpartition("}")
        prefix = _PREFIXES.get(namespace[1:])
        name = f"{prefix}:{local}" if prefix else local
        if len(self) < _MOST_NAMES:
            self[tag] = name
        return name


_MOST_NAMES = 4_096
_NAMES = _Names()


def name_of(element: etree._Element) -> str:
    """The name with the usual prefix."""
    return _NAMES[element.tag]


def first_child(element: etree._Element | None, *path: str) -> etree._Element | None:
    """The first child with a name, its first child with the next name, and so on."""
    for name in path:
        if element is None:
            return None
        for child in element:
            if _NAMES[child.tag] == name:
                element = child
                break
        else:
            return None
    return element


def value_of(element: etree._Element | None, name: str = "val") -> str | None:
    """An attribute of an element, whatever namespace it has; None without it."""
    if element is None:
        return None
    for key, value in element.attrib.items():
        if str(key).rpartition("}")[2] == name:
            return str(value)
    return None


def is_on(switch: etree._Element | None) -> bool | None:
    """What a switch such as w:vanish says; None where it is absent."""
    if switch is None:
        return None
    return (value_of(switch) or "true").lower() not in ("0", "false", "off")


COUNT = re.compile(r"\s*\d{1,9}\s*")


def count_of(element: etree._Element | None, default: int) -> int:
    """The value of an element that holds a count."""
    value = value_of(element)
    return int(value) if value and COUNT.fullmatch(value) else default
