"""Requests to Documents: a report as JSON, or as an uploaded file; every refusal says what is wrong.

The models are also what the OpenAPI description shows.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from datetime import date
from hashlib import sha256
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Annotated, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, ValidationError

from inference.serve.refusals import RefusedError
from zhibiao.documents import build, read
from zhibiao.errors import ConfigError, ReadError
from zhibiao.schema import Document, Finding, Source

__all__ = [
    "Reports",
    "Stated",
    "TextReport",
    "document_of_file",
    "document_of_text",
    "parse",
    "stated_of_form",
]

_STEM, _SUFFIX = 50, 12
"""Characters that are kept of an uploaded file's name, so that every file system takes it."""


def _whole(value: object) -> object:
    """JSON Schema counts 2023.0 among the integers, so it is taken."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


Words = Annotated[str, StringConstraints(min_length=1, max_length=300, pattern=r"\S")]
Year = Annotated[int, Field(ge=1949, le=2100), BeforeValidator(_whole)]
Id = Annotated[
    str,
    StringConstraints(
        min_length=1, max_length=200, pattern=r"^[^/\\\x00-\x1f]*[^/\\\s\x00-\x1f][^/\\\x00-\x1f]*$"
    ),
]


class Stated(BaseModel):
    """What the sender knows of the report; it wins over what the text says."""

    model_config = ConfigDict(extra="forbid", strict=True)

    id: Id | None = Field(None, description="What the records call the report; no path.")
    title: Words | None = Field(None, description="The report's title.")
    publisher: Words | None = Field(None, description="Who published it.")
    district: Words | None = Field(None, description="The district (区, 县).")
    city: Words | None = Field(None, description="The city.")
    report_year: Year | None = Field(None, description="The year that the report reviews.")
    plan_year: Year | None = Field(None, description="The year that it plans.")
    sitting_year: Year | None = Field(None, description="The year in which it was given.")
    index_number: Words | None = Field(None, description="Its number at the publisher.")
    published: date | None = Field(None, description="When it was published.")

    def metadata(self) -> dict[str, str | int]:
        """The fields that are set, but for the id."""
        found = {name: getattr(self, name) for name in Stated.model_fields if name != "id"}
        plain = {
            name: value.isoformat() if isinstance(value, date) else value for name, value in found.items()
        }
        return {name: value for name, value in plain.items() if value is not None}


class TextReport(Stated):
    """A report's text and what is known of it."""

    text: str = Field(
        pattern=r"\S", description="The report as plain text; offsets of records count its code points."
    )


class Reports(BaseModel):
    """Several reports, each answered by itself."""

    model_config = ConfigDict(extra="forbid", strict=True)

    reports: list[TextReport] = Field(min_length=1)


ModelT = TypeVar("ModelT", bound=BaseModel)


def parse(model: type[ModelT], body: bytes) -> ModelT:
    """The request in a body of JSON; RefusedError names the field that is wrong and quotes nothing."""
    try:
        return model.model_validate_json(body)
    except ValidationError as error:
        raise RefusedError(422, _told(error, model)) from None


def stated_of_form(fields: Mapping[str, str]) -> Stated:
    """The metadata fields of a form; what was left blank counts as not stated."""
    filled = {name: _typed(name, value) for name, value in fields.items() if value.strip()}
    return parse(Stated, json.dumps(filled).encode())


def _typed(name: str, value: str) -> str | int:
    """Forms have no numbers, only texts of digits."""
    return int(value) if name.endswith("_year") and re.fullmatch(r"\s*\d{1,6}\s*", value) else value


def _told(error: ValidationError, model: type[BaseModel]) -> str:
    """Each mistake with its place. A key that we do not know may be anything, so it is not repeated."""
    aliases = {field.alias for field in model.model_fields.values() if field.alias}
    known = {*TextReport.model_fields, *model.model_fields, *aliases}
    found = error.errors(include_url=False, include_context=False, include_input=False)
    told = [f"{_place(item['loc'], known)}: {_reason(item['type'], item['msg'])}" for item in found[:5]]
    more = f" (and {len(found) - 5} more)" if len(found) > 5 else ""
    return f"{'; '.join(told)}{more}. Known are: {', '.join(model.model_fields)}"


def _place(loc: Iterable[str | int], known: set[str]) -> str:
    parts = [str(part) if isinstance(part, int) or part in known else "an unknown field" for part in loc]
    return ".".join(parts) or "the body"


def _reason(kind: str, message: str) -> str:
    return (
        "blank, or with characters that do not belong there" if kind == "string_pattern_mismatch" else message
    )


def document_of_text(report: TextReport, *, id: str = "report") -> Document:
    """The text, untouched, with its structure."""
    known = {name: Finding(value, "request") for name, value in report.metadata().items()}
    digest = sha256(report.text.encode()).hexdigest()
    source = Source("request", digest, "txt", "utf-8")
    return build(report.text, id=report.id or id, known=known, source=source)


def document_of_file(name: str, data: bytes, stated: Stated) -> Document:
    """The report in an uploaded file, read as `zhibiao extract` reads it.

    The readers take files, so it is one for a moment, in a folder of its own that only this user can enter.
    """
    with TemporaryDirectory(prefix="zhibiao-") as folder:
        path = Path(folder, _safe_name(name))
        path.write_bytes(data)
        try:
            return read(path, id=stated.id, overrides=stated.metadata())
        except ReadError as error:
            raise RefusedError(422, f"{error.finding}; {error.remedy}") from error
        except ConfigError as error:
            raise RefusedError(
                422, "the metadata of the report cannot be used; check years and date"
            ) from error


def _safe_name(name: str) -> str:
    """The name without folders and control characters: its suffix is the format, its stem the id."""
    last = PurePosixPath(name.replace("\\", "/")).name
    clean = re.sub(r"[\x00-\x1f\x7f/'\"\ud800-\udfff]", "", last).strip(". ") if last else ""
    stem, dot, suffix = clean.rpartition(".")
    if not dot or not stem:
        stem, suffix = clean, ""
    return (
        f"{stem[:_STEM] or 'report'}{dot and '.'}{suffix[:_SUFFIX]}" if suffix else stem[:_STEM] or "report"
    )
