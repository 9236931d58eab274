"""Spans as one IOB2 tag per character, and back: the form in which other scorers and the tagger see them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from zhibiao.errors import SchemaError
from zhibiao.schema import Label, Span


def to_iob2(spans: Iterable[Span], length: int) -> list[str]:
    """One tag per character of a text of `length` characters: `B-VALUE`, `I-VALUE`, ..., `O`."""
    tags = ["O"] * length
    for span in sorted(set(spans)):
        if span.end > length:
            raise SchemaError(f"span [{span.start}, {span.end}) ends beyond the text of {length} characters")
        if any(tag != "O" for tag in tags[span.start : span.end]):
            raise SchemaError(
                f"{span.label} span [{span.start}, {span.end}) overlaps another; IOB2 cannot hold both"
            )
        inside = [f"I-{span.label}"] * (span.end - span.start - 1)
        tags[span.start : span.end] = [f"B-{span.label}", *inside]
    return tags


def from_iob2(tags: Sequence[str]) -> list[Span]:
    """The spans of a tag sequence, read strictly: an `I-` that continues no `B-` of its label is no span."""
    spans = []
    start = None
    for place, tag in enumerate([*tags, "O"]):
        if start is not None and tag != "I" + tags[start][1:]:
            spans.append(Span(start, place, Label(tags[start][2:])))
            start = None
        if tag.startswith("B-"):
            start = place
    return spans
