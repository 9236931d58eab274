"""What holds of all numbers, units and texts, not only of examples."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhibiao.normalise.growth import COMPARISON, parse_growth
from zhibiao.normalise.numbers import NUMBER, format_decimal, parse_number
from zhibiao.normalise.periods import TIME, parse_period, resolve_year
from zhibiao.normalise.qualifiers import bounds, find_qualifier
from zhibiao.normalise.units import parse_unit, to_base, unit_source
from zhibiao.schema import PeriodKind
from zhibiao.tables.quantity_words import quantity_words
from zhibiao.tables.units import measure_words, unit_table

WORDS = quantity_words()
DIGITS = "零一二三四五六七八九"
ALPHABET = (
    "0123456789０１９.,，．%％‰:：/-—－至到零〇一二两三十百千万亿点分之余多来超近约以上下左右增长降幅番成倍个百"
    "年月日底末初起今去前后五季度半全同比较\ud800\udc00\n ٣१½"
)

decimals = st.decimals(min_value=0, max_value=10**15, allow_nan=False, allow_infinity=False, places=4)
texts = st.one_of(
    st.text(max_size=40),
    st.text(st.characters(categories=["Cs", "Nd", "Nl", "No", "Cc"]), max_size=20),
    st.text(st.sampled_from(ALPHABET), max_size=60),
)


def chinese(number: int) -> str:
    """`number` as a schoolbook numeral; a writer of our own, to read back."""
    for size, unit in ((10**8, "亿"), (10**4, "万")):
        if number >= size:
            high, low = divmod(number, size)
            gap = "零" if 0 < low < size // 10 else ""
            return chinese(high) + unit + (gap + chinese(low) if low else "")
    text, gap = "", False
    for size, unit in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, size)
        if digit:
            text += ("零" if gap and text else "") + DIGITS[digit] + unit
        gap = bool(text) and (digit == 0)
    return text or "零"


@given(st.integers(0, 10**12 - 1))
def test_chinese_numerals_round_trip(number: int) -> None:
    numeral = chinese(number)
    parsed = parse_number(numeral)
    assert parsed is not None
    assert parsed.value == number


@given(st.integers(0, 10**8 - 1))
def test_a_chinese_numeral_is_one_span(number: int) -> None:
    numeral = chinese(number)
    found = re.findall(NUMBER, f"共{numeral}家")
    trailing = re.fullmatch("(.*?)[万亿]*", numeral)
    assert trailing is not None
    assert found == [trailing[1]]


@given(decimals)
def test_arabic_numbers_round_trip(value: Decimal) -> None:
    for text in (format_decimal(value), f"{value:,f}", f"{value:f}"):
        parsed = parse_number(text)
        assert parsed is not None
        assert parsed.value == value
        assert re.findall(NUMBER, f"达{text}亿元") == [text]


@given(decimals, st.sampled_from(["十", "百", "千", "万", "亿", "百万", "万亿"]))
def test_a_scale_word_multiplies(value: Decimal, word: str) -> None:
    scale, number = parse_number(word), parse_number(format_decimal(value) + word)
    assert scale is not None and scale.value is not None and number is not None
    assert number.value == value * scale.value


@given(st.integers(0, 10**12 - 1), st.integers(0, 10**12 - 1))
def test_order_is_kept(first: int, second: int) -> None:
    one, other = parse_number(chinese(first)), parse_number(chinese(second))
    assert one is not None and other is not None and one.value is not None and other.value is not None
    assert (one.value < other.value) == (first < second)


@given(decimals, decimals)
def test_a_range_holds_its_ends(first: Decimal, second: Decimal) -> None:
    low, high = sorted((first, second))
    number = parse_number(f"{low:f}—{high:f}")
    assert number is not None
    assert (number.value, number.bounds) == (None, (low, high))


@given(decimals)
def test_full_width_digits_mean_the_same(value: Decimal) -> None:
    text = format_decimal(value)
    wide = text.translate(str.maketrans("0123456789.", "０１２３４５６７８９．"))
    assert parse_number(wide) == parse_number(text)


@given(st.integers(1, 10**9), st.integers(1, 10**9))
def test_fractions_are_quotients(above: int, below: int) -> None:
    number = parse_number(f"{above}/{below}")
    assert number is not None and number.value is not None
    assert abs(number.value * below - above) <= above * Decimal("1e-27")


@given(decimals, st.sampled_from(measure_words()), st.sampled_from(["", "万", "亿", "百万", "万亿"]))
def test_scales_of_units_multiply(value: Decimal, word: str, scale: str) -> None:
    unit = parse_unit(scale + word)
    factor = {"": 1, "万": 10**4, "亿": 10**8, "百万": 10**6, "万亿": 10**12}[scale]
    assert unit is not None
    assert unit.scale == factor * unit_table()[word].factor
    assert unit.base == unit_table()[word].base
    base, name = to_base(value, unit)
    assert name == unit.base
    exact = value * unit.scale.numerator
    assert abs(base * unit.scale.denominator - exact) <= exact * Decimal("1e-24")


@given(st.sampled_from(measure_words()))
def test_every_measure_word_is_found_whole(word: str) -> None:
    match = re.match(unit_source(), f"{word}，")
    assert match is not None
    assert match[0] == word


@given(decimals, st.sampled_from(sorted(WORDS.at_least | WORDS.at_most | WORDS.and_more | WORDS.about)))
def test_an_interval_holds_its_number(value: Decimal, qualifier: str) -> None:
    interval = bounds(value, qualifier)
    assert interval is not None
    low, high = interval
    assert (low is None or low <= value) and (high is None or value <= high)
    assert interval != (None, None)
    mirrored = bounds(-value, qualifier)
    if value:
        assert mirrored == (None if high is None else -high, None if low is None else -low)


@given(st.decimals(0, 1000, places=2), st.sampled_from(["增长", "下降", "同比增长", "年均下降"]))
def test_growth_is_its_number_with_a_sign(rate: Decimal, words: str) -> None:
    growth = parse_growth(f"{words}{rate:f}%")
    assert growth is not None
    assert growth.rate == (-rate if "下降" in words else rate)


@given(st.integers(1990, 2040), st.integers(1, 12), st.integers(1, 12))
def test_months_stay_in_order(year: int, first: int, last: int) -> None:
    period = parse_period(f"{year}年{first}-{last}月", year=year)
    assert period is not None
    assert period.end == f"{year}-{last:02d}"
    assert (period.start is None) == (first > last)
    assert (period.kind is PeriodKind.SPAN) == (first != 1)


@given(st.integers(1990, 2040), st.integers(1990, 2040))
def test_a_written_year_wins(written: int, section: int) -> None:
    found = resolve_year(f"{written}年", section_year=section, report_year=section, sitting_year=section + 1)
    assert found == written


@given(texts, texts)
def test_no_text_raises(text: str, other: str) -> None:
    number = parse_number(text)
    assert number is None or number.value is None or number.value.is_finite()
    unit = parse_unit(text)
    if unit is not None:
        to_base(Decimal("6.45"), unit)
    parse_growth(text, sign=-1, before=other)
    year = resolve_year(text, section_year=2023, report_year=2022, sitting_year=2023, published=other)
    parse_period(text, year=year)
    find_qualifier(text, 0, len(text) // 2, after=len(text))


@given(texts)
def test_patterns_match_no_edge_blanks_and_no_foreign_digits(text: str) -> None:
    for source in (NUMBER, TIME, COMPARISON, unit_source()):
        for match in re.finditer(source, text):
            assert match[0] == match[0].strip()
            assert not any(
                char.isdecimal() and char not in "0123456789０１２３４５６７８９" for char in match[0]
            )


@pytest.mark.parametrize("text", ["٣٤", "१२", "1٣", "៣៥亿", "𝟏𝟐"])
def test_digits_of_other_scripts_are_no_digits(text: str) -> None:
    assert parse_number(text) is None
