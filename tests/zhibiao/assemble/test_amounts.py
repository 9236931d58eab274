"""Numbers as stated, in base units, as intervals; rates with their comparison."""

from __future__ import annotations

from decimal import Decimal

import pytest


def number(text: str) -> Decimal | None:
    """A number of the tables below; `-` is none."""
    return None if text == "-" else Decimal(text)


def interval(text: str) -> tuple[Decimal | None, Decimal | None] | None:
    """`low..high`, either of which may be `-`; `-` alone is none."""
    if text == "-":
        return None
    low, high = text.split("..")
    return (number(low), number(high))


@pytest.mark.parametrize(
    ("marked", "value", "base", "base_unit"),
    [
        ("[V6.45][U亿元]", "6.45", "645000000", "元"),
        ("[V8千]余[U人次]", "8000", "8000", "人次"),
        ("[V1.2][U万方]", "1.2", "12000", "平方米"),
        ("超[V百][U亿元]", "100", "10000000000", "元"),
        ("[V89.23][U%]", "89.23", "89.23", "%"),
        ("[V四分之一]", "0.25", "0.25", "-"),
        ("[V145.98][U亿]", "145.98", "14598000000", "-"),
        ("[V3:47:50]", "-", "-", "-"),
        ("[V10-15][U个]", "-", "-", "个"),
    ],
)
def test_values_are_kept_as_stated_and_in_base_units(only, marked, value, base, base_unit):
    record = only(f"[I茶叶交易]{marked}。")
    assert (record.value, record.value_base) == (number(value), number(base))
    assert record.unit_base == (None if base_unit == "-" else base_unit)


@pytest.mark.parametrize(
    ("marked", "qualifier", "bounds", "growth_qualifier", "growth_bounds"),
    [
        ("达[V5][U亿元]", "-", "-", "-", "-"),
        ("超[V5][U亿元]", "超", "5..-", "-", "-"),
        ("近[V5][U亿元]", "近", "-..5", "-", "-"),
        ("[V300]余[U家]", "余", "300..400", "-", "-"),
        ("不少于[V5][U家]", "不少于", "5..-", "-", "-"),
        ("[V10-15][U个]", "-", "10..15", "-", "-"),
        ("[V2250][U亿元]、[G增长10%]以上", "-", "-", "以上", "10..-"),
        ("超[V2250][U亿元]、[G增长10%]左右", "超", "2250..-", "左右", "9..11"),
        ("[V2250][U亿元]以上、[G增长10%]", "以上", "2250..-", "-", "-"),
        ("[G增幅不低于15%]", "-", "-", "不低于", "15..-"),
        ("[G下降5%]以上", "-", "-", "以上", "-..-5"),
        ("[G增长5%—6%]", "-", "-", "-", "5..6"),
    ],
)
def test_each_qualifier_belongs_to_its_own_number(
    only, marked, qualifier, bounds, growth_qualifier, growth_bounds
):
    record = only(f"[I茶叶交易]{marked}。")
    assert (record.qualifier or "-", record.growth_qualifier or "-") == (qualifier, growth_qualifier)
    assert record.bounds == interval(bounds)
    assert record.growth_bounds == interval(growth_bounds)


@pytest.mark.parametrize(
    ("marked", "rate", "unit", "comparison"),
    [
        ("[G同比增长28.69%]", "28.69", "%", "同比"),
        ("同比[G下降34.78%]", "-34.78", "%", "同比"),
        ("[G增长8%]", "8", "%", None),
        ("[G年均增长7.5%]", "7.5", "%", "年均"),
        ("较2019年[G增长30%]", "30", "%", "较2019年"),
        ("[G比上年末提高3个百分点]", "3", "个百分点", "比上年末"),
        ("[G翻一番]", "100", "%", None),
        ("[G增长2倍]", "2", "倍", None),
        ("[G降幅收窄0.4个百分点]", "0.4", "个百分点", None),
        ("[G涨幅控制在3%]", "3", "%", None),
    ],
)
def test_rates_are_signed_and_compared(only, marked, rate, unit, comparison):
    record = only(f"[I茶叶交易]{marked}。")
    assert (record.growth_rate, record.growth_unit, record.comparison) == (Decimal(rate), unit, comparison)
    assert record.value is None and record.value_text is None and record.unit is None


def test_words_that_are_no_rate_are_kept_as_text(only):
    record = only("[I茶叶交易][G稳中有进]。")
    assert (record.growth_text, record.growth_rate, record.growth_unit) == ("稳中有进", None, None)
