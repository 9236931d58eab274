"""Sections with their role, review or plan, and the year that each is about."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from zhibiao.documents.headings import Heading
from zhibiao.documents.roles import Years, opens_plan, turn
from zhibiao.schema import Offsets, Role, Section

_OPENING = 160
_BODY = 60
"""The first paragraph of so many characters ends the lines of title and speaker, which are no headings."""


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
    role, year, in_body = years.opening, years.of(years.opening), False
    for number, (start, end) in enumerate(paragraphs):
        heading = headings.get(number)
        in_body = in_body or end - start >= _BODY
        if heading:
            change = turn(text[heading.start : heading.end], heading, years)
            if change:
                role, year = change
            if change or heading.numbered or in_body:
                yield _Turn(number, _promoted(heading) if change else heading, role, year)
        elif role is Role.REVIEW and opens_plan(text[start : min(end, start + _OPENING)], years):
            role, year = Role.PLAN, years.plan
            yield _Turn(number, None, role, year)


def _promoted(heading: Heading) -> Heading:
    """An unnumbered heading that changes the role heads a main part."""
    return heading if heading.numbered else replace(heading, level=1)
