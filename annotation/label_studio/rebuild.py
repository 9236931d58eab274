"""Records from what annotators marked: the way back from regions and relations, with every doubt by name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from annotation.label_studio.marking import Fields, Marking, Region
from annotation.label_studio.problems import Problem, Trouble
from zhibiao.assemble import assemble
from zhibiao.schema import (
    LINK_TYPES,
    Document,
    GoldRecord,
    Label,
    Link,
    Offsets,
    Prediction,
    Record,
)

__all__ = ["rebuild"]

_QUANTITIES = (Label.VALUE, Label.GROWTH)
_SLOTS = (Label.VALUE, Label.UNIT, Label.GROWTH, Label.INDICATOR, Label.YEAR)
_SENTENCE_ENDS = frozenset("。！？；!?;\r\n")
_PUNCTUATION = frozenset('，。；：、！？,;:!?（）()《》“”"')
_ALONE = {
    Label.VALUE: Trouble.VALUE_ALONE,
    Label.GROWTH: Trouble.GROWTH_ALONE,
    Label.INDICATOR: Trouble.INDICATOR_ALONE,
    Label.UNIT: Trouble.UNIT_ALONE,
    Label.YEAR: Trouble.YEAR_ALONE,
}


def rebuild(document: Document, marking: Marking) -> tuple[tuple[GoldRecord, ...], list[Problem]]:
    """The records in text order. What is wrong is named; records are made of what is right all the same."""
    builder = _Builder(document, marking)
    builder.check_spans()
    builder.link()
    records = builder.records()
    builder.check_use()
    return records, builder.problems


class _Builder:
    """The regions of one report, which of them belong to which, and what is wrong."""

    def __init__(self, document: Document, marking: Marking) -> None:
        self.document = document
        self.marking = marking
        self.regions = {region.id: region for region in marking.regions}
        self.arguments: defaultdict[str, dict[Label, list[Region]]] = defaultdict(lambda: defaultdict(list))
        self.owners: defaultdict[str, list[Region]] = defaultdict(list)
        self.used: set[str] = set()
        self.problems: list[Problem] = []

    def complain(self, trouble: Trouble, region: Region, detail: str = "") -> None:
        offsets = region.span.offsets
        label = region.span.label
        detail = f"{label}{': ' if detail else ''}{detail}" if trouble not in _ALONE.values() else detail
        quote = self.document.quote(offsets)
        self.problems.append(
            Problem(trouble, self.document.id, region.task, detail, quote=quote, offsets=offsets)
        )

    def says(self, region: Region) -> str:
        return f"{region.span.label} «{self.document.quote(region.span.offsets)}»"

    def check_spans(self) -> None:
        last: Region | None = None
        for region in sorted(self.marking.regions, key=lambda region: region.span):
            said = self.document.quote(region.span.offsets)
            if _SENTENCE_ENDS.intersection(said):
                self.complain(Trouble.CROSSES_SENTENCE, region)
            elif _PUNCTUATION.intersection((said[0], said[-1])):
                self.complain(Trouble.PUNCTUATION, region)
            if last is not None and region.span.start < last.span.end and region.span != last.span:
                self.complain(Trouble.OVERLAP, region, f"with {self.says(last)}")
            if last is None or region.span.end >= last.span.end:
                last = region

    def link(self) -> None:
        """Relations count in either direction; a YEAR of an INDICATOR dates its undated quantities."""
        years: list[tuple[Region, Region]] = []
        for pair in self.marking.relations:
            one, other = (self.regions[id] for id in pair)
            for quantity, argument in ((one, other), (other, one)):
                if (quantity.span.label, argument.span.label) in LINK_TYPES:
                    self._join(quantity, argument)
                    break
                if (quantity.span.label, argument.span.label) == (Label.INDICATOR, Label.YEAR):
                    years.append((quantity, argument))
                    break
            else:
                self.used.update(pair)
                self.complain(Trouble.WRONG_RELATION, one, f"to {self.says(other)}")
        for indicator, year in years:
            self._date(indicator, year)

    def _join(self, quantity: Region, argument: Region) -> None:
        linked = self.arguments[quantity.id][argument.span.label]
        if argument not in linked:
            linked.append(argument)
        if argument.span.label is Label.GROWTH:
            self.owners[argument.id].append(quantity)

    def _date(self, indicator: Region, year: Region) -> None:
        for linked in self.arguments.values():
            if indicator in linked[Label.INDICATOR] and not linked[Label.YEAR]:
                linked[Label.YEAR].append(year)

    def records(self) -> tuple[GoldRecord, ...]:
        found: dict[object, GoldRecord] = {}
        for region in self.marking.regions:
            if region.span.label in _QUANTITIES:
                for record in self._of_quantity(region):
                    key = _content(record)
                    if key in found:
                        self.complain(Trouble.SAME_RECORD, region)
                    found.setdefault(key, record)
        return tuple(sorted(found.values(), key=_order))

    def _of_quantity(self, quantity: Region) -> Iterator[GoldRecord]:
        linked = self.arguments[quantity.id]
        if quantity.span.label is Label.GROWTH and self._is_owned(quantity, linked[Label.INDICATOR]):
            return
        self.used.add(quantity.id)
        if not linked[Label.INDICATOR]:
            self.complain(_ALONE[quantity.span.label], quantity)
        for label in (Label.UNIT, Label.GROWTH, Label.YEAR):
            self._check_single(quantity, label, linked[label])
        for indicator in linked[Label.INDICATOR]:
            yield self._record(quantity, indicator, linked)

    def _is_owned(self, growth: Region, indicators: Sequence[Region]) -> bool:
        """Whether a value has it; an indicator of its own must then be one of the value's."""
        if not (owners := self.owners[growth.id]):
            return False
        self.used.add(growth.id)
        theirs = [one for owner in owners for one in self.arguments[owner.id][Label.INDICATOR]]
        for indicator in indicators:
            self.used.add(indicator.id)
            if indicator not in theirs:
                self.complain(
                    Trouble.SHARED_GROWTH, growth, f"{self.says(owners[0])} and {self.says(indicator)}"
                )
        return True

    def _check_single(self, quantity: Region, label: Label, linked: Sequence[Region]) -> None:
        self.used.update(region.id for region in linked)
        if len({region.span for region in linked}) > 1:
            self.complain(Trouble.TWO_OF_A_KIND, quantity, " and ".join(map(self.says, linked)))

    def _record(
        self, quantity: Region, indicator: Region, linked: Mapping[Label, Sequence[Region]]
    ) -> GoldRecord:
        self.used.add(indicator.id)
        chosen = {
            label: linked[label][0] for label in (Label.UNIT, Label.GROWTH, Label.YEAR) if linked[label]
        }
        if quantity.span.label is Label.GROWTH:
            chosen.pop(Label.UNIT, None)
        chosen |= {quantity.span.label: quantity, Label.INDICATOR: indicator}
        spans = {label.slot: chosen[label].span.offsets for label in _SLOTS if label in chosen}
        fields = self._filled(quantity, indicator)
        assert fields.kind is not None  # _filled sees to it
        return GoldRecord(spans, fields.year, fields.kind, fields.qualifier, _rate(chosen.get(Label.GROWTH)))

    def _filled(self, quantity: Region, indicator: Region) -> Fields:
        """The region's fields; a new region's are what assembly would say."""
        said = quantity.fields
        if said.kind is not None and (said.year is not None or said.year_unknown):
            return said
        by_rule = self._assembled(quantity, indicator)
        untouched = said.kind is None and said.year is None and not said.year_unknown
        own = by_rule.qualifier or by_rule.growth_qualifier
        fields = Fields(
            year=said.year if said.year is not None or said.year_unknown else by_rule.year,
            kind=said.kind or by_rule.kind,
            qualifier=said.qualifier or (own if untouched else None),
        )
        self.complain(
            Trouble.FILLED, quantity, f"{fields.year}, {fields.kind}, {fields.qualifier or 'no qualifier'}"
        )
        return fields

    def _assembled(self, quantity: Region, indicator: Region) -> Record:
        """What assembly makes of this one quantity in the report with all its spans."""
        links = [Link(quantity.span, indicator.span)]
        for label, regions in self.arguments[quantity.id].items():
            if label is not Label.INDICATOR:
                links.extend(Link(quantity.span, region.span) for region in regions[:1])
        spans = tuple(sorted({region.span for region in self.marking.regions}))
        (record,) = assemble(Prediction(self.document, spans, tuple(links), "rules"))
        return record

    def check_use(self) -> None:
        for region in self.marking.regions:
            if region.id not in self.used:
                self.complain(_ALONE[region.span.label], region)


def _rate(growth: Region | None) -> Decimal | None:
    return growth.fields.growth_rate if growth else None


def _content(record: GoldRecord) -> object:
    spans = tuple(sorted(record.spans.items()))
    return spans, record.year, record.kind, record.qualifier, record.growth_rate


def _order(record: GoldRecord) -> tuple[Offsets, Offsets]:
    spans = record.spans
    return spans.get("value") or spans["growth"], spans["indicator"]
