"""Time expressions: the grammar, the year, the months."""

from __future__ import annotations

import re

import pytest

from zhibiao.normalise.periods import TIME, parse_period, resolve_year, whole_year
from zhibiao.schema import Period, PeriodKind

# In a review of 2023 that is given in 2024: the expression, its year, its months, the kind of the period.
REVIEW = """
2022年 2022 2022-01 2022-12 whole_year | 二〇二二年 2022 2022-01 2022-12 whole_year
2022年度 2022 2022-01 2022-12 whole_year
全年 2023 2023-01 2023-12 whole_year | 今年 2023 2023-01 2023-12 whole_year
去年 2023 2023-01 2023-12 whole_year
前年 2022 2022-01 2022-12 whole_year | 上年 2022 2022-01 2022-12 whole_year
明年 2025 2025-01 2025-12 whole_year
这一年 2023 2023-01 2023-12 whole_year | 一年来 2023 2023-01 2023-12 whole_year
过去的一年 2023 2023-01 2023-12 whole_year
今年1-11月 2023 2023-01 2023-11 cumulative | 1—11月 2023 2023-01 2023-11 cumulative
1－11月 2023 2023-01 2023-11 cumulative
１－１１月 2023 2023-01 2023-11 cumulative | 一至十一月 2023 2023-01 2023-11 cumulative
前11个月 2023 2023-01 2023-11 cumulative
上半年 2023 2023-01 2023-06 cumulative | 前三季度 2023 2023-01 2023-09 cumulative
一至三季度 2023 2023-01 2023-09 cumulative
一季度 2023 2023-01 2023-03 cumulative | 第二季度 2023 2023-04 2023-06 span
下半年 2023 2023-07 2023-12 span
5月份 2023 2023-05 2023-05 span | 3-5月 2023 2023-03 2023-05 span
今年上半年 2023 2023-01 2023-06 cumulative
去年来 2023 2023-01 2023-12 span | 5月份以来 2023 2023-05 2023-12 span
自4月26日起 2023 2023-04 2023-12 span
2020年以来 2023 2020-01 2023-12 span | 2021-2023年 2023 2021-01 2023-12 span
2021年至2023年 2023 2021-01 2023-12 span
2022年9月至2023年8月 2023 2022-09 2023-08 span | 三年来 2023 2021-01 2023-12 span
近三年 2023 2021-01 2023-12 span
五年来 2023 2019-01 2023-12 span | 过去五年 2023 2019-01 2023-12 span | 十五年来 2023 2009-01 2023-12 span
截至2023年底 2023 2023-12 2023-12 point | 2023年底 2023 2023-12 2023-12 point
年末 2023 2023-12 2023-12 point
截至6月底 2023 2023-06 2023-06 point | 到2025年 2025 2025-12 2025-12 point | 年初 2023 2023-01 2023-01 point
十四五”期间 2023 2021-01 2025-12 span | 十四五”前三年 2023 2021-01 2023-12 span
十四五”末 2025 2025-12 2025-12 point
十四五”期末 2025 2025-12 2025-12 point
十三五”时期 2020 2016-01 2020-12 span | 十三五 2020 2016-01 2020-12 span
十五五”时期 2030 2026-01 2030-12 span
"""


def rows(table: str) -> list[tuple[str, ...]]:
    """`a b | c d` as [(a, b), (c, d)]."""
    return [tuple(cell.split()) for line in table.strip().splitlines() for cell in line.split("|")]


@pytest.mark.parametrize(("text", "year", "start", "end", "kind"), rows(REVIEW))
def test_in_a_review(text: str, year: str, start: str, end: str, kind: str) -> None:
    assert re.search(TIME, f"，{text}，") is not None
    assert re.search(TIME, f"，{text}，")[0] == text
    resolved = resolve_year(text, section_year=2023, report_year=2023, sitting_year=2024)
    assert resolved == int(year)
    assert parse_period(text, year=resolved) == Period(start, end, PeriodKind(kind))


