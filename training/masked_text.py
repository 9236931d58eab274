"""Text with words hidden: what an encoder learns from where nobody has labelled anything.

Whole words are hidden, since half of one gives the other half away; numbers are not, since no text says which
number comes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zhibiao.schema import Document
from zhibiao.tagger.alphabet import Alphabet
from zhibiao.tagger.windows import WindowPlan, windows_of

__all__ = ["MaskedBatch", "MaskedText", "masked_text"]

Ids = NDArray[np.int64]

AS_MASK, AS_OTHER = 0.8, 0.1
"""Of the hidden characters so many become the mask, so many another character; the rest stay as they are."""


@dataclass(frozen=True, slots=True)
class MaskedBatch:
    """`ids` and `mask` are `(windows, width)`; `targets` stood at `places` of the flat batch."""

    ids: Ids
    mask: Ids
    places: Ids
    targets: Ids


@dataclass(frozen=True, slots=True)
class MaskedText:
    """Windows one behind the other; window n is `[starts[n], starts[n + 1])`, ends included.

    `words` numbers the words; a position with -1 is never hidden.
    """

    ids: NDArray[np.int32]
    words: NDArray[np.int32]
    starts: Ids

    def lengths(self) -> Ids:
        """Positions of each window."""
        return np.diff(self.starts)

    def batch(self, rows: Ids, alphabet: Alphabet, *, share: float, seed: Sequence[int]) -> MaskedBatch:
        """The windows of these rows with `share` of their words hidden, the same for the same seed."""
        random = np.random.default_rng(seed)
        ids, filled = self._filled(self.ids, rows, alphabet.pad)
        words, _ = self._filled(self.words, rows, -1)
        numbers, word = np.unique(words, return_inverse=True)
        chosen = (random.random(len(numbers)) < share) & (numbers >= 0)
        places = np.flatnonzero(chosen[word])
        flat = ids.reshape(-1)
        targets = flat[places]
        flat[places] = _hidden(targets, self.ids, alphabet, random)
        return MaskedBatch(ids, filled.astype(np.int64), places, targets)

    def _filled(self, values: NDArray[np.int32], rows: Ids, filling: int) -> tuple[Ids, NDArray[np.bool_]]:
        lengths = self.lengths()[rows]
        columns = np.arange(lengths.max())
        filled = columns < lengths[:, None]
        at = np.minimum(self.starts[rows][:, None] + columns, len(values) - 1)
        return np.where(filled, values[at], filling).astype(np.int64), filled


def _hidden(targets: Ids, ids: NDArray[np.int32], alphabet: Alphabet, random: np.random.Generator) -> Ids:
    """What stands in place of the hidden characters; the others are drawn from the text."""
    draw = random.random(len(targets))
    others = random.choice(ids, size=len(targets))
    swapped = np.where(draw < AS_MASK + AS_OTHER, others, targets)
    return np.where(draw < AS_MASK, alphabet.mask, swapped)


def masked_text(documents: Iterable[Document], alphabet: Alphabet, *, window: int) -> MaskedText:
    """The windows of the documents as ids, and their words."""
    plan = WindowPlan(size=window, context=0, gated=False)
    parts: list[tuple[NDArray[np.int32], NDArray[np.int32]]] = []
    n_words = 0
    for document in documents:
        for one in windows_of(document, plan):
            ids, words = _window(document.text[one.start : one.end], alphabet)
            parts.append((ids, np.where(words < 0, words, words + n_words)))
            n_words += int(words.max()) + 1
    starts = np.concatenate([[0], np.cumsum([len(ids) for ids, _ in parts])]).astype(np.int64)
    ids, words = (np.concatenate(column) for column in zip(*parts, strict=True))
    return MaskedText(ids, words, starts)


def _window(text: str, alphabet: Alphabet) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Ids with both ends, and the numbers of its words."""
    import rjieba

    inner = alphabet.ids(text)
    # A lone surrogate has no UTF-8, and the library takes nothing else.
    lengths = [len(word) for word in rjieba.cut(re.sub("[\ud800-\udfff]", "\ufffd", text))]
    words = np.repeat(np.arange(len(lengths)), lengths)
    words[np.isin(inner, [*alphabet.ids("0123456789 "), alphabet.unk])] = -1
    ids = np.concatenate([[alphabet.cls], inner, [alphabet.sep]])
    return ids.astype(np.int32), np.concatenate([[-1], words, [-1]]).astype(np.int32)
