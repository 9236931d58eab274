"""Which YEAR span dates a quantity, and which year that is: the reach rules of the annotation guide."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cache

from zhibiao.normalise.periods import resolve_year
from zhibiao.schema import Document, Label, Section, Sentence, Span


@cache
def _start_span() -> re.Pattern[str]:
    """自4月26日起, 5月份以来: date their own clause group only."""
    return re.compile(r"(?:[月日号](?:份)?(?:以来|起|至今|开始)|自.*起)$")


@cache
def _several_years() -> re.Pattern[str]:
    """三年来, 五年, “十三五”时期: date their own sentence only."""
    return re.compile(
        r"(?:[一二两三四五六七八九十0-9]{1,3}(?:多)?年(?:多)?(?:来|间|以来)?|十[一二三四五]五.*)$"
    )


@cache
def _one_year() -> re.Pattern[str]:
    return re.compile(r"^(?:这|过去的?|刚刚过去的|近|最近)?一年")


@dataclass(frozen=True, slots=True)
class YearFinder:
    """The YEAR spans of one document, looked up by position."""

    document: Document
    years: tuple[Span, ...]
    starts: tuple[int, ...]
    sentence_starts: tuple[int, ...]

    @classmethod
    def of(cls, document: Document, spans: tuple[Span, ...]) -> YearFinder:
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
        text = self.document.text
        between = text[year.end : quantity.start]
        if between.lstrip("”’").startswith("的"):
            return len(between) < 5
        stated = text[year.start : year.end]
        if _start_span().search(stated):
            return not re.search("[。！？；;!?\n]", between)
        if _several_years().search(stated) and not _one_year().search(stated):
            return not re.search("[。！？!?\n]", between)
        return True

    def year_of(self, span: Span, position: int) -> int | None:
        """The year that a YEAR span means for a quantity at `position`; None where it cannot be told."""
        section = self.section(position)
        metadata = self.document.metadata
        return resolve_year(
            self.document.text[span.start : span.end],
            section_year=section.year if section else None,
            report_year=metadata.report_year,
            sitting_year=metadata.sitting_year,
            published=metadata.published,
        )

    def started_in(self, quantity: Span, year: int | None) -> int | None:
        """`year`, or for the X of 由X增加到Y the year that the span of years about it began with.

        Where the text names no span of years, X keeps `year`.
        """
        sentence, section = self.sentence(quantity.start), self.section(quantity.start)
        text = self.document.text
        if (
            year is None
            or sentence is None
            or section is None
            or text[quantity.start - 1 : quantity.start] not in ("由", "从")
        ):
            return year
        if not re.search("[到至为]", text[quantity.end : sentence.end]):
            return year
        for start in (sentence.start, self._paragraph_start(sentence), section.start):
            if (length := _length_of_span(text[start : quantity.start])) is not None:
                return year - length
        return year

    def _paragraph_start(self, sentence: Sentence) -> int:
        first = bisect_right(self.sentence_starts, sentence.start) - 1
        while first > 0 and self.document.sentences[first - 1].paragraph == sentence.paragraph:
            first -= 1
        return self.document.sentences[first].start

    def default_year(self, position: int) -> int | None:
        """The year of the section, else of the report."""
        section = self.section(position)
        if section and section.year is not None:
            return section.year
        return self.document.metadata.report_year


@cache
def _span_of_years() -> re.Pattern[str]:
    return re.compile(
        r"([两二三四五六七八九]|[2-9])年(?:来|间|以来)|(?<=[这过近])去?([两二三四五])年|(十[一二三四五]五|五年)"
    )


_COUNTS = {char: number for number, char in enumerate("一二三四五六七八九", start=1)} | {"两": 2}


def _length_of_span(text: str) -> int | None:
    """How many years the last span of years in `text` lasts (五年来 5, “十四五” 5), None where it names none."""
    matches = list(_span_of_years().finditer(text))
    if not matches:
        return None
    stated = matches[-1][1] or matches[-1][2] or "五"
    return _COUNTS.get(stated) or int(stated)
