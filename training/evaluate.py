"""How good a predictor is: predict, assemble, and hold spans and records against gold.

zhibiao evaluate --data seeds/gold.jsonl --method rules
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import TypeVar

from zhibiao.assemble import assemble
from zhibiao.errors import DataError
from zhibiao.ports import SpanPredictor
from zhibiao.schema import Document, GoldReport, Prediction, Span
from zhibiao.scoring import (
    RecordScores,
    ReportScore,
    SpanScores,
    gold_spans,
    refuse_doubles,
    score_report,
    score_spans,
)

__all__ = [
    "UNKNOWN",
    "Evaluation",
    "GoldSpans",
    "Part",
    "ReportEvaluation",
    "evaluate",
    "every_second",
    "halves",
]

_Item = TypeVar("_Item")

UNKNOWN = "(unknown)"
"""The group of reports that do not say theirs."""


@dataclass(frozen=True, slots=True)
class ReportEvaluation:
    """The scores of one report; its document is kept, so that errors can be read in their sentences.

    `seconds` went by from the report to its records; a predictor that works in batches spends them on the
    first of each. `unread` are the characters, but for blanks, in no sentence that the predictor was given.
    """

    document: Document
    records: ReportScore
    spans: SpanScores
    seconds: float = 0.0
    unread: int = 0


@dataclass(frozen=True, slots=True)
class Part:
    """The scores of some reports together; `name` says which."""

    name: str
    records: RecordScores
    spans: SpanScores


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The scores of `predictor` on `reports`."""

    predictor: str
    reports: tuple[ReportEvaluation, ...]

    def whole(self) -> Part:
        """All reports together (micro)."""
        return _part("all", self.reports)

    def by_report(self) -> list[Part]:
        """Each report alone."""
        return [_part(report.document.id, [report]) for report in self.reports]

    def by_group(self) -> list[Part]:
        """The reports of each group together, in the order of first appearance."""
        return self._apart(lambda report: report.records.group)

    def by_field(self, field: str) -> list[Part]:
        """The same by a field of the metadata: `district`, `publisher` or `city`."""
        return self._apart(lambda report: getattr(report.document.metadata, field))

    def _apart(self, group_of: Callable[[ReportEvaluation], str | None]) -> list[Part]:
        groups: dict[str, list[ReportEvaluation]] = defaultdict(list)
        for report in self.reports:
            groups[group_of(report) or UNKNOWN].append(report)
        return [_part(name, reports) for name, reports in groups.items()]


def evaluate(
    gold: Iterable[GoldReport], predictor: SpanPredictor, *, group_by: str | None = None
) -> Evaluation:
    """Scores a predictor on gold, one report at a time; `group_by` is `district`, `publisher` or `city`."""
    reports: list[GoldReport] = []
    scored = tuple(_scored(reports, predictor.predict(_documents(gold, reports)), group_by))
    if not reports:
        raise DataError("nothing to evaluate: the data holds no report; name gold with --data")
    refuse_doubles(report.document.id for report in reports)
    if len(scored) != len(reports):
        raise DataError(f"{predictor.name} gave {len(scored)} predictions for {len(reports)} reports")
    return Evaluation(predictor.name, scored)


def halves(reports: Iterable[GoldReport], half: str) -> list[GoldReport]:
    """Every second report by id: `even` begins with the first, `odd` with the second."""
    return every_second(reports, half, lambda report: report.document.id)


def every_second(items: Iterable[_Item], half: str, name: Callable[[_Item], str]) -> list[_Item]:
    """Half of the items, in the order of their names."""
    return sorted(items, key=name)[0 if half == "even" else 1 :: 2]


class GoldSpans:
    """Predicts the gold spans without links: what it scores is the linking of assembly alone."""

    def __init__(self, reports: Iterable[GoldReport]) -> None:
        self._spans: Mapping[str, tuple[Span, ...]] = {
            report.document.id: gold_spans(report) for report in reports
        }

    @property
    def name(self) -> str:
        """Shown in place of a predictor's name."""
        return "rules on gold spans"

    def predict(self, documents: Iterable[Document]) -> Iterator[Prediction]:
        """The gold of each document."""
        for document in documents:
            yield Prediction(document, self._spans[document.id], None, "rules")


def _documents(gold: Iterable[GoldReport], seen: list[GoldReport]) -> Iterator[Document]:
    """Remembers each report before its document goes into the predictor."""
    for report in gold:
        seen.append(report)
        yield report.document


def _scored(
    reports: Sequence[GoldReport], predictions: Iterable[Prediction], group_by: str | None
) -> Iterator[ReportEvaluation]:
    """The clock runs while the predictor works and records are assembled, not while they are scored."""
    began = perf_counter()
    for number, prediction in enumerate(predictions):
        gold = reports[number]
        _refuse_other(gold.document, prediction.document)
        records = assemble(prediction)
        seconds = perf_counter() - began
        yield ReportEvaluation(
            document=gold.document,
            records=score_report(gold, records, group_by=group_by),
            spans=score_spans(gold_spans(gold), prediction.spans),
            seconds=seconds,
            unread=_unread(prediction.document),
        )
        began = perf_counter()


def _refuse_other(wanted: Document, given: Document) -> None:
    if given.id != wanted.id:
        raise DataError(f"a prediction for {given.id!r} came in the place of {wanted.id!r}")
    if given.text != wanted.text:
        raise DataError(
            f"{wanted.id}: the prediction is of another text ({len(given.text)} characters in the place of "
            f"{len(wanted.text)}); a predictor must not change its documents"
        )


def _unread(document: Document) -> int:
    """How many characters, but for blanks, stand in no sentence."""
    bare = len("".join(document.text.split()))
    return bare - sum(len("".join(document.text[s.start : s.end].split())) for s in document.sentences)


def _part(name: str, reports: Iterable[ReportEvaluation]) -> Part:
    chosen = list(reports)
    first, *others = (report.spans for report in chosen)
    return Part(name, RecordScores(tuple(report.records for report in chosen)), sum(others, first))
