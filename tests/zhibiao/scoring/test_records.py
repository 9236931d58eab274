from dataclasses import replace
from decimal import Decimal

import pytest

from zhibiao.documents import build
from zhibiao.errors import DataError
from zhibiao.schema import Finding, GoldRecord, GoldReport, Kind, Record
from zhibiao.scoring import Counts, score

TEXT = "全年签约率、入住率均达到100%，商铺120家、同比增长8.5%，投诉下降5%，床位比1:1.6，车位90—110个。"


def at(quote):
    start = TEXT.index(quote)
    return (start, start + len(quote))


def report(*records, id="a", district="云麓区"):
    known = {"district": Finding(district, "gold"), "report_year": Finding(2023, "gold")}
    return GoldReport(build(TEXT, id=id, known=known), records)


def gold(year=2023, kind=Kind.ACTUAL, growth_rate=None, qualifier=None, **quotes):
    spans = {slot: at(quote) for slot, quote in quotes.items()}
    return GoldRecord(spans, year, kind, qualifier, growth_rate)


EMPTY = Record(
    **dict.fromkeys(Record.__slots__)
    | {
        "report_id": "a",
        "indicator": "",
        "kind": Kind.ACTUAL,
        "method": "rules",
        "evidence": "",
        "year": 2023,
    }
    | {"spans": {"indicator": (0, 1), "value": (1, 2)}}
)


def predicted(spans=None, **fields):
    """A record whose spans are the quotes of its slots, unless told otherwise."""
    quotes = {
        "indicator": fields["indicator"],
        "value": fields.get("value_text"),
        "unit": fields.get("unit"),
        "growth": fields.get("growth_text"),
    }
    found = {slot: at(quote) for slot, quote in quotes.items() if quote}
    return replace(EMPTY, spans=found | (spans or {}), **fields)


SHOPS = gold(indicator="商铺", value="120", unit="家", growth="同比增长8.5%")
SHOPS_FOUND = predicted(
    indicator="商铺",
    value=Decimal("120.0"),
    value_text="120",
    unit="家",
    growth_text="同比增长8.5%",
    growth_rate=Decimal("8.50"),
    growth_unit="%",
)


def one(wanted, given):
    scores = score([report(wanted)], [given])
    return scores.strict.correct, scores.relaxed.correct, scores.reports[0].comparisons[0].differing


def test_numbers_compare_as_numbers():
    assert one(SHOPS, SHOPS_FOUND) == (1, 1, ())


@pytest.mark.parametrize(
    ("change", "slot"),
    [
        ({"value": Decimal(12)}, "value"),
        ({"value": None}, "value"),
        ({"unit": "万家"}, "unit"),
        ({"unit": None}, "unit"),
        ({"growth_rate": Decimal("-8.5")}, "growth"),
        ({"growth_rate": None, "growth_text": None}, "growth"),
        ({"growth_unit": "个百分点"}, "growth"),
        ({"year": 2022}, "year"),
        ({"year": None}, "year"),
    ],
)
def test_each_deciding_slot_decides(change, slot):
    assert one(SHOPS, replace(SHOPS_FOUND, **change)) == (0, 0, (slot,))


@pytest.mark.parametrize(
    ("change", "slot"), [({"kind": Kind.TARGET}, "kind"), ({"qualifier": "超"}, "qualifier")]
)
def test_kind_and_qualifier_are_told_and_decide_nothing(change, slot):
    assert one(SHOPS, replace(SHOPS_FOUND, **change)) == (1, 1, (slot,))


def test_half_of_the_indicator_is_enough_for_relaxed():
    start, end = at("商铺")
    half = replace(SHOPS_FOUND, indicator="铺", spans=dict(SHOPS_FOUND.spans, indicator=(start + 1, end)))
    third = replace(
        SHOPS_FOUND, indicator="，商铺120", spans=dict(SHOPS_FOUND.spans, indicator=(start - 1, end + 3))
    )
    assert one(SHOPS, half) == (0, 1, ("indicator",))
    assert one(SHOPS, third) == (0, 0, ("indicator",))


def test_relaxed_forgives_the_indicator_alone():
    start, end = at("商铺")
    half = replace(SHOPS_FOUND, indicator="铺", spans=dict(SHOPS_FOUND.spans, indicator=(start + 1, end)))
    assert one(SHOPS, replace(half, year=2022)) == (0, 0, ("indicator", "year"))


def test_a_ratio_and_a_range_compare_as_text():
    ratio = gold(indicator="床位比", value="1:1.6")
    found = predicted(indicator="床位比", value_text="1:1.6")
    assert one(ratio, found)[0] == 1
    assert one(ratio, replace(found, value_text="1：1.6"))[0] == 1
    assert one(ratio, replace(found, value_text="1:16"))[0] == 0
    rough = gold(indicator="车位", value="90—110", unit="个")
    assert one(rough, predicted(indicator="车位", value_text="90—110", unit="个"))[0] == 1


def test_gold_states_the_sign_that_a_span_does_not_show():
    fall = gold(indicator="投诉", growth="5%", growth_rate=Decimal(-5))
    found = predicted(indicator="投诉", growth_text="5%", growth_unit="%", growth_rate=Decimal(-5))
    assert one(fall, found)[0] == 1
    assert one(fall, replace(found, growth_rate=Decimal(5)))[2] == ("growth",)


