"""The words that the rules read sentences by, from `phrases.toml`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from zhibiao.tables.words import parse_words, shipped

FILE = "phrases.toml"


@dataclass(frozen=True, slots=True)
class Phrases:
    """One set of words per heading of `phrases.toml`; the file says what each is for."""

    openers: frozenset[str]
    causal: frozenset[str]
    nominal: frozenset[str]
    breaks: frozenset[str]
    adverbs: frozenset[str]
    heads: frozenset[str]
    generic: frozenset[str]
    tails: frozenset[str]
    between: frozenset[str]
    directions: frozenset[str]
    nouns: frozenset[str]
    progress: frozenset[str]
    plain_units: frozenset[str]
    odd_units: frozenset[str]
    owners: frozenset[str]
    predicates: frozenset[str]
    structure: frozenset[str]
    abstract: frozenset[str]
    slogans: frozenset[str]


@cache
def phrases() -> Phrases:
    """The shipped words."""
    return parse_words(Phrases, shipped(FILE), FILE)


@cache
def whole_words() -> frozenset[str]:
    """The words that stay whole when a sentence is cut into words."""
    known = phrases()
    return known.openers | known.breaks | known.adverbs | known.owners | known.predicates | known.nouns
