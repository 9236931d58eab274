"""All that is known of one place, indexed for the checks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from zhibiao.audit.findings import Certainty, Severity
from zhibiao.schema import Measure, Record
from zhibiao.series import (
    Caveat,
    Interval,
    Place,
    PlaceRecords,
    Spell,
    Statement,
    names_the_whole,
    statements,
)
from zhibiao.tables.comparison import comparison_words

__all__ = [
    "Key",
    "Ledger",
    "certainty_of",
    "gap_between",
    "grade",
    "is_slip",
    "on_last_year",
    "same_quantity",
]

Key = tuple[str, Spell]
"""A catalogue code and what period its figure is of."""

_SLIP = Decimal(1000)


@dataclass(frozen=True, slots=True)
class Ledger:
    """The records of a place, and its statements: those with a code that nothing speaks against."""

    place: Place
    records: tuple[Record, ...]
    plain: tuple[Statement, ...]

    @classmethod
    def of(cls, group: PlaceRecords) -> Ledger:
        """Made once per place."""
        found = tuple(each for each in statements(group.records) if each.is_plain)
        return cls(group.place, group.records, found)

    def by_key(self, chosen: Iterable[Statement]) -> Mapping[Key, list[Statement]]:
        """Statements of the same indicator and period, in the order of the reports."""
        groups: dict[Key, list[Statement]] = {}
        for each in chosen:
            groups.setdefault((each.code, each.spell), []).append(each)
        return groups

    def actual_values(self) -> Iterator[Statement]:
        """What was reached, as a value in base units."""
        return (each for each in self.plain if each.value is not None and not each.is_target)

    def actual_growths(self) -> Iterator[Statement]:
        """What was reached, as a rate against the year before."""
        return (each for each in self.plain if not each.is_target and on_last_year(each))


def on_last_year(statement: Statement) -> bool:
    """Whether it has a rate in % against the same months of the year before, at the same coverage."""
    record = statement.record
    if statement.growth is None or record.growth_unit != "%":
        return False
    words, base = comparison_words(), record.comparison
    said = f"{base or ''}{record.growth_text or ''}"
    if base is not None and not any(word in base for word in words.last_year):
        return False
    return not any(word in said for word in words.other_base)


def same_quantity(one: Statement, other: Statement) -> bool:
    """Whether two values are in one base unit, both levels or both shares, both net (净增) or both not."""
    a, b = one.record, other.record
    if ("净" in a.indicator) is not ("净" in b.indicator):
        return False
    return a.unit_base == b.unit_base and a.measure is b.measure


def is_slip(one: Record, other: Record) -> bool:
    """Whether two values are so far apart that only a unit can explain it."""
    a, b = sorted(abs(each.value_base or Decimal(0)) for each in (one, other))
    return a == 0 and b > 0 if not a else b / a >= _SLIP


def gap_between(one: Interval, other: Interval) -> Decimal:
    """How far apart two intervals are, as a part of the lower end's size; 0 where they meet."""
    for below, above in ((one, other), (other, one)):
        if above.is_above(below) and above.low is not None and below.high is not None:
            size = max(abs(below.high), abs(above.low))
            return (above.low - below.high) / size if size else Decimal(0)
    return Decimal(0)


def grade(gap: Decimal, *, medium: Decimal, high: Decimal) -> Severity:
    """The severity of a gap."""
    if gap >= high:
        return Severity.HIGH
    return Severity.MEDIUM if gap >= medium else Severity.LOW


def certainty_of(*involved: Statement, also: bool = True) -> Certainty:
    """Likely, unless a 分别 list may have been paired wrongly or `also` fails."""
    listed = any(Caveat.DISTRIBUTED in each.caveats for each in involved)
    return Certainty.LIKELY if also and not listed else Certainty.POSSIBLE


def names_the_place(statement: Statement) -> bool:
    """Whether the words before the indicator, or its own first ones, say that it is of the whole place."""
    return names_the_whole(f"{statement.quoted.clause_before('indicator')}{statement.record.indicator}")


def is_share(record: Record) -> bool:
    """Whether the value is a part of a whole."""
    return record.measure is Measure.SHARE
