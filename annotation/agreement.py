"""How far two annotators agree: spans, records, and Krippendorff's alpha on characters.

zhibiao annotate agree a.jsonl b.jsonl -o disagreements.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from annotation.passes import Passes, Reading, TwoReadings, match_passes, readings
from zhibiao.errors import MissingDependencyError
from zhibiao.schema import GoldReport, Label
from zhibiao.scoring import RecordScores, ReportScore, SpanScores, gold_spans, score_spans

__all__ = ["Agreement", "ReportAgreement", "alpha", "measure_agreement"]


@dataclass(frozen=True)
class ReportAgreement:
    """The agreement on one report, B held against A."""

    both: TwoReadings
    readings: tuple[Reading, ...]
    records: ReportScore
    spans: SpanScores

    @property
    def id(self) -> str:
        """The report's."""
        return self.both.document.id

    def disagreements(self) -> list[Reading]:
        """What is not identical in both, in text order."""
        return [reading for reading in self.readings if not reading.identical]

    @cached_property
    def alpha(self) -> float | None:
        """Over the characters of this report."""
        return alpha([self.both])


@dataclass(frozen=True)
class Agreement:
    """The agreement on all reports that both annotated; the others are named in `passes`."""

    passes: Passes
    reports: tuple[ReportAgreement, ...]

    @cached_property
    def records(self) -> RecordScores:
        """Strict and relaxed, over all records; A counts as gold."""
        return RecordScores(tuple(report.records for report in self.reports))

    @cached_property
    def spans(self) -> SpanScores:
        """Per label and together, over all spans."""
        first, *others = (report.spans for report in self.reports)
        return sum(others, first)

    def alpha(self, label: Label | None = None) -> float | None:
        """Over the characters of all reports; of one label: whether a character belongs to it."""
        return alpha([report.both for report in self.reports], label)


def measure_agreement(a: Iterable[GoldReport], b: Iterable[GoldReport]) -> Agreement:
    """Holds B against A, report by report. F1 and alpha are the same whichever comes first."""
    passes = match_passes(a, b)
    return Agreement(passes, tuple(map(_report, passes.reports)))


def alpha(reports: Sequence[TwoReadings], label: Label | None = None) -> float | None:
    """Krippendorff's alpha (nominal) of the two annotators on every character's label.

    None where every character has the same label in both: there is no variation to agree upon.
    """
    rows = [
        [name for both in reports for name in _characters(both.a, label)],
        [name for both in reports for name in _characters(both.b, label)],
    ]
    names = sorted({name for row in rows for name in row})
    if len(names) < 2:
        return None
    numbers = {name: float(number) for number, name in enumerate(names)}
    data = [[numbers[name] for name in row] for row in rows]
    return float(_krippendorff()(reliability_data=data, level_of_measurement="nominal"))


def _report(both: TwoReadings) -> ReportAgreement:
    found = tuple(readings(both))
    scores = ReportScore(both.document.id, None, tuple(reading.comparison for reading in found))
    return ReportAgreement(both, found, scores, score_spans(gold_spans(both.a), gold_spans(both.b)))


def _characters(report: GoldReport, label: Label | None) -> list[str]:
    """The label of every character; spans that overlap by mistake give `UNIT+VALUE`."""
    labels: list[set[str]] = [set() for _ in report.document.text]
    for span in gold_spans(report):
        if label is None or span.label is label:
            for at in range(span.start, span.end):
                labels[at].add(span.label)
    return ["+".join(sorted(names)) for names in labels]


def _krippendorff() -> Callable[..., float]:
    try:
        from krippendorff import alpha as function
    except ImportError as error:
        raise MissingDependencyError(
            "Krippendorff's alpha needs the library krippendorff; pip install 'zhibiao[agreement]'"
        ) from error
    return function
