"""The JSON Schema of a record: what a program that reads `records.jsonl` may rely on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from enum import StrEnum

from zhibiao.schema import SCHEMA_VERSION, Kind, Label, Measure, PeriodKind, Record

_Json = dict[str, object]


def record_schema() -> _Json:
    """JSON Schema (draft 2020-12) of one line of `records.jsonl`."""
    properties = {name: {"description": text} | kind for name, (kind, text) in _properties().items()}
    names = [field.name for field in fields(Record)]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "zhibiao record",
        "description": "One statement that a measurable thing has a quantity, a rate of change, or both.",
        "version": SCHEMA_VERSION,
        **_object({name: properties[name] for name in names}, required=names),
    }


def _properties() -> dict[str, tuple[_Json, str]]:
    return {**_about_report(), **_about_quantity(), **_about_time_and_growth(), **_about_origin()}


def _about_report() -> dict[str, tuple[_Json, str]]:
    return {
        "report_id": (_TEXT, "The report: its file's stem unless given otherwise, never a path."),
        "title": (_or_null(_TEXT), "The report's title."),
        "publisher": (_or_null(_TEXT), "Who published the report."),
        "district": (_or_null(_TEXT), "The district that the report is about."),
        "city": (_or_null(_TEXT), "The city of the district."),
        "report_year": (_or_null(_WHOLE), "The year that the report reviews."),
    }


def _about_quantity() -> dict[str, tuple[_Json, str]]:
    return {
        "indicator": (_TEXT, "What is measured, in the report's words."),
        "indicator_context": (_or_null(_TEXT), "The noun phrase that a bare indicator leans on."),
        "indicator_code": (_or_null(_TEXT), "Our stable code of a known statistical indicator."),
        "value": (_or_null(_NUMBER), "The value as a number; null where the text is no single number."),
        "value_text": (_or_null(_TEXT), "The value in the report's words."),
        "unit": (_or_null(_TEXT), "The unit as stated, with its scale."),
        "value_base": (_or_null(_NUMBER), "The value in the base unit."),
        "unit_base": (_or_null(_TEXT), "The base unit."),
        "measure": (_or_null(_one_of(Measure)), "What sort of quantity the value is."),
        "qualifier": (_or_null(_TEXT), "The word that makes the value inexact."),
        "bounds": (_or_null(_BOUNDS), "Between what the value lies; null for an open end."),
    }


def _about_time_and_growth() -> dict[str, tuple[_Json, str]]:
    return {
        "year": (_or_null(_WHOLE), "The year of the quantity."),
        "period": (_or_null(_period()), "The months of the quantity."),
        "growth_rate": (_or_null(_NUMBER), "The signed rate of change, in growth_unit."),
        "growth_unit": (_or_null(_TEXT), "The unit of growth_rate: %, 个百分点, 倍 ..."),
        "growth_text": (_or_null(_TEXT), "The rate of change in the report's words."),
        "comparison": (_or_null(_TEXT), "What the rate compares with, in the report's words."),
        "growth_qualifier": (_or_null(_TEXT), "The word that makes the rate inexact."),
        "growth_bounds": (_or_null(_BOUNDS), "Between what the rate lies; null for an open end."),
        "kind": (_one_of(Kind), "Whether the quantity was reached or is planned."),
    }


def _about_origin() -> dict[str, tuple[_Json, str]]:
    return {
        "confidence": (_or_null(_SHARE), "The confidence of the weakest slot."),
        "confidences": (_or_null({"type": "object", "additionalProperties": _SHARE}), "Per slot."),
        "method": ({"enum": ["model", "rules"]}, "Which predictor made the record."),
        "spans": (_spans(), "Per slot, [start, end) in code points of the report's text."),
        "evidence": (_TEXT, "The sentence."),
    }


_TEXT: _Json = {"type": "string"}
_WHOLE: _Json = {"type": "integer"}
_NUMBER: _Json = {"type": "number"}
_SHARE: _Json = {"type": "number", "minimum": 0, "maximum": 1}
_OFFSET: _Json = {"type": "integer", "minimum": 0}


def _or_null(schema: _Json) -> _Json:
    return {"anyOf": [schema, {"type": "null"}]}


_BOUNDS: _Json = {"type": "array", "items": _or_null(_NUMBER), "minItems": 2, "maxItems": 2}
_SPAN: _Json = {"type": "array", "items": _OFFSET, "minItems": 2, "maxItems": 2}


def _one_of(choices: Iterable[StrEnum]) -> _Json:
    return {"enum": [choice.value for choice in choices]}


def _object(properties: _Json, *, required: list[str]) -> _Json:
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def _period() -> _Json:
    month = _or_null({"type": "string", "pattern": r"^\d{4}-(0[1-9]|1[0-2])$"})
    properties: _Json = {"start": month, "end": month, "kind": _one_of(PeriodKind)}
    return _object(properties, required=list(properties))


def _spans() -> _Json:
    slots: _Json = {label.slot: _SPAN for label in Label}
    return {
        **_object(slots | {"context": _SPAN}, required=["indicator"]),
        "anyOf": [{"required": ["value"]}, {"required": ["growth"]}],
    }
