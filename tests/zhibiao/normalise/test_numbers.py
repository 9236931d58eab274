"""Numbers as these reports write them."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest

from zhibiao.normalise.numbers import NUMBER, NumberForm, format_decimal, parse_number

PLAIN = """
0 0 | 12 12 | １２ 12 | 12.3 12.3 | 1２．3 12.3 | 1,234.5 1234.5 | 1,234,567 1234567 | １，２３４ 1234
-3.5 -3.5 | －3.5 -3.5 | 负2 -2 | 负二 -2 | 007 7
十 10 | 十二 12 | 二十 20 | 二十一 21 | 百 100 | 千 1000 | 一百零五 105 | 一百十五 115 | 一百二 120
两百 200
两千三 2300 | 八千 8000 | 三千零二十五 3025 | 三千零二十五点八 3025.8 | 一万零五 10005 | 三万五 35000
十二万三千 123000
万 10000 | 百万 1000000 | 一千万 10000000 | 亿 100000000 | 万亿 1000000000000 | 一亿零三十 100000030
三点五万 35000 | 八点二万亿 8200000000000 | 两 2 | 俩 2 | 〇 0 | 零 0 | 廿 20 | 廿五 25 | 卅 30
二〇二四 2024
壹贰叁 123 | 壹佰贰拾叁 123 | 肆仟伍佰陆拾柒 4567 | 捌玖〇 890 | 半 0.5 | 一半 0.5
8千 8000 | 1万 10000 | 35万 350000 | 1.2万亿 1200000000000 | 3万5千 35000 | 1亿2000万 120000000 | 2百 200
"""

FRACTIONS = """
三分之一 0.3333333333333333333333333333 | 四分之一 0.25 | 2/3 0.6666666666666666666666666667
百分之二十 0.2 | 百分之20.5 0.205 | 千分之三 0.003 | 百分之百 1
"""

RANGES = """
10-15 10 15 | 100—120 100 120 | 10－15 10 15 | 10~15 10 15 | 10至15 10 15 | 三到五 3 5 | 5%—5.5 5 5.5
5％-6 5 6
1—2万 10000 20000 | 1万—2 1 2 | 1万—2万 10000 20000 | 5千-1万 5000 10000 | 100-2万 100 20000 | 三五 3 5
两三 2 3
三四十 30 40 | 十七八 17 18 | 两三百 200 300 | 一万五六 15000 16000 | 二十五六 25 26
"""

NOTHING = """
文字 | . | 12, | 12.3.4 | 1,23 | ٣٤ | १२ | 千百 | 十百 | 亿亿 | 亿万 | 万万 | 三百零 | 一二 三 | 十1
1千2万 | 点五 | 1/0 | - | 负 | 负负2 | \ud800 | 数十 | 几百 | 1:2:3:4:5:6:7 | 1-2-3 | ½ | Ⅲ | ①
"""


def rows(table: str) -> list[tuple[str, ...]]:
    """`a b | c d` as [(a, b), (c, d)]."""
    return [tuple(cell.split()) for line in table.strip().splitlines() for cell in line.split("|")]


@pytest.mark.parametrize(("text", "value"), rows(PLAIN))
def test_one_number(text: str, value: str) -> None:
    number = parse_number(text)
    assert number is not None
    assert (number.value, number.bounds, number.form) == (Decimal(value), None, NumberForm.PLAIN)


@pytest.mark.parametrize(("text", "value"), rows(FRACTIONS))
def test_fractions_are_numbers(text: str, value: str) -> None:
    number = parse_number(text)
    assert number is not None
    assert (number.value, number.bounds, number.form) == (Decimal(value), None, NumberForm.FRACTION)


@pytest.mark.parametrize(("text", "low", "high"), rows(RANGES))
def test_ranges_have_bounds_and_no_value(text: str, low: str, high: str) -> None:
    number = parse_number(text)
    assert number is not None
    assert (number.value, number.bounds) == (None, (Decimal(low), Decimal(high)))


def test_a_falling_range_has_no_bounds() -> None:
    number = parse_number("15-10")
    assert number is not None
    assert (number.value, number.bounds, number.form) == (None, None, NumberForm.RANGE)


@pytest.mark.parametrize("text", ["1.76:1", "1∶1.76", "7.4∶53.3∶39.3", "4：5：1", "1比3", "一比三"])
def test_ratios_have_neither_value_nor_bounds(text: str) -> None:
    number = parse_number(text)
    assert number is not None
    assert (number.value, number.bounds, number.form) == (None, None, NumberForm.RATIO)


@pytest.mark.parametrize("text", [cell.strip() for cell in ("|" + NOTHING.replace("\n", "|")).split("|")])
def test_what_is_no_number(text: str) -> None:
    assert parse_number(text) is None


SPANS = """
投入35万余人次 35万 | 完成3025.8亿元 3025.8 | 三千零二十五点八亿元 三千零二十五点八
十二万三千人 十二万三千
三十万人 三十 | 数十个几百家十几户二十几个 | 突破千亿元 千 | 突破万亿元 万 | 万余名 万 | 百余个 百
5千多户 5千 | 5千户 5
3万5千人 3万5千 | 1亿2000万元 1亿2000万 | 升5%—5.5% 5%—5.5 | 1,234,567元 1,234,567 | 三五家 三五
10—15万余人 10—15万
为7.4∶53.3∶39.3。 7.4∶53.3∶39.3 | 占四分之一。 四分之一 | 占20.5％ 20.5 | 逾１２３家 １２３ | 共٣٤家
十1 十 1
新建12,改建3 12 3 | 3.0.1 3.0 | 亿元 | 千万元 千
"""


@pytest.mark.parametrize("row", rows(SPANS), ids=" ".join)
def test_the_pattern_finds_what_a_value_span_marks(row: tuple[str, ...]) -> None:
    assert re.findall(NUMBER, row[0]) == list(row[1:])


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("1E+3", "1000"),
        ("6.450", "6.45"),
        ("-0.0", "0"),
        ("5.0", "5"),
        ("-41.97", "-41.97"),
        ("1E-7", "0.0000001"),
    ],
)
def test_numbers_are_written_plainly(value: str, text: str) -> None:
    assert format_decimal(Decimal(value)) == text
