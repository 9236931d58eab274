"""Tells a quantity from the numbers that are none: ranks, dates, names, versions, addresses, routines."""

from __future__ import annotations

import re
from functools import cache

from inference.rules.sorts import Sort, sort_of
from zhibiao.tables.phrases import phrases

HAN = r"[\u4e00-\u9fff]"


@cache
def _before() -> re.Pattern[str]:
    """What stands directly before a number that is no quantity."""
    return re.compile(
        r"(?:第|每[百千万]?[人名户]?|[A-Za-z0-9·.+/×*#&@]|[A-Za-z][-]|连续|蝉联|时隔|历时|党的|前(?=[0-9]+(?:强|位|名|列))"
        r"|[上下中]午|周)$"
    )


@cache
def _after() -> re.Pattern[str]:
    """What stands directly behind the digits of a number that is no quantity."""
    return re.compile(
        r"[A-Za-z+·×*/]|年|月|日|号|时(?!尚)|点(?!位)|届|级|版|强|期|度|世纪|周年|季度|星期|周(?!边)|楼|路|街|院|弄|代|纪|"
        r"(?:个月|天|小时|分钟|刻钟|秒)|[-](?![0-9])|\.(?![0-9])|位次|个位次|名次|次会议|次全会|国集团|大精神|中全会|号线|字头"
    )


@cache
def _duration() -> re.Pattern[str]:
    """A duration that is a result or a measure and not a norm."""
    return re.compile(
        r"(?:耗时|用时|时长|时间|工期|仅用|压缩到|压缩至|缩短到|缩短至|减少到|减少至|增加|延长|降至|降到|缩短|压缩|减少|提速|提前)(?:约|近|了|为|达到?|由|从|超过?)?$"
    )


@cache
def _unitless() -> re.Pattern[str]:
    """What must stand before a number that has no unit."""
    return re.compile(r"(?:达到?|为|至|到|占|由|从|下?降为|[是在])(?:全\S{1,4}的)?$")


@cache
def _class_tail() -> re.Pattern[str]:
    """Behind the unit: the number names a class of things (10亿元以上项目, 60岁以上老人, 千亿级集群)."""
    return re.compile(rf"(?:级|(?:及|\(含\))?(?:以上|以下|以内)的?(?={HAN}|[0-9])(?!左右|的))")


def is_quantity(text: str, match: re.Match[str]) -> bool:
    """Whether the number that `match` (of `quantity_pattern`) found states a quantity."""
    start, end = match.span("number")
    if _before().search(text, max(0, start - 4), start):
        return False
    if _in_short_quotes(text, start, match.end()):
        return False
    if match["unit"]:
        return _with_unit(text, match)
    if _after().match(text, end):
        return bool(re.match(r"个月|天|小时|分钟", text[end : end + 2])) and bool(
            _duration().search(text[:start])
        )
    return _without_unit(text, match)


def _with_unit(text: str, match: re.Match[str]) -> bool:
    unit, after = match["unit"], match.end("unit")
    sort = sort_of(unit)
    if _never().match(text, match.end("number")) or re.match(r"级(?![别数])|号", text[after:]):
        return text[after : after + 1] == "级" and bool(re.match(r"级[,。;、”]", text[after:]))
    if sort is Sort.TIME and not _timely(text, match):
        return False
    if _is_class_name(text, match, sort):
        return False
    if not match["number"][0].isdigit():
        return _chinese_counts(text, match, sort)
    if sort is Sort.COUNT and _structure(text, after):
        return False
    return not (
        unit == "位"
        and re.search(
            r"(?:居|列|前|排名|上升|前移|提升|前进|跃升|攀升|下滑|后移|晋升|提高)[^,。;、]{0,6}$",
            text[: match.start()],
        )
    )


@cache
def _never() -> re.Pattern[str]:
    """Number and unit that look like a quantity and are none."""
    return re.compile(
        r"个?百分点|年(?!均)|版本?|兆(?!瓦|元)|路|个?方面的?(?:重点|主要|具体)?(?:工作|任务|[:,。;])|届|期(?![,、。;余])|次(?:会议|全会|全体|产业|党代|到|赴|考察|来)|千伏(?!安)|方百计|人口|件套|位数|个?[位名]次"
    )


def _timely(text: str, match: re.Match[str]) -> bool:
    """A duration is kept when it is a result (耗时10天) or an amount (1.1万小时志愿服务)."""
    before = text[: match.start()]
    return (
        bool(re.match("[万亿]", match["unit"]))
        or bool(_duration().search(before))
        or bool(re.search(r"(?:车程|时限|时间|用时|时长|天数)[^,。;]{0,12}$", before))
        or (match["unit"] == "岁" and bool(re.search(r"(?:寿命|年龄)[^,。;、]{0,6}$", before)))
    )


