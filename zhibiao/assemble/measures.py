"""What sort of quantity a VALUE is, and the direction of a list's rates."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from functools import cache

from zhibiao.normalise.growth import direction_of
from zhibiao.normalise.numbers import NumberForm, parse_number
from zhibiao.schema import Document, Measure, Span
from zhibiao.tables.assembly import assembly_words
from zhibiao.tables.quantity_words import quantity_words
from zhibiao.tables.words import alternation

_NEAR = 10
"""A word that says a change stands within so many characters before its number."""

_SHARES = frozenset({"%", "％", "﹪", "‰", "成"})
_POINTS = frozenset({"个百分点", "百分点", "个基点", "个点"})


def measure_of(document: Document, indicator: Span, value: Span, unit: str | None) -> Measure:
    """Level, change, share or ratio of a VALUE, by its form, its unit and the words around it."""
    number = parse_number(document.quote(value.offsets))
    form = number.form if number else NumberForm.PLAIN
    named_ratio = unit is None and _patterns()["ratio"].search(document.quote(indicator.offsets))
    if form is NumberForm.RATIO or unit == "倍" or named_ratio:
        return Measure.RATIO
    if form is NumberForm.FRACTION or unit in _SHARES:
        return Measure.SHARE
    changes = unit in _POINTS or _changes(document.text, indicator, value)
    return Measure.CHANGE if changes else Measure.LEVEL


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    """Where the words that say a change may stand."""
    words = assembly_words()
    qualifiers = f"(?:{alternation(quantity_words().in_front)}|了|共|累计|分别|各|[:：])*"
    no_change = f"(?<!{')(?<!'.join(sorted(words.not_changed))})"
    return {
        "ratio": re.compile(f"(?:{alternation(words.ratios)})$"),
        "between": re.compile(rf"(?:{alternation(words.changed)}){no_change}{qualifiers}$"),
        "ahead": re.compile(rf"(?:{alternation(words.changed_ahead)}){no_change}{qualifiers}$"),
        "inside": re.compile(rf"(?:{alternation(words.changed_inside)})$"),
        "qualifiers": re.compile(f"(?:{qualifiers})"),
    }


def _changes(text: str, indicator: Span, value: Span) -> bool:
    """Whether the words before a number say by how much its noun has changed."""
    patterns, near = _patterns(), max(0, value.start - _NEAR)
    if indicator.start >= value.end:
        return bool(patterns["ahead"].search(text, near, value.start))
    if patterns["between"].search(text, max(near, indicator.end), value.start):
        return True
    touches = patterns["qualifiers"].fullmatch(text, indicator.end, value.start)
    # 新增 alone names no stock that could change: what is counted is elided.
    return bool(touches) and bool(patterns["inside"].search(text, indicator.start + 1, indicator.end))


def sign_of(document: Document, growth: Span, growths: Sequence[Span]) -> int | None:
    """The direction that a bare member of a list takes from the list's head; None when it has its own.

    `growths` are the rates of the document in text order.
    """
    if direction_of(document.quote(growth.offsets)) is not None:
        return None
    for at in range(bisect_right(growths, growth) - 2, -1, -1):
        if re.search("[。！？!?\n；;]", document.text[growths[at].end : growth.start]):
            return None
        if (direction := direction_of(document.quote(growths[at].offsets))) is not None:
            return direction
    return None
