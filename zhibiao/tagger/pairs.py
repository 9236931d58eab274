"""Pairs: which spans of a sentence might belong together, and what can be said of two spans at a glance.

Every quantity (VALUE or GROWTH) is paired with every INDICATOR, UNIT, GROWTH and YEAR of its sentence that a
link may join it to. Beside the encoder's states a pair has a few features, each a small number; one of them
is whether the rules of assembly would link the two, so that the network learns where to trust them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zhibiao.assemble import link_sentence
from zhibiao.schema import LINK_TYPES, Label, Span

__all__ = ["N_FEATURES", "TABLE_SIZE", "Pairs", "by_rule", "pairs_of"]

TYPES = tuple(sorted(LINK_TYPES))
"""The six sorts of links, in a fixed order."""

_GAPS = np.array([0, 1, 2, 3, 5, 8, 12, 20, 35, 60, 100])
_MOST = 4
_SIZES = (len(TYPES), 2 * (len(_GAPS) + 1), _MOST + 1, _MOST + 1, _MOST + 1, 5, _MOST + 1, 2, 3)
N_FEATURES = len(_SIZES)
TABLE_SIZE = len(TYPES) * sum(_SIZES)
"""How many rows a table of embeddings needs: each feature has its own for every sort of link."""

_WIDTH = sum(_SIZES)
_OFFSETS = np.cumsum([0, *_SIZES[:-1]])
_QUANTITIES = (Label.VALUE, Label.GROWTH)


def by_rule(last: Any) -> Any:
    """1 for pairs that the rules of assembly link, -1 for others, 0 for a YEAR, of which they say nothing.

    `last` is the last column of `features`, as an array or a tensor.
    """
    return (last % _WIDTH - int(_OFFSETS[-1])) - 1


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pairs of spans of one sentence: `quantities` and `arguments` index its spans.

    `features` is `(pairs, N_FEATURES)`: rows of the table of embeddings.
    """

    quantities: NDArray[np.int32]
    arguments: NDArray[np.int32]
    features: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.quantities)


def pairs_of(text: str, spans: Sequence[Span]) -> Pairs:
    """All pairs of `spans`, which are those of one sentence in text order."""
    sentence = _Sentence(text, spans)
    types = np.array(
        [[_TYPE_NUMBERS.get((left.label, right.label), -1) for right in spans] for left in spans],
        dtype=np.int32,
    ).reshape(len(spans), len(spans))
    quantities, arguments = np.nonzero(types >= 0)
    kinds = types[quantities, arguments]
    linked = {(link.quantity, link.argument) for link in link_sentence(text, spans)}
    joined = [_said(spans[q], spans[a], linked) for q, a in zip(quantities, arguments, strict=True)]
    columns: list[Numbers] = [
        kinds.astype(np.int64),
        *sentence.features(quantities, arguments),
        np.array(joined, dtype=np.int64),
    ]
    local = np.stack(columns, axis=1) + _OFFSETS
    return Pairs(
        quantities.astype(np.int32),
        arguments.astype(np.int32),
        (local + kinds[:, None] * sum(_SIZES)).astype(np.int32),
    )


def _said(quantity: Span, argument: Span, linked: set[tuple[Span, Span]]) -> int:
    if argument.label is Label.YEAR:
        return 1
    return 2 if (quantity, argument) in linked else 0


_TYPE_NUMBERS = {kind: number for number, kind in enumerate(TYPES)}

Numbers = NDArray[np.int64]


