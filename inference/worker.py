"""One report from input to records: what each process of a batch does."""

from __future__ import annotations

import gzip
import io
import time
import traceback
from collections.abc import Callable, Iterable, Mapping
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
        found = predictor.predict([document])
        return _done(task, document, _Packed(record for one in found for record in assemble(one)))

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
