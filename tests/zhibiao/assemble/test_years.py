"""How far a YEAR reaches, and which year a quantity is of."""

from __future__ import annotations

import pytest

from zhibiao.assemble import YearFinder
from zhibiao.schema import Label

REACH = [
    # a whole period dates everything to the end of its paragraph
    ("[Y全年][I灯会][V3][U场]。[I茶会][V4][U场]；[I书会][V5][U场]。\n[I棋会][V6][U场]。", "全年 全年 全年 -"),
    ("[Y今年1-11月]，[I灯会][V3][U场]。[I茶会][V4][U场]。", "今年1-11月 今年1-11月"),
    ("[Y到2025年]，[I灯会][V3][U场]；[I茶会][V4][U场]。[I书会][V5][U场]。", "到2025年 到2025年 -"),
    ("[Y截至2023年12月][I灯会][V3][U场]。[I茶会][V4][U场]。", "截至2023年12月 截至2023年12月"),
    ("[Y一年来]，[I灯会][V3][U场]。[I茶会][V4][U场]。", "一年来 一年来"),
    # a year that opens its sentence does so too; one named in passing, behind other numbers, dates its own
    ("[Y2021年]，[I灯会][V3][U场]；[I茶会][V4][U场]。[I书会][V5][U场]。", "2021年 2021年 2021年"),
    (
        "[I灯会][V3][U场]，[Y2022年][I茶会][V4][U场]，[I棋会][V6][U场]。[I书会][V5][U场]。",
        "- 2022年 2022年 -",
    ),
    # a start dates its own clause group
    ("[Y自4月26日起][I灯会][V3][U场]，[I茶会][V4][U场]；[I书会][V5][U场]。", "自4月26日起 自4月26日起 -"),
    ("[Y5月份以来][I灯会][V3][U场]，[I茶会][V4][U场]。[I书会][V5][U场]。", "5月份以来 5月份以来 -"),
    ("[Y2020年以来][I灯会][V3][U场]，[I茶会][V4][U场]。[I书会][V5][U场]。", "2020年以来 2020年以来 -"),
    ("[Y今年以来]，[I灯会][V3][U场]；[I茶会][V4][U场]。[I书会][V5][U场]。", "今年以来 今年以来 今年以来"),
    # several years date their own sentence; where they only say the average, their own clause
    ("[Y三年来]，[I灯会][V3][U场]；[I茶会][V4][U场]。[I书会][V5][U场]。", "三年来 三年来 -"),
    ("[Y“十三五”时期][I灯会][V3][U场]。[I书会][V5][U场]。", "“十三五”时期 -"),
    ("[I茶业][Y五年]年均[G增长13%]；[I竹业][G增长6%]。", "五年 -"),
    # a moment of the year dates its own sentence
    ("[Y年初][I灯会][V3][U场]。[I茶会][V4][U场]。", "年初 -"),
    ("[Y二季度][I灯会][V3][U场]。[I茶会][V4][U场]。", "二季度 -"),
    ("[Y今年前三季度][I灯会][V3][U场]。[I茶会][V4][U场]。", "今年前三季度 今年前三季度"),
    ("[Y12月份][I灯会][V3][U场]。[I茶会][V4][U场]。", "12月份 -"),
    # behind 的 only the number there; the base of a comparison nothing
    ("[I绿道]从[Y2020年]的[V3][U公里]增至[V9][U公里]。", "2020年 -"),
    ("[I绿道][V9][U公里]，比[Y“十三五”末]增加[V3][U公里]。", "- -"),
    ("[I绿道]占比[Y2022年]达[V9][U%]。", "2022年"),
    # what no longer reaches uncovers what stands before it; what stands behind dates nothing
    ("[Y全年][I灯会][V3][U场]。[Y三年来][I茶会][V4][U场]。[I书会][V5][U场]。", "全年 三年来 全年"),
    ("[I灯会][V3][U场]，[Y全年][I茶会][V4][U场]。", "- 全年"),
]


@pytest.mark.parametrize(("marked", "expected"), REACH)
def test_which_year_span_dates_each_quantity(predict, marked, expected):
    prediction = predict(marked)
    finder = YearFinder.of(prediction.document, prediction.spans)
    quantities = [s for s in prediction.spans if s.label in (Label.VALUE, Label.GROWTH)]
    found = [finder.governing(quantity) for quantity in quantities]
    assert [prediction.document.quote(s.offsets) if s else "-" for s in found] == expected.split()


