"""A worker process: one task at a time; how it ended is known when it does not answer any more."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Generic, TypeVar, cast

__all__ = ["DiedError", "Worker", "cpus", "first_to_speak", "prepare"]

TaskT = TypeVar("TaskT")
ResultT = TypeVar("ResultT")

PATIENCE = 5.0
"""Seconds that a process may take to end when it is asked to."""


class DiedError(Exception):
    """The process ended without an answer; the message says how."""


class Worker(Generic[TaskT, ResultT]):
    """A process that calls `work.prepare()`, if there is one, says so, and then answers task after task."""

    def __init__(self, work: Callable[[TaskT], ResultT], *, threads: int) -> None:
        # Spawned rather than forked: a progress bar's thread makes forking unsafe.
        context = multiprocessing.get_context("spawn")
        self._connection, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs, work, threads), daemon=True)
        with _no_interrupts():
            self._process.start()
        # Theirs must be open nowhere else, or their death would go unnoticed.
        theirs.close()
        self.task: TaskT | None = None
        self.ready = False
        self._since = time.monotonic()

    @property
    def waited_for(self) -> bool:
        """Whether it owes an answer, or the word that it is ready."""
        return self.task is not None or not self.ready

    @property
    def seconds(self) -> float:
        """How long it has been at its task."""
        return time.monotonic() - self._since

    def take(self, task: TaskT) -> None:
        """Hand out a task; where the process is dead, `hear` will say so."""
        self.task, self._since = task, time.monotonic()
        with suppress(OSError):
            self._connection.send(task)

    def hear(self) -> ResultT | None:
        """The result of its task, or None when it got ready; what the work raised is raised here."""
        try:
            good, answer = self._connection.recv()
        except (EOFError, OSError) as error:
            raise DiedError(self._ending()) from error
        self.task, self.ready = None, True
        if not good:
            raise cast(BaseException, answer)
        return cast(ResultT | None, answer)

    def stop(self) -> None:
        """End it: at once when it is at work, which nobody waits for any more."""
        if self.waited_for:
            self._process.terminate()
        self._connection.close()
        self._process.join(PATIENCE)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()

    def _ending(self) -> str:
        """How it ended, in words."""
        self._process.join(PATIENCE)
        code = self._process.exitcode
        if code is None:
            return "no answer any more"
        if code >= 0:
            return f"exit status {code}"
        names = {number.value: number.name for number in signal.Signals}
        name = names.get(-code, f"signal {-code}")
        return f"{name}, maybe for want of memory" if name == "SIGKILL" else name

    @property
    def connection(self) -> Connection:
        """What to wait on for an answer."""
        return self._connection


def first_to_speak(workers: Sequence[Worker[TaskT, ResultT]]) -> list[Worker[TaskT, ResultT]]:
    """Those with something to hear, be it their end; waits until there is one."""
    speaking = wait([worker.connection for worker in workers])
    return [worker for worker in workers if worker.connection in speaking]


def cpus() -> int:
    """The processors that this process may use, which in a container are fewer than the machine has."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextmanager
def _no_interrupts() -> Iterator[None]:
    """What starts in here never sees Ctrl-C, which is ours to handle; ours comes when this ends."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _serve(connection: Connection, work: Callable[[TaskT], ResultT], threads: int) -> None:
    _settle(threads)
    _answer(connection, partial(prepare, work))
    while True:
        try:
            task = connection.recv()
        except (EOFError, OSError):
            return
        _answer(connection, partial(work, task))


def prepare(work: object) -> None:
    """Lets the work get ready, if it must: what fails then is the fault of no task."""
    if get_ready := getattr(work, "prepare", None):
        get_ready()


def _answer(connection: Connection, ask: Callable[[], object]) -> None:
    try:
        answer = (True, ask())
    except Exception as error:  # noqa: BLE001 - it is raised again where it can be handled
        error.add_note(f"in a worker process:\n{traceback.format_exc()}")
        answer = (False, error)
    connection.send(answer)


def _settle(threads: int) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Numerical libraries read it when they are imported, and each would else take all processors.
    os.environ.setdefault("OMP_NUM_THREADS", str(threads))
    with suppress(OSError):
        # When memory runs out the system shall take a worker, which is replaced, rather than the whole run.
        Path("/proc/self/oom_score_adj").write_text("1000")
    # When the parent is killed outright, nobody else ends this process.
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
