"""No text makes a parser raise or hang: a million generated strings, and texts made to trip regexes."""

from __future__ import annotations

import random
import re
import time
from decimal import Decimal

import pytest

from zhibiao.normalise import (
    COMPARISON,
    NUMBER,
    TIME,
    bounds,
    find_qualifier,
    format_decimal,
    parse_growth,
    parse_number,
    parse_period,
    parse_unit,
    resolve_year,
    to_base,
    unit_source,
)

WORDS = (
    *"0123456789０１９.,，．%％‰:：/-—－至到零〇一二两三五十百千万亿点余多来超近约内半番成倍个年月日底末初起今去前后全",
    *(
        "分之",
        "百分之",
        "以上",
        "以下",
        "左右",
        "增长",
        "下降",
        "降幅",
        "收窄",
        "翻番",
        "百分点",
        "个百分点",
        "不超过",
    ),
    *(
        "以来",
        "截至",
        "自",
        "季度",
        "同比",
        "较上年",
        "十四五",
        "”",
        "期间",
        "亿元",
        "平方米",
        "元/人",
        "2023年",
        "1-11月",
    ),
    *("\ud800", "\udc00", "\x00", "\n", " ", "　", "٣", "१", "½", "𝟏", "街", "a", "负", "−"),
)
PERIODS = (
    "1",
    "１",
    "一",
    "十",
    "万",
    "1,",
    "1,111",
    "1.",
    "1万",
    "一万",
    "1:",
    "1-",
    "1/",
    "百分之",
    "十四五",
    "2020年",
)
MORE_PERIODS = (
    "前",
    "1月",
    "自",
    "截至",
    "今年",
    "较",
    "较上",
    "增",
    "降幅",
    "个",
    "平方",
    "元/",
    "余",
    "超",
    " ",
    "年底",
    "翻",
)


def digest(text: str) -> None:
    """Everything that normalisation does with a text."""
    number = parse_number(text)
    unit = parse_unit(text)
    if number is not None and number.value is not None:
        assert Decimal(format_decimal(number.value)) == number.value
        bounds(number.value, "余", value_text=text)
        if unit is not None:
            to_base(number.value, unit)
    growth = parse_growth(text, sign=-1, before=text)
    assert growth is None or growth.rate is None or growth.rate.is_finite()
    year = resolve_year(text, section_year=2023, report_year=2022, sitting_year=2023, published=text)
    parse_period(text, year=year)
    middle = len(text) // 2
    find_qualifier(text, middle // 2, middle, after=middle + 2)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_a_million_strings(seed: int) -> None:
    source = random.Random(seed)
    patterns = [re.compile(pattern) for pattern in (NUMBER, TIME, COMPARISON, unit_source())]
    for _ in range(250_000):
        text = "".join(source.choices(WORDS, k=source.randrange(1, 14)))
        digest(text)
        for pattern in patterns:
            for match in pattern.finditer(text):
                assert match[0]


@pytest.mark.parametrize("word", PERIODS + MORE_PERIODS)
def test_time_grows_with_length_only(word: str) -> None:
    text = word * (30_000 // len(word)) + "甲"
    started = time.process_time()
    for pattern in (NUMBER, TIME, COMPARISON, unit_source()):
        sum(1 for _ in re.finditer(pattern, text))
    digest(text)
    # 30,000 characters take some 0.05 s; a quadratic search would take minutes.
    assert time.process_time() - started < 5
