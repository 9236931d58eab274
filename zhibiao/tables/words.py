"""Tables of words: a TOML file with one list a heading, read into a dataclass with one set a field."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import fields
from importlib.resources import files
from typing import TypeVar

from zhibiao.errors import ConfigError

Words = TypeVar("Words")


def shipped(file: str) -> str:
    """The text of a table that ships with the package."""
    return (files("zhibiao.tables") / file).read_text(encoding="utf-8")


def parse_words(kind: type[Words], text: str, file: str) -> Words:
    """`kind`, a dataclass, with the words that `text` (TOML) holds; lists become sets, all else stays.

    Raises ConfigError, naming `file`, for a heading that is missing or unknown.
    """
    table = tomllib.loads(text)
    known = {field.name for field in fields(kind)}  # type: ignore[arg-type]  # any dataclass
    if odd := set(table) ^ known:
        raise ConfigError(f"{file}: {sorted(odd)} is missing or unknown; the headings are {sorted(known)}")
    return kind(
        **{name: frozenset(words) if isinstance(words, list) else words for name, words in table.items()}
    )


def alternation(words: Iterable[str]) -> str:
    """Regex source of any of `words`, longest first."""
    return "|".join(sorted(words, key=lambda word: (-len(word), word)))
