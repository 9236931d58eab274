"""Gold checked as spaCy's `debug data` checks: what is broken, what contradicts itself, what looks wrong."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from annotation.checks.collection import check_collection
from annotation.checks.faults import Fault, FaultKind, Severity
from annotation.checks.label_errors import check_predicted
from annotation.checks.loading import Loaded, load
from annotation.checks.quantities import check_quantities
from annotation.checks.spans import check_spans
from annotation.checks.suspects import CONFIDENT, check_suspects
from annotation.checks.times import check_times
from annotation.silver import shipped_calibration
from annotation.splitting import Splits
from zhibiao.errors import DataError
from zhibiao.ports import SpanPredictor
from zhibiao.schema import Record

__all__ = ["CONFIDENT", "Checked", "Fault", "FaultKind", "Severity", "check"]


@dataclass(frozen=True, slots=True)
class Checked:
    """What was looked at, and all that was found, in the order of files and lines."""

    faults: tuple[Fault, ...]
    n_reports: int
    n_records: int

    def of(self, severity: Severity) -> list[Fault]:
        """The errors, or the warnings."""
        return [fault for fault in self.faults if fault.severity is severity]


def check(
    paths: Sequence[Path],
    *,
    splits: Splits | None = None,
    predictor: SpanPredictor | None = None,
    predicted: Iterable[Record] | None = None,
    confident: float = CONFIDENT,
) -> Checked:
    """Checks gold files and folders; with a predictor, also where it contradicts the gold confidently.

    `predicted` are records that a model found in these reports without having learned from them.
    """
    found = [item for path in paths for item in load(path)]
    reports = [item for item in found if isinstance(item, Loaded)]
    if not found:
        raise DataError(f"{', '.join(map(str, paths))}: no report to check; name a gold file that holds some")
    faults = [item for item in found if isinstance(item, Fault)]
    for loaded in reports:
        for look in (check_spans, check_quantities, check_times):
            faults += look(loaded)
    faults += check_collection(reports, splits)
    if predictor is not None:
        faults += check_suspects(reports, predictor, shipped_calibration(), confident=confident)
    if predicted is not None:
        faults += check_predicted(reports, predicted, confident=confident)
    return Checked(_ordered(faults), len(reports), sum(len(loaded.report.records) for loaded in reports))


def _ordered(faults: Sequence[Fault]) -> tuple[Fault, ...]:
    """By file, line, offset; what concerns the whole comes last."""

    def key(fault: Fault) -> tuple[str, int, int, int]:
        file, _, line = fault.where.rpartition(":")
        number = int(line) if line.isdecimal() else 0
        return (file if number else "\uffff", number, (fault.offsets or (-1, -1))[0], fault.record or 0)

    return tuple(sorted(faults, key=key))
