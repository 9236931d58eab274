"""Radicals become the characters they stand for, one for one."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from zhibiao.documents.radicals import restore_characters


def test_words_printed_with_radicals_are_readable() -> None:
    assert restore_characters("⼀、⼯业增⻓12%，惠及⼾⻅⺠⽣⾯") == ("一、工业增长12%，惠及户见民生面", 8)
    assert restore_characters("一、工业增长") == ("一、工业增长", 0)


@given(st.text(alphabet=st.characters(min_codepoint=0x2E00, max_codepoint=0x5000)))
def test_offsets_stay_and_only_radicals_change(text: str) -> None:
    restored, count = restore_characters(text)
    assert len(restored) == len(text)
    changed = [(old, new) for old, new in zip(text, restored, strict=True) if old != new]
    assert len(changed) == count
    assert all(
        "RADICAL" in unicodedata.name(old) and "CJK UNIFIED" in unicodedata.name(new) for old, new in changed
    )
    assert restore_characters(restored) == (restored, 0)