PLAN = """
今年 2024 | 全年 2024 | 去年 2023 | 上年 2023 | 明年 2025 | 2025年 2025 | 今后三年 2026 | 未来五年 2028
五年来 2023 | 过去一年 2023 | 十四五”期间 2025 | 一季度 2024 | 年底 2024 | 五年 2024
"""


@pytest.mark.parametrize(("text", "year"), rows(PLAN))
def test_in_a_plan(text: str, year: str) -> None:
    assert resolve_year(text, section_year=2024, report_year=2023, sitting_year=2024) == int(year)


def test_a_summary_written_before_the_year_ends_speaks_in_the_year_reviewed() -> None:
    assert resolve_year("去年", section_year=2023, report_year=2023, sitting_year=2023) == 2022
    assert resolve_year("明年", section_year=2024, report_year=2023, sitting_year=2023) == 2024
    assert resolve_year("今年", section_year=2023, report_year=2023, sitting_year=2023) == 2023


def test_publication_stands_in_for_the_sitting() -> None:
    assert (
        resolve_year("去年", section_year=2023, report_year=2023, sitting_year=None, published="2024-02-01")
        == 2023
    )
    assert resolve_year("去年", section_year=2023, report_year=2023, sitting_year=None) == 2023
    assert (
        resolve_year("去年", section_year=2023, report_year=2023, sitting_year=None, published="不详") == 2023
    )


@pytest.mark.parametrize("text", ["今年", "去年", "上年", "三年来", "全年", "今后三年"])
def test_an_unknown_report_year_leaves_relative_years_open(text: str) -> None:
    assert resolve_year(text, section_year=None, report_year=None, sitting_year=None) is None


@pytest.mark.parametrize("text", ["", "街道", "目前", "近年来", "\ud800", "٢٠٢٣年", "十"])
def test_what_names_no_year(text: str) -> None:
    assert resolve_year(text, section_year=2023, report_year=2023, sitting_year=2024) is None
    assert parse_period(text, year=2023) is None


SPANS = """
刚刚过去的2022年， 2022年 | “十四五”期间，全镇 十四五”期间 | 比上年增长5% | 完成年度任务
年度接待调研 年度 | 11月25日，召开
五年累计新增 五年 | 工期3年 | 2021年末人口 2021年末 | 连续三年 | 第5年 | 每年新增 | 成立3周年
自2020年5月起 自2020年5月起
2025年前完成 2025年前 | 较2017年增长 | 每年底 | 十五年来 十五年来 | 近年来 | 降至2024年的5% 2024年
提高到2024年的5% 2024年
2023年初步建成 2023年 | 2023年前三季度 2023年前三季度 | 今年起步 今年 | 与上年持平 | 比年初少
一月一主题 | 三月三 | 今年1-11月,镇上 今年1-11月
2020年代 | 年底前 年底前
"""


@pytest.mark.parametrize("row", rows(SPANS), ids=" ".join)
def test_the_pattern_finds_what_a_year_span_marks(row: tuple[str, ...]) -> None:
    assert re.findall(TIME, row[0]) == list(row[1:])


def test_averages_say_so() -> None:
    assert parse_period("五年来", year=2023, average=True) == Period("2019-01", "2023-12", PeriodKind.AVERAGE)
    assert parse_period("五年年均", year=2023) == Period("2019-01", "2023-12", PeriodKind.AVERAGE)


def test_a_range_over_the_years_end_has_no_known_start() -> None:
    assert parse_period("11-2月", year=2023) == Period(None, "2023-02", PeriodKind.SPAN)


def test_records_without_a_year_span_have_the_whole_year() -> None:
    assert whole_year(2023) == Period("2023-01", "2023-12", PeriodKind.WHOLE_YEAR)
    assert whole_year(None) is None
    assert parse_period("全年", year=None) is None
