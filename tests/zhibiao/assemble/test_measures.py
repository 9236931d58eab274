"""Level, change, share, ratio; the sign of a list's members."""

from __future__ import annotations

from decimal import Decimal

import pytest


@pytest.mark.parametrize(
    ("marked", "measure"),
    [
        ("[I茶园面积]达[V5][U亩]", "level"),
        ("[I书屋][V3]", "level"),
        ("[I茶叶产值]增加到[V5][U亿元]", "level"),
        ("[I茶企]至少[V5][U家]", "level"),
        ("[I茶企]不少于[V5][U家]", "level"),
        # a count of what is new, and by how much a stock has changed
        ("[I新增茶企][V5][U家]", "level"),
        ("新增[V5][U家][I茶企]", "level"),
        ("[I新增][V5][U家]", "level"),
        ("[I茶企]新增[V5][U家]", "change"),
        ("[I茶企总量]五年新增[V5][U家]", "change"),
        ("[I茶企净增][V5][U家]", "change"),
        ("[I茶企净增]超[V5][U家]", "change"),
        ("[I茶企净增][V5][U家]、突破[V90][U家]", "change level"),
        ("[I漏点]减少[V5][U处]", "change"),
        ("[I漏点]比上年减少近[V5][U处]", "change"),
        ("减少[V5][U处][I漏点]", "change"),
        ("[I茶农收入]分别增加[V5][U元]", "change"),
        # the work done is no change of a stock
        ("[I茶园改造提升][V5][U亩]", "level"),
        ("改造提升[V5][U亩][I茶园]", "level"),
        ("[I绿地率]提高[V2][U个百分点]", "change"),
        ("[I绿地率]高出[V2][U个百分点]", "change"),
        # shares and ratios
        ("[I绿地率]达[V45][U%]", "share"),
        ("[I绿地率]提高[V45][U％]", "share"),
        ("[I出生率][V6][U‰]", "share"),
        ("[I茶园]占[V四分之一]", "share"),
        ("[V八][U成][I茶园]", "share"),
        ("[I三次产业比][V3:47:50]", "ratio"),
        ("[I茶叶销量]是上年的[V2.1][U倍]", "ratio"),
        ("[I城乡收入倍差]缩小至[V1.9]", "ratio"),
    ],
)
def test_the_measure_of_each_value(records, marked, measure):
    assert " ".join(record.measure for record in records(marked + "。")) == measure


def test_a_record_with_only_a_rate_has_no_measure(only):
    assert only("[I茶叶产值][G增长5%]。").measure is None


@pytest.mark.parametrize(
    ("marked", "rates"),
    [
        ("[I茶价]、[I米价]分别[G下降5%]、[G6%]。", [-5, -6]),
        ("[I茶价]、[I米价]、[I布价]分别[G下降5%]、[G6%]和[G7%]。", [-5, -6, -7]),
        ("[I茶价]、[I米价]分别[G增长5%]、[G下降6%]。", [5, -6]),
        ("[I茶价][G下降5%]；[I米价][G6%]。", [-5, 6]),
        ("[I茶价][G下降5%]。[I米价][G6%]。", [-5, 6]),
        ("[I茶价][V5][U元]、[I米价][V6][U元]，[G下降5%]、[G6%]。", [-5, -6]),
    ],
)
def test_a_bare_member_of_a_list_takes_its_direction_from_the_list(records, marked, rates):
    found = [record.growth_rate for record in records(marked)]
    assert found == [Decimal(rate) for rate in rates]
