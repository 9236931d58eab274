"""Units with their scale: 亿元 is 10^8 元, 万亩 is 10^4 * 2000/3 平方米."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Context, Decimal
from fractions import Fraction
from functools import cache, lru_cache

from zhibiao.normalise.numbers import MAX_DIGITS, exact, scale_of
from zhibiao.tables.units import measure_words, unit_table

SCALES = "十百千万亿"
_ROUNDED = Context(prec=28)


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as stated: one of it is `scale` (exact) of `base`; a bare 亿 has the base ''."""

    text: str
    scale: Fraction
    base: str


@lru_cache(maxsize=4096)
def parse_unit(text: str) -> Unit | None:
    """The unit that `text` names, or None for an empty text; an unknown unit is its own base.

    Of a rate (万元/人) only the scale in front is taken off.
    """
    word = "".join(text.split()).replace("／", "/")
    if not word:
        return None
    table = unit_table()
    for cut in range(_scale_length(word) + 1):
        scale = Fraction(1) if cut == 0 else _scale(word[:cut])
        entry = table.get(word[cut:])
        if scale is not None and entry is not None:
            return Unit(text, scale * entry.factor, entry.base)
    scale, base = _unknown(word)
    return Unit(text, scale, base)


def to_base(value: Decimal, unit: Unit) -> tuple[Decimal, str]:
    """`value` of `unit` in the base unit; exact, but 28 digits where no decimal is (亩 is 2000/3 平方米)."""
    product = exact().multiply(value, Decimal(unit.scale.numerator))
    if unit.scale.denominator == 1:
        return product, unit.base
    quotient = exact().divide(product, Decimal(unit.scale.denominator))
    if len(quotient.as_tuple().digits) == exact().prec:
        quotient = _ROUNDED.plus(quotient)
    return quotient, unit.base


@cache
def unit_source() -> str:
    """Regex source, without groups, of a known unit with the scale before it; the longest word wins."""
    words = "|".join(re.escape(word).replace("/", "[/／]") for word in measure_words())
    return rf"(?:个[万亿](?![元级以])|(?:{words})|[{SCALES}]{{1,3}}(?:{words})|[{SCALES}]?[万亿])"


def _scale_length(text: str) -> int:
    """How many characters of a scale stand at the start."""
    return len(text) - len(text.lstrip(SCALES)) if len(text) <= MAX_DIGITS else 0


def _scale(word: str) -> Fraction | None:
    """A scale word as a factor."""
    value = scale_of(word)
    return None if value is None else Fraction(value)


def _unknown(word: str) -> tuple[Fraction, str]:
    """Scale and base of a unit outside the table: the scale in front is taken off (个亿 counts as 亿)."""
    bare = word.removeprefix("个")
    if bare != word and (scale := _scale(bare)) is not None:
        return scale, ""
    for cut in range(_scale_length(word), 0, -1):
        if (scale := _scale(word[:cut])) is not None:
            return scale, word[cut:]
    return Fraction(1), word
