"""A service of a trained model, in torch and exported: the records of `extract`, also to many at once."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

import zhibiao
from inference.export import Recipe, export
from zhibiao.jsonl import dumps, read_gold, record_to_json
from zhibiao.tagger.loading import ModelFactory

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1200)]


@pytest.fixture(scope="module", params=["torch", "onnx"])
def folder(request: pytest.FixtureRequest, tiny_model: Path, lessons: Any, tmp_path_factory: Any) -> Path:
    if request.param == "torch":
        return tiny_model
    target: Path = tmp_path_factory.mktemp("exported") / "model"
    return export(tiny_model, target, list(read_gold(lessons.gold)), make=Recipe()).folder


def told(records: Any) -> list[Any]:
    """Without scores, which may differ in the last digit with the batch that a request falls into."""
    return [
        {name: value for name, value in record.items() if name not in ("confidence", "slot_confidence")}
        for record in records
    ]


@pytest.mark.parametrize("advised", [False, True])
def test_requests_at_once_get_the_records_of_extract(
    serve: Any, folder: Path, lessons: Any, advised: bool
) -> None:
    factory = ModelFactory(folder, precision="fp32", advised=advised)
    service = serve(factory)
    documents = [report.document for report in read_gold(lessons.gold)]
    sent = [{"text": one.text, "id": one.id} for one in documents] * 2
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda one: service.client.post("/extract", json=one), sent))
    assert {answer.status_code for answer in answers} == {200}
    for one, answer in zip(sent, answers, strict=True):
        document = zhibiao.documents.build(one["text"], id=one["id"])
        wanted = [
            json.loads(dumps(record_to_json(record))) for record in zhibiao.extract([document], factory())
        ]
        assert wanted
        assert told(answer.json()["records"]) == told(wanted)
        assert answer.json()["predictor"] == factory.name
