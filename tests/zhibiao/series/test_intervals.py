"""Rounding and qualifiers leave an interval open."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhibiao.series import Interval, growth_interval, value_interval

NUMBERS = st.decimals(-1000, 1000, places=2)


@pytest.mark.parametrize(
    ("sentence", "low", "high"),
    [
        ("地区生产总值800.5亿元。", "80045000000", "80055000000"),
        ("地区生产总值800亿元。", "79950000000", "80050000000"),
        ("地区生产总值超800亿元。", "80000000000", None),
        ("地区生产总值近800亿元。", None, "80000000000"),
    ],
)
def test_values(extract, sentence: str, low: str, high: str | None) -> None:
    (record,) = extract(2030, sentence)
    ends = (None if end is None else Decimal(end) for end in (low, high))
    assert value_interval(record) == Interval(*ends)


def test_rates(extract) -> None:
    (record,) = extract(2030, "地区生产总值增长6.1%。")
    assert growth_interval(record) == Interval(Decimal("6.05"), Decimal("6.15"))


@given(NUMBERS, NUMBERS, NUMBERS, NUMBERS)
def test_apart_is_the_opposite_of_sharing_a_number(a: Decimal, b: Decimal, c: Decimal, d: Decimal) -> None:
    one, other = Interval(min(a, b), max(a, b)), Interval(min(c, d), max(c, d))
    assert one.low is not None and one.high is not None and other.low is not None and other.high is not None
    shared = max(one.low, other.low) <= min(one.high, other.high)
    assert one.apart(other) is not shared
    assert one.apart(other) is other.apart(one)


def test_an_open_end_reaches_everything() -> None:
    assert not Interval(Decimal(3), None).apart(Interval(Decimal(99), Decimal(100)))
    assert Interval(Decimal(3), None).is_above(Interval(None, Decimal(2)))
