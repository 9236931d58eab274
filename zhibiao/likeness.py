"""Which texts are near-duplicates: the share of one's runs of characters that the other holds too.

Hashes are the same in every process and on every machine, so that a sketch can be kept in a file and
compared later.
"""

from __future__ import annotations

import unicodedata

import numpy as np
from numpy.typing import NDArray

__all__ = ["GRAM", "NEAR", "bare", "containment", "grams", "sketch"]

GRAM = 13
"""Characters of a run; so long a run recurs by chance only in set phrases."""

NEAR = 0.1
"""Two reports are near-duplicates when one holds this share of the other's runs; strangers share 1 %."""

SAMPLED = 16
"""A sketch keeps one run in so many, chosen by its hash, so that equal runs are kept on both sides."""

_BASE = 0x100000001B3


def bare(text: str) -> str:
    """Letters and digits alone, of one width."""
    folded = unicodedata.normalize("NFKC", text)
    return "".join(character for character in folded if character.isalnum())


def grams(text: str) -> frozenset[int]:
    """Hashes of all runs of a bare text; of a shorter text, the text itself."""
    return frozenset(_hashes(text).tolist())


def sketch(text: str) -> frozenset[int]:
    """A sample of the grams of the bare text, in 32 bits; its containment is about that of the grams."""
    hashes = _hashes(bare(text))
    return frozenset((hashes[hashes % np.uint64(SAMPLED) == 0] >> np.uint64(32)).tolist())


def containment(a: frozenset[int], b: frozenset[int]) -> float:
    """The share of the smaller set that the other holds."""
    smaller = min(len(a), len(b))
    return len(a & b) / smaller if smaller else 0.0


def _hashes(text: str) -> NDArray[np.uint64]:
    """A polynomial over the code points of each run, modulo 2^64, its bits mixed."""
    if not text:
        return np.zeros(0, dtype=np.uint64)
    points = np.array([ord(character) for character in text], dtype=np.uint64)
    length = min(GRAM, len(points))
    runs: NDArray[np.uint64] = np.zeros(len(points) - length + 1, dtype=np.uint64)
    for place in range(length):
        runs = runs * np.uint64(_BASE) + points[place : place + len(runs)]
    return _mixed(runs)


def _mixed(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """The finaliser of splitmix64, so that any bits of a hash can be used alone."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))
