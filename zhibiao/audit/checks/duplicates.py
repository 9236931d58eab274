"""The same figure stated twice, differently: within a report, and between reports of the same place."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from itertools import combinations

from zhibiao.audit.findings import Check, Finding, Part, Side
from zhibiao.audit.ledger import (
    Ledger,
    certainty_of,
    gap_between,
    grade,
    is_slip,
    names_the_place,
    on_last_year,
    same_quantity,
)
from zhibiao.audit.wording import percent, quote_growth, quote_value, times
from zhibiao.series import Interval, Statement, value_interval

__all__ = ["check_duplicates"]

Pair = tuple[Statement, Statement]
_SAME_THING = Decimal(2)
"""Values further apart than this are hardly of the same thing."""
_TENFOLD = (Decimal("9.5"), Decimal("10.5"))
_FAR_WITHIN, _FAR_BETWEEN = Decimal("0.1"), Decimal("0.3")
_PART_OF_A_PLACE = Decimal(3)
"""Rates so many points apart are of the place and of a part of it, unless both name the whole."""


def check_duplicates(ledger: Ledger) -> Iterator[Finding | None]:
    """One finding for each indicator and period whose statements do not agree: the pair furthest apart."""
    for target in (False, True):
        chosen = [each for each in ledger.plain if each.is_target is target]
        for group in ledger.by_key(each for each in chosen if each.value is not None).values():
            if pair := _widest(group, _value_gap):
                yield _of_values(ledger, *pair) if _value_gap(*pair) > 0 else None
        for group in ledger.by_key(each for each in chosen if on_last_year(each)).values():
            if pair := _widest(group, _rate_gap):
                yield _of_rates(ledger, *pair) if _rate_gap(*pair) > 0 else None


def _widest(group: Sequence[Statement], gap: Callable[[Statement, Statement], Decimal]) -> Pair | None:
    pairs = [pair for pair in combinations(group, 2) if _comparable(*pair)]
    return max(pairs, key=lambda pair: gap(*pair), default=None)


def _comparable(one: Statement, other: Statement) -> bool:
    """Two sentences; a plan is held against plans of the same report only, since a later one may differ."""
    if one.record.report_id == other.record.report_id:
        return one.record.evidence != other.record.evidence
    return not one.is_target and one.record.evidence != other.record.evidence


def _value_gap(one: Statement, other: Statement) -> Decimal:
    if not same_quantity(one, other) or is_slip(one.record, other.record):
        return Decimal(0)
    if not _may_be_same_thing(one, other):
        return Decimal(0)
    a, b = (value_interval(each.record, ulps=Decimal(1)) for each in (one, other))
    return gap_between(a, b) if a and b else Decimal(0)


def _may_be_same_thing(one: Statement, other: Statement) -> bool:
    """Less than twice apart, or ten times: a point in the wrong place."""
    low, high = sorted(abs(each.record.value_base or Decimal(0)) for each in (one, other))
    return bool(low) and (high / low < _SAME_THING or _TENFOLD[0] < high / low < _TENFOLD[1])


def _surely_the_same(one: Statement, other: Statement, gap: Decimal) -> bool:
    """In one report, figures far apart are rather of a year and of several, or of whole and part."""
    return gap < (_FAR_WITHIN if _scope(one, other) == "within" else _FAR_BETWEEN)


def _rate_gap(one: Statement, other: Statement) -> Decimal:
    """In points."""
    a, b = one.growth, other.growth
    if a is None or b is None:
        return Decimal(0)
    gap = max(_above(a, b), _above(b, a))
    if gap >= _PART_OF_A_PLACE and not (names_the_place(one) and names_the_place(other)):
        return Decimal(0)
    return gap


def _above(one: Interval, other: Interval) -> Decimal:
    if one.low is None or other.high is None:
        return Decimal(0)
    return max(one.low - other.high, Decimal(0))


def _of_values(ledger: Ledger, one: Statement, other: Statement) -> Finding:
    gap = _value_gap(one, other)
    values = sorted(abs(each.record.value_base or Decimal(0)) for each in (one, other))
    ratio = values[1] / values[0] if values[0] else Decimal(0)
    return Finding(
        check=Check.DUPLICATE,
        severity=grade(gap, medium=Decimal("0.02"), high=Decimal("0.1")),
        certainty=certainty_of(one, other, also=_surely_the_same(one, other, gap)),
        place=ledger.place,
        sides=_sides(one, other),
        reason=f"duplicate_{_scope(one, other)}",
        facts={
            **_facts(one, other),
            "one": quote_value(one.record),
            "other": quote_value(other.record),
            "gap": percent(gap * 100).lstrip("+"),
            "times": times(ratio),
        },
        hint=_hint(one, other, ratio),
        gap=float(gap) * 100,
    )


def _of_rates(ledger: Ledger, one: Statement, other: Statement) -> Finding:
    gap = _rate_gap(one, other)
    return Finding(
        check=Check.DUPLICATE,
        severity=grade(gap, medium=Decimal(1), high=Decimal(5)),
        certainty=certainty_of(one, other),
        place=ledger.place,
        sides=_sides(one, other),
        reason=f"rates_{_scope(one, other)}",
        facts={
            **_facts(one, other),
            "one": quote_growth(one.record),
            "other": quote_growth(other.record),
            "gap": percent(gap).lstrip("+").rstrip("%"),
        },
        hint=None if _scope(one, other) == "within" else "revised",
        gap=float(gap),
    )


def _sides(one: Statement, other: Statement) -> tuple[Side, Side]:
    return (Side(Part.STATED, one.record), Side(Part.OTHER, other.record))


def _scope(one: Statement, other: Statement) -> str:
    return "within" if one.record.report_id == other.record.report_id else "between"


def _facts(one: Statement, other: Statement) -> dict[str, str]:
    return {
        "indicator": one.record.indicator,
        "year": str(one.record.year),
        "report": one.record.title or one.record.report_id,
        "other_report": other.record.title or other.record.report_id,
    }


def _hint(one: Statement, other: Statement, ratio: Decimal) -> str | None:
    if ratio >= _SAME_THING:
        return "years"
    if _scope(one, other) == "between":
        return "revised"
    return None if _surely_the_same(one, other, _value_gap(one, other)) else "other_thing"
