"""Sections with their role, review or plan, and the year that each is about."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from zhibiao.documents.cues import load_cues
from zhibiao.documents.headings import Heading, heading_role, years_in
from zhibiao.schema import Metadata, Offsets, Role, Section

_OPENING = 160
_YEAR_OPENS = re.compile("(?:各位代表[！!，,：:]?)?\\s*((?:20)\\d\\d)年?[,，是全我街市]")


@dataclass(frozen=True, slots=True)
class Years:
    """The year that the report reviews, the year that it plans, and what it does when no heading says so."""

    review: int | None
    plan: int | None
    opening: Role = Role.REVIEW

    @classmethod
    def of_report(cls, metadata: Metadata) -> Years:
        """A report whose title names only a plan opens with the plan."""
        role = heading_role(metadata.title or "")
        opening = Role.PLAN if role is Role.PLAN else Role.REVIEW
        return cls(metadata.report_year, metadata.plan_year, opening)

    def of(self, role: Role) -> int | None:
        """The year of a section that names none."""
        return self.review if role is Role.REVIEW else self.plan


@dataclass(frozen=True, slots=True)
class _Turn:
    """Where a section starts, and what it changes."""

    paragraph: int
    heading: Heading | None
    role: Role
    year: int | None


def find_sections(
    text: str, paragraphs: Sequence[Offsets], headings: Mapping[int, Heading], years: Years
) -> tuple[Section, ...]:
    """Sections that tile the text; the first reaches back to its beginning, the last to its end."""
    turns = list(_turns(text, paragraphs, headings, years))
    if not text:
        return ()
    if not turns or turns[0].paragraph > 0:
        turns.insert(0, _Turn(0, None, years.opening, years.of(years.opening)))
    starts = [0, *(paragraphs[turn.paragraph][0] for turn in turns[1:]), len(text)]
    return tuple(
        _section(turn, start, end) for turn, start, end in zip(turns, starts, starts[1:], strict=False)
    )


def _section(turn: _Turn, start: int, end: int) -> Section:
    heading = (turn.heading.start, turn.heading.end) if turn.heading else None
    level = turn.heading.level if turn.heading else 0
    return Section(start, end, heading, level, turn.role, turn.year)


def _turns(
    text: str, paragraphs: Sequence[Offsets], headings: Mapping[int, Heading], years: Years
) -> Iterator[_Turn]:
    role, year = years.opening, years.of(years.opening)
    for number, (start, end) in enumerate(paragraphs):
        heading = headings.get(number)
        if heading:
            change = heading_turn(text[heading.start : heading.end], heading, years)
            if change:
                role, year = change
            if change or heading.numbered:
                yield _Turn(number, heading, role, year)
        elif role is Role.REVIEW and _opens_plan(text[start : min(end, start + _OPENING)], years):
            role, year = Role.PLAN, years.plan
            yield _Turn(number, None, role, year)


def heading_turn(words: str, heading: Heading, years: Years) -> tuple[Role, int | None] | None:
    """The role and year that a heading sets; None where it says nothing of them."""
    named = years_in(words)
    if not named and heading.level > 1:
        return None
    role = heading_role(words) or _role_of_years(named, years)
    return (role, _year_of(role, named, years)) if role else None


def _role_of_years(named: Sequence[int], years: Years) -> Role | None:
    if len(set(named)) != 1 or years.review is None:
        return None
    return Role.PLAN if max(named) > years.review else Role.REVIEW


def _year_of(role: Role, named: Sequence[int], years: Years) -> int | None:
    if not named:
        return years.of(role)
    return max(named) if role is Role.REVIEW else min(named)


def _opens_plan(opening: str, years: Years) -> bool:
    if load_cues().plan_opener.search(opening):
        return True
    named = _YEAR_OPENS.match(opening)
    return bool(named and years.plan is not None and int(named[1]) == years.plan)
