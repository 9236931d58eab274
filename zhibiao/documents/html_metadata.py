"""Metadata that a page states around its article: meta tags, headings, labelled table cells.

Chinese government sites carry the same meta tags (ArticleTitle, PubDate, ContentSource) and the same table
labels (索引号, 发布机构, 发文日期). A page's title counts only where it is worded like a report's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from lxml import etree

from zhibiao.schema import Finding

_Element = etree._Element
_Page = etree._ElementTree

_META = {
    "articletitle": "title",
    "pubdate": "published",
    "article:published_time": "published",
}
_WEAK_META = {"contentsource": "publisher"}
_LABELS = {
    "索引号": "index_number",
    "发布机构": "publisher",
    "发文机关": "publisher",
    "发布日期": "published",
    "发文日期": "published",
    "发布时间": "published",
}
_LABEL_CELL = re.compile(rf"({'|'.join(_LABELS)})[:：]?(.*)")
_LONGEST_LABEL = 60
_REPORT = re.compile("报告|总结|思路|安排|计划|回顾|公报|要点")
_BODY_OF_STATE = re.compile("(?:政府|委员会|办公室|办事处|街道|[局厅委办])$")
_SITE = re.compile(r"[_|]|\s[-–—]+\s|--+")
_DATE = re.compile(r"(20\d\d)\s*[-./年]\s*(\d{1,2})\s*[-./月]\s*(\d{1,2})(?!\d)")


def find_outside(page: _Page) -> dict[str, Finding]:
    """The first plausible finding for each field."""
    return _first((*_from_meta(page, _META), *_from_cells(page), *_from_titles(page)))


def find_weak(page: _Page) -> dict[str, Finding]:
    """What counts only where the text is silent: a page's source may be who passed the report on."""
    return _first(_from_meta(page, _WEAK_META))


def _first(candidates: Iterable[tuple[str, str, str]]) -> dict[str, Finding]:
    found: dict[str, Finding] = {}
    for field, value, source in candidates:
        checked = _checked(field, value.strip())
        if checked and field not in found:
            found[field] = Finding(checked, source)
    return found


def _from_meta(page: _Page, fields: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    for meta in page.iter("meta"):
        name = meta.get("name", meta.get("property", ""))
        if field := fields.get(name.lower()):
            yield field, meta.get("content", ""), f"html:meta {name}"


def _from_cells(page: _Page) -> Iterator[tuple[str, str, str]]:
    for cell in page.iter("td", "th", "dt", "li"):
        text = _text(cell)
        match = _LABEL_CELL.fullmatch(text) if len(text) <= _LONGEST_LABEL else None
        if match:
            following = cell.getnext()
            value = match[2] or ("" if following is None else _text(following))
            yield _LABELS[match[1]], value, f"html:table {match[1]}"


def _from_titles(page: _Page) -> Iterator[tuple[str, str, str]]:
    for tag in ("h1", "title"):
        for element in page.iter(tag):
            title = _SITE.split(" ".join(str(element.xpath("string()")).split()))[0]
            if _REPORT.search(title):
                yield "title", title, f"html:{tag}"


def _text(element: _Element) -> str:
    return "".join(str(element.xpath("string()")).split())


def _checked(field: str, value: str) -> str:
    if field == "published":
        match = _DATE.search(value)
        return f"{match[1]}-{int(match[2]):02}-{int(match[3]):02}" if match else ""
    if field == "publisher":
        return value if _BODY_OF_STATE.search(value) and len(value) <= _LONGEST_LABEL else ""
    return value if len(value) <= 2 * _LONGEST_LABEL else ""
