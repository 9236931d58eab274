"""Whether words look back or ahead: the cues of headings, titles and opening words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from zhibiao.documents.cues import load_cues
from zhibiao.documents.headings import Heading, years_in
from zhibiao.schema import Metadata, Role

_LONGEST_PLAIN = 28
_FIVE_YEARS = re.compile("十([一二三四五六七八九])五")
_YEAR_OPENS = re.compile("(?:各位代表[！!，,：:]?)?\\s*(20\\d\\d)年?[,，是全我街市]")


@dataclass(frozen=True, slots=True)
class Years:
    """The year that a report reviews, the year that it plans, and its role before any heading says so."""

    review: int | None
    plan: int | None
    opening: Role = Role.REVIEW

    @classmethod
    def of_report(cls, metadata: Metadata) -> Years:
        """A report whose title speaks of a plan alone opens with the plan."""
        title = metadata.title or ""
        opening = Role.PLAN if title_role(title) is Role.PLAN else Role.REVIEW
        return cls(metadata.report_year, metadata.plan_year, opening)

    def of(self, role: Role) -> int | None:
        """The year of a section that names none."""
        return self.review if role is Role.REVIEW else self.plan


def title_role(title: str) -> Role | None:
    """PLAN for a title that names nothing but a plan."""
    cues = {match.lastgroup for match in load_cues().role.finditer(title)}
    return Role(cues.pop() or "") if len(cues) == 1 else None


def heading_role(words: str, heading: Heading) -> Role | None:
    """The role that a heading's own words give it; None where they give none, or both."""
    cues = list(load_cues().role.finditer(words))
    years = set(years_in(words))
    if not cues or (len({cue.lastgroup for cue in cues}) > 1 and len(years) > 1):
        return None
    last = cues[-1]
    if (heading.level == 1 and years) or (
        _is_plain(words, last) and (heading.level == 1 or years or not heading.numbered)
    ):
        return Role(last.lastgroup or "")
    return None


def turn(words: str, heading: Heading, years: Years) -> tuple[Role, int | None] | None:
    """The role and the year that a heading sets; None where it sets none."""
    role = heading_role(words, heading) or _role_of_years(words, heading, years)
    return None if role is None else (role, _year(words, role, years))


def _year(words: str, role: Role, years: Years) -> int | None:
    named = years_in(words)
    if not named or "以来" in words:
        return years.of(role) or max(named, default=None)
    return max(named) if role is Role.REVIEW else min(named)


def opens_plan(words: str, years: Years) -> bool:
    """Whether a paragraph without a heading begins the plan by its first words."""
    if load_cues().plan_opener.search(words):
        return True
    named = _YEAR_OPENS.match(words)
    return bool(named and years.plan is not None and int(named[1]) == years.plan)


def _is_plain(words: str, last: re.Match[str]) -> bool:
    """A short phrase that speaks of a time, or whose last word is what a part of a report is called."""
    if len(words) > _LONGEST_PLAIN:
        return False
    cues = load_cues()
    return bool(cues.part_time.search(words)) or (
        last.end() == len(words) and bool(cues.part_name.search(words))
    )


def _role_of_years(words: str, heading: Heading, years: Years) -> Role | None:
    """What the years alone say in a main numbered heading without cue: 三、奋力开创2023年新局面."""
    named = set(years_in(words)) or set(_five_years(words))
    if heading.level > 1 or years.review is None or not named:
        return None
    if min(named) > years.review:
        return Role.PLAN
    return Role.REVIEW if max(named) <= years.review else None


def _five_years(words: str) -> Iterator[int]:
    """2026 and 2030 of “十五五”."""
    for match in _FIVE_YEARS.finditer(words):
        first = 2001 + 5 * "零一二三四五六七八九".index(match[1])
        yield from (first, first + 4)
