"""Which of several statements on one figure a series shows. The rule, first difference decides:

1. nothing in the sentence speaks against it (see `wording.Caveat`);
2. it is exact, without 超 or 近;
3. it is in the unit that most statements on the indicator are in;
4. of what was reached: the report that looks back on that very year; of what is planned: a report before it;
5. the later report;
6. more digits;
7. it stands further up in its report.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from zhibiao.series.intervals import Interval, value_interval
from zhibiao.series.statements import Statement

__all__ = ["Choice", "choose_growth", "choose_value"]

_ONE_PLACE = Decimal(1)


@dataclass(frozen=True, slots=True)
class Choice:
    """The statement that is shown, those that say the same, and those that contradict it."""

    chosen: Statement
    agreeing: tuple[Statement, ...]
    conflicting: tuple[Statement, ...]


def choose_value(statements: Sequence[Statement], unit: str | None) -> Choice | None:
    """The value shown; `unit` is the usual base unit of the indicator."""
    candidates = [each for each in statements if each.record.value_base is not None]
    return _choose(candidates, unit, _same_value)


def choose_growth(statements: Sequence[Statement]) -> Choice | None:
    """The rate shown."""
    candidates = [each for each in statements if each.growth is not None]
    return _choose(candidates, None, _same_growth)


def _choose(
    candidates: Sequence[Statement], unit: str | None, same: Callable[[Statement, Statement], bool]
) -> Choice | None:
    if not candidates:
        return None
    chosen = min(candidates, key=lambda each: _rank(each, unit))
    others = [each for each in candidates if each is not chosen]
    agreeing = tuple(each for each in others if same(chosen, each))
    return Choice(chosen, agreeing, tuple(each for each in others if not same(chosen, each)))


def _rank(statement: Statement, unit: str | None) -> tuple[bool, bool, bool, bool, int, int, int]:
    record, year = statement.record, statement.record.report_year or 0
    timely = year < statement.spell.year if statement.is_target else year == statement.spell.year
    return (
        not statement.is_plain,
        record.bounds is not None if record.value is not None else record.growth_bounds is not None,
        unit is not None and record.unit_base != unit,
        not timely,
        -year,
        -len(record.value_text or record.growth_text or ""),
        record.spans["indicator"][0],
    )


def _same_value(one: Statement, other: Statement) -> bool:
    if one.record.unit_base != other.record.unit_base or one.record.measure is not other.record.measure:
        return False
    return _meet(value_interval(one.record, ulps=_ONE_PLACE), value_interval(other.record, ulps=_ONE_PLACE))


def _same_growth(one: Statement, other: Statement) -> bool:
    return one.record.growth_unit == other.record.growth_unit and _meet(one.growth, other.growth)


def _meet(one: Interval | None, other: Interval | None) -> bool:
    return one is not None and other is not None and not one.apart(other)
