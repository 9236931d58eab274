"""Headings, numbered and unnumbered, found at the starts of paragraphs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from zhibiao.documents.sentences import BLANKS, BREAKS, MARKS
from zhibiao.schema import Offsets

_CHINESE = "一二三四五六七八九十"
# The look-aheads keep 三、四季度, 1.2亿元 and 3、4月份 from being headings.
_NUMBERED = re.compile(
    f"(?P<one>第[{_CHINESE}]{{1,3}}(?:部分|章|篇)|[{_CHINESE}]{{1,3}}、(?![{_CHINESE}]{{1,3}}[、季产线级是]))"
    f"|(?P<two>[（(][{_CHINESE}]{{1,3}}[）)])"
    f"|(?P<three>\\d{{1,2}}[.．、](?!\\s*\\d+[.\\d%％年月日亿万个家、-])|[（(]\\d{{1,2}}[）)]|[{_CHINESE}]{{1,2}}是|[①-⑳])"
)
_HEADING_END = re.compile(f"[{MARKS}{BREAKS}：:]|[{BLANKS}](?=\\S{{12}})")
_LONGEST = 60
_SHORTEST = 4
_LONGEST_UNNUMBERED = 45
_FINISHED = MARKS + "：:”’」』）)】》|"
_NO_HEADING = re.compile(f"[{MARKS}|\t：:]|[，,、]$|\\d\\s*月|^[（(]|^\\d+$")
_CHINESE_DIGITS = "〇一二三四五六七八九"
_YEAR = re.compile(f"((?:19|20)\\d\\d)(?:年|(?!\\d))|([一二][{_CHINESE_DIGITS}○零]{{3}})年")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading at the start of a paragraph; `numbered` ones are sure, others are short lines."""

    start: int
    end: int
    level: int
    numbered: bool


def find_headings(text: str, paragraphs: Sequence[Offsets]) -> Iterator[tuple[int, Heading]]:
    """Each heading with the number of its paragraph.

    A short line is a heading only where the line before it was finished: lines broken by a printer are not.
    """
    finished = True
    for number, (start, end) in enumerate(paragraphs):
        heading = _numbered(text, start, end) or (_unnumbered(text, start, end) if finished else None)
        if heading:
            yield number, heading
        finished = heading is not None or text[end - 1] in _FINISHED


def years_in(text: str) -> tuple[int, ...]:
    """The years that a heading names, in their order: 2023年, 2023, 二〇二三年."""
    return tuple(_year(match) for match in _YEAR.finditer(text))


def year_of(words: str) -> int:
    """2023 of `2023` and of 二〇二三."""
    if words.isdecimal():
        return int(words)
    return int("".join(str(max(_CHINESE_DIGITS.find(char), 0)) for char in words))


def _year(match: re.Match[str]) -> int:
    return year_of(match[1] or match[2])


def _numbered(text: str, start: int, end: int) -> Heading | None:
    match = _NUMBERED.match(text, start, end)
    if match is None:
        return None
    level = 1 if match["one"] else 2 if match["two"] else 3
    stop = _HEADING_END.search(text, match.end(), min(end, start + _LONGEST))
    cut = stop.start() if stop else min(end, start + _LONGEST)
    if stop is None and end > cut:
        # No mark within reach: the heading runs into its text; its first clause names it.
        comma = max(text.rfind(mark, match.end(), cut) for mark in ",，")
        cut = comma if comma > 0 else match.end()
    return Heading(start, cut, level, True)


def _unnumbered(text: str, start: int, end: int) -> Heading | None:
    if not _SHORTEST <= end - start <= _LONGEST_UNNUMBERED or _NO_HEADING.search(text[start:end]):
        return None
    return Heading(start, end, 2, False)
