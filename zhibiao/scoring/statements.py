"""The form in which a gold record and a predicted one can be compared."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from zhibiao.assemble.amounts import amount_of
from zhibiao.normalise.growth import parse_growth
from zhibiao.normalise.numbers import parse_number
from zhibiao.schema import Document, GoldRecord, Kind, Label, Offsets, Record, Span

Quantity = Decimal | str
"""A number where the text is one, else the text itself without differences of width (a range, a ratio)."""

Growth = tuple[Quantity, str | None]
"""The signed rate and its unit: 3 % and 3 个百分点 are not the same."""


@dataclass(frozen=True, slots=True)
class Statement:
    """What a record says, with the offsets where it says so.

    Gold has one qualifier: the value's, or the growth's where the value has none. `base` is the value in
    base units with the base unit: 6.45亿元 and 64500万元 have the same.
    """

    indicator: str
    value: Quantity | None
    unit: str | None
    growth: Growth | None
    year: int | None
    kind: Kind
    qualifier: str | None
    spans: Mapping[str, Offsets]
    base: tuple[Quantity | None, str | None] = (None, None)
    confidence: float | None = field(default=None, compare=False)

    @property
    def anchor(self) -> Offsets:
        """Where the quantity stands: the VALUE, the GROWTH where there is no value."""
        return self.spans["value"] if "value" in self.spans else self.spans["growth"]

    @property
    def indicator_span(self) -> Offsets:
        """Where the indicator stands; empty where the annotation names none."""
        return self.spans.get("indicator", (0, 0))


def from_record(record: Record) -> Statement:
    """A predicted record, its numbers as it states them."""
    value = record.value
    return Statement(
        indicator=record.indicator,
        value=_plain(record.value_text) if value is None else value,
        unit=record.unit,
        growth=_stated_growth(record),
        year=record.year,
        kind=record.kind,
        qualifier=record.qualifier or record.growth_qualifier,
        spans=record.spans,
        base=_base(record.value_base, record.unit_base, record.value_text, record.unit),
        confidence=record.confidence,
    )


def from_gold(record: GoldRecord, document: Document) -> Statement:
    """A gold record, its numbers read from its spans."""
    texts = {slot: document.quote(offsets) for slot, offsets in record.spans.items()}
    marked = {slot: Span(*offsets, Label(slot.upper())) for slot, offsets in record.spans.items()}
    amount = amount_of(document, marked.get("value"), marked.get("unit"))
    return Statement(
        indicator=texts.get("indicator", ""),
        value=_number(texts["value"]) if "value" in texts else None,
        unit=texts.get("unit"),
        growth=_growth(texts["growth"], record.growth_rate) if "growth" in texts else None,
        year=record.year,
        kind=record.kind,
        qualifier=record.qualifier,
        spans=record.spans,
        base=_base(amount.base, amount.base_unit, amount.text, amount.unit),
    )


def _base(
    value: Decimal | None, base_unit: str | None, text: str | None, unit: str | None
) -> tuple[Quantity | None, str | None]:
    """A value that is no single number, and a unit that no table knows, stand for themselves."""
    return (_plain(text) if value is None else value, base_unit or _plain(unit))


def _stated_growth(record: Record) -> Growth | None:
    if record.growth_rate is not None:
        return (record.growth_rate, record.growth_unit)
    text = _plain(record.growth_text)
    return None if text is None else (text, None)


def _number(text: str) -> Quantity | None:
    number = parse_number(text)
    return _plain(text) if number is None or number.value is None else number.value


def _growth(text: str, rate: Decimal | None) -> Growth | None:
    parsed = parse_growth(text)
    unit = parsed.unit if parsed else None
    if rate is None and parsed:
        rate = parsed.rate
    return (unicodedata.normalize("NFKC", text), None) if rate is None else (rate, unit)


def _plain(text: str | None) -> str | None:
    return None if text is None else unicodedata.normalize("NFKC", text)
