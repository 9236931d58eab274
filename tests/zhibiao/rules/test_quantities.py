"""Which numbers of a sentence are quantities, and which are names, ranks, dates or phrases."""

from __future__ import annotations

import pytest

from zhibiao.rules.growths import find_growths
from zhibiao.rules.quantities import find_quantities
from zhibiao.rules.scene import Scene


def found(sentence: str) -> list[str]:
    """Each quantity as `value|unit`, growths taken out first as the rules do."""
    text = Scene.of(sentence, 0).text
    quantities = find_quantities(text, find_growths(text))
    return [
        f"{sentence[slice(*one.value)]}|{sentence[slice(*one.unit)] if one.unit else ''}"
        for one in quantities
    ]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("全年财政收入完成6.45亿元", ["6.45|亿元"]),
        ("新建口袋公园３２个，面积１.２万平方米", ["３２|个", "１.２|万平方米"]),
        ("引进企业 120 家以上", ["120|家"]),
        ("服务居民8千余人次、发放手册1万余册", ["8千|人次", "1万|册"]),
        ("营收突破百亿元，用电量突破千亿千瓦时", ["百|亿元", "千|亿千瓦时"]),
        ("茶园总面积突破万亩", ["万|亩"]),
        ("培育龙头企业2至3家，吸引10—15名博士", ["2至3|家", "10—15|名"]),
        ("城乡收入倍差缩小至1.61，三次产业结构调整为7.4∶53.3∶39.3", ["1.61|", "7.4∶53.3∶39.3|"]),
        ("新增数占全市的四分之一", ["四分之一|"]),
        ("打造10大片区服务综合体，养老、托育、医疗三大场景落地", ["10|", "三|"]),
        ("协调解决难题百余个", ["百|个"]),
        ("建成两个社区食堂和三支巡防队伍", ["两|个", "三|支"]),
        ("审批用时压缩至3个工作日，仅耗时10天", ["3|个工作日", "10|天"]),
        ("开展志愿服务1.1万小时", ["1.1|万小时"]),
        ("人均预期寿命提高到81.2岁", ["81.2|岁"]),
        ("60岁以上老人接种率达89.2%", ["89.2|%"]),
        ("招引亿元以上项目40个，其中10亿元以上项目6个", ["40|个", "6|个"]),
        ("居民消费价格指数控制在103左右", ["103|"]),
        ("处置率近九成", ["九|成"]),
        ("人均受教育年限由2015年的9.8年提高到11.2年", ["9.8|年", "11.2|年"]),
        ("收入之比由2015年的1.92∶1缩小到2020年的1.71∶1", ["1.92∶1|", "1.71∶1|"]),
        ("6县区启动试点", ["6|县区"]),
        ("谋划百亿项目6个、十亿项目40个，惠及10万家庭", ["6|个", "40|个", "10|万"]),
        ("蜂群达到4.2万群", ["4.2|万群"]),
        ("新增变电容量1896兆伏安", ["1896|兆伏安"]),
        ("购置三台县级设备", ["三|台"]),
    ],
)
def test_quantities_are_found(sentence: str, expected: list[str]) -> None:
    assert found(sentence) == expected


@pytest.mark.parametrize(
    "sentence",
    [
        "总量位居全市第3，排名上升12位",
        "二〇二三年三月五日，第十六届人民代表大会第三次会议召开",
        "深入实施“八大行动”，推进“1+3+N”体系和2.0版本建设",
        "受理12345热线，覆盖5G信号，创建4A级景区，PM2.5达标",
        "连续8年保持领先，时隔3年再获殊荣",
        "重点抓好六个方面工作，牢牢守住发展和安全两条底线",
        "认真贯彻党的二十大精神和中央八项规定",
        "按照每万人18名的标准配备",
        "村均收入高于邻县12万元",
        "省道418线改造全面完成，争取1039市场采购试点",
        "低于全国12个、全省35个基点",
        "部署12个方面的重大举措",
        "西气东送三线工程，318国道改建，云岭风电二期20万千瓦、青川6万千瓦等项目",
        "十大生态产业增加值稳步提高",
        "加快云岭年产12万套电池等项目建设",
        "市委七届六次、七次全会召开",
        "入选全国乡村振兴十大典型案例",
        "70户以上自然村通硬化路，加快12万人小城市建设",
        "承办2026省运会，推进古镇三期、南湖五期建设",
        "落实惠企40条等政策，千千万万个家庭受益",
        "增速高于全省1.2个百分点",
        "位于青墙路88号3幢",
        "打造15分钟生活圈，实行24小时值班",
        "千方百计稳就业，走进千家万户",
        "入选全国十大特色案例",
        "推进三大战略，坚持两个维护",
        "亿元楼宇建设提速，千亿级产业集群加快形成",
        "七台河市、三台县与九台区结对，走进五家渠市、五大连池和五台山",
        "",
    ],
)
def test_other_numbers_are_none(sentence: str) -> None:
    assert found(sentence) == []


def test_offsets_are_those_of_the_untouched_sentence() -> None:
    sentence = "一、 　全年（累计）新增就业１２，３４５人，𠮷祥社区获评"
    (quantity,) = find_quantities(Scene.of(sentence, 0).text, [])
    assert sentence[slice(*quantity.value)] == "１２，３４５"


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("财政收入同比增长28.69%", ["同比增长28.69%"]),
        ("信访量较上年下降4.2%左右", ["较上年下降4.2%"]),
        ("一产、二产分别增长5%、6%和7.5%", ["增长5%", "6%", "7.5%"]),
        ("占比分别提高5.3个和4.1个百分点", ["提高5.3个", "4.1个百分点"]),
        ("研发投入比2018年翻了一番，装机规模翻两番", ["比2018年翻了一番", "翻两番"]),
        ("游客增长近3倍，价格涨幅控制在3%以内", ["增长近3倍", "涨幅控制在3%"]),
        ("年均增长5%—5.5%", ["年均增长5%—5.5%"]),
        ("占比提高到43%，降至1.2%，达到98%", []),
        ("增速高于全省平均2个百分点", []),
        ("占固定资产投资比重提高10.2个百分点", ["提高10.2个百分点"]),
    ],
)
def test_growths(sentence: str, expected: list[str]) -> None:
    text = Scene.of(sentence, 0).text
    assert [sentence[growth.start : growth.end] for growth in find_growths(text)] == expected
