"""A record seen as a statement on one indicator of one place in one period, ready to be compared."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from zhibiao.schema import Kind, Measure, Period, PeriodKind, Record
from zhibiao.series.intervals import Interval, growth_interval, value_interval
from zhibiao.series.wording import Caveat, Quotation, caveats, names_the_whole, quotation, speaks_of_a_part
from zhibiao.tables.catalogue import load_catalogue

__all__ = ["Spell", "Statement", "spell_of", "statements"]

NAME_LENGTH = 7
"""A name without a code identifies an indicator from so many characters on."""

REACH = 200
"""Characters within which a sentence is taken to speak of the same part of a place as the one before."""

_HARMLESS = frozenset({Caveat.DISTRIBUTED})


@dataclass(frozen=True, slots=True, order=True)
class Spell:
    """A year, or some of its months: what a figure is of. The end of a year stands for the year."""

    year: int
    kind: PeriodKind
    months: str = ""

    @property
    def is_year(self) -> bool:
        """Whether it is a whole calendar year, or the state at its end."""
        return self.kind is PeriodKind.WHOLE_YEAR

    def before(self) -> Spell | None:
        """The same a year earlier; None of stretches of several years."""
        if self.kind in (PeriodKind.SPAN, PeriodKind.AVERAGE):
            return None
        return Spell(self.year - 1, self.kind, self.months)


@dataclass(frozen=True)
class Statement:
    """A record with a known indicator and year, and what its wording says of it."""

    record: Record
    code: str
    spell: Spell
    quoted: Quotation
    caveats: frozenset[Caveat]

    @cached_property
    def value(self) -> Interval | None:
        """The base values that it may mean; None where it states a rate only, or a change."""
        if self.record.measure not in (Measure.LEVEL, Measure.SHARE):
            return None
        return value_interval(self.record)

    @cached_property
    def growth(self) -> Interval | None:
        """The rates that it may mean."""
        return growth_interval(self.record)

    @property
    def is_target(self) -> bool:
        """Planned, not reached."""
        return self.record.kind is Kind.TARGET

    @property
    def is_exact(self) -> bool:
        """Without 超, 近 and the like."""
        return self.record.bounds is None and self.record.value is not None

    @property
    def is_plain(self) -> bool:
        """Nothing speaks against taking it for the place's own figure of its year; a 分别 list may."""
        return self.caveats <= _HARMLESS


def spell_of(period: Period | None, year: int | None) -> Spell | None:
    """What a figure is of; None where the year is not known."""
    if period is None or year is None:
        return None
    months = f"{period.start or ''}/{period.end or ''}"
    if period.kind is PeriodKind.WHOLE_YEAR or (period.kind is PeriodKind.POINT and _ends_year(period)):
        return Spell(year, PeriodKind.WHOLE_YEAR)
    relative = "/".join(part[5:] for part in months.split("/"))
    spans_years = period.kind in (PeriodKind.SPAN, PeriodKind.AVERAGE)
    return Spell(year, period.kind, months if spans_years else relative)


def _ends_year(period: Period) -> bool:
    return period.end is not None and period.end.endswith("-12")


def statements(records: Iterable[Record]) -> Iterator[Statement]:
    """The records that have a period, and a catalogue code or a name that identifies them."""
    near = _Neighbourhood()
    for record in records:
        beside = near.is_of_a_part(record)
        spell = spell_of(record.period, record.year)
        code = record.indicator_code or _own_name(record)
        if code is None or spell is None:
            continue
        quoted = quotation(record)
        found = caveats(record, quoted) | ({Caveat.PART} if beside else set())
        yield Statement(record, code, spell, quoted, found)


@dataclass(slots=True)
class _Neighbourhood:
    """The last sentence that spoke of a part of the place: what follows closely is of that part too."""

    report: str = ""
    at: int = 0

    def is_of_a_part(self, record: Record) -> bool:
        """Records must come in the order of their report."""
        start = record.spans["indicator"][0]
        close = record.report_id == self.report and 0 <= start - self.at <= REACH
        if speaks_of_a_part(record, record.evidence):
            self.report, self.at = record.report_id, start
            return False
        return close and not names_the_whole(record.evidence)


def _own_name(record: Record) -> str | None:
    """A name that the catalogue does not know, where it is long enough to mean one thing."""
    name = load_catalogue().wording.normalise(record.indicator)
    return f"={name}" if len(name) >= NAME_LENGTH and record.indicator_context is None else None
