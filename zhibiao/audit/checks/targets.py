"""What a report planned for a year against what the next report says was reached."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from zhibiao.audit.findings import Check, Finding, Part, Side
from zhibiao.audit.ledger import Ledger, certainty_of, grade, is_slip, on_last_year, same_quantity
from zhibiao.audit.wording import percent, quote_growth, quote_value
from zhibiao.series import Statement
from zhibiao.tables.comparison import comparison_words

__all__ = ["check_targets"]

_HUNDRED = Decimal(100)
_LEAST = Decimal("0.1")
"""Points or per cent below which nobody would speak of a shortfall."""


def check_targets(ledger: Ledger) -> Iterator[Finding | None]:
    """Plans for the next year that were not reached: the easiest target against the best that is stated."""
    reached = ledger.by_key(each for each in ledger.plain if not each.is_target)
    targets = ledger.by_key(each for each in ledger.plain if each.is_target and _is_annual(each))
    for key, planned in targets.items():
        actuals = [each for each in reached.get(key, ()) if _answers(each, planned[0])]
        for of_rate in (True, False):
            pairs = [
                _Pair(t, a, _short(a, t, of_rate)) for t in planned for a in actuals if _fit(t, a, of_rate)
            ]
            best = min(pairs, key=lambda pair: pair.gap, default=None)
            if best is not None:
                yield _finding(ledger, best, of_rate=of_rate) if best.gap >= _LEAST else None


@dataclass(frozen=True, slots=True)
class _Pair:
    """A target, what was reached, and how far that falls short."""

    target: Statement
    actual: Statement
    gap: Decimal


def _fit(target: Statement, actual: Statement, of_rate: bool) -> bool:
    """Whether both state a rate, or both a value of one sort."""
    if of_rate:
        return on_last_year(target) and on_last_year(actual)
    if target.value is None or actual.value is None:
        return False
    return same_quantity(target, actual) and not is_slip(target.record, actual.record)


def _is_annual(target: Statement) -> bool:
    return target.spell.is_year and target.record.report_year == target.spell.year - 1


def _answers(actual: Statement, target: Statement) -> bool:
    """Said by a report that looks back on the year."""
    return (actual.record.report_year or 0) >= target.spell.year


def _short(actual: Statement, target: Statement, of_rate: bool) -> Decimal:
    """How far the actual figure is on the wrong side: in points of a rate, in per cent of a value."""
    reached = actual.growth if of_rate else actual.value
    limit = _limit(target, of_rate)
    if reached is None or limit is None:
        return Decimal(0)
    if _wants_low(target, of_rate=of_rate):
        missed = reached.low - limit if reached.low is not None else Decimal(0)
    else:
        missed = limit - reached.high if reached.high is not None else Decimal(0)
    if of_rate:
        return max(missed, Decimal(0))
    return max(missed, Decimal(0)) / abs(limit) * _HUNDRED if limit else Decimal(0)


def _limit(target: Statement, of_rate: bool) -> Decimal | None:
    """The floor of what is planned, or its ceiling; of a plain number, the number."""
    bounds = target.growth if of_rate else target.value
    if bounds is not None and _is_open(target, of_rate):
        return bounds.high if _wants_low(target, of_rate=of_rate) else bounds.low
    return target.record.growth_rate if of_rate else target.record.value_base


def _is_open(target: Statement, of_rate: bool) -> bool:
    return (target.record.growth_bounds if of_rate else target.record.bounds) is not None


def _wants_low(target: Statement, *, of_rate: bool) -> bool:
    """A ceiling by its words (3%以内), by a fall that is planned, or by what is measured."""
    record = target.record
    bounds = record.growth_bounds if of_rate else record.bounds
    if bounds is not None and bounds[0] is None:
        return True
    if of_rate and (record.growth_rate or Decimal(0)) < 0:
        return True
    return any(word in target.code for word in comparison_words().wanted_low)


def _finding(ledger: Ledger, pair: _Pair, *, of_rate: bool) -> Finding:
    target, actual, gap = pair.target, pair.actual, pair.gap
    quote = quote_growth if of_rate else quote_value
    medium, high = (Decimal(1), Decimal(5)) if of_rate else (Decimal(2), Decimal(20))
    low = _wants_low(target, of_rate=of_rate)
    return Finding(
        check=Check.TARGET,
        severity=grade(gap, medium=medium, high=high),
        certainty=certainty_of(target, actual, also=of_rate or gap < 60),
        place=ledger.place,
        sides=(Side(Part.TARGET, target.record), Side(Part.ACTUAL, actual.record)),
        reason="target_ceiling" if low else "target",
        facts={
            "indicator": target.record.indicator,
            "year": str(target.spell.year),
            "target": quote(target.record),
            "actual": quote(actual.record),
            "gap": percent(gap).lstrip("+").rstrip("%"),
            "unit": "个百分点" if of_rate else "%",
            "unit_en": "points" if of_rate else "%",
        },
        hint=None if of_rate or gap < 60 else "other_thing",
        gap=float(gap),
    )
