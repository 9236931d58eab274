"""Tells a quantity from the numbers that are none: ranks, dates, names, versions, addresses, routines."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, cached_property

from zhibiao.normalise.units import SCALES
from zhibiao.rules.sorts import Sort, sort_of
from zhibiao.tables.phrases import phrases
from zhibiao.tables.words import alternation

HAN = r"[\u4e00-\u9fff]"
REACH = 40
"""How many characters around a number are looked at; no rule needs more, and time stays linear."""


@dataclass(frozen=True)
class Candidate:
    """A number with what touches it, as `quantity_pattern` found it in a sentence's half-width text."""

    text: str
    match: re.Match[str]

    @property
    def number(self) -> str:
        """The number alone."""
        return self.match["number"]

    @property
    def unit(self) -> str | None:
        """The unit with its scale, or None."""
        return self.match["unit"]

    @cached_property
    def sort(self) -> Sort:
        """What the unit measures; BARE without one."""
        return sort_of(self.unit) if self.unit else Sort.BARE

    @property
    def chinese(self) -> bool:
        """Whether the number is written in Chinese numerals."""
        return not self.number[0].isdigit()

    @property
    def round(self) -> bool:
        """Whether the number names a scale (百, 三千)."""
        return re.search("[百千万亿]", self.number) is not None

    @property
    def compound(self) -> bool:
        """Whether the number is built of several numerals (七十三, 两千八百): no phrase begins so."""
        return len(self.number) > 1 and re.search("[十百千]", self.number) is not None

    @cached_property
    def before(self) -> str:
        """The text in front of the number."""
        return self.text[max(0, self.match.start() - REACH) : self.match.start()].rstrip()

    @cached_property
    def behind_number(self) -> str:
        """The text behind the number, unit included."""
        return self._from(self.match.end("number"))

    @cached_property
    def behind_unit(self) -> str:
        """The text behind the unit, a trailing qualifier included."""
        return self._from(self.match.end("unit") if self.unit else self.match.end("number"))

    @cached_property
    def behind(self) -> str:
        """The text behind everything that touches the number."""
        return self._from(self.match.end())

    def _from(self, start: int) -> str:
        return self.text[start : start + REACH].lstrip(" ")

    def follows(self, name: str) -> bool:
        """Whether the pattern `name` ends right before the number."""
        return _patterns()[name].search(self.before) is not None


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    """The patterns of this module by name; those for `before` end at the number."""
    structure = alternation(phrases().structure)
    filler = "(?:约|近|了|为|达到?|由|从|超过?)?"
    spent = "耗时|用时|时长|时间|工期|仅用|增加|延长|提速|提前"
    saved = "(?:压缩|缩短|减少)[到至]?|[降压][到至]"
    sources = {
        "no_quantity": (
            r"(?:第|每[百千万]?[人名户]?|[A-Za-z0-9·.+/×*#&@]|[A-Za-z][-]|连续|蝉联|时隔|历时|党的|届|[上下中]午|周|[号弄巷])$"
        ),
        "result": f"(?:{spent}|{saved}){filler}$",
        "span_of_time": "(?:车程|航程|行程|路程|时限|时间|用时|时长|天数)[^,。;]{0,12}$",
        "lasting": "(?:年限|寿命)[^,。;、]{0,24}$",
        "gap": "(?:高于|低于|高出|多于|快于|优于|好于)(?!约|近)[^,。;、0-9]{2,16}"
        "(?:[0-9.]+个?、[^,。;、0-9]{2,10})?$",
        "threshold": (
            "[0-9两三四五六七八九十百][余多]?[个家户项宗]年?(?:总?产值|总?投资额?|营收|营业收入|主营业务收入|销售收入|纳?税收?|收入|规模|交易额)"
            "(?:超过?|达到?|过|破)$"
        ),
        "sum": "增加值|产值|营业收入|总量",
        "road": "(?:国道|省道|县道|乡道|地铁|轻轨|轨道交通)$",
        "households": f"{HAN}{{0,6}}(?:村|屯|小区|社区|安置点|聚居点)",
        "age": "(?:寿命|年龄)[^,。;、]{0,16}$",
        "rank": ("(?:居|列|前|排名|上升|前移|提升|前进|跃升|攀升|下滑|后移|晋升|提高)[^,。;、]{0,6}$"),
        "unitless": r"(?:达到?|为|至|到|占|由|从|下?降为|[是在近约]|仍有|不足|超过?)(?:全\S{1,4}的)?$",
        "index": "指数[^,。;、]{0,4}(?:在|为|达|到|至|仅|约)$",
        "ratio": "(?:比|比例|结构|比重|之比)[^,。;]{0,32}$",
        "tenths": "(?:达到?|超过?|近|占|过|约|在|至|到|有|不足|占了)$",
        "noun_before": "[\u4e00-\u9fff]{4}$",
        "counted": "(?:不足|超过?|将近|达到?|仅有?|共有?|约|至|到)$",
        "exceeds": "(?:超过?|过)$",
        "reached": "(?:破|超|超过|近|达|达到|过|逾|约|上|越|至|到|为|有|实现|完成|“超|“破)$",
        "honoured": "(?:入选|获评|荣获|跻身|评为|列入|上榜|位列|摘得|斩获)[^,。;]{0,24}$",
        "honour": "(?:全国|全省|中国|世界|全球|国家|[部厅局]|前|新|“)$",
        "list": "、[^,。;]{2,12}$",
        "date_or_name": (
            r"[A-Za-z+·×*/]|年|月|日|号|时(?!尚)|点(?!位)|届|级|版|强|期|度|世纪|周年|季度|星期|周(?!边)|楼|路|街|院|弄"
            r"|代|纪|个月|天|小时|分钟|刻钟|秒|[-](?![0-9])|\.(?![0-9])|个?[位名]次|次会议|次全会|国集团|大精神|中全会"
            "|号线|字头"
        ),
        "no_unit": (
            "个?百分点|年(?!均)|版本?|兆(?!瓦|元|伏)|路"
            "|个?方面的?(?:重点|主要|具体|重大)?(?:工作|任务|举措|措施|部署|要求|内容|成[果效]|[:,。;])|届"
            "|期(?![,、。;余])|次(?:会议|座谈会|全会|全体|产业|党代|创业|到|赴|考察|来|[一二三四五六七八九十]次)|家万户|千伏(?!安)|方百计|人口|件套|位数|位一体|人制|轮车|个?[位名]次"
        ),
        "structure": f"“?(?:{structure})",
        "event": "(?:活动|会议|演练|培训|检查|行动|招聘会|论坛|比赛|督查)$",
        "noun": "[\u4e00-\u9fff]+?(?=的|[^\u4e00-\u9fff]|$)",
        "milestone": "大关|台阶|俱乐部|和|门槛|级",
        "counted_class": (
            f"的?{HAN}{{2,12}}[0-9]+[个家幢栋户宗项]|{HAN}{{0,12}}(?:产业集群|产业链|集群|园区|企业)"
        ),
        "measured": "以[上下内]|左右|[的余多]",
        "formed": "形成[^,。;、]{0,6}$",
        "capacity_list": "[0-9](?:万|亿)?(?:吨|千瓦|吉瓦)[^,。;、0-9]{2,10}[、和]$",
        "party_congress": "十[一七八九]|二十",
    }
    return {name: re.compile(source) for name, source in sources.items()}