def _is_class_name(text: str, match: re.Match[str], sort: Sort) -> bool:
    """The number names a class: 10亿元以上项目, 60岁以上老人, 千万元楼宇24幢, 投资超50亿元的项目42个."""
    tail = match["tail"] or ""
    rest = text[match.end() :]
    if tail in ("以上", "以下", "以内") and (sort is not Sort.COUNT or tail == "以下"):
        if sort is Sort.MONEY and rest.startswith("的"):
            return True
        return bool(re.match(rf"(?:{HAN}|[0-9])", rest)) and not re.match("[的和与及,]", rest)
    if sort not in (Sort.MONEY, Sort.BARE) or tail:
        return False
    if not match["number"][0].isdigit():
        return bool(re.match(HAN, rest)) and not re.match("大关|台阶|俱乐部|和|门槛|级", rest)
    return bool(re.search("超过?$", text[: match.start()])) and bool(
        re.match(rf"的?{HAN}{{2,12}}[0-9]+[个家]", rest)
    )


def _structure(text: str, after: int) -> bool:
    """个方面, 个维度: counts of the text's own parts."""
    return bool(_structure_pattern().match(text, after))


@cache
def _structure_pattern() -> re.Pattern[str]:
    words = "|".join(sorted(phrases().structure, key=len, reverse=True))
    return re.compile(f"“?(?:{words})")


def _chinese_counts(text: str, match: re.Match[str], sort: Sort) -> bool:
    """Chinese numerals count things far less often than they make phrases: only clear cases pass."""
    number, after = match["number"], match.end()
    if match["unit"].lstrip("十百千万亿") not in phrases().plain_units and sort is not Sort.BARE:
        return sort is not Sort.COUNT and bool(re.search("[百千万]", number)) and match["unit"] != "里"
    if number in ("一", "〇", "零"):
        return bool(re.match(r"[0-9]", text[after:]))
    if match["unit"] == "成":
        return bool(re.search(r"(?:达到?|超过?|近|占|过|约|在|至|到|有|不足)$", text[: match.start()]))
    if sort is Sort.BARE:
        return bool(re.search("[百千万]", number))
    if sort is not Sort.COUNT:
        return bool(re.search("[百千万]", number)) or sort is Sort.PHYSICAL
    if re.search("[百千万]", number) or match["rough"]:
        return not _structure(text, after)
    return _noun_follows(text, match)


def _noun_follows(text: str, match: re.Match[str]) -> bool:
    after = match.end()
    if re.search("(?:不足|超过?|将近|达到?|仅有?|共有?|约|至|到)$", text[: match.start()]):
        return not _structure(text, after)
    if not re.match(HAN, text[after:]) or _structure(text, after):
        return False
    if match["unit"] not in ("项", "类", "种", "大类") or _list_before(text, match.start()):
        return True
    phrase = re.match(rf"{HAN}*", text[after:])
    return phrase is not None and not (len(phrase[0]) <= 5 and phrase[0].endswith(tuple(phrases().slogans)))


def _list_before(text: str, start: int) -> bool:
    """A list that the number sums up (督查、交办、处置|五|项机制)."""
    return bool(re.search(r"、[^,。;]{2,12}$", text[:start]))


def _without_unit(text: str, match: re.Match[str]) -> bool:
    number, start, end = match["number"], match.start(), match.end()
    if match["rough"]:
        return bool(re.match(HAN, text[end:]))
    if text.startswith("大", match.end("number")):
        return _great(text, match.end("number") + 1, match)
    if ":" in number or "比" in number:
        return bool(re.search(r"(?:比|比例|结构|比重|之比)[^,。;]{0,20}$", text[:start]))
    if not _unitless().search(text, max(0, start - 8), start):
        return False
    return ("." in number or "分之" in number) and not re.match(rf"(?!左右|以[上下内]){HAN}", text[end:])


def _great(text: str, after: int, match: re.Match[str]) -> bool:
    """N大 + concrete noun is a record without UNIT; N大 + slogan is none."""
    phrase = re.match(rf"{HAN}{{2,}}", text[after:])
    number = match["number"]
    if phrase is None or number in ("一", "1") or re.fullmatch("十[一七八九]|二十", number):
        return False
    if _list_before(text, match.start()) and not phrase[0].startswith(("行动", "工程", "体系")):
        return True
    return not any(
        phrase[0].startswith(word) or (len(phrase[0]) <= 6 and phrase[0].endswith(word))
        for word in phrases().slogans
    )


def _in_short_quotes(text: str, start: int, end: int) -> bool:
    """Inside a short quotation a number is part of a name (“八八战略”, “1+3”), unless it ends it (“超千亿”)."""
    opened = max(text.rfind("“", max(0, start - 12), start), text.rfind("《", max(0, start - 30), start))
    if opened < 0:
        return False
    closing = "”" if text[opened] == "“" else "》"
    closed = text.find(closing, opened)
    if closed < end or closing in text[opened:start]:
        return False
    return closing == "》" or (
        closed - opened <= 16 and not text[opened:start].startswith(("“超", "“破", "“突破"))
    )
