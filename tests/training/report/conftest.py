"""A small evaluation with errors of several causes, and texts that try to be markup."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pytest

from training.curve_file import LearningCurve, Point
from training.evaluate import Evaluation, GoldSpans, evaluate
from training.report import Findings, Note, Run
from zhibiao.documents import build
from zhibiao.schema import Document, Finding, GoldRecord, GoldReport, Kind, Label, Prediction, Span
from zhibiao.scoring import gold_spans

EVIL = "<script>alert(1)</script>|**粗**&amp;{{reports}}"
TEXT = (
    "一、2023年工作回顾\n"
    f"全年新增停车位320个，改造老旧小区21处（{EVIL}）。\n"
    "财政总收入6.45亿元，同比增长8.5%，投诉量下降12%。\n"
    "二、2024年工作安排\n"
    "新建学校3所。\n"
)
RECORDS = (
    ("新增停车位", "320", "个", None, 2023),
    ("改造老旧小区", "21", "处", None, 2023),
    ("财政总收入", "6.45", "亿元", "同比增长8.5%", 2023),
    ("投诉量", None, None, "下降12%", 2023),
    ("新建学校", "3", "所", None, 2024),
)


def offsets(quote: str) -> tuple[int, int]:
    start = TEXT.index(quote)
    return (start, start + len(quote))


def report(id: str, district: str) -> GoldReport:
    known = {
        "district": Finding(district, "gold"),
        "report_year": Finding(2023, "gold"),
        "plan_year": Finding(2024, "gold"),
    }
    records = []
    for indicator, value, unit, growth, year in RECORDS:
        quotes = {"indicator": indicator, "value": value, "unit": unit, "growth": growth}
        spans = {slot: offsets(quote) for slot, quote in quotes.items() if quote}
        if value == "3":
            spans["value"] = (spans["unit"][0] - 1, spans["unit"][0])
        kind = Kind.TARGET if year == 2024 else Kind.ACTUAL
        records.append(GoldRecord(spans, year, kind))
    return GoldReport(build(TEXT, id=id, known=known), tuple(records))


REPORTS = [report("a", "云麓区"), report("b", "云麓区"), report("c", EVIL)]


class Careless:
    """Cuts an indicator, misses a quantity, and is `sure` of all it finds, or says nothing of it."""

    name = "careless/1 <b>"

    def __init__(self, sure: float | None) -> None:
        self.sure = sure

    def predict(self, documents: Iterable[Document]) -> Iterator[Prediction]:
        golds = {one.document.id: gold_spans(one) for one in REPORTS}
        for document in documents:
            spans = [self._seen(document, span) for span in golds[document.id]]
            kept = tuple(span for span in spans if document.quote(span.offsets) != "320")
            yield Prediction(document, kept, None, "model")

    def _seen(self, document: Document, span: Span) -> Span:
        cut = 2 if document.quote(span.offsets) == "改造老旧小区" else 0
        return Span(span.start + cut, span.end, Label(span.label), self.sure)


def point(reports: int, silver: bool, strict: float) -> Point:
    spread = (max(0.0, strict - 0.06), min(1.0, strict + 0.05))
    return Point(reports, 90 * reports, silver, 8, strict, min(1.0, strict + 0.04), spread, spread)


CURVE = LearningCurve(
    points=(
        *(point(count, False, f1) for count, f1 in ((1, 0.21), (2, 0.43), (5, 0.62), (10, 0.71), (25, 0.78))),
        *(point(count, True, f1) for count, f1 in ((1, 0.66), (2, 0.69), (5, 0.75), (10, 0.77), (25, 0.82))),
    ),
    scored_on=("a", "x", EVIL),
    held_out=True,
    source="out/<b>.curve/curve.json",
)


def findings_of(evaluation: Evaluation) -> Findings:
    run = Run(
        command="zhibiao evaluate --data gold.jsonl --method rules",
        versions={"zhibiao": "0.0"},
        data={"gold.jsonl": "0" * 64},
        config={"predictor": evaluation.predictor},
        seen=(Note("seen_rules"),),
    )
    linking = {"rules": evaluate(REPORTS, GoldSpans(REPORTS)), "model": evaluate(REPORTS, Careless(0.9))}
    return Findings(evaluation, run, linking=linking, curve=CURVE)


@pytest.fixture(scope="session")
def unsure() -> Findings:
    return findings_of(evaluate(REPORTS, Careless(None)))


@pytest.fixture(scope="session")
def sure() -> Findings:
    return findings_of(evaluate(REPORTS, Careless(0.95)))


@pytest.fixture(scope="session")
def perfect() -> Findings:
    return findings_of(evaluate(REPORTS, GoldSpans(REPORTS)))
