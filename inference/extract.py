"""A batch: any number of reports to records in several outputs, and a manifest of what became of each."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path

from inference.inputs import Rejected, Task, discover, fingerprint
from inference.manifest import Manifest, Outcome, Status, Totals, manifest_path, open_manifest
from inference.pool import ordered_map
from inference.worker import Extractor, PredictorFactory, crashed, predictor_name
from inference.writers import check_outputs, check_size, write_outputs
from zhibiao.errors import ConfigError, WriteError, ZhibiaoError
from zhibiao.schema import SCHEMA_VERSION
from zhibiao.version import __version__

__all__ = ["Batch", "Summary", "run_batch"]

FEW = 8
"""Below this many inputs, starting processes costs more than it brings."""

SHOWN = 20
"""Failures and notes that a summary quotes; the manifest has them all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """What to extract and where to; `workers` 0 means as many as pay.

    `overrides` are metadata of a single report. `resume` keeps the results of an earlier run for inputs that
    have not changed since, and retries what failed.
    """

    inputs: Sequence[str]
    outputs: Sequence[Path]
    factory: PredictorFactory
    overrides: Mapping[str, str | int] = field(default_factory=dict)
    workers: int = 0
    resume: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What became of a batch. `failures`, `skipped` and `noted` are cut to the first few."""

    totals: Totals
    kept: int
    predictor: str
    outputs: tuple[str, ...]
    manifest: str
    failures: tuple[Outcome, ...]
    skipped: tuple[Outcome, ...]
    noted: tuple[Outcome, ...]
    n_noted: int
    output_notes: tuple[str, ...]


def run_batch(batch: Batch, *, on_outcome: Callable[[Outcome], None] = lambda _: None) -> Summary:
    """Extract, then write all outputs; WriteError before any work where one cannot be written."""
    outputs = list(batch.outputs)
    _check(batch)
    check_outputs(outputs)
    manifest_file = manifest_path(outputs[0])
    with open_manifest(manifest_file, _settings(batch), resume=batch.resume) as manifest:
        kept = _fill(manifest, batch, on_outcome)
        check_size(outputs, manifest.totals().records)
        notes = write_outputs(outputs, manifest.lines)
        manifest.complete()
        return _summary(manifest, batch, kept, notes)


def _check(batch: Batch) -> None:
    if not batch.outputs:
        raise ConfigError("no output named; give one or more with -o")
    if batch.overrides and not (len(batch.inputs) == 1 and Path(batch.inputs[0]).is_file()):
        named = ", ".join(sorted(batch.overrides))
        raise ConfigError(f"{named}: stated for more than one report; name a single file, or use a sidecar")
    written = {path.resolve() for path in batch.outputs}
    for name in batch.inputs:
        if Path(name).resolve() in written:
            raise WriteError(f"{name}: is input and output; choose another -o")


def _settings(batch: Batch) -> dict[str, str]:
    return {
        "schema_version": SCHEMA_VERSION,
        "program_version": __version__,
        "predictor": predictor_name(batch.factory),
        "overrides": json.dumps(dict(batch.overrides), ensure_ascii=True, sort_keys=True),
    }


def _fill(manifest: Manifest, batch: Batch, on_outcome: Callable[[Outcome], None]) -> int:
    """Bring the outcome of every input into the manifest; the number that an earlier run had done."""
    todo = _Todo(manifest, discover(batch.inputs, own=[*batch.outputs, manifest_path(batch.outputs[0])]))
    tasks = iter(todo)
    head = list(islice(tasks, FEW))
    workers = batch.workers or (1 if len(head) < FEW else _cpus())
    work = Extractor(batch.factory, batch.overrides)
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
                self._manifest.add(_rejection(item))
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


def _rejection(item: Rejected) -> Outcome:
    status = Status.FAILED if item.failed else Status.SKIPPED
    return Outcome(
        position=item.position, id=None, path=item.path, line=item.line, status=status, error=item.reason
    )


def _summary(manifest: Manifest, batch: Batch, kept: int, notes: Sequence[str]) -> Summary:
    return Summary(
        totals=manifest.totals(),
        kept=kept,
        predictor=predictor_name(batch.factory),
        outputs=tuple(map(str, batch.outputs)),
        manifest=str(manifest_path(batch.outputs[0])),
        failures=tuple(islice(manifest.outcomes(Status.FAILED), SHOWN)),
        skipped=tuple(islice(manifest.outcomes(Status.SKIPPED), SHOWN)),
        noted=tuple(islice(manifest.noted(), SHOWN)),
        n_noted=manifest.count_noted(),
        output_notes=tuple(notes),
    )
