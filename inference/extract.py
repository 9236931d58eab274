"""A batch: any number of reports to records in several outputs, and a manifest of what became of each."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from inference.worker import Extractor
from inference.writers import check_outputs, check_size, write_outputs
from zhibiao.batch import (
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
        found = discover(batch.inputs, own=[*outputs, manifest_file])
        work = Extractor(batch.factory, batch.overrides)
        kept = fill(manifest, found, work, workers=batch.workers, on_outcome=on_outcome)
        check_size(outputs, manifest.totals().records)
        notes = write_outputs(outputs, manifest.lines)
        manifest.complete()
        return _summary(manifest, batch, kept, notes)


def _check(batch: Batch) -> None:
    if not batch.outputs:
        raise ConfigError("no output named; give one or more with -o")
    if batch.overrides and not (len(batch.inputs) == 1 and _is_one_report(Path(batch.inputs[0]))):
        named = ", ".join(sorted(batch.overrides))
        raise ConfigError(f"{named}: stated for more than one report; name a single file, or use a sidecar")
    written = {path.resolve() for path in batch.outputs}
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
