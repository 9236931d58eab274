"""Fits the weights of a Calibration to sentences known to be right or wrong, and says how well they fit.

Newton's method with a ridge on the weights: some thousand sentences and thirty features need no library.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from annotation.silver.calibration import Calibration, Logistic
from annotation.silver.features import FEATURES, measured
from annotation.silver.sentences import Case, readings, sentence_at
from zhibiao.schema import GoldReport, Record
from zhibiao.scoring import score_report

__all__ = ["Judged", "calibration_error", "fit", "judge", "leave_one_out", "safe_share", "to_toml"]

RIDGE = 3.0
"""Leaving one report out, log-loss was lowest and calibration best here, among 0.3, 1, 3, 10 and 30."""

ROUNDS = 50
ENOUGH = 1e-8
BINS = 10


@dataclass(frozen=True, slots=True)
class Judged:
    """A sentence of the report `report` with its features, and whether it is `right` in all its records."""

    report: str
    case: Case
    features: Mapping[str, float]
    n_records: int
    right: bool


def judge(report: GoldReport, records: Sequence[Record]) -> Iterator[Judged]:
    """Every sentence of a gold report: right when all its records are strictly right and none is missed."""
    document = report.document
    wrong = {
        sentence_at(document, statement.anchor[0])
        for comparison in score_report(report, records).disagreements()
        for statement in (comparison.pair.gold, comparison.pair.predicted)
        if statement is not None
    }
    for number, reading in enumerate(readings(document, records)):
        features = measured(reading)
        yield Judged(document.id, reading.case, features, len(reading.records), number not in wrong)


def fit(judged: Sequence[Judged]) -> Calibration:
    """The weights that fit best; a case is fitted to its own sentences alone."""
    logistics = {
        case: _fit_case([one for one in judged if one.case is case], tuple(FEATURES[case])) for case in Case
    }
    return Calibration(logistics, "")


def leave_one_out(judged: Sequence[Judged]) -> list[tuple[Judged, float]]:
    """Every sentence with the confidence that it gets when its report is left out of the fit."""
    found = []
    for report in dict.fromkeys(one.report for one in judged):
        rest = fit([one for one in judged if one.report != report])
        own = (one for one in judged if one.report == report)
        found += [(one, rest.logistics[one.case].probability(one.features)) for one in own]
    return found


def calibration_error(predicted: Sequence[tuple[Judged, float]]) -> float:
    """Expected calibration error: the mean distance of confidence and truth over bins of equal size."""
    ordered = sorted(predicted, key=lambda pair: pair[1])
    bins = [ordered[len(ordered) * n // BINS : len(ordered) * (n + 1) // BINS] for n in range(BINS)]
    apart = (abs(sum(p - one.right for one, p in part)) for part in bins)
    return sum(apart) / max(1, len(ordered))


def safe_share(predicted: Sequence[tuple[Judged, float]], precision: float) -> tuple[float, float]:
    """The lowest confidence from which on `precision` of the sentences are right, and their share of all.

    Of the confidences the one that keeps most counts; (1.0, 0.0) where none will do.
    """
    ordered = sorted(predicted, key=lambda pair: -pair[1])
    best, right = (1.0, 0.0), 0
    for number, (one, p) in enumerate(ordered, start=1):
        right += one.right
        last_of_equals = number == len(ordered) or ordered[number][1] < p
        if last_of_equals and right >= precision * number:
            best = (p, number / len(ordered))
    return best


def to_toml(calibration: Calibration) -> str:
    """The text of `confidence.toml`, without its head."""
    parts = []
    for case, logistic in calibration.logistics.items():
        weights = {"bias": logistic.bias, **logistic.weights}
        lines = (f"{name} = {weight:.4f}" for name, weight in weights.items())
        parts.append("\n".join([f"[{case}]", *lines]))
    return "\n\n".join(parts) + "\n"


def _fit_case(judged: Sequence[Judged], names: Sequence[str]) -> Logistic:
    rows = [[1.0, *(one.features[name] for name in names)] for one in judged]
    weights = _newton(rows, [float(one.right) for one in judged], size=1 + len(names))
    return Logistic(weights[0], dict(zip(names, weights[1:], strict=True)))


def _newton(rows: Sequence[Sequence[float]], truth: Sequence[float], *, size: int) -> list[float]:
    """The weights of the least penalised log-loss.

    Two made-up sentences, one right and one wrong, keep a case without any error from certainty.
    """
    weights = [0.0] * size
    for _ in range(ROUNDS):
        slope, curve = _derivatives(rows, truth, weights)
        step = _solve(curve, slope)
        weights = [weight + change for weight, change in zip(weights, step, strict=True)]
        if max(map(abs, step)) < ENOUGH:
            break
    return weights


def _derivatives(
    rows: Sequence[Sequence[float]], truth: Sequence[float], weights: Sequence[float]
) -> tuple[list[float], list[list[float]]]:
    size = len(weights)
    made_up = [1.0] + [0.0] * (size - 1)
    slope = [0.0] + [-RIDGE * weight for weight in weights[1:]]
    curve = [[RIDGE * (i == j and i > 0) for j in range(size)] for i in range(size)]
    for row, right in [*zip(rows, truth, strict=True), (made_up, 1.0), (made_up, 0.0)]:
        p = _sigmoid(sum(map(float.__mul__, row, weights)))
        present = [i for i in range(size) if row[i]]
        for i in present:
            slope[i] += (right - p) * row[i]
            for j in present:
                curve[i][j] += p * (1 - p) * row[i] * row[j]
    return slope, curve


def _solve(matrix: Sequence[Sequence[float]], right: Sequence[float]) -> list[float]:
    """Gauss-Jordan with pivoting; the ridge keeps the matrix regular."""
    rows = [[*row, value] for row, value in zip(matrix, right, strict=True)]
    size = len(rows)
    for i in range(size):
        pivot = max(range(i, size), key=lambda k: abs(rows[k][i]))
        rows[i], rows[pivot] = rows[pivot], rows[i]
        rows[i] = [value / rows[i][i] for value in rows[i]]
        for k in range(size):
            if k != i and rows[k][i]:
                factor = rows[k][i]
                rows[k] = [a - factor * b for a, b in zip(rows[k], rows[i], strict=True)]
    return [row[-1] for row in rows]


def _sigmoid(log_odds: float) -> float:
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, log_odds))))
