"""Where a predictor is confident and the gold says otherwise, both readings are told."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from annotation.checks import Checked, Fault, FaultKind
from zhibiao.rules import RulePredictor

Line = dict[str, Any]
Run = Callable[[list[Line]], list[Fault]]


@pytest.fixture
def suspects(checked: Callable[..., Checked]) -> Run:
    def run(lines: list[Line]) -> list[Fault]:
        faults = checked(lines, predictor=RulePredictor()).faults
        return [fault for fault in faults if fault.kind is FaultKind.SUSPECT]

    return run


def test_what_the_rules_read_alike_is_no_suspect(lines: list[Line], suspects: Run) -> None:
    assert not [fault for fault in suspects(lines) if fault.report == "hill-2030"]


def test_a_wrong_span_is_told_with_both_readings(lines: list[Line], suspects: Run) -> None:
    tea = lines[1]["records"][1]["spans"]
    tea["indicator"] = [tea["indicator"][0] + 2, tea["indicator"][1]]
    (fault,) = [fault for fault in suspects(lines) if fault.report == "hill-2030"]
    assert (fault.record, fault.quote) == (1, "1300")
    assert "indicator: gold 产量, predictor 茶叶产量" in fault.message


def test_a_record_that_was_forgotten_is_told(lines: list[Line], suspects: Run) -> None:
    del lines[1]["records"][0]
    (fault,) = [fault for fault in suspects(lines) if fault.report == "hill-2030"]
    assert fault.record is None
    assert fault.quote == "2.4"
    assert "茶园面积 here, the gold does not" in fault.message


def test_a_record_where_there_is_none_is_told(lines: list[Line], suspects: Run) -> None:
    text = lines[1]["text"]
    at = text.index("2030年政府")
    title = {"indicator": [at + 5, at + 7], "value": [at, at + 4]}
    lines[1]["records"].append({"spans": title, "year": 2030, "kind": "actual", "qualifier": None})
    (fault,) = [fault for fault in suspects(lines) if fault.report == "hill-2030"]
    assert fault.record == 3
    assert "the predictor finds no 政府" in fault.message
