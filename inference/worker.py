"""One report from input to records: what each process of a batch does."""

from __future__ import annotations

import gzip
import io
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from zhibiao.assemble import assemble
from zhibiao.batch import (
    Outcome,
    PredictorFactory,
    Status,
    Task,
    document_of,
    fingerprint,
    guarded,
    predictor_of,
    ready_predictor,
    shared,
)
from zhibiao.jsonl import dumps, record_to_json
from zhibiao.schema import Document, Kind, Record

__all__ = ["Extractor"]

Overrides = Mapping[str, str | int]


@dataclass(frozen=True, slots=True)
class Extractor:
    """Task to Outcome; it crosses process borders, the predictor itself does not."""

    factory: PredictorFactory
    overrides: Overrides = field(default_factory=dict)

    def prepare(self) -> None:
        """Make the predictor now: where it cannot be made, that is the fault of no document."""
        ready_predictor(self.factory)

    def __call__(self, task: Task) -> Outcome:
        """Whatever goes wrong with the input is the Outcome."""
        return guarded(self._extract, task)

    @property
    def lot_characters(self) -> int:
        """How much text is worth reading at once, which the factory knows; 0: each report by itself."""
        return getattr(self.factory, "lot_characters", 0)

    def together(self, tasks: Sequence[Task]) -> list[Outcome]:
        """The outcomes of some short reports; where something fails, one by one, to learn of whose fault."""
        started = time.perf_counter()
        try:
            outcomes = self._extract_all(tasks)
        except Exception:  # noqa: BLE001 - the report that it comes from says it again
            return [self(task) for task in tasks]
        return shared(outcomes, time.perf_counter() - started)

    def _extract_all(self, tasks: Sequence[Task]) -> list[Outcome]:
        documents = [document_of(task, self.overrides) for task in tasks]
        found = predictor_of(self.factory).predict(documents)
        return [
            _done(task, document, _Packed(assemble(one)))
            for task, document, one in zip(tasks, documents, found, strict=True)
        ]

    def _extract(self, task: Task) -> Outcome:
        document = document_of(task, self.overrides)
        found = predictor_of(self.factory).predict([document])
        return _done(task, document, _Packed(record for one in found for record in assemble(one)))


class _Packed:
    """Counts records and keeps them as compressed lines of JSON, which is all that leaves the process."""

    def __init__(self, records: Iterable[Record]) -> None:
        self.count = 0
        self.targets = 0
        file = io.BytesIO()
        with gzip.GzipFile(fileobj=file, mode="wb", compresslevel=1, mtime=0) as lines:
            for record in records:
                # A lone surrogate has no UTF-8; its backslash escape is at the same time its JSON escape.
                lines.write(dumps(record_to_json(record)).encode("utf-8", "backslashreplace") + b"\n")
                self.count += 1
                self.targets += record.kind is Kind.TARGET
        self.lines = file.getvalue() if self.count else None


def _done(task: Task, document: Document, records: _Packed) -> Outcome:
    source = document.source
    return Outcome(
        position=task.position,
        id=task.id,
        path=task.path,
        line=task.line,
        status=Status.DONE,
        notes=_notes(task, document, records),
        sha256=source.sha256 if source else None,
        fingerprint=fingerprint(task),
        format=source.format if source else None,
        encoding=source.encoding if source else None,
        characters=len(document.text),
        n_records=records.count,
        n_targets=records.targets,
        records=records.lines,
    )


def _notes(task: Task, document: Document, records: _Packed) -> tuple[str, ...]:
    notes = (task.note, *document.notes, None if records.count else _why_empty(document.text))
    return tuple(note for note in notes if note)


def _why_empty(text: str) -> str:
    if any(character.isnumeric() for character in text):
        return "no records: the text has numbers, but none that measures something"
    return "no records: there is no number in the text"
