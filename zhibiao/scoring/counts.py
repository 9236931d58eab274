"""Counts of right, predicted and wanted things, and what is read off them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Counts:
    """How many were wanted (`gold`), given (`predicted`) and right (`correct`).

    As in seqeval, a ratio without a denominator is 0.
    """

    gold: int = 0
    predicted: int = 0
    correct: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(self.gold + other.gold, self.predicted + other.predicted, self.correct + other.correct)

    @property
    def precision(self) -> float:
        """The right ones among those given."""
        return ratio(self.correct, self.predicted)

    @property
    def recall(self) -> float:
        """The right ones among those wanted."""
        return ratio(self.correct, self.gold)

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        return ratio(2 * self.correct, self.gold + self.predicted)


@dataclass(frozen=True, slots=True)
class Share:
    """`correct` of `total`: an accuracy that keeps its denominator."""

    correct: int = 0
    total: int = 0

    def __add__(self, other: Share) -> Share:
        return Share(self.correct + other.correct, self.total + other.total)

    @property
    def accuracy(self) -> float:
        """`correct / total`, 0 where there is nothing."""
        return ratio(self.correct, self.total)


@dataclass(frozen=True, slots=True)
class Interval:
    """A 95 % interval."""

    low: float
    high: float


def ratio(part: float, whole: float) -> float:
    """`part / whole`, 0 where there is no whole."""
    return part / whole if whole else 0.0


def micro(counts: Sequence[Counts]) -> Counts:
    """All counts together, so that every record weighs the same."""
    return sum(counts, Counts())
