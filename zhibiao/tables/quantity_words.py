"""The words that stand with numbers, from `quantity_words.toml`: qualifiers and directions of change."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from functools import cache
from importlib.resources import files

from zhibiao.errors import ConfigError

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
    return parse_quantity_words((files("zhibiao.tables") / FILE).read_text(encoding="utf-8"))


def parse_quantity_words(text: str) -> QuantityWords:
    """The words that `text` (TOML) holds; a heading that is missing or unknown is an error."""
    table = tomllib.loads(text)
    known = {field.name for field in fields(QuantityWords)}
    if odd := set(table) ^ known:
        raise ConfigError(f"{FILE}: {sorted(odd)} is missing or unknown; the headings are {sorted(known)}")
    other_word = table.pop("other_word")
    return QuantityWords(**{name: frozenset(words) for name, words in table.items()}, other_word=other_word)


def alternation(words: Iterable[str]) -> str:
    """Regex source of any of `words`, longest first."""
    return "|".join(sorted(words, key=lambda word: (-len(word), word)))
