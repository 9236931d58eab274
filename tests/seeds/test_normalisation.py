"""What normalisation makes of the seeds' gold spans."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from zhibiao.normalise import (
    NUMBER,
    TIME,
    find_qualifier,
    parse_growth,
    parse_number,
    parse_unit,
    resolve_year,
)
from zhibiao.schema import Document, GoldRecord, GoldReport, Kind, Section


@pytest.fixture(scope="module")
def records(seed_reports: list[GoldReport]) -> list[tuple[Document, GoldRecord]]:
    """Every gold record beside its document."""
    return [(report.document, record) for report in seed_reports for record in report.records]


def quoted(records: list[tuple[Document, GoldRecord]], slot: str) -> Iterator[tuple[Document, int, int]]:
    """The document, start and end of each span of a slot."""
    for document, record in records:
        if slot in record.spans:
            yield document, *record.spans[slot]


def test_every_value_unit_and_growth_is_read(records: list[tuple[Document, GoldRecord]]) -> None:
    for slot, parse in (("value", parse_number), ("unit", parse_unit), ("growth", parse_growth)):
        unread = [doc.text[a:b] for doc, a, b in quoted(records, slot) if parse(doc.text[a:b]) is None]
        assert unread == []


@pytest.mark.parametrize(("slot", "pattern"), [("value", NUMBER), ("year", TIME)])
def test_the_patterns_find_the_gold_spans(
    records: list[tuple[Document, GoldRecord]], slot: str, pattern: str
) -> None:
    found = {doc.id: {match.span() for match in re.finditer(pattern, doc.text)} for doc, _ in records}
    missed = [doc.text[a:b] for doc, a, b in quoted(records, slot) if (a, b) not in found[doc.id]]
    assert missed == []


def test_qualifiers_agree(records: list[tuple[Document, GoldRecord]]) -> None:
    wrong = []
    for document, record in records:
        start, end = record.spans.get("value") or record.spans["growth"]
        after = record.spans["unit"][1] if "unit" in record.spans and "value" in record.spans else end
        found = find_qualifier(document.text, start, end, after=after)
        if found != record.qualifier:
            wrong.append((document.text[start - 6 : after + 4], found, record.qualifier))
    assert len(wrong) <= 0.03 * len(records), wrong


def section_at(document: Document, position: int) -> Section:
    """The section that holds a position."""
    return next(section for section in document.sections if section.start <= position < section.end)


def test_stated_years_agree(records: list[tuple[Document, GoldRecord]]) -> None:
    wrong, total = [], 0
    for document, record in records:
        if "year" not in record.spans:
            continue
        start, end = record.spans["year"]
        report_year = document.metadata.report_year
        assert report_year is not None
        found = resolve_year(
            document.text[start:end],
            section_year=report_year + 1 if record.kind is Kind.TARGET else section_at(document, start).year,
            report_year=report_year,
            sitting_year=document.metadata.sitting_year,
            published=document.metadata.published,
        )
        total += 1
        if found != record.year:
            wrong.append((document.text[start:end], found, record.year))
    assert total > 100
    assert len(wrong) <= 0.02 * total, wrong
