"""Batches: windows of like length that fill a budget of tokens, and the noise that is laid over them.

What a batch holds depends on the seed, the epoch and its number alone, so a run that was killed goes on with
the very batches that it would have had.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from zhibiao.tagger.alphabet import Alphabet
from zhibiao.tagger.pairs import N_FEATURES
from zhibiao.tagger.scheme import IGNORED

if TYPE_CHECKING:
    from datasets import Dataset

__all__ = ["Batch", "Noise", "collate", "plan_epoch"]

Rows = NDArray[np.int64]

_POOL = 64
"""So many batches' worth of shuffled windows are sorted by length together."""

_SHARE = 0.63
_SQUARE = 345
"""What a position keeps for the backward pass, as a multiple of that in a window of 128: a constant and a
part that grows with the window's length (13 kB and 60 B times the length in a layer of 384 and 12 heads with
eager attention; lean attention keeps less, so the budget is on the safe side for both)."""


@dataclass(frozen=True, slots=True)
class Batch:
    """`ids`, `mask`, `tags` are `(windows, width)`; `edges` `(pairs, 4)` counts positions through all."""

    ids: NDArray[np.int64]
    mask: NDArray[np.int64]
    tags: NDArray[np.int64]
    edges: NDArray[np.int64]
    features: NDArray[np.int64]
    targets: NDArray[np.float32]

    @property
    def tokens(self) -> int:
        """Positions that hold something."""
        return int(self.mask.sum())

    @property
    def learned(self) -> int:
        """Positions whose tag counts."""
        return int((self.tags != IGNORED).sum())


@dataclass(frozen=True)
class Noise:
    """What keeps the network from learning texts by heart: other digits, and masked characters.

    `digits` is the share of windows whose digits are all drawn anew, `masks` the share of characters masked.
    """

    alphabet: Alphabet
    digits: float
    masks: float

    def apply(self, ids: NDArray[np.int64], mask: NDArray[np.int64], seed: Sequence[int]) -> None:
        """Changes `ids` in place, the same way for the same seed."""
        random = np.random.default_rng(seed)
        digits = self.alphabet.ids("0123456789").astype(np.int64)
        changed = np.isin(ids, digits) & (random.random((len(ids), 1)) < self.digits)
        ids[changed] = random.choice(digits, size=int(changed.sum()))
        special = np.isin(ids, [self.alphabet.cls, self.alphabet.sep, self.alphabet.pad])
        hidden = (random.random(ids.shape) < self.masks) & ~special & (mask == 1)
        ids[hidden] = self.alphabet.mask


def plan_epoch(lengths: NDArray[np.integer], tokens: int, seed: Sequence[int]) -> list[Rows]:
    """The rows of each batch of an epoch, in a random order that the seed decides."""
    random = np.random.default_rng(seed)
    order = random.permutation(len(lengths))
    pool = max(1, _POOL * tokens // max(1, int(lengths.mean()))) if len(lengths) else 1
    batches = [
        rows
        for start in range(0, len(order), pool)
        for rows in _filled(order[start : start + pool], lengths, tokens)
    ]
    return [batches[number] for number in random.permutation(len(batches))]


def _filled(rows: Rows, lengths: NDArray[np.integer], tokens: int) -> Iterator[Rows]:
    """Cuts a pool, longest first, where the next window would break the budget.

    Attention keeps a square of weights for every window, so a position in a long one is dearer: beyond
    some 128 positions the budget buys fewer of them, and the memory of a batch stays the same.
    """
    ordered = rows[np.argsort(-lengths[rows], kind="stable")]
    start = 0
    while start < len(ordered):
        length = int(lengths[ordered[start]])
        count = max(1, int(tokens / (length * max(1.0, _SHARE + length / _SQUARE))))
        yield ordered[start : start + count]
        start += count


def collate(dataset: Dataset, rows: Rows, pad: int) -> Batch:
    """A batch from rows of the dataset, with no Python per character."""
    table = dataset.with_format("arrow")[rows.tolist()]
    lengths, ids = _flat(table, "ids")
    shape = (len(rows), int(lengths.max()))
    filled = np.arange(shape[1]) < lengths[:, None]
    inputs = np.full(shape, pad, dtype=np.int64)
    inputs[filled] = ids
    tags = np.full(shape, IGNORED, dtype=np.int64)
    tags[filled] = _flat(table, "tags")[1]
    pairs, targets = _flat(table, "targets")
    shift = np.repeat(np.arange(len(rows)) * shape[1], pairs)
    edges = _flat(table, "edges")[1].astype(np.int64).reshape(-1, 4) + shift[:, None]
    features = _flat(table, "features")[1].astype(np.int64).reshape(-1, N_FEATURES)
    return Batch(inputs, filled.astype(np.int64), tags, edges, features, targets.astype(np.float32))


def _flat(table: Any, name: str) -> tuple[NDArray[np.int64], NDArray[Any]]:
    """The lengths of a column's lists, and all their items in a row."""
    column = table.column(name).combine_chunks()
    offsets = column.offsets.to_numpy()
    return np.diff(offsets).astype(np.int64), column.flatten().to_numpy()
