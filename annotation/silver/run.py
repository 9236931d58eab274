"""A run over a corpus: streamed, over processes, continued where an earlier run was stopped."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from annotation.silver.calibration import Calibration
from annotation.silver.labelling import Labeller
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
from zhibiao.errors import ConfigError
from zhibiao.files import whole_file
from zhibiao.schema import SCHEMA_VERSION
from zhibiao.version import __version__

__all__ = ["LEVELS", "Safe", "Silver", "Summary", "make_silver"]

LEVELS = (0.95, 0.9, 0.8, 0.7, 0.5)
"""Confidences for which a summary says how much is left."""

SHOWN = 20
"""Failures that a summary quotes; the manifest has them all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Silver:
    """What to label and where to; `workers` 0 means as many as pay.

    `without` are names of districts: a report with one of them in its region, district, city, publisher,
    title or id is left out. `fresh` labels anew what an earlier run to the same output had done.
    """

    inputs: Sequence[str]
    output: Path
    factory: PredictorFactory
    calibration: Calibration
    without: tuple[str, ...] = ()
    workers: int = 0
    fresh: bool = False


@dataclass(frozen=True, slots=True)
class Safe:
    """How many sentences with records, and how many records, have at least this confidence."""

    confidence: float
    sentences: int
    records: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What became of a run; `failures` are cut to the first few, `left_out` has a count for every name."""

    totals: Totals
    kept: int
    predictor: str
    output: str
    manifest: str
    failures: tuple[Outcome, ...]
    left_out: Mapping[str, int]
    safe: tuple[Safe, ...]


def make_silver(silver: Silver, *, on_outcome: Callable[[Outcome], None] = lambda _: None) -> Summary:
    """Label, then write the output at once; what is done of it survives a kill in the manifest beside it."""
    if silver.output.is_dir():
        raise ConfigError(f"{silver.output}: a folder; name the .jsonl file to write with -o")
    path = manifest_path(silver.output)
    with open_manifest(path, _settings(silver), resume=not silver.fresh) as manifest:
        found = discover(silver.inputs, own=[silver.output, path])
        work = Labeller(silver.factory, silver.calibration, silver.without)
        filled = fill(manifest, found, work, workers=silver.workers, on_outcome=on_outcome)
        safe = _write(silver.output, manifest)
        manifest.complete()
        return _summary(silver, manifest, filled.kept, safe)


def _settings(silver: Silver) -> dict[str, str]:
    """What decides a line beside its report: under others nothing is taken over from an earlier run."""
    return {
        "stage": "silver",
        "schema_version": SCHEMA_VERSION,
        "program_version": __version__,
        "predictor": predictor_name(silver.factory),
        "calibration": silver.calibration.fingerprint,
        "without": json.dumps(sorted(silver.without)),
    }


def _write(output: Path, manifest: Manifest) -> tuple[Safe, ...]:
    tally = _Tally()
    with whole_file(output) as partial, partial.open("wb") as file:
        for line in manifest.lines():
            file.write(line + b"\n")
            tally.add(json.loads(line))
    return tally.safe()


@dataclass(slots=True)
class _Tally:
    """Counts sentences and records by the confidence that they have."""

    sentences: Counter[float] = field(default_factory=Counter)
    records: Counter[float] = field(default_factory=Counter)

    def add(self, line: Mapping[str, Any]) -> None:
        """Both lists are in text order, so one walk brings each record to its sentence."""
        anchors = sorted((r["spans"].get("value") or r["spans"]["growth"])[0] for r in line["records"])
        at = 0
        for _, end, confidence in line["sentences"]:
            before = at
            while at < len(anchors) and anchors[at] < end:
                at += 1
            self.records[confidence] += at - before
            self.sentences[confidence] += at > before

    def safe(self) -> tuple[Safe, ...]:
        """For each of LEVELS."""
        return tuple(
            Safe(level, _above(self.sentences, level), _above(self.records, level)) for level in LEVELS
        )


def _above(counts: Counter[float], level: float) -> int:
    return sum(count for confidence, count in counts.items() if confidence >= level)


def _summary(silver: Silver, manifest: Manifest, kept: int, safe: tuple[Safe, ...]) -> Summary:
    names = Counter(name for one in manifest.outcomes(Status.SKIPPED) if one.id for name in one.notes)
    return Summary(
        totals=manifest.totals(),
        kept=kept,
        predictor=predictor_name(silver.factory),
        output=str(silver.output),
        manifest=str(manifest_path(silver.output)),
        failures=tuple(islice(manifest.failures(), SHOWN)),
        left_out={name: names[name] for name in silver.without},
        safe=safe,
    )
