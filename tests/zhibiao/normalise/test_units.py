"""Units: scale, base, and arithmetic that loses nothing."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction

import pytest

from zhibiao.errors import ConfigError
from zhibiao.normalise.units import parse_unit, to_base, unit_source
from zhibiao.tables.units import classifiers, measure_words, parse_units, unit_table

EXAMPLES = """
亿元 100000000 元 | 万亿元 1000000000000 元 | 千亿元 100000000000 元 | 万美元 10000 美元
亿港币 100000000 港元 | 元 1 元
万人 10000 人 | 名 1 人 | 万人次 10000 人次 | 家次 1 家次 | 户 1 户 | 家 1 家 | 千人 1000 人 | 件 1 件
场次 1 场次
平方米 1 平方米 | 方 1 平方米 | 万方 10000 平方米 | 平方公里 1000000 平方米 | 公顷 10000 平方米
亩 2000/3 平方米
万亩 20000000/3 平方米 | 公里 1000 米 | 千米 1000 米 | 万公里 10000000 米 | 立方米 1 立方米
亿立方米 100000000 立方米
吨 1 吨 | 万吨 10000 吨 | 亿斤 50000 吨 | 公斤 1/1000 吨 | 千克 1/1000 吨 | 万吨标准煤 10000 吨标准煤
亿千瓦时 100000000 千瓦时 | 万千瓦 10000 千瓦 | 兆瓦 1000 千瓦 | 吉瓦 1000000 千瓦 | 千伏 1 千伏
% 1 % | ％ 1 % | ‰ 1/10 % | 成 10 % | 个百分点 1 个百分点 | 百分点 1 个百分点 | 倍 1 倍
标箱 1 标箱 | 万标准箱 10000 标箱 | 微克/立方米 1 微克/立方米 | 毫克／立方米 1000 微克/立方米 | 岁 1 岁
分 1 分 | 张 1 张
万元/人 10000 元/人 | 周 7 天 | 天 1 天 | 小时 1 小时 | 个工作日 1 工作日
"""

SCALE_ONLY = [
    ("亿", 10**8, ""),
    ("万", 10**4, ""),
    ("百万", 10**6, ""),
    ("个亿", 10**8, ""),
    ("万亿亿", 10**12, "亿"),
]
UNKNOWN = [("甲乙", 1, "甲乙"), ("万甲乙", 10**4, "甲乙"), ("\ud800", 1, "\ud800"), ("個", 1, "個")]


def rows(table: str) -> list[tuple[str, ...]]:
    """`a b | c d` as [(a, b), (c, d)]."""
    return [tuple(cell.split()) for line in table.strip().splitlines() for cell in line.split("|")]


@pytest.mark.parametrize(("text", "scale", "base"), rows(EXAMPLES))
def test_known_units(text: str, scale: str, base: str) -> None:
    unit = parse_unit(text)
    assert unit is not None
    assert (unit.text, unit.scale, unit.base) == (text, Fraction(scale), base)


@pytest.mark.parametrize(("text", "scale", "base"), SCALE_ONLY + UNKNOWN)
def test_other_units_keep_their_name_behind_the_scale(text: str, scale: int, base: str) -> None:
    unit = parse_unit(text)
    assert unit is not None
    assert (unit.scale, unit.base) == (scale, base)


def test_blanks_inside_a_unit_mean_nothing() -> None:
    spaced, plain = parse_unit(" 亿 元\n"), parse_unit("亿元")
    assert spaced is not None and plain is not None
    assert (spaced.scale, spaced.base) == (plain.scale, plain.base)


def test_no_unit_in_no_text() -> None:
    assert parse_unit("") is None
    assert parse_unit(" ") is None


@pytest.mark.parametrize(
    ("value", "unit", "base"),
    [
        ("6.45", "亿元", "645000000"),
        ("3", "万亩", "20000000"),
        ("10", "亩", "6666.666666666666666666666667"),
        ("6.45", "克", "0.00000645"),
    ],
)
def test_values_in_base_units(value: str, unit: str, base: str) -> None:
    parsed = parse_unit(unit)
    assert parsed is not None
    assert to_base(Decimal(value), parsed)[0] == Decimal(base)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("亿元,增长", "亿元"),
        ("万千瓦时用电", "万千瓦时"),
        ("千瓦时", "千瓦时"),
        ("万人次", "万人次"),
        ("亿,", "亿"),
        ("个标段", "个标段"),
        ("个百分点", "个百分点"),
        ("微克／立方米", "微克／立方米"),
        ("个亿", "个亿"),
    ],
)
def test_the_pattern_takes_the_longest_unit(text: str, found: str) -> None:
    match = re.match(unit_source(), text)
    assert match is not None
    assert match[0] == found


def test_the_table_is_large_and_counts_nothing_twice() -> None:
    assert len(unit_table()) >= 250
    assert len(set(measure_words())) == len(measure_words()) == len(unit_table())
    assert {"个", "家", "人次", "幢", "场次"} <= classifiers()
    assert not {"亿元", "元", "吨", "企业", "项目"} & classifiers()


def test_every_base_is_a_unit_of_itself() -> None:
    for entry in unit_table().values():
        assert unit_table()[entry.base].base == entry.base
        assert unit_table()[entry.base].factor == 1


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        ('[counted]\na = ["个"]\nb = ["个"]', "'个' stands in a and b"),
        ('[measured.x]\nbase = "米"', "measured.x"),
        ('[measured.x]\nbase = "米"\n[measured.x.units]\n"米" = 0.1', "'米' = 0.1"),
        ('[measured.x]\nbase = "米"\n[measured.x.units]\n"米" = "-1"', "'米' = '-1'"),
        ('[measured.x]\nbase = "米"\n[measured.x.units]\n"米" = "1/0"', "'米' = '1/0'"),
        ('[same]\n"名" = "人"', "人"),
        ("[other]", "other"),
    ],
)
def test_a_wrong_table_says_what_is_wrong(text: str, finding: str) -> None:
    with pytest.raises(ConfigError, match=re.escape(finding)):
        parse_units(text)
