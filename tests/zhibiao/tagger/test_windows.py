"""Windows own every character once, fit the encoder, and leave out only what can hold no record."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhibiao.documents import build
from zhibiao.errors import ConfigError
from zhibiao.tagger.windows import WindowPlan, can_hold_a_record, piece_numbers, pieces_of, windows_of

PARTS = (
    "实现",
    "产值",
    "3.6",
    "亿元",
    "增长",
    "，",
    "。",
    "；",
    "\n",
    " ",
    "𠮷",
    "🏮",
    "二十",
    "岚",
    "a",
    "１２",
    "%",
)
TEXTS = st.one_of(
    st.lists(st.sampled_from(PARTS), max_size=150).map("".join),
    st.text(st.characters(exclude_categories=("Cs",)), max_size=300),
)
PLANS = st.builds(
    lambda limit, size, context, gated: WindowPlan(
        size=min(size, limit), context=min(context, (limit - 1) // 2), limit=limit, gated=gated
    ),
    st.integers(1, 60),
    st.integers(1, 60),
    st.integers(0, 20),
    st.booleans(),
)


@given(text=TEXTS, plan=PLANS)
def test_every_character_is_owned_once_or_left_out_for_a_reason(text, plan):
    document = build(text, id="lancheng")
    owned = [0] * len(document.text)
    for window in windows_of(document, plan):
        assert 0 <= window.start <= window.own_start < window.own_end <= window.end <= len(document.text)
        assert window.end - window.start <= plan.limit
        for place in range(window.own_start, window.own_end):
            owned[place] += 1
    assert max(owned, default=1) <= 1
    if not plan.gated:
        assert all(owned)
    for start, end in pieces_of(document):
        read = owned[start:end]
        # A sentence is read whole or not at all, and left out only where no numeral stands in it.
        assert len(set(read)) == 1
        assert read[0] or not can_hold_a_record(document.text, start, end)


@given(text=TEXTS, plan=PLANS)
def test_windows_come_in_text_order(text, plan):
    starts = [window.own_start for window in windows_of(build(text, id="lancheng"), plan)]
    assert starts == sorted(starts)


@given(TEXTS)
def test_pieces_are_the_whole_text_and_sentences_keep_to_theirs(text):
    document = build(text, id="lancheng")
    pieces = pieces_of(document)
    assert "".join(document.text[start:end] for start, end in pieces) == document.text
    numbers = piece_numbers(document, [sentence.start for sentence in document.sentences])
    assert numbers == list(range(len(document.sentences)))
    for sentence, number in zip(document.sentences, numbers, strict=True):
        assert pieces[number][0] <= sentence.start < sentence.end <= pieces[number][1]


def test_sentences_are_packed_and_read_their_neighbours():
    document = build("灯会产值5亿元。客流8万人次。书屋3座。", id="lancheng")
    windows = windows_of(document, WindowPlan(size=16, context=3, limit=40))
    assert [document.text[one.own_start : one.own_end] for one in windows] == [
        "灯会产值5亿元。客流8万人次。",
        "书屋3座。",
    ]
    assert document.text[windows[1].start : windows[1].own_start] == "人次。"


def test_a_sentence_beyond_the_encoder_is_cut_behind_a_comma_but_not_inside_a_number():
    text = "茶园1,234,567亩，果园1,234,567亩，" * 5 + "合计一片。"
    document = build(text, id="lancheng")
    plan = WindowPlan(size=20, context=2, limit=24)
    owned = [document.text[one.own_start : one.own_end] for one in windows_of(document, plan)]
    assert "".join(owned) == document.text
    assert all("1,234,567" in part or "234" not in part for part in owned)


def test_without_a_comma_it_is_cut_at_the_limit():
    document = build("一" * 100, id="lancheng")
    owned = [one.own_end - one.own_start for one in windows_of(document, WindowPlan(20, 2, 24))]
    assert owned == [20] * 5


@pytest.mark.parametrize("text", ["", "\n", " \n\n", "各项工作有序推进。"])
def test_what_can_hold_no_record_needs_no_window(text):
    assert windows_of(build(text, id="lancheng"), WindowPlan()) == []


@pytest.mark.parametrize(
    "text", ["5亿元", "五成", "１２％", "过半", "翻番", "一倍", "Ⅲ级", "②", "廿载", "两成"]
)
def test_numerals_of_every_sort_are_seen(text):
    assert can_hold_a_record(f"增长{text}。")


@pytest.mark.parametrize(
    "plan", [{"size": 0}, {"size": 600}, {"context": 300}, {"limit": 32, "context": 16, "size": 20}]
)
def test_a_plan_that_no_encoder_can_follow_is_refused(plan):
    with pytest.raises(ConfigError, match="twice the context"):
        WindowPlan(**plan)
