"""What a unit measures, as far as it decides where the noun of a quantity stands."""

from __future__ import annotations

from enum import StrEnum
from functools import cache, lru_cache

from zhibiao.normalise.units import SCALES
from zhibiao.tables.units import UnitEntry, unit_table


class Sort(StrEnum):
    """The sorts of units that the rules tell apart."""

    COUNT = "count"
    PEOPLE = "people"
    MONEY = "money"
    PERCENT = "percent"
    TIME = "time"
    PHYSICAL = "physical"
    CAPACITY = "capacity"
    BARE = "bare"


_TIMES = frozenset({"days", "hours", "minutes", "seconds", "months", "years", "age"})
_CAPACITIES = frozenset({"mass", "power", "energy", "apparent_power"})
_SHARES = frozenset({"share", "points", "multiple"})


@cache
def _people() -> frozenset[str]:
    return frozenset({"人", "人次", "口人", "人天"})


@lru_cache(maxsize=4096)
def sort_of(unit: str) -> Sort:
    """The sort of a unit as stated, its scale included; an unknown word counts things."""
    entry = _entry(unit)
    if entry is None:
        return Sort.BARE if not unit.strip(SCALES) else Sort.COUNT
    if entry.theme in _TIMES:
        return Sort.TIME
    if entry.theme in _SHARES:
        return Sort.PERCENT
    if entry.base in _people():
        return Sort.PEOPLE
    if "元" in entry.base or entry.theme in ("renminbi", "us_dollar"):
        return Sort.MONEY
    if entry.theme in _CAPACITIES:
        return Sort.CAPACITY
    return Sort.PHYSICAL if entry.measured else Sort.COUNT


def _entry(unit: str) -> UnitEntry | None:
    """The table's entry, the scale taken off one character at a time (千瓦时 keeps its 千)."""
    table = unit_table()
    while unit:
        if unit in table:
            return table[unit]
        if unit[0] not in SCALES:
            return None
        unit = unit[1:]
    return None
