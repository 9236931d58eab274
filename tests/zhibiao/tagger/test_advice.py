"""Advice: the rules' tags, their weight in the decode, and the confidences that come of it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import zhibiao
from zhibiao.documents import build
from zhibiao.jsonl import read_gold
from zhibiao.rules import RulePredictor
from zhibiao.schema import Label, Span
from zhibiao.tagger.advice import ADVICE_WEIGHT, advised_tags, tags_of
from zhibiao.tagger.loading import ModelFactory, load_model
from zhibiao.tagger.predictor import TaggerPredictor
from zhibiao.tagger.scheme import INDICATORS

DATA = Path(__file__).parents[3] / "data"
TEXT = "2023年，街道新建改造口袋公园12个。干部作风持续转变。"


def named(tags: np.ndarray) -> list[str]:
    return [INDICATORS.tags[tag] for tag in tags]


def test_tags_say_what_the_rules_find():
    document = build(TEXT, id="lan")
    (found,) = RulePredictor().predict([document])
    assert {span.label for span in found.spans} >= {Label.INDICATOR, Label.VALUE, Label.UNIT}
    tags = advised_tags(document)
    assert len(tags) == len(TEXT)
    spelled = {(start, end, Label(INDICATORS.labels[label])) for start, end, label in INDICATORS.decode(tags)}
    assert spelled == {(span.start, span.end, span.label) for span in found.spans}


def test_of_overlapping_spans_the_later_is_seen():
    tags = tags_of([Span(3, 6, Label.VALUE), Span(0, 4, Label.INDICATOR)], 7)
    assert named(tags) == ["B-INDICATOR", "I-INDICATOR", "I-INDICATOR", "B-VALUE", "I-VALUE", "I-VALUE", "O"]


def test_nothing_found_is_advice_too():
    assert named(tags_of([], 3)) == ["O", "O", "O"]


@pytest.fixture(scope="module")
def model(tiny_model):
    return load_model(tiny_model, precision="fp32")


@pytest.fixture(scope="module")
def documents():
    return [report.document for report in read_gold(DATA / "gold.jsonl")][:3]


def quantities(prediction):
    wanted = (Label.INDICATOR, Label.VALUE, Label.UNIT, Label.GROWTH)
    return {(span.start, span.end, span.label) for span in prediction.spans if span.label in wanted}


def agreement(predictor, documents):
    """Of the spans that the predictor and the rules find, the share that both do."""
    ours = [quantities(one) for one in predictor.predict(documents)]
    rules = [quantities(one) for one in RulePredictor().predict(documents)]
    both = sum(len(one & other) for one, other in zip(ours, rules, strict=True))
    return both / sum(len(one | other) for one, other in zip(ours, rules, strict=True))


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_the_weightier_the_advice_the_more_it_is_taken(model, documents):
    shares = [
        agreement(TaggerPredictor(replace(model, advice=weight)), documents) for weight in (0.0, 3.0, 1000.0)
    ]
    assert shares == sorted(set(shares))
    assert shares[-1] > 0.97


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_an_advised_model_says_so_in_its_name(tiny_model, model):
    alone, advised = ModelFactory(tiny_model), ModelFactory(tiny_model, advised=True)
    assert advised.name == f"{alone.name}+{RulePredictor().name}"
    assert (alone().name, advised().name) == (alone.name, advised.name)
    assert (model.advice, model.advised().advice) == (0.0, ADVICE_WEIGHT)
    assert zhibiao.load_predictor(tiny_model).name == advised.name
    assert zhibiao.load_predictor(tiny_model, advised=False).name == alone.name


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_its_own_temperature_makes_an_advised_model_less_sure(model, documents):
    hot = replace(model, advised_temperature=4.0).advised()
    sure = [mean_score(replace(hot, temperature=value), documents) for value in (hot.temperature, 1.0)]
    assert hot.temperature == 4.0 and sure[0] < sure[1]


def mean_score(model, documents):
    scores = [span.score for one in TaggerPredictor(model).predict(documents) for span in one.spans]
    return np.mean([score for score in scores if score is not None])
