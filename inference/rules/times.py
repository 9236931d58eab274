"""Finds the time expressions that date quantities (YEAR)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from inference.rules.scene import Scene
from zhibiao.normalise.periods import TIME
from zhibiao.schema import Offsets


@cache
def _time() -> re.Pattern[str]:
    return re.compile(TIME)


@cache
def _deadline_behind() -> re.Pattern[str]:
    """A project's deadline dates nothing (2023年底竣工)."""
    return re.compile(
        r"(?:前|以前|之前)?(?:全面|全部|基本|主体|顺利|正式)*(?:竣工|完工|建成|投产|投用|投入使用|开工|通车|交付|结顶|封顶|启用|开园|开业|出台|前完成|前建成)"
    )


@cache
def _name_behind() -> re.Pattern[str]:
    """A year in a name dates nothing (2023年度某某名单)."""
    return re.compile(
        r"[^,。;、0-9]{0,16}(?:名单|大会|会议|峰会|论坛|博览会|行动方案|行动计划|规划|典型案例|百强|白皮书|系列活动|致信|启用的老旧)"
    )


def find_times(scene: Scene) -> Iterator[Offsets]:
    """Time expressions that may date a quantity, in order; deadlines, names and bases of comparison are left out."""
    for match in _time().finditer(scene.text):
        if not _excluded(scene.text, match):
            yield match.span()


def _excluded(text: str, match: re.Match[str]) -> bool:
    stated, before, after = match[0], text[max(0, match.start() - 8) : match.start()], text[match.end() :]
    if re.search("[日号]$", stated) and not stated.startswith(("截", "自")):
        return True
    if re.match(r"[0-9A-Za-z]", after) and stated[-1:].isdigit():
        return True
    if _in_name(text, *match.span()):
        return True
    if "《" in before or text.count("《", 0, match.start()) > text.count("》", 0, match.start()):
        return True
    if re.search("(?:较|比|相比|创|与|同|入选|获评|上榜|荣获)$", before) or re.match(
        "同期|相比|[左右]|度?国家|(?:国债|预算)", after
    ):
        return True
    return bool(_deadline_behind().match(after)) or bool(_name_behind().match(after))


def _in_name(text: str, start: int, end: int) -> bool:
    """Inside a quotation of several words a date is part of a name (“2023年度示范市”)."""
    opened = text.rfind("“", 0, start)
    closed = text.find("”", end)
    return opened >= 0 and closed >= 0 and "”" not in text[opened:start] and closed - end > 1
