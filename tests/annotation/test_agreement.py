"""Agreement is counted as worked out by hand, and the page shows what differs."""

import json
from collections.abc import Mapping

import krippendorff
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotation.agreement import measure_agreement
from annotation.agreement_view import agreement_to_json, page
from annotation.passes import readings
from zhibiao.documents import build
from zhibiao.errors import DataError
from zhibiao.jsonl import dumps
from zhibiao.schema import Finding, GoldRecord, GoldReport, Kind, Label, Record
from zhibiao.view import render

TEXT = "一、2031年工作回顾\n全年新增车位320个，同比增长8%。\n改造老旧小区21个。走访企业80余次。\n"


def at(quote: str) -> tuple[int, int]:
    return TEXT.index(quote), TEXT.index(quote) + len(quote)


def record(year: int = 2031, kind: Kind = Kind.ACTUAL, **slots: str) -> GoldRecord:
    """Slots in text order, each behind the one before it."""
    spans, after = {}, 0
    for slot, quote in slots.items():
        start = TEXT.index(quote, after)
        spans[slot], after = (start, start + len(quote)), start + len(quote)
    return GoldRecord(spans, year, kind)


def report(*records: GoldRecord, id: str = "lake", text: str = TEXT) -> GoldReport:
    known = {"district": Finding("柳溪区", "gold"), "report_year": Finding(2031, "gold")}
    return GoldReport(build(text, id=id, known=known), records)


PARKING = record(indicator="新增车位", value="320", unit="个", growth="同比增长8%", year=2031)
HOUSES = record(indicator="改造老旧小区", value="21", unit="个")
VISITS = record(indicator="走访企业", value="80", unit="次")
A = report(PARKING, HOUSES, VISITS)


def test_the_same_annotation_agrees_wholly() -> None:
    agreement = measure_agreement([A], [A])
    assert agreement.records.strict.f1 == agreement.spans.strict[None].f1 == agreement.alpha() == 1
    assert not agreement.reports[0].disagreements()
    assert list(page(agreement)) == []


def test_records_spans_and_labels_are_counted() -> None:
    other = record(indicator="老旧小区", value="21", unit="个")
    agreement = measure_agreement([A], [report(PARKING, other)])
    strict, relaxed = agreement.records.strict, agreement.records.relaxed
    assert (strict.gold, strict.predicted, strict.correct) == (3, 2, 1)
    assert relaxed.correct == 2
    indicators = agreement.spans.strict[Label.INDICATOR]
    assert (indicators.gold, indicators.predicted, indicators.correct) == (3, 2, 1)
    differing = [set(reading.comparison.differing) for reading in agreement.reports[0].disagreements()]
    assert differing[0] == {"indicator"}
    assert agreement.reports[0].disagreements()[1].b is None


def test_it_does_not_matter_who_comes_first() -> None:
    b = report(PARKING, record(indicator="老旧小区", value="21", unit="个", year=2030))
    one, other = measure_agreement([A], [b]), measure_agreement([b], [A])
    assert one.records.strict.f1 == other.records.strict.f1
    assert one.spans.strict[None].f1 == other.spans.strict[None].f1
    assert one.alpha() == pytest.approx(other.alpha())


def test_alpha_by_hand() -> None:
    """Coincidences of two coders on one binary label, by Krippendorff's formula."""
    b = report(PARKING, VISITS)
    counts = {"both": 2, "one": 1}  # 个 of the car parks and 次 in both, 个 of the houses in A alone
    n_ones, n_all = 2 * counts["both"] + counts["one"], 2 * len(TEXT)
    observed = 2 * counts["one"]
    expected = 2 * n_ones * (n_all - n_ones) / (n_all - 1)
    alpha = measure_agreement([A], [b]).alpha(Label.UNIT)
    assert alpha == pytest.approx(1 - observed / expected)


def test_alpha_over_all_labels_is_the_librarys() -> None:
    def row(annotated: GoldReport) -> list[float]:
        names = ["", "INDICATOR", "VALUE", "UNIT", "GROWTH", "YEAR"]
        row = [0.0] * len(TEXT)
        for one in annotated.records:
            for slot, (start, end) in one.spans.items():
                row[start:end] = [float(names.index(slot.upper()))] * (end - start)
        return row

    b = report(PARKING, record(indicator="老旧小区", value="21", unit="个"))
    expected = krippendorff.alpha([row(A), row(b)], level_of_measurement="nominal")
    assert measure_agreement([A], [b]).alpha() == pytest.approx(expected)


def test_alpha_of_a_label_that_nobody_used_is_unknown() -> None:
    assert measure_agreement([A], [A]).alpha(Label.YEAR) is None


