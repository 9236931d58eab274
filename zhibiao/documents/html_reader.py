"""HTML: the article of a page as lines, tables as rows, and the metadata that stands around it.

What is left out (menus, footers, hidden parts) is counted in the notes. The article is the deepest element
that holds nearly all text outside links: no list of sites, nothing learned.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from lxml import etree

from zhibiao.documents.encodings import Decoded, decode
from zhibiao.documents.extracted import Extracted
from zhibiao.documents.html_metadata import find_outside, find_weak
from zhibiao.documents.rows import row_lines
from zhibiao.errors import ReadError

_Element = etree._Element

ARTICLE_SHARE = 0.95
"""The part of a page's text outside links that its article must hold."""

_NO_TEXT = frozenset(
    {"script", "style", "noscript", "template", "iframe", "object", "svg", "head"}
    | {"input", "select", "button", "textarea"}
)
_PAGE_PARTS = frozenset({"nav", "footer", "aside"})
_CONTAINERS = frozenset(
    {"html", "body", "div", "article", "main", "section", "form", "center", "ucapcontent"}
    | {"table", "tbody", "tr", "td"}
)
_INLINE = frozenset(
    {
        "a",
        "abbr",
        "acronym",
        "b",
        "bdi",
        "bdo",
        "big",
        "cite",
        "code",
        "data",
        "del",
        "dfn",
        "em",
        "font",
        "i",
    }
    | {"img", "ins", "kbd", "label", "mark", "o:p", "q", "rp", "rt", "ruby", "s", "samp", "small", "span"}
    | {"strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr"}
)
_ROW_PARTS = frozenset({"tr", "tbody", "thead", "tfoot"})
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_DECLARED = re.compile(
    r"<meta[^>]+charset\s*=\s*[\"']?([\w-]+)|<\?xml[^>]+encoding\s*=\s*[\"']([\w-]+)", re.I
)
_CHARSETS = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "gb18030": "gb18030",
    "x-gbk": "gb18030",
    "utf-16": "utf-16",
}
_WIDE = "[\u2e80-\u9fff\uff00-\uffef]"
_SOURCE_BREAK = re.compile(rf"(?<={_WIDE})[ \t]*[\r\n]\s*(?={_WIDE})")
_BLANKS = re.compile(r"[ \t\r\n\f]+")


def extract(data: bytes, path: Path) -> Extracted:
    """The article's text; ReadError where the page has no body or nothing in it."""
    decoded = decode(data, path)
    notes = [note for note in decoded.notes if "no Chinese character" not in note]  # entities may hold it
    notes += _charset_notes(decoded, path)
    body = _body(decoded.text, path)
    article = _article(body)
    walk = _Walk()
    try:
        text = "".join(f"{line}\n" for line in walk.lines(article))
    except RecursionError as error:
        raise _too_deep(path) from error
    if not text:
        finding = "an HTML page with no text in its body"
        raise ReadError(
            path, finding, "if scripts fill the page, save it from the browser once it has loaded"
        )
    outside = _letters(body) - _letters(article)
    walk.left_out["characters around the article"] += outside
    notes += [f"left out: {count} {what}" for what, count in sorted(walk.left_out.items()) if count]
    page = body.getroottree()
    return Extracted(text, decoded.encoding, find_outside(page), find_weak(page), tuple(notes))


def _charset_notes(decoded: Decoded, path: Path) -> list[str]:
    match = _DECLARED.search(decoded.text[:4096])
    declared = (match[1] or match[2]).lower() if match else ""
    expected = _CHARSETS.get(declared, declared)
    if not declared or decoded.encoding.startswith(expected):
        return []
    if decoded.encoding == "gb18030" and expected != "utf-8" and not expected.startswith("iso-8859"):
        finding = f"undecided encoding: the page declares {declared}, its bytes read as gb18030"
        raise ReadError(
            path, finding, f"convert it: iconv -f {declared} -t UTF-8 '{path.name}' > 'utf8-{path.name}'"
        )
    return [f"the page declares {declared}, but its bytes are {decoded.encoding}"]


