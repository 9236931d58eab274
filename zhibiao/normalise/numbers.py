"""Number expressions as VALUE spans mark them: arabic, Chinese, mixed, ranges, ratios, fractions.

Only [0-9] and their full-width forms are digits; digits of other scripts are text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal
from enum import StrEnum
from functools import cache, lru_cache

from zhibiao.schema import Bounds

MAX_DIGITS = 40
"""No report states a longer number; longer runs of digits are identifiers and are not parsed."""

_DIGIT = "[0-9０-９]"
_CN_DIGIT = "[零〇○一二三四五六七八九两俩壹贰叁肆伍陆柒捌玖弌弍弎]"
_CN_SMALL = "[零〇○一二三四五六七八九两俩壹贰叁肆伍陆柒捌玖弌弍弎十百千拾佰仟廿卅]"
_SCALE = "[十百千万亿]"
_ROUGH = "[余多来]"
_DASH = "[-－‐‑‒–—―─~～]{1,2}|[至到]"

# Quantifiers are possessive or bounded throughout, so that no text makes a search more than linear.
ARABIC = (
    rf"(?:(?<!{_DIGIT})(?<!{_DIGIT}[.．])"
    rf"(?:[0-9]{{1,3}}(?:,[0-9]{{3}}){{1,12}}(?!{_DIGIT})|[０-９]{{1,3}}(?:[，,][０-９]{{3}}){{1,12}}(?!{_DIGIT})|{_DIGIT}++)"
    rf"(?:[.．]{_DIGIT}++)?+)"
)
"""Digits with thousands separators and a decimal point; starts at no digit's right."""

CHINESE = (
    rf"(?:(?<!{_CN_SMALL})(?<!{_DIGIT})(?:(?<![数几])|(?!{_SCALE}))"
    rf"(?!一一|两两|三三){_CN_SMALL}++(?:[万亿]{{1,2}}{_CN_SMALL}++)*+(?:点{_CN_DIGIT}++)?+(?!几))"
)
"""Chinese numerals; 数十, 几百 and 十几 say no number and are left out."""

_ONE = (
    rf"(?:{ARABIC}(?:{_SCALE}{{1,3}}{_DIGIT}++{_SCALE}{{1,2}})?+(?:{_SCALE}{{1,3}}(?={_ROUGH}))?+"
    rf"|{CHINESE}(?:[万亿]{{1,2}}(?={_ROUGH}))?+"
    rf"|(?<![数几十百千万亿0-9０-９])[万亿]{{1,2}}(?={_ROUGH})|(?<![数几十百千万亿0-9０-９])万(?=亿))"
)
_LOOSE = rf"(?:{_DIGIT}++(?:[.．]{_DIGIT}++)?+|{CHINESE})"

# Looking for a first character before anything else makes a search four times as fast.
_FIRST = f"(?=[0-9０-９万亿{_CN_SMALL[1:]})"

NUMBER = (
    rf"(?:{_FIRST}(?:{_CN_SMALL}{{1,6}}+分之(?:{_DIGIT}++(?:[.．]{_DIGIT}++)?+|{_CN_SMALL}++(?:点{_CN_DIGIT}++)?+)"
    rf"|{_ONE}(?:[/／]{_DIGIT}++(?![/／])"
    rf"|(?:[:：∶︰比]{_LOOSE}){{1,5}}+"
    rf"|(?:[%％‰]|{_SCALE}{{1,3}})?+(?:{_DASH}){_LOOSE}(?:{_SCALE}{{1,3}}(?={_ROUGH}))?+)?))"
)
"""Regex source, without groups, of a number as VALUE spans mark it: no qualifier, no scale touching the unit.

It finds numbers, not quantities: dates, ranks, names and addresses are the caller's to exclude.
"""


class NumberForm(StrEnum):
    """How a number is written."""

    PLAIN = "plain"
    FRACTION = "fraction"
    RANGE = "range"
    RATIO = "ratio"


@dataclass(frozen=True, slots=True)
class Number:
    """What a number expression says: `value` for one number, `bounds` for a range, neither for a ratio."""

    value: Decimal | None
    bounds: Bounds | None = None
    form: NumberForm = NumberForm.PLAIN


@lru_cache(maxsize=8192)
def parse_number(text: str) -> Number | None:
    """The number that the whole of `text` says, or None where it says none.

    A range whose scale stands only at its first end (1万—2, the rest of the scale being in the unit) is read
    in that scale. A leading 负 or minus is understood, though no VALUE span has one.
    """
    text = text.strip()
    if len(text) > 4 * MAX_DIGITS:
        return None
    if (value := _single(text)) is not None:
        return Number(value)
    for parse in (_fraction, _ratio, _range, _adjacent):
        if (number := parse(text)) is not None:
            return number
    return None


