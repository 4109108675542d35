"""Writes pages: one place where all text passes on its way out."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, ClassVar

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from dashboard import figures
from pipeline import words

# Rows of a list that one page takes: a file of some megabytes.
MOST_ROWS = 20_000


class Site:
    """The folder that the pages are written into.

    Whatever text a page, a list or a chart shows goes through ``mask``.
    """

    templates: ClassVar[tuple[Path, ...]] = (Path(__file__).with_name("templates"),)
    folders: ClassVar[tuple[str, ...]] = (
        *("assets", "data"),
        *("region", "unit", "finding", "document", "page"),
    )

    def __init__(
        self, folder: Path, mask: Callable[[str], str], **constants: Any
    ) -> None:
        self.folder = folder
        self.mask = lru_cache(maxsize=200_000)(mask)
        self._environment = Environment(
            loader=FileSystemLoader(self.templates),
            autoescape=True,
            undefined=StrictUndefined,
            finalize=self._shown,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        # A key is no text: no run of its digits is a telephone number.
        self._environment.filters["id"] = escape
        self._environment.filters["data"] = self._data
        self._environment.globals.update(
            words=words, figures=figures, most=MOST_ROWS, **constants
        )
        for name in self.folders:
            (folder / name).mkdir()

    def page(self, path: str, template: str, **values: Any) -> None:
        """Write one page; ``path`` is relative to the folder."""
        html = self._environment.get_template(template).render(
            root=Markup("../" * path.count("/")), path=path, **values
        )
        self.text(path, html)

    def rows(self, name: str, rows: list[list[Any]], keys: Sequence[int] = ()) -> None:
        """Write the rows of a long list, which the script shows page by page.

        ``keys`` are the columns that are no text but keys. Of a longer list than a
        browser takes the first rows are written; the page says so.
        """
        shown = [
            [
                value if column in keys else self._shown(value)
                for column, value in enumerate(row)
            ]
            for row in rows[:MOST_ROWS]
        ]
        text = json.dumps(shown, ensure_ascii=False, separators=(",", ":"))
        self.text(
            f"data/{name}.js",
            f"(window.lists = window.lists || {{}}).{name} = {text};\n",
        )

    def text(self, path: str, text: str) -> None:
        """Write a file as it is."""
        (self.folder / path).write_text(text, encoding="utf-8")

    def binary(self, path: str, content: bytes) -> None:
        """Write a picture."""
        (self.folder / path).write_bytes(content)

    def _shown(self, value: Any) -> Any:
        """A value as it may leave the warehouse: text masked, the rest as it is."""
        if isinstance(value, str) and not isinstance(value, Markup):
            return self.mask(value)
        return value

    def _data(self, values: list[dict[str, Any]]) -> Markup:
        """Rows as JSON that may stand inside an element ``script``."""
        shown = [{key: self._shown(row[key]) for key in row} for row in values]
        text = json.dumps(shown, ensure_ascii=False, separators=(",", ":"))
        return Markup(text.replace("<", "\\u003c"))
