"""Paired bootstrap: what it must find, what it must not, and what it refuses to compare."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.evaluate import evaluate, halves
from training.significance import compare, compare_tallies
from training.tallies import Tallies, Tally, half_of, tallies_from_json, tallies_to_json, tally
from zhibiao.documents import build
from zhibiao.errors import DataError
from zhibiao.schema import Finding, GoldRecord, GoldReport, Kind, Prediction
from zhibiao.scoring import Counts, gold_spans

TEXT = "全年新增停车位320个，改造老旧小区21处，新建公园6座。"
QUOTES = (("新增停车位", "320", "个"), ("改造老旧小区", "21", "处"), ("新建公园", "6", "座"))


def at(quote):
    return (TEXT.index(quote), TEXT.index(quote) + len(quote))


def report(number, district):
    known = {"district": Finding(district, "gold"), "report_year": Finding(2023, "gold")}
    records = [
        GoldRecord(dict(zip(("indicator", "value", "unit"), map(at, quotes), strict=True)), 2023, Kind.ACTUAL)
        for quotes in QUOTES
    ]
    return GoldReport(build(TEXT, id=f"r{number}", known=known), tuple(records))


REPORTS = [report(number, f"区{number // 2}") for number in range(12)]


class Finds:
    """Finds the gold but for the quantities that it is told to miss."""

    def __init__(self, name, *missed):
        self.name = name
        self.missed = missed

    def predict(self, documents):
        for document in documents:
            spans = gold_spans(next(r for r in REPORTS if r.document.id == document.id))
            kept = [span for span in spans if document.quote(span.offsets) not in self.missed]
            yield Prediction(document, tuple(kept), None, "rules")


def of(*counts, name="a", group=None):
    return Tallies(
        name,
        tuple(Tally(f"r{n}", group or f"g{n}", {"strict": one}) for n, one in enumerate(counts)),
    )


def test_a_system_that_finds_more_everywhere_is_better_beyond_doubt():
    comparison = compare(evaluate(REPORTS, Finds("old", "320")), evaluate(REPORTS, Finds("new")))
    strict = comparison.over_reports["strict"]
    assert (strict.old, strict.new) == (pytest.approx(0.8), 1.0)
    assert strict.delta == pytest.approx(0.2)
    assert (strict.interval.low, strict.interval.high) == pytest.approx((0.2, 0.2))
    assert strict.p_value == pytest.approx(2 / 5001)
    assert strict.significant
    assert (comparison.old, comparison.new) == ("old", "new")
    assert (comparison.reports, comparison.groups, comparison.few_groups) == (12, 6, False)
    assert comparison.over_reports["slot unit"].delta == pytest.approx(0.2)
    assert comparison.over_reports["span VALUE"].new == 1.0
    assert comparison.over_groups["strict"].delta == strict.delta


def test_a_system_is_no_better_than_itself():
    same = evaluate(REPORTS, Finds("same", "21"))
    for difference in compare(same, same).over_reports.values():
        assert (difference.delta, difference.p_value, difference.significant) == (0, 1.0, False)


def test_the_same_seed_gives_the_same_interval():
    old = of(Counts(10, 10, 6), Counts(10, 12, 9), Counts(8, 8, 2))
    new = of(Counts(10, 9, 8), Counts(10, 12, 8), Counts(8, 8, 5), name="b")
    assert compare_tallies(old, new) == compare_tallies(old, new)
    assert compare_tallies(old, new, seed=1) != compare_tallies(old, new)


def test_a_gain_in_one_report_of_many_is_no_proof():
    same = [Counts(10, 10, 7)] * 9
    difference = compare_tallies(of(*same, Counts(10, 10, 5)), of(*same, Counts(10, 10, 9))).over_reports[
        "strict"
    ]
    assert difference.delta > 0
    assert difference.interval.low == 0
    assert not difference.significant


def test_reports_of_one_district_are_drawn_together():
    old = of(*[Counts(10, 10, 5)] * 6, group="一区")
    new = of(*[Counts(10, 10, 9), Counts(10, 10, 4)] * 3, group="一区")
    comparison = compare_tallies(old, new)
    over = comparison.over_groups["strict"].interval
    assert comparison.few_groups
    assert over.low == over.high == pytest.approx(0.15)
    assert comparison.over_reports["strict"].interval.low < 0.15


ROWS = st.tuples(st.integers(1, 20), st.integers(0, 20), st.integers(0, 20)).map(
    lambda row: (row[0], row[1], min(row))
)


@given(st.lists(st.tuples(ROWS, ROWS), min_size=1, max_size=12))
def test_swapping_the_systems_turns_the_sign_and_keeps_the_p_value(rows):
    old = of(*(Counts(*a) for a, _ in rows))
    new = of(*(Counts(a[0], b[1], min(a[0], b[2])) for a, b in rows), name="b")
    there = compare_tallies(old, new, samples=200).over_reports["strict"]
    back = compare_tallies(new, old, samples=200).over_reports["strict"]
    assert back.delta == -there.delta
    assert back.p_value == there.p_value
    assert (back.interval.low, back.interval.high) == pytest.approx(
        (-there.interval.high, -there.interval.low)
    )
    assert 0 < there.p_value <= 1


def test_counts_survive_a_file():
    kept = tally(evaluate(REPORTS, Finds("old", "320")))
    again = tallies_from_json("old", json.loads(json.dumps(tallies_to_json(kept))), source="x.json")
    assert again == kept


@pytest.mark.parametrize("half", ["even", "odd"])
def test_a_half_is_that_of_the_evaluation(half):
    kept = half_of(tally(evaluate(REPORTS[::-1], Finds("old", "320"))), half)
    assert kept == tally(evaluate(halves(REPORTS, half), Finds("old", "320")))
    assert len(kept.reports) == 6


@pytest.mark.parametrize(
    "data", [None, [], {"measures": ["strict"]}, {"measures": ["strict"], "reports": {"r": 1}}]
)
def test_a_file_without_counts_is_refused_by_name(data):
    with pytest.raises(DataError, match=r"x\.json: no counts per report"):
        tallies_from_json("old", data, source="x.json")


def test_only_evaluations_of_the_same_gold_can_be_compared():
    two = of(Counts(3, 3, 3), Counts(3, 3, 3))
    with pytest.raises(DataError, match="not scored on the same reports: r1 stands in one"):
        compare_tallies(two, replace(two, reports=two.reports[:1]))
    with pytest.raises(DataError, match=r"the gold of r1 has changed .*strict: 3 against 4"):
        compare_tallies(two, of(Counts(3, 3, 3), Counts(4, 3, 3)))
    with pytest.raises(DataError, match="nothing to compare"):
        compare_tallies(of(), of())
