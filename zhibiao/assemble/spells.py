"""The period of a record: the months of its YEAR, or the years that a rate is averaged over."""

from __future__ import annotations

import re
from functools import cache

from zhibiao.assemble.years import Dated, YearFinder
from zhibiao.normalise.numbers import parse_number
from zhibiao.normalise.periods import parse_period, whole_year
from zhibiao.schema import Period, PeriodKind, Span


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    return {
        "averaged": re.compile("年均|年平均|月均|季均|年年均"),
        "years": re.compile("([一二两三四五六七八九十]|[0-9]{1,2})年(?:年?平均|年均)"),
        "clause": re.compile("[^，,、。；;：:！？!?\n]*$"),
    }


def period_of(
    years: YearFinder, quantity: Span, year: int | None, dated: Dated | None, comparison: str | None
) -> Period | None:
    """The months that a quantity is about; `comparison` is that of a record which has only a rate, else None.

    年均 stands with a rate alone (年均增长5%) or with a value (年均投入3亿元); the yearly rate of a value
    does not make the value itself an average.
    """
    text = years.document.text
    start = max(0, quantity.start - 16)
    clause = _patterns()["clause"].search(text, start, quantity.start)
    near = text[clause.start() if clause else start : quantity.start]
    averaged = "均" in (comparison or "") or bool(_patterns()["averaged"].search(near))
    stated = years.document.quote(dated.span.offsets) if dated else None
    period = parse_period(stated, year=year, average=averaged) if stated else None
    if not averaged or year is None:
        return period or whole_year(year)
    if period is not None and period.start is not None and period.start < f"{year:04d}":
        return period
    length = _years_named(comparison) or years.length_before(quantity, year)
    start_month = f"{year - length + 1:04d}-01" if length is not None and length < year else None
    return Period(start_month, f"{year:04d}-12", PeriodKind.AVERAGE)


def _years_named(comparison: str | None) -> int | None:
    """两年平均 says two."""
    match = _patterns()["years"].search(comparison or "")
    number = parse_number(match[1]) if match else None
    return int(number.value) if number and number.value is not None else None
