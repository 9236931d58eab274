"""The link head at inference, in numpy, and the decision which links hold.

`LinkWeights` are those of `network.LinkHead`; a test holds both to the same scores. So one code serves models
in torch and exported ones.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zhibiao.schema import Label, Link, Span
from zhibiao.tagger.pairs import Pairs, by_rule

__all__ = ["LinkWeights", "choose_links"]

Floats = NDArray[np.float32]

_HOLDS = 0.5


@dataclass(frozen=True, slots=True)
class LinkWeights:
    """`features` `(rows, width)`, `bias` and `weight` `(width,)`, `offset` and `prior` numbers."""

    features: Floats
    bias: Floats
    weight: Floats
    offset: float
    prior: float

    @classmethod
    def of(cls, tensors: Mapping[str, Floats]) -> LinkWeights:
        """From the tensors of a model's `links.*`."""
        return cls(
            tensors["links.features.weight"],
            tensors["links.bias"],
            tensors["links.score.weight"].reshape(-1),
            float(tensors["links.score.bias"].reshape(-1)[0]),
            float(tensors["links.prior"]),
        )

    def tensors(self) -> dict[str, Floats]:
        """The reverse of `of`."""
        return {
            "links.features.weight": self.features,
            "links.bias": self.bias,
            "links.score.weight": self.weight.reshape(1, -1),
            "links.score.bias": np.array([self.offset], dtype=np.float32),
            "links.prior": np.array(self.prior, dtype=np.float32),
        }

    def logits(self, states: Floats, edges: NDArray[np.integer], features: NDArray[np.integer]) -> Floats:
        """`(pairs,)`; `states` is `(positions, 4 * width)`, `edges` `(pairs, 4)`, `features` `(pairs, n)`."""
        width = len(self.bias)
        corners = states.reshape(len(states), 4, width)[edges, np.arange(4)].astype(np.float32)
        hidden = np.maximum(0, corners.sum(axis=1) + self.features[features].sum(axis=1) + self.bias)
        rule = np.float32(self.prior) * by_rule(features[:, -1])
        logits: Floats = (hidden @ self.weight + np.float32(self.offset) + rule).astype(np.float32)
        return logits


def choose_links(spans: Sequence[Span], pairs: Pairs, probabilities: Floats) -> Iterator[Link]:
    """The links of one sentence, for the spans that `pairs` was made of.

    A quantity has every INDICATOR that is likelier than not, or the likeliest where there is none: a quantity
    is never lost for want of a noun. It has at most one UNIT, GROWTH and YEAR; a rate goes to the values that
    claim it.
    """
    for quantity in np.unique(pairs.quantities):
        own = np.flatnonzero(pairs.quantities == quantity)
        labels = [spans[argument].label for argument in pairs.arguments[own]]
        for label in (Label.INDICATOR, Label.UNIT, Label.GROWTH, Label.YEAR):
            some = own[[one is label for one in labels]]
            for pair in _chosen(some, probabilities, several=label is Label.INDICATOR):
                argument = spans[pairs.arguments[pair]]
                yield Link(spans[quantity], argument, float(probabilities[pair]))


def _chosen(some: NDArray[np.integer], probabilities: Floats, *, several: bool) -> list[int]:
    if not len(some):
        return []
    best = int(some[probabilities[some].argmax()])
    if not several:
        return [best] if probabilities[best] > _HOLDS else []
    return [int(pair) for pair in some if probabilities[pair] > _HOLDS] or [best]
