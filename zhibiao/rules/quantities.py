"""Finds quantities (VALUE with UNIT) in a sentence's half-width text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from zhibiao.normalise.numbers import NUMBER
from zhibiao.normalise.units import SCALES
from zhibiao.rules.candidates import Candidate, is_quantity
from zhibiao.rules.growths import Growth
from zhibiao.rules.sorts import Sort
from zhibiao.schema import Offsets
from zhibiao.tables.phrases import phrases
from zhibiao.tables.units import measure_words

_TAIL = "(?:以上|以下|以内|之内|左右|上下|之间|不等)"
_EXCEEDS = "(?:(?<=破)|(?<=超)|(?<=过)|(?<=近)|(?<=达))"
# 千亿千瓦时 is 千 of 亿千瓦时, and 突破万亩 has 万 for its number: NUMBER alone would read both otherwise.
_NUMBER = f"[十百千](?=亿千[瓦伏])|{_EXCEEDS}[万亿](?=[亩人户家吨元册件个])|{NUMBER}"


# A measure word that begins a noun is none: 百亿|项目, 10万|家庭, 1039|市场采购.
_NOUNS = (
    "项目|家庭|市[场民州]|人[才民均大]|村[庄民]|县[级域城]|区域|省[级内]|国[际有内]|国家级|条[件例]|部[门分]|组[织建合]"
    "|[国省县乡]道|队伍|团[队体]|群[众体]|面积|台账|场[馆所地景]|户籍|社[区会]|行[业政]"
)


# Places whose names would be read as a number and its unit; a county's level (3台县级设备) is none of them.
_PLACES = "七台河|[三五]台县(?!级)|[三五]台山|九台[区市]|五家渠|五大连池"


@dataclass(frozen=True, slots=True)
class Quantity:
    """A VALUE and its UNIT; `end` lies after what trails them (余, 以上, 大, 级)."""

    value: Offsets
    unit: Offsets | None
    end: int
    sort: Sort

    @property
    def start(self) -> int:
        """Where the number begins."""
        return self.value[0]


@cache
def quantity_pattern() -> re.Pattern[str]:
    """A number with all that may touch it: 1万|余|名|以上."""
    words = "|".join(re.escape(word) for word in measure_words() if word not in phrases().odd_units)
    words = f"(?!{_NOUNS})(?:{words})"
    unit = f"(?:[{SCALES}]{{1,3}})?(?:{words})|[{SCALES}]{{1,3}}"
    # Some writers set blanks around numbers: 新增企业 120 家.
    return re.compile(
        f"(?!{_PLACES})(?P<number>{_NUMBER})(?: ?(?P<rough>[余多来几]))?"
        f"(?: ?(?P<unit>{unit}))?(?: ?(?P<tail>多?{_TAIL}))?"
    )


def find_quantities(text: str, growths: Sequence[Growth]) -> list[Quantity]:
    """The quantities of `text` outside `growths`, in order."""
    found = []
    for match in quantity_pattern().finditer(text):
        start, end = match.span("number")
        if any(growth.start < end and start < growth.end for growth in growths):
            continue
        candidate = Candidate(text, match)
        if is_quantity(candidate):
            found.append(_quantity(candidate))
    return found


def _quantity(candidate: Candidate) -> Quantity:
    match = candidate.match
    unit = match.span("unit") if candidate.unit else None
    trail = "大" if unit is None else "级"
    end = match.end() + candidate.behind.startswith(trail)
    return Quantity(match.span("number"), unit, end, candidate.sort)
