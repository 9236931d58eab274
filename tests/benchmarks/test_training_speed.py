"""The training benchmark: same windows for all, a clock without warm-up, scores by one scorer."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from benchmarks.training_speed import TURN, WARM_UP, Clock, Course, measure, products, report, reports


def test_the_clock_leaves_out_the_first_steps_and_what_lies_between_epochs() -> None:
    clock = Clock()
    for _ in range(WARM_UP + 2):
        clock.tick(10)
    assert (clock.steps, clock.tokens) == (2, 20)
    before = clock.seconds
    clock.skip()
    clock.tick(10)
    assert (clock.steps, clock.seconds) == (2, before)
    clock.tick(10)
    assert (clock.steps, clock.tokens) == (3, 30)


def test_the_others_turns_are_not_counted() -> None:
    turns: list[int] = []

    def turn() -> None:
        turns.append(clock.steps)
        time.sleep(0.2)

    clock = Clock(turn)
    for _ in range(WARM_UP + 2 * TURN):
        clock.tick(10)
    assert turns == [0, TURN, 2 * TURN]
    assert clock.seconds < 0.2


@pytest.mark.slow
def test_no_report_of_a_held_out_district_is_learned() -> None:
    learned, held = reports(Course(steps=4, epochs=2, tokens=512))
    assert held
    districts = [{one.document.metadata.district for one in some} for some in (learned, held)]
    assert not districts[0] & districts[1]
    more, _ = reports(Course(steps=400, epochs=2, tokens=512))
    assert more[: len(learned)] == learned
    assert len(more) > len(learned)


@pytest.mark.slow
def test_every_contestant_runs_and_is_scored(tiny_encoder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    course = Course(encoder=str(tiny_encoder), steps=8, epochs=2, tokens=512)
    found = {name: measure(name, course, Clock()) for name in ("zhibiao", "trainer", "tuned")}
    # The same windows twice; ours may have a batch more or less, as it fills a budget of tokens.
    sums = [one.tokens / one.steps for one in found.values()]
    assert max(sums) < 1.6 * min(sums)
    for one in found.values():
        assert one.steps > 0
        assert one.seconds > 0
        assert 0 < one.memory < 8
        assert all(0 <= score <= 1 for score in one.scores.values())
    assert set(found["zhibiao"].scores) == {"links", "rules"}
    assert all(rate > 0 for rate in products(32, 64, 128).values())
    report(found, course)
    told = capsys.readouterr().out
    assert "zhibiao / trainer: " in told
    assert "zhibiao / tuned: " in told
    assert "share of the best product: " in told
