import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import jsonschema
import pytest

from zhibiao.assemble import assemble
from zhibiao.documents import build
from zhibiao.errors import DataError
from zhibiao.jsonl import (
    read_documents,
    read_gold,
    read_records,
    record_schema,
    record_to_json,
    write_documents,
    write_records,
)
from zhibiao.jsonl.lines import dumps
from zhibiao.rules import RulePredictor
from zhibiao.schema import Finding, Kind, Measure, Period, PeriodKind, Record

FULL = Record(
    report_id="lancheng-2023",
    title="岚城街道2023年工作总结",
    publisher="岚城街道",
    district="云麓区",
    city=None,
    report_year=2023,
    indicator="财政总收入",
    indicator_context=None,
    indicator_code="fiscal_revenue",
    value=Decimal("6.45"),
    value_text="6.45",
    unit="亿元",
    value_base=Decimal("645000000"),
    unit_base="元",
    measure=Measure.LEVEL,
    year=2023,
    period=Period("2023-01", "2023-11", PeriodKind.CUMULATIVE),
    growth_rate=Decimal("-0.1"),
    growth_unit="%",
    growth_text="下降0.1%",
    comparison="同比",
    qualifier="超",
    bounds=(Decimal("6.45"), None),
    growth_qualifier=None,
    growth_bounds=None,
    kind=Kind.ACTUAL,
    confidence=0.75,
    confidences={"indicator": 0.75, "value": 1.0},
    method="model",
    spans={"indicator": (0, 5), "value": (6, 10), "unit": (10, 12), "growth": (13, 18)},
    evidence="财政总收入超6.45亿元，下降0.1%。",
)
BARE = replace(
    FULL,
    value=None,
    value_base=None,
    measure=None,
    year=None,
    period=None,
    bounds=None,
    growth_rate=None,
    confidence=None,
    confidences=None,
    method="rules",
    spans={"indicator": (0, 5), "growth": (13, 18)},
)


def test_records_come_back_to_the_last_digit(tmp_path):
    huge = replace(FULL, value=Decimal("0.1234567890123456789"), value_base=Decimal("1E+12"))
    records = [FULL, BARE, huge]
    write_records(tmp_path / "r.jsonl", records)
    assert list(read_records(tmp_path / "r.jsonl")) == records


def test_a_line_holds_the_fields_in_order_and_plain_numbers(tmp_path):
    write_records(tmp_path / "r.jsonl", [FULL])
    line = (tmp_path / "r.jsonl").read_text(encoding="utf-8")
    assert list(json.loads(line)) == list(record_schema()["required"])
    assert '"value": 6.45, ' in line
    assert '"value_base": 645000000, ' in line
    assert '"growth_rate": -0.1, ' in line
    assert '"bounds": [6.45, null]' in line
    assert '"period": {"start": "2023-01", "end": "2023-11", "kind": "cumulative"}' in line
    assert "财政总收入" in line


def as_read(record):
    return json.loads(dumps(record_to_json(record)))


@pytest.mark.parametrize("record", [FULL, BARE])
def test_the_schema_accepts_what_is_written(record):
    jsonschema.Draft202012Validator.check_schema(record_schema())
    jsonschema.validate(as_read(record), record_schema())


@pytest.mark.parametrize(
    "change",
    [
        {"value": "6.45"},
        {"kind": "wish"},
        {"measure": "colour"},
        {"period": {"start": "2023-13", "end": None, "kind": "point"}},
        {"spans": {"value": [1, 2]}},
        {"spans": {"indicator": [1, 2]}},
        {"bounds": [1]},
        {"confidence": 1.5},
        {"colour": "red"},
        {"method": "guess"},
        {"indicator": None},
    ],
)
def test_the_schema_refuses_what_is_no_record(change):
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(as_read(FULL) | change, record_schema())


@pytest.fixture(scope="module")
def extracted():
    """The records that the rules find in the fictional reports that ship with the project."""
    data = Path(__file__).resolve().parents[3] / "data"
    predictions = RulePredictor().predict(report.document for report in read_gold(data))
    return [record for prediction in predictions for record in assemble(prediction)]


def test_the_schema_accepts_what_the_rules_extract(extracted):
    assert len(extracted) > 50
    validator = jsonschema.Draft202012Validator(record_schema())
    for record in extracted:
        validator.validate(as_read(record))


def test_what_the_rules_extract_comes_back_as_it_was(extracted, tmp_path):
    write_records(tmp_path / "r.jsonl", extracted)
    assert list(read_records(tmp_path / "r.jsonl")) == extracted


def test_every_field_is_described():
    assert all(field["description"] for field in record_schema()["properties"].values())


@pytest.mark.parametrize(
    ("change", "finding"),
    [
        ({"value": "6.45"}, "'6.45' stands where a number or null was expected"),
        ({"kind": "wish"}, "'wish' is not a valid Kind"),
        ({"spans": {"indicator": [5, 2]}}, "where .start, end. was expected"),
        ({"spans": {"indicator": [0, 2]}}, "neither value nor growth"),
        ({"bounds": [1, 2, 3]}, "not a record"),
        ({"period": {"start": None}}, "not a record"),
        ({"colour": "red"}, "missing nothing, unknown colour"),
    ],
)
def test_a_line_that_is_no_record_is_cited(tmp_path, change, finding):
    path = tmp_path / "r.jsonl"
    path.write_text(dumps(as_read(FULL)) + "\n" + dumps(as_read(FULL) | change) + "\n", encoding="utf-8")
    with pytest.raises(DataError, match=finding) as caught:
        list(read_records(path))
    assert f"{path}:2: " in str(caught.value)


def test_documents_come_back_whole(tmp_path):
    text = (
        "云麓区岚城街道2023年工作总结\n"
        "一、2023年工作回顾\n新增停车位320个。\n"
        "二、2024年工作计划\n新增停车位400个。\n"
    )
    known = {"district": Finding("云麓区", "option"), "report_year": Finding(2023, "sidecar")}
    documents = [build(text, id="lancheng", known=known, notes=("a note",)), build("没有数字。", id="none")]
    write_documents(tmp_path / "d.jsonl", documents)
    assert list(read_documents(tmp_path / "d.jsonl")) == documents


def test_a_line_that_is_no_document_is_cited(tmp_path):
    (tmp_path / "d.jsonl").write_text('{"id": "x"}\n')
    with pytest.raises(DataError, match=r"d\.jsonl:1: not a document .*read the report again"):
        list(read_documents(tmp_path / "d.jsonl"))