def format_decimal(value: Decimal) -> str:
    """`value` in plain digits, exact, without exponent and without trailing zeros: valid as a JSON number."""
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


@cache
def exact() -> Context:
    """The arithmetic of this package: so wide that no scale or base unit rounds a number of MAX_DIGITS."""
    return Context(prec=3 * MAX_DIGITS, rounding=ROUND_HALF_EVEN, Emin=-999, Emax=999, traps=[])


def scale_of(word: str) -> Decimal | None:
    """What a scale word multiplies by: 万 10^4, 百万 10^6, 万亿 10^12; None for anything else."""
    value = _chinese(word) if word and all(char in _UNITS for char in word) else None
    return None if value is None else Decimal(value)


_DIGITS = {
    char: digit
    for digit, chars in enumerate(
        ("零〇○", "一壹弌", "二贰两俩弍", "三叁弎", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖")
    )
    for char in chars
}
_SIZES = {"十": 10, "百": 100, "千": 1000}
_UNITS = frozenset("十百千万亿拾佰仟")
_WIDE = str.maketrans("０１２３４５６７８９．－−", "0123456789.--")
_FORMAL = str.maketrans({"拾": "十", "佰": "百", "仟": "千", "廿": "二十", "卅": "三十"})


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    """The compiled patterns of this module by name."""
    sources = {
        "arabic": r"(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?",
        "mixed": rf"(?:[0-9]+(?:\.[0-9]+)?{_SCALE}{{1,3}}){{1,3}}",
        "piece": rf"([0-9]+(?:\.[0-9]+)?)({_SCALE}{{1,3}})",
        "decimal": rf"(.+)点({_CN_DIGIT}+)([万亿]{{0,2}})",
        "scaled": r"(.*?[^十百千万亿])((?<=[0-9])[十百千万亿]{1,3}|[万亿]{1,2})",
        "slash": r"([0-9０-９]+)[/／]([0-9０-９]+)",
        "colon": r"[:：∶︰比]",
        "dash": _DASH,
        "adjacent": r"([^点]*?)([一二两三四五六七八])([二三四五六七八九])([十百千万亿]*)",
    }
    return {name: re.compile(source) for name, source in sources.items()}


def _single(text: str) -> Decimal | None:
    """One number, signed or not: arabic, mixed or Chinese."""
    plain = text.translate(_WIDE).replace("，", ",")
    if _patterns()["arabic"].fullmatch(plain):
        digits = plain.replace(",", "")
        return Decimal(digits) if len(digits) <= MAX_DIGITS else None
    if plain[:1] in ("-", "负"):
        value = _single(plain[1:]) if plain[1:2] not in ("-", "负") else None
        return None if value is None else -value
    if len(plain) > MAX_DIGITS:
        return None
    return _mixed(plain) if plain[:1].isascii() else _chinese_decimal(plain)


def _mixed(text: str) -> Decimal | None:
    """Arabic digits with scale words, each part below the scale before it: 1.2万亿, 3万5千, 1亿2000万."""
    if not _patterns()["mixed"].fullmatch(text):
        return None
    total, limit = Decimal(0), None
    for digits, word in _patterns()["piece"].findall(text):
        scale = scale_of(word)
        part = None if scale is None else exact().multiply(Decimal(digits), scale)
        if part is None or (limit is not None and part >= limit):
            return None
        total, limit = exact().add(total, part), scale
    return total


def _chinese_decimal(text: str) -> Decimal | None:
    """A Chinese numeral, perhaps with a decimal part and a scale (三千零二十五点八亿), or 半."""
    if text in ("半", "一半"):
        return Decimal("0.5")
    if (match := _patterns()["decimal"].fullmatch(text)) is None:
        whole = _chinese(text)
        return None if whole is None else Decimal(whole)
    whole = _chinese(match[1])
    scale = scale_of(match[3]) if match[3] else Decimal(1)
    if whole is None or scale is None:
        return None
    fraction = "".join(str(_DIGITS[char]) for char in match[2])
    return exact().multiply(Decimal(f"{whole}.{fraction}"), scale)


def _chinese(text: str) -> int | None:
    """A Chinese whole number: positional (三千零二十五), elliptic (两千三), or a row of digits (二〇二四)."""
    text = text.translate(_FORMAL)
    if len(text) > 1 and all(char in _DIGITS for char in text):
        row = "".join(str(_DIGITS[char]) for char in text)
        return int(row) if len(row) > 2 or "0" in row else None
    for unit, size in (("亿", 10**8), ("万", 10**4)):
        left, found, right = text.rpartition(unit)
        if found:
            return _joined(left, right, (unit, size))
    return _below_myriad(text)


def _joined(left: str, right: str, unit: tuple[str, int]) -> int | None:
    """`left` times the unit plus `right`; a lone digit at the right counts tenths of the unit (三万五)."""
    word, size = unit
    if not left:
        return None if right else size
    high = None if word in left else _chinese(left)
    low = 0 if not right else _chinese(right.lstrip("零〇○"))
    if high is None or low is None or low >= size or left[0] in "零〇○":
        return None
    if len(right) == 1 and right in _DIGITS:
        low *= size // 10
    return high * size + low


def _below_myriad(text: str) -> int | None:
    """A number below 10,000; 十, 百 and 千 may lack their digit at the start, 十 also later (一百十五)."""
    total, digit, last, gap = 0, None, 10_000, False
    for char in text:
        size = _SIZES.get(char)
        if size is None:
            value = _DIGITS.get(char)
            if value is None or digit is not None:
                return None
            gap, digit = (True, None) if value == 0 else (gap, value)
            continue
        if size >= last or (digit is None and last < 10_000 and size > 10):
            return None
        total, digit, last, gap = total + size * (digit or 1), None, size, False
    if digit is None:
        return None if not text or (gap and len(text) > 1) else total
    return total + digit * (1 if gap or last in (10, 10_000) else last // 10)


def _fraction(text: str) -> Number | None:
    """三分之一, 百分之二十, 2/3."""
    denominator, found, numerator = text.partition("分之")
    if not found and (match := _patterns()["slash"].fullmatch(text)):
        numerator, denominator = match[1], match[2]
    below, above = _single(denominator), _single(numerator)
    if not below or above is None:
        return None
    return Number(Context(prec=28).divide(above, below), form=NumberForm.FRACTION)


def _ratio(text: str) -> Number | None:
    """1.76:1, 7∶53∶40: two to six numbers; its meaning is the text, so it has no value."""
    parts = _patterns()["colon"].split(text)
    if not 2 <= len(parts) <= 6 or any(_single(part) is None for part in parts):
        return None
    return Number(None, form=NumberForm.RATIO)


def _range(text: str) -> Number | None:
    """Two numbers with a dash, 至 or 到 between them; None for the bounds of a range that falls."""
    parts = _patterns()["dash"].split(text)
    if len(parts) != 2:
        return None
    low, high = (_single(part.strip().rstrip("%％‰")) for part in parts)
    if low is None or high is None:
        return None
    low, high = _one_scale(parts[0], parts[1], (low, high))
    return Number(None, (low, high) if low <= high else None, NumberForm.RANGE)


def _one_scale(left: str, right: str, ends: tuple[Decimal, Decimal]) -> tuple[Decimal, Decimal]:
    """The ends of a range in one scale where only one carries it: 1—2万 is 1万—2万, 1万—2 is 1—2."""
    own_left, own_right = (_patterns()["scaled"].fullmatch(part.strip()) for part in (left, right))
    low, high = ends
    if own_right and not own_left:
        scale, mantissa = scale_of(own_right[2]), _single(own_right[1])
        if scale and mantissa is not None and low < mantissa:
            low = exact().multiply(low, scale)
    elif own_left and not own_right and low > high:
        low = _single(own_left[1]) or low
    return low, high


def _adjacent(text: str) -> Number | None:
    """Two neighbouring digits as a rough range: 两三, 三五, 三四十, 十七八."""
    match = _patterns()["adjacent"].fullmatch(text)
    if not match or len(text) > MAX_DIGITS or not _neighbours(match[2], match[3]):
        return None
    head, low, high, tail = match.groups()
    ends = (_chinese(head + low + tail), _chinese(head + high + tail))
    if head[-1:] in _DIGITS or ends[0] is None or ends[1] is None:
        return None
    return Number(None, (Decimal(ends[0]), Decimal(ends[1])), NumberForm.RANGE)


def _neighbours(low: str, high: str) -> bool:
    """Whether two digits are said together for `about that many`: one apart, or 三五."""
    return low + high == "三五" or _DIGITS[high] - _DIGITS[low] == 1
