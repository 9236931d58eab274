"""Span scores: strict IOB2, as seqeval counts, and the four modes of MUC by overlap, as nervaluate counts."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from zhibiao.schema import GoldReport, Label, Span
from zhibiao.scoring.counts import Counts, ratio


class SpanMode(StrEnum):
    """What two overlapping spans must share.

    `strict`: offsets and label; `exact`: offsets; `partial`: offsets, or half a point for an overlap;
    `ent_type`: the label.
    """

    STRICT = "strict"
    EXACT = "exact"
    PARTIAL = "partial"
    ENT_TYPE = "ent_type"


@dataclass(frozen=True, slots=True)
class Grades:
    """The five grades of MUC, counted."""

    correct: int = 0
    incorrect: int = 0
    partial: int = 0
    missed: int = 0
    spurious: int = 0

    def __add__(self, other: Grades) -> Grades:
        return Grades(
            self.correct + other.correct,
            self.incorrect + other.incorrect,
            self.partial + other.partial,
            self.missed + other.missed,
            self.spurious + other.spurious,
        )

    @property
    def predicted(self) -> int:
        """How many spans were given."""
        return self.correct + self.incorrect + self.partial + self.spurious

    @property
    def gold(self) -> int:
        """How many spans were wanted."""
        return self.correct + self.incorrect + self.partial + self.missed

    @property
    def precision(self) -> float:
        """Points among the spans given; a partial match is half a point."""
        return ratio(self.correct + 0.5 * self.partial, self.predicted)

    @property
    def recall(self) -> float:
        """Points among the spans wanted."""
        return ratio(self.correct + 0.5 * self.partial, self.gold)

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        return ratio(2 * self.correct + self.partial, self.gold + self.predicted)


@dataclass(frozen=True, slots=True)
class SpanScores:
    """Per label and over all labels: `strict` as seqeval counts in IOB2, `modes` as nervaluate counts.

    One shared character is an overlap; nervaluate wants 1 % of the gold span, the same up to 100 characters.
    The key None stands for all labels together (micro).
    """

    strict: Mapping[Label | None, Counts]
    modes: Mapping[Label | None, Mapping[SpanMode, Grades]]

    def __add__(self, other: SpanScores) -> SpanScores:
        return SpanScores(
            {label: self.strict[label] + other.strict[label] for label in _KEYS},
            {
                label: {mode: self.modes[label][mode] + other.modes[label][mode] for mode in SpanMode}
                for label in _KEYS
            },
        )


_KEYS: tuple[Label | None, ...] = (None, *Label)


def score_spans(gold: Iterable[Span], predicted: Iterable[Span]) -> SpanScores:
    """Scores of one document; scores of several are added up."""
    wanted, given = sorted(set(gold)), sorted(set(predicted))
    strict, modes = {}, {}
    for key in _KEYS:
        some_wanted, some_given = _of_label(wanted, key), _of_label(given, key)
        strict[key] = Counts(len(some_wanted), len(some_given), len(set(some_wanted) & set(some_given)))
        modes[key] = {mode: grade(some_wanted, some_given, mode) for mode in SpanMode}
    return SpanScores(strict, modes)


def gold_spans(report: GoldReport) -> tuple[Span, ...]:
    """The spans of all records of a report, each once, in text order."""
    spans = {
        Span(start, end, Label(slot.upper()))
        for record in report.records
        for slot, (start, end) in record.spans.items()
    }
    return tuple(sorted(spans))


def _of_label(spans: Sequence[Span], label: Label | None) -> list[Span]:
    return [span for span in spans if label is None or span.label is label]


def grade(gold: Sequence[Span], predicted: Sequence[Span], mode: SpanMode) -> Grades:
    """Grades of the spans of one document, both in text order.

    Each predicted span, in turn, claims one overlapping gold span that no other has claimed: one that makes
    it right where there is one, else the first.
    """
    overlapping = _Overlaps(gold)
    claimed: set[Span] = set()
    points = {"correct": 0, "incorrect": 0, "partial": 0, "spurious": 0}
    for span in predicted:
        free = [other for other in overlapping.of(span) if other not in claimed]
        best = min(free, key=lambda other: _preference(span, other, mode), default=None)
        points[_grade(span, best, mode)] += 1
        claimed |= {best} if best else set()
    return Grades(**points, missed=len(gold) - len(claimed))


def _grade(span: Span, gold: Span | None, mode: SpanMode) -> str:
    if gold is None:
        return "spurious"
    if _is_right(span, gold, mode):
        return "correct"
    return "partial" if mode is SpanMode.PARTIAL else "incorrect"


def _is_right(span: Span, gold: Span, mode: SpanMode) -> bool:
    same_place = mode is SpanMode.ENT_TYPE or span.offsets == gold.offsets
    same_label = mode in (SpanMode.EXACT, SpanMode.PARTIAL) or span.label is gold.label
    return same_place and same_label


def _preference(span: Span, gold: Span, mode: SpanMode) -> tuple[bool, int]:
    """Right before wrong, then the nearest edges; `min` keeps text order among equals."""
    right = _is_right(span, gold, mode)
    distance = abs(span.start - gold.start) + abs(span.end - gold.end)
    return (not right, distance if right else 0)


class _Overlaps:
    """Finds the spans of a sorted list that overlap a given one, without looking at them all."""

    def __init__(self, spans: Sequence[Span]) -> None:
        self._spans = spans
        self._starts = [span.start for span in spans]
        self._longest = max((span.end - span.start for span in spans), default=0)

    def of(self, span: Span) -> list[Span]:
        first = bisect_left(self._starts, span.start - self._longest)
        last = bisect_left(self._starts, span.end)
        return [other for other in self._spans[first:last] if other.end > span.start]
