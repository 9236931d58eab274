"""Reports that must not get into the silver: those of districts that a model is later scored on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from zhibiao.batch import Task
from zhibiao.errors import ConfigError
from zhibiao.schema import Document, GoldReport

__all__ = ["places_of", "read_names", "why_left_out"]

_RANK = re.compile("(?<=..)(?:市|省|自治区|特别行政区)$")
"""What a corpus may leave out when it names a city or a province: 杭州 stands for 杭州市."""


def read_names(path: Path) -> tuple[str, ...]:
    """The names of a file, one a line; blank lines and what follows a # do not count."""
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(
            f"{path}: cannot be read ({error}); it must hold a name a line, in UTF-8"
        ) from error
    names = tuple(name for line in lines if (name := line.partition("#")[0].strip()))
    if not names:
        raise ConfigError(f"{path}: no name in it; write one district a line, or leave the option out")
    return names


def places_of(reports: Iterable[GoldReport]) -> tuple[str, ...]:
    """The districts and cities of annotated reports, each once, without the rank of a city or province."""
    found: dict[str, None] = {}
    for report in reports:
        for name in (report.document.metadata.district, report.document.metadata.city):
            if name:
                found[_RANK.sub("", name)] = None
    return tuple(found)


def why_left_out(task: Task, document: Document, names: Sequence[str]) -> tuple[str, str] | None:
    """The name that a report is left out for, and where it stands."""
    for field, value in _places(task, document):
        for name in names:
            if name in value:
                return name, field
    return None


def _places(task: Task, document: Document) -> Iterator[tuple[str, str]]:
    metadata, entry = document.metadata, task.entry or {}
    known: Mapping[str, object] = {
        "region": entry.get("region"),
        "district": metadata.district,
        "city": metadata.city,
        "publisher": metadata.publisher,
        "title": metadata.title,
        "id": entry.get("id") or task.id,
        "file": Path(task.path).name if task.entry is None else None,
    }
    for field, value in known.items():
        if isinstance(value, str):
            yield field, value
