"""A floor under the rules' scores on the seeds: `zhibiao evaluate --data seeds/gold.jsonl --method rules`."""

import pytest

from training.evaluate import GoldSpans, evaluate
from zhibiao.rules import RulePredictor
from zhibiao.schema import Label

STRICT, RELAXED = 0.85, 0.92
VALUES, YEARS = 0.97, 0.97
LINKING = 0.98


@pytest.fixture(scope="module")
def by_rules(seed_reports):
    return evaluate(seed_reports, RulePredictor()).whole()


def test_records(by_rules):
    assert by_rules.records.strict.f1 >= STRICT
    assert by_rules.records.relaxed.f1 >= RELAXED


def test_values_and_years(by_rules):
    assert by_rules.spans.strict[Label.VALUE].f1 >= VALUES
    assert by_rules.records.slots["year"].accuracy >= YEARS


def test_linking_on_gold_spans(seed_reports):
    assert evaluate(seed_reports, GoldSpans(seed_reports)).whole().records.strict.f1 >= LINKING
