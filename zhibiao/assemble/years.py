"""Which YEAR span dates a quantity, and which year that is: the reach rules of the annotation guide."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from zhibiao.normalise.numbers import parse_number
from zhibiao.normalise.periods import resolve_year
from zhibiao.schema import Document, Label, Role, Section, Sentence, Span
from zhibiao.tables.assembly import assembly_words
from zhibiao.tables.words import alternation


@dataclass(frozen=True, slots=True)
class Dated:
    """The YEAR span that dates a quantity, and the year that it means there; None where it cannot be told."""

    span: Span
    year: int | None


@dataclass(frozen=True, slots=True)
class YearFinder:
    """The YEAR spans of one document, looked up by position."""

    document: Document
    years: tuple[Span, ...]
    starts: tuple[int, ...]
    sentence_starts: tuple[int, ...]

    @classmethod
    def of(cls, document: Document, spans: Iterable[Span]) -> YearFinder:
        """`spans` may hold other labels; they are passed over."""
        years = tuple(sorted(span for span in spans if span.label is Label.YEAR))
        starts = tuple(span.start for span in years)
        return cls(document, years, starts, tuple(sentence.start for sentence in document.sentences))

    def sentence(self, position: int) -> Sentence | None:
        """The sentence that `position` lies in, or the last before it."""
        at = bisect_right(self.sentence_starts, position) - 1
        return self.document.sentences[at] if at >= 0 else None

    def section(self, position: int) -> Section | None:
        """The section that `position` lies in."""
        sentence = self.sentence(position)
        return self.document.sections[sentence.section] if sentence else None

    def governing(self, quantity: Span) -> Span | None:
        """The nearest YEAR span before `quantity` in its paragraph whose reach has not ended, or None."""
        sentence = self.sentence(quantity.start)
        if sentence is None:
            return None
        for at in range(bisect_right(self.starts, quantity.start) - 1, -1, -1):
            year = self.years[at]
            own = self.sentence(year.start)
            if own is None or own.paragraph != sentence.paragraph:
                return None
            if self._reaches(year, quantity):
                return year
        return None

    def _reaches(self, year: Span, quantity: Span) -> bool:
        """Whether `year`, which stands before `quantity` in its paragraph, still dates it."""
        text, patterns = self.document.text, _patterns()
        if patterns["compared"].search(text, max(0, year.start - 3), year.start):
            return False
        if patterns["of"].match(text, year.end):
            return quantity.start - year.end < 5
        reach = _reach(self.document.quote(year.offsets), text[year.end : year.end + 2])
        if patterns[f"end of {reach}"].search(text, year.end, quantity.start):
            return False
        if reach != "paragraph" or not patterns["end of sentence"].search(text, year.end, quantity.start):
            return True
        return not self._passing(year) and not self._aside(year)

    def _passing(self, year: Span) -> bool:
        """Whether a year is named in passing, behind numbers of its sentence (年均增长8%，2025年达5亿元)."""
        sentence, patterns = self.sentence(year.start), _patterns()
        if sentence is None or not patterns["plain_year"].match(self.document.text, year.start, year.end):
            return False
        return bool(patterns["digit"].search(self.document.text, sentence.start, year.start))

    def _aside(self, year: Span) -> bool:
        """Whether a review names a year to come, or a plan one that is over or that it does not reach."""
        section, meant = self.section(year.start), self.year_of(year, year.start)
        if section is None or section.year is None or meant is None:
            return False
        if section.role is Role.REVIEW:
            return meant > section.year
        first = self._first_planned(section) or section.year
        return not first <= meant <= section.year

    def year_of(self, span: Span, position: int) -> int | None:
        """The year that a YEAR span means for a quantity at `position`; None where it cannot be told."""
        metadata, text = self.document.metadata, self.document.quote(span.offsets)
        section = self.section(position)
        first = self._first_planned(section)
        several = first is not None and _patterns()["this_year"].search(text)
        return resolve_year(
            text,
            section_year=first if several else section.year if section else None,
            report_year=metadata.report_year,
            sitting_year=metadata.sitting_year,
            published=metadata.published,
        )

    def default_year(self, position: int, *, reached: bool) -> int | None:
        """The year of the section, else of the report.

        What is `reached` already, in a plan for several years, is of the year reviewed.
        """
        section, report_year = self.section(position), self.document.metadata.report_year
        if section is None or section.year is None:
            return report_year
        several = self._first_planned(section) is not None
        return report_year if several and reached and report_year is not None else section.year

    def _first_planned(self, section: Section | None) -> int | None:
        """The first year of a section that plans several; None for any other."""
        first = self.document.metadata.plan_year
        if section is None or section.year is None or first is None:
            return None
        return first if section.year > first else None

    def started_in(self, quantity: Span, year: int | None) -> int | None:
        """`year`, or for the X of 由X增加到Y the year before the span of years about it.

        Where the text names no span of years, X keeps `year`.
        """
        sentence, text = self.sentence(quantity.start), self.document.text
        if year is None or sentence is None or text[quantity.start - 1 : quantity.start] not in ("由", "从"):
            return year
        if not _patterns()["grown"].search(text, quantity.end, sentence.end):
            return year
        length = self.length_before(quantity, year)
        return year if length is None else year - length

    def length_before(self, quantity: Span, year: int) -> int | None:
        """How many years the span of years before `quantity` lasts up to `year` (五年来 5).

        It is looked for in the sentence, then in the paragraph, then in the section. A five-year plan lasts
        from its first year: up to 2023 “十四五” lasts three.
        """
        sentence, section = self.sentence(quantity.start), self.section(quantity.start)
        if sentence is None or section is None:
            return None
        for start in (sentence.start, self._paragraph_start(sentence), section.start):
            spans = _patterns()["length"].findall(self.document.text, start, quantity.start)
            if spans:
                return _length(spans[-1], year)
        return None

    def _paragraph_start(self, sentence: Sentence) -> int:
        first = bisect_right(self.sentence_starts, sentence.start) - 1
        while first > 0 and self.document.sentences[first - 1].paragraph == sentence.paragraph:
            first -= 1
        return self.document.sentences[first].start


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    """How far each form of YEAR reaches, and where spans of years are named."""
    words = assembly_words()
    return {
        "one_year": re.compile("^(?:这|过去的?|刚刚过去的|近|最近)?一年"),
        # 自4月26日起, 5月份以来, 2020年以来
        "start": re.compile("(?:[月日号]份?(?:以来|起|至今|开始)|自.*起|(?:自.*|[0-9]{4}年)以来)$"),
        # 三年来, 五年, “十三五”时期
        "several": re.compile(
            "(?:(?<![0-9〇○零一二三四五六七八九])[一二两三四五六七八九十0-9]{1,3}多?年多?(?:来|间|以来)?|十[一二三四五六七]五.*)$"
        ),
        # 年初, 十二月, 12月份, 二季度, 下半年: a moment or a later part of the year
        "moment": re.compile(
            "^(?!截)(?:.*年初|.*下半年|(?:.*[^至到前—-])?第?[一二三四1-4]季度"
            "|(?:.*[^-－—~～至到前个0-9十])?(?:[0-9]{1,2}|十[一二]?|[一二三四五六七八九])月份?)$"
        ),
        "compared": re.compile(rf"(?<!占)(?:{alternation(words.compared)})[“‘\"]?$"),
        "of": re.compile("[”’]?的"),
        "plain_year": re.compile("[0-9０-９]{4}年度?$"),
        "digit": re.compile("[0-9０-９]"),
        "averaged": re.compile("年?均"),
        "end of clause": re.compile("[，,。！？；;!?\n]"),
        "end of group": re.compile("[。！？；;!?\n]"),
        "end of sentence": re.compile("[。！？!?\n]"),
        "end of paragraph": re.compile("(?!)"),
        "this_year": re.compile(alternation(words.this_year)),
        "grown": re.compile("[到至为]"),
        "length": re.compile(
            "([两二三四五六七八九]|[2-9])年(?:来|间|以来)|(?<=[这过近])去?([两二三四五])年|十([一二三四五六七])五|(五年)"
        ),
    }


def _reach(stated: str, following: str) -> str:
    """What a YEAR dates: the rest of its clause, clause group, sentence or paragraph."""
    patterns = _patterns()
    if patterns["start"].search(stated):
        return "group"
    if patterns["several"].search(stated) and not patterns["one_year"].search(stated):
        return "clause" if patterns["averaged"].match(following) else "sentence"
    return "sentence" if patterns["moment"].search(stated) else "paragraph"


def _length(groups: tuple[str, str, str, str], year: int) -> int | None:
    """The number of years that the groups of `length` name; None for a plan that begins after `year`."""
    since, past, plan, _ = groups
    if plan:
        before = 2005 + 5 * "一二三四五六七".index(plan)
        return year - before if year > before else None
    number = parse_number(since or past or "五")
    return int(number.value) if number and number.value is not None else None
