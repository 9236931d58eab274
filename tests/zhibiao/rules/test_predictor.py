"""The predictor as a whole: its promises on any document."""

from __future__ import annotations

import pickle
import time
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhibiao.documents import build
from zhibiao.rules import RulePredictor
from zhibiao.schema import Document, Label, Prediction, Span

REPORT = """云岭街道2023年工作总结和2024年工作思路
一、2023年工作回顾
2023年，街道实现财政总收入18.2亿元，同比增长9.6%；新引进企业42家。全年走访企业300余家次。
二、2024年工作思路
力争财政总收入达到20亿元以上，新建口袋公园3个。
"""

SNIPPETS = st.sampled_from(
    [
        *"一二三四五六七八九十百千万亿0123456789.%，、。；（）“”年月个家项元余超近的",
        "同比增长",
        "分别",
        "比2019年",
        "亿元",
        "\ud800",
        "𠮷",
    ]
)


def predict(text: str) -> Prediction:
    document = build(text, id="report")
    (prediction,) = RulePredictor().predict([document])
    return prediction


def quotes(prediction: Prediction, label: Label) -> list[str]:
    return [prediction.document.quote(span.offsets) for span in prediction.spans if span.label is label]


def test_spans_of_a_small_report() -> None:
    prediction = predict(REPORT)
    assert prediction.method == "rules"
    assert quotes(prediction, Label.VALUE) == ["18.2", "42", "300", "20", "3"]
    assert quotes(prediction, Label.GROWTH) == ["同比增长9.6%"]
    assert quotes(prediction, Label.YEAR) == ["2023年", "全年"]
    assert quotes(prediction, Label.INDICATOR) == [
        "财政总收入",
        "新引进企业",
        "走访企业",
        "财政总收入",
        "新建口袋公园",
    ]


def test_links_are_made_of_the_spans() -> None:
    prediction = predict(REPORT)
    spans = set(prediction.spans)
    assert prediction.links
    assert all(link.quantity in spans and link.argument in spans for link in prediction.links)


def test_a_target_has_the_year_of_its_own_deadline() -> None:
    prediction = predict(
        "二、2024年工作思路\n改造老旧小区6个、面积12万平方米，力争2026年底完工。新建公园3个。"
    )
    dated = {
        prediction.document.quote(link.quantity.offsets)
        for link in prediction.links or ()
        if link.argument.label is Label.YEAR
    }
    assert dated == {"6", "12"}
    assert quotes(prediction, Label.YEAR) == ["2026年底"]


def test_the_predictor_pickles_and_keeps_order() -> None:
    predictor = pickle.loads(pickle.dumps(RulePredictor()))
    documents = [build(f"新建公园{number}个。", id=str(number)) for number in (3, 1, 2)]
    found = [(one.document.id, quotes(one, Label.VALUE)) for one in predictor.predict(iter(documents))]
    assert found == [("3", ["3"]), ("1", ["1"]), ("2", ["2"])]


def test_a_report_without_numbers_has_no_spans() -> None:
    assert predict("各位代表：持续优化营商环境，不断增进民生福祉。").spans == ()


def assert_clean(document: Document, spans: tuple[Span, ...]) -> None:
    """Sorted, disjoint, within a sentence, no blank or comma at an edge."""
    for before, after in pairwise(spans):
        assert before.end <= after.start
    for span in spans:
        quote = document.quote(span.offsets)
        assert quote == quote.strip(" ，、。；\u3000")
        assert any(one.start <= span.start and span.end <= one.end for one in document.sentences)


@settings(max_examples=300, deadline=None)
@given(st.lists(SNIPPETS, max_size=60).map("".join))
def test_any_text_gives_clean_spans(text: str) -> None:
    prediction = predict(text)
    assert_clean(prediction.document, prediction.spans)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200))
def test_no_text_raises(text: str) -> None:
    assert_clean(build(text, id="x"), predict(text).spans)


@pytest.mark.slow
@pytest.mark.parametrize("piece", ["增长", "1", "达到", "第一、", "“", "10个", "(", "百亿元", "比去年"])
def test_time_grows_with_the_text_only(piece: str) -> None:
    """A sentence without end costs no more than ten times one a tenth as long, with room for noise."""

    def seconds(size: int) -> float:
        text = piece * (size // len(piece))
        start = time.perf_counter()
        predict(text)
        return time.perf_counter() - start

    small = max(min(seconds(20_000) for _ in range(2)), 0.02)
    assert seconds(200_000) < 40 * small
