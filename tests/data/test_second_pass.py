"""The second pass over the fictional reports: it parses, and it marks the very texts that ship."""

from itertools import pairwise
from pathlib import Path

import pytest

from annotation.inline import parse_file

DATA = Path(__file__).parents[2] / "data"
SOURCES = sorted((DATA / "annotation" / "second").glob("*.md"))
every_source = pytest.mark.parametrize("source", SOURCES, ids=[source.stem for source in SOURCES])


def test_there_is_a_second_pass() -> None:
    assert SOURCES


@every_source
def test_text_is_the_shipped_one(source: Path) -> None:
    report = parse_file(source)
    assert report.document.id == source.stem
    assert report.document.text.encode("utf-8") == (DATA / "texts" / f"{source.stem}.txt").read_bytes()


@every_source
def test_spans_are_valid(source: Path) -> None:
    report = parse_file(source)
    assert report.records
    slots: dict[tuple[int, int], str] = {}
    for record in report.records:
        for slot, offsets in record.spans.items():
            assert slots.setdefault(offsets, slot) == slot, report.document.quote(offsets)
    ordered = sorted(slots)
    for (_, end), (start, following) in pairwise(ordered):
        assert end <= start, report.document.text[start:following]
    assert ordered[-1][1] <= len(report.document.text)
