"""Where the spans stand: overlaps, edges, sentence ends, records that are marked twice."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from functools import cache
from itertools import pairwise

from annotation.checks.faults import Fault, FaultKind
from annotation.checks.loading import Loaded, Place, record_fault
from zhibiao.schema import Document, Label, Offsets, Span

__all__ = ["check_spans"]

_SIGNS = frozenset("%％‰﹪°℃-－−—#&+±*")
"""Characters that Unicode calls punctuation although they belong to a number or a unit."""


def check_spans(loaded: Loaded) -> Iterator[Fault]:
    """All that can be said of a report's spans without reading what they mean."""
    carriers = _carriers(loaded)
    yield from _overlaps(loaded, carriers)
    for span, place in carriers.items():
        yield from _edges(place, span)
        yield from _sentence(place, span)
        yield from _qualifier_edge(place, span)
        yield from _light_verb(place, span)
    yield from _duplicates(loaded)
    for place in loaded.places():
        yield from _scattered(place)


def _carriers(loaded: Loaded) -> dict[Span, Place]:
    """Every span once, with the first record that holds it."""
    found: dict[Span, Place] = {}
    for place in loaded.places():
        for slot, offsets in place.record.spans.items():
            found.setdefault(Span(*offsets, Label(slot.upper())), place)
    return found


def _overlaps(loaded: Loaded, carriers: dict[Span, Place]) -> Iterator[Fault]:
    last: Span | None = None
    for span in sorted(carriers):
        if last is not None and span.start < last.end:
            other = loaded.document.quote(last.offsets)
            message = (
                f"{span.label} shares characters with {last.label} {other!r} [{last.start}:{last.end}] "
                f"of record {carriers[last].number}"
            )
            yield record_fault(carriers[span], FaultKind.OVERLAP, message, span.offsets)
        last = span if last is None or span.end > last.end else last


def _edges(place: Place, span: Span) -> Iterator[Fault]:
    quote = place.loaded.document.quote(span.offsets)
    for edge, character in (("begins", quote[0]), ("ends", quote[-1])):
        if _is_punctuation(character):
            message = f"{span.label} {edge} with {character!r}"
            yield record_fault(place, FaultKind.EDGE, message, span.offsets)


def _is_punctuation(character: str) -> bool:
    return character not in _SIGNS and unicodedata.category(character)[0] in "PZC"


def _sentence(place: Place, span: Span) -> Iterator[Fault]:
    document = place.loaded.document
    if _sentence_at(document, span.start) != _sentence_at(document, span.end - 1):
        yield record_fault(place, FaultKind.SENTENCE, f"{span.label} crosses a sentence end", span.offsets)


def _sentence_at(document: Document, position: int) -> int:
    return bisect_right(document.sentences, position, key=lambda sentence: sentence.start) - 1


@cache
def _edge_words() -> dict[Label, re.Pattern[str]]:
    """Qualifiers at the edge of a number, a unit or a rate; 超 and 近 begin no number."""
    before = "^(?:超过?|近|约|逾|达|不少于|不低于|不超过|至少|突破)"
    after = "(?:余|多|以上|以下|以内|左右|之内|之上)$"
    return {
        Label.VALUE: re.compile(f"{before}|{after}"),
        Label.UNIT: re.compile(f"^(?:余|多|来)|{after}"),
        Label.GROWTH: re.compile(f"{before}|{after}"),
    }


def _qualifier_edge(place: Place, span: Span) -> Iterator[Fault]:
    quote = place.loaded.document.quote(span.offsets)
    pattern = _edge_words().get(span.label)
    if pattern and (match := pattern.search(quote)) and match[0] != quote:
        message = f"{span.label} holds the qualifier {match[0]} at its edge"
        yield record_fault(place, FaultKind.QUALIFIER_EDGE, message, span.offsets)


@cache
def _light_verbs() -> re.Pattern[str]:
    words = "实现|完成|达到|力争|争取|预计|共计|累计|超额完成|预期"
    return re.compile(
        f"^(?:{words}|共有|有(?![效色机关限偿害线])|为)(?=.{{2}})(?!.*率$)|(?<=.{{2}})(?:{words}|达|为|共|突破|超过|超)$"
        "|(?<=.{2})(?:累计)?(?:完成|实现|达到)(?!率|情况|度)(?=.{2})"
    )


def _light_verb(place: Place, span: Span) -> Iterator[Fault]:
    if span.label is not Label.INDICATOR:
        return
    if match := _light_verbs().search(place.loaded.document.quote(span.offsets)):
        message = f"INDICATOR holds the light verb {match[0]}"
        yield record_fault(place, FaultKind.LIGHT_VERB, message, span.offsets)


def _duplicates(loaded: Loaded) -> Iterator[Fault]:
    """The same indicator with the same quantity makes one record, whatever else the two hold."""
    seen: dict[tuple[Offsets | None, Offsets], Place] = {}
    for place in loaded.places():
        key = (place.record.spans.get("indicator"), place.anchor)
        first = seen.setdefault(key, place)
        if first is not place:
            message = f"the same indicator and quantity as record {first.number}"
            yield place.fault(FaultKind.DUPLICATE_RECORD, message)


def _scattered(place: Place) -> Iterator[Fault]:
    document, spans = place.loaded.document, place.record.spans
    own = sorted(offsets for slot, offsets in spans.items() if slot != "year")
    for left, right in pairwise(own):
        if _sentence_at(document, left[0]) != _sentence_at(document, right[0]):
            yield place.fault(FaultKind.SCATTERED, "the record's slots stand in several sentences")
            return
