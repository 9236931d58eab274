"""Where the indicator in front of a number begins and ends, in sentences of our own."""

from __future__ import annotations

import pytest

from zhibiao.rules.scene import Scene
from zhibiao.rules.statements import read


def indicators(sentence: str) -> list[str]:
    """The indicator of each statement, in order."""
    return [sentence[slice(*one.indicator)] for one in read(Scene.of(sentence, 0), frozenset())]


CASES = {
    "for whom, with a verb and its noun": ("为企业节约成本3亿元", ["节约成本"]),
    "for whom, a list": ("为小微企业、个体工商户减负2亿元", ["减负"]),
    "for whom, taxes": ("为经营主体减免税费8亿元", ["减免税费"]),
    "an adverb before a verb that is as often a noun": ("认真办理代表建议120件", ["办理代表建议"]),
    "a saying as adverb": ("因地制宜建设口袋绿地15处", ["建设口袋绿地"]),
    "sorted by kinds": ("分类建设示范村12个", ["建设示范村"]),
    "an adverb that names a grade": ("完成高标准农田建设6万亩", ["高标准农田建设"]),
    "an adjective of the name": ("有效发明专利增长12%", ["有效发明专利"]),
    "the same word as an adverb": ("有效化解矛盾纠纷820件", ["化解矛盾纠纷"]),
    "what is done to a rate": ("推动厂房入驻率突破80%", ["厂房入驻率"]),
    "what is done to counted things": ("推进供热改造工程12个", ["推进供热改造工程"]),
    "a light verb that sticks to its noun": ("确保重点项目开工50个以上", ["重点项目"]),
    "an ordinal": ("四是新建停车场12个", ["新建停车场"]),
    "many as part of a word": ("多年生牧草面积稳定在36万亩", ["多年生牧草面积"]),
    "middle as part of a word": ("改扩建普通高中3所", ["改扩建普通高中"]),
    "used for, in the name of a share": ("财政用于教育支出占比达18%", ["财政用于教育支出占比"]),
    "a verb inside the name of a capacity": ("污泥利用处置能力达到4万吨", ["污泥利用处置能力"]),
    "a verb inside the name of a length": ("地铁开通里程达60公里", ["地铁开通里程"]),
    "a quoted name before a verb": ("实施“林下+”开发项目5万亩", ["实施“林下+”开发项目"]),
    "two levels own it": ("市县两级网上可办率达95%", ["网上可办率"]),
    "change up to a year": (
        "城镇化率由45.3%提升到2021年的51.4%",
        ["城镇化率", "城镇化率"],
    ),
    "change down to": ("平均办理时间缩短到1.5个工作日", ["平均办理时间"]),
    "an adverb before passing a mark": ("主导产业产值率先突破10亿元", ["主导产业产值"]),
    "an owner behind its verb": (
        "建设市县两级实训基地4家、新建城区停车场3个",
        ["建设市县两级实训基地", "新建城区停车场"],
    ),
    "for whom, people": ("为患者节省医疗费用300万元", ["节省医疗费用"]),
    "in time, of a rate": ("诉求按期办结率达96%", ["诉求按期办结率"]),
    "kept against the trend": ("货运量逆势增长8.8%", ["货运量"]),
    "opening is no change": ("企业开办时间压缩至1个工作日", ["企业开办时间"]),
    "an event that changes": ("企业开办压缩至1.5个工作日", ["企业开办"]),
    "several marks passed": ("工业总产值连跨20亿元", ["工业总产值"]),
    "raised to": ("提高低保标准至1200元", ["低保标准"]),
    "share of a task that somebody set": ("危房改造800户，完成省定任务的113%", ["危房改造", "危房改造"]),
}


@pytest.mark.parametrize(("sentence", "expected"), CASES.values(), ids=CASES)
def test_indicators(sentence: str, expected: list[str]) -> None:
    assert indicators(sentence) == expected
