"""Where the layouts are listed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.forge.book import Book, Pen
from tests.forge.truth import Truth, Wish

Draw = Callable[[Pen, Truth], Book]


@dataclass(frozen=True, slots=True)
class Layout:
    """``points`` are the numbers of the differences that the layout shows."""

    name: str
    stage: str
    points: tuple[int, ...]
    wish: Callable[[], Wish]
    draw: Draw


LAYOUTS: dict[str, Layout] = {}


def layout(
    stage: str, points: tuple[int, ...], wish: Callable[[], Wish] = Wish
) -> Callable[[Draw], Draw]:
    """Enter a layout under the name of its function."""

    def enter(draw: Draw) -> Draw:
        name = draw.__name__
        LAYOUTS[name] = Layout(name, stage, points, wish, draw)
        return draw

    return enter
