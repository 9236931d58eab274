"""Automatic numbers of Word: the `一、` of a heading is often no text but a counter, written out here."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from docx.oxml.ns import qn
from lxml import etree

_Element = etree._Element
_Place = tuple[str, int | None]

_DIGITS = "〇一二三四五六七八九"
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_ROMAN = ((100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))
_LONGEST_STYLE_CHAIN = 20


@dataclass(frozen=True, slots=True)
class Level:
    """How one level of a list is counted; `text` is a pattern like `（%2）`."""

    start: int
    format: str
    text: str


@dataclass(frozen=True, slots=True)
class Lists:
    """The definition behind each `numId`, the levels of definitions, restarts, and numbered styles."""

    definitions: Mapping[str, str]
    levels: Mapping[str, Mapping[int, Level]]
    restarts: Mapping[tuple[str, int], int]
    styles: Mapping[str, _Place]


@dataclass(slots=True)
class Numbering:
    """Counts the numbered paragraphs of one document in text order."""

    lists: Lists
    _counters: dict[str, dict[int, int]] = field(default_factory=dict)
    _restarted: set[tuple[str, int]] = field(default_factory=set)

    def label(self, paragraph: _Element) -> str:
        """The number that Word shows before this paragraph; nothing where it is not numbered."""
        number, depth = self._place(paragraph)
        definition = self.lists.definitions.get(number, "")
        levels = self.lists.levels.get(definition, {})
        if depth not in levels:
            return ""
        counters = self._counters.setdefault(definition, {})
        self._count(counters, number, depth, levels[depth].start)
        return _label(levels, counters, depth)

    def _place(self, paragraph: _Element) -> tuple[str, int]:
        properties = paragraph.find(qn("w:pPr"))
        if properties is None:
            return "", 0
        own = _numbering_place(properties)
        inherited = self.lists.styles.get(_value(properties, "w:pStyle"), ("", None))
        depth = own[1] if own[1] is not None else inherited[1]
        return own[0] or inherited[0], depth or 0

    def _count(self, counters: dict[int, int], number: str, depth: int, start: int) -> None:
        restart = (number, depth)
        if restart in self.lists.restarts and restart not in self._restarted:
            self._restarted.add(restart)
            counters[depth] = self.lists.restarts[restart]
        else:
            counters[depth] = counters.get(depth, start - 1) + 1
        for deeper in [other for other in counters if other > depth]:
            del counters[deeper]


def read_lists(numbering: _Element | None, styles: _Element | None) -> Lists:
    """From the roots of `numbering.xml` and `styles.xml`, either of which may be missing."""
    if numbering is None:
        return Lists({}, {}, {}, {})
    definitions, restarts = {}, {}
    for num in numbering.iterfind(qn("w:num")):
        number = num.get(qn("w:numId"), "")
        definitions[number] = _value(num, "w:abstractNumId")
        for override in num.iterfind(qn("w:lvlOverride")):
            if start := _value(override, "w:startOverride"):
                restarts[number, _integer(override.get(qn("w:ilvl")))] = _integer(start)
    abstract = numbering.iterfind(qn("w:abstractNum"))
    levels = {each.get(qn("w:abstractNumId"), ""): dict(_levels(each)) for each in abstract}
    return Lists(definitions, levels, restarts, {} if styles is None else dict(_styles(styles)))


def _levels(definition: _Element) -> Iterator[tuple[int, Level]]:
    for level in definition.iterfind(qn("w:lvl")):
        start = _integer(_value(level, "w:start") or "1")
        pattern = _value(level, "w:lvlText")
        yield _integer(level.get(qn("w:ilvl"))), Level(start, _value(level, "w:numFmt") or "decimal", pattern)


def _styles(root: _Element) -> Iterator[tuple[str, _Place]]:
    by_id = {style.get(qn("w:styleId"), ""): style for style in root.iterfind(qn("w:style"))}
    for name in by_id:
        style, number, depth = name, "", None
        for _ in range(_LONGEST_STYLE_CHAIN):
            element = by_id.get(style)
            properties = None if element is None else element.find(qn("w:pPr"))
            found = ("", None) if properties is None else _numbering_place(properties)
            number, depth = number or found[0], found[1] if depth is None else depth
            style = "" if element is None else _value(element, "w:basedOn")
        yield name, (number, depth)


def _numbering_place(properties: _Element) -> _Place:
    numbering = properties.find(qn("w:numPr"))
    if numbering is None:
        return "", None
    depth = _value(numbering, "w:ilvl")
    return _value(numbering, "w:numId"), _integer(depth) if depth else None


def _value(parent: _Element, tag: str) -> str:
    child = parent.find(qn(tag))
    return "" if child is None else child.get(qn("w:val"), "")


def _integer(text: str | None) -> int:
    """Numbers in a broken file may be anything; 0 is what Word takes them for."""
    return int(text) if text and text.lstrip("-").isdecimal() else 0


def _label(levels: Mapping[int, Level], counters: Mapping[int, int], depth: int) -> str:
    if levels[depth].format in ("bullet", "none"):
        return ""

    def counted(match: re.Match[str]) -> str:
        level = int(match[1]) - 1
        if level not in levels:
            return ""
        number = counters.get(level, levels[level].start)
        return _FORMATS.get(levels[level].format, str)(number)

    label = re.sub("%([1-9])", counted, levels[depth].text)
    return f"{label} " if label[-1:].isalnum() and label.isascii() else label


def _chinese(number: int) -> str:
    if not 0 < number < 100:
        return "".join(_DIGITS[int(digit)] for digit in str(abs(number)))
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else "十" if tens == 1 else _DIGITS[tens] + "十"
    return head + (_DIGITS[ones] if ones else "")


def _stem(number: int) -> str:
    return _STEMS[(number - 1) % len(_STEMS)]


def _circled(number: int) -> str:
    return chr(0x2460 + number - 1) if 1 <= number <= 20 else str(number)


def _full_width(number: int) -> str:
    return str(number).translate({0x30 + digit: 0xFF10 + digit for digit in range(10)})


def _letter(number: int) -> str:
    return chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)


def _roman(number: int) -> str:
    text = ""
    for value, sign in _ROMAN:
        while number >= value:
            text, number = text + sign, number - value
    return text


_FORMATS: Mapping[str, Callable[[int], str]] = {
    "chineseCounting": _chinese,
    "chineseCountingThousand": _chinese,
    "chineseLegalSimplified": _chinese,
    "japaneseCounting": _chinese,
    "taiwaneseCounting": _chinese,
    "taiwaneseCountingThousand": _chinese,
    "ideographTraditional": _stem,
    "decimalEnclosedCircle": _circled,
    "decimalEnclosedCircleChinese": _circled,
    "decimalFullWidth": _full_width,
    "lowerLetter": _letter,
    "upperLetter": lambda number: _letter(number).upper(),
    "lowerRoman": _roman,
    "upperRoman": lambda number: _roman(number).upper(),
}
