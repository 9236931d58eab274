"""What the page is given: nothing is lost, nothing can leave its script element."""

from __future__ import annotations

import dataclasses
import json
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from zhibiao.schema import Period, PeriodKind, Record
from zhibiao.view import ReportView, TextState
from zhibiao.view.payload import report_payload, script_json


def quotes(payload_text: Any) -> str:
    lines = (line for passage in payload_text["passages"] for line in passage)
    return "".join(part if isinstance(part, str) else part[0] for line in lines for part in line)


def flat(payload_text: Any) -> list[Any]:
    return [part for passage in payload_text["passages"] for line in passage for part in line]


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_script_json_is_inert_and_exact(text: str) -> None:
    written = script_json({"text": text})
    assert not set(written) & set("<>&\u2028\u2029")
    written.encode()
    assert json.loads(written) == {"text": text}


def test_a_closing_tag_in_a_report_stays_in_its_string() -> None:
    assert script_json("</script><!--") == '"\\u003c/script\\u003e\\u003c!--"'


def test_a_lone_surrogate_is_escaped_and_read_back() -> None:
    assert json.loads(script_json("\ud83d个")) == "\ud83d个"


def test_the_whole_text_is_there_with_every_span(lake: ReportView) -> None:
    payload = report_payload(lake)
    assert quotes(payload.text) == lake.text
    parts = flat(payload.text)
    for number, record in enumerate(lake.records):
        for slot, (start, end) in record.spans.items():
            mine = [p[0] for p in parts if not isinstance(p, str) and [slot, number] in p[1]]
            assert "".join(mine) == lake.text[start:end]


def test_evidence_is_the_sentence_as_segments(lake: ReportView) -> None:
    payload: Any = report_payload(lake)
    parts = [p if isinstance(p, str) else p[0] for p in flat(payload.text)]
    for record, shown in zip(lake.records, payload.head["records"], strict=True):
        first, last = shown["e"]
        assert "".join(parts[first:last]) == record.evidence


def without_text(report: ReportView, records: tuple[Record, ...]) -> ReportView:
    return dataclasses.replace(report, text=None, records=records, state=TextState.MISSING)


def test_without_a_text_each_sentence_stands_once_with_its_spans(lake: ReportView) -> None:
    payload: Any = report_payload(without_text(lake, lake.records))
    shown = [quotes({"passages": [passage]}) for passage in payload.text["passages"]]
    assert shown == list(dict.fromkeys(record.evidence for record in lake.records))
    assert all(record["ok"] for record in payload.head["records"])
    values = [p[0] for p in flat(payload.text) if not isinstance(p, str) and p[1][0][0] == "value"]
    assert values == ["6.45", "394", "13", "98.6", "1800", "5"]


def test_equal_sentences_at_two_places_are_two_passages(lake: ReportView) -> None:
    first = lake.records[0]
    again = dataclasses.replace(first, spans={s: (a + 900, b + 900) for s, (a, b) in first.spans.items()})
    payload: Any = report_payload(without_text(lake, (first, again)))
    assert len(payload.text["passages"]) == 2


@given(evidence=st.text("增5%个", min_size=2, max_size=12), data=st.data())
def test_without_a_text_marks_quote_what_the_record_says(
    model_record: Record, evidence: str, data: st.DataObject
) -> None:
    spans, said = {}, {}
    for slot in ("indicator", "value", "unit"):
        start = data.draw(st.integers(0, len(evidence) - 1))
        end = data.draw(st.integers(start + 1, len(evidence)))
        spans[slot], said[slot] = (start + 40, end + 40), evidence[start:end]
    record = dataclasses.replace(
        model_record,
        indicator=said["indicator"],
        value_text=said["value"],
        unit=said["unit"],
        spans=spans,
        evidence=evidence,
    )
    payload: Any = report_payload(ReportView("lake", None, None, (record,), TextState.MISSING))
    parts = flat(payload.text)
    assert quotes(payload.text) == evidence
    for slot, quote in said.items():
        marked = "".join(p[0] for p in parts if not isinstance(p, str) and [slot, 0] in p[1])
        assert marked in ({quote} if payload.head["records"][0]["ok"] else {""})


def test_a_quantity_that_may_stand_at_two_places_is_not_placed(lake: ReportView) -> None:
    record = dataclasses.replace(
        lake.records[3], spans={"indicator": (5, 8), "value": (52, 54)}, value_text="98", evidence="98、98"
    )
    payload: Any = report_payload(without_text(lake, (record,)))
    assert not payload.head["records"][0]["ok"]


def test_a_record_that_disagrees_with_the_text_is_flagged_not_drawn(lake: ReportView) -> None:
    wrong = dataclasses.replace(lake.records[0], value_text="7.45", value=Decimal("7.45"))
    far = dataclasses.replace(lake.records[1], spans={"indicator": (0, 4), "value": (9_000, 9_003)})
    payload: Any = report_payload(dataclasses.replace(lake, records=(wrong, far)))
    assert [record["ok"] for record in payload.head["records"]] == [False, False]
    assert all(isinstance(part, str) for part in flat(payload.text))
    assert payload.head["records"][0]["e"] is not None


def test_numbers_are_exact_and_sortable(lake: ReportView) -> None:
    payload: Any = report_payload(lake)
    money = payload.head["records"][0]
    assert money["f"]["value"] == "6.45"
    assert money["f"]["value_base"] == "645,000,000"
    assert money["f"]["growth_rate"] == "+12.5"
    assert money["k"] == {"value": 645_000_000.0, "growth": 12.5, "year": 2031.0}
    assert payload.head["records"][5]["f"]["bounds"] == "[1,800, +∞]"


def test_a_period_names_its_months(lake: ReportView) -> None:
    point = Period("2031-12", "2031-12", PeriodKind.POINT)
    since = Period("2031-03", None, PeriodKind.SPAN)
    records = (replace_period(lake, point), replace_period(lake, since), lake.records[0])
    payload: Any = report_payload(dataclasses.replace(lake, records=records))
    shown = [record["f"]["period"] for record in payload.head["records"]]
    assert shown == ["2031-12", "2031-03–…", "2031-01–2031-12"]


def replace_period(report: ReportView, period: Period) -> Record:
    return dataclasses.replace(report.records[0], period=period)


def test_unset_fields_are_left_out(hill: ReportView) -> None:
    payload: Any = report_payload(hill)
    growth_only = payload.head["records"][2]
    assert "value" not in growth_only["f"] and "value" not in growth_only["k"]
    assert growth_only["f"]["growth_rate"] == "−5"


def test_a_value_beyond_floats_is_shown_but_not_sorted(lake: ReportView) -> None:
    huge = dataclasses.replace(lake.records[0], value_base=Decimal(10) ** 400)
    payload: Any = report_payload(dataclasses.replace(lake, records=(huge,)))
    assert "value" not in payload.head["records"][0]["k"]
