"""The numbers of a record: a VALUE with its unit, and a rate of change, each with its own qualifier."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from zhibiao.assemble.measures import sign_of
from zhibiao.normalise.growth import Growth, parse_growth
from zhibiao.normalise.numbers import parse_number
from zhibiao.normalise.qualifiers import bounds, find_qualifier
from zhibiao.normalise.units import parse_unit, to_base
from zhibiao.schema import Bounds, Document, Span

_CLAUSE = 30
"""The comparison of a rate stands within so many characters before it."""


@dataclass(frozen=True, slots=True)
class Amount:
    """What a VALUE and its UNIT say; all None in a record that has only a rate."""

    value: Decimal | None = None
    text: str | None = None
    unit: str | None = None
    base: Decimal | None = None
    base_unit: str | None = None
    qualifier: str | None = None
    bounds: Bounds | None = None


def amount_of(document: Document, value: Span | None, unit: Span | None) -> Amount:
    """The number as stated and in base units, with its interval."""
    if value is None:
        return Amount()
    text = document.quote(value.offsets)
    stated = document.quote(unit.offsets) if unit else None
    number = parse_number(text)
    plain = number.value if number else None
    base, base_unit = _in_base(plain, stated)
    end = unit.end if unit else value.end
    qualifier = find_qualifier(document.text, value.start, value.end, after=end)
    own = number.bounds if number else None
    interval = own or bounds(plain, qualifier, value_text=text)
    return Amount(plain, text, stated, base, base_unit, qualifier, interval)


def _in_base(value: Decimal | None, stated: str | None) -> tuple[Decimal | None, str | None]:
    """A number without unit is its own base; a bare 亿 scales it and names no base unit."""
    unit = parse_unit(stated) if stated else None
    if unit is None:
        return value, None
    base = to_base(value, unit)[0] if value is not None else None
    return base, unit.base or None


def growth_of(document: Document, span: Span | None, growths: Sequence[Span]) -> Growth | None:
    """The signed rate that a GROWTH span says, with its interval; `growths` are those of the document."""
    if span is None:
        return None
    text = document.quote(span.offsets)
    before = document.text[max(0, span.start - _CLAUSE) : span.start]
    growth = parse_growth(text, sign=sign_of(document, span, growths), before=before)
    if growth is None:
        return None
    qualifier = growth.qualifier or find_qualifier(document.text, span.start, span.end, after=span.end)
    interval = growth.bounds or bounds(growth.rate, qualifier, value_text=text)
    return replace(growth, qualifier=qualifier, bounds=interval)
