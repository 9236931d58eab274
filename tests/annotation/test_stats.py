"""Counts of a small gold, worked out by hand."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from annotation.stats import BINS, histogram, measure_data
from annotation.stats_view import picture, stats_to_json
from zhibiao.documents import build
from zhibiao.schema import Finding, GoldRecord, GoldReport, Kind, Label

TEXT = "全年财政收入6.45亿元，同比增长12.5%。力争改造小区21个。\n"


def at(quote: str) -> tuple[int, int]:
    return TEXT.index(quote), TEXT.index(quote) + len(quote)


def report(id: str, district: str) -> GoldReport:
    income = {
        "indicator": at("财政收入"),
        "value": at("6.45"),
        "unit": at("亿元"),
        "growth": at("同比增长12.5%"),
    }
    houses = {"indicator": at("改造小区"), "value": at("21"), "unit": at("个")}
    records = (
        GoldRecord(income | {"year": at("全年")}, 2031, Kind.ACTUAL),
        GoldRecord(houses, 2032, Kind.TARGET, "约"),
    )
    known = {"district": Finding(district, "gold"), "report_year": Finding(2031, "gold")}
    return GoldReport(build(TEXT, id=id, known=known), records)


STATS = measure_data([report("a", "柳溪区"), report("b", "岚城区"), report("c", "柳溪区")])


def test_districts() -> None:
    assert [(one.name, one.reports, one.records) for one in STATS.districts] == [
        ("柳溪区", 2, 4),
        ("岚城区", 1, 2),
    ]
    whole = STATS.whole
    assert (whole.targets, whole.growths, whole.dated) == (3, 3, 3)
    assert whole.density == 1000 * 6 / (3 * len(TEXT))


def test_labels_lengths_years_and_kinds() -> None:
    spans = {one.label: one for one in STATS.spans}
    assert sorted(spans[Label.VALUE].lengths) == [2, 2, 2, 4, 4, 4]
    assert (spans[Label.VALUE].distinct, spans[Label.VALUE].median, spans[Label.VALUE].longest) == (2, 3, 4)
    assert STATS.distances == {0: 3, 1: 3}
    assert STATS.kinds == {Kind.ACTUAL: 3, Kind.TARGET: 3}
    assert STATS.qualifiers == {None: 3, "约": 3}


def test_json_puts_what_is_unknown_last() -> None:
    assert list(stats_to_json(STATS)["qualifiers"]) == ["约", "(none)"]


def test_nothing_can_be_counted_too() -> None:
    empty = measure_data([])
    assert empty.whole.density == 0
    assert "<svg" in picture(empty)


@given(st.lists(st.integers(-5, 100)))
def test_a_histogram_counts_every_value_once(values: list[int]) -> None:
    counts = histogram(values, BINS)
    assert sum(counts) == len(values)
    assert counts[-1] == sum(value >= BINS[-1] for value in values)
    assert counts[1] == values.count(2)
