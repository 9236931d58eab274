"""Reports into a Label Studio project, with predictions; what is there already is not sent again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from statistics import fmean
from typing import Any
from xml.etree.ElementTree import ParseError, canonicalize

from annotation.as_gold import gold_record
from annotation.label_studio.marking import mark
from annotation.label_studio.results import write_results
from annotation.label_studio.screen import label_config
from annotation.label_studio.server import Project, RejectedError, Server
from annotation.label_studio.tasks import Key, Portion, Split, check_cuts, identity, portions, task_data
from annotation.silver.calibration import shipped_calibration
from annotation.silver.sentences import quantity, readings, sentence_at
from zhibiao.assemble import assemble
from zhibiao.errors import DataError, ServiceError
from zhibiao.ports import SpanPredictor
from zhibiao.schema import Document, GoldReport, Record, Span

__all__ = ["PreAnnotated", "Pushed", "as_predicted", "bare", "pre_annotate", "push"]

_BATCH = 10
"""Tasks in one request: small enough that little is sent again when one fails."""


GOLD = "gold"
"""The model version of what people annotated."""


@dataclass(frozen=True, slots=True)
class PreAnnotated:
    """A report with what annotators find filled in; nothing is where `model_version` is None."""

    report: GoldReport
    spans: tuple[Span, ...] = ()
    model_version: str | None = None
    score: float | None = None


@dataclass(frozen=True, slots=True)
class Pushed:
    """What a push did; `refused` says which reports could not be sent and why."""

    project: Project
    imported: int
    present: int
    predicted: int
    refused: tuple[str, ...]


def bare(documents: Iterable[Document]) -> Iterator[PreAnnotated]:
    """Reports without anything filled in."""
    for document in documents:
        yield PreAnnotated(GoldReport(document, ()))


def as_predicted(reports: Iterable[GoldReport]) -> Iterator[PreAnnotated]:
    """Gold with its own records filled in, to be looked over or corrected."""
    for report in reports:
        yield PreAnnotated(report, model_version=GOLD)


def pre_annotate(documents: Iterable[Document], predictor: SpanPredictor) -> Iterator[PreAnnotated]:
    """Reports with a predictor's records filled in, and its other spans beside them.

    Where the predictor scores no spans, a span's score is the calibrated confidence of its sentence.
    """
    for prediction in predictor.predict(documents):
        document, records = prediction.document, assemble(prediction)
        confidences = _confidences(document, records)
        spans = tuple(_scored(span, document, confidences) for span in prediction.spans)
        used = [confidences[sentence_at(document, quantity(record)[0])] for record in records]
        yield PreAnnotated(
            GoldReport(document, tuple(map(gold_record, records))),
            spans,
            predictor.name,
            round(fmean(used), 4) if used else None,
        )


def _confidences(document: Document, records: Sequence[Record]) -> list[float]:
    calibration = shipped_calibration()
    return [calibration.confidence(reading) for reading in readings(document, records)]


def _scored(span: Span, document: Document, confidences: Sequence[float]) -> Span:
    if span.score is not None or not confidences:
        return span
    return replace(span, score=confidences[sentence_at(document, span.start)])


def push(
    server: Server,
    title: str,
    reports: Iterable[PreAnnotated],
    *,
    split: Split = Split.REPORT,
    annotators: int | None = None,
    on_report: Callable[[Document], None] = lambda _: None,
) -> Pushed:
    """Brings the project up to date with the reports; run again, it does what is still to be done."""
    project = _project(server, title)
    pushing = _Push(server, project)
    for report in reports:
        pushing.add(report, split)
        on_report(report.report.document)
    pushing.send()
    pushing.settle(annotators)
    return pushing.result()


def _project(server: Server, title: str) -> Project:
    """The project of that title with our screen; a project with another screen and tasks is left alone."""
    found = [project for project in server.projects() if project.title == title]
    if not found:
        return server.create_project(title, label_config())
    if len(found) > 1:
        ids = ", ".join(str(project.id) for project in found)
        raise ServiceError(
            f"{server.url}: {len(found)} projects are called {title} ({ids}); rename all but one"
        )
    project = found[0]
    if not _same_screen(project.label_config, label_config()):
        ours = any(identity(task["data"]) for task in server.tasks(project.id))
        if project.n_tasks and not ours:
            raise ServiceError(
                f"{server.url}: the project {title} has tasks and a labelling screen of its own; "
                "choose another --project"
            )
        server.update_project(project.id, label_config=label_config())
    return project


def _same_screen(one: str, other: str) -> bool:
    try:
        return canonicalize(one, strip_text=True) == canonicalize(other, strip_text=True)
    except ParseError:
        return False


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A task that is to be sent."""

    key: Key
    task: dict[str, Any]
    predicted: bool


