"""Sections with their role, review or plan, and the year that each is about."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from zhibiao.documents.headings import Heading
from zhibiao.documents.roles import Years, heading_turn, opening_turn
from zhibiao.documents.twofold import OPENING, TwofoldParts
from zhibiao.schema import Offsets, Role, Section

_BODY = 60
"""Before a paragraph of so many characters stand lines of title and speaker, which are no headings."""


@dataclass(frozen=True, slots=True)
class _Start:
    """Where a section starts, and what holds in it."""

    start: int
    heading: Heading | None
    role: Role
    year: int | None

    def until(self, end: int) -> Section:
        """The section from here to the next start."""
        heading = self.heading
        offsets = (heading.start, heading.end) if heading else None
        return Section(self.start, end, offsets, heading.level if heading else 0, self.role, self.year)


def find_sections(
    text: str, paragraphs: Sequence[Offsets], headings: Mapping[int, Heading], years: Years
) -> tuple[Section, ...]:
    """Sections that tile the text; the first reaches back to its beginning, the last to its end."""
    if not text:
        return ()
    starts = list(_starts(text, paragraphs, headings, years))
    if starts and starts[0].start == paragraphs[0][0]:
        starts[0] = replace(starts[0], start=0)
    else:
        starts.insert(0, _Start(0, None, years.opening, years.of(years.opening)))
    ends = [*(following.start for following in starts[1:]), len(text)]
    return tuple(start.until(end) for start, end in zip(starts, ends, strict=True))


def _starts(
    text: str, paragraphs: Sequence[Offsets], headings: Mapping[int, Heading], years: Years
) -> Iterator[_Start]:
    role, year, in_body = years.opening, years.of(years.opening), False
    halves = dict(TwofoldParts(text, paragraphs, headings, years).turns())
    for number, (start, end) in enumerate(paragraphs):
        heading = headings.get(number)
        in_body = in_body or end - start >= _BODY
        if heading:
            change = halves.get(number) or heading_turn(heading.words(text), heading, years)
            role, year = change or (role, year)
            in_body = in_body or change is not None
            if change or heading.numbered or in_body:
                yield _Start(start, _promoted(heading) if change else heading, role, year)
        elif role is Role.REVIEW or year != years.plan:
            change = halves.get(number) or opening_turn(text[start : min(end, start + OPENING)], role, years)
            if change and change != (role, year):
                role, year = change
                yield _Start(start, None, role, year)


def _promoted(heading: Heading) -> Heading:
    """An unnumbered heading that changes the role heads a main part."""
    return heading if heading.numbered else replace(heading, level=1)
