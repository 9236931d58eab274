"""Lists of nouns: which items stand alone, which lean on the last one's noun, which are mere examples."""

from __future__ import annotations

import re
from functools import cache

from zhibiao.rules.edges import trim
from zhibiao.schema import Offsets
from zhibiao.tables.phrases import phrases
from zhibiao.tables.words import alternation


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    heads = alternation(phrases().heads)
    generic = alternation(phrases().generic)
    sources = {
        "measured": f"(?:{heads}|[率额量值数费])$",
        "generic": f"(?:{generic})$",
        "joint": "、|和|及|与|以及",
        # 甲、乙等领域|领军人才: the list of examples with what it is a list of.
        "examples": ".*等(?:[一二两三四五六七八九十]+[个类大])?(?:领域|方面|行业|地区?|国家|地方|单位和)?的?",
        "container": "(?:事项|资金|项目|活动|业务|企业|单位)$",
    }
    return {name: re.compile(source) for name, source in sources.items()}


def is_measured(phrase: str) -> bool:
    """Whether the phrase ends in a noun that is measured (增加值, 覆盖率) and not counted (企业)."""
    return _patterns()["measured"].search(phrase) is not None


def is_generic(phrase: str) -> bool:
    """Whether the phrase ends in a noun that is complete alone (企业, 项目)."""
    return _patterns()["generic"].search(phrase) is not None


def items_of_list(text: str, head: Offsets) -> list[Offsets]:
    """The items of a list when each is complete alone; the whole list when they lean on its last noun."""
    items = _items(text, head)
    measured = [is_measured(text[start:end]) for start, end in items]
    if len(items) < 2 or (measured[-1] and not all(measured)):
        return [head]
    generic = _patterns()["generic"].search(text, *items[-1])
    if generic and not all(text[:end].endswith(generic[0]) for _, end in items):
        return [head]
    return items


def _items(text: str, head: Offsets) -> list[Offsets]:
    parts, at = [], head[0]
    for match in _patterns()["joint"].finditer(text, *head):
        parts.append((at, match.start()))
        at = match.end()
    parts.append((at, head[1]))
    return [item for item in (trim(text, *part) for part in parts) if item]


def without_examples(text: str, found: Offsets | None) -> Offsets | None:
    """甲、乙等|事项: the examples stay out, unless what is measured or named leans on them."""
    match = _patterns()["examples"].match(text, *found) if found else None
    if found is None or match is None or match.end() >= found[1] - 1:
        return found
    rest = text[match.end() : found[1]]
    leaning = text[match.end() - 1] == "等" and not _patterns()["container"].search(rest)
    return found if leaning or is_measured(rest) else trim(text, match.end(), found[1])
