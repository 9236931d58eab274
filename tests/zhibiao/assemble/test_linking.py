"""Which noun, unit and rate belong to a quantity where the predictor does not say."""

from __future__ import annotations

import pytest

from zhibiao.assemble import link_spans
from zhibiao.schema import Label

NOUNS = [
    # one noun, one quantity
    ("[I灯会产值]达[V5][U亿元]", "灯会产值 5"),
    ("新添[V3][U座][I书屋]", "书屋 3"),
    ("新添[V300]余[U座][I书屋]", "书屋 300"),
    ("建成[V3][U座]以上的[I书屋]", "书屋 3"),
    ("挂牌[V1][U处]“岚江夜话”[I讲堂]", "讲堂 1"),
    # the nearest noun before, over words that part nothing and over words that do
    ("[I灯会]有序开展，全年吸引[V8][U万人次]", "灯会 8"),
    ("[I书屋][V3][U座]、[I茶亭][V4][U座]", "书屋 3 | 茶亭 4"),
    ("划分[V91][U个][I网格]、[V599][U个][I微网格]", "网格 91 | 微网格 599"),
    ("[I网格]划分[V91][U个][I微网格]", "微网格 91"),
    # a noun that touches its number keeps it, even where another noun touches from behind
    ("[I书屋]达[V3][U座]的[I目标]", "书屋 3"),
    # a noun only further behind
    ("有[V3][U座]老旧的[I书屋]", "书屋 3"),
    # several nouns, one value; a list whose first members are counted already
    ("[I签到率]、[I办结率]和[I回访率]均达[V100][U%]", "签到率 100 | 办结率 100 | 回访率 100"),
    ("涉及[V13][U个][I社区]、[I房屋][V400][U幢]", "社区 13 | 房屋 400"),
    # lists paired by order, or sharing one noun before or behind
    ("[I茶园]、[I果园]分别达[V5][U亩]和[V6][U亩]", "茶园 5 | 果园 6"),
    ("[I存款]、[I贷款]分别[G增长5%]、[G6%]", "存款 增长5% | 贷款 6%"),
    ("[I城镇和农村居民收入]分别[G增长5%]和[G6%]", "城镇和农村居民收入 增长5% | 城镇和农村居民收入 6%"),
    ("开通[V19][U条]、[V31.3][U公里][I环湖步道]", "环湖步道 19 | 环湖步道 31.3"),
    (
        "[I种茶][V5][U亩]、[I种竹][V6][U亩]，分别完成计划的[V90][U%]、[V80][U%]",
        "种茶 5 | 种竹 6 | 种茶 90 | 种竹 80",
    ),
    # one noun with values of two years, and a noun that is not repeated
    ("[I绿道]由[V30][U公里]增加到[V80][U公里]", "绿道 30 | 绿道 80"),
    ("开工[V6][U个][I驿站]、建成[V2][U个]", "驿站 6 | 驿站 2"),
    # behind a comma a quantity with a noun of its own begins anew
    ("[I减免房租][V341][U万元]，[V2][U家][I茶企]入选", "减免房租 341 | 茶企 2"),
    # nothing is linked across sentences
    ("[I书屋]很多。新添[V3][U座]", ""),
]


def pairs(prediction, label: Label) -> str:
    """`argument quantity` of every link to a label, in text order."""
    quote = prediction.document.quote
    links = link_spans(prediction.document, prediction.spans)
    found = [link for link in links if link.argument.label is label]
    found.sort(key=lambda link: (link.quantity, link.argument))
    return " | ".join(f"{quote(link.argument.offsets)} {quote(link.quantity.offsets)}" for link in found)


@pytest.mark.parametrize(("marked", "expected"), NOUNS)
def test_the_noun_of_each_quantity(predict, marked, expected):
    assert pairs(predict(marked + "。"), Label.INDICATOR) == expected


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("[I灯会产值][V5][U亿元]，[G增长6%]", "增长6% 5"),
        ("[I茶园]、[I果园]分别为[V5][U亩]、[V6][U亩]，分别[G增长7%]、[G8%]", "增长7% 5 | 8% 6"),
        ("[I灯会产值][V5][U亿元]，[G同比增长6%]，[G两年平均增长2%]", "同比增长6% 5"),
        ("[I灯会产值][V5][U亿元]、[G增长6%]、[G7%]", "增长6% 5"),
        ("[I灯会产值][V5][U亿元]，[I客流][G增长6%]", ""),
        ("[I灯会产值][V5][U亿元]；[G增长6%]", ""),
        ("[I灯会产值][G增长6%]", ""),
    ],
)
def test_the_rate_of_each_value(predict, marked, expected):
    assert pairs(predict(marked + "。"), Label.GROWTH) == expected


def test_values_far_apart_are_no_list_for_two_rates(predict):
    far = "，其余各处的情况在后面的附表里逐一列出，这里从略，不再一个一个重复说明，请各位查阅"
    marked = f"[I茶园][V5][U亩]{far}[V6][U亩]，分别[G增长7%]、[G8%]。"
    assert pairs(predict(marked), Label.GROWTH) == ""


def test_a_unit_touches_its_value_or_stands_behind_one_character(predict):
    marked = "[I书屋][V3][U座]，[I茶客][V300]余[U人]，[I茶亭][V4]有的[U座]。"
    assert pairs(predict(marked), Label.UNIT) == "座 3 | 人 300"


def test_a_rate_that_belongs_to_a_value_has_no_noun_of_its_own(predict):
    prediction = predict("[I灯会产值][V5][U亿元]，[G增长6%]。")
    quantities = {
        link.quantity.label
        for link in link_spans(prediction.document, prediction.spans)
        if link.argument.label is Label.INDICATOR
    }
    assert quantities == {Label.VALUE}


def test_a_document_without_spans_has_no_links(predict):
    prediction = predict("岚城无数字。")
    assert link_spans(prediction.document, prediction.spans) == ()