class _Push:
    """What is in the project, what waits to be sent, and what was done."""

    def __init__(self, server: Server, project: Project) -> None:
        self.server = server
        self.project = project
        self.there: dict[Key, int] = {}
        self.versions: set[tuple[int, str]] = set()
        self.keys: defaultdict[str, set[Key]] = defaultdict(set)
        self.waiting: list[_Waiting] = []
        self.imported = self.present = self.predicted = 0
        self.refused: list[str] = []
        self.last_version: str | None = None
        self._look()

    def _look(self) -> None:
        self.there = _tasks_by_key(self.server.tasks(self.project.id))
        self.versions = self.server.model_versions(self.project.id) if self.there else set()
        for key in self.there:
            self.keys[key.report].add(key)

    def add(self, report: PreAnnotated, split: Split) -> None:
        try:
            pieces = portions(report.report.document, split=split)
            check_cuts(pieces, report.report.records)
            self._check_known(report.report.document.id, pieces)
        except DataError as error:
            self.refused.append(str(error))
            return
        self.last_version = report.model_version or self.last_version
        for portion in pieces:
            self._add_portion(report, portion)
        if len(self.waiting) >= _BATCH:
            self.send()

    def _check_known(self, id: str, pieces: Sequence[Portion]) -> None:
        """Refuses a text that changed, or was cut otherwise: its annotations would be lost or doubled."""
        known = self.keys[id]
        wanted = {portion.key for portion in pieces}
        if known <= wanted:
            known |= wanted
            return
        if {key.sha256 for key in known} != {key.sha256 for key in wanted}:
            raise DataError(
                f"{id}: the project {self.project.title} holds another text under this id; "
                "give the new one another id, or delete the old tasks there"
            )
        raise DataError(
            f"{id}: the project {self.project.title} holds it cut in another way; push it with the other --by"
        )

    def _add_portion(self, report: PreAnnotated, portion: Portion) -> None:
        prediction = _prediction(report, portion)
        if portion.key not in self.there:
            task: dict[str, Any] = {"data": task_data(report.report, portion)}
            if prediction:
                task["predictions"] = [prediction]
            self.waiting.append(_Waiting(portion.key, task, predicted=prediction is not None))
            return
        self.present += 1
        id = self.there[portion.key]
        if prediction and (id, report.model_version) not in self.versions:
            self.server.add_prediction(id, prediction)
            self.predicted += 1

    def send(self) -> None:
        """Sends what waits; where the server refuses a batch, one by one, to name the report it refuses."""
        batch, self.waiting = self.waiting, []
        try:
            self._send(batch)
        except RejectedError as error:
            if len(batch) == 1:
                self.refused.append(f"{batch[0].key.report}: {error}")
                return
            for waiting in batch:
                self.waiting = [waiting]
                self.send()
        except ServiceError as error:
            raise ServiceError(f"{error} ({self.imported} tasks were sent by this run)") from error

    def _send(self, batch: Sequence[_Waiting]) -> None:
        if not batch:
            return
        attempts = 0

        def send_missing() -> None:
            nonlocal attempts
            attempts += 1
            # An earlier attempt may have been carried out although its answer was lost.
            there = _tasks_by_key(self.server.tasks_once(self.project.id)) if attempts > 1 else {}
            if missing := [waiting.task for waiting in batch if waiting.key not in there]:
                self.server.import_once(self.project.id, missing)

        self.server.call("import tasks", send_missing)
        self.imported += len(batch)
        self.predicted += sum(waiting.predicted for waiting in batch)

    def settle(self, annotators: int | None) -> None:
        """Settings that can be made only now that there are tasks and predictions."""
        changes: dict[str, Any] = {}
        if self.last_version and self.last_version != self.project.model_version:
            changes["model_version"] = self.last_version
        if annotators and annotators != self.project.maximum_annotations:
            changes["maximum_annotations"] = annotators
        if changes:
            self.server.update_project(self.project.id, **changes)

    def result(self) -> Pushed:
        return Pushed(
            project=self.server.project(self.project.id),
            imported=self.imported,
            present=self.present,
            predicted=self.predicted,
            refused=tuple(self.refused),
        )


def _tasks_by_key(tasks: Iterable[dict[str, Any]]) -> dict[Key, int]:
    keyed = ((identity(task["data"]), int(task["id"])) for task in tasks)
    return {key: id for key, id in keyed if key is not None}


def _prediction(report: PreAnnotated, portion: Portion) -> dict[str, Any] | None:
    if report.model_version is None:
        return None
    marking = mark(report.report.records, report.spans)
    prediction: dict[str, Any] = {
        "model_version": report.model_version,
        "result": write_results(marking, portion.place),
    }
    return prediction if report.score is None else prediction | {"score": report.score}
