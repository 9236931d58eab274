"""The report's words in Chinese and English, from `words.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources

from zhibiao.view.lang import Lang

__all__ = ["Words", "table_of_words"]


class Words:
    """Looks words up in one language: `words("found", count=3)`."""

    def __init__(self, lang: Lang) -> None:
        self.lang = lang

    def __call__(self, key: str, **values: object) -> str:
        """The words of `key` with `values` filled in."""
        return table_of_words()[key][self.lang.value].format(**values)

    def name(self, kind: str, key: str) -> str:
        """The name of a slice, a cause, a slot: what the words do not know stands for itself."""
        words = table_of_words().get(f"{kind}_{key}")
        return words[self.lang.value] if words else key


@cache
def table_of_words() -> Mapping[str, Mapping[str, str]]:
    """Every key with its words in both languages."""
    text = resources.files("training.report").joinpath("words.toml").read_text(encoding="utf-8")
    table: dict[str, dict[str, str]] = tomllib.loads(text)
    return table
