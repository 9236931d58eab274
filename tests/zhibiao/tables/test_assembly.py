"""The words by which spans become records."""

from __future__ import annotations

import re

import pytest

from zhibiao.errors import ConfigError
from zhibiao.tables.assembly import FILE, AssemblyWords, assembly_words
from zhibiao.tables.words import parse_words, shipped


def test_no_list_is_empty_and_no_word_is_blank():
    words = assembly_words()
    for name in type(words).__slots__:
        assert getattr(words, name), name
        assert all(word.strip() == word != "" for word in getattr(words, name)), name


@pytest.mark.parametrize(
    ("old", "new", "finding"),
    [
        ("in_order =", "by_order =", "by_order"),
        (
            'changed_inside = ["增加"',
            'changed_inside = ["猛增"',
            "['猛增'] is narrowed but does not stand in changed",
        ),
    ],
)
def test_a_wrong_table_says_what_is_wrong(old, new, finding):
    assert old in shipped(FILE)
    with pytest.raises(ConfigError, match=re.escape(finding)):
        parse_words(AssemblyWords, shipped(FILE).replace(old, new), FILE)
