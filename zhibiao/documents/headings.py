"""Headings, numbered and unnumbered, found at the starts of paragraphs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from zhibiao.documents.sentences import BLANKS, MARKS
from zhibiao.schema import Offsets

_CHINESE = "一二三四五六七八九十"
# The look-aheads keep 三、四季度, 1.2亿元 and 3、4月份 from being headings.
_NUMBERED = re.compile(
    f"(?:(?P<one>第[{_CHINESE}]{{1,3}}(?:部分|章|篇)|[{_CHINESE}]{{1,3}}、(?![{_CHINESE}]{{1,3}}[、季产线级是]))"
    f"|(?P<two>[（(][{_CHINESE}]{{1,3}}[）)])"
    f"|(?P<three>\\d{{1,2}}[.．、](?!\\s*\\d+[.\\d%％年月日亿万个家、-])|[（(]\\d{{1,2}}[）)]|[{_CHINESE}]{{1,2}}是|[①-⑳]))[{BLANKS}]*"
)
_MARK = re.compile(f"[{MARKS}：:]")
_MARK_OR_BLANK = re.compile(f"[{MARKS}：:]|[{BLANKS}](?=\\S{{8}})")
_LONGEST = 60
_SHORTEST = 4
_LONGEST_UNNUMBERED = 45
_LONGEST_BROKEN = 12
_BROKEN = 0.6
"""Where so many lines end without a mark, a printer has broken them; only very short ones are headings."""
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

    def words(self, text: str) -> str:
        """What the heading says."""
        return text[self.start : self.end]


def find_headings(text: str, paragraphs: Sequence[Offsets]) -> Iterator[tuple[int, Heading]]:
    """Each heading with the number of its paragraph."""
    endings = [text[end - 1] in _FINISHED for _, end in paragraphs]
    longest = _LONGEST_BROKEN if endings.count(False) > _BROKEN * len(endings) else _LONGEST_UNNUMBERED
    finished = True
    for number, (start, end) in enumerate(paragraphs):
        heading = _numbered(text, start, end)
        if heading is None and finished and _SHORTEST <= end - start <= longest:
            heading = _unnumbered(text, start, end)
        if heading:
            yield number, heading
        finished = heading is not None or endings[number]


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
    return Heading(start, _heading_end(text, match.end(), end), level, True)


def _heading_end(text: str, start: int, end: int) -> int:
    """The first mark; where the text runs on, also a blank; where neither is near, the last comma."""
    limit = min(end, start + _LONGEST)
    mark = _MARK.search(text, start, limit)
    if mark is None and limit == end:
        return end
    stop = _MARK_OR_BLANK.search(text, start, limit)
    if stop:
        return stop.start()
    comma = max(text.rfind(",", start, limit), text.rfind("，", start, limit))
    return comma if comma > start else start


def _unnumbered(text: str, start: int, end: int) -> Heading | None:
    return None if _NO_HEADING.search(text[start:end]) else Heading(start, end, 2, False)
