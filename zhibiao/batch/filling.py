"""Brings the outcome of every input into a manifest: over processes, without repeating what is done."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from itertools import chain, islice

from zhibiao.batch.inputs import Rejected, Task, fingerprint
from zhibiao.batch.manifest import Manifest, Outcome
from zhibiao.batch.pool import ordered_map
from zhibiao.batch.reading import crashed, rejection
from zhibiao.errors import ZhibiaoError

__all__ = ["FEW", "fill"]

FEW = 8
"""Below this many inputs, starting processes costs more than it brings."""


def fill(
    manifest: Manifest,
    found: Iterable[Task | Rejected],
    work: Callable[[Task], Outcome],
    *,
    workers: int = 0,
    on_outcome: Callable[[Outcome], None] = lambda _: None,
) -> int:
    """Work on what the manifest does not hold yet; the number that an earlier run had done.

    `work` crosses process borders; `workers` 0 means as many as pay.
    """
    todo = _Todo(manifest, found)
    tasks = iter(todo)
    head = list(islice(tasks, FEW))
    workers = workers or (1 if len(head) < FEW else _cpus())
    with closing(ordered_map(work, chain(head, tasks), workers=workers, crashed=crashed)) as outcomes:
        for outcome in outcomes:
            manifest.add(outcome)
            on_outcome(outcome)
    manifest.forget_unnamed()
    return todo.kept


def _cpus() -> int:
    """The processors that this process may use, which in a container are fewer than the machine has."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class _Todo:
    """The tasks that are left: what was rejected goes straight to the manifest, what is done stays there."""

    def __init__(self, manifest: Manifest, found: Iterable[Task | Rejected]) -> None:
        self._manifest = manifest
        self._found = found
        self._done = manifest.done_ids()
        self.kept = 0

    def __iter__(self) -> Iterator[Task]:
        for item in self._found:
            if isinstance(item, Rejected):
                self._manifest.add(rejection(item))
            elif self._is_done(item):
                self.kept += 1
            else:
                yield item

    def _is_done(self, task: Task) -> bool:
        if task.id not in self._done:
            return False
        try:
            return self._manifest.keep(task.position, id=task.id, fingerprint=fingerprint(task))
        except (OSError, ZhibiaoError):
            return False  # it cannot be read any more, which the worker will say in full
