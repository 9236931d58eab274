"""Text to paragraphs and sentences, as offsets, in one pass each."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise

from zhibiao.schema import Offsets

BREAKS = "\n\r\v\f\x85\u2028\u2029"
MARKS = "。！？；!?;"
# Zero-width characters are blank to a reader although `str.isspace` denies it.
BLANKS = "".join(chr(code) for code in range(0x3001) if chr(code).isspace()) + "\u200b\u2060\ufeff"

_LINE = re.compile(f"[^{BREAKS}]+")
# A straight quote may open as well as close; it closes where nothing readable follows.
_CLOSERS = f"[”’」』）)】》\\]]|[\"'](?=[{BLANKS}]|$)"
_SENTENCE = re.compile(f"[^{MARKS}]+(?:[{MARKS}]+(?:{_CLOSERS})*)*|(?:[{MARKS}]+(?:{_CLOSERS})*)+")
_BLANK_AFTER_MARK = re.compile(f"[。；;！!](?:{_CLOSERS})*[^\\S{BREAKS}]+")

_LONG_LINE = 1500
"""A line of so many characters is no paragraph of a report when blanks after final marks stand in it."""

_MOST = 0.9
"""A line that holds so much of the text is a report without line breaks."""


def split_paragraphs(text: str) -> Iterator[Offsets]:
    """Paragraphs without outer blanks: lines, or the parts of a line that holds several of them.

    A blank after 。 or ； ends a paragraph where a report has no line breaks, or a line has lost its own.
    """
    for line in _LINE.finditer(text):
        start, end = line.span()
        for left, right in pairwise((start, *_cuts(text, start, end), end)):
            yield from _trimmed(text, left, right)


def _cuts(text: str, start: int, end: int) -> tuple[int, ...]:
    alone = end - start > _MOST * len(text)
    if end - start < _LONG_LINE and not alone:
        return ()
    cuts = tuple(match.end() for match in _BLANK_AFTER_MARK.finditer(text, start, end))
    # One blank in a long line is a slip of the typist.
    return cuts if alone or len(cuts) > 1 else ()


def split_sentences(text: str, paragraphs: Iterable[Offsets]) -> Iterator[tuple[int, int, int]]:
    """`(start, end, paragraph)` of each sentence, with its final marks and closing quotes."""
    for number, (start, end) in enumerate(paragraphs):
        for match in _SENTENCE.finditer(text, start, end):
            for offsets in _trimmed(text, *match.span()):
                yield (*offsets, number)


def _trimmed(text: str, start: int, end: int) -> Iterator[Offsets]:
    """`[start, end)` without outer blanks; nothing where only blanks are left."""
    piece = text[start:end]
    left = len(piece) - len(piece.lstrip(BLANKS))
    if left < len(piece):
        yield start + left, start + len(piece.rstrip(BLANKS))
