"""Which indicator, unit and growth belong to a quantity: the guide's decisions on our own sentences."""

from __future__ import annotations

import pytest

from zhibiao.rules.scene import Scene
from zhibiao.rules.statements import read
from zhibiao.rules.times import find_times


def statements(sentence: str, *names: str) -> list[str]:
    """Each statement as `indicator|value|unit|growth`."""
    scene = Scene.of(sentence, 0)
    rows = []
    for one in read(scene, frozenset(names)):
        value = sentence[slice(*one.quantity.value)] if one.quantity else ""
        unit = sentence[slice(*one.quantity.unit)] if one.quantity and one.quantity.unit else ""
        growth = sentence[one.growth.start : one.growth.end] if one.growth else ""
        rows.append(f"{sentence[slice(*one.indicator)]}|{value}|{unit}|{growth}")
    return rows


CASES = {
    "who they are, not what they do": (
        "400名高校毕业生在青川就业，52名选手获奖，是上届的1.8倍",
        ["高校毕业生|400|名|", "选手|52|名|", "选手|1.8|倍|"],
    ),
    "an adverb ends the name": ("600户农村家庭彻底搬出危房", ["农村家庭|600|户|"]),
    "described by a clause": (
        "打造9家集聚度高、承载力强的特色园区，建成18个具备助餐等功能的养老服务站",
        ["特色园区|9|家|", "养老服务站|18|个|"],
    ),
    "a quotation is no predicate": (
        "实施5个城际“断头路打通”项目",
        ["城际“断头路打通”项目|5|个|"],
    ),
    "four characters that name a thing": ("完成11个智慧农业基建工程", ["智慧农业基建工程|11|个|"]),
    "the next number's noun is whole": (
        "15个平台规上工业总产值达到600亿元",
        ["平台|15|个|", "规上工业总产值|600|亿元|"],
    ),
    "of these": (
        "实施亿元以上项目900个，其中，新开工300个",
        ["实施亿元以上项目|900|个|", "实施亿元以上项目|300|个|"],
    ),
    "a threshold in the name": (
        "新增4家产值超百亿元制造业企业，新建12个投资超5亿元产业项目",
        ["产值超百亿元制造业企业|4|家|", "投资超5亿元产业项目|12|个|"],
    ),
    "another count behind a joint": ("推进188项重大项目和十大重点工程", ["重大项目|188|项|"]),
    "blanks around a rate": (
        "农业产值增长7 %，工业产值同比增长 8.5%",
        ["农业产值|||增长7 %", "工业产值|||同比增长 8.5%"],
    ),
    "a saying inside a name": ("实施3个天然气互联互通工程", ["天然气互联互通工程|3|个|"]),
    "what places do": ("11个县市探索新模式", ["县市|11|个|"]),
    "a participle": ("培育3家上市后备企业，15个签约项目落地", ["上市后备企业|3|家|", "签约项目|15|个|"]),
    "the sum of a list": ("发放三批种苗共5000株", ["种苗|三|批|", "种苗|5000|株|"]),
    "value and growth": ("全镇实现财政总收入3.2亿元，同比增长8.1%", ["财政总收入|3.2|亿元|同比增长8.1%"]),
    "light verbs stay out": ("规上工业总产值达到86亿元", ["规上工业总产值|86|亿元|"]),
    "the verb stays in": ("累计走访企业80余次、新引进企业12家", ["走访企业|80|次|", "新引进企业|12|家|"]),
    "noun behind the number": ("划分36个网格，配备28名专职网格员", ["网格|36|个|", "专职网格员|28|名|"]),
    "owners stay out": ("澄川市全市新增就业2.1万人", ["新增就业|2.1|万人|"]),
    "the verb alone": ("排查居民3.4万人，管控1.2万人", ["排查居民|3.4|万人|", "管控|1.2|万人|"]),
    "elided noun": ("启动建设6个邻里中心、建成2个", ["邻里中心|6|个|", "邻里中心|2|个|"]),
    "from and to": (
        "入驻率由81.2%提高到90.5%",
        ["入驻率|81.2|%|", "入驻率|90.5|%|"],
    ),
    "paired by order": (
        "制造业投资、民间投资分别增长5%、6%",
        ["制造业投资|||增长5%", "民间投资|||6%"],
    ),
    "a shared head is the whole list": (
        "城镇和农村居民人均可支配收入分别达4.2万元和2.1万元，分别增长5%和7%",
        [
            "城镇和农村居民人均可支配收入|4.2|万元|增长5%",
            "城镇和农村居民人均可支配收入|2.1|万元|7%",
        ],
    ),
    "several indicators, one value": (
        "签收率、派遣率、结案率均达到100%",
        ["签收率|100|%|", "派遣率|100|%|", "结案率|100|%|"],
    ),
    "each": ("发放手册、折页各2万份", ["发放手册|2|万份|", "折页|2|万份|"]),
    "shared noun behind": (
        "开展2600人次、1.1万小时志愿服务",
        ["志愿服务|2600|人次|", "志愿服务|1.1|万小时|"],
    ),
    "share of the plan": ("全年造林5.2万亩、完成年度任务的149%", ["造林|5.2|万亩|", "造林|149|%|"]),
    "total on its own": ("新增省级实验室3家、总数达9家", ["新增省级实验室|3|家|", "总数|9|家|"]),
    "growth alone": ("社会消费品零售总额增长6.5%左右", ["社会消费品零售总额|||增长6.5%"]),
    "second growth is its own": (
        "产值120亿元、增长8%，两年平均增长6%",
        ["产值|120|亿元|增长8%", "产值|||两年平均增长6%"],
    ),
    "for somebody": ("为经营主体减负2.6亿元", ["减负|2.6|亿元|"]),
    "predicate ends the noun": ("26个问题全部完成整改，5家企业入选名录", ["问题|26|个|", "企业|5|家|"]),
    "money behind a bare verb": ("设置10万元慈善基金", ["慈善基金|10|万元|"]),
    "examples stay out": ("办理医保、社保等事项1.4万件", ["事项|1.4|万件|"]),
    "subject of the clause before": ("旅客吞吐量创新高，达612万人次", ["旅客吞吐量|612|万人次|"]),
    "how often": ("9次获全国文艺奖项", ["获全国文艺奖项|9|次|"]),
    "value behind its growth": (
        "工业投资年均增长8.1%，2025年突破250亿元",
        ["工业投资|250|亿元|年均增长8.1%"],
    ),
    "measured noun before the next number": (
        "7个乡镇固定资产投资增速超过20%",
        ["乡镇|7|个|", "固定资产投资|||增速超过20%"],
    ),
    "nested": ("引进企业94家，其中亿元项目13个", ["引进企业|94|家|", "亿元项目|13|个|"]),
    "no quantity": ("持续优化营商环境，牢牢守住两条底线", []),
}


@pytest.mark.parametrize(("sentence", "expected"), CASES.values(), ids=CASES)
def test_statements(sentence: str, expected: list[str]) -> None:
    assert statements(sentence, "澄川", "澄川市") == expected


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("今年1-11月，全区实现税收3亿元", ["今年1-11月"]),
        ("三年来累计投入2亿元，全年新增120个", ["三年来", "全年"]),
        ("自4月26日起投放45个采样屋", ["自4月26日起"]),
        ("项目2023年底竣工，提前一年完成", []),
        ("力争2026年底建成公园5个", ["2026年底"]),
        ("产值较2019年增长20%，是2019年的1.5倍", []),
        ("入选“2023年度示范街道”名单", []),
    ],
)
def test_times(sentence: str, expected: list[str]) -> None:
    assert [sentence[start:end] for start, end in find_times(Scene.of(sentence, 0))] == expected
