"""What a text says of its report as a whole, and where it says so."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from zhibiao.documents.cues import load_cues
from zhibiao.documents.dates import find_years
from zhibiao.documents.evidence import Evidence, Found
from zhibiao.documents.headings import Heading
from zhibiao.documents.places import find_places
from zhibiao.schema import Finding, Metadata, Offsets

_TITLE = re.compile("报告|总结|思路|安排|计划|回顾|公报|展望|要点")
_LONGEST_TITLE = 50
_FIRST_WORDS = re.compile("^(?:各位|同志们|现在)|[。；]")
_ISO = re.compile("(\\d{4})[-./年](\\d{1,2})[-./月](\\d{1,2})")
_FIELDS = tuple(field for field in Metadata.__dataclass_fields__ if field != "findings")


def find_metadata(
    text: str,
    paragraphs: Sequence[Offsets],
    headings: Mapping[int, Heading],
    known: Mapping[str, Finding],
) -> tuple[Metadata, tuple[str, ...]]:
    """Metadata with the origin of each field, and notes on what is missing; `known` wins."""
    evidence = Evidence(text, paragraphs, headings, dict(known))
    for step in (_notices, _title, find_places, find_years):
        for field, finding in step(evidence):
            evidence.findings.setdefault(field, finding)
    return _metadata(evidence.findings), tuple(_notes(evidence))


def _metadata(findings: Mapping[str, Finding]) -> Metadata:
    values = {field: findings[field].value for field in _FIELDS if field in findings}
    return Metadata(**values, findings=findings)  # type: ignore[arg-type]


def _notes(evidence: Evidence) -> Iterator[str]:
    report, sitting = evidence.year("report_year"), evidence.year("sitting_year")
    if report is None:
        yield (
            "report year not found in title, headings or dates: records whose own sentence names no year "
            "will have none; give it as an option or in a sidecar (report_year = ...)"
        )
    elif sitting is not None and sitting - report not in (0, 1):
        yield (
            f"report year {report} ({evidence.findings['report_year'].source}) does not fit the sitting of "
            f"{sitting} ({evidence.findings['sitting_year'].source}): check which is right and give "
            "report_year as an option or in a sidecar"
        )


def _notices(evidence: Evidence) -> Found:
    """Lines such as `发布日期: 2023-01-12 信息来源: …`."""
    for match in load_cues().notices.finditer(evidence.text, 0, evidence.front):
        field = next(name for name in ("publisher", "published", "index_number") if match[name])
        value = _iso(match["value"]) if field == "published" else match["value"]
        if value:
            yield field, Finding(value, "text", match.span("value"))


def _iso(value: str) -> str:
    match = _ISO.search(value)
    try:
        return date(*(int(part) for part in match.groups())).isoformat() if match else ""
    except ValueError:
        return ""


def _title(evidence: Evidence) -> Found:
    """The first short line above the report's first words that is worded like a title."""
    for number, (start, end) in enumerate(evidence.paragraphs[:15]):
        line = evidence.text[start : min(end, start + _LONGEST_TITLE + 1)]
        heading = evidence.headings.get(number)
        if len(line) > _LONGEST_TITLE or _FIRST_WORDS.search(line) or (heading and heading.numbered):
            return
        if _TITLE.search(line) and ":" not in line and "：" not in line:
            yield "title", Finding(line, "text", (start, end))
            return
