from __future__ import annotations

import pytest

from zhibiao.documents import build
from zhibiao.schema import Document, Finding, Role

BEFORE = "一、2025年工作回顾\n全镇修路3公里，家家户户门前都铺上了石板，雨天出门再也不用换胶鞋。\n"
BACK = "五年里，古桥修好了7座，茶园扩到800亩，离乡的年轻人回来了一半。"
AHEAD = "茶园扩到1500亩。"


def document(text: str, review: int = 2025) -> Document:
    return build(text, id="x", known={"report_year": Finding(review, "option")})


def told(doc: Document, quote: str) -> tuple[Role, int | None]:
    at = doc.text.index(quote)
    section = next(section for section in doc.sections if section.start <= at < section.end)
    return section.role, section.year


@pytest.mark.parametrize(
    ("heading", "year"),
    [
        ("二、“十四五”发展成就和“十五五”主要目标任务", 2030),
        ("二、“十四五”时期的成效与“十五五”时期的主要考虑", 2030),
        ("二、“十四五”回顾、“十五五”展望", 2030),
        ("二、本届政府五年来的作为以及今后五年主要任务", 2030),
        ("二、2025年工作总结及2026年工作打算", 2026),
        ("二、工作回顾和明年工作安排", 2026),
        ("“十四五”成就和“十五五”目标", 2030),
    ],
)
def test_a_heading_that_looks_back_and_ahead_begins_as_review_and_turns(heading: str, year: int) -> None:
    doc = document(f"{BEFORE}{heading}\n{BACK}\n今后五年，{AHEAD}\n民宿开到90家。")
    assert told(doc, heading) == told(doc, BACK) == (Role.REVIEW, 2025)
    assert told(doc, AHEAD) == told(doc, "90家") == (Role.PLAN, year)


@pytest.mark.parametrize(
    "opening",
    [
        "“十五五”时期是青石镇爬坡的五年。",
        "各位代表，“十五五”期间，",
        "“十五五”（2026—2030年）时期，",
        "“十四五”画上了圆满的句号。“十五五”时期，",
        "根据镇党委《关于制定第十五个五年规划的建议》，",
        "按照“十五五”规划，",
        "《纲要（草案）》提出，",
        "各位代表！到2030年，",
        "大河奔流，时不我待。未来五年，",
        "新一届政府将接过担子，",
        "下一步，",
        "镇政府工作的总体要求是：",
        "主要发展目标是：",
    ],
)
def test_the_words_that_turn_without_a_heading(opening: str) -> None:
    doc = document(f"{BEFORE}二、“十四五”成就和“十五五”目标\n{BACK}\n{opening}{AHEAD}")
    assert told(doc, BACK) == (Role.REVIEW, 2025)
    assert told(doc, AHEAD) == (Role.PLAN, 2030)


def test_the_year_ahead_turns_to_itself_also_where_the_heading_names_five_years() -> None:
    doc = document(f"{BEFORE}二、“十四五”成就和“十五五”目标\n{BACK}\n2026年，{AHEAD}")
    assert told(doc, AHEAD) == (Role.PLAN, 2026)


@pytest.mark.parametrize(
    "opening",
    [
        "“十四五”时期是极不平凡的五年，",
        "按照“十四五”规划，",
        "到2025年，",
        "五年来，我们为“十五五”时期攒下了家底，",
        "第一年起步最难，",
    ],
)
def test_words_of_the_years_that_are_over_do_not_turn(opening: str) -> None:
    doc = document(f"{BEFORE}二、“十四五”成就和“十五五”目标\n{opening}{BACK}\n今后五年，{AHEAD}")
    assert told(doc, BACK) == (Role.REVIEW, 2025)
    assert told(doc, AHEAD) == (Role.PLAN, 2030)


def test_a_five_year_plan_under_way_does_not_turn() -> None:
    text = f"一、2023年总结和2024年打算\n“十四五”时期以来，{BACK}\n2024年，{AHEAD}"
    doc = document(text, review=2023)
    assert told(doc, BACK) == (Role.REVIEW, 2023)
    assert told(doc, AHEAD) == (Role.PLAN, 2024)


def test_a_part_that_never_turns_is_left_to_the_last_word_of_its_heading() -> None:
    heading = "二、“十四五”成就和“十五五”主要目标"
    doc = document(f"{BEFORE}{heading}\n{BACK}\n三、2026年工作安排\n今后五年，{AHEAD}")
    assert told(doc, heading) == told(doc, BACK) == (Role.PLAN, 2030)
    assert told(doc, AHEAD) == (Role.PLAN, 2026)


def test_sub_headings_take_the_half_in_which_they_stand_or_turn_themselves() -> None:
    doc = document(
        f"{BEFORE}二、“十四五”成就和“十五五”目标\n（一）茶业壮大\n{BACK}\n（二）“十五五”主要目标\n{AHEAD}\n"
        "（三）道路通畅\n修路60公里。\n2026年是头一年。今年植树6万株。"
    )
    assert told(doc, BACK) == (Role.REVIEW, 2025)
    assert told(doc, AHEAD) == told(doc, "60公里") == (Role.PLAN, 2030)
    assert told(doc, "6万株") == (Role.PLAN, 2026)


@pytest.mark.parametrize(
    ("heading", "expected"),
    [
        ("二、“十五五”总体要求和主要目标", (Role.PLAN, 2030)),
        ("二、2025年重点工作和过去五年工作回顾", (Role.REVIEW, 2025)),
        ("二、2025年目标任务完成情况和主要成效", (Role.REVIEW, 2025)),
        ("二、总结经验，完成2026年目标任务", (Role.PLAN, 2026)),
    ],
)
def test_headings_that_look_one_way(heading: str, expected: tuple[Role, int]) -> None:
    doc = document(f"{BEFORE}{heading}\n{BACK}\n今后五年，{AHEAD}")
    assert told(doc, BACK) == expected


@pytest.mark.parametrize(
    ("opening", "expected"),
    [
        ("“十四五”时期，", (Role.REVIEW, 2025)),
        ("过去五年，", (Role.REVIEW, 2025)),
        ("“十五五”时期，", (Role.PLAN, 2030)),
        ("山高路远，", (Role.PLAN, 2030)),
    ],
)
def test_a_five_year_plan_may_start_from_what_the_last_one_brought(
    opening: str, expected: tuple[Role, int]
) -> None:
    heading = "二、关于青石镇第十五个五年规划的说明"
    doc = document(f"{BEFORE}{heading}\n规划草案请一并审议。\n{opening}{BACK}\n“十五五”时期，{AHEAD}")
    assert told(doc, heading) == (Role.PLAN, 2030)
    assert told(doc, BACK) == expected
    assert told(doc, AHEAD) == (Role.PLAN, 2030)


def test_without_a_report_year_the_halves_have_their_roles() -> None:
    doc = build(f"一、工作回顾和下一步打算\n{BACK}\n下一步，{AHEAD}", id="x")
    assert told(doc, BACK) == (Role.REVIEW, None)
    assert told(doc, AHEAD) == (Role.PLAN, None)
