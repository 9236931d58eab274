import warnings

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nervaluate.evaluator import Evaluator
from seqeval.metrics import classification_report
from seqeval.scheme import IOB2

from zhibiao.errors import SchemaError
from zhibiao.schema import Label, Span
from zhibiao.scoring import SpanMode, from_iob2, score_spans, to_iob2

LABELS = [label.value for label in Label]
TAGS = st.sampled_from(["O", *(f"{prefix}-{label}" for prefix in "BI" for label in LABELS)])


@st.composite
def tag_pairs(draw):
    """Two tag rows of one length, valid or not, often alike."""
    gold = draw(st.lists(TAGS, min_size=1, max_size=40))
    keep = draw(st.lists(st.booleans(), min_size=len(gold), max_size=len(gold)))
    other = draw(st.lists(TAGS, min_size=len(gold), max_size=len(gold)))
    return gold, [g if k else o for g, o, k in zip(gold, other, keep, strict=True)]


def seqeval_report(gold, predicted):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # seqeval warns of every label that does not occur
        return classification_report(
            gold, predicted, mode="strict", scheme=IOB2, output_dict=True, zero_division=0
        )


def agrees(counts, row):
    assert counts.precision == pytest.approx(row["precision"])
    assert counts.recall == pytest.approx(row["recall"])
    assert counts.f1 == pytest.approx(row["f1-score"])
    assert counts.gold == row["support"]


@given(st.lists(tag_pairs(), min_size=1, max_size=4))
def test_strict_scores_equal_seqeval_on_any_tags(documents):
    gold, predicted = [g for g, _ in documents], [p for _, p in documents]
    if not any(from_iob2(tags) for tags in gold + predicted):
        return  # seqeval cannot report on nothing
    scores = total([score_spans(from_iob2(g), from_iob2(p)) for g, p in documents])
    report = seqeval_report(gold, predicted)
    agrees(scores.strict[None], report["micro avg"])
    for label in Label:
        if label.value in report:
            agrees(scores.strict[label], report[label.value])
        else:
            assert (scores.strict[label].gold, scores.strict[label].predicted) == (0, 0)


def total(scores):
    first, *others = scores
    return sum(others, first)


@st.composite
def span_rows(draw, length=60):
    """Spans that do not overlap one another, in text order."""
    edges = sorted(draw(st.sets(st.integers(0, length), max_size=16)))
    couples = list(zip(edges[::2], edges[1::2], strict=False))
    return [Span(start, end, draw(st.sampled_from(Label))) for start, end in couples]


def as_nervaluate(spans):
    # nervaluate's ends are inclusive
    return [{"label": span.label.value, "start": span.start, "end": span.end - 1} for span in spans]


@given(span_rows(), span_rows())
def test_four_modes_equal_nervaluate(gold, predicted):
    evaluator = Evaluator([as_nervaluate(gold)], [as_nervaluate(predicted)], tags=LABELS, loader="dict")
    theirs = evaluator.evaluate()
    ours = score_spans(gold, predicted)
    for mode in SpanMode:
        same_grades(ours.modes[None][mode], theirs["overall"][mode.value])
        for label in {span.label for span in gold + predicted}:
            same_grades(ours.modes[label][mode], theirs["entities"][label.value][mode.value])


def same_grades(ours, theirs):
    assert (ours.correct, ours.incorrect, ours.partial, ours.missed, ours.spurious) == (
        theirs.correct,
        theirs.incorrect,
        theirs.partial,
        theirs.missed,
        theirs.spurious,
    )
    assert (ours.precision, ours.recall, ours.f1) == pytest.approx(
        (theirs.precision, theirs.recall, theirs.f1)
    )


@given(span_rows(), span_rows())
def test_the_character_tags_score_as_the_spans_do(gold, predicted):
    from_tags = score_spans(from_iob2(to_iob2(gold, 60)), from_iob2(to_iob2(predicted, 60)))
    assert from_tags == score_spans(gold, predicted)
    assert from_tags.strict[None].correct == from_tags.modes[None][SpanMode.STRICT].correct


@given(span_rows())
def test_tags_hold_spans_without_loss(spans):
    assert from_iob2(to_iob2(spans, 60)) == spans


def test_neighbours_of_one_label_stay_apart():
    spans = [Span(0, 2, Label.VALUE), Span(2, 3, Label.VALUE)]
    assert to_iob2(spans, 4) == ["B-VALUE", "I-VALUE", "B-VALUE", "O"]


def test_tags_cannot_hold_overlapping_spans_or_spans_beyond_the_text():
    with pytest.raises(SchemaError, match="overlaps another"):
        to_iob2([Span(0, 2, Label.VALUE), Span(1, 3, Label.UNIT)], 4)
    with pytest.raises(SchemaError, match="beyond the text of 4"):
        to_iob2([Span(3, 5, Label.VALUE)], 4)


def test_an_overlap_counts_in_each_mode_as_it_should():
    gold = [Span(0, 4, Label.INDICATOR), Span(4, 6, Label.VALUE), Span(6, 8, Label.UNIT)]
    predicted = [Span(1, 4, Label.INDICATOR), Span(4, 6, Label.GROWTH), Span(20, 22, Label.YEAR)]
    grades = score_spans(gold, predicted).modes[None]
    assert [grades[mode].correct for mode in SpanMode] == [0, 1, 1, 1]
    assert [grades[mode].incorrect for mode in SpanMode] == [2, 1, 0, 1]
    assert grades[SpanMode.PARTIAL].partial == 1
    assert {(g.missed, g.spurious) for g in grades.values()} == {(1, 1)}


def test_nothing_scores_nothing():
    scores = score_spans([], [])
    assert (scores.strict[None].precision, scores.strict[None].f1) == (0.0, 0.0)
