"""Short reports that a model reads together: the same records as one by one, and a bad one costs no other."""

from __future__ import annotations

import gzip
from dataclasses import replace
from pathlib import Path

import pytest

from inference.worker import Extractor
from zhibiao.batch import Status, Task
from zhibiao.batch.manifest import Outcome
from zhibiao.schema import GoldReport
from zhibiao.tagger.loading import ModelFactory

SHORT = 1500
"""Characters of the longest of these reports."""


@pytest.fixture
def tasks(tagger_gold: list[GoldReport]) -> list[Task]:
    """Reports of several lengths, the last without any record."""
    text = tagger_gold[0].document.text
    entries = [text[:SHORT], text[200:600], text[:SHORT], "没有数字。"]
    return [Task(f"r{n}", "corpus.jsonl", n, {"text": one}, None, n) for n, one in enumerate(entries)]


@pytest.fixture
def extractor(tagger: Path) -> Extractor:
    return Extractor(ModelFactory(tagger))


def timeless(outcomes: list[Outcome]) -> list[Outcome]:
    return [replace(outcome, seconds=0.0) for outcome in outcomes]


@pytest.mark.slow
def test_together_as_one_by_one(extractor: Extractor, tasks: list[Task]) -> None:
    together = extractor.together(tasks)
    assert timeless(together) == timeless([extractor(task) for task in tasks])
    assert [outcome.n_records > 0 for outcome in together] == [True, True, True, False]


@pytest.mark.slow
def test_time_is_shared_by_length(extractor: Extractor, tasks: list[Task]) -> None:
    outcomes = extractor.together(tasks)
    rates = [outcome.seconds / outcome.characters for outcome in outcomes]
    assert rates == pytest.approx([rates[0]] * len(rates))
    assert rates[0] > 0


@pytest.mark.slow
def test_a_report_that_cannot_be_read_fails_alone(
    extractor: Extractor, tasks: list[Task], tmp_path: Path
) -> None:
    bad = Task("bad", str(tmp_path / "gone.txt"), position=9)
    outcomes = extractor.together([tasks[0], bad, tasks[1]])
    assert [outcome.status for outcome in outcomes] == [Status.DONE, Status.FAILED, Status.DONE]
    assert "gone.txt" in outcomes[1].path
    assert timeless([outcomes[0], outcomes[2]]) == timeless([extractor(task) for task in tasks[:2]])
    assert all(gzip.decompress(one.records) for one in (outcomes[0], outcomes[2]))


def test_rules_read_one_by_one() -> None:
    from zhibiao.rules import RulePredictor

    assert Extractor(RulePredictor).lot_characters == 0


def test_a_model_asks_for_lots(tagger: Path) -> None:
    assert Extractor(ModelFactory(tagger)).lot_characters > SHORT
