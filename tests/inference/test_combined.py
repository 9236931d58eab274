"""The model and the rules together: whose indicator counts."""

from __future__ import annotations

import pickle

import pytest

from inference.combined import CombinedFactory, CombinedPredictor, combine
from zhibiao.assemble import assemble
from zhibiao.documents import build
from zhibiao.rules import RulePredictor
from zhibiao.schema import Document, Label, Link, Prediction, Span

TEXT = "2023年，街道新建改造口袋公园12个。"
VALUE, UNIT = Span(16, 18, Label.VALUE, 0.99), Span(18, 19, Label.UNIT, 0.99)


def document() -> Document:
    return build(TEXT, id="lan")


def by_model(score: float | None) -> Prediction:
    indicator = Span(8, 16, Label.INDICATOR, score)
    links = (Link(VALUE, indicator, 0.9), Link(VALUE, UNIT, 0.9))
    return Prediction(document(), (indicator, VALUE, UNIT), links, "model")


def by_rules() -> Prediction:
    indicator, value = Span(12, 16, Label.INDICATOR), Span(16, 18, Label.VALUE)
    unit = Span(18, 19, Label.UNIT)
    return Prediction(
        document(), (indicator, value, unit), (Link(value, indicator), Link(value, unit)), "rules"
    )


@pytest.mark.parametrize(
    ("score", "expected"), [(0.95, "新建改造口袋公园"), (0.4, "口袋公园"), (None, "新建改造口袋公园")]
)
def test_the_rules_have_a_word_where_the_model_is_unsure(score: float | None, expected: str) -> None:
    combined = combine(by_model(score), by_rules(), 0.9)
    (record,) = assemble(combined)
    assert (record.indicator, record.value_text, record.unit) == (expected, "12", "个")
    assert record.method == "model"
    indicators = [span for span in combined.spans if span.label is Label.INDICATOR]
    assert [TEXT[span.start : span.end] for span in indicators] == [expected]


def test_what_only_the_model_found_stays() -> None:
    nothing = Prediction(document(), (), (), "rules")
    assert combine(by_model(0.1), nothing, 0.9).links == by_model(0.1).links


def test_links_are_made_where_the_model_gives_none() -> None:
    unlinked = by_model(0.4)
    combined = combine(Prediction(unlinked.document, unlinked.spans, None, "model"), by_rules(), 0.9)
    assert [record.indicator for record in assemble(combined)] == ["口袋公园"]


def test_the_predictor_has_both_names_and_its_factory_pickles() -> None:
    factory = pickle.loads(pickle.dumps(CombinedFactory(RulePredictor, RulePredictor)))
    predictor = factory()
    assert isinstance(predictor, CombinedPredictor)
    assert predictor.name == f"{RulePredictor().name}+{RulePredictor().name}"
    (found,) = predictor.predict([document()])
    assert [record.indicator for record in assemble(found)] == ["新建改造口袋公园"]
