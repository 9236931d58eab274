"""Makes Records of a Prediction: the only place where records are made."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from zhibiao.assemble.derive import context_of, kind_of, measure_of, sign_of
from zhibiao.assemble.linking import link_spans
from zhibiao.assemble.years import YearFinder
from zhibiao.normalise import numbers, periods, qualifiers, units
from zhibiao.normalise.growth import Growth, parse_growth
from zhibiao.schema import Bounds, Document, Label, Link, Offsets, Period, Prediction, Record, Span
from zhibiao.tables.catalogue import indicator_code


@dataclass(frozen=True, slots=True)
class _Draft:
    """The spans of one record to be."""

    indicator: Span
    value: Span | None
    unit: Span | None
    growth: Span | None
    year: Span | None

    @property
    def quantity(self) -> Span:
        """What anchors the record: its VALUE, else its GROWTH."""
        quantity = self.value or self.growth
        assert quantity is not None  # drafts are made from quantities only
        return quantity


def assemble(prediction: Prediction) -> list[Record]:
    """The records of a prediction, in text order; links come from it or, where it has none, from the rules here."""
    document = prediction.document
    links = prediction.links if prediction.links is not None else link_spans(document, prediction.spans)
    maker = _Maker(prediction, YearFinder.of(document, prediction.spans))
    return [maker.record(draft) for draft in _drafts(links)]


def _drafts(links: tuple[Link, ...]) -> list[_Draft]:
    """One draft for each indicator of each quantity; a GROWTH that belongs to a VALUE makes none of its own."""
    arguments: dict[Span, list[Span]] = {}
    for link in links:
        arguments.setdefault(link.quantity, []).append(link.argument)
    owned = {link.argument for link in links if link.argument.label is Label.GROWTH}
    found = [
        draft
        for quantity, linked in arguments.items()
        if quantity not in owned
        for draft in _of_quantity(quantity, linked)
    ]
    return sorted(found, key=lambda draft: (draft.quantity.start, draft.indicator.start))


def _of_quantity(quantity: Span, linked: list[Span]) -> Iterator[_Draft]:
    slots = {span.label: span for span in reversed(linked)}
    value = quantity if quantity.label is Label.VALUE else None
    growth = slots.get(Label.GROWTH) if value else quantity
    for span in linked:
        if span.label is Label.INDICATOR:
            yield _Draft(span, value, slots.get(Label.UNIT), growth, slots.get(Label.YEAR))


class _Maker:
    """Turns drafts into records, with what the document as a whole knows."""

    def __init__(self, prediction: Prediction, years: YearFinder) -> None:
        self.document: Document = prediction.document
        self.method = prediction.method
        self.years = years
        self.growths = [span for span in prediction.spans if span.label is Label.GROWTH]
        self.indicators = [span for span in prediction.spans if span.label is Label.INDICATOR]

    def record(self, draft: _Draft) -> Record:
        year_span = draft.year or self.years.governing(draft.quantity)
        year = self._year(year_span, draft)
        sentence = self.years.sentence(draft.quantity.start)
        section = self.years.section(draft.quantity.start)
        context = context_of(self.document, draft.indicator, self.indicators)
        indicator = self.document.quote(draft.indicator.offsets)
        metadata = self.document.metadata
        growth = self._growth(draft.growth)
        return Record(
            report_id=self.document.id,
            title=metadata.title,
            publisher=metadata.publisher,
            district=metadata.district,
            city=metadata.city,
            report_year=metadata.report_year,
            indicator=indicator,
            indicator_context=self.document.quote(context.offsets) if context else None,
            indicator_code=indicator_code(indicator, unit=self._quote(draft.unit)),
            **self._value(draft, indicator),
            year=year,
            period=self._period(year_span, year, growth),
            growth_rate=growth.rate if growth else None,
            growth_unit=growth.unit if growth else None,
            growth_text=self._quote(draft.growth),
            comparison=growth.comparison if growth else None,
            growth_qualifier=growth.qualifier if growth else None,
            growth_bounds=self._growth_bounds(growth, draft.growth),
            kind=kind_of(self.document, section, sentence, draft.quantity),
            confidence=None,
            confidences=None,
            method=self.method,
            spans=self._spans(draft, year_span, context),
            evidence=self.document.text[sentence.start : sentence.end] if sentence else indicator,
        )

    def _quote(self, span: Span | None) -> str | None:
        return self.document.quote(span.offsets) if span else None

    def _year(self, span: Span | None, draft: _Draft) -> int | None:
        position = draft.quantity.start
        year = self.years.year_of(span, position) if span else None
        year = year if year is not None else self.years.default_year(position)
        return self.years.started_in(draft.quantity, year)

    def _value(self, draft: _Draft, indicator: str) -> dict[str, object]:
        """The fields that a VALUE gives; all None where the record has only a rate."""
        if draft.value is None:
            return dict.fromkeys(
                ("value", "value_text", "unit", "value_base", "unit_base", "measure", "qualifier", "bounds")
            )
        text = self.document.quote(draft.value.offsets)
        unit = self._quote(draft.unit)
        number = numbers.parse_number(text)
        value = number.value if number else None
        value_base, unit_base = _base(value, unit)
        end = draft.unit.end if draft.unit else draft.value.end
        qualifier = qualifiers.find_qualifier(
            self.document.text, draft.value.start, draft.value.end, after=end
        )
        bounds = (
            number.bounds
            if number and number.bounds
            else qualifiers.bounds(value, qualifier, value_text=text)
        )
        return {
            "value": value,
            "value_text": text,
            "unit": unit,
            "value_base": value_base,
            "unit_base": unit_base,
            "measure": measure_of(self.document, draft.value, unit, indicator),
            "qualifier": qualifier,
            "bounds": bounds,
        }

    def _growth(self, span: Span | None) -> Growth | None:
        if span is None:
            return None
        sign = sign_of(self.document, span, self.growths)
        before = self.document.text[max(0, span.start - 30) : span.start]
        growth = parse_growth(self.document.quote(span.offsets), sign=sign, before=before)
        outside = qualifiers.find_qualifier(self.document.text, span.start, span.end, after=span.end)
        if growth is None or growth.qualifier or outside is None:
            return growth
        return Growth(growth.rate, growth.unit, growth.comparison, growth.bounds, outside)

    def _growth_bounds(self, growth: Growth | None, span: Span | None) -> Bounds | None:
        if growth is None or span is None or growth.bounds is not None:
            return growth.bounds if growth else None
        return qualifiers.bounds(growth.rate, growth.qualifier, value_text=self.document.quote(span.offsets))

    def _period(self, span: Span | None, year: int | None, growth: Growth | None) -> Period | None:
        average = growth is not None and growth.comparison is not None and "均" in growth.comparison
        stated = (
            periods.parse_period(self.document.quote(span.offsets), year=year, average=average)
            if span
            else None
        )
        return stated or periods.whole_year(year)

    def _spans(self, draft: _Draft, year: Span | None, context: Span | None) -> Mapping[str, Offsets]:
        slots = {
            "indicator": draft.indicator,
            "value": draft.value,
            "unit": draft.unit,
            "growth": draft.growth,
            "year": year,
            "context": context,
        }
        return {slot: span.offsets for slot, span in slots.items() if span is not None}


def _base(value: Decimal | None, unit: str | None) -> tuple[Decimal | None, str | None]:
    parsed = units.parse_unit(unit) if unit else None
    if value is None or parsed is None:
        return value, (parsed.base if parsed else None)
    return units.to_base(value, parsed)
