"""Hints: what the rules find in a text, character by character, as a second input of the network.

Rules and network err differently. A network that sees what the rules think learns where to believe them,
which no choice between two finished answers can. A position without a hint is NO_HINT: [CLS], [SEP], padding,
and whatever is trained on labels that the rules made themselves.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from zhibiao.rules import RulePredictor
from zhibiao.schema import Document, Label, Span

__all__ = ["NO_HINT", "N_HINTS", "hints_of", "marks_of"]

NO_HINT = 0

N_HINTS = 2 + 2 * len(Label)
"""NO_HINT, nothing found here, and a beginning and an inside for each label."""

_LABELS = {label: number for number, label in enumerate(Label)}


def hints_of(document: Document) -> NDArray[np.int8]:
    """`(characters,)`: the marks of the rules on a document."""
    (found,) = RulePredictor().predict([document])
    return marks_of(found.spans, len(document.text))


def marks_of(spans: Iterable[Span], length: int) -> NDArray[np.int8]:
    """BIO tags plus one. Where the rules let spans overlap, the one that begins later is seen."""
    marks = np.full(length, NO_HINT + 1, dtype=np.int8)
    for span in sorted(spans):
        begin = 2 + 2 * _LABELS[span.label]
        marks[span.start : span.end] = begin + 1
        marks[span.start] = begin
    return marks
