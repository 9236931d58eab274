"""What a short indicator leans on."""

from __future__ import annotations

import pytest

CONTEXTS = [
    # an indicator that says enough leans on nothing
    ("[I引进茶企][V5][U家]，[I茶叶产值][V3][U亿元]", "- -"),
    # the noun of the quantity before, through a chain of short ones
    ("[I新签茶旅项目][V5][U个]、[I总投资][V3][U亿元]", "- 新签茶旅项目"),
    ("新签[V5][U个][I茶旅项目]，[I总投资]超[V3][U亿元]", "- 茶旅项目"),
    ("[I受理来信][V500]余[U件]，[I办结率]达[V98][U%]、[I满意率]达[V99][U%]", "- 受理来信 受理来信"),
    ("[I茶叶产值][V3][U亿元]、[G增长6%]，[I占全省比重][V4][U%]", "- 茶叶产值"),
    ("[I茶旅项目]新开工[V5][U个]，[I竣工投产][V3][U个]", "- 茶旅项目"),
    # over a clause that tells a rank
    ("[I茶叶产值][V3][U亿元]，稳居全省第二，[I占全省比重][V4][U%]", "- 茶叶产值"),
    # the noun phrase in the same clause, or at the end of the clause before
    ("“三湖六岸”重点工程完成[I投资][V3][U亿元]", "三湖六岸”重点工程"),
    ("持续做好竹溪、兰亭等老年食堂助餐服务，[I惠及][V9][U万人]", "老年食堂助餐服务"),
    ("形成采摘和制茶同步发展的产业集群，[I产值][V7][U亿元]", "产业集群"),
    ("推进竹溪幼儿园建设，[I面积]共[V7][U平方米]", "竹溪幼儿园建设"),
    # the noun phrase that begins a clause of results
    ("电网建设取得重大进展，完成[I投资][V3][U亿元]", "电网建设"),
    ("国企改革不断深化，[I资产总额][G增长8%]", "国企改革"),
    # nothing before it in its sentence; a noun that only follows
    ("[I引进茶企][V5][U家]。[I总投资][V3][U亿元]", "- -"),
    ("[I总投资][V3][U亿元]", "-"),
    ("[I引进茶企][V5][U家]，推动[I投资][V3][U亿元]的储能站落地", "- -"),
    ("与竹溪村签订[I总投资][V3][U亿元]", "-"),
    ("推动竹溪经济增长，[I税收][V3][U亿元]", "竹溪经济增长"),
    ("健全养老支持体系，[I新增][V3][U人]", "-"),
    ("加快建设，[I面积][V3][U亩]", "-"),
    ("对其[I总投资][V3][U亿元]", "-"),
    # what a share is a share of
    ("[I茶企]新增[V5][U家]、占全省的[V60][U%]", "- 占全省"),
    ("[I茶叶产值]占全市总量的比重超[V60][U%]", "占全市总量"),
    ("[I植竹][V5][U亩]，完成年度任务的[V149][U%]", "- 年度任务"),
    ("[I绿地率]占到[V60][U%]", "-"),
]


@pytest.mark.parametrize(("marked", "expected"), CONTEXTS)
def test_what_each_indicator_leans_on(records, marked, expected):
    found = records(marked + "。")
    assert [record.indicator_context or "-" for record in found] == expected.split()


def test_the_context_has_offsets(predict, only):
    marked = "电网建设取得重大进展，完成[I投资][V3][U亿元]。"
    record = only(marked)
    assert predict(marked).document.quote(record.spans["context"]) == record.indicator_context == "电网建设"
