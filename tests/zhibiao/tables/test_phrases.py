"""The words that the rules read sentences by."""

from __future__ import annotations

import pytest

from zhibiao.errors import ConfigError
from zhibiao.tables.phrases import FILE, Phrases, phrases, whole_words
from zhibiao.tables.units import measure_words
from zhibiao.tables.words import parse_words, shipped


def test_no_list_is_empty_and_no_word_is_blank() -> None:
    for name in Phrases.__slots__:
        words = getattr(phrases(), name)
        assert words, name
        assert all(word == word.strip() != "" for word in words), name


def test_units_of_the_phrases_are_measure_words() -> None:
    assert phrases().plain_units | phrases().odd_units <= set(measure_words())


def test_a_word_of_several_lists_is_meant_so() -> None:
    """Causal verbs are openers; what ends an indicator's left edge cannot at the same time begin it."""
    assert not phrases().owners & (phrases().openers | phrases().nouns)
    assert phrases().nouns <= whole_words()


def test_an_unknown_heading_is_an_error() -> None:
    with pytest.raises(ConfigError, match=r"phrases\.toml: \['verbs'\] is missing or unknown"):
        parse_words(Phrases, shipped(FILE) + '\nverbs = ["走"]\n', FILE)
