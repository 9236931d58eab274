"""docs/record.md has every field, in order, with examples that the JSON Schema takes."""

from __future__ import annotations

import json
import re
from dataclasses import fields
from pathlib import Path

import jsonschema
import pytest

import zhibiao
from zhibiao.jsonl import read_gold
from zhibiao.jsonl.json_schema import record_schema
from zhibiao.schema import SCHEMA_VERSION, Measure, PeriodKind, Record

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "record.md").read_text("utf-8")
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


@pytest.fixture(scope="module")
def records() -> list[Record]:
    """What the rules find in the fictional reports."""
    documents = (report.document for report in read_gold(ROOT / "data" / "gold.jsonl"))
    return list(zhibiao.extract(documents, zhibiao.load_predictor("rules")))


@pytest.mark.slow
def test_fields_are_null_where_the_page_says_so(records: list[Record]) -> None:
    for record in records:
        assert (record.value_base is None) == (record.value is None)
        assert (record.measure is None) == (record.value_text is None) == ("value" not in record.spans)
        assert (record.unit is None) == ("unit" not in record.spans)
        assert (record.period is None) == (record.year is None)
        assert (record.growth_text is None) == ("growth" not in record.spans)
        assert record.unit_base is not None or (record.unit or "万") in {
            "万",
            "亿",
            "万亿",
            "千",
            "百万",
            "千万",
        }
        assert record.confidence is None and record.confidences is None


@pytest.mark.slow
def test_intervals_are_there_where_the_page_says_so(records: list[Record]) -> None:
    ranges = [record for record in records if record.bounds and record.value is None]
    assert ranges and all(None not in (record.bounds or ()) for record in ranges)
    for record in records:
        if record.value is not None:
            assert (record.bounds is None) == (record.qualifier is None)
        if record.growth_rate is not None:
            assert (record.growth_bounds is None) == (record.growth_qualifier is None)
