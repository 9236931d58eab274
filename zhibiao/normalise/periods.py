"""Time expressions: their grammar (`TIME`), the year that they mean, and the months that they cover."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache

from zhibiao.normalise.numbers import parse_number
from zhibiao.schema import Period, PeriodKind

MAX_LENGTH = 60
"""A longer text is no time expression; what stands beyond is not read."""

_D = "[0-9０-９]"
_CN = "一二三四五六七八九十"
_TO = "[-－‐‑‒–—―─~～]{1,2}|[至到]"
_YEAR4 = rf"(?:(?<!{_D})(?:19|20|１９|２０){_D}{{2}}(?!{_D})|二[〇○零][〇○零一二三四五六七八九]{{2}})"
_YEARS = rf"{_YEAR4}(?:年?(?:{_TO}){_YEAR4})?年度?(?!代)"
_WORD = "今年|去年|上一?年度?|前年|明年|后年|下一年|本年度?|当年|全年度?"
_MONTH = rf"(?:(?<!{_D})(?:[1１][0-2０-２]|[0０]?[1-9１-９])|(?<![{_CN}])(?:十[一二]?|[一二三四五六七八九]))"
_MONTHS = rf"{_MONTH}(?:月?份?(?:{_TO}){_MONTH})?月份?"
_DAY = rf"{_MONTH}月{_D}{{1,2}}[日号]"
_EDGE = "(?:底(?![数线色层部气])|末(?![端位梢])|初(?![步中级心选审创见次始]))"
_PART = (
    rf"(?:{_MONTHS}(?:{_EDGE}|[上中下]旬)?(?!{_D}{{1,2}}[日号]|[{_CN}])"
    rf"|[上下]半年|前[两二三]个?季度"
    rf"|第?[一二三四1-4]季度|[一1](?:{_TO})[二三四2-4]季度|前{_MONTH}个月|全年)"
)
_COUNT = rf"(?:十[一二三四五]?|[一二两三四五六七八九]|{_D}{{1,2}})"
_BARE = rf"(?<![第每约近满续{_CN}0-9０-９.．]){_COUNT}[多余]?年"
_AFTER = (
    "(?:以来|来(?![看源访自到电])|至今|起(?![诉草步点义降])|以[后前]|之[后前]|期间|止"
    "|前(?![列景往沿端期后来所提进台三两二一])|底|末)"
)
_UNTIL = "(?:截至到?|截止到?|(?<![降增高加少升达缩减涨扩小大长])[至到])"
_CORE = (
    rf"(?:(?<![较比与])(?:{_YEARS}|{_WORD})(?:{_DAY}|{_PART}|{_EDGE})?"
    rf"|(?<![每各较比与])年(?:{_EDGE}|内)|{_PART})"
)
_PLAN = "十[一二三四五六七]五"

# The first characters of every alternative: looking for them first makes a search ten times as fast.
_FIRST = f"(?=[0-9０-９{_CN}两上下今从去全前到后当截明最本未第自至过近这年])"

TIME = (
    rf"(?:{_FIRST}(?:{_YEAR4}年{_MONTH}月(?:{_TO}){_YEAR4}年{_MONTH}月"
    rf"|{_UNTIL}{_DAY}|{_UNTIL}?{_CORE}{_AFTER}?"
    rf"|(?:自从?|从)(?:{_DAY}|{_CORE})(?:起|以来)|{_DAY}(?:起|以来)"
    rf"|(?:近|过去的?|这|最近的?|今后|未来)的?{_COUNT}[多余]?年(?:来|间|以来)?"
    rf"|{_BARE}(?:(?:以来|来|间)|(?=年均|累计|新增|新建|共|完成|实现|投入|全|{_D}))"
    r"|本届(?:政府)?(?:任期)?以来|年度(?=[一-龥])(?![任计目预考工报投重总评指])"
    rf"|{_PLAN}(?:[”\"’](?=时期|期间|以来|期?末|规划期|前))?(?:时期|期间|以来|期?末|规划期|前{_COUNT}年)?(?!规划|计划)))"
)
"""Regex source, without groups, of a time expression as YEAR spans mark it.

