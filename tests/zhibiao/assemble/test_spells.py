"""The months that a record is about."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    ("marked", "periods"),
    [
        ("[I灯会][V3][U场]。", "2023-01/2023-12/whole_year"),
        ("[Y今年1-11月][I灯会][V3][U场]。", "2023-01/2023-11/cumulative"),
        ("[Y2023年底][I书屋][V3][U座]。", "2023-12/2023-12/point"),
        ("[Y三年来][I灯会][V3][U场]。", "2021-01/2023-12/span"),
        # the yearly rate of a value does not make the value an average
        ("[Y五年来][I茶业产值]达[V3][U亿元]，[G年均增长8%]。", "2019-01/2023-12/span"),
        ("[I茶业产值]达[V3][U亿元]，[G年均增长8%]。", "2023-01/2023-12/whole_year"),
        ("[Y五年来][I茶业产值][G年均增长8%]。", "2019-01/2023-12/average"),
        ("五年来，岚城变样。[I茶业产值][G年均增长8%]。", "2019-01/2023-12/average"),
        ("[I茶业产值][G年均增长8%]。", "-/2023-12/average"),
        ("[Y到2026年]，[I茶业产值][G年均增长8%]。", "-/2026-12/average"),
        (
            "[I茶业产值][V3][U亿元]，[G同比增长9%]，[G两年平均增长2%]。",
            "2023-01/2023-12/whole_year 2022-01/2023-12/average",
        ),
        ("三年来，[I治水]年均投入[V3][U亿元]。", "2021-01/2023-12/average"),
        ("[I茶叶出口]年均[G增长8%]、[I占比]达[V4][U%]。", "-/2023-12/average 2023-01/2023-12/whole_year"),
        ("[I治水]年均投入[V3][U亿元]，[I治山][V4][U亿元]。", "-/2023-12/average 2023-01/2023-12/whole_year"),
    ],
)
def test_the_period_of_each_record(records, marked, periods):
    found = [record.period for record in records(marked)]
    assert " ".join(f"{p.start or '-'}/{p.end}/{p.kind}" for p in found) == periods
