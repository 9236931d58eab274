"""A value against the value of the year before and the growth that is stated."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from zhibiao.audit.findings import Check, Finding, Part, Side
from zhibiao.audit.ledger import (
    Key,
    Ledger,
    certainty_of,
    grade,
    is_share,
    is_slip,
    same_quantity,
)
from zhibiao.audit.wording import percent, quote_growth, quote_value, span_of
from zhibiao.series import Interval, Statement
from zhibiao.tables.comparison import comparison_words

__all__ = ["check_growth"]

_HUNDRED = Decimal(100)
_NOMINAL = (Decimal("0.5"), Decimal("0.5"))
"""Points by which a rate may miss what the values give, below and above: both were rounded on their own."""
_REAL = (Decimal(6), Decimal(12))
"""The same where the rate is in constant prices: prices may have risen by 12 % or fallen by 6 %."""
_PLAUSIBLE = Decimal(150)


@dataclass(frozen=True, slots=True)
class _Case:
    """A value, the rate stated for it, the value of the year before, and how far they are from agreeing."""

    value: Statement
    rate: Statement
    earlier: Statement
    implied: Interval
    gap: Decimal
    real: bool


def check_growth(ledger: Ledger) -> Iterator[Finding | None]:
    """One finding for each stated rate that fits no value stated for the year before."""
    values = ledger.by_key(
        each for each in ledger.actual_values() if each.is_exact and not is_share(each.record)
    )
    for rate in ledger.actual_growths():
        cases = list(_cases(rate, values.get((rate.code, rate.spell), ()), ledger, values))
        best = min(cases, key=lambda case: case.gap, default=None)
        if best is not None:
            yield _finding(ledger, best) if best.gap > 0 else None


def _cases(
    rate: Statement,
    values: Iterable[Statement],
    ledger: Ledger,
    known: Mapping[Key, list[Statement]],
) -> Iterator[_Case]:
    before = rate.spell.before()
    own = [each for each in values if _belongs(rate, each)]
    for value in own if before else ():
        for earlier in known.get((rate.code, before), ()) if before else ():
            if same_quantity(value, earlier) and not is_slip(value.record, earlier.record):
                case = _case(value, rate, earlier)
                if case is not None:
                    yield case


def _belongs(rate: Statement, value: Statement) -> bool:
    """A value of the same record, or of another sentence of the same report when the rate has none."""
    if rate.record is value.record:
        return True
    own = value.record.growth_rate is not None or rate.record.value is not None
    return not own and rate.record.report_id == value.record.report_id


def _case(value: Statement, rate: Statement, earlier: Statement) -> _Case | None:
    now, then, stated = value.value, earlier.value, rate.growth
    if now is None or then is None or stated is None or not then.low or not then.high:
        return None
    if now.low is None or now.high is None or then.low <= 0:
        return None
    implied = Interval((now.low / then.high - 1) * _HUNDRED, (now.high / then.low - 1) * _HUNDRED)
    real = _is_real(rate)
    below, above = _REAL if real else _NOMINAL
    return _Case(value, rate, earlier, implied, _gap(implied, stated, below, above), real)


def _gap(implied: Interval, stated: Interval, below: Decimal, above: Decimal) -> Decimal:
    """Points between what the values give and what is stated, beyond what is tolerated."""
    assert implied.low is not None and implied.high is not None
    too_low = stated.low - below - implied.high if stated.low is not None else Decimal(0)
    too_high = implied.low - above - stated.high if stated.high is not None else Decimal(0)
    return max(too_low, too_high, Decimal(0))


def _is_real(rate: Statement) -> bool:
    words = comparison_words()
    said = rate.quoted.text
    return any(word in rate.code for word in words.real_codes) or any(
        word in said for word in words.real_words
    )


def _finding(ledger: Ledger, case: _Case) -> Finding:
    value, rate, earlier = case.value.record, case.rate.record, case.earlier.record
    sides = [Side(Part.STATED, value), Side(Part.EARLIER, earlier)]
    if rate is not value:
        sides.insert(1, Side(Part.OTHER, rate))
    middle = (case.implied.low or Decimal(0)) / 2 + (case.implied.high or Decimal(0)) / 2
    opposite = bool(rate.growth_rate) and rate.growth_rate is not None and rate.growth_rate * middle < 0
    sure = earlier.report_year == value.report_year or case.gap < _PLAUSIBLE
    return Finding(
        check=Check.GROWTH,
        severity=grade(case.gap, medium=Decimal(2), high=Decimal(10)),
        certainty=certainty_of(case.value, case.rate, case.earlier, also=sure and case.gap >= 2),
        place=ledger.place,
        sides=tuple(sides),
        reason="growth_opposite" if opposite else "growth",
        facts={
            "indicator": value.indicator,
            "year": str(value.year),
            "earlier_year": str(earlier.year),
            "value": quote_value(value),
            "earlier": quote_value(earlier),
            "stated": quote_growth(rate),
            "implied": span_of(case.implied),
            "gap": percent(case.gap).lstrip("+").rstrip("%"),
        },
        hint="prices" if case.real else "revised" if earlier.report_id != value.report_id else None,
        gap=float(case.gap),
    )
