"""Predictions as JSON: the records of `zhibiao extract`, and what was understood of the report."""

from __future__ import annotations

from zhibiao.assemble import assemble
from zhibiao.jsonl import dumps, record_schema, record_to_json
from zhibiao.schema import SCHEMA_VERSION, Document, Prediction
from zhibiao.version import __version__

__all__ = ["answer_of", "answer_schema", "as_bytes", "batch_schema", "document_to_json", "extraction"]

Json = dict[str, object]


def extraction(prediction: Prediction, *, with_text: bool) -> Json:
    """The report as it was understood, and its records."""
    document = document_to_json(prediction.document, with_text=with_text)
    return {"document": document, "records": [record_to_json(record) for record in assemble(prediction)]}


def answer_of(body: Json, predictor: str) -> Json:
    """An answer says what it was made by."""
    return {
        "schema_version": SCHEMA_VERSION,
        "program_version": __version__,
        "predictor": predictor,
        **body,
    }


def as_bytes(body: Json) -> bytes:
    """JSON with exact numbers."""
    # A lone surrogate has no UTF-8; its backslash escape is at the same time its JSON escape.
    return dumps(body).encode("utf-8", "backslashreplace")


def document_to_json(document: Document, *, with_text: bool) -> Json:
    """What was understood of the report; `text` is what offsets count in."""
    metadata, source = document.metadata, document.source
    found: Json = {
        "id": document.id,
        "title": metadata.title,
        "publisher": metadata.publisher,
        "district": metadata.district,
        "city": metadata.city,
        "report_year": metadata.report_year,
        "format": source.format if source else None,
        "sha256": source.sha256 if source else None,
        "characters": len(document.text),
        "notes": list(document.notes),
    }
    return found | {"text": document.text} if with_text else found


def _object(properties: Json, *, optional: tuple[str, ...] = ()) -> Json:
    required = [name for name in properties if name not in optional]
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


_TEXT: Json = {"type": "string"}
_TEXT_OR_NULL: Json = {"anyOf": [{"type": "string"}, {"type": "null"}]}
_COUNT: Json = {"type": "integer", "minimum": 0}


def record_component() -> Json:
    """The schema of a record, as a component of an OpenAPI description."""
    return {name: value for name, value in record_schema().items() if name not in ("$schema", "version")}


def _document_schema() -> Json:
    texts = ("title", "publisher", "district", "city", "format", "sha256")
    properties: Json = {
        "id": _TEXT,
        **dict.fromkeys(texts, _TEXT_OR_NULL),
        "report_year": {"anyOf": [{"type": "integer"}, {"type": "null"}]},
        "characters": _COUNT,
        "notes": {"type": "array", "items": _TEXT, "description": "What the reader wants to be known."},
        "text": {**_TEXT, "description": "With ?text=true: what offsets count in."},
    }
    return _object(properties, optional=("text",))


def _extraction() -> Json:
    records: Json = {"type": "array", "items": {"$ref": "#/components/schemas/Record"}}
    return {"document": _document_schema(), "records": records}


def answer_schema() -> Json:
    """The schema of the answer about one report."""
    return _object({"schema_version": _TEXT, "program_version": _TEXT, "predictor": _TEXT, **_extraction()})


def batch_schema() -> Json:
    """The schema of the answer about several: in their order, each done or failed."""
    done = _object({"status": {"const": "done"}, **_extraction()})
    error = _object({"code": _TEXT, "message": _TEXT})
    failed = _object({"status": {"const": "failed"}, "id": _TEXT, "error": error})
    results: Json = {"type": "array", "items": {"oneOf": [done, failed]}}
    return _object(
        {"schema_version": _TEXT, "program_version": _TEXT, "predictor": _TEXT, "results": results}
    )
