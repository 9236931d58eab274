"""Shares of a whole above 100 %."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from zhibiao.audit.findings import Certainty, Check, Finding, Part, Side
from zhibiao.audit.ledger import Ledger, grade
from zhibiao.audit.wording import quote_value
from zhibiao.schema import Measure, Record
from zhibiao.series import quotation
from zhibiao.tables.comparison import comparison_words

__all__ = ["check_shares"]

_WHOLE = Decimal(100)
_PERCENT = frozenset({"%", "％", "﹪"})


def check_shares(ledger: Ledger) -> Iterator[Finding | None]:
    """Percentages above 100 of what can only be a part; completed plans and the like may be above."""
    for record in ledger.records:
        if record.measure is Measure.SHARE and record.unit in _PERCENT and record.value is not None:
            above = record.value > _WHOLE and not _may_be_above(record)
            yield _finding(ledger, record) if above else None


def _said(record: Record) -> str:
    """The indicator, what it leans on, and the clause up to the number."""
    clause = re.split("[，,。；;]", quotation(record).before("value"))[-1]
    return f"{record.indicator}{record.indicator_context or ''}{clause}"


def _may_be_above(record: Record) -> bool:
    return any(word in _said(record) for word in comparison_words().above_hundred)


def _finding(ledger: Ledger, record: Record) -> Finding:
    of_a_whole = any(word in _said(record) for word in comparison_words().parts_of_a_whole)
    excess = (record.value or Decimal(0)) - _WHOLE
    return Finding(
        check=Check.SHARE,
        severity=grade(excess, medium=Decimal(1), high=Decimal(10)),
        certainty=Certainty.LIKELY if of_a_whole else Certainty.POSSIBLE,
        place=ledger.place,
        sides=(Side(Part.STATED, record),),
        reason="share",
        facts={
            "indicator": record.indicator,
            "year": str(record.year),
            "value": quote_value(record),
        },
        gap=float(excess),
    )
