"""A change over several years against the yearly mean that is stated: 由100增加到150，年均增长8.4%."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from zhibiao.audit.changes import Change, changes
from zhibiao.audit.findings import Certainty, Check, Finding, Part, Side
from zhibiao.audit.ledger import Ledger, grade
from zhibiao.audit.wording import quote_growth, quote_value, span_of
from zhibiao.series import Interval, growth_interval, value_interval
from zhibiao.tables.comparison import comparison_words

__all__ = ["check_means"]

_NOMINAL = Decimal("0.3")
_REAL = Decimal(4)
"""Points a year that prices may make up, where the rate is in constant prices."""
_PLAN = 5
"""Years of a plan: what is meant where the sentence does not say the year of the start."""


def check_means(ledger: Ledger) -> Iterator[Finding | None]:
    """One finding for each yearly mean that does not lead from the first value to the last."""
    for change in changes(ledger.records):
        stated = growth_interval(change.end)
        said = f"{change.end.comparison or ''}{change.end.growth_text or ''}"
        if stated is None or change.end.growth_unit != "%" or "年均" not in said:
            continue
        known = (change.end.year or 0) - (change.start.year or 0)
        implied = _implied(change, known if known > 0 else _PLAN)
        if implied is not None:
            gap = _gap(implied, stated, _REAL if _is_real(change) else _NOMINAL)
            yield _finding(ledger, change, implied, gap, sure=known > 0) if gap > 0 else None


def _implied(change: Change, years: int) -> Interval | None:
    a, b = value_interval(change.start), value_interval(change.end)
    if a is None or b is None or not a.low or not a.high or not b.low or not b.high or a.low <= 0:
        return None
    root = Decimal(1) / years
    return Interval(((b.low / a.high) ** root - 1) * 100, ((b.high / a.low) ** root - 1) * 100)


def _gap(implied: Interval, stated: Interval, slack: Decimal) -> Decimal:
    """Points between the two beyond the slack."""
    low = stated.low - implied.high - slack if stated.low is not None and implied.high is not None else 0
    high = implied.low - stated.high - slack if stated.high is not None and implied.low is not None else 0
    return max(Decimal(low), Decimal(high), Decimal(0))


def _is_real(change: Change) -> bool:
    words, code = comparison_words(), change.end.indicator_code or ""
    return any(word in code for word in words.real_codes) or any(
        word in change.end.evidence for word in words.real_words
    )


def _finding(ledger: Ledger, change: Change, implied: Interval, gap: Decimal, *, sure: bool) -> Finding:
    return Finding(
        check=Check.GROWTH,
        severity=grade(gap, medium=Decimal(1), high=Decimal(5)),
        certainty=Certainty.LIKELY if sure and not _is_real(change) else Certainty.POSSIBLE,
        place=ledger.place,
        sides=(Side(Part.END, change.end), Side(Part.START, change.start)),
        reason="mean",
        facts={
            "indicator": change.end.indicator,
            "start": quote_value(change.start),
            "end": quote_value(change.end),
            "stated": quote_growth(change.end),
            "implied": span_of(implied),
            "gap": f"{gap:.1f}",
        },
        hint="five" if not sure else "prices" if _is_real(change) else None,
        gap=float(gap),
    )
