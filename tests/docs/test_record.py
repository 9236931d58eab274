"""docs/record.md has every field, in order, with examples that the JSON Schema takes."""

from __future__ import annotations

import json
import re
from dataclasses import fields
from pathlib import Path

import jsonschema
import pytest

from zhibiao.jsonl.json_schema import record_schema
from zhibiao.schema import SCHEMA_VERSION, Measure, PeriodKind, Record

TEXT = (Path(__file__).parents[2] / "docs" / "record.md").read_text("utf-8")
ROWS = {
    name: (meaning, null, example)
    for name, meaning, null, example in re.findall(
        r"^\| `(\w+)` \| (.+?) \| (.+?) \| `(.+)` \|$", TEXT, re.MULTILINE
    )
}
PROPERTIES = record_schema()["properties"]
FIELDS = [field.name for field in fields(Record)]


def test_every_field_is_there_and_no_other() -> None:
    assert set(ROWS) == set(FIELDS) == set(PROPERTIES)
    assert f"version {SCHEMA_VERSION}" in " ".join(TEXT.split())


@pytest.mark.parametrize("name", FIELDS)
def test_the_example_is_valid(name: str) -> None:
    jsonschema.validate(json.loads(ROWS[name][2]), PROPERTIES[name])


@pytest.mark.parametrize("name", FIELDS)
def test_null_is_said_where_the_schema_allows_it(name: str) -> None:
    allowed = jsonschema.Draft202012Validator(PROPERTIES[name]).is_valid(None)
    assert ROWS[name][1].startswith("never") != allowed


def test_every_measure_and_kind_of_period_is_explained() -> None:
    explained = set(re.findall(r"^\| `(\w+)` \| [^|]+ \|$", TEXT, re.MULTILINE))
    assert explained == {*Measure, *PeriodKind}