It finds time expressions, not what they date: dates in names, deadlines and comparisons (but 较 and 比) are
the caller's to exclude.
"""


@dataclass(frozen=True, slots=True)
class _Clock:
    """The years that a relative expression leans on."""

    section: int | None
    report: int | None
    now: int | None

    @property
    def topic(self) -> int | None:
        """The year that the section is about."""
        return self.section if self.section is not None else self.report

    @property
    def reviewed(self) -> int | None:
        """The last year reviewed, whatever the section plans."""
        if self.section is None or self.report is None:
            return self.topic
        return min(self.section, self.report)

    @property
    def plans(self) -> bool:
        """Whether the section looks ahead."""
        return self.section is not None and self.report is not None and self.section > self.report


def resolve_year(
    text: str,
    *,
    section_year: int | None,
    report_year: int | None,
    sitting_year: int | None,
    published: str | None = None,
) -> int | None:
    """The year that a YEAR span means, by the annotation guide; None where it names none, or one not known.

    The report speaks in its sitting year, else the year of `published` (ISO date), else the year after the
    one reviewed. 今年 and 全年 mean the section's year, 去年 the year before the report speaks. Look-backs
    (三年来, 2020年以来) mean the last year reviewed, 今后三年 the last year planned.
    """
    spoken = int(published[:4]) if published and re.match(r"[0-9]{4}", published) else None
    now = sitting_year or spoken or (None if report_year is None else report_year + 1)
    clock = _Clock(section_year, report_year, now)
    text = text[:MAX_LENGTH]
    for name, rule in _YEAR_RULES:
        if match := _patterns()[name].search(text):
            return rule(match, clock)
    return clock.topic if _names_time(text) else None


def whole_year(year: int | None) -> Period | None:
    """The period of a record that no YEAR span dates: all of the year that its section is about."""
    return None if year is None else _months(year, 1, 12, PeriodKind.WHOLE_YEAR)


@lru_cache(maxsize=8192)
def parse_period(text: str, *, year: int | None, average: bool = False) -> Period | None:
    """The months that a YEAR span covers, `year` being what it resolves to; None where it names no time.

    `average` (年均 stands with the number) or 年均 in the span itself makes the kind `average`. 1-11月,
    上半年, 前三季度 are `cumulative`, 截至…底 and 年末 a `point`, 三年来, 5月份以来, 二季度 a `span`.
    """
    text = text[:MAX_LENGTH]
    period = _period(text, year)
    if period is not None and (average or "均" in text):
        return Period(period.start, period.end, PeriodKind.AVERAGE)
    return period


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    """The compiled patterns of this module by name."""
    count = rf"({_COUNT})"
    sources = {
        "time": TIME,
        "plan": rf"十([一二三四五六七])五[”\"’]?(期?末|前{count}年)?",
        "years": rf"({_YEAR4})(?:年?(?:{_TO})({_YEAR4}))?.*?(以来|年来|至今)?$",
        "speaking": "[去前明后]年",
        "neighbour": "(上一?年|下一年)",
        "count": rf"(今后|未来|近|过去|这|最近|前)?的?(?<![{_CN}0-9０-９.．]){count}[多余]?年(来|间|以来)?",
        "since": "以来|年来|月来|起|至今|以后|之后",
        "point": "截[至止]|^[到至]|[底末初]|年中",
        "months": rf"({_MONTH})月?份?(?:(?:{_TO})({_MONTH}))?月",
        "dated": rf"({_YEAR4})年({_MONTH})月(?:{_D}{{1,2}}日)?(?:{_TO})({_YEAR4})年({_MONTH})月",
        "first": rf"前({_MONTH})个月",
        "quarter": rf"(前|[一1](?:{_TO}))?第?([一二两三四1-4])个?季度",
        "half": "([上下])半年",
    }
    return {name: re.compile(source) for name, source in sources.items()}


def _names_time(text: str) -> bool:
    """Whether there is a time expression; a span that was cut out lacks what TIME looks at beyond its end."""
    patterns = _patterns()
    return "年度" in text or bool(patterns["time"].search(text) or patterns["count"].search(text))


def _number(text: str) -> int:
    """A whole number that a pattern of this module has matched."""
    number = parse_number(text)
    return int(number.value) if number and number.value is not None else 0


def _plan_start(ordinal: str) -> int:
    """The first year of 十一五 ... 十七五, which follow one another every five years."""
    return 2006 + 5 * "一二三四五六七".index(ordinal)


def _plan_year(match: re.Match[str], clock: _Clock) -> int:
    """The plan's last year; in a review that falls inside the plan, the year reviewed."""
    start = _plan_start(match[1])
    if match[3]:
        return start + _number(match[3]) - 1
    if match[2] or clock.plans or clock.reviewed is None or clock.reviewed < start:
        return start + 4
    return min(start + 4, clock.reviewed)


