"""The routes that programs use: one report, many, and how the service is."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from starlette.datastructures import FormData, UploadFile

from inference.serve import describing
from inference.serve.answers import answer_of, as_bytes, extraction
from inference.serve.metrics import CONTENT_TYPE_LATEST
from inference.serve.predicting import State
from inference.serve.refusals import RefusedError, incident, refusal_body
from inference.serve.reports import (
    Reports,
    TextReport,
    document_of_file,
    document_of_text,
    parse,
    stated_of_form,
)
from inference.serve.service import Service
from zhibiao.schema import Document, Prediction
from zhibiao.version import __version__

__all__ = ["Form", "Routes", "document_of_form", "media_type", "read_form"]

_JSON, _FORM = "application/json", "multipart/form-data"

WithText = Annotated[
    bool, Query(alias="text", description="Answer with the text that offsets count in, too.")
]


class Routes:
    """The endpoints of extraction and operation."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self.router = APIRouter()
        self._add_extraction()
        self._add_operation()

    def _add_extraction(self) -> None:
        add = self.router.add_api_route
        add("/extract", self.extract, methods=["POST"], **describing.extract())
        batch = describing.batch(self._service.settings.max_reports)
        add("/extract/batch", self.extract_batch, methods=["POST"], **batch)

    def _add_operation(self) -> None:
        add = self.router.add_api_route
        add("/health", self.health, methods=["GET"], **describing.health())
        add("/ready", self.ready, methods=["GET"], **describing.ready())
        add("/metrics", self.metrics, methods=["GET"], **describing.metrics())

    async def extract(self, request: Request, with_text: WithText = False) -> Response:
        """The records of one report, given as JSON or as a file (.txt .html .docx .pdf)."""
        self._service.predicting.check_ready()
        document = await self._document(request)

        def finish(prediction: Prediction, predictor: str) -> bytes:
            return as_bytes(answer_of(extraction(prediction, with_text=with_text), predictor))

        answer = await self._service.predicting.submit(document, finish)
        return Response(answer, media_type=_JSON)

    async def _document(self, request: Request) -> Document:
        body = await request.body()
        match media_type(request):
            case "application/json":
                return await self._service.threads.run(lambda: document_of_text(parse(TextReport, body)))
            case "multipart/form-data":
                form = await read_form(request, self._service.settings.max_bytes)
                return await self._service.threads.run(lambda: document_of_form(form))
        raise RefusedError(415, f"send a report as {_JSON}, or a file as {_FORM}")

    async def extract_batch(self, request: Request, with_text: WithText = False) -> Response:
        """The records of several reports, each in its place, done or failed by itself."""
        self._service.predicting.check_ready()
        if media_type(request) != _JSON:
            raise RefusedError(415, f"send reports as {_JSON}")
        body = await request.body()
        documents = await self._service.threads.run(lambda: self._documents(body))
        results = await asyncio.gather(*(self._result(document, with_text) for document in documents))
        answer = answer_of({"results": results}, self._service.predicting.name or "")
        return Response(await self._service.threads.run(lambda: as_bytes(answer)), media_type=_JSON)

    def _documents(self, body: bytes) -> list[Document]:
        reports = parse(Reports, body).reports
        most = self._service.settings.max_reports
        if len(reports) > most:
            raise RefusedError(
                422, f"{len(reports)} reports, more than {most}; send them in several requests"
            )
        return [document_of_text(report, id=f"report-{n}") for n, report in enumerate(reports, start=1)]

    async def _result(self, document: Document, with_text: bool) -> Mapping[str, object]:
        """One result of a batch; what goes wrong with it is its own result."""

        def finish(prediction: Prediction, _: str) -> dict[str, object]:
            return {"status": "done", **extraction(prediction, with_text=with_text)}

        try:
            return await self._service.predicting.submit(document, finish)
        except RefusedError as error:
            refused = error
        except Exception as error:  # noqa: BLE001 - a bug that one report brings out must not cost the others
            refused = incident(error)
        return {"status": "failed", "id": document.id, **refusal_body(refused.status, refused.message)}

    async def health(self) -> Response:
        """The process is alive. Label Studio asks this too."""
        return Response(json.dumps({"status": "UP", "version": __version__}), media_type=_JSON)

    async def ready(self) -> Response:
        """Whether the model is loaded, so that reports can be sent."""
        predicting = self._service.predicting
        body: dict[str, Any] = {"state": predicting.state.value, "predictor": predicting.name}
        ready = predicting.state is State.READY
        headers = {} if ready else {"Retry-After": "2"}
        return Response(json.dumps(body), 200 if ready else 503, headers, _JSON)

    async def metrics(self) -> Response:
        """Counters for Prometheus."""
        return Response(self._service.metrics.text(), media_type=CONTENT_TYPE_LATEST)


def media_type(request: Request) -> str:
    """The body's type without its parameters."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


@dataclass(frozen=True, slots=True)
class Form:
    """What a form held: a file or a text, and the other fields that are filled in."""

    name: str
    data: bytes | None
    text: str
    fields: Mapping[str, str]


async def read_form(request: Request, most: int) -> Form:
    """The form's parts, in memory."""
    async with request.form(max_files=1, max_fields=20, max_part_size=most) as form:
        file, fields = _parts(form)
        text = fields.pop("text", "")
        if file is not None and file.filename:
            return Form(file.filename, await file.read(), text, fields)
    return Form("", None, text, fields)


def document_of_form(form: Form) -> Document:
    """The report in the form's file, or else in its field `text`."""
    stated = stated_of_form(form.fields)
    if form.data is not None:
        return document_of_file(form.name, form.data, stated)
    if not form.text.strip():
        raise RefusedError(422, "no report in the form: send a file as `file`, or a text as `text`")
    # Browsers send every line end of a text field as \r\n; nobody typed those.
    return document_of_text(TextReport(text=form.text.replace("\r\n", "\n"), **stated.model_dump()))


def _parts(form: FormData) -> tuple[UploadFile | None, dict[str, str]]:
    file: UploadFile | None = None
    fields: dict[str, str] = {}
    for name, value in form.multi_items():
        if not isinstance(value, UploadFile):
            fields[name] = value
        elif name == "file":
            file = value
        else:
            raise RefusedError(422, "a file in a field other than `file`; send the report's file as `file`")
    return file, fields
