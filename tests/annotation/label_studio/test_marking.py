"""Gold to Label Studio's JSON and back without a server: what must be equal is equal."""

import json
from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from annotation.label_studio.marking import mark
from annotation.label_studio.rebuild import rebuild
from annotation.label_studio.results import Place, read_results, write_results
from zhibiao.documents import build
from zhibiao.schema import GoldRecord, Kind, Label, Span

# Other tests may have the processor for a while.
PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

TEXT = "😀全年停车位、绿道，320个、同比下降5%、6%，计划80个；税收6.45亿元增长3%。"


def at(quote):
    return (TEXT.index(quote), TEXT.index(quote) + len(quote))


def through(records, spans=()):
    """The records after a trip through Label Studio's JSON, and the problems on the way."""
    place = Place("r", 0, TEXT, 1)
    items = json.loads(json.dumps(write_results(mark(records, spans), place)))
    marking, problems = read_results(items, place)
    back, more = rebuild(build(TEXT, id="r"), marking)
    return back, problems + more


def record(year=2023, kind=Kind.ACTUAL, qualifier=None, rate=None, /, **quotes):
    spans = {slot: at(quote) for slot, quote in quotes.items()}
    return GoldRecord(spans, year, kind, qualifier, None if rate is None else Decimal(rate))


def content(records):
    return {
        (tuple(sorted(one.spans.items())), one.year, one.kind, one.qualifier, one.growth_rate)
        for one in records
    }


def test_one_quantity_heads_records_of_different_years_and_kinds() -> None:
    records = (
        record(value="320", unit="个", indicator="停车位"),
        record(2024, Kind.TARGET, "超", value="320", unit="个", indicator="绿道", year="全年"),
    )
    back, problems = through(records)
    assert back == records and problems == []


def test_two_records_of_one_quantity_and_indicator_stay_two() -> None:
    records = (
        record(2022, value="320", indicator="停车位"),
        record(2023, value="320", indicator="停车位"),
    )
    back, problems = through(records)
    assert sorted(back, key=lambda one: one.year) == list(records) and problems == []


def test_the_sign_of_a_list_member_is_kept() -> None:
    records = (
        record(growth="同比下降5%", indicator="停车位"),
        record(2023, Kind.ACTUAL, None, "-6", growth="6%", indicator="绿道"),
    )
    back, problems = through(records)
    assert back == records and problems == []


def test_a_growth_of_a_value_may_also_stand_alone() -> None:
    records = (
        record(2023, Kind.ACTUAL, None, "-6.50", value="320", growth="6%", indicator="停车位"),
        record(2023, Kind.ACTUAL, None, "6", growth="6%", indicator="绿道"),
    )
    back, problems = through(records)
    assert back == records and problems == []


def test_a_year_that_nobody_knows_stays_unknown() -> None:
    records = (record(None, value="320", indicator="停车位"),)
    back, problems = through(records)
    assert back == records and problems == []


def test_equal_records_become_one() -> None:
    one = record(value="320", indicator="停车位")
    assert through((one, one)) == ((one,), [])


def test_spans_that_no_record_uses_are_shown_and_told_of() -> None:
    back, problems = through((), [Span(*at("全年"), Label.YEAR), Span(*at("税收"), Label.INDICATOR)])
    assert back == ()
    assert [str(problem) for problem in problems] == [
        "r, task 1: year without relation «全年» [1, 3); it dates nothing and is left out",
        "r, task 1: indicator without value or growth «税收» [31, 33); draw a relation to it, or delete it",
    ]


VALUES, UNITS = ("320", "80", "6.45"), ("个", "亿元")
GROWTHS, NAMES, YEARS = ("同比下降5%", "6%", "增长3%"), ("停车位", "绿道", "税收"), ("全年", "计划")


@st.composite
def gold(draw):
    slots = {"indicator": draw(st.sampled_from(NAMES))}
    growth = draw(st.none() | st.sampled_from(GROWTHS))
    if growth is None or draw(st.booleans()):
        slots["value"] = draw(st.sampled_from(VALUES))
        if unit := draw(st.none() | st.sampled_from(UNITS)):
            slots["unit"] = unit
    if growth:
        slots["growth"] = growth
    if year := draw(st.none() | st.sampled_from(YEARS)):
        slots["year"] = year
    rate = draw(st.none() | st.decimals(-99, 99, places=2)) if growth else None
    return record(
        draw(st.none() | st.integers(1990, 2040)),
        draw(st.sampled_from(Kind)),
        draw(st.none() | st.sampled_from(["超", "近", "以上"])),
        rate,
        **slots,
    )


@PATIENT
@given(st.lists(gold(), max_size=8))
def test_any_records_come_back(records) -> None:
    back, problems = through(records)
    assert content(back) == content(records)
    assert not [problem for problem in problems if problem.fatal]


ODD = (
    st.none()
    | st.booleans()
    | st.integers(-3, 60)
    | st.text(max_size=4)
    | st.lists(st.text(max_size=3), max_size=2)
)


@PATIENT
@given(
    st.lists(
        st.fixed_dictionaries(
            {"type": st.sampled_from(["labels", "number", "choices", "textarea", "relation", "odd"])},
            optional={
                "id": st.sampled_from(["a", "b"]),
                "from_id": st.sampled_from(["a", "b", "c"]),
                "to_id": st.sampled_from(["a", "b", "c"]),
                "from_name": st.sampled_from(
                    ["label", "year", "kind", "qualifier", "growth_rate", "year_unknown"]
                ),
                "value": st.dictionaries(
                    st.sampled_from(["start", "end", "text", "labels", "number", "choices"]),
                    ODD | st.just(["VALUE"]) | st.just(["INDICATOR"]),
                ),
            },
        ),
        max_size=6,
    )
)
def test_no_result_however_odd_breaks_the_reader(items) -> None:
    marking, problems = read_results(items, Place("r", 0, TEXT, 1))
    _, more = rebuild(build(TEXT, id="r"), marking)
    assert all(str(problem).startswith("r, task 1: ") for problem in problems + more)
