"""Named slices of the records: the sorts of statements that go wrong in their own ways.

A record belongs to a slice by what the gold says of it; a spurious record by what was predicted.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, cached_property

from training.evaluate import Evaluation, ReportEvaluation
from zhibiao.normalise.numbers import parse_number
from zhibiao.schema import Document, Kind, Offsets, Role
from zhibiao.scoring import Comparison, Counts, Interval, Statement
from zhibiao.scoring.bootstrap import bootstrap_f1
from zhibiao.tables.catalogue import indicator_code, indicators

__all__ = ["SLICES", "SliceScore", "said", "score_slices", "slices_of"]

LONG = 150
"""Sentences of more characters than this are long."""

ECONOMIC = frozenset(
    {"agriculture", "economy", "energy", "finance", "fiscal", "industry", "investment"}
    | {"manufacturing", "services", "tourism", "trade"}
)
SOCIAL = frozenset(
    {"culture", "education", "employment", "governance", "health", "housing", "income"}
    | {"population", "safety", "social_security"}
)
"""Domains of the catalogue; environment, science and transport are neither."""


@dataclass(frozen=True)
class Sight:
    """A statement in its report: what slices look at."""

    statement: Statement
    document: Document
    year_marks: tuple[int, ...]

    @cached_property
    def sentence(self) -> Offsets:
        """The sentence of the quantity."""
        return sentence_of(self.document, self.statement.anchor[0])

    @cached_property
    def quantity(self) -> str:
        """The text of the quantity, of one width."""
        return unicodedata.normalize("NFKC", self.document.quote(self.statement.anchor))

    @cached_property
    def domain(self) -> str | None:
        """The domain of the indicator in the catalogue."""
        code = indicator_code(self.statement.indicator, unit=self.statement.unit)
        return _domains()[code] if code else None


def sentence_of(document: Document, position: int) -> Offsets:
    """The sentence at `position`, or that character alone where no sentence is."""
    number = bisect_right(document.sentences, position, key=lambda sentence: sentence.start) - 1
    if number >= 0 and position < document.sentences[number].end:
        sentence = document.sentences[number]
        return (sentence.start, sentence.end)
    return (position, position + 1)


def _is_list(sight: Sight) -> bool:
    """分别 stands before the quantity in its sentence."""
    return "分别" in sight.document.text[sight.sentence[0] : sight.statement.anchor[0]]


def _is_range(sight: Sight) -> bool:
    number = parse_number(sight.quantity) if "value" in sight.statement.spans else None
    return number is not None and number.value is None and number.bounds is not None


def _in_chinese(sight: Sight) -> bool:
    return not re.search("[0-9]", sight.quantity)


def _is_percentage(sight: Sight) -> bool:
    return "value" in sight.statement.spans and (sight.statement.unit or "") in ("%", "％", "‰")


def _falls(sight: Sight) -> bool:
    growth = sight.statement.growth
    return growth is not None and isinstance(growth[0], Decimal) and growth[0] < 0


def _without_year(sight: Sight) -> bool:
    """No YEAR of the gold stands in the sentence of the quantity."""
    start, end = sight.sentence
    return not any(start <= mark < end for mark in sight.year_marks)


def _quantity_first(sight: Sight) -> bool:
    return "indicator" in sight.statement.spans and sight.statement.anchor < sight.statement.indicator_span


def _is_long(sight: Sight) -> bool:
    return sight.sentence[1] - sight.sentence[0] > LONG


def _in_role(role: Role) -> Callable[[Sight], bool]:
    def holds(sight: Sight) -> bool:
        at = sight.statement.anchor[0]
        sections = (s for s in sight.document.sections if s.start <= at < s.end)
        return any(section.role is role for section in sections)

    return holds


SLICES: Mapping[str, Callable[[Sight], bool]] = {
    "review": _in_role(Role.REVIEW),
    "plan": _in_role(Role.PLAN),
    "actual": lambda sight: sight.statement.kind is Kind.ACTUAL,
    "target": lambda sight: sight.statement.kind is Kind.TARGET,
    "list": _is_list,
    "range": _is_range,
    "chinese_numeral": _in_chinese,
    "qualifier": lambda sight: sight.statement.qualifier is not None,
    "percentage": _is_percentage,
    "negative_growth": _falls,
    "no_year_in_sentence": _without_year,
    "quantity_first": _quantity_first,
    "long_sentence": _is_long,
    "economic": lambda sight: sight.domain in ECONOMIC,
    "social": lambda sight: sight.domain in SOCIAL,
    "uncatalogued": lambda sight: sight.domain is None,
}
"""By name; docs/evaluation.md says what each holds."""


@dataclass(frozen=True, slots=True)
class SliceScore:
    """The scores of the records of one slice.

    The interval is of strict F1 when the reports that hold such records are drawn anew; None where fewer than
    two do.
    """

    name: str
    strict: Counts
    relaxed: Counts
    normalised: Counts
    interval: Interval | None


def score_slices(evaluation: Evaluation) -> list[SliceScore]:
    """Every slice, also empty ones, in the order of SLICES."""
    found = [list(_members(report)) for report in evaluation.reports]
    return [
        _score(name, [[c for c, names in report if name in names] for report in found]) for name in SLICES
    ]


def _members(report: ReportEvaluation) -> Iterator[tuple[Comparison, frozenset[str]]]:
    comparisons = report.records.comparisons
    marks = tuple(
        c.pair.gold.spans["year"][0] for c in comparisons if c.pair.gold and "year" in c.pair.gold.spans
    )
    for comparison in comparisons:
        yield comparison, slices_of(Sight(said(comparison), report.document, marks))


def said(comparison: Comparison) -> Statement:
    """What the gold says, or, of a spurious record, what was predicted."""
    statement = comparison.pair.gold or comparison.pair.predicted
    assert statement is not None, "a pair holds at least one statement"
    return statement


def slices_of(sight: Sight) -> frozenset[str]:
    """The names of the slices that a statement belongs to."""
    return frozenset(name for name, holds in SLICES.items() if holds(sight))


def _score(name: str, reports: list[list[Comparison]]) -> SliceScore:
    every = [comparison for report in reports for comparison in report]
    strict = [_counts(report, [c.strict for c in report]) for report in reports if report]
    return SliceScore(
        name,
        strict=sum(strict, Counts()),
        relaxed=_counts(every, [c.relaxed for c in every]),
        normalised=_counts(every, [c.normalised for c in every]),
        interval=bootstrap_f1(strict) if len(strict) > 1 else None,
    )


def _counts(comparisons: list[Comparison], right: list[bool]) -> Counts:
    gold = sum(comparison.pair.gold is not None for comparison in comparisons)
    predicted = sum(comparison.pair.predicted is not None for comparison in comparisons)
    return Counts(gold, predicted, sum(right))


@cache
def _domains() -> Mapping[str, str]:
    return {indicator.slug: indicator.domain for indicator in indicators()}
