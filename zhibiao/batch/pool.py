"""Tasks to results over processes: in order, with few tasks in flight, and none lost to another's crash."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import Generic, TypeVar

__all__ = ["ordered_map"]

TaskT = TypeVar("TaskT")
ResultT = TypeVar("ResultT")

IN_FLIGHT = 4
"""Tasks per worker that are handed out ahead of the one awaited; it bounds memory."""


def ordered_map(
    work: Callable[[TaskT], ResultT],
    tasks: Iterable[TaskT],
    *,
    workers: int,
    crashed: Callable[[TaskT], ResultT],
) -> Generator[ResultT, None, None]:
    """`map(work, tasks)` over processes; `crashed` gives the result of a task that kills its process."""
    if workers == 1:
        yield from map(work, tasks)
        return
    waiting: deque[tuple[TaskT, Future[ResultT]]] = deque()
    pool = _Pool(work, workers)
    try:
        for task in tasks:
            waiting.append((task, pool.submit(task)))
            if len(waiting) >= IN_FLIGHT * workers:
                yield _next(pool, waiting, crashed)
        while waiting:
            yield _next(pool, waiting, crashed)
    finally:
        pool.close()


def _next(
    pool: _Pool[TaskT, ResultT],
    waiting: deque[tuple[TaskT, Future[ResultT]]],
    crashed: Callable[[TaskT], ResultT],
) -> ResultT:
    task, future = waiting.popleft()
    try:
        return future.result()
    except BrokenProcessPool:
        # Some task in flight killed its process, and all in flight are lost: this one is tried alone, so that
        # only the culprit fails, and the others are handed out again.
        result = pool.alone(task, crashed)
        others = [other for other, _ in waiting]
        waiting.clear()
        waiting.extend((other, pool.submit(other)) for other in others)
        return result


class _Pool(Generic[TaskT, ResultT]):
    """A process pool that can be made anew after a crash."""

    def __init__(self, work: Callable[[TaskT], ResultT], workers: int) -> None:
        self._work = work
        self._workers = workers
        self._executor = _executor(workers)

    def submit(self, task: TaskT) -> Future[ResultT]:
        """Hand out a task; a pool found broken is replaced first."""
        try:
            return self._executor.submit(self._work, task)
        except BrokenProcessPool:
            self._renew()
            return self._executor.submit(self._work, task)

    def alone(self, task: TaskT, crashed: Callable[[TaskT], ResultT]) -> ResultT:
        """The result of a task in a process of its own."""
        self._renew()
        with _executor(1) as single:
            try:
                return single.submit(self._work, task).result()
            except BrokenProcessPool:
                return crashed(task)

    def close(self) -> None:
        """Wait for what is being worked on, drop the rest."""
        self._executor.shutdown(wait=True, cancel_futures=True)

    def _renew(self) -> None:
        self.close()
        self._executor = _executor(self._workers)


def _executor(workers: int) -> ProcessPoolExecutor:
    # Spawned rather than forked: a progress bar's thread makes forking unsafe.
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(workers, mp_context=context, initializer=_follow_parent)


def _follow_parent() -> None:
    """Ctrl-C is the parent's to handle; when the parent is killed outright, nobody else ends this process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
