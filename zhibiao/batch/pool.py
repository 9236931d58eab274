"""Tasks to results over processes: each result as soon as it is there, and none lost to another's crash.

A process has one task at a time, so a death names its culprit: no other task is touched, and the process is
replaced. The culprit gets a second try in the end, with all other processes gone, before it is given up; a
task that has parts gets it part by part.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice
from typing import Generic, TypeVar

from zhibiao.batch.process import DiedError, Worker, cpus, first_to_speak
from zhibiao.errors import WorkerError

__all__ = ["Death", "Pool"]

TaskT = TypeVar("TaskT")
ResultT = TypeVar("ResultT")

STILLBORN = 3
"""So many processes in a row may die before they are ready."""

HOPELESS = 25
"""So many tasks that kill their process, before the first result, are the fault of none of them."""


@dataclass(frozen=True, slots=True)
class Death(Generic[TaskT]):
    """A task of which a process died, how that ended, and the seconds that it took."""

    task: TaskT
    how: str
    seconds: float


class Pool(Generic[TaskT, ResultT]):
    """Processes that make results of tasks; a context manager that ends them.

    Each calls `work.prepare()` first, if there is one. `given_up` makes the result of a task that killed two;
    `parts` are the tasks that one which killed its process is tried again as.
    """

    def __init__(
        self,
        work: Callable[[TaskT], ResultT],
        *,
        workers: int,
        given_up: Callable[[Death[TaskT]], ResultT],
        parts: Callable[[TaskT], Iterable[TaskT]] = lambda task: [task],
    ) -> None:
        self._work = work
        self._most = workers
        self._given_up = given_up
        self._parts = parts
        self._workers: list[Worker[TaskT, ResultT]] = []
        self._stillborn = 0

    def __enter__(self) -> Pool[TaskT, ResultT]:
        return self

    def __exit__(self, *_: object) -> None:
        self._stop()

    def results(self, tasks: Iterable[TaskT]) -> Iterator[ResultT]:
        """A result for every task, in the order in which they are ready; few tasks are drawn ahead."""
        suspects: list[TaskT] = []
        proven = False
        for result in self._run(iter(tasks), self._most):
            if not isinstance(result, Death):
                proven = True
                yield result
                continue
            suspects.append(result.task)
            _check_hope(len(suspects), result, proven=proven)
        if suspects:
            self._stop()
        yield from self._second_try(chain.from_iterable(map(self._parts, suspects)), proven=proven)

    def _second_try(self, suspects: Iterator[TaskT], *, proven: bool) -> Iterator[ResultT]:
        # Until one has answered, none is given up: it may be the fault of the machine.
        dead: list[Death[TaskT]] = []
        for result in self._run(suspects, 1):
            if isinstance(result, Death):
                dead.append(result)
                _check_hope(len(dead), result, proven=proven)
            else:
                proven = True
                yield result
            if proven:
                yield from map(self._given_up, dead)
                dead.clear()
        yield from map(self._given_up, dead)

    def _run(self, tasks: Iterator[TaskT], most: int) -> Iterator[ResultT | Death[TaskT]]:
        ahead: deque[TaskT] = deque()
        while True:
            ahead.extend(islice(tasks, most - len(ahead)))
            self._hand_out(ahead, most)
            if not ahead and not any(worker.task is not None for worker in self._workers):
                return
            for worker in first_to_speak([worker for worker in self._workers if worker.waited_for]):
                yield from self._hear(worker, ahead)

    def _hand_out(self, ahead: deque[TaskT], most: int) -> None:
        free = [worker for worker in self._workers if worker.task is None]
        while len(free) < len(ahead) and len(self._workers) < most:
            free.append(Worker(self._work, threads=max(1, cpus() // most)))
            self._workers.append(free[-1])
        for worker in free:
            if worker.ready and ahead:
                worker.take(ahead.popleft())

    def _hear(self, worker: Worker[TaskT, ResultT], ahead: deque[TaskT]) -> Iterator[ResultT | Death[TaskT]]:
        task = worker.task
        try:
            result = worker.hear()
        except DiedError as death:
            yield from self._bury(worker, str(death))
            return
        self._stillborn = 0
        # Before the result is used, so that the process need not wait for that.
        if ahead:
            worker.take(ahead.popleft())
        if task is not None:
            yield result  # type: ignore[misc]

    def _bury(self, worker: Worker[TaskT, ResultT], how: str) -> Iterator[Death[TaskT]]:
        self._workers.remove(worker)
        task, seconds = worker.task, worker.seconds
        worker.stop()
        if task is not None:
            yield Death(task, how, seconds)
            return
        self._stillborn += 1
        if self._stillborn >= STILLBORN:
            raise _hopeless(f"before they could begin, {STILLBORN} in a row", how)

    def _stop(self) -> None:
        while self._workers:
            self._workers.pop().stop()


def _check_hope(deaths: int, last: Death[TaskT], *, proven: bool) -> None:
    """WorkerError where so many died and none has answered yet."""
    if deaths >= HOPELESS and not proven:
        raise _hopeless(f"of each of the first {HOPELESS} inputs", last.how)


def _hopeless(when: str, how: str) -> WorkerError:
    return WorkerError(
        f"worker processes died {when} (the last: {how}); the machine may lack memory for the predictor: "
        "try fewer --workers, or a larger machine, and --resume"
    )
