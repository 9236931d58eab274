"""Rates of change: 同比增长28.69%, 降幅收窄0.4个百分点, 翻两番."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from zhibiao.normalise.numbers import NUMBER, Number, NumberForm, exact, parse_number
from zhibiao.normalise.qualifiers import find_qualifier
from zhibiao.schema import Bounds
from zhibiao.tables.quantity_words import quantity_words
from zhibiao.tables.words import alternation

MAX_LENGTH = 200
"""A longer text is no rate of change; what stands beyond is not read."""

_DIGITS = "[0-9０-９]"
_YEAR = rf"{_DIGITS}{{4}}年?(?:底|末|同期|初)?"
_PAST = (
    rf"(?:上年度?|去年|前年|往年|常年|上月|上季度?|上半年|前[一二三]季度|一季度|年初|上届|本届|历史|{_YEAR}"
    r"|[“\"]?十[一二三四五]五[”\"]?(?:时期|期间)?|[一二两三四五六七八九十]年前|同期)(?:同期|同月|底|末|初)?"
)

COMPARISON = (
    rf"(?:同比|环比|同口径|同期比|可比价?|按(?:可比|不变)(?:价格?|口径)(?:计算)?|[较比](?:{_PAST})"
    rf"|[与和同](?:{_PAST})(?:相?比|(?=持平))"
    rf"|(?:近?[一二两三四五六七八九十]年|{_DIGITS}{{1,2}}年)(?:年?平均|年均)"
    r"|(?<![占对同环百之正反类])(?:较|比(?![例重率如值]))[^，,。；;、0-9０-９]{1,8}?"
    r"(?=增长|增加|提高|提升|上升|加快|下降|减少|降低|回落|收窄)"
    r"|年均|年平均|月均|季均|累计)"
)
"""Regex source, without groups, of what a rate of change is measured against."""

_UNITS = {
    "%": "%",
    "％": "%",
    "﹪": "%",
    "‰": "‰",
    "个百分点": "个百分点",
    "百分点": "个百分点",
    "个点": "个百分点",
    "个": "个百分点",
    "个基点": "个基点",
    "倍": "倍",
}


@dataclass(frozen=True, slots=True)
class Growth:
    """A rate of change: `rate` is signed, in `unit`; a range has `bounds` instead, 由负转正 neither."""

    rate: Decimal | None
    unit: str | None
    comparison: str | None = None
    bounds: Bounds | None = None
    qualifier: str | None = None


def parse_growth(text: str, *, sign: int | None = None, before: str = "") -> Growth | None:
    """What a GROWTH span says, or None where it says no rate of change.

    `sign` is that of the list in which a bare member stands (分别下降5%、6%); it decides only where the span
    has no direction of its own, and without either a rate is taken to rise. `before` is the text in front of
    the span, whose clause gives the comparison when the span has none. 翻番 is 100 %, 增长两成 20 %.
    """
    text = text[:MAX_LENGTH]
    found = _rate(text, sign)
    if found is None:
        return None
    direction = direction_of(text)
    minus = text[max(0, found.start - 1) : found.start] in ("-", "－", "−", "负")
    number = _times(found.number, Decimal(-1 if minus else direction or sign or 1))
    qualifier = find_qualifier(text, found.start, found.end, after=found.after) if found.end else None
    comparison = _comparison(text, before, bare=direction is None)
    return Growth(number.value, found.unit, comparison, number.bounds, qualifier)


def direction_of(text: str) -> int | None:
    """+1 or -1 by the direction words of a GROWTH span, None where it has none; 降幅收窄 rises."""
    if noun := _patterns()["falling"].search(text):
        return 1 if noun[1] else -1
    words = _patterns()["direction"].findall(text)
    return _directions()[words[-1]] if words else None


@dataclass(frozen=True, slots=True)
class _Rate:
    """A number, its unit, where the number stands in the span (if it is written), and where the unit ends."""

    number: Number
    unit: str | None
    start: int = 0
    end: int = 0
    after: int = 0


@cache
def _directions() -> dict[str, int]:
    """The sign of each direction word."""
    return dict.fromkeys(quantity_words().rise, 1) | dict.fromkeys(quantity_words().fall, -1)


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    """The compiled patterns of this module by name."""
    words = quantity_words()
    return {
        "direction": re.compile(alternation(_directions())),
        "falling": re.compile(f"(?:{alternation(words.falling)})(.*?(?:{alternation(words.easing)}))?"),
        "comparison": re.compile(COMPARISON),
        "clause": re.compile(r"[。；;！？\n]"),
        "comma": re.compile(r"[，,：:。；;！？\n]"),
        "tenths": re.compile(rf"({NUMBER})成(半|[一二三四五六七八九])?"),
        "rate": re.compile(rf"({NUMBER})[ 　]?[余多]?({alternation(_UNITS)})"),
        "bare": re.compile(rf"({NUMBER})[ 　]?[余多]?个?(?:以[上下内]|左右)?$"),
        "doubled": re.compile(r"翻(?:了|近|超|约|超过)?(?:([0-9]{1,2}|[一二两三四五六七八九十])番|番|倍)"),
    }


def _rate(text: str, sign: int | None) -> _Rate | None:
    """The rate that stands in `text`, without its sign: the last one where there are several."""
    patterns = _patterns()
    if match := patterns["doubled"].search(text):
        return _doubled(match)
    if match := patterns["tenths"].search(text):
        return _tenths(match)
    for match in reversed(list(patterns["rate"].finditer(text))):
        if number := parse_number(match[1]):
            return _Rate(number, _UNITS[match[2]], *match.span(1), match.end())
    if "由负转正" in text or "由正转负" in text:
        return _Rate(Number(None), None)
    if "持平" in text or "零增长" in text:
        return _Rate(Number(Decimal(0)), "%")
    return _without_unit(text) if sign is not None or direction_of(text) is not None else None


def _without_unit(text: str) -> _Rate | None:
    """A number whose unit stands with a later member of its list, or that is a fraction (百分之二十)."""
    match = _patterns()["bare"].search(text)
    number = parse_number(match[1]) if match else None
    if match is None or number is None:
        return None
    if number.form is NumberForm.FRACTION:
        return _Rate(_times(number, Decimal(100)), "%", *match.span(1), match.end())
    return _Rate(number, None, *match.span(1), match.end())


def _doubled(match: re.Match[str]) -> _Rate:
    """翻番 and 翻倍 are 100 %, 翻两番 300 %."""
    times = parse_number(match[1] or "一")
    rate = None if times is None or times.value is None else Decimal(100) * (2 ** int(times.value) - 1)
    return _Rate(Number(rate), "%", *(match.span(1) if match[1] else (0, 0)), match.end())


def _tenths(match: re.Match[str]) -> _Rate | None:
    """两成 is 20 %, 一成半 15 %."""
    number = parse_number(match[1])
    if number is None:
        return None
    digit = {"": Decimal(0), "半": Decimal(5)}.get(match[2] or "")
    more = parse_number(match[2] or "") if digit is None else Number(digit)
    extra = more.value if more and more.value else Decimal(0)
    return _Rate(_times(number, Decimal(10), extra), "%", *match.span(1), match.end())


def _times(number: Number, factor: Decimal, extra: Decimal = Decimal(0)) -> Number:
    """A number or range times `factor`, plus `extra`."""
    value = None if number.value is None else exact().fma(number.value, factor, extra)
    return Number(value, None if number.bounds is None else _scaled(number.bounds, factor), number.form)


def _scaled(ends: Bounds, factor: Decimal) -> Bounds:
    """Bounds times `factor`, the lower one first."""
    low, high = (None if end is None else exact().multiply(end, factor) for end in ends)
    return (low, high) if factor > 0 else (high, low)


def _comparison(text: str, before: str, *, bare: bool) -> str | None:
    """The comparison of the span, else the last in its clause, or in its sentence for a bare member."""
    if match := _patterns()["comparison"].search(text):
        return match[0]
    clause = _patterns()["clause" if bare else "comma"].split(before[-80:])[-1]
    found = _patterns()["comparison"].findall(clause)
    return found[-1] if found else None
