"""Whole words are hidden and nothing else; what is hidden is known; the same seed hides the same."""

from __future__ import annotations

import numpy as np
import pytest

from training.masked_text import MaskedText, masked_text
from zhibiao.documents import build
from zhibiao.schema import Document
from zhibiao.tagger.alphabet import Alphabet
from zhibiao.tagger.vocabulary import Specials

TEXT = (
    "棠湾区2024年政府工作报告\n\n一、2024年工作回顾\n"
    "全年实现规上工业增加值超36.5亿元，同比增长8.2%。新增就业岗位3200个，城镇登记失业率控制在2.1%以内。\n"
    "空气优良天数比例达到92.3%，群众满意度持续提升。\n"
)
KNOWN = sorted(set(TEXT) - set("\n棠"))
ALPHABET = Alphabet(
    {"\n": 5, " ": 5} | {one: row for row, one in enumerate(KNOWN, start=6)},
    Specials(0, 1, 2, 3, 4),
    6 + len(KNOWN),
)
NEVER = [*ALPHABET.ids("0123456789 "), *ALPHABET.specials.ids()]


@pytest.fixture
def document() -> Document:
    return build(TEXT, id="tangwan-2024")


@pytest.fixture
def text(document: Document) -> MaskedText:
    return masked_text([document, document], ALPHABET, window=40)


def rows_of(text: MaskedText) -> np.ndarray:
    return np.arange(len(text.starts) - 1)


def test_the_windows_hold_every_character_once_between_their_ends(
    text: MaskedText, document: Document
) -> None:
    windows = [text.ids[a:b] for a, b in zip(text.starts, text.starts[1:], strict=False)]
    assert {(one[0], one[-1]) for one in windows} == {(ALPHABET.cls, ALPHABET.sep)}
    joined = np.concatenate([one[1:-1] for one in windows])
    assert joined.tolist() == [*ALPHABET.ids(document.text)] * 2
    assert max(text.lengths()) <= 60


def test_hidden_words_are_whole_and_everything_else_stays(text: MaskedText) -> None:
    rows = rows_of(text)[::-1]
    plain = text.batch(rows, ALPHABET, share=0.0, seed=[1])
    words = text.batch(rows, ALPHABET, share=0.4, seed=[1])
    assert len(plain.places) == 0
    assert 0 < len(words.places) < (text.words >= 0).sum()
    before, after = plain.ids.reshape(-1), words.ids.reshape(-1)
    assert (before[words.places] == words.targets).all()
    others = np.setdiff1d(np.arange(before.size), words.places)
    assert (before[others] == after[others]).all()
    assert set(words.targets.tolist()).isdisjoint(NEVER)
    hidden = np.zeros(before.size, dtype=bool)
    hidden[words.places] = True
    for row, in_batch in zip(rows, hidden.reshape(plain.ids.shape), strict=True):
        numbers = text.words[text.starts[row] : text.starts[row + 1]]
        for number in set(numbers.tolist()):
            assert len(set(in_batch[: len(numbers)][numbers == number].tolist())) == 1, number


def test_all_that_may_be_hidden_is_hidden_where_the_share_is_one(text: MaskedText) -> None:
    batch = text.batch(rows_of(text), ALPHABET, share=1.0, seed=[1])
    assert len(batch.places) == (text.words >= 0).sum()
    masked = (batch.ids.reshape(-1)[batch.places] == ALPHABET.mask).mean()
    assert 0.6 < masked < 0.95


def test_numbers_belong_to_no_word_and_join_none(text: MaskedText) -> None:
    numeral = np.isin(text.ids, ALPHABET.ids("0123456789"))
    assert (text.words[numeral] == -1).all()
    kept = text.words[text.words >= 0]
    assert (np.diff(kept) >= 0).all()


def test_the_seed_decides(text: MaskedText) -> None:
    first, again, other = (text.batch(rows_of(text), ALPHABET, share=0.3, seed=[3, n]) for n in (0, 0, 1))
    assert (first.ids == again.ids).all()
    assert (first.places == again.places).all()
    assert first.places.tolist() != other.places.tolist()


def test_text_that_no_encoding_holds_is_taken_too() -> None:
    odd = masked_text([build("全年\ud800增长\U0001f600８.2%。\r\n", id="odd")], ALPHABET, window=40)
    assert len(odd.ids) == len(odd.words) == odd.starts[-1] == 13 + 2
