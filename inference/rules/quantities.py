"""Finds quantities (VALUE with UNIT) and rates of change (GROWTH) in a sentence's half-width text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from inference.rules import exclusions
from zhibiao.normalise.numbers import NUMBER
from zhibiao.schema import Offsets
from inference.rules.sorts import Sort, sort_of
from zhibiao.tables.units import measure_words

SCALE = "[十百千万亿]{1,3}"
TAIL = "(?:以上|以下|以内|之内|左右|上下|之间|不等)"


@dataclass(frozen=True, slots=True)
class Quantity:
    """A VALUE and its UNIT; `end` lies after a trailing qualifier (余, 以上)."""

    value: Offsets
    unit: Offsets | None
    end: int
    sort: Sort

    @property
    def start(self) -> int:
        """Where the number begins."""
        return self.value[0]


@dataclass(frozen=True, slots=True)
class Growth:
    """A rate of change; `head` is False for the bare later members of a list (分别增长5%、6%)."""

    start: int
    end: int
    head: bool


@cache
def quantity_pattern() -> re.Pattern[str]:
    """A number with all that may touch it: 1万|余|名|以上."""
    words = "|".join(sorted(map(re.escape, measure_words()), key=len, reverse=True))
    unit = f"(?:{SCALE})?(?:{words})|{SCALE}"
    return re.compile(
        f"(?P<number>[十百千](?=亿千[瓦伏])|(?:(?<=破)|(?<=超)|(?<=过)|(?<=近)|(?<=达))[万亿](?=[亩人户家吨元册件个])|{NUMBER})(?P<rough>[余多来几])?(?P<unit>{unit})?(?P<tail>多?{TAIL})?"
    )


def find_quantities(text: str, taken: list[Growth]) -> list[Quantity]:
    """The quantities of `text` outside the growth spans in `taken`, in order."""
    found = []
    for match in quantity_pattern().finditer(text):
        inside = any(growth.start < match.end("number") and match.start() < growth.end for growth in taken)
        if not inside and exclusions.is_quantity(text, match):
            found.append(_quantity(text, match))
    return found


def _quantity(text: str, match: re.Match[str]) -> Quantity:
    unit = match.span("unit") if match["unit"] else None
    sort = sort_of(match["unit"]) if match["unit"] else Sort.BARE
    end = match.end() + (1 if text.startswith("大" if unit is None else "级", match.end()) else 0)
    return Quantity(match.span("number"), unit, end, sort)


_PLAIN = r"(?:[0-9]+(?:,[0-9]{3})*(?:\.[0-9]+)?|[一二三四五六七八九两十]{1,3}|百分之[零〇一二三四五六七八九十百点]+)"
_RATE_UNIT = r"(?:%|‰|个?百分点|倍|成(?![立为效果功员本就都]))"
_RANGE = rf"{_PLAIN}(?:%|个百分点)?(?:[-至到]+{_PLAIN})?"
_RATE = rf"(?:{_RANGE}(?:[余多])?{_RATE_UNIT}|百分之[零〇一二三四五六七八九十百点]+)"
_BASE = (
    r"(?:同比(?:\((?:下同|同下|可比口径)\))?|环比|按?可比(?:价格?|口径)?(?:计算)?|同口径|按同口径|自然口径|年均|年平均|[两三四五]年平均|逐年"
    r"|名义|实际|累计|(?:较|(?<![占对同环百之])比)(?:上年|去年|前年|同期|年初|[0-9]{4}年|“?十[一二三四]五”?)[^,。;、0-9]{0,6}|(?:较|(?<![占对同环百之])比(?![重例率较如]))[^,。;、0-9]{1,8}?)"
)
_SHARED = r"(?:分别|均|双双|各|预计|约|也|又|再|共)"
DIRECTION = (
    r"(?:负增长|正增长|增长|下降|提高|提升|降低|减少|增加|上升|回升|回落|上涨|下跌|压减|压缩|压降|缩短|缩减|精简|收窄|扩大|加快|放缓|递增|递减"
    r"|增幅|增速|涨幅|降幅|跌幅|升幅|增量|增收|减量|上浮|下浮|下调|上调|攀升|跃升|增)"
)
_MIDDLE = r"(?:了|近|约|将近|接近|超过?|逾|达到?|高达|为|在|至少|不低于|不少于|不超过|不高于|控制在|保持在?|稳定在|维持在|力争|突破|大于|预计|同比)"
_DOUBLING = r"(?:实现)?(?:翻了?(?:[一两二三四]|近一)番|翻番|翻倍)"


@cache
def _growth_pattern() -> re.Pattern[str]:
    head = rf"(?:{_BASE}|{_SHARED})*"
    rate = rf"{DIRECTION}(?:{_BASE}?{DIRECTION})?{_MIDDLE}*{_RATE}"
    part = rf"{DIRECTION}{_MIDDLE}*{_PLAIN}个(?=[和、及与]{_PLAIN}个百分点)"
    return re.compile(rf"(?<!最高|最低)(?P<base>{head})(?P<rate>{rate}|{part}|{_DOUBLING})")


@cache
def _next_growth_pattern() -> re.Pattern[str]:
    return re.compile(rf"(?:左右|以上|以内|以下)?(?:和|、|及|与|,和)(?P<rate>{_MIDDLE}?{_RATE})(?![的占])")


@cache
def _gap_pattern() -> re.Pattern[str]:
    """A gap to another place's figure, which is no growth (高于全国平均增速2个百分点)."""
    return re.compile(
        r"(?:高于|低于|快于|慢于|高出|超出|好于|优于|领先|超过[^,。;、]*?(?:平均|全国|全省|全市))[^,。;、]*$"
    )


def find_growths(text: str) -> list[Growth]:
    """The rates of change in `text`, in order; members of a list follow their head."""
    found: list[Growth] = []
    for match in _growth_pattern().finditer(text):
        if found and match.start("rate") < found[-1].end:
            continue
        if _gap_pattern().search(text[max(0, match.start() - 24) : match.start()]):
            continue
        found.append(Growth(_growth_start(match), match.end("rate"), True))
        found.extend(_list_members(text, match.end("rate")))
    return found


def _growth_start(match: re.Match[str]) -> int:
    """A leading 分别/均/约 stays outside the span; a base of comparison stays in."""
    skipped = re.match(rf"{_SHARED}+", match["base"])
    return match.start() + (skipped.end() if skipped else 0)


def _list_members(text: str, at: int) -> list[Growth]:
    members = []
    while match := _next_growth_pattern().match(text, at):
        members.append(Growth(match.start("rate"), match.end("rate"), False))
        at = match.end("rate")
    return members
