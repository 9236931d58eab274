"""Headings, numbered and unnumbered, found at the starts of paragraphs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from zhibiao.documents.cues import load_cues
from zhibiao.documents.sentences import BLANKS, BREAKS, MARKS
from zhibiao.schema import Offsets, Role

_CHINESE = "一二三四五六七八九十"
# The look-aheads keep 三、四季度, 1.2亿元 and 3、4月份 from being headings.
_NUMBERED = re.compile(
    f"(?P<one>第[{_CHINESE}]{{1,3}}(?:部分|章|篇)|[{_CHINESE}]{{1,3}}、(?![{_CHINESE}]{{1,3}}[、季产线级是]))"
    f"|(?P<two>[（(][{_CHINESE}]{{1,3}}[）)])"
    f"|(?P<three>\\d{{1,2}}[.．、](?!\\s*\\d+[.\\d%％年月日亿万个家、-])|[（(]\\d{{1,2}}[）)]|[{_CHINESE}]{{1,2}}是|[①-⑳])"
)
_HEADING_END = re.compile(f"[{MARKS}{BREAKS}：:]|[{BLANKS}](?=\\S{{12}})")
_LONGEST = 60
_LONGEST_UNNUMBERED = 45
_NO_HEADING_END = tuple(MARKS) + tuple("：:，,、)）")
_YEAR = re.compile("((?:19|20)\\d\\d)(?:年|(?!\\d))|二〇([一二三四五六七八九〇]{2})年")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading at the start of a paragraph; `numbered` ones are sure, others are short lines."""

    start: int
    end: int
    level: int
    numbered: bool


def find_headings(text: str, paragraphs: Sequence[Offsets]) -> Iterator[tuple[int, Heading]]:
    """Each heading with the number of its paragraph."""
    for number, (start, end) in enumerate(paragraphs):
        heading = _numbered(text, start, end) or _unnumbered(text, start, end)
        if heading:
            yield number, heading


def years_in(text: str) -> tuple[int, ...]:
    """The years that a heading names, in their order: 2023年, 2023, 二〇二三年."""
    return tuple(_year(match) for match in _YEAR.finditer(text))


def heading_role(words: str) -> Role | None:
    """The role that the words of a heading give it; None where they give none or both."""
    cues = [match.lastgroup for match in load_cues().role.finditer(words)]
    if not cues or (len(set(cues)) > 1 and len(set(years_in(words))) > 1):
        return None
    return Role(cues[-1] or "")


def _year(match: re.Match[str]) -> int:
    if match[1]:
        return int(match[1])
    return 2000 + int("".join(str("〇一二三四五六七八九".index(char)) for char in match[2]))


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
    if end - start > _LONGEST_UNNUMBERED or end - start < 4 or text[start:end].endswith(_NO_HEADING_END):
        return None
    if any(mark in text[start:end] for mark in "。；;|\t"):
        return None
    return Heading(start, end, 2, False)
