"""Counting by blocks: what is common, what is neutral, where the first bad block lies."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhibiao.documents.plausibility import BLOCK, COMMON_HANZI, judge

GOOD = "全年完成固定资产投资，同比增长；新增就业岗位。"
RARE = "囗囙囚囜囝回囟囡团囤囥囦囧囨囩囪囫囬园囮囯困"


def test_common_characters_are_single_and_hanzi() -> None:
    assert len(set(COMMON_HANZI)) == len(COMMON_HANZI) >= 500
    assert all("\u4e00" <= char <= "\u9fff" for char in COMMON_HANZI)


@given(st.text(max_size=3000))
def test_counts_are_those_of_the_whole_text(text: str) -> None:
    total = judge(text).total
    assert 0 <= total.common <= total.hanzi <= total.letters <= len(text)
    assert total.private + total.hanzi <= total.letters
    assert total.lost == sum(
        text[at : at + BLOCK].count("\ufffd") + text[at : at + BLOCK].count("锟斤拷")
        for at in range(0, len(text), BLOCK)
    )


@pytest.mark.parametrize("text", ["", "GDP 12.6%", "“”，。、；：（）《》—…·℃㎡①─　％＋"])
def test_punctuation_and_ascii_are_no_letters(text: str) -> None:
    assert judge(text).total.letters == 0
    assert not judge(text).is_chinese


def test_the_first_bad_block_is_named() -> None:
    good = (GOOD * BLOCK)[: 2 * BLOCK]
    bad = (RARE * BLOCK)[:BLOCK]
    assert judge(good).bad_block is None
    assert judge(good + bad + good).bad_block == 2 * BLOCK
    assert not judge(good + bad + good).is_chinese


def test_a_guess_needs_more_than_a_proof() -> None:
    mixed = judge((GOOD[:4] + RARE[:8]) * 20)
    assert mixed.is_chinese
    assert not mixed.is_surely_chinese
