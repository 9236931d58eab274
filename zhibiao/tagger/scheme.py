"""The tag scheme: BIO tags for any set of labels, as numbers, and which tag may follow which."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from zhibiao.errors import SchemaError
from zhibiao.schema import Label

__all__ = ["IGNORED", "INDICATORS", "Stretch", "TagScheme"]

IGNORED = -100
"""The tag of a position whose loss does not count: context, padding, [CLS] and [SEP]."""

Stretch = tuple[int, int, int]
"""`(start, end, label)`, the label as its number in the scheme."""


@dataclass(frozen=True)
class TagScheme:
    """BIO over `labels`; tag 0 is O, label n has B as tag 2n+1 and I as tag 2n+2."""

    labels: tuple[str, ...]

    def __post_init__(self) -> None:
        if not self.labels or len(set(self.labels)) < len(self.labels):
            raise SchemaError(f"a tag scheme needs labels, each once; found {list(self.labels)}")

    @cached_property
    def tags(self) -> tuple[str, ...]:
        """`O`, `B-INDICATOR`, `I-INDICATOR`, ..."""
        return ("O", *(f"{part}-{label}" for label in self.labels for part in "BI"))

    @cached_property
    def allowed(self) -> NDArray[np.bool_]:
        """`(tags, tags)`: whether the tag of the column may follow the tag of the row."""
        size = len(self.tags)
        allowed = np.ones((size, size), dtype=np.bool_)
        for inside in range(2, size, 2):
            allowed[:, inside] = False
            allowed[[inside - 1, inside], inside] = True
        return allowed

    @cached_property
    def first(self) -> NDArray[np.bool_]:
        """`(tags,)`: whether a window may begin with the tag."""
        first: NDArray[np.bool_] = self.allowed[0]
        return first

    def encode(self, stretches: Iterable[Stretch], length: int) -> NDArray[np.int8]:
        """One tag per character; SchemaError where two stretches overlap or one ends beyond `length`."""
        tags = np.zeros(length, dtype=np.int8)
        for start, end, label in stretches:
            if not 0 <= start < end <= length:
                raise SchemaError(f"[{start}, {end}) does not lie in a text of {length} characters")
            if tags[start:end].any():
                raise SchemaError(f"[{start}, {end}) overlaps another span; BIO tags cannot hold both")
            tags[start] = 2 * label + 1
            tags[start + 1 : end] = 2 * label + 2
        return tags

    def decode(self, tags: Sequence[int] | NDArray[np.integer]) -> list[Stretch]:
        """The stretches of a valid tag sequence."""
        given = np.asarray(tags)
        starts = np.flatnonzero(given % 2 == 1)
        following = np.append(given[1:], 0)
        ends = np.flatnonzero((given > 0) & ((following == 0) | (following % 2 == 1))) + 1
        labels = (given[starts] - 1) // 2
        return list(zip(starts.tolist(), ends.tolist(), labels.tolist(), strict=True))


INDICATORS = TagScheme(tuple(Label))
"""The five labels of the annotation guide."""
