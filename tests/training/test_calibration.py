"""Calibration as worked out by hand, and nothing where there are no confidences."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.calibration import calibrate
from training.evaluate import Evaluation, ReportEvaluation, evaluate
from zhibiao.documents import build
from zhibiao.rules import RulePredictor
from zhibiao.schema import GoldReport, Kind
from zhibiao.scoring import ReportScore, Statement, score_spans
from zhibiao.scoring.pairing import pair
from zhibiao.scoring.records import compare


def statement(at, year, confidence=None):
    spans = {"indicator": (at, at + 2), "value": (at + 2, at + 3)}
    return Statement("指标", Decimal(1), None, None, year, Kind.ACTUAL, None, spans, confidence=confidence)


def evaluation(results):
    """`results`: confidence and whether the record is right."""
    gold = [statement(4 * n, 2023) for n in range(len(results))]
    given = [statement(4 * n, 2023 if right else 2022, sure) for n, (sure, right) in enumerate(results)]
    comparisons = tuple(map(compare, pair(gold, given)))
    report = ReportEvaluation(build("全", id="x"), ReportScore("x", None, comparisons), score_spans([], []))
    return Evaluation("scripted", (report,))


def test_rules_have_no_confidence_to_judge():
    report = GoldReport(build("新增岗位320个。", id="x"), ())
    assert calibrate(evaluate([report], RulePredictor())) is None


def test_bins_and_error_as_worked_out_by_hand():
    found = calibrate(evaluation([(0.95, True), (0.95, True), (0.85, False), (0.81, True), (1.0, True)]))
    assert [(b.low, b.high, b.records, b.accuracy) for b in found.bins] == [
        (0.8, 0.9, 2, 0.5),
        (0.9, 1.0, 3, 1.0),
    ]
    assert found.bins[0].confidence == pytest.approx(0.83)
    assert found.error == pytest.approx((2 * 0.33 + 3 * (1 - 2.9 / 3)) / 5)


def test_risk_falls_when_only_the_surest_are_kept():
    found = calibrate(evaluation([(0.9, True), (0.8, True), (0.7, False), (0.6, False)]))
    assert [(p.coverage, p.risk, p.threshold) for p in found.risks] == [
        (0.25, 0, 0.9),
        (0.5, 0, 0.8),
        (0.75, pytest.approx(1 / 3), 0.7),
        (1.0, 0.5, 0.6),
    ]
    assert found.area == pytest.approx((0 + 0 + 1 / 3 + 1 / 2) / 4)


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=60))
def test_what_holds_of_any_confidences(results):
    found = calibrate(evaluation(results))
    wrong = sum(not right for _, right in results) / len(results)
    assert sum(b.records for b in found.bins) == found.records == len(results)
    assert 0 <= found.error <= 1
    assert found.risks[-1].coverage == 1
    assert found.risks[-1].risk == pytest.approx(wrong)
    thresholds = [point.threshold for point in found.risks]
    assert thresholds == sorted(thresholds, reverse=True)
