"""Why records are wrong: each in exactly one of a closed set of causes, which sum to what the scores count.

A wrong pair is a false negative and a false positive, a missed record the one, a spurious record the other.
`wrong_kind` decides nothing in the strict score: its pairs are right there, and are counted beside the sums.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from training.evaluate import Evaluation, ReportEvaluation
from zhibiao.schema import Document, Offsets
from zhibiao.scoring import Comparison, Statement
from zhibiao.scoring.pairing import overlap, overlap_share

__all__ = ["Cause", "CauseCount", "Confusion", "Error", "cause_of", "confusions", "count_causes", "errors_of"]

SAME_NOUN = 0.5
"""Indicators that share this much of their union are the same noun with other edges."""


class Cause(StrEnum):
    """What went wrong first, in the order in which a reader would mend it."""

    MISSED_QUANTITY = "missed_quantity"
    SPURIOUS_QUANTITY = "spurious_quantity"
    WRONG_LINK = "wrong_link"
    WRONG_NOUN = "wrong_noun"
    WRONG_NUMBER = "wrong_number"
    WRONG_SIGN = "wrong_sign"
    WRONG_UNIT = "wrong_unit"
    INDICATOR_SHORT = "indicator_short"
    INDICATOR_LONG = "indicator_long"
    WRONG_YEAR = "wrong_year"
    WRONG_KIND = "wrong_kind"


@dataclass(frozen=True, slots=True)
class Error:
    """A wrong record: its number among the errors, where it stands, what differs, and why."""

    report: ReportEvaluation
    comparison: Comparison
    cause: Cause

    @property
    def document(self) -> Document:
        """The report that it stands in."""
        return self.report.document

    @property
    def gold(self) -> Statement | None:
        """What the gold says; None of a spurious record."""
        return self.comparison.pair.gold

    @property
    def predicted(self) -> Statement | None:
        """What was predicted; None of a missed record."""
        return self.comparison.pair.predicted

    @property
    def confidence(self) -> float | None:
        """How sure the predictor was."""
        return self.predicted.confidence if self.predicted else None


@dataclass(frozen=True, slots=True)
class CauseCount:
    """How many wrong records one cause explains (a pair is one), and what of them the strict score counts."""

    cause: Cause
    records: int
    false_negatives: int
    false_positives: int


@dataclass(frozen=True, slots=True)
class Confusion:
    """The same mistake with the same indicator, made more than once."""

    cause: Cause
    gold: str | None
    predicted: str | None
    times: int
    reports: int


def errors_of(evaluation: Evaluation) -> list[Error]:
    """Every wrong record, in the order of reports and texts."""
    return [error for report in evaluation.reports for error in _errors(report)]


def count_causes(errors: Sequence[Error]) -> list[CauseCount]:
    """Every cause, also those that did not occur."""
    all_of, missed, spurious = (Counter[Cause]() for _ in range(3))
    for error in errors:
        counted = not error.comparison.strict
        all_of[error.cause] += 1
        missed[error.cause] += counted and error.gold is not None
        spurious[error.cause] += counted and error.predicted is not None
    return [CauseCount(cause, all_of[cause], missed[cause], spurious[cause]) for cause in Cause]


def confusions(errors: Sequence[Error]) -> list[Confusion]:
    """The mistakes made with the same indicators more than once, the commonest first."""
    alike: dict[tuple[Cause, str | None, str | None], list[Error]] = defaultdict(list)
    for error in errors:
        alike[(error.cause, *_names(error))].append(error)
    found = [
        Confusion(cause, gold, predicted, len(those), len({error.document.id for error in those}))
        for (cause, gold, predicted), those in alike.items()
        if len(those) > 1
    ]
    return sorted(found, key=lambda c: (-c.times, c.cause, c.gold or "", c.predicted or ""))


def _names(error: Error) -> tuple[str | None, str | None]:
    gold, predicted = error.gold, error.predicted
    return (gold.indicator if gold else None, predicted.indicator if predicted else None)


def _errors(report: ReportEvaluation) -> Iterator[Error]:
    comparisons = report.records.comparisons
    gold = [c.pair.gold for c in comparisons if c.pair.gold]
    predicted = [c.pair.predicted for c in comparisons if c.pair.predicted]
    for comparison in comparisons:
        if not comparison.strict or "kind" in comparison.differing:
            yield Error(report, comparison, cause_of(comparison, gold, predicted))


def cause_of(comparison: Comparison, gold: Sequence[Statement], predicted: Sequence[Statement]) -> Cause:
    """The one cause of a wrong record; `gold` and `predicted` are all statements of its report."""
    wanted, given = comparison.pair.gold, comparison.pair.predicted
    if wanted is None or given is None:
        return _unpaired(wanted, given, gold, predicted)
    if comparison.strict:
        return Cause.WRONG_KIND
    differing = comparison.differing
    if "indicator" in differing and (noun := _noun(wanted, given, gold)):
        return noun
    if "value" in differing:
        return Cause.WRONG_NUMBER
    if "growth" in differing:
        return _growth(wanted, given)
    if "unit" in differing:
        return Cause.WRONG_UNIT
    return _edges(wanted, given) if "indicator" in differing else Cause.WRONG_YEAR


def _unpaired(
    wanted: Statement | None,
    given: Statement | None,
    gold: Sequence[Statement],
    predicted: Sequence[Statement],
) -> Cause:
    """A quantity that the other side has too, in another record, is wrongly linked."""
    if wanted is not None:
        linked = _is_used(wanted.anchor, predicted)
        return Cause.WRONG_LINK if linked else Cause.MISSED_QUANTITY
    assert given is not None, "a pair holds at least one statement"
    return Cause.WRONG_LINK if _is_used(given.anchor, gold) else Cause.SPURIOUS_QUANTITY


def _is_used(quantity: Offsets, statements: Sequence[Statement]) -> bool:
    spans = (s.spans[slot] for s in statements for slot in ("value", "growth") if slot in s.spans)
    return any(overlap(quantity, span) for span in spans)


def _noun(wanted: Statement, given: Statement, gold: Sequence[Statement]) -> Cause | None:
    """None where the nouns meet, so that only their edges differ."""
    if overlap(wanted.indicator_span, given.indicator_span):
        return None
    others = (other.indicator_span for other in gold if other is not wanted)
    if any(overlap_share(given.indicator_span, other) >= SAME_NOUN for other in others):
        return Cause.WRONG_LINK
    return Cause.WRONG_NOUN


def _growth(wanted: Statement, given: Statement) -> Cause:
    """A rate on one side only was found elsewhere or nowhere, but its number was not misread."""
    if wanted.growth is None or given.growth is None:
        return Cause.WRONG_LINK
    (rate, unit), (other, other_unit) = wanted.growth, given.growth
    if isinstance(rate, Decimal) and isinstance(other, Decimal) and rate == -other:
        return Cause.WRONG_SIGN
    return Cause.WRONG_UNIT if rate == other and unit != other_unit else Cause.WRONG_NUMBER


def _edges(wanted: Statement, given: Statement) -> Cause:
    shorter = _length(given.indicator_span) < _length(wanted.indicator_span)
    return Cause.INDICATOR_SHORT if shorter else Cause.INDICATOR_LONG


def _length(span: Offsets) -> int:
    return span[1] - span[0]
