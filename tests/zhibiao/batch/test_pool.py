"""Order, look-ahead and survival of a crash. Work is a builtin, since other processes must import it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from zhibiao.batch.pool import IN_FLIGHT, ordered_map

DIE = "__import__('os')._exit(1)"


def crashed(task: str) -> str:
    return f"{task} crashed"


def test_one_worker_is_this_process() -> None:
    assert list(ordered_map(str.upper, ["a", "b"], workers=1, crashed=crashed)) == ["A", "B"]


@pytest.mark.slow
def test_results_come_in_the_order_of_tasks() -> None:
    # The first is the slowest.
    tasks = [f"__import__('time').sleep({0.3 if n == 0 else 0}) or {n}" for n in range(30)]
    assert list(ordered_map(eval, tasks, workers=2, crashed=crashed)) == list(range(30))


@pytest.mark.slow
def test_few_tasks_are_drawn_ahead() -> None:
    drawn = []

    def tasks() -> Iterator[str]:
        for n in range(100):
            drawn.append(n)
            yield str(n)

    results = ordered_map(eval, tasks(), workers=2, crashed=crashed)
    next(results)
    assert len(drawn) <= 2 * IN_FLIGHT
    results.close()


@pytest.mark.slow
def test_a_task_that_kills_its_process_fails_alone() -> None:
    tasks = [DIE if n in (3, 4, 11) else str(n) for n in range(20)]
    expected = [crashed(DIE) if n in (3, 4, 11) else n for n in range(20)]
    assert list(ordered_map(eval, tasks, workers=2, crashed=crashed)) == expected


@pytest.mark.slow
def test_an_exception_of_the_work_itself_is_not_hidden() -> None:
    with pytest.raises(ZeroDivisionError):
        list(ordered_map(eval, ["1", "1 / 0"], workers=2, crashed=crashed))
