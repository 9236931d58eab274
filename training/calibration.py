"""Do confidences mean what they say? Calibration curve, expected calibration error, risk and coverage."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training.evaluate import Evaluation

__all__ = ["Bin", "Calibration", "RiskPoint", "calibrate"]

BINS = 10

POINTS = 20
"""Coverages at which the risk is told: every 5 %."""


@dataclass(frozen=True, slots=True)
class Bin:
    """The records whose confidence is in `[low, high)`, the last bin with its upper edge.

    `confidence` is their mean confidence, `accuracy` the share of them that is strictly right.
    """

    low: float
    high: float
    records: int
    confidence: float
    accuracy: float


@dataclass(frozen=True, slots=True)
class RiskPoint:
    """When only the surest `coverage` of the records are kept, `risk` of them are wrong.

    `threshold` is the confidence of the last one kept.
    """

    coverage: float
    risk: float
    threshold: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """`error` is the expected calibration error: the gap of each bin weighed by its records.

    `area` is the mean risk over all coverages; lower is better, and order alone decides it.
    """

    records: int
    bins: tuple[Bin, ...]
    error: float
    risks: tuple[RiskPoint, ...]
    area: float


def calibrate(evaluation: Evaluation) -> Calibration | None:
    """Of all predicted records that have a confidence; None where none has (rules give none)."""
    found = [
        (comparison.pair.predicted.confidence, comparison.strict)
        for report in evaluation.reports
        for comparison in report.records.comparisons
        if comparison.pair.predicted is not None and comparison.pair.predicted.confidence is not None
    ]
    if not found:
        return None
    confidences = np.array([confidence for confidence, _ in found])
    right = np.array([correct for _, correct in found])
    bins = _bins(confidences, right)
    error = sum(b.records * abs(b.accuracy - b.confidence) for b in bins) / len(found)
    order = np.argsort(-confidences, kind="stable")
    risks = np.cumsum(~right[order]) / np.arange(1, len(found) + 1)
    points = _points(risks.tolist(), confidences[order].tolist())
    return Calibration(len(found), bins, float(error), points, float(risks.mean()))


def _bins(confidences: NDArray[np.float64], right: NDArray[np.bool]) -> tuple[Bin, ...]:
    """Only those that hold a record."""
    places = np.minimum((confidences * BINS).astype(int), BINS - 1)
    found = []
    for place in range(BINS):
        inside = places == place
        if count := int(inside.sum()):
            means = float(confidences[inside].mean()), float(right[inside].mean())
            found.append(Bin(place / BINS, (place + 1) / BINS, count, *means))
    return tuple(found)


def _points(risks: Sequence[float], confidences: Sequence[float]) -> tuple[RiskPoint, ...]:
    """Evenly spaced coverages; with fewer records than points, one each."""
    total = len(risks)
    kept = sorted({max(1, round(total * step / POINTS)) for step in range(1, POINTS + 1)})
    return tuple(RiskPoint(count / total, risks[count - 1], confidences[count - 1]) for count in kept)
