"""Where a model that has not seen the gold is confident and reads otherwise, both readings are told."""

from __future__ import annotations

from dataclasses import replace

import pytest

from annotation.checks import FaultKind, Severity
from zhibiao.assemble import assemble
from zhibiao.errors import DataError
from zhibiao.jsonl import read_gold
from zhibiao.rules import RulePredictor


@pytest.fixture
def told(checked, write):
    """Findings where records are held against gold: those of rules, said with a model's confidence."""

    def run(lines, read, *, confidence=0.95, **changes):
        documents = [report.document for report in read_gold(write(read))]
        records = [
            replace(record, confidence=confidence, **changes)
            for prediction in RulePredictor().predict(documents)
            for record in assemble(prediction)
        ]
        faults = checked(lines, predicted=records).faults
        return [fault for fault in faults if fault.kind is FaultKind.LABEL_ERROR]

    return run


def test_what_is_read_alike_is_no_error(lines, told):
    assert [fault for fault in told(lines, lines) if fault.report == "hill-2030"] == []


def test_a_confident_difference_is_told_with_both_readings(lines, told):
    tea = lines[1]["records"][1]["spans"]
    tea["indicator"] = [tea["indicator"][0] + 2, tea["indicator"][1]]
    (fault,) = [fault for fault in told(lines, lines) if fault.report == "hill-2030"]
    assert (fault.record, fault.quote, fault.severity) == (1, "1300", Severity.WARNING)
    assert "indicator: gold 产量, predictor 茶叶产量 (confidence 0.95)" in fault.message


def test_a_record_that_the_gold_lacks_is_told(lines, told):
    del lines[1]["records"][0]
    (fault,) = [fault for fault in told(lines, lines) if fault.report == "hill-2030"]
    assert (fault.record, fault.quote) == (None, "2.4")


def test_a_model_that_doubts_tells_nothing(lines, told):
    del lines[1]["records"][0]
    assert told(lines, lines, confidence=0.6) == []


def test_records_of_rules_are_refused(lines, told):
    with pytest.raises(DataError, match="no confidence"):
        told(lines, lines, confidence=None)


def test_records_of_other_reports_are_refused(lines, told):
    with pytest.raises(DataError, match="none of which is in the gold"):
        told(lines, lines, report_id="strange-2030")


def test_records_of_another_text_are_refused(lines, told):
    moved = [{**line, "text": "〇" + line["text"], "records": []} for line in lines]
    with pytest.raises(DataError, match="extract this very text"):
        told(lines, moved)
