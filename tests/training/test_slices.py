"""Each slice holds what its name says, and nothing else; figures are of its records alone."""

from dataclasses import replace

import pytest

from training.evaluate import GoldSpans, evaluate
from training.slices import SLICES, score_slices
from zhibiao.documents import build
from zhibiao.rules import RulePredictor
from zhibiao.schema import Finding, GoldRecord, GoldReport, Kind
from zhibiao.scoring import Counts

TEXT = (
    "一、2023年工作回顾\n"
    "2023年，棠湾区地区生产总值、财政总收入分别为320亿元、41亿元。\n"
    "新增就业超2000人，服务老人三百余人次，投诉量下降12%。\n"
    "绿化覆盖率达到45%，每个村配备2—3名网格员，改造了21处老旧小区。\n"
    f"{'我们坚持因地制宜、精准施策，' * 12}建成口袋公园6座。\n"
    "二、2024年工作安排\n"
    "新建学校3所。\n"
)


def record(indicator, value=None, unit=None, growth=None, *, kind=Kind.ACTUAL, year=2023, qualifier=None):
    quotes = {"indicator": indicator, "value": value, "unit": unit, "growth": growth}
    spans, at = {}, max(0, TEXT.index(indicator) - 10)
    for slot, quote in quotes.items():
        if quote:
            start = TEXT.index(quote, at)
            spans[slot] = (start, start + len(quote))
    if indicator == "地区生产总值":
        spans["year"] = (TEXT.index("2023年，"), TEXT.index("2023年，") + 5)
    return GoldRecord(spans, year, kind, qualifier)


GOLD = (
    record("地区生产总值", "320", "亿元"),
    record("财政总收入", "41", "亿元"),
    record("新增就业", "2000", "人", qualifier="超"),
    record("服务老人", "三百", "人次", qualifier="余"),
    record("投诉量", growth="下降12%"),
    record("绿化覆盖率", "45", "%"),
    record("网格员", "2—3", "名"),
    record("老旧小区", "21", "处"),
    record("口袋公园", "6", "座"),
    record("新建学校", "3", "所", kind=Kind.TARGET, year=2024),
)
known = {"report_year": Finding(2023, "gold"), "plan_year": Finding(2024, "gold")}
REPORTS = [GoldReport(build(TEXT, id="x", known=known), GOLD)]
SCORES = {score.name: score for score in score_slices(evaluate(REPORTS, GoldSpans(REPORTS)))}


@pytest.mark.parametrize(
    ("name", "gold"),
    [
        ("review", 9),
        ("plan", 1),
        ("actual", 9),
        ("target", 1),
        ("list", 2),
        ("range", 1),
        ("chinese_numeral", 1),
        ("qualifier", 2),
        ("percentage", 1),
        ("negative_growth", 1),
        ("no_year_in_sentence", 8),
        ("quantity_first", 2),
        ("long_sentence", 1),
        ("economic", 2),
    ],
)
def test_each_slice_holds_its_records(name, gold):
    assert SCORES[name].strict.gold == gold


def test_every_slice_is_scored_in_order():
    assert list(SCORES) == list(SLICES)
    every = Counts(len(GOLD), len(GOLD), len(GOLD))
    assert SCORES["review"].strict.gold + SCORES["plan"].strict.gold == every.gold
    domains = [SCORES[name].strict.gold for name in ("economic", "social", "uncatalogued")]
    assert sum(domains) <= every.gold


def test_an_empty_slice_scores_nothing():
    plain = [GoldReport(build("新建学校3所。", id="y"), ())]
    scores = {score.name: score for score in score_slices(evaluate(plain, GoldSpans(plain)))}
    assert scores["range"].strict == Counts()
    assert scores["range"].interval is None


def test_the_interval_is_over_the_reports_that_hold_the_slice():
    bare = GoldReport(build("建成口袋公园。", id="bare"), ())
    twin = GoldReport(build(TEXT, id="twin", known=known), GOLD)
    reports = [
        *REPORTS,
        twin,
        *(replace(bare, document=replace(bare.document, id=f"b{n}")) for n in range(9)),
    ]
    scores = {score.name: score for score in score_slices(evaluate(reports, GoldSpans(reports)))}
    assert scores["range"].strict.gold == 2
    assert (scores["range"].interval.low, scores["range"].interval.high) == (1, 1)


def test_a_spurious_record_counts_in_the_slice_of_what_was_predicted():
    bare = [GoldReport(REPORTS[0].document, ())]
    scores = {score.name: score for score in score_slices(evaluate(bare, RulePredictor()))}
    assert scores["negative_growth"].strict == Counts(gold=0, predicted=1, correct=0)
    assert scores["plan"].strict.predicted == 1
