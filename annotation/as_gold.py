"""Records in the form of gold, as if somebody had annotated them."""

from __future__ import annotations

from decimal import Decimal

from zhibiao.normalise.growth import parse_growth
from zhibiao.schema import GoldRecord, Label, Record

__all__ = ["gold_record"]


def gold_record(record: Record) -> GoldRecord:
    """The annotation that says what the record says."""
    slots = {label.slot for label in Label}
    return GoldRecord(
        spans={slot: offsets for slot, offsets in record.spans.items() if slot in slots},
        year=record.year,
        kind=record.kind,
        qualifier=record.qualifier or record.growth_qualifier,
        growth_rate=_inherited_rate(record),
    )


def _inherited_rate(record: Record) -> Decimal | None:
    """The rate where its span alone does not give it: the second of 分别下降5%、6%."""
    if record.growth_text is None or record.growth_rate is None:
        return None
    alone = parse_growth(record.growth_text)
    return None if alone and alone.rate == record.growth_rate else record.growth_rate