def _body(source: str, path: Path) -> _Element:
    if "<" not in source:
        raise ReadError(path, f"named {path.suffix} but holds plain text", f"rename it to {path.stem}.txt")
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
    root = etree.fromstring(source.encode("utf-8", "surrogatepass"), parser)
    if any(entry.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT for entry in parser.error_log):
        raise _too_deep(path)
    body = None if root is None else root.find("body")
    if body is None:
        frames = (
            "; its frames hold the text" if root is not None and root.find(".//frame") is not None else ""
        )
        raise ReadError(path, f"an HTML page without a body{frames}", "save the page itself from the browser")
    return body


def _too_deep(path: Path) -> ReadError:
    return ReadError(path, "an HTML page nested too deeply", "open it in a browser and save it as plain text")


def _article(body: _Element) -> _Element:
    weights = _weights(body)
    needed = weights[body] * ARTICLE_SHARE
    article = body
    while True:
        inner = max(article, key=lambda child: weights.get(child, 0), default=None)
        if inner is None or weights.get(inner, 0) < max(needed, 1):
            break
        article = inner
    return (
        next((table for table in article.iterancestors("table")), article)
        if article.tag in _ROW_PARTS
        else article
    )


def _weights(body: _Element) -> dict[_Element, int]:
    """Visible characters outside links, in each container."""
    weights: dict[_Element, int] = {}
    open_weights = [0]
    walk = etree.iterwalk(body, events=("start", "end"))
    for event, element in walk:
        if event == "start":
            silent = element.tag == "a" or _is_left_out(element)
            if silent:
                walk.skip_subtree()
            open_weights.append(0 if silent else _size(element.text))
        else:
            weight = open_weights.pop()
            if element.tag in _CONTAINERS:
                weights[element] = weight
            open_weights[-1] += weight + (_size(element.tail) if element is not body else 0)
    return weights


def _size(text: str | None) -> int:
    return len("".join(text.split())) if text else 0


def _letters(element: _Element) -> int:
    return sum(_size(text) for text in _texts(element))


def _texts(element: _Element) -> Iterator[str]:
    for part in element.iter():
        if part.tag not in _NO_TEXT and part.text:
            yield part.text
        if part is not element and part.tail:
            yield part.tail


def _is_left_out(element: _Element) -> bool:
    if element.tag in _NO_TEXT or element.tag in _PAGE_PARTS:
        return True
    return "hidden" in element.attrib or bool(_HIDDEN.search(element.get("style", "")))


@dataclass(slots=True)
class _Walk:
    """One pass over the article, counting what is left out of it."""

    left_out: Counter[str] = field(default_factory=Counter)
    _items: dict[_Element, int] = field(default_factory=dict)

    def lines(self, root: _Element) -> Iterator[str]:
        """Lines in document order; iterative, since unclosed tags nest by the hundred."""
        pieces: list[str] = []
        walk = etree.iterwalk(root, events=("start", "end"))
        for event, element in walk:
            if element.tag not in _INLINE:
                yield from _flushed(pieces)
            if event == "end":
                pieces.append(element.tail or "" if element is not root else "")
            elif element is not root and _is_left_out(element):
                walk.skip_subtree()
                self.left_out["characters in menus, footers and hidden parts"] += _letters(element)
            elif element.tag == "table":
                walk.skip_subtree()
                yield from self._table(element)
            else:
                pieces.append(self._marker(element) + (element.text or ""))
        yield from _flushed(pieces)

    def _table(self, table: _Element) -> Iterator[str]:
        """Rows of this table; what broken markup leaves between them stays as lines."""
        yield from _flushed([table.text or ""])
        for child in table:
            if child.tag == "tr":
                yield from row_lines([list(self.lines(cell)) for cell in child])
            elif child.tag in _ROW_PARTS or (child.tag == "form" and child.find("tr") is not None):
                yield from self._table(child)
            else:
                yield from self.lines(child)
            yield from _flushed([child.tail or ""])

    def _marker(self, element: _Element) -> str:
        """The number that a browser shows before an item of an ordered list."""
        parent = element.getparent()
        if element.tag != "li" or parent is None or parent.tag != "ol":
            return ""
        first = parent.get("start", "")
        number = self._items.get(parent, int(first) - 1 if first.isdecimal() else 0) + 1
        self._items[parent] = number
        return f"{number}."


def _flushed(pieces: list[str]) -> Iterator[str]:
    """The line that has come together, its blanks as a browser shows them; empties `pieces`."""
    line = _BLANKS.sub(" ", _SOURCE_BREAK.sub("", "".join(pieces))).strip()
    pieces.clear()
    if line:
        yield line
