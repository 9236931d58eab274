"""A batch: any number of reports to records in several outputs, and a manifest of what became of each."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from inference.sieve import Sieve
from inference.worker import Extractor
from inference.writers import check_outputs, check_size, write_outputs
from zhibiao.batch import (
    Engine,
    Filled,
    Manifest,
    Outcome,
    PredictorFactory,
    Status,
    Totals,
    discover,
    fill,
    manifest_path,
    open_manifest,
    predictor_name,
)
from zhibiao.batch.corpus import is_corpus
from zhibiao.errors import ConfigError, WriteError
from zhibiao.schema import SCHEMA_VERSION
from zhibiao.version import __version__

__all__ = ["Batch", "Summary", "run_batch"]

SHOWN = 20
"""Failures and notes that a summary quotes; the manifest has them all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """What to extract and where to; `workers` 0 means as many as pay.

    `overrides` are metadata of a single report. `resume` keeps the results of an earlier run for inputs that
    have not changed since, and retries what failed; what was quarantined only with `retry_quarantined`.
    Without an `engine` the work is done by processes of this machine. `partition_by` are the columns by whose
    values an output without extension is split into a folder of Parquet files. The `sieve` keeps records of
    little confidence out of the outputs; the manifest has all.
    """

    inputs: Sequence[str]
    outputs: Sequence[Path]
    factory: PredictorFactory
    overrides: Mapping[str, str | int] = field(default_factory=dict)
    workers: int = 0
    engine: Engine | None = None
    partition_by: Sequence[str] = ()
    sieve: Sieve = field(default_factory=Sieve)
    resume: bool = False
    retry_quarantined: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What became of a batch. `failures`, `skipped` and `noted` are cut to the first few.

    `held_back` records were of too little confidence for the outputs.
    """

    totals: Totals
    resumed: Filled
    predictor: str
    outputs: tuple[str, ...]
    manifest: str
    failures: tuple[Outcome, ...]
    skipped: tuple[Outcome, ...]
    noted: tuple[Outcome, ...]
    n_noted: int
    output_notes: tuple[str, ...]
    held_back: int = 0


def run_batch(
    batch: Batch,
    *,
    on_outcome: Callable[[Outcome], None] = lambda _: None,
    on_note: Callable[[str], None] = lambda _: None,
) -> Summary:
    """Extract, then write all outputs; WriteError before any work where one cannot be written.

    `on_note` hears what the user should know before the work begins.
    """
    outputs = list(batch.outputs)
    _check(batch)
    check_outputs(_written(batch), batch.partition_by)
    with _manifest(batch) as manifest:
        if manifest.dropped:
            on_note(_why_anew(manifest.dropped))
        filled = _work(batch, manifest, on_outcome)
        check_size(outputs, manifest.totals().records)
        notes = _write(batch, manifest)
        manifest.complete()
        return _summary(manifest, batch, filled, notes)


def _written(batch: Batch) -> list[Path]:
    """All files and folders that are written."""
    return [*batch.outputs, *([batch.sieve.below] if batch.sieve.below else [])]


def _write(batch: Batch, manifest: Manifest) -> list[str]:
    sieve = batch.sieve
    notes = []
    if sieve.below:
        notes += write_outputs([sieve.below], lambda: sieve.held_back(manifest.lines()), batch.partition_by)
    notes += write_outputs(batch.outputs, lambda: sieve.passed(manifest.lines()), batch.partition_by)
    return notes


def _manifest(batch: Batch) -> AbstractContextManager[Manifest]:
    return open_manifest(
        manifest_path(batch.outputs[0]),
        _settings(batch),
        resume=batch.resume,
        retry_quarantined=batch.retry_quarantined,
    )


def _work(batch: Batch, manifest: Manifest, on_outcome: Callable[[Outcome], None]) -> Filled:
    found = discover(batch.inputs, own=[*_written(batch), manifest_path(batch.outputs[0])])
    return fill(
        manifest,
        found,
        Extractor(batch.factory, batch.overrides),
        workers=batch.workers,
        engine=batch.engine,
        on_outcome=on_outcome,
    )


def _why_anew(dropped: Mapping[str, tuple[str, str]]) -> str:
    """`resume` keeps nothing that was made otherwise, which may have cost hours."""
    changes = "; ".join(
        f"{name.replace('_', ' ')} was {then}, is {now}" for name, (then, now) in dropped.items()
    )
    return f"--resume keeps nothing, every report is done anew: {changes}"


def _check(batch: Batch) -> None:
    if not batch.outputs:
        raise ConfigError("no output named; give one or more with -o")
    if batch.overrides and not (len(batch.inputs) == 1 and _is_one_report(Path(batch.inputs[0]))):
        named = ", ".join(sorted(batch.overrides))
        raise ConfigError(f"{named}: stated for more than one report; name a single file, or use a sidecar")
    written = {path.resolve() for path in _written(batch)}
    for name in batch.inputs:
        if Path(name).resolve() in written:
            raise WriteError(f"{name}: is input and output; choose another -o")


def _is_one_report(path: Path) -> bool:
    return path.is_file() and not is_corpus(path)


def _settings(batch: Batch) -> dict[str, str]:
    return {
        "schema_version": SCHEMA_VERSION,
        "program_version": __version__,
        "predictor": predictor_name(batch.factory),
        "overrides": json.dumps(dict(batch.overrides), ensure_ascii=True, sort_keys=True),
    }


def _summary(manifest: Manifest, batch: Batch, resumed: Filled, notes: Sequence[str]) -> Summary:
    return Summary(
        totals=manifest.totals(),
        resumed=resumed,
        predictor=predictor_name(batch.factory),
        outputs=tuple(map(str, batch.outputs)),
        manifest=str(manifest_path(batch.outputs[0])),
        failures=tuple(islice(manifest.failures(), SHOWN)),
        skipped=tuple(islice(manifest.outcomes(Status.SKIPPED), SHOWN)),
        noted=tuple(islice(manifest.noted(), SHOWN)),
        n_noted=manifest.count_noted(),
        output_notes=tuple(notes),
        held_back=sum(1 for _ in batch.sieve.held_back(manifest.lines())) if batch.sieve.least else 0,
    )
