"""Lines on pages to paragraphs: running heads dropped, lines that only the layout broke joined again."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from statistics import quantiles

from zhibiao.documents.radicals import restore_characters

_PAGE_NUMBER = re.compile(
    r"[-—–－·\s]*(?:第\s*)?(\d{1,4})\s*(?:页|[/／]\s*\d{1,4})?[\s,，]*(?:共\s*\d+\s*页)?[-—–－·\s]*"
)
_OUTER_DIGITS = re.compile(r"^\d+|(?:\d+[/／])?\d+$")
_SENTENCE_END = tuple("。！？；：")
_HEADING = re.compile(
    r"(?:第[一二三四五六七八九十百]+[章节部分篇]|[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十]{1,3}[）)]"
    r"|\d{1,2}[.．、](?!\d)|[（(]\d{1,2}[）)])"
)
_REPEATED_PAGES = 3
_REPEATED_SHARE = 0.4
_EDGE_LINES = 2
_COLUMNS = 3


@dataclass(frozen=True, slots=True)
class Line:
    """A printed line with its edges in points; `size` is its height, `row` marks a table's row."""

    text: str
    left: float
    right: float
    size: float
    row: bool = False


Page = Sequence[Line]


@dataclass(frozen=True, slots=True)
class Running:
    """Pages without their running lines, and how many of these there were."""

    pages: tuple[tuple[Line, ...], ...]
    page_numbers: int
    heads: int


def drop_running(pages: Sequence[Page]) -> Running:
    """Without page numbers and without first and last lines that recur on many pages."""
    numbers = _page_numbers(pages)
    bare = [
        tuple(line for at, line in enumerate(page) if (number, at) not in numbers)
        for number, page in enumerate(pages)
    ]
    keys = Counter(key for page in bare for key in {_key(page[at]) for at in _edges(page)})
    needed = max(_REPEATED_PAGES, _REPEATED_SHARE * len(pages))
    kept = tuple(
        _without_heads(page, {key for key, count in keys.items() if count >= needed}) for page in bare
    )
    return Running(kept, len(numbers), sum(map(len, bare)) - sum(map(len, kept)))


def paragraphs(pages: Iterable[Page]) -> Iterator[str]:
    """Paragraphs across page breaks, each without line ends."""
    lines = [line for page in pages for line in page]
    column = _Column.of(lines)
    text = ""
    for before, line in zip([None, *lines], lines, strict=False):
        if before is not None and column.continues(before, line):
            text += _glue(text, line.text) + line.text
        else:
            if text:
                yield text
            text = line.text
    if text:
        yield text


@dataclass(frozen=True, slots=True)
class _Column:
    """Where the text column begins and ends, and whether paragraphs are indented in it."""

    left: float
    right: float
    indents: bool

    @classmethod
    def of(cls, lines: Sequence[Line]) -> _Column:
        prose = [line for line in lines if not line.row]
        if len(prose) < 2:
            return cls(0, 0, False)
        left = quantiles([line.left for line in prose], n=10, method="inclusive")[0]
        right = quantiles([line.right for line in prose], n=4, method="inclusive")[2]
        indented = sum(left + line.size < line.left < left + 4 * line.size for line in prose)
        return cls(left, right, indented * 20 >= len(prose))

    def continues(self, before: Line, line: Line) -> bool:
        """Whether `line` goes on with the paragraph of `before`."""
        if before.row or line.row or _is_row(before) or _is_row(line):
            return False
        if self.indents and line.left > self.left + line.size:
            return False
        full = before.right > self.right - 2 * before.size
        if before.text.endswith(_SENTENCE_END):
            return full and self.indents and not before.text.endswith("：")
        nearly_full = before.right > self.right - 6 * before.size
        return nearly_full and (
            not _HEADING.match(restore_characters(line.text)[0]) or (full and self.indents)
        )


def _is_row(line: Line) -> bool:
    """A row of a table without rules: several columns set apart, and no sentence."""
    return line.text.count(" ") >= _COLUMNS - 1 and not re.search("[，。；]", line.text)


def _glue(before: str, after: str) -> str:
    return (
        " "
        if before[-1:].isascii() and before[-1:].isalpha() and after[:1].isascii() and after[:1].isalpha()
        else ""
    )


def _edges(page: Page) -> list[int]:
    return sorted({*range(min(_EDGE_LINES, len(page))), *range(max(0, len(page) - _EDGE_LINES), len(page))})


def _key(line: Line) -> tuple[str, int]:
    """The same words in the same size; a number at either end may count pages."""
    return _OUTER_DIGITS.sub("0", "".join(line.text.split())), round(line.size)


def _without_heads(page: Page, heads: set[tuple[str, int]]) -> tuple[Line, ...]:
    edges = set(_edges(page))
    return tuple(line for at, line in enumerate(page) if at not in edges or _key(line) not in heads)


def _page_numbers(pages: Sequence[Page]) -> set[tuple[int, int]]:
    """First or last lines whose number runs along with the pages, or that are marked as page numbers."""
    found = {}
    for number, page in enumerate(pages):
        for at in {0, len(page) - 1} if page else ():
            if match := _PAGE_NUMBER.fullmatch(page[at].text):
                found[number, at] = int(match[1]) - number
    shifts = Counter(found.values())
    return {
        place
        for place, shift in found.items()
        if shifts[shift] > 1 or not pages[place[0]][place[1]].text.isdecimal()
    }
