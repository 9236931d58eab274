"""What Label Studio asks of a machine-learning backend, answered by the same predictor as everything else.

How tasks become Documents and predictions become regions is handed in: stages do not import one another.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from typing import Annotated, Any, Protocol

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field
from starlette.responses import JSONResponse, Response

from inference.serve.describing import route
from inference.serve.refusals import RefusedError, incident
from inference.serve.reports import parse
from inference.serve.routes import media_type
from inference.serve.service import Service
from zhibiao.errors import ZhibiaoError
from zhibiao.schema import Document, Prediction

__all__ = ["LabelStudioRoutes", "PreAnnotator"]

_LOG = logging.getLogger("zhibiao.serve")
_POST = (400, 401, 408, 409, 413, 415, 422, 500, 503, 504)


class PreAnnotator(Protocol):
    """Between Label Studio's tasks and Documents; ZhibiaoError says what is wrong with a task or screen."""

    def check(self, label_config: str) -> None:
        """Refuse a labelling screen that could not show the predictions."""
        ...

    def document(self, task: Mapping[str, Any]) -> Document:
        """The text of a task with what the task knows of its report."""
        ...

    def result(self, prediction: Prediction, predictor: str) -> dict[str, object]:
        """Regions, relations and score in Label Studio's own JSON, with the model's version."""
        ...


class Setup(BaseModel):
    """A project introduces itself. The access token that Label Studio sends along is not looked at."""

    label_config: str = Field("", alias="schema", description="The project's labelling screen.")


class Predict(BaseModel):
    """Tasks to be pre-annotated."""

    tasks: Annotated[list[dict[str, Any]], Field(min_length=1)]
    label_config: str = ""


class Event(BaseModel):
    """Something that happened in Label Studio."""

    action: str = ""


class LabelStudioRoutes:
    """`/setup`, `/predict` and `/webhook`; Label Studio asks `/health` as everybody does."""

    def __init__(self, service: Service, pre_annotator: PreAnnotator) -> None:
        self._service = service
        self._pre_annotator = pre_annotator
        self.router = APIRouter()
        for path, endpoint, model, answer in (
            ("/setup", self.setup, Setup, _VERSION),
            ("/predict", self.predict, Predict, _RESULTS),
            ("/webhook", self.webhook, Event, _NOTED),
        ):
            body = {"application/json": {"schema": model.model_json_schema()}}
            extra = {"requestBody": {"required": True, "content": body}}
            described = route({"schema": answer}, refusals=_POST, openapi_extra=extra, tags=["Label Studio"])
            self.router.add_api_route(path, endpoint, methods=["POST"], **described)

    async def setup(self, request: Request) -> Response:
        """Label Studio connects a project: which model answers here."""
        asked = parse(Setup, await _json(request))
        self._check(asked.label_config)
        self._service.predicting.check_ready()
        return JSONResponse({"model_version": self._service.predicting.name})

    async def predict(self, request: Request) -> Response:
        """Spans, their fields and relations for each task, in order."""
        self._service.predicting.check_ready()
        body = await _json(request)
        asked = await self._service.threads.run(lambda: parse(Predict, body))
        self._check(asked.label_config)
        documents = await self._service.threads.run(lambda: list(map(self._document, asked.tasks)))
        results = await asyncio.gather(*map(self._result, documents))
        return JSONResponse({"results": results, "model_version": self._service.predicting.name})

    async def webhook(self, request: Request) -> Response:
        """Events are counted. Annotations stay in Label Studio until `zhibiao annotate pull` fetches them."""
        event = parse(Event, await _json(request))
        if event.action == "START_TRAINING":
            raise RefusedError(
                409, "this service does not train; pull the annotations and train with zhibiao"
            )
        self._service.metrics.count_event()
        return JSONResponse({"status": "noted"})

    def _check(self, label_config: str) -> None:
        try:
            self._pre_annotator.check(label_config)
        except ZhibiaoError as error:
            raise RefusedError(400, str(error)) from error

    def _document(self, task: Mapping[str, Any]) -> Document | None:
        try:
            return self._pre_annotator.document(task)
        except ZhibiaoError as error:
            _LOG.warning("a task of Label Studio gets no prediction: %s", error)
            return None

    async def _result(self, document: Document | None) -> Mapping[str, object] | list[object]:
        """Label Studio sends many tasks at once; for one that is answered by `[]` it stores no prediction."""
        if document is None:
            return []
        try:
            return await self._service.predicting.submit(document, self._pre_annotator.result)
        except RefusedError:
            raise
        except Exception as error:  # noqa: BLE001 - a bug that one task brings out must not cost the others
            incident(error)
            return []


async def _json(request: Request) -> bytes:
    if media_type(request) != "application/json":
        raise RefusedError(415, "Label Studio sends application/json")
    return await request.body()


_ITEMS = {"type": "array", "items": {"type": "object"}}
_RESULT = {
    "type": "object",
    "properties": {"result": _ITEMS, "score": {"type": "number"}, "model_version": {"type": "string"}},
    "required": ["result", "model_version"],
}
_NOTHING = {
    "type": "array",
    "maxItems": 0,
    "description": "A task that gets no prediction; the log says why.",
}
_VERSION = {
    "type": "object",
    "properties": {"model_version": {"type": "string"}},
    "required": ["model_version"],
}
_RESULTS = {
    "type": "object",
    "properties": {
        "results": {"type": "array", "items": {"anyOf": [_RESULT, _NOTHING]}},
        "model_version": {"type": "string"},
    },
    "required": ["results", "model_version"],
}
_NOTED = {"type": "object", "properties": {"status": {"const": "noted"}}, "required": ["status"]}
