"""What a record says beyond its spans: kind, measure, sign of a list's member, context."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from zhibiao.normalise.growth import direction_of
from zhibiao.normalise.numbers import NumberForm, parse_number
from zhibiao.schema import Document, Kind, Measure, Role, Section, Sentence, Span


@cache
def _look_back() -> re.Pattern[str]:
    """In a plan: a clause that tells what is so already."""
    return re.compile("去年|上年|已经|(?<!业)已(?!知)|目前|现有|现已|截至|过去|这两年|近年来")


@cache
def _planned() -> re.Pattern[str]:
    """In a review: words that plan."""
    return re.compile(
        "力争|预期目标|计划(?:完成|实现|新增|投资|建设|用|到|今年|明年)|争取(?:实现|达到|完成|突破)|有望|目标(?:是|为)|拟(?:投资|建|用|新)"
    )


def kind_of(document: Document, section: Section | None, sentence: Sentence | None, quantity: Span) -> Kind:
    """`target` in a plan, unless the sentence looks back; elsewhere only where its clause plans."""
    if sentence is None:
        return Kind.ACTUAL
    text = document.text
    if section is not None and section.role is Role.PLAN:
        return Kind.ACTUAL if _look_back().search(text, sentence.start, sentence.end) else Kind.TARGET
    clause = max(text.rfind(mark, sentence.start, quantity.start) for mark in "，,；;")
    return (
        Kind.TARGET if _planned().search(text, max(clause, sentence.start), quantity.start) else Kind.ACTUAL
    )


@cache
def _changing() -> re.Pattern[str]:
    words = (
        "增加|减少|新增|净增|提高|提升|下降|降低|压减|缩减|上升|增长|多|少|增|减|降|升|扩大|缩短|收窄|回落"
    )
    qualifiers = "了|近|约|超过?|逾|至少|共|累计|达"
    return re.compile(rf"(?:{words})(?:{qualifiers})*$")


def measure_of(document: Document, value: Span, unit: str | None, indicator: str) -> Measure:
    """Level, change, share or ratio of a VALUE, by its form, its unit and the words before it."""
    number = parse_number(document.quote(value.offsets))
    form = number.form if number else NumberForm.PLAIN
    if (
        form is NumberForm.RATIO
        or unit == "倍"
        or (unit is None and re.search("倍差|收入比|倍数$", indicator))
    ):
        return Measure.RATIO
    if form is NumberForm.FRACTION or unit in ("%", "％", "‰", "成"):
        return Measure.SHARE
    before = document.text[max(0, value.start - 8) : value.start]
    return (
        Measure.CHANGE
        if _changing().search(before) or re.search("净增$|净减$|减少$", indicator)
        else Measure.LEVEL
    )


def sign_of(document: Document, growth: Span, growths: Sequence[Span]) -> int | None:
    """The direction that a bare member of a list takes from the list's head; None when it has its own."""
    if direction_of(document.quote(growth.offsets)) is not None:
        return None
    for other in reversed([span for span in growths if span.end <= growth.start]):
        if re.search("[。！？!?\n；;]", document.text[other.end : growth.start]):
            return None
        if (direction := direction_of(document.quote(other.offsets))) is not None:
            return direction
    return None


@cache
def _leaning() -> re.Pattern[str]:
    """Indicators that say too little alone."""
    return re.compile(
        r"总[数量额]|总投资额?|投资额?|完成投资|面积|总面积|建筑面积|产值|总产值|收入|总收入|金额|涉及金额|交易金额|总价值|完成率|办结率|满意率|占比|比重|比例|规模|增速|增幅|惠及|覆盖率?"
        r"|受益人数|参与人数?|参与人员|涉及人数|工作|项目|入选|出口|进口|税收占比|总里程|其中.*|占.*(?:比重|比例|份额)|减负|降本|新开工|竣工|投产"
    )


def context_of(document: Document, indicator: Span, indicators: Sequence[Span]) -> Span | None:
    """The indicator that a short one leans on: the last fuller one before it in its paragraph."""
    if not _leaning().fullmatch(document.quote(indicator.offsets)):
        return None
    for other in reversed([span for span in indicators if span.end <= indicator.start]):
        if re.search("[\n]", document.text[other.end : indicator.start]) or indicator.start - other.end > 120:
            return None
        if not _leaning().fullmatch(document.quote(other.offsets)):
            return other
    return None
