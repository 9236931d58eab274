"""Rates of change."""

from __future__ import annotations

from decimal import Decimal

import pytest

from zhibiao.normalise.growth import direction_of, parse_growth

RATES = """
同比增长28.69% 28.69 % 同比 | 下降34.78% -34.78 % - | 同比增幅14% 14 % 同比 | 增速达8% 8 % - | 涨幅2% 2 % -
提高3个百分点 3 个百分点 - | 提高5.3个 5.3 个百分点 - | 提高2百分点 2 个百分点 -
降幅收窄0.4个百分点 0.4 个百分点 -
增幅收窄0.3个百分点 -0.3 个百分点 - | 降幅扩大1个百分点 -1 个百分点 - | 回落0.3个百分点 -0.3 个百分点 -
降幅达5% -5 % - | 比十年前少了三成 -30 % 比十年前
翻番 100 % - | 翻一番 100 % - | 翻了一番 100 % - | 翻两番 300 % - | 较2019年翻了一番 100 % 较2019年
翻近3番 700 % -
增长2倍 2 倍 - | 增长2.1倍 2.1 倍 - | 增长近3倍 3 倍 - | 年均增长5.9% 5.9 % 年均 | 涨幅控制在3% 3 % -
增长两成 20 % - | 增长一成半 15 % - | 下降两成五 -25 % - | 增长百分之二十 20 % - | 增长百分之20.5 20.5 % -
减少5% -5 % - | 降低1.6% -1.6 % - | 压减6% -6 % - | 压缩50% -50 % - | 负增长2% -2 % - | 增长-1.2% -1.2 % -
增长－1.2％ -1.2 % - | 增长５.５％ 5.5 % - | 增长2‰ 2 ‰ - | 两年平均增长2.1% 2.1 % 两年平均
环比下降3% -3 % 环比
同比（下同）增长10.1% 10.1 % 同比 | 增速比前三季度加快0.7个百分点 0.7 个百分点 比前三季度
可比增长10% 10 % 可比
按可比价计算增长5.2% 5.2 % 按可比价计算 | 比上年同期增长3% 3 % 比上年同期 | 较上年增长4% 4 % 较上年
较“十三五”末增长20% 20 % 较“十三五”末 | 同口径增长5.5% 5.5 % 同口径 | 与上年持平 0 % 与上年
翻倍 100 % - | 零增长 0 % - | 逐年递减3% -3 % - | 压降3% -3 % -
较全国平均提高2个百分点 2 个百分点 较全国平均 | 占比提高5% 5 % - | 6% 6 % -
-6% -6 % -
较2019年提升2.6个百分点 2.6 个百分点 较2019年 | 增速不低于20% 20 % - | 年均分别增长15% 15 % 年均
"""


def rows(table: str) -> list[tuple[str, ...]]:
    """`a b | c d` as [(a, b), (c, d)]."""
    return [tuple(cell.split()) for line in table.strip().splitlines() for cell in line.split("|")]


@pytest.mark.parametrize(("text", "rate", "unit", "comparison"), rows(RATES))
def test_rates_are_signed(text: str, rate: str, unit: str, comparison: str) -> None:
    growth = parse_growth(text)
    assert growth is not None
    found = (growth.rate, growth.unit, growth.comparison or "-", growth.bounds)
    assert found == (Decimal(rate), unit, comparison, None)


@pytest.mark.parametrize(
    ("text", "low", "high", "unit"),
    [
        ("增长5%—5.5%", "5", "5.5", "%"),
        ("增长5－6％", "5", "6", "%"),
        ("下降2%至3%", "-3", "-2", "%"),
        ("提高2-3个百分点", "2", "3", "个百分点"),
        ("增长两三倍", "2", "3", "倍"),
        ("下降两三成", "-30", "-20", "%"),
    ],
)
def test_ranges_have_bounds_in_order(text: str, low: str, high: str, unit: str) -> None:
    growth = parse_growth(text)
    assert growth is not None
    assert (growth.rate, growth.bounds, growth.unit) == (None, (Decimal(low), Decimal(high)), unit)


@pytest.mark.parametrize("text", ["由负转正", "由正转负"])
def test_a_turn_has_no_rate(text: str) -> None:
    growth = parse_growth(text)
    assert growth is not None
    assert (growth.rate, growth.unit) == (None, None)


@pytest.mark.parametrize("text", ["", "增长", "稳步提高", "95", "街道", "\ud800", "增长٣%", "%", "-"])
def test_what_is_no_rate(text: str) -> None:
    assert parse_growth(text) is None


def test_the_sign_of_a_list_reaches_its_bare_members_only() -> None:
    bare, own = parse_growth("6%", sign=-1), parse_growth("增长6%", sign=-1)
    assert bare is not None and own is not None
    assert (bare.rate, own.rate) == (Decimal(-6), Decimal(6))


def test_a_bare_number_is_a_rate_in_a_list_only() -> None:
    growth = parse_growth("6", sign=-1)
    assert growth is not None
    assert (growth.rate, growth.unit) == (Decimal(-6), None)
    assert parse_growth("6") is None


@pytest.mark.parametrize(
    ("before", "text", "comparison"),
    [
        ("甲、乙同比分别下降5%，", "6%", "同比"),
        ("甲同比增长5%，乙", "增长6%", None),
        ("甲同比增长5%；乙", "6%", None),
        ("甲较2019年分别", "增长6%", "较2019年"),
        ("甲环比增长1%，乙同比", "增长6%", "同比"),
    ],
)
def test_the_comparison_may_stand_before_the_span(before: str, text: str, comparison: str | None) -> None:
    growth = parse_growth(text, before=before)
    assert growth is not None
    assert growth.comparison == comparison


@pytest.mark.parametrize(
    ("text", "qualifier"),
    [
        ("增长10多倍", "多"),
        ("增长三成以上", "以上"),
        ("增长8%左右", "左右"),
        ("翻近一番", "近"),
        ("翻番", None),
        ("增长近3倍", "近"),
        ("增速不低于20%", "不低于"),
        ("增速超过20%", "超过"),
        ("增长超两成", "超"),
        ("增长8%", None),
    ],
)
def test_a_qualifier_may_stand_inside(text: str, qualifier: str | None) -> None:
    growth = parse_growth(text)
    assert growth is not None
    assert growth.qualifier == qualifier


@pytest.mark.parametrize(
    ("text", "direction"),
    [("增长", 1), ("下降", -1), ("降幅收窄", 1), ("降幅", -1), ("增速回落", -1), ("街道", None)],
)
def test_direction_words(text: str, direction: int | None) -> None:
    assert direction_of(text) == direction
