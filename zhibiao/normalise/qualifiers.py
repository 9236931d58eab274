"""Qualifiers of a number (超, 近, 余, 以上 ...) and the intervals that they say."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache

from zhibiao.normalise.numbers import exact
from zhibiao.schema import Bounds
from zhibiao.tables.quantity_words import quantity_words
from zhibiao.tables.words import alternation


def find_qualifier(text: str, start: int, end: int, *, after: int | None = None) -> str | None:
    """The qualifier of the number at `text[start:end]`, whose unit (or growth) ends at `after`.

    It stands before the number, inside a growth (增速不低于20%), between number and unit (300余家) or after
    the unit (10%以上); the first of these that is there is the answer.
    """
    patterns = _patterns()
    tail = end if after is None else max(after, end)
    before = patterns["before"].search(text, max(0, start - 8), start)
    if before and _stands(text, before, text[start:end]):
        return before[1]
    inside = patterns["inside"].search(text, start, tail)
    match = inside or patterns["between"].match(text, end, tail) or patterns["after"].match(text, tail)
    return match[1] if match else None


def bounds(value: Decimal | None, qualifier: str | None, *, value_text: str = "") -> Bounds | None:
    """The interval that a qualified number says, or None without a qualifier; a negative value is mirrored.

    余 and 多 reach to the next round number: 300余 is [300, 400], 百余 [100, 200]. 左右 and 约 allow half of
    the last place stated, at most a tenth of the number (约300 is [270, 330], 5.5%左右 [5.45, 5.55]), and a
    tenth of a fraction.
    """
    if value is None or qualifier is None:
        return None
    low, high = _interval(abs(value), qualifier, value_text)
    if value < 0:
        return (None if high is None else -high, None if low is None else -low)
    return (low, high)


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    """Where each kind of qualifier stands, relative to the number and its unit."""
    words = alternation(quantity_words().in_front)
    counted = r"[0-9０-９]|[一二两三四五六七八九十百千]{1,4}[成倍个]"
    return {
        "before": re.compile(rf"({words})[为占有达合了]?[ 　]{{0,2}}$"),
        "inside": re.compile(rf"({words})[为了达]?(?={counted})"),
        "between": re.compile(r"[ 　]?(余|多|来)"),
        "after": re.compile(
            r"[ 　]?(及?以上|及?以下|以内|之内|之上|之下|左右|上下|有余"
            r"|(?<=[天日时钟年月周])内(?![部外容资需地生涵陆环])|余|多(?=[,，。；;、的来时]|$))"
        ),
    }


def _stands(text: str, match: re.Match[str], number: str) -> bool:
    """Whether the word found before a number is a qualifier there, and no part of another word."""
    previous = text[match.start() - 1 : match.start()] if match.start() else ""
    if match[1] == "上" and number[:1] not in tuple("百千万亿"):
        return False
    return not previous or previous not in quantity_words().other_word.get(match[1], "")


def _interval(value: Decimal, qualifier: str, value_text: str) -> Bounds:
    """The interval around a value that is not negative."""
    words = quantity_words()
    if qualifier in words.at_least:
        return (value, None)
    if qualifier in words.at_most:
        return (None, value)
    place = _last_place(value, value_text)
    if qualifier in words.and_more:
        return (value, exact().add(value, place))
    if qualifier in words.about:
        tenth = exact().divide(value, Decimal(10))
        stated = "/" not in value_text and "分之" not in value_text
        band = min(exact().divide(place, Decimal(2)), tenth) if stated else tenth
        return (exact().subtract(value, band), exact().add(value, band))
    return (None, None)


def _last_place(value: Decimal, value_text: str) -> Decimal:
    """What one of the last stated digit counts: 100 for 8100, 0.1 for 10.0, 1000 for 1.2万."""
    exponent = value.as_tuple().exponent
    if isinstance(exponent, int) and exponent < 0 and not re.search("[百千万亿](?!分)", value_text):
        return Decimal(1).scaleb(exponent)
    return Decimal(1).scaleb(int(value.normalize(exact()).as_tuple().exponent)) if value else Decimal(1)
