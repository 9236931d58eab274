"""Scores to tags: the best valid BIO sequence (Viterbi), and how sure the scores are of each stretch."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zhibiao.tagger.scheme import Stretch, TagScheme

__all__ = ["Costs", "confidences", "log_softmax", "viterbi"]

Floats = NDArray[np.float32]

_NEVER = np.float32(-1e9)


def log_softmax(logits: Floats) -> Floats:
    """Over the last axis, in float32."""
    shifted = logits - logits.max(axis=-1, keepdims=True)
    normed: Floats = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    return normed


def viterbi(
    scores: Floats, lengths: NDArray[np.integer], scheme: TagScheme, costs: Costs | None = None
) -> NDArray[np.int8]:
    """The best tag sequence that BIO allows, for a batch.

    `scores` is `(windows, positions, tags)`; positions from `lengths[n]` on are padding and become O. With
    `costs`, what is rare has its cost.
    """
    edges = None if costs is None else costs.inside_words(scheme)
    step = np.where(scheme.allowed, np.float32(0), _NEVER)
    if costs is not None:
        step -= costs.touching(scheme)
    best = scores[:, 0] + np.where(scheme.first, np.float32(0), _NEVER)
    back = np.zeros(scores.shape, dtype=np.int8)
    stay = np.arange(scores.shape[2], dtype=np.int8)
    for place in range(1, scores.shape[1]):
        paths = best[:, :, None] + step
        if costs is not None and edges is not None:
            paths -= costs.inside[:, place, None, None] * edges
        chosen = paths.argmax(axis=1)
        ahead = np.take_along_axis(paths, chosen[:, None], axis=1)[:, 0] + scores[:, place]
        live = (place < lengths)[:, None]
        # Beyond its end a window keeps its scores and points at itself.
        best = np.where(live, ahead, best)
        back[:, place] = np.where(live, chosen, stay)
    return _traced(best, back, lengths)


@dataclass(frozen=True, slots=True)
class Costs:
    """What stretches hardly ever do, and what it costs them in logarithms of probability.

    One of `label` pays `word` for beginning or ending inside a word, every one `touch` for beginning where
    one of its own label ends. `inside` is `(windows, positions)`: whether the place before a position lies
    inside a word.
    """

    inside: NDArray[np.bool_]
    label: int
    word: float
    touch: float = 0.0

    def touching(self, scheme: TagScheme) -> Floats:
        """`(tags, tags)`: the cost of going from one tag to the next anywhere."""
        costs = np.zeros((len(scheme.tags), len(scheme.tags)), dtype=np.float32)
        for begin in range(1, len(scheme.tags), 2):
            costs[[begin, begin + 1], begin] = self.touch
        return costs

    def inside_words(self, scheme: TagScheme) -> Floats:
        """`(tags, tags)`: the cost of going from one tag to the next inside a word."""
        begin, within = 2 * self.label + 1, 2 * self.label + 2
        costs = np.zeros((len(scheme.tags), len(scheme.tags)), dtype=np.float32)
        costs[[begin, within], :] = self.word
        costs[:, begin] = self.word
        costs[[begin, within], within] = 0
        return costs


def _traced(best: Floats, back: NDArray[np.int8], lengths: NDArray[np.integer]) -> NDArray[np.int8]:
    tags = np.zeros(back.shape[:2], dtype=np.int8)
    rows = np.arange(len(tags))
    current = best.argmax(axis=1).astype(np.int8)
    for place in range(tags.shape[1] - 1, -1, -1):
        tags[:, place] = np.where(place < lengths, current, 0)
        current = back[rows, place, current]
    return tags


def confidences(
    log_probabilities: Floats, tags: NDArray[np.integer], stretches: list[Stretch]
) -> list[float]:
    """For each stretch of one window the geometric mean of its tags' probabilities and that of its end.

    `log_probabilities` is `(positions, tags)`; the end counts because a span that goes on is another span.
    """
    taken = np.take_along_axis(log_probabilities, tags[:, None].astype(np.intp), axis=1)[:, 0]
    sums = np.concatenate([[0.0], np.cumsum(taken, dtype=np.float64)])
    found = []
    for start, end, _ in stretches:
        behind = min(end + 1, len(taken))
        found.append(float(np.exp((sums[behind] - sums[start]) / (behind - start))))
    return found