def test_a_year_of_the_other_part_dates_its_own_sentence_only(records):
    marked = """一、2023年工作回顾
[Y到2035年]，[I茶会]将有[V1][U场]。[I灯会][V2][U场]。
二、2024年工作安排
[Y2021年]，[I茶会]有过[V3][U场]。[I灯会][V4][U场]。[Y到2026年]，[I书会][V5][U场]。[I棋会][V6][U场]。"""
    found = records(marked, sitting_year=2024)
    assert [(r.value_text, r.year, r.kind) for r in found] == [
        ("1", 2035, "target"),
        ("2", 2023, "actual"),
        ("3", 2021, "actual"),
        ("4", 2024, "target"),
        ("5", 2026, "target"),
        ("6", 2024, "target"),
    ]


REVIEW_AND_PLAN = """一、2023年工作回顾
[Y全年]，[I灯会][V1][U场]。
[I茶会][V2][U场]，[Y去年][I茶展][V3][U场]，[Y上年][I茶宴][V4][U场]，[Y2021年][I茶赛][V5][U场]。
二、2024年工作安排
[I灯会][V6][U场]。[Y今年][I茶会][V7][U场]，[Y明年][I茶展][V8][U场]。
力争[Y2025年底]建成[V9][U座][I书屋]。"""


def test_years_come_from_the_span_else_from_the_section(records):
    found = records(REVIEW_AND_PLAN, report_year=2023, sitting_year=2024)
    assert [r.year for r in found] == [2023, 2023, 2023, 2022, 2021, 2024, 2024, 2025, 2025]


def test_without_a_heading_the_year_is_the_report_s(only):
    assert only("[I灯会][V3][U场]。", report_year=2031).year == 2031


def test_a_document_without_any_year_has_records_without_year(records):
    marked = (
        "[I灯会][V3][U场]，[Y去年][I茶会][V3][U场]，[Y三年来][I书会][G年均增长5%]，由[V3][U场]增至[V5][U场]。"
    )
    found = records(marked, report_year=None)
    assert len(found) == 5
    assert {(r.report_year, r.year, r.period) for r in found} == {(None, None, None)}


@pytest.mark.parametrize(
    ("marked", "years"),
    [
        ("[Y五年来]，[I绿道]由[V30][U公里]增加到[V80][U公里]。", [2018, 2023]),
        ("这五年，岚城变样。[I绿道]由[V30][U公里]增加到[V80][U公里]。", [2018, 2023]),
        ("过去三年，岚城变样。[I绿道]从[V30][U公里]增至[V80][U公里]。", [2020, 2023]),
        ("五年来，岚城变样。\n茶山青。[I绿道]由[V30][U公里]变为[V80][U公里]。", [2018, 2023]),
        ("“十四五”时期，岚城变样。\n[I绿道]由[V30][U公里]到[V80][U公里]。", [2020, 2023]),
        ("“十五五”时期，岚城变样。\n[I绿道]由[V30][U公里]到[V80][U公里]。", [2023, 2023]),
        ("[I绿道]由[V30][U公里]增加到[V80][U公里]。", [2023, 2023]),
        ("五年来，[I绿道]由[V30][U人]养护，[I茶亭][V80][U座]。", [2023, 2023]),
    ],
)
def test_the_x_of_from_x_to_y_has_the_year_before_the_span_of_years(records, marked, years):
    assert [record.year for record in records(marked)] == years


FIVE_YEAR_PLAN = """一、2025年工作回顾
[I茶园][V1][U处]。
二、“十五五”时期的主要目标和任务
[I茶叶产值]达到[V2][U亿元]。
[Y今年][I新建茶园][V3][U处]。
[Y到2028年]，[I茶农][V4][U万人]。
[Y今后三年][I茶企][V5][U家]。
目前已建成[I茶亭][V6][U座]。
[Y五年][I茶市][V7][U处]。
三、2026年工作安排
[I茶坊][V8][U处]。"""


def test_in_a_plan_for_several_years_this_year_is_the_first_of_them(records):
    found = records(FIVE_YEAR_PLAN, report_year=2025, plan_year=2026, sitting_year=2026)
    assert [r.year for r in found] == [2025, 2030, 2026, 2028, 2028, 2025, 2030, 2026]


def test_positions_before_the_first_sentence_have_no_sentence(predict):
    finder = YearFinder.of(predict("  \n岚城。").document, ())
    assert finder.sentence(0) is None and finder.section(0) is None
