"""Every wrong record has one cause, and the causes sum to what the scores count, whatever goes wrong."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.causes import Cause, confusions, count_causes, errors_of
from training.evaluate import Evaluation, ReportEvaluation
from zhibiao.documents import build
from zhibiao.schema import Kind
from zhibiao.scoring import ReportScore, Statement, score_spans
from zhibiao.scoring.pairing import pair
from zhibiao.scoring.records import compare

DOCUMENT = build("全" * 200, id="x")
FIVE = (Decimal(5), "%")


def statement(at, **changes):
    """A statement in 20 characters from `at`: indicator, value, unit, growth."""
    spans = {"indicator": (at, at + 6), "value": (at + 7, at + 9), "unit": (at + 9, at + 10)}
    spans["growth"] = (at + 12, at + 16)
    base = Statement(
        indicator=f"指标{at}",
        value=Decimal(at),
        unit="亿元",
        growth=FIVE,
        year=2023,
        kind=Kind.ACTUAL,
        qualifier=None,
        spans=spans,
    )
    return replace(base, **changes)


def moved(at, indicator, name="别的", **changes):
    own = statement(at)
    return replace(own, indicator=name, spans={**own.spans, "indicator": indicator}, **changes)


def evaluation(gold, predicted):
    comparisons = tuple(map(compare, pair(gold, predicted)))
    report = ReportEvaluation(DOCUMENT, ReportScore("x", None, comparisons), score_spans([], []))
    return Evaluation("scripted", (report,))


GOLD = [statement(0), statement(20), statement(40)]


def growth_only(at):
    own = statement(at)
    spans = {"indicator": own.spans["indicator"], "growth": own.spans["growth"]}
    return replace(own, value=None, unit=None, spans=spans)


@pytest.mark.parametrize(
    ("predicted", "cause"),
    [
        (None, Cause.MISSED_QUANTITY),
        (moved(0, (20, 26), "指标20"), Cause.WRONG_LINK),
        (moved(0, (60, 66)), Cause.WRONG_NOUN),
        (moved(0, (2, 6)), Cause.INDICATOR_SHORT),
        (moved(0, (0, 7)), Cause.INDICATOR_LONG),
        (statement(0, value=Decimal(1)), Cause.WRONG_NUMBER),
        (statement(0, growth=(Decimal(-5), "%")), Cause.WRONG_SIGN),
        (statement(0, growth=(Decimal(5), "个百分点")), Cause.WRONG_UNIT),
        (statement(0, growth=(Decimal(6), "%")), Cause.WRONG_NUMBER),
        (statement(0, growth=None), Cause.WRONG_LINK),
        (statement(0, unit="万元"), Cause.WRONG_UNIT),
        (statement(0, year=2022), Cause.WRONG_YEAR),
        (statement(0, kind=Kind.TARGET), Cause.WRONG_KIND),
        (moved(0, (2, 6), year=2022, kind=Kind.TARGET), Cause.INDICATOR_SHORT),
        (statement(0, unit="万元", year=2022), Cause.WRONG_UNIT),
    ],
)
def test_each_cause(predicted, cause):
    (error,) = errors_of(evaluation(GOLD, [*filter(None, [predicted]), *GOLD[1:]]))
    assert error.cause is cause
    assert error.gold is GOLD[0]


def test_a_spurious_quantity():
    (error,) = errors_of(evaluation(GOLD, [*GOLD, statement(60)]))
    assert (error.cause, error.gold) == (Cause.SPURIOUS_QUANTITY, None)


def test_a_quantity_that_is_used_in_another_record_is_wrongly_linked():
    """Gold has value and growth apart, the prediction together: nothing was missed."""
    value = replace(statement(0), growth=None, spans={**statement(0).spans})
    value.spans.pop("growth")
    errors = errors_of(evaluation([value, growth_only(0)], [statement(0)]))
    assert [(error.cause, error.predicted is None) for error in errors] == [
        (Cause.WRONG_LINK, False),
        (Cause.WRONG_LINK, True),
    ]
    twice = errors_of(evaluation([statement(0)], [statement(0), moved(0, (60, 66))]))
    assert [(error.cause, error.gold) for error in twice] == [(Cause.WRONG_LINK, None)]


def test_another_kind_is_wrong_beside_the_score():
    counts = {c.cause: c for c in count_causes(errors_of(evaluation(GOLD, [statement(0, kind=Kind.TARGET)])))}
    wrong = counts[Cause.WRONG_KIND]
    assert (wrong.records, wrong.false_negatives, wrong.false_positives) == (1, 0, 0)
    assert counts[Cause.MISSED_QUANTITY].false_negatives == 2


def test_the_same_mistake_twice_is_a_confusion():
    cut = [moved(at, (at + 2, at + 6), "标") for at in (0, 20)]
    gold = [statement(at, indicator="指标") for at in (0, 20)]
    (found,) = confusions(errors_of(evaluation(gold, cut)))
    assert (found.cause, found.gold, found.predicted) == (Cause.INDICATOR_SHORT, "指标", "标")
    assert (found.times, found.reports) == (2, 1)
    assert confusions(errors_of(evaluation(gold, cut[:1]))) == []


SPANS = st.tuples(st.integers(0, 90), st.integers(1, 8)).map(lambda s: (s[0], s[0] + s[1]))
RATES = st.one_of(
    st.none(),
    st.tuples(st.sampled_from([Decimal(5), Decimal(-5), Decimal(6), "5—6"]), st.sampled_from(["%", "倍"])),
)


@st.composite
def any_statement(draw):
    slots = draw(st.sampled_from([("value",), ("growth",), ("value", "growth"), ("value", "unit", "growth")]))
    spans = {slot: draw(SPANS) for slot in ("indicator", *slots)}
    return Statement(
        indicator=draw(st.sampled_from("甲乙丙")),
        value=draw(st.sampled_from([Decimal(1), Decimal(2), "1:2"])) if "value" in slots else None,
        unit=draw(st.sampled_from(["个", "万个"])) if "unit" in slots else None,
        growth=draw(RATES) if "growth" in slots else None,
        year=draw(st.sampled_from([2022, 2023, None])),
        kind=draw(st.sampled_from(Kind)),
        qualifier=None,
        spans=spans,
    )


@st.composite
def corrupted(draw):
    """Gold, and what is left of it when records are dropped, changed in any slot, doubled or added."""
    gold = draw(st.lists(any_statement(), max_size=6))
    predicted = []
    for one in gold:
        other = draw(any_statement())
        slots = draw(
            st.sets(st.sampled_from(["indicator", "value", "unit", "growth", "year", "kind", "spans"]))
        )
        predicted += [replace(one, **{slot: getattr(other, slot) for slot in slots})] * draw(
            st.integers(0, 2)
        )
    return gold, predicted + draw(st.lists(any_statement(), max_size=2))


@given(corrupted())
def test_the_causes_sum_to_false_negatives_and_false_positives(reports):
    scored = evaluation(*reports)
    strict = scored.whole().records.strict
    errors = errors_of(scored)
    counts = count_causes(errors)
    assert sum(count.false_negatives for count in counts) == strict.gold - strict.correct
    assert sum(count.false_positives for count in counts) == strict.predicted - strict.correct
    assert sum(count.records for count in counts) == len(errors)
    assert [count.cause for count in counts] == list(Cause)
    wrong_kind = [error for error in errors if error.cause is Cause.WRONG_KIND]
    assert all(error.comparison.strict for error in wrong_kind)
    assert len({id(error.comparison) for error in errors}) == len(errors)


@given(st.lists(any_statement(), max_size=6, unique_by=lambda s: s.anchor))
def test_what_is_right_is_no_error(gold):
    scored = evaluation(gold, gold)
    assert (
        len(errors_of(scored)) == scored.whole().records.strict.gold - scored.whole().records.strict.correct
    )