def is_quantity(candidate: Candidate) -> bool:
    """Whether the number states a quantity."""
    if candidate.follows("no_quantity") or _in_quoted_name(candidate):
        return False
    if candidate.unit:
        return _with_unit(candidate)
    if _patterns()["date_or_name"].match(candidate.behind_number):
        timed = re.match("个月|天|小时|分钟", candidate.behind_number)
        return timed is not None and candidate.follows("result")
    return _without_unit(candidate)


def _with_unit(candidate: Candidate) -> bool:
    if _is_gap_or_road(candidate) or _is_part_of_name(candidate):
        return False
    if candidate.unit == "年":
        return candidate.follows("lasting") and len(candidate.number) < 4 + 2 * ("." in candidate.number)
    if _patterns()["no_unit"].match(candidate.behind_number) or re.match(
        r"级(?![别数])|号", candidate.behind_unit
    ):
        return re.match("级[,。;”]", candidate.behind_unit) is not None
    if candidate.sort is Sort.TIME and not _is_result(candidate):
        return False
    if _is_class_name(candidate):
        return False
    if candidate.chinese:
        return _chinese_counts(candidate)
    if candidate.sort is Sort.COUNT and _is_structure(candidate.behind_unit):
        return False
    return not (candidate.unit == "位" and candidate.follows("rank"))


