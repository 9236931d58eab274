"""Text to paragraphs and sentences, as offsets, in one pass each."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

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

LONG_LINE = 1500
"""A line of so many characters is no paragraph of a report but several, with blanks between them."""


def split_paragraphs(text: str) -> Iterator[Offsets]:
    """Paragraphs without outer blanks: lines, and the parts of a long line between 。 or ； and a blank."""
    for line in _LINE.finditer(text):
        start, end = line.span()
        if end - start >= LONG_LINE:
            yield from _split_long_line(text, start, end)
        else:
            yield from _trimmed(text, start, end)


def _split_long_line(text: str, start: int, end: int) -> Iterator[Offsets]:
    for match in _BLANK_AFTER_MARK.finditer(text, start, end):
        yield from _trimmed(text, start, match.end())
        start = match.end()
    yield from _trimmed(text, start, end)


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
