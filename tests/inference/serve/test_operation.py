"""Metrics, log, description and pages: what they say, and what they must not."""

from __future__ import annotations

import json
import re
from typing import Any

import jsonschema
import pytest
from prometheus_client.parser import text_string_to_metric_families

from inference.serve.app import create_app
from zhibiao.rules import RulePredictor

TEXT = "全年新建公园3个。"


def test_metrics_count_and_name_no_path_of_the_clients(serve: Any) -> None:
    service = serve()
    service.extract(TEXT)
    service.client.get("/秘密")
    text = service.client.get("/metrics").text
    samples = {
        (sample.name, *sorted(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }
    labels = (("method", "POST"), ("path", "/extract"), ("status", "200"))
    assert samples["zhibiao_requests_total", *labels] == 1
    assert samples["zhibiao_requests_total", ("method", "GET"), ("path", "other"), ("status", "404")] == 1
    assert samples["zhibiao_characters_total",] == len(TEXT)
    assert samples["process_resident_memory_bytes",] > 0
    assert "秘密" not in text


def test_two_applications_share_no_numbers() -> None:
    one, other = (create_app(RulePredictor).state.service.metrics for _ in range(2))
    one.count_event()
    assert b"zhibiao_label_studio_events_total 1.0" in one.text()
    assert b"zhibiao_label_studio_events_total 0.0" in other.text()


def test_the_log_has_a_line_for_each_request_and_no_text(
    serve: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "zhibiao.serve")
    service = serve()
    service.extract("秘密公园3个。", title="秘密")
    service.client.get("/?lang=秘密")
    service.client.get("/health")
    lines = [record.getMessage() for record in caplog.records if record.name == "zhibiao.serve"]
    assert [line.rsplit(" ", 2)[0] for line in lines] == ["POST /extract 200", "GET / 422"]
    assert "秘密" not in caplog.text


def test_answers_may_not_be_kept_or_guessed_at(rules: Any) -> None:
    for answer in (rules.extract(TEXT), rules.client.get("/"), rules.client.get("/nowhere")):
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-content-type-options"] == "nosniff"


def test_the_description_has_an_example_that_was_computed(rules: Any) -> None:
    described = rules.client.get("/openapi.json").json()
    assert {"/extract", "/extract/batch", "/health", "/ready", "/metrics"} <= set(described["paths"])
    one = described["paths"]["/extract"]["post"]
    request = one["requestBody"]["content"]["application/json"]["example"]
    expected = one["responses"]["200"]["content"]["application/json"]["example"]
    assert rules.client.post("/extract", json=request).json() == expected
    assert len(expected["records"]) == 5
    many = described["paths"]["/extract/batch"]["post"]
    request = many["requestBody"]["content"]["application/json"]["example"]
    expected = many["responses"]["200"]["content"]["application/json"]["example"]
    assert rules.client.post("/extract/batch", json=request).json() == expected


def test_answers_keep_to_the_description(rules: Any) -> None:
    described = rules.client.get("/openapi.json").json()
    answers = described["paths"]["/extract"]["post"]["responses"]
    schema = answers["200"]["content"]["application/json"]["schema"]
    resolved = {**schema, "components": described["components"]}
    jsonschema.validate(rules.extract(TEXT).json(), resolved)
    refused = rules.client.post("/extract", json={}).json()
    schema = answers["422"]["content"]["application/json"]["schema"]
    jsonschema.validate(refused, {**schema, "components": described["components"]})


@pytest.mark.parametrize("path", ["/", "/?lang=en", "/?example=true", "/docs"])
def test_pages_load_nothing_and_run_nothing(path: str, rules: Any) -> None:
    page = rules.client.get(path)
    assert page.status_code == 200
    assert not re.search(r"""(?:src|href|action)=["']?(?:https?:)?//""", page.text)
    assert "<script" not in page.text
    assert "@import" not in page.text and "url(" not in page.text
    policy = page.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy


def test_the_page_shows_records_or_says_why_not(rules: Any) -> None:
    form = {"text": (None, f"{TEXT}\r\n次年<b>新建</b>桥梁2座。"), "title": (None, "")}
    page = rules.client.post("/view?lang=en", files=form)
    assert page.status_code == 200
    assert '<html lang="en">' in page.text
    blocks = re.findall(r'<script type="application/json" class="(?:report|text)">(.*?)</script>', page.text)
    head = json.loads(blocks[0])
    assert {record["f"]["indicator"] for record in head["records"]} >= {"新建公园"}
    assert "\\r" not in blocks[1]
    refused = rules.client.post("/view", files={"text": (None, " ")})
    assert refused.status_code == 422
    assert refused.headers["content-type"].startswith("text/html")
    assert "没有结果" in refused.text


def test_the_description_page_shows_every_route(rules: Any) -> None:
    page = rules.client.get("/docs").text
    for path in rules.client.get("/openapi.json").json()["paths"]:
        assert f" {path}</h2>" in page
    assert "规上工业增加值" in page
