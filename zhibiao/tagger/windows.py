"""Windows: the pieces in which a text goes through the encoder. Every character is owned by exactly one.

A window holds whole sentences, and reads some characters of context on both sides that it does not own. With
the gate, sentences without any numeral are left out: they can hold neither a value nor a rate of growth.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from zhibiao.errors import ConfigError
from zhibiao.schema import Document, Offsets

__all__ = ["Window", "WindowPlan", "can_hold_a_record", "piece_numbers", "pieces_of", "windows_of"]


@dataclass(frozen=True, slots=True)
class Window:
    """`text[start:end]` is read; only spans inside `[own_start, own_end)` are taken from it."""

    start: int
    end: int
    own_start: int
    own_end: int


@dataclass(frozen=True, slots=True)
class WindowPlan:
    """How texts are cut, in characters: `size` is aimed at, `limit` is what the encoder can read at once.

    A sentence longer than `size` has a window of its own; one longer than `limit` allows is cut. `gated`
    leaves out what holds no numeral.
    """

    size: int = 128
    context: int = 16
    limit: int = 510
    gated: bool = True

    def __post_init__(self) -> None:
        if not (0 < self.size <= self.limit and 0 <= 2 * self.context < self.limit):
            raise ConfigError(
                f"window of {self.size} characters, context {self.context}, in an encoder of {self.limit}: "
                "the size must not exceed the encoder's, and twice the context must be less than it"
            )

    @property
    def most(self) -> int:
        """How many characters a window can own."""
        return self.limit - 2 * self.context


def windows_of(document: Document, plan: WindowPlan) -> list[Window]:
    """The windows of a document in text order."""
    return [_with_context(owned, document, plan) for owned in _packed(document, plan)]


def pieces_of(document: Document) -> list[Offsets]:
    """Its sentences with the blanks that follow: together they are the whole text."""
    cuts = [0, *(sentence.start for sentence in document.sentences[1:]), len(document.text)]
    return [(start, end) for start, end in pairwise(cuts) if start < end]


def can_hold_a_record(text: str, start: int = 0, end: int | None = None) -> bool:
    """Whether there is any numeral, so that a value or a growth could stand there."""
    return _numeral().search(text, start, len(text) if end is None else end) is not None


@cache
def _numeral() -> re.Pattern[str]:
    # 半 翻 倍 成 say quantities without a numeral of their own: 过半, 翻番, 成倍.
    return re.compile(
        r"[\d〇零一二三四五六七八九十百千万亿两廿卅壹贰叁肆伍陆柒捌玖拾佰仟半翻倍成Ⅰ-ⅻ①-⑳½¼¾%％‰]"
    )


def _packed(document: Document, plan: WindowPlan) -> Iterator[Offsets]:
    """Owned stretches: neighbouring sentences together as far as `size` goes."""
    held: Offsets | None = None
    for start, end in pieces_of(document):
        if plan.gated and not can_hold_a_record(document.text, start, end):
            continue
        if held and held[1] == start and end - held[0] <= plan.size:
            held = (held[0], end)
            continue
        if held:
            yield from _cut(document.text, held, plan.most)
        held = (start, end)
    if held:
        yield from _cut(document.text, held, plan.most)


def _cut(text: str, owned: Offsets, most: int) -> Iterator[Offsets]:
    """A stretch that the encoder cannot read at once, cut behind the last comma that fits."""
    start, end = owned
    while end - start > most:
        cut = _place(text, start + most // 2, start + most)
        yield start, cut
        start = cut
    yield start, end


def _place(text: str, low: int, high: int) -> int:
    """Where to cut in `(low, high]`: behind a comma, else anywhere but inside a number, else at the end."""
    whole = [place for place in range(high, low, -1) if not _inside_a_number(text, place)]
    behind = (place for place in whole if text[place - 1] in "，,、： \n")
    return next(behind, whole[0] if whole else high)


def _inside_a_number(text: str, place: int) -> bool:
    """`1,234.5` is one number, and its commas end nothing."""
    left = text[place - 1]
    return text[place].isdecimal() and (left.isdecimal() or (left in ".,．" and text[place - 2].isdecimal()))


def _with_context(owned: Offsets, document: Document, plan: WindowPlan) -> Window:
    start, end = owned
    return Window(max(0, start - plan.context), min(len(document.text), end + plan.context), start, end)


def piece_numbers(document: Document, offsets: Sequence[int]) -> list[int]:
    """For each offset, the number of the piece of `pieces_of` in which it lies."""
    starts = [start for start, _ in pieces_of(document)]
    return [bisect_right(starts, offset) - 1 for offset in offsets]
