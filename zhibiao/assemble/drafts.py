"""Links put together: the spans of each record to be."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from zhibiao.schema import Label, Link, Span


@dataclass(frozen=True, slots=True)
class Draft:
    """The spans of one record to be, anchored on `quantity`: its VALUE or, where it has none, its GROWTH."""

    quantity: Span
    indicator: Span
    unit: Span | None
    growth: Span | None
    year: Span | None
    scores: Mapping[Label, float] = field(default_factory=dict)

    @property
    def value(self) -> Span | None:
        """The VALUE, unless the record has only a rate."""
        return self.quantity if self.quantity.label is Label.VALUE else None


def drafts(links: Iterable[Link]) -> list[Draft]:
    """One draft for each indicator of each quantity, in text order.

    A GROWTH that belongs to a VALUE makes none of its own. Of several units, rates or years the first counts.
    """
    by_quantity: dict[Span, list[Link]] = {}
    for link in links:
        by_quantity.setdefault(link.quantity, []).append(link)
    owned = {link.argument for linked in by_quantity.values() for link in linked}
    found = [
        draft
        for quantity, linked in by_quantity.items()
        if quantity not in owned
        for draft in _of_quantity(quantity, linked)
    ]
    return sorted(found, key=lambda draft: (draft.quantity.start, draft.indicator.start))


def _of_quantity(quantity: Span, linked: list[Link]) -> Iterator[Draft]:
    slots = {link.argument.label: link for link in reversed(linked)}
    spans = {label: link.argument for label, link in slots.items()}
    growth = spans.get(Label.GROWTH) if quantity.label is Label.VALUE else quantity
    for link in linked:
        if link.argument.label is Label.INDICATOR:
            used = {**slots, Label.INDICATOR: link}
            yield Draft(
                quantity,
                link.argument,
                spans.get(Label.UNIT),
                growth,
                spans.get(Label.YEAR),
                _scores(quantity, used),
            )


def _scores(quantity: Span, used: Mapping[Label, Link]) -> dict[Label, float]:
    """How sure the predictor is of each slot: of its span and of the link that puts it there."""
    scores = {} if quantity.score is None else {quantity.label: quantity.score}
    for label, link in used.items():
        known = [score for score in (link.argument.score, link.score) if score is not None]
        if known:
            scores[label] = min(known)
    return scores
