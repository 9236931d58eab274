"""The gold of the adjudicated reports is what the two raw passes and the decisions make of it."""

from functools import cache
from pathlib import Path

import pytest

from annotation.adjudication import Choice, adjudicate, corrections, disputes, stale
from annotation.agreement import measure_agreement
from annotation.decisions import read_decisions
from annotation.inline import parse_file
from annotation.passes import Passes, match_passes
from zhibiao.jsonl import dumps, gold_record_to_json, read_gold
from zhibiao.schema import GoldReport

DATA = Path(__file__).parents[2] / "data"
DECISIONS = DATA / "annotation" / "decisions.jsonl"
IDS = sorted(source.stem for source in (DATA / "annotation" / "first").glob("*.md"))


@cache
def passes() -> Passes:
    first, second = (
        [parse_file(DATA / "annotation" / folder / f"{id}.md") for id in IDS]
        for folder in ("first", "second")
    )
    return match_passes(first, second)


@cache
def adjudicated() -> dict[str, GoldReport]:
    decided = read_decisions(DECISIONS, passes()).known
    return {report.document.id: report for report in adjudicate(passes(), decided)}


@cache
def shipped() -> dict[str, GoldReport]:
    return {report.document.id: report for report in read_gold(DATA / "gold.jsonl")}


def lines(report: GoldReport) -> list[str]:
    return [dumps(gold_record_to_json(record)) for record in report.records]


@pytest.mark.parametrize("id", IDS)
def test_shipped_gold_is_the_adjudicated_one(id: str) -> None:
    assert lines(shipped()[id]) == lines(adjudicated()[id])
    assert shipped()[id].document.text == adjudicated()[id].document.text


def test_each_decision_is_on_a_dispute_that_is_there() -> None:
    found = read_decisions(DECISIONS, passes())
    assert not found.foreign
    assert not stale(passes(), found.known)
    corrected = corrections(passes(), found.known)
    assert len(found.known) == len(list(disputes(passes()))) + len(corrected)
    assert all(decision.choice is Choice.EDIT for decision in corrected)


def test_each_decision_has_its_reason() -> None:
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in (DATA / "annotation" / "decisions.md").read_text("utf-8").splitlines()
        if line.startswith("|")
    ][2:]
    taken = {"first": "a", "second": "b", "edit": "edit"}
    decided = read_decisions(DECISIONS, passes()).known
    assert [(row[0], taken[row[4]]) for row in rows] == [(one.report, one.choice.value) for one in decided]
    assert all(row[5] for row in rows)


@pytest.mark.slow
def test_the_agreement_told_is_the_one_measured() -> None:
    measured = measure_agreement([both.a for both in passes().reports], [both.b for both in passes().reports])
    alpha = measured.alpha()
    assert alpha is not None
    told = {
        "record F1, strict": measured.records.strict.f1,
        "record F1, relaxed": measured.records.relaxed.f1,
        "span F1": measured.spans.strict[None].f1,
        "Krippendorff's alpha on characters": alpha,
    }
    readme = (DATA / "annotation" / "README.md").read_text("utf-8")
    for name, figure in told.items():
        assert f"| {name} | {figure:.3f} |" in readme, name
