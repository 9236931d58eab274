"""Brings the outcome of every input into a manifest: over processes, without repeating what is done."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import chain, islice

from zhibiao.batch.inputs import Rejected, Task, fingerprint
from zhibiao.batch.lots import LotPool, Work
from zhibiao.batch.manifest import Manifest, Outcome, Status
from zhibiao.batch.process import cpus, prepare
from zhibiao.batch.reading import rejection
from zhibiao.errors import ZhibiaoError

__all__ = ["FEW", "Engine", "Filled", "Work", "fill", "over_processes"]

FEW = 8
"""Below this many inputs, starting processes costs more than it brings."""

Engine = Callable[[Work, Iterable[Task]], Generator[Outcome, None, None]]
"""Does the work on every task, wherever that is; outcomes come in any order, each once."""


@dataclass(slots=True, kw_only=True)
class Filled:
    """What became of an earlier run's results.

    `kept` are done; `quarantined` stay set aside; `changed` and `retried` were worked on again, since their
    input is another, or since they had failed.
    """

    kept: int = 0
    quarantined: int = 0
    changed: int = 0
    retried: int = 0


def fill(
    manifest: Manifest,
    found: Iterable[Task | Rejected],
    work: Work,
    *,
    workers: int = 0,
    engine: Engine | None = None,
    on_outcome: Callable[[Outcome], None] = lambda _: None,
) -> Filled:
    """Work on what the manifest does not hold yet.

    `work` crosses process borders. Without an `engine` it is done here, over processes; `workers` 0 means as
    many as pay, and 1 this process.
    """
    filled = Filled()
    tasks = _todo(manifest, found, filled)
    with closing(engine(work, tasks) if engine else _here(manifest, work, tasks, workers)) as outcomes:
        for outcome in outcomes:
            manifest.add(outcome)
            on_outcome(outcome)
    manifest.forget_unnamed()
    return filled


def over_processes(work: Work, tasks: Iterable[Task], *, workers: int) -> Generator[Outcome, None, None]:
    """Outcomes as processes are done; a report that kills two is quarantined."""
    with LotPool(work, workers=workers) as pool:
        yield from pool.outcomes(tasks)


def _here(
    manifest: Manifest, work: Work, tasks: Iterator[Task], workers: int
) -> Generator[Outcome, None, None]:
    head = list(islice(tasks, FEW))
    workers = workers or (1 if len(head) < FEW else cpus())
    tasks = chain(head, tasks)
    if workers == 1:
        return _in_this_process(manifest, work, tasks)
    return over_processes(work, tasks, workers=workers)


def _in_this_process(manifest: Manifest, work: Work, tasks: Iterable[Task]) -> Generator[Outcome, None, None]:
    """A report that kills this process is known to the next run, which gives it one of its own."""
    ready = False
    try:
        for task in tasks:
            if task.id == manifest.suspect:
                yield from over_processes(work, [task], workers=1)
            else:
                if not ready:
                    prepare(work)
                    ready = True
                manifest.begin(task.id)
                yield work(task)
    finally:
        manifest.begin(None)


def _todo(manifest: Manifest, found: Iterable[Task | Rejected], filled: Filled) -> Iterator[Task]:
    """The tasks that are left: what was rejected goes straight to the manifest, what is done stays there."""
    for item in found:
        if isinstance(item, Rejected):
            manifest.add(rejection(item))
            continue
        match manifest.earlier.get(item.id):
            case Status.FAILED:
                filled.retried += 1
                yield item
            case Status.DONE | Status.QUARANTINED as status if _kept(manifest, item):
                filled.kept += status is Status.DONE
                filled.quarantined += status is Status.QUARANTINED
            case Status.DONE | Status.QUARANTINED:
                filled.changed += 1
                yield item
            case _:
                yield item


def _kept(manifest: Manifest, task: Task) -> bool:
    try:
        return manifest.keep(task.position, id=task.id, fingerprint=fingerprint(task))
    except (OSError, ZhibiaoError):
        return False  # it cannot be read any more, which the worker will say in full
