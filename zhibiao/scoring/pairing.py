"""Which predicted record is held against which gold record."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from zhibiao.schema import Offsets
from zhibiao.scoring.counts import ratio
from zhibiao.scoring.statements import Statement


@dataclass(frozen=True, slots=True)
class Pair:
    """A gold statement and a predicted one; either may lack its partner, never both."""

    gold: Statement | None
    predicted: Statement | None


def pair(gold: Sequence[Statement], predicted: Sequence[Statement]) -> list[Pair]:
    """Pairs by the overlap of their quantities, each statement used once, in text order.

    The largest overlap goes first; among equal ones (several indicators that share a value) the indicators
    that overlap best; then the order in which they were given.
    """
    free_gold, free_predicted = set(range(len(gold))), set(range(len(predicted)))
    pairs = []
    for _, _, _, i, j in sorted(_candidates(gold, predicted)):
        if i in free_gold and j in free_predicted:
            free_gold.remove(i)
            free_predicted.remove(j)
            pairs.append(Pair(gold[i], predicted[j]))
    pairs += [Pair(gold[i], None) for i in free_gold]
    pairs += [Pair(None, predicted[j]) for j in free_predicted]
    return sorted(pairs, key=_place)


def overlap(a: Offsets, b: Offsets) -> int:
    """How many characters two spans share."""
    return max(0, min(a[1], b[1]) - max(a[0], b[0]))


def overlap_share(a: Offsets, b: Offsets) -> float:
    """Intersection over union of two spans."""
    shared = overlap(a, b)
    return ratio(shared, (a[1] - a[0]) + (b[1] - b[0]) - shared)


_Candidate = tuple[int, float, float, int, int]


def _candidates(gold: Sequence[Statement], predicted: Sequence[Statement]) -> Iterator[_Candidate]:
    """Every overlapping couple: minus the three overlaps that rank it, then its places."""
    ordered = sorted(range(len(predicted)), key=lambda j: predicted[j].anchor)
    for i, wanted in enumerate(gold):
        for j in ordered:
            given = predicted[j]
            if given.anchor[0] >= wanted.anchor[1]:
                break
            if shared := overlap(wanted.anchor, given.anchor):
                indicators = overlap_share(wanted.indicator_span, given.indicator_span)
                yield (-shared, -indicators, -overlap_share(wanted.anchor, given.anchor), i, j)


def _place(couple: Pair) -> tuple[Offsets, Offsets, bool]:
    """Text order; a gold statement before a spurious one in the same place."""
    statement = couple.gold or couple.predicted
    assert statement is not None, "a pair holds at least one statement"
    return (statement.anchor, statement.indicator_span, couple.gold is None)
