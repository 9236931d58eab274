"""Main parts that look back and then ahead, and where each half begins."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from zhibiao.documents.cues import load_cues
from zhibiao.documents.headings import Heading, years_in
from zhibiao.documents.roles import Turn, Years, five_years, heading_turn, opening_turn, turn_year
from zhibiao.schema import Offsets, Role

_JOINT = re.compile("以及|[和与及暨、，,]")
OPENING = 160
"""So many characters of a paragraph may tell that it turns."""


@dataclass(frozen=True, slots=True)
class _Halves:
    """The paragraph that looks back first, what it turns to, and what the part turns to after it."""

    first: int
    back: Turn
    ahead: Turn


@dataclass(frozen=True, slots=True)
class TwofoldParts:
    """The parts of a report that look back and then ahead.

    A heading says so (上年总结和今年打算), or a five-year plan starts from what the last one has brought.
    A part without a paragraph that turns to the plan is left to what `heading_turn` says of it.
    """

    text: str
    paragraphs: Sequence[Offsets]
    headings: Mapping[int, Heading]
    years: Years

    def turns(self) -> Iterator[tuple[int, Turn]]:
        """The numbers of the paragraphs that begin a half, each with what it turns to."""
        for number, heading in self.headings.items():
            halves = self._said_by(number, heading) or self._five_year_plan(number)
            turn = self._turning(halves.first + 1) if halves else None
            if halves and turn is not None:
                yield halves.first, halves.back
                # 2026年… turns to that year, also below “十四五”成就和“十五五”目标.
                year_ahead = opening_turn(self._opening(turn), Role.PLAN, self.years)
                yield turn, self._change(turn) or year_ahead or halves.ahead

    def _said_by(self, number: int, heading: Heading) -> _Halves | None:
        """Of a heading such as 上年总结和今年打算."""
        if heading.numbered and heading.level > 1:
            return None
        words, years = heading.words(self.text), self.years
        for joint in _JOINT.finditer(words):
            back, ahead = words[: joint.start()], words[joint.end() :]
            if _looks_back(back, years) and _looks_ahead(ahead, years):
                review = Role.REVIEW, turn_year(back, Role.REVIEW, years)
                return _Halves(number, review, (Role.PLAN, turn_year(ahead, Role.PLAN, years)))
        return None

    def _five_year_plan(self, number: int) -> _Halves | None:
        """Of the heading of the plan itself, where the text below it begins with years that are over."""
        change, years = self._change(number), self.years
        if not (change and change[0] is Role.PLAN and (change[1] or 0) > (years.plan or 0) > 0):
            return None
        for below in range(number + 1, min(number + 3, len(self.paragraphs))):
            match = load_cues().back.search(self._opening(below))
            if below in self.headings or (match and not _is_over(match[0], years)):
                return None
            if match:
                return _Halves(below, (Role.REVIEW, years.review), change)
        return None

    def _turning(self, first: int) -> int | None:
        """The first paragraph, from `first` to the end of the main part, that turns to the plan."""
        for number in range(first, len(self.paragraphs)):
            heading, change = self.headings.get(number), self._change(number)
            if heading and heading.numbered and heading.level == 1:
                return None
            if change and change[0] is Role.PLAN:
                return number
            if change is None and self._turns_ahead(number):
                return number
        return None

    def _turns_ahead(self, number: int) -> bool:
        heading = self.headings.get(number)
        if heading and _is_to_come(heading.words(self.text), self.years):
            return True
        return _opens_the_plan(self._opening(number), self.years)

    def _change(self, number: int) -> Turn | None:
        heading = self.headings.get(number)
        return heading_turn(heading.words(self.text), heading, self.years) if heading else None

    def _opening(self, number: int) -> str:
        start, end = self.paragraphs[number]
        return self.text[start : min(end, start + OPENING)]


def _opens_the_plan(words: str, years: Years) -> bool:
    """More words turn here than `opening_turn` accepts, because a plan is known to follow."""
    if opening_turn(words, Role.REVIEW, years):
        return True
    match = load_cues().turn.search(words)
    if match is None or years.review is None:
        return match is not None
    # A five-year plan under way is no turn, nor is one that is over.
    begun = [*years_in(match[0]), *list(five_years(match[0]))[::2]]
    return max(begun, default=years.review + 1) > years.review


def _looks_back(words: str, years: Years) -> bool:
    """The last cue is of the review, and stands last or beside a time that is over or under way."""
    cues = list(load_cues().role.finditer(words))
    if not cues or cues[-1].lastgroup != "review":
        return False
    if cues[-1].end() == len(words) or load_cues().part_time.search(words):
        return True
    return years.review is not None and min(_times(words), default=years.review + 1) <= years.review


def _looks_ahead(words: str, years: Years) -> bool:
    """The last cue is of the plan, or there is none and every time that is named is still to come."""
    cues = list(load_cues().role.finditer(words))
    return cues[-1].lastgroup == "plan" if cues else _is_to_come(words, years)


def _is_to_come(words: str, years: Years) -> bool:
    """Whether the words name years, and all of them are still to come."""
    return years.review is not None and min(_times(words), default=0) > years.review


def _is_over(words: str, years: Years) -> bool:
    """Whether all years that the words name have been reviewed; words without a year are taken to be."""
    return years.review is not None and max(_times(words), default=0) <= years.review


def _times(words: str) -> tuple[int, ...]:
    return (*years_in(words), *five_years(words))
