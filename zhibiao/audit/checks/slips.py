"""Values that are ten thousand times too large or too small: 万元 for 亿元."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from statistics import median

from zhibiao.audit.findings import Certainty, Check, Finding, Part, Severity, Side
from zhibiao.audit.ledger import Ledger, is_share
from zhibiao.audit.wording import quote_value, times
from zhibiao.series import Statement

__all__ = ["check_slips"]

_STEPS = (Decimal(10) ** 4, Decimal(10) ** 8)
_SLACK = Decimal(5)


def check_slips(ledger: Ledger) -> Iterator[Finding | None]:
    """One finding for each value that is about 10⁴ or 10⁸ times what all other years say."""
    groups: dict[tuple[str, str | None], list[Statement]] = {}
    for each in ledger.plain:
        if each.value is not None and each.record.value_base and not is_share(each.record):
            groups.setdefault((each.code, each.record.unit_base), []).append(each)
    for group in groups.values():
        yield from _outliers(ledger, group)


def _outliers(ledger: Ledger, group: Sequence[Statement]) -> Iterator[Finding | None]:
    for number, each in enumerate(group):
        others = [other for other in group if other.record.evidence != each.record.evidence]
        if not others:
            continue
        middle = Decimal(median(_size(other) for other in others))
        ratio = max(_size(each), middle) / min(_size(each), middle)
        if not any(step / _SLACK <= ratio <= step * _SLACK for step in _STEPS):
            yield None
            continue
        if len(others) == 1 and (number or each.record.indicator_code is None):
            continue  # Of two, either may be wrong: they are told of once, where the catalogue knows them.
        yield _finding(ledger, each, _nearest(each, others, middle), ratio, alone=len(others) > 1)


def _size(statement: Statement) -> Decimal:
    return abs(statement.record.value_base or Decimal(1))


def _nearest(each: Statement, others: Sequence[Statement], middle: Decimal) -> Statement:
    """Of those that are of the usual size, the one nearest in time."""
    usual = [other for other in others if middle / 100 <= _size(other) <= middle * 100]
    return min(usual or others, key=lambda other: abs(other.spell.year - each.spell.year))


def _finding(ledger: Ledger, one: Statement, other: Statement, ratio: Decimal, *, alone: bool) -> Finding:
    return Finding(
        check=Check.UNIT_SLIP,
        severity=Severity.HIGH,
        certainty=Certainty.LIKELY if alone else Certainty.POSSIBLE,
        place=ledger.place,
        sides=(Side(Part.STATED, one.record), Side(Part.OTHER, other.record)),
        reason="unit_slip",
        facts={
            "indicator": one.record.indicator,
            "year": str(one.record.year),
            "other_year": str(other.record.year),
            "one": quote_value(one.record),
            "other": quote_value(other.record),
            "times": times(ratio),
        },
        gap=float(ratio),
    )
