"""Whether words look back or ahead: the cues of headings, titles and opening words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from zhibiao.documents.cues import load_cues
from zhibiao.documents.headings import Heading, years_in
from zhibiao.schema import Metadata, Role

_LONGEST_PLAIN = 28
_NEXT_FIVE_YEARS = re.compile("[今未][后来]五年")
_FIVE_YEARS = re.compile("十([一二三四五六七八九])(?:五|个五年)")
_YEAR_OPENS = re.compile("(?:各位代表[！!，,：:]?)?\\s*(20\\d\\d)年?[,，是全我街市]")


Turn = tuple[Role, int | None]
"""The role and the year that hold from here on."""


@dataclass(frozen=True, slots=True)
class Years:
    """The year that a report reviews, the year that it plans, and its role before any heading says so."""

    review: int | None
    plan: int | None
    opening: Role = Role.REVIEW

    @classmethod
    def of_report(cls, metadata: Metadata) -> Years:
        """A report whose title speaks of a plan alone opens with the plan."""
        return cls(metadata.report_year, metadata.plan_year, title_role(metadata.title or ""))

    def of(self, role: Role) -> int | None:
        """The year of a section that names none."""
        return self.review if role is Role.REVIEW else self.plan


def title_role(title: str) -> Role:
    """PLAN for a title that names a plan and no report, summary or look back."""
    cues = load_cues()
    roles = {match.lastgroup for match in cues.role.finditer(title)}
    return Role.PLAN if roles == {"plan"} and not cues.title_review.search(title) else Role.REVIEW


def heading_role(words: str, heading: Heading) -> Role | None:
    """The role that a heading's own words give it; None where they give none, or both."""
    cues = list(load_cues().role.finditer(words))
    dated = bool(years_in(words))
    if not cues or ({cue.lastgroup for cue in cues} == {"review", "plan"} and len(set(years_in(words))) > 1):
        return None
    main = heading.level == 1 or not heading.numbered
    if (dated and heading.level == 1) or ((dated or main) and _is_plain(words, cues[-1], dated)):
        return Role(cues[-1].lastgroup or "")
    return None


def heading_turn(words: str, heading: Heading, years: Years) -> Turn | None:
    """What a heading changes; None where it changes nothing."""
    role = heading_role(words, heading) or _role_of_years(words, heading, years)
    return None if role is None else (role, turn_year(words, role, years))


def turn_year(words: str, role: Role, years: Years) -> int | None:
    """The year that words which look back or ahead are about."""
    named = years_in(words)
    if role is Role.REVIEW:
        return max(named) if named and "以来" not in words else years.review or max(named, default=None)
    if years.plan is None or _names_next_year(words, years):
        return years.plan or min(named, default=None)
    # Of “十五五” and 2035 in one heading, the targets that follow are those of the five years.
    five = [year for year in five_years(words) if year > years.plan]
    if five or _NEXT_FIVE_YEARS.search(words):
        return five[-1] if five else years.plan + 4
    return min(named, default=years.plan)


def opening_turn(words: str, role: Role, years: Years) -> Turn | None:
    """The plan and its year where the first words of a paragraph without a heading begin one.

    Inside a plan for several years only the plan of the one year ahead may begin so.
    """
    named = _YEAR_OPENS.match(words)
    if named and int(named[1]) == years.plan != years.review:
        return Role.PLAN, years.plan
    match = load_cues().plan_opener.search(words)
    if match is None:
        return None
    year = turn_year(words[: match.end()], Role.PLAN, years)
    return (Role.PLAN, year) if role is Role.REVIEW or _names_next_year(words[: match.end()], years) else None


def _names_next_year(words: str, years: Years) -> bool:
    return years.plan in years_in(words) or bool(load_cues().next_year.search(words))


def _is_plain(words: str, last: re.Match[str], dated: bool) -> bool:
    """A short phrase that speaks of a time, or that ends with what a part of a report is called."""
    if len(words) > _LONGEST_PLAIN:
        return False
    cues = load_cues()
    if cues.part_time.search(words):
        return True
    return last.end() == len(words) and (dated or bool(cues.part_name.search(words)))


def _role_of_years(words: str, heading: Heading, years: Years) -> Role | None:
    """What the years alone say in a heading without cue: 三、奋力开创2023年新局面, （二）关于2023年的工作."""
    named = set(years_in(words)) or set(five_years(words))
    main = heading.level == 1 or (len(words) <= _LONGEST_PLAIN and words.endswith("工作"))
    if not main or years.review is None or not named:
        return None
    if min(named) > years.review:
        return Role.PLAN
    return Role.REVIEW if max(named) <= years.review else None


def five_years(words: str) -> Iterator[int]:
    """2026 and 2030 of “十五五” and of 第十五个五年."""
    for match in _FIVE_YEARS.finditer(words):
        first = 2001 + 5 * "零一二三四五六七八九".index(match[1])
        yield from (first, first + 4)