def _is_gap_or_road(candidate: Candidate) -> bool:
    """高于其他村18万元 compares two places, and 省道428线 is a road."""
    return candidate.follows("gap") or (candidate.unit == "线" and candidate.follows("road"))


def _is_part_of_name(candidate: Candidate) -> bool:
    """2026省运会, 古镇三期, 惠企40条等政策, 千千万万个: numbers of names and figures of speech."""
    number, unit = candidate.number, candidate.unit
    if unit in ("省", "市", "县", "区", "国", "村") and re.fullmatch("(?:19|20)[0-9]{2}", number):
        return True
    if unit in ("期", "线") and candidate.chinese:
        return not candidate.compound
    if candidate.sort is Sort.CAPACITY and candidate.before.endswith("期"):
        return True
    if candidate.before.endswith("年产") and candidate.sort is Sort.COUNT:
        return re.match(HAN, candidate.behind) is not None
    if unit == "条" and candidate.behind_unit.startswith(("等政策", "等措施", "等举措")):
        return True
    return re.search("千千|百百|万万", number + (unit or "")) is not None


def _is_result(candidate: Candidate) -> bool:
    """A duration is kept when it is a result (耗时10天), an amount (1.1万小时志愿服务) or an age."""
    amount = re.match("[万亿]", candidate.unit or "") is not None
    aged = candidate.unit == "岁" and candidate.follows("age")
    return amount or aged or candidate.follows("result") or candidate.follows("span_of_time")


def _is_class_name(candidate: Candidate) -> bool:
    """The number names a class: 10亿元以上项目, 60岁以上老人, 千万元楼宇24幢, 投资超50亿元的项目42个."""
    tail, rest = candidate.match["tail"] or "", candidate.behind
    named = candidate.sort not in (Sort.COUNT, Sort.PERCENT) or (
        tail == "以下" and candidate.sort is Sort.COUNT
    )
    if tail in ("以上", "以下", "以内") and named:
        if candidate.sort is Sort.MONEY and rest.startswith("的"):
            return True
        return re.match(rf"(?:{HAN}|[0-9])", rest) is not None and not re.match("[的和与及,]", rest)
    if tail == "以上" and candidate.unit in ("户", "人"):
        return _patterns()["households"].match(rest.removeprefix("的")) is not None
    if candidate.sort is Sort.PEOPLE and re.match("(?:大|小|中等)城[市镇]", rest):
        return True
    if candidate.sort is Sort.CAPACITY:
        return _names_project(candidate)
    if candidate.sort not in (Sort.MONEY, Sort.BARE) or tail:
        return False
    if candidate.follows("threshold"):
        return re.match(HAN, rest) is not None
    if candidate.chinese:
        return re.match(HAN, rest) is not None and not _patterns()["milestone"].match(rest)
    return candidate.follows("exceeds") and _patterns()["counted_class"].match(rest) is not None


def _names_project(candidate: Candidate) -> bool:
    """某某集团|50万吨|电解铝项目: a capacity in a name, unless a verb or a list of amounts leads to it."""
    if candidate.match["tail"] or not re.match(f"{HAN}|[A-Z]", candidate.behind):
        return False
    if _patterns()["measured"].match(candidate.behind) or candidate.follows("reached"):
        return False
    if candidate.follows("formed") or candidate.follows("capacity_list"):
        return False
    return not candidate.before.endswith(tuple(phrases().openers))


def _is_structure(rest: str) -> bool:
    """个方面, 个维度: counts of the text's own parts."""
    return _patterns()["structure"].match(rest) is not None


def _chinese_counts(candidate: Candidate) -> bool:
    """Chinese numerals make phrases far more often than they count things: only clear cases pass."""
    sort, unit = candidate.sort, candidate.unit or ""
    if sort in (Sort.COUNT, Sort.PEOPLE) and (candidate.compound or unit[0] in "万亿"):
        return not _is_structure(candidate.behind) and not _is_abstract(candidate.behind)
    if unit.lstrip(SCALES) not in phrases().plain_units and sort is not Sort.BARE:
        return sort is not Sort.COUNT and _chinese_amount(candidate)
    if candidate.follows("honour"):
        return False
    if candidate.number in ("一", "〇", "零", "二"):  # 两, not 二, counts things
        return re.match("[0-9]", candidate.behind) is not None
    if unit == "成":
        return candidate.follows("tenths") or candidate.match["tail"] is not None
    if sort not in (Sort.COUNT, Sort.PEOPLE):
        return _chinese_amount(candidate)
    if candidate.round or candidate.match["rough"]:
        return not _is_structure(candidate.behind)
    return _counts_noun(candidate)


