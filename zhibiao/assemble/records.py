"""Makes Records of a Prediction: the only place where records are made."""

from __future__ import annotations

from collections.abc import Mapping

from zhibiao.assemble.amounts import amount_of, growth_of
from zhibiao.assemble.contexts import ContextFinder
from zhibiao.assemble.drafts import Draft, drafts
from zhibiao.assemble.kinds import kind_of
from zhibiao.assemble.linking import link_spans
from zhibiao.assemble.measures import measure_of
from zhibiao.assemble.spells import period_of
from zhibiao.assemble.years import Dated, YearFinder
from zhibiao.schema import Kind, Label, Link, Measure, Offsets, Prediction, Record, Role, Sentence, Span
from zhibiao.tables.catalogue import indicator_code


def assemble(prediction: Prediction) -> list[Record]:
    """The records of a prediction, in text order.

    Links come from it or, where it has none, from the rules here.
    """
    links = prediction.links
    if links is None:
        links = link_spans(prediction.document, prediction.spans)
    maker = _Maker(prediction, links)
    return [maker.record(draft) for draft in drafts(links)]


class _Maker:
    """Turns drafts into records, with what the document as a whole knows."""

    def __init__(self, prediction: Prediction, links: tuple[Link, ...]) -> None:
        self.document = prediction.document
        self.method = prediction.method
        self.years = YearFinder.of(prediction.document, prediction.spans)
        self.contexts = ContextFinder(prediction.document, links, prediction.spans)
        self.growths = sorted(span for span in prediction.spans if span.label is Label.GROWTH)

    def record(self, draft: Draft) -> Record:
        """Every field from the draft's spans and their surroundings."""
        document, metadata = self.document, self.document.metadata
        sentence = self.years.sentence(draft.quantity.start)
        dated, kind = self._dated(draft, sentence)
        year = self._year(draft.quantity, dated, kind)
        amount = amount_of(document, draft.value, draft.unit)
        growth = growth_of(document, draft.growth, self.growths)
        measure = measure_of(document, draft.indicator, draft.value, amount.unit) if draft.value else None
        context = self._context(draft, measure)
        indicator = document.quote(draft.indicator.offsets)
        alone = growth.comparison if growth and draft.value is None else None
        confidences = {label.slot: score for label, score in draft.scores.items()}
        return Record(
            report_id=document.id,
            title=metadata.title,
            publisher=metadata.publisher,
            district=metadata.district,
            city=metadata.city,
            report_year=metadata.report_year,
            indicator=indicator,
            indicator_context=document.quote(context) if context else None,
            indicator_code=indicator_code(indicator, unit=amount.unit),
            value=amount.value,
            value_text=amount.text,
            unit=amount.unit,
            value_base=amount.base,
            unit_base=amount.base_unit,
            measure=measure,
            year=year,
            period=period_of(self.years, draft.quantity, year, dated, alone),
            growth_rate=growth.rate if growth else None,
            growth_unit=growth.unit if growth else None,
            growth_text=document.quote(draft.growth.offsets) if draft.growth else None,
            comparison=growth.comparison if growth else None,
            qualifier=amount.qualifier,
            bounds=amount.bounds,
            growth_qualifier=growth.qualifier if growth else None,
            growth_bounds=growth.bounds if growth else None,
            kind=kind,
            confidence=min(confidences.values(), default=None),
            confidences=confidences or None,
            method=self.method,
            spans=_offsets(draft, dated.span if dated else None, context),
            evidence=document.text[sentence.start : sentence.end] if sentence else indicator,
        )

    def _dated(self, draft: Draft, sentence: Sentence | None) -> tuple[Dated | None, Kind]:
        """The YEAR that dates a draft, and its kind; what a plan sets is not dated by a year that is over."""
        quantity, metadata = draft.quantity, self.document.metadata
        section = self.years.section(quantity.start)
        span = draft.year or self.years.governing(quantity)
        dated = Dated(span, self.years.year_of(span, quantity.start)) if span else None
        kind = kind_of(self.document, section, sentence, quantity, dated)
        ahead = kind is Kind.TARGET and section is not None and section.role is Role.PLAN
        if ahead and dated and dated.year and metadata.report_year and dated.year <= metadata.report_year:
            return None, kind
        return dated, kind

    def _year(self, quantity: Span, dated: Dated | None, kind: Kind) -> int | None:
        """The year that the text names for the quantity, else that of its section, else of the report."""
        named = dated.year if dated else None
        if named is None:
            named = self.years.default_year(quantity.start, reached=kind is Kind.ACTUAL)
        return self.years.started_in(quantity, named)

    def _context(self, draft: Draft, measure: Measure | None) -> Offsets | None:
        """投资3亿元的项目 leans on what follows, which no span marks; it gets none."""
        end = (draft.unit or draft.quantity).end
        if self.document.text[end : end + 1] == "的":
            return None
        found = self.contexts.leans_on(draft.indicator, self.years.sentence(draft.indicator.start))
        if found is None and draft.value is not None and measure is Measure.SHARE:
            return self.contexts.share_of(draft.indicator, draft.value)
        return found


def _offsets(draft: Draft, year: Span | None, context: Offsets | None) -> Mapping[str, Offsets]:
    """The slots that are filled."""
    slots = {
        "indicator": draft.indicator,
        "value": draft.value,
        "unit": draft.unit,
        "growth": draft.growth,
        "year": year,
    }
    found = {slot: span.offsets for slot, span in slots.items() if span is not None}
    return found if context is None else {**found, "context": context}
