"""What speaks against taking a number for the place's own figure of the year."""

from __future__ import annotations

import pytest

from zhibiao.series import Caveat, caveats, quotation


def caveats_of(extract, sentence: str, value: str) -> set[Caveat]:
    (record,) = [each for each in extract(2030, sentence) if each.value_text == value]
    return set(caveats(record, quotation(record)))


@pytest.mark.parametrize(
    ("sentence", "value", "expected"),
    [
        ("全市实现地区生产总值800.5亿元。", "800.5", set()),
        ("初步核算，地区生产总值达到800.5亿元。", "800.5", set()),
        ("城镇化率由61.2%提高到63.5%。", "61.2", {Caveat.START}),
        ("城镇化率由61.2%提高到63.5%。", "63.5", set()),
        ("地区生产总值迈上800亿元台阶，达到803.4亿元。", "800", {Caveat.MILESTONE}),
        ("五年累计新增城镇就业30.5万人。", "30.5", {Caveat.OWNER}),
        ("今年累计完成货物进出口总额30.5亿元，城镇化率63.5%。", "63.5", {Caveat.ACCUMULATED}),
        ("滨港开发区货物进出口总额12.6亿元。", "12.6", {Caveat.PART}),
    ],
)
def test_caveats(extract, sentence: str, value: str, expected: set[Caveat]) -> None:
    assert caveats_of(extract, sentence, value) == expected


def test_slots_are_offsets_into_the_evidence(extract) -> None:
    for record in extract(2030, "全市实现地区生产总值800.5亿元，增长6.1%。城镇化率由61.2%提高到63.5%。"):
        quoted = quotation(record)
        quotes = {slot: quoted.text[start:end] for slot, (start, end) in quoted.slots.items()}
        assert quotes["indicator"] == record.indicator
        assert quotes.get("value") == record.value_text
