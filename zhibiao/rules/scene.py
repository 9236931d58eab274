"""One sentence as the rules see it: half-width text of equal length, and its words."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from typing import NamedTuple

import rjieba

from zhibiao.assemble.times import half_width
from zhibiao.rules.growths import Growth, find_growths
from zhibiao.tables.phrases import phrases, whole_words


@cache
def _surrogates() -> re.Pattern[str]:
    """Lone surrogates, which no UTF-8 library takes."""
    return re.compile("[\ud800-\udfff]")


@cache
def _beginnings() -> frozenset[str]:
    """What our words may begin with: nothing else needs to be tried."""
    return frozenset(word[:size] for word in whole_words() for size in range(1, len(word)))


_LIGHT = ("确保", "力争", "争取")
"""Verbs that jieba's dictionary joins with anything behind them (确保重点)."""


class Word(NamedTuple):
    """A word `[start, end)` of the scene's text with jieba's part of speech."""

    start: int
    end: int
    text: str
    pos: str


@dataclass(frozen=True)
class Scene:
    """A sentence at `offset` in its document; all other offsets are within `text`."""

    text: str
    offset: int

    @classmethod
    def of(cls, text: str, offset: int) -> Scene:
        """Makes the half-width text; every length is kept."""
        return cls(_surrogates().sub("\ufffd", half_width(text)), offset)

    @cached_property
    def growths(self) -> tuple[Growth, ...]:
        """The rates of change, in order."""
        return tuple(find_growths(self.text))

    @cached_property
    def words(self) -> tuple[Word, ...]:
        """jieba's words, those that make a word of `phrases.toml` together as one."""
        words: list[Word] = []
        at = 0
        for text, pos in rjieba.tag(self.text):
            words.extend(_split(Word(at, at + len(text), text, pos)))
            at += len(text)
        return tuple(_merged(words))

    @cached_property
    def _starts(self) -> list[int]:
        return [word.start for word in self.words]

    def words_in(self, start: int, end: int) -> list[Word]:
        """The words of `[start, end)`; a word that a border cuts is shortened to its part inside."""
        first = bisect_left(self._starts, start)
        if first and self.words[first - 1].end > start:
            first -= 1
        found = []
        for word in self.words[first:]:
            if word.start >= end:
                break
            found.append(self._clip(word, start, end))
        return found

    def _clip(self, word: Word, start: int, end: int) -> Word:
        if start <= word.start and word.end <= end:
            return word
        low, high = max(word.start, start), min(word.end, end)
        return Word(low, high, self.text[low:high], word.pos)


def _split(word: Word) -> list[Word]:
    """jieba guesses words of its own (已登记, 努力实现): two of ours in one are parted."""
    cut = _cut(word.text) if len(word.text) > 2 else 0
    if not cut:
        return [word]
    at = word.start + cut
    return [Word(word.start, at, word.text[:cut], "v"), Word(at, word.end, word.text[cut:], "v")]


@lru_cache(maxsize=65536)
def _cut(text: str) -> int:
    """Where a guessed word parts into two of ours; 0 where it does not."""
    known = whole_words()
    if text in known:
        return 0
    if text[:2] in _LIGHT and text[2:] not in phrases().tails:
        return 2
    cuts = range(len(text) - 1, 0, -1)
    return next((cut for cut in cuts if text[:cut] in known and text[cut:] in known), 0)


def _merged(words: list[Word]) -> list[Word]:
    """Joins neighbours that are one of our words (新|增, 常态|化); the longest wins."""
    merged: list[Word] = []
    at = 0
    while at < len(words):
        size = _size(words, at) if words[at].text in _beginnings() else 1
        merged.append(words[at] if size == 1 else _join(words[at : at + size]))
        at += size
    return merged


def _size(words: list[Word], at: int) -> int:
    """How many words from `at` on make the longest of our words; 1 where they make none."""
    joint, best = words[at].text, 1
    for size, word in enumerate(words[at + 1 :], start=2):
        joint += word.text
        if joint in whole_words():
            best = size
        if joint not in _beginnings():
            break
    return best


def _join(words: list[Word]) -> Word:
    text = "".join(word.text for word in words)
    return Word(words[0].start, words[-1].end, text, "n" if text in phrases().nouns else "v")
