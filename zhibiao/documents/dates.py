"""The years of a report: reviewed, planned, and of the sitting in which it is given."""

from __future__ import annotations

import re
from collections.abc import Iterator

from zhibiao.documents.cues import load_cues
from zhibiao.documents.evidence import Evidence, Found
from zhibiao.documents.headings import Heading, year_of, years_in
from zhibiao.documents.roles import heading_role
from zhibiao.schema import Finding, Offsets, Role

_DIGITS = "〇一二三四五六七八九"
_DATE = re.compile(
    "(?P<year>(?:19|20)\\d\\d|[一二][〇○Ｏ０0零一二三四五六七八九]{3})\\s*年\\s*"
    "(?P<month>\\d{1,2}|[一二三四五六七八九十]{1,2})\\s*月(?:\\s*[\\d一二三四五六七八九十]{1,3}\\s*日)?"
)
_AT_SITTING = re.compile("\\s*[,，]?\\s*在[^。；]{0,40}?(?:大会|会议|人大|\n)")
_NEXT_YEAR_FROM = 11
"""A report given in November or later is given for the sitting of the year to come."""

_LAST_MONTH_OF_LOOKING_BACK = 7
_PUBLISHED = re.compile("(\\d{4})-(\\d{1,2})")
_PART_YEAR = re.compile("[上下]半年|前三季度|[一二三]季度")
_OPENING_YEAR = re.compile(
    "(?:各位[^，。！,!]{0,12}[！!，,：:])?\\s*((?:19|20)\\d\\d|[一二][〇○零一二三四五六七八九]{3})年"
)


def find_years(evidence: Evidence) -> Found:
    """`report_year`, `plan_year` and `sitting_year`; the surest source comes first, and its findings stay."""
    ahead = 0 if _is_of_part_year(evidence) else 1
    yield from _following(evidence, ahead)
    for step in (_reviewed, _from_sitting, _from_title, _planned, _from_published, _from_opening):
        yield from step(evidence)
        yield from _following(evidence, ahead)


def _is_of_part_year(evidence: Evidence) -> bool:
    """A report on the first half of a year plans the second half of the same year."""
    lines = [evidence.words("title") or ""]
    lines += [heading.words(evidence.text) for heading in _main(evidence)]
    return any(_PART_YEAR.search(line) for line in lines)


def _following(evidence: Evidence, ahead: int) -> Found:
    """The years that follow from one that is known."""
    review, plan, sitting = (evidence.year(f"{name}_year") for name in ("report", "plan", "sitting"))
    if review is None:
        if sitting is not None:
            yield "report_year", _shifted("sitting_year", evidence, -ahead)
        elif plan is not None:
            yield "report_year", _shifted("plan_year", evidence, -ahead)
    elif plan is None:
        yield "plan_year", _shifted("report_year", evidence, ahead)


def _shifted(field: str, evidence: Evidence, step: int) -> Finding:
    base = evidence.findings[field]
    return Finding(int(base.value) + step, f"from {field} ({base.source})", base.offsets)


def _reviewed(evidence: Evidence) -> Found:
    """一、2022年工作回顾, but not 2018年以来: that may be several years."""
    for words, offsets in _main_headings(evidence, Role.REVIEW):
        if "以来" not in words:
            yield "report_year", Finding(max(years_in(words)), "heading", offsets)


def _planned(evidence: Evidence) -> Found:
    """二、2023年工作安排."""
    for words, offsets in _main_headings(evidence, Role.PLAN):
        yield "plan_year", Finding(min(years_in(words)), "heading", offsets)


def _main_headings(evidence: Evidence, role: Role) -> Iterator[tuple[str, Offsets]]:
    for heading in _main(evidence):
        words = heading.words(evidence.text)
        if years_in(words) and heading_role(words, heading) is role:
            yield words, (heading.start, heading.end)


def _main(evidence: Evidence) -> Iterator[Heading]:
    return (heading for heading in evidence.headings.values() if heading.level == 1 or not heading.numbered)


def _from_sitting(evidence: Evidence) -> Found:
    """2023年1月12日在……人民代表大会……上, in the title or above the first words."""
    title = evidence.findings.get("title")
    if title and "政府工作报告" in str(title.value):
        for match in _DATE.finditer(str(title.value)):
            yield "sitting_year", Finding(_sitting_year(match), "title", title.offsets)
    for match in _DATE.finditer(evidence.text, 0, evidence.front):
        if _AT_SITTING.match(evidence.text, match.end()):
            yield "sitting_year", Finding(_sitting_year(match), "text", match.span())


def _sitting_year(match: re.Match[str]) -> int:
    return year_of(match["year"]) + (_month(match["month"]) >= _NEXT_YEAR_FROM)


def _month(words: str) -> int:
    if words.isdigit():
        return int(words)
    ones = _DIGITS.find(words[-1])
    return (10 if "十" in words else 0) + max(ones, 0)


def _from_title(evidence: Evidence) -> Found:
    """2022年工作总结和2023年工作思路; 2023年政府工作报告 is of a sitting; 2023年工作计划 of a plan."""
    title = evidence.findings.get("title")
    years = years_in(str(title.value)) if title else ()
    if title is None or not years:
        return
    words, cues = str(title.value), load_cues()
    field, year = "report_year", min(years)
    if cues.title_sitting.search(words):
        field = "sitting_year"
    elif cues.title_plan.search(words) and not cues.title_review.search(words):
        field = "plan_year"
    yield field, Finding(year, "title", title.offsets)
    if len(set(years)) > 1:
        yield "plan_year", Finding(max(years), "title", title.offsets)


def _from_published(evidence: Evidence) -> Found:
    """A report published in the first seven months looks back on the year before."""
    published = _PUBLISHED.match(evidence.words("published") or "")
    if published:
        looks_back = int(published[2]) <= _LAST_MONTH_OF_LOOKING_BACK and not _is_of_part_year(evidence)
        finding = Finding(
            int(published[1]) - looks_back, "date of publication", evidence.findings["published"].offsets
        )
        yield "report_year", finding


def _from_opening(evidence: Evidence) -> Found:
    """The year that the first words name: 2022年,面对……"""
    for start, end in evidence.paragraphs[:6]:
        if match := _OPENING_YEAR.match(evidence.text, start, end):
            yield "report_year", Finding(year_of(match[1]), "text", match.span(1))
            return
