"""One report to one line of silver: what each process of a run does."""

from __future__ import annotations

import gzip
from collections.abc import Sequence
from dataclasses import dataclass, replace

from annotation.as_gold import gold_record
from annotation.silver.calibration import Calibration
from annotation.silver.sentences import readings
from annotation.silver.without import why_left_out
from zhibiao.assemble import assemble
from zhibiao.batch import (
    Outcome,
    PredictorFactory,
    Status,
    Task,
    document_of,
    fingerprint,
    guarded,
    outcome_of,
    predictor_of,
)
from zhibiao.jsonl import dumps, gold_to_json
from zhibiao.schema import Document, GoldReport, Kind, Record

__all__ = ["Labeller", "silver_line"]

_KEPT = ("region", "level", "source")
"""What a corpus says of its reports and gold has no metadata for."""


@dataclass(frozen=True, slots=True)
class Labeller:
    """Task to Outcome, whose `records` hold the report's line of silver; it crosses process borders."""

    factory: PredictorFactory
    calibration: Calibration
    without: tuple[str, ...] = ()

    def __call__(self, task: Task) -> Outcome:
        """Whatever goes wrong with the input is the Outcome."""
        return guarded(self._label, task)

    def _label(self, task: Task) -> Outcome:
        document = document_of(task, {})
        if reason := why_left_out(task, document, self.without):
            return _left_out(task, *reason)
        predictor = predictor_of(self.factory)
        records = [record for one in predictor.predict([document]) for record in assemble(one)]
        line = silver_line(document, records, self.calibration)
        line |= {"predictor": predictor.name, **_of_corpus(task)}
        line["district"] = line["district"] or line.get("city") or line.get("region")
        return _done(task, document, records, dumps(line))


def silver_line(document: Document, records: Sequence[Record], calibration: Calibration) -> dict[str, object]:
    """The report in the form of gold, with `[start, end, confidence]` of every sentence."""
    sentences = [
        [reading.start, reading.end, calibration.confidence(reading)]
        for reading in readings(document, records)
    ]
    report = GoldReport(document, tuple(map(gold_record, records)), {"sentences": sentences})
    return gold_to_json(report)


def _of_corpus(task: Task) -> dict[str, object]:
    return {key: task.entry[key] for key in _KEPT if task.entry and task.entry.get(key) is not None}


def _left_out(task: Task, name: str, field: str) -> Outcome:
    """`notes` holds the name alone, to be counted by."""
    reason = f"left out: {name} stands in its {field}"
    return replace(outcome_of(task, Status.SKIPPED), error=reason, notes=(name,))


def _done(task: Task, document: Document, records: Sequence[Record], line: str) -> Outcome:
    # A lone surrogate has no UTF-8; its backslash escape is at the same time its JSON escape.
    content = line.encode("utf-8", "backslashreplace") + b"\n"
    return replace(
        outcome_of(task, Status.DONE),
        fingerprint=fingerprint(task),
        characters=len(document.text),
        n_records=len(records),
        n_targets=sum(record.kind is Kind.TARGET for record in records),
        records=gzip.compress(content, compresslevel=1, mtime=0),
    )
