"""Lots: reports that a process works on together, as a model reads some short ones faster at once.

Work that gains by it has a `lot_characters`, so many are worth reading at once, and a `together`, which makes
the outcomes of a lot. Whatever ends a process ends the whole lot, so each of its reports has its second try
alone, and only the culprit is given up.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from zhibiao.batch.inputs import Task
from zhibiao.batch.manifest import Outcome
from zhibiao.batch.pool import Death, Pool
from zhibiao.batch.process import prepare
from zhibiao.batch.reading import quarantined

__all__ = ["MOST", "LotPool", "Work", "lots_of"]

MOST = 8
"""Reports of a lot at most: so many are done again where a run is killed."""

_BYTES = 3
"""Of a Chinese character in UTF-8, where no more is known of a report than the size of its file."""

Work = Callable[[Task], Outcome]
Lot = tuple[Task, ...]


class LotPool:
    """A pool of processes that does some work by lots; a context manager that ends them."""

    def __init__(self, work: Work, *, workers: int) -> None:
        self._characters: int = getattr(work, "lot_characters", 0)
        self._pool = Pool(_LotWork(work), workers=workers, given_up=_given_up, parts=_singly)

    def __enter__(self) -> LotPool:
        self._pool.__enter__()
        return self

    def __exit__(self, *error: object) -> None:
        self._pool.__exit__(*error)

    def outcomes(self, tasks: Iterable[Task]) -> Generator[Outcome, None, None]:
        """As they are ready, one for each task."""
        for some in self._pool.results(lots_of(tasks, self._characters)):
            yield from some


@dataclass(frozen=True, slots=True)
class _LotWork:
    """Lot to outcomes; what a worker process does."""

    work: Work

    def prepare(self) -> None:
        prepare(self.work)

    def __call__(self, lot: Lot) -> list[Outcome]:
        if len(lot) == 1:
            return [self.work(lot[0])]
        outcomes: list[Outcome] = self.work.together(lot)  # type: ignore[attr-defined]
        return outcomes


def lots_of(tasks: Iterable[Task], characters: int) -> Iterator[Lot]:
    """Neighbours up to so many characters or `MOST`; each alone where `characters` is 0."""
    lot: list[Task] = []
    size = 0
    for task in tasks:
        more = _size(task) if characters else 1
        if lot and (size + more > characters or len(lot) == MOST):
            yield tuple(lot)
            lot, size = [], 0
        lot.append(task)
        size += more
    if lot:
        yield tuple(lot)


def _size(task: Task) -> int:
    """About how many characters a task has; what cannot be read counts as none."""
    if task.entry is not None:
        return len(str(task.entry["text"]))
    try:
        return Path(task.path).stat().st_size // _BYTES
    except (OSError, ValueError):
        return 0


def _singly(lot: Lot) -> Iterator[Lot]:
    return ((task,) for task in lot)


def _given_up(death: Death[Lot]) -> list[Outcome]:
    return [quarantined(Death(task, death.how, death.seconds)) for task in death.task]
