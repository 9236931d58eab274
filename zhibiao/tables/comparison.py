"""The words that say whether two statements may be compared, from `comparison.toml`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from zhibiao.tables.words import parse_words, shipped

FILE = "comparison.toml"


@dataclass(frozen=True, slots=True)
class ComparisonWords:
    """One set of words per heading of `comparison.toml`; the file says what each is for."""

    from_words: frozenset[str]
    risen: frozenset[str]
    fallen: frozenset[str]
    arrived: frozenset[str]
    milestones: frozenset[str]
    accumulated: frozenset[str]
    coming: frozenset[str]
    neutral: frozenset[str]
    parts_of_a_place: frozenset[str]
    whole_place: frozenset[str]
    last_year: frozenset[str]
    other_base: frozenset[str]
    real_codes: frozenset[str]
    real_words: frozenset[str]
    wanted_low: frozenset[str]
    above_hundred: frozenset[str]
    parts_of_a_whole: frozenset[str]
    of_which: frozenset[str]


@cache
def comparison_words() -> ComparisonWords:
    """The shipped words."""
    return parse_words(ComparisonWords, shipped(FILE), FILE)
