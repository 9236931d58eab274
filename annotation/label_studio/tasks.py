"""Reports as Label Studio tasks: whole or by section, with all that is needed to put them together again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from itertools import pairwise
from typing import Any

from annotation.label_studio.results import Place
from zhibiao.errors import DataError
from zhibiao.jsonl import dumps, gold_to_json
from zhibiao.schema import Document, GoldRecord, GoldReport

__all__ = ["Key", "Portion", "Split", "check_cuts", "identity", "portions", "task_data"]


class Split(StrEnum):
    """How a report becomes tasks."""

    REPORT = "report"
    SECTION = "section"


@dataclass(frozen=True, slots=True, order=True)
class Key:
    """What makes a task the same task: the report, its text and where the portion begins and ends."""

    report: str
    sha256: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Portion:
    """The part `number` of `total` of a report."""

    key: Key
    text: str
    number: int
    total: int

    @property
    def place(self) -> Place:
        """What results of this portion count in."""
        return Place(self.key.report, self.key.start, self.text)


def portions(document: Document, *, split: Split) -> list[Portion]:
    """The report in one piece, or cut where each section of the first level but the first begins."""
    text = document.text
    try:
        digest = sha256(text.encode("utf-8")).hexdigest()
    except UnicodeEncodeError as error:
        raise DataError(
            f"{document.id}: half a surrogate pair at offset {error.start}, which Label Studio cannot store; "
            "repair the text first"
        ) from error
    cuts = [0, *(_cuts(document) if split is Split.SECTION else ()), len(text)]
    return [
        Portion(Key(document.id, digest, start, end), text[start:end], number, len(cuts) - 1)
        for number, (start, end) in enumerate(pairwise(cuts), start=1)
    ]


def _cuts(document: Document) -> list[int]:
    """Text before the first section stays with it, or the title would be a task of its own."""
    return [section.start for section in document.sections if section.level == 1][1:]


def check_cuts(portions: Sequence[Portion], records: Iterable[GoldRecord]) -> None:
    """Refuses to cut a record in two."""
    for record in records:
        low, high = _hull(record)
        for portion in portions[1:]:
            if low < portion.key.start < high:
                raise DataError(
                    f"{portion.key.report}: the record at [{low}, {high}) lies on both sides of the section "
                    f"that begins at {portion.key.start}; push it whole, with --by report"
                )


def _hull(record: GoldRecord) -> tuple[int, int]:
    ends = [offset for offsets in record.spans.values() for offset in offsets]
    return min(ends), max(ends)


def task_data(report: GoldReport, portion: Portion) -> dict[str, object]:
    """What a task holds: what the screen shows, what identifies it, the line of gold without text."""
    metadata = report.document.metadata
    part = f"第{portion.number}/{portion.total}部分" if portion.total > 1 else ""
    year = f"{metadata.report_year}年" if metadata.report_year else ""
    about = (report.document.id, metadata.publisher, metadata.city, metadata.district, year, part)
    return {
        "text": portion.text,
        "title": metadata.title or report.document.id,
        "about": " · ".join(dict.fromkeys(str(fact) for fact in about if fact)),
        "report": portion.key.report,
        "sha256": portion.key.sha256,
        "start": portion.key.start,
        "end": portion.key.end,
        "length": len(report.document.text),
        "gold": _line(report),
    }


def _line(report: GoldReport) -> str:
    """As text, since Label Studio would make binary fractions of exact numbers."""
    line = gold_to_json(GoldReport(report.document, (), report.extra))
    return dumps({key: value for key, value in line.items() if key not in ("text", "records", "id")})


def identity(data: Mapping[str, Any]) -> Key | None:
    """The key of a task by its data; None if zhibiao did not make it."""
    match data:
        case {
            "report": str(report),
            "sha256": str(digest),
            "start": int(start),
            "end": int(end),
            "length": int(),
            "text": str(),
            "gold": str(),
        }:
            return Key(report, digest, start, end)
    return None
