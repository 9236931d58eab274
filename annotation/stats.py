"""What gold holds, in numbers: labels, districts, years, kinds, lengths."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import TypeVar

from zhibiao.schema import GoldRecord, GoldReport, Kind, Label
from zhibiao.scoring import gold_spans

__all__ = ["BINS", "Distribution", "GroupCounts", "Stats", "histogram", "measure_data"]

_T = TypeVar("_T")

BINS = (1, 2, 3, 4, 6, 8, 12, 20)
"""Lower edges, in characters, of the bins that span lengths are counted in; the last is open."""


@dataclass(frozen=True, slots=True)
class GroupCounts:
    """Of the reports of one district, or of all."""

    name: str
    reports: int
    characters: int
    records: int
    targets: int
    growths: int
    dated: int

    @property
    def density(self) -> float:
        """Records per thousand characters."""
        return 1000 * self.records / self.characters if self.characters else 0.0


@dataclass(frozen=True, slots=True)
class Distribution:
    """The lengths of the spans of one label, in characters."""

    label: Label
    lengths: tuple[int, ...]
    distinct: int

    @property
    def median(self) -> float:
        """0 where there is none."""
        return median(self.lengths) if self.lengths else 0.0

    @property
    def longest(self) -> int:
        """0 where there is none."""
        return max(self.lengths, default=0)


@dataclass(frozen=True, slots=True)
class Stats:
    """All counts; `years` and `kinds` are those of records, `distances` record year minus report year."""

    whole: GroupCounts
    districts: tuple[GroupCounts, ...]
    reports: tuple[GroupCounts, ...]
    spans: tuple[Distribution, ...]
    years: Counter[int | None]
    distances: Counter[int | None]
    kinds: Counter[Kind]
    qualifiers: Counter[str | None]


def measure_data(reports: Iterable[GoldReport]) -> Stats:
    """Counts everything; districts in the order of first appearance."""
    every = list(reports)
    districts: dict[str, list[GoldReport]] = {}
    for report in every:
        districts.setdefault(report.document.metadata.district or "(unknown)", []).append(report)
    return Stats(
        whole=_group("all", every),
        districts=tuple(_group(name, own) for name, own in districts.items()),
        reports=tuple(_group(report.document.id, [report]) for report in every),
        spans=tuple(_distribution(label, every) for label in Label),
        years=_count(every, lambda _, record: record.year),
        distances=_count(every, _distance),
        kinds=_count(every, lambda _, record: record.kind),
        qualifiers=_count(every, lambda _, record: record.qualifier),
    )


def histogram(values: Iterable[int], edges: Sequence[int]) -> list[int]:
    """How many values fall into the bin that begins at each edge; smaller ones count with the first."""
    counts = [0] * len(edges)
    for value in values:
        counts[max(0, sum(edge <= value for edge in edges) - 1)] += 1
    return counts


def _group(name: str, reports: Sequence[GoldReport]) -> GroupCounts:
    records = [record for report in reports for record in report.records]
    return GroupCounts(
        name=name,
        reports=len(reports),
        characters=sum(len(report.document.text) for report in reports),
        records=len(records),
        targets=sum(record.kind is Kind.TARGET for record in records),
        growths=sum("growth" in record.spans for record in records),
        dated=sum("year" in record.spans for record in records),
    )


def _distribution(label: Label, reports: Sequence[GoldReport]) -> Distribution:
    quotes = [
        report.document.quote(span.offsets)
        for report in reports
        for span in gold_spans(report)
        if span.label is label
    ]
    return Distribution(label, tuple(map(len, quotes)), len(set(quotes)))


def _count(reports: Sequence[GoldReport], of: Callable[[GoldReport, GoldRecord], _T]) -> Counter[_T]:
    return Counter(of(report, record) for report in reports for record in report.records)


def _distance(report: GoldReport, record: GoldRecord) -> int | None:
    reported = report.document.metadata.report_year
    return None if record.year is None or reported is None else record.year - reported
