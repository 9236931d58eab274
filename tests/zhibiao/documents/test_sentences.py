from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhibiao.documents.sentences import BLANKS, BREAKS, split_paragraphs, split_sentences

TELLING = "甲乙。！？；!?;”’）)」\"' \u3000\xa0\n\r\f\u2028\ufeff1,，：|"
TEXTS = st.text(alphabet=st.one_of(st.sampled_from(TELLING), st.characters()))


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end, _ in split_sentences(text, split_paragraphs(text))]


def paragraphs(text: str) -> list[str]:
    return [text[start:end] for start, end in split_paragraphs(text)]


@pytest.mark.parametrize("mark", "。！？；!?;")
def test_each_mark_ends_a_sentence(mark: str) -> None:
    assert sentences(f"新建凉亭3座{mark}修路2公里{mark}") == [f"新建凉亭3座{mark}", f"修路2公里{mark}"]


@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\r", "\f", "\u2028", "\u2029", "\n\n \n"])
def test_each_line_break_ends_sentence_and_paragraph(line_break: str) -> None:
    text = f"新建凉亭3座{line_break}修路2公里"
    assert sentences(text) == paragraphs(text) == ["新建凉亭3座", "修路2公里"]


def test_commas_colons_and_decimal_points_end_nothing() -> None:
    text = "全年共3件事:收入1.5亿元,增长2.5%、支出1，200万元"
    assert sentences(text) == [text]


def test_closing_quotes_and_brackets_belong_to_the_sentence() -> None:
    text = "他说：“路通了。”村民笑了（真的！）。灯亮了！！』完"
    assert sentences(text) == ["他说：“路通了。”", "村民笑了（真的！）。", "灯亮了！！』", "完"]


def test_a_straight_quote_closes_only_where_nothing_follows() -> None:
    assert sentences('"修桥。"\n"种树。"浇水') == ['"修桥。"', '"种树。', '"浇水']


def test_outer_blanks_are_left_out_and_offsets_stay_true() -> None:
    text = "\ufeff\u3000\u3000甲村修路。 \xa0乙村种树。\u3000"
    assert [text[a:b] for a, b, _ in split_sentences(text, split_paragraphs(text))] == [
        "甲村修路。",
        "乙村种树。",
    ]


def test_paragraph_numbers_count_lines() -> None:
    text = "一句。二句。\n\n三句。"
    assert [number for *_, number in split_sentences(text, split_paragraphs(text))] == [0, 0, 1]


def test_a_blank_after_a_full_stop_ends_a_paragraph_where_there_are_no_line_breaks() -> None:
    assert paragraphs("修路2公里。 种树30棵；\u3000清淤1次，见效快 很好。完") == [
        "修路2公里。",
        "种树30棵；",
        "清淤1次，见效快 很好。完",
    ]


def test_a_blank_after_a_full_stop_ends_nothing_where_there_are_line_breaks() -> None:
    assert paragraphs("修路2公里。 种树30棵。\n清淤1次。 见效快。") == [
        "修路2公里。 种树30棵。",
        "清淤1次。 见效快。",
    ]


def test_a_very_long_line_has_lost_its_line_breaks() -> None:
    part = "全镇新增果园三百亩，" * 60 + "长势很好。"
    text = f"标题行\n{part} {part} {part}\n{part} {part}"
    assert paragraphs(text) == ["标题行", part, part, part, f"{part} {part}"]


def test_one_blank_in_a_long_line_is_a_slip() -> None:
    part = "全镇新增果园三百亩，" * 100 + "长势很好。"
    assert len(paragraphs(f"标题\n{part} {part}\n{part}\n{part}\n{part}")) == 5


@given(TEXTS)
def test_sentences_cover_every_readable_character_once_and_in_order(text: str) -> None:
    spans = list(split_sentences(text, split_paragraphs(text)))
    last = 0
    for start, end, _ in spans:
        assert last <= start < end <= len(text)
        assert not text[last:start].strip(BLANKS + BREAKS)
        assert text[start] not in BLANKS + BREAKS
        assert text[end - 1] not in BLANKS + BREAKS
        last = end
    assert not text[last:].strip(BLANKS + BREAKS)


@given(TEXTS)
def test_no_sentence_crosses_a_line_break_and_numbers_never_fall(text: str) -> None:
    spans = list(split_sentences(text, split_paragraphs(text)))
    assert all(not set(text[start:end]) & set(BREAKS) for start, end, _ in spans)
    numbers = [number for *_, number in spans]
    assert numbers == sorted(numbers)
