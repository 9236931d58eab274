"""The words that stand with numbers, from `quantity_words.toml`: qualifiers and directions of change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from zhibiao.errors import ConfigError
from zhibiao.tables.words import parse_words, shipped

FILE = "quantity_words.toml"


@dataclass(frozen=True, slots=True)
class QuantityWords:
    """One set of words per heading of `quantity_words.toml`; the file says what each is for."""

    at_least: frozenset[str]
    at_most: frozenset[str]
    and_more: frozenset[str]
    about: frozenset[str]
    behind: frozenset[str]
    rise: frozenset[str]
    fall: frozenset[str]
    falling: frozenset[str]
    easing: frozenset[str]
    other_word: Mapping[str, str]

    def __post_init__(self) -> None:
        for first, second in (
            ("at_least", "at_most"),
            ("at_least", "about"),
            ("at_most", "about"),
            ("rise", "fall"),
        ):
            if both := getattr(self, first) & getattr(self, second):
                raise ConfigError(f"{FILE}: {sorted(both)} stands in {first} and in {second}; keep one")

    @property
    def in_front(self) -> frozenset[str]:
        """The qualifiers that stand before a number."""
        return (self.at_least | self.at_most | self.about) - self.behind


@cache
def quantity_words() -> QuantityWords:
    """The shipped words."""
    return parse_words(QuantityWords, shipped(FILE), FILE)
