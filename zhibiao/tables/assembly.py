"""The words by which spans become records, from `assembly.toml`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from zhibiao.errors import ConfigError
from zhibiao.tables.words import parse_words, shipped

FILE = "assembly.toml"


@dataclass(frozen=True, slots=True)
class AssemblyWords:
    """One set of words per heading of `assembly.toml`; the file says what each is for."""

    light: frozenset[str]
    in_order: frozenset[str]
    compared: frozenset[str]
    this_year: frozenset[str]
    look_back: frozenset[str]
    not_look_back: frozenset[str]
    look_ahead: frozenset[str]
    planned: frozenset[str]
    not_planned: frozenset[str]
    changed: frozenset[str]
    changed_inside: frozenset[str]
    changed_ahead: frozenset[str]
    not_changed: frozenset[str]
    ratios: frozenset[str]
    leaning: frozenset[str]
    leaning_prefixes: frozenset[str]
    results: frozenset[str]
    telling: frozenset[str]
    ranks: frozenset[str]
    particles: frozenset[str]

    def __post_init__(self) -> None:
        if odd := (self.changed_inside | self.changed_ahead) - self.changed:
            raise ConfigError(
                f"{FILE}: {sorted(odd)} is narrowed but does not stand in changed; add it there"
            )


@cache
def assembly_words() -> AssemblyWords:
    """The shipped words."""
    return parse_words(AssemblyWords, shipped(FILE), FILE)
