"""Finds rates of change (GROWTH) in a sentence's half-width text, from the comparison through the unit."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

_CN = "[一二三四五六七八九两十]{1,3}"
_PERCENT = "百分之[零〇一二三四五六七八九十百点]+"
_PLAIN = rf"(?:[0-9]+(?:,[0-9]{{3}})*(?:\.[0-9]+)?|{_CN}|{_PERCENT})"
_UNIT = "(?:%|‰|个?百分点|倍|成(?![立为效果功员本就都]))"
_RANGE = f"{_PLAIN}(?:%|个百分点)?(?:[-至到]+{_PLAIN})?"
_RATE = f"(?:{_RANGE}[余多]? ?{_UNIT}|{_PERCENT})"
_THAN = "(?:较|(?<![占对同环百之])比(?![重例率较如]))"
_BASE_WORDS = (
    r"同比(?:\((?:下同|同下|可比口径)\))?|环比|按?可比(?:价格?|口径)?(?:计算)?|按?同口径|自然口径|年均|年平均|[两三四五]年平均|逐年"
    "|名义|实际|累计|恢复性"
)
_BASE_YEARS = "上年|去年|前年|同期|年初|[0-9]{4}年|“?十[一二三四]五”?"
_BASE = f"(?:{_BASE_WORDS}|{_THAN}(?:{_BASE_YEARS})[^,。;、0-9]{{0,6}}|{_THAN}[^,。;、0-9]{{1,8}}?)"
_SHARED = "(?:分别|均|双双|各|预计|约|也|又|再|共)"
_DIRECTION = (
    "(?:负增长|正增长|增长|下降|提高|提升|降低|减少|增加|上升|回升|回落|上涨|下跌|压减|压缩|压降|缩短|缩减|精简|收窄|扩大|加快|放缓|递增"
    "|递减|增幅|增速|涨幅|降幅|跌幅|升幅|增量|增收|减量|上浮|下浮|下调|上调|攀升|跃升|增)"
)
_MIDDLE = (
    "(?:了|近|约|将近|接近|超过?|逾|达到?|高达|为|在|至少|不低于|不少于|不超过|不高于|控制在|保持在?|稳定在|维持在|力争|突破|大于|预计"
    "|同比)"
)
_DOUBLING = "(?:实现)?(?:翻了?(?:[一两二三四]|近一)番|翻番|翻倍)"
_REACH = 24


@dataclass(frozen=True, slots=True)
class Growth:
    """A rate of change; `head` is False for the bare later members of a list (分别增长5%、6%)."""

    start: int
    end: int
    head: bool


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    rate = f"{_DIRECTION}(?:{_BASE}?{_DIRECTION})?{_MIDDLE}* ?{_RATE}"
    part = f"{_DIRECTION}{_MIDDLE}*{_PLAIN}个(?=[和、及与]{_PLAIN}个百分点)"
    sources = {
        "growth": f"(?<!最高|最低)(?P<base>(?:{_BASE}|{_SHARED})*)(?P<rate>{rate}|{part}|{_DOUBLING})",
        "member": f"(?:左右|以上|以内|以下)?(?:和|、|及|与|,和)(?P<rate>{_MIDDLE}?{_RATE})(?![的占])",
        # A gap to another place's figure is no growth (高于全国平均增速2个百分点).
        "gap": (
            "(?:高于|低于|快于|慢于|高出|超出|好于|优于|领先|超过[^,。;、]*?(?:平均|全国|全省|全市))[^,。;、]*$"
        ),
        "shared": f"{_SHARED}+",
        "rate": "[%‰倍番成]|百分",
    }
    return {name: re.compile(source) for name, source in sources.items()}


def find_growths(text: str) -> list[Growth]:
    """The rates of change in `text`, in order; members of a list follow their head."""
    found: list[Growth] = []
    if _patterns()["rate"].search(text) is None:  # most sentences end here, at a tenth of the cost
        return found
    for match in _patterns()["growth"].finditer(text):
        behind_list = found and match.start("rate") < found[-1].end
        if behind_list or _patterns()["gap"].search(text[max(0, match.start() - _REACH) : match.start()]):
            continue
        found.append(Growth(_start(match), match.end("rate"), True))
        found.extend(_members(text, match.end("rate")))
    return found


def _start(match: re.Match[str]) -> int:
    """A leading 分别/均/约 stays outside the span; a base of comparison stays in."""
    skipped = _patterns()["shared"].match(match["base"])
    return match.start() + (skipped.end() if skipped else 0)


def _members(text: str, at: int) -> list[Growth]:
    """The bare rates that follow in a list."""
    members = []
    while match := _patterns()["member"].match(text, at):
        members.append(Growth(match.start("rate"), match.end("rate"), False))
        at = match.end("rate")
    return members
