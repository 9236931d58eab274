"""The table of units and measure words, `units.toml`, checked when it is first read."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from types import MappingProxyType

from zhibiao.errors import ConfigError
from zhibiao.tables.words import shipped

FILE = "units.toml"


@dataclass(frozen=True, slots=True)
class UnitEntry:
    """A word of the table: one of it is `factor` of `base`; `theme` is its section (`length`, `people`)."""

    word: str
    base: str
    factor: Fraction
    theme: str
    measured: bool


@cache
def unit_table() -> Mapping[str, UnitEntry]:
    """Every unit and measure word of `units.toml` by its text."""
    return parse_units(shipped(FILE))


@cache
def measure_words() -> tuple[str, ...]:
    """All words of the table, longest first, as an alternation of a regex needs them."""
    return tuple(sorted(unit_table(), key=lambda word: (-len(word), word)))


@cache
def classifiers() -> frozenset[str]:
    """The words that count things (个, 家, 项), without the physical and money units."""
    return frozenset(word for word, entry in unit_table().items() if not entry.measured)


def parse_units(text: str) -> Mapping[str, UnitEntry]:
    """The table that `text` (TOML) holds; a word that stands twice or a wrong factor is an error."""
    tables = tomllib.loads(text)
    if unknown := set(tables) - {"measured", "counted", "same"}:
        raise ConfigError(f"{FILE}: unknown table {sorted(unknown)}; known are measured, counted, same")
    same = tables.get("same", {})
    entries: dict[str, UnitEntry] = {}
    for entry in (*_measured(tables.get("measured", {})), *_counted(tables.get("counted", {}), same)):
        if entry.word in entries:
            where = f"{entries[entry.word].theme} and {entry.theme}"
            raise ConfigError(f"{FILE}: {entry.word!r} stands in {where}; keep one")
        entries[entry.word] = entry
    if lost := (set(same) | set(same.values())) - set(entries):
        raise ConfigError(
            f"{FILE}: [same] names {sorted(lost)}, which no list holds; add them or remove the pair"
        )
    return MappingProxyType(entries)


def _measured(tables: Mapping[str, Mapping[str, object]]) -> Iterator[UnitEntry]:
    """The units of physical, money and data dimensions."""
    for theme, table in tables.items():
        base, units = table.get("base"), table.get("units")
        if not isinstance(base, str) or not isinstance(units, dict):
            raise ConfigError(f"{FILE}: [measured.{theme}] needs `base` and a table `units`")
        for word, factor in units.items():
            yield UnitEntry(word, base, _fraction(theme, word, factor), theme, measured=True)


def _counted(tables: Mapping[str, list[str]], same: Mapping[str, str]) -> Iterator[UnitEntry]:
    """The measure words, each its own base unless [same] names another."""
    for theme, words in tables.items():
        for word in words:
            yield UnitEntry(word, same.get(word, word), Fraction(1), theme, measured=False)


def _fraction(theme: str, word: str, factor: str) -> Fraction:
    """An exact positive factor; written as text, because TOML would make 0.1 a binary float."""
    try:
        value = Fraction(factor)
    except (ValueError, TypeError, ZeroDivisionError):
        value = Fraction(0)
    if isinstance(factor, str) and value > 0:
        return value
    raise ConfigError(f'{FILE}: [measured.{theme}] {word!r} = {factor!r}; write a positive number as "1/15"')
