"""Label Studio's tasks to Documents, predictions to what its page shows: for a service that answers it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from xml.etree.ElementTree import ParseError, fromstring

from annotation.label_studio.marking import mark
from annotation.label_studio.push import pre_annotate
from annotation.label_studio.results import Place, write_results
from annotation.label_studio.screen import label_config
from zhibiao.batch.corpus import metadata_of
from zhibiao.documents import build
from zhibiao.errors import ConfigError, DataError
from zhibiao.schema import Document, Prediction, Source

__all__ = ["PreAnnotator"]

_REMEDY = "make the project with `zhibiao annotate push`"


@dataclass(frozen=True, slots=True)
class _Given:
    """A predictor of what is predicted already: live and pushed predictions are made by the same code."""

    name: str
    prediction: Prediction

    def predict(self, _: Iterable[Document]) -> Iterator[Prediction]:
        yield self.prediction


class PreAnnotator:
    """What `annotate push` does to reports, done to single tasks. No error quotes a task's text."""

    def check(self, label_config: str) -> None:
        """ConfigError where the screen lacks a control or label of ours: it could not show predictions."""
        missing = sorted(_controls(_ours()) - _controls(label_config))
        if missing:
            raise ConfigError(
                f"the project's labelling screen lacks {', '.join(missing[:4])}, so predictions could not "
                f"be shown; {_REMEDY}"
            )

    def document(self, task: Mapping[str, Any]) -> Document:
        """The task's text; what was pushed with it (title, district, years) holds for it."""
        data = task.get("data")
        text = data.get("text") if isinstance(data, Mapping) else None
        if not isinstance(data, Mapping) or not isinstance(text, str) or not text.strip():
            raise DataError(f"task {_number(task)} has no text under `text`; {_REMEDY}")
        digest = sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
        source = Source("label studio", digest, "txt", "utf-8")
        return build(
            text, id=str(data.get("report") or "task"), known=metadata_of(_gold(data, task)), source=source
        )

    def result(self, prediction: Prediction, predictor: str) -> dict[str, object]:
        """Regions with year, kind and qualifier, relations, the score, and which model it was."""
        document = prediction.document
        (found,) = pre_annotate([document], _Given(predictor, prediction))
        marking = mark(found.report.records, found.spans)
        place = Place(document.id, 0, document.text)
        answer: dict[str, object] = {"model_version": predictor, "result": write_results(marking, place)}
        return answer if found.score is None else answer | {"score": found.score}


def _ours() -> str:
    return label_config()


def _controls(screen: str) -> set[str]:
    """The names of a screen's controls, and the labels that can be given."""
    try:
        root = fromstring(screen)
    except ParseError as error:
        raise ConfigError(f"the project's labelling screen is no XML ({error}); {_REMEDY}") from error
    controls = {f"{each.tag} {each.attrib['name']!r}" for each in root.iter() if "name" in each.attrib}
    return controls | {f"label {each.get('alias') or each.get('value')!r}" for each in root.iter("Label")}


def _gold(data: Mapping[str, Any], task: Mapping[str, Any]) -> Mapping[str, object]:
    """The line of gold that a pushed task carries; a task from elsewhere has none."""
    line = data.get("gold")
    if not isinstance(line, str):
        return {}
    try:
        found = json.loads(line)
    except ValueError as error:
        raise DataError(f"task {_number(task)}: `gold` is no JSON; {_REMEDY}") from error
    return found if isinstance(found, dict) else {}


def _number(task: Mapping[str, Any]) -> str:
    number = task.get("id")
    return str(number) if isinstance(number, int) else "without a number"
