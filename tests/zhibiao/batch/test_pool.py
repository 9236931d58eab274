"""Results as they come, look-ahead, survival of crashes. Work is a builtin, as other processes import it."""

from __future__ import annotations

import importlib
import multiprocessing
import os
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest

from zhibiao.batch.pool import HOPELESS, STILLBORN, Death, Pool
from zhibiao.errors import WorkerError

pytestmark = pytest.mark.slow

DIE = "__import__('os')._exit(7)"


def given_up(death: Death[str]) -> str:
    return f"given up: {death.how}"


def results(work: Callable[[str], object], tasks: Iterable[str], *, workers: int = 2) -> list[object]:
    with Pool(work, workers=workers, given_up=given_up) as pool:
        return list(pool.results(tasks))


@pytest.mark.parametrize("workers", [1, 3])
def test_every_task_has_its_result_once(workers: int) -> None:
    assert sorted(results(eval, map(str, range(40)), workers=workers)) == list(range(40))


def test_no_task_no_process() -> None:
    with Pool(eval, workers=2, given_up=given_up) as pool:
        assert list(pool.results([])) == []
        assert multiprocessing.active_children() == []


def test_a_finished_task_does_not_wait_for_a_slow_one(tmp_path: Path) -> None:
    gate = tmp_path / "gate"
    is_open = f"__import__('os').path.exists({str(gate)!r})"
    slow = f"[__import__('time').sleep(0.01) for _ in iter(lambda: {is_open}, True)]"
    with Pool(eval, workers=2, given_up=given_up) as pool:
        coming = pool.results([slow, *map(str, range(6))])
        assert [next(coming) for _ in range(6)] == list(range(6))
        gate.touch()
        (last,) = coming
    assert isinstance(last, list)


def test_few_tasks_are_drawn_ahead() -> None:
    drawn = []

    def tasks() -> Iterator[str]:
        for n in range(100):
            drawn.append(n)
            yield str(n)

    with Pool(eval, workers=2, given_up=given_up) as pool:
        next(pool.results(tasks()))
    assert len(drawn) <= 6


def test_a_task_that_kills_its_process_is_tried_twice_and_costs_no_other(tmp_path: Path) -> None:
    log = tmp_path / "log"
    die = f"open({str(log)!r}, 'a').write('x') and __import__('os')._exit(7)"
    tasks = [die if n in (3, 4, 11) else str(n) for n in range(20)]
    found = results(eval, tasks)
    assert [one for one in found if isinstance(one, str)] == ["given up: exit status 7"] * 3
    assert sorted(one for one in found if isinstance(one, int)) == [
        n for n in range(20) if n not in (3, 4, 11)
    ]
    assert log.read_text() == "x" * 6


def test_a_task_that_dies_once_has_its_second_try(tmp_path: Path) -> None:
    once = tmp_path / "once"
    task = f"__import__('os').path.exists({str(once)!r}) or [open({str(once)!r}, 'x'), {DIE}]"
    assert results(eval, ["1", task, "2"])[-1] is True


def test_a_task_that_kills_is_tried_again_part_by_part(tmp_path: Path) -> None:
    log = tmp_path / "log"
    parts = [f"open({str(log)!r}, 'a').write('x')", DIE, "3"]
    whole = f"[{', '.join(parts)}]"
    with Pool(
        eval, workers=2, given_up=given_up, parts=lambda task: parts if task == whole else [task]
    ) as pool:
        assert list(pool.results(["1", whole, "2"])) == [1, 2, 1, "given up: exit status 7", 3]
    assert log.read_text() == "xx"


def test_a_kill_is_named_and_memory_suspected() -> None:
    kill = "__import__('os').kill(__import__('os').getpid(), 9)"
    assert results(eval, [kill, "1"]) == [1, "given up: SIGKILL, maybe for want of memory"]


def test_where_all_die_nothing_is_given_up() -> None:
    with pytest.raises(WorkerError, match=f"first {HOPELESS} inputs.*exit status 7"):
        results(eval, [DIE] * 2 * HOPELESS)


def test_where_all_parts_die_the_run_ends_too() -> None:
    whole = f"[{DIE}]"
    parts = [DIE] * HOPELESS
    with (
        Pool(eval, workers=2, given_up=given_up, parts=lambda _: parts) as pool,
        pytest.raises(WorkerError, match=f"first {HOPELESS} inputs.*exit status 7"),
    ):
        # Nothing is given up before.
        next(pool.results([whole, whole]))


def test_where_none_can_begin_the_run_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "stillborn.py").write_text(
        "import os\nclass Work:\n"
        "    def prepare(self): os._exit(9)\n"
        "    def __call__(self, task): return task\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    work = importlib.import_module("stillborn").Work()
    with pytest.raises(WorkerError, match=f"before they could begin, {STILLBORN} in a row .*exit status 9"):
        results(work, ["1", "2"])


def test_what_preparation_raises_ends_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "unfit.py").write_text(
        "class Work:\n"
        "    def prepare(self): raise LookupError('no such model')\n"
        "    def __call__(self, task): return task\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(LookupError, match="no such model"):
        results(importlib.import_module("unfit").Work(), ["1", "2"])


def test_an_exception_of_the_work_itself_is_not_hidden() -> None:
    with pytest.raises(ZeroDivisionError) as caught:
        results(eval, ["1", "1 / 0"])
    assert "in a worker process" in caught.value.__notes__[0]


def test_leaving_ends_the_processes_at_once(wait_for) -> None:
    started = time.monotonic()
    with Pool(eval, workers=2, given_up=given_up) as pool:
        coming = pool.results(["__import__('os').getpid()", *["__import__('time').sleep(600)"] * 4])
        pid = next(coming)
    assert isinstance(pid, int)
    wait_for(lambda: not Path(f"/proc/{pid}").exists())
    assert time.monotonic() - started < 300
    assert os.getpid() != pid