def test_the_qualifier_of_a_growth_counts_where_there_is_no_value():
    rise = gold(indicator="投诉", growth="下降5%", qualifier="近")
    found = predicted(indicator="投诉", growth_text="下降5%", growth_unit="%", growth_rate=Decimal(-5))
    assert one(rise, replace(found, growth_qualifier="近"))[2] == ()
    assert one(rise, found)[2] == ("qualifier",)


def rate(indicator):
    return predicted(
        indicator=indicator, value=Decimal(100), value_text="100", unit="%", spans={"unit": at("%")}
    )


def test_indicators_that_share_a_value_are_paired_by_themselves():
    wanted = [gold(indicator=name, value="100", unit="%") for name in ("签约率", "入住率")]
    given = [rate("入住率"), rate("签约率")]
    scores = score([report(*wanted)], given)
    assert scores.strict == Counts(gold=2, predicted=2, correct=2)
    for comparison in scores.reports[0].comparisons:
        assert comparison.pair.gold.indicator == comparison.pair.predicted.indicator


def test_a_record_is_used_once():
    wanted = gold(indicator="签约率", value="100", unit="%")
    scores = score([report(wanted)], [rate("签约率"), rate("签约率")])
    assert scores.strict == Counts(gold=1, predicted=2, correct=1)
    assert (scores.strict.precision, scores.strict.recall) == (0.5, 1.0)


def test_pairs_follow_the_quantity_even_where_the_indicator_is_another():
    wanted = gold(indicator="签约率", value="100", unit="%")
    scores = score([report(wanted, SHOPS)], [rate("商铺"), SHOPS_FOUND])
    assert [c.differing for c in scores.reports[0].comparisons] == [("indicator",), ()]


def test_disagreements_hold_what_is_missed_spurious_or_different():
    wanted = [gold(indicator="签约率", value="100", unit="%"), SHOPS]
    spurious = predicted(indicator="床位比", value_text="1:1.6")
    scores = score([report(*wanted)], [rate("入住率"), spurious])
    different, missed, extra = scores.reports[0].disagreements()
    assert different.differing == ("indicator",)
    assert (missed.pair.gold.indicator, missed.pair.predicted) == ("商铺", None)
    assert (extra.pair.gold, extra.pair.predicted.indicator) == (None, "床位比")
    assert scores.slots["value"].total == 1


def test_scores_add_up_over_reports_and_within_groups():
    reports = [report(SHOPS, id="a"), report(SHOPS, id="b", district="岚城区"), report(SHOPS, id="c")]
    given = [SHOPS_FOUND, replace(SHOPS_FOUND, report_id="b", year=2022)]
    scores = score(reports, given, group_by="district")
    assert [r.report_id for r in scores.reports] == ["a", "b", "c"]
    assert scores.strict == Counts(gold=3, predicted=2, correct=1)
    assert scores.strict.f1 == pytest.approx(0.4)
    assert (scores.slots["year"].correct, scores.slots["year"].total) == (1, 2)
    groups = scores.groups()
    assert {name: [r.report_id for r in group.reports] for name, group in groups.items()} == {
        "云麓区": ["a", "c"],
        "岚城区": ["b"],
    }


def test_predictions_for_another_report_are_refused():
    with pytest.raises(DataError, match=r"1 predicted records belong to the report 'zzz'.*it holds a"):
        score([report(SHOPS)], [replace(SHOPS_FOUND, report_id="zzz")])


def test_gold_that_holds_a_report_twice_is_refused():
    with pytest.raises(DataError, match="holds a more than once"):
        score([report(SHOPS), report(SHOPS)], [SHOPS_FOUND])


def normal(spans=None, **changes):
    found = replace(
        SHOPS_FOUND, value_base=Decimal(120), unit_base="家", spans=dict(SHOPS_FOUND.spans, **(spans or {}))
    )
    return score([report(SHOPS)], [replace(found, **changes)])


def test_the_same_fact_in_another_unit_is_right_when_normalised():
    scores = normal(value=Decimal("0.012"), value_text="0.012", unit="万家", value_base=Decimal("120.0"))
    assert (scores.strict.correct, scores.relaxed.correct, scores.normalised.correct) == (0, 0, 1)


@pytest.mark.parametrize(
    "change",
    [
        {"value_base": Decimal(12)},
        {"unit_base": "个"},
        {"growth_rate": Decimal("-8.5")},
        {"year": 2022},
        {"indicator": "入住率", "spans": {"indicator": at("入住率")}},
    ],
)
def test_another_fact_is_wrong_when_normalised(change):
    assert normal(**change).normalised.correct == 0


def test_slots_over_all_records_count_what_is_missed_and_spurious():
    other = predicted(indicator="床位比", value_text="1:1.6")
    scores = score([report(SHOPS, gold(indicator="投诉", growth="下降5%"))], [SHOPS_FOUND, other])
    assert scores.slot_counts["value"] == Counts(gold=1, predicted=2, correct=1)
    assert scores.slot_counts["growth"] == Counts(gold=2, predicted=1, correct=1)
    assert scores.slot_counts["qualifier"] == Counts()
