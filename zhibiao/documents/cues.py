"""The cue words of `tables/structure.toml`, compiled once."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Cues:
    """Compiled alternatives; `role` has the groups `review` and `plan`."""

    role: re.Pattern[str]
    part_time: re.Pattern[str]
    part_name: re.Pattern[str]
    next_year: re.Pattern[str]
    plan_opener: re.Pattern[str]
    turn: re.Pattern[str]
    back: re.Pattern[str]
    title_sitting: re.Pattern[str]
    title_plan: re.Pattern[str]
    title_review: re.Pattern[str]
    notices: re.Pattern[str]


@cache
def load_cues() -> Cues:
    """Read the table; one object per process."""
    table = tomllib.loads((files("zhibiao.tables") / "structure.toml").read_text(encoding="utf-8"))
    roles, titles = table["roles"], table["titles"]
    return Cues(
        role=re.compile(f"(?P<review>{_any(roles['review'])})|(?P<plan>{_any(roles['plan'])})"),
        part_time=re.compile(_any(table["parts"]["times"])),
        part_name=re.compile(f"(?:{_any(table['parts']['names'])})$"),
        next_year=re.compile(_any(table["parts"]["next_year"])),
        plan_opener=re.compile(_any(table["openers"]["plan"])),
        turn=re.compile(_any(table["openers"]["turn"])),
        back=re.compile(_any(table["openers"]["back"])),
        title_sitting=re.compile(_any(titles["sitting"])),
        title_plan=re.compile(_any(titles["plan"])),
        title_review=re.compile(_any(titles["review"])),
        notices=_notices(table["notices"]),
    )


def _any(pieces: Iterable[str]) -> str:
    return "|".join(f"(?:{piece})" for piece in pieces)


def _notices(table: dict[str, list[str]]) -> re.Pattern[str]:
    """`word: value`, with no Chinese character before the word and no blank or mark in the value."""
    groups = "|".join(f"(?P<{field}>{_any(words)})" for field, words in table.items())
    return re.compile(rf"(?<![\u4e00-\u9fff])(?:{groups})[^\S\n]*[:：][^\S\n]*(?P<value>[^\s，。；,;:：]+)")
