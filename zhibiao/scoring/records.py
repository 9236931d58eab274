"""Record scores: predicted records held against gold, slot by slot."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from zhibiao.errors import DataError
from zhibiao.schema import GoldReport, Record
from zhibiao.scoring.bootstrap import bootstrap_f1
from zhibiao.scoring.counts import Counts, Interval, Share, micro
from zhibiao.scoring.pairing import Pair, overlap_share, pair
from zhibiao.scoring.statements import Statement, from_gold, from_record

DECIDING = ("indicator", "value", "unit", "growth", "year")
"""The slots that decide whether a record is right."""

REPORTED = ("kind", "qualifier")
"""The slots whose accuracy is told beside it and decides nothing."""

RELAXED_OVERLAP = 0.5


@dataclass(frozen=True, slots=True)
class Comparison:
    """A pair and the slots in which its two statements differ; all of them where one has no partner."""

    pair: Pair
    differing: tuple[str, ...]

    @property
    def strict(self) -> bool:
        """All deciding slots equal."""
        return not set(self.differing) & set(DECIDING)

    @property
    def relaxed(self) -> bool:
        """As strict, but the indicators may share only half their union."""
        return self.strict or (
            set(self.differing) & set(DECIDING) == {"indicator"} and _indicators_meet(self.pair)
        )

    @property
    def normalised(self) -> bool:
        """The same fact: base value and unit, growth and year equal, indicators sharing half their union."""
        gold, predicted = self.pair.gold, self.pair.predicted
        if gold is None or predicted is None:
            return False
        same = gold.base == predicted.base and not set(self.differing) & {"growth", "year"}
        return same and (gold.indicator == predicted.indicator or _indicators_meet(self.pair))

    @property
    def paired(self) -> bool:
        """Whether both sides are there."""
        return self.pair.gold is not None and self.pair.predicted is not None


def compare(couple: Pair) -> Comparison:
    """Slot by slot."""
    gold, predicted = couple.gold, couple.predicted
    if gold is None or predicted is None:
        return Comparison(couple, DECIDING + REPORTED)
    differing = tuple(s for s in DECIDING + REPORTED if getattr(gold, s) != getattr(predicted, s))
    return Comparison(couple, differing)


def _indicators_meet(couple: Pair) -> bool:
    gold, predicted = couple.gold, couple.predicted
    if gold is None or predicted is None:
        return False
    return overlap_share(gold.indicator_span, predicted.indicator_span) >= RELAXED_OVERLAP


@dataclass(frozen=True)
class ReportScore:
    """The scores of one report; `group` is what it is grouped by, if anything."""

    report_id: str
    group: str | None
    comparisons: tuple[Comparison, ...]

    @cached_property
    def strict(self) -> Counts:
        """Records right in every deciding slot."""
        return self._counts(lambda comparison: comparison.strict)

    @cached_property
    def relaxed(self) -> Counts:
        """Records right but for the edges of the indicator."""
        return self._counts(lambda comparison: comparison.relaxed)

    @cached_property
    def normalised(self) -> Counts:
        """Records that state the same fact, in whatever unit and with whatever edges of the indicator."""
        return self._counts(lambda comparison: comparison.normalised)

    @cached_property
    def slots(self) -> Mapping[str, Share]:
        """Per slot, how many of the paired records agree in it."""
        paired = [comparison for comparison in self.comparisons if comparison.paired]
        return {
            slot: Share(sum(slot not in c.differing for c in paired), len(paired))
            for slot in DECIDING + REPORTED
        }

    @cached_property
    def slot_counts(self) -> Mapping[str, Counts]:
        """Per slot, over all records: how many state it, and how many pairs state the same.

        Unlike `slots` it does not depend on which records are paired, so two systems can be compared by it.
        """
        return {slot: self._slot_counts(slot) for slot in DECIDING + REPORTED}

    def disagreements(self) -> Iterator[Comparison]:
        """What is missed, spurious or differs in a deciding slot, in text order: for reading errors."""
        return (comparison for comparison in self.comparisons if not comparison.strict)

    def _slot_counts(self, slot: str) -> Counts:
        stated = [
            (_states(c.pair.gold, slot), _states(c.pair.predicted, slot), slot in c.differing)
            for c in self.comparisons
        ]
        return Counts(
            gold=sum(gold for gold, _, _ in stated),
            predicted=sum(predicted for _, predicted, _ in stated),
            correct=sum(gold and predicted and not differs for gold, predicted, differs in stated),
        )

    def _counts(self, right: Callable[[Comparison], bool]) -> Counts:
        return Counts(
            gold=sum(c.pair.gold is not None for c in self.comparisons),
            predicted=sum(c.pair.predicted is not None for c in self.comparisons),
            correct=sum(map(right, self.comparisons)),
        )


def _states(statement: Statement | None, slot: str) -> bool:
    return statement is not None and getattr(statement, slot) not in (None, "")


@dataclass(frozen=True)
class RecordScores:
    """The scores of several reports, each and together (micro)."""

    reports: tuple[ReportScore, ...]

    @cached_property
    def strict(self) -> Counts:
        """Over all records."""
        return micro([report.strict for report in self.reports])

    @cached_property
    def relaxed(self) -> Counts:
        """Over all records."""
        return micro([report.relaxed for report in self.reports])

    @cached_property
    def normalised(self) -> Counts:
        """Over all records."""
        return micro([report.normalised for report in self.reports])

    @cached_property
    def slots(self) -> Mapping[str, Share]:
        """Over all paired records."""
        return {
            slot: sum((report.slots[slot] for report in self.reports), Share())
            for slot in DECIDING + REPORTED
        }

    @cached_property
    def slot_counts(self) -> Mapping[str, Counts]:
        """Over all records."""
        return {
            slot: micro([report.slot_counts[slot] for report in self.reports]) for slot in DECIDING + REPORTED
        }

    @cached_property
    def strict_interval(self) -> Interval:
        """95 % interval of strict F1, reports drawn anew."""
        return bootstrap_f1([report.strict for report in self.reports])

    @cached_property
    def relaxed_interval(self) -> Interval:
        """95 % interval of relaxed F1, reports drawn anew."""
        return bootstrap_f1([report.relaxed for report in self.reports])

    def groups(self) -> dict[str | None, RecordScores]:
        """The same, apart by group, in the order of first appearance."""
        apart: dict[str | None, list[ReportScore]] = defaultdict(list)
        for report in self.reports:
            apart[report.group].append(report)
        return {group: RecordScores(tuple(reports)) for group, reports in apart.items()}


def score(
    gold: Iterable[GoldReport], predicted: Iterable[Record], *, group_by: str | None = None
) -> RecordScores:
    """Scores `predicted`, matched to its reports by `report_id`.

    `group_by` names a field of the reports' metadata (`district`, `publisher`, `city`).
    """
    records: dict[str, list[Record]] = defaultdict(list)
    for record in predicted:
        records[record.report_id].append(record)
    scores = []
    for report in gold:
        own = records.pop(report.document.id, [])
        scores.append(score_report(report, own, group_by=group_by))
    ids = [report.report_id for report in scores]
    refuse_doubles(ids)
    _refuse_strays(records, ids)
    return RecordScores(tuple(scores))


def score_report(
    report: GoldReport, predicted: Sequence[Record], *, group_by: str | None = None
) -> ReportScore:
    """Scores the records of one report."""
    gold = [from_gold(record, report.document) for record in report.records]
    given = [from_record(record) for record in predicted]
    group = getattr(report.document.metadata, group_by) if group_by else None
    return ReportScore(report.document.id, group, tuple(map(compare, pair(gold, given))))


def refuse_doubles(ids: Iterable[str]) -> None:
    """Every report may stand in the gold once: its records would be counted twice."""
    doubled = sorted(name for name, times in Counter(ids).items() if times > 1)
    if doubled:
        raise DataError(
            f"the gold holds {', '.join(doubled)} more than once; give every report an id of its own"
        )


def _refuse_strays(records: Mapping[str, Sequence[Record]], known: Sequence[str]) -> None:
    if records:
        name, strays = next(iter(records.items()))
        raise DataError(
            f"{len(strays)} predicted records belong to the report {name!r}, which the gold does not hold; "
            f"it holds {', '.join(known[:5]) or 'none'}{' ...' if len(known) > 5 else ''}; "
            "score them against their own gold"
        )
