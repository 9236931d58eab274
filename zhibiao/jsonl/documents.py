"""Documents as JSON lines: text, metadata with its findings, sections and sentences."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from zhibiao.errors import DataError
from zhibiao.jsonl.lines import read_lines, write_lines
from zhibiao.schema import Document, Finding, Metadata, Offsets, Role, Section, Sentence, Source


def write_documents(path: Path | str, documents: Iterable[Document]) -> None:
    """One document a line; the file appears only when all are written."""
    write_lines(Path(path), map(asdict, documents))


def read_documents(path: Path | str) -> Iterator[Document]:
    """The documents of a file that `write_documents` wrote."""
    for where, line in read_lines(Path(path)):
        try:
            yield _document(line)
        except (ValueError, TypeError, KeyError) as error:
            raise DataError(
                f"{where}: not a document ({type(error).__name__}: {error}); "
                "read the report again with this version"
            ) from error


def _document(line: Mapping[str, Any]) -> Document:
    source = line["source"]
    return Document(
        id=line["id"],
        text=line["text"],
        metadata=_metadata(line["metadata"]),
        sections=tuple(map(_section, line["sections"])),
        sentences=tuple(Sentence(**sentence) for sentence in line["sentences"]),
        source=None if source is None else Source(**source),
        notes=tuple(line["notes"]),
    )


def _metadata(line: Mapping[str, Any]) -> Metadata:
    findings = {
        name: Finding(finding["value"], finding["source"], _offsets(finding["offsets"]))
        for name, finding in line["findings"].items()
    }
    return Metadata(**{**line, "findings": findings})


def _section(line: Mapping[str, Any]) -> Section:
    return Section(**{**line, "heading": _offsets(line["heading"]), "role": Role(line["role"])})


def _offsets(value: list[int] | None) -> Offsets | None:
    return None if value is None else (value[0], value[1])