class _Sentence:
    """What the features are computed from, as arrays over the sentence's spans."""

    def __init__(self, text: str, spans: Sequence[Span]) -> None:
        self.starts = np.array([span.start for span in spans], dtype=np.int64)
        self.ends = np.array([span.end for span in spans], dtype=np.int64)
        self.before_quantity = _counts_before([span.label in _QUANTITIES for span in spans])
        self.before_indicator = _counts_before([span.label is Label.INDICATOR for span in spans])
        self.before_label = {
            label: _counts_before([span.label is label for span in spans]) for label in Label
        }
        self.labels = np.array([list(Label).index(span.label) for span in spans], dtype=np.int64)
        self.runs = _Runs(spans)
        origin = spans[0].start if spans else 0
        reach = text[origin : max(span.end for span in spans)] if spans else ""
        self.origin = origin
        self.commas = _counts_before([mark in "，," for mark in reach])
        self.breaks = _counts_before([mark in "；;：:。（(）)" for mark in reach])

    def features(self, quantities: Numbers, arguments: Numbers) -> list[Numbers]:
        """One column per feature but the first, each from 0."""
        left, right = np.minimum(quantities, arguments), np.maximum(quantities, arguments)
        gap = np.maximum(0, self.starts[right] - self.ends[left])
        near = np.searchsorted(_GAPS, gap, side="right")
        ahead = (arguments > quantities).astype(np.int64)
        edges = (self.ends[left] - self.origin, self.starts[right] - self.origin)
        return [
            near + ahead * (len(_GAPS) + 1),
            _between(self.before_quantity, left, right),
            _between(self.before_indicator, left, right),
            self._same_label_between(arguments, left, right),
            self.runs.alignment(quantities, arguments),
            np.minimum(_MOST, _difference(self.commas, *edges)),
            np.minimum(1, _difference(self.breaks, *edges)),
        ]

    def _same_label_between(self, arguments: Numbers, left: Numbers, right: Numbers) -> Numbers:
        tables = np.stack([self.before_label[label] for label in Label])
        labels = self.labels[arguments]
        between: Numbers = tables[labels, right] - tables[labels, left + 1]
        return np.minimum(_MOST, between)


class _Runs:
    """Lists: neighbouring spans of one sort, where the other sort (quantities or nouns) parts two lists."""

    def __init__(self, spans: Sequence[Span]) -> None:
        self.index = np.zeros(len(spans), dtype=np.int64)
        self.length = np.zeros(len(spans), dtype=np.int64)
        for label in Label:
            self._fill(spans, label)

    def _fill(self, spans: Sequence[Span], label: Label) -> None:
        run: list[int] = []
        for number, span in enumerate(spans):
            if span.label is label:
                run.append(number)
            elif (span.label is Label.INDICATOR) != (label is Label.INDICATOR) and _parts(span.label, label):
                self._close(run)
                run = []
        self._close(run)

    def _close(self, run: list[int]) -> None:
        self.index[run] = np.arange(len(run))
        self.length[run] = len(run)

    def alignment(self, quantities: Numbers, arguments: Numbers) -> Numbers:
        """0: neither in a list; 1: same place in lists of one length; 2: another; 3, 4: one is a list."""
        q_length, a_length = self.length[quantities], self.length[arguments]
        same = np.where(self.index[quantities] == self.index[arguments], 1, 2)
        unequal = np.where(q_length > a_length, 3, 4)
        listed = np.where(q_length == a_length, same, unequal)
        return np.where((q_length == 1) & (a_length == 1), 0, listed)


def _parts(between: Label, label: Label) -> bool:
    """Whether a span of one label ends a list of the other: nouns part quantities, quantities nouns."""
    if label is Label.INDICATOR:
        return between in _QUANTITIES
    return between is Label.INDICATOR


def _counts_before(flags: Sequence[bool]) -> Numbers:
    """`counts[n]`: how many of the first n flags are set."""
    return np.concatenate([[0], np.cumsum(np.asarray(flags, dtype=np.int64))])


def _between(counts: Numbers, left: Numbers, right: Numbers) -> Numbers:
    """How many lie strictly between two spans, at most _MOST."""
    between: Numbers = counts[right] - counts[left + 1]
    return np.minimum(_MOST, between)


def _difference(counts: Numbers, start: Numbers, end: Numbers) -> Numbers:
    between: Numbers = counts[np.maximum(start, end)] - counts[start]
    return between
