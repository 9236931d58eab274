"""One report from input to records: what each process of a batch does."""

from __future__ import annotations

import time
import traceback
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from hashlib import sha256
from pathlib import Path

from inference.corpus import metadata_of
from inference.inputs import Task, fingerprint
from inference.manifest import Outcome, Status
from zhibiao.assemble import assemble
from zhibiao.documents import build, read
from zhibiao.errors import ReadError, ZhibiaoError
from zhibiao.jsonl import dumps, record_to_json
from zhibiao.ports import SpanPredictor
from zhibiao.schema import Document, Kind, Record, Source

__all__ = ["Extractor", "PredictorFactory", "crashed", "predictor_name"]

PredictorFactory = Callable[[], SpanPredictor]
"""Makes the predictor in each process, once; must pickle, hash and compare (a class does)."""

Overrides = Mapping[str, str | int]


@dataclass(frozen=True, slots=True)
class Extractor:
    """Task to Outcome; it crosses process borders, the predictor itself does not."""

    factory: PredictorFactory
    overrides: Overrides = field(default_factory=dict)

    def __call__(self, task: Task) -> Outcome:
        """Never raises on account of the input: whatever goes wrong with it is the Outcome."""
        started = time.perf_counter()
        try:
            outcome = self._extract(task)
        except ZhibiaoError as error:
            outcome = _failed(task, _reason(error))
        except Exception as error:  # noqa: BLE001 - a bug that one report brings out must not cost the others
            outcome = _failed(task, _unexpected(error))
        return replace(outcome, seconds=time.perf_counter() - started)

    def _extract(self, task: Task) -> Outcome:
        document = self._document(task)
        predictor = _predictor(self.factory)
        records = [record for found in predictor.predict([document]) for record in assemble(found)]
        return _done(task, document, records)

    def _document(self, task: Task) -> Document:
        if task.entry is None:
            return read(Path(task.path), id=task.id, overrides=self.overrides)
        text = str(task.entry["text"])
        digest = sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
        source = Source(Path(task.path).name, digest, "jsonl", "utf-8")
        return build(text, id=task.id, known=metadata_of(task.entry), source=source)


def predictor_name(factory: PredictorFactory) -> str:
    """What a factory's predictor is called in manifests."""
    return _predictor(factory).name


def crashed(task: Task) -> Outcome:
    """The outcome of a task whose process died."""
    return _failed(
        task, "the process that worked on it died, maybe for want of memory; try it alone, or split it"
    )


@cache
def _predictor(factory: PredictorFactory) -> SpanPredictor:
    return factory()


def _done(task: Task, document: Document, records: list[Record]) -> Outcome:
    lines = [dumps(record_to_json(record)).encode("utf-8", "backslashreplace") for record in records]
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
        n_records=len(records),
        n_targets=sum(record.kind is Kind.TARGET for record in records),
        records=zlib.compress(b"\n".join(lines), level=1) if lines else None,
    )


def _notes(task: Task, document: Document, records: list[Record]) -> tuple[str, ...]:
    notes = (task.note, *document.notes, None if records else _why_empty(document.text))
    return tuple(note for note in notes if note)


def _why_empty(text: str) -> str:
    if any(character.isnumeric() for character in text):
        return "no records: the text has numbers, but none that measures something"
    return "no records: there is no number in the text"


def _failed(task: Task, reason: str) -> Outcome:
    notes = (task.note,) if task.note else ()
    return Outcome(
        position=task.position,
        id=task.id,
        path=task.path,
        line=task.line,
        status=Status.FAILED,
        error=reason,
        notes=notes,
    )


def _reason(error: ZhibiaoError) -> str:
    """The path stands beside the reason, not in it."""
    return f"{error.finding}; {error.remedy}" if isinstance(error, ReadError) else str(error)


def _unexpected(error: Exception) -> str:
    frame = traceback.extract_tb(error.__traceback__)[-1]
    place = f"{Path(frame.filename).name}:{frame.lineno}"
    return f"unexpected {type(error).__name__} at {place}: {error}; please report it with the file"
