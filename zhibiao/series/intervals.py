"""What a stated number leaves open: the interval of its rounding and of its qualifier."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from zhibiao.schema import Bounds, Record

__all__ = ["Interval", "growth_interval", "value_interval"]

_DIGITS = re.compile(r"[0-9０-９]+(?:[.．]([0-9０-９]+))?")


@dataclass(frozen=True, slots=True)
class Interval:
    """Everything from `low` to `high`, ends included; None is open."""

    low: Decimal | None
    high: Decimal | None

    @property
    def is_open(self) -> bool:
        """Whether an end is not known."""
        return self.low is None or self.high is None

    def is_above(self, other: Interval) -> bool:
        """Whether everything here is above everything there."""
        return self.low is not None and other.high is not None and self.low > other.high

    def apart(self, other: Interval) -> bool:
        """Whether the two share no number."""
        return self.is_above(other) or other.is_above(self)


def value_interval(record: Record, *, ulps: Decimal = Decimal("0.5")) -> Interval | None:
    """The base values that the record's value may mean; `ulps` is how many last places rounding may hide.

    A range and a value of one end only (超, 近) are taken as stated. None where the record has no value in
    a base unit.
    """
    if record.bounds is not None:
        scale = _scale(record)
        return None if scale is None else _scaled(record.bounds, scale)
    if record.value is None or record.value_base is None:
        return None
    scale = _scale(record) or Decimal(1)
    slack = abs(_last_place(record.value_text or "") * scale * ulps)
    return Interval(record.value_base - slack, record.value_base + slack)


def growth_interval(record: Record, *, ulps: Decimal = Decimal("0.5")) -> Interval | None:
    """The rates that the record's growth may mean, in its own unit."""
    if record.growth_bounds is not None:
        return Interval(*record.growth_bounds)
    if record.growth_rate is None:
        return None
    slack = _last_place(record.growth_text or "") * ulps
    return Interval(record.growth_rate - slack, record.growth_rate + slack)


def _scale(record: Record) -> Decimal | None:
    """How many base units the stated unit is; not known of a range, whose value is null."""
    if record.value is None or record.value_base is None or not record.value:
        return None
    return record.value_base / record.value


def _scaled(bounds: Bounds, scale: Decimal) -> Interval:
    low, high = (None if end is None else end * scale for end in bounds)
    return Interval(low, high)


def _last_place(text: str) -> Decimal:
    """One of the last place that is written: 0.01 of 36.52, 1 of 36; Chinese numerals hide nothing."""
    found = list(_DIGITS.finditer(text))
    if not found:
        return Decimal(0)
    return Decimal(1).scaleb(-len(found[-1][1] or ""))
