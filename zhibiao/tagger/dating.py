"""The YEAR spans of a document that a tagger has read: by the grammar of time expressions, in all its text.

Taggers learn YEAR badly: gold marks a time expression only where it dates a record, often sentences away,
and a sentence without a quantity never reaches the encoder. The grammar misses next to none, and the reach
rules of assembly choose among them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from zhibiao.assemble.times import find_times, half_width
from zhibiao.schema import Document, Label, Link, Prediction, Span

__all__ = ["dated"]


def dated(document: Document, spans: Sequence[Span], links: Sequence[Link] | None) -> Prediction:
    """The prediction with the YEARs of the grammar in the place of the tagger's.

    A link to a YEAR holds only where the YEAR stands behind its quantity (改造6个，力争2026年底完工): what
    one before it dates, the reach rules know better.
    """
    kept = [span for span in spans if span.label is not Label.YEAR]
    years = [year for year in _years(document, spans) if _touching(year, kept) is None]
    mine = {span: _touching(span, years) or span for span in spans if span.label is Label.YEAR}
    moved = None if links is None else tuple(_moved(links, mine))
    linked = {link.argument for link in moved or () if link.argument.label is Label.YEAR}
    return Prediction(document, tuple(sorted({*kept, *years, *linked})), moved, "model")


def _moved(links: Iterable[Link], years: Mapping[Span, Span]) -> Iterator[Link]:
    """Links to a YEAR go to the span that took its place."""
    for link in links:
        if link.argument.label is not Label.YEAR:
            yield link
        elif link.argument.start > link.quantity.start:
            yield Link(link.quantity, years[link.argument], link.score)


def _years(document: Document, spans: Sequence[Span]) -> Iterator[Span]:
    growths = [span for span in spans if span.label is Label.GROWTH]
    for sentence in document.sentences:
        start = sentence.start
        inside = [
            (one.start - start, one.end - start) for one in growths if start <= one.start < sentence.end
        ]
        for left, right in find_times(half_width(document.text[start : sentence.end]), inside):
            yield Span(start + left, start + right, Label.YEAR)


def _touching(span: Span, others: Sequence[Span]) -> Span | None:
    return next((other for other in others if other.start < span.end and span.start < other.end), None)
