"""Advice: what the rules would tag, character by character, for a tagger that takes it.

Rules and network err differently, and each is right more often where both agree. The weight of the advice is
added to the score of the tag that the rules would give, so the decode weighs both words at every character,
which no choice between two finished answers can. The network itself never sees the advice: trained with it,
it would learn how far the rules are right on reports that they were written for.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from zhibiao.rules import RulePredictor
from zhibiao.schema import Document, Span
from zhibiao.tagger.scheme import INDICATORS

__all__ = ["ADVICE_WEIGHT", "advice_name", "advised_tags", "tags_of"]

ADVICE_WEIGHT = 5.0
"""In logarithms of odds. See docs/model.md for how it was chosen."""


def advice_name() -> str:
    """Whose advice it is."""
    return RulePredictor().name


def advised_tags(document: Document) -> NDArray[np.int8]:
    """`(characters,)`: tags of INDICATORS, as the rules would have them."""
    (found,) = RulePredictor().predict([document])
    return tags_of(found.spans, len(document.text))


def tags_of(spans: Iterable[Span], length: int) -> NDArray[np.int8]:
    """The tags of spans that may overlap: of two, the one that begins later is seen."""
    tags = np.zeros(length, dtype=np.int8)
    for span in sorted(spans):
        begin = 2 * INDICATORS.labels.index(span.label) + 1
        tags[span.start : span.end] = begin + 1
        tags[span.start] = begin
    return tags
