"""The work of a batch on a Ray cluster: Ray Data with a pool of actors; same manifest, same records.

Whatever Ray does again after a node is lost, the manifest of the run takes each report once. In every actor a
process of its own holds the predictor, so a report that kills its process is the same here as on one machine:
tried twice, then quarantined, while Ray sees to lost nodes.
"""

from __future__ import annotations

import logging
import os
import pickle
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from zhibiao.batch import LotPool, Outcome, Task, Work
from zhibiao.errors import ConfigError, MissingDependencyError, ServiceError

if TYPE_CHECKING:
    import pyarrow

__all__ = ["OnRay"]

BLOCK = 8
"""Reports that travel together: so many are done twice where a node is lost, or this process is killed."""

ROUND_TASKS = 20_000
ROUND_CHARACTERS = 256_000_000
"""A round ends at so many reports, or so much text in them: Ray wants to have all its inputs at once."""


@dataclass(frozen=True, slots=True)
class OnRay:
    """An Engine. `address` is that of a running cluster; without one, Ray is started on this machine.

    `workers` is the number of actors, each with a processor; 0 means as many as the cluster has processors.
    """

    address: str | None = None
    workers: int = 0

    def __call__(self, work: Work, tasks: Iterable[Task]) -> Generator[Outcome, None, None]:
        """Outcomes as they come in, each report once."""
        with _connected(self.address) as ray:
            for some in _rounds(tasks):
                seen: set[int] = set()
                for outcome in _outcomes(ray, work, some, self.workers or _processors(ray)):
                    if outcome.position not in seen:
                        seen.add(outcome.position)
                        yield outcome


class _Crew:
    """An actor: blocks of tasks in, blocks of outcomes out, through one process that it looks after."""

    def __init__(self, work: Work) -> None:
        self._pool = LotPool(work, workers=1)

    def __call__(self, block: pyarrow.Table) -> pyarrow.Table:
        import pyarrow as pa

        tasks = map(pickle.loads, block["task"].to_pylist())
        answers = [pickle.dumps(answer) for answer in self._answers(tasks)]
        return pa.table({"answer": pa.array(answers, pa.large_binary())})

    def _answers(self, tasks: Iterable[Task]) -> Iterator[Outcome | Exception]:
        """What ends the run comes last, as a value: an exception would reach the other side as Ray's."""
        try:
            yield from self._pool.outcomes(tasks)
        except Exception as error:  # noqa: BLE001 - raised again by the process that runs the batch
            yield error


def _outcomes(ray: Any, work: Work, tasks: list[Task], workers: int) -> Iterator[Outcome]:
    import pyarrow as pa

    blocks = [
        pa.table({"task": pa.array(map(pickle.dumps, tasks[start : start + BLOCK]), pa.large_binary())})
        for start in range(0, len(tasks), BLOCK)
    ]
    actors = min(workers, len(blocks))
    done = ray.data.from_arrow(blocks).map_batches(
        _Crew,
        fn_constructor_args=(work,),
        batch_size=None,
        batch_format="pyarrow",
        compute=ray.data.ActorPoolStrategy(size=actors, max_tasks_in_flight_per_actor=2),
        num_cpus=1,
    )
    # Nothing fetched ahead: a block would otherwise wait for the next one before it is written down.
    for block in done.iter_batches(batch_size=None, batch_format="pyarrow", prefetch_batches=0):
        for answer in map(pickle.loads, block["answer"].to_pylist()):
            if isinstance(answer, Exception):
                raise answer
            yield answer


def _rounds(tasks: Iterable[Task]) -> Iterator[list[Task]]:
    some: list[Task] = []
    characters = 0
    for task in tasks:
        some.append(task)
        characters += len(str(task.entry["text"])) if task.entry else 0
        if len(some) >= ROUND_TASKS or characters >= ROUND_CHARACTERS:
            yield some
            some, characters = [], 0
    if some:
        yield some


def _processors(ray: Any) -> int:
    return max(1, int(ray.cluster_resources().get("CPU", 1)))


@contextmanager
def _connected(address: str | None) -> Iterator[Any]:
    """Ray, connected while the block lasts; a connection that this process had before is used and left."""
    ray = _ray()
    before = ray.is_initialized()
    if not before:
        _connect(ray, address)
    _be_quiet(ray)
    try:
        yield ray
    finally:
        if not before:
            ray.shutdown()


def _connect(ray: Any, address: str | None) -> None:
    if address and address.startswith("ray://"):
        raise ConfigError(
            f"{address}: Ray Data needs to run inside the cluster; submit the command there with "
            "`ray job submit`, or give --address HEAD:6379 on one of its nodes"
        )
    try:
        # "local" rather than nothing: without it Ray would join whatever cluster it finds.
        ray.init(address=address or "local", log_to_driver=False, configure_logging=False, **_own(address))
    except (ConnectionError, RuntimeError, ValueError, TimeoutError) as error:
        raise ServiceError(
            f"{address or 'ray'}: no cluster to work with ({error}); start one with "
            "`RAY_USAGE_STATS_ENABLED=0 ray start --head`, and check the address"
        ) from error


def _own(address: str | None) -> dict[str, object]:
    """What can be set of a cluster only by who starts it."""
    return {} if address else {"include_dashboard": False}


def _be_quiet(ray: Any) -> None:
    """Our own progress and summary are enough."""
    logging.getLogger("ray").setLevel(logging.ERROR)
    logging.getLogger("ray.data").setLevel(logging.ERROR)
    context = ray.data.DataContext.get_current()
    context.enable_progress_bars = False
    context.verbose_progress = False
    with suppress(AttributeError):
        context.enable_rich_progress_bars = False


def _ray() -> Any:
    # Ray reports to its makers unless told not to, and reads this when it is imported.
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    try:
        import ray
        import ray.data
    except ImportError as error:
        raise MissingDependencyError(
            "--engine ray needs Ray, which is not installed; run: pip install 'zhibiao[ray]'"
        ) from error
    return ray
