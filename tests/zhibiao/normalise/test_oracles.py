"""Other libraries as oracles, on the forms that they read correctly."""

from __future__ import annotations

import re
import warnings
from decimal import Decimal
from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhibiao.normalise.numbers import NUMBER, parse_number
from zhibiao.normalise.periods import parse_period, resolve_year
from zhibiao.normalise.qualifiers import bounds, find_qualifier
from zhibiao.normalise.units import parse_unit, to_base, unit_source


@given(st.integers(0, 10**16 - 1), st.sampled_from(["low", "up"]))
def test_numerals_written_by_cn2an(number: int, style: str) -> None:
    import cn2an

    numeral = cn2an.an2cn(str(number), style)
    parsed = parse_number(numeral)
    assert parsed is not None, numeral
    assert parsed.value == number


@given(st.decimals(0, 10**8, places=3))
def test_decimals_written_by_cn2an(value: Decimal) -> None:
    import cn2an

    parsed = parse_number(cn2an.an2cn(format(value, "f"), "low"))
    assert parsed is not None
    assert parsed.value == value


@given(st.text(st.sampled_from("零一二三四五六七八九十百千万亿两"), min_size=1, max_size=8))
def test_a_numeral_that_cn2an_reads_strictly_is_read_alike(numeral: str) -> None:
    import cn2an

    try:
        expected = cn2an.cn2an(numeral, "strict")
    except ValueError:
        return
    parsed = parse_number(numeral)
    assert parsed is not None, numeral
    assert parsed.value == expected


@given(st.integers(1, 9999))
@settings(max_examples=50)
def test_numerals_read_by_wetext(number: int) -> None:
    import cn2an
    from wetext import Normalizer

    numeral = cn2an.an2cn(str(number), "low")
    read = Normalizer(lang="zh", operator="itn").normalize(numeral)
    ours, theirs = parse_number(numeral), parse_number(read)
    assert ours is not None and theirs is not None, (numeral, read)
    assert ours.value == theirs.value


MONEY = [
    "645亿元",
    "6.45亿元",
    "1.2万亿元",
    "八千元",
    "两百美元",
    "十二万三千元",
    "5万欧元",
    "1,234.5万元",
    "百万元",
]
ROUGH = ["35万余元", "300余元", "8100多元", "1200余万元", "2.5亿余元"]
TIMES = [
    "2023年",
    "二〇二二年",
    "2023年3月",
    "2023年上半年",
    "2023年前三季度",
    "2023年一季度",
    "2023年第二季度",
]
LATER = ["2023年下半年", "2021年至2023年", "去年", "今年上半年"]


@pytest.fixture(scope="module")
def jionlp() -> ModuleType:
    """The library; its import warns."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import jionlp

        return jionlp


def in_base(text: str) -> tuple[Decimal, str]:
    """An amount of money in its currency."""
    found = re.fullmatch(rf"({NUMBER})[余多]?({unit_source()})", text)
    assert found is not None
    number, unit = parse_number(found[1]), parse_unit(found[2])
    assert number is not None and number.value is not None and unit is not None
    return to_base(number.value, unit)


@pytest.mark.slow
@pytest.mark.parametrize("text", MONEY)
def test_money_read_by_jionlp(jionlp: ModuleType, text: str) -> None:
    theirs = jionlp.parse_money(text)
    assert in_base(text) == (Decimal(theirs["num"]), theirs["case"])


@pytest.mark.slow
@pytest.mark.parametrize("text", ROUGH)
def test_rough_money_read_by_jionlp(jionlp: ModuleType, text: str) -> None:
    found = re.match(NUMBER, text)
    assert found is not None
    number, unit = parse_number(found[0]), parse_unit(text[found.end() + 1 :])
    assert number is not None and unit is not None
    qualifier = find_qualifier(text, 0, found.end(), after=len(text))
    interval = bounds(number.value, qualifier, value_text=found[0])
    assert interval is not None
    ours = [to_base(end, unit)[0] for end in interval if end is not None]
    assert ours == [Decimal(end) for end in jionlp.parse_money(text)["num"]]


@pytest.mark.slow
@pytest.mark.parametrize("text", TIMES + LATER)
def test_times_read_by_jionlp(jionlp: ModuleType, text: str) -> None:
    start, end = jionlp.parse_time(text, time_base={"year": 2023, "month": 12, "day": 1})["time"]
    year = resolve_year(text, section_year=2023, report_year=2023, sitting_year=2023)
    period = parse_period(text, year=year)
    assert period is not None
    assert (period.start, period.end) == (start[:7], end[:7])
