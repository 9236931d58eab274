"""Time expressions that may date a quantity (YEAR): they follow a grammar, whoever found the quantities.

The rules and the tagger both take them from here, out of the whole text, so that a YEAR in a sentence without
any quantity is not missed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from zhibiao.normalise.periods import TIME
from zhibiao.schema import Offsets

__all__ = ["find_deadline", "find_times", "half_width"]

_REACH = 40
"""How many characters around a time expression are looked at."""

_WIDE = "０１２３４５６７８９％．，：∶︰；（）－—–～~？！　"
_HALF = "0123456789%.,:::;()-----?! "


@cache
def _half_width() -> dict[int, int]:
    return str.maketrans(_WIDE, _HALF)


def half_width(text: str) -> str:
    """The text with half-width digits and marks; every length is kept."""
    return text.translate(_half_width())


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    done = "竣工|完工|建成|投产|投用|投入使用|开工|通车|交付|结顶|封顶|启用|开园|开业|出台|前完成|前建成"
    named = "名单|大会|会议|峰会|论坛|博览会|行动方案|行动计划|规划|典型案例|百强|白皮书|系列活动|致信|启用"
    sources = {
        "time": TIME,
        # A project's deadline dates nothing (2023年底竣工), nor does a year in a name (2023年度某某名单).
        "deadline": f"(?:前|以前|之前)?(?:全面|全部|基本|主体|顺利|正式)*(?:{done})",
        "aim": "力争|确保|争取",
        "aimed": "(?:力争|确保|争取)(?:在|于|到|至)?$",
        "name": f"[^,。;、0-9]{{0,16}}(?:{named})",
        "compared": "(?:较|比|相比|创|与|同|入选|获评|上榜|荣获|提前|推迟|恢复)$",
        "comparison": "同期|相比|[左右]|度?国家|国债|预算|[^,。;]{0,16}的?基础上",
    }
    return {name: re.compile(source) for name, source in sources.items()}


def find_times(text: str, growths: Sequence[Offsets]) -> Iterator[Offsets]:
    """Time expressions of a half-width text, in order; no deadlines, names or bases of comparison.

    What lies inside one of `growths` (比2019年增长5%) dates nothing.
    """
    for match in _patterns()["time"].finditer(text):
        compared = any(start <= match.start() < end for start, end in growths)
        if match[0] and not compared and not _excluded(text, match):
            yield match.span()


def find_deadline(text: str, growths: Sequence[Offsets]) -> Offsets | None:
    """The deadline of a target that stands behind its quantities (改造6个，力争2026年底完工), or None."""
    if _patterns()["aim"].search(text) is None:
        return None
    for start, end in find_times(text, growths):
        aimed = _patterns()["aimed"].search(text, max(0, start - _REACH), start)
        if aimed and _patterns()["deadline"].match(text, end):
            return (start, end)
    return None


def _excluded(text: str, match: re.Match[str]) -> bool:
    """Whether the expression dates nothing."""
    stated, before, after = (
        match[0],
        text[max(0, match.start() - _REACH) : match.start()],
        text[match.end() :][:_REACH],
    )
    if stated[-1] in "日号前初" and not stated.startswith(("截", "自")):
        return True
    if after.startswith("的") and re.search("(?:是|为|相当于|等于)$", before):
        return True
    if stated[-1].isdigit() and re.match("[0-9A-Za-z]", after):
        return True
    if _in_name(before, after) or before.rfind("《") > before.rfind("》"):
        return True
    if _patterns()["compared"].search(before) or _patterns()["comparison"].match(after):
        return True
    if _patterns()["deadline"].match(after):
        return _patterns()["aimed"].search(before) is None
    return _patterns()["name"].match(after) is not None


def _in_name(before: str, after: str) -> bool:
    """Inside a quotation of several words a date is part of a name (“2023年度示范市”)."""
    return before.rfind("“") > before.rfind("”") and after.find("”") > 1
