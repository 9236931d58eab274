"""The words that stand with numbers."""

from __future__ import annotations

import re

import pytest

from zhibiao.errors import ConfigError
from zhibiao.tables.quantity_words import FILE, QuantityWords, quantity_words
from zhibiao.tables.words import alternation, parse_words, shipped


def test_words_that_stand_behind_are_qualifiers() -> None:
    words = quantity_words()
    assert words.behind <= words.at_least | words.at_most | words.about
    assert "以上" not in words.in_front
    assert set(words.other_word) <= words.in_front


def test_the_longest_word_is_tried_first() -> None:
    assert re.match(alternation({"超", "超过"}), "超过").group() == "超过"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("old", "new", "finding"),
    [
        ("and_more =", "more =", "and_more"),
        ('about = ["左右"', 'about = ["超"', "'超'] stands in at_least and in about"),
        ('fall = [\n    "负增长"', 'fall = [\n    "增长"', "'增长'] stands in rise and in fall"),
    ],
)
def test_a_wrong_table_says_what_is_wrong(old: str, new: str, finding: str) -> None:
    assert old in shipped(FILE)
    with pytest.raises(ConfigError, match=re.escape(finding)):
        parse_words(QuantityWords, shipped(FILE).replace(old, new), FILE)
