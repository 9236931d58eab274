"""The words that the rules read sentences by, from `phrases.toml`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields
from functools import cache
from importlib.resources import files

from zhibiao.errors import ConfigError


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
    """The shipped words. Raises ConfigError on a missing or unknown heading."""
    table = tomllib.loads(files("zhibiao.tables").joinpath("phrases.toml").read_text(encoding="utf-8"))
    known = {field.name for field in fields(Phrases)}
    if set(table) != known:
        odd = sorted(set(table) ^ known)
        raise ConfigError(
            f"zhibiao/tables/phrases.toml: headings {odd} are missing or unknown; expected {sorted(known)}"
        )
    return Phrases(**{name: frozenset(words) for name, words in table.items()})


@cache
def whole_words() -> frozenset[str]:
    """The words that stay whole when a sentence is cut into words."""
    known = phrases()
    return known.openers | known.breaks | known.adverbs | known.owners | known.predicates | known.nouns
