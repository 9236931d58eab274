"""When it was: years far from the report's, YEAR spans that say another year, plans of what is past."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from annotation.checks.faults import Fault, FaultKind
from annotation.checks.loading import Loaded, Place
from zhibiao.schema import Kind, Label, Role, Span
from zhibiao.tables.assembly import assembly_words

__all__ = ["check_times"]

FAR = 6
"""Years from the report's: a five-year plan and the one before it lie within."""

IMPOSSIBLE = 50
"""Years from the report's beyond which a year is a slip of the pen."""


def check_times(loaded: Loaded) -> Iterator[Fault]:
    """Years and kinds of every record."""
    for place in loaded.places():
        yield from _year(place)
        yield from _year_span(place)
        yield from _kind(place)


def _year(place: Place) -> Iterator[Fault]:
    year, metadata = place.record.year, place.loaded.document.metadata
    if year is None:
        yield place.fault(FaultKind.NO_YEAR, "year is null")
        return
    reported = metadata.report_year
    if reported is None:
        return
    distance = abs(year - reported)
    if distance > FAR:
        kind = FaultKind.YEAR_IMPOSSIBLE if distance > IMPOSSIBLE else FaultKind.YEAR_FAR
        yield place.fault(kind, f"year is {year}, {distance} years from the report's {reported}")
    elif place.record.kind is Kind.ACTUAL and year > max(reported, metadata.sitting_year or reported):
        yield place.fault(FaultKind.AHEAD, f"year is {year} and the kind actual in a report of {reported}")


def _year_span(place: Place) -> Iterator[Fault]:
    offsets, year = place.record.spans.get("year"), place.record.year
    if offsets is None or year is None:
        return
    said = place.loaded.years.year_of(Span(*offsets, Label.YEAR), place.anchor[0])
    if said is not None and said != year:
        quote = place.quote("year")
        yield place.fault(FaultKind.YEAR_SPAN, f"year is {year}, but {quote} reads as {said}", "year")


def _kind(place: Place) -> Iterator[Fault]:
    """A plan of what is past, in a look back that plans nothing; what was reached, in a plan and ahead."""
    section, year = place.loaded.years.section(place.anchor[0]), place.record.year
    reported, kind = place.loaded.document.metadata.report_year, place.record.kind
    if section is None or year is None or reported is None:
        return
    if kind is Kind.TARGET and year < reported:
        yield place.fault(
            FaultKind.KIND, f"kind is target and year {year} in a report that reviews {reported}"
        )
    elif kind is Kind.TARGET and year == reported and section.role is Role.REVIEW and not _plans(place):
        yield place.fault(
            FaultKind.KIND, "kind is target, but the section looks back and the sentence plans nothing"
        )
    elif kind is Kind.ACTUAL and year > reported and section.role is Role.PLAN:
        yield place.fault(FaultKind.KIND, f"kind is actual, but the section plans {year}")


def _plans(place: Place) -> bool:
    """Whether a word of planning stands in the sentence before the quantity."""
    start = place.anchor[0]
    sentence, text = place.loaded.years.sentence(start), place.loaded.document.text
    return bool(_planning().search(text, sentence.start if sentence else start, start))


@cache
def _planning() -> re.Pattern[str]:
    return re.compile("|".join([*map(re.escape, assembly_words().planned), "目标", "计划"]))