def _explicit_year(match: re.Match[str], clock: _Clock) -> int:
    """The year written, the last of a range; 2020年以来 reaches to the last year reviewed."""
    year = _number(match[2] or match[1])
    return max(year, clock.reviewed) if match[3] and clock.reviewed is not None else year


def _dated_year(match: re.Match[str], clock: _Clock) -> int:
    """The year in which 2022年9月至2023年8月 ends."""
    return _number(match[3])


def _speaking_year(match: re.Match[str], clock: _Clock) -> int | None:
    """去年, 前年, 明年, 后年, counted from when the report speaks."""
    return None if clock.now is None else clock.now + {"前": -2, "去": -1, "明": 1, "后": 2}[match[0][0]]


def _neighbour_year(match: re.Match[str], clock: _Clock) -> int | None:
    """上年 and 下一年, counted from the year that the section is about."""
    return None if clock.topic is None else clock.topic + (-1 if match[1][0] == "上" else 1)


def _count_year(match: re.Match[str], clock: _Clock) -> int | None:
    """The last year of a span of years: reviewed (三年来), planned (今后三年), or the section's (五年)."""
    if match[1] in ("今后", "未来"):
        return None if clock.topic is None else clock.topic + max(1, _number(match[2])) - 1
    return clock.reviewed if match[1] or match[3] else clock.topic


_YEAR_RULES: tuple[tuple[str, Callable[[re.Match[str], _Clock], int | None]], ...] = (
    ("plan", _plan_year),
    ("dated", _dated_year),
    ("years", _explicit_year),
    ("speaking", _speaking_year),
    ("neighbour", _neighbour_year),
    ("count", _count_year),
)


def _months(year: int, first: int, last: int, kind: PeriodKind) -> Period:
    """Months `first` to `last` of one year; a range that runs over the year's end has no known start."""
    start = f"{year:04d}-{first:02d}" if first <= last else None
    return Period(start, f"{year:04d}-{last:02d}", kind)


def _years(first: int, last: int) -> Period:
    """All months from one year to another."""
    kind = PeriodKind.WHOLE_YEAR if first == last else PeriodKind.SPAN
    return Period(f"{first:04d}-01", f"{last:04d}-12", kind)


def _period(text: str, year: int | None) -> Period | None:
    """The period by the first rule whose form the text has."""
    patterns = _patterns()
    if match := patterns["plan"].search(text):
        return _plan_period(match)
    if match := patterns["dated"].search(text):
        start, end = (f"{_number(match[k]):04d}-{_number(match[k + 1]):02d}" for k in (1, 3))
        return Period(start, end, PeriodKind.SPAN)
    years = patterns["years"].search(text)
    if year is None or not _names_time(text):
        return None
    first, last = _within_year(text)
    if patterns["since"].search(text) and not patterns["count"].search(text):
        return Period(
            f"{_number(years[1]) if years else year:04d}-{first:02d}", f"{year:04d}-12", PeriodKind.SPAN
        )
    if patterns["point"].search(text):
        month = 1 if "初" in text else 6 if "年中" in text else last
        return _months(year, month, month, PeriodKind.POINT)
    if years:
        return (
            _months(year, first, last, _kind(first, last))
            if not years[2]
            else _years(_number(years[1]), year)
        )
    if match := patterns["count"].search(text):
        return _years(max(1, year - max(1, _number(match[2])) + 1), year)
    return _months(year, first, last, _kind(first, last))


def _kind(first: int, last: int) -> PeriodKind:
    """From January on a part of a year is cumulative; a later part is a span of its own."""
    if (first, last) == (1, 12):
        return PeriodKind.WHOLE_YEAR
    return PeriodKind.CUMULATIVE if first == 1 else PeriodKind.SPAN


def _within_year(text: str) -> tuple[int, int]:
    """First and last month that the text names, the whole year where it names none."""
    patterns = _patterns()
    if match := patterns["first"].search(text):
        return 1, _number(match[1])
    if match := patterns["months"].search(text):
        return _number(match[1]), _number(match[2] or match[1])
    if match := patterns["quarter"].search(text):
        quarter = _number(match[2])
        return (1 if match[1] else 3 * quarter - 2), 3 * quarter
    if match := patterns["half"].search(text):
        return (1, 6) if match[1] == "上" else (7, 12)
    return 1, 12


def _plan_period(match: re.Match[str]) -> Period:
    """The five years of a plan, its first years (前三年), or its end as a point (末)."""
    start = _plan_start(match[1])
    if match[2] in ("末", "期末"):
        return _months(start + 4, 12, 12, PeriodKind.POINT)
    return _years(start, start + (_number(match[3]) - 1 if match[3] else 4))
