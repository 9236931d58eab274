"""HTML and SVG by calls, escaped unless it is markup already."""

from __future__ import annotations

import html
from collections.abc import Iterable

__all__ = ["Markup", "element", "together"]

_VOID = frozenset({"br", "circle", "hr", "input", "line", "meta", "path", "rect"})
"""Elements without content; `/>` closes those of SVG, and HTML takes no offence."""


class Markup(str):
    """Text that is markup already, and is not escaped again."""

    __slots__ = ()


def element(name: str, /, *children: str, **attributes: str | float | bool | None) -> Markup:
    """An element; `class_` and `data_x` stand for `class` and `data-x`, None and False leave one out.

    >>> element("p", "a < b", class_="note")
    '<p class="note">a &lt; b</p>'
    """
    opening = "<" + name + "".join(_attribute(key, value) for key, value in attributes.items())
    if name in _VOID:
        return Markup(f"{opening}/>")
    return Markup(f"{opening}>{together(children)}</{name}>")


def together(children: Iterable[str]) -> Markup:
    """Children one after the other."""
    return Markup("".join(child if isinstance(child, Markup) else html.escape(child) for child in children))


def _attribute(key: str, value: str | float | bool | None) -> str:
    if value is None or value is False:
        return ""
    name = key.rstrip("_").replace("_", "-")
    if value is True:
        return f" {name}"
    shown = f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)
    return f' {name}="{html.escape(shown)}"'
