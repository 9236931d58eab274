"""Reports that must not get into the silver: those of districts that a model is later scored on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from zhibiao.batch import Task
from zhibiao.errors import ConfigError
from zhibiao.schema import Document

__all__ = ["read_names", "why_left_out"]


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
