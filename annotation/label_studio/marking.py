"""Gold records as regions and relations, the shape in which annotators see them; nothing is lost on the way.

A quantity region carries what its records say beyond their spans. Records that share a quantity and agree
in everything but the indicator share one region; where they differ, each has its own on the same text.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from zhibiao.schema import GoldRecord, Kind, Label, Offsets, Span

__all__ = ["Fields", "Marking", "Region", "mark"]


@dataclass(frozen=True, slots=True)
class Fields:
    """What a region says beyond its text; None and False mean not filled in."""

    year: int | None = None
    year_unknown: bool = False
    kind: Kind | None = None
    qualifier: str | None = None
    growth_rate: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Region:
    """A span on the screen; offsets count in the whole report, `task` is where it was drawn."""

    id: str
    span: Span
    fields: Fields = field(default_factory=Fields)
    task: int | None = None


@dataclass(frozen=True, slots=True)
class Marking:
    """Regions in text order, and relations between them as pairs of ids."""

    regions: tuple[Region, ...]
    relations: tuple[tuple[str, str], ...]


def mark(records: Iterable[GoldRecord], spans: Sequence[Span] = ()) -> Marking:
    """The marking of records; `spans` give scores, and those that no record uses stand without relation."""
    builder = _Builder({span: span for span in spans})
    for record in records:
        builder.add(record)
    builder.add_unused(spans)
    return builder.marking()


class _Builder:
    """Gives equal regions once and different ones on the same text different ids."""

    def __init__(self, scored: Mapping[Span, Span]) -> None:
        self.scored = scored
        self.regions: dict[object, Region] = {}
        self.ids: dict[Span, int] = {}
        self.relations: dict[tuple[str, str], None] = {}

    def add(self, record: GoldRecord) -> None:
        anchor = Label.VALUE if "value" in record.spans else Label.GROWTH
        fields = Fields(record.year, record.year is None, record.kind, record.qualifier)
        if anchor is Label.GROWTH:
            fields = replace(fields, growth_rate=record.growth_rate)
        others = tuple(record.spans.get(slot) for slot in ("unit", "growth", "year"))
        quantity = self._region(anchor, record.spans[anchor.slot], fields, (others, record.growth_rate))
        for label in Label:
            if label is not anchor and label.slot in record.spans:
                rate = Fields(growth_rate=record.growth_rate) if label is Label.GROWTH else Fields()
                argument = self._region(label, record.spans[label.slot], rate, None)
                self.relations[quantity.id, argument.id] = None

    def _region(self, label: Label, offsets: Offsets, fields: Fields, role: object) -> Region:
        span = Span(*offsets, label)
        key = (span, fields, role)
        if key not in self.regions:
            self.regions[key] = Region(self._id(span), self.scored.get(span, span), fields)
        return self.regions[key]

    def _id(self, span: Span) -> str:
        number = self.ids[span] = self.ids.get(span, 0) + 1
        own = f"{span.label.value[0].lower()}{span.start}-{span.end}"
        return own if number == 1 else f"{own}-{number}"

    def add_unused(self, spans: Iterable[Span]) -> None:
        for span in spans:
            if span not in self.ids:
                self._region(span.label, span.offsets, Fields(), None)

    def marking(self) -> Marking:
        ordered = sorted(self.regions.values(), key=lambda region: region.span.offsets)
        return Marking(tuple(ordered), tuple(self.relations))
