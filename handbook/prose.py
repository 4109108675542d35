"""Pages from Markdown: links lead to pages, wide tables scroll, figures stand right."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_NUMBER = re.compile(r"-?[\d,]+(\.\d+)?%?")
# A paragraph or heading about a column: `stage`: …, Sources of money (`fund`).
_COLUMN = re.compile(r"`(\w+)`(?=:| of | on )")
_HEADING = re.compile(r"\(`(\w+)`\)$")
_WHERE = re.compile(r"[^\w\- ]")


@dataclass(frozen=True, slots=True)
class Prose:
    """A page: its title, its HTML without the title, its headings below that.

    ``columns`` are the places that explain columns of the warehouse, ``terms`` the
    rows of its lists.
    """

    title: str
    html: Markup
    headings: list[tuple[str, str]]
    columns: dict[str, str]
    terms: list[tuple[str, list[str]]]


def prose(
    text: str,
    path: str,
    href: Callable[[str], str | None],
    *,
    is_list: bool = False,
    picture: Markup | None = None,
) -> Prose:
    """Render Markdown that lies at ``path`` of the repository.

    ``href`` knows the page of another file; what is no page is shown without a link.
    ``is_list`` has the rows of tables shown as cards where the page is narrow,
    ``picture`` stands where the text draws one in letters.
    """
    reader = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = reader.parse(_COMMENT.sub("", text))
    title, tokens = _title(tokens)
    headings: list[tuple[str, str]] = []
    places: set[str] = set()
    columns: dict[str, str] = {}
    terms: list[tuple[str, list[str]]] = []
    heads: list[str] = []
    column = 0
    for at, token in enumerate(tokens):
        match token.type:
            case "heading_open":
                words = _plain(tokens[at + 1])
                place = _unique(_slug(words), places)
                token.attrSet("id", place)
                found = _HEADING.search(tokens[at + 1].content)
                if found:
                    columns.setdefault(found[1], place)
                if token.tag == "h2":
                    headings.append((place, words))
            case "paragraph_open":
                found = _COLUMN.match(tokens[at + 1].content)
                if found:
                    place = _unique(f"column-{found[1]}", places)
                    token.attrSet("id", place)
                    columns.setdefault(found[1], place)
            case "table_open":
                heads = []
                token.attrSet("class", "list" if is_list else "figures")
            case "tr_open":
                column = 0
                if is_list and tokens[at + 1].type == "td_open":
                    place = _unique(f"term-{len(terms) + 1}", places)
                    token.attrSet("id", place)
                    terms.append((place, []))
            case "th_open":
                heads.append(_plain(tokens[at + 1]))
            case "td_open":
                content = tokens[at + 1].content
                if is_list:
                    terms[-1][1].append(_plain(tokens[at + 1]))
                if _NUMBER.fullmatch(content):
                    token.attrSet("class", "n")
                elif is_list:
                    token.attrSet("data-kind", "text")
                if is_list and column < len(heads):
                    token.attrSet("data-label", heads[column])
                    if column == 0:
                        token.attrJoin("class", "first")
                column += 1
            case "inline":
                for child in token.children or []:
                    if child.type == "link_open":
                        _lead(child, path, href)
    drawn = [token for token in tokens if token.info == "mermaid"]
    html = reader.renderer.render(tokens, reader.options, {})
    if picture is not None:
        for token in drawn:
            letters = reader.renderer.render([token], reader.options, {})
            html = html.replace(letters, picture)
    html = html.replace("<table", '<div class="scroll" tabindex="0"><table')
    html = html.replace("</table>", "</table></div>")
    html = re.sub(r'<a class="nowhere">(.*?)</a>', r"\1", html, flags=re.DOTALL)
    return Prose(title, Markup(html), headings, columns, terms)


def _title(tokens: list[Token]) -> tuple[str, list[Token]]:
    if tokens and tokens[0].type == "heading_open" and tokens[0].tag == "h1":
        return _plain(tokens[1]), tokens[3:]
    return "", tokens


def _plain(token: Token) -> str:
    return "".join(
        child.content
        for child in token.children or []
        if child.type in ("text", "code_inline")
    )


def _slug(words: str) -> str:
    """As the forge makes anchors of headings."""
    return _WHERE.sub("", words.strip().lower()).replace(" ", "-")


def _unique(place: str, places: set[str]) -> str:
    found, number = place, 1
    while found in places:
        found, number = f"{place}-{number}", number + 1
    places.add(found)
    return found


def _lead(link: Token, path: str, href: Callable[[str], str | None]) -> None:
    target = str(link.attrs.get("href", ""))
    file, _, place = target.partition("#")
    if not file:
        return
    page = None
    if "//" not in file:
        page = href(posixpath.normpath(posixpath.join(posixpath.dirname(path), file)))
    if page is None:
        link.attrs = {"class": "nowhere"}
    else:
        link.attrSet("href", f"{page}#{place}" if place else page)
