"""Predictions to records: every field, with the predictor's links and without."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhibiao.assemble import assemble
from zhibiao.documents import build
from zhibiao.schema import Finding, Kind, Label, Link, Measure, Period, PeriodKind, Prediction, Span


def test_every_field_of_a_record(predict):
    prediction = predict(
        "一、2023年工作回顾\n[Y今年1-11月]，岚城[I财政总收入]超[V6.45][U亿元]，[G同比增长28.69%]。",
        publisher="岚城街道",
        district="云麓区",
        city="澄江市",
    )
    (record,) = assemble(prediction)
    quote = prediction.document.quote
    assert {slot: quote(offsets) for slot, offsets in record.spans.items()} == {
        "indicator": "财政总收入",
        "value": "6.45",
        "unit": "亿元",
        "growth": "同比增长28.69%",
        "year": "今年1-11月",
    }
    assert (record.report_id, record.title, record.publisher) == (
        "lancheng",
        "岚城区政府工作报告",
        "岚城街道",
    )
    assert (record.district, record.city, record.report_year) == ("云麓区", "澄江市", 2023)
    assert (record.indicator, record.indicator_context) == ("财政总收入", None)
    assert record.indicator_code is not None
    assert (record.value, record.value_text, record.unit) == (Decimal("6.45"), "6.45", "亿元")
    assert (record.value_base, record.unit_base, record.measure) == (Decimal(645000000), "元", Measure.LEVEL)
    assert (record.qualifier, record.bounds) == ("超", (Decimal("6.45"), None))
    assert (record.growth_rate, record.growth_unit) == (Decimal("28.69"), "%")
    assert (record.growth_text, record.comparison) == ("同比增长28.69%", "同比")
    assert (record.growth_qualifier, record.growth_bounds) == (None, None)
    assert (record.year, record.kind) == (2023, Kind.ACTUAL)
    assert record.period == Period("2023-01", "2023-11", PeriodKind.CUMULATIVE)
    assert (record.confidence, record.confidences, record.method) == (None, None, "model")
    assert record.evidence == "今年1-11月，岚城财政总收入超6.45亿元，同比增长28.69%。"


def test_the_code_depends_on_the_unit(records):
    money, share = records("[I贷款余额][V6][U亿元]。[I贷款余额][V6][U个]。")
    assert money.indicator_code is not None
    assert share.indicator_code != money.indicator_code


@pytest.mark.parametrize("links", [None, ()])
def test_a_prediction_without_spans_has_no_records(predict, links):
    assert assemble(replace(predict("岚城无数字。"), links=links)) == []


def test_spans_that_the_predictor_left_unlinked_make_no_record(predict):
    assert assemble(replace(predict("[I书屋][V3][U座]。"), links=())) == []


def test_the_predictor_s_links_win(predict):
    prediction = predict("[Y2021年]，[I书屋][V3][U座]，[Y2022年][I茶亭][V4][U座]。")
    quote = prediction.document.quote
    span = {quote(s.offsets): s for s in prediction.spans}
    crossed = (
        Link(span["4"], span["书屋"]),
        Link(span["3"], span["茶亭"]),
        Link(span["3"], span["2022年"]),
    )
    found = assemble(replace(prediction, links=crossed))
    assert [(r.indicator, r.value_text, r.unit, r.year) for r in found] == [
        ("茶亭", "3", None, 2022),
        ("书屋", "4", None, 2022),
    ]
    own = assemble(prediction)
    assert [(r.indicator, r.value_text, r.unit, r.year) for r in own] == [
        ("书屋", "3", "座", 2021),
        ("茶亭", "4", "座", 2022),
    ]


def test_a_record_is_as_sure_as_its_weakest_slot(predict):
    prediction = predict("[I书屋][V3][U座]。")
    scored = tuple(replace(s, score=0.9 if s.label is Label.VALUE else 0.8) for s in prediction.spans)
    (record,) = assemble(replace(prediction, spans=scored))
    assert record.confidences == {"value": 0.9, "indicator": 0.8, "unit": 0.8}
    assert record.confidence == 0.8


def test_records_stand_in_text_order(records):
    found = records("新添[V3][U座][I书屋]，[I茶亭]、[I茶园]均为[V4][U座]，[I茶价][G增长5%]。")
    assert [(r.indicator, r.value_text) for r in found] == [
        ("书屋", "3"),
        ("茶亭", "4"),
        ("茶园", "4"),
        ("茶价", None),
    ]


WORDS = (
    *(
        "茶园",
        "书屋",
        "总投资",
        "净增",
        "占比",
        "项目",
        "从",
        "由",
        "增加到",
        "分别",
        "达",
        "超",
        "近",
        "余",
        "以上",
        "占全省的",
    ),
    *(
        "3",
        "6.45",
        "百",
        "两",
        "10-15",
        "四分之一",
        "1:2",
        "亿元",
        "万",
        "%",
        "个",
        "家",
        "增长5%",
        "下降",
        "翻番",
        "6%",
    ),
    *(
        "2022年",
        "今年1-11月",
        "三年来",
        "自4月起",
        "“十四五”时期",
        "去年",
        "年均",
        "比",
        "的",
        "目前",
        "力争",
        "取得进展",
    ),
    *(
        "，",
        "、",
        "；",
        "。",
        "\n",
        " ",
        "一、2023年工作回顾\n",
        "二、2024年工作安排\n",
        "𠮷",
        "\ud800",
        "\x00",
        "٣",
    ),
)


@st.composite
def labelled(draw):
    """Any text with any spans that do not overlap, linked or not."""
    pieces = draw(st.lists(st.sampled_from(WORDS) | st.text(max_size=4), max_size=40))
    known = {"title": Finding("岚城区政府工作报告", "test")}
    if (year := draw(st.none() | st.integers(1950, 2060))) is not None:
        known["report_year"] = Finding(year, "test")
    if (plan := draw(st.none() | st.integers(1950, 2060))) is not None:
        known["plan_year"] = Finding(plan, "test")
    spans, at = [], 0
    for piece in pieces:
        if piece and draw(st.integers(0, 3)):
            spans.append(
                Span(at, at + len(piece), draw(st.sampled_from(Label)), draw(st.none() | st.floats(0, 1)))
            )
        at += len(piece)
    return build("".join(pieces), id="any", known=known), tuple(spans)


@given(labelled())
def test_any_spans_on_any_text_make_records_that_quote_the_text(found):
    document, spans = found
    records = assemble(Prediction(document, spans, None, "model"))
    quantities = {s.offsets for s in spans if s.label in (Label.VALUE, Label.GROWTH)}
    for record in records:
        texts = {slot: document.quote(offsets) for slot, offsets in record.spans.items()}
        assert texts["indicator"] == record.indicator
        assert texts.get("value") == record.value_text
        assert texts.get("unit") == record.unit
        assert texts.get("growth") == record.growth_text
        assert texts.get("context") == record.indicator_context
        assert record.evidence in document.text
        anchor = record.spans.get("value") or record.spans["growth"]
        assert anchor in quantities
        own = [s for s in document.sentences if s.start <= anchor[0] < s.end]
        assert [document.quote((s.start, s.end)) for s in own] in ([], [record.evidence])
    assert records == assemble(Prediction(document, tuple(reversed(spans)), None, "model"))
    assert not records or any(span.label is Label.INDICATOR for span in spans)
