"""Inline files as gold reports."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import fields
from hashlib import sha256
from pathlib import Path

from annotation.inline.marks import scan
from annotation.inline.records import records
from zhibiao.documents import build
from zhibiao.errors import DataError
from zhibiao.schema import Document, Finding, GoldReport, Metadata, Source

FENCE = "+++"
_REQUIRED = ("id", "title", "publisher", "district", "report_year")
_METADATA = frozenset(field.name for field in fields(Metadata) if field.name != "findings")


def parse_file(path: Path) -> GoldReport:
    """The gold report that an inline file holds."""
    return parse(path.read_bytes().decode("utf-8"), path.name)


def parse(source: str, name: str = "inline") -> GoldReport:
    """The gold report of an inline source; `name` is for messages. Its text belongs into `<id>.txt`."""
    head, body, first_line = _split(source, name)
    front = _front_matter(head, name)
    marked = scan(body, name, first_line=first_line, year=_report_year(front, name))
    extra = {key: value for key, value in front.items() if key not in _METADATA and key != "id"}
    return GoldReport(_document(marked.text, front), records(marked), extra)


def _split(source: str, name: str) -> tuple[str, str, int]:
    parts = source.split(f"{FENCE}\n", 2)
    if len(parts) != 3 or parts[0]:
        raise DataError(f"{name}:1: no front matter; begin with TOML between two lines {FENCE}")
    return parts[1], parts[2], parts[1].count("\n") + 3


def _front_matter(head: str, name: str) -> dict[str, object]:
    try:
        front = tomllib.loads(head)
    except tomllib.TOMLDecodeError as error:
        raise DataError(f"{name}:1: front matter is no TOML: {error}") from error
    missing = [key for key in _REQUIRED if key not in front]
    if missing:
        raise DataError(f"{name}:1: front matter lacks {', '.join(missing)}")
    return front


def _report_year(front: Mapping[str, object], name: str) -> int:
    year = front["report_year"]
    if not isinstance(year, int):
        raise DataError(f"{name}:1: report_year is {year!r}; write a year without quotes")
    return year


def _document(text: str, front: Mapping[str, object]) -> Document:
    known = {
        key: Finding(value, "gold")
        for key, value in front.items()
        if key in _METADATA and isinstance(value, str | int)
    }
    source = Source(f"{front['id']}.txt", sha256(text.encode("utf-8")).hexdigest(), "txt", "utf-8")
    return build(text, id=str(front["id"]), known=known, source=source)