def _chinese_amount(candidate: Candidate) -> bool:
    """两千八百元, 五万亩, 突破百亿元: a sum or a measure, and no figure of speech (千里, 百度)."""
    if candidate.compound or re.match("[万亿].", candidate.unit or ""):
        return (
            candidate.compound or candidate.number not in ("百", "千", "万") or candidate.follows("reached")
        )
    rough = candidate.match["rough"] is not None or candidate.follows("reached")
    return rough and (candidate.round or candidate.number == "十")


def _counts_noun(candidate: Candidate) -> bool:
    """三个社区 counts; 三项重点工作 and 五个方面 do not, unless a list is summed up."""
    if _is_structure(candidate.behind) or _is_abstract(candidate.behind):
        return False
    if candidate.follows("counted"):
        return True
    phrase = re.match(f"{HAN}+", candidate.behind)
    if phrase is None:
        return candidate.follows("noun_before") and re.match("[,、;。]|$", candidate.behind) is not None
    if candidate.unit == "次":  # 三次视察 tells how often somebody came
        return _patterns()["event"].search(phrase[0]) is not None
    if candidate.unit not in ("项", "类", "种", "大类") or candidate.follows("list"):
        return True
    return not (len(phrase[0]) <= 5 and phrase[0].endswith(tuple(phrases().slogans)))


def _is_abstract(rest: str) -> bool:
    """两条底线, 三大战略: what is counted is a figure of speech, list or no list."""
    phrase = _patterns()["noun"].match(rest)
    abstract = tuple(phrases().abstract)
    return phrase is not None and (phrase[0].endswith(abstract) or phrase[0].startswith(abstract))


def _without_unit(candidate: Candidate) -> bool:
    """百余名, 三大场景, 1.76:1, 倍差缩小至1.61: all else without a unit is no quantity."""
    number = candidate.number
    if candidate.match["rough"]:
        return re.match(HAN, candidate.behind) is not None
    if candidate.behind_number.startswith("大"):
        return _great(candidate)
    if ":" in number or "比" in number:
        return candidate.follows("ratio")
    if candidate.follows("index"):
        return True
    if not candidate.follows("unitless"):
        return False
    return ("." in number or "分之" in number) and not re.match(f"(?!左右|以[上下内]){HAN}", candidate.behind)


def _great(candidate: Candidate) -> bool:
    """N大 + concrete noun is a record without UNIT; N大 + slogan is none."""
    phrase = re.match(f"{HAN}{{2,}}", candidate.behind_number[1:])
    number = candidate.number
    if (
        phrase is None
        or number in ("一", "1", "百")
        or candidate.follows("honour")
        or candidate.follows("honoured")
        or _patterns()["party_congress"].fullmatch(number)
    ):
        return False
    slogans = tuple(phrases().slogans)
    if (
        phrase[0] in slogans
        or _is_abstract(phrase[0])
        or phrase[0].startswith(("中型", "部分", "山人", "球"))
        or _patterns()["sum"].search(phrase[0], 0, 10)
    ):
        return False
    if candidate.follows("list") and not phrase[0].startswith(("行动", "工程", "体系")):
        return True
    return not phrase[0].startswith(slogans) and not (len(phrase[0]) <= 6 and phrase[0].endswith(slogans))


def _in_quoted_name(candidate: Candidate) -> bool:
    """In a short quotation a number is part of a name (“八八战略”) but for “超千亿”."""
    before, rest = candidate.before, candidate.text[candidate.match.end() :][:REACH]
    title, quoted = before.rfind("《", len(before) - 30), before.rfind("“", max(0, len(before) - 12))
    if title >= 0 and "》" not in before[title:]:
        return True
    if quoted < 0 or "”" in before[quoted:] or "”" not in rest:
        return False
    length = len(before) - quoted + len(candidate.match[0]) + rest.index("”")
    return length <= 16 and not before[quoted:].startswith(("“超", "“破", "“突破"))
