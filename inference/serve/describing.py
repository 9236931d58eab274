"""What the OpenAPI description says of each route: bodies, answers, refusals, and a computed example."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from starlette.responses import Response

from inference.serve.answers import (
    answer_of,
    answer_schema,
    as_bytes,
    batch_schema,
    extraction,
    record_component,
)
from inference.serve.example import EXAMPLE
from inference.serve.refusals import REFUSALS, refusal_body
from inference.serve.reports import Stated, TextReport, document_of_text
from zhibiao.rules import RulePredictor
from zhibiao.version import __version__

__all__ = ["describe", "route"]

Json = dict[str, Any]

_SUMMARY = (
    "Structured, sourced, normalised indicator records from Chinese government reports. Offsets are "
    "half-open and count code points of the report's text. Refusals are objects with `error.code` and "
    "`error.message`; 503 comes with Retry-After."
)
_POST = (400, 401, 408, 413, 415, 422, 500, 503, 504)


def route(schema: Json | None = None, *, refusals: tuple[int, ...] = (401, 500), **more: Any) -> Json:
    """What `add_api_route` is told of a route that answers with JSON of a schema."""
    answers: dict[int | str, Json] = {status: _refused(status) for status in refusals}
    if schema is not None:
        answers[200] = {"description": "Done.", "content": {"application/json": schema}}
    return {"responses": answers, "response_model": None, "response_class": Response, **more}


def _refused(status: int) -> Json:
    code, meaning = REFUSALS[status]
    example = refusal_body(status, meaning)
    content = {"schema": {"$ref": "#/components/schemas/Refusal"}, "example": example}
    headers = {"Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer"}}}
    described: Json = {"description": f"{code}: {meaning}", "content": {"application/json": content}}
    return described | {"headers": headers} if status == 503 else described


def extract() -> Json:
    """`POST /extract`."""
    body = {
        "application/json": {
            "schema": {"$ref": "#/components/schemas/TextReport"},
            "example": _example_request(),
        },
        "multipart/form-data": {"schema": _form_schema()},
    }
    answer = {"schema": answer_schema()}
    return route(answer, refusals=_POST, openapi_extra=_body(body), tags=["extraction"])


def batch(most: int) -> Json:
    """`POST /extract/batch`."""
    reports = {
        "type": "array",
        "items": {"$ref": "#/components/schemas/TextReport"},
        "minItems": 1,
        "maxItems": most,
    }
    schema = {
        "type": "object",
        "properties": {"reports": reports},
        "required": ["reports"],
        "additionalProperties": False,
    }
    body = {"application/json": {"schema": schema, "example": {"reports": [_example_request()]}}}
    answer = {"schema": batch_schema()}
    return route(answer, refusals=_POST, openapi_extra=_body(body), tags=["extraction"])


def health() -> Json:
    """`GET /health`."""
    schema = _strings("status", "version")
    answer = {"schema": schema, "example": {"status": "UP", "version": __version__}}
    return route(answer, refusals=(), tags=["operation"])


def ready() -> Json:
    """`GET /ready`."""
    state = {"type": "string", "enum": ["loading", "ready", "failed", "stopped"]}
    name = {"anyOf": [{"type": "string"}, {"type": "null"}]}
    schema = {"type": "object", "properties": {"state": state, "predictor": name}, "required": ["state"]}
    described = route({"schema": schema}, refusals=(), tags=["operation"])
    described["responses"][503] = {
        "description": "Not yet.",
        "content": {"application/json": {"schema": schema}},
    }
    return described


def metrics() -> Json:
    """`GET /metrics`."""
    described = route(tags=["operation"])
    described["responses"][200] = {
        "description": "Counters.",
        "content": {"text/plain": {"schema": {"type": "string"}}},
    }
    return described


def _strings(*names: str) -> Json:
    return {
        "type": "object",
        "properties": {name: {"type": "string"} for name in names},
        "required": [*names],
    }


def _body(content: Json) -> Json:
    return {"requestBody": {"required": True, "content": content}}


def _form_schema() -> Json:
    file = {"type": "string", "format": "binary", "description": "A .txt, .html, .docx or .pdf file."}
    stated = Stated.model_json_schema()["properties"]
    return {"type": "object", "properties": {"file": file, **stated}, "required": ["file"]}


def _example_request() -> Json:
    return {"id": "tangwan-2024", "text": EXAMPLE}


def _example_answer() -> Json:
    """What the rules make of the example: computed, so that it cannot grow old."""
    report = TextReport.model_validate(_example_request())
    predictor = RulePredictor()
    (prediction,) = predictor.predict([document_of_text(report)])
    body = answer_of(extraction(prediction, with_text=False), predictor.name)
    answer: Json = json.loads(as_bytes(body))
    return answer


def describe(app: FastAPI) -> Json:
    """The OpenAPI description of the application, made once."""
    if app.openapi_schema is None:
        found = get_openapi(title="zhibiao", version=__version__, description=_SUMMARY, routes=app.routes)
        _complete(found)
        app.openapi_schema = found
    return app.openapi_schema


def _complete(found: Json) -> None:
    """Components that FastAPI cannot know, the computed examples, and no 422 of FastAPI's own form."""
    text = TextReport.model_json_schema()
    schemas = {"Record": record_component(), "Refusal": _refusal_schema(), "TextReport": text}
    schemes = {"bearer": {"type": "http", "scheme": "bearer"}, "basic": {"type": "http", "scheme": "basic"}}
    found["components"] = {"schemas": schemas, "securitySchemes": schemes}
    for path, methods in found["paths"].items():
        for operation in methods.values():
            _settle(operation, open_to_all=path in ("/health", "/ready"))
    one = _example_answer()
    about = {name: value for name, value in one.items() if name not in ("document", "records")}
    done = {"status": "done", "document": one["document"], "records": one["records"]}
    for path, example in (("/extract", one), ("/extract/batch", {**about, "results": [done]})):
        found["paths"][path]["post"]["responses"]["200"]["content"]["application/json"]["example"] = example


def _settle(operation: Json, *, open_to_all: bool) -> None:
    if not open_to_all:
        operation["security"] = [{}, {"bearer": []}, {"basic": []}]
    own = operation["responses"].get("422")
    if own and "HTTPValidationError" in json.dumps(own):
        operation["responses"]["422"] = _refused(422)


def _refusal_schema() -> Mapping[str, Any]:
    error = {**_strings("code", "message"), "additionalProperties": False}
    properties = {"error": error}
    return {"type": "object", "properties": properties, "required": ["error"], "additionalProperties": False}
