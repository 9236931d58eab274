"""Bootstrap: whole units (reports, districts) drawn anew, with replacement, and what F1 becomes of it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from zhibiao.scoring.counts import Counts, Interval

SAMPLES = 1000
SEED = 20240101

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


def bootstrap_f1(units: Sequence[Counts], *, samples: int = SAMPLES, seed: int = SEED) -> Interval:
    """The 95 % percentile interval of micro F1 when whole units are drawn anew, with replacement.

    Records of one report share its style and their errors, so the report is what is drawn.
    """
    if not units:
        return Interval(0.0, 0.0)
    drawn = draws(len(units), samples=samples, seed=seed)
    return percentiles(f1_of(drawn @ count_rows(units)))


def draws(units: int, *, samples: int, seed: int) -> Integers:
    """A row per sample: how often each of the units is drawn when as many are drawn as there are."""
    generator = np.random.default_rng(seed)
    return generator.multinomial(units, np.full(units, 1 / units), size=samples)


def count_rows(units: Sequence[Counts]) -> Integers:
    """A row per unit: gold, predicted, correct."""
    rows = [(counts.gold, counts.predicted, counts.correct) for counts in units]
    return np.array(rows, dtype=np.int64).reshape(-1, 3)


def f1_of(totals: Integers) -> Floats:
    """F1 of the gold, predicted and correct on the last axis; 0 where there is nothing."""
    wanted = totals[..., 0] + totals[..., 1]
    f1: Floats = np.divide(2.0 * totals[..., 2], wanted, out=np.zeros(wanted.shape), where=wanted > 0)
    return f1


def percentiles(values: Floats) -> Interval:
    """The middle 95 % of the values."""
    low, high = np.quantile(values, (0.025, 0.975))
    return Interval(float(low), float(high))