def test_another_kind_or_qualifier_is_a_disagreement_but_no_strict_error() -> None:
    planned = record(indicator="走访企业", value="80", unit="次", kind=Kind.TARGET)
    agreement = measure_agreement([A], [report(PARKING, HOUSES, planned)])
    assert agreement.records.strict.f1 == 1
    assert [r.comparison.differing for r in agreement.reports[0].disagreements()] == [("kind",)]


def test_another_year_span_is_a_disagreement() -> None:
    dated = record(indicator="新增车位", value="320", unit="个", growth="同比增长8%")
    dated = GoldRecord({**dated.spans, "year": at("全年")}, 2031, Kind.ACTUAL)
    (first, *_) = readings(measure_agreement([A], [report(dated)]).reports[0].both)
    assert first.comparison.strict
    assert not first.identical


def test_reports_of_one_annotator_are_named() -> None:
    passes = measure_agreement([A, report(id="hill")], [report(id="moor"), A]).passes
    assert (passes.only_a, passes.only_b) == (("hill",), ("moor",))


def test_other_texts_other_reports_and_doubles_are_refused() -> None:
    changed = report(text=TEXT.replace("320", "321"))
    with pytest.raises(DataError, match=rf"lake.*from offset {TEXT.index('320') + 2}"):
        measure_agreement([A], [changed])
    with pytest.raises(DataError, match="no report stands in both"):
        measure_agreement([A], [report(id="hill")])
    with pytest.raises(DataError, match="B holds lake more than once"):
        measure_agreement([A], [A, A])


def shown(*b: GoldRecord) -> tuple[str, Mapping[str, list[Record]]]:
    (view,) = page(measure_agreement([A], [report(*b)]))
    by_method: dict[str, list[Record]] = {"A": [], "B": []}
    for one in view.records:
        by_method[one.method].append(one)
    assert view.text is not None
    for one in view.records:
        start, end = one.spans["indicator"]
        assert view.text[start:end] == one.indicator
    return view.text, by_method


def test_the_page_shows_both_readings_in_their_sentence() -> None:
    other = record(indicator="老旧小区", value="21", unit="个")
    text, records = shown(PARKING, other, VISITS)
    start, end = at("改造老旧小区21个。")
    assert f"1. [{start}:{end}] indicator: A 改造老旧小区" in text
    assert text.count("改造老旧小区21个。") == 2
    assert "新增车位" not in text
    assert [one.indicator for one in records["A"]] == ["改造老旧小区"]
    assert [one.indicator for one in records["B"]] == ["老旧小区"]
    assert records["A"][0].spans["indicator"] < records["B"][0].spans["indicator"]


def test_the_page_shows_what_only_one_marked() -> None:
    text, records = shown(PARKING, HOUSES)
    assert "only A: 走访企业" in text
    assert (len(records["A"]), len(records["B"])) == (1, 0)


def test_the_page_holds_the_records_where_they_stand() -> None:
    (view,) = page(measure_agreement([A], [report(PARKING, HOUSES)]))
    html = render([view], lang="en", title="Disagreements")
    heads = [line for line in html.splitlines() if 'class="report"' in line]
    (data,) = (json.loads(line.partition(">")[2].removesuffix("</script>")) for line in heads)
    assert [one["ok"] for one in data["records"]] == [True]


def test_json_holds_all_figures_and_both_readings() -> None:
    agreement = measure_agreement([A], [report(PARKING, HOUSES)])
    figures = json.loads(dumps(agreement_to_json(agreement)))
    assert figures["all"]["strict"] == {"a": 3, "b": 2, "both": 2, "f1": 0.8}
    (only,) = figures["reports"]["lake"]["disagreements"]
    assert only["b"] is None
    assert only["a"]["spans"]["indicator"] == list(at("走访企业"))


offsets = st.tuples(st.integers(0, len(TEXT) - 1), st.integers(1, 6)).map(
    lambda pair: (pair[0], min(len(TEXT), sum(pair)))
)


@st.composite
def any_record(draw: st.DrawFn) -> GoldRecord:
    some = draw(st.fixed_dictionaries({"unit": st.none() | offsets, "growth": st.none() | offsets}))
    spans = {"indicator": draw(offsets), "value": draw(offsets), **some}
    return GoldRecord({slot: place for slot, place in spans.items() if place}, 2031, Kind.ACTUAL)


any_records = st.lists(
    any_record(), max_size=5, unique_by=lambda one: (one.spans["indicator"], one.spans["value"])
)


@settings(deadline=None)
@given(any_records, any_records)
def test_agreement_is_symmetric(a: list[GoldRecord], b: list[GoldRecord]) -> None:
    one = measure_agreement([report(*a)], [report(*b)])
    other = measure_agreement([report(*b)], [report(*a)])
    assert one.records.strict.f1 == other.records.strict.f1
    assert one.records.relaxed.f1 == other.records.relaxed.f1
    assert one.spans.strict[None].f1 == other.spans.strict[None].f1
    assert one.alpha() == pytest.approx(other.alpha())
