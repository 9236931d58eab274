"""Signs and directions against the words: 下降 with a positive rate, 由90提高到85."""

from __future__ import annotations

import re
from collections.abc import Iterator

from zhibiao.audit.changes import Change, changes
from zhibiao.audit.findings import Certainty, Check, Finding, Part, Severity, Side
from zhibiao.audit.ledger import Ledger, gap_between, is_slip
from zhibiao.audit.wording import quote_growth, quote_value
from zhibiao.normalise.growth import direction_of
from zhibiao.schema import Record
from zhibiao.series import value_interval

__all__ = ["check_signs"]

_MINUS = re.compile(r"[-－−负](?=\s*[0-9０-９])")
_GRAVE = 10.0


def check_signs(ledger: Ledger) -> Iterator[Finding | None]:
    """Rates whose sign contradicts their word, and changes that go the other way than their word says."""
    for record in ledger.records:
        if record.growth_rate and direction_of(record.growth_text or "") is not None:
            yield _rate(ledger, record)
    for change in changes(ledger.records):
        yield _change(ledger, change)


def _rate(ledger: Ledger, record: Record) -> Finding | None:
    text = record.growth_text or ""
    direction, minus = direction_of(text) or 0, bool(_MINUS.search(text))
    if minus and direction > 0:  # 增长-3.5% is how a fall is written in tables.
        return None
    if not minus and ((record.growth_rate or 0) > 0) is (direction > 0):
        return None
    return Finding(
        check=Check.SIGN,
        severity=Severity.MEDIUM,
        certainty=Certainty.LIKELY,
        place=ledger.place,
        sides=(Side(Part.STATED, record),),
        reason="double_minus" if minus else "sign",
        facts={
            "indicator": record.indicator,
            "stated": quote_growth(record),
            "rate": f"{record.growth_rate}{record.growth_unit or ''}",
        },
    )


def _change(ledger: Ledger, change: Change) -> Finding | None:
    a, b = value_interval(change.start), value_interval(change.end)
    if a is None or b is None or is_slip(change.start, change.end):
        return None
    if not (a.is_above(b) if change.direction > 0 else b.is_above(a)):
        return None
    gap = float(gap_between(a, b)) * 100
    return Finding(
        check=Check.SIGN,
        severity=Severity.HIGH if gap >= _GRAVE else Severity.MEDIUM,
        certainty=Certainty.LIKELY,
        place=ledger.place,
        sides=(Side(Part.START, change.start), Side(Part.END, change.end)),
        reason="direction",
        facts={
            "indicator": change.start.indicator,
            "start": quote_value(change.start),
            "end": quote_value(change.end),
        },
        gap=gap,
    )
